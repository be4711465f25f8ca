#include "load/cloudformation.h"

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
	char codes[512];	/* of the findings, as reported, each followed by a blank */
};

static void
load_all(struct load *l, const char *const *paths, size_t count)
{
	l->codes[0] = '\0';
	arena_init(&l->arena, SIZE_MAX);
	diags_init(&l->diags, &l->arena, 0);
	estate_init(&l->estate, LIMIT);
	l->status = config_load_all(paths, count, NULL, &l->estate, &l->diags);
	for (const struct finding *f = l->diags.first; f; f = f->next) {
		strncat(l->codes, f->code, sizeof(l->codes) - strlen(l->codes) - 1);
		strncat(l->codes, " ", sizeof(l->codes) - strlen(l->codes) - 1);
	}
}

static void
load_fini(struct load *l)
{
	estate_fini(&l->estate);
	arena_fini(&l->arena);
}

#define HEAD	"AWSTemplateFormatVersion: 2010-09-09\n" "Resources:\n"
#define VPC(name)						\
	"  " name ":\n    Type: AWS::EC2::VPC\n"		\
	"    Properties: {CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true}\n"
#define ZONE(name, properties)					\
	"  " name ":\n    Type: AWS::Route53::HostedZone\n"	\
	"    Properties: {Name: corp.example" properties "}\n"
#define IN_VPC ", VPCs: [{VPCId: !Ref Vpc, VPCRegion: eu-west-1}]"
#define SET(name, properties)					\
	"  " name ":\n    Type: AWS::Route53::RecordSet\n"	\
	"    Properties: {Name: www.corp.example, Type: A, " properties "}\n"
#define VALUE "TTL: '60', ResourceRecords: [10.0.0.1]"
#define ENDPOINT(name, direction, addresses)			\
	"  " name ":\n    Type: AWS::Route53Resolver::ResolverEndpoint\n"	\
	"    Properties: {Direction: " direction ", SecurityGroupIds: [!Ref Group], "	\
	"IpAddresses: [" addresses "]}\n"
#define GROUP							\
	"  Group: {Type: 'AWS::EC2::SecurityGroup', Properties: {VpcId: !Ref Vpc}}\n"
#define RULE(name, properties)					\
	"  " name ":\n    Type: AWS::Route53Resolver::ResolverRule\n"	\
	"    Properties: {DomainName: dc.example, RuleType: FORWARD, " properties "}\n"

struct row {
	int line;
	const char *text;
	const char *codes;
	size_t networks, zones, sets, rules, endpoints;
};

static const struct row rows[] = {
	{ __LINE__, HEAD VPC("Vpc"), "", .networks = 1 },
	{ __LINE__, HEAD VPC("Vpc") ZONE("Zone", IN_VPC) SET("Set", "HostedZoneId: !Ref Zone, " VALUE),
	  "", .networks = 1, .zones = 1, .sets = 1 },
	{ __LINE__, HEAD VPC("Vpc") ZONE("Zone", IN_VPC)
	  SET("Set", "HostedZoneName: CORP.example., " VALUE), "", 1, 1, 1, 0, 0 },
	{ __LINE__, HEAD VPC("Vpc") ZONE("Zone", IN_VPC)
	  SET("Set", "HostedZoneName: other.example., " VALUE), "CFG004 ", 1, 1, 0, 0, 0 },
	/* two zones of one name: the service takes neither, and nor do we */
	{ __LINE__, HEAD VPC("Vpc") ZONE("Zone", IN_VPC) ZONE("Public", "")
	  SET("Set", "HostedZoneName: corp.example., " VALUE), "CFG003 ", 1, 2, 0, 0, 0 },
	{ __LINE__, HEAD VPC("Vpc") ZONE("Zone", IN_VPC) SET("Set", VALUE), "missing-key ",
	  1, 1, 0, 0, 0 },
	{ __LINE__, HEAD SET("Set", "HostedZoneId: Z0ELSEWHERE, " VALUE), "CFG002 ", 0, 0, 0, 0, 0 },
	/* what is known when it is deployed */
	{ __LINE__, HEAD "  Vpc: {Type: 'AWS::EC2::VPC', Properties: {Ipv4IpamPoolId: pool}}\n",
	  "CFG004 ", 0, 0, 0, 0, 0 },
	{ __LINE__, HEAD "  Vpc: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: !Ref Nobody}}\n"
	  ZONE("Zone", IN_VPC), "CFG004 ", 0, 1, 0, 0, 0 },
	{ __LINE__, HEAD VPC("Vpc") ZONE("Zone", ", VPCs: [{VPCId: !Ref Nobody}, {VPCId: !Ref Vpc}]"),
	  "CFG004 ", 1, 1, 0, 0, 0 },
	{ __LINE__, HEAD VPC("Vpc") ZONE("Zone", IN_VPC)
	  SET("Set", "HostedZoneId: !Ref Zone, TTL: 1, ResourceRecords: [10.0.0.1, !GetAtt Lb.Ip]")
	  "  Lb: {Type: 'AWS::EC2::EIP'}\n", "CFG004 ", 1, 1, 0, 0, 0 },
	/* conditions */
	{ __LINE__, "Conditions: {No: !Equals [a, b]}\n" HEAD VPC("Vpc")
	  "  Other: {Type: 'AWS::EC2::VPC', Condition: No}\n", "", 1, 0, 0, 0, 0 },
	{ __LINE__, "Conditions: {No: !Equals [a, !Ref AWS::Region]}\n" HEAD VPC("Vpc")
	  "  Other: {Type: 'AWS::EC2::VPC', Condition: No}\n", "CFG004 ", 1, 0, 0, 0, 0 },
	/* endpoints get their VPC from where they stand */
	{ __LINE__, HEAD VPC("Vpc") GROUP ENDPOINT("In", "INBOUND", "{SubnetId: s, Ip: 10.0.0.9}"),
	  "", 1, 0, 0, 0, 1 },
	{ __LINE__, HEAD VPC("Vpc") ENDPOINT("In", "INBOUND", "{SubnetId: s, Ip: 10.0.0.9}"),
	  "CFG004 ", 1, 0, 0, 0, 0 },
	{ __LINE__, HEAD VPC("Vpc") GROUP ENDPOINT("In", "INBOUND", "{SubnetId: s}"),
	  "CFG004 ", 1, 0, 0, 0, 1 },
	{ __LINE__, HEAD VPC("Vpc") GROUP ENDPOINT("In", "SIDEWAYS", "{Ip: 10.0.0.9}"),
	  "bad-value ", 1, 0, 0, 0, 1 },
	/* rules */
	{ __LINE__, HEAD VPC("Vpc") GROUP ENDPOINT("Out", "OUTBOUND", "{Ip: 10.0.0.9}")
	  RULE("Rule", "ResolverEndpointId: !Ref Out, TargetIps: [{Ip: 192.0.2.1, Port: '53'}]")
	  "  Association: {Type: 'AWS::Route53Resolver::ResolverRuleAssociation', "
	  "Properties: {ResolverRuleId: !GetAtt Rule.ResolverRuleId, VPCId: !Ref Vpc}}\n",
	  "", 1, 0, 0, 1, 1 },
	{ __LINE__, HEAD RULE("Rule", "ResolverEndpointId: !Ref Nobody, TargetIps: [{Ip: 192.0.2.1}]"),
	  "CFG004 ", 0, 0, 0, 0, 0 },
	{ __LINE__, HEAD RULE("Rule", "TargetIps: [{Ip: !Ref Nobody}]"), "CFG004 CFG004 ",
	  0, 0, 0, 0, 0 },
	{ __LINE__, HEAD VPC("Vpc")
	  "  Association: {Type: 'AWS::Route53Resolver::ResolverRuleAssociation', "
	  "Properties: {ResolverRuleId: rslvr-rr-shared, VPCId: !Ref Vpc}}\n",
	  "CFG004 ", 1, 0, 0, 0, 0 },
	/* what is not modelled, and what is not seen */
	{ __LINE__, HEAD "  Firewall: {Type: 'AWS::Route53Resolver::FirewallRuleGroup'}\n", "CFG006 ",
	  0, 0, 0, 0, 0 },
	{ __LINE__, HEAD "  Queue: {Type: 'AWS::SQS::Queue'}\n", "", 0, 0, 0, 0, 0 },
	{ __LINE__, HEAD "  'Fn::ForEach::Zones': [a, [b], {}]\n", "CFG004 ", 0, 0, 0, 0, 0 },
	{ __LINE__, "Transform: AWS::Serverless-2016-10-31\n" HEAD VPC("Vpc"), "CFG004 ",
	  1, 0, 0, 0, 0 },
	{ __LINE__, "Transform: [AWS::LanguageExtensions]\n" HEAD VPC("Vpc"), "", 1, 0, 0, 0, 0 },
	{ __LINE__, HEAD "  Stack: {Type: 'AWS::CloudFormation::Stack', Properties: "
	  "{TemplateURL: 'https://example.com/t.yaml'}}\n", "CFG004 ", 0, 0, 0, 0, 0 },
	{ __LINE__, HEAD "  Stack: {Type: 'AWS::CloudFormation::Stack', Properties: "
	  "{TemplateURL: a.yaml}}\n", "CFG004 ", 0, 0, 0, 0, 0 },
	/* two that Metadata calls the same */
	{ __LINE__, HEAD "  A: {Type: 'AWS::EC2::VPC', Metadata: {Causeway: {id: v}}, "
	  "Properties: {CidrBlock: 10.0.0.0/16}}\n"
	  "  B: {Type: 'AWS::EC2::VPC', Metadata: {Causeway: {id: v}}}\n", "duplicate-id ",
	  1, 0, 0, 0, 0 },
	{ __LINE__, HEAD "  Vpc:\n    Type: AWS::EC2::VPC\n   Properties: 3\n", "syntax ",
	  0, 0, 0, 0, 0 },
	{ __LINE__, HEAD "  - Vpc\n", "wrong-type ", 0, 0, 0, 0, 0 },
};

static void
templates_give_objects_and_findings(void **state)
{
	struct files files;

	(void)state;
	assert_true(files_init(&files));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct row *row = &rows[i];
		const char *path;
		size_t sets = 0;
		struct load l;

		assert_true(files_write_len(&files, "a.yaml", row->text, strlen(row->text)));
		path = files_path(&files, "a.yaml");
		row_true(row->line, cloudformation_is(path));
		load_all(&l, &path, 1);
		row_string(row->line, l.codes, row->codes);
		for (const struct hosted_zone *z = l.estate.zones; z; z = z->next)
			sets += z->set_count;
		row_int(row->line, l.estate.network_count, row->networks);
		row_int(row->line, l.estate.zone_count, row->zones);
		row_int(row->line, sets, row->sets);
		row_int(row->line, l.estate.rule_count, row->rules);
		row_int(row->line, l.estate.endpoint_count, row->endpoints);
		load_fini(&l);
	}
	files_fini(&files);
}

/* --- several templates */

struct set {
	struct files files;
	char paths[4][FILES_PATH_MAX];
	const char *list[4];
};

static void
set_init(struct set *set, const char *const *texts, size_t count)
{
	assert_true(files_init(&set->files));
	for (size_t i = 0; i < count; i++) {
		char name[] = "a.yaml";

		name[0] = (char)('a' + i);
		assert_true(files_write_len(&set->files, name, texts[i], strlen(texts[i])));
		snprintf(set->paths[i], sizeof(set->paths[i]), "%s",
			 files_path(&set->files, name));
		set->list[i] = set->paths[i];
	}
}

static void
exports_are_imported_whatever_the_order(void **state)
{
	static const char *const texts[] = {
		HEAD ZONE("Zone", ", VPCs: [{VPCId: !ImportValue network-vpc}]"),
		HEAD VPC("Vpc")
		"Outputs:\n  Id: {Value: !Ref Vpc, Export: {Name: !Sub '${Name}-vpc'}}\n"
		"Parameters: {Name: {Type: String, Default: network}}\n",
	};
	struct set set;
	struct load l;

	(void)state;
	set_init(&set, texts, 2);
	load_all(&l, set.list, 2);
	assert_string_equal(l.codes, "");
	assert_string_equal(estate_zone(&l.estate, "a/Zone")->networks->id, "b/Vpc");
	assert_string_equal(estate_zone(&l.estate, "a/Zone")->networks->at.file, set.paths[0]);
	load_fini(&l);
	files_fini(&set.files);
}

static void
a_nested_stack_has_the_parameters_of_its_parent_and_counts_once(void **state)
{
	static const char *const texts[] = {
		HEAD "  Net: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: b.yaml, "
		"Parameters: {Block: 10.7.0.0/16, Blocks: [a, !Ref AWS::Partition]}}}\n"
		ZONE("Zone", ", VPCs: [{VPCId: !GetAtt Net.Outputs.Vpc}]"),
		"Parameters: {Block: {Type: String}, Blocks: {Type: 'List<String>'}}\n" HEAD
		"  Vpc: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: !Ref Block}}\n"
		"Outputs: {Vpc: {Value: !Join ['', [!Ref Vpc]]}}\n",
	};
	struct set set;
	struct load l;

	(void)state;
	set_init(&set, texts, 2);
	load_all(&l, set.list, 2);
	assert_string_equal(l.codes, "");
	assert_int_equal(l.estate.network_count, 1);
	assert_non_null(estate_network(&l.estate, "a/Net/Vpc"));
	assert_string_equal(estate_network(&l.estate, "a/Net/Vpc")->at.file, set.paths[1]);
	assert_string_equal(estate_zone(&l.estate, "a/Zone")->networks->id, "a/Net/Vpc");
	load_fini(&l);
	files_fini(&set.files);
}

static void
stacks_that_nest_each_other_end(void **state)
{
	static const char *const texts[] = {
		HEAD VPC("Vpc") "  Net: {Type: 'AWS::CloudFormation::Stack', "
		"Properties: {TemplateURL: b.yaml}}\n",
		HEAD "  Net: {Type: 'AWS::CloudFormation::Stack', "
		"Properties: {TemplateURL: a.yaml}}\n"
		"  Two: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: a.yaml}}\n",
	};
	struct set set;
	struct load l;

	(void)state;
	set_init(&set, texts, 2);
	load_all(&l, set.list, 1);
	assert_int_equal(l.status, OK);
	assert_true(l.diags.notes > 0);
	load_fini(&l);
	files_fini(&set.files);
}

/** As another account may have the same names of exports. */
static void
stacks_of_one_name_are_told_apart(void **state)
{
	static const char *const texts[] = { HEAD VPC("Vpc") };
	struct set set;
	struct load l;

	(void)state;
	set_init(&set, texts, 1);
	set.list[1] = set.list[0];
	load_all(&l, set.list, 2);
	assert_string_equal(l.codes, "");
	assert_non_null(estate_network(&l.estate, "a/Vpc"));
	assert_non_null(estate_network(&l.estate, "a-2/Vpc"));
	load_fini(&l);
	files_fini(&set.files);
}

static void
metadata_say_what_cloudformation_cannot(void **state)
{
	static const char *const texts[] = {
		HEAD
		"  Vpc: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}, Metadata: "
		"{Causeway: {id: vpc-1, dns64: true}, lint-ignore: 'ZON101, PRE203'}}\n"
		"  Other: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.1.0.0/16}, Metadata: "
		"{lint-ignore: {REA401: 'it is *new*'}}}\n"
		"  Pcx: {Type: 'AWS::EC2::VPCPeeringConnection', Properties: {VpcId: !Ref Vpc, "
		"PeerVpcId: !Ref Other}, Metadata: {Causeway: {status: pending-acceptance, accepter: "
		"{allow_dns_resolution_from_remote_vpc: true}}}}\n"
	};
	const struct lint_suppression *s;
	struct set set;
	struct load l;

	(void)state;
	set_init(&set, texts, 1);
	load_all(&l, set.list, 1);
	assert_string_equal(l.codes, "");
	assert_true(estate_network(&l.estate, "vpc-1")->dns64);
	assert_string_equal(l.estate.peerings->status, "pending-acceptance");
	assert_string_equal(l.estate.peerings->requester.id, "vpc-1");
	assert_string_equal(l.estate.peerings->accepter.id, "a/Other");
	assert_true(l.estate.peerings->accepter_allows_remote_dns);
	s = l.estate.lint.suppressions;
	assert_string_equal(s->code, "REA401");
	assert_string_equal(s->object, "a/Other");
	assert_string_equal(s->reason, "it is *new*");
	assert_string_equal(s->next->code, "PRE203");
	assert_string_equal(s->next->object, "vpc-1");
	assert_string_equal(s->next->next->code, "ZON101");
	assert_null(s->next->next->next);
	load_fini(&l);
	files_fini(&set.files);
}

static void
what_joins_an_object_comes_from_any_template(void **state)
{
	static const char *const texts[] = {
		HEAD
		"  Block: {Type: 'AWS::EC2::VPCCidrBlock', Properties: {VpcId: vpc-1, "
		"CidrBlock: 10.9.0.0/16}}\n"
		"  Six: {Type: 'AWS::EC2::VPCCidrBlock', Properties: {VpcId: vpc-1, "
		"AmazonProvidedIpv6CidrBlock: true}}\n"
		"  At: {Type: 'AWS::EC2::TransitGatewayAttachment', Properties: {VpcId: vpc-1, "
		"TransitGatewayId: tgw-shared}}\n"
		"  Config: {Type: 'AWS::Route53Resolver::ResolverConfig', Properties: "
		"{ResourceId: vpc-1, AutodefinedReverseFlag: DISABLE}}\n"
		"  Profile: {Type: 'AWS::Route53Profiles::Profile', Properties: {Name: p}}\n"
		"  ForVpc: {Type: 'AWS::Route53Profiles::ProfileAssociation', Properties: "
		"{ProfileId: !Ref Profile, ResourceId: vpc-1}}\n"
		"  HasZone: {Type: 'AWS::Route53Profiles::ProfileResourceAssociation', Properties: "
		"{ProfileId: !GetAtt Profile.Id, ResourceArn: !Sub "
		"'arn:aws:route53:::hostedzone/${Zone}'}}\n"
		ZONE("Zone", ", VPCs: []"),
		HEAD "  Vpc: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}, "
		"Metadata: {Causeway: {id: vpc-1}}}\n",
	};
	const struct network *vpc;
	struct set set;
	struct load l;

	(void)state;
	set_init(&set, texts, 2);
	load_all(&l, set.list, 2);
	assert_string_equal(l.codes, "CFG004 ");	/* Amazon's IPv6 block */
	vpc = estate_network(&l.estate, "vpc-1");
	assert_non_null(vpc->cidr_blocks->next);
	assert_null(vpc->cidr_blocks->next->next);
	assert_int_equal(vpc->autodefined_reverse, AUTODEFINED_REVERSE_DISABLED);
	assert_string_equal(l.estate.transit_gateways->id, "tgw-shared");
	assert_string_equal(l.estate.transit_gateways->vpcs->id, "vpc-1");
	assert_string_equal(l.estate.profiles->zones->id, "a/Zone");
	assert_true(refs_have(estate_zone(&l.estate, "a/Zone")->networks, vpc));
	load_fini(&l);
	files_fini(&set.files);
}

/* --- what is inside a VPC */

#define TYPE(name, type, properties)					\
	"  " name ": {Type: 'AWS::EC2::" type "', Properties: {" properties "}}\n"
#define SUBNET(name, block)						\
	TYPE(name, "Subnet", "VpcId: !Ref Vpc, CidrBlock: " block)
#define TABLE	TYPE("Table", "RouteTable", "VpcId: !Ref Vpc")
#define HAS_TABLE							\
	TYPE("Has", "SubnetRouteTableAssociation", "SubnetId: !Ref S, RouteTableId: !Ref Table")
#define ACL	TYPE("Acl", "NetworkAcl", "VpcId: !Ref Vpc")
#define ENTRY(properties)						\
	TYPE("Entry", "NetworkAclEntry", "NetworkAclId: !Ref Acl, RuleNumber: 100, "	\
	     "RuleAction: deny, " properties)

struct inside_row {
	int line;
	const char *text, *codes;
	size_t subnets, tables, acls, groups, endpoints, options;
};

static const struct inside_row inside_rows[] = {
	{ __LINE__, SUBNET("S", "10.0.1.0/24"), "", .subnets = 1 },
	{ __LINE__, SUBNET("S", "!Ref Nobody"), "CFG004 CFG004 ", .subnets = 0 },
	{ __LINE__, TYPE("S", "Subnet", "VpcId: !Ref Nobody, CidrBlock: 10.0.1.0/24"), "CFG004 ",
	  .subnets = 0 },
	{ __LINE__, TYPE("S", "Subnet", "VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, "
			 "AvailabilityZone: !Ref Nobody"), "", .subnets = 1 },
	{ __LINE__, TYPE("S", "Subnet", "VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/33"), "bad-address ",
	  .subnets = 1 },
	/* where one is unknown the others are not all there are */
	{ __LINE__, SUBNET("S", "10.0.1.0/24") TABLE HAS_TABLE SUBNET("S2", "!Ref Nobody"),
	  "CFG004 CFG004 ", .subnets = 0 },
	{ __LINE__, SUBNET("S", "10.0.1.0/24") TABLE HAS_TABLE
	  "  R: {Type: 'AWS::EC2::Route', Condition: Nobody, Properties: {}}\n", "CFG004 ",
	  .subnets = 0 },
	{ __LINE__, SUBNET("S", "10.0.1.0/24") TABLE HAS_TABLE
	  "  Q: {Type: 'AWS::SQS::Queue', Condition: Nobody, Properties: {}}\n", "CFG004 ",
	  .subnets = 1, .tables = 1 },
	/* one that no subnet has may be another's main one */
	{ __LINE__, TABLE, "", .subnets = 0 },
	{ __LINE__, SUBNET("S", "10.0.1.0/24") TABLE HAS_TABLE, "", .subnets = 1, .tables = 1 },
	{ __LINE__, TABLE TYPE("Has", "SubnetRouteTableAssociation",
			       "SubnetId: subnet-elsewhere, RouteTableId: !Ref Table"), "",
	  .tables = 1 },
	{ __LINE__, TYPE("Has", "SubnetRouteTableAssociation",
			 "SubnetId: !Ref Nobody, RouteTableId: rtb-elsewhere"), "", .subnets = 0 },
	/* an ACL with a hole is none */
	{ __LINE__, ACL, "", .acls = 1 },
	{ __LINE__, ACL ENTRY("Protocol: -1, CidrBlock: 0.0.0.0/0"), "", .acls = 1 },
	{ __LINE__, ACL ENTRY("Protocol: 6, CidrBlock: !Ref Nobody"), "CFG004 ", .subnets = 0 },
	{ __LINE__, ACL ENTRY("Protocol: 6, CidrBlock: 0.0.0.0/0, PortRange: !Ref Nobody"),
	  "CFG004 ", .subnets = 0 },
	{ __LINE__, ACL ENTRY("Protocol: 6, CidrBlock: 0.0.0.0/0, "
			      "PortRange: {From: !Ref Nobody, To: 53}"), "CFG004 ", .subnets = 0 },
	{ __LINE__, ACL ENTRY("Protocol: 1, CidrBlock: 0.0.0.0/0, PortRange: {From: -1, To: -1}"),
	  "", .acls = 1 },
	{ __LINE__, ACL ENTRY("Protocol: tcp-ish, CidrBlock: 0.0.0.0/0"), "wrong-type ",
	  .acls = 1 },
	{ __LINE__, TYPE("Group", "SecurityGroup", "GroupName: of the default VPC"), "", .subnets = 0 },
	{ __LINE__, TYPE("Group", "SecurityGroup", "VpcId: !Ref Vpc, GroupName: dns"), "",
	  .groups = 1 },
	{ __LINE__, TYPE("E", "VPCEndpoint", "VpcId: !Ref Vpc, VpcEndpointType: Interface, "
			 "ServiceName: com.amazonaws.eu-west-1.ssm"), "", .endpoints = 1 },
	{ __LINE__, TYPE("E", "VPCEndpoint", "VpcId: !Ref Vpc, VpcEndpointType: Interface, "
			 "ServiceName: com.amazonaws.eu-west-1.ssm, PrivateDnsEnabled: true"),
	  "CFG006 ", .endpoints = 1 },
	{ __LINE__, TYPE("E", "VPCEndpoint", "VpcId: !Ref Vpc, PrivateDnsEnabled: false, "
			 "ServiceName: !Sub 'com.amazonaws.${AWS::Region}.s3'"), "CFG004 ", .subnets = 0 },
	{ __LINE__, TYPE("E", "VPCEndpoint", "VpcId: !Ref Vpc, ResourceConfigurationArn: 'arn:x'"),
	  "", .subnets = 0 },
	{ __LINE__, TYPE("D", "DHCPOptions", "DomainNameServers: [10.0.0.9, AmazonProvidedDNS]"),
	  "", .options = 1 },
	{ __LINE__, TYPE("D", "DHCPOptions", "DomainNameServers: [10.0.0.9, !Ref Nobody]"),
	  "CFG004 ", .subnets = 0 },
	{ __LINE__, TYPE("D", "DHCPOptions", "DomainNameServers: [a-name]"), "bad-value ",
	  .options = 1 },
};

#define COUNT_LIST(count, type, first)				\
	for (const struct type *item = (first); item; item = item->next)	\
		(count)++

static void
insides_of_vpcs_are_declared_whole_or_not_at_all(void **state)
{
	struct files files;

	(void)state;
	assert_true(files_init(&files));
	for (size_t i = 0; i < COUNT_OF(inside_rows); i++) {
		const struct inside_row *row = &inside_rows[i];
		struct inside_row got = { 0 };
		const char *path;
		char text[2048];
		struct load l;
		int len = snprintf(text, sizeof(text), "%s%s", HEAD VPC("Vpc"), row->text);

		assert_true(len > 0 && (size_t)len < sizeof(text));
		assert_true(files_write_len(&files, "a.yaml", text, (size_t)len));
		path = files_path(&files, "a.yaml");
		load_all(&l, &path, 1);
		COUNT_LIST(got.subnets, subnet, l.estate.subnets);
		COUNT_LIST(got.tables, route_table, l.estate.route_tables);
		COUNT_LIST(got.acls, network_acl, l.estate.network_acls);
		COUNT_LIST(got.groups, security_group, l.estate.security_groups);
		COUNT_LIST(got.endpoints, vpc_endpoint, l.estate.vpc_endpoints);
		COUNT_LIST(got.options, dhcp_options, l.estate.dhcp_options);
		row_string(row->line, l.codes, row->codes);
		row_int(row->line, got.subnets, row->subnets);
		row_int(row->line, got.tables, row->tables);
		row_int(row->line, got.acls, row->acls);
		row_int(row->line, got.groups, row->groups);
		row_int(row->line, got.endpoints, row->endpoints);
		row_int(row->line, got.options, row->options);
		load_fini(&l);
	}
	files_fini(&files);
}

struct route_row {
	int line;
	const char *properties;
	bool block;			/* a block is its destination, not a list */
	const char *gateway, *nat, *interface, *peering;
};

static const struct route_row route_rows[] = {
	{ __LINE__, "DestinationCidrBlock: 10.1.0.0/16, VpcPeeringConnectionId: !Ref Pcx", true,
	  .peering = "a/Pcx" },
	{ __LINE__, "DestinationCidrBlock: 10.1.0.0/16, VpcPeeringConnectionId: pcx-elsewhere",
	  true, .gateway = "pcx-elsewhere" },
	{ __LINE__, "DestinationCidrBlock: 10.1.0.0/16, TransitGatewayId: tgw-elsewhere", true,
	  .gateway = "tgw-elsewhere" },
	{ __LINE__, "DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Igw", true,
	  .gateway = "igw-a/Igw" },
	{ __LINE__, "DestinationCidrBlock: 0.0.0.0/0, GatewayId: igw-1", true,
	  .gateway = "igw-1" },
	{ __LINE__, "DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: !Ref Eigw",
	  true, .gateway = "eigw-a/Eigw" },
	{ __LINE__, "DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat", true,
	  .nat = "a/Nat" },
	{ __LINE__, "DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nobody", true,
	  .nat = "not-known" },
	{ __LINE__, "DestinationPrefixListId: pl-1, InstanceId: i-1", false, .interface = "i-1" },
	/* what is unknown may be a way */
	{ __LINE__, "DestinationCidrBlock: !Ref Nobody, GatewayId: !Ref Nobody", false,
	  .gateway = "not-known" },
	{ __LINE__, "GatewayId: local", false, .gateway = "local" },
};

static void
routes_lead_where_their_property_says(void **state)
{
	struct files files;

	(void)state;
	assert_true(files_init(&files));
	for (size_t i = 0; i < COUNT_OF(route_rows); i++) {
		const struct route_row *row = &route_rows[i];
		const struct vpc_route *route;
		const char *path;
		char text[2048];
		struct load l;
		int len = snprintf(text, sizeof(text), "%s" TYPE("Route", "Route",
				   "RouteTableId: !Ref Table, %s"), HEAD VPC("Vpc")
				   TYPE("Other", "VPC", "CidrBlock: 10.1.0.0/16")
				   SUBNET("S", "10.0.1.0/24") TABLE HAS_TABLE
				   TYPE("Pcx", "VPCPeeringConnection",
					"VpcId: !Ref Vpc, PeerVpcId: !Ref Other")
				   TYPE("Igw", "InternetGateway", "")
				   TYPE("Eigw", "EgressOnlyInternetGateway", "")
				   TYPE("Nat", "NatGateway", ""), row->properties);

		assert_true(len > 0 && (size_t)len < sizeof(text));
		assert_true(files_write_len(&files, "a.yaml", text, (size_t)len));
		path = files_path(&files, "a.yaml");
		load_all(&l, &path, 1);
		row_int(row->line, l.diags.errors, 0);
		route = l.estate.route_tables->routes;
		row_true(row->line, route && !route->next);
		row_int(row->line, !!route->destination_at.file, row->block);
		row_true(row->line, !route->destination_prefix_list == row->block);
		row_string(row->line, route->gateway ? route->gateway : "",
			   row->gateway ? row->gateway : "");
		row_string(row->line, route->nat_gateway ? route->nat_gateway : "",
			   row->nat ? row->nat : "");
		row_string(row->line, route->network_interface ? route->network_interface : "",
			   row->interface ? row->interface : "");
		row_string(row->line, route->vpc_peering_connection.id
			   ? route->vpc_peering_connection.id : "", row->peering ? row->peering : "");
		load_fini(&l);
	}
	files_fini(&files);
}

struct permission_row {
	int line;
	const char *rule;		/* an item of SecurityGroupIngress */
	unsigned protocol, from, to;
	bool block, group, list, others;
};

static const struct permission_row permission_rows[] = {
	{ __LINE__, "{IpProtocol: tcp, FromPort: 53, ToPort: 54, CidrIp: 10.0.0.0/8}", 6, 53, 54,
	  .block = true },
	{ __LINE__, "{IpProtocol: '17', FromPort: 53, ToPort: 53, CidrIpv6: 'fd00::/8'}", 17, 53,
	  53, .block = true },
	{ __LINE__, "{IpProtocol: icmp, FromPort: -1, ToPort: -1, CidrIp: 10.0.0.0/8}", 1, 0,
	  PORT_MOST, .block = true },
	{ __LINE__, "{IpProtocol: '-1', SourceSecurityGroupId: !GetAtt Other.GroupId}",
	  IP_PROTOCOL_ANY, 0, PORT_MOST, .group = true },
	{ __LINE__, "{IpProtocol: udp, FromPort: 53, ToPort: 53, SourceSecurityGroupId: sg-1}", 17,
	  53, 53, .others = true },
	{ __LINE__, "{IpProtocol: udp, FromPort: 53, ToPort: 53, SourcePrefixListId: pl-1}", 17, 53,
	  53, .list = true },
	{ __LINE__, "{IpProtocol: udp, FromPort: 53, ToPort: 53, CidrIp: !Ref Nobody}", 17, 53, 53,
	  .others = true },
	{ __LINE__, "{IpProtocol: udp, FromPort: 53, ToPort: !Ref Nobody, CidrIp: 10.0.0.0/8}",
	  IP_PROTOCOL_ANY, 0, PORT_MOST, .others = true },
	{ __LINE__, "{IpProtocol: !Ref Nobody, CidrIp: 0.0.0.0/0}", IP_PROTOCOL_ANY, 0, PORT_MOST,
	  .others = true },
	{ __LINE__, "!Ref Nobody", IP_PROTOCOL_ANY, 0, PORT_MOST, .others = true },
	/* a list that holds itself ends */
	{ __LINE__, "!FindInMap [M, a, b]", IP_PROTOCOL_ANY, 0, PORT_MOST, .others = true },
};

static void
permissions_that_are_unknown_let_anybody_in(void **state)
{
	struct files files;

	(void)state;
	assert_true(files_init(&files));
	for (size_t i = 0; i < COUNT_OF(permission_rows); i++) {
		const struct permission_row *row = &permission_rows[i];
		const struct security_group *group;
		const struct ip_permission *p;
		const char *path;
		char text[2048];
		struct load l;
		int len = snprintf(text, sizeof(text), "Mappings: {M: {a: {b: [!FindInMap "
				   "[M, a, b]]}}}\n" HEAD VPC("Vpc")
				   TYPE("Group", "SecurityGroup", "VpcId: !Ref Vpc, "
					"SecurityGroupIngress: [%s, !Ref AWS::NoValue]")
				   TYPE("Other", "SecurityGroup", "VpcId: !Ref Vpc"), row->rule);

		assert_true(len > 0 && (size_t)len < sizeof(text));
		assert_true(files_write_len(&files, "a.yaml", text, (size_t)len));
		path = files_path(&files, "a.yaml");
		load_all(&l, &path, 1);
		row_int(row->line, l.diags.errors, 0);
		group = l.estate.security_groups;
		row_string(row->line, group->id, "a/Group");
		p = group->ip_permissions;
		row_true(row->line, p && !p->next);
		row_int(row->line, p->ip_protocol, row->protocol);
		row_int(row->line, p->from_port, row->from);
		row_int(row->line, p->to_port, row->to);
		row_int(row->line, !!p->cidr_blocks, row->block);
		row_int(row->line, !!p->security_groups, row->group);
		row_int(row->line, !!p->prefix_lists, row->list);
		row_int(row->line, p->others, row->others);
		/* nothing is said of what goes out: all does */
		p = group->ip_permissions_egress;
		row_true(row->line, p && !p->next && p->cidr_blocks && p->cidr_blocks->next);
		load_fini(&l);
	}
	files_fini(&files);
}

/** And what is said in another file is placed at the object. */
static void
insides_are_joined_from_any_template(void **state)
{
	static const char *const texts[] = {
		HEAD
		TYPE("In", "SecurityGroupIngress", "GroupId: !ImportValue group, IpProtocol: tcp, "
		     "FromPort: 53, ToPort: 53, SourceSecurityGroupId: !ImportValue group")
		TYPE("Out", "SecurityGroupEgress", "GroupId: !ImportValue group, IpProtocol: '-1', "
		     "CidrIp: 10.0.0.0/8")
		TYPE("Vpn", "VPNGatewayRoutePropagation",
		     "RouteTableIds: [!ImportValue table], VpnGatewayId: vgw-1")
		TYPE("Options", "DHCPOptions", "DomainNameServers: [10.0.0.9]")
		TYPE("Has", "VPCDHCPOptionsAssociation",
		     "DhcpOptionsId: !Ref Options, VpcId: !ImportValue vpc")
		"  Inbound: {Type: 'AWS::Route53Resolver::ResolverEndpoint', Properties: {Direction: "
		"INBOUND, SecurityGroupIds: [!ImportValue group], IpAddresses: "
		"[{SubnetId: s, Ip: 10.0.1.9}]}}\n"
		"  Open: {Type: 'AWS::Route53Resolver::ResolverEndpoint', Properties: {Direction: "
		"INBOUND, SecurityGroupIds: [!ImportValue group, sg-elsewhere], IpAddresses: "
		"[{SubnetId: s, Ip: 10.0.1.8}]}}\n"
		"  Profile: {Type: 'AWS::Route53Profiles::Profile', Properties: {Name: p}}\n"
		"  ForVpc: {Type: 'AWS::Route53Profiles::ProfileAssociation', Metadata: {Causeway: "
		"{priority: 200}}, Properties: {ProfileId: !Ref Profile, "
		"ResourceId: !ImportValue vpc}}\n",
		HEAD VPC("Vpc") SUBNET("S", "10.0.1.0/24") TABLE HAS_TABLE
		TYPE("Group", "SecurityGroup", "VpcId: !Ref Vpc, SecurityGroupEgress: "
		     "[{IpProtocol: tcp, FromPort: 1, ToPort: 2, CidrIp: 10.0.0.0/8}]")
		"Outputs:\n  V: {Value: !Ref Vpc, Export: {Name: vpc}}\n"
		"  T: {Value: !Ref Table, Export: {Name: table}}\n"
		"  G: {Value: !Ref Group, Export: {Name: group}}\n",
	};
	const struct resolver_endpoint *endpoint;
	const struct security_group *group;
	struct set set;
	struct load l;

	(void)state;
	set_init(&set, texts, 2);
	load_all(&l, set.list, 2);
	assert_string_equal(l.codes, "");
	group = l.estate.security_groups;
	assert_ptr_equal(group->ip_permissions->security_groups->object, group);
	assert_string_equal(group->ip_permissions->at.file, set.paths[1]);
	assert_int_equal(group->ip_permissions->at.line, group->at.line);
	assert_non_null(group->ip_permissions_egress->next);
	assert_string_equal(l.estate.route_tables->routes->gateway, "not-known");
	assert_ptr_equal(l.estate.subnets->route_table, l.estate.route_tables);
	assert_string_equal(l.estate.dhcp_options->vpcs->id, "b/Vpc");
	for (endpoint = l.estate.endpoints; endpoint; endpoint = endpoint->next)
		assert_int_equal(!!endpoint->security_groups,
				 strcmp(endpoint->id, "a/Inbound") == 0);
	assert_int_equal(l.estate.profiles->associations->priority, 200);
	load_fini(&l);
	files_fini(&set.files);
}

static void
names_have_the_escapes_of_the_api(void **state)
{
	static const char *const texts[] = {
		HEAD VPC("Vpc") ZONE("Zone", IN_VPC)
		"  Set: {Type: 'AWS::Route53::RecordSet', Properties: {HostedZoneId: !Ref Zone, "
		"Name: '\\052.corp.example', Type: TXT, TTL: 1, ResourceRecords: ['\"\\303\"']}}\n"
	};
	const struct record_set *record;
	struct set set;
	struct load l;

	(void)state;
	set_init(&set, texts, 1);
	load_all(&l, set.list, 1);
	assert_string_equal(l.codes, "");
	record = l.estate.zones->sets;
	assert_true(name_wire_is_wildcard(record->owner));
	assert_int_equal(record->values[0].len, 2);
	assert_int_equal(record->values[0].data[1], 0303);
	load_fini(&l);
	files_fini(&set.files);
}

static void
a_configuration_is_no_template(void **state)
{
	static const char *const texts[] = {
		"vpcs: [{id: vpc-1, cidr_blocks: [10.0.0.0/16]}]\n# AWSTemplateFormatVersion\n",
		"{\"Resources\": {\"A\": {\"Type\": \"AWS::EC2::VPC\"}}}",
		"Resources: {}\n",
		"",
	};
	static const bool is[] = { false, true, false, false };
	struct set set;

	(void)state;
	set_init(&set, texts, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(cloudformation_is(set.list[i]), is[i]);
	assert_false(cloudformation_is("/nonexistent"));
	assert_false(cloudformation_is(set.files.folder));
	files_fini(&set.files);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(templates_give_objects_and_findings),
		cmocka_unit_test(exports_are_imported_whatever_the_order),
		cmocka_unit_test(a_nested_stack_has_the_parameters_of_its_parent_and_counts_once),
		cmocka_unit_test(stacks_that_nest_each_other_end),
		cmocka_unit_test(stacks_of_one_name_are_told_apart),
		cmocka_unit_test(metadata_say_what_cloudformation_cannot),
		cmocka_unit_test(what_joins_an_object_comes_from_any_template),
		cmocka_unit_test(insides_of_vpcs_are_declared_whole_or_not_at_all),
		cmocka_unit_test(routes_lead_where_their_property_says),
		cmocka_unit_test(permissions_that_are_unknown_let_anybody_in),
		cmocka_unit_test(insides_are_joined_from_any_template),
		cmocka_unit_test(names_have_the_escapes_of_the_api),
		cmocka_unit_test(a_configuration_is_no_template),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
