#include "load/source.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "unit/files.h"
#include "unit/unit.h"

static const struct srcloc named = { "site.yaml", 3, 9 };

/* Files of one folder, and what was reported about them. */
struct folder {
	struct files files;
	struct arena arena;
	struct diags diags;
};

static void
folder_init(struct folder *f)
{
	assert_true(files_init(&f->files));
	arena_init(&f->arena, SIZE_MAX);
	diags_init(&f->diags, &f->arena, 0);
}

static void
folder_fini(struct folder *f)
{
	arena_fini(&f->arena);
	files_fini(&f->files);
}

static enum status
open_most(struct folder *f, const char *name, uint64_t most, struct source *out)
{
	return source_open(out, files_path(&f->files, name), most, &f->arena, named, &f->diags);
}

static enum status
open_file(struct folder *f, const char *name, struct source *out)
{
	return open_most(f, name, SOURCE_MAX_OCTETS, out);
}

static void
a_file_is_read_whole_and_ends_in_a_zero_octet(void **state)
{
	const size_t page = 4096;
	char *octets = malloc(page);
	struct source source;
	struct folder f;

	(void)state;
	assert_non_null(octets);
	memset(octets, 'x', page);
	folder_init(&f);
	assert_true(files_write_len(&f.files, "page", octets, page));
	assert_true(files_write(&f.files, "empty", ""));

	assert_int_equal(open_file(&f, "page", &source), OK);
	assert_int_equal(source.len, page);
	assert_memory_equal(source.data, octets, page);
	assert_int_equal(source.data[page], 0);
	assert_true(digest_equal(source.content, digest_bytes(octets, page)));
	assert_string_equal(source.path, files_path(&f.files, "page"));

	/* a writer that cuts the file does not pull it away from under us */
	assert_int_equal(truncate(files_path(&f.files, "page"), 0), 0);
	assert_memory_equal(source.data, octets, page);
	source_close(&source);
	source_close(&source);

	assert_int_equal(open_file(&f, "empty", &source), OK);
	assert_int_equal(source.len, 0);
	assert_string_equal(source.data, "");
	source_close(&source);
	folder_fini(&f);
	free(octets);
}

static void
what_is_no_file_is_refused_and_not_waited_for(void **state)
{
	struct source source;
	struct folder f;

	(void)state;
	folder_init(&f);
	assert_int_equal(mkfifo(files_path(&f.files, "fifo"), 0600), 0);
	assert_int_equal(symlink("loop", files_path(&f.files, "loop")), 0);
	assert_int_equal(open_file(&f, "fifo", &source), ERR_SYSTEM);
	assert_int_equal(open_file(&f, "", &source), ERR_SYSTEM);
	assert_int_equal(open_file(&f, "absent", &source), ERR_SYSTEM);
	assert_int_equal(open_file(&f, "loop", &source), ERR_SYSTEM);
	assert_int_equal(source_open(&source, "/dev/zero", SOURCE_MAX_OCTETS, &f.arena, named,
				     &f.diags), ERR_SYSTEM);
	assert_int_equal(f.diags.errors, 5);
	assert_string_equal(f.diags.first->code, "not-a-file");
	assert_string_equal(f.diags.first->next->code, "not-a-file");
	assert_string_equal(f.diags.first->next->next->code, "unreadable-file");
	assert_int_equal(f.diags.first->at.line, 3);
	folder_fini(&f);
}

static void
files_beyond_the_limits_are_not_read(void **state)
{
	struct source source;
	struct folder f;

	(void)state;
	folder_init(&f);
	assert_true(files_write(&f.files, "small", "12345678"));
	assert_int_equal(open_most(&f, "small", 8, &source), OK);
	source_close(&source);
	assert_int_equal(open_most(&f, "small", 7, &source), ERR_LIMIT);
	assert_string_equal(f.diags.first->code, "too-large");

	/* 8 GiB of nothing: what could not be kept is not read */
	assert_int_equal(truncate(files_path(&f.files, "small"), 8ll << 30), 0);
	assert_int_equal(open_file(&f, "small", &source), ERR_LIMIT);
	arena_fini(&f.arena);
	arena_init(&f.arena, 4096);
	diags_init(&f.diags, &f.arena, 0);
	assert_int_equal(truncate(files_path(&f.files, "small"), 5000), 0);
	assert_int_equal(open_file(&f, "small", &source), ERR_LIMIT);
	arena_fini(&f.arena);
	arena_init(&f.arena, 0);
	assert_int_equal(open_file(&f, "small", &source), ERR_NOMEM);
	folder_fini(&f);
}

struct path {
	int line;
	const char *by, *path, *want;
};

static const struct path paths[] = {
	{ __LINE__, "conf/site.yaml", "a.zone", "conf/a.zone" },
	{ __LINE__, "conf/site.yaml", "../zones/a.zone", "conf/../zones/a.zone" },
	{ __LINE__, "conf/site.yaml", "/zones/a.zone", "/zones/a.zone" },
	{ __LINE__, "site.yaml", "a.zone", "a.zone" },
	{ __LINE__, "/site.yaml", "a.zone", "/a.zone" },
};

static void
paths_are_relative_to_the_file_that_names_them(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	for (size_t i = 0; i < COUNT_OF(paths); i++)
		row_string(paths[i].line, source_path(&arena, paths[i].by, paths[i].path),
			   paths[i].want);
	arena_fini(&arena);
}

/** Set the time of the last change far back, where it proves something. */
static void
age(struct folder *f, const char *name, long second)
{
	const struct timespec times[2] = { { .tv_sec = second }, { .tv_sec = second } };

	assert_int_equal(utimensat(AT_FDCWD, files_path(&f->files, name), times, 0), 0);
}

static void
note_file(struct folder *f, struct sources *sources, const char *name)
{
	struct source source;

	assert_int_equal(open_file(f, name, &source), OK);
	sources_note(sources, &source);
	source_close(&source);
}

static bool
unchanged(struct sources *sources, const char *key)
{
	struct digest digest = { 1, 2 };

	return sources_unchanged(sources, key, &digest);
}

static void
files_are_remembered_by_what_they_are_and_say(void **state)
{
	struct sources *sources = sources_new();
	struct digest first = { 1, 2 }, again = { 1, 2 };
	struct folder f;

	(void)state;
	assert_non_null(sources);
	folder_init(&f);
	assert_true(files_write(&f.files, "a", "one"));
	assert_true(files_write(&f.files, "b", "two"));
	age(&f, "a", 1000);
	age(&f, "b", 1000);
	assert_false(unchanged(sources, "thing"));
	sources_begin(sources, "thing");
	note_file(&f, sources, "a");
	note_file(&f, sources, "b");
	sources_begin(sources, "other");
	note_file(&f, sources, "b");
	assert_false(unchanged(sources, "thing"));	/* the load is not over */
	sources_turn(sources);

	assert_true(sources_unchanged(sources, "thing", &first));
	assert_false(unchanged(sources, "third"));
	sources_turn(sources);
	assert_true(sources_unchanged(sources, "thing", &again));
	assert_true(digest_equal(first, again));
	assert_false(unchanged(sources, "other"));	/* the last load did not ask for it */

	/* touched: the content decides */
	age(&f, "b", 2000);
	sources_turn(sources);
	assert_true(unchanged(sources, "thing"));

	/* replaced by another file that says the same */
	assert_true(files_write(&f.files, "c", "two"));
	age(&f, "c", 2000);
	assert_int_equal(rename(strcpy((char[FILES_PATH_MAX]){ 0 }, files_path(&f.files, "c")),
				files_path(&f.files, "b")), 0);
	sources_turn(sources);
	assert_true(unchanged(sources, "thing"));

	/* another content of the same size */
	assert_true(files_write(&f.files, "b", "tow"));
	sources_turn(sources);
	assert_false(unchanged(sources, "thing"));
	sources_turn(sources);
	assert_false(unchanged(sources, "thing"));
	sources_free(sources);
	folder_fini(&f);
}

static void
a_file_that_is_gone_is_changed(void **state)
{
	struct sources *sources = sources_new();
	struct folder f;

	(void)state;
	assert_non_null(sources);
	folder_init(&f);
	assert_true(files_write(&f.files, "a", "one"));
	sources_begin(sources, "thing");
	note_file(&f, sources, "a");
	sources_turn(sources);
	assert_int_equal(unlink(files_path(&f.files, "a")), 0);
	assert_false(unchanged(sources, "thing"));
	sources_free(sources);
	folder_fini(&f);
}

static bool
holds_two(void *context, struct digest content)
{
	(*(unsigned *)context)++;
	return content.lo == 2;
}

static void
without_a_memory_nothing_is_known(void **state)
{
	struct sources *sources = sources_new();
	struct source source = { .path = "x" };
	unsigned asked = 0;

	(void)state;
	sources_begin(NULL, "thing");
	sources_note(NULL, &source);
	sources_turn(NULL);
	sources_free(NULL);
	assert_false(unchanged(NULL, "thing"));
	assert_false(sources_held(NULL, (struct digest){ 2, 2 }));

	assert_non_null(sources);
	assert_false(sources_held(sources, (struct digest){ 2, 2 }));
	sources_hold(sources, holds_two, &asked);
	assert_true(sources_held(sources, (struct digest){ 2, 2 }));
	assert_false(sources_held(sources, (struct digest){ 3, 2 }));
	assert_int_equal(asked, 2);
	sources_free(sources);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_read_whole_and_ends_in_a_zero_octet),
		cmocka_unit_test(what_is_no_file_is_refused_and_not_waited_for),
		cmocka_unit_test(files_beyond_the_limits_are_not_read),
		cmocka_unit_test(paths_are_relative_to_the_file_that_names_them),
		cmocka_unit_test(files_are_remembered_by_what_they_are_and_say),
		cmocka_unit_test(a_file_that_is_gone_is_changed),
		cmocka_unit_test(without_a_memory_nothing_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
