/*
 * prepared - UDP sockets for questions, made in batches ahead of need
 *
 * Each try has a socket of its own.  Making and closing one costs more than asking, so both are
 * done in batches once clients have their answers: a question finds its socket made.  Not
 * bound yet: what is sent to a bound socket before it is connected would lie in it as if it
 * were a reply, so both follow each other when it is taken (and socket_reply looks where a
 * packet came from).
 *
 * PREPARED_KEPT of each address family that was ever asked for.  When none is left one is made
 * on the spot.
 */
#ifndef IO_PREPARED_H
#define IO_PREPARED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

#define PREPARED_KEPT  64
#define PREPARED_SPENT 256	/* to be closed; beyond that at once */

struct prepared {
	int fds[2][PREPARED_KEPT];	/* IPv4, IPv6 */
	uint32_t count[2];
	bool wanted[2];
	int spent[PREPARED_SPENT];
	uint32_t spent_count;
};

/** Nothing is made yet. */
void prepared_init(struct prepared *prepared);
void prepared_fini(struct prepared *prepared);

/** A socket that can ask this address (socket_aim comes next); the caller's.  -1: errno. */
int prepared_take(struct prepared *prepared, const struct addr *to);

/** A socket that is done with: closed by the next prepared_settle. */
void prepared_spend(struct prepared *prepared, int fd);

/** Close what is spent; make new ones when half are gone. */
void prepared_settle(struct prepared *prepared);

#endif
