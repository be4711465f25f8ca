#include "load/surrogates.h"

#include <stdio.h>
#include <string.h>

/** Four hexadecimal digits at p as a number; UINT32_MAX: they are not. */
static uint32_t
hex4(const char *p)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < 4; i++) {
		uint32_t c = (uint8_t)p[i];

		if (c >= '0' && c <= '9')
			value = value << 4 | (c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			value = value << 4 | ((c | 0x20) - 'a' + 10);
		else
			return UINT32_MAX;
	}
	return value;
}

/** Is there \uD83D\uDE00 or the like at p?  The data ends in a zero octet. */
static bool
surrogate_pair(const char *p, const char *end, uint32_t *code)
{
	uint32_t high, low;

	if (end - p < 12 || p[0] != '\\' || p[1] != 'u' || p[6] != '\\' || p[7] != 'u')
		return false;
	high = hex4(p + 2);
	low = hex4(p + 8);
	if (high < 0xd800 || high > 0xdbff || low < 0xdc00 || low > 0xdfff)
		return false;
	*code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
	return true;
}

static bool
is_json(const struct source *source)
{
	size_t blank = strspn(source->len ? source->data : "", " \t\r\n");

	return blank < source->len &&
	       (source->data[blank] == '{' || source->data[blank] == '[');
}

static bool
has_surrogates(const struct source *source)
{
	const char *end = source->data + source->len, *p = source->data;
	uint32_t code;

	if (!is_json(source))
		return false;
	while ((p = memchr(p, '\\', (size_t)(end - p)))) {
		if (surrogate_pair(p, end, &code))
			return true;
		p += end - p > 1 ? 2 : 1;
	}
	return false;
}

static enum status
rewrite(const struct source *source, struct arena *arena, char *out, size_t *len,
	struct shift **next)
{
	const char *p = source->data, *end = p + source->len;
	uint32_t line = 0, column = 0, code;
	char *at = out;

	while (p < end) {
		if (surrogate_pair(p, end, &code)) {
			struct shift *shift = arena_alloc(arena, sizeof(*shift));

			if (!shift)
				return ERR_NOMEM;
			*shift = (struct shift){ .line = line, .column = column };
			*next = shift;
			next = &shift->next;
			at += snprintf(at, 11, "\\U%08X", (unsigned)code);
			p += 12;
			column += 10;
			continue;
		}
		if (*p == '\\' && end - p > 1 && p[1] != '\n') {
			*at++ = *p++;
			column++;
		}
		column += ((uint8_t)*p & 0xc0) != 0x80;
		if (*p == '\n') {
			line++;
			column = 0;
		}
		*at++ = *p++;
	}
	*len = (size_t)(at - out);
	return OK;
}

enum status
surrogates_rewrite(const struct source *source, struct arena *arena, const char **text,
		   size_t *len, struct shift **shifts)
{
	char *out;

	*shifts = NULL;
	*text = source->data;
	*len = source->len;
	if (!has_surrogates(source))
		return OK;
	out = arena_alloc(arena, source->len + 1);
	if (!out)
		return ERR_NOMEM;
	*text = out;
	return rewrite(source, arena, out, len, shifts);
}
