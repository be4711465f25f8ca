#include "estate/order.h"

#include <stdlib.h>
#include <string.h>

/* Where the objects of one kind hang; kinds that share a list follow each other. */
struct list {
	size_t first, last;	/* in struct estate */
	size_t next;		/* in the object */
};

#define LIST(head, end, type)						\
	{ offsetof(struct estate, head), offsetof(struct estate, end),	\
	  offsetof(struct type, next) }

static const struct list lists[OBJECT_KINDS] = {
	[OBJECT_VPC] = LIST(networks, last_network, network),
	[OBJECT_SITE] = LIST(networks, last_network, network),
	[OBJECT_PEERING] = LIST(peerings, last_peering, peering),
	[OBJECT_TRANSIT_GATEWAY] = LIST(transit_gateways, last_transit_gateway, transit_gateway),
	[OBJECT_HOSTED_ZONE] = LIST(zones, last_zone, hosted_zone),
	[OBJECT_HEALTH_CHECK] = LIST(health_checks, last_health_check, health_check),
	[OBJECT_ENDPOINT] = LIST(endpoints, last_endpoint, resolver_endpoint),
	[OBJECT_RULE] = LIST(rules, last_rule, resolver_rule),
	[OBJECT_PROFILE] = LIST(profiles, last_profile, profile),
};

static int
compare_ids(const void *a, const void *b)
{
	const struct table_entry *left = a, *right = b;

	return strcmp(left->key, right->key);
}

/** Pointers are set as memory: they are of many types. */
static char *
link_objects(const struct table_entry *entries, size_t count, char *end, size_t next)
{
	char *object;

	for (size_t i = 0; i < count; i++) {
		object = entries[i].value;
		memcpy(end, &object, sizeof(object));
		end = object + next;
	}
	return end;
}

/** Append the objects of a kind at `end`; returns where the next one goes. */
static char *
order_kind(struct estate *estate, enum object_kind kind, char *end, struct arena *scratch)
{
	const struct table *ids = &estate->ids[kind];
	struct arena_mark mark = arena_mark(scratch);
	const struct list *list = &lists[kind];
	struct table_entry *sorted;
	void *none = NULL, *last;

	if (!ids->count)
		return end;
	sorted = arena_copy(scratch, ids->entries, ids->count * sizeof(*sorted));
	if (!sorted)
		return NULL;
	qsort(sorted, ids->count, sizeof(*sorted), compare_ids);
	end = link_objects(sorted, ids->count, end, list->next);
	memcpy(end, &none, sizeof(none));
	last = sorted[ids->count - 1].value;
	memcpy((char *)estate + list->last, &last, sizeof(last));
	arena_rewind(scratch, mark);
	return end;
}

static void
number(struct estate *estate)
{
	uint32_t index = 0;

	for (struct network *n = estate->networks; n; n = n->next)
		n->index = index++;
	index = 0;
	for (struct hosted_zone *z = estate->zones; z; z = z->next)
		z->index = index++;
	index = 0;
	for (struct resolver_rule *r = estate->rules; r; r = r->next)
		r->index = index++;
	index = 0;
	for (struct profile *p = estate->profiles; p; p = p->next)
		p->index = index++;
}

enum status
estate_order(struct estate *estate, struct arena *scratch)
{
	char *end = NULL;

	for (unsigned kind = 0; kind < OBJECT_KINDS; kind++) {
		const struct list *list = &lists[kind];

		if (kind == 0 || list->first != lists[kind - 1].first)
			end = (char *)estate + list->first;
		end = order_kind(estate, (enum object_kind)kind, end, scratch);
		if (!end)
			return ERR_NOMEM;
	}
	number(estate);
	return OK;
}
