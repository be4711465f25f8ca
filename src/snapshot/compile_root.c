#include "snapshot/compile_parts.h"

#include <stdlib.h>
#include <string.h>

#define INTERNET_ID	"internet_resolver"

static const uint8_t root_wire[1];

void
root_fail(struct root_maker *m, enum status status)
{
	if (!m->status)
		m->status = status;
}

void *
root_array(struct root_maker *m, size_t count, size_t size)
{
	void *array = arena_array(&m->scratch, count, size);

	if (!array)
		root_fail(m, ERR_NOMEM);
	return array;
}

const struct root_name *
root_name(struct root_maker *m, const uint8_t *wire)
{
	size_t len = name_wire_len(wire);
	struct root_name *name = table_find(&m->names, wire, len);

	if (name)
		return name;
	name = root_array(m, 1, sizeof(*name));
	if (!name)
		return NULL;
	name->wire = arena_copy(&m->scratch, wire, len);
	if (!name->wire || table_put(&m->names, name->wire, len, name) != OK) {
		root_fail(m, ERR_NOMEM);
		return NULL;
	}
	name->at = block_put(&m->block, wire, len);
	name->hash = name_hash(wire);
	name->labels = name_wire_labels(wire);
	return name;
}

static uint32_t
name_at(struct root_maker *m, const uint8_t *wire)
{
	const struct root_name *name = root_name(m, wire);

	return name ? name->at : 0;
}

static void
put_settings(struct root_maker *m)
{
	const struct settings *s = &m->estate->settings;
	struct snapshot_settings out = {
		.cache_octets = s->cache_octets,
		.cache_min_ttl_ms = s->cache_min_ttl_ms,
		.cache_max_ttl_ms = s->cache_max_ttl_ms,
		.cache_max_negative_ttl_ms = s->cache_max_negative_ttl_ms,
		.cache_serve_stale_ms = s->cache_serve_stale_ms,
		.upstream_timeout_ms = s->upstream_timeout_ms,
		.cache_prefetch = s->cache_prefetch,
		.upstream_tries = s->upstream_tries,
		.upstream_edns_size = s->upstream_edns_size,
		.workers = s->workers,
	};
	struct root *root;

	memcpy(out.assume, s->assume, sizeof(out.assume));
	out.user_at = block_put_string(&m->block, s->user);
	out.snapshot_file_at = block_put_string(&m->block, s->snapshot_file);
	out.control_socket_at = block_put_string(&m->block, s->control_socket);
	out.query_log_at = block_put_string(&m->block, s->query_log);
	out.identity_at = block_put_string(&m->block, s->identity);
	out.version_at = block_put_string(&m->block, s->version);
	root = block_edit(&m->block, 0);
	if (root)
		root->settings = out;
}

size_t
root_count_targets(const struct target *targets)
{
	size_t count = 0;

	for (; targets; targets = targets->next)
		count++;
	return count;
}

static int
compare_targets(const void *a, const void *b)
{
	const struct snapshot_target *left = a, *right = b;
	int order = memcmp(left->ip, right->ip, sizeof(left->ip));

	if (order)
		return order;
	if (left->port != right->port)
		return left->port < right->port ? -1 : 1;
	return (left->protocol > right->protocol) - (left->protocol < right->protocol);
}

uint32_t
root_put_targets(struct root_maker *m, const struct target *targets, bool ordered)
{
	size_t count = root_count_targets(targets);
	uint32_t at = block_reserve(&m->block, count * sizeof(struct snapshot_target));
	struct snapshot_target *out = block_edit(&m->block, at);

	if (!at || !out)
		return 0;
	for (size_t i = 0; i < count; targets = targets->next, i++) {
		memcpy(out[i].ip, targets->addr.ip, sizeof(out[i].ip));
		out[i].port = targets->addr.port;
		out[i].protocol = targets->protocol;
	}
	if (!ordered)
		qsort(out, count, sizeof(*out), compare_targets);
	return at;
}

static int
compare_digests(const void *a, const void *b)
{
	const struct digest *left = a, *right = b;

	if (left->hi != right->hi)
		return left->hi < right->hi ? -1 : 1;
	return (left->lo > right->lo) - (left->lo < right->lo);
}

static struct digest
target_digest(const struct target *target)
{
	const char *sni = target->server_name_indication;
	uint8_t octets[19];
	struct digest digest;

	memcpy(octets, target->addr.ip, 16);
	store_u16(octets + 16, target->addr.port);
	octets[18] = (uint8_t)target->protocol;
	digest = digest_bytes(octets, sizeof(octets));
	return sni ? digest_fold(digest, digest_bytes(sni, strlen(sni))) : digest;
}

/**
 * What answers depend on: domain, type and who is asked, in whatever order.  Two rules that
 * agree in it may share cached answers, and a rule keeps them over a reload.
 */
static struct digest
rule_identity(struct root_maker *m, const uint8_t *domain, enum rule_type type,
	      const struct target *targets)
{
	struct digest identity = digest_bytes(domain, name_wire_len(domain));
	size_t count = root_count_targets(targets), n = 0;
	struct digest *digests = root_array(m, count, sizeof(*digests));
	uint8_t kind = (uint8_t)type;

	if (!digests)
		return identity;
	for (; targets; targets = targets->next)
		digests[n++] = target_digest(targets);
	if (count)
		qsort(digests, count, sizeof(*digests), compare_digests);
	identity = digest_fold(identity, digest_bytes(&kind, 1));
	for (n = 0; n < count; n++)
		identity = digest_fold(identity, digests[n]);
	return identity;
}

/* Where the rules go: declared, further ones, internet. */
struct rule_places {
	uint32_t at;			/* of the first */
	uint32_t next_further;		/* number of the next one that a declared rule leads to */
	uint32_t internet;		/* number of the last */
};

/** What stands in snapshot_rule.on: numbers are given in the order of the rules. */
static void
number_further(struct rule_places *places, const struct resolver_rule *rule,
	       uint32_t on[ON_OUTCOMES])
{
	for (unsigned i = 0; i < ON_OUTCOMES; i++) {
		on[i] = RULE_NONE;
		if (rule->on[i].internet)
			on[i] = places->internet;
		else if (rule->on[i].targets)
			on[i] = places->next_further++;
	}
}

static void
put_rule(struct root_maker *m, struct rule_places *places, uint32_t number,
	 const struct resolver_rule *rule)
{
	const uint8_t *domain = rule->type == RULE_DELEGATE ? rule->delegation_record
							   : rule->domain_name;
	struct snapshot_rule *rules, out = {
		.type = rule->type,
		.target_count = (uint32_t)root_count_targets(rule->targets),
		.policy = rule->policy,
		.further = number >= m->estate->rule_count && number < places->internet,
	};

	number_further(places, rule, out.on);
	if (!domain)
		domain = root_wire;
	out.identity = rule_identity(m, domain, rule->type, rule->targets);
	out.id_at = block_put_string(&m->block, rule->id);
	out.domain_at = name_at(m, domain);
	out.targets_at = root_put_targets(m, rule->targets, rule->policy != TARGET_RANDOM);
	out.endpoint_at = block_put_string(&m->block, rule->endpoint.id);
	rules = block_edit(&m->block, places->at);
	if (rules)
		rules[number] = out;
}

static uint32_t
count_further(const struct estate *estate)
{
	uint32_t count = 0;

	for (const struct resolver_rule *r = estate->rules; r; r = r->next)
		for (unsigned i = 0; i < ON_OUTCOMES; i++)
			count += !r->on[i].internet && r->on[i].targets;
	return count;
}

/** Rules of the same domain with other targets, in the order that number_further has. */
static uint32_t
put_further(struct root_maker *m, struct rule_places *places, uint32_t number,
	    const struct resolver_rule *rule)
{
	for (unsigned i = 0; i < ON_OUTCOMES; i++) {
		struct resolver_rule further = {
			.domain_name = rule->domain_name,
			.type = RULE_FORWARD,
			.targets = rule->on[i].targets,
			.policy = rule->policy,
			.endpoint = rule->endpoint,
		};

		if (rule->on[i].internet || !further.targets)
			continue;
		further.id = arena_printf(&m->scratch, "%s on %s", rule->id,
					  rule_outcome_text((enum rule_outcome)i));
		if (!further.id)
			root_fail(m, ERR_NOMEM);
		put_rule(m, places, number++, &further);
	}
	return number;
}

/** The declared rules, what they lead to, then the one that stands for the internet resolver. */
static void
put_rules(struct root_maker *m)
{
	struct resolver_rule internet = {
		.id = INTERNET_ID,
		.domain_name = root_wire,
		.type = RULE_FORWARD,
		.targets = m->estate->settings.internet_resolver,
		.policy = m->estate->settings.upstream_policy,
	};
	uint32_t declared = (uint32_t)m->estate->rule_count, number = 0;
	uint32_t count = declared + count_further(m->estate) + 1;
	struct rule_places places = {
		.at = block_reserve(&m->block, count * sizeof(struct snapshot_rule)),
		.next_further = declared,
		.internet = count - 1,
	};
	struct root *root;

	for (const struct resolver_rule *r = m->estate->rules; r; r = r->next)
		put_rule(m, &places, number++, r);
	for (const struct resolver_rule *r = m->estate->rules; r; r = r->next)
		number = put_further(m, &places, number, r);
	put_rule(m, &places, number, &internet);
	m->internet_rule = number;
	root = block_edit(&m->block, 0);
	if (root) {
		root->rules_at = places.at;
		root->rule_count = count;
	}
}

static void
put_budgets(struct root_maker *m)
{
	uint32_t count = 0, at;
	struct snapshot_budget *out;
	struct root *root;

	for (const struct packet_budget *b = m->estate->settings.budgets; b; b = b->next)
		count++;
	at = block_reserve(&m->block, count * sizeof(*out));
	out = block_edit(&m->block, at);
	for (const struct packet_budget *b = m->estate->settings.budgets; out && b; b = b->next) {
		memcpy(out->ip, b->addr.ip, sizeof(out->ip));
		out++->per_second = b->per_second;
	}
	root = block_edit(&m->block, 0);
	if (root) {
		root->budgets_at = at;
		root->budget_count = count;
	}
}

static void
put_profiles(struct root_maker *m)
{
	uint32_t count = (uint32_t)m->estate->profile_count, number = 0;
	uint32_t at = block_reserve(&m->block, count * sizeof(struct snapshot_profile));
	struct root *root;

	for (const struct profile *p = m->estate->profiles; p; p = p->next, number++) {
		uint32_t id_at = block_put_string(&m->block, p->id);
		struct snapshot_profile *profiles = block_edit(&m->block, at);

		if (profiles)
			profiles[number] = (struct snapshot_profile){ .id_at = id_at };
	}
	root = block_edit(&m->block, 0);
	if (root) {
		root->profiles_at = at;
		root->profile_count = count;
	}
}

static void
put_zones(struct root_maker *m, const struct zone_blocks *blocks)
{
	uint32_t count = (uint32_t)m->estate->zone_count, number = 0;
	uint32_t at = block_reserve(&m->block, count * sizeof(struct snapshot_zone));
	struct root *root;

	for (const struct hosted_zone *z = m->estate->zones; z; z = z->next, number++) {
		uint32_t id_at = block_put_string(&m->block, z->id);
		uint32_t wire_at = name_at(m, z->name);
		struct snapshot_zone *zones = block_edit(&m->block, at);
		uint32_t block = blocks->numbers[number];

		if (zones)
			zones[number] = (struct snapshot_zone){
				.source = block_of(blocks->held[block])->source,
				.id_at = id_at,
				.name_at = wire_at,
				.block = block,
			};
	}
	root = block_edit(&m->block, 0);
	if (root) {
		root->zones_at = at;
		root->zone_count = count;
		root->block_count = blocks->count;
	}
}

enum status
compile_root(const struct estate *estate, const struct zone_blocks *blocks,
	     struct held_block **out)
{
	struct root_maker m = { .estate = estate };
	struct digest source;

	arena_init(&m.scratch, SIZE_MAX);
	table_init(&m.names, &m.scratch);
	block_begin(&m.block, BLOCK_ROOT, sizeof(struct root));
	put_settings(&m);
	put_zones(&m, blocks);
	put_rules(&m);
	put_budgets(&m);
	put_profiles(&m);
	compile_health(&m);
	compile_views(&m, compile_networks(&m));
	source = block_content(&m.block);
	*out = m.status ? NULL : block_seal(&m.block, source);
	root_fail(&m, m.block.status);
	block_abandon(&m.block);
	arena_fini(&m.scratch);
	return m.status;
}
