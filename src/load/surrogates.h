/*
 * surrogates - what JSON escapes in pairs, in the form that YAML has for it
 *
 * JSON writes a character beyond 16 bits as two \u escapes; YAML has one \U with eight
 * digits for it, two characters less, so columns behind it shift.
 */
#ifndef LOAD_SURROGATES_H
#define LOAD_SURROGATES_H

#include "load/source.h"

/* A pair that was rewritten: behind it columns count two less than in the file. */
struct shift {
	uint32_t line, column;	/* in the text rewritten, from 0 */
	struct shift *next;
};

/**
 * Where the file is JSON and has such pairs, *text is a copy in the arena with each
 * rewritten, and *shifts tells where; else it is the file's own text.  ERR_NOMEM.
 */
enum status surrogates_rewrite(const struct source *source, struct arena *arena,
			       const char **text, size_t *len, struct shift **shifts) must_check;

#endif
