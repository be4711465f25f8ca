#include "load/named_conf.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

enum token { TOKEN_WORD, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_SEMICOLON, TOKEN_END, TOKEN_BAD };

/* One file on its way through; list: where the next statement goes. */
struct lexer {
	struct onprem *o;
	const char *file;
	const char *at, *end;
	uint32_t line, column;
	uint32_t token_line, token_column;
	struct yaml_node *word;		/* of TOKEN_WORD */
	enum token token;
	unsigned depth;
	struct text text;
};

/* Statements as they come. */
struct list {
	const struct named_statement *first;
	struct named_statement *last;
};

static bool read_file(struct onprem *o, const char *path, struct srcloc at, struct list *list);

static struct srcloc
token_place(const struct lexer *x)
{
	return (struct srcloc){ x->file, x->token_line, x->token_column };
}

static enum token
refuse(struct lexer *x, const char *what)
{
	if (x->token != TOKEN_BAD)
		onprem_refuse(x->o, token_place(x), "%s", what);
	return x->token = TOKEN_BAD;
}

static void
step(struct lexer *x)
{
	if (*x->at == '\n') {
		x->line++;
		x->column = 1;
	} else if (((unsigned char)*x->at & 0xc0) != 0x80) {	/* a character has one column */
		x->column++;
	}
	x->at++;
}

static bool
looking_at(const struct lexer *x, const char *text)
{
	size_t len = strlen(text);

	return (size_t)(x->end - x->at) >= len && memcmp(x->at, text, len) == 0;
}

/** A comment that ends with the line. */
static void
pass_line(struct lexer *x)
{
	while (x->at < x->end && *x->at != '\n')
		step(x);
}

/** false: the comment has no end. */
static bool
pass_blank(struct lexer *x)
{
	while (x->at < x->end) {
		if (*x->at == '#' || looking_at(x, "//")) {
			pass_line(x);
		} else if (looking_at(x, "/*")) {
			x->token_line = x->line;
			x->token_column = x->column;
			while (x->at < x->end && !looking_at(x, "*/"))
				step(x);
			if (x->at == x->end)
				return false;
			step(x);
			step(x);
		} else if (isspace((unsigned char)*x->at)) {
			step(x);
		} else {
			break;
		}
	}
	return true;
}

static enum token
take_word(struct lexer *x, bool quoted)
{
	struct yaml_node place = { .line = x->token_line, .column = x->token_column };

	text_append(&x->text, "");
	if (x->text.failed) {
		x->o->nodes->nomem = true;
		return TOKEN_BAD;
	}
	x->word = nodes_text(x->o->nodes, x->text.data ? x->text.data : "", &place);
	if (!x->word)
		return x->token = TOKEN_BAD;
	x->word->plain = !quoted;
	return x->token = TOKEN_WORD;
}

static enum token
read_string(struct lexer *x)
{
	for (step(x); x->at < x->end && *x->at != '"'; step(x)) {
		if (*x->at == '\n')
			break;
		if (*x->at == '\\' && x->at + 1 < x->end && x->at[1] != '\n')
			step(x);
		text_append_len(&x->text, x->at, 1);
	}
	if (x->at == x->end || *x->at != '"')
		return refuse(x, "a string without its closing quote");
	step(x);
	return take_word(x, true);
}

static enum token
read_word(struct lexer *x)
{
	while (x->at < x->end && !isspace((unsigned char)*x->at) && !strchr("{};\"", *x->at)) {
		text_append_len(&x->text, x->at, 1);
		step(x);
	}
	return take_word(x, false);
}

static enum token
next(struct lexer *x)
{
	static const struct { char sign; enum token token; } signs[] = {
		{ '{', TOKEN_OPEN }, { '}', TOKEN_CLOSE }, { ';', TOKEN_SEMICOLON },
	};

	if (x->token == TOKEN_BAD || x->o->nodes->nomem)
		return TOKEN_BAD;
	if (!pass_blank(x))
		return refuse(x, "a comment without its end \"*/\"");
	x->token_line = x->line;
	x->token_column = x->column;
	text_clear(&x->text);
	if (x->at == x->end)
		return x->token = TOKEN_END;
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (*x->at == signs[i].sign) {
			step(x);
			return x->token = signs[i].token;
		}
	}
	return *x->at == '"' ? read_string(x) : read_word(x);
}

static void *
new(struct lexer *x, size_t size)
{
	void *made = arena_alloc(x->o->nodes->arena, size);

	x->o->nodes->nomem |= !made;
	return made;
}

static const struct named_statement *read_block(struct lexer *x);

/** Behind its first token, up to the semicolon.  NULL: a mistake, reported, or no memory. */
static struct named_statement *
read_statement(struct lexer *x)
{
	struct named_statement *s = new(x, sizeof(*s));
	const struct named_item **tail;

	if (!s)
		return NULL;
	s->file = x->file;
	for (tail = &s->first;;) {
		struct named_item *item;

		if (x->token == TOKEN_SEMICOLON)
			return s;
		if (x->token == TOKEN_END || x->token == TOKEN_CLOSE)
			refuse(x, x->token == TOKEN_END
			       ? "the file ends within a statement: a semicolon is wanted"
			       : "a semicolon is wanted before this brace");
		if (x->token == TOKEN_BAD)
			return NULL;
		item = new(x, sizeof(*item));
		if (!item)
			return NULL;
		if (x->token == TOKEN_WORD)
			item->word = x->word;
		else
			item->block = read_block(x);
		*tail = item;
		tail = &item->next;
		next(x);
	}
}

static void
append(struct list *list, struct named_statement *s)
{
	if (list->last)
		list->last->next = s;
	else
		list->first = s;
	list->last = s;
}

/* What the files that a pattern matches go into. */
struct include {
	struct onprem *o;
	struct list *list;
};

static void
include_file(void *context, const char *path, struct srcloc at)
{
	struct include *include = context;

	read_file(include->o, path, at, include->list);
}

/** A statement, or all of the file that it includes. */
static void
take(struct lexer *x, struct list *list, struct named_statement *s)
{
	const struct yaml_node *value = named_word(s, 1);
	struct include include = { x->o, list };

	if (named_is(s, "include") && value)
		onprem_each(x->o, x->file, value->text, declare_place(x->file, value),
			    include_file, &include);
	else
		append(list, s);
	if (named_is(s, "directory") && value)
		x->o->directory = value->text;
}

static void
read_statements(struct lexer *x, enum token end, struct list *list)
{
	while (next(x) != end && x->token != TOKEN_BAD) {
		struct named_statement *s;

		if (x->token == TOKEN_SEMICOLON)
			continue;
		if (x->token == TOKEN_END) {
			refuse(x, "the file ends before the closing brace");
			return;
		}
		if (x->token == TOKEN_CLOSE) {
			refuse(x, "a closing brace, and none is open");
			return;
		}
		s = read_statement(x);
		if (!s)
			return;
		take(x, list, s);
	}
}

static const struct named_statement *
read_block(struct lexer *x)
{
	struct list list = { 0 };

	if (++x->depth > NAMED_MAX_DEPTH)
		refuse(x, "more braces within braces than 32");
	else
		read_statements(x, TOKEN_CLOSE, &list);
	x->depth--;
	return list.first;
}

static bool
read_file(struct onprem *o, const char *path, struct srcloc at, struct list *list)
{
	struct onprem_file file;
	struct lexer x = { .o = o, .line = 1, .column = 1, .token = TOKEN_END };

	if (!onprem_open(o, &file, path, at))
		return false;
	x.file = file.source.path;
	x.at = file.text;
	x.end = file.text + file.len;
	text_init(&x.text);
	read_statements(&x, TOKEN_END, list);
	text_fini(&x.text);
	onprem_close(o, &file);
	return true;
}

const struct named_statement *
named_conf_read(struct onprem *o, const char *path, struct srcloc at)
{
	size_t errors = o->diags->errors;
	struct list list = { 0 };

	if (read_file(o, path, at, &list) && !list.first && o->diags->errors == errors)
		onprem_refuse(o, (struct srcloc){ path, 0, 0 }, "there is no statement in it");
	return list.first;
}

/** Statements that a file may begin with, and what stands behind their name. */
static bool
is_statement(const char *name)
{
	static const char *const names[] = {
		"acl", "controls", "dlz", "dnssec-policy", "http", "include", "key", "logging",
		"managed-keys", "masters", "options", "parental-agents", "plugin", "primaries",
		"remote-servers", "server", "statistics-channels", "tls", "trust-anchors",
		"trusted-keys", "view", "zone",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

bool
named_conf_begins(const char *text, size_t len)
{
	struct lexer x = { .file = "", .line = 1, .column = 1, .token = TOKEN_END };
	struct nodes nodes = { 0 };
	struct onprem o = { .nodes = &nodes };
	struct arena arena;
	struct diags diags;
	struct declare d = { 0 };
	struct objects objects = { 0 };
	bool include, is;

	arena_init(&arena, (size_t)1 << 20);
	diags_init(&diags, &arena, 1);
	d.objects = &objects;
	nodes.arena = &arena;
	o.d = &d;
	o.diags = &diags;
	x.o = &o;
	x.at = text;
	x.end = text + len;
	text_init(&x.text);
	is = next(&x) == TOKEN_WORD && x.word->plain && is_statement(x.word->text);
	include = is && strcmp(x.word->text, "include") == 0;
	for (unsigned i = 0; is && i < 3 && next(&x) == TOKEN_WORD; i++)	/* name, class */
		include &= !x.word->plain;
	is = is && x.token == (include ? TOKEN_SEMICOLON : TOKEN_OPEN);
	text_fini(&x.text);
	arena_fini(&arena);
	return is;
}

const struct yaml_node *
named_word(const struct named_statement *s, unsigned n)
{
	const struct named_item *item = s->first;

	while (item && n--)
		item = item->next;
	return item ? item->word : NULL;
}

const char *
named_text(const struct named_statement *s, unsigned n)
{
	const struct yaml_node *word = named_word(s, n);

	return word ? word->text : "";
}

bool
named_is(const struct named_statement *s, const char *name)
{
	return strcasecmp(named_text(s, 0), name) == 0;
}

static const struct named_item *
braces(const struct named_statement *s)
{
	const struct named_item *item = s->first;

	while (item && item->word)
		item = item->next;
	return item;
}

const struct named_statement *
named_block(const struct named_statement *s)
{
	const struct named_item *item = braces(s);

	return item ? item->block : NULL;
}

bool
named_has_block(const struct named_statement *s)
{
	return braces(s) != NULL;
}

const struct named_statement *
named_find(const struct named_statement *block, const char *name)
{
	const struct named_statement *found = NULL;

	for (; block; block = block->next)
		if (named_is(block, name))
			found = block;
	return found;
}

struct srcloc
named_place(const struct named_statement *s)
{
	const struct named_item *item = s->first;

	while (item && !item->word && item->next)
		item = item->next;
	return item && item->word ? declare_place(s->file, item->word)
				  : (struct srcloc){ .file = s->file };
}
