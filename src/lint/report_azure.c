#include <string.h>

#include "lint/report.h"

/*
 * Logging commands for the log of an Azure pipeline.  It knows errors and warnings; notes
 * go to its debug log.
 */

/** "%" as its agent undoes it; line ends; in properties also what would end them. */
static void
put_escaped(struct text *out, const char *string, bool property)
{
	for (; *string; string++) {
		size_t plain = strcspn(string, property ? "%\r\n;]" : "%\r\n");

		text_append_len(out, string, plain);
		string += plain;
		if (!*string)
			return;
		if (*string == '%')
			text_append(out, "%AZP25");
		else
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
		put_escaped(out, printable.data, true);
	text_fini(&printable);
}

static void
put_issue(struct report *report, const struct finding *finding)
{
	struct report_place place = report_place(report, finding->at);
	struct text *out = report->out;

	text_printf(out, "##vso[task.logissue type=%s;sourcepath=",
		    severity_text(finding->severity));
	put_property(out, place.file);
	text_printf(out, ";linenumber=%u;columnnumber=%u;code=", place.line, place.column);
	put_property(out, finding->code);
	text_append(out, ";]");
}

static void
put_finding(struct report *report, const struct finding *finding)
{
	struct text words;

	if (finding->severity == SEVERITY_NOTE)
		text_printf(report->out, "##vso[task.debug]%s: ", finding->code);
	else
		put_issue(report, finding);
	text_init(&words);
	finding_print(finding, &words);
	if (words.failed)
		report->failed = true;
	else
		put_escaped(report->out, words.data, false);
	text_append(report->out, "\n");
	text_fini(&words);
}

static void
write_azure(struct report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		if (!item_counts(&report->items[i]))
			continue;
		put_finding(report, report->items[i].finding);
		report_flush(report);
	}
}

const struct reporter reporter_azure = {
	"azure", "issues of an Azure pipeline", write_azure,
};
