/*
 * DEL605: delegations that are found by way of each other only.  A delegation is found when
 * one of its servers has its address beside it, or lies below no delegation that is known, or
 * below one that is found.  What is left depends on what is left.
 */
#include "dns/codes.h"
#include "lint/accuse.h"
#include "lint/checks.h"

struct need {
	struct delegation *by;
	struct need *next;
};

struct delegation {
	const struct suspect *cut;
	bool found, queued;
	uint32_t seen;			/* in which walk; 0: none */
	struct delegation *on;		/* one that it needs */
	struct need *needed;		/* who needs this one */
	struct delegation *next;	/* in the queue of those found */
	struct delegation *all;
};

struct delegations {
	struct lint *lint;
	struct table by_name;
	struct delegation *first, **end;
	struct delegation *queue;
};

static void
set_found(struct delegations *d, struct delegation *delegation)
{
	if (delegation->found)
		return;
	delegation->found = true;
	delegation->next = d->queue;
	d->queue = delegation;
}

static struct delegation *
covering(const struct delegations *d, const struct name *server)
{
	const uint8_t *name = server->wire;

	for (; *name; name = name_wire_parent(name)) {
		struct delegation *found = table_find(&d->by_name, name, name_wire_len(name));

		if (found)
			return found;
	}
	return NULL;
}

static void
enter_delegation(struct delegations *d, const struct suspect *s)
{
	const uint8_t *name = zone_node_name(s->node);
	struct delegation *new = lint_alloc(d->lint, 1, sizeof(*new));

	if (!new)
		return;
	new->cut = s;
	*d->end = new;
	d->end = &new->all;
	if (!table_find(&d->by_name, name, name_wire_len(name)) &&
	    table_put(&d->by_name, name, name_wire_len(name), new) != OK)
		d->lint->nomem = true;
}

static void
link_server(struct delegations *d, struct delegation *delegation, const struct name *server)
{
	const struct zone *zone = d->lint->snap->zones[delegation->cut->zone];
	const struct zone_node *node = zone_find(zone, server->wire, server->len,
						 name_hash(server->wire));
	struct delegation *on = covering(d, server);
	struct need *need;

	if (!on || (node && node_has_address(node))) {
		set_found(d, delegation);
		return;
	}
	if (!delegation->on || delegation->on == delegation)
		delegation->on = on;
	need = lint_alloc(d->lint, 1, sizeof(*need));
	if (!need)
		return;
	*need = (struct need){ delegation, on->needed };
	on->needed = need;
}

static void
link_servers(struct delegations *d, struct delegation *delegation)
{
	struct rrset rrset = zone_rrset(delegation->cut->set, NULL);
	struct rrset_walk walk = rrset_begin(&rrset);
	struct rdata rdata;
	struct name server;

	while (rrset_next(&walk, &rdata))
		if (scan_target(TYPE_NS, &rdata, &server))
			link_server(d, delegation, &server);
}

static void
report_cycle(struct delegations *d, const struct lint_check *check, struct delegation *first)
{
	struct lint *lint = d->lint;
	const char *text = name_text(lint, zone_node_name(first->cut->node));
	struct finding *finding;
	unsigned shown = 0;

	for (struct delegation *at = first->on; shown < LINT_SHOWN; at = at->on) {
		text = lint_printf(lint, "%s -> %s", text,
				   name_text(lint, zone_node_name(at->cut->node)));
		shown++;
		if (at == first)
			break;
	}
	finding = accuse(lint, check, check->severity, first->cut, "needs the next",
			 "%s: the name servers of each are found by way of the next only", text);
	for (struct delegation *at = first->on; at != first && shown--; at = at->on)
		accuse_add_record(lint, finding, at->cut->zone, zone_node_name(at->cut->node),
				  TYPE_NS, "needs the next");
	lint_add_help(lint, finding, "add the address of a name server beside one of them");
}

/** Follow what is needed from here; back at this walk's own steps: a circle. */
static void
walk_needs(struct delegations *d, const struct lint_check *check, struct delegation *from,
	   uint32_t walk)
{
	struct delegation *at = from;

	while (at && !at->found && !at->seen) {
		at->seen = walk;
		at = at->on;
	}
	if (at && !at->found && at->seen == walk && at->on != at)
		report_cycle(d, check, at);
}

void
check_cyclic_dependency(struct lint *lint, const struct lint_check *check)
{
	const struct scan *scan = lint_scan(lint);
	struct delegations d = { .lint = lint, .end = &d.first };
	uint32_t walk = 0;

	table_init(&d.by_name, &lint->arena);
	for (const struct suspect *s = scan ? scan->first[FAULT_CUT] : NULL; s; s = s->next)
		if (!s->twin)
			enter_delegation(&d, s);
	for (struct delegation *at = d.first; at && !lint->nomem; at = at->all)
		link_servers(&d, at);
	while (d.queue) {
		struct delegation *found = d.queue;

		d.queue = found->next;
		for (const struct need *need = found->needed; need; need = need->next)
			set_found(&d, need->by);
	}
	for (struct delegation *at = d.first; at && !lint->nomem; at = at->all)
		walk_needs(&d, check, at, ++walk);
}
