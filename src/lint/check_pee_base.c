#include <stdio.h>

#include "dns/codes.h"
#include "lint/change.h"
#include "lint/checks.h"
#include "lint/model.h"

/*
 * PEE508, PEE509: what the estate answers otherwise than the one it is to replace (--base).
 * One finding for each group of networks that see the same changes, however many names.
 */

/** All changes, found once for both checks; NULL: there is no base, or no memory. */
static const struct changes *
all_changes(struct lint *lint)
{
	struct change_side before = { lint->base, lint->base_snap };
	struct change_side after = { lint->estate, lint->snap };
	const struct change *culprit;
	enum status status;

	if (lint->changes || !lint->base)
		return lint->changes;
	lint->changes = lint_alloc(lint, 1, sizeof(*lint->changes));
	if (!lint->changes)
		return NULL;
	status = changes_find(&before, &after, lint->work_left, &lint->arena, lint->changes,
			      &culprit);
	if (status == ERR_MALFORMED) {
		char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX];

		lint->broken = true;
		diag_report(lint->diags, SEVERITY_ERROR, "internal-error", (struct srcloc){ 0 },
			    "a change of %s %s does not replay: %s, then %s: please report this "
			    "as a bug", name_print(culprit->member.wire, name),
			    type_print(culprit->type, type), culprit->before, culprit->after);
	} else if (status != OK) {
		lint->nomem = true;
	}
	for (size_t i = 0; i < lint->changes->skipped_count; i++)
		diag_gap(lint->diags, lint_printf(lint, "%s and what it was before the change",
						  lint->changes->skipped[i]),
			 "comparing them would pass the work that a run may take");
	return lint->changes;
}

/** The change that shows it best: a name, not one that only leads to another. */
static const struct change *
best_of(const struct change_group *group, enum change_kind kind)
{
	const struct change *best = NULL;
	int most = -1;

	for (const struct change *c = group->changes; c; c = c->next) {
		int merit = 4 * !c->may + 2 * !c->secondary + (c->region == REGION_NAME);

		if (c->kind == kind && merit > most) {
			best = c;
			most = merit;
		}
	}
	return best;
}

/** Where the new estate decides about it: a zone, a rule, or the network alone. */
static struct srcloc
place_of(const struct lint *lint, const struct route *route, uint32_t network)
{
	const struct cut *cut = route->cut;

	if (cut && cut->origin_kind == ORIGIN_RULE)
		return lint->rules[cut->origin]->domain_at;
	if (cut && cut->origin_kind == ORIGIN_ZONE)
		return lint->zones[cut->origin]->name_at;
	return lint->networks[network]->at;
}

static void
add_place(struct lint *lint, struct finding *finding, const struct route *route,
	  uint32_t network)
{
	const struct network *n = lint->networks[network];
	const struct cut *cut = route->cut;

	if (cut && cut->origin_kind == ORIGIN_RULE)
		lint_add_rule(lint, finding, cut->origin, "decides now");
	else if (cut && cut->origin_kind == ORIGIN_ZONE)
		lint_add_zone(lint, finding, cut->origin, "decides now");
	else
		diag_add(lint->diags, finding, PART_OBJECT,
			 object_kind_text(n->kind == NETWORK_VPC ? OBJECT_VPC : OBJECT_SITE),
			 n->id, n->at, "no zone and no rule decides now");
}

static void
add_networks(struct lint *lint, struct finding *finding, const struct change_group *group)
{
	for (size_t i = 0; i < group->network_count && i < LINT_SHOWN; i++) {
		const struct network *n = estate_network(lint->estate, group->networks[i]);

		if (n)
			lint_add_network(lint, finding, n->index);
	}
}

static void
add_names(struct lint *lint, struct finding *finding, const struct change_group *group,
	  enum change_kind kind)
{
	size_t shown = 0;

	for (const struct change *c = group->changes; c && shown < LINT_SHOWN; c = c->next) {
		char name[NAME_TEXT_MAX];

		if (c->kind != kind)
			continue;
		diag_add(lint->diags, finding, PART_NAMES, region_kind_text(c->region),
			 name_print(c->name, name), (struct srcloc){ 0 }, "%s", c->types);
		shown++;
	}
}

static void
add_witness(struct lint *lint, struct finding *finding, const struct change_group *group,
	    const struct change *change)
{
	char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX], question[NAME_TEXT_MAX + CODE_TEXT_MAX];

	snprintf(question, sizeof(question), "%s %s", name_print(change->member.wire, name),
		 type_print(change->type, type));
	diag_add(lint->diags, finding, PART_WITNESS, NULL, question, (struct srcloc){ 0 },
		 "in %s before the change: %s; with it: %s", group->networks[0], change->before,
		 change->after);
}

static const char *
networks_text(struct lint *lint, const struct change_group *group)
{
	if (group->network_count == 1)
		return lint_printf(lint, "\"%s\"", group->networks[0]);
	return lint_printf(lint, "\"%s\" and %s", group->networks[0],
			   lint_count(lint, group->network_count - 1, "network like it",
				      "networks like it"));
}

static void
report(struct lint *lint, const struct lint_check *check, const struct change_group *group,
       enum change_kind kind)
{
	const struct change *best = best_of(group, kind);
	size_t count = group->count[kind];
	const char *what = kind == CHANGE_VANISHES
			? (count == 1 ? "is no longer answered" : "are no longer answered")
			: (count == 1 ? "gets another answer" : "get other answers");
	struct finding *finding;
	struct route route;

	if (!best)
		return;
	route = lint_route(lint, group->after, best->member.wire);
	finding = lint_open(lint, check, check->severity,
			    place_of(lint, &route, group->after), "with this change %s %s in %s",
			    lint_count(lint, count, "name", "names"), what,
			    networks_text(lint, group));
	if (finding)
		finding->may = best->may;
	add_place(lint, finding, &route, group->after);
	add_networks(lint, finding, group);
	add_names(lint, finding, group, kind);
	add_witness(lint, finding, group, best);
	lint_add_help(lint, finding, kind == CHANGE_VANISHES
		      ? "do not merge before these names have answers again; causeway diff "
			"lists all of them"
		      : "see that this is what the change is for; causeway diff lists all of "
			"them");
}

static void
report_all(struct lint *lint, const struct lint_check *check, enum change_kind kind)
{
	const struct changes *changes = all_changes(lint);

	if (!changes)
		return;
	for (const struct change_group *g = changes->groups; g && !lint->nomem; g = g->next)
		if (g->networks)
			report(lint, check, g, kind);
}

void
check_change_breaks_names(struct lint *lint, const struct lint_check *check)
{
	report_all(lint, check, CHANGE_VANISHES);
}

void
check_change_alters_names(struct lint *lint, const struct lint_check *check)
{
	report_all(lint, check, CHANGE_ALTERS);
}
