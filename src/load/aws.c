#include "load/aws.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "load/inflate.h"
#include "load/jsontree.h"
#include "load/recordset.h"

#define FOLDERS_DEEP 32
#define MEMBERS_MOST 24

/*
 * A list that an operation prints.  Two exports of one object agree when they agree in what
 * we read: two accounts see a shared rule with differing shares.
 */
struct operation {
	const char *key;		/* of the document */
	enum aws_kind kind;
	const char *id;			/* member; NULL: items are told apart by nothing */
	const char *members[MEMBERS_MOST];
};

static const struct operation operations[] = {
	{ "HostedZones", AWS_HOSTED_ZONE, "Id", { "Name", "Config" } },
	{ "HostedZoneSummaries", AWS_ZONE_SUMMARY, NULL, { 0 } },
	{ "ResourceRecordSets", AWS_RECORD_SETS, NULL, { 0 } },
	{ "HealthChecks", AWS_HEALTH_CHECK, "Id", { "HealthCheckConfig" } },
	{ "ResolverEndpoints", AWS_ENDPOINT, "Id",
	  { "Direction", "HostVPCId", "Protocols", "Dns64Enabled" } },
	{ "IpAddresses", AWS_ENDPOINT_ADDRESS, "IpId", { "Ip", "Ipv6" } },
	{ "ResolverRules", AWS_RULE, "Id",
	  { "DomainName", "RuleType", "TargetIps", "ResolverEndpointId", "DelegationRecord" } },
	{ "ResolverRuleAssociations", AWS_RULE_ASSOCIATION, "Id", { "ResolverRuleId", "VPCId" } },
	{ "ResolverConfigs", AWS_RESOLVER_CONFIG, "ResourceId", { "AutodefinedReverse" } },
	{ "ProfileSummaries", AWS_PROFILE, "Id", { "Name" } },
	{ "ProfileAssociations", AWS_PROFILE_ASSOCIATION, "Id", { "ProfileId", "ResourceId" } },
	{ "ProfileResourceAssociations", AWS_PROFILE_RESOURCE, "Id",
	  { "ProfileId", "ResourceArn" } },
	{ "Vpcs", AWS_VPC, "VpcId",
	  { "CidrBlock", "CidrBlockAssociationSet", "Ipv6CidrBlockAssociationSet", "OwnerId",
	    "IsDefault" } },
	{ "VpcPeeringConnections", AWS_PEERING, "VpcPeeringConnectionId",
	  { "Status", "RequesterVpcInfo", "AccepterVpcInfo" } },
	{ "TransitGateways", AWS_TRANSIT_GATEWAY, "TransitGatewayId", { "Options" } },
	{ "TransitGatewayVpcAttachments", AWS_VPC_ATTACHMENT, "TransitGatewayAttachmentId",
	  { "TransitGatewayId", "VpcId", "State" } },
	{ "TransitGatewayAttachments", AWS_ATTACHMENT, "TransitGatewayAttachmentId",
	  { "TransitGatewayId", "ResourceId", "ResourceType", "State" } },
};

/* Documents that are one object; told by two members. */
static const struct operation singles[] = {
	{ "HostedZone", AWS_ZONE_VPCS, NULL, { "HostedZone", "VPCs" } },
	{ "EnableDnsSupport", AWS_VPC_SUPPORT, "VpcId", { "EnableDnsSupport" } },
	{ "EnableDnsHostnames", AWS_VPC_HOSTNAMES, "VpcId", { "EnableDnsHostnames" } },
};

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
	const struct schema_key *row;
};

/* --- nodes */

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

/* --- making things */

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

/* --- what the call was asked for */

/** Is "--hosted-zone-id", "HostedZoneId" or "hosted_zone_id" this name? */
static bool
names(const char *word, size_t len, const char *name)
{
	for (; len && *word == '-'; word++, len--)
		;
	for (;;) {
		while (len && (*word == '-' || *word == '_')) {
			word++;
			len--;
		}
		while (*name == '-')
			name++;
		if (!len || !*name)
			return !len && !*name;
		if (tolower((unsigned char)*word++) != *name++)
			return false;
		len--;
	}
}

/** In a list of words as a shell has them: --name value, --name=value. */
static const char *
find_option(const struct yaml_node *list, const char *name)
{
	for (const struct yaml_item *i = list->first; i; i = i->next) {
		const char *word = i->value->kind == YAML_SCALAR ? i->value->text : "";
		const char *equals = strchr(word, '=');
		const struct yaml_node *value = i->next ? i->next->value : NULL;

		if (strncmp(word, "--", 2) != 0)
			continue;
		if (equals && names(word, (size_t)(equals - word), name))
			return equals + 1;
		if (!equals && names(word, strlen(word), name) && value &&
		    value->kind == YAML_SCALAR)
			return value->text;
	}
	return NULL;
}

static const char *
find_member(const struct yaml_node *map, const char *name)
{
	for (const struct yaml_item *i = map->first; i; i = i->next)
		if (i->value->kind == YAML_SCALAR && !yaml_is_null(i->value) &&
		    names(i->key->text, strlen(i->key->text), name))
			return i->value->text;
	return NULL;
}

const char *
aws_argument(const struct aws_document *document, const char *name)
{
	static const char *const where[] = { "args", "command" };
	const char *found = NULL;

	for (size_t i = 0; i < COUNT_OF(where) && !found; i++) {
		const struct yaml_node *args = aws_member(document->envelope, where[i]);

		if (args && args->kind == YAML_MAPPING)
			found = find_member(args, name);
		else if (args && args->kind == YAML_SEQUENCE)
			found = find_option(args, name);
	}
	return found;
}

static bool
is_word(char c)
{
	return isalnum((unsigned char)c);
}

/** What to look for in a path: does the word count? */
typedef bool (*word_fn)(const void *context, const char *word);

/** The longest part of text, from one edge of a word to another, that counts. */
static const char *
find_word(struct aws *a, const char *text, size_t len, word_fn counts, const void *context)
{
	struct arena_mark mark = arena_mark(a->scratch);

	for (size_t size = len; size; size--) {
		for (size_t from = 0; from + size <= len; from++) {
			const char *word;

			if (!is_word(text[from]) || (from && is_word(text[from - 1])) ||
			    !is_word(text[from + size - 1]) ||
			    (from + size < len && is_word(text[from + size])))
				continue;
			word = arena_copy(a->scratch, text + from, size);
			if (!word || counts(context, word)) {
				a->nomem |= !word;
				return word;
			}
			arena_rewind(a->scratch, mark);
		}
	}
	return NULL;
}

/** In the file's name, then in its folders, the nearest first. */
static const char *
find_in_path(struct aws *a, const char *path, word_fn counts, const void *context)
{
	size_t end = strlen(path);

	while (end) {
		size_t from = end;
		const char *found;

		while (from && path[from - 1] != '/')
			from--;
		found = find_word(a, path + from, end - from, counts, context);
		if (found || a->nomem)
			return found;
		end = from ? from - 1 : 0;
	}
	return NULL;
}

static bool
is_in_table(const void *table, const char *word)
{
	return table_find_string(table, word) != NULL;
}

const char *
aws_word(struct aws *a, const struct aws_document *document, const struct table *table)
{
	return find_in_path(a, document->within, is_in_table, table);
}

/** eu-west-1, us-gov-east-1 */
static bool
is_region(const void *context, const char *word)
{
	size_t len = strlen(word), dashes = 0, at;

	(void)context;
	if (len < 8 || !islower((unsigned char)word[0]) || !islower((unsigned char)word[1]) ||
	    word[2] != '-' || word[len - 2] != '-' || !isdigit((unsigned char)word[len - 1]))
		return false;
	for (at = 0; at < len - 1; at++) {
		if (word[at] == '-')
			dashes++;
		else if (!islower((unsigned char)word[at]))
			return false;
	}
	return dashes == 2 || dashes == 3;
}

const char *
aws_region(struct aws *a, const struct aws_document *document)
{
	const char *region = aws_argument(document, "region");

	if (!region)
		region = aws_text(document->envelope, "region");
	if (!region)
		region = find_in_path(a, document->within, is_region, NULL);
	return region ? region : "";
}

/* --- gathering */

/** Do two items say the same of what we read? */
static bool
agree(const struct operation *op, const struct yaml_node *one, const struct yaml_node *other)
{
	for (size_t i = 0; i < MEMBERS_MOST && op->members[i]; i++) {
		const struct yaml_node *a = aws_member(one, op->members[i]);
		const struct yaml_node *b = aws_member(other, op->members[i]);

		if (!a != !b || (a && !digest_equal(yaml_digest(a), yaml_digest(b))))
			return false;
	}
	return true;
}

static void
report_disagreement(struct aws *a, const struct aws_item *first,
		    const struct aws_document *document, const struct yaml_node *node)
{
	struct finding *finding;

	finding = diag_open(a->diags, SEVERITY_WARNING, "CFG007", "sources-disagree",
			    aws_place(document, node),
			    "%s says something else of %.80s than an earlier file, which counts",
			    document->key, first->id);
	diag_add(a->diags, finding, PART_OBJECT, NULL, first->id,
		 aws_place(first->document, first->node), "the first");
}

static void
gather(struct aws *a, const struct operation *op, const char *id,
       const struct aws_document *document, const struct yaml_node *node)
{
	struct aws_list *list = &a->lists[op->kind];
	const struct aws_item *first = id ? table_find_string(&list->ids, id) : NULL;
	struct aws_item *item;

	if (first) {
		if (!agree(op, first->node, node))
			report_disagreement(a, first, document, node);
		return;
	}
	item = arena_alloc(a->scratch, sizeof(*item));
	if (!item || (id && table_put_string(&list->ids, id, item) != OK)) {
		a->nomem = true;
		return;
	}
	*item = (struct aws_item){ node, document, id, NULL };
	*(list->last ? &list->last->next : &list->first) = item;
	list->last = item;
}

static void
gather_item(struct walk *w, const struct operation *op, const struct yaml_node *node)
{
	const char *id = NULL;

	if (node->kind != YAML_MAPPING) {
		diag_report(w->a->diags, SEVERITY_ERROR, "wrong-type",
			    aws_place(w->document, node), "%s: a list of maps is wanted", op->key);
		return;
	}
	if (op->id || op->kind == AWS_ZONE_SUMMARY)
		id = aws_text(node, op->id ? op->id : "HostedZoneId");
	if (id)
		id = aws_bare_id(id);
	else if (op->kind != AWS_RECORD_SETS && op->kind != AWS_RULE_ASSOCIATION) {
		diag_report(w->a->diags, SEVERITY_ERROR, "missing-key",
			    aws_place(w->document, node), "%s: the member \"%s\" is missing",
			    op->key, op->id ? op->id : "HostedZoneId");
		return;
	}
	if (op->kind == AWS_ZONE_SUMMARY) {	/* one zone, as often as VPCs see it */
		struct aws_list *list = &w->a->lists[op->kind];
		struct aws_item *item = arena_alloc(w->a->scratch, sizeof(*item));

		w->a->nomem |= !item;
		if (!item)
			return;
		*item = (struct aws_item){ node, w->document, id, NULL };
		*(list->last ? &list->last->next : &list->first) = item;
		list->last = item;
		return;
	}
	gather(w->a, op, id, w->document, node);
}

/* --- the first reading */

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

/** The second reading: each set goes to the zone, and is forgotten. */
static bool
bind_sets(struct walk *w)
{
	for (;;) {
		struct arena_mark mark = arena_mark(w->a->scratch);
		enum json_token token = json_next(&w->json);
		struct yaml_item item = { 0 };
		struct yaml_node list = { .kind = YAML_SEQUENCE, .count = 1, .first = &item };

		if (token == JSON_ARRAY_END)
			return true;
		item.value = jsontree_read(&w->json, token, w->a->scratch);
		if (!item.value)
			return false;
		bind_list(w->sets, w->row, &list, NULL);
		arena_rewind(w->a->scratch, mark);
		if (w->sets->nomem)
			return false;
	}
}

static bool
walk_list(struct walk *w, const struct operation *op)
{
	w->document->key = op->key;
	if (w->sets && op->kind == AWS_RECORD_SETS && w->document->ordinal == w->wanted)
		return bind_sets(w);
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
		gather_item(w, op, node);
		if (w->a->nomem)
			return false;
	}
}

static const struct operation *
find_operation(const struct json *j)
{
	for (size_t i = 0; i < COUNT_OF(operations); i++)
		if (json_is(j, operations[i].key))
			return &operations[i];
	return NULL;
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

/** A document that is one object, or one that we have no use for. */
static void
take_rest(struct walk *w, const struct yaml_node *rest)
{
	struct aws_document *d = w->document;

	note_pages(w, rest);
	for (size_t i = 0; i < COUNT_OF(singles); i++) {
		const struct operation *op = &singles[i];
		const char *id = op->id ? aws_text(rest, op->id)
					: aws_text(aws_member(rest, op->key), "Id");

		if (!aws_member(rest, op->key) || !id)
			continue;
		d->key = op->key;
		gather(w->a, op, aws_bare_id(id), d, rest);
		return;
	}
	if (!d->key && rest->first)
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
		const struct operation *op;
		char key[64];
		size_t len = w->json.len;
		struct srcloc at = { w->path, w->json.line, w->json.column };

		if (token == JSON_OBJECT_END)
			return true;
		if (token == JSON_FAILED)
			return false;
		op = find_operation(&w->json);
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
			w->document->envelope = envelope ? envelope : w->document->envelope;
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
		enum json_token token = json_next(&w->json);

		good = token != JSON_FAILED && walk_value(w, token, true);
		good = good && json_next(&w->json) == JSON_END;
		status = w->json.status;
	}
	w->a->nomem |= status == ERR_NOMEM;
	if (in)
		*digest = inflate_digest(in);
	json_fini(&w->json);
	inflate_close(in);
	return good;
}

static void
read_file(struct aws *a, const char *path, size_t root)
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

static void
take_set(struct bind *b, enum schema_map_id map, const struct yaml_node *node, void *object,
	 bool good)
{
	(void)map;
	(void)node;
	if (good && recordset_add(b->context, object) == ERR_NOMEM)
		b->nomem = true;
}

void
aws_read_records(struct aws *a, const struct aws_document *document, struct hosted_zone *zone)
{
	static const struct schema_key row = {
		"ResourceRecordSets", SCHEMA_MAP, .list = true, .map = MAP_API_SET,
	};
	struct walk w = { .a = a, .path = document->path, .within = document->within,
			  .wanted = document->ordinal, .row = &row };
	struct recordset_maker maker;
	struct digest digest;
	struct arena passing;
	struct bind b;

	arena_init(&passing, a->estate->arena.limit);
	recordset_init(&maker, a->estate, zone, &passing, a->diags);
	maker.octal = true;
	bind_init(&b, &a->estate->arena, a->diags);
	b.file = document->path;
	b.take = take_set;
	b.context = &maker;
	w.sets = &b;
	if (!walk_file(&w, &digest))
		a->incomplete = true;
	a->nomem |= b.nomem;
	zone->source = digest_fold(zone->source, digest);
	zone->source = digest_fold(zone->source, digest_bytes(&w.wanted, sizeof(w.wanted)));
	bind_fini(&b);
	arena_fini(&passing);
}

/* --- files and folders */

/** Does the file begin as JSON does?  Others in a folder are passed by. */
static bool
begins_as_json(const char *path)
{
	struct diags unheard;
	struct arena arena;
	struct inflate *in;
	char begin[256];
	size_t len = 0, at = 0;
	bool is = true;	/* what cannot be read, or is empty, is to be reported */

	arena_init(&arena, SIZE_MAX);
	diags_init(&unheard, &arena, 0);
	if (inflate_open(&in, path, (struct srcloc){ 0 }, &unheard) == OK &&
	    inflate_fill(in, begin, sizeof(begin), &len) == OK) {
		while (at < len && isspace((unsigned char)begin[at]))
			at++;
		is = at == len || begin[at] == '{' || begin[at] == '[';
	}
	inflate_close(in);
	arena_fini(&arena);
	return is;
}

/** Does a key of the document, or of the envelope, belong to the AWS CLI? */
static bool
has_our_keys(struct json *j)
{
	enum json_token token = json_next(j);

	if (token == JSON_ARRAY)	/* a configuration is a map */
		return true;
	while (token != JSON_FAILED && token != JSON_END) {
		unsigned depth = j->depth;

		token = json_next(j);
		if (token != JSON_KEY)
			return false;
		for (size_t i = 0; i < COUNT_OF(singles); i++)
			if (json_is(j, singles[i].key))
				return true;
		if (find_operation(j) || json_is(j, "output") || json_is(j, "command"))
			return true;
		if (json_next(j) == JSON_FAILED || !json_leave(j, depth))
			return false;
	}
	return false;
}

bool
aws_is_export(const char *path)
{
	struct diags unheard;
	struct arena arena;
	struct inflate *in = NULL;
	struct json json = { 0 };
	bool is = false;
	struct stat st;

	if (stat(path, &st) != 0 || !(S_ISDIR(st.st_mode) || S_ISREG(st.st_mode)))
		return false;
	if (S_ISDIR(st.st_mode))
		return true;
	arena_init(&arena, SIZE_MAX);
	diags_init(&unheard, &arena, 0);
	if (inflate_open(&in, path, (struct srcloc){ 0 }, &unheard) == OK &&
	    json_init(&json, path, inflate_fill, in, &unheard) == OK)
		is = has_our_keys(&json);
	json_fini(&json);
	inflate_close(in);
	arena_fini(&arena);
	return is;
}

static enum status walk_folder(struct aws *a, const char *path, size_t root, unsigned depth,
			       struct srcloc at);

static void
walk_entry(struct aws *a, const char *path, size_t root, unsigned depth)
{
	struct srcloc at = { aws_keep(a, path), 0, 0 };
	struct stat st;

	if (a->nomem)
		return;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		if (walk_folder(a, path, root, depth + 1, at) != OK)
			a->incomplete = true;
	} else if (begins_as_json(path)) {
		read_file(a, path, root);
	} else {
		diag_report(a->diags, SEVERITY_NOTE, "not-read", at, "this is no JSON");
	}
}

static int
shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/** By octets, whatever the locale. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static enum status
walk_folder(struct aws *a, const char *path, size_t root, unsigned depth, struct srcloc at)
{
	struct dirent **entries;
	int count;

	if (depth > FOLDERS_DEEP) {
		diag_report(a->diags, SEVERITY_ERROR, "too-deep", at,
			    "more than 32 folders within each other");
		return ERR_REJECTED;
	}
	count = scandir(path, &entries, shown, by_name);
	if (count < 0) {
		diag_report(a->diags, SEVERITY_ERROR, "unreadable-file", at,
			    "cannot read \"%s\": %s", path, strerror(errno));
		return ERR_SYSTEM;
	}
	for (int i = 0; i < count; i++) {
		char *name = arena_printf(a->scratch, "%s/%s", path, entries[i]->d_name);

		a->nomem |= !name;
		if (!a->nomem)
			walk_entry(a, name, root, depth);
		free(entries[i]);
	}
	free(entries);
	return OK;
}

/* --- all of it */

/** A page without the one that follows it. */
static void
check_pages(struct aws *a, const struct aws_document *page)
{
	struct finding *finding;

	for (const struct aws_document *d = a->documents; d; d = d->next_document) {
		static const char *const starts[] = {
			"starting-token", "next-token", "marker", "start-record-name",
		};

		if (d == page || !d->key || !page->key || strcmp(d->key, page->key) != 0)
			continue;
		if (d->first_name && strcmp(d->first_name, page->next) == 0)
			return;
		for (size_t i = 0; i < COUNT_OF(starts); i++) {
			const char *start = aws_argument(d, starts[i]);

			if (start && *page->next && strcmp(start, page->next) == 0)
				return;
		}
	}
	finding = diag_open(a->diags, SEVERITY_ERROR, "CFG001", "truncated-export",
			    page->next_at, "%s: this is one page of several, and the next is in no "
			    "file", page->key ? page->key : "the list");
	diag_add(a->diags, finding, PART_HELP, NULL, NULL, (struct srcloc){ 0 },
		 "export all pages: without --max-items and --no-paginate");
}

static void
make_objects(struct aws *a)
{
	for (const struct aws_document *d = a->documents; d; d = d->next_document)
		if (d->next)
			check_pages(a, d);
	aws_add_networks(a);
	aws_add_peerings(a);
	aws_add_transit_gateways(a);
	aws_add_zones(a);
	aws_add_health_checks(a);
	aws_add_endpoints(a);
	aws_add_rules(a);
	aws_add_profiles(a);
	aws_add_records(a);
}

enum status
aws_load(const char *path, struct srcloc at, struct objects *objects, struct diags *diags)
{
	struct aws a = { .estate = objects->estate, .objects = objects, .diags = diags,
			 .scratch = objects->scratch };
	size_t root = strlen(path);
	enum status status = OK;
	struct stat st;

	a.documents_end = &a.documents;
	table_init(&a.zones, a.scratch);
	for (unsigned kind = 0; kind < AWS_KINDS; kind++)
		table_init(&a.lists[kind].ids, a.scratch);
	bind_init(&a.bind, &a.estate->arena, diags);
	a.nomem = a.bind.nomem;
	if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
		while (root && path[root - 1] != '/')
			root--;
		read_file(&a, path, root);
	} else {
		status = walk_folder(&a, path, root, 0, at);
	}
	if (status == OK && !a.nomem && !a.documents && !a.incomplete) {
		diag_report(diags, SEVERITY_ERROR, "no-export", at,
			    "there is no JSON in \"%s\"", path);
		status = ERR_SYSTEM;
	}
	if (status == OK && !a.nomem)
		make_objects(&a);
	bind_fini(&a.bind);
	objects->incomplete |= a.incomplete;
	a.estate->incomplete |= a.incomplete;
	return a.nomem ? ERR_NOMEM : status;
}
