/*
 * meetings - objects that meet in some networks: one root cause, however many networks
 *
 * A rule and a zone, two rules, a rule and the network that its target leads to: what two
 * numbers say.  Kept in the order in which they are first met.
 */
#ifndef LINT_MEETINGS_H
#define LINT_MEETINGS_H

#include "lint/model.h"

struct meeting {
	uint32_t one, other;		/* numbers of the objects */
	uint32_t *networks;		/* each once, when noted network by network */
	size_t count, room;
	struct meeting *next;
};

struct meetings {
	struct meeting *first, **end;
	struct table by_pair;
	void *context;			/* for who notes them */
};

void meetings_init(struct lint *lint, struct meetings *meetings);

/** The two meet in this network.  Memory that runs out is noted in the run. */
void meetings_note(struct lint *lint, struct meetings *meetings, uint32_t one, uint32_t other,
		   uint32_t network);

typedef void (*cut_fn)(struct lint *lint, struct meetings *meetings, uint32_t network,
		       const struct cut *cut);

/** Show each cut of each network that resolves at all. */
void meetings_each_cut(struct lint *lint, struct meetings *meetings, cut_fn visit);

/** "vpc-a, vpc-b and 3 more": where they meet. */
const char *meeting_networks(struct lint *lint, const struct meeting *meeting);

void meeting_add_networks(struct lint *lint, struct finding *finding,
			  const struct meeting *meeting);

#endif
