#include "lint/witness.h"

#include <stdio.h>

#include "dns/codes.h"
#include "engine/chase.h"

static void
add_claim(struct witness *witness, struct claim claim)
{
	if (witness->claim_count < WITNESS_MAX_CLAIMS)
		witness->claims[witness->claim_count++] = claim;
}

void
witness_claim_zone(struct witness *witness, uint32_t network, uint32_t zone)
{
	add_claim(witness, (struct claim){ network, CLAIM_ZONE, zone });
}

void
witness_claim_rule(struct witness *witness, uint32_t network, uint32_t rule)
{
	add_claim(witness, (struct claim){ network, CLAIM_RULE, rule });
}

void
witness_claim_autodefined(struct witness *witness, uint32_t network)
{
	add_claim(witness, (struct claim){ network, CLAIM_AUTODEFINED, 0 });
}

void
witness_claim_internet(struct witness *witness, uint32_t network)
{
	add_claim(witness, (struct claim){ network, CLAIM_INTERNET, 0 });
}

static struct outcome
zone_outcome(const struct lint *lint, const struct witness *witness, uint32_t zone)
{
	struct suffixes suffixes;

	name_suffixes(&witness->name, &suffixes);
	return outcome_find(lint->snap->zones[zone], &witness->name, &suffixes, witness->type);
}

/** Is the answer's first set one of the group that the lookup found? */
static bool
begins_with(const struct answer *answer, const struct outcome *outcome)
{
	const struct zone_set_ref *ref = outcome->lookup.ref;

	if (answer->count == 0 || answer->items[0].section != SECTION_ANSWER)
		return false;
	for (unsigned i = 0; i < ref->members; i++) {
		const struct zone_set *set = zone_set_at(outcome->zone, ref[i].set_at);

		if (zone_rrset(set, NULL).wire == answer->items[0].set.wire)
			return true;
	}
	return false;
}

/** An alias, or a group that health or an alias may empty: only the zone is certain. */
static bool
is_plain(const struct outcome *outcome)
{
	const struct zone_set_ref *ref = outcome->lookup.ref;

	for (unsigned i = 0; i < ref->members; i++)
		if (zone_set_at(outcome->zone, ref[i].set_at)->alias_at)
			return false;
	return true;
}

static bool
answer_shows(const struct answer *answer, const struct outcome *outcome)
{
	bool empty = answer->count == 0 || answer->items[0].section != SECTION_ANSWER;

	switch (outcome->lookup.kind) {
	case LOOKUP_NXDOMAIN:
		return answer->rcode == RCODE_NXDOMAIN && empty;
	case LOOKUP_NODATA:
		return answer->rcode == RCODE_NOERROR && empty;
	case LOOKUP_ANSWER:
		return !is_plain(outcome) || begins_with(answer, outcome);
	case LOOKUP_CNAME:
	case LOOKUP_DNAME:	/* a chain that fails further on drops its beginning */
		return !is_plain(outcome) || begins_with(answer, outcome) ||
		       answer->rcode == RCODE_SERVFAIL;
	case LOOKUP_DELEGATED:
		return true;	/* what comes of it is the engine's business */
	}
	return false;
}

/** How long an answer may be kept decides no finding. */
static void
note_assumed(void *context, const struct explain_step *step)
{
	struct witness *witness = context;

	if (step->kind == EXPLAIN_ASSUME && step->assume != ASSUME_NEGATIVE_TTL_CAP)
		witness->assumed |= 1u << step->assume;
}

/** What the engine answers, as resolve_offline; what that rests on is noted. */
static bool
replay(struct lint *lint, struct witness *witness, uint32_t network, struct answer *answer,
       struct ask *ask)
{
	uint8_t wire[NAME_MAX_OCTETS + 4];
	struct question q;
	struct chase chase;

	question_make(&witness->name, witness->type, &q, wire);
	lint->resolver->scratch->used = 0;
	chase_init(&chase, lint->resolver, network, 0);
	chase.tell = note_assumed;
	chase.context = witness;
	return chase_question(&chase, &q, answer, ask) == CHASE_ANSWERED;
}

static bool
zone_claim_holds(struct lint *lint, const struct witness *witness, const struct claim *claim,
		 const struct route *route, const struct answer *answer)
{
	struct outcome outcome;

	if (route->kind != ROUTE_ZONE || !cut_is_zone(route->cut, claim->number))
		return false;
	outcome = zone_outcome(lint, witness, claim->number);
	if (!answer)	/* a chain that begins here and leaves */
		return outcome.lookup.ref != NULL;
	return answer_shows(answer, &outcome);
}

/** The route is found apart from the resolver: a chain may go on to other zones or rules. */
static bool
claim_holds(struct lint *lint, struct witness *witness, const struct claim *claim)
{
	struct route route = lint_route(lint, claim->network, witness->name.wire);
	struct answer answer;
	struct ask ask;
	bool answered = replay(lint, witness, claim->network, &answer, &ask);

	switch (claim->kind) {
	case CLAIM_ZONE:
		return zone_claim_holds(lint, witness, claim, &route, answered ? &answer : NULL);
	case CLAIM_RULE:
		return route.kind == ROUTE_FORWARD && cut_is_forward(route.cut) &&
		       route.cut->target == claim->number && !answered &&
		       ask.rule == claim->number;
	case CLAIM_AUTODEFINED:
		return route.kind == ROUTE_AUTODEFINED && answered;
	case CLAIM_INTERNET:	/* where no internet resolver is declared, SERVFAIL */
		return route.kind == ROUTE_FORWARD ? !cut_is_forward(route.cut) && !answered
						   : route.kind == ROUTE_NOWHERE;
	}
	return false;
}

bool
witness_holds(struct lint *lint, const struct lint_check *check, struct witness *witness)
{
	char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX];

	for (unsigned i = 0; i < witness->claim_count; i++) {
		const struct claim *claim = &witness->claims[i];

		if (claim_holds(lint, witness, claim))
			continue;
		lint->broken = true;
		diag_report(lint->diags, SEVERITY_ERROR, "internal-error", (struct srcloc){ 0 },
			    "%s would be reported with the witness %s %s, but in \"%s\" the "
			    "resolver does not answer it so: please report this as a bug",
			    check->code, name_print(witness->name.wire, name),
			    type_print(witness->type, type),
			    lint->networks[claim->network]->id);
		return false;
	}
	return true;
}

static const char *
outcome_text(struct lint *lint, const struct outcome *outcome)
{
	const char *string = "";
	struct text text;

	text_init(&text);
	text_append(&text, "");
	outcome_print(outcome, &lint->arena, &text);
	if (text.failed)
		lint->nomem = true;
	else
		string = lint_printf(lint, "%s", text.data);
	text_fini(&text);
	return string;
}

const char *
witness_zone_text(struct lint *lint, const struct witness *witness, uint32_t zone)
{
	struct outcome outcome = zone_outcome(lint, witness, zone);

	return outcome_text(lint, &outcome);
}

const char *
witness_record_text(struct lint *lint, const struct witness *witness, uint32_t zone)
{
	struct outcome outcome = { .zone = lint->snap->zones[zone] };
	const uint8_t *name = witness->name.wire;

	outcome.lookup.kind = LOOKUP_ANSWER;
	outcome.lookup.node = zone_find(outcome.zone, name, witness->name.len, name_hash(name));
	if (outcome.lookup.node)
		outcome.lookup.ref = zone_node_set(outcome.lookup.node, witness->type);
	return outcome_text(lint, &outcome);
}

/** "10.0.0.53 or 10.0.1.53": where the rule's targets are. */
static const char *
targets_text(struct lint *lint, uint32_t rule)
{
	const char *text = "";

	for (const struct target *t = lint->rules[rule]->targets; t; t = t->next) {
		char address[ADDR_TEXT_MAX];

		text = lint_printf(lint, "%s%s%s", text,
				   !*text ? "" : t->next ? ", " : " or ",
				   t->addr.port == 53 ? addr_print(&t->addr, address)
						      : addr_print_port(&t->addr, address));
	}
	return text;
}

static void
add_outcome(struct lint *lint, struct finding *finding, const struct witness *witness,
	    const struct claim *claim)
{
	const struct network *network = lint->networks[claim->network];
	const char *kind = object_kind_text(network->kind == NETWORK_VPC ? OBJECT_VPC
									 : OBJECT_SITE);
	const struct srcloc nowhere = { 0 };

	switch (claim->kind) {
	case CLAIM_ZONE:
		diag_add(lint->diags, finding, PART_OUTCOME, kind, network->id, nowhere,
			 "%s, from %s", witness_zone_text(lint, witness, claim->number),
			 lint->zones[claim->number]->id);
		return;
	case CLAIM_RULE:
		diag_add(lint->diags, finding, PART_OUTCOME, kind, network->id, nowhere,
			 "forwarded to %s by %s", targets_text(lint, claim->number),
			 lint->rules[claim->number]->id);
		return;
	case CLAIM_AUTODEFINED:
		diag_add(lint->diags, finding, PART_OUTCOME, kind, network->id, nowhere,
			 "answered by the network itself, as for its own instances");
		return;
	case CLAIM_INTERNET:
		diag_add(lint->diags, finding, PART_OUTCOME, kind, network->id, nowhere,
			 "no zone and no rule: asked of the public DNS");
		return;
	}
}

/** What of the replay is presumed: another value could take the finding away. */
static void
add_assumed(struct lint *lint, struct finding *finding, const struct witness *witness)
{
	for (unsigned i = 0; i < ASSUME_POINTS; i++) {
		const struct assume_point *point = assume_point((enum assume)i);
		uint32_t value = lint->snap->root->settings.assume[i];
		const char *word = assume_word((enum assume)i, value);

		if (witness->assumed >> i & 1)
			diag_add(lint->diags, finding, PART_ASSUMED, NULL, point->key,
				 (struct srcloc){ 0 }, "%s (not confirmed: route53-semantics %s)",
				 word ? word : lint_printf(lint, "%u", value), point->sheet);
	}
}

void
witness_add(struct lint *lint, struct finding *finding, const struct witness *witness,
	    const char *text)
{
	char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX], question[NAME_TEXT_MAX + CODE_TEXT_MAX];

	if (!finding)
		return;
	snprintf(question, sizeof(question), "%s %s", name_print(witness->name.wire, name),
		 type_print(witness->type, type));
	if (text)
		diag_add(lint->diags, finding, PART_WITNESS, NULL, question,
			 (struct srcloc){ 0 }, "%s", text);
	else
		diag_add(lint->diags, finding, PART_WITNESS, NULL, question,
			 (struct srcloc){ 0 }, NULL);
	for (unsigned i = 0; i < witness->claim_count; i++)
		add_outcome(lint, finding, witness, &witness->claims[i]);
	add_assumed(lint, finding, witness);
}
