#include "estate/check.h"

#include <string.h>

#include "dns/name.h"

/* A zone or a rule, as far as this check is about: a name on networks. */
struct claim {
	enum object_kind kind;
	const char *id;
	const uint8_t *name;
	const struct ref *networks;
	struct srcloc at;
	uint32_t index;
};

/* Where a name is claimed: a network, or a Profile, whose names are a side of their own. */
struct holder {
	enum object_kind kind;
	const char *id;
	struct srcloc at;
	uint32_t index;		/* Profiles behind the networks */
};

/* What a holder's name is claimed by, and every pair that was reported. */
struct claims {
	struct check *check;
	struct table taken;	/* holder, name -> claim */
	struct table pairs;	/* index, index -> finding */
};

static void *
scratch_key(struct claims *claims, const void *a, size_t a_len, const void *b, size_t b_len)
{
	uint8_t *key = arena_alloc(&claims->check->scratch, a_len + b_len);

	if (!key) {
		claims->check->nomem = true;
		return NULL;
	}
	memcpy(key, a, a_len);
	memcpy(key + a_len, b, b_len);
	return key;
}

static struct finding *
open_conflict(struct claims *claims, const struct claim *first, const struct claim *second,
	      struct srcloc at, const char *network)
{
	struct diags *diags = claims->check->diags;
	char name[NAME_TEXT_MAX];
	struct finding *finding;

	name_print(second->name, name);
	if (second->kind == OBJECT_RULE)
		finding = diag_open(diags, SEVERITY_ERROR, "rule-conflict", NULL, at,
				    "rule \"%s\" forwards %s, for which %s already has rule "
				    "\"%s\" (RSLVR-00802)", second->id, name, network,
				    first->id);
	else
		finding = diag_open(diags, SEVERITY_ERROR, "conflicting-domain", NULL, at,
				    "zone \"%s\" has the name %s, which zone \"%s\" already has "
				    "in %s (ConflictingDomainExists)", second->id, name,
				    first->id, network);
	diag_add(diags, finding, PART_OBJECT, object_kind_text(second->kind), second->id,
		 second->at, "the second");
	diag_add(diags, finding, PART_OBJECT, object_kind_text(first->kind), first->id,
		 first->at, "the first");
	return finding;
}

/** One finding a pair, however many networks the two share: each is a part. */
static void
report_conflict(struct claims *claims, const struct claim *first, const struct claim *second,
		const struct holder *holder, const struct ref *where)
{
	uint32_t *pair = scratch_key(claims, &first->index, sizeof(first->index),
				     &second->index, sizeof(second->index));
	struct finding *finding;

	if (!pair)
		return;
	finding = table_find(&claims->pairs, pair, 2 * sizeof(*pair));
	if (!finding)
		finding = open_conflict(claims, first, second, where->at, holder->id);
	diag_add(claims->check->diags, finding, PART_OBJECT, object_kind_text(holder->kind),
		 holder->id, holder->at, holder->kind == OBJECT_PROFILE ?
		 "both are in it" : "both are attached to it");
	if (finding && table_put(&claims->pairs, pair, 2 * sizeof(*pair), finding) != OK)
		claims->check->nomem = true;
}

static void
claim_holder(struct claims *claims, struct claim *claim, const struct holder *holder,
	     const struct ref *where)
{
	size_t len = name_wire_len(claim->name);
	uint8_t *key = scratch_key(claims, &holder->index, sizeof(holder->index),
				   claim->name, len);
	const struct claim *first;

	if (!key)
		return;
	len += sizeof(holder->index);
	first = table_find(&claims->taken, key, len);
	if (first && first->index == claim->index)
		diag_report(claims->check->diags, SEVERITY_WARNING, "repeated-reference",
			    where->at, "\"%s\" is in this list twice", where->id);
	else if (first)
		report_conflict(claims, first, claim, holder, where);
	else if (table_put(&claims->taken, key, len, claim) != OK)
		claims->check->nomem = true;
}

static struct claim *
claim_new(struct claims *claims, struct claim wanted)
{
	struct claim *claim = arena_alloc(&claims->check->scratch, sizeof(*claim));

	if (claim)
		*claim = wanted;
	else
		claims->check->nomem = true;
	return claim;
}

/** What networks have themselves; what Profiles bring may have the same names (1.7.2). */
static void
claim_networks(struct claims *claims, struct claim wanted)
{
	struct claim *claim = claim_new(claims, wanted);

	for (const struct ref *ref = wanted.networks; claim && ref && !claims->check->nomem;
	     ref = ref->next) {
		const struct network *n = ref->object;

		if (n && !ref->by)
			claim_holder(claims, claim, &(struct holder){
				     n->kind == NETWORK_VPC ? OBJECT_VPC : OBJECT_SITE, n->id,
				     n->at, n->index }, ref);
	}
}

static void
claim_profile(struct claims *claims, const struct profile *profile,
	      struct claim wanted, const struct ref *where)
{
	uint32_t behind = (uint32_t)claims->check->estate->network_count;
	struct claim *claim = claim_new(claims, wanted);

	if (claim)
		claim_holder(claims, claim, &(struct holder){ OBJECT_PROFILE, profile->id,
			     profile->at, behind + profile->index }, where);
}

static struct claim
zone_claim(const struct hosted_zone *z)
{
	return (struct claim){ OBJECT_HOSTED_ZONE, z->id, z->name, z->networks, z->at, z->index };
}

static struct claim
rule_claim(const struct resolver_rule *r)
{
	return (struct claim){ OBJECT_RULE, r->id, r->domain_name, r->networks, r->at, r->index };
}

/** All that is in one Profile. */
static void
claim_contents(struct claims *zones, struct claims *rules, const struct profile *profile)
{
	for (const struct ref *ref = profile->zones; ref && !zones->check->nomem;
	     ref = ref->next) {
		const struct hosted_zone *zone = ref->object;

		if (zone && zone->name)
			claim_profile(zones, profile, zone_claim(zone), ref);
	}
	for (const struct ref *ref = profile->rules; ref && !rules->check->nomem;
	     ref = ref->next) {
		const struct resolver_rule *rule = ref->object;

		if (rule && rule->domain_name)
			claim_profile(rules, profile, rule_claim(rule), ref);
	}
}

static void
claims_init(struct claims *claims, struct check *check)
{
	claims->check = check;
	table_init(&claims->taken, &check->scratch);
	table_init(&claims->pairs, &check->scratch);
}

void
check_domains(struct check *check)
{
	struct claims zones, rules;

	claims_init(&zones, check);
	for (const struct hosted_zone *z = check->estate->zones; z; z = z->next)
		if (z->name)
			claim_networks(&zones, zone_claim(z));
	claims_init(&rules, check);
	for (const struct resolver_rule *r = check->estate->rules; r; r = r->next)
		if (r->domain_name)
			claim_networks(&rules, rule_claim(r));
	for (const struct profile *p = check->estate->profiles; p; p = p->next)
		claim_contents(&zones, &rules, p);
}
