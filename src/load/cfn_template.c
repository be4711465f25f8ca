#include <string.h>

#include "load/cfn.h"
#include "load/jsontree.h"
#include "load/pragma.h"

/* The text of a file on its way into the JSON reader. */
struct window {
	const char *data;
	size_t len;
};

static enum status
fill(void *context, char *buf, size_t room, size_t *len)
{
	struct window *w = context;

	*len = w->len < room ? w->len : room;
	memcpy(buf, w->data, *len);
	w->data += *len;
	w->len -= *len;
	return OK;
}

static enum status
read_json(const struct source *source, struct arena *arena, struct diags *diags,
	  const struct yaml_node **root)
{
	struct window window = { source->data, source->len };
	enum status status;
	struct json json;

	status = json_init(&json, source->path, fill, &window, diags);
	if (status == OK) {
		*root = jsontree_read(&json, json_next(&json), arena);
		if (*root && json_next(&json) != JSON_END && json.status == OK)
			json_refuse(&json, "syntax", "there is more behind the template");
		status = json.status;
	}
	json_fini(&json);
	return status;
}

static bool
is_json(const struct source *source)
{
	size_t i = 0;

	while (i < source->len && strchr(" \t\r\n", source->data[i]))
		i++;
	return i < source->len && source->data[i] == '{';
}

static enum status
read_source(struct cfn *cfn, const struct source *source, const struct yaml_node **root)
{
	struct declare *d = cfn->declare;
	enum status status;

	*root = NULL;
	if (is_json(source))
		return read_json(source, d->scratch, d->diags, root);
	status = yaml_read_tagged(source, cfn_tags(), d->scratch, d->diags, root);
	if (status == OK)
		status = pragmas_read(source, PRAGMAS_YAML, &d->estate->arena, &d->estate->lint);
	return status;
}

/** Enter the names of a section; what is no map is passed over. */
static enum status
index_section(struct cfn *cfn, const struct cfn_template *t, const char *name,
	      struct table *table)
{
	const struct yaml_node *section = yaml_find(t->root, name);

	if (section && section->kind != YAML_MAPPING) {
		diag_report(cfn->declare->diags, SEVERITY_ERROR, "wrong-type",
			    declare_place(t->path, section), "%s: a map is wanted", name);
		return OK;
	}
	for (const struct yaml_item *i = section ? section->first : NULL; i; i = i->next) {
		if (i->value->kind != YAML_MAPPING && table != &t->sections[CFN_CONDITIONS] &&
		    strncmp(i->key->text, "Fn::ForEach", 11) != 0) {
			diag_report(cfn->declare->diags, SEVERITY_ERROR, "wrong-type",
				    declare_place(t->path, i->value), "%s: a map is wanted",
				    i->key->text);
			continue;
		}
		if (table_put_string(table, i->key->text, (void *)(uintptr_t)i) != OK)
			return ERR_NOMEM;
	}
	return OK;
}

/** Macros rewrite a template where nobody sees it; ForEach among the language extensions. */
static void
check_transforms(struct cfn *cfn, const struct cfn_template *t)
{
	const struct yaml_node *said = yaml_find(t->root, "Transform");
	struct yaml_item one = { .value = said };

	for (const struct yaml_item *i = !said ? NULL : said->kind == YAML_SEQUENCE ? said->first
									       : &one;
	     i; i = i->next) {
		if (i->value->kind != YAML_SCALAR ||
		    strcmp(i->value->text, "AWS::LanguageExtensions") == 0)
			continue;
		diag_open(cfn->declare->diags, SEVERITY_NOTE, "CFG004", "unknown-until-apply",
			  declare_place(t->path, i->value), "Transform: what %.100s makes of the "
			  "template is seen when it is deployed; the template is read as it stands",
			  i->value->text);
		declare_incomplete(cfn->declare);
	}
}

static enum status
read_template(struct cfn *cfn, struct cfn_template *t, struct srcloc at)
{
	static const char *const names[CFN_SECTIONS] = {
		[CFN_PARAMETERS] = "Parameters", [CFN_MAPPINGS] = "Mappings",
		[CFN_CONDITIONS] = "Conditions", [CFN_RESOURCES] = "Resources",
		[CFN_OUTPUTS] = "Outputs",
	};
	struct declare *d = cfn->declare;
	struct source source;
	enum status status;

	status = source_open(&source, t->path, YAML_MAX_OCTETS, &d->estate->arena, at, d->diags);
	if (status != OK)
		return status;
	t->path = source.path;
	status = read_source(cfn, &source, &t->root);
	source_close(&source);
	if (status == OK && (!t->root || t->root->kind != YAML_MAPPING)) {
		diag_report(d->diags, SEVERITY_ERROR, "wrong-type",
			    (struct srcloc){ t->path, 1, 1 }, "a template is a map");
		status = ERR_REJECTED;
	}
	for (unsigned i = 0; i < CFN_SECTIONS && status == OK; i++)
		status = index_section(cfn, t, names[i], &t->sections[i]);
	if (status == OK)
		check_transforms(cfn, t);
	if (status != OK)
		t->root = NULL;
	return status;
}

struct cfn_template *
cfn_template(struct cfn *cfn, const char *path, struct srcloc at, enum status *status)
{
	struct cfn_template *t = table_find_string(&cfn->templates, path);
	struct declare *d = cfn->declare;

	*status = OK;
	if (t) {
		if (!t->root)
			*status = ERR_REJECTED;
		return t->root ? t : NULL;
	}
	t = arena_alloc(d->scratch, sizeof(*t));
	if (t)
		t->path = arena_string(&d->estate->arena, path);
	if (!t || !t->path || table_put_string(&cfn->templates, t->path, t) != OK) {
		*status = ERR_NOMEM;
		return NULL;
	}
	for (unsigned i = 0; i < CFN_SECTIONS; i++)
		table_init(&t->sections[i], d->scratch);
	*status = read_template(cfn, t, at);
	return *status == OK ? t : NULL;
}

const struct yaml_item *
cfn_find(const struct cfn_stack *stack, enum cfn_section section, const char *name)
{
	return table_find_string(&stack->template->sections[section], name);
}
