#include "lint/inside.h"

#include <string.h>

#include "base/prefixes.h"

/* How interfaces are found: an address means something in its VPC only. */
struct place_key {
	uint32_t network;
	uint8_t ip[16];
};

static uint32_t
index_of(const struct ref *vpc)
{
	return ((const struct network *)vpc->object)->index;
}

static void
gather_subnets(struct lint *lint, struct inside *inside)
{
	for (const struct subnet *s = lint->estate->subnets; s; s = s->next)
		if (s->vpc.object)
			inside->vpcs[index_of(&s->vpc)].subnet_count++;
	for (uint32_t n = 0; n < lint->estate->network_count; n++) {
		struct inside_vpc *vpc = &inside->vpcs[n];

		if (vpc->subnet_count)
			vpc->subnets = lint_alloc(lint, vpc->subnet_count,
						  sizeof(struct subnet *));
		vpc->subnet_count = 0;
	}
	for (const struct subnet *s = lint->estate->subnets; s && !lint->nomem; s = s->next) {
		if (s->vpc.object) {
			struct inside_vpc *vpc = &inside->vpcs[index_of(&s->vpc)];

			vpc->subnets[vpc->subnet_count++] = s;
		}
	}
}

static void
gather_tables(struct lint *lint, struct inside *inside)
{
	for (const struct route_table *t = lint->estate->route_tables; t; t = t->next)
		if (t->vpc.object)
			inside->vpcs[index_of(&t->vpc)].table_count++;
	for (uint32_t n = 0; n < lint->estate->network_count; n++) {
		struct inside_vpc *vpc = &inside->vpcs[n];

		if (vpc->table_count)
			vpc->tables = lint_alloc(lint, vpc->table_count,
						 sizeof(struct route_table *));
		vpc->table_count = 0;
	}
	for (const struct route_table *t = lint->estate->route_tables; t && !lint->nomem;
	     t = t->next) {
		if (t->vpc.object) {
			struct inside_vpc *vpc = &inside->vpcs[index_of(&t->vpc)];

			vpc->tables[vpc->table_count++] = t;
		}
	}
}

static void
index_subnets(struct lint *lint, struct inside_vpc *vpc)
{
	struct prefix_value *values;
	size_t count = 0;

	for (uint32_t i = 0; i < vpc->subnet_count; i++)
		for (const struct cidr *c = vpc->subnets[i]->cidr_blocks; c; c = c->next)
			count++;
	values = lint_alloc(lint, count, sizeof(*values));
	vpc->ranges = lint_alloc(lint, 2 * count + 1, sizeof(*vpc->ranges));
	if (!values || !vpc->ranges)
		return;
	count = 0;
	for (uint32_t i = 0; i < vpc->subnet_count; i++)
		for (const struct cidr *c = vpc->subnets[i]->cidr_blocks; c; c = c->next)
			values[count++] = (struct prefix_value){ c->prefix, i };
	vpc->range_count = prefixes_build(values, count, vpc->ranges);
}

static void
index_interfaces(struct lint *lint, struct inside *inside)
{
	const struct network_interface *n = lint->estate->network_interfaces;

	for (; n && !lint->nomem; n = n->next) {
		const struct target *t = n->vpc.object ? n->private_ip_addresses : NULL;

		for (; t; t = t->next) {
			struct place_key *key = lint_alloc(lint, 1, sizeof(*key));

			if (!key)
				return;
			key->network = index_of(&n->vpc);
			memcpy(key->ip, t->addr.ip, sizeof(key->ip));
			if (table_put(&inside->interfaces, key, sizeof(*key),
				      (void *)(uintptr_t)n) != OK)
				lint->nomem = true;
		}
	}
}

/** What says something of a whole VPC. */
static void
note_rest(struct lint *lint, struct inside *inside)
{
	for (const struct dhcp_options *d = lint->estate->dhcp_options; d; d = d->next)
		for (const struct ref *ref = d->vpcs; ref; ref = ref->next)
			if (ref->object)
				inside->vpcs[index_of(ref)].dhcp = d;
	for (const struct managed_prefix_list *p = lint->estate->prefix_lists; p; p = p->next)
		if (table_put_string(&inside->prefix_lists, p->id, (void *)(uintptr_t)p) != OK)
			lint->nomem = true;
}

const struct inside *
lint_inside(struct lint *lint)
{
	struct inside *inside;

	if (lint->inside)
		return lint->inside;
	inside = lint_alloc(lint, 1, sizeof(*inside));
	if (!inside)
		return NULL;
	inside->vpcs = lint_alloc(lint, lint->estate->network_count, sizeof(*inside->vpcs));
	table_init(&inside->interfaces, &lint->arena);
	table_init(&inside->prefix_lists, &lint->arena);
	if (lint->nomem)
		return NULL;
	gather_subnets(lint, inside);
	gather_tables(lint, inside);
	for (uint32_t n = 0; n < lint->estate->network_count && !lint->nomem; n++)
		if (inside->vpcs[n].subnet_count)
			index_subnets(lint, &inside->vpcs[n]);
	index_interfaces(lint, inside);
	note_rest(lint, inside);
	lint->inside = inside;
	return lint->nomem ? NULL : inside;
}

const struct subnet *
inside_subnet(const struct inside *inside, uint32_t network, const struct addr *addr)
{
	const struct inside_vpc *vpc = &inside->vpcs[network];
	uint32_t number = vpc->range_count
			  ? prefixes_find(vpc->ranges, vpc->range_count, addr) : PREFIXES_NONE;

	return number == PREFIXES_NONE ? NULL : vpc->subnets[number];
}

const struct network_interface *
inside_interface(const struct inside *inside, uint32_t network, const struct addr *addr)
{
	struct place_key key = { .network = network };

	memcpy(key.ip, addr->ip, sizeof(key.ip));
	return table_find(&inside->interfaces, &key, sizeof(key));
}
