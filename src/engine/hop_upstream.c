#include "engine/walk.h"

#include "dns/codes.h"
#include "engine/keep.h"
#include "engine/targets.h"
#include "estate/estate.h"

/* How the question stands with one rule. */
enum standing_kind {
	STANDS_ANSWERED,
	STANDS_STALE,		/* answered once; and nothing better is to be had now */
	STANDS_FAILED,
	STANDS_OPEN,		/* it has to be asked */
};

struct standing {
	enum standing_kind kind;
	const struct cached *entry;	/* the answer; FAILED: why, NULL: all targets are down */
	bool failed;			/* FAILED, and STALE that could not be refreshed */
	bool silent;			/* with failed; OPEN: asked, and no answer came in time */
};

/** A VPC's resolver ignores DO and CD, and gives no signatures (5.2.2); a site's asks on. */
static bool
passes_dnssec(const struct walk *w)
{
	return snapshot_network(w->by->snap, w->by->network)->kind == NETWORK_SITE;
}

/** Could a referral lead on?  The internet resolver is there to follow them itself. */
static bool
takes_referrals(const struct walk *w, uint32_t rule)
{
	const struct snapshot *snap = w->by->snap;

	return rule < snap->root->rule_count - 1 &&
	       snapshot_network(snap, w->by->network)->delegate_count;
}

static const struct snapshot_rule *
first_rule(const struct walk *w)
{
	return w->servers ? w->servers->rule : w->route.upstream;
}

static void
fill_ask(const struct walk *w, const struct snapshot_rule *rule, struct ask *ask)
{
	const struct servers *servers = w->servers;
	bool dnssec = passes_dnssec(w);

	ask->upstream = servers ? servers->identity : rule->identity;
	ask->target_count = 0;
	ask->domain_labels = 0;
	if (servers) {
		ask->target_count = (uint8_t)servers->count;
		ask->domain_labels = name_wire_labels(servers->cut);
		memcpy(ask->targets, servers->targets, servers->count * sizeof(ask->targets[0]));
	}
	ask->rule = (uint32_t)(rule - snapshot_rule(w->by->snap, 0));
	ask->type = w->q->type;
	ask->klass = w->q->klass;
	ask->dnssec_ok = dnssec && w->q->edns.dnssec_ok;
	ask->checking_disabled = dnssec && w->q->header.flags & MSG_CD;
	ask->referrals = takes_referrals(w, ask->rule);
	ask->has_stale = ask->is_ahead = false;
	ask->has_further = rule->on[ON_TIMEOUT] != RULE_NONE;
	ask->name.len = w->name->len;
	ask->name.labels = w->name->labels;
	memcpy(ask->name.wire, w->name->wire, w->name->len);
}

/** What landed just now, or what the cache has. */
static struct cache_found
find(const struct walk *w)
{
	struct cache_found found = { CACHE_NONE, NULL, 0, false };
	const struct chase *by = w->by;
	bool landed = by->landed_ask && ask_equal(by->landed_ask, w->ask);

	if (landed && !cached_is_failure(by->landed))
		return (struct cache_found){ CACHE_FRESH, by->landed, 0, false };
	if (by->cache) {
		cache_find(by->cache, w->ask, by->now_ms, by->scratch, &found);
		count_up(found.state == CACHE_NONE ? &by->counters->cache_misses
						   : &by->counters->cache_hits);
	}
	if (landed && found.state == CACHE_NONE)
		found = (struct cache_found){ CACHE_FAILED, by->landed, 0, by->landed->silent };
	return found;
}

static bool
all_down(const struct walk *w)
{
	const struct snapshot_target *targets;
	uint32_t count;

	if (!w->by->targets)
		return false;
	targets = ask_targets(w->by->snap, w->ask, &count);
	return targets_all_down(w->by->targets, targets, count, w->by->clock_ms);
}

/** Have it asked, though nobody waits for it. */
static void
refresh(const struct walk *w, bool is_ahead)
{
	struct refreshes *refreshes = w->by->refreshes;
	struct ask *ask;

	if (!refreshes || refreshes->count == CHASE_REFRESHES || all_down(w))
		return;
	ask = &refreshes->list[refreshes->count++];
	*ask = *w->ask;
	ask->is_ahead = is_ahead;
	ask->has_stale = !is_ahead;
}

/**
 * An answer of TTL 0 was meant for those who had asked.  It may stand in for a failure, as
 * RFC 8767 allows, but not for an upstream that takes more than a moment.
 */
static bool
is_for_once(const struct cached *entry)
{
	for (unsigned i = 0; i < entry->set_count; i++)
		if (entry->sets[i].section == SECTION_ANSWER && !entry->sets[i].ttl_s)
			return true;
	return false;
}

/** It expired: is it the answer now, or is it to be asked for first? */
static struct standing
judge_stale(const struct walk *w, const struct cache_found *found)
{
	bool down;

	if (found->retry_ms) {	/* was tried before: nobody waits for it again */
		if (w->by->clock_ms >= found->retry_ms)
			refresh(w, false);
		return (struct standing){ STANDS_STALE, found->entry, true, found->silent };
	}
	down = all_down(w);
	if (down || w->by->stale == STALE_NOW)
		return (struct standing){ STANDS_STALE, found->entry, down, down };
	w->ask->has_stale = !is_for_once(found->entry);
	return (struct standing){ STANDS_OPEN, found->entry, false, false };
}

/** Has the client waited for this rule as long as it takes to go on to another? */
static bool
is_late(const struct walk *w)
{
	return w->by->stale == STALE_NOW ||
	       w->by->clock_ms - w->by->now_ms >= PATIENCE_FURTHER_MS;
}

static struct standing
judge(const struct walk *w, const struct cache_found *found)
{
	switch (found->state) {
	case CACHE_DUE:
		refresh(w, true);
		break;
	case CACHE_FRESH:
		break;
	case CACHE_STALE:
		return judge_stale(w, found);
	case CACHE_FAILED:
		return (struct standing){ STANDS_FAILED, found->entry, true,
					  found->entry->silent };
	case CACHE_NONE:
		if (all_down(w))
			return (struct standing){ STANDS_FAILED, NULL, true, true };
		return (struct standing){ STANDS_OPEN, NULL, false, is_late(w) };
	}
	return (struct standing){ STANDS_ANSWERED, found->entry, false, false };
}

static const struct snapshot_rule *
rule_on(const struct walk *w, const struct snapshot_rule *rule, enum rule_outcome outcome)
{
	uint32_t number = w->servers ? RULE_NONE : rule->on[outcome];

	if (number == RULE_NONE || !snapshot_rule(w->by->snap, number)->target_count)
		return NULL;
	if (w->by->tell)
		walk_tell(w, (struct explain_step){ .kind = EXPLAIN_FURTHER, .outcome = outcome,
						    .ask = w->ask, .rule = number });
	return snapshot_rule(w->by->snap, number);
}

/** The rule that `on` leads to as things stand with this one; NULL: none. */
static const struct snapshot_rule *
further_rule(const struct walk *w, const struct snapshot_rule *rule, const struct standing *s)
{
	const struct snapshot_rule *next = NULL;
	enum rule_outcome outcome;

	if (s->failed || s->silent)
		next = rule_on(w, rule, s->silent ? ON_TIMEOUT : ON_SERVFAIL);
	if (!next && (s->kind == STANDS_ANSWERED || s->kind == STANDS_STALE) &&
	    (rule->on[ON_NXDOMAIN] & rule->on[ON_NODATA]) != RULE_NONE &&
	    hop_cached_outcome(w, s->entry, &outcome))
		next = rule_on(w, rule, outcome);
	return next;
}

static enum step
fail(struct walk *w, const struct snapshot_rule *rule, const struct cached *why)
{
	const struct snapshot *snap = w->by->snap;
	char domain[NAME_TEXT_MAX];

	if (why)
		answer_fail(w->answer, why->rcode, why->ede,
			    why->ede_text_at ? (const char *)why + why->ede_text_at : NULL);
	else
		answer_fail(w->answer, RCODE_SERVFAIL, EDE_NO_REACHABLE_AUTHORITY,
			    scratch_printf(w->by->scratch,
					   "rule %s (%.300s): no target is reachable",
					   snapshot_string(snap, rule->id_at),
					   name_print(ask_domain(snap, w->ask), domain)));
	return STEP_DONE;
}

static enum step
put(struct walk *w, const struct cached *stale)
{
	w->ask->has_stale |= stale && !is_for_once(stale);
	if (w->by->tell)
		walk_tell(w, (struct explain_step){ .kind = EXPLAIN_ASK, .ask = w->ask,
						    .route = w->route });
	return STEP_ASK;
}

static enum step
give_stale(struct walk *w, const struct cached *entry)
{
	count_up(&w->by->counters->stale_answers);
	return hop_cached(w, entry, true);
}

/** The last rule gone on to decides; stale: what one before it had. */
static enum step
conclude(struct walk *w, const struct snapshot_rule *rule, const struct standing *s,
	 const struct cached *stale)
{
	if (w->alias_zone && w->by->keep)
		keep_note(w->by->keep, w->ask, s->entry, w->by->clock_ms);
	switch (s->kind) {
	case STANDS_ANSWERED:
		return hop_cached(w, s->entry, false);
	case STANDS_STALE:
		return give_stale(w, s->entry);
	case STANDS_FAILED:
		return stale ? give_stale(w, stale) : fail(w, rule, s->entry);
	case STANDS_OPEN:
		return stale && w->by->stale == STALE_NOW ? give_stale(w, stale) : put(w, stale);
	}
	return STEP_DONE;
}

enum step
hop_upstream(struct walk *w)
{
	const struct snapshot_rule *rule = first_rule(w), *next;
	const struct cached *stale = NULL;
	struct cache_found found;
	struct standing s;

	for (;; rule = next) {
		fill_ask(w, rule, w->ask);
		found = find(w);
		s = judge(w, &found);
		next = further_rule(w, rule, &s);
		if (!next)
			return conclude(w, rule, &s, stale);
		if (s.kind == STANDS_STALE)
			stale = s.entry;
	}
}
