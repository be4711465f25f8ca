#include "load/unbind.h"

#include <string.h>

#include "estate/estate.h"

/** What stands at an offset of an object; a pointer, whatever it points to. */
static const char *
pointer_at(const void *object, size_t offset)
{
	const char *pointer;

	memcpy(&pointer, (const char *)object + offset, sizeof(pointer));
	return pointer;
}

/** Was the key's value written somewhere? */
static bool
was_said(const struct schema_key *key, const void *object)
{
	struct srcloc at;

	if (!key->at)
		return false;
	memcpy(&at, (const char *)object + key->at, sizeof(at));
	return at.file != NULL;
}

static bool
is_zero(const char *octets, size_t size)
{
	while (size && !*octets) {
		octets++;
		size--;
	}
	return size == 0;
}

/** Would reading the object without the key give the same? */
static bool
goes_unsaid(const struct schema_key *key, const void *object, const void *blank,
	    const struct yaml_node *value)
{
	const char *field = (const char *)object + key->field;

	if (key->required || was_said(key, object))
		return false;
	if (key->fallback)
		return strcmp(value->text, key->fallback) == 0;
	if (blank)
		return memcmp(field, (const char *)blank + key->field, key->size) == 0;
	return is_zero(field, key->size);
}

static const struct yaml_node *
unbind_one(struct unbind *u, const struct schema_key *key, const void *object,
	   const void *blank)
{
	const struct yaml_node *value;

	if (!key->size)
		return NULL;
	value = unbind_scalar(u, key, (const char *)object + key->field, key->size);
	return value && !goes_unsaid(key, object, blank, value) ? value : NULL;
}

/** A set of words, which is one field. */
static const struct yaml_node *
unbind_set(struct unbind *u, const struct schema_key *key, const void *object)
{
	struct yaml_node *list = nodes_list(&u->nodes, NULL);
	uint32_t set;

	memcpy(&set, (const char *)object + key->field, sizeof(set));
	for (const struct schema_word *w = key->words; set && w->text; w++) {
		int value = w->value;

		if (set & 1u << value)
			nodes_append(&u->nodes, list,
				     unbind_scalar(u, key, &value, sizeof(value)));
	}
	return set ? list : NULL;
}

/** A reference of another key's, or one that a Profile brought, is none to be written. */
static bool
is_ours(const struct schema_key *key, const char *item)
{
	const struct ref *ref = (const struct ref *)(const void *)item;

	return key->type != SCHEMA_REF || (!ref->by && (!ref->kinds || ref->kinds & key->refs));
}

static const struct yaml_node *
unbind_list(struct unbind *u, const struct schema_key *key, const void *object)
{
	const bool maps = key->type == SCHEMA_MAP;
	const struct item_kind kind = bind_item_kind(key);
	const size_t next = maps ? schema_map(key->map)->next : kind.next;
	struct yaml_node *list = NULL;

	for (const char *item = pointer_at(object, key->field); item;
	     item = pointer_at(item, next)) {
		const struct yaml_node *value;

		if (!is_ours(key, item))
			continue;
		if (!list)
			list = nodes_list(&u->nodes, NULL);
		value = maps ? unbind_map(u, key->map, item, NULL)
			     : unbind_scalar(u, key, item + kind.value, kind.value_size);
		nodes_append(&u->nodes, list, value);
	}
	return list && list->count ? list : NULL;
}

/** A list of maps, or the word that may stand in its place. */
static const struct yaml_node *
unbind_lists(struct unbind *u, const struct schema_key *key, const void *object)
{
	if (key->words && *((const bool *)object + key->said))
		return nodes_text(&u->nodes, key->words->text, NULL);
	return unbind_list(u, key, object);
}

static const struct yaml_node *
unbind_inner(struct unbind *u, const struct schema_key *key, const void *object,
	     const void *blank)
{
	const struct yaml_node *map;

	if (key->size && !*((const bool *)object + key->field))
		return NULL;
	if (key->at && !was_said(key, object))
		return NULL;
	map = unbind_map(u, key->map, object, blank);
	return map && map->count ? map : NULL;
}

static const struct yaml_node *
unbind_value(struct unbind *u, const struct schema_key *key, const void *object,
	     const void *blank)
{
	if (key->later || key->type == SCHEMA_IGNORED || (key->list && !key->size))
		return NULL;
	if (key->type == SCHEMA_MAP)
		return key->list ? unbind_lists(u, key, object)
				 : unbind_inner(u, key, object, blank);
	if (!key->list)
		return unbind_one(u, key, object, blank);
	return key->type == SCHEMA_ENUM ? unbind_set(u, key, object)
					: unbind_list(u, key, object);
}

struct yaml_node *
unbind_map(struct unbind *u, enum schema_map_id id, const void *object, const void *blank)
{
	const struct schema_map *map = schema_map(id);
	struct yaml_node *node = nodes_map(&u->nodes, NULL);

	for (size_t i = 0; i < map->count && !u->nodes.nomem; i++)
		nodes_put(&u->nodes, node, map->keys[i].key,
			  unbind_value(u, &map->keys[i], object, blank));
	return u->nodes.nomem ? NULL : node;
}
