#include "estate/check.h"

#define BIT(kind) (1u << (kind))
#define VPC	  BIT(OBJECT_VPC)
#define SUBNET	  BIT(OBJECT_SUBNET)
#define GROUP	  BIT(OBJECT_SECURITY_GROUP)

static void
resolve_tables(struct check *check)
{
	for (struct route_table *t = check->estate->route_tables; t; t = t->next) {
		struct referrer from = check_referrer(OBJECT_ROUTE_TABLE, t);

		check_ref(check, &t->vpc, VPC, &from);
		check_refs(check, t->subnets, SUBNET, &from);
		for (struct vpc_route *r = t->routes; r; r = r->next) {
			check_ref(check, &r->vpc_peering_connection, BIT(OBJECT_PEERING), &from);
			check_ref(check, &r->transit_gateway, BIT(OBJECT_TRANSIT_GATEWAY),
				  &from);
		}
	}
}

static void
resolve_permissions(struct check *check, struct ip_permission *permissions,
		    const struct referrer *from)
{
	for (struct ip_permission *p = permissions; p; p = p->next)
		check_refs(check, p->security_groups, GROUP, from);
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
		check_refs(check, a->subnets, SUBNET, &from);
	}
}

static void
resolve_interfaces(struct check *check)
{
	for (struct network_interface *n = check->estate->network_interfaces; n; n = n->next) {
		struct referrer from = check_referrer(OBJECT_NETWORK_INTERFACE, n);

		check_ref(check, &n->vpc, VPC, &from);
		check_ref(check, &n->subnet, SUBNET, &from);
		check_refs(check, n->security_groups, GROUP, &from);
	}
	for (struct vpc_endpoint *e = check->estate->vpc_endpoints; e; e = e->next) {
		struct referrer from = check_referrer(OBJECT_VPC_ENDPOINT, e);

		check_ref(check, &e->vpc, VPC, &from);
		check_refs(check, e->subnets, SUBNET, &from);
		check_refs(check, e->security_groups, GROUP, &from);
		check_refs(check, e->network_interfaces, BIT(OBJECT_NETWORK_INTERFACE), &from);
	}
}

static void
resolve_firewall(struct check *check)
{
	for (struct firewall_rule_group *g = check->estate->firewall_rule_groups; g;
	     g = g->next) {
		struct referrer from = check_referrer(OBJECT_FIREWALL_RULE_GROUP, g);

		for (struct firewall_rule *r = g->rules; r; r = r->next)
			check_ref(check, &r->domain_list, BIT(OBJECT_FIREWALL_DOMAIN_LIST),
				  &from);
		for (struct firewall_association *a = g->associations; a; a = a->next)
			check_ref(check, &a->vpc, VPC, &from);
	}
}

void
check_network_references(struct check *check)
{
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
