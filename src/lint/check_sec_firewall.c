#include <stdlib.h>
#include <string.h>

#include "dns/codes.h"
#include "lint/checks.h"
#include "lint/ground.h"
#include "lint/witness.h"

/*
 * SEC908: names of the estate that DNS Firewall blocks.  "x" is that name alone and "*.x" what
 * is below it; what else the service may take them for is not confirmed, and not claimed.
 * VPCs with the same rules in the same order are one configuration, and each zone is judged
 * once for each configuration of its readers.
 */

/* A list of domains, for look-ups. */
struct domains {
	const struct firewall_domain_list *list;
	struct table exact, below;	/* names; of "*.x" the x */
	bool all;			/* "*" */
};

/* One rule, in the order of the VPC. */
struct wall_rule {
	const struct firewall_rule *rule;
	const struct firewall_rule_group *group;
	const struct domains *domains;
};

struct wall {
	struct wall_rule *rules;
	size_t count;
	uint32_t number;
	bool blocks;		/* at least one of them does */
};

struct walls {
	struct lint *lint;
	struct table domains;	/* list -> struct domains */
	struct table by_groups;	/* groups in their order -> struct wall */
	struct wall **of;	/* by network; NULL: no firewall */
	uint32_t *judged;	/* by wall: zone + 1 of the last look */
	uint32_t count;
};

/* A VPC's group, before they are in order. */
struct attached {
	uint32_t network, priority;
	const struct firewall_rule_group *group;
};

static void
enter_domain(struct lint *lint, struct domains *d, const char *text)
{
	bool below = strncmp(text, "*.", 2) == 0;
	struct name name;
	const uint8_t *key;

	d->all |= strcmp(text, "*") == 0;
	if (name_parse(below ? text + 2 : text, &name) != OK || name_wire_is_wildcard(name.wire))
		return;
	key = name_store(&lint->arena, &name);
	if (!key || table_put(below ? &d->below : &d->exact, key, name_wire_len(key),
			      (void *)(uintptr_t)text) != OK)
		lint->nomem = true;
}

static const struct domains *
domains_of(struct walls *w, const struct firewall_domain_list *list)
{
	struct domains *d = table_find_string(&w->domains, list->id);

	if (d)
		return d;
	d = lint_alloc(w->lint, 1, sizeof(*d));
	if (!d)
		return NULL;
	d->list = list;
	table_init(&d->exact, &w->lint->arena);
	table_init(&d->below, &w->lint->arena);
	for (const struct string_item *i = list->domains; i && !w->lint->nomem; i = i->next)
		enter_domain(w->lint, d, i->text);
	if (table_put_string(&w->domains, list->id, d) != OK)
		w->lint->nomem = true;
	return d;
}

static bool
domains_match(const struct domains *d, const uint8_t *name)
{
	if (d->all || table_find(&d->exact, name, name_wire_len(name)))
		return true;
	while (*name) {
		name += 1 + *name;
		if (table_find(&d->below, name, name_wire_len(name)))
			return true;
	}
	return false;
}

static int
compare_attached(const void *left, const void *right)
{
	const struct attached *a = left, *b = right;

	if (a->network != b->network)
		return a->network < b->network ? -1 : 1;
	return (a->priority > b->priority) - (a->priority < b->priority);
}

static int
compare_rules(const void *left, const void *right)
{
	const struct wall_rule *a = left, *b = right;

	return (a->rule->priority > b->rule->priority) - (a->rule->priority < b->rule->priority);
}

static void
add_group_rules(struct walls *w, struct wall *wall, const struct firewall_rule_group *group)
{
	size_t first = wall->count;

	for (const struct firewall_rule *r = group->rules; r; r = r->next) {
		const struct firewall_domain_list *list = r->domain_list.object;

		if (!list)
			continue;	/* names that no list tells: it takes nothing back */
		wall->rules[wall->count++] = (struct wall_rule){ r, group, domains_of(w, list) };
		wall->blocks |= r->action == FIREWALL_BLOCK;
	}
	if (wall->count > first)
		qsort(wall->rules + first, wall->count - first, sizeof(*wall->rules),
		      compare_rules);
}

/** The wall of these groups, which stand side by side. */
static struct wall *
wall_of(struct walls *w, const struct attached *attached, size_t count)
{
	const void **key = lint_alloc(w->lint, count, sizeof(*key));
	struct wall *wall;
	size_t rules = 0;

	for (size_t i = 0; key && i < count; i++) {
		key[i] = attached[i].group;
		for (const struct firewall_rule *r = attached[i].group->rules; r; r = r->next)
			rules++;
	}
	wall = key ? table_find(&w->by_groups, key, count * sizeof(*key)) : NULL;
	if (wall || !key)
		return wall;
	wall = lint_alloc(w->lint, 1, sizeof(*wall));
	if (!wall)
		return NULL;
	wall->rules = lint_alloc(w->lint, rules, sizeof(*wall->rules));
	wall->number = w->count++;
	for (size_t i = 0; i < count && !w->lint->nomem; i++)
		add_group_rules(w, wall, attached[i].group);
	if (table_put(&w->by_groups, key, count * sizeof(*key), wall) != OK)
		w->lint->nomem = true;
	return wall;
}

static void
make_walls(struct walls *w)
{
	const struct firewall_rule_group *groups = w->lint->estate->firewall_rule_groups;
	struct attached *attached;
	size_t count = 0, end;

	for (const struct firewall_rule_group *g = groups; g; g = g->next)
		for (const struct firewall_association *a = g->associations; a; a = a->next)
			count += a->vpc.object != NULL;
	attached = lint_alloc(w->lint, count, sizeof(*attached));
	w->of = lint_alloc(w->lint, w->lint->estate->network_count, sizeof(struct wall *));
	if (w->lint->nomem || !count)
		return;
	count = 0;
	for (const struct firewall_rule_group *g = groups; g; g = g->next)
		for (const struct firewall_association *a = g->associations; a; a = a->next)
			if (a->vpc.object)
				attached[count++] = (struct attached){
					((const struct network *)a->vpc.object)->index,
					a->priority, g };
	qsort(attached, count, sizeof(*attached), compare_attached);
	for (size_t i = 0; i < count && !w->lint->nomem; i = end) {
		for (end = i; end < count && attached[end].network == attached[i].network; end++)
			;
		w->of[attached[i].network] = wall_of(w, &attached[i], end - i);
	}
	w->judged = lint_alloc(w->lint, w->count, sizeof(*w->judged));
}

/** The rule that blocks the question; NULL: it gets through. */
static const struct wall_rule *
blocking_rule(const struct wall *wall, const uint8_t *name, uint16_t type)
{
	for (size_t i = 0; i < wall->count; i++) {
		const struct wall_rule *r = &wall->rules[i];

		if ((r->rule->qtype && r->rule->qtype != type) ||
		    !domains_match(r->domains, name))
			continue;
		return r->rule->action == FIREWALL_BLOCK ? r : NULL;
	}
	return NULL;
}

/* Names of one zone that one wall blocks. */
struct blocked {
	const struct wall_rule *rule;	/* of the first */
	const uint8_t *name;		/* the first */
	uint16_t type;
	size_t count;
};

/** Names with records of their own; those of a wildcard are not told. */
static struct blocked
find_blocked(const struct zone *zone, const struct wall *wall)
{
	struct blocked blocked = { 0 };

	for (uint32_t i = 0; i < zone->node_count; i++) {
		const struct zone_node *node = zone_node_number(zone, i);
		const struct zone_set_ref *refs = zone_node_refs(node);
		const uint8_t *name = zone_node_name(node);

		if ((node->flags & (NODE_OCCLUDED | NODE_CUT)) || name_wire_is_wildcard(name))
			continue;
		for (unsigned s = 0; s < node->set_count; s++) {
			const struct wall_rule *rule;

			if (refs[s].type == TYPE_SOA || refs[s].type == TYPE_NS)
				continue;
			rule = blocking_rule(wall, name, refs[s].type);
			if (!rule)
				continue;
			if (!blocked.count++)
				blocked = (struct blocked){ rule, name, refs[s].type, 1 };
			break;
		}
	}
	return blocked;
}

static const char *
entry_text(const struct domains *d, const uint8_t *name, struct srcloc *at)
{
	const char *found = table_find(&d->exact, name, name_wire_len(name));

	while (!found && *name) {
		name += 1 + *name;
		found = table_find(&d->below, name, name_wire_len(name));
	}
	for (const struct string_item *i = d->list->domains; i; i = i->next) {
		if (found ? i->text == found : strcmp(i->text, "*") == 0) {
			*at = i->at;
			return i->text;
		}
	}
	*at = d->list->at;
	return "";
}

static void
report_blocked(struct walls *w, const struct lint_check *check, uint32_t zone,
	       const struct blocked *blocked, const struct wall *wall, size_t readers)
{
	struct lint *lint = w->lint;
	const struct firewall_domain_list *list = blocked->rule->domains->list;
	struct witness witness = { .type = blocked->type };
	char name[NAME_TEXT_MAX];
	struct finding *finding;
	struct srcloc at;
	const char *entry = entry_text(blocked->rule->domains, blocked->name, &at);

	name_from_wire(blocked->name, &witness.name);
	for (size_t i = 0; i < readers; i++)
		if (w->of[lint->ground->readers[i]] == wall && !witness.claim_count &&
		    lint_reads(lint, lint->ground->readers[i], blocked->name, zone))
			witness_claim_zone(&witness, lint->ground->readers[i], zone);
	if (!witness.claim_count || !witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, at,
			    "\"%s\" in the list \"%s\" blocks %s of zone \"%s\", %s first", entry,
			    list->id, lint_count(lint, blocked->count, "name", "names"),
			    lint->zones[zone]->id, name_print(blocked->name, name));
	diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_FIREWALL_DOMAIN_LIST),
		 list->id, at, "blocked by \"%s\"", entry);
	diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_FIREWALL_RULE_GROUP),
		 blocked->rule->group->id, blocked->rule->rule->at, "the rule");
	lint_add_zone(lint, finding, zone, "has the names");
	for (size_t i = 0; i < readers; i++)
		if (w->of[lint->ground->readers[i]] == wall)
			lint_add_network(lint, finding, lint->ground->readers[i]);
	witness_add(lint, finding, &witness, "without the firewall");
	lint_add_help(lint, finding, "allow the names by a rule with a lower priority, or take "
		      "them off the list");
}

static void
judge_zone(struct walls *w, const struct lint_check *check, uint32_t zone)
{
	size_t readers = ground_readers(w->lint, w->lint->ground, zone);

	for (size_t i = 0; i < readers && !w->lint->nomem; i++) {
		const struct wall *wall = w->of[w->lint->ground->readers[i]];
		struct blocked blocked;

		if (!wall || !wall->blocks || w->judged[wall->number] == zone + 1)
			continue;
		w->judged[wall->number] = zone + 1;
		blocked = find_blocked(w->lint->snap->zones[zone], wall);
		if (blocked.count)
			report_blocked(w, check, zone, &blocked, wall, readers);
	}
}

void
check_firewall_blocks(struct lint *lint, const struct lint_check *check)
{
	struct walls w = { .lint = lint };

	if (!lint->estate->firewall_rule_groups || !lint_ground(lint))
		return;
	table_init(&w.domains, &lint->arena);
	table_init(&w.by_groups, &lint->arena);
	make_walls(&w);
	if (!w.count)
		return;
	for (uint32_t zone = 0; zone < lint->estate->zone_count && !lint->nomem; zone++)
		if (!lint->zones[zone]->public_zone)
			judge_zone(&w, check, zone);
}
