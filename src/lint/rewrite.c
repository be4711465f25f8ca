#include "lint/rewrite.h"

#include <string.h>

#include "dns/codes.h"

#define TRAIL_MOST 64	/* names and networks on one way */

/* The questions that wait for this one, innermost first. */
struct trail {
	uint32_t network;
	const struct name *name;
	const struct zone *inside;
	unsigned depth;
	const struct trail *up;
};

/* A question on its way: what changes from step to step. */
struct asking {
	struct rewriter *by;
	uint32_t network;
	const struct name *name;
	uint16_t type;
	const struct zone *inside;	/* an alias's target is looked up there; NULL: routed */
	unsigned hop;			/* names followed in this network */
	const struct trail *up;
};

static void walk(const struct asking *asked, struct finals *out);

static const uint8_t *
keep_name(struct rewriter *by, const struct name *name)
{
	const uint8_t *kept = name_store(by->scratch, name);
	static const uint8_t root[1];

	by->nomem |= !kept;
	return kept ? kept : root;
}

static bool
same_led(const struct led *a, const struct led *b)
{
	while (a && b && name_wire_equal(a->name, b->name)) {
		a = a->next;
		b = b->next;
	}
	return !a && !b;
}

/** The name in front of those; without memory those alone. */
static const struct led *
led_to(struct rewriter *by, const uint8_t *name, const struct led *next)
{
	struct led *led = arena_alloc(by->scratch, sizeof(*led));

	by->nomem |= !led;
	if (!led)
		return next;
	*led = (struct led){ name, next };
	return led;
}

/** The very same thing found twice. */
static bool
is_again(const struct final *a, const struct final *b)
{
	return a->kind == b->kind && a->outcome.zone == b->outcome.zone &&
	       a->outcome.lookup.ref == b->outcome.lookup.ref &&
	       (a->kind != FINAL_OPAQUE || memcmp(a->ip, b->ip, 16) == 0) &&
	       name_wire_equal(a->name, b->name) && same_led(a->led, b->led);
}

static void
add(struct finals *out, const struct final *f)
{
	for (unsigned i = 0; i < out->count; i++)
		if (is_again(&out->final[i], f))
			return;
	if (out->count == FINALS_MAX)
		out->more = true;
	else
		out->final[out->count++] = *f;
}

static void
end_as(const struct asking *asked, enum final_kind kind, struct finals *out)
{
	add(out, &(struct final){ .kind = kind, .network = asked->network,
				  .name = keep_name(asked->by, asked->name) });
}

static void
note_type(struct met_types *met, uint16_t type)
{
	for (unsigned i = 0; i < met->count; i++)
		if (met->type[i] == type)
			return;
	if (met->count == REWRITE_TYPES)
		met->more = true;
	else
		met->type[met->count++] = type;
}

/** The types for which this step may lead elsewhere. */
static void
note_node(struct rewriter *by, const struct lookup *found)
{
	const struct zone_set_ref *refs;

	if (!by->met)
		return;
	if (found->kind == LOOKUP_DNAME)
		note_type(by->met, TYPE_CNAME);
	if (found->kind == LOOKUP_DELEGATED || found->node->flags & NODE_CUT)
		note_type(by->met, TYPE_DS);
	if (found->kind == LOOKUP_NXDOMAIN || found->kind == LOOKUP_DNAME ||
	    found->kind == LOOKUP_DELEGATED)
		return;
	refs = zone_node_refs(found->node);
	for (unsigned i = 0; i < found->node->set_count; i++)
		note_type(by->met, refs[i].type);
}

/** Ask for another name in the same network; what comes of it is told with this link. */
static void
follow(const struct asking *asked, const struct name *target, const struct zone *inside,
       struct finals *out)
{
	struct trail here = { asked->network, asked->name, asked->inside,
			      asked->up ? asked->up->depth + 1 : 0, asked->up };
	struct asking next = *asked;

	if (asked->hop >= asked->by->in->snap->root->settings.assume[ASSUME_CHAIN_LIMIT]) {
		end_as(asked, FINAL_DEAD, out);
		return;
	}
	next.name = target;
	next.inside = inside;
	next.hop++;
	next.up = &here;
	walk(&next, out);
}

/** A CNAME or DNAME leads on, for all to see. */
static void
follow_link(const struct asking *asked, const struct name *target, struct finals *out)
{
	const uint8_t *link = keep_name(asked->by, target);
	struct finals found = { .count = 0 };

	follow(asked, target, NULL, &found);
	out->more |= found.more;
	for (unsigned i = 0; i < found.count; i++) {
		found.final[i].led = led_to(asked->by, link, found.final[i].led);
		add(out, &found.final[i]);
	}
}

/** An alias hides what it leads to; what is not there is not there under its own name. */
static void
follow_alias(const struct asking *asked, const struct zone *zone, const struct zone_set *set,
	     struct finals *out)
{
	const struct zone_alias *alias = zone_set_alias(zone, set);
	struct finals found = { .count = 0 };
	const struct zone *inside = NULL;
	struct name target;

	name_lower(block_at(&zone->block, alias->name_at), &target);
	if (alias->same_zone && name_wire_covers(zone_name(zone), target.wire))
		inside = zone;
	follow(asked, &target, inside, &found);
	out->more |= found.more;
	for (unsigned i = 0; i < found.count; i++) {
		found.final[i].led = NULL;
		if (found.final[i].kind == FINAL_NXDOMAIN)
			found.final[i].kind = FINAL_NODATA;
		add(out, &found.final[i]);
	}
}

/** The name below a DNAME with its end replaced; false: it would be too long. */
static bool
substitute(const struct name *name, const struct zone_node *node, const uint8_t *target,
	   struct name *out)
{
	size_t front = name->len - name_wire_len(zone_node_name(node));
	size_t rest = name_wire_len(target);
	uint8_t wire[NAME_MAX_OCTETS];

	if (front + rest > NAME_MAX_OCTETS)
		return false;
	memcpy(wire, name->wire, front);
	memcpy(wire + front, target, rest);
	name_lower(wire, out);
	return true;
}

static void
end_as_found(const struct asking *asked, const struct zone *zone, const struct lookup *found,
	     enum final_kind kind, const struct name *name, struct finals *out)
{
	add(out, &(struct final){ .kind = kind, .network = asked->network,
				  .outcome = { zone, *found },
				  .name = keep_name(asked->by, name) });
}

static void
walk_dname(const struct asking *asked, const struct zone *zone, const struct lookup *found,
	   struct finals *out)
{
	struct rrset dname = zone_rrset(zone_set_at(zone, found->ref->set_at), NULL);
	struct name target;

	if (!substitute(asked->name, found->node, dname.wire + RRSET_FIXED_OCTETS, &target))
		end_as(asked, FINAL_TOO_LONG, out);
	else if (asked->type == TYPE_CNAME)
		end_as_found(asked, zone, found, FINAL_ANSWER, &target, out);
	else
		follow_link(asked, &target, out);
}

/** What a zone hands on: to whom a DELEGATE rule leads, if there is one. */
static void
walk_delegated(const struct asking *asked, const struct zone *zone, const struct lookup *found,
	       struct finals *out)
{
	const struct snapshot *snap = asked->by->in->snap;

	if (snapshot_network(snap, asked->network)->delegate_count)
		end_as_found(asked, zone, found, FINAL_DELEGATED, asked->name, out);
	else
		end_as(asked, snap->root->settings.assume[ASSUME_DELEGATION] ==
				      DELEGATION_INTERNET ? FINAL_PUBLIC : FINAL_DEAD, out);
}

static void
walk_zone(const struct asking *asked, const struct zone *zone, const struct suffixes *suffixes,
	  struct finals *out)
{
	struct lookup found = lookup_find(zone, asked->name, suffixes, asked->type);
	const struct zone_set *set = found.ref ? zone_set_at(zone, found.ref->set_at) : NULL;
	struct name target;

	note_node(asked->by, &found);
	switch (found.kind) {
	case LOOKUP_ANSWER:
	case LOOKUP_CNAME:
		if (set->alias_at && found.ref->members == 1) {
			follow_alias(asked, zone, set, out);
		} else if (found.kind == LOOKUP_CNAME && found.ref->members == 1) {
			name_lower(zone_rrset(set, NULL).wire + RRSET_FIXED_OCTETS, &target);
			follow_link(asked, &target, out);
		} else {
			end_as_found(asked, zone, &found, FINAL_ANSWER, asked->name, out);
		}
		return;
	case LOOKUP_DNAME:
		walk_dname(asked, zone, &found, out);
		return;
	case LOOKUP_NODATA:
		end_as(asked, FINAL_NODATA, out);
		return;
	case LOOKUP_NXDOMAIN:
		end_as(asked, FINAL_NXDOMAIN, out);
		return;
	case LOOKUP_DELEGATED:
		walk_delegated(asked, zone, &found, out);
		return;
	}
}

static bool
fails(enum final_kind kind)
{
	return final_is_servfail(kind) || kind == FINAL_OFF || kind == FINAL_TOO_LONG;
}

/** The question that this one repeats; NULL: none. */
static const struct trail *
comes_round(const struct asking *asked)
{
	for (const struct trail *t = asked->up; t; t = t->up)
		if (t->network == asked->network && t->inside == asked->inside &&
		    name_wire_equal(t->name->wire, asked->name->wire))
			return t;
	return NULL;
}

/** Rules alone make a loop; where names lead on, it is a circle of theirs. */
static enum final_kind
kind_of_circle(const struct asking *asked, const struct trail *first)
{
	const struct name *least = asked->name;
	enum final_kind kind = FINAL_LOOP;

	for (const struct trail *t = asked->up; t != first->up; t = t->up) {
		if (!name_wire_equal(t->name->wire, asked->name->wire))
			kind = FINAL_CIRCLE;
		if (name_wire_compare(t->name->wire, least->wire) < 0)
			least = t->name;
	}
	if (kind == FINAL_CIRCLE)
		asked->by->least = keep_name(asked->by, least);
	return kind;
}

/** Is this name, which a reply leads to, taken from the same reply? */
static bool
stays_with(const struct asking *asked, const struct route *route, const uint8_t *link)
{
	const struct snapshot *snap = asked->by->in->snap;
	const uint8_t *domain =
		snapshot_name(snap, snapshot_rule(snap, route->cut->target)->domain_at);
	struct suffixes suffixes;
	struct route other;
	struct name name;

	if (!name_wire_covers(domain, link))
		return false;
	name_from_wire(link, &name);
	name_suffixes(&name, &suffixes);
	other = route_select(snap, asked->network, &name, &suffixes);
	return other.kind == ROUTE_FORWARD &&
	       digest_equal(other.upstream->identity, route->upstream->identity);
}

/** The first names of a chain, up to `end`, in front of others. */
static const struct led *
led_over(struct rewriter *by, const struct led *chain, const struct led *end,
	 const struct led *next)
{
	if (chain == end)
		return next;
	return led_to(by, chain->name, led_over(by, chain->next, end, next));
}

/** A reply's chain is left at this name: what comes of it is asked anew. */
static void
leave_chain(const struct asking *asked, const struct led *chain, const struct led *at,
	    struct finals *out)
{
	struct finals found = { .count = 0 };
	struct name target;

	name_from_wire(at->name, &target);
	follow_link(asked, &target, &found);
	out->more |= found.more;
	for (unsigned i = 0; i < found.count; i++) {
		found.final[i].led = led_over(asked->by, chain, at, found.final[i].led);
		add(out, &found.final[i]);
	}
}

/**
 * What the next network answered.  Of a chain that is taken which the asker would ask the
 * same servers about; from where it leaves them it is asked anew.
 */
static void
take_answer(const struct asking *asked, const struct route *route, const struct final *f,
	    struct finals *out)
{
	const uint32_t *assume = asked->by->in->snap->root->settings.assume;
	struct asking at = *asked;

	if (f->kind == FINAL_OFF || f->kind == FINAL_TOO_LONG) {
		end_as(asked, FINAL_DEAD, out);
		return;
	}
	for (const struct led *l = f->led; l && !fails(f->kind) && assume[ASSUME_FORWARDED_CNAME];
	     l = l->next, at.hop++) {
		if (!stays_with(asked, route, l->name)) {
			leave_chain(&at, f->led, l, out);
			return;
		}
	}
	if (at.hop > assume[ASSUME_CHAIN_LIMIT])
		end_as(asked, FINAL_DEAD, out);
	else
		add(out, f);
}

/** What one target makes of the question. */
static void
ask_onward(const struct asking *asked, const struct onward *to, struct finals *out)
{
	struct trail here = { asked->network, asked->name, asked->inside,
			      asked->up ? asked->up->depth + 1 : 0, asked->up };
	struct asking next = { .by = asked->by, .network = to->network, .name = asked->name,
			       .type = asked->type, .up = &here };

	if (to->network == NETWORK_NONE)
		add(out, &(struct final){ .kind = FINAL_OPAQUE, .network = asked->network,
					  .ip = to->ip,
					  .name = keep_name(asked->by, asked->name) });
	else
		walk(&next, out);
}

/** A target that fails is passed over for another: failing takes all of them. */
static void
walk_forward(const struct asking *asked, const struct route *route, struct finals *out)
{
	const struct rule_ways *ways = &asked->by->in->ways[route->cut->target];
	struct finals answers = { .count = 0 }, failures = { .count = 0 };
	unsigned failing = 0;

	for (unsigned i = 0; i < ways->count; i++) {
		struct finals found = { .count = 0 };
		bool may_fail = false;

		ask_onward(asked, &ways->to[i], &found);
		answers.more |= found.more;
		for (unsigned k = 0; k < found.count; k++) {
			bool failure = fails(found.final[k].kind);

			may_fail |= failure;
			add(failure ? &failures : &answers, &found.final[k]);
		}
		failing += may_fail;
	}
	out->more |= answers.more;
	for (unsigned i = 0; i < answers.count; i++)
		take_answer(asked, route, &answers.final[i], out);
	for (unsigned i = 0; i < failures.count && failing == ways->count; i++)
		take_answer(asked, route, &failures.final[i], out);
}

static void
walk_routed(const struct asking *asked, const struct suffixes *suffixes, struct finals *out)
{
	struct route route = route_select(asked->by->in->snap, asked->network, asked->name,
					  suffixes);

	if (route.kind == ROUTE_OFF) {
		end_as(asked, FINAL_OFF, out);
		return;
	}
	switch ((enum cut_action)route.cut->action) {
	case CUT_ZONE:
		walk_zone(asked, route.zone, suffixes, out);
		return;
	case CUT_FORWARD:
		if (route.cut->origin_kind == ORIGIN_RULE)
			walk_forward(asked, &route, out);
		else
			end_as(asked, FINAL_PUBLIC, out);
		return;
	case CUT_INTERNET:
		end_as(asked, FINAL_PUBLIC, out);
		return;
	case CUT_AUTODEFINED:
		end_as(asked, FINAL_AUTODEFINED, out);
		return;
	}
}

static void
walk(const struct asking *asked, struct finals *out)
{
	const struct trail *first = comes_round(asked);
	struct suffixes suffixes;

	asked->by->steps++;
	if (first || (asked->up && asked->up->depth >= TRAIL_MOST)) {
		end_as(asked, first ? kind_of_circle(asked, first) : FINAL_DEAD, out);
		return;
	}
	name_suffixes(asked->name, &suffixes);
	if (asked->inside)
		walk_zone(asked, asked->inside, &suffixes, out);
	else
		walk_routed(asked, &suffixes, out);
}

void
rewrite_find(struct rewriter *rewriter, uint32_t network, const struct name *name, uint16_t type,
	     struct finals *out)
{
	struct asking asked = { .by = rewriter, .network = network, .name = name, .type = type };

	out->count = 0;
	out->more = false;
	walk(&asked, out);
}
