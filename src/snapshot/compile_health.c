#include "snapshot/compile_parts.h"

#include <stdlib.h>
#include <string.h>

#include "snapshot/slots.h"

static uint32_t
count_checks(const struct estate *estate)
{
	uint32_t count = 0;

	for (const struct health_check *h = estate->health_checks; h; h = h->next)
		count++;
	return count;
}

/** id -> number + 1, as a pointer: never NULL. */
static void
number_checks(struct root_maker *m, struct table *numbers)
{
	uintptr_t number = 0;

	table_init(numbers, &m->scratch);
	for (const struct health_check *h = m->estate->health_checks; h; h = h->next)
		if (table_put_string(numbers, h->id, (void *)++number) != OK)
			root_fail(m, ERR_NOMEM);
}

static int
compare_numbers(const void *a, const void *b)
{
	const uint32_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

/** The numbers, sorted, of those children that are declared; how many they are in *count. */
static uint32_t
put_children(struct root_maker *m, const struct table *numbers, const struct ref *children,
	     uint32_t *count)
{
	uint32_t *found, most = 0;

	*count = 0;
	for (const struct ref *child = children; child; child = child->next)
		most++;
	if (!most)
		return 0;
	found = root_array(m, most, sizeof(*found));
	if (!found)
		return 0;
	for (; children; children = children->next) {
		uintptr_t number = (uintptr_t)table_find_string(numbers, children->id);

		if (number)
			found[(*count)++] = (uint32_t)number - 1;
	}
	qsort(found, *count, sizeof(*found), compare_numbers);
	return block_put(&m->block, found, *count * sizeof(*found));
}

static void
put_check(struct root_maker *m, const struct table *numbers, uint32_t checks_at,
	  uint32_t number, const struct health_check *check)
{
	struct snapshot_health *checks, out = {
		.type = check->type,
		.request_interval_ms = check->request_interval_ms,
		.port = check->addr.port,
		.failure_threshold = check->failure_threshold,
		.health_threshold = check->health_threshold,
		.inverted = check->inverted,
		.disabled = check->disabled,
	};

	memcpy(out.ip, check->addr.ip, sizeof(out.ip));
	out.id_at = block_put_string(&m->block, check->id);
	out.resource_path_at = block_put_string(&m->block, check->resource_path);
	out.domain_name_at = block_put_string(&m->block, check->fully_qualified_domain_name);
	out.search_string_at = block_put_string(&m->block, check->search_string);
	out.state_file_at = block_put_string(&m->block, check->state_file);
	out.children_at = put_children(m, numbers, check->children, &out.child_count);
	checks = block_edit(&m->block, checks_at);
	if (checks)
		checks[number] = out;
}

static uint32_t
put_slots(struct root_maker *m, uint64_t slot_count)
{
	uint32_t at = block_reserve(&m->block, slot_count * 2 * sizeof(uint32_t)), number = 0;
	uint32_t (*slots)[2] = block_edit(&m->block, at);

	if (!at || !slots)
		return 0;
	for (const struct health_check *h = m->estate->health_checks; h; h = h->next)
		slots_insert(slots, (uint32_t)(slot_count - 1), health_hash(h->id), ++number);
	return at;
}

void
compile_health(struct root_maker *m)
{
	uint32_t count = count_checks(m->estate), number = 0, at, slots_at;
	uint64_t slot_count = slots_for(count);
	struct table numbers;
	struct root *root;

	if (!count)
		return;
	number_checks(m, &numbers);
	at = block_reserve(&m->block, count * sizeof(struct snapshot_health));
	for (const struct health_check *h = m->estate->health_checks; h; h = h->next)
		put_check(m, &numbers, at, number++, h);
	slots_at = put_slots(m, slot_count);
	root = block_edit(&m->block, 0);
	if (root) {
		root->health_at = at;
		root->health_count = count;
		root->health_slots_at = slots_at;
		root->health_slot_mask = (uint32_t)(slot_count - 1);
	}
}
