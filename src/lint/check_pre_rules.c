#include "dns/codes.h"
#include "lint/checks.h"
#include "lint/meetings.h"
#include "lint/witness.h"

/* PRE204: a SYSTEM rule with nothing to take back. */

static void
visit_idle(struct lint *lint, struct meetings *meetings, uint32_t network, const struct cut *cut)
{
	const struct cut_loser *losers = block_at(&lint->snap->root->block, cut->losers_at);

	for (uint32_t i = 0; i < cut->loser_count; i++)
		if (losers[i].why == LOST_SYSTEM_NO_FORWARD)
			meetings_note(lint, meetings, losers[i].origin, 0, network);
}

void
check_system_rule_idle(struct lint *lint, const struct lint_check *check)
{
	struct meetings meetings;

	meetings_init(lint, &meetings);
	meetings_each_cut(lint, &meetings, visit_idle);
	for (const struct meeting *m = meetings.first; m && !lint->nomem; m = m->next) {
		const struct resolver_rule *rule = lint->rules[m->one];
		struct finding *finding;
		char name[NAME_TEXT_MAX];

		finding = lint_open(lint, check, check->severity, rule->domain_at,
				    "SYSTEM rule \"%s\" takes nothing back in %s: no FORWARD "
				    "rule there covers %s", rule->id, meeting_networks(lint, m),
				    name_print(rule->domain_name, name));
		lint_add_rule(lint, finding, m->one, "has no effect");
		meeting_add_networks(lint, finding, m);
		lint_add_help(lint, finding, "delete it, or dissociate it from %s",
			      meeting_networks(lint, m));
	}
}

/*
 * PRE205, PRE209: what a network has itself and what its Profiles bring, under one name.  A
 * Profile's zone that gives way is not said here: to a zone it is ZON105, to a rule PRE201.
 */

static bool
has_target(const struct resolver_rule *rule, const struct target *wanted)
{
	for (const struct target *t = rule->targets; t; t = t->next)
		if (addr_equal(&t->addr, &wanted->addr))
			return true;
	return false;
}

static bool
has_targets_of(const struct resolver_rule *rule, const struct resolver_rule *other)
{
	for (const struct target *t = other->targets; t; t = t->next)
		if (!has_target(rule, t))
			return false;
	return true;
}

/** Do both forward, and to different servers? */
static bool
rules_differ(const struct lint *lint, uint32_t one, uint32_t other)
{
	const struct resolver_rule *a = lint->rules[one], *b = lint->rules[other];

	return a->type == RULE_FORWARD && b->type == RULE_FORWARD &&
	       !(has_targets_of(a, b) && has_targets_of(b, a));
}

static void
visit_rules(struct lint *lint, struct meetings *meetings, uint32_t network, const struct cut *cut)
{
	const struct cut_loser *losers = block_at(&lint->snap->root->block, cut->losers_at);

	if (cut->origin_kind != ORIGIN_RULE)
		return;
	for (uint32_t i = 0; i < cut->loser_count; i++)
		if (losers[i].origin_kind == ORIGIN_RULE && losers[i].origin != cut->origin &&
		    rules_differ(lint, cut->origin, losers[i].origin))
			meetings_note(lint, meetings, cut->origin, losers[i].origin, network);
}

/** "profile rp-spokes" or "the network itself": how a rule got there. */
static const char *
rule_came_by(struct lint *lint, uint32_t rule, uint32_t network)
{
	for (const struct ref *ref = lint->rules[rule]->networks; ref; ref = ref->next) {
		const struct network *n = ref->object;

		if (n && n->index == network && ref->by)
			return lint_printf(lint, "by profile \"%s\"", ref->by->profile->id);
	}
	return "directly";
}

static void
report_rules(struct lint *lint, const struct lint_check *check, const struct meeting *m)
{
	const struct resolver_rule *rule = lint->rules[m->one];
	struct witness witness = { .type = TYPE_A };
	struct finding *finding;
	char name[NAME_TEXT_MAX];

	name_from_wire(rule->domain_name, &witness.name);
	witness_claim_rule(&witness, m->networks[0], m->one);
	if (!witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, rule->domain_at,
			    "rules \"%s\" and \"%s\" forward %s to different servers in %s: the "
			    "second is never asked there", rule->id, lint->rules[m->other]->id,
			    name_print(rule->domain_name, name), meeting_networks(lint, m));
	lint_add_rule(lint, finding, m->one,
		      lint_printf(lint, "got %s: wins",
				  rule_came_by(lint, m->one, m->networks[0])));
	lint_add_rule(lint, finding, m->other,
		      lint_printf(lint, "got %s: gives way",
				  rule_came_by(lint, m->other, m->networks[0])));
	meeting_add_networks(lint, finding, m);
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "keep one of the two in %s", meeting_networks(lint, m));
}

void
check_two_rules_one_domain(struct lint *lint, const struct lint_check *check)
{
	struct meetings meetings;

	meetings_init(lint, &meetings);
	meetings_each_cut(lint, &meetings, visit_rules);
	for (const struct meeting *m = meetings.first; m && !lint->nomem; m = m->next)
		report_rules(lint, check, m);
}

/* PRE209: meetings of a Profile's rule and what wins: a rule, or a zone behind all rules. */

static void
visit_shadowed(struct lint *lint, struct meetings *meetings, uint32_t network,
	       const struct cut *cut)
{
	const struct cut_loser *losers = block_at(&lint->snap->root->block, cut->losers_at);
	uint32_t zones_from = (uint32_t)lint->estate->rule_count;
	bool rule_wins = cut->origin_kind == ORIGIN_RULE;

	for (uint32_t i = 0; i < cut->loser_count; i++) {
		const struct cut_loser *loser = &losers[i];

		if (loser->origin_kind != ORIGIN_RULE || loser->why != LOST_TO_OWN ||
		    (rule_wins && rules_differ(lint, cut->origin, loser->origin)))
			continue;
		meetings_note(lint, meetings, loser->origin,
			      rule_wins ? cut->origin : zones_from + cut->origin, network);
	}
}

static void
report_shadowed(struct lint *lint, const struct lint_check *check, const struct meeting *m)
{
	const struct resolver_rule *rule = lint->rules[m->one];
	bool rule_wins = m->other < lint->estate->rule_count;
	uint32_t zone = m->other - (rule_wins ? 0 : (uint32_t)lint->estate->rule_count);
	struct witness witness = { .type = TYPE_SOA };
	struct finding *finding;
	char name[NAME_TEXT_MAX];

	name_from_wire(rule->domain_name, &witness.name);
	if (!rule_wins)
		witness_claim_zone(&witness, m->networks[0], zone);
	else if (lint->rules[m->other]->type == RULE_FORWARD)
		witness_claim_rule(&witness, m->networks[0], m->other);
	if (!witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, rule->domain_at,
			    "rule \"%s\", which %s gets %s, has no effect there: %s has %s of %s "
			    "itself", rule->id, meeting_networks(lint, m),
			    rule_came_by(lint, m->one, m->networks[0]),
			    m->count == 1 ? "the network" : "each network",
			    rule_wins ? "a rule" : "a zone",
			    name_print(rule->domain_name, name));
	lint_add_rule(lint, finding, m->one, "gives way");
	if (rule_wins)
		lint_add_rule(lint, finding, m->other, "the network's own: wins");
	else
		lint_add_zone(lint, finding, zone, "the network's own: wins");
	meeting_add_networks(lint, finding, m);
	if (witness.claim_count)
		witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "if this is not meant, dissociate the network's own");
}

void
check_profile_shadowed(struct lint *lint, const struct lint_check *check)
{
	struct meetings meetings;

	meetings_init(lint, &meetings);
	meetings_each_cut(lint, &meetings, visit_shadowed);
	for (const struct meeting *m = meetings.first; m && !lint->nomem; m = m->next)
		report_shadowed(lint, check, m);
}
