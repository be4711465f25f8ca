#include "lint/map_maker.h"

#include <string.h>

#include "dns/name.h"

#define NAMES_SHOWN 12	/* of the objects of one node */

static const char *
print(struct map_maker *maker, const char *fmt, ...) printf_like(2, 3);

static const char *
print(struct map_maker *maker, const char *fmt, ...)
{
	const char *string;
	va_list ap;

	va_start(ap, fmt);
	string = arena_vprintf(maker->map->arena, fmt, ap);
	va_end(ap);
	if (!string)
		maker->nomem = true;
	return string ? string : "";
}

static const char *
name_text(struct map_maker *maker, const uint8_t *name)
{
	char buf[NAME_TEXT_MAX];
	size_t len;

	if (!name)
		return print(maker, "(no name)");
	len = strlen(name_print(name, buf));
	if (len > 1)
		buf[len - 1] = '\0';	/* people leave the last dot out */
	return print(maker, "%s", buf);
}

static const char *
addresses_text(struct map_maker *maker, const struct target *targets)
{
	const char *text = "";

	for (const struct target *t = targets; t; t = t->next) {
		char address[ADDR_TEXT_MAX];

		text = print(maker, "%s%s%s", text, *text ? ", " : "",
			     addr_print(&t->addr, address));
	}
	return text;
}

static const char *
cidrs_text(struct map_maker *maker, const struct network *network)
{
	const char *text = "";

	for (const struct cidr *c = network->cidr_blocks; c; c = c->next) {
		char prefix[ADDR_TEXT_MAX];

		text = print(maker, "%s%s%s", text, *text ? ", " : "",
			     prefix_print(&c->prefix, prefix));
	}
	return text;
}

static void
describe_network(struct map_maker *maker, struct map_node *node)
{
	const struct network *n = node->object;
	const char *cidrs = cidrs_text(maker, n), *servers = addresses_text(maker, n->servers);

	node->label = n->id;
	if (n->kind == NETWORK_SITE) {
		node->note = n->servers ? print(maker, "DNS at %s", servers) : "its DNS is unknown";
		node->title = print(maker, "site %s\n%s\n%s", n->id, cidrs, node->note);
		return;
	}
	node->note = print(maker, "%s%s%s", *n->region ? n->region : cidrs,
			   n->enable_dns_support ? "" : " · DNS off",
			   n->enable_dns_hostnames ? "" : " · no private zones");
	node->title = print(maker, "VPC %s\n%s%s%s%s%s", n->id, cidrs, *n->region ? "\n" : "",
			    n->region,
			    n->enable_dns_support ? "" : "\nenable_dns_support is off",
			    n->enable_dns_hostnames ? "" : "\nenable_dns_hostnames is off: it "
							    "uses no private zone");
}

static void
describe_endpoint(struct map_maker *maker, struct map_node *node)
{
	static const char *const directions[] = {
		[DIRECTION_INBOUND] = "inbound", [DIRECTION_OUTBOUND] = "outbound",
		[DIRECTION_INBOUND_DELEGATION] = "inbound delegation",
	};
	const struct resolver_endpoint *e = node->object;

	node->label = e->id;
	node->note = directions[e->direction];
	node->title = print(maker, "%s endpoint %s\nin %s\n%s", directions[e->direction], e->id,
			    e->vpc.id ? e->vpc.id : "no VPC",
			    addresses_text(maker, e->ip_addresses));
}

static void
describe_gateway(struct map_maker *maker, struct map_node *node)
{
	const struct transit_gateway *g = node->object;

	node->label = g->id;
	node->note = g->dns_support ? "transit gateway" : "transit gateway · no DNS";
	node->title = print(maker, "transit gateway %s", g->id);
}

static void
describe_zone(struct map_maker *maker, struct map_node *node)
{
	const struct hosted_zone *z = node->object;

	node->label = name_text(maker, z->name);
	node->note = print(maker, "zone %s", z->id);
	node->title = print(maker, "hosted zone %s\n%s\n%zu record set%s", z->id, node->label,
			    z->set_count, z->set_count == 1 ? "" : "s");
}

static void
describe_rule(struct map_maker *maker, struct map_node *node)
{
	static const char *const types[] = {
		[RULE_FORWARD] = "FORWARD", [RULE_SYSTEM] = "SYSTEM", [RULE_DELEGATE] = "DELEGATE",
	};
	const struct resolver_rule *r = node->object;

	node->label = name_text(maker, r->type == RULE_DELEGATE ? r->delegation_record
							    : r->domain_name);
	node->note = print(maker, "%s %s", types[r->type], r->id);
	node->title = print(maker, "%s rule %s\n%s%s%s%s%s", types[r->type], r->id, node->label,
			    r->targets ? "\nasks " : "", addresses_text(maker, r->targets),
			    r->endpoint.id ? "\nby " : "", r->endpoint.id ? r->endpoint.id : "");
}

static void
describe_server(struct map_maker *maker, struct map_node *node)
{
	const struct target *t = node->object;
	char address[ADDR_TEXT_MAX];

	node->label = print(maker, "%s", addr_print_port(&t->addr, address));
	node->note = "not declared";
	node->title = print(maker, "DNS server %s\nno endpoint and no site has this address",
			    node->label);
}

static void
describe_one(struct map_maker *maker, struct map_node *node)
{
	switch (node->kind) {
	case MAP_SITE:
	case MAP_VPC:
		describe_network(maker, node);
		return;
	case MAP_ENDPOINT:
		describe_endpoint(maker, node);
		return;
	case MAP_GATEWAY:
		describe_gateway(maker, node);
		return;
	case MAP_ZONE:
		describe_zone(maker, node);
		return;
	case MAP_RULE:
		describe_rule(maker, node);
		return;
	case MAP_SERVER:
	case MAP_KINDS:
		break;
	}
	describe_server(maker, node);
}

/* Nodes that stand for several objects: their names, as many as are shown. */

static const char *
many(enum map_kind kind)
{
	static const char *const words[MAP_KINDS] = {
		[MAP_SITE] = "sites", [MAP_SERVER] = "undeclared servers",
		[MAP_ENDPOINT] = "endpoints", [MAP_GATEWAY] = "transit gateways",
		[MAP_VPC] = "VPCs", [MAP_ZONE] = "hosted zones", [MAP_RULE] = "rules",
	};

	return words[kind];
}

/** Add the object's name to the node's list; label counts what is in it. */
static void
add_member(struct map_maker *maker, const struct map_place *place, const char *name,
	   uint32_t *listed)
{
	struct map_node *node;

	if (place->node == MAP_NONE)
		return;
	node = &maker->map->nodes[place->node];
	if (node->count < 2 || listed[place->node]++ >= NAMES_SHOWN)
		return;
	node->note = print(maker, "%s%s%s", node->note ? node->note : "",
			   node->note ? ", " : "", name);
}

static void
describe_folded(struct map_maker *maker)
{
	const struct estate *estate = maker->map->estate;
	uint32_t *listed = map_alloc(maker, maker->map->node_count, sizeof(*listed));

	if (!listed)
		return;
	for (const struct network *n = estate->networks; n; n = n->next)
		add_member(maker, &maker->networks[n->index], n->id, listed);
	for (const struct hosted_zone *z = estate->zones; z; z = z->next)
		add_member(maker, &maker->zones[z->index], z->id, listed);
	for (const struct resolver_rule *r = estate->rules; r; r = r->next)
		add_member(maker, &maker->rules[r->index], r->id, listed);
	for (size_t i = 0; i < estate->endpoint_count; i++)
		add_member(maker, &maker->endpoints[i],
			   ((const struct resolver_endpoint *)maker->endpoints[i].object)->id,
			   listed);
	for (size_t i = 0; i < maker->gateway_count; i++)
		add_member(maker, &maker->gateways[i],
			   ((const struct transit_gateway *)maker->gateways[i].object)->id,
			   listed);
}

void
map_describe(struct map_maker *maker)
{
	struct map *map = maker->map;

	describe_folded(maker);
	for (uint32_t i = 0; i < map->node_count && !maker->nomem; i++) {
		struct map_node *node = &map->nodes[i];

		if (node->count < 2) {
			describe_one(maker, node);
			continue;
		}
		node->label = print(maker, "%u %s", node->count, many(node->kind));
		node->note = node->note ? node->note : "";
		node->title = print(maker, "%s%s%s%s", node->label, *node->note ? "\n" : "",
				    node->note, node->count > NAMES_SHOWN ? ", …" : "");
	}
}
