#include "lint/blocked.h"

#include <string.h>

#include "base/bytes.h"
#include "dns/codes.h"

#define STEPS_MOST 50000000	/* some seconds; what is left out then is a gap */

/* A service that a name of the zone is asked for: an SRV record's, an HTTPS one's. */
struct service {
	uint16_t protocol, port;
	struct service *next;
};

/* Addresses of the zone at hand that are the same to every reader. */
struct spot {
	struct path_end end;
	uint16_t protocol, port;
	size_t count;
	struct blocked_record first;
	struct spot *next;
};

/* What makes two paths, or two spots, the same; free of padding. */
struct path_key {
	uint32_t from, to;
	const struct subnet *subnet;
	const struct ref *groups;
	uint32_t protocol, port;
	uint64_t v4;
};

/* What makes two cases the same. */
struct case_key {
	uint32_t from, to;
	const void *object, *rule;
	uint64_t hurdle;
};

struct finder {
	struct lint *lint;
	struct ground *ground;
	const struct inside *inside;
	uint64_t steps;
	uint32_t zone;
	struct table services;		/* of the zone at hand: name -> struct service */
	struct table spots;		/* of the zone at hand */
	struct spot *first_spot, **end_spot;
	struct table paths;		/* of the run */
	struct table cases;
	struct blocked *first, **end;
};

/** A key that stays. */
static void
enter(struct finder *f, struct table *table, const void *key, size_t size, void *value)
{
	void *kept = value ? arena_copy(&f->lint->arena, key, size) : NULL;

	if (!kept || table_put(table, kept, size, value) != OK)
		f->lint->nomem = true;
}

/* --- services */

static void
add_service(struct finder *f, const uint8_t *name, uint16_t protocol, uint16_t port)
{
	struct service *service = lint_alloc(f->lint, 1, sizeof(*service));
	size_t len = name_wire_len(name);

	if (!service)
		return;
	*service = (struct service){ protocol, port, table_find(&f->services, name, len) };
	enter(f, &f->services, name, len, service);
}

/** "_sip._udp.x": the second label says it. */
static uint16_t
protocol_of(const uint8_t *owner)
{
	const uint8_t *second = owner + 1 + *owner;

	return *second == 4 && memcmp(second + 1, "_udp", 4) == 0 ? 17 : 6;
}

static void
note_srv(struct finder *f, const uint8_t *owner, const struct rdata *rdata)
{
	struct name target;

	if (rdata->len < 7)
		return;
	name_lower(rdata->data + 6, &target);
	add_service(f, target.wire, protocol_of(owner),
		    (uint16_t)(rdata->data[4] << 8 | rdata->data[5]));
}

/** Of its own name, when the target is "."; key 3 of the parameters is the port. */
static void
note_https(struct finder *f, const uint8_t *owner, const struct rdata *rdata)
{
	uint16_t port = 443;
	struct name target;
	size_t at;

	if (rdata->len < 3 || (rdata->data[0] | rdata->data[1]) == 0)
		return;		/* priority 0: an alias */
	at = 2 + name_wire_len(rdata->data + 2);
	name_lower(rdata->data + 2, &target);
	while (at + 4 <= rdata->len) {
		unsigned key = (unsigned)(rdata->data[at] << 8 | rdata->data[at + 1]);
		size_t len = (size_t)(rdata->data[at + 2] << 8 | rdata->data[at + 3]);

		if (key == 3 && len == 2 && at + 6 <= rdata->len)
			port = (uint16_t)(rdata->data[at + 4] << 8 | rdata->data[at + 5]);
		at += 4 + len;
	}
	add_service(f, target.labels ? target.wire : owner, 6, port);
}

static void
note_services(struct finder *f, const struct zone *zone, const struct zone_node *node)
{
	const struct zone_set_ref *refs = zone_node_refs(node);

	for (unsigned i = 0; i < node->set_count; i++) {
		bool srv = refs[i].type == TYPE_SRV;
		const struct zone_set *set = zone_set_at(zone, refs[i].set_at);
		struct rrset rrset;
		struct rrset_walk walk;
		struct rdata rdata;

		if ((!srv && refs[i].type != TYPE_HTTPS && refs[i].type != TYPE_SVCB) ||
		    set->alias_at)
			continue;
		rrset = zone_rrset(set, NULL);
		walk = rrset_begin(&rrset);
		while (rrset_next(&walk, &rdata)) {
			if (srv)
				note_srv(f, zone_node_name(node), &rdata);
			else
				note_https(f, zone_node_name(node), &rdata);
		}
	}
}

/* --- spots */

/** The only network that has the address; NETWORK_NONE: none, or several. */
static uint32_t
holder_of(const struct finder *f, const struct addr *addr)
{
	uint32_t number = addresses_find(&f->ground->addresses, addr);
	const struct address_block *block;

	if (number == ADDRESSES_NONE)
		return NETWORK_NONE;
	block = &f->ground->addresses.blocks[number];
	return block->holder_count == 1 ? block->holders[0] : NETWORK_NONE;
}

static struct path_key
key_of(uint32_t from, const struct path_end *end, uint16_t protocol, uint16_t port)
{
	struct path_key key;

	memset(&key, 0, sizeof(key));
	key.from = from;
	key.to = end->network;
	key.subnet = end->subnet;
	key.groups = end->groups;
	key.protocol = protocol;
	key.port = port;
	key.v4 = addr_is_v4(&end->addr);
	return key;
}

static void
note_spot(struct finder *f, const struct use_record *record, const struct path_end *end,
	  uint16_t protocol, uint16_t port)
{
	struct path_key key = key_of(0, end, protocol, port);
	struct spot *spot = table_find(&f->spots, &key, sizeof(key));

	if (!spot) {
		spot = lint_alloc(f->lint, 1, sizeof(*spot));
		if (!spot)
			return;
		spot->end = *end;
		spot->protocol = protocol;
		spot->port = port;
		spot->first = (struct blocked_record){ f->zone, record->owner, record->type,
							record->addr };
		enter(f, &f->spots, &key, sizeof(key), spot);
		*f->end_spot = spot;
		f->end_spot = &spot->next;
	}
	spot->count++;
}

static bool
note_record(void *context, const struct use_record *record)
{
	struct finder *f = context;
	uint32_t holder = record->named ? NETWORK_NONE : holder_of(f, &record->addr);
	const struct service *service;
	struct path_end end;

	if (holder == NETWORK_NONE)
		return true;
	end = path_end(f->lint, f->inside, holder, &record->addr);
	service = table_find(&f->services, record->owner, name_wire_len(record->owner));
	if (!service)
		note_spot(f, record, &end, IP_PROTOCOL_ANY, 0);
	for (; service; service = service->next)
		note_spot(f, record, &end, service->protocol, service->port);
	return !f->lint->nomem;
}

/* --- cases */

/** The peering of the two, if neither side has a route that uses it. */
static const struct peering *
routeless_peering(const struct finder *f, uint32_t a, uint32_t b)
{
	const uint32_t sides[2] = { a, b };
	const struct network *one = f->lint->networks[a], *other = f->lint->networks[b];
	const struct peering *p = f->lint->estate->peerings;

	while (p && !(strcmp(p->status, "active") == 0 &&
		      ((p->requester.object == one && p->accepter.object == other) ||
		       (p->requester.object == other && p->accepter.object == one))))
		p = p->next;
	for (size_t i = 0; p && i < COUNT_OF(sides); i++) {
		const struct inside_vpc *vpc = &f->inside->vpcs[sides[i]];

		if (!vpc->table_count)
			return NULL;
		for (uint32_t t = 0; t < vpc->table_count; t++)
			for (const struct vpc_route *r = vpc->tables[t]->routes; r; r = r->next)
				if (r->vpc_peering_connection.object == p)
					return NULL;
	}
	return p;
}

static struct blocked *
find_case(struct finder *f, const struct path *path, uint32_t from, uint32_t to,
	  const struct resolver_rule *rule)
{
	const struct peering *routeless = NULL;
	struct case_key key;
	struct blocked *b;

	memset(&key, 0, sizeof(key));
	if (path->hurdle == HURDLE_ROUTE_OUT || path->hurdle == HURDLE_ROUTE_BACK)
		routeless = routeless_peering(f, from, to);
	key.from = from;
	key.to = to;
	key.object = routeless ? (const void *)routeless : path->object;
	key.rule = rule;
	key.hurdle = routeless ? HURDLE_ROUTE_OUT : path->hurdle;
	b = table_find(&f->cases, &key, sizeof(key));
	if (b)
		return b;
	b = lint_alloc(f->lint, 1, sizeof(*b));
	if (!b)
		return NULL;
	*b = (struct blocked){ .path = *path, .from = from, .to = to, .routeless = routeless,
			       .rule = rule };
	enter(f, &f->cases, &key, sizeof(key), b);
	*f->end = b;
	f->end = &b->next;
	return b;
}

/** Is the way back unknown, while the way there was judged, or the contrary? */
static bool
is_untold(const struct finder *f, uint32_t from, uint32_t to)
{
	return from != to && f->lint->networks[from]->kind == NETWORK_VPC &&
	       f->lint->networks[to]->kind == NETWORK_VPC &&
	       !f->inside->vpcs[from].table_count != !f->inside->vpcs[to].table_count;
}

static const struct path *
judge_path(struct finder *f, const struct path_question *question, const struct path_end *end)
{
	struct path_key key = key_of(question->from, end, question->protocol, question->port);
	struct path *path = question->addresses ? NULL
						: table_find(&f->paths, &key, sizeof(key));

	if (path)
		return path;
	path = lint_alloc(f->lint, 1, sizeof(*path));
	if (!path)
		return NULL;
	*path = path_find(f->lint, f->inside, question, end, &f->steps);
	if (!question->addresses)
		enter(f, &f->paths, &key, sizeof(key), path);
	return path;
}

static void
judge_spot(struct finder *f, const struct spot *spot, uint32_t reader)
{
	const struct path_question question = { .from = reader, .protocol = spot->protocol,
						.port = spot->port };
	const struct path *path;
	struct blocked *b;

	if (reader != spot->end.network && !reach_has(&f->ground->reach, reader,
						      spot->end.network))
		return;		/* no way at all: REA402 and others say so */
	path = judge_path(f, &question, &spot->end);
	if (!path || (path->hurdle == HURDLE_NONE && !is_untold(f, reader, spot->end.network)))
		return;
	b = find_case(f, path, reader, spot->end.network, NULL);
	if (!b)
		return;
	for (size_t i = 0; i < LINT_SHOWN; i++) {
		if (!b->shown[i].owner) {
			b->shown[i] = spot->first;
			break;
		}
	}
	if (!b->count) {
		b->protocol = spot->protocol;
		b->port = spot->port;
	}
	b->count += spot->count;
}

static void
judge_zone(struct finder *f, uint32_t number)
{
	const struct zone *zone = f->lint->snap->zones[number];
	size_t readers = ground_readers(f->lint, f->ground, number);

	if (!readers)
		return;
	f->zone = number;
	f->first_spot = NULL;
	f->end_spot = &f->first_spot;
	table_init(&f->services, &f->lint->arena);
	table_init(&f->spots, &f->lint->arena);
	for (uint32_t i = 0; i < zone->node_count && !f->lint->nomem; i++)
		note_services(f, zone, zone_node_number(zone, i));
	uses_records(zone, note_record, f);
	for (const struct spot *s = f->first_spot; s; s = s->next)
		for (size_t i = 0; i < readers && f->steps && !f->lint->nomem; i++)
			judge_spot(f, s, f->ground->readers[i]);
}

/* --- targets of rules */

static void
judge_target(struct finder *f, const struct resolver_rule *rule, const struct target *target)
{
	const struct resolver_endpoint *endpoint = rule->endpoint.object;
	const struct network *vpc = endpoint->vpc.object;
	struct path_question question = {
		.from = vpc->index, .addresses = endpoint->ip_addresses,
		.groups = endpoint->security_groups,
		.protocol = target->protocol == PROTOCOL_DO53 ? 17 : 6,
		.port = target->addr.port,
	};
	uint32_t holder = holder_of(f, &target->addr);
	const struct path *path;
	struct path_end end;
	struct blocked *b;

	if (holder == NETWORK_NONE ||
	    (holder != vpc->index && !reach_has(&f->ground->reach, vpc->index, holder)))
		return;
	end = path_end(f->lint, f->inside, holder, &target->addr);
	path = judge_path(f, &question, &end);
	if (!path || path->hurdle == HURDLE_NONE)
		return;
	b = find_case(f, path, vpc->index, holder, rule);
	if (b && !b->count++) {
		b->target = target;
		b->protocol = question.protocol;
		b->port = question.port;
	}
}

static void
judge_rules(struct finder *f)
{
	for (const struct resolver_rule *r = f->lint->estate->rules; r; r = r->next) {
		const struct resolver_endpoint *endpoint = r->endpoint.object;

		if (r->type != RULE_FORWARD || !endpoint || !endpoint->vpc.object || !r->networks)
			continue;
		for (const struct target *t = r->targets; t && f->steps && !f->lint->nomem;
		     t = t->next)
			judge_target(f, r, t);
	}
}

const struct blocked *
blocked_find(struct lint *lint)
{
	const struct estate *estate = lint->estate;
	struct finder f = { .lint = lint, .steps = STEPS_MOST, .end = &f.first };

	if (lint->blocked_known ||
	    (!estate->route_tables && !estate->security_groups && !estate->network_acls))
		return lint->blocked;
	f.ground = lint_ground(lint);
	f.inside = lint_inside(lint);
	if (!f.ground || !f.inside)
		return NULL;
	table_init(&f.paths, &lint->arena);
	table_init(&f.cases, &lint->arena);
	for (uint32_t zone = 0; zone < estate->zone_count && f.steps && !lint->nomem; zone++)
		if (!lint->zones[zone]->public_zone)
			judge_zone(&f, zone);
	judge_rules(&f);
	if (!f.steps)
		diag_gap(lint->diags, "paths to addresses (REA411)", "the work budget is spent");
	lint->blocked = f.first;
	lint->blocked_known = true;
	return f.first;
}
