#include "engine/dns64.h"

#include <stdio.h>

#include "dns/codes.h"

#define NIBBLES 8	/* labels that hold the IPv4 address */

static const uint8_t prefix[12] = { 0x00, 0x64, 0xff, 0x9b };
static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

/* 64:ff9b::/96 in ip6.arpa */
static const uint8_t prefix_arpa[] =
	"\0010\0010\0010\0010\0010\0010\0010\0010\0010\0010\0010\0010\0010\0010\0010\0010"
	"\001b\0019\001f\001f\0014\0016\0010\0010\003ip6\004arpa";

/** Addresses that hold IPv4 ones count as none (5.1.4). */
static unsigned
count_addresses(const struct rrset *set)
{
	struct rrset_walk walk = rrset_begin(set);
	struct rdata data;
	unsigned count = 0;

	while (rrset_next(&walk, &data))
		count += data.len == 16 && memcmp(data.data, mapped, sizeof(mapped)) != 0;
	return count;
}

/** For whom answers are made of others: not for who validates by himself (5.5). */
static bool
is_for(const struct question *q)
{
	return q->type == TYPE_AAAA && q->klass == CLASS_IN &&
	       !(q->edns.dnssec_ok && q->header.flags & MSG_CD);
}

bool
dns64_is_wanted(const struct question *q, const struct answer *answer)
{
	if (!is_for(q))
		return false;
	if (answer->rcode != RCODE_NOERROR)
		return answer->rcode == RCODE_SERVFAIL;
	for (unsigned i = 0; i < answer->count; i++)
		if (answer->items[i].section == SECTION_ANSWER &&
		    answer->items[i].set.type == TYPE_AAAA && count_addresses(&answer->items[i].set))
			return false;
	return true;
}

static bool
exclude_mapped(struct rrset *set, struct scratch *scratch)
{
	uint8_t *wire = scratch_room(scratch, set->wire_len);
	struct writer writer = writer_over(wire, set->wire_len);
	struct rrset_walk walk = rrset_begin(set);
	uint16_t names = 0;
	struct rdata data;

	if (!wire)
		return false;
	set->count = 0;
	while (rrset_next(&walk, &data)) {
		if (data.len != 16 || memcmp(data.data, mapped, sizeof(mapped)) == 0)
			continue;
		if (rrset_encode(&writer, TYPE_AAAA, set->ttl_s, data, NULL, &names) != OK)
			return false;
		set->count++;
	}
	set->wire = wire;
	set->wire_len = (uint16_t)writer.len;
	return true;
}

bool
dns64_exclude(const struct question *q, struct answer *answer, struct scratch *scratch)
{
	for (unsigned i = 0; is_for(q) && i < answer->count; i++) {
		struct answer_item *item = &answer->items[i];

		if (item->section == SECTION_ANSWER && item->set.type == TYPE_AAAA &&
		    count_addresses(&item->set) < item->set.count &&
		    !exclude_mapped(&item->set, scratch))
			return false;
	}
	return true;
}

uint32_t
dns64_ttl(const struct answer *without)
{
	for (unsigned i = 0; i < without->count; i++)
		if (without->items[i].section == SECTION_AUTHORITY &&
		    without->items[i].set.type == TYPE_SOA)
			return without->items[i].ttl_s;
	return DNS64_TTL_S;
}

static bool
make_set(const struct rrset *from, uint32_t ttl_s, struct scratch *scratch, struct rrset *out)
{
	size_t octets = (size_t)from->count * (RRSET_FIXED_OCTETS + 16);
	uint8_t *wire = octets <= UINT16_MAX ? scratch_room(scratch, octets) : NULL;
	struct writer writer = writer_over(wire, octets);
	struct rrset_walk walk = rrset_begin(from);
	uint8_t ip[16];
	uint16_t names = 0;
	struct rdata v4;

	if (!wire)
		return false;
	memcpy(ip, prefix, sizeof(prefix));
	while (rrset_next(&walk, &v4)) {
		if (v4.len != 4)
			return false;
		memcpy(ip + sizeof(prefix), v4.data, 4);
		if (rrset_encode(&writer, TYPE_AAAA, ttl_s, (struct rdata){ ip, sizeof(ip) },
				 NULL, &names) != OK)
			return false;
	}
	*out = (struct rrset){ .owner = from->owner, .type = TYPE_AAAA, .count = from->count,
			       .ttl_s = ttl_s, .wire = wire, .wire_len = (uint16_t)writer.len };
	return true;
}

/** An RRSIG set over A: its data begin with the type covered (RFC 4034 3.1). */
static bool
signs_a(const struct rrset *set)
{
	struct rrset_walk walk = rrset_begin(set);
	struct rdata data;

	return set->type == TYPE_RRSIG && rrset_next(&walk, &data) && data.len >= 2 &&
	       load_u16(data.data) == TYPE_A;
}

bool
dns64_make(struct answer *answer, uint32_t ttl_s, struct scratch *scratch)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < answer->count; i++) {
		struct answer_item item = answer->items[i];

		if (item.section == SECTION_ANSWER && signs_a(&item.set))
			continue;
		if (item.section == SECTION_ANSWER && item.set.type == TYPE_A) {
			item.ttl_s = item.ttl_s < ttl_s ? item.ttl_s : ttl_s;
			if (!make_set(&item.set, item.ttl_s, scratch, &item.set))
				return false;
		}
		answer->items[kept++] = item;
	}
	answer->count = kept;
	return true;
}

static unsigned
nibble(const uint8_t *label)
{
	return label[1] <= '9' ? (unsigned)(label[1] - '0') : (unsigned)(label[1] - 'a') + 10;
}

static bool
is_nibble(const uint8_t *label)
{
	return label[0] == 1 && ((label[1] >= '0' && label[1] <= '9') ||
				 (label[1] >= 'a' && label[1] <= 'f'));
}

bool
dns64_reverse(const struct name *name, struct name *out)
{
	unsigned octets[4];	/* the last of the address first, as the name has them */
	const uint8_t *at = name->wire;
	char text[64];

	if (name->len != 2 * NIBBLES + sizeof(prefix_arpa) ||
	    memcmp(at + 2 * NIBBLES, prefix_arpa, sizeof(prefix_arpa)) != 0)
		return false;
	for (unsigned i = 0; i < 4; i++, at += 4) {
		if (!is_nibble(at) || !is_nibble(at + 2))
			return false;
		octets[i] = nibble(at) | nibble(at + 2) << 4;
	}
	snprintf(text, sizeof(text), "%u.%u.%u.%u.in-addr.arpa", octets[0], octets[1], octets[2],
		 octets[3]);
	return name_parse(text, out) == OK;
}
