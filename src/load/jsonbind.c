#include "load/jsonbind.h"

#include <string.h>

#define TEXT_MOST 1024	/* octets of a value, with the zero octet */

/* A map, or list of maps, that is being read. */
struct reading {
	struct bind *b;
	struct json *j;
};

static bool read_map(struct reading *r, const struct schema_map *map, void *object);

/** The row of the key at hand, or the count.  next: likely: exports keep to their order. */
static size_t
find_row(const struct json *j, const struct schema_map *map, size_t next)
{
	for (size_t i = 0; i < map->count; i++, next++) {
		if (next >= map->count)
			next = 0;
		if (json_is(j, map->keys[next].key))
			return next;
	}
	return map->count;
}

static bool
read_scalar(struct reading *r, enum json_token token, const struct schema_key *key, void *to)
{
	const char *from = token == JSON_TRUE ? "true" : "false";
	bool text = token == JSON_STRING || token == JSON_NUMBER;
	size_t len = text ? r->j->len : strlen(from);
	struct yaml_node node = { .kind = YAML_SCALAR, .line = r->j->line,
				  .column = r->j->column, .count = (uint32_t)len,
				  .plain = token != JSON_STRING };
	char copy[TEXT_MOST];

	if (text)
		from = r->j->text;
	else if (token != JSON_TRUE && token != JSON_FALSE)
		return false;
	if (len >= sizeof(copy) || memchr(from, '\0', len))
		return false;
	memcpy(copy, from, len);
	copy[len] = '\0';
	node.text = copy;
	return bind_scalar(r->b, key, &node, to, key->size);
}

static struct srcloc
place(const struct reading *r)
{
	return (struct srcloc){ r->b->file, r->j->line, r->j->column };
}

static void *
new_object(struct reading *r, enum schema_map_id id)
{
	const struct schema_map *map = schema_map(id);
	struct srcloc at = place(r);
	char *object = arena_alloc(r->b->arena, map->size);

	r->b->nomem |= !object;
	if (!object)
		return NULL;
	memcpy(object + map->at, &at, sizeof(at));
	if (r->b->init)
		r->b->init(id, object);
	return object;
}

/** Its objects are linked where `end` points, and behind each other. */
static bool
read_list(struct reading *r, const struct schema_key *key, char *end)
{
	const struct schema_map *map = schema_map(key->map);
	enum json_token token;
	char *object;

	while ((token = json_next(r->j)) == JSON_OBJECT) {
		object = new_object(r, key->map);
		if (!object || !read_map(r, map, object))
			return false;
		memcpy(end, &object, sizeof(object));
		end = object + map->next;
	}
	return token == JSON_ARRAY_END;
}

static bool
read_value(struct reading *r, const struct schema_key *key, void *object)
{
	enum json_token token = json_next(r->j);
	struct srcloc at = place(r);
	char *to = (char *)object + key->field;

	if (key->not_yet || key->later || key->type == SCHEMA_IGNORED)
		return false;
	if (key->at)
		memcpy((char *)object + key->at, &at, sizeof(at));
	if (key->list)
		return token == JSON_ARRAY && key->type == SCHEMA_MAP && key->size &&
		       !key->required && !schema_map(key->map)->transient &&
		       read_list(r, key, to);
	if (key->type != SCHEMA_MAP)
		return read_scalar(r, token, key, to);
	if (token != JSON_OBJECT)
		return false;
	if (key->size)
		*(bool *)to = true;
	return read_map(r, schema_map(key->map), object);
}

/** Each key once, and none that the tree would have to supply. */
static bool
read_map(struct reading *r, const struct schema_map *map, void *object)
{
	enum json_token token;
	uint64_t seen = 0;
	size_t row = 0;

	while ((token = json_next(r->j)) == JSON_KEY) {
		row = find_row(r->j, map, row);
		if (row == map->count || seen >> row & 1 ||
		    !read_value(r, &map->keys[row], object))
			return false;
		seen |= UINT64_C(1) << row++;
	}
	for (size_t i = 0; i < map->count; i++)
		if (!(seen >> i & 1) && (map->keys[i].required || map->keys[i].fallback))
			return false;
	return token == JSON_OBJECT_END;
}

bool
jsonbind_item(struct bind *b, struct json *j, const struct schema_key *row)
{
	struct arena_mark mark = arena_mark(&b->passing);
	struct json_place before = json_hold(j);
	struct reading r = { b, j };
	struct arena *lasting = b->arena;
	struct diags *diags = b->diags, unheard;
	void *object;
	bool good;

	diags_init(&unheard, &b->passing, 1);
	b->arena = &b->passing;
	b->diags = &unheard;
	object = new_object(&r, row->map);
	good = object && read_map(&r, schema_map(row->map), object);
	b->arena = lasting;
	b->diags = diags;
	if (good) {
		json_release(j);
		b->take(b, row->map, NULL, object, true);
	} else {
		json_return(j, &before);
	}
	arena_rewind(&b->passing, mark);
	return good;
}
