/*
 * report - findings as text for people and in the forms that machines read
 *
 * A `struct report` gathers what was judged and what was found; then it is written as often
 * as wanted, by one reporter each: report_init, report_add per input, report_write per output,
 * report_fini.  A reporter opens no file: it appends to report->out and lets what has grown
 * large go (report_flush), so that no report is held in memory as a whole.  The text of
 * source lines comes from a function of the caller's.  Loader findings and lint findings
 * look alike.  Each reporter makes what it prints inert for its format: ids, names and data
 * are a stranger's.
 */
#ifndef LINT_REPORT_H
#define LINT_REPORT_H

#include "base/text.h"
#include "estate/estate.h"
#include "lint/fingerprint.h"

struct lint_choice;
struct snapshot;

/** The text of one line, without its newline; false: not to be had. */
typedef bool (*report_line_fn)(void *context, const char *file, uint32_t line,
			       const char **text, size_t *len);

/** Takes away what `out` holds: out->len is 0 afterwards. */
typedef void (*report_flush_fn)(void *context, struct text *out);

/* What was judged, for the summary. */
struct report_counts {
	size_t files;		/* configurations given */
	size_t vpcs, sites, hosted_zones, record_sets, endpoints, rules;
};

/* A finding in the report. */
struct report_item {
	const struct finding *finding;
	struct fingerprint fingerprint;
	unsigned nth;			/* of those with this fingerprint, from 1 */
};

/* One input that was judged. */
struct report_input {
	const struct estate *estate;
	const struct snapshot *snap;	/* NULL: it could not be compiled */
	const struct diags *diags;
};

/* All that is reported. */
struct report {
	/* the caller's, set after report_init */
	const char *version;		/* of the tool */
	const char *config;		/* place of what has none: the first path given; or NULL */
	report_line_fn line;		/* NULL: no snippets */
	void *line_context;
	path_fn path;			/* NULL: files are called as they are named */
	void *path_context;
	const struct lint_choice *choice;	/* which checks ran; NULL: all */
	bool colour;			/* text only: the caller knows the terminal */
	unsigned width;			/* text only: its columns; 0: lines are not broken */

	/* by the functions below; items in the order they were found */
	struct report_counts counts;
	struct report_input *inputs;
	size_t input_count;
	struct report_item *items;
	size_t count, room;
	size_t errors, warnings, notes;	/* suppressed ones are in none of these */
	size_t suppressed;
	size_t dropped;			/* made beyond the sink's limit */
	bool failed;			/* memory ran out: something is missing */

	/* while it is being written */
	struct text *out;
	report_flush_fn flush;
	void *flush_context;
};

struct reporter {
	const char *name;		/* as users say it: "text", "concise", "json" */
	const char *summary;		/* what for, in a few words */
	void (*write)(struct report *report);
};

/** The reporter of this name, or NULL. */
const struct reporter *reporter_find(const char *name);
/** The i-th, NULL behind the last. */
const struct reporter *reporter_at(size_t i);

void report_init(struct report *report);
void report_fini(struct report *report);

/**
 * Add an input and all its findings, in the order they have in diags.  What is added lives
 * until report_fini; report->path is set before.
 */
void report_add(struct report *report, const struct estate *estate,
		const struct snapshot *snap, const struct diags *diags);

/**
 * Append it to out.  flush may be NULL: out then holds it all.  out->failed: memory was not
 * enough.
 */
void report_write(const struct reporter *reporter, struct report *report, struct text *out,
		  report_flush_fn flush, void *context);

/** For reporters, between two findings: let go what `out` holds once that is much. */
void report_flush(struct report *report);

/** "3 errors, 1 warning": what was found, for a last line. */
void report_print_totals(const struct report *report, struct text *out);

/** The findings as the text reporter prints them, no summary. */
void report_write_findings(struct report *report);

/* Where a finding is, for formats that want a place of everything. */
struct report_place {
	const char *file;	/* as report->path calls it; "" where nothing is known */
	uint32_t line, column;	/* at least 1 */
	uint32_t end_column;	/* one past the end of what stands there; on the same line */
	bool exact;		/* false: line or column are made up */
};

struct report_place report_place(const struct report *report, struct srcloc at);

/** How a file is called in this report. */
const char *report_path(const struct report *report, const char *file);

/** The octet, from 1, at which this column of the line begins; 0: the line is not to be had. */
uint32_t report_octet(const struct report *report, struct srcloc at, uint32_t column);

/** Does this finding count?  Those suppressed are told apart, or not at all. */
bool item_counts(const struct report_item *item);

/** The first part of this kind from `part` on, itself included; NULL: none. */
const struct finding_part *part_next(const struct finding_part *part, enum part_kind kind);

/** "hosted_zone Z1: read by vpc-a"; printable. */
void part_print(const struct finding_part *part, struct text *out);

/**
 * What a finding says, for formats that have one text: its message, then in lines of their
 * own the witness and how to mend it.  Printable, lines end in "\n" but the last.
 */
void finding_print(const struct finding *finding, struct text *out);
/** Only what stands behind the message; begins with "\n" unless empty. */
void finding_print_rest(const struct finding *finding, struct text *out);

extern const struct reporter reporter_text;	/* with source lines and carets */
extern const struct reporter reporter_concise;	/* a line a finding, as compilers write */
extern const struct reporter reporter_json;
extern const struct reporter reporter_jsonl;
extern const struct reporter reporter_sarif;
extern const struct reporter reporter_junit;
extern const struct reporter reporter_github;
extern const struct reporter reporter_gitlab;
extern const struct reporter reporter_checkstyle;
extern const struct reporter reporter_rdjson;
extern const struct reporter reporter_azure;
extern const struct reporter reporter_markdown;
extern const struct reporter reporter_dot;
extern const struct reporter reporter_html;

#endif
