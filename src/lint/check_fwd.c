#include <string.h>

#include "dns/codes.h"
#include "lint/checks.h"
#include "lint/classes.h"
#include "lint/hops.h"
#include "lint/witness.h"

/** Does the name take each of these hops? */
static bool
goes_round(const struct hops *hops, const struct hop *cycle, size_t count, const uint8_t *name)
{
	for (size_t i = 0; i < count; i++) {
		struct hop hop;
		bool there = false;

		if (!hops_rule(hops, cycle[i].from, name, &hop))
			return false;
		for (const struct target *t = hops->lint->rules[hop.rule]->targets; t && !there;
		     t = t->next)
			there = hops_follow(hops, t, &hop) && hop.to == cycle[i].to;
		if (!there)
			return false;
	}
	return true;
}

/** "except below x, y": names below `top` that do not go round, up to those that do again. */
static const char *
text_of_exceptions(const struct hops *hops, const struct hop *cycle, size_t count,
		   const uint8_t *top)
{
	struct lint *lint = hops->lint;
	const uint8_t *hole = NULL, **names;
	const char *text = "";
	size_t holes = 0, names_count;

	names = closure_names(lint->closure, cycle[0].from, top, &lint->arena, &names_count);
	lint->nomem |= names_count && !names;
	for (size_t i = 0; names && i < names_count; i++) {
		const uint8_t *at = names[i];
		char name[NAME_TEXT_MAX];

		if ((hole && name_wire_covers(hole, at)) || goes_round(hops, cycle, count, at))
			continue;
		hole = at;
		if (holes++ < LINT_SHOWN)
			text = lint_printf(lint, "%s%s%s", text, *text ? ", " : "except below ",
					   name_print(at, name));
	}
	if (holes > LINT_SHOWN)
		text = lint_printf(lint, "%s and %zu more", text, holes - LINT_SHOWN);
	return *text ? text : "all types";
}

static void
add_subtree(const struct hops *hops, struct finding *finding, const struct hop *cycle,
	    size_t count, const uint8_t *top)
{
	char name[NAME_TEXT_MAX];

	diag_add(hops->lint->diags, finding, PART_NAMES, "subtree", name_print(top, name),
		 (struct srcloc){ 0 }, "%s", text_of_exceptions(hops, cycle, count, top));
}

/** Exactly the names that go round: below the domain, without what is cut out of it there. */
static void
add_looping_names(const struct hops *hops, struct finding *finding, const uint8_t *domain,
		  const struct hop *cycle, size_t count)
{
	const struct closure *closure = lint_closure(hops->lint);
	const uint8_t *hole = NULL, **names;
	size_t shown = 0, names_count;

	if (!closure || !finding)
		return;
	add_subtree(hops, finding, cycle, count, domain);
	names = closure_names(closure, cycle[0].from, domain, &hops->lint->arena, &names_count);
	hops->lint->nomem |= names_count && !names;
	for (size_t i = 0; names && i < names_count; i++) {
		const uint8_t *at = names[i];

		if (hole && !name_wire_covers(hole, at))
			hole = NULL;
		if (!goes_round(hops, cycle, count, at)) {
			hole = at;
		} else if (hole && shown++ < LINT_SHOWN) {	/* they go round again */
			add_subtree(hops, finding, cycle, count, at);
			hole = NULL;
		}
	}
}

/* FWD301: a rule whose target answers in the place of the network that asks. */

/* One rule in one network, with the targets that lead back. */
struct self_loop {
	struct hop first;
	size_t looping, targets;
};

static void
report_self(const struct hops *hops, const struct lint_check *check,
	    const struct self_loop *loop)
{
	struct lint *lint = hops->lint;
	const struct hop *hop = &loop->first;
	const struct resolver_rule *rule = lint->rules[hop->rule];
	const char *network = lint->networks[hop->from]->id;
	char domain[NAME_TEXT_MAX], address[ADDR_TEXT_MAX];
	struct witness witness = { .type = TYPE_A };
	struct finding *finding;

	name_from_wire(rule->domain_name, &witness.name);
	witness_claim_rule(&witness, hop->from, hop->rule);
	if (!witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, hop->target->at,
			    "rule \"%s\" sends %s from \"%s\" to %s, %s of \"%s\" itself%s",
			    rule->id, name_print(rule->domain_name, domain), network,
			    addr_print(&hop->target->addr, address),
			    hop->endpoint ? "an inbound endpoint" : "a server", network,
			    loop->looping < loop->targets
				    ? lint_printf(lint, " (%zu of its %zu targets)",
						  loop->looping, loop->targets)
				    : "");
	hops_add(hops, finding, hop);
	lint_add_network(lint, finding, hop->from);
	add_looping_names(hops, finding, rule->domain_name, hop, 1);
	witness_add(lint, finding, &witness, "never ends");
	lint_add_help(lint, finding, "dissociate \"%s\" from \"%s\", or let it ask a server that "
		      "has the names%s", rule->id, network,
		      hop->endpoint ? " (AWS refuses this association: RSLVR-00804)" : "");
}

static void
judge_self(const struct hops *hops, const struct lint_check *check, uint32_t network,
	   const struct cut *cut)
{
	struct hop hop = { .from = network, .rule = cut->target };
	struct self_loop loop = { .looping = 0 };

	for (const struct target *t = hops->lint->rules[cut->target]->targets; t; t = t->next) {
		loop.targets++;
		if (!hops_follow(hops, t, &hop) || hop.to != network)
			continue;
		if (loop.looping++ == 0)
			loop.first = hop;
	}
	if (loop.looping)
		report_self(hops, check, &loop);
}

void
check_self_loop(struct lint *lint, const struct lint_check *check)
{
	struct hops hops;

	hops_init(lint, &hops);
	for (uint32_t n = 0; n < lint->estate->network_count; n++) {
		const struct view *view = snapshot_view(lint->snap, n);

		for (uint32_t i = 0; i < view->cut_count; i++) {
			const struct cut *cut = view_cut(&lint->snap->root->block, view, i);

			if (cut_is_forward(cut) && snapshot_network(lint->snap, n)->dns_support)
				judge_self(&hops, check, n, cut);
		}
	}
}

/*
 * FWD302: a cycle of several networks.  Take a cycle that some name runs through, and the
 * longest of its rules' domains: it covers the name, and no view on the cycle cuts between
 * the two, so the domain itself runs through the cycle too.  So it is enough to follow each
 * domain of a FORWARD rule from the networks that have that rule.
 *
 * Networks may forward to each other in so many ways that nobody would read all cycles:
 * reported is the shortest through each hop that no cycle reported before goes through.
 */

/* A domain and the networks that have a rule of just this name. */
struct domain {
	const uint8_t *name;
	uint32_t *starts;
	size_t count, room;
	struct domain *next;
};

/* The hops that questions for one domain can take. */
struct web {
	const struct hops *hops;
	const struct lint_check *check;
	const struct domain *domain;
	struct hop *hop;		/* all of them, those of one network side by side */
	bool *shown;			/* by hop: on a cycle that was reported */
	size_t hop_count, hop_room;
	size_t *first, *behind;		/* by network: its hops */
	uint32_t *queue;		/* networks */
	uint32_t *seen;			/* by network: the search that reached it last */
	size_t *came_by;		/* by network: the hop by which it did */
	uint32_t searches;
};

static bool
web_init(const struct hops *hops, const struct lint_check *check, struct web *web)
{
	struct lint *lint = hops->lint;
	size_t count = lint->estate->network_count;

	*web = (struct web){
		.hops = hops,
		.check = check,
		.first = lint_alloc(lint, count, sizeof(*web->first)),
		.behind = lint_alloc(lint, count, sizeof(*web->behind)),
		.queue = lint_alloc(lint, count, sizeof(*web->queue)),
		.seen = lint_alloc(lint, count, sizeof(*web->seen)),
		.came_by = lint_alloc(lint, count, sizeof(*web->came_by)),
	};
	return web->first && web->behind && web->queue && web->seen && web->came_by;
}

static void
add_hop(struct web *web, const struct hop *hop)
{
	if (web->hop_count == web->hop_room) {
		struct lint *lint = web->hops->lint;
		size_t room = web->hop_room ? 2 * web->hop_room : 16;
		struct hop *hops = lint_alloc(lint, room, sizeof(*hops));
		bool *shown = lint_alloc(lint, room, sizeof(*shown));

		if (!hops || !shown)
			return;
		if (web->hop_count)
			memcpy(hops, web->hop, web->hop_count * sizeof(*hops));
		web->hop = hops;
		web->shown = shown;	/* nothing is shown while hops are still gathered */
		web->hop_room = room;
	}
	web->hop[web->hop_count++] = *hop;
}

/** The hops from one network; to itself is FWD301's, to one network counts once. */
static void
add_hops(struct web *web, uint32_t network)
{
	struct lint *lint = web->hops->lint;
	struct hop hop;

	web->first[network] = web->behind[network] = web->hop_count;
	if (!hops_rule(web->hops, network, web->domain->name, &hop))
		return;
	for (const struct target *t = lint->rules[hop.rule]->targets; t; t = t->next) {
		bool known = !hops_follow(web->hops, t, &hop) || hop.to == network;

		for (size_t i = web->first[network]; i < web->hop_count; i++)
			known |= web->hop[i].to == hop.to;
		if (!known)
			add_hop(web, &hop);
	}
	web->behind[network] = web->hop_count;
}

/** All that can be reached from the networks with a rule of this name. */
static void
weave(struct web *web, const struct domain *domain)
{
	size_t count = 0;

	web->domain = domain;
	web->hop_count = 0;
	if (web->hop_room)
		memset(web->shown, 0, web->hop_room * sizeof(*web->shown));
	web->searches++;
	for (size_t i = 0; i < domain->count; i++) {
		web->seen[domain->starts[i]] = web->searches;
		web->queue[count++] = domain->starts[i];
	}
	for (size_t i = 0; i < count; i++) {
		add_hops(web, web->queue[i]);
		for (size_t h = web->first[web->queue[i]]; h < web->hop_count; h++) {
			uint32_t to = web->hop[h].to;

			if (web->seen[to] == web->searches)
				continue;
			web->seen[to] = web->searches;
			web->queue[count++] = to;
		}
	}
}

/** The shortest way from one network to another, breadth first; came_by leads back. */
static bool
find_way(struct web *web, uint32_t from, uint32_t to)
{
	size_t count = 0;

	web->seen[from] = ++web->searches;
	web->queue[count++] = from;
	for (size_t i = 0; i < count && web->seen[to] != web->searches; i++) {
		uint32_t at = web->queue[i];

		for (size_t h = web->first[at]; h < web->behind[at]; h++) {
			uint32_t next = web->hop[h].to;

			if (web->seen[next] == web->searches)
				continue;
			web->seen[next] = web->searches;
			web->came_by[next] = h;
			web->queue[count++] = next;
		}
	}
	return web->seen[to] == web->searches;
}

/** "app -> data -> app"; long ones in part. */
static const char *
cycle_text(struct lint *lint, const struct hop *cycle, size_t count)
{
	const char *text = "";

	for (size_t i = 0; i < count && i < 2 * LINT_SHOWN; i++)
		text = lint_printf(lint, "%s%s -> ", text, lint->networks[cycle[i].from]->id);
	if (count > 2 * LINT_SHOWN)
		text = lint_printf(lint, "%s(%zu more) -> ", text, count - 2 * LINT_SHOWN);
	return lint_printf(lint, "%s%s", text, lint->networks[cycle[0].from]->id);
}

static void
report_cycle(const struct web *web, const struct hop *cycle, size_t count)
{
	struct lint *lint = web->hops->lint;
	const uint8_t *domain = web->domain->name;
	struct witness witness = { .type = TYPE_A };
	struct finding *finding;
	char name[NAME_TEXT_MAX];

	name_from_wire(domain, &witness.name);
	for (size_t i = 0; i < count; i++)
		witness_claim_rule(&witness, cycle[i].from, cycle[i].rule);
	if (!witness_holds(lint, web->check, &witness))
		return;
	finding = lint_open(lint, web->check, web->check->severity, cycle[0].target->at,
			    "questions for %s go round: %s", name_print(domain, name),
			    cycle_text(lint, cycle, count));
	for (size_t i = 0; i < count; i++)
		hops_add(web->hops, finding, &cycle[i]);
	for (size_t i = 0; i < count; i++)
		lint_add_network(lint, finding, cycle[i].from);
	add_looping_names(web->hops, finding, domain, cycle, count);
	witness_add(lint, finding, &witness, "never ends");
	lint_add_help(lint, finding, "break the circle at one of these rules: dissociate it, or "
		      "let it ask a server that has the names");
}

/** Is there a rule of just this domain on the way?  If not, a shorter domain finds the cycle. */
static bool
has_own_rule(const struct web *web, const struct hop *cycle, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (name_wire_equal(web->hops->lint->rules[cycle[i].rule]->domain_name,
				    web->domain->name))
			return true;
	return false;
}

/** The cycle that the hop closes: the way back was just found.  Begins in its first network. */
static void
show_cycle(struct web *web, size_t closing)
{
	uint32_t end = web->hop[closing].from, start = web->hop[closing].to;
	size_t count = 1, first = 0;
	struct hop *cycle;

	for (uint32_t at = end; at != start; at = web->hop[web->came_by[at]].from)
		count++;
	cycle = lint_alloc(web->hops->lint, count, 2 * sizeof(*cycle));
	if (!cycle)
		return;
	web->shown[closing] = true;
	cycle[count - 1] = web->hop[closing];
	for (uint32_t i = (uint32_t)count - 1, at = end; at != start;
	     at = web->hop[web->came_by[at]].from) {
		web->shown[web->came_by[at]] = true;
		cycle[--i] = web->hop[web->came_by[at]];
	}
	for (size_t i = 1; i < count; i++)
		if (cycle[i].from < cycle[first].from)
			first = i;
	memcpy(cycle + count, cycle, first * sizeof(*cycle));
	if (has_own_rule(web, cycle + first, count))
		report_cycle(web, cycle + first, count);
}

/* Domains of FORWARD rules in force, in the order they are met. */
struct domains {
	struct domain *first, **end;
	struct table by_name;
};

static struct domain *
find_domain(struct lint *lint, struct domains *domains, const uint8_t *name)
{
	struct domain *domain = table_find(&domains->by_name, name, name_wire_len(name));

	if (domain)
		return domain;
	domain = lint_alloc(lint, 1, sizeof(*domain));
	if (!domain)
		return NULL;
	domain->name = name;
	if (table_put(&domains->by_name, name, name_wire_len(name), domain) != OK) {
		lint->nomem = true;
		return NULL;
	}
	*domains->end = domain;
	domains->end = &domain->next;
	return domain;
}

static void
add_start(struct lint *lint, struct domain *domain, uint32_t network)
{
	if (domain->count == domain->room) {
		size_t room = domain->room ? 2 * domain->room : 4;
		uint32_t *starts = lint_alloc(lint, room, sizeof(*starts));

		if (!starts)
			return;
		if (domain->count)
			memcpy(starts, domain->starts, domain->count * sizeof(*starts));
		domain->starts = starts;
		domain->room = room;
	}
	domain->starts[domain->count++] = network;
}

static void
gather_domains(struct lint *lint, struct domains *domains)
{
	domains->end = &domains->first;
	table_init(&domains->by_name, &lint->arena);
	for (uint32_t n = 0; n < lint->estate->network_count; n++) {
		const struct view *view = snapshot_view(lint->snap, n);

		if (!snapshot_network(lint->snap, n)->dns_support)
			continue;
		for (uint32_t i = 0; i < view->cut_count; i++) {
			const struct cut *cut = view_cut(&lint->snap->root->block, view, i);
			struct domain *domain = NULL;

			if (cut_is_forward(cut))
				domain = find_domain(lint, domains, lint_cut_name(lint, cut));
			if (domain)
				add_start(lint, domain, n);
		}
	}
}

void
check_loop(struct lint *lint, const struct lint_check *check)
{
	struct domains domains = { .first = NULL };
	struct hops hops;
	struct web web;

	gather_domains(lint, &domains);
	hops_init(lint, &hops);
	if (!web_init(&hops, check, &web))
		return;
	for (const struct domain *d = domains.first; d; d = d->next) {
		weave(&web, d);
		for (size_t h = 0; h < web.hop_count; h++)
			if (!web.shown[h] && find_way(&web, web.hop[h].to, web.hop[h].from))
				show_cycle(&web, h);
	}
}
