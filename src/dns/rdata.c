#include "dns/rdata.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "dns/codes.h"
#include "dns/name.h"

/*
 * RFC 1035 3.3, 3.4; RP, AFSDB, RT: RFC 1183; SIG, KEY: RFC 2535; NXT: RFC 2065 5.2;
 * PX: RFC 2163; SRV: RFC 2782; NAPTR: RFC 3403; KX: RFC 2230; CERT: RFC 4398;
 * DNAME: RFC 6672; DS, RRSIG, NSEC, DNSKEY: RFC 4034; SSHFP: RFC 4255; TLSA: RFC 6698;
 * SVCB: RFC 9460; CAA: RFC 8659; URI: RFC 7553.
 */
const char *
rdata_layout(uint16_t type)
{
	switch (type) {
	case TYPE_A:
		return "a";
	case TYPE_NS:
	case 3:		/* MD */
	case 4:		/* MF */
	case TYPE_CNAME:
	case 7:		/* MB */
	case 8:		/* MG */
	case 9:		/* MR */
	case TYPE_PTR:
		return "C";
	case TYPE_SOA:
		return "CC44444";
	case TYPE_HINFO:
		return "ss";
	case 14:	/* MINFO */
		return "CC";
	case TYPE_MX:
		return "2C";
	case TYPE_TXT:
	case TYPE_SPF:
		return "S";
	case TYPE_RP:
		return "NN";
	case TYPE_AFSDB:
	case 21:	/* RT */
	case TYPE_KX:
		return "2N";
	case TYPE_SIG:
	case TYPE_RRSIG:
		return "2114442Nr";
	case 26:	/* PX */
		return "2NN";
	case TYPE_KEY:
	case TYPE_DNSKEY:
	case TYPE_DS:
		return "211r";
	case TYPE_AAAA:
		return "q";
	case 30:	/* NXT */
	case TYPE_NSEC:
		return "Nr";
	case TYPE_SRV:
		return "222N";
	case TYPE_NAPTR:
		return "22sssN";
	case TYPE_CERT:
		return "221r";
	case TYPE_DNAME:
		return "N";
	case TYPE_SSHFP:
		return "11r";
	case TYPE_TLSA:
		return "111r";
	case TYPE_SVCB:
	case TYPE_HTTPS:
		return "2Nr";
	case TYPE_URI:
		return "22r";
	case TYPE_CAA:
		return "1sr";
	}
	return "r";
}

/** Octets of a field of fixed size; 0: of another kind. */
static size_t
fixed_octets(char field)
{
	switch (field) {
	case '1':
	case '2':
	case '4':
	case '6':
		return (size_t)(field - '0');
	case 'a':
		return 4;
	case 'q':
		return 16;
	}
	return 0;
}

/** Pass one character-string, or with `more` as many as there are. */
static void
pass_strings(struct reader *in, bool more)
{
	do
		reader_bytes(in, reader_u8(in));
	while (more && !in->failed && reader_left(in));
}

/** Pass one field that is not a name. */
static enum status
pass_field(struct reader *in, char field)
{
	size_t fixed = fixed_octets(field);

	if (fixed)
		reader_bytes(in, fixed);
	else if (field == 'r')
		reader_bytes(in, reader_left(in));
	else
		pass_strings(in, field == 'S');
	return in->failed ? ERR_SHORT : OK;
}

/** Pass a name that must stand there whole. */
static enum status
pass_name(struct reader *in)
{
	const uint8_t *from = in->at;
	uint8_t n;

	do {
		n = reader_u8(in);
		if (n > NAME_MAX_LABEL)
			return ERR_MALFORMED;
		reader_bytes(in, n);
	} while (n && !in->failed);
	if (in->failed)
		return ERR_SHORT;
	return in->at - from > NAME_MAX_OCTETS ? ERR_MALFORMED : OK;
}

static enum status
copy_octets(const uint8_t *from, size_t len, struct writer *out)
{
	writer_bytes(out, from, len);
	return out->failed ? ERR_LIMIT : OK;
}

/** One field from `in` to `out`; out NULL: check it only. */
static enum status
walk_field(struct reader *in, char field, struct writer *out)
{
	const uint8_t *from = in->at;
	struct name name;
	enum status status;

	if (field != 'C' && field != 'N') {
		status = pass_field(in, field);
		if (status == OK && out)
			status = copy_octets(from, (size_t)(in->at - from), out);
		return status;
	}
	if (!out)
		return pass_name(in);
	status = name_read_cased(in, &name);
	return status == OK ? copy_octets(name.wire, name.len, out) : status;
}

/** All fields from `in`, which ends where the data ends, to `out`, which may be NULL. */
static enum status
walk_fields(struct reader *in, const char *layout, struct writer *out,
	    struct rdata_names *names)
{
	const uint8_t *data = in->at;
	size_t start = out ? out->len : 0;

	names->count = 0;
	for (; *layout; layout++) {
		size_t at = out ? out->len - start : (size_t)(in->at - data);
		enum status status = walk_field(in, *layout, out);

		if (status != OK)
			return status;
		if (*layout == 'C')
			names->at[names->count++] = (uint16_t)at;
	}
	if (reader_left(in))	/* octets behind the last field */
		return ERR_MALFORMED;
	return out && out->len - start > RDATA_MAX_OCTETS ? ERR_LIMIT : OK;
}

enum status
rdata_read(struct reader *in, uint16_t type, uint16_t len, struct writer *out,
	   struct rdata_names *names)
{
	struct reader data = *in;
	struct writer before = *out;
	struct rdata_names found;
	enum status status;

	if (!reader_bytes(in, len))
		return ERR_SHORT;
	data.end = in->at;
	status = walk_fields(&data, rdata_layout(type), out, names ? names : &found);
	if (status != OK)
		*out = before;
	if (status != OK && status != ERR_LIMIT)
		in->failed = true;
	return status;
}

enum status
rdata_check(uint16_t type, const uint8_t *data, uint16_t len, struct rdata_names *names)
{
	struct reader in = reader_over(data, len);

	return walk_fields(&in, rdata_layout(type), NULL, names);
}

void
rdata_lower(uint16_t type, const uint8_t *data, uint16_t len, uint8_t *out)
{
	struct reader in = reader_over(data, len);
	struct name name;

	if (len)
		memcpy(out, data, len);
	for (const char *layout = rdata_layout(type); *layout; layout++) {
		const uint8_t *from = in.at;

		if (walk_field(&in, *layout, NULL) != OK)
			return;
		if (*layout != 'C' && *layout != 'N')
			continue;
		name_lower(from, &name);
		memcpy(out + (from - data), name.wire, name.len);
	}
}
