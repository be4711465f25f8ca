#include "dns/rrset.h"

#include <string.h>

#include "dns/codes.h"
#include "dns/rdata.h"

#define RRSET_MAX_OCTETS 65535

static void
put_record(struct writer *out, uint16_t type, uint32_t ttl_s, struct rdata rdata)
{
	writer_u16(out, 0xc00c);
	writer_u16(out, type);
	writer_u16(out, CLASS_IN);
	writer_u32(out, ttl_s);
	writer_u16(out, rdata.len);
	writer_bytes(out, rdata.data, rdata.len);
}

enum status
rrset_encode(struct writer *out, uint16_t type, uint32_t ttl_s, struct rdata rdata,
	     uint16_t *names, uint16_t *name_count)
{
	struct writer before = *out;
	size_t data_at = out->len + RRSET_FIXED_OCTETS;
	struct rdata_names found;

	if (rdata_check(type, rdata.data, rdata.len, &found) != OK)
		return ERR_MALFORMED;
	if (*name_count + found.count > RRSET_MAX_NAMES || data_at + rdata.len > RRSET_MAX_OCTETS)
		return ERR_LIMIT;
	put_record(out, type, ttl_s, rdata);
	if (out->failed) {
		*out = before;
		return ERR_LIMIT;
	}
	for (unsigned i = 0; i < found.count; i++)
		names[(*name_count)++] = (uint16_t)(data_at + found.at[i]);
	return OK;
}

/* Where a record and its names begin in a set. */
struct place {
	uint16_t at, name;
};

size_t
rrset_shuffle_room(const struct rrset *set)
{
	return set->name_count * sizeof(*set->names) +
	       set->count * sizeof(struct place) + set->wire_len;
}

/** Of each record. */
static void
find_places(const struct rrset *set, struct place *places)
{
	unsigned at = 0, name = 0;

	for (unsigned i = 0; i < set->count; i++) {
		places[i] = (struct place){ (uint16_t)at, (uint16_t)name };
		at += RRSET_FIXED_OCTETS +
		      (unsigned)load_u16(set->wire + at + RRSET_FIXED_OCTETS - 2);
		while (name < set->name_count && set->names[name] < at)
			name++;
	}
}

void
rrset_shuffle(const struct rrset *set, struct random *random, void *room, struct rrset *out)
{
	uint16_t *names = room;
	struct place *places = (struct place *)(names + set->name_count);
	uint8_t *wire = (uint8_t *)(places + set->count);
	unsigned at = 0, name = 0;

	find_places(set, places);
	for (unsigned left = set->count; left; left--) {	/* Fisher and Yates */
		struct place *drawn = &places[random_below(random, left)], from = *drawn;
		unsigned len = RRSET_FIXED_OCTETS +
			(unsigned)load_u16(set->wire + from.at + RRSET_FIXED_OCTETS - 2);

		*drawn = places[left - 1];
		memcpy(wire + at, set->wire + from.at, len);
		for (unsigned i = from.name; i < set->name_count &&
					     set->names[i] < from.at + len; i++)
			names[name++] = (uint16_t)(set->names[i] - from.at + at);
		at += len;
	}
	*out = *set;
	out->names = names;
	out->wire = wire;
}

struct rrset_walk
rrset_begin(const struct rrset *set)
{
	return (struct rrset_walk){ .at = set->wire, .end = set->wire + set->wire_len };
}

bool
rrset_next(struct rrset_walk *walk, struct rdata *out)
{
	if (walk->at == walk->end)
		return false;
	out->len = load_u16(walk->at + RRSET_FIXED_OCTETS - 2);
	out->data = walk->at + RRSET_FIXED_OCTETS;
	walk->at = out->data + out->len;
	return true;
}
