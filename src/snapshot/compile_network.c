#include "snapshot/compile_parts.h"

#include <stdlib.h>
#include <string.h>

#include "snapshot/autodefined.h"

static int
compare_cidrs(const void *a, const void *b)
{
	const struct prefix *left = &((const struct snapshot_cidr *)a)->prefix;
	const struct prefix *right = &((const struct snapshot_cidr *)b)->prefix;
	int order = memcmp(left->ip, right->ip, sizeof(left->ip));

	return order ? order : (left->bits > right->bits) - (left->bits < right->bits);
}

/** The CIDRs of one network: how many, or sorted into `out`. */
static uint32_t
list_cidrs(const struct network *network, const struct network *of, uint8_t mark,
	   uint32_t region_at, struct snapshot_cidr *out)
{
	uint32_t count = 0;

	for (const struct cidr *c = of->cidr_blocks; c; c = c->next) {
		if (network != of && !links_show_cidr(network, of, &c->prefix, mark))
			continue;
		if (out)
			out[count] = (struct snapshot_cidr){
				.prefix = c->prefix,
				.own = network == of,
				.region_at = region_at,
			};
		count++;
	}
	if (out)
		qsort(out, count, sizeof(*out), compare_cidrs);
	return count;
}

/** Its own CIDRs, then those of other VPCs whose instance names resolve in it. */
static void
put_cidrs(struct root_maker *m, const struct network *network, const uint8_t *marks,
	  const uint32_t *regions, struct snapshot_network *out)
{
	const struct estate *estate = m->estate;
	struct snapshot_cidr *cidrs;

	out->cidr_count = list_cidrs(network, network, 0, 0, NULL);
	for (const struct network *n = estate->networks; n; n = n->next)
		if (n != network)
			out->cidr_count += list_cidrs(network, n, marks[n->index], 0, NULL);
	out->cidrs_at = block_reserve(&m->block, out->cidr_count * sizeof(*cidrs));
	if (!out->cidrs_at)
		return;
	cidrs = block_edit(&m->block, out->cidrs_at);
	cidrs += list_cidrs(network, network, 0, regions[network->index], cidrs);
	for (const struct network *n = estate->networks; n; n = n->next)
		if (n != network)
			cidrs += list_cidrs(network, n, marks[n->index], regions[n->index],
					    cidrs);
}

/** Regions are few and networks many: each string stands there once. */
static uint32_t
region_at(struct root_maker *m, struct table *regions, const char *region)
{
	uint32_t *at = table_find_string(regions, region);

	if (at)
		return *at;
	at = root_array(m, 1, sizeof(*at));
	if (!at)
		return 0;
	*at = block_put_string(&m->block, region);
	if (table_put_string(regions, region, at) != OK)
		root_fail(m, ERR_NOMEM);
	return *at;
}

static uint32_t *
put_regions(struct root_maker *m)
{
	uint32_t *at = root_array(m, m->estate->network_count, sizeof(*at));
	struct table regions;

	table_init(&regions, &m->scratch);
	for (const struct network *n = m->estate->networks; at && n; n = n->next)
		at[n->index] = region_at(m, &regions, n->region ? n->region : "");
	return at;
}

/** The DELEGATE rules of a network: how many, or into `out`. */
static uint32_t
list_delegates(const struct estate *estate, const struct network *network, uint32_t *out)
{
	uint32_t count = 0;

	for (const struct resolver_rule *r = estate->rules; r; r = r->next) {
		if (r->type != RULE_DELEGATE || !r->delegation_record ||
		    !refs_have(r->networks, network))
			continue;
		if (out)
			out[count] = r->index;
		count++;
	}
	return count;
}

static void
put_delegates(struct root_maker *m, const struct network *network,
	      struct snapshot_network *out)
{
	uint32_t *numbers;

	out->delegate_count = list_delegates(m->estate, network, NULL);
	if (!out->delegate_count)
		return;
	out->delegates_at = block_reserve(&m->block, out->delegate_count * sizeof(*numbers));
	numbers = block_edit(&m->block, out->delegates_at);
	if (numbers)
		list_delegates(m->estate, network, numbers);
}

static uint32_t
put_networks(struct root_maker *m)
{
	const struct estate *estate = m->estate;
	uint32_t count = (uint32_t)estate->network_count;
	uint32_t at = block_reserve(&m->block, count * sizeof(struct snapshot_network));
	uint8_t *marks = root_array(m, count, 1);
	uint32_t *regions = put_regions(m);
	struct root *root;

	if (!marks || !regions)
		return 0;
	for (const struct network *n = estate->networks; n; n = n->next) {
		bool site = n->kind == NETWORK_SITE;
		struct snapshot_network *networks, out = {
			.kind = n->kind,
			.region_at = regions[n->index],
			.dns_support = site || n->enable_dns_support,
			.dns_hostnames = site || n->enable_dns_hostnames,
			.dns64 = n->dns64,
		};

		out.id_at = block_put_string(&m->block, n->id);
		links_mark(estate, n, marks);
		put_cidrs(m, n, marks, regions, &out);
		put_delegates(m, n, &out);
		networks = block_edit(&m->block, at);
		if (networks)
			networks[n->index] = out;
	}
	root = block_edit(&m->block, 0);
	if (root) {
		root->networks_at = at;
		root->network_count = count;
	}
	return at;
}

static void
put_endpoints(struct root_maker *m)
{
	uint32_t count = (uint32_t)m->estate->endpoint_count, number = 0;
	uint32_t at = block_reserve(&m->block, count * sizeof(struct snapshot_endpoint));
	struct root *root;

	for (const struct resolver_endpoint *e = m->estate->endpoints; e;
	     e = e->next, number++) {
		const struct network *network = e->vpc.object;
		struct snapshot_endpoint *endpoints, out = {
			.direction = e->direction,
			.network = network ? network->index : NETWORK_NONE,
			.address_count = (uint32_t)root_count_targets(e->ip_addresses),
			.dns64 = e->dns64_enabled,
		};

		out.id_at = block_put_string(&m->block, e->id);
		out.addresses_at = root_put_targets(m, e->ip_addresses, false);
		endpoints = block_edit(&m->block, at);
		if (endpoints)
			endpoints[number] = out;
	}
	root = block_edit(&m->block, 0);
	if (root) {
		root->endpoints_at = at;
		root->endpoint_count = count;
	}
}

/** In whose place this listener answers. */
static void
set_listener_as(const struct estate *estate, const struct listener *listener,
		struct snapshot_listener *out)
{
	const struct resolver_endpoint *endpoint;
	const struct network *network = NULL;
	uint32_t number = 0;

	out->network = NETWORK_NONE;
	out->endpoint = ENDPOINT_NONE;
	switch (listener->kind) {
	case LISTEN_AS_CLIENT:
		return;
	case LISTEN_AS_NETWORK:
		network = estate_network(estate, listener->as);
		break;
	case LISTEN_AS_ENDPOINT:
		for (endpoint = estate->endpoints;
		     endpoint && strcmp(endpoint->id, listener->as) != 0;
		     endpoint = endpoint->next)
			number++;
		if (endpoint) {
			network = endpoint->vpc.object;
			out->endpoint = number;
		}
		break;
	}
	if (network)
		out->network = network->index;
}

static void
put_listeners(struct root_maker *m)
{
	uint32_t count = 0, at, number = 0;
	struct root *root;

	for (const struct listener *l = m->estate->settings.listeners; l; l = l->next)
		count++;
	at = block_reserve(&m->block, count * sizeof(struct snapshot_listener));
	for (const struct listener *l = m->estate->settings.listeners; l; l = l->next) {
		struct snapshot_listener *listeners, out = { .port = l->addr.port };

		memcpy(out.ip, l->addr.ip, sizeof(out.ip));
		set_listener_as(m->estate, l, &out);
		out.as_at = block_put_string(&m->block, l->as);
		listeners = block_edit(&m->block, at);
		if (listeners)
			listeners[number++] = out;
	}
	root = block_edit(&m->block, 0);
	if (root) {
		root->listeners_at = at;
		root->listener_count = count;
	}
}

/* Prefixes with their values, to be flattened. */
struct prefix_list {
	struct prefix_value *items;
	size_t count, room;
};

static void
add_prefix(struct root_maker *m, struct prefix_list *list, struct prefix prefix,
	   uint32_t value)
{
	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 64;
		struct prefix_value *grown = root_array(m, room, sizeof(*grown));

		if (!grown)
			return;
		if (list->count)
			memcpy(grown, list->items, list->count * sizeof(*grown));
		list->items = grown;
		list->room = room;
	}
	list->items[list->count++] = (struct prefix_value){ prefix, value };
}

/** Every network's CIDRs; value: its number, or 0 for all. */
static void
add_networks(struct root_maker *m, struct prefix_list *list, bool numbered)
{
	for (const struct network *n = m->estate->networks; n; n = n->next)
		for (const struct cidr *c = n->cidr_blocks; c; c = c->next)
			add_prefix(m, list, c->prefix, numbered ? n->index : 0);
}

static void
list_allowed(struct root_maker *m, struct prefix_list *list)
{
	static const struct prefix loopback[] = {
		{ { [10] = 0xff, [11] = 0xff, [12] = 127 }, 96 + 8 },	/* 127.0.0.0/8 */
		{ { [15] = 1 }, 128 },					/* ::1 */
	};

	if (m->estate->settings.allow_default) {
		for (size_t i = 0; i < COUNT_OF(loopback); i++)
			add_prefix(m, list, loopback[i], 0);
		add_networks(m, list, false);
	}
	for (const struct cidr *c = m->estate->settings.allow; c; c = c->next)
		add_prefix(m, list, c->prefix, 0);
}

static uint32_t
put_ranges(struct root_maker *m, struct prefix_list *list, uint32_t *count)
{
	struct prefix_range *ranges = root_array(m, 2 * list->count + 1, sizeof(*ranges));

	*count = ranges ? (uint32_t)prefixes_build(list->items, list->count, ranges) : 0;
	return block_put(&m->block, ranges, *count * sizeof(*ranges));
}

static void
put_clients(struct root_maker *m)
{
	struct prefix_list allowed = { .count = 0 }, clients = { .count = 0 };
	uint32_t allow_at, allow_count, clients_at, client_count;
	struct root *root;

	list_allowed(m, &allowed);
	add_networks(m, &clients, true);
	allow_at = put_ranges(m, &allowed, &allow_count);
	clients_at = put_ranges(m, &clients, &client_count);
	root = block_edit(&m->block, 0);
	if (root) {
		root->allow_at = allow_at;
		root->allow_count = allow_count;
		root->clients_at = clients_at;
		root->client_count = client_count;
	}
}

uint32_t
compile_networks(struct root_maker *m)
{
	uint32_t networks_at = put_networks(m);

	put_endpoints(m);
	put_listeners(m);
	put_clients(m);
	return networks_at;
}
