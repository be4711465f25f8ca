/*
 * name - domain names in wire form
 *
 * Length-prefixed labels ending in the root label, at most 255 octets (RFC 1035 3.1),
 * kept in lower case (RFC 4343).  A `struct name` is a value: copy it freely, it owns
 * nothing.  Names at rest (estate, snapshot, cache) are bare wire octets, `const uint8_t *`,
 * in lower case too; they say their own length.
 */
#ifndef DNS_NAME_H
#define DNS_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/status.h"

#define NAME_MAX_OCTETS 255
#define NAME_MAX_LABELS 127
#define NAME_MAX_LABEL	63	/* octets of one label */
#define NAME_TEXT_MAX	1024	/* every octet as \DDD, dots and the zero octet */

struct name {
	uint8_t len;			/* octets used, root included: 1..255 */
	uint8_t labels;			/* root not counted: 0..127 */
	uint8_t wire[NAME_MAX_OCTETS];
};

/*
 * The suffixes of one name from the root outward: entry k is its last k labels.  One pass
 * serves the cut table and the zone alike.  Only entries 0..labels are set.
 */
struct suffixes {
	uint64_t hash[NAME_MAX_LABELS + 1];
	uint8_t offset[NAME_MAX_LABELS + 1];	/* where the suffix begins in the wire form */
};

/** The hash of the root name; all others grow from it by name_hash_label. */
#define NAME_HASH_ROOT 0x243f6a8885a308d3ull

/** Hash of a name from that of its parent and its first label (lower case). */
uint64_t name_hash_label(uint64_t parent, const uint8_t *label, size_t len);

/** Hash of a whole wire name; equals the last entry of its suffixes. */
uint64_t name_hash(const uint8_t *wire);

/**
 * Read the name at the cursor, following compression pointers (RFC 1035 4.1.4), in lower
 * case.  Each pointer must lead to before the labels it ends, and 128 are the most, so the
 * walk always ends, and soon.
 * OK: the cursor stands behind the name as it lies in the message.
 * ERR_SHORT, ERR_MALFORMED: the reader has failed and *out is unspecified.
 */
enum status name_read(struct reader *in, struct name *out) must_check;

/** The same in the letter case it came in: for names inside data, which pass through. */
enum status name_read_cased(struct reader *in, struct name *out) must_check;

/** Read a name without pointers, a question's, in lower case, with its suffixes: one pass. */
enum status name_read_plain(struct reader *in, struct name *out, struct suffixes *suffixes)
	must_check;

/**
 * Parse presentation form: "corp.example", "corp.example.", "\052.example", "a\.b.example",
 * "." for the root.  Always absolute; escapes are \DDD decimal (RFC 1035 5.1).
 * ERR_MALFORMED: an empty label, a bad escape, or the empty string.
 * ERR_LIMIT: a label over 63 or a name over 255 octets.
 */
enum status name_parse(const char *text, struct name *out) must_check;

/** The same with the escapes of the Route 53 API: \OOO octal ("\052.example" is "*.example"). */
enum status name_parse_octal(const char *text, struct name *out) must_check;

/**
 * Print with a trailing dot into buf[NAME_TEXT_MAX]; returns buf.  name_parse and zone files
 * read it back: what they would take for syntax has a backslash, what cannot be seen is \DDD.
 */
char *name_print(const uint8_t *wire, char *buf);

/** Octets of a wire name, root label included. */
size_t name_wire_len(const uint8_t *wire);
uint8_t name_wire_labels(const uint8_t *wire);

/** From trusted wire octets in lower case (snapshot, estate). */
void name_from_wire(const uint8_t *wire, struct name *out);

/** From trusted wire octets in any letter case. */
void name_lower(const uint8_t *wire, struct name *out);

/** A copy at rest; NULL when the arena is full. */
const uint8_t *name_store(struct arena *arena, const struct name *name);

/** Compute the suffixes; the name is in lower case. */
void name_suffixes(const struct name *name, struct suffixes *out);

bool name_wire_equal(const uint8_t *a, const uint8_t *b);

/** Is `name` equal to `zone` or below it? */
bool name_wire_covers(const uint8_t *zone, const uint8_t *name);

/** Canonical order (RFC 4034 6.1): by labels from the root.  <0, 0, >0. */
int name_wire_compare(const uint8_t *a, const uint8_t *b);

/** The name without its first label; the root's parent is the root. */
static inline const uint8_t *
name_wire_parent(const uint8_t *wire)
{
	return *wire ? wire + 1 + *wire : wire;
}

static inline bool
name_wire_is_wildcard(const uint8_t *wire)
{
	return wire[0] == 1 && wire[1] == '*';
}

/** The name with its last `labels` labels only, of at least as many: a pointer into it. */
const uint8_t *name_wire_suffix(const uint8_t *wire, uint8_t labels);

/**
 * Prefix one label; false when the label or the result would be too long or the label empty.
 * wire may be out->wire; the label must not lie in *out.
 */
bool name_prepend(const uint8_t *label, size_t len, const uint8_t *wire, struct name *out);

#endif
