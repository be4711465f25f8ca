/*
 * run - plays scenarios: clients ask, upstreams say, time passes, and what comes of it
 *
 *	run [FILE.scn|DIRECTORY]...	by default those beside this file
 *
 * A scenario is lines of text, its first comment a sentence that says what it shows.
 *
 *	limit WHAT NUMBER		before the estate: flights, waiters (in all), flight,
 *					client (waiters of one), rule (flights of one)
 *	estate ... end			the estate, in the language of unit/world.h; once more
 *					later on: a reload
 *	ask C NAME TYPE [WORD...]	client C asks; words: tcp, plain (no EDNS), do, cd,
 *					from ADDRESS, on LISTENER, size OCTETS, id NUMBER,
 *					class NUMBER, hops NUMBER
 *	C gets LINE			the reply C has, as wire_print prints it; "drop": none
 *	C got it after MS		so long after it asked
 *	C waits				C has none yet
 *	sent X NAME TYPE [udp|tcp] [to ADDRESS] [elsewhere] [same] [beside Y] [at MS] [mixed]
 *	     [plain] [hops NUMBER] [cookie none|own|WORD]
 *					the next thing sent upstream is this; X names it
 *					from here on; NAME "?": any.  elsewhere, same: to another target
 *					than the try before it, to the same; beside: in the
 *					other lane of the flight; at: so many ms ago; mixed:
 *					not all letters are small; plain: without EDNS; hops:
 *					-1 for no such option; cookie: ours alone, or with
 *					the server cookie WORD
 *	X says [WORD...] LINE		the upstream answers it so; words: wrong WHAT (id, name,
 *					case, type, class, opcode; query: QR not set; count:
 *					two questions; cut: last octet missing), fragmented,
 *					cookie WORD (the server cookie; "forged": ours is
 *					wrong), looped, edns (an empty OPT), ad
 *	X is lost			the network said no
 *	X is open, X is over		io still waits for its reply, or was told not to
 *	nothing is sent			nothing is left to be sent upstream
 *	whatever is sent		all that was sent until now need not be named
 *	nothing can be sent		from here on no try can be carried out; "can" again:
 *					"all can be sent"
 *	pass DURATION			time passes; what is due on the way is done
 *	flush NAME			the cache forgets the name
 *	count COUNTER NUMBER		what the resolver counted so far: see scene_count
 *	target ADDRESS is WORD		up, down; keeping, losing (letter case)
 *	budget ADDRESS used NUMBER	packets of the last second, and room kept for replies
 *	times N LINE			the line N times, with 1 to N for each "%"
 */
#include <dirent.h>
#include <inttypes.h>

#include "base/text.h"
#include "scenario/scene.h"

static void
play_pass(struct scene *s, const char *text)
{
	uint64_t ms;

	if (text_parse_duration(text, &ms))
		world_pass(&s->world, ms);
	else
		scene_complain(s, "not a duration: %s", text);
}

static void
play_client(struct scene *s, const struct client_state *c, const char *verb, const char *rest)
{
	uint64_t after_ms;

	if (strcmp(verb, "gets") == 0) {
		if (!c->reply || strcmp(c->reply, rest) != 0)
			scene_complain(s, "%s has: %s", c->name,
				       c->reply ? c->reply : "no reply yet");
	} else if (strcmp(verb, "waits") == 0) {
		if (c->reply)
			scene_complain(s, "%s has: %s", c->name, c->reply);
	} else if (sscanf(rest, "it after %" SCNu64, &after_ms) == 1) {
		if (!c->reply)
			scene_complain(s, "%s has no reply yet", c->name);
		else if (c->replied_ms - c->asked_ms != after_ms)
			scene_complain(s, "%s got it after %" PRIu64 " ms", c->name,
				       c->replied_ms - c->asked_ms);
	} else {
		scene_complain(s, "not understood: %s %s", verb, rest);
	}
}

static void
play_try(struct scene *s, struct world_try *t, const char *verb, char *rest)
{
	if (strcmp(verb, "says") == 0)
		scene_says(s, t, rest);
	else if (strcmp(verb, "is") == 0 && strcmp(rest, "lost") == 0)
		scene_lost(s, t);
	else if (strcmp(verb, "is") == 0 && strcmp(rest, "open") == 0 && t->open)
		;
	else if (strcmp(verb, "is") == 0 && strcmp(rest, "over") == 0 && !t->open)
		;
	else
		scene_complain(s, "not so, or not understood: it %s %s", verb, rest);
}

/** "C gets LINE", "C waits", "X says LINE", "X is lost" */
static void
play_named(struct scene *s, const char *name, char *rest)
{
	struct client_state *c = scene_client(s, name);
	struct world_try *t = scene_try(s, name);
	const char *verb = strtok_r(rest, " ", &rest);

	if (c && verb)
		play_client(s, c, verb, rest);
	else if (t && verb)
		play_try(s, t, verb, rest);
	else
		scene_complain(s, "not understood: %s %s", name, verb ? verb : "");
}

static void play_line(struct scene *s, char *line);

/** "3 ask c% n%.dc.example A" */
static void
play_times(struct scene *s, char *rest)
{
	unsigned long times = strtoul(rest, &rest, 10);

	for (unsigned long i = 1; i <= times && !s->failed; i++) {
		char line[8192];
		size_t len = 0;

		for (const char *p = rest + strspn(rest, " "); *p && len < sizeof(line) - 24; p++)
			if (*p == '%')
				len += (size_t)sprintf(line + len, "%lu", i);
			else
				line[len++] = *p;
		line[len] = '\0';
		play_line(s, line);
	}
}

static void
play_nothing(struct scene *s, const char *rest)
{
	if (strcmp(rest, "is sent") == 0)
		scene_nothing(s);
	else if (strcmp(rest, "can be sent") == 0)
		s->world.mute = true;
	else
		scene_complain(s, "not understood: nothing %s", rest);
}

static void
play_line(struct scene *s, char *line)
{
	char *rest = line, *word = strtok_r(rest, " ", &rest);
	struct name name;

	if (!word || *word == '#')
		return;
	if (strcmp(word, "ask") == 0) {
		scene_ask(s, rest);
	} else if (strcmp(word, "sent") == 0) {
		scene_sent(s, rest);
	} else if (strcmp(word, "nothing") == 0) {
		play_nothing(s, rest);
	} else if (strcmp(word, "all") == 0) {
		s->world.mute = false;
	} else if (strcmp(word, "whatever") == 0) {
		scene_whatever(s);
	} else if (strcmp(word, "pass") == 0) {
		play_pass(s, rest);
	} else if (strcmp(word, "count") == 0) {
		scene_count(s, rest);
	} else if (strcmp(word, "target") == 0) {
		scene_target(s, rest);
	} else if (strcmp(word, "budget") == 0) {
		scene_budget(s, rest);
	} else if (strcmp(word, "limit") == 0) {
		scene_limit(s, rest);
	} else if (strcmp(word, "times") == 0) {
		play_times(s, rest);
	} else if (strcmp(word, "flush") == 0) {
		name = wire_name(rest, NULL);
		cache_flush(s->world.resolver.cache, name.wire, false);
	} else {
		play_named(s, word, rest);
	}
}

/** Blanks and tabs alike, none at either end. */
static char *
tidy(char *line)
{
	char *end = line + strcspn(line, "\n");

	for (*end = '\0'; end > line && (end[-1] == ' ' || end[-1] == '\t');)
		*--end = '\0';
	for (char *p = line; *p; p++)
		if (*p == '\t')
			*p = ' ';
	return line + strspn(line, " ");
}

/** Lines up to `end` are the estate. */
static void
read_estate(struct scene *s, FILE *file)
{
	char line[1024], estate[16384] = "";

	while (fgets(line, sizeof(line), file)) {
		const char *text = tidy(line);

		s->line++;
		if (strcmp(text, "end") == 0)
			break;
		if (strlen(estate) + strlen(text) + 2 > sizeof(estate))
			wire_die("estate too long", s->file);
		strcat(strcat(estate, text), "\n");
	}
	world_load(&s->world, estate);
}

/** Returns whether all came as the scenario says. */
static bool
play(const char *path)
{
	FILE *file = fopen(path, "r");
	struct scene s;
	char line[8192];
	bool good;

	if (!file) {
		perror(path);
		return false;
	}
	scene_begin(&s, path);
	while (fgets(line, sizeof(line), file)) {
		char *text = tidy(line);

		s.line++;
		if (strcmp(text, "estate") == 0)
			read_estate(&s, file);
		else
			play_line(&s, text);
	}
	fclose(file);
	good = !s.failed && s.client_count > 0;
	printf("%s %s\n", good ? "ok    " : "FAILED", path);
	scene_end(&s);
	return good;
}

static int
is_scenario(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 4 && strcmp(entry->d_name + len - 4, ".scn") == 0;
}

/** A file, or all scenarios of a directory; none in it is a mistake of the build. */
static bool
play_path(const char *path)
{
	struct dirent **found;
	int count = scandir(path, &found, is_scenario, alphasort);
	bool good = count > 0;

	if (count < 0)
		return play(path);
	for (int i = 0; i < count; i++) {
		char file[4096];

		snprintf(file, sizeof(file), "%s/%s", path, found[i]->d_name);
		good &= play(file);
		free(found[i]);
	}
	free(found);
	return good;
}

int
main(int argc, char **argv)
{
	bool good = true;

	if (argc < 2)
		good = play_path(SRCDIR "/tests/scenario");
	for (int i = 1; i < argc; i++)
		good &= play_path(argv[i]);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
