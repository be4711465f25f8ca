#include "lint/hops.h"

/** The first who declares an address has it. */
static void
enter(struct lint *lint, struct table *table, const struct target *target, const void *object)
{
	const uint8_t *ip = target->addr.ip;

	if (!table_find(table, ip, sizeof(target->addr.ip)) &&
	    table_put(table, ip, sizeof(target->addr.ip), (void *)(uintptr_t)object) != OK)
		lint->nomem = true;
}

void
hops_init(struct lint *lint, struct hops *hops)
{
	hops->lint = lint;
	table_init(&hops->endpoints, &lint->arena);
	table_init(&hops->sites, &lint->arena);
	/* an INBOUND_DELEGATION endpoint answers from zones and never forwards (3.1.7) */
	for (const struct resolver_endpoint *e = lint->estate->endpoints; e; e = e->next)
		for (const struct target *t = e->ip_addresses; t; t = t->next)
			if (e->direction == DIRECTION_INBOUND)
				enter(lint, &hops->endpoints, t, e);
	for (const struct network *n = lint->estate->networks; n; n = n->next)
		for (const struct target *t = n->servers; t; t = t->next)
			enter(lint, &hops->sites, t, n);
}

bool
hops_follow(const struct hops *hops, const struct target *target, struct hop *hop)
{
	const uint8_t *ip = target->addr.ip;
	const struct network *to;

	hop->target = target;
	hop->endpoint = table_find(&hops->endpoints, ip, sizeof(target->addr.ip));
	to = hop->endpoint ? hop->endpoint->vpc.object
			   : table_find(&hops->sites, ip, sizeof(target->addr.ip));
	if (to)
		hop->to = to->index;
	return to != NULL;
}

bool
hops_rule(const struct hops *hops, uint32_t network, const uint8_t *name, struct hop *hop)
{
	struct route route = lint_route(hops->lint, network, name);

	if (route.kind != ROUTE_FORWARD || !cut_is_forward(route.cut))
		return false;
	hop->from = network;
	hop->rule = route.cut->target;
	return true;
}

void
hops_add(const struct hops *hops, struct finding *finding, const struct hop *hop)
{
	const struct lint *lint = hops->lint;
	const struct resolver_rule *rule = lint->rules[hop->rule];
	const char *from = lint->networks[hop->from]->id, *to = lint->networks[hop->to]->id;
	char address[ADDR_TEXT_MAX], domain[NAME_TEXT_MAX];

	addr_print(&hop->target->addr, address);
	diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_RULE), rule->id,
		 hop->target->at, "sends %s from %s to %s",
		 name_print(rule->domain_name, domain), from, address);
	if (hop->endpoint)
		diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_ENDPOINT),
			 hop->endpoint->id, hop->endpoint->at, "has %s: answers as %s", address,
			 to);
	else
		diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_SITE), to,
			 lint->networks[hop->to]->at, "has the server %s", address);
}
