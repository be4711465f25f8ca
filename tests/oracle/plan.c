#include "oracle/plan.h"

static uint64_t
draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;	/* splitmix64 */

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static unsigned
below(uint64_t *state, unsigned limit)
{
	return (unsigned)(draw(state) % limit);
}

static bool
chance(uint64_t *state, unsigned percent)
{
	return below(state, 100) < percent;
}

/** "a.b": so many labels above the name that is there. */
static void
prefix(uint64_t *state, char *name, unsigned labels, const char *alphabet)
{
	while (labels--) {
		char old[PLAN_NAME];

		memcpy(old, name, sizeof(old));
		snprintf(name, PLAN_NAME, "%c.%.*s",
			 alphabet[below(state, (unsigned)strlen(alphabet))], PLAN_NAME - 3, old);
	}
}

static unsigned
count_labels(const char *name)
{
	unsigned labels = 0;

	for (; *name; name++)
		labels += *name == '.';
	return labels;
}

/** A network takes one zone of a name. */
static void
leave_taken(const struct plan *plan, struct plan_zone *zone)
{
	for (const struct plan_zone *other = plan->zone; other < zone; other++)
		if (other->used && strcmp(other->name, zone->name) == 0)
			zone->networks &= ~other->networks;
	zone->used = zone->networks != 0;
}

static void
make_zone(struct plan *plan, struct plan_zone *zone, uint64_t *state)
{
	unsigned all = (1u << plan->networks) - 1;

	prefix(state, zone->name, 1 + below(state, plan->depth > 2 ? 2 : 1) +
		       (chance(state, 15) ? 1 : 0), "ab");
	zone->networks = 1 + below(state, all);
	if (plan->site && chance(state, 30))
		zone->networks = 1u << (plan->networks - 1);
	leave_taken(plan, zone);
}

static void
make_target(uint64_t *state, char *out)
{
	*out = '\0';
	prefix(state, out, 1 + below(state, 3), chance(state, 10) ? "abx" : "ab");
}

static bool
is_site_zone(const struct plan *plan, const struct plan_zone *zone)
{
	return plan->site && zone->networks == 1u << (plan->networks - 1);
}

/** A CNAME is alone at its name, and not at the apex; records are not there twice. */
static bool
has_place(const struct plan *plan, const struct plan_record *record)
{
	if (record->type == TYPE_CNAME && !strcmp(record->owner, plan->zone[record->zone].name))
		return false;
	if (record->type == TYPE_NS && !strcmp(record->owner, plan->zone[record->zone].name))
		return false;
	for (const struct plan_record *other = plan->record; other < record; other++) {
		bool alone = record->type == TYPE_CNAME || other->type == TYPE_CNAME ||
			     record->alias || other->alias;

		if (!other->used || other->zone != record->zone ||
		    strcmp(other->owner, record->owner) != 0)
			continue;
		if (alone || (record->type == TYPE_DNAME && other->type == TYPE_DNAME))
			return false;
	}
	return true;
}

static void
make_record(struct plan *plan, struct plan_record *record, uint64_t *state)
{
	static const uint16_t types[] = { TYPE_A, TYPE_A, TYPE_A, TYPE_TXT, TYPE_CNAME,
					  TYPE_CNAME, TYPE_A, TYPE_NS, TYPE_DNAME };
	unsigned room;
	const struct plan_zone *zone;

	record->zone = below(state, PLAN_ZONES);
	zone = &plan->zone[record->zone];
	record->used = zone->used;
	if (!record->used)
		return;
	memcpy(record->owner, zone->name, sizeof(record->owner));
	room = plan->depth > count_labels(zone->name) ? plan->depth - count_labels(zone->name)
						       : 0;
	prefix(state, record->owner, room ? below(state, room + 1) : 0, "ab");
	if (count_labels(record->owner) < plan->depth && chance(state, 20))
		prefix(state, record->owner, 1, "*");
	record->type = types[below(state, COUNT_OF(types) - (is_site_zone(plan, zone) ? 0 : 1))];
	record->into = -1;
	record->alias = record->type == TYPE_A && chance(state, 20);
	if (record->type == TYPE_CNAME || record->type == TYPE_DNAME || record->alias)
		make_target(state, record->value);
	if (record->type == TYPE_A && !record->alias)
		snprintf(record->value, PLAN_NAME, "10.9.0.%u", 1 + below(state, 2));
	if (record->type == TYPE_TXT)
		snprintf(record->value, PLAN_NAME, "t%u", below(state, 2));
	if (record->type == TYPE_NS)
		snprintf(record->value, PLAN_NAME, "ns%u.x.", below(state, 2));
	if (record->alias && chance(state, 50))
		record->into = (int)record->zone;
	record->used = has_place(plan, record);
}

static void
make_rule(struct plan *plan, struct plan_rule *rule, uint64_t *state)
{
	unsigned all = (1u << plan->networks) - 1;

	prefix(state, rule->domain, below(state, 3), "ab");
	if (!*rule->domain)
		snprintf(rule->domain, PLAN_NAME, ".");
	rule->networks = 1 + below(state, all);
	rule->system = chance(state, 20);
	rule->to[0] = chance(state, 15) ? TO_UNKNOWN : (int)below(state, plan->networks);
	rule->to[1] = !rule->system && chance(state, 15) ? (int)below(state, plan->networks)
							  : TO_NOBODY;
	if (rule->to[1] == rule->to[0])
		rule->to[1] = TO_NOBODY;
	for (const struct plan_rule *other = plan->rule; other < rule; other++)
		if (other->used && strcmp(other->domain, rule->domain) == 0)
			rule->networks &= ~other->networks;
	rule->used = rule->networks != 0;
}

void
plan_make(struct plan *plan, uint64_t seed)
{
	uint64_t state = seed * 0x2545f4914f6cdd1dull + 1;
	unsigned size;

	*plan = (struct plan){ .networks = 2 + below(&state, PLAN_NETWORKS - 1) };
	size = below(&state, 20);
	plan->depth = size < 9 ? 2 : size < 19 ? 3 : 4;
	plan->site = chance(&state, 40);
	for (unsigned i = 0, count = 1 + below(&state, PLAN_ZONES); i < count; i++)
		make_zone(plan, &plan->zone[i], &state);
	for (unsigned i = 0, count = below(&state, PLAN_RULES + 1); i < count; i++)
		make_rule(plan, &plan->rule[i], &state);
	for (unsigned i = 0, count = 2 + below(&state, PLAN_RECORDS - 1); i < count; i++)
		make_record(plan, &plan->record[i], &state);
}

static const char *
network_id(const struct plan *plan, unsigned number)
{
	static const char *const vpcs[] = { "vpc-0", "vpc-1", "vpc-2", "vpc-3" };

	return plan->site && number + 1 == plan->networks ? "site" : vpcs[number];
}

static const char *
network_ids(const struct plan *plan, unsigned bits, struct draft *d)
{
	char *ids = draft_new(d, 64);

	for (unsigned i = 0; i < plan->networks; i++)
		if (bits >> i & 1)
			snprintf(ids + strlen(ids), 64 - strlen(ids), " %s", network_id(plan, i));
	return ids;
}

static const char *
address_of(const struct plan *plan, int to)
{
	static const char *const vpcs[] = { "10.0.0.10", "10.1.0.10", "10.2.0.10", "10.3.0.10" };

	if (to == TO_UNKNOWN)
		return "172.16.0.9";
	return plan->site && (unsigned)to + 1 == plan->networks ? "192.168.0.53" : vpcs[to];
}

static const char *const endpoint_in[] = { "in-0", "in-1", "in-2", "in-3" };

static void
declare_networks(const struct plan *plan, struct draft *d)
{
	for (unsigned i = 0; i < plan->networks; i++) {
		char cidr[32];

		snprintf(cidr, sizeof(cidr), "10.%u.0.0/16", i);
		if (plan->site && i + 1 == plan->networks)
			draft_site(d, "site", "192.168.0.0/16", "vpc-0")->servers =
				draft_targets(d, "192.168.0.53", 53);
		else
			draft_vpc(d, network_id(plan, i), "", cidr)->autodefined_reverse =
				AUTODEFINED_REVERSE_DISABLED;
	}
	for (unsigned i = 0; i + plan->site < plan->networks; i++)
		draft_endpoint(d, endpoint_in[i], DIRECTION_INBOUND, network_id(plan, i),
			       address_of(plan, (int)i));
	draft_endpoint(d, "out", DIRECTION_OUTBOUND, "vpc-0", "10.0.0.20");
}

/** The first VPC is connected with all others, and so are those with each other, by a gateway. */
static void
declare_links(const struct plan *plan, struct draft *d)
{
	static const char *const ids[] = { "pcx-0", "pcx-1", "pcx-2", "pcx-3" };
	unsigned vpcs = plan->networks - plan->site;

	for (unsigned i = 1; i < vpcs; i++)
		draft_peering(d, ids[i], "vpc-0", network_id(plan, i));
	draft_transit_gateway(d, "tgw", network_ids(plan, (1u << vpcs) - 2, d));
}

static void
declare_rules(const struct plan *plan, struct draft *d, bool backwards)
{
	static const char *const ids[] = { "rule-0", "rule-1", "rule-2", "rule-3", "rule-4" };

	for (unsigned k = 0; k < PLAN_RULES; k++) {
		unsigned i = backwards ? PLAN_RULES - 1 - k : k;
		const struct plan_rule *rule = &plan->rule[i];
		char targets[64] = "";

		if (!rule->used)
			continue;
		if (!rule->system)
			snprintf(targets, sizeof(targets), "%s %s",
				 address_of(plan, rule->to[0]),
				 rule->to[1] == TO_NOBODY ? "" : address_of(plan, rule->to[1]));
		draft_rule(d, ids[i], rule->domain, targets, rule->system ? NULL : "out",
			   network_ids(plan, rule->networks, d));
	}
}

static const char *const zone_ids[] = { "zone-0", "zone-1", "zone-2", "zone-3", "zone-4",
					"zone-5" };

bool
plan_declare(const struct plan *plan, struct draft *d, bool backwards)
{
	struct hosted_zone *zones[PLAN_ZONES] = { NULL };

	declare_networks(plan, d);
	declare_links(plan, d);
	declare_rules(plan, d, backwards);
	d->estate.settings.internet_resolver = draft_targets(d, "9.9.9.9", 53);
	for (unsigned k = 0; k < PLAN_ZONES; k++) {
		unsigned i = backwards ? PLAN_ZONES - 1 - k : k;

		if (plan->zone[i].used)
			zones[i] = draft_zone(d, zone_ids[i], plan->zone[i].name,
					      network_ids(plan, plan->zone[i].networks, d));
	}
	for (unsigned k = 0; k < PLAN_RECORDS; k++) {
		const struct plan_record *r =
			&plan->record[backwards ? PLAN_RECORDS - 1 - k : k];

		if (!r->used || !plan->zone[r->zone].used)
			continue;
		if (r->alias)
			draft_alias(d, zones[r->zone], r->owner, r->type,
				    r->into < 0 ? "Z-ELSEWHERE" : zone_ids[r->into], r->value);
		else
			draft_record(d, zones[r->zone], r->owner, r->type, 60, r->value);
	}
	return estate_check(&d->estate, &d->diags) == OK;
}

static void
print_networks(const struct plan *plan, unsigned bits, FILE *out)
{
	const char *between = "";
	unsigned vpcs = plan->networks - plan->site;

	fprintf(out, "vpcs: [");
	for (unsigned i = 0; i < vpcs; i++) {
		if (!(bits >> i & 1))
			continue;
		fprintf(out, "%s%s", between, network_id(plan, i));
		between = ", ";
	}
	fprintf(out, "]%s", plan->site && bits >> vpcs & 1 ? ", sites: [site]" : "");
}

static void
print_scene(const struct plan *plan, FILE *out)
{
	unsigned vpcs = plan->networks - plan->site;

	fprintf(out, "vpcs:\n");
	for (unsigned i = 0; i < vpcs; i++)
		fprintf(out, "  - {id: %s, cidr_blocks: [10.%u.0.0/16], enable_dns_hostnames: "
			"true}\n", network_id(plan, i), i);
	if (plan->site)
		fprintf(out, "sites:\n  - {id: site, cidr_blocks: [192.168.0.0/16], "
			"connects_to: [vpc-0], servers: [192.168.0.53]}\n");
	fprintf(out, "resolver_endpoints:\n");
	for (unsigned i = 0; i < vpcs; i++)
		fprintf(out, "  - {id: %s, direction: INBOUND, vpc: %s, ip_addresses: [%s]}\n",
			endpoint_in[i], network_id(plan, i), address_of(plan, (int)i));
	fprintf(out, "  - {id: out, direction: OUTBOUND, vpc: vpc-0, ip_addresses: "
		"[10.0.0.20]}\n");
}

static void
print_rules(const struct plan *plan, FILE *out)
{
	fprintf(out, "resolver_rules:\n");
	for (unsigned i = 0; i < PLAN_RULES; i++) {
		const struct plan_rule *r = &plan->rule[i];

		if (!r->used)
			continue;
		fprintf(out, "  - {id: rule-%u, domain_name: \"%s\", rule_type: %s, ", i,
			r->domain, r->system ? "SYSTEM" : "FORWARD");
		if (!r->system)
			fprintf(out, "resolver_endpoint: out, target_ips: [{ip: %s}%s%s%s], ",
				address_of(plan, r->to[0]),
				r->to[1] == TO_NOBODY ? "" : ", {ip: ",
				r->to[1] == TO_NOBODY ? "" : address_of(plan, r->to[1]),
				r->to[1] == TO_NOBODY ? "" : "}");
		print_networks(plan, r->networks, out);
		fprintf(out, "}\n");
	}
}

static void
print_zone(const struct plan *plan, unsigned number, FILE *out)
{
	char type[CODE_TEXT_MAX];

	fprintf(out, "  - id: zone-%u\n    name: %s\n    ", number, plan->zone[number].name);
	fprintf(out, "# ");
	print_networks(plan, plan->zone[number].networks, out);
	fprintf(out, "\n    record_sets:\n");
	for (unsigned i = 0; i < PLAN_RECORDS; i++) {
		const struct plan_record *r = &plan->record[i];

		if (!r->used || r->zone != number)
			continue;
		fprintf(out, "      - {name: \"%s\", type: %s, ", r->owner,
			type_print(r->type, type));
		if (r->alias)
			fprintf(out, "alias_target: {dns_name: %s, hosted_zone: %s}}\n", r->value,
				r->into < 0 ? "Z-ELSEWHERE" : zone_ids[r->into]);
		else
			fprintf(out, "ttl: 60, values: [%s]}\n", r->value);
	}
}

void
plan_print(const struct plan *plan, FILE *out)
{
	print_scene(plan, out);
	print_rules(plan, out);
	fprintf(out, "hosted_zones:\n");
	for (unsigned i = 0; i < PLAN_ZONES; i++)
		if (plan->zone[i].used)
			print_zone(plan, i, out);
}

/** Try it without; keep that when it still fails. */
static bool
try_without(struct plan *plan, bool *used, plan_fails_fn fails)
{
	if (!*used)
		return false;
	*used = false;
	if (fails(plan))
		return true;
	*used = true;
	return false;
}

static bool
try_networks(struct plan *plan, unsigned *networks, plan_fails_fn fails)
{
	for (unsigned i = 0; i < plan->networks; i++) {
		unsigned before = *networks;

		*networks &= ~(1u << i);
		if (!*networks || *networks == before || !fails(plan))
			*networks = before;
		else
			return true;
	}
	return false;
}

void
plan_shrink(struct plan *plan, plan_fails_fn fails)
{
	bool shrunk;

	do {
		shrunk = false;
		for (unsigned i = 0; i < PLAN_RECORDS; i++)
			shrunk |= try_without(plan, &plan->record[i].used, fails);
		for (unsigned i = 0; i < PLAN_RULES; i++)
			shrunk |= try_without(plan, &plan->rule[i].used, fails) ||
				  (plan->rule[i].used &&
				   try_networks(plan, &plan->rule[i].networks, fails));
		for (unsigned i = 0; i < PLAN_ZONES; i++)
			shrunk |= try_without(plan, &plan->zone[i].used, fails) ||
				  (plan->zone[i].used &&
				   try_networks(plan, &plan->zone[i].networks, fails));
	} while (shrunk);
}
