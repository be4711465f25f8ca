/*
 * random - the kernel's random source, buffered
 *
 * IDs, ports and choices that an attacker must not guess.  One per thread.
 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct random {
	uint8_t buffer[512];
	size_t left;		/* octets of the buffer not yet used; used ones are wiped */
	bool seeded;		/* random_seed: not the kernel's but made from `state` */
	uint64_t state;
};

void random_init(struct random *random);

/** The same octets at every run: for tests of what chance decides, never for a daemon. */
void random_seed(struct random *random, uint64_t seed);

/**
 * Random octets; the kernel is asked once per buffer.  Aborts when it has none: there is no
 * safe answer then.
 */
void random_bytes(struct random *random, void *out, size_t len);
uint16_t random_u16(struct random *random);
uint64_t random_u64(struct random *random);

/** Even over 0 .. bound-1 (no modulo bias); bound at least 1. */
uint32_t random_below(struct random *random, uint32_t bound);

#endif
