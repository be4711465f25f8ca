#include <string.h>

#include "lint/report.h"
#include "lint/snippet.h"

#define NETWORKS_MOST 8

enum paint { PAINT_ERROR, PAINT_WARNING, PAINT_NOTE, PAINT_FRAME, PAINT_BOLD, PAINT_OFF };

static void
paint(struct report *report, enum paint colour)
{
	static const char *const codes[] = {
		[PAINT_ERROR] = "\033[1;31m", [PAINT_WARNING] = "\033[1;33m",
		[PAINT_NOTE] = "\033[1;36m", [PAINT_FRAME] = "\033[34m",
		[PAINT_BOLD] = "\033[1m", [PAINT_OFF] = "\033[0m",
	};

	if (report->colour)
		text_append(report->out, codes[colour]);
}

static enum paint
severity_paint(enum severity severity)
{
	switch (severity) {
	case SEVERITY_ERROR:
		return PAINT_ERROR;
	case SEVERITY_WARNING:
		return PAINT_WARNING;
	case SEVERITY_NOTE:
		return PAINT_NOTE;
	}
	return PAINT_BOLD;
}

static void
repeat(struct text *out, const char *what, size_t times)
{
	while (times--)
		text_append(out, what);
}

/** The left edge: "12 | " with a number, "   | " without. */
static void
print_edge(struct report *report, int width, uint32_t line)
{
	paint(report, PAINT_FRAME);
	if (line)
		text_printf(report->out, "%*u |", width, (unsigned)line);
	else
		text_printf(report->out, "%*s |", width, "");
	paint(report, PAINT_OFF);
}

/** The source line, unless it was shown just now, and below it carets at the place meant. */
static void
print_snippet(struct report *report, struct srcloc at, int width, const char *label, bool again)
{
	struct snippet snippet;
	const char *line;
	size_t len;

	if (!report->line || at.line == 0 ||
	    !report->line(report->line_context, at.file, at.line, &line, &len) ||
	    !snippet_init(&snippet, line, len, at.column)) {
		if (*label) {
			print_edge(report, width, 0);
			text_printf(report->out, " %s\n", label);
		}
		return;
	}
	if (!again) {
		print_edge(report, width, 0);
		text_append(report->out, "\n");
		print_edge(report, width, at.line);
		text_printf(report->out, " %s\n", snippet.line.data);
	}
	print_edge(report, width, 0);
	repeat(report->out, " ", 1 + snippet.mark);
	paint(report, PAINT_BOLD);
	repeat(report->out, "^", snippet.mark_len);
	paint(report, PAINT_OFF);
	text_printf(report->out, "%s%s\n", snippet.mark_len && *label ? " " : "", label);
	snippet_fini(&snippet);
}

static bool
same_place(struct srcloc a, struct srcloc b)
{
	return a.file && b.file && strcmp(a.file, b.file) == 0 && a.line == b.line &&
	       a.column == b.column;
}

/** "hosted_zone Z1: read by vpc-a", for a terminal. */
static void
print_label(struct text *out, const struct finding_part *part)
{
	if (part->kind)
		text_printable(out, part->kind);
	if (part->id) {
		text_append(out, part->kind ? " " : "");
		text_printable(out, part->id);
	}
	if (part->text) {
		text_append(out, part->kind || part->id ? ": " : "");
		text_printable(out, part->text);
	}
}

/** "file:line:column", as far as it is known. */
static void
print_loc(struct text *out, struct srcloc at)
{
	text_printable(out, at.file);
	if (at.line)
		text_printf(out, ":%u", (unsigned)at.line);
	if (at.line && at.column)
		text_printf(out, ":%u", (unsigned)at.column);
}

static void
print_place(struct report *report, const char *arrow, struct srcloc at, int width)
{
	repeat(report->out, " ", (size_t)width);
	paint(report, PAINT_FRAME);
	text_append(report->out, arrow);
	paint(report, PAINT_OFF);
	text_append(report->out, " ");
	print_loc(report->out, at);
	text_append(report->out, "\n");
}

/** before: the place shown last; the same place is not shown twice. */
static void
print_object(struct report *report, struct srcloc before, struct srcloc at, int width,
	     const struct finding_part *part)
{
	bool again = same_place(before, at);
	struct text label;

	text_init(&label);
	text_append(&label, "");
	if (part)
		print_label(&label, part);
	if (at.file) {
		if (!again)
			print_place(report, before.file ? ":::" : "-->", at, width);
		print_snippet(report, at, width, label.failed ? "" : label.data, again);
	} else if (!label.failed && *label.data) {
		repeat(report->out, " ", (size_t)width);
		text_printf(report->out, " = %s\n", label.data);
	}
	text_fini(&label);
}

/** A line of the lower part: "   = help: ..." */
static void
print_remark(struct report *report, int width, const char *what)
{
	repeat(report->out, " ", (size_t)width);
	paint(report, PAINT_FRAME);
	text_append(report->out, " = ");
	paint(report, PAINT_OFF);
	paint(report, PAINT_BOLD);
	text_printf(report->out, "%s:", what);
	paint(report, PAINT_OFF);
	text_append(report->out, " ");
}

static void
print_networks(struct report *report, const struct finding *finding, int width)
{
	const struct finding_part *part = part_next(finding->parts, PART_NETWORK);
	size_t count = 0;

	if (!part)
		return;
	print_remark(report, width, "networks");
	for (; part; part = part_next(part->next, PART_NETWORK)) {
		if (count++ >= NETWORKS_MOST)
			continue;
		text_append(report->out, count > 1 ? ", " : "");
		text_printable(report->out, part->id ? part->id : "");
	}
	if (count > NETWORKS_MOST)
		text_printf(report->out, " and %zu more", count - NETWORKS_MOST);
	text_append(report->out, "\n");
}

/** "db.example. (A)", "names below example. (all types)". */
static void
print_names(struct report *report, const struct finding *finding, int width)
{
	const struct finding_part *part = part_next(finding->parts, PART_NAMES);
	const char *between = "";

	if (!part)
		return;
	print_remark(report, width, "names");
	for (; part; part = part_next(part->next, PART_NAMES)) {
		text_append(report->out, between);
		if (part->kind && strcmp(part->kind, "others") == 0)
			text_append(report->out, "others below ");
		text_printable(report->out, part->id ? part->id : "");
		if (part->kind && strcmp(part->kind, "subtree") == 0)
			text_append(report->out, " and below");
		if (part->text) {
			text_append(report->out, " (");
			text_printable(report->out, part->text);
			text_append(report->out, ")");
		}
		between = ", ";
	}
	text_append(report->out, "\n");
}

static void
print_witness(struct report *report, const struct finding *finding, int width)
{
	for (const struct finding_part *part = finding->parts; part; part = part->next) {
		if (part->part == PART_WITNESS) {
			print_remark(report, width, "witness");
			print_label(report->out, part);
			text_append(report->out, "\n");
		} else if (part->part == PART_OUTCOME) {
			repeat(report->out, " ", (size_t)width + 3);
			text_append(report->out, "in ");
			text_printable(report->out, part->id ? part->id : "");
			text_append(report->out, ": ");
			text_printable(report->out, part->text ? part->text : "");
			text_append(report->out, "\n");
		}
	}
}

static int
digits(uint32_t number)
{
	int count = 1;

	while (number /= 10)
		count++;
	return count;
}

/** The widest line number decides how far to the right the left edge is. */
static int
edge_width(const struct finding *finding)
{
	int width = digits(finding->at.line);

	for (const struct finding_part *part = finding->parts; part; part = part->next)
		if (part->part == PART_OBJECT && digits(part->at.line) > width)
			width = digits(part->at.line);
	return width;
}

static void
print_head(struct report *report, const struct finding *finding)
{
	struct text *out = report->out;

	paint(report, severity_paint(finding->severity));
	text_printf(out, "%s[%s]", severity_text(finding->severity), finding->code);
	paint(report, PAINT_OFF);
	text_append(out, ": ");
	paint(report, PAINT_BOLD);
	text_printable(out, finding->message);
	paint(report, PAINT_OFF);
	text_append(out, "\n");
}

/** The object whose place the finding itself has: its snippet and label are one. */
static const struct finding_part *
object_at_finding(const struct finding *finding)
{
	const struct finding_part *part = part_next(finding->parts, PART_OBJECT);

	while (part && !same_place(part->at, finding->at))
		part = part_next(part->next, PART_OBJECT);
	return part;
}

static void
text_finding(struct report *report, const struct finding *finding)
{
	const struct finding_part *first = object_at_finding(finding), *part;
	struct srcloc before = finding->at;
	int width = edge_width(finding);

	print_head(report, finding);
	print_object(report, (struct srcloc){ 0 }, finding->at, width, first);
	for (part = part_next(finding->parts, PART_OBJECT); part;
	     part = part_next(part->next, PART_OBJECT)) {
		if (part == first)
			continue;
		print_object(report, before, part->at, width, part);
		before = part->at;
	}
	print_networks(report, finding, width);
	print_names(report, finding, width);
	print_witness(report, finding, width);
	for (part = part_next(finding->parts, PART_ASSUMED); part;
	     part = part_next(part->next, PART_ASSUMED)) {
		print_remark(report, width, "note");
		text_printf(report->out, "rests on server.assume.%s: %s\n", part->id, part->text);
	}
	for (part = part_next(finding->parts, PART_HELP); part;
	     part = part_next(part->next, PART_HELP)) {
		print_remark(report, width, "help");
		text_printable(report->out, part->text ? part->text : "");
		text_append(report->out, "\n");
	}
	text_append(report->out, "\n");
}

static void
text_end(struct report *report)
{
	const struct report_counts *c = &report->counts;
	const struct { const char *what; size_t count; } rows[] = {
		{ "VPC", c->vpcs }, { "site", c->sites }, { "zone", c->hosted_zones },
		{ "record set", c->record_sets }, { "endpoint", c->endpoints },
		{ "rule", c->rules },
	};

	report_print_totals(report, report->out);
	text_printf(report->out, " in %zu configuration%s", c->files, c->files == 1 ? "" : "s");
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		text_printf(report->out, "%s%zu %s%s", i ? ", " : ": ", rows[i].count,
			    rows[i].what, rows[i].count == 1 ? "" : "s");
	text_append(report->out, "\n");
}

static void
nothing(struct report *report)
{
	(void)report;
}

static void
concise_finding(struct report *report, const struct finding *finding)
{
	struct text *out = report->out;

	if (finding->at.file) {
		print_loc(out, finding->at);
		text_append(out, ": ");
	}
	text_printf(out, "%s %s ", severity_text(finding->severity), finding->code);
	text_printable(out, finding->message);
	text_append(out, "\n");
}

const struct reporter reporter_text = { "text", nothing, text_finding, text_end };
const struct reporter reporter_concise = { "concise", nothing, concise_finding, nothing };
