/*
 * json - JSON written as it comes: commas, indentation, one escaping (text_json)
 *
 * A container is laid out in lines, an element each, or on one line with all that is in it.
 * Keys are ours; values may be a stranger's.
 */
#ifndef LINT_JSON_H
#define LINT_JSON_H

#include "base/text.h"

enum json_layout {
	JSON_INLINE,
	JSON_LINES,	/* unless inside an inline one */
};

#define JSON_DEPTH_MOST 31

struct json {
	struct text *out;
	unsigned depth;		/* containers open */
	uint32_t lines;		/* bit d: the container at depth d is in lines */
	uint32_t filled;	/* bit d: it has an element */
};

void json_init(struct json *json, struct text *out);

/* key: NULL inside a list and for the whole. */
void json_object(struct json *json, const char *key, enum json_layout layout);
void json_list(struct json *json, const char *key, enum json_layout layout);
void json_close(struct json *json, char bracket);	/* '}' or ']' */

/** value NULL: null. */
void json_string(struct json *json, const char *key, const char *value);
void json_number(struct json *json, const char *key, uint64_t value);
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);
/** What was gathered in `value`, as a string; then empties it for the next. */
void json_text(struct json *json, const char *key, struct text *value);

#endif
