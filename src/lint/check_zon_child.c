#include <stdio.h>

#include "dns/codes.h"
#include "lint/checks.h"
#include "lint/clash.h"
#include "lint/records.h"

/*
 * ZON103: records of a zone that a zone of a longer name takes away.  Gravest where no
 * network that has the zone reads them.
 */

struct hidden_record {
	const uint8_t *owner;
	uint16_t type;
	uint32_t hidden_in;	/* network */
	uint32_t read_in;	/* network; NETWORK_NONE: the record is read nowhere */
	struct hidden_record *next;
};

/* A zone and the child zone that hides records of it. */
struct hiding {
	struct lint *lint;
	uint32_t parent, child;
	const struct side *having;	/* the networks that have the parent */
	uint8_t *hides;			/* by place in `having`: something is hidden there */
	struct hidden_record *records, **records_end;
	size_t count, dead;		/* hidden; of these read nowhere */
};

static void
keep_hidden(struct hiding *h, const struct hidden_record *record)
{
	struct hidden_record *kept = lint_alloc(h->lint, 1, sizeof(*kept));

	if (!kept)
		return;
	*kept = *record;
	*h->records_end = kept;
	h->records_end = &kept->next;
	h->count++;
	h->dead += record->read_in == NETWORK_NONE;
}

/** Where is this record of the parent's hidden, and where is it read? */
static void
judge_record(void *context, const uint8_t *owner, uint16_t type)
{
	struct hiding *h = context;
	struct hidden_record record = {
		.owner = owner, .type = type,
		.hidden_in = NETWORK_NONE, .read_in = NETWORK_NONE,
	};

	for (size_t i = 0; i < h->having->count; i++) {
		uint32_t network = h->having->networks[i];
		struct route route = lint_route(h->lint, network, owner);

		if (route.kind != ROUTE_ZONE)
			continue;
		if (cut_is_zone(route.cut, h->parent) && record.read_in == NETWORK_NONE)
			record.read_in = network;
		if (!cut_is_zone(route.cut, h->child))
			continue;
		h->hides[i] = 1;
		if (record.hidden_in == NETWORK_NONE)
			record.hidden_in = network;
	}
	if (record.hidden_in != NETWORK_NONE)
		keep_hidden(h, &record);
}

/** Add the records a few of which stand for all: those read nowhere, if there are such. */
static void
add_records(struct lint *lint, struct finding *finding, const struct hiding *h)
{
	size_t room = LINT_SHOWN;

	for (const struct hidden_record *r = h->records; r && room; r = r->next) {
		char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX];
		char id[NAME_TEXT_MAX + CODE_TEXT_MAX];

		if (h->dead && r->read_in != NETWORK_NONE)
			continue;
		snprintf(id, sizeof(id), "%s %s", name_print(r->owner, name),
			 type_print(r->type, type));
		diag_add(lint->diags, finding, PART_OBJECT, "record", id,
			 lint_record_at(lint, h->parent, r->owner, r->type), "of %s",
			 lint->zones[h->parent]->id);
		room--;
	}
}

static void
add_hiding_networks(struct lint *lint, struct finding *finding, const struct hiding *h)
{
	for (size_t i = 0; i < h->having->count; i++)
		if (h->hides[i])
			lint_add_network(lint, finding, h->having->networks[i]);
}

static size_t
count_hiding(const struct hiding *h)
{
	size_t count = 0;

	for (size_t i = 0; i < h->having->count; i++)
		count += h->hides[i];
	return count;
}

/** What is hidden and how badly. */
static const char *
hiding_text(struct lint *lint, const struct hiding *h)
{
	const char *records = lint_count(lint, h->count, "record", "records");
	const char *is = h->count == 1 ? "is" : "are";
	const char *parent = lint->zones[h->parent]->id;

	if (h->dead == h->count)
		return lint_printf(lint, "%s of zone \"%s\" %s never read", records, parent, is);
	if (h->dead)
		return lint_printf(lint, "%s of zone \"%s\" %s hidden, %zu of them from all who "
				   "have the zone", records, parent, is, h->dead);
	return lint_printf(lint, "%s of zone \"%s\" %s hidden in %zu of %s", records, parent, is,
			   count_hiding(h),
			   lint_count(lint, h->having->count, "network", "networks"));
}

static void
report_hiding(struct lint *lint, const struct lint_check *check, const struct hiding *h)
{
	const struct hidden_record *first = h->records;
	char name[NAME_TEXT_MAX];
	struct witness witness;
	struct finding *finding;

	while (h->dead && first->read_in != NETWORK_NONE)
		first = first->next;
	witness = (struct witness){ .type = first->type };
	name_from_wire(first->owner, &witness.name);
	witness_claim_zone(&witness, first->hidden_in, h->child);
	if (first->read_in != NETWORK_NONE)
		witness_claim_zone(&witness, first->read_in, h->parent);
	if (!witness_holds(lint, check, &witness))
		return;

	name_print(lint_zone_name(lint, h->child), name);
	finding = lint_open(lint, check, h->dead ? SEVERITY_ERROR : SEVERITY_WARNING,
			    lint_record_at(lint, h->parent, first->owner, first->type),
			    "%s: zone \"%s\", %s, answers for the %s", hiding_text(lint, h),
			    lint->zones[h->child]->id, name, h->count == 1 ? "name" : "names");
	add_records(lint, finding, h);
	lint_add_zone(lint, finding, h->parent,
		      h->count == 1 ? "has the record" : "has the records");
	lint_add_zone(lint, finding, h->child, "answers");
	add_hiding_networks(lint, finding, h);
	witness_add(lint, finding, &witness,
		    lint_printf(lint, "the record says %s",
				witness_record_text(lint, &witness, h->parent)));
	lint_add_help(lint, finding, "move %s to \"%s\"", h->count == 1 ? "it" : "them",
		      lint->zones[h->child]->id);
}

static void
judge_child(struct lint *lint, const struct lint_check *check, const struct side *having,
	    uint32_t child)
{
	struct hiding h = {
		.lint = lint, .parent = having->zone, .child = child, .having = having,
		.hides = lint_alloc(lint, having->count, 1), .records_end = &h.records,
	};

	if (!h.hides)
		return;
	records_below(lint->snap->zones[having->zone], lint_zone_name(lint, child),
		      judge_record, &h);
	if (h.count)
		report_hiding(lint, check, &h);
}

/** Judge each zone that cuts into this one in some network, once. */
static void
judge_children(struct lint *lint, const struct lint_check *check, const struct side *having,
	       uint32_t *seen)
{
	const uint8_t *name = lint_zone_name(lint, having->zone);

	for (size_t n = 0; n < having->count; n++) {
		uint32_t network = having->networks[n];
		const struct cut *cut;

		for (uint32_t i = lint_first_below(lint, network, name);
		     (cut = lint_cut_below(lint, network, name, i)); i++) {
			if (cut->action != CUT_ZONE || cut->origin_kind != ORIGIN_ZONE ||
			    seen[cut->target] == having->zone + 1)
				continue;
			seen[cut->target] = having->zone + 1;
			judge_child(lint, check, having, cut->target);
		}
	}
}

/** The networks that have the zone and use it, whoever answers for its name there. */
static void
find_having(struct lint *lint, uint32_t zone, struct side *having)
{
	size_t room = 0;

	for (const struct ref *ref = lint->zones[zone]->networks; ref; ref = ref->next)
		room++;
	*having = (struct side){
		.zone = zone, .networks = lint_alloc(lint, room, sizeof(*having->networks)),
	};
	for (const struct ref *ref = lint->zones[zone]->networks; having->networks && ref;
	     ref = ref->next) {
		const struct network *network = ref->object;

		if (lint_uses_zones(lint, network->index))
			having->networks[having->count++] = network->index;
	}
}

void
check_record_hidden_by_child_zone(struct lint *lint, const struct lint_check *check)
{
	uint32_t count = (uint32_t)lint->estate->zone_count;
	uint32_t *seen = lint_alloc(lint, count, sizeof(*seen));	/* by child: parent + 1 */

	for (uint32_t zone = 0; seen && zone < count; zone++) {
		struct side having;

		find_having(lint, zone, &having);
		judge_children(lint, check, &having, seen);
	}
}

/*
 * ZON104: connected networks share a zone, and one of them has a child zone of it that the
 * other lacks: what lies below the child's name differs between them.
 */

/** The zone that would serve the child's names in this network without the child, or none. */
static const struct cut *
parent_cut(const struct lint *lint, uint32_t network, uint32_t child)
{
	const uint8_t *name = lint_zone_name(lint, child);
	const struct cut *cut = lint_cut_above(lint, network, name, name_wire_labels(name));

	return cut && cut->action == CUT_ZONE ? cut : NULL;
}

static void
report_one_sided(struct lint *lint, const struct lint_check *check, const struct clash *clash)
{
	const struct hosted_zone *child = lint->zones[clash->a.zone];
	uint8_t *concerned = lint_alloc(lint, lint->estate->network_count, 1);
	size_t room = LINT_SHOWN;
	char name[NAME_TEXT_MAX];
	struct witness witness;
	struct finding *finding;

	clash_witness(lint, clash, &witness);
	if (!concerned || !witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, child->name_at,
			    "%s different answers in %s: both have zone \"%s\", one its child "
			    "\"%s\"",
			    lint_printf(lint, "%s in %s %s",
					lint_count(lint, clash->region_count, "name", "names"),
					name_print(child->name, name),
					clash->region_count == 1 ? "has" : "have"),
			    lint_pairs(lint, clash->affected_count),
			    lint->zones[clash->b.zone]->id, child->id);
	lint_add_zone(lint, finding, clash->a.zone,
		      lint_printf(lint, "the child, read by %s",
				  lint_networks_text(lint, clash->a.networks, clash->a.count)));
	lint_add_zone(lint, finding, clash->b.zone,
		      lint_printf(lint, "the parent; alone in %s",
				  lint_networks_text(lint, clash->b.networks, clash->b.count)));
	clash_add_pairs(lint, finding, clash, &room);
	clash_mark_networks(clash, concerned);
	clash_add_networks(lint, finding, concerned);
	clash_add_names(lint, finding, clash->regions);
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "associate \"%s\" with every network that has \"%s\"",
		      child->id, lint->zones[clash->b.zone]->id);
}

/** Networks of `all` whose names below the child would go to this parent. */
static void
keep_with_parent(struct lint *lint, const struct side *all, uint32_t parent, struct side *out)
{
	*out = (struct side){
		.zone = all->zone, .networks = lint_alloc(lint, all->count, sizeof(uint32_t)),
	};
	for (size_t i = 0; out->networks && i < all->count; i++) {
		const struct cut *cut = parent_cut(lint, all->networks[i], all->zone);

		if (cut && cut->target == parent)
			out->networks[out->count++] = all->networks[i];
	}
}

static void
judge_parent(struct lint *lint, const struct lint_check *check, const struct side *having,
	     uint32_t parent)
{
	struct clash clash = { .top = lint_zone_name(lint, having->zone) };

	keep_with_parent(lint, having, parent, &clash.a);
	side_find(lint, &clash.b, parent, clash.top);
	if (!clash_pair(lint, &clash))
		return;
	clash_compare(lint, &clash);
	if (clash.region_count)
		report_one_sided(lint, check, &clash);
}

void
check_child_zone_seen_by_one_peer(struct lint *lint, const struct lint_check *check)
{
	uint32_t count = (uint32_t)lint->estate->zone_count;
	uint32_t *seen = lint_alloc(lint, count, sizeof(*seen));	/* by parent: child + 1 */

	for (uint32_t child = 0; seen && child < count; child++) {
		struct side having;

		side_find(lint, &having, child, lint_zone_name(lint, child));
		for (size_t i = 0; i < having.count; i++) {
			const struct cut *cut = parent_cut(lint, having.networks[i], child);

			if (!cut || cut->target == child || seen[cut->target] == child + 1)
				continue;
			seen[cut->target] = child + 1;
			judge_parent(lint, check, &having, cut->target);
		}
	}
}
