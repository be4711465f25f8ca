#include "load/route53.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "load/jsontree.h"
#include "load/recordset.h"
#include "load/setlist.h"

/* One file being read. */
struct export {
	const char *path;
	struct srcloc at;
	struct hosted_zone *zone;
	struct diags *diags;
	bool truncated;		/* reported */
};

static struct srcloc
place(const struct export *e, const struct yaml_node *node)
{
	return (struct srcloc){ e->path, node->line, node->column };
}

static void
report_truncated(struct export *e, const struct yaml_item *pair)
{
	struct finding *finding;

	if (e->truncated)
		return;
	e->truncated = true;
	finding = diag_open(e->diags, SEVERITY_ERROR, "CFG001", "truncated-export",
			    place(e, pair->key),
			    "%s: this is one page of several, records are missing",
			    pair->key->text);
	diag_add(e->diags, finding, PART_OBJECT, "hosted_zone", e->zone->id, e->at,
		 "its records are read from here");
	diag_add(e->diags, finding, PART_HELP, NULL, NULL, (struct srcloc){ 0 },
		 "export all pages: without --max-items and --no-paginate");
}

/** What the document says beside the list (ListResourceRecordSets). */
static void
check_member(struct export *e, const struct yaml_item *pair)
{
	static const char *const more[] = { "NextRecordName", "NextRecordType",
					    "NextRecordIdentifier", "NextToken" };
	static const char *const known[] = { "ResourceRecordSets", "IsTruncated", "MaxItems",
					     "NextRecordName", "NextRecordType",
					     "NextRecordIdentifier", "NextToken" };
	const char *key = pair->key->text;

	if (strcmp(key, "IsTruncated") == 0 && pair->value->kind == YAML_SCALAR &&
	    strcmp(pair->value->text, "true") == 0)
		report_truncated(e, pair);
	for (size_t i = 0; i < COUNT_OF(more); i++)
		if (strcmp(key, more[i]) == 0 && !yaml_is_null(pair->value))
			report_truncated(e, pair);
	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (strcmp(key, known[i]) == 0)
			return;
	diag_report(e->diags, SEVERITY_WARNING, "unknown-key", place(e, pair->key),
		    "\"%.60s\" is no member of ListResourceRecordSets and is not read", key);
}

/** The list, in a document or alone; NULL: reported. */
static const struct yaml_node *
find_list(struct export *e, const struct yaml_node *root)
{
	const struct yaml_node *list = root;

	if (root->kind == YAML_MAPPING) {
		for (const struct yaml_item *pair = root->first; pair; pair = pair->next)
			check_member(e, pair);
		list = yaml_find(root, setlist_row.key);
	}
	if (!list)
		diag_report(e->diags, SEVERITY_ERROR, "missing-key", place(e, root),
			    "no ResourceRecordSets: this is no output of "
			    "`aws route53 list-resource-record-sets`");
	else if (list->kind == YAML_SCALAR)
		diag_report(e->diags, SEVERITY_ERROR, "wrong-type", place(e, list),
			    "a list of record sets is wanted, not \"%.60s\"", list->text);
	else
		return list;
	return NULL;
}

static enum status
read_sets(struct export *e, const struct yaml_node *root, struct estate *estate,
	  struct arena *scratch)
{
	const struct yaml_node *list = find_list(e, root);
	struct recordset_maker maker;

	if (!list)
		return ERR_REJECTED;
	recordset_init(&maker, estate, e->zone, scratch, e->diags);
	maker.octal = true;
	return recordset_read_list(&maker, &setlist_row, list, e->path) ? OK : ERR_NOMEM;
}

/* --- the stream: sound JSON, each member once */

/* The text of the file, as json_fill_fn wants it. */
struct text_left {
	const char *at;
	size_t len;
};

static enum status
fill(void *context, char *buf, size_t room, size_t *len)
{
	struct text_left *left = context;

	*len = left->len < room ? left->len : room;
	memcpy(buf, left->at, *len);
	left->at += *len;
	left->len -= *len;
	return OK;
}

/* Members beside the list. */
struct members {
	struct yaml_node map;
	const struct yaml_item **end;
};

static bool
read_member(struct json *j, struct members *rest, struct arena *scratch)
{
	struct yaml_item *item = arena_alloc(scratch, sizeof(*item));

	if (!item)
		return false;
	item->key = jsontree_read(j, JSON_STRING, scratch);
	if (item->key)
		item->value = jsontree_read(j, json_next(j), scratch);
	if (!item->value)
		return false;
	*rest->end = item;
	rest->end = &item->next;
	return !yaml_says_twice(&rest->map);
}

/** The whole document; false: the stream is not for it. */
static bool
read_document(struct export *e, struct json *j, struct bind *sets, struct arena *scratch)
{
	struct members rest = { .map.kind = YAML_MAPPING, .end = &rest.map.first };
	enum json_token token = json_next(j);
	bool found = token == JSON_ARRAY;

	if (found && !setlist_read(j, sets, scratch, true))
		return false;
	while (token == JSON_OBJECT && json_next(j) == JSON_KEY) {
		bool list = json_is(j, setlist_row.key);

		if (list && (found || json_next(j) != JSON_ARRAY ||
			     !setlist_read(j, sets, scratch, true)))
			return false;
		if (!list && !read_member(j, &rest, scratch))
			return false;
		found |= list;
	}
	if (!found || json_next(j) != JSON_END)
		return false;
	for (const struct yaml_item *pair = rest.map.first; pair; pair = pair->next)
		check_member(e, pair);
	return true;
}

/**
 * Nearly all files: read one set at a time.  *done false: nothing has been read, and nothing
 * reported; libyaml tells what is wrong, or reads what is no JSON.
 */
static enum status
read_stream(struct export *e, const struct source *source, struct estate *estate,
	    struct arena *scratch, bool *done)
{
	struct text_left left = { source->data, source->len };
	struct diags own, unheard, *diags = e->diags;
	struct hosted_zone before = *e->zone;
	struct recordset_maker maker;
	struct arena entered;
	struct bind sets;
	struct json j;
	bool nomem;

	diags_init(&own, diags->arena, diags->limit);
	diags_init(&unheard, scratch, 1);
	arena_init(&entered, estate->arena.limit);
	recordset_init(&maker, estate, e->zone, &entered, &own);
	maker.octal = true;
	recordset_bind(&maker, &sets, source->path);
	nomem = json_init(&j, source->path, fill, &left, &unheard) != OK ||
		!arena_alloc(scratch, 1);	/* so that its first chunk stays */
	e->diags = &own;
	*done = !nomem && read_document(e, &j, &sets, scratch);
	e->diags = diags;
	nomem |= sets.nomem || j.status == ERR_NOMEM;
	json_fini(&j);
	bind_fini(&sets);
	arena_fini(&entered);
	if (*done) {
		diags_join(diags, &own);
		return OK;
	}
	e->truncated = false;
	*e->zone = before;
	*(before.sets_end ? before.sets_end : &e->zone->sets) = NULL;
	return nomem ? ERR_NOMEM : OK;
}

static bool
begins_as_json(const struct source *source)
{
	size_t blanks = strspn(source->data, " \t\r\n");

	return source->data[blanks] == '{' || source->data[blanks] == '[';
}

static enum status
read_tree(struct export *e, const struct source *source, struct estate *estate,
	  struct arena *scratch)
{
	const struct yaml_node *root;
	enum status status = yaml_read(source, scratch, e->diags, &root);

	return root && status != ERR_NOMEM ? read_sets(e, root, estate, scratch) : status;
}

enum status
route53_load(const char *path, struct srcloc at, struct hosted_zone *zone,
	     struct sources *sources, struct estate *estate, struct diags *diags)
{
	struct export e = { .at = at, .zone = zone, .diags = diags };
	size_t errors = diags->errors;
	struct arena scratch;
	struct source source;
	enum status status;
	bool done = false;

	status = source_open(&source, path, YAML_MAX_OCTETS, &estate->arena, at, diags);
	if (status != OK)
		return status == ERR_NOMEM ? status : ERR_REJECTED;
	zone->source = digest_fold(zone->source, source.content);
	sources_note(sources, &source);
	arena_init(&scratch, estate->arena.limit);
	e.path = source.path;
	if (begins_as_json(&source))
		status = read_stream(&e, &source, estate, &scratch, &done);
	if (!done && status == OK)
		status = read_tree(&e, &source, estate, &scratch);
	source_close(&source);
	arena_fini(&scratch);
	if (status == ERR_NOMEM)
		return status;
	return diags->errors > errors ? ERR_REJECTED : OK;
}
