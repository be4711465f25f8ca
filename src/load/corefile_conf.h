/*
 * corefile_conf - the syntax of a Corefile, CoreDNS's configuration
 *
 * Server blocks: zones, then directives, one a line, that may have lines of their own between
 * braces.  What `import` names, a snippet or files, stands in its place.  A value of the
 * environment, {$NAME}, is not known: CFG004, and the line that has it is left out.
 */
#ifndef LOAD_COREFILE_CONF_H
#define LOAD_COREFILE_CONF_H

#include "load/onprem.h"

#define COREFILE_MAX_DEPTH  16		/* imports within imports, braces within braces */
#define COREFILE_LINES_MOST 1000000	/* imported ones counted as often as they are */
#define COREFILE_DIRECTIVES_MOST 1000	/* of a server block */

struct corefile_line {
	const struct yaml_node *const *word;
	size_t count;			/* one at least; the brace at the end is left out */
	const char *file;
	bool opens;			/* a brace stood at its end */
	struct corefile_line *next;
};

/* A line of a server block, and those between its braces. */
struct corefile_directive {
	const struct corefile_line *line;
	const struct corefile_line *body, *body_end;	/* from the one, before the other */
	struct corefile_directive *next;
};

struct corefile_block {
	const struct corefile_line *keys;
	struct corefile_directive *first, *last;
	unsigned count;
	struct corefile_block *next;
};

/** Read o->main; mistakes are reported. */
const struct corefile_block *corefile_conf_read(struct onprem *o, struct srcloc at);

/** The n-th word of a line, 0 the first; "" behind the end. */
const char *corefile_word(const struct corefile_line *line, size_t n);

struct srcloc corefile_place(const struct corefile_line *line, size_t n);

#endif
