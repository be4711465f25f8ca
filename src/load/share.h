/*
 * share - the zones of an estate read on several threads, as if it had been one
 *
 * Each thread has an estate of its own, for the memory of what it reads and for pragmas, and
 * a sink for findings.  What came of each zone is joined to the whole in the order of the
 * zones, so that neither findings nor anything made of the estate show how many threads
 * there were.  Memory is bounded by the whole's limit, but for what one window of zones takes.
 */
#ifndef LOAD_SHARE_H
#define LOAD_SHARE_H

#include "estate/estate.h"

/* What a thread works with; with one thread it is the caller's own. */
struct share {
	struct estate *estate;
	struct arena *scratch;	/* emptied after each item */
	struct diags *diags;
};

/** Read one item.  ERR_NOMEM ends it all; other failures were reported. */
typedef enum status (*share_fn)(const void *context, const struct share *share, size_t item);

/**
 * Read `count` items on estate->threads threads, of which each other than the caller's starts
 * with no more than memory.  scratch: the caller's own, for one thread.
 * ERR_NOMEM, or OK whatever was reported.
 */
enum status share_out(share_fn fn, const void *context, size_t count, struct estate *estate,
		      struct arena *scratch, struct diags *diags) must_check;

#endif
