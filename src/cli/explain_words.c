#include "cli/explain_words.h"

#include "dns/codes.h"

static struct declared
declared_by(const struct query *query, uint32_t origin_kind, uint32_t origin,
	    uint32_t profile)
{
	const struct snapshot *snap = query->input.snap;
	struct declared d = { .kind = "internet" };

	if (profile != PROFILE_NONE)
		d.profile = snapshot_string(snap, snapshot_profile(snap, profile)->id_at);

	switch ((enum cut_origin)origin_kind) {
	case ORIGIN_RULE:
		d.kind = object_kind_text(OBJECT_RULE);
		d.id = snapshot_string(snap, snapshot_rule(snap, origin)->id_at);
		d.rule_type = snapshot_rule(snap, origin)->type == RULE_SYSTEM ? "SYSTEM"
									       : "FORWARD";
		d.at = input_rule_at(&query->input, d.id);
		break;
	case ORIGIN_ZONE:
		d.kind = object_kind_text(OBJECT_HOSTED_ZONE);
		d.id = snapshot_string(snap, snapshot_zone(snap, origin)->id_at);
		d.at = input_zone_at(&query->input, d.id);
		break;
	case ORIGIN_AUTODEFINED:
		d.kind = "autodefined";
		break;
	case ORIGIN_ROOT:
		break;
	}
	return d;
}

struct declared
words_declared(const struct query *query, const struct explain_step *step)
{
	if (step->fate == CANDIDATE_LOST_TIE)
		return declared_by(query, step->loser->origin_kind, step->loser->origin,
				   step->loser->profile);
	return declared_by(query, step->cut->origin_kind, step->cut->origin, step->cut->profile);
}

const char *
words_fate(const struct explain_step *step)
{
	return step->fate == CANDIDATE_WON ? "won" : "lost";
}

const char *
words_why(const struct explain_step *step)
{
	if (step->fate == CANDIDATE_WON)
		return "the longest name that covers it";
	if (step->fate == CANDIDATE_SHORTER)
		return "a longer name won";
	switch ((enum lost_why)step->loser->why) {
	case LOST_TO_RULE:
		return "a rule of the same name comes first";
	case LOST_TO_ZONE:
		return "a zone of the same name comes first";
	case LOST_SYSTEM_NO_FORWARD:
		return "no effect: no FORWARD rule stands above this SYSTEM rule";
	case LOST_TO_OWN:
		return "the VPC has this name itself, which comes before its Profiles";
	case LOST_TO_PROFILE:
		return "a Profile of a lower priority number comes first";
	}
	return "";
}

const char *
words_route_kind(const struct route *route)
{
	switch (route->kind) {
	case ROUTE_ZONE:
		return "zone";
	case ROUTE_FORWARD:
		return route->cut->action == CUT_INTERNET ? "internet" : "forward";
	case ROUTE_AUTODEFINED:
		return "autodefined";
	case ROUTE_NOWHERE:
		return "nowhere";
	case ROUTE_OFF:
		return "off";
	}
	return "";
}

static const char *
autodefined_text(enum autodefined kind)
{
	switch (kind) {
	case AUTO_LOCALHOST:
		return "the names of localhost";
	case AUTO_LOOPBACK_REVERSE:
		return "the reverse names of localhost";
	case AUTO_EC2:
		return "the EC2 names of this and connected VPCs";
	case AUTO_EC2_REVERSE:
		return "the reverse EC2 names of this and connected VPCs";
	}
	return "";
}

bool
words_is_presumed(const struct query *query, const struct route *route)
{
	const struct cut *cut = route->cut;

	return route->kind == ROUTE_ZONE && cut->system &&
	       query->input.snap->zones[cut->target]->labels < cut->labels;
}

void
words_route(const struct query *query, const struct route *route, struct text *out)
{
	const struct snapshot *snap = query->input.snap;
	char name[NAME_TEXT_MAX];

	switch (route->kind) {
	case ROUTE_ZONE:
		text_printf(out, "answered from hosted_zone %s, %s",
			    snapshot_string(snap, snapshot_zone(snap, route->cut->target)->id_at),
			    name_print(zone_name(route->zone), name));
		break;
	case ROUTE_FORWARD:
		if (route->cut->action == CUT_INTERNET)
			text_append(out, "asked of the internet resolver, ");
		else
			text_printf(out, "forwarded by resolver_rule %s to ",
				    snapshot_string(snap, route->upstream->id_at));
		query_print_targets(snapshot_targets(snap, route->upstream),
				    route->upstream->target_count, out);
		break;
	case ROUTE_AUTODEFINED:
		text_printf(out, "answered from %s", autodefined_text(route->autodefined));
		break;
	case ROUTE_NOWHERE:
		text_append(out, "nowhere: there is no internet_resolver");
		break;
	case ROUTE_OFF:
		text_append(out, "refused: DNS support is off in this VPC");
		break;
	}
	if (words_is_presumed(query, route))
		text_append(out, " (presumed: AWS does not say whether a SYSTEM rule leads to a "
			    "zone of a shorter name)");
}

void
words_value(const struct explain_step *step, struct text *out)
{
	const char *word = assume_word(step->assume, step->value);

	if (word)
		text_append(out, word);
	else
		text_printf(out, "%u", step->value);
}

void
words_assumed(const struct explain_step *step, struct text *out)
{
	text_printf(out, "%s: ", assume_point(step->assume)->key);
	words_value(step, out);
	text_printf(out, " (not confirmed: route53-semantics %s; server.assume changes "
			 "it)",
		    assume_point(step->assume)->sheet);
}

void
words_further(const struct snapshot *snap, uint32_t rule, struct text *out)
{
	const struct snapshot_rule *further = snapshot_rule(snap, rule);

	if (!further->further)
		text_append(out, "the internet resolver");
	if (!further->target_count)
		text_append(out, ", of which there is none");
	else if (!further->further)
		text_append(out, ", ");
	query_print_targets(snapshot_targets(snap, further), further->target_count, out);
}

void
words_on(const struct snapshot *snap, const struct snapshot_rule *rule, struct text *out)
{
	for (unsigned i = 0; i < ON_OUTCOMES; i++) {
		if (rule->on[i] == RULE_NONE)
			continue;
		text_printf(out, "   %-9s then of ", rule_outcome_text((enum rule_outcome)i));
		words_further(snap, rule->on[i], out);
		text_append(out, "\n");
	}
}

void
words_json_on(const struct snapshot *snap, const struct snapshot_rule *rule, struct text *out)
{
	bool any = false;

	text_append(out, "{");
	for (unsigned i = 0; i < ON_OUTCOMES; i++) {
		const struct snapshot_rule *further;

		if (rule->on[i] == RULE_NONE)
			continue;
		further = snapshot_rule(snap, rule->on[i]);
		text_append(out, any ? ", " : "");
		any = true;
		text_json(out, rule_outcome_text((enum rule_outcome)i));
		text_append(out, ": {\"resolver_rule\": ");
		text_json(out, snapshot_string(snap, further->id_at));
		text_append(out, ", \"targets\": ");
		query_json_targets(snapshot_targets(snap, further), further->target_count, out);
		text_append(out, "}");
	}
	text_append(out, "}");
}

void
words_lookup(const struct lookup *lookup, struct text *out)
{
	char name[NAME_TEXT_MAX];

	name_print(zone_node_name(lookup->node), name);
	text_append(out, lookup_kind_text(lookup->kind));
	switch (lookup->kind) {
	case LOOKUP_ANSWER:
	case LOOKUP_CNAME:
	case LOOKUP_NODATA:
		if (lookup->wildcard)
			text_printf(out, ", by the wildcard %s", name);
		break;
	case LOOKUP_NXDOMAIN:
		text_printf(out, ": the nearest name that exists above is %s", name);
		break;
	case LOOKUP_DNAME:
	case LOOKUP_DELEGATED:
		text_printf(out, ", at %s", name);
		break;
	}
}

void
words_network(const struct query *query, struct text *out)
{
	const struct snapshot_network *network = snapshot_network(query->input.snap,
								  query->network);
	char block[ADDR_TEXT_MAX];

	switch (query->asker) {
	case ASKER_NETWORK:
		text_append(out, "named by --from");
		break;
	case ASKER_ENDPOINT:
		text_append(out, "has the inbound endpoint ");
		text_printable(out, query->from);
		break;
	case ASKER_ADDRESS:
		text_printf(out, "%s is in its block %s", query->from,
			    prefix_print(&query->block, block));
		break;
	}
	if (network->kind == NETWORK_VPC && network->dns_support && !network->dns_hostnames)
		text_append(out, "; enable_dns_hostnames is off: it has no EC2 names and does "
			    "not use its private zones");
}

const char *
words_network_id(const struct query *query)
{
	const struct snapshot *snap = query->input.snap;

	return snapshot_string(snap, snapshot_network(snap, query->network)->id_at);
}
