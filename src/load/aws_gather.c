#include "load/aws_walk.h"

#include <string.h>

#include "base/bytes.h"

static const struct aws_operation operations[] = {
	{ "HostedZones", AWS_HOSTED_ZONE, "Id", { "Name", "Config" } },
	{ "HostedZoneSummaries", AWS_ZONE_SUMMARY, NULL, { 0 } },
	{ "ResourceRecordSets", AWS_RECORD_SETS, NULL, { 0 } },
	{ "HealthChecks", AWS_HEALTH_CHECK, "Id", { "HealthCheckConfig" } },
	{ "ResolverEndpoints", AWS_ENDPOINT, "Id",
	  { "Direction", "HostVPCId", "Protocols", "Dns64Enabled" } },
	{ "IpAddresses", AWS_ENDPOINT_ADDRESS, "IpId", { "Ip", "Ipv6" } },
	{ "ResolverRules", AWS_RULE, "Id",
	  { "DomainName", "RuleType", "TargetIps", "ResolverEndpointId", "DelegationRecord" } },
	{ "ResolverRuleAssociations", AWS_RULE_ASSOCIATION, "Id", { "ResolverRuleId", "VPCId" } },
	{ "ResolverConfigs", AWS_RESOLVER_CONFIG, "ResourceId", { "AutodefinedReverse" } },
	{ "ProfileSummaries", AWS_PROFILE, "Id", { "Name" } },
	{ "ProfileAssociations", AWS_PROFILE_ASSOCIATION, "Id", { "ProfileId", "ResourceId" } },
	{ "ProfileResourceAssociations", AWS_PROFILE_RESOURCE, "Id",
	  { "ProfileId", "ResourceArn" } },
	{ "Vpcs", AWS_VPC, "VpcId",
	  { "CidrBlock", "CidrBlockAssociationSet", "Ipv6CidrBlockAssociationSet", "OwnerId",
	    "IsDefault" } },
	{ "VpcPeeringConnections", AWS_PEERING, "VpcPeeringConnectionId",
	  { "Status", "RequesterVpcInfo", "AccepterVpcInfo" } },
	{ "TransitGateways", AWS_TRANSIT_GATEWAY, "TransitGatewayId", { "Options" } },
	{ "TransitGatewayVpcAttachments", AWS_VPC_ATTACHMENT, "TransitGatewayAttachmentId",
	  { "TransitGatewayId", "VpcId", "State" } },
	{ "TransitGatewayAttachments", AWS_ATTACHMENT, "TransitGatewayAttachmentId",
	  { "TransitGatewayId", "ResourceId", "ResourceType", "State" } },
	{ "Subnets", AWS_SUBNET, "SubnetId",
	  { "VpcId", "CidrBlock", "Ipv6CidrBlockAssociationSet", "AvailabilityZone" } },
	{ "RouteTables", AWS_ROUTE_TABLE, "RouteTableId", { "VpcId", "Associations", "Routes" } },
	{ "SecurityGroups", AWS_SECURITY_GROUP, "GroupId",
	  { "VpcId", "IpPermissions", "IpPermissionsEgress" } },
	{ "NetworkAcls", AWS_NETWORK_ACL, "NetworkAclId",
	  { "VpcId", "Associations", "Entries", "IsDefault" } },
	{ "NetworkInterfaces", AWS_NETWORK_INTERFACE, "NetworkInterfaceId",
	  { "VpcId", "SubnetId", "PrivateIpAddresses", "Ipv6Addresses", "Groups" } },
	{ "VpcEndpoints", AWS_VPC_ENDPOINT, "VpcEndpointId",
	  { "VpcId", "ServiceName", "VpcEndpointType", "PrivateDnsEnabled", "DnsEntries",
	    "SubnetIds", "Groups", "NetworkInterfaceIds" } },
	{ "DhcpOptions", AWS_DHCP_OPTIONS, "DhcpOptionsId", { "DhcpConfigurations" } },
	{ "PrefixLists", AWS_PREFIX_LIST, NULL, { 0 } },
	{ "Entries", AWS_PREFIX_ENTRY, NULL, { 0 } },
	{ "ResolverDnssecConfigs", AWS_DNSSEC_CONFIG, "ResourceId", { "ValidationStatus" } },
	{ "FirewallRuleGroups", AWS_FIREWALL_GROUP, "Id", { "Name" } },
	{ "FirewallRules", AWS_FIREWALL_RULE, NULL, { 0 } },
	{ "FirewallRuleGroupAssociations", AWS_FIREWALL_ASSOCIATION, "Id",
	  { "FirewallRuleGroupId", "VpcId", "Priority" } },
	{ "FirewallDomainLists", AWS_FIREWALL_LIST, "Id", { "Name" } },
	{ "Domains", AWS_FIREWALL_DOMAIN, NULL, { 0 } },
};

/* Documents that are one object; told by two members. */
static const struct aws_operation singles[] = {
	{ "HostedZone", AWS_ZONE_VPCS, NULL, { "HostedZone", "VPCs" } },
	{ "EnableDnsSupport", AWS_VPC_SUPPORT, "VpcId", { "EnableDnsSupport" } },
	{ "EnableDnsHostnames", AWS_VPC_HOSTNAMES, "VpcId", { "EnableDnsHostnames" } },
};

const struct aws_operation *
aws_operation(const struct json *json)
{
	for (size_t i = 0; i < COUNT_OF(operations); i++)
		if (json_is(json, operations[i].key))
			return &operations[i];
	return NULL;
}

bool
aws_is_single(const struct json *json)
{
	for (size_t i = 0; i < COUNT_OF(singles); i++)
		if (json_is(json, singles[i].key))
			return true;
	return false;
}

const struct aws_operation *
aws_single(const struct yaml_node *rest, const char **id)
{
	for (size_t i = 0; i < COUNT_OF(singles); i++) {
		const struct aws_operation *op = &singles[i];

		*id = op->id ? aws_text(rest, op->id) : aws_text(aws_member(rest, op->key), "Id");
		if (aws_member(rest, op->key) && *id)
			return op;
	}
	return NULL;
}

/** Do two items say the same of what we read? */
static bool
agree(const struct aws_operation *op, const struct yaml_node *one, const struct yaml_node *other)
{
	for (size_t i = 0; i < AWS_MEMBERS_MOST && op->members[i]; i++) {
		const struct yaml_node *a = aws_member(one, op->members[i]);
		const struct yaml_node *b = aws_member(other, op->members[i]);

		if (!a != !b || (a && !digest_equal(yaml_digest(a), yaml_digest(b))))
			return false;
	}
	return true;
}

static void
report_disagreement(struct aws *a, const struct aws_item *first,
		    const struct aws_document *document, const struct yaml_node *node)
{
	struct finding *finding;

	finding = diag_open(a->diags, SEVERITY_WARNING, "CFG007", "sources-disagree",
			    aws_place(document, node),
			    "%s says something else of %.80s than an earlier file, which counts",
			    document->key, first->id);
	diag_add(a->diags, finding, PART_OBJECT, NULL, first->id,
		 aws_place(first->document, first->node), "the first");
}

void
aws_gather(struct aws *a, const struct aws_operation *op, const char *id,
	   const struct aws_document *document, const struct yaml_node *node)
{
	struct aws_list *list = &a->lists[op->kind];
	const struct aws_item *first = id ? table_find_string(&list->ids, id) : NULL;
	struct aws_item *item;

	if (first) {
		if (!agree(op, first->node, node))
			report_disagreement(a, first, document, node);
		return;
	}
	item = arena_alloc(a->scratch, sizeof(*item));
	if (!item || (id && table_put_string(&list->ids, id, item) != OK)) {
		a->nomem = true;
		return;
	}
	*item = (struct aws_item){ node, document, id, NULL };
	*(list->last ? &list->last->next : &list->first) = item;
	list->last = item;
}

/** Note one without asking whether it was there before. */
static void
append(struct aws *a, enum aws_kind kind, const struct aws_item *new)
{
	struct aws_list *list = &a->lists[kind];
	struct aws_item *item = arena_alloc(a->scratch, sizeof(*item));

	a->nomem |= !item;
	if (!item)
		return;
	*item = *new;
	*(list->last ? &list->last->next : &list->first) = item;
	list->last = item;
}

void
aws_gather_item(struct aws *a, const struct aws_operation *op,
		const struct aws_document *document, const struct yaml_node *node)
{
	const char *id = NULL;

	if (op->kind == AWS_FIREWALL_DOMAIN) {	/* texts; maps are what another service has */
		if (node->kind == YAML_SCALAR)
			append(a, op->kind, &(struct aws_item){ node, document, NULL, NULL });
		return;
	}
	if (node->kind != YAML_MAPPING) {
		diag_report(a->diags, SEVERITY_ERROR, "wrong-type", aws_place(document, node),
			    "%s: a list of maps is wanted", op->key);
		return;
	}
	if (op->id || op->kind == AWS_ZONE_SUMMARY)
		id = aws_text(node, op->id ? op->id : "HostedZoneId");
	if (id)
		id = aws_bare_id(id);
	else if (op->kind == AWS_ZONE_SUMMARY || (op->id && op->kind != AWS_RULE_ASSOCIATION)) {
		diag_report(a->diags, SEVERITY_ERROR, "missing-key", aws_place(document, node),
			    "%s: the member \"%s\" is missing", op->key,
			    op->id ? op->id : "HostedZoneId");
		return;
	}
	if (op->kind == AWS_ZONE_SUMMARY)	/* one zone, as often as VPCs see it */
		append(a, op->kind, &(struct aws_item){ node, document, id, NULL });
	else
		aws_gather(a, op, id, document, node);
}
