#include <string.h>

#include "lint/report.h"

/*
 * A table for the summary of a CI step or a comment on a pull request.  All that comes from
 * the estate stands in code spans: nothing in them is markup, a mention or a link.
 */

#define TABLE_MOST  ((size_t)600 << 10)	/* octets: GitHub takes no summary over 1 MiB */
#define DETAILS_MOST 20			/* findings that are told in full */

/** The longest run of backticks. */
static size_t
longest_run(const char *string)
{
	size_t longest = 0, run = 0;

	for (; *string; string++) {
		run = *string == '`' ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest;
}

static void
put_fence(struct text *out, size_t ticks)
{
	while (ticks--)
		text_append(out, "`");
}

/** A code span; in a table a bar ends the cell even there, unless escaped. */
static void
put_code(struct text *out, const char *string)
{
	struct text words;
	size_t ticks;

	text_init(&words);
	text_printable(&words, string);
	if (words.failed)
		out->failed = true;
	if (words.failed || !words.data || !*words.data)
		goto done;
	ticks = longest_run(words.data) + 1;
	put_fence(out, ticks);
	text_append(out, ticks > 1 ? " " : "");
	for (const char *p = words.data; *p; p++)
		text_append_len(out, *p == '|' ? "\\|" : p, *p == '|' ? 2 : 1);
	text_append(out, ticks > 1 ? " " : "");
	put_fence(out, ticks);
done:
	text_fini(&words);
}

static void
put_place(struct text *out, const struct report_place *place)
{
	struct text words;

	text_init(&words);
	text_printf(&words, "%s:%u", place->file, place->line);
	put_code(out, words.failed ? "" : words.data);
	text_fini(&words);
}

static void
put_row(struct report *report, const struct finding *finding)
{
	struct report_place place = report_place(report, finding->at);
	struct text *out = report->out;

	text_printf(out, "| %s | ", severity_text(finding->severity));
	put_code(out, finding->code);
	text_append(out, " | ");
	put_place(out, &place);
	text_append(out, " | ");
	put_code(out, finding->message);
	text_append(out, " |\n");
}

/** Calls `put` for the findings that count, gravest first, until it says no; returns them. */
static size_t
each_by_severity(struct report *report, size_t most, size_t octets,
		 void (*put)(struct report *report, const struct finding *finding))
{
	size_t count = 0, written = 0;

	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_NOTE; severity--) {
		for (size_t i = 0; i < report->count && count < most; i++) {
			const struct report_item *item = &report->items[i];
			size_t before = report->out->len;

			if ((int)item->finding->severity != severity || !item_counts(item))
				continue;
			if (written > octets)
				return count;
			put(report, item->finding);
			written += report->out->len - before;
			report_flush(report);
			count++;
		}
	}
	return count;
}

/** A block of preformatted text, which nothing in it can end. */
static void
put_details(struct report *report, const struct finding *finding)
{
	struct text *out = report->out, words;
	size_t ticks;

	text_init(&words);
	finding_print(finding, &words);
	if (words.failed) {
		report->failed = true;
	} else {
		ticks = longest_run(words.data);
		ticks = ticks < 3 ? 3 : ticks + 1;
		text_append(out, "\n<details><summary>");
		text_markup(out, finding->code);
		text_append(out, " ");
		text_markup(out, finding->name ? finding->name : "");
		text_append(out, "</summary>\n\n");
		put_fence(out, ticks);
		text_append(out, "text\n");
		text_append(out, words.data);
		text_append(out, "\n");
		put_fence(out, ticks);
		text_append(out, "\n\n</details>\n");
	}
	text_fini(&words);
}

static void
put_gaps(struct report *report)
{
	for (size_t i = 0; i < report->input_count; i++) {
		const struct diag_gap *gap = report->inputs[i].diags->gaps;

		for (; gap; gap = gap->next) {
			text_append(report->out, "\nNot compared: ");
			put_code(report->out, gap->what);
			text_append(report->out, ": ");
			put_code(report->out, gap->why);
			text_append(report->out, "\n");
		}
	}
}

static void
write_markdown(struct report *report)
{
	struct text *out = report->out;
	size_t total = report->errors + report->warnings + report->notes, shown;

	text_append(out, "## causeway lint\n\n");
	report_print_totals(report, out);
	text_append(out, "\n");
	if (total) {
		text_append(out, "\n| severity | rule | where | what |\n|---|---|---|---|\n");
		shown = each_by_severity(report, SIZE_MAX, TABLE_MOST, put_row);
		if (shown < total)
			text_printf(out, "\n%zu more findings are not shown here.\n",
				    total - shown);
		each_by_severity(report, DETAILS_MOST, TABLE_MOST / 4, put_details);
	}
	put_gaps(report);
}

const struct reporter reporter_markdown = {
	"markdown", "a table for a pull request or the summary of a CI step", write_markdown,
};
