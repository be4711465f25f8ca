/*
 * plan - a tiny random estate as plain numbers and words, so that it can be shrunk and shown
 *
 * At most four networks (the last may be a site), six zones, five rules; names of the labels
 * a, b and *, four deep at most.  A plan that the loader would refuse is no plan.
 */
#ifndef TESTS_PLAN_H
#define TESTS_PLAN_H

#include "unit/draft.h"

#define PLAN_NETWORKS 4
#define PLAN_ZONES    6
#define PLAN_RULES    5
#define PLAN_RECORDS  24
#define PLAN_NAME     24	/* octets of a name's text */

struct plan_zone {
	bool used;
	char name[PLAN_NAME];
	unsigned networks;	/* bits */
};

struct plan_record {
	bool used, alias;
	unsigned zone;
	char owner[PLAN_NAME], value[PLAN_NAME];
	uint16_t type;
	int into;		/* an alias's target zone; -1: some zone elsewhere */
};

enum { TO_UNKNOWN = -1, TO_NOBODY = -2 };	/* else the number of a network */

struct plan_rule {
	bool used;
	char domain[PLAN_NAME];
	int to[2];		/* the second: TO_NOBODY for rules with one target */
	bool system;
	unsigned networks;
};

struct plan {
	unsigned networks, depth;
	bool site;		/* the last network is one */
	struct plan_zone zone[PLAN_ZONES];
	struct plan_record record[PLAN_RECORDS];
	struct plan_rule rule[PLAN_RULES];
};

/** The plan of this number: always the same. */
void plan_make(struct plan *plan, uint64_t seed);

/** Declare it, backwards on wish; false: the estate is refused. */
bool plan_declare(const struct plan *plan, struct draft *draft, bool backwards);

/** Write it as configuration. */
void plan_print(const struct plan *plan, FILE *out);

/** Does the plan still show what it showed? */
typedef bool (*plan_fails_fn)(const struct plan *plan);

/** Take away whatever can go while it fails. */
void plan_shrink(struct plan *plan, plan_fails_fn fails);

#endif
