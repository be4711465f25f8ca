#include "io/ephemeral.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_OCTETS 8192
#define DRAWS	    64
#define FREE_LEAST  4096	/* fewer to draw from would be too easy to guess */

static bool
is_reserved(const struct ephemeral *pool, uint32_t port)
{
	return pool->reserved[port / 64] >> (port % 64) & 1;
}

void
ephemeral_init(struct ephemeral *pool)
{
	memset(pool->reserved, 0, sizeof(pool->reserved));
	pool->free = 65536 - EPHEMERAL_FIRST;
}

static void
reserve_range(struct ephemeral *pool, unsigned long first, unsigned long last)
{
	for (unsigned long port = first; port <= last && port <= 65535; port++) {
		if (port < EPHEMERAL_FIRST || is_reserved(pool, (uint32_t)port))
			continue;
		pool->reserved[port / 64] |= 1ull << (port % 64);
		pool->free--;
	}
}

void
ephemeral_reserve(struct ephemeral *pool, const char *list)
{
	while (*list) {
		char *end;
		unsigned long first = strtoul(list, &end, 10), last = first;

		if (end == list) {
			list++;
			continue;
		}
		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		reserve_range(pool, first, last);
		list = end;
	}
}

void
ephemeral_read(struct ephemeral *pool, const char *path)
{
	char list[LIST_OCTETS];
	FILE *file = fopen(path, "re");

	ephemeral_init(pool);
	if (!file)
		return;
	if (fgets(list, sizeof(list), file))
		ephemeral_reserve(pool, list);
	fclose(file);
}

uint16_t
ephemeral_draw(const struct ephemeral *pool, struct random *random)
{
	if (pool->free < FREE_LEAST)
		return 0;
	for (unsigned i = 0; i < DRAWS; i++) {
		uint32_t port = EPHEMERAL_FIRST + random_below(random, 65536 - EPHEMERAL_FIRST);

		if (!is_reserved(pool, port))
			return (uint16_t)port;
	}
	return 0;
}
