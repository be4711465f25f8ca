/*
 * snippet - the part of a source line that a finding is about, safe for a terminal
 *
 * Tabs are set as blanks, what would move the cursor is escaped, long lines are cut around
 * the place meant.
 */
#ifndef LINT_SNIPPET_H
#define LINT_SNIPPET_H

#include "base/text.h"

struct snippet {
	struct text line;	/* what is shown of the line */
	size_t mark;		/* columns of it before the place */
	size_t mark_len;	/* columns of the word that stands there; at least 1 */
};

/**
 * column counts characters from 1; 0: no place in the line, mark_len is 0.  most: octets of
 * the line that are shown, about; 0: 160.
 * false: the line is no text, or memory ran out: nothing is to be shown.
 */
bool snippet_init(struct snippet *snippet, const char *line, size_t len, uint32_t column,
		  size_t most);
void snippet_fini(struct snippet *snippet);

/** Octets of the line before its column-th character. */
size_t snippet_octet(const char *line, size_t len, uint32_t column);
/** Characters of what stands at this column: a quoted string, a word; at least 1. */
uint32_t snippet_token(const char *line, size_t len, uint32_t column);

#endif
