/*
 * verify - what zone_verify and root_verify ask of any offset in a block
 *
 * All answers are about octets inside block->size, which block_verify has held against
 * what is really there.
 */
#ifndef SNAPSHOT_VERIFY_H
#define SNAPSHOT_VERIFY_H

#include <stdbool.h>
#include <string.h>

#include "dns/name.h"
#include "snapshot/block.h"

/** `count` items of `size` octets at `at`; no items need no place, and have none. */
static inline bool
verify_array(const struct block *block, uint32_t at, uint64_t count, uint64_t size)
{
	uint64_t from = (uint64_t)at * BLOCK_UNIT;

	if (count == 0)
		return at == 0;
	return from >= sizeof(*block) && from < block->size &&
	       count <= (block->size - from) / size;
}

/** "" (offset 0), or a string that ends inside the block. */
static inline bool
verify_string(const struct block *block, uint32_t at)
{
	uint64_t from = (uint64_t)at * BLOCK_UNIT;

	if (at == 0)
		return true;
	return from >= sizeof(*block) && from < block->size &&
	       memchr((const uint8_t *)block + from, 0, block->size - from);
}

/**
 * The length of the wire name at these octets, lower case and uncompressed, or 0: not one.
 * room: octets that may be looked at.
 */
static inline size_t
verify_wire(const uint8_t *wire, uint64_t room)
{
	size_t len = 0;

	while (len < room && len < NAME_MAX_OCTETS && wire[len]) {
		size_t next = len + 1 + wire[len];

		if (wire[len] > 63 || next >= room || next >= NAME_MAX_OCTETS)
			return 0;
		for (len++; len < next; len++)
			if (wire[len] >= 'A' && wire[len] <= 'Z')
				return 0;
	}
	return len < room && len < NAME_MAX_OCTETS ? len + 1 : 0;
}

/** The length of a name at `octet` that does not begin in the tail, or 0. */
static inline size_t
verify_name_octet(const struct block *block, uint64_t octet)
{
	if (octet < sizeof(*block) || octet >= block->size - BLOCK_TAIL_OCTETS)
		return 0;
	return verify_wire((const uint8_t *)block + octet, block->size - octet);
}

static inline size_t
verify_name(const struct block *block, uint32_t at)
{
	return verify_name_octet(block, (uint64_t)at * BLOCK_UNIT);
}

#endif
