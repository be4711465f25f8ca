#include "estate/estate.h"

#include "estate/order.h"

#define SECOND_MS ((uint64_t)1000)
#define MINUTE_MS (60 * SECOND_MS)
#define DAY_MS	  (24 * 60 * MINUTE_MS)

const char *
rule_outcome_text(enum rule_outcome outcome)
{
	switch (outcome) {
	case ON_NXDOMAIN:
		return "nxdomain";
	case ON_NODATA:
		return "nodata";
	case ON_SERVFAIL:
		return "servfail";
	case ON_TIMEOUT:
		return "timeout";
	case ON_OUTCOMES:
		break;
	}
	return "";
}

void
estate_init(struct estate *estate, size_t limit)
{
	*estate = (struct estate){
		.settings = {
			.allow_default = true,
			.cache_octets = (uint64_t)64 << 20,
			.cache_min_ttl_ms = SECOND_MS,
			.cache_max_ttl_ms = DAY_MS,
			.cache_max_negative_ttl_ms = 15 * MINUTE_MS,
			.cache_serve_stale_ms = DAY_MS,
			.cache_prefetch = true,
			.upstream_timeout_ms = 2 * SECOND_MS,
			.upstream_tries = 3,
			.upstream_edns_size = 1232,
		},
		.lint = {
			.fail_on = SEVERITY_ERROR,
			.quotas = {
#define QUOTA_NUMBER(point, key, number, what) [QUOTA_##point] = (number),
				QUOTA_TABLE(QUOTA_NUMBER)
#undef QUOTA_NUMBER
			},
		},
	};
	assume_init(estate->settings.assume);
	arena_init(&estate->arena, limit);
	for (unsigned kind = 0; kind < OBJECT_KINDS; kind++)
		table_init(&estate->ids[kind], &estate->arena);
}

void
estate_fini(struct estate *estate)
{
	arena_fini(&estate->arena);
	*estate = (struct estate){ 0 };
}

/** VPCs and sites share one space of ids. */
static bool
kinds_collide(enum object_kind a, enum object_kind b)
{
	return a == b || (a == OBJECT_VPC && b == OBJECT_SITE) ||
	       (a == OBJECT_SITE && b == OBJECT_VPC);
}

/** Enter an object under its id, unless the id is taken. */
static enum status
enter(struct estate *estate, enum object_kind kind, const char *id, void *object,
      struct diags *diags)
{
	for (unsigned other = 0; other < OBJECT_KINDS; other++) {
		void *first = table_find_string(&estate->ids[other], id);
		struct finding *finding;

		if (!first || !kinds_collide(kind, (enum object_kind)other))
			continue;
		finding = diag_open(diags, SEVERITY_ERROR, "duplicate-id", NULL,
				    object_at(kind, object),
				    "%s \"%s\" is declared before, with other content",
				    object_kind_text(kind), id);
		diag_add(diags, finding, PART_OBJECT, object_kind_text((enum object_kind)other),
			 id, object_at((enum object_kind)other, first), "declared here first");
		return ERR_REJECTED;
	}
	return table_put_string(&estate->ids[kind], id, object);
}

enum status
estate_add_network(struct estate *estate, struct network *network, struct diags *diags)
{
	enum object_kind kind = network->kind == NETWORK_VPC ? OBJECT_VPC : OBJECT_SITE;
	enum status status = enter(estate, kind, network->id, network, diags);

	if (status != OK)
		return status;
	*(estate->last_network ? &estate->last_network->next : &estate->networks) = network;
	estate->last_network = network;
	estate->network_count++;
	return OK;
}

enum status
estate_add_peering(struct estate *estate, struct peering *peering, struct diags *diags)
{
	enum status status = enter(estate, OBJECT_PEERING, peering->id, peering, diags);

	if (status != OK)
		return status;
	*(estate->last_peering ? &estate->last_peering->next : &estate->peerings) = peering;
	estate->last_peering = peering;
	return OK;
}

enum status
estate_add_transit_gateway(struct estate *estate, struct transit_gateway *gateway,
			   struct diags *diags)
{
	enum status status = enter(estate, OBJECT_TRANSIT_GATEWAY, gateway->id, gateway, diags);

	if (status != OK)
		return status;
	*(estate->last_transit_gateway ? &estate->last_transit_gateway->next
				       : &estate->transit_gateways) = gateway;
	estate->last_transit_gateway = gateway;
	return OK;
}

enum status
estate_add_zone(struct estate *estate, struct hosted_zone *zone, struct diags *diags)
{
	enum status status = enter(estate, OBJECT_HOSTED_ZONE, zone->id, zone, diags);

	if (status != OK)
		return status;
	*(estate->last_zone ? &estate->last_zone->next : &estate->zones) = zone;
	estate->last_zone = zone;
	zone->index = (uint32_t)estate->zone_count++;
	return OK;
}

enum status
estate_add_endpoint(struct estate *estate, struct resolver_endpoint *endpoint,
		    struct diags *diags)
{
	enum status status = enter(estate, OBJECT_ENDPOINT, endpoint->id, endpoint, diags);

	if (status != OK)
		return status;
	*(estate->last_endpoint ? &estate->last_endpoint->next : &estate->endpoints) = endpoint;
	estate->last_endpoint = endpoint;
	estate->endpoint_count++;
	return OK;
}

enum status
estate_add_rule(struct estate *estate, struct resolver_rule *rule, struct diags *diags)
{
	enum status status = enter(estate, OBJECT_RULE, rule->id, rule, diags);

	if (status != OK)
		return status;
	*(estate->last_rule ? &estate->last_rule->next : &estate->rules) = rule;
	estate->last_rule = rule;
	rule->index = (uint32_t)estate->rule_count++;
	return OK;
}

enum status
estate_add_profile(struct estate *estate, struct profile *profile, struct diags *diags)
{
	enum status status = enter(estate, OBJECT_PROFILE, profile->id, profile, diags);

	if (status != OK)
		return status;
	*(estate->last_profile ? &estate->last_profile->next : &estate->profiles) = profile;
	estate->last_profile = profile;
	profile->index = (uint32_t)estate->profile_count++;
	return OK;
}

enum status
estate_add_health_check(struct estate *estate, struct health_check *check, struct diags *diags)
{
	enum status status = enter(estate, OBJECT_HEALTH_CHECK, check->id, check, diags);

	if (status != OK)
		return status;
	*(estate->last_health_check ? &estate->last_health_check->next
				    : &estate->health_checks) = check;
	estate->last_health_check = check;
	return OK;
}

enum status
estate_add_object(struct estate *estate, enum object_kind kind, void *object, struct diags *diags)
{
	enum status status = enter(estate, kind, object_id(kind, object), object, diags);

	if (status == OK)
		order_append(estate, kind, object);
	return status;
}

void
zone_add_set(struct hosted_zone *zone, struct record_set *set)
{
	if (!zone->sets_end)
		zone->sets_end = &zone->sets;
	*zone->sets_end = set;
	zone->sets_end = &set->next;
	zone->set_count++;
}

void *
estate_object(const struct estate *estate, enum object_kind kind, const char *id)
{
	return table_find_string(&estate->ids[kind], id);
}

struct network *
estate_network(const struct estate *estate, const char *id)
{
	struct network *vpc = estate_object(estate, OBJECT_VPC, id);

	return vpc ? vpc : estate_object(estate, OBJECT_SITE, id);
}

struct hosted_zone *
estate_zone(const struct estate *estate, const char *id)
{
	return estate_object(estate, OBJECT_HOSTED_ZONE, id);
}

struct resolver_endpoint *
estate_endpoint(const struct estate *estate, const char *id)
{
	return estate_object(estate, OBJECT_ENDPOINT, id);
}

struct resolver_rule *
estate_rule(const struct estate *estate, const char *id)
{
	return estate_object(estate, OBJECT_RULE, id);
}
