#include <string.h>

#include "dns/codes.h"
#include "lint/checks.h"
#include "lint/ground.h"
#include "lint/witness.h"

/* SEC901: records that point to where somebody else could take a name. */

static void
report_claimable(struct lint *lint, const struct lint_check *check, const struct use *use)
{
	uint32_t services;
	const struct takeover_service *s = &takeover_services(&services)[use->number];
	size_t count = ground_readers(lint, lint->ground, use->zone);
	struct witness witness = { 0 };
	struct finding *finding;
	bool shown = false;

	finding = lint_open(lint, check, check->severity,
			    ground_use_at(lint, lint->ground, use),
			    "zone \"%s\" has %s to names below %s: who makes %s of such a name, "
			    "when yours was deleted, has the record", lint->zones[use->zone]->id,
			    lint_count(lint, use->count, "record that points",
				       "records that point"), s->suffix, s->service);
	lint_add_zone(lint, finding, use->zone, "has the records");
	for (size_t i = 0; i < count; i++)
		lint_add_network(lint, finding, lint->ground->readers[i]);
	ground_add_records(lint, lint->ground, finding, use);
	for (size_t i = 0; i < count && !shown; i++)
		shown = ground_witness(lint, lint->ground, use, lint->ground->readers[i],
				       &witness);
	if (shown && witness_holds(lint, check, &witness))
		witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "see that what they point to is still yours; delete a record "
		      "before the resource");
}

void
check_takeover_candidate(struct lint *lint, const struct lint_check *check)
{
	const struct ground *g = lint_ground(lint);

	for (size_t i = 0; g && i < g->uses.count && !lint->nomem; i++)
		if (g->uses.list[i].kind == USE_CLAIMABLE)
			report_claimable(lint, check, &g->uses.list[i]);
}

/*
 * SEC902: networks that are connected with those that read a zone, and ask the Internet for
 * its names.  They are fewer than the readers: a zone that most of its readers' neighbours do
 * without is meant for a few, as far as one can see.
 */

#define LEAK_STEPS 20000000	/* of the whole run: what it does not suffice for is a gap */

/* Looking at the neighbours of a zone's readers. */
struct leaks {
	struct lint *lint;
	const struct ground *ground;
	uint32_t zone;
	uint32_t *seen;			/* by network: zone + 1 */
	uint32_t *networks;		/* room for all */
	size_t count, enough;		/* with so many it is no slip */
	uint32_t reader;		/* one that the first of them is connected with */
	size_t steps;
};

/** Where unclaimed names are declared to go nowhere, nothing leaks. */
static bool
asks_internet(const struct lint *lint, uint32_t network, const uint8_t *name)
{
	const struct settings *s = &lint->estate->settings;
	const struct cut *cut;

	if (lint->networks[network]->kind != NETWORK_VPC ||	/* a site's own servers decide */
	    !snapshot_network(lint->snap, network)->dns_support ||
	    (s->listeners && !s->internet_resolver))
		return false;
	cut = lint_route(lint, network, name).cut;
	return cut && cut->action == CUT_INTERNET;
}

/** false: there are enough. */
static bool
look_at(struct leaks *l, uint32_t reader, uint32_t network)
{
	l->steps++;
	if (l->seen[network] == l->zone + 1)
		return true;
	l->seen[network] = l->zone + 1;
	l->steps += 16;	/* what a look-up costs beside the above */
	if (!asks_internet(l->lint, network, lint_zone_name(l->lint, l->zone)))
		return true;
	if (!l->count)
		l->reader = reader;
	l->networks[l->count++] = network;
	return l->count < l->enough && l->steps < LEAK_STEPS;
}

static bool
look_around(struct leaks *l, uint32_t reader)
{
	const struct reach *reach = &l->ground->reach;
	const struct reach_class *class = &reach->classes[reach->class_of[reader]];

	for (uint32_t i = 0; i < class->peer_count; i++)
		if (!look_at(l, reader, class->peers[i]))
			return false;
	for (uint32_t i = 0; i < class->gateway_count; i++) {
		const struct ref *ref = reach->gateways[class->gateways[i]]->vpcs;

		for (; ref; ref = ref->next) {
			const struct network *vpc = ref->object;

			if (vpc && !look_at(l, reader, vpc->index))
				return false;
		}
	}
	return true;
}

static void
find_leaks(struct leaks *l, size_t readers)
{
	const struct ground *g = l->ground;
	uint32_t last = UINT32_MAX;	/* equal links have equal neighbours */

	l->count = 0;
	l->enough = readers;
	for (size_t i = 0; i < readers; i++)
		l->seen[g->readers[i]] = l->zone + 1;
	for (size_t i = 0; i < readers; i++) {
		uint32_t class = g->reach.class_of[g->readers[i]];

		if (class != last && !look_around(l, g->readers[i]))
			return;
		last = class;
	}
}

static void
report_leak(struct lint *lint, const struct lint_check *check, const struct leaks *leak)
{
	uint32_t zone = leak->zone;
	const uint8_t *name = lint_zone_name(lint, zone);
	const struct network *first = lint->networks[leak->networks[0]];
	struct witness witness = { .type = TYPE_SOA };
	char domain[NAME_TEXT_MAX];
	struct finding *finding;

	name_from_wire(name, &witness.name);
	witness_claim_zone(&witness, leak->reader, zone);
	if (!witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, lint->zones[zone]->name_at,
			    "%s %s the Internet for the names of zone \"%s\", %s, and %s "
			    "connected with networks that have it",
			    lint_networks_text(lint, leak->networks, leak->count),
			    leak->count == 1 ? "asks" : "ask", lint->zones[zone]->id,
			    name_print(name, domain), leak->count == 1 ? "is" : "are");
	lint_add_zone(lint, finding, zone, "is private");
	for (size_t i = 0; i < leak->count; i++)
		lint_add_network(lint, finding, leak->networks[i]);
	diag_add(lint->diags, finding, PART_NAMES, "subtree", domain, (struct srcloc){ 0 },
		 "all types");
	witness_add(lint, finding, &witness, NULL);
	if (finding)
		diag_add(lint->diags, finding, PART_OUTCOME,
			 object_kind_text(first->kind == NETWORK_VPC ? OBJECT_VPC : OBJECT_SITE),
			 first->id, (struct srcloc){ 0 }, "asked of the Internet");
	lint_add_help(lint, finding, "associate the zone with %s, or add a rule there",
		      leak->count == 1 ? "it" : "them");
}

void
check_private_name_leaks(struct lint *lint, const struct lint_check *check)
{
	struct ground *g = lint_ground(lint);
	struct leaks *l = lint_alloc(lint, 1, sizeof(*l));

	check_further_leaks(lint, check);
	if (!g || !l)
		return;
	l->lint = lint;
	l->ground = g;
	l->seen = lint_alloc(lint, lint->estate->network_count, sizeof(*l->seen));
	l->networks = lint_alloc(lint, lint->estate->network_count, sizeof(*l->networks));
	for (l->zone = 0; !lint->nomem && l->zone < lint->estate->zone_count; l->zone++) {
		size_t readers;

		if (l->steps >= LEAK_STEPS) {
			diag_gap(lint->diags, lint_printf(lint, "private names that leak "
							  "(%s), from zone \"%s\" on",
							  check->code, lint->zones[l->zone]->id),
				 "the work budget is spent");
			return;
		}
		readers = ground_readers(lint, g, l->zone);

		find_leaks(l, readers);
		if (l->count && l->count < readers)
			report_leak(lint, check, l);
	}
}
