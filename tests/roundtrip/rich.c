#include "roundtrip/rich.h"

#include "unit/unit.h"

#include "base/bytes.h"

#define ITEMS_MOST 64
#define ITEM_MOST  8192

/* A list of objects, each on a line. */
struct list {
	unsigned count;
	struct text items[ITEMS_MOST];
};

struct rich {
	uint64_t state;
	unsigned vpcs, sites, zones, rules, checks;
};

static unsigned
upto(struct rich *r, unsigned bound)
{
	return random_to(&r->state, bound);
}

static bool
maybe(struct rich *r)
{
	return upto(r, 2);
}

static const char *
one_of(struct rich *r, const char *const *words, size_t count)
{
	return words[upto(r, (unsigned)count)];
}

#define ONE_OF(r, ...)								\
	one_of(r, (const char *const[]){ __VA_ARGS__ },				\
	       COUNT_OF(((const char *const[]){ __VA_ARGS__ })))

static struct text *
add(struct list *list)
{
	assert_true(list->count < ITEMS_MOST);
	text_init(&list->items[list->count]);
	return &list->items[list->count++];
}

/** The list under its key, in some order; then it is empty. */
static void
put(struct rich *r, const char *key, uint64_t order, struct list *list, struct text *out)
{
	uint64_t state = order;

	for (unsigned i = list->count; order && i > 1; i--) {
		unsigned other = random_to(&state, i);
		struct text moved = list->items[i - 1];

		list->items[i - 1] = list->items[other];
		list->items[other] = moved;
	}
	(void)r;
	if (list->count)
		text_printf(out, "%s:\n", key);
	for (unsigned i = 0; i < list->count; i++) {
		text_printf(out, "- {%s}\n", list->items[i].data);
		out->failed |= list->items[i].failed;
		text_fini(&list->items[i]);
	}
	list->count = 0;
}

/** ", vpcs: [..]": at least one of them. */
static void
put_networks(struct rich *r, const char *key, const char *prefix, unsigned count,
	     struct text *out)
{
	unsigned first = upto(r, count);

	text_printf(out, ", %s: [%s%u", key, prefix, first);
	for (unsigned i = 0; i < count; i++)
		if (i != first && maybe(r))
			text_printf(out, ", %s%u", prefix, i);
	text_append(out, "]");
}

static void
make_vpcs(struct rich *r, struct list *list)
{
	for (unsigned i = 0; i < r->vpcs; i++) {
		struct text *t = add(list);

		text_printf(t, "id: vpc-%u, cidr_blocks: [10.%u.0.0/16", i, i);
		if (maybe(r))
			text_printf(t, ", 10.%u.0.0/17", 100 + i);
		if (maybe(r))
			text_printf(t, ", \"fd00:%u::/56\"", i + 1);
		text_append(t, "]");
		if (maybe(r))
			text_printf(t, ", region: %s", ONE_OF(r, "eu-west-1", "us-east-1"));
		if (maybe(r))
			text_printf(t, ", enable_dns_support: %s", ONE_OF(r, "true", "false"));
		if (upto(r, 4))
			text_append(t, ", enable_dns_hostnames: true");
		if (!upto(r, 4))
			text_append(t, ", autodefined_reverse: DISABLED, dns64: true");
		if (maybe(r))
			text_printf(t, ", owner_id: \"%012u\"", upto(r, 1000000));
	}
}

static void
make_sites(struct rich *r, struct list *list)
{
	for (unsigned i = 0; i < r->sites; i++) {
		struct text *t = add(list);

		text_printf(t, "id: site-%u, cidr_blocks: [192.168.%u.0/24]", i, i);
		if (maybe(r))
			put_networks(r, "connects_to", "vpc-", r->vpcs, t);
		if (maybe(r))
			text_printf(t, ", servers: [192.168.%u.53, \"2001:db8::%u\"]", i, i);
	}
}

static void
make_links(struct rich *r, struct list *peerings, struct list *gateways)
{
	for (unsigned i = 0; i + 1 < r->vpcs; i++) {
		struct text *t;

		if (maybe(r))
			continue;
		t = add(peerings);
		text_printf(t, "id: pcx-%u, requester: {vpc: vpc-%u%s}, accepter: {vpc: vpc-%u%s}",
			    i, i, ONE_OF(r, "", ", allow_dns_resolution_from_remote_vpc: true"),
			    i + 1, ONE_OF(r, "", ", allow_dns_resolution_from_remote_vpc: false"));
		if (maybe(r))
			text_printf(t, ", status: %s", ONE_OF(r, "active", "deleted"));
	}
	if (maybe(r)) {
		struct text *t = add(gateways);

		text_append(t, "id: tgw-0");
		put_networks(r, "vpcs", "vpc-", r->vpcs, t);
		text_append(t, ONE_OF(r, "", ", dns_support: false"));
	}
}

/** Data of a type, in presentation form, as YAML. */
static const char *
data_of(struct rich *r, const char *type)
{
	if (strcmp(type, "A") == 0)
		return ONE_OF(r, "10.0.0.9", "192.0.2.1, 10.0.0.1", "203.0.113.7");
	if (strcmp(type, "AAAA") == 0)
		return ONE_OF(r, "\"2001:db8::1\"", "\"::ffff:10.0.0.1\", \"::1\"");
	if (strcmp(type, "TXT") == 0)
		return ONE_OF(r, "'\"\"'", "'\"a b\" \"c\"'", "'\"\\195\\164 \\\"quoted\\\" \\\\\"'",
			      "'\"# no: comment, {[\"'", "'\"-\"', '\"~\"'");
	if (strcmp(type, "MX") == 0)
		return ONE_OF(r, "10 mx.example.", "20 b.example, 10 A.example");
	if (strcmp(type, "SRV") == 0)
		return "0 5 5060 sip.example.";
	if (strcmp(type, "CAA") == 0)
		return "'0 issue \"ca.example\"'";
	if (strcmp(type, "NAPTR") == 0)
		return "'100 10 \"u\" \"sip+E2U\" \"!^.*$!sip:info@example.com!\" .'";
	return "'\\# 3 00ff41'";	/* of a type without a name */
}

#define TYPE_OF(r) ONE_OF(r, "A", "AAAA", "TXT", "MX", "SRV", "CAA", "NAPTR", "TYPE65280")

/** The name of the n-th owner of a zone. */
static void
put_owner(struct rich *r, unsigned zone, unsigned number, struct text *out)
{
	text_printf(out, "{name: '%so%u.z%u.example'",
		    ONE_OF(r, "", "*.", "deep.", "X.", "a\\032b.", "\\001."), number, zone);
}

/** What one set of a policy says; n tells it apart. */
static void
put_policy(struct rich *r, unsigned policy, unsigned n, struct text *out)
{
	static const char *const regions[] = { "eu-west-1", "us-east-1", "ap-south-1" };
	static const char *const places[] = { "{continent_code: EU}", "{country_code: '*'}",
					      "{country_code: US, subdivision_code: WA}" };
	static const char *const points[] = {
		"{aws_region: eu-west-1, bias: -99}", "{local_zone_group: us-east-1-bos-1}",
		"{coordinates: {latitude: 52.52, longitude: -0.1}, bias: 5}",
	};

	text_printf(out, ", set_identifier: '%s%u'", ONE_OF(r, "s", "no ", "1e"), n);
	if (policy == 0)
		text_printf(out, ", weight: %u", upto(r, 3) * 100);
	else if (policy == 1)
		text_printf(out, ", failover: %s", n ? "SECONDARY" : "PRIMARY");
	else if (policy == 2)
		text_printf(out, ", region: %s", regions[n]);
	else if (policy == 3)
		text_printf(out, ", geo_location: %s", places[n]);
	else if (policy == 4)
		text_printf(out, ", geoproximity_location: %s", points[n]);
	else
		text_append(out, ", multi_value_answer: true");
}

static void
put_health(struct rich *r, struct text *out)
{
	if (r->checks && !upto(r, 3))
		text_printf(out, ", health_check: hc-%u", upto(r, r->checks));
}

/** All sets of one owner. */
static void
put_sets(struct rich *r, unsigned zone, unsigned number, struct text *out)
{
	unsigned policy = upto(r, 8), count = policy > 5 ? 1 : policy == 1 ? 2 : 1 + upto(r, 3);
	const char *type = policy > 5 ? TYPE_OF(r) : "A";
	struct text owner;

	text_init(&owner);
	put_owner(r, zone, number, &owner);
	for (unsigned n = 0; n < count; n++) {
		text_printf(out, "%s%s, type: %s", number || n ? ", " : "", owner.data, type);
		if (policy != 5 && strcmp(type, "A") == 0 && !upto(r, 4))
			text_printf(out, ", alias_target: {dns_name: o0.z%u.example, hosted_zone: "
				    "Z%u%s}", zone, zone,
				    ONE_OF(r, "", ", evaluate_target_health: true"));
		else
			text_printf(out, ", ttl: %u, values: [%s]", upto(r, 3) * 300,
				    data_of(r, type));
		if (policy <= 5)
			put_policy(r, policy, n, out);
		put_health(r, out);
		text_append(out, "}");
	}
	out->failed |= owner.failed;
	text_fini(&owner);
}

static void
make_zones(struct rich *r, struct list *list)
{
	for (unsigned i = 0; i < r->zones; i++) {
		struct text *t = add(list);
		unsigned owners = upto(r, 8);

		text_printf(t, "id: Z%u, name: z%u.example", i, i);
		if (maybe(r))
			text_append(t, ", owner_id: \"000123456789\"");
		if (!upto(r, 6)) {
			text_append(t, ", private_zone: false");
		} else {
			put_networks(r, "vpcs", "vpc-", r->vpcs, t);
			if (r->sites && maybe(r))
				put_networks(r, "sites", "site-", r->sites, t);
		}
		text_append(t, ", record_sets: [");
		for (unsigned k = 0; k < owners; k++)
			put_sets(r, i, k, t);
		text_append(t, "]");
	}
}

static void
make_checks(struct rich *r, struct list *list)
{
	static const char *const kinds[] = {
		"type: TCP, ip_address: 10.0.0.1, port: 443, request_interval: 10s",
		"type: HTTP, fully_qualified_domain_name: a.example, failure_threshold: 1",
		"type: HTTPS, ip_address: \"2001:db8::1\", resource_path: /up?x=1, inverted: true",
		"type: HTTP_STR_MATCH, ip_address: 10.0.0.2, search_string: 'ok: \"yes\" #1'",
		"type: EXTERNAL, state_file: /run/state, disabled: true",
	};

	for (unsigned i = 0; i < r->checks; i++) {
		struct text *t = add(list);

		if (i && maybe(r))
			text_printf(t, "id: hc-%u, type: CALCULATED, child_health_checks: [hc-%u], "
				    "health_threshold: %u", i, i - 1, upto(r, 2));
		else
			text_printf(t, "id: hc-%u, %s", i, one_of(r, kinds, COUNT_OF(kinds)));
	}
}

static void
make_endpoints(struct rich *r, struct list *list)
{
	text_append(add(list), "id: out-0, direction: OUTBOUND, vpc: vpc-0, "
		    "ip_addresses: [10.0.0.20, 10.0.0.10]");
	if (maybe(r))
		text_printf(add(list), "id: in-0, direction: INBOUND, vpc: vpc-0, "
			    "ip_addresses: [10.0.1.10, 10.0.0.11], protocols: [Do53]%s",
			    ONE_OF(r, "", ", dns64_enabled: true"));
}

static void
put_forward(struct rich *r, struct text *t)
{
	static const char *const on[] = {
		"", ", on: {nxdomain: internet}",
		", on: {servfail: [{ip: 192.0.2.9, port: 5300}], timeout: internet}",
	};

	text_append(t, ", rule_type: FORWARD, target_ips: [{ip: 192.0.2.3}, ");
	text_printf(t, "{ip: 192.0.2.%u, port: %u}]", 1 + upto(r, 2), 53 + upto(r, 3));
	if (maybe(r))
		text_printf(t, ", policy: %s", ONE_OF(r, "random", "ordered", "fastest"));
	text_append(t, one_of(r, on, COUNT_OF(on)));
}

static void
make_rules(struct rich *r, struct list *list)
{
	for (unsigned i = 0; i < r->rules; i++) {
		struct text *t = add(list);
		unsigned kind = upto(r, 4);

		text_printf(t, "id: rr-%u", i);
		if (kind == 0)
			text_printf(t, ", rule_type: DELEGATE, delegation_record: ns%u.example", i);
		else
			text_printf(t, ", domain_name: %s%u.example",
				    ONE_OF(r, "f", "o0.z"), kind == 1 ? i : 10 + i);
		if (kind == 1)
			text_append(t, ", rule_type: SYSTEM");
		if (kind > 1)
			put_forward(r, t);
		if (kind != 1)
			text_append(t, ", resolver_endpoint: out-0");
		put_networks(r, "vpcs", "vpc-", r->vpcs, t);
		if (r->sites && kind && maybe(r))
			put_networks(r, "sites", "site-", r->sites, t);
	}
}

static void
make_profiles(struct rich *r, struct list *list)
{
	unsigned count = upto(r, 3);

	for (unsigned i = 0; i < count; i++) {
		struct text *t = add(list);

		text_printf(t, "id: rp-%u, name: 'Profile: %u'", i, i);
		if (r->rules)
			text_printf(t, ", resolver_rules: [rr-%u]", upto(r, r->rules));
		if (count == 1 && maybe(r))
			put_networks(r, "vpcs", "vpc-", r->vpcs, t);
		else
			text_printf(t, ", associations: [{vpc: vpc-%u, priority: %u}]",
				    upto(r, r->vpcs), 100 + i);
	}
}

static void
put_server(struct rich *r, struct text *out)
{
	text_printf(out, "server:\n  listen: [{address: 127.0.0.1, port: %u, as: client}, "
		    "{address: \"::1\", as: vpc-0}]\n  internet_resolver: [{ip: 192.0.2.53}]\n",
		    upto(r, 2) * 5300);
	if (maybe(r))
		text_append(out, "  allow: [10.0.0.0/8, \"::1/128\"]\n");
	if (maybe(r))
		text_append(out, "  workers: 3\n  identity: 'node: 1'\n  version: \"1.0\"\n");
	if (maybe(r))
		text_append(out, "  cookie_secrets: [\"00112233445566778899aabbccddeeff\"]\n");
	if (maybe(r))
		text_append(out, "  cache: {size: 1025KiB, min_ttl: 1500ms, serve_stale: 0, "
			    "prefetch: false}\n");
	if (maybe(r))
		text_append(out, "  upstream: {timeout: 900ms, policy: fastest, packet_budget: "
			    "[{ip: 192.0.2.53, per_second: 100}]}\n");
	if (maybe(r))
		text_append(out, "  control: {socket: /run/x/control.sock}\n"
			    "  snapshot: {file: /var/lib/x.cws}\n");
	if (maybe(r))
		text_append(out, "  assume: {chain_limit: 4, any_answer: subset, "
			    "delegation_without_rule: internet}\n");
}

static void
put_lint(struct rich *r, struct text *out)
{
	text_printf(out, "lint:\n  ignore: [ZON1]\n  fail_on: %s\n",
		    ONE_OF(r, "error", "warning", "note"));
	if (maybe(r))
		text_append(out, "  severity: [{code: FWD, severity: note}]\n"
			    "  per_path: [{path: /a/*.yaml, ignore: [REC7]}]\n");
	if (maybe(r))
		text_append(out, "  suppress: [{code: ZON101, object: 'Z*', reason: 'known: yes', "
			    "until: \"2030-01-31\"}]\n");
	if (maybe(r))
		text_append(out, "  groups: [{id: all, networks: [vpc-0]}]\n"
			    "  quotas: {records_per_zone: 10}\n");
	if (maybe(r))
		text_append(out, "  expect_answer: [{name: o0.z0.example, type: A, values: "
			    "[10.0.0.1], networks: [vpc-0]}]\n"
			    "  expect_absent: [{name: x.z0.example, networks: [vpc-0]}]\n");
}

void
rich_print(uint64_t seed, uint64_t order, struct text *out)
{
	struct rich rich = { .state = seed }, *r = &rich;
	struct list list = { .count = 0 }, second = { .count = 0 };

	r->vpcs = 1 + upto(r, 4);
	r->sites = upto(r, 3);
	r->zones = upto(r, 5);
	r->rules = upto(r, 5);
	r->checks = upto(r, 4);
	if (maybe(r))
		put_server(r, out);
	make_vpcs(r, &list);
	put(r, "vpcs", order, &list, out);
	make_sites(r, &list);
	put(r, "sites", order, &list, out);
	make_links(r, &list, &second);
	put(r, "vpc_peering_connections", order, &list, out);
	put(r, "transit_gateways", order, &second, out);
	make_zones(r, &list);
	put(r, "hosted_zones", order, &list, out);
	make_checks(r, &list);
	put(r, "health_checks", order, &list, out);
	make_endpoints(r, &list);
	put(r, "resolver_endpoints", order, &list, out);
	make_rules(r, &list);
	put(r, "resolver_rules", order, &list, out);
	make_profiles(r, &list);
	put(r, "profiles", order, &list, out);
	if (maybe(r))
		put_lint(r, out);
}
