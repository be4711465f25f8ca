#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "load/cfn.h"

/* --- findings */

void
cfn_report_unknown(const struct cfn_resource *r, const char *what, const struct yaml_node *at,
		   const char *why, const char *left_out)
{
	struct declare *d = r->stack->cfn->declare;

	diag_open(d->diags, SEVERITY_NOTE, "CFG004", "unknown-until-apply",
		  declare_place(r->stack->template->path, at ? at : r->node),
		  "%s %s: %s is unknown: %s; %s left out", r->type, r->id, what, why, left_out);
	declare_incomplete(d);
}

const struct yaml_node *
cfn_property(struct cfn_resource *r, const char *name, const char *left_out)
{
	const struct yaml_node *said = r->properties ? yaml_find(r->properties, name) : NULL;
	struct cfn_value value = cfn_resolve_text(r->stack, said);

	if (value.state == CFN_VALUE)
		value = cfn_relocate(r->stack->cfn, value, value.node);
	if (value.state == CFN_UNKNOWN)
		cfn_report_unknown(r, name, said, value.why, left_out);
	return value.state == CFN_VALUE ? value.node : NULL;
}

/* --- rows */

/** \052 of the API as \042, which our configuration has; other escapes as they are. */
static struct cfn_value
decimal_escapes(struct cfn *cfn, const struct yaml_node *node)
{
	char *text = arena_string(cfn->declare->scratch, node->text), *at = text;

	while (text && (at = strchr(at, '\\')) && at[1]) {
		if (at[1] >= '0' && at[1] <= '3' && at[2] >= '0' && at[2] <= '7' &&
		    at[3] >= '0' && at[3] <= '7') {
			int octet = (at[1] - '0') << 6 | (at[2] - '0') << 3 | (at[3] - '0');

			at[1] = (char)('0' + octet / 100);
			at[2] = (char)('0' + octet / 10 % 10);
			at[3] = (char)('0' + octet % 10);
		}
		at += 2;
	}
	cfn->nomem |= !text;
	return cfn_text(cfn, text ? text : "", text ? strlen(text) : 0, node);
}

static const char *
translate_word(const struct cfn_word *words, const char *text)
{
	for (; words && words->from; words++)
		if (strcmp(words->from, text) == 0)
			return words->to;
	return text;
}

static struct cfn_value
scalar(struct cfn_resource *r, const struct cfn_row *row, struct cfn_value value)
{
	struct cfn *cfn = r->stack->cfn;
	struct text seconds;
	const char *text;

	if (value.state != CFN_VALUE)
		return value;
	if (value.node->kind != YAML_SCALAR)
		return cfn_unknown(cfn, "a text is wanted there");
	switch (row->form) {
	case CFN_NAME:
	case CFN_NAMES:
		if (strchr(value.node->text, '\\'))
			return decimal_escapes(cfn, value.node);
		break;
	case CFN_WORD:
	case CFN_WORDS:
		text = translate_word(row->words, value.node->text);
		return cfn_text(cfn, text, strlen(text), value.node);
	case CFN_SECONDS:
		text_init(&seconds);
		text_printf(&seconds, "%ss", value.node->text);
		cfn->nomem |= seconds.failed;
		value = cfn_text(cfn, seconds.failed ? "" : seconds.data, seconds.len, value.node);
		text_fini(&seconds);
		return value;
	case CFN_TEXT:
	case CFN_TEXTS:
	case CFN_MAP:
	case CFN_MAPS:
	case CFN_WITHIN:
		break;
	}
	return cfn_text(cfn, value.node->text, value.node->count, value.node);
}

static bool
is_list(enum cfn_form form)
{
	return form == CFN_TEXTS || form == CFN_NAMES || form == CFN_WORDS || form == CFN_MAPS;
}

/** What a row makes of one value.  false: it is unknown (reported). */
static bool
take(struct cfn_resource *r, const struct cfn_row *row, const struct yaml_node *said,
     const struct yaml_node **out)
{
	struct cfn_value value = cfn_resolve(r->stack, said);
	struct yaml_node *map;

	*out = NULL;
	if (value.state == CFN_VALUE && row->rows && value.node->kind == YAML_MAPPING) {
		map = nodes_map(&r->stack->cfn->declare->nodes, value.node);
		if (!map || !cfn_translate(r, row->rows, value.node, map))
			return false;
		*out = map;
		return true;
	}
	if (row->rows && value.state == CFN_VALUE)
		value = cfn_unknown(r->stack->cfn, "a map is wanted there");
	if (!row->rows)
		value = scalar(r, row, value);
	if (value.state == CFN_UNKNOWN)
		cfn_report_unknown(r, row->from, said, value.why,
				   row->needed ? "what needs it is"
					       : is_list(row->form) ? "the value is"
								    : "the property is");
	*out = value.state == CFN_VALUE ? value.node : NULL;
	return value.state != CFN_UNKNOWN;
}

static bool
take_list(struct cfn_resource *r, const struct cfn_row *row, const struct yaml_node *said,
	  const struct yaml_node **out)
{
	struct cfn_value value = cfn_resolve(r->stack, said);
	struct nodes *nodes = &r->stack->cfn->declare->nodes;
	const struct yaml_node *one;
	struct yaml_node *list;
	bool good = true;

	*out = NULL;
	if (value.state == CFN_UNKNOWN)
		return take(r, row, said, out);
	if (value.state == CFN_ABSENT)
		return true;
	*out = list = nodes_list(nodes, value.node);
	if (value.node->kind != YAML_SEQUENCE) {	/* one in the place of a list */
		good = take(r, row, said, &one);
		nodes_append(nodes, list, one);
		return good;
	}
	for (const struct yaml_item *i = value.node->first; i; i = i->next) {
		good &= take(r, row, i->value, &one);
		nodes_append(nodes, list, one);
	}
	return good;
}

bool
cfn_translate(struct cfn_resource *r, const struct cfn_row *rows,
	      const struct yaml_node *properties, struct yaml_node *map)
{
	struct nodes *nodes = &r->stack->cfn->declare->nodes;
	bool good = true;

	for (const struct cfn_row *row = rows; row->from && properties; row++) {
		const struct yaml_node *said = yaml_find(properties, row->from), *value;
		bool known;

		if (!said)
			continue;
		if (row->form == CFN_WITHIN) {
			struct cfn_value within = cfn_resolve(r->stack, said);

			if (within.state == CFN_VALUE && within.node->kind == YAML_MAPPING) {
				good &= cfn_translate(r, row->rows, within.node, map);
			} else if (within.state == CFN_UNKNOWN) {
				cfn_report_unknown(r, row->from, said, within.why, row->needed
						   ? "what needs it is" : "the property is");
				good &= !row->needed;
			}
			continue;
		}
		known = is_list(row->form) ? take_list(r, row, said, &value)
					   : take(r, row, said, &value);
		good &= known || !row->needed;
		if (known || !row->needed || is_list(row->form))
			nodes_put(nodes, map, row->to, value);
	}
	r->stack->cfn->nomem |= nodes->nomem;
	return good;
}

/* --- objects */

static const char *
object_key(struct cfn *cfn, const char *list, const char *id)
{
	const char *key = arena_printf(cfn->declare->scratch, "%s\n%s", list, id);

	cfn->nomem |= !key;
	return key;
}

struct cfn_object *
cfn_object_find(struct cfn *cfn, const char *list, const char *id)
{
	const char *key = object_key(cfn, list, id);

	return key ? table_find_string(&cfn->objects, key) : NULL;
}

struct cfn_object *
cfn_object_new(struct cfn_resource *r, const char *list, const char *id, struct yaml_node *map)
{
	struct cfn *cfn = r->stack->cfn;
	struct nodes *nodes = &cfn->declare->nodes;
	struct cfn_object *object = arena_alloc(cfn->declare->scratch, sizeof(*object));
	const char *key = object_key(cfn, list, id);

	if (!object || !key || table_put_string(&cfn->objects, key, object) != OK) {
		cfn->nomem = true;
		return NULL;
	}
	*object = (struct cfn_object){ .list = list, .id = id, .stack = r->stack,
				       .map = map ? map : nodes_map(nodes, r->node) };
	nodes_put(nodes, object->map, "id", nodes_text(nodes, id, r->node));
	*cfn->objects_end = object;
	cfn->objects_end = &object->next;
	return object;
}

struct cfn_object *
cfn_object_of(struct cfn_resource *r, const char *list, const struct cfn_row *rows)
{
	struct yaml_node *map = nodes_map(&r->stack->cfn->declare->nodes, r->node);
	struct cfn_object *object = NULL;

	if (map && cfn_translate(r, rows, r->properties, map))
		object = cfn_object_new(r, list, r->id, map);
	if (object)
		object->more = cfn_overrides(r);
	return object;
}

void
cfn_object_append(struct cfn_object *object, const char *key, const struct yaml_node *value)
{
	struct nodes *nodes = &object->stack->cfn->declare->nodes;
	size_t i = 0;

	while (i < COUNT_OF(object->lists) && object->lists[i].key &&
	       strcmp(object->lists[i].key, key) != 0)
		i++;
	if (i == COUNT_OF(object->lists) || !value)
		return;
	if (!object->lists[i].key) {
		object->lists[i].key = key;
		object->lists[i].list = nodes_list(nodes, value);
	}
	nodes_append(nodes, object->lists[i].list, value);
}

/** A tree of the front end's own making, at one place. */
static const struct yaml_node *
placed(struct cfn *cfn, const struct yaml_node *node, const struct yaml_node *like)
{
	struct nodes *nodes = &cfn->declare->nodes;
	struct yaml_node *copy;

	if (node->kind == YAML_SCALAR)
		return cfn_text(cfn, node->text, node->count, like).node;
	copy = node->kind == YAML_MAPPING ? nodes_map(nodes, like) : nodes_list(nodes, like);
	for (const struct yaml_item *i = node->first; i; i = i->next) {
		const struct yaml_node *value = placed(cfn, i->value, like);

		if (node->kind == YAML_MAPPING)
			nodes_put(nodes, copy, i->key->text, value);
		else
			nodes_append(nodes, copy, value);
	}
	return copy;
}

void
cfn_object_join(struct cfn_object *object, const char *key, const struct yaml_node *value,
		const struct cfn_resource *from)
{
	if (value && from->stack->template != object->stack->template)
		value = placed(object->stack->cfn, value, object->map);
	cfn_object_append(object, key, value);
}

/** The pairs of a map, and those of another that say more, or otherwise. */
static const struct yaml_node *
merge(struct nodes *nodes, const struct yaml_node *base, const struct yaml_node *more)
{
	struct yaml_node *map;

	if (base->kind != YAML_MAPPING || more->kind != YAML_MAPPING)
		return more;
	map = nodes_map(nodes, base);
	for (const struct yaml_item *i = base->first; i; i = i->next) {
		const struct yaml_node *other = yaml_find(more, i->key->text);

		nodes_put(nodes, map, i->key->text, other ? merge(nodes, i->value, other)
							  : i->value);
	}
	for (const struct yaml_item *i = more->first; i; i = i->next)
		if (!yaml_find(base, i->key->text))
			nodes_put(nodes, map, i->key->text, i->value);
	return map;
}

/**
 * Is it a part of something that is not known as a whole?  A path would be found blocked
 * because the subnet, the route or the permission that opens it is left out.
 */
static bool
is_part(const struct cfn *cfn, const struct cfn_object *object)
{
	static const char *const lists[] = {
		"subnets", "route_tables", "network_acls", "security_groups",
	};
	const struct yaml_node *vpc = yaml_find(object->map, "vpc");
	size_t i = 0;

	while (i < COUNT_OF(lists) && strcmp(object->list, lists[i]) != 0)
		i++;
	if (i == COUNT_OF(lists))
		return false;
	return cfn->unsure || (i < 2 && vpc && table_find_string(&cfn->opaque, vpc->text));
}

void
cfn_declare_objects(struct cfn *cfn)
{
	struct nodes *nodes = &cfn->declare->nodes;

	for (const struct cfn_object *o = cfn->first_object; o && !cfn->nomem; o = o->next) {
		if (o->left_out || is_part(cfn, o))
			continue;
		for (size_t i = 0; i < COUNT_OF(o->lists) && o->lists[i].key; i++)
			nodes_put(nodes, o->map, o->lists[i].key, o->lists[i].list);
		cfn->nomem |= nodes->nomem;
		if (!cfn->nomem)
			declare_object(cfn->declare, o->list,
				       o->more ? merge(nodes, o->map, o->more) : o->map,
				       o->stack->template->path);
	}
}
