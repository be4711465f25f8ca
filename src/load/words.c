#include "load/words.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void
words_init(struct words *w, const struct words_style *style, struct nodes *nodes,
	   const char *text, size_t len)
{
	*w = (struct words){ .style = style, .nodes = nodes, .at = text, .end = text + len,
			     .line = 1, .column = 1 };
}

void
words_fini(struct words *w)
{
	free(w->word);
	w->word = NULL;
}

static void
step(struct words *w)
{
	if (*w->at == '\n') {
		w->line++;
		w->column = 1;
	} else if (((unsigned char)*w->at & 0xc0) != 0x80) {	/* a character has one column */
		w->column++;
	}
	w->at++;
}

static bool
is_one_of(const char *set, char c)
{
	return c && strchr(set, c);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static void
wrong(struct words *w, const char *why)
{
	if (w->why)
		return;
	w->why = why;
	w->why_line = w->line;
	w->why_column = w->column;
}

static bool
make_room(struct words *w)
{
	size_t room = w->room ? 2 * w->room : 16;
	const struct yaml_node **more;

	if (w->count < w->room)
		return true;
	more = realloc(w->word, room * sizeof(*more));
	if (!more)
		return false;
	w->word = more;
	w->room = room;
	return true;
}

/** Behind the opening quote, past the closing one. */
static void
read_quoted(struct words *w, struct text *out, char quote)
{
	for (; w->at < w->end && *w->at != quote && *w->at != '\n'; step(w)) {
		if (w->style->escapes && *w->at == '\\' && w->at + 1 < w->end &&
		    w->at[1] != '\n')
			step(w);
		text_append_len(out, w->at, 1);
	}
	if (w->at == w->end || *w->at == '\n')
		wrong(w, "the closing quote is missing");
	else
		step(w);
}

static void
read_word(struct words *w)
{
	struct yaml_node place = { .line = w->line, .column = w->column };
	bool quoted = is_one_of(w->style->quotes, *w->at);
	struct yaml_node *node;
	struct text text;

	text_init(&text);
	text_append(&text, "");
	if (quoted) {
		char quote = *w->at;

		step(w);
		read_quoted(w, &text, quote);
	}
	while (!quoted && w->at < w->end && !is_blank(*w->at) && *w->at != '\n' &&
	       !(w->style->joins && is_one_of(w->style->quotes, *w->at))) {
		text_append_len(&text, w->at, 1);
		step(w);
	}
	node = text.failed ? NULL : nodes_text(w->nodes, text.data ? text.data : "", &place);
	text_fini(&text);
	if (!node || !make_room(w)) {
		w->nodes->nomem = true;
		return;
	}
	node->plain = !quoted;
	if (w->count < WORDS_MOST)
		w->word[w->count++] = node;
	else
		wrong(w, "10,000 words of a line are the limit");
}

bool
words_next(struct words *w)
{
	w->count = 0;
	w->why = NULL;
	while (w->at < w->end && !w->nodes->nomem) {
		if (*w->at == '\n') {
			step(w);
			if (w->count || w->why)
				return true;
		} else if (is_blank(*w->at)) {
			step(w);
		} else if (is_one_of(w->style->comments, *w->at)) {
			while (w->at < w->end && *w->at != '\n')
				step(w);
		} else {
			read_word(w);
		}
	}
	return !w->nodes->nomem && (w->count || w->why);
}
