#include <string.h>

#include "lint/checks.h"
#include "lint/model.h"

/*
 * QTA804: rules that are not needed, for in every network that has one the next shorter cut
 * above it is a rule with the same targets and the same endpoint: without it each name goes
 * where it goes now.  Those that a rule yet to be made could replace: check_qta_merge.c.
 */

/** The rule that takes over in this network; NULL: none does the same. */
static const struct resolver_rule *
successor(const struct lint *lint, uint32_t network, const struct resolver_rule *rule)
{
	const struct cut *cut = lint_route(lint, network, rule->domain_name).cut;
	const struct resolver_rule *next;

	if (!cut || !cut_is_forward(cut) || cut->target != rule->index || cut->loser_count)
		return NULL;
	cut = lint_cut_above(lint, network, rule->domain_name, cut->labels);
	if (!cut || !cut_is_forward(cut) || cut->labels == 0)
		return NULL;
	next = lint->rules[cut->target];
	return lint_rules_ask_alike(rule, next) ? next : NULL;
}

/** The one rule that takes over in all of them. */
static const struct resolver_rule *
find_successor(const struct lint *lint, const struct resolver_rule *rule)
{
	const struct resolver_rule *next = NULL;

	for (const struct ref *ref = rule->networks; ref; ref = ref->next) {
		const struct network *network = ref->object;
		const struct resolver_rule *here;

		if (!network || !network->enable_dns_support)
			continue;
		here = successor(lint, network->index, rule);
		if (!here || (next && next != here))
			return NULL;
		next = here;
	}
	return next;
}

/* Rules that one other rule makes needless. */
struct merger {
	const struct resolver_rule *next_rule;
	const struct resolver_rule *shown[LINT_SHOWN];
	size_t count;
	struct merger *next;
};

static void
note_merger(struct lint *lint, struct merger **by_rule, struct merger ***end,
	    const struct resolver_rule *rule, const struct resolver_rule *into)
{
	struct merger *m = by_rule[into->index];

	if (!m) {
		m = lint_alloc(lint, 1, sizeof(*m));
		if (!m)
			return;
		m->next_rule = into;
		by_rule[into->index] = m;
		**end = m;
		*end = &m->next;
	}
	if (m->count < LINT_SHOWN)
		m->shown[m->count] = rule;
	m->count++;
}

static void
report_merger(struct lint *lint, const struct lint_check *check, const struct merger *m)
{
	char domain[NAME_TEXT_MAX];
	struct finding *finding;

	name_print(m->next_rule->domain_name, domain);
	finding = lint_open(lint, check, check->severity, m->shown[0]->domain_at,
			    "%s what rule \"%s\" for %s does anyway: it has the same targets and "
			    "stands right above, in all networks",
			    m->count == 1 ? lint_printf(lint, "rule \"%s\" does",
							m->shown[0]->id)
					  : lint_printf(lint, "%zu rules, \"%s\" first, do",
							m->count, m->shown[0]->id),
			    m->next_rule->id, domain);
	for (size_t i = 0; i < m->count && i < LINT_SHOWN; i++)
		lint_add_rule(lint, finding, m->shown[i]->index, "not needed");
	lint_add_rule(lint, finding, m->next_rule->index, "does the same");
	lint_add_help(lint, finding, "delete %s", m->count == 1 ? "it" : "them");
}

void
check_mergeable_rules(struct lint *lint, const struct lint_check *check)
{
	struct merger **by_rule = lint_alloc(lint, lint->estate->rule_count, sizeof(*by_rule));
	struct merger *first = NULL, **end = &first;

	for (const struct resolver_rule *r = lint->estate->rules; r && by_rule; r = r->next) {
		const struct resolver_rule *into =
			r->type == RULE_FORWARD && r->domain_name ? find_successor(lint, r)
								  : NULL;

		if (into)
			note_merger(lint, by_rule, &end, r, into);
	}
	for (const struct merger *m = first; m && !lint->nomem; m = m->next)
		report_merger(lint, check, m);
	check_rules_of_one_parent(lint, check);
}

/*
 * QTA805: rules are of a Region.  Of a declared group of networks, all VPCs of one Region have
 * a rule for a domain, and none of another Region has any.
 */

/* The VPCs of a group that are in one Region, or all of them. */
struct quarter {
	const char *region;
	size_t count;			/* VPCs of the group */
	size_t having;			/* those with a rule for the domain in question */
	struct quarter *next;
};

struct group_view {
	struct lint *lint;
	const struct lint_group *group;
	struct quarter *quarters;
	struct quarter **of;		/* by network; NULL: not in the group */
	uint32_t *members;
	size_t member_count;
};

static struct quarter *
find_quarter(struct group_view *g, const char *region)
{
	struct quarter *q;

	for (q = g->quarters; q; q = q->next)
		if (strcmp(q->region, region) == 0)
			return q;
	q = lint_alloc(g->lint, 1, sizeof(*q));
	if (!q)
		return NULL;
	q->region = region;
	q->next = g->quarters;
	g->quarters = q;
	return q;
}

static bool
group_init(struct group_view *g, struct lint *lint, const struct lint_group *group)
{
	size_t networks = lint->estate->network_count;

	*g = (struct group_view){
		.lint = lint, .group = group,
		.of = lint_alloc(lint, networks, sizeof(*g->of)),
		.members = lint_alloc(lint, networks, sizeof(*g->members)),
	};
	for (const struct ref *ref = group->networks; ref && !lint->nomem; ref = ref->next) {
		const struct network *n = ref->object;
		struct quarter *q;

		if (!n || n->kind != NETWORK_VPC || !*n->region || g->of[n->index])
			continue;
		q = find_quarter(g, n->region);
		if (!q)
			return false;
		q->count++;
		g->of[n->index] = q;
		g->members[g->member_count++] = n->index;
	}
	return !lint->nomem && g->quarters && g->quarters->next;
}

/** Has the VPC a cut of exactly this name, of a rule or a zone?  Then it was thought of. */
static bool
has_cut(const struct lint *lint, uint32_t network, const uint8_t *domain)
{
	const struct cut *cut = lint_route(lint, network, domain).cut;

	return cut && cut->origin_kind != ORIGIN_AUTODEFINED &&
	       cut->labels == name_wire_labels(domain) && cut->labels > 0;
}

/** Count, by Region, who has a rule for the domain; true: one has it all, another lacks it. */
static bool
one_has_one_lacks(struct group_view *g, const uint8_t *domain)
{
	bool has = false, lacks = false;

	for (struct quarter *q = g->quarters; q; q = q->next)
		q->having = 0;
	for (size_t i = 0; i < g->member_count; i++)
		g->of[g->members[i]]->having += has_cut(g->lint, g->members[i], domain);
	for (const struct quarter *q = g->quarters; q; q = q->next) {
		has |= q->having == q->count;
		lacks |= q->having == 0;
	}
	return has && lacks;
}

static void
report_missing(const struct group_view *g, const struct lint_check *check,
	       const struct resolver_rule *rule)
{
	struct lint *lint = g->lint;
	const char *region = NULL, *other = NULL;
	uint32_t *lacking = lint_alloc(lint, g->member_count, sizeof(*lacking));
	char domain[NAME_TEXT_MAX];
	struct finding *finding;
	size_t count = 0;

	for (size_t i = 0; lacking && i < g->member_count; i++)
		if (g->of[g->members[i]]->having == 0)
			lacking[count++] = g->members[i];
	for (const struct quarter *q = g->quarters; q; q = q->next)
		*(q->having == q->count ? &region : &other) = q->region;
	if (!count || !region)
		return;
	other = lint->networks[lacking[0]]->region;
	finding = lint_open(lint, check, check->severity, rule->domain_at,
			    "of group \"%s\" the VPCs in %s have a rule for %s, \"%s\", and %s in "
			    "%s %s none: rules are of one Region", g->group->id, region,
			    name_print(rule->domain_name, domain), rule->id,
			    lint_networks_text(lint, lacking, count), other,
			    count == 1 ? "has" : "have");
	lint_add_rule(lint, finding, rule->index, lint_printf(lint, "the rule of %s", region));
	for (size_t i = 0; i < count; i++)
		lint_add_network(lint, finding, lacking[i]);
	lint_add_help(lint, finding, "make the same rule in %s, with an endpoint there", other);
}

static void
judge_group(struct lint *lint, const struct lint_check *check, const struct lint_group *group)
{
	struct group_view g;
	struct table seen;	/* domains that were judged */

	if (!group_init(&g, lint, group))
		return;
	table_init(&seen, &lint->arena);
	for (const struct resolver_rule *r = lint->estate->rules; r && !lint->nomem; r = r->next) {
		const struct ref *ref = r->networks;
		size_t len;

		if (r->type != RULE_FORWARD || !r->domain_name)
			continue;
		while (ref && (!ref->object || !g.of[((const struct network *)ref->object)->index]))
			ref = ref->next;
		len = name_wire_len(r->domain_name);
		if (!ref || table_find(&seen, r->domain_name, len))
			continue;
		if (table_put(&seen, r->domain_name, len, &g) != OK)
			lint->nomem = true;
		if (one_has_one_lacks(&g, r->domain_name))
			report_missing(&g, check, r);
	}
}

void
check_missing_region_copy(struct lint *lint, const struct lint_check *check)
{
	for (const struct lint_group *g = lint->estate->lint.groups; g && !lint->nomem;
	     g = g->next)
		judge_group(lint, check, g);
}
