#include "load/objects.h"

#include <string.h>

#include "dns/name.h"
#include "load/imports.h"

void
objects_init(struct objects *o, struct estate *estate, struct arena *scratch,
	     struct diags *diags)
{
	*o = (struct objects){ .estate = estate, .scratch = scratch, .diags = diags };
	for (unsigned kind = 0; kind < OBJECT_KINDS; kind++)
		table_init(&o->first[kind], scratch);
	table_init(&o->sets, scratch);
	table_init(&o->aside, scratch);
	table_init(&o->latest, scratch);
	estate->second = objects_put_aside;
	estate->second_context = o;
}

static struct zone_sets *
new_sets(struct objects *o, const char *zone)
{
	struct zone_sets *sets = arena_alloc(o->scratch, sizeof(*sets));

	if (!sets)
		return NULL;
	*sets = (struct zone_sets){ .zone = arena_string(o->scratch, zone) };
	if (!sets->zone || table_put_string(&o->sets, sets->zone, sets) != OK)
		return NULL;
	*(o->last_sets ? &o->last_sets->next : &o->first_sets) = sets;
	o->last_sets = sets;
	return sets;
}

enum status
objects_add_set(struct objects *o, const char *zone, struct said said)
{
	struct zone_sets *sets = table_find_string(&o->sets, zone);
	struct set_said *set = arena_alloc(o->scratch, sizeof(*set));

	if (!sets)
		sets = new_sets(o, zone);
	if (!sets || !set)
		return ERR_NOMEM;
	*set = (struct set_said){ .said = said };
	*(sets->last ? &sets->last->next : &sets->first) = set;
	sets->last = set;
	return OK;
}

/** "terraform hosted_zone Z1"; NULL: no memory. */
static const char *
aside_key(const struct objects *o, const char *from, enum object_kind kind, const char *id)
{
	return arena_printf(o->scratch, "%s %s %s", from, object_kind_text(kind), id);
}

/** Is the set for this zone, of the two that may have the id? */
static bool
is_for(struct objects *o, const struct zone_job *job, const struct set_said *set)
{
	const char *from = set->said.from, *key;

	if (from == job->said.from)
		return true;
	if (estate_zone(o->estate, job->zone->id) != job->zone)
		return false;
	key = aside_key(o, from ? from : "", OBJECT_HOSTED_ZONE, job->zone->id);
	return key && !table_find_string(&o->aside, key);
}

/** Did another file say just this? */
static bool
was_read(struct objects *o, struct table *seen, const struct said *said)
{
	struct digest digest = yaml_digest(said->node), *key;
	const char *file = table_find(seen, &digest, sizeof(digest));

	if (file)
		return strcmp(file, said->file) != 0;
	key = arena_copy(o->scratch, &digest, sizeof(digest));
	if (!key || table_put(seen, key, sizeof(*key), (void *)(uintptr_t)said->file) != OK)
		o->nomem = true;
	return false;
}

static enum status
give_sets(struct objects *o, struct zone_job *job)
{
	struct zone_sets *sets = table_find_string(&o->sets, job->zone->id);
	struct set_said *first = NULL, **end = &first;
	struct table seen;

	if (!sets)
		return OK;
	sets->read = true;
	table_init(&seen, o->scratch);
	for (const struct set_said *s = sets->first; s && !o->nomem; s = s->next) {
		if (!is_for(o, job, s) || was_read(o, &seen, &s->said))
			continue;
		*end = arena_alloc(o->scratch, sizeof(**end));
		if (!*end)
			return ERR_NOMEM;
		**end = (struct set_said){ .said = s->said };
		end = &(*end)->next;
	}
	job->apart = first;
	return o->nomem ? ERR_NOMEM : OK;
}

enum status
objects_give_sets(struct objects *o)
{
	enum status status = OK;

	for (struct zone_job *job = o->jobs; job && status == OK; job = job->next)
		status = give_sets(o, job);
	return status;
}

void
objects_check_sets(struct objects *o)
{
	for (const struct zone_sets *s = o->first_sets; s; s = s->next) {
		const struct said *said = &s->first->said;

		if (s->read || o->incomplete || estate_zone(o->estate, s->zone))
			continue;
		diag_report(o->diags, SEVERITY_ERROR, "CFG002",
			    (struct srcloc){ said->file, said->node->line, said->node->column },
			    "a record set is of the hosted zone \"%s\", and nothing declares that",
			    s->zone);
	}
}

/** What no key says: the kind of a network, and that a site is not a VPC with things off. */
void
objects_begin(enum schema_map_id map, void *object)
{
	struct network *network = object;

	if (map == MAP_VPC)
		network->kind = NETWORK_VPC;
	if (map != MAP_SITE)
		return;
	network->kind = NETWORK_SITE;
	network->region = "";
	network->enable_dns_support = true;
	network->enable_dns_hostnames = true;
}

bool
objects_put_aside(void *context, enum object_kind kind, void *first, void *object)
{
	struct objects *o = context;
	struct twins *twins = arena_alloc(o->scratch, sizeof(*twins));
	const char *id = object_id(kind, object);
	const char *key = aside_key(o, o->from ? o->from : "", kind, id);
	const char *any = aside_key(o, "", kind, id);

	if (!twins || !key || !any || table_put_string(&o->aside, key, object) != OK ||
	    table_put_string(&o->latest, any, object) != OK) {
		o->nomem = true;
		return true;
	}
	*twins = (struct twins){ .kind = kind, .first = first, .second = object,
				 .from = o->from };
	*(o->last_twins ? &o->last_twins->next : &o->twins) = twins;
	o->last_twins = twins;
	return true;
}

void *
objects_latest(const struct objects *o, enum object_kind kind, const char *id)
{
	struct arena_mark mark = arena_mark(o->scratch);
	const char *key = o->twins ? aside_key(o, "", kind, id) : NULL;
	void *aside = key ? table_find_string(&o->latest, key) : NULL;

	if (key)
		arena_rewind(o->scratch, mark);
	return aside ? aside : estate_object(o->estate, kind, id);
}

bool
objects_kind_of(enum schema_map_id map, enum object_kind *kind)
{
	static const struct { enum schema_map_id map; enum object_kind kind; } kinds[] = {
		{ MAP_VPC, OBJECT_VPC }, { MAP_SITE, OBJECT_SITE },
		{ MAP_PEERING, OBJECT_PEERING },
		{ MAP_TRANSIT_GATEWAY, OBJECT_TRANSIT_GATEWAY },
		{ MAP_ZONE, OBJECT_HOSTED_ZONE }, { MAP_HEALTH_CHECK, OBJECT_HEALTH_CHECK },
		{ MAP_ENDPOINT, OBJECT_ENDPOINT }, { MAP_RULE, OBJECT_RULE },
		{ MAP_PROFILE, OBJECT_PROFILE },
		{ MAP_SUBNET, OBJECT_SUBNET }, { MAP_ROUTE_TABLE, OBJECT_ROUTE_TABLE },
		{ MAP_SECURITY_GROUP, OBJECT_SECURITY_GROUP },
		{ MAP_NETWORK_ACL, OBJECT_NETWORK_ACL },
		{ MAP_NETWORK_INTERFACE, OBJECT_NETWORK_INTERFACE },
		{ MAP_VPC_ENDPOINT, OBJECT_VPC_ENDPOINT },
		{ MAP_DHCP_OPTIONS, OBJECT_DHCP_OPTIONS },
		{ MAP_PREFIX_LIST, OBJECT_PREFIX_LIST },
		{ MAP_FIREWALL_DOMAIN_LIST, OBJECT_FIREWALL_DOMAIN_LIST },
		{ MAP_FIREWALL_RULE_GROUP, OBJECT_FIREWALL_RULE_GROUP },
	};

	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (kinds[i].map == map) {
			*kind = kinds[i].kind;
			return true;
		}
	}
	return false;
}

/** Paths in the node mean other files when it stands in another folder. */
static struct digest
content_of(enum object_kind kind, const struct said *said)
{
	const char *slash = strrchr(said->file, '/');
	struct digest digest = yaml_digest(said->node);

	if (kind != OBJECT_HOSTED_ZONE && kind != OBJECT_HEALTH_CHECK)
		return digest;
	return digest_fold(digest,
			   digest_bytes(said->file, slash ? (size_t)(slash - said->file) : 0));
}

/** Was the same said before?  Else what is said now is noted. */
static bool
is_repeated(struct bind *b, struct objects *o, enum object_kind kind, const char *id,
	    const struct yaml_node *node)
{
	const struct said *first = table_find_string(&o->first[kind], id);
	struct said *said;

	if (first)
		return digest_equal(content_of(kind, first),
				    content_of(kind, &(struct said){ .node = node, .file = b->file }));
	said = arena_alloc(o->scratch, sizeof(*said));
	if (!said || table_put_string(&o->first[kind], id, said) != OK) {
		b->nomem = true;
		return false;
	}
	*said = (struct said){ node, b->file, o->from };
	return false;
}

/** `as: client` has a meaning of its own. */
static bool
is_reserved(struct bind *b, struct objects *o, enum object_kind kind, const char *id,
	    const struct yaml_node *node)
{
	if (strcmp(id, "client") != 0 ||
	    (kind != OBJECT_VPC && kind != OBJECT_SITE && kind != OBJECT_ENDPOINT))
		return false;
	diag_report(b->diags, SEVERITY_ERROR, "bad-value", bind_place(b, yaml_find(node, "id")),
		    "id: \"client\" is taken: `as: client` is the network of the client");
	o->incomplete = true;
	return true;
}

static enum status
take_zone(struct bind *b, struct objects *o, struct hosted_zone *zone,
	  const struct yaml_node *node)
{
	enum status status = estate_add_zone(o->estate, zone, b->diags);
	struct zone_job *job;

	if (zone->name && name_wire_is_wildcard(zone->name)) {
		diag_report(b->diags, SEVERITY_ERROR, "bad-name", zone->name_at,
			    "name: a zone cannot be a wildcard");
		zone->flawed = true;
	}
	if (status != OK)
		return status;
	job = arena_alloc(o->scratch, sizeof(*job));
	if (!job)
		return ERR_NOMEM;
	*job = (struct zone_job){ .zone = zone, .said = { node, b->file, o->from } };
	*(o->last_job ? &o->last_job->next : &o->jobs) = job;
	o->last_job = job;
	return OK;
}

static void
say_not_served(struct bind *b, struct srcloc at, const char *what, const char *instead)
{
	diag_report(b->diags, SEVERITY_WARNING, "not-yet", at,
		    "%s is not part of this version: %s", what, instead);
}

/** It has a delegation record in the place of a domain and targets (1.6.2, 1.6.3). */
static void
check_delegate(struct bind *b, struct resolver_rule *rule)
{
	bool flawed = rule->flawed;

	if (!rule->delegation_record && !flawed) {
		diag_report(b->diags, SEVERITY_ERROR, "missing-key", rule->at,
			    "resolver_rules[] \"%s\": the key \"delegation_record\" is missing",
			    rule->id);
		rule->flawed = true;
	}
	if ((rule->domain_name || rule->targets) && !flawed) {
		diag_report(b->diags, SEVERITY_ERROR, "bad-value", rule->at,
			    "resolver_rules[] \"%s\": a DELEGATE rule has no %s: it goes by its "
			    "delegation_record", rule->id,
			    rule->targets ? "target_ips" : "domain_name");
		rule->flawed = true;
	}
}

static void
check_protocols(struct bind *b, const struct target *targets)
{
	for (const struct target *t = targets; t; t = t->next)
		if (t->protocol != PROTOCOL_DO53)
			say_not_served(b, t->at, "a protocol other than Do53",
				       "this target is asked over Do53, in clear");
}

/** Who is asked next; ours, not the service's. */
static void
check_on(struct bind *b, struct resolver_rule *rule)
{
	if (rule->on_at.file && rule->type != RULE_FORWARD && !rule->flawed) {
		diag_report(b->diags, SEVERITY_ERROR, "bad-value", rule->on_at,
			    "resolver_rules[] \"%s\": only a FORWARD rule has `on`: this one asks "
			    "no targets of its own", rule->id);
		rule->flawed = true;
	}
	for (unsigned i = 0; i < ON_OUTCOMES; i++) {
		const struct further *further = &rule->on[i];

		check_protocols(b, further->targets);
		if (!further->at.file || further->internet || further->targets || rule->flawed)
			continue;
		diag_report(b->diags, SEVERITY_ERROR, "missing-key", further->at,
			    "%s: the list is empty, and must not be",
			    rule_outcome_text((enum rule_outcome)i));
		rule->flawed = true;
	}
}

enum status
objects_add_rule(struct bind *b, struct objects *o, struct resolver_rule *rule)
{
	if (rule->type == RULE_DELEGATE)
		check_delegate(b, rule);
	if (rule->type != RULE_DELEGATE && !rule->domain_name && !rule->flawed) {
		diag_report(b->diags, SEVERITY_ERROR, "missing-key", rule->at,
			    "resolver_rules[] \"%s\": the key \"domain_name\" is missing",
			    rule->id);
		rule->flawed = true;
	}
	check_protocols(b, rule->targets);
	check_on(b, rule);
	return estate_add_rule(o->estate, rule, b->diags);
}

enum status
objects_add_endpoint(struct bind *b, struct objects *o, struct resolver_endpoint *endpoint)
{
	if (endpoint->protocols & ~(1u << PROTOCOL_DO53))
		say_not_served(b, endpoint->at, "a protocol other than Do53",
			       "only Do53 is spoken");
	return estate_add_endpoint(o->estate, endpoint, b->diags);
}

static enum status
add(struct bind *b, struct objects *o, enum object_kind kind, void *object,
    const struct yaml_node *node)
{
	switch (kind) {
	case OBJECT_VPC:
	case OBJECT_SITE:
		return estate_add_network(o->estate, object, b->diags);
	case OBJECT_PEERING:
		return estate_add_peering(o->estate, object, b->diags);
	case OBJECT_TRANSIT_GATEWAY:
		return estate_add_transit_gateway(o->estate, object, b->diags);
	case OBJECT_HOSTED_ZONE:
		return take_zone(b, o, object, node);
	case OBJECT_HEALTH_CHECK:
		return estate_add_health_check(o->estate, object, b->diags);
	case OBJECT_ENDPOINT:
		return objects_add_endpoint(b, o, object);
	case OBJECT_RULE:
		return objects_add_rule(b, o, object);
	case OBJECT_PROFILE:
		return estate_add_profile(o->estate, object, b->diags);
	case OBJECT_SUBNET:
	case OBJECT_ROUTE_TABLE:
	case OBJECT_SECURITY_GROUP:
	case OBJECT_NETWORK_ACL:
	case OBJECT_NETWORK_INTERFACE:
	case OBJECT_VPC_ENDPOINT:
	case OBJECT_DHCP_OPTIONS:
	case OBJECT_PREFIX_LIST:
	case OBJECT_FIREWALL_DOMAIN_LIST:
	case OBJECT_FIREWALL_RULE_GROUP:
		return estate_add_object(o->estate, kind, object, b->diags);
	case OBJECT_KINDS:
		break;
	}
	return OK;
}

static void
mark_flawed(enum object_kind kind, void *object)
{
	if (kind == OBJECT_HOSTED_ZONE)
		((struct hosted_zone *)object)->flawed = true;
	if (kind == OBJECT_RULE)
		((struct resolver_rule *)object)->flawed = true;
	if (kind == OBJECT_PEERING && !((struct peering *)object)->status)
		((struct peering *)object)->status = "active";
}

/*
 * Objects with mistakes in them are added all the same: the estate is refused at the end,
 * but what refers to them must not be reported as dangling.
 */
void
objects_take(struct bind *b, enum schema_map_id map, const struct yaml_node *node, void *object,
	     bool good)
{
	struct objects *o = b->context;
	enum object_kind kind;
	const char *id;

	if (map == MAP_IMPORT && good)
		imports_take(b, o, object);
	if (!objects_kind_of(map, &kind))
		return;
	if (!good)
		mark_flawed(kind, object);
	id = object_id(kind, object);	/* the first member wanted, whatever else is wrong */
	if (!id) {
		o->incomplete = true;
		return;
	}
	if (is_reserved(b, o, kind, id, node) || is_repeated(b, o, kind, id, node) || b->nomem)
		return;
	if (add(b, o, kind, object, node) == ERR_NOMEM)
		b->nomem = true;
}
