/*
 * DEL602 to DEL604: the name servers that a delegation gives, against what the estate knows of
 * them: their names, their addresses, the zones they serve.
 */
#include <string.h>

#include "dns/codes.h"
#include "lint/accuse.h"
#include "lint/checks.h"

/* DEL602: parent and child. */

/** Does the zone itself say who serves it?  If not, the snapshot has the service's NS. */
static bool
states_servers(const struct hosted_zone *zone)
{
	for (const struct record_set *set = zone->sets; set; set = set->next)
		if (set->type == TYPE_NS && name_wire_equal(set->owner, zone->name))
			return true;
	return false;
}

static const struct zone_set *
apex_servers(const struct zone *zone)
{
	const struct zone_set_ref *ref = zone_node_set(zone_node_at(zone, zone->apex_at),
						       TYPE_NS);

	return zone_set_at(zone, ref->set_at);
}

static bool
names_server(const struct zone_set *set, const struct name *server)
{
	struct rrset rrset = zone_rrset(set, NULL);
	struct rrset_walk walk = rrset_begin(&rrset);
	struct rdata rdata;
	struct name other;

	while (rrset_next(&walk, &rdata))
		if (scan_target(TYPE_NS, &rdata, &other) &&
		    name_wire_equal(other.wire, server->wire))
			return true;
	return false;
}

/** The first name server of one set that the other lacks. */
static bool
lacks_server(const struct zone_set *one, const struct zone_set *other, struct name *out)
{
	struct rrset rrset = zone_rrset(one, NULL);
	struct rrset_walk walk = rrset_begin(&rrset);
	struct rdata rdata;

	while (rrset_next(&walk, &rdata))
		if (scan_target(TYPE_NS, &rdata, out) && !names_server(other, out))
			return true;
	return false;
}

/** Does a zone say other addresses for the glue of its parent? */
static bool
glue_differs(struct lint *lint, const struct zone *parent, const struct zone *child,
	     const struct zone_set *servers, struct name *out)
{
	static const uint16_t types[] = { TYPE_A, TYPE_AAAA };
	struct rrset rrset = zone_rrset(servers, NULL);
	struct rrset_walk walk = rrset_begin(&rrset);
	struct rdata rdata;

	while (rrset_next(&walk, &rdata)) {
		uint64_t hash;
		const struct zone_node *here, *there;

		if (!scan_target(TYPE_NS, &rdata, out) ||
		    !name_wire_covers(zone_name(child), out->wire))
			continue;
		hash = name_hash(out->wire);
		here = zone_find(parent, out->wire, out->len, hash);
		there = zone_find(child, out->wire, out->len, hash);
		for (unsigned i = 0; here && there && i < COUNT_OF(types); i++) {
			const struct outcome a = { parent, { .kind = LOOKUP_ANSWER, .node = here,
				.ref = zone_node_set(here, types[i]) } };
			const struct outcome b = { child, { .kind = LOOKUP_ANSWER, .node = there,
				.ref = zone_node_set(there, types[i]) } };

			if (a.lookup.ref && b.lookup.ref &&
			    outcome_compare(&a, &b, &lint->arena) == OUTCOMES_DIFFER)
				return true;
		}
	}
	return false;
}

/** How the child's view of its servers differs from the delegation; NULL: not at all. */
static const char *
servers_differ(struct lint *lint, const struct suspect *s, uint32_t child)
{
	const struct zone *below = lint->snap->zones[child];
	const struct zone_set *own = apex_servers(below);
	struct name server;

	if (lacks_server(s->set, own, &server))
		return lint_printf(lint, "the zone does not name %s", name_text(lint, server.wire));
	if (lacks_server(own, s->set, &server))
		return lint_printf(lint, "the delegation does not name %s",
				   name_text(lint, server.wire));
	if (glue_differs(lint, lint->snap->zones[s->zone], below, s->set, &server))
		return lint_printf(lint, "the two have other addresses for %s",
				   name_text(lint, server.wire));
	return NULL;
}

static void
judge_child(struct lint *lint, const struct lint_check *check, const struct suspect *s)
{
	const uint8_t *cut = zone_node_name(s->node);
	const struct namesake *children = scan_namesakes(lint, cut), *differs = NULL;
	const char *how = NULL;
	struct finding *finding;

	for (const struct namesake *n = children; n; n = n->next) {
		const char *difference;

		if (!states_servers(lint->zones[n->zone]))
			continue;
		difference = servers_differ(lint, s, n->zone);
		if (!difference)	/* with one of its namesakes it agrees */
			return;
		if (!how) {
			how = difference;
			differs = n;
		}
	}
	if (!how)
		return;
	finding = accuse(lint, check, check->severity, s, "the delegation",
			 "%s and zone \"%s\" do not agree about its name servers: %s",
			 record_text(lint, cut, TYPE_NS), lint->zones[differs->zone]->id, how);
	if (finding)
		lint_add_zone(lint, finding, differs->zone, "the zone delegated to");
	lint_add_help(lint, finding, "make the NS records of both and the addresses of the "
		      "servers equal");
}

void
check_parent_child_ns(struct lint *lint, const struct lint_check *check)
{
	const struct scan *scan = lint_scan(lint);

	for (const struct suspect *s = scan ? scan->first[FAULT_CUT] : NULL; s && !lint->nomem;
	     s = s->next)
		if (!s->twin)
			judge_child(lint, check, s);
}

/* DEL603: a name server that the estate knows. */

/** Has the site zones of its own?  If not, what its servers have is not known. */
static bool
is_described(const struct lint *lint, uint32_t network)
{
	const struct view *view = snapshot_view(lint->snap, network);

	for (uint32_t i = 0; i < view->cut_count; i++)
		if (view_cut(&lint->snap->root->block, view, i)->origin_kind == ORIGIN_ZONE)
			return true;
	return false;
}

/** The network whose zones answer at this address; NETWORK_NONE: not known. */
static uint32_t
network_at(const struct lint *lint, const struct rdata *address)
{
	struct addr addr = { .port = 53 };
	const struct resolver_endpoint *endpoint;
	const struct network *site;

	if (address->len == 4)
		addr.ip[10] = addr.ip[11] = 0xff;
	memcpy(addr.ip + sizeof(addr.ip) - address->len, address->data, address->len);
	endpoint = estate_inbound_at(lint->estate, &addr);
	if (endpoint && endpoint->vpc.object)
		return ((const struct network *)endpoint->vpc.object)->index;
	site = estate_site_server_at(lint->estate, &addr);
	return site && is_described(lint, site->index) ? site->index : NETWORK_NONE;
}

/** Does this network answer for the name from a zone of that name, or ask someone who may? */
static bool
serves(const struct lint *lint, uint32_t network, const uint8_t *name)
{
	struct route route = lint_route(lint, network, name);

	if (route.kind == ROUTE_FORWARD)
		return cut_is_forward(route.cut);
	return route.kind == ROUTE_ZONE && name_wire_equal(zone_name(route.zone), name);
}

static void
report_lame(struct lint *lint, const struct lint_check *check, const struct suspect *s,
	    const struct name *server, uint32_t network)
{
	const uint8_t *cut = zone_node_name(s->node);
	struct finding *finding;

	finding = accuse(lint, check, check->severity, s, "the delegation",
			 "%s leads to %s, which is a server of \"%s\" and does not serve %s",
			 record_text(lint, cut, TYPE_NS), name_text(lint, server->wire),
			 lint->networks[network]->id, name_text(lint, cut));
	lint_add_network(lint, finding, network);
	lint_add_help(lint, finding, "associate the zone with \"%s\", or take the NS record out",
		      lint->networks[network]->id);
}

/** The addresses that the zone has for a name of its own: data, or glue. */
static const struct zone_set_ref *
address_ref(const struct zone *zone, const struct name *server)
{
	const struct zone_node *node = zone_find(zone, server->wire, server->len,
						 name_hash(server->wire));

	return node ? zone_node_set(node, TYPE_A) : NULL;
}

static void
judge_server(struct lint *lint, const struct lint_check *check, const struct suspect *s,
	     const struct name *server)
{
	const struct zone *zone = lint->snap->zones[s->zone];
	const struct zone_set_ref *ref = NULL;
	const uint8_t *at = server->wire;
	struct rrset rrset;
	struct rrset_walk walk;
	struct rdata rdata;

	if (name_wire_covers(zone_name(zone), server->wire))
		ref = address_ref(zone, server);
	for (; !ref && *at; at = name_wire_parent(at)) {
		const struct namesake *n = scan_namesakes(lint, at);

		if (!n)
			continue;
		zone = lint->snap->zones[n->zone];
		ref = address_ref(zone, server);
		break;
	}
	if (!ref)
		return;
	rrset = zone_rrset(zone_set_at(zone, ref->set_at), NULL);
	walk = rrset_begin(&rrset);
	while (rrset_next(&walk, &rdata)) {
		uint32_t network = network_at(lint, &rdata);

		if (network == NETWORK_NONE || serves(lint, network, zone_node_name(s->node)))
			continue;
		report_lame(lint, check, s, server, network);
		return;
	}
}

void
check_lame(struct lint *lint, const struct lint_check *check)
{
	const struct scan *scan = lint_scan(lint);

	for (const struct suspect *s = scan ? scan->first[FAULT_CUT] : NULL; s && !lint->nomem;
	     s = s->next) {
		struct rrset rrset = zone_rrset(s->set, NULL);
		struct rrset_walk walk = rrset_begin(&rrset);
		struct rdata rdata;
		struct name server;

		while (!s->twin && rrset_next(&walk, &rdata))
			if (scan_target(TYPE_NS, &rdata, &server))
				judge_server(lint, check, s, &server);
	}
}

/* DEL604: no address beside an NS. */

static void
report_glue(struct lint *lint, const struct lint_check *check, const struct suspect *s)
{
	const char *server = name_text(lint, s->target);
	bool other = s->where && s->where != s->node;
	struct finding *finding;

	if (!s->where && lint->zones[s->zone]->networks &&
	    scan_reader(lint, s->zone, s->target) == NETWORK_NONE)
		return;		/* a longer zone or a rule has the name */
	finding = accuse(lint, check, other ? SEVERITY_WARNING : check->severity, s,
			 "the name servers", "%s leads to %s, and the zone has no address for it%s",
			 record_text(lint, zone_node_name(s->node), TYPE_NS), server,
			 other ? lint_printf(lint, ": it is found by way of %s at best",
					     name_text(lint, zone_node_name(s->where))) : "");
	lint_add_help(lint, finding, "add the address of %s to the zone", server);
}

void
check_missing_glue(struct lint *lint, const struct lint_check *check)
{
	const struct scan *scan = lint_scan(lint);

	for (const struct suspect *s = scan ? scan->first[FAULT_GLUE] : NULL; s && !lint->nomem;
	     s = s->next)
		report_glue(lint, check, s);
}
