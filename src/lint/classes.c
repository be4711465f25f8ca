#include "lint/classes.h"

#include <string.h>

/* Pairs on their way into the list, by their classes. */
struct pairing {
	struct lint *lint;
	const struct closure *closure;
	bool *contested;		/* by class */
	struct table by_classes;
	size_t left_out;		/* pairs of networks */
	struct class_pair **end;
};

struct pair_key {
	uint32_t low, high;	/* classes */
	uint32_t site;
};

struct zone_tries *
lint_tries(struct lint *lint)
{
	if (!lint->tries) {
		lint->tries = lint_alloc(lint, 1, sizeof(*lint->tries));
		if (lint->tries)
			zone_tries_init(lint->tries, &lint->arena);
	}
	return lint->tries;
}

struct closure *
lint_closure(struct lint *lint)
{
	if (!lint->closure) {
		struct closure *closure = lint_alloc(lint, 1, sizeof(*closure));
		struct zone_tries *tries = lint_tries(lint);

		if (closure && tries &&
		    closure_init(closure, lint->estate, lint->snap, tries) == OK)
			lint->closure = closure;
		else
			lint->nomem = true;
	}
	return lint->closure;
}

static bool
resolves(const struct lint *lint, const struct network *network)
{
	return snapshot_network(lint->snap, network->index)->dns_support;
}

/* One name at which some class has a zone or rule. */
struct contest {
	const void *value;	/* that the first class has there */
	bool two;		/* other classes may have another, there */
	bool below;		/* or below */
};

/** A zone's block or a rule stands for where names go; NULL: public names. */
static const void *
value_of(const struct closure *c, const struct cut *cut)
{
	if (cut->action == CUT_ZONE)
		return c->snap->zones[cut->target];
	if (cut->action == CUT_FORWARD && cut->origin_kind == ORIGIN_RULE)
		return &c->ways[cut->target];
	return NULL;
}

typedef void (*cut_fn)(struct pairing *p, struct table *contests, uint32_t class,
		       const uint8_t *name, const void *value);

/** All cuts of all classes that decide about private names. */
static void
each_value(struct pairing *p, struct table *contests, cut_fn visit)
{
	const struct closure *c = p->closure;

	for (uint32_t k = 0; k < c->class_count && !p->lint->nomem; k++) {
		const struct view *view = snapshot_view(c->snap, c->member[k]);

		for (uint32_t i = 0; i < view->cut_count; i++) {
			const struct cut *cut = view_cut(&c->snap->root->block, view, i);
			const void *value = value_of(c, cut);

			if (value)
				visit(p, contests, k, snapshot_name(c->snap, cut->name_at), value);
		}
	}
}

static void
enter_value(struct pairing *p, struct table *contests, uint32_t class, const uint8_t *name,
	    const void *value)
{
	size_t len = name_wire_len(name);
	struct contest *contest = table_find(contests, name, len);

	(void)class;
	if (contest) {
		contest->two |= contest->value != value;
		return;
	}
	contest = lint_alloc(p->lint, 1, sizeof(*contest));
	if (!contest)
		return;
	contest->value = value;
	if (table_put(contests, name, len, contest) != OK)
		p->lint->nomem = true;
}

/** What stands above a name may be another class's word for it. */
static void
look_above(struct contest *contest, const struct table *contests, const uint8_t *name)
{
	for (const uint8_t *at = name; *at;) {
		const struct contest *above;

		at = name_wire_parent(at);
		above = table_find(contests, at, name_wire_len(at));
		contest->two |= above && above->value != contest->value;
	}
	if (!contest->two)
		return;
	for (const uint8_t *at = name; *at;) {
		struct contest *above;

		at = name_wire_parent(at);
		above = table_find(contests, at, name_wire_len(at));
		if (above)
			above->below = true;
	}
}

static void
mark_class(struct pairing *p, struct table *contests, uint32_t class, const uint8_t *name,
	   const void *value)
{
	const struct contest *contest = table_find(contests, name, name_wire_len(name));

	(void)value;
	p->contested[class] |= contest->two || contest->below;
}

/** A delegation leads on in some networks only: by DELEGATE rules, which are no cuts. */
static bool
has_delegates(const struct closure *c)
{
	for (uint32_t k = 0; k < c->class_count; k++)
		if (snapshot_network(c->snap, c->member[k])->delegate_count)
			return true;
	return false;
}

/** Find the classes that anybody can contradict.  false: no memory. */
static bool
find_contested(struct pairing *p)
{
	const struct closure *c = p->closure;
	bool all = has_delegates(c);
	struct table contests;

	p->contested = lint_alloc(p->lint, c->class_count, sizeof(*p->contested));
	table_init(&contests, &p->lint->arena);
	if (p->lint->nomem)
		return false;
	each_value(p, &contests, enter_value);
	for (size_t i = 0; i < contests.count; i++)
		look_above(contests.entries[i].value, &contests, contests.entries[i].key);
	if (!p->lint->nomem)
		each_value(p, &contests, mark_class);
	for (uint32_t k = 0; k < c->class_count; k++)
		p->contested[k] |= all || c->tables[k]->marks & ENDS_MORE;
	return !p->lint->nomem;
}

static void
take_pair(struct pairing *p, const struct network *a, const struct network *b, size_t count,
	  struct neighbour link)
{
	uint32_t x = p->closure->class_of[a->index];
	uint32_t y = p->closure->class_of[b->index];
	struct pair_key key = { x < y ? x : y, x < y ? y : x,
				a->kind == NETWORK_SITE || b->kind == NETWORK_SITE };
	struct class_pair *pair;
	struct pair_key *kept;

	if (x == y || !p->contested[x] || !p->contested[y] || !resolves(p->lint, a) ||
	    !resolves(p->lint, b))
		return;
	pair = table_find(&p->by_classes, &key, sizeof(key));
	if (pair) {
		pair->count += count;
		return;
	}
	if (p->by_classes.count == CLASS_PAIRS_MOST) {
		p->left_out += count;
		return;
	}
	pair = lint_alloc(p->lint, 1, sizeof(*pair));
	kept = lint_alloc(p->lint, 1, sizeof(*kept));
	if (!pair || !kept)
		return;
	*kept = key;
	*pair = (struct class_pair){
		.a = a->index < b->index ? a->index : b->index,
		.b = a->index < b->index ? b->index : a->index,
		.link = link, .site = key.site, .count = count,
	};
	if (table_put(&p->by_classes, kept, sizeof(*kept), pair) != OK)
		p->lint->nomem = true;
	*p->end = pair;
	p->end = &pair->next;
}

/* Members of a gateway that are of one class. */
struct attached {
	const struct network *first;
	size_t count;
};

/** The contested members by class: as many as there are classes among them. */
static size_t
gather_members(struct pairing *p, const struct transit_gateway *gateway, struct attached *out,
	       size_t *place)
{
	size_t count = 0;

	for (const struct ref *ref = gateway->vpcs; ref; ref = ref->next) {
		const struct network *vpc = ref->object;
		uint32_t class;

		if (!vpc || !resolves(p->lint, vpc))
			continue;
		class = p->closure->class_of[vpc->index];
		if (!p->contested[class])
			continue;
		if (place[class] >= count || p->closure->class_of[out[place[class]].first->index] !=
						     class) {
			place[class] = count;
			out[count++] = (struct attached){ vpc, 0 };
		}
		out[place[class]].count++;
	}
	return count;
}

static void
pair_gateways(struct pairing *p)
{
	size_t classes = p->closure->class_count;
	struct attached *members = lint_alloc(p->lint, classes, sizeof(*members));
	size_t *place = lint_alloc(p->lint, classes, sizeof(*place));

	for (const struct transit_gateway *t = p->lint->estate->transit_gateways;
	     t && members && place; t = t->next) {
		struct neighbour link = { .kind = OBJECT_TRANSIT_GATEWAY, .id = t->id,
					  .at = t->at };
		size_t count = gather_members(p, t, members, place);

		for (size_t i = 0; i < count; i++)
			for (size_t k = i + 1; k < count; k++)
				take_pair(p, members[i].first, members[k].first,
					  members[i].count * members[k].count, link);
	}
}

const struct class_pair *
lint_class_pairs(struct lint *lint, size_t *left_out)
{
	struct pairing p = { .lint = lint, .closure = lint_closure(lint),
			     .end = &lint->class_pairs };

	*left_out = 0;
	if (lint->class_pairs || !p.closure || !find_contested(&p))
		return lint->class_pairs;
	table_init(&p.by_classes, &lint->arena);
	for (const struct peering *e = lint->estate->peerings; e; e = e->next)
		if (strcmp(e->status, "active") == 0 && e->requester.object && e->accepter.object)
			take_pair(&p, e->requester.object, e->accepter.object, 1,
				  (struct neighbour){ .kind = OBJECT_PEERING, .id = e->id,
						      .at = e->at });
	pair_gateways(&p);
	for (const struct network *site = lint->estate->networks; site; site = site->next)
		for (const struct ref *ref = site->connects_to; ref; ref = ref->next)
			if (ref->object)
				take_pair(&p, site, ref->object, 1,
					  (struct neighbour){ .kind = OBJECT_SITE,
							      .id = site->id, .at = ref->at });
	*left_out = p.left_out;
	return lint->class_pairs;
}
