/*
 * text - a growing string for output, and the small parsers of plain values
 *
 * `struct text` fails stickily: once memory runs out appends do nothing and `failed` stays
 * set; test it once before using `data`.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct text {
	char *data;		/* zero-terminated once anything was appended; else NULL */
	size_t len;
	size_t size;
	bool failed;
};

void text_init(struct text *text);
void text_fini(struct text *text);
/** Make it empty, keep the memory (and `failed`). */
void text_clear(struct text *text);
void text_append(struct text *text, const char *string);
void text_append_len(struct text *text, const char *bytes, size_t len);
void text_printf(struct text *text, const char *fmt, ...) printf_like(2, 3);
void text_vprintf(struct text *text, const char *fmt, va_list ap);

/**
 * Append a JSON string, quotes included: control characters, what turns the direction of
 * text, quotes and backslashes escaped, octets that are not UTF-8 as U+FFFD.  NULL appends `null`.
 */
void text_json(struct text *text, const char *string);

/**
 * Append for a terminal or a log: control characters and non-UTF-8 as \xNN, so also what
 * turns the direction of text; and "##[", "##vso[", which CI machines obey in any line.
 */
void text_printable(struct text *text, const char *string);

/** The same as text or attribute value of XML and HTML: < > & " ' as references. */
void text_markup(struct text *text, const char *string);
/** The same for lines, between which stands `between`, markup itself ("&#10;", "<br>"). */
void text_markup_lines(struct text *text, const struct text *lines, const char *between);

/** Decimal without sign, whole string; false on anything else or above max. */
bool text_parse_u64(const char *string, uint64_t max, uint64_t *out);

/** "500ms" "5s" "15m" "1h" "1d" to milliseconds; a bare "0" is allowed. */
bool text_parse_duration(const char *string, uint64_t *ms);

/** "64MiB" "512KiB" "1GiB" "1048576" to octets. */
bool text_parse_size(const char *string, uint64_t *octets);

/**
 * The candidate nearest to `word` by edit distance, when near enough to be meant
 * (distance at most a third of the word's length, at least 1); else NULL.  Two neighbours
 * swapped are one edit, letter case is none.  Of equally near ones the first.
 */
const char *text_nearest(const char *word, const char *const *candidates, size_t count);

#endif
