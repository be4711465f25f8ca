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
