#include <string.h>
#include <strings.h>

#include "load/terraform_model.h"

/*
 * Interfaces, endpoints of services, and the zone that private DNS of an endpoint makes in its
 * VPC: a hidden one, which is no resource (as load/aws_endpoints has it).
 */

#define IDS_MOST    64
#define PRIVATE_TTL "60"	/* seconds, of an interface endpoint's addresses */

enum list { GROUPS, ADDRESSES };

/** What a list of ids says, or leads to.  0: nothing, or it cannot be told. */
static size_t
ids_of(struct terraform *t, const struct tf_resource *resource, const char *key, uint64_t kinds,
       const char **ids)
{
	size_t count = 0;

	if (!tf_member(resource->values, key))
		return tf_follow_all(t, resource, tf_expression(resource, key), kinds, ids,
				     IDS_MOST);
	for (const struct yaml_item *i = tf_items(resource->values, key); i && count < IDS_MOST;
	     i = i->next)
		if (i->value->kind == YAML_SCALAR && !yaml_is_null(i->value))
			ids[count++] = i->value->text;
	return count;
}

/** One group that is not declared: what gets through is not known at all. */
static void
add_group(struct terraform *t, struct tf_resource *to, const struct tf_resource *by,
	  const char *id)
{
	const struct tf_resource *group = tf_object(t, id);
	struct nodes *n = &t->declare->nodes;

	if (!group || !group->makes || group->type->kind != TF_SECURITY_GROUP) {
		to->makes = false;
		return;
	}
	for (const struct yaml_item *i = to->lists[GROUPS] ? to->lists[GROUPS]->first : NULL; i;
	     i = i->next)
		if (strcmp(i->value->text, group->id) == 0)
			return;
	if (!to->lists[GROUPS])
		to->lists[GROUPS] = nodes_list(n, &to->place);
	nodes_append(n, to->lists[GROUPS],
		     tf_new_text(t, to, group->id,
				 strcmp(to->place_file, by->place_file) == 0 ? &by->place : NULL));
}

/** makes: all of its groups are declared. */
static void
add_groups(struct terraform *t, struct tf_resource *to, const char *key)
{
	const char *ids[IDS_MOST];
	size_t count = ids_of(t, to, key, TF_BIT(TF_SECURITY_GROUP), ids);

	to->makes = count > 0 || !tf_expression(to, key);
	for (size_t i = 0; i < count; i++)
		add_group(t, to, to, ids[i]);
}

static void
forget_groups(struct terraform *t, enum tf_kind kind)
{
	for (struct tf_resource *r = t->kinds[kind].first; r; r = r->next)
		if (!r->makes)
			r->lists[GROUPS] = NULL;
}

/* --- interfaces */

static void
add_address(struct terraform *t, struct tf_resource *interface, const struct yaml_node *address)
{
	struct nodes *n = &t->declare->nodes;

	if (address->kind != YAML_SCALAR || yaml_is_null(address))
		return;
	if (!interface->lists[ADDRESSES])
		interface->lists[ADDRESSES] = nodes_list(n, &interface->place);
	nodes_append(n, interface->lists[ADDRESSES],
		     tf_new_text(t, interface, address->text, address));
}

static void
prepare_interface(struct terraform *t, struct tf_resource *interface)
{
	static const char *const keys[] = { "private_ips", "ipv6_addresses" };
	const struct yaml_node *one = tf_member(interface->values, "private_ip");

	for (size_t k = 0; k < COUNT_OF(keys); k++)
		for (const struct yaml_item *i = tf_items(interface->values, keys[k]); i;
		     i = i->next)
			add_address(t, interface, i->value);
	if (one && !interface->lists[ADDRESSES])
		add_address(t, interface, one);
	add_groups(t, interface, "security_groups");
}

/** As it says itself, or as its subnet does. */
static const char *
vpc_of(struct terraform *t, const struct tf_resource *interface)
{
	const char *vpc = tf_text(interface->values, "vpc_id");
	const struct tf_resource *subnet = vpc ? NULL :
		tf_object(t, tf_id(t, interface, "subnet_id", TF_BIT(TF_SUBNET)));

	return subnet ? tf_id(t, subnet, "vpc_id", TF_BIT(TF_VPC)) : vpc;
}

/** The interface of an id, where it is declared. */
static struct tf_resource *
interface_here(struct terraform *t, const char *id)
{
	struct tf_resource *interface = tf_object(t, id);

	return interface && interface->type->kind == TF_INTERFACE &&
	       interface->lists[ADDRESSES] && vpc_of(t, interface) ? interface : NULL;
}

static struct yaml_node *
make_interface(struct terraform *t, struct tf_resource *interface)
{
	const char *subnet = tf_id(t, interface, "subnet_id", TF_BIT(TF_SUBNET));
	const char *vpc = vpc_of(t, interface);
	struct nodes *n = &t->declare->nodes;
	struct yaml_node *map;

	if (!interface_here(t, interface->id)) {
		tf_say_unknown(t, interface, vpc ? "an address of it" : "its VPC",
			       "the interface is left out");
		return NULL;
	}
	if (!vpc)	/* a twin */
		return NULL;
	map = tf_new_object(t, interface);
	nodes_put(n, map, "vpc", tf_new_text(t, interface, vpc, NULL));
	if (tf_is_subnet_here(t, subnet))
		nodes_put(n, map, "subnet",
			  tf_new_text(t, interface, subnet,
				      tf_member(interface->values, "subnet_id")));
	return map;
}

/* --- endpoints */

static struct tf_resource *
find_endpoint(struct terraform *t, const struct tf_resource *association)
{
	const char *id = tf_id(t, association, "vpc_endpoint_id", TF_BIT(TF_VPC_ENDPOINT));
	struct tf_resource *endpoint = tf_object(t, id);

	if (!id)
		tf_say_unknown(t, association, "the endpoint", "the association is left out");
	return endpoint && endpoint->type->kind == TF_VPC_ENDPOINT && endpoint->id ? endpoint
										   : NULL;
}

static void
add_to_endpoint(struct terraform *t, const struct tf_resource *association)
{
	bool group = strcmp(association->type->type,
			    "aws_vpc_endpoint_security_group_association") == 0;
	const char *id = group ? tf_id(t, association, "security_group_id",
				       TF_BIT(TF_SECURITY_GROUP))
			       : tf_id(t, association, "subnet_id", TF_BIT(TF_SUBNET));
	struct tf_resource *endpoint = find_endpoint(t, association);

	if (!endpoint)
		return;
	if (group)
		add_group(t, endpoint, association, id);
	else if (tf_is_subnet_here(t, id))
		tf_attach(t, endpoint, association, id,
			  tf_member(association->values, "subnet_id"));
}

static void
prepare_endpoint(struct terraform *t, struct tf_resource *endpoint)
{
	const char *ids[IDS_MOST];
	size_t count = ids_of(t, endpoint, "subnet_ids", TF_BIT(TF_SUBNET), ids);

	for (size_t i = 0; i < count; i++)
		if (tf_is_subnet_here(t, ids[i]))
			tf_attach(t, endpoint, endpoint, ids[i],
				  tf_member(endpoint->values, "subnet_ids"));
	add_groups(t, endpoint, "security_group_ids");
}

/** It is an interface endpoint whose service's own name leads to it. */
static bool
has_private_dns(const struct tf_resource *endpoint)
{
	return tf_is(endpoint->values, "private_dns_enabled", "true") &&
	       tf_is(endpoint->values, "vpc_endpoint_type", "Interface");
}

static struct yaml_node *
dns_entries(struct terraform *t, const struct tf_resource *endpoint)
{
	static const struct tf_rename renames[] = {
		{ "dns_name", "dns_name" }, { "hosted_zone_id", "hosted_zone" },
	};
	struct nodes *n = &t->declare->nodes;
	struct yaml_node *list = nodes_list(n, tf_like(endpoint, tf_member(endpoint->values,
									   "dns_entry")));

	for (const struct yaml_item *i = tf_items(endpoint->values, "dns_entry"); i; i = i->next) {
		struct yaml_node *map = nodes_map(n, tf_like(endpoint, i->value));

		tf_put(t, endpoint, map, i->value, renames, COUNT_OF(renames));
		if (tf_text(i->value, "dns_name"))
			nodes_append(n, list, map);
	}
	return list;
}

/** Those that resources or data sources tell more of. */
static struct yaml_node *
interfaces_of(struct terraform *t, const struct tf_resource *endpoint)
{
	const struct yaml_item *i = tf_items(endpoint->values, "network_interface_ids");
	struct nodes *n = &t->declare->nodes;
	struct yaml_node *list = NULL;

	for (; i; i = i->next) {
		if (i->value->kind != YAML_SCALAR || !interface_here(t, i->value->text))
			continue;
		if (!list)
			list = nodes_list(n, &endpoint->place);
		nodes_append(n, list, tf_new_text(t, endpoint, i->value->text, i->value));
	}
	return list;
}

static struct yaml_node *
make_endpoint(struct terraform *t, struct tf_resource *endpoint)
{
	static const struct tf_rename renames[] = {
		{ "service_name", "service_name" }, { "vpc_endpoint_type", "vpc_endpoint_type" },
		{ "private_dns_enabled", "private_dns_enabled" },
	};
	const char *vpc = tf_id(t, endpoint, "vpc_id", TF_BIT(TF_VPC));
	struct nodes *n = &t->declare->nodes;
	struct yaml_node *map, *entries;

	if (!vpc) {
		tf_say_unknown(t, endpoint, "its VPC", "the endpoint is left out");
		return NULL;
	}
	map = tf_new_object(t, endpoint);
	nodes_put(n, map, "vpc", tf_new_text(t, endpoint, vpc, tf_member(endpoint->values,
									 "vpc_id")));
	if (!tf_text(endpoint->values, "service_name"))	/* of a resource or a service network */
		nodes_put(n, map, "service_name", tf_new_text(t, endpoint, "unknown", NULL));
	tf_put(t, endpoint, map, endpoint->values, renames, COUNT_OF(renames));
	entries = dns_entries(t, endpoint);
	if (entries && entries->count)
		nodes_put(n, map, "dns_entries", entries);
	else if (has_private_dns(endpoint))
		tf_say_unknown(t, endpoint, "which names private DNS has",
			       "the zone that it makes is left out");
	nodes_put(n, map, "network_interfaces", interfaces_of(t, endpoint));
	return map;
}

/* --- private DNS */

/** The name of the zone that an entry's name is in: without the wildcard. */
static const char *
base_of(const char *name)
{
	return strncmp(name, "*.", 2) == 0 ? name + 2 : name;
}

/** Names are the same but for case and the dot at the end. */
static bool
same_name(const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b);

	a_len -= a_len && a[a_len - 1] == '.';
	b_len -= b_len && b[b_len - 1] == '.';
	return a_len == b_len && strncasecmp(a, b, a_len) == 0;
}

/** A name of the endpoint itself, which is public: vpce-... */
static bool
is_own(const char *name)
{
	static const char *const suffixes[] = { ".vpce.amazonaws.com", ".vpce.amazonaws.com.cn" };

	for (size_t i = 0; i < COUNT_OF(suffixes); i++) {
		size_t len = strlen(name), suffix = strlen(suffixes[i]);

		if (len >= suffix && same_name(name + len - suffix, suffixes[i]))
			return true;
	}
	return false;
}

/** Has the VPC a zone of this name among the resources? */
static bool
has_zone(struct terraform *t, const char *name, const char *vpc)
{
	for (const struct tf_resource *z = t->kinds[TF_ZONE].first; z; z = z->next) {
		const char *zone = tf_text(z->values, "name");

		if (!zone || !z->attached || !same_name(zone, name))
			continue;
		for (const struct yaml_item *i = z->attached->first; i; i = i->next)
			if (strcmp(i->value->text, vpc) == 0)
				return true;
	}
	return false;
}

static void
declare_zone(struct terraform *t, const struct tf_resource *endpoint, const char *id,
	     const struct yaml_node *name, const char *vpc)
{
	struct nodes *n = &t->declare->nodes;
	struct yaml_node *map = nodes_map(n, tf_like(endpoint, name));
	struct yaml_node *vpcs = nodes_list(n, tf_like(endpoint, name));

	nodes_append(n, vpcs, tf_new_text(t, endpoint, vpc, name));
	nodes_put(n, map, "id", tf_new_text(t, endpoint, id, name));
	nodes_put(n, map, "name", tf_new_text(t, endpoint, base_of(name->text), name));
	nodes_put(n, map, "vpcs", vpcs);
	declare_object(t->declare, "hosted_zones", map, endpoint->place_file);
}

/** The id of the zone of an entry, declared with the first.  NULL: the VPC has another. */
static const char *
private_zone(struct terraform *t, const struct tf_resource *endpoint,
	     const struct yaml_node *entry, const char *vpc)
{
	const struct yaml_node *name = tf_member(entry, "dns_name");
	const char *hosted = tf_text(entry, "hosted_zone_id"), *id;
	struct arena *arena = t->declare->scratch;
	char *key = arena_printf(arena, "private %s %s", base_of(name->text), vpc);
	char *taken = arena_printf(arena, "zone %s", hosted);

	if (!key || !taken) {
		t->declare->nodes.nomem = true;
		return NULL;
	}
	id = table_find_string(&t->claims, key);
	if (id)
		return strncmp(id, hosted, strlen(hosted)) == 0 ? id : NULL;
	if (has_zone(t, base_of(name->text), vpc))
		return NULL;
	id = tf_object(t, hosted) || table_find_string(&t->claims, taken)
		     ? arena_printf(arena, "%s-%s", hosted, endpoint->id) : hosted;
	if (!id || table_put_string(&t->claims, key, (void *)(uintptr_t)id) != OK ||
	    table_put_string(&t->claims, taken, (void *)(uintptr_t)id) != OK) {
		t->declare->nodes.nomem = true;
		return NULL;
	}
	declare_zone(t, endpoint, id, name, vpc);
	return id;
}

static struct yaml_node *
new_set(struct terraform *t, const struct tf_resource *endpoint, const struct yaml_node *name,
	const char *type)
{
	struct nodes *n = &t->declare->nodes;
	struct yaml_node *set = nodes_map(n, tf_like(endpoint, name));

	nodes_put(n, set, "name", tf_new_text(t, endpoint, name->text, name));
	nodes_put(n, set, "type", tf_new_text(t, endpoint, type, NULL));
	return set;
}

static void
add_addresses(struct yaml_node *list, const struct yaml_node *from, bool v4, struct terraform *t,
	      const struct tf_resource *endpoint)
{
	for (const struct yaml_item *i = from ? from->first : NULL; i; i = i->next)
		if (!strchr(i->value->text, ':') == v4)
			nodes_append(&t->declare->nodes, list,
				     tf_new_text(t, endpoint, i->value->text, NULL));
}

/** The addresses of one family, as interfaces and `subnet_configuration` have them. */
static struct yaml_node *
addresses_of(struct terraform *t, const struct tf_resource *endpoint, bool v4)
{
	struct yaml_node *list = nodes_list(&t->declare->nodes, &endpoint->place);
	const struct yaml_item *i = tf_items(endpoint->values, "subnet_configuration");

	for (; i; i = i->next) {
		const char *text = tf_text(i->value, v4 ? "ipv4" : "ipv6");

		if (text)
			nodes_append(&t->declare->nodes, list,
				     tf_new_text(t, endpoint, text, NULL));
	}
	if (list && list->count)
		return list;
	for (i = tf_items(endpoint->values, "network_interface_ids"); i; i = i->next) {
		const struct tf_resource *interface =
			i->value->kind == YAML_SCALAR ? interface_here(t, i->value->text) : NULL;

		if (interface)
			add_addresses(list, interface->lists[ADDRESSES], v4, t, endpoint);
	}
	return list && list->count ? list : NULL;
}

/** The name of the endpoint itself, as an alias has it. */
static struct yaml_node *
own_name(struct terraform *t, const struct tf_resource *endpoint)
{
	static const struct tf_rename renames[] = {
		{ "dns_name", "dns_name" }, { "hosted_zone_id", "hosted_zone" },
	};

	for (const struct yaml_item *i = tf_items(endpoint->values, "dns_entry"); i; i = i->next) {
		const char *name = tf_text(i->value, "dns_name");
		struct yaml_node *map;

		if (!name || !is_own(name) || !tf_text(i->value, "hosted_zone_id"))
			continue;
		map = nodes_map(&t->declare->nodes, tf_like(endpoint, i->value));
		tf_put(t, endpoint, map, i->value, renames, COUNT_OF(renames));
		return map;
	}
	return NULL;
}

/** Addresses where they are known; else the endpoint's own name is followed. */
static void
add_private_name(struct terraform *t, const struct tf_resource *endpoint, const char *zone,
		 const struct yaml_node *name)
{
	struct nodes *n = &t->declare->nodes;
	struct yaml_node *set, *own;
	bool any = false;

	for (int v4 = 1; v4 >= 0; v4--) {
		struct yaml_node *values = addresses_of(t, endpoint, v4);

		if (!values)
			continue;
		any = true;
		set = new_set(t, endpoint, name, v4 ? "A" : "AAAA");
		nodes_put(n, set, "ttl", tf_new_text(t, endpoint, PRIVATE_TTL, NULL));
		nodes_put(n, set, "values", values);
		declare_record_set(t->declare, zone, set, endpoint->place_file);
	}
	own = any ? NULL : own_name(t, endpoint);
	if (!own)
		return;
	set = new_set(t, endpoint, name, "A");
	nodes_put(n, set, "alias_target", own);
	declare_record_set(t->declare, zone, set, endpoint->place_file);
}

static void
add_private_dns(struct terraform *t, const struct tf_resource *endpoint)
{
	const char *vpc = tf_id(t, endpoint, "vpc_id", TF_BIT(TF_VPC));

	for (const struct yaml_item *i = vpc ? tf_items(endpoint->values, "dns_entry") : NULL;
	     i && !t->declare->nodes.nomem; i = i->next) {
		const char *name = tf_text(i->value, "dns_name"), *zone = NULL;

		if (name && !is_own(name) && tf_text(i->value, "hosted_zone_id"))
			zone = private_zone(t, endpoint, i->value, vpc);
		if (zone)
			add_private_name(t, endpoint, zone, tf_member(i->value, "dns_name"));
	}
}

void
tf_declare_endpoints(struct terraform *t)
{
	static const struct tf_keys interface_keys = {
		.lists = { [GROUPS] = "security_groups", [ADDRESSES] = "private_ip_addresses" },
	};
	static const struct tf_keys endpoint_keys = {
		.attached = "subnets", .lists = { [GROUPS] = "security_groups" },
	};
	struct tf_resource *r;

	for (r = t->kinds[TF_INTERFACE].first; r; r = r->next)
		if (r->id && !r->dropped)
			prepare_interface(t, r);
	for (r = t->kinds[TF_VPC_ENDPOINT].first; r; r = r->next)
		if (r->id && !r->dropped)
			prepare_endpoint(t, r);
	for (r = t->kinds[TF_ENDPOINT_ASSOCIATION].first; r; r = r->next)
		add_to_endpoint(t, r);
	forget_groups(t, TF_INTERFACE);
	forget_groups(t, TF_VPC_ENDPOINT);
	tf_declare_all(t, TF_INTERFACE, "network_interfaces", interface_keys, make_interface);
	tf_declare_all(t, TF_VPC_ENDPOINT, "vpc_endpoints", endpoint_keys, make_endpoint);
	for (r = t->kinds[TF_VPC_ENDPOINT].first; r; r = r->next)
		if (r->id && !r->dropped && has_private_dns(r))
			add_private_dns(t, r);
}
