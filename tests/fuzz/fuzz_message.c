/*
 * fuzz_message - a whole message: header, questions, the records of all sections, OPT and its
 * options
 *
 * Reading never leaves the packet, moves forward only and ends.  What question_read makes of
 * the same octets agrees with what the walk saw.  A message that could be read is written
 * again, record by record and compressed, and reads back the same.
 */
#include <string.h>

#include "dns/build.h"
#include "dns/codes.h"
#include "dns/rdata.h"
#include "fuzz/fuzz.h"

#define RECORDS_MOST 128	/* that are kept for writing; all are read */
#define ROOM	     MSG_MAX_OCTETS

/* A record that was read, its data uncompressed. */
struct seen {
	struct msg_record record;
	enum section section;
	const uint8_t *wire_owner;	/* as it lies in the packet */
	size_t data_at, data_len;
};

/* One message, read. */
struct walk {
	struct msg_header header;
	struct name name;		/* of the first question */
	uint16_t type, klass;
	size_t question_len;		/* of the first */
	struct seen seen[RECORDS_MOST];
	unsigned count;
	struct writer data;		/* of all records, one behind the other */
	bool whole;			/* all that the header counts was there */
	size_t left;			/* octets behind it */
};

/* Too large for the stack of a sanitizer's build, too slow to clear for each input. */
struct work {
	struct walk first, second;
	uint8_t first_data[4 * ROOM], second_data[4 * ROOM];
	uint8_t message[ROOM], set[ROOM];
	uint16_t names[RRSET_MAX_NAMES];
};

static void
walk_questions(struct reader *in, struct walk *w)
{
	for (unsigned n = 0; n < w->header.count[0] && !in->failed; n++) {
		const uint8_t *from = in->at;
		struct name name;
		uint16_t type, klass;

		if (name_read(in, &name) != OK)
			return;
		type = reader_u16(in);
		klass = reader_u16(in);
		if (n || in->failed)
			continue;
		w->name = name;
		w->type = type;
		w->klass = klass;
		w->question_len = (size_t)(in->at - from);
	}
}

/** One record; its data as they stand, or none where they break their layout. */
static void
walk_record(struct reader *in, struct walk *w, enum section section)
{
	struct seen *seen = &w->seen[w->count < RECORDS_MOST ? w->count++ : RECORDS_MOST - 1];
	const uint8_t *from = in->at;
	struct reader data;

	seen->section = section;
	seen->wire_owner = from;
	if (msg_record_read(in, &seen->record) != OK) {
		require(in->failed);
		return;
	}
	require(in->at > from && reader_left(in) >= seen->record.rdlength);
	seen->data_at = w->data.len;
	data = *in;
	if (rdata_read(&data, seen->record.type, seen->record.rdlength, &w->data, NULL) == OK)
		require(data.at == in->at + seen->record.rdlength);
	else
		require(w->data.len == seen->data_at);
	seen->data_len = w->data.len - seen->data_at;
	require(reader_bytes(in, seen->record.rdlength) != NULL);
}

static void
walk_message(const uint8_t *packet, size_t size, struct walk *w, uint8_t *room)
{
	struct reader in = reader_over(packet, size);

	w->whole = false;
	w->count = 0;
	w->data = writer_over(room, sizeof(((struct work *)0)->first_data));
	require((msg_header_read(&in, &w->header) == OK) == (size >= MSG_HEADER_OCTETS));
	if (in.failed)
		return;
	walk_questions(&in, w);
	for (unsigned section = 1; section <= 3; section++)
		for (unsigned n = 0; n < w->header.count[section] && !in.failed; n++) {
			const uint8_t *from = in.at;

			walk_record(&in, w, (enum section)section);
			require(in.at >= from && in.at <= packet + size);
		}
	w->whole = !in.failed;
	w->left = reader_left(&in);
}

/** Options one behind the other, to the end of OPT's data; false: broken, or too many. */
static bool
walk_options(const struct edns *edns)
{
	struct edns_option option;
	size_t at = 0;

	for (unsigned n = 0; at < edns->options_len; n++) {
		size_t from = at;

		if (n == MSG_MAX_OPTIONS)
			return false;
		if (!edns_option_next(edns, &at, &option))
			return false;
		require(at == from + 4 + option.len && at <= edns->options_len);
		require(option.data == edns->options + from + 4);
	}
	return true;
}

/** The one OPT of a query; *count: how many there are. */
static const struct seen *
find_opt(const struct walk *w, unsigned *count)
{
	const struct seen *opt = NULL;

	*count = 0;
	for (unsigned i = 0; i < w->count; i++)
		if (w->seen[i].section == SECTION_ADDITIONAL &&
		    w->seen[i].record.type == TYPE_OPT) {
			opt = &w->seen[i];
			++*count;
		}
	return opt;
}

/** EDNS as question_read has it is the OPT that the walk met; is it without fault? */
static bool
check_edns(const struct walk *w, const struct question *q)
{
	unsigned count;
	const struct seen *opt = find_opt(w, &count);
	struct edns edns = { 0 };

	if (!opt)
		return !q->edns.present;
	if (count > 1 || *opt->wire_owner)
		return false;
	edns.options = w->data.base + opt->data_at;
	edns.options_len = (uint16_t)opt->data_len;
	if (!walk_options(&edns))
		return false;
	require(q->edns.present && q->edns.version == (opt->record.ttl_s >> 16 & 0xff));
	require(q->edns.dnssec_ok == (opt->record.ttl_s >> 15 & 1));
	require(q->edns.udp_size == (opt->record.klass < 512 ? 512 : opt->record.klass));
	require(q->edns.options_len == opt->data_len);
	require(!opt->data_len || memcmp(q->edns.options, edns.options, opt->data_len) == 0);
	return true;
}

/** question_read's verdict (RFC 1035 4.1, 6891 6.1), said again over what the walk saw. */
static void
check_question(const uint8_t *packet, size_t size, const struct walk *w)
{
	struct question q;
	enum status status = question_read(packet, size, &q);
	bool plain;

	if (size < MSG_HEADER_OCTETS || w->header.flags & MSG_QR) {
		require(status == ERR_SHORT);
		return;
	}
	require(memcmp(&q.header, &w->header, sizeof(q.header)) == 0);
	if (msg_opcode(w->header.flags) != OPCODE_QUERY) {
		require(status == ERR_REJECTED && !q.wire_len);
		if (q.edns.present && w->whole && w->count < RECORDS_MOST)
			require(check_edns(w, &q));
		return;
	}
	if (q.edns.options_len)
		walk_options(&q.edns);
	if (status == OK || status == ERR_LIMIT)
		require((status == ERR_LIMIT) == (q.edns.version > 0));
	else
		require(status == ERR_MALFORMED);
	if (q.wire_len) {
		require(q.wire == packet + MSG_HEADER_OCTETS && q.name.len + 4 == q.wire_len);
		require(q.wire + q.wire_len <= packet + size);
	}
	/* question_read follows no pointers, so it may accept what the walk did not */
	if (!w->whole || w->count == RECORDS_MOST)
		return;
	plain = w->header.count[0] == 1 && w->question_len == w->name.len + 4u &&
		packet[MSG_HEADER_OCTETS] < 0xc0 && !w->header.count[1] &&
		w->header.count[2] <= (w->type == TYPE_IXFR) &&
		w->header.count[3] <= MSG_MAX_ADDITIONAL && !w->left;
	if (!plain) {
		require(status == ERR_MALFORMED);
		return;
	}
	if (!q.wire_len) {	/* a pointer, and as long by chance as the name it led to */
		require(status == ERR_MALFORMED);
		return;
	}
	require(name_wire_equal(q.name.wire, w->name.wire));
	require(q.type == w->type && q.klass == w->klass);
	require(check_edns(w, &q) == (status != ERR_MALFORMED));
}

/** Put one record into the message as a set of its own; false: it has no room. */
static bool
write_record(struct work *s, struct builder *b, const struct seen *seen)
{
	struct writer out = writer_over(s->set, sizeof(s->set));
	struct rdata data = { s->first.data.base + seen->data_at, (uint16_t)seen->data_len };
	uint16_t name_count = 0;
	struct rrset set;

	if (rrset_encode(&out, seen->record.type, seen->record.ttl_s, data, s->names,
			 &name_count) != OK)
		return false;
	set = (struct rrset){ .owner = seen->record.owner.wire, .type = seen->record.type,
			      .count = 1, .ttl_s = seen->record.ttl_s,
			      .wire_len = (uint16_t)out.len, .name_count = name_count,
			      .wire = s->set, .names = s->names };
	return build_rrset(b, seen->section, &set, seen->record.ttl_s);
}

/** The records that were written, in order, are those that were read back. */
static void
check_same(const struct work *s, const bool *written)
{
	const struct seen *back = s->second.seen;

	for (unsigned i = 0; i < s->first.count; i++) {
		const struct seen *seen = &s->first.seen[i];

		if (!written[i])
			continue;
		require(back->section == seen->section);
		require(name_wire_equal(back->record.owner.wire, seen->record.owner.wire));
		require(back->record.type == seen->record.type);
		require(back->record.klass == CLASS_IN);
		require(back->record.ttl_s == seen->record.ttl_s);
		require(back->data_len == seen->data_len);
		back++;
	}
	require(back == s->second.seen + s->second.count);
}

/** Names in data may have the letter case of the name they point to: compare in lower case. */
static void
check_same_data(struct work *s, const bool *written)
{
	const struct seen *back = s->second.seen;

	for (unsigned i = 0; i < s->first.count; i++) {
		const struct seen *seen = &s->first.seen[i];
		uint16_t len = (uint16_t)seen->data_len;

		if (!written[i])
			continue;
		rdata_lower(seen->record.type, s->first.data.base + seen->data_at, len, s->set);
		rdata_lower(seen->record.type, s->second.data.base + back->data_at, len,
			    s->message);
		require(memcmp(s->set, s->message, len) == 0);
		back++;
	}
}

static void
check_written(struct work *s)
{
	uint8_t question_wire[NAME_MAX_OCTETS + 4];
	bool written[RECORDS_MOST] = { false };
	struct question q;
	struct builder b;

	question_make(&s->first.name, s->first.type, &q, question_wire);
	build_reply(&b, s->message, sizeof(s->message), &q, RCODE_NOERROR, 0);
	for (unsigned i = 0; i < s->first.count; i++)
		if (s->first.seen[i].record.type != TYPE_OPT)
			written[i] = write_record(s, &b, &s->first.seen[i]);
	require(!b.out.failed);
	walk_message(s->message, b.out.len, &s->second, s->second_data);
	require(s->second.whole && !s->second.left);
	require(s->second.header.flags & MSG_QR);
	require(name_wire_equal(s->second.name.wire, s->first.name.wire));
	require(s->second.type == s->first.type);
	check_same(s, written);
	check_same_data(s, written);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct work work;

	walk_message(data, size, &work.first, work.first_data);
	check_question(data, size, &work.first);
	if (work.first.whole && work.first.header.count[0] && work.first.count)
		check_written(&work);
	return 0;
}
