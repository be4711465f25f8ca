#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "load/onprem.h"
#include "load/zonerecord.h"

/* Record sets as they come together. */
struct onprem_set {
	struct yaml_node *map, *values;
	const char *file;
	uint64_t ttl_s;
	struct onprem_set *next;
};

/** Words that YAML would take for no text are text here: a zone may be called "null". */
static struct yaml_node *
text_of(struct onprem *o, const char *text, const struct yaml_node *like)
{
	struct yaml_node *node = nodes_text(o->nodes, text, like);

	if (node)
		node->plain = false;
	return node;
}

/** A list of one text. */
static struct yaml_node *
list_of(struct onprem *o, const char *text, const struct yaml_node *like)
{
	struct yaml_node *list = nodes_list(o->nodes, like);

	nodes_append(o->nodes, list, text_of(o, text, like));
	return list;
}

struct yaml_node *
onprem_site(struct onprem *o, const char *id, const struct yaml_node *like)
{
	struct yaml_node *map = nodes_map(o->nodes, like);

	nodes_put(o->nodes, map, "id", text_of(o, id, like));
	return map;
}

struct yaml_node *
onprem_zone_map(struct onprem *o, const char *site, const char *name,
		const struct yaml_node *like)
{
	struct yaml_node *map = nodes_map(o->nodes, like);

	nodes_put(o->nodes, map, "id",
		  text_of(o, onprem_text(o, "%s/%s", site, name), like));
	nodes_put(o->nodes, map, "name", text_of(o, name, like));
	return map;
}

struct yaml_node *
onprem_rule_map(struct onprem *o, const char *site, const char *name, const char *type,
		const struct yaml_node *like)
{
	struct yaml_node *map = nodes_map(o->nodes, like);

	nodes_put(o->nodes, map, "id",
		  text_of(o, onprem_text(o, "%s/%s", site, name), like));
	nodes_put(o->nodes, map, "domain_name", text_of(o, name, like));
	nodes_put(o->nodes, map, "rule_type", nodes_text(o->nodes, type, like));
	return map;
}

void
onprem_put_site(struct onprem *o, struct yaml_node *map, const char *site,
		const struct yaml_node *like)
{
	nodes_put(o->nodes, map, "sites", list_of(o, site, like));
}

void
onprem_target(struct onprem *o, struct yaml_node *list, const char *ip, const char *port,
	      const char *tls, const struct yaml_node *like)
{
	struct yaml_node *map = nodes_map(o->nodes, like);

	nodes_put(o->nodes, map, "ip", text_of(o, ip, like));
	if (port && *port)
		nodes_put(o->nodes, map, "port", nodes_text(o->nodes, port, like));
	else if (tls)
		nodes_put(o->nodes, map, "port", nodes_text(o->nodes, "853", like));
	if (tls)
		nodes_put(o->nodes, map, "protocol", nodes_text(o->nodes, "DoT", like));
	if (tls && *tls)
		nodes_put(o->nodes, map, "server_name_indication", text_of(o, tls, like));
	nodes_append(o->nodes, list, map);
}

void
onprem_target_at(struct onprem *o, struct yaml_node *list, const struct yaml_node *word,
		 char sign, bool tls)
{
	const char signs[] = { sign, '#', '%', '\0' };
	const char *text = word->text, *port = strchr(text, sign), *name = strrchr(text, '#');
	const char *ip = onprem_text(o, "%.*s", (int)strcspn(text, signs), text);

	if (port)
		port = onprem_text(o, "%.*s", (int)strcspn(port + 1, "#%@"), port + 1);
	onprem_target(o, list, ip, port, !tls ? NULL : name ? name + 1 : "", word);
}

struct onprem_zone *
onprem_zone(struct onprem *o, const char *site, const char *name, const char *file,
	    const struct yaml_node *like)
{
	const char *id = onprem_text(o, "%s/%s", site, name);
	struct onprem_zone *zone = table_find_string(&o->zones, id);
	struct yaml_node *map;

	if (zone)
		return zone;
	zone = arena_alloc(o->nodes->arena, sizeof(*zone));
	if (!zone || table_put_string(&o->zones, id, zone) != OK) {
		o->nodes->nomem = true;
		return NULL;
	}
	zone->id = id;
	zone->name = name;
	table_init(&zone->sets, o->nodes->arena);
	map = onprem_zone_map(o, site, name, like);
	nodes_put(o->nodes, map, "sites", list_of(o, site, like));
	declare_object(o->d, "hosted_zones", map, file);
	return zone;
}

static struct onprem_set *
new_set(struct onprem *o, struct onprem_zone *zone, const char *key, const char *name,
	const char *type, const struct yaml_node *like)
{
	struct onprem_set *set = arena_alloc(o->nodes->arena, sizeof(*set));

	if (!set || table_put_string(&zone->sets, key, set) != OK) {
		o->nodes->nomem = true;
		return NULL;
	}
	set->map = nodes_map(o->nodes, like);
	set->values = nodes_list(o->nodes, like);
	set->ttl_s = UINT64_MAX;
	nodes_put(o->nodes, set->map, "name", text_of(o, name, like));
	nodes_put(o->nodes, set->map, "type", nodes_text(o->nodes, type, like));
	*(zone->last ? &zone->last->next : &zone->first) = set;
	zone->last = set;
	return set;
}

/** Name servers take the same record twice as one; here it would be a finding. */
static bool
is_new(struct onprem *o, struct onprem_zone *zone, struct onprem_set *set, const char *key,
       const char *value)
{
	const char *whole = onprem_text(o, "%s %s", key, value);

	if (table_find_string(&zone->sets, whole))
		return false;
	o->nodes->nomem |= table_put_string(&zone->sets, whole, set) != OK;
	return true;
}

void
onprem_record(struct onprem *o, struct onprem_zone *zone, const char *name, const char *type,
	      const char *ttl_s, const char *value, const char *file,
	      const struct yaml_node *like)
{
	const char *owner = onprem_name(o, name);
	const char *key = onprem_text(o, "%s %s", owner, type);
	struct onprem_set *set = zone ? table_find_string(&zone->sets, key) : NULL;
	uint64_t ttl;

	if (!zone || o->nodes->nomem)
		return;
	if (!set) {
		set = new_set(o, zone, key, owner, type, like);
		if (!set)
			return;
		set->file = file;
	}
	if (text_parse_u64(ttl_s, UINT32_MAX, &ttl) && ttl < set->ttl_s)
		set->ttl_s = ttl;
	if (is_new(o, zone, set, key, value))
		nodes_append(o->nodes, set->values, text_of(o, value, like));
}

/** The next word of a record: "" at its end. */
static const char *
take_word(struct onprem *o, const char **text)
{
	size_t blanks = strspn(*text, " \t"), len = strcspn(*text + blanks, " \t");
	const char *word = onprem_text(o, "%.*s", (int)len, *text + blanks);

	*text += blanks + len;
	return word;
}

/** TXT as people write it: without quotes each word is a string. */
static const char *
quoted(struct onprem *o, const char *text)
{
	struct text made;
	const char *word;

	if (strchr(text, '"'))
		return text;
	text_init(&made);
	while (*(word = take_word(o, &text)))
		text_printf(&made, "%s\"%s\"", made.len ? " " : "", word);
	word = onprem_text(o, "%s", made.data && !made.failed ? made.data : "");
	text_fini(&made);
	return word;
}

static const char *
upper(struct onprem *o, const char *text)
{
	char *made = arena_string(o->nodes->arena, text);

	o->nodes->nomem |= !made;
	for (char *p = made; p && *p; p++)
		*p = (char)toupper((unsigned char)*p);
	return made ? made : "";
}

bool
onprem_record_text(struct onprem *o, struct onprem_zone *zone, const char *name,
		   const char *text, const char *file, const struct yaml_node *like)
{
	const char *word = take_word(o, &text), *ttl = "";
	struct field field = { .text = word, .len = (uint32_t)strlen(word) };
	uint32_t ttl_s;

	if (zonerecord_ttl(&field, &ttl_s)) {
		ttl = onprem_text(o, "%u", ttl_s);
		word = take_word(o, &text);
	}
	if (strcasecmp(word, "IN") == 0)
		word = take_word(o, &text);
	text += strspn(text, " \t");
	if (!*word || !*text) {
		onprem_refuse(o, declare_place(file, like), "a record of \"%.255s\" has no data",
			      name);
		return false;
	}
	onprem_record(o, zone, name, upper(o, word), *ttl ? ttl : ONPREM_TTL_S,
		      strcasecmp(word, "TXT") == 0 ? quoted(o, text) : text, file, like);
	return true;
}

void
onprem_end(struct onprem *o)
{
	for (size_t i = 0; i < o->zones.count; i++) {
		const struct onprem_zone *zone = o->zones.entries[i].value;

		for (const struct onprem_set *s = zone->first; s && !o->nodes->nomem; s = s->next) {
			const char *ttl = s->ttl_s == UINT64_MAX
				? ONPREM_TTL_S : onprem_text(o, "%ju", (uintmax_t)s->ttl_s);

			nodes_put(o->nodes, s->map, "ttl", nodes_text(o->nodes, ttl, s->map));
			nodes_put(o->nodes, s->map, "values", s->values);
			declare_record_set(o->d, zone->id, s->map, s->file);
		}
	}
}
