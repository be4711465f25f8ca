#include <string.h>

#include "dns/codes.h"
#include "lint/blocked.h"
#include "lint/checks.h"
#include "lint/witness.h"

/* REA411, and the part of REA408 that is about routes: the nearest path, and what breaks it. */

static const char *
block_text(struct lint *lint, const struct prefix *prefix)
{
	char text[ADDR_TEXT_MAX];

	return lint_printf(lint, "%s", prefix_print(prefix, text));
}

static const char *
port_text(struct lint *lint, const struct blocked *b)
{
	const char *protocol = b->protocol == 17 ? "udp" : "tcp";

	return b->port ? lint_printf(lint, " to port %u/%s", b->port, protocol) : "";
}

/** What the route that matches leads to. */
static const char *
target_text(struct lint *lint, const struct vpc_route *route)
{
	const char *id = route->vpc_peering_connection.id;

	if (route->state == ROUTE_BLACKHOLE)
		return "nowhere (a blackhole)";
	if (!id)
		id = route->nat_gateway ? route->nat_gateway : route->gateway;
	return lint_printf(lint, "%s", id ? id : "elsewhere");
}

static const char *
route_text(struct lint *lint, const struct blocked *b)
{
	const struct route_table *table = b->path.object;
	const struct vpc_route *route = b->path.route;
	const char *wanted = block_text(lint, &b->path.wanted);

	if (!route)
		return lint_printf(lint, "route table \"%s\" of \"%s\" has no route to %s",
				   table->id, table->vpc.id, wanted);
	return lint_printf(lint, "route table \"%s\" of \"%s\" has no route to %s but one to %s",
			   table->id, table->vpc.id, wanted, target_text(lint, route));
}

/** The one line that breaks the path. */
static const char *
hurdle_text(struct lint *lint, const struct blocked *b)
{
	const char *id = b->path.object ? object_id(b->path.kind, b->path.object) : "";
	const char *wanted = block_text(lint, &b->path.wanted);

	switch (b->path.hurdle) {
	case HURDLE_ROUTE_OUT:
		return route_text(lint, b);
	case HURDLE_ROUTE_BACK:
		return lint_printf(lint, "no way back: %s", route_text(lint, b));
	case HURDLE_GROUP_OUT:
		return lint_printf(lint, "security group \"%s\" lets nothing out to %s%s", id,
				   wanted, port_text(lint, b));
	case HURDLE_ACL_OUT:
		return lint_printf(lint, "network ACL \"%s\" lets nothing out to %s%s", id, wanted,
				   port_text(lint, b));
	case HURDLE_ACL_IN:
		return lint_printf(lint, "network ACL \"%s\" lets nothing in from %s%s", id,
				   wanted, port_text(lint, b));
	case HURDLE_GROUP_IN:
		return lint_printf(lint, "security group \"%s\" lets nothing in from %s%s", id,
				   wanted, port_text(lint, b));
	case HURDLE_ACL_BACK_OUT:
		return lint_printf(lint, "no way back: network ACL \"%s\" lets no replies out to "
				   "%s, ports 1024 to 65535", id, wanted);
	case HURDLE_ACL_BACK_IN:
		return lint_printf(lint, "no way back: network ACL \"%s\" lets no replies in from "
				   "%s, ports 1024 to 65535", id, wanted);
	case HURDLE_NONE:
		break;
	}
	return "";
}

/** What mends it, as narrow as it can be. */
static const char *
help_text(struct lint *lint, const struct blocked *b)
{
	const char *wanted = block_text(lint, &b->path.wanted);

	switch (b->path.hurdle) {
	case HURDLE_ROUTE_OUT:
	case HURDLE_ROUTE_BACK:
		return lint_printf(lint, "add a route to %s there", wanted);
	case HURDLE_GROUP_OUT:
	case HURDLE_ACL_OUT:
		return lint_printf(lint, "let out what goes to %s%s", wanted, port_text(lint, b));
	case HURDLE_GROUP_IN:
	case HURDLE_ACL_IN:
		return lint_printf(lint, "let in what comes from %s%s", wanted,
				   port_text(lint, b));
	case HURDLE_ACL_BACK_OUT:
	case HURDLE_ACL_BACK_IN:
		return "a network ACL knows no connections: allow the ports that replies go to";
	case HURDLE_NONE:
		break;
	}
	return "export the route tables of both";
}

/** The network without route tables, of the two. */
static const struct network *
untold(struct lint *lint, const struct blocked *b)
{
	bool from = lint_inside(lint)->vpcs[b->from].table_count == 0;

	return lint->networks[from ? b->from : b->to];
}

static bool
find_witness(struct lint *lint, const struct blocked *b, struct witness *witness)
{
	for (size_t i = 0; i < LINT_SHOWN && b->shown[i].owner; i++) {
		const struct blocked_record *r = &b->shown[i];

		if (!lint_reads(lint, b->from, r->owner, r->zone))
			continue;
		name_from_wire(r->owner, &witness->name);
		witness->type = r->type;
		witness_claim_zone(witness, b->from, r->zone);
		return true;
	}
	return false;
}

static void
add_records(struct lint *lint, struct finding *finding, const struct blocked *b)
{
	for (size_t i = 0; i < LINT_SHOWN && b->shown[i].owner; i++) {
		const struct blocked_record *r = &b->shown[i];
		char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX], addr[ADDR_TEXT_MAX];

		diag_add(lint->diags, finding, PART_OBJECT, "record",
			 lint_printf(lint, "%s %s", name_print(r->owner, name),
				     type_print(r->type, type)),
			 lint_record_at(lint, r->zone, r->owner, r->type), "%s",
			 addr_print(&r->addr, addr));
	}
}

static void
add_way(struct lint *lint, struct finding *finding, const struct blocked *b)
{
	if (b->path.client)
		diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_SUBNET),
			 b->path.client->id, b->path.client->at,
			 b->path.hurdle == HURDLE_NONE ? "from here" : "from here one gets "
							 "furthest");
	if (b->path.route)
		diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_ROUTE_TABLE),
			 object_id(b->path.kind, b->path.object), b->path.route->at,
			 "the route that counts");
	lint_add_network(lint, finding, b->from);
	if (b->to != b->from)
		lint_add_network(lint, finding, b->to);
}

static void
report_records(struct lint *lint, const struct lint_check *check, const struct blocked *b)
{
	const char *from = lint->networks[b->from]->id, *to = lint->networks[b->to]->id;
	const char *count = lint_count(lint, b->count, "address", "addresses");
	bool known = b->path.hurdle != HURDLE_NONE;
	struct witness witness = { 0 };
	struct finding *finding;

	if (!find_witness(lint, b, &witness) || !witness_holds(lint, check, &witness))
		return;
	if (known)
		finding = lint_open(lint, check, check->severity,
				    object_at(b->path.kind, b->path.object),
				    "\"%s\" reads %s of \"%s\" and does not get there: %s", from,
				    count, to, hurdle_text(lint, b));
	else
		finding = lint_open(lint, check, SEVERITY_WARNING, untold(lint, b)->at,
				    "\"%s\" reads %s of \"%s\", and whether packets get there and "
				    "back is not known: no input has the route tables of \"%s\"",
				    from, count, to, untold(lint, b)->id);
	add_records(lint, finding, b);
	add_way(lint, finding, b);
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "%s", help_text(lint, b));
}

static void
report_target(struct lint *lint, const struct lint_check *check, const struct blocked *b)
{
	const struct resolver_endpoint *endpoint = b->rule->endpoint.object;
	char target[ADDR_TEXT_MAX];
	struct finding *finding;

	finding = lint_open(lint, check, check->severity, object_at(b->path.kind, b->path.object),
			    "rule \"%s\" asks %s of \"%s\" and endpoint \"%s\" does not get there: "
			    "%s", b->rule->id, addr_print(&b->target->addr, target),
			    lint->networks[b->to]->id, endpoint->id, hurdle_text(lint, b));
	diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_RULE), b->rule->id,
		 b->target->at, "%s", lint_count(lint, b->count, "target", "targets"));
	diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_ENDPOINT),
		 endpoint->id, endpoint->at, "asks from here");
	add_way(lint, finding, b);
	lint_add_help(lint, finding, "%s", help_text(lint, b));
}

void
check_path_blocked(struct lint *lint, const struct lint_check *check)
{
	for (const struct blocked *b = blocked_find(lint); b && !lint->nomem; b = b->next) {
		if (b->routeless)
			continue;
		if (b->rule)
			report_target(lint, check, b);
		else
			report_records(lint, check, b);
	}
}

void
check_peering_routeless(struct lint *lint, const struct lint_check *check)
{
	for (const struct blocked *b = blocked_find(lint); b && !lint->nomem; b = b->next) {
		struct witness witness = { 0 };
		struct finding *finding;

		if (!b->routeless || b->rule || !find_witness(lint, b, &witness) ||
		    !witness_holds(lint, check, &witness))
			continue;
		finding = lint_open(lint, check, check->severity, b->routeless->at,
				    "\"%s\" reads %s of \"%s\", and no route table of the two has "
				    "a route over the peering \"%s\"",
				    lint->networks[b->from]->id,
				    lint_count(lint, b->count, "address", "addresses"),
				    lint->networks[b->to]->id, b->routeless->id);
		diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_PEERING),
			 b->routeless->id, b->routeless->at, "without routes");
		add_records(lint, finding, b);
		lint_add_network(lint, finding, b->from);
		lint_add_network(lint, finding, b->to);
		witness_add(lint, finding, &witness, NULL);
		lint_add_help(lint, finding, "add routes on both sides");
	}
}
