#include "load/unbound_conf.h"

#include <string.h>

#include "base/bytes.h"
#include "load/unbound.h"
#include "load/words.h"

static const struct words_style style = { .comments = "#", .quotes = "\"'", .joins = true };

static const struct { const char *name; enum clause clause; } clauses[] = {
	{ "server", CLAUSE_SERVER }, { "forward-zone", CLAUSE_FORWARD },
	{ "stub-zone", CLAUSE_STUB }, { "auth-zone", CLAUSE_AUTH }, { "view", CLAUSE_VIEW },
	{ "rpz", CLAUSE_RPZ }, { "remote-control", CLAUSE_OTHER }, { "cachedb", CLAUSE_OTHER },
	{ "python", CLAUSE_OTHER }, { "dynlib", CLAUSE_OTHER }, { "dnscrypt", CLAUSE_OTHER },
	{ "dnstap", CLAUSE_OTHER }, { "ipset", CLAUSE_OTHER },
};

static const char *const not_modelled[] = {
	"access-control-tag", "access-control-tag-action", "access-control-tag-data",
	"define-tag", "dns64-prefix", "dns64-synthall", "interface-tag", "interface-view",
	"local-zone-override", "local-zone-tag", "private-address", "response-ip",
	"response-ip-data", "rpz",
};

static bool
is_one_of(const char *const *words, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

static struct srcloc
place(const struct unbound *u, const struct yaml_node *node)
{
	return declare_place(u->file, node);
}

static bool
is_yes(const struct yaml_node *value)
{
	return strcmp(value->text, "yes") == 0;
}

static void *
new(struct unbound *u, size_t size)
{
	void *made = arena_alloc(u->o->nodes->arena, size);

	u->o->nodes->nomem |= !made;
	return made;
}

/* --- clauses */

static void
begin_delegation(struct unbound *u, enum clause clause, const struct yaml_node *at)
{
	struct delegation *made = new(u, sizeof(*made));

	u->delegation = made;
	if (!made)
		return;
	*made = (struct delegation){ .clause = clause, .file = u->file, .at = at };
	made->addresses = nodes_list(u->o->nodes, at);
	*(u->last ? &u->last->next : &u->first) = made;
	u->last = made;
}

static void
begin_view(struct unbound *u, const struct yaml_node *at)
{
	struct view *made = new(u, sizeof(*made)), **end = &u->views;

	u->view = made;
	if (!made)
		return;
	*made = (struct view){ .name = "", .node = at, .file = u->file };
	local_init(&made->scope, u->o->nodes->arena);
	made->blocks = nodes_list(u->o->nodes, at);
	while (*end)
		end = &(*end)->next;
	*end = made;
}

static void
begin(struct unbound *u, enum clause clause, const struct yaml_node *at)
{
	u->clause = clause;
	switch (clause) {
	case CLAUSE_FORWARD:
	case CLAUSE_STUB:
	case CLAUSE_AUTH:
		begin_delegation(u, clause, at);
		break;
	case CLAUSE_VIEW:
		begin_view(u, at);
		break;
	case CLAUSE_RPZ:
		onprem_not_modelled(u->o, place(u, at), "rpz is not modelled: answers may be "
				    "others");
		break;
	case CLAUSE_OTHER:
		declare_skipped(u->o->d, place(u, at), "%s", at->text);
		break;
	case CLAUSE_NONE:
	case CLAUSE_SERVER:
		break;
	}
}

/* --- attributes */

/** Not the name of a host. */
static bool
is_address(const struct yaml_node *value)
{
	return strspn(value->text, "0123456789abcdef.:") == strcspn(value->text, "@#");
}

static void
set_delegation(struct unbound *u, const char *key, const struct yaml_node *value)
{
	struct delegation *d = u->delegation;
	const char *rest = strchr(key, '-');

	if (!d)
		return;
	rest = rest ? rest + 1 : key;
	if (strcmp(key, "name") == 0)
		d->name = value;
	else if (strcmp(rest, "addr") == 0 ||
		 ((strcmp(key, "primary") == 0 || strcmp(key, "master") == 0) && is_address(value)))
		nodes_append(u->o->nodes, d->addresses,
			     nodes_text(u->o->nodes, value->text, value));
	else if (strcmp(key, "zonefile") == 0)
		d->zonefile = value;
	else if (strcmp(rest, "first") == 0)
		d->first = is_yes(value);
	else if (strcmp(rest, "tls-upstream") == 0 || strcmp(rest, "ssl-upstream") == 0)
		d->tls = is_yes(value);
	else if (strcmp(rest, "host") == 0 || strcmp(key, "primary") == 0 ||
		 strcmp(key, "master") == 0 || strcmp(key, "url") == 0)
		d->by_host = true;
	else
		declare_skipped(u->o->d, place(u, value), "%s", key);
}

/** "10.0.0.53", "10.0.0.53@5353", but no names and none that only this machine has. */
static void
add_interface(struct unbound *u, const struct yaml_node *value)
{
	static const struct addr zero;
	const char *ip = onprem_text(u->o, "%.*s", (int)strcspn(value->text, "@"), value->text);
	struct addr addr;

	if (addr_parse(ip, &addr) && !addr_is_loopback(&addr) && !addr_same_ip(&addr, &zero) &&
	    strcmp(ip, "0.0.0.0") != 0)
		nodes_append(u->o->nodes, u->servers, nodes_text(u->o->nodes, ip, value));
}

static void
add_client(struct unbound *u, const struct yaml_node *block, const struct yaml_node *name)
{
	struct view *v = u->views;

	while (v && strcmp(v->name, name->text) != 0)
		v = v->next;
	if (!v) {	/* the view may stand behind it */
		begin_view(u, name);
		v = u->view;
		u->view = NULL;
		if (!v)
			return;
		v->name = name->text;
	}
	nodes_append(u->o->nodes, v->blocks, nodes_text(u->o->nodes, block->text, block));
}

static void
set_server(struct unbound *u, const char *key, const struct yaml_node *const *value, size_t count)
{
	if (strcmp(key, "interface") == 0 || strcmp(key, "ip-address") == 0)
		add_interface(u, value[0]);
	else if (strcmp(key, "directory") == 0)
		u->o->directory = value[0]->text;
	else if (strcmp(key, "unblock-lan-zones") == 0)
		u->lan_zones_open = is_yes(value[0]);
	else if (strcmp(key, "access-control-view") == 0 && count > 1)
		add_client(u, value[0], value[1]);
	else if (is_one_of(not_modelled, COUNT_OF(not_modelled), key) ||
		 (strcmp(key, "module-config") == 0 &&
		  (strstr(value[0]->text, "dns64") || strstr(value[0]->text, "respip") ||
		   strstr(value[0]->text, "python") || strstr(value[0]->text, "dynlib"))))
		onprem_not_modelled(u->o, place(u, value[0]), "%s %.80s is not modelled: answers may "
				    "be others", key, value[0]->text);
	else
		declare_skipped(u->o->d, place(u, value[0]), "%.80s", key);
}

/** A view that access-control-view named already is the same. */
static void
name_view(struct unbound *u, const struct yaml_node *name)
{
	struct view **at = &u->views, *other;

	if (!u->view)
		return;
	for (other = u->views; other && (other == u->view || strcmp(other->name, name->text) != 0);)
		other = other->next;
	if (other) {
		while (*at != u->view)
			at = &(*at)->next;
		*at = u->view->next;
		other->scope = u->view->scope;
		other->first = u->view->first;
		other->node = name;
		other->file = u->file;
		u->view = other;
	}
	u->view->name = name->text;
	u->view->node = name;
}

/** Attributes that the server and views have. */
static bool
set_local(struct unbound *u, struct local_scope *scope, const char *key,
	  const struct yaml_node *const *value, size_t count)
{
	if (strcmp(key, "local-zone") == 0 && count > 1)
		local_add_zone(u->o, scope, value[0], value[1], u->file);
	else if (strcmp(key, "local-zone") == 0)
		onprem_refuse(u->o, place(u, value[0]), "local-zone: a name and a type are wanted");
	else if (strcmp(key, "local-data") == 0)
		local_add_data(u->o, scope, value[0], u->file);
	else if (strcmp(key, "local-data-ptr") == 0)
		local_add_ptr(u->o, scope, value[0], u->file);
	else
		return false;
	return true;
}

static void
set_view(struct unbound *u, const char *key, const struct yaml_node *const *value, size_t count)
{
	if (!u->view || set_local(u, &u->view->scope, key, value, count))
		return;
	if (strcmp(key, "name") == 0)
		name_view(u, value[0]);
	else if (strcmp(key, "view-first") == 0)
		u->view->first = is_yes(value[0]);
	else
		onprem_not_modelled(u->o, place(u, value[0]), "%.80s of a view is not modelled", key);
}

static void read_file(struct unbound *u, const char *path, struct srcloc at);

static void
include_file(void *context, const char *path, struct srcloc at)
{
	read_file(context, path, at);
}

static void
set(struct unbound *u, const char *key, const struct yaml_node *const *value, size_t count)
{
	if (strcmp(key, "include") == 0 || strcmp(key, "include-toplevel") == 0) {
		if (strcmp(key, "include-toplevel") == 0)
			u->clause = CLAUSE_NONE;
		onprem_each(u->o, u->file, value[0]->text, place(u, value[0]), include_file, u);
		return;
	}
	switch (u->clause) {
	case CLAUSE_SERVER:
		if (!set_local(u, &u->scope, key, value, count))
			set_server(u, key, value, count);
		break;
	case CLAUSE_FORWARD:
	case CLAUSE_STUB:
	case CLAUSE_AUTH:
		set_delegation(u, key, value[0]);
		break;
	case CLAUSE_VIEW:
		set_view(u, key, value, count);
		break;
	case CLAUSE_NONE:
		onprem_refuse(u->o, place(u, value[0]), "\"%.80s:\" is in no clause as \"server:\"",
			      key);
		break;
	case CLAUSE_RPZ:
	case CLAUSE_OTHER:
		break;
	}
}

/* --- lines */

/** Does a key begin the word, a colon behind it?  Its length, else 0. */
static size_t
key_len(const struct yaml_node *word)
{
	size_t len = strspn(word->text, "abcdefghijklmnopqrstuvwxyz0123456789-_");

	return word->plain && word->text[0] >= 'a' && word->text[0] <= 'z' &&
	       word->text[len] == ':' ? len : 0;
}

static const struct yaml_node *
behind(struct unbound *u, const struct yaml_node *word, size_t len)
{
	struct yaml_node like = { .line = word->line, .column = word->column + (uint32_t)len };

	return nodes_text(u->o->nodes, word->text + len, &like);
}

/** One key with its values; returns how many words it took. */
static size_t
read_pair(struct unbound *u, const struct yaml_node **word, size_t count)
{
	size_t len = key_len(word[0]), taken = 1, first;
	const char *key = onprem_text(u->o, "%.*s", (int)len, word[0]->text);

	if (!len) {
		onprem_refuse(u->o, place(u, word[0]), "\"%.80s\": a key and a colon are wanted",
			      word[0]->text);
		return count;
	}
	for (size_t i = 0; i < COUNT_OF(clauses); i++) {
		if (strcmp(clauses[i].name, key) != 0 || word[0]->text[len + 1])
			continue;
		begin(u, clauses[i].clause, nodes_text(u->o->nodes, key, word[0]));
		return 1;
	}
	first = word[0]->text[len + 1] ? 0 : 1;
	if (!first)
		word[0] = behind(u, word[0], len + 1);
	for (taken = 1; taken < count && (taken == first || !key_len(word[taken])); taken++)
		;
	if (taken == first)
		onprem_refuse(u->o, place(u, word[0]), "%.80s: a value is wanted", key);
	else if (word[0])
		set(u, key, word + first, taken - first);
	return taken;
}

static void
read_lines(struct unbound *u, struct words *w)
{
	while (words_next(w) && !u->o->nodes->nomem) {
		if (w->why) {
			onprem_refuse(u->o, (struct srcloc){ u->file, w->why_line, w->why_column },
				      "%s", w->why);
			return;
		}
		for (size_t i = 0; i < w->count && !u->o->nodes->nomem;)
			i += read_pair(u, w->word + i, w->count - i);
	}
}

static void
read_file(struct unbound *u, const char *path, struct srcloc at)
{
	const char *before = u->file;
	struct onprem_file file;
	struct words words;

	if (!onprem_open(u->o, &file, path, at))
		return;
	u->file = file.source.path;
	words_init(&words, &style, u->o->nodes, file.text, file.len);
	read_lines(u, &words);
	words_fini(&words);
	onprem_close(u->o, &file);
	u->file = before;
}

void
unbound_conf_read(struct unbound *u, struct onprem *o, struct srcloc at)
{
	*u = (struct unbound){ .o = o, .servers = nodes_list(o->nodes, NULL) };
	local_init(&u->scope, o->nodes->arena);
	read_file(u, o->main, at);
}

/* --- telling it */

/** Keys that no other form has: all with a dash in them, and a few. */
static bool
is_ours(const char *key, size_t len)
{
	static const char *const single[] = {
		"chroot", "directory", "interface", "logfile", "pidfile", "username", "verbosity",
	};

	for (size_t i = 0; i < COUNT_OF(single); i++)
		if (strlen(single[i]) == len && memcmp(single[i], key, len) == 0)
			return true;
	return memchr(key, '-', len) != NULL;
}

bool
unbound_is_conf(const char *path)
{
	char text[ONPREM_PEEK];
	size_t len = onprem_peek(path, text, sizeof(text));
	bool clause = false;

	for (const char *p = text; len && *p; p += strcspn(p, "\n"), p += *p == '\n') {
		size_t key;

		p += strspn(p, " \t\r");
		key = strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789-");
		if (*p == '#' || *p == '\n' || !*p)
			continue;
		if (!key || p[key] != ':')
			return false;
		for (size_t i = 0; i < COUNT_OF(clauses) && !clause; i++)
			clause = strlen(clauses[i].name) == key &&
				 memcmp(clauses[i].name, p, key) == 0;
		if (is_ours(p, key) && (clause || strncmp(p, "include-toplevel:", 17) == 0))
			return true;
	}
	return false;
}
