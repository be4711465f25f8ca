/*
 * named_conf - the syntax of BIND's named.conf
 *
 * Statements of words and braces, each ended by a semicolon; comments in three styles.
 * What `include` names stands in its place.  What the statements mean is load/named's.
 */
#ifndef LOAD_NAMED_CONF_H
#define LOAD_NAMED_CONF_H

#include "load/onprem.h"

#define NAMED_MAX_DEPTH 32	/* braces within braces */

struct named_statement;

/* A word, or what stands between braces. */
struct named_item {
	const struct yaml_node *word;		/* a scalar; NULL: braces */
	const struct named_statement *block;	/* between braces; NULL: nothing */
	const struct named_item *next;
};

struct named_statement {
	const char *file;
	const struct named_item *first;		/* never NULL */
	const struct named_statement *next;
};

/**
 * Read a file and what it includes.  Mistakes are reported; what was read up to the first
 * one of a file stands.  `directory` takes effect for the includes behind it (o->directory).
 */
const struct named_statement *named_conf_read(struct onprem *o, const char *path,
					      struct srcloc at);

/** Is the first statement of a text one of named.conf's? */
bool named_conf_begins(const char *text, size_t len);

/** The n-th word of a statement, 0 its name; NULL: there is none, or braces stand there. */
const struct yaml_node *named_word(const struct named_statement *statement, unsigned n);
/** "" where there is none. */
const char *named_text(const struct named_statement *statement, unsigned n);
bool named_is(const struct named_statement *statement, const char *name);
/** The first braces of a statement; NULL: it has none, or there is nothing between them. */
const struct named_statement *named_block(const struct named_statement *statement);
/** Has it braces, even empty ones? */
bool named_has_block(const struct named_statement *statement);
/** The last statement of that name; NULL. */
const struct named_statement *named_find(const struct named_statement *block, const char *name);

struct srcloc named_place(const struct named_statement *statement);

#endif
