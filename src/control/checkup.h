/*
 * checkup - what the results of one health check make of it
 *
 *   healthy --failure_threshold bad results in a row--> unhealthy
 *   healthy <-failure_threshold good results in a row-- unhealthy
 *
 * A check counts as healthy until its results say otherwise (route53-semantics 4.4.14), and
 * one result among others changes nothing.  What others see of it is its word: a disabled
 * check is as good as a healthy one, and an inverted one says the opposite.  Pure: no clock,
 * no socket; what a check is made of is the caller's.
 */
#ifndef CONTROL_CHECKUP_H
#define CONTROL_CHECKUP_H

#include "base/hash.h"
#include "snapshot/snapshot.h"

struct checkup {
	bool unhealthy;		/* as found, before `inverted`; zero: a new check */
	uint32_t against;	/* results in a row that say the opposite */
	uint64_t results;	/* all in all; 0: nothing is known yet */
};

/** Take in one result.  true: the finding has turned. */
bool checkup_result(struct checkup *checkup, bool good, uint32_t failure_threshold);

/** Take over what somebody else has settled, as of an EXTERNAL check.  true: it has turned. */
bool checkup_settle(struct checkup *checkup, bool good);

/** What others go by. */
bool checkup_word(const struct snapshot_health *check, bool found_healthy);

/**
 * When the first check of an id is due after the start, 0 <= ms < interval: spread by the
 * hash of the id, the same at every start, so that checks of one interval do not all come at
 * once.
 */
uint64_t checkup_phase_ms(const char *id, uint64_t interval_ms);

/**
 * All that makes a check what it is, its id included: while it stays the same over a reload,
 * what was found stays true.  The numbers of children and offsets do not count, their ids do.
 */
struct digest checkup_identity(const struct snapshot *snap, uint32_t number);

/**
 * The words of all CALCULATED checks from those of the others: words[i] is that of check i,
 * set by the caller for all other kinds.  A check with fewer children than health_threshold
 * is never healthy, one with a threshold of 0 always (as the service has it).  Those of an
 * image that wait for each other, or stand on too many levels, end up one way or the other.
 */
void checkup_calculate(const struct snapshot *snap, bool *words);

#endif
