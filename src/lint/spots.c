#include "lint/spots.h"

#include <string.h>

#include "dns/codes.h"
#include "lint/circles.h"

static void
push(struct spots *s, struct name_list *list, const uint8_t *name)
{
	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 64;
		const uint8_t **names = arena_array(s->scratch, room, sizeof(*names));

		if (!names) {
			s->nomem = true;
			return;
		}
		if (list->count)
			memcpy(names, list->name, list->count * sizeof(*names));
		list->name = names;
		list->room = room;
	}
	list->name[list->count++] = name;
	s->steps++;
}

static void
find_ends(const struct differ_side *side, const uint8_t *wire, struct ends *out)
{
	struct name name;

	name_from_wire(wire, &name);
	closure_ends(side->in, side->network, &name, out);
}

/* A table being gone through, with the entries that cover the present name. */
struct cursor {
	const struct effective *table;
	uint32_t next;
	uint32_t open[NAME_MAX_LABELS + 1];
	unsigned depth;
};

/** Where the name ends on this side; it is the table's next one, or between two of them. */
static const struct ends *
cursor_at(struct cursor *c, const uint8_t *name, bool is_next)
{
	while (c->depth && !name_wire_covers(c->table->names[c->open[c->depth - 1]], name))
		c->depth--;
	if (is_next)
		c->open[c->depth++] = c->next++;
	return c->table->ends[c->open[c->depth - 1]];
}

bool
spots_init(struct spots *s, const struct differ_side *a, const struct differ_side *b,
	   struct arena *scratch)
{
	struct cursor one = { .table = closure_table(a->in, a->network) };
	struct cursor other = { .table = closure_table(b->in, b->network) };
	size_t room = (size_t)one.table->count + other.table->count;

	*s = (struct spots){ .a = a, .b = b, .scratch = scratch };
	table_init(&s->images, scratch);
	s->spot = arena_array(scratch, room, sizeof(*s->spot));
	if (!s->spot)
		return false;
	while (one.next < one.table->count || other.next < other.table->count) {
		struct spot *spot = &s->spot[s->count++];
		int order = one.next == one.table->count ? 1 :
			    other.next == other.table->count ? -1 :
			    name_wire_compare(one.table->names[one.next],
					      other.table->names[other.next]);

		spot->name = order <= 0 ? one.table->names[one.next]
					: other.table->names[other.next];
		spot->a = cursor_at(&one, spot->name, order <= 0);
		spot->b = cursor_at(&other, spot->name, order >= 0);
		spot->same = (spot->a == spot->b && !spot->a->more) ||
			     ends_equal(a->in, spot->a, b->in, spot->b);
	}
	s->steps += s->count;
	return true;
}

/** The number of the first spot not before the name. */
static size_t
first_spot(const struct spots *s, const uint8_t *name)
{
	size_t low = 0, high = s->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (name_wire_compare(s->spot[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t
spots_find(const struct spots *s, const uint8_t *name)
{
	for (const uint8_t *at = name;; at = name_wire_parent(at)) {
		size_t i = first_spot(s, at);

		if (i < s->count && name_wire_equal(s->spot[i].name, at))
			return i;
		if (!*at)
			return 0;
	}
}

static bool
ends_have(const struct closure *in, const struct ends *ends, const struct name *name,
	  uint64_t hash)
{
	for (unsigned i = 0; i < ends->count; i++)
		if (ends->end[i].kind == END_ZONE &&
		    zone_find(in->snap->zones[ends->end[i].number], name->wire, name->len, hash))
			return true;
	return false;
}

bool
spots_have(const struct spots *s, const struct spot *spot, const struct name *name)
{
	size_t at = first_spot(s, name->wire);
	uint64_t hash = name_hash(name->wire);

	if (at < s->count && name_wire_equal(s->spot[at].name, name->wire))
		return true;
	return ends_have(s->a->in, spot->a, name, hash) ||
	       ends_have(s->b->in, spot->b, name, hash) ||
	       (s->images.count && table_find(&s->images, name->wire, name->len));
}

/* Where the names of a zone go while they are gathered. */
struct gathering {
	struct spots *spots;
	const struct differ_side *side;
	struct name_list *out;
	unsigned depth;			/* DNAMEs above this one */
	size_t spot;			/* depth 0: whose names they are to be */
};

static void add_images(const struct gathering *g, const uint8_t *owner, const uint8_t *target);

/** The nodes of a zone at or below the name, and what its DNAMEs there stand for. */
static void
add_nodes(const struct gathering *g, const struct zone *zone, const uint8_t *top)
{
	for (uint32_t i = zone_first_below(zone, top); i < zone->node_count; i++) {
		const struct zone_node *node = zone_node_number(zone, i);
		const uint8_t *name = zone_node_name(node);

		if (!name_wire_covers(top, name))
			break;
		push(g->spots, g->out, name);
		if (node->flags & NODE_DNAME && !(node->flags & NODE_OCCLUDED)) {
			const struct zone_set_ref *ref = zone_node_set(node, TYPE_DNAME);
			struct rrset set = zone_rrset(zone_set_at(zone, ref->set_at), NULL);

			add_images(g, name, set.wire + RRSET_FIXED_OCTETS);
		}
	}
}

/** The name with its end `from` replaced by `to`: in the scratch; NULL: too long. */
static const uint8_t *
replace_end(struct spots *s, const uint8_t *wire, const uint8_t *from, const uint8_t *to)
{
	size_t front = name_wire_len(wire) - name_wire_len(from), rest = name_wire_len(to);
	uint8_t *out;

	if (front + rest > NAME_MAX_OCTETS)
		return NULL;
	out = arena_alloc(s->scratch, front + rest);
	if (!out) {
		s->nomem = true;
		return NULL;
	}
	memcpy(out, wire, front);
	memcpy(out + front, to, rest);
	return out;
}

/** A DNAME at or above the name in one of the zones that answer it, of this side. */
static void
add_images_above(const struct gathering *g, const struct ends *ends, const uint8_t *top)
{
	for (unsigned i = 0; i < ends->count; i++) {
		const struct zone *zone;
		struct suffixes suffixes;
		struct lookup found;
		struct name below;
		struct rrset set;
		const uint8_t *end, *moved;

		if (ends->end[i].kind != END_ZONE ||
		    !name_prepend((const uint8_t *)"x", 1, top, &below))
			continue;
		zone = g->side->in->snap->zones[ends->end[i].number];
		name_suffixes(&below, &suffixes);
		found = lookup_find(zone, &below, &suffixes, TYPE_OPT);
		if (found.kind != LOOKUP_DNAME ||
		    name_wire_equal(zone_node_name(found.node), top))
			continue;	/* one at the top itself is a node like others */
		set = zone_rrset(zone_set_at(zone, found.ref->set_at), NULL);
		end = set.wire + RRSET_FIXED_OCTETS;
		moved = replace_end(g->spots, top, zone_node_name(found.node), end);
		if (moved)
			add_images(g, top, moved);
	}
}

/** A name that no zone has; one that a further spot covers is nothing to this one. */
static void
add_image(const struct gathering *g, const uint8_t *image)
{
	struct spots *s = g->spots;

	if (g->depth == 0 && spots_find(s, image) != g->spot)
		return;
	push(s, g->out, image);
	if (g->depth == 0)
		s->nomem |= table_put(&s->images, image, name_wire_len(image),
				      (void *)(uintptr_t)image) != OK;
}

/**
 * Names that others lead to are like no others: a wildcard that leads to one leads it in a
 * circle, and what the internet is asked for it comes to the same.
 */
static void
add_targets(const struct gathering *g, const uint8_t *top)
{
	size_t count;
	const struct link *links = closure_links(g->side->in, &count);

	g->spots->nomem |= !links;
	for (size_t i = links ? links_first(links, count, top) : count;
	     i < count && name_wire_covers(top, links[i].target); i++)
		add_image(g, links[i].target);
}

/** All names below `top` at which what the side makes of names may change. */
static void
add_view(const struct gathering *g, const uint8_t *top)
{
	const struct effective *table = closure_table(g->side->in, g->side->network);
	struct ends ends;
	uint32_t i;

	find_ends(g->side, top, &ends);
	for (unsigned k = 0; k < ends.count; k++)
		if (ends.end[k].kind == END_ZONE)
			add_nodes(g, g->side->in->snap->zones[ends.end[k].number], top);
	add_images_above(g, &ends, top);
	add_targets(g, top);
	for (i = effective_first(table, top); i < table->count; i++) {
		const uint8_t *name = table->names[i];

		if (!name_wire_covers(top, name))
			break;
		if (name_wire_equal(top, name))
			continue;
		push(g->spots, g->out, name);
		find_ends(g->side, name, &ends);
		for (unsigned k = 0; k < ends.count; k++)
			if (ends.end[k].kind == END_ZONE)
				add_nodes(g, g->side->in->snap->zones[ends.end[k].number], name);
	}
}

/** Names below a DNAME for those below its target. */
static void
add_images(const struct gathering *g, const uint8_t *owner, const uint8_t *target)
{
	struct name_list below = { .count = 0 };
	struct gathering inner = { g->spots, g->side, &below, g->depth + 1, 0 };
	struct name lower;
	const uint8_t *top;

	if (g->depth == IMAGE_DEPTH) {
		g->spots->endless = true;
		return;
	}
	name_lower(target, &lower);
	top = name_store(g->spots->scratch, &lower);
	if (!top) {
		g->spots->nomem = true;
		return;
	}
	add_view(&inner, top);
	for (size_t i = 0; i < below.count; i++) {
		const uint8_t *image;

		if (name_wire_equal(below.name[i], top))
			continue;
		image = replace_end(g->spots, below.name[i], top, owner);
		if (image)
			add_image(g, image);
	}
}

/** A network that asks, or is asked on the way: each follows names by itself. */
static void
add_asked(struct spots *s, const struct differ_side *side, const struct ends *ends, size_t spot,
	  const uint8_t *top, struct name_list *out)
{
	struct gathering g = { s, side, out, 0, spot };

	for (unsigned i = 0; i < ends->count; i++)
		if (ends->end[i].kind == END_ZONE)
			add_nodes(&g, side->in->snap->zones[ends->end[i].number], top);
	add_images_above(&g, ends, top);
	add_targets(&g, top);
}

static void
add_side(struct spots *s, size_t spot, bool of_a, const uint8_t *top, struct name_list *out)
{
	const struct differ_side *side = of_a ? s->a : s->b;
	const struct ends *ends = of_a ? s->spot[spot].a : s->spot[spot].b;

	add_asked(s, side, ends, spot, top, out);
	for (unsigned i = 0; i < ends->asked_count && side->in->dname_count; i++) {
		struct differ_side asked = { side->in, ends->asked[i] };

		add_asked(s, &asked, ends, spot, top, out);
	}
}

/** Keep what belongs to the spot: no further spot covers it. */
static void
keep_own(const struct spots *s, size_t spot, const uint8_t *top, struct name_list *list)
{
	size_t kept = 0, next = spot + 1;
	const uint8_t *hole = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const uint8_t *name = list->name[i];

		if (!name_wire_covers(top, name))
			continue;
		while (next < s->count && name_wire_compare(s->spot[next].name, name) <= 0) {
			if (!hole || !name_wire_covers(hole, s->spot[next].name))
				hole = s->spot[next].name;
			next++;
		}
		if (!hole || !name_wire_covers(hole, name))
			list->name[kept++] = name;
	}
	list->count = kept;
}

void
spots_targets(struct spots *s, size_t spot, const uint8_t *top, struct name_list *out)
{
	struct gathering a = { s, s->a, out, 0, spot }, b = { s, s->b, out, 0, spot };
	const uint8_t **room;

	*out = (struct name_list){ .count = 0 };
	add_targets(&a, top);
	if (s->a->in != s->b->in)
		add_targets(&b, top);
	room = arena_array(s->scratch, out->count, sizeof(*room));
	s->nomem |= out->count && !room;
	out->count = room ? names_sort(out->name, out->count, room) : 0;
}

void
spots_names(struct spots *s, size_t spot, const uint8_t *top, struct name_list *out)
{
	const uint8_t **room;

	*out = (struct name_list){ .count = 0 };
	push(s, out, top);
	add_side(s, spot, true, top, out);
	add_side(s, spot, false, top, out);
	room = arena_array(s->scratch, out->count, sizeof(*room));
	if (!room) {
		s->nomem = true;
		out->count = 0;
		return;
	}
	out->count = names_sort(out->name, out->count, room);
	keep_own(s, spot, top, out);
}
