#include "io/stream.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* --- writing --- */

/** Write to the peer; returns how much it took. */
static size_t
send_some(struct stream *stream, const uint8_t *octets, size_t len)
{
	ssize_t sent = send(stream->fd, octets, len, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (sent >= 0)
		return (size_t)sent;
	if (errno != EAGAIN && errno != EINTR)
		stream->broken = true;
	return 0;
}

/** Give back a backlog that holds nothing. */
static void
slim(struct stream *stream, struct stream_desk *desk)
{
	if (stream->backlog && stream->backlog->in_len == 0 && stream_pending(stream) == 0)
		stream_release(stream, desk);
}

void
stream_release(struct stream *stream, struct stream_desk *desk)
{
	if (stream->backlog)
		backlog_give(&desk->backlogs, stream->backlog);
	stream->backlog = NULL;
}

void
stream_push(struct stream *stream, struct stream_desk *desk)
{
	size_t pending = stream_pending(stream);

	if (pending == 0)
		return;
	backlog_written(stream->backlog,
			send_some(stream, stream->backlog->out + stream->backlog->out_at, pending));
	stream->blocked = stream_pending(stream) > 0;
	if (!stream->blocked)
		stream->active_ms = desk->now_ms;
	slim(stream, desk);
}

static struct backlog *
backlog_of(struct stream *stream, struct stream_desk *desk)
{
	if (!stream->backlog)
		stream->backlog = backlog_take(&desk->backlogs, stream->client.session,
					       desk->now_ms);
	assert(stream->backlog);	/* the caller saw to it */
	return stream->backlog;
}

/** The peer is further behind than we keep answers for. */
static void
give_up(struct stream *stream)
{
	stream->slow = true;
	stream->broken = true;
}

/** Write answers; what the peer does not take now is kept. */
static void
write_gathered(struct stream *stream, struct stream_desk *desk, size_t len)
{
	/* late answers that have been gathered go first */
	bool behind = stream_pending(stream) > 0;
	size_t sent = behind ? 0 : send_some(stream, desk->gather, len);

	if (sent == len || stream->broken)
		return;
	stream->blocked = !behind;
	if (!backlog_append(backlog_of(stream, desk), desk->gather + sent, len - sent))
		give_up(stream);
}

void
stream_deliver(struct stream *stream, struct stream_desk *desk, const uint8_t *reply, size_t len)
{
	struct backlog *backlog;
	struct writer out;

	stream->waiting--;
	if (!reply || stream->broken)
		return;
	backlog = backlog_of(stream, desk);
	out = backlog_writer(backlog);
	frame_append(&out, reply, len);
	backlog->out_len = out.len;
	if (out.failed)
		give_up(stream);
}

/* --- reading --- */

bool
stream_takes(const struct stream *stream)
{
	return !stream->blocked && !stream->broken && stream->waiting < STREAM_MAX_WAITING;
}

static void
answer(struct stream *stream, struct stream_desk *desk, const struct frame *frame,
       struct writer *out)
{
	struct writer reply = frame_open(out, FRAME_MESSAGE_MAX);
	const struct request request = {
		.packet = frame->message,
		.len = frame->len,
		.client = stream->client,
		.now_ms = desk->now_ms,
		.unix_s = desk->unix_s,
	};

	switch (resolve_query(desk->resolver, &request, &reply)) {
	case VERDICT_SEND:
		frame_close(out, &reply);
		break;
	case VERDICT_WAIT:
		stream->waiting++;
		break;
	case VERDICT_DROP:
		break;
	}
}

/** Answer the whole messages at the front of these octets; returns how many were used. */
static size_t
serve(struct stream *stream, struct stream_desk *desk, const uint8_t *octets, size_t len)
{
	struct writer out = writer_over(desk->gather, sizeof(desk->gather));
	struct frame frame;
	size_t at = 0;

	while (stream_takes(stream) && frame_next(octets, len, &at, &frame)) {
		answer(stream, desk, &frame, &out);
		if (out.len >= GATHER_MARK) {
			write_gathered(stream, desk, out.len);
			out.len = 0;
		}
	}
	if (out.len > 0)
		write_gathered(stream, desk, out.len);
	if (at > 0)
		stream->active_ms = desk->now_ms;
	return at;
}

/** Keep octets that were read and not used; they may lie where they are to be kept. */
static void
keep(struct stream *stream, struct stream_desk *desk, const uint8_t *octets, size_t len)
{
	struct backlog *backlog;

	if (len > STREAM_PART_OCTETS) {
		backlog = backlog_of(stream, desk);
		memmove(backlog->in, octets, len);
		backlog->in_len = len;
		stream->part_len = 0;
		return;
	}
	memmove(stream->part, octets, len);
	stream->part_len = (uint16_t)len;
	if (stream->backlog)
		stream->backlog->in_len = 0;
}

/** What was kept, in a place with room for a whole message. */
static uint8_t *
kept(const struct stream *stream, struct stream_desk *desk, size_t *len)
{
	if (stream->backlog && stream->backlog->in_len > 0) {
		*len = stream->backlog->in_len;
		return stream->backlog->in;
	}
	*len = stream->part_len;
	return memcpy(desk->input, stream->part, stream->part_len);
}

static void
consume(struct stream *stream, struct stream_desk *desk, const uint8_t *octets, size_t len)
{
	size_t used = serve(stream, desk, octets, len);

	keep(stream, desk, octets + used, len - used);
	slim(stream, desk);
}

void
stream_read(struct stream *stream, struct stream_desk *desk)
{
	size_t have;
	uint8_t *octets = kept(stream, desk, &have);
	ssize_t got = recv(stream->fd, octets + have, FRAME_MAX_OCTETS - have, MSG_DONTWAIT);

	if (got > 0)
		consume(stream, desk, octets, have + (size_t)got);
	else if (got == 0)
		stream->ended = true;
	else if (errno != EAGAIN && errno != EINTR)
		stream->broken = true;
}

void
stream_resume(struct stream *stream, struct stream_desk *desk)
{
	while (stream_takes(stream)) {
		size_t len;
		const uint8_t *octets = kept(stream, desk, &len);

		if (!frame_whole(octets, len))
			return;
		consume(stream, desk, octets, len);
	}
}
