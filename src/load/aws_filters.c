#include <string.h>

#include "base/bytes.h"
#include "load/aws.h"

#define REF_VPC	   (1u << OBJECT_VPC)
#define REF_SUBNET (1u << OBJECT_SUBNET)
#define REF_GROUP  (1u << OBJECT_SECURITY_GROUP)

/* What security groups and network ACLs let through, and the lists of blocks they name. */

static const struct schema_word protocol_words[] = {
	{ "tcp", 6 }, { "udp", 17 }, { "icmp", 1 }, { "icmpv6", 58 }, { "-1", IP_PROTOCOL_ANY },
	{ "all", IP_PROTOCOL_ANY }, { "6", 6 }, { "17", 17 }, { "1", 1 }, { "58", 58 }, { 0 },
};

static void
add(struct aws *a, enum object_kind kind, void *object)
{
	if (!a->nomem && estate_add_object(a->estate, kind, object, a->diags) == ERR_NOMEM)
		a->nomem = true;
}

/** A word of ours, or a number below 255 in quotes; others match nothing that we ask about. */
static uint16_t
protocol_of(const struct yaml_node *map, const char *key)
{
	const char *text = aws_text(map, key);

	for (const struct schema_word *w = protocol_words; text && w->text; w++)
		if (strcmp(w->text, text) == 0)
			return (uint16_t)w->value;
	return 255;
}

static bool
has_ports(uint16_t protocol)
{
	return protocol == 6 || protocol == 17;
}

static const struct schema_key port_rows[] = {
	{ "FromPort", SCHEMA_INTEGER, .max = PORT_MOST, AWS_TO(ip_permission, from_port) },
	{ "ToPort", SCHEMA_INTEGER, .max = PORT_MOST, AWS_TO(ip_permission, to_port) },
};

static void
add_prefix_lists(struct aws *a, const struct aws_document *document,
		 const struct yaml_node *map, struct ip_permission *permission)
{
	static const struct schema_key row = { "PrefixListId", SCHEMA_ID, .required = true,
					       AWS_TO(string_item, text),
					       AWS_PLACE(string_item, at) };
	struct string_item **end = &permission->prefix_lists;

	for (const struct yaml_item *i = aws_items(map, "PrefixListIds"); i; i = i->next) {
		*end = aws_new(a, sizeof(**end));
		if (!*end || !aws_bind(a, document, i->value, &row, 1, *end)) {
			*end = NULL;
			return;
		}
		end = &(*end)->next;
	}
}

static struct ip_permission *
make_permission(struct aws *a, const struct aws_document *document, const struct yaml_node *map)
{
	struct ip_permission *permission = aws_new(a, sizeof(*permission));

	if (!permission)
		return NULL;
	permission->at = aws_place(document, map);
	permission->ip_protocol = protocol_of(map, "IpProtocol");
	permission->to_port = PORT_MOST;
	if (has_ports(permission->ip_protocol))
		aws_bind(a, document, map, port_rows, COUNT_OF(port_rows), permission);
	for (const struct yaml_item *i = aws_items(map, "IpRanges"); i; i = i->next)
		aws_add_cidr(a, &permission->cidr_blocks, document, i->value, "CidrIp");
	for (const struct yaml_item *i = aws_items(map, "Ipv6Ranges"); i; i = i->next)
		aws_add_cidr(a, &permission->cidr_blocks, document, i->value, "CidrIpv6");
	aws_refer_items(a, &permission->security_groups, document,
			aws_member(map, "UserIdGroupPairs"), "GroupId", REF_GROUP);
	add_prefix_lists(a, document, map, permission);
	return permission;
}

static void
add_permissions(struct aws *a, const struct aws_item *item, const char *key,
		struct ip_permission **end)
{
	for (const struct yaml_item *i = aws_items(item->node, key); i && !a->nomem; i = i->next) {
		*end = make_permission(a, item->document, i->value);
		if (*end)
			end = &(*end)->next;
	}
}

static void
add_group(struct aws *a, const struct aws_item *item)
{
	struct security_group *group = aws_new(a, sizeof(*group));

	if (!group)
		return;
	group->id = aws_keep(a, item->id);
	group->name = aws_keep(a, aws_text(item->node, "GroupName"));
	group->at = aws_place(item->document, item->node);
	aws_set_ref(a, &group->vpc, item->document, aws_member(item->node, "VpcId"), REF_VPC);
	add_permissions(a, item, "IpPermissions", &group->ip_permissions);
	add_permissions(a, item, "IpPermissionsEgress", &group->ip_permissions_egress);
	if (group->vpc.id)
		add(a, OBJECT_SECURITY_GROUP, group);
}

static const struct schema_word action_words[] = {
	{ "allow", ACL_ALLOW }, { "deny", ACL_DENY }, { 0 },
};

static const struct schema_key entry_rows[] = {
	{ "RuleNumber", SCHEMA_INTEGER, .required = true, .min = 1, .max = 32767,
	  AWS_TO(acl_entry, rule_number) },
	{ "Egress", SCHEMA_BOOL, .required = true, AWS_TO(acl_entry, egress) },
	{ "RuleAction", SCHEMA_ENUM, .required = true, .words = action_words,
	  AWS_TO(acl_entry, rule_action) },
	{ "CidrBlock", SCHEMA_PREFIX, AWS_TO(acl_entry, cidr_block), AWS_PLACE(acl_entry, at) },
	{ "Ipv6CidrBlock", SCHEMA_PREFIX, AWS_TO(acl_entry, cidr_block),
	  AWS_PLACE(acl_entry, at) },
};

static const struct schema_key range_rows[] = {
	{ "From", SCHEMA_INTEGER, .max = PORT_MOST, AWS_TO(acl_entry, from_port) },
	{ "To", SCHEMA_INTEGER, .max = PORT_MOST, AWS_TO(acl_entry, to_port) },
};

/** The last one, number 32767 of IPv4 and 32768 of IPv6, says what holds anyway. */
static void
add_entry(struct aws *a, const struct aws_document *document, const struct yaml_node *map,
	  struct acl_entry ***end)
{
	struct acl_entry *entry;
	const char *number = aws_text(map, "RuleNumber");

	if (number && (strcmp(number, "32767") == 0 || strcmp(number, "32768") == 0))
		return;
	entry = aws_new(a, sizeof(*entry));
	if (!entry || !aws_bind(a, document, map, entry_rows, COUNT_OF(entry_rows), entry) ||
	    !entry->at.file)
		return;
	entry->at = aws_place(document, map);
	entry->protocol = protocol_of(map, "Protocol");
	entry->to_port = PORT_MOST;
	if (has_ports(entry->protocol))
		aws_bind(a, document, aws_member(map, "PortRange"), range_rows,
			 COUNT_OF(range_rows), entry);
	**end = entry;
	*end = &entry->next;
}

static void
add_acl(struct aws *a, const struct aws_item *item)
{
	struct network_acl *acl = aws_new(a, sizeof(*acl));
	struct acl_entry **end = acl ? &acl->entries : NULL;

	if (!acl)
		return;
	acl->id = aws_keep(a, item->id);
	acl->at = aws_place(item->document, item->node);
	acl->is_default = aws_is(item->node, "IsDefault", "true");
	aws_set_ref(a, &acl->vpc, item->document, aws_member(item->node, "VpcId"), REF_VPC);
	aws_refer_items(a, &acl->subnets, item->document, aws_member(item->node, "Associations"),
			"SubnetId", REF_SUBNET);
	for (const struct yaml_item *i = aws_items(item->node, "Entries"); i; i = i->next)
		add_entry(a, item->document, i->value, &end);
	if (acl->vpc.id)
		add(a, OBJECT_NETWORK_ACL, acl);
}

/** The list of this id; made when it is first named. */
static struct managed_prefix_list *
find_list(struct aws *a, const struct aws_item *item, const char *id)
{
	struct managed_prefix_list *list = objects_latest(a->objects, OBJECT_PREFIX_LIST, id);

	if (list)
		return list;
	list = aws_new(a, sizeof(*list));
	if (!list)
		return NULL;
	list->id = aws_keep(a, id);
	list->at = aws_place(item->document, item->node);
	add(a, OBJECT_PREFIX_LIST, list);
	return a->nomem ? NULL : list;
}

/** DescribePrefixLists has the blocks of the service's own lists in it. */
static void
add_service_list(struct aws *a, const struct aws_item *item)
{
	const char *id = aws_text(item->node, "PrefixListId");
	static const struct schema_key row = { "Cidrs", SCHEMA_PREFIX, .list = true,
					       AWS_TO(managed_prefix_list, cidr_blocks) };
	struct managed_prefix_list *list;

	if (!id || !aws_items(item->node, "Cidrs"))
		return;
	list = find_list(a, item, id);
	if (list && !list->cidr_blocks)
		aws_bind(a, item->document, item->node, &row, 1, list);
}

/** GetManagedPrefixListEntries does not say of which list; the call did. */
static void
add_list_entry(struct aws *a, const struct aws_item *item)
{
	const char *id = aws_argument(item->document, "prefix-list-id");
	struct managed_prefix_list *list;

	if (!id || !aws_scalar(item->node, "Cidr"))
		return;
	list = find_list(a, item, id);
	if (list)
		aws_add_cidr(a, &list->cidr_blocks, item->document, item->node, "Cidr");
}

void
aws_add_filters(struct aws *a)
{
	const struct aws_item *i;

	for (i = a->lists[AWS_SECURITY_GROUP].first; i && !a->nomem; i = i->next)
		add_group(a, i);
	for (i = a->lists[AWS_NETWORK_ACL].first; i && !a->nomem; i = i->next)
		add_acl(a, i);
	for (i = a->lists[AWS_PREFIX_LIST].first; i && !a->nomem; i = i->next)
		add_service_list(a, i);
	for (i = a->lists[AWS_PREFIX_ENTRY].first; i && !a->nomem; i = i->next)
		add_list_entry(a, i);
}
