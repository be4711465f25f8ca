/*
 * hops - where a question goes when it is forwarded
 *
 * A rule's target leads to the view of the VPC that has the inbound endpoint of its address,
 * or of the site that has such a server; other addresses lead nowhere that we know.
 */
#ifndef LINT_HOPS_H
#define LINT_HOPS_H

#include "lint/model.h"

/* From one network to the next. */
struct hop {
	uint32_t from, to;			/* networks */
	uint32_t rule;
	const struct target *target;
	const struct resolver_endpoint *endpoint;	/* NULL: a site's own server */
};

/* Who answers at an address. */
struct hops {
	struct lint *lint;
	struct table endpoints, sites;		/* by address */
};

/** Memory that runs out is noted in the run. */
void hops_init(struct lint *lint, struct hops *hops);

/**
 * Follow a target of the rule that forwards in hop->from; from and rule are set.
 * false: to nobody we know.
 */
bool hops_follow(const struct hops *hops, const struct target *target, struct hop *hop);

/** The FORWARD rule that the name meets in this network; false: none.  Sets from and rule. */
bool hops_rule(const struct hops *hops, uint32_t network, const uint8_t *name, struct hop *hop);

/** Add rule, endpoint or site of the hop to the finding. */
void hops_add(const struct hops *hops, struct finding *finding, const struct hop *hop);

#endif
