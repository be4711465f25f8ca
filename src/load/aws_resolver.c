#include <string.h>

#include "base/bytes.h"
#include "load/aws.h"

#define REF_VPC	     (1u << OBJECT_VPC)
#define REF_ENDPOINT (1u << OBJECT_ENDPOINT)
#define REF_GROUP    (1u << OBJECT_SECURITY_GROUP)

static const struct schema_word protocol_words[] = {
	{ "Do53", PROTOCOL_DO53 }, { "DoH", PROTOCOL_DOH }, { "DoH-FIPS", PROTOCOL_DOH }, { 0 },
};
static const struct schema_word direction_words[] = {
	{ "INBOUND", DIRECTION_INBOUND }, { "OUTBOUND", DIRECTION_OUTBOUND },
	{ "INBOUND_DELEGATION", DIRECTION_INBOUND_DELEGATION }, { 0 },
};
static const struct schema_word rule_words[] = {
	{ "FORWARD", RULE_FORWARD }, { "SYSTEM", RULE_SYSTEM }, { "DELEGATE", RULE_DELEGATE },
	{ 0 },
};

static const struct schema_key endpoint_rows[] = {
	{ "Id", SCHEMA_ID, .required = true, AWS_TO(resolver_endpoint, id) },
	{ "Direction", SCHEMA_ENUM, .required = true, .words = direction_words,
	  AWS_TO(resolver_endpoint, direction) },
	{ "HostVPCId", SCHEMA_REF, .required = true, .refs = REF_VPC,
	  AWS_TO(resolver_endpoint, vpc) },
	{ "Protocols", SCHEMA_ENUM, .list = true, .words = protocol_words,
	  AWS_TO(resolver_endpoint, protocols) },
	{ "Dns64Enabled", SCHEMA_BOOL, AWS_TO(resolver_endpoint, dns64_enabled) },
};

static const struct schema_key rule_rows[] = {
	{ "Id", SCHEMA_ID, .required = true, AWS_TO(resolver_rule, id) },
	{ "DomainName", SCHEMA_API_NAME, AWS_TO(resolver_rule, domain_name),
	  AWS_PLACE(resolver_rule, domain_at) },
	{ "RuleType", SCHEMA_ENUM, .required = true, .words = rule_words,
	  AWS_TO(resolver_rule, type) },
	{ "DelegationRecord", SCHEMA_API_NAME, AWS_TO(resolver_rule, delegation_record) },
	{ "ResolverEndpointId", SCHEMA_REF, .refs = REF_ENDPOINT,
	  AWS_TO(resolver_rule, endpoint) },
};

static const struct schema_key target_rows[] = {
	{ "Ip", SCHEMA_ADDRESS, AWS_TO(target, addr) },
	{ "Ipv6", SCHEMA_ADDRESS, AWS_TO(target, addr) },
	{ "Port", SCHEMA_INTEGER, .min = 1, .max = 65535, AWS_TO(target, addr.port) },
	{ "Protocol", SCHEMA_ENUM, .words = protocol_words, AWS_TO(target, protocol) },
	{ "ServerNameIndication", SCHEMA_STRING, AWS_TO(target, server_name_indication) },
};

static void
append_target(struct target **end, struct target *target)
{
	while (*end)
		end = &(*end)->next;
	*end = target;
}

static void
add_target(struct aws *a, const struct aws_document *document, const struct yaml_node *node,
	   struct target **list, uint16_t port)
{
	struct target *target = aws_new(a, sizeof(*target));

	if (!target || !aws_bind(a, document, node, target_rows, COUNT_OF(target_rows), target))
		return;
	if (!aws_member(node, "Port"))
		target->addr.port = port;
	target->at = aws_place(document, node);
	append_target(list, target);
}

static void
add_endpoint(struct aws *a, const struct aws_item *item)
{
	struct resolver_endpoint *endpoint;

	if (aws_is_gone(aws_text(item->node, "Status")))
		return;
	endpoint = aws_new(a, sizeof(*endpoint));
	if (!endpoint)
		return;
	endpoint->at = aws_place(item->document, item->node);
	aws_refer_items(a, &endpoint->security_groups, item->document,
			aws_member(item->node, "SecurityGroupIds"), NULL, REF_GROUP);
	if (aws_bind(a, item->document, item->node, endpoint_rows, COUNT_OF(endpoint_rows),
		     endpoint) &&
	    objects_add_endpoint(&a->bind, a->objects, endpoint) == ERR_NOMEM)
		a->nomem = true;
}

/** An address does not say of which endpoint it is; the call did. */
static void
add_address(struct aws *a, const struct aws_item *item)
{
	const char *id = aws_argument(item->document, "resolver-endpoint-id");
	struct resolver_endpoint *endpoint;

	if (!id)
		id = aws_word(a, item->document, &a->lists[AWS_ENDPOINT].ids);
	if (!id) {
		diag_report(a->diags, SEVERITY_ERROR, "unknown-endpoint",
			    aws_place(item->document, item->node),
			    "no resolver endpoint is named, neither by an envelope nor by the "
			    "file's name: whose address is this?");
		return;
	}
	endpoint = objects_latest(a->objects, OBJECT_ENDPOINT, id);
	if (endpoint && !aws_is_gone(aws_text(item->node, "Status")))
		add_target(a, item->document, item->node, &endpoint->ip_addresses, 0);
}

void
aws_add_endpoints(struct aws *a)
{
	const struct aws_item *i;

	for (i = a->lists[AWS_ENDPOINT].first; i && !a->nomem; i = i->next)
		add_endpoint(a, i);
	for (i = a->lists[AWS_ENDPOINT_ADDRESS].first; i && !a->nomem; i = i->next)
		add_address(a, i);
}

/** Those that the service makes for every VPC are built in; only some exports list them. */
static bool
is_autodefined(const char *id)
{
	return strncmp(id, "rslvr-autodefined-", 18) == 0;
}

static void
add_rule(struct aws *a, const struct aws_item *item)
{
	const struct yaml_node *targets = aws_member(item->node, "TargetIps");
	struct resolver_rule *rule;

	if (is_autodefined(item->id) || aws_is(item->node, "RuleType", "RECURSIVE") ||
	    aws_is_gone(aws_text(item->node, "Status")))
		return;
	rule = aws_new(a, sizeof(*rule));
	if (!rule)
		return;
	rule->at = aws_place(item->document, item->node);
	rule->flawed = !aws_bind(a, item->document, item->node, rule_rows, COUNT_OF(rule_rows),
				 rule);
	for (const struct yaml_item *t = targets && targets->kind == YAML_SEQUENCE
						 ? targets->first : NULL; t; t = t->next)
		add_target(a, item->document, t->value, &rule->targets, 53);
	if (rule->type == RULE_SYSTEM)
		rule->targets = NULL;
	if (rule->id && !a->nomem && objects_add_rule(&a->bind, a->objects, rule) == ERR_NOMEM)
		a->nomem = true;
}

static void
associate(struct aws *a, const struct aws_item *item)
{
	const char *id = aws_text(item->node, "ResolverRuleId");
	const struct yaml_node *vpc = aws_scalar(item->node, "VPCId");
	const char *status = aws_text(item->node, "Status");
	struct resolver_rule *rule;

	if (!id || !vpc || is_autodefined(id) || aws_is_gone(status) ||
	    (status && strcmp(status, "OVERRIDDEN") == 0))
		return;
	rule = objects_latest(a->objects, OBJECT_RULE, id);
	if (rule) {
		aws_refer(a, &rule->networks, item->document, vpc, vpc->text, REF_VPC);
		return;
	}
	if (table_find_string(&a->lists[AWS_RULE].ids, id))
		return;		/* passed by, or refused and reported */
	diag_report(a->diags, SEVERITY_ERROR, "CFG002",
		    aws_place(item->document, aws_member(item->node, "ResolverRuleId")),
		    "no resolver rule \"%.60s\" in the export", id);
}

void
aws_add_rules(struct aws *a)
{
	const struct aws_item *i;

	for (i = a->lists[AWS_RULE].first; i && !a->nomem; i = i->next)
		add_rule(a, i);
	for (i = a->lists[AWS_RULE_ASSOCIATION].first; i && !a->nomem; i = i->next)
		associate(a, i);
}
