/*
 * ctlmsg - what is said on the control socket, as bytes
 *
 *	causeway1 VERB [WORD]...\n		the client, once
 *	{"schema": "causeway-ctl-1", ...}\n	the daemon, once; then it closes
 *
 * A request is one line of words with a blank between them; a word is of printable ASCII
 * (ids and domain names in presentation form are).  A reply is one line of JSON.  Both are
 * bounded.  Knows no socket and no meaning.
 */
#ifndef PROTO_CTLMSG_H
#define PROTO_CTLMSG_H

#include <stddef.h>

#include "base/status.h"

#define CTL_VERSION	   "causeway1"
#define CTL_REQUEST_OCTETS 2048u	/* its newline included */
#define CTL_REPLY_OCTETS   (4u << 20)	/* the same */
#define CTL_WORDS_MAX	   6u		/* behind the version */

struct ctl_request {
	unsigned count;			/* of words; at least 1: the verb */
	const char *words[CTL_WORDS_MAX];	/* in the octets read */
};

/**
 * Read the request that begins at `octets`; its blanks and its newline become zeros.
 * ERR_SHORT: its end has not come.  ERR_LIMIT: it is longer, or has more words, than may be.
 * ERR_MALFORMED: it is none.  *out and the octets are as they were unless OK.
 */
enum status ctl_request_read(char *octets, size_t len, struct ctl_request *out) must_check;

/**
 * Write a request of `count` words into buf[CTL_REQUEST_OCTETS]; its length in *len.
 * ERR_MALFORMED: a word is empty, or not of printable ASCII.  ERR_LIMIT.
 */
enum status ctl_request_write(const char *const *words, unsigned count, char *buf,
			      size_t *len) must_check;

/**
 * Is what the daemon sent until it closed one whole reply?
 * ERR_SHORT: it was cut off.  ERR_LIMIT.  ERR_MALFORMED: it is more than a line.
 */
enum status ctl_reply_check(const char *octets, size_t len) must_check;

#endif
