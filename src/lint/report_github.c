#include <string.h>

#include "lint/report.h"

/*
 * Workflow commands for the log of a GitHub job, which become annotations.  The service shows
 * ten of each level for a step and drops the rest without a word (actions/toolkit#734): so
 * we stop there and one of the notices tells how many there were besides.
 */

#define SHOWN_MOST 10	/* of each level */

/** In the command's text: "%" and line ends; in its properties ":" and "," too. */
static void
put_escaped(struct text *out, const char *string, const char *escaped)
{
	for (; *string; string++) {
		size_t plain = strcspn(string, escaped);

		text_append_len(out, string, plain);
		string += plain;
		if (!*string)
			return;
		text_printf(out, "%%%02X", (uint8_t)*string);
	}
}

static void
put_property(struct text *out, const char *string)
{
	struct text printable;

	text_init(&printable);
	text_printable(&printable, string);
	if (printable.failed)
		out->failed = true;
	else if (printable.data)
		put_escaped(out, printable.data, "%\r\n:,");
	text_fini(&printable);
}

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
	return "notice";
}

static void
put_place(struct text *out, const struct report_place *place)
{
	text_append(out, " file=");
	put_property(out, place->file);
	text_printf(out, ",line=%u", place->line);
	if (place->exact)
		text_printf(out, ",endLine=%u,col=%u,endColumn=%u", place->line, place->column,
			    place->end_column);
}

static void
put_finding(struct report *report, const struct finding *finding)
{
	struct report_place place = report_place(report, finding->at);
	struct text *out = report->out, words;

	text_init(&words);
	text_append(&words, finding->code);
	if (finding->name)
		text_printf(&words, " %s", finding->name);
	text_append(out, "::");
	text_append(out, level(finding->severity));
	put_place(out, &place);
	text_append(out, ",title=");
	put_property(out, words.failed ? finding->code : words.data);
	text_append(out, "::");
	text_clear(&words);
	finding_print(finding, &words);
	if (words.failed)
		report->failed = true;
	else
		put_escaped(out, words.data, "%\r\n");
	text_append(out, "\n");
	text_fini(&words);
}

/** The first of this severity; returns how many there were besides. */
static size_t
put_severity(struct report *report, enum severity severity, size_t most)
{
	size_t count = 0;

	for (size_t i = 0; i < report->count; i++) {
		const struct report_item *item = &report->items[i];

		if (item->finding->severity == severity && item_counts(item) && count++ < most)
			put_finding(report, item->finding);
	}
	return count > most ? count - most : 0;
}

static void
write_github(struct report *report)
{
	size_t more = report->dropped;

	more += put_severity(report, SEVERITY_ERROR, SHOWN_MOST);
	more += put_severity(report, SEVERITY_WARNING, SHOWN_MOST);
	if (more || report->notes > SHOWN_MOST)	/* the last place is for what follows */
		more += put_severity(report, SEVERITY_NOTE, SHOWN_MOST - 1);
	else
		more += put_severity(report, SEVERITY_NOTE, SHOWN_MOST);
	if (!more)
		return;
	text_printf(report->out, "::notice title=causeway lint::%zu more findings are not shown "
		    "here: ", more);
	report_print_totals(report, report->out);
	text_append(report->out, "\n");
}

const struct reporter reporter_github = {
	"github", "annotations of a GitHub job, the ten gravest of each kind", write_github,
};
