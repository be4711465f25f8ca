/*
 * report_html - the parts of the HTML report, private to report_html*.c
 *
 * One file that asks for nothing: style and script are inside, and the page's own policy
 * (a CSP of hashes) lets nothing else run or load, should anything of a stranger's ever pass
 * as markup.  It says all without scripts; they only filter what is shown.
 */
#ifndef LINT_REPORT_HTML_H
#define LINT_REPORT_HTML_H

#include "lint/map_layout.h"
#include "lint/report.h"

/* A finding as a row of the table; numbered from 1 by their place. */
struct html_row {
	const struct finding *finding;
	size_t input;
};

/* The page being written. */
struct html {
	struct report *report;
	struct text *out;
	struct arena arena;
	struct map *maps;		/* by input; without nodes where there is nothing to draw */
	struct map_layout *layouts;	/* by input */
	struct html_row *rows;		/* gravest first, those suppressed at the end */
	size_t row_count;
};

/** "f12": what a row is called in the page; 0: the finding has no row. */
size_t html_row_number(const struct html *html, const struct finding *finding);

void html_put_findings(struct html *html);
void html_put_overlaps(struct html *html);

/** Class of what a severity colours. */
const char *html_severity(const struct finding *finding);

extern const char html_style[], html_script[];

#endif
