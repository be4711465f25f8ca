/*
 * gate - an address that clients ask at, and its sockets
 *
 * A UDP and a TCP socket for each worker, all bound to the one address (SO_REUSEPORT), so
 * that workers share nothing and the kernel spreads clients over them.  Each worker closes
 * its own pair when it has given the gate up; what no worker took is closed with the last
 * reference.  Counted, from any thread.
 */
#ifndef IO_GATE_H
#define IO_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/status.h"
#include "io/socket.h"

#define GATES_MAX 256	/* addresses listened on at a time */

struct port;

/* The sockets of one worker; -1: closed. */
struct gate_sockets {
	int udp, stream;
	struct port *port;	/* the worker's (io/port), allocated here so that taking up an
				 * edition cannot fail for want of memory */
};

struct gate {
	struct addr asked;		/* as configured */
	struct addr addr;		/* the same, but for port 0: the one the kernel chose */
	uint32_t slot;			/* its number for io, as long as it lives */
	uint32_t generation;		/* tells it from others that had the slot */
	uint32_t workers;
	_Atomic uint32_t refs;
	struct gate_sockets sockets[];	/* by worker */
};

/**
 * Open all sockets; port 0: one port for all, of the kernel's choice.  joins: a gate of ours
 * may hold the port already (on the wildcard address, or on one that it stands for).
 * ERR_SYSTEM: errno says why, *stream which kind.  ERR_NOMEM.  Nothing stays open.
 */
enum status gate_open(const struct addr *addr, uint32_t slot, uint32_t generation,
			  uint32_t workers, bool joins, struct gate **out,
			  bool *stream) must_check;

struct gate *gate_ref(struct gate *gate);
void gate_unref(struct gate *gate);

/** A worker closes its pair, or only the TCP one. */
void gate_close(struct gate *gate, uint32_t worker);
void gate_close_stream(struct gate *gate, uint32_t worker);

/*
 * Which slots a new set of gates takes: an address that is listened on already keeps its
 * slot (and its sockets, with what is queued in them), any other gets one that is free.
 */
struct gate_plan {
	uint32_t count;			/* gates wanted */
	uint32_t slots[GATES_MAX];	/* by number of the gate wanted */
	bool open[GATES_MAX];	/* it is new: its sockets have to be opened */
	bool joins[GATES_MAX];	/* as for gate_open */
};

/**
 * have: by slot, NULL where free.  want: the addresses of the new set, as configured; several
 * may ask for port 0 of one address.
 * A slot that is given up is not given out in the same plan: for a moment some of its
 * clients may still be waiting.
 * ERR_LIMIT: more than there are slots; *at is the number that found none.
 * ERR_REJECTED: number *at has the address of an earlier one.
 */
enum status gate_plan(struct gate *const have[GATES_MAX], const struct addr *want,
			  uint32_t want_count, struct gate_plan *out,
			  uint32_t *at) must_check;

#endif
