#include "base/hash.h"

#include "base/bytes.h"

/* SipHash (Aumasson, Bernstein 2012): names and steps as in the paper. */
struct sip {
	uint64_t v0, v1, v2, v3;
};

static inline uint64_t
rotate(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void
sip_rounds(struct sip *s, unsigned rounds)
{
	while (rounds--) {
		s->v0 += s->v1;
		s->v1 = rotate(s->v1, 13) ^ s->v0;
		s->v0 = rotate(s->v0, 32);
		s->v2 += s->v3;
		s->v3 = rotate(s->v3, 16) ^ s->v2;
		s->v0 += s->v3;
		s->v3 = rotate(s->v3, 21) ^ s->v0;
		s->v2 += s->v1;
		s->v1 = rotate(s->v1, 17) ^ s->v2;
		s->v2 = rotate(s->v2, 32);
	}
}

static inline struct sip
sip_begin(const struct hash_key *key)
{
	return (struct sip){
		.v0 = key->k0 ^ 0x736f6d6570736575ull,
		.v1 = key->k1 ^ 0x646f72616e646f6dull,
		.v2 = key->k0 ^ 0x6c7967656e657261ull,
		.v3 = key->k1 ^ 0x7465646279746573ull,
	};
}

static inline void
sip_word(struct sip *s, uint64_t word, unsigned rounds)
{
	s->v3 ^= word;
	sip_rounds(s, rounds);
	s->v0 ^= word;
}

/** The whole input, then its last octets with the length in the top one. */
static inline void
sip_input(struct sip *s, const uint8_t *p, size_t len, unsigned rounds)
{
	uint64_t last = (uint64_t)len << 56;

	for (size_t words = len / 8; words; words--, p += 8)
		sip_word(s, load_u64_le(p), rounds);
	for (size_t i = len % 8; i--;)
		last |= (uint64_t)p[i] << 8 * i;
	sip_word(s, last, rounds);
}

static inline uint64_t
sip_fold(const struct sip *s)
{
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

uint64_t
hash_keyed(const struct hash_key *key, const void *bytes, size_t len)
{
	struct sip s = sip_begin(key);

	sip_input(&s, bytes, len, 1);
	s.v2 ^= 0xff;
	sip_rounds(&s, 3);
	return sip_fold(&s);
}

uint64_t
hash_keyed_strong(const struct hash_key *key, const void *bytes, size_t len)
{
	struct sip s = sip_begin(key);

	sip_input(&s, bytes, len, 2);
	s.v2 ^= 0xff;
	sip_rounds(&s, 4);
	return sip_fold(&s);
}

struct digest
digest_bytes(const void *bytes, size_t len)
{
	/* the key of the published test vectors: octets 00 .. 0f */
	static const struct hash_key key = { 0x0706050403020100ull, 0x0f0e0d0c0b0a0908ull };
	struct sip s = sip_begin(&key);
	struct digest digest;

	s.v1 ^= 0xee;
	sip_input(&s, bytes, len, 2);
	s.v2 ^= 0xee;
	sip_rounds(&s, 4);
	digest.lo = sip_fold(&s);
	s.v1 ^= 0xdd;
	sip_rounds(&s, 4);
	digest.hi = sip_fold(&s);
	return digest;
}

static void
store_u64_le(uint8_t *p, uint64_t v)
{
	for (unsigned i = 0; i < 8; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

struct digest
digest_fold(struct digest so_far, struct digest next)
{
	uint8_t both[32];

	store_u64_le(both, so_far.lo);
	store_u64_le(both + 8, so_far.hi);
	store_u64_le(both + 16, next.lo);
	store_u64_le(both + 24, next.hi);
	return digest_bytes(both, sizeof(both));
}
