#include "engine/walk.h"

#include "dns/codes.h"

void
walk_tell(const struct walk *w, struct explain_step step)
{
	step.network = w->by->network;
	step.hop = w->hop;
	step.name = w->name;
	w->by->tell(w->by->context, &step);
}

enum step
walk_fail(struct walk *w, const char *why)
{
	answer_fail(w->answer, RCODE_SERVFAIL, EDE_OTHER, why);
	return STEP_DONE;
}

bool
walk_add(struct walk *w, enum section section, struct rrset set, uint32_t ttl_s)
{
	if (w->by->tell)
		walk_tell(w, (struct explain_step){ .kind = EXPLAIN_RECORDS, .set = set,
						    .ttl_s = ttl_s, .section = section });
	if (answer_add(w->answer, section, set, ttl_s))
		return true;
	walk_fail(w, "the answer has too many record sets");
	return false;
}

bool
walk_add_link(struct walk *w, struct rrset set, uint32_t ttl_s)
{
	if (w->alias_zone) {
		if (ttl_s < w->alias_ttl_s)
			w->alias_ttl_s = ttl_s;
		return true;
	}
	set.owner = w->owner;
	return walk_add(w, SECTION_ANSWER, set, ttl_s);
}

bool
walk_add_final(struct walk *w, struct rrset set, uint32_t ttl_s)
{
	set.owner = w->owner;
	if (w->alias_zone) {
		set.owner = w->alias_owner;
		ttl_s = ttl_s < w->alias_ttl_s ? ttl_s : w->alias_ttl_s;
	}
	return walk_add(w, SECTION_ANSWER, set, ttl_s);
}

/** What stands for a name and the place where it is asked for. */
static uint64_t
place_of(const struct name *name, const struct suffixes *suffixes, const struct zone *inside)
{
	uint64_t hash = suffixes->hash[name->labels];

	return inside ? hash_mix(hash, (uintptr_t)inside) : hash;
}

enum step
walk_follow_in(struct walk *w, const uint8_t *target, const struct zone *zone)
{
	struct later *later = w->later;

	if (w->hop >= walk_assumed(w, ASSUME_CHAIN_LIMIT)) {
		walk_assume(w, ASSUME_CHAIN_LIMIT);
		return walk_fail(w, "CNAME chain too long");
	}
	later->seen[w->hop] = w->hop ? later->present : place_of(w->name, w->suffixes, NULL);
	w->hop++;
	name_lower(target, &later->name);
	name_suffixes(&later->name, &later->suffixes);
	w->name = &later->name;
	w->suffixes = &later->suffixes;
	w->owner = target;
	w->inside = zone && name_wire_covers(zone_name(zone), w->name->wire) ? zone : NULL;
	later->present = place_of(w->name, w->suffixes, w->inside);
	for (unsigned i = 0; i < w->hop; i++)
		if (later->seen[i] == later->present)
			return walk_fail(w, "CNAME loop");
	if (w->by->tell)
		walk_tell(w, (struct explain_step){ .kind = EXPLAIN_HOP });
	return STEP_FOLLOW;
}

enum step
walk_follow(struct walk *w, const uint8_t *target)
{
	return walk_follow_in(w, target, NULL);
}

uint32_t
walk_assume(const struct walk *w, enum assume point)
{
	if (w->by->tell)
		walk_tell(w, (struct explain_step){ .kind = EXPLAIN_ASSUME, .assume = point,
						    .value = walk_assumed(w, point) });
	return walk_assumed(w, point);
}

/** What the cut table was made by. */
static void
tell_assumed(const struct walk *w)
{
	const struct snapshot_network *network = snapshot_network(w->by->snap, w->by->network);
	const struct cut *cut = w->route.cut;

	if (w->route.kind != ROUTE_OFF && !network->dns_hostnames)
		walk_assume(w, ASSUME_ATTRIBUTES_OFF);
	if (cut && cut->system && (walk_assumed(w, ASSUME_SYSTEM_RULE_ZONE)
					   ? w->route.kind == ROUTE_ZONE &&
						     w->route.zone->labels < cut->labels
					   : cut->action == CUT_INTERNET))
		walk_assume(w, ASSUME_SYSTEM_RULE_ZONE);
}

void
walk_route(struct walk *w)
{
	w->route = route_select(w->by->snap, w->by->network, w->name, w->suffixes);
	if (w->by->tell) {
		walk_tell(w, (struct explain_step){ .kind = EXPLAIN_ROUTE, .cut = w->route.cut,
						    .route = w->route });
		tell_assumed(w);
	}
}
