#include "io/worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

#include "engine/keep.h"
#include "engine/targets.h"
#include "io/port.h"

#define SERVE_ROUNDS   16	/* batches of one socket before others have their turn */
#define EMPTY_ROUNDS   1024	/* when a socket is emptied for the last time */
#define EMPTY_ACCEPTS  32	/* the same, of SESSIONS_ACCEPTED connections each */
#define PAUSE_MS       100	/* no descriptors to accept with: ask again after this */

enum order { ORDER_SERVE, ORDER_LEAVE, ORDER_HALT };

struct worker {
	struct worker_settings settings;
	pthread_t thread;
	bool started;

	/* by others */
	_Atomic(struct edition *) mailbox;
	_Atomic int order;			/* enum order; only ever rises */
	_Atomic uint64_t leave_limit_ms;
	_Atomic uint32_t pings;
	uv_async_t wake;

	/* for others */
	_Atomic uint32_t beats;			/* the last ping it saw */
	_Atomic uint32_t edition_number;
	_Atomic bool ended;
	_Atomic int trouble;

	/* its own */
	uv_loop_t loop;
	uv_timer_t pause;			/* until connections are accepted again */
	uv_timer_t limit;			/* of leaving */
	uv_timer_t due;				/* of what the resolver does by itself */
	bool leaving;
	struct edition *edition;
	struct port *ports[GATES_MAX];	/* by slot; NULL: none */
	struct resolver resolver;
	struct upstream_io io;
	struct random random;
	struct flights *flights;
	struct targets *targets;
	struct keep *keep;
	struct udp *udp;
	struct sessions *sessions;
	struct channel *channel;
	uint8_t *reply_room;
	struct scratch scratch;
};

/* --- answering --- */

/** A parked query is answered (resolver_deliver_fn). */
static void
deliver(void *context, const struct client *client, const uint8_t *reply, size_t len)
{
	struct worker *w = context;
	struct port *port = w->ports[client->listener];

	if (client->stream)
		sessions_deliver(w->sessions, client, reply, len);
	else if (reply && port && port_udp(port)->generation == client->generation)
		udp_reply(w->udp, port_udp(port), client, reply, len);
}

/** The engine's tries are carried out by the channel (upstream_io). */
static bool
ask(void *context, const struct upstream_action *action)
{
	struct worker *w = context;

	return channel_ask(w->channel, action);
}

static void
end(void *context, uint32_t slot, uint8_t lane)
{
	struct worker *w = context;

	channel_end(w->channel, slot, lane);
}

/** Leaving ends when nobody waits any more. */
static void
check_left(struct worker *w)
{
	if (w->leaving && flights_waiters(w->flights) == 0 && sessions_count(w->sessions) == 0)
		uv_stop(&w->loop);
}

static void on_due(uv_timer_t *timer);

/** Wake when the resolver is due; a timer that is due sooner may stand, it costs one look. */
static void
arm_due(struct worker *w)
{
	uint64_t due = resolver_due(&w->resolver), now = uv_now(&w->loop);
	uint64_t wait = due > now ? due - now : 0;

	if (due == UINT64_MAX || (uv_is_active((const uv_handle_t *)&w->due) &&
				  uv_timer_get_due_in(&w->due) <= wait))
		return;
	uv_timer_start(&w->due, on_due, wait, 0);
}

/**
 * After each round of events: send what they started and what they finished.  Clients first:
 * sockets are closed and made when they have their answers.
 */
static void
settle(void *context)
{
	struct worker *w = context;

	do {
		resolver_begin(&w->resolver, uv_now(&w->loop));
		channel_flush(w->channel);
		udp_flush(w->udp);
	} while (sessions_flush(w->sessions));
	channel_settle(w->channel);
	arm_due(w);
	check_left(w);
}

static void
on_due(uv_timer_t *timer)
{
	struct worker *w = timer->data;

	resolver_tick(&w->resolver, uv_now(&w->loop));
	settle(w);
}

static void
on_packets(void *context, struct port *port)
{
	struct worker *w = context;

	udp_serve(w->udp, port_udp(port), &w->resolver, uv_now(&w->loop), SERVE_ROUNDS);
	settle(w);
}

static void
on_unpause(uv_timer_t *timer)
{
	struct worker *w = timer->data;

	for (uint32_t slot = 0; slot < GATES_MAX; slot++)
		if (w->ports[slot])
			port_resume_stream(w->ports[slot]);
}

static void
on_connections(void *context, struct port *port)
{
	struct worker *w = context;

	if (sessions_accept(w->sessions, port_stream(port)))
		return;
	port_pause_stream(port);
	uv_timer_start(&w->pause, on_unpause, PAUSE_MS, 0);
}

/* --- taking up an edition --- */

/** Answer what is queued in a port's sockets, for the last time. */
static void
port_empty(struct worker *w, struct port *port)
{
	port_deafen(port);
	udp_serve(w->udp, port_udp(port), &w->resolver, uv_now(&w->loop), EMPTY_ROUNDS);
	for (unsigned i = 0; i < EMPTY_ACCEPTS; i++)
		sessions_accept(w->sessions, port_stream(port));
}

static void
ports_leave(struct worker *w, const struct edition *next)
{
	for (uint32_t slot = 0; slot < GATES_MAX; slot++) {
		struct port *port = w->ports[slot];

		if (!port || port_gate(port) == next->gates[slot])
			continue;
		port_empty(w, port);
		sessions_drop(w->sessions, slot);
		settle(w);
		w->ports[slot] = NULL;
		port_close(port);
	}
}

static void
ports_enter(struct worker *w)
{
	const struct port_owner owner = { .packets = on_packets, .connections = on_connections,
					  .context = w };

	for (uint32_t slot = 0; slot < GATES_MAX; slot++) {
		struct gate *gate = w->edition->gates[slot];

		if (!gate || w->ports[slot])
			continue;
		if (port_open(gate, w->settings.number, &w->loop, &owner,
			      &w->ports[slot]) != 0)
			atomic_store(&w->trouble, errno);
	}
}

static void
edition_set(struct worker *w, struct edition *edition)
{
	w->edition = edition;
	w->resolver.snap = edition->snap;
	w->resolver.healthy = edition->healthy;
	w->resolver.listeners = edition->numbers;
	w->resolver.listener_count = GATES_MAX;
	w->resolver.cookies = &edition->cookies;
	w->resolver.budgets = edition->budgets;
	keep_clear(w->keep);
}

/** Between two batches, no query half answered. */
static void
adopt(struct worker *w)
{
	struct edition *next = atomic_exchange(&w->mailbox, NULL), *last = w->edition;

	if (!next)
		return;
	ports_leave(w, next);
	edition_set(w, next);
	ports_enter(w);
	edition_unref(last);
	atomic_store(&w->edition_number, next->number);
	w->settings.note(w->settings.context);
}

/* --- leaving --- */

static void
on_limit(uv_timer_t *timer)
{
	uv_stop(timer->loop);
}

static void
leave(struct worker *w)
{
	w->leaving = true;
	uv_timer_start(&w->limit, on_limit, atomic_load(&w->leave_limit_ms), 0);
	for (uint32_t slot = 0; slot < GATES_MAX; slot++) {
		if (!w->ports[slot])
			continue;
		port_empty(w, w->ports[slot]);
		port_shut(w->ports[slot]);
	}
	sessions_leave(w->sessions);
	settle(w);
}

static void
on_wake(uv_async_t *wake)
{
	struct worker *w = wake->data;
	int order = atomic_load(&w->order);

	atomic_store(&w->beats, atomic_load(&w->pings));
	if (order == ORDER_HALT) {
		uv_stop(&w->loop);
	} else if (!w->leaving) {	/* who leaves takes up nothing more */
		adopt(w);
		if (order == ORDER_LEAVE)
			leave(w);
	}
}

/* --- the thread --- */

static void *
run(void *context)
{
	struct worker *w = context;
	char name[16];

	snprintf(name, sizeof(name), "cw-worker-%u", (unsigned)w->settings.number % 100000);
	pthread_setname_np(pthread_self(), name);
	adopt(w);
	uv_run(&w->loop, UV_RUN_DEFAULT);
	atomic_store(&w->ended, true);
	w->settings.note(w->settings.context);
	return NULL;
}

int
worker_start(struct worker *w)
{
	sigset_t all, before;
	int error;

	/* signals are the control thread's; a thread begins with its maker's mask */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&w->thread, NULL, run, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	w->started = error == 0;
	return error;
}

/** What the loop does not know of. */
static bool
allocate(struct worker *w, struct edition *first)
{
	struct hash_key key;

	random_init(&w->random);
	random_bytes(&w->random, &key, sizeof(key));
	w->flights = flights_new(&w->settings.flights, &w->random);
	w->targets = targets_new(TARGETS_MAX, &key);
	w->keep = keep_new(KEEP_MOST);
	w->udp = udp_new();
	w->reply_room = calloc(1, CACHED_MAX_OCTETS);
	if (!w->flights || !w->targets || !w->keep || !w->udp || !w->reply_room)
		return false;
	resolver_init(&w->resolver, first->snap, w->settings.cache, w->flights, &w->random,
		      &w->scratch, w->reply_room);
	w->io = (struct upstream_io){ .ask = ask, .end = end, .deliver = deliver, .context = w };
	w->resolver.io = &w->io;
	w->resolver.targets = w->targets;
	w->resolver.keep = w->keep;
	w->resolver.stream_idle_ms = w->settings.sessions.idle_ms;
	return true;
}

static bool
attach(struct worker *w)
{
	struct channel_settings channel = {
		.max_flights = w->settings.flights.max_flights,
		.ephemeral = w->settings.ephemeral,
		.settled = settle,
		.context = w,
	};

	w->sessions = sessions_new(&w->loop, &w->settings.sessions, &w->resolver, settle, w);
	w->channel = channel_new(&w->loop, &channel, &w->resolver);
	return w->sessions && w->channel;
}

struct worker *
worker_new(const struct worker_settings *settings, struct edition *first)
{
	struct worker *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->settings = *settings;
	if (uv_loop_init(&w->loop) != 0) {
		free(w);
		return NULL;
	}
	uv_timer_init(&w->loop, &w->pause);
	uv_timer_init(&w->loop, &w->limit);
	uv_timer_init(&w->loop, &w->due);
	w->pause.data = w;
	w->due.data = w;
	if (uv_async_init(&w->loop, &w->wake, on_wake) != 0 || !allocate(w, first) ||
	    !attach(w)) {
		worker_free(w);
		return NULL;
	}
	w->wake.data = w;
	atomic_store(&w->mailbox, edition_ref(first));	/* taken up as any other */
	return w;
}

static void
close_ports(struct worker *w)
{
	for (uint32_t slot = 0; slot < GATES_MAX; slot++)
		if (w->ports[slot])
			port_close(w->ports[slot]);
}

static void
close_if_open(uv_handle_t *handle)
{
	if (handle->type != UV_UNKNOWN_HANDLE && !uv_is_closing(handle))
		uv_close(handle, NULL);
}

void
worker_free(struct worker *w)
{
	if (!w)
		return;
	if (w->started)
		pthread_join(w->thread, NULL);
	close_ports(w);
	channel_free(w->channel);
	sessions_free(w->sessions);
	close_if_open((uv_handle_t *)&w->wake);
	close_if_open((uv_handle_t *)&w->pause);
	close_if_open((uv_handle_t *)&w->limit);
	close_if_open((uv_handle_t *)&w->due);
	uv_run(&w->loop, UV_RUN_DEFAULT);	/* the close callbacks */
	uv_loop_close(&w->loop);
	edition_unref(atomic_exchange(&w->mailbox, NULL));
	edition_unref(w->edition);
	flights_free(w->flights);
	targets_free(w->targets);
	keep_free(w->keep);
	udp_free(w->udp);
	free(w->reply_room);
	free(w);
}

/* --- from other threads --- */

void
worker_offer(struct worker *w, struct edition *edition)
{
	struct edition *unseen = atomic_exchange(&w->mailbox, edition_ref(edition));

	if (unseen)	/* two reloads within one turn of the loop */
		edition_unref(unseen);
	uv_async_send(&w->wake);
}

/** Orders only rise: a late "leave" does not undo "halt". */
static void
give_order(struct worker *w, enum order order)
{
	int given = atomic_load(&w->order);

	while (given < (int)order && !atomic_compare_exchange_weak(&w->order, &given, (int)order))
		;
	uv_async_send(&w->wake);
}

void
worker_leave(struct worker *w, uint64_t limit_ms)
{
	atomic_store(&w->leave_limit_ms, limit_ms);
	give_order(w, ORDER_LEAVE);
}

void
worker_halt(struct worker *w)
{
	give_order(w, ORDER_HALT);
}

void
worker_ping(struct worker *w)
{
	atomic_fetch_add(&w->pings, 1);
	uv_async_send(&w->wake);
}

bool
worker_is_alive(const struct worker *w)
{
	return atomic_load(&w->beats) == atomic_load(&w->pings);
}

uint32_t
worker_edition(const struct worker *w)
{
	return atomic_load(&w->edition_number);
}

bool
worker_has_ended(const struct worker *w)
{
	return atomic_load(&w->ended);
}

int
worker_trouble(const struct worker *w)
{
	return atomic_load(&w->trouble);
}

/** Each number is whole; they need not be of one moment. */
static void
copy_counters(const void *from, void *to, size_t octets)
{
	const uint64_t *was = from;
	uint64_t *out = to;

	for (size_t i = 0; i < octets / sizeof(*was); i++)
		out[i] = __atomic_load_n(&was[i], __ATOMIC_RELAXED);
}

void
worker_counters(const struct worker *w, struct worker_counters *out)
{
	copy_counters(&w->resolver.counters, &out->resolver, sizeof(out->resolver));
	copy_counters(udp_counters(w->udp), &out->udp, sizeof(out->udp));
	copy_counters(sessions_counters(w->sessions), &out->sessions, sizeof(out->sessions));
	copy_counters(channel_counters(w->channel), &out->channel, sizeof(out->channel));
}
