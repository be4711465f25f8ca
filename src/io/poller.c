#include "io/poller.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <uv.h>

#define ROUND_EVENTS 64
#define ROUNDS	     4	/* then the loop's other descriptors have their turn */

struct poller {
	uv_poll_t watch;
	int epoll;
	struct poller_owner owner;
};

static uint64_t
tag(uint32_t slot, uint32_t generation)
{
	return (uint64_t)generation << 32 | slot;
}

static uint32_t
to_epoll(unsigned events)
{
	return (events & POLLER_READ ? EPOLLIN : 0u) | (events & POLLER_WRITE ? EPOLLOUT : 0u);
}

static unsigned
from_epoll(uint32_t events)
{
	if (events & (EPOLLERR | EPOLLHUP))
		return POLLER_READ | POLLER_WRITE | POLLER_END;
	return (events & EPOLLIN ? POLLER_READ : 0u) | (events & EPOLLOUT ? POLLER_WRITE : 0u);
}

static void
on_ready(uv_poll_t *handle, int status, int events)
{
	struct poller *poller = handle->data;
	struct epoll_event ready[ROUND_EVENTS];

	(void)events;
	if (status < 0)
		return;
	for (int round = 0; round < ROUNDS; round++) {
		int count = epoll_wait(poller->epoll, ready, ROUND_EVENTS, 0);

		for (int i = 0; i < count; i++)
			poller->owner.event(poller->owner.context, (uint32_t)ready[i].data.u64,
					    (uint32_t)(ready[i].data.u64 >> 32),
					    from_epoll(ready[i].events));
		if (count > 0 && poller->owner.settle)
			poller->owner.settle(poller->owner.context);
		if (count < ROUND_EVENTS)
			break;
	}
}

struct poller *
poller_new(struct uv_loop_s *loop, const struct poller_owner *owner)
{
	struct poller *poller = calloc(1, sizeof(*poller));
	int status;

	if (!poller)
		return NULL;
	poller->owner = *owner;
	poller->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (poller->epoll < 0) {
		free(poller);
		return NULL;
	}
	status = uv_poll_init(loop, &poller->watch, poller->epoll);
	if (status < 0) {
		close(poller->epoll);
		free(poller);
		errno = -status;
		return NULL;
	}
	poller->watch.data = poller;
	uv_poll_start(&poller->watch, UV_READABLE, on_ready);
	return poller;
}

static void
on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void
poller_free(struct poller *poller)
{
	if (!poller)
		return;
	uv_close((uv_handle_t *)&poller->watch, on_closed);
	close(poller->epoll);
}

bool
poller_add(struct poller *poller, int fd, uint32_t slot, uint32_t generation, unsigned events)
{
	struct epoll_event event = { .events = to_epoll(events),
				     .data.u64 = tag(slot, generation) };

	return epoll_ctl(poller->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

void
poller_change(struct poller *poller, int fd, uint32_t slot, uint32_t generation,
	      unsigned events)
{
	struct epoll_event event = { .events = to_epoll(events),
				     .data.u64 = tag(slot, generation) };

	/* cannot fail for a descriptor that was added: nothing is allocated */
	epoll_ctl(poller->epoll, EPOLL_CTL_MOD, fd, &event);
}

