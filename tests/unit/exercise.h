/*
 * exercise - use everything a verified block or snapshot offers
 *
 * What passed block_verify needs no further checks: these walks would read outside the
 * block, or never end, if that were not so.  The sum keeps the compiler from leaving reads
 * out.  For tests that hand hostile blocks to block_verify, and for the fuzzer.
 */
#ifndef TESTS_EXERCISE_H
#define TESTS_EXERCISE_H

#include "snapshot/snapshot.h"

static inline uint64_t
exercise_octets(const void *octets, size_t len)
{
	const uint8_t *p = octets;
	uint64_t sum = 0;

	while (len--)
		sum += *p++;
	return sum;
}

static inline uint64_t
exercise_string(const struct block *block, uint32_t at)
{
	return strlen(block_string(block, at));
}

static inline uint64_t
exercise_set(const struct zone *zone, const struct zone_set *set)
{
	const struct zone_routing *routing = zone_set_routing(zone, set);
	const struct zone_alias *alias = zone_set_alias(zone, set);
	struct rrset rrset = zone_rrset(set, NULL);
	struct rrset_walk walk = rrset_begin(&rrset);
	struct rdata rdata;
	uint64_t sum = 0;

	while (rrset_next(&walk, &rdata))
		sum += exercise_octets(rdata.data, rdata.len);
	for (unsigned i = 0; i < rrset.name_count; i++)
		sum += name_wire_len(rrset.wire + rrset.names[i]);
	if (routing)
		sum += exercise_string(&zone->block, routing->set_identifier_at) +
		       exercise_string(&zone->block, routing->health_check_at) +
		       exercise_string(&zone->block, routing->region_at) +
		       exercise_string(&zone->block, routing->continent_at) +
		       exercise_string(&zone->block, routing->country_at) +
		       exercise_string(&zone->block, routing->subdivision_at);
	if (alias)
		sum += name_hash(block_at(&zone->block, alias->name_at)) +
		       exercise_string(&zone->block, alias->hosted_zone_at);
	return sum;
}

/* A name that is there, its wildcard, and one that is not there. */
static inline uint64_t
exercise_lookup(const struct zone *zone, const uint8_t *wire)
{
	static const uint8_t *const labels[] = { (const uint8_t *)"*", (const uint8_t *)"q" };
	const struct zone_node *node = zone_find(zone, wire, name_wire_len(wire),
						 name_hash(wire));
	uint64_t sum = node ? node->labels : 0;
	struct name name;

	for (unsigned i = 0; i < COUNT_OF(labels); i++)
		if (name_prepend(labels[i], 1, wire, &name)) {
			node = zone_find(zone, name.wire, name.len, name_hash(name.wire));
			sum += node ? node->flags : 0;
		}
	return sum;
}

static inline uint64_t
exercise_zone(const struct zone *zone)
{
	uint64_t sum = name_hash(zone_name(zone)) + zone->negative_ttl_s +
		       exercise_set(zone, zone_set_at(zone, zone->soa_at));

	for (uint32_t i = 0; i < zone->node_count; i++) {
		const struct zone_node *node = zone_node_number(zone, i);
		const struct zone_set_ref *refs = zone_node_refs(node);

		sum += exercise_lookup(zone, zone_node_name(node));
		for (unsigned k = 0; k < node->set_count; k++) {
			sum += exercise_set(zone, zone_set_at(zone, refs[k].set_at));
			sum += zone_node_set(node, refs[k].type)->members;
		}
	}
	return sum;
}

static inline uint64_t
exercise_targets(const struct block *block, uint32_t at, uint32_t count)
{
	return exercise_octets(block_at(block, at), count * sizeof(struct snapshot_target));
}

static inline uint64_t
exercise_cut(const struct block *block, const struct view *view, const struct cut *cut)
{
	struct suffixes suffixes;
	struct name name;

	name_from_wire(block_at(block, cut->name_at), &name);
	name_suffixes(&name, &suffixes);
	return view_walk(block, view, &name, &suffixes, NAME_MAX_LABELS + 1)->labels +
	       view_walk(block, view, &name, &suffixes, name.labels | 1u)->labels +
	       exercise_octets(block_at(block, cut->losers_at),
			       cut->loser_count * sizeof(struct cut_loser));
}

static inline uint64_t
exercise_network(const struct block *block, const struct snapshot_network *network)
{
	const struct view *view = block_at(block, network->view_at);
	const struct snapshot_cidr *cidrs = block_at(block, network->cidrs_at);
	const struct root *root = (const struct root *)block;
	const struct snapshot_rule *rules = block_at(block, root->rules_at);
	const uint32_t *delegates = block_at(block, network->delegates_at);
	uint64_t sum = exercise_string(block, network->id_at) +
		       exercise_string(block, network->region_at);

	for (uint32_t i = 0; i < network->cidr_count; i++)
		sum += cidrs[i].prefix.bits + exercise_string(block, cidrs[i].region_at);
	for (uint32_t i = 0; i < network->delegate_count; i++)
		sum += rules[delegates[i]].domain_at;
	for (uint32_t i = 0; i < view->cut_count; i++)
		sum += exercise_cut(block, view, view_cut(block, view, i));
	return sum;
}

static inline uint64_t
exercise_ranges(const struct block *block, uint32_t at, uint32_t count)
{
	const struct prefix_range *ranges = block_at(block, at);
	uint64_t sum = 0;

	for (uint32_t i = 0; i < count; i++) {
		struct addr addr = { .port = 0 };

		memcpy(addr.ip, ranges[i].first, sizeof(addr.ip));
		sum += prefixes_find(ranges, count, &addr);
	}
	return sum;
}

static inline uint64_t
exercise_health(const struct root *root)
{
	const struct block *block = &root->block;
	const struct snapshot_health *checks = block_at(block, root->health_at);
	uint64_t sum = 0;

	for (uint32_t i = 0; i < root->health_count; i++) {
		const uint32_t *children = block_at(block, checks[i].children_at);

		sum += health_hash(block_string(block, checks[i].id_at)) +
		       exercise_string(block, checks[i].resource_path_at) +
		       exercise_string(block, checks[i].domain_name_at) +
		       exercise_string(block, checks[i].state_file_at);
		for (uint32_t k = 0; k < checks[i].child_count; k++)
			sum += checks[children[k]].type;
	}
	return sum;
}

/* From rule to rule: a step further is the last one. */
static inline uint64_t
exercise_further(const struct snapshot_rule *rules, const struct snapshot_rule *rule)
{
	uint64_t sum = rule->policy;

	for (unsigned i = 0; i < ON_OUTCOMES; i++)
		if (rule->on[i] != RULE_NONE)
			sum += exercise_further(rules, &rules[rule->on[i]]);
	return sum;
}

static inline uint64_t
exercise_root(const struct root *root)
{
	const struct block *block = &root->block;
	const struct snapshot_network *networks = block_at(block, root->networks_at);
	const struct snapshot_zone *zones = block_at(block, root->zones_at);
	const struct snapshot_rule *rules = block_at(block, root->rules_at);
	const struct snapshot_endpoint *endpoints = block_at(block, root->endpoints_at);
	const struct snapshot_listener *listeners = block_at(block, root->listeners_at);
	uint64_t sum = exercise_string(block, root->settings.user_at) +
		       exercise_string(block, root->settings.snapshot_file_at) +
		       exercise_string(block, root->settings.control_socket_at) +
		       exercise_string(block, root->settings.query_log_at) +
		       exercise_health(root) +
		       exercise_ranges(block, root->allow_at, root->allow_count) +
		       exercise_ranges(block, root->clients_at, root->client_count);

	for (uint32_t i = 0; i < root->network_count; i++)
		sum += exercise_network(block, &networks[i]);
	for (uint32_t i = 0; i < root->zone_count; i++)
		sum += exercise_string(block, zones[i].id_at) +
		       name_hash(block_at(block, zones[i].name_at));
	for (uint32_t i = 0; i < root->rule_count; i++)
		sum += exercise_string(block, rules[i].id_at) +
		       exercise_string(block, rules[i].endpoint_at) +
		       name_hash(block_at(block, rules[i].domain_at)) +
		       exercise_targets(block, rules[i].targets_at, rules[i].target_count) +
		       exercise_further(rules, &rules[i]);
	sum += exercise_octets(block_at(block, root->budgets_at),
			       root->budget_count * sizeof(struct snapshot_budget));
	for (uint32_t i = 0; i < root->endpoint_count; i++)
		sum += exercise_string(block, endpoints[i].id_at) +
		       exercise_targets(block, endpoints[i].addresses_at,
					endpoints[i].address_count);
	for (uint32_t i = 0; i < root->listener_count; i++)
		sum += exercise_string(block, listeners[i].as_at);
	return sum;
}

/* Either kind, once block_verify has passed it. */
static inline uint64_t
exercise_block(const struct block *block)
{
	return block->kind == BLOCK_ZONE ? exercise_zone((const struct zone *)block) :
					   exercise_root((const struct root *)block);
}

static inline uint64_t
exercise_snapshot(const struct snapshot *snap)
{
	uint64_t sum = exercise_root(snap->root);

	for (uint32_t i = 0; i < snap->root->zone_count; i++)
		sum += exercise_zone(snap->zones[i]);
	for (uint32_t i = 0; i < snap->root->network_count; i++)
		sum += snapshot_find_network(snap, snapshot_string(snap,
					     snapshot_network(snap, i)->id_at));
	for (uint32_t i = 0; i < snap->root->health_count; i++) {
		const char *id = snapshot_string(snap, snapshot_health(snap, i)->id_at);

		sum += snapshot_health_number(snap, id, health_hash(id));
	}
	return sum;
}

#endif
