#include "load/zonerecord.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dns/codes.h"
#include "load/rdatatext.h"

static struct srcloc
field_place(const struct zone_file *file, const struct field *field)
{
	return (struct srcloc){ file->source.path, field->line, field->column };
}

struct srcloc
zonerecord_place(const struct zone_file *file, size_t n)
{
	const struct master *m = &file->master;

	return field_place(file, &m->fields[n < m->count ? n : m->count - 1]);
}

/** A field as it is shown to people. */
static const char *
shown(const struct field *field, char buf[80])
{
	size_t len = field->len < 64 ? field->len : 64;

	memcpy(buf, field->text, len);
	strcpy(buf + len, field->len > len ? "..." : "");
	return buf;
}

enum status
zonerecord_flush(struct zone_load *z)
{
	struct record_set *set = z->open;
	struct rdata *values;

	if (!set)
		return OK;
	values = arena_array(estate_records(z->estate), z->value_count, sizeof(*values));
	if (!values)
		return ERR_NOMEM;
	memcpy(values, z->values, z->value_count * sizeof(*values));
	set->values = values;
	set->value_count = (uint16_t)z->value_count;
	zone_add_set(z->zone, set);
	z->open = NULL;
	return OK;
}

static bool
make_room(struct zone_load *z)
{
	size_t room = z->value_room ? 2 * z->value_room : 16;
	struct rdata *more;

	if (z->value_count < z->value_room)
		return true;
	more = realloc(z->values, room * sizeof(*more));
	if (!more)
		return false;
	z->values = more;
	z->value_room = room;
	return true;
}

static enum status
open_set(struct zone_load *z, uint16_t type, uint32_t ttl_s, struct srcloc at)
{
	enum status status = zonerecord_flush(z);
	struct record_set *set;

	if (status != OK)
		return status;
	set = arena_alloc(&z->estate->arena, sizeof(*set));
	if (!set)
		return ERR_NOMEM;
	*set = (struct record_set){ .owner = z->owner, .type = type, .ttl_s = ttl_s, .at = at };
	z->open = set;
	z->value_count = 0;
	return OK;
}

/** RFC 2181 5.2: one TTL for a set; the smallest is what a resolver makes of several. */
static void
join_ttl(struct zone_load *z, uint32_t ttl_s, struct srcloc at)
{
	struct record_set *set = z->open;
	struct finding *finding;

	if (ttl_s == set->ttl_s)
		return;
	finding = diag_open(z->diags, SEVERITY_WARNING, "ttl-differs", NULL, at,
			    "TTL %u beside %u in one record set: the smaller is used", ttl_s,
			    set->ttl_s);
	diag_add(z->diags, finding, PART_OBJECT, "record_set", NULL, set->at, "the first");
	if (ttl_s < set->ttl_s)
		set->ttl_s = ttl_s;
}

static enum status
add_record(struct zone_load *z, uint16_t type, uint32_t ttl_s, const struct rdata_maker *m,
	   struct srcloc at)
{
	uint8_t *data = arena_alloc(estate_records(z->estate), m->len);
	enum status status = OK;

	if (!data)
		return ERR_NOMEM;
	memcpy(data, m->data, m->len);
	if (z->open && z->open->owner == z->owner && z->open->type == type &&
	    z->value_count < UINT16_MAX)
		join_ttl(z, ttl_s, at);
	else
		status = open_set(z, type, ttl_s, at);
	if (status != OK || !make_room(z))
		return ERR_NOMEM;
	z->values[z->value_count++] = (struct rdata){ data, (uint16_t)m->len };
	return OK;
}

const char *
zonerecord_name(const struct field *field, const struct name *origin, struct name *out)
{
	char text[NAME_TEXT_MAX];
	enum status status;

	if (field_is(field, "@")) {
		*out = *origin;
		return NULL;
	}
	if (field->quoted || !field_copy(field, text, sizeof(text)) ||
	    strlen(text) != field->len)
		return "no domain name";
	status = name_parse(text, out);
	if (status == ERR_LIMIT)
		return "too long: a label has at most 63 octets, a name 255";
	if (status != OK)
		return "no domain name: an empty label or a bad escape";
	if (text_is_absolute(text, field->len))
		return NULL;
	if (out->len - 1 + origin->len > NAME_MAX_OCTETS)
		return "with the origin too long: a name has at most 255 octets";
	memcpy(out->wire + out->len - 1, origin->wire, origin->len);
	out->len = (uint8_t)(out->len - 1 + origin->len);
	out->labels = (uint8_t)(out->labels + origin->labels);
	return NULL;
}

enum status
zonerecord_refuse(struct zone_load *z, const struct zone_file *file, size_t n, const char *code,
		  const char *why)
{
	const struct master *m = &file->master;
	char buf[80];

	if (n < m->count)
		diag_report(z->diags, SEVERITY_ERROR, code, zonerecord_place(file, n),
			    "\"%s\": %s", shown(&m->fields[n], buf), why);
	else
		diag_report(z->diags, SEVERITY_ERROR, code, zonerecord_place(file, n), "%s",
			    why);
	return ERR_REJECTED;
}

static enum status
read_owner(struct zone_load *z, const struct zone_file *file)
{
	const struct field *field = &file->master.fields[0];
	char buf[80], text[NAME_TEXT_MAX];
	struct finding *finding;
	struct name name;
	const char *why;

	why = zonerecord_name(field, &file->origin, &name);
	if (why)
		return zonerecord_refuse(z, file, 0, "bad-name", why);
	if (z->owner && name_wire_equal(z->owner, name.wire))
		return OK;
	if (!name_wire_covers(z->zone->name, name.wire)) {
		finding = diag_open(z->diags, SEVERITY_ERROR, "out-of-zone", NULL,
				    field_place(file, field),
				    "\"%s\" is %s here, outside the zone", shown(field, buf),
				    name_print(name.wire, text));
		diag_add(z->diags, finding, PART_OBJECT, "hosted_zone", z->zone->id,
			 z->zone->name_at, "the zone is %s", name_print(z->zone->name, text));
		return ERR_REJECTED;
	}
	z->owner = name_store(estate_records(z->estate), &name);
	return z->owner ? OK : ERR_NOMEM;
}

bool
zonerecord_ttl(const struct field *field, uint32_t *ttl_s)
{
	static const struct { char unit; uint32_t seconds; } units[] = {
		{ 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 },
	};
	uint64_t sum = 0, part = 0;
	bool digits = false;

	for (uint32_t i = 0; i < field->len; i++) {
		char c = field->text[i];
		size_t u = 0;

		if (c >= '0' && c <= '9') {
			part = part * 10 + (uint64_t)(c - '0');
			digits = true;
			if (part > MAX_TTL_S)
				return false;
			continue;
		}
		while (u < COUNT_OF(units) && units[u].unit != (c | 0x20))
			u++;
		if (u == COUNT_OF(units) || !digits)
			return false;
		sum += part * units[u].seconds;
		part = 0;
		digits = false;
		if (sum > MAX_TTL_S)
			return false;
	}
	sum += part;
	if (field->quoted || field->len == 0 || sum > MAX_TTL_S)
		return false;
	*ttl_s = (uint32_t)sum;
	return true;
}

static bool
is_class(const struct field *field)
{
	static const char *const classes[] = { "IN", "CH", "CS", "HS", "NONE", "ANY" };

	for (size_t i = 0; i < COUNT_OF(classes); i++)
		if (field_is(field, classes[i]))
			return true;
	return !field->quoted && field->len > 5 && strncasecmp(field->text, "CLASS", 5) == 0 &&
	       field->text[5] >= '0' && field->text[5] <= '9';
}

/* What stands between owner and data. */
struct record_head {
	uint16_t type;
	bool has_ttl;
	uint32_t ttl_s;
	size_t data;		/* number of the field that the data begin with */
};

static enum status
read_type(struct zone_load *z, const struct zone_file *file, size_t n, uint16_t *type)
{
	const struct field *field = &file->master.fields[n];
	char text[TYPE_TEXT_MAX];

	if (n == file->master.count)
		return zonerecord_refuse(z, file, n, "bad-record",
					 "the record ends before its type");
	if (z->type && field_is(field, z->type_text)) {
		*type = z->type;
		return OK;
	}
	if (field->quoted || !field_copy(field, text, sizeof(text)) || !type_parse(text, type))
		return zonerecord_refuse(z, file, n, "bad-record", "no record type");
	if (type_is_meta(*type))
		return zonerecord_refuse(z, file, n, "bad-record",
					 "only asked for: no record has this type");
	z->type = *type;
	strcpy(z->type_text, text);
	return OK;
}

/** [TTL] [class] type, or [class] [TTL] type (RFC 1035 5.1). */
static enum status
read_head(struct zone_load *z, const struct zone_file *file, struct record_head *head)
{
	const struct master *m = &file->master;
	size_t n = m->blank ? 0 : 1;
	bool has_class = false;

	*head = (struct record_head){ 0 };
	for (; n < m->count; n++) {
		const struct field *field = &m->fields[n];

		if (!has_class && is_class(field)) {
			has_class = true;
			if (!field_is(field, "IN") && !field_is(field, "CLASS1"))
				return zonerecord_refuse(z, file, n, "bad-class",
							 "only records of class IN are served");
		} else if (!head->has_ttl && field->len && field->text[0] >= '0' &&
			   field->text[0] <= '9') {
			head->has_ttl = true;
			if (!zonerecord_ttl(field, &head->ttl_s))
				return zonerecord_refuse(z, file, n, "bad-ttl", NO_TTL);
		} else {
			break;
		}
	}
	head->data = n + 1;
	return read_type(z, file, n, &head->type);
}

/**
 * RFC 2308 4: $TTL; before it RFC 1035 5.1: the TTL stated last; an SOA that comes first has
 * its own minimum, as with the name servers of old.
 */
static enum status
settle_ttl(struct zone_load *z, const struct zone_file *file, struct record_head *head,
	   const struct rdata_maker *m)
{
	if (head->has_ttl) {
		z->has_last_ttl = true;
		z->last_ttl_s = head->ttl_s;
	} else if (z->has_default_ttl) {
		head->ttl_s = z->default_ttl_s;
	} else if (z->has_last_ttl) {
		head->ttl_s = z->last_ttl_s;
	} else if (head->type == TYPE_SOA) {
		head->ttl_s = load_u32(m->data + m->len - 4) & MAX_TTL_S;
		z->has_last_ttl = true;
		z->last_ttl_s = head->ttl_s;
	} else {
		return zonerecord_refuse(z, file, head->data - 1, "no-ttl",
					 "no TTL, and no $TTL before it");
	}
	return OK;
}

enum status
zonerecord_read(struct zone_load *z, struct zone_file *file)
{
	const struct master *m = &file->master;
	struct rdata_maker maker = { .origin = file->origin.wire, .data = z->data };
	enum status status = OK, named = OK;
	struct record_head head;

	if (m->blank && z->owner_refused)
		return ERR_REJECTED;
	if (m->blank && !z->owner) {
		diag_report(z->diags, SEVERITY_ERROR, "bad-record", zonerecord_place(file, 0),
			    "a record without owner, and none before it");
		return ERR_REJECTED;
	}
	if (!m->blank) {
		named = read_owner(z, file);
		z->owner_refused = named == ERR_REJECTED;
	}
	if (named == ERR_NOMEM)
		return named;
	status = read_head(z, file, &head);
	if (status != OK)
		return status;
	maker.type = head.type;
	status = rdata_from_fields(&maker, m->fields + head.data, m->count - head.data);
	if (status == ERR_MALFORMED)
		return zonerecord_refuse(z, file, head.data + maker.which, "bad-data", maker.why);
	if (status == OK && named == OK)
		status = settle_ttl(z, file, &head, &maker);
	if (status != OK || named != OK)
		return status != OK ? status : named;
	status = add_record(z, head.type, head.ttl_s, &maker, zonerecord_place(file, 0));
	if (status == OK && !m->blank)
		status = spellings_note(&z->spellings, &m->fields[0], z->open,
					zonerecord_place(file, 0), z->diags);
	return status;
}
