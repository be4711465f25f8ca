#include "load/bind.h"

#include <string.h>

#include "base/text.h"
#include "estate/estate.h"

#define KEYS_MOST 32	/* of one map of the schema */

void
bind_init(struct bind *b, struct arena *arena, struct diags *diags)
{
	*b = (struct bind){ .arena = arena, .diags = diags };
	arena_init(&b->passing, arena->limit);
	b->nomem = !arena_alloc(&b->passing, 1);	/* so that its first chunk stays */
}

void
bind_fini(struct bind *b)
{
	arena_fini(&b->passing);
}

struct srcloc
bind_place(const struct bind *b, const struct yaml_node *node)
{
	return (struct srcloc){ b->file, node->line, node->column };
}

void
bind_unknown(struct bind *b, const struct schema_map *map, const struct yaml_node *key)
{
	enum severity severity = map->foreign ? SEVERITY_WARNING : SEVERITY_ERROR;
	const char *keys[KEYS_MOST], *nearest;
	const char *where = map->path[0] ? map->path : "the top level";
	struct finding *finding;
	struct text all;

	for (size_t i = 0; i < map->count; i++)
		keys[i] = map->keys[i].key;
	if (strcmp(key->text, "<<") == 0) {
		diag_report(b->diags, severity, "unknown-key", bind_place(b, key),
			    "merge keys (<<) are not supported; aliases are");
		return;
	}
	nearest = text_nearest(key->text, keys, map->count);
	if (nearest) {
		diag_report(b->diags, severity, "unknown-key", bind_place(b, key),
			    "%s has no key \"%.60s\"; did you mean \"%s\"?", where, key->text,
			    nearest);
		return;
	}
	text_init(&all);
	for (size_t i = 0; i < map->count; i++)
		text_printf(&all, "%s%s", i ? ", " : "", keys[i]);
	finding = diag_open(b->diags, severity, "unknown-key", NULL, bind_place(b, key),
			    "%s has no key \"%.60s\"", where, key->text);
	if (!all.failed)
		diag_add(b->diags, finding, PART_HELP, NULL, NULL, (struct srcloc){ 0 },
			 "its keys are: %s", all.data);
	text_fini(&all);
}

/** A switch that is off asks for nothing. */
static bool
is_off(const struct schema_key *key, const struct yaml_node *node)
{
	uint64_t ms;

	if (node->kind != YAML_SCALAR)
		return false;
	if (key->type == SCHEMA_BOOL)
		return node->text[0] == 'f' || node->text[0] == 'F';
	return key->type == SCHEMA_DURATION && text_parse_duration(node->text, &ms) && ms == 0;
}

bool
bind_not_yet(struct bind *b, const struct schema_key *key, const struct yaml_item *pair)
{
	if (!key->not_yet || is_off(key, pair->value))
		return true;
	diag_report(b->diags, key->not_yet_fails ? SEVERITY_ERROR : SEVERITY_WARNING, "not-yet",
		    bind_place(b, pair->key), "%s is not part of this version: %s", key->key,
		    key->not_yet);
	return !key->not_yet_fails;
}

static bool
refuse_kind(struct bind *b, const struct schema_key *key, bool list,
	    const struct yaml_node *node)
{
	const char *found = node->kind == YAML_MAPPING ? "a map" : "a list";

	if (node->kind == YAML_SCALAR)
		found = yaml_is_null(node) ? "nothing" : node->text;
	diag_report(b->diags, SEVERITY_ERROR, "wrong-type", bind_place(b, node),
		    "%s: %s is wanted, not %.120s", key->key, schema_type_text(key->type, list),
		    found);
	return false;
}

static void *
new_object(struct bind *b, size_t size)
{
	void *object = arena_alloc(b->arena, size);

	if (!object)
		b->nomem = true;
	return object;
}

/* A list under construction.  Its pointers are set as memory: they are of many types. */
struct list {
	char *end;	/* where the next pointer goes */
	size_t next;	/* the link's offset in an item */
};

static struct list
list_over(void *head, size_t next)
{
	struct list list = { head, next };
	char *item;

	for (;;) {
		memcpy(&item, list.end, sizeof(item));
		if (!item)
			return list;
		list.end = item + next;
	}
}

static void
append(struct list *list, char *item)
{
	memcpy(list->end, &item, sizeof(item));
	list->end = item + list->next;
}

struct item_kind
bind_item_kind(const struct schema_key *key)
{
	switch (key->type) {
	case SCHEMA_PREFIX:
		return (struct item_kind){ sizeof(struct cidr), offsetof(struct cidr, next),
					   offsetof(struct cidr, at),
					   offsetof(struct cidr, prefix),
					   sizeof(struct prefix) };
	case SCHEMA_ADDRESS:
		return (struct item_kind){ sizeof(struct target), offsetof(struct target, next),
					   offsetof(struct target, at),
					   offsetof(struct target, addr), sizeof(struct addr) };
	case SCHEMA_REF:
		return (struct item_kind){ sizeof(struct ref), offsetof(struct ref, next),
					   offsetof(struct ref, at), 0, sizeof(struct ref) };
	case SCHEMA_SECRET:
		return (struct item_kind){ sizeof(struct cookie_secret),
					   offsetof(struct cookie_secret, next),
					   offsetof(struct cookie_secret, at),
					   offsetof(struct cookie_secret, octets),
					   COOKIE_SECRET_OCTETS };
	case SCHEMA_MAP:
	case SCHEMA_STRING:
	case SCHEMA_ID:
	case SCHEMA_NAME:
	case SCHEMA_API_NAME:
	case SCHEMA_DURATION:
	case SCHEMA_SIZE:
	case SCHEMA_INTEGER:
	case SCHEMA_NUMBER:
	case SCHEMA_BOOL:
	case SCHEMA_ENUM:
	case SCHEMA_WORD:
	case SCHEMA_RECORD_TYPE:
	case SCHEMA_PATH:
	case SCHEMA_TEXTS:
	case SCHEMA_IGNORED:
		break;
	}
	return (struct item_kind){ sizeof(struct string_item), offsetof(struct string_item, next),
				   offsetof(struct string_item, at),
				   offsetof(struct string_item, text), sizeof(const char *) };
}

/** An item that is one scalar: an object with the value, its place and the link. */
static bool
bind_item(struct bind *b, const struct schema_key *key, const struct yaml_node *node,
	  struct list *list)
{
	struct item_kind kind = bind_item_kind(key);
	struct srcloc at = bind_place(b, node);
	char *item;

	if (key->type == SCHEMA_ENUM)	/* a set: the field itself */
		return bind_scalar(b, key, node, list->end, key->size);
	item = new_object(b, kind.size);
	if (!item || !bind_scalar(b, key, node, item + kind.value, kind.value_size))
		return false;
	memcpy(item + kind.at, &at, sizeof(at));
	if (key->type == SCHEMA_ADDRESS)
		((struct target *)(void *)item)->addr.port = key->port;
	if (key->size)	/* else it was only to be checked */
		append(list, item);
	return true;
}

/** An item that is a map: linked, or handed to the caller where the row has no field. */
static bool
bind_object(struct bind *b, const struct schema_key *key, const struct yaml_node *node,
	    struct list *list)
{
	const struct schema_map *map = schema_map(key->map);
	struct arena_mark mark = arena_mark(&b->passing);
	struct arena *lasting = b->arena;
	struct srcloc at = bind_place(b, node);
	char *item;
	bool good;

	if (node->kind != YAML_MAPPING)
		return refuse_kind(b, key, false, node);
	if (map->transient)
		b->arena = &b->passing;
	item = new_object(b, map->size);
	if (item) {
		memcpy(item + map->at, &at, sizeof(at));
		if (b->init)
			b->init(key->map, item);
	}
	good = item && bind_map(b, node, map, item);
	b->arena = lasting;
	if (item && !key->size && !b->nomem)
		b->take(b, key->map, node, item, good);
	else if (good)
		append(list, item);
	if (map->transient)
		arena_rewind(&b->passing, mark);
	return good;
}

static struct list
list_of(const struct schema_key *key, void *head)
{
	if (!key->size || key->type == SCHEMA_ENUM)	/* nothing is linked */
		return (struct list){ head, 0 };
	return list_over(head, key->type == SCHEMA_MAP ? schema_map(key->map)->next
						       : bind_item_kind(key).next);
}

bool
bind_list(struct bind *b, const struct schema_key *key, const struct yaml_node *node, void *head)
{
	struct list list = list_of(key, head);
	bool good = true;

	if (node->kind != YAML_SEQUENCE)
		return refuse_kind(b, key, true, node);
	if (key->required && !node->first) {
		diag_report(b->diags, SEVERITY_ERROR, "missing-key", bind_place(b, node),
			    "%s: the list is empty, and must not be", key->key);
		return false;
	}
	for (const struct yaml_item *item = node->first; item && !b->nomem; item = item->next) {
		if (key->type == SCHEMA_MAP)
			good &= bind_object(b, key, item->value, &list);
		else
			good &= bind_item(b, key, item->value, &list);
	}
	return good && !b->nomem;
}

/** A word in the place of a list of maps: that it stands there. */
static bool
bind_said(struct bind *b, const struct schema_key *key, const struct yaml_node *node,
	  void *object)
{
	for (const struct schema_word *w = key->words; w->text; w++) {
		if (strcmp(w->text, node->text) == 0) {
			*(bool *)(void *)((char *)object + key->said) = true;
			return true;
		}
	}
	diag_report(b->diags, SEVERITY_ERROR, "wrong-type", bind_place(b, node),
		    "%s: %s, or \"%s\", is wanted, not %.120s", key->key,
		    schema_type_text(key->type, true), key->words->text,
		    yaml_is_null(node) ? "nothing" : node->text);
	return false;
}

/** Whatever the keys are. */
static bool
bind_texts(struct bind *b, const struct schema_key *key, const struct yaml_node *node, void *head)
{
	const struct schema_key row = { .key = key->key, .type = SCHEMA_STRING };
	struct list list = list_over(head, offsetof(struct text_pair, next));
	bool good = true;

	if (node->kind != YAML_MAPPING)
		return refuse_kind(b, key, false, node);
	for (const struct yaml_item *item = node->first; item && !b->nomem; item = item->next) {
		struct text_pair *pair = new_object(b, sizeof(*pair));

		if (!pair || !bind_scalar(b, &row, item->value, &pair->text, sizeof(pair->text))) {
			good = false;
			continue;
		}
		pair->name = arena_string(b->arena, item->key->text);
		pair->at = bind_place(b, item->key);
		b->nomem |= !pair->name;
		append(&list, (char *)pair);
	}
	return good && !b->nomem;
}

bool
bind_value(struct bind *b, const struct schema_key *key, const struct yaml_item *pair,
	   void *object)
{
	const struct yaml_node *node = pair->value;
	struct srcloc at = bind_place(b, node);
	char *to = (char *)object + key->field;
	bool good = bind_not_yet(b, key, pair);

	if (key->at)
		memcpy((char *)object + key->at, &at, sizeof(at));
	if (key->type == SCHEMA_IGNORED || key->later)
		return good;
	if (key->type == SCHEMA_MAP && key->words && node->kind == YAML_SCALAR)
		return bind_said(b, key, node, object) && good;
	if (key->list)
		return bind_list(b, key, node, to) && good;
	if (key->type == SCHEMA_TEXTS)
		return bind_texts(b, key, node, to) && good;
	if (key->type != SCHEMA_MAP)
		return bind_scalar(b, key, node, to, key->size) && good;
	if (node->kind != YAML_MAPPING)
		return refuse_kind(b, key, false, node);
	if (key->size)	/* that the map is there at all */
		*(bool *)to = true;
	return bind_map(b, node, schema_map(key->map), object) && good;
}

static void
report_missing(struct bind *b, const struct schema_map *map, const struct schema_key *key,
	       const struct yaml_node *node)
{
	const struct yaml_node *id = yaml_find(node, "id");

	if (id && id->kind == YAML_SCALAR && id->count)
		diag_report(b->diags, SEVERITY_ERROR, "missing-key", bind_place(b, node),
			    "%s \"%.60s\": the key \"%s\" is missing", map->path, id->text,
			    key->key);
	else
		diag_report(b->diags, SEVERITY_ERROR, "missing-key", bind_place(b, node),
			    "%s: the key \"%s\" is missing", map->path, key->key);
}

/** What the map does not say. */
static bool
bind_absent(struct bind *b, const struct schema_map *map, const struct schema_key *key,
	    const struct yaml_node *node, void *object)
{
	struct yaml_node fallback = { .kind = YAML_SCALAR, .line = node->line,
				      .column = node->column };

	if (key->required) {
		report_missing(b, map, key, node);
		return false;
	}
	if (!key->fallback)
		return true;
	fallback.text = key->fallback;
	fallback.count = (uint32_t)strlen(key->fallback);
	fallback.plain = key->type != SCHEMA_STRING;
	return bind_scalar(b, key, &fallback, (char *)object + key->field, key->size);
}

bool
bind_map(struct bind *b, const struct yaml_node *node, const struct schema_map *map, void *object)
{
	bool seen[KEYS_MOST] = { false }, good = true;

	for (const struct yaml_item *pair = node->first; pair && !b->nomem; pair = pair->next) {
		const struct schema_key *key = schema_find(map, pair->key->text);

		if (key) {
			seen[key - map->keys] = true;
			good &= bind_value(b, key, pair, object);
		} else {
			bind_unknown(b, map, pair->key);
			good &= map->foreign;
		}
	}
	for (size_t i = 0; i < map->count && !b->nomem; i++)
		if (!seen[i])
			good &= bind_absent(b, map, &map->keys[i], node, object);
	return good && !b->nomem;
}
