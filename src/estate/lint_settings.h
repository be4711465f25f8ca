/*
 * lint_settings - the `lint` section: how the estate is judged, and what is expected of it
 *
 * Kept by the loader, read by lint alone; nothing of it goes into a snapshot.  Pragmas are
 * what comments of the files say about findings (load/pragma).
 */
#ifndef ESTATE_LINT_SETTINGS_H
#define ESTATE_LINT_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"
#include "estate/quotas.h"

struct ref;

/* An item of a list of texts. */
struct string_item {
	const char *text;
	struct srcloc at;
	struct string_item *next;
};

/* A text with a name. */
struct text_pair {
	const char *name, *text;
	struct srcloc at;
	struct text_pair *next;
};

/* What findings of one code count as. */
struct lint_severity {
	const char *code;		/* or the beginning of codes */
	enum severity severity;
	struct srcloc at;
	struct lint_severity *next;
};

/* Files that are judged less strictly. */
struct lint_path {
	const char *path;		/* a pattern as of glob(7), of paths as findings show them */
	struct string_item *ignore;	/* codes, or their beginnings */
	struct srcloc at;
	struct lint_path *next;
};

/* Networks that should be alike. */
struct lint_group {
	const char *id;
	struct ref *networks;
	struct srcloc at;
	struct lint_group *next;
};

/* Findings about one object that are accepted. */
struct lint_suppression {
	const char *code;
	const char *object;		/* a pattern of ids; NULL: whatever it is about */
	const char *reason;
	const char *until;		/* YYYY-MM-DD, the last day; NULL: always */
	struct srcloc at;
	struct lint_suppression *next;
};

/* What a name should give.  Which of the fields are used is a matter of the list it is in. */
struct lint_expectation {
	const uint8_t *name;		/* wire, lower case */
	uint16_t type;			/* 0: not said */
	struct string_item *values;	/* as text */
	struct ref *networks;
	struct srcloc at;
	struct lint_expectation *next;
};

/* Which lines of its file a pragma speaks of. */
enum pragma_kind {
	PRAGMA_IGNORE,		/* first to last: its own line, or the node behind it */
	PRAGMA_RANGE,		/* first to last: from `disable` to `enable` */
	PRAGMA_FILE,		/* all */
	PRAGMA_FLAWED,		/* none: `reason` says what is wrong with it */
};

/* One code of one comment. */
struct pragma {
	enum pragma_kind kind;
	const char *code;		/* as written; NULL when flawed */
	const char *reason;		/* "" when none is given */
	const char *until;		/* as written; NULL: always */
	uint32_t first, last;		/* lines, both included */
	struct srcloc at;
	struct pragma *next;
};

struct lint_settings {
	struct string_item *select, *ignore;
	struct lint_severity *severities;
	struct lint_path *paths;
	enum severity fail_on;		/* error by default */
	struct lint_group *groups;
	uint32_t quotas[QUOTAS];	/* by enum quota */
	struct lint_suppression *suppressions;
	struct lint_expectation *same, *answers, *absent;
	struct pragma *pragmas, *last_pragma;
	struct srcloc at;		/* of the `lint` key; file NULL: there is none */
};

#endif
