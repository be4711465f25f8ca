#include <stdio.h>
#include <string.h>

#include "load/terraform_model.h"

#define STEPS_MOST	1000	/* references looked at for one expression, all in all */
#define LEVELS_MOST	64	/* through variables, outputs, other resources */
#define FOUND_MOST	256
#define NAME_MOST	256

/* Where an expression stands, and for which instance it is evaluated. */
struct scope {
	struct tf_file *file;
	const struct tf_instance *instance;
	const char *index;		/* each.key and count.index; "" where there is none */
	const struct yaml_node *each;	/* for_each; NULL */
};

/* One expression followed to its end. */
struct trace {
	struct terraform *t;
	uint64_t kinds;			/* of the object that is wanted */
	unsigned steps, levels;
	bool given_up;
	bool indexed;			/* it asks which instance it is for */
	const char *found[FOUND_MOST];	/* ids, each once */
	size_t count;
	const struct tf_group *group;	/* several instances, and which is not said */
	size_t groups;
};

/* A reference in its parts; texts end at `len`. */
struct reference {
	const char *head;		/* "aws_vpc.main", "data.aws_vpc.x", "var", "module" */
	size_t head_len;
	const char *name;		/* of a variable or module */
	size_t name_len;
	const char *index;		/* ["a"] */
	size_t index_len;
	const char *attribute;		/* the first behind; len 0: none */
	size_t attribute_len;
	const char *selector;		/* an index behind that */
	size_t selector_len;
};

static void follow(struct trace *trace, const struct scope *scope,
		   const struct yaml_node *expression, const char *attribute, const char *hint);

/* --- taking references apart */

static size_t
word_len(const char *text)
{
	return strcspn(text, ".[");
}

/** Octets of an index with its brackets; those of a quoted key may have any sign in it. */
static size_t
bracket_len(const char *text)
{
	size_t i = 1;
	bool quoted = false;

	if (*text != '[')
		return 0;
	for (; text[i]; i++) {
		if (quoted && text[i] == '\\' && text[i + 1])
			i++;
		else if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted && text[i] == ']')
			return i + 1;
	}
	return i;
}

static const char *
take_word(const char *at, const char **word, size_t *len)
{
	*word = at;
	*len = word_len(at);
	return at + *len;
}

static const char *
take_index(const char *at, const char **index, size_t *len)
{
	*index = at;
	*len = bracket_len(at);
	return at + *len;
}

/** `TYPE.NAME` and so on: how many words come before the index. */
static unsigned
head_words(const char *text)
{
	return strncmp(text, "data.", 5) == 0 ? 3 : 2;
}

static struct reference
take_apart(const char *text)
{
	struct reference ref = { .head = text };
	unsigned words = head_words(text);
	const char *at = text;

	for (unsigned i = 0; i < words; i++) {
		at = take_word(at, &ref.name, &ref.name_len);
		if (i + 1 < words && *at == '.')
			at++;
	}
	ref.head_len = (size_t)(at - text);
	at = take_index(at, &ref.index, &ref.index_len);
	if (*at == '.')
		at = take_word(at + 1, &ref.attribute, &ref.attribute_len);
	take_index(at, &ref.selector, &ref.selector_len);
	return ref;
}

/** A copy for the walk; "" where it is too long. */
static const char *
copy_part(const char *text, size_t len, char room[static NAME_MOST])
{
	if (len >= NAME_MOST)
		len = 0;
	memcpy(room, text, len);
	room[len] = '\0';
	return room;
}

/* --- what was found */

static void
found(struct trace *trace, const char *id)
{
	for (size_t i = 0; i < trace->count; i++)
		if (strcmp(trace->found[i], id) == 0)
			return;
	if (trace->count == FOUND_MOST)
		trace->given_up = true;
	else
		trace->found[trace->count++] = id;
}

/** What an attribute of a resource is: its own id, a value, or what it was made from. */
static void
follow_resource(struct trace *trace, const struct tf_resource *resource, const char *attribute)
{
	const struct scope scope = {
		.file = resource->file, .instance = resource->instance, .index = resource->index,
		.each = resource->block ? resource->block->each : NULL,
	};
	const char *text;

	if (trace->kinds & TF_BIT(resource->type->kind)) {
		if (resource->id)
			found(trace, resource->id);
		return;
	}
	if (strcmp(attribute, "id") == 0 && (resource->type->kind == TF_PEERING_ACCEPTER ||
					     resource->type->kind == TF_PEERING_OPTIONS))
		attribute = "vpc_peering_connection_id";
	text = tf_text(resource->values, attribute);
	if (text)
		found(trace, tf_bare_id(text));
	else
		follow(trace, &scope, tf_expression(resource, attribute), "", resource->index);
}

static const struct tf_resource *
at_index(const struct tf_file *file, const char *group, const char *index)
{
	char address[TF_ADDRESS_MOST];
	size_t len = strlen(group), more = strlen(index);

	if (len + more >= sizeof(address))
		return NULL;
	memcpy(address, group, len);
	memcpy(address + len, index, more + 1);
	return table_find_string(&file->resources, address);
}

static void
follow_group(struct trace *trace, const struct scope *scope, const struct reference *ref,
	     const char *attribute, const char *hint)
{
	char address[TF_ADDRESS_MOST], index[NAME_MOST];
	const char *path = scope->instance ? scope->instance->path : "";
	size_t len = strlen(path);
	const struct tf_resource *resource = NULL;
	const struct tf_group *group;

	if (len + ref->head_len >= sizeof(address))
		return;
	memcpy(address, path, len);
	memcpy(address + len, ref->head, ref->head_len);
	address[len + ref->head_len] = '\0';
	group = table_find_string(&scope->file->groups, address);
	if (!group)
		return;
	if (ref->index_len)
		resource = at_index(scope->file, address,
				    copy_part(ref->index, ref->index_len, index));
	else if (group->count == 1)
		resource = group->first;
	else if (*hint)
		resource = at_index(scope->file, address, hint);
	if (resource) {
		follow_resource(trace, resource, attribute);
	} else if (!ref->index_len) {
		trace->group = group;
		trace->groups++;
	}
}

/* --- variables, outputs */

static void
follow_variable(struct trace *trace, const struct scope *scope, const struct reference *ref,
		const char *attribute, const char *hint)
{
	const struct tf_instance *instance = scope->instance;
	char name[NAME_MOST], index[NAME_MOST];
	struct scope outer;

	if (!instance || !instance->call || !instance->parent)
		return;
	outer = (struct scope){ .file = scope->file, .instance = instance->parent,
				.index = instance->index, .each = instance->call->each };
	if (ref->index_len)
		hint = copy_part(ref->index, ref->index_len, index);
	else if (ref->selector_len)
		hint = copy_part(ref->selector, ref->selector_len, index);
	follow(trace, &outer,
	       tf_member(instance->call->expressions, copy_part(ref->name, ref->name_len, name)),
	       attribute, hint);
}

/** The instance of a module that a reference means; NULL: it cannot be told. */
static const struct tf_instance *
inner_instance(struct trace *trace, const struct scope *scope, const struct reference *ref,
	       const char *hint)
{
	const char *path = scope->instance ? scope->instance->path : "";
	char full[TF_ADDRESS_MOST];
	const struct tf_call *call = scope->instance && scope->instance->module
		? table_find(&scope->instance->module->calls, ref->name, ref->name_len) : NULL;
	const char *index = ref->index_len ? ref->index : "";
	size_t index_len = ref->index_len;
	int len;

	if (!call)
		return NULL;
	if (!index_len && *hint) {	/* the one of the same key, if there is such */
		len = snprintf(full, sizeof(full), "%s%.*s%s.", path, (int)ref->head_len,
			       ref->head, hint);
		if (len > 0 && (size_t)len < sizeof(full) &&
		    table_find(&scope->file->instances, full, (size_t)len))
			return tf_find_instance(trace->t, scope->file, full, (size_t)len);
	}
	len = snprintf(full, sizeof(full), "%s%.*s%.*s.", path, (int)ref->head_len, ref->head,
		       (int)index_len, index);
	if (len <= 0 || (size_t)len >= sizeof(full))
		return NULL;
	return tf_find_instance(trace->t, scope->file, full, (size_t)len);
}

static void
follow_module(struct trace *trace, const struct scope *scope, const struct reference *ref,
	      const char *attribute, const char *hint)
{
	const struct tf_instance *inner = inner_instance(trace, scope, ref, hint);
	char name[NAME_MOST], index[NAME_MOST];
	const struct yaml_node *output;
	struct scope within;

	if (!inner || !inner->module)
		return;
	if (ref->attribute_len)
		output = tf_member(inner->module->outputs,
				   copy_part(ref->attribute, ref->attribute_len, name));
	else
		output = tf_member(inner->module->outputs, attribute);
	if (ref->selector_len)
		hint = copy_part(ref->selector, ref->selector_len, index);
	within = (struct scope){ .file = scope->file, .instance = inner, .index = "" };
	follow(trace, &within, tf_member(output, "expression"), "", hint);
}

/* --- expressions */

static void
follow_reference(struct trace *trace, const struct scope *scope, const char *text,
		 const char *attribute, const char *hint)
{
	struct reference ref = take_apart(text);
	char room[NAME_MOST];

	trace->indexed |= strncmp(text, "each.", 5) == 0 || strcmp(text, "count.index") == 0;
	if (ref.attribute_len)
		attribute = copy_part(ref.attribute, ref.attribute_len, room);
	if (strncmp(text, "var.", 4) == 0)
		follow_variable(trace, scope, &ref, attribute, hint);
	else if (strncmp(text, "module.", 7) == 0)
		follow_module(trace, scope, &ref, attribute, hint);
	else if (strncmp(text, "each.value", 10) == 0)
		follow(trace, scope, scope->each, attribute, scope->index);
	else
		follow_group(trace, scope, &ref, attribute, hint);
}

/** Terraform lists `a.b.c`, then `a.b` for the same; the longest says it all. */
static bool
is_said(const char *text, const char *before)
{
	size_t len = strlen(text);

	return before && strncmp(before, text, len) == 0 &&
	       (before[len] == '.' || before[len] == '[');
}

/*
 * attribute: what is taken of what it leads to, unless a reference says itself; hint: which
 * of several, where the expression does not say.
 */
static void
follow(struct trace *trace, const struct scope *scope, const struct yaml_node *expression,
       const char *attribute, const char *hint)
{
	const char *before = NULL;

	if (++trace->levels > LEVELS_MOST)
		trace->given_up = true;
	for (const struct yaml_item *i = tf_items(expression, "references");
	     i && !trace->given_up; i = i->next) {
		if (i->value->kind != YAML_SCALAR || is_said(i->value->text, before))
			continue;
		if (++trace->steps > STEPS_MOST)
			trace->given_up = true;
		else
			follow_reference(trace, scope, i->value->text, attribute, hint);
		before = i->value->text;
	}
	trace->levels--;
}

/** The instance of a group at a position; its array is made the first time. */
static const struct tf_resource *
nth(struct terraform *t, struct tf_group *group, size_t position)
{
	if (!group->items) {
		size_t i = 0;

		group->items = arena_array(t->declare->scratch, group->count,
					   sizeof(struct tf_resource *));
		if (!group->items) {
			t->declare->nodes.nomem = true;
			return NULL;
		}
		for (struct tf_resource *r = group->first; r; r = r->next_in_group)
			group->items[i++] = r;
	}
	return position < group->count ? group->items[position] : NULL;
}

/*
 * As many instances as things they may mean: each means one, and which is which does not
 * matter, for they are associations of one kind: `vpc_id = var.vpcs[count.index]`.
 */
static const char *
choose_by_position(const struct trace *trace, const struct tf_resource *resource)
{
	const struct tf_resource *chosen;

	if (!resource->group || resource->group->count < 2 || trace->given_up || !trace->indexed)
		return NULL;
	if (!trace->groups)
		return trace->count == resource->group->count
			       ? trace->found[resource->position] : NULL;
	if (trace->count || trace->groups > 1 ||
	    trace->group->count != resource->group->count ||
	    !(trace->kinds & TF_BIT(trace->group->first->type->kind)))
		return NULL;
	chosen = nth(trace->t, (struct tf_group *)(uintptr_t)trace->group, resource->position);
	return chosen ? chosen->id : NULL;
}

static struct trace
trace_of(struct terraform *t, const struct tf_resource *resource,
	 const struct yaml_node *expression, uint64_t kinds)
{
	struct trace trace = { .t = t, .kinds = kinds };
	const struct scope scope = {
		.file = resource->file, .instance = resource->instance, .index = resource->index,
		.each = resource->block ? resource->block->each : NULL,
	};

	if (expression && resource->instance)
		follow(&trace, &scope, expression, "", resource->index);
	return trace;
}

const char *
tf_follow(struct terraform *t, const struct tf_resource *resource,
	  const struct yaml_node *expression, uint64_t kinds)
{
	struct trace trace = trace_of(t, resource, expression, kinds);

	if (trace.count == 1 && !trace.groups && !trace.given_up)
		return trace.found[0];
	return choose_by_position(&trace, resource);
}

size_t
tf_follow_all(struct terraform *t, const struct tf_resource *resource,
	      const struct yaml_node *expression, uint64_t kinds, const char **ids, size_t room)
{
	struct trace trace = trace_of(t, resource, expression, kinds);
	size_t count = trace.count;

	if (trace.given_up || count > room || trace.groups > 1)
		return 0;
	memcpy(ids, trace.found, count * sizeof(*ids));
	if (trace.groups && (count || !(kinds & TF_BIT(trace.group->first->type->kind)) ||
			     trace.group->count > room))
		return 0;
	for (const struct tf_resource *r = trace.groups ? trace.group->first : NULL; r;
	     r = r->next_in_group)
		if (r->id)
			ids[count++] = r->id;
	return count;
}

struct tf_resource *
tf_object(const struct terraform *t, const char *id)
{
	struct tf_resource *resource = id ? table_find_string(&t->ids, id) : NULL;

	if (!resource && id)
		resource = table_find_string(&t->addresses, id);
	return resource;
}
