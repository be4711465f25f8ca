/*
 * words - the lines of a configuration as words
 *
 * For formats that go by lines: blanks between words, quotes around those that have blanks,
 * comments to the end of the line.  Each word is a node with its place.
 */
#ifndef LOAD_WORDS_H
#define LOAD_WORDS_H

#include "load/nodes.h"

#define WORDS_MOST 10000	/* of a line */

struct words_style {
	const char *comments;	/* where a word could begin, they begin a comment */
	const char *quotes;	/* "" for none */
	bool escapes;		/* a backslash takes the next character as it is, in quotes */
	bool joins;		/* a quote within a word begins another word */
};

struct words {
	const struct words_style *style;
	struct nodes *nodes;
	const char *at, *end;
	uint32_t line, column;

	/* The line read last. */
	const struct yaml_node **word;
	size_t count, room;
	const char *why;	/* what is wrong with it, at the last word; NULL */
	uint32_t why_line, why_column;
};

void words_init(struct words *words, const struct words_style *style, struct nodes *nodes,
		const char *text, size_t len);
void words_fini(struct words *words);

/** Read the next line that has words.  false: there is none, or memory ended. */
bool words_next(struct words *words);

#endif
