#include "control/summary.h"

#include <string.h>

#include "base/text.h"
#include "control/notify.h"

#define LISTENERS_TOLD 16

/** The rules that somebody declared: not those they lead to, nor the internet resolver. */
static unsigned
count_rules(const struct snapshot *snap)
{
	unsigned count = 0;

	for (uint32_t i = 0; i + 1 < snap->root->rule_count; i++)
		count += !snapshot_rule(snap, i)->further;
	return count;
}

/** "3 zones, 2 rules, 7 listeners". */
static void
text_contents(struct text *text, const struct snapshot *snap)
{
	const struct root *root = snap->root;
	unsigned rules = count_rules(snap);

	text_printf(text, "%u zone%s, %u rule%s, %u listener%s", (unsigned)root->zone_count,
		    root->zone_count == 1 ? "" : "s", rules, rules == 1 ? "" : "s",
		    (unsigned)root->listener_count, root->listener_count == 1 ? "" : "s");
}

static void
text_listeners(struct text *text, const struct edition *edition)
{
	unsigned told = 0, more = 0;

	for (uint32_t slot = 0; slot < GATES_MAX; slot++) {
		const struct gate *gate = edition->gates[slot];
		const struct snapshot_listener *listener;
		char addr[ADDR_TEXT_MAX];

		if (!gate)
			continue;
		if (told == LISTENERS_TOLD) {
			more++;
			continue;
		}
		listener = snapshot_listener(edition->snap, edition->numbers[slot]);
		text_printf(text, "%s%s as %s", told++ ? ", " : "",
			    addr_print_port(&gate->addr, addr),
			    snapshot_string(edition->snap, listener->as_at));
	}
	if (more)
		text_printf(text, " and %u more", more);
}

static void
tell(const struct log *log, enum log_level level, struct text *text)
{
	log_write(log, level, "%s", text->failed || !text->data ? "(out of memory)" : text->data);
	text_fini(text);
}

void
summary_started(const struct log *log, const struct edition *edition,
		const struct publication *publication, uint32_t workers)
{
	struct text text;

	text_init(&text);
	text_printf(&text, "causewayd %s serves generation %u%s: ", PACKAGE_VERSION,
		    (unsigned)edition->number,
		    publication->from_image ? " FROM THE LAST GOOD IMAGE" : "");
	text_contents(&text, edition->snap);
	text_printf(&text, ", %u worker%s, loaded in %llu ms; listening on ", (unsigned)workers,
		    workers == 1 ? "" : "s", (unsigned long long)publication->took_ms);
	text_listeners(&text, edition);
	tell(log, publication->from_image ? LOG_LEVEL_WARNING : LOG_LEVEL_INFO, &text);
}

void
summary_reloaded(const struct log *log, const struct edition *edition,
		 const struct publication *publication)
{
	struct text text;

	text_init(&text);
	text_printf(&text, "reloaded: generation %u: ", (unsigned)edition->number);
	text_contents(&text, edition->snap);
	text_printf(&text, "; %u zone%s unchanged, %u listener%s opened, %u closed, %llu ms",
		    (unsigned)publication->zones_kept, publication->zones_kept == 1 ? "" : "s",
		    (unsigned)publication->opened, publication->opened == 1 ? "" : "s",
		    (unsigned)publication->closed, (unsigned long long)publication->took_ms);
	tell(log, LOG_LEVEL_INFO, &text);
}

void
summary_fixed(const struct log *log, const struct edition *before, const struct edition *after)
{
	const struct snapshot_settings *was = &before->snap->root->settings;
	const struct snapshot_settings *is = &after->snap->root->settings;
	const char *what = NULL;

	if (publish_workers(after->snap) != after->workers)
		what = "server.workers";
	else if (was->cache_octets != is->cache_octets)
		what = "server.cache.size";
	else if (strcmp(snapshot_string(before->snap, was->user_at),
			snapshot_string(after->snap, is->user_at)) != 0)
		what = "server.user";
	else if (strcmp(snapshot_string(before->snap, was->control_socket_at),
			snapshot_string(after->snap, is->control_socket_at)) != 0)
		what = "server.control.socket";
	if (what)
		log_write(log, LOG_LEVEL_NOTICE, "%s has changed: that is for the next start",
			  what);
}

void
summary_checked(const struct log *log, const char *config, const struct publication *publication)
{
	if (publication->status != OK)
		log_write(log, LOG_LEVEL_ERROR, "%s: cannot be served", config);
	else if (publication->lint_errors > 0)
		log_write(log, LOG_LEVEL_WARNING, "%s: can be served, with %zu conflict%s", config,
			  publication->lint_errors, publication->lint_errors == 1 ? "" : "s");
	else
		log_write(log, LOG_LEVEL_INFO, "%s: fine", config);
}

void
summary_ready(const struct edition *edition, const struct publication *publication)
{
	struct text text;

	text_init(&text);
	text_contents(&text, edition->snap);
	notify_ready("%s generation %u: %s",
		     publication->from_image ? "Serving the last good image as" : "Serving",
		     (unsigned)edition->number, text.data ? text.data : "");
	text_fini(&text);
}
