/*
 * check - the parts of estate_check, private to estate/
 *
 * Each part walks the whole estate and reports every mistake of its kind.  Scratch memory
 * goes when the check ends; a part that runs out of it sets `nomem` and stops.
 */
#ifndef ESTATE_CHECK_H
#define ESTATE_CHECK_H

#include "estate/estate.h"

struct check {
	struct estate *estate;
	struct diags *diags;
	struct arena scratch;
	unsigned suggested;	/* dangling references that got a suggestion: it costs a scan */
	bool nomem;
};

/** Resolve every reference between objects; the settings' listeners too. */
void check_references(struct check *check);

/**
 * Profiles: those of one VPC have an order; what is in them is attached to their VPCs.
 */
void check_profiles(struct check *check);

/** What the records of one zone say about each other. */
void check_records(struct check *check, const struct hosted_zone *zone);

/** Does each health check say what its type needs, and does none wait for itself? */
void check_health(struct check *check);

/** Two zones, or two rules, of one name on one network or in one Profile. */
void check_domains(struct check *check);

/** CIDRs of different networks that overlap. */
void check_clients(struct check *check);

#endif
