/*
 * exchange - a flight's tries: paid for, sent, answered, lost, given up
 *
 * Between the pure machine (forward) and io: turns what the machine wants into packets, and
 * what comes back into its events, and tells `targets` and the budgets what came of each try.
 *
 *   forward_step --> may it be sent? (budget, target down) --> query --> upstream_io.ask
 *        ^   '-----> upstream_io.end, of lanes that are over
 *        '-- event <-- reply_read <-- cookie, letter case, way it came <-- octets
 *
 * A try that the budget has no room for: the first one of a flight, and the stream after a
 * truncated reply, wait in line (hold) when a client has nothing else; all other ones are as
 * if they had been dropped on the way.
 */
#ifndef ENGINE_EXCHANGE_H
#define ENGINE_EXCHANGE_H

#include "engine/resolve.h"

#define EXCHANGE_LOOP_TEXT "forwarding loop"

enum exchange_end {
	EXCHANGE_GOES_ON,
	EXCHANGE_ANSWERED,	/* r->reply_room holds the answer */
	EXCHANGE_FAILED,	/* r->reply_room holds the failure */
	EXCHANGE_DENIED,	/* the budget has no room, and none is to be waited for */
};

/** Send a new flight's question. */
enum exchange_end exchange_start(struct resolver *r, uint32_t slot, uint64_t now_ms);

/** The budget may have room now: do what the flight waits for, else it waits on. */
enum exchange_end exchange_resume(struct resolver *r, uint32_t slot, uint64_t now_ms);

/** Octets for the try in this lane, which is open. */
enum exchange_end exchange_reply(struct resolver *r, uint32_t slot, uint8_t lane,
				 const uint8_t *packet, size_t len, enum reply_path path,
				 uint64_t now_ms);

/** The network said no to the try in this lane, which is open. */
enum exchange_end exchange_lost(struct resolver *r, uint32_t slot, uint8_t lane,
				uint64_t now_ms);

/** The flight is due. */
enum exchange_end exchange_time(struct resolver *r, uint32_t slot, uint64_t now_ms);

/** End what is in the air, whatever it was. */
void exchange_abandon(struct resolver *r, uint32_t slot, uint64_t now_ms);

#endif
