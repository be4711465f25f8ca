#include "estate/check.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "dns/name.h"

#define SUGGESTIONS_MOST 100

#define BIT(kind)    (1u << (kind))
#define ANY_NETWORK  (BIT(OBJECT_VPC) | BIT(OBJECT_SITE))

struct referrer
check_referrer(enum object_kind kind, const void *object)
{
	return (struct referrer){ object_kind_text(kind), object_id(kind, object),
				  object_at(kind, object) };
}

/** The object under this id among the kinds, or NULL; *kind says of which it is. */
static void *
find_among(const struct estate *estate, unsigned kinds, const char *id, enum object_kind *kind)
{
	for (unsigned k = 0; k < OBJECT_KINDS; k++) {
		void *object = kinds & BIT(k) ? table_find_string(&estate->ids[k], id) : NULL;

		if (object) {
			*kind = (enum object_kind)k;
			return object;
		}
	}
	return NULL;
}

/** "vpc", "vpc or site": into buf. */
static const char *
kinds_print(unsigned kinds, char *buf, size_t size)
{
	size_t len = 0;

	buf[0] = '\0';
	for (unsigned k = 0; k < OBJECT_KINDS && len < size; k++) {
		unsigned later = kinds & ~(BIT(k) | (BIT(k) - 1));
		const char *join = later ? (later & (later - 1) ? ", " : " or ") : "";

		if (kinds & BIT(k))
			len += (size_t)snprintf(buf + len, size - len, "%s%s",
						object_kind_text((enum object_kind)k), join);
	}
	return buf;
}

/** The existing id nearest to the one that names nothing, or NULL. */
static const char *
nearest_id(struct check *check, unsigned kinds, const char *id)
{
	struct arena_mark mark = arena_mark(&check->scratch);
	const char **candidates, *nearest;
	size_t room = 0, count = 0;

	if (check->suggested++ >= SUGGESTIONS_MOST)
		return NULL;
	for (unsigned k = 0; k < OBJECT_KINDS; k++)
		room += kinds & BIT(k) ? check->estate->ids[k].count : 0;
	candidates = arena_array(&check->scratch, room, sizeof(*candidates));
	if (!candidates)
		return NULL;
	for (unsigned k = 0; k < OBJECT_KINDS; k++)
		for (size_t i = 0; kinds & BIT(k) && i < check->estate->ids[k].count; i++)
			candidates[count++] = check->estate->ids[k].entries[i].key;
	nearest = text_nearest(id, candidates, count);
	arena_rewind(&check->scratch, mark);
	return nearest;
}

static void
report_dangling(struct check *check, const char *id, struct srcloc at, unsigned kinds,
		const struct referrer *from)
{
	const char *nearest = nearest_id(check, kinds, id);
	struct finding *finding;
	char wanted[128];

	finding = diag_open(check->diags, SEVERITY_ERROR, "CFG002", "dangling-reference", at,
			    "\"%s\" names no %s", id,
			    kinds_print(kinds, wanted, sizeof(wanted)));
	diag_add(check->diags, finding, PART_OBJECT, from->kind, from->id, from->at,
		 "refers to it");
	if (nearest)
		diag_add(check->diags, finding, PART_HELP, NULL, nearest, (struct srcloc){ 0 },
			 "did you mean \"%s\"?", nearest);
}

/** The object an id names; NULL: reported, unless a file that may declare it is missing. */
static void *
resolve_id(struct check *check, const char *id, struct srcloc at, unsigned kinds,
	   const struct referrer *from, enum object_kind *kind)
{
	void *object = find_among(check->estate, kinds, id, kind);
	struct finding *finding;
	char wanted[128];

	if (object)
		return object;
	object = find_among(check->estate, ~kinds, id, kind);
	if (object) {
		finding = diag_open(check->diags, SEVERITY_ERROR, "wrong-kind", NULL, at,
				    "\"%s\" is a %s; a %s is wanted here", id,
				    object_kind_text(*kind),
				    kinds_print(kinds, wanted, sizeof(wanted)));
		diag_add(check->diags, finding, PART_OBJECT, object_kind_text(*kind), id,
			 object_at(*kind, object), "declared here");
	} else if (!check->estate->incomplete) {
		report_dangling(check, id, at, kinds, from);
	}
	return NULL;
}

void
check_ref(struct check *check, struct ref *ref, unsigned kinds, const struct referrer *from)
{
	enum object_kind kind;

	if (ref->id && ref->optional)
		ref->object = find_among(check->estate, ref->kinds ? ref->kinds : kinds,
					 ref->id, &kind);
	else if (ref->id)
		ref->object = resolve_id(check, ref->id, ref->at,
					 ref->kinds ? ref->kinds : kinds, from, &kind);
}

void
check_refs(struct check *check, struct ref *refs, unsigned kinds, const struct referrer *from)
{
	for (; refs; refs = refs->next)
		check_ref(check, refs, kinds, from);
}

static void
resolve_networks(struct check *check)
{
	struct estate *estate = check->estate;

	for (struct network *n = estate->networks; n; n = n->next) {
		struct referrer from = check_referrer(OBJECT_SITE, n);

		check_refs(check, n->connects_to, ANY_NETWORK, &from);
	}
	for (struct peering *p = estate->peerings; p; p = p->next) {
		struct referrer from = check_referrer(OBJECT_PEERING, p);

		check_ref(check, &p->requester, BIT(OBJECT_VPC), &from);
		check_ref(check, &p->accepter, BIT(OBJECT_VPC), &from);
	}
	for (struct transit_gateway *t = estate->transit_gateways; t; t = t->next) {
		struct referrer from = check_referrer(OBJECT_TRANSIT_GATEWAY, t);

		check_refs(check, t->vpcs, BIT(OBJECT_VPC), &from);
	}
}

/**
 * An alias leads to a record of its own zone or to an AWS service (4.3.6).  Zones of one name
 * may share a file, which then names one of them.
 */
static void
check_alias(struct check *check, const struct hosted_zone *zone, const struct alias_target *alias)
{
	const struct hosted_zone *other =
		table_find_string(&check->estate->ids[OBJECT_HOSTED_ZONE], alias->hosted_zone);
	struct finding *finding;

	if (!other || other == zone || !other->name || !zone->name ||
	    name_wire_equal(other->name, zone->name))
		return;
	finding = diag_open(check->diags, SEVERITY_ERROR, "foreign-alias", NULL, alias->at,
			    "an alias leads to a record of its own zone, \"%s\", or to an AWS "
			    "service, and not to zone \"%s\"", zone->id, other->id);
	diag_add(check->diags, finding, PART_OBJECT, object_kind_text(OBJECT_HOSTED_ZONE),
		 other->id, other->at, "the other zone");
}

/** Health checks and zones that records name; records keep the ids only. */
static void
resolve_records(struct check *check, const struct hosted_zone *zone)
{
	struct referrer from = check_referrer(OBJECT_HOSTED_ZONE, zone);
	enum object_kind kind;

	for (const struct record_set *set = zone->sets; set; set = set->next) {
		if (set->alias)
			check_alias(check, zone, set->alias);
		if (set->routing && set->routing->health_check)
			resolve_id(check, set->routing->health_check,
				   set->routing->health_check_at, BIT(OBJECT_HEALTH_CHECK),
				   &from, &kind);
	}
}

static void
resolve_answers(struct check *check)
{
	struct estate *estate = check->estate;

	for (struct hosted_zone *z = estate->zones; z; z = z->next) {
		struct referrer from = check_referrer(OBJECT_HOSTED_ZONE, z);

		check_refs(check, z->networks, ANY_NETWORK, &from);
		resolve_records(check, z);
	}
	for (struct resolver_endpoint *e = estate->endpoints; e; e = e->next) {
		struct referrer from = check_referrer(OBJECT_ENDPOINT, e);

		check_ref(check, &e->vpc, BIT(OBJECT_VPC), &from);
	}
	for (struct resolver_rule *r = estate->rules; r; r = r->next) {
		struct referrer from = check_referrer(OBJECT_RULE, r);

		check_ref(check, &r->endpoint, BIT(OBJECT_ENDPOINT), &from);
		check_refs(check, r->networks, ANY_NETWORK, &from);
	}
	for (struct health_check *h = estate->health_checks; h; h = h->next) {
		struct referrer from = check_referrer(OBJECT_HEALTH_CHECK, h);

		check_refs(check, h->children, BIT(OBJECT_HEALTH_CHECK), &from);
	}
}

static void
resolve_profiles(struct check *check)
{
	for (struct profile *p = check->estate->profiles; p; p = p->next) {
		struct referrer from = check_referrer(OBJECT_PROFILE, p);

		check_refs(check, p->zones, BIT(OBJECT_HOSTED_ZONE), &from);
		check_refs(check, p->rules, BIT(OBJECT_RULE), &from);
		check_refs(check, p->vpcs, BIT(OBJECT_VPC), &from);
		for (struct profile_association *a = p->associations; a; a = a->next)
			check_ref(check, &a->vpc, BIT(OBJECT_VPC), &from);
	}
}

static void
resolve_expected(struct check *check, const char *kind, struct lint_expectation *expected)
{
	char name[NAME_TEXT_MAX];

	for (; expected; expected = expected->next) {
		struct referrer from = { kind, expected->name ? name_print(expected->name, name)
							      : "", expected->at };

		check_refs(check, expected->networks, ANY_NETWORK, &from);
	}
}

static void
resolve_lint(struct check *check)
{
	struct lint_settings *lint = &check->estate->lint;

	for (struct lint_group *group = lint->groups; group; group = group->next) {
		struct referrer from = { "lint.groups", group->id ? group->id : "", group->at };

		check_refs(check, group->networks, ANY_NETWORK, &from);
	}
	resolve_expected(check, "lint.expect_same", lint->same);
	resolve_expected(check, "lint.expect_answer", lint->answers);
	resolve_expected(check, "lint.expect_absent", lint->absent);
}

static void
check_inbound(struct check *check, const struct listener *listener,
	      const struct resolver_endpoint *endpoint)
{
	struct finding *finding;

	if (endpoint->direction != DIRECTION_OUTBOUND)
		return;
	finding = diag_open(check->diags, SEVERITY_ERROR, "not-inbound", NULL, listener->as_at,
			    "\"%s\" is an OUTBOUND endpoint: only an inbound one is asked "
			    "questions", endpoint->id);
	diag_add(check->diags, finding, PART_OBJECT, object_kind_text(OBJECT_ENDPOINT),
		 endpoint->id, endpoint->at, "declared here");
}

static void
resolve_listener(struct check *check, struct listener *listener)
{
	const unsigned kinds = ANY_NETWORK | BIT(OBJECT_ENDPOINT);
	char address[ADDR_TEXT_MAX];
	struct referrer from = { "listener", addr_print_port(&listener->addr, address),
				 listener->at };
	enum object_kind kind;
	void *object;

	if (!listener->as)
		return;
	if (strcmp(listener->as, "client") == 0) {
		listener->kind = LISTEN_AS_CLIENT;
		return;
	}
	object = resolve_id(check, listener->as, listener->as_at, kinds, &from, &kind);
	if (!object)
		return;
	listener->kind = kind == OBJECT_ENDPOINT ? LISTEN_AS_ENDPOINT : LISTEN_AS_NETWORK;
	if (kind == OBJECT_ENDPOINT)
		check_inbound(check, listener, object);
}

void
check_references(struct check *check)
{
	resolve_networks(check);
	resolve_answers(check);
	resolve_profiles(check);
	resolve_lint(check);
	check_network_references(check);
	for (struct listener *l = check->estate->settings.listeners; l; l = l->next)
		resolve_listener(check, l);
}
