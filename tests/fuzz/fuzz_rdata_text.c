/*
 * fuzz_rdata_text - record data of every type beside ldns: uncompressed alike, and as text
 *
 * What ldns prints and itself reads back as the same octets, our reader of zone files reads
 * as the same octets too; and what we print, we read.
 */
#include <ldns/ldns.h>
#include <string.h>

#include "dns/rdata.h"
#include "fuzz/fuzz.h"
#include "fuzz/rdata_input.h"
#include "load/zonefile.h"

#define RECORD_HEAD 11		/* root owner, type, class, TTL, length */
#define MESSAGE_MOST 2048

/* The message with a record's head before the data, as ldns wants it. */
struct record {
	uint8_t octets[MESSAGE_MOST];
	size_t at, len;		/* of the head; of all */
};

static bool
put_record(const struct rdata_input *input, struct record *record)
{
	struct writer out = writer_over(record->octets, sizeof(record->octets));
	size_t len = input->size - input->at;

	writer_bytes(&out, input->message, input->at);
	record->at = out.len;
	writer_u8(&out, 0);
	writer_u16(&out, input->type);
	writer_u16(&out, CLASS_IN);
	writer_u32(&out, 60);
	writer_u16(&out, (uint16_t)len);
	writer_bytes(&out, input->message + input->at, len);
	record->len = out.len;
	return !out.failed;
}

/** The data as ldns holds them, in wire form; 0xffff: it cannot write them. */
static size_t
ldns_octets(const ldns_rr *rr, uint8_t *room, size_t size)
{
	ldns_buffer *wire = ldns_buffer_new(size);
	size_t len = UINT16_MAX;

	require(wire != NULL);
	if (ldns_rr_rdata2buffer_wire(wire, rr) == LDNS_STATUS_OK) {
		len = ldns_buffer_position(wire);
		memcpy(room, ldns_buffer_begin(wire), len);
	}
	ldns_buffer_free(wire);
	return len;
}

/** What stands behind owner, TTL, class and type. */
static char *
data_of_line(char *line)
{
	size_t len = strlen(line);

	while (len && strchr(" \t\n", line[len - 1]))
		line[--len] = '\0';
	for (unsigned tabs = 0; line && tabs < 4; tabs++) {
		line = strchr(line, '\t');
		line += line != NULL;
	}
	return line;
}

static bool
we_read(uint16_t type, const char *text, const uint8_t *data, size_t len)
{
	struct arena arena;
	struct rdata back;
	const char *why;
	bool same;

	arena_init(&arena, SIZE_MAX);
	same = rdata_parse(type, text, &arena, &back, &why) == OK && back.len == len &&
	       (len == 0 || memcmp(back.data, data, len) == 0);
	arena_fini(&arena);
	return same;
}

/** Does ldns read the line that it printed as the data again? */
static bool
ldns_reads(const char *line, const uint8_t *data, size_t len)
{
	uint8_t room[8 * MESSAGE_MOST];
	ldns_rr *rr = NULL;
	bool same = false;

	if (ldns_rr_new_frm_str(&rr, line, 0, NULL, NULL) == LDNS_STATUS_OK) {
		same = ldns_octets(rr, room, sizeof(room)) == len &&
		       memcmp(room, data, len) == 0;
		ldns_rr_free(rr);
	}
	return same;
}

/** ldns leaves a quote in a name as it is; to all others it begins a string. */
static bool
has_odd_quote(const char *text)
{
	bool quoted = false;

	for (const char *at = text; *at; at++) {
		const char *beside = quoted ? at + 1 : at - 1;

		if (*at == '\\' && at[1])
			at++;
		else if (*at == '"' && beside >= text && *beside && *beside != ' ')
			return true;
		else if (*at == '"')
			quoted = !quoted;
	}
	return quoted;
}

static void
check_text(const ldns_rr *rr, uint16_t type, const uint8_t *data, size_t len)
{
	char *line, *text;

	/* ldns loses two octets of memory whenever it reads a certificate of type 0, and for
	   WKS it reads /etc/services once for each port */
	if ((type == TYPE_CERT && load_u16(data) == 0) || type == LDNS_RR_TYPE_WKS)
		return;
	line = ldns_rr2str_fmt(ldns_output_format_nocomments, rr);
	if (line && ldns_reads(line, data, len)) {
		text = data_of_line(line);
		require(text && (has_odd_quote(text) || we_read(type, text, data, len)));
	}
	free(line);
}

static void
check_own_text(uint16_t type, const uint8_t *data, size_t len)
{
	struct text text;

	text_init(&text);
	require(rdata_print(type, (struct rdata){ data, (uint16_t)len }, &text) == OK);
	require(we_read(type, text.data, data, len));
	text_fini(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
	static uint8_t data[8 * MESSAGE_MOST], theirs[8 * MESSAGE_MOST];
	struct writer out = writer_over(data, sizeof(data));
	struct rdata_input input;
	struct record record;
	struct reader in;
	size_t at, len;
	ldns_rr *rr = NULL;

	if (!rdata_input_read(octets, size, &input) || !put_record(&input, &record))
		return 0;
	in = reader_over(record.octets, record.len);
	in.at += record.at + RECORD_HEAD;
	if (rdata_read(&in, input.type, (uint16_t)reader_left(&in), &out, NULL) != OK)
		return 0;
	check_own_text(input.type, data, out.len);
	at = record.at;
	if (ldns_wire2rr(&rr, record.octets, record.len, &at, LDNS_SECTION_ANSWER) !=
	    LDNS_STATUS_OK)
		return 0;
	len = ldns_octets(rr, theirs, sizeof(theirs));
	if (len == out.len && memcmp(theirs, data, len) == 0)
		check_text(rr, input.type, data, len);
	else	/* what we carry as it is, ldns may know better, or lose a part of */
		require(*rdata_layout(input.type) == 'r');
	ldns_rr_free(rr);
	return 0;
}
