#include "lint/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lint/scan.h"

/* The engine's part of a replay: large, so not on the stack. */
struct replay_room {
	struct resolver resolver;
	struct scratch scratch;
};

static enum status
number_objects(struct lint *lint)
{
	const struct estate *estate = lint->estate;

	lint->networks = lint_alloc(lint, estate->network_count, sizeof(*lint->networks));
	lint->zones = lint_alloc(lint, estate->zone_count, sizeof(*lint->zones));
	lint->rules = lint_alloc(lint, estate->rule_count, sizeof(*lint->rules));
	if (lint->nomem)
		return ERR_NOMEM;
	for (const struct network *n = estate->networks; n; n = n->next)
		lint->networks[n->index] = n;
	for (const struct hosted_zone *z = estate->zones; z; z = z->next)
		lint->zones[z->index] = z;
	for (const struct resolver_rule *r = estate->rules; r; r = r->next)
		lint->rules[r->index] = r;
	return OK;
}

enum status
lint_init(struct lint *lint, const struct estate *estate, const struct snapshot *snap,
	  enum severity least, struct diags *diags)
{
	struct replay_room *room = calloc(1, sizeof(*room));

	*lint = (struct lint){
		.estate = estate, .snap = snap, .diags = diags, .least = least,
	};
	arena_init(&lint->arena, estate->arena.limit);
	if (!room)
		return ERR_NOMEM;
	lint->resolver = &room->resolver;
	resolver_init(&room->resolver, snap, NULL, NULL, NULL, &room->scratch, NULL);
	if (number_objects(lint) != OK)
		return ERR_NOMEM;
	return neighbours_init(&lint->neighbours, estate, &lint->arena);
}

void
lint_fini(struct lint *lint)
{
	scan_free(lint->scan);
	free(lint->resolver);	/* the first member of its room */
	arena_fini(&lint->arena);
}

void *
lint_alloc(struct lint *lint, size_t count, size_t size)
{
	void *room = arena_array(&lint->arena, count, size);

	if (!room && count)
		lint->nomem = true;
	return room;
}

static const char *
arena_text(struct lint *lint, const char *fmt, va_list ap)
{
	const char *text = arena_vprintf(&lint->arena, fmt, ap);

	if (!text)
		lint->nomem = true;
	return text ? text : "";
}

const char *
lint_printf(struct lint *lint, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = arena_text(lint, fmt, ap);
	va_end(ap);
	return text;
}

struct finding *
lint_open(struct lint *lint, const struct lint_check *check, enum severity severity,
	  struct srcloc at, const char *fmt, ...)
{
	const char *message;
	va_list ap;

	if (severity < lint->least)
		return NULL;
	va_start(ap, fmt);
	message = arena_text(lint, fmt, ap);
	va_end(ap);
	return diag_open(lint->diags, severity, check->code, check->name, at, "%s", message);
}

const char *
lint_count(struct lint *lint, size_t count, const char *one, const char *many)
{
	return lint_printf(lint, "%zu %s", count, count == 1 ? one : many);
}

const char *
lint_pairs(struct lint *lint, size_t count)
{
	return lint_count(lint, count, "pair of connected networks",
			  "pairs of connected networks");
}

const char *
lint_networks_text(struct lint *lint, const uint32_t *networks, size_t count)
{
	size_t shown = count <= LINT_SHOWN ? count : LINT_SHOWN;
	struct text text;
	const char *string;

	text_init(&text);
	for (size_t i = 0; i < shown; i++)
		text_printf(&text, "%s%s", i == 0 ? "" : i + 1 == count ? " and " : ", ",
			    lint->networks[networks[i]]->id);
	if (count > shown)
		text_printf(&text, " and %zu more", count - shown);
	string = text.failed || !text.data ? NULL : arena_string(&lint->arena, text.data);
	text_fini(&text);
	if (!string)
		lint->nomem = true;
	return string ? string : "";
}

void
lint_add_zone(struct lint *lint, struct finding *finding, uint32_t zone, const char *text)
{
	const struct hosted_zone *z = lint->zones[zone];

	diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_HOSTED_ZONE), z->id,
		 z->name_at, "%s", text);
}

void
lint_add_rule(struct lint *lint, struct finding *finding, uint32_t rule, const char *text)
{
	const struct resolver_rule *r = lint->rules[rule];

	diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_RULE), r->id,
		 r->domain_at, "%s", text);
}

void
lint_add_network(struct lint *lint, struct finding *finding, uint32_t network)
{
	const struct network *n = lint->networks[network];

	diag_add(lint->diags, finding, PART_NETWORK,
		 object_kind_text(n->kind == NETWORK_VPC ? OBJECT_VPC : OBJECT_SITE), n->id,
		 n->at, NULL);
}

void
lint_add_help(struct lint *lint, struct finding *finding, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_add(lint->diags, finding, PART_HELP, NULL, NULL, (struct srcloc){ 0 }, "%s",
		 arena_text(lint, fmt, ap));
	va_end(ap);
}

struct srcloc
lint_record_at(const struct lint *lint, uint32_t zone, const uint8_t *owner, uint16_t type)
{
	const struct hosted_zone *z = lint->zones[zone];

	for (const struct record_set *set = z->sets; set; set = set->next)
		if (set->type == type && name_wire_equal(set->owner, owner))
			return set->at;
	return z->name_at;
}

struct route
lint_route(const struct lint *lint, uint32_t network, const uint8_t *wire)
{
	struct suffixes suffixes;
	struct name name;

	name_from_wire(wire, &name);
	name_suffixes(&name, &suffixes);
	return route_select(lint->snap, network, &name, &suffixes);
}

bool
lint_reads(const struct lint *lint, uint32_t network, const uint8_t *name, uint32_t zone)
{
	struct route route = lint_route(lint, network, name);

	return route.kind == ROUTE_ZONE && cut_is_zone(route.cut, zone);
}

const struct cut *
lint_cut_above(const struct lint *lint, uint32_t network, const uint8_t *wire, unsigned below)
{
	struct suffixes suffixes;
	struct name name;

	if (below == 0)
		return NULL;
	name_from_wire(wire, &name);
	name_suffixes(&name, &suffixes);
	return view_walk(&lint->snap->root->block, snapshot_view(lint->snap, network), &name,
			 &suffixes, below);
}

uint32_t
lint_first_below(const struct lint *lint, uint32_t network, const uint8_t *name)
{
	const struct view *view = snapshot_view(lint->snap, network);
	uint32_t low = 0, high = view->cut_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct cut *cut = view_cut(&lint->snap->root->block, view, middle);

		if (name_wire_compare(lint_cut_name(lint, cut), name) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct cut *
lint_cut_below(const struct lint *lint, uint32_t network, const uint8_t *name, uint32_t i)
{
	const struct view *view = snapshot_view(lint->snap, network);
	const struct cut *cut;

	if (i >= view->cut_count)
		return NULL;
	cut = view_cut(&lint->snap->root->block, view, i);
	return name_wire_covers(name, lint_cut_name(lint, cut)) ? cut : NULL;
}

static bool
text_equal(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool
targets_equal(const struct target *a, const struct target *b)
{
	for (; a && b; a = a->next, b = b->next)
		if (!addr_equal(&a->addr, &b->addr) || a->protocol != b->protocol ||
		    !text_equal(a->server_name_indication, b->server_name_indication))
			return false;
	return !a && !b;
}

bool
lint_rules_ask_alike(const struct resolver_rule *a, const struct resolver_rule *b)
{
	for (unsigned i = 0; i < ON_OUTCOMES; i++)
		if (a->on[i].internet != b->on[i].internet ||
		    !targets_equal(a->on[i].targets, b->on[i].targets))
			return false;
	return a->policy == b->policy && a->endpoint.object == b->endpoint.object &&
	       targets_equal(a->targets, b->targets);
}

bool
lint_uses_zones(const struct lint *lint, uint32_t network)
{
	const struct snapshot_network *n = snapshot_network(lint->snap, network);

	return n->kind == NETWORK_SITE ||
	       (n->dns_support &&
		(n->dns_hostnames ||
		 lint->snap->root->settings.assume[ASSUME_ATTRIBUTES_OFF]));
}
