#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

#define LEAST_SIZE   64
#define NEAREST_MOST 128	/* longer words get no suggestion */

void
text_init(struct text *text)
{
	*text = (struct text){ 0 };
}

void
text_fini(struct text *text)
{
	free(text->data);
	text_init(text);
}

void
text_clear(struct text *text)
{
	text->len = 0;
	if (text->data)
		text->data[0] = '\0';
}

/** Make room for `more` octets and the zero octet. */
static bool
text_room(struct text *text, size_t more)
{
	size_t size = text->size < LEAST_SIZE ? LEAST_SIZE : text->size;
	char *data;

	if (text->failed)
		return false;
	if (more < text->size - text->len)
		return true;
	while (size - text->len <= more) {
		if (size > SIZE_MAX / 2)
			goto fail;
		size *= 2;
	}
	data = realloc(text->data, size);
	if (!data)
		goto fail;
	text->data = data;
	text->size = size;
	return true;
fail:
	text->failed = true;
	return false;
}

void
text_append_len(struct text *text, const char *bytes, size_t len)
{
	if (!text_room(text, len))
		return;
	if (len)
		memcpy(text->data + text->len, bytes, len);
	text->len += len;
	text->data[text->len] = '\0';
}

void
text_append(struct text *text, const char *string)
{
	text_append_len(text, string, strlen(string));
}

void
text_vprintf(struct text *text, const char *fmt, va_list ap)
{
	va_list again;
	int len;

	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (len < 0)
		text->failed = true;
	if (len < 0 || !text_room(text, (size_t)len))
		return;
	vsnprintf(text->data + text->len, (size_t)len + 1, fmt, ap);
	text->len += (size_t)len;
}

void
text_printf(struct text *text, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	text_vprintf(text, fmt, ap);
	va_end(ap);
}

/*
 * Octets of the UTF-8 character at p (RFC 3629: no overlong form, no surrogate, at most
 * U+10FFFF), its number in *code; 0 when it is none.  Stops at the zero octet.
 */
static size_t
utf8_char(const char *p, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint8_t lead = (uint8_t)p[0];
	size_t len, i;

	if (lead < 0x80) {
		*code = lead;
		return 1;
	}
	len = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
	if (lead < 0xc0 || lead > 0xf4)
		return 0;
	*code = lead & (0x7fu >> len);
	for (i = 1; i < len; i++) {
		if (((uint8_t)p[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | ((uint8_t)p[i] & 0x3fu);
	}
	if (*code < least[len] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000))
		return 0;
	return len;
}

/** C0, DEL and C1: what may move a terminal's cursor. */
static bool
is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

/** What would move a cursor, turn the direction of text, or is no character of XML. */
static bool
is_unprintable(uint32_t code)
{
	return is_control(code) || code == 0x200e || code == 0x200f ||
	       (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
	       (code & 0xfffe) == 0xfffe;
}

static bool
escapes_json(uint32_t code)
{
	return code == '"' || code == '\\' || (code <= 0xffff && is_unprintable(code));
}

static void
json_escape(struct text *text, uint32_t code)
{
	switch (code) {
	case '"':
		text_append(text, "\\\"");
		return;
	case '\\':
		text_append(text, "\\\\");
		return;
	case '\n':
		text_append(text, "\\n");
		return;
	case '\r':
		text_append(text, "\\r");
		return;
	case '\t':
		text_append(text, "\\t");
		return;
	}
	text_printf(text, "\\u%04x", (unsigned)code);
}

void
text_json(struct text *text, const char *string)
{
	const char *p = string, *plain = string;

	if (!string) {
		text_append(text, "null");
		return;
	}
	text_append_len(text, "\"", 1);
	while (*p) {
		uint32_t code;
		size_t len = utf8_char(p, &code);

		if (len && !escapes_json(code)) {
			p += len;
			continue;
		}
		text_append_len(text, plain, (size_t)(p - plain));
		if (len)
			json_escape(text, code);
		else
			text_append(text, "\xef\xbf\xbd");	/* U+FFFD */
		p += len ? len : 1;
		plain = p;
	}
	text_append_len(text, plain, (size_t)(p - plain));
	text_append_len(text, "\"", 1);
}

/** The second "#" of "##[" or "##vso[", which the machines of two CI services obey. */
static bool
begins_order(const char *start, const char *p)
{
	return *p == '#' && p > start && p[-1] == '#' &&
	       (p[1] == '[' || strncmp(p + 1, "vso[", 4) == 0);
}

void
text_printable(struct text *text, const char *string)
{
	const char *p = string, *plain = string;

	while (*p) {
		uint32_t code;
		size_t len = utf8_char(p, &code);

		if (len && !is_unprintable(code) && !begins_order(string, p)) {
			p += len;
			continue;
		}
		text_append_len(text, plain, (size_t)(p - plain));
		for (len = len ? len : 1; len; len--, p++)
			text_printf(text, "\\x%02x", (uint8_t)*p);
		plain = p;
	}
	text_append_len(text, plain, (size_t)(p - plain));
}

static const char *
markup_reference(char c)
{
	switch (c) {
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '&':
		return "&amp;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	}
	return NULL;
}

/** Printable text as markup. */
static void
put_markup(struct text *text, const char *string, size_t len)
{
	while (len) {
		size_t plain = 0;

		while (plain < len && !markup_reference(string[plain]))
			plain++;
		text_append_len(text, string, plain);
		if (plain < len)
			text_append(text, markup_reference(string[plain++]));
		string += plain;
		len -= plain;
	}
}

void
text_markup(struct text *text, const char *string)
{
	struct text printable;

	text_init(&printable);
	text_printable(&printable, string);
	if (printable.failed)
		text->failed = true;
	else
		put_markup(text, printable.data, printable.len);
	text_fini(&printable);
}

void
text_markup_lines(struct text *text, const struct text *lines, const char *between)
{
	const char *line = lines->data;

	if (lines->failed)
		text->failed = true;
	if (lines->failed || !line)
		return;
	for (;;) {
		size_t len = strcspn(line, "\n");

		put_markup(text, line, len);
		line += len;
		if (!*line++)
			return;
		text_append(text, between);
	}
}

/** Digits at *p, which moves behind them; false: none, or above max. */
static bool
parse_digits(const char **p, uint64_t max, uint64_t *out)
{
	uint64_t value = 0;

	if (**p < '0' || **p > '9')
		return false;
	for (; **p >= '0' && **p <= '9'; (*p)++) {
		uint64_t digit = (uint64_t)(**p - '0');

		if (digit > max || value > (max - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*out = value;
	return true;
}

bool
text_parse_u64(const char *string, uint64_t max, uint64_t *out)
{
	uint64_t value;

	if (!parse_digits(&string, max, &value) || *string)
		return false;
	*out = value;
	return true;
}

struct unit {
	const char *name;
	uint64_t factor;
};

/** Digits and one of the units, whole string. */
static bool
parse_scaled(const char *string, const struct unit *units, size_t count, uint64_t *out)
{
	uint64_t value;

	if (!parse_digits(&string, UINT64_MAX, &value))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(string, units[i].name) == 0)
			return !__builtin_mul_overflow(value, units[i].factor, out);
	}
	return false;
}

bool
text_parse_duration(const char *string, uint64_t *ms)
{
	static const struct unit units[] = {
		{ "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 },
	};
	uint64_t value;

	if (strcmp(string, "0") == 0) {
		*ms = 0;
		return true;
	}
	if (!parse_scaled(string, units, COUNT_OF(units), &value))
		return false;
	*ms = value;
	return true;
}

bool
text_parse_size(const char *string, uint64_t *octets)
{
	static const struct unit units[] = {
		{ "", 1 }, { "KiB", 1u << 10 }, { "MiB", 1u << 20 }, { "GiB", 1u << 30 },
	};
	uint64_t value;

	if (!parse_scaled(string, units, COUNT_OF(units), &value))
		return false;
	*octets = value;
	return true;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static size_t
least_of(size_t a, size_t b)
{
	return a < b ? a : b;
}

/**
 * Optimal string alignment: insert, delete, replace, or swap two neighbours.  Letter case
 * is no difference.  Both at most NEAREST_MOST long.
 */
static size_t
edit_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t rows[3][NEAREST_MOST + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b_len; j++)
		last[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *spare = before;

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t cost = lower(a[i - 1]) != lower(b[j - 1]);

			row[j] = least_of(least_of(last[j], row[j - 1]) + 1, last[j - 1] + cost);
			if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
			    lower(a[i - 2]) == lower(b[j - 1]))
				row[j] = least_of(row[j], before[j - 2] + 1);
		}
		before = last;
		last = row;
		row = spare;
	}
	return last[b_len];
}

const char *
text_nearest(const char *word, const char *const *candidates, size_t count)
{
	size_t len = strlen(word);
	size_t least = len / 3 > 1 ? len / 3 : 1;	/* still near enough */
	const char *nearest = NULL;

	if (len == 0 || len > NEAREST_MOST)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t other = strlen(candidates[i]);
		size_t distance;

		if (other > len + least || len > other + least || other > NEAREST_MOST)
			continue;
		distance = edit_distance(word, len, candidates[i], other);
		if (distance < least || (distance == least && !nearest)) {
			nearest = candidates[i];
			least = distance;
		}
	}
	return nearest;
}
