/*
 * targets - what a worker has learnt of each target: round trips, losses, what it speaks
 *
 * Health is lazy: nothing is sent but clients' own questions.
 *
 *	     8 losses in a row, no reply for 500 ms
 *	UP ------------------------------------------> DOWN: a probe after 250 ms, 500 ms,
 *	   <------------------------------------------       1 s, then one each 1.5 s
 *	     any accepted reply
 *
 * So half the packets lost does not take a target down: 8 in a row happen, but not 500 ms
 * without any reply where more than a few questions a second are asked.  One that is back is
 * heard within 2 s, and a dead one costs two packets in three seconds.  A probe is the next question somebody asks: targets_choose puts
 * the target in front once.
 *
 * Only what the conductor reports as accepted changes anything for the better, and only
 * silence for the worse; a forged packet is neither.  Letter case and EDNS are learnt from
 * replies over a stream alone.
 *
 * p95: a histogram of round trips in steps of a half octave, halved each HISTOGRAM_FULL
 * samples, so it forgets.  Losses are no samples: they would make resends slower just when
 * packets get lost.
 *
 * One table per worker, no locks, all memory at the start.  Addresses come from the
 * configuration, not from clients; when there are more than `max` the one that was idle
 * longest is forgotten and starts anew as a target that is up and unknown.
 */
#ifndef ENGINE_TARGETS_H
#define ENGINE_TARGETS_H

#include "base/hash.h"
#include "base/random.h"
#include "engine/forward.h"
#include "engine/outages.h"
#include "estate/settings.h"
#include "snapshot/snapshot.h"

#define TARGETS_MAX	     1024	/* the usual `max` */
#define TARGETS_NONE	     UINT32_MAX
#define TARGET_UNKNOWN_MS    100	/* p95 of a target that has not answered yet */
#define TARGET_COOKIE_OCTETS 32		/* of a server cookie (RFC 7873 4) */

enum target_case { TARGET_CASE_UNKNOWN, TARGET_CASE_KEEPS, TARGET_CASE_LOSES };

/* What is known of a target's cookies (RFC 7873); used by upstream_options alone. */
struct target_cookie {
	uint64_t silent_until_ms;	/* it speaks none: not asked before */
	uint8_t server_len;		/* 0: none was given; else 8..32 */
	uint8_t without;		/* accepted replies in a row without a cookie */
	uint8_t server[TARGET_COOKIE_OCTETS];
};

struct targets;

/** All memory at once; max: 1..65,535, 0 means TARGETS_MAX.  NULL: out of memory. */
struct targets *targets_new(uint32_t max, const struct hash_key *key);
void targets_free(struct targets *targets);

/**
 * Learn from other workers when a target is back, and take turns with them in probing it:
 * the times above then hold for all of them together.  Takes a reference; NULL: alone.
 */
void targets_share(struct targets *targets, struct outages *outages);

/**
 * The slot of a target, made where it is not known; counts as use.  It stays valid until
 * the target is forgotten; then, and for TARGETS_NONE, what is reported of it is passed by
 * and what is asked of it is as for an unknown one.
 */
uint32_t targets_slot(struct targets *targets, const struct snapshot_target *target,
		      uint64_t now_ms);

/**
 * Choose whom to ask.  slots: of the rule's targets, in its order, `count` of them (at most
 * FORWARD_MAX_TARGETS are looked at).  Those that are down are left out, but for one whose
 * probe is due: it is then taken to be sent.  out->count 0: all are down.
 */
void targets_choose(struct targets *targets, const uint32_t *slots, uint32_t count,
		    enum target_policy policy, struct random *random, uint64_t now_ms,
		    struct target_choice *out);

/** Are all down, and no probe due?  Then answer from stale, or fail, at once. */
bool targets_all_down(const struct targets *targets, const struct snapshot_target *list,
		      uint32_t count, uint64_t now_ms);

/** A question went out. */
void targets_sent(struct targets *targets, uint32_t slot, uint64_t now_ms);

/** It answered.  Over a stream the round trip is no sample: a handshake may be in it. */
void targets_answered(struct targets *targets, uint32_t slot, uint32_t rtt_ms, bool stream,
		      uint64_t now_ms);

/** It answered that it cannot: it lives, but how long it took says nothing. */
void targets_refused(struct targets *targets, uint32_t slot, uint64_t now_ms);

/** It did not answer: forward's `silent`, or the network said no. */
void targets_lost(struct targets *targets, uint32_t slot, uint64_t now_ms);

bool targets_is_down(const struct targets *targets, uint32_t slot);

/** 95 of 100 replies were as fast; TARGET_UNKNOWN_MS where there were none. */
uint32_t targets_p95_ms(const struct targets *targets, uint32_t slot);

/** Take a token for a hedge: one per ten questions that were put to it first, 10 at most. */
bool targets_take_hedge(struct targets *targets, uint32_t slot);

/**
 * Letter case.  LOSES holds for an hour, then it is found out again.
 * learn: from an accepted reply over a stream only.
 */
enum target_case targets_case(const struct targets *targets, uint32_t slot, uint64_t now_ms);
void targets_learn_case(struct targets *targets, uint32_t slot, bool keeps, uint64_t now_ms);

/**
 * Does it take EDNS?  Yes until it said FORMERR or NOTIMP, without an OPT, over a stream; that
 * holds for an hour.  The same over UDP proves nothing: step with TRUNCATED to ask again.
 */
bool targets_speaks_edns(const struct targets *targets, uint32_t slot, uint64_t now_ms);
void targets_learn_no_edns(struct targets *targets, uint32_t slot, uint64_t now_ms);

/** Its cookie state; NULL for a slot that is no longer valid. */
struct target_cookie *targets_cookie(struct targets *targets, uint32_t slot);

#endif
