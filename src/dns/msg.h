/*
 * msg - read a message in place: header, question, EDNS, records
 *
 * Nothing is copied but the question's name, lower-cased, with its suffix hashes taken on
 * the way.  Every length is checked; reading is linear in the packet.
 */
#ifndef DNS_MSG_H
#define DNS_MSG_H

#include <stdbool.h>
#include <stdint.h>

#include "dns/name.h"

#define MSG_HEADER_OCTETS 12
#define MSG_MAX_OCTETS	  65535

/* More of these in a query are no question but work made for us: it is malformed. */
#define MSG_MAX_OPTIONS	   128
#define MSG_MAX_ADDITIONAL 128

/* Bits of the second header word (RFC 1035 4.1.1, RFC 4035 3.2). */
enum msg_flag {
	MSG_QR = 0x8000, MSG_AA = 0x0400, MSG_TC = 0x0200, MSG_RD = 0x0100, MSG_RA = 0x0080,
	MSG_AD = 0x0020, MSG_CD = 0x0010,
};

struct msg_header {
	uint16_t id;
	uint16_t flags;		/* the whole second word */
	uint16_t count[4];	/* question, answer, authority, additional */
};

/* EDNS(0) as asked (RFC 6891 6.1); zero where the packet had no OPT. */
struct edns {
	bool present;
	bool dnssec_ok;
	uint8_t version;
	uint8_t rcode_high;	/* upper bits of a reply's rcode */
	uint16_t udp_size;	/* at least 512 once present */
	const uint8_t *options;	/* into the packet; NULL where there are none */
	uint16_t options_len;
};

/* A query, read.  Valid as long as the packet is. */
struct question {
	struct msg_header header;
	struct name name;		/* lower case */
	struct suffixes suffixes;
	uint16_t type, klass;
	const uint8_t *wire;		/* the question section as asked, letter case kept */
	uint16_t wire_len;		/* name, type and class */
	struct edns edns;
};

/* One option of an OPT record (RFC 6891 6.1.2). */
struct edns_option {
	uint16_t code, len;
	const uint8_t *data;
};

/**
 * The option at *at, which then stands behind it; false: there is none, or it is broken.
 * Only for edns whose options_len is not 0.
 */
bool edns_option_next(const struct edns *edns, size_t *at, struct edns_option *out);

/**
 * Read the OPT of any message, a reply above all; other records are passed by.
 * ERR_SHORT, ERR_MALFORMED: the message breaks off, or has two OPT or a broken one; *out is
 * then absent.
 */
enum status msg_edns_read(const uint8_t *packet, size_t len, struct edns *out) must_check;

static inline uint8_t
msg_opcode(uint16_t flags)
{
	return (uint8_t)(flags >> 11 & 15);
}

/** ERR_SHORT: fewer than 12 octets. */
enum status msg_header_read(struct reader *in, struct msg_header *out) must_check;

/**
 * Read a client's query.
 * OK: all of *out is set.
 * ERR_SHORT: not even a header; or QR is set: nothing must be answered.
 * ERR_REJECTED: an opcode other than QUERY: answer NOTIMP; header is set, wire_len is 0; edns
 * is set where the message has the form of all (RFC 1035 4.1) and an OPT that can be read.
 * ERR_MALFORMED: to be answered FORMERR; header is set, wire_len is 0 unless the question
 * itself could be read (then name, suffixes, type and class are set), edns is what was read
 * of it.  Among these: QDCOUNT other than 1, a compression pointer in the question, records in
 * answer or authority (but those that an IXFR has there, RFC 1995 3), two OPT, an OPT whose
 * owner is not the root or whose options overrun it, octets behind the last record, more
 * options or records than the maxima above.  With QDCOUNT 0 edns is set only where nothing
 * else is wrong: one may ask for a cookie so (RFC 7873 5.4).
 * ERR_LIMIT: EDNS version above 0, all else fine: answer BADVERS; all of *out is set.
 * Other additional records (TSIG, SIG(0)) are passed by.
 */
enum status question_read(const uint8_t *packet, size_t len, struct question *out) must_check;

/** Make a question that no client sent (explain, self-test, lint); EDNS absent. */
void question_make(const struct name *name, uint16_t type, struct question *out,
		   uint8_t wire[NAME_MAX_OCTETS + 4]);

/* One record of a message, its data still in place. */
struct msg_record {
	struct name owner;
	uint16_t type, klass;
	uint32_t ttl_s;		/* above 2^31-1 read as 0 (RFC 2181 8), but in OPT */
	uint16_t rdlength;	/* the reader stands at the data */
};

/**
 * Read a record up to its data.  The caller then passes the data by: rdata_read, or
 * reader_bytes(in, rdlength), which is there.  ERR_SHORT, ERR_MALFORMED: the reader has
 * failed.
 */
enum status msg_record_read(struct reader *in, struct msg_record *out) must_check;

/**
 * The type of the record at the cursor, which stays where it is; 0 where there is none.  The
 * owner's pointers are not followed: to look for a type is cheap whatever the owners are.
 */
uint16_t msg_record_type(const struct reader *in);

/** Pass a whole record by, its owner's pointers not followed. */
void msg_record_pass(struct reader *in);

#endif
