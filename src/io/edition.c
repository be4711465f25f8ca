#include "io/edition.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/health.h"
#include "engine/request.h"

struct edition *
edition_ref(struct edition *edition)
{
	edition->refs++;
	return edition;
}

void
edition_unref(struct edition *edition)
{
	if (!edition || --edition->refs > 0)
		return;
	for (uint32_t slot = 0; slot < GATES_MAX; slot++)
		if (edition->gates[slot])
			gate_unref(edition->gates[slot]);
	budgets_unref(edition->budgets);
	snapshot_unref(edition->snap);
	free(edition->healthy);
	free(edition);
}

/** The addresses of the snapshot's listeners, as many as could be planned for. */
static uint32_t
wanted(const struct snapshot *snap, struct addr want[GATES_MAX + 1])
{
	uint32_t count = snap->root->listener_count;

	if (count > GATES_MAX + 1)
		count = GATES_MAX + 1;	/* one too many: enough to be refused */
	for (uint32_t i = 0; i < count; i++) {
		const struct snapshot_listener *listener = snapshot_listener(snap, i);

		want[i] = (struct addr){ .port = (uint16_t)listener->port };
		memcpy(want[i].ip, listener->ip, sizeof(want[i].ip));
	}
	return count;
}

/** Until there are results every check counts as healthy.  false: out of memory. */
static bool
make_healthy(struct edition *edition)
{
	uint32_t words = health_words(edition->snap->root->health_count);

	if (!words)
		return true;
	edition->healthy = calloc(words, sizeof(*edition->healthy));
	for (uint32_t i = 0; edition->healthy && i < words; i++)
		atomic_init(&edition->healthy[i], UINT64_MAX);
	return edition->healthy != NULL;
}

/** Put gate i of the plan into its slot. */
static enum status
take_gate(struct edition *edition, const struct edition *previous, const struct gate_plan *plan,
	  uint32_t i, const struct addr *addr, bool *stream)
{
	uint32_t slot = plan->slots[i];
	enum status status;

	if (!plan->open[i]) {
		edition->gates[slot] = gate_ref(previous->gates[slot]);
	} else {
		status = gate_open(addr, slot, edition->number, edition->workers, plan->joins[i],
				   &edition->gates[slot], stream);
		if (status != OK)
			return status;
	}
	edition->numbers[slot] = i;
	return OK;
}

enum status
edition_make(const struct edition *previous, struct snapshot *snap, uint32_t workers,
	     struct edition **out, struct edition_failure *failure)
{
	static struct gate *const none[GATES_MAX];
	struct edition *edition = calloc(1, sizeof(*edition));
	struct addr want[GATES_MAX + 1];
	struct gate_plan plan;
	enum status status;
	uint32_t at;

	if (!edition)
		return ERR_NOMEM;
	edition->refs = 1;
	edition->number = previous ? previous->number + 1 : 1;
	edition->workers = previous ? previous->workers : workers;
	edition->snap = snapshot_ref(snap);
	edition->budgets = budgets_adopt(previous ? previous->budgets : NULL,
					 snapshot_budgets(snap), snap->root->budget_count);
	if (!edition->budgets || !make_healthy(edition)) {
		edition_unref(edition);
		return ERR_NOMEM;
	}
	for (uint32_t slot = 0; slot < GATES_MAX; slot++)
		edition->numbers[slot] = LISTENER_NONE;

	*failure = (struct edition_failure){ 0 };
	status = gate_plan(previous ? previous->gates : none, want, wanted(snap, want),
			       &plan, &at);
	for (uint32_t i = 0; status == OK && i < plan.count; i++) {
		at = i;
		status = take_gate(edition, previous, &plan, i, &want[i],
				       &failure->stream);
		if (status == ERR_SYSTEM)
			failure->error = errno;
	}
	if (status == OK) {
		*out = edition;
		return OK;
	}
	failure->listener = at;
	failure->addr = want[at];
	edition_unref(edition);
	return status;
}
