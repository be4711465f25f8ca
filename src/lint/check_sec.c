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

/* Networks that ask the Internet for some names; list NULL: not yet gathered. */
struct askers {
	uint32_t *list;
	size_t count;
};

/* Looking at the neighbours of a zone's readers. */
struct leaks {
	struct lint *lint;
	const struct ground *ground;
	uint32_t zone;
	uint8_t *asks;			/* by network: it asks the Internet for some names */
	struct askers *peers;		/* by class of links */
	struct askers *attached;	/* by transit gateway */
	uint32_t *seen;			/* by network: zone + 1 */
	uint32_t *networks;		/* room for all */
	size_t count, enough;		/* with so many it is no slip */
	uint32_t reader;		/* one that the first of them is connected with */
	size_t steps;
};

/**
 * Does it ask the Internet for any names?  Where unclaimed names are declared to go nowhere,
 * nothing leaks.
 */
static bool
asks_at_all(const struct lint *lint, uint32_t network)
{
	const struct settings *s = &lint->estate->settings;
	const struct view *view = snapshot_view(lint->snap, network);

	if (lint->networks[network]->kind != NETWORK_VPC ||	/* a site's own servers decide */
	    !snapshot_network(lint->snap, network)->dns_support ||
	    (s->listeners && !s->internet_resolver))
		return false;
	for (uint32_t i = 0; i < view->cut_count; i++)
		if (view_cut(&lint->snap->root->block, view, i)->action == CUT_INTERNET)
			return true;
	return false;
}

static bool
asks_internet(const struct lint *lint, uint32_t network, const uint8_t *name)
{
	const struct cut *cut = lint_route(lint, network, name).cut;

	return cut && cut->action == CUT_INTERNET;
}

/** Keep a network that asks; room is for all that may come. */
static void
add_asker(const struct leaks *l, struct askers *askers, uint32_t network)
{
	if (askers->list && l->asks[network])
		askers->list[askers->count++] = network;
}

static const struct askers *
peers_asking(struct leaks *l, uint32_t number)
{
	const struct reach_class *class = &l->ground->reach.classes[number];
	struct askers *askers = &l->peers[number];

	if (askers->list)
		return askers;
	askers->list = lint_alloc(l->lint, (size_t)class->peer_count + 1, sizeof(*askers->list));
	for (uint32_t i = 0; i < class->peer_count; i++)
		add_asker(l, askers, class->peers[i]);
	return askers;
}

static const struct askers *
attached_asking(struct leaks *l, uint32_t number)
{
	const struct transit_gateway *gateway = l->ground->reach.gateways[number];
	struct askers *askers = &l->attached[number];
	size_t room = 1;

	if (askers->list)
		return askers;
	for (const struct ref *ref = gateway->vpcs; ref; ref = ref->next)
		room++;
	askers->list = lint_alloc(l->lint, room, sizeof(*askers->list));
	for (const struct ref *ref = gateway->vpcs; ref; ref = ref->next)
		if (ref->object)
			add_asker(l, askers, ((const struct network *)ref->object)->index);
	return askers;
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
look_at_all(struct leaks *l, uint32_t reader, const struct askers *askers)
{
	for (size_t i = 0; i < askers->count; i++)
		if (!look_at(l, reader, askers->list[i]))
			return false;
	return true;
}

static bool
look_around(struct leaks *l, uint32_t reader)
{
	uint32_t number = l->ground->reach.class_of[reader];
	const struct reach_class *class = &l->ground->reach.classes[number];

	if (!look_at_all(l, reader, peers_asking(l, number)))
		return false;
	for (uint32_t i = 0; i < class->gateway_count; i++)
		if (!look_at_all(l, reader, attached_asking(l, class->gateways[i])))
			return false;
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

/** NULL: no memory. */
static struct leaks *
leaks_new(struct lint *lint, const struct ground *ground)
{
	size_t count = lint->estate->network_count;
	struct leaks *l = lint_alloc(lint, 1, sizeof(*l));

	if (!l)
		return NULL;
	l->lint = lint;
	l->ground = ground;
	l->asks = lint_alloc(lint, count, sizeof(*l->asks));
	l->peers = lint_alloc(lint, ground->reach.class_count, sizeof(*l->peers));
	l->attached = lint_alloc(lint, ground->reach.gateway_count, sizeof(*l->attached));
	l->seen = lint_alloc(lint, count, sizeof(*l->seen));
	l->networks = lint_alloc(lint, count, sizeof(*l->networks));
	for (uint32_t i = 0; l->asks && i < count; i++)
		l->asks[i] = asks_at_all(lint, i);
	return lint->nomem ? NULL : l;
}

void
check_private_name_leaks(struct lint *lint, const struct lint_check *check)
{
	struct ground *g = lint_ground(lint);
	struct leaks *l = g ? leaks_new(lint, g) : NULL;

	check_further_leaks(lint, check);
	if (!l)
		return;
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
