#include "engine/walk.h"

#include "dns/codes.h"
#include "estate/estate.h"

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

static void
fill_ask(const struct walk *w, struct ask *ask)
{
	const struct servers *servers = w->servers;
	const struct snapshot_rule *rule = servers ? servers->rule : w->route.upstream;
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
	ask->name.len = w->name->len;
	ask->name.labels = w->name->labels;
	memcpy(ask->name.wire, w->name->wire, w->name->len);
}

/* What a cached answer has beside its CNAMEs. */
struct ending {
	bool final;		/* a set of what was asked for */
	bool soa;
	bool open;		/* it ends in a CNAME whose target was not asked about */
};

static bool
is_link(const struct walk *w, const struct cached_set *set)
{
	return set->type == TYPE_CNAME && set->section == SECTION_ANSWER &&
	       w->q->type != TYPE_CNAME && w->q->type != TYPE_ANY;
}

static struct ending
ending_of(const struct walk *w, const struct cached *entry)
{
	struct ending ending = { false };
	bool links = false;

	for (unsigned i = 0; i < entry->set_count; i++) {
		const struct cached_set *set = &entry->sets[i];

		if (set->section == SECTION_AUTHORITY)
			ending.soa |= set->type == TYPE_SOA;
		else if (is_link(w, set))
			links = true;
		else if (set->type != TYPE_RRSIG || w->q->type == TYPE_RRSIG)
			ending.final = true;
	}
	ending.open = links && !ending.final && !ending.soa && entry->rcode == RCODE_NOERROR;
	return ending;
}

/** A set that comes behind the CNAMEs: what was asked for, a signature, or of authority. */
static bool
add_cached(struct walk *w, const struct cached *entry, unsigned number,
	   const uint8_t *entry_owner)
{
	const struct cached_set *head = &entry->sets[number];
	struct rrset set = cached_rrset(entry, number);
	uint32_t ttl_s = cached_ttl(entry, number, w->by->now_ms);

	if (head->section == SECTION_ANSWER &&
	    (set.type != TYPE_RRSIG || w->q->type == TYPE_RRSIG))
		return walk_add_final(w, set, ttl_s);
	if (w->alias_zone)	/* speaks of names that are not shown */
		return true;
	if (!set.owner)
		set.owner = entry_owner;
	return walk_add(w, (enum section)head->section, set, ttl_s);
}

/** Is the present name, just routed, for the upstream that the entry came from? */
static bool
stays_with(const struct walk *w, struct digest upstream)
{
	const struct servers *servers = w->servers;

	if (servers && !name_wire_covers(servers->cut, w->name->wire))
		return false;
	if (servers && servers->zone)
		return w->route.kind == ROUTE_ZONE && w->route.zone == servers->zone;
	if (servers)
		upstream = servers->upstream->identity;
	return w->route.kind == ROUTE_FORWARD &&
	       digest_equal(w->route.upstream->identity, upstream);
}

static enum step
take_cached(struct walk *w, const struct cached *entry)
{
	const struct digest upstream = w->ask->upstream;
	const uint8_t *entry_owner = w->owner;
	struct ending ending = ending_of(w, entry);

	for (unsigned i = 0; i < entry->set_count; i++) {
		struct rrset set = cached_rrset(entry, i);

		if (!is_link(w, &entry->sets[i])) {
			if (!add_cached(w, entry, i, entry_owner))
				return STEP_DONE;
			continue;
		}
		if (!walk_add_link(w, set, cached_ttl(entry, i, w->by->now_ms)) ||
		    walk_follow(w, walk_target(&set)) != STEP_FOLLOW)
			return STEP_DONE;
		w->routed = true;
		if (!walk_assume(w, ASSUME_FORWARDED_CNAME) && !w->servers)
			continue;
		walk_route(w);
		if (!stays_with(w, upstream))
			return STEP_FOLLOW;
	}
	if (ending.open)
		return STEP_FOLLOW;
	if (w->alias_zone && !ending.final)
		return hop_alias_empty(w);
	w->answer->rcode = entry->rcode;
	return STEP_DONE;
}

enum step
hop_upstream(struct walk *w)
{
	const struct chase *by = w->by;
	const struct cached *entry = NULL;

	fill_ask(w, w->ask);
	if (by->landed_ask && ask_equal(by->landed_ask, w->ask)) {
		entry = by->landed;
	} else if (by->cache) {
		entry = cache_find(by->cache, w->ask, by->now_ms, by->scratch);
		if (entry)
			count_up(&w->by->counters->cache_hits);
		else
			count_up(&w->by->counters->cache_misses);
	}
	if (!entry) {
		if (by->tell)
			walk_tell(w, (struct explain_step){ .kind = EXPLAIN_ASK, .ask = w->ask,
							    .route = w->route });
		return STEP_ASK;
	}
	if (cached_is_referral(entry))
		return hop_referred(w, entry);
	if (entry->rcode == RCODE_NOERROR || entry->rcode == RCODE_NXDOMAIN)
		return take_cached(w, entry);
	answer_fail(w->answer, entry->rcode, entry->ede,
		    entry->ede_text_at ? (const char *)entry + entry->ede_text_at : NULL);
	return STEP_DONE;
}
