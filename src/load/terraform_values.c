#include <stdarg.h>
#include <string.h>

#include "load/terraform_model.h"

/* --- reading */

const struct yaml_node *
tf_member(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *node =
		map && map->kind == YAML_MAPPING ? yaml_find(map, key) : NULL;

	if (!node || yaml_is_null(node) || (node->kind == YAML_SCALAR && !node->count))
		return NULL;
	return node;
}

const char *
tf_text(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *node = tf_member(map, key);

	return node && node->kind == YAML_SCALAR ? node->text : NULL;
}

bool
tf_is(const struct yaml_node *map, const char *key, const char *text)
{
	const char *said = tf_text(map, key);

	return said && strcmp(said, text) == 0;
}

const struct yaml_item *
tf_items(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *node = tf_member(map, key);

	return node && node->kind == YAML_SEQUENCE ? node->first : NULL;
}

const struct yaml_node *
tf_nested(const struct yaml_node *map, const char *key)
{
	const struct yaml_item *item = tf_items(map, key);

	return item && item->value->kind == YAML_MAPPING ? item->value : NULL;
}

const struct yaml_node *
tf_expression(const struct tf_resource *resource, const char *key)
{
	return resource->block ? tf_member(resource->block->expressions, key) : NULL;
}

/* Terraform leaves out what it does not know; what is not set is there, and null. */
bool
tf_is_unknown(const struct tf_resource *resource, const struct yaml_node *map,
	      const struct yaml_node *expressions, const char *key)
{
	if (!resource->block || !map || map->kind != YAML_MAPPING || yaml_find(map, key))
		return false;
	return tf_member(expressions, key) != NULL;
}

/* --- places */

const struct yaml_node *
tf_like(const struct tf_resource *resource, const struct yaml_node *node)
{
	return resource->in_source || !node || !node->line ? &resource->place : node;
}

struct srcloc
tf_place(const struct tf_resource *resource, const struct yaml_node *node)
{
	return declare_place(resource->place_file, tf_like(resource, node));
}

/* --- writing */

struct yaml_node *
tf_new_text(struct terraform *t, const struct tf_resource *resource, const char *text,
	    const struct yaml_node *like)
{
	struct yaml_node *node = nodes_text(&t->declare->nodes, text, tf_like(resource, like));

	if (node && like && like->kind == YAML_SCALAR && like->text)
		node->plain = like->plain;
	return node;
}

struct yaml_node *
tf_copy(struct terraform *t, const struct tf_resource *resource, const struct yaml_node *node)
{
	struct nodes *n = &t->declare->nodes;
	struct yaml_node *list;

	if (!node)
		return NULL;
	if (node->kind == YAML_SCALAR)
		return tf_new_text(t, resource, node->text, node);
	list = nodes_list(n, tf_like(resource, node));
	for (const struct yaml_item *i = node->first; i; i = i->next)
		if (i->value->kind == YAML_SCALAR && !yaml_is_null(i->value))
			nodes_append(n, list, tf_new_text(t, resource, i->value->text, i->value));
	return list;
}

void
tf_put(struct terraform *t, const struct tf_resource *resource, struct yaml_node *to,
       const struct yaml_node *from, const struct tf_rename *renames, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct yaml_node *value = tf_member(from, renames[i].from);

		if (value && (value->kind == YAML_SCALAR || value->count))
			nodes_put(&t->declare->nodes, to, renames[i].to,
				  tf_copy(t, resource, value));
	}
}

struct yaml_node *
tf_new_object(struct terraform *t, const struct tf_resource *resource)
{
	const struct yaml_node *said = tf_member(resource->values, resource->type->id);
	struct yaml_node *map = nodes_map(&t->declare->nodes, &resource->place);

	nodes_put(&t->declare->nodes, map, "id",
		  tf_new_text(t, resource, resource->id, resource->known ? said : NULL));
	return map;
}

const char *
tf_id(struct terraform *t, const struct tf_resource *resource, const char *key, uint64_t kinds)
{
	const char *text = tf_text(resource->values, key);

	if (text)
		return tf_bare_id(text);
	return tf_follow(t, resource, tf_expression(resource, key), kinds);
}

/** The part of an ARN between the colons: arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1. */
static const char *
arn_part(struct terraform *t, const struct tf_resource *resource, unsigned number)
{
	const char *arn = tf_text(resource->values, "arn");
	char *part;

	for (; arn && number; number--) {
		arn = strchr(arn, ':');
		arn += arn != NULL;
	}
	if (!arn || *arn == ':' || !strchr(arn, ':'))
		return NULL;
	part = arena_copy(t->declare->scratch, arn, strcspn(arn, ":"));
	t->declare->nodes.nomem |= !part;
	return part;
}

const char *
tf_region(struct terraform *t, const struct tf_resource *resource)
{
	const char *region = tf_text(resource->values, "region");	/* since provider 6 */

	if (!region)
		region = arn_part(t, resource, 3);
	return region ? region : tf_provider_text(resource, "region");
}

const char *
tf_account(struct terraform *t, const struct tf_resource *resource)
{
	const char *account = tf_text(resource->values, "owner_id");

	if (!account)
		account = arn_part(t, resource, 4);
	return account ? account : tf_provider_account(t, resource);
}

/* --- declaring */

/** Two states may have been taken at different times; of a plan that is known. */
static void
compare_twins(struct terraform *t, struct tf_resource *first, const struct yaml_node *map,
	      tf_make_fn make)
{
	struct digest digest = yaml_digest(map);

	for (struct tf_resource *r = first->twin; r; r = r->twin) {
		struct finding *finding;
		struct yaml_node *other;

		if (r->data || first->data || r->file->plan != first->file->plan)
			continue;
		r->options = first->options;
		r->accepter = first->accepter;
		other = make(t, r);
		if (!other || digest_equal(yaml_digest(other), digest))
			continue;
		finding = diag_open(t->declare->diags, SEVERITY_WARNING, "CFG007",
				    "sources-disagree", tf_place(r, NULL),
				    "%s \"%s\" is another in \"%s\", which counts",
				    r->type->type, r->id, first->file->path);
		diag_add(t->declare->diags, finding, PART_OBJECT, NULL, first->id,
			 tf_place(first, NULL), "the one that counts");
	}
}

void
tf_declare_all(struct terraform *t, enum tf_kind kind, const char *list, struct tf_keys keys,
	       tf_make_fn make)
{
	struct nodes *n = &t->declare->nodes;

	for (struct tf_resource *r = t->kinds[kind].first; r; r = r->next) {
		struct yaml_node *map = r->id && !r->dropped ? make(t, r) : NULL;

		if (t->declare->nodes.nomem)
			return;
		if (!map)
			continue;
		if (r->twin)
			compare_twins(t, r, map, make);
		if (keys.attached)
			nodes_put(n, map, keys.attached, r->attached);
		for (size_t i = 0; i < COUNT_OF(keys.lists); i++)
			if (keys.lists[i])
				nodes_put(n, map, keys.lists[i], r->lists[i]);
		declare_object(t->declare, list, map, r->place_file);
	}
}

struct tf_resource *
tf_make_up(struct terraform *t, const struct tf_resource *by, const char *type, const char *id)
{
	struct tf_resource *made = arena_alloc(t->declare->scratch, sizeof(*made));
	struct tf_list *list;

	if (!made || table_put_string(&t->ids, id, made) != OK) {
		t->declare->nodes.nomem = true;
		return NULL;
	}
	*made = (struct tf_resource){
		.type = table_find_string(&t->types, type), .known = true,
		.address = by->address, .index = by->index, .id = id, .file = by->file,
		.place_file = by->place_file, .place = by->place, .in_source = by->in_source,
	};
	list = &t->kinds[made->type->kind];
	*(list->last ? &list->last->next : &list->first) = made;
	list->last = made;
	return made;
}

void
tf_attach(struct terraform *t, struct tf_resource *to, const struct tf_resource *by,
	  const char *text, const struct yaml_node *like)
{
	struct nodes *n = &t->declare->nodes;
	char *pair = arena_printf(t->declare->scratch, "%s %s", to->id, text);
	bool same_file = strcmp(to->place_file, by->place_file) == 0;

	if (!pair) {
		n->nomem = true;
		return;
	}
	if (table_find_string(&t->pairs, pair))
		return;
	if (table_put_string(&t->pairs, pair, to) != OK)
		n->nomem = true;
	if (!to->attached)
		to->attached = nodes_list(n, &to->place);
	/* an object has one file: what stands elsewhere is placed at the object */
	nodes_append(n, to->attached,
		     tf_new_text(t, to, text, same_file ? tf_like(by, like) : NULL));
}

/* --- telling */

void
tf_say_unknown(struct terraform *t, const struct tf_resource *resource, const char *what,
	       const char *fmt, ...)
{
	struct arena_mark mark = arena_mark(&t->passing);
	struct finding *finding;
	va_list args;
	char *rest;

	va_start(args, fmt);
	rest = arena_vprintf(&t->passing, fmt, args);
	va_end(args);
	finding = diag_open(t->declare->diags, SEVERITY_NOTE, "CFG004", "unknown-until-apply",
			    tf_place(resource, NULL), "%s: %s is not known%s; %s",
			    resource->address, what,
			    resource->file->plan ? " before the plan is applied" : "",
			    rest ? rest : "");
	if (resource->file->plan)
		diag_add(t->declare->diags, finding, PART_HELP, NULL, NULL, (struct srcloc){ 0 },
			 "judge the state once more when it is applied");
	arena_rewind(&t->passing, mark);
}

void
tf_say_dangling(struct terraform *t, const struct tf_resource *by, const char *key,
		const char *what, const char *id)
{
	if (t->declare->objects->incomplete)
		return;
	diag_report(t->declare->diags, SEVERITY_ERROR, "CFG002",
		    tf_place(by, tf_member(by->values, key)),
		    "%s: no %s \"%.60s\" in what was read", by->address, what, id);
}
