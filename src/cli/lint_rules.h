/*
 * lint_rules - what causeway lint can find: --list, --rules and --explain
 */
#ifndef CLI_LINT_RULES_H
#define CLI_LINT_RULES_H

#include <stdbool.h>

#include "cli/command.h"

/** The checks of this version, with what each finds. */
enum exit_code lint_rules_list(void);

/** All rules of the catalogue, a line each, with why it does not run. */
enum exit_code lint_rules_print(bool json);

/** Definition, example, fix and assumptions of the rule of this code, which exists. */
enum exit_code lint_rules_explain(const char *code, bool json);

#endif
