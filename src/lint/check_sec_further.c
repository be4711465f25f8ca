#include "dns/codes.h"
#include "lint/checks.h"
#include "lint/witness.h"

/* SEC902, its second half: `on` hands names of a rule to others than its targets. */

/* Blocks whose addresses are somebody's own network (IANA special-purpose registries). */
static const char *const own_blocks[] = {
	"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16",
	"127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128",
};

static bool
is_public(const struct addr *addr)
{
	struct prefix block;

	for (size_t i = 0; i < COUNT_OF(own_blocks); i++)
		if (prefix_parse(own_blocks[i], &block) == OK && prefix_covers(&block, addr))
			return false;
	return true;
}

/** The first target that is nobody's own; NULL: none. */
static const struct target *
public_target(const struct further *further)
{
	for (const struct target *target = further->targets; target; target = target->next)
		if (is_public(&target->addr))
			return target;
	return NULL;
}

static bool
leaks(const struct further *further)
{
	return further->internet || public_target(further);
}

static struct srcloc
leak_at(const struct further *further)
{
	return further->internet ? further->at : public_target(further)->at;
}

static const char *
leak_text(struct lint *lint, enum rule_outcome outcome, const struct further *further)
{
	const char *when[] = {
		[ON_NXDOMAIN] = "each name that its targets do not know",
		[ON_NODATA] = "each name that its targets have no such records of",
		[ON_SERVFAIL] = "every name while its targets fail",
		[ON_TIMEOUT] = "every name while its targets are silent",
	};
	char address[ADDR_TEXT_MAX];

	if (further->internet)
		return lint_printf(lint, "%s goes to the internet resolver", when[outcome]);
	return lint_printf(lint, "%s goes to %s, a public address", when[outcome],
			   addr_print(&public_target(further)->addr, address));
}

/** A network that the rule is for, and in which it is asked; false: none. */
static bool
find_asker(const struct lint *lint, const struct resolver_rule *rule, uint32_t *network)
{
	for (const struct ref *ref = rule->networks; ref; ref = ref->next) {
		const struct network *n = ref->object;
		struct route route;

		if (!n)
			continue;
		route = lint_route(lint, n->index, rule->domain_name);
		if (route.kind == ROUTE_FORWARD && cut_is_forward(route.cut) &&
		    route.cut->target == rule->index) {
			*network = n->index;
			return true;
		}
	}
	return false;
}

static void
judge_rule(struct lint *lint, const struct lint_check *check, const struct resolver_rule *rule)
{
	struct witness witness = { .type = TYPE_A };
	struct finding *finding = NULL;
	char domain[NAME_TEXT_MAX];
	uint32_t network;

	for (unsigned i = 0; i < ON_OUTCOMES; i++) {
		const struct further *further = &rule->on[i];

		if (!leaks(further) || (!finding && !find_asker(lint, rule, &network)))
			continue;
		if (!finding) {
			name_from_wire(rule->domain_name, &witness.name);
			witness_claim_rule(&witness, network, rule->index);
			if (!witness_holds(lint, check, &witness))
				return;
			finding = lint_open(lint, check, check->severity, leak_at(further),
					    "rule \"%s\" lets names of %s out to others than its "
					    "targets", rule->id,
					    name_print(rule->domain_name, domain));
		}
		diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_RULE),
			 rule->id, leak_at(further), "%s: %s",
			 rule_outcome_text((enum rule_outcome)i),
			 leak_text(lint, (enum rule_outcome)i, further));
	}
	if (!finding)
		return;
	lint_add_network(lint, finding, network);
	diag_add(lint->diags, finding, PART_NAMES, "subtree",
		 name_print(rule->domain_name, domain), (struct srcloc){ 0 }, "all types");
	witness_add(lint, finding, &witness, "and then, perhaps, out");
	lint_add_help(lint, finding, "go on to servers of your own, or leave `on` out: Route 53 "
		      "forwards to nobody else");
}

void
check_further_leaks(struct lint *lint, const struct lint_check *check)
{
	for (const struct resolver_rule *rule = lint->estate->rules; rule; rule = rule->next)
		if (rule->type == RULE_FORWARD)
			judge_rule(lint, check, rule);
}
