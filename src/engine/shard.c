#include "engine/shard.h"

#include <string.h>

#define FIRST_OCTETS sizeof(((struct shard_head *)0)->octets)
#define MORE_OCTETS  sizeof(((union shard_cell *)0)->more.octets)
#define LOOK_AHEAD   8	/* entries behind the hand, for one that is worth less than its */
#define YOUNG_SHARE  8	/* of all entries, one in so many is young */

_Static_assert(sizeof(union shard_cell) == SHARD_CELL_OCTETS, "a cell is two cache lines");

/** Buckets for two to four cells each, then the cells. */
void
shard_init(struct shard *shard, uint8_t *base, size_t octets)
{
	uint32_t buckets = 16;
	size_t bucket_octets;

	while ((size_t)buckets * 4 * SHARD_CELL_OCTETS <= octets)
		buckets *= 2;
	bucket_octets = buckets * sizeof(*shard->buckets);
	*shard = (struct shard){
		.buckets = (uint32_t *)(void *)base,
		.bucket_mask = buckets - 1,
		.cells = (union shard_cell *)(void *)(base + bucket_octets),
		.cell_count = (uint32_t)((octets - bucket_octets) / SHARD_CELL_OCTETS),
		.free_first = SHARD_NONE,
		.newest = SHARD_NONE,
		.oldest = SHARD_NONE,
		.young_oldest = SHARD_NONE,
		.hand = SHARD_NONE,
	};
	shard->free_count = shard->cell_count;
	memset(shard->buckets, 0xff, bucket_octets);
}

size_t
shard_octets(const struct shard *shard)
{
	return (shard->bucket_mask + (size_t)1) * sizeof(*shard->buckets) +
	       (size_t)(shard->cell_count - shard->free_count) * SHARD_CELL_OCTETS;
}

/* Goes through the octets of an entry, cell by cell. */
struct cursor {
	struct shard *shard;
	uint32_t cell;
	bool at_head;
	size_t used;		/* octets of the cell that were passed */
};

static struct cursor
cursor_at(struct shard *shard, uint32_t entry)
{
	return (struct cursor){ shard, entry, true, 0 };
}

/** The next run of at most `want` octets; *got says how many, at least 1. */
static uint8_t *
cursor_run(struct cursor *c, size_t want, size_t *got)
{
	union shard_cell *cell = &c->shard->cells[c->cell];
	size_t room = c->at_head ? FIRST_OCTETS : MORE_OCTETS;
	uint8_t *octets;

	if (c->used == room) {
		c->cell = cell->more.next;
		c->at_head = false;
		c->used = 0;
		cell = &c->shard->cells[c->cell];
		room = MORE_OCTETS;
	}
	octets = (c->at_head ? cell->head.octets : cell->more.octets) + c->used;
	*got = want < room - c->used ? want : room - c->used;
	c->used += *got;
	return octets;
}

/** out NULL: pass by. */
static void
cursor_read(struct cursor *c, uint8_t *out, size_t len)
{
	for (size_t got; len; len -= got) {
		const uint8_t *octets = cursor_run(c, len, &got);

		if (!out)
			continue;
		memcpy(out, octets, got);
		out += got;
	}
}

static void
cursor_write(struct cursor *c, const uint8_t *in, size_t len)
{
	for (size_t got; len; len -= got, in += got) {
		uint8_t *octets = cursor_run(c, len, &got);

		memcpy(octets, in, got);
	}
}

static bool
cursor_equal(struct cursor *c, const uint8_t *octets, size_t len)
{
	for (size_t got; len; len -= got, octets += got) {
		const uint8_t *stored = cursor_run(c, len, &got);

		if (memcmp(stored, octets, got) != 0)
			return false;
	}
	return true;
}

static uint32_t
cell_take(struct shard *shard)
{
	uint32_t cell = shard->free_first;

	shard->free_count--;
	if (cell == SHARD_NONE)
		return shard->fresh++;
	shard->free_first = shard->cells[cell].more.next;
	return cell;
}

static void
cells_free(struct shard *shard, uint32_t cell)
{
	while (cell != SHARD_NONE) {
		uint32_t next = shard->cells[cell].more.next;

		shard->cells[cell].more.next = shard->free_first;
		shard->free_first = cell;
		shard->free_count++;
		cell = next;
	}
}

/** A chain of `count` cells, of which there are as many free; its first. */
static uint32_t
cells_take(struct shard *shard, size_t count)
{
	uint32_t first = cell_take(shard), last = first;

	while (--count) {
		uint32_t cell = cell_take(shard);

		shard->cells[last].more.next = cell;
		last = cell;
	}
	shard->cells[last].more.next = SHARD_NONE;
	return first;
}

static size_t
cells_needed(size_t octets)
{
	if (octets <= FIRST_OCTETS)
		return 1;
	return 1 + (octets - FIRST_OCTETS + MORE_OCTETS - 1) / MORE_OCTETS;
}

static bool
is_young(const struct shard *shard, uint32_t entry)
{
	return shard->cells[entry].head.young;
}

/** The oldest of the young ones is young no longer. */
static void
grow_up(struct shard *shard)
{
	struct shard_head *head = shard_entry(shard, shard->young_oldest);

	head->young = 0;
	shard->young_oldest = head->newer;
	shard->young_count--;
}

/** It is young until it has that many behind it. */
static void
queue_enter(struct shard *shard, uint32_t entry)
{
	struct shard_head *head = shard_entry(shard, entry);

	head->young = 1;
	if (shard->young_count++ == 0)
		shard->young_oldest = entry;
	head->newer = SHARD_NONE;
	head->older = shard->newest;
	if (shard->newest == SHARD_NONE)
		shard->oldest = entry;
	else
		shard_entry(shard, shard->newest)->newer = entry;
	shard->newest = entry;
}

static void
queue_leave(struct shard *shard, uint32_t entry)
{
	const struct shard_head *head = shard_entry(shard, entry);

	if (shard->hand == entry)
		shard->hand = head->newer;
	if (head->young && --shard->young_count == 0)
		shard->young_oldest = SHARD_NONE;
	else if (shard->young_oldest == entry)
		shard->young_oldest = head->newer;
	if (head->newer == SHARD_NONE)
		shard->newest = head->older;
	else
		shard_entry(shard, head->newer)->older = head->older;
	if (head->older == SHARD_NONE)
		shard->oldest = head->newer;
	else
		shard_entry(shard, head->older)->newer = head->newer;
}

uint32_t
shard_find(struct shard *shard, const struct shard_key *key)
{
	uint32_t entry = shard->buckets[key->hash & shard->bucket_mask];

	while (entry != SHARD_NONE) {
		const struct shard_head *head = shard_entry(shard, entry);
		struct cursor c = cursor_at(shard, entry);

		if (head->hash == key->hash && head->key_len == key->len &&
		    cursor_equal(&c, key->octets, key->len))
			break;
		entry = head->in_bucket;
	}
	return entry;
}

void
shard_read_key(struct shard *shard, uint32_t entry, uint8_t *out)
{
	struct cursor c = cursor_at(shard, entry);

	cursor_read(&c, out, shard_entry(shard, entry)->key_len);
}

void
shard_read_value(struct shard *shard, uint32_t entry, void *out, size_t len)
{
	struct cursor c = cursor_at(shard, entry);

	cursor_read(&c, NULL, shard_entry(shard, entry)->key_len);
	cursor_read(&c, out, len);
}

void
shard_remove(struct shard *shard, uint32_t entry)
{
	uint32_t *link = &shard->buckets[shard_entry(shard, entry)->hash & shard->bucket_mask];

	while (*link != entry)
		link = &shard_entry(shard, *link)->in_bucket;
	*link = shard_entry(shard, entry)->in_bucket;
	queue_leave(shard, entry);
	cells_free(shard, entry);
	shard->entry_count--;
}

/**
 * The next one for the hand: from the newest that is not young it goes back to the oldest.
 * Were the young ones not spared, a hand that has come near the newest would throw out what
 * just came, before anybody could ask for it again, and stay there: a chain over several
 * upstreams would not find its first hop any more when the last one is there.
 */
static uint32_t
next_of(const struct shard *shard, uint32_t entry)
{
	uint32_t newer = shard->cells[entry].head.newer;

	return newer == SHARD_NONE || is_young(shard, newer) ? shard->oldest : newer;
}

/** Near the hand, what is good for nothing any more, else what expired and was not visited. */
static uint32_t
find_worst(struct shard *shard, uint32_t at, uint64_t now_ms)
{
	uint32_t worst = SHARD_NONE;

	for (unsigned i = 0; i < LOOK_AHEAD; i++, at = next_of(shard, at)) {
		const struct shard_head *head = shard_entry(shard, at);

		if (head->ends_ms <= now_ms)
			return at;
		if (worst == SHARD_NONE && head->expires_ms <= now_ms && !head->visited)
			worst = at;
	}
	return worst;
}

/** SIEVE: the first not visited, or gone.  Ends, as each one spared loses its visited bit. */
static uint32_t
sieve(struct shard *shard, uint32_t at, uint64_t now_ms)
{
	while (shard_entry(shard, at)->visited && shard_entry(shard, at)->ends_ms > now_ms) {
		shard_entry(shard, at)->visited = 0;
		at = next_of(shard, at);
	}
	shard->hand = at;
	return at;
}

/** Throw one entry out.  The hand moves only when it was the hand's to say which. */
static void
evict(struct shard *shard, uint64_t now_ms)
{
	bool at_oldest = shard->hand == SHARD_NONE || is_young(shard, shard->hand);
	uint32_t at = at_oldest ? shard->oldest : shard->hand;
	uint32_t worst = find_worst(shard, at, now_ms);

	shard_remove(shard, worst != SHARD_NONE ? worst : sieve(shard, at, now_ms));
	shard->evictions++;
}

/** Take away what is under the key.  Was it visited? */
static bool
displace(struct shard *shard, const struct shard_key *key)
{
	uint32_t entry = shard_find(shard, key);
	bool visited;

	if (entry == SHARD_NONE)
		return false;
	visited = shard_entry(shard, entry)->visited;
	shard_remove(shard, entry);
	return visited;
}

uint32_t
shard_put(struct shard *shard, const struct shard_key *key, const void *value, uint32_t len,
	  struct shard_life life, uint64_t now_ms)
{
	uint32_t *bucket = &shard->buckets[key->hash & shard->bucket_mask];
	bool visited = displace(shard, key);
	size_t cells = cells_needed((size_t)key->len + len);
	struct shard_head *head;
	struct cursor c;
	uint32_t entry;

	if (cells > shard->cell_count / 4)
		return SHARD_NONE;
	while (shard->free_count < cells)
		evict(shard, now_ms);

	entry = cells_take(shard, cells);
	head = shard_entry(shard, entry);
	head->hash = key->hash;
	head->expires_ms = life.expires_ms;
	head->ends_ms = life.ends_ms;
	head->retry_ms = 0;
	head->len = len;
	head->key_len = key->len;
	head->visited = visited;
	head->hits = head->failures = head->flags = 0;
	head->in_bucket = *bucket;
	*bucket = entry;
	queue_enter(shard, entry);
	c = cursor_at(shard, entry);
	cursor_write(&c, key->octets, key->len);
	cursor_write(&c, value, len);
	shard->entry_count++;
	if (shard->young_count > shard->entry_count / YOUNG_SHARE)
		grow_up(shard);
	return entry;
}
