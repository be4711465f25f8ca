#include <string.h>

#include "base/addr.h"
#include "base/text.h"
#include "load/cfn.h"

#define CIDRS_MOST 256	/* of Fn::Cidr, as the service has it */

static struct cfn_value
malformed(struct cfn_stack *stack, const char *function)
{
	return cfn_unknown(stack->cfn, "%s does not have the arguments that it wants", function);
}

/** Item n of the list of arguments; NULL: there is none. */
static const struct yaml_node *
item(const struct yaml_node *list, unsigned n)
{
	const struct yaml_item *i = list->kind == YAML_SEQUENCE ? list->first : NULL;

	for (; i && n; i = i->next)
		n--;
	return i ? i->value : NULL;
}

/** A text that must be there. */
static struct cfn_value
text_of(struct cfn_stack *stack, const struct yaml_node *node, const char *function)
{
	struct cfn_value value = cfn_resolve_text(stack, node);

	return value.state == CFN_ABSENT ? malformed(stack, function) : value;
}

static struct cfn_value
list_of(struct cfn_stack *stack, const struct yaml_node *node, const char *function)
{
	struct cfn_value value = cfn_resolve(stack, node);

	if (value.state == CFN_ABSENT ||
	    (value.state == CFN_VALUE && value.node->kind != YAML_SEQUENCE))
		return malformed(stack, function);
	return value;
}

static struct cfn_value
truth(struct cfn_stack *stack, bool is, const struct yaml_node *like)
{
	return is ? cfn_text(stack->cfn, "true", 4, like) : cfn_text(stack->cfn, "false", 5, like);
}

static struct cfn_value
taken(struct cfn_stack *stack, struct text *text, const struct yaml_node *like)
{
	struct cfn_value value;

	stack->cfn->nomem |= text->failed;
	value = cfn_text(stack->cfn, text->data ? text->data : "", text->len, like);
	text_fini(text);
	return value;
}

static struct cfn_value
call_ref(struct cfn_stack *stack, const struct yaml_node *arg, const struct yaml_node *like)
{
	if (arg->kind != YAML_SCALAR)
		return malformed(stack, "Ref");
	return cfn_ref(stack, arg->text, like);
}

static struct cfn_value
call_condition(struct cfn_stack *stack, const struct yaml_node *arg, const struct yaml_node *like)
{
	(void)like;
	if (arg->kind != YAML_SCALAR)
		return malformed(stack, "Condition");
	return cfn_condition(stack, arg->text);
}

/** Name.Attribute, cut at the first dot. */
static struct cfn_value
attribute_of(struct cfn_stack *stack, const char *text, size_t len, const struct yaml_node *like)
{
	const char *dot = memchr(text, '.', len);
	struct arena *scratch = stack->cfn->declare->scratch;
	char *logical, *attribute;

	if (!dot)
		return malformed(stack, "Fn::GetAtt");
	logical = arena_copy(scratch, text, (size_t)(dot - text));
	attribute = arena_copy(scratch, dot + 1, len - (size_t)(dot + 1 - text));
	if (!logical || !attribute) {
		stack->cfn->nomem = true;
		return malformed(stack, "Fn::GetAtt");
	}
	return cfn_attribute(stack, logical, attribute, like);
}

static struct cfn_value
call_get_att(struct cfn_stack *stack, const struct yaml_node *arg, const struct yaml_node *like)
{
	const struct yaml_node *logical = item(arg, 0);
	struct cfn_value attribute;

	if (arg->kind == YAML_SCALAR)
		return attribute_of(stack, arg->text, arg->count, like);
	attribute = text_of(stack, item(arg, 1), "Fn::GetAtt");
	if (attribute.state != CFN_VALUE)
		return attribute;
	if (!logical || logical->kind != YAML_SCALAR)
		return malformed(stack, "Fn::GetAtt");
	return cfn_attribute(stack, logical->text, attribute.node->text, like);
}

/** What ${...} stands for: a variable of the function, else of the template. */
static struct cfn_value
substitute(struct cfn_stack *stack, const char *name, size_t len,
	   const struct yaml_node *variables, const struct yaml_node *like)
{
	struct arena *scratch = stack->cfn->declare->scratch;
	const struct yaml_node *variable = NULL;
	const char *copy;

	while (len && (*name == ' ' || *name == '\t')) {
		name++;
		len--;
	}
	while (len && (name[len - 1] == ' ' || name[len - 1] == '\t'))
		len--;
	copy = arena_copy(scratch, name, len);
	if (!copy) {
		stack->cfn->nomem = true;
		return malformed(stack, "Fn::Sub");
	}
	if (!cfn_spend(stack->cfn, 1u + (variables ? variables->count : 0)))
		return cfn_unknown(stack->cfn, "there is too much to evaluate");
	if (variables)
		variable = yaml_find(variables, copy);
	if (variable)
		return text_of(stack, variable, "Fn::Sub");
	if (memchr(copy, '.', len))
		return attribute_of(stack, copy, len, like);
	return cfn_ref(stack, copy, like);
}

/** ${!Literal} gives ${Literal}. */
static struct cfn_value
substitute_all(struct cfn_stack *stack, const char *from, const struct yaml_node *variables,
	       const struct yaml_node *like)
{
	struct cfn_value value;
	struct text out;
	const char *open, *close;

	text_init(&out);
	while ((open = strstr(from, "${")) != NULL && (close = strchr(open, '}')) != NULL) {
		text_append_len(&out, from, (size_t)(open - from));
		from = close + 1;
		if (open[2] == '!') {
			text_append(&out, "${");
			text_append_len(&out, open + 3, (size_t)(close + 1 - (open + 3)));
			continue;
		}
		value = substitute(stack, open + 2, (size_t)(close - (open + 2)), variables, like);
		if (value.state == CFN_VALUE && value.node->kind != YAML_SCALAR)
			value = malformed(stack, "Fn::Sub");
		if (value.state == CFN_UNKNOWN || out.len > CFN_MAX_TEXT) {
			text_fini(&out);
			return value.state == CFN_UNKNOWN ? value
				: cfn_unknown(stack->cfn, "it is a text of more than 64 KiB");
		}
		if (value.state == CFN_VALUE)
			text_append_len(&out, value.node->text, value.node->count);
	}
	text_append(&out, from);
	return taken(stack, &out, like);
}

static struct cfn_value
call_sub(struct cfn_stack *stack, const struct yaml_node *arg, const struct yaml_node *like)
{
	const struct yaml_node *text = arg->kind == YAML_SCALAR ? arg : item(arg, 0);
	const struct yaml_node *variables = item(arg, 1);

	if (!text || text->kind != YAML_SCALAR ||
	    (variables && variables->kind != YAML_MAPPING))
		return malformed(stack, "Fn::Sub");
	if (strstr(text->text, "{{resolve:"))
		return cfn_unknown(stack->cfn, "it is a dynamic reference, {{resolve:...}}");
	return substitute_all(stack, text->text, variables, like);
}

static struct cfn_value
call_join(struct cfn_stack *stack, const struct yaml_node *arg, const struct yaml_node *like)
{
	struct cfn_value between = text_of(stack, item(arg, 0), "Fn::Join"), list, value;
	const char *delimiter = "";
	struct text out;

	if (between.state != CFN_VALUE)
		return between;
	list = list_of(stack, item(arg, 1), "Fn::Join");
	if (list.state != CFN_VALUE)
		return list;
	text_init(&out);
	for (const struct yaml_item *i = list.node->first; i; i = i->next) {
		value = cfn_resolve_text(stack, i->value);
		if (value.state == CFN_VALUE && out.len > CFN_MAX_TEXT)
			value = cfn_unknown(stack->cfn, "it is a text of more than 64 KiB");
		if (value.state == CFN_UNKNOWN) {
			text_fini(&out);
			return value;
		}
		if (value.state == CFN_ABSENT)
			continue;
		text_append(&out, delimiter);
		text_append_len(&out, value.node->text, value.node->count);
		delimiter = between.node->text;
	}
	return taken(stack, &out, like);
}

static struct cfn_value
call_select(struct cfn_stack *stack, const struct yaml_node *arg, const struct yaml_node *like)
{
	struct cfn_value which = text_of(stack, item(arg, 0), "Fn::Select"), list;
	const struct yaml_node *chosen;
	uint64_t n;

	(void)like;
	if (which.state != CFN_VALUE)
		return which;
	list = list_of(stack, item(arg, 1), "Fn::Select");
	if (list.state != CFN_VALUE)
		return list;
	if (!text_parse_u64(which.node->text, 1000000, &n) || !cfn_spend(stack->cfn, n))
		return malformed(stack, "Fn::Select");
	chosen = item(list.node, (unsigned)n);
	if (!chosen)
		return cfn_unknown(stack->cfn, "Fn::Select wants item %u of a list of %u",
				   (unsigned)n, list.node->count);
	return cfn_resolve(stack, chosen);
}

static struct cfn_value
call_split(struct cfn_stack *stack, const struct yaml_node *arg, const struct yaml_node *like)
{
	struct cfn_value between = text_of(stack, item(arg, 0), "Fn::Split"), text, part;
	struct nodes *nodes = &stack->cfn->declare->nodes;
	struct yaml_node *list;
	const char *from, *to;

	if (between.state != CFN_VALUE)
		return between;
	text = text_of(stack, item(arg, 1), "Fn::Split");
	if (text.state != CFN_VALUE)
		return text;
	if (!between.node->count)
		return malformed(stack, "Fn::Split");
	list = nodes_list(nodes, like);
	for (from = text.node->text; from; from = to ? to + between.node->count : NULL) {
		to = strstr(from, between.node->text);
		part = cfn_text(stack->cfn, from, to ? (size_t)(to - from) : strlen(from), like);
		if (part.state != CFN_VALUE)
			return part;
		nodes_append(nodes, list, part.node);
	}
	stack->cfn->nomem |= nodes->nomem;
	return list ? (struct cfn_value){ .state = CFN_VALUE, .node = list }
		    : malformed(stack, "Fn::Split");
}

/** The map, its row and its column; `DefaultValue` of the language extensions, too. */
static struct cfn_value
call_find_in_map(struct cfn_stack *stack, const struct yaml_node *arg,
		 const struct yaml_node *like)
{
	const struct yaml_node *fallback = item(arg, 3), *at = NULL;
	const struct yaml_item *mapping = NULL;

	(void)like;
	for (unsigned i = 0; i < 3; i++) {
		struct cfn_value key = text_of(stack, item(arg, i), "Fn::FindInMap");

		if (key.state != CFN_VALUE)
			return key;
		if (i == 0)
			mapping = cfn_find(stack, CFN_MAPPINGS, key.node->text);
		else if (at && cfn_spend(stack->cfn, at->count))
			at = yaml_find(at, key.node->text);
		if (i == 0)
			at = mapping ? mapping->value : NULL;
		if (at)
			continue;
		if (fallback && fallback->kind == YAML_MAPPING &&
		    yaml_find(fallback, "DefaultValue"))
			return cfn_member(stack, fallback, "DefaultValue");
		return cfn_unknown(stack->cfn, "the mappings have no \"%.60s\"", key.node->text);
	}
	return cfn_resolve(stack, at);
}

static struct cfn_value
call_if(struct cfn_stack *stack, const struct yaml_node *arg, const struct yaml_node *like)
{
	const struct yaml_node *name = item(arg, 0);
	struct cfn_value condition;

	(void)like;
	if (!name || name->kind != YAML_SCALAR || !item(arg, 2))
		return malformed(stack, "Fn::If");
	condition = cfn_condition(stack, name->text);
	if (condition.state != CFN_VALUE)
		return condition;
	return cfn_resolve(stack, item(arg, cfn_is_true(&condition) ? 1 : 2));
}

static struct cfn_value
call_equals(struct cfn_stack *stack, const struct yaml_node *arg, const struct yaml_node *like)
{
	struct cfn_value sides[2];

	for (unsigned i = 0; i < 2; i++) {
		sides[i] = text_of(stack, item(arg, i), "Fn::Equals");
		if (sides[i].state != CFN_VALUE)
			return sides[i];
	}
	return truth(stack, strcmp(sides[0].node->text, sides[1].node->text) == 0, like);
}

/** Of what is unknown nothing is wanted where another item decides. */
static struct cfn_value
decide(struct cfn_stack *stack, const struct yaml_node *arg, bool deciding,
       const struct yaml_node *like)
{
	struct cfn_value unknown = { .state = CFN_VALUE };

	if (arg->kind != YAML_SEQUENCE || !arg->first)
		return malformed(stack, "a condition");
	for (const struct yaml_item *i = arg->first; i; i = i->next) {
		struct cfn_value value = text_of(stack, i->value, "a condition");

		if (value.state == CFN_UNKNOWN)
			unknown = value;
		else if (cfn_is_true(&value) == deciding)
			return truth(stack, deciding, like);
	}
	return unknown.state == CFN_UNKNOWN ? unknown : truth(stack, !deciding, like);
}

static struct cfn_value
call_and(struct cfn_stack *stack, const struct yaml_node *arg, const struct yaml_node *like)
{
	return decide(stack, arg, false, like);
}

static struct cfn_value
call_or(struct cfn_stack *stack, const struct yaml_node *arg, const struct yaml_node *like)
{
	return decide(stack, arg, true, like);
}

static struct cfn_value
call_not(struct cfn_stack *stack, const struct yaml_node *arg, const struct yaml_node *like)
{
	struct cfn_value value = text_of(stack, item(arg, 0), "Fn::Not");

	return value.state == CFN_VALUE ? truth(stack, !cfn_is_true(&value), like) : value;
}

static struct cfn_value
call_import_value(struct cfn_stack *stack, const struct yaml_node *arg,
		  const struct yaml_node *like)
{
	struct cfn_value name = text_of(stack, arg, "Fn::ImportValue");

	return name.state == CFN_VALUE ? cfn_import(stack, name.node->text, like) : name;
}

/** Add 2 to the power of `bit` to an address; false: past the last one. */
static bool
advance(uint8_t *ip, unsigned bit)
{
	unsigned carry = 1u << bit % 8;

	for (int octet = 15 - (int)(bit / 8); octet >= 0 && carry; octet--) {
		carry += ip[octet];
		ip[octet] = (uint8_t)carry;
		carry >>= 8;
	}
	return !carry;
}

/** Blocks of 2 to the power of the third argument addresses, one behind the other. */
static struct cfn_value
call_cidr(struct cfn_stack *stack, const struct yaml_node *arg, const struct yaml_node *like)
{
	struct cfn_value block = text_of(stack, item(arg, 0), "Fn::Cidr"), value;
	struct nodes *nodes = &stack->cfn->declare->nodes;
	struct yaml_node *list;
	struct prefix prefix;
	uint64_t numbers[2];
	char text[ADDR_TEXT_MAX];

	for (unsigned i = 0; i < 2; i++) {
		value = text_of(stack, item(arg, i + 1), "Fn::Cidr");
		if (block.state != CFN_VALUE || value.state != CFN_VALUE)
			return block.state != CFN_VALUE ? block : value;
		if (!text_parse_u64(value.node->text, CIDRS_MOST, &numbers[i]))
			return malformed(stack, "Fn::Cidr");
	}
	if (prefix_parse(block.node->text, &prefix) != OK ||
	    numbers[1] > 128u - prefix.bits || numbers[1] > 127)
		return malformed(stack, "Fn::Cidr");
	prefix.bits = (uint8_t)(128 - numbers[1]);
	list = nodes_list(nodes, like);
	for (bool more = true; more && numbers[0]; numbers[0]--) {
		prefix_print(&prefix, text);
		nodes_append(nodes, list, nodes_text(nodes, text, like));
		more = advance(prefix.ip, (unsigned)numbers[1]);
	}
	stack->cfn->nomem |= nodes->nomem;
	return list ? (struct cfn_value){ .state = CFN_VALUE, .node = list }
		    : malformed(stack, "Fn::Cidr");
}

static struct cfn_value
call_length(struct cfn_stack *stack, const struct yaml_node *arg, const struct yaml_node *like)
{
	struct cfn_value list = list_of(stack, arg, "Fn::Length");
	struct text text;

	if (list.state != CFN_VALUE)
		return list;
	text_init(&text);
	text_printf(&text, "%u", list.node->count);
	return taken(stack, &text, like);
}

/*
 * Ref and Condition come first: they have no prefix.  Which zones GetAZs gives is a matter of
 * the account.
 */
const struct cfn_function cfn_functions[] = {
	{ "Ref", call_ref }, { "Condition", call_condition }, { "GetAtt", call_get_att },
	{ "Sub", call_sub }, { "Join", call_join }, { "Select", call_select },
	{ "Split", call_split }, { "FindInMap", call_find_in_map }, { "If", call_if },
	{ "Equals", call_equals }, { "And", call_and }, { "Or", call_or }, { "Not", call_not },
	{ "ImportValue", call_import_value }, { "Cidr", call_cidr }, { "GetAZs", NULL },
	{ "Length", call_length }, { "Base64", NULL }, { "Transform", NULL },
	{ "ToJsonString", NULL }, { NULL, NULL },
};
