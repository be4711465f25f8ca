#include "load/corefile.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "load/corefile_conf.h"
#include "load/hosts.h"
#include "load/words.h"

#define USUAL_PORT "53"
#define KEYS_MOST  1000		/* zones of a server block */
#define PORTS_MOST 100

/* A zone of a server block. */
struct key {
	const char *zone, *site;
	const struct yaml_node *node;
	const char *file;
	struct key *next;
};

struct site {
	const char *port, *id;
	struct yaml_node *servers;
	const struct yaml_node *node;
	const char *file;
	struct site *next;
};

struct corefile {
	struct onprem *o;
	struct site *sites;
	unsigned ports;
	const char *port;		/* that the site has the name of the import for */
	const struct corefile_block *block;
	struct key *keys;		/* of the block */
	struct table held;		/* zones with files, of the block */
	bool passes_on;			/* it has what answers names that hosts has not */
};

typedef void (*plugin_fn)(struct corefile *c, const struct corefile_directive *d);

/* --- zones and sites */

/** "corp.example:53", "dns://.:53", "10.0.0.0/24": the port, else 53. */
static const char *
port_of(struct corefile *c, const char *key)
{
	const char *colon = strrchr(key, ':');

	if (strncmp(key, "tls://", 6) == 0 && (!colon || colon == key + 3))
		return "853";
	if (!colon || colon[1] == '/' || strspn(colon + 1, "0123456789") != strcspn(colon + 1, "/"))
		return USUAL_PORT;
	return onprem_text(c->o, "%.*s", (int)strcspn(colon + 1, "/"), colon + 1);
}

static const char *
zone_of(struct corefile *c, const char *key)
{
	const char *scheme = strstr(key, "://"), *colon, *name;

	key = scheme ? scheme + 3 : key;
	colon = strrchr(key, ':');
	if (colon && strspn(colon + 1, "0123456789") == strlen(colon + 1) && !strchr(key, '/'))
		key = onprem_text(c->o, "%.*s", (int)(colon - key), key);
	name = strchr(key, '/') ? onprem_reverse_block(c->o, key) : NULL;
	if (!name)
		name = *key ? onprem_name(c->o, key) : ".";
	return name;
}

/** The site of a port, made at its first mention. */
static struct site *
site_of(struct corefile *c, const char *port, const struct yaml_node *node, const char *file)
{
	struct site **end = &c->sites;

	for (; *end; end = &(*end)->next)
		if (strcmp((*end)->port, port) == 0)
			return *end;
	if (++c->ports > PORTS_MOST) {
		onprem_refuse(c->o, declare_place(file, node), "100 ports are the limit");
		return NULL;
	}
	*end = arena_alloc(c->o->nodes->arena, sizeof(**end));
	if (!*end) {
		c->o->nodes->nomem = true;
		return NULL;
	}
	**end = (struct site){ .port = port, .node = node, .file = file };
	(*end)->servers = nodes_list(c->o->nodes, node);
	(*end)->id = strcmp(port, c->port) == 0
		? c->o->site : onprem_text(c->o, "%s/%s", c->o->site, port);
	return *end;
}

static struct key *
new_key(struct corefile *c, const char *zone, const char *site, const struct yaml_node *node,
	const char *file)
{
	struct key *key = arena_alloc(c->o->nodes->arena, sizeof(*key));

	if (!key) {
		c->o->nodes->nomem = true;
		return NULL;
	}
	*key = (struct key){ zone, site, node, file, NULL };
	return key;
}

/** Zones of the block, parted by blanks or commas. */
static void
read_keys(struct corefile *c)
{
	const struct corefile_line *line = c->block->keys;
	struct key **end = &c->keys;
	unsigned count = 0;

	c->keys = NULL;
	for (size_t i = 0; i < line->count; i++) {
		for (const char *p = line->word[i]->text; *p; p += strcspn(p, ","), p += *p == ',') {
			const char *text = onprem_text(c->o, "%.*s", (int)strcspn(p, ","), p);
			struct site *site = site_of(c, port_of(c, text), line->word[i], line->file);

			if (!site)
				return;
			if (++count > KEYS_MOST) {
				onprem_refuse(c->o, corefile_place(line, i), "1,000 zones of a server "
					      "block are the limit");
				return;
			}
			*end = new_key(c, zone_of(c, text), site->id, line->word[i], line->file);
			if (!*end)
				return;
			end = &(*end)->next;
		}
	}
}

/** Is the site one of a zone of the block? */
static bool
has_site(const struct corefile *c, const struct site *site)
{
	for (const struct key *k = c->keys; k; k = k->next)
		if (k->site == site->id)
			return true;
	return false;
}

/** The zones that a plugin names from word `n` on, on each port of the block, else the block's. */
static struct key *
zones_of(struct corefile *c, const struct corefile_line *line, size_t n)
{
	struct key *first = NULL, **end = &first;

	if (n >= line->count)
		return c->keys;
	for (const struct site *s = c->sites; s; s = s->next) {
		if (!has_site(c, s))
			continue;
		for (size_t i = n; i < line->count && i < KEYS_MOST; i++) {
			*end = new_key(c, zone_of(c, corefile_word(line, i)), s->id, line->word[i],
				       line->file);
			if (!*end)
				return first;
			end = &(*end)->next;
		}
	}
	return first;
}

/** The lines between the braces of a directive whose first word is `name`, one after another. */
static const struct corefile_line *
find_option(const struct corefile_directive *d, const struct corefile_line *from, const char *name)
{
	for (const struct corefile_line *l = from; l && l != d->body_end; l = l->next)
		if (strcmp(corefile_word(l, 0), name) == 0)
			return l;
	return NULL;
}

/* --- plugins */

static const struct corefile_directive *
find_plugin(const struct corefile *c, const char *name)
{
	for (const struct corefile_directive *d = c->block->first; d; d = d->next)
		if (strcmp(corefile_word(d->line, 0), name) == 0)
			return d;
	return NULL;
}

static void
read_file(struct corefile *c, const struct corefile_directive *d)
{
	const struct corefile_directive *root = find_plugin(c, "root");

	if (d->line->count < 2) {
		onprem_refuse(c->o, corefile_place(d->line, 0), "file: a zone file is wanted");
		return;
	}
	c->o->directory = root ? corefile_word(root->line, 1) : NULL;
	for (const struct key *k = zones_of(c, d->line, 2); k && !c->o->nodes->nomem; k = k->next) {
		struct yaml_node *map = onprem_zone_map(c->o, k->site, k->zone, k->node);
		const char *path = onprem_path(c->o, d->line->file, corefile_word(d->line, 1));

		nodes_put(c->o->nodes, map, "zone_file",
			  nodes_text(c->o->nodes, onprem_relative(c->o, d->line->file, path),
				     d->line->word[1]));
		onprem_put_site(c->o, map, k->site, k->node);
		declare_object(c->o->d, "hosted_zones", map, d->line->file);
	}
	if (find_option(d, d->body, "fallthrough"))
		onprem_not_modelled(c->o, corefile_place(d->line, 0), "fallthrough of a zone is not "
				    "modelled: names that it has not do not exist here");
}

/** The zones with data of their own: what is forwarded of them is never asked there. */
static void
note_held(struct corefile *c)
{
	table_init(&c->held, c->o->nodes->arena);
	for (const struct corefile_directive *d = c->block->first; d; d = d->next) {
		if (strcmp(corefile_word(d->line, 0), "file") != 0)
			continue;
		for (const struct key *k = zones_of(c, d->line, 2); k; k = k->next)
			c->o->nodes->nomem |= table_put_string(&c->held, k->zone, c) != OK;
	}
}

/** The servers of a file in the form of resolv.conf. */
static void
add_resolv_conf(struct corefile *c, struct yaml_node *list, const struct corefile_line *line,
		size_t n)
{
	static const struct words_style style = { .comments = "#;", .quotes = "" };
	struct onprem_file file;
	struct words words;

	if (!onprem_open(c->o, &file, onprem_path(c->o, line->file, corefile_word(line, n)),
			 corefile_place(line, n)))
		return;
	words_init(&words, &style, c->o->nodes, file.text, file.len);
	while (words_next(&words))
		if (words.count > 1 && strcmp(words.word[0]->text, "nameserver") == 0)
			onprem_target(c->o, list, words.word[1]->text, NULL, NULL, line->word[n]);
	words_fini(&words);
	onprem_close(c->o, &file);
}

/** "10.0.0.1", "10.0.0.1:54", "[fd00::1]:54", "tls://10.0.0.1%name", "/etc/resolv.conf" */
static void
add_target(struct corefile *c, struct yaml_node *list, const struct corefile_line *line, size_t n,
	   const char *sni)
{
	const char *text = corefile_word(line, n), *name, *port;
	bool tls = strncmp(text, "tls://", 6) == 0;
	size_t len;

	if (text[0] == '/') {
		add_resolv_conf(c, list, line, n);
		return;
	}
	text += tls || strncmp(text, "dns://", 6) == 0 ? 6 : 0;
	name = strchr(text, '%');
	len = name ? (size_t)(name - text) : strlen(text);
	port = memchr(text, *text == '[' ? ']' : ':', len);
	if (port && *text == '[' && (port[1] == ':' || port + 1 == text + len)) {
		text++;
		len -= 1 + (port[1] == ':' ? strcspn(port, "%") : 1);
		port = port[1] == ':' ? port + 2 : NULL;
	} else if (port && !strchr(port + 1, ':')) {
		len = (size_t)(port++ - text);
	} else {
		port = NULL;	/* an IPv6 address without brackets */
	}
	onprem_target(c->o, list, onprem_text(c->o, "%.*s", (int)len, text),
		      port ? onprem_text(c->o, "%.*s", (int)strcspn(port, "%"), port) : NULL,
		      tls ? (name ? name + 1 : sni) : NULL, line->word[n]);
}

static const char *
policy_of(const struct corefile_directive *d)
{
	const struct corefile_line *policy = find_option(d, d->body, "policy");

	return policy && strcmp(corefile_word(policy, 1), "sequential") == 0 ? "ordered" : NULL;
}

static void
declare_rule(struct corefile *c, const struct key *key, const char *zone, const char *type,
	     struct yaml_node *targets, const char *policy, const struct yaml_node *like)
{
	struct yaml_node *rule = onprem_rule_map(c->o, key->site, zone, type, like);

	nodes_put(c->o->nodes, rule, "target_ips", targets);
	if (policy)
		nodes_put(c->o->nodes, rule, "policy", nodes_text(c->o->nodes, policy, like));
	onprem_put_site(c->o, rule, key->site, like);
	declare_object(c->o->d, "resolver_rules", rule, key->file);
}

/** forward FROM TO...: of the names that are both the block's and below FROM. */
static void
forward_zone(struct corefile *c, const struct corefile_directive *d, const struct key *key,
	     struct yaml_node *targets)
{
	const char *from = zone_of(c, corefile_word(d->line, 1));
	const char *zone = onprem_is_below(from, key->zone) ? from : key->zone;

	if (!onprem_is_below(zone, from))
		return;
	if (table_find_string(&c->held, zone)) {
		declare_skipped(c->o->d, corefile_place(d->line, 0), "forward of \"%.255s\", which is "
				"a zone here", zone);
		return;
	}
	declare_rule(c, key, zone, "FORWARD", targets, policy_of(d), d->line->word[1]);
	for (const struct corefile_line *l = find_option(d, d->body, "except"); l;
	     l = find_option(d, l->next, "except"))
		for (size_t i = 1; i < l->count; i++)
			declare_rule(c, key, zone_of(c, corefile_word(l, i)), "SYSTEM", NULL, NULL,
				     l->word[i]);
}

static void
read_forward(struct corefile *c, const struct corefile_directive *d)
{
	const struct corefile_line *name = find_option(d, d->body, "tls_servername");
	struct yaml_node *targets = nodes_list(c->o->nodes, d->line->word[0]);

	if (d->line->count < 3) {
		onprem_refuse(c->o, corefile_place(d->line, 0), "forward: FROM and TO are wanted");
		return;
	}
	for (size_t i = 2; i < d->line->count; i++)
		add_target(c, targets, d->line, i, name ? corefile_word(name, 1) : "");
	for (const struct key *k = c->keys; k && !c->o->nodes->nomem; k = k->next)
		forward_zone(c, d, k, targets);
}

/** secondary ZONES { transfer from SERVER }: asked there, as no copy of it is at hand. */
static void
read_secondary(struct corefile *c, const struct corefile_directive *d)
{
	struct yaml_node *targets = nodes_list(c->o->nodes, d->line->word[0]);

	for (const struct corefile_line *l = find_option(d, d->body, "transfer"); l;
	     l = find_option(d, l->next, "transfer"))
		for (size_t i = 2; i < l->count && strcmp(corefile_word(l, 1), "from") == 0; i++)
			add_target(c, targets, l, i, NULL);
	if (!targets || !targets->count) {
		onprem_refuse(c->o, corefile_place(d->line, 0), "secondary: \"transfer from SERVER\" is "
			      "wanted");
		return;
	}
	for (const struct key *k = zones_of(c, d->line, 1); k && !c->o->nodes->nomem; k = k->next)
		declare_rule(c, k, k->zone, "FORWARD", targets, NULL, d->line->word[0]);
}

/* --- hosts */

struct hosts {
	struct corefile *c;
	const struct key *keys;
	const char *ttl;
	bool alone;		/* names that it has not fall through: each is a zone */
	bool reverse, told;
};

static void
add_host_record(struct hosts *h, const char *name, const char *type, const char *value,
		const struct yaml_node *node, const char *file)
{
	struct onprem *o = h->c->o;

	name = onprem_name(o, name);
	for (const struct key *k = h->keys; k; k = k->next) {
		bool alone = h->alone || strcmp(k->zone, ".") == 0;

		if (!onprem_is_below(name, k->zone))
			continue;
		if (alone && !h->told)
			onprem_not_modelled(o, declare_place(file, node), "a host whose zone has other "
					    "names elsewhere (first \"%.255s\"): what is below such a "
					    "name does not exist here", name);
		h->told |= alone;
		onprem_record(o, onprem_zone(o, k->site, alone ? name : k->zone, file, node), name,
			      type, h->ttl, value, file, node);
	}
}

static void
take_host(void *context, const struct yaml_node *ip, const struct yaml_node *name, bool first,
	  const char *file)
{
	struct hosts *h = context;
	struct onprem *o = h->c->o;

	add_host_record(h, name->text, strchr(ip->text, ':') ? "AAAA" : "A", ip->text, name, file);
	if (first && h->reverse)
		add_host_record(h, onprem_reverse(o, ip->text), "PTR",
				onprem_text(o, "%s.", onprem_name(o, name->text)), ip, file);
}

static bool
is_host_option(const char *word)
{
	static const char *const options[] = { "fallthrough", "no_reverse", "reload", "ttl" };

	for (size_t i = 0; i < COUNT_OF(options); i++)
		if (strcmp(options[i], word) == 0)
			return true;
	return false;
}

/** hosts [FILE [ZONES...]] { lines of a hosts file, and options } */
static void
read_hosts(struct corefile *c, const struct corefile_directive *d)
{
	const struct corefile_line *ttl = find_option(d, d->body, "ttl"), *line = d->line;
	struct hosts h = { .c = c, .keys = zones_of(c, line, 2) };

	h.ttl = ttl ? corefile_word(ttl, 1) : ONPREM_TTL_S;
	h.reverse = !find_option(d, d->body, "no_reverse");
	h.alone = c->passes_on && find_option(d, d->body, "fallthrough");
	for (const struct key *k = h.keys; k && !h.alone; k = k->next)
		if (strcmp(k->zone, ".") != 0)
			onprem_zone(c->o, k->site, k->zone, k->file, k->node);
	if (line->count > 1)
		hosts_read(c->o, onprem_path(c->o, line->file, corefile_word(line, 1)),
			   corefile_place(line, 1), take_host, &h);
	else if (!d->body || d->body == d->body_end)
		declare_skipped(c->o->d, corefile_place(line, 0), "hosts: /etc/hosts of the server");
	for (const struct corefile_line *l = d->body; l && l != d->body_end; l = l->next)
		if (!is_host_option(corefile_word(l, 0)))
			hosts_line(c->o, l->word, l->count, l->file, take_host, &h);
}

static void
read_bind(struct corefile *c, const struct corefile_directive *d)
{
	for (size_t i = 1; i < d->line->count; i++) {
		struct addr addr;

		if (!addr_parse(corefile_word(d->line, i), &addr) || addr_is_loopback(&addr))
			continue;
		for (struct site *s = c->sites; s; s = s->next)
			if (has_site(c, s))
				nodes_append(c->o->nodes, s->servers,
					     nodes_text(c->o->nodes, corefile_word(d->line, i),
							d->line->word[i]));
	}
}

static void
refuse_plugin(struct corefile *c, const struct corefile_directive *d)
{
	onprem_not_modelled(c->o, corefile_place(d->line, 0), "%s is not modelled: answers may be "
			    "others", corefile_word(d->line, 0));
}

static const struct { const char *name; bool passes_on; plugin_fn read; } plugins[] = {
	{ "file", true, read_file }, { "forward", true, read_forward },
	{ "secondary", true, read_secondary }, { "hosts", false, read_hosts },
	{ "bind", false, read_bind },
	{ "acl", false, refuse_plugin }, { "alternate", true, refuse_plugin },
	{ "auto", true, refuse_plugin }, { "autopath", false, refuse_plugin },
	{ "azure", true, refuse_plugin }, { "clouddns", true, refuse_plugin },
	{ "dns64", false, refuse_plugin }, { "erratic", true, refuse_plugin },
	{ "etcd", true, refuse_plugin }, { "grpc", true, refuse_plugin },
	{ "k8s_external", true, refuse_plugin }, { "kubernetes", true, refuse_plugin },
	{ "rewrite", false, refuse_plugin }, { "route53", true, refuse_plugin },
	{ "template", true, refuse_plugin }, { "view", false, refuse_plugin },
	{ "whoami", true, refuse_plugin },
};

static void
read_directive(struct corefile *c, const struct corefile_directive *d)
{
	for (size_t i = 0; i < COUNT_OF(plugins); i++) {
		if (strcmp(plugins[i].name, corefile_word(d->line, 0)) == 0) {
			plugins[i].read(c, d);
			return;
		}
	}
	declare_skipped(c->o->d, corefile_place(d->line, 0), "%.80s", corefile_word(d->line, 0));
}

static void
read_block(struct corefile *c, const struct corefile_block *block)
{
	c->block = block;
	c->passes_on = false;
	read_keys(c);
	note_held(c);
	for (size_t i = 0; i < COUNT_OF(plugins); i++)
		c->passes_on |= plugins[i].passes_on && find_plugin(c, plugins[i].name);
	for (const struct corefile_directive *d = block->first; d && !c->o->nodes->nomem;
	     d = d->next)
		read_directive(c, d);
}

/** The port that most would ask: 53 where a block has it, else that of the first. */
static const char *
main_port(struct corefile *c, const struct corefile_block *blocks)
{
	const char *first = NULL;

	for (const struct corefile_block *b = blocks; b; b = b->next) {
		const char *port = port_of(c, corefile_word(b->keys, 0));

		if (strcmp(port, USUAL_PORT) == 0)
			return port;
		first = first ? first : port;
	}
	return first ? first : USUAL_PORT;
}

static void
read_main(struct onprem *o, struct srcloc at)
{
	const struct corefile_block *blocks = corefile_conf_read(o, at);
	struct corefile c = { .o = o };

	if (o->unreadable || o->nodes->nomem)
		return;
	c.port = main_port(&c, blocks);
	for (const struct corefile_block *b = blocks; b && !o->nodes->nomem; b = b->next)
		read_block(&c, b);
	for (const struct site *s = c.sites; s && !o->nodes->nomem; s = s->next) {
		struct yaml_node *site = onprem_site(o, s->id, s->node);

		if (s->servers && s->servers->count)
			nodes_put(o->nodes, site, "servers", s->servers);
		declare_site(o->d, site, s->file);
	}
}

enum status
corefile_load(const struct import_item *items, struct declare *d)
{
	return onprem_load(items, d, read_main);
}

/* --- telling it */

static bool
is_plugin(const char *word, size_t len)
{
	static const char *const others[] = {
		"cache", "errors", "health", "import", "log", "loop", "prometheus", "ready", "reload",
	};

	for (size_t i = 0; i < COUNT_OF(plugins); i++)
		if (strlen(plugins[i].name) == len && memcmp(plugins[i].name, word, len) == 0)
			return true;
	for (size_t i = 0; i < COUNT_OF(others); i++)
		if (strlen(others[i]) == len && memcmp(others[i], word, len) == 0)
			return true;
	return false;
}

bool
corefile_is_conf(const char *path)
{
	char text[ONPREM_PEEK];
	size_t len = onprem_peek(path, text, sizeof(text));
	bool open = false;

	for (const char *p = text; len && *p; p += strcspn(p, "\n"), p += *p == '\n') {
		size_t line, word;

		p += strspn(p, " \t\r");
		line = strcspn(p, "#\r\n");
		word = strcspn(p, " \t\r\n");
		while (line && (p[line - 1] == ' ' || p[line - 1] == '\t'))
			line--;
		if (!line)
			continue;
		if (open)
			return is_plugin(p, word);
		if (strchr("{[\"'", *p) || p[line - 1] != '{')
			return false;
		open = true;
	}
	return false;
}
