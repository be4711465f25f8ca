#include <string.h>

#include "base/bytes.h"
#include "estate/assume.h"
#include "lint/json.h"
#include "lint/report.h"

/*
 * json: one document, a key a line, an element of a list a line, so that two reports can be
 * compared line by line.  jsonl: its findings alone, a line each.
 * doc/causeway-lint.schema.json says what is where; causeway-lint(1) what it means.
 */

/** A line or column; 0 is "not known". */
static void
put_place(struct json *json, const char *key, uint32_t place)
{
	if (place)
		json_number(json, key, place);
	else
		json_null(json, key);
}

static void
put_loc(struct json *json, struct srcloc at)
{
	if (!at.file) {
		json_null(json, "loc");
		return;
	}
	json_object(json, "loc", JSON_INLINE);
	json_string(json, "file", at.file);
	put_place(json, "line", at.line);
	put_place(json, "column", at.column);
	json_close(json, '}');
}

static void
put_object(struct json *json, const struct finding_part *part)
{
	json_object(json, NULL, JSON_INLINE);
	json_string(json, "kind", part->kind);
	json_string(json, "id", part->id);
	put_loc(json, part->at);
	json_string(json, "text", part->text);
	json_close(json, '}');
}

static void
put_network(struct json *json, const struct finding_part *part)
{
	json_string(json, NULL, part->id);
}

static void
put_region(struct json *json, const struct finding_part *part)
{
	json_object(json, NULL, JSON_INLINE);
	json_string(json, "kind", part->kind);
	json_string(json, "name", part->id);
	json_string(json, "types", part->text);
	json_close(json, '}');
}

static void
put_assumed(struct json *json, const struct finding_part *part)
{
	json_object(json, NULL, JSON_INLINE);
	json_string(json, "point", part->id);
	json_string(json, "text", part->text);
	json_close(json, '}');
}

/** A key with the list of all parts of this kind; none: an empty list. */
static void
put_list(struct json *json, const char *key, const struct finding *finding, enum part_kind kind,
	 void (*put)(struct json *json, const struct finding_part *part))
{
	const struct finding_part *part = part_next(finding->parts, kind);

	json_list(json, key, JSON_LINES);
	for (; part; part = part_next(part->next, kind))
		put(json, part);
	json_close(json, ']');
}

/** "NAME TYPE" as two keys. */
static void
put_question(struct json *json, const char *question)
{
	const char *type = question ? strrchr(question, ' ') : NULL;
	struct text name;

	text_init(&name);
	text_append_len(&name, question ? question : "",
			type ? (size_t)(type - question) : question ? strlen(question) : 0);
	json_text(json, "qname", &name);
	json_string(json, "qtype", type ? type + 1 : NULL);
	text_fini(&name);
}

static void
put_witness(struct json *json, const struct finding *finding)
{
	const struct finding_part *part = part_next(finding->parts, PART_WITNESS);

	if (!part) {
		json_null(json, "witness");
		return;
	}
	json_object(json, "witness", JSON_INLINE);
	put_question(json, part->id);
	json_string(json, "text", part->text);
	json_object(json, "outcomes", JSON_INLINE);
	for (part = part_next(part, PART_OUTCOME); part;
	     part = part_next(part->next, PART_OUTCOME))
		json_string(json, part->id ? part->id : "", part->text);
	json_close(json, '}');
	json_close(json, '}');
}

static void
put_fix(struct json *json, const struct finding *finding)
{
	const struct finding_part *part = part_next(finding->parts, PART_HELP);

	if (!part) {
		json_null(json, "fix");
		return;
	}
	json_object(json, "fix", JSON_INLINE);
	json_string(json, "text", part->text);
	json_close(json, '}');
}

static void
put_finding(struct json *json, const struct report_item *item, enum json_layout layout)
{
	const struct finding *finding = item->finding;

	json_object(json, NULL, layout);
	json_string(json, "code", finding->code);
	json_string(json, "name", finding->name ? finding->name : finding->code);
	json_string(json, "severity", severity_text(finding->severity));
	json_string(json, "certainty", finding->may ? "may" : "must");
	json_string(json, "message", finding->message);
	put_loc(json, finding->at);
	put_list(json, "objects", finding, PART_OBJECT, put_object);
	put_list(json, "views", finding, PART_NETWORK, put_network);
	put_list(json, "region", finding, PART_NAMES, put_region);
	put_witness(json, finding);
	if (part_next(finding->parts, PART_ASSUMED))
		put_list(json, "assumptions", finding, PART_ASSUMED, put_assumed);
	put_fix(json, finding);
	json_string(json, "fingerprint", item->fingerprint.hex);
	if (finding->suppressed)
		json_string(json, "suppressed", finding->suppressed);
	json_close(json, '}');
}

static void
put_counts(struct json *json, const struct report_counts *c)
{
	const struct { const char *key; size_t count; } rows[] = {
		{ "configurations", c->files }, { "vpcs", c->vpcs }, { "sites", c->sites },
		{ "hosted_zones", c->hosted_zones }, { "record_sets", c->record_sets },
		{ "resolver_endpoints", c->endpoints }, { "resolver_rules", c->rules },
	};

	json_object(json, "estate", JSON_INLINE);
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		json_number(json, rows[i].key, rows[i].count);
	json_close(json, '}');
}

static void
put_summary(struct json *json, const struct report *report)
{
	json_object(json, "summary", JSON_INLINE);
	json_number(json, "errors", report->errors);
	json_number(json, "warnings", report->warnings);
	json_number(json, "notes", report->notes);
	json_number(json, "suppressed", report->suppressed);
	json_number(json, "dropped", report->dropped);
	json_close(json, '}');
}

/** The points of server.assume that findings rest on, each once. */
static void
put_assumptions(struct json *json, const struct report *report)
{
	const struct finding_part *seen[ASSUME_POINTS];
	size_t count = 0;

	json_list(json, "assumptions", JSON_LINES);
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
	json_close(json, ']');
}

static void
put_gaps(struct json *json, const struct report *report)
{
	json_list(json, "notCompared", JSON_LINES);
	for (size_t i = 0; i < report->input_count; i++) {
		const struct diag_gap *gap = report->inputs[i].diags->gaps;

		for (; gap; gap = gap->next) {
			json_object(json, NULL, JSON_INLINE);
			json_string(json, "what", gap->what);
			json_string(json, "why", gap->why);
			json_close(json, '}');
		}
	}
	json_close(json, ']');
}

static void
write_json(struct report *report)
{
	struct json json;

	json_init(&json, report->out);
	json_object(&json, NULL, JSON_LINES);
	json_string(&json, "schema", "causeway-lint-1");
	json_string(&json, "tool", "causeway");
	json_string(&json, "version", report->version);
	put_counts(&json, &report->counts);
	put_assumptions(&json, report);
	put_summary(&json, report);
	json_list(&json, "findings", JSON_LINES);
	for (size_t i = 0; i < report->count; i++) {
		put_finding(&json, &report->items[i], JSON_LINES);
		report_flush(report);
	}
	json_close(&json, ']');
	put_gaps(&json, report);
	json_close(&json, '}');
	text_append(report->out, "\n");
}

static void
write_jsonl(struct report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		struct json json;

		json_init(&json, report->out);
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
