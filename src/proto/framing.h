/*
 * framing - messages on a stream: each behind its length in two octets (RFC 1035 4.2.2)
 *
 * A stream may be cut anywhere: inside the length, inside a message, with many messages in
 * one piece (RFC 7766 8).  So input is looked at as "all octets that are here", again and
 * again, and whole messages are taken from its front.  Pure functions; nothing is copied.
 */
#ifndef PROTO_FRAMING_H
#define PROTO_FRAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

#define FRAME_PREFIX_OCTETS 2
#define FRAME_MESSAGE_MAX   65535
#define FRAME_MAX_OCTETS    (FRAME_PREFIX_OCTETS + FRAME_MESSAGE_MAX)

/* A message in place, without its length. */
struct frame {
	const uint8_t *message;
	size_t len;		/* may be 0: the peer's own idea */
};

/**
 * The first whole message of the octets from *at on; moves *at behind it.
 * false: what is there is only the beginning of one (or nothing); *at stays.
 */
bool frame_next(const uint8_t *octets, size_t len, size_t *at, struct frame *out);

/** Is the first message of these octets whole? */
bool frame_whole(const uint8_t *octets, size_t len);

/**
 * Begin a message behind what `out` holds: a writer for it, with at most `most` octets of
 * room.  failed when not even the length fits.  Nothing is in `out` before frame_close.
 */
struct writer frame_open(const struct writer *out, size_t most);

/** Put the message that was written into the opened writer, and its length before it. */
void frame_close(struct writer *out, const struct writer *message);

/** Append a message given whole.  out->failed when it does not fit; `out` is as before. */
void frame_append(struct writer *out, const uint8_t *message, size_t len);

#endif
