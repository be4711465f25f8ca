#include "load/yaml.h"

#include <limits.h>
#include <string.h>
#include <yaml.h>

#include "base/bytes.h"
#include "base/table.h"
#include "load/surrogates.h"

#define FEW_PAIRS 16	/* up to here a mapping's keys are compared one by one */

struct document {
	yaml_parser_t parser;
	yaml_event_t event;
	const struct source *source;
	struct arena *arena;
	struct diags *diags;
	struct table anchors;	/* name -> node, or &open_node while it is being read */
	size_t expanded;	/* nodes read, and nodes that aliases stood for */
	size_t aliased;		/* of these, the latter */
	struct shift *shifts;	/* those not yet passed */
	uint32_t shifted_line, shifted_by;
	const char *const *tags;	/* with a meaning; NULL: none has one */
	bool flawed;		/* errors were reported that let the reading go on */
	enum status status;	/* why it could not go on */
};

static const struct yaml_node open_node;

static struct srcloc
place(struct document *doc, yaml_mark_t mark)
{
	uint32_t line = (uint32_t)mark.line, column = (uint32_t)mark.column;

	for (struct shift *s = doc->shifts;
	     s && (s->line < line || (s->line == line && s->column < column)); s = s->next) {
		if (doc->shifted_line != s->line)
			doc->shifted_by = 0;
		doc->shifted_line = s->line;
		doc->shifted_by += 2;
		doc->shifts = s->next;
	}
	if (doc->shifted_by && doc->shifted_line == line)
		column += doc->shifted_by;
	return (struct srcloc){ doc->source->path, line + 1, column + 1 };
}

static struct srcloc
node_place(const struct document *doc, const struct yaml_node *node)
{
	return (struct srcloc){ doc->source->path, node->line, node->column };
}

/** Where an octet of the file stands. */
static struct srcloc
offset_place(const struct source *source, size_t offset)
{
	struct srcloc at = { source->path, 1, 1 };

	for (size_t i = 0; i < offset && i < source->len; i++) {
		if (source->data[i] == '\n') {
			at.line++;
			at.column = 1;
		} else if (((uint8_t)source->data[i] & 0xc0) != 0x80) {
			at.column++;	/* characters, not the octets of one */
		}
	}
	return at;
}

static void
report_problem(struct document *doc)
{
	const yaml_parser_t *p = &doc->parser;
	const char *problem = p->problem ? p->problem : "not YAML";

	doc->status = ERR_REJECTED;
	switch (p->error) {
	case YAML_MEMORY_ERROR:
		doc->status = ERR_NOMEM;
		return;
	case YAML_READER_ERROR:
		diag_report(doc->diags, SEVERITY_ERROR, "not-text",
			    offset_place(doc->source, p->problem_offset),
			    "%s (0x%02X): the file is not UTF-8 text", problem,
			    (unsigned)p->problem_value);
		return;
	case YAML_SCANNER_ERROR:
	case YAML_PARSER_ERROR:
		if (p->context && p->context_mark.line != p->problem_mark.line)
			diag_report(doc->diags, SEVERITY_ERROR, "syntax",
				    place(doc, p->problem_mark), "%s, %s from line %zu",
				    problem, p->context, p->context_mark.line + 1);
		else
			diag_report(doc->diags, SEVERITY_ERROR, "syntax",
				    place(doc, p->problem_mark), "%s%s%s", problem,
				    p->context ? ", " : "", p->context ? p->context : "");
		return;
	case YAML_NO_ERROR:
	case YAML_COMPOSER_ERROR:
	case YAML_WRITER_ERROR:
	case YAML_EMITTER_ERROR:
		diag_report(doc->diags, SEVERITY_ERROR, "syntax",
			    (struct srcloc){ doc->source->path, 0, 0 }, "%s", problem);
		return;
	}
}

/** Take the next event in place of the present one. */
static bool
advance(struct document *doc)
{
	yaml_event_delete(&doc->event);
	if (yaml_parser_parse(&doc->parser, &doc->event))
		return true;
	memset(&doc->event, 0, sizeof(doc->event));
	report_problem(doc);
	return false;
}

static struct yaml_node *
refuse(struct document *doc, const char *code, const char *why)
{
	diag_report(doc->diags, SEVERITY_ERROR, code, place(doc, doc->event.start_mark), "%s",
		    why);
	doc->status = ERR_REJECTED;
	return NULL;
}

/** Memory of the arena, or NULL with the status set. */
static void *
take(struct document *doc, size_t size)
{
	void *memory = arena_alloc(doc->arena, size);

	if (!memory)
		doc->status = ERR_NOMEM;
	return memory;
}

static struct yaml_node *
node_new(struct document *doc, enum yaml_kind kind, size_t extra)
{
	struct srcloc at = place(doc, doc->event.start_mark);
	struct yaml_node *node = take(doc, sizeof(*node) + extra);

	if (!node)
		return NULL;
	node->kind = (uint8_t)kind;
	node->height = 1;
	node->line = at.line;
	node->column = at.column;
	doc->expanded++;
	return node;
}

static struct yaml_node *
read_scalar(struct document *doc)
{
	const char *value = (const char *)doc->event.data.scalar.value;
	size_t len = doc->event.data.scalar.length;
	struct yaml_node *node;
	char *text;

	if (len > YAML_MAX_SCALAR)
		return refuse(doc, "too-large", "a text of more than 64 KiB");
	if (memchr(value, '\0', len))
		return refuse(doc, "bad-value", "a text with a zero octet (\\0) in it");
	node = node_new(doc, YAML_SCALAR, len + 1);
	if (!node)
		return NULL;
	text = (char *)(node + 1);
	memcpy(text, value, len);
	node->text = text;
	node->count = (uint32_t)len;
	node->plain = doc->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	return node;
}

static const struct yaml_node *
read_alias(struct document *doc, unsigned depth)
{
	const char *name = (const char *)doc->event.data.alias.anchor;
	const struct yaml_node *node = table_find_string(&doc->anchors, name);

	if (!node)
		return refuse(doc, "syntax", "an alias to an anchor that does not exist");
	if (node == &open_node)
		return refuse(doc, "syntax", "an alias to what it stands in");
	if (depth + node->height > YAML_MAX_DEPTH)
		return refuse(doc, "too-deep", "more than 32 levels, aliases expanded");
	doc->aliased += node->weight;
	doc->expanded += node->weight;
	if (doc->aliased > YAML_MAX_EXPANDED)
		return refuse(doc, "too-large",
			      "the aliases up to here stand for more than 1000000 nodes");
	return node;
}

/** Append to a sequence or mapping.  The next item goes to the returned place. */
static const struct yaml_item **
append(struct document *doc, struct yaml_node *to, const struct yaml_item **end,
       const struct yaml_node *key, const struct yaml_node *value)
{
	struct yaml_item *item = take(doc, sizeof(*item));

	if (!item)
		return NULL;
	item->key = key;
	item->value = value;
	*end = item;
	to->count++;
	if (to->height <= value->height)
		to->height = (uint8_t)(value->height + 1);
	return &item->next;
}

static void
report_duplicate(struct document *doc, const struct yaml_node *key,
		 const struct yaml_node *first)
{
	struct finding *finding;

	finding = diag_open(doc->diags, SEVERITY_ERROR, "duplicate-key", NULL,
			    node_place(doc, key), "the key \"%s\" is here twice", key->text);
	diag_add(doc->diags, finding, PART_OBJECT, "key", key->text, node_place(doc, first),
		 "the first");
	doc->flawed = true;
}

/** Of few keys each is held against those before it, of many through a table. */
static void
check_keys(struct document *doc, const struct yaml_node *mapping)
{
	struct arena_mark mark = arena_mark(doc->arena);
	const struct yaml_item *item, *before;
	struct table keys;

	table_init(&keys, doc->arena);
	for (item = mapping->first; item; item = item->next) {
		const struct yaml_node *first = NULL;

		if (mapping->count > FEW_PAIRS) {
			first = table_find(&keys, item->key->text, item->key->count);
			if (!first && table_put(&keys, item->key->text, item->key->count,
						(void *)(uintptr_t)item->key) != OK)
				doc->status = ERR_NOMEM;
		}
		for (before = mapping->first; mapping->count <= FEW_PAIRS && before != item;
		     before = before->next)
			if (strcmp(before->key->text, item->key->text) == 0)
				first = before->key;
		if (first)
			report_duplicate(doc, item->key, first);
	}
	arena_rewind(doc->arena, mark);
}

static const struct yaml_node *read_node(struct document *doc, unsigned depth);

static const struct yaml_node *
read_sequence(struct document *doc, unsigned depth)
{
	struct yaml_node *node = node_new(doc, YAML_SEQUENCE, 0);
	const struct yaml_item **end;

	if (!node)
		return NULL;
	end = &node->first;
	while (end) {
		const struct yaml_node *value;

		if (!advance(doc))
			return NULL;
		if (doc->event.type == YAML_SEQUENCE_END_EVENT)
			return node;
		value = read_node(doc, depth);
		if (!value)
			return NULL;
		end = append(doc, node, end, NULL, value);
	}
	return NULL;
}

static const struct yaml_node *
read_mapping(struct document *doc, unsigned depth)
{
	struct yaml_node *node = node_new(doc, YAML_MAPPING, 0);
	const struct yaml_item **end;

	if (!node)
		return NULL;
	end = &node->first;
	while (end) {
		const struct yaml_node *key, *value;

		if (!advance(doc))
			return NULL;
		if (doc->event.type == YAML_MAPPING_END_EVENT) {
			check_keys(doc, node);
			return doc->status == OK ? node : NULL;
		}
		key = read_node(doc, depth);
		if (!key)
			return NULL;
		if (key->kind != YAML_SCALAR) {
			diag_report(doc->diags, SEVERITY_ERROR, "syntax", node_place(doc, key),
				    "a key must be plain text");
			doc->status = ERR_REJECTED;
			return NULL;
		}
		if (!advance(doc))
			return NULL;
		value = read_node(doc, depth);
		if (!value)
			return NULL;
		end = append(doc, node, end, key, value);
	}
	return NULL;
}

/** The anchor and the tag of the present event. */
static const char *
event_anchor(const yaml_event_t *event, const char **tag)
{
	const yaml_char_t *anchor = NULL, *t = NULL;

	if (event->type == YAML_SCALAR_EVENT) {
		anchor = event->data.scalar.anchor;
		t = event->data.scalar.tag;
	} else if (event->type == YAML_SEQUENCE_START_EVENT) {
		anchor = event->data.sequence_start.anchor;
		t = event->data.sequence_start.tag;
	} else if (event->type == YAML_MAPPING_START_EVENT) {
		anchor = event->data.mapping_start.anchor;
		t = event->data.mapping_start.tag;
	}
	*tag = (const char *)t;
	return (const char *)anchor;
}

static const struct yaml_node *
read_content(struct document *doc, unsigned depth)
{
	if (depth > YAML_MAX_DEPTH)
		return refuse(doc, "too-deep", "more than 32 levels");
	if (doc->event.type == YAML_SCALAR_EVENT)
		return read_scalar(doc);
	if (doc->event.type == YAML_SEQUENCE_START_EVENT)
		return read_sequence(doc, depth + 1);
	if (doc->event.type == YAML_MAPPING_START_EVENT)
		return read_mapping(doc, depth + 1);
	return refuse(doc, "syntax", "a value was expected");
}

/** Content under an anchor: known as open while it is read, so that no cycle can be made. */
static const struct yaml_node *
read_anchored(struct document *doc, unsigned depth, const char *anchor)
{
	const char *name = arena_string(doc->arena, anchor);
	size_t before = doc->expanded;
	const struct yaml_node *node;

	if (!name || table_put_string(&doc->anchors, name,
				      (void *)(uintptr_t)&open_node) != OK) {
		doc->status = ERR_NOMEM;
		return NULL;
	}
	node = read_content(doc, depth);
	if (!node)
		return NULL;
	((struct yaml_node *)(uintptr_t)node)->weight = (uint32_t)(doc->expanded - before);
	if (table_put_string(&doc->anchors, name, (void *)(uintptr_t)node) != OK) {
		doc->status = ERR_NOMEM;
		return NULL;
	}
	return node;
}

/** Those of YAML itself say what is seen anyway. */
static uint8_t
tag_number(const struct document *doc, const char *tag)
{
	if (!tag || strncmp(tag, "tag:yaml.org,2002:", 18) == 0 || strcmp(tag, "!") == 0)
		return 0;
	for (uint8_t i = 0; doc->tags && doc->tags[i]; i++)
		if (tag[0] == '!' && strcmp(tag + 1, doc->tags[i]) == 0)
			return (uint8_t)(i + 1);
	return YAML_TAG_OTHER;
}

static const struct yaml_node *
read_node(struct document *doc, unsigned depth)
{
	const struct yaml_node *node;
	const char *anchor, *text;
	uint8_t tag;

	if (doc->event.type == YAML_ALIAS_EVENT)
		return read_alias(doc, depth);
	anchor = event_anchor(&doc->event, &text);
	tag = tag_number(doc, text);
	if (tag && !doc->tags)
		return refuse(doc, "syntax", "tags have no meaning here");
	node = anchor ? read_anchored(doc, depth, anchor) : read_content(doc, depth);
	if (node)
		((struct yaml_node *)(uintptr_t)node)->tag = tag;
	return node;
}

static const struct yaml_node *
read_document(struct document *doc)
{
	const struct yaml_node *root;

	if (!advance(doc) || !advance(doc))	/* start of the stream, of the document */
		return NULL;
	if (doc->event.type == YAML_STREAM_END_EVENT) {
		diag_report(doc->diags, SEVERITY_ERROR, "empty-file",
			    (struct srcloc){ doc->source->path, 1, 1 }, "there is nothing in it");
		doc->status = ERR_REJECTED;
		return NULL;
	}
	if (!advance(doc))
		return NULL;
	root = read_node(doc, 0);
	if (!root || !advance(doc) || !advance(doc))	/* end of the document, what is next */
		return NULL;
	if (doc->event.type != YAML_STREAM_END_EVENT)
		return refuse(doc, "syntax", "a second document: one file holds one");
	return root;
}

/** No line longer than we care to read? */
static bool
is_bounded(const struct source *source, struct diags *diags)
{
	struct srcloc at = { source->path, 1, 1 };
	const char *line = source->data, *end = line + source->len;

	for (; line < end; at.line++) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t len = (size_t)((newline ? newline : end) - line);

		if (len > YAML_MAX_LINE) {
			diag_report(diags, SEVERITY_ERROR, "too-large", at,
				    "a line of %zu octets: at most %zu MiB are read", len,
				    YAML_MAX_LINE >> 20);
			return false;
		}
		line += len + 1;
	}
	return true;
}

enum status
yaml_read_tagged(const struct source *source, const char *const *tags, struct arena *arena,
		 struct diags *diags, const struct yaml_node **root)
{
	struct document doc = { .source = source, .arena = arena, .diags = diags, .tags = tags };
	const char *data;
	size_t len;

	*root = NULL;
	if (!is_bounded(source, diags))
		return ERR_REJECTED;
	if (surrogates_rewrite(source, arena, &data, &len, &doc.shifts) != OK)
		return ERR_NOMEM;
	if (!yaml_parser_initialize(&doc.parser))
		return ERR_NOMEM;
	table_init(&doc.anchors, arena);
	yaml_parser_set_encoding(&doc.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&doc.parser, (const unsigned char *)(len ? data : ""), len);
	*root = read_document(&doc);
	yaml_event_delete(&doc.event);
	yaml_parser_delete(&doc.parser);
	if (doc.status == OK && doc.flawed)
		return ERR_REJECTED;
	return doc.status;
}

enum status
yaml_read(const struct source *source, struct arena *arena, struct diags *diags,
	  const struct yaml_node **root)
{
	return yaml_read_tagged(source, NULL, arena, diags, root);
}

const struct yaml_item *
yaml_pair(const struct yaml_node *mapping, const char *key)
{
	if (mapping->kind != YAML_MAPPING)
		return NULL;
	for (const struct yaml_item *item = mapping->first; item; item = item->next)
		if (strcmp(item->key->text, key) == 0)
			return item;
	return NULL;
}

const struct yaml_node *
yaml_find(const struct yaml_node *mapping, const char *key)
{
	const struct yaml_item *pair = yaml_pair(mapping, key);

	return pair ? pair->value : NULL;
}

/* It calls itself as deep as the tree is. */
bool
yaml_says_twice(const struct yaml_node *node)
{
	if (node->kind == YAML_SCALAR)
		return false;
	for (const struct yaml_item *item = node->first; item; item = item->next) {
		if (item->value->kind != YAML_SCALAR && yaml_says_twice(item->value))
			return true;
		if (item->key && yaml_pair(node, item->key->text) != item)
			return true;
	}
	return false;
}

bool
yaml_is_null(const struct yaml_node *node)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL" };

	if (node->kind != YAML_SCALAR || !node->plain)
		return false;
	for (size_t i = 0; i < COUNT_OF(nulls); i++)
		if (strcmp(node->text, nulls[i]) == 0)
			return true;
	return false;
}

/** Pairs are added up, so their order does not matter; items are folded, so theirs does. */
struct digest
yaml_digest(const struct yaml_node *node)
{
	struct digest digest = { node->kind, node->count };

	if (yaml_is_null(node))
		return digest_bytes("null", 5);
	if (node->kind == YAML_SCALAR)
		return digest_fold(digest, digest_bytes(node->text, node->count));
	for (const struct yaml_item *item = node->first; item; item = item->next) {
		struct digest value = yaml_digest(item->value);

		if (item->key) {
			value = digest_fold(digest_bytes(item->key->text, item->key->count),
					    value);
			digest.lo += value.lo;
			digest.hi += value.hi;
		} else {
			digest = digest_fold(digest, value);
		}
	}
	return digest;
}
