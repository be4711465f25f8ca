#include "engine/walk.h"

#include "dns/codes.h"
#include "engine/autodef.h"
#include "engine/pick.h"
#include "estate/record.h"

#define ALIAS_AWS_TTL_S 60	/* at most, of a target outside the zone (4.3.7) */

_Static_assert(ANSWER_MAX_ITEMS >= 2 * CHASE_MAX_HOPS + PICK_MAX,
	       "the longest chain of DNAMEs, and all that a name answers, fit an answer");

static uint32_t
negative_ttl(const struct walk *w, const struct zone *zone)
{
	uint32_t most = walk_assume(w, ASSUME_NEGATIVE_TTL_CAP);

	return most && most < zone->negative_ttl_s ? most : zone->negative_ttl_s;
}

/** The rcode speaks of the chain's last name (RFC 6604). */
static enum step
zone_negative(struct walk *w, const struct zone *zone, uint16_t rcode)
{
	const struct zone_set *soa = zone_set_at(zone, zone->soa_at);

	w->answer->rcode = rcode;
	walk_add(w, SECTION_AUTHORITY, zone_rrset(soa, zone_name(zone)), negative_ttl(w, zone));
	return STEP_DONE;
}

enum step
hop_alias_empty(struct walk *w)
{
	return zone_negative(w, w->alias_zone, RCODE_NOERROR);
}

static enum step
zone_alias(struct walk *w, const struct zone *zone, const struct zone_set *set)
{
	const struct zone_alias *alias = zone_set_alias(zone, set);

	if (!w->alias_zone) {
		w->alias_zone = zone;
		w->alias_owner = w->owner;
		w->alias_ttl_s = UINT32_MAX;
	}
	if (!alias->same_zone && w->alias_ttl_s > ALIAS_AWS_TTL_S)
		w->alias_ttl_s = ALIAS_AWS_TTL_S;
	return walk_follow_in(w, block_at(&zone->block, alias->name_at),
			      alias->same_zone ? zone : NULL);
}

/** Each set of a group: is it among those taken? */
static void
tell_members(const struct walk *w, const struct zone *zone, const struct zone_set_ref *ref,
	     const struct zone_set *const sets[PICK_MAX], unsigned taken)
{
	const struct health health = { .snap = w->by->snap, .healthy = w->by->healthy };

	for (unsigned i = 0; i < ref->members; i++) {
		struct explain_step step = {
			.kind = EXPLAIN_MEMBER,
			.zone = zone,
			.group = ref,
			.member = zone_set_at(zone, ref[i].set_at),
		};

		for (unsigned k = 0; k < taken; k++)
			step.taken |= sets[k] == step.member;
		step.health = health_state(&health, zone, step.member);
		walk_tell(w, step);
	}
}

/** The winners of a group under a routing policy; 0: none, for this network. */
static unsigned
pick(const struct walk *w, const struct zone *zone, const struct zone_set_ref *ref,
     const struct zone_set *sets[PICK_MAX])
{
	const struct snapshot *snap = w->by->snap;
	struct chooser by = {
		.region = snapshot_string(snap, snapshot_network(snap, w->by->network)->region_at),
		.random = w->by->random,
		.snap = snap,
		.healthy = w->by->healthy,
	};
	unsigned taken = pick_sets(zone, ref, &by, sets);

	if (w->by->tell)
		tell_members(w, zone, ref, sets, taken);
	return taken;
}

/** A routing policy gives the network none of the sets that there are. */
static enum step
zone_nothing(struct walk *w, const struct zone *zone)
{
	return w->alias_zone ? hop_alias_empty(w) : zone_negative(w, zone, RCODE_NOERROR);
}

/** ANY at a name that has data (RFC 8482 4.2). */
static enum step
answer_any(struct walk *w)
{
	static const uint8_t hinfo[] = "\300\014\000\015\000\001\000\000\016\020\000\011"
				       "\007RFC8482";	/* and the empty string */
	static const struct rrset set = { .type = TYPE_HINFO, .count = 1, .ttl_s = 3600,
					  .wire = hinfo, .wire_len = sizeof(hinfo) };

	walk_add_final(w, set, set.ttl_s);
	return STEP_DONE;
}

/** The set's records; several come in a random order (4.4.3), while there is room for it. */
static struct rrset
zone_records(const struct walk *w, const struct zone_set *set)
{
	struct rrset records = zone_rrset(set, NULL);
	void *room;

	if (records.count > 1 && w->by->random) {
		room = scratch_room(w->by->scratch, rrset_shuffle_room(&records));
		if (room)
			rrset_shuffle(&records, w->by->random, room, &records);
	}
	return records;
}

static enum step
zone_answer(struct walk *w, const struct zone *zone, const struct zone_set_ref *ref)
{
	const struct zone_set *sets[PICK_MAX] = { zone_set_at(zone, ref->set_at) };
	unsigned taken = 1;
	uint32_t ttl_s;

	if (w->q->type == TYPE_ANY && ref->type != TYPE_CNAME &&
	    (walk_assume(w, ASSUME_ANY_ANSWER) != ANY_SUBSET || sets[0]->alias_at))
		return answer_any(w);
	if (sets[0]->policy != POLICY_SIMPLE)
		taken = pick(w, zone, ref, sets);
	if (!taken)
		return zone_nothing(w, zone);
	if (sets[0]->alias_at)
		return zone_alias(w, zone, sets[0]);
	ttl_s = sets[0]->ttl_s;		/* one for all of a set (RFC 2181 5.2) */
	for (unsigned i = 1; i < taken; i++)
		ttl_s = sets[i]->ttl_s < ttl_s ? sets[i]->ttl_s : ttl_s;
	for (unsigned i = 0; i < taken; i++)
		if (!walk_add_final(w, zone_records(w, sets[i]), ttl_s))
			break;
	return STEP_DONE;
}

static enum step
zone_cname(struct walk *w, const struct zone *zone, const struct zone_set_ref *ref)
{
	const struct zone_set *sets[PICK_MAX] = { zone_set_at(zone, ref->set_at) };
	struct rrset set;

	if (sets[0]->policy != POLICY_SIMPLE && !pick(w, zone, ref, sets))
		return zone_nothing(w, zone);
	if (sets[0]->alias_at)
		return zone_alias(w, zone, sets[0]);
	set = zone_rrset(sets[0], NULL);
	return walk_add_link(w, set, set.ttl_s) ? walk_follow(w, walk_target(&set)) : STEP_DONE;
}

/** The name below a DNAME with its end replaced; false: it would be too long. */
static bool
substitute(const struct walk *w, const struct zone_node *node, const uint8_t *target,
	   uint8_t out[NAME_MAX_OCTETS], size_t *len)
{
	size_t front = w->suffixes->offset[node->labels], rest = name_wire_len(target);

	if (front + rest > NAME_MAX_OCTETS)
		return false;
	memcpy(out, w->name->wire, front);
	memcpy(out + front, target, rest);
	*len = front + rest;
	return true;
}

/** A chain may pass one DNAME more than once; a record stands once in a section. */
static bool
is_said(const struct answer *answer, const struct rrset *set)
{
	for (unsigned i = 0; i < answer->count; i++)
		if (answer->items[i].set.wire == set->wire)
			return true;
	return false;
}

/**
 * RFC 6672 3.2: the DNAME, and a CNAME made from it for those who know none.  To one who
 * asks for CNAMEs it is the answer, as one that stands in the zone (RFC 1034 4.3.2 3a).
 */
static enum step
zone_dname(struct walk *w, const struct zone *zone, const struct lookup *found)
{
	struct rrset dname = zone_rrset(zone_set_at(zone, found->ref->set_at),
					zone_node_name(found->node));
	uint8_t name[NAME_MAX_OCTETS];
	struct rrset cname;
	size_t len;

	if (!w->alias_zone && !is_said(w->answer, &dname) &&
	    !walk_add(w, SECTION_ANSWER, dname, dname.ttl_s))
		return STEP_DONE;
	if (!substitute(w, found->node, walk_target(&dname), name, &len)) {
		w->answer->rcode = RCODE_YXDOMAIN;
		return STEP_DONE;
	}
	if (!scratch_rrset(w->by->scratch, TYPE_CNAME, dname.ttl_s,
			   (struct rdata){ name, (uint16_t)len }, &cname))
		return walk_fail(w, "no room for a synthesised CNAME");
	if (w->q->type == TYPE_CNAME || w->q->type == TYPE_ANY) {
		walk_add_final(w, cname, cname.ttl_s);
		return STEP_DONE;
	}
	return walk_add_link(w, cname, cname.ttl_s) ? walk_follow(w, walk_target(&cname))
						    : STEP_DONE;
}

enum step
hop_zone(struct walk *w, const struct zone *zone)
{
	struct lookup found = lookup_find(zone, w->name, w->suffixes, w->q->type);

	count_up(&w->by->counters->zone_answers);
	if (w->by->tell)
		walk_tell(w, (struct explain_step){ .kind = EXPLAIN_LOOKUP, .lookup = found });
	switch (found.kind) {
	case LOOKUP_ANSWER:
		return zone_answer(w, zone, found.ref);
	case LOOKUP_CNAME:
		return zone_cname(w, zone, found.ref);
	case LOOKUP_DNAME:
		return zone_dname(w, zone, &found);
	case LOOKUP_NODATA:
	case LOOKUP_NXDOMAIN:
		if (w->alias_zone)
			return hop_alias_empty(w);
		return zone_negative(w, zone, found.kind == LOOKUP_NODATA ? RCODE_NOERROR
									  : RCODE_NXDOMAIN);
	case LOOKUP_DELEGATED:
		return hop_delegated(w, zone, &found);
	}
	return STEP_DONE;
}

enum step
hop_autodefined(struct walk *w)
{
	struct autodef found;

	count_up(&w->by->counters->autodefined_answers);
	if (!autodef_find(w->by->snap, &w->route, w->name, w->q->type, w->by->scratch, &found))
		return walk_fail(w, "no room for a synthesised answer");
	if (found.kind == LOOKUP_ANSWER) {
		walk_add_final(w, found.set, found.set.ttl_s);
		return STEP_DONE;
	}
	if (w->alias_zone)
		return hop_alias_empty(w);
	if (found.kind == LOOKUP_NXDOMAIN)
		w->answer->rcode = RCODE_NXDOMAIN;
	walk_add(w, SECTION_AUTHORITY, found.set, found.set.ttl_s);
	return STEP_DONE;
}
