/*
 * zonetrie - zones as tries, by which two of them are compared
 *
 * The leaf of a name stands for all that its node says but for the owner: flags, types, data,
 * routing, with TTLs or without; the SOA and NS at an apex say nothing.  Equal content is one
 * pointer (by the octets themselves, not by a digest), so what two zones have in common is
 * skipped, and many zones that differ in little cost little.  A trie is made when its zone is
 * first compared.
 */
#ifndef LINT_ZONETRIE_H
#define LINT_ZONETRIE_H

#include "lint/trie.h"
#include "snapshot/zone.h"

struct zone_tries {
	struct trie_store store;
	struct table contents;		/* of nodes, as octets */
	struct table made[2];		/* zone -> trie; [1]: with TTLs */
};

struct zone_names {
	const uint8_t **names;		/* in order, each once */
	size_t count;
	uint64_t steps;			/* that finding them took */
};

void zone_tries_init(struct zone_tries *tries, struct arena *arena);

/** Can the names at and below top be found by zone_names_apart? */
bool zone_names_known(const struct zone *a, const struct zone *b, const uint8_t *top);

/**
 * The names at and below top at which, or at whose unnamed children, the zones may say
 * different things; what CNAMEs lead to is not looked at.  All that truly differs is there;
 * top and the zones' own names always are, so far as they stand there.
 * false: memory ran out.
 */
bool zone_names_apart(struct zone_tries *tries, const struct zone *a, const struct zone *b,
		      const uint8_t *top, bool ttls, struct arena *scratch,
		      struct zone_names *out);

#endif
