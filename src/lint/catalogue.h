/*
 * catalogue - what every rule says of itself: data for people, and for reports that list rules
 *
 * All rules of the catalogue have their row, built or not; the table of checks in lint.c says
 * which of them run.  A rule that has no row there names in `needs` the input it waits for.
 * Rows are sorted by code within their family, families in the order of a reader's interest.
 */
#ifndef LINT_CATALOGUE_H
#define LINT_CATALOGUE_H

#include <stddef.h>

#include "base/diag.h"
#include "estate/assume.h"

/* How often a finding is right, in the words of SARIF's `precision`. */
enum precision {
	PRECISION_LOW,
	PRECISION_MEDIUM,
	PRECISION_HIGH,
	PRECISION_VERY_HIGH,
};

struct catalogue_rule {
	const char *code;		/* "ZON101" */
	const char *name;		/* "same-name-zones-differ" */
	enum severity severity;		/* the gravest it reports */
	enum precision precision;
	const char *definition;		/* one sentence, without its full stop */
	const char *example;		/* one line */
	const char *fix;		/* one line: how to mend it */
	const char *needs;		/* input that is not read, so it cannot run; else NULL */
	const char *security;		/* 0.1 to 10.0, SEC rules only; else NULL */
	unsigned assumes;		/* points of server.assume it rests on: bits 1 << enum assume */
};

/** All rules. */
const struct catalogue_rule *catalogue_rules(size_t *count);

/** The rule of this code; NULL: none. */
const struct catalogue_rule *catalogue_find(const char *code);

/** The code that a mistyped one may mean, or NULL. */
const char *catalogue_nearest(const char *code);

const char *precision_text(enum precision precision);	/* "low" ... "very-high" */

#endif
