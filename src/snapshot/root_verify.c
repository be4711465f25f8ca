#include "snapshot/snapshot.h"

#include <stdlib.h>

#include "estate/estate.h"
#include "snapshot/slots.h"
#include "snapshot/verify.h"

static bool
wire_is_sound(const struct block *block, uint32_t at, unsigned labels)
{
	return verify_name(block, at) && name_wire_labels(block_at(block, at)) == labels;
}

/** What is told to clients has room in every reply. */
static bool
text_is_sound(const struct block *block, uint32_t at)
{
	return verify_string(block, at) && strlen(block_string(block, at)) <= IDENTITY_MAX;
}

static bool
assumptions_are_sound(const struct snapshot_settings *s)
{
	for (unsigned i = 0; i < ASSUME_POINTS; i++)
		if (s->assume[i] < assume_point((enum assume)i)->least ||
		    s->assume[i] > assume_point((enum assume)i)->most)
			return false;
	return true;
}

static bool
settings_are_sound(const struct root *root)
{
	const struct snapshot_settings *s = &root->settings;

	return s->cache_prefetch <= 1 && s->upstream_edns_size <= UINT16_MAX &&
	       assumptions_are_sound(s) &&
	       verify_string(&root->block, s->user_at) &&
	       verify_string(&root->block, s->snapshot_file_at) &&
	       verify_string(&root->block, s->control_socket_at) &&
	       verify_string(&root->block, s->query_log_at) &&
	       text_is_sound(&root->block, s->identity_at) &&
	       text_is_sound(&root->block, s->version_at);
}

static bool
cidrs_are_sound(const struct block *block, const struct snapshot_network *network)
{
	const struct snapshot_cidr *cidrs = block_at(block, network->cidrs_at);

	for (uint32_t i = 0; i < network->cidr_count; i++)
		if (cidrs[i].prefix.bits > 128 || cidrs[i].own > 1 || cidrs[i].zero[0] ||
		    cidrs[i].zero[1] || !verify_string(block, cidrs[i].region_at))
			return false;
	return true;
}

static bool
delegates_are_sound(const struct root *root, const struct snapshot_network *network)
{
	const struct snapshot_rule *rules = block_at(&root->block, root->rules_at);
	const uint32_t *numbers = block_at(&root->block, network->delegates_at);

	if (!verify_array(&root->block, network->delegates_at, network->delegate_count,
			  sizeof(*numbers)))
		return false;
	for (uint32_t i = 0; i < network->delegate_count; i++)
		if (numbers[i] >= root->rule_count || rules[numbers[i]].type != RULE_DELEGATE)
			return false;
	return true;
}

/** The network's view is one of the list, which is verified by itself. */
static bool
view_is_listed(const struct root *root, uint32_t view_at)
{
	const uint32_t units = sizeof(struct view) / BLOCK_UNIT;

	return view_at >= root->views_at && (view_at - root->views_at) % units == 0 &&
	       (view_at - root->views_at) / units < root->view_count;
}

static bool
networks_are_sound(const struct root *root)
{
	const struct snapshot_network *network = block_at(&root->block, root->networks_at);

	for (uint32_t i = 0; i < root->network_count; i++, network++)
		if (network->kind > NETWORK_SITE || network->dns_support > 1 ||
		    network->dns_hostnames > 1 || network->dns64 > 1 || network->zero ||
		    !verify_string(&root->block, network->id_at) ||
		    !verify_string(&root->block, network->region_at) ||
		    !view_is_listed(root, network->view_at) ||
		    !verify_array(&root->block, network->cidrs_at, network->cidr_count,
				  sizeof(struct snapshot_cidr)) ||
		    !cidrs_are_sound(&root->block, network) ||
		    !delegates_are_sound(root, network))
			return false;
	return true;
}

static bool
zones_are_sound(const struct root *root)
{
	const struct snapshot_zone *zone = block_at(&root->block, root->zones_at);

	for (uint32_t i = 0; i < root->zone_count; i++, zone++)
		if (zone->block >= root->block_count || zone->zero ||
		    !verify_string(&root->block, zone->id_at) ||
		    !verify_name(&root->block, zone->name_at))
			return false;
	return true;
}

static bool
targets_are_sound(const struct block *block, uint32_t at, uint32_t count)
{
	const struct snapshot_target *target = block_at(block, at);

	if (!verify_array(block, at, count, sizeof(*target)))
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (target[i].port > UINT16_MAX || target[i].protocol > PROTOCOL_DOT)
			return false;
	return true;
}

/** `on` leads to a further rule or to the internet resolver, and nowhere from there. */
static bool
further_is_sound(const struct root *root, const struct snapshot_rule *rule)
{
	const struct snapshot_rule *rules = block_at(&root->block, root->rules_at);
	const struct snapshot_rule *last = rules + root->rule_count - 1;

	if (rule->further > 1 || (rule->further && (rule->type != RULE_FORWARD ||
						    !rule->target_count || rule == last)))
		return false;
	for (unsigned i = 0; i < ON_OUTCOMES; i++) {
		uint32_t number = rule->on[i];

		if (number == RULE_NONE)
			continue;
		if (number >= root->rule_count || rule->type != RULE_FORWARD || rule->further ||
		    rule == last || (!rules[number].further && &rules[number] != last))
			return false;
	}
	return true;
}

static bool
rules_are_sound(const struct root *root)
{
	const struct snapshot_rule *rule = block_at(&root->block, root->rules_at);

	for (uint32_t i = 0; i < root->rule_count; i++, rule++)
		if (rule->type > RULE_DELEGATE || rule->policy > TARGET_FASTEST ||
		    !further_is_sound(root, rule) || !verify_string(&root->block, rule->id_at) ||
		    !verify_name(&root->block, rule->domain_at) ||
		    !verify_string(&root->block, rule->endpoint_at) ||
		    !targets_are_sound(&root->block, rule->targets_at, rule->target_count))
			return false;
	rule--;		/* the internet resolver */
	return rule->type == RULE_FORWARD && wire_is_sound(&root->block, rule->domain_at, 0);
}

static bool
budgets_are_sound(const struct root *root)
{
	const struct snapshot_budget *budget = block_at(&root->block, root->budgets_at);

	for (uint32_t i = 0; i < root->budget_count; i++)
		if (!budget[i].per_second || budget[i].zero)
			return false;
	return true;
}

static bool
is_network(const struct root *root, uint32_t number)
{
	return number < root->network_count || number == NETWORK_NONE;
}

static bool
profiles_are_sound(const struct root *root)
{
	const struct snapshot_profile *p = block_at(&root->block, root->profiles_at);

	for (uint32_t i = 0; i < root->profile_count; i++, p++)
		if (p->zero || !verify_string(&root->block, p->id_at))
			return false;
	return true;
}

static bool
is_profile(const struct root *root, uint32_t number)
{
	return number < root->profile_count || number == PROFILE_NONE;
}

static bool
endpoints_are_sound(const struct root *root)
{
	const struct snapshot_endpoint *e = block_at(&root->block, root->endpoints_at);

	for (uint32_t i = 0; i < root->endpoint_count; i++, e++)
		if (e->direction > DIRECTION_INBOUND_DELEGATION || e->dns64 > 1 ||
		    !is_network(root, e->network) || !verify_string(&root->block, e->id_at) ||
		    !targets_are_sound(&root->block, e->addresses_at, e->address_count))
			return false;
	return true;
}

static bool
listeners_are_sound(const struct root *root)
{
	const struct snapshot_listener *l = block_at(&root->block, root->listeners_at);

	for (uint32_t i = 0; i < root->listener_count; i++, l++)
		if (l->port > UINT16_MAX || !is_network(root, l->network) ||
		    (l->endpoint >= root->endpoint_count && l->endpoint != ENDPOINT_NONE) ||
		    !verify_string(&root->block, l->as_at))
			return false;
	return true;
}

static bool
children_are_sound(const struct root *root, const struct snapshot_health *check)
{
	const uint32_t *children = block_at(&root->block, check->children_at);

	if (!verify_array(&root->block, check->children_at, check->child_count,
			  sizeof(*children)))
		return false;
	for (uint32_t i = 0; i < check->child_count; i++)
		if (children[i] >= root->health_count)
			return false;
	return true;
}

static bool
health_is_sound(const struct root *root)
{
	const struct snapshot_health *check = block_at(&root->block, root->health_at);

	for (uint32_t i = 0; i < root->health_count; i++, check++)
		if (check->type > HEALTH_EXTERNAL || check->port > UINT16_MAX ||
		    !check->id_at || !verify_string(&root->block, check->id_at) ||
		    !verify_string(&root->block, check->resource_path_at) ||
		    !verify_string(&root->block, check->domain_name_at) ||
		    !verify_string(&root->block, check->state_file_at) ||
		    !verify_string(&root->block, check->search_string_at) ||
		    check->inverted > 1 || check->disabled > 1 ||
		    !check->request_interval_ms || !check->failure_threshold ||
		    !children_are_sound(root, check))
			return false;
	return true;
}

/* The table of the checks is what entering them in their order gives. */
static enum status
health_slots_verify(const struct root *root)
{
	const struct snapshot_health *check = block_at(&root->block, root->health_at);
	uint64_t slot_count = (uint64_t)root->health_slot_mask + 1;
	uint64_t slots_octets = slot_count * 2 * sizeof(uint32_t);
	uint32_t (*slots)[2];
	bool sound;

	if (!root->health_count)
		return root->health_slots_at || root->health_slot_mask ? ERR_MALFORMED : OK;
	if (slot_count != slots_for(root->health_count) ||
	    !verify_array(&root->block, root->health_slots_at, slot_count, sizeof(*slots)))
		return ERR_MALFORMED;
	slots = calloc(1, slots_octets);
	if (!slots)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < root->health_count; i++)
		slots_insert(slots, root->health_slot_mask,
			     health_hash(block_string(&root->block, check[i].id_at)), i + 1);
	sound = memcmp(slots, block_at(&root->block, root->health_slots_at),
		       slots_octets) == 0;
	free(slots);
	return sound ? OK : ERR_MALFORMED;
}

/* From the lowest address on, rising; values below `values`, or none. */
static bool
ranges_are_sound(const struct block *block, uint32_t at, uint32_t count, uint32_t values)
{
	static const uint8_t lowest[16];
	const struct prefix_range *range = block_at(block, at);

	for (uint32_t i = 0; i < count; i++) {
		const uint8_t *before = i ? range[i - 1].first : lowest;
		int order = memcmp(before, range[i].first, sizeof(lowest));

		if ((i ? order >= 0 : order != 0) || range[i].zero ||
		    (range[i].value >= values && range[i].value != PREFIXES_NONE))
			return false;
	}
	return true;
}

static bool
origin_is_sound(const struct root *root, uint32_t kind, uint32_t origin)
{
	const struct snapshot_rule *rules = block_at(&root->block, root->rules_at);

	switch ((enum cut_origin)kind) {
	case ORIGIN_RULE:
		return origin < root->rule_count - 1 && !rules[origin].further;
	case ORIGIN_ZONE:
		return origin < root->zone_count;
	case ORIGIN_AUTODEFINED:
		return origin <= AUTO_EC2_REVERSE;
	case ORIGIN_ROOT:
		return origin == 0;
	}
	return false;
}

static bool
target_is_sound(const struct root *root, const struct cut *cut)
{
	const struct snapshot_rule *rules = block_at(&root->block, root->rules_at);
	const struct snapshot_zone *zones = block_at(&root->block, root->zones_at);

	switch ((enum cut_action)cut->action) {
	case CUT_ZONE:
		return cut->target < root->zone_count &&
		       name_wire_covers(block_at(&root->block, zones[cut->target].name_at),
					block_at(&root->block, cut->name_at));
	case CUT_FORWARD:
		return cut->target < root->rule_count - 1 &&
		       rules[cut->target].type == RULE_FORWARD && !rules[cut->target].further &&
		       rules[cut->target].target_count;
	case CUT_AUTODEFINED:
		return cut->target <= AUTO_EC2_REVERSE;
	case CUT_INTERNET:
		return cut->target == root->rule_count - 1;
	}
	return false;
}

static bool
losers_are_sound(const struct root *root, const struct cut *cut)
{
	const struct cut_loser *loser = block_at(&root->block, cut->losers_at);

	if (!verify_array(&root->block, cut->losers_at, cut->loser_count, sizeof(*loser)))
		return false;
	for (uint32_t i = 0; i < cut->loser_count; i++)
		if (loser[i].why > LOST_TO_PROFILE || !is_profile(root, loser[i].profile) ||
		    !origin_is_sound(root, loser[i].origin_kind, loser[i].origin))
			return false;
	return true;
}

static bool
cut_is_sound(const struct root *root, const struct cut *cut)
{
	return wire_is_sound(&root->block, cut->name_at, cut->labels) && cut->system <= 1 &&
	       is_profile(root, cut->profile) && !cut->zero &&
	       origin_is_sound(root, cut->origin_kind, cut->origin) &&
	       target_is_sound(root, cut) && losers_are_sound(root, cut);
}

/* Sound cuts in rising order, the root's first; fills in what depths and slots should be. */
static bool
cuts_are_sound(const struct root *root, const struct view *view, uint64_t *depths,
	       uint32_t (*slots)[2])
{
	const struct cut *cut = view_cut(&root->block, view, 0);

	for (uint32_t i = 0; i < view->cut_count; i++, cut++) {
		const uint8_t *name = block_at(&root->block, cut->name_at);

		if (!cut_is_sound(root, cut) || (i == 0 && cut->labels))
			return false;
		if (i && name_wire_compare(block_at(&root->block, cut[-1].name_at), name) >= 0)
			return false;
		depths[cut->labels >> 6] |= 1ull << (cut->labels & 63);
		slots_insert(slots, view->slot_mask, name_hash(name), i + 1);
	}
	return true;
}

static enum status
view_verify(const struct root *root, const struct view *view)
{
	uint64_t slot_count = (uint64_t)view->slot_mask + 1;
	uint64_t slots_octets = slot_count * sizeof(struct view_slot), depths[2] = { 0 };
	uint32_t (*slots)[2];
	bool sound;

	if (!view->cut_count || slot_count != slots_for(view->cut_count) ||
	    !verify_array(&root->block, view->slots_at, slot_count, sizeof(*slots)) ||
	    !verify_array(&root->block, view->cuts_at, view->cut_count, sizeof(struct cut)))
		return ERR_MALFORMED;
	slots = calloc(1, slots_octets);
	if (!slots)
		return ERR_NOMEM;
	sound = cuts_are_sound(root, view, depths, slots) &&
		memcmp(depths, view->depths, sizeof(depths)) == 0 &&
		memcmp(slots, block_at(&root->block, view->slots_at), slots_octets) == 0;
	free(slots);
	return sound ? OK : ERR_MALFORMED;
}

static bool
arrays_fit(const struct root *root)
{
	const struct block *block = &root->block;

	return !root->zero && root->rule_count &&
	       verify_array(block, root->networks_at, root->network_count,
			    sizeof(struct snapshot_network)) &&
	       verify_array(block, root->zones_at, root->zone_count,
			    sizeof(struct snapshot_zone)) &&
	       verify_array(block, root->rules_at, root->rule_count,
			    sizeof(struct snapshot_rule)) &&
	       verify_array(block, root->budgets_at, root->budget_count,
			    sizeof(struct snapshot_budget)) &&
	       verify_array(block, root->profiles_at, root->profile_count,
			    sizeof(struct snapshot_profile)) &&
	       verify_array(block, root->endpoints_at, root->endpoint_count,
			    sizeof(struct snapshot_endpoint)) &&
	       verify_array(block, root->listeners_at, root->listener_count,
			    sizeof(struct snapshot_listener)) &&
	       verify_array(block, root->health_at, root->health_count,
			    sizeof(struct snapshot_health)) &&
	       verify_array(block, root->allow_at, root->allow_count,
			    sizeof(struct prefix_range)) &&
	       verify_array(block, root->clients_at, root->client_count,
			    sizeof(struct prefix_range)) &&
	       verify_array(block, root->views_at, root->view_count, sizeof(struct view));
}

enum status
root_verify(const struct block *block)
{
	const struct root *root = (const struct root *)block;
	const struct view *view;
	enum status status;

	if (block->size < sizeof(*root) + BLOCK_TAIL_OCTETS || !arrays_fit(root) ||
	    !settings_are_sound(root) || !zones_are_sound(root) || !rules_are_sound(root) ||
	    !budgets_are_sound(root) || !networks_are_sound(root) || !profiles_are_sound(root) ||
	    !endpoints_are_sound(root) ||
	    !listeners_are_sound(root) || !health_is_sound(root) ||
	    !ranges_are_sound(block, root->allow_at, root->allow_count, 1) ||
	    !ranges_are_sound(block, root->clients_at, root->client_count,
			      root->network_count))
		return ERR_MALFORMED;
	status = health_slots_verify(root);
	view = block_at(block, root->views_at);
	for (uint32_t i = 0; i < root->view_count && !status; i++)
		status = view_verify(root, &view[i]);
	return status;
}
