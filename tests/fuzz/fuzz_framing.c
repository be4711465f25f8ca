/*
 * fuzz_framing - a stream cut anywhere gives the messages that it gives whole
 *
 * The first CUTS octets are the sizes of the pieces, again and again; the stream lies behind
 * them.  The messages put back behind their lengths are the stream again.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "proto/framing.h"

#define CUTS 4
#define ROOM 4096

/* The receiving end: what has come and was not yet taken. */
struct receiver {
	uint8_t octets[ROOM];
	size_t len;
	const uint8_t *expected;	/* where in the stream the next message must lie */
	struct writer again;
};

/** RFC 1035 4.2.2 in one line: octets that the message at `left` takes, or 0. */
static size_t
plain_frame(const uint8_t *at, size_t left)
{
	return left >= 2 && left - 2 >= at[0] * 256u + at[1] ? 2 + at[0] * 256u + at[1] : 0;
}

/** Take what is whole; the rest moves to the front. */
static void
take(struct receiver *r)
{
	struct frame frame;
	size_t at = 0, from = 0;

	require(frame_whole(r->octets, r->len) == (plain_frame(r->octets, r->len) > 0));
	while (frame_next(r->octets, r->len, &at, &frame)) {
		require(plain_frame(r->octets + from, r->len - from) == at - from);
		require(frame.message == r->octets + from + 2 && frame.len == at - from - 2);
		require(memcmp(r->expected + 2, frame.message, frame.len) == 0);
		frame_append(&r->again, frame.message, frame.len);
		require(!r->again.failed);
		r->expected += at - from;
		from = at;
	}
	require(at == from && plain_frame(r->octets + at, r->len - at) == 0);
	memmove(r->octets, r->octets + at, r->len - at);
	r->len -= at;
}

/** One octet less than it takes: nothing is written, and the writer says so. */
static void
check_no_room(const uint8_t *message, size_t len)
{
	uint8_t room[ROOM];
	struct writer out = writer_over(room, len + 1), part;

	part = frame_open(&out, len);
	require(part.failed || part.size < len);
	frame_append(&out, message, len);
	require(out.failed && out.len == 0);
	part = frame_open(&out, len);
	require(part.failed);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct receiver r;
	static uint8_t again[ROOM];
	const uint8_t *stream = data + CUTS;

	if (size < CUTS || size - CUTS > ROOM - 2)
		return 0;
	size -= CUTS;
	r.len = 0;
	r.expected = stream;
	r.again = writer_over(again, ROOM);
	for (size_t at = 0, piece = 0; at < size; piece++) {
		size_t n = data[piece % CUTS] + 1u;

		n = n < size - at ? n : size - at;
		memcpy(r.octets + r.len, stream + at, n);
		r.len += n;
		at += n;
		take(&r);
	}
	require(r.again.len + r.len == size && memcmp(again, stream, r.again.len) == 0);
	require(memcmp(r.octets, stream + r.again.len, r.len) == 0);
	check_no_room(stream, size);
	return 0;
}
