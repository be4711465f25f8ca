/*
 * wire - messages from a line of text and back, for tests
 *
 *	record:  www.corp.example. 60 A 10.0.0.1
 *	printed: NOERROR; www.corp.example. 60 A 10.0.0.1; authority corp.example. 900 SOA
 *
 * Names without a final dot are relative to an origin, @ is the origin itself.
 */
#ifndef TESTS_WIRE_H
#define TESTS_WIRE_H

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns/build.h"
#include "dns/codes.h"
#include "dns/rdata.h"

#define WIRE_TEXT_MAX (256 * 1024)

/** A mistake of the test itself. */
static inline void __attribute__((noreturn))
wire_die(const char *what, const char *text)
{
	fprintf(stderr, "%s: %s\n", what, text);
	abort();
}

/** A name in lower case; origin NULL: the root. */
static inline struct name
wire_name(const char *text, const char *origin)
{
	char whole[NAME_TEXT_MAX];
	struct name name;
	int len;

	if (!origin || !*origin || strcmp(origin, ".") == 0)
		origin = ".";
	if (strcmp(text, "@") == 0)
		len = snprintf(whole, sizeof(whole), "%s", origin);
	else if (*origin == '.' || text[strlen(text) - 1] == '.')
		len = snprintf(whole, sizeof(whole), "%s", text);
	else
		len = snprintf(whole, sizeof(whole), "%s.%s", text, origin);
	if (len < 0 || (size_t)len >= sizeof(whole) || name_parse(whole, &name) != OK)
		wire_die("not a name", text);
	return name;
}

static inline void
wire_put_name(struct writer *out, const char *text, const char *origin)
{
	struct name name = wire_name(text, origin);

	writer_bytes(out, name.wire, name.len);
}

static inline void
wire_put_addr(struct writer *out, int family, const char *text)
{
	uint8_t ip[16];

	if (inet_pton(family, text, ip) != 1)
		wire_die("not an address", text);
	writer_bytes(out, ip, family == AF_INET ? 4 : 16);
}

/** Data of one record by its layout: text is one line, its fields divided by blanks. */
static inline size_t
wire_rdata(uint16_t type, const char *text, const char *origin, uint8_t *room, size_t size)
{
	struct writer out = writer_over(room, size);
	char copy[1024], *rest = copy, *word;

	snprintf(copy, sizeof(copy), "%s", text);
	for (const char *field = rdata_layout(type); *field; field++) {
		word = strtok_r(rest, " \t", &rest);
		if (!word)
			wire_die("data ends early", text);
		if (*field == 'C' || *field == 'N') {
			wire_put_name(&out, word, origin);
		} else if (*field == 'a') {
			wire_put_addr(&out, AF_INET, word);
		} else if (*field == 'q') {
			wire_put_addr(&out, AF_INET6, word);
		} else if (*field == '1') {
			writer_u8(&out, (uint8_t)atoi(word));
		} else if (*field == '2') {
			writer_u16(&out, (uint16_t)atoi(word));
		} else if (*field == '4') {
			writer_u32(&out, (uint32_t)strtoul(word, NULL, 10));
		} else if (*field == 'r') {
			writer_bytes(&out, word, strlen(word));
		} else {
			writer_u8(&out, (uint8_t)strlen(word));
			writer_bytes(&out, word, strlen(word));
		}
	}
	if (out.failed)
		wire_die("data too long", text);
	return out.len;
}

/* A record taken apart: "www 60 A 10.0.0.1". */
struct wire_record {
	struct name owner;
	uint32_t ttl_s;
	uint16_t type;
	uint8_t data[1024];
	uint16_t len;
};

static inline struct wire_record
wire_record(const char *text, const char *origin)
{
	struct wire_record record;
	char owner[256], type[32];
	int at = 0;

	if (sscanf(text, "%255s %u %31s %n", owner, &record.ttl_s, type, &at) < 3 || !at ||
	    !type_parse(type, &record.type))
		wire_die("not a record", text);
	record.owner = wire_name(owner, origin);
	record.len = (uint16_t)wire_rdata(record.type, text + at, origin, record.data,
					  sizeof(record.data));
	return record;
}

/** Append it to a message uncompressed and count it. */
static inline void
wire_append(struct writer *out, enum section section, const char *text)
{
	struct wire_record record = wire_record(text, NULL);
	uint8_t *count = out->base + 4 + 2 * section;

	writer_bytes(out, record.owner.wire, record.owner.len);
	writer_u16(out, record.type);
	writer_u16(out, CLASS_IN);
	writer_u32(out, record.ttl_s);
	writer_u16(out, record.len);
	writer_bytes(out, record.data, record.len);
	store_u16(count, (uint16_t)(load_u16(count) + 1));
}

/* What a client puts into its query; zero: as plain as can be. */
struct wire_ask {
	uint16_t id;
	uint16_t flags;		/* beside RD: MSG_CD */
	uint16_t udp_size;	/* 0: no EDNS */
	bool dnssec_ok;
	uint16_t klass;		/* 0: IN */
};

/** The name as given, letter case kept ("WWW.corp.example"). */
static inline size_t
wire_query(const char *name, const char *type_text, const struct wire_ask *ask, uint8_t *room,
	   size_t size)
{
	struct writer out = writer_over(room, size);
	struct name lower = wire_name(name, NULL);
	uint16_t type;

	if (!type_parse(type_text, &type))
		wire_die("not a type", type_text);
	writer_u16(&out, ask->id);
	writer_u16(&out, (uint16_t)(MSG_RD | ask->flags));
	writer_u16(&out, 1);
	writer_u32(&out, 0);
	writer_u16(&out, ask->udp_size != 0);
	for (size_t i = 0, at = 0; i < lower.len; i++) {
		bool length = i == at;

		if (length)
			at += 1u + lower.wire[i];
		/* presentation and wire form are in step while nothing is escaped */
		writer_u8(&out, length ? lower.wire[i] : (uint8_t)name[i - 1]);
	}
	writer_u16(&out, type);
	writer_u16(&out, ask->klass ? ask->klass : CLASS_IN);
	if (ask->udp_size) {
		writer_u8(&out, 0);
		writer_u16(&out, TYPE_OPT);
		writer_u16(&out, ask->udp_size);
		writer_u32(&out, ask->dnssec_ok ? 0x8000 : 0);
		writer_u16(&out, 0);
	}
	if (out.failed)
		wire_die("query too long", name);
	return out.len;
}

/** The number of a rcode by its name; only those that a server may answer with. */
static inline uint16_t
wire_rcode_number(const char *text)
{
	char buf[CODE_TEXT_MAX];

	for (uint16_t rcode = 0; rcode < 16; rcode++)
		if (strcmp(rcode_print(rcode, buf), text) == 0)
			return rcode;
	wire_die("not a rcode", text);
}

/**
 * Answer a query with what wire_print would print of it: "NXDOMAIN; authority example. 60
 * SOA a. b. 1 2 3 4 5".  Of flags TC alone.
 */
static inline size_t
wire_answer(const uint8_t *query, size_t query_len, const char *text, uint8_t *room, size_t size)
{
	struct reader in = reader_over(query, query_len);
	struct writer out = writer_over(room, size);
	char *copy = strdup(text), *rest = copy, *head, *part;
	struct msg_header header;
	struct name name;
	uint16_t flags = MSG_QR | MSG_RD | MSG_RA;

	if (!copy || msg_header_read(&in, &header) != OK || name_read(&in, &name) != OK)
		wire_die("not a query to be answered", text);
	head = strtok_r(rest, ";", &rest);
	if (strstr(head, " TC"))
		flags |= MSG_TC;
	flags |= wire_rcode_number(strtok_r(head, " ", &head));
	writer_u16(&out, header.id);
	writer_u16(&out, flags);
	writer_u16(&out, 1);
	writer_u16(&out, 0);
	writer_u32(&out, 0);
	writer_bytes(&out, query + 12, (size_t)(in.at - query) - 12 + 4);
	while ((part = strtok_r(rest, ";", &rest))) {
		part += strspn(part, " ");
		if (strncmp(part, "authority ", 10) == 0)
			wire_append(&out, SECTION_AUTHORITY, part + 10);
		else if (strncmp(part, "additional ", 11) == 0)
			wire_append(&out, SECTION_ADDITIONAL, part + 11);
		else
			wire_append(&out, SECTION_ANSWER, part);
	}
	free(copy);
	if (out.failed)
		wire_die("the reply is too long", text);
	return out.len;
}

static inline void __attribute__((format(printf, 2, 3)))
wire_say(struct writer *out, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf((char *)out->base + out->len, out->size - out->len, fmt, ap);
	va_end(ap);
	if (len < 0 || (size_t)len >= out->size - out->len)
		wire_die("text too long", fmt);
	out->len += (size_t)len;
}

/** One record's data by its layout; SOA only by its name, it is long and known. */
static inline void
wire_print_rdata(struct writer *out, uint16_t type, const uint8_t *data, uint16_t len)
{
	struct reader in = reader_over(data, len);
	char buf[NAME_TEXT_MAX];
	struct name name;

	if (type == TYPE_SOA)
		return;
	for (const char *field = rdata_layout(type); *field && !in.failed; field++) {
		if (*field == 'C' || *field == 'N') {
			if (name_read_cased(&in, &name) == OK)
				wire_say(out, " %s", name_print(name.wire, buf));
		} else if (*field == 'a') {
			wire_say(out, " %s",
				 inet_ntop(AF_INET, reader_bytes(&in, 4), buf, sizeof(buf)));
		} else if (*field == 'q') {
			wire_say(out, " %s",
				 inet_ntop(AF_INET6, reader_bytes(&in, 16), buf, sizeof(buf)));
		} else if (*field == '1') {
			wire_say(out, " %u", reader_u8(&in));
		} else if (*field == '2') {
			wire_say(out, " %u", reader_u16(&in));
		} else if (*field == '4') {
			wire_say(out, " %u", reader_u32(&in));
		} else if (*field == 's' || *field == 'S') {
			uint8_t n = reader_u8(&in);

			wire_say(out, " \"%.*s\"", n, (const char *)reader_bytes(&in, n));
		} else {
			size_t n = reader_left(&in);

			wire_say(out, " %.*s", (int)n, (const char *)reader_bytes(&in, n));
		}
	}
}

/** The extended error and the hop count in OPT's options, if they are there. */
static inline void
wire_print_options(struct writer *out, const uint8_t *options, uint16_t len)
{
	struct reader in = reader_over(options, len);

	while (reader_left(&in) && !in.failed) {
		uint16_t code = reader_u16(&in), size = reader_u16(&in);
		const uint8_t *data = reader_bytes(&in, size);

		if (data && code == 15)
			wire_say(out, "; ede %u%s%.*s", load_u16(data), size > 2 ? " " : "",
				 size - 2, (const char *)data + 2);
		else if (data && code == 65057 && size == 4)
			wire_say(out, "; hops %u", data[3]);
	}
}

static inline void
wire_print_records(struct writer *out, struct reader *in, unsigned count, const char *section)
{
	char owner[NAME_TEXT_MAX], type[CODE_TEXT_MAX];
	uint8_t data[4096];
	struct msg_record record;

	while (count--) {
		struct writer uncompressed = writer_over(data, sizeof(data));

		if (msg_record_read(in, &record) != OK)
			wire_die("reply", "a record is malformed");
		if (record.type == TYPE_OPT) {
			wire_print_options(out, in->at, record.rdlength);
			reader_bytes(in, record.rdlength);
			continue;
		}
		if (rdata_read(in, record.type, record.rdlength, &uncompressed, NULL) != OK)
			wire_die("reply", "a record's data is malformed");
		wire_say(out, "; %s%s %u %s", section, name_print(record.owner.wire, owner),
			 record.ttl_s, type_print(record.type, type));
		wire_print_rdata(out, record.type, data, (uint16_t)uncompressed.len);
	}
}

/** The upper bits of the rcode, from OPT; the reader is a copy. */
static inline unsigned
wire_rcode(struct reader in, const struct msg_header *header)
{
	unsigned records = 0u + header->count[1] + header->count[2] + header->count[3];
	unsigned rcode = header->flags & 15;
	struct msg_record record;

	while (records--) {
		if (msg_record_read(&in, &record) != OK)
			break;
		if (record.type == TYPE_OPT)
			rcode |= record.ttl_s >> 24 << 4;
		reader_bytes(&in, record.rdlength);
	}
	return rcode;
}

/** A whole reply as one line, without its question. */
static inline const char *
wire_print(const uint8_t *packet, size_t len, char *text, size_t size)
{
	struct writer out = writer_over((uint8_t *)text, size);
	struct reader in = reader_over(packet, len);
	struct msg_header header;
	struct name name;
	char buf[CODE_TEXT_MAX];

	if (msg_header_read(&in, &header) != OK)
		wire_die("reply", "shorter than a header");
	for (unsigned n = header.count[0]; n--;) {
		if (name_read(&in, &name) != OK)
			wire_die("reply", "the question is malformed");
		reader_u32(&in);
	}
	wire_say(&out, "%s%s%s", rcode_print((uint16_t)wire_rcode(in, &header), buf),
		 header.flags & MSG_TC ? " TC" : "", header.flags & MSG_AD ? " AD" : "");
	wire_print_records(&out, &in, header.count[1], "");
	wire_print_records(&out, &in, header.count[2], "authority ");
	wire_print_records(&out, &in, header.count[3], "additional ");
	if (reader_left(&in))
		wire_die("reply", "octets behind the last record");
	return text;
}

#endif
