/*
 * phase - what the daemon is doing: loading, serving, leaving
 *
 *   STARTING --LOADED--> ADOPTING --ADOPTED--> KEEPING --KEPT--> SERVING
 *                           ^                                       |
 *                           '-------LOADED------ LOADING <--RELOAD--'
 *                                                   '--REFUSED--> SERVING
 *
 *   STOP in any of them --> LEAVING --ENDED--> OVER;  a second STOP ends at once
 *
 * One load at a time: a RELOAD that comes while one is on its way causes one more behind it,
 * however many there were.  Pure: no clock, no loop.
 */
#ifndef CONTROL_PHASE_H
#define CONTROL_PHASE_H

#include <stdbool.h>

enum phase_name {
	PHASE_STARTING,		/* the first load */
	PHASE_SERVING,
	PHASE_LOADING,		/* a later load, while the last edition is served */
	PHASE_ADOPTING,		/* workers take up the new edition */
	PHASE_KEEPING,		/* its image is written */
	PHASE_LEAVING,		/* workers answer what is in flight */
	PHASE_OVER,
};

enum phase_event {
	PHASE_RELOAD,		/* somebody asks for it */
	PHASE_STOP,
	PHASE_LOADED,		/* the load gave an edition */
	PHASE_REFUSED,		/* it did not */
	PHASE_ADOPTED,		/* by all workers */
	PHASE_KEPT,		/* its image is written, or need not be */
	PHASE_ENDED,		/* all workers have */
};

enum phase_what {
	DO_NOTHING,
	DO_LOAD,
	DO_START,		/* workers, with the first edition */
	DO_OFFER,		/* the new edition to the workers */
	DO_KEEP,		/* it is served: say so, write its image */
	DO_REFUSE,		/* the last one goes on being served: say so */
	DO_DISCARD,		/* an edition that came too late */
	DO_LEAVE,		/* tell the workers to */
	DO_HALT,		/* tell the workers to end at once */
	DO_END,			/* the daemon ends */
	DO_FAIL,		/* it ends because there is nothing to serve */
};

struct phase {
	enum phase_name name;	/* zero: STARTING, whose load the caller has begun */
	bool again;		/* one more load is due */
};

/** Advance by one event. */
enum phase_what phase_step(struct phase *phase, enum phase_event event);

#endif
