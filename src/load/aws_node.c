#include <string.h>

#include "base/bytes.h"
#include "load/aws.h"

/* What is read of a document, and what is made of it. */

const struct yaml_node *
aws_member(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *node =
		map && map->kind == YAML_MAPPING ? yaml_find(map, key) : NULL;

	return node && !yaml_is_null(node) ? node : NULL;
}

const struct yaml_node *
aws_scalar(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *node = aws_member(map, key);

	return node && node->kind == YAML_SCALAR ? node : NULL;
}

const char *
aws_text(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *node = aws_scalar(map, key);

	return node ? node->text : NULL;
}

bool
aws_is(const struct yaml_node *map, const char *key, const char *text)
{
	const char *said = aws_text(map, key);

	return said && strcmp(said, text) == 0;
}

const struct yaml_item *
aws_items(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *list = aws_member(map, key);

	return list && list->kind == YAML_SEQUENCE ? list->first : NULL;
}

struct srcloc
aws_place(const struct aws_document *document, const struct yaml_node *node)
{
	return (struct srcloc){ document->path, node->line, node->column };
}

const char *
aws_bare_id(const char *id)
{
	const char *slash = strrchr(id, '/');

	return slash ? slash + 1 : id;
}

bool
aws_is_gone(const char *status)
{
	static const char *const gone[] = {
		"DELETING", "DELETED", "FAILED", "deleting", "deleted", "failed", "rejected",
		"rejecting", "expired", "failing",
	};

	for (size_t i = 0; status && i < COUNT_OF(gone); i++)
		if (strcmp(status, gone[i]) == 0)
			return true;
	return false;
}

void *
aws_new(struct aws *a, size_t size)
{
	void *object = arena_alloc(&a->estate->arena, size);

	a->nomem |= !object;
	return object;
}

const char *
aws_keep(struct aws *a, const char *text)
{
	const char *copy = text ? arena_string(&a->estate->arena, text) : NULL;

	a->nomem |= text && !copy;
	return copy;
}

bool
aws_bind(struct aws *a, const struct aws_document *document, const struct yaml_node *map,
	 const struct schema_key *rows, size_t count, void *object)
{
	bool good = true;

	a->bind.file = document->path;
	for (size_t i = 0; i < count && !a->nomem; i++) {
		const struct yaml_item *pair = map && map->kind == YAML_MAPPING
						       ? yaml_pair(map, rows[i].key) : NULL;

		if (pair && !yaml_is_null(pair->value)) {
			good &= bind_value(&a->bind, &rows[i], pair, object);
		} else if (rows[i].required) {
			diag_report(a->diags, SEVERITY_ERROR, "missing-key",
				    map ? aws_place(document, map)
					: (struct srcloc){ document->path, 0, 0 },
				    "%s: the member \"%s\" is missing", document->key,
				    rows[i].key);
			good = false;
		}
		a->nomem |= a->bind.nomem;
	}
	return good;
}

void
aws_set_ref(struct aws *a, struct ref *ref, const struct aws_document *document,
	    const struct yaml_node *node, unsigned kinds)
{
	if (!node || node->kind != YAML_SCALAR)
		return;
	ref->id = aws_keep(a, node->text);
	ref->at = aws_place(document, node);
	ref->kinds = kinds;
}

void
aws_refer(struct aws *a, struct ref **list, const struct aws_document *document,
	  const struct yaml_node *node, const char *id, unsigned kinds)
{
	struct ref *ref;

	for (; *list; list = &(*list)->next)
		if (strcmp((*list)->id, id) == 0)
			return;
	ref = aws_new(a, sizeof(*ref));
	if (!ref)
		return;
	ref->id = aws_keep(a, id);
	ref->at = aws_place(document, node);
	ref->kinds = kinds;
	*list = ref;
}

void
aws_refer_items(struct aws *a, struct ref **list, const struct aws_document *document,
		const struct yaml_node *items, const char *member, unsigned kinds)
{
	if (!items || items->kind != YAML_SEQUENCE)
		return;
	for (const struct yaml_item *i = items->first; i && !a->nomem; i = i->next) {
		const struct yaml_node *node = member ? aws_scalar(i->value, member) : i->value;

		if (node && node->kind == YAML_SCALAR)
			aws_refer(a, list, document, node, node->text, kinds);
	}
	for (struct ref *ref = *list; ref; ref = ref->next)
		ref->optional = true;
}

void
aws_add_cidr(struct aws *a, struct cidr **list, const struct aws_document *document,
	     const struct yaml_node *map, const char *key)
{
	const struct schema_key row = { key, SCHEMA_PREFIX, AWS_TO(cidr, prefix) };
	const struct yaml_node *node = aws_member(map, key);
	struct cidr *cidr;

	if (!node)
		return;
	cidr = aws_new(a, sizeof(*cidr));
	if (!cidr || !aws_bind(a, document, map, &row, 1, cidr))
		return;
	cidr->at = aws_place(document, node);
	while (*list)
		list = &(*list)->next;
	*list = cidr;
}
