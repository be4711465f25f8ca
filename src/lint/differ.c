#include "lint/differ.h"

#include <stdio.h>
#include <string.h>

#include "dns/codes.h"
#include "lint/differ_run.h"

#define FIRST_SPARE 65280	/* a type of private use (RFC 6895 3.1) */
#define LABEL_TRIES 1000

/* A class of names being judged. */
struct judging {
	struct name member;
	struct met_types met;
	struct difference_type types[REWRITE_TYPES];
	unsigned type_count;
	uint16_t spare;
	enum finals_order rest, order;
	struct finals a, b;
};

bool
differ_is_over(struct comparing *c)
{
	c->work->done += c->spots.steps + c->one.steps + c->other.steps;
	c->spots.steps = c->one.steps = c->other.steps = 0;
	c->nomem |= c->spots.nomem || c->one.nomem || c->other.nomem;
	c->limited |= c->work->done > c->work->most;
	return c->nomem || c->limited;
}

static bool
met_has(const struct met_types *met, uint16_t type)
{
	for (unsigned i = 0; i < met->count; i++)
		if (met->type[i] == type)
			return true;
	return false;
}

static enum finals_order
compare_type(struct comparing *c, struct judging *j, uint16_t type)
{
	rewrite_find(&c->one, c->a->network, &j->member, type, &j->a);
	rewrite_find(&c->other, c->b->network, &j->member, type, &j->b);
	return finals_compare(&j->a, &j->b, &c->scratch, &c->nomem);
}

/** Any type that is nowhere on the way stands for all of them. */
static void
compare_rest(struct comparing *c, struct judging *j)
{
	c->one.met = c->other.met = &j->met;
	j->spare = FIRST_SPARE;
	for (;;) {
		j->rest = compare_type(c, j, j->spare);
		if (!met_has(&j->met, j->spare) || j->spare == UINT16_MAX)
			break;
		j->spare++;
	}
	c->one.met = c->other.met = NULL;
	c->limited |= j->met.more;
	j->order = j->rest;
}

static bool
has_dns64(const struct differ_side *side)
{
	return snapshot_network(side->in->snap, side->network)->dns64;
}

/** DNS64 makes AAAA and PTR of what is not declared: nothing is said of them then. */
static bool
is_modelled(const struct comparing *c, uint16_t type)
{
	return !(type == TYPE_AAAA || type == TYPE_PTR) ||
	       !(has_dns64(c->a) || has_dns64(c->b));
}

static void
compare_types(struct comparing *c, struct judging *j)
{
	for (unsigned i = 0; i < j->met.count; i++) {
		uint16_t type = j->met.type[i];
		enum finals_order order;

		if (!is_modelled(c, type))
			continue;
		order = compare_type(c, j, type);
		j->types[j->type_count++] = (struct difference_type){ type, (uint8_t)order };
		if (order > j->order)
			j->order = order;
	}
}

/** A type of the gravest order: one that people would ask for, so that witnesses read well. */
static uint16_t
choose_type(const struct judging *j)
{
	static const uint16_t usual[] = { TYPE_A, TYPE_AAAA, TYPE_CNAME, TYPE_TXT, TYPE_MX,
					  TYPE_SRV };

	for (size_t u = 0; u < COUNT_OF(usual); u++)
		for (unsigned i = 0; i < j->type_count; i++)
			if (j->types[i].type == usual[u] && j->types[i].order == j->order)
				return usual[u];
	for (unsigned i = 0; i < j->type_count; i++)
		if (j->types[i].order == j->order)
			return j->types[i].type;
	for (size_t u = 0; u < COUNT_OF(usual); u++)
		if (!met_has(&j->met, usual[u]) && usual[u] != TYPE_AAAA)
			return usual[u];
	return j->spare;
}

static void
tell(struct comparing *c, const struct spot *spot, enum region_kind kind, const uint8_t *name,
     struct judging *j)
{
	struct difference difference = {
		.kind = kind, .name = name, .member = &j->member, .order = j->order,
		.type = choose_type(j), .rest = j->rest, .type_count = j->type_count,
		.types = j->types, .secondary = c->secondary,
		.ends_a = spot->a, .ends_b = spot->b, .a = &j->a, .b = &j->b,
		.spots = &c->spots, .spot = spot,
	};

	compare_type(c, j, difference.type);
	c->found(c->context, &difference);
}

void
differ_push_top(struct comparing *c, const uint8_t *name)
{
	if (c->tops.count == c->tops.room) {
		size_t room = c->tops.room ? 2 * c->tops.room : 64;
		const uint8_t **names = arena_array(&c->scratch, room, sizeof(*names));

		if (!names) {
			c->nomem = true;
			return;
		}
		if (c->tops.count)
			memcpy(names, c->tops.name, c->tops.count * sizeof(*names));
		c->tops.name = names;
		c->tops.room = room;
	}
	c->tops.name[c->tops.count++] = name;
}

/** Was the class not looked at yet for what its names lead to? */
static bool
is_new(struct comparing *c, enum region_kind kind, const uint8_t *name)
{
	struct table *judged = &c->judged[kind == REGION_OTHERS];
	size_t len = name_wire_len(name);

	if (table_find(judged, name, len))
		return false;
	c->nomem |= table_put(judged, name, len, (void *)(uintptr_t)name) != OK;
	return true;
}

/** The class that `member` is of. */
static void
judge(struct comparing *c, const struct spot *spot, enum region_kind kind, const uint8_t *name,
      const struct name *member)
{
	struct arena_mark mark;
	struct judging j;	/* large: only what is needed is set */
	bool told;

	if ((c->secondary || spot->by_zones) && !is_new(c, kind, name))
		return;
	mark = arena_mark(&c->scratch);
	j.member = *member;
	j.met.count = j.type_count = 0;
	j.met.more = false;
	compare_rest(c, &j);
	compare_types(c, &j);
	told = j.order != FINALS_SAME && j.order >= c->least && !differ_is_over(c);
	if (told)
		tell(c, spot, kind, name, &j);
	arena_rewind(&c->scratch, mark);
	if (c->secondary ? told : spot->by_zones && j.order != FINALS_SAME)
		differ_push_top(c, name);	/* else all of the spot is looked at */
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

/** A name below that no side has; false: there is no room for one. */
static bool
fresh_name(const struct comparing *c, const struct spot *spot, const uint8_t *parent,
	   struct name *out)
{
	size_t len = name_wire_len(parent);

	for (unsigned i = 0; len + 2 <= NAME_MAX_OCTETS && i < LABEL_TRIES; i++) {
		char label[32];
		size_t octets = spare_label(i, NAME_MAX_OCTETS - len - 1, label, sizeof(label));

		if (!octets || !name_prepend((const uint8_t *)label, octets, parent, out))
			return false;
		if (!spots_have(&c->spots, spot, out))
			return true;
	}
	return false;
}

void
differ_judge_name(struct comparing *c, const struct spot *spot, const uint8_t *wire)
{
	struct name name;

	name_from_wire(wire, &name);
	judge(c, spot, REGION_NAME, wire, &name);
}

void
differ_judge_others(struct comparing *c, const struct spot *spot, const uint8_t *wire)
{
	struct name name;

	if (fresh_name(c, spot, wire, &name))
		judge(c, spot, REGION_OTHERS, wire, &name);
}

void
differ_judge_spot(struct comparing *c, const struct spot *spot, const uint8_t *top)
{
	struct name_list names;

	spots_names(&c->spots, spot, top, &names);
	for (size_t i = 0; i < names.count && !differ_is_over(c); i++) {
		differ_judge_name(c, spot, names.name[i]);
		differ_judge_others(c, spot, names.name[i]);
	}
}

static void
judge_primary(struct comparing *c)
{
	for (size_t i = 0; i < c->spots.differing_count && !differ_is_over(c); i++) {
		const struct spot *spot = &c->spots.differing[i];

		differ_judge_spot(c, spot, spot->name);
		if (!spot->by_zones)
			differ_push_top(c, spot->name);
	}
}

static bool
is_same_class(const struct differ_side *a, const struct differ_side *b)
{
	return a->in == b->in && a->in->class_of[a->network] == b->in->class_of[b->network];
}

enum status
differ_compare(const struct differ_side *a, const struct differ_side *b,
	       enum finals_order least, struct differ_work *work, difference_fn found,
	       void *context)
{
	struct comparing c = {
		.a = a, .b = b, .least = least, .work = work, .found = found,
		.context = context,
	};

	if (is_same_class(a, b))
		return OK;
	arena_init(&c.scratch, SIZE_MAX);
	table_init(&c.judged[0], &c.scratch);
	table_init(&c.judged[1], &c.scratch);
	table_init(&c.hidden, &c.scratch);
	c.one = (struct rewriter){ .in = a->in, .scratch = &c.scratch };
	c.other = (struct rewriter){ .in = b->in, .scratch = &c.scratch };
	if (spots_init(&c.spots, a, b, least <= FINALS_APART, &c.scratch)) {
		judge_primary(&c);
		differ_judge_secondary(&c);
	} else {
		c.nomem = true;
	}
	differ_is_over(&c);
	arena_fini(&c.scratch);
	if (c.nomem)
		return ERR_NOMEM;
	return c.limited || c.spots.endless ? ERR_LIMIT : OK;
}

bool
difference_holds(const struct difference *d, const struct name *name)
{
	const uint8_t *wire = name->wire;

	if (d->kind == REGION_NAME || name_wire_equal(d->name, wire))
		return d->kind == REGION_NAME && name_wire_equal(d->name, wire);
	if (!name_wire_covers(d->name, wire))
		return false;
	for (; !name_wire_equal(d->name, wire); wire = name_wire_parent(wire)) {
		struct name at;

		name_from_wire(wire, &at);
		if (spots_have(d->spots, d->spot, &at))
			return false;
	}
	return true;
}

enum finals_order
difference_of_type(const struct difference *d, uint16_t type)
{
	for (unsigned i = 0; i < d->type_count; i++)
		if (d->types[i].type == type)
			return (enum finals_order)d->types[i].order;
	return d->rest;
}
