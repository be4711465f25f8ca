#include "load/nodes.h"

#include <string.h>

/* A map or list that may still grow. */
struct growing {
	struct yaml_node node;		/* first: it is what others see */
	struct yaml_item *last;
};

static void *
new_of(struct nodes *n, size_t size)
{
	void *object = n->nomem ? NULL : arena_alloc(n->arena, size);

	n->nomem |= !object;
	return object;
}

static void
init(struct yaml_node *node, enum yaml_kind kind, const struct yaml_node *like)
{
	node->kind = (uint8_t)kind;
	node->plain = kind == YAML_SCALAR;
	node->height = 1;
	node->line = like ? like->line : 0;
	node->column = like ? like->column : 0;
}

static struct yaml_node *
new_growing(struct nodes *n, enum yaml_kind kind, const struct yaml_node *like)
{
	struct growing *growing = new_of(n, sizeof(*growing));

	if (!growing)
		return NULL;
	init(&growing->node, kind, like);
	return &growing->node;
}

struct yaml_node *
nodes_map(struct nodes *n, const struct yaml_node *like)
{
	return new_growing(n, YAML_MAPPING, like);
}

struct yaml_node *
nodes_list(struct nodes *n, const struct yaml_node *like)
{
	return new_growing(n, YAML_SEQUENCE, like);
}

struct yaml_node *
nodes_text(struct nodes *n, const char *text, const struct yaml_node *like)
{
	struct yaml_node *node = new_of(n, sizeof(*node));
	char *copy = node ? arena_string(n->arena, text) : NULL;

	if (!copy) {
		n->nomem = true;
		return NULL;
	}
	init(node, YAML_SCALAR, like);
	node->text = copy;
	node->count = (uint32_t)strlen(copy);
	return node;
}

static void
grow(struct nodes *n, struct yaml_node *node, const struct yaml_node *key,
     const struct yaml_node *value)
{
	struct growing *growing = (struct growing *)node;
	struct yaml_item *item = new_of(n, sizeof(*item));

	if (!item)
		return;
	*item = (struct yaml_item){ .key = key, .value = value };
	if (growing->last)
		growing->last->next = item;
	else
		node->first = item;
	growing->last = item;
	node->count++;
	if (value->height >= node->height)
		node->height = value->height < UINT8_MAX ? (uint8_t)(value->height + 1u) : UINT8_MAX;
}

void
nodes_put(struct nodes *n, struct yaml_node *map, const char *key, const struct yaml_node *value)
{
	const struct yaml_node *name;

	if (!map || !value)
		return;
	name = nodes_text(n, key, value);
	if (name)
		grow(n, map, name, value);
}

void
nodes_append(struct nodes *n, struct yaml_node *list, const struct yaml_node *value)
{
	if (list && value)
		grow(n, list, NULL, value);
}
