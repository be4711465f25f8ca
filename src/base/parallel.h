/*
 * parallel - the same work for each of many items, on a few threads
 *
 * For work whose items do not touch each other: each has a place of its own for what it gives,
 * and whoever asked joins these in the order of the items, so that nothing shows how many
 * threads there were.  A worker is what one thread needs for itself: memory, scratch.
 */
#ifndef BASE_PARALLEL_H
#define BASE_PARALLEL_H

#include <stddef.h>

#define PARALLEL_MOST	16	/* threads */
#define PARALLEL_WINDOW 1024	/* items between two joins that bound what waits for one */

/** Work on one item.  worker: this thread's alone, as long as the run lasts. */
typedef void (*parallel_fn)(void *worker, size_t item);

/**
 * Work on the items from `first` up to `end`, which is none.  workers: an array of `threads`
 * (1 to PARALLEL_MOST) of `size` octets each; the caller's thread has the first.  Items are
 * handed out in rising order.  Where a thread cannot be had, those that run do its share.
 * Returns when all is done; the caller then sees all that the workers wrote.
 */
void parallel_run(parallel_fn fn, void *workers, size_t size, unsigned threads, size_t first,
		  size_t end);

/** How many threads a command takes by itself: two, where there are so many processors. */
unsigned parallel_default(void);

#endif
