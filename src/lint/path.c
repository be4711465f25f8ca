#include "lint/path.h"

#include <string.h>

#define EPHEMERAL_FROM 1024	/* ports that replies go to; which of them is the client's affair */

/* One journey: a subnet of who asks, or all its network where subnets are not declared. */
struct journey {
	const struct lint *lint;
	const struct inside *inside;
	const struct path_question *question;
	const struct path_end *to;
	const struct network *from, *holder;
	const struct subnet *subnet;	/* NULL */
	struct prefix client;
	uint64_t *steps;
};

/** The resolver endpoint's own groups, where the address is one of an endpoint. */
static const struct ref *
endpoint_groups(const struct lint *lint, const struct addr *addr)
{
	const struct resolver_endpoint *endpoint = estate_inbound_at(lint->estate, addr);

	return endpoint ? endpoint->security_groups : NULL;
}

struct path_end
path_end(const struct lint *lint, const struct inside *inside, uint32_t network,
	 const struct addr *addr)
{
	const struct network_interface *interface = inside_interface(inside, network, addr);
	struct path_end end = { .network = network, .addr = *addr };

	end.subnet = inside_subnet(inside, network, addr);
	if (!end.subnet && interface)
		end.subnet = interface->subnet.object;
	end.groups = interface ? interface->security_groups : endpoint_groups(lint, addr);
	return end;
}

/* --- routes */

static bool
is_own(const struct network *network, const struct addr *addr)
{
	for (const struct cidr *c = network->cidr_blocks; c; c = c->next)
		if (prefix_covers(&c->prefix, addr))
			return true;
	return false;
}

/** How many bits of the destination match; -1: none do, or they are of the other family. */
static int
match_of(const struct inside *inside, const struct vpc_route *route, const struct addr *addr,
	 bool *unknown)
{
	const struct prefix host = prefix_of(addr);
	const struct managed_prefix_list *list;
	int best = -1;

	if (route->destination_at.file)
		return blocks_meet(&route->destination_cidr_block, &host)
			       ? route->destination_cidr_block.bits : -1;
	list = route->destination_prefix_list
		       ? table_find_string(&inside->prefix_lists, route->destination_prefix_list)
		       : NULL;
	*unknown |= !list;
	for (const struct cidr *c = list ? list->cidr_blocks : NULL; c; c = c->next)
		if (blocks_meet(&c->prefix, &host) && c->prefix.bits > best)
			best = c->prefix.bits;
	return best;
}

static bool
joins(const struct peering *peering, const struct network *a, const struct network *b)
{
	return strcmp(peering->status, "active") == 0 &&
	       ((peering->requester.object == a && peering->accepter.object == b) ||
		(peering->requester.object == b && peering->accepter.object == a));
}

/** Does the route lead to the network, as far as anybody can tell? */
static bool
leads(const struct vpc_route *route, const struct network *from, const struct network *to)
{
	if (route->state == ROUTE_BLACKHOLE)
		return false;
	if (route->vpc_peering_connection.object)
		return joins(route->vpc_peering_connection.object, from, to);
	if (route->nat_gateway)
		return false;	/* its own subnet's table says where that leads */
	if (!route->gateway)
		return true;	/* a transit gateway's routes, an appliance */
	if (strcmp(route->gateway, "local") == 0)
		return from == to;
	return strncmp(route->gateway, "igw-", 4) != 0 &&
	       strncmp(route->gateway, "eigw-", 5) != 0;
}

/** Does the table lead there?  *blocking: the route that does not; NULL: none matches. */
static bool
table_leads(const struct journey *j, const struct route_table *table, const struct network *from,
	    const struct network *to, const struct addr *addr, const struct vpc_route **blocking)
{
	bool unknown = false;
	int best = -1;

	*blocking = NULL;
	if (from == to && is_own(from, addr))
		return true;
	for (const struct vpc_route *r = table->routes; r; r = r->next) {
		int match = match_of(j->inside, r, addr, &unknown);

		*j->steps -= *j->steps > 0;
		if (match > best) {
			best = match;
			*blocking = r;
		}
	}
	return unknown || (*blocking && leads(*blocking, from, to));
}

/** A network's way to an address, by the table of the subnet or, not known, by any. */
static bool
has_route(const struct journey *j, const struct subnet *subnet, const struct network *from,
	  const struct network *to, const struct addr *addr, struct path *out)
{
	const struct inside_vpc *vpc = &j->inside->vpcs[from->index];
	const struct route_table *only = subnet ? subnet->route_table : NULL;
	const struct vpc_route *blocking;

	if (from->kind == NETWORK_SITE || !vpc->table_count || (subnet && !only))
		return true;
	for (uint32_t i = 0; i < (only ? 1 : vpc->table_count); i++) {
		const struct route_table *table = only ? only : vpc->tables[i];

		if (table_leads(j, table, from, to, addr, &blocking))
			return true;
		out->kind = OBJECT_ROUTE_TABLE;
		out->object = table;
		out->route = blocking;
	}
	return false;
}

/* --- the journey */

static const struct network_acl *
acl_of(const struct subnet *subnet)
{
	return subnet ? subnet->network_acl : NULL;
}

/** Traffic from or to who asks. */
static struct traffic
with_client(const struct journey *j, uint16_t from_port, uint16_t to_port)
{
	return (struct traffic){ j->client, j->question->protocol, from_port, to_port, j->from,
				 j->question->groups };
}

static struct traffic
with_target(const struct journey *j, uint16_t from_port, uint16_t to_port)
{
	return (struct traffic){ prefix_of(&j->to->addr), j->question->protocol, from_port,
				 to_port, j->holder, j->to->groups };
}

static bool
stop_at_acl(struct path *out, enum hurdle hurdle, const struct network_acl *acl,
	    const struct traffic *t)
{
	out->hurdle = hurdle;
	out->kind = OBJECT_NETWORK_ACL;
	out->object = acl;
	out->wanted = t->peer;
	return false;
}

static bool
stop_at_groups(struct path *out, enum hurdle hurdle, const struct ref *groups,
	       const struct traffic *t)
{
	out->hurdle = hurdle;
	out->kind = OBJECT_SECURITY_GROUP;
	out->object = groups->object;
	out->wanted = t->peer;
	return false;
}

static bool
stop_at_route(struct path *out, enum hurdle hurdle, struct prefix wanted)
{
	out->hurdle = hurdle;
	out->wanted = wanted;
	return false;
}

/** The block of the network that has the address: what a route is written for. */
static struct prefix
declared_block(const struct network *network, const struct addr *addr)
{
	for (const struct cidr *c = network->cidr_blocks; c; c = c->next)
		if (prefix_covers(&c->prefix, addr))
			return c->prefix;
	return prefix_of(addr);
}

static bool
goes_there(const struct journey *j, struct path *out)
{
	uint16_t port = j->question->port, last = port ? port : PORT_MOST;
	const struct network_acl *near = acl_of(j->subnet), *far = acl_of(j->to->subnet);
	struct traffic to = with_target(j, port, last), from = with_client(j, port, last);

	if (!has_route(j, j->subnet, j->from, j->holder, &j->to->addr, out))
		return stop_at_route(out, HURDLE_ROUTE_OUT, declared_block(j->holder, &j->to->addr));
	if (j->question->groups && !groups_let(j->inside, j->question->groups, true, &to))
		return stop_at_groups(out, HURDLE_GROUP_OUT, j->question->groups, &to);
	if (j->holder->kind == NETWORK_SITE)
		return true;
	if (near && j->subnet != j->to->subnet && !acl_lets(near, true, &to))
		return stop_at_acl(out, HURDLE_ACL_OUT, near, &to);
	if (far && j->subnet != j->to->subnet && !acl_lets(far, false, &from))
		return stop_at_acl(out, HURDLE_ACL_IN, far, &from);
	if (j->to->groups && !groups_let(j->inside, j->to->groups, false, &from))
		return stop_at_groups(out, HURDLE_GROUP_IN, j->to->groups, &from);
	return true;
}

static bool
comes_back(const struct journey *j, struct path *out)
{
	const struct network_acl *near = acl_of(j->subnet), *far = acl_of(j->to->subnet);
	struct traffic from = with_target(j, EPHEMERAL_FROM, PORT_MOST);
	struct traffic to = with_client(j, EPHEMERAL_FROM, PORT_MOST);
	struct addr client = { 0 };

	memcpy(client.ip, j->client.ip, sizeof(client.ip));
	if (j->holder->kind == NETWORK_SITE)
		return true;
	if (!has_route(j, j->to->subnet, j->holder, j->from, &client, out))
		return stop_at_route(out, HURDLE_ROUTE_BACK, declared_block(j->from, &client));
	if (far && j->subnet != j->to->subnet && !acl_lets(far, true, &to))
		return stop_at_acl(out, HURDLE_ACL_BACK_OUT, far, &to);
	if (near && j->subnet != j->to->subnet && !acl_lets(near, false, &from))
		return stop_at_acl(out, HURDLE_ACL_BACK_IN, near, &from);
	return true;
}

static struct path
follow(struct journey *j, const struct subnet *subnet, const struct prefix *client)
{
	struct path out = { .hurdle = HURDLE_NONE, .client = subnet };

	j->subnet = subnet;
	j->client = *client;
	*j->steps -= *j->steps > 0;
	if (goes_there(j, &out) && comes_back(j, &out))
		out.hurdle = HURDLE_NONE;
	return out;
}

/** Keep the one that got further; true: it arrived. */
static bool
keep(struct path *best, const struct path *new)
{
	if (!best->object || new->hurdle > best->hurdle)
		*best = *new;
	return best->hurdle == HURDLE_NONE;
}

/** Blocks of the address's family, of each subnet or, where none is known, of the network. */
static struct path
from_anywhere(struct journey *j)
{
	const struct inside_vpc *vpc = &j->inside->vpcs[j->from->index];
	const bool v4 = addr_is_v4(&j->to->addr);
	struct path best = { .hurdle = HURDLE_NONE };
	uint32_t count = vpc->subnet_count ? vpc->subnet_count : 1;

	for (uint32_t i = 0; i < count && *j->steps; i++) {
		const struct subnet *subnet = vpc->subnet_count ? vpc->subnets[i] : NULL;
		const struct cidr *c = subnet ? subnet->cidr_blocks : j->from->cidr_blocks;

		for (; c; c = c->next) {
			struct path path;

			if (prefix_is_v4(&c->prefix) != v4)
				continue;
			path = follow(j, subnet, &c->prefix);
			if (keep(&best, &path))
				return best;
		}
	}
	return best;
}

static struct path
from_addresses(struct journey *j)
{
	struct path best = { .hurdle = HURDLE_NONE };

	for (const struct target *t = j->question->addresses; t && *j->steps; t = t->next) {
		struct prefix client = prefix_of(&t->addr);
		struct path path;

		if (addr_is_v4(&t->addr) != addr_is_v4(&j->to->addr))
			continue;
		path = follow(j, inside_subnet(j->inside, j->question->from, &t->addr), &client);
		if (keep(&best, &path))
			return best;
	}
	return best;
}

struct path
path_find(const struct lint *lint, const struct inside *inside,
	  const struct path_question *question, const struct path_end *to, uint64_t *steps)
{
	struct journey j = {
		.lint = lint, .inside = inside, .question = question, .to = to,
		.from = lint->networks[question->from], .holder = lint->networks[to->network],
		.steps = steps,
	};
	struct path path;

	if (j.from->kind == NETWORK_SITE)
		return (struct path){ .hurdle = HURDLE_NONE };
	path = question->addresses ? from_addresses(&j) : from_anywhere(&j);
	if (!*steps)
		path.hurdle = HURDLE_NONE;
	return path;
}
