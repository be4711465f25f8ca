/*
 * spelling - owners of one zone file that are one name, and are not written the same
 *
 * "API" and "api", or "a\045b" and "a-b": their records are joined, which people who wrote
 * them twice may not expect.  Only names with a capital or an escape are kept, so a zone that
 * has none costs nothing.  Names that are written shorter or longer, with another origin, are
 * the same spelling; the zone's own name is left alone.
 */
#ifndef LOAD_SPELLING_H
#define LOAD_SPELLING_H

#include "base/table.h"
#include "estate/estate.h"
#include "load/master.h"

struct spellings {
	struct arena arena;
	struct table odd;	/* owner and type -> the first odd spelling */
	struct table begun;	/* sets that begin with an odd spelling: their addresses */
};

void spellings_init(struct spellings *spellings);
void spellings_fini(struct spellings *spellings);

/** A record with an owner of its own was read into this set.  ERR_NOMEM. */
enum status spellings_note(struct spellings *spellings, const struct field *owner,
			   const struct record_set *set, struct srcloc at,
			   struct diags *diags) must_check;

/** The zone was read: names written plainly before they were not. */
void spellings_end(const struct spellings *spellings, const struct hosted_zone *zone,
		   struct diags *diags);

#endif
