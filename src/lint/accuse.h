/*
 * accuse - findings about a record set that the scan suspects
 *
 * All have one form: where the record stands, the record itself, its zone, and what a network
 * that reads it gets.
 */
#ifndef LINT_ACCUSE_H
#define LINT_ACCUSE_H

#include "lint/scan.h"
#include "lint/witness.h"

/** "www.corp.example. CNAME": in the arena. */
const char *record_text(struct lint *lint, const uint8_t *owner, uint16_t type);

/** A name for people: in the arena. */
const char *name_text(struct lint *lint, const uint8_t *name);

/**
 * A finding at the suspect's record, with the record (`text` says what of it) and its zone.
 * NULL, which diag_add accepts, below the run's severity.
 */
struct finding *accuse(struct lint *lint, const struct lint_check *check,
		       enum severity severity, const struct suspect *suspect,
		       const char *text, const char *fmt, ...) printf_like(6, 7);

/** The same for a name and type of a zone. */
struct finding *accuse_record(struct lint *lint, const struct lint_check *check,
			      enum severity severity, uint32_t zone, const uint8_t *owner,
			      uint16_t type, const char *text, const char *fmt, ...)
	printf_like(8, 9);

/** Add another record of the zone. */
void accuse_add_record(struct lint *lint, struct finding *finding, uint32_t zone,
		       const uint8_t *owner, uint16_t type, const char *text);

/** What this network, which reads the name from the zone, gets for it. */
void accuse_ask(struct witness *witness, uint32_t network, uint32_t zone, const uint8_t *name,
		uint16_t type);

#endif
