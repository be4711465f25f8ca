#include "engine/pace.h"

#include <stdlib.h>
#include <string.h>

/* A clock of whole milliseconds: PACE_MS of time touch one more of them. */
#define STEPS (PACE_MS + 1)

struct pace_client {
	uint64_t last_ms;		/* the newest step */
	uint8_t released[STEPS];	/* by millisecond, modulo STEPS */
	uint8_t sum;			/* of them: PACE_REPLIES at most */
	uint32_t first, last;		/* items held back + 1; 0: none */
};

bool
pace_init(struct pace *pace, uint32_t clients, uint32_t items)
{
	*pace = (struct pace){
		.clients = calloc(clients, sizeof(*pace->clients)),
		.next = calloc(items, sizeof(*pace->next)),
	};
	return deadlines_init(&pace->due, clients) && pace->clients && pace->next;
}

void
pace_fini(struct pace *pace)
{
	deadlines_fini(&pace->due);
	free(pace->clients);
	free(pace->next);
}

void
pace_forget(struct pace *pace, uint32_t client)
{
	pace->clients[client] = (struct pace_client){ 0 };
}

/** Let the steps that have passed out of the window. */
static void
advance(struct pace_client *client, uint64_t now_ms)
{
	if (now_ms <= client->last_ms)
		return;
	if (now_ms - client->last_ms >= STEPS) {
		memset(client->released, 0, sizeof(client->released));
		client->sum = 0;
		client->last_ms = now_ms;
		return;
	}
	while (client->last_ms < now_ms) {
		uint8_t *step = &client->released[++client->last_ms % STEPS];

		client->sum = (uint8_t)(client->sum - *step);
		*step = 0;
	}
}

static bool
count_one(struct pace_client *client, uint64_t now_ms)
{
	advance(client, now_ms);
	if (client->sum >= PACE_REPLIES)
		return false;
	client->released[client->last_ms % STEPS]++;
	client->sum++;
	return true;
}

bool
pace_release(struct pace *pace, uint32_t number, uint64_t now_ms)
{
	struct pace_client *client = &pace->clients[number];

	return !client->first && count_one(client, now_ms);
}

void
pace_hold(struct pace *pace, uint32_t number, uint32_t item, uint64_t now_ms)
{
	struct pace_client *client = &pace->clients[number];

	pace->next[item] = 0;
	if (client->first)
		pace->next[client->last - 1] = item + 1;
	else
		client->first = item + 1;
	client->last = item + 1;
	if (client->first == item + 1)
		deadlines_set(&pace->due, number, now_ms + 1);
}

uint64_t
pace_due(const struct pace *pace)
{
	const struct deadline *first = deadlines_first(&pace->due);

	return first ? first->when_ms : UINT64_MAX;
}

uint32_t
pace_take(struct pace *pace, uint64_t now_ms)
{
	const struct deadline *due;

	while ((due = deadlines_first(&pace->due)) && due->when_ms <= now_ms) {
		uint32_t number = due->slot, item;
		struct pace_client *client = &pace->clients[number];

		if (!count_one(client, now_ms)) {
			deadlines_set(&pace->due, number, now_ms + 1);
			continue;
		}
		item = client->first - 1;
		client->first = pace->next[item];
		if (!client->first)
			deadlines_clear(&pace->due, number);
		return item;
	}
	return PACE_NONE;
}
