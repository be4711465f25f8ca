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

/* Who refers: the object that a reference stands in. */
struct referrer {
	const char *kind, *id;
	struct srcloc at;
};

struct referrer check_referrer(enum object_kind kind, const void *object);

/** Resolve a reference, a list of them; kinds: what those may name that do not say it. */
void check_ref(struct check *check, struct ref *ref, unsigned kinds,
	       const struct referrer *from);
void check_refs(struct check *check, struct ref *refs, unsigned kinds,
		const struct referrer *from);

/** Resolve every reference between objects; the settings' listeners too. */
void check_references(struct check *check);

/** The same for what is inside a VPC, and the firewall; part of check_references. */
void check_network_references(struct check *check);

/** What is inside a VPC: whose route table and ACL a subnet has; what does not go together. */
void check_network(struct check *check);

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
