#include "engine/forward.h"

#include <stdbool.h>

void
forward_init(struct forward *f, uint8_t target_count, uint8_t first, uint8_t max_tries,
	     uint32_t timeout_ms)
{
	*f = (struct forward){
		.state = FORWARD_IDLE,
		.target_count = target_count,
		.target = first,
		.max_tries = max_tries,
		.timeout_ms = timeout_ms,
	};
}

static struct forward_action
ask(struct forward *f, enum forward_what what, uint64_t now_ms)
{
	f->state = what == FORWARD_SEND_UDP ? FORWARD_ASKED_UDP : FORWARD_ASKED_STREAM;
	f->deadline_ms = now_ms + f->timeout_ms;
	return (struct forward_action){ what, f->target, f->deadline_ms };
}

static struct forward_action
end(struct forward *f, enum forward_state state, enum forward_what what)
{
	f->state = state;
	return (struct forward_action){ .what = what, .target = f->target };
}

/** This target gave no answer: ask the next one, unless that was the last try. */
static struct forward_action
ask_next(struct forward *f, uint64_t now_ms)
{
	if (++f->tries >= f->max_tries || f->refusals >= f->target_count)
		return end(f, FORWARD_FAILED, FORWARD_GIVE_UP);
	f->target = (uint8_t)((f->target + 1) % f->target_count);
	return ask(f, FORWARD_SEND_UDP, now_ms);
}

static bool
is_asked(const struct forward *f)
{
	return f->state == FORWARD_ASKED_UDP || f->state == FORWARD_ASKED_STREAM;
}

struct forward_action
forward_step(struct forward *f, enum forward_event event, uint64_t now_ms)
{
	if (event == FORWARD_START ? f->state != FORWARD_IDLE : !is_asked(f))
		return (struct forward_action){ .what = FORWARD_WAIT };

	switch (event) {
	case FORWARD_START:
		return ask(f, FORWARD_SEND_UDP, now_ms);
	case FORWARD_REPLY:
		return end(f, FORWARD_DONE, FORWARD_DELIVER);
	case FORWARD_TRUNCATED:
		if (f->state == FORWARD_ASKED_UDP)	/* the same target; RFC 7766 5 */
			return ask(f, FORWARD_SEND_STREAM, now_ms);
		return ask_next(f, now_ms);
	case FORWARD_REFUSED:
		f->refusals++;
		return ask_next(f, now_ms);
	case FORWARD_LOST:
		return ask_next(f, now_ms);
	}
	return (struct forward_action){ .what = FORWARD_WAIT };
}
