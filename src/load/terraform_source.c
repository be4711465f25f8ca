#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "load/source.h"
#include "load/terraform_model.h"

#define SOURCE_MOST  ((uint64_t)16 << 20)	/* octets of one .tf */
#define FOLDERS_MOST 1000			/* modules of a folder of modules */

/* The blocks of one folder: a module. */
struct folder {
	const char *path;
	struct table blocks;	/* "aws_vpc.main", "data.aws_vpc.x" -> struct srcloc */
	struct table calls;	/* name -> path of its folder, a text */
};

struct tf_sources {
	struct folder *root;
	struct table folders;	/* path -> struct folder */
};

/*
 * A text on its way through.  Only headers of blocks at the top level are of interest, and
 * `source` one level below; so braces are counted, and what may hide braces is known: strings
 * with their ${...}, comments, here-documents.
 */
struct scan {
	struct terraform *t;
	struct folder *folder;
	const char *path;
	const char *at, *line_start;
	uint32_t line;
	unsigned depth;
	const char *call;	/* of the module block that is open; NULL */
};

/* --- words */

static void
step(struct scan *s)
{
	if (*s->at == '\n') {
		s->line++;
		s->line_start = s->at + 1;
	}
	s->at++;
}

static void
skip_line(struct scan *s)
{
	while (*s->at && *s->at != '\n')
		s->at++;
}

static void
skip_comment(struct scan *s)
{
	s->at += 2;
	while (*s->at && !(s->at[0] == '*' && s->at[1] == '/'))
		step(s);
	s->at += *s->at ? 2 : 0;
}

/** A string to its end, or that of its line; ${ } in it may have strings of their own. */
static void
skip_string(struct scan *s)
{
	unsigned open = 0;

	for (s->at++; *s->at && *s->at != '\n'; s->at++) {
		if (*s->at == '\\' && s->at[1] && s->at[1] != '\n')
			s->at++;
		else if ((s->at[0] == '$' || s->at[0] == '%') && s->at[1] == '{')
			open++;
		else if (open && *s->at == '}')
			open--;
		else if (!open && *s->at == '"')
			break;
	}
	if (*s->at == '"')
		s->at++;
}

/** <<EOT or <<-EOT, to the line that has the word alone. */
static void
skip_heredoc(struct scan *s)
{
	const char *word = s->at + 2 + (s->at[2] == '-');
	size_t len = strcspn(word, " \t\r\n");

	skip_line(s);
	while (*s->at) {
		const char *line;

		step(s);
		line = s->at + strspn(s->at, " \t");
		skip_line(s);
		if (len && strncmp(line, word, len) == 0 &&
		    line + len + strspn(line + len, " \t\r") == s->at)
			return;
	}
}

/** Blanks, comments and line ends. */
static void
skip_blank(struct scan *s)
{
	for (;;) {
		if (*s->at == '#' || (s->at[0] == '/' && s->at[1] == '/'))
			skip_line(s);
		else if (s->at[0] == '/' && s->at[1] == '*')
			skip_comment(s);
		else if (*s->at && strchr(" \t\r\n", *s->at))
			step(s);
		else
			return;
	}
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

/** A word, or a string without its quotes; NULL: neither. */
static const char *
take_label(struct scan *s)
{
	const char *from = s->at;
	char *copy;

	if (*from == '"') {
		skip_string(s);
		if (s->at - from < 2)
			return NULL;
		copy = arena_copy(&s->t->passing, from + 1, (size_t)(s->at - from) - 2);
	} else if (is_word(*from)) {
		while (is_word(*s->at))
			s->at++;
		copy = arena_copy(&s->t->passing, from, (size_t)(s->at - from));
	} else {
		return NULL;
	}
	s->t->declare->nodes.nomem |= !copy;
	return copy;
}

static void
skip_blanks_of_line(struct scan *s)
{
	s->at += strspn(s->at, " \t");
}

/* --- blocks */

static void
keep_block(struct scan *s, const char *kind, const char *type, const char *name,
	   struct srcloc at)
{
	struct arena *arena = s->t->declare->scratch;
	const char *key = arena_printf(arena, "%s%s.%s", strcmp(kind, "data") == 0 ? "data." : "",
				       type, name);
	struct srcloc *kept = arena_alloc(arena, sizeof(*kept));

	if (!key || !kept ||
	    (!table_find_string(&s->folder->blocks, key) &&
	     table_put_string(&s->folder->blocks, key, kept) != OK)) {
		s->t->declare->nodes.nomem = true;
		return;
	}
	*kept = at;
}

/** `resource "aws_vpc" "main" {` or `module "net" {`, at the top level. */
static void
take_header(struct scan *s)
{
	struct srcloc at = { s->path, s->line, (uint32_t)(s->at - s->line_start) + 1 };
	const char *kind = take_label(s), *labels[2] = { NULL, NULL };

	for (size_t i = 0; i < COUNT_OF(labels) && kind; i++) {
		skip_blanks_of_line(s);
		labels[i] = take_label(s);
		if (!labels[i])
			break;
	}
	skip_blanks_of_line(s);
	if (!kind || *s->at != '{' || !labels[0])
		return;
	if (labels[1] && (strcmp(kind, "resource") == 0 || strcmp(kind, "data") == 0))
		keep_block(s, kind, labels[0], labels[1], at);
	else if (!labels[1] && strcmp(kind, "module") == 0)
		s->call = labels[0];
}

/** Without what says nothing, as people write paths. */
static char *
join(struct arena *arena, const char *folder, const char *name)
{
	while (strncmp(name, "./", 2) == 0)
		name += 2;
	if (strcmp(folder, ".") == 0 || strcmp(folder, "./") == 0)
		return arena_string(arena, name);
	return arena_printf(arena, "%s%s%s", folder,
			    folder[strlen(folder) - 1] == '/' ? "" : "/", name);
}

/** `source = "./net"` of a module: where its folder is. */
static void
take_argument(struct scan *s)
{
	const char *name = take_label(s), *value, *folder;
	struct arena *arena = s->t->declare->scratch;

	skip_blanks_of_line(s);
	if (!name || strcmp(name, "source") != 0 || *s->at != '=')
		return;
	s->at++;
	skip_blanks_of_line(s);
	value = *s->at == '"' ? take_label(s) : NULL;
	if (!value || (strncmp(value, "./", 2) != 0 && strncmp(value, "../", 3) != 0))
		return;
	folder = join(arena, s->folder->path, value);
	name = arena_string(arena, s->call);
	if (!folder || !name ||
	    table_put_string(&s->folder->calls, name, (void *)(uintptr_t)folder) != OK)
		s->t->declare->nodes.nomem = true;
}

/** One thing: a header, an argument, a brace, or what is passed by. */
static void
scan_one(struct scan *s)
{
	if (*s->at == '{') {
		s->depth++;
		s->at++;
	} else if (*s->at == '}') {
		s->depth -= s->depth > 0;
		s->call = s->depth ? s->call : NULL;
		s->at++;
	} else if (s->depth == 0 && is_word(*s->at)) {
		take_header(s);
	} else if (s->depth == 1 && s->call && is_word(*s->at)) {
		take_argument(s);
	} else if (*s->at == '"') {
		skip_string(s);
	} else if (s->at[0] == '<' && s->at[1] == '<' && (is_word(s->at[2]) || s->at[2] == '-')) {
		skip_heredoc(s);
	} else if (is_word(*s->at)) {
		while (is_word(*s->at))
			s->at++;
	} else {
		s->at++;
	}
}

static void
scan_text(struct terraform *t, struct folder *folder, const char *path, const char *text)
{
	struct scan s = { .t = t, .folder = folder, .path = path, .line = 1, .at = text,
			  .line_start = text };

	while (*s.at && !t->declare->nodes.nomem) {
		skip_blank(&s);
		if (*s.at)
			scan_one(&s);
	}
}

static void
scan_file(struct terraform *t, struct folder *folder, const char *path)
{
	struct arena_mark mark = arena_mark(&t->passing);
	const char *copy = arena_string(&t->declare->estate->arena, path);
	struct source source;

	if (!copy) {
		t->declare->nodes.nomem = true;
		return;
	}
	if (source_open(&source, copy, SOURCE_MOST, &t->passing, (struct srcloc){ copy, 0, 0 },
			t->declare->diags) != OK)
		return;
	scan_text(t, folder, copy, source.data);
	source_close(&source);
	arena_rewind(&t->passing, mark);
}

/* --- folders */

static int
is_source(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 3 &&
	       strcmp(entry->d_name + len - 3, ".tf") == 0;
}

/** By octets, whatever the locale. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static struct folder *
new_folder(struct terraform *t, struct tf_sources *sources, const char *path)
{
	struct folder *folder = arena_alloc(t->declare->scratch, sizeof(*folder));

	if (!folder || table_put_string(&sources->folders, path, folder) != OK) {
		t->declare->nodes.nomem = true;
		return NULL;
	}
	folder->path = path;
	table_init(&folder->blocks, t->declare->scratch);
	table_init(&folder->calls, t->declare->scratch);
	return folder;
}

static struct tf_sources *
new_sources(struct terraform *t)
{
	struct tf_sources *sources = arena_alloc(t->declare->scratch, sizeof(*sources));

	if (!sources) {
		t->declare->nodes.nomem = true;
		return NULL;
	}
	table_init(&sources->folders, t->declare->scratch);
	return sources;
}

static struct folder *
read_folder(struct terraform *t, struct tf_sources *sources, const char *path,
	    struct srcloc at)
{
	struct folder *folder;
	struct dirent **entries;
	int count = scandir(path, &entries, is_source, by_name);

	if (count < 0) {
		diag_report(t->declare->diags, SEVERITY_WARNING, "unreadable-file", at,
			    "cannot read the folder \"%s\": %s", path, strerror(errno));
		return NULL;
	}
	folder = new_folder(t, sources, path);
	for (int i = 0; i < count; i++) {
		char *name = folder ? join(t->declare->scratch, path, entries[i]->d_name) : NULL;

		if (name)
			scan_file(t, folder, name);
		free(entries[i]);
	}
	free(entries);
	return folder;
}

/** Of a call of a module that is in a folder beside; read when it is first met. */
static const struct folder *
inner_folder(struct terraform *t, struct tf_sources *sources, const struct folder *outer,
	     const char *name, size_t len)
{
	const char *path = table_find(&outer->calls, name, len);
	const struct folder *known = path ? table_find_string(&sources->folders, path) : NULL;

	if (known || !path || sources->folders.count >= FOLDERS_MOST)
		return known;
	return read_folder(t, sources, path, (struct srcloc){ outer->path, 0, 0 });
}

struct tf_sources *
tf_read_sources(struct terraform *t, struct tf_file *file)
{
	struct tf_sources *sources = new_sources(t);

	if (sources)
		sources->root = read_folder(t, sources, file->tf_dir, file->at);
	return sources && sources->root ? sources : NULL;
}

struct tf_sources *
tf_scan_text(struct terraform *t, const char *path, const char *text)
{
	struct tf_sources *sources = new_sources(t);

	if (sources)
		sources->root = new_folder(t, sources, ".");
	if (!sources || !sources->root)
		return NULL;
	scan_text(t, sources->root, path, text);
	return sources;
}

struct srcloc
tf_find_source(struct terraform *t, struct tf_sources *sources, const char *address)
{
	const struct folder *folder = sources->root;
	size_t instance, group, from = 0;
	const struct srcloc *at;

	tf_split(address, &instance, &group);
	while (folder && from < instance) {
		const char *name = address + from + strlen("module.");

		folder = inner_folder(t, sources, folder, name, strcspn(name, ".["));
		from += tf_step_len(address + from);
	}
	at = folder ? table_find(&folder->blocks, address + instance, group - instance) : NULL;
	return at ? *at : (struct srcloc){ 0 };
}
