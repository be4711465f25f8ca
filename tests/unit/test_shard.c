#include "engine/shard.h"

#include <stdlib.h>
#include <string.h>

#include "unit/unit.h"

#define MOST	 24
#define NOW	 1000u
#define BUCKETS	 64	/* octets of the fewest that there are */

/* A shard of exactly so many cells, over memory of its own. */
struct made {
	struct shard shard;
	_Alignas(SHARD_CELL_OCTETS) uint8_t octets[BUCKETS + (MOST + 1) * SHARD_CELL_OCTETS];
};

static void
shard_make(struct made *made, size_t cells)
{
	memset(made, 0, sizeof(*made));
	shard_init(&made->shard, made->octets, BUCKETS + cells * SHARD_CELL_OCTETS);
	assert_int_equal(made->shard.cell_count, cells);
}

static struct shard_key
key_of(const uint8_t *letter)
{
	return (struct shard_key){ *letter, letter, 1 };
}

static uint32_t
put(struct made *made, uint8_t letter, struct shard_life life)
{
	struct shard_key key = key_of(&letter);

	return shard_put(&made->shard, &key, &letter, 1, life, NOW);
}

/** F fresh, S expired, each of them visited, or small when not; g: gone, and visited. */
static void
put_kind(struct made *made, uint8_t letter, char kind)
{
	struct shard_life life = { 2 * NOW, 3 * NOW };
	uint32_t entry;

	if (kind == 'S' || kind == 's')
		life.expires_ms = NOW;
	if (kind == 'g')
		life = (struct shard_life){ NOW / 2, NOW };
	entry = put(made, letter, life);
	assert_int_not_equal(entry, SHARD_NONE);
	shard_entry(&made->shard, entry)->visited = kind != 'f' && kind != 's';
}

static void
who_leaves_first_is_gone_or_expired_or_not_visited(void **state)
{
	static const struct {
		int line;
		const char *kinds;		/* old to new, filling the shard */
		const char *leave;		/* numbers in that, one after the other */
	} rows[] = {
		{ __LINE__, "FFFFFFFF", "abcdefgh" },
		{ __LINE__, "fFFFFFFF", "ab" },
		{ __LINE__, "FFfFFFFF", "ca" },
		{ __LINE__, "FFFFFFfF", "ga" },
		/* the newest eighth is spared, whatever it is */
		{ __LINE__, "FFFFFFFf", "abcdefgh" },
		{ __LINE__, "FFFFFFFFFFFFFFff", "abcdefghijklmnop" },
		{ __LINE__, "fFFFgFFF", "ea" },
		{ __LINE__, "fFFFsFgF", "gea" },
		{ __LINE__, "fFFFSFFF", "ab" },
		{ __LINE__, "fsFsFFFF", "bda" },
		/* the hand sees so far and no farther */
		{ __LINE__, "fFFFFFFFFFFFgFFF", "am" },
		{ __LINE__, "fFFFFFFFFFFFsFFF", "am" },
		{ __LINE__, "FFFFFFFFFFFFgFFF", "ma" },
	};
	struct made *made = malloc(sizeof(*made));

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t count = strlen(rows[i].kinds);

		shard_make(made, count);
		for (size_t n = 0; n < count; n++)
			put_kind(made, (uint8_t)('a' + n), rows[i].kinds[n]);
		for (const char *leaves = rows[i].leave; *leaves; leaves++) {
			uint8_t letter = (uint8_t)*leaves;
			struct shard_key key = key_of(&letter);

			row_true(rows[i].line, shard_find(&made->shard, &key) != SHARD_NONE);
			put_kind(made, (uint8_t)(letter - 'a' + 'A'), 'F');
			row_int(rows[i].line, shard_find(&made->shard, &key), SHARD_NONE);
			row_int(rows[i].line, made->shard.entry_count, count);
		}
	}
	free(made);
}

static void
what_takes_the_place_of_a_visited_one_is_visited_and_its_notes_are_gone(void **state)
{
	struct shard_life life = { 2 * NOW, 3 * NOW };
	struct made *made = malloc(sizeof(*made));
	struct shard_head *head;

	(void)state;
	shard_make(made, 8);
	head = shard_entry(&made->shard, put(made, 'a', life));
	assert_int_equal(head->visited, 0);
	head = shard_entry(&made->shard, put(made, 'a', life));
	assert_int_equal(head->visited, 0);
	head->visited = head->hits = head->failures = head->flags = 1;
	head->retry_ms = 7;
	head = shard_entry(&made->shard, put(made, 'a', life));
	assert_int_equal(head->visited, 1);
	assert_true(!head->hits && !head->failures && !head->flags && !head->retry_ms);
	assert_int_equal(made->shard.entry_count, 1);
	free(made);
}

static void
a_value_is_read_as_far_as_is_wanted(void **state)
{
	struct shard_life life = { 2 * NOW, 3 * NOW };
	struct made *made = malloc(sizeof(*made));
	uint8_t value[400], back[400], letter = 'a';
	struct shard_key key = key_of(&letter);
	uint32_t entry;

	(void)state;
	for (unsigned i = 0; i < sizeof(value); i++)
		value[i] = (uint8_t)(i * 7);
	shard_make(made, MOST);
	entry = shard_put(&made->shard, &key, value, sizeof(value), life, NOW);
	for (size_t len = 0; len <= sizeof(value); len += 50) {
		memset(back, 0xee, sizeof(back));
		shard_read_value(&made->shard, entry, back, len);
		assert_memory_equal(back, value, len);
		for (size_t i = len; i < sizeof(back); i++)
			assert_int_equal(back[i], 0xee);
	}
	free(made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_leaves_first_is_gone_or_expired_or_not_visited),
		cmocka_unit_test(
			what_takes_the_place_of_a_visited_one_is_visited_and_its_notes_are_gone),
		cmocka_unit_test(a_value_is_read_as_far_as_is_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
