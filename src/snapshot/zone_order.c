#include "snapshot/zone_order.h"

#include <assert.h>
#include <string.h>

#include "base/bytes.h"
#include "dns/name.h"

#define HEAD_OCTETS   sizeof(uint64_t)
#define KEY_MAX	      (2 * NAME_MAX_OCTETS + 4)
#define FEW	      12	/* sorted by insertion */

static uint8_t *
encode_label(const uint8_t *label, uint8_t *out)
{
	for (unsigned n = *label++; n; n--, label++) {
		if (*label <= 1) {
			*out++ = 1;
			*out++ = (uint8_t)(*label + 1);
		} else {
			*out++ = *label;
		}
	}
	*out++ = 0;
	return out;
}

static uint16_t
encode_key(const struct record_set *set, size_t apex_len, uint8_t *out)
{
	const uint8_t *labels[NAME_MAX_LABELS];
	const uint8_t *label = set->owner;
	size_t len = name_wire_len(set->owner), below = len - apex_len;
	uint8_t *from = out;
	unsigned count = 0;

	assert(len >= apex_len);	/* estate_check refused what is outside the zone */
	for (; label < set->owner + below; label += 1 + *label)
		labels[count++] = label;
	while (count)
		out = encode_label(labels[--count], out);
	*out++ = 0;
	store_u16(out, set->type);
	return (uint16_t)(out + 2 - from);
}

static const struct zone_key *
make_key(const struct record_set *set, size_t apex_len, struct arena *arena)
{
	uint8_t octets[KEY_MAX];
	uint16_t len = encode_key(set, apex_len, octets);
	struct zone_key *key = arena_alloc(arena, sizeof(*key) + len + HEAD_OCTETS);

	if (key) {
		key->set = set;
		key->len = len;
		memcpy(key->octets, octets, len);
	}
	return key;
}

static void
insert_sort(struct zone_entry *entries, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct zone_entry entry = entries[i];
		size_t at = i;

		for (; at && entries[at - 1].head > entry.head; at--)
			entries[at] = entries[at - 1];
		entries[at] = entry;
	}
}

/* A stable merge sort; scratch has room for half of the entries. */
static void
sort_heads(struct zone_entry *entries, size_t count, struct zone_entry *scratch)
{
	size_t half = count / 2, i = 0, k = 0;
	struct zone_entry *right = entries + half, *end = entries + count;

	if (count <= FEW) {
		insert_sort(entries, count);
		return;
	}
	sort_heads(entries, half, scratch);
	sort_heads(right, count - half, scratch);
	if (right[-1].head <= right->head)	/* in order already */
		return;
	memcpy(scratch, entries, half * sizeof(*entries));
	while (i < half && right < end) {
		bool from_right = right->head < scratch[i].head;

		entries[k++] = from_right ? *right : scratch[i];
		right += from_right;
		i += !from_right;
	}
	memcpy(entries + k, scratch + i, (half - i) * sizeof(*entries));
}

/* Sort entries whose keys agree in the first `depth` octets. */
static void
sort_entries(struct zone_entry *entries, size_t count, size_t depth,
	     struct zone_entry *scratch)
{
	size_t from = 0;

	for (size_t i = 0; i < count; i++)
		entries[i].head = load_u64(entries[i].key->octets + depth);
	sort_heads(entries, count, scratch);
	for (size_t i = 1; i <= count; i++) {
		if (i < count && entries[i].head == entries[from].head)
			continue;
		/* one key at its end means that all of the run are equal */
		if (i - from > 1 && entries[from].key->len > depth + HEAD_OCTETS)
			sort_entries(entries + from, i - from, depth + HEAD_OCTETS, scratch);
		from = i;
	}
}

enum status
zone_order(const struct hosted_zone *zone, const struct record_set *extra, size_t extra_count,
	   struct arena *arena, struct zone_entry **out, size_t *count)
{
	size_t apex_len = name_wire_len(zone->name), n = extra_count;
	struct zone_entry *entries, *scratch, *entry;

	for (const struct record_set *set = zone->sets; set; set = set->next)
		n++;
	entries = entry = arena_array(arena, n, sizeof(*entries));
	scratch = arena_array(arena, n / 2 + 1, sizeof(*scratch));
	if (!entries || !scratch)
		return ERR_NOMEM;
	for (size_t i = 0; i < extra_count; i++)
		(entry++)->key = make_key(&extra[i], apex_len, arena);
	for (const struct record_set *set = zone->sets; set; set = set->next)
		(entry++)->key = make_key(set, apex_len, arena);
	for (size_t i = 0; i < n; i++)
		if (!entries[i].key)
			return ERR_NOMEM;
	sort_entries(entries, n, 0, scratch);
	*out = entries;
	*count = n;
	return OK;
}
