/*
 * Where the scan's checks find the places of records, and the networks that read a name.
 */
#include "lint/scan.h"

#include <stdlib.h>
#include <string.h>

#define FEW_SETS 64	/* of a zone: looked through, not indexed */

static size_t
place_key(const uint8_t *owner, uint16_t type, uint8_t *key)
{
	size_t len = name_wire_len(owner);

	memcpy(key, owner, len);
	store_u16(key + len, type);
	return len + 2;
}

static void
index_places(struct lint *lint, uint32_t number)
{
	struct scan *scan = lint->scan;
	struct arena *arena = &scan->places.arena;
	uint8_t key[NAME_MAX_OCTETS + 2];

	arena_fini(arena);
	table_init(&scan->places.sets, arena);
	scan->places.zone = number + 1;
	for (const struct record_set *s = lint->zones[number]->sets; s; s = s->next) {
		size_t len = place_key(s->owner, s->type, key);
		void *kept;

		if (table_find(&scan->places.sets, key, len))
			continue;
		kept = arena_copy(arena, key, len);
		if (!kept || table_put(&scan->places.sets, kept, len, (void *)(uintptr_t)s) != OK)
			lint->nomem = true;
		if (lint->nomem)
			return;
	}
}

struct srcloc
scan_record_at(struct lint *lint, uint32_t zone, const uint8_t *owner, uint16_t type)
{
	const struct hosted_zone *z = lint->zones[zone];
	uint8_t key[NAME_MAX_OCTETS + 2];
	const struct record_set *set;

	if (z->set_count <= FEW_SETS || !lint->scan)
		return lint_record_at(lint, zone, owner, type);
	if (lint->scan->places.zone != zone + 1)
		index_places(lint, zone);
	set = table_find(&lint->scan->places.sets, key, place_key(owner, type, key));
	return set ? set->at : z->name_at;
}

/** Do both networks send all names the same way? */
static int
compare_networks(const struct snapshot *snap, uint32_t one, uint32_t other)
{
	const struct snapshot_network *a = snapshot_network(snap, one);
	const struct snapshot_network *b = snapshot_network(snap, other);

	if (a->view_at != b->view_at)
		return a->view_at < b->view_at ? -1 : 1;
	if (a->delegate_count != b->delegate_count)
		return a->delegate_count < b->delegate_count ? -1 : 1;
	return a->delegate_count ? memcmp(snapshot_delegates(snap, a),
					  snapshot_delegates(snap, b),
					  a->delegate_count * sizeof(uint32_t)) : 0;
}

static int
compare_numbers(const void *a, const void *b, void *snap)
{
	const uint32_t *one = a, *other = b;
	int order = compare_networks(snap, *one, *other);

	return order ? order : (*one > *other) - (*one < *other);
}

static bool
has_dns(const struct lint *lint, uint32_t network)
{
	return snapshot_network(lint->snap, network)->dns_support &&
	       lint_uses_zones(lint, network);
}

static size_t
list_networks(struct lint *lint, uint32_t zone)
{
	struct scan *scan = lint->scan;
	size_t count = 0;

	for (const struct ref *ref = lint->zones[zone]->networks; ref; ref = ref->next) {
		const struct network *network = ref->object;

		if (!network || !has_dns(lint, network->index))
			continue;
		if (count == scan->readers.room) {
			size_t room = count ? 2 * count : 16;
			uint32_t *more = reallocarray(scan->readers.networks, room,
						      sizeof(*more));

			if (!more) {
				lint->nomem = true;
				return count;
			}
			scan->readers.networks = more;
			scan->readers.room = room;
		}
		scan->readers.networks[count++] = network->index;
	}
	return count;
}

/** Leave one of each class, in place. */
static size_t
thin_out(const struct snapshot *snap, uint32_t *networks, size_t listed)
{
	size_t count = 0;

	if (listed)
		qsort_r(networks, listed, sizeof(*networks), compare_numbers,
			(void *)(uintptr_t)snap);
	for (size_t i = 0; i < listed; i++)
		if (i == 0 || compare_networks(snap, networks[i], networks[count - 1]) != 0)
			networks[count++] = networks[i];
	return count;
}

const uint32_t *
scan_readers(struct lint *lint, uint32_t zone, size_t *count)
{
	struct scan *scan = lint->scan;

	if (scan->readers.zone != zone + 1) {
		size_t listed = list_networks(lint, zone);

		scan->readers.zone = zone + 1;
		scan->readers.count = thin_out(lint->snap, scan->readers.networks, listed);
	}
	*count = scan->readers.count;
	return scan->readers.networks;
}

uint32_t
scan_reader(struct lint *lint, uint32_t zone, const uint8_t *name)
{
	size_t count;
	const uint32_t *networks = scan_readers(lint, zone, &count);

	for (size_t i = 0; i < count; i++)
		if (lint_reads(lint, networks[i], name, zone))
			return networks[i];
	return NETWORK_NONE;
}
