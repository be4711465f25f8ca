#include "lint/overlap.h"

#include <string.h>

#include "dns/codes.h"

#define TYPES_SHOWN 8

/* Two zones on their way through the names of both. */
struct walk {
	const struct zone *a, *b;
	const uint8_t *top;
	struct arena *arena;
	struct region *regions;		/* what differs, in canonical order */
	size_t region_count, region_room;
	struct overlap *out;
	bool all;			/* names that are alike have rows too */
};

static void
keep_region(void *context, const struct region *region)
{
	struct walk *walk = context;

	if (region->ttl_only || region->unknown)
		return;
	if (walk->region_count == walk->region_room) {
		size_t room = walk->region_room ? 2 * walk->region_room : 64;
		struct region *regions = arena_array(walk->arena, room, sizeof(*regions));

		if (!regions)
			return;
		if (walk->region_count)
			memcpy(regions, walk->regions, walk->region_count * sizeof(*regions));
		walk->regions = regions;
		walk->region_room = room;
	}
	walk->regions[walk->region_count++] = *region;
}

/* What a zone says. */

static bool
has_line(const struct text *text, const char *line)
{
	size_t len = strlen(line), start = 0;

	while (text->data && start < text->len) {
		size_t n = strcspn(text->data + start, "\n");

		if (n == len && memcmp(text->data + start, line, len) == 0)
			return true;
		start += n + 1;
	}
	return false;
}

/** A line for each type, the same not twice; that there is no other data goes without saying. */
static const char *
say(const struct walk *walk, const struct zone *zone, const struct name *name,
    const uint16_t *types, size_t count)
{
	struct suffixes suffixes;
	const char *said;
	struct text text;

	text_init(&text);
	name_suffixes(name, &suffixes);
	for (size_t i = 0; i < count; i++) {
		struct outcome outcome = outcome_find(zone, name, &suffixes, types[i]);
		struct text line;

		if (outcome.lookup.kind == LOOKUP_NODATA && (text.len || i + 1 < count))
			continue;
		text_init(&line);
		outcome_print(&outcome, walk->arena, &line);
		if (!line.failed && line.data && !has_line(&text, line.data)) {
			text_append(&text, text.len ? "\n" : "");
			text_append(&text, line.data);
		}
		text_fini(&line);
	}
	said = text.failed || !text.data ? "" : arena_string(walk->arena, text.data);
	text_fini(&text);
	return said ? said : "";
}

static struct overlap_row *
new_row(struct walk *walk, const uint8_t *name, enum region_kind kind, bool differs)
{
	struct overlap *out = walk->out;
	struct overlap_row *row;

	if (out->count == OVERLAP_ROWS || (!differs && !walk->all)) {
		*(differs ? &out->different_left_out : &out->alike_left_out) += 1;
		return NULL;
	}
	row = &out->rows[out->count++];
	*row = (struct overlap_row){ .name = name, .kind = kind, .differs = differs };
	return row;
}

static void
add_different(struct walk *walk, const struct region *region)
{
	struct overlap_row *row = new_row(walk, region->name, region->kind, true);
	struct name member;

	if (!row)
		return;
	row->left = row->right = "";
	if (!region_member(region, walk->a, walk->b, 0, &member))
		return;
	row->left = say(walk, walk->a, &member, region->types, region->type_count);
	row->right = say(walk, walk->b, &member, region->types, region->type_count);
}

/** The types of the node, without what an apex has anyway. */
static size_t
types_of(const struct zone *zone, const struct zone_node *node, uint16_t types[TYPES_SHOWN])
{
	const struct zone_set_ref *refs = zone_node_refs(node);
	bool apex = node->labels == zone->labels;
	size_t count = 0;

	for (unsigned i = 0; i < node->set_count && count < TYPES_SHOWN; i++)
		if (refs[i].members &&
		    !(apex && (refs[i].type == TYPE_SOA || refs[i].type == TYPE_NS)))
			types[count++] = refs[i].type;
	return count;
}

/** A name that has no region: a wildcard's is that of the unnamed names it stands for. */
static void
add_named(struct walk *walk, const struct zone *zone, const struct zone_node *node)
{
	const uint8_t *wire = zone_node_name(node);
	const char *left = "", *right = "";
	bool differs = false;
	uint16_t types[TYPES_SHOWN];
	size_t count = types_of(zone, node, types);
	struct overlap_row *row;
	struct name name;

	if (!count)
		return;
	name_from_wire(wire, &name);
	if (walk->all || name_wire_is_wildcard(wire)) {
		left = say(walk, walk->a, &name, types, count);
		right = say(walk, walk->b, &name, types, count);
		differs = name_wire_is_wildcard(wire) && strcmp(left, right) != 0;
	}
	row = new_row(walk, wire, REGION_NAME, differs);
	if (row) {
		row->left = left;
		row->right = right;
	}
}

/** Node number i while it is at or below the top; NULL behind that. */
static const struct zone_node *
node_below(const struct zone *zone, uint32_t i, const uint8_t *top)
{
	const struct zone_node *node = i < zone->node_count ? zone_node_number(zone, i) : NULL;

	return node && name_wire_covers(top, zone_node_name(node)) ? node : NULL;
}

/** Rows for this name: the regions up to it, or that it is alike. */
static size_t
visit_name(struct walk *walk, const struct zone *zone, const struct zone_node *node, size_t next)
{
	bool named = false;

	for (; next < walk->region_count; next++) {
		const struct region *region = &walk->regions[next];
		int order = name_wire_compare(region->name, zone_node_name(node));

		if (order > 0)
			break;
		if (order == 0 && region->kind == REGION_OTHERS && !named)
			add_named(walk, zone, node);
		named |= order == 0;
		add_different(walk, region);
	}
	if (!named)
		add_named(walk, zone, node);
	return next;
}

static void
visit_all(struct walk *walk)
{
	uint32_t i = zone_first_below(walk->a, walk->top);
	uint32_t j = zone_first_below(walk->b, walk->top);
	size_t next = 0;

	for (;;) {
		const struct zone_node *left = node_below(walk->a, i, walk->top);
		const struct zone_node *right = node_below(walk->b, j, walk->top);
		int order;

		if (!left && !right)
			break;
		order = !left ? 1 : !right ? -1
			: name_wire_compare(zone_node_name(left), zone_node_name(right));
		i += order <= 0;
		j += order >= 0;
		next = visit_name(walk, order <= 0 ? walk->a : walk->b,
				  order <= 0 ? left : right, next);
	}
	for (; next < walk->region_count; next++)
		add_different(walk, &walk->regions[next]);
}

bool
overlap_find(const struct zone *a, const struct zone *b, struct arena *arena,
	     struct overlap *overlap)
{
	struct walk walk = {
		.a = a, .b = b, .arena = arena, .out = overlap, .all = true,
		.top = a->labels >= b->labels ? zone_name(a) : zone_name(b),
	};

	*overlap = (struct overlap){ .top = walk.top };
	if (a == b)
		return false;
	region_diff(a, b, walk.top, arena, keep_region, &walk);
	if (!walk.region_count)
		return false;
	walk.all = a->node_count + b->node_count <= OVERLAP_ROWS;
	visit_all(&walk);
	return true;
}
