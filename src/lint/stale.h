/*
 * stale - a site's own copy of a zone that it could ask a VPC for
 *
 * A zone of sites alone and one of VPCs alone, of one name; and one of the sites forwards
 * something to an inbound endpoint of one of the VPCs.  Where the two differ it is FWD312,
 * and not two zones that should be merged (ZON101).
 */
#ifndef LINT_STALE_H
#define LINT_STALE_H

#include "lint/model.h"

/** Is one of the two zones, in either order, such a copy of the other one? */
bool stale_is(struct lint *lint, uint32_t a, uint32_t b);

/** The rule by which a network forwards to another one; NULL: none. */
const struct resolver_rule *stale_way(struct lint *lint, uint32_t from, uint32_t to);

#endif
