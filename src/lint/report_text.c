#include <string.h>

#include "lint/catalogue.h"
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

/** Characters, which most terminals show in a column each. */
static size_t
columns(const char *text, size_t len)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += ((uint8_t)text[i] & 0xc0) != 0x80;
	return count;
}

/**
 * Print words, broken to the terminal's width; `column`: where the first begins, `indent`:
 * where further lines do.  What is longer than a line is not broken: it may be copied.
 */
static void
print_words(struct report *report, const char *text, size_t column, size_t indent)
{
	bool first = true;

	while (report->width && *text) {
		size_t len = strcspn(text, " "), wide = columns(text, len);

		if (!first && column + 1 + wide > report->width) {
			text_append(report->out, "\n");
			repeat(report->out, " ", indent);
			column = indent;
		} else if (!first) {
			text_append(report->out, " ");
			column++;
		}
		text_append_len(report->out, text, len);
		column += wide;
		text += len + (text[len] == ' ');
		first = false;
	}
	text_append(report->out, text);
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

/** Octets of a source line that fit behind the left edge; 0: as many as there may be. */
static size_t
snippet_room(const struct report *report, int width)
{
	size_t edge = (size_t)width + 3;

	return report->width > edge ? report->width - edge : report->width ? 1 : 0;
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
	    !snippet_init(&snippet, line, len, at.column, snippet_room(report, width))) {
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
		part_print(part, &label);
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

/** A line of the lower part: "   = help: ...", its text printable already. */
static void
print_remark(struct report *report, int width, const char *what, const struct text *text)
{
	size_t edge = (size_t)width + 3, column = edge + strlen(what) + 2;

	repeat(report->out, " ", (size_t)width);
	paint(report, PAINT_FRAME);
	text_append(report->out, " = ");
	paint(report, PAINT_OFF);
	paint(report, PAINT_BOLD);
	text_printf(report->out, "%s:", what);
	paint(report, PAINT_OFF);
	text_append(report->out, " ");
	if (text->failed)
		report->failed = true;
	else if (text->data)
		print_words(report, text->data, column, edge + 2);
	text_append(report->out, "\n");
}

static void
print_networks(struct report *report, const struct finding *finding, int width)
{
	const struct finding_part *part = part_next(finding->parts, PART_NETWORK);
	struct text text;
	size_t count = 0;

	if (!part)
		return;
	text_init(&text);
	for (; part; part = part_next(part->next, PART_NETWORK)) {
		if (count++ >= NETWORKS_MOST)
			continue;
		text_append(&text, count > 1 ? ", " : "");
		text_printable(&text, part->id ? part->id : "");
	}
	if (count > NETWORKS_MOST)
		text_printf(&text, " and %zu more", count - NETWORKS_MOST);
	print_remark(report, width, "networks", &text);
	text_fini(&text);
}

/** "db.example. (A)", "others below example. (all types)". */
static void
print_names(struct report *report, const struct finding *finding, int width)
{
	const struct finding_part *part = part_next(finding->parts, PART_NAMES);
	const char *between = "";
	struct text text;

	if (!part)
		return;
	text_init(&text);
	for (; part; part = part_next(part->next, PART_NAMES)) {
		text_append(&text, between);
		if (part->kind && strcmp(part->kind, "others") == 0)
			text_append(&text, "others below ");
		text_printable(&text, part->id ? part->id : "");
		if (part->kind && strcmp(part->kind, "subtree") == 0)
			text_append(&text, " and below");
		if (part->text) {
			text_append(&text, " (");
			text_printable(&text, part->text);
			text_append(&text, ")");
		}
		between = ", ";
	}
	print_remark(report, width, "names", &text);
	text_fini(&text);
}

/** What the witness gives in one network: below the question, a line of its own. */
static void
print_outcome(struct report *report, const struct finding_part *part, int width)
{
	size_t indent = (size_t)width + 3;
	struct text text;

	text_init(&text);
	text_append(&text, "in ");
	text_printable(&text, part->id ? part->id : "");
	text_append(&text, ": ");
	text_printable(&text, part->text ? part->text : "");
	repeat(report->out, " ", indent);
	if (text.failed)
		report->failed = true;
	else
		print_words(report, text.data, indent, indent + 2);
	text_append(report->out, "\n");
	text_fini(&text);
}

/** A part that is one line: the witness question, what is presumed, help. */
static void
print_part(struct report *report, const struct finding_part *part, int width, const char *what)
{
	struct text text;

	text_init(&text);
	if (part->part == PART_ASSUMED) {
		text_printf(&text, "rests on server.assume.%s: %s", part->id, part->text);
	} else if (part->part == PART_HELP) {
		text_printable(&text, part->text ? part->text : "");
	} else {
		part_print(part, &text);
	}
	print_remark(report, width, what, &text);
	text_fini(&text);
}

static void
print_parts(struct report *report, const struct finding *finding, int width, enum part_kind kind,
	    const char *what)
{
	for (const struct finding_part *part = part_next(finding->parts, kind); part;
	     part = part_next(part->next, kind))
		print_part(report, part, width, what);
}

static void
print_witness(struct report *report, const struct finding *finding, int width)
{
	for (const struct finding_part *part = finding->parts; part; part = part->next) {
		if (part->part == PART_WITNESS)
			print_part(report, part, width, "witness");
		else if (part->part == PART_OUTCOME)
			print_outcome(report, part, width);
	}
}

/** The command that says more, where there is more to say. */
static void
print_explain(struct report *report, const struct finding *finding, int width)
{
	struct text text;

	if (!catalogue_find(finding->code))
		return;
	text_init(&text);
	text_printf(&text, "causeway lint --explain %s", finding->code);
	print_remark(report, width, "explain", &text);
	text_fini(&text);
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
	size_t column = strlen(severity_text(finding->severity)) + strlen(finding->code) + 4;
	struct text *out = report->out, message;

	paint(report, severity_paint(finding->severity));
	text_printf(out, "%s[%s]", severity_text(finding->severity), finding->code);
	paint(report, PAINT_OFF);
	text_append(out, ": ");
	paint(report, PAINT_BOLD);
	text_init(&message);
	text_printable(&message, finding->message);
	if (message.failed)
		report->failed = true;
	else if (message.data)
		print_words(report, message.data, column, 4);
	text_fini(&message);
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
	print_parts(report, finding, width, PART_ASSUMED, "note");
	print_parts(report, finding, width, PART_HELP, "help");
	print_explain(report, finding, width);
	text_append(report->out, "\n");
}

/** What was not looked at; silence would say that it is well. */
static void
print_gaps(struct report *report)
{
	for (size_t i = 0; i < report->input_count; i++) {
		const struct diag_gap *gap = report->inputs[i].diags->gaps;

		for (; gap; gap = gap->next) {
			text_append(report->out, "not compared: ");
			text_printable(report->out, gap->what);
			text_append(report->out, ": ");
			text_printable(report->out, gap->why);
			text_append(report->out, "\n");
		}
	}
}

static void
print_summary(struct report *report)
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

void
report_write_findings(struct report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		if (!item_counts(&report->items[i]))
			continue;
		text_finding(report, report->items[i].finding);
		report_flush(report);
	}
}

static void
write_text(struct report *report)
{
	report_write_findings(report);
	print_gaps(report);
	print_summary(report);
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

static void
write_concise(struct report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		if (!item_counts(&report->items[i]))
			continue;
		concise_finding(report, report->items[i].finding);
		report_flush(report);
	}
}

const struct reporter reporter_text = {
	"text", "for people, with the lines meant", write_text,
};
const struct reporter reporter_concise = {
	"concise", "a line a finding, as compilers write", write_concise,
};
