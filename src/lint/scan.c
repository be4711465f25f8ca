#include "lint/scan.h"

#include <stdlib.h>
#include <string.h>

#include "dns/codes.h"
#include "estate/record.h"
#include "lint/chains.h"

#define LONGEST_ADDRESS_TTL_S 86400

struct suspect *
scan_note(struct lint *lint, struct scan *scan, enum fault fault, struct suspect suspect)
{
	struct suspect *new = lint_alloc(lint, 1, sizeof(*new));

	if (!new)
		return NULL;
	*new = suspect;
	*scan->end[fault] = new;
	scan->end[fault] = &new->next;
	return new;
}

bool
scan_target(uint16_t type, const struct rdata *rdata, struct name *out)
{
	size_t before = type == TYPE_MX ? 2 : type == TYPE_SRV ? 6 : 0;

	switch (type) {
	case TYPE_CNAME:
	case TYPE_DNAME:
	case TYPE_NS:
	case TYPE_PTR:
	case TYPE_MX:
	case TYPE_SRV:
		break;
	default:
		return false;
	}
	if (rdata->len <= before)
		return false;
	name_lower(rdata->data + before, out);
	return true;
}

struct lookup
scan_lookup(const struct zone *zone, const struct name *name, uint16_t type)
{
	struct suffixes suffixes;

	name_suffixes(name, &suffixes);
	return lookup_find(zone, name, &suffixes, type);
}

bool
node_has_address(const struct zone_node *node)
{
	return zone_node_set(node, TYPE_A) || zone_node_set(node, TYPE_AAAA);
}

/* What is looked at now. */
struct looking {
	struct lint *lint;
	struct scan *scan;
	struct chains *chains;
	uint32_t number;
	const struct zone *zone;
	struct tally *of_zone[TALLIES];	/* this zone's; NULL as long as there is none */
};

static struct tally *
tally_new(struct looking *l, enum tally_kind kind)
{
	struct tally *tally = lint_alloc(l->lint, 1, sizeof(*tally));

	if (!tally)
		return NULL;
	tally->zone = l->number;
	*l->scan->tallies_end[kind] = tally;
	l->scan->tallies_end[kind] = &tally->next;
	return tally;
}

static void
tally_count(struct tally *tally, const struct zone_node *node, uint16_t type)
{
	if (tally && tally->count < LINT_SHOWN) {
		tally->shown[tally->count].node = node;
		tally->shown[tally->count].type = type;
	}
	if (tally)
		tally->count++;
}

static void
count_in_zone(struct looking *l, enum tally_kind kind, const struct zone_node *node,
	      uint16_t type)
{
	if (!l->of_zone[kind])
		l->of_zone[kind] = tally_new(l, kind);
	tally_count(l->of_zone[kind], node, type);
}

static void
note(struct looking *l, enum fault fault, const struct zone_node *node,
     const struct zone_set *set, const char *why)
{
	scan_note(l->lint, l->scan, fault, (struct suspect){
		.zone = l->number, .node = node, .set = set, .why = why,
	});
}

static void
note_target(struct looking *l, enum fault fault, const struct zone_node *node,
	    const struct zone_set *set, const struct name *target, const char *why,
	    const struct zone_node *where)
{
	const uint8_t *name = name_store(&l->lint->arena, target);

	if (!name) {
		l->lint->nomem = true;
		return;
	}
	scan_note(l->lint, l->scan, fault, (struct suspect){
		.zone = l->number, .node = node, .set = set, .target = name, .why = why,
		.where = where,
	});
}

bool
scan_ends_twice(const struct zone *zone, const struct name *target)
{
	const uint8_t *apex = zone_name(zone);
	const uint8_t *at = target->wire;
	size_t apex_octets = name_wire_len(apex) - 1;

	if (zone->labels < 2 || target->labels < 2 * zone->labels ||
	    !name_wire_covers(apex, target->wire))
		return false;
	at = name_wire_suffix(target->wire, (uint8_t)(2 * zone->labels));
	return memcmp(at, apex, apex_octets) == 0 &&
	       !zone_find(zone, target->wire, target->len, name_hash(target->wire));
}

/** 10.1.2.3, with or without the zone's name behind it. */
static bool
is_address(const struct zone *zone, const struct name *target)
{
	unsigned labels = target->labels;
	const uint8_t *at = target->wire;

	if (name_wire_covers(zone_name(zone), target->wire))
		labels -= zone->labels;
	if (labels != 4)
		return false;
	for (; labels; labels--, at += 1 + *at) {
		if (*at > 3)
			return false;
		for (unsigned i = 1; i <= *at; i++)
			if (at[i] < '0' || at[i] > '9')
				return false;
	}
	return true;
}

/** An NS that leads into the zone: is there an address beside it?  Ferret calls it glue. */
static void
look_at_server(struct looking *l, const struct zone_node *node, const struct zone_set *set,
	       const struct name *target)
{
	const struct zone_node *own = zone_find(l->zone, target->wire, target->len,
						name_hash(target->wire));
	struct lookup found;

	if (own && node_has_address(own))
		return;
	found = scan_lookup(l->zone, target, TYPE_A);
	switch (found.kind) {
	case LOOKUP_CNAME:
		note_target(l, FAULT_TARGET_KIND, node, set, target, "is a CNAME", found.node);
		return;
	case LOOKUP_ANSWER:	/* by a wildcard */
	case LOOKUP_DNAME:
		return;
	case LOOKUP_NODATA:
	case LOOKUP_NXDOMAIN:
	case LOOKUP_DELEGATED:
		note_target(l, FAULT_GLUE, node, set, target, NULL,
			    found.kind == LOOKUP_DELEGATED ? found.node : NULL);
		return;
	}
}

/** MX and SRV lead to a name with addresses; "." says that there is no such service. */
static void
look_at_host(struct looking *l, const struct zone_node *node, const struct zone_set *set,
	     const struct name *target)
{
	struct lookup found = scan_lookup(l->zone, target, TYPE_A);

	if (found.kind == LOOKUP_CNAME)
		note_target(l, FAULT_TARGET_KIND, node, set, target, "is a CNAME", found.node);
	else if (found.kind == LOOKUP_NXDOMAIN)
		note_target(l, FAULT_TARGET_KIND, node, set, target, "does not exist",
			    found.node);
}

static void
look_at_target(struct looking *l, const struct zone_node *node, const struct zone_set *set,
	       const struct name *target)
{
	bool inside = name_wire_covers(zone_name(l->zone), target->wire);

	if (target->labels == 0)
		return;
	if (scan_ends_twice(l->zone, target))
		note_target(l, FAULT_REPEATED_SUFFIX, node, set, target, NULL, NULL);
	else if (set->type != TYPE_MX && set->type != TYPE_NS && set->type != TYPE_SRV)
		return;
	else if (is_address(l->zone, target))
		note_target(l, FAULT_TARGET_KIND, node, set, target, "is an address", NULL);
	else if (inside && set->type == TYPE_NS)
		look_at_server(l, node, set, target);
	else if (inside)
		look_at_host(l, node, set, target);
}

static void
look_at_ttl(struct looking *l, const struct zone_node *node, const struct zone_set *set)
{
	if (set->alias_at || set->type == TYPE_SOA)
		return;
	if (set->ttl_s == 0)
		count_in_zone(l, TALLY_TTL_ZERO, node, set->type);
	else if (set->ttl_s > LONGEST_ADDRESS_TTL_S &&
		 (set->type == TYPE_A || set->type == TYPE_AAAA))
		count_in_zone(l, TALLY_TTL_LONG, node, set->type);
}

static void
look_at_set(struct looking *l, const struct zone_node *node, const struct zone_set *set)
{
	struct rrset rrset = zone_rrset(set, NULL);
	struct rrset_walk walk = rrset_begin(&rrset);
	struct rdata rdata;
	struct name target;

	look_at_ttl(l, node, set);
	while (rrset_next(&walk, &rdata)) {
		if (!scan_target(set->type, &rdata, &target))
			return;
		look_at_target(l, node, set, &target);
	}
}

/** What the members of a failover or weighted group lack together. */
static void
look_at_group(struct looking *l, const struct zone_node *node, const struct zone_set_ref *ref)
{
	const struct zone_set *first = zone_set_at(l->zone, ref->set_at);
	bool primary = false, secondary = false, weight = false;

	for (unsigned i = 0; i < ref->members; i++) {
		const struct zone_set *set = zone_set_at(l->zone, ref[i].set_at);

		primary |= set->failover == FAILOVER_PRIMARY;
		secondary |= set->failover == FAILOVER_SECONDARY;
		weight |= set->weight != 0;
	}
	if (first->policy == POLICY_FAILOVER && !(primary && secondary))
		note(l, FAULT_ROUTING, node, first,
		     primary ? "a failover without its SECONDARY"
			     : "a failover without its PRIMARY");
	else if (first->policy == POLICY_WEIGHTED && !weight)
		note(l, FAULT_ROUTING, node, first, NULL);
}

/** DNAME: one, without NS beside it but at the apex, and nothing below (RFC 6672 2.3, 2.4). */
static void
look_at_dname(struct looking *l, const struct zone_node *node, uint32_t i)
{
	const struct zone_set_ref *ref = zone_node_set(node, TYPE_DNAME);
	const struct zone_set *set = zone_set_at(l->zone, ref->set_at);

	if (set->count > 1 || ref->members > 1)
		note(l, FAULT_DNAME, node, set, "there are several at this name");
	if (node->flags & NODE_CUT)
		note(l, FAULT_DNAME, node, set, "NS records stand beside it");
	if (i + 1 < l->zone->node_count) {
		const struct zone_node *below = zone_node_number(l->zone, i + 1);

		if (name_wire_covers(zone_node_name(node), zone_node_name(below)))
			scan_note(l->lint, l->scan, FAULT_DNAME, (struct suspect){
				.zone = l->number, .node = node, .set = set, .where = below,
				.why = "names stand below it",
			});
	}
}

/** "_sip", not a host that someone mistyped: what services and proofs of ownership use. */
static bool
is_service_label(const uint8_t *name)
{
	return name[0] && name[1] == '_';
}

/** The type of the wildcard that this name lacks, which looks like a host; 0: none. */
static uint16_t
blocked_type(const struct zone_node *wildcard, const struct zone_node *node)
{
	const struct zone_set_ref *refs = zone_node_refs(wildcard);

	if (node == wildcard || is_service_label(zone_node_name(node)) ||
	    node_has_address(node) || node->flags & (NODE_CNAME | NODE_CUT | NODE_DNAME))
		return 0;
	for (unsigned i = 0; i < wildcard->set_count; i++) {
		uint16_t type = refs[i].type;

		if (type != TYPE_NS && type != TYPE_DS && type != TYPE_NSEC &&
		    type != TYPE_RRSIG && type != TYPE_SOA && !zone_node_set(node, type))
			return type;
	}
	return 0;
}

/** The names directly below a wildcard's parent that keep the wildcard away. */
static void
look_around_wildcard(struct looking *l, const struct zone_node *wildcard, uint32_t i)
{
	const uint8_t *parent = name_wire_parent(zone_node_name(wildcard));
	struct tally *tally = NULL;
	uint32_t first = i;

	while (first > 0 && name_wire_covers(parent, zone_node_name(
			zone_node_number(l->zone, first - 1))))
		first--;
	for (; first < l->zone->node_count; first++) {
		const struct zone_node *node = zone_node_number(l->zone, first);
		uint16_t type;

		if (!name_wire_covers(parent, zone_node_name(node)))
			return;
		if (node->labels != wildcard->labels)
			continue;
		type = blocked_type(wildcard, node);
		if (type && !tally) {
			tally = tally_new(l, TALLY_BLOCKED);
			if (!tally)
				return;
			tally->wildcard = wildcard;
			tally->type = type;
		}
		if (type)
			tally_count(tally, node, type);
	}
}

/** An address at a name whose first label begins with "_": no name of a host (RFC 952). */
static void
look_at_name(struct looking *l, const struct zone_node *node)
{
	const uint8_t *name = zone_node_name(node);

	if (node->labels <= l->zone->labels || !node_has_address(node))
		return;
	for (unsigned i = 1; i <= *name; i++) {
		if (name[i] == '_') {
			count_in_zone(l, TALLY_UNDERSCORE, node,
				      zone_node_set(node, TYPE_A) ? TYPE_A : TYPE_AAAA);
			return;
		}
	}
}

static void
look_at_node(struct looking *l, const struct zone_node *node, uint32_t i)
{
	const struct zone_set_ref *refs = zone_node_refs(node);

	for (unsigned r = 0; r < node->set_count; r++) {
		const struct zone_set *set = zone_set_at(l->zone, refs[r].set_at);

		look_at_set(l, node, set);
		if (refs[r].members > 1 ||
		    (refs[r].members == 1 && set->policy != POLICY_SIMPLE))
			look_at_group(l, node, &refs[r]);
		if (refs[r].members && (set->type == TYPE_CNAME || set->alias_at))
			chains_add(l->chains, node, &refs[r]);
	}
	if (node->flags & NODE_OCCLUDED)
		return;
	if (node->flags & NODE_DNAME)
		look_at_dname(l, node, i);
	if (node->flags & NODE_CUT)
		note(l, FAULT_CUT, node,
		     zone_set_at(l->zone, zone_node_set(node, TYPE_NS)->set_at), NULL);
	if (name_wire_is_wildcard(zone_node_name(node)) && node->labels > l->zone->labels)
		look_around_wildcard(l, node, i);
	look_at_name(l, node);
}

/** Every zone has an SOA in the snapshot, if need be one that was put there. */
static void
look_at_soa(struct looking *l)
{
	const struct hosted_zone *z = l->lint->zones[l->number];

	if (!z->zone_file || z->unread || z->record_sets_file)
		return;
	for (const struct record_set *set = z->sets; set; set = set->next)
		if (set->type == TYPE_SOA && name_wire_equal(set->owner, z->name))
			return;
	note(l, FAULT_NO_SOA, zone_node_at(l->zone, l->zone->apex_at), NULL, NULL);
}

bool
scan_is_reverse(const uint8_t *name)
{
	static const uint8_t in_addr[] = "\007in-addr\004arpa", ip6[] = "\003ip6\004arpa";

	return name_wire_covers(in_addr, name) || name_wire_covers(ip6, name);
}

static void
look_at_zone(struct lint *lint, struct scan *scan, struct chains *chains, uint32_t number)
{
	struct looking l = {
		.lint = lint, .scan = scan, .chains = chains, .number = number,
		.zone = lint->snap->zones[number],
	};

	scan->has_reverse |= scan_is_reverse(zone_name(l.zone));
	look_at_soa(&l);
	chains_begin(chains, number);
	for (uint32_t i = 0; i < l.zone->node_count && !lint->nomem; i++)
		look_at_node(&l, zone_node_number(l.zone, i), i);
	chains_end(chains, scan);
}

/** Was a zone of the same source looked at before? */
static bool
seen_before(struct lint *lint, struct table *sources, uint32_t number)
{
	const struct hosted_zone *z = lint->zones[number];

	if (!z->source.lo && !z->source.hi)
		return false;
	if (table_find(sources, &z->source, sizeof(z->source)))
		return true;
	if (table_put(sources, &z->source, sizeof(z->source), lint) != OK)
		lint->nomem = true;
	return false;
}

static void
enter_name(struct lint *lint, struct scan *scan, uint32_t number)
{
	const uint8_t *name = lint_zone_name(lint, number);
	struct namesake *new = lint_alloc(lint, 1, sizeof(*new));
	struct namesake *same = table_find(&scan->names, name, name_wire_len(name));

	if (!new)
		return;
	*new = (struct namesake){ number, same };
	if (table_put(&scan->names, name, name_wire_len(name), new) != OK)
		lint->nomem = true;
}

const struct namesake *
scan_namesakes(const struct lint *lint, const uint8_t *name)
{
	return table_find(&lint->scan->names, name, name_wire_len(name));
}

/** What networks make of a delegation depends on their rules: each zone's networks count. */
static void
look_at_twin(struct lint *lint, struct scan *scan, uint32_t number)
{
	const struct zone *zone = lint->snap->zones[number];

	for (uint32_t i = 0; i < zone->node_count && !lint->nomem; i++) {
		const struct zone_node *node = zone_node_number(zone, i);

		if ((node->flags & (NODE_CUT | NODE_OCCLUDED)) == NODE_CUT)
			scan_note(lint, scan, FAULT_CUT, (struct suspect){
				.zone = number, .node = node, .twin = true,
				.set = zone_set_at(zone, zone_node_set(node, TYPE_NS)->set_at),
			});
	}
}

static void
look_at_zones(struct lint *lint, struct scan *scan)
{
	struct chains chains;
	struct table sources;

	table_init(&sources, &lint->arena);
	table_init(&scan->names, &lint->arena);
	table_init(&scan->circled, &lint->arena);
	for (uint32_t i = lint->snap->root->zone_count; i-- > 0 && !lint->nomem;)
		enter_name(lint, scan, i);
	chains_init(&chains, lint);
	for (uint32_t i = 0; i < lint->snap->root->zone_count && !lint->nomem; i++)
		if (seen_before(lint, &sources, i))
			look_at_twin(lint, scan, i);
		else
			look_at_zone(lint, scan, &chains, i);
	chains_fini(&chains);
}

const struct scan *
lint_scan(struct lint *lint)
{
	struct scan *scan = lint->scan;

	if (scan)
		return scan;
	scan = calloc(1, sizeof(*scan));
	if (!scan) {
		lint->nomem = true;
		return NULL;
	}
	lint->scan = scan;
	arena_init(&scan->places.arena, lint->arena.limit);
	for (unsigned i = 0; i < FAULTS; i++)
		scan->end[i] = &scan->first[i];
	for (unsigned i = 0; i < TALLIES; i++)
		scan->tallies_end[i] = &scan->tallies[i];
	look_at_zones(lint, scan);
	return scan;
}

void
scan_free(struct scan *scan)
{
	if (!scan)
		return;
	arena_fini(&scan->places.arena);
	free(scan->readers.networks);
	free(scan);
}
