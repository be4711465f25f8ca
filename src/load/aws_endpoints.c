#include <string.h>

#include "base/bytes.h"
#include "dns/codes.h"
#include "dns/name.h"
#include "load/aws.h"
#include "load/recordset.h"

#define REF_VPC	      (1u << OBJECT_VPC)
#define REF_SUBNET    (1u << OBJECT_SUBNET)
#define REF_GROUP     (1u << OBJECT_SECURITY_GROUP)
#define REF_INTERFACE (1u << OBJECT_NETWORK_INTERFACE)

#define PRIVATE_TTL_S 60	/* of an interface endpoint's addresses */

/*
 * Interfaces, endpoints of services, and the zone that private DNS of an endpoint makes in its
 * VPC: a hidden one, which no call shows with its records (route53-semantics 2.4).
 */

static void
add(struct aws *a, enum object_kind kind, void *object)
{
	if (!a->nomem && estate_add_object(a->estate, kind, object, a->diags) == ERR_NOMEM)
		a->nomem = true;
}

static void
add_address(struct aws *a, const struct aws_document *document, const struct yaml_node *map,
	    const char *key, struct target ***end)
{
	const struct schema_key row = { key, SCHEMA_ADDRESS, AWS_TO(target, addr) };
	struct target *target;

	if (!aws_scalar(map, key))
		return;
	target = aws_new(a, sizeof(*target));
	if (!target || !aws_bind(a, document, map, &row, 1, target))
		return;
	target->at = aws_place(document, map);
	**end = target;
	*end = &target->next;
}

static void
add_interface(struct aws *a, const struct aws_item *item)
{
	struct network_interface *interface = aws_new(a, sizeof(*interface));
	struct target **end = interface ? &interface->private_ip_addresses : NULL;

	if (!interface)
		return;
	interface->id = aws_keep(a, item->id);
	interface->at = aws_place(item->document, item->node);
	aws_set_ref(a, &interface->vpc, item->document, aws_member(item->node, "VpcId"), REF_VPC);
	aws_set_ref(a, &interface->subnet, item->document, aws_member(item->node, "SubnetId"),
		    REF_SUBNET);
	interface->subnet.optional = true;
	for (const struct yaml_item *i = aws_items(item->node, "PrivateIpAddresses"); i;
	     i = i->next)
		add_address(a, item->document, i->value, "PrivateIpAddress", &end);
	for (const struct yaml_item *i = aws_items(item->node, "Ipv6Addresses"); i; i = i->next)
		add_address(a, item->document, i->value, "Ipv6Address", &end);
	aws_refer_items(a, &interface->security_groups, item->document,
			aws_member(item->node, "Groups"), "GroupId", REF_GROUP);
	if (interface->vpc.id)
		add(a, OBJECT_NETWORK_INTERFACE, interface);
}

void
aws_add_interfaces(struct aws *a)
{
	for (const struct aws_item *i = a->lists[AWS_NETWORK_INTERFACE].first; i && !a->nomem;
	     i = i->next)
		add_interface(a, i);
}

static const struct schema_key entry_rows[] = {
	{ "DnsName", SCHEMA_API_NAME, .required = true, AWS_TO(dns_entry, dns_name) },
	{ "HostedZoneId", SCHEMA_ID, AWS_TO(dns_entry, hosted_zone) },
};

static enum vpc_endpoint_type
type_of(const struct yaml_node *map)
{
	if (aws_is(map, "VpcEndpointType", "Interface"))
		return VPC_ENDPOINT_INTERFACE;
	return aws_is(map, "VpcEndpointType", "Gateway") ? VPC_ENDPOINT_GATEWAY
							 : VPC_ENDPOINT_OTHER;
}

static void
add_endpoint(struct aws *a, const struct aws_item *item)
{
	const struct aws_document *document = item->document;
	const char *service = aws_text(item->node, "ServiceName");
	struct vpc_endpoint *endpoint;
	struct dns_entry **end;

	if (aws_is_gone(aws_text(item->node, "State")))
		return;
	endpoint = aws_new(a, sizeof(*endpoint));
	if (!endpoint)
		return;
	endpoint->id = aws_keep(a, item->id);
	endpoint->at = aws_place(document, item->node);
	endpoint->service_name = aws_keep(a, service ? service : "");
	endpoint->type = type_of(item->node);
	endpoint->private_dns_enabled = aws_is(item->node, "PrivateDnsEnabled", "true");
	aws_set_ref(a, &endpoint->vpc, document, aws_member(item->node, "VpcId"), REF_VPC);
	end = &endpoint->dns_entries;
	for (const struct yaml_item *i = aws_items(item->node, "DnsEntries"); i; i = i->next) {
		struct dns_entry *entry = aws_new(a, sizeof(*entry));

		if (!entry || !aws_bind(a, document, i->value, entry_rows, COUNT_OF(entry_rows),
					entry))
			continue;
		entry->at = aws_place(document, i->value);
		*end = entry;
		end = &entry->next;
	}
	aws_refer_items(a, &endpoint->subnets, document, aws_member(item->node, "SubnetIds"),
			NULL, REF_SUBNET);
	aws_refer_items(a, &endpoint->security_groups, document,
			aws_member(item->node, "Groups"), "GroupId", REF_GROUP);
	aws_refer_items(a, &endpoint->network_interfaces, document,
			aws_member(item->node, "NetworkInterfaceIds"), NULL, REF_INTERFACE);
	if (endpoint->vpc.id)
		add(a, OBJECT_VPC_ENDPOINT, endpoint);
}

void
aws_add_vpc_endpoints(struct aws *a)
{
	for (const struct aws_item *i = a->lists[AWS_VPC_ENDPOINT].first; i && !a->nomem;
	     i = i->next)
		add_endpoint(a, i);
}

/* --- private DNS */

/* Names and the VPCs that have a zone of it: "name", then the id of the VPC. */
static const char *
claim_key(struct aws *a, const uint8_t *name, const char *vpc)
{
	char text[NAME_TEXT_MAX];
	const char *key = arena_printf(a->scratch, "%s %s", name_print(name, text), vpc);

	a->nomem |= !key;
	return key;
}

static void
claim(struct aws *a, struct table *claims, const struct hosted_zone *zone, const char *vpc)
{
	const char *key = claim_key(a, zone->name, vpc);

	if (!a->nomem && table_put_string(claims, key, (void *)(uintptr_t)zone) != OK)
		a->nomem = true;
}

/** The name of the zone that an entry's name is in: without the wildcard. */
static const uint8_t *
base_of(const uint8_t *name)
{
	return name_wire_is_wildcard(name) ? name + 2 : name;
}

/** A name of the endpoint itself, which is public: vpce-... */
static bool
is_own(const uint8_t *name)
{
	static const uint8_t vpce[] = "\4vpce\11amazonaws\3com";
	static const uint8_t china[] = "\4vpce\11amazonaws\3com\2cn";

	return name_wire_covers(vpce, name) || name_wire_covers(china, name);
}

/** The zone of an entry: listed, made for an earlier one, or new.  NULL: the VPC has another. */
static struct hosted_zone *
private_zone(struct aws *a, struct table *claims, const struct vpc_endpoint *endpoint,
	     const struct dns_entry *entry)
{
	const uint8_t *base = base_of(entry->dns_name);
	struct hosted_zone *zone = aws_zone(a, entry->hosted_zone);
	const char *key = claim_key(a, base, endpoint->vpc.id);
	struct aws_document document = { .path = entry->at.file };
	struct yaml_node place = { .line = entry->at.line, .column = entry->at.column };
	struct hosted_zone *other = key ? table_find_string(claims, key) : NULL;

	if (zone && zone->name && name_wire_covers(zone->name, base))
		return zone;
	if (a->nomem || (other && strncmp(other->id, entry->hosted_zone,
					  strlen(entry->hosted_zone)) != 0))
		return NULL;
	if (other)
		return other;
	zone = aws_new(a, sizeof(*zone));
	if (!zone)
		return NULL;
	zone->id = estate_zone(a->estate, entry->hosted_zone)
			   ? arena_printf(&a->estate->arena, "%s-%s", entry->hosted_zone,
					  endpoint->id)
			   : entry->hosted_zone;
	zone->name = base;
	zone->name_at = zone->at = entry->at;
	if (!zone->id || estate_add_zone(a->estate, zone, a->diags) != OK) {
		a->nomem |= !zone->id;
		return NULL;
	}
	zone->source = digest_fold(digest_bytes(zone->name, name_wire_len(zone->name)),
				   digest_bytes(zone->id, strlen(zone->id)));
	aws_refer(a, &zone->networks, &document, &place, endpoint->vpc.id, REF_VPC);
	claim(a, claims, zone, endpoint->vpc.id);
	return zone;
}

/** The addresses of one family of the endpoint's interfaces, as text. */
static struct string_item *
addresses_of(struct aws *a, const struct vpc_endpoint *endpoint, bool v4)
{
	struct string_item *first = NULL, **end = &first;
	char text[ADDR_TEXT_MAX];

	for (const struct ref *ref = endpoint->network_interfaces; ref; ref = ref->next) {
		const struct network_interface *interface =
			estate_object(a->estate, OBJECT_NETWORK_INTERFACE, ref->id);
		const struct target *t = interface ? interface->private_ip_addresses : NULL;

		for (; t && !a->nomem; t = t->next) {
			if (addr_is_v4(&t->addr) != v4)
				continue;
			*end = aws_new(a, sizeof(**end));
			if (!*end)
				return NULL;
			(*end)->text = aws_keep(a, addr_print(&t->addr, text));
			(*end)->at = t->at;
			end = &(*end)->next;
		}
	}
	return first;
}

static void
add_set(struct aws *a, struct recordset_maker *maker, struct record_fields *fields)
{
	enum status status = a->nomem ? ERR_NOMEM : recordset_add(maker, fields);

	a->nomem |= status == ERR_NOMEM;
}

/** Addresses where the interfaces are exported; else the endpoint's own name is followed. */
static void
add_private_name(struct aws *a, const struct vpc_endpoint *endpoint,
		 const struct dns_entry *entry, struct hosted_zone *zone)
{
	const struct dns_entry *own = endpoint->dns_entries;
	struct record_fields fields = {
		.name = entry->dns_name, .name_at = entry->at, .type_at = entry->at,
		.at = entry->at,
	};
	struct recordset_maker maker;
	bool any = false;

	recordset_init(&maker, a->estate, zone, a->scratch, a->diags);
	for (int v4 = 1; v4 >= 0; v4--) {
		fields.type = v4 ? TYPE_A : TYPE_AAAA;
		fields.values = addresses_of(a, endpoint, v4);
		fields.values_at = fields.ttl_at = entry->at;
		fields.ttl_s = PRIVATE_TTL_S;
		if (!fields.values)
			continue;
		any = true;
		add_set(a, &maker, &fields);
	}
	while (own && (!is_own(own->dns_name) || !own->hosted_zone))
		own = own->next;
	if (any || !own)
		return;
	fields.type = TYPE_A;
	fields.values = NULL;
	fields.values_at = fields.ttl_at = (struct srcloc){ 0 };
	fields.ttl_s = 0;
	fields.alias_name = own->dns_name;
	fields.alias_zone = own->hosted_zone;
	fields.alias_at = own->at;
	add_set(a, &maker, &fields);
}

void
aws_add_private_dns(struct aws *a)
{
	struct table claims;

	if (!a->lists[AWS_VPC_ENDPOINT].first)
		return;
	table_init(&claims, a->scratch);
	for (const struct hosted_zone *z = a->estate->zones; z; z = z->next)
		for (const struct ref *ref = z->networks; z->name && ref && !a->nomem;
		     ref = ref->next)
			claim(a, &claims, z, ref->id);
	for (const struct vpc_endpoint *e = a->estate->vpc_endpoints; e; e = e->next) {
		if (!e->private_dns_enabled || e->type != VPC_ENDPOINT_INTERFACE ||
		    !estate_network(a->estate, e->vpc.id))
			continue;
		for (const struct dns_entry *d = e->dns_entries; d && !a->nomem; d = d->next) {
			struct hosted_zone *zone = NULL;

			if (d->dns_name && d->hosted_zone && !is_own(d->dns_name))
				zone = private_zone(a, &claims, e, d);
			if (zone && !a->nomem)
				add_private_name(a, e, d, zone);
		}
	}
}
