#include "lint/classes.h"

#include <string.h>

/* Pairs on their way into the list, by their classes. */
struct pairing {
	struct lint *lint;
	const struct closure *closure;
	struct table by_classes;
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

static void
take_pair(struct pairing *p, const struct network *a, const struct network *b, size_t count,
	  struct neighbour link)
{
	uint32_t x = p->closure->class_of[a->index], y = p->closure->class_of[b->index];
	struct pair_key key = { x < y ? x : y, x < y ? y : x,
				a->kind == NETWORK_SITE || b->kind == NETWORK_SITE };
	struct class_pair *pair;
	struct pair_key *kept;

	if (x == y || !resolves(p->lint, a) || !resolves(p->lint, b))
		return;
	pair = table_find(&p->by_classes, &key, sizeof(key));
	if (pair) {
		pair->count += count;
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

/** The members by class: as many as there are classes among them. */
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
lint_class_pairs(struct lint *lint)
{
	struct pairing p = { .lint = lint, .closure = lint_closure(lint),
			     .end = &lint->class_pairs };

	if (lint->class_pairs || !p.closure)
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
	return lint->class_pairs;
}
