/*
 * roundtrip - what causeway dump writes is the same estate
 *
 * Random configurations (rich.h), and every example and expectation of the sources that loads:
 * each is loaded and compiled, written, loaded and compiled again; images are compared octet by
 * octet, and what is written the second time with the first.  Each random one also with the
 * objects of its lists in another order.
 *
 * CAUSEWAY_DUMPS: how many random ones (1,000); CAUSEWAY_SEED: the number of the first.
 */
#include <glob.h>
#include <inttypes.h>

#include "load/config.h"
#include "load/dump.h"
#include "roundtrip/rich.h"
#include "snapshot/compile.h"
#include "unit/files.h"
#include "unit/unit.h"

#define LIMIT ((size_t)64 << 20)

/* One configuration all the way through. */
struct trip {
	struct estate estate;
	struct arena arena;
	struct diags diags;
	struct snapshot *snap;	/* NULL: it was refused */
};

static struct files files;

static unsigned long
setting(const char *name, unsigned long fallback)
{
	const char *text = getenv(name);

	return text && *text ? strtoul(text, NULL, 0) : fallback;
}

static void
begin(struct trip *t, const char *path)
{
	*t = (struct trip){ .snap = NULL };
	arena_init(&t->arena, SIZE_MAX);
	diags_init(&t->diags, &t->arena, 0);
	estate_init(&t->estate, LIMIT);
	if (config_load(path, NULL, &t->estate, &t->diags) == OK)
		(void)!compile_estate(&t->estate, NULL, &t->diags, &t->snap);
}

static void
end(struct trip *t)
{
	snapshot_unref(t->snap);
	estate_fini(&t->estate);
	arena_fini(&t->arena);
}

static bool
take(void *context, const char *octets, size_t len)
{
	text_append_len(context, octets, len);
	return true;
}

static void
write_dump(const struct trip *t, enum dump_format format, struct text *out)
{
	const struct dump_options options = { .format = format, .secrets = true };

	assert_int_equal(dump_estate(&t->estate, &options, take, out), OK);
	assert_false(out->failed);
}

static const char *
write_file(const char *name, const char *text)
{
	assert_true(files_write(&files, name, text));
	return files_path(&files, name);
}

static bool
same_block(const struct held_block *a, const struct held_block *b)
{
	const struct block *left = block_of(a), *right = block_of(b);

	return left->size == right->size && memcmp(left, right, left->size) == 0;
}

static bool
same_image(const struct snapshot *a, const struct snapshot *b)
{
	if (!b || a->held_count != b->held_count || !same_block(a->root_held, b->root_held))
		return false;
	for (uint32_t i = 0; i < a->held_count; i++)
		if (!same_block(a->held[i], b->held[i]))
			return false;
	return true;
}

static void
fail_trip(const char *what, const char *about, const struct trip *t, const char *text)
{
	for (const struct finding *f = t->diags.first; f; f = f->next)
		if (f->severity == SEVERITY_ERROR)
			printf("# %u:%u %s: %s\n", f->at.line, f->at.column, f->code, f->message);
	printf("%s\n", text);
	fail_msg("%s: %s", about, what);
}

/** What pragmas said is in comments, which are not read again. */
static void
cut_comments(struct text *text)
{
	char *at = strstr(text->data, "\n# Left out:\n");

	if (at)
		*at = '\0';
}

/** Load what was written in one format; it must be the same. */
static void
come_back(const struct trip *first, enum dump_format format, const char *about,
	  struct text *written, struct text *again)
{
	struct trip second;

	text_clear(written);
	text_clear(again);
	write_dump(first, format, written);
	begin(&second, write_file("dump.yaml", written->data));
	if (!same_image(first->snap, second.snap))
		fail_trip("another image from its dump", about, &second, written->data);
	write_dump(&second, format, again);
	cut_comments(written);
	if (strcmp(written->data, again->data) != 0)
		fail_trip("the dump of its dump is another", about, &second, written->data);
	end(&second);
}

static void
check_trip(const struct trip *first, const char *about, bool json)
{
	struct text written, again;

	text_init(&written);
	text_init(&again);
	come_back(first, DUMP_YAML, about, &written, &again);
	if (json)
		come_back(first, DUMP_JSON, about, &written, &again);
	text_fini(&written);
	text_fini(&again);
}

static void
check_order(const struct trip *first, uint64_t seed, const char *about)
{
	struct text text, straight, shuffled;
	struct trip other;

	text_init(&text);
	text_init(&straight);
	text_init(&shuffled);
	rich_print(seed, seed + 1, &text);
	begin(&other, write_file("other.yaml", text.data));
	if (!same_image(first->snap, other.snap))
		fail_trip("another image in another order", about, &other, text.data);
	write_dump(first, DUMP_YAML, &straight);
	write_dump(&other, DUMP_YAML, &shuffled);
	assert_string_equal(straight.data, shuffled.data);
	end(&other);
	text_fini(&shuffled);
	text_fini(&straight);
	text_fini(&text);
}

static void
random_estates_come_back(void **state)
{
	unsigned long first = setting("CAUSEWAY_SEED", 1), count = setting("CAUSEWAY_DUMPS", 1000);

	(void)state;
	for (uint64_t seed = first; seed < first + count; seed++) {
		char about[64];
		struct text text;
		struct trip trip;

		snprintf(about, sizeof(about), "CAUSEWAY_SEED=%" PRIu64, seed);
		text_init(&text);
		rich_print(seed, 0, &text);
		assert_false(text.failed);
		begin(&trip, write_file("main.yaml", text.data));
		if (!trip.snap)
			fail_trip("refused", about, &trip, text.data);
		check_trip(&trip, about, seed % 4 == 0);
		check_order(&trip, seed, about);
		end(&trip);
		text_fini(&text);
	}
}

static void
examples_come_back(void **state)
{
	static const char *const patterns[] = {
		SRCDIR "/conf/*.yaml", SRCDIR "/conf/conflicted/*.yaml",
		SRCDIR "/tests/estates/*.yaml", SRCDIR "/tests/golden/*/*.yaml",
	};
	unsigned long count = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		glob_t found;

		if (glob(patterns[i], 0, NULL, &found) != 0)
			continue;
		for (size_t k = 0; k < found.gl_pathc; k++) {
			struct trip trip;

			begin(&trip, found.gl_pathv[k]);
			if (trip.snap)
				check_trip(&trip, found.gl_pathv[k], true);
			count += trip.snap != NULL;
			end(&trip);
		}
		globfree(&found);
	}
	print_message("%lu files\n", count);
	assert_true(count > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_estates_come_back),
		cmocka_unit_test(examples_come_back),
	};
	int failed;

	if (!files_init(&files))
		return 99;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	files_fini(&files);
	return failed;
}
