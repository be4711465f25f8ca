/*
 * lint_options - the command line of causeway lint
 *
 * Only what was said is here; what the configuration says besides is joined in cmd_lint.
 */
#ifndef CLI_LINT_OPTIONS_H
#define CLI_LINT_OPTIONS_H

#include "cli/lint_output.h"
#include "cli/parameters.h"
#include "lint/lint.h"

#define CODES_MOST 128	/* told by --select, and by --ignore */

struct lint_options {
	struct lint_outputs outputs;	/* one at least */
	const char *root;		/* of the paths shown; NULL: to be found */
	const char *select[CODES_MOST], *ignore[CODES_MOST];
	size_t select_count, ignore_count;
	enum severity fail_on;
	bool fail_on_said;		/* else the configuration's */
	bool fail_on_new;		/* anything that the baseline has not, whatever its severity */
	bool exit_zero, allow_partial, no_suppressions;
	const char *base;		/* the configuration that this one replaces; NULL */
	const char *baseline;		/* files; NULL */
	const char *write_baseline;
	bool prune_baseline;
	uint64_t max_per_rule;		/* findings of one code that are shown; 0: all */
	unsigned threads;		/* 0: as many as is usual */
	const char *tf_dir;		/* folder of the .tf files; NULL */
	bool rules, list;		/* no estate is judged: the checks are told */
	const char *explain;		/* a code; NULL */
	struct parameters parameters;	/* of templates */
	const char *const *paths;
	size_t path_count;
};

/**
 * Read the command line; the words of `argv` are taken apart and kept.
 * EXIT_FINE: *done says whether that was all (--help).  EXIT_USAGE: told.
 */
enum exit_code lint_options_read(const struct command *command, int argc, char **argv,
				 struct lint_options *options, bool *done);

/** Is JSON wanted, and nothing else?  For what is no report. */
bool lint_options_json(const struct lint_options *options);

extern const char lint_options_help[];

#endif
