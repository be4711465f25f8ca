/*
 * aws - what `aws ... --output json` prints, read into an estate
 *
 * Documents are told apart by their top-level keys, whatever their files are called: single
 * ones, lists of them, JSON lines, pages, and the envelope {"command", "args", "output"}.
 * An object is spread over several calls (a VPC over four), so all is gathered first and
 * objects are made at the end: networks, zones and their records, then what refers to them.
 *
 * What is inside a VPC is read too.  Private DNS of an interface endpoint becomes the zone that
 * it is in the service: hidden, of that VPC alone, with the addresses of the endpoint's
 * interfaces or, where these are not exported, an alias of the endpoint's public name.
 *
 * What a call was asked for is not in what it prints: the Region, the zone of a record list,
 * the endpoint of addresses, the VPC of a zone list.  They are taken from the envelope's args,
 * else from an id or Region in the name of the file or its folders, nearest first.
 *
 * Memory is that of the estate: record sets are read one at a time, in a second reading.
 */
#ifndef LOAD_AWS_H
#define LOAD_AWS_H

#include "load/objects.h"

enum aws_kind {
	AWS_HOSTED_ZONE, AWS_ZONE_VPCS, AWS_ZONE_SUMMARY, AWS_RECORD_SETS, AWS_HEALTH_CHECK,
	AWS_ENDPOINT, AWS_ENDPOINT_ADDRESS, AWS_RULE, AWS_RULE_ASSOCIATION, AWS_RESOLVER_CONFIG,
	AWS_PROFILE, AWS_PROFILE_ASSOCIATION, AWS_PROFILE_RESOURCE,
	AWS_VPC, AWS_VPC_SUPPORT, AWS_VPC_HOSTNAMES, AWS_PEERING, AWS_TRANSIT_GATEWAY,
	AWS_VPC_ATTACHMENT, AWS_ATTACHMENT,
	AWS_SUBNET, AWS_ROUTE_TABLE, AWS_SECURITY_GROUP, AWS_NETWORK_ACL, AWS_NETWORK_INTERFACE,
	AWS_VPC_ENDPOINT, AWS_DHCP_OPTIONS, AWS_PREFIX_LIST, AWS_PREFIX_ENTRY, AWS_DNSSEC_CONFIG,
	AWS_FIREWALL_GROUP, AWS_FIREWALL_RULE, AWS_FIREWALL_ASSOCIATION, AWS_FIREWALL_LIST,
	AWS_FIREWALL_DOMAIN,
	AWS_KINDS,
};

/* One document; a file may have several. */
struct aws_document {
	const char *path;		/* in the estate's arena */
	const char *within;		/* the part of it that is below the folder imported */
	const struct yaml_node *rest;	/* top-level members but the lists; never NULL */
	const struct yaml_node *envelope;	/* its members but `output`; NULL: it has none */
	unsigned ordinal;		/* in its file */
	struct digest file;
	const char *next;		/* where the next page begins; NULL: there is none */
	struct srcloc next_at;
	const char *key;		/* the list that it has */
	/* of record lists: the first name, and the owner of the SOA; NULL */
	const char *first_name, *apex;
	struct srcloc sets_at;
	struct aws_document *next_document;
};

/* An item of a list, or a document that is one. */
struct aws_item {
	const struct yaml_node *node;
	const struct aws_document *document;
	const char *id;			/* without /hostedzone/ */
	struct aws_item *next;
};

struct aws_list {
	struct aws_item *first, *last;
	struct table ids;		/* id -> item */
};

/* One import. */
struct aws {
	struct estate *estate;
	struct objects *objects;
	struct diags *diags;
	struct arena *scratch;
	struct bind bind;
	struct aws_list lists[AWS_KINDS];
	struct aws_document *documents, **documents_end;
	struct table zones;		/* id -> struct aws_zone */
	struct table pages;		/* where a page of records leads -> its aws_document */
	bool nomem, incomplete;
};

/**
 * Read a folder, walked with its folders in the order of names, or one file, and add its
 * objects to the estate.  at: where it is named.  Mistakes are reported: CFG001 where pages
 * are missing, CFG003 where the zone of a record list cannot be told, CFG007 (a warning; the
 * first stands) where two files say different things of one object.
 * ERR_SYSTEM: `path` itself could not be read, or has no JSON (reported).  ERR_NOMEM.
 */
enum status aws_load(const char *path, struct srcloc at, struct objects *objects,
		     struct diags *diags) must_check;

/** Is this a folder, or a file with JSON that has keys of the AWS CLI? */
bool aws_is_export(const char *path);

/* --- for the files aws_*.c */

/** The value under a key; NULL where it is absent, null, or `map` is no map. */
const struct yaml_node *aws_member(const struct yaml_node *map, const char *key);
/** The same; NULL where it is no scalar, either. */
const struct yaml_node *aws_scalar(const struct yaml_node *map, const char *key);
const char *aws_text(const struct yaml_node *map, const char *key);
bool aws_is(const struct yaml_node *map, const char *key, const char *text);

/** What the call was asked for: "hosted-zone-id"; NULL: no envelope says it. */
const char *aws_argument(const struct aws_document *document, const char *name);

/** The longest word of the path below the import that is a key of the table; NULL. */
const char *aws_word(struct aws *a, const struct aws_document *document,
		     const struct table *table);
const char *aws_region(struct aws *a, const struct aws_document *document);

/** Z1 of /hostedzone/Z1, and the last part of an ARN. */
const char *aws_bare_id(const char *id);

struct srcloc aws_place(const struct aws_document *document, const struct yaml_node *node);
/** A copy in the estate; NULL stays NULL. */
const char *aws_keep(struct aws *a, const char *text);
void *aws_new(struct aws *a, size_t size);

/** Bind the members that the rows name; others are passed by.  false: reported. */
bool aws_bind(struct aws *a, const struct aws_document *document, const struct yaml_node *map,
	      const struct schema_key *rows, size_t count, void *object);

/** Add a reference, unless the list has it; node: where it stands. */
void aws_refer(struct aws *a, struct ref **list, const struct aws_document *document,
	       const struct yaml_node *node, const char *id, unsigned kinds);
/**
 * The same for each item of a list: its member, or (NULL) itself.  What they name may be of
 * another account, whose export is not at hand: no finding where nothing has the id.
 */
void aws_refer_items(struct aws *a, struct ref **list, const struct aws_document *document,
		     const struct yaml_node *items, const char *member, unsigned kinds);
/** The items of a list; NULL where it is absent, null or no list. */
const struct yaml_item *aws_items(const struct yaml_node *map, const char *key);

/** Add the CIDR under the key, if any, to the end of the list. */
void aws_add_cidr(struct aws *a, struct cidr **list, const struct aws_document *document,
		  const struct yaml_node *map, const char *key);
/** Set one reference. */
void aws_set_ref(struct aws *a, struct ref *ref, const struct aws_document *document,
		 const struct yaml_node *node, unsigned kinds);

/** Is the state one of what is going, or gone? */
bool aws_is_gone(const char *status);

/** Read the lists of record sets again, and give each set to the zone of its document. */
void aws_read_records(struct aws *a, const struct aws_document *document,
		      struct hosted_zone *zone);

#define AWS_TO(type, member)						\
	.field = offsetof(struct type, member), .size = sizeof(((struct type *)0)->member)
#define AWS_PLACE(type, member) .at = offsetof(struct type, member)

void aws_add_networks(struct aws *a);
void aws_add_peerings(struct aws *a);
void aws_add_transit_gateways(struct aws *a);
void aws_add_zones(struct aws *a);
void aws_add_records(struct aws *a);
void aws_add_health_checks(struct aws *a);
void aws_add_endpoints(struct aws *a);
void aws_add_rules(struct aws *a);
void aws_add_profiles(struct aws *a);
void aws_add_subnets(struct aws *a);
void aws_add_route_tables(struct aws *a);
void aws_add_filters(struct aws *a);
void aws_add_interfaces(struct aws *a);
void aws_add_dhcp_options(struct aws *a);
void aws_add_vpc_endpoints(struct aws *a);
void aws_add_private_dns(struct aws *a);	/* zones, after those that are listed */
void aws_add_firewall(struct aws *a);

/** The zone of this id that the export lists, or NULL; made by aws_add_zones. */
struct hosted_zone *aws_zone(const struct aws *a, const char *id);

#endif
