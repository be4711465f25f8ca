#include "lint/stale.h"

#include "lint/hops.h"

/* Which network forwards to which. */
struct stale {
	struct table ways;	/* two numbers of networks -> the first rule */
};

static void
note_way(struct lint *lint, struct stale *stale, uint32_t from, const struct hop *hop)
{
	uint32_t *key = lint_alloc(lint, 2, sizeof(*key));

	if (!key)
		return;
	key[0] = from;
	key[1] = hop->to;
	if (!table_find(&stale->ways, key, 2 * sizeof(*key)) &&
	    table_put(&stale->ways, key, 2 * sizeof(*key),
		      (void *)(uintptr_t)lint->rules[hop->rule]) != OK)
		lint->nomem = true;
}

/** Only sites are asked about: a VPC's own rules say nothing of copies. */
static struct stale *
find_ways(struct lint *lint)
{
	struct stale *stale = lint_alloc(lint, 1, sizeof(*stale));
	struct hops hops;

	if (!stale)
		return NULL;
	table_init(&stale->ways, &lint->arena);
	hops_init(lint, &hops);
	for (const struct resolver_rule *r = lint->estate->rules; r; r = r->next) {
		for (const struct target *t = r->targets; t; t = t->next) {
			struct hop hop = { .rule = r->index };

			if (!hops_follow(&hops, t, &hop))
				continue;
			for (const struct ref *ref = r->networks; ref; ref = ref->next) {
				const struct network *from = ref->object;

				if (from && from->kind == NETWORK_SITE)
					note_way(lint, stale, from->index, &hop);
			}
		}
	}
	return stale;
}

const struct resolver_rule *
stale_way(struct lint *lint, uint32_t from, uint32_t to)
{
	uint32_t key[2] = { from, to };

	if (!lint->stale)
		lint->stale = find_ways(lint);
	return lint->stale ? table_find(&lint->stale->ways, key, sizeof(key)) : NULL;
}

/** Do networks of this kind alone have the zone? */
static bool
is_of(const struct lint *lint, uint32_t zone, enum network_kind kind)
{
	const struct ref *ref = lint->zones[zone]->networks;

	for (; ref; ref = ref->next) {
		const struct network *network = ref->object;

		if (network && network->kind != kind)
			return false;
	}
	return lint->zones[zone]->networks != NULL;
}

bool
stale_is(struct lint *lint, uint32_t a, uint32_t b)
{
	if (is_of(lint, b, NETWORK_SITE) && is_of(lint, a, NETWORK_VPC))
		return stale_is(lint, b, a);
	if (!is_of(lint, a, NETWORK_SITE) || !is_of(lint, b, NETWORK_VPC))
		return false;
	for (const struct ref *site = lint->zones[a]->networks; site; site = site->next)
		for (const struct ref *vpc = lint->zones[b]->networks; vpc; vpc = vpc->next)
			if (site->object && vpc->object &&
			    stale_way(lint, ((const struct network *)site->object)->index,
				      ((const struct network *)vpc->object)->index))
				return true;
	return false;
}
