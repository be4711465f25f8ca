#include "engine/outages.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/hash.h"

#define PLACES 1024

struct place {
	_Atomic uint64_t probed_ms, told_ms;	/* 0: never */
};

struct outages {
	_Atomic uint32_t refs;
	struct place places[PLACES];
};

struct outages *
outages_new(void)
{
	struct outages *outages = calloc(1, sizeof(*outages));

	if (outages)
		outages->refs = 1;
	return outages;
}

struct outages *
outages_ref(struct outages *outages)
{
	atomic_fetch_add(&outages->refs, 1);
	return outages;
}

void
outages_unref(struct outages *outages)
{
	if (outages && atomic_fetch_sub(&outages->refs, 1) == 1)
		free(outages);
}

/** Targets come with the configuration: nobody outside chooses where they fall. */
static size_t
place_of(const struct snapshot_target *target)
{
	return digest_bytes(target, sizeof(*target)).lo % PLACES;
}

bool
outages_claim(struct outages *outages, const struct snapshot_target *target, uint32_t gap_ms,
	      uint64_t now_ms, uint64_t *next_ms)
{
	struct place *place = &outages->places[place_of(target)];
	uint64_t last_ms = atomic_load(&place->probed_ms);

	if ((!last_ms || now_ms >= last_ms + gap_ms) &&
	    atomic_compare_exchange_strong(&place->probed_ms, &last_ms, now_ms))
		return true;
	*next_ms = last_ms + gap_ms;	/* after a lost race: the winner's */
	return false;
}

void
outages_tell(struct outages *outages, const struct snapshot_target *target, uint64_t now_ms)
{
	atomic_store(&outages->places[place_of(target)].told_ms, now_ms);
}

uint64_t
outages_told_ms(const struct outages *outages, const struct snapshot_target *target)
{
	return atomic_load(&outages->places[place_of(target)].told_ms);
}
