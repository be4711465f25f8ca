/*
 * oracle - the differences that lint finds are all there are, and none is too many
 *
 * For each random estate every name over its alphabet, and beside it a label that nobody has,
 * is asked of every network by brute force (brute.h); for each pair of networks the names and
 * types that come out differently must be those that differ_compare tells, each in its order
 * and once, whichever network comes first.
 *
 * CAUSEWAY_ESTATES: how many (20,000); CAUSEWAY_SEED: the number of the first.  What fails is
 * shrunk and printed as a configuration.
 */
#include "lint/differ.h"
#include "oracle/brute.h"
#include "oracle/plan.h"

#define NAMES_MOST 2000

static const uint16_t types[] = { TYPE_A, TYPE_TXT, TYPE_CNAME, TYPE_MX };

#define TYPES COUNT_OF(types)

/* One estate, all that can be asked, and what comes of it. */
struct trial {
	struct draft draft;
	struct snapshot *snap;
	struct brute *brute;
	unsigned name_count;
	struct name names[NAMES_MOST];
	struct brute_finals finals[PLAN_NETWORKS][NAMES_MOST][TYPES];
	uint8_t told[NAMES_MOST][TYPES];	/* enum finals_order */
	bool twice;
	bool verbose;
	unsigned long compared, differing, passed_over, unfinished;
};

static struct trial trial;

static void
add_name(struct trial *t, const struct name *name)
{
	assert_true(t->name_count < NAMES_MOST);
	t->names[t->name_count++] = *name;
}

/** All names below this one, `depth` labels further; "*" where a zone has one. */
static void
add_names(struct trial *t, const struct name *parent, unsigned depth)
{
	static const char labels[] = "abx*";

	for (const char *label = labels; depth && *label; label++) {
		bool known = *label != '*';
		struct name name;

		assert_true(name_prepend((const uint8_t *)label, 1, parent->wire, &name));
		for (uint32_t z = 0; !known && z < t->draft.estate.zone_count; z++)
			known = zone_find(t->snap->zones[z], name.wire, name.len,
					  name_hash(name.wire));
		if (!known)
			continue;
		add_name(t, &name);
		add_names(t, &name, depth - 1);
	}
}

static unsigned
count_shared(const struct brute_finals *a, const struct brute_finals *b)
{
	unsigned shared = 0;

	for (unsigned i = 0; i < a->count; i++) {
		bool found = false;

		for (unsigned k = 0; k < b->count && !found; k++)
			found = brute_same(&a->final[i], &b->final[k]);
		shared += found;
	}
	return shared;
}

static bool
have(const struct brute_finals *finals, enum brute_kind kind)
{
	for (unsigned i = 0; i < finals->count; i++)
		if (finals->final[i].kind == kind)
			return true;
	return false;
}

static enum finals_order
expected(const struct brute_finals *a, const struct brute_finals *b)
{
	unsigned shared = count_shared(a, b);

	if (shared == a->count && shared == b->count)
		return FINALS_SAME;
	if (have(a, BRUTE_PUBLIC) != have(b, BRUTE_PUBLIC))
		return FINALS_APART;
	return shared || have(a, BRUTE_OPAQUE) || have(b, BRUTE_OPAQUE) ? FINALS_MAY
									: FINALS_MUST;
}

static void
take(void *context, const struct difference *difference)
{
	struct trial *t = context;

	for (unsigned n = 0; n < t->name_count; n++) {
		if (!difference_holds(difference, &t->names[n]))
			continue;
		for (unsigned k = 0; k < TYPES; k++) {
			enum finals_order order = difference_of_type(difference, types[k]);

			t->twice |= order != FINALS_SAME && t->told[n][k] != FINALS_SAME;
			if (order > t->told[n][k])
				t->told[n][k] = (uint8_t)order;
		}
	}
}

static bool
compare_pair(struct trial *t, struct closure *closure, uint32_t a, uint32_t b)
{
	struct differ_side one = { closure, a }, other = { closure, b };
	struct differ_work work = { .most = 1000000 };
	enum status status;

	memset(t->told, 0, sizeof(t->told));
	t->twice = false;
	status = differ_compare(&one, &other, FINALS_APART, &work, take, t);
	if (status == ERR_LIMIT) {
		t->unfinished++;
		return true;
	}
	assert_int_equal(status, OK);
	for (unsigned n = 0; n < t->name_count; n++)
		for (unsigned k = 0; k < TYPES; k++) {
			enum finals_order order = expected(&t->finals[a][n][k],
							   &t->finals[b][n][k]);
			char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX];

			if (t->finals[a][n][k].more || t->finals[b][n][k].more) {
				t->passed_over++;
				continue;
			}
			t->compared++;
			t->differing += order != FINALS_SAME;
			if (order == t->told[n][k])
				continue;
			if (t->verbose)
				printf("networks %u and %u, %s %s: %d and %d, so %d; told %d\n",
				       a, b, name_print(t->names[n].wire, name),
				       type_print(types[k], type),
				       t->finals[a][n][k].final[0].kind,
				       t->finals[b][n][k].final[0].kind, order, t->told[n][k]);
			return false;
		}
	if (t->twice && t->verbose)
		printf("networks %u and %u: a name was told twice\n", a, b);
	return !t->twice;
}

/** The same network, seen as if in another estate: nothing differs. */
static bool
is_like_itself(struct trial *t, struct closure *closure, struct closure *again, uint32_t network)
{
	struct differ_side one = { closure, network }, other = { again, network };
	struct differ_work work = { .most = 1000000 };

	memset(t->told, 0, sizeof(t->told));
	if (differ_compare(&one, &other, FINALS_APART, &work, take, t) == ERR_LIMIT)
		return true;
	for (unsigned n = 0; n < t->name_count; n++)
		for (unsigned k = 0; k < TYPES; k++)
			if (t->told[n][k] != FINALS_SAME)
				return false;
	return true;
}

static bool
compare_all(struct trial *t)
{
	uint32_t count = (uint32_t)t->draft.estate.network_count;
	struct closure closure, again;
	struct zone_tries tries;
	struct arena arena;
	bool good = true;

	arena_init(&arena, SIZE_MAX);
	zone_tries_init(&tries, &arena);
	assert_int_equal(closure_init(&closure, &t->draft.estate, t->snap, &tries), OK);
	assert_int_equal(closure_init(&again, &t->draft.estate, t->snap, &tries), OK);
	for (uint32_t a = 0; a < count && good; a++)
		good = is_like_itself(t, &closure, &again, a);
	for (uint32_t a = 0; a < count && good; a++)
		for (uint32_t b = 0; b < count && good; b++)
			good = a == b || compare_pair(t, &closure, a, b);
	arena_fini(&arena);
	return good;
}

static void
ask_all(struct trial *t)
{
	for (uint32_t i = 0; i < t->draft.estate.network_count; i++)
		for (unsigned n = 0; n < t->name_count; n++)
			for (unsigned k = 0; k < TYPES; k++)
				brute_ask(t->brute, i, &t->names[n], types[k],
					  &t->finals[i][n][k]);
}

/** Does lint say what brute force says?  A plan that is refused says nothing: good. */
static bool
plan_is_good(const struct plan *plan, bool *refused)
{
	struct trial *t = &trial;
	struct name root;
	bool good = true;

	draft_init(&t->draft);
	t->name_count = 0;
	*refused = !plan_declare(plan, &t->draft, false);
	if (!*refused) {
		t->snap = draft_compile(&t->draft, NULL);
		assert_int_equal(name_parse(".", &root), OK);
		add_name(t, &root);
		add_names(t, &root, plan->depth + 1);
		brute_begin(t->brute, &t->draft.estate, t->snap);
		ask_all(t);
		good = compare_all(t);
		snapshot_unref(t->snap);
	}
	draft_fini(&t->draft);
	return good;
}

static bool
plan_fails(const struct plan *plan)
{
	bool refused;

	return !plan_is_good(plan, &refused);
}

static unsigned long
number_from(const char *variable, unsigned long otherwise)
{
	const char *text = getenv(variable);

	return text && *text ? strtoul(text, NULL, 10) : otherwise;
}

static int
show_failure(struct plan *plan, unsigned long seed)
{
	printf("# estate %lu fails; shrunk:\n", seed);
	plan_shrink(plan, plan_fails);
	plan_print(plan, stdout);
	trial.verbose = true;
	plan_fails(plan);
	return 1;
}

int
main(void)
{
	unsigned long count = number_from("CAUSEWAY_ESTATES", 20000);
	unsigned long seed = number_from("CAUSEWAY_SEED", 1), refused_count = 0;
	int failed = 0;

	trial.brute = brute_new();
	for (unsigned long i = 0; i < count && !failed; i++) {
		struct plan plan;
		bool refused;

		plan_make(&plan, seed + i);
		if (!plan_is_good(&plan, &refused))
			failed = show_failure(&plan, seed + i);
		refused_count += refused;
	}
	brute_free(trial.brute);
	printf("%lu estates, %lu of them refused; %lu answers compared, %lu differ; %lu have too "
	       "many ways, %lu pairs too much work\n", count, refused_count, trial.compared,
	       trial.differing, trial.passed_over, trial.unfinished);
	return failed;
}
