#include <string.h>

#include "load/jsontree.h"
#include "load/terraform_json.h"

static void
init_module(struct terraform *t, struct tf_module *module)
{
	table_init(&module->blocks, t->declare->scratch);
	table_init(&module->calls, t->declare->scratch);
}

static const struct yaml_node *
for_each(const struct yaml_node *map)
{
	return tf_member(map, "for_each_expression");
}

/** A resource of a type that we keep; others are forgotten. */
static void
take_block(struct terraform *t, struct tf_module *module, const struct yaml_node *map)
{
	const char *type = tf_text(map, "type"), *name = tf_text(map, "name");
	struct arena *arena = t->declare->scratch;
	struct tf_block *block;
	const char *key;

	if (!type || !name || !table_find_string(&t->types, type))
		return;
	key = arena_printf(arena, "%s%s.%s", tf_is(map, "mode", "data") ? "data." : "", type,
			   name);
	block = arena_alloc(arena, sizeof(*block));
	if (!key || !block) {
		t->declare->nodes.nomem = true;
		return;
	}
	block->expressions = tf_member(map, "expressions");
	block->each = for_each(map);
	block->provider = tf_text(map, "provider_config_key");
	if (table_put_string(&module->blocks, key, block) != OK)
		t->declare->nodes.nomem = true;
}

static bool
read_blocks(struct terraform *t, struct tf_module *module, struct json *json)
{
	for (;;) {
		struct arena_mark mark = arena_mark(t->declare->scratch);
		enum json_token token = json_next(json);
		const struct yaml_node *map;
		const char *type;

		if (token == JSON_ARRAY_END)
			return true;
		map = jsontree_read(json, token, t->declare->scratch);
		if (!map)
			return false;
		type = tf_text(map, "type");
		if (type && table_find_string(&t->types, type))
			take_block(t, module, map);
		else
			arena_rewind(t->declare->scratch, mark);
	}
}

static bool read_module(struct terraform *t, struct tf_module *module, struct json *json);

static bool
read_call(struct terraform *t, struct tf_call *call, struct json *json)
{
	init_module(t, &call->module);
	for (;;) {
		enum json_token token = json_next(json);
		const struct yaml_node **to = NULL;
		bool inner;

		if (token != JSON_KEY)
			return token == JSON_OBJECT_END;
		inner = json_is(json, "module");
		if (json_is(json, "expressions"))
			to = &call->expressions;
		else if (json_is(json, "for_each_expression"))
			to = &call->each;
		token = json_next(json);
		if (inner && token == JSON_OBJECT) {
			if (!read_module(t, &call->module, json))
				return false;
		} else if (to) {
			*to = jsontree_read(json, token, t->declare->scratch);
			if (!*to)
				return false;
		} else if (!tf_skip(json, token)) {
			return false;
		}
	}
}

static bool
read_calls(struct terraform *t, struct tf_module *module, struct json *json)
{
	for (;;) {
		enum json_token token = json_next(json);
		struct tf_call *call;
		char *name;

		if (token != JSON_KEY)
			return token == JSON_OBJECT_END;
		name = arena_copy(t->declare->scratch, json->text, json->len);
		call = arena_alloc(t->declare->scratch, sizeof(*call));
		if (!name || !call || table_put_string(&module->calls, name, call) != OK) {
			json->status = ERR_NOMEM;
			return false;
		}
		token = json_next(json);
		if (token == JSON_OBJECT ? !read_call(t, call, json) : !tf_skip(json, token))
			return false;
	}
}

/* It calls itself as deep as the text is, which json_next has bounded. */
static bool
read_module(struct terraform *t, struct tf_module *module, struct json *json)
{
	for (;;) {
		enum json_token token = json_next(json);
		bool blocks, calls, outputs, good;

		if (token != JSON_KEY)
			return token == JSON_OBJECT_END;
		blocks = json_is(json, "resources");
		calls = json_is(json, "module_calls");
		outputs = json_is(json, "outputs");
		token = json_next(json);
		if (blocks && token == JSON_ARRAY) {
			good = read_blocks(t, module, json);
		} else if (calls && token == JSON_OBJECT) {
			good = read_calls(t, module, json);
		} else if (outputs) {
			module->outputs = jsontree_read(json, token, t->declare->scratch);
			good = module->outputs != NULL;
		} else {
			good = tf_skip(json, token);
		}
		if (!good)
			return false;
	}
}

bool
tf_read_config(struct terraform *t, struct tf_file *file, struct json *json)
{
	enum json_token token = json_next(json);

	if (token != JSON_OBJECT)
		return tf_skip(json, token);
	for (;;) {
		bool providers, root, good;

		token = json_next(json);
		if (token != JSON_KEY)
			return token == JSON_OBJECT_END;
		providers = json_is(json, "provider_config");
		root = json_is(json, "root_module");
		token = json_next(json);
		if (providers) {
			file->providers = jsontree_read(json, token, t->declare->scratch);
			good = file->providers != NULL;
		} else if (root && token == JSON_OBJECT) {
			good = read_module(t, &file->module, json);
		} else {
			good = tf_skip(json, token);
		}
		if (!good)
			return false;
	}
}

const struct tf_block *
tf_find_block(const struct tf_instance *instance, const char *name)
{
	return instance && instance->module ? table_find_string(&instance->module->blocks, name)
					    : NULL;
}

/* --- addresses */

/** Octets of ["a.b"] or [0] at `at`; 0: none, or it has no end. */
static size_t
index_len(const char *at)
{
	size_t i = 1;

	if (*at != '[')
		return 0;
	if (at[1] != '"') {
		while (at[i] && at[i] != ']')
			i++;
		return at[i] ? i + 1 : 0;
	}
	for (i = 2; at[i] && at[i] != '"'; i++)
		if (at[i] == '\\' && at[i + 1])
			i++;
	return at[i] && at[i + 1] == ']' ? i + 2 : 0;
}

size_t
tf_step_len(const char *at)
{
	size_t len = 7;

	if (strncmp(at, "module.", 7) != 0)
		return 0;
	len += strcspn(at + len, ".[");
	len += index_len(at + len);
	return at[len] == '.' ? len + 1 : 0;
}

void
tf_split(const char *address, size_t *instance, size_t *group)
{
	size_t at = 0, step;

	while ((step = tf_step_len(address + at)) != 0)
		at += step;
	*instance = at;
	*group = at + strcspn(address + at, "[");
}

static struct tf_instance *
new_instance(struct terraform *t, struct tf_file *file, struct tf_instance *parent,
	     const char *path, size_t from, size_t len)
{
	struct arena *arena = t->declare->scratch;
	struct tf_instance *instance = arena_alloc(arena, sizeof(*instance));
	const char *copy = arena_copy(arena, path, len);
	const char *name = path + from + 7;
	size_t name_len = strcspn(name, ".["), index = index_len(name + name_len);

	if (!instance || !copy) {
		t->declare->nodes.nomem = true;
		return NULL;
	}
	*instance = (struct tf_instance){ .path = copy, .parent = parent };
	instance->index = arena_copy(arena, name + name_len, index);
	if (parent && parent->module)
		instance->call = table_find(&parent->module->calls, name, name_len);
	if (instance->call)
		instance->module = &instance->call->module;
	if (!instance->index || table_put(&file->instances, copy, len, instance) != OK) {
		t->declare->nodes.nomem = true;
		return NULL;
	}
	return instance;
}

static struct tf_instance *
root_instance(struct terraform *t, struct tf_file *file)
{
	struct tf_instance *root = table_find(&file->instances, "", 0);

	if (root)
		return root;
	root = arena_alloc(t->declare->scratch, sizeof(*root));
	if (!root || table_put(&file->instances, "", 0, root) != OK) {
		t->declare->nodes.nomem = true;
		return NULL;
	}
	*root = (struct tf_instance){ .path = "", .index = "", .module = &file->module };
	return root;
}

struct tf_instance *
tf_find_instance(struct terraform *t, struct tf_file *file, const char *path, size_t len)
{
	struct tf_instance *at = table_find(&file->instances, path, len);
	size_t from = 0, step;

	if (at)
		return at;
	at = root_instance(t, file);
	for (unsigned depth = 0; at && from < len; depth++, from += step) {
		struct tf_instance *inner;

		step = tf_step_len(path + from);
		if (!step || from + step > len || depth == TF_MODULES_DEEP)
			return NULL;
		inner = table_find(&file->instances, path, from + step);
		at = inner ? inner : new_instance(t, file, at, path, from, from + step);
	}
	return at;
}

/* --- providers */

/** The text of an expression that is a constant, or one variable of the root. */
static const char *
plain_text(const struct tf_file *file, const struct yaml_node *expression)
{
	const char *text = tf_text(expression, "constant_value");
	const struct yaml_item *refs = tf_items(expression, "references");
	const char *name = refs && refs->value->kind == YAML_SCALAR ? refs->value->text : "";

	if (text || strncmp(name, "var.", 4) != 0 || refs->next)
		return text;
	return tf_text(tf_member(file->variables, name + 4), "value");
}

static const struct yaml_node *
provider_arguments(const struct tf_resource *resource)
{
	const char *key = resource->block ? resource->block->provider : NULL;

	if (!key)
		return NULL;
	return tf_member(tf_member(resource->file->providers, key), "expressions");
}

const char *
tf_provider_text(const struct tf_resource *resource, const char *argument)
{
	return plain_text(resource->file, tf_member(provider_arguments(resource), argument));
}

const char *
tf_provider_account(struct terraform *t, const struct tf_resource *resource)
{
	const struct yaml_node *arguments = provider_arguments(resource);
	const struct yaml_item *allowed =
		tf_items(tf_member(arguments, "allowed_account_ids"), "constant_value");
	const char *role = plain_text(resource->file,
				      tf_member(tf_nested(arguments, "assume_role"), "role_arn"));
	const char *account = role ? strstr(role, ":iam::") : NULL;

	if (allowed && !allowed->next && allowed->value->kind == YAML_SCALAR)
		return allowed->value->text;
	if (!account || strspn(account + 6, "0123456789") != 12)
		return NULL;
	account = arena_copy(t->declare->scratch, account + 6, 12);
	t->declare->nodes.nomem |= !account;
	return account;
}
