#include "io/channel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "io/deadlines.h"
#include "io/poller.h"
#include "io/socket.h"
#include "proto/framing.h"

#define PORT_TRIES    8		/* random ports that may turn out to be in use */
#define REPLY_ROUND   4		/* datagrams read before others have their turn */

enum exchange_state {
	EXCHANGE_NONE,
	EXCHANGE_UDP,		/* asked; a datagram is the reply */
	EXCHANGE_CONNECTING,	/* a stream; the question is in `query` */
	EXCHANGE_STREAM,	/* asked; the reply comes in pieces */
};

/* The present try of the flight in the same slot. */
struct exchange {
	int fd;
	enum exchange_state state;
	uint32_t generation;
	uint32_t query_len;
	struct stream_reply *reply;	/* EXCHANGE_STREAM, once something came */
	uint8_t query[FRAME_PREFIX_OCTETS + FLIGHT_PACKET_MAX];	/* streams only */
};

/* A reply being assembled. */
struct stream_reply {
	struct stream_reply *next;
	size_t len;
	uint8_t octets[FRAME_MAX_OCTETS];
};

struct channel {
	struct channel_settings settings;
	struct uv_loop_s *loop;
	struct resolver *resolver;
	struct poller *poller;
	uv_timer_t *timer;
	struct exchange *exchanges;
	struct deadlines deadlines;
	struct stream_reply *replies, *free_replies;
	uint8_t datagram[FRAME_MESSAGE_MAX];
};

static void on_deadline(uv_timer_t *timer);

/* --- one exchange --- */

static void
exchange_close(struct channel *channel, uint32_t slot)
{
	struct exchange *exchange = &channel->exchanges[slot];

	if (exchange->state == EXCHANGE_NONE)
		return;
	close(exchange->fd);
	deadlines_clear(&channel->deadlines, slot);
	if (exchange->reply) {
		exchange->reply->next = channel->free_replies;
		channel->free_replies = exchange->reply;
		exchange->reply = NULL;
	}
	exchange->state = EXCHANGE_NONE;
}

/** Wake when the first deadline has passed; a timer that is due sooner may stand. */
static void
timer_arm(struct channel *channel)
{
	const struct deadline *first = deadlines_first(&channel->deadlines);
	uint64_t now = uv_now(channel->loop), wait;

	if (!first)
		return;
	wait = first->when_ms > now ? first->when_ms - now : 0;
	if (uv_is_active((const uv_handle_t *)channel->timer) &&
	    uv_timer_get_due_in(channel->timer) <= wait)
		return;
	uv_timer_start(channel->timer, on_deadline, wait, 0);
}

static int
open_udp(struct channel *channel, const struct addr *to)
{
	struct random *random = channel->resolver->random;

	for (int i = 0; i < PORT_TRIES; i++) {
		int fd = socket_ask_udp(to, ephemeral_draw(channel->settings.ephemeral, random));

		if (fd >= 0 || errno != EADDRINUSE)
			return fd;
	}
	return socket_ask_udp(to, 0);
}

/** Watch the try's socket and its time; false: it cannot be watched. */
static bool
exchange_begin(struct channel *channel, const struct upstream_action *action, int fd,
	       enum exchange_state state)
{
	struct exchange *exchange = &channel->exchanges[action->slot];
	unsigned events = state == EXCHANGE_CONNECTING ? POLLER_WRITE : POLLER_READ;

	if (!poller_add(channel->poller, fd, action->slot, action->generation, events)) {
		close(fd);
		return false;
	}
	exchange->fd = fd;
	exchange->state = state;
	exchange->generation = action->generation;
	deadlines_set(&channel->deadlines, action->slot, action->deadline_ms);
	timer_arm(channel);
	return true;
}

static bool
ask_udp(struct channel *channel, const struct upstream_action *action, const struct addr *to)
{
	int fd = open_udp(channel, to);

	if (fd < 0)
		return false;
	if (send(fd, action->query, action->query_len, MSG_DONTWAIT) < 0) {
		close(fd);
		return false;
	}
	return exchange_begin(channel, action, fd, EXCHANGE_UDP);
}

static bool
ask_stream(struct channel *channel, const struct upstream_action *action, const struct addr *to)
{
	struct exchange *exchange = &channel->exchanges[action->slot];
	struct writer query = writer_over(exchange->query, sizeof(exchange->query));
	int fd = socket_ask_stream(to);

	if (fd < 0)
		return false;
	frame_append(&query, action->query, action->query_len);
	exchange->query_len = (uint32_t)query.len;
	return exchange_begin(channel, action, fd, EXCHANGE_CONNECTING);
}

/** Make the try that is asked for.  false: it is as good as lost. */
static bool
try_ask(struct channel *channel, const struct upstream_action *action)
{
	struct addr to = { .port = (uint16_t)action->target.port };

	memcpy(to.ip, action->target.ip, sizeof(to.ip));
	if (action->what == FORWARD_SEND_STREAM)
		return ask_stream(channel, action, &to);
	return ask_udp(channel, action, &to);
}

/** Carry out an action, and those that follow from a try that cannot be made. */
static void
perform(struct channel *channel, struct upstream_action *action)
{
	while (action->what == FORWARD_SEND_UDP || action->what == FORWARD_SEND_STREAM) {
		uint32_t slot = action->slot, generation = action->generation;

		exchange_close(channel, slot);
		if (try_ask(channel, action))
			return;
		resolver_lost(channel->resolver, slot, generation, uv_now(channel->loop),
			      channel->settings.deliver, channel->settings.context, action);
	}
}

void
channel_perform(struct channel *channel, const struct upstream_action *action)
{
	struct upstream_action copy = *action;

	perform(channel, &copy);
}

/** The flight has gone on or landed: what is left of the old try is closed. */
static void
exchange_follow(struct channel *channel, uint32_t slot, struct upstream_action *action)
{
	struct exchange *exchange = &channel->exchanges[slot];

	if (action->what != FORWARD_WAIT)
		perform(channel, action);
	else if (!flight_at(channel->resolver->flights, slot, exchange->generation))
		exchange_close(channel, slot);
	/* else the reply was ignored, and the wait goes on */
}

static void
exchange_lost(struct channel *channel, uint32_t slot)
{
	struct exchange *exchange = &channel->exchanges[slot];
	struct upstream_action action = { .what = FORWARD_WAIT };
	uint32_t generation = exchange->generation;

	exchange_close(channel, slot);
	resolver_lost(channel->resolver, slot, generation, uv_now(channel->loop),
		      channel->settings.deliver, channel->settings.context, &action);
	perform(channel, &action);
}

/** Hand octets to the engine.  false: the try they came by is over. */
static bool
exchange_reply(struct channel *channel, uint32_t slot, const uint8_t *packet, size_t len)
{
	struct exchange *exchange = &channel->exchanges[slot];
	struct upstream_action action = { .what = FORWARD_WAIT };

	resolver_reply(channel->resolver, slot, exchange->generation, packet, len,
		       uv_now(channel->loop), channel->settings.deliver,
		       channel->settings.context, &action);
	exchange_follow(channel, slot, &action);
	return action.what == FORWARD_WAIT && exchange->state != EXCHANGE_NONE;
}

/* --- events --- */

static void
read_datagrams(struct channel *channel, uint32_t slot)
{
	for (int i = 0; i < REPLY_ROUND; i++) {
		ssize_t got = recv(channel->exchanges[slot].fd, channel->datagram,
				   sizeof(channel->datagram), MSG_DONTWAIT);

		if (got < 0) {
			if (errno != EAGAIN && errno != EINTR)
				exchange_lost(channel, slot);
			return;
		}
		if (!exchange_reply(channel, slot, channel->datagram, (size_t)got))
			return;
	}
}

/** Connected, or refused: send the question. */
static void
send_question(struct channel *channel, uint32_t slot)
{
	struct exchange *exchange = &channel->exchanges[slot];
	ssize_t sent = send(exchange->fd, exchange->query, exchange->query_len,
			    MSG_DONTWAIT | MSG_NOSIGNAL);

	/* so few octets fit into a fresh connection at once */
	if (sent != (ssize_t)exchange->query_len) {
		exchange_lost(channel, slot);
		return;
	}
	exchange->state = EXCHANGE_STREAM;
	poller_change(channel->poller, exchange->fd, slot, exchange->generation, POLLER_READ);
}

static struct stream_reply *
reply_of(struct channel *channel, struct exchange *exchange)
{
	if (!exchange->reply && channel->free_replies) {
		exchange->reply = channel->free_replies;
		channel->free_replies = exchange->reply->next;
		exchange->reply->len = 0;
	}
	return exchange->reply;
}

/** Hand on the whole messages that have come; the rest stays. */
static void
take_messages(struct channel *channel, uint32_t slot)
{
	struct stream_reply *reply = channel->exchanges[slot].reply;
	struct frame frame;
	size_t at = 0;

	while (frame_next(reply->octets, reply->len, &at, &frame))
		if (!exchange_reply(channel, slot, frame.message, frame.len))
			return;
	memmove(reply->octets, reply->octets + at, reply->len - at);
	reply->len -= at;
}

static void
read_stream(struct channel *channel, uint32_t slot)
{
	struct exchange *exchange = &channel->exchanges[slot];
	struct stream_reply *reply = reply_of(channel, exchange);
	ssize_t got;

	if (!reply) {
		exchange_lost(channel, slot);
		return;
	}
	got = recv(exchange->fd, reply->octets + reply->len, sizeof(reply->octets) - reply->len,
		   MSG_DONTWAIT);
	if (got > 0) {
		reply->len += (size_t)got;
		take_messages(channel, slot);
	} else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
		exchange_lost(channel, slot);
	}
}

static void
on_event(void *context, uint32_t slot, uint32_t generation, unsigned events)
{
	struct channel *channel = context;
	struct exchange *exchange = &channel->exchanges[slot];

	(void)events;
	if (exchange->generation != generation)
		return;
	switch (exchange->state) {
	case EXCHANGE_NONE:	/* closed earlier in this round */
		break;
	case EXCHANGE_UDP:
		read_datagrams(channel, slot);
		break;
	case EXCHANGE_CONNECTING:
		send_question(channel, slot);
		break;
	case EXCHANGE_STREAM:
		read_stream(channel, slot);
		break;
	}
}

static void
on_settled(void *context)
{
	struct channel *channel = context;

	channel->settings.settled(channel->settings.context);
}

static void
on_deadline(uv_timer_t *timer)
{
	struct channel *channel = timer->data;
	const struct deadline *first;
	bool lost = false;

	while ((first = deadlines_first(&channel->deadlines)) != NULL &&
	       first->when_ms <= uv_now(channel->loop)) {
		exchange_lost(channel, first->slot);
		lost = true;
	}
	timer_arm(channel);
	if (lost)
		on_settled(channel);
}

/* --- the whole --- */

static bool
channel_allocate(struct channel *channel)
{
	uint32_t count = channel->settings.max_flights;

	channel->exchanges = calloc(count, sizeof(*channel->exchanges));
	channel->replies = calloc(CHANNEL_STREAM_REPLIES, sizeof(*channel->replies));
	channel->timer = calloc(1, sizeof(*channel->timer));
	if (!channel->exchanges || !channel->replies || !channel->timer ||
	    !deadlines_init(&channel->deadlines, count))
		return false;
	for (unsigned i = 0; i < CHANNEL_STREAM_REPLIES; i++) {
		channel->replies[i].next = channel->free_replies;
		channel->free_replies = &channel->replies[i];
	}
	return true;
}

static void
channel_release(struct channel *channel)
{
	deadlines_fini(&channel->deadlines);
	free(channel->replies);
	free(channel->exchanges);
	free(channel);
}

struct channel *
channel_new(struct uv_loop_s *loop, const struct channel_settings *settings,
	    struct resolver *resolver)
{
	struct channel *channel = calloc(1, sizeof(*channel));
	struct poller_owner owner = { .event = on_event, .settle = on_settled,
				      .context = channel };

	if (!channel)
		return NULL;
	channel->settings = *settings;
	channel->loop = loop;
	channel->resolver = resolver;
	if (channel_allocate(channel))
		channel->poller = poller_new(loop, &owner);
	if (!channel->poller) {
		free(channel->timer);
		channel_release(channel);
		return NULL;
	}
	uv_timer_init(loop, channel->timer);	/* cannot fail */
	channel->timer->data = channel;
	return channel;
}

static void
on_closed(uv_handle_t *handle)
{
	free(handle);
}

void
channel_free(struct channel *channel)
{
	if (!channel)
		return;
	for (uint32_t slot = 0; slot < channel->settings.max_flights; slot++)
		exchange_close(channel, slot);
	uv_close((uv_handle_t *)channel->timer, on_closed);
	poller_free(channel->poller);
	channel_release(channel);
}
