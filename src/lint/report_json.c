#include <string.h>

#include "base/bytes.h"
#include "estate/assume.h"
#include "lint/jsonout.h"
#include "lint/report.h"

/*
 * json: one document, a key a line, an element of a list a line, so that two reports can be
 * compared line by line.  jsonl: its findings alone, a line each.
 * doc/causeway-lint.schema.json says what is where; causeway-lint(1) what it means.
 */

/** A line or column; 0 is "not known". */
static void
put_place(struct jsonout *json, const char *key, uint32_t place)
{
	if (place)
		jsonout_number(json, key, place);
	else
		jsonout_null(json, key);
}

static void
put_loc(struct jsonout *json, struct srcloc at)
{
	if (!at.file) {
		jsonout_null(json, "loc");
		return;
	}
	jsonout_object(json, "loc", JSON_INLINE);
	jsonout_string(json, "file", at.file);
	put_place(json, "line", at.line);
	put_place(json, "column", at.column);
	jsonout_close(json, '}');
}

static void
put_object(struct jsonout *json, const struct finding_part *part)
{
	jsonout_object(json, NULL, JSON_INLINE);
	jsonout_string(json, "kind", part->kind);
	jsonout_string(json, "id", part->id);
	put_loc(json, part->at);
	jsonout_string(json, "text", part->text);
	jsonout_close(json, '}');
}

static void
put_network(struct jsonout *json, const struct finding_part *part)
{
	jsonout_string(json, NULL, part->id);
}

static void
put_region(struct jsonout *json, const struct finding_part *part)
{
	jsonout_object(json, NULL, JSON_INLINE);
	jsonout_string(json, "kind", part->kind);
	jsonout_string(json, "name", part->id);
	jsonout_string(json, "types", part->text);
	jsonout_close(json, '}');
}

static void
put_assumed(struct jsonout *json, const struct finding_part *part)
{
	jsonout_object(json, NULL, JSON_INLINE);
	jsonout_string(json, "point", part->id);
	jsonout_string(json, "text", part->text);
	jsonout_close(json, '}');
}

/** A key with the list of all parts of this kind; none: an empty list. */
static void
put_list(struct jsonout *json, const char *key, const struct finding *finding, enum part_kind kind,
	 void (*put)(struct jsonout *json, const struct finding_part *part))
{
	const struct finding_part *part = part_next(finding->parts, kind);

	jsonout_list(json, key, JSON_LINES);
	for (; part; part = part_next(part->next, kind))
		put(json, part);
	jsonout_close(json, ']');
}

/** "NAME TYPE" as two keys. */
static void
put_question(struct jsonout *json, const char *question)
{
	const char *type = question ? strrchr(question, ' ') : NULL;
	struct text name;

	text_init(&name);
	text_append_len(&name, question ? question : "",
			type ? (size_t)(type - question) : question ? strlen(question) : 0);
	jsonout_text(json, "qname", &name);
	jsonout_string(json, "qtype", type ? type + 1 : NULL);
	text_fini(&name);
}

static void
put_witness(struct jsonout *json, const struct finding *finding)
{
	const struct finding_part *part = part_next(finding->parts, PART_WITNESS);

	if (!part) {
		jsonout_null(json, "witness");
		return;
	}
	jsonout_object(json, "witness", JSON_INLINE);
	put_question(json, part->id);
	jsonout_string(json, "text", part->text);
	jsonout_object(json, "outcomes", JSON_INLINE);
	for (part = part_next(part, PART_OUTCOME); part;
	     part = part_next(part->next, PART_OUTCOME))
		jsonout_string(json, part->id ? part->id : "", part->text);
	jsonout_close(json, '}');
	jsonout_close(json, '}');
}

static void
put_fix(struct jsonout *json, const struct finding *finding)
{
	const struct finding_part *part = part_next(finding->parts, PART_HELP);

	if (!part) {
		jsonout_null(json, "fix");
		return;
	}
	jsonout_object(json, "fix", JSON_INLINE);
	jsonout_string(json, "text", part->text);
	jsonout_close(json, '}');
}

static void
put_finding(struct jsonout *json, const struct report_item *item, enum jsonout_layout layout)
{
	const struct finding *finding = item->finding;

	jsonout_object(json, NULL, layout);
	jsonout_string(json, "code", finding->code);
	jsonout_string(json, "name", finding->name ? finding->name : finding->code);
	jsonout_string(json, "severity", severity_text(finding->severity));
	jsonout_string(json, "certainty", finding->may ? "may" : "must");
	jsonout_string(json, "message", finding->message);
	put_loc(json, finding->at);
	put_list(json, "objects", finding, PART_OBJECT, put_object);
	put_list(json, "views", finding, PART_NETWORK, put_network);
	put_list(json, "region", finding, PART_NAMES, put_region);
	put_witness(json, finding);
	if (part_next(finding->parts, PART_ASSUMED))
		put_list(json, "assumptions", finding, PART_ASSUMED, put_assumed);
	put_fix(json, finding);
	jsonout_string(json, "fingerprint", item->fingerprint.hex);
	if (finding->suppressed)
		jsonout_string(json, "suppressed", finding->suppressed);
	jsonout_close(json, '}');
}

static void
put_counts(struct jsonout *json, const struct report_counts *c)
{
	const struct { const char *key; size_t count; } rows[] = {
		{ "configurations", c->files }, { "vpcs", c->vpcs }, { "sites", c->sites },
		{ "hosted_zones", c->hosted_zones }, { "record_sets", c->record_sets },
		{ "resolver_endpoints", c->endpoints }, { "resolver_rules", c->rules },
	};

	jsonout_object(json, "estate", JSON_INLINE);
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		jsonout_number(json, rows[i].key, rows[i].count);
	jsonout_close(json, '}');
}

static void
put_summary(struct jsonout *json, const struct report *report)
{
	jsonout_object(json, "summary", JSON_INLINE);
	jsonout_number(json, "errors", report->errors);
	jsonout_number(json, "warnings", report->warnings);
	jsonout_number(json, "notes", report->notes);
	jsonout_number(json, "suppressed", report->suppressed);
	jsonout_number(json, "dropped", report->dropped);
	jsonout_close(json, '}');
}

/** The points of server.assume that findings rest on, each once. */
static void
put_assumptions(struct jsonout *json, const struct report *report)
{
	const struct finding_part *seen[ASSUME_POINTS];
	size_t count = 0;

	jsonout_list(json, "assumptions", JSON_LINES);
	for (size_t i = 0; i < report->count; i++) {
		const struct finding_part *part = report->items[i].finding->parts;

		for (; (part = part_next(part, PART_ASSUMED)); part = part->next) {
			size_t k = 0;

			while (k < count && strcmp(seen[k]->id, part->id) != 0)
				k++;
			if (k < count || count == COUNT_OF(seen))
				continue;
			seen[count++] = part;
			put_assumed(json, part);
		}
	}
	jsonout_close(json, ']');
}

static void
put_gaps(struct jsonout *json, const struct report *report)
{
	jsonout_list(json, "notCompared", JSON_LINES);
	for (size_t i = 0; i < report->input_count; i++) {
		const struct diag_gap *gap = report->inputs[i].diags->gaps;

		for (; gap; gap = gap->next) {
			jsonout_object(json, NULL, JSON_INLINE);
			jsonout_string(json, "what", gap->what);
			jsonout_string(json, "why", gap->why);
			jsonout_close(json, '}');
		}
	}
	jsonout_close(json, ']');
}

static void
write_json(struct report *report)
{
	struct jsonout json;

	jsonout_init(&json, report->out);
	jsonout_object(&json, NULL, JSON_LINES);
	jsonout_string(&json, "schema", "causeway-lint-1");
	jsonout_string(&json, "tool", "causeway");
	jsonout_string(&json, "version", report->version);
	put_counts(&json, &report->counts);
	put_assumptions(&json, report);
	put_summary(&json, report);
	jsonout_list(&json, "findings", JSON_LINES);
	for (size_t i = 0; i < report->count; i++) {
		put_finding(&json, &report->items[i], JSON_LINES);
		report_flush(report);
	}
	jsonout_close(&json, ']');
	put_gaps(&json, report);
	jsonout_close(&json, '}');
	text_append(report->out, "\n");
}

static void
write_jsonl(struct report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		struct jsonout json;

		jsonout_init(&json, report->out);
		put_finding(&json, &report->items[i], JSON_INLINE);
		text_append(report->out, "\n");
		report_flush(report);
	}
}

const struct reporter reporter_json = {
	"json", "one document with all there is to know; see causeway-lint(1)", write_json,
};
const struct reporter reporter_jsonl = {
	"jsonl", "the findings of json, a line each", write_jsonl,
};
