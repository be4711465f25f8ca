#include "lint/chains.h"

#include <stdlib.h>
#include <string.h>

#include "dns/codes.h"
#include "snapshot/slots.h"

enum link_state { LINK_NEW, LINK_OPEN, LINK_DONE };

struct chain_link {
	const struct zone_node *node;
	const struct zone_set_ref *ref;	/* of the first member */
	enum link_state state;
	unsigned member;		/* the way on that is being followed */
	uint32_t length;		/* links of the longest way from here on, this one too */
	bool entered;			/* some link leads here */
};

void
chains_init(struct chains *c, struct lint *lint)
{
	*c = (struct chains){ .lint = lint };
}

void
chains_fini(struct chains *c)
{
	free(c->links);
	free(c->slots);
	free(c->way);
}

void
chains_begin(struct chains *c, uint32_t zone)
{
	c->number = zone;
	c->count = 0;
}

void
chains_add(struct chains *c, const struct zone_node *node, const struct zone_set_ref *ref)
{
	if (c->count == c->room) {
		size_t room = c->room ? 2 * c->room : 64;
		struct chain_link *more = reallocarray(c->links, room, sizeof(*more));

		if (!more) {
			c->lint->nomem = true;
			return;
		}
		c->links = more;
		c->room = room;
	}
	c->links[c->count++] = (struct chain_link){ .node = node, .ref = ref };
}

static const struct zone *
zone_of(const struct chains *c)
{
	return c->lint->snap->zones[c->number];
}

/** References are 8 octets each: their places differ behind these bits. */
static uint32_t
slot_of(const struct chains *c, const struct zone_set_ref *ref)
{
	uint64_t hash = ((uint64_t)(uintptr_t)ref >> 3) * 0x9e3779b97f4a7c15ull;

	return (uint32_t)(hash >> 32) & (uint32_t)(c->slot_count - 1);
}

static bool
index_links(struct chains *c)
{
	size_t slot_count = slots_for(c->count);
	uint32_t *way = reallocarray(c->way, c->count, sizeof(*way));
	uint32_t *slots;

	if (way)
		c->way = way;
	slots = reallocarray(c->slots, slot_count, sizeof(*slots));
	if (slots)
		c->slots = slots;
	if (!way || !slots) {
		c->lint->nomem = true;
		return false;
	}
	c->slot_count = slot_count;
	memset(slots, 0, slot_count * sizeof(*slots));
	for (uint32_t i = 0; i < c->count; i++) {
		uint32_t at = slot_of(c, c->links[i].ref);

		while (slots[at])
			at = (at + 1) & (uint32_t)(slot_count - 1);
		slots[at] = i + 1;
	}
	return true;
}

static struct chain_link *
find_link(const struct chains *c, const struct zone_set_ref *ref)
{
	uint32_t at = slot_of(c, ref);

	for (; c->slots[at]; at = (at + 1) & (uint32_t)(c->slot_count - 1))
		if (c->links[c->slots[at] - 1].ref == ref)
			return &c->links[c->slots[at] - 1];
	return NULL;
}

static const struct zone_set *
member_set(const struct chains *c, const struct chain_link *link)
{
	return zone_set_at(zone_of(c), link->ref[link->member].set_at);
}

/** Where the present member leads, if that is a name of the zone's. */
static bool
link_target(const struct chains *c, const struct chain_link *link, struct name *out)
{
	const struct zone *zone = zone_of(c);
	const struct zone_set *set = member_set(c, link);
	const struct zone_alias *alias = zone_set_alias(zone, set);
	struct rrset rrset = zone_rrset(set, NULL);
	struct rrset_walk walk = rrset_begin(&rrset);
	struct rdata rdata;

	if (alias) {
		name_from_wire(block_at(&zone->block, alias->name_at), out);
		return alias->same_zone;
	}
	return rrset_next(&walk, &rdata) && scan_target(TYPE_CNAME, &rdata, out) &&
	       name_wire_covers(zone_name(zone), out->wire);
}

static struct suspect *
note(struct chains *c, struct scan *scan, enum fault fault, const struct chain_link *link,
     const struct name *target, const char *why)
{
	const uint8_t *name = name_store(&c->lint->arena, target);

	if (!name) {
		c->lint->nomem = true;
		return NULL;
	}
	return scan_note(c->lint, scan, fault, (struct suspect){
		.zone = c->number, .node = link->node, .set = member_set(c, link),
		.target = name, .why = why,
	});
}

/** An alias into a zone that no id names: the service's ids have at least a dozen letters. */
static bool
names_no_zone(const char *id)
{
	size_t len = strlen(id);

	return len < 12 || *id != 'Z' ||
	       strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != len;
}

/** An alias that leads elsewhere: to a service, one hopes. */
static void
check_foreign(struct chains *c, struct scan *scan, const struct chain_link *link,
	      const struct name *target)
{
	const struct zone *zone = zone_of(c);
	const struct zone_alias *alias = zone_set_alias(zone, member_set(c, link));
	const char *id = alias ? block_string(&zone->block, alias->hosted_zone_at) : NULL;

	if (!alias)
		return;
	if (strcmp(id, c->lint->zones[c->number]->id) == 0)
		note(c, scan, FAULT_ALIAS_DANGLING, link, target, "is not in the zone");
	else if (names_no_zone(id))
		note(c, scan, FAULT_ALIAS_DANGLING, link, target,
		     "is in a zone that the estate does not have");
}

/** The link that the present member leads to; a dead end is noted. */
static struct chain_link *
follow_member(struct chains *c, struct scan *scan, const struct chain_link *link)
{
	const struct zone_set *set = member_set(c, link);
	bool alias = set->alias_at != 0;
	struct lookup found;
	struct name target;

	if (!link_target(c, link, &target)) {
		check_foreign(c, scan, link, &target);
		return NULL;
	}
	found = scan_lookup(zone_of(c), &target, alias ? set->type : TYPE_A);
	switch (found.kind) {
	case LOOKUP_CNAME:
	case LOOKUP_ANSWER:
		return find_link(c, found.ref);
	case LOOKUP_NXDOMAIN:
		if (alias || !scan_ends_twice(zone_of(c), &target))	/* has a code of its own */
			note(c, scan, alias ? FAULT_ALIAS_DANGLING : FAULT_CNAME_DANGLING,
			     link, &target, "does not exist");
		return NULL;
	case LOOKUP_NODATA:
		if (alias)
			note(c, scan, FAULT_ALIAS_DANGLING, link, &target,
			     "has no record of this type");
		return NULL;
	case LOOKUP_DNAME:
	case LOOKUP_DELEGATED:
		return NULL;
	}
	return NULL;
}

/** The links of the way from number `from` to its end lead back to the first of them. */
static void
note_circle(struct chains *c, struct scan *scan, size_t from, size_t depth)
{
	struct suspect *first = NULL, **end = &first;

	for (size_t i = from; i < depth; i++) {
		const struct chain_link *link = &c->links[c->way[i]];
		const uint8_t *name;
		struct name target;
		struct suspect *new;

		if (!link_target(c, link, &target))
			return;
		name = name_store(&c->lint->arena, &target);
		new = lint_alloc(c->lint, 1, sizeof(*new));
		if (!name || !new) {
			c->lint->nomem = true;
			return;
		}
		*new = (struct suspect){
			.zone = c->number, .node = link->node, .set = member_set(c, link),
			.target = name,
		};
		*end = new;
		end = &new->around;
	}
	if (first)
		scan_note(c->lint, scan, FAULT_LOOP, *first);
}

/** Its number on the way. */
static size_t
place_on_way(const struct chains *c, uint32_t number, size_t depth)
{
	while (c->way[depth - 1] != number)
		depth--;
	return depth - 1;
}

/** One step from the end of the way: on to a new link, or back. */
static size_t
step(struct chains *c, struct scan *scan, size_t depth)
{
	struct chain_link *link = &c->links[c->way[depth - 1]], *next;

	if (link->member == link->ref->members) {
		link->state = LINK_DONE;
		link->member = 0;
		if (depth > 1) {
			struct chain_link *before = &c->links[c->way[depth - 2]];

			if (before->length <= link->length)
				before->length = link->length + 1;
			before->member++;
		}
		return depth - 1;
	}
	next = follow_member(c, scan, link);
	if (next && next->state == LINK_NEW) {
		next->entered = true;
		next->state = LINK_OPEN;
		next->length = 1;
		c->way[depth] = (uint32_t)(next - c->links);
		return depth + 1;
	}
	if (next && next->state == LINK_OPEN)
		note_circle(c, scan, place_on_way(c, (uint32_t)(next - c->links), depth), depth);
	if (next) {
		next->entered = true;
		if (next->state == LINK_DONE && link->length <= next->length)
			link->length = next->length + 1;
	}
	link->member++;
	return depth;
}

static void
note_long(struct chains *c, struct scan *scan, struct chain_link *link)
{
	struct suspect *suspect;
	struct name target;

	if (link->entered || link->length <= CHAIN_MOST || !link_target(c, link, &target))
		return;
	suspect = note(c, scan, FAULT_LONG_CHAIN, link, &target, NULL);
	if (suspect)
		suspect->count = link->length;
}

void
chains_end(struct chains *c, struct scan *scan)
{
	if (!c->count || c->lint->nomem || !index_links(c))
		return;
	for (uint32_t i = 0; i < c->count; i++) {
		size_t depth = 1;

		if (c->links[i].state != LINK_NEW)
			continue;
		c->links[i].state = LINK_OPEN;
		c->links[i].length = 1;
		c->way[0] = i;
		while (depth && !c->lint->nomem)
			depth = step(c, scan, depth);
	}
	for (uint32_t i = 0; i < c->count; i++)
		note_long(c, scan, &c->links[i]);
}
