#include "load/jsontree.h"

#include <string.h>

/** more: octets behind it. */
static struct yaml_node *
new_node(struct json *j, struct arena *arena, enum yaml_kind kind, size_t more)
{
	struct yaml_node *node = arena_alloc(arena, sizeof(*node) + more);

	if (!node) {
		j->status = ERR_NOMEM;
		return NULL;
	}
	node->kind = (uint8_t)kind;
	node->line = j->line;
	node->column = j->column;
	node->height = 1;
	return node;
}

static const struct yaml_node *
scalar(struct json *j, struct arena *arena, const char *text, size_t len, bool plain)
{
	struct yaml_node *node = new_node(j, arena, YAML_SCALAR, len + 1);

	if (!node)
		return NULL;
	if (memchr(text, '\0', len)) {
		json_refuse(j, "not-text", "a zero octet in a string");
		return NULL;
	}
	node->text = memcpy(node + 1, text, len);
	node->count = (uint32_t)len;
	node->plain = plain;
	return node;
}

/** What is open is read to its end.  A height of more than 255 stays at that. */
static const struct yaml_node *
read_items(struct json *j, struct arena *arena, enum yaml_kind kind)
{
	struct yaml_node *list = new_node(j, arena, kind, 0);
	const struct yaml_item **end = list ? &list->first : NULL;

	while (list) {
		enum json_token token = json_next(j);
		struct yaml_item *item;

		if (token == JSON_OBJECT_END || token == JSON_ARRAY_END)
			return list;
		item = token != JSON_FAILED ? arena_alloc(arena, sizeof(*item)) : NULL;
		if (!item) {
			if (j->status == OK)
				j->status = ERR_NOMEM;
			return NULL;
		}
		if (token == JSON_KEY) {
			item->key = scalar(j, arena, j->text, j->len, false);
			token = item->key ? json_next(j) : JSON_FAILED;
		}
		item->value = token != JSON_FAILED ? jsontree_read(j, token, arena) : NULL;
		if (!item->value)
			return NULL;
		if (item->value->height >= list->height && item->value->height < UINT8_MAX)
			list->height = (uint8_t)(item->value->height + 1u);
		list->count++;
		*end = item;
		end = &item->next;
	}
	return NULL;
}

/* It calls itself as deep as the text is, which json_next has bounded. */
const struct yaml_node *
jsontree_read(struct json *j, enum json_token token, struct arena *arena)
{
	switch (token) {
	case JSON_OBJECT:
		return read_items(j, arena, YAML_MAPPING);
	case JSON_ARRAY:
		return read_items(j, arena, YAML_SEQUENCE);
	case JSON_STRING:
	case JSON_NUMBER:
		return scalar(j, arena, j->text, j->len, token == JSON_NUMBER);
	case JSON_TRUE:
		return scalar(j, arena, "true", 4, true);
	case JSON_FALSE:
		return scalar(j, arena, "false", 5, true);
	case JSON_NULL:
		return scalar(j, arena, "null", 4, true);
	case JSON_FAILED:
	case JSON_END:
	case JSON_OBJECT_END:
	case JSON_ARRAY_END:
	case JSON_KEY:
		break;
	}
	return NULL;
}
