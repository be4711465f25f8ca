/*
 * progress - a line on a terminal for those who wait
 *
 * Nothing is shown before `patience_ms`, nor to what is no terminal; then one line that says
 * what is being done and for how long, written anew each second, and wiped at the end.  A
 * thread of its own writes it; the one at work only says what it begins.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define PROGRESS_PATIENCE_MS 2000

struct progress {
	const char *who;			/* "causeway lint" */
	_Atomic(const char *) what;		/* "reading": a string that lives on */
	int fd;
	uint32_t patience_ms;
	bool running;				/* there is a thread */
	bool stop;				/* under the lock */
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t thread;
};

/** Begin waiting.  Without a terminal, or a thread to be had, nothing is ever shown. */
void progress_begin(struct progress *progress, const char *who, int fd, uint32_t patience_ms);

/** What is done from now on. */
void progress_say(struct progress *progress, const char *what);

/** Wipe the line.  Nothing is written afterwards. */
void progress_end(struct progress *progress);

#endif
