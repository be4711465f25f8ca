/*
 * pace - replies released to one client are spread over time
 *
 * Who asks a slow upstream many things gets all the answers when it recovers; with a forged
 * source that is a pulse at a victim (DNSBomb, CVE-2024-33655; reliability S10).  So at most
 * PACE_REPLIES go to one client in any PACE_MS; the rest is held back, client by client, and
 * nobody waits for another client's turn.  Pure: time comes in as milliseconds.
 */
#ifndef ENGINE_PACE_H
#define ENGINE_PACE_H

#include "engine/deadlines.h"

#define PACE_MS	     10
#define PACE_REPLIES 100
#define PACE_NONE    UINT32_MAX

struct pace {
	struct pace_client *clients;
	uint32_t *next;			/* of each item, among those of its client */
	struct deadlines due;		/* of clients that are held back */
};

/** For clients and items with numbers below these.  false: out of memory. */
bool pace_init(struct pace *pace, uint32_t clients, uint32_t items);
void pace_fini(struct pace *pace);

/** This number is another client from now on; nothing of it is held back. */
void pace_forget(struct pace *pace, uint32_t client);

/** May a reply go to this client now, none of it being held back?  If so it is counted. */
bool pace_release(struct pace *pace, uint32_t client, uint64_t now_ms);

/** Hold an item of this client back, behind all that it has. */
void pace_hold(struct pace *pace, uint32_t client, uint32_t item, uint64_t now_ms);

/** When something may be released; UINT64_MAX: nothing is held back. */
uint64_t pace_due(const struct pace *pace);

/** Take an item off that may go now, and count it; PACE_NONE: none. */
uint32_t pace_take(struct pace *pace, uint64_t now_ms);

#endif
