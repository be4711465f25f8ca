#include "proto/framing.h"

bool
frame_next(const uint8_t *octets, size_t len, size_t *at, struct frame *out)
{
	const uint8_t *from = octets + *at;
	size_t left = len - *at;
	size_t message;

	if (left < FRAME_PREFIX_OCTETS)
		return false;
	message = load_u16(from);
	if (left - FRAME_PREFIX_OCTETS < message)
		return false;
	*out = (struct frame){ .message = from + FRAME_PREFIX_OCTETS, .len = message };
	*at += FRAME_PREFIX_OCTETS + message;
	return true;
}

bool
frame_whole(const uint8_t *octets, size_t len)
{
	struct frame frame;
	size_t at = 0;

	return frame_next(octets, len, &at, &frame);
}

struct writer
frame_open(const struct writer *out, size_t most)
{
	size_t room = out->size - out->len;

	if (out->failed || room < FRAME_PREFIX_OCTETS)
		return (struct writer){ .failed = true };
	room -= FRAME_PREFIX_OCTETS;
	if (most > FRAME_MESSAGE_MAX)
		most = FRAME_MESSAGE_MAX;
	return writer_over(out->base + out->len + FRAME_PREFIX_OCTETS, room < most ? room : most);
}

void
frame_close(struct writer *out, const struct writer *message)
{
	store_u16(out->base + out->len, (uint16_t)message->len);
	out->len += FRAME_PREFIX_OCTETS + message->len;
}

void
frame_append(struct writer *out, const uint8_t *message, size_t len)
{
	struct writer room = frame_open(out, len);

	writer_bytes(&room, message, len);
	if (room.failed)
		out->failed = true;
	else
		frame_close(out, &room);
}
