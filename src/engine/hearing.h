/*
 * hearing - what comes back for a try: is it the reply, and what does it tell
 *
 *   octets --> reply_read --> our cookie in it? --> in one piece? --> accepted
 *                 |                 |                   '--> not used: asked over a stream
 *                 |                 '--> forged: passed by, but asked over a stream beside it
 *                 '--> foreign: passed by;  other letters: as forged
 *
 * Only an accepted reply teaches anything about its target: health, round trip, cookies,
 * letter case, EDNS (reliability S4).
 */
#ifndef ENGINE_HEARING_H
#define ENGINE_HEARING_H

#include "engine/reply.h"
#include "engine/resolve.h"
#include "engine/upstream_options.h"

enum hearing_end {
	HEARING_IGNORED,	/* nothing has changed */
	HEARING_EVENT,		/* heard->event is for the machine */
	HEARING_LOOP,		/* accepted: it says that the question goes in a circle */
};

struct hearing {
	/* what came */
	const uint8_t *packet;
	size_t len;
	enum reply_path path;
	/* what it is */
	enum forward_event event;
	enum reply_kind kind;
	uint16_t rcode;
	bool keeps_case;
	struct upstream_options options;
};

/**
 * Judge what came for the open try of a lane.  An answer is put into r->reply_room; of an
 * accepted reply the packets are noted in the try, and what it teaches in r->targets.
 */
enum hearing_end hearing_take(struct resolver *r, struct flight *flight, uint8_t lane,
			      struct hearing *heard, uint64_t now_ms);

#endif
