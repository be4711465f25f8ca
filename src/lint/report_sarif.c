#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "lint/catalogue.h"
#include "lint/jsonout.h"
#include "lint/report.h"

/*
 * SARIF 2.1.0 as GitHub's code scanning reads it: every result has a place, the gravest come
 * first, the rest is counted in a last one, and primaryLocationLineHash is our fingerprint.
 * Suppressed findings are left out.
 */

#define RESULTS_MOST   5000	/* as many as the service keeps of one run */
#define LOCATIONS_MOST 100	/* as many as it shows of one result */
#define STEPS_MOST     1000	/* as many as it shows of one code flow */

#define CUT_CODE "findings-cut"

static const char *
level(enum severity severity)
{
	switch (severity) {
	case SEVERITY_ERROR:
		return "error";
	case SEVERITY_WARNING:
		return "warning";
	case SEVERITY_NOTE:
		break;
	}
	return "note";
}

/** In messages brackets make links: those of data are escaped (SARIF 3.11.6). */
static void
put_unlinked(struct text *out, const struct text *plain)
{
	if (plain->failed)
		out->failed = true;
	for (const char *p = plain->data; p && !plain->failed && *p;) {
		size_t len = strcspn(p, "[]\\");

		text_append_len(out, p, len);
		p += len;
		if (!*p)
			return;
		text_append(out, "\\");
		text_append_len(out, p++, 1);
	}
}

/** A relative reference of RFC 3986. */
static void
put_uri(struct jsonout *json, const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~/";
	struct text uri;

	text_init(&uri);
	for (const char *p = path; *p;) {
		size_t len = strspn(p, plain);

		text_append_len(&uri, p, len);
		p += len;
		if (*p)
			text_printf(&uri, "%%%02X", (uint8_t)*p++);
	}
	jsonout_text(json, "uri", &uri);
	text_fini(&uri);
}

static void
put_physical(struct jsonout *json, const struct report *report, struct srcloc at)
{
	struct report_place place = report_place(report, at);

	jsonout_object(json, "physicalLocation", JSON_INLINE);
	jsonout_object(json, "artifactLocation", JSON_INLINE);
	put_uri(json, *place.file ? place.file : "unknown");
	jsonout_close(json, '}');
	jsonout_object(json, "region", JSON_INLINE);
	jsonout_number(json, "startLine", place.line);
	jsonout_number(json, "startColumn", place.column);
	jsonout_number(json, "endLine", place.line);
	jsonout_number(json, "endColumn", place.end_column);
	jsonout_close(json, '}');
	jsonout_close(json, '}');
}

static void
put_message(struct jsonout *json, const char *key, struct text *words)
{
	jsonout_object(json, key, JSON_INLINE);
	jsonout_text(json, "text", words);
	jsonout_close(json, '}');
}

static void
put_words(struct jsonout *json, const char *key, const char *words)
{
	jsonout_object(json, key, JSON_INLINE);
	jsonout_string(json, "text", words);
	jsonout_close(json, '}');
}

/** The object's words, data inert; as a link to the related location `id` unless 0. */
static void
put_object_words(struct text *out, const struct finding_part *part, unsigned id)
{
	struct text plain;

	text_init(&plain);
	part_print(part, &plain);
	text_append(out, id ? "[" : "");
	put_unlinked(out, &plain);
	if (id)
		text_printf(out, "](%u)", id);
	text_fini(&plain);
}

/** The next object that has a place. */
static const struct finding_part *
placed_object(const struct finding_part *part)
{
	while ((part = part_next(part, PART_OBJECT)) && !part->at.file)
		part = part->next;
	return part;
}

/** The message, links to the objects in it, the witness and help. */
static void
put_result_message(struct jsonout *json, const struct finding *finding)
{
	const struct finding_part *part = placed_object(finding->parts);
	struct text words, plain;

	text_init(&words);
	text_init(&plain);
	text_printable(&plain, finding->message);
	put_unlinked(&words, &plain);
	for (unsigned id = 1; part && id <= LOCATIONS_MOST; id++) {
		text_append(&words, "\n");
		put_object_words(&words, part, id);
		part = placed_object(part->next);
	}
	text_clear(&plain);
	finding_print_rest(finding, &plain);
	put_unlinked(&words, &plain);
	put_message(json, "message", &words);
	text_fini(&plain);
	text_fini(&words);
}

static void
put_related(struct jsonout *json, const struct report *report, const struct finding *finding)
{
	const struct finding_part *part = placed_object(finding->parts);
	struct text words;

	text_init(&words);
	jsonout_list(json, "relatedLocations", JSON_LINES);
	for (unsigned id = 1; part && id <= LOCATIONS_MOST; id++) {
		jsonout_object(json, NULL, JSON_INLINE);
		jsonout_number(json, "id", id);
		put_physical(json, report, part->at);
		put_object_words(&words, part, 0);
		put_message(json, "message", &words);
		jsonout_close(json, '}');
		part = placed_object(part->next);
	}
	jsonout_close(json, ']');
	text_fini(&words);
}

/** Findings that are a way: their objects are its steps, in order. */
static bool
is_way(const struct finding *finding)
{
	static const char *const codes[] = { "FWD301", "FWD302", "FWD307", "REC703", "REC704" };

	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if (strcmp(finding->code, codes[i]) == 0)
			return placed_object(finding->parts);
	return false;
}

static void
put_flow(struct jsonout *json, const struct report *report, const struct finding *finding)
{
	const struct finding_part *part = placed_object(finding->parts);
	struct text words;

	text_init(&words);
	jsonout_list(json, "codeFlows", JSON_LINES);
	jsonout_object(json, NULL, JSON_LINES);
	jsonout_list(json, "threadFlows", JSON_LINES);
	jsonout_object(json, NULL, JSON_LINES);
	jsonout_list(json, "locations", JSON_LINES);
	for (unsigned step = 1; part && step <= STEPS_MOST; step++) {
		jsonout_object(json, NULL, JSON_INLINE);
		jsonout_object(json, "location", JSON_INLINE);
		put_physical(json, report, part->at);
		put_object_words(&words, part, 0);
		put_message(json, "message", &words);
		jsonout_close(json, '}');
		jsonout_number(json, "executionOrder", step);
		jsonout_close(json, '}');
		part = placed_object(part->next);
	}
	jsonout_close(json, ']');
	jsonout_close(json, '}');
	jsonout_close(json, ']');
	jsonout_close(json, '}');
	jsonout_close(json, ']');
	text_fini(&words);
}

/** What identifies the alert: as the service's own hashes, with a number behind a colon. */
static void
put_fingerprint(struct jsonout *json, const char *hex, unsigned nth)
{
	struct text text;

	text_init(&text);
	text_printf(&text, "%s:%u", hex, nth);
	jsonout_object(json, "partialFingerprints", JSON_INLINE);
	jsonout_text(json, "primaryLocationLineHash", &text);
	jsonout_close(json, '}');
	text_fini(&text);
}

static void
put_location(struct jsonout *json, const struct report *report, struct srcloc at)
{
	jsonout_list(json, "locations", JSON_LINES);
	jsonout_object(json, NULL, JSON_INLINE);
	put_physical(json, report, at);
	jsonout_close(json, '}');
	jsonout_close(json, ']');
}

static void
put_result(struct jsonout *json, const struct report *report, const struct report_item *item)
{
	const struct finding *finding = item->finding;

	jsonout_object(json, NULL, JSON_LINES);
	jsonout_string(json, "ruleId", finding->code);
	jsonout_string(json, "level", level(finding->severity));
	put_result_message(json, finding);
	put_location(json, report, finding->at);
	if (placed_object(finding->parts))
		put_related(json, report, finding);
	if (is_way(finding))
		put_flow(json, report, finding);
	put_fingerprint(json, item->fingerprint.hex, item->nth);
	jsonout_close(json, '}');
}

/** The last result: how many there are besides. */
static void
put_cut(struct jsonout *json, const struct report *report, size_t cut)
{
	struct text words;

	text_init(&words);
	text_printf(&words, "%zu more findings are not in this report: ", cut);
	report_print_totals(report, &words);
	jsonout_object(json, NULL, JSON_LINES);
	jsonout_string(json, "ruleId", CUT_CODE);
	jsonout_string(json, "level", "note");
	put_message(json, "message", &words);
	put_location(json, report, (struct srcloc){ 0 });
	put_fingerprint(json, CUT_CODE, 1);
	jsonout_close(json, '}');
	text_fini(&words);
}

static void
put_results(struct jsonout *json, struct report *report)
{
	size_t total = report->errors + report->warnings + report->notes, count = 0;
	size_t most = total > RESULTS_MOST || report->dropped ? RESULTS_MOST - 1 : RESULTS_MOST;

	jsonout_list(json, "results", JSON_LINES);
	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_NOTE; severity--) {
		for (size_t i = 0; i < report->count && count < most; i++) {
			const struct report_item *item = &report->items[i];

			if ((int)item->finding->severity != severity || !item_counts(item))
				continue;
			put_result(json, report, item);
			report_flush(report);
			count++;
		}
	}
	if (count < total)
		put_cut(json, report, total - count);
	jsonout_close(json, ']');
}

/** "same name zones differ" */
static void
put_title(struct jsonout *json, const char *name)
{
	struct text words;

	text_init(&words);
	for (const char *p = name; *p; p++)
		text_append_len(&words, *p == '-' ? " " : p, 1);
	put_message(json, "shortDescription", &words);
	text_fini(&words);
}

/** code without a rule in the catalogue: what the loader finds. */
static void
put_plain_rule(struct jsonout *json, const char *code, const char *text)
{
	jsonout_object(json, NULL, JSON_LINES);
	jsonout_string(json, "id", code);
	put_title(json, code);
	put_words(json, "fullDescription", text);
	put_words(json, "help", text);
	jsonout_object(json, "properties", JSON_INLINE);
	jsonout_list(json, "tags", JSON_INLINE);
	jsonout_string(json, NULL, "dns");
	jsonout_string(json, NULL, "input");
	jsonout_close(json, ']');
	jsonout_string(json, "precision", "very-high");
	jsonout_close(json, '}');
	jsonout_close(json, '}');
}

static const char *
family(const char *code)
{
	static const struct { const char *letters, *tag; } rows[] = {
		{ "CFG", "input" }, { "ZON", "zones" }, { "PRE", "precedence" },
		{ "FWD", "forwarding" }, { "REA", "addresses" }, { "PEE", "networks" },
		{ "DEL", "delegation" }, { "REC", "records" }, { "QTA", "quotas" },
		{ "SEC", "security" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (strncmp(rows[i].letters, code, 3) == 0)
			return rows[i].tag;
	return "input";
}

static const char *
problem(enum severity severity)
{
	switch (severity) {
	case SEVERITY_ERROR:
		return "error";
	case SEVERITY_WARNING:
		return "warning";
	case SEVERITY_NOTE:
		break;
	}
	return "recommendation";
}

static void
put_properties(struct jsonout *json, const struct catalogue_rule *rule)
{
	jsonout_object(json, "properties", JSON_INLINE);
	jsonout_list(json, "tags", JSON_INLINE);
	jsonout_string(json, NULL, "dns");
	jsonout_string(json, NULL, family(rule->code));
	jsonout_close(json, ']');
	jsonout_string(json, "precision", precision_text(rule->precision));
	jsonout_string(json, "problem.severity", problem(rule->severity));
	if (rule->security)
		jsonout_string(json, "security-severity", rule->security);
	jsonout_close(json, '}');
}

static void
put_help(struct jsonout *json, const struct catalogue_rule *rule)
{
	struct text words;

	text_init(&words);
	jsonout_object(json, "help", JSON_INLINE);
	text_printf(&words, "%s.\nExample: %s\nMend it: %s\nMore: causeway lint --explain %s",
		    rule->definition, rule->example, rule->fix, rule->code);
	jsonout_text(json, "text", &words);
	text_printf(&words, "%s.\n\n**Example:** %s\n\n**Mend it:** %s\n\n"
		    "More: `causeway lint --explain %s`",
		    rule->definition, rule->example, rule->fix, rule->code);
	jsonout_text(json, "markdown", &words);
	jsonout_close(json, '}');
	text_fini(&words);
}

static void
put_rule(struct jsonout *json, const struct catalogue_rule *rule)
{
	jsonout_object(json, NULL, JSON_LINES);
	jsonout_string(json, "id", rule->code);
	jsonout_string(json, "name", rule->name);
	put_title(json, rule->name);
	put_words(json, "fullDescription", rule->definition);
	put_help(json, rule);
	jsonout_object(json, "defaultConfiguration", JSON_INLINE);
	jsonout_string(json, "level", level(rule->severity));
	jsonout_close(json, '}');
	put_properties(json, rule);
	jsonout_close(json, '}');
}

static int
compare_codes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/** The codes found that the catalogue does not have, each once. */
static void
put_plain_rules(struct jsonout *json, struct report *report)
{
	const char **codes = reallocarray(NULL, report->count + 1, sizeof(*codes));
	size_t count = 0;

	if (!codes) {
		report->failed = true;
		return;
	}
	for (size_t i = 0; i < report->count; i++)
		if (!catalogue_find(report->items[i].finding->code))
			codes[count++] = report->items[i].finding->code;
	qsort(codes, count, sizeof(*codes), compare_codes);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || strcmp(codes[i], codes[i - 1]) != 0)
			put_plain_rule(json, codes[i], "the input breaks a rule of its format; "
				       "the message says which");
	free(codes);
}

static void
put_tool(struct jsonout *json, struct report *report)
{
	size_t count;
	const struct catalogue_rule *rules = catalogue_rules(&count);

	jsonout_object(json, "tool", JSON_LINES);
	jsonout_object(json, "driver", JSON_LINES);
	jsonout_string(json, "name", "causeway lint");
	jsonout_string(json, "semanticVersion", report->version ? report->version : "0.0.0");
	jsonout_list(json, "rules", JSON_LINES);
	for (size_t i = 0; i < count; i++)
		if (!rules[i].needs)
			put_rule(json, &rules[i]);
	put_plain_rules(json, report);
	put_plain_rule(json, CUT_CODE, "there were more findings than a report of this form "
		       "may hold; the gravest are in it");
	jsonout_close(json, ']');
	jsonout_close(json, '}');
	jsonout_close(json, '}');
}

/** Not compared is not well: told where the service shows what went wrong with a tool. */
static void
put_invocation(struct jsonout *json, const struct report *report)
{
	struct text words;

	text_init(&words);
	jsonout_list(json, "invocations", JSON_LINES);
	jsonout_object(json, NULL, JSON_LINES);
	jsonout_bool(json, "executionSuccessful", true);
	jsonout_list(json, "toolExecutionNotifications", JSON_LINES);
	for (size_t i = 0; i < report->input_count; i++) {
		const struct diag_gap *gap = report->inputs[i].diags->gaps;

		for (; gap; gap = gap->next) {
			struct text plain;

			text_init(&plain);
			text_append(&plain, "not compared: ");
			text_printable(&plain, gap->what);
			text_append(&plain, ": ");
			text_printable(&plain, gap->why);
			put_unlinked(&words, &plain);
			text_fini(&plain);
			jsonout_object(json, NULL, JSON_INLINE);
			jsonout_string(json, "level", "warning");
			put_message(json, "message", &words);
			jsonout_close(json, '}');
		}
	}
	jsonout_close(json, ']');
	jsonout_close(json, '}');
	jsonout_close(json, ']');
	text_fini(&words);
}

static void
write_sarif(struct report *report)
{
	struct jsonout json;

	jsonout_init(&json, report->out);
	jsonout_object(&json, NULL, JSON_LINES);
	jsonout_string(&json, "$schema",
		    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
		    "sarif-schema-2.1.0.json");
	jsonout_string(&json, "version", "2.1.0");
	jsonout_list(&json, "runs", JSON_LINES);
	jsonout_object(&json, NULL, JSON_LINES);
	put_tool(&json, report);
	jsonout_object(&json, "automationDetails", JSON_INLINE);
	jsonout_string(&json, "id", "causeway-lint/");
	jsonout_close(&json, '}');
	jsonout_string(&json, "columnKind", "unicodeCodePoints");
	put_invocation(&json, report);
	put_results(&json, report);
	jsonout_close(&json, '}');
	jsonout_close(&json, ']');
	jsonout_close(&json, '}');
	text_append(report->out, "\n");
}

const struct reporter reporter_sarif = {
	"sarif", "SARIF 2.1.0, for GitHub's code scanning and many others", write_sarif,
};
