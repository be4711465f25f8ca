#include <math.h>

#include "cli/explain_words.h"
#include "engine/pick.h"
#include "estate/record.h"

static const struct zone_routing *
routing_of(const struct explain_step *step)
{
	return zone_set_routing(step->zone, step->member);
}

static const char *
string_at(const struct explain_step *step, uint32_t at)
{
	return block_string(&step->zone->block, at);
}

const char *
words_set_identifier(const struct explain_step *step)
{
	const struct zone_routing *routing = routing_of(step);

	return routing ? string_at(step, routing->set_identifier_at) : "";
}

const char *
words_policy(const struct explain_step *step)
{
	switch ((enum routing_policy)step->member->policy) {
	case POLICY_SIMPLE:
		return "simple";
	case POLICY_MULTIVALUE:
		return "multivalue";
	case POLICY_WEIGHTED:
		return "weighted";
	case POLICY_FAILOVER:
		return "failover";
	case POLICY_LATENCY:
		return "latency";
	case POLICY_GEOLOCATION:
		return "geolocation";
	case POLICY_GEOPROXIMITY:
		return "geoproximity";
	}
	return "";
}

const char *
words_health(enum health_state health)
{
	switch (health) {
	case HEALTH_UNCHECKED:
		return "unchecked";
	case HEALTH_UNKNOWN:
		return "unknown";
	case HEALTH_GOOD:
		return "healthy";
	case HEALTH_BAD:
		return "unhealthy";
	}
	return "";
}

static void
print_weight(const struct explain_step *step, struct text *out)
{
	uint32_t sum = 0;

	for (unsigned i = 0; i < step->group->members; i++)
		sum += zone_set_at(step->zone, step->group[i].set_at)->weight;
	text_printf(out, "weight %u of %u, drawn anew each time", step->member->weight, sum);
}

static void
print_distance(const struct explain_step *step, const char *region, struct text *out)
{
	const struct zone_routing *routing = routing_of(step);
	double km = pick_distance_km(step->zone, step->member, region);

	text_append(out, words_policy(step));
	text_append(out, " ");
	if (routing->has_coordinates)
		text_printf(out, "%.2f, %.2f", routing->latitude, routing->longitude);
	else
		text_printable(out, string_at(step, routing->region_at));
	if (routing->bias)
		text_printf(out, " with bias %d", (int)routing->bias);
	if (isinf(km))
		text_append(out, ", how far is not known");
	else
		text_printf(out, ", %.0f km", km);
	text_append(out, " from ");
	text_printable(out, *region ? region : "a network without Region");
}

static void
print_area(const struct explain_step *step, const char *region, struct text *out)
{
	const struct zone_routing *routing = routing_of(step);

	text_append(out, "geolocation");
	for (unsigned i = 0; i < 3; i++) {
		static const char *const kinds[] = { "continent", "country", "subdivision" };
		const uint32_t at[] = { routing->continent_at, routing->country_at,
					routing->subdivision_at };

		if (!*string_at(step, at[i]))
			continue;
		text_printf(out, " %s ", kinds[i]);
		text_printable(out, string_at(step, at[i]));
	}
	switch (pick_area(step->zone, step->member, region)) {
	case AREA_ELSEWHERE:
		text_append(out, ", elsewhere than ");
		break;
	case AREA_DEFAULT:
		text_append(out, ", the default for ");
		break;
	case AREA_CONTINENT:
	case AREA_COUNTRY:
	case AREA_SUBDIVISION:
		text_append(out, ", around ");
		break;
	}
	text_printable(out, *region ? region : "a network without Region");
}

static void
print_policy(const struct explain_step *step, const char *region, struct text *out)
{
	switch ((enum routing_policy)step->member->policy) {
	case POLICY_SIMPLE:
	case POLICY_MULTIVALUE:
		text_append(out, words_policy(step));
		break;
	case POLICY_WEIGHTED:
		print_weight(step, out);
		break;
	case POLICY_FAILOVER:
		text_printf(out, "failover %s", step->member->failover == FAILOVER_PRIMARY
							? "primary" : "secondary");
		break;
	case POLICY_GEOLOCATION:
		print_area(step, region, out);
		break;
	case POLICY_LATENCY:
	case POLICY_GEOPROXIMITY:
		print_distance(step, region, out);
		break;
	}
}

static void
print_health(const struct explain_step *step, struct text *out)
{
	const struct zone_routing *routing = routing_of(step);
	const char *check = routing ? string_at(step, routing->health_check_at) : "";

	text_append(out, "; ");
	if (*check) {
		text_append(out, "health_check ");
		text_printable(out, check);
		text_append(out, ": ");
	}
	switch (step->health) {
	case HEALTH_UNCHECKED:
		text_append(out, "no health check");
		break;
	case HEALTH_UNKNOWN:
		text_append(out, "health not known here, counts as healthy");
		break;
	case HEALTH_GOOD:
	case HEALTH_BAD:
		text_append(out, words_health(step->health));
		break;
	}
}

void
words_member(const struct query *query, const struct explain_step *step, struct text *out)
{
	const struct snapshot *snap = query->input.snap;
	const char *id = words_set_identifier(step);
	uint32_t region_at = snapshot_network(snap, step->network)->region_at;

	text_append(out, "set ");
	text_printable(out, *id ? id : "without identifier");
	text_append(out, ": ");
	print_policy(step, snapshot_string(snap, region_at), out);
	print_health(step, out);
}
