#include "lint/addresses.h"

#include <string.h>

/** Every CIDR of the estate; the value says whose it is. */
static size_t
collect(const struct estate *estate, struct prefix_value *out)
{
	size_t count = 0;

	for (const struct network *n = estate->networks; n; n = n->next)
		for (const struct cidr *c = n->cidr_blocks; c; c = c->next, count++)
			if (out)
				out[count] = (struct prefix_value){ c->prefix, n->index };
	return count;
}

static bool
same_prefix(const struct prefix *a, const struct prefix *b)
{
	return a->bits == b->bits && memcmp(a->ip, b->ip, sizeof(a->ip)) == 0;
}

/** The block around the one that is made next, of those that are open. */
static uint32_t
find_outer(const struct addresses *a, uint32_t last, const struct prefix *prefix)
{
	while (last != ADDRESSES_NONE && !prefix_overlaps(&a->blocks[last].prefix, prefix))
		last = a->blocks[last].outer;
	return last;
}

/** One block for each group of equal prefixes; sorted: equal ones stand side by side. */
static void
make_blocks(struct addresses *a, const struct prefix_value *sorted, size_t count,
	    uint32_t *holders)
{
	struct address_block *block = NULL;

	for (size_t i = 0; i < count; i++) {
		if (!block || !same_prefix(&block->prefix, &sorted[i].prefix)) {
			uint32_t last = block ? a->block_count - 1 : ADDRESSES_NONE;

			block = &a->blocks[a->block_count++];
			block->prefix = sorted[i].prefix;
			block->outer = find_outer(a, last, &block->prefix);
			block->holders = holders;
		}
		if (block->holder_count && holders[-1] == sorted[i].value)
			continue;	/* the network says it twice */
		*holders++ = sorted[i].value;
		block->holder_count++;
	}
}

enum status
addresses_init(struct addresses *a, const struct estate *estate, struct arena *arena)
{
	size_t count = collect(estate, NULL);
	struct prefix_value *values = arena_array(arena, count, sizeof(*values));
	uint32_t *holders = arena_array(arena, count, sizeof(*holders));

	*a = (struct addresses){
		.blocks = arena_array(arena, count, sizeof(*a->blocks)),
		.ranges = arena_array(arena, 2 * count + 1, sizeof(*a->ranges)),
	};
	if (!a->ranges || (count && (!values || !holders || !a->blocks)))
		return ERR_NOMEM;
	collect(estate, values);
	prefixes_build(values, count, a->ranges);	/* for its order */
	make_blocks(a, values, count, holders);
	for (uint32_t i = 0; i < a->block_count; i++)
		values[i] = (struct prefix_value){ a->blocks[i].prefix, i };
	a->range_count = prefixes_build(values, a->block_count, a->ranges);
	return OK;
}

/* The longest prefix decides: RFC 6890, RFC 5737, RFC 3849, RFC 9637, RFC 6598, RFC 4193. */
static const struct {
	uint8_t ip[16], bits;
	enum address_kind kind;
} kinds[] = {
#define V4(a, b, c, d) { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d }
	{ V4(0, 0, 0, 0), 128, ADDRESS_UNSPECIFIED },
	{ V4(0, 0, 0, 0), 104, ADDRESS_RESERVED },
	{ V4(10, 0, 0, 0), 104, ADDRESS_PRIVATE },
	{ V4(100, 64, 0, 0), 106, ADDRESS_PRIVATE },
	{ V4(127, 0, 0, 0), 104, ADDRESS_LOOPBACK },
	{ V4(169, 254, 0, 0), 112, ADDRESS_LINK_LOCAL },
	{ V4(172, 16, 0, 0), 108, ADDRESS_PRIVATE },
	{ V4(192, 0, 2, 0), 120, ADDRESS_DOCUMENTATION },
	{ V4(192, 168, 0, 0), 112, ADDRESS_PRIVATE },
	{ V4(198, 51, 100, 0), 120, ADDRESS_DOCUMENTATION },
	{ V4(203, 0, 113, 0), 120, ADDRESS_DOCUMENTATION },
	{ V4(224, 0, 0, 0), 100, ADDRESS_MULTICAST },
	{ V4(240, 0, 0, 0), 100, ADDRESS_RESERVED },
#undef V4
	{ { 0 }, 128, ADDRESS_UNSPECIFIED },
	{ { [15] = 1 }, 128, ADDRESS_LOOPBACK },
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, ADDRESS_DOCUMENTATION },
	{ { 0x3f, 0xff }, 20, ADDRESS_DOCUMENTATION },
	{ { 0xfc }, 7, ADDRESS_PRIVATE },
	{ { 0xfe, 0x80 }, 10, ADDRESS_LINK_LOCAL },
	{ { 0xff }, 8, ADDRESS_MULTICAST },
};

enum address_kind
address_kind(const struct addr *addr)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		struct prefix prefix = { .bits = kinds[i].bits };

		memcpy(prefix.ip, kinds[i].ip, sizeof(prefix.ip));
		if (prefix_covers(&prefix, addr))
			return kinds[i].kind;
	}
	return ADDRESS_PUBLIC;
}

const char *
address_kind_text(enum address_kind kind)
{
	static const char *const texts[ADDRESS_KINDS] = {
		[ADDRESS_PUBLIC] = "public",
		[ADDRESS_PRIVATE] = "private",
		[ADDRESS_LOOPBACK] = "loopback",
		[ADDRESS_LINK_LOCAL] = "link-local",
		[ADDRESS_UNSPECIFIED] = "unspecified",
		[ADDRESS_DOCUMENTATION] = "documentation",
		[ADDRESS_MULTICAST] = "multicast",
		[ADDRESS_RESERVED] = "reserved",
	};

	return texts[kind];
}
