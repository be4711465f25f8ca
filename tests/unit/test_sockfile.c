#include "control/sockfile.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "unit/files.h"
#include "unit/unit.h"

#define OURS (uid_t)-1, (gid_t)-1

static int
setup(void **state)
{
	static struct files files;

	*state = &files;
	return files_init(&files) ? 0 : -1;
}

static int
teardown(void **state)
{
	files_fini(*state);
	return 0;
}

static bool
can_connect(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	bool good;

	strncpy(at.sun_path, path, sizeof(at.sun_path) - 1);
	good = connect(fd, (const struct sockaddr *)&at, sizeof(at)) == 0;
	close(fd);
	return good;
}

static bool
exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static void
a_socket_listens_with_its_mode_and_nothing_stays_beside_it(void **state)
{
	struct files *files = *state;
	struct sockfile s;
	struct stat st;

	assert_int_equal(sockfile_open(&s, files_path(files, "ctl"), OURS), 0);
	assert_int_equal(stat(files_path(files, "ctl"), &st), 0);
	assert_true(S_ISSOCK(st.st_mode));
	assert_int_equal(st.st_mode & 07777, 0660);
	assert_true(can_connect(files->path));
	assert_false(exists(files_path(files, "ctl.new")));
	sockfile_remove(&s, files_path(files, "ctl"));
	assert_false(exists(files->path));
	close(s.fd);
}

static void
the_place_of_one_that_is_served_is_not_taken(void **state)
{
	struct files *files = *state;
	struct sockfile first, second;

	assert_int_equal(sockfile_open(&first, files_path(files, "ctl"), OURS), 0);
	assert_int_equal(sockfile_open(&second, files->path, OURS), EADDRINUSE);
	assert_int_equal(second.fd, -1);
	assert_true(can_connect(files->path));
	close(first.fd);

	/* nobody listens any more */
	assert_int_equal(sockfile_open(&second, files->path, OURS), 0);
	assert_true(can_connect(files->path));
	sockfile_remove(&first, files->path);	/* it is another's now */
	assert_true(can_connect(files->path));
	close(second.fd);
}

static void
what_a_crash_left_beside_is_cleared(void **state)
{
	struct files *files = *state;
	struct sockfile left, s;

	assert_int_equal(sockfile_open(&left, files_path(files, "ctl.new"), OURS), 0);
	close(left.fd);
	assert_int_equal(sockfile_open(&s, files_path(files, "ctl"), OURS), 0);
	assert_true(can_connect(files->path));
	close(s.fd);
}

static void
a_file_that_is_no_socket_stays(void **state)
{
	struct files *files = *state;
	struct sockfile s;

	assert_true(files_write(files, "ctl", "precious"));
	assert_int_equal(sockfile_open(&s, files_path(files, "ctl"), OURS), ENOTSOCK);
	assert_true(files_write(files, "b.new", "precious"));
	assert_int_equal(sockfile_open(&s, files_path(files, "b"), OURS), ENOTSOCK);
	assert_true(exists(files_path(files, "b.new")));
	assert_int_equal(symlink("nowhere", files_path(files, "link")), 0);
	assert_int_equal(sockfile_open(&s, files_path(files, "link"), OURS), ENOTSOCK);
}

static void
a_place_that_cannot_be_is_told(void **state)
{
	struct files *files = *state;
	struct sockfile s;
	char path[200];

	memset(path, 'x', sizeof(path));
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(sockfile_open(&s, path, OURS), ENAMETOOLONG);
	assert_int_equal(sockfile_open(&s, files_path(files, "no/folder"), OURS), ENOENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_socket_listens_with_its_mode_and_nothing_stays_beside_it, setup,
			teardown),
		cmocka_unit_test_setup_teardown(the_place_of_one_that_is_served_is_not_taken,
						setup, teardown),
		cmocka_unit_test_setup_teardown(what_a_crash_left_beside_is_cleared, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_file_that_is_no_socket_stays, setup, teardown),
		cmocka_unit_test_setup_teardown(a_place_that_cannot_be_is_told, setup, teardown),
	};

	return cmocka_run_group_tests_name("sockfile", tests, NULL, NULL);
}
