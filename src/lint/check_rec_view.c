/*
 * REC702, and REC703 across zones: what CNAMEs and aliases that leave their zone come to,
 * network by network.
 *
 * Asked once for each class of networks that reads the zone, and only where these answer the
 * target from different places, or a circle could close: by way of another zone.
 */
#include <string.h>

#include "dns/codes.h"
#include "lint/accuse.h"
#include "lint/checks.h"
#include "lint/foreign.h"
#include "lint/way.h"

#define CLASSES_MOST 64		/* that read one zone: more are not held against each other */

/* Links of one zone that lead to one place, which some networks lack. */
struct astray {
	uint32_t zone;
	struct decider_pair { uint32_t kind, number, fails; } key;
	const struct link *links[LINT_SHOWN];
	size_t count;
	uint32_t good, bad;		/* networks */
	uint8_t *failing;		/* by network */
	bool may;			/* the internet might know the name */
	struct astray *next;
};

/* One zone's links being judged. */
struct judging {
	struct lint *lint;
	const struct lint_check *check;
	struct rewriter rewriter;
	struct arena scratch;
	const struct link *link;
	uint32_t network[CLASSES_MOST];	/* one of each class */
	size_t count;
	uint32_t zone;			/* number + 1, for which the next is known */
	bool whole;			/* all that have it read all of it */
	struct astray *first, **end;	/* of this zone */
	struct table circles;		/* told, by their least name */
};

static uint16_t
asked_type(const struct judging *j)
{
	const struct zone *zone = j->lint->snap->zones[j->link->zone];
	const uint8_t *owner = j->link->owner;
	const struct zone_node *node = zone_find(zone, owner, name_wire_len(owner),
						 name_hash(owner));

	return zone_node_set(node, TYPE_CNAME) || zone_node_set(node, TYPE_A) ? TYPE_A
									      : TYPE_AAAA;
}

static bool
is_found(const struct finals *finals)
{
	return finals->count == 1 && (finals->final[0].kind == FINAL_ANSWER ||
				      finals->final[0].kind == FINAL_NODATA);
}

/** Is it not there?  For the internet it may be, where it is asked. */
static bool
is_missed(const struct finals *finals)
{
	return finals->count == 1 && (finals->final[0].kind == FINAL_NXDOMAIN ||
				      finals->final[0].kind == FINAL_PUBLIC);
}

/** Does the name end in a domain of the public DNS? */
static bool
may_be_public(const uint8_t *name)
{
	return foreign_kind(name_wire_suffix(name, name_wire_labels(name) ? 1 : 0)) !=
	       FOREIGN_NOT;
}

static struct astray *
find_astray(struct judging *j, const struct cut *good, bool may)
{
	struct decider_pair key = { good->origin_kind, good->origin, may };
	struct astray *a = j->first;

	while (a && memcmp(&a->key, &key, sizeof(key)) != 0)
		a = a->next;
	if (a)
		return a;
	a = lint_alloc(j->lint, 1, sizeof(*a));
	if (!a)
		return NULL;
	*a = (struct astray){ .zone = j->link->zone, .key = key, .may = may,
			      .good = NETWORK_NONE, .bad = NETWORK_NONE,
			      .failing = lint_alloc(j->lint, j->lint->estate->network_count,
						    1) };
	if (!a->failing)
		return NULL;
	*j->end = a;
	j->end = &a->next;
	return a;
}

/** Found by one network, missed by the others of `missing`. */
static void
note_astray(struct judging *j, uint32_t good, const uint8_t *missing)
{
	struct route route = lint_route(j->lint, good, j->link->target);
	struct astray *a = route.cut ? find_astray(j, route.cut, may_be_public(j->link->target))
				     : NULL;

	if (!a)
		return;
	if (a->count < LINT_SHOWN)
		a->links[a->count] = j->link;
	a->count++;
	if (a->count > 1 && a->good != good)
		good = a->good;
	a->good = good;
	for (size_t i = 0; i < j->count; i++) {
		if (!missing[i])
			continue;
		if (a->bad == NETWORK_NONE)
			a->bad = j->network[i];
		a->failing[j->network[i]] = 1;
	}
}

static void
ask(struct judging *j, uint32_t network, const uint8_t *wire, struct finals *out)
{
	struct name name;

	name_from_wire(wire, &name);
	rewrite_find(&j->rewriter, network, &name, asked_type(j), out);
	j->lint->nomem |= j->rewriter.nomem;
}

/** Held against each other: does one class find the target that others miss? */
static void
compare_readers(struct judging *j)
{
	uint8_t missing[CLASSES_MOST] = { 0 };
	uint32_t good = NETWORK_NONE;
	unsigned missed = 0;

	for (size_t i = 0; i < j->count; i++) {
		struct finals finals;

		ask(j, j->network[i], j->link->target, &finals);
		if (is_found(&finals) && good == NETWORK_NONE)
			good = j->network[i];
		missing[i] = is_missed(&finals);
		missed += missing[i];
	}
	if (missed && good != NETWORK_NONE)
		note_astray(j, good, missing);
}

/** Do the readers come to the same place for the target? */
static bool
is_alike(const struct judging *j)
{
	struct route first = lint_route(j->lint, j->network[0], j->link->target);

	for (size_t i = 1; i < j->count; i++) {
		struct route route = lint_route(j->lint, j->network[i], j->link->target);

		if (route.kind != first.kind || route.zone != first.zone ||
		    route.upstream != first.upstream)
			return false;
	}
	return true;
}

/** Does the network read the zone, and no further zone or rule below its name? */
static bool
reads_all(struct lint *lint, uint32_t network, uint32_t zone)
{
	const uint8_t *name = lint_zone_name(lint, zone);

	return lint_reads(lint, network, name, zone) &&
	       !lint_cut_below(lint, network, name, lint_first_below(lint, network, name));
}

/** The networks, one of each class, that have the zone. */
static void
find_readers(struct judging *j, uint32_t zone)
{
	size_t count;
	const uint32_t *readers = scan_readers(j->lint, zone, &count);

	j->zone = zone + 1;
	j->whole = true;
	j->count = 0;
	for (size_t i = 0; i < count && j->count < CLASSES_MOST; i++) {
		j->network[j->count++] = readers[i];
		j->whole &= reads_all(j->lint, readers[i], zone);
	}
}

/** Of these the ones that read the link's owner from its zone. */
static void
find_link_readers(struct judging *j)
{
	size_t kept = 0;

	if (j->zone != j->link->zone + 1 || !j->whole)
		find_readers(j, j->link->zone);
	if (j->whole)
		return;
	for (size_t i = 0; i < j->count; i++)
		if (lint_reads(j->lint, j->network[i], j->link->owner, j->link->zone))
			j->network[kept++] = j->network[i];
	j->count = kept;
}

/** Does the name stay in the zone, for all that read it? */
static bool
stays(const struct judging *j)
{
	if (!name_wire_covers(lint_zone_name(j->lint, j->link->zone), j->link->target))
		return false;
	for (size_t i = 0; i < j->count && !j->whole; i++)
		if (!lint_reads(j->lint, j->network[i], j->link->target, j->link->zone))
			return false;
	return true;
}

typedef void (*link_fn)(struct judging *j);

/** Visit each link that leaves its zone for some reader, zone by zone. */
static void
each_exit(struct judging *j, link_fn visit, link_fn zone_end)
{
	struct closure *closure = lint_closure(j->lint);
	size_t count;
	const struct link *links = closure ? closure_zone_links(closure, &count) : NULL;

	for (size_t i = 0; links && i < count && !j->lint->nomem; i++) {
		struct arena_mark mark = arena_mark(&j->scratch);

		j->link = &links[i];
		if (!links[i].dname && !j->lint->zones[links[i].zone]->public_zone) {
			find_link_readers(j);
			if (j->count && !stays(j))
				visit(j);
		}
		if (zone_end && (i + 1 == count || links[i + 1].zone != links[i].zone))
			zone_end(j);
		arena_rewind(&j->scratch, mark);
	}
}

static void
judging_run(struct lint *lint, const struct lint_check *check, link_fn visit, link_fn zone_end)
{
	struct judging j = { .lint = lint, .check = check };

	j.end = &j.first;
	arena_init(&j.scratch, lint->estate->arena.limit);
	table_init(&j.circles, &lint->arena);
	j.rewriter = (struct rewriter){ .in = lint_closure(lint), .scratch = &j.scratch };
	if (j.rewriter.in && lint_scan(lint))
		each_exit(&j, visit, zone_end);
	arena_fini(&j.scratch);
}

/* REC702 */

static void
visit_exit(struct judging *j)
{
	if (j->count > 1 && !is_alike(j))
		compare_readers(j);
}

static const char *
failing_text(struct lint *lint, const struct astray *a)
{
	uint32_t *networks = lint_alloc(lint, lint->estate->network_count, sizeof(*networks));
	size_t count = 0;

	for (uint32_t i = 0; networks && i < lint->estate->network_count; i++)
		if (a->failing[i])
			networks[count++] = i;
	return networks ? lint_networks_text(lint, networks, count) : "";
}

static void
report_astray(struct judging *j, const struct astray *a)
{
	struct lint *lint = j->lint;
	const struct link *first = a->links[0];
	struct witness witness = { .type = TYPE_A };
	const char *good = lint->networks[a->good]->id;
	struct finding *finding;

	name_from_wire(first->target, &witness.name);
	way_claim(lint, &witness, a->good);
	way_claim(lint, &witness, a->bad);
	if (!witness_holds(lint, j->check, &witness))
		return;
	finding = accuse_record(lint, j->check, a->may ? SEVERITY_WARNING : SEVERITY_ERROR,
				a->zone, first->owner, TYPE_CNAME, "leads there",
				"%s of zone \"%s\" %s, as %s does, to %s, which \"%s\" finds and "
				"%s %s",
				lint_count(lint, a->count, "record", "records"),
				lint->zones[a->zone]->id, a->count == 1 ? "leads" : "lead",
				name_text(lint, first->owner), name_text(lint, first->target),
				good, failing_text(lint, a), a->may ? "may not" : "cannot");
	if (finding)
		finding->may = a->may;
	for (size_t i = 1; i < a->count && i < LINT_SHOWN; i++)
		accuse_add_record(lint, finding, a->zone, a->links[i]->owner, TYPE_CNAME,
				  "too");
	if (a->key.kind == ORIGIN_ZONE)
		lint_add_zone(lint, finding, a->key.number,
			      lint_printf(lint, "answers in %s", good));
	else if (a->key.kind == ORIGIN_RULE)
		lint_add_rule(lint, finding, a->key.number,
			      lint_printf(lint, "forwards it in %s", good));
	for (uint32_t i = 0; i < lint->estate->network_count; i++)
		if (a->failing[i])
			lint_add_network(lint, finding, i);
	witness_add(lint, finding, &witness, "the target");
	lint_add_help(lint, finding, "give %s what \"%s\" has for the target, or take the record "
		      "out of their zone", failing_text(lint, a), good);
}

static void
report_zone(struct judging *j)
{
	for (const struct astray *a = j->first; a && !j->lint->nomem; a = a->next)
		report_astray(j, a);
	j->first = NULL;
	j->end = &j->first;
}

void
check_cname_dangling_in_view(struct lint *lint, const struct lint_check *check)
{
	judging_run(lint, check, visit_exit, report_zone);
}

/* REC703, of circles that leave their zone. */

static void
report_circle(struct judging *j, uint32_t network)
{
	struct lint *lint = j->lint;
	const struct link *link = j->link;
	struct witness witness = { .type = asked_type(j) };
	struct finding *finding;

	name_from_wire(link->owner, &witness.name);
	witness_claim_zone(&witness, network, link->zone);
	if (!witness_holds(lint, j->check, &witness))
		return;
	finding = accuse_record(lint, j->check, j->check->severity, link->zone, link->owner,
				TYPE_CNAME, "on the circle",
				"%s leads in a circle, by way of %s, in %s",
				name_text(lint, link->owner), name_text(lint, link->target),
				lint_networks_text(lint, &network, 1));
	lint_add_network(lint, finding, network);
	witness_add(lint, finding, &witness, "SERVFAIL");
	lint_add_help(lint, finding, "break the circle at one of its records");
}

/** Told at the circle's first name in order, once. */
static void
visit_circle(struct judging *j)
{
	const uint8_t *owner = j->link->owner;
	size_t len = name_wire_len(owner);

	if (name_wire_is_wildcard(owner) || table_find(&j->circles, owner, len) ||
	    table_find(&j->lint->scan->circled, owner, len))
		return;
	for (size_t i = 0; i < j->count; i++) {
		struct finals finals;

		ask(j, j->network[i], owner, &finals);
		if (finals.count != 1 || finals.final[0].kind != FINAL_CIRCLE ||
		    !name_wire_equal(j->rewriter.least, owner))
			continue;
		if (table_put(&j->circles, owner, len, (void *)(uintptr_t)owner) != OK)
			j->lint->nomem = true;
		report_circle(j, j->network[i]);
		return;
	}
}

void
check_cname_loop_across(struct lint *lint, const struct lint_check *check)
{
	judging_run(lint, check, visit_circle, NULL);
}
