#include <stdio.h>

#include "dns/codes.h"
#include "lint/checks.h"
#include "lint/meetings.h"
#include "lint/records.h"
#include "lint/region.h"
#include "lint/witness.h"

/* A meeting here is one of a rule and a zone, in this order. */

static void
add_meeting(struct lint *lint, struct finding *finding, const struct meeting *m,
	    const char *rule_text, const char *zone_text)
{
	lint_add_rule(lint, finding, m->one, rule_text);
	lint_add_zone(lint, finding, m->other, zone_text);
	meeting_add_networks(lint, finding, m);
}

/* PRE201: a FORWARD rule of a zone's very name. */

static void
visit_equal(struct lint *lint, struct meetings *meetings, uint32_t network,
	    const struct cut *cut)
{
	const struct cut_loser *losers = block_at(&lint->snap->root->block, cut->losers_at);

	if (!cut_is_forward(cut))
		return;
	for (uint32_t i = 0; i < cut->loser_count; i++)
		if (losers[i].origin_kind == ORIGIN_ZONE)
			meetings_note(lint, meetings, cut->target, losers[i].origin, network);
}

/** A record of the zone's that the rule takes: not one that each zone has, if possible. */
struct choosing {
	struct lint *lint;
	const struct meeting *meeting;
	struct witness *witness;
	bool chosen;
};

static void
choose_record(void *context, const uint8_t *owner, uint16_t type)
{
	struct choosing *c = context;
	const struct meeting *m = c->meeting;
	const struct cut *cut;

	if (c->chosen || type == TYPE_SOA || type == TYPE_NS || type == TYPE_DS)
		return;
	cut = lint_route(c->lint, m->networks[0], owner).cut;
	if (!cut || !cut_is_forward(cut) || cut->target != m->one)
		return;
	c->chosen = true;
	name_from_wire(owner, &c->witness->name);
	c->witness->type = type;
}

static void
report_equal(struct lint *lint, const struct lint_check *check, const struct meeting *m)
{
	const uint8_t *name = lint_zone_name(lint, m->other);
	struct witness witness = { .type = TYPE_SOA };
	struct choosing choosing = { lint, m, &witness, false };
	struct finding *finding;
	char buf[NAME_TEXT_MAX];

	name_from_wire(name, &witness.name);
	records_below(lint->snap->zones[m->other], name, choose_record, &choosing);
	witness_claim_rule(&witness, m->networks[0], m->one);
	if (!witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, lint->rules[m->one]->domain_at,
			    "rule \"%s\" and zone \"%s\" are both %s in %s: the rule wins, the "
			    "zone is never read there", lint->rules[m->one]->id,
			    lint->zones[m->other]->id, name_print(name, buf),
			    meeting_networks(lint, m));
	add_meeting(lint, finding, m, "wins", "is not read");
	witness_add(lint, finding, &witness,
		    lint_printf(lint, "the zone says %s",
				witness_zone_text(lint, &witness, m->other)));
	lint_add_help(lint, finding, "remove one of the two from %s", meeting_networks(lint, m));
}

void
check_rule_overrides_zone(struct lint *lint, const struct lint_check *check)
{
	struct meetings meetings;

	meetings_init(lint, &meetings);
	meetings_each_cut(lint, &meetings, visit_equal);
	for (const struct meeting *m = meetings.first; m && !lint->nomem; m = m->next)
		report_equal(lint, check, m);
}

/* PRE202: a FORWARD rule below a zone's name, where the zone has records. */

/** The zone that would be read without this rule and those around it; NULL: none. */
static const struct cut *
zone_around(const struct lint *lint, uint32_t network, const struct cut *rule)
{
	const uint8_t *name = lint_cut_name(lint, rule);
	const struct cut *cut = rule;

	do
		cut = lint_cut_above(lint, network, name, cut->labels);
	while (cut && cut_is_forward(cut));
	return cut && cut->action == CUT_ZONE ? cut : NULL;
}

static void
visit_rule(struct lint *lint, struct meetings *meetings, uint32_t network, const struct cut *cut)
{
	const struct cut *zone = cut_is_forward(cut) ? zone_around(lint, network, cut) : NULL;

	if (zone)
		meetings_note(lint, meetings, cut->target, zone->target, network);
}

/* Records of the zone that the rule takes in some network. */
struct taken {
	struct lint *lint;
	const struct meeting *meeting;
	struct { const uint8_t *owner; uint16_t type; } shown[LINT_SHOWN];
	uint32_t network;	/* in which the first is taken */
	size_t count;
};

static void
judge_taken(void *context, const uint8_t *owner, uint16_t type)
{
	struct taken *t = context;

	for (size_t i = 0; i < t->meeting->count; i++) {
		uint32_t network = t->meeting->networks[i];
		const struct cut *cut = lint_route(t->lint, network, owner).cut;

		if (!cut || !cut_is_forward(cut) || cut->target != t->meeting->one)
			continue;
		if (t->count == 0)
			t->network = network;
		if (t->count < LINT_SHOWN) {
			t->shown[t->count].owner = owner;
			t->shown[t->count].type = type;
		}
		t->count++;
		return;
	}
}

static void
add_taken(struct lint *lint, struct finding *finding, const struct taken *t)
{
	for (size_t i = 0; i < t->count && i < LINT_SHOWN; i++) {
		char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX];
		char id[NAME_TEXT_MAX + CODE_TEXT_MAX];

		snprintf(id, sizeof(id), "%s %s", name_print(t->shown[i].owner, name),
			 type_print(t->shown[i].type, type));
		diag_add(lint->diags, finding, PART_OBJECT, "record", id,
			 lint_record_at(lint, t->meeting->other, t->shown[i].owner,
					t->shown[i].type),
			 "of %s", lint->zones[t->meeting->other]->id);
	}
}

static void
report_taken(struct lint *lint, const struct lint_check *check, const struct taken *t)
{
	const struct meeting *m = t->meeting;
	struct witness witness = { .type = t->shown[0].type };
	char domain[NAME_TEXT_MAX];
	struct finding *finding;

	name_from_wire(t->shown[0].owner, &witness.name);
	witness_claim_rule(&witness, t->network, m->one);
	if (!witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, lint->rules[m->one]->domain_at,
			    "rule \"%s\" takes %s out of zone \"%s\" in %s, and with it %s",
			    lint->rules[m->one]->id,
			    name_print(lint->rules[m->one]->domain_name, domain),
			    lint->zones[m->other]->id, meeting_networks(lint, m),
			    lint_count(lint, t->count, "record", "records"));
	add_taken(lint, finding, t);
	add_meeting(lint, finding, m, "takes the name",
		    t->count == 1 ? "has the record" : "has the records");
	witness_add(lint, finding, &witness,
		    lint_printf(lint, "the record says %s",
				witness_record_text(lint, &witness, m->other)));
	lint_add_help(lint, finding, "move the records to where the rule asks, or narrow the "
		      "rule");
}

void
check_rule_cuts_into_zone(struct lint *lint, const struct lint_check *check)
{
	struct meetings meetings;

	meetings_init(lint, &meetings);
	meetings_each_cut(lint, &meetings, visit_rule);
	for (const struct meeting *m = meetings.first; m && !lint->nomem; m = m->next) {
		struct taken taken = { .lint = lint, .meeting = m };

		records_below(lint->snap->zones[m->other], lint->rules[m->one]->domain_name,
			      judge_taken, &taken);
		if (taken.count)
			report_taken(lint, check, &taken);
	}
}

/*
 * PRE203: a zone below a FORWARD domain.  The root is left out: every zone is below it, and
 * that zones are not captured is what a "." rule is documented to do (route53-semantics
 * 1.3.6).  So is a zone that a SYSTEM rule of its name sets apart on purpose.
 */

static void
visit_zone(struct lint *lint, struct meetings *meetings, uint32_t network, const struct cut *cut)
{
	const struct cut *above;

	if (cut->action != CUT_ZONE || cut->origin_kind != ORIGIN_ZONE)
		return;
	above = lint_cut_above(lint, network, lint_cut_name(lint, cut), cut->labels);
	if (above && cut_is_forward(above) && above->labels > 0)
		meetings_note(lint, meetings, above->target, cut->target, network);
}

/** A name that the zone lacks and is asked for in the network; false: it has them all. */
static bool
missing_name(struct lint *lint, uint32_t network, uint32_t number, struct name *out)
{
	const struct zone *zone = lint->snap->zones[number];

	for (uint32_t i = 0; i < zone->node_count; i++) {
		struct region below = {
			.kind = REGION_OTHERS,
			.name = zone_node_name(zone_node_number(zone, i)),
		};
		struct suffixes suffixes;

		if (name_wire_is_wildcard(below.name))
			continue;	/* nobody asks for x.*.example */
		for (unsigned n = 0; n < LINT_SHOWN && region_member(&below, zone, NULL, n, out);
		     n++) {
			if (!lint_reads(lint, network, out->wire, number))
				continue;
			name_suffixes(out, &suffixes);
			if (lookup_find(zone, out, &suffixes, TYPE_A).kind == LOOKUP_NXDOMAIN)
				return true;
		}
	}
	return false;
}

static void
report_swallowed(struct lint *lint, const struct lint_check *check, const struct meeting *m)
{
	const struct resolver_rule *rule = lint->rules[m->one];
	struct witness witness = { .type = TYPE_A };
	char name[NAME_TEXT_MAX], domain[NAME_TEXT_MAX];
	struct finding *finding;

	if (!missing_name(lint, m->networks[0], m->other, &witness.name))
		return;
	witness_claim_zone(&witness, m->networks[0], m->other);
	if (!witness_holds(lint, check, &witness))
		return;
	name_print(lint_zone_name(lint, m->other), name);
	name_print(rule->domain_name, domain);
	finding = lint_open(lint, check, check->severity, lint->zones[m->other]->name_at,
			    "zone \"%s\" takes %s out of what rule \"%s\" forwards, %s, in %s: "
			    "names it lacks do not exist there", lint->zones[m->other]->id, name,
			    rule->id, domain, meeting_networks(lint, m));
	add_meeting(lint, finding, m, "forwards the names around it", "answers");
	diag_add(lint->diags, finding, PART_NAMES, region_kind_text(REGION_OTHERS), name,
		 (struct srcloc){ 0 }, "all types");
	witness_add(lint, finding, &witness, "a name that the zone lacks");
	lint_add_help(lint, finding, "put all names into the zone, or forward the rest by rules "
		      "of longer names");
}

void
check_zone_cuts_into_rule(struct lint *lint, const struct lint_check *check)
{
	struct meetings meetings;

	meetings_init(lint, &meetings);
	meetings_each_cut(lint, &meetings, visit_zone);
	for (const struct meeting *m = meetings.first; m && !lint->nomem; m = m->next)
		report_swallowed(lint, check, m);
}
