#include "engine/flight.h"

void
flight_queue_add(struct flight_queue *queue, struct flights *f, uint32_t slot)
{
	struct flight *flight = flight_in(f, slot);

	flight->queue = queue;
	flight->next_queued = FLIGHT_NONE;
	flight->previous_queued = queue->count ? queue->last : FLIGHT_NONE;
	if (queue->count++)
		flight_in(f, queue->last)->next_queued = slot;
	else
		queue->first = slot;
	queue->last = slot;
}

void
flight_queue_leave(struct flights *f, uint32_t slot)
{
	struct flight *flight = flight_in(f, slot);
	struct flight_queue *queue = flight->queue;

	if (flight->previous_queued != FLIGHT_NONE)
		flight_in(f, flight->previous_queued)->next_queued = flight->next_queued;
	else
		queue->first = flight->next_queued;
	if (flight->next_queued != FLIGHT_NONE)
		flight_in(f, flight->next_queued)->previous_queued = flight->previous_queued;
	else
		queue->last = flight->previous_queued;
	queue->count--;
	flight->queue = NULL;
}

uint32_t
flight_queue_take(struct flight_queue *queue, struct flights *f)
{
	uint32_t slot = queue->first;

	if (!queue->count)
		return FLIGHT_NONE;
	flight_queue_leave(f, slot);
	return slot;
}
