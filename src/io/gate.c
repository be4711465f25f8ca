#include "io/gate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/port.h"

#define SLOT_NONE  UINT32_MAX
#define PORT_TRIES 32		/* ports that are free for UDP but not for TCP, in a row */

static void
close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void
gate_close_stream(struct gate *gate, uint32_t worker)
{
	close_one(&gate->sockets[worker].stream);
}

void
gate_close(struct gate *gate, uint32_t worker)
{
	close_one(&gate->sockets[worker].udp);
	close_one(&gate->sockets[worker].stream);
}

/** false: errno, and *stream tells which of the two. */
static bool
open_sockets(struct gate *gate, struct gate_sockets *pair, enum socket_share share, bool *stream)
{
	*stream = false;
	pair->udp = socket_udp(&gate->addr, share);
	if (pair->udp < 0)
		return false;
	if (gate->addr.port == 0 && !socket_local(pair->udp, &gate->addr))
		return false;
	*stream = true;
	pair->stream = socket_listen(&gate->addr, share);
	return pair->stream >= 0;
}

/**
 * Open a worker's pair; the first one settles the port.  Port 0 stands for one that is free
 * for both, and the kernel gives one that is free for UDP.  false: errno.
 */
static bool
open_pair(struct gate *gate, uint32_t worker, enum socket_share share, bool *stream)
{
	struct gate_sockets *pair = &gate->sockets[worker];
	bool any_port = gate->addr.port == 0;

	pair->port = port_new();
	if (!pair->port)
		return false;
	for (unsigned try = 1; !open_sockets(gate, pair, share, stream); try++) {
		if (!any_port || !*stream || errno != EADDRINUSE || try == PORT_TRIES)
			return false;
		close_one(&pair->udp);
		gate->addr.port = 0;
	}
	return true;
}

enum status
gate_open(const struct addr *addr, uint32_t slot, uint32_t generation, uint32_t workers,
	      bool joins, struct gate **out, bool *stream)
{
	struct gate *gate =
		calloc(1, sizeof(*gate) + workers * sizeof(gate->sockets[0]));
	int error;

	if (!gate)
		return ERR_NOMEM;
	*gate = (struct gate){ .asked = *addr, .addr = *addr, .slot = slot, .generation = generation,
				       .workers = workers, .refs = 1 };
	for (uint32_t i = 0; i < workers; i++)
		gate->sockets[i] = (struct gate_sockets){ .udp = -1, .stream = -1 };

	for (uint32_t i = 0; i < workers; i++) {
		enum socket_share share = joins || i > 0 ? SOCKET_JOINS : SOCKET_FIRST;

		if (!open_pair(gate, i, share, stream))
			goto fail;
	}
	*out = gate;
	return OK;

fail:
	error = errno;
	gate_unref(gate);
	errno = error;
	return error == ENOMEM ? ERR_NOMEM : ERR_SYSTEM;
}

struct gate *
gate_ref(struct gate *gate)
{
	gate->refs++;
	return gate;
}

void
gate_unref(struct gate *gate)
{
	if (--gate->refs > 0)
		return;
	for (uint32_t i = 0; i < gate->workers; i++) {
		gate_close(gate, i);
		port_free(gate->sockets[i].port);
	}
	free(gate);
}

/** Is the slot kept for one of the first `count` wanted? */
static bool
is_planned(const struct gate_plan *plan, uint32_t count, uint32_t slot)
{
	for (uint32_t i = 0; i < count; i++)
		if (plan->slots[i] == slot)
			return true;
	return false;
}

/** The slot that listens on the address wanted as number `at`, or SLOT_NONE. */
static uint32_t
slot_of(struct gate *const have[GATES_MAX], const struct addr *want, uint32_t at,
	const struct gate_plan *plan)
{
	for (uint32_t slot = 0; slot < GATES_MAX; slot++)
		if (have[slot] && addr_equal(&have[slot]->asked, &want[at]) &&
		    !is_planned(plan, at, slot))
			return slot;
	return SLOT_NONE;
}

/** Does one of the two stand for all addresses, the other's among them? */
static bool
overlap(const struct addr *a, const struct addr *b)
{
	return a->port == b->port && a->port != 0 && addr_is_v4(a) == addr_is_v4(b) &&
	       (socket_is_wildcard(a) || socket_is_wildcard(b));
}

/** Will a socket of ours be in the way of the one wanted as number `at`? */
static bool
is_overlapped(struct gate *const have[GATES_MAX], const struct addr *want, uint32_t at)
{
	for (uint32_t slot = 0; slot < GATES_MAX; slot++)
		if (have[slot] && overlap(&have[slot]->addr, &want[at]))
			return true;
	for (uint32_t i = 0; i < at; i++)
		if (overlap(&want[i], &want[at]))
			return true;
	return false;
}

static bool
is_repeated(const struct addr *want, uint32_t at)
{
	for (uint32_t i = 0; i < at; i++)
		if (want[at].port != 0 && addr_equal(&want[i], &want[at]))
			return true;
	return false;
}

enum status
gate_plan(struct gate *const have[GATES_MAX], const struct addr *want,
	      uint32_t want_count, struct gate_plan *out, uint32_t *at)
{
	uint32_t next = 0;

	memset(out, 0, sizeof(*out));
	for (*at = 0; *at < want_count; ++*at) {
		uint32_t slot;

		if (is_repeated(want, *at))
			return ERR_REJECTED;
		slot = slot_of(have, want, *at, out);
		if (slot == SLOT_NONE) {
			while (next < GATES_MAX && have[next])
				next++;
			slot = next++;
			if (slot >= GATES_MAX || *at >= GATES_MAX)
				return ERR_LIMIT;
			out->open[*at] = true;
			out->joins[*at] = is_overlapped(have, want, *at);
		}
		out->slots[*at] = slot;
	}
	out->count = want_count;
	return OK;
}
