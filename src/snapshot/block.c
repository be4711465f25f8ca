#include "snapshot/block.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "snapshot/snapshot.h"

#define FIRST_ROOM   (2ull << 10)
#define HEAP_ROOM    (32ull << 10)	/* up to here malloc; beyond a mapping of its own */
#define HUGE_ROOM    (4ull << 20)	/* from here on large pages are asked for */
#define HEADER_UNITS (sizeof(struct block) / BLOCK_UNIT)
#define CHECKSUM_WORD (offsetof(struct block, checksum) / sizeof(uint64_t))

_Static_assert(sizeof(struct block) == 64, "the header is part of the format");

struct block_image {
	_Atomic uint32_t refs;
	void *map;
	size_t len;
};

/* Where the octets are: on the heap, in a mapping of their own, or in an image. */
struct held_block {
	_Atomic uint32_t refs;
	const struct block *block;
	void *heap;			/* or NULL */
	void *map;			/* or NULL */
	size_t map_len;
	struct block_image *image;	/* or NULL */
};

struct block_image *
block_image_new(void *map, size_t len)
{
	struct block_image *image = malloc(sizeof(*image));

	if (!image)
		return NULL;
	atomic_init(&image->refs, 1);
	image->map = map;
	image->len = len;
	return image;
}

void
block_image_unref(struct block_image *image)
{
	if (!image || atomic_fetch_sub(&image->refs, 1) != 1)
		return;
	munmap(image->map, image->len);
	free(image);
}

static struct held_block *
held_new(const struct block *block)
{
	struct held_block *held = malloc(sizeof(*held));

	if (!held)
		return NULL;
	*held = (struct held_block){ .block = block };
	atomic_init(&held->refs, 1);
	return held;
}

struct held_block *
block_hold(struct block_image *image, const struct block *block)
{
	struct held_block *held = held_new(block);

	if (held) {
		atomic_fetch_add(&image->refs, 1);
		held->image = image;
	}
	return held;
}

struct held_block *
block_ref(struct held_block *held)
{
	atomic_fetch_add_explicit(&held->refs, 1, memory_order_relaxed);
	return held;
}

void
block_unref(struct held_block *held)
{
	if (!held || atomic_fetch_sub(&held->refs, 1) != 1)
		return;
	if (held->map)
		munmap(held->map, held->map_len);
	free(held->heap);
	block_image_unref(held->image);
	free(held);
}

const struct block *
block_of(const struct held_block *held)
{
	return held->block;
}

static void
maker_fail(struct block_maker *maker, enum status status)
{
	if (maker->room > HEAP_ROOM)
		munmap(maker->base, maker->room);
	else
		free(maker->base);
	*maker = (struct block_maker){ .status = status };
}

/**
 * More room, zeroed; NULL: the maker's is as before.  Ten thousand zones of a few records
 * must not cost as many mappings, and a large one not a copy at every step.
 */
static void *
more_room(const struct block_maker *maker, uint64_t room)
{
	void *base;

	if (room <= HEAP_ROOM) {
		base = realloc(maker->base, room);
		if (base)
			memset((uint8_t *)base + maker->room, 0, room - maker->room);
		return base;
	}
	if (maker->room > HEAP_ROOM) {
		base = mremap(maker->base, maker->room, room, MREMAP_MAYMOVE);
		return base == MAP_FAILED ? NULL : base;
	}
	base = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (base == MAP_FAILED)
		return NULL;
	if (maker->len)
		memcpy(base, maker->base, maker->len);
	free(maker->base);
	return base;
}

/* Room for `size` more octets: by doubling, so that growth costs no more than its content. */
static bool
maker_grow(struct block_maker *maker, uint64_t size)
{
	uint64_t room = maker->room ? maker->room : FIRST_ROOM;
	void *base;

	if (maker->status)
		return false;
	if (size > BLOCK_MAX_OCTETS - BLOCK_UNIT - maker->len) {
		maker_fail(maker, ERR_LIMIT);
		return false;
	}
	if (maker->len + size <= maker->room)
		return true;
	while (room < maker->len + size)
		room *= 2;
	base = more_room(maker, room);
	if (!base) {
		maker_fail(maker, ERR_NOMEM);
		return false;
	}
	if (room >= HUGE_ROOM)	/* a hint: look-ups in a large zone miss the TLB less */
		(void)madvise(base, room, MADV_HUGEPAGE);
	maker->base = base;
	maker->room = room;
	return true;
}

void
block_begin(struct block_maker *maker, enum block_kind kind, uint64_t head_octets)
{
	struct block *block;

	*maker = (struct block_maker){ .status = OK };
	block_reserve(maker, head_octets);
	block = block_edit(maker, 0);
	if (block) {
		memcpy(block->magic, BLOCK_MAGIC, sizeof(block->magic));
		block->version = BLOCK_VERSION;
		block->kind = kind;
	}
}

uint32_t
block_reserve(struct block_maker *maker, uint64_t size)
{
	uint32_t at;

	if (size == 0)
		return 0;
	if (size < BLOCK_MAX_OCTETS)
		size = (size + BLOCK_UNIT - 1) & ~(uint64_t)(BLOCK_UNIT - 1);
	if (!maker_grow(maker, size))
		return 0;
	at = (uint32_t)(maker->len / BLOCK_UNIT);
	maker->len += size;
	return at;
}

uint32_t
block_put(struct block_maker *maker, const void *bytes, uint64_t size)
{
	uint32_t at = block_reserve(maker, size);

	if (at)
		memcpy(block_edit(maker, at), bytes, size);
	return at;
}

uint32_t
block_put_string(struct block_maker *maker, const char *string)
{
	return string && *string ? block_put(maker, string, strlen(string) + 1) : 0;
}

void *
block_edit(struct block_maker *maker, uint32_t at)
{
	return maker->status ? NULL : maker->base + (uint64_t)at * BLOCK_UNIT;
}

static inline uint64_t
word_at(const struct block *block, uint64_t i)
{
	uint64_t word;

	memcpy(&word, (const uint8_t *)block + i * sizeof(word), sizeof(word));
	return word;
}

/* Four lanes, because one step must wait for the one before it. */
uint64_t
block_checksum(const struct block *block)
{
	uint64_t count = block->size / sizeof(uint64_t);
	uint64_t lane[4] = { 1, 2, 3, 4 };
	uint64_t i = 0;

	for (; i < HEADER_UNITS && i < count; i++)
		lane[i % 4] = hash_mix(lane[i % 4],
				       i == CHECKSUM_WORD ? 0 : word_at(block, i));
	for (; i + 4 <= count; i += 4)
		for (unsigned k = 0; k < 4; k++)
			lane[k] = hash_mix(lane[k], word_at(block, i + k));
	for (; i < count; i++)
		lane[i % 4] = hash_mix(lane[i % 4], word_at(block, i));
	return hash_mix(hash_mix(lane[0], lane[1]), hash_mix(lane[2], lane[3]));
}

/* At the speed of memory: a large zone's content is read once more, and no text is. */
struct digest
block_content(const struct block_maker *maker)
{
	const struct block *block = (const struct block *)maker->base;
	uint64_t count = maker->len / sizeof(uint64_t), i = HEADER_UNITS;
	uint64_t lane[4] = { 1, 2, 3, 4 };

	if (maker->status)
		return (struct digest){ 0 };
	for (; i + 4 <= count; i += 4)
		for (unsigned k = 0; k < 4; k++)
			lane[k] = hash_mix(lane[k], word_at(block, i + k));
	for (; i < count; i++)
		lane[i % 4] = hash_mix(lane[i % 4], word_at(block, i));
	return digest_fold(digest_bytes(lane, sizeof(lane)), (struct digest){ count, 0 });
}

/* Give back what was not needed; when that is refused, it merely stays. */
static void
keep_octets(struct block_maker *maker, struct held_block *held)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t len = (maker->len + page - 1) & ~(page - 1);

	if (maker->room <= HEAP_ROOM) {
		held->heap = realloc(maker->base, maker->len);
		if (!held->heap)
			held->heap = maker->base;
		held->block = held->heap;
		return;
	}
	held->map = maker->base;
	held->map_len = mremap(maker->base, maker->room, len, 0) == MAP_FAILED ? maker->room :
										 len;
	held->block = held->map;
}

struct held_block *
block_seal(struct block_maker *maker, struct digest source)
{
	struct held_block *held;
	struct block *block;

	block_reserve(maker, BLOCK_TAIL_OCTETS);
	block = block_edit(maker, 0);
	if (!block)
		return NULL;
	block->size = maker->len;
	block->source = source;
	block->checksum = block_checksum(block);
	held = held_new(NULL);
	if (!held) {
		maker_fail(maker, ERR_NOMEM);
		return NULL;
	}
	keep_octets(maker, held);
	*maker = (struct block_maker){ .status = OK };
	return held;
}

void
block_abandon(struct block_maker *maker)
{
	maker_fail(maker, OK);
}

static enum status
header_verify(const struct block *block, uint64_t len)
{
	if (len < sizeof(*block))
		return ERR_SHORT;
	if (memcmp(block->magic, BLOCK_MAGIC, sizeof(block->magic)) != 0 ||
	    block->version != BLOCK_VERSION ||
	    block->size < sizeof(*block) + BLOCK_TAIL_OCTETS ||
	    block->size > BLOCK_MAX_OCTETS || block->size % BLOCK_UNIT ||
	    block->zero[0] || block->zero[1])
		return ERR_MALFORMED;
	if (block->size > len)
		return ERR_SHORT;
	return block_checksum(block) == block->checksum ? OK : ERR_MALFORMED;
}

enum status
block_verify(const void *octets, uint64_t len)
{
	const struct block *block = octets;
	enum status status;

	if ((uintptr_t)octets % BLOCK_UNIT)
		return ERR_MALFORMED;
	status = header_verify(block, len);
	if (status)
		return status;
	switch ((enum block_kind)block->kind) {
	case BLOCK_ROOT:
		return root_verify(block);
	case BLOCK_ZONE:
		return zone_verify(block);
	}
	return ERR_MALFORMED;
}
