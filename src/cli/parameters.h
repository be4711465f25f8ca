/*
 * parameters - --parameter NAME=VALUE of the command line, for templates of CloudFormation
 */
#ifndef CLI_PARAMETERS_H
#define CLI_PARAMETERS_H

#include "cli/command.h"
#include "estate/lint_settings.h"

#define PARAMETERS_MOST 256

struct parameters {
	struct text_pair pairs[PARAMETERS_MOST];	/* linked in the order given */
	size_t count;
};

/** Take up one; `word` is taken apart and kept.  EXIT_USAGE: told. */
enum exit_code parameters_add(const struct command *command, struct parameters *parameters,
			      char *word);

/** NULL: none was given. */
const struct text_pair *parameters_first(const struct parameters *parameters);

#endif
