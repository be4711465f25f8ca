#include <string.h>

#include "dns/codes.h"
#include "lint/checks.h"
#include "lint/inside.h"
#include "lint/witness.h"

/*
 * PRE210: hosts of a VPC that are told to ask other servers, which do not send the names of
 * its zones to it.  Of servers that nobody declares it can only be said that they decide.
 */

/* What a server does with the names of a zone. */
enum passing {
	PASSES,			/* sends them to who has the zone, or has it */
	PASSES_NOT,
	PASSES_UNKNOWN,
};

/** Does the network answer the name from the zone, itself or by one rule? */
static enum passing
network_passes(const struct lint *lint, uint32_t network, uint32_t zone, bool again)
{
	const uint8_t *name = lint_zone_name(lint, zone);
	struct route route = lint_route(lint, network, name);
	const struct resolver_rule *rule;

	if (route.kind == ROUTE_ZONE)
		return PASSES;	/* if from a copy of its own, other checks compare them */
	if (route.kind != ROUTE_FORWARD || !cut_is_forward(route.cut))
		return PASSES_NOT;
	rule = lint->rules[route.cut->origin];
	for (const struct target *t = rule->targets; t; t = t->next) {
		const struct resolver_endpoint *endpoint =
			estate_inbound_at(lint->estate, &t->addr);
		const struct network *vpc = endpoint ? endpoint->vpc.object : NULL;

		if (!vpc || !again)
			return PASSES_UNKNOWN;
		return network_passes(lint, vpc->index, zone, false);
	}
	return PASSES_UNKNOWN;
}

static enum passing
server_passes(const struct lint *lint, const struct network *vpc, const struct addr *server,
	      uint32_t zone)
{
	const struct resolver_endpoint *endpoint = estate_inbound_at(lint->estate, server);
	const struct network *who = endpoint ? endpoint->vpc.object
					     : estate_site_server_at(lint->estate, server);

	if (!who)
		return PASSES_UNKNOWN;
	return who == vpc ? PASSES : network_passes(lint, who->index, zone, true);
}

/** 169.254.169.253, fd00:ec2::253, and the third address of the VPC's first block. */
static bool
is_resolver(const struct network *vpc, const struct addr *server)
{
	static const char *const texts[] = { "169.254.169.253", "fd00:ec2::253" };
	struct addr known;

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		if (addr_parse(texts[i], &known) && addr_same_ip(&known, server))
			return true;
	if (!vpc->cidr_blocks)
		return false;
	memset(&known, 0, sizeof(known));
	memcpy(known.ip, vpc->cidr_blocks->prefix.ip, sizeof(known.ip));
	known.ip[15] = (uint8_t)(known.ip[15] + 2);
	return addr_same_ip(&known, server);
}

/** Are hosts told to ask others only?  All of the list is of addresses: it was checked. */
static bool
is_bypassed(const struct network *vpc, const struct dhcp_options *dhcp)
{
	struct addr server;

	for (const struct string_item *s = dhcp->domain_name_servers; s; s = s->next)
		if (!addr_parse(s->text, &server) || is_resolver(vpc, &server))
			return false;
	return dhcp->domain_name_servers != NULL;
}

/** What the best of the servers does. */
static enum passing
servers_pass(const struct lint *lint, const struct network *vpc,
	     const struct dhcp_options *dhcp, uint32_t zone)
{
	enum passing best = PASSES_NOT;
	struct addr server = { 0 };

	for (const struct string_item *s = dhcp->domain_name_servers; s; s = s->next) {
		enum passing passing = PASSES_UNKNOWN;

		if (addr_parse(s->text, &server))
			passing = server_passes(lint, vpc, &server, zone);
		if (passing == PASSES)
			return PASSES;
		if (passing == PASSES_UNKNOWN)
			best = PASSES_UNKNOWN;
	}
	return best;
}

/* The zones of one VPC that are passed by, or may be. */
struct passed_by {
	uint32_t shown[LINT_SHOWN];
	size_t count;
};

static void
note_zone(struct passed_by *by, uint32_t zone)
{
	if (by->count < LINT_SHOWN)
		by->shown[by->count] = zone;
	by->count++;
}

static const char *
zones_text(struct lint *lint, const struct passed_by *by)
{
	char name[NAME_TEXT_MAX];

	name_print(lint_zone_name(lint, by->shown[0]), name);
	if (by->count == 1)
		return lint_printf(lint, "%s", name);
	return lint_printf(lint, "%s and %zu other zones", name, by->count - 1);
}

static void
report_bypassed(struct lint *lint, const struct lint_check *check, const struct network *vpc,
		const struct dhcp_options *dhcp, const struct passed_by *by, bool known)
{
	struct witness witness = { .type = TYPE_SOA };
	struct finding *finding;

	name_from_wire(lint_zone_name(lint, by->shown[0]), &witness.name);
	witness_claim_zone(&witness, vpc->index, by->shown[0]);
	if (!witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, known ? check->severity : SEVERITY_NOTE, dhcp->at,
			    known ? "hosts of \"%s\" ask %s, as its DHCP options say, and not the "
				    "resolver of the VPC, which has %s: these servers do not send "
				    "the names there"
				  : "hosts of \"%s\" ask %s, as its DHCP options say: no input "
				    "tells whether these servers send the names of %s to the "
				    "resolver of the VPC",
			    vpc->id, dhcp->domain_name_servers->text, zones_text(lint, by));
	diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_DHCP_OPTIONS),
		 dhcp->id, dhcp->domain_name_servers->at, "the servers");
	lint_add_network(lint, finding, vpc->index);
	for (size_t i = 0; i < by->count && i < LINT_SHOWN; i++)
		lint_add_zone(lint, finding, by->shown[i], "is not seen by the hosts");
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, known ? "forward the names to an inbound endpoint, on these "
					     "servers"
					   : "declare who these servers are: in `servers` of a "
					     "site");
}

/** Zones are listed by the networks that have them, so those of all VPCs are found at once. */
static struct passed_by *
find_passed_by(struct lint *lint, const struct inside *inside, enum passing wanted)
{
	struct passed_by *by = lint_alloc(lint, lint->estate->network_count, sizeof(*by));

	for (uint32_t zone = 0; by && zone < lint->estate->zone_count; zone++) {
		const struct hosted_zone *z = lint->zones[zone];

		for (const struct ref *ref = z->networks; ref; ref = ref->next) {
			const struct network *n = ref->object;
			const struct dhcp_options *dhcp = n ? inside->vpcs[n->index].dhcp : NULL;

			if (dhcp && is_bypassed(n, dhcp) && lint_uses_zones(lint, n->index) &&
			    lint_reads(lint, n->index, z->name, zone) &&
			    servers_pass(lint, n, dhcp, zone) == wanted)
				note_zone(&by[n->index], zone);
		}
	}
	return by;
}

void
check_view_bypassed(struct lint *lint, const struct lint_check *check)
{
	const struct inside *inside = lint_inside(lint);
	static const enum passing kinds[] = { PASSES_NOT, PASSES_UNKNOWN };

	for (size_t i = 0; i < COUNT_OF(kinds) && inside && lint->estate->dhcp_options; i++) {
		const struct passed_by *by = find_passed_by(lint, inside, kinds[i]);

		for (uint32_t n = 0; by && n < lint->estate->network_count; n++)
			if (by[n].count)
				report_bypassed(lint, check, lint->networks[n],
						inside->vpcs[n].dhcp, &by[n],
						kinds[i] == PASSES_NOT);
	}
}
