#include "lint/checks.h"
#include "lint/model.h"

/* FWD309: a rule that nobody has. */

void
check_rule_unused(struct lint *lint, const struct lint_check *check)
{
	uint8_t *kept = lint_alloc(lint, lint->estate->rule_count, 1);

	for (const struct profile *p = lint->estate->profiles; kept && p; p = p->next)
		for (const struct ref *ref = p->rules; ref; ref = ref->next)
			if (ref->object)
				kept[((const struct resolver_rule *)ref->object)->index] = 1;
	for (const struct resolver_rule *r = lint->estate->rules; kept && r; r = r->next) {
		struct finding *finding;

		if (r->networks || kept[r->index])
			continue;
		finding = lint_open(lint, check, check->severity, r->at,
				    "rule \"%s\" is associated with no network and in no "
				    "Profile: it does nothing", r->id);
		diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_RULE), r->id,
			 r->at, "does nothing");
		lint_add_help(lint, finding, "associate it or delete it");
	}
}

/*
 * FWD310: an endpoint that is paid for and does nothing.  Of an inbound one that is only
 * known where each site says whom it forwards to.
 */

/** Does each site have rules of its own?  Without sites nothing is known of on-prem servers. */
static bool
sites_are_known(struct lint *lint)
{
	uint8_t *forwards = lint_alloc(lint, lint->estate->network_count, 1);
	bool any = false, all = true;

	for (const struct resolver_rule *r = lint->estate->rules; forwards && r; r = r->next)
		for (const struct ref *ref = r->networks; ref; ref = ref->next)
			if (ref->object)
				forwards[((const struct network *)ref->object)->index] = 1;
	for (const struct network *n = lint->estate->networks; forwards && n; n = n->next) {
		any |= n->kind == NETWORK_SITE;
		all &= n->kind != NETWORK_SITE || forwards[n->index];
	}
	return forwards && any && all;
}

/** Everything that rules and listeners name, by address or by id. */
static void
note_uses(struct lint *lint, struct table *used)
{
	void *value = lint;	/* any: what is in the table is used */
	enum status status = OK;

	for (const struct resolver_rule *r = lint->estate->rules; r; r = r->next) {
		if (r->endpoint.object)
			status = table_put_string(used, r->endpoint.id, value);
		for (const struct target *t = r->targets; t && status == OK; t = t->next)
			status = table_put(used, t->addr.ip, sizeof(t->addr.ip), value);
		lint->nomem |= status != OK;
	}
	for (const struct listener *l = lint->estate->settings.listeners; l; l = l->next)
		if (l->kind == LISTEN_AS_ENDPOINT &&
		    table_put_string(used, l->as, value) != OK)
			lint->nomem = true;
}

static bool
is_used(const struct table *used, const struct resolver_endpoint *endpoint)
{
	if (table_find_string(used, endpoint->id))
		return true;
	for (const struct target *t = endpoint->ip_addresses; t; t = t->next)
		if (table_find(used, t->addr.ip, sizeof(t->addr.ip)))
			return true;
	return false;
}

void
check_endpoint_unused(struct lint *lint, const struct lint_check *check)
{
	bool sites = sites_are_known(lint);
	struct table used;

	table_init(&used, &lint->arena);
	note_uses(lint, &used);
	for (const struct resolver_endpoint *e = lint->estate->endpoints; e && !lint->nomem;
	     e = e->next) {
		bool outbound = e->direction == DIRECTION_OUTBOUND;
		struct finding *finding;

		if (e->direction == DIRECTION_INBOUND_DELEGATION || (!outbound && !sites) ||
		    is_used(&used, e))
			continue;
		finding = lint_open(lint, check, check->severity, e->at,
				    outbound ? "no rule leaves by the outbound endpoint \"%s\""
					     : "no rule of a network or site asks the inbound "
					       "endpoint \"%s\"", e->id);
		diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_ENDPOINT),
			 e->id, e->at, "is not used");
		lint_add_help(lint, finding, "delete it: it is paid for by the hour");
	}
}
