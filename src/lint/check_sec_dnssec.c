#include <string.h>

#include "dns/codes.h"
#include "lint/checks.h"
#include "lint/witness.h"

/*
 * SEC907: names that are forwarded below a signed public zone that does not delegate them.
 * Signed is a zone with a DNSKEY, or one that the zone above it has a DS for.
 */

/* Public zones by name, and what is known of them. */
struct signed_zones {
	struct lint *lint;
	struct table by_name;		/* of zones with a DNSKEY, and of owners of DS records */
};

static void
note_signed(struct signed_zones *s, const struct hosted_zone *zone)
{
	for (const struct record_set *set = zone->sets; set; set = set->next) {
		bool key = set->type == TYPE_DNSKEY && name_wire_equal(set->owner, zone->name);

		if ((key || set->type == TYPE_DS) &&
		    table_put(&s->by_name, set->owner, name_wire_len(set->owner),
			      (void *)(uintptr_t)set) != OK)
			s->lint->nomem = true;
	}
}

/** The public zone nearest above the domain, strictly. */
static const struct hosted_zone *
public_above(const struct lint *lint, const uint8_t *domain)
{
	const struct hosted_zone *best = NULL;

	for (const struct hosted_zone *z = lint->estate->zones; z; z = z->next)
		if (z->public_zone && name_wire_covers(z->name, domain) &&
		    (!best || name_wire_labels(z->name) > name_wire_labels(best->name)))
			best = z;
	return best;
}

static bool
delegates(const struct hosted_zone *zone, const uint8_t *domain)
{
	for (const struct record_set *set = zone->sets; set; set = set->next)
		if (set->type == TYPE_NS && !name_wire_equal(set->owner, zone->name) &&
		    name_wire_covers(set->owner, domain))
			return true;
	return false;
}

/** The first VPC that validates and has the rule; *count: how many do. */
static size_t
validators(struct lint *lint, const struct resolver_rule *rule, uint32_t *networks)
{
	size_t count = 0;

	for (const struct ref *ref = rule->networks; ref; ref = ref->next) {
		const struct network *n = ref->object;
		struct route route;

		if (!n || n->kind != NETWORK_VPC || !n->dnssec_validation)
			continue;
		route = lint_route(lint, n->index, rule->domain_name);
		if (route.kind == ROUTE_FORWARD && cut_is_forward(route.cut) &&
		    route.cut->origin == rule->index)
			networks[count++] = n->index;
	}
	return count;
}

static void
report_unsigned(struct lint *lint, const struct lint_check *check,
		const struct resolver_rule *rule, const struct hosted_zone *parent,
		const struct record_set *key, const uint32_t *networks, size_t count)
{
	char domain[NAME_TEXT_MAX], name[NAME_TEXT_MAX];
	struct witness witness = { .type = TYPE_A };
	struct finding *finding;

	name_from_wire(rule->domain_name, &witness.name);
	witness_claim_rule(&witness, networks[0], rule->index);
	if (!witness_holds(lint, check, &witness))
		return;
	name_print(rule->domain_name, domain);
	finding = lint_open(lint, check, check->severity, rule->domain_at,
			    "rule \"%s\" forwards %s for %s, which %s DNSSEC, and the signed "
			    "zone %s says that there is no such delegation", rule->id, domain,
			    lint_networks_text(lint, networks, count),
			    count == 1 ? "validates" : "validate",
			    name_print(parent->name, name));
	lint_add_rule(lint, finding, rule->index, "forwards the name");
	lint_add_zone(lint, finding, parent->index, "does not delegate it");
	diag_add(lint->diags, finding, PART_OBJECT, "record",
		 key->type == TYPE_DS ? "DS" : "DNSKEY", key->at, "signed");
	for (size_t i = 0; i < count; i++)
		lint_add_network(lint, finding, networks[i]);
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "delegate %s in the public zone, without a DS record, or use "
		      "another name", domain);
}

static bool
anybody_validates(const struct lint *lint)
{
	for (const struct network *n = lint->estate->networks; n; n = n->next)
		if (n->dnssec_validation)
			return true;
	return false;
}

void
check_unsigned_child(struct lint *lint, const struct lint_check *check)
{
	struct signed_zones s = { .lint = lint };
	uint32_t *networks = lint_alloc(lint, lint->estate->network_count, sizeof(*networks));

	if (!networks || !anybody_validates(lint))
		return;
	table_init(&s.by_name, &lint->arena);
	for (const struct hosted_zone *z = lint->estate->zones; z && !lint->nomem; z = z->next)
		if (z->public_zone)
			note_signed(&s, z);
	if (!s.by_name.count)
		return;
	for (const struct resolver_rule *r = lint->estate->rules; r && !lint->nomem; r = r->next) {
		size_t count = r->type == RULE_FORWARD ? validators(lint, r, networks) : 0;
		const struct hosted_zone *parent =
			count ? public_above(lint, r->domain_name) : NULL;
		const struct record_set *key = NULL;

		if (parent && !name_wire_equal(parent->name, r->domain_name))
			key = table_find(&s.by_name, parent->name, name_wire_len(parent->name));
		if (key && !delegates(parent, r->domain_name))
			report_unsigned(lint, check, r, parent, key, networks, count);
	}
}
