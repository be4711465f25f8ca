#include "load/terraform.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "load/inflate.h"
#include "load/terraform_json.h"

#define ID_MOST 200	/* octets of an address that becomes an id */

/* In the order of families; what is not here is none of ours. */
static const struct tf_type types[] = {
	{ "aws_vpc", TF_VPC, "id", true },
	{ "aws_default_vpc", TF_VPC, "id", false },
	{ "aws_vpc_ipv4_cidr_block_association", TF_VPC_CIDR, NULL, false },
	{ "aws_vpc_ipv6_cidr_block_association", TF_VPC_CIDR, NULL, false },
	{ "aws_subnet", TF_SUBNET, "id", true },
	{ "aws_default_subnet", TF_SUBNET, "id", false },
	{ "aws_security_group", TF_SECURITY_GROUP, "id", true },
	{ "aws_default_security_group", TF_SECURITY_GROUP, "id", false },
	{ "aws_security_group_rule", TF_GROUP_RULE, NULL, false },
	{ "aws_vpc_security_group_ingress_rule", TF_GROUP_RULE, NULL, false },
	{ "aws_vpc_security_group_egress_rule", TF_GROUP_RULE, NULL, false },
	{ "aws_vpc_dhcp_options", TF_DHCP_OPTIONS, "id", false },
	{ "aws_default_vpc_dhcp_options", TF_DHCP_OPTIONS, "id", false },
	{ "aws_vpc_dhcp_options_association", TF_DHCP_ASSOCIATION, NULL, false },
	{ "aws_route_table", TF_ROUTE_TABLE, "id", false },
	{ "aws_default_route_table", TF_ROUTE_TABLE, "id", false },
	{ "aws_route", TF_ROUTE, NULL, false },
	{ "aws_vpn_gateway_route_propagation", TF_ROUTE, NULL, false },
	{ "aws_route_table_association", TF_TABLE_ASSOCIATION, NULL, false },
	{ "aws_main_route_table_association", TF_MAIN_ASSOCIATION, NULL, false },
	{ "aws_internet_gateway", TF_WAY, "id", true },
	{ "aws_egress_only_internet_gateway", TF_WAY, "id", false },
	{ "aws_nat_gateway", TF_WAY, "id", true },
	{ "aws_vpn_gateway", TF_WAY, "id", true },
	{ "aws_ec2_managed_prefix_list", TF_PREFIX_LIST, "id", true },
	{ "aws_prefix_list", TF_PREFIX_LIST, "id", true },
	{ "aws_ec2_managed_prefix_list_entry", TF_PREFIX_ENTRY, NULL, false },
	{ "aws_network_acl", TF_ACL, "id", false },
	{ "aws_default_network_acl", TF_ACL, "id", false },
	{ "aws_network_acl_rule", TF_ACL_RULE, NULL, false },
	{ "aws_network_acl_association", TF_ACL_ASSOCIATION, NULL, false },
	{ "aws_network_interface", TF_INTERFACE, "id", true },
	{ "aws_vpc_endpoint", TF_VPC_ENDPOINT, "id", true },
	{ "aws_vpc_endpoint_security_group_association", TF_ENDPOINT_ASSOCIATION, NULL, false },
	{ "aws_vpc_endpoint_subnet_association", TF_ENDPOINT_ASSOCIATION, NULL, false },
	{ "aws_vpc_peering_connection", TF_PEERING, "id", false },
	{ "aws_vpc_peering_connection_accepter", TF_PEERING_ACCEPTER, NULL, false },
	{ "aws_vpc_peering_connection_options", TF_PEERING_OPTIONS, NULL, false },
	{ "aws_ec2_transit_gateway", TF_TRANSIT_GATEWAY, "id", true },
	{ "aws_ec2_transit_gateway_vpc_attachment", TF_ATTACHMENT, NULL, false },
	{ "aws_ec2_transit_gateway_vpc_attachment_accepter", TF_SKIPPED, NULL, false },
	{ "aws_route53_zone", TF_ZONE, "zone_id", true },
	{ "aws_service_discovery_private_dns_namespace", TF_NAMESPACE, "hosted_zone", false },
	{ "aws_service_discovery_instance", TF_NOT_MODELLED, NULL, false },
	{ "aws_route53_zone_association", TF_ZONE_ASSOCIATION, NULL, false },
	{ "aws_route53_vpc_association_authorization", TF_SKIPPED, NULL, false },
	{ "aws_route53_record", TF_RECORD, NULL, false },
	{ "aws_route53_records_exclusive", TF_RECORDS, NULL, false },
	{ "aws_route53_health_check", TF_HEALTH_CHECK, "id", false },
	{ "aws_route53_traffic_policy_instance", TF_NOT_MODELLED, NULL, false },
	{ "aws_route53_resolver_endpoint", TF_ENDPOINT, "id", true },
	{ "aws_route53_resolver_rule", TF_RULE, "id", true },
	{ "aws_route53_resolver_rule_association", TF_RULE_ASSOCIATION, NULL, false },
	{ "aws_route53_resolver_config", TF_RESOLVER_CONFIG, NULL, false },
	{ "aws_route53_resolver_dnssec_config", TF_NOT_MODELLED, NULL, false },
	{ "aws_route53_resolver_firewall_rule_group_association", TF_NOT_MODELLED, NULL, false },
	{ "aws_route53_resolver_firewall_rule_group", TF_SKIPPED, NULL, false },
	{ "aws_route53_resolver_firewall_rule", TF_SKIPPED, NULL, false },
	{ "aws_route53_resolver_firewall_domain_list", TF_SKIPPED, NULL, false },
	{ "aws_route53_resolver_firewall_config", TF_SKIPPED, NULL, false },
	{ "aws_route53_resolver_query_log_config", TF_SKIPPED, NULL, false },
	{ "aws_route53_resolver_query_log_config_association", TF_SKIPPED, NULL, false },
	{ "aws_route53profiles_profile", TF_PROFILE, "id", false },
	{ "aws_route53profiles_association", TF_PROFILE_ASSOCIATION, NULL, false },
	{ "aws_route53profiles_resource_association", TF_PROFILE_RESOURCE, NULL, false },
	{ "aws_ram_resource_share", TF_SKIPPED, NULL, false },
	{ "aws_ram_resource_association", TF_SKIPPED, NULL, false },
	{ "aws_ram_principal_association", TF_SKIPPED, NULL, false },
	{ "aws_ram_resource_share_accepter", TF_SKIPPED, NULL, false },
};

/* --- is it? */

bool
terraform_is(const char *path)
{
	/* the first keys that the three forms have, as written and sorted */
	static const char *const keys[] = {
		"format_version", "version", "terraform_version", "planned_values",
		"applyable", "check_results", "checks", "configuration",
	};
	struct diags unheard;
	struct arena arena;
	struct inflate *in = NULL;
	struct json json = { 0 };
	bool is = false;

	arena_init(&arena, SIZE_MAX);
	diags_init(&unheard, &arena, 0);
	if (inflate_open(&in, path, (struct srcloc){ 0 }, &unheard) == OK &&
	    json_init(&json, path, inflate_fill, in, &unheard) == OK &&
	    json_next(&json) == JSON_OBJECT && json_next(&json) == JSON_KEY)
		for (size_t i = 0; i < COUNT_OF(keys); i++)
			is |= json_is(&json, keys[i]);
	json_fini(&json);
	inflate_close(in);
	arena_fini(&arena);
	return is;
}

/* --- what was read */

static struct tf_group *
find_group(struct terraform *t, struct tf_file *file, const char *address, size_t len)
{
	struct tf_group *group = table_find(&file->groups, address, len);

	if (group)
		return group;
	group = arena_alloc(t->declare->scratch, sizeof(*group));
	if (!group || table_put(&file->groups, address, len, group) != OK) {
		t->declare->nodes.nomem = true;
		return NULL;
	}
	return group;
}

/** Told at once; nothing is kept of it. */
static bool
is_passed_over(struct terraform *t, const struct tf_resource *resource)
{
	struct srcloc at = declare_place(resource->place_file, &resource->place);
	const char *when = resource->type->id;
	bool matters = resource->type->kind == TF_NOT_MODELLED &&
		       (!when || tf_is(resource->values, when, "true"));

	if (resource->type->kind >= TF_KEPT && !matters)
		declare_skipped(t->declare, at, "%s", resource->address);
	else if (matters)
		diag_open(t->declare->diags, SEVERITY_NOTE, "CFG006", "not-modelled", at,
			  "%s: what a resource of type %s does to answers is not modelled",
			  resource->address, resource->type->type);
	return resource->type->kind >= TF_KEPT;
}

void
tf_enter(struct terraform *t, struct tf_resource *resource)
{
	struct tf_file *file = resource->file;
	size_t len = (size_t)(resource->index - resource->address);
	struct tf_list *list;

	if (is_passed_over(t, resource) || table_find_string(&file->resources, resource->address))
		return;		/* again in prior_state */
	resource->group = find_group(t, file, resource->address, len);
	if (!resource->group ||
	    table_put_string(&file->resources, resource->address, resource) != OK) {
		t->declare->nodes.nomem = true;
		return;
	}
	resource->position = resource->group->count++;
	*(resource->group->last ? &resource->group->last->next_in_group
				: &resource->group->first) = resource;
	resource->group->last = resource;
	list = &t->kinds[resource->type->kind];
	*(list->last ? &list->last->next : &list->first) = resource;
	list->last = resource;
}

/* --- places and blocks */

static void
place_in_source(struct terraform *t, struct tf_resource *resource)
{
	const struct tf_file *file = resource->file;
	struct srcloc at = file->sources ? tf_find_source(t, file->sources, resource->address)
					 : (struct srcloc){ 0 };

	if (!at.line)
		return;
	resource->place_file = at.file;
	resource->place.line = at.line;
	resource->place.column = at.column;
	resource->in_source = true;
}

void
tf_link(struct terraform *t, struct tf_resource *resource)
{
	size_t instance, group;
	char name[TF_ADDRESS_MOST];

	tf_split(resource->address, &instance, &group);
	resource->instance = tf_find_instance(t, resource->file, resource->address, instance);
	if (group - instance < sizeof(name)) {
		memcpy(name, resource->address + instance, group - instance);
		name[group - instance] = '\0';
		resource->block = tf_find_block(resource->instance, name);
	}
	place_in_source(t, resource);
}

/* --- ids */

/** What an id may be made of (load/scalar): others as %XX, the end of a long one as a digest. */
static const char *
id_of_address(struct terraform *t, const char *address)
{
	struct arena *arena = t->declare->scratch;
	size_t len = strlen(address), used = 0;
	char *id = arena_alloc(arena, 3 * (len < ID_MOST ? len : ID_MOST) + 20);

	if (!id) {
		t->declare->nodes.nomem = true;
		return NULL;
	}
	for (size_t i = 0; i < len && used < ID_MOST; i++) {
		if (address[i] > ' ' && address[i] < 0x7f)
			id[used++] = address[i];
		else
			used += (size_t)snprintf(id + used, 4, "%%%02X", (uint8_t)address[i]);
		if (used >= ID_MOST && i + 1 < len)
			snprintf(id + used, 18, "~%016" PRIx64, digest_bytes(address, len).lo);
	}
	return id;
}

/** Two plans may have the same address; the second gets a number. */
static const char *
id_to_be(struct terraform *t, struct tf_resource *resource)
{
	const char *id = id_of_address(t, resource->address);
	const char *base = id;

	for (unsigned i = 2; id && table_find_string(&t->addresses, id); i++)
		id = arena_printf(t->declare->scratch, "%s@%u", base, i);
	if (!id || table_put_string(&t->addresses, id, resource) != OK) {
		t->declare->nodes.nomem = true;
		return NULL;
	}
	return id;
}

const char *
tf_bare_id(const char *id)
{
	const char *slash = strrchr(id, '/');

	return slash ? slash + 1 : id;
}

/** The first resource that has an id is the object; others are the same, seen elsewhere. */
static void
identify(struct terraform *t, struct tf_resource *resource)
{
	const char *key = resource->type->id;
	const char *id = key ? tf_text(resource->values, key) : NULL;
	struct tf_resource *first;

	if (!key)
		return;
	if (!id) {	/* a data source that is read on apply has nothing that we use */
		resource->id = resource->data ? NULL : id_to_be(t, resource);
		return;
	}
	resource->id = tf_bare_id(id);
	resource->known = true;
	first = table_find_string(&t->ids, resource->id);
	if (first) {
		resource->dropped = true;
		resource->twin = first->twin;
		first->twin = resource;
		return;
	}
	resource->dropped = !resource->file->plan &&
			    table_find_string(&t->gone, resource->id) != NULL;
	if (!resource->dropped && table_put_string(&t->ids, resource->id, resource) != OK)
		t->declare->nodes.nomem = true;
}

/** Resources of plans come before those of states, data sources last. */
static unsigned
rank(const struct tf_resource *resource)
{
	return resource->data ? 2 : resource->file->plan ? 0 : 1;
}

static void
identify_all(struct terraform *t)
{
	for (unsigned turn = 0; turn < 3; turn++)
		for (unsigned kind = 0; kind < TF_KEPT; kind++)
			for (struct tf_resource *r = t->kinds[kind].first; r; r = r->next)
				if (rank(r) == turn && !t->declare->nodes.nomem)
					identify(t, r);
}

/* --- all of it */

static void
take_record(struct terraform *t, struct tf_resource *record)
{
	tf_link(t, record);
	if (!t->declare->nodes.nomem)
		tf_declare_record(t, record);
}

static bool
add_file(struct terraform *t, const struct import_item *item)
{
	struct arena *arena = t->declare->scratch;
	struct tf_file *file = arena_alloc(arena, sizeof(*file));

	if (!file)
		return false;
	*file = (struct tf_file){ .path = item->path, .at = item->at, .tf_dir = item->tf_dir };
	table_init(&file->module.blocks, arena);
	table_init(&file->module.calls, arena);
	table_init(&file->instances, arena);
	table_init(&file->groups, arena);
	table_init(&file->resources, arena);
	*t->files_end = file;
	t->files_end = &file->next;
	return true;
}

static enum status
read_files(struct terraform *t)
{
	enum status worst = OK;

	for (struct tf_file *f = t->files; f && !t->declare->nodes.nomem; f = f->next) {
		f->read = tf_read_file(t, f);
		if (!f->read) {
			declare_incomplete(t->declare);
			worst = ERR_REJECTED;
		} else if (f->tf_dir) {
			f->sources = tf_read_sources(t, f);
		}
	}
	return worst;
}

static void
declare_all(struct terraform *t)
{
	for (unsigned kind = 0; kind < TF_KEPT; kind++)
		for (struct tf_resource *r = t->kinds[kind].first; r; r = r->next)
			tf_link(t, r);
	identify_all(t);
	tf_declare_networks(t);
	tf_declare_insides(t);
	tf_declare_routes(t);
	tf_declare_acls(t);
	tf_declare_zones(t);
	tf_declare_endpoints(t);
	tf_declare_resolver(t);
	for (struct tf_file *f = t->files; f && !t->declare->nodes.nomem; f = f->next)
		if (f->read && !tf_read_records(t, f, take_record))
			declare_incomplete(t->declare);
}

enum status
terraform_load(const struct import_item *items, struct declare *declare)
{
	struct terraform t = { .declare = declare };
	struct table *tables[] = { &t.types, &t.ids, &t.addresses, &t.gone, &t.pairs, &t.claims };
	enum status status = OK;

	t.files_end = &t.files;
	t.wants_gone = items->next != NULL;
	arena_init(&t.passing, declare->scratch->limit);
	if (!arena_alloc(&t.passing, 1))	/* so that its first chunk stays */
		status = ERR_NOMEM;
	for (size_t i = 0; i < COUNT_OF(tables); i++)
		table_init(tables[i], declare->scratch);
	for (size_t i = 0; i < COUNT_OF(types) && status == OK; i++)
		status = table_put_string(&t.types, types[i].type, (void *)(uintptr_t)&types[i]);
	for (const struct import_item *i = items; i && status == OK; i = i->next)
		if (!add_file(&t, i))
			status = ERR_NOMEM;
	if (status == OK)
		status = read_files(&t);
	if (status != ERR_NOMEM && !declare->nodes.nomem)
		declare_all(&t);
	arena_fini(&t.passing);
	return declare->nodes.nomem ? ERR_NOMEM : status;
}
