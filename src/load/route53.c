#include "load/route53.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "load/recordset.h"

static const struct schema_key sets_key = {
	"ResourceRecordSets", SCHEMA_MAP, .list = true, .map = MAP_API_SET,
};

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
		list = yaml_find(root, sets_key.key);
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
	return recordset_read_list(&maker, &sets_key, list, e->path) ? OK : ERR_NOMEM;
}

enum status
route53_load(const char *path, struct srcloc at, struct hosted_zone *zone,
	     struct sources *sources, struct estate *estate, struct diags *diags)
{
	struct export e = { .at = at, .zone = zone, .diags = diags };
	size_t errors = diags->errors;
	const struct yaml_node *root;
	struct arena scratch;
	struct source source;
	enum status status;

	status = source_open(&source, path, YAML_MAX_OCTETS, &estate->arena, at, diags);
	if (status != OK)
		return status == ERR_NOMEM ? status : ERR_REJECTED;
	zone->source = digest_fold(zone->source, source.content);
	sources_note(sources, &source);
	arena_init(&scratch, estate->arena.limit);
	status = yaml_read(&source, &scratch, diags, &root);
	e.path = source.path;
	source_close(&source);
	if (root && status != ERR_NOMEM)
		status = read_sets(&e, root, estate, &scratch);
	arena_fini(&scratch);
	if (status == ERR_NOMEM)
		return status;
	return diags->errors > errors ? ERR_REJECTED : OK;
}
