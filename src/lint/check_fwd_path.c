#include "dns/codes.h"
#include "lint/checks.h"
#include "lint/foreign.h"
#include "lint/hops.h"
#include "lint/meetings.h"
#include "lint/region.h"
#include "lint/witness.h"

/* What follows forwarded questions shares. */
struct paths {
	struct hops hops;
	uint8_t *holds;		/* by network: some zone is attached to it */
};

static bool
paths_init(struct lint *lint, struct paths *paths)
{
	hops_init(lint, &paths->hops);
	paths->holds = lint_alloc(lint, lint->estate->network_count, 1);
	for (const struct hosted_zone *z = lint->estate->zones; paths->holds && z; z = z->next)
		for (const struct ref *ref = z->networks; ref; ref = ref->next)
			if (ref->object)
				paths->holds[((const struct network *)ref->object)->index] = 1;
	return paths->holds != NULL;
}

/*
 * FWD307: more than three rules on the way.  Told of networks from where it is just one too
 * many; those that forward to them are helped by the same remedy.
 */

#define HOPS_GOOD 3

/** The way of the domain's questions, at most one hop more than told; loops are FWD302's. */
static unsigned
follow_domain(const struct paths *paths, uint32_t network, const uint8_t *domain,
	      struct hop *way, unsigned room)
{
	unsigned count = 0;

	while (count < room && hops_rule(&paths->hops, network, domain, &way[count])) {
		struct hop *hop = &way[count++];
		const struct target *t = paths->hops.lint->rules[hop->rule]->targets;

		while (t && !hops_follow(&paths->hops, t, hop))
			t = t->next;
		if (!t) {	/* a server that nobody declares has the last word */
			hop->to = NETWORK_NONE;
			break;
		}
		network = hop->to;
	}
	return count;
}

static void
visit_long(struct lint *lint, struct meetings *meetings, uint32_t network, const struct cut *cut)
{
	struct hop way[HOPS_GOOD + 2];

	if (cut_is_forward(cut) && follow_domain(meetings->context, network,
						 lint_cut_name(lint, cut), way,
						 COUNT_OF(way)) == HOPS_GOOD + 1)
		meetings_note(lint, meetings, cut->target, 0, network);
}

static void
report_long(struct lint *lint, const struct lint_check *check, const struct meeting *m,
	    const struct paths *paths)
{
	const struct resolver_rule *rule = lint->rules[m->one];
	struct witness witness = { .type = TYPE_A };
	struct hop way[HOPS_GOOD + 2];
	unsigned count = follow_domain(paths, m->networks[0], rule->domain_name, way,
				       COUNT_OF(way));
	const char *text = "";
	struct finding *finding;
	char name[NAME_TEXT_MAX];

	name_from_wire(rule->domain_name, &witness.name);
	for (unsigned i = 0; i < count; i++) {
		witness_claim_rule(&witness, way[i].from, way[i].rule);
		text = lint_printf(lint, "%s%s -> ", text, lint->networks[way[i].from]->id);
	}
	if (!witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, rule->domain_at,
			    "questions for %s are forwarded %u times: %s%s",
			    name_print(rule->domain_name, name), count, text,
			    way[count - 1].to == NETWORK_NONE
				    ? "an undeclared server"
				    : lint->networks[way[count - 1].to]->id);
	for (unsigned i = 0; i < count; i++)
		if (way[i].to != NETWORK_NONE)
			hops_add(&paths->hops, finding, &way[i]);
	meeting_add_networks(lint, finding, m);
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "let rule \"%s\" ask a server nearer to the end", rule->id);
}

void
check_long_path(struct lint *lint, const struct lint_check *check)
{
	struct meetings meetings;
	struct paths paths;

	if (!paths_init(lint, &paths))
		return;
	meetings_init(lint, &meetings);
	meetings.context = &paths;
	meetings_each_cut(lint, &meetings, visit_long);
	for (const struct meeting *m = meetings.first; m && !lint->nomem; m = m->next)
		report_long(lint, check, m, &paths);
}

/*
 * FWD308: a rule that asks a network which knows nothing of the domain.  Meetings are of the
 * rule and that network.  Not judged: the root, which is forwarded for the Internet's sake;
 * AWS's service domains, which interface endpoints answer for unseen; a site of which no zone
 * is declared; a SYSTEM rule, which says that the Internet is meant.
 */

static bool
is_ignorant(const struct lint *lint, const struct paths *paths, uint32_t network,
	    const uint8_t *domain)
{
	struct route route = lint_route(lint, network, domain);
	const struct cut *cut;

	if (route.kind == ROUTE_OFF || !lint_uses_zones(lint, network) ||
	    (lint->networks[network]->kind == NETWORK_SITE && !paths->holds[network]))
		return false;
	if (route.kind != ROUTE_NOWHERE &&
	    (route.kind != ROUTE_FORWARD || cut_is_forward(route.cut)))
		return false;
	if (route.cut->system)
		return false;
	for (uint32_t i = lint_first_below(lint, network, domain);
	     (cut = lint_cut_below(lint, network, domain, i)); i++)
		if (cut->origin_kind == ORIGIN_ZONE || cut->origin_kind == ORIGIN_RULE)
			return false;
	return true;
}

static void
visit_ignorant(struct lint *lint, struct meetings *meetings, uint32_t network,
	       const struct cut *cut)
{
	const struct paths *paths = meetings->context;
	const uint8_t *domain = lint_cut_name(lint, cut);
	struct hop hop = { .from = network, .rule = cut->target };
	uint32_t last = network;	/* to itself is FWD301's */

	if (!cut_is_forward(cut) || cut->labels == 0 || foreign_is_service(domain))
		return;
	for (const struct target *t = lint->rules[cut->target]->targets; t; t = t->next) {
		if (!hops_follow(&paths->hops, t, &hop) || hop.to == last || hop.to == network)
			continue;
		last = hop.to;
		if (is_ignorant(lint, paths, hop.to, domain))
			meetings_note(lint, meetings, cut->target, hop.to, network);
	}
}

/** A target of the rule that leads to the network. */
static void
find_hop(const struct paths *paths, const struct meeting *m, struct hop *hop)
{
	const struct resolver_rule *rule = paths->hops.lint->rules[m->one];

	*hop = (struct hop){ .from = m->networks[0], .rule = m->one };
	for (const struct target *t = rule->targets; t; t = t->next)
		if (hops_follow(&paths->hops, t, hop) && hop->to == m->other)
			return;
}

static void
report_ignorant(struct lint *lint, const struct lint_check *check, const struct meeting *m,
		const struct paths *paths)
{
	const struct resolver_rule *rule = lint->rules[m->one];
	const struct network *to = lint->networks[m->other];
	bool site = to->kind == NETWORK_SITE;	/* it may have more than is declared */
	struct witness witness = { .type = TYPE_A };
	struct finding *finding;
	char name[NAME_TEXT_MAX];
	struct hop hop;

	find_hop(paths, m, &hop);
	name_from_wire(rule->domain_name, &witness.name);
	witness_claim_rule(&witness, m->networks[0], m->one);
	witness_claim_internet(&witness, m->other);
	if (!witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, site ? SEVERITY_WARNING : check->severity,
			    hop.target->at, "rule \"%s\" sends %s from %s to \"%s\", which has "
			    "neither a zone nor a rule for it", rule->id,
			    name_print(rule->domain_name, name), meeting_networks(lint, m),
			    to->id);
	hops_add(&paths->hops, finding, &hop);
	meeting_add_networks(lint, finding, m);
	diag_add(lint->diags, finding, PART_NAMES, "subtree", name, (struct srcloc){ 0 },
		 "all types");
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, site ? "correct the target, or declare the zone under the "
					    "site \"%s\""
					  : "associate the zone with \"%s\"", to->id);
}

void
check_forward_to_ignorant(struct lint *lint, const struct lint_check *check)
{
	struct meetings meetings;
	struct paths paths;

	if (!paths_init(lint, &paths))
		return;
	meetings_init(lint, &meetings);
	meetings.context = &paths;
	meetings_each_cut(lint, &meetings, visit_ignorant);
	for (const struct meeting *m = meetings.first; m && !lint->nomem; m = m->next)
		report_ignorant(lint, check, m, &paths);
}
