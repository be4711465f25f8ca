#include "scenario/scene.h"

#include <inttypes.h>

void
scene_count(struct scene *s, char *rest)
{
	const struct resolver *r = &s->world.resolver;
	const struct counters *c = &r->counters;
	const struct {
		const char *name;
		uint64_t value;
	} known[] = {
		{ "hits", c->cache_hits },	     { "misses", c->cache_misses },
		{ "sent", c->upstream_sent },	     { "streams", c->upstream_streams },
		{ "lost", c->upstream_lost },	     { "ignored", c->upstream_ignored },
		{ "started", c->flights_started },   { "joined", c->flights_joined },
		{ "hedges", c->hedges },	     { "retries", c->retries },
		{ "probes", c->probes },	     { "stale", c->stale_answers },
		{ "refreshes", c->refreshes },	     { "prefetches", c->prefetches },
		{ "timeouts", c->timeouts },	     { "full", c->flights_full },
		{ "rule_full", c->rule_full },	     { "client_full", c->client_full },
		{ "budget_full", c->budget_full },   { "budget_waits", c->budget_waits },
		{ "paced", c->paced },		     { "outlived", c->outlived },
		{ "loops", c->loops },		     { "suspects", c->case_suspects },
		{ "forged", c->forged_cookies },     { "fragmented", c->fragmented },
		{ "flights", flights_count(r->flights) },
		{ "waiting", flights_waiters(r->flights) },
	};
	const char *name = strtok_r(rest, " ", &rest), *value = strtok_r(rest, " ", &rest);

	for (size_t i = 0; value && i < COUNT_OF(known); i++) {
		if (strcmp(known[i].name, name) != 0)
			continue;
		if (known[i].value != strtoull(value, NULL, 10))
			scene_complain(s, "%s is %" PRIu64, name, known[i].value);
		return;
	}
	scene_complain(s, "count COUNTER NUMBER");
}

/** The snapshot's target of this address. */
static const struct snapshot_target *
target_at(const struct snapshot *snap, const char *text)
{
	struct addr addr = world_addr(text, 53);

	for (uint32_t i = 0; i < snap->root->rule_count; i++) {
		const struct snapshot_rule *rule = snapshot_rule(snap, i);
		const struct snapshot_target *targets = snapshot_targets(snap, rule);

		for (uint32_t n = 0; n < rule->target_count; n++)
			if (memcmp(targets[n].ip, addr.ip, sizeof(addr.ip)) == 0)
				return &targets[n];
	}
	wire_die("no target has this address", text);
}

void
scene_target(struct scene *s, char *rest)
{
	const char *address = strtok_r(rest, " ", &rest), *is = strtok_r(rest, " ", &rest);
	const char *word = strtok_r(rest, " ", &rest);
	static const char *const cases[] = { "caseless?", "keeping", "losing" };
	struct targets *targets = s->world.resolver.targets;
	uint32_t slot;

	if (!word || strcmp(is, "is") != 0) {
		scene_complain(s, "target ADDRESS is WORD");
		return;
	}
	slot = targets_slot(targets, target_at(s->world.snap, address), s->world.now_ms);
	if (strcmp(word, "down") == 0 || strcmp(word, "up") == 0) {
		if (targets_is_down(targets, slot) != (*word == 'd'))
			scene_complain(s, "%s is not %s", address, word);
	} else if (strcmp(cases[targets_case(targets, slot, s->world.now_ms)], word) != 0) {
		scene_complain(s, "%s is not %s letter case", address, word);
	}
}

void
scene_budget(struct scene *s, char *rest)
{
	const char *address = strtok_r(rest, " ", &rest), *has = strtok_r(rest, " ", &rest);
	const char *number = strtok_r(rest, " ", &rest);
	struct budget_usage usage;
	struct budget *budget;

	if (!number || strcmp(has, "used") != 0) {
		scene_complain(s, "budget ADDRESS used NUMBER");
		return;
	}
	budget = budgets_find(s->world.resolver.budgets, world_addr(address, 53).ip);
	if (!budget) {
		scene_complain(s, "%s has no budget", address);
		return;
	}
	budget_usage(budget, s->world.now_ms, &usage);
	if (usage.used != strtoul(number, NULL, 10))
		scene_complain(s, "%" PRIu32 " are used", usage.used);
}

void
scene_limit(struct scene *s, char *rest)
{
	struct flights_settings *f = &s->world.flights;
	const char *what = strtok_r(rest, " ", &rest), *number = strtok_r(rest, " ", &rest);
	uint32_t value = number ? (uint32_t)atoi(number) : 0;

	if (s->world.snap || !value)
		scene_complain(s, "limit WHAT NUMBER, before the estate");
	else if (strcmp(what, "flights") == 0)
		f->max_flights = value;
	else if (strcmp(what, "waiters") == 0)
		f->max_waiters = value;
	else if (strcmp(what, "flight") == 0)
		f->max_waiters_per_flight = value;
	else if (strcmp(what, "rule") == 0)
		f->max_flights_per_rule = value;
	else if (strcmp(what, "client") == 0)
		f->max_waiters_per_client = value;
	else
		scene_complain(s, "no such limit: %s", what);
}
