#include "load/dump.h"

#include <string.h>

#include "dns/name.h"
#include "estate/order.h"
#include "load/dump_sets.h"
#include "load/jsontext.h"
#include "load/objects.h"
#include "load/yamlout.h"

#define FLUSH_OCTETS 65536
#define SET_WIDTH    140	/* a record set is a row of a table */

/* One run. */
struct dump {
	const struct estate *estate;
	const struct dump_options *options;
	dump_write_fn write;
	void *context;
	struct arena scratch;		/* nodes of the object being written */
	struct unbind unbind;
	struct text out;
	bool filled;			/* a section, an object was written: JSON wants a comma */
	enum status status;
};

static bool
is_json(const struct dump *d)
{
	return d->options->format == DUMP_JSON;
}

static void
fail(struct dump *d, enum status status)
{
	if (d->status == OK)
		d->status = status;
}

/** Hand on what was written when it is enough. */
static void
flush(struct dump *d, size_t enough)
{
	if (d->out.failed)
		fail(d, ERR_NOMEM);
	if (d->status || d->out.len <= enough)
		return;
	if (!d->write(d->context, d->out.data, d->out.len))
		fail(d, ERR_SYSTEM);
	text_clear(&d->out);
}

/** A comment is a line of YAML, and nothing of JSON. */
static void
say_place(struct dump *d, const char *indent, struct srcloc at)
{
	if (!d->options->places || is_json(d) || !at.file)
		return;
	text_printf(&d->out, "%s# from ", indent);
	text_printable(&d->out, at.file);
	if (at.line)
		text_printf(&d->out, ":%u", at.line);
	text_append(&d->out, "\n");
}

/** A node on a line of `width`, or as a block; JSON: without the comma before it. */
static void
print_node(struct dump *d, const struct yaml_node *node, size_t width, const char *first)
{
	enum status status;

	if (!node) {
		fail(d, ERR_NOMEM);
		return;
	}
	status = is_json(d) ? jsontext_print(node, (unsigned)strlen(first), &d->out)
			    : yamlout_print(node, width, first, &d->out);
	if (status != OK)
		fail(d, status);
}

/** What stands between two items of a JSON list or map. */
static void
separate(struct dump *d, bool *filled, const char *indent)
{
	if (is_json(d))
		text_printf(&d->out, "%s\n%s", *filled ? "," : "", indent);
	*filled = true;
}

static void
begin_section(struct dump *d, const char *key)
{
	bool blank = d->filled && !is_json(d);

	if (blank)
		text_append(&d->out, "\n");
	separate(d, &d->filled, "  ");
	if (is_json(d))
		text_printf(&d->out, "\"%s\": ", key);
	else
		text_printf(&d->out, "%s:\n", key);
}

/** A section that is one map: server, lint. */
static void
dump_section(struct dump *d, const char *key, struct yaml_node *map)
{
	if (!map || !map->count) {
		if (!map)
			fail(d, ERR_NOMEM);
		return;
	}
	begin_section(d, key);
	print_node(d, map, 0, "  ");
}

static void
dump_server(struct dump *d, const char *key)
{
	const struct settings *s = &d->estate->settings;
	struct yaml_node *map;

	if (!s->at.file)
		return;
	map = unbind_map(&d->unbind, MAP_SERVER, s, NULL);
	if (!s->allow_default && !s->allow)	/* nobody may ask */
		nodes_put(&d->unbind.nodes, map, "allow", nodes_list(&d->unbind.nodes, NULL));
	dump_section(d, key, map);
}

static void
dump_lint(struct dump *d, const char *key)
{
	struct estate blank;

	if (!d->estate->lint.at.file)
		return;
	estate_init(&blank, 0);
	dump_section(d, key, unbind_map(&d->unbind, MAP_LINT, &d->estate->lint, &blank.lint));
	estate_fini(&blank);
}

/** The records of a zone, one at a time: a zone may have a million. */
static void
dump_sets(struct dump *d, const struct hosted_zone *zone)
{
	const struct record_set **sets = dump_order_sets(zone, &d->scratch);
	struct arena_mark mark = arena_mark(&d->scratch);
	bool filled = false;

	if (!sets) {
		fail(d, ERR_NOMEM);
		return;
	}
	text_append(&d->out, is_json(d) ? ",\n      \"record_sets\": [" : "    record_sets:\n");
	for (size_t i = 0, n; i < zone->set_count && !d->status; i += n) {
		n = dump_count_parts(sets + i, zone->set_count - i);
		separate(d, &filled, "        ");
		print_node(d, dump_set(&d->unbind, sets + i, n), SET_WIDTH, "      - ");
		arena_rewind(&d->scratch, mark);
		flush(d, FLUSH_OCTETS);
	}
	if (is_json(d))
		text_append(&d->out, "\n      ]");
}

static void
dump_zone(struct dump *d, const struct hosted_zone *zone)
{
	struct hosted_zone head = *zone;
	struct yaml_node *map;

	head.zone_file = head.record_sets_file = NULL;	/* what they say is said here */
	map = unbind_map(&d->unbind, MAP_ZONE, &head, NULL);
	if (!is_json(d)) {
		print_node(d, map, 0, "  - ");
		if (zone->sets)
			dump_sets(d, zone);
		return;
	}
	if (!map) {
		fail(d, ERR_NOMEM);
		return;
	}
	if (jsontext_open(map, 4, &d->out) != OK)
		fail(d, ERR_NOMEM);
	if (zone->sets)
		dump_sets(d, zone);
	text_append(&d->out, "\n    }");
}

/** The short form, where no association says more than its VPC. */
static struct yaml_node *
profile_node(struct dump *d, const struct profile *profile)
{
	struct profile said = *profile;
	struct ref **end = &said.vpcs;

	for (const struct profile_association *a = profile->associations; a; a = a->next)
		if (a->priority)
			return unbind_map(&d->unbind, MAP_PROFILE, profile, NULL);
	said.associations = NULL;
	for (const struct profile_association *a = profile->associations; a; a = a->next) {
		struct ref *ref = arena_copy(&d->scratch, &a->vpc, sizeof(*ref));

		if (!ref)
			return NULL;
		ref->next = NULL;
		*end = ref;
		end = &ref->next;
	}
	return unbind_map(&d->unbind, MAP_PROFILE, &said, NULL);
}

static void
dump_object(struct dump *d, const struct schema_key *key, enum object_kind kind,
	    const void *object)
{
	struct arena_mark mark = arena_mark(&d->scratch);

	say_place(d, "  ", object_at(kind, object));
	if (kind == OBJECT_HOSTED_ZONE)
		dump_zone(d, object);
	else
		print_node(d, kind == OBJECT_PROFILE
				   ? profile_node(d, object)
				   : unbind_map(&d->unbind, key->map, object, NULL),
			   0, "  - ");
	arena_rewind(&d->scratch, mark);
	flush(d, FLUSH_OCTETS);
}

static void
dump_objects(struct dump *d, const struct schema_key *key)
{
	enum object_kind kind;
	const void *object;
	bool filled = false;

	if (!objects_kind_of(key->map, &kind) || !estate_first(d->estate, kind))
		return;
	begin_section(d, key->key);
	if (is_json(d))
		text_append(&d->out, "[");
	for (object = estate_first(d->estate, kind); object && !d->status;
	     object = estate_next(kind, object)) {
		separate(d, &filled, "    ");
		dump_object(d, key, kind, object);
	}
	if (is_json(d))
		text_append(&d->out, "\n  ]");
}

static void
say_left_out(struct dump *d, struct srcloc at, const char *what, const char *more)
{
	text_append(&d->out, "# ");
	if (at.file) {
		text_printable(&d->out, at.file);
		text_printf(&d->out, ":%u:%u: ", at.line, at.column);
	}
	text_printable(&d->out, what);
	text_printable(&d->out, more);
	text_append(&d->out, "\n");
	flush(d, FLUSH_OCTETS);
}

/** What was there and is not in the dump. */
static void
dump_left_out(struct dump *d)
{
	const struct estate *e = d->estate;

	if (is_json(d) || (!e->skipped && !e->lint.pragmas && !d->unbind.withheld))
		return;
	text_append(&d->out, "\n# Left out:\n");
	for (const struct skipped *s = e->skipped; s; s = s->next)
		say_left_out(d, s->at, s->what, "");
	for (const struct pragma *p = e->lint.pragmas; p; p = p->next)
		say_left_out(d, p->at, "a comment to the linter about ",
			     p->code ? p->code : "nothing");
	if (d->unbind.withheld)
		say_left_out(d, e->settings.at, "cookie_secrets", "");
}

static void
dump_all(struct dump *d)
{
	const struct schema_map *root = schema_map(MAP_ROOT);

	if (is_json(d))
		text_append(&d->out, "{");
	for (size_t i = 0; i < root->count && !d->status; i++) {
		const struct schema_key *key = &root->keys[i];

		if (key->type != SCHEMA_MAP)
			continue;
		if (key->map == MAP_SERVER)
			dump_server(d, key->key);
		else if (key->map == MAP_LINT)
			dump_lint(d, key->key);
		else if (key->list)
			dump_objects(d, key);
	}
	if (is_json(d))
		text_append(&d->out, "\n}\n");
	else if (!d->filled)
		text_append(&d->out, "{}\n");
	dump_left_out(d);
	flush(d, 0);
}

enum status
dump_estate(const struct estate *estate, const struct dump_options *options,
	    dump_write_fn write, void *context)
{
	struct dump d = { .estate = estate, .options = options, .write = write,
			  .context = context };

	arena_init(&d.scratch, estate->arena.limit);
	text_init(&d.out);
	if (!arena_alloc(&d.scratch, 1))	/* so that its first chunk stays */
		d.status = ERR_NOMEM;
	d.unbind = (struct unbind){ .nodes = { .arena = &d.scratch }, .folder = options->folder,
				    .secrets = options->secrets };
	dump_all(&d);
	if (d.unbind.nodes.nomem)
		fail(&d, ERR_NOMEM);
	text_fini(&d.out);
	arena_fini(&d.scratch);
	return d.status;
}
