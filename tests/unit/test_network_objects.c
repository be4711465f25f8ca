/*
 * What is inside a VPC, as configurations declare it: what is accepted, what each object is
 * resolved to, and what does not go together.
 */
#include "load/config.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "dns/codes.h"
#include "estate/partial.h"
#include "unit/files.h"
#include "unit/unit.h"

struct load {
	struct files files;
	struct arena arena;
	struct diags diags;
	struct estate estate;
	struct sources *sources;
	enum status status;
};

static void
load_yaml(struct load *l, const char *yaml)
{
	*l = (struct load){ .status = OK };
	assert_true(files_init(&l->files));
	arena_init(&l->arena, SIZE_MAX);
	diags_init(&l->diags, &l->arena, 0);
	estate_init(&l->estate, (size_t)64 << 20);
	l->sources = sources_new();
	assert_non_null(l->sources);
	assert_true(files_write(&l->files, "main.yaml", yaml));
	l->status = config_load(files_path(&l->files, "main.yaml"), l->sources, &l->estate,
				&l->diags);
	diags_sort(&l->diags);
}

static void
load_fini(struct load *l)
{
	sources_free(l->sources);
	estate_fini(&l->estate);
	arena_fini(&l->arena);
	files_fini(&l->files);
}

/* Line 1: two VPCs; 2: a peering; 3: their subnets; 4: a group of each. */
#define NET                                                                               \
	"vpcs: [{id: v, cidr_blocks: [10.1.0.0/16]}, {id: w, cidr_blocks: [10.2.0.0/16]}]\n" \
	"vpc_peering_connections: [{id: p, requester: {vpc: v}, accepter: {vpc: w}}]\n"   \
	"subnets: [{id: va, vpc: v, cidr_blocks: [10.1.1.0/24]}, "                        \
	"{id: vb, vpc: v, cidr_blocks: [10.1.2.0/24]}, "                                  \
	"{id: wa, vpc: w, cidr_blocks: [10.2.1.0/24]}]\n"                                 \
	"security_groups: [{id: vg, vpc: v}, {id: wg, vpc: w}]\n"

struct bad {
	int line;
	const char *yaml;
	const char *error;	/* "line:column code" */
	const char *says;
};

static const struct bad bad_estates[] = {
	{ __LINE__, NET "subnets: []\n", "5:1 duplicate-key", "subnets" },
	{ __LINE__, "subnets: [{id: a, vpc: v, cidr_blocks: [10.0.0.0/24]}]\n",
	  "1:24 CFG002", "names no vpc" },
	{ __LINE__, "vpcs: [{id: v, cidr_blocks: [10.0.0.0/8]}]\n"
	  "subnets: [{id: a, vpc: v, cidr_blocks: [10.0.0.0/24]}]\n"
	  "route_tables: [{id: r, vpc: a}]\n", "3:29 wrong-kind", "is a subnet" },
	{ __LINE__, NET "route_tables: [{id: r, vpc: v, subnets: [vc]}]\n",
	  "5:42 CFG002", "names no subnet" },
	{ __LINE__, NET "route_tables: [{id: r, vpc: v, subnets: [wa]}]\n",
	  "5:42 other-vpc", "is of v, and \"wa\" of w" },
	{ __LINE__, NET "route_tables: [{id: r, vpc: v, subnets: [va]}, "
	  "{id: t, vpc: v, subnets: [va]}]\n", "5:74 second-table", "a route table" },
	{ __LINE__, NET "route_tables: [{id: r, vpc: v, main: true}, "
	  "{id: t, vpc: v, main: true}]\n", "5:45 second-table", "a main route table" },
	{ __LINE__, NET "route_tables: [{id: r, vpc: v, routes: [{gateway: igw-1}]}]\n",
	  "5:41 bad-route", "one destination" },
	{ __LINE__, NET "route_tables: [{id: r, vpc: v, routes: "
	  "[{destination_cidr_block: 10.2.0.0/16}]}]\n", "5:41 bad-route",
	  "one target, not 0" },
	{ __LINE__, NET "route_tables: [{id: r, vpc: v, routes: [{destination_cidr_block: "
	  "10.2.0.0/16, gateway: igw-1, vpc_peering_connection: p}]}]\n", "5:41 bad-route",
	  "one target, not 2" },
	{ __LINE__, NET "route_tables: [{id: r, vpc: v, routes: [{destination_cidr_block: "
	  "10.2.0.0/16, vpc_peering_connection: q}]}]\n", "5:103 CFG002", "names no" },
	{ __LINE__, NET "route_tables: [{id: r, vpc: v, routes: [{destination_cidr_block: "
	  "10.2.0.1/16, gateway: igw-1}]}]\n", "5:66 bad-address", "10.2.0.0/16" },
	{ __LINE__, NET "network_acls: [{id: n, vpc: v, entries: [{rule_number: 1, egress: true, "
	  "protocol: tcp, rule_action: allow, cidr_block: 0.0.0.0/0}, {rule_number: 1, "
	  "egress: true, protocol: udp, rule_action: deny, cidr_block: 0.0.0.0/0}]}]\n",
	  "5:132 same-number", "number 1 twice" },
	{ __LINE__, NET "network_acls: [{id: n, vpc: v, entries: [{rule_number: 1, egress: true, "
	  "protocol: tcp, rule_action: allow, cidr_block: 0.0.0.0/0, from_port: 9, "
	  "to_port: 8}]}]\n", "5:42 bad-value", "9 is more than to_port 8" },
	{ __LINE__, NET "network_acls: [{id: n, vpc: v, entries: [{rule_number: 1, egress: true, "
	  "protocol: ftp, rule_action: allow, cidr_block: 0.0.0.0/0}]}]\n",
	  "5:83 wrong-type", "ftp" },
	{ __LINE__, NET "network_acls: [{id: n, vpc: v, subnets: [va]}, "
	  "{id: o, vpc: v, subnets: [va]}]\n", "5:74 second-table", "a network ACL" },
	{ __LINE__, NET "network_interfaces: [{id: e, vpc: v, security_groups: [wg]}]\n",
	  "5:56 other-vpc", "of w" },
	{ __LINE__, NET "resolver_endpoints: [{id: e, vpc: v, direction: INBOUND, "
	  "security_groups: [wg]}]\n", "5:76 other-vpc", "of w" },
	{ __LINE__, NET "resolver_endpoints: [{id: e, vpc: v, direction: INBOUND, "
	  "security_groups: [xg]}]\n", "5:76 CFG002", "names no security_group" },
	{ __LINE__, NET "vpc_endpoints: [{id: e, vpc: v, service_name: s, subnets: [wa]}]\n",
	  "5:60 other-vpc", "of w" },
	{ __LINE__, NET "vpc_endpoints: [{id: e, vpc: v, service_name: s, "
	  "vpc_endpoint_type: interface}]\n", "5:69 bad-value", "\"Interface\"" },
	{ __LINE__, NET "dhcp_options: [{id: d, domain_name_servers: [ns.example], vpcs: [v]}]\n",
	  "5:46 bad-value", "no IP address" },
	{ __LINE__, NET "dhcp_options: [{id: d, vpcs: [v]}, {id: e, vpcs: [v]}]\n",
	  "5:51 second-table", "DHCP options" },
	{ __LINE__, NET "firewall_rule_groups: [{id: g, rules: [{priority: 1, action: BLOCK, "
	  "firewall_domain_list: l}]}]\n", "5:91 CFG002", "names no firewall_domain_list" },
	{ __LINE__, NET "firewall_rule_groups: [{id: g, rules: [{priority: 1, action: BLOCK}, "
	  "{priority: 1, action: ALLOW}]}]\n", "5:70 same-number", "number 1 twice" },
	{ __LINE__, NET "firewall_rule_groups: [{id: g, associations: [{vpc: x, priority: 1}]}]\n",
	  "5:53 CFG002", "names no vpc" },
	{ __LINE__, NET "prefix_lists: [{id: l}, {id: l, cidr_blocks: [10.0.0.0/8]}]\n",
	  "5:25 duplicate-id", "prefix_list \"l\"" },
};

static bool
is_expected(const struct bad *b, const struct finding *f)
{
	char place[128];

	snprintf(place, sizeof(place), "%u:%u %s", f->at.line, f->at.column, f->code);
	if (strcmp(place, b->error) == 0 && strstr(f->message, b->says))
		return true;
	for (const struct finding_part *p = f->parts; p; p = p->next)
		if (strcmp(place, b->error) == 0 && p->text && strstr(p->text, b->says))
			return true;
	print_error("line %d: %s: %s\n", b->line, place, f->message);
	return false;
}

static void
what_does_not_go_together_is_told_once_and_at_its_place(void **state)
{
	bool good = true;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad_estates); i++) {
		struct load l;

		load_yaml(&l, bad_estates[i].yaml);
		if (l.diags.errors != 1) {
			print_error("line %d: %zu errors\n", bad_estates[i].line, l.diags.errors);
			good = false;
		}
		if (l.diags.first)
			good &= is_expected(&bad_estates[i], l.diags.first);
		load_fini(&l);
	}
	assert_true(good);
}

static void
a_subnet_has_its_own_table_and_acl_or_those_of_its_vpc(void **state)
{
	struct load l;
	const struct subnet *va, *vb, *wa;

	(void)state;
	load_yaml(&l, NET
		  "route_tables: [{id: m, vpc: v, main: true}, {id: r, vpc: v, subnets: [va]}]\n"
		  "network_acls: [{id: d, vpc: v, is_default: true}, "
		  "{id: n, vpc: v, subnets: [vb]}]\n");
	assert_int_equal(l.status, OK);
	va = estate_object(&l.estate, OBJECT_SUBNET, "va");
	vb = estate_object(&l.estate, OBJECT_SUBNET, "vb");
	wa = estate_object(&l.estate, OBJECT_SUBNET, "wa");
	assert_string_equal(va->route_table->id, "r");
	assert_string_equal(vb->route_table->id, "m");
	assert_null(wa->route_table);
	assert_string_equal(va->network_acl->id, "d");
	assert_string_equal(vb->network_acl->id, "n");
	assert_null(wa->network_acl);
	load_fini(&l);
}

static void
values_are_those_written_and_lists_are_in_their_order(void **state)
{
	const struct ip_permission *permission;
	const struct firewall_rule_group *group;
	const struct resolver_endpoint *endpoint;
	const struct acl_entry *entry;
	struct load l;

	(void)state;
	load_yaml(&l,
		  "vpcs: [{id: v, cidr_blocks: [10.1.0.0/16], dnssec_validation: true}]\n"
		  "security_groups: [{id: g, vpc: v, ip_permissions: [{ip_protocol: udp, "
		  "from_port: 53, to_port: 53, cidr_blocks: [10.0.0.0/8]}, {ip_protocol: -1, "
		  "security_groups: [g], others: true}]}]\n"
		  "network_acls: [{id: n, vpc: v, entries: [{rule_number: 32767, egress: false, "
		  "protocol: 6, rule_action: deny, cidr_block: \"::/0\"}]}]\n"
		  "firewall_rule_groups: [{id: f, rules: [{priority: 4000000000, "
		  "action: ALERT, qtype: AAAA}], associations: [{vpc: v, priority: 101}]}]\n"
		  "resolver_endpoints: [{id: e, vpc: v, direction: INBOUND, "
		  "query_rate: 14000, security_groups: [g]}]\n");
	assert_int_equal(l.status, OK);
	assert_true(l.estate.networks->dnssec_validation);
	permission = l.estate.security_groups->ip_permissions;
	assert_int_equal(permission->ip_protocol, 17);
	assert_int_equal(permission->to_port, 53);
	assert_int_equal(permission->next->ip_protocol, IP_PROTOCOL_ANY);
	assert_int_equal(permission->next->to_port, PORT_MOST);
	assert_true(permission->next->others);
	assert_ptr_equal(permission->next->security_groups->object, l.estate.security_groups);
	entry = l.estate.network_acls->entries;
	assert_int_equal(entry->protocol, 6);
	assert_int_equal(entry->rule_action, ACL_DENY);
	group = l.estate.firewall_rule_groups;
	assert_int_equal(group->rules->priority, 4000000000u);
	assert_int_equal(group->rules->qtype, TYPE_AAAA);
	assert_int_equal(group->associations->priority, 101);
	endpoint = l.estate.endpoints;
	assert_int_equal(endpoint->query_rate, 14000);
	assert_ptr_equal(endpoint->security_groups->object, l.estate.security_groups);
	load_fini(&l);
}

static void
a_group_that_is_left_out_may_be_anybody(void **state)
{
	struct load l;

	(void)state;
	load_yaml(&l, NET "prefix_lists: []\n"
		  "network_acls: []\n"
		  "network_interfaces: [{id: e, vpc: v, security_groups: [vg, gone]}]\n"
		  "dhcp_options: [{id: d, vpcs: [v, gone]}]\n");
	assert_int_equal(l.status, ERR_REJECTED);
	estate_drop_dangling(&l.estate);
	assert_null(l.estate.network_interfaces->security_groups->next);
	assert_null(l.estate.dhcp_options->vpcs->next);
	load_fini(&l);
	load_yaml(&l, "vpcs: [{id: v, cidr_blocks: [10.1.0.0/16]}]\n"
		  "security_groups: [{id: g, vpc: v, ip_permissions: [{ip_protocol: -1, "
		  "security_groups: [gone]}]}]\n");
	estate_drop_dangling(&l.estate);
	assert_null(l.estate.security_groups->ip_permissions->security_groups);
	assert_true(l.estate.security_groups->ip_permissions->others);
	load_fini(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_does_not_go_together_is_told_once_and_at_its_place),
		cmocka_unit_test(a_subnet_has_its_own_table_and_acl_or_those_of_its_vpc),
		cmocka_unit_test(values_are_those_written_and_lists_are_in_their_order),
		cmocka_unit_test(a_group_that_is_left_out_may_be_anybody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
