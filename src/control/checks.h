/*
 * checks - the health checks of what is served, carried out on the control thread's loop
 *
 * Each check has a timer of its own, first due after checkup_phase_ms, then every interval.
 * At most CHECKS_IN_FLIGHT probes are on their way; a check that comes due beyond that waits
 * its turn, in order, and one whose last probe is not over (or not begun) is left out until
 * it is due again: a slow endpoint is asked less often, never twice at once.
 *
 * What they find is written to the bitmap of the newest edition, where workers read it; an
 * older edition, served for a moment more, keeps what was known when the newer one came.
 * A check whose definition is the same in the next edition goes on as if nothing had
 * happened; one that changed starts anew.  Every turn is a line of the log.
 */
#ifndef CONTROL_CHECKS_H
#define CONTROL_CHECKS_H

#include <uv.h>

#include "base/log.h"
#include "control/statefile.h"
#include "io/edition.h"

#define CHECKS_IN_FLIGHT 64u

struct checks;

/** The loop and the log outlive it.  NULL: out of memory. */
struct checks *checks_new(uv_loop_t *loop, const struct log *log);

/** Ends all; the loop has to run once more, for handles to close.  NULL is allowed. */
void checks_free(struct checks *checks);

/**
 * Go over to this edition, of which a reference is kept: its bitmap is set from what is
 * known, then its checks run.  To be called before workers are offered it.
 * ERR_NOMEM: the checks go on for the last edition, all of this one count as healthy.
 */
enum status checks_take_up(struct checks *checks, struct edition *edition) must_check;

/**
 * An EXTERNAL check is as said, whatever its file says; SAID_NOTHING: by its file again.
 * ERR_MALFORMED: there is no such check.  ERR_REJECTED: it is one of another type.
 */
enum status checks_say(struct checks *checks, const char *id, enum said said) must_check;

/* One check, for those who tell of it; borrowed. */
struct check_view {
	const char *id;
	uint32_t type;			/* enum health_check_type */
	bool healthy;			/* what the workers go by */
	bool disabled, inverted;
	uint64_t results;		/* so far; of CALCULATED checks 0 */
	const char *why;		/* of the last bad result; NULL: it was good */
	enum said said;			/* by checks_say */
};

uint32_t checks_count(const struct checks *checks);
uint32_t checks_unhealthy(const struct checks *checks);
void checks_view(const struct checks *checks, uint32_t number, struct check_view *out);

/** The number of a check, or HEALTH_NONE. */
uint32_t checks_find(const struct checks *checks, const char *id);

const char *check_type_text(uint32_t type);	/* as in the configuration */

#endif
