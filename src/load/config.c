#include "load/config.h"

#include <string.h>

#include "dns/name.h"
#include "estate/partial.h"
#include "load/document.h"
#include "load/imports.h"
#include "load/objects.h"
#include "load/recordset.h"
#include "load/route53.h"
#include "load/twins.h"
#include "load/share.h"
#include "load/zonefile.h"

/* One run of config_load. */
struct loader {
	struct estate *estate;
	struct sources *sources;
	struct diags *diags;
	struct arena scratch;		/* nodes, and what is only of the load */
	struct documents documents;
	struct objects objects;
	struct bind bind;
	const struct document *server;	/* the file that has the `server` section */
	const struct yaml_node *server_node;
	const char *tf_dir;		/* NULL */
	bool has_import;		/* one of the inputs of other tools was read */
	const char *reading;		/* the file that memory may end in; NULL: not known */
};

static struct srcloc
place(const struct document *document, const struct yaml_node *node)
{
	return (struct srcloc){ document->path, node->line, node->column };
}

/** What one key of the server section says of another. */
static void
check_server(struct loader *l, const struct document *document, const struct yaml_node *node)
{
	struct settings *settings = &l->estate->settings;
	const struct yaml_node *cache;

	settings->allow_default = yaml_find(node, "allow") == NULL;
	cache = yaml_find(node, "cache");
	if (cache && settings->cache_min_ttl_ms > settings->cache_max_ttl_ms)
		diag_report(l->diags, SEVERITY_ERROR, "bad-value", place(document, cache),
			    "cache: min_ttl is more than max_ttl");
}

/** The file that a user named, and that led to this one. */
static const struct document *
first_of(const struct document *document)
{
	while (document->by)
		document = document->by;
	return document;
}

/** Of several configurations read as one the first that has it says how they are served. */
static bool
is_of_another(struct loader *l, const struct document *document, const struct yaml_item *pair)
{
	struct finding *finding;

	if (first_of(l->server) == first_of(document))
		return false;
	if (digest_equal(yaml_digest(l->server_node), yaml_digest(pair->value)))
		return true;
	finding = diag_open(l->diags, SEVERITY_NOTE, "other-server", NULL,
			    place(document, pair->key),
			    "this \"server\" is not used: another configuration's is");
	diag_add(l->diags, finding, PART_OBJECT, "key", "server", l->estate->settings.at,
		 "the one that is used");
	return true;
}

static void
read_server(struct loader *l, const struct document *document, const struct yaml_item *pair)
{
	struct settings *settings = &l->estate->settings;
	struct finding *finding;

	if (l->server && is_of_another(l, document, pair))
		return;
	if (l->server) {
		finding = diag_open(l->diags, SEVERITY_ERROR, "duplicate-key", NULL,
				    place(document, pair->key),
				    "a second \"server\": it is in one file only");
		diag_add(l->diags, finding, PART_OBJECT, "key", "server", settings->at,
			 "the first");
		return;
	}
	l->server = document;
	l->server_node = pair->value;
	l->bind.file = document->path;
	settings->at = place(document, pair->key);
	bind_value(&l->bind, schema_find(schema_map(MAP_ROOT), "server"), pair, settings);
	if (pair->value->kind == YAML_MAPPING)
		check_server(l, document, pair->value);
}

/** The server section comes first: it is wanted even when the rest cannot be used. */
static void
read_servers(struct loader *l)
{
	for (const struct document *d = l->documents.first; d; d = d->next) {
		const struct yaml_item *pair = yaml_pair(d->root, "server");

		if (pair)
			read_server(l, d, pair);
	}
}

/** What other tools exported, before what the files themselves declare. */
static enum status
read_imports(struct loader *l)
{
	const struct schema_key *key = schema_find(schema_map(MAP_ROOT), "import");
	enum status status;
	void *unused = NULL;

	for (const struct document *d = l->documents.first; d && !l->bind.nomem; d = d->next) {
		const struct yaml_item *pair = yaml_pair(d->root, key->key);

		l->bind.file = d->path;
		if (pair)
			l->objects.incomplete |= !bind_value(&l->bind, key, pair, &unused);
	}
	status = l->bind.nomem ? ERR_NOMEM : imports_read(&l->objects, &l->bind, &l->has_import);
	return l->bind.nomem ? ERR_NOMEM : status;
}

static void
read_objects(struct loader *l, const struct document *document)
{
	const struct schema_map *root = schema_map(MAP_ROOT);

	l->bind.file = document->path;
	for (const struct yaml_item *pair = document->root->first; pair; pair = pair->next) {
		const struct schema_key *key = schema_find(root, pair->key->text);
		void *unused = NULL;

		if (!key)
			bind_unknown(&l->bind, root, pair->key);
		else if (key->type == SCHEMA_MAP && key->map == MAP_LINT)
			bind_value(&l->bind, key, pair, &l->estate->lint);
		else if (key->type != SCHEMA_MAP ||
			 (key->map != MAP_SERVER && key->map != MAP_IMPORT))
			bind_value(&l->bind, key, pair, &unused);
	}
}

/** Does any record set of the list say that it is an alias? */
static bool
has_alias(const struct yaml_node *sets)
{
	if (!sets || sets->kind != YAML_SEQUENCE)
		return false;
	for (const struct yaml_item *item = sets->first; item; item = item->next)
		if (yaml_find(item->value, "alias_target"))
			return true;
	return false;
}

/*
 * The digest that a zone's data begin with: its name, what is said inline, and, where an
 * alias may ask whether its target is in the same zone, the zone's id.
 */
static struct digest
seed(const struct zone_job *job, const struct yaml_node *sets)
{
	const struct hosted_zone *zone = job->zone;
	bool alias = has_alias(sets);
	struct digest digest = digest_bytes(zone->name, name_wire_len(zone->name));

	if (sets)
		digest = digest_fold(digest, yaml_digest(sets));
	for (const struct set_said *s = job->apart; s; s = s->next) {
		digest = digest_fold(digest, yaml_digest(s->said.node));
		alias |= yaml_find(s->said.node, "alias_target") != NULL;
	}
	if (zone->record_sets_file || alias)
		digest = digest_fold(digest, digest_bytes(zone->id, strlen(zone->id)));
	return digest;
}

/** Is the zone's data what an earlier load saw, and compiled to what is still held? */
static bool
is_unchanged(struct loader *l, const struct hosted_zone *zone, const char *key,
	     struct digest *source)
{
	if ((zone->zone_file || zone->record_sets_file) &&
	    !sources_unchanged(l->sources, key, source))
		return false;
	return sources_held(l->sources, *source);
}

static enum status
read_inline(struct loader *l, const struct zone_job *job, const struct yaml_node *sets)
{
	const struct schema_key *key = schema_find(schema_map(MAP_ZONE), "record_sets");
	struct recordset_maker maker;

	recordset_init(&maker, l->estate, job->zone, &l->scratch, l->diags);
	return recordset_read_list(&maker, key, sets, job->said.file) ? OK : ERR_NOMEM;
}

/** Record sets that a front end declared one by one, each with its file. */
static enum status
read_apart(struct loader *l, const struct zone_job *job)
{
	const struct schema_key *key = schema_find(schema_map(MAP_ZONE), "record_sets");
	struct nodes nodes = { .arena = &l->scratch };
	struct recordset_maker maker;

	recordset_init(&maker, l->estate, job->zone, &l->scratch, l->diags);
	for (const struct set_said *s = job->apart; s;) {
		struct yaml_node *list = nodes_list(&nodes, s->said.node);
		const char *file = s->said.file;

		for (; s && s->said.file == file; s = s->next)	/* a list costs a chunk of memory */
			nodes_append(&nodes, list, s->said.node);
		if (nodes.nomem || !recordset_read_list(&maker, key, list, file))
			return ERR_NOMEM;
	}
	return OK;
}

static struct srcloc
key_place(const struct zone_job *job, const char *key)
{
	const struct yaml_node *node = yaml_find(job->said.node, key);

	return (struct srcloc){ job->said.file, node->line, node->column };
}

static enum status
read_data(struct loader *l, const struct zone_job *job, const struct yaml_node *sets)
{
	struct hosted_zone *zone = job->zone;
	enum status status = OK;

	if (zone->zone_file)
		status = zonefile_load(zone->zone_file, key_place(job, "zone_file"), zone,
				       l->sources, l->estate, l->diags);
	if (zone->record_sets_file && status != ERR_NOMEM)
		status = route53_load(zone->record_sets_file, key_place(job, "record_sets_file"),
				      zone, l->sources, l->estate, l->diags);
	if (sets && status != ERR_NOMEM)
		status = read_inline(l, job, sets);
	if (job->apart && status != ERR_NOMEM)
		status = read_apart(l, job);
	return status == ERR_NOMEM ? ERR_NOMEM : OK;
}

static enum status
read_zone(struct loader *l, const struct zone_job *job)
{
	const struct yaml_node *sets = yaml_find(job->said.node, "record_sets");
	struct hosted_zone *zone = job->zone;
	struct digest source;
	char name[NAME_TEXT_MAX];
	const char *key;

	if (!zone->name)	/* its records cannot be placed; what is wrong was said */
		return sets ? read_inline(l, job, sets) : OK;
	key = arena_printf(&l->scratch, "%s\n%s\n%s", name_print(zone->name, name),
			   zone->zone_file ? zone->zone_file : "",
			   zone->record_sets_file ? zone->record_sets_file : "");
	if (!key)
		return ERR_NOMEM;
	zone->source = source = seed(job, sets);
	if (is_unchanged(l, zone, key, &source)) {
		zone->source = source;
		zone->unread = true;
		return OK;
	}
	sources_begin(l->sources, key);
	return read_data(l, job, sets);
}

/* The data of zones that are still to be read. */
struct reading {
	const struct loader *loader;
	const struct zone_job **jobs;
	const char **where;		/* that memory ended */
};

/** The file that has most of a zone. */
static const char *
file_of(const struct zone_job *job)
{
	if (job->zone->zone_file)
		return job->zone->zone_file;
	return job->zone->record_sets_file ? job->zone->record_sets_file : job->said.file;
}

/** One zone, with what its thread has in place of the whole's. */
static enum status
read_job(const void *context, const struct share *share, size_t item)
{
	const struct reading *reading = context;
	struct loader own = *reading->loader;
	enum status status;

	own.estate = share->estate;
	own.diags = share->diags;
	own.scratch = *share->scratch;
	reading->jobs[item]->zone->pool = own.estate->pool;
	if (own.estate->pool)
		own.estate->pool->zones++;
	status = read_zone(&own, reading->jobs[item]);
	if (status == ERR_NOMEM)
		__atomic_store_n(reading->where, file_of(reading->jobs[item]),
				 __ATOMIC_RELAXED);
	*share->scratch = own.scratch;
	return status;
}

/** What earlier loads saw is kept by one thread. */
static enum status
read_zones(struct loader *l)
{
	struct reading reading = { .loader = l, .where = &l->reading };
	unsigned threads = l->estate->threads;
	enum status status;
	size_t count = 0;

	for (const struct zone_job *job = l->objects.jobs; job; job = job->next)
		count++;
	reading.jobs = arena_array(&l->scratch, count, sizeof(const struct zone_job *));
	if (!reading.jobs)
		return ERR_NOMEM;
	count = 0;
	for (const struct zone_job *job = l->objects.jobs; job; job = job->next)
		reading.jobs[count++] = job;
	if (l->sources)
		l->estate->threads = 1;
	status = share_out(read_job, &reading, count, l->estate, &l->scratch, l->diags);
	l->estate->threads = threads;
	return status;
}

/** A configuration, or what another tool wrote, which is read with the imports. */
static enum status
read_path(struct loader *l, const char *path)
{
	const struct front_end *front_end = imports_front_end(path);

	if (front_end)
		return imports_add_path(&l->objects, front_end, path, l->tf_dir);
	return documents_read(&l->documents, path);
}

static enum status
read_paths(struct loader *l, const char *const *paths, size_t count)
{
	enum status worst = OK;

	for (size_t i = 0; i < count && worst != ERR_NOMEM; i++) {
		enum status status = read_path(l, paths[i]);

		if (status == ERR_NOMEM || worst == OK)
			worst = status;
	}
	return worst;
}

static enum status
load_all(struct loader *l, const char *const *paths, size_t count)
{
	enum status status = read_paths(l, paths, count);

	l->reading = l->documents.reading;
	if (status == ERR_NOMEM || (!l->documents.first && !l->objects.imports))
		return status;
	read_servers(l);
	status = read_imports(l);
	if (status == ERR_NOMEM || (!l->documents.first && !l->has_import))
		return status;
	for (const struct document *d = l->documents.first; d && !l->bind.nomem; d = d->next) {
		l->reading = d->path;
		read_objects(l, d);
	}
	declare_sites_left(&l->objects, &l->bind);
	if (l->bind.nomem)
		return ERR_NOMEM;
	if (objects_give_sets(&l->objects) != OK || read_zones(l) == ERR_NOMEM ||
	    twins_compare(&l->objects) != OK)
		return ERR_NOMEM;
	objects_check_sets(&l->objects);
	l->estate->incomplete |= l->documents.incomplete || l->objects.incomplete;
	status = estate_check(l->estate, l->diags);
	if (status == OK && l->estate->incomplete)	/* which is no error: a plan has gaps */
		estate_drop_dangling(l->estate);
	return status == ERR_NOMEM ? ERR_NOMEM : OK;
}

static void
loader_init(struct loader *l, struct sources *sources, struct estate *estate,
	    struct diags *diags)
{
	*l = (struct loader){ .estate = estate, .sources = sources, .diags = diags };
	arena_init(&l->scratch, estate->arena.limit);
	l->documents = (struct documents){ .lasting = &estate->arena, .scratch = &l->scratch,
					   .diags = diags, .lint = &estate->lint };
	objects_init(&l->objects, estate, &l->scratch, diags);
	bind_init(&l->bind, &estate->arena, diags);
	l->bind.take = objects_take;
	l->bind.init = objects_begin;
	l->bind.context = &l->objects;
}

enum status
config_load_paths(const struct config_paths *paths, struct sources *sources,
		  struct estate *estate, struct diags *diags)
{
	size_t errors = diags->errors;
	enum status status;
	struct loader l;

	loader_init(&l, sources, estate, diags);
	l.tf_dir = paths->tf_dir;
	status = l.bind.nomem ? ERR_NOMEM : load_all(&l, paths->paths, paths->count);
	bind_fini(&l.bind);
	arena_fini(&l.scratch);
	estate->second = NULL;
	sources_turn(sources);
	if (status == ERR_NOMEM)
		diag_report(diags, SEVERITY_ERROR, "too-large", (struct srcloc){ l.reading, 0, 0 },
			    "\"%s\" and what it names need more memory than the %zu octets that "
			    "may be used, or than there is; it ended here", paths->paths[0],
			    estate->arena.limit);
	if (status == ERR_NOMEM || status == ERR_SYSTEM)
		return status;
	return diags->errors > errors ? ERR_REJECTED : OK;
}

enum status
config_load_all(const char *const *paths, size_t count, struct sources *sources,
		struct estate *estate, struct diags *diags)
{
	const struct config_paths all = { .paths = paths, .count = count };

	return config_load_paths(&all, sources, estate, diags);
}

enum status
config_load(const char *path, struct sources *sources, struct estate *estate,
	    struct diags *diags)
{
	return config_load_all(&path, 1, sources, estate, diags);
}
