#include <stdarg.h>
#include <string.h>

#include "load/cfn.h"

/* A node that is being evaluated, or was. */
struct memo {
	const struct yaml_node *node;
	bool open;
	struct cfn_value value;
};

const char *const *
cfn_tags(void)
{
	static const char *const tags[] = {	/* in the order of cfn_functions */
		"Ref", "Condition", "GetAtt", "Sub", "Join", "Select", "Split", "FindInMap",
		"If", "Equals", "And", "Or", "Not", "ImportValue", "Cidr", "GetAZs", "Length",
		"Base64", "Transform", "ToJsonString", NULL,
	};

	return tags;
}

struct cfn_value
cfn_unknown(struct cfn *cfn, const char *fmt, ...)
{
	struct cfn_value value = { .state = CFN_UNKNOWN };
	va_list args;

	va_start(args, fmt);
	value.why = arena_vprintf(cfn->declare->scratch, fmt, args);
	va_end(args);
	if (!value.why) {
		cfn->nomem = true;
		value.why = "memory ended";
	}
	return value;
}

static struct cfn_value
bounded(const char *why)
{
	return (struct cfn_value){ .state = CFN_UNKNOWN, .why = why };
}

bool
cfn_spend(struct cfn *cfn, size_t work)
{
	if (work > CFN_MAX_WORK - cfn->work) {
		cfn->work = CFN_MAX_WORK;
		return false;
	}
	cfn->work += work;
	return true;
}

struct cfn_value
cfn_text(struct cfn *cfn, const char *text, size_t len, const struct yaml_node *like)
{
	struct cfn_value value = { .state = CFN_UNKNOWN, .why = "memory ended" };
	struct yaml_node *node;
	const char *copy;

	if (len > CFN_MAX_TEXT)
		return bounded("it is a text of more than 64 KiB");
	if (len > CFN_MAX_OCTETS - cfn->octets)
		return bounded("the expressions give more than 64 MiB of text");
	cfn->octets += len;
	copy = arena_copy(cfn->declare->scratch, text, len);
	node = copy ? nodes_text(&cfn->declare->nodes, copy, like) : NULL;
	cfn->nomem |= !node;
	if (!node)
		return value;
	node->plain = len > 0;	/* an empty text is one, not nothing */
	return (struct cfn_value){ .state = CFN_VALUE, .node = node };
}

bool
cfn_is_true(const struct cfn_value *value)
{
	return value->state == CFN_VALUE && value->node->kind == YAML_SCALAR &&
	       strcmp(value->node->text, "true") == 0;
}

struct cfn_value
cfn_relocate(struct cfn *cfn, struct cfn_value value, const struct yaml_node *like)
{
	struct nodes *nodes = &cfn->declare->nodes;
	struct yaml_node *list;

	if (value.state != CFN_VALUE || value.node->kind == YAML_MAPPING)
		return value;
	if (value.node->kind == YAML_SCALAR)
		return cfn_text(cfn, value.node->text, value.node->count, like);
	list = nodes_list(nodes, like);
	for (const struct yaml_item *i = value.node->first; i; i = i->next) {
		struct cfn_value item = { .state = CFN_VALUE, .node = i->value };

		if (i->value->kind != YAML_SCALAR)
			return cfn_unknown(cfn, "it is a list of more than texts");
		item = cfn_text(cfn, i->value->text, i->value->count, like);
		if (item.state != CFN_VALUE)
			return item;
		nodes_append(nodes, list, item.node);
	}
	cfn->nomem |= nodes->nomem;
	return list ? (struct cfn_value){ .state = CFN_VALUE, .node = list }
		    : bounded("memory ended");
}

/* --- which function a node calls */

/** Fn::Join: of a map with one pair; Ref and Condition go without the prefix. */
static const struct cfn_function *
long_form(const struct yaml_node *node, bool *other)
{
	const char *key;

	if (node->kind != YAML_MAPPING || node->count != 1)
		return NULL;
	key = node->first->key->text;
	if (strcmp(key, "Ref") == 0)
		return &cfn_functions[0];
	if (strcmp(key, "Condition") == 0)
		return &cfn_functions[1];
	if (strncmp(key, "Fn::", 4) != 0)
		return NULL;
	for (const struct cfn_function *f = cfn_functions + 2; f->name; f++)
		if (strcmp(f->name, key + 4) == 0)
			return f;
	*other = true;
	return NULL;
}

/** The argument of a tag is the node itself, without the tag. */
static const struct yaml_node *
untagged(struct cfn *cfn, const struct yaml_node *node)
{
	struct yaml_node *copy = arena_alloc(cfn->declare->scratch, sizeof(*copy));

	if (!copy) {
		cfn->nomem = true;
		return NULL;
	}
	*copy = *node;
	copy->tag = 0;
	return copy;
}

static struct cfn_value
call(struct cfn_stack *stack, const struct cfn_function *function,
     const struct yaml_node *argument, const struct yaml_node *like)
{
	struct cfn_value value;

	if (!argument)
		return bounded("memory ended");
	if (!function->call)
		return cfn_unknown(stack->cfn, "Fn::%s is not evaluated", function->name);
	if (stack->cfn->depth == CFN_MAX_DEPTH)
		return bounded("more than 100 expressions are in each other");
	stack->cfn->depth++;
	value = function->call(stack, argument, like);
	stack->cfn->depth--;
	return value;
}

static struct cfn_value
evaluate(struct cfn_stack *stack, const struct cfn_function *function,
	 const struct yaml_node *node)
{
	struct memo *memo = table_find(&stack->memo, &node, sizeof(node));

	if (memo)
		return memo->open ? bounded("it refers to itself") : memo->value;
	if (!cfn_spend(stack->cfn, 1))
		return bounded("there is too much to evaluate");
	memo = arena_alloc(stack->cfn->declare->scratch, sizeof(*memo));
	if (memo)
		*memo = (struct memo){ .node = node, .open = true };
	if (!memo || table_put(&stack->memo, &memo->node, sizeof(memo->node), memo) != OK) {
		stack->cfn->nomem = true;
		return bounded("memory ended");
	}
	memo->value = call(stack, function, node->tag ? untagged(stack->cfn, node)
						      : node->first->value, node);
	memo->open = false;
	return memo->value;
}

struct cfn_value
cfn_resolve(struct cfn_stack *stack, const struct yaml_node *node)
{
	const struct cfn_function *function;
	bool other = false;

	if (!node)
		return (struct cfn_value){ .state = CFN_ABSENT };
	if (node->tag == YAML_TAG_OTHER)
		return bounded("its tag is none of CloudFormation");
	function = node->tag ? &cfn_functions[node->tag - 1] : long_form(node, &other);
	if (function)
		return evaluate(stack, function, node);
	if (other)
		return cfn_unknown(stack->cfn, "%.40s is not evaluated", node->first->key->text);
	if (yaml_is_null(node))
		return (struct cfn_value){ .state = CFN_ABSENT };
	if (node->kind == YAML_SCALAR && strstr(node->text, "{{resolve:"))
		return bounded("it is a dynamic reference, {{resolve:...}}");
	return (struct cfn_value){ .state = CFN_VALUE, .node = node };
}

struct cfn_value
cfn_resolve_text(struct cfn_stack *stack, const struct yaml_node *node)
{
	struct cfn_value value = cfn_resolve(stack, node);

	if (value.state == CFN_VALUE && value.node->kind != YAML_SCALAR)
		return bounded("a text is wanted there");
	return value;
}

struct cfn_value
cfn_member(struct cfn_stack *stack, const struct yaml_node *map, const char *key)
{
	return cfn_resolve(stack, map && map->kind == YAML_MAPPING ? yaml_find(map, key) : NULL);
}
