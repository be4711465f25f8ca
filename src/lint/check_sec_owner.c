#include <string.h>

#include "dns/codes.h"
#include "lint/checks.h"
#include "lint/meetings.h"
#include "lint/witness.h"

/*
 * SEC904: in a VPC a zone or rule of another account answers for names that one of the VPC's
 * own account would answer for.  Only declared owners are compared.
 */

#define IS_RULE 0x80000000u	/* in a number of a meeting: a rule, not a zone */

/** Who has declared to own it; NULL: nobody has. */
static const char *
owner_of(const struct lint *lint, uint32_t number)
{
	return number & IS_RULE ? lint->rules[number & ~IS_RULE]->owner_id
				: lint->zones[number]->owner_id;
}

/** A zone or rule as one number; false: it is neither. */
static bool
number_of(uint32_t origin_kind, uint32_t origin, uint32_t *out)
{
	*out = origin_kind == ORIGIN_RULE ? origin | IS_RULE : origin;
	return origin_kind == ORIGIN_RULE || origin_kind == ORIGIN_ZONE;
}

static bool
is_owned_by(const struct lint *lint, uint32_t number, const char *account)
{
	const char *owner = owner_of(lint, number);

	return owner && strcmp(owner, account) == 0;
}

/** What of the account's own has the same name and lost, or covers it by a shorter one. */
static bool
find_served(const struct lint *lint, uint32_t network, const struct cut *cut,
	    const char *account, uint32_t *out)
{
	const struct cut_loser *losers = block_at(&lint->snap->root->block, cut->losers_at);
	const uint8_t *name = lint_cut_name(lint, cut);

	for (uint32_t i = 0; i < cut->loser_count; i++)
		if (number_of(losers[i].origin_kind, losers[i].origin, out) &&
		    is_owned_by(lint, *out, account))
			return true;
	cut = lint_cut_above(lint, network, name, cut->labels);
	return cut && cut->labels > 0 && number_of(cut->origin_kind, cut->origin, out) &&
	       is_owned_by(lint, *out, account);
}

static void
visit_foreign(struct lint *lint, struct meetings *meetings, uint32_t network,
	      const struct cut *cut)
{
	const char *account = lint->networks[network]->owner_id, *owner;
	uint32_t foreign, served = 0;

	if (!account || !number_of(cut->origin_kind, cut->origin, &foreign))
		return;
	owner = owner_of(lint, foreign);
	if (owner && strcmp(owner, account) != 0 &&
	    find_served(lint, network, cut, account, &served))
		meetings_note(lint, meetings, foreign, served, network);
}

static void
add_object(struct lint *lint, struct finding *finding, uint32_t number, const char *text)
{
	if (number & IS_RULE)
		lint_add_rule(lint, finding, number & ~IS_RULE, text);
	else
		lint_add_zone(lint, finding, number, text);
}

static const char *
object_text(struct lint *lint, uint32_t number)
{
	return number & IS_RULE
		       ? lint_printf(lint, "rule \"%s\"", lint->rules[number & ~IS_RULE]->id)
		       : lint_printf(lint, "zone \"%s\"", lint->zones[number]->id);
}

static const uint8_t *
object_name(const struct lint *lint, uint32_t number, struct srcloc *at)
{
	*at = number & IS_RULE ? lint->rules[number & ~IS_RULE]->domain_at
			       : lint->zones[number]->name_at;
	return number & IS_RULE ? lint->rules[number & ~IS_RULE]->domain_name
				: lint->zones[number]->name;
}

/** What the name's own answer is; a SYSTEM rule has none of its own, so nothing is claimed. */
static bool
claim(const struct lint *lint, const struct meeting *m, struct witness *witness)
{
	struct route route = lint_route(lint, m->networks[0], witness->name.wire);

	if (route.kind == ROUTE_ZONE)
		witness_claim_zone(witness, m->networks[0], route.cut->target);
	else if (route.kind == ROUTE_FORWARD && cut_is_forward(route.cut))
		witness_claim_rule(witness, m->networks[0], route.cut->target);
	return witness->claim_count > 0;
}

static void
report_foreign(struct lint *lint, const struct lint_check *check, const struct meeting *m)
{
	const char *account = lint->networks[m->networks[0]]->owner_id;
	struct witness witness = { .type = TYPE_A };
	char domain[NAME_TEXT_MAX];
	struct finding *finding;
	struct srcloc at;

	name_from_wire(object_name(lint, m->one, &at), &witness.name);
	if (claim(lint, m, &witness) && !witness_holds(lint, check, &witness))
		return;
	name_print(witness.name.wire, domain);
	finding = lint_open(lint, check, check->severity, at,
			    "%s of account %s takes %s from %s of account %s in %s, which %s "
			    "that account's", object_text(lint, m->one), owner_of(lint, m->one),
			    domain, object_text(lint, m->other), account,
			    meeting_networks(lint, m), m->count == 1 ? "is" : "are");
	add_object(lint, finding, m->one,
		   lint_printf(lint, "of account %s", owner_of(lint, m->one)));
	add_object(lint, finding, m->other, lint_printf(lint, "of account %s", account));
	meeting_add_networks(lint, finding, m);
	diag_add(lint->diags, finding, PART_NAMES, "subtree", domain, (struct srcloc){ 0 },
		 "all types");
	if (witness.claim_count)
		witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "agree on who owns the name, and narrow what is shared");
}

void
check_foreign_override(struct lint *lint, const struct lint_check *check)
{
	struct meetings meetings;

	meetings_init(lint, &meetings);
	meetings_each_cut(lint, &meetings, visit_foreign);
	for (const struct meeting *m = meetings.first; m && !lint->nomem; m = m->next)
		report_foreign(lint, check, m);
}
