#include "io/channel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <uv.h>

#include "io/poller.h"
#include "io/prepared.h"
#include "io/socket.h"

#define PORT_TRIES 8		/* random ports that may turn out to be in use */

enum exchange_kind { EXCHANGE_NONE, EXCHANGE_UDP, EXCHANGE_STREAM };

/* The try of one lane. */
struct exchange {
	enum exchange_kind kind;
	uint32_t generation;	/* of the flight */
	int fd;			/* EXCHANGE_UDP */
	struct addr to;		/* the same */
};

struct channel {
	struct channel_settings settings;
	struct channel_counters counters;
	uv_loop_t *loop;
	uv_timer_t *sweep;		/* runs while there are connections */
	struct resolver *resolver;
	struct poller *poller;
	struct uplinks *uplinks;
	struct exchange *exchanges;	/* by place */
	uint32_t places;
	struct prepared prepared;
	uint8_t datagram[FRAME_MESSAGE_MAX];
};

static uint32_t
place_of(uint32_t slot, uint8_t lane)
{
	return slot * FORWARD_LANES + lane;
}

static uint64_t
now(const struct channel *channel)
{
	return uv_now(channel->loop);
}

/* --- asking --- */

/** A socket that is connected to the target from a random port; -1: errno. */
static int
open_udp(struct channel *channel, const struct addr *to)
{
	const struct ephemeral *ports = channel->settings.ephemeral;
	int fd = prepared_take(&channel->prepared, to);
	unsigned tries = PORT_TRIES;
	bool aimed = false;

	if (fd < 0)
		return -1;
	do {
		aimed = socket_aim(fd, to, ephemeral_draw(ports, channel->resolver->random));
	} while (!aimed && errno == EADDRINUSE && --tries > 0);
	if (!aimed && errno == EADDRINUSE)
		aimed = socket_aim(fd, to, 0);
	if (aimed)
		return fd;
	prepared_spend(&channel->prepared, fd);
	return -1;
}

static bool
ask_udp(struct channel *channel, uint32_t place, const struct upstream_action *action)
{
	struct exchange *exchange = &channel->exchanges[place];
	int fd = open_udp(channel, &exchange->to);

	if (fd < 0) {
		count_up(&channel->counters.no_socket);
		return false;
	}
	if (send(fd, action->query, action->query_len, MSG_DONTWAIT) < 0 ||
	    !poller_add(channel->poller, fd, place, action->generation, POLLER_READ)) {
		prepared_spend(&channel->prepared, fd);
		return false;
	}
	count_up(&channel->counters.udp_asked);
	exchange->fd = fd;
	exchange->kind = EXCHANGE_UDP;
	return true;
}

static void on_sweep(uv_timer_t *timer);

static bool
ask_stream(struct channel *channel, uint32_t place, const struct upstream_action *action)
{
	struct exchange *exchange = &channel->exchanges[place];

	if (!uplinks_ask(channel->uplinks, place, &exchange->to, action->query,
			 action->query_len, now(channel)))
		return false;
	exchange->kind = EXCHANGE_STREAM;
	if (!uv_is_active((const uv_handle_t *)channel->sweep))
		uv_timer_start(channel->sweep, on_sweep, UPLINK_SWEEP_MS, UPLINK_SWEEP_MS);
	return true;
}

bool
channel_ask(struct channel *channel, const struct upstream_action *action)
{
	uint32_t place = place_of(action->slot, action->lane);
	struct exchange *exchange = &channel->exchanges[place];

	channel_end(channel, action->slot, action->lane);
	exchange->generation = action->generation;
	exchange->to.port = (uint16_t)action->target.port;
	memcpy(exchange->to.ip, action->target.ip, sizeof(exchange->to.ip));
	if (action->what == FORWARD_SEND_STREAM)
		return ask_stream(channel, place, action);
	return ask_udp(channel, place, action);
}

void
channel_end(struct channel *channel, uint32_t slot, uint8_t lane)
{
	uint32_t place = place_of(slot, lane);
	struct exchange *exchange = &channel->exchanges[place];

	switch (exchange->kind) {
	case EXCHANGE_NONE:
		break;
	case EXCHANGE_UDP:
		prepared_spend(&channel->prepared, exchange->fd);
		break;
	case EXCHANGE_STREAM:
		uplinks_end(channel->uplinks, place, now(channel));
		break;
	}
	exchange->kind = EXCHANGE_NONE;
}

/* --- what comes of it --- */

static void
report_reply(struct channel *channel, uint32_t place, const uint8_t *packet, size_t len,
	     enum reply_path path)
{
	resolver_reply(channel->resolver, place / FORWARD_LANES,
		       channel->exchanges[place].generation, (uint8_t)(place % FORWARD_LANES),
		       packet, len, path, now(channel));
}

static void
report_lost(struct channel *channel, uint32_t place)
{
	resolver_lost(channel->resolver, place / FORWARD_LANES,
		      channel->exchanges[place].generation, (uint8_t)(place % FORWARD_LANES),
		      now(channel));
}

static void
on_stream_reply(void *context, uint32_t place, const uint8_t *message, size_t len)
{
	report_reply(context, place, message, len, PATH_STREAM);
}

static void
on_stream_lost(void *context, uint32_t place)
{
	struct channel *channel = context;

	channel->exchanges[place].kind = EXCHANGE_NONE;
	report_lost(channel, place);
}

/**
 * One datagram: the poller tells again while there are more, and after most replies the
 * socket is done with.
 */
static void
read_datagram(struct channel *channel, uint32_t place)
{
	struct exchange *exchange = &channel->exchanges[place];
	size_t len;

	switch (socket_receive(exchange->fd, &exchange->to, channel->datagram,
			       sizeof(channel->datagram), &len)) {
	case SOCKET_REPLY:
		report_reply(channel, place, channel->datagram, len, PATH_UDP);
		break;
	case SOCKET_FRAGMENTED:
		count_up(&channel->counters.fragmented);
		report_reply(channel, place, channel->datagram, len, PATH_UDP_FRAGMENTED);
		break;
	case SOCKET_NOTHING:
		break;
	case SOCKET_STRAY:
		count_up(&channel->counters.strays);
		break;
	case SOCKET_ERROR:
		prepared_spend(&channel->prepared, exchange->fd);
		exchange->kind = EXCHANGE_NONE;
		report_lost(channel, place);
		break;
	}
}

static void
on_event(void *context, uint32_t slot, uint32_t generation, unsigned events)
{
	struct channel *channel = context;
	const struct exchange *exchange;

	if (slot >= channel->places) {
		uplinks_event(channel->uplinks, slot - channel->places, generation, events,
			      now(channel));
		return;
	}
	exchange = &channel->exchanges[slot];
	/* else: ended earlier in this round */
	if (exchange->kind == EXCHANGE_UDP && exchange->generation == generation)
		read_datagram(channel, slot);
}

static void
on_settled(void *context)
{
	struct channel *channel = context;

	channel->settings.settled(channel->settings.context);
}

static void
on_sweep(uv_timer_t *timer)
{
	struct channel *channel = timer->data;

	uplinks_sweep(channel->uplinks, now(channel));
	if (uplinks_count(channel->uplinks) == 0)
		uv_timer_stop(timer);
	on_settled(channel);
}

void
channel_flush(struct channel *channel)
{
	uplinks_flush(channel->uplinks, now(channel));
}

void
channel_settle(struct channel *channel)
{
	prepared_settle(&channel->prepared);
}

const struct channel_counters *
channel_counters(struct channel *channel)
{
	channel->counters.uplinks = *uplinks_counters(channel->uplinks);
	return &channel->counters;
}

/* --- the whole --- */

static bool
channel_allocate(struct channel *channel)
{
	struct poller_owner owner = { .event = on_event, .settle = on_settled,
				      .context = channel };
	struct uplinks_settings uplinks = {
		.places = channel->places,
		.first_slot = channel->places,
		.owner = { .reply = on_stream_reply, .lost = on_stream_lost, .context = channel },
	};

	channel->exchanges = calloc(channel->places, sizeof(*channel->exchanges));
	channel->sweep = calloc(1, sizeof(*channel->sweep));
	if (!channel->exchanges || !channel->sweep)
		return false;
	channel->poller = uplinks.poller = poller_new(channel->loop, &owner);
	if (!channel->poller)
		return false;
	channel->uplinks = uplinks_new(&uplinks);
	return channel->uplinks != NULL;
}

static void
channel_release(struct channel *channel)
{
	prepared_fini(&channel->prepared);
	uplinks_free(channel->uplinks);
	poller_free(channel->poller);
	free(channel->exchanges);
	free(channel);
}

struct channel *
channel_new(struct uv_loop_s *loop, const struct channel_settings *settings,
	    struct resolver *resolver)
{
	struct channel *channel = calloc(1, sizeof(*channel));

	if (!channel)
		return NULL;
	channel->settings = *settings;
	channel->loop = loop;
	channel->resolver = resolver;
	channel->places = settings->max_flights * FORWARD_LANES;
	prepared_init(&channel->prepared);
	if (!channel_allocate(channel)) {
		free(channel->sweep);
		channel_release(channel);
		return NULL;
	}
	uv_timer_init(loop, channel->sweep);	/* cannot fail */
	channel->sweep->data = channel;
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
		for (uint8_t lane = 0; lane < FORWARD_LANES; lane++)
			channel_end(channel, slot, lane);
	uv_close((uv_handle_t *)channel->sweep, on_closed);
	channel_release(channel);
}
