#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lint/lint.h"
#include "lint/report.h"

/*
 * JUnit's XML: a suite for each family of rules, a case for each rule that ran, a failure for
 * each finding.  A rule that found nothing is a case that passed, so that a dashboard shows
 * what was looked at.  What the loader finds is the suite "input".
 */

struct tally {
	size_t tests, failures, errors, skipped;
};

struct junit {
	struct report *report;
	const struct report_item **items;	/* by code */
	size_t item;				/* the next that is not written */
	const struct lint_check *checks;
	size_t check, check_count;
};

static int
compare_codes(const void *a, const void *b)
{
	const struct report_item *x = *(const struct report_item *const *)a;
	const struct report_item *y = *(const struct report_item *const *)b;
	int order = strcmp(x->finding->code, y->finding->code);

	return order ? order : (x > y) - (x < y);
}

/** "ZON" of "ZON101"; what is no code of the catalogue's form is the loader's. */
static void
family(const char *code, char name[6])
{
	size_t len = 0;

	while (len < 4 && isupper((unsigned char)code[len]))
		len++;
	if (len == 3 && isdigit((unsigned char)code[len]))
		memcpy(name, code, 3), name[3] = '\0';
	else
		memcpy(name, "input", 6);
}

/** The next code in order: of a check that ran, of a finding, or of both. */
static const char *
next_code(const struct junit *j, size_t check, size_t item)
{
	const char *a = check < j->check_count ? j->checks[check].code : NULL;
	const char *b = item < j->report->count ? j->items[item]->finding->code : NULL;

	if (!a || !b)
		return a ? a : b;
	return strcmp(a, b) <= 0 ? a : b;
}

static bool
is_tool_error(const struct finding *finding)
{
	return strcmp(finding->code, "internal-error") == 0;
}

static void
tally_item(struct tally *tally, const struct report_item *item)
{
	if (!item_counts(item))
		tally->skipped++;
	else if (is_tool_error(item->finding))
		tally->errors++;
	else
		tally->failures++;
}

/** Move behind all that has this code; counts it. */
static void
pass_code(const struct junit *j, const char *code, size_t *check, size_t *item,
	  struct tally *tally)
{
	tally->tests++;
	if (*check < j->check_count && strcmp(j->checks[*check].code, code) == 0)
		++*check;
	for (; *item < j->report->count && strcmp(j->items[*item]->finding->code, code) == 0;
	     ++*item)
		tally_item(tally, j->items[*item]);
}

/** What stands in the suite that begins with the next code. */
static struct tally
tally_suite(const struct junit *j, const char *name)
{
	struct tally tally = { 0 };
	size_t check = j->check, item = j->item;
	const char *code;
	char other[6];

	while ((code = next_code(j, check, item))) {
		family(code, other);
		if (strcmp(name, other) != 0)
			break;
		pass_code(j, code, &check, &item, &tally);
	}
	return tally;
}

static struct tally
tally_all(const struct junit *j)
{
	struct tally tally = { 0 };
	size_t check = 0, item = 0;
	const char *code;

	while ((code = next_code(j, check, item)))
		pass_code(j, code, &check, &item, &tally);
	return tally;
}

static void
put_tally(struct text *out, const struct tally *tally)
{
	text_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" "
		    "time=\"0\">\n", tally->tests, tally->failures, tally->errors,
		    tally->skipped);
}

static void
put_place(struct text *out, const struct report *report, struct srcloc at)
{
	struct report_place place = report_place(report, at);
	struct text words;

	text_init(&words);
	text_printf(&words, "%s:%u:%u: ", place.file, place.line, place.column);
	text_markup(out, words.failed ? "" : words.data);
	text_fini(&words);
}

static void
put_finding(struct report *report, const struct report_item *item)
{
	const struct finding *finding = item->finding;
	const char *element = is_tool_error(finding) ? "error" : "failure";
	struct text *out = report->out, words;

	if (!item_counts(item)) {
		text_append(out, "      <skipped message=\"");
		text_markup(out, finding->suppressed);
		text_append(out, "\"/>\n");
		return;
	}
	text_printf(out, "      <%s type=\"%s\" message=\"", element,
		    severity_text(finding->severity));
	text_markup(out, finding->message);
	text_append(out, "\">");
	put_place(out, report, finding->at);
	text_init(&words);
	finding_print(finding, &words);
	text_markup_lines(out, &words, "\n");
	text_fini(&words);
	text_printf(out, "</%s>\n", element);
}

static void
put_attribute(struct text *out, const char *name, const char *value)
{
	text_printf(out, " %s=\"", name);
	text_markup(out, value);
	text_append(out, "\"");
}

/** The rule of the next code and its findings. */
static void
put_case(struct junit *j, const char *suite, const char *code)
{
	size_t first = j->item, check = j->check;
	const char *name = NULL, *file = j->report->config;
	struct text *out = j->report->out;
	struct tally tally = { 0 };

	pass_code(j, code, &j->check, &j->item, &tally);
	if (check < j->check)
		name = j->checks[check].name;
	else if (first < j->item)
		name = j->items[first]->finding->name;
	if (first < j->item && j->items[first]->finding->at.file)
		file = j->items[first]->finding->at.file;
	text_append(out, "    <testcase");
	put_attribute(out, "classname", suite);
	text_append(out, " name=\"");
	text_markup(out, code);
	text_append(out, name ? " " : "");
	text_markup(out, name ? name : "");
	text_append(out, "\"");
	if (file)
		put_attribute(out, "file", report_path(j->report, file));
	text_append(out, first < j->item ? " time=\"0\">\n" : " time=\"0\"/>\n");
	for (size_t i = first; i < j->item; i++) {
		put_finding(j->report, j->items[i]);
		report_flush(j->report);
	}
	if (first < j->item)
		text_append(out, "    </testcase>\n");
}

static void
put_suite(struct junit *j, const char *code)
{
	struct text *out = j->report->out;
	struct tally tally;
	char name[6], other[6];

	family(code, name);
	tally = tally_suite(j, name);
	text_append(out, "  <testsuite");
	put_attribute(out, "name", name);
	put_tally(out, &tally);
	do {
		put_case(j, name, code);
		code = next_code(j, j->check, j->item);
		if (code)
			family(code, other);
	} while (code && strcmp(name, other) == 0);
	text_append(out, "  </testsuite>\n");
}

/** The checks that were chosen, in the order of their codes. */
static bool
junit_init(struct junit *j, struct report *report)
{
	size_t count;
	const struct lint_check *checks = lint_checks(&count);
	struct lint_check *ran = reallocarray(NULL, count + 1, sizeof(*ran));

	*j = (struct junit){ .report = report, .checks = ran };
	j->items = reallocarray(NULL, report->count + 1, sizeof(*j->items));
	if (!ran || !j->items)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!report->choice || lint_chosen(report->choice, checks[i].code))
			ran[j->check_count++] = checks[i];
	for (size_t i = 0; i < report->count; i++)
		j->items[i] = &report->items[i];
	qsort(j->items, report->count, sizeof(*j->items), compare_codes);
	return true;
}

static void
write_junit(struct report *report)
{
	struct text *out = report->out;
	struct tally tally;
	const char *code;
	struct junit j;

	if (junit_init(&j, report)) {
		tally = tally_all(&j);
		text_append(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
				 "<testsuites name=\"causeway lint\"");
		put_tally(out, &tally);
		while ((code = next_code(&j, j.check, j.item)))
			put_suite(&j, code);
		text_append(out, "</testsuites>\n");
	} else {
		report->failed = true;
	}
	free((void *)(uintptr_t)j.checks);
	free(j.items);
}

const struct reporter reporter_junit = {
	"junit", "JUnit's XML: a suite for each family, a case for each rule", write_junit,
};
