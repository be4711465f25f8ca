/*
 * lint - what makes an estate wrong
 *
 * Judges an estate and the snapshot compiled from it: what a check says about resolution it
 * reads from the cut tables and zones that the daemon would serve, and asks route_select and
 * lookup_find, as the daemon does.  Findings go into the one sink that the loader uses too.
 * Checks stand in one table: a new one is a row there and a function in its family's file
 * check_<family>.c.  Codes are stable and never used twice.  No files, no sockets, no clock;
 * one thread.
 *
 * Taken for equal: zones that differ in nothing but their SOA, the NS at their apex, TTLs,
 * and which health checks they name.  None of it changes where a name leads.
 */
#ifndef LINT_LINT_H
#define LINT_LINT_H

#include "estate/estate.h"
#include "snapshot/snapshot.h"

struct lint;

/* One row of the table of checks. */
struct lint_check {
	const char *code;		/* "ZON101"; its letters name the family */
	const char *name;		/* "same-name-zones-differ" */
	enum severity severity;		/* the gravest it reports */
	const char *summary;		/* what it finds, in one line */
	/* Reports all it finds.  NULL: found by the loader (it stops the load), listed only. */
	void (*run)(struct lint *lint, const struct lint_check *check);
};

/** The table, sorted by code. */
const struct lint_check *lint_checks(size_t *count);

/* Which checks to run. */
struct lint_choice {
	enum severity least;		/* findings below this severity are not made */
	const char *const *select;	/* codes or their beginnings ("ZON"); NULL: all */
	size_t select_count;
	const char *const *ignore;	/* the same; wins over select */
	size_t ignore_count;
	uint64_t work;			/* steps that comparing networks may take; 0: LINT_WORK */
	const struct estate *base;	/* what the estate is to replace; NULL: nothing */
	const struct snapshot *base_snap;	/* compiled from it */
};

#define LINT_WORK 100000000	/* some ten seconds; what is left out then is a gap of diags */

/** Does any check's code begin so ("ZON101", "ZON1", "ZON")? */
bool lint_code_exists(const char *code);

/** Is this code chosen? */
bool lint_chosen(const struct lint_choice *choice, const char *code);

/**
 * Run all checks, reporting findings of at least this severity.
 * estate: passed estate_check without errors; its zones may be unread.  snap: compiled
 * from it.
 * OK: all checks ran; diags holds what they found.  ERR_NOMEM: some did not.
 * ERR_MALFORMED: our own mistake: a witness did not replay as its finding claimed.  That
 * finding is replaced by one of code "internal-error"; the others stand.
 */
enum status lint_run(const struct estate *estate, const struct snapshot *snap,
		     enum severity least, struct diags *diags) must_check;

/** The same for the checks chosen. */
enum status lint_run_chosen(const struct estate *estate, const struct snapshot *snap,
			    const struct lint_choice *choice, struct diags *diags) must_check;

#endif
