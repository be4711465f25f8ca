/*
 * The shipped examples are real: each loads without an error, and the one that is meant to
 * be wrong is wrong in the way it says.
 */
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "load/config.h"
#include "unit/unit.h"

#define CONF	 SRCDIR "/conf"
#define DANGLING CONF "/conflicted/dangling.yaml"

struct load {
	struct estate estate;
	struct arena arena;
	struct diags diags;
	enum status status;
};

static void
load_example(struct load *l, const char *path)
{
	arena_init(&l->arena, SIZE_MAX);
	diags_init(&l->diags, &l->arena, 0);
	estate_init(&l->estate, (size_t)256 << 20);
	l->status = config_load(path, NULL, &l->estate, &l->diags);
}

static void
load_fini(struct load *l)
{
	estate_fini(&l->estate);
	arena_fini(&l->arena);
}

static void
check_examples(const char *pattern)
{
	glob_t found;

	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];
		struct load l;

		if (strcmp(path, DANGLING) == 0)
			continue;
		load_example(&l, path);
		for (const struct finding *f = l.diags.first; f; f = f->next)
			if (f->severity == SEVERITY_ERROR)
				fail_msg("%s:%u:%u: %s", f->at.file, f->at.line, f->at.column,
					 f->message);
		assert_int_equal(l.status, OK);
		assert_true(l.estate.network_count > 0);
		for (const struct hosted_zone *z = l.estate.zones; z; z = z->next)
			assert_true(z->set_count > 0);
		load_fini(&l);
	}
	globfree(&found);
}

static void
every_example_loads_without_an_error(void **state)
{
	(void)state;
	check_examples(CONF "/*.yaml");
	check_examples(CONF "/conflicted/*.yaml");
}

static void
the_dangling_example_dangles(void **state)
{
	const struct finding *f;
	struct load l;

	(void)state;
	load_example(&l, DANGLING);
	assert_int_equal(l.status, ERR_REJECTED);
	assert_int_equal(l.diags.errors, 1);
	f = l.diags.first;
	assert_string_equal(f->code, "CFG002");
	assert_non_null(strstr(f->message, "vpc-legacy"));
	load_fini(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_example_loads_without_an_error),
		cmocka_unit_test(the_dangling_example_dangles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
