#include "control/statefile.h"

#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "unit/files.h"
#include "unit/unit.h"

static void
the_first_word_says_it(void **state)
{
	static const struct {
		int line;
		const char *text;
		enum said said;
	} rows[] = {
		{ __LINE__, "healthy", SAID_HEALTHY },
		{ __LINE__, "unhealthy\n", SAID_UNHEALTHY },
		{ __LINE__, "\n  Healthy\r\nsince noon", SAID_HEALTHY },
		{ __LINE__, "UNHEALTHY healthy", SAID_UNHEALTHY },
		{ __LINE__, "", SAID_NOTHING },
		{ __LINE__, " \n", SAID_NOTHING },
		{ __LINE__, "health", SAID_NOTHING },
		{ __LINE__, "healthyish", SAID_NOTHING },
		{ __LINE__, "not healthy", SAID_NOTHING },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		row_int(rows[i].line, said_parse(rows[i].text, strlen(rows[i].text)),
			rows[i].said);
	assert_int_equal(said_parse("healthy\0unhealthy", 17), SAID_NOTHING);
}

static void
only_a_regular_file_is_read(void **state)
{
	struct files files;
	int error;

	(void)state;
	assert_true(files_init(&files));
	assert_int_equal(statefile_read(files_path(&files, "none"), &error), SAID_NOTHING);
	assert_int_equal(error, ENOENT);
	assert_true(files_write(&files, "state", "unhealthy"));
	assert_int_equal(statefile_read(files_path(&files, "state"), &error), SAID_UNHEALTHY);
	assert_int_equal(error, 0);
	assert_true(files_write(&files, "state", "what?"));
	assert_int_equal(statefile_read(files_path(&files, "state"), &error), SAID_NOTHING);
	assert_int_equal(error, 0);
	assert_int_equal(mkfifo(files_path(&files, "fifo"), 0600), 0);
	assert_int_equal(statefile_read(files_path(&files, "fifo"), &error), SAID_NOTHING);
	assert_int_equal(error, EINVAL);
	assert_int_equal(statefile_read(files.folder, &error), SAID_NOTHING);
	assert_int_equal(error, EINVAL);
	files_fini(&files);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_word_says_it),
		cmocka_unit_test(only_a_regular_file_is_read),
	};

	return cmocka_run_group_tests_name("statefile", tests, NULL, NULL);
}
