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

static const struct trie *
cover(const struct differ_side *side, const uint8_t *name)
{
	struct trie_key key;

	trie_key_make(name, &key);
	return trie_cover(closure_table(side->in, side->network), &key);
}

static uint32_t
network_of(const struct differ_side *side, const struct end *end)
{
	return end->network == NETWORK_ASKING ? side->network : end->network;
}

/** Is the zone asked in, or by way of, networks of other classes, where names lead elsewhere? */
static bool
answers_elsewhere(const struct spots *s, const struct spot *spot)
{
	const struct closure *one = s->a->in, *other = s->b->in;

	if (spot->a == spot->b || spot->a->hops + spot->b->hops == 0)
		return false;	/* one and the same way is the same elsewhere, too */
	if (one != other ||
	    ((spot->a->hops > 1 || spot->b->hops > 1) && spot->a->via != spot->b->via))
		return true;
	for (unsigned i = 0; i < spot->a->count; i++)
		for (unsigned k = 0; k < spot->b->count; k++)
			if (spot->a->end[i].kind == END_ZONE &&
			    spot->b->end[k].kind == END_ZONE &&
			    one->class_of[network_of(s->a, &spot->a->end[i])] !=
				    other->class_of[network_of(s->b, &spot->b->end[k])])
				return true;
	return false;
}

/**
 * Has each side one zone for the spot, asked where names lead on alike, so that equal nodes
 * of the two differ by what their links come to and nothing else?
 */
static bool
is_by_zones(const struct spots *s, const struct spot *spot)
{
	const struct ends *a = spot->a, *b = spot->b;
	size_t links;

	if (spot->same || a->more || b->more || a->count != 1 || b->count != 1 ||
	    a->end[0].kind != END_ZONE || b->end[0].kind != END_ZONE ||
	    s->a->in->zones != s->b->in->zones || answers_elsewhere(s, spot))
		return false;
	if (!closure_links(s->a->in, &links) || !closure_links(s->b->in, &links) ||
	    s->a->in->dname_count || s->b->in->dname_count)
		return false;
	return zone_names_known(s->a->in->snap->zones[a->end[0].number],
				s->b->in->snap->zones[b->end[0].number], spot->name);
}

static struct spot
make_spot(const struct spots *s, const uint8_t *name, const struct ends *a, const struct ends *b)
{
	struct spot spot = {
		.name = name, .a = a, .b = b,
		.same = (a == b && !a->more) || ends_equal(s->a->in, a, s->b->in, b),
	};

	spot.by_zones = is_by_zones(s, &spot);
	return spot;
}

struct spot
spots_find(const struct spots *s, const uint8_t *name)
{
	const struct trie *a = cover(s->a, name), *b = cover(s->b, name);
	const struct trie *longer = a->leaf.name->len >= b->leaf.name->len ? a : b;

	return make_spot(s, longer->leaf.name->wire, table_ends(a), table_ends(b));
}

static bool
keep_spot(struct spots *s, struct spot **list, size_t *count, size_t *room,
	  const struct spot *spot)
{
	if (*count == *room) {
		size_t more = *room ? 2 * *room : 16;
		struct spot *grown = arena_array(s->scratch, more, sizeof(*grown));

		if (!grown) {
			s->nomem = true;
			return false;
		}
		if (*count)
			memcpy(grown, *list, *count * sizeof(*grown));
		*list = grown;
		*room = more;
	}
	(*list)[(*count)++] = *spot;
	return true;
}

/** One side leaves its names to the internet, or makes them itself: what differs is apart. */
static bool
is_apart(uint32_t a_marks, uint32_t b_marks)
{
	return a_marks == ENDS_PUBLIC || b_marks == ENDS_PUBLIC;
}

/** A spot, of the leaves that its names have on either side. */
static void
take_spot(struct spots *s, const uint8_t *name, const struct trie *a, const struct trie *b)
{
	struct spot spot = make_spot(s, name, table_ends(a), table_ends(b));

	s->steps++;
	if (!s->apart && is_apart(a->marks, b->marks))
		return;
	if (!spot.same)
		keep_spot(s, &s->differing, &s->differing_count, &s->differing_room, &spot);
	else if (answers_elsewhere(s, &spot))
		keep_spot(s, &s->elsewhere, &s->elsewhere_count, &s->elsewhere_room, &spot);
}

static void
meet_leaves(void *context, const struct trie *a, const struct trie *b)
{
	take_spot(context, a->leaf.name->wire, a, b);
}

/** Names of one table: on the other side one leaf covers them all. */
static void
take_alone(struct spots *s, const struct trie *part, bool of_a, const struct trie *other)
{
	s->steps++;
	if (!s->apart && (part->marks == ENDS_PUBLIC || other->marks == ENDS_PUBLIC) &&
	    !((part->marks | other->marks) & ENDS_MORE))
		return;
	if (part->bit == TRIE_LEAF) {
		take_spot(s, part->leaf.name->wire, of_a ? part : other, of_a ? other : part);
		return;
	}
	take_alone(s, part->side[0], of_a, other);
	take_alone(s, part->side[1], of_a, other);
}

static void
meet_alone(void *context, const struct trie *part, bool of_a)
{
	struct spots *s = context;

	take_alone(s, part, of_a, cover(of_a ? s->b : s->a, part->first->leaf.name->wire));
}

/** Equal parts are answered alike, by the same ways. */
static bool
skip_equal(void *context, const struct trie *a, const struct trie *b)
{
	struct spots *s = context;

	s->steps++;
	return a == b && !(a->marks & ENDS_MORE);
}

bool
spots_init(struct spots *s, const struct differ_side *a, const struct differ_side *b, bool apart,
	   struct arena *scratch)
{
	struct trie_walk walk = { meet_leaves, meet_alone, skip_equal, s };

	*s = (struct spots){ .a = a, .b = b, .apart = apart, .scratch = scratch };
	table_init(&s->images, scratch);
	trie_walk_both(&walk, closure_table(a->in, a->network), closure_table(b->in, b->network));
	return !s->nomem;
}

const struct spot *
spots_below(struct spots *s, const uint8_t *name, size_t *count)
{
	const struct differ_side *sides[] = { s->a, s->b };
	const uint8_t **parts[2] = { NULL, NULL }, **names, **room;
	size_t counts[2], total = 0;
	struct spot *out;

	*count = 0;
	for (unsigned i = 0; i < 2; i++)
		parts[i] = closure_names(sides[i]->in, sides[i]->network, name, s->scratch,
					 &counts[i]);
	names = arena_array(s->scratch, counts[0] + counts[1], sizeof(*names));
	room = arena_array(s->scratch, counts[0] + counts[1], sizeof(*room));
	for (unsigned i = 0; names && room && i < 2; i++)
		for (size_t k = 0; parts[i] && k < counts[i]; k++)
			if (!name_wire_equal(parts[i][k], name))
				names[total++] = parts[i][k];
	total = names && room ? names_sort(names, total, room) : 0;
	out = arena_array(s->scratch, total, sizeof(*out));
	for (size_t i = 0; out && i < total; i++)
		out[i] = spots_find(s, names[i]);
	s->steps += total;
	s->nomem |= !names || !room || !out;
	*count = out ? total : 0;
	return out;
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
	struct spot at = spots_find(s, name->wire);
	uint64_t hash = name_hash(name->wire);

	if (name_wire_equal(at.name, name->wire))
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
	const struct spot *spot;	/* depth 0: whose names they are to be */
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

	if (g->depth == 0 && !name_wire_equal(spots_find(s, image).name, g->spot->name))
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

static void
add_zones(const struct gathering *g, const struct ends *ends, const uint8_t *top)
{
	for (unsigned i = 0; i < ends->count; i++)
		if (ends->end[i].kind == END_ZONE)
			add_nodes(g, g->side->in->snap->zones[ends->end[i].number], top);
}

/** All names below `top` at which what the side makes of names may change. */
static void
add_view(const struct gathering *g, const uint8_t *top)
{
	const struct ends *ends = table_ends(cover(g->side, top));
	const uint8_t **names;
	size_t count;

	add_zones(g, ends, top);
	add_images_above(g, ends, top);
	add_targets(g, top);
	names = closure_names(g->side->in, g->side->network, top, g->spots->scratch, &count);
	g->spots->nomem |= count && !names;
	for (size_t i = 0; names && i < count; i++) {
		if (name_wire_equal(top, names[i]))
			continue;
		push(g->spots, g->out, names[i]);
		add_zones(g, table_ends(cover(g->side, names[i])), names[i]);
	}
}

/** Names below a DNAME for those below its target. */
static void
add_images(const struct gathering *g, const uint8_t *owner, const uint8_t *target)
{
	struct name_list below = { .count = 0 };
	struct gathering inner = { g->spots, g->side, &below, g->depth + 1, NULL };
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
add_asked(struct spots *s, const struct differ_side *side, const struct ends *ends,
	  const struct spot *spot, const uint8_t *top, struct name_list *out)
{
	struct gathering g = { s, side, out, 0, spot };

	add_zones(&g, ends, top);
	add_images_above(&g, ends, top);
	add_targets(&g, top);
}

static void
add_side(struct spots *s, const struct spot *spot, bool of_a, const uint8_t *top,
	 struct name_list *out)
{
	const struct differ_side *side = of_a ? s->a : s->b;
	const struct ends *ends = of_a ? spot->a : spot->b;

	add_asked(s, side, ends, spot, top, out);
	for (unsigned i = 0; i < ends->asked_count && side->in->dname_count; i++) {
		struct differ_side asked = { side->in, ends->asked[i] };

		add_asked(s, &asked, ends, spot, top, out);
	}
}

/** Keep what belongs to the spot: no further spot covers it. */
static void
keep_own(struct spots *s, const uint8_t *top, struct name_list *list)
{
	size_t kept = 0, next = 0, further;
	const struct spot *spots = spots_below(s, top, &further);
	const uint8_t *hole = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const uint8_t *name = list->name[i];

		if (!name_wire_covers(top, name))
			continue;
		while (next < further && name_wire_compare(spots[next].name, name) <= 0) {
			if (!hole || !name_wire_covers(hole, spots[next].name))
				hole = spots[next].name;
			next++;
		}
		if (!hole || !name_wire_covers(hole, name))
			list->name[kept++] = name;
	}
	list->count = kept;
}

void
spots_targets(struct spots *s, const struct spot *spot, const uint8_t *top,
	      struct name_list *out)
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

/** Links may lead to names that a zone does not have: each is like no other. */
static void
add_missing(struct gathering *g, const struct zone *zone, const uint8_t *top)
{
	const struct targets *missing = closure_missing(g->side->in, zone);

	g->spots->nomem |= !missing;
	for (size_t i = 0; missing && i < missing->count; i++)
		if (name_wire_covers(top, missing->names[i]))
			add_image(g, missing->names[i]);
}

/** The same, without those that are alike in both zones. */
static void
names_apart(struct spots *s, const struct spot *spot, const uint8_t *top, struct name_list *out)
{
	const struct zone *a = s->a->in->snap->zones[spot->a->end[0].number];
	const struct zone *b = s->b->in->snap->zones[spot->b->end[0].number];
	struct zone_names apart;

	if (!zone_names_apart(s->a->in->zones, a, b, top, false, s->scratch, &apart)) {
		s->nomem = true;
		return;
	}
	s->steps += apart.steps;
	for (size_t i = 0; i < apart.count; i++)
		push(s, out, apart.names[i]);
	add_missing(&(struct gathering){ s, s->a, out, 0, spot }, a, top);
	add_missing(&(struct gathering){ s, s->b, out, 0, spot }, b, top);
}

void
spots_names(struct spots *s, const struct spot *spot, const uint8_t *top, struct name_list *out)
{
	const uint8_t **room;

	*out = (struct name_list){ .count = 0 };
	push(s, out, top);
	if (spot->by_zones && top == spot->name) {
		names_apart(s, spot, top, out);
	} else {
		add_side(s, spot, true, top, out);
		add_side(s, spot, false, top, out);
	}
	room = arena_array(s->scratch, out->count, sizeof(*room));
	if (!room) {
		s->nomem = true;
		out->count = 0;
		return;
	}
	out->count = names_sort(out->name, out->count, room);
	keep_own(s, top, out);
}
