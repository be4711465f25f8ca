#include "lint/jsonout.h"
#include "lint/report.h"

/*
 * GitLab's Code Quality report.  It takes findings of one fingerprint for one: those that
 * have the same get their number added.
 */

static const char *
level(enum severity severity)
{
	switch (severity) {
	case SEVERITY_ERROR:
		return "critical";
	case SEVERITY_WARNING:
		return "minor";
	case SEVERITY_NOTE:
		break;
	}
	return "info";
}

static void
put_fingerprint(struct jsonout *json, const struct report_item *item)
{
	struct text text;

	text_init(&text);
	text_append(&text, item->fingerprint.hex);
	if (item->nth > 1)
		text_printf(&text, "-%u", item->nth);
	jsonout_text(json, "fingerprint", &text);
	text_fini(&text);
}

static void
put_finding(struct jsonout *json, struct report *report, const struct report_item *item)
{
	const struct finding *finding = item->finding;
	struct report_place place = report_place(report, finding->at);
	struct text words;

	jsonout_object(json, NULL, JSON_LINES);
	text_init(&words);
	finding_print(finding, &words);
	jsonout_text(json, "description", &words);
	text_fini(&words);
	jsonout_string(json, "check_name", finding->code);
	put_fingerprint(json, item);
	jsonout_string(json, "severity", level(finding->severity));
	jsonout_object(json, "location", JSON_INLINE);
	jsonout_string(json, "path", place.file);
	jsonout_object(json, "lines", JSON_INLINE);
	jsonout_number(json, "begin", place.line);
	jsonout_close(json, '}');
	jsonout_close(json, '}');
	jsonout_close(json, '}');
}

static void
write_gitlab(struct report *report)
{
	struct jsonout json;

	jsonout_init(&json, report->out);
	jsonout_list(&json, NULL, JSON_LINES);
	for (size_t i = 0; i < report->count; i++) {
		if (!item_counts(&report->items[i]))
			continue;
		put_finding(&json, report, &report->items[i]);
		report_flush(report);
	}
	jsonout_close(&json, ']');
	text_append(report->out, "\n");
}

const struct reporter reporter_gitlab = {
	"gitlab", "GitLab's Code Quality report", write_gitlab,
};
