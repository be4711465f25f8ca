#include "load/unbound_local.h"

#include <string.h>
#include <strings.h>

#include "base/bytes.h"

static const struct { const char *type; enum local_kind kind; } kinds[] = {
	{ "static", LOCAL_STATIC },
	{ "deny", LOCAL_REFUSED }, { "refuse", LOCAL_REFUSED }, { "inform_deny", LOCAL_REFUSED },
	{ "always_refuse", LOCAL_UNKNOWN }, { "always_deny", LOCAL_UNKNOWN },
	{ "always_nodata", LOCAL_UNKNOWN }, { "block_a", LOCAL_UNKNOWN },
	{ "redirect", LOCAL_REDIRECT }, { "inform_redirect", LOCAL_REDIRECT },
	{ "always_null", LOCAL_NULL }, { "always_nxdomain", LOCAL_EMPTY },
	{ "transparent", LOCAL_TRANSPARENT }, { "typetransparent", LOCAL_TRANSPARENT },
	{ "inform", LOCAL_TRANSPARENT }, { "always_transparent", LOCAL_ABSENT },
	{ "nodefault", LOCAL_ABSENT }, { "noview", LOCAL_ABSENT },
};

void
local_init(struct local_scope *scope, struct arena *arena)
{
	*scope = (struct local_scope){ 0 };
	table_init(&scope->zones, arena);
}

void
local_add_zone(struct onprem *o, struct local_scope *scope, const struct yaml_node *name,
	       const struct yaml_node *type, const char *file)
{
	struct local_zone *zone = arena_alloc(o->nodes->arena, sizeof(*zone));
	const char *apex = onprem_name(o, name->text);
	size_t i;

	for (i = 0; i < COUNT_OF(kinds) && strcasecmp(kinds[i].type, type->text) != 0; i++)
		;
	if (i == COUNT_OF(kinds)) {
		onprem_refuse(o, declare_place(file, type), "local-zone: there is no type "
			      "\"%.80s\"", type->text);
		return;
	}
	if (!zone || table_put_string(&scope->zones, apex, zone) != OK) {
		o->nodes->nomem = true;
		return;
	}
	*zone = (struct local_zone){ apex, kinds[i].type, kinds[i].kind, name, file, NULL };
	*(scope->last_zone ? &scope->last_zone->next : &scope->first_zone) = zone;
	scope->last_zone = zone;
}

static void
add_data(struct onprem *o, struct local_scope *scope, const char *name, const char *rest,
	 const struct yaml_node *node, const char *file)
{
	struct local_data *data = arena_alloc(o->nodes->arena, sizeof(*data));

	if (!data) {
		o->nodes->nomem = true;
		return;
	}
	*data = (struct local_data){ onprem_name(o, name), rest, node, file, NULL };
	if (data->name[0] == '*' && (data->name[1] == '.' || !data->name[1])) {
		onprem_not_modelled(o, declare_place(file, node), "\"%.255s\" is no wildcard in "
				    "local-data, but this very name, which is left out", name);
		return;
	}
	*(scope->last_data ? &scope->last_data->next : &scope->first_data) = data;
	scope->last_data = data;
}

static size_t
blanks(const char *text)
{
	return strspn(text, " \t");
}

void
local_add_data(struct onprem *o, struct local_scope *scope, const struct yaml_node *data,
	       const char *file)
{
	const char *text = data->text + blanks(data->text);
	size_t len = strcspn(text, " \t");

	if (!len || !text[len]) {
		onprem_refuse(o, declare_place(file, data), "local-data: \"NAME TYPE DATA\" is "
			      "wanted");
		return;
	}
	add_data(o, scope, onprem_text(o, "%.*s", (int)len, text), text + len, data, file);
}

void
local_add_ptr(struct onprem *o, struct local_scope *scope, const struct yaml_node *data,
	      const char *file)
{
	const char *text = data->text + blanks(data->text), *rest, *name;
	size_t len = strcspn(text, " \t"), ttl;

	rest = text + len + blanks(text + len);
	name = onprem_reverse(o, onprem_text(o, "%.*s", (int)len, text));
	if (!name || !*rest) {
		onprem_refuse(o, declare_place(file, data), "local-data-ptr: \"ADDRESS NAME\" is "
			      "wanted");
		return;
	}
	ttl = strspn(rest, "0123456789");
	if (!ttl || (rest[ttl] != ' ' && rest[ttl] != '\t'))
		ttl = 0;
	add_data(o, scope, name, onprem_text(o, "%.*s PTR %s", (int)ttl, rest,
					     rest + ttl + blanks(rest + ttl)), data, file);
}

/* --- which zone a name is in */

const struct local_zone *
local_find(const struct local_scope *scope, const char *name)
{
	for (const char *rest = name; *rest;) {
		const struct local_zone *zone = table_find_string(&scope->zones, rest);
		const char *dot = strchr(rest, '.');

		if (zone)
			return zone;
		if (!dot || !dot[1])
			break;
		rest = dot + 1;
	}
	return table_find_string(&scope->zones, ".");
}

const struct local_zone *
local_above(const struct local_scope *scope, const char *name)
{
	const char *dot = strchr(name, '.');

	if (strcmp(name, ".") == 0)
		return NULL;
	return dot && dot[1] ? local_find(scope, dot + 1) : table_find_string(&scope->zones, ".");
}

bool
local_hides(const struct local_zone *zone)
{
	return zone && zone->kind != LOCAL_TRANSPARENT && zone->kind != LOCAL_ABSENT;
}

/* --- declaring */

static void
declare_null(struct onprem *o, struct onprem_zone *made, const struct local_zone *zone)
{
	static const struct { const char *type, *value; } nulls[] = {
		{ "A", "0.0.0.0" }, { "AAAA", "::" },
	};

	for (size_t i = 0; i < COUNT_OF(nulls); i++) {
		onprem_record(o, made, zone->name, nulls[i].type, ONPREM_TTL_S, nulls[i].value,
			      zone->file, zone->node);
		onprem_record(o, made, onprem_text(o, "*.%s", zone->name), nulls[i].type,
			      ONPREM_TTL_S, nulls[i].value, zone->file, zone->node);
	}
}

static void
declare_zone(struct onprem *o, const struct local_zone *zone, const char *site)
{
	struct onprem_zone *made;

	if (zone->kind == LOCAL_UNKNOWN || zone->kind == LOCAL_REFUSED)
		onprem_not_modelled(o, declare_place(zone->file, zone->node), "local-zone \"%.255s\" "
				    "of type %s: here its names do not exist", zone->name,
				    zone->type);
	if (!local_hides(zone))
		return;
	made = onprem_zone(o, site, zone->name, zone->file, zone->node);
	if (zone->kind == LOCAL_NULL && made)
		declare_null(o, made, zone);
}

/** A name of a transparent zone is a zone of its own. */
static void
declare_data(struct onprem *o, const struct local_zone *zone, const struct local_data *data,
	     const char *site)
{
	bool hides = local_hides(zone);
	struct onprem_zone *made;

	if (zone && (zone->kind == LOCAL_EMPTY || zone->kind == LOCAL_ABSENT ||
		     zone->kind == LOCAL_NULL || zone->kind == LOCAL_UNKNOWN)) {
		declare_skipped(o->d, declare_place(data->file, data->node),
				"local-data of \"%.255s\", in a local-zone of type %s", data->name,
				zone->type);
		return;
	}
	made = onprem_zone(o, site, hides ? zone->name : data->name, data->file, data->node);
	if (!made || !onprem_record_text(o, made, data->name, data->rest, data->file, data->node))
		return;
	if (zone && zone->kind == LOCAL_REDIRECT && strcmp(zone->name, data->name) == 0)
		onprem_record_text(o, made, onprem_text(o, "*.%s", data->name), data->rest,
				   data->file, data->node);
}

void
local_declare(struct onprem *o, const struct local_scope *scope, const struct local_scope *over,
	      const char *site)
{
	const struct local_data *transparent = NULL;
	size_t count = 0;

	for (const struct local_zone *z = scope->first_zone; z && !o->nodes->nomem; z = z->next)
		if (table_find_string(&scope->zones, z->name) == z &&
		    !(over && local_find(over, z->name)))
			declare_zone(o, z, site);
	for (const struct local_data *d = scope->first_data; d && !o->nodes->nomem; d = d->next) {
		const struct local_zone *zone = local_find(scope, d->name);

		if (over && local_find(over, d->name))
			continue;
		declare_data(o, zone, d, site);
		if (local_hides(zone) || (zone && zone->kind == LOCAL_ABSENT))
			continue;
		transparent = transparent ? transparent : d;
		count++;
	}
	if (count)
		onprem_not_modelled(o, declare_place(transparent->file, transparent->node),
				    "local-data in a transparent zone (%zu, first \"%.255s\"): what is "
				    "below such a name is looked up elsewhere, and does not exist here",
				    count, transparent->name);
}
