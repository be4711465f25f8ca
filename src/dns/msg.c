#include "dns/msg.h"

#include <string.h>

#include "dns/codes.h"

#define UDP_SIZE_LEAST 512	/* RFC 6891 6.2.3: lower values are read as this */

static inline enum status
read_header(struct reader *in, struct msg_header *out)
{
	const uint8_t *p = reader_bytes(in, MSG_HEADER_OCTETS);

	if (!p)
		return ERR_SHORT;
	out->id = load_u16(p);
	out->flags = load_u16(p + 2);
	for (unsigned i = 0; i < COUNT_OF(out->count); i++)
		out->count[i] = load_u16(p + 4 + 2 * i);
	return OK;
}

enum status
msg_header_read(struct reader *in, struct msg_header *out)
{
	return read_header(in, out);
}

/** Pass a name that nobody will look at: pointers are not followed. */
static void
pass_name(struct reader *in)
{
	for (;;) {
		uint8_t n = reader_u8(in);

		if (n >= 0xc0)
			reader_u8(in);
		else if (n > NAME_MAX_LABEL)
			in->failed = true;
		else
			reader_bytes(in, n);
		if (n == 0 || n > NAME_MAX_LABEL || in->failed)
			return;
	}
}

static bool
options_well_formed(const uint8_t *options, uint16_t len)
{
	struct reader in = reader_over(options, len);

	for (unsigned n = 0; n < MSG_MAX_OPTIONS && reader_left(&in) && !in.failed; n++) {
		reader_u16(&in);
		reader_bytes(&in, reader_u16(&in));
	}
	return !in.failed && !reader_left(&in);
}

bool
edns_option_next(const struct edns *edns, size_t *at, struct edns_option *out)
{
	struct reader in = reader_over(edns->options, edns->options_len);

	reader_bytes(&in, *at);
	out->code = reader_u16(&in);
	out->len = reader_u16(&in);
	out->data = reader_bytes(&in, out->len);
	*at += 4u + out->len;
	return !in.failed;
}

/** The cursor stands behind OPT's owner and type (RFC 6891 6.1.2). */
static void
read_opt(struct reader *in, struct edns *out)
{
	const uint8_t *p = reader_bytes(in, 8);
	uint16_t udp_size;

	if (!p)
		return;
	udp_size = load_u16(p);
	out->present = true;
	out->udp_size = udp_size < UDP_SIZE_LEAST ? UDP_SIZE_LEAST : udp_size;
	out->rcode_high = p[2];
	out->version = p[3];
	out->dnssec_ok = p[4] & 0x80;
	out->options_len = load_u16(p + 6);
	if (out->options_len) {
		out->options = reader_bytes(in, out->options_len);
		if (!out->options)
			out->options_len = 0;
		else if (!options_well_formed(out->options, out->options_len))
			in->failed = true;
	}
}

/** Pass what stands behind a record's type. */
static void
pass_data(struct reader *in)
{
	reader_bytes(in, 6);	/* class and TTL */
	reader_bytes(in, reader_u16(in));
}

/** The authority records of a query: the SOA that an IXFR has (RFC 1995 3). */
static void
pass_authority(struct reader *in, unsigned count)
{
	while (count-- && !in->failed) {
		pass_name(in);
		reader_u16(in);
		pass_data(in);
	}
}

/** The additional records of a query: OPT is read, others (TSIG) are passed by. */
static void
read_additional(struct reader *in, unsigned count, struct edns *out)
{
	while (count-- && !in->failed) {
		const uint8_t *owner = in->at;
		uint16_t type;

		pass_name(in);
		type = reader_u16(in);
		if (type == TYPE_OPT) {
			if (in->failed || *owner || out->present)
				in->failed = true;
			else
				read_opt(in, out);
		} else {
			pass_data(in);
		}
	}
}

/** Name, type and class. */
static enum status
read_asked(struct reader *in, struct question *out)
{
	const uint8_t *wire = in->at;

	if (name_read_plain(in, &out->name, &out->suffixes) != OK)
		return ERR_MALFORMED;
	out->type = reader_u16(in);
	out->klass = reader_u16(in);
	if (in->failed)
		return ERR_MALFORMED;
	out->wire = wire;
	out->wire_len = (uint16_t)(in->at - wire);
	return OK;
}

/** All is read, and there is no question, or it is broken. */
static enum status
malformed(const struct reader *in, struct question *out)
{
	if (out->header.count[0] == 0 && (in->failed || reader_left(in) || out->edns.version))
		out->edns = (struct edns){ 0 };
	return ERR_MALFORMED;
}

/** Everything behind the header. */
static enum status
read_body(struct reader *in, struct question *out)
{
	bool is_ixfr;

	if (out->header.count[0] > 1)
		return ERR_MALFORMED;
	if (out->header.count[0] && read_asked(in, out) != OK)
		return ERR_MALFORMED;
	is_ixfr = out->wire_len && out->type == TYPE_IXFR;
	if (out->header.count[1] || out->header.count[2] > is_ixfr ||
	    out->header.count[3] > MSG_MAX_ADDITIONAL)
		return ERR_MALFORMED;
	pass_authority(in, out->header.count[2]);
	read_additional(in, out->header.count[3], &out->edns);
	if (in->failed || reader_left(in) || !out->wire_len)
		return malformed(in, out);
	return out->edns.version ? ERR_LIMIT : OK;
}

/**
 * The OPT of a message of another opcode: its sections mean something else, or nothing, but
 * they have the same form.  Absent when they have not.
 */
static void
read_unknown(struct reader *in, struct question *out)
{
	const uint16_t *count = out->header.count;

	for (unsigned n = count[0]; n && !in->failed; n--) {
		pass_name(in);
		reader_bytes(in, 4);	/* type and class */
	}
	for (unsigned n = count[1] + (unsigned)count[2]; n && !in->failed; n--) {
		pass_name(in);
		reader_bytes(in, 8);	/* type, class and TTL */
		reader_bytes(in, reader_u16(in));
	}
	read_additional(in, count[3], &out->edns);
	if (in->failed || reader_left(in))
		out->edns = (struct edns){ 0 };
}

enum status
question_read(const uint8_t *packet, size_t len, struct question *out)
{
	struct reader in = reader_over(packet, len);

	if (read_header(&in, &out->header) != OK || out->header.flags & MSG_QR)
		return ERR_SHORT;
	out->wire = NULL;
	out->wire_len = 0;
	out->edns = (struct edns){ 0 };
	if (msg_opcode(out->header.flags) != OPCODE_QUERY) {
		read_unknown(&in, out);
		return ERR_REJECTED;
	}
	return read_body(&in, out);
}

/** Pass records that nobody will look at. */
static void
pass_records(struct reader *in, unsigned count)
{
	while (count-- && !in->failed) {
		pass_name(in);
		reader_bytes(in, 8);	/* type, class, TTL */
		reader_bytes(in, reader_u16(in));
	}
}

enum status
msg_edns_read(const uint8_t *packet, size_t len, struct edns *out)
{
	struct reader in = reader_over(packet, len);
	struct msg_header header;

	*out = (struct edns){ 0 };
	if (msg_header_read(&in, &header) != OK)
		return ERR_SHORT;
	for (unsigned n = header.count[0]; n && !in.failed; n--) {
		pass_name(&in);
		reader_bytes(&in, 4);
	}
	pass_records(&in, header.count[1] + header.count[2]);
	read_additional(&in, header.count[3], out);
	if (!in.failed)
		return OK;
	*out = (struct edns){ 0 };
	return ERR_MALFORMED;
}

void
question_make(const struct name *name, uint16_t type, struct question *out,
	      uint8_t wire[NAME_MAX_OCTETS + 4])
{
	out->header = (struct msg_header){ .flags = MSG_RD, .count = { 1 } };
	out->name.len = name->len;
	out->name.labels = name->labels;
	memcpy(out->name.wire, name->wire, name->len);
	name_suffixes(name, &out->suffixes);
	out->type = type;
	out->klass = CLASS_IN;
	out->edns = (struct edns){ 0 };

	memcpy(wire, name->wire, name->len);
	store_u16(wire + name->len, type);
	store_u16(wire + name->len + 2, CLASS_IN);
	out->wire = wire;
	out->wire_len = (uint16_t)(name->len + 4);
}

enum status
msg_record_read(struct reader *in, struct msg_record *out)
{
	enum status status = name_read(in, &out->owner);

	if (status != OK)
		return status;
	out->type = reader_u16(in);
	out->klass = reader_u16(in);
	out->ttl_s = reader_u32(in);
	out->rdlength = reader_u16(in);
	if (in->failed || reader_left(in) < out->rdlength) {
		in->failed = true;
		return ERR_SHORT;
	}
	if (out->ttl_s > INT32_MAX && out->type != TYPE_OPT)
		out->ttl_s = 0;
	return OK;
}

uint16_t
msg_record_type(const struct reader *in)
{
	struct reader ahead = *in;

	pass_name(&ahead);
	return reader_u16(&ahead);
}

void
msg_record_pass(struct reader *in)
{
	pass_name(in);
	reader_bytes(in, 8);	/* type, class, TTL */
	reader_bytes(in, reader_u16(in));
}
