#include "load/aws.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "dns/name.h"
#include "load/config.h"
#include "unit/files.h"
#include "unit/unit.h"

#define LIMIT ((size_t)64 << 20)

/* One load and what it reported. */
struct load {
	struct arena arena;
	struct diags diags;
	struct estate estate;
	enum status status;
};

static void
load_run(struct load *l, const char *path)
{
	arena_init(&l->arena, SIZE_MAX);
	diags_init(&l->diags, &l->arena, 0);
	estate_init(&l->estate, LIMIT);
	l->status = config_load(path, NULL, &l->estate, &l->diags);
}

static void
load_fini(struct load *l)
{
	estate_fini(&l->estate);
	arena_fini(&l->arena);
}

/* What most rows need: a VPC with its attributes, and a zone in it. */
#define VPC							\
	"{\"Vpcs\":[{\"VpcId\":\"vpc-1\",\"CidrBlock\":\"10.0.0.0/16\"}]},"		\
	"{\"VpcId\":\"vpc-1\",\"EnableDnsSupport\":{\"Value\":true}},"			\
	"{\"VpcId\":\"vpc-1\",\"EnableDnsHostnames\":{\"Value\":true}},"
#define ZONE							\
	"{\"HostedZone\":{\"Id\":\"/hostedzone/Z1\",\"Name\":\"corp.example.\","	\
	"\"Config\":{\"PrivateZone\":true}},\"VPCs\":[{\"VPCId\":\"vpc-1\"}]},"
#define SOA							\
	"{\"Name\":\"corp.example.\",\"Type\":\"SOA\",\"TTL\":900,\"ResourceRecords\":"	\
	"[{\"Value\":\"ns. root. 1 7200 900 1209600 86400\"}]}"
#define RECORDS "{\"ResourceRecordSets\":[" SOA "]}"
#define RULE(id, type)						\
	"{\"Id\":\"" id "\",\"DomainName\":\"dc.example.\",\"RuleType\":\"" type "\"}"
#define ENDPOINT						\
	"{\"ResolverEndpoints\":[{\"Id\":\"rslvr-in-1\",\"Direction\":\"INBOUND\","	\
	"\"HostVPCId\":\"vpc-1\",\"Protocols\":[\"Do53\"]}]},"
#define ADDRESSES "{\"IpAddresses\":[{\"IpId\":\"rni-1\",\"Ip\":\"10.0.1.10\"}]}"

/* A file of documents, and the findings it gets. */
struct row {
	int line;
	const char *name, *text;
	const char *codes;	/* in the order reported, each followed by a blank */
};

static const struct row rows[] = {
	{ __LINE__, "a.json", "[" VPC ZONE RECORDS "]", "" },
	{ __LINE__, "a.json", "{}", "" },
	/* JSON lines */
	{ __LINE__, "a.jsonl", "{\"ResolverRules\":[" RULE("r", "SYSTEM") "]}\n"
	  "{\"ResolverRules\":[" RULE("r", "FORWARD") "]}\n", "CFG007 " },
	{ __LINE__, "a.jsonl", "{}\n{}{} {}", "" },
	{ __LINE__, "a.jsonl", "{}\n{}]", "syntax " },
	{ __LINE__, "a.jsonl", "{}\n{", "syntax " },
	{ __LINE__, "a.jsonl", "\n \n", "empty-file " },
	/* what the exporter notes */
	{ __LINE__, "a.json", "{\"command\":[\"ec2\",\"describe-vpcs\"],\"args\":{},"
	  "\"error\":{\"code\":\"AccessDenied\",\"message\":\"no\"}}", "CFG001 " },
	{ __LINE__, "a.json", "{\"command\":[],\"error\":3}", "CFG001 " },
	{ __LINE__, "a.json", "{\"aws_export\":{\"complete\":true}}", "" },
	{ __LINE__, "a.json", "{\"aws_export\":{\"complete\":false}}", "CFG001 " },
	{ __LINE__, "a.json", "{\"aws_export\":{\"complete\":false,\"failed\":2}}", "" },
	{ __LINE__, "a.json", "{\"aws_export\":3}", "CFG001 " },
	{ __LINE__, "a.json", "{\"Images\":[]}", "not-read " },
	{ __LINE__, "a.json", "{\"Vpcs\":[{\"CidrBlock\":\"10.0.0.0/16\"}]}", "missing-key " },
	{ __LINE__, "a.json", "{\"Vpcs\":[3]}", "wrong-type " },
	{ __LINE__, "a.json", "[3]", "wrong-type " },
	{ __LINE__, "a.json", "{\"Vpcs\":[", "syntax " },
	{ __LINE__, "a.json", "{\"Vpcs\":[{\"VpcId\":\"v\",\"CidrBlock\":\"10.0.0.0/99\"}]}",
	  "bad-address missing-attribute " },
	{ __LINE__, "a.json", "{\"Vpcs\":[],\"NextToken\":\"x\"}", "CFG001 " },
	{ __LINE__, "a.json", "{\"HostedZones\":[],\"IsTruncated\":true}", "CFG001 " },
	{ __LINE__, "a.json", "{\"HostedZones\":[],\"IsTruncated\":false,\"MaxItems\":\"100\"}",
	  "" },
	{ __LINE__, "a.json", "[{\"Vpcs\":[],\"NextToken\":\"x\"},{\"command\":\"ec2\","
	  "\"args\":[\"--starting-token\",\"x\"],\"output\":{\"Vpcs\":[]}}]", "" },
	/* the second page first: files come by their names */
	{ __LINE__, "a.json", "[" VPC ZONE "{\"args\":{\"hosted-zone-id\":\"Z1\","
	  "\"starting-token\":\"t\"},\"output\":{\"ResourceRecordSets\":[]}},"
	  "{\"args\":{\"hosted-zone-id\":\"Z1\"},\"output\":{\"ResourceRecordSets\":[" SOA "],"
	  "\"NextToken\":\"t\"}}]", "" },
	{ __LINE__, "a.json", "[" VPC ZONE "{}]", "missing-records " },
	{ __LINE__, "a.json", "[" VPC RECORDS "]", "CFG003 " },
	{ __LINE__, "records-Z9.json", "[" VPC ZONE RECORDS "]", "" },
	{ __LINE__, "a.json", "[" VPC ZONE "{\"args\":{\"HostedZoneId\":\"/hostedzone/Z9\"},"
	  "\"output\":" RECORDS "}]", "CFG003 " },
	/* public zones are known, and passed by */
	{ __LINE__, "a.json", "[{\"HostedZones\":[{\"Id\":\"/hostedzone/Z2\",\"Name\":"
	  "\"corp.example.\",\"Config\":{\"PrivateZone\":false}}]}," RECORDS "]", "" },
	/* what the zone is said to have */
	{ __LINE__, "a.json", "[" VPC "{\"HostedZones\":[{\"Id\":\"/hostedzone/Z1\",\"Name\":"
	  "\"corp.example.\",\"ResourceRecordSetCount\":7,\"Config\":{\"PrivateZone\":true}}]},"
	  RECORDS "]", "CFG001 " },
	/* autodefined rules and their associations are passed by */
	{ __LINE__, "a.json", "{\"ResolverRules\":["
	  RULE("rslvr-autodefined-rr-internet-resolver", "RECURSIVE") "]}", "" },
	{ __LINE__, "a.json", "{\"ResolverRuleAssociations\":[{\"Id\":\"a\",\"ResolverRuleId\":"
	  "\"rslvr-autodefined-rr-1\",\"VPCId\":\"vpc-1\"}]}", "" },
	{ __LINE__, "a.json", "{\"ResolverRules\":[" RULE("r", "SYSTEM") "," RULE("r", "SYSTEM")
	  "]}", "" },
	{ __LINE__, "a.json", "{\"ResolverRules\":[" RULE("r", "SYSTEM") "," RULE("r", "FORWARD")
	  "]}", "CFG007 " },
	{ __LINE__, "a.json", "{\"ResolverRules\":[" RULE("r", "SIDEWAYS") "]}", "bad-value " },
	{ __LINE__, "a.json", "[" VPC "{\"ResolverRuleAssociations\":[{\"Id\":\"a\","
	  "\"ResolverRuleId\":\"r\",\"VPCId\":\"vpc-1\"}]}]", "CFG002 " },
	/* addresses of an endpoint */
	{ __LINE__, "a.json", "[" VPC ENDPOINT ADDRESSES "]", "unknown-endpoint " },
	{ __LINE__, "ip-rslvr-in-1.json", "[" VPC ENDPOINT ADDRESSES "]", "" },
	{ __LINE__, "a.json", "[" VPC ENDPOINT "{\"args\":[\"--resolver-endpoint-id=rslvr-in-1\"],"
	  "\"output\":" ADDRESSES "}]", "" },
	/* what is inside a VPC: others' groups and interfaces may be missing, its VPC not */
	{ __LINE__, "a.json", "[" VPC "{\"SecurityGroups\":[{\"GroupId\":\"sg-1\",\"VpcId\":"
	  "\"vpc-1\",\"IpPermissions\":[{\"IpProtocol\":\"-1\",\"UserIdGroupPairs\":["
	  "{\"GroupId\":\"sg-9\"}]}]}]}]", "" },
	{ __LINE__, "a.json", "[" VPC "{\"Subnets\":[{\"SubnetId\":\"s\",\"VpcId\":\"vpc-1\","
	  "\"CidrBlock\":\"10.0.0.0/99\"}]}]", "bad-address " },
	{ __LINE__, "a.json", "[" VPC "{\"NetworkAcls\":[{\"NetworkAclId\":\"n\",\"VpcId\":"
	  "\"vpc-1\",\"Entries\":[{\"RuleNumber\":1,\"Egress\":true,\"RuleAction\":\"maybe\","
	  "\"CidrBlock\":\"0.0.0.0/0\"}]}]}]", "bad-value " },
	{ __LINE__, "a.json", "[" VPC "{\"Entries\":[{\"Cidr\":\"10.0.0.0/8\"}]},"
	  "{\"Domains\":[\"a.example\"]},{\"Domains\":[{\"DomainName\":\"a\"}]}]", "" },
	{ __LINE__, "a.json", "[" VPC "{\"FirewallRules\":[{\"FirewallRuleGroupId\":\"g\","
	  "\"Action\":\"BLOCK\"}]}]", "missing-key " },
	/* zones of others */
	{ __LINE__, "a.json", "[" VPC "{\"HostedZoneSummaries\":[{\"HostedZoneId\":\"Z1\","
	  "\"Name\":\"corp.example.\",\"Owner\":{\"OwningService\":\"efs\"}}]}]", "unknown-vpc " },
	{ __LINE__, "zones-vpc-1.json", "[" VPC "{\"HostedZoneSummaries\":[{\"HostedZoneId\":"
	  "\"Z1\",\"Name\":\"corp.example.\",\"Owner\":{\"OwningAccount\":\"1\"}}]}," RECORDS "]",
	  "" },
};

static void
exports_get_their_findings(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char got[256] = "";
		struct files files;
		struct load l;

		assert_true(files_init(&files));
		assert_true(files_write(&files, rows[i].name, rows[i].text));
		load_run(&l, files.folder);
		for (const struct finding *f = l.diags.first; f; f = f->next)
			snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s ", f->code);
		if (strcmp(got, rows[i].codes) != 0)
			fail_msg("line %d: \"%s\" %s", rows[i].line, got,
				 l.diags.first ? l.diags.first->message : "");
		load_fini(&l);
		files_fini(&files);
	}
}

static void
the_parts_of_an_object_come_together(void **state)
{
	static const char text[] = "[" VPC ZONE
		"{\"ResourceRecordSets\":[" SOA ",{\"Name\":\"\\\\052.corp.example.\",\"Type\":"
		"\"A\",\"TTL\":60,\"ResourceRecords\":[{\"Value\":\"10.0.0.1\"}]}]},"
		"{\"ResolverConfigs\":[{\"Id\":\"c\",\"ResourceId\":\"vpc-1\","
		"\"AutodefinedReverse\":\"DISABLED\"}]},"
		"{\"ProfileAssociations\":[{\"Id\":\"pa\",\"ProfileId\":\"rp-1\",\"ResourceId\":"
		"\"vpc-1\",\"Status\":\"COMPLETE\"}]},"
		"{\"ProfileResourceAssociations\":[{\"Id\":\"pr\",\"ProfileId\":\"rp-1\","
		"\"ResourceArn\":\"arn:aws:route53:::hostedzone/Z1\"}]},"
		"{\"VpcPeeringConnections\":[{\"VpcPeeringConnectionId\":\"pcx-1\",\"Status\":"
		"{\"Code\":\"active\"},\"RequesterVpcInfo\":{\"VpcId\":\"vpc-1\",\"CidrBlock\":"
		"\"10.0.0.0/16\"},\"AccepterVpcInfo\":{\"VpcId\":\"vpc-2\",\"CidrBlock\":"
		"\"10.2.0.0/16\",\"Region\":\"us-east-1\"}}]}]";
	const struct hosted_zone *zone;
	const struct network *network;
	struct files files;
	struct load l;

	(void)state;
	assert_true(files_init(&files));
	assert_true(files_write(&files, "all-eu-west-1.json", text));
	load_run(&l, files_path(&files, "all-eu-west-1.json"));
	assert_int_equal(l.status, OK);
	network = estate_network(&l.estate, "vpc-1");
	assert_string_equal(network->region, "eu-west-1");
	assert_true(network->enable_dns_hostnames);
	assert_int_equal(network->autodefined_reverse, AUTODEFINED_REVERSE_DISABLED);
	assert_string_equal(estate_network(&l.estate, "vpc-2")->region, "us-east-1");
	zone = estate_zone(&l.estate, "Z1");
	assert_true(refs_have(zone->networks, network));
	assert_int_equal(zone->set_count, 2);
	assert_memory_equal(zone->sets->next->owner, "\1*\4corp", 7);
	assert_int_equal(l.estate.profile_count, 1);
	assert_true(estate_connected(&l.estate, network, estate_network(&l.estate, "vpc-2")));
	load_fini(&l);
	files_fini(&files);
}

/** The file has one object of each kind, and references that lead nowhere. */
static void
what_is_inside_a_vpc_is_read(void **state)
{
	const struct ip_permission *permission;
	const struct subnet *subnet;
	const struct vpc_route *route;
	struct load l;

	(void)state;
	load_run(&l, SRCDIR "/tests/fuzz/corpus/aws/inside-a-vpc");
	assert_int_equal(l.status, OK);
	assert_true(l.estate.networks->dnssec_validation);
	subnet = estate_object(&l.estate, OBJECT_SUBNET, "subnet-1");
	assert_string_equal(subnet->availability_zone, "eu-west-1a");
	assert_string_equal(subnet->route_table->id, "rtb-1");
	assert_string_equal(subnet->network_acl->id, "acl-1");
	route = subnet->route_table->routes->next;
	assert_string_equal(route->gateway, "pcx-9");	/* of another account */
	assert_string_equal(route->next->destination_prefix_list, "pl-1");
	assert_int_equal(route->next->next->state, ROUTE_BLACKHOLE);
	permission = l.estate.security_groups->ip_permissions;
	assert_int_equal(permission->ip_protocol, 17);
	assert_int_equal(permission->from_port, 53);
	assert_string_equal(permission->prefix_lists->text, "pl-1");
	assert_true(permission->others && !permission->security_groups);	/* sg-9 */
	assert_int_equal(permission->next->to_port, PORT_MOST);
	assert_null(l.estate.network_acls->entries->next->next);	/* not the last one */
	assert_int_equal(l.estate.network_acls->entries->next->to_port, 22);
	assert_string_equal(l.estate.dhcp_options->domain_name_servers->next->text,
			    "AmazonProvidedDNS");
	assert_string_equal(l.estate.dhcp_options->vpcs->id, "vpc-1");
	assert_string_equal(l.estate.firewall_domain_lists->domains->text, "bad.example.");
	assert_ptr_equal(l.estate.firewall_rule_groups->rules->domain_list.object,
			 l.estate.firewall_domain_lists);
	assert_int_equal(l.estate.firewall_rule_groups->associations->priority, 101);
	assert_ptr_equal(l.estate.endpoints->security_groups->object, l.estate.security_groups);
	load_fini(&l);
}

/** With the addresses of its interfaces, or leading to the endpoint's own name. */
static void
private_dns_of_an_endpoint_is_a_zone_of_its_vpc(void **state)
{
	const struct hosted_zone *zone;
	struct load l;

	(void)state;
	load_run(&l, SRCDIR "/tests/fuzz/corpus/aws/inside-a-vpc");
	assert_int_equal(l.estate.zone_count, 2);
	zone = estate_zone(&l.estate, "Z0PRIV");
	assert_memory_equal(zone->name, "\3dkr\3ecr\11eu-west-1", 18);
	assert_string_equal(zone->networks->id, "vpc-1");
	assert_int_equal(zone->set_count, 2);
	assert_memory_equal(zone->sets->next->owner, "\1*\3dkr", 6);
	assert_null(zone->sets->alias);
	zone = estate_zone(&l.estate, "Z0PRIW");
	assert_int_equal(zone->set_count, 1);
	assert_string_equal(zone->sets->alias->hosted_zone, "Z38GZ743OKFT7T");
	load_fini(&l);
}

static void
gzip_is_told_by_content_and_a_cut_one_is_an_error(void **state)
{
	static const unsigned char packed[] = {	/* {"Volumes":[]} */
		0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xff, 0xab, 0x56, 0x0a,
		0xcb, 0xcf, 0x29, 0xcd, 0x4d, 0x2d, 0x56, 0xb2, 0x8a, 0x8e, 0xad, 0x05, 0x00,
		0x88, 0xd2, 0x42, 0xbc, 0x0e, 0x00, 0x00, 0x00
	};
	struct files files;

	(void)state;
	assert_true(files_init(&files));
	for (size_t len = sizeof(packed); len > 10; len -= 7) {
		struct load l;

		assert_true(files_write_len(&files, "a", packed, len));
		load_run(&l, files.folder);
		diags_sort(&l.diags);	/* an error of the whole file comes first */
		assert_int_equal(l.diags.errors, len < sizeof(packed));
		assert_string_equal(l.diags.first->code,
				    len < sizeof(packed) ? "syntax" : "not-read");
		load_fini(&l);
	}
	files_fini(&files);
}

/* --- the example, as YAML and as an export */

static bool
same_refs(const struct ref *a, const struct ref *b)
{
	size_t counts[2] = { 0 };

	for (const struct ref *r = b; r; r = r->next)
		counts[1]++;
	for (const struct ref *r = a; r; r = r->next, counts[0]++) {
		const struct ref *other = b;

		while (other && strcmp(other->id, r->id) != 0)
			other = other->next;
		if (!other)
			return false;
	}
	return counts[0] == counts[1];
}

static bool
same_targets(const struct target *a, const struct target *b)
{
	for (; a && b; a = a->next, b = b->next)
		if (memcmp(&a->addr, &b->addr, sizeof(a->addr)) != 0 || a->protocol != b->protocol)
			return false;
	return !a && !b;
}

/** Is there such a value in one of the sets of this owner and type? */
static bool
has_value(const struct hosted_zone *zone, const struct record_set *set,
	  const struct rdata *value)
{
	for (const struct record_set *s = zone->sets; s; s = s->next) {
		if (s->type != set->type || s->ttl_s != set->ttl_s ||
		    !name_wire_equal(s->owner, set->owner))
			continue;
		for (uint16_t i = 0; i < s->value_count; i++)
			if (s->values[i].len == value->len &&
			    memcmp(s->values[i].data, value->data, value->len) == 0)
				return true;
	}
	return false;
}

static void
zone_has_all_of(const struct hosted_zone *zone, const struct hosted_zone *other)
{
	char name[NAME_TEXT_MAX];

	for (const struct record_set *s = other->sets; s; s = s->next)
		for (uint16_t i = 0; i < s->value_count; i++)
			if (!has_value(zone, s, &s->values[i]))
				fail_msg("zone %s: %s %u", zone->id, name_print(s->owner, name),
					 s->type);
}

static void
the_example_exported_is_the_same_estate(void **state)
{
	struct load yaml, aws;
	const struct network *m;
	const struct hosted_zone *z;
	const struct resolver_rule *r;
	const struct resolver_endpoint *e;

	(void)state;
	load_run(&yaml, SRCDIR "/conf/hybrid.yaml");
	load_run(&aws, SRCDIR "/tests/estates/hybrid-aws.yaml");
	assert_int_equal(yaml.status, OK);
	assert_int_equal(aws.status, OK);
	assert_int_equal(aws.diags.warnings, 0);
	assert_int_equal(yaml.estate.network_count, aws.estate.network_count);
	for (const struct network *n = yaml.estate.networks; n; n = n->next) {
		m = estate_network(&aws.estate, n->id);
		assert_non_null(m);
		assert_string_equal(n->region, m->region);
		assert_int_equal(n->enable_dns_hostnames, m->enable_dns_hostnames);
		for (const struct network *o = yaml.estate.networks; o; o = o->next)
			assert_int_equal(estate_connected(&yaml.estate, n, o),
					 estate_connected(&aws.estate, m,
							  estate_network(&aws.estate, o->id)));
	}
	assert_int_equal(yaml.estate.zone_count, aws.estate.zone_count);
	for (const struct hosted_zone *y = yaml.estate.zones; y; y = y->next) {
		z = estate_zone(&aws.estate, y->id);
		assert_non_null(z);
		assert_true(name_wire_equal(y->name, z->name));
		assert_true(same_refs(y->networks, z->networks));
		zone_has_all_of(z, y);
		/* an export has the NS and SOA that the service gives every zone */
		if (z->set_count == y->set_count)
			zone_has_all_of(y, z);
		else
			assert_true(y->set_count + 2 == z->set_count);
	}
	assert_int_equal(yaml.estate.rule_count, aws.estate.rule_count);
	for (const struct resolver_rule *y = yaml.estate.rules; y; y = y->next) {
		r = estate_rule(&aws.estate, y->id);
		assert_non_null(r);
		assert_int_equal(y->type, r->type);
		assert_true(name_wire_equal(y->domain_name, r->domain_name));
		assert_true(same_targets(y->targets, r->targets));
		assert_true(same_refs(y->networks, r->networks));
	}
	assert_int_equal(yaml.estate.endpoint_count, aws.estate.endpoint_count);
	for (const struct resolver_endpoint *y = yaml.estate.endpoints; y; y = y->next) {
		e = estate_endpoint(&aws.estate, y->id);
		assert_int_equal(y->direction, e->direction);
		assert_string_equal(y->vpc.id, e->vpc.id);
		assert_true(same_targets(y->ip_addresses, e->ip_addresses));
	}
	load_fini(&yaml);
	load_fini(&aws);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exports_get_their_findings),
		cmocka_unit_test(the_parts_of_an_object_come_together),
		cmocka_unit_test(what_is_inside_a_vpc_is_read),
		cmocka_unit_test(private_dns_of_an_endpoint_is_a_zone_of_its_vpc),
		cmocka_unit_test(gzip_is_told_by_content_and_a_cut_one_is_an_error),
		cmocka_unit_test(the_example_exported_is_the_same_estate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
