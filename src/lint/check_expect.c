#include <string.h>
#include <strings.h>

#include "dns/codes.h"
#include "lint/checks.h"
#include "lint/classes.h"
#include "lint/rewrite.h"
#include "lint/witness.h"

/*
 * PEE506: lint.expect_same, expect_answer and expect_absent, one finding for each that does
 * not hold, however many networks it is broken in.
 */

enum verdict_of { HOLDS, MAY_BREAK, BROKEN };

struct expecting {
	struct lint *lint;
	const struct lint_check *check;
	const struct closure *closure;
	const char *what;			/* the list: "expect_answer" */
	const struct lint_expectation *expected;
	struct name name;
	uint16_t type;				/* that is asked for */
	const char *wanted;			/* "10.1.1.10", for people */
	/* where it is broken */
	uint32_t broken[WITNESS_MAX_CLAIMS];	/* the first few networks */
	size_t count;
	enum verdict_of worst;
	const char *instead;			/* what the first network gives */
};

/** What a network answers to the question. */
static void
find_finals(struct expecting *e, uint32_t network, uint16_t type, struct finals *out)
{
	struct rewriter rewriter = { .in = e->closure, .scratch = &e->lint->arena };

	rewrite_find(&rewriter, network, &e->name, type, out);
	e->lint->nomem |= rewriter.nomem;
}

static const char *
finals_text(struct expecting *e, const struct finals *finals)
{
	const char *string = "";
	struct text text;

	text_init(&text);
	text_append(&text, "");
	finals_print(finals, &e->lint->arena, &text);
	if (text.failed)
		e->lint->nomem = true;
	else
		string = lint_printf(e->lint, "%s", text.data);
	text_fini(&text);
	return string;
}

/** Whoever decides is not part of the estate. */
static bool
is_unknown(const struct final *final)
{
	return final->kind == FINAL_OPAQUE || final->kind == FINAL_PUBLIC ||
	       final->kind == FINAL_DELEGATED;
}

/** The same data in the words of two people: letter case and a last dot do not count. */
static bool
same_value(const char *one, const char *other)
{
	size_t a = strlen(one), b = strlen(other);

	a -= a && one[a - 1] == '.';
	b -= b && other[b - 1] == '.';
	return a == b && strncasecmp(one, other, a) == 0;
}

static bool
is_expected(const struct lint_expectation *expected, const char *value)
{
	for (const struct string_item *v = expected->values; v; v = v->next)
		if (same_value(v->text, value))
			return true;
	return false;
}

/** Are all records of the set expected?  Those that are get counted in *found. */
static bool
set_is_expected(const struct lint_expectation *expected, const struct zone_set *set,
		size_t *found)
{
	struct rrset rrset = zone_rrset(set, NULL);
	struct rrset_walk walk = rrset_begin(&rrset);
	struct rdata rdata;
	bool good = true;
	struct text text;

	text_init(&text);
	while (good && rrset_next(&walk, &rdata)) {
		text_clear(&text);
		text_append(&text, "");
		outcome_print_rdata(set->type, rdata.data, rdata.len, &text);
		good = !text.failed && is_expected(expected, text.data);
		*found += good;
	}
	text_fini(&text);
	return good;
}

static bool
answer_is_expected(const struct expecting *e, const struct final *final)
{
	const struct zone_set_ref *ref = final->outcome.lookup.ref;
	size_t found = 0, wanted = 0;

	if (final->kind != FINAL_ANSWER || !ref)
		return false;
	for (const struct string_item *v = e->expected->values; v; v = v->next)
		wanted++;
	for (unsigned i = 0; i < ref->members; i++)
		if (!set_is_expected(e->expected, zone_set_at(final->outcome.zone, ref[i].set_at),
				     &found))
			return false;
	return found >= wanted;
}

static bool
absence_is_expected(const struct expecting *e, const struct final *final)
{
	return final->kind == FINAL_NXDOMAIN ||
	       (final->kind == FINAL_NODATA && e->expected->type != 0);
}

/** Keep the network, if the expectation is broken there. */
static void
note(struct expecting *e, uint32_t network, enum verdict_of verdict, const struct finals *finals)
{
	if (verdict == HOLDS)
		return;
	if (e->count == 0 || verdict > e->worst)
		e->instead = finals_text(e, finals);
	if (verdict > e->worst && e->count) {	/* the gravest is shown */
		e->broken[e->count < WITNESS_MAX_CLAIMS ? e->count : 0] = e->broken[0];
		e->broken[0] = network;
	} else if (e->count < WITNESS_MAX_CLAIMS) {
		e->broken[e->count] = network;
	}
	e->worst = verdict > e->worst ? verdict : e->worst;
	e->count++;
}

/** Each network by itself. */
static void
judge_each(struct expecting *e, bool (*is_good)(const struct expecting *, const struct final *))
{
	for (const struct ref *ref = e->expected->networks; ref; ref = ref->next) {
		const struct network *network = ref->object;
		enum verdict_of verdict = HOLDS;
		struct finals finals;

		find_finals(e, network->index, e->type, &finals);
		for (unsigned i = 0; i < finals.count; i++) {
			if (is_unknown(&finals.final[i]))
				verdict = verdict > MAY_BREAK ? verdict : MAY_BREAK;
			else if (!is_good(e, &finals.final[i]))
				verdict = BROKEN;
		}
		note(e, network->index, verdict, &finals);
	}
}

static enum verdict_of
compare(struct expecting *e, const struct finals *one, const struct finals *other)
{
	switch (finals_compare(one, other, &e->lint->arena, &e->lint->nomem)) {
	case FINALS_SAME:
		return HOLDS;
	case FINALS_MAY:
		return MAY_BREAK;
	case FINALS_APART:
	case FINALS_MUST:
		break;
	}
	return BROKEN;
}

/** Against the first network. */
static void
judge_same(struct expecting *e, uint16_t type)
{
	const struct ref *first = e->expected->networks;
	const struct network *network = first->object;
	struct finals wanted, finals;

	e->type = type;
	find_finals(e, network->index, type, &wanted);
	e->wanted = finals_text(e, &wanted);
	for (const struct ref *ref = first->next; ref; ref = ref->next) {
		network = ref->object;
		find_finals(e, network->index, type, &finals);
		note(e, network->index, compare(e, &wanted, &finals), &finals);
	}
}

/** What the snapshot does with the question first in this network. */
static void
claim(struct expecting *e, struct witness *witness, uint32_t network)
{
	struct route route = lint_route(e->lint, network, e->name.wire);

	switch (route.kind) {
	case ROUTE_ZONE:
		witness_claim_zone(witness, network, route.cut->target);
		return;
	case ROUTE_FORWARD:
		if (cut_is_forward(route.cut))
			witness_claim_rule(witness, network, route.cut->target);
		else
			witness_claim_internet(witness, network);
		return;
	case ROUTE_AUTODEFINED:
		witness_claim_autodefined(witness, network);
		return;
	case ROUTE_NOWHERE:
	case ROUTE_OFF:
		return;
	}
}

static void
report(struct expecting *e)
{
	struct lint *lint = e->lint;
	const struct network *first = lint->networks[e->broken[0]];
	enum severity severity = e->worst == BROKEN ? e->check->severity : SEVERITY_WARNING;
	struct witness witness = { .name = e->name, .type = e->type };
	char name[NAME_TEXT_MAX], buf[CODE_TEXT_MAX];
	const char *type = type_print(e->type, buf);
	struct finding *finding;

	name_print(e->name.wire, name);
	for (size_t i = 0; i < e->count && i < WITNESS_MAX_CLAIMS; i++)
		claim(e, &witness, e->broken[i]);
	if (!witness_holds(lint, e->check, &witness))
		return;
	finding = lint_open(lint, e->check, severity, e->expected->at,
			    "%s %s is expected to be %s, and in \"%s\" it is %s%s%s", name, type,
			    e->wanted, first->id, e->instead,
			    e->count > 1 ? "; it is broken in " : "",
			    e->count > 1 ? lint_count(lint, e->count, "network", "networks") : "");
	if (!finding)
		return;
	finding->may = e->worst == MAY_BREAK;
	diag_add(lint->diags, finding, PART_OBJECT, e->what,
		 lint_printf(lint, "%s %s", name, e->expected->type ? type : "*"),
		 e->expected->at, "%s", e->worst == BROKEN ? "declared here"
				 : "declared here; a server that is not declared decides");
	for (size_t i = 0; i < e->count && i < LINT_SHOWN; i++)
		lint_add_network(lint, finding, e->broken[i]);
	diag_add(lint->diags, finding, PART_NAMES, "name", name, (struct srcloc){ 0 }, "%s",
		 type);
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "mend the estate, or the expectation");
}

static bool
begin(struct expecting *e, const char *what, const struct lint_expectation *expected)
{
	e->what = what;
	e->expected = expected;
	e->type = expected->type ? expected->type : TYPE_A;
	e->count = 0;
	e->worst = HOLDS;
	for (const struct ref *ref = expected->networks; ref; ref = ref->next)
		if (!ref->object)
			return false;	/* said by the loader */
	name_from_wire(expected->name, &e->name);
	return expected->networks != NULL;
}

static void
check_answers(struct expecting *e, const struct lint_expectation *list)
{
	for (; list && !e->lint->nomem; list = list->next) {
		if (!begin(e, "expect_answer", list))
			continue;
		e->wanted = "";
		for (const struct string_item *v = list->values; v; v = v->next)
			e->wanted = lint_printf(e->lint, "%s%s%s", e->wanted,
						*e->wanted ? ", " : "", v->text);
		judge_each(e, answer_is_expected);
		if (e->count)
			report(e);
	}
}

static void
check_absences(struct expecting *e, const struct lint_expectation *list)
{
	for (; list && !e->lint->nomem; list = list->next) {
		if (!begin(e, "expect_absent", list))
			continue;
		e->wanted = "absent";
		judge_each(e, absence_is_expected);
		if (e->count)
			report(e);
	}
}

static void
check_same(struct expecting *e, const struct lint_expectation *list)
{
	for (; list && !e->lint->nomem; list = list->next) {
		if (!begin(e, "expect_same", list))
			continue;
		judge_same(e, e->type);
		if (!e->count && !list->type)
			judge_same(e, TYPE_AAAA);
		if (!e->count)
			continue;
		e->wanted = lint_printf(e->lint, "as in \"%s\", %s", list->networks->id,
					e->wanted);
		report(e);
	}
}

void
check_expectation_broken(struct lint *lint, const struct lint_check *check)
{
	const struct lint_settings *settings = &lint->estate->lint;
	struct expecting e = { .lint = lint, .check = check };

	if (!settings->same && !settings->answers && !settings->absent)
		return;
	e.closure = lint_closure(lint);
	if (!e.closure)
		return;
	check_answers(&e, settings->answers);
	check_absences(&e, settings->absent);
	check_same(&e, settings->same);
}
