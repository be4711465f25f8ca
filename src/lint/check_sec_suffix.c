#include <string.h>

#include "dns/codes.h"
#include "lint/checks.h"
#include "lint/foreign.h"
#include "lint/ground.h"
#include "lint/witness.h"

/* Zones of the estate by their names, public and private ones apart. */
struct apexes {
	struct table public, private;	/* wire -> zone */
};

static void
enter_apexes(struct lint *lint, struct apexes *apexes)
{
	table_init(&apexes->public, &lint->arena);
	table_init(&apexes->private, &lint->arena);
	for (struct hosted_zone *z = lint->estate->zones; z && !lint->nomem; z = z->next) {
		struct table *table = z->public_zone ? &apexes->public : &apexes->private;

		if (table_put(table, z->name, name_wire_len(z->name), z) != OK)
			lint->nomem = true;
	}
}

/** The zone whose name is this or the nearest above, the root left out; NULL: none. */
static const struct hosted_zone *
find_above(const struct table *apexes, const uint8_t *name)
{
	for (; *name; name = name_wire_parent(name)) {
		const struct hosted_zone *zone = table_find(apexes, name, name_wire_len(name));

		if (zone)
			return zone;
	}
	return NULL;
}

/*
 * SEC903: names of a private zone, forwarded to a server on the Internet.  Where the estate
 * has a public zone of such names too, what the Internet says of them is its own.
 */

static const struct target *
public_target(const struct ground *g, const struct resolver_rule *rule)
{
	for (const struct target *t = rule->targets; t; t = t->next)
		if (address_kind(&t->addr) == ADDRESS_PUBLIC &&
		    addresses_find(&g->addresses, &t->addr) == ADDRESSES_NONE)
			return t;
	return NULL;
}

/** A network in which the rule forwards its own domain, as a witness; false: none does. */
static bool
rule_witness(const struct lint *lint, const struct resolver_rule *rule, struct witness *witness)
{
	name_from_wire(rule->domain_name, &witness->name);
	witness->type = TYPE_A;
	for (const struct ref *ref = rule->networks; ref; ref = ref->next) {
		const struct network *network = ref->object;
		const struct cut *cut;

		if (!network || !snapshot_network(lint->snap, network->index)->dns_support)
			continue;
		cut = lint_route(lint, network->index, rule->domain_name).cut;
		if (!cut || !cut_is_forward(cut) || cut->target != rule->index)
			continue;
		witness_claim_rule(witness, network->index, rule->index);
		return true;
	}
	return false;
}

static void
report_to_public(struct lint *lint, const struct lint_check *check,
		 const struct resolver_rule *rule, const struct target *target,
		 const struct hosted_zone *zone)
{
	struct witness witness = { 0 };
	char domain[NAME_TEXT_MAX], addr[ADDR_TEXT_MAX];
	struct finding *finding;

	if (!rule_witness(lint, rule, &witness) || !witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, target->at,
			    "rule \"%s\" asks %s, a server of the public Internet, for %s, names "
			    "of the private zone \"%s\"", rule->id, addr_print(&target->addr, addr),
			    name_print(rule->domain_name, domain), zone->id);
	lint_add_rule(lint, finding, rule->index, lint_printf(lint, "asks %s", addr));
	lint_add_zone(lint, finding, zone->index, "is private");
	for (unsigned i = 0; i < witness.claim_count; i++)
		lint_add_network(lint, finding, witness.claims[i].network);
	diag_add(lint->diags, finding, PART_NAMES, "subtree", domain, (struct srcloc){ 0 },
		 "all types");
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "ask a server of your own, or associate the zone");
}

void
check_private_suffix_to_public(struct lint *lint, const struct lint_check *check)
{
	const struct ground *g = lint_ground(lint);
	struct apexes apexes;

	enter_apexes(lint, &apexes);
	for (const struct resolver_rule *r = lint->estate->rules; r && g && !lint->nomem;
	     r = r->next) {
		const struct target *target = r->type == RULE_FORWARD && r->domain_name
						      ? public_target(g, r) : NULL;
		const struct hosted_zone *zone =
			target ? find_above(&apexes.private, r->domain_name) : NULL;

		if (zone && !find_above(&apexes.public, r->domain_name))
			report_to_public(lint, check, r, target, zone);
	}
}

/* SEC905: private zones below a domain that others can register. */

struct borrowed {
	const uint8_t *domain;		/* what one would register */
	const struct hosted_zone *shown[LINT_SHOWN];
	size_t count;
	struct borrowed *next;
};

struct borrowings {
	struct borrowed *first, **end;
	struct table by_domain;
};

static void
note_borrowed(struct lint *lint, struct borrowings *all, const uint8_t *domain,
	      const struct hosted_zone *zone)
{
	size_t len = name_wire_len(domain);
	struct borrowed *b = table_find(&all->by_domain, domain, len);

	if (!b) {
		b = lint_alloc(lint, 1, sizeof(*b));
		if (!b)
			return;
		b->domain = domain;
		if (table_put(&all->by_domain, domain, len, b) != OK)
			lint->nomem = true;
		*all->end = b;
		all->end = &b->next;
	}
	if (b->count < LINT_SHOWN)
		b->shown[b->count] = zone;
	b->count++;
}

/** The domain below which the name stands and that anybody may register; NULL: none. */
static const uint8_t *
registered_domain(const uint8_t *name)
{
	static const uint8_t local[] = "\5local", arpa[] = "\4arpa";

	if (name_wire_covers(local, name))
		return local;
	if (name_wire_covers(arpa, name) || foreign_is_service(name))
		return NULL;
	for (; *name; name = name_wire_parent(name)) {
		enum foreign above = foreign_kind(name_wire_parent(name));

		if (above == FOREIGN_SUFFIX || above == FOREIGN_TLD)
			return name;
	}
	return NULL;
}

static void
report_borrowed(struct lint *lint, const struct lint_check *check, const struct borrowed *b)
{
	bool local = name_wire_labels(b->domain) == 1;
	char domain[NAME_TEXT_MAX];
	struct finding *finding;

	name_print(b->domain, domain);
	finding = lint_open(lint, check, check->severity, b->shown[0]->name_at,
			    local ? "%s %s below %s, which hosts look up by multicast, without "
				    "a server"
				  : "%s %s at or below %s, and no public zone of the estate says "
				    "that it is yours",
			    b->count == 1 ? lint_printf(lint, "private zone \"%s\"",
							b->shown[0]->id)
					  : lint_printf(lint, "%zu private zones, \"%s\" first,",
							b->count, b->shown[0]->id),
			    b->count == 1 ? "is" : "are", domain);
	for (size_t i = 0; i < b->count && i < LINT_SHOWN; i++)
		lint_add_zone(lint, finding, b->shown[i]->index, "is private");
	lint_add_help(lint, finding, "use .internal or a domain that you own; if this one is, "
		      "declare its zone with private_zone: false");
}

void
check_borrowed_suffix(struct lint *lint, const struct lint_check *check)
{
	struct borrowings all = { .end = &all.first };
	struct apexes apexes;

	enter_apexes(lint, &apexes);
	table_init(&all.by_domain, &lint->arena);
	for (const struct hosted_zone *z = lint->estate->zones; z && !lint->nomem; z = z->next) {
		const uint8_t *domain = z->public_zone ? NULL : registered_domain(z->name);

		if (domain && !find_above(&apexes.public, z->name))
			note_borrowed(lint, &all, domain, z);
	}
	for (const struct borrowed *b = all.first; b && !lint->nomem; b = b->next)
		report_borrowed(lint, check, b);
}

/*
 * SEC909: a wildcard right below a private zone's name.  In a zone named as a service of AWS
 * it is how endpoints are used.
 */

static bool
gives_addresses(const struct zone_node *node, uint16_t *type)
{
	static const uint16_t types[] = { TYPE_A, TYPE_AAAA, TYPE_CNAME };

	for (size_t i = 0; i < COUNT_OF(types); i++) {
		*type = types[i] == TYPE_CNAME ? TYPE_A : types[i];
		if (zone_node_set(node, types[i]))
			return true;
	}
	return false;
}

/** A name that nobody meant; false: the zone has all those we think of. */
static bool
misspelling(const struct zone *zone, struct name *out)
{
	static const char *const labels[] = { "misspelt", "mispelt", "typo", "no-such-name" };

	for (size_t i = 0; i < COUNT_OF(labels); i++) {
		const uint8_t *label = (const uint8_t *)labels[i];

		if (name_prepend(label, strlen(labels[i]), zone_name(zone), out) &&
		    !zone_find(zone, out->wire, out->len, name_hash(out->wire)))
			return true;
	}
	return false;
}

static void
judge_wildcard(struct lint *lint, const struct lint_check *check, const struct hosted_zone *z)
{
	const struct zone *zone = lint->snap->zones[z->index];
	const struct zone_node *node;
	struct witness witness = { 0 };
	size_t readers;
	struct name wildcard;
	struct finding *finding;
	char text[NAME_TEXT_MAX];
	uint16_t type;

	if (!name_prepend((const uint8_t *)"*", 1, z->name, &wildcard))
		return;
	node = zone_find(zone, wildcard.wire, wildcard.len, name_hash(wildcard.wire));
	if (!node || !gives_addresses(node, &type) || !misspelling(zone, &witness.name))
		return;
	witness.type = type;
	readers = ground_readers(lint, lint->ground, z->index);
	for (size_t i = 0; i < readers && !witness.claim_count; i++)
		if (lint_reads(lint, lint->ground->readers[i], witness.name.wire, z->index))
			witness_claim_zone(&witness, lint->ground->readers[i], z->index);
	if (witness.claim_count && !witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity,
			    lint_record_at(lint, z->index, wildcard.wire, zone_node_refs(node)->type),
			    "zone \"%s\" has %s: every misspelt name below %s exists", z->id,
			    name_print(wildcard.wire, text), text + 2);
	lint_add_zone(lint, finding, z->index, "has the wildcard");
	for (size_t i = 0; i < readers; i++)
		lint_add_network(lint, finding, lint->ground->readers[i]);
	if (witness.claim_count)
		witness_add(lint, finding, &witness, "a name that nobody entered");
	lint_add_help(lint, finding, "list the names that there are");
}

void
check_apex_wildcard(struct lint *lint, const struct lint_check *check)
{
	const struct ground *g = lint_ground(lint);

	for (const struct hosted_zone *z = lint->estate->zones; z && g && !lint->nomem;
	     z = z->next)
		if (!z->public_zone && !foreign_is_service(z->name))
			judge_wildcard(lint, check, z);
}
