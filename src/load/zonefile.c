#include "load/zonefile.h"

#include <ldns/ldns.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "dns/codes.h"
#include "dns/name.h"
#include "load/rdatatext.h"

#define FIELD_MAX 2048	/* octets of one field: 255 as \DDD, and to spare */
#define RR_HEAD	  11	/* root owner, type, class, TTL, length */

bool
text_is_absolute(const char *text, size_t len)
{
	size_t escapes = 0;

	if (len == 0 || text[len - 1] != '.')
		return false;
	while (escapes + 1 < len && text[len - 2 - escapes] == '\\')
		escapes++;
	return escapes % 2 == 0;
}

static enum status
malformed(struct rdata_maker *m, size_t which, const char *why)
{
	m->which = which;
	m->why = why;
	return ERR_MALFORMED;
}

static enum status
append(struct rdata_maker *m, size_t which, const void *bytes, size_t len)
{
	if (len > RDATA_MAX_OCTETS - m->len)
		return malformed(m, which, "more than 65,535 octets");
	memcpy(m->data + m->len, bytes, len);
	m->len += len;
	return OK;
}

/** Are the fields of this type one word or string each, whatever stands before them? */
static bool
is_plain(ldns_rdf_type type)
{
	return type == LDNS_RDF_TYPE_DNAME || type == LDNS_RDF_TYPE_INT8 ||
	       type == LDNS_RDF_TYPE_INT16 || type == LDNS_RDF_TYPE_INT32 ||
	       type == LDNS_RDF_TYPE_A || type == LDNS_RDF_TYPE_AAAA ||
	       type == LDNS_RDF_TYPE_STR || type == LDNS_RDF_TYPE_PERIOD;
}

static const char *
plain_rule(ldns_rdf_type type)
{
	if (type == LDNS_RDF_TYPE_DNAME)
		return "no domain name";
	if (type == LDNS_RDF_TYPE_INT8)
		return "no number from 0 to 255";
	if (type == LDNS_RDF_TYPE_INT16)
		return "no number from 0 to 65535";
	if (type == LDNS_RDF_TYPE_INT32)
		return "no number from 0 to 4294967295";
	if (type == LDNS_RDF_TYPE_A)
		return "no IPv4 address";
	if (type == LDNS_RDF_TYPE_AAAA)
		return "no IPv6 address";
	if (type == LDNS_RDF_TYPE_PERIOD)
		return "no time in seconds, or as in 1h30m";
	return "no text of at most 255 octets";
}

/** What ldns takes without a word: numbers that are too large for their field. */
static bool
is_in_range(ldns_rdf_type type, const char *text)
{
	uint64_t max = UINT32_MAX, value;

	if (type == LDNS_RDF_TYPE_INT8)
		max = UINT8_MAX;
	else if (type == LDNS_RDF_TYPE_INT16)
		max = UINT16_MAX;
	else if (type == LDNS_RDF_TYPE_PERIOD &&
		 strspn(text, "0123456789smhdwSMHDW") == strlen(text))
		return strspn(text, "0123456789") < strlen(text) ||
		       text_parse_u64(text, max, &value);
	else if (type != LDNS_RDF_TYPE_INT32 && type != LDNS_RDF_TYPE_PERIOD)
		return true;
	return text_parse_u64(text, max, &value);
}

/** ldns takes a name for absolute; a relative one gets the origin. */
static enum status
end_name(struct rdata_maker *m, size_t which, size_t start)
{
	enum status status;

	m->len--;	/* the root */
	status = append(m, which, m->origin, name_wire_len(m->origin));
	if (status == OK && m->len - start > NAME_MAX_OCTETS)
		return malformed(m, which, "a name of more than 255 octets");
	return status;
}

static enum status
add_plain(struct rdata_maker *m, ldns_rdf_type type, const struct field *field, size_t which)
{
	size_t start = m->len;
	char text[FIELD_MAX];
	enum status status;
	ldns_rdf *rdf;

	if (field->quoted && type != LDNS_RDF_TYPE_STR)
		return malformed(m, which, "not to be in quotes");
	if (type == LDNS_RDF_TYPE_DNAME && field_is(field, "@"))
		return m->origin ? append(m, which, m->origin, name_wire_len(m->origin))
				 : malformed(m, which, "there is no origin here");
	if (!field_copy(field, text, sizeof(text)) || strlen(text) != field->len ||
	    !is_in_range(type, text))
		return malformed(m, which, plain_rule(type));
	rdf = ldns_rdf_new_frm_str(type, text);
	if (!rdf)
		return malformed(m, which, plain_rule(type));
	status = append(m, which, ldns_rdf_data(rdf), ldns_rdf_size(rdf));
	ldns_rdf_deep_free(rdf);
	if (status == OK && type == LDNS_RDF_TYPE_DNAME && m->origin &&
	    !text_is_absolute(field->text, field->len))
		return end_name(m, which, start);
	return status;
}

/** RFC 3597 5: \# length, then so many octets in hexadecimal, however divided. */
static enum status
add_generic(struct rdata_maker *m, const struct field *fields, size_t count)
{
	char length[16];
	uint64_t want;
	unsigned digits = 0, octet = 0;

	if (count < 2 || !field_copy(&fields[1], length, sizeof(length)) ||
	    !text_parse_u64(length, RDATA_MAX_OCTETS, &want))
		return malformed(m, count < 2 ? count : 1, "no length from 0 to 65535");
	for (size_t i = 2; i < count; i++) {
		for (size_t k = 0; k < fields[i].len; k++) {
			static const char hex[] = "0123456789abcdef0123456789ABCDEF";
			const char *digit = memchr(hex, fields[i].text[k], sizeof(hex) - 1);
			uint8_t value;

			if (!digit || m->len == want)
				return malformed(m, i, digit ? "more octets than its length says"
							     : "no hexadecimal digits");
			octet = octet << 4 | ((unsigned)(digit - hex) & 15);
			value = (uint8_t)octet;
			if (++digits % 2 == 0 && append(m, i, &value, 1) != OK)
				return ERR_MALFORMED;
		}
	}
	if (m->len != want || digits % 2)
		return malformed(m, count, "fewer octets than its length says");
	return OK;
}

/* The plain fields in front of what only ldns reads; they are made already. */
struct front {
	size_t fields;
	size_t octets;		/* that ldns makes of them in the line of join_fields */
};

/**
 * The record as one line for ldns; the owner is nothing to it.  Names in front are the root
 * there: ldns takes each that begins with the label "@" for the origin.
 */
static char *
join_fields(const struct rdata_maker *m, const struct field *fields, size_t count,
	    struct front front)
{
	const ldns_rr_descriptor *type = ldns_rr_descript(m->type);
	struct text line;

	text_init(&line);
	text_printf(&line, ". 0 IN TYPE%u", m->type);
	for (size_t i = 0; i < count; i++) {
		const char *quote = fields[i].quoted ? "\"" : "";

		if (i < front.fields &&
		    ldns_rr_descriptor_field_type(type, i) == LDNS_RDF_TYPE_DNAME) {
			text_append(&line, " .");
			continue;
		}
		text_printf(&line, " %s", quote);
		text_append_len(&line, fields[i].text, fields[i].len);
		text_append(&line, quote);
	}
	if (!line.failed)
		return line.data;
	text_fini(&line);
	return NULL;
}

/** What ldns made of all fields, but for those in front. */
static enum status
add_rdfs(struct rdata_maker *m, const ldns_rr *rr, size_t count, struct front front)
{
	ldns_buffer *wire = ldns_buffer_new(RDATA_MAX_OCTETS);
	enum status status = ERR_NOMEM;

	if (!wire)
		return ERR_NOMEM;
	if (ldns_rr_rdata2buffer_wire(wire, rr) == LDNS_STATUS_OK)
		status = append(m, count, ldns_buffer_begin(wire) + front.octets,
				ldns_buffer_position(wire) - front.octets);
	ldns_buffer_free(wire);
	return status;
}

/**
 * For WKS ldns asks getservbyname(3), whose answer is one buffer of the process; so its lock
 * is one, too.
 */
static ldns_status
read_line(ldns_rr **rr, uint16_t type, const char *line, const ldns_rdf *origin)
{
	static pthread_mutex_t services = PTHREAD_MUTEX_INITIALIZER;
	bool locked = type == LDNS_RR_TYPE_WKS && pthread_mutex_lock(&services) == 0;
	ldns_status told = ldns_rr_new_frm_str(rr, line, 0, origin, NULL);

	if (locked)
		pthread_mutex_unlock(&services);
	return told;
}

/** Types whose fields depend on each other, or run on: ldns reads the line. */
static enum status
add_line(struct rdata_maker *m, const struct field *fields, size_t count, struct front front)
{
	char *line = join_fields(m, fields, count, front);
	ldns_rdf *origin = NULL;
	enum status status;
	ldns_status told;
	ldns_rr *rr;

	if (!line)
		return ERR_NOMEM;
	if (m->origin) {
		origin = ldns_dname_new_frm_data((uint16_t)name_wire_len(m->origin), m->origin);
		if (!origin) {
			free(line);
			return ERR_NOMEM;
		}
	}
	told = read_line(&rr, m->type, line, origin);
	free(line);
	ldns_rdf_deep_free(origin);
	if (told == LDNS_STATUS_MEM_ERR)
		return ERR_NOMEM;
	if (told != LDNS_STATUS_OK)
		return malformed(m, 0, ldns_get_errorstr_by_id(told));
	status = add_rdfs(m, rr, count, front);
	ldns_rr_free(rr);
	return status;
}

/** Largest number of a field that is one word, a number or a mnemonic; 0: of another kind. */
static uint64_t
word_limit(ldns_rdf_type type)
{
	if (type == LDNS_RDF_TYPE_INT8 || type == LDNS_RDF_TYPE_ALG ||
	    type == LDNS_RDF_TYPE_CERTIFICATE_USAGE || type == LDNS_RDF_TYPE_SELECTOR ||
	    type == LDNS_RDF_TYPE_MATCHING_TYPE)
		return UINT8_MAX;
	if (type == LDNS_RDF_TYPE_INT16 || type == LDNS_RDF_TYPE_CERT_ALG)
		return UINT16_MAX;
	if (type == LDNS_RDF_TYPE_INT32 || type == LDNS_RDF_TYPE_TYPE ||
	    type == LDNS_RDF_TYPE_TIME)
		return UINT32_MAX;
	return 0;
}

/**
 * The numbers in front of what runs on: ldns wraps those that are too large.  (And loses two
 * octets of memory for each certificate type 0.)
 */
static enum status
check_words(struct rdata_maker *m, const ldns_rr_descriptor *type, const struct field *fields,
	    size_t count)
{
	for (size_t i = 0; i < count && i < ldns_rr_descriptor_maximum(type); i++) {
		ldns_rdf_type kind = ldns_rr_descriptor_field_type(type, i);
		uint64_t limit = word_limit(kind), value;
		char text[32];

		if (limit == 0 && kind != LDNS_RDF_TYPE_DNAME)
			break;
		if (limit == 0 || kind == LDNS_RDF_TYPE_TIME || fields[i].len == 0 ||
		    strchr("+-0123456789", fields[i].text[0]) == NULL)
			continue;
		if (!field_copy(&fields[i], text, sizeof(text)) ||
		    !text_parse_u64(text, limit, &value) ||
		    (kind == LDNS_RDF_TYPE_CERT_ALG && value == 0))
			return malformed(m, i, "no number that fits here");
	}
	return OK;
}

static enum status
add_by_type(struct rdata_maker *m, const ldns_rr_descriptor *type, const struct field *fields,
	    size_t count)
{
	size_t least = ldns_rr_descriptor_minimum(type), most = ldns_rr_descriptor_maximum(type);
	struct front front = { 0 };

	for (size_t i = 0; i < count; i++) {
		size_t before = m->len;
		ldns_rdf_type field = i < most ? ldns_rr_descriptor_field_type(type, i)
					       : LDNS_RDF_TYPE_NONE;
		enum status status;

		if (i >= most)
			return malformed(m, i, "more than the data of this type");
		if (!is_plain(field)) {
			status = check_words(m, type, fields, count);
			return status == OK ? add_line(m, fields, count, front) : status;
		}
		status = add_plain(m, field, &fields[i], i);
		if (status != OK)
			return status;
		front.fields++;
		front.octets += field == LDNS_RDF_TYPE_DNAME ? 1 : m->len - before;
	}
	if (count < least)
		return malformed(m, count, "the data end early: more belongs to this type");
	return OK;
}

enum status
rdata_from_fields(struct rdata_maker *m, const struct field *fields, size_t count)
{
	const ldns_rr_descriptor *type = ldns_rr_descript(m->type);
	struct rdata_names names;
	enum status status;

	m->len = 0;
	m->why = NULL;
	if (count && field_is(&fields[0], "\\#"))
		status = add_generic(m, fields, count);
	else if (type->_type != m->type)
		return malformed(m, 0, "data of a type without a text form: write \\# LENGTH HEX");
	else
		status = add_by_type(m, type, fields, count);
	if (status == OK && rdata_check(m->type, m->data, (uint16_t)m->len, &names) != OK)
		return malformed(m, 0, "not the data of this type");
	return status;
}

/** Text is written in quotes: what stands without would be one string a word. */
static enum status
check_quotes(const struct master *master, uint16_t type, const char **why)
{
	for (size_t i = 0; i < master->count && (type == TYPE_TXT || type == TYPE_SPF); i++) {
		if (master->fields[i].quoted || field_is(&master->fields[0], "\\#"))
			continue;
		*why = "text of this type is written in double quotes";
		return ERR_MALFORMED;
	}
	return OK;
}

static enum status
parse_value(struct master *master, struct rdata_maker *m)
{
	enum status status = master_next(master);

	if (status == ERR_SHORT)
		return malformed(m, 0, "it is empty");
	if (status == ERR_MALFORMED)
		return malformed(m, 0, master->why);
	if (status == OK)
		status = check_quotes(master, m->type, &m->why);
	if (status == OK)
		status = rdata_from_fields(m, master->fields, master->count);
	return status;
}

enum status
rdata_parse(uint16_t type, const char *text, struct arena *arena, struct rdata *out,
	    const char **why)
{
	uint8_t data[RDATA_MAX_OCTETS];
	struct rdata_maker m = { .type = type, .data = data };
	struct master master;
	enum status status;

	master_init(&master, text, strlen(text));
	master.bare = true;
	status = parse_value(&master, &m);
	master_fini(&master);
	*why = m.why;
	if (status != OK)
		return status;
	out->data = arena_copy(arena, data, m.len);
	out->len = (uint16_t)m.len;
	return out->data ? OK : ERR_NOMEM;
}

/** A record with a root owner, as ldns reads it off the wire. */
static ldns_rr *
rr_from_wire(uint16_t type, struct rdata rdata)
{
	size_t len = RR_HEAD + (size_t)rdata.len, at = 0;
	uint8_t *wire = calloc(1, len);
	ldns_rr *rr = NULL;

	if (!wire)
		return NULL;
	store_u16(wire + 1, type);
	store_u16(wire + 3, CLASS_IN);
	store_u16(wire + 9, rdata.len);
	if (rdata.len)
		memcpy(wire + RR_HEAD, rdata.data, rdata.len);
	if (ldns_wire2rr(&rr, wire, len, &at, LDNS_SECTION_ANSWER) != LDNS_STATUS_OK)
		rr = NULL;
	free(wire);
	return rr;
}

/**
 * The data as ldns prints them, or NULL: behind owner, TTL, class and type.  Not those of WKS:
 * it would look up each port in /etc/services, and the text would be this machine's.
 */
static char *
print_by_ldns(uint16_t type, struct rdata rdata)
{
	ldns_rr *rr = type == LDNS_RR_TYPE_WKS ? NULL : rr_from_wire(type, rdata);
	char *line = rr ? ldns_rr2str_fmt(ldns_output_format_nocomments, rr) : NULL;
	char *data = line;
	size_t len;

	ldns_rr_free(rr);
	for (unsigned tabs = 0; data && tabs < 4; tabs++) {
		data = strchr(data, '\t');
		data += data != NULL;
	}
	if (!data) {
		free(line);
		return NULL;
	}
	len = strlen(data);
	while (len && strchr(" \t\n", data[len - 1]))
		len--;
	memmove(line, data, len);
	line[len] = '\0';
	return line;
}

/** Does the text give these data again? */
static bool
gives_back(uint16_t type, const char *text, struct rdata rdata)
{
	uint8_t data[RDATA_MAX_OCTETS];
	struct rdata_maker m = { .type = type, .data = data };
	struct master master;
	bool same;

	master_init(&master, text, strlen(text));
	master.bare = true;
	same = parse_value(&master, &m) == OK && m.len == rdata.len &&
	       memcmp(data, rdata.data, m.len) == 0;
	master_fini(&master);
	return same;
}

/*
 * What ldns prints is only used when it reads as the same data again; it drops a few things
 * (empty bit maps, odd parameters) that the form of RFC 3597 can say.
 */
enum status
rdata_print(uint16_t type, struct rdata rdata, struct text *out)
{
	char *text = print_by_ldns(type, rdata);

	if (text && gives_back(type, text, rdata)) {
		text_append(out, text);
	} else {
		text_printf(out, "\\# %u%s", rdata.len, rdata.len ? " " : "");
		for (uint16_t i = 0; i < rdata.len; i++)
			text_printf(out, "%02x", rdata.data[i]);
	}
	free(text);
	return out->failed ? ERR_NOMEM : OK;
}

enum status
rrset_print(const struct rrset *set, const uint8_t *question, uint32_t ttl_s, struct text *out)
{
	struct rrset_walk walk = rrset_begin(set);
	char owner[NAME_TEXT_MAX], type[CODE_TEXT_MAX];
	struct rdata rdata;

	name_print(set->owner ? set->owner : question, owner);
	while (rrset_next(&walk, &rdata)) {
		text_printf(out, "%s\t%u\tIN\t%s\t", owner, ttl_s, type_print(set->type, type));
		if (rdata_print(set->type, rdata, out) != OK)
			return ERR_NOMEM;
		text_append(out, "\n");
	}
	return out->failed ? ERR_NOMEM : OK;
}
