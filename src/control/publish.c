#include "control/publish.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/random.h"
#include "control/complain.h"
#include "control/selftest.h"
#include "lint/adopt.h"
#include "lint/lint.h"
#include "load/config.h"
#include "snapshot/compile.h"

#define WORKERS_MAX 256

struct publisher {
	struct publisher_settings settings;
	struct log log;			/* the settings', with a copy in `told` */
	struct text told;
	struct sources *sources;
	struct cookie_secrets cookies;	/* one of our own: where the configuration has none */
	uint64_t kept;			/* checksum of the root last written; 0: none */
};

/* One load on its way; lives as long as the estate, which findings point into. */
struct load {
	const struct publisher *publisher;
	const struct snapshot *previous;	/* NULL at the first load */
	struct arena findings;
	struct estate estate;
	struct snapshot *snap;			/* NULL until it compiled */
	struct publication *out;
	bool thorough;				/* nobody waits to be served by it */
};

static uint64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/** What an estate may take: the rest of the machine is not ours. */
static size_t
memory_limit(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), octets = sysconf(_SC_PAGESIZE);

	if (pages <= 0 || octets <= 0)
		return SIZE_MAX;
	return (size_t)pages * (size_t)octets / 4 * 3;
}

uint32_t
publish_workers(const struct snapshot *snap)
{
	uint32_t workers = snap->root->settings.workers;
	cpu_set_t ours;

	if (workers == 0 && sched_getaffinity(0, sizeof(ours), &ours) == 0)
		workers = (uint32_t)CPU_COUNT(&ours);
	if (workers == 0)
		workers = 1;
	return workers < WORKERS_MAX ? workers : WORKERS_MAX;
}

/** Which code the daemon ends with, if this was its first load. */
static void
classify(struct publication *out)
{
	switch (out->status) {
	case OK:
	case ERR_REJECTED:
	case ERR_LIMIT:
		break;
	case ERR_SYSTEM:
	case ERR_SHORT:
		out->unreadable = true;
		break;
	case ERR_NOMEM:
	case ERR_MALFORMED:
		out->internal = true;
		break;
	}
}

static bool
held(void *context, struct digest content)
{
	return snapshot_has_source(context, content);
}

/** Read and compile; tells the loader's findings. */
static enum status
load_and_compile(struct load *load)
{
	const struct publisher *p = load->publisher;
	struct snapshot *previous = (struct snapshot *)load->previous;
	struct diags diags;
	enum status status;

	diags_init(&diags, &load->findings, 0);
	sources_hold(p->sources, previous ? held : NULL, previous);
	status = config_load(p->settings.config, p->sources, &load->estate, &diags);
	if (status == OK)
		status = compile_estate(&load->estate, load->previous, &diags, &load->snap);
	adopt_findings(&diags);
	diags_sort(&diags);
	complain(p->settings.log, &diags, SEVERITY_NOTE);
	return status;
}

/**
 * Tell the conflicts that will be served all the same: those of zones, rules and loops.  All
 * the rest is for causeway lint, which may take its time; a reload may not.
 */
static void
judge(struct load *load)
{
	static const char *const told[] = { "FWD301", "FWD302", "PRE201", "PRE202", "ZON101",
					    "ZON103", "ZON104" };
	const struct lint_choice choice = { .least = SEVERITY_ERROR,
					    .select = load->thorough ? NULL : told,
					    .select_count = load->thorough ? 0 : COUNT_OF(told) };
	const struct log *log = load->publisher->settings.log;
	struct diags diags;
	enum status status;

	diags_init(&diags, &load->findings, 0);
	status = lint_run_chosen(&load->estate, load->snap, &choice, &diags);
	diags_sort(&diags);
	complain(log, &diags, SEVERITY_ERROR);
	load->out->lint_errors = diags.errors;
	if (status != OK)
		log_write(log, LOG_LEVEL_WARNING, "the linter did not finish: %s",
			  status_text(status));
}

/** All but the sockets. */
static enum status
load_run(struct load *load)
{
	const struct log *log = load->publisher->settings.log;
	enum status status = load_and_compile(load);

	if (status == ERR_NOMEM)
		log_write(log, LOG_LEVEL_ERROR, "%s: %s", load->publisher->settings.config,
			  status_text(status));
	if (status != OK)
		return status;
	judge(load);
	return selftest_run(load->snap, log);
}

static void
load_begin(struct load *load, const struct publisher *publisher, const struct edition *previous,
	   struct publication *out)
{
	*out = (struct publication){ .status = OK };
	*load = (struct load){
		.publisher = publisher,
		.previous = previous ? previous->snap : NULL,
		.out = out,
	};
	arena_init(&load->findings, memory_limit());
	estate_init(&load->estate, memory_limit());
}

static void
load_end(struct load *load)
{
	snapshot_unref(load->snap);
	estate_fini(&load->estate);
	arena_fini(&load->findings);
}

/* --- the image --- */

/** Where the last good image is, or NULL. */
static const char *
image_path(const struct load *load)
{
	const struct publisher_settings *settings = &load->publisher->settings;

	if (load->estate.settings.at.file && load->estate.settings.snapshot_file)
		return load->estate.settings.snapshot_file;
	if (settings->image)
		return settings->image;
	if (settings->default_image && access(settings->default_image, F_OK) == 0)
		return settings->default_image;
	return NULL;
}

/** The configuration did not load: serve what was good last.  Keeps `failed` if that fails. */
static enum status
fall_back(struct load *load, enum status failed)
{
	const struct log *log = load->publisher->settings.log;
	const char *path = image_path(load);
	enum status status;

	if (!path)
		return failed;
	snapshot_unref(load->snap);
	load->snap = NULL;
	status = snapshot_map(path, &load->snap);
	if (status != OK) {
		log_write(log, LOG_LEVEL_ERROR, "%s: the last good image cannot be served: %s",
			  path, status == ERR_SYSTEM ? strerror(errno) : status_text(status));
		return failed;
	}
	status = selftest_run(load->snap, log);
	if (status != OK)
		return failed;
	load->out->from_image = true;
	log_write(log, LOG_LEVEL_WARNING, "the configuration %s could not be loaded (see above): "
		  "SERVING THE LAST GOOD IMAGE, %s; mend the configuration and reload",
		  load->publisher->settings.config, path);
	return OK;
}

/* --- the sockets --- */

/** Where the listener was declared; no file when it comes from an image. */
static struct srcloc
listener_at(const struct load *load, uint32_t number)
{
	const struct listener *l = NULL;

	if (!load->out->from_image)
		for (l = load->estate.settings.listeners; l && number > 0; number--)
			l = l->next;
	return l ? l->at : (struct srcloc){ 0 };
}

static void
tell_unopened(struct load *load, const struct edition_failure *failure)
{
	char addr[ADDR_TEXT_MAX];
	struct diags diags;

	diags_init(&diags, &load->findings, 0);
	diag_report(&diags, SEVERITY_ERROR, "cannot-listen", listener_at(load, failure->listener),
		    "cannot listen on %s (%s): %s", addr_print_port(&failure->addr, addr),
		    failure->stream ? "TCP" : "UDP",
		    failure->error ? strerror(failure->error)
				   : "too many listeners, or the address is there twice");
	complain(load->publisher->settings.log, &diags, SEVERITY_ERROR);
}

/** The secrets of cookies: not in the snapshot, whose image all may read. */
static struct cookie_secrets
cookie_secrets(const struct load *load)
{
	const struct cookie_secret *secret = load->estate.settings.cookie_secrets;
	struct cookie_secrets secrets = { 0 };

	if (!secret || load->out->from_image)
		return load->publisher->cookies;
	for (; secret; secret = secret->next)
		cookie_secret_add(&secrets, secret->octets);
	return secrets;
}

static enum status
open_edition(struct load *load, const struct edition *previous)
{
	uint32_t workers = publish_workers(load->snap);
	struct edition_failure failure;
	enum status status;

	status = edition_make(previous, load->snap, workers, &load->out->edition, &failure);
	if (status == OK) {
		load->out->edition->cookies = cookie_secrets(load);
		return OK;
	}
	if (status == ERR_NOMEM)
		return status;
	tell_unopened(load, &failure);
	return ERR_REJECTED;	/* the configuration asks for what cannot be had */
}

/* --- what was reused --- */

static int
compare_zones(const void *a, const void *b)
{
	const struct zone *const *left = a, *const *right = b;

	return (*left > *right) - (*left < *right);
}

/** Zones of `after` whose block is one of `before` too. */
static uint32_t
zones_kept(const struct snapshot *before, const struct snapshot *after)
{
	uint32_t count = before ? before->root->zone_count : 0, kept = 0;
	const struct zone **sorted = calloc(count + 1, sizeof(*sorted));

	if (count > 0 && sorted) {
		memcpy(sorted, before->zones, count * sizeof(*sorted));
		qsort(sorted, count, sizeof(*sorted), compare_zones);
		for (uint32_t i = 0; i < after->root->zone_count; i++)
			kept += bsearch(&after->zones[i], sorted, count, sizeof(*sorted),
					compare_zones) != NULL;
	}
	free(sorted);
	return kept;
}

static void
count_gates(const struct edition *before, const struct edition *after,
		struct publication *out)
{
	for (uint32_t slot = 0; slot < GATES_MAX; slot++) {
		const struct gate *was = before ? before->gates[slot] : NULL;

		if (was == after->gates[slot])
			continue;
		out->opened += after->gates[slot] != NULL;
		out->closed += was != NULL;
	}
}

/* --- the whole --- */

void
publish(struct publisher *publisher, const struct edition *previous, struct publication *out)
{
	uint64_t began_ms = now_ms();
	struct load load;

	text_clear(&publisher->told);
	load_begin(&load, publisher, previous, out);
	out->status = load_run(&load);
	if (out->status != OK && !previous)
		out->status = fall_back(&load, out->status);
	if (out->status == OK)
		out->status = open_edition(&load, previous);
	classify(out);
	if (out->status == OK) {
		out->zones_kept = zones_kept(load.previous, load.snap);
		count_gates(previous, out->edition, out);
	}
	load_end(&load);
	out->took_ms = now_ms() - began_ms;
}

const char *
publish_told(const struct publisher *publisher)
{
	return publisher->told.data ? publisher->told.data : "";
}

void
publish_check(struct publisher *publisher, struct publication *out)
{
	struct load load;

	load_begin(&load, publisher, NULL, out);
	load.thorough = true;
	out->status = load_run(&load);
	classify(out);
	load_end(&load);
}

void
publish_keep(struct publisher *publisher, const struct edition *edition)
{
	const struct snapshot *snap = edition->snap;
	uint32_t path_at = snap->root->settings.snapshot_file_at;
	const char *path = snapshot_string(snap, path_at);
	uint64_t checksum = snap->root->block.checksum;	/* of the zones' digests too */

	if (path_at == 0 || (checksum == publisher->kept && access(path, F_OK) == 0))
		return;
	if (snapshot_write(snap, path) == OK) {
		publisher->kept = checksum;
		return;
	}
	publisher->kept = 0;
	log_write(publisher->settings.log, LOG_LEVEL_WARNING,
		  "%s: the image was not written, a start without configuration would serve an "
		  "older one: %s", path, strerror(errno));
}

static struct cookie_secrets
cookie_secrets_random(void)
{
	struct cookie_secrets secrets = { 0 };
	uint8_t secret[COOKIE_SECRET_OCTETS];
	struct random random;

	random_init(&random);
	random_bytes(&random, secret, sizeof(secret));
	cookie_secret_add(&secrets, secret);
	return secrets;
}

struct publisher *
publisher_new(const struct publisher_settings *settings)
{
	struct publisher *publisher = calloc(1, sizeof(*publisher));

	if (!publisher)
		return NULL;
	publisher->settings = *settings;
	text_init(&publisher->told);
	publisher->log = *settings->log;
	publisher->log.copy = &publisher->told;
	publisher->settings.log = &publisher->log;
	publisher->cookies = cookie_secrets_random();
	publisher->sources = sources_new();
	if (publisher->sources)
		return publisher;
	free(publisher);
	return NULL;
}

void
publisher_free(struct publisher *publisher)
{
	if (!publisher)
		return;
	sources_free(publisher->sources);
	text_fini(&publisher->told);
	free(publisher);
}
