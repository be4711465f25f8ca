#include "io/session.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "io/clock.h"
#include "io/poller.h"
#include "io/stream.h"
#include "io/tally.h"

#define EVICT_SEARCH	    16	/* sessions looked at for an idle one, oldest first ... */
#define EVICT_SEARCH_CLIENT 256	/* ... where it has to be of one client */

struct session {
	struct stream stream;		/* fd -1: the slot is free */
	uint64_t queued_ms;		/* its place in by_age */
	uint8_t watched;		/* poller events */
	bool dirty;			/* in the list of those that sessions_flush looks at */
	TAILQ_ENTRY(session) by_age;	/* or the list of free slots */
	LIST_ENTRY(session) dirties;
};

TAILQ_HEAD(session_queue, session);
LIST_HEAD(session_list, session);

struct sessions {
	struct sessions_settings settings;
	struct uv_loop_s *loop;
	void (*settled)(void *context);
	void *context;
	struct poller *poller;
	uv_timer_t *reaper;
	struct session *slots;
	uint32_t touched;		/* slots that have been used at least once */
	uint32_t count;			/* sessions open */
	struct session_queue by_age;	/* open ones, least active first */
	struct session_queue free;
	struct session_list dirties;
	struct tally clients;		/* of open ones */
	struct sessions_counters counters;
	struct stream_desk desk;
};

/* --- one session --- */

static struct session *
session_find(struct sessions *sessions, uint32_t slot, uint32_t generation)
{
	struct session *s;

	if (slot >= sessions->touched)
		return NULL;
	s = &sessions->slots[slot];
	return s->stream.fd >= 0 && s->stream.client.generation == generation ? s : NULL;
}

static void
session_close(struct sessions *sessions, struct session *s)
{
	stream_release(&s->stream, &sessions->desk);
	close(s->stream.fd);
	s->stream.fd = -1;
	if (s->stream.slow)
		count_up(&sessions->counters.slow);
	if (s->dirty)
		LIST_REMOVE(s, dirties);
	TAILQ_REMOVE(&sessions->by_age, s, by_age);
	TAILQ_INSERT_HEAD(&sessions->free, s, by_age);
	tally_remove(&sessions->clients, &s->stream.client.addr);
	sessions->count--;
}

static void
session_requeue(struct sessions *sessions, struct session *s, uint64_t now_ms)
{
	s->queued_ms = now_ms;
	TAILQ_REMOVE(&sessions->by_age, s, by_age);
	TAILQ_INSERT_TAIL(&sessions->by_age, s, by_age);
}

static void
session_dirty(struct sessions *sessions, struct session *s)
{
	if (s->dirty)
		return;
	s->dirty = true;
	LIST_INSERT_HEAD(&sessions->dirties, s, dirties);
}

static void
session_watch(struct sessions *sessions, struct session *s)
{
	const struct client *client = &s->stream.client;
	unsigned events = (stream_reads(&s->stream) ? POLLER_READ : 0u) |
			  (s->stream.blocked ? POLLER_WRITE : 0u);

	if (events == s->watched)
		return;
	poller_change(sessions->poller, s->stream.fd, client->session, client->generation,
		      events);
	s->watched = (uint8_t)events;
}

/**
 * All backlogs are taken: those that only gather can be written; else the one that was
 * taken first goes, with its session.
 */
static void
backlogs_make_room(struct sessions *sessions, const struct session *except)
{
	struct backlog *oldest;
	struct session *s;

	LIST_FOREACH(s, &sessions->dirties, dirties)
		if (s != except && !s->stream.blocked && !s->stream.broken)
			stream_push(&s->stream, &sessions->desk);
	if (sessions->desk.backlogs.free)
		return;
	oldest = backlog_oldest(&sessions->desk.backlogs, except->stream.client.session);
	s = &sessions->slots[oldest->owner];
	s->stream.slow = true;
	session_close(sessions, s);
}

/** Before anything is done with a session: the time, and a backlog that it can take. */
static struct stream_desk *
desk_for(struct sessions *sessions, const struct session *s)
{
	sessions->desk.now_ms = uv_now(sessions->loop);
	sessions->desk.unix_s = clock_unix_s();
	if (!s->stream.backlog && !sessions->desk.backlogs.free)
		backlogs_make_room(sessions, s);
	return &sessions->desk;
}

/** After anything that was done with a session: close it, or wait for the right thing. */
static void
session_settle(struct sessions *sessions, struct session *s)
{
	if (stream_is_over(&s->stream)) {
		session_close(sessions, s);
		return;
	}
	if (stream_pending(&s->stream) > 0 && !s->stream.blocked)
		session_dirty(sessions, s);
	if (s->stream.active_ms > s->queued_ms)
		session_requeue(sessions, s, s->stream.active_ms);
	session_watch(sessions, s);
}

static void
on_event(void *context, uint32_t slot, uint32_t generation, unsigned events)
{
	struct sessions *sessions = context;
	struct session *s = session_find(sessions, slot, generation);
	struct stream_desk *desk;

	if (!s)
		return;
	desk = desk_for(sessions, s);
	if (events & POLLER_END)
		s->stream.broken = true;
	if (events & POLLER_WRITE && s->stream.blocked) {
		stream_push(&s->stream, desk);
		stream_resume(&s->stream, desk);
	}
	if (events & POLLER_READ && stream_reads(&s->stream))
		stream_read(&s->stream, desk);
	session_settle(sessions, s);
}

static void
on_settled(void *context)
{
	struct sessions *sessions = context;

	sessions->settled(sessions->context);
}

/* --- who there is --- */

static void reaper_arm(struct sessions *sessions);

static void
on_reap(uv_timer_t *timer)
{
	struct sessions *sessions = timer->data;
	uint64_t now = uv_now(sessions->loop);
	struct session *s;

	while ((s = TAILQ_FIRST(&sessions->by_age)) != NULL &&
	       s->queued_ms + sessions->settings.idle_ms <= now) {
		if (s->stream.waiting > 0) {	/* not idle: flights end in their own time */
			session_requeue(sessions, s, now);
			continue;
		}
		session_close(sessions, s);
		count_up(&sessions->counters.idle);
	}
	reaper_arm(sessions);
}

/** Wake when the least active session is due. */
static void
reaper_arm(struct sessions *sessions)
{
	const struct session *s = TAILQ_FIRST(&sessions->by_age);
	uint64_t due, now = uv_now(sessions->loop);

	if (!s)
		return;
	due = s->queued_ms + sessions->settings.idle_ms;
	uv_timer_start(sessions->reaper, on_reap, due > now ? due - now : 1, 0);
}

/** Close the session that was idle longest, of this client or (NULL) of all; false: none is. */
static bool
evict_idle(struct sessions *sessions, const struct addr *client)
{
	unsigned left = client ? EVICT_SEARCH_CLIENT : EVICT_SEARCH;
	struct session *s;

	TAILQ_FOREACH(s, &sessions->by_age, by_age) {
		if (left-- == 0)
			return false;
		if (s->stream.waiting > 0 || s->dirty ||
		    (client && !addr_same_ip(client, &s->stream.client.addr)))
			continue;
		session_close(sessions, s);
		count_up(&sessions->counters.evicted);
		return true;
	}
	return false;
}

/** A slot nobody uses, or NULL.  Slots never used are not touched: memory stays the kernel's. */
static struct session *
slot_take(struct sessions *sessions)
{
	struct session *s = TAILQ_FIRST(&sessions->free);

	if (!s && sessions->touched == sessions->settings.max_sessions) {
		if (!evict_idle(sessions, NULL))
			return NULL;
		s = TAILQ_FIRST(&sessions->free);
	}
	if (s) {
		TAILQ_REMOVE(&sessions->free, s, by_age);
		return s;
	}
	s = &sessions->slots[sessions->touched];
	s->stream.client.session = sessions->touched++;
	return s;
}

/** Has this address as many sessions as one client may have? */
static bool
is_crowded(const struct sessions *sessions, const struct addr *addr)
{
	uint32_t limit = sessions->settings.max_per_client;

	return limit > 0 && tally_count(&sessions->clients, addr) >= limit;
}

/** A slot for a session of this client, or NULL, and counted why. */
static struct session *
slot_for(struct sessions *sessions, const struct addr *addr)
{
	struct session *s;

	if (is_crowded(sessions, addr) && !evict_idle(sessions, addr)) {
		count_up(&sessions->counters.crowded);
		return NULL;
	}
	s = slot_take(sessions);
	if (!s)
		count_up(&sessions->counters.refused);
	return s;
}

/** Make a session of an accepted connection. */
static void
session_open(struct sessions *sessions, const struct inlet *inlet, int fd,
	     const struct sockaddr *peer)
{
	struct addr addr;
	struct session *s = addr_from_sockaddr(peer, &addr) ? slot_for(sessions, &addr) : NULL;
	struct client client;

	if (!s) {
		close(fd);
		return;
	}
	client = (struct client){
		.addr = addr,
		.local = inlet->local,
		.listener = inlet->listener,
		.session = s->stream.client.session,
		.generation = s->stream.client.generation + 1,
		.stream = true,
	};
	*s = (struct session){ .watched = POLLER_READ, .queued_ms = uv_now(sessions->loop) };
	s->stream.fd = fd;
	TAILQ_INSERT_TAIL(&sessions->by_age, s, by_age);
	sessions->count++;
	tally_add(&sessions->clients, &addr);
	count_up(&sessions->counters.accepted);
	if ((inlet->wildcard && !socket_local(fd, &client.local)) ||
	    !poller_add(sessions->poller, fd, client.session, client.generation, POLLER_READ))
		s->stream.broken = true;
	s->stream.client = client;
	if (s->stream.broken)
		session_close(sessions, s);
	else if (!uv_is_active((const uv_handle_t *)sessions->reaper))
		reaper_arm(sessions);
}

static bool
is_shortage(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

bool
sessions_accept(struct sessions *sessions, const struct inlet *inlet)
{
	for (unsigned i = 0; i < SESSIONS_ACCEPTED; i++) {
		struct sockaddr_storage peer;
		socklen_t len = sizeof(peer);
		int fd = accept4(inlet->fd, (struct sockaddr *)&peer, &len,
				 SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0)
			session_open(sessions, inlet, fd, (const struct sockaddr *)&peer);
		else if (errno == EAGAIN)
			return true;
		else if (is_shortage(errno) && !evict_idle(sessions, NULL))
			return false;
		/* else that connection is gone already: the next one */
	}
	return true;
}

void
sessions_deliver(struct sessions *sessions, const struct client *client, const uint8_t *reply,
		 size_t len)
{
	struct session *s = session_find(sessions, client->session, client->generation);

	if (!s)
		return;
	stream_deliver(&s->stream, desk_for(sessions, s), reply, len);
	session_dirty(sessions, s);
}

bool
sessions_flush(struct sessions *sessions)
{
	struct session *s = LIST_FIRST(&sessions->dirties);

	if (!s)
		return false;
	for (; s; s = LIST_FIRST(&sessions->dirties)) {
		struct stream_desk *desk = desk_for(sessions, s);

		LIST_REMOVE(s, dirties);
		s->dirty = false;
		stream_push(&s->stream, desk);
		stream_resume(&s->stream, desk);
		session_settle(sessions, s);
	}
	return true;
}

/** Answer what has arrived on a session, and read no more. */
static void
session_finish(struct sessions *sessions, struct session *s)
{
	struct stream_desk *desk = desk_for(sessions, s);

	if (stream_reads(&s->stream))
		stream_read(&s->stream, desk);
	stream_push(&s->stream, desk);
	s->stream.leaving = true;
}

void
sessions_drop(struct sessions *sessions, uint32_t listener)
{
	for (uint32_t slot = 0; slot < sessions->touched; slot++) {
		struct session *s = &sessions->slots[slot];

		if (s->stream.fd < 0 || s->stream.client.listener != listener)
			continue;
		session_finish(sessions, s);
		session_close(sessions, s);
	}
}

void
sessions_leave(struct sessions *sessions)
{
	for (uint32_t slot = 0; slot < sessions->touched; slot++) {
		struct session *s = &sessions->slots[slot];

		if (s->stream.fd < 0)
			continue;
		session_finish(sessions, s);
		session_settle(sessions, s);
	}
}

size_t
sessions_count(const struct sessions *sessions)
{
	return sessions->count;
}

const struct sessions_counters *
sessions_counters(const struct sessions *sessions)
{
	return &sessions->counters;
}

struct sessions *
sessions_new(struct uv_loop_s *loop, const struct sessions_settings *settings,
	     struct resolver *resolver, void (*settled)(void *context), void *context)
{
	struct poller_owner owner = { .event = on_event, .settle = on_settled };
	struct sessions *sessions = calloc(1, sizeof(*sessions));

	if (!sessions)
		return NULL;
	sessions->settings = *settings;
	sessions->loop = loop;
	sessions->settled = settled;
	sessions->context = context;
	sessions->desk.resolver = resolver;
	TAILQ_INIT(&sessions->by_age);
	TAILQ_INIT(&sessions->free);
	LIST_INIT(&sessions->dirties);
	owner.context = sessions;
	sessions->slots = calloc(settings->max_sessions, sizeof(*sessions->slots));
	sessions->poller = poller_new(loop, &owner);
	sessions->reaper = calloc(1, sizeof(*sessions->reaper));
	if (sessions->reaper) {
		uv_timer_init(loop, sessions->reaper);	/* cannot fail */
		sessions->reaper->data = sessions;
	}
	if (backlogs_init(&sessions->desk.backlogs, settings->max_backlogs) &&
	    tally_init(&sessions->clients, settings->max_sessions) && sessions->slots &&
	    sessions->poller && sessions->reaper)
		return sessions;
	sessions_free(sessions);
	return NULL;
}

static void
on_closed(uv_handle_t *handle)
{
	free(handle);
}

void
sessions_free(struct sessions *sessions)
{
	struct session *s;

	if (!sessions)
		return;
	while ((s = TAILQ_FIRST(&sessions->by_age)) != NULL)
		session_close(sessions, s);
	if (sessions->reaper)
		uv_close((uv_handle_t *)sessions->reaper, on_closed);
	poller_free(sessions->poller);
	backlogs_fini(&sessions->desk.backlogs);
	tally_fini(&sessions->clients);
	free(sessions->slots);
	free(sessions);
}
