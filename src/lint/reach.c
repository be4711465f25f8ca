#include "lint/reach.h"

#include <stdlib.h>
#include <string.h>

#include "snapshot/snapshot.h"

/* A link of a network: to a peer, or to a transit gateway. */
struct link {
	uint32_t network;
	bool gateway;
	uint32_t to;
};

struct links {
	struct link *list;	/* NULL: only counted */
	size_t count;
};

static void
add_link(struct links *links, uint32_t network, bool gateway, uint32_t to)
{
	if (links->list)
		links->list[links->count] = (struct link){ network, gateway, to };
	links->count++;
}

static void
add_pair(struct links *links, const struct network *a, const struct network *b)
{
	if (!a || !b || a == b)
		return;
	add_link(links, a->index, false, b->index);
	add_link(links, b->index, false, a->index);
}

/* Which gateways a network is attached to: lists by network. */
struct attached {
	uint32_t gateway;
	struct attached *next;
};

/** A site reaches what the gateways of its VPCs join. */
static void
add_site(struct links *links, const struct network *site, struct attached *const *attached)
{
	for (const struct ref *ref = site->connects_to; ref; ref = ref->next) {
		const struct network *other = ref->object;

		add_pair(links, site, other);
		if (!other)
			continue;
		for (const struct attached *a = attached[other->index]; a; a = a->next)
			add_link(links, site->index, true, a->gateway);
	}
}

static void
add_all(struct links *links, const struct estate *estate, struct attached *const *attached)
{
	for (const struct peering *p = estate->peerings; p; p = p->next)
		if (strcmp(p->status, "active") == 0)
			add_pair(links, p->requester.object, p->accepter.object);
	for (const struct network *n = estate->networks; n; n = n->next) {
		for (const struct attached *a = attached[n->index]; a; a = a->next)
			add_link(links, n->index, true, a->gateway);
		add_site(links, n, attached);
	}
}

static int
compare_links(const void *left, const void *right)
{
	const struct link *a = left, *b = right;

	if (a->network != b->network)
		return a->network < b->network ? -1 : 1;
	if (a->gateway != b->gateway)
		return a->gateway ? 1 : -1;
	return (a->to > b->to) - (a->to < b->to);
}

static enum status
number_gateways(struct reach *reach, const struct estate *estate, struct attached **attached,
		struct arena *arena)
{
	for (const struct transit_gateway *t = estate->transit_gateways; t; t = t->next)
		reach->gateway_count++;
	reach->gateways = arena_array(arena, reach->gateway_count, sizeof(*reach->gateways));
	if (reach->gateway_count && !reach->gateways)
		return ERR_NOMEM;
	reach->gateway_count = 0;
	for (const struct transit_gateway *t = estate->transit_gateways; t; t = t->next) {
		for (const struct ref *ref = t->vpcs; ref; ref = ref->next) {
			const struct network *vpc = ref->object;
			struct attached *new = arena_alloc(arena, sizeof(*new));

			if (!new)
				return ERR_NOMEM;
			if (!vpc)
				continue;
			new->gateway = reach->gateway_count;
			new->next = attached[vpc->index];
			attached[vpc->index] = new;
		}
		reach->gateways[reach->gateway_count++] = t;
	}
	return OK;
}

/** Enter a network under the class of those links; key: how many peers, peers, gateways. */
static enum status
classify(struct reach *reach, struct table *by_links, uint32_t network, const uint32_t *key,
	 size_t count)
{
	struct reach_class *class = table_find(by_links, key, count * sizeof(*key));

	if (!class) {
		class = &reach->classes[reach->class_count++];
		*class = (struct reach_class){
			.peers = key + 1, .peer_count = key[0],
			.gateways = key + 1 + key[0],
			.gateway_count = (uint32_t)count - 1 - key[0],
		};
		if (table_put(by_links, key, count * sizeof(*key), class) != OK)
			return ERR_NOMEM;
	}
	reach->class_of[network] = (uint32_t)(class - reach->classes);
	return OK;
}

/** The links of one network, which stand side by side from `first` on. */
static enum status
take_network(struct reach *reach, struct table *by_links, uint32_t network,
	     const struct links *links, size_t *first, struct arena *arena)
{
	size_t from = *first, count = 1;
	uint32_t *key;

	while (*first < links->count && links->list[*first].network == network)
		(*first)++;
	key = arena_array(arena, 1 + *first - from, sizeof(*key));
	if (!key)
		return ERR_NOMEM;
	for (size_t i = from; i < *first; i++) {
		if (i > from && compare_links(&links->list[i - 1], &links->list[i]) == 0)
			continue;
		key[0] += !links->list[i].gateway;
		key[count++] = links->list[i].to;
	}
	return classify(reach, by_links, network, key, count);
}

enum status
reach_init(struct reach *reach, const struct estate *estate, struct arena *arena)
{
	size_t networks = estate->network_count, first = 0;
	struct attached **attached = arena_array(arena, networks, sizeof(struct attached *));
	struct links links = { 0 };
	struct table by_links;

	*reach = (struct reach){
		.classes = arena_array(arena, networks, sizeof(*reach->classes)),
		.class_of = arena_array(arena, networks, sizeof(*reach->class_of)),
	};
	if (networks && (!attached || !reach->classes || !reach->class_of))
		return ERR_NOMEM;
	if (number_gateways(reach, estate, attached, arena) != OK)
		return ERR_NOMEM;
	add_all(&links, estate, attached);
	reach->any = links.count > 0;
	links.list = arena_array(arena, links.count, sizeof(*links.list));
	if (links.count && !links.list)
		return ERR_NOMEM;
	links.count = 0;
	add_all(&links, estate, attached);
	if (links.count)
		qsort(links.list, links.count, sizeof(*links.list), compare_links);
	table_init(&by_links, arena);
	for (uint32_t n = 0; n < networks; n++)
		if (take_network(reach, &by_links, n, &links, &first, arena) != OK)
			return ERR_NOMEM;
	return OK;
}

static bool
sorted_has(const uint32_t *list, uint32_t count, uint32_t value)
{
	uint32_t low = 0, high = count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (list[middle] < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && list[low] == value;
}

bool
reach_class_has(const struct reach *reach, uint32_t number, uint32_t network)
{
	const struct reach_class *class = &reach->classes[number];
	const struct reach_class *other = &reach->classes[reach->class_of[network]];

	if (sorted_has(class->peers, class->peer_count, network))
		return true;
	for (uint32_t i = 0; i < other->gateway_count; i++)
		if (sorted_has(class->gateways, class->gateway_count, other->gateways[i]))
			return true;
	return false;
}

uint32_t
reach_between(const struct reach *reach, uint32_t from, uint32_t to)
{
	const struct reach_class *a = &reach->classes[reach->class_of[from]];
	const struct reach_class *b = &reach->classes[reach->class_of[to]];

	for (uint32_t i = 0; i < a->peer_count; i++)
		if (reach_has(reach, to, a->peers[i]))
			return a->peers[i];
	for (uint32_t i = 0; i < b->peer_count; i++)
		if (reach_has(reach, from, b->peers[i]))
			return b->peers[i];
	return NETWORK_NONE;
}
