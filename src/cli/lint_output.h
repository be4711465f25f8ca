/*
 * lint_output - where the report of causeway lint goes, and in which formats
 */
#ifndef CLI_LINT_OUTPUT_H
#define CLI_LINT_OUTPUT_H

#include "cli/command.h"
#include "cli/output.h"
#include "lint/report.h"

#define OUTPUTS_MOST 16

struct lint_output {
	const struct reporter *reporter;
	const char *file;		/* NULL: standard output */
	bool append;
};

struct lint_outputs {
	struct lint_output list[OUTPUTS_MOST];
	size_t count;
};

/** Take up "FORMAT" or "FORMAT=FILE"; splits it in place.  EXIT_USAGE: told. */
enum exit_code lint_outputs_add(const struct command *command, struct lint_outputs *outputs,
				char *spec);

/**
 * Where nothing was chosen: text, and on GitHub's machines annotations and the summary of
 * the step besides.
 */
void lint_outputs_default(struct lint_outputs *outputs);

/** Write all of them.  Not EXIT_FINE: told; the others were written all the same. */
enum exit_code lint_outputs_write(const struct lint_outputs *outputs, struct report *report);

#endif
