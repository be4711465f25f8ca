/*
 * zonerecord - one record of a zone file, on its way into the zone
 *
 * Private to zonefile_load (load/zoneload.c, which reads files and directives).  What a
 * record leaves out is that of the record before: owner, TTL.  Records of one owner and type
 * in a row are gathered and become one set when another comes.
 */
#ifndef LOAD_ZONERECORD_H
#define LOAD_ZONERECORD_H

#include "dns/name.h"
#include "dns/rdata.h"
#include "estate/estate.h"
#include "load/master.h"
#include "load/source.h"
#include "load/spelling.h"

#define MAX_TTL_S     2147483647u	/* RFC 2181 8 */
#define TYPE_TEXT_MAX 24
#define NO_TTL	      "no TTL: seconds up to 2147483647, or as in 1h30m"

/* One file being read, and those that led to it. */
struct zone_file {
	struct master master;
	struct source source;
	struct zone_file *by;		/* the file that includes this one */
	unsigned depth;
	struct name origin;
};

struct zone_load {
	struct hosted_zone *zone;
	struct sources *sources;
	struct estate *estate;
	struct diags *diags;
	size_t errors_before;
	bool gave_up;

	const uint8_t *owner;		/* of the record before, stored */
	bool owner_refused;		/* records without owner belong to one that is none */
	bool has_default_ttl, has_last_ttl;
	uint32_t default_ttl_s, last_ttl_s;
	uint16_t type;			/* that type_text says: most follow one of their kind */
	char type_text[TYPE_TEXT_MAX];

	/* Records of one owner and type in a row, until another comes. */
	struct record_set *open;
	struct rdata *values;
	size_t value_count, value_room;
	struct spellings spellings;

	uint8_t data[RDATA_MAX_OCTETS];
};

/** Where a field of the record read last stands, or, behind its end, the last field. */
struct srcloc zonerecord_place(const struct zone_file *file, size_t n);

/** Report what is wrong with field n; returns ERR_REJECTED. */
enum status zonerecord_refuse(struct zone_load *z, const struct zone_file *file, size_t n,
			      const char *code, const char *why);

/** A name as written; relative ones end in the origin.  NULL: it is one, else why not. */
const char *zonerecord_name(const struct field *field, const struct name *origin, struct name *out);

/** Seconds, or as in 1w2d3h4m5s (RFC 2308 and all name servers). */
bool zonerecord_ttl(const struct field *field, uint32_t *ttl_s);

/** Take in the record read last.  ERR_REJECTED: reported; ERR_NOMEM. */
enum status zonerecord_read(struct zone_load *z, struct zone_file *file) must_check;

/** Close the set that is being gathered. */
enum status zonerecord_flush(struct zone_load *z) must_check;

#endif
