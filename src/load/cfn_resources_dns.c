#include <string.h>
#include <strings.h>

#include "load/cfn.h"

static const struct cfn_row zone_rows[] = {
	{ "Name", "name", CFN_NAME, .needed = true },
	{ 0 },
};

static const struct cfn_row vpc_rows[] = {
	{ "VPCId", "vpc", CFN_TEXT, .needed = true },
	{ 0 },
};

static const struct cfn_row alias_rows[] = {
	{ "DNSName", "dns_name", CFN_NAME, .needed = true },
	{ "HostedZoneId", "hosted_zone", CFN_TEXT, .needed = true },
	{ "EvaluateTargetHealth", "evaluate_target_health", .form = CFN_TEXT },
	{ 0 },
};

static const struct cfn_row geo_rows[] = {
	{ "ContinentCode", "continent_code", CFN_TEXT, .needed = true },
	{ "CountryCode", "country_code", CFN_TEXT, .needed = true },
	{ "SubdivisionCode", "subdivision_code", CFN_TEXT, .needed = true },
	{ 0 },
};

static const struct cfn_row coordinates_rows[] = {
	{ "Latitude", "latitude", CFN_TEXT, .needed = true },
	{ "Longitude", "longitude", CFN_TEXT, .needed = true },
	{ 0 },
};

static const struct cfn_row geoproximity_rows[] = {
	{ "AWSRegion", "aws_region", CFN_TEXT, .needed = true },
	{ "LocalZoneGroup", "local_zone_group", CFN_TEXT, .needed = true },
	{ "Coordinates", "coordinates", CFN_MAP, .needed = true, .rows = coordinates_rows },
	{ "Bias", "bias", .form = CFN_TEXT },
	{ 0 },
};

static const struct cfn_row set_rows[] = {
	{ "Name", "name", CFN_NAME, .needed = true },
	{ "Type", "type", CFN_TEXT, .needed = true },
	{ "TTL", "ttl", CFN_TEXT, .needed = true },
	{ "ResourceRecords", "values", CFN_NAMES, .needed = true },
	{ "AliasTarget", "alias_target", CFN_MAP, .needed = true, .rows = alias_rows },
	{ "SetIdentifier", "set_identifier", CFN_TEXT, .needed = true },
	{ "Weight", "weight", CFN_TEXT, .needed = true },
	{ "Failover", "failover", CFN_TEXT, .needed = true },
	{ "Region", "region", CFN_TEXT, .needed = true },
	{ "GeoLocation", "geo_location", CFN_MAP, .needed = true, .rows = geo_rows },
	{ "GeoProximityLocation", "geoproximity_location", CFN_MAP, .needed = true,
	  .rows = geoproximity_rows },
	{ "MultiValueAnswer", "multi_value_answer", CFN_TEXT, .needed = true },
	{ "HealthCheckId", "health_check", .form = CFN_TEXT },
	{ 0 },
};

/* Those that are judged elsewhere are told from outside. */
static const struct cfn_word health_words[] = {
	{ "CLOUDWATCH_METRIC", "EXTERNAL" }, { "RECOVERY_CONTROL", "EXTERNAL" }, { 0 },
};

static const struct cfn_row health_config_rows[] = {
	{ "Type", "type", CFN_WORD, .needed = true, .words = health_words },
	{ "IPAddress", "ip_address", .form = CFN_TEXT },
	{ "Port", "port", .form = CFN_TEXT },
	{ "RequestInterval", "request_interval", .form = CFN_SECONDS },
	{ "FailureThreshold", "failure_threshold", .form = CFN_TEXT },
	{ "ResourcePath", "resource_path", .form = CFN_TEXT },
	{ "FullyQualifiedDomainName", "fully_qualified_domain_name", .form = CFN_TEXT },
	{ "SearchString", "search_string", .form = CFN_TEXT },
	{ "Inverted", "inverted", .form = CFN_TEXT },
	{ "ChildHealthChecks", "child_health_checks", .form = CFN_TEXTS },
	{ "HealthThreshold", "health_threshold", .form = CFN_TEXT },
	{ 0 },
};

static const struct cfn_row health_rows[] = {
	{ "HealthCheckConfig", NULL, CFN_WITHIN, .rows = health_config_rows },
	{ 0 },
};

/** Without VPCs it is a public one. */
void
cfn_add_zone(struct cfn_resource *r)
{
	struct nodes *nodes = &r->stack->cfn->declare->nodes;
	struct cfn_object *zone = cfn_object_of(r, "hosted_zones", zone_rows);
	struct cfn_value vpcs = cfn_member(r->stack, r->properties, "VPCs");

	if (!zone)
		return;
	cfn_put_pseudo(r, zone->map, "owner_id", "AWS::AccountId");
	if (vpcs.state == CFN_UNKNOWN)
		cfn_report_unknown(r, "VPCs", yaml_find(r->properties, "VPCs"), vpcs.why,
				   "its list of VPCs is");
	if (vpcs.state == CFN_ABSENT)
		nodes_put(nodes, zone->map, "private_zone", nodes_text(nodes, "false", r->node));
	if (vpcs.state != CFN_VALUE || vpcs.node->kind != YAML_SEQUENCE)
		return;
	for (const struct yaml_item *i = vpcs.node->first; i; i = i->next) {
		struct cfn_value item = cfn_resolve(r->stack, i->value);
		struct yaml_node *map = nodes_map(nodes, i->value);

		if (item.state == CFN_UNKNOWN)
			cfn_report_unknown(r, "VPCs", i->value, item.why, "the VPC is");
		if (item.state == CFN_VALUE && item.node->kind == YAML_MAPPING && map &&
		    cfn_translate(r, vpc_rows, item.node, map))
			cfn_object_append(zone, "vpcs", yaml_find(map, "vpc"));
	}
}

/* --- records */

static bool
same_name(const char *a, const char *b)
{
	size_t len = strlen(a), other = strlen(b);

	if (len && a[len - 1] == '.')
		len--;
	if (other && b[other - 1] == '.')
		other--;
	return len == other && strncasecmp(a, b, len) == 0;
}

/** The zones of one name; the service takes the only one. */
static const char *
zone_named(struct cfn_resource *r, const struct yaml_node *name)
{
	struct cfn *cfn = r->stack->cfn;
	const struct cfn_object *found = NULL;

	for (const struct cfn_object *o = cfn->first_object; o; o = o->next) {
		const struct yaml_node *own = strcmp(o->list, "hosted_zones") == 0
						      ? yaml_find(o->map, "name") : NULL;

		if (!cfn_spend(cfn, 1))
			break;
		if (!own || !same_name(own->text, name->text))
			continue;
		if (found) {
			struct finding *finding;

			finding = diag_open(cfn->declare->diags, SEVERITY_ERROR, "CFG003",
					    "records-of-unknown-zone",
					    declare_place(r->stack->template->path, name),
					    "%s %s: several zones have the name %.253s", r->type,
					    r->id, name->text);
			diag_add(cfn->declare->diags, finding, PART_HELP, NULL, NULL,
				 (struct srcloc){ 0 }, "say which one with HostedZoneId");
			return NULL;
		}
		found = o;
	}
	if (!found)
		cfn_report_unknown(r, "HostedZoneName", name,
				   "no zone of the templates has this name", "its records are");
	return found ? found->id : NULL;
}

/** Of a set, or of the group that it is in.  NULL: reported, or nothing is said. */
static const char *
zone_of(struct cfn_resource *r, const struct yaml_node *properties)
{
	struct cfn_resource part = *r;
	const struct yaml_node *id, *name;

	part.properties = properties;
	if (properties && yaml_find(properties, "HostedZoneId")) {
		id = cfn_property(&part, "HostedZoneId", "its records are");
		return id ? id->text : NULL;
	}
	if (!properties || !yaml_find(properties, "HostedZoneName"))
		return NULL;
	name = cfn_property(&part, "HostedZoneName", "its records are");
	return name ? zone_named(r, name) : NULL;
}

static void
add_set(struct cfn_resource *r, const char *zone, const struct yaml_node *properties)
{
	struct cfn *cfn = r->stack->cfn;
	struct yaml_node *map = nodes_map(&cfn->declare->nodes, properties);

	if (map && cfn_translate(r, set_rows, properties, map) && !cfn->nomem)
		declare_record_set(cfn->declare, zone, map, r->stack->template->path);
}

static void
report_no_zone(struct cfn_resource *r, const struct yaml_node *at)
{
	diag_report(r->stack->cfn->declare->diags, SEVERITY_ERROR, "missing-key",
		    declare_place(r->stack->template->path, at ? at : r->node),
		    "%s %s: neither HostedZoneId nor HostedZoneName", r->type, r->id);
}

static bool
names_zone(const struct yaml_node *properties)
{
	return properties && (yaml_find(properties, "HostedZoneId") ||
			      yaml_find(properties, "HostedZoneName"));
}

void
cfn_add_record_set(struct cfn_resource *r)
{
	const char *zone = zone_of(r, r->properties);

	if (!names_zone(r->properties))
		report_no_zone(r, NULL);
	if (zone)
		add_set(r, zone, r->properties);
}

/** A set may be of another zone than the group. */
void
cfn_add_record_set_group(struct cfn_resource *r)
{
	struct cfn_value sets = cfn_member(r->stack, r->properties, "RecordSets");
	const char *zone = zone_of(r, r->properties);

	if (sets.state == CFN_UNKNOWN)
		cfn_report_unknown(r, "RecordSets", yaml_find(r->properties, "RecordSets"),
				   sets.why, "its records are");
	if (sets.state != CFN_VALUE || sets.node->kind != YAML_SEQUENCE)
		return;
	for (const struct yaml_item *i = sets.node->first; i && !r->stack->cfn->nomem;
	     i = i->next) {
		struct cfn_value set = cfn_resolve(r->stack, i->value);
		const char *own = zone;

		if (set.state == CFN_UNKNOWN)
			cfn_report_unknown(r, "RecordSets", i->value, set.why, "the set is");
		if (set.state != CFN_VALUE || set.node->kind != YAML_MAPPING)
			continue;
		if (names_zone(set.node))
			own = zone_of(r, set.node);
		else if (!names_zone(r->properties))
			report_no_zone(r, i->value);
		if (own)
			add_set(r, own, set.node);
	}
}

void
cfn_add_health_check(struct cfn_resource *r)
{
	cfn_object_of(r, "health_checks", health_rows);
}
