#include "lint/region.h"

#include <stdio.h>
#include <string.h>

#include "dns/codes.h"

#define MEMBER_TRIES 1000

/* Two zones being compared at one name. */
struct comparison {
	const struct zone *a, *b;
	struct name name;
	struct suffixes suffixes;
	bool apex;		/* of either zone */
	struct arena *scratch;
	struct region *region;
	bool differs;		/* in more than TTLs */
};

static void
note_type(struct region *region, uint16_t type)
{
	if (region->type_count < REGION_TYPES)
		region->types[region->type_count++] = type;
}

static enum outcome_order
compare_type(const struct comparison *c, uint16_t type)
{
	struct outcome one = outcome_find(c->a, &c->name, &c->suffixes, type);
	struct outcome other = outcome_find(c->b, &c->name, &c->suffixes, type);

	return outcome_compare(&one, &other, c->scratch);
}

/** Compare one type; a difference in data displaces those in TTLs. */
static void
judge_type(struct comparison *c, uint16_t type)
{
	enum outcome_order order;

	if (c->apex && (type == TYPE_SOA || type == TYPE_NS))
		return;
	order = compare_type(c, type);
	c->region->unknown |= order == OUTCOMES_UNKNOWN;
	if (order == OUTCOMES_DIFFER && !c->differs) {
		c->differs = true;
		c->region->type_count = 0;
	}
	if (order == OUTCOMES_DIFFER || (order == OUTCOMES_SAME_BUT_TTL && !c->differs))
		note_type(c->region, type);
}

/** The node whose types decide at the name: its own, the wildcard's, a cut's; or NULL. */
static const struct zone_node *
deciding_node(const struct comparison *c, const struct zone *zone)
{
	struct lookup lookup = lookup_find(zone, &c->name, &c->suffixes, TYPE_OPT);

	return lookup.kind == LOOKUP_NXDOMAIN || lookup.kind == LOOKUP_DNAME ? NULL : lookup.node;
}

static bool
is_cut(const struct zone_node *node)
{
	return node && node->flags & NODE_CUT;
}

static bool
node_has(const struct zone_node *node, uint16_t type)
{
	return node && zone_node_set(node, type);
}

/** Judge each type of the node that `done` does not have. */
static void
judge_node(struct comparison *c, const struct zone_node *node, const struct zone_node *done)
{
	const struct zone_set_ref *refs = node ? zone_node_refs(node) : NULL;

	for (unsigned i = 0; node && i < node->set_count; i += refs[i].members)
		if (!node_has(done, refs[i].type))
			judge_type(c, refs[i].type);
}

/**
 * A type that neither node has: it stands for all such types, since a zone treats them
 * alike.  One that people would ask for, so that witnesses read well.
 */
static uint16_t
spare_type(const struct zone_node *a, const struct zone_node *b)
{
	static const uint16_t usual[] = { TYPE_A, TYPE_AAAA, TYPE_TXT, TYPE_MX, TYPE_SRV };
	uint16_t type = 65280;		/* private use (RFC 6895 3.1) */

	for (size_t i = 0; i < COUNT_OF(usual); i++)
		if (!node_has(a, usual[i]) && !node_has(b, usual[i]))
			return usual[i];
	while (node_has(a, type) || node_has(b, type))
		type++;
	return type;
}

static void
judge_name(struct comparison *c)
{
	const struct zone_node *a = deciding_node(c, c->a), *b = deciding_node(c, c->b);
	uint16_t spare = spare_type(a, b);

	judge_node(c, a, NULL);
	judge_node(c, b, a);
	/* the one type that is not delegated along with the rest (RFC 4035 3.1.4.1) */
	if ((is_cut(a) || is_cut(b)) && !node_has(a, TYPE_DS) && !node_has(b, TYPE_DS))
		judge_type(c, TYPE_DS);
	if (compare_type(c, spare) == OUTCOMES_DIFFER) {
		judge_type(c, spare);
		c->region->all_types = true;
	}
}

/** Compare at c->name; tell when anything differs. */
static void
compare_here(struct comparison *c, enum region_kind kind, const uint8_t *name, region_fn found,
	     void *context)
{
	struct region region = { .kind = kind, .name = name };

	name_suffixes(&c->name, &c->suffixes);
	c->region = &region;
	c->differs = false;
	judge_name(c);
	region.ttl_only = !c->differs;
	if (region.type_count || region.unknown)
		found(context, &region);
}

/**
 * "*.x" itself is answered as the others below x are, so it is no region of its own; unless
 * it is a delegation or a DNAME, which it hands on as data only.
 */
static bool
stands_for_others(const struct zone *zone, const uint8_t *name)
{
	const struct zone_node *node = zone_find(zone, name, name_wire_len(name),
						 name_hash(name));

	return !node || !(node->flags & (NODE_CUT | NODE_DNAME));
}

void
region_compare(const struct zone *a, const struct zone *b, const uint8_t *name,
	       struct arena *scratch, region_fn found, void *context)
{
	struct region others = { .kind = REGION_OTHERS, .name = name };
	struct comparison c = { .a = a, .b = b, .scratch = scratch };

	c.apex = name_wire_equal(zone_name(a), name) || name_wire_equal(zone_name(b), name);
	if (!name_wire_is_wildcard(name) || !stands_for_others(a, name) ||
	    !stands_for_others(b, name)) {
		name_from_wire(name, &c.name);
		compare_here(&c, REGION_NAME, name, found, context);
	}
	c.apex = false;
	if (region_member(&others, a, b, 0, &c.name))
		compare_here(&c, REGION_OTHERS, name, found, context);
}

uint32_t
zone_first_below(const struct zone *zone, const uint8_t *name)
{
	uint32_t low = 0, high = zone->node_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct zone_node *node = zone_node_number(zone, middle);

		if (name_wire_compare(zone_node_name(node), name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/** The name of node i while it is at or below top, else NULL. */
static const uint8_t *
name_below(const struct zone *zone, uint32_t i, const uint8_t *top)
{
	const uint8_t *name;

	if (i >= zone->node_count)
		return NULL;
	name = zone_node_name(zone_node_number(zone, i));
	return name_wire_covers(top, name) ? name : NULL;
}

void
region_diff(const struct zone *a, const struct zone *b, const uint8_t *top,
	    struct arena *scratch, region_fn found, void *context)
{
	uint32_t i = zone_first_below(a, top), j = zone_first_below(b, top);

	for (;;) {
		const uint8_t *one = name_below(a, i, top), *other = name_below(b, j, top);
		int order;

		if (!one && !other)
			return;
		order = !one ? 1 : !other ? -1 : name_wire_compare(one, other);
		region_compare(a, b, order <= 0 ? one : other, scratch, found, context);
		i += order <= 0;
		j += order >= 0;
	}
}

static bool
zone_has(const struct zone *zone, const struct name *name)
{
	return zone && zone_find(zone, name->wire, name->len, name_hash(name->wire));
}

/** The i-th label to try: "other", "other-1", ...; one octet where there is no room. */
static size_t
spare_label(unsigned i, size_t room, char *buf, size_t size)
{
	size_t len = (size_t)snprintf(buf, size, i ? "other-%u" : "other", i);

	if (len <= room)
		return len;
	if (room == 0 || i >= 26)
		return 0;
	buf[0] = (char)('a' + i);
	return 1;
}

bool
region_member(const struct region *region, const struct zone *a, const struct zone *b,
	      unsigned i, struct name *out)
{
	size_t parent = name_wire_len(region->name);

	if (region->kind == REGION_NAME) {
		name_from_wire(region->name, out);
		return i == 0;
	}
	/* labels that exist are passed by, so that each i gives another name */
	for (unsigned label = 0; parent + 2 <= NAME_MAX_OCTETS && label < MEMBER_TRIES; label++) {
		char buf[32];
		size_t len = spare_label(label, NAME_MAX_OCTETS - parent - 1, buf, sizeof(buf));

		if (len == 0)
			return false;
		if (!name_prepend((const uint8_t *)buf, len, region->name, out))
			return false;
		if (!zone_has(a, out) && !zone_has(b, out) && i-- == 0)
			return true;
	}
	return false;
}

const char *
region_kind_text(enum region_kind kind)
{
	switch (kind) {
	case REGION_NAME:
		return "name";
	case REGION_OTHERS:
		return "others";
	}
	return "unknown";
}

void
region_print_types(const struct region *region, struct text *out)
{
	char type[CODE_TEXT_MAX];

	if (region->all_types) {
		text_append(out, "all types");
		return;
	}
	for (unsigned i = 0; i < region->type_count; i++)
		text_printf(out, "%s%s", i ? ", " : "", type_print(region->types[i], type));
	if (region->type_count == REGION_TYPES)
		text_append(out, ", ...");
}
