/*
 * compile - an estate becomes a snapshot; the only maker of one
 *
 * Reuses the zone blocks of a previous snapshot whose source did not change, makes equal
 * zones one block and equal cut tables one table, and settles every tie: what the engine
 * reads needs no further judgement.  Two compiles of one estate are byte-identical, from
 * whatever files and forms it was read: no file name or line goes into a block, objects are in
 * the order of their ids, the values of a set and the targets that are asked at random sorted.
 *
 * Precedence (route53-semantics 1.1): the longest suffix; on a tie what the VPC has itself,
 * then its Profiles (1.7), and of one of these rule before zone; autodefined names last.
 * A SYSTEM rule gives its suffix the treatment it would have without FORWARD rules: the
 * longest zone or autodefined name that covers it, else the internet resolver (1.3.3; that a
 * shorter zone is consulted is the sheet's presumption 9.4).  A VPC that lacks one of the
 * DNS attributes has neither zones nor autodefined names (1.5).  See settle.h.
 *
 * Zones: parts of a set said in several places become one, with the least of their TTLs and
 * each value once (said again: warning duplicate-record); the sets of a weighted group have
 * one TTL, the last one's (4.4.5); a zone that states no SOA or NS gets those of every private
 * zone (4.2).
 */
#ifndef SNAPSHOT_COMPILE_H
#define SNAPSHOT_COMPILE_H

#include "estate/estate.h"
#include "snapshot/snapshot.h"

/**
 * estate: passed estate_check without errors.  previous: NULL, or the snapshot whose blocks
 * zones left unread refer to, by source and name (their own id first).
 * ERR_REJECTED: errors were reported (a record set over 65,535 octets, a zone too large).
 * ERR_NOMEM.  In both cases *out is untouched and previous unchanged.
 */
enum status compile_estate(const struct estate *estate, const struct snapshot *previous,
			   struct diags *diags, struct snapshot **out) must_check;

/**
 * The same, for who has no more use for owners and values of the estate's record sets: pools of
 * them (estate->spends) go as their zones are compiled, so that memory is not asked for twice.
 * Afterwards owners are those in the snapshot, which outlives the estate, and values NULL; after
 * a failure the record sets are not to be looked at.
 */
enum status compile_spending(struct estate *estate, struct diags *diags, struct snapshot **out)
	must_check;

/** One zone's block; for compile and tests.  NULL: reported. */
struct held_block *compile_zone(const struct hosted_zone *zone, struct diags *diags);

#endif
