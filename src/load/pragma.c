#include "load/pragma.h"

#include <string.h>

#include "base/bytes.h"

#define TO_THE_END   UINT32_MAX
#define PRAGMAS_MOST 10000	/* of a file: each is held against the others */

struct line {
	const char *text;
	size_t len, indent;		/* octets; blanks at its begin */
};

struct scan {
	const char *at, *end;		/* what is not read yet */
	struct line line;
	uint32_t number;		/* of the line */
	enum pragma_syntax syntax;
	const char *file;
	struct arena *arena;
	struct lint_settings *lint;
	struct pragma *before;		/* the last one of other files; NULL: none */
	char quote;			/* open over the end of lines: ' or ", else 0 */
	bool in_block;			/* a block scalar goes on ... */
	size_t block_indent;		/* ... while lines are indented deeper */
	bool waiting;			/* pragmas wait for the node that they speak of */
	size_t count;			/* pragmas of this file */
	bool nomem;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
next_line(const char **at, const char *end, struct line *line)
{
	const char *newline;

	if (*at >= end)
		return false;
	newline = memchr(*at, '\n', (size_t)(end - *at));
	line->text = *at;
	line->len = (size_t)((newline ? newline : end) - *at);
	*at = newline ? newline + 1 : end;
	while (line->len && is_blank(line->text[line->len - 1]))
		line->len--;
	line->indent = 0;
	while (line->indent < line->len && is_blank(line->text[line->indent]))
		line->indent++;
	return true;
}

/* Pragmas of this file. */

static struct pragma *
first_pragma(const struct scan *s)
{
	return s->before ? s->before->next : s->lint->pragmas;
}

static struct pragma *
add_pragma(struct scan *s, enum pragma_kind kind, size_t column)
{
	struct pragma *pragma = arena_alloc(s->arena, sizeof(*pragma));

	if (!pragma) {
		s->nomem = true;
		return NULL;
	}
	*pragma = (struct pragma){
		.kind = kind, .reason = "", .first = s->number, .last = s->number,
		.at = { s->file, s->number, (uint32_t)column + 1 },
	};
	*(s->lint->last_pragma ? &s->lint->last_pragma->next : &s->lint->pragmas) = pragma;
	s->lint->last_pragma = pragma;
	if (++s->count >= PRAGMAS_MOST) {
		pragma->kind = PRAGMA_FLAWED;
		pragma->reason = "is one too many: 10,000 codes in a file are the limit";
		return NULL;
	}
	return pragma;
}

static void
add_flawed(struct scan *s, size_t column, const char *why)
{
	struct pragma *pragma = add_pragma(s, PRAGMA_FLAWED, column);

	if (pragma)
		pragma->reason = why;
}

static const char *
copy(struct scan *s, const char *text, size_t len)
{
	char *string;

	while (len && is_blank(*text))
		text++, len--;
	while (len && is_blank(text[len - 1]))
		len--;
	string = arena_copy(s->arena, text, len);
	if (!string) {
		s->nomem = true;
		return "";
	}
	return string;
}

/* What a comment says. */

struct said {
	const char *reason, *until;
	bool own_line;
	size_t column;
};

/** Take "until=YYYY-MM-DD" out of the reason. */
static void
read_reason(struct scan *s, const char *text, size_t len, struct said *said)
{
	static const char word[] = "until=";
	const char *until = memmem(text, len, word, sizeof(word) - 1), *end = text + len;
	const char *behind, *before, *after;

	if (!until || (until > text && !is_blank(until[-1]))) {
		said->reason = copy(s, text, len);
		return;
	}
	behind = until + sizeof(word) - 1;
	while (behind < end && !is_blank(*behind))
		behind++;
	said->until = copy(s, until + sizeof(word) - 1,
			   (size_t)(behind - until) - (sizeof(word) - 1));
	before = copy(s, text, (size_t)(until - text));
	after = copy(s, behind, (size_t)(end - behind));
	said->reason = *before && *after ? arena_printf(s->arena, "%s %s", before, after)
					 : *before ? before : after;
	if (!said->reason) {
		said->reason = "";
		s->nomem = true;
	}
}

/** The range of this code that is open ends here. */
static void
enable(struct scan *s, const char *code, size_t column)
{
	for (struct pragma *p = first_pragma(s); p; p = p->next) {
		if (p->kind == PRAGMA_RANGE && p->last == TO_THE_END &&
		    strcmp(p->code, code) == 0) {
			p->last = s->number;
			return;
		}
	}
	add_flawed(s, column, "enables what no disable[...] above has disabled");
}

static void
say(struct scan *s, enum pragma_kind kind, const char *code, const struct said *said)
{
	struct pragma *pragma = add_pragma(s, kind, said->column);

	if (!pragma)
		return;
	pragma->code = code;
	pragma->reason = said->reason;
	pragma->until = said->until;
	if (kind != PRAGMA_IGNORE) {
		pragma->last = TO_THE_END;
	} else if (said->own_line) {
		pragma->first = TO_THE_END;	/* waiting */
		pragma->last = 0;
		s->waiting = true;
	}
}

/** The codes between the brackets, one by one. */
static void
read_codes(struct scan *s, const char *word, size_t word_len, const char *codes, size_t len,
	   const struct said *said)
{
	const char *end = codes + len;

	while (codes <= end && !s->nomem && s->count < PRAGMAS_MOST) {
		const char *comma = memchr(codes, ',', (size_t)(end - codes));
		const char *code = copy(s, codes, (size_t)((comma ? comma : end) - codes));

		if (!*code)
			add_flawed(s, said->column, "names no codes: there is no form for all");
		else if (word_len == 6 && memcmp(word, "enable", 6) == 0)
			enable(s, code, said->column);
		else if (word_len == 7)
			say(s, PRAGMA_RANGE, code, said);
		else
			say(s, word_len == 6 ? PRAGMA_IGNORE : PRAGMA_FILE, code, said);
		if (!comma)
			break;
		codes = comma + 1;
	}
}

static bool
is_word(const char *text, size_t len)
{
	static const char *const words[] = { "ignore", "disable", "enable", "ignore-file" };

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strlen(words[i]) == len && memcmp(words[i], text, len) == 0)
			return true;
	return false;
}

/** A comment, without the sign that it begins with. */
static void
read_comment(struct scan *s, const char *text, bool own_line)
{
	static const char mark[] = "lint:";
	const char *end = s->line.text + s->line.len, *open, *close;
	struct said said = { .reason = "", .own_line = own_line,
			     .column = (size_t)(text - s->line.text) - 1 };

	while (text < end && is_blank(*text))
		text++;
	if ((size_t)(end - text) < sizeof(mark) - 1 || memcmp(text, mark, sizeof(mark) - 1) != 0)
		return;
	text += sizeof(mark) - 1;
	while (text < end && is_blank(*text))
		text++;
	open = memchr(text, '[', (size_t)(end - text));
	close = open ? memchr(open, ']', (size_t)(end - open)) : NULL;
	if (!close || !is_word(text, (size_t)(open - text))) {
		add_flawed(s, said.column, "is none of ignore[CODES], disable[CODES], "
			   "enable[CODES] and ignore-file[CODES]");
		return;
	}
	read_reason(s, close + 1, (size_t)(end - close) - 1, &said);
	read_codes(s, text, (size_t)(open - text), open + 1, (size_t)(close - open) - 1, &said);
}

/* The node, or the record, that a comment on a line of its own speaks of. */

static bool
has_content(const struct line *line, char comment)
{
	return line->indent < line->len && line->text[line->indent] != comment;
}

static bool
is_dash(const struct line *line)
{
	return line->indent < line->len && line->text[line->indent] == '-' &&
	       (line->indent + 1 == line->len || is_blank(line->text[line->indent + 1]));
}

/** The last line of the YAML node that begins in this line: deeper lines belong to it. */
static uint32_t
node_end(const struct scan *s)
{
	bool is_key = s->line.len && s->line.text[s->line.len - 1] == ':';
	const char *at = s->at;
	uint32_t number = s->number, last = s->number;
	struct line line;

	while (next_line(&at, s->end, &line)) {
		number++;
		if (!has_content(&line, '#'))
			continue;
		if (line.indent < s->line.indent)
			break;
		if (line.indent == s->line.indent &&
		    (!is_key || !is_dash(&line) || is_dash(&s->line)))
			break;
		last = number;
	}
	return last;
}

/** The last line of the record that begins in this line: brackets go over lines. */
static uint32_t
record_end(const struct scan *s)
{
	uint32_t number = s->number;
	const char *at = s->line.text;
	bool quoted = false;
	size_t open = 0;

	for (; at < s->end; at++) {
		if (*at == '\\' && at + 1 < s->end)
			at++;
		else if (*at == '"')
			quoted = !quoted;
		else if (!quoted && *at == ';')
			at = memchr(at, '\n', (size_t)(s->end - at));
		else if (!quoted && *at == '(')
			open++;
		else if (!quoted && *at == ')' && open)
			open--;
		if (!at)
			break;
		if (*at == '\n' && !open)
			break;
		number += *at == '\n';
	}
	return number;
}

static void
settle(struct scan *s)
{
	uint32_t last = s->syntax == PRAGMAS_YAML ? node_end(s) : record_end(s);

	for (struct pragma *p = first_pragma(s); p; p = p->next) {
		if (p->kind == PRAGMA_IGNORE && p->first == TO_THE_END) {
			p->first = s->number;
			p->last = last;
		}
	}
	s->waiting = false;
}

/* Where comments are. */

/** Past the quote that is open, or to the end of the line. */
static size_t
skip_quoted(struct scan *s, size_t i)
{
	const struct line *line = &s->line;

	for (; i < line->len; i++) {
		if (line->text[i] == '\\' && s->quote == '"')
			i++;
		else if (line->text[i] != s->quote)
			continue;
		else if (s->quote == '\'' && i + 1 < line->len && line->text[i + 1] == '\'')
			i++;
		else
			return s->quote = 0, i + 1;
	}
	return line->len;
}

/** Does a scalar begin here?  Elsewhere quotes and bars are letters like others. */
static bool
begins_scalar(const struct line *line, size_t i)
{
	size_t j = i;

	while (j > 0 && is_blank(line->text[j - 1]))
		j--;
	if (j == 0 || strchr("[{,", line->text[j - 1]))
		return true;
	if (j == i)
		return false;
	if (strchr(":-?", line->text[j - 1]))
		return true;
	while (j > 0 && !is_blank(line->text[j - 1]))	/* a tag or an anchor? */
		j--;
	return line->text[j] == '!' || line->text[j] == '&';
}

/** `|` or `>`, its indicators, and nothing behind but a comment. */
static bool
is_block_header(const struct line *line, size_t i)
{
	if (line->text[i] != '|' && line->text[i] != '>')
		return false;
	for (i++; i < line->len && strchr("0123456789+-", line->text[i]); i++)
		;
	while (i < line->len && is_blank(line->text[i]))
		i++;
	return i == line->len || line->text[i] == '#';
}

/** The column of the node whose value begins at i: of its key, or of its dash. */
static size_t
parent_column(const struct line *line, size_t i)
{
	size_t column = line->indent;

	while (column + 1 < i && line->text[column] == '-' && is_blank(line->text[column + 1])) {
		size_t next = column + 1;

		while (next < i && is_blank(line->text[next]))
			next++;
		if (next == i)
			return column;
		column = next;
	}
	return column;
}

static void
scan_yaml_line(struct scan *s)
{
	const struct line *line = &s->line;
	size_t i = line->indent;

	if (s->in_block && (i == line->len || i > s->block_indent))
		return;
	s->in_block = false;
	if (s->waiting && !s->quote && has_content(line, '#'))
		settle(s);
	if (s->quote)
		i = skip_quoted(s, i);
	for (; i < line->len; i++) {
		char c = line->text[i];

		if (c == '#' && (i == 0 || is_blank(line->text[i - 1]))) {
			read_comment(s, line->text + i + 1, i == line->indent);
			return;
		}
		if ((c == '"' || c == '\'') && begins_scalar(line, i)) {
			s->quote = c;
			i = skip_quoted(s, i + 1) - 1;
		} else if (is_block_header(line, i) && begins_scalar(line, i)) {
			s->in_block = true;
			s->block_indent = parent_column(line, i);
		}
	}
}

static void
scan_master_line(struct scan *s)
{
	const struct line *line = &s->line;

	if (s->waiting && !s->quote && has_content(line, ';'))
		settle(s);
	for (size_t i = 0; i < line->len; i++) {
		if (line->text[i] == '\\') {
			i++;
		} else if (line->text[i] == '"') {
			s->quote = s->quote ? 0 : '"';
		} else if (line->text[i] == ';' && !s->quote) {
			read_comment(s, line->text + i + 1, i == line->indent);
			return;
		}
	}
}

/** What waits at the end of the file waits for nothing. */
static void
end_scan(struct scan *s)
{
	for (struct pragma *p = first_pragma(s); p && s->waiting; p = p->next)
		if (p->kind == PRAGMA_IGNORE && p->first == TO_THE_END)
			p->first = p->last = p->at.line;
}

/** A zone file may serve several zones. */
static bool
is_known(const struct lint_settings *lint, const char *path)
{
	for (const struct pragma *p = lint->pragmas; p; p = p->next)
		if (strcmp(p->at.file, path) == 0)
			return true;
	return false;
}

enum status
pragmas_read(const struct source *source, enum pragma_syntax syntax, struct arena *arena,
	     struct lint_settings *lint)
{
	struct scan s = {
		.at = source->data, .end = source->data + source->len, .syntax = syntax,
		.file = source->path, .arena = arena, .lint = lint, .before = lint->last_pragma,
	};

	if (!memmem(source->data, source->len, "lint:", 5) || is_known(lint, source->path))
		return OK;
	while (!s.nomem && s.count < PRAGMAS_MOST && next_line(&s.at, s.end, &s.line)) {
		s.number++;
		if (syntax == PRAGMAS_YAML)
			scan_yaml_line(&s);
		else
			scan_master_line(&s);
	}
	end_scan(&s);
	return s.nomem ? ERR_NOMEM : OK;
}

void
pragmas_join(struct lint_settings *into, const struct lint_settings *from)
{
	const char *file = NULL;
	bool known = false;

	for (struct pragma *p = from->pragmas, *next; p; p = next) {
		next = p->next;
		if (p->at.file != file) {
			file = p->at.file;
			known = is_known(into, file);
		}
		if (known)
			continue;
		p->next = NULL;
		*(into->last_pragma ? &into->last_pragma->next : &into->pragmas) = p;
		into->last_pragma = p;
	}
}
