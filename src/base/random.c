#include "base/random.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

void
random_init(struct random *random)
{
	random->left = 0;
	random->seeded = false;
	random->state = 0;
}

void
random_seed(struct random *random, uint64_t seed)
{
	random->left = 0;
	random->seeded = true;
	random->state = seed;
}

/** splitmix64 (Steele, Lea, Flood 2014), in octets that are the same on every machine. */
static void
seeded_fill(struct random *random)
{
	for (size_t i = 0; i < sizeof(random->buffer); i += 8) {
		uint64_t z = random->state += 0x9e3779b97f4a7c15ull;

		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
		z = (z ^ z >> 27) * 0x94d049bb133111ebull;
		z ^= z >> 31;
		memcpy(random->buffer + i, &z, sizeof(z));
	}
}

/** Up to 256 octets come whole once the kernel's source is ready; more may be cut short. */
static void
random_fill(uint8_t *out, size_t len)
{
	while (len) {
		ssize_t got = getrandom(out, len, 0);

		if (got < 0 && errno != EINTR)
			abort();
		if (got > 0) {
			out += got;
			len -= (size_t)got;
		}
	}
}

void
random_bytes(struct random *random, void *out, size_t len)
{
	uint8_t *to = out;

	while (len) {
		size_t n;
		uint8_t *from;

		if (random->left == 0) {
			if (random->seeded)
				seeded_fill(random);
			else
				random_fill(random->buffer, sizeof(random->buffer));
			random->left = sizeof(random->buffer);
		}
		n = len < random->left ? len : random->left;
		from = random->buffer + sizeof(random->buffer) - random->left;
		memcpy(to, from, n);
		explicit_bzero(from, n);
		random->left -= n;
		to += n;
		len -= n;
	}
}

uint16_t
random_u16(struct random *random)
{
	uint16_t v;

	random_bytes(random, &v, sizeof(v));
	return v;
}

uint64_t
random_u64(struct random *random)
{
	uint64_t v;

	random_bytes(random, &v, sizeof(v));
	return v;
}

/* Lemire 2019, "Fast Random Integer Generation in an Interval": drop the uneven part. */
uint32_t
random_below(struct random *random, uint32_t bound)
{
	uint32_t uneven = -bound % bound, word;
	uint64_t scaled;

	do {
		random_bytes(random, &word, sizeof(word));
		scaled = (uint64_t)word * bound;
	} while ((uint32_t)scaled < uneven);
	return (uint32_t)(scaled >> 32);
}
