#include <string.h>

#include "dns/codes.h"
#include "lint/checks.h"
#include "lint/ground.h"

/* QTA801: what is counted, held against the quotas (estate/quotas.h). */

#define WARN_PERCENT 80

struct quota_row {
	const char *key, *what;
};

static const struct quota_row quotas[QUOTAS] = {
#define QUOTA_ROW(point, key, number, what) { #key, what },
	QUOTA_TABLE(QUOTA_ROW)
#undef QUOTA_ROW
};

/* What has so many: an object of the estate, or an account (`id`, no object). */
struct owner {
	const char *kind, *id;
	struct srcloc at;
};

static struct owner
owner_of(enum object_kind kind, const void *object, const char *id)
{
	return (struct owner){ object_kind_text(kind), id, object_at(kind, object) };
}

static void
hold_against(struct lint *lint, const struct lint_check *check, enum quota quota, size_t count,
	     struct owner owner)
{
	size_t allowed = lint->estate->lint.quotas[quota];
	bool over = count > allowed;
	struct finding *finding;

	if (!over && count * 100 < allowed * WARN_PERCENT)
		return;
	finding = lint_open(lint, check, over ? check->severity : SEVERITY_WARNING, owner.at,
			    "%s \"%s\": %zu of %zu %s", owner.kind, owner.id, count, allowed,
			    quotas[quota].what);
	diag_add(lint->diags, finding, PART_OBJECT, owner.kind, owner.id, owner.at, "has %zu",
		 count);
	lint_add_help(lint, finding, "%s; lint.quotas.%s says what AWS has granted",
		      over ? "take some away, or ask for a raise" : "ask for a raise in time",
		      quotas[quota].key);
}

/** Associations of one's own: what comes by a Profile counts for the Profile. */
static size_t
count_own_vpcs(const struct ref *refs)
{
	size_t count = 0;

	for (const struct ref *ref = refs; ref; ref = ref->next) {
		const struct network *network = ref->object;

		count += network && network->kind == NETWORK_VPC && !ref->by;
	}
	return count;
}

static size_t
count_refs(const struct ref *refs)
{
	size_t count = 0;

	for (; refs; refs = refs->next)
		count++;
	return count;
}

static size_t
count_targets(const struct target *targets)
{
	size_t count = 0;

	for (; targets; targets = targets->next)
		count++;
	return count;
}

/** The largest set, and the largest group of a policy, of the zone. */
static void
find_largest(const struct zone *zone, size_t *values, size_t *sets)
{
	*values = *sets = 0;
	for (uint32_t i = 0; i < zone->node_count; i++) {
		const struct zone_node *node = zone_node_number(zone, i);
		const struct zone_set_ref *refs = zone_node_refs(node);

		for (unsigned r = 0; r < node->set_count; r++) {
			size_t count = zone_set_at(zone, refs[r].set_at)->count;

			*values = count > *values ? count : *values;
			*sets = refs[r].members > *sets ? refs[r].members : *sets;
		}
	}
}

static void
judge_zones(struct lint *lint, const struct lint_check *check)
{
	for (const struct hosted_zone *z = lint->estate->zones; z; z = z->next) {
		struct owner owner = owner_of(OBJECT_HOSTED_ZONE, z, z->id);
		const struct zone *zone = lint->snap->zones[z->index];
		size_t vpcs = count_own_vpcs(z->networks), values, sets;

		if (z->networks && !vpcs)
			continue;	/* a site's: none of the service's */
		find_largest(zone, &values, &sets);
		hold_against(lint, check, QUOTA_VPCS_PER_ZONE, vpcs, owner);
		hold_against(lint, check, QUOTA_RECORDS_PER_ZONE, z->set_count, owner);
		hold_against(lint, check, QUOTA_VALUES_PER_RECORD, values, owner);
		hold_against(lint, check, QUOTA_SETS_PER_NAME, sets, owner);
	}
}

/* Counting by account and Region. */
struct place {
	size_t rules, associations, endpoints, zones;
	struct owner owner;
	struct place *next;
};

struct places {
	struct lint *lint;
	struct table by_name;
	struct place *first, **end;
};

/** The place of an account in a Region; nobody's (region NULL: of all). */
static struct place *
find_place(struct places *all, const char *account, const char *region, struct srcloc at)
{
	const char *name = region ? lint_printf(all->lint, "%s in %s", account, region) : account;
	struct place *place = table_find_string(&all->by_name, name);

	if (place)
		return place;
	place = lint_alloc(all->lint, 1, sizeof(*place));
	if (!place)
		return NULL;
	place->owner = (struct owner){ "account", name, at };
	if (table_put_string(&all->by_name, name, place) != OK)
		all->lint->nomem = true;
	*all->end = place;
	all->end = &place->next;
	return place;
}

/** Where a VPC is; NULL: its account or Region was not declared, so nothing can be counted. */
static struct place *
place_of(struct places *all, const struct network *vpc, struct srcloc at)
{
	if (!vpc || !vpc->owner_id || !*vpc->region)
		return NULL;
	return find_place(all, vpc->owner_id, vpc->region, at);
}

static void
count_rule(struct places *all, const struct resolver_rule *r)
{
	const struct resolver_endpoint *endpoint = r->endpoint.object;
	struct place *place = endpoint ? place_of(all, endpoint->vpc.object, r->at) : NULL;

	if (place)
		place->rules++;
	for (const struct ref *ref = r->networks; ref; ref = ref->next) {
		place = ref->by ? NULL : place_of(all, ref->object, r->at);
		if (place)
			place->associations++;
	}
}

static void
judge_places(struct lint *lint, const struct lint_check *check)
{
	struct places all = { .lint = lint, .end = &all.first };

	table_init(&all.by_name, &lint->arena);
	for (const struct resolver_rule *r = lint->estate->rules; r && !lint->nomem; r = r->next)
		count_rule(&all, r);
	for (const struct resolver_endpoint *e = lint->estate->endpoints; e; e = e->next) {
		struct place *place = place_of(&all, e->vpc.object, e->at);

		if (place)
			place->endpoints++;
	}
	for (const struct hosted_zone *z = lint->estate->zones; z && !lint->nomem; z = z->next) {
		struct place *place = z->owner_id ? find_place(&all, z->owner_id, NULL, z->at)
						  : NULL;

		if (place)
			place->zones++;
	}
	for (const struct place *p = all.first; p && !lint->nomem; p = p->next) {
		hold_against(lint, check, QUOTA_ZONES_PER_ACCOUNT, p->zones, p->owner);
		hold_against(lint, check, QUOTA_RULES_PER_REGION, p->rules, p->owner);
		hold_against(lint, check, QUOTA_ASSOCIATIONS_PER_REGION, p->associations,
			     p->owner);
		hold_against(lint, check, QUOTA_ENDPOINTS_PER_REGION, p->endpoints, p->owner);
	}
}

static void
judge_peerings(struct lint *lint, const struct lint_check *check)
{
	size_t *counts = lint_alloc(lint, lint->estate->network_count, sizeof(*counts));

	for (const struct peering *p = lint->estate->peerings; p && counts; p = p->next) {
		if (strcmp(p->status, "active") != 0)
			continue;
		if (p->requester.object)
			counts[((const struct network *)p->requester.object)->index]++;
		if (p->accepter.object)
			counts[((const struct network *)p->accepter.object)->index]++;
	}
	for (const struct network *n = lint->estate->networks; n && counts; n = n->next)
		hold_against(lint, check, QUOTA_PEERINGS_PER_VPC, counts[n->index],
			     owner_of(OBJECT_VPC, n, n->id));
}

static void
judge_profiles(struct lint *lint, const struct lint_check *check)
{
	for (const struct profile *p = lint->estate->profiles; p; p = p->next) {
		struct owner owner = owner_of(OBJECT_PROFILE, p, p->id);
		size_t vpcs = 0;

		for (const struct profile_association *a = p->associations; a; a = a->next)
			vpcs++;
		hold_against(lint, check, QUOTA_VPCS_PER_PROFILE, vpcs, owner);
		hold_against(lint, check, QUOTA_ZONES_PER_PROFILE, count_refs(p->zones), owner);
		hold_against(lint, check, QUOTA_RULES_PER_PROFILE, count_refs(p->rules), owner);
	}
}

/** Is it a rule of the service?  A site's own forwarding has no bounds of that kind. */
static bool
is_service_rule(const struct resolver_rule *rule)
{
	return rule->type == RULE_FORWARD && rule->endpoint.object;
}

void
check_quota(struct lint *lint, const struct lint_check *check)
{
	judge_zones(lint, check);
	judge_places(lint, check);
	judge_peerings(lint, check);
	judge_profiles(lint, check);
	for (const struct resolver_endpoint *e = lint->estate->endpoints; e; e = e->next)
		hold_against(lint, check, QUOTA_ADDRESSES_PER_ENDPOINT,
			     count_targets(e->ip_addresses), owner_of(OBJECT_ENDPOINT, e, e->id));
	for (const struct resolver_rule *r = lint->estate->rules; r; r = r->next)
		if (is_service_rule(r))
			hold_against(lint, check, QUOTA_TARGETS_PER_RULE,
				     count_targets(r->targets), owner_of(OBJECT_RULE, r, r->id));
}

/* QTA803: rules that hang on one server.  The server is the cause, however many there are. */

struct lone_target {
	struct addr addr;
	const struct resolver_rule **rules;
	size_t count, room;
	struct lone_target *next;
};

struct lone_targets {
	struct lone_target *first, **end;
	struct table by_addr;
};

static void
note_lone(struct lint *lint, struct lone_targets *all, const struct resolver_rule *rule)
{
	const struct addr *addr = &rule->targets->addr;
	struct lone_target *lone = table_find(&all->by_addr, addr, sizeof(*addr));

	if (!lone) {
		lone = lint_alloc(lint, 1, sizeof(*lone));
		if (!lone)
			return;
		lone->addr = *addr;
		if (table_put(&all->by_addr, &lone->addr, sizeof(lone->addr), lone) != OK)
			lint->nomem = true;
		*all->end = lone;
		all->end = &lone->next;
	}
	if (lone->count == lone->room) {
		size_t room = lone->room ? 2 * lone->room : 4;
		const struct resolver_rule **rules = lint_alloc(lint, room, sizeof(*rules));

		if (!rules)
			return;
		if (lone->count)
			memcpy(rules, lone->rules, lone->count * sizeof(*rules));
		lone->rules = rules;
		lone->room = room;
	}
	lone->rules[lone->count++] = rule;
}

static void
report_lone(struct lint *lint, const struct lint_check *check, const struct lone_target *lone)
{
	const struct resolver_rule *first = lone->rules[0];
	char addr[ADDR_TEXT_MAX];
	struct finding *finding;

	addr_print(&lone->addr, addr);
	finding = lint_open(lint, check, check->severity, first->targets->at,
			    lone->count == 1 ? "%s \"%s\" has %s for its only target: nothing "
					       "answers when that server is gone"
					     : "%s, \"%s\" first, have %s for their only target: "
					       "nothing answers when that server is gone",
			    lone->count == 1 ? "rule" : lint_count(lint, lone->count, "rule",
								   "rules"),
			    first->id, addr);
	for (size_t i = 0; i < lone->count && i < LINT_SHOWN; i++)
		lint_add_rule(lint, finding, lone->rules[i]->index,
			      lint_printf(lint, "asks %s only", addr));
	lint_add_help(lint, finding, "add a second server to target_ips");
}

void
check_single_target(struct lint *lint, const struct lint_check *check)
{
	struct lone_targets all = { .end = &all.first };

	table_init(&all.by_addr, &lint->arena);
	for (const struct resolver_rule *r = lint->estate->rules; r && !lint->nomem; r = r->next)
		if (r->type == RULE_FORWARD && r->targets && !r->targets->next)
			note_lone(lint, &all, r);
	for (const struct lone_target *lone = all.first; lone && !lint->nomem; lone = lone->next)
		report_lone(lint, check, lone);
}
