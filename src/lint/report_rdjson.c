#include "lint/jsonout.h"
#include "lint/report.h"

/* The diagnostic format of reviewdog.  Its columns are octets, ours characters. */

static const char *
level(enum severity severity)
{
	switch (severity) {
	case SEVERITY_ERROR:
		return "ERROR";
	case SEVERITY_WARNING:
		return "WARNING";
	case SEVERITY_NOTE:
		break;
	}
	return "INFO";
}

/** column 0: only the line is known. */
static void
put_position(struct jsonout *json, const char *key, uint32_t line, uint32_t column)
{
	jsonout_object(json, key, JSON_INLINE);
	jsonout_number(json, "line", line);
	if (column)
		jsonout_number(json, "column", column);
	jsonout_close(json, '}');
}

static void
put_location(struct jsonout *json, const struct report *report, struct srcloc at)
{
	struct report_place place = report_place(report, at);
	uint32_t start = place.exact ? report_octet(report, at, place.column) : 0;

	jsonout_object(json, "location", JSON_INLINE);
	jsonout_string(json, "path", place.file);
	jsonout_object(json, "range", JSON_INLINE);
	put_position(json, "start", place.line, start);
	if (start)
		put_position(json, "end", place.line,
			     report_octet(report, at, place.end_column));
	jsonout_close(json, '}');
	jsonout_close(json, '}');
}

static void
put_related(struct jsonout *json, const struct report *report, const struct finding_part *part)
{
	struct text words;

	text_init(&words);
	part_print(part, &words);
	jsonout_object(json, NULL, JSON_INLINE);
	jsonout_text(json, "message", &words);
	put_location(json, report, part->at);
	jsonout_close(json, '}');
	text_fini(&words);
}

static void
put_finding(struct jsonout *json, const struct report *report, const struct finding *finding)
{
	const struct finding_part *part;
	struct text words;

	jsonout_object(json, NULL, JSON_LINES);
	text_init(&words);
	finding_print(finding, &words);
	jsonout_text(json, "message", &words);
	text_fini(&words);
	put_location(json, report, finding->at);
	jsonout_string(json, "severity", level(finding->severity));
	jsonout_object(json, "code", JSON_INLINE);
	jsonout_string(json, "value", finding->code);
	jsonout_close(json, '}');
	jsonout_list(json, "related_locations", JSON_LINES);
	for (part = part_next(finding->parts, PART_OBJECT); part;
	     part = part_next(part->next, PART_OBJECT))
		if (part->at.file)
			put_related(json, report, part);
	jsonout_close(json, ']');
	jsonout_close(json, '}');
}

static void
write_rdjson(struct report *report)
{
	struct jsonout json;

	jsonout_init(&json, report->out);
	jsonout_object(&json, NULL, JSON_LINES);
	jsonout_object(&json, "source", JSON_INLINE);
	jsonout_string(&json, "name", "causeway lint");
	jsonout_close(&json, '}');
	jsonout_list(&json, "diagnostics", JSON_LINES);
	for (size_t i = 0; i < report->count; i++) {
		if (!item_counts(&report->items[i]))
			continue;
		put_finding(&json, report, report->items[i].finding);
		report_flush(report);
	}
	jsonout_close(&json, ']');
	jsonout_close(&json, '}');
	text_append(report->out, "\n");
}

const struct reporter reporter_rdjson = {
	"rdjson", "reviewdog's diagnostic format", write_rdjson,
};
