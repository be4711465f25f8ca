#include "engine/walk.h"

#include "dns/codes.h"

/* What a cached answer has beside its CNAMEs. */
struct ending {
	bool final;		/* a set of what was asked for */
	bool soa;
	bool links;
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

	for (unsigned i = 0; i < entry->set_count; i++) {
		const struct cached_set *set = &entry->sets[i];

		if (set->section == SECTION_AUTHORITY)
			ending.soa |= set->type == TYPE_SOA;
		else if (is_link(w, set))
			ending.links = true;
		else if (set->type != TYPE_RRSIG || w->q->type == TYPE_RRSIG)
			ending.final = true;
	}
	ending.open = ending.links && !ending.final && !ending.soa &&
		      entry->rcode == RCODE_NOERROR;
	return ending;
}

bool
hop_cached_outcome(const struct walk *w, const struct cached *entry, enum rule_outcome *outcome)
{
	struct ending ending = ending_of(w, entry);

	*outcome = entry->rcode == RCODE_NXDOMAIN ? ON_NXDOMAIN : ON_NODATA;
	return !ending.final && !ending.links && !cached_is_referral(entry);
}

static uint32_t
ttl_of(const struct walk *w, const struct cached *entry, unsigned number, bool stale)
{
	return stale ? CACHE_STALE_TTL_S : cached_ttl(entry, number, w->by->now_ms);
}

/** A set that comes behind the CNAMEs: what was asked for, a signature, or of authority. */
static bool
add_cached(struct walk *w, const struct cached *entry, unsigned number,
	   const uint8_t *entry_owner, bool stale)
{
	const struct cached_set *head = &entry->sets[number];
	struct rrset set = cached_rrset(entry, number);
	uint32_t ttl_s = ttl_of(w, entry, number, stale);

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

enum step
hop_cached(struct walk *w, const struct cached *entry, bool stale)
{
	const struct digest upstream = w->ask->upstream;
	const uint8_t *entry_owner = w->owner;
	struct ending ending = ending_of(w, entry);

	if (cached_is_referral(entry))
		return hop_referred(w, entry);
	if (stale)
		w->answer->ede = entry->rcode == RCODE_NXDOMAIN ? EDE_STALE_NXDOMAIN
								: EDE_STALE_ANSWER;
	for (unsigned i = 0; i < entry->set_count; i++) {
		struct rrset set = cached_rrset(entry, i);

		if (!is_link(w, &entry->sets[i])) {
			if (!add_cached(w, entry, i, entry_owner, stale))
				return STEP_DONE;
			continue;
		}
		if (!walk_add_link(w, set, ttl_of(w, entry, i, stale)) ||
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

