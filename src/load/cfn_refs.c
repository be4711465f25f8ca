#include <string.h>

#include "load/cfn.h"

/* An output that other stacks may import. */
struct cfn_export {
	struct cfn_stack *stack;
	const struct yaml_node *value;
	struct cfn_export *next;	/* of the same name, in another account or Region */
};

/* --- parameters */

/** What the import entry, or the command line, gives; NULL: nothing. */
static const char *
given(const struct cfn_stack *stack, const char *name)
{
	const struct cfn *cfn = stack->cfn;

	for (const struct text_pair *p = stack->item->parameters; p; p = p->next)
		if (strcmp(p->name, name) == 0)
			return p->text;
	for (const struct text_pair *p = cfn->declare->estate->parameters; p; p = p->next)
		if (strcmp(p->name, name) == 0)
			return p->text;
	return NULL;
}

static struct cfn_value
text_value(struct cfn *cfn, const char *text, const struct yaml_node *like)
{
	return cfn_text(cfn, text, strlen(text), like);
}

static struct cfn_value
pseudo_parameter(struct cfn_stack *stack, const char *name, const struct yaml_node *like)
{
	static const struct { const char *name, *text; } defaults[] = {
		{ "AWS::Partition", "aws" }, { "AWS::URLSuffix", "amazonaws.com" },
	};
	const char *text = given(stack, name);

	if (strcmp(name, "AWS::NoValue") == 0)
		return (struct cfn_value){ .state = CFN_ABSENT };
	if (strcmp(name, "AWS::StackName") == 0)
		return text_value(stack->cfn, stack->name, like);
	for (size_t i = 0; !text && i < sizeof(defaults) / sizeof(defaults[0]); i++)
		if (strcmp(name, defaults[i].name) == 0)
			text = defaults[i].text;
	if (text)
		return text_value(stack->cfn, text, like);
	return cfn_unknown(stack->cfn, "no --parameter %.60s=VALUE says it", name);
}

/** A list is written as one text with commas. */
static struct cfn_value
split_list(struct cfn *cfn, struct cfn_value value, const struct yaml_node *like)
{
	struct yaml_node *list = nodes_list(&cfn->declare->nodes, like);
	const char *from = value.node->text, *comma;

	for (; from; from = comma ? comma + 1 : NULL) {
		size_t len;

		comma = strchr(from, ',');
		while (*from == ' ')
			from++;
		len = comma ? (size_t)(comma - from) : strlen(from);
		while (len && from[len - 1] == ' ')
			len--;
		value = cfn_text(cfn, from, len, like);
		if (value.state != CFN_VALUE)
			return value;
		nodes_append(&cfn->declare->nodes, list, value.node);
	}
	cfn->nomem |= !list;
	value.node = list;
	return list ? value : cfn_unknown(cfn, "memory ended");
}

static struct cfn_value
parameter(struct cfn_stack *stack, const char *name, const struct yaml_node *declared,
	  const struct yaml_node *like)
{
	const struct yaml_node *type = yaml_find(declared, "Type");
	const char *kind = type && type->kind == YAML_SCALAR ? type->text : "";
	const struct yaml_node *passed = stack->given && stack->given->kind == YAML_MAPPING
						 ? yaml_find(stack->given, name) : NULL;
	const char *text = stack->parent ? NULL : given(stack, name);
	struct cfn_value value;

	if (passed)
		value = cfn_resolve(stack->parent, passed);
	else if (text)
		value = text_value(stack->cfn, text, like);
	else
		value = cfn_resolve(stack, yaml_find(declared, "Default"));
	if (value.state == CFN_ABSENT)
		return cfn_unknown(stack->cfn, "the parameter %.60s has no default, and no "
				   "--parameter gives it a value", name);
	if (!passed && !text && strncmp(kind, "AWS::SSM::", 10) == 0)
		return cfn_unknown(stack->cfn, "the parameter %.60s is kept in the Parameter Store",
				   name);
	if (value.state == CFN_VALUE && value.node->kind == YAML_SCALAR &&
	    (strcmp(kind, "CommaDelimitedList") == 0 || strstr(kind, "List<")))
		return split_list(stack->cfn, value, like);
	return cfn_relocate(stack->cfn, value, like);
}

/* --- resources */

/** Is it made at all? */
static struct cfn_value
check_made(struct cfn_stack *stack, const struct cfn_resource *r)
{
	const struct yaml_node *condition = yaml_find(r->node, "Condition");
	struct cfn_value value = { .state = CFN_VALUE };

	if (!condition || condition->kind != YAML_SCALAR)
		return value;
	value = cfn_condition(stack, condition->text);
	if (value.state == CFN_VALUE && !cfn_is_true(&value))
		return cfn_unknown(stack->cfn, "the resource %.60s is not made: its condition is "
				   "false", r->logical);
	return value;
}

struct cfn_value
cfn_ref(struct cfn_stack *stack, const char *name, const struct yaml_node *like)
{
	const struct yaml_item *declared = cfn_find(stack, CFN_PARAMETERS, name);
	struct cfn_resource resource;
	struct cfn_value made;

	if (strncmp(name, "AWS::", 5) == 0)
		return pseudo_parameter(stack, name, like);
	if (declared)
		return parameter(stack, name, declared->value, like);
	if (!cfn_resource_of(stack, name, &resource))
		return cfn_unknown(stack->cfn, "the template has no parameter and no resource "
				   "\"%.60s\"", name);
	made = check_made(stack, &resource);
	if (made.state != CFN_VALUE)
		return made;
	if (!resource.kind)
		return cfn_unknown(stack->cfn, "what !Ref gives of %.60s, an %.60s, is not in the "
				   "template", name, resource.type);
	return text_value(stack->cfn, resource.id, like);
}

/** The output of a nested stack. */
static struct cfn_value
output(struct cfn_stack *stack, const char *attribute, const struct yaml_node *like)
{
	const struct yaml_item *declared = NULL;

	if (strncmp(attribute, "Outputs.", 8) == 0)
		declared = cfn_find(stack, CFN_OUTPUTS, attribute + 8);
	if (!declared)
		return cfn_unknown(stack->cfn, "the nested stack has no %.60s", attribute);
	return cfn_relocate(stack->cfn, cfn_resolve_text(stack, yaml_find(declared->value,
									  "Value")), like);
}

/* Attributes that have the name of no property, but the value of one where that is said. */
static const struct { const char *type, *attribute, *property; } said_elsewhere[] = {
	{ "AWS::EC2::Instance", "PrivateIp", "PrivateIpAddress" },
	{ "AWS::EC2::NetworkInterface", "PrimaryPrivateIpAddress", "PrivateIpAddress" },
};

static const char *
property_of(const char *type, const char *attribute)
{
	for (size_t i = 0; i < sizeof(said_elsewhere) / sizeof(said_elsewhere[0]); i++)
		if (strcmp(type, said_elsewhere[i].type) == 0 &&
		    strcmp(attribute, said_elsewhere[i].attribute) == 0)
			return said_elsewhere[i].property;
	return attribute;
}

/** An Arn with nothing in it but the id: it only ever leads back to that. */
static struct cfn_value
arn(struct cfn_stack *stack, const struct cfn_resource *r, const struct yaml_node *like)
{
	const char *text = arena_printf(stack->cfn->declare->scratch, "arn:aws::::%s/%s",
					r->kind->arn, r->id);

	stack->cfn->nomem |= !text;
	return text_value(stack->cfn, text ? text : "", like);
}

struct cfn_value
cfn_attribute(struct cfn_stack *stack, const char *logical, const char *attribute,
	      const struct yaml_node *like)
{
	struct cfn_stack *nested = table_find_string(&stack->nested, logical);
	struct cfn_resource resource;
	struct cfn_value value;

	if (!cfn_resource_of(stack, logical, &resource))
		return cfn_unknown(stack->cfn, "the template has no resource \"%.60s\"", logical);
	value = check_made(stack, &resource);
	if (value.state != CFN_VALUE)
		return value;
	if (nested)
		return output(nested, attribute, like);
	if (resource.kind && resource.kind->id_attribute &&
	    strcmp(attribute, resource.kind->id_attribute) == 0)
		return text_value(stack->cfn, resource.id, like);
	if (resource.kind && resource.kind->arn && strcmp(attribute, "Arn") == 0)
		return arn(stack, &resource, like);
	value = cfn_member(stack, resource.properties, property_of(resource.type, attribute));
	if (value.state == CFN_ABSENT)
		return cfn_unknown(stack->cfn, "%.60s of %.60s, an %.60s, is known once that is "
				   "deployed", attribute, logical, resource.type);
	return value.state == CFN_VALUE && value.node->kind == YAML_SCALAR
		       ? cfn_relocate(stack->cfn, value, like) : value;
}

/* --- conditions */

struct cfn_value
cfn_condition(struct cfn_stack *stack, const char *name)
{
	const struct yaml_item *declared = cfn_find(stack, CFN_CONDITIONS, name);

	if (!declared)
		return cfn_unknown(stack->cfn, "the template has no condition \"%.60s\"", name);
	return cfn_resolve_text(stack, declared->value);
}

/* --- exports */

static void
add_export(struct cfn_stack *stack, const struct yaml_node *output_said)
{
	const struct yaml_node *export = yaml_find(output_said, "Export"), *condition;
	struct cfn *cfn = stack->cfn;
	struct cfn_export *new, *first;
	struct cfn_value name;

	condition = yaml_find(output_said, "Condition");
	if (condition && condition->kind == YAML_SCALAR) {
		name = cfn_condition(stack, condition->text);
		if (!cfn_is_true(&name))
			return;
	}
	name = cfn_member(stack, export, "Name");
	if (name.state != CFN_VALUE || name.node->kind != YAML_SCALAR)
		return;
	new = arena_alloc(cfn->declare->scratch, sizeof(*new));
	if (!new) {
		cfn->nomem = true;
		return;
	}
	first = table_find_string(&cfn->exports, name.node->text);
	*new = (struct cfn_export){ stack, yaml_find(output_said, "Value"), first };
	if (table_put_string(&cfn->exports, name.node->text, new) != OK)
		cfn->nomem = true;
}

static void
add_exports(struct cfn *cfn)
{
	cfn->exported = true;
	for (struct cfn_stack *s = cfn->stacks; s; s = s->next) {
		const struct table *outputs = &s->template->sections[CFN_OUTPUTS];

		if (s->template->nested && !s->parent)
			continue;
		for (size_t i = 0; i < outputs->count; i++) {
			const struct yaml_item *pair = outputs->entries[i].value;

			if (yaml_find(pair->value, "Export"))
				add_export(s, pair->value);
		}
	}
}

/** Names of exports are those of an account and Region. */
static bool
may_import(const struct cfn_stack *from, const struct cfn_stack *to)
{
	static const char *const places[] = { "AWS::AccountId", "AWS::Region" };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const char *a = given(from, places[i]), *b = given(to, places[i]);

		if (a && b && strcmp(a, b) != 0)
			return false;
	}
	return true;
}

struct cfn_value
cfn_import(struct cfn_stack *stack, const char *name, const struct yaml_node *like)
{
	struct cfn *cfn = stack->cfn;
	const struct cfn_export *export, *found = NULL;

	if (!cfn->exported)
		add_exports(cfn);
	for (export = table_find_string(&cfn->exports, name); export; export = export->next) {
		if (!may_import(export->stack, stack) || !cfn_spend(cfn, 1))
			continue;
		if (found)
			return cfn_unknown(cfn, "several templates export \"%.60s\"", name);
		found = export;
	}
	if (!found)
		return cfn_unknown(cfn, "no template exports \"%.60s\"", name);
	return cfn_relocate(cfn, cfn_resolve_text(found->stack, found->value), like);
}
