#include "load/document.h"

#include <errno.h>
#include <glob.h>
#include <string.h>

#include "base/text.h"
#include "load/pragma.h"

static enum status read_file(struct documents *d, const char *path, const struct document *by,
			     struct srcloc at);

static struct srcloc
place(const struct document *document, const struct yaml_node *node)
{
	return (struct srcloc){ document->path, node->line, node->column };
}

/** Is the file among those that led here? */
static bool
is_cycle(struct documents *d, const struct source *source, const struct document *by,
	 struct srcloc at)
{
	struct srcloc first = at;	/* where the ring was entered */

	for (; by; first = by->by_at, by = by->by) {
		struct finding *finding;

		if (!source_same_file(&source->identity, &by->identity))
			continue;
		finding = diag_open(d->diags, SEVERITY_ERROR, "include-cycle", NULL, at,
				    "\"%s\" is being read already: the includes go round",
				    source->path);
		diag_add(d->diags, finding, PART_OBJECT, "file", by->path, first,
			 "included from there");
		return true;
	}
	return false;
}

static bool
is_known(const struct documents *d, const struct source *source)
{
	for (const struct document *known = d->first; known; known = known->next)
		if (source_same_file(&source->identity, &known->identity))
			return true;
	return false;
}

static enum status
include_pattern(struct documents *d, const struct document *by, const char *pattern,
		struct srcloc at)
{
	enum status status = OK;
	glob_t found;
	int error = glob(pattern, 0, NULL, &found);

	if (error == GLOB_NOSPACE)
		return ERR_NOMEM;
	if (error == GLOB_NOMATCH)
		diag_report(d->diags, SEVERITY_WARNING, "empty-include", at,
			    "no file matches \"%s\"", pattern);
	else if (error)
		diag_report(d->diags, SEVERITY_ERROR, "unreadable-file", at,
			    "cannot list \"%s\": %s", pattern, strerror(errno));
	for (size_t i = 0; !error && i < found.gl_pathc && status != ERR_NOMEM; i++)
		status = read_file(d, found.gl_pathv[i], by, at);
	if (!error)
		globfree(&found);
	return status == ERR_NOMEM ? status : OK;
}

/** The pattern relative to the file's folder, whose own name is no pattern. */
static enum status
include_relative(struct documents *d, const struct document *by, const char *pattern,
		 struct srcloc at)
{
	const char *slash = strrchr(by->path, '/');
	enum status status = ERR_NOMEM;
	struct text full;

	text_init(&full);
	for (const char *p = by->path; pattern[0] != '/' && slash && p <= slash; p++) {
		if (strchr("*?[]\\", *p))
			text_append(&full, "\\");
		text_append_len(&full, p, 1);
	}
	text_append(&full, pattern);
	if (!full.failed)
		status = include_pattern(d, by, full.data, at);
	text_fini(&full);
	return status;
}

static enum status
include_item(struct documents *d, const struct document *by, const struct yaml_node *item)
{
	struct srcloc at = place(by, item);
	const char *path;
	enum status status;

	if (item->kind != YAML_SCALAR || yaml_is_null(item) || !item->count)
		return OK;	/* bind says what is wrong with it */
	if (strpbrk(item->text, "*?["))
		return include_relative(d, by, item->text, at);
	path = source_path(d->scratch, by->path, item->text);
	if (!path)
		return ERR_NOMEM;
	status = read_file(d, path, by, at);
	return status == ERR_NOMEM ? status : OK;
}

static enum status
read_includes(struct documents *d, const struct document *document)
{
	const struct yaml_node *list = yaml_find(document->root, "include");
	enum status status = OK;

	if (!list || list->kind != YAML_SEQUENCE)
		return OK;
	for (const struct yaml_item *item = list->first; item && status == OK; item = item->next)
		status = include_item(d, document, item->value);
	return status;
}

static enum status
add_document(struct documents *d, const struct source *source, const struct yaml_node *root,
	     const struct document *by, struct srcloc at)
{
	struct document *document;

	if (root->kind != YAML_MAPPING) {
		diag_report(d->diags, SEVERITY_ERROR, "wrong-type",
			    (struct srcloc){ source->path, root->line, root->column },
			    "a map is wanted at the top level of a configuration");
		return ERR_REJECTED;
	}
	document = arena_alloc(d->scratch, sizeof(*document));
	if (!document)
		return ERR_NOMEM;
	*document = (struct document){
		.path = source->path, .identity = source->identity, .root = root, .by = by,
		.by_at = at, .depth = by ? by->depth + 1 : 0,
	};
	*(d->last ? &d->last->next : &d->first) = document;
	d->last = document;
	d->count++;
	return read_includes(d, document);
}

static enum status
read_source(struct documents *d, const struct source *source, const struct document *by,
	    struct srcloc at)
{
	const struct yaml_node *root;
	enum status status;

	if (is_cycle(d, source, by, at))
		return ERR_REJECTED;
	if (is_known(d, source))
		return OK;
	status = yaml_read(source, d->scratch, d->diags, &root);
	if (status == ERR_NOMEM || !root)
		return status;
	if (pragmas_read(source, PRAGMAS_YAML, d->lasting, d->lint) != OK)
		return ERR_NOMEM;
	return add_document(d, source, root, by, at);
}

static enum status
check_bounds(struct documents *d, const struct document *by, struct srcloc at)
{
	const char *what = NULL;

	if (by && by->depth == INCLUDES_DEEP)
		what = "16 files that include each other in a row are the limit";
	else if (d->count == DOCUMENTS_MOST)
		what = "10,000 files are the limit";
	if (!what)
		return OK;
	diag_report(d->diags, SEVERITY_ERROR, "too-large", at, "%s", what);
	return ERR_REJECTED;
}

static enum status
read_file(struct documents *d, const char *path, const struct document *by, struct srcloc at)
{
	enum status status = check_bounds(d, by, at);
	struct source source;

	if (status == OK)
		status = source_open(&source, path, YAML_MAX_OCTETS, d->lasting, at, d->diags);
	if (status == OK) {
		d->reading = source.path;
		status = read_source(d, &source, by, at);
		source_close(&source);
	}
	d->incomplete |= status != OK;
	return status;
}

enum status
documents_read(struct documents *d, const char *path)
{
	struct srcloc at = { .file = arena_string(d->lasting, path) };

	if (!at.file)
		return ERR_NOMEM;
	return read_file(d, path, NULL, at);
}
