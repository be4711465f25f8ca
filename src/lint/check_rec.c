/*
 * REC706 to REC719, those that look at records and not at where they lead.  What the loader
 * refuses or warns about has its code from lint/adopt.
 */
#include "dns/codes.h"
#include "estate/record.h"
#include "lint/accuse.h"
#include "lint/checks.h"

void
check_dname_conflict(struct lint *lint, const struct lint_check *check)
{
	const struct scan *scan = lint_scan(lint);

	for (const struct suspect *s = scan ? scan->first[FAULT_DNAME] : NULL; s && !lint->nomem;
	     s = s->next) {
		const char *owner = name_text(lint, zone_node_name(s->node));
		struct finding *finding = accuse(lint, check, check->severity, s, "the DNAME",
						 "%s has a DNAME, and %s", owner, s->why);

		if (s->where && s->where->set_count)
			accuse_add_record(lint, finding, s->zone, zone_node_name(s->where),
					  zone_node_refs(s->where)->type,
					  "below it: never answered");
		lint_add_help(lint, finding, "keep one DNAME and nothing else that leads away, "
			      "and move the names below it out");
	}
}

void
check_soa_count(struct lint *lint, const struct lint_check *check)
{
	const struct scan *scan = lint_scan(lint);

	for (const struct suspect *s = scan ? scan->first[FAULT_NO_SOA] : NULL; s && !lint->nomem;
	     s = s->next) {
		const struct hosted_zone *zone = lint->zones[s->zone];
		struct finding *finding;

		finding = lint_open(lint, check, check->severity,
				    (struct srcloc){ zone->zone_file, 1, 1 },
				    "the zone file of %s has no SOA",
				    name_text(lint, zone->name));
		lint_add_zone(lint, finding, s->zone, "its zone");
		lint_add_help(lint, finding, "add one SOA record at the top of the zone");
	}
}

void
check_mixed_routing(struct lint *lint, const struct lint_check *check)
{
	const struct scan *scan = lint_scan(lint);

	for (const struct suspect *s = scan ? scan->first[FAULT_ROUTING] : NULL;
	     s && !lint->nomem; s = s->next) {
		const char *record = record_text(lint, zone_node_name(s->node), s->set->type);
		struct finding *finding;

		if (s->why) {
			finding = accuse(lint, check, check->severity, s, "alone",
					 "%s is %s", record, s->why);
			lint_add_help(lint, finding, "add the missing record set, or make this "
				      "one simple");
		} else {
			finding = accuse(lint, check, SEVERITY_WARNING, s, "one of them",
					 "%s: all weights are 0, so each is chosen equally often",
					 record);
			lint_add_help(lint, finding, "give at least one of them a weight");
		}
	}
}

/** A name that asks the wildcard's zone and is kept from the wildcard; false: none is asked. */
static bool
ask_blocked(struct lint *lint, const struct lint_check *check, const struct tally *t,
	    const struct zone_node *node, struct witness *witness)
{
	uint32_t network = scan_reader(lint, t->zone, zone_node_name(node));

	if (network == NETWORK_NONE)
		return false;
	accuse_ask(witness, network, t->zone, zone_node_name(node), t->type);
	return witness_holds(lint, check, witness);
}

static void
report_blocked(struct lint *lint, const struct lint_check *check, const struct tally *t)
{
	const uint8_t *first = zone_node_name(t->shown[0].node);
	const uint8_t *wildcard = zone_node_name(t->wildcard);
	char type[CODE_TEXT_MAX];
	struct finding *finding;
	struct witness witness;
	bool asked = ask_blocked(lint, check, t, t->shown[0].node, &witness);

	if (!asked && lint->zones[t->zone]->networks)
		return;
	finding = accuse_record(lint, check, check->severity, t->zone, wildcard, t->type,
				"does not reach it",
				"%s exists%s, so %s does not give it %s%s", name_text(lint, first),
				t->shown[0].node->set_count ? "" : " because of names below it",
				name_text(lint, wildcard), type_print(t->type, type),
				t->count == 1 ? "" : lint_printf(lint, ", nor %s",
					lint_count(lint, t->count - 1, "more name",
						   "more names")));
	for (size_t i = 0; finding && i < t->count && i < LINT_SHOWN; i++)
		diag_add(lint->diags, finding, PART_NAMES, "name",
			 name_text(lint, zone_node_name(t->shown[i].node)),
			 (struct srcloc){ 0 }, "%s", type_print(t->shown[i].type, type));
	if (asked)
		witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "add the record to the name explicitly");
}

void
check_wildcard_blocked(struct lint *lint, const struct lint_check *check)
{
	const struct scan *scan = lint_scan(lint);

	for (const struct tally *t = scan ? scan->tallies[TALLY_BLOCKED] : NULL;
	     t && !lint->nomem; t = t->next)
		report_blocked(lint, check, t);
}

/** One finding for all of a zone: at the first, with the next few. */
static void
report_tally(struct lint *lint, const struct lint_check *check, enum severity severity,
	     const struct tally *t, const char *what, const char *help)
{
	const uint8_t *first = zone_node_name(t->shown[0].node);
	const char *more = t->count == 1 ? "" : lint_printf(lint, ", and %zu more of the zone",
							    t->count - 1);
	struct finding *finding;

	finding = accuse_record(lint, check, severity, t->zone, first, t->shown[0].type, what,
				"%s: %s%s", record_text(lint, first, t->shown[0].type), what,
				more);
	for (size_t i = 1; i < t->count && i < LINT_SHOWN; i++)
		accuse_add_record(lint, finding, t->zone, zone_node_name(t->shown[i].node),
				  t->shown[i].type, what);
	lint_add_help(lint, finding, "%s", help);
}

void
check_ttl(struct lint *lint, const struct lint_check *check)
{
	const struct scan *scan = lint_scan(lint);

	for (const struct tally *t = scan ? scan->tallies[TALLY_TTL_ZERO] : NULL;
	     t && !lint->nomem; t = t->next)
		report_tally(lint, check, check->severity, t, "a TTL of 0",
			     "use 60 to 3,600 seconds: 0 makes every question one of ours");
	for (const struct tally *t = scan ? scan->tallies[TALLY_TTL_LONG] : NULL;
	     t && !lint->nomem; t = t->next)
		report_tally(lint, check, check->severity, t, "a TTL of more than a day",
			     "use 60 to 3,600 seconds: what is moved stays wrong so long");
}

void
check_bad_name(struct lint *lint, const struct lint_check *check)
{
	const struct scan *scan = lint_scan(lint);

	for (const struct tally *t = scan ? scan->tallies[TALLY_UNDERSCORE] : NULL;
	     t && !lint->nomem; t = t->next)
		report_tally(lint, check, SEVERITY_NOTE, t, "an underscore in the name of a host",
			     "use a hyphen: some programs refuse such names (RFC 952)");
}

void
check_repeated_suffix(struct lint *lint, const struct lint_check *check)
{
	const struct scan *scan = lint_scan(lint);

	for (const struct suspect *s = scan ? scan->first[FAULT_REPEATED_SUFFIX] : NULL;
	     s && !lint->nomem; s = s->next) {
		const char *apex = name_text(lint, lint_zone_name(lint, s->zone));
		struct finding *finding;

		finding = accuse(lint, check, check->severity, s, "its target",
				 "%s leads to %s, which ends in %s twice",
				 record_text(lint, zone_node_name(s->node), s->set->type),
				 name_text(lint, s->target), apex);
		lint_add_help(lint, finding, "end the target in a dot, or leave %s out", apex);
	}
}

static void
report_target_kind(struct lint *lint, const struct lint_check *check, const struct suspect *s)
{
	uint32_t network = s->where ? scan_reader(lint, s->zone, s->target) : NETWORK_NONE;
	struct finding *finding;
	struct witness witness;

	if (s->where && network == NETWORK_NONE && lint->zones[s->zone]->networks)
		return;		/* a longer zone or a rule has the target */
	if (network != NETWORK_NONE) {
		accuse_ask(&witness, network, s->zone, s->target, TYPE_A);
		if (!witness_holds(lint, check, &witness))
			return;
	}
	finding = accuse(lint, check, check->severity, s, "its target",
			 "%s leads to %s, which %s",
			 record_text(lint, zone_node_name(s->node), s->set->type),
			 name_text(lint, s->target), s->why);
	if (network != NETWORK_NONE)
		witness_add(lint, finding, &witness, "the target");
	lint_add_help(lint, finding, "point it at the name that has the addresses");
}

void
check_bad_target_kind(struct lint *lint, const struct lint_check *check)
{
	const struct scan *scan = lint_scan(lint);

	for (const struct suspect *s = scan ? scan->first[FAULT_TARGET_KIND] : NULL;
	     s && !lint->nomem; s = s->next)
		report_target_kind(lint, check, s);
}
