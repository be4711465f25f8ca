#include "load/dnsmasq.h"

#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/text.h"
#include "load/dnsmasq_conf.h"
#include "load/hosts.h"
#include "load/words.h"

#define LOCAL_TTL_S "0"		/* of what is answered from the configuration, without local-ttl */

enum domain_kind {
	DOMAIN_ASKED,		/* at its servers */
	DOMAIN_USUAL,		/* as names of no domain are */
	DOMAIN_LOCAL,		/* what is not known here does not exist */
	DOMAIN_ADDRESS,		/* all names have the addresses */
};

/* What is said of a domain. */
struct domain {
	const char *name;
	enum domain_kind kind;
	struct yaml_node *targets;
	const struct yaml_node *node;
	const char *file;
	struct domain *next;
};

/* A record, or an address of a domain; placed when all domains are known. */
struct datum {
	const char *name, *type, *ttl_s, *value;
	const struct yaml_node *node;
	const char *file;
	struct datum *next;
};

struct dnsmasq {
	struct onprem *o;
	struct domain *first, *last;
	struct table domains;		/* name -> struct domain */
	struct datum *first_datum, *last_datum;
	struct yaml_node *servers;	/* where it listens */
	const char *domain, *local_ttl;
	bool expand_hosts, no_hosts, in_order, told_dhcp;
};

typedef void (*key_fn)(struct dnsmasq *d, const struct dnsmasq_line *line);

static struct srcloc
place(const struct dnsmasq_line *line, unsigned i)
{
	return declare_place(line->file, i < line->count ? line->part[i] : line->key);
}

static const char *
part(const struct dnsmasq_line *line, unsigned i)
{
	return i < line->count ? line->part[i]->text : "";
}

static const char *
reason_missing(const struct dnsmasq_line *line, unsigned count)
{
	return line->count < count || !*part(line, 0) ? "a value is wanted" : NULL;
}

static bool
is_address(const char *text)
{
	struct addr addr;

	return addr_parse(text, &addr);
}

static bool
is_number(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text);
}

/* --- domains */

static struct domain *
find_domain(struct dnsmasq *d, const char *name)
{
	return table_find_string(&d->domains, name);
}

/** What was said last is its kind; servers of several lines add up. */
static struct domain *
add_domain(struct dnsmasq *d, const char *text, enum domain_kind kind,
	   const struct yaml_node *node, const char *file)
{
	const char *name = onprem_name(d->o, text);
	struct domain *domain = find_domain(d, name);

	if (!domain) {
		domain = arena_alloc(d->o->nodes->arena, sizeof(*domain));
		if (!domain || table_put_string(&d->domains, name, domain) != OK) {
			d->o->nodes->nomem = true;
			return NULL;
		}
		*domain = (struct domain){ .name = name, .node = node, .file = file };
		domain->targets = nodes_list(d->o->nodes, node);
		*(d->last ? &d->last->next : &d->first) = domain;
		d->last = domain;
	}
	domain->kind = kind;
	return domain;
}

static void
add_datum(struct dnsmasq *d, const char *name, const char *type, const char *ttl_s,
	  const char *value, const struct yaml_node *node, const char *file)
{
	struct datum *datum = arena_alloc(d->o->nodes->arena, sizeof(*datum));

	if (!datum) {
		d->o->nodes->nomem = true;
		return;
	}
	*datum = (struct datum){ onprem_name(d->o, name), type, ttl_s, value, node, file, NULL };
	*(d->last_datum ? &d->last_datum->next : &d->first_datum) = datum;
	d->last_datum = datum;
}

static const char *
type_of(const char *address)
{
	return strchr(address, ':') ? "AAAA" : "A";
}

/** The domain and all below it have an address. */
static void
add_answer(struct dnsmasq *d, const char *name, const char *address,
	   const struct dnsmasq_line *line)
{
	add_datum(d, name, type_of(address), NULL, address, line->part[0], line->file);
	add_datum(d, onprem_text(d->o, "*.%s", name), type_of(address), NULL, address,
		  line->part[0], line->file);
}

/** One domain of server=, local= or address=; what: behind the last slash. */
static void
set_domain(struct dnsmasq *d, const struct dnsmasq_line *line, const char *name,
	   const struct yaml_node *what, bool address)
{
	struct domain *domain;

	if (*name == '*' || !*name || strcmp(name, "#") == 0) {
		onprem_not_modelled(d->o, place(line, 0), "%s=%.255s: %s is not modelled",
				    line->key->text, part(line, 0),
				    *name ? "a pattern" : "names without dots");
		return;
	}
	name += *name == '.';	/* the old way to write it */
	domain = add_domain(d, name, address && *what->text ? DOMAIN_ADDRESS :
			    !*what->text ? DOMAIN_LOCAL :
			    strcmp(what->text, "#") == 0 ? DOMAIN_USUAL : DOMAIN_ASKED,
			    line->part[0], line->file);
	if (!domain)
		return;
	if (domain->kind == DOMAIN_ASKED)
		onprem_target_at(d->o, domain->targets, what, '#', false);
	else if (domain->kind == DOMAIN_ADDRESS && strcmp(what->text, "#") == 0) {
		add_answer(d, name, "0.0.0.0", line);
		add_answer(d, name, "::", line);
	} else if (domain->kind == DOMAIN_ADDRESS) {
		add_answer(d, name, what->text, line);
	}
}

/** "/DOMAIN/DOMAIN/WHAT", or a server for all names. */
static void
read_domains(struct dnsmasq *d, const struct dnsmasq_line *line, bool address)
{
	const char *text = part(line, 0), *last = strrchr(text, '/');
	struct yaml_node like;
	const struct yaml_node *what;

	if (*text != '/') {
		struct domain *all;

		if (address) {
			onprem_refuse(d->o, place(line, 0), "address: /DOMAIN/ADDRESS is wanted");
			return;
		}
		all = add_domain(d, ".", DOMAIN_ASKED, line->part[0], line->file);
		if (all)
			onprem_target_at(d->o, all->targets, line->part[0], '#', false);
		return;
	}
	like = (struct yaml_node){ .line = line->part[0]->line,
				   .column = line->part[0]->column + (uint32_t)(last + 1 - text) };
	what = nodes_text(d->o->nodes, last + 1, &like);
	for (text++; what && text <= last; text = strchr(text, '/') + 1)
		set_domain(d, line, onprem_text(d->o, "%.*s", (int)strcspn(text, "/"), text), what,
			   address);
}

static void
read_server(struct dnsmasq *d, const struct dnsmasq_line *line)
{
	read_domains(d, line, false);
}

static void
read_address(struct dnsmasq *d, const struct dnsmasq_line *line)
{
	read_domains(d, line, true);
}

/** rev-server=BLOCK,SERVER: the reverse names of a block, label by label. */
static void
read_reverse(struct dnsmasq *d, const struct dnsmasq_line *line)
{
	struct prefix prefix;
	struct domain *domain;
	unsigned step, spare;
	bool v4;

	if (prefix_parse(part(line, 0), &prefix) != OK || line->count < 2) {
		onprem_refuse(d->o, place(line, 0), "rev-server: BLOCK,SERVER is wanted");
		return;
	}
	v4 = prefix_is_v4(&prefix);
	step = v4 ? 8 : 4;
	spare = (step - prefix.bits % step) % step;
	for (unsigned i = 0; i < 1u << spare; i++) {
		struct prefix one = prefix;
		char buf[ADDR_TEXT_MAX];

		one.bits = (uint8_t)(prefix.bits + spare);
		one.ip[(one.bits - 1) / 8] |= (uint8_t)(i << (8 - step) * (one.bits % 8 != 0));
		domain = add_domain(d, onprem_reverse_block(d->o, prefix_print(&one, buf)),
				    DOMAIN_ASKED, line->part[0], line->file);
		if (domain)
			onprem_target_at(d->o, domain->targets, line->part[1], '#', false);
	}
}

/* --- records */

static const char *
name_value(struct dnsmasq *d, const char *name)
{
	return onprem_text(d->o, "%s.", onprem_name(d->o, name));
}

/** host-record=NAME[,NAME...][,ADDRESS][,ADDRESS][,TTL] */
static void
read_host(struct dnsmasq *d, const struct dnsmasq_line *line)
{
	const char *ttl = line->count > 1 && is_number(part(line, line->count - 1))
		? part(line, line->count - 1) : NULL;

	for (unsigned a = 1; a < line->count; a++) {
		const char *address = part(line, a);

		if (!is_address(address))
			continue;
		for (unsigned n = 0; n < line->count; n++)
			if (!is_address(part(line, n)) && part(line, n) != ttl)
				add_datum(d, part(line, n), type_of(address), ttl, address,
					  line->part[n], line->file);
		add_datum(d, onprem_reverse(d->o, address), "PTR", ttl,
			  name_value(d, part(line, 0)), line->part[a], line->file);
	}
}

/** cname=ALIAS[,ALIAS...],TARGET[,TTL] */
static void
read_cname(struct dnsmasq *d, const struct dnsmasq_line *line)
{
	unsigned count = line->count;
	const char *ttl = count > 2 && is_number(part(line, count - 1)) ? part(line, --count) : NULL;

	if (count < 2)
		onprem_refuse(d->o, place(line, 0), "cname: ALIAS,TARGET is wanted");
	for (unsigned i = 0; i + 1 < count; i++)
		add_datum(d, part(line, i), "CNAME", ttl, name_value(d, part(line, count - 1)),
			  line->part[i], line->file);
}

/** ptr-record=NAME[,TARGET] */
static void
read_ptr(struct dnsmasq *d, const struct dnsmasq_line *line)
{
	if (line->count > 1)
		add_datum(d, part(line, 0), "PTR", NULL, name_value(d, part(line, 1)),
			  line->part[0], line->file);
}

/** txt-record=NAME[,TEXT...] */
static void
read_txt(struct dnsmasq *d, const struct dnsmasq_line *line)
{
	struct text value;

	text_init(&value);
	for (unsigned i = 1; i < line->count; i++) {
		text_append(&value, i > 1 ? " \"" : "\"");
		for (const char *p = part(line, i); *p; p++) {
			if (*p == '"' || *p == '\\')
				text_append(&value, "\\");
			text_append_len(&value, p, 1);
		}
		text_append(&value, "\"");
	}
	add_datum(d, part(line, 0), "TXT", NULL,
		  onprem_text(d->o, "%s", value.data && !value.failed ? value.data : "\"\""),
		  line->part[0], line->file);
	text_fini(&value);
}

/** srv-host=NAME[,TARGET[,PORT[,PRIORITY[,WEIGHT]]]] */
static void
read_srv(struct dnsmasq *d, const struct dnsmasq_line *line)
{
	const char *target = *part(line, 1) ? name_value(d, part(line, 1)) : ".";

	add_datum(d, part(line, 0), "SRV", NULL,
		  onprem_text(d->o, "%s %s %s %s", *part(line, 3) ? part(line, 3) : "0",
			      *part(line, 4) ? part(line, 4) : "0",
			      *part(line, 2) ? part(line, 2) : "1", target),
		  line->part[0], line->file);
}

/** mx-host=NAME[,HOST[,PREFERENCE]] */
static void
read_mx(struct dnsmasq *d, const struct dnsmasq_line *line)
{
	add_datum(d, part(line, 0), "MX", NULL,
		  onprem_text(d->o, "%s %s", *part(line, 2) ? part(line, 2) : "1",
			      name_value(d, *part(line, 1) ? part(line, 1) : part(line, 0))),
		  line->part[0], line->file);
}

/* --- files */

/** Without dots and with expand-hosts a name stands for that in the domain, too. */
static void
take_host(void *context, const struct yaml_node *ip, const struct yaml_node *name, bool first,
	  const char *file)
{
	struct dnsmasq *d = context;
	const char *full = name->text;

	add_datum(d, full, type_of(ip->text), NULL, ip->text, name, file);
	if (d->expand_hosts && d->domain && !strchr(full, '.')) {
		full = onprem_text(d->o, "%s.%s", full, d->domain);
		add_datum(d, full, type_of(ip->text), NULL, ip->text, name, file);
	}
	if (first)
		add_datum(d, onprem_reverse(d->o, ip->text), "PTR", NULL, name_value(d, full), ip,
			  file);
}

static void read_file(struct dnsmasq *d, const char *path, struct srcloc at);

static void
include_hosts(void *context, const char *path, struct srcloc at)
{
	struct dnsmasq *d = context;

	hosts_read(d->o, path, at, take_host, d);
}

static void
include_conf(void *context, const char *path, struct srcloc at)
{
	read_file(context, path, at);
}

/** A file, or the files of a folder. */
static void
read_each(struct dnsmasq *d, const struct dnsmasq_line *line, const char *pattern,
	  onprem_file_fn fn)
{
	const char *path = onprem_path(d->o, line->file, part(line, 0));
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		onprem_each(d->o, line->file, onprem_text(d->o, "%s/%s", part(line, 0), pattern),
			    place(line, 0), fn, d);
	else
		fn(d, path, place(line, 0));
}

static void
read_hosts(struct dnsmasq *d, const struct dnsmasq_line *line)
{
	read_each(d, line, "*", include_hosts);
}

/** conf-dir=FOLDER[,*.ENDING]; endings to leave out are not looked at. */
static void
read_conf(struct dnsmasq *d, const struct dnsmasq_line *line)
{
	if (line->count == 1)
		read_each(d, line, "*", include_conf);
	for (unsigned i = 1; i < line->count; i++) {
		if (*part(line, i) == '*')
			read_each(d, line, part(line, i), include_conf);
		else
			onprem_not_modelled(d->o, place(line, i), "files without the ending \"%.80s\" "
					    "are not chosen: the folder is not read", part(line, i));
	}
}

/** resolv-file=FILE: servers for all names. */
static void
read_resolv(struct dnsmasq *d, const struct dnsmasq_line *line)
{
	static const struct words_style style = { .comments = "#;", .quotes = "" };
	struct domain *all = add_domain(d, ".", DOMAIN_ASKED, line->part[0], line->file);
	struct onprem_file file;
	struct words words;

	if (!all || !onprem_open(d->o, &file, onprem_path(d->o, line->file, part(line, 0)),
				 place(line, 0)))
		return;
	words_init(&words, &style, d->o->nodes, file.text, file.len);
	while (words_next(&words))
		if (words.count > 1 && strcmp(words.word[0]->text, "nameserver") == 0)
			onprem_target_at(d->o, all->targets, words.word[1], '@', false);
	words_fini(&words);
	onprem_close(d->o, &file);
}

/* --- keys */

static void
read_listen(struct dnsmasq *d, const struct dnsmasq_line *line)
{
	for (unsigned i = 0; i < line->count; i++) {
		struct addr addr;

		if (addr_parse(part(line, i), &addr) && !addr_is_loopback(&addr))
			nodes_append(d->o->nodes, d->servers,
				     nodes_text(d->o->nodes, part(line, i), line->part[i]));
	}
}

static void
read_domain(struct dnsmasq *d, const struct dnsmasq_line *line)
{
	if (line->count == 1)
		d->domain = onprem_name(d->o, part(line, 0));
}

static void
read_ttl(struct dnsmasq *d, const struct dnsmasq_line *line)
{
	d->local_ttl = part(line, 0);
}

static void
refuse_key(struct dnsmasq *d, const struct dnsmasq_line *line)
{
	onprem_not_modelled(d->o, place(line, 0), "%s is not modelled: answers may be others",
			    line->key->text);
}

static void
refuse_dhcp(struct dnsmasq *d, const struct dnsmasq_line *line)
{
	if (!d->told_dhcp)
		onprem_not_modelled(d->o, place(line, 0), "the names of DHCP clients are answered, "
				    "and not known");
	d->told_dhcp = true;
}

static void
set_flag(struct dnsmasq *d, const struct dnsmasq_line *line)
{
	const char *key = line->key->text;

	d->expand_hosts |= strcmp(key, "expand-hosts") == 0;
	d->no_hosts |= strcmp(key, "no-hosts") == 0;
	d->in_order |= strcmp(key, "strict-order") == 0;
}

static const struct { const char *key; bool bare; key_fn read; } keys[] = {
	{ "server", false, read_server }, { "local", false, read_server },
	{ "address", false, read_address }, { "rev-server", false, read_reverse },
	{ "host-record", false, read_host }, { "cname", false, read_cname },
	{ "ptr-record", false, read_ptr }, { "txt-record", false, read_txt },
	{ "srv-host", false, read_srv }, { "mx-host", false, read_mx },
	{ "addn-hosts", false, read_hosts }, { "hostsdir", false, read_hosts },
	{ "conf-file", false, read_conf }, { "conf-dir", false, read_conf },
	{ "servers-file", false, read_conf }, { "resolv-file", false, read_resolv },
	{ "listen-address", false, read_listen }, { "domain", false, read_domain },
	{ "local-ttl", false, read_ttl }, { "expand-hosts", true, set_flag },
	{ "no-hosts", true, set_flag }, { "strict-order", true, set_flag },
	{ "alias", false, refuse_key }, { "auth-zone", false, refuse_key },
	{ "bogus-nxdomain", false, refuse_key }, { "bogus-priv", true, refuse_key },
	{ "caa-record", false, refuse_key }, { "dns-rr", false, refuse_key },
	{ "dynamic-host", false, refuse_key }, { "filter-A", true, refuse_key },
	{ "filter-AAAA", true, refuse_key }, { "filter-rr", false, refuse_key },
	{ "ignore-address", false, refuse_key }, { "interface-name", false, refuse_key },
	{ "localmx", true, refuse_key }, { "mx-target", false, refuse_key },
	{ "naptr-record", false, refuse_key }, { "selfmx", true, refuse_key },
	{ "stop-dns-rebind", true, refuse_key }, { "synth-domain", false, refuse_key },
	{ "dhcp-host", false, refuse_dhcp }, { "dhcp-hostsfile", false, refuse_dhcp },
	{ "dhcp-range", false, refuse_dhcp },
};

static void
read_line(void *context, const struct dnsmasq_line *line)
{
	struct dnsmasq *d = context;

	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		const char *why;

		if (strcmp(keys[i].key, line->key->text) != 0)
			continue;
		why = keys[i].bare ? NULL : reason_missing(line, 1);
		if (why)
			onprem_refuse(d->o, place(line, 0), "%s: %s", keys[i].key, why);
		else
			keys[i].read(d, line);
		return;
	}
	declare_skipped(d->o->d, place(line, 0), "%.80s", line->key->text);
}

static void
read_file(struct dnsmasq *d, const char *path, struct srcloc at)
{
	dnsmasq_conf_read(d->o, path, at, read_line, d);
}

/* --- what came of it */

/** The domain that decides what happens to a name: the nearest at or above it; NULL. */
static struct domain *
domain_of(struct dnsmasq *d, const char *name)
{
	for (const char *rest = name; *rest;) {
		struct domain *domain = find_domain(d, rest);
		const char *dot = strchr(rest, '.');

		if (domain)
			return domain;
		if (!dot || !dot[1])
			break;
		rest = dot + 1;
	}
	return find_domain(d, ".");
}

static void
declare_domain(struct dnsmasq *d, const struct domain *domain)
{
	const struct domain *all = find_domain(d, ".");
	struct yaml_node *targets = domain->targets, *rule;
	bool asks;

	if (domain->kind == DOMAIN_LOCAL || domain->kind == DOMAIN_ADDRESS) {
		onprem_zone(d->o, d->o->site, domain->name, domain->file, domain->node);
		return;
	}
	if (domain->kind == DOMAIN_USUAL)
		targets = all ? all->targets : NULL;
	asks = targets && targets->count;
	rule = onprem_rule_map(d->o, d->o->site, domain->name, asks ? "FORWARD" : "SYSTEM",
			       domain->node);
	if (asks) {
		nodes_put(d->o->nodes, rule, "target_ips", targets);
		nodes_put(d->o->nodes, rule, "policy",
			  nodes_text(d->o->nodes, d->in_order ? "ordered" : "fastest",
				     domain->node));
	}
	onprem_put_site(d->o, rule, d->o->site, domain->node);
	declare_object(d->o->d, "resolver_rules", rule, domain->file);
}

static void
declare_data(struct dnsmasq *d)
{
	const struct datum *alone = NULL;
	size_t count = 0;

	for (const struct datum *i = d->first_datum; i && !d->o->nodes->nomem; i = i->next) {
		const struct domain *domain = domain_of(d, i->name);
		bool own = !domain || domain->kind == DOMAIN_ASKED || domain->kind == DOMAIN_USUAL;
		struct onprem_zone *zone = onprem_zone(d->o, d->o->site,
						       own ? i->name : domain->name, i->file,
						       i->node);
		const char *ttl = i->ttl_s ? i->ttl_s : d->local_ttl;

		onprem_record(d->o, zone, i->name, i->type, ttl, i->value, i->file, i->node);
		if (domain && domain->kind == DOMAIN_LOCAL)
			continue;
		alone = alone ? alone : i;
		count++;
	}
	if (count)
		onprem_not_modelled(d->o, declare_place(alone->file, alone->node),
				    "records in no local domain (%zu, first \"%.255s\"): other types "
				    "of their names, and what is below, is forwarded, and does not "
				    "exist here",
				    count, alone->name);
}

static void
read_main(struct onprem *o, struct srcloc at)
{
	struct dnsmasq d = { .o = o, .local_ttl = LOCAL_TTL_S };
	struct yaml_node *site;

	table_init(&d.domains, o->nodes->arena);
	d.servers = nodes_list(o->nodes, NULL);
	read_file(&d, o->main, at);
	if (o->unreadable || o->nodes->nomem)
		return;
	if (!d.no_hosts)
		declare_skipped(o->d, (struct srcloc){ o->main, 0, 0 },
				"/etc/hosts, which dnsmasq reads without no-hosts");
	site = onprem_site(o, o->site, d.first ? d.first->node : NULL);
	if (d.servers && d.servers->count)
		nodes_put(o->nodes, site, "servers", d.servers);
	declare_site(o->d, site, o->main);
	for (const struct domain *domain = d.first; domain && !o->nodes->nomem;
	     domain = domain->next)
		declare_domain(&d, domain);
	declare_data(&d);
}

enum status
dnsmasq_load(const struct import_item *items, struct declare *d)
{
	return onprem_load(items, d, read_main);
}

/* --- telling it */

/** A line's key, as in "server=": one that is read here, so that other forms are not taken. */
static bool
is_key(const char *key, size_t len, bool value)
{
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (strlen(keys[i].key) == len && memcmp(keys[i].key, key, len) == 0)
			return value || keys[i].bare;
	return false;
}

bool
dnsmasq_is_conf(const char *path)
{
	char text[ONPREM_PEEK];
	size_t len = onprem_peek(path, text, sizeof(text));
	bool ours = false;

	for (const char *p = text; len && *p; p += strcspn(p, "\n"), p += *p == '\n') {
		size_t key, blanks;

		p += strspn(p, " \t\r");
		if (*p == '#' || *p == '\n' || !*p)
			continue;
		key = strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789-A");
		blanks = key + strspn(p + key, " \t\r");
		if (!key || (p[blanks] != '=' && p[blanks] != '\n' && p[blanks] != '#' && p[blanks]))
			return false;
		ours |= is_key(p, key, p[blanks] == '=');
	}
	return ours;
}
