#include "load/jsontext.h"

#include <string.h>

#define WIDTH 88
#define STEP  2

/** Octets on one line, or more than `most`. */
static size_t
width_of(const struct yaml_node *node, size_t most)
{
	size_t width = 2;

	if (node->kind == YAML_SCALAR)
		return node->count + 2;
	for (const struct yaml_item *i = node->first; i && width <= most; i = i->next)
		width += width_of(i->value, most) + 2 + (i->key ? i->key->count + 4 : 0);
	return width;
}

static void print(const struct yaml_node *node, unsigned indent, bool flow, struct text *out);

static void
print_items(const struct yaml_node *node, unsigned indent, bool flow, struct text *out)
{
	for (const struct yaml_item *i = node->first; i; i = i->next) {
		if (i != node->first)
			text_append(out, flow ? ", " : ",");
		if (!flow)
			text_printf(out, "\n%*s", (int)(indent + STEP), "");
		if (i->key) {
			text_json(out, i->key->text);
			text_append(out, ": ");
		}
		print(i->value, indent + STEP, flow, out);
	}
}

static void
print(const struct yaml_node *node, unsigned indent, bool flow, struct text *out)
{
	const bool map = node->kind == YAML_MAPPING;

	if (node->kind == YAML_SCALAR) {
		if (node->plain)
			text_append(out, node->text);
		else
			text_json(out, node->text);
		return;
	}
	flow = flow || width_of(node, WIDTH) <= WIDTH;
	text_append(out, map ? "{" : "[");
	print_items(node, indent, flow, out);
	if (!flow)
		text_printf(out, "\n%*s", (int)indent, "");
	text_append(out, map ? "}" : "]");
}

enum status
jsontext_print(const struct yaml_node *node, unsigned indent, struct text *out)
{
	print(node, indent, false, out);
	return out->failed ? ERR_NOMEM : OK;
}

enum status
jsontext_open(const struct yaml_node *map, unsigned indent, struct text *out)
{
	text_append(out, "{");
	print_items(map, indent, false, out);
	return out->failed ? ERR_NOMEM : OK;
}
