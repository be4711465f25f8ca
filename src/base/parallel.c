#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define STACK_OCTETS ((size_t)2 << 20)	/* where address space is limited, 8 MiB each are much */

/* One run. */
struct run {
	parallel_fn fn;
	_Atomic size_t next;
	size_t end;
};

struct hand {
	struct run *run;
	void *worker;
	pthread_t thread;
};

static void *
work(void *context)
{
	const struct hand *hand = context;
	size_t item;

	while ((item = atomic_fetch_add(&hand->run->next, 1)) < hand->run->end)
		hand->run->fn(hand->worker, item);
	return NULL;
}

void
parallel_run(parallel_fn fn, void *workers, size_t size, unsigned threads, size_t first,
	     size_t end)
{
	struct run run = { .fn = fn, .end = end };
	struct hand hands[PARALLEL_MOST];
	unsigned running = 1;
	pthread_attr_t small;

	atomic_init(&run.next, first);
	for (unsigned i = 0; i < threads && i < PARALLEL_MOST; i++)
		hands[i] = (struct hand){ .run = &run, .worker = (char *)workers + i * size };
	if (threads > 1 && pthread_attr_init(&small) == 0) {
		pthread_attr_setstacksize(&small, STACK_OCTETS);
		while (running < threads && running < PARALLEL_MOST && running < end - first &&
		       pthread_create(&hands[running].thread, &small, work,
				      &hands[running]) == 0)
			running++;
		pthread_attr_destroy(&small);
	}
	work(&hands[0]);
	while (--running)
		pthread_join(hands[running].thread, NULL);
}

unsigned
parallel_default(void)
{
	cpu_set_t allowed;

	return sched_getaffinity(0, sizeof(allowed), &allowed) == 0 && CPU_COUNT(&allowed) > 1 ? 2
											       : 1;
}
