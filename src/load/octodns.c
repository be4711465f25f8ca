#include "load/octodns.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/text.h"
#include "dns/codes.h"
#include "load/onprem.h"

#define FIELDS_MOST 6
#define CHUNK_MOST  255u	/* octets of one string of a TXT record */

/* Values that are maps: their members in the order of the presentation form. */
struct form {
	const char *type;
	struct { const char *key, *older, *absent; bool quoted; } fields[FIELDS_MOST];
};

static const struct form forms[] = {
	{ "MX", { { "preference", "priority", NULL, false }, { "exchange", "value", NULL, false } } },
	{ "SRV", { { "priority", NULL, NULL, false }, { "weight", NULL, NULL, false },
		   { "port", NULL, NULL, false }, { "target", NULL, NULL, false } } },
	{ "NAPTR", { { "order", NULL, NULL, false }, { "preference", NULL, NULL, false },
		     { "flags", NULL, NULL, true }, { "service", NULL, NULL, true },
		     { "regexp", NULL, NULL, true }, { "replacement", NULL, NULL, false } } },
	{ "CAA", { { "flags", NULL, "0", false }, { "tag", NULL, NULL, false },
		   { "value", NULL, NULL, true } } },
	{ "SSHFP", { { "algorithm", NULL, NULL, false }, { "fingerprint_type", NULL, NULL, false },
		     { "fingerprint", NULL, NULL, false } } },
	{ "TLSA", { { "certificate_usage", NULL, NULL, false }, { "selector", NULL, NULL, false },
		    { "matching_type", NULL, NULL, false },
		    { "certificate_association_data", NULL, NULL, false } } },
	{ "DS", { { "key_tag", NULL, NULL, false }, { "algorithm", NULL, NULL, false },
		  { "digest_type", NULL, NULL, false }, { "digest", NULL, NULL, false } } },
};

static const char *const plain_types[] = { "A", "AAAA", "CNAME", "DNAME", "NS", "PTR" };

/* One zone on its way. */
struct zone_file {
	struct onprem *o;
	const char *file, *name;
	struct onprem_zone *zone;
};

/* --- values */

static const struct form *
form_of(const char *type)
{
	for (size_t i = 0; i < COUNT_OF(forms); i++)
		if (strcmp(forms[i].type, type) == 0)
			return &forms[i];
	return NULL;
}

static bool
is_plain(const char *type)
{
	for (size_t i = 0; i < COUNT_OF(plain_types); i++)
		if (strcmp(plain_types[i], type) == 0)
			return true;
	return false;
}

static bool
is_text(const char *type)
{
	return strcmp(type, "TXT") == 0 || strcmp(type, "SPF") == 0;
}

/** In double quotes, cut where one string may not be longer; \; stands for a semicolon. */
static void
quote(struct text *out, const char *text)
{
	unsigned len = 0;

	text_append(out, "\"");
	for (const char *c = text; *c; c++) {
		if (c[0] == '\\' && c[1] == ';')
			c++;
		if (len == CHUNK_MOST) {
			text_append(out, "\" \"");
			len = 0;
		}
		if (*c == '"' || *c == '\\')
			text_append(out, "\\");
		text_append_len(out, c, 1);
		len++;
	}
	text_append(out, "\"");
}

/** A map of members.  false: one is missing. */
static bool
put_fields(struct text *out, const struct form *form, const struct yaml_node *value)
{
	for (size_t i = 0; i < FIELDS_MOST && form->fields[i].key; i++) {
		const struct yaml_node *said = yaml_find(value, form->fields[i].key);
		const char *text = form->fields[i].absent;

		if (!said && form->fields[i].older)
			said = yaml_find(value, form->fields[i].older);
		if (said && said->kind == YAML_SCALAR)
			text = said->text;
		if (!text)
			return false;
		text_append(out, i ? " " : "");
		if (form->fields[i].quoted)
			quote(out, text);
		else
			text_append(out, text);
	}
	return true;
}

static void
take_value(struct zone_file *z, const char *owner, const char *type, const char *ttl,
	   const struct yaml_node *value)
{
	const struct form *form = form_of(type);
	bool good = value->kind == (form ? YAML_MAPPING : YAML_SCALAR);
	struct text text;

	text_init(&text);
	if (good && form)
		good = put_fields(&text, form, value);
	else if (good && is_text(type) && value->text[0] != '"')
		quote(&text, value->text);
	else if (good)
		text_append(&text, value->text);
	if (good && !text.failed)
		onprem_record(z->o, z->zone, owner, type, ttl, text.data ? text.data : "", z->file,
			      value);
	else
		onprem_refuse(z->o, declare_place(z->file, value), "%s %s: this is no value of a "
			      "record of that type", owner, type);
	text_fini(&text);
}

/* --- records */

static const char *
scalar_of(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *node = yaml_find(map, key);

	return node && node->kind == YAML_SCALAR ? node->text : NULL;
}

static void
check_policy(struct zone_file *z, const char *owner, const char *type,
	     const struct yaml_node *record)
{
	static const char *const policies[] = { "geo", "dynamic" };

	for (size_t i = 0; i < COUNT_OF(policies); i++) {
		const struct yaml_item *said = yaml_pair(record, policies[i]);

		if (said)
			onprem_not_modelled(z->o, declare_place(z->file, said->key),
					    "%s %s: by `%s` some are answered otherwise than with "
					    "its values", owner, type, policies[i]);
	}
}

static void
take_record(struct zone_file *z, const char *owner, const struct yaml_node *record)
{
	const char *type = scalar_of(record, "type"), *ttl = scalar_of(record, "ttl");
	const struct yaml_node *values = yaml_find(record, "values");

	if (!type) {
		onprem_refuse(z->o, declare_place(z->file, record), "%s: a record without a type",
			      owner);
		return;
	}
	if (!is_plain(type) && !is_text(type) && !form_of(type)) {
		onprem_not_modelled(z->o, declare_place(z->file, record),
				    "%s: records of type %.40s are left out", owner, type);
		return;
	}
	check_policy(z, owner, type, record);
	ttl = ttl ? ttl : ONPREM_TTL_S;		/* octoDNS has the same by default */
	if (!values)
		values = yaml_find(record, "value");
	if (!values) {
		onprem_refuse(z->o, declare_place(z->file, record), "%s %s: neither value nor "
			      "values", owner, type);
		return;
	}
	if (values->kind != YAML_SEQUENCE) {
		take_value(z, owner, type, ttl, values);
		return;
	}
	for (const struct yaml_item *i = values->first; i; i = i->next)
		take_value(z, owner, type, ttl, i->value);
}

/** One owner: a record, or a list of them. */
static void
take_owner(struct zone_file *z, const struct yaml_item *pair)
{
	const char *owner = pair->key->count
		? onprem_name(z->o, onprem_text(z->o, "%s.%s", pair->key->text, z->name))
		: z->name;

	if (pair->value->kind != YAML_SEQUENCE) {
		take_record(z, owner, pair->value);
		return;
	}
	for (const struct yaml_item *i = pair->value->first; i; i = i->next)
		take_record(z, owner, i->value);
}

/* --- files */

/** The zone that a file is named for. */
static const char *
stem_of(struct onprem *o, const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	const char *dot = strrchr(base, '.');

	return onprem_name(o, dot && dot > base
				      ? onprem_text(o, "%.*s", (int)(dot - base), base) : base);
}

static void
read_zone(struct onprem *o, const char *path, struct srcloc at)
{
	struct zone_file z = { .o = o };
	const struct yaml_node *root;
	struct onprem_file file;
	enum status status;

	if (!onprem_open(o, &file, path, at))
		return;
	z.file = file.source.path;
	z.name = stem_of(o, z.file);
	status = yaml_read(&file.source, o->nodes->arena, o->diags, &root);
	o->nodes->nomem |= status == ERR_NOMEM;
	if (status != OK) {
		declare_incomplete(o->d);
	} else if (root->kind != YAML_MAPPING) {
		onprem_refuse(o, declare_place(z.file, root), "a map of names and records is wanted");
	} else {
		z.zone = onprem_zone(o, o->site, z.name, z.file, root);
		for (const struct yaml_item *i = root->first; i && z.zone; i = i->next)
			take_owner(&z, i);
	}
	onprem_close(o, &file);
}

/** Is there "KEY: WORD", in a line of its own or in a map in braces? */
static bool
says(const char *text, const char *key, bool (*fits)(const char *value))
{
	size_t len = strlen(key);

	for (const char *at = strstr(text, key); at; at = strstr(at + len, key))
		if (at > text && strchr(" {,\t", at[-1]) && fits(at + len))
			return true;
	return false;
}

static bool
is_type(const char *value)
{
	char word[CODE_TEXT_MAX];
	size_t len;

	value += strspn(value, ": '\"");
	len = strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	if (!len || len >= sizeof(word) || !strchr(" ,}\r\n'\"", value[len]))
		return false;
	memcpy(word, value, len);
	word[len] = '\0';
	return is_plain(word) || is_text(word) || form_of(word) || strcmp(word, "ALIAS") == 0;
}

static bool
is_value(const char *value)
{
	value += *value == 's';
	return *value == ':';
}

/** Named for a zone, with records, and no configuration of ours. */
static bool
is_zone_file(const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	const char *end = strrchr(base, '.');
	char text[ONPREM_PEEK];

	if (!end || strcmp(end, ".yaml") != 0 || !memchr(base, '.', (size_t)(end - base)) ||
	    !onprem_peek(path, text, sizeof(text)))
		return false;
	return says(text, "type", is_type) && says(text, "value", is_value) &&
	       !strstr(text, "hosted_zones:") && !strstr(text, "record_sets:");
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

typedef bool (*zone_file_fn)(void *context, const char *path);

/** Each file of the folder that is a zone's.  Stops where fn returns false. */
static void
each_zone_file(const char *path, zone_file_fn fn, void *context)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_visible, alphasort);
	bool more = true;

	if (count < 0)
		return;
	for (int i = 0; i < count; i++) {
		struct text full;

		text_init(&full);
		text_printf(&full, "%s/%s", path, entries[i]->d_name);
		if (more && !full.failed && is_zone_file(full.data))
			more = fn(context, full.data);
		text_fini(&full);
		free(entries[i]);
	}
	free(entries);
}

static bool
note(void *context, const char *path)
{
	(void)path;
	*(bool *)context = true;
	return false;
}

bool
octodns_is(const char *path)
{
	bool is = is_zone_file(path);

	if (!is)
		each_zone_file(path, note, &is);
	return is;
}

/* A run over the files of a folder. */
struct run {
	struct onprem *o;
	struct srcloc at;
	bool any;
};

static bool
read_one(void *context, const char *path)
{
	struct run *run = context;

	run->any = true;
	read_zone(run->o, path, run->at);
	return !run->o->nodes->nomem;
}

static void
read_main(struct onprem *o, struct srcloc at)
{
	struct run run = { .o = o, .at = at };
	struct stat st;

	if (stat(o->main, &st) == 0 && S_ISDIR(st.st_mode)) {
		each_zone_file(o->main, read_one, &run);
		if (!run.any)
			onprem_refuse(o, at, "%s: no file of it is a zone of octoDNS", o->main);
	} else {
		read_one(&run, o->main);
	}
	declare_site(o->d, onprem_site(o, o->site, NULL), o->main);
}

enum status
octodns_load(const struct import_item *items, struct declare *d)
{
	return onprem_load(items, d, read_main);
}
