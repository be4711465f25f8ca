#include "dns/build.h"

#include <assert.h>
#include <string.h>

#include "dns/codes.h"

#define QUESTION_AT	MSG_HEADER_OCTETS
#define OPCODE_BITS	0x7800u
#define POINTER		0xc000u
#define POINTER_REACH	0x4000u	/* what 14 bits can point to (RFC 1035 4.1.4) */
#define OPT_OCTETS	11
#define OPT_DO		0x8000u
#define OPTION_HEAD	4	/* option code, option length */
#define EDE_OCTETS	6	/* and the info code */

static void
put_header(struct writer *out, uint16_t id, unsigned flags, bool question)
{
	uint8_t *p = writer_room(out, MSG_HEADER_OCTETS);

	if (!p)
		return;
	memset(p, 0, MSG_HEADER_OCTETS);
	store_u16(p, id);
	store_u16(p + 2, (uint16_t)flags);
	p[5] = question;
}

void
build_reply(struct builder *b, uint8_t *buf, size_t size, const struct question *q,
	    uint16_t rcode, size_t reserve)
{
	unsigned asked = q->header.flags & (OPCODE_BITS | MSG_RD | MSG_CD);

	b->out = writer_over(buf, size);
	b->limit = size > reserve ? size - reserve : 0;
	b->question = q->wire_len ? q : NULL;
	b->name_count = 0;
	b->opt_at = 0;
	put_header(&b->out, q->header.id, MSG_QR | MSG_RA | asked | (rcode & 15u), q->wire_len);
	writer_bytes(&b->out, q->wire, q->wire_len);
}

void
build_query(struct builder *b, uint8_t *buf, size_t size, uint16_t id, const uint8_t *name,
	    uint16_t type, uint16_t klass)
{
	b->out = writer_over(buf, size);
	b->limit = size;
	b->question = NULL;
	b->name_count = 0;
	b->opt_at = 0;
	put_header(&b->out, id, MSG_RD, true);
	writer_bytes(&b->out, name, name_wire_len(name));
	writer_u16(&b->out, type);
	writer_u16(&b->out, klass);
}

/* A name about to be written, in lower case, and the target found for its end. */
struct pending {
	struct name name;
	struct suffixes suffixes;
	unsigned labels;	/* how many of its last labels the message has already */
	unsigned at;		/* where */
};

/** Does the name at `at`, which we wrote, equal this one in lower case? */
static bool
written_equals(const struct builder *b, unsigned at, const uint8_t *lower)
{
	const uint8_t *msg = b->out.base;
	struct name name;
	struct reader in = reader_over(msg, b->out.len);

	in.at += at;
	return name_read(&in, &name) == OK && name_wire_equal(name.wire, lower);
}

/**
 * The longest end that the question has too: hashes grow from the root, so it is the deepest
 * entry on which both agree.  The question itself stands in the message as it was asked.
 */
static void
match_question(const struct question *q, struct pending *p)
{
	unsigned k = q->name.labels < p->name.labels ? q->name.labels : p->name.labels;

	while (k && q->suffixes.hash[k] != p->suffixes.hash[k])
		k--;
	if (k && name_wire_equal(q->name.wire + q->suffixes.offset[k],
				 p->name.wire + p->suffixes.offset[k])) {
		p->labels = k;
		p->at = QUESTION_AT + q->suffixes.offset[k];
	}
}

static void
match_written(const struct builder *b, struct pending *p)
{
	for (unsigned i = 0; i < b->name_count; i++) {
		unsigned k = b->names[i].labels;

		if (k <= p->labels || k > p->name.labels ||
		    b->names[i].hash != p->suffixes.hash[k])
			continue;
		if (written_equals(b, b->names[i].at, p->name.wire + p->suffixes.offset[k])) {
			p->labels = k;
			p->at = b->names[i].at;
		}
	}
}

/** Remember the ends of the name just written at `at` that were not there before. */
static void
remember(struct builder *b, const struct pending *p, size_t at)
{
	for (unsigned k = p->name.labels; k > p->labels; k--) {
		size_t suffix_at = at + p->suffixes.offset[k];

		if (b->name_count == BUILDER_NAMES || suffix_at >= POINTER_REACH)
			return;
		b->names[b->name_count].hash = p->suffixes.hash[k];
		b->names[b->name_count].at = (uint16_t)suffix_at;
		b->names[b->name_count].labels = (uint8_t)k;
		b->name_count++;
	}
}

/** Write a name compressed, in the letter case given. */
static void
put_name(struct builder *b, const uint8_t *wire)
{
	struct pending p;	/* large: nothing of it is set that is not used */
	size_t at = b->out.len;

	p.labels = p.at = 0;
	name_lower(wire, &p.name);
	name_suffixes(&p.name, &p.suffixes);
	if (b->question)
		match_question(b->question, &p);
	match_written(b, &p);

	writer_bytes(&b->out, wire, p.suffixes.offset[p.labels]);
	if (p.labels)
		writer_u16(&b->out, (uint16_t)(POINTER | p.at));
	else
		writer_u8(&b->out, 0);
	if (!b->out.failed)
		remember(b, &p, at);
}

/** The owner of one record; `pointer` is 0 until the name stands where one can point to it. */
static void
put_owner(struct builder *b, const uint8_t *owner, unsigned *pointer)
{
	size_t at = b->out.len;

	if (*pointer) {
		writer_u16(&b->out, (uint16_t)*pointer);
		return;
	}
	put_name(b, owner);
	if (b->out.failed || *owner == 0)
		return;
	if (b->out.base[at] >= POINTER >> 8)	/* all of it was there already */
		*pointer = load_u16(b->out.base + at);
	else if (at < POINTER_REACH)
		*pointer = POINTER | (unsigned)at;
}

/** One record behind its owner: wire[at..end), with `names` of it compressed. */
static void
put_record(struct builder *b, const struct rrset *set, size_t at, size_t end,
	   const uint16_t *names, size_t name_count, uint32_t ttl_s)
{
	size_t start = b->out.len, data = at + RRSET_FIXED_OCTETS;

	writer_bytes(&b->out, set->wire + at + 2, 4);	/* type and class */
	writer_u32(&b->out, ttl_s);
	writer_u16(&b->out, 0);
	for (; name_count--; names++) {
		writer_bytes(&b->out, set->wire + data, *names - data);
		put_name(b, set->wire + *names);
		data = *names + name_wire_len(set->wire + *names);
	}
	writer_bytes(&b->out, set->wire + data, end - data);
	if (!b->out.failed)
		store_u16(b->out.base + start + 8, (uint16_t)(b->out.len - start - 10));
}

static void
put_records(struct builder *b, const struct rrset *set, uint32_t ttl_s)
{
	unsigned pointer = set->owner ? 0 : POINTER | QUESTION_AT;
	size_t at = 0, name = 0;

	while (at < set->wire_len && !b->out.failed) {
		size_t end = at + RRSET_FIXED_OCTETS + load_u16(set->wire + at + 10);
		size_t first = name;

		while (name < set->name_count && set->names[name] < end)
			name++;
		put_owner(b, set->owner, &pointer);
		put_record(b, set, at, end, set->names + first, name - first, ttl_s);
		at = end;
	}
}

/** The set as it is ready-made: one copy, and another TTL where it differs. */
static void
put_ready(struct builder *b, const struct rrset *set, uint32_t ttl_s)
{
	uint8_t *p = writer_room(&b->out, set->wire_len);

	if (!p)
		return;
	memcpy(p, set->wire, set->wire_len);
	if (ttl_s == set->ttl_s)
		return;
	for (const uint8_t *end = p + set->wire_len; p < end;
	     p += RRSET_FIXED_OCTETS + load_u16(p + 10))
		store_u32(p + 6, ttl_s);
}

static uint8_t *
section_count(const struct builder *b, enum section section)
{
	return b->out.base + 4 + 2 * section;
}

static void
count_records(struct builder *b, enum section section, unsigned count)
{
	uint8_t *p = section_count(b, section);

	store_u16(p, (uint16_t)(load_u16(p) + count));
}

bool
build_rrset(struct builder *b, enum section section, const struct rrset *set, uint32_t ttl_s)
{
	struct writer before = b->out;
	unsigned names_before = b->name_count;

	if (b->out.failed || b->out.len > b->limit)
		return false;
	assert(section == SECTION_ADDITIONAL || !load_u16(section_count(b, section + 1)));

	b->out.size = b->limit;
	if (!set->owner && !set->name_count)
		put_ready(b, set, ttl_s);
	else
		put_records(b, set, ttl_s);
	if (b->out.failed) {
		b->out = before;
		b->name_count = names_before;
		return false;
	}
	b->out.size = before.size;
	count_records(b, section, set->count);
	return true;
}

void
build_truncated(struct builder *b)
{
	b->out.base[2] |= MSG_TC >> 8;
}

size_t
build_opt_octets(uint16_t ede, const char *ede_text)
{
	if (ede == EDE_NONE)
		return OPT_OCTETS;
	return OPT_OCTETS + EDE_OCTETS + (ede_text ? strlen(ede_text) : 0);
}

void
build_opt_begin(struct builder *b, uint16_t udp_size, bool dnssec_ok, uint16_t rcode)
{
	struct writer *out = &b->out;

	if (out->failed || out->size - out->len < OPT_OCTETS)
		return;
	writer_u8(out, 0);
	writer_u16(out, TYPE_OPT);
	writer_u16(out, udp_size);
	writer_u8(out, (uint8_t)(rcode >> 4));
	writer_u8(out, 0);	/* version */
	writer_u16(out, dnssec_ok ? OPT_DO : 0);
	writer_u16(out, 0);
	b->opt_at = out->len;
	count_records(b, SECTION_ADDITIONAL, 1);
}

/** Octets that OPT's data can still take. */
static size_t
opt_room(const struct builder *b)
{
	size_t room = b->out.size - b->out.len, left = UINT16_MAX - (b->out.len - b->opt_at);

	if (!b->opt_at || b->out.failed)
		return 0;
	return room < left ? room : left;
}

static void
put_option(struct builder *b, uint16_t code, size_t len)
{
	writer_u16(&b->out, code);
	writer_u16(&b->out, (uint16_t)len);
	store_u16(b->out.base + b->opt_at - 2,
		  (uint16_t)(load_u16(b->out.base + b->opt_at - 2) + OPTION_HEAD + len));
}

bool
build_option(struct builder *b, uint16_t code, const void *data, size_t len)
{
	if (opt_room(b) < OPTION_HEAD + len)
		return false;
	put_option(b, code, len);
	writer_bytes(&b->out, data, len);
	return true;
}

void
build_extended_error(struct builder *b, uint16_t ede, const char *text)
{
	size_t len = text ? strlen(text) : 0, room = opt_room(b);

	if (room < EDE_OCTETS)
		return;
	if (len > room - EDE_OCTETS) {	/* cut between two UTF-8 characters */
		len = room - EDE_OCTETS;
		while (len && ((uint8_t)text[len] & 0xc0) == 0x80)
			len--;
	}
	put_option(b, OPTION_EDE, 2 + len);
	writer_u16(&b->out, ede);
	writer_bytes(&b->out, text, len);
}

void
build_opt(struct builder *b, uint16_t udp_size, bool dnssec_ok, uint16_t rcode, uint16_t ede,
	  const char *ede_text)
{
	build_opt_begin(b, udp_size, dnssec_ok, rcode);
	if (ede != EDE_NONE)
		build_extended_error(b, ede, ede_text);
}
