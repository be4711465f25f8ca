#include "estate/check.h"

#include "base/bytes.h"

#define BIT(kind) (1u << (kind))
#define VPC	  BIT(OBJECT_VPC)
#define SUBNET	  BIT(OBJECT_SUBNET)
#define GROUP	  BIT(OBJECT_SECURITY_GROUP)

/*
 * What a reader could not see, an object of another account say, is taken out once nothing
 * has its id, and what remains says that something is not known.
 */

static bool
is_stranger(const struct ref *ref)
{
	return ref->id && ref->optional && !ref->object;
}

/** Resolve a list; true: somebody in it is a stranger, and was taken out. */
static bool
resolve_known(struct check *check, struct ref **list, unsigned kinds,
	      const struct referrer *from)
{
	bool any = false;

	check_refs(check, *list, kinds, from);
	while (*list) {
		if (!is_stranger(*list)) {
			list = &(*list)->next;
			continue;
		}
		*list = (*list)->next;
		any = true;
	}
	return any;
}

/** Groups of an interface: one that is not known may let anything through. */
static void
resolve_groups(struct check *check, struct ref **groups, const struct referrer *from)
{
	if (resolve_known(check, groups, GROUP, from))
		*groups = NULL;
}

/** A route to what is not known leads to some gateway. */
static void
resolve_route(struct check *check, struct vpc_route *route, const struct referrer *from)
{
	struct ref *refs[] = { &route->vpc_peering_connection, &route->transit_gateway };

	check_ref(check, refs[0], BIT(OBJECT_PEERING), from);
	check_ref(check, refs[1], BIT(OBJECT_TRANSIT_GATEWAY), from);
	for (size_t i = 0; i < COUNT_OF(refs); i++) {
		if (is_stranger(refs[i])) {
			route->gateway = refs[i]->id;
			refs[i]->id = NULL;
		}
	}
}

static void
resolve_tables(struct check *check)
{
	for (struct route_table *t = check->estate->route_tables; t; t = t->next) {
		struct referrer from = check_referrer(OBJECT_ROUTE_TABLE, t);

		check_ref(check, &t->vpc, VPC, &from);
		resolve_known(check, &t->subnets, SUBNET, &from);
		for (struct vpc_route *r = t->routes; r; r = r->next)
			resolve_route(check, r, &from);
	}
}

static void
resolve_permissions(struct check *check, struct ip_permission *permissions,
		    const struct referrer *from)
{
	for (struct ip_permission *p = permissions; p; p = p->next)
		p->others |= resolve_known(check, &p->security_groups, GROUP, from);
}

static void
resolve_filters(struct check *check)
{
	for (struct security_group *g = check->estate->security_groups; g; g = g->next) {
		struct referrer from = check_referrer(OBJECT_SECURITY_GROUP, g);

		check_ref(check, &g->vpc, VPC, &from);
		resolve_permissions(check, g->ip_permissions, &from);
		resolve_permissions(check, g->ip_permissions_egress, &from);
	}
	for (struct network_acl *a = check->estate->network_acls; a; a = a->next) {
		struct referrer from = check_referrer(OBJECT_NETWORK_ACL, a);

		check_ref(check, &a->vpc, VPC, &from);
		resolve_known(check, &a->subnets, SUBNET, &from);
	}
}

static void
resolve_interfaces(struct check *check)
{
	for (struct network_interface *n = check->estate->network_interfaces; n; n = n->next) {
		struct referrer from = check_referrer(OBJECT_NETWORK_INTERFACE, n);

		check_ref(check, &n->vpc, VPC, &from);
		check_ref(check, &n->subnet, SUBNET, &from);
		if (is_stranger(&n->subnet))
			n->subnet.id = NULL;
		resolve_groups(check, &n->security_groups, &from);
	}
	for (struct vpc_endpoint *e = check->estate->vpc_endpoints; e; e = e->next) {
		struct referrer from = check_referrer(OBJECT_VPC_ENDPOINT, e);

		check_ref(check, &e->vpc, VPC, &from);
		resolve_known(check, &e->subnets, SUBNET, &from);
		resolve_groups(check, &e->security_groups, &from);
		resolve_known(check, &e->network_interfaces, BIT(OBJECT_NETWORK_INTERFACE),
			      &from);
	}
}

/** The service's own lists are not told. */
static void
resolve_domains(struct check *check, struct ref *list, const struct referrer *from)
{
	check_ref(check, list, BIT(OBJECT_FIREWALL_DOMAIN_LIST), from);
	if (is_stranger(list))
		list->id = NULL;
}

static void
resolve_firewall(struct check *check)
{
	for (struct firewall_rule_group *g = check->estate->firewall_rule_groups; g;
	     g = g->next) {
		struct referrer from = check_referrer(OBJECT_FIREWALL_RULE_GROUP, g);

		for (struct firewall_rule *r = g->rules; r; r = r->next)
			resolve_domains(check, &r->domain_list, &from);
		for (struct firewall_association *a = g->associations; a; a = a->next)
			check_ref(check, &a->vpc, VPC, &from);
	}
}

void
check_network_references(struct check *check)
{
	for (struct resolver_endpoint *e = check->estate->endpoints; e; e = e->next) {
		struct referrer from = check_referrer(OBJECT_ENDPOINT, e);

		resolve_groups(check, &e->security_groups, &from);
	}
	for (struct subnet *s = check->estate->subnets; s; s = s->next) {
		struct referrer from = check_referrer(OBJECT_SUBNET, s);

		check_ref(check, &s->vpc, VPC, &from);
	}
	for (struct dhcp_options *d = check->estate->dhcp_options; d; d = d->next) {
		struct referrer from = check_referrer(OBJECT_DHCP_OPTIONS, d);

		check_refs(check, d->vpcs, VPC, &from);
	}
	resolve_tables(check);
	resolve_filters(check);
	resolve_interfaces(check);
	resolve_firewall(check);
}
