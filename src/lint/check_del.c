/*
 * DEL601, DEL606 to DEL608: delegations, and who follows them.
 *
 * A VPC follows a delegation of a private zone's only by a DELEGATE rule that leads to one of
 * the name servers (route53-semantics 1.6).  A site has name servers of its own: they follow
 * any.
 */
#include "dns/codes.h"
#include "lint/accuse.h"
#include "lint/checks.h"
#include "lint/records.h"

/** Does a DELEGATE rule of the network lead to this name server? */
static bool
has_rule(const struct lint *lint, uint32_t network, const struct name *server)
{
	const struct snapshot_network *n = snapshot_network(lint->snap, network);
	const uint32_t *numbers = snapshot_delegates(lint->snap, n);

	for (uint32_t i = 0; i < n->delegate_count; i++) {
		const struct snapshot_rule *rule = snapshot_rule(lint->snap, numbers[i]);

		if (name_wire_covers(snapshot_name(lint->snap, rule->domain_at), server->wire))
			return true;
	}
	return false;
}

/** Does it meet the delegation, and cannot follow it? */
static bool
is_stuck(const struct lint *lint, uint32_t network, const struct suspect *s)
{
	struct rrset rrset = zone_rrset(s->set, NULL);
	struct rrset_walk walk = rrset_begin(&rrset);
	struct rdata rdata;
	struct name server;

	if (lint->networks[network]->kind != NETWORK_VPC || !lint_uses_zones(lint, network) ||
	    !snapshot_network(lint->snap, network)->dns_support ||
	    !lint_reads(lint, network, zone_node_name(s->node), s->zone))
		return false;
	while (rrset_next(&walk, &rdata))
		if (scan_target(TYPE_NS, &rdata, &server) && has_rule(lint, network, &server))
			return false;
	return true;
}

/** The networks that are stuck: in the arena. */
static size_t
list_stuck(struct lint *lint, const struct suspect *s, uint32_t **out)
{
	size_t room = 0, count = 0;

	for (const struct ref *ref = lint->zones[s->zone]->networks; ref; ref = ref->next)
		room++;
	*out = lint_alloc(lint, room, sizeof(**out));
	for (const struct ref *ref = lint->zones[s->zone]->networks; *out && ref; ref = ref->next) {
		const struct network *network = ref->object;

		if (network && is_stuck(lint, network->index, s))
			(*out)[count++] = network->index;
	}
	return count;
}

static void
report_ignored(struct lint *lint, const struct lint_check *check, const struct suspect *s)
{
	const uint8_t *cut = zone_node_name(s->node);
	struct finding *finding;
	struct witness witness;
	uint32_t *networks;
	size_t count = list_stuck(lint, s, &networks);

	if (!count)
		return;
	accuse_ask(&witness, networks[0], s->zone, cut, TYPE_A);
	if (!witness_holds(lint, check, &witness))
		return;
	finding = accuse(lint, check, check->severity, s, "is not followed",
			 "%s delegates %s, and in %s no DELEGATE rule leads to its name servers: "
			 "the delegation is not followed",
			 name_text(lint, lint_zone_name(lint, s->zone)), name_text(lint, cut),
			 lint_networks_text(lint, networks, count));
	for (size_t i = 0; i < count; i++)
		lint_add_network(lint, finding, networks[i]);
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "add a DELEGATE rule whose delegation record covers the "
		      "servers' names, or forward the name");
}

void
check_private_delegation(struct lint *lint, const struct lint_check *check)
{
	const struct scan *scan = lint_scan(lint);

	for (const struct suspect *s = scan ? scan->first[FAULT_CUT] : NULL; s && !lint->nomem;
	     s = s->next) {
		size_t count;
		const uint32_t *networks = scan_readers(lint, s->zone, &count);
		bool stuck = false;

		for (size_t i = 0; i < count && !stuck; i++)
			stuck = is_stuck(lint, networks[i], s);
		if (stuck)
			report_ignored(lint, check, s);
	}
}

/* DEL606: what a zone says below its own delegations. */

/* Names that some NS set of the scanned zones leads to: their addresses are glue. */
static void
enter_servers(struct lint *lint, struct table *servers, const struct zone *zone,
	      const struct zone_node *node)
{
	const struct zone_set_ref *ref = zone_node_set(node, TYPE_NS);
	struct rrset rrset;
	struct rrset_walk walk;
	struct rdata rdata;
	struct name server;

	if (!ref)
		return;
	rrset = zone_rrset(zone_set_at(zone, ref->set_at), NULL);
	walk = rrset_begin(&rrset);
	while (rrset_next(&walk, &rdata)) {
		const uint8_t *name;

		if (!scan_target(TYPE_NS, &rdata, &server) ||
		    !name_wire_covers(zone_name(zone), server.wire))
			continue;
		name = name_store(&lint->arena, &server);
		if (!name || table_put(servers, name, server.len, lint) != OK)
			lint->nomem = true;
	}
}

struct occluded {
	const struct table *servers;
	const uint8_t *cut;
	struct { const uint8_t *owner; uint16_t type; } shown[LINT_SHOWN];
	size_t count;
};

static void
take_occluded(void *context, const uint8_t *owner, uint16_t type)
{
	struct occluded *o = context;

	if (type == TYPE_DNAME && name_wire_equal(owner, o->cut))
		return;		/* the DNAME is wrong, and has a code for it */
	if ((type == TYPE_A || type == TYPE_AAAA) &&
	    table_find(o->servers, owner, name_wire_len(owner)))
		return;
	if (o->count < LINT_SHOWN) {
		o->shown[o->count].owner = owner;
		o->shown[o->count].type = type;
	}
	o->count++;
}

static void
report_occluded(struct lint *lint, const struct lint_check *check, const struct suspect *s,
		const struct occluded *o)
{
	const uint8_t *first = o->shown[0].owner, *cut = zone_node_name(s->node);
	uint32_t network = scan_reader(lint, s->zone, first);
	struct finding *finding;
	struct witness witness;

	if (network != NETWORK_NONE && !name_wire_is_wildcard(first)) {
		accuse_ask(&witness, network, s->zone, first, o->shown[0].type);
		if (!witness_holds(lint, check, &witness))
			return;
	} else {
		network = NETWORK_NONE;
	}
	finding = accuse_record(lint, check, check->severity, s->zone, first, o->shown[0].type,
				"never answered", "%s%s never answered: the zone delegates %s",
				record_text(lint, first, o->shown[0].type),
				o->count == 1 ? " is"
					      : lint_printf(lint, " and %s are",
							    lint_count(lint, o->count - 1,
								       "more record",
								       "more records")),
				name_text(lint, cut));
	for (size_t i = 1; i < o->count && i < LINT_SHOWN; i++)
		accuse_add_record(lint, finding, s->zone, o->shown[i].owner, o->shown[i].type,
				  "never answered");
	accuse_add_record(lint, finding, s->zone, cut, TYPE_NS, "delegates the name");
	if (network != NETWORK_NONE)
		witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "move what is at or below the delegation to the zone that "
		      "it leads to");
}

void
check_occluded(struct lint *lint, const struct lint_check *check)
{
	const struct scan *scan = lint_scan(lint);
	uint32_t of = NETWORK_NONE;
	struct table servers;

	for (const struct suspect *s = scan ? scan->first[FAULT_CUT] : NULL; s && !lint->nomem;
	     s = s->next) {
		const struct zone *zone = lint->snap->zones[s->zone];
		struct occluded occluded = {
			.servers = &servers, .cut = zone_node_name(s->node),
		};

		if (s->twin)
			continue;
		if (of != s->zone) {
			of = s->zone;
			table_init(&servers, &lint->arena);
			for (uint32_t i = 0; i < zone->node_count && !lint->nomem; i++)
				enter_servers(lint, &servers, zone, zone_node_number(zone, i));
		}
		records_below(zone, zone_node_name(s->node), take_occluded, &occluded);
		if (occluded.count && !lint->nomem)
			report_occluded(lint, check, s, &occluded);
	}
}

/* DEL607: DELEGATE rules that no delegation needs. */

/** Is one of the rule's networks one of the zone's? */
static bool
meet(const struct resolver_rule *rule, const struct hosted_zone *zone)
{
	for (const struct ref *ref = zone->networks; ref; ref = ref->next)
		if (ref->object && refs_have(rule->networks, ref->object))
			return true;
	return false;
}

/** Mark the rules that lead to this name server of a zone's delegation. */
static void
mark_rules(struct lint *lint, bool *used, uint32_t zone, const struct name *server)
{
	for (uint32_t i = 0; i < lint->estate->rule_count; i++) {
		const struct resolver_rule *rule = lint->rules[i];

		used[i] = used[i] ||
			  (rule->type == RULE_DELEGATE && rule->delegation_record &&
			   name_wire_covers(rule->delegation_record, server->wire) &&
			   meet(rule, lint->zones[zone]));
	}
}

static void
report_idle(struct lint *lint, const struct lint_check *check, uint32_t number)
{
	const struct resolver_rule *rule = lint->rules[number];
	struct finding *finding;

	if (rule->type != RULE_DELEGATE || !rule->delegation_record)
		return;
	finding = lint_open(lint, check, check->severity, rule->at,
			    "rule \"%s\" leads to name servers at or below %s, and no zone of its "
			    "networks delegates to any", rule->id,
			    name_text(lint, rule->delegation_record));
	if (finding)
		diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_RULE),
			 rule->id, rule->at, "is not needed");
	lint_add_help(lint, finding, "correct the delegation record, or delete the rule");
}

void
check_delegate_rule_idle(struct lint *lint, const struct lint_check *check)
{
	const struct scan *scan = lint_scan(lint);
	uint32_t count = (uint32_t)lint->estate->rule_count;
	bool *used = lint_alloc(lint, count, sizeof(*used)), any = false;

	if (!scan || !used)
		return;
	for (uint32_t i = 0; i < count; i++)
		any |= lint->rules[i]->type == RULE_DELEGATE;
	for (const struct suspect *s = any ? scan->first[FAULT_CUT] : NULL; s; s = s->next) {
		struct rrset rrset = zone_rrset(s->set, NULL);
		struct rrset_walk walk = rrset_begin(&rrset);
		struct rdata rdata;
		struct name server;

		while (rrset_next(&walk, &rdata))
			if (scan_target(TYPE_NS, &rdata, &server))
				mark_rules(lint, used, s->zone, &server);
	}
	for (uint32_t i = 0; any && i < count; i++)
		if (!used[i])
			report_idle(lint, check, i);
}

/* DEL608: public zones that the one above does not delegate to. */

/** The nearest public zone above this one; NETWORK_NONE: none. */
static uint32_t
public_above(const struct lint *lint, const uint8_t *name)
{
	while (*name) {
		name = name_wire_parent(name);
		for (const struct namesake *n = scan_namesakes(lint, name); n; n = n->next)
			if (lint->zones[n->zone]->public_zone)
				return n->zone;
	}
	return NETWORK_NONE;
}

static void
judge_child(struct lint *lint, const struct lint_check *check, uint32_t child)
{
	const uint8_t *name = lint_zone_name(lint, child);
	uint32_t above = public_above(lint, name);
	struct finding *finding;
	struct name apex;

	if (above == NETWORK_NONE)
		return;
	name_from_wire(name, &apex);
	if (scan_lookup(lint->snap->zones[above], &apex, TYPE_A).kind == LOOKUP_DELEGATED)
		return;
	finding = lint_open(lint, check, check->severity, lint->zones[child]->name_at,
			    "public zone \"%s\" does not delegate %s, so zone \"%s\" is never "
			    "asked", lint->zones[above]->id, name_text(lint, name),
			    lint->zones[child]->id);
	if (!finding)
		return;
	lint_add_zone(lint, finding, child, "is never asked");
	lint_add_zone(lint, finding, above, "answers instead");
	lint_add_help(lint, finding, "add NS records for %s to \"%s\"", name_text(lint, name),
		      lint->zones[above]->id);
}

void
check_child_not_delegated(struct lint *lint, const struct lint_check *check)
{
	if (!lint_scan(lint))
		return;
	for (uint32_t i = 0; i < lint->snap->root->zone_count && !lint->nomem; i++)
		if (lint->zones[i]->public_zone)
			judge_child(lint, check, i);
}
