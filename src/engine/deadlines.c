#include "engine/deadlines.h"

#include <stdlib.h>

bool
deadlines_init(struct deadlines *deadlines, uint32_t slots)
{
	deadlines->heap = calloc(slots, sizeof(*deadlines->heap));
	deadlines->places = calloc(slots, sizeof(*deadlines->places));
	deadlines->count = 0;
	deadlines->slots = slots;
	if (deadlines->heap && deadlines->places)
		return true;
	deadlines_fini(deadlines);
	return false;
}

void
deadlines_fini(struct deadlines *deadlines)
{
	free(deadlines->heap);
	free(deadlines->places);
	deadlines->heap = NULL;
	deadlines->places = NULL;
}

static void
put(struct deadlines *deadlines, uint32_t place, struct deadline deadline)
{
	deadlines->heap[place] = deadline;
	deadlines->places[deadline.slot] = place + 1;
}

/** Move the hole at `place` up to where the deadline fits. */
static uint32_t
rise(struct deadlines *deadlines, uint32_t place, uint64_t when_ms)
{
	while (place > 0) {
		uint32_t parent = (place - 1) / 2;

		if (deadlines->heap[parent].when_ms <= when_ms)
			break;
		put(deadlines, place, deadlines->heap[parent]);
		place = parent;
	}
	return place;
}

/** Move the hole at `place` down to where the deadline fits. */
static uint32_t
sink(struct deadlines *deadlines, uint32_t place, uint64_t when_ms)
{
	for (;;) {
		uint32_t child = 2 * place + 1;

		if (child >= deadlines->count)
			return place;
		if (child + 1 < deadlines->count &&
		    deadlines->heap[child + 1].when_ms < deadlines->heap[child].when_ms)
			child++;
		if (when_ms <= deadlines->heap[child].when_ms)
			return place;
		put(deadlines, place, deadlines->heap[child]);
		place = child;
	}
}

static void
settle(struct deadlines *deadlines, uint32_t hole, struct deadline deadline)
{
	uint32_t place = rise(deadlines, hole, deadline.when_ms);

	if (place == hole)
		place = sink(deadlines, hole, deadline.when_ms);
	put(deadlines, place, deadline);
}

void
deadlines_set(struct deadlines *deadlines, uint32_t slot, uint64_t when_ms)
{
	uint32_t place = deadlines->places[slot];

	place = place ? place - 1 : deadlines->count++;
	settle(deadlines, place, (struct deadline){ .when_ms = when_ms, .slot = slot });
}

void
deadlines_clear(struct deadlines *deadlines, uint32_t slot)
{
	uint32_t place = deadlines->places[slot];
	struct deadline last;

	if (!place)
		return;
	deadlines->places[slot] = 0;
	last = deadlines->heap[--deadlines->count];
	if (last.slot != slot)
		settle(deadlines, place - 1, last);
}

const struct deadline *
deadlines_first(const struct deadlines *deadlines)
{
	return deadlines->count ? &deadlines->heap[0] : NULL;
}
