/*
 * command - what the subcommands of causeway have in common
 *
 * One file per subcommand, one row in causeway.c's table.  A subcommand parses its own
 * arguments with getopt_long, prints its result to standard output and what went wrong to
 * standard error, and returns one of these exit codes.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdio.h>

#include "base/status.h"

/* The same everywhere; part of the interface. */
enum exit_code {
	EXIT_FINE = 0,
	EXIT_NO = 1,		/* findings, no such record, differences: the answer is "no" */
	EXIT_USAGE = 2,		/* usage or configuration error */
	EXIT_INPUT = 3,		/* input unreadable or incomplete */
	EXIT_INTERNAL = 4,	/* our own failure, memory included */
};

struct command {
	const char *name;
	const char *arguments;	/* in the usage line, behind the name */
	const char *summary;	/* half a line */
	const char *options;	/* for --help: a line each, ending in a newline */
	/* argv[0] is the subcommand's name */
	enum exit_code (*run)(const struct command *command, int argc, char **argv);
};

extern const struct command command_compile;
extern const struct command command_diff;
extern const struct command command_dump;
extern const struct command command_explain;
extern const struct command command_flush;
extern const struct command command_health;
extern const struct command command_lint;
extern const struct command command_lookup;
extern const struct command command_reload;
extern const struct command command_resolve;
extern const struct command command_stats;
extern const struct command command_status;

/** Usage and options; for --help on standard output. */
enum exit_code command_help(const struct command *command);

/** "causeway lint: ..." and the usage line on standard error; returns EXIT_USAGE. */
enum exit_code command_usage(const struct command *command, const char *fmt, ...)
	printf_like(2, 3);

/** The usage error for what getopt_long has just returned '?' or ':' for. */
enum exit_code command_bad_option(const struct command *command, char **argv);

/** The argument of --threads: from 1 to what base/parallel has at most. */
enum exit_code command_threads(const struct command *command, const char *number,
			       unsigned *threads);

#endif
