/*
 * edition - what workers run by: a snapshot, and the gates clients come in by
 *
 * Made by the publisher, offered to every worker, taken up whole: the state wanted, not a
 * list of changes, so a worker that misses one edition misses nothing.  Immutable once made
 * (but for the sockets each worker closes, and for what the health checks find) and counted,
 * from any thread.
 */
#ifndef IO_EDITION_H
#define IO_EDITION_H

#include "engine/budget.h"
#include "engine/cookie.h"
#include "io/gate.h"
#include "snapshot/snapshot.h"

struct edition {
	_Atomic uint32_t refs;
	uint32_t number;			/* counts up from 1 */
	uint32_t workers;			/* that its gates have sockets for */
	struct snapshot *snap;			/* its own reference */
	struct budgets *budgets;		/* its own reference; what was counted stays */
	/*
	 * A bit per health check of snap (engine/health.h), all set at first; NULL: it has none.
	 * Written by whoever runs the checks, for as long as the edition is the newest.
	 */
	_Atomic uint64_t *healthy;
	struct cookie_secrets cookies;		/* set by the publisher before it is offered */
	struct gate *gates[GATES_MAX];	/* by slot, its own references; NULL: free */
	uint32_t numbers[GATES_MAX];	/* by slot: the listener in snap, or LISTENER_NONE */
};

/* Why an edition could not be made. */
struct edition_failure {
	uint32_t listener;	/* number in the snapshot */
	struct addr addr;
	bool stream;		/* its TCP socket, not UDP */
	int error;		/* errno; 0: the address stands there twice, or too many do */
};

/**
 * Make the next edition: keeps the sockets of addresses that stay, opens the others.
 * previous: NULL at the start.  workers: how many there will be, for the first one; the
 * number does not change with later editions.
 * ERR_SYSTEM, ERR_REJECTED, ERR_LIMIT: *failure says which one; nothing was changed.
 */
enum status edition_make(const struct edition *previous, struct snapshot *snap,
			 uint32_t workers, struct edition **out,
			 struct edition_failure *failure) must_check;

struct edition *edition_ref(struct edition *edition);
void edition_unref(struct edition *edition);	/* NULL is allowed */

#endif
