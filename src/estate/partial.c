#include "estate/partial.h"

#include <string.h>

static void
drop_refs(struct ref **list)
{
	while (*list) {
		if ((*list)->object)
			list = &(*list)->next;
		else
			*list = (*list)->next;
	}
}

static void
drop_peerings(struct estate *estate)
{
	struct peering **p = &estate->peerings;

	estate->last_peering = NULL;
	while (*p) {
		if ((*p)->requester.object && (*p)->accepter.object) {
			estate->last_peering = *p;
			p = &(*p)->next;
		} else {
			*p = (*p)->next;
		}
	}
}

static void
drop_endpoints(struct estate *estate)
{
	struct resolver_endpoint **e = &estate->endpoints;

	estate->last_endpoint = NULL;
	while (*e) {
		if ((*e)->vpc.object) {
			estate->last_endpoint = *e;
			e = &(*e)->next;
			continue;
		}
		for (struct resolver_rule *r = estate->rules; r; r = r->next)
			if (r->endpoint.object == *e)
				r->endpoint.object = NULL;
		*e = (*e)->next;
		estate->endpoint_count--;
	}
}

static void
drop_associations(struct profile *profile)
{
	struct profile_association **a = &profile->associations;

	while (*a) {
		if ((*a)->vpc.object)
			a = &(*a)->next;
		else
			*a = (*a)->next;
	}
}

/** Does anything answer in whose place the listener does? */
static bool
is_somebody(const struct estate *estate, const struct listener *listener)
{
	const struct resolver_endpoint *endpoint;

	if (!listener->as)
		return false;
	if (strcmp(listener->as, "client") == 0 || estate_network(estate, listener->as))
		return true;
	endpoint = estate_endpoint(estate, listener->as);
	return endpoint && endpoint->vpc.object;
}

static void
drop_listeners(struct estate *estate)
{
	struct listener **l = &estate->settings.listeners;

	while (*l) {
		if (is_somebody(estate, *l))
			l = &(*l)->next;
		else
			*l = (*l)->next;
	}
}

static void
drop_lint(struct lint_settings *lint)
{
	struct lint_expectation *lists[] = { lint->same, lint->answers, lint->absent };

	for (struct lint_group *g = lint->groups; g; g = g->next)
		drop_refs(&g->networks);
	for (size_t i = 0; i < COUNT_OF(lists); i++)
		for (struct lint_expectation *e = lists[i]; e; e = e->next)
			drop_refs(&e->networks);
}

/** Who is left out may be anybody. */
static void
drop_groups(struct ip_permission *permissions)
{
	for (struct ip_permission *p = permissions; p; p = p->next) {
		for (const struct ref *ref = p->security_groups; ref; ref = ref->next)
			p->others |= !ref->object;
		drop_refs(&p->security_groups);
	}
}

/** What is inside a VPC keeps a reference to one object that dangles: lint passes it over. */
static void
drop_network(struct estate *estate)
{
	for (struct route_table *t = estate->route_tables; t; t = t->next)
		drop_refs(&t->subnets);
	for (struct security_group *g = estate->security_groups; g; g = g->next) {
		drop_groups(g->ip_permissions);
		drop_groups(g->ip_permissions_egress);
	}
	for (struct network_acl *a = estate->network_acls; a; a = a->next)
		drop_refs(&a->subnets);
	for (struct network_interface *n = estate->network_interfaces; n; n = n->next)
		drop_refs(&n->security_groups);
	for (struct vpc_endpoint *e = estate->vpc_endpoints; e; e = e->next) {
		drop_refs(&e->subnets);
		drop_refs(&e->security_groups);
		drop_refs(&e->network_interfaces);
	}
	for (struct dhcp_options *d = estate->dhcp_options; d; d = d->next)
		drop_refs(&d->vpcs);
	for (struct resolver_endpoint *e = estate->endpoints; e; e = e->next)
		drop_refs(&e->security_groups);
}

void
estate_drop_dangling(struct estate *estate)
{
	drop_peerings(estate);
	drop_endpoints(estate);
	drop_listeners(estate);
	drop_lint(&estate->lint);
	drop_network(estate);
	for (struct network *n = estate->networks; n; n = n->next)
		drop_refs(&n->connects_to);
	for (struct transit_gateway *t = estate->transit_gateways; t; t = t->next)
		drop_refs(&t->vpcs);
	for (struct hosted_zone *z = estate->zones; z; z = z->next)
		drop_refs(&z->networks);
	for (struct resolver_rule *r = estate->rules; r; r = r->next)
		drop_refs(&r->networks);
	for (struct health_check *h = estate->health_checks; h; h = h->next)
		drop_refs(&h->children);
	for (struct profile *p = estate->profiles; p; p = p->next) {
		drop_refs(&p->zones);
		drop_refs(&p->rules);
		drop_refs(&p->vpcs);
		drop_associations(p);
	}
}
