/*
 * REC701, REC703 to REC705: where CNAMEs and aliases lead within their own zone.
 *
 * A target that some network reads elsewhere, from a longer zone or by a rule, may be found
 * there: what differs between networks is for the checks that compare them.  A zone that no
 * network has is judged by itself, and then there is no witness.
 */
#include "dns/codes.h"
#include "lint/accuse.h"
#include "lint/chains.h"
#include "lint/checks.h"

/** Does every network that reads the owner from the zone read the target from it too? */
static bool
all_read(struct lint *lint, const struct suspect *s, uint32_t *network)
{
	const uint8_t *owner = zone_node_name(s->node);
	size_t count;
	const uint32_t *networks = scan_readers(lint, s->zone, &count);
	bool wildcard = name_wire_is_wildcard(owner);

	*network = NETWORK_NONE;
	for (size_t i = 0; i < count; i++) {
		if (!wildcard && !lint_reads(lint, networks[i], owner, s->zone))
			continue;
		if (!lint_reads(lint, networks[i], s->target, s->zone))
			return false;
		*network = networks[i];
	}
	return *network != NETWORK_NONE || !lint->zones[s->zone]->networks;
}

/** Ask for the target: it must not be there. */
static bool
ask_target(struct lint *lint, const struct lint_check *check, const struct suspect *s,
	   uint32_t network, uint16_t type, struct witness *witness)
{
	if (network == NETWORK_NONE)
		return true;
	accuse_ask(witness, network, s->zone, s->target, type);
	return witness_holds(lint, check, witness);
}

static void
report_dangling(struct lint *lint, const struct lint_check *check, const struct suspect *s)
{
	struct finding *finding;
	struct witness witness;
	uint32_t network;

	if (!all_read(lint, s, &network) ||
	    !ask_target(lint, check, s, network, TYPE_A, &witness))
		return;
	finding = accuse(lint, check, check->severity, s, "leads nowhere",
			 "%s leads to %s, a name of its own zone, which does not exist",
			 record_text(lint, zone_node_name(s->node), TYPE_CNAME),
			 name_text(lint, s->target));
	if (network != NETWORK_NONE)
		witness_add(lint, finding, &witness, "the target");
	lint_add_help(lint, finding, "correct the target, or delete the record");
}

void
check_cname_dangling(struct lint *lint, const struct lint_check *check)
{
	const struct scan *scan = lint_scan(lint);

	for (const struct suspect *s = scan ? scan->first[FAULT_CNAME_DANGLING] : NULL;
	     s && !lint->nomem; s = s->next)
		report_dangling(lint, check, s);
}

/** A network that reads all names of the circle from the zone, or NETWORK_NONE. */
static uint32_t
circle_reader(struct lint *lint, const struct suspect *circle)
{
	size_t count;
	const uint32_t *networks = scan_readers(lint, circle->zone, &count);

	for (size_t i = 0; i < count; i++) {
		const struct suspect *s = circle;

		while (s && lint_reads(lint, networks[i], s->target, s->zone))
			s = s->around;
		if (!s)
			return networks[i];
	}
	return NETWORK_NONE;
}

static const char *
circle_text(struct lint *lint, const struct suspect *circle)
{
	const char *text = name_text(lint, zone_node_name(circle->node));
	unsigned shown = 0;

	for (const struct suspect *s = circle; s; s = s->around)
		if (shown++ < LINT_SHOWN)
			text = lint_printf(lint, "%s -> %s", text, name_text(lint, s->target));
	if (shown > LINT_SHOWN)
		text = lint_printf(lint, "%s and %u more", text, shown - LINT_SHOWN);
	return text;
}

/** The names of the circle are told of: nobody else tells of them again. */
static void
note_circled(struct lint *lint, const struct suspect *circle)
{
	for (const struct suspect *s = circle; s; s = s->around) {
		const uint8_t *owner = zone_node_name(s->node);

		if (table_put(&lint->scan->circled, owner, name_wire_len(owner), lint) != OK)
			lint->nomem = true;
	}
}

static void
report_circle(struct lint *lint, const struct lint_check *check, const struct suspect *circle)
{
	uint32_t network = circle_reader(lint, circle);
	struct witness witness;
	struct finding *finding;

	if (network == NETWORK_NONE && lint->zones[circle->zone]->networks)
		return;
	if (network != NETWORK_NONE) {
		accuse_ask(&witness, network, circle->zone, circle->target,
			   circle->set->alias_at ? circle->set->type : TYPE_A);
		if (!witness_holds(lint, check, &witness))
			return;
	}
	note_circled(lint, circle);
	finding = accuse(lint, check, check->severity, circle, "in the circle",
			 "%s: this goes in a circle, so nothing is ever answered",
			 circle_text(lint, circle));
	for (const struct suspect *s = circle->around; s; s = s->around)
		accuse_add_record(lint, finding, s->zone, zone_node_name(s->node),
				  s->set->type, "in the circle");
	if (network != NETWORK_NONE)
		witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "let one of them lead to a name that has an answer");
}

void
check_cname_loop(struct lint *lint, const struct lint_check *check)
{
	const struct scan *scan = lint_scan(lint);

	for (const struct suspect *s = scan ? scan->first[FAULT_LOOP] : NULL; s && !lint->nomem;
	     s = s->next)
		report_circle(lint, check, s);
	check_cname_loop_across(lint, check);
}

static void
report_long(struct lint *lint, const struct lint_check *check, const struct suspect *s)
{
	const uint8_t *owner = zone_node_name(s->node);
	struct finding *finding;
	struct witness witness;
	uint32_t network;

	if (!all_read(lint, s, &network))
		return;
	if (network != NETWORK_NONE && !name_wire_is_wildcard(owner)) {
		accuse_ask(&witness, network, s->zone, owner,
			   s->set->alias_at ? s->set->type : TYPE_A);
		if (!witness_holds(lint, check, &witness))
			return;
	} else {
		network = NETWORK_NONE;
	}
	finding = accuse(lint, check, check->severity, s, "the first",
			 "%zu CNAMEs or aliases have to be followed from %s on: more than %d",
			 s->count, name_text(lint, owner), CHAIN_MOST);
	if (network != NETWORK_NONE)
		witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "point the first one at the last");
}

void
check_long_chain(struct lint *lint, const struct lint_check *check)
{
	const struct scan *scan = lint_scan(lint);

	for (const struct suspect *s = scan ? scan->first[FAULT_LONG_CHAIN] : NULL;
	     s && !lint->nomem; s = s->next)
		report_long(lint, check, s);
}

/** An alias is followed in its own zone, whatever networks make of the name. */
static void
report_alias(struct lint *lint, const struct lint_check *check, const struct suspect *s)
{
	const uint8_t *owner = zone_node_name(s->node);
	uint32_t network = name_wire_is_wildcard(owner) ? NETWORK_NONE
							: scan_reader(lint, s->zone, owner);
	struct witness witness;
	struct finding *finding;

	if (network != NETWORK_NONE) {
		accuse_ask(&witness, network, s->zone, owner, s->set->type);
		if (!witness_holds(lint, check, &witness))
			return;
	}
	finding = accuse(lint, check, check->severity, s, "gives no answer",
			 "%s is an alias of %s, which %s", record_text(lint, owner, s->set->type),
			 name_text(lint, s->target), s->why);
	if (network != NETWORK_NONE)
		witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "correct the target, or delete the alias");
}

void
check_alias_dangling(struct lint *lint, const struct lint_check *check)
{
	const struct scan *scan = lint_scan(lint);

	for (const struct suspect *s = scan ? scan->first[FAULT_ALIAS_DANGLING] : NULL;
	     s && !lint->nomem; s = s->next)
		report_alias(lint, check, s);
}
