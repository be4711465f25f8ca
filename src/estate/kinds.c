#include "estate/estate.h"

#include <assert.h>
#include <string.h>

/* Where each kind of object has what all have. */
struct kind {
	const char *text;
	size_t id, at;
};

#define KIND(type, text) { text, offsetof(struct type, id), offsetof(struct type, at) }

static const struct kind kinds[OBJECT_KINDS] = {
	[OBJECT_VPC] = KIND(network, "vpc"),
	[OBJECT_SITE] = KIND(network, "site"),
	[OBJECT_PEERING] = KIND(peering, "vpc_peering_connection"),
	[OBJECT_TRANSIT_GATEWAY] = KIND(transit_gateway, "transit_gateway"),
	[OBJECT_HOSTED_ZONE] = KIND(hosted_zone, "hosted_zone"),
	[OBJECT_HEALTH_CHECK] = KIND(health_check, "health_check"),
	[OBJECT_ENDPOINT] = KIND(resolver_endpoint, "resolver_endpoint"),
	[OBJECT_RULE] = KIND(resolver_rule, "resolver_rule"),
	[OBJECT_PROFILE] = KIND(profile, "profile"),
	[OBJECT_SUBNET] = KIND(subnet, "subnet"),
	[OBJECT_ROUTE_TABLE] = KIND(route_table, "route_table"),
	[OBJECT_SECURITY_GROUP] = KIND(security_group, "security_group"),
	[OBJECT_NETWORK_ACL] = KIND(network_acl, "network_acl"),
	[OBJECT_NETWORK_INTERFACE] = KIND(network_interface, "network_interface"),
	[OBJECT_VPC_ENDPOINT] = KIND(vpc_endpoint, "vpc_endpoint"),
	[OBJECT_DHCP_OPTIONS] = KIND(dhcp_options, "dhcp_options"),
	[OBJECT_PREFIX_LIST] = KIND(managed_prefix_list, "prefix_list"),
	[OBJECT_FIREWALL_DOMAIN_LIST] = KIND(firewall_domain_list, "firewall_domain_list"),
	[OBJECT_FIREWALL_RULE_GROUP] = KIND(firewall_rule_group, "firewall_rule_group"),
};

const char *
object_kind_text(enum object_kind kind)
{
	assert(kind < OBJECT_KINDS);
	return kinds[kind].text;
}

const char *
object_id(enum object_kind kind, const void *object)
{
	const char *id;

	assert(kind < OBJECT_KINDS);
	memcpy(&id, (const char *)object + kinds[kind].id, sizeof(id));
	return id;
}

struct srcloc
object_at(enum object_kind kind, const void *object)
{
	struct srcloc at;

	assert(kind < OBJECT_KINDS);
	memcpy(&at, (const char *)object + kinds[kind].at, sizeof(at));
	return at;
}
