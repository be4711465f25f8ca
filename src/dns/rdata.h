/*
 * rdata - where names sit inside each type's data and which may be compressed
 *
 * A layout is a string, one letter per field, in wire order:
 *   C  name that may be compressed (types of RFC 1035 only; RFC 3597 4)
 *   N  name never written compressed, but read so by some senders
 *   1 2 4 6  as many octets        a  4 octets (A)      q  16 octets (AAAA)
 *   s  one character-string        S  one or more       r  the rest, unread
 * Unknown types are "r": opaque, carried as they are (RFC 3597).
 */
#ifndef DNS_RDATA_H
#define DNS_RDATA_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/status.h"

#define RDATA_MAX_OCTETS 65535
#define RDATA_MAX_NAMES	 2	/* names that may be compressed in one record's data */

/* Names that may be compressed in one record's data, as offsets from its start. */
struct rdata_names {
	uint8_t count;
	uint16_t at[RDATA_MAX_NAMES];
};

const char *rdata_layout(uint16_t type);

/**
 * Read `len` octets of data at the cursor of a message, checked against the layout, and
 * append them to `out` with names uncompressed and in the letter case they came in.
 * names (may be NULL) gets the compressible ones, relative to where the data starts in out.
 * ERR_SHORT, ERR_MALFORMED: data breaks the layout; `in` has failed; out->len is restored.
 * ERR_LIMIT: out is full, or names made the data longer than a record's can be; out->len is
 * restored, the cursor stands behind the data.
 */
enum status rdata_read(struct reader *in, uint16_t type, uint16_t len, struct writer *out,
		       struct rdata_names *names) must_check;

/**
 * Check uncompressed data against the layout; gives the compressible names.
 * ERR_SHORT, ERR_MALFORMED: data breaks the layout; *names is unspecified.
 */
enum status rdata_check(uint16_t type, const uint8_t *data, uint16_t len,
			struct rdata_names *names) must_check;

/**
 * Copy uncompressed data with the names in it in lower case, so that data which are equal
 * to a server are equal octets (RFC 4343; RFC 2181 5).  Data that break the layout are
 * copied as they are.  `out` has room for len octets.
 */
void rdata_lower(uint16_t type, const uint8_t *data, uint16_t len, uint8_t *out);

#endif
