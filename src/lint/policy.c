#include "lint/policy.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lint/catalogue.h"

/* The section: is it sound, and what does it choose? */

bool
policy_is_day(const char *text)
{
	for (size_t i = 0; i < 10; i++)
		if (i == 4 || i == 7 ? text[i] != '-' : text[i] < '0' || text[i] > '9')
			return false;
	return !text[10] && strncmp(text + 5, "01", 2) >= 0 && strncmp(text + 5, "12", 2) <= 0 &&
	       strncmp(text + 8, "01", 2) >= 0 && strncmp(text + 8, "31", 2) <= 0;
}

static void
check_code(const char *code, struct srcloc at, bool whole, struct diags *diags)
{
	const char *nearest;
	struct finding *finding;

	if (whole ? catalogue_find(code) != NULL : lint_code_exists(code))
		return;
	nearest = catalogue_nearest(code);
	finding = diag_open(diags, SEVERITY_ERROR, "bad-value", NULL, at,
			    "no check has the code \"%.20s\"", code);
	if (nearest)
		diag_add(diags, finding, PART_HELP, NULL, nearest, (struct srcloc){ 0 },
			 "did you mean \"%s\"?", nearest);
}

static void
check_codes(const struct string_item *codes, struct diags *diags)
{
	size_t count = 0;

	for (; codes; codes = codes->next) {
		check_code(codes->text, codes->at, false, diags);
		if (++count > POLICY_CODES_MOST)
			diag_report(diags, SEVERITY_ERROR, "bad-value", codes->at,
				    "more than %d codes", POLICY_CODES_MOST);
	}
}

enum status
policy_check(const struct lint_settings *settings, struct diags *diags)
{
	size_t errors = diags->errors;

	check_codes(settings->select, diags);
	check_codes(settings->ignore, diags);
	for (const struct lint_severity *s = settings->severities; s; s = s->next)
		check_code(s->code, s->at, false, diags);
	for (const struct lint_path *p = settings->paths; p; p = p->next)
		check_codes(p->ignore, diags);
	for (const struct lint_suppression *s = settings->suppressions; s; s = s->next) {
		check_code(s->code, s->at, true, diags);
		if (s->until && !policy_is_day(s->until))
			diag_report(diags, SEVERITY_ERROR, "bad-value", s->at,
				    "until: \"%s\" is no day: YYYY-MM-DD is wanted", s->until);
	}
	return diags->errors > errors ? ERR_REJECTED : OK;
}

static size_t
add_codes(const char **codes, size_t count, const char *const *said, size_t said_count)
{
	for (size_t i = 0; i < said_count && count < POLICY_CODES_MOST; i++)
		codes[count++] = said[i];
	return count;
}

static size_t
add_items(const char **codes, size_t count, const struct string_item *items)
{
	for (; items && count < POLICY_CODES_MOST; items = items->next)
		codes[count++] = items->text;
	return count;
}

void
policy_choose(const struct lint_settings *settings, const struct lint_choice *said,
	      struct policy_choice *out)
{
	size_t selected = add_codes(out->select, 0, said->select, said->select_count);
	size_t ignored = add_codes(out->ignore, 0, said->ignore, said->ignore_count);

	if (!said->select)
		selected = add_items(out->select, 0, settings->select);
	ignored = add_items(out->ignore, ignored, settings->ignore);
	out->choice = (struct lint_choice){
		.least = said->least, .select = selected ? out->select : NULL,
		.select_count = selected, .ignore = out->ignore, .ignore_count = ignored,
	};
}

/* What is said about findings, by comments and by lint.suppress, in one form. */

struct word {
	const char *code, *reason, *until;
	const char *object;		/* lint.suppress: a pattern, or NULL; no lines then */
	const char *file;		/* a comment's; NULL: of lint.suppress */
	uint32_t first, last;
	struct srcloc at;
	bool used;
};

struct policy {
	const struct lint_settings *settings;
	const struct lint_choice *choice;
	const char *today;
	struct diags *diags;
	struct word *words;		/* sorted by code, file and first line */
	size_t count;
};

static int
word_compare(const void *one, const void *other)
{
	const struct word *a = one, *b = other;
	int order = strcmp(a->code, b->code);

	if (order == 0)
		order = strcmp(a->file ? a->file : "", b->file ? b->file : "");
	if (order == 0)
		order = (a->first > b->first) - (a->first < b->first);
	if (order == 0)
		order = (a->at.line > b->at.line) - (a->at.line < b->at.line);
	return order;
}

static bool
can_be_accepted(const char *code)
{
	static const char *const never[] = { "CFG001", "CFG002", "CFG003", "CFG005" };

	for (size_t i = 0; i < COUNT_OF(never); i++)
		if (strcmp(never[i], code) == 0)
			return false;
	return true;
}

/** Report a suppression that is none, or none any more. */
static void
report_useless(struct policy *p, struct srcloc at, const char *fmt, ...) printf_like(3, 4);

static void
report_useless(struct policy *p, struct srcloc at, const char *fmt, ...)
{
	const struct catalogue_rule *rule = catalogue_find("CFG005");
	struct finding *finding;
	struct text text;
	va_list ap;

	if (rule->severity < p->choice->least || !lint_chosen(p->choice, rule->code))
		return;
	text_init(&text);
	va_start(ap, fmt);
	text_vprintf(&text, fmt, ap);
	va_end(ap);
	finding = diag_open(p->diags, rule->severity, rule->code, rule->name, at, "%s",
			    text.failed ? "this suppression is of no use" : text.data);
	diag_add(p->diags, finding, PART_HELP, NULL, NULL, (struct srcloc){ 0 }, "%s",
		 rule->fix);
	text_fini(&text);
}

/** Can what a comment says be followed?  Without a reason it can, and that is said later. */
static bool
is_sound(struct policy *p, const struct pragma *pragma)
{
	if (pragma->kind == PRAGMA_FLAWED)
		report_useless(p, pragma->at, "this comment %s", pragma->reason);
	else if (!catalogue_find(pragma->code))
		report_useless(p, pragma->at, "no check has the code \"%.20s\"", pragma->code);
	else if (!can_be_accepted(pragma->code))
		report_useless(p, pragma->at, "%s cannot be suppressed", pragma->code);
	else if (pragma->until && !policy_is_day(pragma->until))
		report_useless(p, pragma->at, "\"%.20s\" is no day: until=YYYY-MM-DD is wanted",
			       pragma->until);
	else
		return true;
	return false;
}

/** Until when it holds is over. */
static bool
is_past(struct policy *p, const struct word *word)
{
	if (!word->until || strcmp(p->today, word->until) <= 0)
		return false;
	report_useless(p, word->at, "the suppression of %s has ended on %s", word->code,
		       word->until);
	return true;
}

static void
add_word(struct policy *p, struct word word)
{
	if (!is_past(p, &word))
		p->words[p->count++] = word;
}

static enum status
gather(struct policy *p)
{
	size_t room = 1;

	for (const struct pragma *g = p->settings->pragmas; g; g = g->next)
		room++;
	for (const struct lint_suppression *s = p->settings->suppressions; s; s = s->next)
		room++;
	p->words = calloc(room, sizeof(*p->words));
	if (!p->words)
		return ERR_NOMEM;
	for (const struct pragma *g = p->settings->pragmas; g; g = g->next)
		if (is_sound(p, g))
			add_word(p, (struct word){ g->code, g->reason, g->until, NULL,
						   g->at.file,
						   g->kind == PRAGMA_FILE ? 0 : g->first,
						   g->last, g->at, false });
	for (const struct lint_suppression *s = p->settings->suppressions; s; s = s->next) {
		if (can_be_accepted(s->code))
			add_word(p, (struct word){ s->code, s->reason, s->until,
						   s->object ? s->object : "*", NULL, 0, 0, s->at,
						   false });
		else
			report_useless(p, s->at, "%s cannot be suppressed", s->code);
	}
	qsort(p->words, p->count, sizeof(*p->words), word_compare);
	return OK;
}

/* Findings against words. */

/** The first word of this code and file, and behind it those of later lines. */
static size_t
find_words(const struct policy *p, const char *code, const char *file)
{
	struct word key = { .code = code, .file = file };
	size_t low = 0, high = p->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (word_compare(&p->words[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
accept_finding(struct policy *p, struct finding *finding, struct word *word)
{
	const char *why;

	word->used = true;
	if (finding->suppressed)
		return;
	why = arena_printf(p->diags->arena, "%s (%s:%u)", *word->reason ? word->reason
			   : "no reason given", word->at.file, word->at.line);
	diag_suppress(p->diags, finding, why ? why : word->reason);
}

/** Comments that cover this place. */
static void
try_place(struct policy *p, struct finding *finding, struct srcloc at)
{
	if (!at.file)
		return;
	for (size_t i = find_words(p, finding->code, at.file); i < p->count; i++) {
		struct word *word = &p->words[i];

		if (strcmp(word->code, finding->code) != 0 || !word->file ||
		    strcmp(word->file, at.file) != 0 || word->first > at.line)
			return;
		if (at.line <= word->last)
			accept_finding(p, finding, word);
	}
}

/** Entries of lint.suppress for this object. */
static void
try_object(struct policy *p, struct finding *finding, const char *id)
{
	for (size_t i = find_words(p, finding->code, NULL); i < p->count; i++) {
		struct word *word = &p->words[i];

		if (word->file || strcmp(word->code, finding->code) != 0)
			return;
		if (fnmatch(word->object, id, 0) == 0)
			accept_finding(p, finding, word);
	}
}

static void
try_finding(struct policy *p, struct finding *finding)
{
	bool has_object = false;

	try_place(p, finding, finding->at);
	for (const struct finding_part *part = finding->parts; part; part = part->next) {
		if (part->part != PART_OBJECT)
			continue;
		try_place(p, finding, part->at);
		if (part->id)
			try_object(p, finding, part->id);
		has_object |= part->id != NULL;
	}
	if (!has_object)
		try_object(p, finding, "");
}

static void
regrade(const struct policy *p, struct finding *finding)
{
	for (const struct lint_severity *s = p->settings->severities; s; s = s->next)
		if (strncmp(finding->code, s->code, strlen(s->code)) == 0)
			diag_regrade(p->diags, finding, s->severity);
}

/** Files that are judged less strictly: the finding's own place decides. */
static void
try_paths(struct policy *p, struct finding *finding)
{
	for (const struct lint_path *path = p->settings->paths; path; path = path->next) {
		if (!finding->at.file || fnmatch(path->path, finding->at.file, 0) != 0)
			continue;
		for (const struct string_item *code = path->ignore; code; code = code->next)
			if (strncmp(finding->code, code->text, strlen(code->text)) == 0)
				diag_suppress(p->diags, finding, "lint.per_path");
	}
}

/** Does anything make findings of this code, in this run? */
static bool
is_run(const struct lint_choice *choice, const char *code)
{
	size_t count;
	const struct lint_check *checks = lint_checks(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(checks[i].code, code) == 0)
			return checks[i].run && checks[i].severity >= choice->least &&
			       lint_chosen(choice, code);
	return false;
}

static void
judge_word(struct policy *p, const struct word *word)
{
	if (!is_run(p->choice, word->code))
		return;
	if (!word->used)
		report_useless(p, word->at, "the suppression of %s matches no finding",
			       word->code);
	else if (!*word->reason)
		report_useless(p, word->at, "the suppression of %s gives no reason", word->code);
}

enum status
policy_apply(const struct lint_settings *settings, const struct lint_choice *choice,
	     const char *today, bool suppressions, struct diags *diags)
{
	struct policy p = { .settings = settings, .choice = choice, .today = today,
			    .diags = diags };
	struct finding *last = NULL;

	for (struct finding *f = diags->first; f; f = f->next) {
		if (catalogue_find(f->code)) {
			regrade(&p, f);
			try_paths(&p, f);
		}
		last = f;
	}
	if (!suppressions)
		return OK;
	if (gather(&p) != OK)
		return ERR_NOMEM;
	for (struct finding *f = diags->first; f && last; f = f == last ? NULL : f->next)
		try_finding(&p, f);
	for (size_t i = 0; i < p.count; i++)
		judge_word(&p, &p.words[i]);
	free(p.words);
	return OK;
}
