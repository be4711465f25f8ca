#include "load/master.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What may not stand inside a field without quotes. */
enum char_class { INSIDE, BLANK, NEWLINE, COMMENT, OPEN, CLOSE, QUOTE, ESCAPE };

static const uint8_t classes[256] = {
	[' '] = BLANK, ['\t'] = BLANK, ['\r'] = BLANK, ['\f'] = BLANK, ['\v'] = BLANK,
	['\n'] = NEWLINE, [';'] = COMMENT, ['('] = OPEN, [')'] = CLOSE, ['"'] = QUOTE,
	['\\'] = ESCAPE,
};

static enum char_class
class_of(char c)
{
	return (enum char_class)classes[(uint8_t)c];
}

void
master_init(struct master *master, const char *text, size_t len)
{
	*master = (struct master){ .at = text, .end = text + len, .line_start = text, .line = 1 };
	master->fields = master->few;
	master->room = sizeof(master->few) / sizeof(master->few[0]);
}

void
master_fini(struct master *master)
{
	if (master->fields != master->few)
		free(master->fields);
	master->fields = NULL;
}

static uint32_t
column_of(const struct master *m, const char *at)
{
	return (uint32_t)(at - m->line_start) + 1;
}

static void
pass_newline(struct master *m)
{
	m->at++;
	m->line++;
	m->line_start = m->at;
}

static void
pass_comment(struct master *m)
{
	const char *newline = memchr(m->at, '\n', (size_t)(m->end - m->at));

	m->at = newline ? newline : m->end;
}

static void
pass_line(struct master *m)
{
	pass_comment(m);
	if (m->at < m->end)
		pass_newline(m);
}

/** Behind the record with an error: its line, or as far as its parentheses go. */
static void
pass_record(struct master *m, unsigned depth)
{
	while (depth && m->at < m->end) {
		if (*m->at == ')')
			depth--;
		if (*m->at == '(')
			depth++;
		if (*m->at == '\n')
			pass_newline(m);
		else if (*m->at == ';')
			pass_comment(m);
		else
			m->at++;
	}
	pass_line(m);
}

static enum status
malformed(struct master *m, const char *why, const char *at, unsigned depth)
{
	m->why = why;
	m->why_line = m->line;
	m->why_column = column_of(m, at);
	pass_record(m, depth);
	return ERR_MALFORMED;
}

static enum status
add_field(struct master *m, const char *text, const char *end, bool quoted)
{
	size_t room = 4 * m->room;

	if (m->count == m->room) {
		struct field *more = malloc(room * sizeof(*more));

		if (!more)
			return ERR_NOMEM;
		memcpy(more, m->fields, m->count * sizeof(*more));
		if (m->fields != m->few)
			free(m->fields);
		m->fields = more;
		m->room = room;
	}
	m->fields[m->count++] = (struct field){
		.text = text,
		.len = (uint32_t)(end - text),
		.line = m->line,
		.column = column_of(m, text) - quoted,
		.quoted = quoted,
	};
	return OK;
}

/** The quote that ends what the one before `at` began; NULL: not in this line. */
static const char *
closing_quote(const struct master *m, const char *at)
{
	for (; at < m->end && *at != '\n'; at++) {
		if (*at == '"')
			return at;
		if (*at == '\\' && m->end - at > 1 && at[1] != '\n')
			at++;
	}
	return NULL;
}

static enum status
read_quoted(struct master *m, unsigned depth)
{
	const char *open = m->at, *close = closing_quote(m, open + 1);

	if (!close)
		return malformed(m, "a quote that is not closed in its line", open, depth);
	m->at = close + 1;
	return add_field(m, open + 1, close, true);
}

/** A field without quotes around it; some have them inside, as in alpn="h2,h3". */
static enum status
read_plain(struct master *m, unsigned depth)
{
	const char *start = m->at, *quote;

	while (m->at < m->end) {
		enum char_class class = class_of(*m->at);

		if (class == ESCAPE && m->end - m->at > 1 && m->at[1] != '\n') {
			m->at += 2;
		} else if (class == QUOTE) {
			quote = closing_quote(m, m->at + 1);
			if (!quote)
				return malformed(m, "a quote that is not closed in its line",
						 m->at, depth);
			m->at = quote + 1;
		} else if (class == INSIDE || class == ESCAPE) {
			m->at++;
		} else {
			break;
		}
	}
	return add_field(m, start, m->at, false);
}

/** Blank lines and comments before a record. */
static void
pass_empty(struct master *m)
{
	while (m->at < m->end) {
		const char *p = m->at;

		while (p < m->end && class_of(*p) == BLANK)
			p++;
		if (p < m->end && *p != '\n' && *p != ';')
			return;
		pass_line(m);
	}
}

static enum status
end_of_text(struct master *m, const char *open, uint32_t open_line, uint32_t open_column)
{
	if (open) {
		m->why = "a parenthesis that is never closed";
		m->why_line = open_line;
		m->why_column = open_column;
		return ERR_MALFORMED;
	}
	m->unfinished = true;
	return OK;
}

enum status
master_next(struct master *m)
{
	const char *open = NULL;
	uint32_t open_line = 0, open_column = 0;
	unsigned depth = 0;
	enum status status = OK;

	m->count = 0;
	m->unfinished = false;
	if (!m->bare)
		pass_empty(m);
	if (m->at >= m->end)
		return ERR_SHORT;
	m->blank = class_of(*m->at) == BLANK;
	while (m->at < m->end && status == OK) {
		enum char_class class = class_of(*m->at);

		if (m->bare && (class == NEWLINE || class == COMMENT || class == OPEN ||
				class == CLOSE))
			return malformed(m, "; ( ) and line breaks stand in quotes, or behind a "
					 "backslash", m->at, 0);
		if (m->count == MASTER_MAX_FIELDS)
			return malformed(m, "a record of too many fields", m->at, depth);
		switch (class) {
		case BLANK:
			m->at++;
			break;
		case NEWLINE:
			pass_newline(m);
			if (depth == 0)
				return OK;
			break;
		case COMMENT:
			pass_comment(m);
			break;
		case OPEN:
			if (depth++ == 0) {
				open = m->at;
				open_line = m->line;
				open_column = column_of(m, m->at);
			}
			m->at++;
			break;
		case CLOSE:
			if (depth == 0)
				return malformed(m, "a closing parenthesis without an opening one",
						 m->at, 0);
			if (--depth == 0)
				open = NULL;
			m->at++;
			break;
		case QUOTE:
			status = read_quoted(m, depth);
			break;
		case INSIDE:
		case ESCAPE:
			status = read_plain(m, depth);
			break;
		}
	}
	return status == OK ? end_of_text(m, open, open_line, open_column) : status;
}

bool
field_is(const struct field *field, const char *text)
{
	return !field->quoted && field->len == strlen(text) &&
	       strncasecmp(field->text, text, field->len) == 0;
}

bool
field_copy(const struct field *field, char *buf, size_t size)
{
	if (field->len >= size)
		return false;
	memcpy(buf, field->text, field->len);
	buf[field->len] = '\0';
	return true;
}
