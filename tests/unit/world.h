/*
 * world - an estate from a few lines of text, compiled, with a resolver over it, for tests
 *
 *	vpc hub 10.0.0.0/16 eu-west-1		or "-": DNS hostnames off, "nodns": support off
 *	site dc 192.168.0.0/16
 *	inbound in hub				an inbound endpoint; or "inbound in hub delegation"
 *	dns64 hub				a VPC or an endpoint makes AAAA of A
 *	assume any_answer 1			a point of server.assume, as stored
 *	peer hub app				both sides allow remote DNS
 *	zone Z1 corp.example hub,app		records follow, names relative to it; "public"
 *						in the place of networks: a public zone
 *	www 60 A 10.0.0.1
 *	rr  60 A 10.0.0.2 { weighted 10 blue }
 *	alias old A www Z1			owner, type, target, zone of the target; behind
 *						it "eth" and a policy, as for records
 *	check hc-1				a health check; "{ weighted 10 blue hc-1 }"
 *	forward rr-dc dc.example hub 192.168.0.53 192.168.0.54
 *	system rr-sys pub.dc.example hub
 *	delegate rr-del hr.example.net hub	a delegation record
 *	on rr-dc timeout 192.168.1.53		whom a rule goes on to; or "on rr-dc nodata internet"
 *	policy rr-dc ordered			of a rule, or of "internet"
 *	profile rp-1 Z1 rr-dc app,data:200	zones, rules, VPCs with priorities; "-": none
 *	internet 9.9.9.9
 *	listen 5300 hub
 *	allow 10.0.0.0/8
 *	upstream 500 2				timeout in ms, tries
 *	identity ns1				what id.server says; or "version 1.2.3"
 *	cache 1000 86400000 900000		bounds in ms: least, most, most negative
 *	serve_stale 86400000			in ms; prefetch is on: "prefetch off"
 *	budget 192.168.0.53 1000		packets in any second
 *
 * A line that begins with none of these words is a record of the last zone; "#" begins a
 * comment.
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include "engine/keep.h"
#include "engine/resolve.h"
#include "engine/targets.h"
#include "snapshot/compile.h"
#include "unit/wire.h"

#define WORLD_LISTENERS 8

/* A try that the resolver had carried out. */
struct world_try {
	struct upstream_action action;
	uint64_t sent_ms;
	bool open;			/* io would still wait for it */
};

struct world {
	const struct snapshot *snap;
	struct snapshot *held;
	struct resolver resolver;
	struct random random;
	struct scratch *scratch;
	uint8_t *reply_room;
	uint32_t listeners[WORLD_LISTENERS];
	uint64_t now_ms;
	uint64_t cache_octets;		/* set before the first estate; 0: the least */
	struct flights_settings flights;
	/* in place of io */
	struct upstream_io io;
	bool mute;			/* no try can be carried out */
	struct world_try *tries;
	unsigned try_count;
	resolver_deliver_fn deliver;	/* NULL: nobody listens */
	void *context;			/* for deliver */
};

/* An estate being put together. */
struct world_maker {
	struct estate estate;
	struct arena findings;
	struct diags diags;
	struct hosted_zone *zone;
	char origin[NAME_TEXT_MAX];
	const char *outbound;		/* the endpoint all rules of VPCs use */
};

static inline void
world_require(enum status status, const struct world_maker *m, const char *line)
{
	if (status == OK)
		return;
	for (const struct finding *f = m->diags.first; f; f = f->next)
		fprintf(stderr, "%s: %s\n", f->code, f->message);
	wire_die("the estate is refused", line);
}

static inline void *
world_new(struct world_maker *m, size_t size)
{
	void *object = arena_alloc(&m->estate.arena, size);

	if (!object)
		wire_die("out of memory", "");
	return object;
}

static inline char *
world_string(struct world_maker *m, const char *text)
{
	return arena_string(&m->estate.arena, text);
}

static inline const uint8_t *
world_name(struct world_maker *m, const char *text, const char *origin)
{
	struct name name = wire_name(text, origin);

	return name_store(&m->estate.arena, &name);
}

/** "hub,app" */
static inline struct ref *
world_refs(struct world_maker *m, char *list)
{
	struct ref *first = NULL, **end = &first;

	for (char *id; strcmp(list, "-") && (id = strtok_r(list, ",", &list));) {
		*end = world_new(m, sizeof(**end));
		(*end)->id = world_string(m, id);
		end = &(*end)->next;
	}
	return first;
}

static inline struct addr
world_addr(const char *text, uint16_t port)
{
	struct addr addr;

	if (!addr_parse(text, &addr))
		wire_die("not an address", text);
	addr.port = port;
	return addr;
}

/** "192.168.0.53 192.168.0.54" */
static inline struct target *
world_targets(struct world_maker *m, char *list)
{
	struct target *first = NULL, **end = &first;

	for (char *ip; (ip = strtok_r(list, " \t", &list));) {
		*end = world_new(m, sizeof(**end));
		(*end)->addr = world_addr(ip, 53);
		end = &(*end)->next;
	}
	return first;
}

static inline struct cidr *
world_cidr(struct world_maker *m, const char *text)
{
	struct cidr *cidr = world_new(m, sizeof(*cidr));

	if (prefix_parse(text, &cidr->prefix) != OK)
		wire_die("not a prefix", text);
	return cidr;
}

static inline void
world_network(struct world_maker *m, enum network_kind kind, char *rest, const char *line)
{
	struct network *network = world_new(m, sizeof(*network));
	const char *id = strtok_r(rest, " \t", &rest), *cidr = strtok_r(rest, " \t", &rest);
	const char *region = strtok_r(rest, " \t", &rest);

	if (!id || !cidr)
		wire_die("a network has an id and a CIDR", line);
	network->kind = kind;
	network->id = world_string(m, id);
	network->cidr_blocks = world_cidr(m, cidr);
	network->region = "";
	network->enable_dns_support = !region || strcmp(region, "nodns") != 0;
	network->enable_dns_hostnames = network->enable_dns_support &&
					(!region || strcmp(region, "-") != 0);
	if (region && network->enable_dns_hostnames)
		network->region = world_string(m, region);
	world_require(estate_add_network(&m->estate, network, &m->diags), m, line);
}

static inline void
world_inbound(struct world_maker *m, char *rest, const char *line)
{
	struct resolver_endpoint *endpoint = world_new(m, sizeof(*endpoint));
	const char *word;

	endpoint->id = world_string(m, strtok_r(rest, " \t", &rest));
	endpoint->vpc.id = world_string(m, strtok_r(rest, " \t", &rest));
	word = strtok_r(rest, " \t", &rest);
	endpoint->direction = word ? DIRECTION_INBOUND_DELEGATION : DIRECTION_INBOUND;
	world_require(estate_add_endpoint(&m->estate, endpoint, &m->diags), m, line);
}

static inline void
world_dns64(struct world_maker *m, char *rest)
{
	const char *id = strtok_r(rest, " \t", &rest);
	struct resolver_endpoint *endpoint = estate_endpoint(&m->estate, id);
	struct network *network = estate_network(&m->estate, id);

	if (endpoint)
		endpoint->dns64_enabled = true;
	else if (network)
		network->dns64 = true;
	else
		wire_die("nothing has this id", id);
}

static inline void
world_assume(struct world_maker *m, char *rest)
{
	const char *key = strtok_r(rest, " \t", &rest), *value = strtok_r(rest, " \t", &rest);

	for (unsigned i = 0; i < ASSUME_POINTS; i++) {
		if (strcmp(assume_point((enum assume)i)->key, key) == 0) {
			m->estate.settings.assume[i] = (uint32_t)atoi(value);
			return;
		}
	}
	wire_die("no such point", key);
}

static inline void
world_peer(struct world_maker *m, char *rest, const char *line)
{
	struct peering *peering = world_new(m, sizeof(*peering));

	peering->id = world_string(m, line);
	peering->requester.id = world_string(m, strtok_r(rest, " \t", &rest));
	peering->accepter.id = world_string(m, strtok_r(rest, " \t", &rest));
	peering->requester_allows_remote_dns = peering->accepter_allows_remote_dns = true;
	peering->status = "active";
	world_require(estate_add_peering(&m->estate, peering, &m->diags), m, line);
}

static inline void
world_zone(struct world_maker *m, char *rest, const char *line)
{
	struct hosted_zone *zone = world_new(m, sizeof(*zone));
	const char *id = strtok_r(rest, " \t", &rest), *name = strtok_r(rest, " \t", &rest);
	char *networks = strtok_r(rest, " \t", &rest);

	if (!id || !name || !networks)
		wire_die("a zone has an id, a name and networks", line);
	zone->id = world_string(m, id);
	zone->name = world_name(m, name, NULL);
	zone->public_zone = strcmp(networks, "public") == 0;
	zone->networks = zone->public_zone ? NULL : world_refs(m, networks);
	zone->source = digest_bytes(line, strlen(line));
	snprintf(m->origin, sizeof(m->origin), "%s", name);
	m->zone = zone;
	world_require(estate_add_zone(&m->estate, zone, &m->diags), m, line);
}

static inline struct record_set *
world_set(struct world_maker *m, const char *owner, uint16_t type, const char *line)
{
	struct record_set *set = world_new(m, sizeof(*set));

	if (!m->zone)
		wire_die("neither a word of the language nor a record", line);
	set->owner = world_name(m, owner, m->origin);
	set->type = type;
	m->zone->source = digest_fold(m->zone->source, digest_bytes(line, strlen(line)));
	zone_add_set(m->zone, set);
	return set;
}

/** "alias old A www Z1" */
/** "US/OH" or "EU/" (a continent) or "*" */
static inline void
world_area(struct world_maker *m, struct routing *routing, const char *text)
{
	char *area = world_string(m, text), *slash = strchr(area, '/');

	routing->country = area;
	if (!slash)
		return;
	*slash = '\0';
	if (slash[1])
		routing->subdivision = slash + 1;
	else
		routing->continent = area, routing->country = NULL;
}

/** "eu-west-1/20" or "48.85,2.35/-20": with a bias */
static inline void
world_near(struct world_maker *m, struct routing *routing, const char *text)
{
	char *place = world_string(m, text), *slash = strchr(place, '/');

	if (slash) {
		*slash = '\0';
		routing->bias = (int16_t)atoi(slash + 1);
	}
	routing->has_coordinates = sscanf(place, "%lf,%lf", &routing->latitude,
					  &routing->longitude) == 2;
	if (!routing->has_coordinates)
		routing->region = place;
}

/**
 * "weighted 10 blue", "failover primary a", "latency eu-west-1 a", "geo * a", "near
 * eu-west-1/20 a", "multi a", "simple a"; behind it may stand the id of a health check.
 */
static inline const struct routing *
world_routing(struct world_maker *m, char *rest, const char *line)
{
	struct routing *routing = world_new(m, sizeof(*routing));
	const char *kind = strtok_r(rest, " }", &rest), *value = NULL, *check;

	if (strcmp(kind, "multi") != 0 && strcmp(kind, "simple") != 0)
		value = strtok_r(rest, " }", &rest);
	routing->set_identifier = world_string(m, strtok_r(rest, " }", &rest));
	if (strcmp(kind, "multi") == 0) {
		routing->policy = POLICY_MULTIVALUE;
	} else if (strcmp(kind, "weighted") == 0) {
		routing->policy = POLICY_WEIGHTED;
		routing->weight = (uint16_t)atoi(value);
	} else if (strcmp(kind, "failover") == 0) {
		routing->policy = POLICY_FAILOVER;
		routing->failover = strcmp(value, "primary") == 0 ? FAILOVER_PRIMARY
								  : FAILOVER_SECONDARY;
	} else if (strcmp(kind, "latency") == 0) {
		routing->policy = POLICY_LATENCY;
		routing->region = world_string(m, value);
	} else if (strcmp(kind, "geo") == 0) {
		routing->policy = POLICY_GEOLOCATION;
		world_area(m, routing, value);
	} else if (strcmp(kind, "near") == 0) {
		routing->policy = POLICY_GEOPROXIMITY;
		world_near(m, routing, value);
	} else if (strcmp(kind, "simple") != 0) {
		wire_die("no such policy", line);
	}
	check = strtok_r(rest, " }", &rest);
	if (check)
		routing->health_check = world_string(m, check);
	return routing;
}

static inline void
world_check(struct world_maker *m, char *rest, const char *line)
{
	struct health_check *check = world_new(m, sizeof(*check));

	check->id = world_string(m, strtok_r(rest, " \t", &rest));
	check->type = HEALTH_EXTERNAL;
	check->request_interval_ms = 30000;
	check->failure_threshold = 3;
	world_require(estate_add_health_check(&m->estate, check, &m->diags), m, line);
}

static inline void
world_alias(struct world_maker *m, char *rest, const char *line)
{
	struct alias_target *alias = world_new(m, sizeof(*alias));
	const char *owner = strtok_r(rest, " \t", &rest), *type = strtok_r(rest, " \t", &rest);
	const char *target = strtok_r(rest, " \t", &rest), *zone = strtok_r(rest, " \t", &rest);
	struct record_set *set;
	const char *word;
	uint16_t number;

	if (!zone || !type_parse(type, &number))
		wire_die("an alias has an owner, a type, a target and a zone", line);
	alias->dns_name = world_name(m, target, m->origin);
	alias->hosted_zone = world_string(m, zone);
	set = world_set(m, owner, number, line);
	set->alias = alias;
	while ((word = strtok_r(rest, " \t", &rest))) {
		if (strcmp(word, "eth") == 0)
			alias->evaluate_target_health = true;
		else if (strcmp(word, "{") == 0)
			set->routing = world_routing(m, rest, line);
	}
}
static inline void
world_record(struct world_maker *m, char *line)
{
	char *brace = strchr(line, '{'), whole[1024], owner[256];
	struct wire_record record;
	struct record_set *set;
	struct rdata *value = world_new(m, sizeof(*value));

	snprintf(whole, sizeof(whole), "%s", line);
	if (brace)
		*brace = '\0';
	record = wire_record(line, m->origin);
	sscanf(line, "%255s", owner);
	set = world_set(m, owner, record.type, whole);
	set->ttl_s = record.ttl_s;
	value->data = arena_copy(&m->estate.arena, record.data, record.len);
	value->len = record.len;
	set->values = value;
	set->value_count = 1;
	if (brace)
		set->routing = world_routing(m, brace + 1, whole);
}

/** AWS wants an outbound endpoint behind a rule of a VPC; one serves all. */
static inline const char *
world_outbound(struct world_maker *m, const char *line)
{
	struct resolver_endpoint *endpoint;
	const struct network *vpc = m->estate.networks;

	while (vpc && vpc->kind != NETWORK_VPC)
		vpc = vpc->next;
	if (!vpc || m->outbound)
		return m->outbound;
	endpoint = world_new(m, sizeof(*endpoint));
	endpoint->id = m->outbound = "outbound";
	endpoint->direction = DIRECTION_OUTBOUND;
	endpoint->vpc.id = vpc->id;
	world_require(estate_add_endpoint(&m->estate, endpoint, &m->diags), m, line);
	return m->outbound;
}

static inline void
world_rule(struct world_maker *m, enum rule_type type, char *rest, const char *line)
{
	struct resolver_rule *rule = world_new(m, sizeof(*rule));
	const char *id = strtok_r(rest, " \t", &rest), *domain = strtok_r(rest, " \t", &rest);
	char *networks = strtok_r(rest, " \t", &rest);

	if (!id || !domain || !networks)
		wire_die("a rule has an id, a domain and networks", line);
	rule->id = world_string(m, id);
	*(type == RULE_DELEGATE ? &rule->delegation_record : &rule->domain_name) =
		world_name(m, domain, NULL);
	rule->type = type;
	rule->networks = world_refs(m, networks);
	rule->targets = world_targets(m, rest);
	if (type != RULE_SYSTEM)
		rule->endpoint.id = world_outbound(m, line);
	world_require(estate_add_rule(&m->estate, rule, &m->diags), m, line);
}

static inline struct resolver_rule *
world_find_rule(struct world_maker *m, const char *id, const char *line)
{
	struct resolver_rule *rule = id ? estate_rule(&m->estate, id) : NULL;

	if (!rule)
		wire_die("there is no such rule", line);
	return rule;
}

static inline void
world_on(struct world_maker *m, char *rest, const char *line)
{
	struct resolver_rule *rule = world_find_rule(m, strtok_r(rest, " \t", &rest), line);
	const char *word = strtok_r(rest, " \t", &rest);
	unsigned i = 0;

	while (word && i < ON_OUTCOMES && strcmp(word, rule_outcome_text((enum rule_outcome)i)))
		i++;
	if (!word || i == ON_OUTCOMES)
		wire_die("that is no outcome of a rule", line);
	rule->on[i].internet = strcmp(rest, "internet") == 0;
	if (!rule->on[i].internet)
		rule->on[i].targets = world_targets(m, rest);
}

static inline void
world_policy(struct world_maker *m, char *rest, const char *line)
{
	static const char *const words[] = { "random", "ordered", "fastest" };
	const char *id = strtok_r(rest, " \t", &rest);
	unsigned policy = 0;

	while (policy < 3 && strcmp(words[policy], rest))
		policy++;
	if (!id || policy == 3)
		wire_die("that is no policy", line);
	if (strcmp(id, "internet") == 0)
		m->estate.settings.upstream_policy = (enum target_policy)policy;
	else
		world_find_rule(m, id, line)->policy = (enum target_policy)policy;
}

static inline void
world_budget(struct world_maker *m, char *rest)
{
	struct packet_budget *budget = world_new(m, sizeof(*budget));

	budget->addr = world_addr(strtok_r(rest, " \t", &rest), 53);
	budget->per_second = (uint32_t)atoi(rest);
	budget->next = m->estate.settings.budgets;
	m->estate.settings.budgets = budget;
}

static inline void
world_profile(struct world_maker *m, char *rest, const char *line)
{
	struct profile *profile = world_new(m, sizeof(*profile));
	struct profile_association **end = &profile->associations;
	const char *id = strtok_r(rest, " \t", &rest);
	char *zones = strtok_r(rest, " \t", &rest), *rules = strtok_r(rest, " \t", &rest);

	if (!id || !zones || !rules)
		wire_die("a Profile has an id, zones, rules and VPCs", line);
	profile->id = world_string(m, id);
	profile->zones = world_refs(m, zones);
	profile->rules = world_refs(m, rules);
	for (char *vpc; (vpc = strtok_r(rest, ", \t", &rest)); end = &(*end)->next) {
		char *colon = strchr(vpc, ':');

		*end = world_new(m, sizeof(**end));
		(*end)->priority = colon ? (uint32_t)atoi(colon + 1) : 0;
		if (colon)
			*colon = '\0';
		(*end)->vpc.id = world_string(m, vpc);
	}
	world_require(estate_add_profile(&m->estate, profile, &m->diags), m, line);
}

static inline void
world_listen(struct world_maker *m, char *rest)
{
	struct listener *listener = world_new(m, sizeof(*listener));
	struct listener **end = &m->estate.settings.listeners;
	const char *port = strtok_r(rest, " \t", &rest);

	listener->addr = world_addr("127.0.0.1", (uint16_t)atoi(port));
	listener->as = world_string(m, strtok_r(rest, " \t", &rest));
	while (*end)
		end = &(*end)->next;
	*end = listener;
}

static inline void
world_numbers(char *rest, uint64_t *first, uint64_t *second, uint64_t *third)
{
	uint64_t *const out[] = { first, second, third };
	const char *word;

	for (unsigned i = 0; i < 3 && (word = strtok_r(rest, " \t", &rest)); i++)
		if (out[i])
			*out[i] = strtoull(word, NULL, 10);
}

static inline void
world_line(struct world_maker *m, char *line)
{
	struct settings *settings = &m->estate.settings;
	char whole[1024], *rest = line, *word;
	uint64_t tries = settings->upstream_tries;

	snprintf(whole, sizeof(whole), "%s", line);
	word = strtok_r(rest, " \t", &rest);
	if (!word || *word == '#')
		return;
	if (strcmp(word, "vpc") == 0) {
		world_network(m, NETWORK_VPC, rest, whole);
	} else if (strcmp(word, "site") == 0) {
		world_network(m, NETWORK_SITE, rest, whole);
	} else if (strcmp(word, "peer") == 0) {
		world_peer(m, rest, whole);
	} else if (strcmp(word, "inbound") == 0) {
		world_inbound(m, rest, whole);
	} else if (strcmp(word, "assume") == 0) {
		world_assume(m, rest);
	} else if (strcmp(word, "dns64") == 0) {
		world_dns64(m, rest);
	} else if (strcmp(word, "zone") == 0) {
		world_zone(m, rest, whole);
	} else if (strcmp(word, "check") == 0) {
		world_check(m, rest, whole);
	} else if (strcmp(word, "alias") == 0) {
		world_alias(m, rest, whole);
	} else if (strcmp(word, "forward") == 0) {
		world_rule(m, RULE_FORWARD, rest, whole);
	} else if (strcmp(word, "system") == 0) {
		world_rule(m, RULE_SYSTEM, rest, whole);
	} else if (strcmp(word, "delegate") == 0) {
		world_rule(m, RULE_DELEGATE, rest, whole);
	} else if (strcmp(word, "on") == 0) {
		world_on(m, rest, whole);
	} else if (strcmp(word, "policy") == 0) {
		world_policy(m, rest, whole);
	} else if (strcmp(word, "serve_stale") == 0) {
		world_numbers(rest, &settings->cache_serve_stale_ms, NULL, NULL);
	} else if (strcmp(word, "prefetch") == 0) {
		settings->cache_prefetch = strcmp(rest, "off") != 0;
	} else if (strcmp(word, "budget") == 0) {
		world_budget(m, rest);
	} else if (strcmp(word, "profile") == 0) {
		world_profile(m, rest, whole);
	} else if (strcmp(word, "internet") == 0) {
		settings->internet_resolver = world_targets(m, rest);
	} else if (strcmp(word, "listen") == 0) {
		world_listen(m, rest);
	} else if (strcmp(word, "allow") == 0) {
		settings->allow = world_cidr(m, strtok_r(rest, " \t", &rest));
		settings->allow_default = false;
	} else if (strcmp(word, "identity") == 0) {
		settings->identity = world_string(m, rest);
	} else if (strcmp(word, "version") == 0) {
		settings->version = world_string(m, rest);
	} else if (strcmp(word, "upstream") == 0) {
		world_numbers(rest, &settings->upstream_timeout_ms, &tries, NULL);
		settings->upstream_tries = (uint32_t)tries;
	} else if (strcmp(word, "cache") == 0) {
		world_numbers(rest, &settings->cache_min_ttl_ms, &settings->cache_max_ttl_ms,
			      &settings->cache_max_negative_ttl_ms);
	} else {
		world_record(m, whole);
	}
}

/** The text's snapshot; previous NULL or the one before it. */
static inline struct snapshot *
world_compile(const char *text, const struct snapshot *previous)
{
	struct world_maker *m = calloc(1, sizeof(*m));
	struct snapshot *snap = NULL;
	char *lines = strdup(text), *rest = lines;

	if (!m || !lines)
		wire_die("out of memory", "");
	estate_init(&m->estate, SIZE_MAX);
	arena_init(&m->findings, SIZE_MAX);
	diags_init(&m->diags, &m->findings, 0);
	for (char *line; (line = strtok_r(rest, "\n", &rest));)
		world_line(m, line);
	world_require(estate_check(&m->estate, &m->diags), m, "estate_check");
	world_require(compile_estate(&m->estate, previous, &m->diags, &snap), m, "compile");
	estate_fini(&m->estate);
	arena_fini(&m->findings);
	free(lines);
	free(m);
	return snap;
}

static inline struct cache_settings
world_cache_settings(const struct world *w)
{
	const struct snapshot_settings *from = &w->snap->root->settings;

	return (struct cache_settings){
		.octets = w->cache_octets,
		.min_ttl_ms = from->cache_min_ttl_ms,
		.max_ttl_ms = from->cache_max_ttl_ms,
		.max_negative_ttl_ms = from->cache_max_negative_ttl_ms,
		.serve_stale_ms = from->cache_serve_stale_ms,
		.prefetch = from->cache_prefetch,
	};
}

/** The open try of this lane, or NULL. */
static inline struct world_try *
world_open_try(struct world *w, uint32_t slot, uint8_t lane)
{
	for (unsigned i = w->try_count; i--;)
		if (w->tries[i].open && w->tries[i].action.slot == slot &&
		    w->tries[i].action.lane == lane)
			return &w->tries[i];
	return NULL;
}

static inline bool
world_io_ask(void *context, const struct upstream_action *action)
{
	struct world *w = context;
	struct world_try *tries;

	if (world_open_try(w, action->slot, action->lane))
		wire_die("two tries in one lane", "");
	if (w->mute)
		return false;
	tries = realloc(w->tries, (w->try_count + 1) * sizeof(*tries));
	if (!tries)
		wire_die("out of memory", "");
	w->tries = tries;
	tries[w->try_count++] = (struct world_try){ *action, w->now_ms, true };
	return true;
}

static inline void
world_io_end(void *context, uint32_t slot, uint8_t lane)
{
	struct world_try *t = world_open_try(context, slot, lane);

	if (!t)
		wire_die("a try ends that is not in the air", "");
	t->open = false;
}

static inline void
world_io_deliver(void *context, const struct client *client, const uint8_t *reply, size_t len)
{
	struct world *w = context;

	if (w->deliver)
		w->deliver(w->context, client, reply, len);
}

static inline void
world_begin(struct world *w, const struct snapshot *snap)
{
	static const struct hash_key key = { 1, 2 };
	struct cache_settings cache = world_cache_settings(w);

	random_init(&w->random);
	w->scratch = malloc(sizeof(*w->scratch));
	w->reply_room = malloc(CACHED_MAX_OCTETS);
	w->io = (struct upstream_io){ world_io_ask, world_io_end, world_io_deliver, w };
	resolver_init(&w->resolver, snap, cache_new(&cache), flights_new(&w->flights, &w->random),
		      &w->random, w->scratch, w->reply_room);
	w->resolver.io = &w->io;
	w->resolver.targets = targets_new(0, &key);
	w->resolver.keep = keep_new(KEEP_MOST);
	if (!w->resolver.cache || !w->resolver.flights || !w->scratch || !w->reply_room ||
	    !w->resolver.targets || !w->resolver.keep)
		wire_die("out of memory", "");
}

/** Begin with this estate, or go over to it, as a reload does. */
static inline void
world_load(struct world *w, const char *text)
{
	struct snapshot *next = world_compile(text, w->snap);
	struct budgets *budgets = w->resolver.budgets;
	bool first = !w->snap;

	snapshot_unref(w->held);
	w->snap = w->held = next;
	for (uint32_t i = 0; i < WORLD_LISTENERS; i++)
		w->listeners[i] = i < next->root->listener_count ? i : LISTENER_NONE;
	if (first) {
		world_begin(w, next);
	} else {
		struct cache_settings cache = world_cache_settings(w);

		cache_configure(w->resolver.cache, &cache);
		keep_clear(w->resolver.keep);
	}
	w->resolver.budgets = budgets_adopt(budgets, snapshot_budgets(next),
					    next->root->budget_count);
	budgets_unref(budgets);
	if (!w->resolver.budgets)
		wire_die("out of memory", "");
	w->resolver.snap = next;
	w->resolver.listeners = w->listeners;
	w->resolver.listener_count = WORLD_LISTENERS;
}

static inline void
world_end(struct world *w)
{
	snapshot_unref(w->held);
	cache_free(w->resolver.cache);
	flights_free(w->resolver.flights);
	targets_free(w->resolver.targets);
	keep_free(w->resolver.keep);
	budgets_unref(w->resolver.budgets);
	free(w->scratch);
	free(w->reply_room);
	free(w->tries);
}

/** Time passes; all that is due on the way is done when it is due. */
static inline void
world_pass(struct world *w, uint64_t ms)
{
	uint64_t until_ms = w->now_ms + ms, due_ms;
	unsigned ticks = 0;

	while ((due_ms = resolver_due(&w->resolver)) <= until_ms) {
		if (due_ms > w->now_ms) {
			w->now_ms = due_ms;
			ticks = 0;
		}
		resolver_tick(&w->resolver, w->now_ms);
		if (++ticks == 1000)
			wire_die("time stands still", "a tick does not do what is due");
	}
	w->now_ms = until_ms;
}

/**
 * Ask over UDP on a listener, from 10.0.0.9: the reply as wire_print has it, or "wait" or
 * "drop".
 */
static inline const char *
world_query(struct world *w, uint32_t listener, const char *name, const char *type,
	    const struct wire_ask *ask, char *text, size_t size)
{
	uint8_t packet[512], reply[UDP_REPLY_OCTETS];
	struct request request = {
		.packet = packet,
		.len = wire_query(name, type, ask, packet, sizeof(packet)),
		.client = { .addr = world_addr("10.0.0.9", 4000), .listener = listener },
		.now_ms = w->now_ms,
	};
	struct writer out = writer_over(reply, sizeof(reply));

	switch (resolve_query(&w->resolver, &request, &out)) {
	case VERDICT_SEND:
		return wire_print(reply, out.len, text, size);
	case VERDICT_WAIT:
		snprintf(text, size, "wait");
		break;
	case VERDICT_DROP:
		snprintf(text, size, "drop");
		break;
	}
	return text;
}

/** The same with EDNS, on the first listener. */
static inline const char *
world_ask(struct world *w, const char *name, const char *type, char *text, size_t size)
{
	struct wire_ask ask = { .id = 7, .udp_size = 1232 };

	return world_query(w, 0, name, type, &ask, text, size);
}

#endif
