#include "unit/unit.h"

#include <poll.h>
#include <pty.h>
#include <string.h>
#include <unistd.h>

#include "cli/progress.h"

#define WAIT_MS 20000	/* for what comes at once, were the machine free */

/** Read until `wanted` was seen; false: it never was. */
static bool
sees(int fd, const char *wanted)
{
	char seen[4096] = "";
	size_t len = 0;

	while (len < sizeof(seen) - 1) {
		struct pollfd poller = { .fd = fd, .events = POLLIN };
		ssize_t got;

		if (poll(&poller, 1, WAIT_MS) <= 0)
			return false;
		got = read(fd, seen + len, sizeof(seen) - 1 - len);
		if (got <= 0)
			return false;
		len += (size_t)got;
		seen[len] = '\0';
		if (strstr(seen, wanted))
			return true;
	}
	return false;
}

static void
one_who_waits_is_told_what_is_done(void **state)
{
	struct progress progress;
	int leader, follower;

	(void)state;
	assert_int_equal(openpty(&leader, &follower, NULL, NULL, NULL), 0);
	progress_begin(&progress, "causeway lint", follower, 0);
	progress_say(&progress, "judging");
	assert_true(sees(leader, "causeway lint: "));
	assert_true(sees(leader, "judging, 1 s"));
	progress_end(&progress);
	assert_true(sees(leader, "\r\033[K"));	/* wiped */
	close(follower);
	close(leader);
}

static void
a_short_run_says_nothing(void **state)
{
	struct progress progress;
	int leader, follower;
	char mark;

	(void)state;
	assert_int_equal(openpty(&leader, &follower, NULL, NULL, NULL), 0);
	progress_begin(&progress, "causeway lint", follower, 1000000);
	progress_say(&progress, "judging");
	progress_end(&progress);
	assert_int_equal(write(follower, "x", 1), 1);
	assert_int_equal(read(leader, &mark, 1), 1);
	assert_int_equal(mark, 'x');
	close(follower);
	close(leader);
}

static void
a_pipe_is_told_nothing(void **state)
{
	struct progress progress;
	int ends[2];
	char mark;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	progress_begin(&progress, "causeway lint", ends[1], 0);
	assert_false(progress.running);
	progress_say(&progress, "judging");
	progress_end(&progress);
	close(ends[1]);
	assert_int_equal(read(ends[0], &mark, 1), 0);
	close(ends[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_who_waits_is_told_what_is_done),
		cmocka_unit_test(a_short_run_says_nothing),
		cmocka_unit_test(a_pipe_is_told_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
