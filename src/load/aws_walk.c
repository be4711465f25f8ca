#include "load/aws_walk.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "load/inflate.h"
#include "load/jsontree.h"
#include "load/recordset.h"
#include "load/setlist.h"

/* What else says that more pages were to come. */
static const char *const tokens[] = {
	"NextRecordName", "NextToken", "NextMarker", "nextToken",
};

/* One file on its way through; `sets` in the second reading only. */
struct walk {
	struct aws *a;
	struct json json;
	const char *path, *within;
	unsigned documents;
	struct aws_document *document;	/* the one being read */
	unsigned wanted;		/* second reading: ordinal of the document */
	struct bind *sets;
};

static bool walk_value(struct walk *w, enum json_token token, bool root);

/** Take the name of the first set, and look for the SOA where it is: among the first. */
static bool
scan_sets(struct walk *w)
{
	struct aws_document *d = w->document;
	unsigned depth = w->json.depth;

	d->sets_at = (struct srcloc){ w->path, w->json.line, w->json.column };
	for (unsigned i = 0; i < 8 && !d->apex; i++) {
		struct arena_mark mark = arena_mark(w->a->scratch);
		enum json_token token = json_next(&w->json);
		const struct yaml_node *set;
		const char *name;

		if (token == JSON_ARRAY_END)
			return true;
		set = jsontree_read(&w->json, token, w->a->scratch);
		if (!set)
			return false;
		name = aws_text(set, "Name");
		if (i && !aws_is(set, "Type", "SOA")) {
			arena_rewind(w->a->scratch, mark);
			continue;
		}
		if (!i)
			d->first_name = name;
		if (aws_is(set, "Type", "SOA"))
			d->apex = name;
	}
	return json_leave(&w->json, depth - 1);
}

static bool
walk_list(struct walk *w, const struct aws_operation *op)
{
	w->document->key = op->key;
	if (w->sets && op->kind == AWS_RECORD_SETS && w->document->ordinal == w->wanted)
		return setlist_read(&w->json, w->sets, w->a->scratch, false);
	if (w->sets)
		return json_leave(&w->json, w->json.depth - 1);
	if (op->kind == AWS_RECORD_SETS)
		return scan_sets(w);
	for (;;) {
		enum json_token token = json_next(&w->json);
		const struct yaml_node *node;

		if (token == JSON_ARRAY_END)
			return true;
		node = jsontree_read(&w->json, token, w->a->scratch);
		if (!node)
			return false;
		aws_gather_item(w->a, op, w->document, node);
		if (w->a->nomem)
			return false;
	}
}

/** Keep a member that is no list of ours. */
static bool
keep_member(struct walk *w, struct yaml_node *map, const char *key, size_t len,
	    struct srcloc at, enum json_token token)
{
	struct yaml_item *item = arena_alloc(w->a->scratch, sizeof(*item)), **end;
	struct yaml_node *node = arena_alloc(w->a->scratch, sizeof(*node));
	char *text = arena_copy(w->a->scratch, key, len);

	if (!item || !node || !text) {
		w->a->nomem = true;
		return false;
	}
	*node = (struct yaml_node){ .kind = YAML_SCALAR, .count = (uint32_t)len,
				    .line = at.line, .column = at.column, .text = text };
	item->key = node;
	item->value = jsontree_read(&w->json, token, w->a->scratch);
	if (!item->value)
		return false;
	end = (struct yaml_item **)(void *)&map->first;
	while (*end)
		end = (struct yaml_item **)(void *)&(*end)->next;
	*end = item;
	map->count++;
	return true;
}

/** A token that leads to another page, or the word that there is one. */
static void
note_pages(struct walk *w, const struct yaml_node *rest)
{
	struct aws_document *d = w->document;
	const struct yaml_node *node = aws_member(rest, "IsTruncated");

	if (node && aws_is(rest, "IsTruncated", "true")) {
		d->next = "";
		d->next_at = aws_place(d, node);
	}
	for (size_t i = 0; i < COUNT_OF(tokens); i++) {
		node = aws_member(rest, tokens[i]);
		if (!node || node->kind != YAML_SCALAR || !node->count)
			continue;
		if (!d->next_at.file)
			d->next_at = aws_place(d, node);
		d->next = node->text;
		return;
	}
}

/** A finding whose help is to go on with the export. */
static void
report_unfinished(struct walk *w, const struct yaml_node *at, const char *message,
		  const char *more)
{
	struct finding *finding =
		diag_open(w->a->diags, SEVERITY_ERROR, "CFG001", "truncated-export",
			  aws_place(w->document, at), "%s%.200s", message, more);

	diag_add(w->a->diags, finding, PART_HELP, NULL, NULL, (struct srcloc){ 0 },
		 "run contrib/aws-export again: it asks for what is missing");
}

/** What contrib/aws-export notes beside its answers: a call that failed; is all there? */
static bool
take_note(struct walk *w, const struct yaml_node *rest)
{
	const struct yaml_node *error = aws_member(rest, "error");
	const struct yaml_node *export = aws_member(rest, "aws_export");
	const char *message = aws_text(error, "message");

	if (error && aws_member(rest, "command")) {
		report_unfinished(w, error, "this call failed when the estate was exported: ",
				  message ? message : "no reason is noted");
		return true;
	}
	if (export && !aws_is(export, "complete", "true") && !aws_member(export, "failed"))
		report_unfinished(w, export, "the export of this account and Region was not ",
				  "finished");
	return export;
}

/** A document that is one object, or one that we have no use for. */
static void
take_rest(struct walk *w, const struct yaml_node *rest)
{
	struct aws_document *d = w->document;
	const struct aws_operation *op;
	const char *id;

	note_pages(w, rest);
	op = aws_single(rest, &id);
	if (op) {
		d->key = op->key;
		aws_gather(w->a, op, aws_bare_id(id), d, rest);
		return;
	}
	if (!d->key && rest->first && !take_note(w, rest))
		diag_report(w->a->diags, SEVERITY_NOTE, "not-read",
			    aws_place(d, rest->first->key), "\"%.60s\": what this call prints is "
			    "not used", rest->first->key->text);
}

/**
 * One object: a document, or the envelope of one.  What is inside of `output` is the
 * document's; what is beside it is known when the object ends.
 */
static bool
walk_members(struct walk *w, struct yaml_node *rest)
{
	for (;;) {
		enum json_token token = json_next(&w->json);
		const struct aws_operation *op;
		char key[64];
		size_t len = w->json.len;
		struct srcloc at = { w->path, w->json.line, w->json.column };

		if (token == JSON_OBJECT_END)
			return true;
		if (token == JSON_FAILED)
			return false;
		op = aws_operation(&w->json);
		len = len < sizeof(key) ? len : sizeof(key);
		memcpy(key, w->json.text, len);
		token = json_next(&w->json);
		if (op && token == JSON_ARRAY) {
			if (!walk_list(w, op))
				return false;
		} else if (len == 6 && memcmp(key, "output", 6) == 0 &&
			   (token == JSON_OBJECT || token == JSON_ARRAY)) {
			w->document->envelope = rest;
			if (!walk_value(w, token, false))
				return false;
		} else if (!keep_member(w, rest, key, len, at, token)) {
			return false;
		}
	}
}

static struct yaml_node *
new_map(struct walk *w)
{
	struct yaml_node *map = arena_alloc(w->a->scratch, sizeof(*map));

	w->a->nomem |= !map;
	if (map)
		*map = (struct yaml_node){ .kind = YAML_MAPPING, .line = w->json.line,
					   .column = w->json.column };
	return map;
}

static bool
begin_document(struct walk *w)
{
	struct aws_document *d = arena_alloc(w->a->scratch, sizeof(*d));

	w->a->nomem |= !d;
	if (!d)
		return false;
	d->path = w->path;
	d->within = w->within;
	d->ordinal = w->documents++;
	w->document = d;
	if (!w->sets) {
		*w->a->documents_end = d;
		w->a->documents_end = &d->next_document;
	}
	return true;
}

/**
 * The top level, an item of a list there, or what an envelope has as its output: that is
 * of the envelope's document.
 */
static bool
walk_value(struct walk *w, enum json_token token, bool root)
{
	struct yaml_node *rest;
	bool inner = !root;

	if (token == JSON_ARRAY) {
		const struct yaml_node *envelope = inner ? w->document->envelope : NULL;

		while ((token = json_next(&w->json)) != JSON_ARRAY_END) {
			if (token == JSON_FAILED || !walk_value(w, token, true))
				return false;
			if (envelope)	/* else there may be no document yet */
				w->document->envelope = envelope;
		}
		return true;
	}
	if (token != JSON_OBJECT) {
		json_refuse(&w->json, "wrong-type", "an object is wanted here, as the AWS CLI "
			    "prints one");
		return false;
	}
	if (root && !begin_document(w))
		return false;
	rest = new_map(w);
	if (!rest)
		return false;
	if (!root)
		w->document->rest = rest;
	if (!walk_members(w, rest))
		return false;
	if (!w->sets && (!root || !w->document->envelope))
		take_rest(w, rest);
	return !w->a->nomem;
}

/** One after the other: a file has one, or is of JSON lines. */
static bool
walk_documents(struct walk *w)
{
	for (;;) {
		enum json_token token = json_next(&w->json);

		if (token == JSON_END)
			return true;
		if (token == JSON_FAILED || !walk_value(w, token, true))
			return false;
	}
}

/** Read one file.  false: it could not be read to its end; reported, or memory ended. */
static bool
walk_file(struct walk *w, struct digest *digest)
{
	struct srcloc at = { w->path, 0, 0 };
	struct inflate *in;
	enum status status = inflate_open(&in, w->path, at, w->a->diags);
	bool good = false;

	if (status == OK)
		status = json_init(&w->json, w->path, inflate_fill, in, w->a->diags);
	if (status == OK) {
		w->json.many = true;
		good = walk_documents(w);
		status = w->json.status;
	}
	w->a->nomem |= status == ERR_NOMEM;
	if (in)
		*digest = inflate_digest(in);
	json_fini(&w->json);
	inflate_close(in);
	return good;
}

void
aws_read_file(struct aws *a, const char *path, size_t root)
{
	struct aws_document **from = a->documents_end;
	struct walk w = { .a = a, .path = aws_keep(a, path) };
	struct digest digest = { 0 };

	if (a->nomem)
		return;
	w.within = w.path + root;
	if (!walk_file(&w, &digest))
		a->incomplete = true;
	for (struct aws_document *d = *from; d; d = d->next_document)
		d->file = digest;
}

void
aws_read_records(struct aws *a, const struct aws_document *document, struct hosted_zone *zone)
{
	struct walk w = { .a = a, .path = document->path, .within = document->within,
			  .wanted = document->ordinal };
	struct recordset_maker maker;
	struct digest digest;
	struct arena passing;
	struct bind b;

	arena_init(&passing, a->estate->arena.limit);
	recordset_init(&maker, a->estate, zone, &passing, a->diags);
	maker.octal = true;
	recordset_bind(&maker, &b, document->path);
	w.sets = &b;
	if (!walk_file(&w, &digest))
		a->incomplete = true;
	a->nomem |= b.nomem;
	zone->source = digest_fold(zone->source, digest);
	zone->source = digest_fold(zone->source, digest_bytes(&w.wanted, sizeof(w.wanted)));
	bind_fini(&b);
	arena_fini(&passing);
}
