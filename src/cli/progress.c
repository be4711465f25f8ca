#include "cli/progress.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_MOST 160
#define WIPE	  "\r\033[K"

static struct timespec
later(struct timespec from, uint64_t ms)
{
	uint64_t ns = (uint64_t)from.tv_nsec + ms % 1000 * 1000000;

	from.tv_sec += (time_t)(ms / 1000 + ns / 1000000000);
	from.tv_nsec = (long)(ns % 1000000000);
	return from;
}

/** A terminal that cannot take it loses a line and nothing else. */
static void
put(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		return;
}

static void
show(const struct progress *p, uint64_t since_ms)
{
	const char *what = atomic_load(&p->what);
	char line[LINE_MOST];

	snprintf(line, sizeof(line), WIPE "%s: %s, %ju s", p->who, what,
		 (uintmax_t)(since_ms / 1000));
	put(p->fd, line);
}

static void *
watch(void *context)
{
	struct progress *p = context;
	uint64_t since_ms = p->patience_ms;
	struct timespec begin;
	bool shown = false;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	pthread_mutex_lock(&p->lock);
	while (!p->stop) {
		struct timespec deadline = later(begin, since_ms);

		if (pthread_cond_timedwait(&p->wake, &p->lock, &deadline) == 0 || p->stop)
			continue;
		show(p, since_ms);
		shown = true;
		since_ms += 1000;
	}
	pthread_mutex_unlock(&p->lock);
	if (shown)
		put(p->fd, WIPE);
	return NULL;
}

static bool
start(struct progress *p)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);	/* signals are for the thread at work */
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&p->thread, NULL, watch, p);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error == 0;
}

void
progress_begin(struct progress *p, const char *who, int fd, uint32_t patience_ms)
{
	pthread_condattr_t attributes;

	*p = (struct progress){ .who = who, .fd = fd, .patience_ms = patience_ms };
	atomic_store(&p->what, "starting");
	if (!isatty(fd))
		return;
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&p->wake, &attributes);
	pthread_condattr_destroy(&attributes);
	p->running = start(p);
}

void
progress_say(struct progress *p, const char *what)
{
	atomic_store(&p->what, what);
}

void
progress_end(struct progress *p)
{
	if (!p->running)
		return;
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	p->running = false;
}
