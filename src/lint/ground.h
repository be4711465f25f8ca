/*
 * ground - what the checks of addresses, peerings and quotas share, made once a run
 *
 * Who holds which addresses, who reaches whom, where the records of all zones lead, and which
 * networks read a zone.
 */
#ifndef LINT_GROUND_H
#define LINT_GROUND_H

#include "lint/model.h"
#include "lint/reach.h"
#include "lint/uses.h"

struct stranded;

struct ground {
	struct addresses addresses;
	struct reach reach;
	struct uses uses;
	uint32_t *readers;	/* room for all networks */
	const struct stranded *stranded;	/* check_rea's, found by the first that asks */
	bool stranded_known;
};

/** NULL: memory ran out, and the run is unfinished. */
struct ground *lint_ground(struct lint *lint);

/**
 * The networks whose questions for the zone's own name are answered from it, in their order,
 * those with the same links side by side: their number, the list in ground->readers.
 */
size_t ground_readers(struct lint *lint, struct ground *ground, uint32_t zone);

/** The uses of one zone. */
static inline const struct use *
ground_uses(const struct ground *ground, uint32_t zone, size_t *count)
{
	size_t start = ground->uses.starts[zone];

	*count = ground->uses.starts[zone + 1] - start;
	return ground->uses.list + start;
}

/**
 * The first record of the use that this network reads, as a witness that says so; false: it
 * reads none of them.
 */
struct witness;
bool ground_witness(struct lint *lint, const struct ground *ground, const struct use *use,
		    uint32_t network, struct witness *witness);

/** Where the first record of the use was declared. */
struct srcloc ground_use_at(struct lint *lint, const struct ground *ground,
			    const struct use *use);

/** Add the first few records of the use, each with what it says. */
void ground_add_records(struct lint *lint, const struct ground *ground,
			struct finding *finding, const struct use *use);

/** "3 addresses", "1 record". */
const char *ground_count(struct lint *lint, const struct use *use);

#endif
