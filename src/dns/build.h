/*
 * build - write a message: sections, compression, stop cleanly when full
 *
 * Record sets go in whole or not at all; counts in the header are kept right after every
 * step, so the message can be sent at any moment.  Compression knows the question's name,
 * and the ends of owners and compressible names written so far (up to BUILDER_NAMES).  The
 * question costs it nothing: its suffixes were hashed when it was read, and are looked at
 * only when there is a name to compress.
 */
#ifndef DNS_BUILD_H
#define DNS_BUILD_H

#include "dns/msg.h"
#include "dns/rrset.h"

#define BUILDER_NAMES 24	/* suffixes remembered as compression targets */

enum section { SECTION_ANSWER = 1, SECTION_AUTHORITY = 2, SECTION_ADDITIONAL = 3 };

struct builder {
	struct writer out;		/* the message: out.base, out.len */
	size_t limit;			/* octets a section may fill; the rest is for OPT */
	const struct question *question;	/* NULL: none was written */
	size_t opt_at;			/* of OPT's data; 0: it was not written */
	unsigned name_count;
	struct {
		uint64_t hash;		/* of the suffix */
		uint16_t at;		/* where it stands in the message */
		uint8_t labels;
	} names[BUILDER_NAMES];
};

/**
 * Begin a reply in buf: header with QR, the opcode, RD and CD as asked, RA, the lower bits of
 * the rcode, and the question as asked.  q->wire_len 0: a reply without a question.
 * q outlives the builder.  size has room for header and question, else out.failed is set
 * and every step after it does nothing.
 * reserve: octets kept free for OPT behind the sections.
 */
void build_reply(struct builder *b, uint8_t *buf, size_t size, const struct question *q,
		 uint16_t rcode, size_t reserve);

/** Begin a query: RD set, one question.  The name is sent as it stands. */
void build_query(struct builder *b, uint8_t *buf, size_t size, uint16_t id,
		 const uint8_t *name, uint16_t type, uint16_t klass);

/**
 * Append a whole record set with the given TTL (which may differ from set->ttl_s).
 * set->owner NULL needs a message with a question.
 * false: it did not fit; the message is as before.  Sections must be filled in order.
 */
bool build_rrset(struct builder *b, enum section section, const struct rrset *set,
		 uint32_t ttl_s);

/** Set the TC bit. */
void build_truncated(struct builder *b);

/**
 * Append OPT (RFC 6891): our UDP size, DO as asked, the upper bits of the rcode, and one
 * extended error (EDE_NONE: none; text may be NULL, cut to fit).  The extended error is left
 * out where it does not fit at all, and so is OPT.
 */
void build_opt(struct builder *b, uint16_t udp_size, bool dnssec_ok, uint16_t rcode,
	       uint16_t ede, const char *ede_text);

/**
 * The same step by step: OPT without options, then each option.  An option that does not fit
 * as a whole is left out (false); an extended error is cut to fit, so it comes last.
 */
void build_opt_begin(struct builder *b, uint16_t udp_size, bool dnssec_ok, uint16_t rcode);
bool build_option(struct builder *b, uint16_t code, const void *data, size_t len);
void build_extended_error(struct builder *b, uint16_t ede, const char *ede_text);

/** Octets OPT with this extended error takes: what to reserve. */
size_t build_opt_octets(uint16_t ede, const char *ede_text);

#endif
