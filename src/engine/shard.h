/*
 * shard - the memory of one part of the cache: cells, buckets, and who has to go
 *
 * Drawn and argued for in engine/cache.h.  Knows keys, octets and when they are good for less
 * or for nothing, not what they mean.
 * One thread at a time: the cache holds a lock around each call.
 */
#ifndef ENGINE_SHARD_H
#define ENGINE_SHARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHARD_CELL_OCTETS 128
#define SHARD_NONE	  UINT32_MAX

/* The first cell of an entry. */
struct shard_head {
	uint32_t next;			/* cell; as in union shard_cell */
	uint32_t in_bucket;		/* the next entry of the bucket */
	uint32_t newer, older;		/* neighbours in the queue */
	uint64_t hash;
	uint64_t expires_ms;		/* of less use from then on */
	uint64_t ends_ms;		/* of none from then on */
	uint64_t retry_ms;		/* the cache's own notes, 0 at first: this ... */
	uint32_t len;			/* octets of the value, which follows the key */
	uint16_t key_len;
	uint8_t visited, young;
	uint8_t hits, failures, flags;	/* ... and these */
	uint8_t octets[SHARD_CELL_OCTETS - 59];
};

union shard_cell {
	struct shard_head head;
	struct {
		uint32_t next;		/* of the entry, or of the free list */
		uint8_t octets[SHARD_CELL_OCTETS - 4];
	} more;
};

struct shard {
	union shard_cell *cells;
	uint32_t *buckets;		/* first entry of each */
	uint32_t bucket_mask;
	uint32_t cell_count;
	uint32_t fresh;			/* cells from here on were never used */
	uint32_t free_first, free_count;	/* free_count counts fresh ones too */
	uint32_t newest, oldest;	/* the queue */
	uint32_t young_oldest;		/* of the newest part of it, which the hand spares */
	uint32_t young_count;
	uint32_t hand;			/* NONE: at the oldest */
	uint32_t entry_count;
	uint64_t evictions;
};

/* What an entry is found by. */
struct shard_key {
	uint64_t hash;
	const uint8_t *octets;
	uint16_t len;
};

/** Empty, over zeroed memory aligned to a cell; its first touch is left to use. */
void shard_init(struct shard *shard, uint8_t *base, size_t octets);

/** Octets in use: buckets, and cells of entries. */
size_t shard_octets(const struct shard *shard);

/** The entry under the key, or SHARD_NONE. */
uint32_t shard_find(struct shard *shard, const struct shard_key *key);

static inline struct shard_head *
shard_entry(struct shard *shard, uint32_t entry)
{
	return &shard->cells[entry].head;
}

/** Copy an entry's key, or the first `len` octets of its value. */
void shard_read_key(struct shard *shard, uint32_t entry, uint8_t *out);
void shard_read_value(struct shard *shard, uint32_t entry, void *out, size_t len);

struct shard_life {
	uint64_t expires_ms, ends_ms;
};

/**
 * Keep a value, in place of an older one, throwing others out as needed.  What took the place
 * of a visited one counts as visited.  Returns the entry, its notes 0.
 * SHARD_NONE: it would take more than a quarter of the cells; the older one is gone all the same.
 */
uint32_t shard_put(struct shard *shard, const struct shard_key *key, const void *value,
		   uint32_t len, struct shard_life life, uint64_t now_ms);

void shard_remove(struct shard *shard, uint32_t entry);

#endif
