#include "control/complain.h"

#include <unistd.h>

#include "unit/unit.h"

#define TEXT_MAX 4096

/* Findings made by the tests, told into a pipe. */
struct fixture {
	struct arena arena;
	struct diags diags;
	struct log log;
	int told;
	char text[TEXT_MAX];
};

static const struct srcloc nowhere;

static int
setup(void **state)
{
	static struct fixture f;
	int pair[2];

	assert_int_equal(pipe(pair), 0);
	f.told = pair[0];
	f.log = (struct log){ .fd = pair[1], .journal = true, .least = LOG_LEVEL_INFO };
	arena_init(&f.arena, SIZE_MAX);
	diags_init(&f.diags, &f.arena, 2);
	*state = &f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	arena_fini(&f->arena);
	close(f->told);
	if (f->log.fd >= 0)
		close(f->log.fd);
	return 0;
}

/** All that was told; once a test. */
static const char *
told(struct fixture *f)
{
	ssize_t len;

	close(f->log.fd);
	f->log.fd = -1;
	len = read(f->told, f->text, sizeof(f->text) - 1);
	f->text[len > 0 ? len : 0] = '\0';
	return f->text;
}

static void
a_finding_is_a_line_with_its_place_and_level(void **state)
{
	struct fixture *f = *state;
	const struct srcloc at = { .file = "a.yaml", .line = 3, .column = 7 };
	const struct srcloc file = { .file = "b.zone" };

	diag_report(&f->diags, SEVERITY_ERROR, "bad-name", at, "not a name: \"%s\"", "a..b");
	diag_report(&f->diags, SEVERITY_WARNING, "odd", file, "odd");
	complain(&f->log, &f->diags, SEVERITY_NOTE);
	assert_string_equal(told(f), "<3>a.yaml:3:7: error bad-name not a name: \"a..b\"\n"
				     "<4>b.zone: warning odd odd\n");
}

static void
the_objects_involved_and_the_help_follow(void **state)
{
	struct fixture *f = *state;
	const struct srcloc at = { .file = "a.yaml", .line = 3, .column = 7 };
	const struct srcloc other = { .file = "b.yaml", .line = 1, .column = 2 };
	struct finding *finding = diag_open(&f->diags, SEVERITY_ERROR, "duplicate-id", NULL, at,
					    "twice");

	diag_add(&f->diags, finding, PART_OBJECT, "vpc", "vpc-a", other, "declared here");
	diag_add(&f->diags, finding, PART_OBJECT, "vpc", "vpc-b", nowhere, "has no place");
	diag_add(&f->diags, finding, PART_WITNESS, NULL, "a.example A", nowhere, "10.0.0.1");
	diag_add(&f->diags, finding, PART_HELP, NULL, NULL, nowhere, "drop one");
	complain(&f->log, &f->diags, SEVERITY_NOTE);
	assert_string_equal(told(f), "<3>a.yaml:3:7: error duplicate-id twice\n"
				     "<3>b.yaml:1:2: note vpc \"vpc-a\": declared here\n"
				     "<3>help: drop one\n");
}

static void
what_is_less_grave_than_asked_for_is_left_out(void **state)
{
	struct fixture *f = *state;

	diag_report(&f->diags, SEVERITY_WARNING, "odd", nowhere, "odd");
	diag_report(&f->diags, SEVERITY_ERROR, "bad", nowhere, "bad");
	complain(&f->log, &f->diags, SEVERITY_ERROR);
	assert_string_equal(told(f), "<3>error bad bad\n");
}

static void
findings_beyond_the_limit_are_counted(void **state)
{
	struct fixture *f = *state;

	for (unsigned i = 0; i < 5; i++)
		diag_report(&f->diags, SEVERITY_ERROR, "bad", nowhere, "bad");
	complain(&f->log, &f->diags, SEVERITY_ERROR);
	assert_string_equal(told(f), "<3>error bad bad\n<3>error bad bad\n"
				     "<4>and 3 more findings\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_finding_is_a_line_with_its_place_and_level),
		TEST(the_objects_involved_and_the_help_follow),
		TEST(what_is_less_grave_than_asked_for_is_left_out),
		TEST(findings_beyond_the_limit_are_counted),
	};

	return cmocka_run_group_tests_name("complain", tests, NULL, NULL);
}
