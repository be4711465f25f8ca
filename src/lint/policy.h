/*
 * policy - which findings count: the `lint` section and the comments of an estate
 *
 * Applied to the findings of a run when all checks are through: severities are changed, what
 * is accepted is marked (finding->suppressed says by what), and what accepts nothing is
 * reported as CFG005.  A finding is accepted when any object that it names is: the mark says
 * where.  Days are texts, YYYY-MM-DD, so they compare as texts; today's comes from the caller.
 * CFG001 to CFG003 and CFG005 cannot be accepted.
 */
#ifndef LINT_POLICY_H
#define LINT_POLICY_H

#include "lint/lint.h"

#define POLICY_CODES_MOST 256	/* in a list of the section */
#define POLICY_DAY	  11	/* a day as text, zero-terminated */

/* A choice that the section is joined with.  `choice` points into it: do not copy. */
struct policy_choice {
	struct lint_choice choice;
	const char *select[POLICY_CODES_MOST], *ignore[POLICY_CODES_MOST];
};

/**
 * Do the codes exist, and are the days days?  Errors are reported (bad-value).
 * ERR_REJECTED: at least one.
 */
enum status policy_check(const struct lint_settings *settings, struct diags *diags) must_check;

/** Codes selected by the caller replace those of the section; ignored ones add up. */
void policy_choose(const struct lint_settings *settings, const struct lint_choice *said,
		   struct policy_choice *out);

/**
 * Change severities, accept and report what accepts nothing.  suppressions: false leaves
 * comments and lint.suppress out.  ERR_NOMEM: not all was done.
 */
enum status policy_apply(const struct lint_settings *settings, const struct lint_choice *choice,
			 const char *today, bool suppressions, struct diags *diags) must_check;

/** Is it YYYY-MM-DD? */
bool policy_is_day(const char *text);

#endif
