#include "estate/check.h"

#include <string.h>

#include "estate/order.h"

/** The first VPC that the rule is attached to, or NULL. */
static const struct ref *
attached_vpc(const struct resolver_rule *rule)
{
	for (const struct ref *ref = rule->networks; ref; ref = ref->next) {
		const struct network *network = ref->object;

		if (network && network->kind == NETWORK_VPC)
			return ref;
	}
	return NULL;
}

/** A rule's way out: on a VPC it leaves by an OUTBOUND endpoint, a site needs none. */
static void
check_way_out(struct check *check, const struct resolver_rule *rule)
{
	const struct resolver_endpoint *endpoint = rule->endpoint.object;
	const struct ref *vpc = attached_vpc(rule);
	struct finding *finding;

	if (!rule->endpoint.id && vpc) {
		finding = diag_open(check->diags, SEVERITY_ERROR, "no-endpoint", NULL, rule->at,
				    "rule \"%s\" is attached to vpc \"%s\": a %s rule "
				    "leaves a VPC by a resolver_endpoint, and names none",
				    rule->id, vpc->id,
				    rule->type == RULE_FORWARD ? "FORWARD" : "DELEGATE");
		diag_add(check->diags, finding, PART_OBJECT, object_kind_text(OBJECT_VPC),
			 vpc->id, vpc->at, "attached here");
	}
	if (endpoint && endpoint->direction != DIRECTION_OUTBOUND) {
		finding = diag_open(check->diags, SEVERITY_ERROR, "not-outbound", NULL,
				    rule->endpoint.at,
				    "rule \"%s\" needs an OUTBOUND endpoint, and \"%s\" is none "
				    "(RSLVR-00700)", rule->id, endpoint->id);
		diag_add(check->diags, finding, PART_OBJECT, object_kind_text(OBJECT_ENDPOINT),
			 endpoint->id, endpoint->at, "declared here");
	}
}

/** `on` may name the internet resolver where this configuration serves and has one. */
static void
check_further(struct check *check, const struct resolver_rule *rule)
{
	const struct settings *settings = &check->estate->settings;

	if (!settings->at.file || settings->internet_resolver)
		return;
	for (unsigned i = 0; i < ON_OUTCOMES; i++)
		if (rule->on[i].internet)
			diag_report(check->diags, SEVERITY_ERROR, "no-targets", rule->on[i].at,
				    "rule \"%s\" goes on to the internet on %s, and "
				    "server.internet_resolver is not set: there is nobody to ask",
				    rule->id, rule_outcome_text((enum rule_outcome)i));
}

static void
check_rules(struct check *check)
{
	for (const struct resolver_rule *r = check->estate->rules; r; r = r->next) {
		if (r->flawed || r->type == RULE_SYSTEM)
			continue;
		if (r->type == RULE_FORWARD && !r->targets)
			diag_report(check->diags, SEVERITY_ERROR, "no-targets", r->at,
				    "rule \"%s\" is of type FORWARD and has no target_ips: "
				    "there is nobody to ask", r->id);
		check_way_out(check, r);
		check_further(check, r);
	}
}

static void
report_public(struct check *check, const struct hosted_zone *zone, const struct ref *where)
{
	struct finding *finding;

	finding = diag_open(check->diags, SEVERITY_ERROR, "public-zone", NULL, where->at,
			    "zone \"%s\" is public (private_zone: false): it is associated with "
			    "nothing (PublicZoneVPCAssociation)", zone->id);
	diag_add(check->diags, finding, PART_OBJECT, object_kind_text(OBJECT_HOSTED_ZONE),
		 zone->id, zone->at, "declared here");
}

/** A public zone is no part of what a network sees: so no cut table ever has it. */
static void
check_public(struct check *check)
{
	for (const struct hosted_zone *z = check->estate->zones; z; z = z->next)
		if (z->public_zone && z->networks && !z->networks->by)
			report_public(check, z, z->networks);
	for (const struct profile *p = check->estate->profiles; p; p = p->next) {
		for (const struct ref *ref = p->zones; ref; ref = ref->next) {
			const struct hosted_zone *zone = ref->object;

			if (zone && zone->public_zone)
				report_public(check, zone, ref);
		}
	}
}

/** Two CIDRs that overlap, of one network each; false: there are none. */
static bool
find_overlap(const struct network *a, const struct network *b, const struct cidr **of_a,
	     const struct cidr **of_b)
{
	for (*of_a = a->cidr_blocks; *of_a; *of_a = (*of_a)->next)
		for (*of_b = b->cidr_blocks; *of_b; *of_b = (*of_b)->next)
			if (prefix_overlaps(&(*of_a)->prefix, &(*of_b)->prefix))
				return true;
	return false;
}

/** VPCs with overlapping CIDRs cannot be peers (2.1.8): a connection that is active is none. */
static void
check_peerings(struct check *check)
{
	char one[ADDR_TEXT_MAX], other[ADDR_TEXT_MAX];
	const struct cidr *a, *b;

	for (const struct peering *p = check->estate->peerings; p; p = p->next) {
		const struct network *from = p->requester.object, *to = p->accepter.object;
		struct finding *finding;

		if (!from || !to || from == to || strcmp(p->status, "active") != 0 ||
		    !find_overlap(from, to, &a, &b))
			continue;
		finding = diag_open(check->diags, SEVERITY_ERROR, "overlapping-peers", NULL,
				    p->at, "\"%s\" and \"%s\" cannot be peers: %s overlaps %s",
				    from->id, to->id, prefix_print(&a->prefix, one),
				    prefix_print(&b->prefix, other));
		diag_add(check->diags, finding, PART_OBJECT, object_kind_text(OBJECT_VPC),
			 from->id, a->at, "one block");
		diag_add(check->diags, finding, PART_OBJECT, object_kind_text(OBJECT_VPC),
			 to->id, b->at, "the other");
	}
}

static void
check_listeners(struct check *check)
{
	char address[ADDR_TEXT_MAX];

	for (struct listener *l = check->estate->settings.listeners; l; l = l->next) {
		const struct listener *first = check->estate->settings.listeners;
		struct finding *finding;

		while (!addr_equal(&first->addr, &l->addr))
			first = first->next;
		if (first == l || l->addr.port == 0)
			continue;
		finding = diag_open(check->diags, SEVERITY_ERROR, "duplicate-listener", NULL,
				    l->at, "%s is listened on already",
				    addr_print_port(&l->addr, address));
		diag_add(check->diags, finding, PART_OBJECT, "listener", address, first->at,
			 "declared here first");
	}
}

static void
check_secrets(struct check *check)
{
	const struct cookie_secret *secret = check->estate->settings.cookie_secrets;
	unsigned count = 0;

	for (; secret; secret = secret->next)
		if (++count == COOKIE_SECRETS_MAX + 1)
			diag_report(check->diags, SEVERITY_ERROR, "too-many-secrets", secret->at,
				    "at most %d cookie_secrets: one that signs, and those before "
				    "and after it", COOKIE_SECRETS_MAX);
}

enum status
estate_check(struct estate *estate, struct diags *diags)
{
	struct check check = { .estate = estate, .diags = diags };
	size_t errors = diags->errors;

	arena_init(&check.scratch, estate->arena.limit);
	if (estate_order(estate, &check.scratch) != OK) {
		arena_fini(&check.scratch);
		return ERR_NOMEM;
	}
	check_references(&check);
	check_profiles(&check);
	check_listeners(&check);
	check_secrets(&check);
	check_health(&check);
	check_rules(&check);
	check_peerings(&check);
	check_network(&check);
	check_public(&check);
	check_domains(&check);
	check_clients(&check);
	for (const struct hosted_zone *z = estate->zones; z && !check.nomem; z = z->next)
		check_records(&check, z);
	arena_fini(&check.scratch);
	if (check.nomem)
		return ERR_NOMEM;
	return diags->errors > errors ? ERR_REJECTED : OK;
}
