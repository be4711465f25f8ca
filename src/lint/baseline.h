/*
 * baseline - findings that are known, as a file: one JSON object a line, sorted
 *
 *	{"code": "ZON101", "objects": ["Z0APP", "Z0DATA"], "fingerprint": "...", "count": 1,
 *	 "first_seen": "2026-11-22", "reason": "..."}
 *
 * (on one line.)  Two people who add findings change different lines.  A finding stands in
 * the baseline when its fingerprint does, as often as `count` says; positions do not matter.
 * What is sorted in by hand, and keys that are not ours, are accepted and dropped on writing.
 * No files here: text in, text out.
 */
#ifndef LINT_BASELINE_H
#define LINT_BASELINE_H

#include "base/arena.h"
#include "base/table.h"
#include "lint/fingerprint.h"
#include "lint/policy.h"

struct baseline_entry {
	const char *fingerprint, *code, *objects;	/* objects: JSON, as it is written */
	const char *first_seen, *reason;		/* "" and NULL when not said */
	uint64_t count, matched;
	struct srcloc at;
	struct baseline_entry *next;			/* in the order read */
};

struct baseline {
	struct arena *arena;
	struct baseline_entry *first, *last;
	struct table by_fingerprint;
};

void baseline_init(struct baseline *baseline, struct arena *arena);

/**
 * Read a file's text.  ERR_MALFORMED: a line is none of ours, reported (bad-baseline); the
 * others stand.  ERR_NOMEM.
 */
enum status baseline_read(struct baseline *baseline, const char *path, const char *text,
			  size_t len, struct diags *diags) must_check;

/**
 * Mark the findings that stand in it as accepted.  Entries that match none, or fewer than
 * they count, are reported as CFG005 where it is chosen, unless their code did not run.
 */
enum status baseline_apply(struct baseline *baseline, const struct lint_choice *choice,
			   path_fn path, void *context, struct diags *diags) must_check;

/**
 * Write the baseline of these findings: those that count, and those that the baseline held.
 * What was known keeps its first day and its reason.  today: the first day of the others.
 */
enum status baseline_print(const struct baseline *known, path_fn path, void *context,
			   const char *today, const struct diags *diags,
			   struct text *out) must_check;

/** Write what is left of it when entries and counts that matched nothing are taken out. */
enum status baseline_prune(const struct baseline *baseline, struct text *out) must_check;

#endif
