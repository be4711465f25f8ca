/*
 * fuzz_reply_records - what an upstream sends: any octets read as a message, each record's
 * data uncompressed, and what was accepted written again and read back the same
 */
#include <stdlib.h>
#include <string.h>

#include "dns/build.h"
#include "dns/codes.h"
#include "dns/rdata.h"
#include "fuzz/fuzz.h"

#define ROOM 70000

/* Where one record's data is kept, too large for the stack of a sanitizer's build. */
struct scratch {
	uint8_t data[ROOM], wire[ROOM], message[ROOM], again[ROOM];
	uint16_t names[RRSET_MAX_NAMES];
};

static bool
same_but_for_case(const uint8_t *a, const uint8_t *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t differ = a[i] ^ b[i];

		if (differ && (differ != 0x20 || (a[i] | 0x20) < 'a' || (a[i] | 0x20) > 'z'))
			return false;
	}
	return true;
}

/** Read the only record of the message that was built. */
static void
check_read_back(struct scratch *s, size_t message_len, const struct msg_record *want, size_t len)
{
	struct reader in = reader_over(s->message, message_len);
	struct writer out = writer_over(s->again, ROOM);
	struct msg_header header;
	struct msg_record record;
	struct name name;

	require(msg_header_read(&in, &header) == OK);
	require(header.count[SECTION_ANSWER] == 1);
	require(name_read(&in, &name) == OK);
	reader_u32(&in);
	require(msg_record_read(&in, &record) == OK);
	require(name_wire_equal(record.owner.wire, want->owner.wire));
	require(record.type == want->type);
	require(rdata_read(&in, record.type, record.rdlength, &out, NULL) == OK);
	require(reader_left(&in) == 0);
	require(out.len == len && same_but_for_case(s->again, s->data, len));
}

/** The record as a set of its own, in the answer to a question for its owner. */
static void
check_write(struct scratch *s, const struct msg_record *record, size_t len)
{
	uint8_t question_wire[NAME_MAX_OCTETS + 4];
	struct writer out = writer_over(s->wire, ROOM);
	uint16_t name_count = 0;
	struct question q;
	struct builder b;
	struct rrset set;
	enum status status;

	status = rrset_encode(&out, record->type, 60, (struct rdata){ s->data, (uint16_t)len },
			      s->names, &name_count);
	if (status == ERR_LIMIT)	/* data may be longer than a set of it can be */
		return;
	require(status == OK);
	set = (struct rrset){ .owner = record->owner.wire, .type = record->type, .count = 1,
			      .ttl_s = 60, .wire_len = (uint16_t)out.len,
			      .name_count = name_count, .wire = s->wire, .names = s->names };
	question_make(&record->owner, record->type, &q, question_wire);
	build_reply(&b, s->message, ROOM, &q, RCODE_NOERROR, 0);
	require(build_rrset(&b, SECTION_ANSWER, &set, 59));
	check_read_back(s, b.out.len, record, len);
}

/** false: the message ends here. */
static bool
one_record(struct reader *in, struct scratch *s)
{
	struct writer out = writer_over(s->data, ROOM);
	struct rdata_names names;
	struct msg_record record;
	enum status status;

	if (msg_record_read(in, &record) != OK)
		return false;
	status = rdata_read(in, record.type, record.rdlength, &out, &names);
	if (status == OK) {
		require(rdata_check(record.type, s->data, (uint16_t)out.len, &names) == OK);
		check_write(s, &record, out.len);
	} else {
		require(out.len == 0);
	}
	return !in->failed;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader in = reader_over(data, size);
	static struct scratch scratch;
	struct msg_header header;
	struct name name;

	if (msg_header_read(&in, &header) == OK && name_read(&in, &name) == OK) {
		reader_u32(&in);
		while (one_record(&in, &scratch))
			;
	}
	return 0;
}
