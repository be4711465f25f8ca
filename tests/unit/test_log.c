#include "base/log.h"

#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit/unit.h"

/** Write one line of level to a pipe and read it back. */
static size_t
logged(bool journal, enum log_level least, enum log_level level, const char *text, char *got)
{
	struct log log = { .journal = journal, .least = least };
	int ends[2];
	ssize_t len;

	assert_int_equal(pipe(ends), 0);
	log.fd = ends[1];
	log_write(&log, level, "%s", text);
	close(ends[1]);
	len = read(ends[0], got, 2 * PIPE_BUF);
	assert_true(len >= 0);
	got[len] = '\0';
	close(ends[0]);
	return (size_t)len;
}

static void
a_line_is_written_with_its_newline(void **state)
{
	char got[2 * PIPE_BUF + 1];

	(void)state;
	logged(false, LOG_LEVEL_INFO, LOG_LEVEL_INFO, "ready", got);
	assert_string_equal(got, "ready\n");
	logged(true, LOG_LEVEL_INFO, LOG_LEVEL_WARNING, "ready", got);
	assert_string_equal(got, "<4>ready\n");
}

static void
less_urgent_lines_are_left_out(void **state)
{
	char got[2 * PIPE_BUF + 1];

	(void)state;
	assert_int_equal(logged(false, LOG_LEVEL_WARNING, LOG_LEVEL_NOTICE, "x", got), 0);
	assert_int_equal(logged(false, LOG_LEVEL_WARNING, LOG_LEVEL_WARNING, "x", got), 2);
	assert_int_equal(logged(false, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR, "x", got), 2);
}

static void
a_copy_has_the_lines_up_to_its_bound(void **state)
{
	struct log log = { .fd = open("/dev/null", O_WRONLY), .journal = true,
			   .least = LOG_LEVEL_NOTICE };
	struct text copy;
	size_t last;

	(void)state;
	text_init(&copy);
	log.copy = &copy;
	log_write(&log, LOG_LEVEL_INFO, "not this");
	log_write(&log, LOG_LEVEL_ERROR, "a%sb", "\n");
	log_write(&log, LOG_LEVEL_NOTICE, "c");
	assert_string_equal(copy.data, "a\\x0ab\nc\n");
	do {
		last = copy.len;
		log_write(&log, LOG_LEVEL_ERROR, "%01000d", 0);
	} while (copy.len > last);
	assert_true(copy.len <= LOG_COPY_OCTETS && copy.len > LOG_COPY_OCTETS - 1001);
	text_fini(&copy);
	close(log.fd);
}

static void
control_characters_cannot_forge_a_line(void **state)
{
	char got[2 * PIPE_BUF + 1];

	(void)state;
	logged(true, LOG_LEVEL_INFO, LOG_LEVEL_INFO, "a\n<3>forged\x1b\x7f", got);
	assert_string_equal(got, "<6>a\\x0a<3>forged\\x1b\\x7f\n");
}

static void
a_long_line_is_cut_and_says_so(void **state)
{
	static char text[3 * PIPE_BUF], got[2 * PIPE_BUF + 1];

	(void)state;
	for (int control = 0; control < 2; control++) {
		size_t len;

		memset(text, control ? '\n' : 'x', sizeof(text) - 1);
		len = logged(true, LOG_LEVEL_INFO, LOG_LEVEL_INFO, text, got);
		assert_true(len > PIPE_BUF - 8 && len <= PIPE_BUF);
		assert_string_equal(got + len - 4, "...\n");
	}
}

static void
the_journal_is_told_by_device_and_inode(void **state)
{
	char stream[64];
	struct stat st;
	struct log log;

	(void)state;
	assert_int_equal(fstat(STDERR_FILENO, &st), 0);
	snprintf(stream, sizeof(stream), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	log_init(&log);
	assert_true(log.journal);
	assert_int_equal(log.least, LOG_LEVEL_INFO);
	snprintf(stream, sizeof(stream), "%ju:%ju", (uintmax_t)st.st_dev,
		 (uintmax_t)st.st_ino + 1);
	setenv("JOURNAL_STREAM", stream, 1);	/* the stream was redirected to elsewhere */
	log_init(&log);
	assert_false(log.journal);
	unsetenv("JOURNAL_STREAM");
	log_init(&log);
	assert_false(log.journal);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_written_with_its_newline),
		cmocka_unit_test(less_urgent_lines_are_left_out),
		cmocka_unit_test(a_copy_has_the_lines_up_to_its_bound),
		cmocka_unit_test(control_characters_cannot_forge_a_line),
		cmocka_unit_test(a_long_line_is_cut_and_says_so),
		cmocka_unit_test(the_journal_is_told_by_device_and_inode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
