/*
 * adopt - the loader's findings under the codes of the catalogue
 *
 * The loader, estate_check and compile call what they find by names of their own.  Where the
 * catalogue has a rule for it, people select, ignore and read about it by the rule's code; one
 * table says which is which.  Findings that the catalogue has no rule for keep their names.
 */
#ifndef LINT_ADOPT_H
#define LINT_ADOPT_H

#include "lint/lint.h"

/** Give all findings their code and its name.  Before diags_sort. */
void adopt_findings(struct diags *diags);

/**
 * Take away the warnings and notes with an adopted code that is not chosen.  Errors stay:
 * they say why there is nothing to judge.
 */
void adopt_choose(struct diags *diags, const struct lint_choice *choice);

#endif
