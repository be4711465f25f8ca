/*
 * block - a position-independent, immutable run of octets
 *
 * A snapshot is one root block and one zone block per zone.  A block is contiguous and
 * refers to its own parts by offsets of 32 bits in units of 8 octets from its start: no
 * pointers, no padding garbage, little-endian.  It can be written to a file, mapped
 * elsewhere and shared between processes as it is.  Offset 0 (the header itself) means
 * "none".
 *
 *   +--------+-----------------+------------------ - - -+------------+
 *   | header | kind's own head | parts, 8-aligned       | zero tail  |
 *   +--------+-----------------+------------------ - - -+------------+
 *
 * No name begins in the tail, so a look-up may compare as many octets as the name it was
 * asked for has, whatever it compares with.
 * Blocks are counted: snapshots share those that did not change.  Immutable after
 * block_seal, so any thread may read while it holds a reference.
 */
#ifndef SNAPSHOT_BLOCK_H
#define SNAPSHOT_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/status.h"

#define BLOCK_MAGIC   "CAUSEWAY"
#define BLOCK_VERSION 3u
#define BLOCK_UNIT    8u
#define BLOCK_MAX_OCTETS ((uint64_t)UINT32_MAX * BLOCK_UNIT)
#define BLOCK_TAIL_OCTETS 256u	/* not less than the longest name */

enum block_kind { BLOCK_ROOT = 1, BLOCK_ZONE = 2 };

/* The header of every block: 64 octets. */
struct block {
	char magic[8];
	uint32_t version;
	uint32_t kind;
	uint64_t size;		/* octets, header included, a multiple of 8 */
	uint64_t checksum;	/* of all octets with this field zero */
	struct digest source;	/* of what stands behind the header, whatever it was made from */
	uint64_t zero[2];
};

static inline const void *
block_at(const struct block *block, uint32_t at)
{
	return (const uint8_t *)block + (uint64_t)at * BLOCK_UNIT;
}

/** A string in the block; "" for offset 0. */
static inline const char *
block_string(const struct block *block, uint32_t at)
{
	return at ? (const char *)block_at(block, at) : "";
}

/* A counted block: its octets are memory of its own, or part of a mapped file. */
struct held_block;

struct held_block *block_ref(struct held_block *held);
void block_unref(struct held_block *held);	/* NULL is allowed */
const struct block *block_of(const struct held_block *held);

/* A mapped file: it stays as long as anyone holds it or a block in it. */
struct block_image;

/** Take over a mapping.  NULL: out of memory; the mapping is still the caller's. */
struct block_image *block_image_new(void *map, size_t len);
void block_image_unref(struct block_image *image);
/** Hold a verified block that lies in the image.  NULL: out of memory. */
struct held_block *block_hold(struct block_image *image, const struct block *block);

/* A block under construction.  Fails stickily, as a writer does. */
struct block_maker {
	uint8_t *base;		/* moves when it grows: keep offsets, not pointers */
	uint64_t len, room;
	enum status status;	/* OK, ERR_NOMEM or ERR_LIMIT */
};

/** head_octets: the kind's struct, this header included; it starts zeroed. */
void block_begin(struct block_maker *maker, enum block_kind kind, uint64_t head_octets);
/**
 * `size` zeroed octets at an 8-aligned place; its offset in units.  0 for size 0 (an array
 * without items has no place) and after a failure.
 */
uint32_t block_reserve(struct block_maker *maker, uint64_t size);
uint32_t block_put(struct block_maker *maker, const void *bytes, uint64_t size);
/** 0 for NULL and "": block_string reads both as "". */
uint32_t block_put_string(struct block_maker *maker, const char *string);
/**
 * The octets at an offset (0: the head) while they can still be written; valid until the
 * next growth.  NULL after a failure.
 */
void *block_edit(struct block_maker *maker, uint32_t at);
/** Digest of all that was put after the header so far. */
struct digest block_content(const struct block_maker *maker);
/**
 * Finish: tail, source, checksum, header.  NULL after a failure, which maker->status still
 * tells; the maker holds nothing either way.
 */
struct held_block *block_seal(struct block_maker *maker, struct digest source);
/** Give up a maker that will not be sealed. */
void block_abandon(struct block_maker *maker);

/** What the checksum of these block->size octets should be. */
uint64_t block_checksum(const struct block *block);

/**
 * Check header, size and checksum of octets from a stranger, and then every offset, count
 * and name in it (zone_verify, root_verify), so that readers need no checks of their own.
 * octets: at an 8-aligned address; what lies behind the block's own size is not looked at.
 * ERR_SHORT: fewer octets than the header says.  ERR_MALFORMED: anything else.
 * ERR_NOMEM: could not be checked.
 */
enum status block_verify(const void *octets, uint64_t len) must_check;

#endif
