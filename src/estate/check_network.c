#include "estate/check.h"

#include <string.h>

/* By network: what its subnets have where they have none of their own. */
struct defaults {
	const struct route_table *table;
	const struct network_acl *acl;
	const struct dhcp_options *dhcp;
};

struct named {
	enum object_kind kind;
	const void *object;
};

static void
say_second(struct check *check, struct srcloc at, enum object_kind kind, const char *id,
	   const char *what, struct named first)
{
	struct finding *finding;

	finding = diag_open(check->diags, SEVERITY_ERROR, "second-table", NULL, at,
			    "%s \"%s\" has %s already", object_kind_text(kind), id, what);
	diag_add(check->diags, finding, PART_OBJECT, object_kind_text(first.kind),
		 object_id(first.kind, first.object), object_at(first.kind, first.object),
		 "this one");
}

/** An object refers to one of another VPC. */
static void
check_same_vpc(struct check *check, struct named from, const struct ref *vpc,
	       const struct ref *to, enum object_kind kind, const struct ref *its)
{
	struct finding *finding;

	if (!to->object || !vpc->object || !its->object || vpc->object == its->object)
		return;
	finding = diag_open(check->diags, SEVERITY_ERROR, "other-vpc", NULL, to->at,
			    "%s \"%s\" is of %s, and \"%s\" of %s",
			    object_kind_text(from.kind), object_id(from.kind, from.object),
			    vpc->id, to->id, its->id);
	diag_add(check->diags, finding, PART_OBJECT, object_kind_text(kind), to->id,
		 object_at(kind, to->object), "declared here");
}

static void
check_same_subnets(struct check *check, struct named from, const struct ref *vpc,
		   const struct ref *subnets)
{
	for (const struct ref *ref = subnets; ref; ref = ref->next) {
		const struct subnet *subnet = ref->object;

		if (subnet)
			check_same_vpc(check, from, vpc, ref, OBJECT_SUBNET, &subnet->vpc);
	}
}

static void
check_same_groups(struct check *check, struct named from, const struct ref *vpc,
		  const struct ref *groups)
{
	for (const struct ref *ref = groups; ref; ref = ref->next) {
		const struct security_group *group = ref->object;

		if (group)
			check_same_vpc(check, from, vpc, ref, OBJECT_SECURITY_GROUP,
				       &group->vpc);
	}
}

static void
assign_table(struct check *check, struct defaults *defaults, const struct route_table *table)
{
	const struct named self = { OBJECT_ROUTE_TABLE, table };
	const struct network *vpc = table->vpc.object;

	check_same_subnets(check, self, &table->vpc, table->subnets);
	for (const struct ref *ref = table->subnets; ref; ref = ref->next) {
		struct subnet *subnet = ref->object;

		if (subnet && subnet->route_table)
			say_second(check, ref->at, OBJECT_SUBNET, subnet->id, "a route table",
				   (struct named){ OBJECT_ROUTE_TABLE, subnet->route_table });
		else if (subnet)
			subnet->route_table = table;
	}
	if (!table->main || !vpc)
		return;
	if (defaults[vpc->index].table)
		say_second(check, table->at, OBJECT_VPC, vpc->id, "a main route table",
			   (struct named){ OBJECT_ROUTE_TABLE, defaults[vpc->index].table });
	else
		defaults[vpc->index].table = table;
}

static void
assign_acl(struct check *check, struct defaults *defaults, const struct network_acl *acl)
{
	const struct named self = { OBJECT_NETWORK_ACL, acl };
	const struct network *vpc = acl->vpc.object;

	check_same_subnets(check, self, &acl->vpc, acl->subnets);
	for (const struct ref *ref = acl->subnets; ref; ref = ref->next) {
		struct subnet *subnet = ref->object;

		if (subnet && subnet->network_acl)
			say_second(check, ref->at, OBJECT_SUBNET, subnet->id, "a network ACL",
				   (struct named){ OBJECT_NETWORK_ACL, subnet->network_acl });
		else if (subnet)
			subnet->network_acl = acl;
	}
	if (!acl->is_default || !vpc)
		return;
	if (defaults[vpc->index].acl)
		say_second(check, acl->at, OBJECT_VPC, vpc->id, "a default network ACL",
			   (struct named){ OBJECT_NETWORK_ACL, defaults[vpc->index].acl });
	else
		defaults[vpc->index].acl = acl;
}

static void
check_dhcp(struct check *check, struct defaults *defaults, const struct dhcp_options *options)
{
	struct addr addr;

	for (const struct string_item *s = options->domain_name_servers; s; s = s->next)
		if (strcmp(s->text, AMAZON_PROVIDED_DNS) != 0 && !addr_parse(s->text, &addr))
			diag_report(check->diags, SEVERITY_ERROR, "bad-value", s->at,
				    "domain_name_servers: \"%.60s\" is no IP address, and not "
				    "\"" AMAZON_PROVIDED_DNS "\"", s->text);
	for (const struct ref *ref = options->vpcs; ref; ref = ref->next) {
		const struct network *vpc = ref->object;

		if (vpc && defaults[vpc->index].dhcp)
			say_second(check, ref->at, OBJECT_VPC, vpc->id, "DHCP options",
				   (struct named){ OBJECT_DHCP_OPTIONS,
						   defaults[vpc->index].dhcp });
		else if (vpc)
			defaults[vpc->index].dhcp = options;
	}
}

static void
check_route(struct check *check, const struct route_table *table, const struct vpc_route *route)
{
	int targets = !!route->gateway + !!route->nat_gateway + !!route->network_interface +
		      !!route->vpc_peering_connection.id + !!route->transit_gateway.id;

	if (!route->destination_at.file == !route->destination_prefix_list)
		diag_report(check->diags, SEVERITY_ERROR, "bad-route", route->at,
			    "a route of \"%s\" has one destination: a destination_cidr_block or "
			    "a destination_prefix_list", table->id);
	if (targets != 1)
		diag_report(check->diags, SEVERITY_ERROR, "bad-route", route->at,
			    "a route of \"%s\" has one target, not %d", table->id, targets);
}

static void
check_ports(struct check *check, struct srcloc at, uint16_t from, uint16_t to)
{
	if (from > to)
		diag_report(check->diags, SEVERITY_ERROR, "bad-value", at,
			    "from_port %u is more than to_port %u", from, to);
}

static void
check_permissions(struct check *check, const struct ip_permission *permissions)
{
	for (const struct ip_permission *p = permissions; p; p = p->next)
		check_ports(check, p->at, p->from_port, p->to_port);
}

static void
say_same_number(struct check *check, struct named in, struct srcloc at, uint32_t number,
		struct srcloc first)
{
	struct finding *finding;

	finding = diag_open(check->diags, SEVERITY_ERROR, "same-number", NULL, at,
			    "%s \"%s\" has number %u twice: which one comes first?",
			    object_kind_text(in.kind), object_id(in.kind, in.object), number);
	diag_add(check->diags, finding, PART_OBJECT, object_kind_text(in.kind),
		 object_id(in.kind, in.object), first, "the other one");
}

/** A number of one list; seen: number -> its place. */
static void
check_number(struct check *check, struct table *seen, struct named in, const uint32_t *number,
	     const struct srcloc *at)
{
	const struct srcloc *first = table_find(seen, number, sizeof(*number));

	if (first)
		say_same_number(check, in, *at, *number, *first);
	else if (table_put(seen, number, sizeof(*number), (void *)(uintptr_t)at) != OK)
		check->nomem = true;
}

static void
check_acl(struct check *check, const struct network_acl *acl)
{
	const struct named self = { OBJECT_NETWORK_ACL, acl };
	struct table seen[2];

	table_init(&seen[false], &check->scratch);
	table_init(&seen[true], &check->scratch);
	for (const struct acl_entry *e = acl->entries; e; e = e->next) {
		check_ports(check, e->at, e->from_port, e->to_port);
		check_number(check, &seen[e->egress], self, &e->rule_number, &e->at);
	}
}

static void
check_firewall(struct check *check, const struct firewall_rule_group *group)
{
	const struct named self = { OBJECT_FIREWALL_RULE_GROUP, group };
	struct table seen;

	table_init(&seen, &check->scratch);
	for (const struct firewall_rule *r = group->rules; r; r = r->next)
		check_number(check, &seen, self, &r->priority, &r->at);
}

/** What subnets without a table or an ACL of their own have is that of their VPC. */
static void
apply_defaults(struct estate *estate, const struct defaults *defaults)
{
	for (struct subnet *s = estate->subnets; s; s = s->next) {
		const struct network *vpc = s->vpc.object;

		if (vpc && !s->route_table)
			s->route_table = defaults[vpc->index].table;
		if (vpc && !s->network_acl)
			s->network_acl = defaults[vpc->index].acl;
	}
}

static void
check_interfaces(struct check *check)
{
	for (const struct network_interface *n = check->estate->network_interfaces; n;
	     n = n->next) {
		const struct named self = { OBJECT_NETWORK_INTERFACE, n };

		if (n->subnet.id)
			check_same_subnets(check, self, &n->vpc, &n->subnet);
		check_same_groups(check, self, &n->vpc, n->security_groups);
	}
	for (const struct vpc_endpoint *e = check->estate->vpc_endpoints; e; e = e->next) {
		const struct named self = { OBJECT_VPC_ENDPOINT, e };

		check_same_subnets(check, self, &e->vpc, e->subnets);
		check_same_groups(check, self, &e->vpc, e->security_groups);
	}
	for (const struct resolver_endpoint *e = check->estate->endpoints; e; e = e->next)
		check_same_groups(check, (struct named){ OBJECT_ENDPOINT, e }, &e->vpc,
				  e->security_groups);
}

void
check_network(struct check *check)
{
	struct estate *estate = check->estate;
	struct defaults *defaults = arena_array(&check->scratch, estate->network_count,
						sizeof(*defaults));

	if (estate->network_count && !defaults) {
		check->nomem = true;
		return;
	}
	for (const struct route_table *t = estate->route_tables; t; t = t->next) {
		assign_table(check, defaults, t);
		for (const struct vpc_route *r = t->routes; r; r = r->next)
			check_route(check, t, r);
	}
	for (const struct network_acl *a = estate->network_acls; a; a = a->next) {
		assign_acl(check, defaults, a);
		check_acl(check, a);
	}
	for (const struct dhcp_options *d = estate->dhcp_options; d; d = d->next)
		check_dhcp(check, defaults, d);
	for (const struct security_group *g = estate->security_groups; g; g = g->next) {
		check_permissions(check, g->ip_permissions);
		check_permissions(check, g->ip_permissions_egress);
	}
	for (const struct firewall_rule_group *g = estate->firewall_rule_groups; g; g = g->next)
		check_firewall(check, g);
	check_interfaces(check);
	apply_defaults(estate, defaults);
}
