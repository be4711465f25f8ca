#include "lint/clash.h"

#include <string.h>

#include "lint/classes.h"

#define MEMBER_MOST 64	/* fresh names tried before the cuts themselves are */

void
side_find(struct lint *lint, struct side *side, uint32_t zone, const uint8_t *name)
{
	size_t room = 0;

	for (const struct ref *ref = lint->zones[zone]->networks; ref; ref = ref->next)
		room++;
	*side = (struct side){
		.zone = zone, .networks = lint_alloc(lint, room, sizeof(*side->networks)),
	};
	for (const struct ref *ref = lint->zones[zone]->networks; side->networks && ref;
	     ref = ref->next) {
		const struct network *network = ref->object;

		if (lint_reads(lint, network->index, name, zone))
			side->networks[side->count++] = network->index;
	}
}

/** Does the view cut anything out below the top? */
static bool
is_whole(const struct lint *lint, uint32_t network, const uint8_t *top)
{
	return !lint_cut_below(lint, network, top, lint_first_below(lint, network, top));
}

/** Visit each connected pair; with pairs NULL they are only counted. */
static size_t
find_pairs(struct lint *lint, const struct clash *clash, const uint8_t *in_b, struct pair *pairs)
{
	size_t count = 0;

	for (size_t i = 0; i < clash->a.count; i++) {
		uint32_t a = clash->a.networks[i];
		const struct neighbour *list;
		size_t n = neighbours_of(&lint->neighbours, a, &list);

		for (size_t k = 0; k < n; k++) {
			if (!in_b[list[k].network])
				continue;
			if (pairs)
				pairs[count] = (struct pair){
					.a = a, .b = list[k].network, .link = list[k],
				};
			count++;
		}
	}
	return count;
}

bool
clash_pair(struct lint *lint, struct clash *clash)
{
	uint8_t *in_b = lint_alloc(lint, lint->estate->network_count, 1);

	clash->regions_end = &clash->regions;
	if (!in_b)
		return false;
	for (size_t i = 0; i < clash->b.count; i++)
		in_b[clash->b.networks[i]] = 1;
	clash->pairs = lint_alloc(lint, find_pairs(lint, clash, in_b, NULL),
				  sizeof(*clash->pairs));
	if (!clash->pairs)
		return false;
	clash->pair_count = find_pairs(lint, clash, in_b, clash->pairs);
	for (size_t i = 0; i < clash->pair_count; i++) {
		struct pair *pair = &clash->pairs[i];

		pair->whole = is_whole(lint, pair->a, clash->top) &&
			      is_whole(lint, pair->b, clash->top);
	}
	return clash->pair_count > 0;
}

static bool
pair_reads(const struct lint *lint, const struct clash *clash, const struct pair *pair,
	   const struct name *name)
{
	return lint_reads(lint, pair->a, name->wire, clash->a.zone) &&
	       lint_reads(lint, pair->b, name->wire, clash->b.zone);
}

/** Do the zones differ at this very name, as the region says? */
static bool
is_member(struct lint *lint, const struct clash *clash, const struct region *region,
	  const struct name *name)
{
	struct outcome one, other;
	struct suffixes suffixes;
	enum outcome_order order;

	name_suffixes(name, &suffixes);
	one = outcome_find(lint->snap->zones[clash->a.zone], name, &suffixes, region->types[0]);
	other = outcome_find(lint->snap->zones[clash->b.zone], name, &suffixes,
			     region->types[0]);
	order = outcome_compare(&one, &other, &lint->arena);
	lint->nomem |= order == OUTCOMES_UNKNOWN;
	return order == OUTCOMES_DIFFER;
}

/**
 * The region's usual members are all cut out; a SYSTEM rule further down may give some back:
 * the names at which the view of `network` cuts are tried.
 */
static bool
member_at_cut(struct lint *lint, const struct clash *clash, const struct region *region,
	      const struct pair *pair, struct name *out)
{
	const struct cut *cut;

	for (uint32_t i = lint_first_below(lint, pair->a, region->name);
	     (cut = lint_cut_below(lint, pair->a, region->name, i)); i++) {
		name_from_wire(lint_cut_name(lint, cut), out);
		if (pair_reads(lint, clash, pair, out) && is_member(lint, clash, region, out))
			return true;
	}
	return false;
}

/** A name of the region that both networks of the pair read from the two zones. */
static bool
find_member(struct lint *lint, const struct clash *clash, const struct region *region,
	    const struct pair *pair, struct name *out)
{
	const struct zone *a = lint->snap->zones[clash->a.zone];
	const struct zone *b = lint->snap->zones[clash->b.zone];

	for (unsigned i = 0; i < MEMBER_MOST && region_member(region, a, b, i, out); i++)
		if (pair->whole || pair_reads(lint, clash, pair, out))
			return true;
	return region->kind == REGION_OTHERS &&
	       member_at_cut(lint, clash, region, pair, out);
}

struct comparing {
	struct lint *lint;
	struct clash *clash;
};

static void
keep_region(struct comparing *c, const struct region *region, const struct name *member,
	    uint32_t pair)
{
	struct clash_region *kept = lint_alloc(c->lint, 1, sizeof(*kept));

	if (!kept)
		return;
	*kept = (struct clash_region){ .region = *region, .member = *member, .pair = pair };
	*c->clash->regions_end = kept;
	c->clash->regions_end = &kept->next;
	c->clash->region_count++;
}

/** Find which pairs read the region; a whole pair that was found before needs no search. */
static void
judge_region(void *context, const struct region *region)
{
	struct comparing *c = context;
	struct clash *clash = c->clash;
	bool kept = false;

	if (region->unknown) {
		c->lint->nomem = true;
		clash->alike = false;
		return;
	}
	if (region->ttl_only) {
		clash->ttls_differ = true;
		return;
	}
	clash->alike = false;
	for (uint32_t i = 0; i < clash->pair_count; i++) {
		struct pair *pair = &clash->pairs[i];
		struct name member;

		if (kept && pair->affected)
			continue;
		if (!find_member(c->lint, clash, region, pair, &member))
			continue;
		if (!kept)
			keep_region(c, region, &member, i);
		kept = true;
		clash->affected_count += !pair->affected;
		pair->affected = true;
	}
}

void
clash_compare(struct lint *lint, struct clash *clash)
{
	const struct zone *a = lint->snap->zones[clash->a.zone];
	const struct zone *b = lint->snap->zones[clash->b.zone];
	struct comparing comparing = { lint, clash };
	struct zone_tries *tries;
	struct zone_names apart;

	clash->alike = true;
	if (a == b)	/* equal zones are one block */
		return;
	tries = lint_tries(lint);
	if (!zone_names_known(a, b, clash->top)) {
		region_diff(a, b, clash->top, &lint->arena, judge_region, &comparing);
		return;
	}
	if (!tries || !zone_names_apart(tries, a, b, clash->top, true, &lint->arena, &apart)) {
		lint->nomem = true;
		return;
	}
	for (size_t i = 0; i < apart.count; i++)
		region_compare(a, b, apart.names[i], &lint->arena, judge_region, &comparing);
}

/** How well does a region show the clash: names with data, then names, then the others. */
static int
merit(const struct lint *lint, const struct clash *clash, const struct clash_region *r)
{
	const uint32_t zones[] = { clash->a.zone, clash->b.zone };
	int merit = r->region.kind == REGION_NAME;
	struct suffixes suffixes;

	name_suffixes(&r->member, &suffixes);
	for (size_t i = 0; i < COUNT_OF(zones); i++)
		if (lookup_find(lint->snap->zones[zones[i]], &r->member, &suffixes,
				r->region.types[0]).kind == LOOKUP_ANSWER)
			return merit + 1;
	return merit;
}

void
clash_witness(const struct lint *lint, const struct clash *clash, struct witness *out)
{
	const struct clash_region *best = clash->regions;
	int most = merit(lint, clash, best);

	for (const struct clash_region *r = best->next; r && most < 2; r = r->next) {
		if (merit(lint, clash, r) > most) {
			best = r;
			most = merit(lint, clash, r);
		}
	}
	*out = (struct witness){ .name = best->member, .type = best->region.types[0] };
	witness_claim_zone(out, clash->pairs[best->pair].a, clash->a.zone);
	witness_claim_zone(out, clash->pairs[best->pair].b, clash->b.zone);
}

void
clash_add_pairs(struct lint *lint, struct finding *finding, const struct clash *clash,
		size_t *room)
{
	for (size_t i = 0; i < clash->pair_count && *room; i++) {
		const struct pair *pair = &clash->pairs[i];

		if (!pair->affected && clash->affected_count)
			continue;
		diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(pair->link.kind),
			 pair->link.id, pair->link.at, "connects %s and %s",
			 lint->networks[pair->a]->id, lint->networks[pair->b]->id);
		(*room)--;
	}
}

void
clash_mark_networks(const struct clash *clash, uint8_t *concerned)
{
	for (size_t i = 0; i < clash->pair_count; i++) {
		const struct pair *pair = &clash->pairs[i];

		if (!pair->affected && clash->affected_count)
			continue;
		concerned[pair->a] = concerned[pair->b] = 1;
	}
}

void
clash_add_networks(struct lint *lint, struct finding *finding, const uint8_t *concerned)
{
	for (uint32_t i = 0; i < lint->estate->network_count; i++)
		if (concerned[i])
			lint_add_network(lint, finding, i);
}

void
clash_add_names(struct lint *lint, struct finding *finding, const struct clash_region *r)
{
	for (size_t shown = 0; r && shown < LINT_SHOWN; r = r->next, shown++) {
		char name[NAME_TEXT_MAX];
		struct text types;

		text_init(&types);
		region_print_types(&r->region, &types);
		if (!types.failed)
			diag_add(lint->diags, finding, PART_NAMES,
				 region_kind_text(r->region.kind),
				 name_print(r->region.name, name), (struct srcloc){ 0 }, "%s",
				 types.data);
		text_fini(&types);
	}
}
