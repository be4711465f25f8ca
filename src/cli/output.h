/*
 * output - reports and source lines on their way to a terminal or a pipe
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/text.h"
#include "cli/command.h"
#include "lint/report.h"

/* Source files whose lines are shown in findings; zero it before use. */
struct source_lines {
	struct source_file *files;
};

/** A report_line_fn; context is a struct source_lines. */
bool source_line(void *context, const char *file, uint32_t line, const char **text, size_t *len);
void source_lines_close(struct source_lines *lines);

/** A terminal that is not told otherwise by NO_COLOR (no-color.org) or TERM=dumb. */
bool output_colour(FILE *to);

/** Columns of a terminal; 0: it is none, or does not say. */
unsigned output_width(FILE *to);

/** Write and flush.  EXIT_INTERNAL: memory ran out on the way, or the write failed; told. */
enum exit_code output_write(FILE *to, const struct text *text);

/** Findings with their source lines, as the text reporter prints them, no totals. */
void output_findings(FILE *to, const struct diags *diags);

#endif
