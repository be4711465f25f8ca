#include "control/checkup.h"

#include <string.h>

#include "estate/estate.h"

bool
checkup_result(struct checkup *checkup, bool good, uint32_t failure_threshold)
{
	checkup->results++;
	if (good != checkup->unhealthy) {
		checkup->against = 0;
		return false;
	}
	if (++checkup->against < failure_threshold)
		return false;
	checkup->unhealthy = !good;
	checkup->against = 0;
	return true;
}

bool
checkup_settle(struct checkup *checkup, bool good)
{
	return checkup_result(checkup, good, 1);
}

bool
checkup_word(const struct snapshot_health *check, bool found_healthy)
{
	return (found_healthy || check->disabled) != (check->inverted != 0);
}

uint64_t
checkup_phase_ms(const char *id, uint64_t interval_ms)
{
	return health_hash(id) % interval_ms;
}

static struct digest
fold_number(struct digest digest, uint64_t number)
{
	return digest_fold(digest, digest_bytes(&number, sizeof(number)));
}

static struct digest
fold_string(struct digest digest, const struct snapshot *snap, uint32_t at)
{
	const char *string = snapshot_string(snap, at);

	return digest_fold(digest, digest_bytes(string, strlen(string)));
}

struct digest
checkup_identity(const struct snapshot *snap, uint32_t number)
{
	const struct snapshot_health *check = snapshot_health(snap, number);
	const uint32_t *children = block_at(&snap->root->block, check->children_at);
	const uint64_t numbers[] = {
		check->type, check->request_interval_ms, check->port, check->failure_threshold,
		check->inverted, check->disabled, check->health_threshold, check->child_count,
	};
	struct digest digest = digest_bytes(check->ip, sizeof(check->ip));

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		digest = fold_number(digest, numbers[i]);
	digest = fold_string(digest, snap, check->id_at);
	digest = fold_string(digest, snap, check->resource_path_at);
	digest = fold_string(digest, snap, check->domain_name_at);
	digest = fold_string(digest, snap, check->search_string_at);
	digest = fold_string(digest, snap, check->state_file_at);
	for (uint32_t i = 0; i < check->child_count; i++)
		digest = fold_string(digest, snap, snapshot_health(snap, children[i])->id_at);
	return digest;
}

static bool
calculate_one(const struct snapshot *snap, const struct snapshot_health *check,
	      const bool *words)
{
	const uint32_t *children = block_at(&snap->root->block, check->children_at);
	uint32_t healthy = 0;

	for (uint32_t i = 0; i < check->child_count; i++)
		healthy += words[children[i]];
	return checkup_word(check, healthy >= check->health_threshold);
}

/** One round settles at least one level. */
void
checkup_calculate(const struct snapshot *snap, bool *words)
{
	bool turned = true;

	for (unsigned round = 0; turned && round <= HEALTH_LEVELS_MAX; round++) {
		turned = false;
		for (uint32_t i = 0; i < snap->root->health_count; i++) {
			const struct snapshot_health *check = snapshot_health(snap, i);
			bool word;

			if (check->type != HEALTH_CALCULATED)
				continue;
			word = calculate_one(snap, check, words);
			turned |= word != words[i];
			words[i] = word;
		}
	}
}
