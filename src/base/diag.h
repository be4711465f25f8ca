/*
 * diag - findings: what people are told, by the loader and by lint alike
 *
 * A finding has a stable code, a severity, a place, a message with the value and the rule,
 * and parts: the other objects involved, a witness question, a way to mend it.  Reporters
 * (lint/report_*) print them; the data plane never makes one.  One thread at a time.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

/* Where something was declared.  line and column count from 1; 0 is "not known". */
struct srcloc {
	const char *file;	/* lives as long as the estate; NULL: no file */
	uint32_t line;
	uint32_t column;
};

enum severity {
	SEVERITY_NOTE,
	SEVERITY_WARNING,
	SEVERITY_ERROR,
};

enum part_kind {
	PART_OBJECT,	/* an object involved: `kind` says of what kind, `id` which */
	PART_WITNESS,	/* a question that shows it: `id` is "NAME TYPE", `text` what it gives */
	PART_OUTCOME,	/* what the witness gives in one network: `id` names the network */
	PART_ASSUMED,	/* what it rests on: `id`, a point of server.assume, `text` its value */
	PART_HELP,	/* how to mend it: `text` */
	PART_NETWORK,	/* a network concerned: `kind` vpc or site, `id` */
	PART_NAMES,	/* names concerned: `id`; `kind` "name" for that one, "others" for the
			 * unnamed ones below it, "subtree" for it and all below; `text` types */
};

struct finding_part {
	enum part_kind part;
	const char *kind;	/* "hosted_zone", "resolver_rule", "vpc", ...; may be NULL */
	const char *id;		/* may be NULL */
	struct srcloc at;	/* file NULL where it has no place */
	const char *text;	/* may be NULL */
	struct finding_part *next;
};

struct finding {
	const char *code;	/* "ZON101", "CFG002", "unknown-key": stable, for machines */
	const char *name;	/* "same-name-zones-differ"; NULL where the code is the name */
	enum severity severity;
	struct srcloc at;
	const char *message;
	const char *suppressed;	/* why it is not counted; NULL: it is */
	bool may;		/* it may be so: what decides is not declared */
	struct finding_part *parts;
	struct finding_part **parts_end;
	struct finding *next;
};

/* What was not looked at, and why: a run with gaps does not say that all is well. */
struct diag_gap {
	const char *what;	/* "networks vpc-a and vpc-b" */
	const char *why;	/* "the work budget was spent" */
	struct diag_gap *next;
};

/* All findings of one run, in the order reported.  Lives in the arena. */
struct diags {
	struct arena *arena;
	struct finding *first;
	struct finding **end;
	size_t errors, warnings, notes;	/* reported; the dropped ones too */
	size_t limit;		/* findings kept; more are counted, not kept */
	size_t dropped;		/* reported beyond the limit */
	size_t suppressed;	/* kept, and in none of the counts above */
	struct diag_gap *gaps, **gaps_end;
};

/** An empty sink.  arena outlives it.  limit 0: the default, 10,000. */
void diags_init(struct diags *diags, struct arena *arena, size_t limit);

/** Report one finding and go on: one run shows every mistake, diags->errors decides. */
void diag_report(struct diags *diags, enum severity severity, const char *code,
		 struct srcloc at, const char *fmt, ...) printf_like(5, 6);

/**
 * The same for a caller that adds parts: returns the finding, or NULL when it was dropped
 * (limit, memory); diag_add accepts that NULL.  code and name are not copied.
 */
struct finding *diag_open(struct diags *diags, enum severity severity, const char *code,
			  const char *name, struct srcloc at, const char *fmt, ...)
	printf_like(6, 7);

/** Add a part to a finding.  kind, id and fmt may be NULL; the strings are copied. */
void diag_add(struct diags *diags, struct finding *finding, enum part_kind part,
	      const char *kind, const char *id, struct srcloc at, const char *fmt, ...)
	printf_like(7, 8);

/** Tell what was not looked at; the strings are copied. */
void diag_gap(struct diags *diags, const char *what, const char *why);

/**
 * Append the findings of another sink, which is empty afterwards.  Their memory is not moved:
 * its arena outlives them.
 */
void diags_join(struct diags *into, struct diags *from);

/** It stays in the list and is counted no more.  why is not copied. */
void diag_suppress(struct diags *diags, struct finding *finding, const char *why);

/** Count it as graver, or less grave. */
void diag_regrade(struct diags *diags, struct finding *finding, enum severity severity);

/** Sort by file, line, column, code: the order in which people read.  Stable. */
void diags_sort(struct diags *diags);

const char *severity_text(enum severity severity);	/* "error", "warning", "note" */

#endif
