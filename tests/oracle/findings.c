/*
 * findings - what lint says of random estates is true, and does not depend on how they are told
 *
 * Each estate is judged twice, its objects declared in one order and then backwards.  Every
 * witness must replay (else lint_run says ERR_MALFORMED), and there must be as many findings
 * of each code.
 *
 * CAUSEWAY_JUDGED: how many estates (3,000); CAUSEWAY_SEED: the number of the first.
 */
#include "lint/lint.h"
#include "oracle/plan.h"

#define CODES_MOST 200

/* Findings by the place of their code in lint_checks. */
struct tally_of {
	unsigned count[CODES_MOST];
	enum status status;
	bool refused;
};

static void
tally(const struct diags *diags, struct tally_of *out)
{
	size_t count;
	const struct lint_check *checks = lint_checks(&count);

	assert_true(count <= CODES_MOST);
	for (const struct finding *f = diags->first; f; f = f->next)
		for (size_t i = 0; i < count; i++)
			out->count[i] += strcmp(f->code, checks[i].code) == 0;
}

static void
judge(const struct plan *plan, bool backwards, bool verbose, struct tally_of *out)
{
	struct snapshot *snap;
	struct arena arena;
	struct diags diags;
	struct draft d;

	memset(out, 0, sizeof(*out));
	draft_init(&d);
	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	out->refused = !plan_declare(plan, &d, backwards);
	if (!out->refused) {
		snap = draft_compile(&d, NULL);
		out->status = lint_run(&d.estate, snap, SEVERITY_NOTE, &diags);
		tally(&diags, out);
		snapshot_unref(snap);
	}
	for (const struct finding *f = diags.first; f && verbose; f = f->next)
		printf("# %s%s: %s\n", backwards ? "backwards: " : "", f->code, f->message);
	arena_fini(&arena);
	draft_fini(&d);
}

/** How many of each code there were in all: a code that never comes up is not tried here. */
static unsigned long seen[CODES_MOST];

static bool
is_true(const struct plan *plan, bool verbose)
{
	struct tally_of one, other;

	judge(plan, false, verbose, &one);
	judge(plan, true, verbose, &other);
	for (size_t i = 0; i < CODES_MOST; i++)
		seen[i] += one.count[i];
	return one.refused || (one.status == OK && other.status == OK &&
			       memcmp(one.count, other.count, sizeof(one.count)) == 0);
}

static bool
plan_fails(const struct plan *plan)
{
	return !is_true(plan, false);
}

static void
print_seen(void)
{
	size_t count;
	const struct lint_check *checks = lint_checks(&count);

	for (size_t i = 0; i < count; i++)
		if (seen[i])
			printf(" %s %lu", checks[i].code, seen[i]);
	printf("\n");
}

int
main(void)
{
	const char *judged = getenv("CAUSEWAY_JUDGED"), *first = getenv("CAUSEWAY_SEED");
	unsigned long count = judged ? strtoul(judged, NULL, 10) : 3000;
	unsigned long seed = first ? strtoul(first, NULL, 10) : 1;

	for (unsigned long i = 0; i < count; i++) {
		struct plan plan;

		plan_make(&plan, seed + i);
		if (is_true(&plan, false))
			continue;
		printf("# estate %lu fails; shrunk:\n", seed + i);
		plan_shrink(&plan, plan_fails);
		plan_print(&plan, stdout);
		is_true(&plan, true);
		return 1;
	}
	printf("%lu estates judged:", count);
	print_seen();
	return 0;
}
