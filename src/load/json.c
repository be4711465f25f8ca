#include "load/json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

/* What may come next. */
enum expect {
	EXPECT_VALUE,
	EXPECT_FIRST_VALUE,	/* or the end of the array */
	EXPECT_FIRST_KEY,	/* or the end of the object */
	EXPECT_KEY,
	EXPECT_COLON,
	EXPECT_COMMA,		/* or the end of what is open; at the top level that of the text */
	EXPECT_NEXT_VALUE,	/* or the end of the text */
	EXPECT_NOTHING,
};

#define EACH(octet) (UINT64_C(0x0101010101010101) * (octet))	/* of eight */

enum status
json_init(struct json *j, const char *file, json_fill_fn fill, void *context,
	  struct diags *diags)
{
	*j = (struct json){ .file = file, .fill = fill, .context = context, .diags = diags,
			    .line_now = 1, .line = 1, .column = 1 };
	j->window = malloc(JSON_WINDOW);
	j->decoded = malloc(JSON_MAX_STRING);
	if (!j->window || !j->decoded)
		return ERR_NOMEM;
	j->at = j->end = j->window;
	return OK;
}

void
json_fini(struct json *j)
{
	free(j->window);
	free(j->decoded);
	j->window = j->decoded = NULL;
}

static uint64_t
offset_of(const struct json *j, const char *at)
{
	return j->before + (uint64_t)(at - j->window);
}

/** The token begins at the cursor. */
static void
mark(struct json *j)
{
	j->offset = offset_of(j, j->at);
	j->line = j->line_now;
	j->column = (uint32_t)(j->offset - j->line_start) + 1;
}

enum json_token
json_refuse(struct json *j, const char *code, const char *why)
{
	if (j->status == OK && !j->held)
		diag_report(j->diags, SEVERITY_ERROR, code,
			    (struct srcloc){ j->file, j->line, j->column },
			    "%s (octet %" PRIu64 ")", why, j->offset);
	if (j->status == OK)
		j->status = ERR_REJECTED;
	return JSON_FAILED;
}

static enum json_token
syntax(struct json *j, const char *why)
{
	mark(j);
	return json_refuse(j, "syntax", why);
}

/** More text, once the window is read.  false: there is none, or it could not be had. */
static bool
refill(struct json *j)
{
	size_t len = 0;

	if (j->at < j->end)
		return true;
	if (j->held && j->status == OK)
		j->status = ERR_REJECTED;
	if (j->last || j->status != OK)
		return false;
	j->before += (uint64_t)(j->end - j->window);
	j->at = j->end = j->window;
	j->status = j->fill(j->context, j->window, JSON_WINDOW, &len);
	if (j->status != OK)
		return false;
	j->end = j->window + len;
	j->last = len == 0;
	return len > 0;
}

/** The octet at the cursor; -1: the text has ended. */
static int
peek(struct json *j)
{
	return j->at < j->end || refill(j) ? (unsigned char)*j->at : -1;
}

/** As far as the window has them; indentation eight at a time. */
static void
pass_blanks(struct json *j)
{
	const char *at = j->at, *end = j->end;

	while (at < end && (unsigned char)*at <= ' ') {
		char c = *at;

		if (c != '\n' && c != ' ' && c != '\r' && c != '\t')
			break;
		at++;
		if (c != '\n')
			continue;
		j->line_now++;
		j->line_start = offset_of(j, at);
		for (uint64_t other = 0; end - at >= 8 && !other;) {
			other = load_u64_le((const uint8_t *)at) ^ EACH(' ');
			at += other ? __builtin_ctzll(other) / 8 : 8;
		}
	}
	j->at = at;
}

static int
skip_blanks(struct json *j)
{
	do {
		pass_blanks(j);
		if (j->at < j->end)
			return (unsigned char)*j->at;
	} while (refill(j));
	return -1;
}

/* --- strings */

static bool
add(struct json *j, size_t *len, const char *bytes, size_t count)
{
	if (JSON_MAX_STRING - *len < count) {
		json_refuse(j, "too-large", "a string of more than 64 KiB");
		return false;
	}
	memcpy(j->decoded + *len, bytes, count);
	*len += count;
	return true;
}

static bool
read_hex(struct json *j, uint32_t *unit)
{
	*unit = 0;
	for (unsigned i = 0; i < 4; i++) {
		int c = peek(j);
		int digit = c >= '0' && c <= '9' ? c - '0'
			    : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;

		if (c < 0 || digit < 0) {
			syntax(j, c < 0 ? "the text ends inside of a string"
					: "\\u wants four hexadecimal digits");
			return false;
		}
		*unit = *unit << 4 | (uint32_t)digit;
		j->at++;
	}
	return true;
}

static size_t
encode(uint32_t point, char *out)
{
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (char)(0xc0 | point >> 6);
		out[1] = (char)(0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000) {
		out[0] = (char)(0xe0 | point >> 12);
		out[1] = (char)(0x80 | (point >> 6 & 0x3f));
		out[2] = (char)(0x80 | (point & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | point >> 18);
	out[1] = (char)(0x80 | (point >> 12 & 0x3f));
	out[2] = (char)(0x80 | (point >> 6 & 0x3f));
	out[3] = (char)(0x80 | (point & 0x3f));
	return 4;
}

/** The digits behind \u, and the second half of a pair. */
static bool
read_point(struct json *j, size_t *len)
{
	uint32_t point, low;
	char out[4];

	if (!read_hex(j, &point))
		return false;
	if (point >= 0xd800 && point < 0xdc00) {
		if (peek(j) != '\\' || (j->at++, peek(j)) != 'u') {
			syntax(j, "half of a surrogate pair");
			return false;
		}
		j->at++;
		if (!read_hex(j, &low))
			return false;
		if (low < 0xdc00 || low > 0xdfff) {
			syntax(j, "half of a surrogate pair");
			return false;
		}
		point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
	} else if (point >= 0xdc00 && point < 0xe000) {
		syntax(j, "half of a surrogate pair");
		return false;
	}
	return add(j, len, out, encode(point, out));
}

static bool
read_escape(struct json *j, size_t *len)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found;
	int c;

	j->at++;
	c = peek(j);
	if (c == 'u') {
		j->at++;
		return read_point(j, len);
	}
	found = c > 0 ? strchr(from, c) : NULL;
	if (!found) {
		syntax(j, c < 0 ? "the text ends inside of a string" : "no such escape");
		return false;
	}
	j->at++;
	return add(j, len, to + (found - from), 1);
}

/** One character of two to four octets (RFC 3629: no surrogates, no longer forms). */
static bool
read_utf8(struct json *j, size_t *len)
{
	unsigned first = (unsigned char)*j->at, need = 0, low = 0x80, high = 0xbf;
	char out[4] = { *j->at };

	if (first >= 0xc2 && first <= 0xdf)
		need = 1;
	else if (first >= 0xe0 && first <= 0xef)
		need = 2;
	else if (first >= 0xf0 && first <= 0xf4)
		need = 3;
	if (first == 0xe0)
		low = 0xa0;
	if (first == 0xed)
		high = 0x9f;
	if (first == 0xf0)
		low = 0x90;
	if (first == 0xf4)
		high = 0x8f;
	mark(j);
	if (!need)
		return json_refuse(j, "not-text", "this is not UTF-8"), false;
	j->at++;
	for (unsigned i = 1; i <= need; i++) {
		int c = peek(j);

		if (c < (int)low || c > (int)high)
			return json_refuse(j, "not-text", "this is not UTF-8"), false;
		out[i] = (char)c;
		j->at++;
		low = 0x80;
		high = 0xbf;
	}
	return add(j, len, out, need + 1);
}

/**
 * The top bits of those of eight octets that do not stand for themselves in a string.  Exact
 * up to the lowest: where one is found, those above it may be wrong.
 */
static uint64_t
find_special(uint64_t eight)
{
	uint64_t quote = eight ^ EACH('"'), escape = eight ^ EACH('\\');

	return (eight | ((eight - EACH(' ')) & ~eight) | ((quote - EACH(1)) & ~quote) |
		((escape - EACH(1)) & ~escape)) & EACH(0x80);
}

/** Octets that stand for themselves, in a string. */
static const char *
plain_end(const char *at, const char *end)
{
	for (; end - at >= 8; at += 8) {
		uint64_t found = find_special(load_u64_le((const uint8_t *)at));

		if (found)
			return at + __builtin_ctzll(found) / 8;
	}
	while (at < end && (unsigned char)*at >= ' ' && (unsigned char)*at < 0x80 &&
	       *at != '"' && *at != '\\')
		at++;
	return at;
}

/** The string goes on: with escapes, other than ASCII, or beyond the window. */
static bool
read_rest(struct json *j, size_t len)
{
	uint32_t line = j->line, column = j->column;
	uint64_t offset = j->offset;

	for (;;) {
		int c = peek(j);
		const char *from = j->at;

		if (c < 0)
			return syntax(j, "the text ends inside of a string"), false;
		if (c == '"')
			break;
		if (c < ' ')
			return syntax(j, "a control character in a string"), false;
		if (c == '\\' || c > 0x7f) {
			if (!(c == '\\' ? read_escape(j, &len) : read_utf8(j, &len)))
				return false;
			continue;
		}
		j->at = plain_end(from, j->end);
		if (!add(j, &len, from, (size_t)(j->at - from)))
			return false;
	}
	j->at++;
	j->text = j->decoded;
	j->len = len;
	j->line = line;
	j->column = column;
	j->offset = offset;
	return true;
}

static bool
read_string(struct json *j)
{
	const char *from, *end;
	size_t len = 0;

	mark(j);
	from = ++j->at;
	end = plain_end(from, j->end);
	if (end < j->end && *end == '"' && (size_t)(end - from) <= JSON_MAX_STRING) {
		j->text = from;
		j->len = (size_t)(end - from);
		j->at = end + 1;
		return true;
	}
	j->at = end;
	return add(j, &len, from, (size_t)(end - from)) && read_rest(j, len);
}

/* --- numbers and words */

/** Take digits; how many. */
static size_t
digits(struct json *j, size_t *len)
{
	size_t count = 0;

	for (int c = peek(j); c >= '0' && c <= '9'; c = peek(j), count++)
		if (!add(j, len, j->at++, 1))
			return 0;
	return count;
}

static bool
take(struct json *j, size_t *len, const char *any)
{
	int c = peek(j);

	return c > 0 && strchr(any, c) && add(j, len, j->at++, 1);
}

/** Nearly all: a number of digits alone, with what ends it in the window. */
static bool
read_digits(struct json *j)
{
	const char *at = j->at;

	while (at < j->end && *at >= '0' && *at <= '9')
		at++;
	if (at == j->end || at == j->at || *j->at == '0' || *at == '.' || (*at | 0x20) == 'e' ||
	    (size_t)(at - j->at) > JSON_MAX_STRING)
		return false;
	j->text = j->at;
	j->len = (size_t)(at - j->at);
	j->at = at;
	return true;
}

static enum json_token
read_number(struct json *j)
{
	size_t len = 0;
	bool good;

	mark(j);
	if (read_digits(j))
		return JSON_NUMBER;
	take(j, &len, "-");
	good = take(j, &len, "0") || digits(j, &len);
	if (good && take(j, &len, "."))
		good = digits(j, &len) > 0;
	if (good && take(j, &len, "eE")) {
		take(j, &len, "+-");
		good = digits(j, &len) > 0;
	}
	if (j->status != OK)
		return JSON_FAILED;
	if (!good)
		return json_refuse(j, "syntax", "this is no number");
	j->text = j->decoded;
	j->len = len;
	return JSON_NUMBER;
}

static enum json_token
read_word(struct json *j, const char *word, enum json_token token)
{
	mark(j);
	for (; *word; word++, j->at++)
		if (peek(j) != *word)
			return json_refuse(j, "syntax", "a value is wanted here");
	return token;
}

/* --- structure */

static bool
in_object(const struct json *j)
{
	return j->depth && (j->open[(j->depth - 1) / 8] >> (j->depth - 1) % 8 & 1);
}

static enum json_token
enter(struct json *j, bool object)
{
	uint8_t bit = (uint8_t)(1u << j->depth % 8);

	mark(j);
	if (j->depth == JSON_MAX_DEPTH)
		return json_refuse(j, "too-deep", "more than 256 levels");
	if (object)
		j->open[j->depth / 8] |= bit;
	else
		j->open[j->depth / 8] &= (uint8_t)~bit;
	j->depth++;
	j->at++;
	j->expect = object ? EXPECT_FIRST_KEY : EXPECT_FIRST_VALUE;
	return object ? JSON_OBJECT : JSON_ARRAY;
}

static uint8_t
after_value(const struct json *j)
{
	if (j->depth)
		return EXPECT_COMMA;
	return j->many ? EXPECT_NEXT_VALUE : EXPECT_NOTHING;
}

static enum json_token
leave(struct json *j)
{
	enum json_token token = in_object(j) ? JSON_OBJECT_END : JSON_ARRAY_END;

	mark(j);
	j->at++;
	j->depth--;
	j->expect = after_value(j);
	return token;
}

static enum json_token
read_value(struct json *j, int c)
{
	if (c == '{' || c == '[')
		return enter(j, c == '{');
	j->expect = after_value(j);
	if (c == '"')
		return read_string(j) ? JSON_STRING : JSON_FAILED;
	if (c == '-' || (c >= '0' && c <= '9'))
		return read_number(j);
	if (c == 't')
		return read_word(j, "true", JSON_TRUE);
	if (c == 'f')
		return read_word(j, "false", JSON_FALSE);
	if (c == 'n')
		return read_word(j, "null", JSON_NULL);
	return syntax(j, "a value is wanted here");
}

static enum json_token
read_key(struct json *j, int c)
{
	if (c != '"')
		return syntax(j, "a key in double quotes is wanted here");
	j->expect = EXPECT_COLON;
	return read_string(j) ? JSON_KEY : JSON_FAILED;
}

/** The text has ended, or could not be read any further. */
static enum json_token
at_end(struct json *j)
{
	if (j->status != OK)
		return JSON_FAILED;
	if (j->expect == EXPECT_NOTHING || j->expect == EXPECT_NEXT_VALUE) {
		mark(j);
		return JSON_END;
	}
	mark(j);
	if (j->offset == 0 || (j->expect == EXPECT_VALUE && !j->depth))
		return json_refuse(j, "empty-file", "there is no document in it");
	return json_refuse(j, "syntax", "the text ends here, but not the document");
}

enum json_token
json_next(struct json *j)
{
	int c;

	if (j->status != OK)
		return JSON_FAILED;
	c = skip_blanks(j);
	if (c < 0)
		return at_end(j);
	if (j->expect == EXPECT_NOTHING)
		return syntax(j, "something stands behind the document");
	if (j->expect == EXPECT_COLON) {
		if (c != ':')
			return syntax(j, "a colon is wanted here");
		j->at++;
		j->expect = EXPECT_VALUE;
		return json_next(j);
	}
	if (j->expect == EXPECT_COMMA) {
		if (c == (in_object(j) ? '}' : ']'))
			return leave(j);
		if (c != ',')
			return syntax(j, "a comma, or the end of the list or map, is wanted here");
		j->at++;
		j->expect = in_object(j) ? EXPECT_KEY : EXPECT_VALUE;
		return json_next(j);
	}
	if (c == '}' && j->expect == EXPECT_FIRST_KEY)
		return leave(j);
	if (c == ']' && j->expect == EXPECT_FIRST_VALUE)
		return leave(j);
	if (j->expect == EXPECT_FIRST_KEY || j->expect == EXPECT_KEY)
		return read_key(j, c);
	return read_value(j, c);
}

/* --- passing by */

/** A string that the window has whole, with no escapes but \" and \\; NULL: another. */
static const char *
pass_string(const char *at, const char *end)
{
	const char *from = at + 1;

	at = plain_end(from, end);
	while (end - at >= 2 && *at == '\\' && (at[1] == '"' || at[1] == '\\'))
		at = plain_end(at + 2, end);
	if (at == end || *at != '"' || (size_t)(at - from) > JSON_MAX_STRING)
		return NULL;
	return at + 1;
}

/** A comma, colon or string where one may stand; false: json_next is to see. */
static bool
pass_within(struct json *j, char c)
{
	bool key = j->expect == EXPECT_KEY || j->expect == EXPECT_FIRST_KEY;
	const char *end;

	if (c == ',' || c == ':') {
		if (j->expect != (c == ',' ? EXPECT_COMMA : EXPECT_COLON))
			return false;
		j->expect = c == ',' && in_object(j) ? EXPECT_KEY : EXPECT_VALUE;
		j->at++;
		return true;
	}
	if (c != '"' || j->expect == EXPECT_COMMA || j->expect == EXPECT_COLON)
		return false;
	end = pass_string(j->at, j->end);
	if (!end)
		return false;
	j->expect = key ? EXPECT_COLON : EXPECT_COMMA;
	j->at = end;
	return true;
}

/** Pass by what needs no token; what is left is before the cursor. */
static void
pass_common(struct json *j)
{
	do
		pass_blanks(j);
	while (j->at < j->end && pass_within(j, *j->at));
}

bool
json_leave(struct json *j, unsigned depth)
{
	while (j->status == OK && j->depth > depth) {
		pass_common(j);
		json_next(j);
	}
	return j->status == OK;
}

struct json_place
json_hold(struct json *j)
{
	j->held = true;
	return (struct json_place){ .at = j->at, .line_start = j->line_start,
				    .offset = j->offset, .line_now = j->line_now,
				    .line = j->line, .column = j->column, .depth = j->depth,
				    .expect = j->expect };
}

void
json_release(struct json *j)
{
	j->held = false;
}

void
json_return(struct json *j, const struct json_place *place)
{
	j->held = false;
	j->status = OK;
	j->at = place->at;
	j->line_start = place->line_start;
	j->offset = place->offset;
	j->line_now = place->line_now;
	j->line = place->line;
	j->column = place->column;
	j->depth = place->depth;
	j->expect = place->expect;
}

bool
json_is(const struct json *j, const char *text)
{
	return strlen(text) == j->len && memcmp(text, j->text, j->len) == 0;
}
