/*
 * witness - a question that shows what a finding claims, replayed before it is reported
 *
 * A check works on zones and cut tables as wholes; its witness is one question.  Asked of
 * the whole engine (resolve_offline) in each network concerned, it must give what the check
 * computed, or the finding is our mistake and not the user's.  The engine tells what it
 * presumed on the way, and the finding passes it on.
 */
#ifndef LINT_WITNESS_H
#define LINT_WITNESS_H

#include "lint/model.h"
#include "lint/outcome.h"

#define WITNESS_MAX_CLAIMS 8

enum claim_kind {
	CLAIM_ZONE,		/* answers from zone `number` */
	CLAIM_RULE,		/* forwards by rule `number` */
	CLAIM_AUTODEFINED,	/* answers by itself (route53-semantics 1.4) */
	CLAIM_INTERNET,		/* has neither zone nor rule: the public DNS decides */
};

/* What one network does with the question. */
struct claim {
	uint32_t network;
	enum claim_kind kind;
	uint32_t number;
};

struct witness {
	struct name name;
	uint16_t type;
	unsigned claim_count;
	struct claim claims[WITNESS_MAX_CLAIMS];
	uint32_t assumed;	/* bits 1 << enum assume: what the replay rests on */
};

/**
 * Claim that in this network the zone answers, the rule forwards, or neither has a part in it.
 * Beyond the room: not.
 */
void witness_claim_zone(struct witness *witness, uint32_t network, uint32_t zone);
void witness_claim_rule(struct witness *witness, uint32_t network, uint32_t rule);
void witness_claim_autodefined(struct witness *witness, uint32_t network);
void witness_claim_internet(struct witness *witness, uint32_t network);

/**
 * Replay.  false: it does not show what is claimed; reported as internal-error, the run is
 * marked broken, and the finding is not to be made.
 */
bool witness_holds(struct lint *lint, const struct lint_check *check,
		   struct witness *witness);

/**
 * Add the question, what each network makes of it and which points of server.assume that
 * rests on to the finding; text may be NULL.
 */
void witness_add(struct lint *lint, struct finding *finding, const struct witness *witness,
		 const char *text);

/**
 * What the zone gives for the witness's question, though no network may ask it; and what it
 * declares there, though a delegation of its own may stand above the record.
 */
const char *witness_zone_text(struct lint *lint, const struct witness *witness, uint32_t zone);
const char *witness_record_text(struct lint *lint, const struct witness *witness,
				uint32_t zone);

#endif
