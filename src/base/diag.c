#include "base/diag.h"

#include <stdarg.h>
#include <string.h>

#define DEFAULT_LIMIT 10000

void
diags_init(struct diags *diags, struct arena *arena, size_t limit)
{
	*diags = (struct diags){ .arena = arena, .limit = limit ? limit : DEFAULT_LIMIT };
	diags->end = &diags->first;
	diags->gaps_end = &diags->gaps;
}

static size_t *
count_of(struct diags *diags, enum severity severity)
{
	switch (severity) {
	case SEVERITY_NOTE:
		return &diags->notes;
	case SEVERITY_WARNING:
		return &diags->warnings;
	case SEVERITY_ERROR:
		break;
	}
	return &diags->errors;
}

static size_t
findings_kept(const struct diags *diags)
{
	return diags->errors + diags->warnings + diags->notes + diags->suppressed -
	       diags->dropped;
}

static struct finding *
finding_new(struct arena *arena, const char *fmt, va_list ap)
{
	struct finding *finding = arena_alloc(arena, sizeof(*finding));

	if (!finding)
		return NULL;
	finding->message = arena_vprintf(arena, fmt, ap);
	if (!finding->message)
		return NULL;
	finding->parts_end = &finding->parts;
	return finding;
}

/** Counted always, so that `errors` decides rightly even when nothing could be kept. */
static struct finding *
open_va(struct diags *diags, enum severity severity, const char *code, const char *name,
	struct srcloc at, const char *fmt, va_list ap)
{
	struct finding *finding = NULL;

	if (findings_kept(diags) < diags->limit)
		finding = finding_new(diags->arena, fmt, ap);
	++*count_of(diags, severity);
	if (!finding) {
		diags->dropped++;
		return NULL;
	}
	finding->code = code;
	finding->name = name;
	finding->severity = severity;
	finding->at = at;
	*diags->end = finding;
	diags->end = &finding->next;
	return finding;
}

void
diag_report(struct diags *diags, enum severity severity, const char *code, struct srcloc at,
	    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	open_va(diags, severity, code, NULL, at, fmt, ap);
	va_end(ap);
}

struct finding *
diag_open(struct diags *diags, enum severity severity, const char *code, const char *name,
	  struct srcloc at, const char *fmt, ...)
{
	struct finding *finding;
	va_list ap;

	va_start(ap, fmt);
	finding = open_va(diags, severity, code, name, at, fmt, ap);
	va_end(ap);
	return finding;
}

static const char *
copy_or_null(struct arena *arena, const char *string)
{
	return string ? arena_string(arena, string) : NULL;
}

void
diag_add(struct diags *diags, struct finding *finding, enum part_kind part, const char *kind,
	 const char *id, struct srcloc at, const char *fmt, ...)
{
	struct finding_part *new;
	va_list ap;

	if (!finding)
		return;
	new = arena_alloc(diags->arena, sizeof(*new));
	if (!new)
		return;
	new->part = part;
	new->kind = copy_or_null(diags->arena, kind);
	new->id = copy_or_null(diags->arena, id);
	new->at = at;
	if (fmt) {
		va_start(ap, fmt);
		new->text = arena_vprintf(diags->arena, fmt, ap);
		va_end(ap);
	}
	*finding->parts_end = new;
	finding->parts_end = &new->next;
}

void
diag_gap(struct diags *diags, const char *what, const char *why)
{
	struct diag_gap *gap = arena_alloc(diags->arena, sizeof(*gap));

	if (gap) {
		gap->what = arena_string(diags->arena, what);
		gap->why = arena_string(diags->arena, why);
	}
	if (!gap || !gap->what || !gap->why) {
		diags->dropped++;	/* told as that at least */
		return;
	}
	*diags->gaps_end = gap;
	diags->gaps_end = &gap->next;
}

void
diags_join(struct diags *into, struct diags *from)
{
	size_t kept = findings_kept(into);

	into->errors += from->errors;
	into->warnings += from->warnings;
	into->notes += from->notes;
	into->suppressed += from->suppressed;
	into->dropped += from->dropped;
	while (from->first) {
		struct finding *finding = from->first;

		from->first = finding->next;
		finding->next = NULL;
		if (kept++ >= into->limit) {
			into->dropped++;
			continue;
		}
		*into->end = finding;
		into->end = &finding->next;
	}
	*into->gaps_end = from->gaps;
	if (from->gaps)
		into->gaps_end = from->gaps_end;
	diags_init(from, from->arena, from->limit);
}

void
diag_suppress(struct diags *diags, struct finding *finding, const char *why)
{
	if (finding->suppressed)
		return;
	finding->suppressed = why;
	--*count_of(diags, finding->severity);
	diags->suppressed++;
}

void
diag_regrade(struct diags *diags, struct finding *finding, enum severity severity)
{
	if (!finding->suppressed) {
		--*count_of(diags, finding->severity);
		++*count_of(diags, severity);
	}
	finding->severity = severity;
}

static int
compare_numbers(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int
finding_compare(const struct finding *a, const struct finding *b)
{
	const char *a_file = a->at.file ? a->at.file : "";
	const char *b_file = b->at.file ? b->at.file : "";
	int order = strcmp(a_file, b_file);

	if (order == 0)
		order = compare_numbers(a->at.line, b->at.line);
	if (order == 0)
		order = compare_numbers(a->at.column, b->at.column);
	if (order == 0)
		order = strcmp(a->code, b->code);
	return order;
}

static struct finding *
merge(struct finding *a, struct finding *b)
{
	struct finding *first = NULL, **end = &first;

	while (a && b) {
		struct finding **least = finding_compare(a, b) <= 0 ? &a : &b;

		*end = *least;
		end = &(*least)->next;
		*least = (*least)->next;
	}
	*end = a ? a : b;
	return first;
}

/** Merge sort of the `count` findings from `first`, which end in NULL afterwards. */
static struct finding *
sort_findings(struct finding *first, size_t count)
{
	struct finding *middle = first, *left;
	size_t half = count / 2;

	if (count < 2) {
		if (first)
			first->next = NULL;
		return first;
	}
	for (size_t i = 0; i < half; i++)
		middle = middle->next;
	left = sort_findings(first, half);
	return merge(left, sort_findings(middle, count - half));
}

void
diags_sort(struct diags *diags)
{
	diags->first = sort_findings(diags->first, findings_kept(diags));
	diags->end = &diags->first;
	while (*diags->end)
		diags->end = &(*diags->end)->next;
}

const char *
severity_text(enum severity severity)
{
	switch (severity) {
	case SEVERITY_NOTE:
		return "note";
	case SEVERITY_WARNING:
		return "warning";
	case SEVERITY_ERROR:
		return "error";
	}
	return "unknown";
}
