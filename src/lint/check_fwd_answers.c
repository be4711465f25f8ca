#include "lint/checks.h"
#include "lint/clash.h"
#include "lint/hops.h"
#include "lint/stale.h"

/*
 * FWD306: two targets of one rule lead to networks that have different zones for the domain,
 * or for a name below it.  A target that leads to nobody we know may say anything, and one
 * that knows nothing of the domain is FWD308.
 */

/* One rule and two of its targets. */
struct forked {
	struct lint *lint;
	const struct resolver_rule *rule;
	struct hop one, other;
	struct clash *clash;		/* the first zones that differ */
	size_t name_count;		/* in these and all others */
};

/** The zones of both networks at this name; false: one of them has none, or they are one. */
static bool
zones_at(const struct forked *f, const uint8_t *name, uint32_t *one, uint32_t *other)
{
	struct route a = lint_route(f->lint, f->one.to, name);
	struct route b = lint_route(f->lint, f->other.to, name);

	if (a.kind != ROUTE_ZONE || b.kind != ROUTE_ZONE || a.cut->target == b.cut->target)
		return false;
	*one = a.cut->target;
	*other = b.cut->target;
	return true;
}

static struct side
side_of(struct lint *lint, uint32_t zone, uint32_t network)
{
	struct side side = { .zone = zone, .count = 1,
			     .networks = lint_alloc(lint, 1, sizeof(*side.networks)) };

	if (side.networks)
		side.networks[0] = network;
	return side;
}

static bool
is_whole(const struct lint *lint, uint32_t network, const uint8_t *top)
{
	return !lint_cut_below(lint, network, top, lint_first_below(lint, network, top));
}

/** Compare what the two zones say at and below the name. */
static void
compare_at(struct forked *f, const uint8_t *name, uint32_t one, uint32_t other)
{
	struct lint *lint = f->lint;
	struct clash *clash = lint_alloc(lint, 1, sizeof(*clash));

	if (!clash)
		return;
	clash->a = side_of(lint, one, f->one.to);
	clash->b = side_of(lint, other, f->other.to);
	clash->top = name;
	clash->regions_end = &clash->regions;
	clash->pairs = lint_alloc(lint, 1, sizeof(*clash->pairs));
	if (!clash->a.networks || !clash->b.networks || !clash->pairs)
		return;
	clash->pair_count = 1;
	clash->pairs[0] = (struct pair){
		.a = f->one.to, .b = f->other.to,
		.whole = is_whole(lint, f->one.to, name) && is_whole(lint, f->other.to, name),
	};
	clash_compare(lint, clash);
	f->name_count += clash->region_count;
	if (clash->region_count && !f->clash)
		f->clash = clash;
}

static bool
has_cut_at(const struct lint *lint, uint32_t network, const uint8_t *name)
{
	return lint_route(lint, network, name).cut->labels == name_wire_labels(name);
}

/** Compare at each cut below the domain that changes the zone on some side. */
static void
compare_below(struct forked *f, uint32_t cuts_of)
{
	const uint8_t *domain = f->rule->domain_name;
	const struct cut *cut;

	for (uint32_t i = lint_first_below(f->lint, cuts_of, domain);
	     (cut = lint_cut_below(f->lint, cuts_of, domain, i)); i++) {
		const uint8_t *name = lint_cut_name(f->lint, cut);
		uint32_t above[2], here[2];

		if (!zones_at(f, name, &here[0], &here[1]))
			continue;
		if (zones_at(f, name_wire_parent(name), &above[0], &above[1]) &&
		    above[0] == here[0] && above[1] == here[1])
			continue;	/* told of the name above */
		if (cuts_of == f->other.to &&
		    has_cut_at(f->lint, f->one.to, name))
			continue;	/* told when the first network's cuts were gone through */
		compare_at(f, name, here[0], here[1]);
	}
}

static void
report_forked(const struct forked *f, const struct lint_check *check, const struct hops *hops)
{
	struct lint *lint = f->lint;
	struct witness witness;
	struct finding *finding;
	char name[NAME_TEXT_MAX];

	clash_witness(lint, f->clash, &witness);
	if (!witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, f->other.target->at,
			    "targets of rule \"%s\" give different answers for %s of %s: it is "
			    "chance which one is asked", f->rule->id,
			    lint_count(lint, f->name_count, "name", "names"),
			    name_print(f->rule->domain_name, name));
	hops_add(hops, finding, &f->one);
	hops_add(hops, finding, &f->other);
	lint_add_zone(lint, finding, f->clash->a.zone, "is what the one reads");
	lint_add_zone(lint, finding, f->clash->b.zone, "is what the other reads");
	lint_add_network(lint, finding, f->one.from);
	clash_add_names(lint, finding, f->clash->regions);
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "make both networks read one zone, or drop one of the "
		      "targets");
}

/** Compare the first target that leads somewhere with each other one, until two differ. */
static void
judge_targets(struct lint *lint, const struct lint_check *check, const struct hops *hops,
	      const struct resolver_rule *rule)
{
	const struct network *from = rule->networks->object;
	struct forked f = { .lint = lint, .rule = rule };
	bool known = false;

	if (!from)
		return;
	for (const struct target *t = rule->targets; t && !f.clash && !lint->nomem; t = t->next) {
		struct hop hop = { .from = from->index, .rule = rule->index };
		uint32_t one, other;

		if (!hops_follow(hops, t, &hop) ||
		    !snapshot_network(lint->snap, hop.to)->dns_support)
			continue;
		if (!known)
			f.one = hop;
		else if (hop.to != f.one.to) {
			f.other = hop;
			if (zones_at(&f, rule->domain_name, &one, &other))
				compare_at(&f, rule->domain_name, one, other);
			compare_below(&f, f.one.to);
			compare_below(&f, f.other.to);
		}
		known = true;
	}
	if (f.clash)
		report_forked(&f, check, hops);
}

void
check_targets_disagree(struct lint *lint, const struct lint_check *check)
{
	struct hops hops;

	hops_init(lint, &hops);
	for (const struct resolver_rule *r = lint->estate->rules; r && !lint->nomem; r = r->next)
		if (r->type == RULE_FORWARD && r->networks)
			judge_targets(lint, check, &hops, r);
}

/* FWD312: a site's own copy of a zone. */

/** The networks of both sides that are on a way by which the site could ask. */
static void
find_ways(struct lint *lint, struct clash *clash)
{
	clash->regions_end = &clash->regions;
	clash->pairs = lint_alloc(lint, clash->a.count * clash->b.count,
				  sizeof(*clash->pairs));
	for (size_t i = 0; clash->pairs && i < clash->a.count; i++) {
		for (size_t j = 0; j < clash->b.count; j++) {
			struct pair pair = { .a = clash->a.networks[i],
					     .b = clash->b.networks[j] };

			if (!stale_way(lint, pair.a, pair.b))
				continue;
			pair.whole = is_whole(lint, pair.a, clash->top) &&
				     is_whole(lint, pair.b, clash->top);
			clash->pairs[clash->pair_count++] = pair;
		}
	}
}

static void
report_stale(struct lint *lint, const struct lint_check *check, const struct clash *clash)
{
	const struct pair *pair = &clash->pairs[clash->regions->pair];
	const struct resolver_rule *way = stale_way(lint, pair->a, pair->b);
	struct witness witness;
	struct finding *finding;
	char name[NAME_TEXT_MAX];

	clash_witness(lint, clash, &witness);
	if (!witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, lint->zones[clash->a.zone]->name_at,
			    "site \"%s\" answers %s from a copy of its own, which differs in %s "
			    "from zone \"%s\" of \"%s\", a network that it forwards to",
			    lint->networks[pair->a]->id, name_print(clash->top, name),
			    lint_count(lint, clash->region_count, "name", "names"),
			    lint->zones[clash->b.zone]->id, lint->networks[pair->b]->id);
	lint_add_zone(lint, finding, clash->a.zone, "is the site's copy");
	lint_add_zone(lint, finding, clash->b.zone, "is what the VPC reads");
	lint_add_network(lint, finding, pair->a);
	lint_add_network(lint, finding, pair->b);
	clash_add_names(lint, finding, clash->regions);
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "forward %s as rule \"%s\" does, and drop the copy", name,
		      way->id);
}

static void
judge_copy(struct lint *lint, const struct lint_check *check, uint32_t copy, uint32_t zone)
{
	struct clash clash = { .top = lint_zone_name(lint, zone) };

	side_find(lint, &clash.a, copy, clash.top);
	side_find(lint, &clash.b, zone, clash.top);
	find_ways(lint, &clash);
	if (lint->nomem || clash.pair_count == 0)
		return;
	clash_compare(lint, &clash);
	if (clash.region_count)
		report_stale(lint, check, &clash);
}

/* Zones of one name that some VPC has. */
struct original {
	uint32_t zone;
	struct original *next;
};

/** Enter the zone under its name. */
static void
enter_original(struct lint *lint, struct table *by_name, const struct hosted_zone *zone)
{
	size_t len = name_wire_len(zone->name);
	struct original *new = lint_alloc(lint, 1, sizeof(*new));

	if (!new)
		return;
	*new = (struct original){ zone->index, table_find(by_name, zone->name, len) };
	if (table_put(by_name, zone->name, len, new) != OK)
		lint->nomem = true;
}

static bool
is_of_site(const struct hosted_zone *zone)
{
	const struct network *first = zone->networks ? zone->networks->object : NULL;

	return first && first->kind == NETWORK_SITE;
}

void
check_onprem_answers_stale(struct lint *lint, const struct lint_check *check)
{
	struct table by_name;

	table_init(&by_name, &lint->arena);
	for (const struct hosted_zone *z = lint->estate->zones; z; z = z->next)
		if (z->networks && !is_of_site(z))
			enter_original(lint, &by_name, z);
	for (const struct hosted_zone *z = lint->estate->zones; z && !lint->nomem; z = z->next) {
		const struct original *o = NULL;

		if (is_of_site(z))
			o = table_find(&by_name, z->name, name_wire_len(z->name));
		for (; o; o = o->next)
			if (stale_is(lint, z->index, o->zone))
				judge_copy(lint, check, z->index, o->zone);
	}
}
