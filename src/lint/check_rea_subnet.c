#include <string.h>

#include "dns/codes.h"
#include "lint/checks.h"
#include "lint/ground.h"
#include "lint/inside.h"
#include "lint/witness.h"

/*
 * REA404, REA405: addresses that no host of their VPC can have.  Records of one zone that lead
 * to one subnet, or to the free space of one VPC, are one finding.
 */

struct shown_record {
	const uint8_t *owner;
	uint16_t type;
	struct addr addr;
};

/* Records of the zone at hand that lead to one place. */
struct spot {
	const struct network *vpc;
	const struct subnet *subnet;	/* REA405 */
	size_t count;
	struct shown_record shown[LINT_SHOWN];
	struct spot *next;
};

struct subnet_search {
	struct lint *lint;
	const struct ground *ground;
	const struct inside *inside;
	bool reserved;			/* REA405 */
	struct spot *first, **end;	/* of the zone at hand */
	struct table spots;		/* VPC or subnet -> spot */
};

/** The only network that holds the address; NULL: none, or several. */
static const struct network *
holder_of(const struct subnet_search *s, const struct addr *addr)
{
	uint32_t number = addresses_find(&s->ground->addresses, addr);
	const struct address_block *block;

	if (number == ADDRESSES_NONE)
		return NULL;
	block = &s->ground->addresses.blocks[number];
	return block->holder_count == 1 ? s->lint->networks[block->holders[0]] : NULL;
}

static bool
has_only(const uint8_t *ip, unsigned from, unsigned value)
{
	for (unsigned bit = from; bit < 128; bit++)
		if (((unsigned)ip[bit / 8] >> (7 - bit % 8) & 1u) != value)
			return false;
	return true;
}

/** One of the first four of the subnet's block, or its last. */
static bool
is_reserved(const struct subnet *subnet, const struct addr *addr)
{
	for (const struct cidr *c = subnet->cidr_blocks; c; c = c->next) {
		struct addr low = *addr;

		if (!prefix_covers(&c->prefix, addr) || c->prefix.bits > 126)
			continue;
		low.ip[15] &= 0xfc;
		return has_only(low.ip, c->prefix.bits, 0) ||
		       has_only(addr->ip, c->prefix.bits, 1);
	}
	return false;
}

static struct spot *
find_spot(struct subnet_search *s, const struct network *vpc, const struct subnet *subnet)
{
	const void *key = subnet ? (const void *)subnet : vpc;
	struct spot *spot = table_find(&s->spots, &key, sizeof(key));
	const void **kept;

	if (spot)
		return spot;
	spot = lint_alloc(s->lint, 1, sizeof(*spot));
	kept = lint_alloc(s->lint, 1, sizeof(*kept));
	if (!spot || !kept)
		return NULL;
	*kept = key;
	if (table_put(&s->spots, kept, sizeof(*kept), spot) != OK)
		s->lint->nomem = true;
	spot->vpc = vpc;
	spot->subnet = subnet;
	*s->end = spot;
	s->end = &spot->next;
	return spot;
}

static bool
judge_record(void *context, const struct use_record *record)
{
	struct subnet_search *s = context;
	const struct network *vpc = record->named ? NULL : holder_of(s, &record->addr);
	const struct subnet *subnet;
	struct spot *spot;

	if (!vpc || !s->inside->vpcs[vpc->index].subnet_count)
		return true;
	subnet = inside_subnet(s->inside, vpc->index, &record->addr);
	if (s->reserved ? !subnet || !is_reserved(subnet, &record->addr) : subnet != NULL)
		return true;
	spot = find_spot(s, vpc, subnet);
	if (!spot)
		return false;
	if (spot->count < LINT_SHOWN)
		spot->shown[spot->count] = (struct shown_record){ record->owner, record->type,
								  record->addr };
	spot->count++;
	return true;
}

static void
add_witness(struct lint *lint, const struct lint_check *check, struct finding *finding,
	    uint32_t zone, const struct shown_record *record)
{
	size_t count = ground_readers(lint, lint->ground, zone);
	struct witness witness = { .type = record->type };

	name_from_wire(record->owner, &witness.name);
	for (size_t i = 0; i < count; i++) {
		lint_add_network(lint, finding, lint->ground->readers[i]);
		if (witness.claim_count ||
		    !lint_reads(lint, lint->ground->readers[i], record->owner, zone))
			continue;
		witness_claim_zone(&witness, lint->ground->readers[i], zone);
	}
	if (witness.claim_count && witness_holds(lint, check, &witness))
		witness_add(lint, finding, &witness, NULL);
}

static void
report_spot(struct lint *lint, const struct lint_check *check, uint32_t zone,
	    const struct spot *spot)
{
	const char *count = lint_count(lint, spot->count, "address", "addresses");
	const struct hosted_zone *z = lint->zones[zone];
	struct finding *finding;

	finding = lint_open(lint, check, check->severity,
			    lint_record_at(lint, zone, spot->shown[0].owner, spot->shown[0].type),
			    spot->subnet ? "zone \"%s\" has %s that subnet \"%s\" keeps for AWS: "
					   "its first four and its last"
					 : "zone \"%s\" has %s of \"%s\" where it has no subnet",
			    z->id, count, spot->subnet ? spot->subnet->id : spot->vpc->id);
	lint_add_zone(lint, finding, zone, "has the records");
	if (spot->subnet)
		diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_SUBNET),
			 spot->subnet->id, spot->subnet->at, "has the addresses");
	else
		diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_VPC),
			 spot->vpc->id, spot->vpc->at, "has the addresses");
	for (size_t i = 0; i < spot->count && i < LINT_SHOWN; i++) {
		const struct shown_record *r = &spot->shown[i];
		char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX], addr[ADDR_TEXT_MAX];

		diag_add(lint->diags, finding, PART_OBJECT, "record",
			 lint_printf(lint, "%s %s", name_print(r->owner, name),
				     type_print(r->type, type)),
			 lint_record_at(lint, zone, r->owner, r->type), "%s",
			 addr_print(&r->addr, addr));
	}
	add_witness(lint, check, finding, zone, &spot->shown[0]);
	lint_add_help(lint, finding, spot->subnet
					     ? "correct the records: no host gets such an address"
					     : "look for a host, or a subnet, that is gone");
}

static void
search_zones(struct lint *lint, const struct lint_check *check, bool reserved)
{
	struct subnet_search s = { .lint = lint, .ground = lint_ground(lint),
				   .inside = lint_inside(lint), .reserved = reserved };

	if (!lint->estate->subnets)
		return;
	for (uint32_t zone = 0; zone < lint->estate->zone_count && !lint->nomem; zone++) {
		struct arena_mark mark = arena_mark(&lint->arena);

		if (lint->zones[zone]->public_zone)
			continue;
		s.first = NULL;
		s.end = &s.first;
		table_init(&s.spots, &lint->arena);
		uses_records(lint->snap->zones[zone], judge_record, &s);
		for (const struct spot *spot = s.first; spot && !lint->nomem; spot = spot->next)
			report_spot(lint, check, zone, spot);
		if (!s.first)
			arena_rewind(&lint->arena, mark);
	}
}

void
check_outside_subnets(struct lint *lint, const struct lint_check *check)
{
	search_zones(lint, check, false);
}

void
check_reserved_address(struct lint *lint, const struct lint_check *check)
{
	search_zones(lint, check, true);
}
