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
	for (struct record_pool *pool = estate->pools; pool; pool = pool->next)
		arena_fini(&pool->arena);
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

static void
report_second(enum object_kind kind, const void *object, enum object_kind other,
	      const void *first, struct diags *diags)
{
	const char *id = object_id(kind, object);
	struct finding *finding;

	finding = diag_open(diags, SEVERITY_ERROR, "duplicate-id", NULL, object_at(kind, object),
			    "%s \"%s\" is declared before, with other content",
			    object_kind_text(kind), id);
	diag_add(diags, finding, PART_OBJECT, object_kind_text(other), id,
		 object_at(other, first), "declared here first");
}

/** Enter an object under its id, unless the id is taken; *aside: it is the second. */
static enum status
enter(struct estate *estate, enum object_kind kind, void *object, struct diags *diags,
      bool *aside)
{
	const char *id = object_id(kind, object);

	*aside = false;
	for (unsigned other = 0; other < OBJECT_KINDS; other++) {
		void *first = table_find_string(&estate->ids[other], id);

		if (!first || !kinds_collide(kind, (enum object_kind)other))
			continue;
		if (kind == (enum object_kind)other && estate->second &&
		    estate->second(estate->second_context, kind, first, object)) {
			*aside = true;
			return OK;
		}
		report_second(kind, object, (enum object_kind)other, first, diags);
		return ERR_REJECTED;
	}
	return table_put_string(&estate->ids[kind], id, object);
}

/** count, index: NULL where the kind has none. */
static enum status
add(struct estate *estate, enum object_kind kind, void *object, size_t *count, uint32_t *index,
    struct diags *diags)
{
	bool aside;
	enum status status = enter(estate, kind, object, diags, &aside);

	if (status != OK || aside)
		return status;
	order_append(estate, kind, object);
	if (index)
		*index = (uint32_t)*count;
	if (count)
		++*count;
	return OK;
}

enum status
estate_add_network(struct estate *estate, struct network *network, struct diags *diags)
{
	return add(estate, network->kind == NETWORK_VPC ? OBJECT_VPC : OBJECT_SITE, network,
		   &estate->network_count, NULL, diags);
}

enum status
estate_add_peering(struct estate *estate, struct peering *peering, struct diags *diags)
{
	return add(estate, OBJECT_PEERING, peering, NULL, NULL, diags);
}

enum status
estate_add_transit_gateway(struct estate *estate, struct transit_gateway *gateway,
			   struct diags *diags)
{
	return add(estate, OBJECT_TRANSIT_GATEWAY, gateway, NULL, NULL, diags);
}

enum status
estate_add_zone(struct estate *estate, struct hosted_zone *zone, struct diags *diags)
{
	return add(estate, OBJECT_HOSTED_ZONE, zone, &estate->zone_count, &zone->index, diags);
}

enum status
estate_add_endpoint(struct estate *estate, struct resolver_endpoint *endpoint,
		    struct diags *diags)
{
	return add(estate, OBJECT_ENDPOINT, endpoint, &estate->endpoint_count, NULL, diags);
}

enum status
estate_add_rule(struct estate *estate, struct resolver_rule *rule, struct diags *diags)
{
	return add(estate, OBJECT_RULE, rule, &estate->rule_count, &rule->index, diags);
}

enum status
estate_add_profile(struct estate *estate, struct profile *profile, struct diags *diags)
{
	return add(estate, OBJECT_PROFILE, profile, &estate->profile_count, &profile->index,
		   diags);
}

enum status
estate_add_health_check(struct estate *estate, struct health_check *check, struct diags *diags)
{
	return add(estate, OBJECT_HEALTH_CHECK, check, NULL, NULL, diags);
}

enum status
estate_add_object(struct estate *estate, enum object_kind kind, void *object, struct diags *diags)
{
	return add(estate, kind, object, NULL, NULL, diags);
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
