/*
 * budget - packets to and from one address in any one second: never more than so many
 *
 * A VPC resolver drops what exceeds 1,024 packets a second per network interface, silently,
 * questions and replies together (reliability 1, R11).  So each worker takes from here what
 * it is about to send, together with room for what will come back:
 *
 *	take:    sends   counted at that moment
 *	         room    for what follows either way: counted until it is settled, as if it
 *	                 were always now
 *	settle:  the room is given back; what did follow is counted at that moment
 *
 * used = packets counted within the last BUDGET_WINDOW_MS + room not yet settled.  A window
 * of real time holds at most what some `used` held, so the limit is exact; the window is 1 %
 * longer than a second because a packet is stamped with the time of its turn of the loop, up
 * to 5 ms from when it passes the wire.
 *
 * Costs: what the kernel sends, not what we ask of it.
 *
 *	                         sends  room
 *	UDP                          1     1   question | reply
 *	stream, kept open            1     2   question | reply, ACK
 *	stream, to be opened         1     8   SYN | SYN-ACK, ACK, question, reply, ACK, and its
 *	                                       end: FIN, FIN, ACK, though that comes later
 *	each further 1,220 octets    -     2   of a long reply, and its ACK: added when it settles
 *
 * What comes first when it runs short: names that nothing can be said about otherwise (FIRST,
 * up to the limit), refreshing what is served stale (REFRESH, 85 %), prefetch (60 %).
 *
 * Threads: the limit is one per address and host, the target cannot tell workers apart, so
 * they must count together: beside the snapshot and the cache (design.md 6) this is the third
 * thing that workers share.  A share per worker was rejected: the kernel spreads clients over
 * workers by hash, so one would starve while another has plenty, and shares lent between
 * them are this again with more steps.  One mutex per address, held for a few additions (at
 * worst for clearing the counts of a second gone by), never across a call, and only where
 * a budget is configured.  Lock-free would need window and room to change as one.
 *
 * Reload: a budget lives as long as somebody refers to it, and budgets_adopt carries it into
 * the next edition by its address, so a reload does not grant a second helping.
 */
#ifndef ENGINE_BUDGET_H
#define ENGINE_BUDGET_H

#include <stddef.h>

#include "engine/outages.h"
#include "snapshot/snapshot.h"

#define BUDGET_WINDOW_MS 1010

enum budget_kind {
	BUDGET_FIRST,		/* nothing else to say to the client: up to the limit */
	BUDGET_REFRESH,		/* a stale copy exists: up to 85 % of it */
	BUDGET_PREFETCH,	/* a fresh one does: up to 60 % */
};
#define BUDGET_KINDS 3

struct budget_cost {
	uint16_t sends, room;
};

#define BUDGET_COST_UDP		((struct budget_cost){ 1, 1 })
#define BUDGET_COST_STREAM	((struct budget_cost){ 1, 2 })
#define BUDGET_COST_STREAM_OPEN	((struct budget_cost){ 1, 8 })

struct budget;		/* of one address; any thread */
struct budgets;		/* those of one edition; itself immutable, counted; any thread */

/** Addresses differ; count 0 is fine.  NULL: out of memory. */
struct budgets *budgets_new(const struct snapshot_budget *settings, size_t count);

/**
 * The budgets of the next edition: an address that `old` (may be NULL) has keeps what was
 * counted; its limit changes at once, for those who still use `old` too.  The caller keeps
 * its reference to `old`.  NULL: out of memory, nothing has changed.
 */
struct budgets *budgets_adopt(const struct budgets *old, const struct snapshot_budget *settings,
			      size_t count);

struct budgets *budgets_ref(struct budgets *budgets);
void budgets_unref(struct budgets *budgets);	/* NULL: nothing */

/** NULL: packets to this address are not counted; also when budgets is NULL. */
struct budget *budgets_find(const struct budgets *budgets, const uint8_t ip[16]);

/** What else workers must agree on towards targets; lives as budgets do.  NULL for NULL. */
struct outages *budgets_outages(const struct budgets *budgets);

/** The one of this number, for metrics; NULL behind the last. */
struct budget *budgets_at(const struct budgets *budgets, size_t number);

/**
 * Take what a try costs.  false: not now, nothing was taken.  now_ms may lag behind other
 * threads' by some ms: time here never runs backwards.
 */
bool budget_take(struct budget *budget, enum budget_kind kind, struct budget_cost cost,
		 uint64_t now_ms);

/**
 * The try is over.  followed: packets that did (budget_followed).  After a loss without a
 * word: cost.room, for the reply may merely be late.  After a try that never went out: 0.
 */
void budget_settle(struct budget *budget, struct budget_cost cost, uint32_t followed,
		   uint64_t now_ms);

/** What followed when a reply of so many octets came (see the table). */
uint32_t budget_followed(struct budget_cost cost, size_t octets);

/**
 * When to try again after a take failed: the first moment at which so much will have left the
 * window, or a short while ahead where only replies under way can make room.  Always
 * after now_ms.
 */
uint64_t budget_when(struct budget *budget, enum budget_kind kind, struct budget_cost cost,
		     uint64_t now_ms);

/** Packets a second, as configured. */
uint32_t budget_limit(struct budget *budget);

/* How near the limit it is. */
struct budget_usage {
	uint8_t ip[16];
	uint32_t limit, used;
	uint32_t peak;			/* highest `used` since it was made */
	uint64_t taken[BUDGET_KINDS], denied[BUDGET_KINDS];
};

void budget_usage(struct budget *budget, uint64_t now_ms, struct budget_usage *out);

#endif
