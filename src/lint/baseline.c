#include "lint/baseline.h"

#include <stdlib.h>
#include <string.h>

#include "lint/catalogue.h"

#define BASELINE_LINE_MAX ((size_t)1 << 20)

void
baseline_init(struct baseline *baseline, struct arena *arena)
{
	*baseline = (struct baseline){ .arena = arena };
	table_init(&baseline->by_fingerprint, arena);
}

/* One line of JSON: an object of strings, numbers and lists of strings. */

struct cursor {
	const char *at, *end;
	bool failed;
};

static void
skip_blanks(struct cursor *c)
{
	while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' || *c->at == '\r'))
		c->at++;
}

static bool
take(struct cursor *c, char wanted)
{
	skip_blanks(c);
	if (c->at == c->end || *c->at != wanted)
		return false;
	c->at++;
	return true;
}

static void
need(struct cursor *c, char wanted)
{
	c->failed |= !take(c, wanted);
}

/** \uXXXX of one octet in UTF-8 at most two: what text_json writes of control characters. */
static void
take_code_point(struct cursor *c, struct text *out)
{
	char digits[5] = "", utf8[2];
	unsigned long point;
	char *end;

	if (c->end - c->at < 4) {
		c->failed = true;
		return;
	}
	memcpy(digits, c->at, 4);
	c->at += 4;
	point = strtoul(digits, &end, 16);
	if (*end || point == 0 || point > 0x7ff) {
		text_append(out, "?");
	} else if (point < 0x80) {
		utf8[0] = (char)point;
		text_append_len(out, utf8, 1);
	} else {
		utf8[0] = (char)(0xc0 | point >> 6);
		utf8[1] = (char)(0x80 | (point & 0x3f));
		text_append_len(out, utf8, 2);
	}
}

static void
take_escape(struct cursor *c, struct text *out)
{
	static const char letters[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
	const char *letter = c->at < c->end && *c->at ? strchr(letters, *c->at) : NULL;

	if (letter) {
		c->at++;
		text_append_len(out, &means[letter - letters], 1);
	} else if (c->at < c->end && *c->at == 'u') {
		c->at++;
		take_code_point(c, out);
	} else {
		c->failed = true;
	}
}

/** A string, in the arena; NULL: there is none, or no memory. */
static const char *
take_string(struct cursor *c, struct arena *arena)
{
	const char *string = NULL;
	struct text text;

	need(c, '"');
	text_init(&text);
	text_append(&text, "");
	while (!c->failed && c->at < c->end && *c->at != '"') {
		if (*c->at == '\\') {
			c->at++;
			take_escape(c, &text);
		} else {
			text_append_len(&text, c->at++, 1);
		}
	}
	need(c, '"');
	if (!c->failed && !text.failed)
		string = arena_copy(arena, text.data, text.len);
	text_fini(&text);
	return string;
}

static uint64_t
take_number(struct cursor *c)
{
	uint64_t number = 0;

	skip_blanks(c);
	c->failed |= c->at == c->end || *c->at < '0' || *c->at > '9';
	for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++)
		if (number < UINT32_MAX)
			number = number * 10 + (uint64_t)(*c->at - '0');
	return number;
}

/** A list of strings, as it is written. */
static const char *
take_list(struct cursor *c, struct arena *arena)
{
	const char *begin;

	skip_blanks(c);
	begin = c->at;
	need(c, '[');
	if (take(c, ']'))
		return arena_copy(arena, begin, (size_t)(c->at - begin));
	do {
		(void)take_string(c, arena);
	} while (!c->failed && take(c, ','));
	need(c, ']');
	return c->failed ? NULL : arena_copy(arena, begin, (size_t)(c->at - begin));
}

/** The value of a key that is not ours. */
static void
skip_value(struct cursor *c, struct arena *arena)
{
	skip_blanks(c);
	if (c->at < c->end && *c->at == '"')
		(void)take_string(c, arena);
	else if (c->at < c->end && *c->at == '[')
		(void)take_list(c, arena);
	else
		(void)take_number(c);
}

static void
take_value(struct cursor *c, struct arena *arena, const char *key, struct baseline_entry *entry)
{
	if (strcmp(key, "fingerprint") == 0)
		entry->fingerprint = take_string(c, arena);
	else if (strcmp(key, "code") == 0)
		entry->code = take_string(c, arena);
	else if (strcmp(key, "objects") == 0)
		entry->objects = take_list(c, arena);
	else if (strcmp(key, "first_seen") == 0)
		entry->first_seen = take_string(c, arena);
	else if (strcmp(key, "reason") == 0)
		entry->reason = take_string(c, arena);
	else if (strcmp(key, "count") == 0)
		entry->count = take_number(c);
	else
		skip_value(c, arena);
}

/** false: it is none of ours, or there is no memory for it. */
static bool
take_entry(struct cursor *c, struct arena *arena, struct baseline_entry *entry)
{
	need(c, '{');
	do {
		const char *key = take_string(c, arena);

		need(c, ':');
		if (key && !c->failed)
			take_value(c, arena, key, entry);
	} while (!c->failed && take(c, ','));
	need(c, '}');
	skip_blanks(c);
	return !c->failed && c->at == c->end && entry->fingerprint && entry->code &&
	       strlen(entry->fingerprint) == FINGERPRINT_TEXT - 1 && entry->count;
}

static enum status
add_entry(struct baseline *b, struct baseline_entry *entry)
{
	struct baseline_entry *known = table_find_string(&b->by_fingerprint, entry->fingerprint);

	if (known) {	/* two sides of a merge: the greater count holds */
		known->count = known->count > entry->count ? known->count : entry->count;
		return OK;
	}
	*(b->last ? &b->last->next : &b->first) = entry;
	b->last = entry;
	return table_put_string(&b->by_fingerprint, entry->fingerprint, entry);
}

static enum status
read_line(struct baseline *b, const char *line, size_t len, struct srcloc at,
	  struct diags *diags)
{
	struct cursor cursor = { .at = line, .end = line + len };
	struct baseline_entry *entry;

	skip_blanks(&cursor);
	if (cursor.at == cursor.end)
		return OK;
	entry = arena_alloc(b->arena, sizeof(*entry));
	if (!entry)
		return ERR_NOMEM;
	*entry = (struct baseline_entry){ .objects = "[]", .first_seen = "", .count = 1,
					  .at = at };
	if (len <= BASELINE_LINE_MAX && take_entry(&cursor, b->arena, entry))
		return add_entry(b, entry);
	diag_report(diags, SEVERITY_ERROR, "bad-baseline", at,
		    "this is no line of a baseline: a JSON object with \"fingerprint\" and "
		    "\"code\" is wanted");
	return ERR_MALFORMED;
}

enum status
baseline_read(struct baseline *b, const char *path, const char *text, size_t len,
	      struct diags *diags)
{
	const char *file = arena_string(b->arena, path), *end = text + len;
	enum status worst = file ? OK : ERR_NOMEM;
	uint32_t number = 0;

	while (text < end && worst != ERR_NOMEM) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;
		enum status status = read_line(b, text, (size_t)(stop - text),
					       (struct srcloc){ file, ++number, 1 }, diags);

		worst = status == OK ? worst : status;
		text = stop + (newline != NULL);
	}
	return worst;
}

/* Findings against it. */

/** Findings of the loader are mistakes to be mended, not known ones to be kept. */
static bool
is_kept(const struct finding *finding)
{
	return catalogue_find(finding->code) && strcmp(finding->code, "CFG005") != 0;
}

static bool
did_run(const struct lint_choice *choice, const char *code)
{
	const struct catalogue_rule *rule = catalogue_find(code);

	return !rule || (rule->severity >= choice->least && lint_chosen(choice, code));
}

static void
report_stale(struct diags *diags, const struct baseline_entry *entry)
{
	const struct catalogue_rule *rule = catalogue_find("CFG005");
	struct finding *finding;

	if (entry->matched)
		finding = diag_open(diags, rule->severity, rule->code, rule->name, entry->at,
				    "this entry for %s counts %ju findings, and there are %ju",
				    entry->code, (uintmax_t)entry->count,
				    (uintmax_t)entry->matched);
	else
		finding = diag_open(diags, rule->severity, rule->code, rule->name, entry->at,
				    "this entry for %s matches no finding", entry->code);
	diag_add(diags, finding, PART_HELP, NULL, NULL, (struct srcloc){ 0 },
		 "take it out with --prune-baseline");
}

enum status
baseline_apply(struct baseline *b, const struct lint_choice *choice, path_fn path,
	       void *context, struct diags *diags)
{
	struct fingerprint fingerprint;

	for (struct finding *f = diags->first; f; f = f->next) {
		struct baseline_entry *entry;

		if (f->suppressed || !is_kept(f))
			continue;
		if (!fingerprint_make(f, path, context, &fingerprint))
			return ERR_NOMEM;
		entry = table_find_string(&b->by_fingerprint, fingerprint.hex);
		if (!entry || entry->matched == entry->count)
			continue;
		entry->matched++;
		diag_suppress(diags, f, "baseline");
	}
	if (!lint_chosen(choice, "CFG005"))
		return OK;
	for (const struct baseline_entry *e = b->first; e; e = e->next)
		if (e->matched < e->count && did_run(choice, e->code))
			report_stale(diags, e);
	return OK;
}

/* Writing. */

static int
entry_compare(const void *one, const void *other)
{
	const struct baseline_entry *const *a = one, *const *b = other;
	int order = strcmp((*a)->code, (*b)->code);

	if (order == 0)
		order = strcmp((*a)->objects, (*b)->objects);
	return order ? order : strcmp((*a)->fingerprint, (*b)->fingerprint);
}

static void
put_pair(struct text *out, const char *before, const char *key, const char *value)
{
	text_printf(out, "%s\"%s\": ", before, key);
	text_json(out, value);
}

static void
put_entry(struct text *out, const struct baseline_entry *entry, uint64_t count)
{
	put_pair(out, "{", "code", entry->code);
	text_printf(out, ", \"objects\": %s", entry->objects);
	put_pair(out, ", ", "fingerprint", entry->fingerprint);
	text_printf(out, ", \"count\": %ju", (uintmax_t)count);
	put_pair(out, ", ", "first_seen", entry->first_seen);
	if (entry->reason)
		put_pair(out, ", ", "reason", entry->reason);
	text_append(out, "}\n");
}

/** Sorted; `matched` of each is its count, and 0 leaves it out. */
static enum status
put_entries(const struct baseline *b, struct text *out)
{
	const struct baseline_entry **sorted = calloc(b->by_fingerprint.count + 1,
						      sizeof(struct baseline_entry *));
	size_t count = 0;

	if (!sorted)
		return ERR_NOMEM;
	for (const struct baseline_entry *e = b->first; e; e = e->next)
		sorted[count++] = e;
	qsort(sorted, count, sizeof(struct baseline_entry *), entry_compare);
	text_append(out, "");
	for (size_t i = 0; i < count; i++)
		if (sorted[i]->matched)
			put_entry(out, sorted[i], sorted[i]->matched);
	free(sorted);
	return out->failed ? ERR_NOMEM : OK;
}

enum status
baseline_prune(const struct baseline *baseline, struct text *out)
{
	return put_entries(baseline, out);
}

/** The ids of the finding's objects, as JSON. */
static const char *
objects_text(struct arena *arena, const struct finding *finding)
{
	const char *string, *before = "[";
	struct text text;

	text_init(&text);
	for (const struct finding_part *p = finding->parts; p; p = p->next) {
		if (p->part != PART_OBJECT || !p->id)
			continue;
		text_append(&text, before);
		text_json(&text, p->id);
		before = ", ";
	}
	text_append(&text, text.len ? "]" : "[]");
	string = text.failed ? NULL : arena_copy(arena, text.data, text.len);
	text_fini(&text);
	return string;
}

/** One more of these findings. */
static enum status
count_finding(struct baseline *new, const struct baseline *known, const struct finding *finding,
	      const char *hex, const char *today)
{
	struct baseline_entry *entry = table_find_string(&new->by_fingerprint, hex);
	const struct baseline_entry *before = table_find_string(&known->by_fingerprint, hex);

	if (!entry) {
		entry = arena_alloc(new->arena, sizeof(*entry));
		if (!entry)
			return ERR_NOMEM;
		*entry = (struct baseline_entry){
			.fingerprint = arena_string(new->arena, hex), .code = finding->code,
			.objects = objects_text(new->arena, finding),
			.first_seen = before && *before->first_seen ? before->first_seen : today,
			.reason = before ? before->reason : NULL,
		};
		if (!entry->fingerprint || !entry->objects || add_entry(new, entry) != OK)
			return ERR_NOMEM;
	}
	entry->matched++;
	return OK;
}

enum status
baseline_print(const struct baseline *known, path_fn path, void *context, const char *today,
	       const struct diags *diags, struct text *out)
{
	struct fingerprint fingerprint;
	enum status status = OK;
	struct baseline new;
	struct arena arena;

	arena_init(&arena, SIZE_MAX);
	baseline_init(&new, &arena);
	for (const struct finding *f = diags->first; f && status == OK; f = f->next) {
		if (!is_kept(f) || (f->suppressed && strcmp(f->suppressed, "baseline") != 0))
			continue;
		if (fingerprint_make(f, path, context, &fingerprint))
			status = count_finding(&new, known, f, fingerprint.hex, today);
		else
			status = ERR_NOMEM;
	}
	if (status == OK)
		status = put_entries(&new, out);
	arena_fini(&arena);
	return status;
}
