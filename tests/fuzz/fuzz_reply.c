/*
 * fuzz_reply - what an upstream sends, judged as the reply to the question it repeats
 *
 * The first octet of the ID chooses DO and how many labels of the name are the rule's
 * domain.  Of what is accepted only the chain, its end and what proves them may be kept, in
 * a form that composes, and that the cache gives back as it was.
 */
#include "engine/reply.h"

#include <stdlib.h>
#include <string.h>

#include "dns/codes.h"
#include "dns/rdata.h"
#include "fuzz/fuzz.h"

/* What one input needs, too large for the stack of a sanitizer's build. */
struct work {
	struct ask ask;
	struct name domain;
	struct question q;
	uint8_t question_wire[NAME_MAX_OCTETS + 4];
	uint16_t id, rcode;
	_Alignas(8) uint8_t kept[CACHED_MAX_OCTETS];
	uint8_t message[MSG_MAX_OCTETS];
	struct scratch scratch;
};

/** Make up the ask that this would be the reply to; false: it has no question. */
static bool
make_ask(struct work *w, const uint8_t *data, size_t size)
{
	struct reader in = reader_over(data, size);
	struct msg_header header;

	if (msg_header_read(&in, &header) != OK || name_read(&in, &w->ask.name) != OK)
		return false;
	w->id = header.id;
	w->ask.type = reader_u16(&in);
	w->ask.klass = CLASS_IN;
	w->ask.dnssec_ok = data[0] & 0x80;
	w->ask.referrals = data[1] & 1;
	name_from_wire(name_wire_suffix(w->ask.name.wire,
					(uint8_t)((data[0] & 0x7f) % (w->ask.name.labels + 1))),
		       &w->domain);
	question_make(&w->ask.name, w->ask.type, &w->q, w->question_wire);
	return true;
}

/** One set: all offsets inside, the records as many as it says, names where it says. */
static void
check_set(const struct cached *entry, unsigned number)
{
	struct rrset set = cached_rrset(entry, number);
	const uint8_t *end = (const uint8_t *)entry + entry->len;
	struct rrset_walk walk = rrset_begin(&set);
	struct rdata rdata;
	unsigned records = 0, names = 0;

	require(set.wire + set.wire_len <= end);
	require((const uint8_t *)(set.names + set.name_count) <= end);
	require(!set.owner || set.owner + name_wire_len(set.owner) <= end);
	while (rrset_next(&walk, &rdata)) {
		struct rdata_names at;

		require(load_u16(rdata.data - 10) == set.type);
		require(load_u32(rdata.data - 6) == set.ttl_s);
		require(rdata_check(set.type, rdata.data, rdata.len, &at) == OK);
		for (unsigned i = 0; i < at.count; i++, names++)
			require(set.wire + set.names[names] == rdata.data + at.at[i]);
		records++;
	}
	require(walk.at == walk.end);
	require(records == set.count && names == set.name_count && records > 0);
}

/** Every answer set stands on the chain from the question; the chain stays in the domain. */
static void
check_chain(const struct work *w, const struct cached *entry)
{
	struct name current = w->ask.name, owner;
	bool final = false;

	for (unsigned i = 0; i < entry->set_count; i++) {
		struct rrset set = cached_rrset(entry, i);

		if (entry->sets[i].section != SECTION_ANSWER ||
		    (set.type == TYPE_RRSIG && w->ask.type != TYPE_RRSIG))
			continue;
		require(!final);
		name_lower(set.owner ? set.owner : w->ask.name.wire, &owner);
		require(name_wire_equal(owner.wire, current.wire));
		if (set.type != TYPE_CNAME || w->ask.type == TYPE_CNAME ||
		    w->ask.type == TYPE_ANY) {
			final = true;
			require(w->ask.type == TYPE_ANY || set.type == w->ask.type);
			continue;
		}
		require(name_wire_covers(w->domain.wire, current.wire));
		name_lower(set.wire + RRSET_FIXED_OCTETS, &current);
	}
}

/** A referral leads downwards, and has nothing but its servers. */
static void
check_referral(const struct work *w, const struct cached *entry)
{
	const uint8_t *cut;

	if (!cached_is_referral(entry))
		return;
	cut = cached_rrset(entry, 0).owner;
	require(w->ask.referrals && entry->rcode == RCODE_NOERROR && cut);
	require(name_wire_covers(w->domain.wire, cut) && !name_wire_equal(w->domain.wire, cut));
	require(name_wire_covers(cut, w->ask.name.wire));
	for (unsigned i = 1; i < entry->set_count; i++) {
		struct rrset set = cached_rrset(entry, i);

		require(entry->sets[i].section == SECTION_ADDITIONAL);
		require(set.type == TYPE_A || set.type == TYPE_AAAA);
		require(set.owner && name_wire_covers(cut, set.owner));
	}
}

static void
check_composes(struct work *w, const struct cached *entry)
{
	struct builder b;

	build_reply(&b, w->message, sizeof(w->message), &w->q, entry->rcode, 0);
	for (unsigned i = 0; i < entry->set_count; i++) {
		struct rrset set = cached_rrset(entry, i);

		if (!build_rrset(&b, (enum section)entry->sets[i].section, &set, 1))
			break;
	}
	require(!b.out.failed);
}

static void
check_cache(struct work *w, struct cached *entry)
{
	struct cache_settings settings = { .max_ttl_ms = 1000, .max_negative_ttl_ms = 1000 };
	struct cache *cache = cache_new(&settings);
	struct cache_found found;

	require(cache != NULL);
	cache_put(cache, &w->ask, entry, 5);
	w->scratch.used = 0;
	if (cache_find(cache, &w->ask, 5, &w->scratch, &found) != CACHE_NONE)
		require(memcmp(found.entry, entry, entry->len) == 0);
	cache_free(cache);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct work room;	/* clearing it would take most of the time */
	struct work *w = &room;
	struct cached *entry = (struct cached *)(void *)w->kept;
	struct reply_expected expected = { .any_case = size & 1 };

	expected.ask = &w->ask;
	expected.asked = w->ask.name.wire;
	expected.domain = w->domain.wire;
	if (make_ask(w, data, size) &&
	    (expected.id = w->id,
	     reply_read(data, size, &expected, entry, &w->rcode) == REPLY_ANSWER)) {
		require(entry->len <= CACHED_MAX_OCTETS && entry->set_count <= CACHE_MAX_SETS);
		for (unsigned i = 0; i < entry->set_count; i++)
			check_set(entry, i);
		check_chain(w, entry);
		check_referral(w, entry);
		check_composes(w, entry);
		check_cache(w, entry);
	}
	return 0;
}
