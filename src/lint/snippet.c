#include "lint/snippet.h"

#include <string.h>

#define TAB_WIDTH  8
#define SHOWN_MOST 160	/* octets of a source line, unless told otherwise */
#define SHOWN_LEAST 40
#define MARK_MOST  48

static bool
continues_character(char octet)
{
	return ((uint8_t)octet & 0xc0) == 0x80;
}

size_t
snippet_octet(const char *line, size_t len, uint32_t column)
{
	size_t at = 0;

	while (column > 1 && at < len) {
		at++;
		while (at < len && continues_character(line[at]))
			at++;
		column--;
	}
	return at;
}

/** Octets of what stands at `at`: a quoted string, a word, or one character. */
static size_t
token_len(const char *line, size_t len, size_t at)
{
	static const char ends[] = " \t,]}#";
	size_t n = 1;

	if (at >= len || strchr("{[-", line[at]))
		return 1;
	if (line[at] == '"' || line[at] == '\'') {
		const char *end = memchr(line + at + 1, line[at], len - at - 1);

		return end ? (size_t)(end - line) + 1 - at : 1;
	}
	while (at + n < len && !memchr(ends, line[at + n], sizeof(ends) - 1))
		n++;
	while (n > 1 && line[at + n - 1] == ':')
		n--;
	return n;
}

uint32_t
snippet_token(const char *line, size_t len, uint32_t column)
{
	size_t at = snippet_octet(line, len, column), octets = token_len(line, len, at);
	uint32_t characters = 0;

	for (size_t i = at; i < at + octets && i < len; i++)
		characters += !continues_character(line[i]);
	return characters ? characters : 1;
}

/** May this "#" and what follows be an order to a CI machine?  As text_printable, but wary. */
static bool
may_be_order(const struct text *out, const char *line, size_t len, size_t at)
{
	return line[at] == '#' && out->len && out->data[out->len - 1] == '#' &&
	       (at + 1 == len || line[at + 1] == '[' || line[at + 1] == 'v');
}

/** Append part of a line, `column` columns from its left edge; returns the columns taken. */
static size_t
print_part(struct text *out, const char *line, size_t len, size_t column)
{
	size_t start = column, n;

	for (size_t i = 0; i < len; i += n) {
		char piece[TAB_WIDTH + 1] = "";
		size_t before = out->len;

		n = 1;
		if (line[i] == '\t') {
			memset(piece, ' ', TAB_WIDTH - column % TAB_WIDTH);
		} else if (may_be_order(out, line, len, i)) {
			memcpy(piece, "\\x23", sizeof("\\x23"));
		} else {	/* a whole character, or its octets would be escaped one by one */
			while (n < 4 && i + n < len && continues_character(line[i + n]))
				n++;
			memcpy(piece, line + i, n);
		}
		text_printable(out, piece);
		for (size_t k = before; k < out->len; k++)
			column += !continues_character(out->data[k]);
	}
	return column - start;
}

/** The part of a long line around `at`: where it begins, and its length. */
static size_t
window(const char *line, size_t len, size_t at, size_t most, size_t *shown)
{
	size_t lead = most * 3 / 8, start = len > most && at > lead ? at - lead : 0;

	while (start > 0 && continues_character(line[start]))
		start--;
	*shown = len - start < most ? len - start : most;
	while (start + *shown < len && *shown > 1 && continues_character(line[start + *shown]))
		(*shown)--;
	return start;
}

bool
snippet_init(struct snippet *snippet, const char *line, size_t len, uint32_t column,
	     size_t most)
{
	size_t at = snippet_octet(line, len, column), shown, start, token, end;

	text_init(&snippet->line);
	snippet->mark = snippet->mark_len = 0;
	if (memchr(line, '\0', len))
		return false;
	most = most == 0 ? SHOWN_MOST : most < SHOWN_LEAST ? SHOWN_LEAST : most;
	start = window(line, len, at, most, &shown);
	end = start + shown;
	token = token_len(line, len, at);
	if (at + token > end)
		token = end > at ? end - at : 0;

	text_append(&snippet->line, "");
	snippet->mark = print_part(&snippet->line, line + start, at - start, 0);
	if (column) {
		size_t n = print_part(&snippet->line, line + at, token, snippet->mark);

		snippet->mark_len = n > MARK_MOST ? MARK_MOST : n > 0 ? n : 1;
		print_part(&snippet->line, line + at + token, end - at - token,
			   snippet->mark + n);
	} else {
		print_part(&snippet->line, line + at, end - at, snippet->mark);
	}
	return !snippet->line.failed;
}

void
snippet_fini(struct snippet *snippet)
{
	text_fini(&snippet->line);
}
