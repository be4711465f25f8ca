/*
 * zonefile - RFC 1035 master files and records as text: the only door to ldns
 *
 * $ORIGIN, $TTL, $INCLUDE (relative to the file that names it, depth bounded), multi-line
 * records, escapes, comments.  Errors keep file, line and column.  A file that ends in the
 * middle of a line counts as cut and is refused.
 */
#ifndef LOAD_ZONEFILE_H
#define LOAD_ZONEFILE_H

#include "base/text.h"
#include "estate/estate.h"
#include "load/source.h"

/**
 * Append the records of a zone file to zone->sets, fold the content of every file read into
 * zone->source and note it in `sources` under the key that the caller began.  at: where the
 * file is named.  Consecutive records of one owner and type are one set.
 * ERR_REJECTED: errors were reported; the zone is not to be used.
 */
enum status zonefile_load(const char *path, struct srcloc at, struct hosted_zone *zone,
			  struct sources *sources, struct estate *estate,
			  struct diags *diags) must_check;

/**
 * One value as the Route 53 API and our YAML write it ("10 mail.example.com", "\"text\"");
 * names are absolute with or without a trailing dot, text of TXT and SPF stands in quotes,
 * escapes are \DDD (the API's \OOO: see load/recordset).
 * ERR_MALFORMED: not data of this type; *why says what is wrong (static string).
 */
enum status rdata_parse(uint16_t type, const char *text, struct arena *arena,
			struct rdata *out, const char **why) must_check;

/**
 * Append the data of one record in presentation form, which rdata_parse reads as the same
 * data again; unknown types and odd data as RFC 3597.  ERR_NOMEM.
 */
enum status rdata_print(uint16_t type, struct rdata rdata, struct text *out) must_check;

/** Append a whole record set in zone-file form, a line a record. owner: set->owner or, when
 *  that is NULL, `question`. */
enum status rrset_print(const struct rrset *set, const uint8_t *question, uint32_t ttl_s,
			struct text *out) must_check;

#endif
