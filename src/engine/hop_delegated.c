#include "engine/walk.h"

#include "dns/codes.h"

#define DELEGATED_DEPTH 2	/* looking for a name server may meet another delegation */
#define RESOLVED_MOST	6	/* name servers whose names are resolved, for each type */
#define REFERRALS_MOST	8	/* from one server to the next; each leads further down */
#define DNS_PORT	53

/** The rule that leads to a name server: its record is the name, or the next above it. */
static const struct snapshot_rule *
find_rule(const struct walk *w, const struct name *server)
{
	const struct snapshot *snap = w->by->snap;
	const struct snapshot_network *network = snapshot_network(snap, w->by->network);
	const uint32_t *numbers = snapshot_delegates(snap, network);
	const struct snapshot_rule *best = NULL;
	unsigned best_len = 0;

	for (uint32_t i = 0; i < network->delegate_count; i++) {
		const struct snapshot_rule *rule = snapshot_rule(snap, numbers[i]);
		const uint8_t *record = snapshot_name(snap, rule->domain_at);

		if (name_wire_covers(record, server->wire) && name_wire_len(record) > best_len) {
			best = rule;
			best_len = (unsigned)name_wire_len(record);
		}
	}
	return best;
}

/** In the order of their octets, so that one set of servers has one identity. */
static void
add_address(struct servers *s, const struct rdata *data)
{
	struct snapshot_target target = { .port = DNS_PORT, .protocol = PROTOCOL_DO53 };
	unsigned at = s->count;
	int order = 1;

	if (data->len == 4)
		target.ip[10] = target.ip[11] = 0xff;
	memcpy(target.ip + sizeof(target.ip) - data->len, data->data, data->len);
	while (at && (order = memcmp(s->targets[at - 1].ip, target.ip, sizeof(target.ip))) > 0)
		at--;
	if (s->count == ASK_TARGETS_MAX || order == 0)
		return;
	memmove(&s->targets[at + 1], &s->targets[at], (s->count - at) * sizeof(target));
	s->targets[at] = target;
	s->count++;
}

static void
add_addresses(struct servers *s, const struct rrset *set)
{
	struct rrset_walk walk = rrset_begin(set);
	struct rdata data;

	while (rrset_next(&walk, &data))
		if ((set->type == TYPE_A && data.len == 4) ||
		    (set->type == TYPE_AAAA && data.len == 16))
			add_address(s, &data);
}

/** What the zone itself says of a name server of its own, also below the cut: glue. */
static void
add_glue(struct servers *s, const struct name *server)
{
	const struct zone *zone = s->zone;
	const struct zone_node *node = zone_find(zone, server->wire, server->len,
						 name_hash(server->wire));

	for (unsigned i = 0; node && i < node->set_count; i++) {
		const struct zone_set *set = zone_set_at(zone, zone_node_refs(node)[i].set_at);
		struct rrset addresses = zone_rrset(set, NULL);

		if (!set->alias_at)
			add_addresses(s, &addresses);
	}
}

/** What came along with a referral for a name server at or below its cut. */
static void
add_referred(struct servers *s, const struct name *server)
{
	for (unsigned i = 1; i < s->referral->set_count; i++) {
		struct rrset set = cached_rrset(s->referral, i);

		if (name_wire_equal(set.owner, server->wire))
			add_addresses(s, &set);
	}
}

/** The addresses that stand beside the name of a name server, if they are to be trusted. */
static void
add_at_hand(struct servers *s, const struct name *server)
{
	if (s->referral)
		add_referred(s, server);
	else if (name_wire_covers(zone_name(s->zone), server->wire))
		add_glue(s, server);
}

/** Ask for a name server's addresses as the client would: in its view, by zones and rules. */
static enum step
resolve_server(struct walk *w, const struct name *server, uint16_t type, struct servers *s)
{
	uint8_t wire[NAME_MAX_OCTETS + 4];
	struct chase by = *w->by;
	struct answer answer;
	struct question q;

	by.depth++;
	by.random = NULL;
	by.dns64 = by.zones_only = false;
	question_make(server, type, &q, wire);
	if (chase_question(&by, &q, &answer, w->ask) == CHASE_ASK)
		return STEP_ASK;
	for (unsigned i = 0; i < answer.count; i++)
		if (answer.items[i].section == SECTION_ANSWER)
			add_addresses(s, &answer.items[i].set);
	return STEP_DONE;
}

/** Each name server that a rule leads to: its glue, or, with a type, what its name comes to. */
static enum step
each_server(struct walk *w, const struct rrset *ns, uint16_t type, struct servers *s)
{
	struct rrset_walk walk = rrset_begin(ns);
	unsigned resolved = 0;
	struct rdata data;

	while (rrset_next(&walk, &data)) {
		const struct snapshot_rule *rule;
		struct name server;

		name_lower(data.data, &server);
		rule = find_rule(w, &server);
		if (!rule)
			continue;
		if (!s->rule)
			s->rule = rule;
		if (!type) {
			add_at_hand(s, &server);
			continue;
		}
		/* a name below the cut is for the servers that are looked for to say */
		if (s->count || resolved == RESOLVED_MOST ||
		    name_wire_covers(s->cut, server.wire))
			continue;
		resolved++;
		if (resolve_server(w, &server, type, s) == STEP_ASK)
			return STEP_ASK;
	}
	return STEP_DONE;
}

/** Those whose addresses are at hand; where none is, the first whose can be found. */
static enum step
find_addresses(struct walk *w, const struct rrset *ns, struct servers *s)
{
	enum step step = each_server(w, ns, 0, s);

	if (step == STEP_DONE && !s->count)
		step = each_server(w, ns, TYPE_A, s);
	if (step == STEP_DONE && !s->count)
		step = each_server(w, ns, TYPE_AAAA, s);
	return step;
}

static struct digest
identity_of(const struct servers *s)
{
	struct digest digest = digest_fold(s->rule->identity,
					   digest_bytes(s->cut, name_wire_len(s->cut)));

	return digest_fold(digest, digest_bytes(s->targets, s->count * sizeof(s->targets[0])));
}

/** w->servers: who referred us to these, when others than the rule's targets did. */
static enum step
fail(struct walk *w, const struct servers *s, const char *why)
{
	const struct snapshot_rule *by = w->servers ? w->servers->rule : w->route.upstream;
	char cut[NAME_TEXT_MAX], apex[NAME_TEXT_MAX];
	const char *kind = "zone", *who;

	if (s->referral) {
		kind = "rule";
		who = snapshot_string(w->by->snap, by->id_at);
	} else {
		who = name_print(zone_name(s->zone), apex);
	}
	answer_fail(w->answer, RCODE_SERVFAIL, EDE_NO_REACHABLE_AUTHORITY,
		    scratch_printf(w->by->scratch, "%s %s: %s is delegated, and %s", kind, who,
				   name_print(s->cut, cut), why));
	return STEP_DONE;
}

/** What the public name servers of the cut would say, if it were theirs. */
static enum step
ask_internet(struct walk *w)
{
	const struct snapshot *snap = w->by->snap;

	w->route.upstream = snapshot_rule(snap, snap->root->rule_count - 1);
	w->route.kind = w->route.upstream->target_count ? ROUTE_FORWARD : ROUTE_NOWHERE;
	if (w->route.kind == ROUTE_FORWARD)
		return hop_upstream(w);
	answer_fail(w->answer, RCODE_SERVFAIL, EDE_NO_REACHABLE_AUTHORITY,
		    "no internet resolver configured");
	return STEP_DONE;
}

/** Ask those of the name servers that a DELEGATE rule leads to. */
static enum step
ask_servers(struct walk *w, const struct rrset *ns, struct servers *s)
{
	const struct servers *before = w->servers;
	enum step step;

	if (w->by->depth == DELEGATED_DEPTH)
		return fail(w, s, "so are its name servers, too deep");
	if (find_addresses(w, ns, s) == STEP_ASK)
		return STEP_ASK;
	if (!s->rule) {
		if (!s->referral && walk_assume(w, ASSUME_DELEGATION) == DELEGATION_INTERNET)
			return ask_internet(w);
		return fail(w, s, "no DELEGATE rule leads there");
	}
	if (!s->count)
		return fail(w, s, "no address of its name servers is known");
	s->identity = identity_of(s);
	w->servers = s;
	step = hop_upstream(w);
	w->servers = before;
	return step;
}

enum step
hop_delegated(struct walk *w, const struct zone *zone, const struct lookup *found)
{
	struct rrset ns = zone_rrset(zone_set_at(zone, found->ref->set_at), NULL);
	struct servers servers = { .zone = zone, .cut = zone_node_name(found->node) };

	return ask_servers(w, &ns, &servers);
}

enum step
hop_referred(struct walk *w, const struct cached *referral)
{
	const struct servers *before = w->servers;
	struct rrset ns = cached_rrset(referral, 0);
	struct servers servers = {
		.zone = before ? before->zone : NULL,
		.upstream = before ? before->upstream : w->route.upstream,
		.referral = referral,
		.referrals = before ? before->referrals + 1 : 1,
		.cut = ns.owner,
	};

	if (servers.referrals > REFERRALS_MOST)
		return fail(w, &servers, "so is what its name servers were asked, again and again");
	return ask_servers(w, &ns, &servers);
}
