#include "load/config.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "dns/codes.h"
#include "dns/name.h"
#include "unit/files.h"
#include "unit/unit.h"

#define LIMIT ((size_t)64 << 20)

/* One load and what it reported. */
struct load {
	struct files files;
	struct arena arena;
	struct diags diags;
	struct estate estate;
	enum status status;
};

static void
load_init(struct load *l)
{
	*l = (struct load){ .status = OK };
	assert_true(files_init(&l->files));
	arena_init(&l->arena, SIZE_MAX);
}

static void
load_fini(struct load *l)
{
	estate_fini(&l->estate);
	arena_fini(&l->arena);
	files_fini(&l->files);
}

static void
load_run(struct load *l, const char *name, struct sources *sources)
{
	diags_init(&l->diags, &l->arena, 0);
	estate_init(&l->estate, LIMIT);
	l->status = config_load(files_path(&l->files, name), sources, &l->estate, &l->diags);
	diags_sort(&l->diags);
}

/** "3:5 unknown-key", with "FILE:" before it where that is not main.yaml. */
static const char *
print_place(const struct finding *f, char *buf, size_t size)
{
	const char *file = f->at.file ? strrchr(f->at.file, '/') : NULL;

	file = file ? file + 1 : f->at.file ? f->at.file : "-";
	snprintf(buf, size, "%s%s%u:%u %s", strcmp(file, "main.yaml") ? file : "",
		 strcmp(file, "main.yaml") ? ":" : "", f->at.line, f->at.column, f->code);
	return buf;
}

static const struct finding *
nth_error(const struct load *l, unsigned n)
{
	for (const struct finding *f = l->diags.first; f; f = f->next)
		if (f->severity == SEVERITY_ERROR && n-- == 0)
			return f;
	return NULL;
}

/** Is this text in the message or in one of its parts? */
static bool
says(const struct finding *f, const char *text)
{
	if (strstr(f->message, text))
		return true;
	for (const struct finding_part *p = f->parts; p; p = p->next)
		if ((p->text && strstr(p->text, text)) || (p->id && strstr(p->id, text)))
			return true;
	return false;
}

/** One more file, what is said of the whole: exactly one error, there. */
struct bad {
	int line;
	const char *yaml;
	const char *error;	/* "line:column code" */
	const char *says;
};

/* Lines that most rows need first: 1 a VPC, 2 a site, 3 endpoints. */
#define NET                                                                               \
	"vpcs: [{id: v, cidr_blocks: [10.0.0.0/16]}]\n"                                   \
	"sites: [{id: s, cidr_blocks: [192.168.0.0/16]}]\n"                               \
	"resolver_endpoints: [{id: o, direction: OUTBOUND, vpc: v}, "                     \
	"{id: i, direction: INBOUND, vpc: v}]\n"

/* A zone whose record sets begin at line 5, a set a line. */
#define SETS NET "hosted_zones: [{id: Z, name: corp.example, vpcs: [v], record_sets: [\n"
#define END  "]}]\n"

#define TEXT_43	  "a text that has forty-three octets, no more"
#define SECRET_2  "00112233445566778899aabbccddeeff, FFEEDDCCBBAA99887766554433221100, "
#define SECRETS_8 SECRET_2 SECRET_2 SECRET_2 SECRET_2

static const struct bad bad_configurations[] = {
	/* keys */
	{ __LINE__, "vpc: []\n", "1:1 unknown-key", "did you mean \"vpcs\"?" },
	{ __LINE__, "banana: []\n", "1:1 unknown-key", "hosted_zones" },
	{ __LINE__, "server: {lisen: []}\n", "1:10 unknown-key", "did you mean \"listen\"?" },
	{ __LINE__, "server:\n  listen:\n    - address: 127.0.0.1\n      prot: 53\n      as: v\n"
	  "vpcs: [{id: v, cidr_blocks: [10.0.0.0/8]}]\n", "4:7 unknown-key",
	  "server.listen[] has no key \"prot\"; did you mean \"port\"?" },
	{ __LINE__, "vpcs: [{id: v, <<: {}, cidr_blocks: [10.0.0.0/8]}]\n", "1:16 unknown-key",
	  "merge keys" },
	{ __LINE__, SETS "{name: a.corp.example, type: A, tll: 60, ttl: 60, values: [10.0.0.1]}"
	  END, "5:33 unknown-key", "did you mean \"ttl\"?" },
	{ __LINE__, "vpcs: []\nvpcs: []\n", "2:1 duplicate-key", "vpcs" },
	{ __LINE__, "vpcs: [{id: v, id: w, cidr_blocks: [10.0.0.0/8]}]\n", "1:16 duplicate-key",
	  "twice" },
	{ __LINE__, "vpcs: [{cidr_blocks: [10.0.0.0/8]}]\n", "1:8 missing-key", "\"id\"" },
	{ __LINE__, "vpcs: [{id: v}]\n", "1:8 missing-key", "\"v\": the key \"cidr_blocks\"" },
	{ __LINE__, "vpcs: [{id: v, cidr_blocks: []}]\n", "1:29 missing-key", "empty" },
	{ __LINE__, "hosted_zones: [{id: Z}]\n", "1:16 missing-key", "\"name\"" },
	{ __LINE__, NET "resolver_rules: [{id: r, rule_type: SYSTEM, vpcs: [v]}]\n",
	  "4:18 missing-key", "\"domain_name\"" },
	{ __LINE__, "server: {admin: {address: 127.0.0.1}}\n", "1:17 missing-key", "\"port\"" },

	/* types */
	{ __LINE__, "vpcs: v\n", "1:7 wrong-type", "a list of maps is wanted, not v" },
	{ __LINE__, "vpcs: [v]\n", "1:8 wrong-type", "a map is wanted, not v" },
	{ __LINE__, "vpcs:\n", "1:6 wrong-type", "not nothing" },
	{ __LINE__, "- a\n", "1:1 wrong-type", "top level" },
	{ __LINE__, "just text\n", "1:1 wrong-type", "top level" },
	{ __LINE__, "server: []\n", "1:9 wrong-type", "a map is wanted, not a list" },
	{ __LINE__, "vpcs: [{id: [v], cidr_blocks: [10.0.0.0/8]}]\n", "1:13 wrong-type",
	  "id: an id is wanted, not a list" },
	{ __LINE__, "vpcs: [{id: v, cidr_blocks: 10.0.0.0/8}]\n", "1:29 wrong-type",
	  "a list of CIDR blocks is wanted" },
	{ __LINE__, "vpcs: [{id: v, cidr_blocks: [[10.0.0.0/8]]}]\n", "1:30 wrong-type",
	  "a CIDR block is wanted, not a list" },
	{ __LINE__, "vpcs: [{id: v, cidr_blocks: [10.0.0.0/8], enable_dns_support: yes}]\n",
	  "1:63 wrong-type", "true or false is wanted, not \"yes\"" },
	{ __LINE__, "vpcs: [{id: v, cidr_blocks: [10.0.0.0/8], enable_dns_support: \"true\"}]\n",
	  "1:63 wrong-type", "in quotes" },
	{ __LINE__, "vpcs: [{id: v, cidr_blocks: [10.0.0.0/8], region: null}]\n",
	  "1:51 wrong-type", "there is nothing" },
	{ __LINE__, "server: {upstream: {tries: many}}\n", "1:28 wrong-type",
	  "a whole number is wanted, not \"many\"" },
	{ __LINE__, "server: {upstream: {tries: \"3\"}}\n", "1:28 wrong-type", "in quotes" },
	{ __LINE__, "server: {upstream: {tries: 2.5}}\n", "1:28 wrong-type", "2.5" },
	{ __LINE__, "server: {workers: some}\n", "1:19 wrong-type", "whole number" },

	/* values */
	{ __LINE__, "server: {upstream: {tries: 99}}\n", "1:28 out-of-range",
	  "99 is not between 1 and 16" },
	{ __LINE__, "server: {upstream: {tries: 99999999999999999999999}}\n",
	  "1:28 out-of-range", "not between 1 and 16" },
	{ __LINE__, "server: {upstream: {tries: -1}}\n", "1:28 out-of-range", "-1 is not" },
	{ __LINE__, "server: {upstream: {timeout: 2}}\n", "1:30 bad-value", "no duration" },
	{ __LINE__, "server: {identity: \"\"}\n", "1:20 out-of-range", "from 1 to 128" },
	{ __LINE__, "server: {version: \"" TEXT_43 TEXT_43 TEXT_43 "\"}\n", "1:19 out-of-range",
	  "has 129 octets" },
	{ __LINE__, "server: {cookie_secrets: e5e973e5a6b2a43f48e7dc849e37bfcf}\n",
	  "1:26 wrong-type", "a list of" },
	{ __LINE__, "server: {cookie_secrets: [e5e973e5a6b2a43f48e7dc849e37bfc]}\n",
	  "1:27 bad-value", "is 32 hexadecimal digits" },
	{ __LINE__, "server: {cookie_secrets: [e5e973e5a6b2a43f48e7dc849e37bfcf0]}\n",
	  "1:27 bad-value", "openssl rand -hex 16" },
	{ __LINE__, "server: {cookie_secrets: [e5e973e5a6b2a43f48e7dc849e37bfcx]}\n",
	  "1:27 bad-value", "32 hexadecimal" },
	{ __LINE__, "server: {cookie_secrets: [" SECRETS_8 "\n"
	  " e5e973e5a6b2a43f48e7dc849e37bfcf]}\n", "2:2 too-many-secrets", "at most 8" },
	{ __LINE__, "server: {upstream: {timeout: 5m}}\n", "1:30 out-of-range",
	  "between 10 and 60000 ms" },
	{ __LINE__, NET "resolver_rules: [{id: r, rule_type: DELEGATE, resolver_endpoint: o,"
	  " vpcs: [v]}]\n", "4:18 missing-key", "\"delegation_record\"" },
	{ __LINE__, NET "resolver_rules: [{id: r, rule_type: DELEGATE, resolver_endpoint: o,"
	  " vpcs: [v], delegation_record: a.example, domain_name: a.example}]\n",
	  "4:18 bad-value", "has no domain_name" },
	{ __LINE__, NET "resolver_rules: [{id: r, rule_type: DELEGATE, resolver_endpoint: o,"
	  " vpcs: [v], delegation_record: a.example, target_ips: [{ip: 10.0.0.1}]}]\n",
	  "4:18 bad-value", "has no target_ips" },
	{ __LINE__, NET "resolver_rules: [{id: r, rule_type: DELEGATE, vpcs: [v],"
	  " delegation_record: a.example}]\n", "4:18 no-endpoint", "a DELEGATE rule leaves" },
	{ __LINE__, "server: {assume: {any_answer: all}}\n", "1:31 bad-value", "hinfo, subset" },
	{ __LINE__, "server: {assume: {chain_limit: 17}}\n", "1:32 out-of-range",
	  "not between 1 and 16" },
	{ __LINE__, "server: {assume: {chain_limits: 1}}\n", "1:19 unknown-key",
	  "did you mean \"chain_limit\"?" },
	{ __LINE__, "server: {cache: {size: 64MB}}\n", "1:24 bad-value", "no size" },
	{ __LINE__, "server: {cache: {size: 1KiB}}\n", "1:24 out-of-range", "1KiB" },
	{ __LINE__, "server: {cache: {min_ttl: 1h, max_ttl: 1m}}\n", "1:17 bad-value",
	  "min_ttl is more than max_ttl" },
	{ __LINE__, "server: {user: \"\", snapshot: {file: \"\"}}\n", "1:37 bad-value",
	  "a path cannot be empty" },
	{ __LINE__, "server: {listen: [{address: localhost, as: client}]}\n", "1:29 bad-address",
	  "\"localhost\" is no IP address" },
	{ __LINE__, "server: {listen: [{address: \"10.0.0.1:53\", as: client}]}\n",
	  "1:29 bad-address", "a port has its own key" },
	{ __LINE__, "server: {listen: [{address: 127.0.0.1, port: 70000, as: client}]}\n",
	  "1:46 out-of-range", "70000 is not between 0 and 65535" },
	{ __LINE__, "server: {allow: [10.0.0.0/33]}\n", "1:18 bad-address", "no CIDR block" },
	{ __LINE__, "vpcs: [{id: v, cidr_blocks: [10.0.0.1/16]}]\n", "1:30 bad-address",
	  "the block is 10.0.0.0/16" },
	{ __LINE__, "vpcs: [{id: v, cidr_blocks: [\"fd00::1/64\"]}]\n", "1:30 bad-address",
	  "the block is fd00::/64" },
	{ __LINE__, "vpcs: [{id: \"a b\", cidr_blocks: [10.0.0.0/8]}]\n", "1:13 bad-value",
	  "without blanks" },
	{ __LINE__, "vpcs: [{id: \"\", cidr_blocks: [10.0.0.0/8]}]\n", "1:13 bad-value",
	  "cannot be empty" },
	{ __LINE__, "vpcs: [{id: client, cidr_blocks: [10.0.0.0/8]}]\n", "1:13 bad-value",
	  "is taken" },
	{ __LINE__, "hosted_zones: [{id: Z, name: a..b}]\n", "1:30 bad-name", "empty label" },
	{ __LINE__, "hosted_zones: [{id: Z, name: \"corp example\"}]\n", "1:30 bad-name",
	  "without blanks" },
	{ __LINE__, "hosted_zones: [{id: Z, name: b\xc3\xbc" "cher.example}]\n", "1:30 bad-name",
	  "xn--" },
	{ __LINE__, "hosted_zones: [{id: Z, name: a123456789a123456789a123456789a123456789"
	  "a123456789a123456789abcd.example}]\n", "1:30 bad-name", "63" },
	{ __LINE__, "hosted_zones: [{id: Z, name: \"*.example\"}]\n", "1:30 bad-name",
	  "wildcard" },
	{ __LINE__, NET "resolver_rules: [{id: r, domain_name: a.example, rule_type: FORWRD, "
	  "vpcs: [v]}]\n", "4:61 bad-value", "did you mean \"FORWARD\"?" },
	{ __LINE__, NET "resolver_rules: [{id: r, domain_name: a.example, rule_type: X}]\n",
	  "4:61 bad-value", "FORWARD, SYSTEM, DELEGATE" },
	{ __LINE__, "vpc_peering_connections: [{id: p, requester: {vpc: v}, accepter: {vpc: w}, "
	  "status: on}]\nvpcs: [{id: v, cidr_blocks: [10.0.0.0/8]}, "
	  "{id: w, cidr_blocks: [11.0.0.0/8]}]\n", "1:84 bad-value", "pending-acceptance" },
	{ __LINE__, "vpcs: [{id: v, cidr_blocks: [10.0.0.0/8]}]\n"
	  "resolver_endpoints: [{id: e, direction: INBOUND, vpc: v, protocols: [Do54]}]\n",
	  "2:70 bad-value", "did you mean \"Do53\"?" },

	/* ids and what refers to them */
	{ __LINE__, "vpcs:\n  - {id: v, cidr_blocks: [10.0.0.0/16]}\n"
	  "  - {id: v, cidr_blocks: [10.1.0.0/16]}\n", "3:5 duplicate-id",
	  "declared here first" },
	{ __LINE__, "vpcs: [{id: v, cidr_blocks: [10.0.0.0/16]}]\n"
	  "sites: [{id: v}]\n", "2:9 duplicate-id", "\"v\" is declared before" },
	{ __LINE__, NET "hosted_zones: [{id: Z, name: a.example, vpcs: [w]}]\n", "4:48 CFG002",
	  "\"w\" names no vpc" },
	{ __LINE__, "vpcs: [{id: vpc-hub, cidr_blocks: [10.0.0.0/8]}]\n"
	  "hosted_zones: [{id: Z, name: a.example, vpcs: [vpc-hob]}]\n", "2:48 CFG002",
	  "did you mean \"vpc-hub\"?" },
	{ __LINE__, NET "hosted_zones: [{id: Z, name: a.example, vpcs: [s]}]\n",
	  "4:48 wrong-kind", "\"s\" is a site; a vpc is wanted here" },
	{ __LINE__, NET "resolver_rules: [{id: r, domain_name: a.example, rule_type: FORWARD, "
	  "resolver_endpoint: x, vpcs: [v], target_ips: [{ip: 10.9.9.9}]}]\n", "4:89 CFG002",
	  "names no resolver_endpoint" },
	{ __LINE__, "sites: [{id: s, connects_to: [v]}]\n", "1:31 CFG002",
	  "names no vpc or site" },
	{ __LINE__, "server: {listen: [{address: 127.0.0.1, as: nobody}]}\n", "1:44 CFG002",
	  "names no vpc, site or resolver_endpoint" },
	{ __LINE__, NET "server: {listen: [{address: 127.0.0.1, as: o}]}\n", "4:44 not-inbound",
	  "OUTBOUND" },
	{ __LINE__, NET "server: {listen: [{address: 127.0.0.1, as: i}, "
	  "{address: 127.0.0.1, as: v}]}\n", "4:48 duplicate-listener", "127.0.0.1:53" },
	{ __LINE__, "transit_gateways: [{id: t, vpcs: [v]}]\n", "1:35 CFG002",
	  "\"v\" names no vpc" },
	{ __LINE__, SETS "{name: a.corp.example, type: A, ttl: 60, values: [10.0.0.1], "
	  "health_check: h}" END, "5:76 CFG002", "names no health_check" },

	/* what one object says about another */
	{ __LINE__, NET "hosted_zones:\n  - {id: A, name: a.example, vpcs: [v]}\n"
	  "  - {id: B, name: A.example., vpcs: [v]}\n", "6:38 conflicting-domain",
	  "ConflictingDomainExists" },
	{ __LINE__, NET "hosted_zones:\n  - {id: A, name: a.example, vpcs: [v]}\n"
	  "  - {id: B, name: b.example, vpcs: [v], record_sets: [{name: b.example, type: A, "
	  "alias_target: {dns_name: a.example, hosted_zone: A}}]}\n", "6:96 foreign-alias",
	  "its own zone" },
	{ __LINE__, "vpcs: [{id: a, cidr_blocks: [10.0.0.0/16]}, {id: b, cidr_blocks: "
	  "[10.9.0.0/16, 10.0.128.0/17]}]\nvpc_peering_connections: [{id: p, requester: "
	  "{vpc: a}, accepter: {vpc: b}}]\n", "2:27 overlapping-peers",
	  "10.0.0.0/16 overlaps 10.0.128.0/17" },
	{ __LINE__, NET "resolver_rules:\n"
	  "  - {id: a, domain_name: a.example, rule_type: SYSTEM, vpcs: [v]}\n"
	  "  - {id: b, domain_name: a.example, rule_type: SYSTEM, sites: [s], vpcs: [v]}\n",
	  "6:75 rule-conflict", "RSLVR-00802" },
	/* Profiles */
	{ __LINE__, NET "hosted_zones: [{id: A, name: a.example}, {id: B, name: a.example}]\n"
	  "profiles: [{id: p, hosted_zones: [A, B]}]\n", "5:38 conflicting-domain",
	  "both are in it" },
	{ __LINE__, NET "resolver_rules: [{id: a, domain_name: a.example, rule_type: SYSTEM},\n"
	  "  {id: b, domain_name: a.example, rule_type: SYSTEM}]\n"
	  "profiles: [{id: p, resolver_rules: [a, b]}]\n", "6:40 rule-conflict",
	  "for which p already has" },
	{ __LINE__, NET "profiles: [{id: p, vpcs: [v]}, {id: q, vpcs: [v]}]\n",
	  "4:47 profile-conflict", "a VPC has one Profile, or each of them a priority" },
	{ __LINE__, NET "profiles: [{id: p, vpcs: [v]},\n"
	  "  {id: q, associations: [{vpc: v, priority: 100}]}]\n", "5:26 profile-conflict",
	  "which already has profile \"p\"" },
	{ __LINE__, NET "profiles: [{id: p, associations: [{vpc: v, priority: 200}]},\n"
	  "  {id: q, associations: [{vpc: v, priority: 200}]}]\n", "5:26 profile-conflict",
	  "has priority 200 in v" },
	{ __LINE__, NET "profiles: [{id: p, vpcs: [v], "
	  "associations: [{vpc: v, priority: 200}]}]\n", "4:27 profile-conflict", "\"p\"" },
	{ __LINE__, NET "profiles: [{id: p, associations: [{vpc: v, priority: 99}]}]\n",
	  "4:54 out-of-range", "between 100 and 9900" },
	{ __LINE__, NET "profiles: [{id: p, vpcs: [s]}]\n", "4:27 wrong-kind", "a vpc is" },
	{ __LINE__, NET "profiles: [{id: p, hosted_zones: [Z]}]\n", "4:35 CFG002",
	  "names no hosted_zone" },
	{ __LINE__, NET "profiles: [{id: p, resolver_rules: [r]}]\n", "4:37 CFG002",
	  "names no resolver_rule" },
	{ __LINE__, NET "profiles: [{id: p, resolver_rules: [r], vpcs: [v]}]\n"
	  "resolver_rules: [{id: r, domain_name: a.example, rule_type: FORWARD, "
	  "target_ips: [{ip: 10.9.9.9}]}]\n", "5:18 no-endpoint", "leaves a VPC" },

	/* public zones */
	{ __LINE__, NET "hosted_zones: [{id: Z, name: a.example, private_zone: false, "
	  "vpcs: [v]}]\n", "4:69 public-zone", "PublicZoneVPCAssociation" },
	{ __LINE__, NET "hosted_zones: [{id: Z, name: a.example, private_zone: false, "
	  "sites: [s]}]\n", "4:70 public-zone", "associated with nothing" },
	{ __LINE__, NET "hosted_zones: [{id: Z, name: a.example, private_zone: false}]\n"
	  "profiles: [{id: p, hosted_zones: [Z]}]\n", "5:35 public-zone", "is public" },
	{ __LINE__, NET "hosted_zones: [{id: Z, name: a.example, private_zone: maybe}]\n",
	  "4:55 wrong-type", "true or false" },

	{ __LINE__, NET "resolver_rules: [{id: r, domain_name: a.example, rule_type: FORWARD, "
	  "sites: [s]}]\n", "4:18 no-targets", "nobody to ask" },
	{ __LINE__, NET "resolver_rules: [{id: r, domain_name: a.example, rule_type: FORWARD, "
	  "vpcs: [v], target_ips: [{ip: 10.9.9.9}]}]\n", "4:18 no-endpoint", "leaves a VPC" },
	{ __LINE__, NET "resolver_rules: [{id: r, domain_name: a.example, rule_type: FORWARD, "
	  "resolver_endpoint: i, vpcs: [v], target_ips: [{ip: 10.9.9.9}]}]\n",
	  "4:89 not-outbound", "RSLVR-00700" },
	{ __LINE__, "server: {listen: [{address: 127.0.0.1, as: client}]}\n"
	  "vpcs:\n  - {id: a, cidr_blocks: [10.0.0.0/8]}\n"
	  "  - {id: b, cidr_blocks: [172.16.0.0/12, 10.1.0.0/16]}\n", "4:42 ambiguous-client",
	  "10.1.0.0/16 of \"b\" overlaps 10.0.0.0/8 of \"a\"" },

	/* who is asked next */
#define ON(kind, on) NET "resolver_rules:\n  - {id: r, domain_name: a.example, rule_type: "	\
	kind ",\n     sites: [s],\n     on: " on "}\n"
#define FORWARD "FORWARD, target_ips: [{ip: 10.9.9.9}]"
	{ __LINE__, ON(FORWARD, "{refused: internet}"), "7:11 unknown-key",
	  "resolver_rules[].on has no key \"refused\"" },
	{ __LINE__, ON(FORWARD, "{nxdomian: internet}"), "7:11 unknown-key",
	  "did you mean \"nxdomain\"?" },
	{ __LINE__, ON(FORWARD, "{nxdomain: inernet}"), "7:21 wrong-type",
	  "a list of maps, or \"internet\", is wanted, not inernet" },
	{ __LINE__, ON(FORWARD, "{nodata: }"), "7:19 wrong-type", "not nothing" },
	{ __LINE__, ON(FORWARD, "{timeout: []}"), "7:20 missing-key", "empty" },
	{ __LINE__, ON(FORWARD, "{timeout: [internet]}"), "7:21 wrong-type", "a map is wanted" },
	{ __LINE__, ON(FORWARD, "{timeout: [{port: 53}]}"), "7:21 missing-key", "\"ip\"" },
	{ __LINE__, ON(FORWARD, "{timeout: [{ip: 10.9.9}]}"), "7:26 bad-address", "10.9.9" },
	{ __LINE__, ON(FORWARD, "{timeout: [{ip: 10.9.9.9, on: {}}]}"), "7:36 unknown-key",
	  "has no key \"on\"" },
	{ __LINE__, ON(FORWARD, "internet"), "7:10 wrong-type", "a map is wanted" },
	{ __LINE__, ON("SYSTEM", "{nxdomain: internet}"), "7:10 bad-value",
	  "only a FORWARD rule has `on`" },
	{ __LINE__, "server: {}\n" ON(FORWARD, "{servfail: internet}"), "8:21 no-targets",
	  "server.internet_resolver is not set" },
	{ __LINE__, NET "resolver_rules: [{id: r, domain_name: a.example, rule_type: " FORWARD
	  ", sites: [s], policy: nearest}]\n", "4:120 bad-value", "nearest" },
	/* health checks */
	{ __LINE__, "health_checks: [{id: a, type: TCP, ip_address: 10.0.0.1}]\n",
	  "1:17 missing-key", "\"port\" is missing" },
	{ __LINE__, "health_checks: [{id: a, type: HTTP}]\n", "1:17 missing-key",
	  "nothing to connect to" },
	{ __LINE__, "health_checks: [{id: a, type: HTTPS, fully_qualified_domain_name: "
	  "\"a.example/x\"}]\n", "1:17 bad-value", "a host name" },
	{ __LINE__, "health_checks: [{id: a, type: HTTP, ip_address: 10.0.0.1, resource_path: "
	  "\"/a b\"}]\n", "1:17 bad-value", "resource_path" },
	{ __LINE__, "health_checks: [{id: a, type: HTTPS_STR_MATCH, ip_address: 10.0.0.1}]\n",
	  "1:17 missing-key", "search_string" },
	{ __LINE__, "health_checks: [{id: a, type: CALCULATED}]\n", "1:17 missing-key",
	  "child_health_checks" },
	{ __LINE__, "health_checks: [{id: a, type: EXTERNAL, request_interval: 99ms}]\n",
	  "1:59 out-of-range", "100" },
	{ __LINE__, "health_checks:\n"
	  "  - {id: a, type: CALCULATED, child_health_checks: [a]}\n",
	  "2:5 health-cycle", "is named as a child here" },
	{ __LINE__, "health_checks:\n"
	  "  - {id: x, type: EXTERNAL}\n"
	  "  - {id: t, type: CALCULATED, child_health_checks: [x, u]}\n"
	  "  - {id: u, type: CALCULATED, child_health_checks: [v]}\n"
	  "  - {id: v, type: CALCULATED, child_health_checks: [x, u]}\n",
	  "4:5 health-cycle", "is named as a child here" },
	{ __LINE__, "health_checks:\n"
	  "  - {id: x, type: EXTERNAL}\n"
	  "  - {id: a, type: CALCULATED, child_health_checks: [x]}\n"
	  "  - {id: b, type: CALCULATED, child_health_checks: [a]}\n"
	  "  - {id: c, type: CALCULATED, child_health_checks: [b]}\n"
	  "  - {id: d, type: CALCULATED, child_health_checks: [c]}\n"
	  "  - {id: e, type: CALCULATED, child_health_checks: [d]}\n"
	  "  - {id: f, type: CALCULATED, child_health_checks: [e]}\n"
	  "  - {id: g, type: CALCULATED, child_health_checks: [f]}\n"
	  "  - {id: h, type: CALCULATED, child_health_checks: [g]}\n"
	  "  - {id: i, type: CALCULATED, child_health_checks: [h, x]}\n",
	  "11:5 health-too-deep", "more than 8 levels" },

	/* record sets */
	{ __LINE__, SETS "{name: corp.example.org, type: A, ttl: 60, values: [10.0.0.1]}" END,
	  "5:1 out-of-zone", "corp.example." },
	{ __LINE__, SETS "{name: a.corp.example, type: A, ttl: 60}" END, "5:1 missing-key",
	  "neither values nor an alias" },
	{ __LINE__, SETS "{name: a.corp.example, type: A, values: [10.0.0.1]}" END,
	  "5:1 missing-key", "no ttl" },
	{ __LINE__, SETS "{name: a.corp.example, type: AAAAA, ttl: 60, values: [10.0.0.1]}" END,
	  "5:30 bad-value", "no record type" },
	{ __LINE__, SETS "{name: a.corp.example, type: ANY, ttl: 60, values: [10.0.0.1]}" END,
	  "5:30 bad-value", "only asked for" },
	{ __LINE__, SETS "{name: a.corp.example, type: A, ttl: 60, values: [10.0.0.1, 10.0.0]}"
	  END, "5:61 bad-data", "no IPv4 address" },
	{ __LINE__, SETS "{name: a.corp.example, type: TXT, ttl: 60, values: [v=spf1 -all]}" END,
	  "5:53 bad-data", "double quotes" },
	{ __LINE__, SETS "{name: a.corp.example, type: MX, ttl: 60, values: [70000 m.example]}"
	  END, "5:52 bad-data", "no number from 0 to 65535" },
	{ __LINE__, SETS "{name: a.corp.example, type: A, ttl: 4294967295, values: [10.0.0.1]}"
	  END, "5:38 out-of-range", "2147483647" },
	{ __LINE__, SETS "{name: a.corp.example, type: A, ttl: 60, values: [10.0.0.1], "
	  "weight: 1}" END, "5:1 missing-key", "weight needs a set_identifier" },
	{ __LINE__, SETS "{name: a.corp.example, type: A, ttl: 60, values: [10.0.0.1], "
	  "set_identifier: x}" END, "5:78 bad-policy", "no routing policy" },
	{ __LINE__, SETS "{name: a.corp.example, type: A, ttl: 60, values: [10.0.0.1], "
	  "set_identifier: x, weight: 1, failover: PRIMARY}" END, "5:102 bad-policy",
	  "failover beside weight" },
	{ __LINE__, SETS "{name: a.corp.example, type: NS, ttl: 60, values: [ns.example], "
	  "set_identifier: x, weight: 1}" END, "5:92 bad-policy", "type NS" },
	{ __LINE__, SETS "{name: a.corp.example, type: A, ttl: 60, values: [10.0.0.1], "
	  "alias_target: {dns_name: b.corp.example, hosted_zone: Z}}" END, "5:76 bad-value",
	  "one or the other" },
	{ __LINE__, SETS "{name: a.corp.example, type: A, ttl: 60, "
	  "alias_target: {dns_name: b.corp.example, hosted_zone: Z}}" END, "5:38 bad-value",
	  "TTL of its target" },
	{ __LINE__, SETS "{name: a.corp.example, type: A, "
	  "alias_target: {dns_name: b.example, hosted_zone: Z2FDTNDATAQYW2}}" END,
	  "5:47 bad-value", "CloudFront" },
	{ __LINE__, SETS "{name: \"*.corp.example\", type: NS, ttl: 60, values: [ns.example]}"
	  END, "5:8 bad-value", "no wildcard" },
	{ __LINE__, SETS "{name: a.corp.example, type: A, "
	  "alias_target: {dns_name: b.corp.example}}" END, "5:47 missing-key",
	  "\"hosted_zone\"" },
	{ __LINE__, SETS "{name: a.corp.example, type: A, ttl: 60, values: [10.0.0.1], "
	  "set_identifier: x, geo_location: {}}" END, "5:95 missing-key", "continent" },
	{ __LINE__, SETS "{name: a.corp.example, type: A, ttl: 60, values: [10.0.0.1]},\n"
	  "{name: A.corp.example., type: A, ttl: 60, values: [10.0.0.2]}" END,
	  "6:1 duplicate-set", "is here already" },
	{ __LINE__, SETS "{name: a.corp.example, type: CNAME, ttl: 60, values: [b.example]},\n"
	  "{name: a.corp.example, type: A, ttl: 60, values: [10.0.0.2]}" END,
	  "6:1 cname-conflict", "alone at its name" },
	{ __LINE__, SETS "{name: corp.example, type: CNAME, ttl: 60, values: [b.example]}" END,
	  "5:1 cname-conflict", "top of the zone" },
	{ __LINE__, SETS "{name: a.corp.example, type: CNAME, ttl: 60, values: [b.example, c.ex]}"
	  END, "5:1 cname-conflict", "alone" },
	{ __LINE__, SETS "{name: a.corp.example, type: A, ttl: 60, values: [10.0.0.1], "
	  "set_identifier: x, weight: 1},\n"
	  "{name: a.corp.example, type: A, ttl: 60, values: [10.0.0.2]}" END,
	  "6:1 mixed-policies", "simple here and weighted before" },
	{ __LINE__, SETS "{name: a.corp.example, type: A, ttl: 60, values: [10.0.0.1], "
	  "set_identifier: x, weight: 1},\n"
	  "{name: a.corp.example, type: A, ttl: 60, values: [10.0.0.2], set_identifier: x, "
	  "weight: 2}" END, "6:1 duplicate-set", "set_identifier \"x\"" },
	{ __LINE__, SETS "{name: a.corp.example, type: A, ttl: 60, values: [10.0.0.1], "
	  "set_identifier: x, failover: PRIMARY},\n"
	  "{name: a.corp.example, type: A, ttl: 60, values: [10.0.0.2], set_identifier: y, "
	  "failover: PRIMARY}" END, "6:1 duplicate-set", "failover role \"PRIMARY\"" },
	{ __LINE__, SETS "{name: a.corp.example, type: SOA, ttl: 60, "
	  "values: [a.example b.example 1 2 3 4 5]}" END, "5:1 misplaced-soa", "top of a zone" },
	{ __LINE__, SETS "{name: corp.example, type: SOA, ttl: 60, values: "
	  "[a.example b.example 1 2 3 4 5, a.example b.example 2 2 3 4 5]}" END,
	  "5:1 misplaced-soa", "has an SOA already" },

	/* not of this version */
	{ __LINE__, "import: [{aws: exports/}]\n", "1:10 unreadable-file", "exports" },
	{ __LINE__, "import: [{terraform: plan.json}]\n", "1:10 unreadable-file", "plan.json" },

	/* files */
	{ __LINE__, "include: [none.yaml]\n", "1:11 unreadable-file", "No such file" },
	{ __LINE__, "include: [.]\n", "1:11 not-a-file", "a directory" },
	{ __LINE__, "include: [\"\"]\n", "1:11 bad-value", "empty" },
	{ __LINE__, "include: [main.yaml]\n", "1:11 include-cycle", "go round" },
	{ __LINE__, NET "hosted_zones: [{id: Z, name: a.example, zone_file: none.zone}]\n",
	  "4:52 unreadable-file", "none.zone" },
	{ __LINE__, NET "hosted_zones: [{id: Z, name: a.example, record_sets_file: none.json}]\n",
	  "4:59 unreadable-file", "none.json" },

	/* text */
	{ __LINE__, "", "1:1 empty-file", "nothing" },
	{ __LINE__, "# only a comment\n", "1:1 empty-file", "nothing" },
	{ __LINE__, "vpcs: [{id: v\n", "2:1 syntax", "from line 1" },
	{ __LINE__, "vpcs: [\n  {id: v, cidr_blocks: [10.0.0.0/8]}\nsites: []\n", "3:1 syntax",
	  "from line 1" },
	{ __LINE__, "vpcs: []\n---\nsites: []\n", "2:1 syntax", "a second document" },
	{ __LINE__, "vpcs: !!set {}\nsites: !mine []\n", "2:8 syntax", "tags" },
	{ __LINE__, "vpcs: []\n\xff\xfe\n", "2:1 not-text", "UTF-8" },
	{ __LINE__, "\x7f" "ELF\x02\x01\x01", "1:1 not-text", "UTF-8" },
};

/** One row; what differs is printed.  The whole table is shown before the test fails. */
static bool
row_holds(const struct bad *row)
{
	const struct finding *f;
	char place[128] = "nothing";
	struct load l;
	bool holds;

	load_init(&l);
	assert_true(files_write(&l.files, "main.yaml", row->yaml));
	load_run(&l, "main.yaml", NULL);
	f = nth_error(&l, 0);
	if (f)
		print_place(f, place, sizeof(place));
	holds = f && strcmp(place, row->error) == 0 && says(f, row->says) &&
		l.diags.errors == 1 && l.status == ERR_REJECTED;
	if (!holds)
		print_error("%s:%d: %s (%s), not %s (%s), %zu errors\n", __FILE__, row->line,
			    place, f ? f->message : "", row->error, row->says, l.diags.errors);
	load_fini(&l);
	return holds;
}

static void
each_mistake_is_one_error_at_its_place(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad_configurations); i++)
		wrong += !row_holds(&bad_configurations[i]);
	assert_int_equal(wrong, 0);
}

static void
all_mistakes_of_a_run_are_reported(void **state)
{
	static const char *const errors[] = {
		"bad.zone:2:7 bad-data", "1:10 unknown-key", "2:23 bad-address",
		"more.yaml:1:9 missing-key", "more.yaml:2:30 bad-name",
		"more.yaml:3:1 unknown-key",
	};
	char place[128];
	struct load l;

	(void)state;
	load_init(&l);
	assert_true(files_write(&l.files, "main.yaml",
				"server: {workes: 2, upstream: {tries: 3}}\n"
				"vpcs: [{cidr_blocks: [10.0.0], id: v},"
				" {id: w, cidr_blocks: [10.0.0.0/8]}]\n"
				"include: [more.yaml]\n"
				"hosted_zones: [{id: Y, name: y.example, vpcs: [v],"
				" zone_file: bad.zone}]\n"));
	assert_true(files_write(&l.files, "more.yaml",
				"sites: [{connects_to: [v]}]\n"
				"hosted_zones: [{id: Z, name: a..b, vpcs: [v, w]}]\n"
				"rules: []\n"));
	assert_true(files_write(&l.files, "bad.zone", "$TTL 60\nwww A 10.0.0\nx A 10.0.0.2\n"));
	load_run(&l, "main.yaml", NULL);
	assert_int_equal(l.status, ERR_REJECTED);
	for (unsigned i = 0; i < COUNT_OF(errors); i++) {
		const struct finding *f = nth_error(&l, i);

		assert_non_null(f);
		assert_string_equal(print_place(f, place, sizeof(place)), errors[i]);
	}
	assert_int_equal(l.diags.errors, COUNT_OF(errors));
	/* the settings stand as far as they could be read */
	assert_non_null(l.estate.settings.at.file);
	assert_int_equal(l.estate.settings.upstream_tries, 3);
	load_fini(&l);
}

static void
every_finding_names_the_other_place(void **state)
{
	const struct finding_part *part;
	const struct finding *f;
	struct load l;

	(void)state;
	load_init(&l);
	assert_true(files_write(&l.files, "main.yaml",
				"include: [a.yaml, b.yaml]\n"));
	assert_true(files_write(&l.files, "a.yaml",
				"vpcs: [{id: v, cidr_blocks: [10.0.0.0/16]}]\n"));
	assert_true(files_write(&l.files, "b.yaml",
				"\nvpcs: [{id: v, cidr_blocks: [10.0.0.0/17]}]\n"));
	load_run(&l, "main.yaml", NULL);
	f = nth_error(&l, 0);
	assert_non_null(f);
	assert_string_equal(f->code, "duplicate-id");
	assert_non_null(strstr(f->at.file, "b.yaml"));
	assert_int_equal(f->at.line, 2);
	part = f->parts;
	assert_non_null(part);
	assert_int_equal(part->part, PART_OBJECT);
	assert_string_equal(part->kind, "vpc");
	assert_string_equal(part->id, "v");
	assert_non_null(strstr(part->at.file, "a.yaml"));
	assert_int_equal(part->at.line, 1);
	assert_int_equal(part->at.column, 8);
	load_fini(&l);
}

static void
the_same_object_said_twice_alike_is_one(void **state)
{
	struct load l;

	(void)state;
	load_init(&l);
	assert_true(files_write(&l.files, "main.yaml",
				"include: [\"part/*.yaml\"]\n"
				"hosted_zones: [{id: Z, name: z.example, vpcs: [v, w]}]\n"));
	assert_true(files_write(&l.files, "part/a.yaml",
				"vpcs:\n  - id: v\n    cidr_blocks: [10.0.0.0/16, 10.1.0.0/16]\n"
				"  - {id: w, cidr_blocks: [10.2.0.0/16]}\n"));
	assert_true(files_write(&l.files, "part/b.yaml",
				"vpcs: [{cidr_blocks: [10.1.0.0/16, \"10.0.0.0/16\"], id: v, "
				"owner_id: \"1\", enable_dns_support: true}]\n"
				"hosted_zones: [{vpcs: [w, v], name: z.example, id: \"Z\"}]\n"));
	load_run(&l, "main.yaml", NULL);
	assert_int_equal(l.status, OK);
	assert_int_equal(l.estate.network_count, 2);
	assert_int_equal(l.estate.zone_count, 1);
	load_fini(&l);
}

static void
a_path_means_another_file_in_another_folder(void **state)
{
	struct load l;

	(void)state;
	for (unsigned same = 0; same < 2; same++) {
		load_init(&l);
		assert_true(files_write(&l.files, "main.yaml", "include: [\"part/*.yaml\"]\n"
					"hosted_zones: [{id: Z, name: z.example, "
					"zone_file: z.zone}]\n"));
		assert_true(files_write(&l.files, "part/b.yaml", "hosted_zones: [{id: Z, name: "
					"z.example, zone_file: z.zone}]\n"));
		assert_true(files_write(&l.files, "z.zone", "a 60 A 10.0.0.1\n"));
		assert_true(files_write(&l.files, "part/z.zone",
					same ? "; alike\na 60 A 10.0.0.1\n" : "a 60 A 10.0.0.2\n"));
		load_run(&l, "main.yaml", NULL);
		assert_int_equal(l.diags.errors, !same);
		if (!same)
			assert_string_equal(nth_error(&l, 0)->code, "duplicate-id");
		load_fini(&l);
	}
}

static void
includes_are_read_once_each(void **state)
{
	static const char *const ids[] = { "a", "b", "deep", "m" };	/* sorted */
	const struct network *n;
	struct load l;

	(void)state;
	load_init(&l);
	assert_true(files_write(&l.files, "main.yaml",
				"vpcs: [{id: m, cidr_blocks: [10.0.0.0/16]}]\n"
				"include: [\"[p]art/*.yaml\", part/b.yaml, \"none/*\"]\n"));
	assert_true(files_write(&l.files, "part/b.yaml",
				"vpcs: [{id: b, cidr_blocks: [10.3.0.0/16]}]\n"));
	assert_true(files_write(&l.files, "part/a.yaml",
				"vpcs: [{id: a, cidr_blocks: [10.1.0.0/16]}]\n"
				"include: [more/deep.yaml]\n"));
	assert_true(files_write(&l.files, "part/more/deep.yaml",
				"vpcs: [{id: deep, cidr_blocks: [10.2.0.0/16]}]\n"
				"include: [../b.yaml]\n"));
	load_run(&l, "main.yaml", NULL);
	assert_int_equal(l.status, OK);
	assert_int_equal(l.diags.warnings, 1);
	assert_string_equal(l.diags.first->code, "empty-include");
	assert_int_equal(l.diags.first->at.line, 2);
	assert_int_equal(l.diags.first->at.column, 41);
	n = l.estate.networks;
	assert_int_equal(l.estate.network_count, 4);
	assert_string_equal(n->id, ids[0]);
	assert_string_equal(n->next->id, ids[1]);
	assert_string_equal(n->next->next->id, ids[2]);
	assert_string_equal(n->next->next->next->id, ids[3]);
	load_fini(&l);
}

static void
includes_that_go_round_name_both_places(void **state)
{
	const struct finding *f;
	char place[128];
	struct load l;

	(void)state;
	load_init(&l);
	assert_true(files_write(&l.files, "main.yaml", "vpcs: []\ninclude: [a.yaml]\n"));
	assert_true(files_write(&l.files, "a.yaml", "include: [b.yaml]\n"));
	assert_true(files_write(&l.files, "b.yaml", "sites: []\n\ninclude: [a.yaml]\n"));
	load_run(&l, "main.yaml", NULL);
	assert_int_equal(l.diags.errors, 1);
	f = nth_error(&l, 0);
	assert_string_equal(print_place(f, place, sizeof(place)), "b.yaml:3:11 include-cycle");
	assert_non_null(f->parts);
	assert_non_null(strstr(f->parts->at.file, "a.yaml"));
	assert_int_equal(f->parts->at.line, 1);
	load_fini(&l);
}

static void
a_missing_file_makes_no_dangling_references(void **state)
{
	struct load l;

	(void)state;
	load_init(&l);
	assert_true(files_write(&l.files, "main.yaml",
				"include: [nets.yaml]\n"
				"hosted_zones: [{id: Z, name: z.example, vpcs: [v]}]\n"
				"server: {listen: [{address: 127.0.0.1, as: v}]}\n"));
	assert_true(files_write(&l.files, "nets.yaml", "vpcs: [{id: v,\n"));
	load_run(&l, "main.yaml", NULL);
	assert_int_equal(l.diags.errors, 1);
	assert_string_equal(nth_error(&l, 0)->code, "syntax");
	load_fini(&l);
}

static void
what_cannot_be_read_is_told_from_what_is_wrong(void **state)
{
	struct load l;

	(void)state;
	load_init(&l);
	load_run(&l, "absent.yaml", NULL);
	assert_int_equal(l.status, ERR_SYSTEM);
	assert_string_equal(nth_error(&l, 0)->code, "unreadable-file");
	assert_null(l.estate.settings.at.file);
	estate_fini(&l.estate);

	load_run(&l, "", NULL);		/* a folder is an export, and this one has nothing */
	assert_int_equal(l.status, ERR_SYSTEM);
	assert_string_equal(nth_error(&l, 0)->code, "no-export");
	estate_fini(&l.estate);

	assert_int_equal(mkfifo(files_path(&l.files, "fifo"), 0600), 0);
	load_run(&l, "fifo", NULL);
	assert_int_equal(l.status, ERR_SYSTEM);
	assert_non_null(strstr(nth_error(&l, 0)->message, "a FIFO"));
	load_fini(&l);
}

static void
a_huge_line_is_refused_before_it_is_parsed(void **state)
{
	struct load l;
	char *text = malloc((size_t)20 << 20);

	(void)state;
	assert_non_null(text);
	memset(text, 'a', (size_t)20 << 20);
	load_init(&l);
	assert_true(files_write_len(&l.files, "main.yaml", text, (size_t)20 << 20));
	load_run(&l, "main.yaml", NULL);
	assert_int_equal(l.status, ERR_REJECTED);
	assert_string_equal(nth_error(&l, 0)->code, "too-large");
	estate_fini(&l.estate);

	/* sparse: one line of 100 MB costs nothing, as it is not read */
	assert_int_equal(truncate(files_path(&l.files, "main.yaml"), 100000000), 0);
	load_run(&l, "main.yaml", NULL);
	assert_int_equal(l.status, ERR_REJECTED);
	assert_string_equal(nth_error(&l, 0)->code, "too-large");
	load_fini(&l);
	free(text);
}

static const char whole[] =
	"server:\n"
	"  listen:\n"
	"    - {address: 127.0.0.1, port: 5300, as: rslvr-in-hub}\n"
	"    - {address: \"::1\", as: vpc-app}\n"
	"    - {address: 127.0.0.1, port: 5302, as: client}\n"
	"  allow: [127.0.0.0/8, \"::1/128\", 10.0.0.0/8]\n"
	"  internet_resolver: [{ip: 169.254.169.253}]\n"
	"  workers: auto\n"
	"  user: causeway\n"
	"  cache: {size: 128MiB, min_ttl: 2s, max_ttl: 2d, max_negative_ttl: 5m, serve_stale: 0, "
	"prefetch: false}\n"
	"  upstream: {timeout: 1s, tries: 5, edns_size: 1400, packet_budget: [{ip: "
	"169.254.169.253, per_second: 1000}]}\n"
	"  control: {socket: run/control.sock}\n"
	"  admin: {address: 127.0.0.1, port: 8053}\n"
	"  query_log: {file: /var/log/causeway/query.json}\n"
	"  snapshot: {file: estate.cws}\n"
	"vpcs:\n"
	"  - {id: vpc-hub, region: eu-west-1, cidr_blocks: [10.0.0.0/16], enable_dns_support: "
	"false, enable_dns_hostnames: true, owner_id: \"111122223333\"}\n"
	"  - {id: vpc-app, cidr_blocks: [10.1.0.0/16]}\n"
	"sites:\n"
	"  - {id: dc-1, cidr_blocks: [192.168.0.0/16], connects_to: [vpc-hub], servers: "
	"[192.168.0.53]}\n"
	"vpc_peering_connections:\n"
	"  - {id: pcx-1, requester: {vpc: vpc-hub, allow_dns_resolution_from_remote_vpc: true}, "
	"accepter: {vpc: vpc-app}}\n"
	"transit_gateways:\n"
	"  - {id: tgw-1, vpcs: [vpc-hub, vpc-app]}\n"
	"hosted_zones:\n"
	"  - id: Z0CORP\n"
	"    name: Corp.Example\n"
	"    vpcs: [vpc-hub, vpc-app]\n"
	"    sites: [dc-1]\n"
	"    record_sets:\n"
	"      - {name: api.corp.example, type: A, ttl: 60, set_identifier: blue, weight: 90, "
	"values: [10.1.1.5], health_check: hc-api}\n"
	"      - {name: corp.example, type: A, alias_target: {dns_name: api.corp.example, "
	"hosted_zone: Z0CORP, evaluate_target_health: true}}\n"
	"health_checks:\n"
	"  - {id: hc-api, type: TCP, ip_address: 10.1.1.5, port: 443, request_interval: 10s}\n"
	"resolver_endpoints:\n"
	"  - {id: rslvr-in-hub, direction: INBOUND, vpc: vpc-hub, ip_addresses: [10.0.1.10, "
	"10.0.2.10], protocols: [Do53]}\n"
	"  - {id: rslvr-out-hub, direction: OUTBOUND, vpc: vpc-hub, ip_addresses: [10.0.1.20]}\n"
	"resolver_rules:\n"
	"  - {id: rr-dc, domain_name: dc.example, rule_type: FORWARD, resolver_endpoint: "
	"rslvr-out-hub, target_ips: [{ip: 192.168.0.53, port: 5353}, {ip: 192.168.0.54}], "
	"vpcs: [vpc-hub]}\n"
	"  - {id: rr-all, domain_name: ., rule_type: SYSTEM, vpcs: [vpc-app]}\n";

static void
check_settings(const struct load *l)
{
	const struct settings *s = &l->estate.settings;
	char text[ADDR_TEXT_MAX];

	assert_string_equal(addr_print_port(&s->listeners->addr, text), "127.0.0.1:5300");
	assert_int_equal(s->listeners->kind, LISTEN_AS_ENDPOINT);
	assert_string_equal(addr_print_port(&s->listeners->next->addr, text), "[::1]:53");
	assert_int_equal(s->listeners->next->kind, LISTEN_AS_NETWORK);
	assert_int_equal(s->listeners->next->as_at.line, 4);
	assert_int_equal(s->listeners->next->as_at.column, 28);
	assert_int_equal(s->listeners->next->next->kind, LISTEN_AS_CLIENT);
	assert_false(s->allow_default);
	assert_string_equal(prefix_print(&s->allow->next->prefix, text), "::1/128");
	assert_string_equal(addr_print_port(&s->internet_resolver->addr, text),
			    "169.254.169.253:53");
	assert_int_equal(s->workers, 0);
	assert_string_equal(s->user, "causeway");
	assert_int_equal(s->user_at.line, 9);
	assert_int_equal(s->cache_octets, 128u << 20);
	assert_int_equal(s->cache_min_ttl_ms, 2000);
	assert_int_equal(s->cache_max_ttl_ms, 2 * 86400000);
	assert_int_equal(s->cache_max_negative_ttl_ms, 300000);
	assert_int_equal(s->cache_serve_stale_ms, 0);
	assert_false(s->cache_prefetch);
	assert_int_equal(s->upstream_timeout_ms, 1000);
	assert_int_equal(s->upstream_tries, 5);
	assert_int_equal(s->upstream_edns_size, 1400);
	assert_int_equal(s->budgets->per_second, 1000);
	assert_true(s->has_admin);
	assert_string_equal(addr_print_port(&s->admin, text), "127.0.0.1:8053");
	assert_string_equal(s->query_log, "/var/log/causeway/query.json");
	assert_string_equal(s->snapshot_file + strlen(l->files.folder), "/estate.cws");
	assert_string_equal(s->control_socket + strlen(l->files.folder), "/run/control.sock");
}

static void
check_networks(const struct estate *e)
{
	const struct network *app = e->networks, *hub = app->next, *dc = hub->next;
	char text[ADDR_TEXT_MAX];

	assert_string_equal(hub->id, "vpc-hub");
	assert_string_equal(hub->region, "eu-west-1");
	assert_string_equal(hub->owner_id, "111122223333");
	assert_false(hub->enable_dns_support);
	assert_true(hub->enable_dns_hostnames);
	assert_int_equal(hub->dns_support_at.line, 17);
	assert_int_equal(hub->index, 1);
	assert_true(app->enable_dns_support);
	assert_false(app->enable_dns_hostnames);
	assert_string_equal(app->region, "");
	assert_int_equal(dc->kind, NETWORK_SITE);
	assert_int_equal(dc->index, 2);
	assert_string_equal(addr_print_port(&dc->servers->addr, text), "192.168.0.53:53");
	assert_ptr_equal(dc->connects_to->object, hub);
	assert_true(e->peerings->requester_allows_remote_dns);
	assert_false(e->peerings->accepter_allows_remote_dns);
	assert_string_equal(e->peerings->status, "active");
	assert_ptr_equal(e->peerings->accepter.object, app);
	assert_true(e->transit_gateways->dns_support);
	assert_true(estate_connected(e, hub, dc));
	assert_true(estate_connected(e, app, hub));
	assert_false(estate_connected(e, app, dc));
}

static void
check_answers(const struct estate *e)
{
	const struct record_set *api = e->zones->sets, *apex = api->next;
	const struct resolver_rule *rule = estate_rule(e, "rr-dc");
	char text[NAME_TEXT_MAX];

	assert_string_equal(name_print(e->zones->name, text), "corp.example.");
	assert_true(refs_have(e->zones->networks, estate_network(e, "dc-1")));
	assert_int_equal(e->zones->set_count, 2);
	assert_int_equal(api->type, TYPE_A);
	assert_int_equal(api->ttl_s, 60);
	assert_int_equal(api->value_count, 1);
	assert_int_equal(api->values[0].len, 4);
	assert_memory_equal(api->values[0].data, "\x0a\x01\x01\x05", 4);
	assert_int_equal(api->routing->policy, POLICY_WEIGHTED);
	assert_int_equal(api->routing->weight, 90);
	assert_string_equal(api->routing->set_identifier, "blue");
	assert_string_equal(api->routing->health_check, "hc-api");
	assert_int_equal(api->at.line, 31);
	assert_int_equal(apex->value_count, 0);
	assert_null(apex->routing);
	assert_string_equal(name_print(apex->alias->dns_name, text), "api.corp.example.");
	assert_string_equal(apex->alias->hosted_zone, "Z0CORP");
	assert_true(apex->alias->evaluate_target_health);
	assert_int_equal(e->health_checks->request_interval_ms, 10000);
	assert_int_equal(e->health_checks->failure_threshold, 3);
	assert_int_equal(e->endpoints->protocols, 1u << PROTOCOL_DO53);
	assert_int_equal(rule->targets->addr.port, 5353);
	assert_int_equal(rule->targets->next->addr.port, 53);
	assert_ptr_equal(rule->endpoint.object, e->endpoints->next);
	assert_int_equal(rule->index, 1);
	assert_int_equal(e->rules->domain_name[0], 0);	/* rr-all */
	assert_ptr_equal(estate_inbound_at(e, &e->endpoints->ip_addresses->next->addr),
			 e->endpoints);
	assert_ptr_equal(estate_site_server_at(e, &rule->targets->addr),
			 estate_network(e, "dc-1"));
}

static void
the_whole_configuration_is_read(void **state)
{
	static const char *const later[] = { "admin", "query_log" };
	const struct finding *f;
	struct load l;

	(void)state;
	load_init(&l);
	assert_true(files_write(&l.files, "main.yaml", whole));
	load_run(&l, "main.yaml", NULL);
	for (f = l.diags.first; f && f->severity != SEVERITY_ERROR; f = f->next)
		;
	if (f)
		fail_msg("%u:%u %s", f->at.line, f->at.column, f->message);
	assert_int_equal(l.status, OK);
	check_settings(&l);
	check_networks(&l.estate);
	check_answers(&l.estate);
	f = l.diags.first;
	for (size_t i = 0; i < COUNT_OF(later); i++, f = f->next) {
		assert_non_null(f);
		assert_string_equal(f->code, "not-yet");
		assert_memory_equal(f->message, later[i], strlen(later[i]));
	}
	assert_null(f);
	load_fini(&l);
}

static void
what_is_not_confirmed_is_assumed_as_said(void **state)
{
	uint32_t defaults[ASSUME_POINTS];
	const struct network *network;
	struct load l;

	(void)state;
	load_init(&l);
	assert_true(files_write(&l.files, "main.yaml",
				"server: {assume: {}}\n"
				"vpcs: [{id: v, cidr_blocks: [10.0.0.0/16]}]\n"));
	load_run(&l, "main.yaml", NULL);
	assert_int_equal(l.status, OK);
	assume_init(defaults);	/* as the schema writes them */
	assert_memory_equal(l.estate.settings.assume, defaults, sizeof(defaults));
	assert_int_equal(l.estate.networks->autodefined_reverse, AUTODEFINED_REVERSE_ENABLED);
	assert_false(l.estate.networks->dns64);
	estate_fini(&l.estate);

	assert_true(files_write(&l.files, "main.yaml",
				"server: {assume: {negative_ttl_cap: 60, any_answer: subset,"
				" system_rule_consults_shorter_zone: false}}\n"
				"vpcs: [{id: v, cidr_blocks: [10.0.0.0/16], dns64: true,"
				" autodefined_reverse: DISABLED}]\n"
				"resolver_endpoints: [{id: i, direction: INBOUND, vpc: v,"
				" dns64_enabled: true}]\n"));
	load_run(&l, "main.yaml", NULL);
	assert_int_equal(l.status, OK);
	network = l.estate.networks;
	assert_int_equal(l.estate.settings.assume[ASSUME_NEGATIVE_TTL_CAP], 60);
	assert_int_equal(l.estate.settings.assume[ASSUME_ANY_ANSWER], ANY_SUBSET);
	assert_int_equal(l.estate.settings.assume[ASSUME_SYSTEM_RULE_ZONE], 0);
	assert_int_equal(l.estate.settings.assume[ASSUME_CHAIN_LIMIT], ASSUME_CHAIN_MOST);
	assert_int_equal(network->autodefined_reverse, AUTODEFINED_REVERSE_DISABLED);
	assert_true(network->dns64 && l.estate.endpoints->dns64_enabled);
	load_fini(&l);
}

static void
json_is_read_like_yaml(void **state)
{
	struct load l;

	(void)state;
	load_init(&l);
	assert_true(files_write(&l.files, "main.yaml",
				"{\"vpcs\": [\n\t{\"id\": \"v\", \"cidr_blocks\": [\"10.0.0.0/8\"],"
				" \"enable_dns_hostnames\": true,"
				" \"owner_id\": \"\\uD83D\\uDE00\"}\n]}"));
	load_run(&l, "main.yaml", NULL);
	assert_int_equal(l.status, OK);
	assert_true(l.estate.networks->enable_dns_hostnames);
	assert_string_equal(l.estate.networks->owner_id, "\xf0\x9f\x98\x80");
	load_fini(&l);
}

/* What the caller of a load holds compiled. */
struct held {
	struct digest digests[8];
	size_t count;
};

static bool
is_held(void *context, struct digest content)
{
	const struct held *held = context;

	for (size_t i = 0; i < held->count; i++)
		if (digest_equal(held->digests[i], content))
			return true;
	return false;
}

static void
hold_all(struct load *l, struct held *held)
{
	held->count = 0;
	for (const struct hosted_zone *z = l->estate.zones; z; z = z->next)
		held->digests[held->count++] = z->source;
	estate_fini(&l->estate);
}

static unsigned
unread_zones(const struct load *l)
{
	unsigned bits = 0, bit = 1;

	for (const struct hosted_zone *z = l->estate.zones; z; z = z->next, bit <<= 1)
		bits |= z->unread ? bit : 0;
	return bits;
}

static void
write_three_zones(struct load *l, const char *vpcs, const char *inline_address)
{
	char text[1024];

	snprintf(text, sizeof(text),
		 "vpcs: [{id: v, cidr_blocks: [10.0.0.0/8]}, {id: w, cidr_blocks: [11.0.0.0/8]}]\n"
		 "hosted_zones:\n"
		 "  - {id: A, name: a.example, vpcs: [%s], zone_file: a.zone}\n"
		 "  - {id: B, name: b.example, vpcs: [%s], record_sets_file: b.json}\n"
		 "  - {id: C, name: c.example, vpcs: [%s], record_sets: [{name: c.example, type: A,"
		 " ttl: 60, values: [%s]}]}\n", vpcs, vpcs, vpcs, inline_address);
	assert_true(files_write(&l->files, "main.yaml", text));
}

static void
only_zones_whose_source_changed_are_read_again(void **state)
{
	struct sources *sources = sources_new();
	struct held held = { .count = 0 };
	struct digest before;
	struct load l;

	(void)state;
	load_init(&l);
	assert_non_null(sources);
	sources_hold(sources, is_held, &held);
	write_three_zones(&l, "v", "10.0.0.1");
	assert_true(files_write(&l.files, "a.zone", "$TTL 60\n$INCLUDE more.zone\nx A 10.0.0.1\n"));
	assert_true(files_write(&l.files, "more.zone", "y A 10.0.0.2\n"));
	assert_true(files_write(&l.files, "b.json",
				"[{\"Name\": \"b.example.\", \"Type\": \"A\", \"TTL\": 60,"
				" \"ResourceRecords\": [{\"Value\": \"10.0.0.3\"}]}]\n"));
	load_run(&l, "main.yaml", sources);
	assert_int_equal(l.status, OK);
	assert_int_equal(unread_zones(&l), 0);
	before = l.estate.zones->source;
	hold_all(&l, &held);

	/* nothing changed, but who sees the zones: that is no part of their data */
	write_three_zones(&l, "v, w", "10.0.0.1");
	load_run(&l, "main.yaml", sources);
	assert_int_equal(l.status, OK);
	assert_int_equal(unread_zones(&l), 7);
	assert_true(digest_equal(l.estate.zones->source, before));
	assert_int_equal(l.estate.zones->set_count, 0);
	hold_all(&l, &held);

	/* written anew with the same content */
	assert_true(files_write(&l.files, "more.zone", "y A 10.0.0.2\n"));
	load_run(&l, "main.yaml", sources);
	assert_int_equal(unread_zones(&l), 7);
	hold_all(&l, &held);

	/* an included file, of the same size; and an inline value */
	assert_true(files_write(&l.files, "more.zone", "y A 10.0.0.9\n"));
	write_three_zones(&l, "v, w", "10.0.0.8");
	load_run(&l, "main.yaml", sources);
	assert_int_equal(l.status, OK);
	assert_int_equal(unread_zones(&l), 2);
	assert_false(digest_equal(l.estate.zones->source, before));
	assert_int_equal(l.estate.zones->set_count, 2);

	/* what the caller let go is read again */
	estate_fini(&l.estate);
	held.count = 0;
	load_run(&l, "main.yaml", sources);
	assert_int_equal(unread_zones(&l), 0);
	hold_all(&l, &held);

	/* a file that breaks is an error, and when it is mended all is as before */
	assert_true(files_write(&l.files, "more.zone", "y A 10.0.0.\n"));
	load_run(&l, "main.yaml", sources);
	assert_int_equal(l.status, ERR_REJECTED);
	assert_int_equal(unread_zones(&l), 6);
	estate_fini(&l.estate);
	assert_true(files_write(&l.files, "more.zone", "y A 10.0.0.9\n"));
	load_run(&l, "main.yaml", sources);
	assert_int_equal(l.status, OK);
	load_fini(&l);
	sources_free(sources);
}

static void
equal_data_of_equal_names_have_equal_sources(void **state)
{
	const struct hosted_zone *a, *b, *c;
	struct load l;

	(void)state;
	load_init(&l);
	assert_true(files_write(&l.files, "main.yaml",
				"vpcs: [{id: v, cidr_blocks: [10.0.0.0/8]},"
				" {id: w, cidr_blocks: [11.0.0.0/8]}]\n"
				"hosted_zones:\n"
				"  - {id: A, name: a.example, vpcs: [v], zone_file: x.zone}\n"
				"  - {id: B, name: a.example, vpcs: [w], zone_file: x.zone}\n"
				"  - {id: C, name: b.example, vpcs: [w], zone_file: x.zone}\n"));
	assert_true(files_write(&l.files, "x.zone", "@ 60 A 10.0.0.1\n"));
	load_run(&l, "main.yaml", NULL);
	assert_int_equal(l.status, OK);
	a = l.estate.zones;
	b = a->next;
	c = b->next;
	assert_true(digest_equal(a->source, b->source));
	assert_false(digest_equal(a->source, c->source));
	load_fini(&l);
}

/*
 * The memory that a load may take is raised step by step: each run ends well, or says that
 * there was not enough, and never a wrong thing.
 */
/* A file that is small, and the zone that is not. */
static void
memory_that_ends_is_told_with_the_file(void **state)
{
	char line[64], *zone = malloc((size_t)1 << 20), *end = zone;
	const struct finding *f;
	struct load l;

	(void)state;
	assert_non_null(zone);
	for (unsigned i = 0; i < 10000; i++) {
		snprintf(line, sizeof(line), "host-%u 60 A 10.0.0.1\n", i);
		end = stpcpy(end, line);
	}
	load_init(&l);
	assert_true(files_write(&l.files, "main.yaml", "hosted_zones: [{id: Z, name: z.example, "
				"zone_file: big.zone}]\n"));
	assert_true(files_write(&l.files, "big.zone", zone));
	diags_init(&l.diags, &l.arena, 0);
	estate_init(&l.estate, (size_t)400 << 10);
	l.status = config_load(files_path(&l.files, "main.yaml"), NULL, &l.estate, &l.diags);
	assert_int_equal(l.status, ERR_NOMEM);
	f = nth_error(&l, 0);
	assert_string_equal(f->code, "too-large");
	assert_non_null(strstr(f->at.file, "/big.zone"));
	assert_non_null(strstr(f->message, "/main.yaml"));
	assert_non_null(strstr(f->message, "409600 octets"));
	assert_null(nth_error(&l, 1));
	load_fini(&l);
	free(zone);
}

static void
every_way_to_run_out_of_memory_ends_well(void **state)
{
	struct sources *sources = sources_new();
	bool loaded = false;
	struct load l;
	size_t limit;

	(void)state;
	load_init(&l);
	assert_non_null(sources);
	assert_true(files_write(&l.files, "more.yaml", whole));
	assert_true(files_write(&l.files, "main.yaml",
				"include: [\"m*re.yaml\"]\n"
				"hosted_zones:\n"
				"  - {id: A, name: a.example, vpcs: [vpc-hub], zone_file: a.zone}\n"
				"  - {id: B, name: b.example, vpcs: [vpc-hub],"
				" record_sets_file: b.json}\n"));
	assert_true(files_write(&l.files, "a.zone",
				"$TTL 60\n@ SOA a b 1 2 3 4 5\nx A 10.0.0.1\n A 10.0.0.2\n"
				"y CNAME x\n"));
	assert_true(files_write(&l.files, "b.json",
				"[{\"Name\": \"b.example.\", \"Type\": \"A\", \"TTL\": 60,"
				" \"ResourceRecords\": [{\"Value\": \"10.0.0.3\"}]}]\n"));
	for (limit = 0; limit < 400000 && !loaded; limit += limit < 20000 ? 8 : 104) {
		diags_init(&l.diags, &l.arena, 0);
		estate_init(&l.estate, limit);
		l.status = config_load(files_path(&l.files, "main.yaml"), sources, &l.estate,
				       &l.diags);
		loaded = l.status == OK;
		if (!loaded) {
			assert_true(l.status == ERR_NOMEM || l.status == ERR_REJECTED);
			for (const struct finding *f = l.diags.first; f; f = f->next)
				if (f->severity == SEVERITY_ERROR)
					assert_string_equal(f->code, "too-large");
		}
		estate_fini(&l.estate);
		arena_fini(&l.arena);
	}
	assert_true(loaded);
	assert_true(limit > 8000);
	sources_free(sources);
	estate_init(&l.estate, LIMIT);
	load_fini(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_mistake_is_one_error_at_its_place),
		cmocka_unit_test(all_mistakes_of_a_run_are_reported),
		cmocka_unit_test(every_finding_names_the_other_place),
		cmocka_unit_test(the_same_object_said_twice_alike_is_one),
		cmocka_unit_test(a_path_means_another_file_in_another_folder),
		cmocka_unit_test(includes_are_read_once_each),
		cmocka_unit_test(includes_that_go_round_name_both_places),
		cmocka_unit_test(a_missing_file_makes_no_dangling_references),
		cmocka_unit_test(what_cannot_be_read_is_told_from_what_is_wrong),
		cmocka_unit_test(a_huge_line_is_refused_before_it_is_parsed),
		cmocka_unit_test(the_whole_configuration_is_read),
		cmocka_unit_test(what_is_not_confirmed_is_assumed_as_said),
		cmocka_unit_test(json_is_read_like_yaml),
		cmocka_unit_test(only_zones_whose_source_changed_are_read_again),
		cmocka_unit_test(equal_data_of_equal_names_have_equal_sources),
		cmocka_unit_test(memory_that_ends_is_told_with_the_file),
		cmocka_unit_test(every_way_to_run_out_of_memory_ends_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
