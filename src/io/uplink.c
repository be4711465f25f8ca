#include "io/uplink.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "io/socket.h"

enum uplink_state {
	UPLINK_FREE,
	UPLINK_CONNECTING,
	UPLINK_OPEN,
	UPLINK_ENDING,		/* closed; its questions are being given away */
};

struct uplink {
	enum uplink_state state;
	int fd;
	uint32_t generation;
	struct addr to;
	bool retired;		/* takes no more questions */
	bool dirty;		/* stands in the list for uplinks_flush */
	bool blocked;		/* the target does not take what is written */
	uint64_t opened_ms;
	uint64_t active_ms;	/* when questions or replies were last done with */
	uint64_t heard_ms;	/* when something was last read */
	size_t in_len;
	struct pipeline pipeline;
	uint8_t in[FRAME_MAX_OCTETS];
};

struct uplinks {
	struct uplinks_settings settings;
	struct uplinks_counters counters;
	struct uplink *all;		/* UPLINKS_MAX */
	struct uplink *reading;		/* its input is in use: not to be closed */
	uint32_t count;
	uint32_t *where;		/* place -> uplink * PIPELINE_MAX + question + 1; 0: none */
	uint8_t dirty[UPLINKS_MAX];
	uint32_t dirty_count;
	uint8_t gather[PIPELINE_OCTETS];
};

static void
count_one(uint64_t *counter)
{
	__atomic_store_n(counter, *counter + 1, __ATOMIC_RELAXED);
}

static uint32_t
number_of(const struct uplinks *uplinks, const struct uplink *uplink)
{
	return (uint32_t)(uplink - uplinks->all);
}

static void
mark_dirty(struct uplinks *uplinks, struct uplink *uplink)
{
	if (uplink->dirty)
		return;
	uplink->dirty = true;
	uplinks->dirty[uplinks->dirty_count++] = (uint8_t)number_of(uplinks, uplink);
}

/* --- one connection --- */

static void
watch(struct uplinks *uplinks, const struct uplink *uplink)
{
	poller_change(uplinks->settings.poller, uplink->fd,
		      uplinks->settings.first_slot + number_of(uplinks, uplink),
		      uplink->generation, POLLER_READ | (uplink->blocked ? POLLER_WRITE : 0u));
}

static bool
uplink_open(struct uplinks *uplinks, struct uplink *uplink, const struct addr *to,
	    uint64_t now_ms)
{
	int fd = socket_ask_stream(to);

	if (fd < 0)
		return false;
	uplink->generation++;
	if (!poller_add(uplinks->settings.poller, fd,
			uplinks->settings.first_slot + number_of(uplinks, uplink),
			uplink->generation, POLLER_WRITE)) {
		close(fd);
		return false;
	}
	uplink->state = UPLINK_CONNECTING;
	uplink->fd = fd;
	uplink->to = *to;
	uplink->retired = uplink->blocked = false;
	uplink->opened_ms = uplink->active_ms = uplink->heard_ms = now_ms;
	uplink->in_len = 0;
	uplinks->count++;
	return true;
}

/** No question of somebody's is in it. */
static void
uplink_close(struct uplinks *uplinks, struct uplink *uplink)
{
	close(uplink->fd);
	memset(&uplink->pipeline, 0, sizeof(uplink->pipeline));
	uplink->state = UPLINK_FREE;
	uplinks->count--;
}

static bool
is_open(const struct uplink *uplink)
{
	return uplink->state == UPLINK_CONNECTING || uplink->state == UPLINK_OPEN;
}

static struct pipeline_question *
put(struct uplinks *uplinks, struct uplink *uplink, uint32_t place, const uint8_t *query,
    size_t len, uint64_t now_ms)
{
	struct pipeline_question *question = pipeline_add(&uplink->pipeline, query, len);

	question->place = place;
	question->since_ms = now_ms;
	uplink->active_ms = now_ms;
	uplinks->where[place] = number_of(uplinks, uplink) * PIPELINE_MAX +
				pipeline_number(&uplink->pipeline, question) + 1;
	mark_dirty(uplinks, uplink);
	return question;
}

/* --- which connection --- */

/** One that has nothing to do, the longest so; NULL: there is none. */
static struct uplink *
idlest(struct uplinks *uplinks)
{
	struct uplink *best = NULL;

	for (struct uplink *u = uplinks->all; u < uplinks->all + UPLINKS_MAX; u++)
		if (is_open(u) && u->pipeline.live == 0 && u != uplinks->reading &&
		    (!best || u->active_ms < best->active_ms))
			best = u;
	return best;
}

static struct uplink *
free_one(struct uplinks *uplinks)
{
	struct uplink *uplink = uplinks->all;

	while (uplink < uplinks->all + UPLINKS_MAX && uplink->state != UPLINK_FREE)
		uplink++;
	if (uplink < uplinks->all + UPLINKS_MAX)
		return uplink;
	uplink = idlest(uplinks);
	if (uplink)
		uplink_close(uplinks, uplink);
	return uplink;
}

static struct uplink *
open_new(struct uplinks *uplinks, const struct addr *to, uint64_t now_ms)
{
	struct uplink *uplink = free_one(uplinks);

	if (!uplink)
		return NULL;
	count_one(&uplinks->counters.opened);
	if (uplink_open(uplinks, uplink, to, now_ms))
		return uplink;
	count_one(&uplinks->counters.failed);
	return NULL;
}

/** One of the target's that takes this ID, or a new one. */
static struct uplink *
choose(struct uplinks *uplinks, const struct addr *to, uint16_t id, uint64_t now_ms)
{
	uint32_t own = 0;

	for (struct uplink *u = uplinks->all; u < uplinks->all + UPLINKS_MAX; u++) {
		if (!is_open(u) || u->retired || !addr_equal(&u->to, to))
			continue;
		if (pipeline_takes(&u->pipeline, id))
			return u;
		own++;
	}
	return own < UPLINKS_PER_TARGET ? open_new(uplinks, to, now_ms) : NULL;
}

bool
uplinks_ask(struct uplinks *uplinks, uint32_t place, const struct addr *to,
	    const uint8_t *query, size_t len, uint64_t now_ms)
{
	struct uplink *uplink = choose(uplinks, to, load_u16(query), now_ms);

	if (!uplink) {
		count_one(&uplinks->counters.full);
		return false;
	}
	count_one(&uplinks->counters.asked);
	put(uplinks, uplink, place, query, len, now_ms);
	return true;
}

/* --- a connection ends under its questions --- */

/** Ask on a connection that is opened for such questions: `fresh`, once there is one. */
static bool
ask_again(struct uplinks *uplinks, const struct uplink *from,
	  const struct pipeline_question *old, struct uplink **fresh, uint64_t now_ms)
{
	if (old->again || from->state == UPLINK_CONNECTING)
		return false;
	if (!*fresh)
		*fresh = open_new(uplinks, &from->to, now_ms);
	if (!*fresh || !is_open(*fresh) || !pipeline_takes(&(*fresh)->pipeline, old->id))
		return false;
	put(uplinks, *fresh, old->place, old->frame + FRAME_PREFIX_OCTETS,
	    old->len - (size_t)FRAME_PREFIX_OCTETS, now_ms)->again = true;
	count_one(&uplinks->counters.again);
	return true;
}

/**
 * What waits is moved first, then what cannot be is reported: a report may ask and end other
 * questions, so nothing is open about this connection by then but who is to be told.
 */
static void
uplink_break(struct uplinks *uplinks, struct uplink *uplink, uint64_t now_ms)
{
	struct uplinks_owner *owner = &uplinks->settings.owner;
	struct uplink *fresh = NULL;

	close(uplink->fd);
	if (uplink->state == UPLINK_CONNECTING)
		count_one(&uplinks->counters.failed);
	else if (uplink->pipeline.live > 0)
		count_one(&uplinks->counters.closed_under);
	for (unsigned i = 0; i < PIPELINE_MAX; i++) {
		struct pipeline_question *question = &uplink->pipeline.questions[i];

		if ((question->state == PIPELINE_WAITING || question->state == PIPELINE_ASKED) &&
		    ask_again(uplinks, uplink, question, &fresh, now_ms))
			question->state = PIPELINE_FREE;
	}
	uplink->state = UPLINK_ENDING;
	for (unsigned i = 0; i < PIPELINE_MAX; i++) {
		struct pipeline_question *question = &uplink->pipeline.questions[i];

		if (question->state != PIPELINE_WAITING && question->state != PIPELINE_ASKED)
			continue;
		question->state = PIPELINE_FREE;
		uplinks->where[question->place] = 0;
		owner->lost(owner->context, question->place);
	}
	memset(&uplink->pipeline, 0, sizeof(uplink->pipeline));
	uplink->state = UPLINK_FREE;
	uplinks->count--;
}

void
uplinks_end(struct uplinks *uplinks, uint32_t place, uint64_t now_ms)
{
	uint32_t where = uplinks->where[place];
	struct pipeline_question *question;
	struct uplink *uplink;

	if (where == 0)
		return;
	uplinks->where[place] = 0;
	uplink = &uplinks->all[(where - 1) / PIPELINE_MAX];
	question = &uplink->pipeline.questions[(where - 1) % PIPELINE_MAX];
	if (uplink->heard_ms <= question->since_ms &&
	    now_ms - question->since_ms >= UPLINK_SILENT_MS)
		uplink->retired = true;
	pipeline_end(&uplink->pipeline, question);
	/* full of what nobody waits for: the target answers too little of it */
	if (uplink->pipeline.used == PIPELINE_MAX && uplink->pipeline.live == 0)
		uplink->retired = true;
	if (uplink->retired)
		mark_dirty(uplinks, uplink);
}

/* --- writing --- */

static void
uplink_write(struct uplinks *uplinks, struct uplink *uplink, uint64_t now_ms)
{
	size_t len = pipeline_gather(&uplink->pipeline, uplinks->gather);
	bool was_blocked = uplink->blocked;
	ssize_t sent = 0;

	if (len > 0)
		sent = send(uplink->fd, uplinks->gather, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent < 0 && errno != EAGAIN && errno != EINTR) {
		uplink_break(uplinks, uplink, now_ms);
		return;
	}
	pipeline_written(&uplink->pipeline, sent < 0 ? 0 : (size_t)sent);
	uplink->blocked = sent < (ssize_t)len;
	if (uplink->blocked != was_blocked)
		watch(uplinks, uplink);
}

static void
uplink_flush(struct uplinks *uplinks, struct uplink *uplink, uint64_t now_ms)
{
	if (uplink->retired && is_open(uplink) && uplink->pipeline.live == 0)
		uplink_close(uplinks, uplink);
	else if (uplink->state == UPLINK_OPEN && !uplink->blocked)
		uplink_write(uplinks, uplink, now_ms);
}

void
uplinks_flush(struct uplinks *uplinks, uint64_t now_ms)
{
	while (uplinks->dirty_count > 0) {
		struct uplink *uplink = &uplinks->all[uplinks->dirty[--uplinks->dirty_count]];

		uplink->dirty = false;
		uplink_flush(uplinks, uplink, now_ms);
	}
}

/* --- reading --- */

static void
take_message(struct uplinks *uplinks, struct uplink *uplink, const struct frame *frame)
{
	struct uplinks_owner *owner = &uplinks->settings.owner;
	struct pipeline_question *question;
	uint32_t place, where;

	if (frame->len < sizeof(uint16_t))
		return;
	question = pipeline_find(&uplink->pipeline, load_u16(frame->message));
	if (!question)
		return;
	if (question->state == PIPELINE_LEFT) {
		pipeline_answered(&uplink->pipeline, question);
		return;
	}
	place = question->place;
	where = uplinks->where[place];
	owner->reply(owner->context, place, frame->message, frame->len);
	/* ended by that: it was the reply, and its ID may be used again */
	if (uplinks->where[place] != where)
		pipeline_answered(&uplink->pipeline, question);
}

static void
take_messages(struct uplinks *uplinks, struct uplink *uplink)
{
	struct frame frame;
	size_t at = 0;

	uplinks->reading = uplink;
	while (frame_next(uplink->in, uplink->in_len, &at, &frame))
		take_message(uplinks, uplink, &frame);
	uplinks->reading = NULL;
	memmove(uplink->in, uplink->in + at, uplink->in_len - at);
	uplink->in_len -= at;
}

static void
uplink_read(struct uplinks *uplinks, struct uplink *uplink, uint64_t now_ms)
{
	ssize_t got = recv(uplink->fd, uplink->in + uplink->in_len,
			   sizeof(uplink->in) - uplink->in_len, MSG_DONTWAIT);

	if (got > 0) {
		uplink->in_len += (size_t)got;
		uplink->active_ms = uplink->heard_ms = now_ms;
		take_messages(uplinks, uplink);
	} else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
		uplink_break(uplinks, uplink, now_ms);
	}
}

void
uplinks_event(struct uplinks *uplinks, uint32_t number, uint32_t generation, unsigned events,
	      uint64_t now_ms)
{
	struct uplink *uplink = &uplinks->all[number];

	if (!is_open(uplink) || uplink->generation != generation)
		return;
	if (uplink->state == UPLINK_CONNECTING) {
		int error = 0;
		socklen_t len = sizeof(error);

		getsockopt(uplink->fd, SOL_SOCKET, SO_ERROR, &error, &len);
		if (error) {
			uplink_break(uplinks, uplink, now_ms);
			return;
		}
		uplink->state = UPLINK_OPEN;
		uplink->heard_ms = now_ms;
		watch(uplinks, uplink);
		uplink_write(uplinks, uplink, now_ms);
		return;
	}
	if (events & POLLER_WRITE)
		uplink_write(uplinks, uplink, now_ms);
	if ((events & POLLER_READ) && uplink->state == UPLINK_OPEN &&
	    uplink->generation == generation)
		uplink_read(uplinks, uplink, now_ms);
}

/* --- the whole --- */

void
uplinks_sweep(struct uplinks *uplinks, uint64_t now_ms)
{
	for (struct uplink *u = uplinks->all; u < uplinks->all + UPLINKS_MAX; u++) {
		if (u->state == UPLINK_CONNECTING && now_ms - u->opened_ms >= UPLINK_CONNECT_MS)
			uplink_break(uplinks, u, now_ms);
		else if (is_open(u) && u->pipeline.live == 0 &&
			 (u->retired || now_ms - u->active_ms >= UPLINK_IDLE_MS))
			uplink_close(uplinks, u);
	}
}

uint32_t
uplinks_count(const struct uplinks *uplinks)
{
	return uplinks->count;
}

const struct uplinks_counters *
uplinks_counters(const struct uplinks *uplinks)
{
	return &uplinks->counters;
}

struct uplinks *
uplinks_new(const struct uplinks_settings *settings)
{
	struct uplinks *uplinks = calloc(1, sizeof(*uplinks));

	if (!uplinks)
		return NULL;
	uplinks->settings = *settings;
	uplinks->all = calloc(UPLINKS_MAX, sizeof(*uplinks->all));
	uplinks->where = calloc(settings->places, sizeof(*uplinks->where));
	if (uplinks->all && uplinks->where)
		return uplinks;
	uplinks_free(uplinks);
	return NULL;
}

void
uplinks_free(struct uplinks *uplinks)
{
	if (!uplinks)
		return;
	for (unsigned i = 0; uplinks->all && i < UPLINKS_MAX; i++)
		if (is_open(&uplinks->all[i]))
			close(uplinks->all[i].fd);
	free(uplinks->where);
	free(uplinks->all);
	free(uplinks);
}
