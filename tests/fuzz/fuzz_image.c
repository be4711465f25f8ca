/*
 * fuzz_image - a snapshot file from a stranger: block by block, and mapped as a whole
 *
 * The checksum would keep all but the first checks from being reached.  So each block's
 * header is put right first: what is hostile is the rest.  What passes is used in full.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "unit/exercise.h"

#define BLOCK_LEAST (sizeof(struct block) + BLOCK_TAIL_OCTETS)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint64_t sum;	/* what was read is needed */

static void
try_block(const void *octets, uint64_t len)
{
	if (block_verify(octets, len) == OK)
		sum += exercise_block(octets);
}

/** A header that passes, around a content that may not; the octets that it covers. */
static uint64_t
mend_header(struct block *block, uint64_t left)
{
	memcpy(block->magic, BLOCK_MAGIC, sizeof(block->magic));
	block->version = BLOCK_VERSION;
	block->zero[0] = block->zero[1] = 0;
	if (block->size < BLOCK_LEAST || block->size > left || block->size % BLOCK_UNIT)
		block->size = left / BLOCK_UNIT * BLOCK_UNIT;
	block->checksum = block_checksum(block);
	return block->size;
}

static void
try_image(const uint8_t *octets, size_t size)
{
	struct snapshot *snap;
	char path[64];
	int fd = memfd_create("image", MFD_CLOEXEC);

	if (fd < 0 || write(fd, octets, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (snapshot_map(path, &snap) == OK) {
		sum += exercise_snapshot(snap);
		snapshot_unref(snap);
	}
	close(fd);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = calloc(1, size ? size : 1);	/* aligned, and its end is seen */
	uint64_t at = 0;

	if (!copy)
		abort();
	if (size)
		memcpy(copy, data, size);
	try_block(copy, size);
	while (size - at >= BLOCK_LEAST) {
		uint64_t len = mend_header((struct block *)(copy + at), size - at);

		try_block(copy + at, size - at);
		at += len;
	}
	try_image(copy, size);
	free(copy);
	return 0;
}
