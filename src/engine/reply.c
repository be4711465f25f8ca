#include "engine/reply.h"

#include "dns/codes.h"
#include "dns/msg.h"
#include "dns/rdata.h"

#define CHAIN_PASSES 3

/*
 * A reply is walked several times, and an owner may take 128 pointers to read.  All owners
 * are read once (survey); after that those only whose record has the type that is looked for.
 */

/* A reply being taken apart. */
struct reading {
	const struct ask *ask;
	const uint8_t *domain;
	struct reader answers, authority, additional;	/* each at its section's first record */
	uint16_t answer_count, authority_count, additional_count;
	uint16_t rcode;				/* with its upper bits */
	bool has_ns;				/* in authority */

	struct name current;			/* where the chain stands */
	uint32_t current_at;			/* its octets in `out`; 0: the question */
	unsigned chain;				/* CNAMEs so far */
	bool cut;				/* what comes behind `current` is not taken */

	enum status status;			/* of keeping; sticky */
	struct writer out;			/* over *kept, behind room for all heads */
	struct cached *kept;
	struct cached_set *set;			/* being filled */
	uint16_t names[RRSET_MAX_NAMES];	/* of that set */
};

/** Equal but for letter case?  Lengths of labels are no letters, so octet by octet. */
static bool
same_letters(const uint8_t *a, const uint8_t *lower, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t octet = a[i] >= 'A' && a[i] <= 'Z' ? a[i] | 0x20 : a[i];

		if (octet != lower[i])
			return false;
	}
	return true;
}

/** Is it the reply to what we sent?  The cursor then stands behind the question. */
static bool
is_ours(struct reader *in, struct msg_header *header, const struct reply_expected *expected)
{
	size_t name_len = expected->ask->name.len;
	const uint8_t *question;

	if (msg_header_read(in, header) != OK)
		return false;
	if (header->id != expected->id || !(header->flags & MSG_QR) || header->count[0] != 1 ||
	    msg_opcode(header->flags) != OPCODE_QUERY)
		return false;
	question = reader_bytes(in, name_len + 4);
	return question && same_letters(question, expected->ask->name.wire, name_len) &&
	       load_u16(question + name_len) == expected->ask->type &&
	       load_u16(question + name_len + 2) == expected->ask->klass;
}

bool
reply_keeps_case(const uint8_t *packet, const struct reply_expected *expected)
{
	return memcmp(packet + MSG_HEADER_OCTETS, expected->asked,
		      expected->ask->name.len) == 0;
}

/** Pass a section whose records nobody keeps, noting what they say about the whole. */
static void
survey_section(struct reading *r, struct reader *in, unsigned count, enum section section)
{
	struct msg_record record;

	while (count-- && msg_record_read(in, &record) == OK) {
		if (section == SECTION_AUTHORITY && record.type == TYPE_NS)
			r->has_ns = true;
		if (section == SECTION_ADDITIONAL && record.type == TYPE_OPT)
			r->rcode = (uint16_t)((r->rcode & 15) | record.ttl_s >> 24 << 4);
		reader_bytes(in, record.rdlength);
	}
}

/** Walk the whole reply once; false: it is malformed. */
static bool
survey(struct reading *r, struct reader *in, const struct msg_header *header)
{
	r->rcode = header->flags & 15;
	r->has_ns = false;
	r->answer_count = header->count[1];
	r->authority_count = header->count[2];
	r->additional_count = header->count[3];
	r->answers = *in;
	survey_section(r, in, header->count[1], SECTION_ANSWER);
	r->authority = *in;
	survey_section(r, in, header->count[2], SECTION_AUTHORITY);
	r->additional = *in;
	survey_section(r, in, header->count[3], SECTION_ADDITIONAL);
	return !in->failed;
}

static bool
name_equal(const struct name *a, const struct name *b)
{
	return a->len == b->len && memcmp(a->wire, b->wire, a->len) == 0;
}

static void
keep_fail(struct reading *r, enum status status)
{
	if (r->status == OK)
		r->status = status;
}

/** Open a set at the end of what is kept; false: no room for one more. */
static bool
set_open(struct reading *r, enum section section, uint16_t type, uint32_t owner_at)
{
	if (r->kept->set_count == CACHE_MAX_SETS)
		return false;
	r->set = &r->kept->sets[r->kept->set_count++];
	*r->set = (struct cached_set){
		.owner_at = owner_at,
		.wire_at = (uint32_t)r->out.len,
		.ttl_s = UINT32_MAX,
		.type = type,
		.section = section,
	};
	return true;
}

/** Add the record whose data the cursor is at to the open set. */
static void
set_add(struct reading *r, struct reader *in, const struct msg_record *record)
{
	struct cached_set *set = r->set;
	size_t start = r->out.len, data;
	struct rdata_names names;
	enum status status;

	writer_u16(&r->out, 0xc00c);
	writer_u16(&r->out, record->type);
	writer_u16(&r->out, record->klass);
	writer_u32(&r->out, record->ttl_s);
	writer_u16(&r->out, 0);
	data = r->out.len;
	status = rdata_read(in, record->type, record->rdlength, &r->out, &names);
	if (status == OK && (r->out.failed || r->out.len - set->wire_at > UINT16_MAX ||
			     set->name_count + names.count > RRSET_MAX_NAMES))
		status = ERR_LIMIT;
	if (status != OK) {
		keep_fail(r, status);
		return;
	}
	store_u16(r->out.base + data - 2, (uint16_t)(r->out.len - data));
	for (unsigned i = 0; i < names.count; i++)
		r->names[set->name_count++] = (uint16_t)(data - set->wire_at + names.at[i]);
	set->count++;
	set->wire_len = (uint16_t)(set->wire_len + r->out.len - start);
	if (record->ttl_s < set->ttl_s)
		set->ttl_s = record->ttl_s;
}

/**
 * The set is complete: all its records have the smallest TTL (RFC 2181 5.2), and its names
 * go behind its data, at an even place.
 */
static void
set_close(struct reading *r)
{
	uint8_t *at = r->out.base + r->set->wire_at, *end = at + r->set->wire_len;

	for (; at < end; at += RRSET_FIXED_OCTETS + load_u16(at + 10))
		store_u32(at + 6, r->set->ttl_s);
	if (r->out.len & 1)
		writer_u8(&r->out, 0);
	r->set->names_at = (uint32_t)r->out.len;
	writer_bytes(&r->out, r->names, r->set->name_count * sizeof(r->names[0]));
	if (r->out.failed)
		keep_fail(r, ERR_LIMIT);
}

/** The chain moves on to the target of the CNAME just kept. */
static void
advance(struct reading *r)
{
	r->current_at = r->set->wire_at + RRSET_FIXED_OCTETS;
	name_lower(r->out.base + r->current_at, &r->current);
	if (++r->chain == REPLY_MAX_CHAIN || !name_wire_covers(r->domain, r->current.wire))
		r->cut = true;
}

/** One pass over the answers, along CNAMEs in the order they come; did the chain move? */
static bool
follow_chain(struct reading *r)
{
	unsigned before = r->chain;
	struct reader in = r->answers;
	struct msg_record record;

	for (unsigned n = r->answer_count; n && !r->cut && r->status == OK; n--) {
		if (msg_record_type(&in) != TYPE_CNAME) {
			msg_record_pass(&in);
			continue;
		}
		if (msg_record_read(&in, &record) != OK)
			break;
		if (record.klass != r->ask->klass || !name_equal(&record.owner, &r->current)) {
			reader_bytes(&in, record.rdlength);
			continue;
		}
		set_open(r, SECTION_ANSWER, TYPE_CNAME, r->current_at);
		set_add(r, &in, &record);
		if (r->status == OK) {
			set_close(r);
			advance(r);
		}
	}
	return r->chain != before;
}

/** Keep the whole set of the asked type at the end of the chain; is there one? */
static bool
keep_final(struct reading *r)
{
	uint16_t type = r->ask->type;
	struct reader in = r->answers;
	struct msg_record record;
	bool found = false;

	for (unsigned n = r->answer_count; n && r->status == OK; n--) {
		if (type != TYPE_ANY && msg_record_type(&in) != type) {
			msg_record_pass(&in);
			continue;
		}
		if (msg_record_read(&in, &record) != OK)
			break;
		if (type == TYPE_ANY && !type_is_meta(record.type) &&
		    record.type != TYPE_RRSIG && name_equal(&record.owner, &r->current))
			type = record.type;
		/* while it is ANY, none was seen that can be kept */
		if (type == TYPE_ANY || record.type != type ||
		    record.klass != r->ask->klass || !name_equal(&record.owner, &r->current)) {
			reader_bytes(&in, record.rdlength);
			continue;
		}
		if (!found)
			set_open(r, SECTION_ANSWER, type, r->current_at);
		found = true;
		set_add(r, &in, &record);
	}
	if (found && r->status == OK)
		set_close(r);
	return found;
}

/** A record as a set of its own with its own owner; silently not, where none has room. */
static void
keep_single(struct reading *r, struct reader *in, const struct msg_record *record,
	    enum section section, uint32_t owner_at)
{
	if (!owner_at && section != SECTION_ANSWER) {
		owner_at = (uint32_t)r->out.len;
		writer_bytes(&r->out, record->owner.wire, record->owner.len);
	}
	if (r->out.failed || !set_open(r, section, record->type, owner_at)) {
		reader_bytes(in, record->rdlength);
		return;
	}
	set_add(r, in, record);
	if (r->status == OK)
		set_close(r);
}

/** The SOA of a negative answer; its owner encloses the name that has nothing. */
static void
keep_soa(struct reading *r)
{
	struct reader in = r->authority;
	struct msg_record record;

	for (unsigned n = r->authority_count; n; n--) {
		if (msg_record_type(&in) != TYPE_SOA) {
			msg_record_pass(&in);
			continue;
		}
		if (msg_record_read(&in, &record) != OK)
			return;
		if (record.klass == r->ask->klass &&
		    name_wire_covers(record.owner.wire, r->current.wire)) {
			keep_single(r, &in, &record, SECTION_AUTHORITY, 0);
			return;
		}
		reader_bytes(&in, record.rdlength);
	}
}

/** The kept answer set that this signature covers, or NULL. */
static const struct cached_set *
signed_set(const struct reading *r, const struct msg_record *record, uint16_t covered)
{
	for (unsigned i = 0; i < r->kept->set_count; i++) {
		const struct cached_set *set = &r->kept->sets[i];
		struct name owner;

		if (set->type != covered || set->section != SECTION_ANSWER)
			continue;
		if (set->owner_at)
			name_lower(r->out.base + set->owner_at, &owner);
		if (name_equal(&record->owner, set->owner_at ? &owner : &r->ask->name))
			return set;
	}
	return NULL;
}

/** Signatures over the answer sets that are kept. */
static void
keep_signatures(struct reading *r)
{
	struct reader in = r->answers;
	struct msg_record record;

	for (unsigned n = r->answer_count; n && r->status == OK; n--) {
		const struct cached_set *set = NULL;

		if (msg_record_type(&in) != TYPE_RRSIG) {
			msg_record_pass(&in);
			continue;
		}
		if (msg_record_read(&in, &record) != OK)
			break;
		if (record.klass == r->ask->klass && record.rdlength >= 2)
			set = signed_set(r, &record, load_u16(in.at));
		if (set)
			keep_single(r, &in, &record, SECTION_ANSWER, set->owner_at);
		else
			reader_bytes(&in, record.rdlength);
	}
}

/** NSEC, NSEC3 and all signatures of the authority section. */
static void
keep_denial(struct reading *r)
{
	struct reader in = r->authority;
	struct msg_record record;

	for (unsigned n = r->authority_count; n && r->status == OK; n--) {
		uint16_t type = msg_record_type(&in);

		if (type != TYPE_NSEC && type != TYPE_NSEC3 && type != TYPE_RRSIG) {
			msg_record_pass(&in);
			continue;
		}
		if (msg_record_read(&in, &record) != OK)
			break;
		if (record.klass == r->ask->klass)
			keep_single(r, &in, &record, SECTION_AUTHORITY, 0);
		else
			reader_bytes(&in, record.rdlength);
	}
}

/** Does the referral to this cut lead downwards, towards the name? */
static bool
is_below(const struct reading *r, const struct name *cut)
{
	return name_wire_covers(r->domain, cut->wire) &&
	       !name_wire_equal(r->domain, cut->wire) &&
	       name_wire_covers(cut->wire, r->current.wire);
}

/** Keep a whole set of others than the question's; is there one?  No room: there is none. */
static bool
keep_set(struct reading *r, enum section section, struct reader in, unsigned count,
	 const struct name *owner, uint16_t type)
{
	uint32_t owner_at = (uint32_t)r->out.len;
	struct msg_record record;
	bool found = false;

	while (count-- && r->status == OK && msg_record_read(&in, &record) == OK) {
		if (record.type != type || record.klass != r->ask->klass ||
		    !name_equal(&record.owner, owner)) {
			reader_bytes(&in, record.rdlength);
			continue;
		}
		if (!found) {
			writer_bytes(&r->out, owner->wire, owner->len);
			if (!set_open(r, section, type, owner_at))
				return false;
		}
		found = true;
		set_add(r, &in, &record);
	}
	if (found && r->status == OK)
		set_close(r);
	return found;
}

/** The cut that the reply refers to; false: to none that is ours to ask about. */
static bool
find_cut(const struct reading *r, struct name *cut)
{
	struct reader in = r->authority;
	struct msg_record record;

	for (unsigned n = r->authority_count; n && msg_record_read(&in, &record) == OK; n--) {
		if (record.type == TYPE_NS && record.klass == r->ask->klass &&
		    is_below(r, &record.owner)) {
			*cut = record.owner;
			return true;
		}
		reader_bytes(&in, record.rdlength);
	}
	return false;
}

/** The addresses of one name server, as far as the cut is where they are known. */
static void
keep_glue(struct reading *r, const struct name *cut, const struct name *server)
{
	static const uint16_t types[] = { TYPE_A, TYPE_AAAA };

	if (!name_wire_covers(cut->wire, server->wire))
		return;
	for (unsigned i = 0; i < COUNT_OF(types); i++)
		keep_set(r, SECTION_ADDITIONAL, r->additional, r->additional_count, server,
			 types[i]);
}

/** The NS set and its glue; false: it refers us to where we may not go. */
static bool
keep_referral(struct reading *r)
{
	const struct cached_set *ns;
	unsigned count;
	struct name cut, server;
	size_t at;

	if (!find_cut(r, &cut))
		return false;
	keep_set(r, SECTION_AUTHORITY, r->authority, r->authority_count, &cut, TYPE_NS);
	ns = &r->kept->sets[0];
	count = ns->count < ASK_TARGETS_MAX ? ns->count : ASK_TARGETS_MAX;
	at = ns->wire_at;
	for (unsigned i = 0; i < count && r->status == OK; i++) {
		name_lower(r->out.base + at + RRSET_FIXED_OCTETS, &server);
		keep_glue(r, &cut, &server);
		at += RRSET_FIXED_OCTETS + load_u16(r->out.base + at + 10);
	}
	return true;
}

/** Close the gap between the heads in use and what follows them. */
static void
compact(struct reading *r)
{
	struct cached *kept = r->kept;
	uint32_t from = sizeof(*kept) + CACHE_MAX_SETS * sizeof(kept->sets[0]);
	uint32_t gap = (uint32_t)((CACHE_MAX_SETS - kept->set_count) * sizeof(kept->sets[0]));

	memmove((uint8_t *)kept + from - gap, (uint8_t *)kept + from, r->out.len - from);
	for (unsigned i = 0; i < kept->set_count; i++) {
		struct cached_set *set = &kept->sets[i];

		if (set->owner_at)
			set->owner_at -= gap;
		set->wire_at -= gap;
		set->names_at -= gap;
	}
	kept->len = (uint32_t)r->out.len - gap;
}

static void
kept_init(struct cached *kept, uint16_t rcode, uint16_t ede)
{
	*kept = (struct cached){ .len = sizeof(*kept), .rcode = rcode, .ede = ede };
}

/** All of a good reply that is kept. */
static void
keep_answer(struct reading *r)
{
	bool chained = r->ask->type != TYPE_CNAME && r->ask->type != TYPE_ANY;
	bool found = false;

	for (unsigned pass = 1; chained && follow_chain(r); pass++)
		if (pass == CHAIN_PASSES)
			r->cut = true;
	if (!r->cut)
		found = keep_final(r);
	if (!r->cut && !found)
		keep_soa(r);
	if (r->rcode == RCODE_NOERROR && !r->kept->set_count && r->has_ns) {
		if (!r->ask->referrals || !keep_referral(r))
			keep_fail(r, ERR_REJECTED);
		return;
	}
	if (r->ask->dnssec_ok) {
		if (r->ask->type != TYPE_RRSIG)		/* there they are the data */
			keep_signatures(r);
		if (!r->cut)
			keep_denial(r);
	}
	/* Otherwise it is about a name that was not taken. */
	if (found || r->cut)
		r->kept->rcode = RCODE_NOERROR;
}

enum reply_kind
reply_read(const uint8_t *packet, size_t len, const struct reply_expected *expected,
	   struct cached *out, uint16_t *rcode)
{
	struct reader in = reader_over(packet, len);
	struct msg_header header;
	struct reading r;	/* large: not cleared */

	if (!is_ours(&in, &header, expected) || !survey(&r, &in, &header))
		return REPLY_IGNORED;
	if (!expected->any_case && !reply_keeps_case(packet, expected))
		return REPLY_SUSPECT;
	*rcode = r.rcode;
	if (r.rcode != RCODE_NOERROR && r.rcode != RCODE_NXDOMAIN)
		return REPLY_FAILED;
	if (header.flags & MSG_TC)
		return REPLY_TRUNCATED;

	r.ask = expected->ask;
	r.domain = expected->domain;
	r.current = expected->ask->name;
	r.current_at = 0;
	r.chain = 0;
	r.cut = false;
	r.status = OK;
	r.kept = out;
	r.out = writer_over((uint8_t *)out, CACHED_MAX_OCTETS);
	r.out.len = sizeof(*out) + CACHE_MAX_SETS * sizeof(out->sets[0]);
	kept_init(out, r.rcode, EDE_NONE);
	keep_answer(&r);
	if (r.status == ERR_LIMIT || r.status == ERR_REJECTED) {
		*rcode = RCODE_SERVFAIL;
		return REPLY_FAILED;
	}
	if (r.status != OK)	/* malformed data */
		return REPLY_IGNORED;
	compact(&r);
	return REPLY_ANSWER;
}

void
reply_failure(uint16_t rcode, uint16_t ede, const char *ede_text, struct cached *out)
{
	size_t len = ede_text ? strlen(ede_text) + 1 : 0;

	kept_init(out, rcode, ede);
	if (len && len <= CACHED_MAX_OCTETS - sizeof(*out)) {
		out->ede_text_at = sizeof(*out);
		memcpy((uint8_t *)out + sizeof(*out), ede_text, len);
		out->len += (uint32_t)len;
	}
}
