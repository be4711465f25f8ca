#include <string.h>

#include "lint/checks.h"
#include "lint/classes.h"
#include "lint/foreign.h"
#include "lint/region.h"
#include "lint/witness.h"

/*
 * QTA804, of rules that stand side by side: one for the domain right above them would do.
 *
 * It would decide about their names, which then go where they go now, and about the domain
 * itself and its other names, which go to the same servers from then on.  So it is told only
 * where none of these resolves today: in each network no zone and no rule stands at or below
 * the domain beside those of the rules, and what stands above has none of its names, be it a
 * private zone, the declared public zone, or a domain that is no one's on the internet.
 * What the public DNS has of other domains we do not know, and say nothing.
 */

struct siblings {
	const uint8_t *parent;
	const struct resolver_rule **rules;
	size_t count, room;
	struct siblings *next;		/* of this parent, for others: other servers or networks */
	struct siblings *further;	/* of all, in the order of their first rules */
};

struct merging {
	struct lint *lint;
	const struct closure *closure;
	struct table by_parent;
	struct siblings *first, **end;
	struct siblings **of;		/* by rule */
	uint8_t *stamps;		/* by network, 0 between two uses */
};

/** Replace stamp `from` by `to` at each network; false: one had another than these. */
static bool
stamp(struct merging *m, const struct resolver_rule *rule, uint8_t from, uint8_t to)
{
	bool all = true;

	for (const struct ref *ref = rule->networks; ref; ref = ref->next) {
		const struct network *network = ref->object;
		uint8_t *here = network ? &m->stamps[network->index] : NULL;

		if (!here)
			continue;
		all &= *here == from || *here == to;
		if (*here == from)
			*here = to;
	}
	return all;
}

static bool
same_networks(struct merging *m, const struct resolver_rule *a, const struct resolver_rule *b)
{
	bool same;

	stamp(m, a, 0, 1);
	same = stamp(m, b, 1, 2) && stamp(m, a, 2, 2);
	for (uint8_t i = 1; i <= 2; i++) {
		stamp(m, a, i, 0);
		stamp(m, b, i, 0);
	}
	return same;
}

static bool
same_owner(const struct resolver_rule *a, const struct resolver_rule *b)
{
	return a->owner_id && b->owner_id ? strcmp(a->owner_id, b->owner_id) == 0
					  : a->owner_id == b->owner_id;
}

/** Below these the internet has no names (RFC 6761, RFC 8375, RFC 9476; ICANN for internal). */
static bool
is_never_public(const uint8_t *name)
{
	static const uint8_t *const domains[] = {
		(const uint8_t *)"\3alt", (const uint8_t *)"\7example",
		(const uint8_t *)"\4home\4arpa", (const uint8_t *)"\10internal",
		(const uint8_t *)"\7invalid", (const uint8_t *)"\4test",
	};

	for (size_t i = 0; i < COUNT_OF(domains); i++)
		if (name_wire_covers(domains[i], name))
			return true;
	return false;
}

/** May one rule stand for all names below: a domain of one's own? */
static bool
is_own(const uint8_t *domain)
{
	return name_wire_labels(domain) >= 2 && foreign_kind(domain) == FOREIGN_NOT &&
	       !foreign_is_service(domain);
}

static struct siblings *
find_siblings(struct merging *m, const struct resolver_rule *rule)
{
	const uint8_t *parent = name_wire_parent(rule->domain_name);
	size_t len = name_wire_len(parent);
	struct siblings *known = table_find(&m->by_parent, parent, len), *s;

	for (s = known; s; s = s->next)
		if (lint_rules_ask_alike(s->rules[0], rule) && same_owner(s->rules[0], rule) &&
		    same_networks(m, s->rules[0], rule))
			return s;
	s = lint_alloc(m->lint, 1, sizeof(*s));
	if (!s)
		return NULL;
	s->parent = parent;
	if (known) {
		s->next = known->next;
		known->next = s;
	} else if (table_put(&m->by_parent, parent, len, s) != OK) {
		m->lint->nomem = true;
	}
	*m->end = s;
	m->end = &s->further;
	return s;
}

static void
enter_rule(struct merging *m, const struct resolver_rule *rule)
{
	struct siblings *s = find_siblings(m, rule);

	if (s && s->count == s->room) {
		size_t room = s->room ? 2 * s->room : 4;
		const struct resolver_rule **rules = lint_alloc(m->lint, room, sizeof(*rules));

		if (!rules)
			return;
		for (size_t i = 0; i < s->count; i++)
			rules[i] = s->rules[i];
		s->rules = rules;
		s->room = room;
	}
	if (!s)
		return;
	s->rules[s->count++] = rule;
	m->of[rule->index] = s;
}

/** Is the name, below the parent, at or below the domain of one of the rules? */
static bool
is_theirs(const struct merging *m, const struct siblings *s, uint32_t network,
	  const uint8_t *name)
{
	unsigned labels = name_wire_labels(s->parent) + 1U;
	const struct cut *cut;

	for (unsigned i = name_wire_labels(name); i > labels; i--)
		name = name_wire_parent(name);
	cut = lint_route(m->lint, network, name).cut;
	return cut && cut_is_forward(cut) && cut->labels == labels && cut->loser_count == 0 &&
	       m->of[cut->target] == s;
}

/** The number of the first node behind the name, in the zone's order. */
static uint32_t
first_node_below(const struct zone *zone, const uint8_t *name)
{
	uint32_t low = 0, high = zone->node_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (name_wire_compare(zone_node_name(zone_node_number(zone, middle)), name) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/** Has the zone nothing of the parent and its names, but what the rules keep from being read? */
static bool
is_silent(const struct merging *m, const struct siblings *s, uint32_t network,
	  const struct zone *zone)
{
	const uint8_t *name = s->parent;
	bool closest = true;

	for (unsigned i = name_wire_labels(name); i > zone->labels;
	     i--, name = name_wire_parent(name)) {
		const struct zone_node *node = zone_find(zone, name, name_wire_len(name),
							 name_hash(name));

		if (!node)
			continue;
		if (node->flags & (NODE_CUT | NODE_DNAME | NODE_OCCLUDED) ||
		    (name == s->parent && node->set_count) ||
		    (closest && node->flags & NODE_WILDCARD_CHILD))
			return false;
		closest = false;
	}
	if (name == s->parent ||
	    (closest && zone_node_at(zone, zone->apex_at)->flags & NODE_WILDCARD_CHILD))
		return false;
	for (uint32_t i = first_node_below(zone, s->parent); i < zone->node_count; i++) {
		const uint8_t *below = zone_node_name(zone_node_number(zone, i));

		if (!name_wire_covers(s->parent, below))
			break;
		if (!is_theirs(m, s, network, below))
			return false;
	}
	return true;
}

/** Is it known of the internet that it has nothing of the parent's? */
static bool
internet_is_silent(const struct merging *m, const struct siblings *s, uint32_t network)
{
	const struct hosted_zone *nearest = NULL;
	bool silent = true;

	if (is_never_public(s->parent))
		return true;
	for (const struct hosted_zone *z = m->lint->estate->zones; z; z = z->next) {
		if (!z->public_zone || !name_wire_covers(z->name, s->parent))
			continue;
		if (nearest && name_wire_labels(z->name) < name_wire_labels(nearest->name))
			continue;
		silent = (!nearest || silent || !name_wire_equal(nearest->name, z->name)) &&
			 is_silent(m, s, network, m->lint->snap->zones[z->index]);
		nearest = z;
	}
	return nearest && silent;
}

/** Would one rule change nothing in this network for a name that resolves? */
static bool
holds_in(const struct merging *m, const struct siblings *s, uint32_t network,
	 struct witness *witness)
{
	unsigned labels = name_wire_labels(s->parent);
	const struct cut *above = lint_route(m->lint, network, s->parent).cut, *cut;

	if (!above || above->labels >= labels)
		return false;
	for (size_t i = 0; i < s->count; i++)
		if (!is_theirs(m, s, network, s->rules[i]->domain_name))
			return false;
	for (uint32_t i = lint_first_below(m->lint, network, s->parent);
	     (cut = lint_cut_below(m->lint, network, s->parent, i)) != NULL; i++)
		if (!is_theirs(m, s, network, lint_cut_name(m->lint, cut)))
			return false;
	if (above->action == CUT_ZONE) {
		witness_claim_zone(witness, network, above->target);
		return is_silent(m, s, network, m->lint->snap->zones[above->target]);
	}
	if (above->action != CUT_INTERNET)
		return false;
	witness_claim_internet(witness, network);
	return internet_is_silent(m, s, network);
}

/** Do the servers, as far as they are declared, pass on what they do not have? */
static bool
is_passed_on(const struct merging *m, const struct siblings *s)
{
	const struct rule_ways *ways = &m->closure->ways[s->rules[0]->index];

	for (unsigned i = 0; i < ways->count; i++) {
		const struct cut *cut;

		if (ways->to[i].network == NETWORK_NONE)
			continue;
		cut = lint_route(m->lint, ways->to[i].network, s->parent).cut;
		if (cut && cut_is_forward(cut))
			return true;
	}
	return false;
}

static void
report_siblings(struct lint *lint, const struct lint_check *check, const struct siblings *s,
		const struct witness *witness)
{
	char domain[NAME_TEXT_MAX];
	struct finding *finding;

	name_print(s->parent, domain);
	finding = lint_open(lint, check, check->severity, s->rules[0]->domain_at,
			    "%zu rules below %s, \"%s\" first, ask the same servers, in the same "
			    "networks: one rule for %s would do, and no name that resolves now "
			    "would change", s->count, domain, s->rules[0]->id, domain);
	for (size_t i = 0; i < s->count && i < LINT_SHOWN; i++)
		lint_add_rule(lint, finding, s->rules[i]->index, "one of them");
	for (unsigned i = 0; i < witness->claim_count && i < LINT_SHOWN; i++)
		lint_add_network(lint, finding, witness->claims[i].network);
	diag_add(lint->diags, finding, PART_NAMES, region_kind_text(REGION_NAME), domain,
		 (struct srcloc){ 0 }, "all types");
	diag_add(lint->diags, finding, PART_NAMES, region_kind_text(REGION_OTHERS), domain,
		 (struct srcloc){ 0 }, "all types");
	witness_add(lint, finding, witness, "does not resolve; it would be forwarded");
	lint_add_help(lint, finding, "put one rule for %s in their place, if these servers may "
		      "be asked for %s itself and its other names too, which nobody has now",
		      domain, domain);
}

static void
judge_siblings(const struct merging *m, const struct lint_check *check,
	       const struct siblings *s)
{
	struct witness witness = { .type = TYPE_A };

	if (s->count < 2 || !is_own(s->parent) || is_passed_on(m, s))
		return;
	name_from_wire(s->parent, &witness.name);
	for (const struct ref *ref = s->rules[0]->networks; ref; ref = ref->next) {
		const struct network *network = ref->object;

		if (network && network->enable_dns_support &&
		    !holds_in(m, s, network->index, &witness))
			return;
	}
	if (witness.claim_count && witness_holds(m->lint, check, &witness))
		report_siblings(m->lint, check, s, &witness);
}

void
check_rules_of_one_parent(struct lint *lint, const struct lint_check *check)
{
	struct merging m = {
		.lint = lint, .end = &m.first, .closure = lint_closure(lint),
		.of = lint_alloc(lint, lint->estate->rule_count, sizeof(*m.of)),
		.stamps = lint_alloc(lint, lint->estate->network_count, 1),
	};

	if (lint->nomem || !m.closure)
		return;
	table_init(&m.by_parent, &lint->arena);
	for (const struct resolver_rule *r = lint->estate->rules; r && !lint->nomem; r = r->next)
		if (r->type == RULE_FORWARD && r->domain_name && r->networks)
			enter_rule(&m, r);
	for (const struct siblings *s = m.first; s && !lint->nomem; s = s->further)
		judge_siblings(&m, check, s);
}
