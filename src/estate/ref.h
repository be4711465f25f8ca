/*
 * ref - a reference to another object by its id
 *
 * Kept as written, with its place, until estate_check resolves it to a pointer.
 */
#ifndef ESTATE_REF_H
#define ESTATE_REF_H

#include <stdbool.h>

#include "base/diag.h"

struct profile_association;

/* `at` is where the reference stands. */
struct ref {
	const char *id;
	struct srcloc at;
	unsigned kinds;		/* what it may name: bits 1 << enum object_kind; 0: what fits */
	bool optional;		/* may name what no input holds; see estate/check_network_refs.c */
	void *object;		/* set by estate_check; NULL: dangling (reported as CFG002) */
	const struct profile_association *by;	/* a network reached by a Profile; else NULL */
	struct ref *next;
};

#endif
