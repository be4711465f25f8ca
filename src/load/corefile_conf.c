#include "load/corefile_conf.h"

#include <string.h>

#include "load/words.h"

static const struct words_style style = { .comments = "#", .quotes = "\"", .escapes = true };

/* A snippet: the lines between its braces. */
struct snippet {
	const struct corefile_line *first, *end;
};

struct core_reader {
	struct onprem *o;
	struct table snippets;		/* name -> struct snippet */
	struct corefile_block *first, *last;
	unsigned depth;
	size_t lines;			/* taken into blocks */
	bool stopped;			/* a mistake was reported, or a limit met */
};

/* Lines as they come. */
struct lines {
	struct corefile_line *first, *last;
};

const char *
corefile_word(const struct corefile_line *line, size_t n)
{
	return n < line->count ? line->word[n]->text : "";
}

struct srcloc
corefile_place(const struct corefile_line *line, size_t n)
{
	return declare_place(line->file, line->word[n < line->count ? n : line->count - 1]);
}

static void
stop(struct core_reader *r, struct srcloc at, const char *why)
{
	if (!r->stopped)
		onprem_refuse(r->o, at, "%s", why);
	r->stopped = true;
}

static void *
new(struct core_reader *r, size_t size)
{
	void *made = arena_alloc(r->o->nodes->arena, size);

	r->o->nodes->nomem |= !made;
	return made;
}

/* --- lines */

static bool
is_brace(const struct yaml_node *word, const char *brace)
{
	return word->plain && strcmp(word->text, brace) == 0;
}

static void
add_line(struct core_reader *r, struct lines *lines, const struct words *w, const char *file)
{
	size_t size = w->count * sizeof(*w->word);
	const struct yaml_node **words = arena_copy(r->o->nodes->arena, w->word, size);
	struct corefile_line *line = new(r, sizeof(*line));

	if (!words || !line) {
		r->o->nodes->nomem = true;
		return;
	}
	*line = (struct corefile_line){ .word = words, .count = w->count, .file = file };
	if (w->count > 1 && is_brace(words[w->count - 1], "{")) {
		line->opens = true;
		line->count--;
	}
	*(lines->last ? &lines->last->next : &lines->first) = line;
	lines->last = line;
}

static struct corefile_line *
read_lines(struct core_reader *r, const char *path, struct srcloc at)
{
	struct lines lines = { 0 };
	struct onprem_file file;
	struct words words;

	if (!onprem_open(r->o, &file, path, at))
		return NULL;
	words_init(&words, &style, r->o->nodes, file.text, file.len);
	while (words_next(&words) && !r->stopped) {
		if (words.why)
			stop(r, (struct srcloc){ file.source.path, words.why_line,
						 words.why_column }, words.why);
		else
			add_line(r, &lines, &words, file.source.path);
	}
	words_fini(&words);
	onprem_close(r->o, &file);
	return lines.first;
}

static bool
is_end(const struct corefile_line *line)
{
	return line->count == 1 && !line->opens && is_brace(line->word[0], "}");
}

/** The line with the brace that closes what `line` opens; NULL: reported. */
static const struct corefile_line *
find_end(struct core_reader *r, const struct corefile_line *line)
{
	const struct corefile_line *last = line;
	unsigned depth = 1;

	for (const struct corefile_line *l = line->next; l; last = l, l = l->next) {
		if (l->opens && ++depth > COREFILE_MAX_DEPTH)
			break;
		if (is_end(l) && --depth == 0)
			return l;
	}
	stop(r, corefile_place(last, 0), depth > COREFILE_MAX_DEPTH
	     ? "more braces within braces than 16"
	     : "the file ends before the closing brace");
	return NULL;
}

/* --- blocks */

static void read_directives(struct core_reader *r, struct corefile_block *block,
			    const struct corefile_line *first, const struct corefile_line *end);

/** A value of the environment of the server, which is not ours. */
static bool
is_known(struct core_reader *r, const struct corefile_line *line)
{
	for (size_t i = 0; i < line->count; i++) {
		const char *text = line->word[i]->text;

		if (!strstr(text, "{$") && !strstr(text, "{%"))
			continue;
		diag_open(r->o->diags, SEVERITY_NOTE, "CFG004", "unknown-until-apply",
			  corefile_place(line, i), "\"%.80s\" is of the environment of the server, so "
			  "\"%.80s\" is left out", text, corefile_word(line, 0));
		declare_incomplete(r->o->d);
		return false;
	}
	return true;
}

/* Where what is imported goes; block NULL: it has server blocks itself. */
struct import {
	struct core_reader *r;
	struct corefile_block *block;
};

static void read_blocks(struct core_reader *r, const struct corefile_line *line);

static void
import_file(void *context, const char *path, struct srcloc at)
{
	struct import *import = context;
	const struct corefile_line *first = read_lines(import->r, path, at);

	if (first && import->block)
		read_directives(import->r, import->block, first, NULL);
	else if (first)
		read_blocks(import->r, first);
}

static void
read_import(struct core_reader *r, struct corefile_block *block, const struct corefile_line *line)
{
	const struct snippet *snippet = table_find_string(&r->snippets, corefile_word(line, 1));
	struct import import = { r, block };

	if (line->count < 2 || ++r->depth > COREFILE_MAX_DEPTH) {
		stop(r, corefile_place(line, 0), line->count < 2
		     ? "import: a snippet or files are wanted"
		     : "16 imports within each other are the limit");
		return;
	}
	if (snippet && line->count > 2)
		onprem_not_modelled(r->o, corefile_place(line, 2), "arguments of an import are not "
				    "put in place");
	if (snippet && block)
		read_directives(r, block, snippet->first, snippet->end);
	else if (snippet)
		stop(r, corefile_place(line, 1), "a snippet is imported into server blocks");
	else
		onprem_each(r->o, line->file, corefile_word(line, 1), corefile_place(line, 1),
			    import_file, &import);
	r->depth--;
}

static void
add_directive(struct core_reader *r, struct corefile_block *block, const struct corefile_line *line,
	      const struct corefile_line *end)
{
	struct corefile_directive *made = new(r, sizeof(*made));

	if (!made)
		return;
	if (++block->count > COREFILE_DIRECTIVES_MOST)
		stop(r, corefile_place(line, 0), "1,000 directives of a server block are the limit");
	*made = (struct corefile_directive){ .line = line };
	if (end) {
		made->body = line->next;
		made->body_end = end;
	}
	*(block->last ? &block->last->next : &block->first) = made;
	block->last = made;
}

static void
read_directives(struct core_reader *r, struct corefile_block *block, const struct corefile_line *first,
		const struct corefile_line *end)
{
	for (const struct corefile_line *l = first; l && l != end && !r->stopped; l = l->next) {
		const struct corefile_line *line = l, *close = NULL;

		if (++r->lines > COREFILE_LINES_MOST) {
			stop(r, corefile_place(l, 0), "1,000,000 lines are the limit");
			return;
		}
		if (is_end(l)) {
			stop(r, corefile_place(l, 0), "a closing brace, and none is open");
			return;
		}
		if (l->opens) {
			close = find_end(r, l);
			if (!close)
				return;
		}
		if (strcmp(corefile_word(l, 0), "import") == 0)
			read_import(r, block, l);
		else if (is_known(r, l))
			add_directive(r, block, line, close);
		if (close)
			l = close;
	}
}

static struct corefile_block *
add_block(struct core_reader *r, const struct corefile_line *keys)
{
	struct corefile_block *block = new(r, sizeof(*block));

	if (!block)
		return NULL;
	*block = (struct corefile_block){ .keys = keys };
	*(r->last ? &r->last->next : &r->first) = block;
	r->last = block;
	return block;
}

static bool
add_snippet(struct core_reader *r, const struct corefile_line *line, const struct corefile_line *end)
{
	const char *text = corefile_word(line, 0);
	size_t len = strlen(text);
	struct snippet *snippet;

	if (text[0] != '(' || len < 2 || text[len - 1] != ')')
		return false;
	snippet = new(r, sizeof(*snippet));
	if (!snippet)
		return true;
	*snippet = (struct snippet){ line->next, end };
	if (table_put_string(&r->snippets, onprem_text(r->o, "%.*s", (int)len - 2, text + 1),
			     snippet) != OK)
		r->o->nodes->nomem = true;
	return true;
}

static void
read_blocks(struct core_reader *r, const struct corefile_line *line)
{
	for (; line && !r->stopped && !r->o->nodes->nomem; line = line->next) {
		const struct corefile_line *end = line->opens ? find_end(r, line) : NULL;
		struct corefile_block *block;

		if (!line->opens && strcmp(corefile_word(line, 0), "import") == 0) {
			read_import(r, NULL, line);
			continue;
		}
		if (!line->opens && !r->first && !is_end(line)) {	/* one block, without braces */
			block = add_block(r, line);
			if (block)
				read_directives(r, block, line->next, NULL);
			return;
		}
		if (!end) {
			stop(r, corefile_place(line, 0), "zones and an opening brace are wanted");
			return;
		}
		if (!add_snippet(r, line, end) && is_known(r, line)) {
			block = add_block(r, line);
			if (block)
				read_directives(r, block, line->next, end);
		}
		line = end;
	}
}

const struct corefile_block *
corefile_conf_read(struct onprem *o, struct srcloc at)
{
	struct core_reader r = { .o = o };

	table_init(&r.snippets, o->nodes->arena);
	read_blocks(&r, read_lines(&r, o->main, at));
	return r.first;
}
