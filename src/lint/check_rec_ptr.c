/*
 * REC715: reverse zones of the estate against the addresses it has.
 *
 * A PTR is held against the zones that networks of the reverse zone read its name from, an
 * address against the reverse zones of its own zone's networks.  Nothing is said where the
 * other side is not in the estate.
 */
#include <stdio.h>
#include <string.h>

#include "dns/codes.h"
#include "lint/accuse.h"
#include "lint/checks.h"

/* Addresses that lack their PTR in one reverse zone. */
struct lacking {
	size_t count;
	struct { const uint8_t *owner, *reverse; uint32_t zone; uint16_t type; }
		shown[LINT_SHOWN];
};

struct reverse {
	struct lint *lint;
	uint32_t *marks;		/* by network: the zone + 1 that was marked last */
	uint64_t *shares;		/* by zone: 2 * (marked zone + 1) + answer */
	uint32_t marked;		/* zone + 1 */
	struct lacking *lacking;	/* by zone */
};

static bool
reverse_init(struct reverse *r, struct lint *lint)
{
	uint32_t count = lint->snap->root->zone_count;

	*r = (struct reverse){ .lint = lint };
	r->marks = lint_alloc(lint, lint->estate->network_count, sizeof(*r->marks));
	r->shares = lint_alloc(lint, count, sizeof(*r->shares));
	r->lacking = lint_alloc(lint, count, sizeof(*r->lacking));
	return !lint->nomem;
}

/** The zone whose networks zones_share asks about from now on. */
static void
mark_networks(struct reverse *r, uint32_t zone)
{
	r->marked = zone + 1;
	for (const struct ref *ref = r->lint->zones[zone]->networks; ref; ref = ref->next) {
		const struct network *network = ref->object;

		if (network)
			r->marks[network->index] = r->marked;
	}
}

/** Has the zone a network in common with the marked one? */
static bool
zones_share(struct reverse *r, uint32_t zone)
{
	bool shared = false;

	if (r->shares[zone] >> 1 == r->marked)
		return r->shares[zone] & 1;
	for (const struct ref *ref = r->lint->zones[zone]->networks; ref && !shared;
	     ref = ref->next) {
		const struct network *network = ref->object;

		shared = network && r->marks[network->index] == r->marked;
	}
	r->shares[zone] = (uint64_t)r->marked << 1 | shared;
	return shared;
}

/** Zones of the longest name at or above this one that share a network with the marked. */
static const struct namesake *
find_zones(struct reverse *r, const uint8_t *name)
{
	for (;; name = name_wire_parent(name)) {
		const struct namesake *zones = scan_namesakes(r->lint, name);

		for (const struct namesake *z = zones; z; z = z->next)
			if (zones_share(r, z->zone))
				return zones;
		if (!*name)
			return NULL;
	}
}

static int
digit_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/** A label of an octet, "0" to "255"; -1: none. */
static int
octet_value(const uint8_t *label)
{
	int value = 0;

	if (*label == 0 || *label > 3)
		return -1;
	for (unsigned i = 1; i <= *label; i++) {
		if (label[i] < '0' || label[i] > '9')
			return -1;
		value = 10 * value + label[i] - '0';
	}
	return value > 255 ? -1 : value;
}

/** The address that a reverse name stands for: its octets, as many as returned; 0: none. */
static uint16_t
reverse_address(const uint8_t *name, uint8_t octets[16])
{
	static const uint8_t in_addr[] = "\007in-addr\004arpa", ip6[] = "\003ip6\004arpa";
	uint8_t labels = name_wire_labels(name);

	if (labels == 6 && name_wire_covers(in_addr, name)) {
		for (unsigned i = 4; i-- > 0; name = name_wire_parent(name)) {
			int value = octet_value(name);

			if (value < 0)
				return 0;
			octets[i] = (uint8_t)value;
		}
		return 4;
	}
	if (labels != 34 || !name_wire_covers(ip6, name))
		return 0;
	memset(octets, 0, 16);
	for (unsigned i = 32; i-- > 0; name = name_wire_parent(name)) {
		int value = *name == 1 ? digit_value(name[1]) : -1;

		if (value < 0)
			return 0;
		octets[i / 2] |= (uint8_t)(value << (i & 1 ? 0 : 4));
	}
	return 16;
}

/** The reverse name of an address. */
static void
address_reverse(const struct rdata *address, struct name *out)
{
	static const char digits[] = "0123456789abcdef";
	char text[80], *at = text;

	if (address->len == 4) {
		snprintf(text, sizeof(text), "%u.%u.%u.%u.in-addr.arpa", address->data[3],
			 address->data[2], address->data[1], address->data[0]);
	} else {
		for (unsigned i = 16; i-- > 0;) {
			*at++ = digits[address->data[i] & 15];
			*at++ = '.';
			*at++ = digits[address->data[i] >> 4];
			*at++ = '.';
		}
		strcpy(at, "ip6.arpa");
	}
	if (name_parse(text, out) != OK)
		name_from_wire((const uint8_t *)"", out);
}

enum match { MATCH_YES, MATCH_UNKNOWN, MATCH_OTHER, MATCH_MISSING };

/** Has the name, in this zone, that address? */
static enum match
match_address(const struct zone *zone, const struct name *name, const uint8_t *octets,
	      uint16_t len)
{
	struct lookup found = scan_lookup(zone, name, len == 4 ? TYPE_A : TYPE_AAAA);

	switch (found.kind) {
	case LOOKUP_NXDOMAIN:
		return MATCH_MISSING;
	case LOOKUP_NODATA:
		return MATCH_OTHER;
	case LOOKUP_CNAME:
	case LOOKUP_DNAME:
	case LOOKUP_DELEGATED:
		return MATCH_UNKNOWN;
	case LOOKUP_ANSWER:
		break;
	}
	for (unsigned i = 0; i < found.ref->members; i++) {
		const struct zone_set *set = zone_set_at(zone, found.ref[i].set_at);
		struct rrset rrset = zone_rrset(set, NULL);
		struct rrset_walk walk = rrset_begin(&rrset);
		struct rdata rdata;

		if (set->alias_at)
			return MATCH_UNKNOWN;
		while (rrset_next(&walk, &rdata))
			if (rdata.len == len && memcmp(rdata.data, octets, len) == 0)
				return MATCH_YES;
	}
	return MATCH_OTHER;
}

/* One PTR record. */
struct pointer {
	uint32_t zone;
	const struct zone_node *node;
	struct name target;
	uint8_t octets[16];
	uint16_t len;
};

/** A network that reads both, the PTR and its target's zone. */
static uint32_t
pointer_reader(struct lint *lint, const struct pointer *p, uint32_t forward)
{
	size_t count;
	const uint32_t *networks = scan_readers(lint, p->zone, &count);

	for (size_t i = 0; i < count; i++)
		if (lint_reads(lint, networks[i], zone_node_name(p->node), p->zone) &&
		    lint_reads(lint, networks[i], p->target.wire, forward))
			return networks[i];
	return NETWORK_NONE;
}

static void
report_pointer(struct lint *lint, const struct lint_check *check, const struct pointer *p,
	       uint32_t forward, enum match match)
{
	uint32_t network = pointer_reader(lint, p, forward);
	const uint8_t *owner = zone_node_name(p->node);
	struct finding *finding;
	struct witness witness;

	if (network == NETWORK_NONE)
		return;
	accuse_ask(&witness, network, forward, p->target.wire, p->len == 4 ? TYPE_A : TYPE_AAAA);
	if (!witness_holds(lint, check, &witness))
		return;
	finding = accuse_record(lint, check, check->severity, p->zone, owner, TYPE_PTR,
				"the PTR", "%s leads to %s, which %s",
				record_text(lint, owner, TYPE_PTR),
				name_text(lint, p->target.wire),
				match == MATCH_MISSING ? "does not exist"
						       : "does not have this address");
	if (finding)
		lint_add_zone(lint, finding, forward, "would have the name");
	witness_add(lint, finding, &witness, "the name that the PTR gives");
	lint_add_help(lint, finding, "correct the PTR record, or add the address to the name");
}

static void
judge_pointer(struct reverse *r, const struct lint_check *check, const struct pointer *p)
{
	const struct namesake *zones = find_zones(r, p->target.wire);
	enum match worst = MATCH_YES;
	uint32_t forward = 0;

	for (const struct namesake *z = zones; z; z = z->next) {
		enum match match;

		if (!zones_share(r, z->zone))
			continue;
		match = match_address(r->lint->snap->zones[z->zone], &p->target, p->octets,
				      p->len);
		if (match == MATCH_YES || match == MATCH_UNKNOWN)
			return;
		worst = match;
		forward = z->zone;
	}
	if (worst != MATCH_YES)
		report_pointer(r->lint, check, p, forward, worst);
}

static void
judge_pointers(struct reverse *r, const struct lint_check *check, uint32_t number)
{
	const struct zone *zone = r->lint->snap->zones[number];
	struct pointer p = { .zone = number };

	mark_networks(r, number);
	for (uint32_t i = 0; i < zone->node_count && !r->lint->nomem; i++) {
		const struct zone_set_ref *ref;
		struct rrset_walk walk;
		struct rrset rrset;
		struct rdata rdata;

		p.node = zone_node_number(zone, i);
		ref = zone_node_set(p.node, TYPE_PTR);
		p.len = ref ? reverse_address(zone_node_name(p.node), p.octets) : 0;
		if (!p.len || p.node->flags & NODE_OCCLUDED)
			continue;
		rrset = zone_rrset(zone_set_at(zone, ref->set_at), NULL);
		walk = rrset_begin(&rrset);
		while (rrset_next(&walk, &rdata))
			if (scan_target(TYPE_PTR, &rdata, &p.target))
				judge_pointer(r, check, &p);
	}
}

static void
note_lacking(struct reverse *r, uint32_t reverse, uint32_t zone, const struct zone_node *node,
	     uint16_t type, const struct name *name)
{
	struct lacking *lacking = &r->lacking[reverse];
	size_t n = lacking->count++;

	if (n >= LINT_SHOWN)
		return;
	lacking->shown[n].owner = zone_node_name(node);
	lacking->shown[n].zone = zone;
	lacking->shown[n].type = type;
	lacking->shown[n].reverse = name_store(&r->lint->arena, name);
	if (!lacking->shown[n].reverse)
		r->lint->nomem = true;
}

static void
judge_address(struct reverse *r, uint32_t zone, const struct zone_node *node, uint16_t type,
	      const struct rdata *address)
{
	const struct namesake *zones;
	struct name name;

	address_reverse(address, &name);
	zones = find_zones(r, name.wire);
	for (const struct namesake *z = zones; z; z = z->next) {
		const struct zone *reverse = r->lint->snap->zones[z->zone];
		struct lookup found;

		if (z->zone == zone || !zones_share(r, z->zone) || reverse->labels < 2)
			continue;
		found = scan_lookup(reverse, &name, TYPE_PTR);
		if (found.kind == LOOKUP_NXDOMAIN || found.kind == LOOKUP_NODATA)
			note_lacking(r, z->zone, zone, node, type, &name);
		return;
	}
}

static void
judge_addresses(struct reverse *r, uint32_t number)
{
	const struct zone *zone = r->lint->snap->zones[number];

	if (!r->lint->zones[number]->networks)
		return;
	mark_networks(r, number);
	for (uint32_t i = 0; i < zone->node_count && !r->lint->nomem; i++) {
		const struct zone_node *node = zone_node_number(zone, i);
		const struct zone_set_ref *refs = zone_node_refs(node);

		if (node->flags & NODE_OCCLUDED || name_wire_is_wildcard(zone_node_name(node)))
			continue;
		for (unsigned k = 0; k < node->set_count; k++) {
			struct rrset rrset = zone_rrset(zone_set_at(zone, refs[k].set_at), NULL);
			struct rrset_walk walk = rrset_begin(&rrset);
			struct rdata rdata;

			if (rrset.type != TYPE_A && rrset.type != TYPE_AAAA)
				continue;
			while (rrset_next(&walk, &rdata))
				judge_address(r, number, node, rrset.type, &rdata);
		}
	}
}

static void
report_lacking(struct reverse *r, const struct lint_check *check, uint32_t number)
{
	const struct lacking *lacking = &r->lacking[number];
	struct lint *lint = r->lint;
	struct finding *finding;
	struct witness witness;
	uint32_t network;

	if (!lacking->count)
		return;
	network = scan_reader(lint, number, lacking->shown[0].reverse);
	if (network == NETWORK_NONE)
		return;
	accuse_ask(&witness, network, number, lacking->shown[0].reverse, TYPE_PTR);
	if (!witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, lint->zones[number]->name_at,
			    "%s of the estate %s no PTR in zone \"%s\", %s",
			    lint_count(lint, lacking->count, "address", "addresses"),
			    lacking->count == 1 ? "has" : "have", lint->zones[number]->id,
			    name_text(lint, lint_zone_name(lint, number)));
	if (finding)
		lint_add_zone(lint, finding, number, "the reverse zone");
	for (size_t i = 0; i < lacking->count && i < LINT_SHOWN; i++)
		accuse_add_record(lint, finding, lacking->shown[i].zone, lacking->shown[i].owner,
				  lacking->shown[i].type, "has no PTR");
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "add the PTR records");
}

void
check_ptr_mismatch(struct lint *lint, const struct lint_check *check)
{
	const struct scan *scan = lint_scan(lint);
	uint32_t count = lint->snap->root->zone_count;
	struct reverse r;

	if (!scan || !scan->has_reverse || !reverse_init(&r, lint))
		return;
	for (uint32_t i = 0; i < count && !lint->nomem; i++)
		if (scan_is_reverse(lint_zone_name(lint, i)))
			judge_pointers(&r, check, i);
		else
			judge_addresses(&r, i);
	for (uint32_t i = 0; i < count && !lint->nomem; i++)
		if (scan_is_reverse(lint_zone_name(lint, i)))
			report_lacking(&r, check, i);
}
