#include "load/named.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "load/named_clients.h"
#include "load/named_conf.h"

#define LISTS_DEEP  16		/* lists of primaries that name each other in a row */
#define SERVERS_MOST 1000	/* of one list */

/* A zone of a view; declared when all views are read, since in-view adds sites to it. */
struct zone {
	const char *name;
	struct yaml_node *map, *sites;
	const char *file;
	struct zone *next;
};

struct view {
	const char *id;			/* of its site */
	const char *name;		/* "" where there are no views */
	const struct named_statement *statements;
	bool recursion;
	struct view *next;
};

/* One named.conf. */
struct named {
	struct onprem *o;
	const struct named_statement *top, *options;
	struct view *views;
	struct zone *zones, **zones_end;
	struct table by_name;		/* "VIEW NAME" -> struct zone */
	struct table lists;		/* name -> statement: primaries and the like */
};

/* What changes answers, in options and views, and is not in the model. */
static const char *const not_modelled[] = {
	"catalog-zones", "deny-answer-addresses", "deny-answer-aliases", "dlz", "dns64", "dyndb",
	"filter-aaaa-on-v4", "filter-aaaa-on-v6", "match-destinations", "match-recursive-only",
	"nxdomain-redirect", "plugin", "response-policy", "root-delegation-only",
};

static bool
is_one_of(const char *const *words, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (strcasecmp(words[i], word) == 0)
			return true;
	return false;
}

static void
put_text(struct named *n, struct yaml_node *map, const char *key, const char *text,
	 const struct yaml_node *like)
{
	nodes_put(n->o->nodes, map, key, nodes_text(n->o->nodes, text, like));
}

/** What a view says, else the options. */
static const struct named_statement *
setting(const struct named *n, const struct view *view, const char *name)
{
	const struct named_statement *s = named_find(view->statements, name);

	return s ? s : named_find(n->options, name);
}

static bool
is_no(const char *word)
{
	return strcasecmp(word, "no") == 0 || strcasecmp(word, "false") == 0 ||
	       strcmp(word, "0") == 0;
}

/* --- who is asked */

/** The word behind `port` in a statement; "" where there is none. */
static const char *
port_of(const struct named_statement *s)
{
	for (unsigned i = 0; i < 8; i++)
		if (strcasecmp(named_text(s, i), "port") == 0)
			return named_text(s, i + 1);
	return "";
}

/** Lists of servers by their names; the first of a name counts. */
static void
note_lists(struct named *n)
{
	static const char *const kinds[] = { "primaries", "masters", "remote-servers" };

	table_init(&n->lists, n->o->nodes->arena);
	for (const struct named_statement *s = n->top; s; s = s->next)
		if (is_one_of(kinds, COUNT_OF(kinds), named_text(s, 0)) &&
		    !table_find_string(&n->lists, named_text(s, 1)))
			n->o->nodes->nomem |= table_put_string(&n->lists, named_text(s, 1),
							       (void *)(uintptr_t)s) != OK;
}

/** The servers of a list, those of lists that it names included. */
static void
add_servers(struct named *n, const struct named_statement *statement, const char *port,
	    struct yaml_node *list, unsigned deep)
{
	const char *common = port_of(statement);

	if (*common)
		port = common;
	for (const struct named_statement *s = named_block(statement); s && list; s = s->next) {
		const char *word = named_text(s, 0), *own = port_of(s);
		const struct named_statement *named = table_find_string(&n->lists, word);

		if (list->count >= SERVERS_MOST || deep > LISTS_DEEP) {
			onprem_refuse(n->o, named_place(s), "1,000 servers in lists 16 deep are the "
				      "limit");
			return;
		}
		if (named)
			add_servers(n, named, *own ? own : port, list, deep + 1);
		else if (named_word(s, 0))
			onprem_target(n->o, list, word, *own ? own : port, NULL,
				      named_word(s, 0));
	}
}

/**
 * `forward first`, the default: what the forwarders cannot say is looked up itself, by which
 * server.internet_resolver stands; where a daemon has none there is nothing to say.
 */
static void
put_on(struct named *n, struct yaml_node *rule, const struct named_statement *policy,
       const struct yaml_node *like)
{
	const struct settings *settings = &n->o->d->estate->settings;
	struct yaml_node *on;

	if ((policy && strcasecmp(named_text(policy, 1), "only") == 0) ||
	    (settings->at.file && !settings->internet_resolver))
		return;
	on = nodes_map(n->o->nodes, like);
	put_text(n, on, "servfail", "internet", like);
	put_text(n, on, "timeout", "internet", like);
	nodes_put(n->o->nodes, rule, "on", on);
}

/** BIND asks the server that has answered soonest first. */
static void
put_targets(struct named *n, struct yaml_node *rule, struct yaml_node *targets,
	    const struct yaml_node *like)
{
	nodes_put(n->o->nodes, rule, "target_ips", targets);
	put_text(n, rule, "policy", "fastest", like);
}

/* --- zones */

static const char *
zone_name(struct named *n, const struct named_statement *s)
{
	return onprem_name(n->o, named_text(s, 1));
}

/** forward { forwarders }: an empty list is an exception below a forwarded domain. */
static void
add_forward(struct named *n, const struct view *view, const struct named_statement *zone,
	    const struct named_statement *body)
{
	const struct named_statement *forwarders = named_find(body, "forwarders");
	const struct yaml_node *like = named_word(zone, 1);
	struct yaml_node *targets = nodes_list(n->o->nodes, like), *rule;

	if (forwarders)
		add_servers(n, forwarders, "", targets, 0);
	rule = onprem_rule_map(n->o, view->id, zone_name(n, zone),
			       targets && targets->count ? "FORWARD" : "SYSTEM", like);
	if (targets && targets->count) {
		put_targets(n, rule, targets, like);
		put_on(n, rule, named_find(body, "forward"), like);
	}
	onprem_put_site(n->o, rule, view->id, like);
	declare_object(n->o->d, "resolver_rules", rule, zone->file);
}

/** stub, static-stub, and a secondary without a copy: its servers are asked. */
static void
add_asked(struct named *n, const struct view *view, const struct named_statement *zone,
	  const struct named_statement *servers)
{
	const struct yaml_node *like = named_word(zone, 1);
	struct yaml_node *targets = nodes_list(n->o->nodes, like), *rule;

	add_servers(n, servers, "", targets, 0);
	rule = onprem_rule_map(n->o, view->id, zone_name(n, zone), "FORWARD", like);
	put_targets(n, rule, targets, like);
	onprem_put_site(n->o, rule, view->id, like);
	declare_object(n->o->d, "resolver_rules", rule, zone->file);
}

static const char *
zone_key(struct named *n, const char *view, const char *name)
{
	return onprem_text(n->o, "%s %s", view, name);
}

static void
add_zone(struct named *n, const struct view *view, const struct named_statement *zone,
	 const struct named_statement *file)
{
	const struct yaml_node *like = named_word(zone, 1), *path = named_word(file, 1);
	struct zone *made = arena_alloc(n->o->nodes->arena, sizeof(*made));

	if (!made) {
		n->o->nodes->nomem = true;
		return;
	}
	*made = (struct zone){ .name = zone_name(n, zone), .file = zone->file };
	made->map = onprem_zone_map(n->o, view->id, made->name, like);
	made->sites = nodes_list(n->o->nodes, like);	/* in-view appends more */
	nodes_append(n->o->nodes, made->sites, nodes_text(n->o->nodes, view->id, like));
	put_text(n, made->map, "zone_file",
		 onprem_relative(n->o, zone->file, onprem_path(n->o, file->file, path->text)), path);
	*n->zones_end = made;
	n->zones_end = &made->next;
	n->o->nodes->nomem |= table_put_string(&n->by_name, zone_key(n, view->name, made->name),
					       made) != OK;
}

static void
leave_out(struct named *n, const struct named_statement *at, const struct named_statement *zone,
	  const char *why)
{
	onprem_not_modelled(n->o, named_place(at), "zone \"%.255s\": %s", named_text(zone, 1), why);
	declare_incomplete(n->o->d);
}

/** Its text can be read: it is said where it is, and is no image of BIND's own. */
static bool
has_text(const struct named_statement *body)
{
	const struct named_statement *format = named_find(body, "masterfile-format");

	return named_find(body, "file") && named_word(named_find(body, "file"), 1) &&
	       (!format || strcasecmp(named_text(format, 1), "text") == 0);
}

static void
add_primary(struct named *n, const struct view *view, const struct named_statement *zone,
	    const struct named_statement *body)
{
	static const char *const updates[] = { "update-policy", "allow-update" };

	if (!has_text(body)) {
		leave_out(n, zone, zone, "its data are in no text file, so its names are not known");
		return;
	}
	for (size_t i = 0; i < COUNT_OF(updates); i++) {
		const struct named_statement *s = named_find(body, updates[i]);
		const struct named_statement *who = s ? named_block(s) : NULL;

		if (s && (who ? !named_is(who, "none") : !named_has_block(s)))
			onprem_not_modelled(n->o, named_place(s), "zone \"%.255s\" takes updates: "
					    "its file may be behind", named_text(zone, 1));
	}
	add_zone(n, view, zone, named_find(body, "file"));
}

/** A copy in text at hand is as good as the zone; else its primaries have the answers. */
static void
add_secondary(struct named *n, const struct view *view, const struct named_statement *zone,
	      const struct named_statement *body)
{
	const struct named_statement *format = named_find(body, "masterfile-format");
	const struct named_statement *file = named_find(body, "file");
	const struct named_statement *primaries = named_find(body, "primaries");
	struct stat st;

	if (!primaries)
		primaries = named_find(body, "masters");
	if (format && has_text(body) &&
	    stat(onprem_path(n->o, file->file, named_text(file, 1)), &st) == 0)
		add_zone(n, view, zone, file);
	else if (primaries)
		add_asked(n, view, zone, primaries);
	else
		leave_out(n, zone, zone, "it has no primaries, so its names are not known");
}

static void
add_static_stub(struct named *n, const struct view *view, const struct named_statement *zone,
		const struct named_statement *body)
{
	const struct named_statement *addresses = named_find(body, "server-addresses");

	if (addresses)
		add_asked(n, view, zone, addresses);
	else
		leave_out(n, zone, zone, "server-names are not followed, so its servers are not "
			  "known");
}

static void
add_stub(struct named *n, const struct view *view, const struct named_statement *zone,
	 const struct named_statement *body)
{
	const struct named_statement *primaries = named_find(body, "primaries");

	if (!primaries)
		primaries = named_find(body, "masters");
	if (primaries)
		add_asked(n, view, zone, primaries);
	else
		leave_out(n, zone, zone, "it has no primaries");
}

/** Another view's zone, seen here too. */
static void
add_in_view(struct named *n, const struct view *view, const struct named_statement *zone,
	    const struct named_statement *in)
{
	const char *name = zone_name(n, zone);
	struct zone *z = table_find_string(&n->by_name, zone_key(n, named_text(in, 1), name));

	if (z) {
		nodes_append(n->o->nodes, z->sites,
			     nodes_text(n->o->nodes, view->id, named_word(zone, 1)));
		return;
	}
	onprem_refuse(n->o, named_place(in), "in-view: view \"%.80s\" has no zone \"%.255s\" with "
		      "data of its own", named_text(in, 1), name);
}

typedef void (*zone_fn)(struct named *n, const struct view *view,
			const struct named_statement *zone, const struct named_statement *body);

static void
skip_zone(struct named *n, const struct view *view, const struct named_statement *zone,
	  const struct named_statement *body)
{
	(void)view;
	declare_skipped(n->o->d, named_place(zone), "zone \"%.255s\" (%s)", named_text(zone, 1),
			named_text(named_find(body, "type"), 1));
}

static void
refuse_kind(struct named *n, const struct view *view, const struct named_statement *zone,
	    const struct named_statement *body)
{
	(void)view;
	onprem_not_modelled(n->o, named_place(zone), "a %s zone changes what other names are "
			    "answered with", named_text(named_find(body, "type"), 1));
}

static const struct { const char *type; zone_fn add; bool recursive; } kinds[] = {
	{ "primary", add_primary, false }, { "master", add_primary, false },
	{ "secondary", add_secondary, false }, { "slave", add_secondary, false },
	{ "mirror", skip_zone, false }, { "hint", skip_zone, false },
	{ "forward", add_forward, true }, { "stub", add_stub, true },
	{ "static-stub", add_static_stub, true },
	{ "redirect", refuse_kind, true }, { "delegation-only", refuse_kind, true },
};

static void
read_zone(struct named *n, const struct view *view, const struct named_statement *zone)
{
	const struct named_statement *body = named_block(zone), *type = named_find(body, "type");
	const struct named_statement *in = named_find(body, "in-view");

	if (!*named_text(zone, 1) || !named_has_block(zone)) {
		onprem_refuse(n->o, named_place(zone), "zone: a name and braces are wanted");
		return;
	}
	if (*named_text(zone, 2) && strcasecmp(named_text(zone, 2), "IN") != 0) {
		declare_skipped(n->o->d, named_place(zone), "zone \"%.255s\" of class %.20s",
				named_text(zone, 1), named_text(zone, 2));
		return;
	}
	if (in) {
		add_in_view(n, view, zone, in);
		return;
	}
	for (size_t i = 0; type && i < COUNT_OF(kinds); i++) {
		if (strcasecmp(kinds[i].type, named_text(type, 1)) != 0)
			continue;
		if (kinds[i].recursive && !view->recursion)
			declare_skipped(n->o->d, named_place(zone), "zone \"%.255s\": there is no "
					"recursion", named_text(zone, 1));
		else
			kinds[i].add(n, view, zone, body);
		return;
	}
	onprem_refuse(n->o, named_place(type ? type : zone), "zone \"%.255s\": %s%.40s",
		      named_text(zone, 1), type ? "there is no type " : "its type is missing",
		      type ? named_text(type, 1) : "");
}

/* --- views */

/** Forwarders of all names. */
static void
read_forwarders(struct named *n, const struct view *view)
{
	const struct named_statement *forwarders = setting(n, view, "forwarders");
	const struct yaml_node *like;
	struct yaml_node *targets, *rule;

	if (!forwarders || !named_block(forwarders) || !view->recursion)
		return;
	like = named_word(forwarders, 0);
	targets = nodes_list(n->o->nodes, like);
	add_servers(n, forwarders, "", targets, 0);
	rule = onprem_rule_map(n->o, view->id, ".", "FORWARD", like);
	put_targets(n, rule, targets, like);
	put_on(n, rule, setting(n, view, "forward"), like);
	onprem_put_site(n->o, rule, view->id, like);
	declare_object(n->o->d, "resolver_rules", rule, forwarders->file);
}

static void
declare_view(struct named *n, const struct view *view, const struct yaml_node *like,
	     const char *file)
{
	const struct named_statement *clients = named_find(view->statements, "match-clients");
	struct yaml_node *site = onprem_site(n->o, view->id, like);
	struct yaml_node *servers = nodes_list(n->o->nodes, like);

	if (clients && *view->name)
		nodes_put(n->o->nodes, site, "cidr_blocks",
			  named_clients(n->o, n->top, clients));
	for (const struct named_statement *s = n->options; s; s = s->next)
		if (named_is(s, "listen-on") || named_is(s, "listen-on-v6"))
			named_listens(n->o, s, servers);
	if (servers && servers->count)
		nodes_put(n->o->nodes, site, "servers", servers);
	declare_site(n->o->d, site, file);
}

/** Statements of options or of a view that are no zones. */
static void
read_settings(struct named *n, const struct named_statement *block)
{
	static const char *const read[] = {
		"acl", "directory", "forward", "forwarders", "include", "listen-on", "listen-on-v6",
		"masters", "match-clients", "options", "primaries", "recursion", "remote-servers",
		"view", "zone",
	};

	for (const struct named_statement *s = block; s && !n->o->nodes->nomem; s = s->next) {
		const char *name = named_text(s, 0);

		if (is_one_of(not_modelled, COUNT_OF(not_modelled), name) &&
		    !is_no(named_text(s, 1)))
			onprem_not_modelled(n->o, named_place(s), "%s is not modelled: answers may "
					    "be others", name);
		else if (!is_one_of(read, COUNT_OF(read), name))
			declare_skipped(n->o->d, named_place(s), "%.80s", name);
	}
}

static struct view *
add_view(struct named *n, const char *name, const struct named_statement *statements)
{
	struct view *view = arena_alloc(n->o->nodes->arena, sizeof(*view)), **end = &n->views;
	const struct named_statement *recursion;

	if (!view) {
		n->o->nodes->nomem = true;
		return NULL;
	}
	*view = (struct view){ .name = name, .statements = statements };
	view->id = *name ? onprem_text(n->o, "%s/%s", n->o->site, name) : n->o->site;
	recursion = setting(n, view, "recursion");
	view->recursion = !recursion || !is_no(named_text(recursion, 1));
	while (*end)
		end = &(*end)->next;
	return *end = view;
}

static void
read_view(struct named *n, const struct view *view)
{
	read_forwarders(n, view);
	for (const struct named_statement *s = view->statements; s && !n->o->nodes->nomem;
	     s = s->next)
		if (named_is(s, "zone"))
			read_zone(n, view, s);
}

/** Without views the whole file is one. */
static void
read_views(struct named *n)
{
	bool some = false;

	for (const struct named_statement *s = n->top; s && !n->o->nodes->nomem; s = s->next) {
		struct view *view;

		if (!named_is(s, "view"))
			continue;
		some = true;
		view = add_view(n, named_text(s, 1), named_block(s));
		if (!view)
			return;
		declare_view(n, view, named_word(s, 1), s->file);
		read_settings(n, view->statements);
		read_view(n, view);
	}
	if (!some && add_view(n, "", n->top)) {
		declare_view(n, n->views, named_word(n->top, 0), n->top->file);
		read_view(n, n->views);
		return;
	}
	for (const struct named_statement *s = n->top; s; s = s->next)
		if (named_is(s, "zone"))
			onprem_refuse(n->o, named_place(s), "zone \"%.255s\" is in no view: where "
				      "there are views, all zones are in one", named_text(s, 1));
}

static void
declare_zones(struct named *n)
{
	for (struct zone *z = n->zones; z && !n->o->nodes->nomem; z = z->next) {
		nodes_put(n->o->nodes, z->map, "sites", z->sites);
		declare_object(n->o->d, "hosted_zones", z->map, z->file);
	}
}

static void
read_conf(struct onprem *o, struct srcloc at)
{
	const struct named_statement *options;
	struct named n = { .o = o };

	n.zones_end = &n.zones;
	table_init(&n.by_name, o->nodes->arena);
	n.top = named_conf_read(o, o->main, at);
	if (!n.top)
		return;
	note_lists(&n);
	options = named_find(n.top, "options");
	n.options = options ? named_block(options) : NULL;
	read_settings(&n, n.options);
	read_settings(&n, n.top);
	read_views(&n);
	declare_zones(&n);
}

enum status
named_load(const struct import_item *items, struct declare *d)
{
	return onprem_load(items, d, read_conf);
}

bool
named_is_conf(const char *path)
{
	char text[ONPREM_PEEK];
	size_t len = onprem_peek(path, text, sizeof(text));

	return len && named_conf_begins(text, len);
}
