#include "lint/neighbours.h"

#include <string.h>

/* One end of a link: to a network, or to the members of a transit gateway. */
struct neighbours_end {
	struct neighbour to;
	const struct ref *members;	/* not NULL: a transit gateway's; to.network is unset */
	struct neighbours_end *next;
};

/** Hang an end before those the network has. */
static enum status
enter(struct neighbours *n, struct arena *arena, uint32_t network,
      const struct neighbours_end *end)
{
	struct neighbours_end **at = &n->ends[network];
	struct neighbours_end *new = arena_alloc(arena, sizeof(*new));

	if (!new)
		return ERR_NOMEM;
	*new = *end;
	new->next = *at;
	*at = new;
	return OK;
}

/** Both ends of a link between two networks; nothing when a reference dangles. */
static enum status
enter_pair(struct neighbours *n, struct arena *arena, const struct network *a,
	   const struct network *b, struct neighbour to)
{
	enum status status;

	if (!a || !b || a == b)
		return OK;
	to.network = b->index;
	status = enter(n, arena, a->index, &(struct neighbours_end){ .to = to });
	if (status != OK)
		return status;
	to.network = a->index;
	return enter(n, arena, b->index, &(struct neighbours_end){ .to = to });
}

static enum status
enter_sites(struct neighbours *n, struct arena *arena)
{
	enum status status = OK;

	for (const struct network *site = n->estate->networks; site; site = site->next)
		for (const struct ref *ref = site->connects_to; ref && status == OK;
		     ref = ref->next)
			status = enter_pair(n, arena, site, ref->object,
					    (struct neighbour){ .kind = OBJECT_SITE,
								.id = site->id, .at = ref->at });
	return status;
}

static enum status
enter_gateways(struct neighbours *n, struct arena *arena)
{
	for (const struct transit_gateway *t = n->estate->transit_gateways; t; t = t->next) {
		struct neighbours_end end = {
			.to = { .kind = OBJECT_TRANSIT_GATEWAY, .id = t->id, .at = t->at },
			.members = t->vpcs,
		};

		for (const struct ref *ref = t->vpcs; ref; ref = ref->next) {
			const struct network *vpc = ref->object;

			if (vpc && enter(n, arena, vpc->index, &end) != OK)
				return ERR_NOMEM;
		}
	}
	return OK;
}

static enum status
enter_peerings(struct neighbours *n, struct arena *arena)
{
	for (const struct peering *p = n->estate->peerings; p; p = p->next) {
		struct neighbour to = { .kind = OBJECT_PEERING, .id = p->id, .at = p->at };

		if (strcmp(p->status, "active") == 0 &&
		    enter_pair(n, arena, p->requester.object, p->accepter.object, to) != OK)
			return ERR_NOMEM;
	}
	return OK;
}

enum status
neighbours_init(struct neighbours *n, const struct estate *estate, struct arena *arena)
{
	size_t count = estate->network_count;

	*n = (struct neighbours){
		.estate = estate,
		.ends = arena_array(arena, count, sizeof(*n->ends)),
		.found = arena_array(arena, count, sizeof(*n->found)),
		.seen = arena_array(arena, count, sizeof(*n->seen)),
	};
	if (count && (!n->ends || !n->found || !n->seen))
		return ERR_NOMEM;
	/* what is entered last comes first */
	if (enter_sites(n, arena) != OK || enter_gateways(n, arena) != OK)
		return ERR_NOMEM;
	return enter_peerings(n, arena);
}

/** Take a neighbour up unless this question found it before. */
static void
find(struct neighbours *n, struct neighbour to, size_t *count)
{
	if (n->seen[to.network] == n->questions)
		return;
	n->seen[to.network] = n->questions;
	n->found[(*count)++] = to;
}

size_t
neighbours_of(struct neighbours *n, uint32_t network, const struct neighbour **list)
{
	size_t count = 0;

	n->seen[network] = ++n->questions;	/* never its own neighbour */
	for (const struct neighbours_end *end = n->ends[network]; end; end = end->next) {
		struct neighbour to = end->to;

		if (!end->members)
			find(n, to, &count);
		for (const struct ref *member = end->members; member; member = member->next) {
			if (!member->object)
				continue;
			to.network = ((const struct network *)member->object)->index;
			find(n, to, &count);
		}
	}
	*list = n->found;
	return count;
}
