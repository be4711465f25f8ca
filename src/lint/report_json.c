#include <string.h>

#include "lint/report.h"

/*
 * One document: findings are gathered in report->body, since the counts that are known at
 * the end stand before them.  A key a line, an element of a list a line, so that two
 * reports can be compared line by line.
 */

static void
put_key(struct text *out, const char *key)
{
	text_json(out, key);
	text_append(out, ": ");
}

static void
put_string(struct text *out, const char *key, const char *value)
{
	put_key(out, key);
	text_json(out, value);
}

static void
put_number(struct text *out, const char *key, size_t value)
{
	put_key(out, key);
	text_printf(out, "%zu", value);
}

/** A line or column; 0 is "not known". */
static void
put_place(struct text *out, const char *key, uint32_t place)
{
	if (place) {
		put_number(out, key, place);
	} else {
		put_key(out, key);
		text_append(out, "null");
	}
}

static void
put_loc(struct text *out, struct srcloc at)
{
	put_key(out, "loc");
	if (!at.file) {
		text_append(out, "null");
		return;
	}
	text_append(out, "{");
	put_string(out, "file", at.file);
	text_append(out, ", ");
	put_place(out, "line", at.line);
	text_append(out, ", ");
	put_place(out, "column", at.column);
	text_append(out, "}");
}

static void
put_object(struct text *out, const struct finding_part *part)
{
	text_append(out, "{");
	put_string(out, "kind", part->kind);
	text_append(out, ", ");
	put_string(out, "id", part->id);
	text_append(out, ", ");
	put_loc(out, part->at);
	text_append(out, ", ");
	put_string(out, "text", part->text);
	text_append(out, "}");
}

static void
put_network(struct text *out, const struct finding_part *part)
{
	text_json(out, part->id);
}

static void
put_region(struct text *out, const struct finding_part *part)
{
	text_append(out, "{");
	put_string(out, "kind", part->kind);
	text_append(out, ", ");
	put_string(out, "name", part->id);
	text_append(out, ", ");
	put_string(out, "types", part->text);
	text_append(out, "}");
}

/** A key with the list of all parts of this kind; none: an empty list. */
static void
put_list(struct text *out, const char *key, const struct finding *finding, enum part_kind kind,
	 void (*put)(struct text *out, const struct finding_part *part))
{
	const struct finding_part *part = part_next(finding->parts, kind);
	const char *before = "\n        ", *end = part ? "\n      " : "";

	put_key(out, key);
	text_append(out, "[");
	for (; part; part = part_next(part->next, kind)) {
		text_append(out, before);
		put(out, part);
		before = ",\n        ";
	}
	text_append(out, end);
	text_append(out, "]");
}

/** "NAME TYPE" as two keys. */
static void
put_question(struct text *out, const char *question)
{
	const char *type = question ? strrchr(question, ' ') : NULL;
	struct text name;

	text_init(&name);
	text_append_len(&name, question ? question : "",
			type ? (size_t)(type - question) : question ? strlen(question) : 0);
	put_string(out, "qname", name.failed ? NULL : name.data);
	text_append(out, ", ");
	put_string(out, "qtype", type ? type + 1 : NULL);
	text_fini(&name);
}

static void
put_witness(struct text *out, const struct finding *finding)
{
	const struct finding_part *part = part_next(finding->parts, PART_WITNESS);
	const char *between = "";

	put_key(out, "witness");
	if (!part) {
		text_append(out, "null");
		return;
	}
	text_append(out, "{");
	put_question(out, part->id);
	text_append(out, ", ");
	put_string(out, "text", part->text);
	text_append(out, ", ");
	put_key(out, "outcomes");
	text_append(out, "{");
	for (part = part_next(part, PART_OUTCOME); part;
	     part = part_next(part->next, PART_OUTCOME)) {
		text_append(out, between);
		put_string(out, part->id, part->text);
		between = ", ";
	}
	text_append(out, "}}");
}

static void
put_assumed(struct text *out, const struct finding_part *part)
{
	text_append(out, "{");
	put_string(out, "point", part->id);
	text_append(out, ", ");
	put_string(out, "text", part->text);
	text_append(out, "}");
}

static void
put_fix(struct text *out, const struct finding *finding)
{
	const struct finding_part *part = part_next(finding->parts, PART_HELP);

	put_key(out, "fix");
	if (!part) {
		text_append(out, "null");
		return;
	}
	text_append(out, "{");
	put_string(out, "text", part->text);
	text_append(out, "}");
}

static void
json_finding(struct report *report, const struct finding *finding)
{
	static const char next[] = ",\n      ";
	struct text *out = &report->body;

	text_append(out, out->len ? ",\n    {\n      " : "\n    {\n      ");
	put_string(out, "code", finding->code);
	text_append(out, next);
	put_string(out, "name", finding->name ? finding->name : finding->code);
	text_append(out, next);
	put_string(out, "severity", severity_text(finding->severity));
	text_append(out, next);
	put_string(out, "certainty", "must");
	text_append(out, next);
	put_string(out, "message", finding->message);
	text_append(out, next);
	put_loc(out, finding->at);
	text_append(out, next);
	put_list(out, "objects", finding, PART_OBJECT, put_object);
	text_append(out, next);
	put_list(out, "views", finding, PART_NETWORK, put_network);
	text_append(out, next);
	put_list(out, "region", finding, PART_NAMES, put_region);
	text_append(out, next);
	put_witness(out, finding);
	text_append(out, next);
	if (part_next(finding->parts, PART_ASSUMED)) {
		put_list(out, "assumptions", finding, PART_ASSUMED, put_assumed);
		text_append(out, next);
	}
	put_fix(out, finding);
	text_append(out, "\n    }");
}

static void
json_begin(struct report *report)
{
	(void)report;
}

static void
put_counts(struct text *out, const struct report_counts *c)
{
	const struct { const char *key; size_t count; } rows[] = {
		{ "configurations", c->files }, { "vpcs", c->vpcs }, { "sites", c->sites },
		{ "hosted_zones", c->hosted_zones }, { "record_sets", c->record_sets },
		{ "resolver_endpoints", c->endpoints }, { "resolver_rules", c->rules },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		text_append(out, i ? ", " : "");
		put_number(out, rows[i].key, rows[i].count);
	}
}

static void
json_end(struct report *report)
{
	struct text *out = report->out;

	text_append(out, "{\n  ");
	put_string(out, "schema", "causeway-lint-1");
	text_append(out, ",\n  ");
	put_string(out, "tool", "causeway");
	text_append(out, ",\n  ");
	put_string(out, "version", report->version);
	text_append(out, ",\n  \"estate\": {");
	put_counts(out, &report->counts);
	text_append(out, "},\n  \"summary\": {");
	put_number(out, "errors", report->errors);
	text_append(out, ", ");
	put_number(out, "warnings", report->warnings);
	text_append(out, ", ");
	put_number(out, "notes", report->notes);
	text_append(out, ", ");
	put_number(out, "dropped", report->dropped);
	text_append(out, "},\n  \"findings\": [");
	if (report->body.len)
		text_append_len(out, report->body.data, report->body.len);
	text_append(out, report->body.len ? "\n  ]\n}\n" : "]\n}\n");
}

const struct reporter reporter_json = { "json", json_begin, json_finding, json_end };
