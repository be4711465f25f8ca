#include "snapshot/snapshot.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* One allocation: the struct, the sources and the zones by number, the blocks. */
static struct snapshot *
snapshot_alloc(const struct root *root)
{
	size_t pointers = (size_t)root->zone_count + root->block_count;
	size_t sources = root->zone_count * sizeof(struct digest);
	struct snapshot *snap = malloc(sizeof(*snap) + sources + pointers * sizeof(void *));

	if (!snap)
		return NULL;
	snap->root = root;
	snap->sources = (struct digest *)(snap + 1);
	memset(snap->sources, 0, sources);
	snap->zones = (const struct zone **)(snap->sources + root->zone_count);
	snap->held = (struct held_block **)(snap->zones + root->zone_count);
	snap->held_count = root->block_count;
	atomic_init(&snap->refs, 1);
	return snap;
}

struct snapshot *
snapshot_new(struct held_block *root_held, struct held_block *const *zones)
{
	const struct root *root = (const struct root *)block_of(root_held);
	struct snapshot *snap = snapshot_alloc(root);

	if (!snap) {
		for (uint32_t i = 0; i < root->block_count; i++)
			block_unref(zones[i]);
		block_unref(root_held);
		return NULL;
	}
	snap->root_held = root_held;
	for (uint32_t i = 0; i < root->block_count; i++)
		snap->held[i] = zones[i];
	for (uint32_t i = 0; i < root->zone_count; i++)
		snap->zones[i] = (const struct zone *)
			block_of(zones[snapshot_zone(snap, i)->block]);
	return snap;
}

struct snapshot *
snapshot_ref(struct snapshot *snap)
{
	atomic_fetch_add_explicit(&snap->refs, 1, memory_order_relaxed);
	return snap;
}

void
snapshot_unref(struct snapshot *snap)
{
	if (!snap || atomic_fetch_sub(&snap->refs, 1) != 1)
		return;
	for (uint32_t i = 0; i < snap->held_count; i++)
		block_unref(snap->held[i]);
	block_unref(snap->root_held);
	free(snap);
}

uint64_t
health_hash(const char *id)
{
	static const struct hash_key key;

	return *id ? hash_keyed(&key, id, strlen(id)) : 0;
}

uint32_t
snapshot_find_network(const struct snapshot *snap, const char *id)
{
	for (uint32_t i = 0; i < snap->root->network_count; i++)
		if (strcmp(snapshot_string(snap, snapshot_network(snap, i)->id_at), id) == 0)
			return i;
	return NETWORK_NONE;
}

uint32_t
snapshot_client_network(const struct snapshot *snap, const struct addr *client)
{
	const struct root *root = snap->root;
	uint32_t network = prefixes_find(block_at(&root->block, root->clients_at),
					 root->client_count, client);

	return network == PREFIXES_NONE ? NETWORK_NONE : network;
}

bool
snapshot_allows(const struct snapshot *snap, const struct addr *client)
{
	const struct root *root = snap->root;

	return prefixes_find(block_at(&root->block, root->allow_at), root->allow_count,
			     client) != PREFIXES_NONE;
}

bool
snapshot_has_source(const struct snapshot *snap, struct digest source)
{
	if (!source.lo && !source.hi)
		return false;
	for (uint32_t i = 0; i < snap->root->zone_count; i++)
		if (digest_equal(snap->sources[i], source))
			return true;
	return false;
}
