/*
 * hash - fast mixing for data we declared, SipHash for what a client chooses
 *
 * `hash_mix` steps serve the snapshot's tables, whose keys are fixed when they are built: a
 * client can pick where it probes, never how long a probe chain is.  The cache and the
 * flight table are filled by clients and use SipHash with a random key.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hash_key {
	uint64_t k0, k1;
};

/* 128 bits that stand for a content: equal content, equal digest; on a match compare. */
struct digest {
	uint64_t lo, hi;
};

/** SipHash-1-3 of len octets (Aumasson, Bernstein 2012, reduced rounds as in Linux). */
uint64_t hash_keyed(const struct hash_key *key, const void *bytes, size_t len);

/** SipHash-2-4 of len octets: the full rounds, where a standard asks for them. */
uint64_t hash_keyed_strong(const struct hash_key *key, const void *bytes, size_t len);

/** 128-bit SipHash-2-4 under a fixed, public key: not against people who look for a clash. */
struct digest digest_bytes(const void *bytes, size_t len);

/** Digest of a sequence, order mattering: fold `next` into `so_far`. */
struct digest digest_fold(struct digest so_far, struct digest next);

static inline bool
digest_equal(struct digest a, struct digest b)
{
	return a.lo == b.lo && a.hi == b.hi;
}

/** One step of the fast mixer: fold a 64-bit word into a running hash. */
static inline uint64_t
hash_mix(uint64_t hash, uint64_t word)
{
	__uint128_t m = (__uint128_t)(hash ^ word ^ 0x9e3779b97f4a7c15ull) *
			0xd6e8feb86659fd93ull;

	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

#endif
