#include "snapshot/zone_make.h"

/* route53-semantics 4.2: what every private hosted zone begins with. */
#define SOA_TTL_S 900
#define NS_TTL_S  172800

static const uint8_t soa_data[] =
	"\007ns-1536\011awsdns-00\002co\002uk\000"
	"\021awsdns-hostmaster\006amazon\003com\000"
	"\000\000\000\001"	/* serial 1 */
	"\000\000\034\040"	/* refresh 7200 */
	"\000\000\003\204"	/* retry 900 */
	"\000\022\165\000"	/* expire 1209600 */
	"\000\001\121\200";	/* minimum 86400 */

/* The zero octet that ends each literal is its name's root label. */
static const uint8_t ns_co_uk[] = "\007ns-1536\011awsdns-00\002co\002uk";
static const uint8_t ns_com[] = "\004ns-0\011awsdns-00\003com";
static const uint8_t ns_org[] = "\007ns-1024\011awsdns-00\003org";
static const uint8_t ns_net[] = "\006ns-512\011awsdns-00\003net";

static const struct rdata soa_values[] = {
	{ soa_data, sizeof(soa_data) - 1 },	/* all but the literal's zero octet */
};

static const struct rdata ns_values[] = {
	{ ns_co_uk, sizeof(ns_co_uk) },
	{ ns_com, sizeof(ns_com) },
	{ ns_org, sizeof(ns_org) },
	{ ns_net, sizeof(ns_net) },
};

static bool
zone_states(const struct hosted_zone *zone, uint16_t type)
{
	for (const struct record_set *set = zone->sets; set; set = set->next)
		if (set->type == type && name_wire_equal(set->owner, zone->name))
			return true;
	return false;
}

static void
add_default(struct zone_maker *m, uint16_t type, uint32_t ttl_s, const struct rdata *values,
	    uint16_t value_count)
{
	if (zone_states(m->zone, type))
		return;
	m->defaults[m->default_count++] = (struct record_set){
		.owner = m->zone->name,
		.type = type,
		.ttl_s = ttl_s,
		.values = values,
		.value_count = value_count,
		.at = m->zone->at,
	};
}

void
zone_add_defaults(struct zone_maker *m)
{
	add_default(m, TYPE_SOA, SOA_TTL_S, soa_values, COUNT_OF(soa_values));
	add_default(m, TYPE_NS, NS_TTL_S, ns_values, COUNT_OF(ns_values));
}
