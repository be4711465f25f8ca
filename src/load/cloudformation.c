#include "load/cloudformation.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "load/cfn.h"

#define LOOK_OCTETS ((size_t)64 << 10)	/* of a file, to see what it is */

/* --- telling one */

/** Is `key` there as a key: at the begin of a line, or in quotes, and a colon behind it? */
static bool
has_key(const char *text, const char *key)
{
	size_t len = strlen(key);

	for (const char *at = strstr(text, key); at; at = strstr(at + len, key)) {
		bool quoted = at > text && (at[-1] == '"' || at[-1] == '\'');
		const char *behind = at + len + quoted;

		if (!quoted && at > text && at[-1] != '\n')
			continue;
		behind += strspn(behind, " \t");
		if (*behind == ':')
			return true;
	}
	return false;
}

/** Type: AWS::EC2::VPC, in either syntax. */
static bool
has_type(const char *text)
{
	for (const char *at = strstr(text, "Type"); at; at = strstr(at + 4, "Type")) {
		const char *behind = at + 4 + strspn(at + 4, "\"' \t:");

		if (behind > at + 4 && strncmp(behind, "AWS::", 5) == 0)
			return true;
	}
	return false;
}

/** Its begin; what is no regular file is not waited for, and empty. */
static void
look_at(const char *path, char *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t len = 0;
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		len = read(fd, text, LOOK_OCTETS);
	text[len > 0 ? len : 0] = '\0';
	if (fd >= 0)
		close(fd);
}

bool
cloudformation_is(const char *path)
{
	char *text = malloc(LOOK_OCTETS + 1);
	bool is = false;

	if (text) {
		look_at(path, text);
		is = has_key(text, "AWSTemplateFormatVersion") ||
		     (has_key(text, "Resources") && has_type(text));
	}
	free(text);
	return is;
}

/* --- stacks */

/** Which stacks are in the estate: not those of templates that others nest. */
static bool
counts(const struct cfn_stack *stack)
{
	return stack->parent || !stack->template->nested;
}

bool
cfn_resource_of(struct cfn_stack *stack, const char *logical, struct cfn_resource *out)
{
	const struct yaml_item *pair = cfn_find(stack, CFN_RESOURCES, logical);
	const struct yaml_node *type = pair ? yaml_find(pair->value, "Type") : NULL, *id;
	struct cfn *cfn = stack->cfn;

	if (!type || type->kind != YAML_SCALAR)
		return false;
	*out = (struct cfn_resource){
		.stack = stack, .logical = pair->key->text, .type = type->text,
		.node = pair->value, .properties = yaml_find(pair->value, "Properties"),
		.kind = cfn_kind(type->text),
	};
	if (out->properties && out->properties->kind != YAML_MAPPING)
		out->properties = NULL;
	id = cfn_overrides(out) ? yaml_find(cfn_overrides(out), "id") : NULL;
	if (id && id->kind == YAML_SCALAR)
		out->id = id->text;
	else
		out->id = arena_printf(cfn->declare->scratch, "%s/%s", stack->name, logical);
	cfn->nomem |= !out->id;
	return out->id != NULL;
}

static bool
is_taken(const struct cfn *cfn, const char *name)
{
	for (const struct cfn_stack *s = cfn->stacks; s; s = s->next)
		if (strcmp(s->name, name) == 0)
			return true;
	return false;
}

/** That of the file, unless the stack is said to have one; made unique with a number. */
static const char *
stack_name(struct cfn *cfn, const struct cfn_template *t, const struct import_item *item)
{
	const char *slash = strrchr(t->path, '/'), *base = slash ? slash + 1 : t->path;
	struct arena *scratch = cfn->declare->scratch;
	char *name = arena_copy(scratch, base, strcspn(base, "."));

	for (const struct text_pair *p = item->parameters; p; p = p->next)
		if (strcmp(p->name, "AWS::StackName") == 0)
			name = arena_string(scratch, p->text);
	for (char *c = name; c && *c; c++)
		if (isspace((unsigned char)*c) || iscntrl((unsigned char)*c))
			*c = '-';
	base = name;
	for (unsigned i = 2; name && is_taken(cfn, name); i++)
		name = arena_printf(scratch, "%s-%u", base, i);
	cfn->nomem |= !name;
	return name;
}

struct cfn_stack *
cfn_stack_new(struct cfn *cfn, struct cfn_template *template, const char *name,
	      const struct import_item *item)
{
	struct cfn_stack *stack = arena_alloc(cfn->declare->scratch, sizeof(*stack));

	if (!stack || !name) {
		cfn->nomem = true;
		return NULL;
	}
	*stack = (struct cfn_stack){ .cfn = cfn, .template = template, .name = name,
				     .item = item };
	table_init(&stack->nested, cfn->declare->scratch);
	table_init(&stack->memo, cfn->declare->scratch);
	*cfn->stacks_end = stack;
	cfn->stacks_end = &stack->next;
	cfn->stack_count++;
	return stack;
}

/** A nested stack whose template is a file beside this one. */
static void
nest(struct cfn_resource *r)
{
	static const char left_out[] = "the nested stack is";
	struct cfn_stack *stack = r->stack, *child;
	struct cfn *cfn = stack->cfn;
	const struct yaml_node *url = cfn_property(r, "TemplateURL", left_out);
	struct cfn_template *template;
	enum status status;
	const char *path;

	if (!url)
		return;
	if (strstr(url->text, "://") || stack->level == CFN_MAX_NESTED ||
	    cfn->stack_count >= CFN_MAX_STACKS) {
		cfn_report_unknown(r, "TemplateURL", url, strstr(url->text, "://")
				   ? "the template is not a file beside this one"
				   : "there are too many stacks, or too many in each other", left_out);
		return;
	}
	path = source_path(cfn->declare->scratch, stack->template->path, url->text);
	cfn->nomem |= !path;
	template = path ? cfn_template(cfn, path, declare_place(stack->template->path, url),
				       &status) : NULL;
	if (!template) {
		declare_incomplete(cfn->declare);
		return;
	}
	template->nested = true;
	child = cfn_stack_new(cfn, template, r->id, stack->item);
	if (!child)
		return;
	child->parent = stack;
	child->level = stack->level + 1;
	child->given = r->properties ? yaml_find(r->properties, "Parameters") : NULL;
	if (table_put_string(&stack->nested, r->logical, child) != OK)
		cfn->nomem = true;
}

/** May what is in VPCs depend on it? */
static bool
is_inside(const struct cfn_resource *r)
{
	return strncmp(r->type, "AWS::EC2::", 10) == 0 ||
	       strcmp(r->type, "AWS::CloudFormation::Stack") == 0;
}

/** Is the resource made?  Where nobody knows it is not, which is said. */
static bool
is_made(struct cfn_resource *r, bool report)
{
	const struct yaml_node *condition = yaml_find(r->node, "Condition");
	struct cfn_value value;

	if (!condition || condition->kind != YAML_SCALAR)
		return true;
	value = cfn_condition(r->stack, condition->text);
	r->stack->cfn->unsure |= value.state == CFN_UNKNOWN && is_inside(r);
	if (value.state == CFN_UNKNOWN && report)
		cfn_report_unknown(r, "Condition", condition, value.why, "the resource is");
	return cfn_is_true(&value);
}

/** New stacks join the list behind this one, and get their turn. */
static void
nest_all(struct cfn *cfn)
{
	for (struct cfn_stack *s = cfn->stacks; s && !cfn->nomem; s = s->next) {
		const struct table *resources = &s->template->sections[CFN_RESOURCES];

		for (size_t i = 0; i < resources->count && !cfn->nomem; i++) {
			const struct yaml_item *pair = resources->entries[i].value;
			struct cfn_resource r;

			if (cfn_resource_of(s, pair->key->text, &r) &&
			    strcmp(r.type, "AWS::CloudFormation::Stack") == 0 && is_made(&r, true))
				nest(&r);
		}
	}
}

/* --- resources */

/** Loops of the language extensions, and what has no type. */
static void
report_untyped(struct cfn_stack *s, const struct yaml_item *pair)
{
	diag_open(s->cfn->declare->diags, SEVERITY_NOTE, "CFG004", "unknown-until-apply",
		  declare_place(s->template->path, pair->key), "%.100s: a resource without a Type "
		  "is not seen before it is deployed; it is left out", pair->key->text);
	declare_incomplete(s->cfn->declare);
}

/** Metadata may give two the same id. */
static bool
is_repeated(struct cfn *cfn, const struct cfn_resource *r)
{
	const struct cfn_resource *first = table_find_string(&cfn->resources, r->id);
	struct finding *finding;

	if (!first)
		return false;
	finding = diag_open(cfn->declare->diags, SEVERITY_ERROR, "duplicate-id", NULL,
			    declare_place(r->stack->template->path, r->node),
			    "%s %s: the id is that of another resource", r->type, r->id);
	diag_add(cfn->declare->diags, finding, PART_OBJECT, NULL, first->id,
		 declare_place(first->stack->template->path, first->node), "the first");
	return true;
}

static void
note_resource(struct cfn_stack *s, const struct yaml_item *pair)
{
	struct cfn *cfn = s->cfn;
	struct declare *d = cfn->declare;
	struct cfn_resource *r = arena_alloc(d->scratch, sizeof(*r));

	if (!r) {
		cfn->nomem = true;
		return;
	}
	if (!cfn_resource_of(s, pair->key->text, r)) {
		report_untyped(s, pair);
		return;
	}
	if (!is_made(r, strcmp(r->type, "AWS::CloudFormation::Stack") != 0))
		return;
	if (is_repeated(cfn, r))
		return;
	if (table_put_string(&cfn->resources, r->id, r) != OK)
		cfn->nomem = true;
	cfn_suppress(r);
	if (r->kind && r->kind->unmodelled)
		diag_open(d->diags, SEVERITY_NOTE, "CFG006", "not-modelled",
			  declare_place(s->template->path, r->node),
			  "%s %s: it may change answers, and is not modelled", r->type, r->id);
	else if ((!r->kind || !r->kind->add) &&
		 strcmp(r->type, "AWS::CloudFormation::Stack") != 0)
		declare_skipped(d, declare_place(s->template->path, r->node), "%s %s", r->type,
				r->id);
}

static void
note_resources(struct cfn *cfn)
{
	for (struct cfn_stack *s = cfn->stacks; s && !cfn->nomem; s = s->next) {
		const struct table *resources = &s->template->sections[CFN_RESOURCES];

		for (size_t i = 0; counts(s) && i < resources->count && !cfn->nomem; i++)
			note_resource(s, resources->entries[i].value);
	}
}

static void
add_resources(struct cfn *cfn, enum cfn_phase phase)
{
	for (size_t i = 0; i < cfn->resources.count && !cfn->nomem; i++) {
		struct cfn_resource *r = cfn->resources.entries[i].value;

		if (r->kind && r->kind->add && r->kind->phase == phase)
			r->kind->add(r);
	}
}

/* --- the front end */

static enum status
read_items(struct cfn *cfn, const struct import_item *items)
{
	enum status worst = OK, status;

	for (const struct import_item *i = items; i && worst != ERR_NOMEM; i = i->next) {
		struct cfn_template *t = cfn_template(cfn, i->path, i->at, &status);

		if (t)
			cfn_stack_new(cfn, t, stack_name(cfn, t, i), i);
		if (status == ERR_NOMEM || worst == OK)
			worst = status;
	}
	return cfn->nomem ? ERR_NOMEM : worst;
}

static bool
has_parameter(const struct cfn *cfn, const char *name)
{
	for (size_t i = 0; i < cfn->templates.count; i++) {
		const struct cfn_template *t = cfn->templates.entries[i].value;

		if (table_find_string(&t->sections[CFN_PARAMETERS], name))
			return true;
	}
	return false;
}

/** A name that is mistyped would else leave the default in force. */
static void
check_parameters(const struct cfn *cfn, const struct text_pair *pairs)
{
	for (const struct text_pair *p = pairs; p; p = p->next)
		if (strncmp(p->name, "AWS::", 5) != 0 && !has_parameter(cfn, p->name))
			diag_report(cfn->declare->diags, SEVERITY_WARNING, "unused-parameter",
				    p->at, "no template has a parameter \"%.100s\"", p->name);
}

enum status
cloudformation_load(const struct import_item *items, struct declare *declare)
{
	struct cfn cfn = { .declare = declare };
	enum status status;

	cfn.stacks_end = &cfn.stacks;
	cfn.objects_end = &cfn.first_object;
	table_init(&cfn.templates, declare->scratch);
	table_init(&cfn.resources, declare->scratch);
	table_init(&cfn.objects, declare->scratch);
	table_init(&cfn.exports, declare->scratch);
	table_init(&cfn.opaque, declare->scratch);
	status = read_items(&cfn, items);
	if (status == ERR_NOMEM)
		return status;
	nest_all(&cfn);
	check_parameters(&cfn, declare->estate->parameters);
	for (const struct import_item *i = items; i; i = i->next)
		check_parameters(&cfn, i->parameters);
	note_resources(&cfn);
	for (unsigned phase = 0; phase < CFN_PHASES && !cfn.nomem; phase++)
		add_resources(&cfn, (enum cfn_phase)phase);
	if (!cfn.nomem)
		cfn_declare_objects(&cfn);
	return cfn.nomem || declare->nodes.nomem ? ERR_NOMEM : status;
}
