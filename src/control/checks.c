#include "control/checks.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/checkup.h"
#include "control/probe.h"
#include "engine/health.h"
#include "estate/estate.h"

#define WHY_MAX 160

/* One check on its way through editions; its handles lie in it, the last to close frees it. */
struct course {
	struct checks *checks;
	uint32_t number;		/* in the present edition */
	struct digest identity;
	struct checkup checkup;
	char why[WHY_MAX];		/* of the last bad result; "": it was good */

	uv_timer_t timer;
	uv_fs_event_t watch;		/* of the state file's folder */
	unsigned open_handles;

	struct probe *probe;		/* on its way */
	bool waiting;			/* for its turn */
	struct course *next;		/* that waits behind it */

	enum said said, in_file;
	bool file_is_bad;		/* told */
};

struct checks {
	uv_loop_t *loop;
	const struct log *log;
	struct probes *probes;
	struct edition *edition;
	struct course **courses;	/* by number */
	bool *words;			/* by number: what the bitmap says */
	bool *next_words;		/* the same, while it is made up */
	uint32_t count;
	uint32_t in_flight;
	struct course *first, **end;	/* those that wait */
};

static const struct snapshot_health *
definition(const struct course *c)
{
	return snapshot_health(c->checks->edition->snap, c->number);
}

static const char *
course_id(const struct course *c)
{
	return snapshot_string(c->checks->edition->snap, definition(c)->id_at);
}

/* --- what workers see --- */

static void
set_bit(_Atomic uint64_t *healthy, uint32_t number, bool is_healthy)
{
	uint64_t bit = (uint64_t)1 << number % 64;

	if (is_healthy)
		atomic_fetch_or_explicit(&healthy[number / 64], bit, memory_order_relaxed);
	else
		atomic_fetch_and_explicit(&healthy[number / 64], ~bit, memory_order_relaxed);
}

static void
tell_turn(const struct course *c, bool healthy)
{
	bool with_why = !healthy && c->why[0] && definition(c)->type != HEALTH_CALCULATED;

	log_write(c->checks->log, healthy ? LOG_LEVEL_INFO : LOG_LEVEL_NOTICE,
		  "health check %s is %s%s%s", course_id(c), healthy ? "healthy" : "unhealthy",
		  with_why ? ": " : "", with_why ? c->why : "");
}

/** Something may have turned: write the bits that have. */
static void
settle(struct checks *checks, bool tell)
{
	const struct snapshot *snap = checks->edition->snap;

	for (uint32_t i = 0; i < checks->count; i++)
		checks->next_words[i] = checkup_word(snapshot_health(snap, i),
						     !checks->courses[i]->checkup.unhealthy);
	checkup_calculate(snap, checks->next_words);
	for (uint32_t i = 0; i < checks->count; i++) {
		if (checks->words[i] == checks->next_words[i])
			continue;
		checks->words[i] = checks->next_words[i];
		set_bit(checks->edition->healthy, i, checks->words[i]);
		if (tell)
			tell_turn(checks->courses[i], checks->words[i]);
	}
}

/* --- probes --- */

static void
probe_next(struct checks *checks)
{
	while (checks->first && checks->in_flight < CHECKS_IN_FLIGHT) {
		struct course *c = checks->first;

		checks->first = c->next;
		if (!checks->first)
			checks->end = &checks->first;
		c->waiting = false;
		c->probe = probe_start(checks->probes, checks->edition->snap, definition(c), c);
		if (c->probe)	/* else: no result; it is tried again when it is due again */
			checks->in_flight++;
	}
}

static void
on_probed(void *context, bool good, const char *why)
{
	struct course *c = context;
	struct checks *checks = c->checks;

	c->probe = NULL;
	checks->in_flight--;
	snprintf(c->why, sizeof(c->why), "%s", good ? "" : why);
	if (checkup_result(&c->checkup, good, definition(c)->failure_threshold))
		settle(checks, true);
	probe_next(checks);
}

static void
stop_probing(struct course *c)
{
	struct checks *checks = c->checks;
	struct course **link = &checks->first;

	if (c->probe) {
		probe_cancel(c->probe);
		checks->in_flight--;
	}
	if (!c->waiting)
		return;
	while (*link != c)
		link = &(*link)->next;
	*link = c->next;
	if (!*link)
		checks->end = link;
}

/* --- EXTERNAL --- */

static void
settle_external(struct course *c)
{
	enum said said = c->said != SAID_NOTHING ? c->said : c->in_file;
	bool good = said != SAID_UNHEALTHY;

	snprintf(c->why, sizeof(c->why), "%s",
		 good ? "" : c->said != SAID_NOTHING ? "so said on the control socket"
						     : "so says its state_file");
	if (checkup_settle(&c->checkup, good))
		settle(c->checks, true);
}

/** tell: what is wrong with the file is told, once. */
static void
read_state(struct course *c, bool tell)
{
	const char *path = snapshot_string(c->checks->edition->snap,
					   definition(c)->state_file_at);
	int error;
	enum said said = statefile_read(path, &error);

	if (said != SAID_NOTHING) {
		c->file_is_bad = false;
		c->in_file = said;
		settle_external(c);
	} else if (tell && !c->file_is_bad) {
		c->file_is_bad = true;
		log_write(c->checks->log, LOG_LEVEL_WARNING,
			  "health check %s stays as it was: %s: %s", course_id(c), path,
			  error ? strerror(error) : "says neither healthy nor unhealthy");
	}
}

static void
on_folder(uv_fs_event_t *watch, const char *name, int events, int status)
{
	struct course *c = watch->data;
	const char *path = snapshot_string(c->checks->edition->snap,
					   definition(c)->state_file_at);
	const char *slash = strrchr(path, '/');

	(void)events;
	if (status == 0 && name && strcmp(name, slash ? slash + 1 : path) == 0)
		read_state(c, false);	/* it may be half written: what is wrong is told later */
}

/** Where the folder cannot be watched the interval has to do. */
static void
watch_state(struct course *c)
{
	const char *path = snapshot_string(c->checks->edition->snap,
					   definition(c)->state_file_at);
	const char *slash = strrchr(path, '/');
	char *folder = !slash ? strdup(".") : slash == path ? strdup("/")
							    : strndup(path, (size_t)(slash - path));

	if (folder)
		(void)uv_fs_event_start(&c->watch, on_folder, folder, 0);
	free(folder);
}

/* --- a course's beginning and end --- */

static void
on_due(uv_timer_t *timer)
{
	struct course *c = timer->data;
	struct checks *checks = c->checks;

	if (definition(c)->type == HEALTH_EXTERNAL) {
		read_state(c, true);
		return;
	}
	if (c->probe || c->waiting)
		return;
	c->waiting = true;
	c->next = NULL;
	*checks->end = c;
	checks->end = &c->next;
	probe_next(checks);
}

static bool
is_run(const struct snapshot_health *check)
{
	if (check->disabled || check->type == HEALTH_CALCULATED)
		return false;
	return check->type != HEALTH_EXTERNAL || check->state_file_at;
}

static void
course_begin(struct course *c)
{
	const struct snapshot_health *check = definition(c);

	if (!is_run(check))
		return;
	if (check->type == HEALTH_EXTERNAL) {
		watch_state(c);
		read_state(c, true);
	}
	uv_timer_start(&c->timer, on_due,
		       checkup_phase_ms(course_id(c), check->request_interval_ms),
		       check->request_interval_ms);
}

static void
handle_closed(uv_handle_t *handle)
{
	struct course *c = handle->data;

	if (--c->open_handles == 0)
		free(c);
}

static void
course_end(struct course *c)
{
	stop_probing(c);
	uv_close((uv_handle_t *)&c->timer, handle_closed);
	uv_close((uv_handle_t *)&c->watch, handle_closed);
}

static struct course *
course_new(struct checks *checks)
{
	struct course *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->checks = checks;
	c->open_handles = 2;
	uv_timer_init(checks->loop, &c->timer);
	uv_fs_event_init(checks->loop, &c->watch);
	c->timer.data = c->watch.data = c;
	return c;
}

/* --- from one edition to the next --- */

/* What takes the place of the present one. */
struct turn {
	struct course **courses;
	bool *words, *next_words;
	uint32_t count;
};

/**
 * The course of the last edition that is the same check, or NULL.  Of an id that an image
 * from elsewhere has twice only the first is looked for: nobody else refers to it.
 */
static struct course *
find_course(const struct checks *checks, const struct snapshot *snap, uint32_t number,
	    struct digest identity)
{
	const char *id = snapshot_string(snap, snapshot_health(snap, number)->id_at);
	uint32_t was = checks_find(checks, id);

	if (was == HEALTH_NONE || snapshot_health_number(snap, id, health_hash(id)) != number ||
	    !digest_equal(checks->courses[was]->identity, identity))
		return NULL;
	return checks->courses[was];
}

static bool
turn_make(struct checks *checks, const struct snapshot *snap, struct turn *turn)
{
	uint32_t count = snap->root->health_count;

	*turn = (struct turn){
		.courses = calloc(count + 1, sizeof(*turn->courses)),
		.words = calloc(count + 1, sizeof(*turn->words)),
		.next_words = calloc(count + 1, sizeof(*turn->next_words)),
		.count = count,
	};
	if (!turn->courses || !turn->words || !turn->next_words)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		struct digest identity = checkup_identity(snap, i);

		turn->words[i] = true;	/* as the new bitmap has it */
		turn->courses[i] = find_course(checks, snap, i, identity);
		if (turn->courses[i])
			continue;
		turn->courses[i] = course_new(checks);
		if (!turn->courses[i])
			return false;
		turn->courses[i]->identity = identity;
	}
	return true;
}

static bool
is_kept(const struct checks *checks, const struct course *c)
{
	return c->number < checks->count && checks->courses[c->number] == c;
}

static void
turn_abandon(struct checks *checks, struct turn *turn)
{
	for (uint32_t i = 0; turn->courses && i < turn->count; i++)
		if (turn->courses[i] && !is_kept(checks, turn->courses[i]))
			course_end(turn->courses[i]);
	free(turn->courses);
	free(turn->words);
	free(turn->next_words);
}

/** Put the new courses in the place of the old ones, and end those that are left out. */
static void
turn_take(struct checks *checks, struct turn *turn)
{
	struct course **last = checks->courses;
	uint32_t last_count = checks->count;

	checks->courses = turn->courses;
	checks->count = turn->count;
	for (uint32_t i = 0; i < turn->count; i++)
		turn->courses[i]->number = i;
	for (uint32_t i = 0; i < last_count; i++)
		if (!is_kept(checks, last[i]))
			course_end(last[i]);
	free(last);
	free(checks->words);
	free(checks->next_words);
	checks->words = turn->words;
	checks->next_words = turn->next_words;
}

enum status
checks_take_up(struct checks *checks, struct edition *edition)
{
	struct edition *last = checks->edition;
	struct turn turn;

	if (!turn_make(checks, edition->snap, &turn)) {
		turn_abandon(checks, &turn);
		return ERR_NOMEM;
	}
	turn_take(checks, &turn);
	checks->edition = edition_ref(edition);
	edition_unref(last);
	settle(checks, false);
	for (uint32_t i = 0; i < checks->count; i++)
		if (!uv_is_active((uv_handle_t *)&checks->courses[i]->timer))
			course_begin(checks->courses[i]);
	return OK;
}

/* --- for others --- */

enum status
checks_say(struct checks *checks, const char *id, enum said said)
{
	uint32_t number = checks_find(checks, id);
	struct course *c;

	if (number == HEALTH_NONE)
		return ERR_MALFORMED;
	c = checks->courses[number];
	if (definition(c)->type != HEALTH_EXTERNAL)
		return ERR_REJECTED;
	c->said = said;
	settle_external(c);
	return OK;
}

uint32_t
checks_find(const struct checks *checks, const char *id)
{
	return checks->edition
		       ? snapshot_health_number(checks->edition->snap, id, health_hash(id))
		       : HEALTH_NONE;
}

uint32_t
checks_count(const struct checks *checks)
{
	return checks->count;
}

uint32_t
checks_unhealthy(const struct checks *checks)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < checks->count; i++)
		count += !checks->words[i];
	return count;
}

void
checks_view(const struct checks *checks, uint32_t number, struct check_view *out)
{
	const struct course *c = checks->courses[number];
	const struct snapshot_health *check = definition(c);

	*out = (struct check_view){
		.id = course_id(c),
		.type = check->type,
		.healthy = checks->words[number],
		.disabled = check->disabled,
		.inverted = check->inverted,
		.results = c->checkup.results,
		.why = c->why[0] ? c->why : NULL,
		.said = c->said,
	};
}

const char *
check_type_text(uint32_t type)
{
	switch ((enum health_check_type)type) {
	case HEALTH_TCP:
		return "TCP";
	case HEALTH_HTTP:
		return "HTTP";
	case HEALTH_HTTPS:
		return "HTTPS";
	case HEALTH_HTTP_STR_MATCH:
		return "HTTP_STR_MATCH";
	case HEALTH_HTTPS_STR_MATCH:
		return "HTTPS_STR_MATCH";
	case HEALTH_CALCULATED:
		return "CALCULATED";
	case HEALTH_EXTERNAL:
		return "EXTERNAL";
	}
	return "";
}

struct checks *
checks_new(uv_loop_t *loop, const struct log *log)
{
	struct checks *checks = calloc(1, sizeof(*checks));

	if (!checks)
		return NULL;
	checks->loop = loop;
	checks->log = log;
	checks->end = &checks->first;
	checks->probes = probes_new(loop, on_probed);
	if (checks->probes)
		return checks;
	free(checks);
	return NULL;
}

void
checks_free(struct checks *checks)
{
	if (!checks)
		return;
	for (uint32_t i = 0; i < checks->count; i++)
		course_end(checks->courses[i]);
	free(checks->courses);
	free(checks->words);
	free(checks->next_words);
	probes_free(checks->probes);
	edition_unref(checks->edition);
	free(checks);
}
