#include "control/crew.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/checks.h"
#include "control/ctl.h"
#include "control/privilege.h"
#include "io/prepared.h"
#include "io/uplink.h"

/*
 * Questions in the air.  A rule may have a quarter of them (engine/flight.h): enough for one
 * of whose two targets one has just died, at 10,000 questions a second.
 */
#define FLIGHTS_MAX	8192u
#define SESSIONS_MAX	2048u
#define CLIENT_SHARE	4u	/* one client address has this part of them at most ... */
#define CLIENT_LEAST	8u	/* ... but may always have so many */
#define BACKLOGS_MAX	64u
#define IDLE_MS		10000u	/* RFC 7766 6.2.3: a few seconds */
#define WAITERS_EACH	4u	/* clients that may wait, for each flight */
#define OTHER_FILES	64u	/* of the process, and of each worker */
#define CONTROL_FILES	(3 * CHECKS_IN_FLIGHT + CTL_SESSIONS_MAX)	/* a look-up takes two */
#define UPSTREAM_FILES	(UPLINKS_MAX + 2 * PREPARED_KEPT + PREPARED_SPENT)	/* a worker's */
#define LEAST		16u	/* of flights and sessions, however few descriptors */

struct crew {
	struct crew_settings settings;
	struct ephemeral ephemeral;
	uint32_t count;
	struct worker *workers[];
};

/** Share out the descriptors: sockets of gates first, then those of flights and sessions. */
static void
apportion(struct worker_settings *settings, uint32_t workers, uint32_t gates,
	  const struct log *log)
{
	uint64_t fixed = OTHER_FILES + CONTROL_FILES +
			 (uint64_t)workers * (OTHER_FILES + UPSTREAM_FILES + 2 * gates);
	uint64_t wanted = fixed +
			  (uint64_t)workers * (FORWARD_LANES * FLIGHTS_MAX + SESSIONS_MAX);
	uint64_t have = privilege_descriptors(wanted);
	uint64_t each = have > fixed ? (have - fixed) / workers : 0;

	settings->flights.max_flights = FLIGHTS_MAX;
	settings->sessions.max_sessions = SESSIONS_MAX;
	if (have < wanted) {
		uint64_t sessions = each / 5, flights;

		settings->sessions.max_sessions = (uint32_t)(sessions > LEAST ? sessions : LEAST);
		flights = (each - sessions) / FORWARD_LANES;
		settings->flights.max_flights = (uint32_t)(flights > LEAST ? flights : LEAST);
		log_write(log, LOG_LEVEL_NOTICE,
			  "only %llu descriptors (LimitNOFILE=%llu would do): each worker has %u "
			  "questions in the air and %u TCP sessions at most",
			  (unsigned long long)have, (unsigned long long)wanted,
			  (unsigned)settings->flights.max_flights,
			  (unsigned)settings->sessions.max_sessions);
	}
	settings->flights.max_waiters = WAITERS_EACH * settings->flights.max_flights;
	settings->flights.max_waiters_per_flight = settings->flights.max_flights;
	settings->sessions.max_per_client = settings->sessions.max_sessions / CLIENT_SHARE;
	if (settings->sessions.max_per_client < CLIENT_LEAST)
		settings->sessions.max_per_client = CLIENT_LEAST;
	settings->sessions.max_backlogs = BACKLOGS_MAX;
	settings->sessions.idle_ms = IDLE_MS;
}

struct crew *
crew_new(const struct crew_settings *settings, struct edition *first)
{
	uint32_t count = first->workers;
	struct crew *crew = calloc(1, sizeof(*crew) + count * sizeof(crew->workers[0]));
	struct worker_settings each = {
		.cache = settings->cache,
		.note = settings->note,
		.context = settings->context,
	};

	if (!crew)
		return NULL;
	crew->settings = *settings;
	crew->count = count;
	ephemeral_read(&crew->ephemeral, EPHEMERAL_RESERVED_AT);
	each.ephemeral = &crew->ephemeral;
	apportion(&each, count, first->snap->root->listener_count, settings->log);
	for (uint32_t i = 0; i < count; i++) {
		each.number = i;
		crew->workers[i] = worker_new(&each, first);
		if (!crew->workers[i]) {
			int error = errno;

			crew_free(crew);
			errno = error;
			return NULL;
		}
	}
	return crew;
}

int
crew_start(struct crew *crew)
{
	for (uint32_t i = 0; i < crew->count; i++) {
		int error = worker_start(crew->workers[i]);

		if (error) {
			crew_halt(crew);
			return error;
		}
	}
	return 0;
}

void
crew_free(struct crew *crew)
{
	if (!crew)
		return;
	for (uint32_t i = 0; i < crew->count; i++)
		worker_free(crew->workers[i]);
	free(crew);
}

uint32_t
crew_count(const struct crew *crew)
{
	return crew->count;
}

void
crew_offer(struct crew *crew, struct edition *edition)
{
	for (uint32_t i = 0; i < crew->count; i++)
		worker_offer(crew->workers[i], edition);
}

void
crew_leave(struct crew *crew, uint64_t limit_ms)
{
	for (uint32_t i = 0; i < crew->count; i++)
		worker_leave(crew->workers[i], limit_ms);
}

void
crew_halt(struct crew *crew)
{
	for (uint32_t i = 0; i < crew->count; i++)
		worker_halt(crew->workers[i]);
}

void
crew_ping(struct crew *crew)
{
	for (uint32_t i = 0; i < crew->count; i++)
		worker_ping(crew->workers[i]);
}

bool
crew_is_alive(const struct crew *crew)
{
	bool alive = true;

	for (uint32_t i = 0; i < crew->count; i++)
		if (!worker_is_alive(crew->workers[i])) {
			log_write(crew->settings.log, LOG_LEVEL_ERROR,
				  "worker %u does not move: the watchdog is not told that all is "
				  "well", (unsigned)i);
			alive = false;
		}
	return alive;
}

bool
crew_has_adopted(const struct crew *crew, uint32_t edition)
{
	for (uint32_t i = 0; i < crew->count; i++)
		if (worker_edition(crew->workers[i]) != edition)
			return false;
	return true;
}

bool
crew_has_ended(const struct crew *crew)
{
	for (uint32_t i = 0; i < crew->count; i++)
		if (!worker_has_ended(crew->workers[i]))
			return false;
	return true;
}

void
crew_tell_trouble(const struct crew *crew)
{
	for (uint32_t i = 0; i < crew->count; i++)
		if (worker_trouble(crew->workers[i]))
			log_write(crew->settings.log, LOG_LEVEL_ERROR,
				  "worker %u cannot watch all its sockets: %s", (unsigned)i,
				  strerror(worker_trouble(crew->workers[i])));
}

void
crew_counters(const struct crew *crew, struct worker_counters *out)
{
	uint64_t *sums = (uint64_t *)out;

	*out = (struct worker_counters){ 0 };
	for (uint32_t i = 0; i < crew->count; i++) {
		struct worker_counters counters;

		worker_counters(crew->workers[i], &counters);
		for (size_t k = 0; k < sizeof(counters) / sizeof(*sums); k++)
			sums[k] += ((const uint64_t *)&counters)[k];
	}
}
