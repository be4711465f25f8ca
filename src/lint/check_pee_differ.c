#include <string.h>

#include "dns/codes.h"
#include "lint/checks.h"
#include "lint/classes.h"
#include "lint/differ.h"
#include "lint/way.h"

/*
 * PEE501, PEE502, PEE507: names that connected networks resolve differently, by whatever way
 * they are answered.  What another check reports by its cause is left to it; names that only
 * lead to others that differ are counted and not told one by one.
 *
 * A root cause is a pair of cuts, one of each network: the zone or rule that decides there.
 */

#define GAPS_SHOWN 1000	/* pairs that were not compared: so many are told one by one */

/* What decides about a name in a network. */
struct decider {
	uint32_t kind;		/* enum cut_origin */
	uint32_t number;
};

struct cause_key {
	struct decider a, b;
	uint32_t may;
};

struct cause_name {
	enum region_kind kind;
	const uint8_t *name;
	const char *types;
	struct cause_name *next;
};

struct cause_pair {
	uint32_t a, b;
	struct neighbour link;
	struct cause_pair *next;
};

struct cause {
	struct cause_key key;
	bool site;
	const uint8_t *top;		/* the longer of the cuts' names */
	struct table seen;		/* names, by kind and name */
	struct cause_name *names, **names_end;
	struct cause_pair *pairs, **pairs_end;
	size_t name_count, pair_count, shown_pairs;
	const struct class_pair *last;	/* that it was found for */
	struct witness witness;
	int merit;			/* of the witness */
	const char *comes_to[2];	/* what it gives in the end */
	struct cause *next;
};

/* One run over all pairs. */
struct comparison {
	struct lint *lint;
	const struct class_pair *pair;
	struct table by_key;
	struct cause *first, **end;
};

static const struct cut *
cut_of(const struct lint *lint, uint32_t network, const struct name *name)
{
	return lint_route(lint, network, name->wire).cut;
}

static bool
has_final(const struct finals *finals, enum final_kind kind)
{
	for (unsigned i = 0; i < finals->count; i++)
		if (finals->final[i].kind == kind)
			return true;
	return false;
}

static bool
either_has(const struct difference *d, enum final_kind kind)
{
	return has_final(d->a, kind) || has_final(d->b, kind);
}

/** Both are led to the same name first: what differs is what that comes to. */
static bool
leads_on(const struct difference *d)
{
	const struct led *a = d->a->count == 1 ? d->a->final[0].led : NULL;
	const struct led *b = d->b->count == 1 ? d->b->final[0].led : NULL;

	return d->secondary || (a && b && name_wire_equal(a->name, b->name));
}

/** The zone that serves the name where no rule forwards it; NULL: none. */
static const struct cut *
zone_behind(const struct lint *lint, uint32_t network, const struct cut *cut)
{
	const uint8_t *name = lint_cut_name(lint, cut);

	while (cut && cut_is_forward(cut))
		cut = lint_cut_above(lint, network, name, cut->labels);
	return cut && cut->action == CUT_ZONE ? cut : NULL;
}

/** Does the rule stand in the way of a zone that its network has (PRE201, PRE202)? */
static bool
overrides_zone(const struct lint *lint, uint32_t network, const struct cut *cut)
{
	const struct cut_loser *losers = block_at(&lint->snap->root->block, cut->losers_at);

	if (!cut_is_forward(cut))
		return false;
	for (uint32_t i = 0; i < cut->loser_count; i++)
		if (losers[i].origin_kind == ORIGIN_ZONE)
			return true;
	return zone_behind(lint, network, cut) != NULL;
}

/** A zone against one of its name (ZON101), or against a zone that both have (ZON104). */
static bool
zones_explain(const struct lint *lint, uint32_t has_child, const struct cut *child,
	      const struct cut *parent)
{
	const struct cut *above;

	if (child->action != CUT_ZONE || parent->action != CUT_ZONE)
		return false;
	if (name_wire_equal(lint_zone_name(lint, child->target),
			    lint_zone_name(lint, parent->target)))
		return true;
	above = lint_cut_above(lint, has_child, lint_zone_name(lint, child->target),
			       name_wire_labels(lint_zone_name(lint, child->target)));
	return above && above->action == CUT_ZONE && above->target == parent->target;
}

/** Is one of the servers that decide an address of a VPC's: one that does not answer us? */
static bool
is_declared(const struct lint *lint, const struct finals *finals)
{
	for (unsigned i = 0; i < finals->count; i++) {
		struct addr addr = { .port = 0 };

		if (finals->final[i].kind != FINAL_OPAQUE)
			continue;
		memcpy(addr.ip, finals->final[i].ip, sizeof(addr.ip));
		for (const struct network *n = lint->estate->networks;
		     n && n->kind == NETWORK_VPC; n = n->next)
			for (const struct cidr *c = n->cidr_blocks; c; c = c->next)
				if (prefix_covers(&c->prefix, &addr))
					return true;
	}
	return false;
}

/** Does another check report it by its cause? */
static bool
is_explained(const struct lint *lint, const struct class_pair *pair, const struct cut *a,
	     const struct cut *b, const struct difference *d)
{
	if (either_has(d, FINAL_LOOP) || either_has(d, FINAL_CIRCLE) ||
	    either_has(d, FINAL_DEAD))
		return true;	/* FWD301, FWD302, REC703, DEL601 */
	if (d->order == FINALS_MAY && !either_has(d, FINAL_OPAQUE))
		return true;	/* FWD306 */
	if (is_declared(lint, d->a) || is_declared(lint, d->b))
		return true;	/* FWD303, FWD304 */
	return zones_explain(lint, pair->a, a, b) || zones_explain(lint, pair->b, b, a) ||
	       overrides_zone(lint, pair->a, a) || overrides_zone(lint, pair->b, b);
}

static struct decider
decider_of(const struct cut *cut)
{
	return (struct decider){ cut->origin_kind, cut->origin };
}

static struct cause *
find_cause(struct comparison *c, const struct cut *a, const struct cut *b, bool may)
{
	struct cause_key key = { decider_of(a), decider_of(b), may };
	struct cause *cause = table_find(&c->by_key, &key, sizeof(key));
	const uint8_t *x = lint_cut_name(c->lint, a), *y = lint_cut_name(c->lint, b);

	if (cause)
		return cause;
	cause = lint_alloc(c->lint, 1, sizeof(*cause));
	if (!cause)
		return NULL;
	*cause = (struct cause){ .key = key, .top = name_wire_len(x) >= name_wire_len(y) ? x : y,
				 .site = c->pair->site, .merit = -1 };
	cause->names_end = &cause->names;
	cause->pairs_end = &cause->pairs;
	table_init(&cause->seen, &c->lint->arena);
	if (table_put(&c->by_key, &cause->key, sizeof(cause->key), cause) != OK)
		c->lint->nomem = true;
	*c->end = cause;
	c->end = &cause->next;
	return cause;
}

static const char *
types_text(struct lint *lint, const struct difference *d)
{
	const char *text = "";
	unsigned shown = 0;

	if (d->rest == d->order)
		return "all types";
	for (unsigned i = 0; i < d->type_count; i++) {
		char type[CODE_TEXT_MAX];

		if (d->types[i].order != d->order)
			continue;
		if (shown++ == REGION_TYPES)
			return lint_printf(lint, "%s, ...", text);
		text = lint_printf(lint, "%s%s%s", text, *text ? ", " : "",
				   type_print(d->types[i].type, type));
	}
	return text;
}

/** Count the name, and keep it as long as it will be shown. */
static void
take_name(struct comparison *c, struct cause *cause, const struct difference *d)
{
	size_t len = name_wire_len(d->name);
	uint8_t *key = lint_alloc(c->lint, len + 1, 1);
	struct cause_name *name;

	if (!key)
		return;
	key[0] = (uint8_t)d->kind;
	memcpy(key + 1, d->name, len);
	if (table_find(&cause->seen, key, len + 1))
		return;
	if (table_put(&cause->seen, key, len + 1, key) != OK)
		c->lint->nomem = true;
	if (cause->name_count++ >= LINT_SHOWN)
		return;
	name = lint_alloc(c->lint, 1, sizeof(*name));
	if (!name)
		return;
	*name = (struct cause_name){ d->kind, key + 1, types_text(c->lint, d), NULL };
	*cause->names_end = name;
	cause->names_end = &name->next;
}

static void
take_pair(struct comparison *c, struct cause *cause)
{
	struct cause_pair *pair;

	if (cause->last == c->pair)
		return;
	cause->last = c->pair;
	cause->pair_count += c->pair->count;
	if (cause->shown_pairs++ >= LINT_SHOWN)
		return;
	pair = lint_alloc(c->lint, 1, sizeof(*pair));
	if (!pair)
		return;
	*pair = (struct cause_pair){ c->pair->a, c->pair->b, c->pair->link, NULL };
	*cause->pairs_end = pair;
	cause->pairs_end = &pair->next;
}

/** How well does it show the matter: names with data first, then names. */
static int
merit_of(const struct difference *d)
{
	return (has_final(d->a, FINAL_ANSWER) || has_final(d->b, FINAL_ANSWER) ? 2 : 0) +
	       (d->kind == REGION_NAME && !name_wire_is_wildcard(d->name));
}

static void
take_witness(struct comparison *c, struct cause *cause, const struct difference *d)
{
	int merit = merit_of(d);

	if (merit <= cause->merit)
		return;
	cause->merit = merit;
	cause->witness = (struct witness){ .name = *d->member, .type = d->type };
	way_claim(c->lint, &cause->witness, c->pair->a);
	way_claim(c->lint, &cause->witness, c->pair->b);
	cause->comes_to[0] = way_text(c->lint, d->a);
	cause->comes_to[1] = way_text(c->lint, d->b);
}

static void
take(void *context, const struct difference *d)
{
	struct comparison *c = context;
	const struct cut *a = cut_of(c->lint, c->pair->a, d->member);
	const struct cut *b = cut_of(c->lint, c->pair->b, d->member);
	struct cause *cause;

	if (leads_on(d) || !a || !b || is_explained(c->lint, c->pair, a, b, d))
		return;
	if (d->kind == REGION_NAME && name_wire_is_wildcard(d->name))
		return;		/* as the others beside it */
	cause = find_cause(c, a, b, d->order == FINALS_MAY);
	if (!cause)
		return;
	take_pair(c, cause);
	take_name(c, cause, d);
	take_witness(c, cause, d);
}

static void
tell_gap(struct lint *lint, const struct class_pair *pair)
{
	diag_gap(lint->diags, lint_printf(lint, "%s and %s%s", lint->networks[pair->a]->id,
					  lint->networks[pair->b]->id,
					  pair->count > 1 ? lint_printf(lint, " and %zu pairs of "
									"networks like them",
									pair->count - 1) : ""),
		 "comparing them would pass the work that a run may take");
}

/** The first of them by name, the others by their number. */
static void
tell_gaps(struct lint *lint, const struct class_pair *pair, size_t left_out)
{
	for (size_t shown = 0; pair && shown < GAPS_SHOWN; pair = pair->next, shown++)
		tell_gap(lint, pair);
	for (; pair; pair = pair->next)
		left_out += pair->count;
	if (left_out)
		diag_gap(lint->diags, lint_printf(lint, "%zu further pairs of networks", left_out),
			 "comparing them would pass the work that a run may take");
}

/** Compare all pairs, once for all three checks. */
static struct cause *
all_causes(struct lint *lint)
{
	struct comparison *c = lint->differences;
	struct differ_work work = { .most = lint->work_left };
	size_t left_out;

	if (c)
		return c->first;
	c = lint_alloc(lint, 1, sizeof(*c));
	if (!c)
		return NULL;
	lint->differences = c;
	c->lint = lint;
	c->end = &c->first;
	table_init(&c->by_key, &lint->arena);
	for (c->pair = lint_class_pairs(lint, &left_out); c->pair && !lint->nomem;
	     c->pair = c->pair->next) {
		struct differ_side a = { lint->closure, c->pair->a };
		struct differ_side b = { lint->closure, c->pair->b };
		enum status status = differ_compare(&a, &b, FINALS_MAY, &work, take, c);

		if (status == ERR_LIMIT && work.done > work.most)
			break;		/* it is spent for all that follow */
		if (status == ERR_LIMIT)
			tell_gap(lint, c->pair);
		else if (status != OK)
			lint->nomem = true;
	}
	tell_gaps(lint, c->pair, left_out);
	return c->first;
}

static struct srcloc
decider_at(const struct lint *lint, const struct decider *d, struct srcloc otherwise)
{
	switch ((enum cut_origin)d->kind) {
	case ORIGIN_RULE:
		return lint->rules[d->number]->domain_at;
	case ORIGIN_ZONE:
		return lint->zones[d->number]->name_at;
	case ORIGIN_AUTODEFINED:
	case ORIGIN_ROOT:
		break;
	}
	return otherwise;
}

static const char *
decider_text(struct lint *lint, const struct decider *d)
{
	switch ((enum cut_origin)d->kind) {
	case ORIGIN_RULE:
		return lint_printf(lint, "by rule \"%s\"", lint->rules[d->number]->id);
	case ORIGIN_ZONE:
		return lint_printf(lint, "from zone \"%s\"", lint->zones[d->number]->id);
	case ORIGIN_AUTODEFINED:
		return "by itself";
	case ORIGIN_ROOT:
		break;
	}
	return "from the internet";
}

static void
add_decider(struct lint *lint, struct finding *finding, const struct decider *d,
	    const char *network)
{
	const char *text = lint_printf(lint, "decides in %s", network);

	if (d->kind == ORIGIN_RULE)
		lint_add_rule(lint, finding, d->number, text);
	else if (d->kind == ORIGIN_ZONE)
		lint_add_zone(lint, finding, d->number, text);
}

/** What an undeclared server says of names is not known: they are all told as one. */
static void
add_names(struct lint *lint, struct finding *finding, const struct cause *cause)
{
	char top[NAME_TEXT_MAX];

	if (cause->key.may) {
		diag_add(lint->diags, finding, PART_NAMES, "subtree",
			 name_print(cause->top, top), (struct srcloc){ 0 }, "all types");
		return;
	}
	for (const struct cause_name *n = cause->names; n; n = n->next) {
		char name[NAME_TEXT_MAX];

		diag_add(lint->diags, finding, PART_NAMES, region_kind_text(n->kind),
			 name_print(n->name, name), (struct srcloc){ 0 }, "%s", n->types);
	}
}

static void
add_pairs(struct lint *lint, struct finding *finding, const struct cause *cause)
{
	uint8_t *shown = lint_alloc(lint, lint->estate->network_count, 1);

	for (const struct cause_pair *p = cause->pairs; p; p = p->next)
		diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(p->link.kind),
			 p->link.id, p->link.at, "connects %s and %s", lint->networks[p->a]->id,
			 lint->networks[p->b]->id);
	for (const struct cause_pair *p = cause->pairs; p && shown; p = p->next)
		shown[p->a] = shown[p->b] = 1;
	for (uint32_t i = 0; shown && i < lint->estate->network_count; i++)
		if (shown[i])
			lint_add_network(lint, finding, i);
}

static const char *
message_text(struct lint *lint, const struct cause *cause)
{
	const struct cause_pair *pair = cause->pairs;
	char top[NAME_TEXT_MAX];

	return lint_printf(lint, "%s in %s %s different answers in %s: \"%s\" has them %s, \"%s\" "
			   "%s",
			   cause->key.may ? "names" : lint_count(lint, cause->name_count, "name",
								 "names"),
			   name_print(cause->top, top), cause->key.may ? "may have" :
			   cause->name_count == 1 ? "has" : "have",
			   lint_pairs(lint, cause->pair_count), lint->networks[pair->a]->id,
			   decider_text(lint, &cause->key.a), lint->networks[pair->b]->id,
			   decider_text(lint, &cause->key.b));
}

static void
report(struct lint *lint, const struct lint_check *check, const struct cause *cause)
{
	struct witness witness = cause->witness;
	const struct cause_pair *pair = cause->pairs;
	struct srcloc at = decider_at(lint, &cause->key.b, pair->link.at);
	struct finding *finding;

	if (!witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, decider_at(lint, &cause->key.a, at),
			    "%s", message_text(lint, cause));
	if (finding)
		finding->may = cause->key.may;
	add_decider(lint, finding, &cause->key.a, lint->networks[pair->a]->id);
	add_decider(lint, finding, &cause->key.b, lint->networks[pair->b]->id);
	add_pairs(lint, finding, cause);
	add_names(lint, finding, cause);
	witness_add(lint, finding, &witness,
		    lint_printf(lint, "%s in %s, %s in %s", cause->comes_to[0],
				lint->networks[pair->a]->id, cause->comes_to[1],
				lint->networks[pair->b]->id));
	if (cause->key.may)
		lint_add_help(lint, finding, "declare the server as a site with its zones, or "
			      "give both networks the same rules and zones for these names");
	else
		lint_add_help(lint, finding, "give both networks the same zones and rules for "
			      "these names");
}

void
check_views_diverge(struct lint *lint, const struct lint_check *check)
{
	for (const struct cause *c = all_causes(lint); c && !lint->nomem; c = c->next)
		if (!c->key.may && !c->site)
			report(lint, check, c);
}

void
check_onprem_diverges(struct lint *lint, const struct lint_check *check)
{
	for (const struct cause *c = all_causes(lint); c && !lint->nomem; c = c->next)
		if (!c->key.may && c->site)
			report(lint, check, c);
}

void
check_may_diverge(struct lint *lint, const struct lint_check *check)
{
	for (const struct cause *c = all_causes(lint); c && !lint->nomem; c = c->next)
		if (c->key.may)
			report(lint, check, c);
}
