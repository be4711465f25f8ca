/*
 * prefixes - longest-prefix match, as sorted ranges
 *
 * Prefixes with values are flattened once into ranges that do not overlap; a look-up is a
 * binary search.  The ranges are plain data and live in the snapshot as they are.
 */
#ifndef BASE_PREFIXES_H
#define BASE_PREFIXES_H

#include "base/addr.h"

#define PREFIXES_NONE UINT32_MAX

struct prefix_value {
	struct prefix prefix;
	uint32_t value;		/* not PREFIXES_NONE */
};

/* From `first` up to the next range's first (or the end of all addresses). */
struct prefix_range {
	uint8_t first[16];
	uint32_t value;		/* PREFIXES_NONE: no prefix covers it */
	uint32_t zero;		/* keeps the layout free of padding */
};

/**
 * Flatten.  `in` is sorted in place; of two equal prefixes the first given wins.
 * out has room for 2 * count + 1 ranges; returns how many were written (0 for none).
 * Neighbours with one value are joined.
 */
size_t prefixes_build(struct prefix_value *in, size_t count, struct prefix_range *out);

/** The value of the longest prefix that covers the address, or PREFIXES_NONE. */
uint32_t prefixes_find(const struct prefix_range *ranges, size_t count,
		       const struct addr *addr);

#endif
