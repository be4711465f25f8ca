/*
 * network_objects - what is inside a VPC: subnets, routes, filters, interfaces, endpoints
 *
 * Objects of the EC2 API that say whether an address can be reached, and how a VPC's hosts
 * are told of their DNS.  Only lint reads them: nothing here is served or in a snapshot.
 * A reference to an object of another account that no input holds may be left out by a
 * reader; where that could matter the object says so (`others`).
 */
#ifndef ESTATE_NETWORK_OBJECTS_H
#define ESTATE_NETWORK_OBJECTS_H

#include <stdbool.h>
#include <stdint.h>

#include "estate/lint_settings.h"
#include "estate/ref.h"
#include "estate/settings.h"

struct subnet {
	const char *id;
	struct ref vpc;
	struct cidr *cidr_blocks;	/* IPv4 and IPv6 */
	const char *availability_zone;	/* NULL */
	const struct route_table *route_table;	/* by estate_check: its own, or the VPC's main */
	const struct network_acl *network_acl;	/* by estate_check: its own, or the default */
	struct srcloc at;
	struct subnet *next;
};

enum route_state { ROUTE_ACTIVE, ROUTE_BLACKHOLE };

/* One of its targets is set; a destination is a block or a prefix list. */
struct vpc_route {
	struct prefix destination_cidr_block;	/* destination_at.file NULL: not that */
	const char *destination_prefix_list;	/* NULL */
	const char *gateway;		/* "local", igw-, vgw-, vpce-...: its id; else NULL */
	const char *nat_gateway, *network_interface;
	struct ref vpc_peering_connection, transit_gateway;	/* id NULL: not that */
	enum route_state state;
	struct srcloc destination_at, at;
	struct vpc_route *next;
};

struct route_table {
	const char *id;
	struct ref vpc;
	bool main;			/* of the subnets that have none of their own */
	struct ref *subnets;
	struct vpc_route *routes;	/* `local` ones are implied for the VPC's own blocks */
	struct srcloc at;
	struct route_table *next;
};

#define IP_PROTOCOL_ANY 256
#define PORT_MOST	65535

/* Traffic that a security group lets through. */
struct ip_permission {
	uint16_t ip_protocol;		/* 6, 17...; IP_PROTOCOL_ANY */
	uint16_t from_port, to_port;	/* TCP and UDP; 0 to PORT_MOST: all */
	struct cidr *cidr_blocks;
	struct ref *security_groups;
	struct string_item *prefix_lists;
	bool others;			/* sources that no input holds: groups of other accounts */
	struct srcloc at;
	struct ip_permission *next;
};

struct security_group {
	const char *id;
	const char *name;		/* NULL */
	struct ref vpc;
	struct ip_permission *ip_permissions, *ip_permissions_egress;
	struct srcloc at;
	struct security_group *next;
};

enum acl_action { ACL_ALLOW, ACL_DENY };

struct acl_entry {
	uint32_t rule_number;		/* lower first; who matches none is denied */
	bool egress;
	uint16_t protocol;		/* as ip_protocol */
	enum acl_action rule_action;
	struct prefix cidr_block;
	uint16_t from_port, to_port;
	struct srcloc at;
	struct acl_entry *next;
};

struct network_acl {
	const char *id;
	struct ref vpc;
	bool is_default;		/* of the subnets that have none of their own */
	struct ref *subnets;
	struct acl_entry *entries;	/* as declared */
	struct srcloc at;
	struct network_acl *next;
};

struct network_interface {
	const char *id;
	struct ref vpc;
	struct ref subnet;		/* id NULL: the one that has its addresses */
	struct target *private_ip_addresses;	/* port 0; IPv6 too */
	struct ref *security_groups;
	struct srcloc at;
	struct network_interface *next;
};

enum vpc_endpoint_type { VPC_ENDPOINT_INTERFACE, VPC_ENDPOINT_GATEWAY, VPC_ENDPOINT_OTHER };

/* A name of an interface endpoint. */
struct dns_entry {
	const uint8_t *dns_name;	/* wire, lower case */
	const char *hosted_zone;	/* NULL */
	struct srcloc at;
	struct dns_entry *next;
};

struct vpc_endpoint {
	const char *id;
	struct ref vpc;
	const char *service_name;	/* com.amazonaws.eu-west-1.ssm */
	enum vpc_endpoint_type type;
	bool private_dns_enabled;
	struct dns_entry *dns_entries;	/* private ones too, where these are on */
	struct ref *subnets, *security_groups, *network_interfaces;
	struct srcloc at;
	struct vpc_endpoint *next;
};

#define AMAZON_PROVIDED_DNS "AmazonProvidedDNS"

struct dhcp_options {
	const char *id;
	struct string_item *domain_name_servers;	/* addresses, or AMAZON_PROVIDED_DNS */
	struct ref *vpcs;
	struct srcloc at;
	struct dhcp_options *next;
};

/* A set of blocks that routes and groups name. */
struct managed_prefix_list {
	const char *id;
	struct cidr *cidr_blocks;
	struct srcloc at;
	struct managed_prefix_list *next;
};

#endif
