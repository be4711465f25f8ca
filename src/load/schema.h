/*
 * schema - every key of the configuration: one table for parser, manual page and JSON Schema
 *
 * The configuration is a tree of maps; each map has its row here, each key its row in its
 * map: type, whether it must be there, default, range, words, one line of documentation, and
 * where in the C object its value goes.  load/bind reads YAML by it, so what is not in the
 * table is not accepted.  The JSON of the AWS CLI has its maps here too (`foreign`), with the
 * API's own names.
 */
#ifndef LOAD_SCHEMA_H
#define LOAD_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum schema_type {
	SCHEMA_MAP,		/* a map of its own, see `map` */
	SCHEMA_STRING,		/* text */
	SCHEMA_ID,		/* an id: text without blanks */
	SCHEMA_REF,		/* the id of another object, see `refs` */
	SCHEMA_NAME,		/* a domain name, absolute with or without the trailing dot */
	SCHEMA_API_NAME,	/* the same with the escapes of the Route 53 API (\052) */
	SCHEMA_ADDRESS,		/* an IP address */
	SCHEMA_PREFIX,		/* a CIDR block */
	SCHEMA_DURATION,	/* 500ms 5s 1h 1d */
	SCHEMA_SIZE,		/* 64MiB */
	SCHEMA_INTEGER,		/* min..max, or one of `words` */
	SCHEMA_NUMBER,		/* min..max, with decimals */
	SCHEMA_BOOL,
	SCHEMA_ENUM,		/* one of `words`: its value is stored */
	SCHEMA_WORD,		/* one of `words`: its text is stored */
	SCHEMA_RECORD_TYPE,	/* A, AAAA, TYPE65280 */
	SCHEMA_SECRET,		/* 128 bits in 32 hexadecimal digits; never shown in messages */
	SCHEMA_TEXTS,		/* texts under names that are the user's */
	SCHEMA_PATH,		/* of a file, relative to the one that names it */
	SCHEMA_IGNORED,		/* known, but nothing that we use (foreign maps) */
};

enum schema_map_id {
	MAP_ROOT,
	MAP_SERVER,
	MAP_LISTEN,
	MAP_RESOLVER,		/* an item of internet_resolver */
	MAP_CACHE,
	MAP_UPSTREAM,
	MAP_PACKET_BUDGET,
	MAP_CONTROL,
	MAP_ADMIN,
	MAP_QUERY_LOG,
	MAP_SNAPSHOT,
	MAP_ASSUME,
	MAP_VPC,
	MAP_SITE,
	MAP_PEERING,
	MAP_REQUESTER,
	MAP_ACCEPTER,
	MAP_TRANSIT_GATEWAY,
	MAP_ZONE,
	MAP_RECORD_SET,
	MAP_ALIAS_TARGET,
	MAP_GEO_LOCATION,
	MAP_GEOPROXIMITY,
	MAP_COORDINATES,
	MAP_HEALTH_CHECK,
	MAP_ENDPOINT,
	MAP_RULE,
	MAP_TARGET,
	MAP_ON,
	MAP_ON_TARGET,
	MAP_PROFILE,
	MAP_ASSOCIATION,
	MAP_SUBNET,		/* from here to the association: load/schema_network.c */
	MAP_ROUTE_TABLE,
	MAP_ROUTE,
	MAP_SECURITY_GROUP,
	MAP_IP_PERMISSION,
	MAP_IP_PERMISSION_EGRESS,
	MAP_NETWORK_ACL,
	MAP_ACL_ENTRY,
	MAP_NETWORK_INTERFACE,
	MAP_VPC_ENDPOINT,
	MAP_DNS_ENTRY,
	MAP_DHCP_OPTIONS,
	MAP_PREFIX_LIST,
	MAP_FIREWALL_DOMAIN_LIST,
	MAP_FIREWALL_RULE_GROUP,
	MAP_FIREWALL_RULE,
	MAP_FIREWALL_ASSOCIATION,
	MAP_IMPORT,
	MAP_LINT,
	MAP_LINT_SEVERITY,
	MAP_LINT_PATH,
	MAP_LINT_GROUP,
	MAP_LINT_QUOTAS,
	MAP_LINT_SUPPRESSION,
	MAP_EXPECT_SAME,
	MAP_EXPECT_ANSWER,
	MAP_EXPECT_ABSENT,
	/* foreign: Route 53 API */
	MAP_API_SET,
	MAP_API_VALUE,
	MAP_API_ALIAS,
	MAP_API_GEO,
	MAP_API_GEOPROXIMITY,
	MAP_API_COORDINATES,
	SCHEMA_MAPS,
};

struct schema_word {
	const char *text;	/* NULL ends the list */
	int value;
};

struct schema_key {
	const char *key;
	enum schema_type type;
	bool list;		/* a list of such */
	bool required;
	enum schema_map_id map;	/* of SCHEMA_MAP */
	unsigned refs;		/* of SCHEMA_REF: bits 1 << enum object_kind */
	const struct schema_word *words;	/* of a list of maps: may stand in its place */
	double min, max;	/* of numbers, and octets of SCHEMA_STRING; both 0: no bounds */
	const char *fallback;	/* the value when the key is absent; NULL: none */
	const char *absent;	/* what its absence means, where no value can say it */
	const char *doc;	/* one line */
	const char *not_yet;	/* accepted, but this version does not: what; else NULL */
	bool inverted;		/* SCHEMA_BOOL: the field says the contrary */
	bool not_yet_fails;	/* and that is an error, not a warning */
	bool later;		/* read with the zone data, not with the object */

	/* Where it goes in the object; scalars, the head of a list, a bit set for enums. */
	uint16_t field, size;
	uint16_t at;		/* a struct srcloc for its place; 0: none */
	uint16_t port;		/* lists of addresses: the port of each */
	uint16_t said;		/* lists of maps with `words`: a bool, that one of them stands there */
};

struct schema_map {
	const char *path;	/* "server.listen[]"; "" for the whole file */
	const char *doc;
	const struct schema_key *keys;
	size_t count;
	bool foreign;		/* not ours: unknown keys are warnings, not part of conf(5) */
	bool transient;		/* the C object is handed on and forgotten, not kept in a list */
	uint16_t size;		/* of its C object when it is made for each item of a list */
	uint16_t next, at;	/* in that object: the link, the place; at 0: none */
};

/** All maps, in the order of enum schema_map_id; foreign ones last. */
const struct schema_map *schema_map(enum schema_map_id id);

/** The row of a key in a map, or NULL. */
const struct schema_key *schema_find(const struct schema_map *map, const char *key);

/** "a whole number", "a list of ids": for people. */
const char *schema_type_text(enum schema_type type, bool list);

#endif
