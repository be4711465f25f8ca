#include "lint/checks.h"

#include <stdlib.h>
#include <string.h>

#include "lint/ground.h"
#include "lint/witness.h"

/* A peering as one of its ends sees it. */
struct end {
	const struct peering *peering;
	const struct network *other;
	bool shows_names;	/* the other end lets its public EC2 names lead to private addresses */
	struct end *next;
};

static void
add_end(struct lint *lint, struct end **ends, const struct peering *p, const struct network *at,
	const struct network *other, bool shows_names)
{
	struct end *end = lint_alloc(lint, 1, sizeof(*end));

	if (!end)
		return;
	*end = (struct end){ p, other, shows_names, ends[at->index] };
	ends[at->index] = end;
}

/** The active peerings of each network; NULL: no memory. */
static struct end **
find_ends(struct lint *lint)
{
	struct end **ends = lint_alloc(lint, lint->estate->network_count, sizeof(*ends));

	for (const struct peering *p = lint->estate->peerings; p && !lint->nomem; p = p->next) {
		const struct network *a = p->requester.object, *b = p->accepter.object;

		if (!a || !b || a == b || strcmp(p->status, "active") != 0)
			continue;
		add_end(lint, ends, p, a, b, p->accepter_allows_remote_dns);
		add_end(lint, ends, p, b, a, p->requester_allows_remote_dns);
	}
	return lint->nomem ? NULL : ends;
}

/*
 * PEE503: a CNAME of a public EC2 name, read in a VPC whose peer in that Region keeps its
 * private addresses to itself.  Whose instance it is the estate does not say.
 */

struct peer_off {
	const struct end *end;		/* the reader's */
	uint32_t reader;
	const struct use *use;		/* the first */
	size_t count;			/* records */
	struct peer_off *next;
};

struct peers_off {
	struct peer_off *first, **end;
	struct table by_end;
};

static void
note_peer_off(struct lint *lint, struct peers_off *all, const struct end *end, uint32_t reader,
	      const struct use *use)
{
	struct peer_off *off = table_find(&all->by_end, &end->peering, sizeof(end->peering));

	if (!off) {
		off = lint_alloc(lint, 1, sizeof(*off));
		if (!off)
			return;
		*off = (struct peer_off){ .end = end, .reader = reader, .use = use };
		if (table_put(&all->by_end, &end->peering, sizeof(end->peering), off) != OK)
			lint->nomem = true;
		*all->end = off;
		all->end = &off->next;
	}
	if (off->reader == reader)
		off->count += use->count;
}

static void
judge_ec2(struct lint *lint, struct peers_off *all, struct end *const *ends,
	  const struct use *use)
{
	struct ground *g = lint->ground;
	const char *region = g->uses.regions[use->number];
	size_t count = ground_readers(lint, g, use->zone);

	for (size_t i = 0; i < count; i++)
		for (const struct end *end = ends[g->readers[i]]; end; end = end->next)
			if (!end->shows_names && strcmp(end->other->region, region) == 0)
				note_peer_off(lint, all, end, g->readers[i], use);
}

static void
report_peer_off(struct lint *lint, const struct lint_check *check, const struct peer_off *off)
{
	const struct network *other = off->end->other;
	const struct peering *p = off->end->peering;
	struct witness witness = { 0 };
	struct finding *finding;

	if (!ground_witness(lint, lint->ground, off->use, off->reader, &witness) ||
	    !witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, p->at,
			    "peering \"%s\" does not let \"%s\" see the private addresses of "
			    "public EC2 names in \"%s\", and %s there %s to such names of %s",
			    p->id, lint->networks[off->reader]->id, other->id,
			    lint_count(lint, off->count, "record", "records"),
			    off->count == 1 ? "points" : "point", other->region);
	diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_PEERING), p->id,
		 p->at, "allow_dns_resolution_from_remote_vpc is false for \"%s\"", other->id);
	lint_add_zone(lint, finding, off->use->zone, "has the records");
	ground_add_records(lint, lint->ground, finding, off->use);
	lint_add_network(lint, finding, off->reader);
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "if the instance is in \"%s\", set "
		      "allow_dns_resolution_from_remote_vpc on its side of the peering",
		      other->id);
}

void
check_peer_dns_off(struct lint *lint, const struct lint_check *check)
{
	const struct ground *g = lint_ground(lint);
	struct end **ends = g ? find_ends(lint) : NULL;
	struct peers_off all = { .end = &all.first };

	table_init(&all.by_end, &lint->arena);
	for (size_t i = 0; ends && i < g->uses.count && !lint->nomem; i++)
		if (g->uses.list[i].kind == USE_EC2)
			judge_ec2(lint, &all, ends, &g->uses.list[i]);
	for (const struct peer_off *off = all.first; off && !lint->nomem; off = off->next)
		report_peer_off(lint, check, off);
}

/* PEE504: zones or rules of a VPC that cannot use them. */

/* What a VPC is given, by network. */
struct given {
	uint32_t zones, rules;
};

static struct given *
count_given(struct lint *lint)
{
	struct given *given = lint_alloc(lint, lint->estate->network_count, sizeof(*given));

	if (!given)
		return NULL;
	for (const struct hosted_zone *z = lint->estate->zones; z; z = z->next)
		for (const struct ref *ref = z->networks; ref; ref = ref->next)
			if (ref->object)
				given[((const struct network *)ref->object)->index].zones++;
	for (const struct resolver_rule *r = lint->estate->rules; r; r = r->next)
		for (const struct ref *ref = r->networks; ref; ref = ref->next)
			if (ref->object)
				given[((const struct network *)ref->object)->index].rules++;
	return given;
}

static void
report_support(struct lint *lint, const struct lint_check *check, const struct network *n,
	       const char *attribute, struct srcloc at, const char *what)
{
	struct finding *finding;

	if (!at.file)
		at = n->at;	/* not said: false by default */
	finding = lint_open(lint, check, check->severity, at,
			    "\"%s\" has %s, and %s is false: it does not use them", n->id, what,
			    attribute);
	diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_VPC), n->id, n->at,
		 "%s: false", attribute);
	lint_add_network(lint, finding, n->index);
	lint_add_help(lint, finding, "set %s to true", attribute);
}

static void
judge_support(struct lint *lint, const struct lint_check *check, const struct network *n,
	      const struct given *given)
{
	const char *zones = lint_count(lint, given->zones, "zone", "zones");
	const char *rules = lint_count(lint, given->rules, "rule", "rules");

	if (!n->enable_dns_support) {
		report_support(lint, check, n, "enable_dns_support", n->dns_support_at,
			       !given->zones ? rules :
			       !given->rules ? zones :
					       lint_printf(lint, "%s and %s", zones, rules));
	} else if (given->zones && !lint_uses_zones(lint, n->index)) {
		report_support(lint, check, n, "enable_dns_hostnames", n->dns_hostnames_at,
			       zones);
	}
}

void
check_dns_support_off(struct lint *lint, const struct lint_check *check)
{
	const struct given *given = count_given(lint);

	for (const struct network *n = lint->estate->networks; n && given && !lint->nomem;
	     n = n->next)
		if (n->kind == NETWORK_VPC && (given[n->index].zones || given[n->index].rules))
			judge_support(lint, check, n, &given[n->index]);
}

/* PEE505: peers of one VPC that have the same addresses. */

struct claimed {
	struct prefix prefix;
	const struct network *network;
	const struct peering *peering;
	struct srcloc at;
};

struct overlap {
	struct claimed a, b;
	uint32_t *between;	/* the VPCs that are peered with both */
	size_t count, room;
	struct overlap *next;
};

struct overlaps {
	struct overlap *first, **end;
	struct table by_pair;
};

static int
compare_claimed(const void *left, const void *right)
{
	const struct claimed *a = left, *b = right;
	int order = memcmp(a->prefix.ip, b->prefix.ip, sizeof(a->prefix.ip));

	if (order == 0)
		order = (a->prefix.bits > b->prefix.bits) - (a->prefix.bits < b->prefix.bits);
	if (order)
		return order;
	return (a->network->index > b->network->index) - (a->network->index < b->network->index);
}

static struct overlap *
find_pair(struct lint *lint, struct overlaps *all, const struct claimed *a,
	  const struct claimed *b)
{
	uint32_t low = a->network->index, high = b->network->index;
	uint32_t *key = lint_alloc(lint, 2, sizeof(*key));
	struct overlap *overlap;

	if (!key)
		return NULL;
	key[0] = low < high ? low : high;
	key[1] = low < high ? high : low;
	overlap = table_find(&all->by_pair, key, 2 * sizeof(*key));
	if (overlap)
		return overlap;
	overlap = lint_alloc(lint, 1, sizeof(*overlap));
	if (!overlap)
		return NULL;
	*overlap = (struct overlap){ .a = *a, .b = *b };
	if (table_put(&all->by_pair, key, 2 * sizeof(*key), overlap) != OK)
		lint->nomem = true;
	*all->end = overlap;
	all->end = &overlap->next;
	return overlap;
}

static void
note_overlap(struct lint *lint, struct overlaps *all, const struct claimed *a,
	     const struct claimed *b, uint32_t between)
{
	struct overlap *o = find_pair(lint, all, a, b);

	if (!o || (o->count && o->between[o->count - 1] == between))
		return;
	if (o->count == o->room) {
		size_t room = o->room ? 2 * o->room : 4;
		uint32_t *networks = lint_alloc(lint, room, sizeof(*networks));

		if (!networks)
			return;
		if (o->count)
			memcpy(networks, o->between, o->count * sizeof(*networks));
		o->between = networks;
		o->room = room;
	}
	o->between[o->count++] = between;
}

/** Sorted blocks of one VPC's peers: each overlaps at most those that are open around it. */
static void
sweep(struct lint *lint, struct overlaps *all, const struct claimed *list, size_t count,
      uint32_t between)
{
	size_t open = 0;	/* the outermost block around the present one */

	for (size_t i = 1; i < count && !lint->nomem; i++) {
		if (!prefix_overlaps(&list[open].prefix, &list[i].prefix))
			open = i;
		else if (list[open].network != list[i].network)
			note_overlap(lint, all, &list[open], &list[i], between);
	}
}

static void
judge_peers(struct lint *lint, struct overlaps *all, uint32_t network, const struct end *ends)
{
	struct claimed *list;
	size_t count = 0;

	for (const struct end *end = ends; end; end = end->next)
		for (const struct cidr *c = end->other->cidr_blocks; c; c = c->next)
			count++;
	if (count < 2)
		return;
	list = calloc(count, sizeof(*list));	/* passing, while the arena grows */
	if (!list) {
		lint->nomem = true;
		return;
	}
	count = 0;
	for (const struct end *end = ends; end; end = end->next)
		for (const struct cidr *c = end->other->cidr_blocks; c; c = c->next)
			list[count++] = (struct claimed){ c->prefix, end->other, end->peering,
							  c->at };
	qsort(list, count, sizeof(*list), compare_claimed);
	sweep(lint, all, list, count, network);
	free(list);
}

/** Does any record lie in one of the network's blocks? */
static bool *
find_used(struct lint *lint)
{
	const struct ground *g = lint_ground(lint);
	bool *used = g ? lint_alloc(lint, lint->estate->network_count, sizeof(*used)) : NULL;

	for (size_t i = 0; used && i < g->uses.count; i++) {
		const struct use *use = &g->uses.list[i];
		const struct address_block *block = &g->addresses.blocks[use->number];

		for (uint32_t h = 0; use->kind == USE_BLOCK && h < block->holder_count; h++)
			used[block->holders[h]] = true;
	}
	return used;
}

static void
report_overlap(struct lint *lint, const struct lint_check *check, const struct overlap *o,
	       const bool *used)
{
	bool matters = used[o->a.network->index] || used[o->b.network->index];
	char a[ADDR_TEXT_MAX], b[ADDR_TEXT_MAX];
	struct finding *finding;

	finding = lint_open(lint, check, matters ? check->severity : SEVERITY_WARNING,
			    o->b.peering->at, "%s %s peered with both \"%s\" and \"%s\", and %s of "
			    "the one overlaps %s of the other",
			    lint_networks_text(lint, o->between, o->count),
			    o->count == 1 ? "is" : "are", o->a.network->id, o->b.network->id,
			    prefix_print(&o->a.prefix, a), prefix_print(&o->b.prefix, b));
	diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_VPC),
		 o->a.network->id, o->a.at, "has %s", a);
	diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_VPC),
		 o->b.network->id, o->b.at, "has %s", b);
	diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_PEERING),
		 o->a.peering->id, o->a.peering->at, "leads to %s", o->a.network->id);
	diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_PEERING),
		 o->b.peering->id, o->b.peering->at, "leads to %s", o->b.network->id);
	for (size_t i = 0; i < o->count; i++)
		lint_add_network(lint, finding, o->between[i]);
	lint_add_help(lint, finding, "renumber \"%s\" or \"%s\"", o->a.network->id,
		      o->b.network->id);
}

/** A peering that will be refused (route53-semantics 2.1.8); an active one is no estate. */
static void
judge_planned(struct lint *lint, const struct lint_check *check, const struct peering *p)
{
	const struct network *from = p->requester.object, *to = p->accepter.object;
	char one[ADDR_TEXT_MAX], other[ADDR_TEXT_MAX];
	struct finding *finding;

	for (const struct cidr *a = from->cidr_blocks; a; a = a->next) {
		for (const struct cidr *b = to->cidr_blocks; b; b = b->next) {
			if (!prefix_overlaps(&a->prefix, &b->prefix))
				continue;
			finding = lint_open(lint, check, check->severity, p->at,
					    "peering \"%s\" will fail: %s of \"%s\" overlaps %s "
					    "of \"%s\"", p->id, prefix_print(&a->prefix, one),
					    from->id, prefix_print(&b->prefix, other), to->id);
			diag_add(lint->diags, finding, PART_OBJECT,
				 object_kind_text(OBJECT_PEERING), p->id, p->at, "%s",
				 p->status);
			diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_VPC),
				 from->id, a->at, "has %s", one);
			diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_VPC),
				 to->id, b->at, "has %s", other);
			lint_add_help(lint, finding, "renumber \"%s\" or \"%s\"", from->id,
				      to->id);
			return;
		}
	}
}

/** Is the connection still to come? */
static bool
is_planned(const struct peering *p)
{
	return strcmp(p->status, "initiating-request") == 0 ||
	       strcmp(p->status, "pending-acceptance") == 0 ||
	       strcmp(p->status, "provisioning") == 0;
}

void
check_overlapping_peers(struct lint *lint, const struct lint_check *check)
{
	struct overlaps all = { .end = &all.first };
	struct end **ends = find_ends(lint);
	const bool *used = find_used(lint);

	table_init(&all.by_pair, &lint->arena);
	for (uint32_t n = 0; ends && used && n < lint->estate->network_count; n++)
		judge_peers(lint, &all, n, ends[n]);
	for (const struct overlap *o = all.first; o && !lint->nomem; o = o->next)
		report_overlap(lint, check, o, used);
	for (const struct peering *p = lint->estate->peerings; p; p = p->next)
		if (is_planned(p) && p->requester.object && p->accepter.object &&
		    p->requester.object != p->accepter.object)
			judge_planned(lint, check, p);
}
