#include "lint/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "lint/snippet.h"

#define FLUSH_AT ((size_t)256 << 10)	/* octets */

static const struct reporter *const reporters[] = {
	&reporter_text,
	&reporter_concise,
	&reporter_json,
	&reporter_jsonl,
	&reporter_sarif,
	&reporter_junit,
	&reporter_github,
	&reporter_gitlab,
	&reporter_checkstyle,
	&reporter_rdjson,
	&reporter_azure,
	&reporter_markdown,
	&reporter_dot,
	&reporter_html,
};

const struct reporter *
reporter_find(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(reporters); i++)
		if (strcmp(reporters[i]->name, name) == 0)
			return reporters[i];
	return NULL;
}

const struct reporter *
reporter_at(size_t i)
{
	return i < COUNT_OF(reporters) ? reporters[i] : NULL;
}

void
report_init(struct report *report)
{
	*report = (struct report){ 0 };
}

void
report_fini(struct report *report)
{
	free(report->inputs);
	free(report->items);
	report_init(report);
}

static void
count_estate(struct report_counts *counts, const struct estate *estate)
{
	counts->files++;
	for (const struct network *n = estate->networks; n; n = n->next)
		*(n->kind == NETWORK_VPC ? &counts->vpcs : &counts->sites) += 1;
	counts->hosted_zones += estate->zone_count;
	for (const struct hosted_zone *z = estate->zones; z; z = z->next)
		counts->record_sets += z->set_count;
	counts->endpoints += estate->endpoint_count;
	counts->rules += estate->rule_count;
}

static bool
add_item(struct report *report, const struct finding *finding)
{
	struct report_item *item;

	if (report->count == report->room) {
		size_t room = report->room ? 2 * report->room : 64;
		struct report_item *items = reallocarray(report->items, room, sizeof(*items));

		if (!items)
			return false;
		report->items = items;
		report->room = room;
	}
	item = &report->items[report->count];
	item->finding = finding;
	item->nth = 1;
	if (!fingerprint_make(finding, report->path, report->path_context, &item->fingerprint))
		return false;
	report->count++;
	return true;
}

void
report_add(struct report *report, const struct estate *estate, const struct snapshot *snap,
	   const struct diags *diags)
{
	struct report_input *inputs = reallocarray(report->inputs, report->input_count + 1,
						   sizeof(*inputs));

	if (!inputs) {
		report->failed = true;
		return;
	}
	report->inputs = inputs;
	inputs[report->input_count++] =
		(struct report_input){ .estate = estate, .snap = snap, .diags = diags };
	count_estate(&report->counts, estate);
	report->errors += diags->errors;
	report->warnings += diags->warnings;
	report->notes += diags->notes;
	report->suppressed += diags->suppressed;
	report->dropped += diags->dropped;
	for (const struct finding *finding = diags->first; finding; finding = finding->next)
		if (!add_item(report, finding))
			report->failed = true;
}

/** By fingerprint; equal ones as they were found. */
static int
compare_items(const void *a, const void *b)
{
	const struct report_item *x = *(struct report_item *const *)a;
	const struct report_item *y = *(struct report_item *const *)b;
	int order = strcmp(x->fingerprint.hex, y->fingerprint.hex);

	return order ? order : (x > y) - (x < y);
}

/** Number the findings that have one fingerprint. */
static void
number_items(struct report *report)
{
	struct report_item **order = reallocarray(NULL, report->count + 1, sizeof(*order));

	if (!order) {
		report->failed = true;
		return;
	}
	for (size_t i = 0; i < report->count; i++)
		order[i] = &report->items[i];
	qsort(order, report->count, sizeof(struct report_item *), compare_items);
	for (size_t i = 1; i < report->count; i++)
		if (strcmp(order[i]->fingerprint.hex, order[i - 1]->fingerprint.hex) == 0)
			order[i]->nth = order[i - 1]->nth + 1;
	free(order);
}

void
report_write(const struct reporter *reporter, struct report *report, struct text *out,
	     report_flush_fn flush, void *context)
{
	number_items(report);
	report->out = out;
	report->flush = flush;
	report->flush_context = context;
	reporter->write(report);
	if (report->failed)
		out->failed = true;
}

void
report_flush(struct report *report)
{
	if (report->flush && report->out->len >= FLUSH_AT)
		report->flush(report->flush_context, report->out);
}

static void
print_count(struct text *out, size_t count, const char *what, const char *many)
{
	text_printf(out, "%zu %s%s", count, what, count == 1 ? "" : many);
}

void
report_print_totals(const struct report *report, struct text *out)
{
	print_count(out, report->errors, "error", "s");
	text_append(out, ", ");
	print_count(out, report->warnings, "warning", "s");
	text_append(out, ", ");
	print_count(out, report->notes, "note", "s");
	if (report->suppressed)
		text_printf(out, ", %zu suppressed", report->suppressed);
	if (report->dropped)
		text_printf(out, " (%zu of them not shown: too many)", report->dropped);
}

const char *
report_path(const struct report *report, const char *file)
{
	return report->path ? report->path(report->path_context, file) : file;
}

static bool
find_line(const struct report *report, struct srcloc at, const char **line, size_t *len)
{
	return report->line && at.file && at.line &&
	       report->line(report->line_context, at.file, at.line, line, len);
}

struct report_place
report_place(const struct report *report, struct srcloc at)
{
	const char *file = at.file ? at.file : report->config, *line;
	struct report_place place = {
		.file = file ? report_path(report, file) : "",
		.line = at.line ? at.line : 1, .column = at.column ? at.column : 1,
		.exact = at.file && at.line && at.column,
	};
	size_t len;

	place.end_column = place.column + 1;
	if (place.exact && find_line(report, at, &line, &len))
		place.end_column = place.column + snippet_token(line, len, at.column);
	return place;
}

uint32_t
report_octet(const struct report *report, struct srcloc at, uint32_t column)
{
	const char *line;
	size_t len;

	return find_line(report, at, &line, &len)
		? (uint32_t)snippet_octet(line, len, column) + 1 : 0;
}

bool
item_counts(const struct report_item *item)
{
	return !item->finding->suppressed;
}

const struct finding_part *
part_next(const struct finding_part *part, enum part_kind kind)
{
	while (part && part->part != kind)
		part = part->next;
	return part;
}

void
part_print(const struct finding_part *part, struct text *out)
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

static void
print_line(struct text *out, const char *before, const char *id, const char *text)
{
	text_append(out, before);
	if (id)
		text_printable(out, id);
	if (id && text)
		text_append(out, ": ");
	if (text)
		text_printable(out, text);
}

void
finding_print_rest(const struct finding *finding, struct text *out)
{
	for (const struct finding_part *part = finding->parts; part; part = part->next) {
		switch (part->part) {
		case PART_WITNESS:
			print_line(out, "\nwitness: ", part->id, part->text);
			break;
		case PART_OUTCOME:
			print_line(out, "\n  in ", part->id, part->text);
			break;
		case PART_HELP:
			print_line(out, "\nhelp: ", part->id, part->text);
			break;
		case PART_OBJECT:
		case PART_ASSUMED:
		case PART_NETWORK:
		case PART_NAMES:
			break;
		}
	}
}

void
finding_print(const struct finding *finding, struct text *out)
{
	text_printable(out, finding->message);
	finding_print_rest(finding, out);
}
