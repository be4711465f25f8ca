#include "load/unbound.h"

#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "load/unbound_conf.h"

/* Answered by Unbound itself, unless there is a local-zone of the name. */
static const char *const built_in[] = {
	"localhost", "127.in-addr.arpa", "10.in-addr.arpa", "168.192.in-addr.arpa",
	"16.172.in-addr.arpa", "17.172.in-addr.arpa", "18.172.in-addr.arpa",
	"19.172.in-addr.arpa", "20.172.in-addr.arpa", "21.172.in-addr.arpa",
	"22.172.in-addr.arpa", "23.172.in-addr.arpa", "24.172.in-addr.arpa",
	"25.172.in-addr.arpa", "26.172.in-addr.arpa", "27.172.in-addr.arpa",
	"28.172.in-addr.arpa", "29.172.in-addr.arpa", "30.172.in-addr.arpa",
	"31.172.in-addr.arpa",
	"254.169.in-addr.arpa", "2.0.192.in-addr.arpa", "100.51.198.in-addr.arpa",
	"113.0.203.in-addr.arpa", "255.255.255.255.in-addr.arpa", "0.in-addr.arpa", "d.f.ip6.arpa",
	"8.e.f.ip6.arpa", "9.e.f.ip6.arpa", "a.e.f.ip6.arpa", "b.e.f.ip6.arpa",
	"8.b.d.0.1.0.0.2.ip6.arpa", "home.arpa", "onion", "test", "invalid",
};

static const char *
name_of(struct unbound *u, const struct delegation *d)
{
	return onprem_name(u->o, d->name->text);
}

/** The name that Unbound answers itself for, whatever is forwarded; NULL. */
static const char *
built_in_above(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(built_in); i++)
		if (onprem_is_below(name, built_in[i]))
			return built_in[i];
	return NULL;
}

/** Does the site of a view (NULL: of the server) ever ask elsewhere for the name? */
static bool
is_asked(struct unbound *u, const struct view *v, const char *name)
{
	const struct local_zone *local = v ? local_find(&v->scope, name) : NULL;
	const char *itself = u->lan_zones_open ? NULL : built_in_above(name);

	if (v && (local || !v->first))
		return !local_hides(local);
	local = local_find(&u->scope, name);
	return !local_hides(local) &&
	       (!itself || (local && onprem_is_below(local->name, itself)));
}

/** The sites that ask elsewhere for it; false: there are none. */
static bool
put_sites(struct unbound *u, struct yaml_node *map, const char *name, const struct yaml_node *like)
{
	struct yaml_node *sites = nodes_list(u->o->nodes, like);

	if (is_asked(u, NULL, name))
		nodes_append(u->o->nodes, sites, nodes_text(u->o->nodes, u->o->site, like));
	for (const struct view *v = u->views; v; v = v->next)
		if (is_asked(u, v, name))
			nodes_append(u->o->nodes, sites, nodes_text(u->o->nodes, v->id, like));
	nodes_put(u->o->nodes, map, "sites", sites);
	return sites && sites->count;
}

static void
told_hidden(struct unbound *u, const struct delegation *d)
{
	const char *name = name_of(u, d), *itself = built_in_above(name);
	const struct local_zone *local = local_find(&u->scope, name);

	if (local_hides(local))
		declare_skipped(u->o->d, declare_place(d->file, d->name), "forwarding of "
				"\"%.255s\", which local-zone \"%.255s\" answers", name, local->name);
	else if (itself)
		onprem_not_modelled(u->o, declare_place(d->file, d->name), "\"%.255s\" is never asked "
				    "there: Unbound answers for %s itself, unless there is a "
				    "local-zone of it, as with nodefault", name, itself);
}

static struct yaml_node *
targets_of(struct unbound *u, const struct delegation *d)
{
	struct yaml_node *list = nodes_list(u->o->nodes, d->at);

	for (const struct yaml_item *i = d->addresses->first; i; i = i->next)
		onprem_target_at(u->o, list, i->value, '@', d->tls);
	return list;
}

static void
put_on(struct unbound *u, struct yaml_node *rule, const struct yaml_node *like)
{
	const struct settings *settings = &u->o->d->estate->settings;
	struct yaml_node *on = nodes_map(u->o->nodes, like);

	if (settings->at.file && !settings->internet_resolver)
		return;
	nodes_put(u->o->nodes, on, "servfail", nodes_text(u->o->nodes, "internet", like));
	nodes_put(u->o->nodes, on, "timeout", nodes_text(u->o->nodes, "internet", like));
	nodes_put(u->o->nodes, rule, "on", on);
}

/** For `name`, which is that of the delegation or below it; without servers an exception. */
static void
declare_rule(struct unbound *u, const struct delegation *d, const char *name,
	     const struct yaml_node *like, const char *file)
{
	bool asks = d && d->addresses && d->addresses->count;
	struct yaml_node *rule = onprem_rule_map(u->o, u->o->site, name,
						 asks ? "FORWARD" : "SYSTEM", like);

	if (asks)
		nodes_put(u->o->nodes, rule, "target_ips", targets_of(u, d));
	if (asks && d->first)
		put_on(u, rule, like);
	if (put_sites(u, rule, name, like))
		declare_object(u->o->d, "resolver_rules", rule, file);
	else
		told_hidden(u, d);
}

static void
declare_auth(struct unbound *u, const struct delegation *d)
{
	const char *path = d->zonefile ? onprem_path(u->o, d->file, d->zonefile->text) : NULL;
	struct yaml_node *map;
	struct stat st;

	if (!path || (stat(path, &st) != 0 && (d->addresses->count || d->by_host))) {
		if (d->addresses->count) {
			declare_rule(u, d, name_of(u, d), d->name, d->file);
			return;
		}
		onprem_not_modelled(u->o, declare_place(d->file, d->name), "auth-zone \"%.255s\": its "
				    "zone file is not here, so its names are not known",
				    d->name->text);
		declare_incomplete(u->o->d);
		return;
	}
	map = onprem_zone_map(u->o, u->o->site, name_of(u, d), d->name);
	nodes_put(u->o->nodes, map, "zone_file",
		  nodes_text(u->o->nodes, onprem_relative(u->o, d->file, path), d->zonefile));
	if (put_sites(u, map, name_of(u, d), d->name))
		declare_object(u->o->d, "hosted_zones", map, d->file);
	else
		told_hidden(u, d);
}

static void
declare_delegation(struct unbound *u, const struct delegation *d)
{
	if (!d->name) {
		onprem_refuse(u->o, declare_place(d->file, d->at), "%s: its name is missing",
			      d->at->text);
		return;
	}
	if (!d->addresses)
		return;
	if (d->by_host && d->clause != CLAUSE_AUTH)
		onprem_not_modelled(u->o, declare_place(d->file, d->name), "\"%.255s\" is asked at "
				    "servers said by name, which are not known", d->name->text);
	if (d->clause == CLAUSE_AUTH)
		declare_auth(u, d);
	else if (d->addresses->count || !d->by_host)
		declare_rule(u, d, name_of(u, d), d->name, d->file);
}

/** The rule or zone whose names `name` is among, the longest. */
static const struct delegation *
covering(struct unbound *u, const char *name)
{
	const struct delegation *best = NULL;

	for (const struct delegation *d = u->first; d; d = d->next)
		if (d->name && onprem_is_below(name, name_of(u, d)) &&
		    (!best || strlen(name_of(u, d)) >= strlen(name_of(u, best))))
			best = d;
	return best;
}

/** A transparent zone below one that answers for its names: these are asked elsewhere again. */
static void
declare_exceptions(struct unbound *u)
{
	for (const struct local_zone *z = u->scope.first_zone; z && !u->o->nodes->nomem;
	     z = z->next) {
		const struct delegation *d;

		if (local_hides(z) || !local_hides(local_above(&u->scope, z->name)))
			continue;
		d = covering(u, z->name);
		if (!d || (d->clause != CLAUSE_AUTH && strcmp(name_of(u, d), z->name) != 0))
			declare_rule(u, d && d->clause != CLAUSE_AUTH ? d : NULL, z->name, z->node,
				     z->file);
	}
}

static void
declare_sites(struct unbound *u)
{
	const struct yaml_node *like = u->first ? u->first->at : NULL;
	struct yaml_node *site = onprem_site(u->o, u->o->site, like);

	if (u->servers && u->servers->count)
		nodes_put(u->o->nodes, site, "servers", u->servers);
	declare_site(u->o->d, site, u->o->main);
	for (const struct view *v = u->views; v && !u->o->nodes->nomem; v = v->next) {
		site = onprem_site(u->o, v->id, v->node);
		if (v->blocks && v->blocks->count)
			nodes_put(u->o->nodes, site, "cidr_blocks", v->blocks);
		declare_site(u->o->d, site, v->file);
	}
}

static void
read_conf(struct onprem *o, struct srcloc at)
{
	struct unbound u;

	unbound_conf_read(&u, o, at);
	if (o->unreadable || o->nodes->nomem)
		return;
	for (struct view *v = u.views; v; v = v->next)
		v->id = onprem_text(o, "%s/%s", o->site, v->name);
	declare_sites(&u);
	for (const struct delegation *d = u.first; d && !o->nodes->nomem; d = d->next)
		declare_delegation(&u, d);
	declare_exceptions(&u);
	local_declare(o, &u.scope, NULL, o->site);
	for (const struct view *v = u.views; v && !o->nodes->nomem; v = v->next) {
		local_declare(o, &v->scope, NULL, v->id);
		if (v->first)
			local_declare(o, &u.scope, &v->scope, v->id);
	}
}

enum status
unbound_load(const struct import_item *items, struct declare *d)
{
	return onprem_load(items, d, read_conf);
}
