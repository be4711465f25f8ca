#include "control/desk.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "dns/codes.h"
#include "dns/name.h"

#define UNHEALTHY_TOLD 100	/* ids in a status */
#define HEALTH_OCTETS  (CTL_REPLY_OCTETS - (64u << 10))	/* room for one check more */

void
desk_error(struct text *out, unsigned exit, const char *fmt, ...)
{
	char error[2 * NAME_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(error, sizeof(error), fmt, ap);
	va_end(ap);
	text_printf(out, "{\"schema\": \"" DESK_SCHEMA "\", \"exit\": %u, \"error\": ", exit);
	text_json(out, error);
	text_append(out, "}");
}

static void
begin(struct text *out, bool fine)
{
	text_printf(out, "{\"schema\": \"" DESK_SCHEMA "\", \"exit\": %u", fine ? 0u : 1u);
}

static void
put_number(struct text *out, const char *key, uint64_t value)
{
	text_printf(out, ", \"%s\": %llu", key, (unsigned long long)value);
}

static void
put_bool(struct text *out, const char *key, bool value)
{
	text_printf(out, ", \"%s\": %s", key, value ? "true" : "false");
}

static void
put_string(struct text *out, const char *key, const char *value)
{
	text_printf(out, ", \"%s\": ", key);
	text_json(out, value);
}

void
desk_json_lines(const char *lines, struct text *out)
{
	size_t count = 0;

	text_append(out, "[");
	while (*lines) {
		size_t len = strcspn(lines, "\n");
		char *line = strndup(lines, len);

		if (len > 0)
			text_append(out, count++ ? ", " : "");
		if (!line)
			out->failed = true;
		else if (len > 0)
			text_json(out, line);
		free(line);
		lines += len + (lines[len] == '\n');
	}
	text_append(out, "]");
}

/* --- status --- */

static void
put_listeners(const struct edition *edition, struct text *out)
{
	unsigned count = 0;

	text_append(out, ", \"listeners\": [");
	for (uint32_t slot = 0; slot < GATES_MAX; slot++) {
		const struct gate *gate = edition->gates[slot];
		const struct snapshot_listener *listener;
		char addr[ADDR_TEXT_MAX];

		if (!gate)
			continue;
		listener = snapshot_listener(edition->snap, edition->numbers[slot]);
		text_append(out, count++ ? ", {\"address\": " : "{\"address\": ");
		text_json(out, addr_print_port(&gate->addr, addr));
		put_string(out, "as", snapshot_string(edition->snap, listener->as_at));
		text_append(out, "}");
	}
	text_append(out, "]");
}

static void
put_last_load(const struct desk_load *last, struct text *out)
{
	text_printf(out, ", \"last_load\": {\"accepted\": %s", last->accepted ? "true" : "false");
	put_number(out, "at", (uint64_t)last->at_unix_s);
	put_number(out, "took_ms", last->took_ms);
	put_number(out, "lint_errors", last->lint_errors);
	text_append(out, "}");
}

static void
put_health(const struct checks *checks, struct text *out)
{
	uint32_t told = 0;

	text_printf(out, ", \"health_checks\": {\"count\": %u, \"unhealthy\": %u, \"ids\": [",
		    (unsigned)checks_count(checks), (unsigned)checks_unhealthy(checks));
	for (uint32_t i = 0; i < checks_count(checks) && told < UNHEALTHY_TOLD; i++) {
		struct check_view check;

		checks_view(checks, i, &check);
		if (check.healthy)
			continue;
		text_append(out, told++ ? ", " : "");
		text_json(out, check.id);
	}
	text_append(out, "]}");
}

/** Neither the internet resolver nor what rules go on to. */
static uint32_t
declared_rules(const struct snapshot *snap)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i + 1 < snap->root->rule_count; i++)
		count += !snapshot_rule(snap, i)->further;
	return count;
}

static void
status(const struct desk *desk, const struct ctl_request *request, struct text *out)
{
	const struct root *root = desk->edition->snap->root;

	(void)request;
	begin(out, desk->last->accepted && !desk->last->from_image);
	put_string(out, "version", PACKAGE_VERSION);
	put_number(out, "pid", (uint64_t)getpid());
	put_number(out, "uptime_s", (desk->now_ms - desk->started_ms) / 1000);
	put_string(out, "config", desk->config);
	put_number(out, "generation", desk->edition->number);
	put_bool(out, "from_image", desk->last->from_image);
	put_bool(out, "loading", desk->loading);
	put_number(out, "workers", crew_count(desk->crew));
	put_number(out, "zones", root->zone_count);
	put_number(out, "rules", declared_rules(desk->edition->snap));
	put_last_load(desk->last, out);
	put_health(desk->checks, out);
	put_listeners(desk->edition, out);
	text_append(out, "}");
}

/* --- reload --- */

void
desk_reloaded(const struct desk_load *load, const char *told, struct text *out)
{
	begin(out, load->accepted);
	put_bool(out, "accepted", load->accepted);
	put_number(out, "generation", load->generation);
	put_number(out, "took_ms", load->took_ms);
	put_number(out, "lint_errors", load->lint_errors);
	put_number(out, "zones_kept", load->zones_kept);
	put_number(out, "listeners_opened", load->opened);
	put_number(out, "listeners_closed", load->closed);
	text_append(out, ", \"told\": ");
	desk_json_lines(told, out);
	text_append(out, "}");
}

/* --- flush --- */

static void
flush(const struct desk *desk, const struct ctl_request *request, struct text *out)
{
	bool subtree = request->count == 3;
	char text[NAME_TEXT_MAX];
	struct name name;

	if (subtree && strcmp(request->words[2], "subtree") != 0) {
		desk_error(out, 2, "flush: \"%s\" is not \"subtree\"", request->words[2]);
		return;
	}
	if (name_parse(request->words[1], &name) != OK) {
		desk_error(out, 2, "\"%s\" is no domain name", request->words[1]);
		return;
	}
	begin(out, true);
	put_string(out, "name", name_print(name.wire, text));
	put_bool(out, "subtree", subtree);
	put_number(out, "flushed", cache_flush(desk->cache, name.wire, subtree));
	text_append(out, "}");
}

/* --- health --- */

static const char *
said_text(enum said said)
{
	switch (said) {
	case SAID_HEALTHY:
		return "healthy";
	case SAID_UNHEALTHY:
		return "unhealthy";
	case SAID_NOTHING:
		break;
	}
	return NULL;
}

static void
put_check(const struct checks *checks, uint32_t number, struct text *out)
{
	struct check_view check;

	checks_view(checks, number, &check);
	text_append(out, "{\"id\": ");
	text_json(out, check.id);
	put_string(out, "type", check_type_text(check.type));
	put_bool(out, "healthy", check.healthy);
	put_bool(out, "disabled", check.disabled);
	put_bool(out, "inverted", check.inverted);
	put_number(out, "results", check.results);
	put_string(out, "why", check.why);
	put_string(out, "said", said_text(check.said));
	text_append(out, "}");
}

/** One check, or all from `first` on. */
static void
put_checks(const struct checks *checks, uint32_t first, uint32_t count, struct text *out)
{
	uint32_t i = 0;

	text_append(out, ", \"health_checks\": [");
	for (; i < count && out->len < HEALTH_OCTETS; i++) {
		text_append(out, i ? ", " : "");
		put_check(checks, first + i, out);
	}
	text_append(out, "]");
	put_number(out, "not_shown", count - i);
	text_append(out, "}");
}

/** false: the reply says why not. */
static bool
say(const struct desk *desk, const char *id, const char *word, struct text *out)
{
	enum said said = said_parse(word, strlen(word));

	if (said == SAID_NOTHING && strcmp(word, "default") != 0) {
		desk_error(out, 2, "health: \"%s\" is not healthy, unhealthy or default", word);
		return false;
	}
	if (checks_say(desk->checks, id, said) == OK)
		return true;
	desk_error(out, 2, "health_check \"%s\" is not of type EXTERNAL: it goes by what it "
			   "finds itself", id);
	return false;
}

static void
health(const struct desk *desk, const struct ctl_request *request, struct text *out)
{
	const char *id = request->count > 1 ? request->words[1] : NULL;
	uint32_t number = id ? checks_find(desk->checks, id) : HEALTH_NONE;
	struct check_view check;

	if (!id) {
		begin(out, checks_unhealthy(desk->checks) == 0);
		put_checks(desk->checks, 0, checks_count(desk->checks), out);
		return;
	}
	if (number == HEALTH_NONE) {
		desk_error(out, 2, "there is no health_check \"%s\"", id);
		return;
	}
	if (request->count > 2 && !say(desk, id, request->words[2], out))
		return;
	checks_view(desk->checks, number, &check);
	begin(out, check.healthy || request->count > 2);
	put_checks(desk->checks, number, 1, out);
}

/* --- the whole --- */

static const struct verb {
	const char *name;
	unsigned least, most;	/* words, the verb included */
	unsigned changes;	/* from so many words on it changes something; 0: never */
	void (*answer)(const struct desk *desk, const struct ctl_request *request,
		       struct text *out);	/* NULL: by a reload */
} verbs[] = {
	{ "status", 1, 1, 0, status },
	{ "stats", 1, 1, 0, desk_stats },
	{ "reload", 1, 1, 1, NULL },
	{ "flush", 2, 3, 1, flush },
	{ "lookup", 4, 4, 0, desk_lookup },
	{ "health", 1, 3, 3, health },
};

static const struct verb *
find_verb(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

/** Who asked for what, before it is done. */
static void
audit(const struct log *log, const struct ctl_request *request, const struct ctl_peer *peer)
{
	bool second = request->count > 1, third = request->count > 2;

	log_write(log, LOG_LEVEL_NOTICE, "control: uid %u, pid %d: %s%s%s%s%s",
		  (unsigned)peer->uid, (int)peer->pid, request->words[0], second ? " " : "",
		  second ? request->words[1] : "", third ? " " : "",
		  third ? request->words[2] : "");
}

bool
desk_answer(const struct desk *desk, const struct ctl_request *request,
	    const struct ctl_peer *peer, struct text *out)
{
	const struct verb *verb = find_verb(request->words[0]);

	if (!verb) {
		desk_error(out, 2, "\"%s\" is no request that this version knows",
			   request->words[0]);
		return false;
	}
	if (request->count < verb->least || request->count > verb->most) {
		desk_error(out, 2, "%s: %u words are too %s", verb->name, request->count,
			   request->count < verb->least ? "few" : "many");
		return false;
	}
	if (verb->changes > 0 && request->count >= verb->changes)
		audit(desk->log, request, peer);
	if (!verb->answer)
		return true;
	verb->answer(desk, request, out);
	return false;
}
