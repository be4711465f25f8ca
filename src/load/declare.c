#include "load/declare.h"

#include <stdarg.h>
#include <string.h>

void
declare_object(struct declare *d, const char *list, const struct yaml_node *map,
	       const char *file)
{
	const struct schema_key *key = schema_find(schema_map(MAP_ROOT), list);
	const char *before = d->bind->file;
	struct yaml_node *items = map ? nodes_list(&d->nodes, map) : NULL;

	nodes_append(&d->nodes, items, map);
	if (d->nodes.nomem) {
		d->bind->nomem = true;
		return;
	}
	d->bind->file = file;
	if (!bind_list(d->bind, key, items, NULL))
		d->objects->incomplete = true;
	d->bind->file = before;
}

void
declare_site(struct declare *d, const struct yaml_node *map, const char *file)
{
	struct spare_site *site = map ? arena_alloc(d->scratch, sizeof(*site)) : NULL;
	struct objects *o = d->objects;

	if (!site) {
		d->bind->nomem = true;
		return;
	}
	*site = (struct spare_site){ .said = { .node = map, .file = file } };
	*(o->last_spare_site ? &o->last_spare_site->next : &o->spare_sites) = site;
	o->last_spare_site = site;
}

void
declare_sites_left(struct objects *o, struct bind *b)
{
	struct declare d = { .estate = o->estate, .objects = o, .diags = o->diags,
			     .scratch = o->scratch, .nodes = { .arena = o->scratch }, .bind = b };

	for (const struct spare_site *s = o->spare_sites; s && !b->nomem; s = s->next) {
		const char *id = yaml_find(s->said.node, "id")->text;

		if (!table_find_string(&o->first[OBJECT_SITE], id))
			declare_object(&d, "sites", s->said.node, s->said.file);
	}
}

void
declare_record_set(struct declare *d, const char *zone, const struct yaml_node *map,
		   const char *file)
{
	if (!map || objects_add_set(d->objects, zone, (struct said){ map, file, d->objects->from }) != OK)
		d->bind->nomem = true;
}

void
declare_incomplete(struct declare *d)
{
	d->objects->incomplete = true;
}

void
declare_skipped(struct declare *d, struct srcloc at, const char *fmt, ...)
{
	struct skipped *skipped = arena_alloc(&d->estate->arena, sizeof(*skipped));
	va_list args;
	char *what;

	va_start(args, fmt);
	what = skipped ? arena_vprintf(&d->estate->arena, fmt, args) : NULL;
	va_end(args);
	if (!what) {
		d->bind->nomem = true;
		return;
	}
	*skipped = (struct skipped){ .at = at, .what = what };
	*(d->estate->last_skipped ? &d->estate->last_skipped->next : &d->estate->skipped) =
		skipped;
	d->estate->last_skipped = skipped;
}

struct srcloc
declare_place(const char *file, const struct yaml_node *node)
{
	return (struct srcloc){ file, node ? node->line : 0, node ? node->column : 0 };
}
