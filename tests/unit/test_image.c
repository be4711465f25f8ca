#include "snapshot/snapshot.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit/draft.h"
#include "unit/exercise.h"

/* A folder of its own, the path of an image in it, and a snapshot with two zones. */
struct fixture {
	char folder[64], path[96];
	struct draft d;
	struct snapshot *snap;
};

static int
begin(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct hosted_zone *zone;

	if (!f)
		return -1;
	snprintf(f->folder, sizeof(f->folder), "%s/image-XXXXXX",
		 getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	if (!mkdtemp(f->folder))
		return -1;
	snprintf(f->path, sizeof(f->path), "%s/estate.cws", f->folder);
	draft_init(&f->d);
	draft_vpc(&f->d, "vpc", "eu-west-1", "10.0.0.0/16");
	zone = draft_zone(&f->d, "Z0", "corp.example", "vpc");
	for (unsigned i = 0; i < 2000; i++) {	/* large enough for a mapping of its own */
		char owner[64];

		snprintf(owner, sizeof(owner), "h%u.corp.example", i);
		draft_record(&f->d, zone, owner, TYPE_A, 60, "10.0.0.1");
	}
	draft_zone(&f->d, "Z1", "small.example", "vpc");
	f->snap = draft_compile(&f->d, NULL);
	*state = f;
	return 0;
}

/* Removes the folder, which must hold nothing but the image. */
static int
end(void **state)
{
	struct fixture *f = *state;

	snapshot_unref(f->snap);
	draft_fini(&f->d);
	unlink(f->path);
	assert_int_equal(rmdir(f->folder), 0);
	free(f);
	return 0;
}

static void
write_file(const char *path, const void *octets, size_t len)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(octets, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

/* All of the image. */
static uint8_t *
read_file(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	uint8_t *octets = malloc(1 << 20);

	assert_non_null(file);
	assert_non_null(octets);
	*len = fread(octets, 1, 1 << 20, file);
	assert_true(*len > 0 && *len < 1 << 20);
	fclose(file);
	return octets;
}

static unsigned
files_in(const char *folder)
{
	const struct dirent *entry;
	DIR *directory = opendir(folder);
	unsigned count = 0;

	assert_non_null(directory);
	while ((entry = readdir(directory)))
		count += entry->d_name[0] != '.';
	closedir(directory);
	return count;
}

static void
a_mapped_image_is_what_was_written(void **state)
{
	struct fixture *f = *state;
	struct snapshot *mapped = NULL;

	assert_int_equal(snapshot_write(f->snap, f->path), OK);
	assert_int_equal(files_in(f->folder), 1);	/* nothing temporary is left */
	assert_int_equal(snapshot_map(f->path, &mapped), OK);
	assert_int_equal(mapped->held_count, f->snap->held_count);
	assert_int_equal(mapped->root->block.size, f->snap->root->block.size);
	assert_memory_equal(mapped->root, f->snap->root, f->snap->root->block.size);
	for (uint32_t i = 0; i < mapped->held_count; i++) {
		const struct block *one = block_of(f->snap->held[i]);

		assert_int_equal(block_of(mapped->held[i])->size, one->size);
		assert_memory_equal(block_of(mapped->held[i]), one, one->size);
	}
	assert_int_equal(exercise_snapshot(mapped), exercise_snapshot(f->snap));
	snapshot_unref(mapped);
}

/* The daemon starts from the file, then reloads: what did not change stays mapped. */
static void
the_next_snapshot_shares_blocks_of_the_image(void **state)
{
	struct fixture *f = *state;
	struct snapshot *mapped, *next;
	const struct zone *zone;

	assert_int_equal(snapshot_write(f->snap, f->path), OK);
	assert_int_equal(snapshot_map(f->path, &mapped), OK);
	zone = mapped->zones[0];
	next = draft_compile(&f->d, mapped);
	assert_ptr_equal(next->zones[0], zone);
	snapshot_unref(mapped);
	assert_int_equal(unlink(f->path), 0);
	assert_non_null(find_node(zone, "h1999.corp.example"));
	snapshot_unref(next);
}

static void
writing_replaces_the_file_and_keeps_its_mode(void **state)
{
	struct fixture *f = *state;
	struct snapshot *mapped, *after;
	struct stat st;

	assert_int_equal(snapshot_write(f->snap, f->path), OK);
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	assert_int_equal(chmod(f->path, 0640), 0);
	assert_int_equal(snapshot_map(f->path, &mapped), OK);
	assert_int_equal(snapshot_write(f->snap, f->path), OK);
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	/* who has mapped the old one still serves from it */
	assert_int_equal(exercise_snapshot(mapped), exercise_snapshot(f->snap));
	assert_int_equal(snapshot_map(f->path, &after), OK);
	snapshot_unref(mapped);
	snapshot_unref(after);
}

static void
a_failed_write_leaves_the_old_file_and_no_other(void **state)
{
	struct fixture *f = *state;
	char path[128];

	snprintf(path, sizeof(path), "%s/missing/estate.cws", f->folder);
	assert_int_equal(snapshot_write(f->snap, path), ERR_SYSTEM);
	assert_int_equal(errno, ENOENT);

	/* a folder stands where the file should go: rename refuses */
	assert_int_equal(mkdir(f->path, 0755), 0);
	assert_int_equal(snapshot_write(f->snap, f->path), ERR_SYSTEM);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(files_in(f->folder), 1);
	assert_int_equal(rmdir(f->path), 0);
}

/* A full disk, as far as one can be had without one. */
static void
a_write_that_finds_no_room_leaves_the_old_file_and_no_other(void **state)
{
	struct fixture *f = *state;
	struct rlimit all, little = { .rlim_cur = 4096 };
	enum status status;
	uint8_t *octets;
	size_t len;
	int error;

	write_file(f->path, "old", 3);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &all), 0);
	little.rlim_max = all.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	status = snapshot_write(f->snap, f->path);
	error = errno;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &all), 0);
	assert_int_equal(status, ERR_SYSTEM);
	assert_int_equal(error, EFBIG);
	assert_int_equal(files_in(f->folder), 1);
	octets = read_file(f->path, &len);
	assert_int_equal(len, 3);
	assert_memory_equal(octets, "old", 3);
	free(octets);
}

static void
what_is_no_image_gives_a_clean_error(void **state)
{
	struct fixture *f = *state;
	struct snapshot *none = NULL;
	char fifo[128];

	assert_int_equal(snapshot_map(f->path, &none), ERR_SYSTEM);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(snapshot_map(f->folder, &none), ERR_SYSTEM);
	assert_int_equal(errno, EISDIR);
	snprintf(fifo, sizeof(fifo), "%s/fifo", f->folder);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(snapshot_map(fifo, &none), ERR_SYSTEM);
	assert_int_equal(errno, EINVAL);
	unlink(fifo);
	write_file(f->path, "", 0);
	assert_int_equal(snapshot_map(f->path, &none), ERR_SHORT);
	write_file(f->path, "vpcs:\n", 6);
	assert_int_equal(snapshot_map(f->path, &none), ERR_SHORT);
	for (unsigned size = 64; size <= 65536; size *= 4) {
		uint8_t *text = malloc(size);

		assert_non_null(text);
		memset(text, '#', size);
		write_file(f->path, text, size);
		assert_int_equal(snapshot_map(f->path, &none), ERR_MALFORMED);
		free(text);
	}
	assert_null(none);
}

static void
a_truncated_image_is_refused(void **state)
{
	struct fixture *f = *state;
	struct snapshot *none = NULL;
	uint8_t *octets;
	size_t len;

	assert_int_equal(snapshot_write(f->snap, f->path), OK);
	octets = read_file(f->path, &len);
	for (size_t keep = 0; keep < len; keep += keep < 8192 ? 56 : 4096 + 8) {
		assert_int_equal(truncate(f->path, (off_t)keep), 0);
		assert_int_equal(snapshot_map(f->path, &none), ERR_SHORT);
		write_file(f->path, octets, len);
	}
	/* exactly the last block is missing */
	assert_int_equal(truncate(f->path, (off_t)f->snap->root->block.size), 0);
	assert_int_equal(snapshot_map(f->path, &none), ERR_SHORT);
	assert_null(none);
	free(octets);
}

static void
a_damaged_image_is_refused(void **state)
{
	struct fixture *f = *state;
	struct snapshot *none = NULL;
	uint8_t *octets;
	size_t len;

	assert_int_equal(snapshot_write(f->snap, f->path), OK);
	octets = read_file(f->path, &len);
	for (size_t at = 0; at < len; at += 1021) {
		enum status status;

		octets[at] ^= 4;
		write_file(f->path, octets, len);
		octets[at] ^= 4;
		status = snapshot_map(f->path, &none);
		assert_true(status == ERR_MALFORMED || status == ERR_SHORT);
	}
	octets[len] = 0;	/* there is room */
	write_file(f->path, octets, len + 1);
	assert_int_equal(snapshot_map(f->path, &none), ERR_MALFORMED);
	assert_null(none);
	free(octets);
}

/* Blocks that are sound one by one, but not those that the root speaks of. */
static void
blocks_of_another_image_are_refused(void **state)
{
	struct fixture *f = *state;
	struct snapshot *none = NULL;
	const struct block *first = block_of(f->snap->held[0]);
	const struct block *second = block_of(f->snap->held[1]);
	const struct block *root = &f->snap->root->block;
	FILE *file = fopen(f->path, "wb");

	assert_non_null(file);
	fwrite(root, 1, root->size, file);
	fwrite(second, 1, second->size, file);
	fwrite(first, 1, first->size, file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(snapshot_map(f->path, &none), ERR_MALFORMED);

	file = fopen(f->path, "wb");
	assert_non_null(file);
	fwrite(first, 1, first->size, file);	/* no root */
	assert_int_equal(fclose(file), 0);
	assert_int_equal(snapshot_map(f->path, &none), ERR_MALFORMED);
	assert_null(none);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_mapped_image_is_what_was_written, begin, end),
		cmocka_unit_test_setup_teardown(the_next_snapshot_shares_blocks_of_the_image,
						begin, end),
		cmocka_unit_test_setup_teardown(writing_replaces_the_file_and_keeps_its_mode,
						begin, end),
		cmocka_unit_test_setup_teardown(a_failed_write_leaves_the_old_file_and_no_other,
						begin, end),
		cmocka_unit_test_setup_teardown(
			a_write_that_finds_no_room_leaves_the_old_file_and_no_other, begin, end),
		cmocka_unit_test_setup_teardown(what_is_no_image_gives_a_clean_error, begin,
						end),
		cmocka_unit_test_setup_teardown(a_truncated_image_is_refused, begin, end),
		cmocka_unit_test_setup_teardown(a_damaged_image_is_refused, begin, end),
		cmocka_unit_test_setup_teardown(blocks_of_another_image_are_refused, begin,
						end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
