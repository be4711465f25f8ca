/*
 * report - findings as text for people and JSON for machines
 *
 * A reporter is a struct of functions over one `struct report`; all of them append to
 * report->out, so a reporter opens no file.  The text of source lines comes from a function
 * of the caller's.  Loader findings and lint findings look alike.
 */
#ifndef LINT_REPORT_H
#define LINT_REPORT_H

#include "base/text.h"
#include "estate/estate.h"

/** The text of one line, without its newline; false: not to be had. */
typedef bool (*report_line_fn)(void *context, const char *file, uint32_t line,
			       const char **text, size_t *len);

/* What was judged, for the summary. */
struct report_counts {
	size_t files;		/* configurations given */
	size_t vpcs, sites, hosted_zones, record_sets, endpoints, rules;
};

/* One report being written.  Zero it, set the upper part, then report_begin. */
struct report {
	struct text *out;		/* everything is appended here */
	const char *version;		/* of the tool */
	report_line_fn line;		/* NULL: no snippets */
	void *line_context;
	bool colour;			/* text only: the caller knows the terminal */
	struct report_counts counts;	/* may be set until report_end */

	size_t errors, warnings, notes;	/* by the functions below */
	size_t dropped;			/* made beyond the sink's limit */
	struct text body;		/* a reporter's own, until the end */
};

struct reporter {
	const char *name;		/* as users say it: "text", "concise", "json" */
	void (*begin)(struct report *report);
	void (*finding)(struct report *report, const struct finding *finding);
	void (*end)(struct report *report);
};

/** The reporter of this name, or NULL. */
const struct reporter *reporter_find(const char *name);
/** The i-th name, NULL behind the last. */
const char *reporter_name(size_t i);

void report_begin(const struct reporter *reporter, struct report *report);
/** All findings of one run, in the order they have in diags; add them up for the summary. */
void report_findings(const struct reporter *reporter, struct report *report,
		     const struct diags *diags);
/** Summary and end; frees what the report holds.  out->failed: memory was not enough. */
void report_end(const struct reporter *reporter, struct report *report);

/** Add an estate to the counts. */
void report_count(struct report_counts *counts, const struct estate *estate);

/** "3 errors, 1 warning": what was found, for a last line. */
void report_print_totals(const struct report *report, struct text *out);

/** The first part of this kind from `part` on, itself included; NULL: none. */
const struct finding_part *part_next(const struct finding_part *part, enum part_kind kind);

extern const struct reporter reporter_text;	/* with source lines and carets */
extern const struct reporter reporter_concise;	/* a line a finding, as compilers write */
extern const struct reporter reporter_json;

#endif
