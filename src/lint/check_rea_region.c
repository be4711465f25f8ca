#include <stdlib.h>
#include <string.h>

#include "lint/checks.h"
#include "lint/ground.h"
#include "lint/witness.h"

/*
 * REA412: a VPC reads an address in another Region, though the name has one in its own.
 *
 * Either in a zone of the same name that somebody reads who is connected with the VPC: so
 * zones are compared that share their name.  Or in another set of the name, of which one is
 * chosen by weight or at random; the policies that look at where the client is are for this.
 */

#define REGION_NONE UINT32_MAX

/* Addresses of one name and type in one Region. */
struct local {
	uint32_t zone;		/* that has them */
	struct local *next;	/* of another zone */
};

/* What one zone gives the VPCs of one Region. */
struct crossing {
	uint32_t zone, other;	/* equal: another set of the name has the address */
	uint32_t region;	/* the readers' */
	uint32_t reader;
	size_t count;		/* names and types */
	const uint8_t *owner;	/* the first */
	uint16_t type;
	struct crossing *next;
};

struct crossings {
	struct lint *lint;
	struct ground *ground;
	const struct lint_check *check;
	uint32_t *region_of;		/* by block; REGION_NONE: nobody's, or of several */
	uint32_t *region_of_network;
	struct crossing *first, **end;	/* of the present zone */
};

static uint32_t
region_number(const struct uses *uses, const char *region)
{
	for (uint32_t i = 0; region && i < uses->region_count; i++)
		if (strcmp(uses->regions[i], region) == 0)
			return i;
	return REGION_NONE;
}

static void
find_regions(struct crossings *c)
{
	const struct ground *g = c->ground;

	for (const struct network *n = c->lint->estate->networks; n; n = n->next)
		c->region_of_network[n->index] =
			n->kind == NETWORK_VPC ? region_number(&g->uses, n->region) : REGION_NONE;
	for (uint32_t b = 0; b < g->addresses.block_count; b++) {
		const struct address_block *block = &g->addresses.blocks[b];

		c->region_of[b] = c->region_of_network[block->holders[0]];
		for (uint32_t i = 1; i < block->holder_count; i++)
			if (c->region_of_network[block->holders[i]] != c->region_of[b])
				c->region_of[b] = REGION_NONE;
	}
}

/* Regions of the addresses of one set, as far as they are known. */
struct places {
	uint64_t here[4];	/* bits by Region; those beyond 255 are not looked at */
	bool unknown;
};

static bool
is_here(const struct places *p, uint32_t region)
{
	return region < 256 && (p->here[region / 64] >> region % 64 & 1);
}

static struct places
set_places(const struct crossings *c, const struct zone_set *set)
{
	struct rrset rrset = zone_rrset(set, NULL);
	struct rrset_walk walk = rrset_begin(&rrset);
	struct places places = { 0 };
	struct rdata rdata;

	while (rrset_next(&walk, &rdata)) {
		struct addr addr = { .ip = { [10] = 0xff, [11] = 0xff } };
		uint32_t block, region = REGION_NONE;

		memcpy(rdata.len == 4 ? addr.ip + 12 : addr.ip, rdata.data, rdata.len);
		block = addresses_find(&c->ground->addresses, &addr);
		if (block != ADDRESSES_NONE)
			region = c->region_of[block];
		if (region < 256)
			places.here[region / 64] |= (uint64_t)1 << region % 64;
		else
			places.unknown = true;
	}
	places.unknown |= set->count == 0;
	return places;
}

typedef void (*set_fn)(struct crossings *c, uint32_t zone, const struct zone_node *node,
		       const struct zone_set_ref *ref, void *context);

/** Show the first reference of each type of addresses at each name that is answered. */
static void
each_address_set(struct crossings *c, uint32_t zone, set_fn visit, void *context)
{
	const struct zone *z = c->lint->snap->zones[zone];

	for (uint32_t i = 0; i < z->node_count; i++) {
		const struct zone_node *node = zone_node_number(z, i);
		const struct zone_set_ref *refs = zone_node_refs(node);

		if (node->flags & (NODE_OCCLUDED | NODE_CUT))
			continue;
		for (unsigned r = 0; r < node->set_count; r += refs[r].members)
			if (refs[r].type == TYPE_A || refs[r].type == TYPE_AAAA)
				visit(c, zone, node, &refs[r], context);
	}
}

static void
note_crossing(struct crossings *c, uint32_t zone, uint32_t other, uint32_t reader,
	      const struct zone_node *node, uint16_t type)
{
	uint32_t region = c->region_of_network[reader];
	struct crossing *x = c->first;

	while (x && (x->other != other || x->region != region))
		x = x->next;
	if (!x) {
		x = lint_alloc(c->lint, 1, sizeof(*x));
		if (!x)
			return;
		*x = (struct crossing){ zone, other, region, reader, 0, zone_node_name(node),
					type, NULL };
		*c->end = x;
		c->end = &x->next;
	}
	x->count++;
}

/* The readers of one zone: one for each Region. */
struct readers {
	uint32_t *list;
	size_t count;
};

static void
keep_one_each(const struct crossings *c, const uint32_t *all, size_t count,
	      struct readers *readers)
{
	struct places seen = { 0 };

	readers->count = 0;
	for (size_t i = 0; i < count; i++) {
		uint32_t region = c->region_of_network[all[i]];

		if (region >= 256 || is_here(&seen, region))
			continue;
		seen.here[region / 64] |= (uint64_t)1 << region % 64;
		readers->list[readers->count++] = all[i];
	}
}

/* Policies. */

static bool
is_blind(const struct zone_set *set)
{
	return set->policy == POLICY_WEIGHTED || set->policy == POLICY_MULTIVALUE;
}

static void
judge_group(struct crossings *c, uint32_t zone, const struct zone_node *node,
	    const struct zone_set_ref *ref, void *context)
{
	const struct readers *readers = context;
	const struct zone *z = c->lint->snap->zones[zone];

	if (ref->members < 2 || !is_blind(zone_set_at(z, ref->set_at)))
		return;
	for (size_t i = 0; i < readers->count; i++) {
		uint32_t region = c->region_of_network[readers->list[i]];
		unsigned near = 0, far = 0;

		for (unsigned m = 0; m < ref->members; m++) {
			struct places p = set_places(c, zone_set_at(z, ref[m].set_at));

			near += is_here(&p, region);
			far += !is_here(&p, region) && !p.unknown;
		}
		if (near && far)
			note_crossing(c, zone, zone, readers->list[i], node, ref->type);
	}
}

/* Zones of one name. */

/* Where the names of a group of zones have addresses: (owner, type, Region) -> local. */
struct group {
	struct table locals;
	const struct readers *readers;
};

struct local_key {
	uint32_t region;
	uint16_t type;
	uint8_t owner[NAME_MAX_OCTETS + 1];
};

static size_t
make_key(struct local_key *key, const struct zone_node *node, uint16_t type, uint32_t region)
{
	const uint8_t *owner = zone_node_name(node);
	size_t len = name_wire_len(owner);

	*key = (struct local_key){ .region = region, .type = type };
	memcpy(key->owner, owner, len);
	return offsetof(struct local_key, owner) + len;
}

static void
enter_set(struct crossings *c, uint32_t zone, const struct zone_node *node,
	  const struct zone_set_ref *ref, void *context)
{
	const struct zone *z = c->lint->snap->zones[zone];
	struct places places = set_places(c, zone_set_at(z, ref->set_at));
	struct group *group = context;

	for (uint32_t region = 0; region < 256 && region < c->ground->uses.region_count;
	     region++) {
		struct local_key key;
		struct local *local, *old;
		const void *stored;
		size_t len;

		if (!is_here(&places, region))
			continue;
		len = make_key(&key, node, ref->type, region);
		old = table_find(&group->locals, &key, len);
		local = lint_alloc(c->lint, 1, sizeof(*local));
		stored = old ? NULL : arena_copy(&c->lint->arena, &key, len);
		if (!local || (!old && !stored)) {
			c->lint->nomem = true;
			return;
		}
		local->zone = zone;
		if (old) {	/* the first stays, the next follow it */
			local->next = old->next;
			old->next = local;
		} else if (table_put(&group->locals, stored, len, local) != OK) {
			c->lint->nomem = true;
		}
	}
}

/** Is one who reads the zone connected with the network? */
static bool
read_nearby(const struct crossings *c, uint32_t zone, uint32_t network)
{
	for (const struct ref *ref = c->lint->zones[zone]->networks; ref; ref = ref->next) {
		const struct network *n = ref->object;

		if (n && reach_has(&c->ground->reach, network, n->index))
			return true;
	}
	return false;
}

static void
judge_set(struct crossings *c, uint32_t zone, const struct zone_node *node,
	  const struct zone_set_ref *ref, void *context)
{
	const struct zone *z = c->lint->snap->zones[zone];
	struct places places = set_places(c, zone_set_at(z, ref->set_at));
	const struct group *group = context;

	if (ref->members != 1 || places.unknown)
		return;
	for (size_t i = 0; i < group->readers->count; i++) {
		uint32_t reader = group->readers->list[i];
		uint32_t region = c->region_of_network[reader];
		struct local_key key;
		size_t len = make_key(&key, node, ref->type, region);
		unsigned looks = 0;

		if (is_here(&places, region))
			continue;
		for (const struct local *l = table_find(&group->locals, &key, len);
		     l && looks < LINT_SHOWN; l = l->next, looks++) {
			if (l->zone == zone || !read_nearby(c, l->zone, reader))
				continue;
			note_crossing(c, zone, l->zone, reader, node, ref->type);
			break;
		}
	}
}

static void
report(struct crossings *c, const struct crossing *x)
{
	struct lint *lint = c->lint;
	const char *region = c->ground->uses.regions[x->region];
	const char *reader = lint->networks[x->reader]->id;
	struct witness witness = { .type = x->type };
	struct finding *finding;
	char name[NAME_TEXT_MAX];

	if (!lint_reads(lint, x->reader, x->owner, x->zone))
		return;
	name_from_wire(x->owner, &witness.name);
	witness_claim_zone(&witness, x->reader, x->zone);
	if (!witness_holds(lint, c->check, &witness))
		return;
	finding = lint_open(lint, c->check, c->check->severity,
			    lint_record_at(lint, x->zone, x->owner, x->type),
			    "zone \"%s\" gives \"%s\", which is in %s, addresses in another Region "
			    "for %s, %s first, that %s in %s: %s", lint->zones[x->zone]->id, reader,
			    region, lint_count(lint, x->count, "name", "names"),
			    name_print(x->owner, name), x->count == 1 ? "has one" : "have some",
			    region,
			    x->other == x->zone
				    ? "which is given is a matter of chance"
				    : lint_printf(lint, "zone \"%s\" says so",
						  lint->zones[x->other]->id));
	lint_add_zone(lint, finding, x->zone, "answers");
	if (x->other != x->zone)
		lint_add_zone(lint, finding, x->other,
			      lint_printf(lint, "has the addresses in %s", region));
	lint_add_network(lint, finding, x->reader);
	diag_add(lint->diags, finding, PART_NAMES, "name", name, (struct srcloc){ 0 }, NULL);
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, x->other == x->zone
					     ? "route by latency"
					     : "associate the zone of the Region, or join the two "
					       "and route by latency");
}

/** One zone: by its policies, and, where others have its name, against those. */
static void
judge_zone(struct crossings *c, uint32_t zone, struct group *group, struct readers *readers)
{
	size_t count = ground_readers(c->lint, c->ground, zone);

	keep_one_each(c, c->ground->readers, count, readers);
	if (!readers->count)
		return;
	c->first = NULL;
	c->end = &c->first;
	each_address_set(c, zone, judge_group, readers);
	if (group)
		each_address_set(c, zone, judge_set, group);
	for (const struct crossing *x = c->first; x && !c->lint->nomem; x = x->next)
		report(c, x);
}

static int
compare_names(const void *left, const void *right)
{
	const struct hosted_zone *const *a = left, *const *b = right;
	int order = name_wire_compare((*a)->name, (*b)->name);

	return order ? order : ((*a)->index > (*b)->index) - ((*a)->index < (*b)->index);
}

/** Zones of one name. */
static void
judge_namesakes(struct crossings *c, const struct hosted_zone *const *zones, size_t count,
		struct readers *readers)
{
	struct arena_mark mark = arena_mark(&c->lint->arena);
	struct group group = { .readers = readers };

	if (count > 1) {
		table_init(&group.locals, &c->lint->arena);
		for (size_t i = 0; i < count && !c->lint->nomem; i++)
			each_address_set(c, zones[i]->index, enter_set, &group);
	}
	for (size_t i = 0; i < count && !c->lint->nomem; i++)
		judge_zone(c, zones[i]->index, count > 1 ? &group : NULL, readers);
	arena_rewind(&c->lint->arena, mark);
}

static void
judge_all(struct crossings *c, const struct hosted_zone **zones, size_t count,
	  struct readers *readers)
{
	size_t end;

	for (size_t i = 0; i < count; i = end) {
		for (end = i + 1; end < count; end++)
			if (!name_wire_equal(zones[i]->name, zones[end]->name))
				break;
		judge_namesakes(c, zones + i, end - i, readers);
	}
}

void
check_answer_crosses_region(struct lint *lint, const struct lint_check *check)
{
	struct crossings c = { .lint = lint, .ground = lint_ground(lint), .check = check };
	size_t networks = lint->estate->network_count, count = 0;
	const struct hosted_zone **zones;
	struct readers readers;

	if (!c.ground || c.ground->uses.region_count < 2)
		return;
	c.region_of = lint_alloc(lint, c.ground->addresses.block_count, sizeof(*c.region_of));
	c.region_of_network = lint_alloc(lint, networks, sizeof(*c.region_of_network));
	readers.list = lint_alloc(lint, networks, sizeof(*readers.list));
	zones = lint_alloc(lint, lint->estate->zone_count, sizeof(struct hosted_zone *));
	if (lint->nomem)
		return;
	find_regions(&c);
	for (const struct hosted_zone *z = lint->estate->zones; z; z = z->next)
		if (!z->public_zone)
			zones[count++] = z;
	if (count)
		qsort(zones, count, sizeof(struct hosted_zone *), compare_names);
	judge_all(&c, zones, count, &readers);
}
