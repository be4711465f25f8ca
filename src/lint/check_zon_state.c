#include "dns/codes.h"
#include "lint/checks.h"
#include "lint/meetings.h"
#include "lint/region.h"
#include "lint/witness.h"

/* ZON105: one network gets two zones of one name. */

/** Meet the zone that comes first with each that gives way to it, or to what it gave way to. */
static void
visit_twice(struct lint *lint, struct meetings *meetings, uint32_t network, const struct cut *cut)
{
	const struct cut_loser *losers = block_at(&lint->snap->root->block, cut->losers_at);
	const uint32_t *first = cut->action == CUT_ZONE ? &cut->target : NULL;

	for (uint32_t i = 0; i < cut->loser_count; i++) {
		if (losers[i].origin_kind != ORIGIN_ZONE)
			continue;
		if (!first)
			first = &losers[i].origin;
		else if (name_wire_equal(lint_zone_name(lint, *first), lint_cut_name(lint, cut)))
			meetings_note(lint, meetings, *first, losers[i].origin, network);
	}
}

/** How a zone got into the network. */
static const char *
zone_came_by(struct lint *lint, uint32_t zone, uint32_t network, const char *then)
{
	for (const struct ref *ref = lint->zones[zone]->networks; ref; ref = ref->next) {
		const struct network *n = ref->object;

		if (n && n->index == network && ref->by)
			return lint_printf(lint, "got by profile \"%s\": %s",
					   ref->by->profile->id, then);
	}
	return lint_printf(lint, "got directly: %s", then);
}

static void
report_twice(struct lint *lint, const struct lint_check *check, const struct meeting *m)
{
	uint32_t network = m->networks[0];
	const uint8_t *name = lint_zone_name(lint, m->one);
	struct witness witness = { .type = TYPE_SOA };
	struct finding *finding;
	char text[NAME_TEXT_MAX];

	name_from_wire(name, &witness.name);
	if (lint_reads(lint, network, name, m->one))	/* else a rule has the name */
		witness_claim_zone(&witness, network, m->one);
	if (!witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, lint->zones[m->other]->name_at,
			    "zones \"%s\" and \"%s\" are both %s in %s: the second is never read "
			    "there", lint->zones[m->one]->id, lint->zones[m->other]->id,
			    name_print(name, text), meeting_networks(lint, m));
	lint_add_zone(lint, finding, m->other,
		      zone_came_by(lint, m->other, network, "gives way"));
	lint_add_zone(lint, finding, m->one, zone_came_by(lint, m->one, network, "comes first"));
	meeting_add_networks(lint, finding, m);
	if (witness.claim_count)
		witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "take one of the two away from %s",
		      meeting_networks(lint, m));
}

void
check_zone_twice_in_view(struct lint *lint, const struct lint_check *check)
{
	struct meetings meetings;

	meetings_init(lint, &meetings);
	meetings_each_cut(lint, &meetings, visit_twice);
	for (const struct meeting *m = meetings.first; m && !lint->nomem; m = m->next)
		report_twice(lint, check, m);
}

/* ZON108: a zone that has nothing but what each zone has. */

static bool
is_empty(const struct zone *zone)
{
	const struct zone_node *apex = zone_node_at(zone, zone->apex_at);
	const struct zone_set_ref *refs = zone_node_refs(apex);

	if (zone->node_count > 1)
		return false;
	for (unsigned i = 0; i < apex->set_count; i++)
		if (refs[i].type != TYPE_SOA && refs[i].type != TYPE_NS)
			return false;
	return true;
}

/** A network that reads this name from the zone, or NETWORK_NONE. */
static uint32_t
reader_of(const struct lint *lint, uint32_t zone, const uint8_t *name)
{
	for (const struct ref *ref = lint->zones[zone]->networks; ref; ref = ref->next) {
		const struct network *network = ref->object;

		if (network && lint_reads(lint, network->index, name, zone))
			return network->index;
	}
	return NETWORK_NONE;
}

/** A name below the zone's and who reads it there; false: rules or other zones take all. */
static bool
find_absent(struct lint *lint, uint32_t zone, struct witness *witness)
{
	struct region below = { .kind = REGION_OTHERS, .name = lint_zone_name(lint, zone) };

	for (unsigned i = 0; i < LINT_SHOWN &&
	     region_member(&below, lint->snap->zones[zone], NULL, i, &witness->name); i++) {
		uint32_t network = reader_of(lint, zone, witness->name.wire);

		if (network == NETWORK_NONE)
			continue;
		witness_claim_zone(witness, network, zone);
		return true;
	}
	return false;
}

static void
report_empty(struct lint *lint, const struct lint_check *check, uint32_t zone)
{
	struct witness witness = { .type = TYPE_A };
	struct finding *finding;
	char name[NAME_TEXT_MAX];

	if (!find_absent(lint, zone, &witness) || !witness_holds(lint, check, &witness))
		return;
	name_print(lint_zone_name(lint, zone), name);
	finding = lint_open(lint, check, check->severity, lint->zones[zone]->name_at,
			    "zone \"%s\" has no records: nothing exists at or below %s for who "
			    "reads it", lint->zones[zone]->id, name);
	lint_add_zone(lint, finding, zone, "is empty");
	for (const struct ref *ref = lint->zones[zone]->networks; ref; ref = ref->next)
		if (ref->object)
			lint_add_network(lint, finding,
					 ((const struct network *)ref->object)->index);
	diag_add(lint->diags, finding, PART_NAMES, "subtree", name, (struct srcloc){ 0 },
		 "all types");
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "fill the zone or delete it");
}

void
check_empty_zone(struct lint *lint, const struct lint_check *check)
{
	for (uint32_t z = 0; z < lint->estate->zone_count && !lint->nomem; z++)
		if (lint->zones[z]->networks && is_empty(lint->snap->zones[z]))
			report_empty(lint, check, z);
}

/*
 * ZON109: a zone that leads nowhere: no cut of any network has it, though some are attached.
 * Of one network alone PRE201 or ZON105 says all there is.
 */

static uint8_t *
mark_read(struct lint *lint)
{
	uint8_t *read = lint_alloc(lint, lint->estate->zone_count, 1);

	for (uint32_t n = 0; read && n < lint->estate->network_count; n++) {
		const struct view *view = snapshot_view(lint->snap, n);

		for (uint32_t i = 0; i < view->cut_count; i++) {
			const struct cut *cut = view_cut(&lint->snap->root->block, view, i);

			if (cut->action == CUT_ZONE)
				read[cut->target] = 1;
		}
	}
	return read;
}

/** The networks that would read the zone if it came first there. */
static size_t
attached_to(const struct lint *lint, uint32_t zone, uint32_t *networks)
{
	size_t count = 0;

	for (const struct ref *ref = lint->zones[zone]->networks; ref; ref = ref->next) {
		const struct network *network = ref->object;

		if (network && lint_uses_zones(lint, network->index))
			networks[count++] = network->index;
	}
	return count;
}

/** What answers for the zone's name in the network. */
static void
claim_winner(const struct lint *lint, uint32_t network, struct witness *witness)
{
	const struct cut *cut = lint_route(lint, network, witness->name.wire).cut;

	if (cut && cut_is_forward(cut))
		witness_claim_rule(witness, network, cut->target);
	else if (cut && cut->action == CUT_ZONE)
		witness_claim_zone(witness, network, cut->target);
}

static void
report_dead(struct lint *lint, const struct lint_check *check, uint32_t zone,
	    const uint32_t *networks, size_t count)
{
	struct witness witness = { .type = TYPE_SOA };
	struct finding *finding;
	char name[NAME_TEXT_MAX];

	name_from_wire(lint_zone_name(lint, zone), &witness.name);
	for (size_t i = 0; i < count && i < LINT_SHOWN; i++)
		claim_winner(lint, networks[i], &witness);
	if (!witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, lint->zones[zone]->name_at,
			    "zone \"%s\", %s, is read nowhere: each of its networks (%s) has a "
			    "rule or another zone of this name that comes first",
			    lint->zones[zone]->id, name_print(witness.name.wire, name),
			    lint_networks_text(lint, networks, count));
	lint_add_zone(lint, finding, zone, "is never read");
	for (size_t i = 0; i < count; i++)
		lint_add_network(lint, finding, networks[i]);
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "delete the zone, or what comes before it");
}

void
check_dead_zone(struct lint *lint, const struct lint_check *check)
{
	uint32_t *networks = lint_alloc(lint, lint->estate->network_count, sizeof(*networks));
	const uint8_t *read = mark_read(lint);

	for (uint32_t z = 0; networks && read && z < lint->estate->zone_count; z++) {
		size_t count = read[z] ? 0 : attached_to(lint, z, networks);

		if (count > 1)
			report_dead(lint, check, z, networks, count);
	}
}

/* ZON113: a private zone of nobody.  Without networks in the estate nothing can be said. */

void
check_orphan_zone(struct lint *lint, const struct lint_check *check)
{
	uint8_t *kept = lint_alloc(lint, lint->estate->zone_count, 1);

	if (!kept || lint->estate->network_count == 0)
		return;
	for (const struct profile *p = lint->estate->profiles; p; p = p->next)
		for (const struct ref *ref = p->zones; ref; ref = ref->next)
			if (ref->object)
				kept[((const struct hosted_zone *)ref->object)->index] = 1;
	for (uint32_t i = 0; i < lint->estate->zone_count; i++) {
		const struct hosted_zone *zone = lint->zones[i];
		struct finding *finding;
		char name[NAME_TEXT_MAX];

		if (zone->public_zone || zone->networks || kept[i])
			continue;
		finding = lint_open(lint, check, check->severity, zone->name_at,
				    "zone \"%s\", %s, is associated with no network and in no "
				    "Profile: nobody reads it", zone->id,
				    name_print(zone->name, name));
		lint_add_zone(lint, finding, i, "is of nobody");
		lint_add_help(lint, finding, "associate it or delete it; if it is a public zone, "
			      "say private_zone: false");
	}
}
