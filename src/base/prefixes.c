#include "base/prefixes.h"

#include <string.h>

#include "base/bytes.h"

#define MOST_NESTED 129	/* lengths 0..128: no deeper chain of prefixes is possible */

_Static_assert(sizeof(struct prefix_value) <= sizeof(struct prefix_range),
	       "the sort uses the output as its scratch space");

/** Outer before inner: by first address, then by length. */
static int
prefix_compare(const struct prefix *a, const struct prefix *b)
{
	int order = memcmp(a->ip, b->ip, sizeof(a->ip));

	return order ? order : (a->bits > b->bits) - (a->bits < b->bits);
}

/** Stable merge sort; scratch has room for count / 2 values. */
static void
sort_values(struct prefix_value *in, size_t count, void *scratch)
{
	size_t half = count / 2, i = 0, j = half, n = 0;
	const uint8_t *left = scratch;
	struct prefix_value next;

	if (count < 2)
		return;
	sort_values(in, half, scratch);
	sort_values(in + half, count - half, scratch);

	memcpy(scratch, in, half * sizeof(*in));
	while (i < half) {
		memcpy(&next, left + i * sizeof(next), sizeof(next));
		if (j < count && prefix_compare(&in[j].prefix, &next.prefix) < 0) {
			in[n++] = in[j++];
		} else {
			in[n++] = next;
			i++;
		}
	}
}

/* The ranges made so far, and the prefixes that lie around the present address. */
struct flattening {
	struct prefix_range *out;
	size_t count;
	const struct prefix_value *around[MOST_NESTED];
	size_t depth;
};

/** From `first` on the value is another. */
static void
change(struct flattening *f, const uint8_t *first, uint32_t value)
{
	struct prefix_range *last = f->count ? &f->out[f->count - 1] : NULL;

	if (last && memcmp(last->first, first, sizeof(last->first)) == 0) {
		f->count--;
		last = f->count ? last - 1 : NULL;
	}
	if (last && last->value == value)
		return;
	last = &f->out[f->count++];
	memcpy(last->first, first, sizeof(last->first));
	last->value = value;
	last->zero = 0;
}

/** The address behind the prefix; false when there is none. */
static bool
prefix_end(const struct prefix *prefix, uint8_t *out)
{
	unsigned i = prefix->bits;

	memcpy(out, prefix->ip, 16);
	while (i--) {	/* add one at the last bit of the prefix, with carry */
		uint8_t bit = (uint8_t)(0x80 >> i % 8);

		out[i / 8] ^= bit;
		if (out[i / 8] & bit)
			return true;
	}
	return false;
}

/** Leave the innermost prefix. */
static void
leave(struct flattening *f)
{
	const struct prefix_value *inner = f->around[--f->depth];
	uint8_t end[16];

	if (prefix_end(&inner->prefix, end))
		change(f, end, f->depth ? f->around[f->depth - 1]->value : PREFIXES_NONE);
}

size_t
prefixes_build(struct prefix_value *in, size_t count, struct prefix_range *out)
{
	static const uint8_t lowest[16];
	struct flattening f;

	f.out = out;
	f.count = f.depth = 0;
	if (count == 0)
		return 0;
	sort_values(in, count, out);
	change(&f, lowest, PREFIXES_NONE);
	for (size_t i = 0; i < count; i++) {
		if (i && prefix_compare(&in[i - 1].prefix, &in[i].prefix) == 0)
			continue;
		while (f.depth && !prefix_overlaps(&f.around[f.depth - 1]->prefix, &in[i].prefix))
			leave(&f);
		f.around[f.depth++] = &in[i];
		change(&f, in[i].prefix.ip, in[i].value);
	}
	while (f.depth)
		leave(&f);
	return f.count;
}

uint32_t
prefixes_find(const struct prefix_range *ranges, size_t count, const struct addr *addr)
{
	uint64_t hi = load_u64(addr->ip), lo = load_u64(addr->ip + 8);
	const struct prefix_range *base = ranges;

	if (count == 0)
		return PREFIXES_NONE;
	/* The range sought is within base[0..count-1]; base->first is never above addr. */
	while (count > 1) {
		size_t half = count / 2;
		const uint8_t *first = base[half].first;
		uint64_t first_hi = load_u64(first);

		if (first_hi < hi || (first_hi == hi && load_u64(first + 8) <= lo))
			base += half;
		count -= half;
	}
	return base->value;
}
