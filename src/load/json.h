/*
 * json - JSON as a stream of tokens with their places (RFC 8259)
 *
 * A pull parser: the caller asks for the next token until the document ends.  The text comes
 * in pieces, so that memory is a window of it, whatever its size.  Nothing is allocated for a
 * token: its text is borrowed until the next call.  What a stranger's file can do is bounded:
 * depth, and the length of a string.  Errors stick and are reported once, with their place.
 * Only UTF-8 is read, without a byte order mark; columns count octets.
 */
#ifndef LOAD_JSON_H
#define LOAD_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"

#define JSON_MAX_DEPTH	256
#define JSON_MAX_STRING ((size_t)64 << 10)	/* octets, decoded; of a number too */
#define JSON_WINDOW	((size_t)64 << 10)

enum json_token {
	JSON_FAILED,		/* j->status says how; reported */
	JSON_END,
	JSON_OBJECT,
	JSON_OBJECT_END,
	JSON_ARRAY,
	JSON_ARRAY_END,
	JSON_KEY,		/* of a pair: its value is the next token */
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
};

/**
 * Put up to `room` octets of the text into buf; *len 0: there is no more.
 * Another status than OK ends the reading with it; the callee has reported.
 */
typedef enum status (*json_fill_fn)(void *context, char *buf, size_t room, size_t *len);

struct json {
	/* the token that json_next returned */
	const char *text;	/* of keys, strings (decoded) and numbers; no zero octet behind */
	size_t len;
	uint32_t line, column;
	uint64_t offset;	/* octets of the text before it */
	unsigned depth;		/* objects and arrays that are open behind it */

	enum status status;	/* ERR_REJECTED: reported; else what json_fill_fn said */

	bool many;		/* the caller's: one document behind the other, as JSON lines */

	/* private */
	json_fill_fn fill;
	void *context;
	const char *file;
	struct diags *diags;
	char *window, *decoded;
	const char *at, *end;
	uint64_t before;	/* octets of the text before the window */
	uint64_t line_start;	/* offset of the line's first octet */
	uint32_t line_now;
	uint8_t expect;
	bool last;		/* there is no more text behind the window */
	bool held;		/* see json_hold */
	uint8_t open[JSON_MAX_DEPTH / 8];	/* a bit a level: it is an object */
};

/**
 * Begin a text.  file: for places; outlives the findings.  ERR_NOMEM: the two buffers (twice
 * 64 KiB, of malloc).  json_fini may be called after either.
 */
enum status json_init(struct json *j, const char *file, json_fill_fn fill, void *context,
		      struct diags *diags) must_check;
void json_fini(struct json *j);

/** The next token; JSON_END and JSON_FAILED are said again when asked again. */
enum json_token json_next(struct json *j);

/** Pass by what is left of the object or array that has just begun (or of a level above). */
bool json_leave(struct json *j, unsigned depth);

/* Where a text was held. */
struct json_place {
	const char *at;
	uint64_t line_start, offset;
	uint32_t line_now, line, column;
	unsigned depth;
	uint8_t expect;
};

/**
 * Read on, perhaps to come back.  Until json_release or json_return there is no more text than
 * the window has: where it ends, and at mistakes, json_next fails and reports nothing.  What
 * is open now stays open meanwhile.
 */
struct json_place json_hold(struct json *j);
void json_release(struct json *j);
/** Be where the text was held; its token has no text any more. */
void json_return(struct json *j, const struct json_place *place);

/** Is the token's text this? */
bool json_is(const struct json *j, const char *text);

/** Report a finding of the caller's at the token, and end the reading. */
enum json_token json_refuse(struct json *j, const char *code, const char *why);

#endif
