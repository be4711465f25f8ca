#include <stdlib.h>
#include <string.h>

#include "dns/codes.h"
#include "lint/checks.h"
#include "lint/meetings.h"
#include "lint/witness.h"

/* PRE206: a FORWARD rule for the root or a top-level domain that takes AWS's names along. */

/** Does the network forward this name by the rule?  Then it is the witness. */
static bool
takes_along(const struct lint *lint, uint32_t network, uint32_t rule, const char *text,
	    struct name *out)
{
	struct route route;

	if (name_parse(text, out) != OK)
		return false;
	route = lint_route(lint, network, out->wire);
	return route.kind == ROUTE_FORWARD && cut_is_forward(route.cut) &&
	       route.cut->target == rule;
}

/** The domain of the VPC resolver's public endpoints, by the partition of the Region. */
static const char *
service_domain(const struct network *vpc)
{
	return strncmp(vpc->region, "cn-", 3) == 0 ? "amazonaws.com.cn" : "amazonaws.com";
}

static void
visit_dot(struct lint *lint, struct meetings *meetings, uint32_t network, const struct cut *cut)
{
	const struct network *vpc = lint->networks[network];
	struct name name;

	if (vpc->kind == NETWORK_VPC && cut_is_forward(cut) && cut->labels <= 1 &&
	    takes_along(lint, network, cut->target, service_domain(vpc), &name))
		meetings_note(lint, meetings, cut->target, 0, network);
}

static void
report_dot(struct lint *lint, const struct lint_check *check, const struct meeting *m)
{
	const struct resolver_rule *rule = lint->rules[m->one];
	const char *domain = service_domain(lint->networks[m->networks[0]]);
	struct witness witness = { .type = TYPE_A };
	struct finding *finding;
	char name[NAME_TEXT_MAX];

	if (!takes_along(lint, m->networks[0], m->one, lint_printf(lint, "sts.%s", domain),
			 &witness.name) &&
	    !takes_along(lint, m->networks[0], m->one, domain, &witness.name))
		return;
	witness_claim_rule(&witness, m->networks[0], m->one);
	if (!witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, rule->domain_at,
			    "rule \"%s\" forwards %s in %s, and the names of AWS's services with "
			    "it: no SYSTEM rule for %s takes them back", rule->id,
			    name_print(rule->domain_name, name), meeting_networks(lint, m),
			    domain);
	lint_add_rule(lint, finding, m->one, "takes them");
	meeting_add_networks(lint, finding, m);
	diag_add(lint->diags, finding, PART_NAMES, "subtree",
		 lint_printf(lint, "%s.", domain), (struct srcloc){ 0 }, "all types");
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "add a SYSTEM rule for %s beside it", domain);
}

void
check_dot_rule_without_carve_out(struct lint *lint, const struct lint_check *check)
{
	struct meetings meetings;

	meetings_init(lint, &meetings);
	meetings_each_cut(lint, &meetings, visit_dot);
	for (const struct meeting *m = meetings.first; m && !lint->nomem; m = m->next)
		report_dot(lint, check, m);
}

/*
 * PRE207: a FORWARD rule in the place of an autodefined name.  The reverse names of private
 * address space that no CIDR has are left out: to forward 10.in-addr.arpa is what they are
 * overridden for (route53-semantics 1.4.6); so is a rule far above the EC2 names.
 */

/** "1.0.10.in-addr.arpa." is 10.0.1.0/24; false: no such name, or the address of one host. */
static bool
reverse_prefix(const uint8_t *wire, struct prefix *out)
{
	static const uint8_t suffix[] = "\7in-addr\4arpa";
	uint8_t labels = name_wire_labels(wire);
	unsigned octets[3];

	if (labels < 3 || labels > 5 ||
	    !name_wire_equal(name_wire_suffix(wire, 2), suffix))
		return false;
	*out = (struct prefix){ .bits = (uint8_t)(96 + 8 * (labels - 2)) };
	out->ip[10] = out->ip[11] = 0xff;
	for (unsigned i = 0; i < labels - 2u; i++) {
		char text[4] = "";

		if (wire[0] > 3)
			return false;
		memcpy(text, wire + 1, wire[0]);
		octets[i] = (unsigned)atoi(text);
		if (octets[i] > 255)
			return false;
		wire = name_wire_parent(wire);
	}
	for (unsigned i = 0; i < labels - 2u; i++)
		out->ip[12 + i] = (uint8_t)octets[labels - 3u - i];
	return true;
}

/** Does the reverse name stand for one of these CIDRs, and not for all private space? */
static bool
is_of_cidr(const struct lint *lint, uint32_t network, const uint8_t *name)
{
	const struct snapshot_network *n = snapshot_network(lint->snap, network);
	const struct snapshot_cidr *cidrs = block_at(&lint->snap->root->block, n->cidrs_at);
	struct prefix prefix;

	if (!reverse_prefix(name, &prefix))
		return false;
	for (uint32_t i = 0; i < n->cidr_count; i++) {
		unsigned bits = cidrs[i].prefix.bits;
		unsigned told = bits > 120 ? 120 : (bits + 7) / 8 * 8;	/* whole octets */

		if (prefix.bits == told && prefix_is_v4(&cidrs[i].prefix) &&
		    prefix_overlaps(&prefix, &cidrs[i].prefix))
			return true;
	}
	return false;
}

/** Is it a name right above those of the Regions ("compute.internal")? */
static bool
is_above_ec2(const uint8_t *name)
{
	static const uint8_t *const domains[] = {
		(const uint8_t *)"\7compute\10internal",
		(const uint8_t *)"\7compute\11amazonaws\3com",
		(const uint8_t *)"\7compute\11amazonaws\3com\2cn",
	};

	for (size_t i = 0; i < COUNT_OF(domains); i++)
		if (name_wire_equal(name, domains[i]))
			return true;
	return false;
}

static void
visit_autodefined(struct lint *lint, struct meetings *meetings, uint32_t network,
		  const struct cut *cut)
{
	const struct cut_loser *losers = block_at(&lint->snap->root->block, cut->losers_at);
	const uint8_t *name = lint_cut_name(lint, cut);

	if (!cut_is_forward(cut) || lint->networks[network]->kind != NETWORK_VPC)
		return;
	if (is_above_ec2(name)) {
		meetings_note(lint, meetings, cut->target, 0, network);
		return;
	}
	for (uint32_t i = 0; i < cut->loser_count; i++)
		if (losers[i].origin_kind == ORIGIN_AUTODEFINED &&
		    (losers[i].origin == AUTO_EC2 ||
		     (losers[i].origin == AUTO_EC2_REVERSE && is_of_cidr(lint, network, name))))
			meetings_note(lint, meetings, cut->target, 0, network);
}

static void
report_autodefined(struct lint *lint, const struct lint_check *check, const struct meeting *m)
{
	const struct resolver_rule *rule = lint->rules[m->one];
	bool above = is_above_ec2(rule->domain_name);
	struct witness witness = { .type = TYPE_SOA };
	struct prefix unused;
	struct finding *finding;
	char name[NAME_TEXT_MAX];

	name_from_wire(rule->domain_name, &witness.name);
	witness_claim_rule(&witness, m->networks[0], m->one);
	if (!witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, rule->domain_at,
			    "rule \"%s\" forwards %s in %s, %s", rule->id,
			    name_print(rule->domain_name, name), meeting_networks(lint, m),
			    above ? "and with it the EC2 names of other Regions"
			    : reverse_prefix(rule->domain_name, &unused)
				    ? "the reverse zone of addresses there, which EC2 answers "
				      "by itself"
				    : "which EC2 answers by itself");
	lint_add_rule(lint, finding, m->one, "takes the names over");
	meeting_add_networks(lint, finding, m);
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "dissociate it from %s, or give it a longer name",
		      meeting_networks(lint, m));
}

void
check_autodefined_overridden(struct lint *lint, const struct lint_check *check)
{
	struct meetings meetings;

	meetings_init(lint, &meetings);
	meetings_each_cut(lint, &meetings, visit_autodefined);
	for (const struct meeting *m = meetings.first; m && !lint->nomem; m = m->next)
		report_autodefined(lint, check, m);
}

/* PRE208: a FORWARD rule of a reverse zone, and longer autodefined ones below it. */

static bool
is_autodefined_reverse(const struct cut *cut)
{
	return cut->action == CUT_AUTODEFINED && cut->origin_kind == ORIGIN_AUTODEFINED &&
	       cut->target == AUTO_EC2_REVERSE;
}

/** The first reverse name below the rule's that the network answers by itself; NULL: none. */
static const uint8_t *
first_gap(const struct lint *lint, uint32_t network, const uint8_t *name)
{
	const struct cut *cut;

	for (uint32_t i = lint_first_below(lint, network, name);
	     (cut = lint_cut_below(lint, network, name, i)); i++)
		if (is_autodefined_reverse(cut) &&
		    is_of_cidr(lint, network, lint_cut_name(lint, cut)))
			return lint_cut_name(lint, cut);
	return NULL;
}

static void
visit_reverse(struct lint *lint, struct meetings *meetings, uint32_t network,
	      const struct cut *cut)
{
	const uint8_t *name = lint_cut_name(lint, cut);
	struct prefix unused;

	if (cut_is_forward(cut) && reverse_prefix(name, &unused) &&
	    first_gap(lint, network, name))
		meetings_note(lint, meetings, cut->target, 0, network);
}

/** The names that are not forwarded in the first network, as many as are shown. */
static void
add_gaps(struct lint *lint, struct finding *finding, uint32_t network, const uint8_t *name)
{
	const struct cut *cut;
	size_t shown = 0;

	for (uint32_t i = lint_first_below(lint, network, name);
	     shown < LINT_SHOWN && (cut = lint_cut_below(lint, network, name, i)); i++) {
		char text[NAME_TEXT_MAX];

		if (!is_autodefined_reverse(cut) ||
		    !is_of_cidr(lint, network, lint_cut_name(lint, cut)))
			continue;
		diag_add(lint->diags, finding, PART_NAMES, "subtree",
			 name_print(lint_cut_name(lint, cut), text), (struct srcloc){ 0 },
			 "all types");
		shown++;
	}
}

static void
report_reverse(struct lint *lint, const struct lint_check *check, const struct meeting *m)
{
	const struct resolver_rule *rule = lint->rules[m->one];
	struct witness witness = { .type = TYPE_SOA };
	struct finding *finding;
	char name[NAME_TEXT_MAX], gap[NAME_TEXT_MAX];

	name_from_wire(first_gap(lint, m->networks[0], rule->domain_name), &witness.name);
	witness_claim_autodefined(&witness, m->networks[0]);
	if (!witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, rule->domain_at,
			    "rule \"%s\" forwards %s in %s, but not the addresses of these VPCs "
			    "and their peers: %s is longer and answered there", rule->id,
			    name_print(rule->domain_name, name), meeting_networks(lint, m),
			    name_print(witness.name.wire, gap));
	lint_add_rule(lint, finding, m->one, "is the shorter one");
	meeting_add_networks(lint, finding, m);
	add_gaps(lint, finding, m->networks[0], rule->domain_name);
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "set autodefined_reverse to DISABLED in %s, or add a rule "
		      "for each of these names", meeting_networks(lint, m));
}

void
check_reverse_forwarding_gap(struct lint *lint, const struct lint_check *check)
{
	struct meetings meetings;

	meetings_init(lint, &meetings);
	meetings_each_cut(lint, &meetings, visit_reverse);
	for (const struct meeting *m = meetings.first; m && !lint->nomem; m = m->next)
		report_reverse(lint, check, m);
}
