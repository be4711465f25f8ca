/*
 * takeover - services where whoever comes first gets a name
 *
 * A record that points to a name of such a service keeps pointing there when the bucket, page
 * or environment is deleted; who makes one of that name then answers in its owner's place.
 * Data, from the list that people of the trade keep (github.com/EdOverflow/can-i-take-over-xyz,
 * rows "vulnerable" and "edge case") and the services' own documentation.
 */
#ifndef LINT_TAKEOVER_H
#define LINT_TAKEOVER_H

#include <stdint.h>

#include "dns/name.h"

#define TAKEOVER_NONE UINT32_MAX

struct takeover_service {
	const char *suffix;	/* names strictly below it can be claimed */
	const char *service;
};

const struct takeover_service *takeover_services(uint32_t *count);

/* The table, ready to be searched. */
struct takeover {
	uint64_t *hashes;	/* of the suffixes, by row */
	uint8_t *wires;		/* NAME_MAX_OCTETS each */
	uint32_t slots[256];	/* row + 1; 0: free */
};

enum status takeover_init(struct takeover *takeover, struct arena *arena) must_check;

/** The row whose suffix the name is strictly below, or TAKEOVER_NONE. */
uint32_t takeover_find(const struct takeover *takeover, const struct name *name);

#endif
