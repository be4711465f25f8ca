#include <string.h>

#include "lint/checks.h"
#include "lint/ground.h"
#include "lint/hops.h"

/*
 * FWD303, FWD304, FWD305: targets that nobody listens at.  One finding a rule: what is wrong
 * with its first target of the kind, and how many there are.
 */

struct astray {
	struct lint *lint;
	const struct lint_check *check;
	const struct resolver_rule *rule;
	const struct target *first;
	size_t count, total;
};

static struct finding *
open_astray(const struct astray *a, enum severity severity, const char *what)
{
	char address[ADDR_TEXT_MAX], name[NAME_TEXT_MAX];
	struct finding *finding;

	finding = lint_open(a->lint, a->check, severity, a->first->at,
			    "rule \"%s\" sends %s to %s, %s%s", a->rule->id,
			    name_print(a->rule->domain_name, name),
			    addr_print(&a->first->addr, address), what,
			    a->count == 1 && a->total == 1 ? ""
			    : lint_printf(a->lint, " (%zu of its %zu targets)", a->count,
					  a->total));
	lint_add_rule(a->lint, finding, a->rule->index, "asks there");
	return finding;
}

/** What stands at the target: the object, or NULL. */
typedef const void *(*stands_fn)(void *context, const struct target *target);

/** The targets of the rule that are so; the object at the first one. */
static const void *
find_astray(struct astray *a, stands_fn stands, void *context)
{
	const void *first = NULL;

	a->count = a->total = 0;
	for (const struct target *t = a->rule->targets; t; t = t->next) {
		const void *object = stands(context, t);

		a->total++;
		if (object && a->count++ == 0) {
			a->first = t;
			first = object;
		}
	}
	return first;
}

/* Who has which address: of one kind, and those that do answer. */
struct places {
	struct table at;	/* address -> object */
	struct hops hops;
};

static void
enter_place(struct lint *lint, struct places *places, const struct addr *addr, const void *object)
{
	uint8_t *ip = lint_alloc(lint, 1, sizeof(addr->ip));

	if (!ip || table_find(&places->at, addr->ip, sizeof(addr->ip)))
		return;
	memcpy(ip, addr->ip, sizeof(addr->ip));
	if (table_put(&places->at, ip, sizeof(addr->ip), (void *)(uintptr_t)object) != OK)
		lint->nomem = true;
}

static void
places_init(struct lint *lint, struct places *places)
{
	table_init(&places->at, &lint->arena);
	hops_init(lint, &places->hops);
}

/** The object that has the address, unless an endpoint or server that answers has it too. */
static const void *
stands_at(void *context, const struct target *target)
{
	const struct places *places = context;
	struct hop hop;

	if (hops_follow(&places->hops, target, &hop))
		return NULL;
	return table_find(&places->at, target->addr.ip, sizeof(target->addr.ip));
}

/* FWD303: an outbound endpoint's address. */

void
check_forward_to_outbound(struct lint *lint, const struct lint_check *check)
{
	struct places places;

	places_init(lint, &places);
	for (const struct resolver_endpoint *e = lint->estate->endpoints; e; e = e->next)
		for (const struct target *t = e->ip_addresses; t; t = t->next)
			if (e->direction == DIRECTION_OUTBOUND)
				enter_place(lint, &places, &t->addr, e);
	for (const struct resolver_rule *r = lint->estate->rules; r && !lint->nomem; r = r->next) {
		struct astray a = { .lint = lint, .check = check, .rule = r };
		const struct resolver_endpoint *e = find_astray(&a, stands_at, &places);
		struct finding *finding;

		if (!e)
			continue;
		finding = open_astray(&a, check->severity,
				      "where an outbound endpoint sends from and nothing listens");
		diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_ENDPOINT),
			 e->id, e->at, "has the address, and is OUTBOUND");
		lint_add_help(lint, finding, "point the rule at an inbound endpoint");
	}
}

/* FWD304: the address of a VPC's own resolver, which nobody outside of it can ask. */

/** The network's base plus two; false: not an IPv4 block, or too small to have it. */
static bool
plus_two(const struct prefix *block, struct addr *out)
{
	if (!prefix_is_v4(block) || block->bits > 126)
		return false;
	*out = (struct addr){ .port = 0 };
	memcpy(out->ip, block->ip, sizeof(out->ip));
	out->ip[15] = (uint8_t)(out->ip[15] + 2);
	return true;
}

static void
enter_resolvers(struct lint *lint, struct places *places)
{
	struct addr addr;

	for (const struct network *n = lint->estate->networks; n; n = n->next)
		for (const struct cidr *c = n->cidr_blocks; c; c = c->next)
			if (n->kind == NETWORK_VPC && plus_two(&c->prefix, &addr))
				enter_place(lint, places, &addr, n);
}

/** The addresses that every VPC has for it. */
static bool
is_everywhere(const struct addr *addr)
{
	struct addr known;

	return (addr_parse("169.254.169.253", &known) && addr_same_ip(addr, &known)) ||
	       (addr_parse("fd00:ec2::253", &known) && addr_same_ip(addr, &known));
}

static const void *
resolver_at(void *context, const struct target *target)
{
	return is_everywhere(&target->addr) ? target : stands_at(context, target);
}

void
check_forward_to_plus_two(struct lint *lint, const struct lint_check *check)
{
	struct places places;

	places_init(lint, &places);
	enter_resolvers(lint, &places);
	for (const struct resolver_rule *r = lint->estate->rules; r && !lint->nomem; r = r->next) {
		struct astray a = { .lint = lint, .check = check, .rule = r };
		const void *object = find_astray(&a, resolver_at, &places);
		const struct network *vpc = object == a.first ? NULL : object;
		struct finding *finding;

		if (!object)
			continue;
		finding = open_astray(&a, check->severity, vpc
				      ? lint_printf(lint, "the VPC resolver of \"%s\", which only "
						    "that VPC can ask", vpc->id)
				      : "the VPC resolver, which is no target");
		if (vpc)
			diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_VPC),
				 vpc->id, vpc->at, "has its resolver there");
		lint_add_help(lint, finding, "point the rule at an inbound endpoint of that VPC");
	}
}

/*
 * FWD305: a target that the outbound endpoint's VPC cannot send to.  An address of the
 * Internet may be reached by a gateway, so only private ones are judged; and an address that
 * nobody declares only where sites are declared at all.
 */

struct reaching {
	const struct ground *ground;
	const struct network *from;
	bool sites;		/* the estate has any */
};

/** Is it, or does it reach, one of the block's holders? */
static bool
is_within(const struct reaching *r, const struct address_block *block)
{
	for (uint32_t i = 0; i < block->holder_count; i++)
		if (block->holders[i] == r->from->index ||
		    reach_has(&r->ground->reach, r->from->index, block->holders[i]))
			return true;
	return false;
}

/** The target itself when it cannot be reached. */
static const void *
beyond_reach(void *context, const struct target *target)
{
	const struct reaching *r = context;
	const struct addresses *addresses = &r->ground->addresses;
	uint32_t block = addresses_find(addresses, &target->addr);

	if (address_kind(&target->addr) != ADDRESS_PRIVATE ||
	    (block == ADDRESSES_NONE && !r->sites))
		return NULL;
	for (; block != ADDRESSES_NONE; block = addresses->blocks[block].outer)
		if (is_within(r, &addresses->blocks[block]))
			return NULL;
	return target;
}

/** Does a site that this network reaches say which addresses it has? */
static bool
reaches_known_site(const struct lint *lint, const struct reaching *r)
{
	for (const struct network *n = lint->estate->networks; n; n = n->next)
		if (n->kind == NETWORK_SITE && n->cidr_blocks &&
		    reach_has(&r->ground->reach, r->from->index, n->index))
			return true;
	return false;
}

static void
report_unreachable(const struct astray *a, const struct reaching *r)
{
	const struct addresses *addresses = &r->ground->addresses;
	uint32_t block = addresses_find(addresses, &a->first->addr);
	struct lint *lint = a->lint;
	const struct network *in = NULL;
	struct finding *finding;

	if (block != ADDRESSES_NONE)
		in = lint->networks[addresses->blocks[block].holders[0]];
	finding = open_astray(a, in || reaches_known_site(lint, r) ? a->check->severity
								   : SEVERITY_WARNING,
			      in ? lint_printf(lint, "an address of \"%s\", with which \"%s\" has "
					       "no connection", in->id, r->from->id)
				 : lint_printf(lint, "which is in no network that \"%s\" reaches",
					       r->from->id));
	diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_ENDPOINT),
		 a->rule->endpoint.id, a->rule->endpoint.at, "sends from \"%s\"", r->from->id);
	lint_add_network(lint, finding, r->from->index);
	lint_add_help(lint, finding, in ? "connect the two, or correct the address"
					: "correct the address, or declare the site that has it");
}

void
check_target_unreachable(struct lint *lint, const struct lint_check *check)
{
	struct reaching r = { .ground = lint_ground(lint) };

	if (!r.ground || !r.ground->reach.any)	/* nothing is known of connections */
		return;
	for (const struct network *n = lint->estate->networks; n; n = n->next)
		r.sites |= n->kind == NETWORK_SITE;
	for (const struct resolver_rule *rule = lint->estate->rules; rule; rule = rule->next) {
		const struct resolver_endpoint *endpoint = rule->endpoint.object;
		struct astray a = { .lint = lint, .check = check, .rule = rule };

		r.from = endpoint ? endpoint->vpc.object : NULL;
		if (r.from && rule->networks && find_astray(&a, beyond_reach, &r))
			report_unreachable(&a, &r);
	}
}
