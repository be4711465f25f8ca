#include "engine/hold.h"

struct hold *
hold_find(struct holds *holds, const uint8_t ip[16])
{
	for (unsigned i = 0; i < HOLDS_MAX; i++)
		if (holds->list[i].queue.count && memcmp(holds->list[i].ip, ip, 16) == 0)
			return &holds->list[i];
	return NULL;
}

/** One in which nobody waits, or NULL. */
static struct hold *
unused(struct holds *holds)
{
	for (unsigned i = 0; i < HOLDS_MAX; i++)
		if (!holds->list[i].queue.count)
			return &holds->list[i];
	return NULL;
}

bool
hold_add(struct holds *holds, struct flights *flights, const uint8_t ip[16], uint32_t most,
	 uint32_t slot, uint64_t due_ms)
{
	struct hold *hold = hold_find(holds, ip);

	if (!hold && most) {
		hold = unused(holds);
		if (hold) {
			memcpy(hold->ip, ip, sizeof(hold->ip));
			hold->due_ms = due_ms;
		}
	}
	if (!hold || hold->queue.count >= most)
		return false;
	flight_queue_add(&hold->queue, flights, slot);
	return true;
}

struct hold *
holds_first(struct holds *holds)
{
	struct hold *first = NULL;

	for (unsigned i = 0; i < HOLDS_MAX; i++) {
		struct hold *hold = &holds->list[i];

		if (hold->queue.count && (!first || hold->due_ms < first->due_ms))
			first = hold;
	}
	return first;
}

uint64_t
holds_due(const struct holds *holds)
{
	uint64_t due_ms = UINT64_MAX;

	for (unsigned i = 0; i < HOLDS_MAX; i++)
		if (holds->list[i].queue.count && holds->list[i].due_ms < due_ms)
			due_ms = holds->list[i].due_ms;
	return due_ms;
}
