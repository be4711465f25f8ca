/*
 * known - the files of the baseline: read, written anew, replaced as a whole
 */
#ifndef CLI_KNOWN_H
#define CLI_KNOWN_H

#include "cli/command.h"
#include "cli/lint_options.h"
#include "lint/baseline.h"

/* The baseline of one run, and how it calls files. */
struct known {
	struct baseline baseline;
	path_fn path;
	void *path_context;
};

/**
 * Read the baseline of --baseline, or what --write-baseline is about to replace, when there
 * is any.  EXIT_INPUT: it cannot be read; told.  EXIT_USAGE: it is none; in diags.
 */
enum exit_code known_read(struct known *known, const struct lint_options *options,
			  struct arena *arena, struct diags *diags);

/** Take what it holds out of the findings, with --baseline. */
enum exit_code known_apply(struct known *known, const struct lint_options *options,
			   const struct lint_choice *choice, struct diags *diags);

/** --write-baseline and --prune-baseline. */
enum exit_code known_write(const struct known *known, const struct lint_options *options,
			   const char *today, const struct diags *diags);

#endif
