#include "load/schema.h"

#include <stdio.h>
#include <string.h>

#include "estate/estate.h"
#include "load/bind.h"
#include "load/imports.h"
#include "load/recordset.h"
#include "load/schema_rows.h"

#define REF_VPC	       (1u << OBJECT_VPC)
#define REF_SITE       (1u << OBJECT_SITE)
#define REF_HEALTH     (1u << OBJECT_HEALTH_CHECK)
#define REF_ENDPOINT   (1u << OBJECT_ENDPOINT)
#define REF_ZONE       (1u << OBJECT_HOSTED_ZONE)
#define REF_RULE       (1u << OBJECT_RULE)
#define REF_GROUP      (1u << OBJECT_SECURITY_GROUP)
#define MAX_TTL_S      2147483647	/* RFC 2181 8 */
#define MAX_DAYS_MS    (366.0 * 86400000)

static const struct schema_word protocol_words[] = {
	{ "Do53", PROTOCOL_DO53 }, { "DoH", PROTOCOL_DOH }, { "DoT", PROTOCOL_DOT }, { 0 },
};
static const struct schema_word auto_word[] = { { "auto", 0 }, { 0 } };
static const struct schema_word direction_words[] = {
	{ "INBOUND", DIRECTION_INBOUND }, { "OUTBOUND", DIRECTION_OUTBOUND },
	{ "INBOUND_DELEGATION", DIRECTION_INBOUND_DELEGATION }, { 0 },
};
static const struct schema_word reverse_words[] = {
	{ "ENABLED", AUTODEFINED_REVERSE_ENABLED }, { "DISABLED", AUTODEFINED_REVERSE_DISABLED },
	{ 0 },
};
static const struct schema_word rule_words[] = {
	{ "FORWARD", RULE_FORWARD }, { "SYSTEM", RULE_SYSTEM }, { "DELEGATE", RULE_DELEGATE },
	{ 0 },
};
static const struct schema_word policy_words[] = {
	{ "random", TARGET_RANDOM }, { "ordered", TARGET_ORDERED }, { "fastest", TARGET_FASTEST },
	{ 0 },
};
static const struct schema_word internet_word[] = { { "internet", 0 }, { 0 } };
static const struct schema_word failover_words[] = {
	{ "PRIMARY", FAILOVER_PRIMARY }, { "SECONDARY", FAILOVER_SECONDARY }, { 0 },
};
static const struct schema_word health_words[] = {
	{ "TCP", HEALTH_TCP }, { "HTTP", HEALTH_HTTP }, { "HTTPS", HEALTH_HTTPS },
	{ "HTTP_STR_MATCH", HEALTH_HTTP_STR_MATCH },
	{ "HTTPS_STR_MATCH", HEALTH_HTTPS_STR_MATCH },
	{ "CALCULATED", HEALTH_CALCULATED }, { "EXTERNAL", HEALTH_EXTERNAL }, { 0 },
};
static const struct schema_word status_words[] = {	/* route53-semantics 2.1.10 */
	{ "active", 0 }, { "initiating-request", 0 }, { "pending-acceptance", 0 },
	{ "provisioning", 0 }, { "deleting", 0 }, { "deleted", 0 }, { "rejected", 0 },
	{ "failed", 0 }, { "expired", 0 }, { 0 },
};
static const struct schema_word severity_words[] = {
	{ "error", SEVERITY_ERROR }, { "warning", SEVERITY_WARNING },
	{ "note", SEVERITY_NOTE }, { 0 },
};
static const struct schema_word continent_words[] = {
	{ "AF", 0 }, { "AN", 0 }, { "AS", 0 }, { "EU", 0 }, { "NA", 0 }, { "OC", 0 },
	{ "SA", 0 }, { 0 },
};

static const struct schema_key root_keys[] = {
	{ "server", SCHEMA_MAP, .map = MAP_SERVER,
	  .doc = "how the daemon runs; without it the file is for lint and explain only" },
	{ "vpcs", SCHEMA_MAP, .list = true, .map = MAP_VPC, .doc = "the VPCs" },
	{ "sites", SCHEMA_MAP, .list = true, .map = MAP_SITE, .doc = "networks outside AWS" },
	{ "vpc_peering_connections", SCHEMA_MAP, .list = true, .map = MAP_PEERING,
	  .doc = "which VPCs are peered" },
	{ "transit_gateways", SCHEMA_MAP, .list = true, .map = MAP_TRANSIT_GATEWAY,
	  .doc = "which VPCs are joined by a transit gateway" },
	{ "hosted_zones", SCHEMA_MAP, .list = true, .map = MAP_ZONE,
	  .doc = "private hosted zones and the networks that see them" },
	{ "health_checks", SCHEMA_MAP, .list = true, .map = MAP_HEALTH_CHECK,
	  .doc = "checks that record sets may hang on" },
	{ "resolver_endpoints", SCHEMA_MAP, .list = true, .map = MAP_ENDPOINT,
	  .doc = "inbound and outbound endpoints" },
	{ "resolver_rules", SCHEMA_MAP, .list = true, .map = MAP_RULE,
	  .doc = "which domains are forwarded, and to whom" },
	{ "profiles", SCHEMA_MAP, .list = true, .map = MAP_PROFILE,
	  .doc = "zones and rules that VPCs get together; what a VPC has itself comes first" },
	{ "subnets", SCHEMA_MAP, .list = true, .map = MAP_SUBNET,
	  .doc = "subnets of VPCs; these and the lists up to `firewall_rule_groups` are for lint "
		 "alone: what they say is judged, and not served" },
	{ "route_tables", SCHEMA_MAP, .list = true, .map = MAP_ROUTE_TABLE,
	  .doc = "where packets of subnets go" },
	{ "security_groups", SCHEMA_MAP, .list = true, .map = MAP_SECURITY_GROUP,
	  .doc = "what interfaces let through" },
	{ "network_acls", SCHEMA_MAP, .list = true, .map = MAP_NETWORK_ACL,
	  .doc = "what subnets let through" },
	{ "network_interfaces", SCHEMA_MAP, .list = true, .map = MAP_NETWORK_INTERFACE,
	  .doc = "who has which address" },
	{ "vpc_endpoints", SCHEMA_MAP, .list = true, .map = MAP_VPC_ENDPOINT,
	  .doc = "endpoints of services in VPCs; the zone that private DNS of one makes is "
		 "declared in hosted_zones" },
	{ "dhcp_options", SCHEMA_MAP, .list = true, .map = MAP_DHCP_OPTIONS,
	  .doc = "which DNS servers the hosts of VPCs ask" },
	{ "prefix_lists", SCHEMA_MAP, .list = true, .map = MAP_PREFIX_LIST,
	  .doc = "lists of CIDR blocks that routes and security groups name" },
	{ "firewall_domain_lists", SCHEMA_MAP, .list = true, .map = MAP_FIREWALL_DOMAIN_LIST,
	  .doc = "domains that rules of DNS Firewall are about" },
	{ "firewall_rule_groups", SCHEMA_MAP, .list = true, .map = MAP_FIREWALL_RULE_GROUP,
	  .doc = "rules of DNS Firewall, and the VPCs that have them" },
	{ "lint", SCHEMA_MAP, .map = MAP_LINT,
	  .doc = "how the estate is judged; may be in several files, whose lists add up",
	  PLACE(lint_settings, at) },
	{ "include", SCHEMA_PATH, .list = true,
	  .doc = "files with more of these keys; * and ? match within a folder" },
	{ "import", SCHEMA_MAP, .list = true, .map = MAP_IMPORT,
	  .doc = "the same objects as the AWS CLI or Terraform export them; they come first" },
};

static const struct schema_key server_keys[] = {
	{ "listen", SCHEMA_MAP, .list = true, .map = MAP_LISTEN,
	  .doc = "addresses to answer on, and in whose place",
	  .absent = "nothing is answered", TO(settings, listeners) },
	{ "allow", SCHEMA_PREFIX, .list = true, .doc = "who may ask; others get REFUSED",
	  .absent = "loopback and the CIDRs of the networks", TO(settings, allow) },
	{ "internet_resolver", SCHEMA_MAP, .list = true, .map = MAP_RESOLVER,
	  .doc = "where names go that no zone and no rule claims",
	  .absent = "such names get SERVFAIL with an extended error",
	  TO(settings, internet_resolver) },
	{ "workers", SCHEMA_INTEGER, .words = auto_word, .min = 1, .max = 256,
	  .fallback = "auto", .doc = "threads that answer; auto: one for each processor",
	  TO(settings, workers) },
	{ "identity", SCHEMA_STRING, .min = 1, .max = IDENTITY_MAX,
	  .doc = "told to clients that ask which server answers (NSID, and the names id.server and "
		 "hostname.bind in class CH)",
	  .absent = "not told", TO(settings, identity) },
	{ "version", SCHEMA_STRING, .min = 1, .max = IDENTITY_MAX,
	  .doc = "told to clients that ask for version.bind or version.server in class CH",
	  .absent = "not told", TO(settings, version) },
	{ "cookie_secrets", SCHEMA_SECRET, .list = true,
	  .doc = "secrets of DNS cookies: the first one signs, all are recognised; servers behind "
		 "one address share them",
	  .absent = "a random one, made at the start and kept over reloads",
	  TO(settings, cookie_secrets) },
	{ "user", SCHEMA_STRING, .doc = "user to become once the sockets are open",
	  .absent = "stays who it was started as", TO(settings, user),
	  PLACE(settings, user_at) },
	{ "cache", SCHEMA_MAP, .map = MAP_CACHE, .doc = "answers of upstreams that are kept" },
	{ "upstream", SCHEMA_MAP, .map = MAP_UPSTREAM, .doc = "how upstreams are asked" },
	{ "control", SCHEMA_MAP, .map = MAP_CONTROL,
	  .doc = "the socket on which causeway(1) talks to the daemon", .absent = "none" },
	{ "admin", SCHEMA_MAP, .map = MAP_ADMIN, .doc = "metrics, health and pages over HTTP",
	  .absent = "off", .not_yet = "there are no metrics and no pages",
	  TO(settings, has_admin) },
	{ "query_log", SCHEMA_MAP, .map = MAP_QUERY_LOG,
	  .doc = "each query as a line of JSON with the fields of Route 53 query logs",
	  .absent = "off", .not_yet = "no queries are logged" },
	{ "snapshot", SCHEMA_MAP, .map = MAP_SNAPSHOT,
	  .doc = "the compiled estate on disk" },
	{ "assume", SCHEMA_MAP, .map = MAP_ASSUME,
	  .doc = "what is presumed where the behaviour of Route 53 is not confirmed" },
};

static const struct schema_key listen_keys[] = {
	{ "address", SCHEMA_ADDRESS, .required = true, .doc = "address to listen on",
	  TO(listener, addr) },
	{ "port", SCHEMA_INTEGER, .min = 0, .max = 65535, .fallback = "53",
	  .doc = "UDP and TCP port; 0: any that is free", TO(listener, addr.port) },
	{ "as", SCHEMA_ID, .required = true,
	  .doc = "in whose place questions are answered: an inbound endpoint, a VPC, a site, or "
		 "`client`, the network whose CIDR holds the client", TO(listener, as),
	  PLACE(listener, as_at) },
};

static const struct schema_key target_keys[] = {
	{ "ip", SCHEMA_ADDRESS, .required = true, .doc = "address to ask", TO(target, addr) },
	{ "port", SCHEMA_INTEGER, .min = 1, .max = 65535, .fallback = "53",
	  .doc = "port to ask", TO(target, addr.port) },
	{ "protocol", SCHEMA_ENUM, .words = protocol_words, .fallback = "Do53",
	  .doc = "transport", TO(target, protocol) },
	{ "server_name_indication", SCHEMA_STRING, .doc = "name that the server must prove",
	  TO(target, server_name_indication) },
};

static const struct schema_key cache_keys[] = {
	{ "size", SCHEMA_SIZE, .min = 1 << 20, .max = 1e12, .fallback = "64MiB",
	  .doc = "memory of the cache", TO(settings, cache_octets) },
	{ "min_ttl", SCHEMA_DURATION, .max = MAX_DAYS_MS, .fallback = "1s",
	  .doc = "answers are kept at least so long", TO(settings, cache_min_ttl_ms) },
	{ "max_ttl", SCHEMA_DURATION, .max = MAX_DAYS_MS, .fallback = "1d",
	  .doc = "answers are kept at most so long", TO(settings, cache_max_ttl_ms) },
	{ "max_negative_ttl", SCHEMA_DURATION, .max = MAX_DAYS_MS, .fallback = "15m",
	  .doc = "that a name does not exist is kept at most so long",
	  TO(settings, cache_max_negative_ttl_ms) },
	{ "serve_stale", SCHEMA_DURATION, .max = MAX_DAYS_MS, .fallback = "1d",
	  .doc = "how long expired answers may stand in for an upstream that does not answer; "
		 "0: never", TO(settings, cache_serve_stale_ms) },
	{ "prefetch", SCHEMA_BOOL, .fallback = "true",
	  .doc = "refresh what was asked twice or more in the last tenth of its life, before it "
		 "expires", TO(settings, cache_prefetch) },
};

static const struct schema_key upstream_keys[] = {
	{ "timeout", SCHEMA_DURATION, .min = 10, .max = 60000, .fallback = "2s",
	  .doc = "how long one try is waited for at most; a lost packet is sent again sooner, and "
		 "a question ends after `tries` times this", TO(settings, upstream_timeout_ms) },
	{ "tries", SCHEMA_INTEGER, .min = 1, .max = 16, .fallback = "3",
	  .doc = "how many targets may say that they cannot answer one question, and how often "
		 "`timeout` passes, before it fails", TO(settings, upstream_tries) },
	{ "edns_size", SCHEMA_INTEGER, .min = 512, .max = 4096, .fallback = "1232",
	  .doc = "largest UDP answer that we ask for", TO(settings, upstream_edns_size) },
	{ "packet_budget", SCHEMA_MAP, .list = true, .map = MAP_PACKET_BUDGET,
	  .doc = "at most so many packets to and from an address in any one second",
	  TO(settings, budgets) },
	{ "policy", SCHEMA_ENUM, .words = policy_words, .fallback = "random",
	  .doc = "in which order the resolvers of internet_resolver are asked, as `policy` of a "
		 "rule says it", TO(settings, upstream_policy) },
};

static const struct schema_key budget_keys[] = {
	{ "ip", SCHEMA_ADDRESS, .required = true, .doc = "the address",
	  TO(packet_budget, addr) },
	{ "per_second", SCHEMA_INTEGER, .required = true, .min = 16, .max = 10000000,
	  .doc = "packets a second; a question and its reply are two, over TCP up to nine", TO(packet_budget, per_second) },
};

static const struct schema_key control_keys[] = {
	{ "socket", SCHEMA_PATH, .required = true,
	  .doc = "a UNIX socket; made with mode 0660 at the start, for server.user where that is "
		 "set",
	  TO(settings, control_socket) },
};

static const struct schema_key admin_keys[] = {
	{ "address", SCHEMA_ADDRESS, .required = true, .doc = "address to listen on",
	  TO(settings, admin) },
	{ "port", SCHEMA_INTEGER, .required = true, .min = 1, .max = 65535, .doc = "TCP port",
	  TO(settings, admin.port) },
};

static const struct schema_key query_log_keys[] = {
	{ "file", SCHEMA_PATH, .required = true, .doc = "appended to",
	  TO(settings, query_log) },
};

static const struct schema_key snapshot_keys[] = {
	{ "file", SCHEMA_PATH, .required = true,
	  .doc = "written after each good compile, and served from when the configuration "
		 "cannot be loaded", TO(settings, snapshot_file) },
};

static const struct schema_key assume_keys[] = {
#define ASSUME_KEY(point, name, kind, least, most, choice, text, value, sheet, meaning)	\
	{ #name, SCHEMA_##kind, .words = (const struct schema_word[])ASSUME_WORDS choice,	\
	  .min = least, .max = most, .fallback = text, .doc = meaning,			\
	  TO(settings, assume[ASSUME_##point]) },
	ASSUME_TABLE(ASSUME_KEY)
#undef ASSUME_KEY
};

static const struct schema_key vpc_keys[] = {
	{ "id", SCHEMA_ID, .required = true, .doc = "id of the VPC", TO(network, id) },
	{ "region", SCHEMA_STRING, .fallback = "", .doc = "AWS Region", TO(network, region) },
	{ "cidr_blocks", SCHEMA_PREFIX, .list = true, .required = true,
	  .doc = "its addresses, IPv4 and IPv6", TO(network, cidr_blocks) },
	{ "enable_dns_support", SCHEMA_BOOL, .fallback = "true",
	  .doc = "without it the resolver does not answer in this VPC",
	  TO(network, enable_dns_support), PLACE(network, dns_support_at) },
	{ "enable_dns_hostnames", SCHEMA_BOOL, .fallback = "false",
	  .doc = "without it private zones are not used in this VPC",
	  TO(network, enable_dns_hostnames), PLACE(network, dns_hostnames_at) },
	{ "autodefined_reverse", SCHEMA_ENUM, .words = reverse_words, .fallback = "ENABLED",
	  .doc = "whether the reverse names of private addresses and of its own and connected "
		 "VPCs' CIDRs are answered by itself", TO(network, autodefined_reverse) },
	{ "dns64", SCHEMA_BOOL, .fallback = "false",
	  .doc = "for questions asked in the VPC: a name without AAAA records gets those that "
		 "64:ff9b::/96 makes of its A records (RFC 6147)", TO(network, dns64) },
	{ "dnssec_validation", SCHEMA_BOOL, .fallback = "false",
	  .doc = "whether its resolver validates public names that it looks up itself; for lint",
	  TO(network, dnssec_validation) },
	{ "owner_id", SCHEMA_STRING, .doc = "account that owns it", TO(network, owner_id) },
};

static const struct schema_key site_keys[] = {
	{ "id", SCHEMA_ID, .required = true, .doc = "id of the site, yours to choose",
	  TO(network, id) },
	{ "cidr_blocks", SCHEMA_PREFIX, .list = true, .doc = "its addresses",
	  TO(network, cidr_blocks) },
	{ "connects_to", SCHEMA_REF, .list = true, .refs = REF_VPC | REF_SITE,
	  .doc = "networks it has a path to", TO(network, connects_to) },
	{ "servers", SCHEMA_ADDRESS, .list = true, .port = 53,
	  .doc = "where its own DNS is asked", TO(network, servers) },
};

static const struct schema_key peering_keys[] = {
	{ "id", SCHEMA_ID, .required = true, .doc = "id of the connection", TO(peering, id) },
	{ "requester", SCHEMA_MAP, .required = true, .map = MAP_REQUESTER,
	  .doc = "the side that asked" },
	{ "accepter", SCHEMA_MAP, .required = true, .map = MAP_ACCEPTER,
	  .doc = "the side that was asked" },
	{ "status", SCHEMA_WORD, .words = status_words, .fallback = "active",
	  .doc = "only an active connection connects", TO(peering, status) },
};

static const struct schema_key requester_keys[] = {
	{ "vpc", SCHEMA_REF, .required = true, .refs = REF_VPC, .doc = "the VPC",
	  TO(peering, requester) },
	{ "allow_dns_resolution_from_remote_vpc", SCHEMA_BOOL, .fallback = "false",
	  .doc = "whether the other side sees the private addresses of EC2 names here",
	  TO(peering, requester_allows_remote_dns) },
};

static const struct schema_key accepter_keys[] = {
	{ "vpc", SCHEMA_REF, .required = true, .refs = REF_VPC, .doc = "the VPC",
	  TO(peering, accepter) },
	{ "allow_dns_resolution_from_remote_vpc", SCHEMA_BOOL, .fallback = "false",
	  .doc = "whether the other side sees the private addresses of EC2 names here",
	  TO(peering, accepter_allows_remote_dns) },
};

static const struct schema_key transit_gateway_keys[] = {
	{ "id", SCHEMA_ID, .required = true, .doc = "id of the gateway",
	  TO(transit_gateway, id) },
	{ "vpcs", SCHEMA_REF, .list = true, .required = true, .refs = REF_VPC,
	  .doc = "attached VPCs", TO(transit_gateway, vpcs) },
	{ "dns_support", SCHEMA_BOOL, .fallback = "true",
	  .doc = "whether EC2 names of one VPC resolve to private addresses in the others",
	  TO(transit_gateway, dns_support) },
};

static const struct schema_key zone_keys[] = {
	{ "id", SCHEMA_ID, .required = true, .doc = "id of the zone", TO(hosted_zone, id) },
	{ "name", SCHEMA_NAME, .required = true, .doc = "the domain",
	  TO(hosted_zone, name), PLACE(hosted_zone, name_at) },
	{ "owner_id", SCHEMA_STRING, .doc = "account that owns it", TO(hosted_zone, owner_id) },
	{ "private_zone", SCHEMA_BOOL, .fallback = "true", .inverted = true,
	  .doc = "false: a public zone, read by lint alone and served to no network",
	  TO(hosted_zone, public_zone) },
	{ "vpcs", SCHEMA_REF, .list = true, .refs = REF_VPC, .doc = "VPCs that see it",
	  TO(hosted_zone, networks) },
	{ "sites", SCHEMA_REF, .list = true, .refs = REF_SITE, .doc = "sites that see it",
	  TO(hosted_zone, networks) },
	{ "zone_file", SCHEMA_PATH, .doc = "its records as an RFC 1035 master file",
	  TO(hosted_zone, zone_file) },
	{ "record_sets_file", SCHEMA_PATH,
	  .doc = "its records as printed by `aws route53 list-resource-record-sets`",
	  TO(hosted_zone, record_sets_file) },
	{ "record_sets", SCHEMA_MAP, .list = true, .map = MAP_RECORD_SET, .later = true,
	  .doc = "its records, said here" },
};

static const struct schema_key record_set_keys[] = {
	{ "name", SCHEMA_NAME, .required = true, .doc = "the whole name; * first for a wildcard",
	  TO(record_fields, name), PLACE(record_fields, name_at) },
	{ "type", SCHEMA_RECORD_TYPE, .required = true, .doc = "record type",
	  TO(record_fields, type), PLACE(record_fields, type_at) },
	{ "ttl", SCHEMA_INTEGER, .max = MAX_TTL_S,
	  .doc = "seconds; required with values, not allowed with an alias",
	  TO(record_fields, ttl_s), PLACE(record_fields, ttl_at) },
	{ "values", SCHEMA_STRING, .list = true,
	  .doc = "data in presentation form; text of TXT in double quotes",
	  TO(record_fields, values), PLACE(record_fields, values_at) },
	{ "alias_target", SCHEMA_MAP, .map = MAP_ALIAS_TARGET,
	  .doc = "answer with the records of another name, in place of values",
	  PLACE(record_fields, alias_at) },
	{ "set_identifier", SCHEMA_STRING,
	  .doc = "tells apart the sets of one name and type under a routing policy",
	  TO(record_fields, set_identifier), PLACE(record_fields, set_identifier_at) },
	{ "weight", SCHEMA_INTEGER, .max = 255, .doc = "weighted: its share",
	  TO(record_fields, weight), PLACE(record_fields, weight_at) },
	{ "failover", SCHEMA_ENUM, .words = failover_words, .doc = "failover: its role",
	  TO(record_fields, failover), PLACE(record_fields, failover_at) },
	{ "region", SCHEMA_STRING,
	  .doc = "latency: the AWS Region it stands in; the nearest to the client's answers",
	  TO(record_fields, region), PLACE(record_fields, region_at) },
	{ "geo_location", SCHEMA_MAP, .map = MAP_GEO_LOCATION,
	  .doc = "geolocation: who is answered with it", PLACE(record_fields, geo_at) },
	{ "geoproximity_location", SCHEMA_MAP, .map = MAP_GEOPROXIMITY,
	  .doc = "geoproximity: where it stands", PLACE(record_fields, geoproximity_at) },
	{ "multi_value_answer", SCHEMA_BOOL, .doc = "multivalue: one of several to be given",
	  TO(record_fields, multi_value_answer), PLACE(record_fields, multi_value_at) },
	{ "health_check", SCHEMA_ID, .doc = "id of the health check that it hangs on",
	  TO(record_fields, health_check), PLACE(record_fields, health_check_at) },
};

static const struct schema_key alias_target_keys[] = {
	{ "dns_name", SCHEMA_NAME, .required = true, .doc = "name that is answered with",
	  TO(record_fields, alias_name) },
	{ "hosted_zone", SCHEMA_ID, .required = true,
	  .doc = "id of its zone: this zone, or that of an AWS service",
	  TO(record_fields, alias_zone) },
	{ "evaluate_target_health", SCHEMA_BOOL, .fallback = "false",
	  .doc = "whether the health of the target counts",
	  TO(record_fields, evaluate_target_health) },
};

static const struct schema_key geo_location_keys[] = {
	{ "continent_code", SCHEMA_WORD, .words = continent_words, .doc = "two letters",
	  TO(record_fields, continent) },
	{ "country_code", SCHEMA_STRING, .doc = "two letters, or * for everybody else",
	  TO(record_fields, country) },
	{ "subdivision_code", SCHEMA_STRING, .doc = "state or province of the country",
	  TO(record_fields, subdivision) },
};

static const struct schema_key geoproximity_keys[] = {
	{ "aws_region", SCHEMA_STRING, .doc = "the AWS Region it stands in",
	  TO(record_fields, aws_region) },
	{ "local_zone_group", SCHEMA_STRING, .doc = "the Local Zone it stands in",
	  TO(record_fields, local_zone_group) },
	{ "coordinates", SCHEMA_MAP, .map = MAP_COORDINATES, .doc = "or where on the globe",
	  PLACE(record_fields, coordinates_at) },
	{ "bias", SCHEMA_INTEGER, .min = -99, .max = 99, .fallback = "0",
	  .doc = "makes its area larger or smaller", TO(record_fields, bias) },
};

static const struct schema_key coordinates_keys[] = {
	{ "latitude", SCHEMA_NUMBER, .required = true, .min = -90, .max = 90, .doc = "degrees",
	  TO(record_fields, latitude) },
	{ "longitude", SCHEMA_NUMBER, .required = true, .min = -180, .max = 180,
	  .doc = "degrees", TO(record_fields, longitude) },
};

static const struct schema_key health_check_keys[] = {
	{ "id", SCHEMA_ID, .required = true, .doc = "id of the check", TO(health_check, id) },
	{ "type", SCHEMA_ENUM, .required = true, .words = health_words,
	  .doc = "how it is checked", TO(health_check, type) },
	{ "ip_address", SCHEMA_ADDRESS,
	  .doc = "address to connect to; without it that of fully_qualified_domain_name",
	  TO(health_check, addr) },
	{ "port", SCHEMA_INTEGER, .min = 1, .max = 65535,
	  .doc = "port to connect to; TCP needs one, else 80 or, of HTTPS, 443",
	  TO(health_check, addr.port) },
	{ "request_interval", SCHEMA_DURATION, .min = 100, .max = 3600000, .fallback = "30s",
	  .doc = "from one check to the next; the service has 10s and 30s",
	  TO(health_check, request_interval_ms) },
	{ "failure_threshold", SCHEMA_INTEGER, .min = 1, .max = 10, .fallback = "3",
	  .doc = "checks in a row that change the verdict, either way",
	  TO(health_check, failure_threshold) },
	{ "resource_path", SCHEMA_STRING, .min = 1, .max = 255,
	  .doc = "HTTP and HTTPS: what is asked for", .absent = "/",
	  TO(health_check, resource_path) },
	{ "fully_qualified_domain_name", SCHEMA_STRING, .min = 1, .max = 253,
	  .doc = "the host that HTTP and HTTPS ask for, and whose address is looked up where "
		 "there is no ip_address", TO(health_check, fully_qualified_domain_name) },
	{ "search_string", SCHEMA_STRING, .min = 1, .max = 255,
	  .doc = "HTTP_STR_MATCH and HTTPS_STR_MATCH: what the first 5,120 octets of the body "
		 "have to contain", TO(health_check, search_string) },
	{ "inverted", SCHEMA_BOOL, .fallback = "false",
	  .doc = "healthy counts as unhealthy, and the other way round",
	  TO(health_check, inverted) },
	{ "disabled", SCHEMA_BOOL, .fallback = "false",
	  .doc = "nothing is checked: it counts as healthy, with `inverted` as unhealthy",
	  TO(health_check, disabled) },
	{ "child_health_checks", SCHEMA_REF, .list = true, .refs = REF_HEALTH,
	  .doc = "CALCULATED: the checks it is made of", TO(health_check, children) },
	{ "health_threshold", SCHEMA_INTEGER, .max = 256,
	  .doc = "CALCULATED: how many of them must be healthy",
	  TO(health_check, health_threshold) },
	{ "state_file", SCHEMA_PATH,
	  .doc = "EXTERNAL: a file that says `healthy` or `unhealthy`",
	  .absent = "healthy until the control socket says otherwise",
	  TO(health_check, state_file) },
};

static const struct schema_key endpoint_keys[] = {
	{ "id", SCHEMA_ID, .required = true, .doc = "id of the endpoint",
	  TO(resolver_endpoint, id) },
	{ "direction", SCHEMA_ENUM, .required = true, .words = direction_words,
	  .doc = "whether questions come in or go out by it", TO(resolver_endpoint, direction) },
	{ "vpc", SCHEMA_REF, .required = true, .refs = REF_VPC, .doc = "the VPC it is in",
	  TO(resolver_endpoint, vpc) },
	{ "ip_addresses", SCHEMA_ADDRESS, .list = true, .doc = "its addresses",
	  TO(resolver_endpoint, ip_addresses) },
	{ "protocols", SCHEMA_ENUM, .list = true, .words = protocol_words,
	  .absent = "Do53", .doc = "transports", TO(resolver_endpoint, protocols) },
	{ "dns64_enabled", SCHEMA_BOOL, .fallback = "false",
	  .doc = "inbound: the same as `dns64` of a VPC for questions that come in by it; the "
		 "VPC's own `dns64` does not count there",
	  TO(resolver_endpoint, dns64_enabled) },
	{ "security_groups", SCHEMA_REF, .list = true, .refs = REF_GROUP,
	  .doc = "what it lets through; for lint", TO(resolver_endpoint, security_groups) },
	{ "query_rate", SCHEMA_INTEGER, .min = 1, .max = 1e9,
	  .doc = "queries a second that are expected of it; for lint", .absent = "not said",
	  TO(resolver_endpoint, query_rate) },
};

static const struct schema_key rule_keys[] = {
	{ "id", SCHEMA_ID, .required = true, .doc = "id of the rule", TO(resolver_rule, id) },
	{ "domain_name", SCHEMA_NAME,
	  .doc = "the domain, and all below it; \".\" is all; required but for DELEGATE",
	  TO(resolver_rule, domain_name), PLACE(resolver_rule, domain_at) },
	{ "owner_id", SCHEMA_STRING, .doc = "account that owns it", TO(resolver_rule, owner_id) },
	{ "rule_type", SCHEMA_ENUM, .required = true, .words = rule_words,
	  .doc = "FORWARD: ask the targets.  SYSTEM: an exception below a forwarded domain.  "
		 "DELEGATE: ask the name servers that private zones and referrals delegate to",
	  TO(resolver_rule, type) },
	{ "delegation_record", SCHEMA_NAME,
	  .doc = "DELEGATE: the name servers whose names are this or below; they are asked about "
		 "what NS records of a private zone delegate to them", .absent = "required for "
		 "DELEGATE", TO(resolver_rule, delegation_record) },
	{ "resolver_endpoint", SCHEMA_REF, .refs = REF_ENDPOINT,
	  .doc = "OUTBOUND endpoint that it leaves a VPC by; a site needs none",
	  TO(resolver_rule, endpoint) },
	{ "target_ips", SCHEMA_MAP, .list = true, .map = MAP_TARGET,
	  .doc = "who is asked; one is picked as `policy` says, another when it is silent",
	  TO(resolver_rule, targets) },
	{ "policy", SCHEMA_ENUM, .words = policy_words, .fallback = "random",
	  .doc = "which target is asked first: any, as the service does; in the order given, a "
		 "later one when those before it are down; or the one that has answered soonest",
	  TO(resolver_rule, policy) },
	{ "on", SCHEMA_MAP, .map = MAP_ON,
	  .doc = "FORWARD: who is asked next when the targets have no answer; the service asks "
		 "nobody", .absent = "what the targets say is the answer",
	  PLACE(resolver_rule, on_at) },
	{ "vpcs", SCHEMA_REF, .list = true, .refs = REF_VPC, .doc = "VPCs that it is for",
	  TO(resolver_rule, networks) },
	{ "sites", SCHEMA_REF, .list = true, .refs = REF_SITE, .doc = "sites that it is for",
	  TO(resolver_rule, networks) },
};

#define ON_KEY(name, outcome, meaning)						\
	{ name, SCHEMA_MAP, .list = true, .map = MAP_ON_TARGET, .words = internet_word,	\
	  .doc = meaning, .absent = "that is the answer",				\
	  TO(resolver_rule, on[outcome].targets), PLACE(resolver_rule, on[outcome].at),	\
	  .said = offsetof(struct resolver_rule, on[outcome].internet) }

static const struct schema_key on_keys[] = {
	ON_KEY("nxdomain", ON_NXDOMAIN, "the name does not exist: targets, or those of "
	       "internet_resolver"),
	ON_KEY("nodata", ON_NODATA, "the name has no records of this type: targets, or those of "
	       "internet_resolver"),
	ON_KEY("servfail", ON_SERVFAIL, "the targets answer that they cannot (SERVFAIL, REFUSED): "
	       "targets, or those of internet_resolver"),
	ON_KEY("timeout", ON_TIMEOUT, "no target answers, at the latest after 900 ms: targets, or "
	       "those of internet_resolver"),
};

static const struct schema_key profile_keys[] = {
	{ "id", SCHEMA_ID, .required = true, .doc = "id of the Profile", TO(profile, id) },
	{ "name", SCHEMA_STRING, .doc = "its name, for people", TO(profile, name) },
	{ "owner_id", SCHEMA_STRING, .doc = "account that owns it", TO(profile, owner_id) },
	{ "hosted_zones", SCHEMA_REF, .list = true, .refs = REF_ZONE,
	  .doc = "private hosted zones that its VPCs see", TO(profile, zones) },
	{ "resolver_rules", SCHEMA_REF, .list = true, .refs = REF_RULE,
	  .doc = "rules that are for its VPCs", TO(profile, rules) },
	{ "vpcs", SCHEMA_REF, .list = true, .refs = REF_VPC,
	  .doc = "VPCs that have it, and no other Profile", TO(profile, vpcs) },
	{ "associations", SCHEMA_MAP, .list = true, .map = MAP_ASSOCIATION,
	  .doc = "the same with a priority each, for VPCs that have several Profiles",
	  TO(profile, associations) },
};

static const struct schema_key association_keys[] = {
	{ "vpc", SCHEMA_REF, .required = true, .refs = REF_VPC, .doc = "the VPC",
	  TO(profile_association, vpc) },
	{ "priority", SCHEMA_INTEGER, .min = PROFILE_PRIORITY_MIN, .max = PROFILE_PRIORITY_MAX,
	  .doc = "where two Profiles of the VPC have the same name the lower number comes first; "
		 "unique in the VPC", .absent = "the VPC has no other Profile",
	  TO(profile_association, priority) },
};

static const struct schema_key import_keys[] = {
	{ "aws", SCHEMA_PATH,
	  .doc = "what `aws ... --output json` printed: a folder of files, with any names, or one",
	  TO(import_item, aws) },
	{ "bind", SCHEMA_PATH, .doc = "named.conf of BIND, with what it includes",
	  TO(import_item, bind) },
	{ "unbound", SCHEMA_PATH, .doc = "unbound.conf of Unbound, with what it includes",
	  TO(import_item, unbound) },
	{ "dnsmasq", SCHEMA_PATH, .doc = "dnsmasq.conf of dnsmasq, with what it includes",
	  TO(import_item, dnsmasq) },
	{ "coredns", SCHEMA_PATH, .doc = "Corefile of CoreDNS, with what it imports",
	  TO(import_item, coredns) },
	{ "resolv_conf", SCHEMA_PATH, .doc = "resolv.conf of the stub resolver",
	  TO(import_item, resolv_conf) },
	{ "octodns", SCHEMA_PATH,
	  .doc = "a folder of octoDNS with files ZONE.yaml, or one of them",
	  TO(import_item, octodns) },
	{ "site", SCHEMA_ID,
	  .doc = "name servers outside AWS: the site that they serve, declared under `sites` or "
		 "made of what they say",
	  .absent = "named after the file's folder, else the file", TO(import_item, site) },
	{ "terraform", SCHEMA_PATH,
	  .doc = "what `terraform show -json` printed of a plan or a state, or a state file of "
		 "version 4; several are joined by the ids of their objects",
	  TO(import_item, terraform) },
	{ "tf_dir", SCHEMA_PATH,
	  .doc = "terraform: the folder of its .tf files, so that findings point into them",
	  .absent = "findings point into the JSON", TO(import_item, tf_dir) },
	{ "cloudformation", SCHEMA_PATH,
	  .doc = "a template of CloudFormation, YAML or JSON; templates see each other's exports",
	  TO(import_item, cloudformation) },
	{ "parameters", SCHEMA_TEXTS,
	  .doc = "cloudformation: values of the template's parameters, and of AWS::Region, "
		 "AWS::AccountId, AWS::StackName", .absent = "their defaults",
	  TO(import_item, parameters) },
};

static const struct schema_key lint_keys[] = {
	{ "select", SCHEMA_STRING, .list = true,
	  .doc = "codes of checks, or their beginnings: these run and no others",
	  .absent = "all", TO(lint_settings, select) },
	{ "ignore", SCHEMA_STRING, .list = true, .doc = "checks that do not run",
	  TO(lint_settings, ignore) },
	{ "severity", SCHEMA_MAP, .list = true, .map = MAP_LINT_SEVERITY,
	  .doc = "what findings count as; the last that fits holds",
	  TO(lint_settings, severities) },
	{ "per_path", SCHEMA_MAP, .list = true, .map = MAP_LINT_PATH,
	  .doc = "files that are judged less strictly", TO(lint_settings, paths) },
	{ "fail_on", SCHEMA_ENUM, .words = severity_words, .absent = "error",
	  .doc = "exit 1 from this severity on", TO(lint_settings, fail_on) },
	{ "groups", SCHEMA_MAP, .list = true, .map = MAP_LINT_GROUP,
	  .doc = "networks that should be alike", TO(lint_settings, groups) },
	{ "quotas", SCHEMA_MAP, .map = MAP_LINT_QUOTAS,
	  .doc = "what AWS has granted beyond its defaults" },
	{ "suppress", SCHEMA_MAP, .list = true, .map = MAP_LINT_SUPPRESSION,
	  .doc = "findings that are accepted", TO(lint_settings, suppressions) },
	{ "expect_same", SCHEMA_MAP, .list = true, .map = MAP_EXPECT_SAME,
	  .doc = "names that several networks must answer alike", TO(lint_settings, same) },
	{ "expect_answer", SCHEMA_MAP, .list = true, .map = MAP_EXPECT_ANSWER,
	  .doc = "what names must give", TO(lint_settings, answers) },
	{ "expect_absent", SCHEMA_MAP, .list = true, .map = MAP_EXPECT_ABSENT,
	  .doc = "names that must give nothing", TO(lint_settings, absent) },
};

static const struct schema_key lint_severity_keys[] = {
	{ "code", SCHEMA_ID, .required = true, .doc = "a code, or the beginning of some",
	  TO(lint_severity, code) },
	{ "severity", SCHEMA_ENUM, .required = true, .words = severity_words,
	  .doc = "what its findings count as", TO(lint_severity, severity) },
};

static const struct schema_key lint_path_keys[] = {
	{ "path", SCHEMA_PATH, .required = true,
	  .doc = "the files, as a pattern of glob(7); `*` goes for slashes too",
	  TO(lint_path, path) },
	{ "ignore", SCHEMA_STRING, .list = true, .required = true,
	  .doc = "codes, or their beginnings, of findings that are left out there",
	  TO(lint_path, ignore) },
};

static const struct schema_key lint_group_keys[] = {
	{ "id", SCHEMA_ID, .required = true, .doc = "name of the group, yours to choose",
	  TO(lint_group, id) },
	{ "networks", SCHEMA_REF, .list = true, .required = true, .refs = REF_VPC | REF_SITE,
	  .doc = "its VPCs and sites", TO(lint_group, networks) },
};

static const struct schema_key lint_quota_keys[] = {
#define QUOTA_KEY(point, name, number, what)						\
	{ #name, SCHEMA_INTEGER, .min = 1, .max = 1e9, .absent = #number, .doc = what,	\
	  TO(lint_settings, quotas[QUOTA_##point]) },
	QUOTA_TABLE(QUOTA_KEY)
#undef QUOTA_KEY
};

static const struct schema_key lint_suppression_keys[] = {
	{ "code", SCHEMA_ID, .required = true, .doc = "the whole code",
	  TO(lint_suppression, code) },
	{ "object", SCHEMA_STRING, .min = 1, .max = 1024,
	  .doc = "id of an object the finding names, as a pattern of glob(7)",
	  .absent = "any", TO(lint_suppression, object) },
	{ "reason", SCHEMA_STRING, .required = true, .min = 1, .max = 4096,
	  .doc = "why it is accepted", TO(lint_suppression, reason) },
	{ "until", SCHEMA_STRING, .min = 10, .max = 10,
	  .doc = "the last day of it, as YYYY-MM-DD", .absent = "always",
	  TO(lint_suppression, until) },
};

static const struct schema_key expect_same_keys[] = {
	{ "name", SCHEMA_NAME, .required = true, .doc = "the name",
	  TO(lint_expectation, name) },
	{ "type", SCHEMA_RECORD_TYPE, .absent = "A and AAAA", .doc = "record type",
	  TO(lint_expectation, type) },
	{ "networks", SCHEMA_REF, .list = true, .required = true, .refs = REF_VPC | REF_SITE,
	  .doc = "the networks, two at least", TO(lint_expectation, networks) },
};

static const struct schema_key expect_answer_keys[] = {
	{ "name", SCHEMA_NAME, .required = true, .doc = "the name",
	  TO(lint_expectation, name) },
	{ "type", SCHEMA_RECORD_TYPE, .required = true, .doc = "record type",
	  TO(lint_expectation, type) },
	{ "values", SCHEMA_STRING, .list = true, .required = true,
	  .doc = "the data, all of it, in any order; of a chain its end",
	  TO(lint_expectation, values) },
	{ "networks", SCHEMA_REF, .list = true, .required = true, .refs = REF_VPC | REF_SITE,
	  .doc = "who must get it", TO(lint_expectation, networks) },
};

static const struct schema_key expect_absent_keys[] = {
	{ "name", SCHEMA_NAME, .required = true, .doc = "the name",
	  TO(lint_expectation, name) },
	{ "type", SCHEMA_RECORD_TYPE, .absent = "the name itself must not exist",
	  .doc = "record type", TO(lint_expectation, type) },
	{ "networks", SCHEMA_REF, .list = true, .required = true, .refs = REF_VPC | REF_SITE,
	  .doc = "where", TO(lint_expectation, networks) },
};

static const struct schema_key api_set_keys[] = {
	{ "Name", SCHEMA_API_NAME, .required = true, TO(record_fields, name),
	  PLACE(record_fields, name_at) },
	{ "Type", SCHEMA_RECORD_TYPE, .required = true, TO(record_fields, type),
	  PLACE(record_fields, type_at) },
	{ "TTL", SCHEMA_INTEGER, .max = MAX_TTL_S, TO(record_fields, ttl_s),
	  PLACE(record_fields, ttl_at) },
	{ "ResourceRecords", SCHEMA_MAP, .list = true, .map = MAP_API_VALUE,
	  TO(record_fields, values), PLACE(record_fields, values_at) },
	{ "AliasTarget", SCHEMA_MAP, .map = MAP_API_ALIAS, PLACE(record_fields, alias_at) },
	{ "SetIdentifier", SCHEMA_STRING, TO(record_fields, set_identifier),
	  PLACE(record_fields, set_identifier_at) },
	{ "Weight", SCHEMA_INTEGER, .max = 255, TO(record_fields, weight),
	  PLACE(record_fields, weight_at) },
	{ "Failover", SCHEMA_ENUM, .words = failover_words, TO(record_fields, failover),
	  PLACE(record_fields, failover_at) },
	{ "Region", SCHEMA_STRING, TO(record_fields, region), PLACE(record_fields, region_at) },
	{ "GeoLocation", SCHEMA_MAP, .map = MAP_API_GEO, PLACE(record_fields, geo_at) },
	{ "GeoProximityLocation", SCHEMA_MAP, .map = MAP_API_GEOPROXIMITY,
	  PLACE(record_fields, geoproximity_at) },
	{ "MultiValueAnswer", SCHEMA_BOOL, TO(record_fields, multi_value_answer),
	  PLACE(record_fields, multi_value_at) },
	{ "HealthCheckId", SCHEMA_ID, TO(record_fields, health_check),
	  PLACE(record_fields, health_check_at) },
	{ "TrafficPolicyInstanceId", SCHEMA_IGNORED, .doc = "" },
	{ "CidrRoutingConfig", SCHEMA_IGNORED,
	  .not_yet = "IP-based routing is none of a private hosted zone",
	  .not_yet_fails = true },
};

static const struct schema_key api_value_keys[] = {
	{ "Value", SCHEMA_STRING, .required = true, TO(string_item, text),
	  PLACE(string_item, at) },
};

static const struct schema_key api_alias_keys[] = {
	{ "DNSName", SCHEMA_API_NAME, .required = true, TO(record_fields, alias_name) },
	{ "HostedZoneId", SCHEMA_ID, .required = true, TO(record_fields, alias_zone) },
	{ "EvaluateTargetHealth", SCHEMA_BOOL, .fallback = "false",
	  TO(record_fields, evaluate_target_health) },
};

static const struct schema_key api_geo_keys[] = {
	{ "ContinentCode", SCHEMA_WORD, .words = continent_words, TO(record_fields, continent) },
	{ "CountryCode", SCHEMA_STRING, TO(record_fields, country) },
	{ "SubdivisionCode", SCHEMA_STRING, TO(record_fields, subdivision) },
};

static const struct schema_key api_geoproximity_keys[] = {
	{ "AWSRegion", SCHEMA_STRING, TO(record_fields, aws_region) },
	{ "LocalZoneGroup", SCHEMA_STRING, TO(record_fields, local_zone_group) },
	{ "Coordinates", SCHEMA_MAP, .map = MAP_API_COORDINATES,
	  PLACE(record_fields, coordinates_at) },
	{ "Bias", SCHEMA_INTEGER, .min = -99, .max = 99, .fallback = "0",
	  TO(record_fields, bias) },
};

/* The API has them as strings. */
static const struct schema_key api_coordinates_keys[] = {
	{ "Latitude", SCHEMA_NUMBER, .required = true, .min = -90, .max = 90,
	  TO(record_fields, latitude) },
	{ "Longitude", SCHEMA_NUMBER, .required = true, .min = -180, .max = 180,
	  TO(record_fields, longitude) },
};

static const struct schema_map maps[SCHEMA_MAPS] = {
	[MAP_ROOT] = { "", "the whole file", KEYS(root_keys) },
	[MAP_SERVER] = { "server", "how the daemon runs", KEYS(server_keys) },
	[MAP_LISTEN] = { "server.listen[]", "one address to answer on", KEYS(listen_keys),
			 ITEM(listener) },
	[MAP_RESOLVER] = { "server.internet_resolver[]", "one resolver", KEYS(target_keys),
			   ITEM(target) },
	[MAP_CACHE] = { "server.cache", "answers that are kept", KEYS(cache_keys) },
	[MAP_UPSTREAM] = { "server.upstream", "how upstreams are asked", KEYS(upstream_keys) },
	[MAP_PACKET_BUDGET] = { "server.upstream.packet_budget[]", "one address's budget",
				KEYS(budget_keys), ITEM(packet_budget) },
	[MAP_CONTROL] = { "server.control", "the control socket", KEYS(control_keys) },
	[MAP_ADMIN] = { "server.admin", "metrics, health and pages", KEYS(admin_keys) },
	[MAP_QUERY_LOG] = { "server.query_log", "the query log", KEYS(query_log_keys) },
	[MAP_SNAPSHOT] = { "server.snapshot", "the compiled estate", KEYS(snapshot_keys) },
	[MAP_ASSUME] = { "server.assume", "what is presumed; explain says when an answer rests "
			 "on it", KEYS(assume_keys) },
	[MAP_VPC] = { "vpcs[]", "one VPC", KEYS(vpc_keys), ITEM(network) },
	[MAP_SITE] = { "sites[]", "one network outside AWS", KEYS(site_keys), ITEM(network) },
	[MAP_PEERING] = { "vpc_peering_connections[]", "one peering", KEYS(peering_keys),
			  ITEM(peering) },
	[MAP_REQUESTER] = { "vpc_peering_connections[].requester", "the side that asked",
			    KEYS(requester_keys) },
	[MAP_ACCEPTER] = { "vpc_peering_connections[].accepter", "the side that was asked",
			   KEYS(accepter_keys) },
	[MAP_TRANSIT_GATEWAY] = { "transit_gateways[]", "one transit gateway",
				  KEYS(transit_gateway_keys), ITEM(transit_gateway) },
	[MAP_ZONE] = { "hosted_zones[]", "one hosted zone", KEYS(zone_keys),
		       ITEM(hosted_zone) },
	[MAP_RECORD_SET] = { "hosted_zones[].record_sets[]", "one record set",
			     KEYS(record_set_keys), .size = sizeof(struct record_fields),
			     .at = offsetof(struct record_fields, at), .transient = true },
	[MAP_ALIAS_TARGET] = { "hosted_zones[].record_sets[].alias_target", "where it points",
			       KEYS(alias_target_keys) },
	[MAP_GEO_LOCATION] = { "hosted_zones[].record_sets[].geo_location",
			       "who is answered with it", KEYS(geo_location_keys) },
	[MAP_GEOPROXIMITY] = { "hosted_zones[].record_sets[].geoproximity_location",
			       "where it stands", KEYS(geoproximity_keys) },
	[MAP_COORDINATES] = { "hosted_zones[].record_sets[].geoproximity_location.coordinates",
			      "a place on the globe", KEYS(coordinates_keys) },
	[MAP_HEALTH_CHECK] = { "health_checks[]", "one health check", KEYS(health_check_keys),
			       ITEM(health_check) },
	[MAP_ENDPOINT] = { "resolver_endpoints[]", "one endpoint", KEYS(endpoint_keys),
			   ITEM(resolver_endpoint) },
	[MAP_RULE] = { "resolver_rules[]", "one rule", KEYS(rule_keys), ITEM(resolver_rule) },
	[MAP_TARGET] = { "resolver_rules[].target_ips[]", "one target", KEYS(target_keys),
			 ITEM(target) },
	[MAP_ON] = { "resolver_rules[].on", "who is asked next; a list of targets, or the word "
		     "`internet`", KEYS(on_keys) },
	[MAP_ON_TARGET] = { "resolver_rules[].on.*[]", "one target", KEYS(target_keys),
			    ITEM(target) },
	[MAP_PROFILE] = { "profiles[]", "one Profile", KEYS(profile_keys), ITEM(profile) },
	[MAP_ASSOCIATION] = { "profiles[].associations[]", "one VPC that has it",
			      KEYS(association_keys), ITEM(profile_association) },
	[MAP_IMPORT] = { "import[]", "one export of another tool", KEYS(import_keys),
			 ITEM(import_item) },
	[MAP_LINT] = { "lint", "how causeway-lint(1) judges; the daemon does not use it",
		       KEYS(lint_keys) },
	[MAP_LINT_SEVERITY] = { "lint.severity[]", "one severity", KEYS(lint_severity_keys),
				ITEM(lint_severity) },
	[MAP_LINT_PATH] = { "lint.per_path[]", "one pattern", KEYS(lint_path_keys),
			    ITEM(lint_path) },
	[MAP_LINT_GROUP] = { "lint.groups[]", "one group", KEYS(lint_group_keys),
			     ITEM(lint_group) },
	[MAP_LINT_QUOTAS] = { "lint.quotas", "how many of a thing there may be",
			      KEYS(lint_quota_keys) },
	[MAP_LINT_SUPPRESSION] = { "lint.suppress[]", "one suppression",
				   KEYS(lint_suppression_keys), ITEM(lint_suppression) },
	[MAP_EXPECT_SAME] = { "lint.expect_same[]", "one name", KEYS(expect_same_keys),
			      ITEM(lint_expectation) },
	[MAP_EXPECT_ANSWER] = { "lint.expect_answer[]", "one question",
				KEYS(expect_answer_keys), ITEM(lint_expectation) },
	[MAP_EXPECT_ABSENT] = { "lint.expect_absent[]", "one name", KEYS(expect_absent_keys),
				ITEM(lint_expectation) },
	[MAP_API_SET] = { "ResourceRecordSets[]", "one record set", KEYS(api_set_keys),
			  .foreign = true, .size = sizeof(struct record_fields),
			  .at = offsetof(struct record_fields, at), .transient = true },
	[MAP_API_VALUE] = { "ResourceRecordSets[].ResourceRecords[]", "one value",
			    KEYS(api_value_keys), ITEM(string_item), .foreign = true },
	[MAP_API_ALIAS] = { "ResourceRecordSets[].AliasTarget", "where it points",
			    KEYS(api_alias_keys), .foreign = true },
	[MAP_API_GEO] = { "ResourceRecordSets[].GeoLocation", "who is answered with it",
			  KEYS(api_geo_keys), .foreign = true },
	[MAP_API_GEOPROXIMITY] = { "ResourceRecordSets[].GeoProximityLocation",
				   "where it stands", KEYS(api_geoproximity_keys),
				   .foreign = true },
	[MAP_API_COORDINATES] = { "ResourceRecordSets[].GeoProximityLocation.Coordinates",
				  "a place on the globe", KEYS(api_coordinates_keys),
				  .foreign = true },
};

const struct schema_map *
schema_map(enum schema_map_id id)
{
	if (id >= MAP_SUBNET && id <= MAP_FIREWALL_ASSOCIATION)
		return schema_network_map(id);
	return &maps[id];
}

const struct schema_key *
schema_find(const struct schema_map *map, const char *key)
{
	for (size_t i = 0; i < map->count; i++)
		if (strcmp(map->keys[i].key, key) == 0)
			return &map->keys[i];
	return NULL;
}

const char *
schema_type_text(enum schema_type type, bool list)
{
	static const char *const one[] = {
		[SCHEMA_MAP] = "a map", [SCHEMA_STRING] = "text", [SCHEMA_ID] = "an id",
		[SCHEMA_REF] = "an id", [SCHEMA_NAME] = "a domain name",
		[SCHEMA_API_NAME] = "a domain name", [SCHEMA_ADDRESS] = "an IP address",
		[SCHEMA_PREFIX] = "a CIDR block", [SCHEMA_DURATION] = "a duration",
		[SCHEMA_SIZE] = "a size", [SCHEMA_INTEGER] = "a whole number",
		[SCHEMA_NUMBER] = "a number", [SCHEMA_BOOL] = "true or false",
		[SCHEMA_ENUM] = "a word", [SCHEMA_WORD] = "a word",
		[SCHEMA_RECORD_TYPE] = "a record type", [SCHEMA_PATH] = "a path",
		[SCHEMA_SECRET] = "32 hexadecimal digits",
		[SCHEMA_TEXTS] = "a map of texts",
		[SCHEMA_IGNORED] = "anything",
	};
	static const char *const many[] = {
		[SCHEMA_MAP] = "a list of maps", [SCHEMA_STRING] = "a list of texts",
		[SCHEMA_ID] = "a list of ids", [SCHEMA_REF] = "a list of ids",
		[SCHEMA_NAME] = "a list of domain names",
		[SCHEMA_API_NAME] = "a list of domain names",
		[SCHEMA_ADDRESS] = "a list of IP addresses",
		[SCHEMA_PREFIX] = "a list of CIDR blocks",
		[SCHEMA_DURATION] = "a list of durations", [SCHEMA_SIZE] = "a list of sizes",
		[SCHEMA_INTEGER] = "a list of whole numbers",
		[SCHEMA_NUMBER] = "a list of numbers", [SCHEMA_BOOL] = "a list of true and false",
		[SCHEMA_ENUM] = "a list of words", [SCHEMA_WORD] = "a list of words",
		[SCHEMA_RECORD_TYPE] = "a list of record types",
		[SCHEMA_PATH] = "a list of paths",
		[SCHEMA_SECRET] = "a list of texts of 32 hexadecimal digits",
		[SCHEMA_TEXTS] = "a list of maps of texts",
		[SCHEMA_IGNORED] = "anything",
	};

	return list ? many[type] : one[type];
}
