#include <string.h>

#include "load/inflate.h"
#include "load/jsontree.h"
#include "load/terraform_json.h"

/* One reading of a file. */
struct reading {
	struct terraform *t;
	struct tf_file *file;
	struct json json;
	struct arena *arena;	/* of what is taken */
	tf_take_fn take;	/* second reading: of record sets; else NULL */
	bool data;		/* only data sources count here */
	bool some;		/* a key that only Terraform has */
	bool old;		/* a raw state of another version than 4 */
};

/* A resource, or an instance of one, as far as it was read. */
struct raw {
	const char *module, *mode, *type, *name, *address, *index;
	const struct yaml_node *values, *instances;
	bool deposed;
	uint32_t line, column;
};

static char *
keep_text(struct reading *r, enum json_token token)
{
	char *text = token == JSON_STRING || token == JSON_NUMBER
			     ? arena_copy(r->arena, r->json.text, r->json.len) : NULL;

	if (!text && (token == JSON_STRING || token == JSON_NUMBER))
		r->json.status = ERR_NOMEM;
	return text;
}

/** Is it of a type, and of a mode, that this reading is for? */
static const struct tf_type *
wanted(const struct reading *r, const struct raw *raw)
{
	const struct tf_type *type = raw->type ? table_find_string(&r->t->types, raw->type) : NULL;
	bool data = raw->mode && strcmp(raw->mode, "data") == 0;
	bool record = type && (type->kind == TF_RECORD || type->kind == TF_RECORDS);

	if (!type || (r->data && !data) || (data && !type->data) || record != (r->take != NULL))
		return NULL;
	return type;
}

/** ["a"] or [0] as addresses have it. */
static const char *
index_text(struct reading *r, const struct yaml_node *key)
{
	char *text, *to;

	if (!key || key->kind != YAML_SCALAR || yaml_is_null(key))
		return "";
	text = to = arena_alloc(r->arena, 2 * (size_t)key->count + 5);
	if (!text) {
		r->json.status = ERR_NOMEM;
		return "";
	}
	*to++ = '[';
	if (!key->plain)
		*to++ = '"';
	for (const char *from = key->text; *from; from++) {
		if (*from == '"' || *from == '\\')
			*to++ = '\\';
		*to++ = *from;
	}
	if (!key->plain)
		*to++ = '"';
	*to++ = ']';
	return text;
}

static const char *
make_address(struct reading *r, const struct raw *raw)
{
	bool data = raw->mode && strcmp(raw->mode, "data") == 0;
	const char *address = raw->address;

	if (!address && raw->name)
		address = arena_printf(r->arena, "%s%s%s%s.%s%s", raw->module ? raw->module : "",
				       raw->module ? "." : "", data ? "data." : "", raw->type,
				       raw->name, raw->index ? raw->index : "");
	if (!address && raw->name)
		r->json.status = ERR_NOMEM;
	return address;
}

static void
take(struct reading *r, const struct tf_type *type, const struct raw *raw)
{
	const char *address = make_address(r, raw);
	struct tf_resource *resource;
	size_t instance, group;

	if (!address || raw->deposed || !raw->type)
		return;
	resource = arena_alloc(r->arena, sizeof(*resource));
	if (!resource) {
		r->json.status = ERR_NOMEM;
		return;
	}
	tf_split(address, &instance, &group);
	*resource = (struct tf_resource){
		.type = type, .data = raw->mode && strcmp(raw->mode, "data") == 0,
		.address = address, .index = address + group, .file = r->file,
		.values = raw->values && raw->values->kind == YAML_MAPPING ? raw->values : NULL,
		.place_file = r->file->path,
		.place = { .line = raw->line, .column = raw->column },
	};
	if (r->take)
		r->take(r->t, resource);
	else
		tf_enter(r->t, resource);
}

/** A member that both forms have; false: it is none, and still to be read. */
static bool
take_text(struct reading *r, struct raw *raw, const char *key, enum json_token token)
{
	static const struct { const char *key; size_t at; } texts[] = {
		{ "module", offsetof(struct raw, module) },
		{ "mode", offsetof(struct raw, mode) },
		{ "type", offsetof(struct raw, type) },
		{ "name", offsetof(struct raw, name) },
		{ "address", offsetof(struct raw, address) },
	};

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		const char *text;

		if (strcmp(texts[i].key, key) != 0)
			continue;
		text = keep_text(r, token);
		memcpy((char *)raw + texts[i].at, &text, sizeof(text));
		return text || tf_skip(&r->json, token);
	}
	return false;
}

static void
copy_key(const struct reading *r, char key[static 24])
{
	size_t len = r->json.len < 23 ? r->json.len : 23;

	memcpy(key, r->json.text, len);
	key[len] = '\0';
}

/** An instance of a raw state; raw: what its resource says. */
static void
take_instance(struct reading *r, struct raw raw, const struct yaml_node *map)
{
	const struct tf_type *type = wanted(r, &raw);

	if (!type || map->kind != YAML_MAPPING)
		return;
	raw.values = tf_member(map, "attributes");
	raw.index = index_text(r, tf_member(map, "index_key"));
	raw.deposed = tf_member(map, "deposed") != NULL;
	raw.line = map->line;
	raw.column = map->column;
	take(r, type, &raw);
}

/** Each instance by itself: one resource may have a hundred thousand. */
static bool
read_instances(struct reading *r, const struct raw *raw)
{
	for (;;) {
		struct arena_mark mark = arena_mark(r->arena);
		enum json_token token = json_next(&r->json);
		const struct yaml_node *map;

		if (token == JSON_ARRAY_END)
			return true;
		map = jsontree_read(&r->json, token, r->arena);
		if (!map)
			return false;
		take_instance(r, *raw, map);
		if (r->take)
			arena_rewind(r->arena, mark);
		if (r->json.status != OK)
			return false;
	}
}

/** A member that leads further: the values, or the instances. */
static bool
read_member(struct reading *r, struct raw *raw, const char *key, enum json_token token)
{
	bool values = strcmp(key, "values") == 0, instances = strcmp(key, "instances") == 0;
	const struct yaml_node *node;

	if (strcmp(key, "deposed") == 0 || strcmp(key, "deposed_key") == 0) {
		raw->deposed = true;
		return tf_skip(&r->json, token);
	}
	if ((!values && !instances) || (raw->type && !wanted(r, raw)))
		return tf_skip(&r->json, token);
	if (instances && token == JSON_ARRAY && raw->type && raw->name)
		return read_instances(r, raw);
	node = jsontree_read(&r->json, token, r->arena);
	if (values)
		raw->values = node;
	else
		raw->instances = node;
	return node != NULL;
}

static bool
finish_resource(struct reading *r, const struct raw *raw, bool plain)
{
	const struct tf_type *type = wanted(r, raw);

	if (type && plain)
		take(r, type, raw);
	if (raw->instances && raw->instances->kind == YAML_SEQUENCE && raw->name)
		for (const struct yaml_item *i = raw->instances->first; i; i = i->next)
			take_instance(r, *raw, i->value);
	return r->json.status == OK;
}

static bool
read_resource(struct reading *r)
{
	struct raw raw = { .line = r->json.line, .column = r->json.column };
	struct arena_mark mark = arena_mark(r->arena);
	bool plain = true;

	for (;;) {
		enum json_token token = json_next(&r->json);
		char key[24];

		if (token == JSON_OBJECT_END)
			break;
		if (token != JSON_KEY)
			return false;
		copy_key(r, key);
		plain &= strcmp(key, "instances") != 0;
		token = json_next(&r->json);
		if (!take_text(r, &raw, key, token) && !read_member(r, &raw, key, token))
			return false;
	}
	if (!finish_resource(r, &raw, plain))
		return false;
	if (r->take || !wanted(r, &raw))
		arena_rewind(r->arena, mark);
	return true;
}

static bool
read_resources(struct reading *r)
{
	for (;;) {
		enum json_token token = json_next(&r->json);

		if (token == JSON_ARRAY_END)
			return true;
		if (token == JSON_OBJECT ? !read_resource(r) : !tf_skip(&r->json, token))
			return false;
	}
}

/** A module with those in it; called as deep as the text is, which json_next has bounded. */
static bool
read_module(struct reading *r)
{
	for (;;) {
		enum json_token token = json_next(&r->json);
		bool resources, modules, good = true;

		if (token != JSON_KEY)
			return token == JSON_OBJECT_END;
		resources = json_is(&r->json, "resources");
		modules = json_is(&r->json, "child_modules");
		token = json_next(&r->json);
		if (resources && token == JSON_ARRAY)
			good = read_resources(r);
		else if (modules && token == JSON_ARRAY)
			while (good && (token = json_next(&r->json)) != JSON_ARRAY_END)
				good = token == JSON_OBJECT ? read_module(r)
							    : tf_skip(&r->json, token);
		else
			good = tf_skip(&r->json, token);
		if (!good)
			return false;
	}
}

/** The value of `values`, or of what has such a member (prior_state). */
static bool
read_values(struct reading *r, enum json_token token, const char *inner)
{
	if (token != JSON_OBJECT)
		return tf_skip(&r->json, token);
	for (;;) {
		bool ours, good;

		token = json_next(&r->json);
		if (token != JSON_KEY)
			return token == JSON_OBJECT_END;
		ours = json_is(&r->json, inner);
		token = json_next(&r->json);
		if (ours && token == JSON_OBJECT)
			good = strcmp(inner, "values") == 0 ? read_values(r, token, "root_module")
							    : read_module(r);
		else
			good = tf_skip(&r->json, token);
		if (!good)
			return false;
	}
}

/** Note the id of what a change destroys. */
static void
take_change(struct reading *r, const struct yaml_node *map)
{
	const struct yaml_node *change = tf_member(map, "change");
	const char *type_name = tf_text(map, "type");
	const struct tf_type *type =
		type_name ? table_find_string(&r->t->types, type_name) : NULL;
	const char *id = type && type->id ? tf_text(tf_member(change, "before"), type->id) : NULL;

	for (const struct yaml_item *i = tf_items(change, "actions"); i && id; i = i->next) {
		if (i->value->kind != YAML_SCALAR || strcmp(i->value->text, "delete") != 0)
			continue;
		id = arena_string(r->t->declare->scratch, id);
		if (!id || table_put_string(&r->t->gone, id, r->file) != OK)
			r->json.status = ERR_NOMEM;
		return;
	}
}

static bool
read_changes(struct reading *r)
{
	for (;;) {
		struct arena_mark mark = arena_mark(&r->t->passing);
		enum json_token token = json_next(&r->json);
		const struct yaml_node *map;

		if (token == JSON_ARRAY_END)
			return true;
		map = jsontree_read(&r->json, token, &r->t->passing);
		if (!map)
			return false;
		take_change(r, map);
		arena_rewind(&r->t->passing, mark);
		if (r->json.status != OK)
			return false;
	}
}

/** A word about the whole. */
static bool
read_word(struct reading *r, const char *key, enum json_token token)
{
	struct srcloc at = { r->file->path, r->json.line, r->json.column };

	if (strcmp(key, "errored") == 0 && token == JSON_TRUE && !r->take)
		diag_open(r->t->declare->diags, SEVERITY_ERROR, "CFG001", "truncated-export", at,
			  "this plan ended in errors: not all that is to be is in it");
	if (strcmp(key, "complete") == 0 && token == JSON_FALSE && !r->take) {
		diag_open(r->t->declare->diags, SEVERITY_NOTE, "CFG004", "unknown-until-apply", at,
			  "this plan is not complete: what it defers is left out");
		declare_incomplete(r->t->declare);
	}
	if (strcmp(key, "version") == 0)
		r->old = token == JSON_NUMBER && !json_is(&r->json, "4");
	return tf_skip(&r->json, token);
}

static bool
read_top(struct reading *r, const char *key, enum json_token token)
{
	bool first = !r->take;

	if (strcmp(key, "planned_values") == 0) {
		r->file->plan = r->some = true;
		return read_values(r, token, "root_module");
	}
	if (strcmp(key, "values") == 0)
		return read_values(r, token, "root_module");
	if (strcmp(key, "resources") == 0 && token == JSON_ARRAY)
		return read_resources(r);
	if (strcmp(key, "prior_state") == 0 && first) {
		bool good;

		r->data = true;
		good = read_values(r, token, "values");
		r->data = false;
		return good;
	}
	if (strcmp(key, "variables") == 0 && first) {
		r->file->variables = jsontree_read(&r->json, token, r->arena);
		return r->file->variables != NULL;
	}
	if (strcmp(key, "resource_changes") == 0 && token == JSON_ARRAY && first &&
	    r->t->wants_gone)
		return read_changes(r);
	return read_word(r, key, token);
}

static bool
read_document(struct reading *r)
{
	if (json_next(&r->json) != JSON_OBJECT)
		return false;
	for (;;) {
		enum json_token token = json_next(&r->json);
		char key[24];
		bool good;

		if (token != JSON_KEY)
			return token == JSON_OBJECT_END && json_next(&r->json) == JSON_END;
		copy_key(r, key);
		r->some |= strcmp(key, "terraform_version") == 0 ||
			   strcmp(key, "format_version") == 0;
		if (strcmp(key, "configuration") == 0 && !r->take) {
			good = tf_read_config(r->t, r->file, &r->json);
		} else {
			token = json_next(&r->json);
			good = token != JSON_FAILED && read_top(r, key, token);
		}
		if (!good || r->t->declare->nodes.nomem)
			return false;
	}
}

static void
refuse_shape(struct reading *r)
{
	struct srcloc at = { r->file->path, 1, 1 };

	if (r->json.status == OK)
		diag_report(r->t->declare->diags, SEVERITY_ERROR, "no-terraform", at,
			    "this is no JSON that `terraform show -json` prints, and no state "
			    "of version 4");
}

static bool
read_all(struct reading *r)
{
	struct terraform *t = r->t;
	enum status status;
	struct inflate *in;
	bool good = false;

	status = inflate_open(&in, r->file->path, r->file->at, t->declare->diags);
	if (status == OK)
		status = json_init(&r->json, r->file->path, inflate_fill, in, t->declare->diags);
	if (status == OK) {
		good = read_document(r);
		if (!good || (!r->take && (!r->some || r->old))) {
			refuse_shape(r);
			good = false;
		}
		status = r->json.status;
	}
	t->declare->nodes.nomem |= status == ERR_NOMEM;
	json_fini(&r->json);
	inflate_close(in);
	return good;
}

bool
tf_read_file(struct terraform *t, struct tf_file *file)
{
	struct reading r = { .t = t, .file = file, .arena = t->declare->scratch };

	return read_all(&r);
}

bool
tf_read_records(struct terraform *t, struct tf_file *file, tf_take_fn take_record)
{
	struct reading r = { .t = t, .file = file, .arena = &t->passing, .take = take_record };

	return read_all(&r);
}
