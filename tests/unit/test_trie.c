#include "lint/trie.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/unit.h"

#define NAMES 200
#define ROUNDS 300

struct world {
	struct arena arena;
	struct trie_store store;
};

static void
world_init(struct world *w)
{
	arena_init(&w->arena, SIZE_MAX);
	trie_store_init(&w->store, &w->arena);
}

static const uint8_t *
wire_of(struct world *w, const char *text)
{
	struct name name;

	assert_int_equal(name_parse(text, &name), OK);
	return name_store(&w->arena, &name);
}

static const struct trie *
leaf(struct world *w, const uint8_t *wire, uintptr_t value)
{
	return trie_leaf(&w->store, trie_name(&w->store, wire), (void *)value,
			 1u << (value & 7));
}

/** A few labels over a small alphabet with the octets that need care. */
static const uint8_t *
some_name(struct world *w, unsigned *seed)
{
	static const char *const labels[] = { "a", "b", "ab", "a\\000", "\\001", "*", "zz", "\\255" };
	char text[64] = "";
	unsigned depth;

	*seed = *seed * 1103515245u + 12345u;
	depth = *seed >> 16 & 3;
	for (unsigned i = 0; i < depth; i++) {
		*seed = *seed * 1103515245u + 12345u;
		strcat(text, labels[*seed >> 16 & 7]);
		strcat(text, ".");
	}
	return wire_of(w, *text ? text : ".");
}

static int
compare_wires(const void *a, const void *b)
{
	return name_wire_compare(*(const uint8_t *const *)a, *(const uint8_t *const *)b);
}

/** Names in order, each once. */
static size_t
some_names(struct world *w, unsigned *seed, const uint8_t **out)
{
	size_t count = 0;

	for (size_t i = 0; i < NAMES; i++)
		out[i] = some_name(w, seed);
	qsort(out, NAMES, sizeof(*out), compare_wires);
	for (size_t i = 0; i < NAMES; i++)
		if (!count || !name_wire_equal(out[count - 1], out[i]))
			out[count++] = out[i];
	return count;
}

static const struct trie *
build(struct world *w, const uint8_t **names, size_t count, uintptr_t value)
{
	const struct trie *parts[NAMES];

	for (size_t i = 0; i < count; i++) {
		parts[i] = leaf(w, names[i], value);
		if (!parts[i])
			return NULL;
	}
	return trie_build(&w->store, parts, count);
}

static const struct trie *
put(struct world *w, const struct trie *trie, const uint8_t *name, uintptr_t value)
{
	struct trie_piece piece = { trie_name(&w->store, name), leaf(w, name, value) };

	return trie_overlay(&w->store, trie, &piece, 1);
}

static void
leaves_stand_in_canonical_order(void **state)
{
	const uint8_t *names[NAMES], *got[NAMES];
	const struct trie *trie;
	unsigned seed = 1;
	struct world w;
	size_t count;

	(void)state;
	world_init(&w);
	count = some_names(&w, &seed, names);
	trie = build(&w, names, count, 1);
	assert_int_equal(trie->count, count);
	trie_names(trie, got);
	for (size_t i = 0; i < count; i++)
		assert_true(name_wire_equal(got[i], names[i]));
	arena_fini(&w.arena);
}

static void
equal_content_is_one_pointer_however_it_was_made(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed < ROUNDS; seed++) {
		const uint8_t *names[NAMES];
		const struct trie *whole, *bit_by_bit = NULL;
		unsigned s = seed;
		struct world w;
		size_t count;

		world_init(&w);
		count = some_names(&w, &s, names);
		whole = build(&w, names, count, 3);
		/* from the first on: a later one never stands above an earlier one */
		for (size_t i = 0; i < count; i++)
			bit_by_bit = put(&w, bit_by_bit, names[i], 3);
		assert_ptr_equal(whole, bit_by_bit);
		assert_int_equal(whole->count, count);
		assert_ptr_equal(build(&w, names, count, 3), whole);
		assert_ptr_not_equal(build(&w, names, count, 4), whole);
		arena_fini(&w.arena);
	}
}

static void
what_covers_a_name_is_its_longest_suffix(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed < ROUNDS; seed++) {
		const uint8_t *names[NAMES];
		const struct trie *trie;
		unsigned s = seed;
		struct world w;
		size_t count;

		world_init(&w);
		count = some_names(&w, &s, names) / 2;
		trie = build(&w, names, count, 1);
		for (unsigned i = 0; i < 50; i++) {
			const uint8_t *wanted = some_name(&w, &s), *best = NULL;
			const struct trie *found, *below;
			struct trie_key key;
			size_t covered = 0;

			for (size_t k = 0; k < count; k++) {
				covered += name_wire_covers(wanted, names[k]);
				if (name_wire_covers(names[k], wanted))
					best = names[k];	/* the last one is the longest */
			}
			trie_key_make(wanted, &key);
			found = trie_cover(trie, &key);
			assert_int_equal(!found, !best);
			if (best)
				assert_true(name_wire_equal(found->leaf.name->wire, best));
			below = trie_below(trie, &key);
			assert_int_equal(below ? below->count : 0, covered);
		}
		arena_fini(&w.arena);
	}
}

static void
an_overlay_replaces_all_below_its_name(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed < ROUNDS; seed++) {
		const uint8_t *names[NAMES], *want[NAMES + 1];
		const struct trie *trie;
		const uint8_t *top;
		unsigned s = seed;
		size_t count, kept = 0;
		struct world w;
		bool put_in = false;

		world_init(&w);
		count = some_names(&w, &s, names);
		top = some_name(&w, &s);
		trie = put(&w, build(&w, names, count, 1), top, 1);
		for (size_t i = 0; i < count; i++) {
			if (!put_in && name_wire_compare(top, names[i]) <= 0) {
				want[kept++] = top;
				put_in = true;
			}
			if (!name_wire_covers(top, names[i]))
				want[kept++] = names[i];
		}
		if (!put_in)
			want[kept++] = top;
		assert_ptr_equal(trie, build(&w, want, kept, 1));
		arena_fini(&w.arena);
	}
}

/* What a walk met. */
struct met {
	size_t both, alone, steps;
};

static void
meet(void *context, const struct trie *a, const struct trie *b)
{
	struct met *met = context;

	assert_true(name_wire_equal(a->leaf.name->wire, b->leaf.name->wire));
	met->both++;
}

static void
meet_alone(void *context, const struct trie *part, bool of_a)
{
	struct met *met = context;

	(void)of_a;
	met->alone += part->count;
}

static bool
is_equal(void *context, const struct trie *a, const struct trie *b)
{
	((struct met *)context)->steps++;
	return a == b;
}

static void
a_walk_meets_each_difference_once(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed < ROUNDS; seed++) {
		const uint8_t *names[NAMES], *more[NAMES];
		size_t count, more_count, common = 0;
		const struct trie *a, *b;
		struct met met = { 0 };
		struct trie_walk walk = { meet, meet_alone, is_equal, &met };
		unsigned s = seed;
		struct world w;

		world_init(&w);
		count = some_names(&w, &s, names);
		more_count = some_names(&w, &s, more);
		for (size_t i = 0; i < count; i++)
			for (size_t k = 0; k < more_count; k++)
				common += name_wire_equal(names[i], more[k]);
		a = build(&w, names, count, 1);
		b = build(&w, more, more_count, 2);
		trie_walk_both(&walk, a, b);
		assert_int_equal(met.both, common);
		assert_int_equal(met.alone, count + more_count - 2 * common);
		arena_fini(&w.arena);
	}
}

/** Steps to find the one name that differs among so many. */
static size_t
steps_for_one_change(unsigned count)
{
	const struct trie **parts = calloc(count, sizeof(*parts)), *a, *b;
	struct met met = { 0 };
	struct trie_walk walk = { meet, meet_alone, is_equal, &met };
	struct world w;

	world_init(&w);
	assert_non_null(parts);
	for (unsigned i = 0; i < count; i++) {
		char text[32];

		snprintf(text, sizeof(text), "h%06u.example.", i);
		parts[i] = leaf(&w, wire_of(&w, text), 1);
	}
	a = trie_build(&w.store, parts, count);
	parts[count / 2] = leaf(&w, parts[count / 2]->leaf.name->wire, 2);
	b = trie_build(&w.store, parts, count);
	trie_walk_both(&walk, a, b);
	assert_int_equal(met.both, 1);
	assert_int_equal(met.alone, 0);
	arena_fini(&w.arena);
	free(parts);
	return met.steps;
}

static void
one_change_among_many_names_takes_few_steps(void **state)
{
	(void)state;
	assert_true(steps_for_one_change(1000) < 60);
	assert_true(steps_for_one_change(100000) < 100);
}

static bool
add_one(void *context, const struct trie *part, const void **value, uint32_t *marks)
{
	(*(size_t *)context)++;
	*value = (const void *)((uintptr_t)part->leaf.value + 1);
	*marks = 1;
	return true;
}

static void
a_map_is_made_once_for_each_part(void **state)
{
	const uint8_t *names[NAMES];
	const struct trie *trie;
	struct table done;
	size_t count, calls = 0;
	unsigned seed = 7;
	struct world w;

	(void)state;
	world_init(&w);
	table_init(&done, &w.arena);
	count = some_names(&w, &seed, names);
	trie = build(&w, names, count, 1);
	assert_int_equal(trie_map(&w.store, trie, add_one, &calls, &done)->count, count);
	assert_int_equal(calls, count);
	trie_map(&w.store, trie, add_one, &calls, &done);
	assert_int_equal(calls, count);
	arena_fini(&w.arena);
}

static void
without_memory_nothing_is_made(void **state)
{
	(void)state;
	for (size_t limit = 0; limit < 60000; limit += 997) {
		const uint8_t *names[NAMES];
		const struct trie *trie;
		unsigned seed = 3;
		struct world w;
		size_t count;

		world_init(&w);
		count = some_names(&w, &seed, names);
		w.arena.limit = w.arena.used + limit;
		trie = build(&w, names, count, 1);
		assert_true(w.store.nomem || (trie && trie->count == count));
		arena_fini(&w.arena);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_stand_in_canonical_order),
		cmocka_unit_test(equal_content_is_one_pointer_however_it_was_made),
		cmocka_unit_test(what_covers_a_name_is_its_longest_suffix),
		cmocka_unit_test(an_overlay_replaces_all_below_its_name),
		cmocka_unit_test(a_walk_meets_each_difference_once),
		cmocka_unit_test(one_change_among_many_names_takes_few_steps),
		cmocka_unit_test(a_map_is_made_once_for_each_part),
		cmocka_unit_test(without_memory_nothing_is_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
