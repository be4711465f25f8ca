#include "control/control.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "control/checks.h"
#include "control/crew.h"
#include "control/ctl.h"
#include "control/desk.h"
#include "control/notify.h"
#include "control/phase.h"
#include "control/privilege.h"
#include "control/summary.h"
#include "engine/cache.h"

#define LEAVE_MARGIN_MS 500	/* beyond what upstreams may take */

struct control {
	uv_loop_t loop;
	uv_signal_t hup, term, interrupt;
	uv_async_t note;		/* workers have something to say */
	uv_timer_t watchdog;
	uv_work_t job;			/* at most one at a time: loading, or keeping */
	bool loading, keeping;

	const struct log *log;
	struct phase phase;
	struct publisher *publisher;
	struct publication publication;	/* of the load on its way, or the last one */
	struct edition *edition;	/* served, or being taken up */
	struct edition *last;		/* until all workers have taken up `edition` */
	struct cache *cache;
	struct crew *crew;
	struct checks *checks;
	struct ctl *ctl;		/* NULL: there is no control socket */
	uint64_t started_ms;
	uint64_t loads;			/* begun so far; the last one may be on its way */
	struct desk_load last_load;	/* that has ended */
	const char *config;
	enum control_exit code;
};

static void control_event(struct control *c, enum phase_event event);

static void
end(struct control *c, enum control_exit code)
{
	c->code = code;
	uv_stop(&c->loop);
}

/* --- jobs, off the loop --- */

static void
load_work(uv_work_t *job)
{
	struct control *c = job->data;

	publish(c->publisher, c->edition, &c->publication);
}

static void
load_done(uv_work_t *job, int status)
{
	struct control *c = job->data;

	(void)status;
	c->loading = false;
	control_event(c, c->publication.status == OK ? PHASE_LOADED : PHASE_REFUSED);
}

static void
load(struct control *c)
{
	c->loading = true;
	c->loads++;
	uv_queue_work(&c->loop, &c->job, load_work, load_done);
}

static void
keep_work(uv_work_t *job)
{
	struct control *c = job->data;

	publish_keep(c->publisher, c->edition);
}

static void
keep_done(uv_work_t *job, int status)
{
	struct control *c = job->data;

	(void)status;
	c->keeping = false;
	if (c->phase.name == PHASE_OVER)	/* all else has ended meanwhile */
		end(c, CONTROL_FINE);
	else
		control_event(c, PHASE_KEPT);
}

/* --- the control socket --- */

/** A request came (ctl_answer_fn).  A reload that is on its way may have missed the last change. */
static uint64_t
on_request(void *context, const struct ctl_request *request, const struct ctl_peer *peer,
	   struct text *out)
{
	struct control *c = context;
	const struct desk desk = {
		.log = c->log,
		.config = c->config,
		.now_ms = uv_now(&c->loop),
		.started_ms = c->started_ms,
		.loading = c->loading,
		.edition = c->edition,
		.crew = c->crew,
		.cache = c->cache,
		.checks = c->checks,
		.last = &c->last_load,
	};
	uint64_t number = c->loads + 1;

	if (!desk_answer(&desk, request, peer, out))
		return 0;
	if (c->phase.name == PHASE_LEAVING || c->phase.name == PHASE_OVER) {
		desk_error(out, 1, "the daemon is about to end");
		return 0;
	}
	control_event(c, PHASE_RELOAD);
	return number;
}

/** Before privileges are dropped.  Without it the daemon serves all the same; that is told. */
static void
open_ctl(struct control *c)
{
	const struct snapshot *snap = c->edition->snap;
	const struct snapshot_settings *server = &snap->root->settings;
	struct ctl_settings settings = {
		.loop = &c->loop,
		.log = c->log,
		.path = snapshot_string(snap, server->control_socket_at),
		.uid = (uid_t)-1,
		.gid = (gid_t)-1,
		.answer = on_request,
		.context = c,
	};

	if (!server->control_socket_at)
		return;
	if (server->user_at)
		privilege_ids(snapshot_string(snap, server->user_at), &settings.uid,
			      &settings.gid);
	c->ctl = ctl_new(&settings);
}

/** A load has ended: those who asked for it are told. */
static void
conclude(struct control *c, bool accepted)
{
	const struct publication *publication = &c->publication;
	struct text reply;

	c->last_load = (struct desk_load){
		.accepted = accepted,
		.from_image = accepted ? publication->from_image : c->last_load.from_image,
		.generation = c->edition->number,
		.zones_kept = publication->zones_kept,
		.opened = publication->opened,
		.closed = publication->closed,
		.took_ms = publication->took_ms,
		.lint_errors = publication->lint_errors,
		.at_unix_s = time(NULL),
	};
	text_init(&reply);
	desk_reloaded(&c->last_load, publish_told(c->publisher), &reply);
	ctl_release(c->ctl, c->loads, reply.failed ? "{}" : reply.data);
	text_fini(&reply);
}

/* --- what the phases ask for --- */

static struct cache_settings
cache_settings(const struct snapshot *snap)
{
	const struct snapshot_settings *settings = &snap->root->settings;

	return (struct cache_settings){
		.octets = settings->cache_octets,
		.min_ttl_ms = settings->cache_min_ttl_ms,
		.max_ttl_ms = settings->cache_max_ttl_ms,
		.max_negative_ttl_ms = settings->cache_max_negative_ttl_ms,
		.serve_stale_ms = settings->cache_serve_stale_ms,
		.prefetch = settings->cache_prefetch,
	};
}

static enum control_exit
exit_of(const struct publication *publication)
{
	if (publication->status == OK)
		return publication->lint_errors > 0 ? CONTROL_CONFLICTS : CONTROL_FINE;
	if (publication->internal)
		return CONTROL_INTERNAL;
	return publication->unreadable ? CONTROL_INPUT : CONTROL_CONFIG;
}

static void
on_note_of_worker(void *context)	/* on the worker's thread */
{
	struct control *c = context;

	uv_async_send(&c->note);
}

/** Before workers see the edition: what they read of health is right from the start. */
static void
check_health(struct control *c)
{
	if (checks_take_up(c->checks, c->edition) != OK)
		log_write(c->log, LOG_LEVEL_ERROR, "out of memory for the health checks of "
			  "generation %u: all count as healthy", (unsigned)c->edition->number);
}

/** All that has to be done before the first answer.  Not CONTROL_FINE: told. */
static enum control_exit
start_crew(struct control *c)
{
	const struct snapshot *snap = c->edition->snap;
	struct cache_settings cache = cache_settings(snap);
	struct crew_settings crew = { .log = c->log, .note = on_note_of_worker, .context = c };
	int error;

	c->cache = crew.cache = cache_new(&cache);
	if (c->cache)
		c->crew = crew_new(&crew, c->edition);
	if (!c->crew) {
		log_write(c->log, LOG_LEVEL_ERROR, "cannot make the workers: %s", strerror(errno));
		return CONTROL_INTERNAL;
	}
	open_ctl(c);
	if (snap->root->settings.user_at &&
	    privilege_drop(snapshot_string(snap, snap->root->settings.user_at), c->log) != OK)
		return CONTROL_CONFIG;
	check_health(c);
	error = crew_start(c->crew);
	if (error == 0)
		return CONTROL_FINE;
	log_write(c->log, LOG_LEVEL_ERROR, "cannot start the workers: %s", strerror(error));
	return CONTROL_INTERNAL;
}

static void
start(struct control *c)
{
	enum control_exit code;

	c->edition = c->publication.edition;
	c->last_load = (struct desk_load){
		.accepted = true,
		.from_image = c->publication.from_image,
		.generation = c->edition->number,
	};
	code = start_crew(c);
	if (code != CONTROL_FINE)
		end(c, code);
}

static void
offer(struct control *c)
{
	struct cache_settings cache = cache_settings(c->publication.edition->snap);

	c->last = c->edition;
	c->edition = c->publication.edition;
	summary_fixed(c->log, c->last, c->edition);
	cache_configure(c->cache, &cache);
	check_health(c);
	crew_offer(c->crew, c->edition);
}

/** All workers serve the new edition. */
static void
keep(struct control *c)
{
	crew_tell_trouble(c->crew);
	if (c->last)
		summary_reloaded(c->log, c->edition, &c->publication);
	else
		summary_started(c->log, c->edition, &c->publication, crew_count(c->crew));
	edition_unref(c->last);
	c->last = NULL;
	conclude(c, true);
	summary_ready(c->edition, &c->publication);
	if (c->publication.from_image) {
		control_event(c, PHASE_KEPT);
		return;
	}
	c->keeping = true;
	uv_queue_work(&c->loop, &c->job, keep_work, keep_done);
}

static void
refuse(struct control *c)
{
	conclude(c, false);
	log_write(c->log, LOG_LEVEL_ERROR,
		  "reload refused: generation %u is served on, as it was",
		  (unsigned)c->edition->number);
	notify_ready("Reload refused, generation %u is served on: see the log",
		     (unsigned)c->edition->number);
	control_event(c, PHASE_KEPT);
}

static void
leave(struct control *c)
{
	const struct snapshot_settings *settings = &c->edition->snap->root->settings;

	notify_stopping();
	crew_leave(c->crew, settings->upstream_timeout_ms * settings->upstream_tries +
				    LEAVE_MARGIN_MS);
}

static void
stopped(struct control *c)
{
	if (c->crew) {
		struct worker_counters counters;

		crew_counters(c->crew, &counters);
		log_write(c->log, LOG_LEVEL_INFO, "stopped after %llu queries",
			  (unsigned long long)counters.resolver.queries);
	}
	if (c->loading) {	/* that can take long, and nobody will use it */
		crew_free(c->crew);
		ctl_free(c->ctl);
		_exit(CONTROL_FINE);
	}
	if (!c->keeping)	/* half an image would stay behind: keep_done ends it */
		end(c, CONTROL_FINE);
}

static void
control_event(struct control *c, enum phase_event event)
{
	switch (phase_step(&c->phase, event)) {
	case DO_NOTHING:
		break;
	case DO_LOAD:
		notify_reloading();
		load(c);
		break;
	case DO_START:
		start(c);
		break;
	case DO_OFFER:
		offer(c);
		break;
	case DO_KEEP:
		keep(c);
		break;
	case DO_REFUSE:
		refuse(c);
		break;
	case DO_DISCARD:
		edition_unref(c->publication.edition);
		break;
	case DO_LEAVE:
		leave(c);
		break;
	case DO_HALT:
		crew_halt(c->crew);
		break;
	case DO_END:
		stopped(c);
		break;
	case DO_FAIL:
		end(c, exit_of(&c->publication));
		break;
	}
}

/* --- events --- */

static void
on_signal(uv_signal_t *handle, int number)
{
	struct control *c = handle->data;

	control_event(c, number == SIGHUP ? PHASE_RELOAD : PHASE_STOP);
}

static void
on_note(uv_async_t *handle)
{
	struct control *c = handle->data;

	if (!c->crew)
		return;
	if (crew_has_ended(c->crew))
		control_event(c, PHASE_ENDED);
	else if (crew_has_adopted(c->crew, c->edition->number))
		control_event(c, PHASE_ADOPTED);
}

static void
on_watchdog(uv_timer_t *timer)
{
	struct control *c = timer->data;

	if (!c->crew || crew_is_alive(c->crew))
		notify_alive();
	if (c->crew)
		crew_ping(c->crew);
}

/* --- the whole --- */

static void
listen_to(struct control *c, uv_signal_t *handle, int number)
{
	uv_signal_init(&c->loop, handle);
	handle->data = c;
	uv_signal_start(handle, on_signal, number);
}

/** false: out of memory or descriptors (errno). */
static bool
control_init(struct control *c, const struct publisher_settings *settings)
{
	uint64_t watch_ms = notify_watchdog_ms();
	int status = uv_loop_init(&c->loop);

	if (status == 0)
		status = uv_async_init(&c->loop, &c->note, on_note);
	if (status != 0) {
		errno = -status;
		return false;
	}
	c->note.data = c;
	c->job.data = c;
	c->log = settings->log;
	c->config = settings->config;
	c->started_ms = uv_now(&c->loop);
	listen_to(c, &c->hup, SIGHUP);
	listen_to(c, &c->term, SIGTERM);
	listen_to(c, &c->interrupt, SIGINT);
	uv_timer_init(&c->loop, &c->watchdog);
	c->watchdog.data = c;
	if (watch_ms > 0)
		uv_timer_start(&c->watchdog, on_watchdog, watch_ms, watch_ms);
	c->publisher = publisher_new(settings);
	c->checks = checks_new(&c->loop, settings->log);
	return c->publisher && c->checks;
}

static void
close_handle(uv_handle_t *handle, void *context)
{
	(void)context;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void
control_fini(struct control *c)
{
	if (c->crew)
		crew_halt(c->crew);
	crew_free(c->crew);
	checks_free(c->checks);
	ctl_free(c->ctl);
	edition_unref(c->last);
	edition_unref(c->edition);
	publisher_free(c->publisher);
	if (c->cache)
		cache_free(c->cache);
	uv_walk(&c->loop, close_handle, NULL);
	uv_run(&c->loop, UV_RUN_DEFAULT);
	uv_loop_close(&c->loop);
}

enum control_exit
control_serve(const struct publisher_settings *settings)
{
	struct control *c = calloc(1, sizeof(*c));
	enum control_exit code = CONTROL_INTERNAL;

	if (!c || !control_init(c, settings)) {
		log_write(settings->log, LOG_LEVEL_ERROR, "cannot begin: %s", strerror(errno));
		free(c);
		return code;
	}
	privilege_pin();
	signal(SIGPIPE, SIG_IGN);
	setenv("UV_THREADPOOL_SIZE", "1", 0);	/* there is one job at a time */
	notify_status("Loading the configuration");
	load(c);
	uv_run(&c->loop, UV_RUN_DEFAULT);
	code = c->code;
	control_fini(c);
	free(c);
	return code;
}

enum control_exit
control_check(const struct publisher_settings *settings)
{
	struct publisher *publisher = publisher_new(settings);
	struct publication publication;
	enum control_exit code;

	if (!publisher)
		return CONTROL_INTERNAL;
	publish_check(publisher, &publication);
	code = exit_of(&publication);
	summary_checked(settings->log, settings->config, &publication);
	publisher_free(publisher);
	return code;
}
