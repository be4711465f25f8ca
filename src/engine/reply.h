/*
 * reply - what an upstream said, accepted or not, and what of it is kept
 *
 * Accepted: QR, opcode QUERY, our ID, exactly our question, its letter case included (draft-
 * vixie-dnsext-dns0x20).  A target that does not keep the case sends what could be forged as
 * well: it is asked again over a stream, where the case need not match, and shows there what
 * it does with it.  Whether a cookie is missing is for upstream_options to say, before
 * anything is made of what was read here.  Kept: the CNAME chain that
 * starts at the question up to where it leaves the rule's domain, the set it ends in, and
 * the SOA of a negative answer; nothing else that came along (reliability S5).  Where DO
 * was asked for, the signatures over these and the NSEC and NSEC3 records of the authority
 * section are kept too, each as a set of its own.
 *
 * Of a referral, where the ask takes one, the NS set of the cut is kept, with the addresses
 * that came along for name servers at or below the cut; the cut lies below the rule's domain
 * and at or above the question, so a referral only ever leads downwards.
 *
 * A chain is followed in whatever order its records came, in three passes at most, so
 * reading stays linear; what is not reached then, or lies behind REPLY_MAX_CHAIN CNAMEs, is
 * left out: the entry ends in a CNAME, and the chase goes on from its target.
 */
#ifndef ENGINE_REPLY_H
#define ENGINE_REPLY_H

#include "engine/cache.h"

#define REPLY_MAX_CHAIN 12	/* CNAMEs taken from one reply */

enum reply_kind {
	REPLY_IGNORED,		/* not an answer to what was asked: keep waiting */
	REPLY_SUSPECT,		/* it would be, were the name's letters in the case sent */
	REPLY_ANSWER,		/* *out holds it: positive, NODATA, NXDOMAIN or a referral */
	REPLY_TRUNCATED,	/* TC: ask the same target over a stream */
	REPLY_FAILED,		/* SERVFAIL, REFUSED, ...: this target cannot answer; a referral
				 * that is not kept, or an answer beyond our room, counts as
				 * SERVFAIL */
};

/* What was sent, and is to come back. */
struct reply_expected {
	const struct ask *ask;
	uint16_t id;
	const uint8_t *asked;		/* the name as sent, wire */
	bool any_case;			/* its letter case says nothing: a stream, or a target
					 * that is known not to keep it */
	const uint8_t *domain;		/* the rule's; the chain is cut where it leaves it */
};

/**
 * Judge a reply.  For TYPE_ANY the first set at the name is the answer (RFC 8482 4.1).
 * out: room for CACHED_MAX_OCTETS; for REPLY_ANSWER it holds the answer, TTLs as received.
 * rcode: the target's, for all but IGNORED and SUSPECT; what is not to be used for another
 * reason is a failure with SERVFAIL.
 */
enum reply_kind reply_read(const uint8_t *packet, size_t len,
			   const struct reply_expected *expected, struct cached *out,
			   uint16_t *rcode);

/** Did the name come back in the letter case sent?  The reply is not IGNORED. */
bool reply_keeps_case(const uint8_t *packet, const struct reply_expected *expected);

/** A failure as an entry, so that waiters and later askers hear the same for a while. */
void reply_failure(uint16_t rcode, uint16_t ede, const char *ede_text, struct cached *out);

#endif
