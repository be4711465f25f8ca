/*
 * jsonout - JSON written as it comes: commas, indentation, one escaping (text_json)
 *
 * A container is laid out in lines, an element each, or on one line with all that is in it.
 * Keys are ours; values may be a stranger's.
 */
#ifndef LINT_JSONOUT_H
#define LINT_JSONOUT_H

#include "base/text.h"

enum jsonout_layout {
	JSON_INLINE,
	JSON_LINES,	/* unless inside an inline one */
};

#define JSON_DEPTH_MOST 31

struct jsonout {
	struct text *out;
	unsigned depth;		/* containers open */
	uint32_t lines;		/* bit d: the container at depth d is in lines */
	uint32_t filled;	/* bit d: it has an element */
};

void jsonout_init(struct jsonout *json, struct text *out);

/* key: NULL inside a list and for the whole. */
void jsonout_object(struct jsonout *json, const char *key, enum jsonout_layout layout);
void jsonout_list(struct jsonout *json, const char *key, enum jsonout_layout layout);
void jsonout_close(struct jsonout *json, char bracket);	/* '}' or ']' */

/** value NULL: null. */
void jsonout_string(struct jsonout *json, const char *key, const char *value);
void jsonout_number(struct jsonout *json, const char *key, uint64_t value);
void jsonout_bool(struct jsonout *json, const char *key, bool value);
void jsonout_null(struct jsonout *json, const char *key);
/** What was gathered in `value`, as a string; then empties it for the next. */
void jsonout_text(struct jsonout *json, const char *key, struct text *value);

#endif
