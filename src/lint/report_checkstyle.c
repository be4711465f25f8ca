#include <string.h>

#include "lint/report.h"

/* Checkstyle's XML: findings by file.  They come sorted by file, so neighbours share one. */

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
	return "info";
}

static void
put_finding(struct report *report, const struct finding *finding,
	    const struct report_place *place)
{
	struct text *out = report->out, words;

	text_init(&words);
	finding_print(finding, &words);
	text_printf(out, "    <error line=\"%u\" column=\"%u\" severity=\"%s\" message=\"",
		    place->line, place->column, level(finding->severity));
	text_markup_lines(out, &words, "&#10;");
	text_append(out, "\" source=\"causeway.");
	text_markup(out, finding->code);
	text_append(out, "\"/>\n");
	text_fini(&words);
}

static void
write_checkstyle(struct report *report)
{
	const char *file = NULL;
	struct text *out = report->out;

	text_append(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			 "<checkstyle version=\"4.3\">\n");
	for (size_t i = 0; i < report->count; i++) {
		const struct finding *finding = report->items[i].finding;
		struct report_place place;

		if (!item_counts(&report->items[i]))
			continue;
		place = report_place(report, finding->at);
		if (!file || strcmp(file, place.file) != 0) {
			text_append(out, file ? "  </file>\n  <file name=\"" : "  <file name=\"");
			text_markup(out, place.file);
			text_append(out, "\">\n");
			file = place.file;
		}
		put_finding(report, finding, &place);
		report_flush(report);
	}
	text_append(out, file ? "  </file>\n</checkstyle>\n" : "</checkstyle>\n");
}

const struct reporter reporter_checkstyle = {
	"checkstyle", "Checkstyle's XML, which many review tools read", write_checkstyle,
};
