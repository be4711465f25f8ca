/*
 * run - plays scenarios: clients ask, upstreams say, time passes, and what comes of it
 *
 *	run [FILE.scn|DIRECTORY]...	by default those beside this file
 *
 * A scenario is lines of text, its first comment a sentence that says what it shows.
 *
 *	estate ... end			the estate, in the language of unit/world.h; once more
 *					later on: a reload
 *	ask C NAME TYPE [WORD...]	client C asks; words: tcp, plain (no EDNS), do, cd,
 *					from ADDRESS, on LISTENER, size OCTETS, id NUMBER,
 *					class NUMBER
 *	C gets LINE			the reply C has, as wire_print prints it
 *	C waits				C has none yet
 *	sent X NAME TYPE [udp|tcp] [to ADDRESS] [elsewhere] [same]
 *					the next thing sent upstream is this; X names it
 *					from here on.  elsewhere, same: to another target
 *					than the try before it, to the same
 *	X says LINE			the upstream answers it so
 *	X says wrong WHAT LINE		the same, with another: id, name, type, class, case;
 *					or: query (QR not set), cut (last octet missing)
 *	X is lost			the network said no
 *	nothing is sent			nothing is left to be sent upstream
 *	pass DURATION			time passes; deadlines that pass on the way are kept
 *	flush NAME			the cache forgets the name
 *	count COUNTER NUMBER		hits, misses, sent, streams, lost, ignored, started,
 *					joined: what the resolver counted so far
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdarg.h>

#include "base/text.h"
#include "unit/world.h"

#define CLIENTS	  64
#define EXCHANGES 64

struct client_state {
	char name[32];
	char reply[8192];	/* "" while it waits */
};

struct exchange {
	char name[32];		/* "" until a `sent` line named it */
	struct upstream_action action;
	bool live;		/* neither lost nor replaced by a retry */
};

struct scene {
	const char *file;
	unsigned line;
	bool failed;
	struct world world;
	unsigned client_count, exchange_count;
	struct client_state clients[CLIENTS];
	struct exchange exchanges[EXCHANGES];
};

static void __attribute__((format(printf, 2, 3)))
complain(struct scene *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "%s:%u: ", s->file, s->line);
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, "\n");
	va_end(ap);
	s->failed = true;
}

static struct client_state *
client_named(struct scene *s, const char *name)
{
	for (unsigned i = 0; i < s->client_count; i++)
		if (strcmp(s->clients[i].name, name) == 0)
			return &s->clients[i];
	return NULL;
}

/** The latest one of this name. */
static struct exchange *
exchange_named(struct scene *s, const char *name)
{
	for (unsigned i = s->exchange_count; i--;)
		if (strcmp(s->exchanges[i].name, name) == 0)
			return &s->exchanges[i];
	return NULL;
}

static void
deliver(void *context, const struct client *client, const uint8_t *reply, size_t len)
{
	struct scene *s = context;
	struct client_state *c = &s->clients[client->session];

	if (*c->reply)
		complain(s, "%s gets a second reply", c->name);
	if (reply)
		wire_print(reply, len, c->reply, sizeof(c->reply));
	else
		snprintf(c->reply, sizeof(c->reply), "drop");
}

/** What io was told to do is kept until a line of the scenario names it. */
static void
take_action(struct scene *s, const struct upstream_action *action)
{
	if (action->what != FORWARD_SEND_UDP && action->what != FORWARD_SEND_STREAM)
		return;
	if (s->exchange_count == EXCHANGES) {
		complain(s, "more than %d exchanges", EXCHANGES);
		return;
	}
	for (unsigned i = 0; i < s->exchange_count; i++)
		if (s->exchanges[i].action.slot == action->slot &&
		    s->exchanges[i].action.generation == action->generation)
			s->exchanges[i].live = false;
	s->exchanges[s->exchange_count++] = (struct exchange){ .action = *action, .live = true };
}

static void
take_started(struct scene *s)
{
	struct upstream_action action;

	while (resolver_next(&s->world.resolver, s->world.now_ms, &action))
		take_action(s, &action);
}

static void
lose(struct scene *s, struct exchange *x)
{
	struct upstream_action out;

	x->live = false;
	resolver_lost(&s->world.resolver, x->action.slot, x->action.generation, s->world.now_ms,
		      deliver, s, &out);
	take_action(s, &out);
	take_started(s);
}

/** The words behind NAME and TYPE of an `ask` line. */
static void
read_words(struct scene *s, char *rest, struct wire_ask *ask, struct client *client)
{
	for (char *word; (word = strtok_r(rest, " ", &rest));) {
		const char *value;

		if (strcmp(word, "tcp") == 0) {
			client->stream = true;
			continue;
		} else if (strcmp(word, "plain") == 0) {
			ask->udp_size = 0;
			continue;
		} else if (strcmp(word, "do") == 0) {
			ask->dnssec_ok = true;
			continue;
		} else if (strcmp(word, "cd") == 0) {
			ask->flags |= MSG_CD;
			continue;
		}
		value = strtok_r(rest, " ", &rest);
		if (!value)
			complain(s, "no such word: %s", word);
		else if (strcmp(word, "from") == 0)
			client->addr = world_addr(value, 4000);
		else if (strcmp(word, "on") == 0)
			client->listener = (uint32_t)atoi(value);
		else if (strcmp(word, "size") == 0)
			ask->udp_size = (uint16_t)atoi(value);
		else if (strcmp(word, "id") == 0)
			ask->id = (uint16_t)atoi(value);
		else if (strcmp(word, "class") == 0)
			ask->klass = (uint16_t)atoi(value);
		else
			complain(s, "no such word: %s", word);
	}
}

static void
play_ask(struct scene *s, char *rest)
{
	const char *name = strtok_r(rest, " ", &rest), *asked = strtok_r(rest, " ", &rest);
	const char *type = strtok_r(rest, " ", &rest);
	struct wire_ask ask = { .id = (uint16_t)s->line, .udp_size = 1232 };
	struct client client = { .addr = world_addr("10.0.0.9", 4000) };
	static uint8_t packet[512], reply[MSG_MAX_OCTETS];
	struct writer out = writer_over(reply, sizeof(reply));
	struct request request = { .packet = packet, .now_ms = s->world.now_ms };
	struct client_state *c = &s->clients[s->client_count];

	if (!type || s->client_count == CLIENTS || client_named(s, name)) {
		complain(s, "ask CLIENT NAME TYPE, each client once, %d at most", CLIENTS);
		return;
	}
	read_words(s, rest, &ask, &client);
	*c = (struct client_state){ 0 };
	snprintf(c->name, sizeof(c->name), "%s", name);
	client.session = s->client_count++;
	request.client = client;
	request.len = wire_query(asked, type, &ask, packet, sizeof(packet));
	switch (resolve_query(&s->world.resolver, &request, &out)) {
	case VERDICT_SEND:
		deliver(s, &client, reply, out.len);
		break;
	case VERDICT_DROP:
		deliver(s, &client, NULL, 0);
		break;
	case VERDICT_WAIT:
		break;
	}
	take_started(s);
}

static bool
same_target(const struct exchange *a, const struct exchange *b)
{
	return memcmp(&a->action.target, &b->action.target, sizeof(a->action.target)) == 0;
}

/** The try before this one of the same flight, or NULL. */
static const struct exchange *
try_before(const struct scene *s, const struct exchange *x)
{
	for (const struct exchange *before = x; before-- > s->exchanges;)
		if (before->action.slot == x->action.slot &&
		    before->action.generation == x->action.generation)
			return before;
	return NULL;
}

/** How a `sent` line says that it went, and where to. */
static void
check_way(struct scene *s, const struct exchange *x, char *rest)
{
	const struct exchange *before = try_before(s, x);
	enum forward_what what = FORWARD_SEND_UDP;

	for (char *word; (word = strtok_r(rest, " ", &rest));) {
		if (strcmp(word, "tcp") == 0) {
			what = FORWARD_SEND_STREAM;
		} else if (strcmp(word, "elsewhere") == 0) {
			if (!before || same_target(before, x))
				complain(s, "not sent elsewhere");
		} else if (strcmp(word, "same") == 0) {
			if (!before || !same_target(before, x))
				complain(s, "not sent to the same target");
		} else if (strcmp(word, "to") == 0 && (word = strtok_r(rest, " ", &rest))) {
			struct addr to = world_addr(word, 53);

			if (memcmp(to.ip, x->action.target.ip, sizeof(to.ip)) != 0)
				complain(s, "not sent to %s", word);
		} else if (strcmp(word, "udp") != 0) {
			complain(s, "no such word: %s", word);
		}
	}
	if (x->action.what != what)
		complain(s, "not sent over %s", what == FORWARD_SEND_UDP ? "udp" : "tcp");
}

/** "X www.dc.example A tcp to 192.168.0.53" */
static void
play_sent(struct scene *s, char *rest)
{
	const char *label = strtok_r(rest, " ", &rest), *name = strtok_r(rest, " ", &rest);
	const char *type = strtok_r(rest, " ", &rest);
	char got[NAME_TEXT_MAX], code[CODE_TEXT_MAX];
	struct exchange *x = NULL;
	struct question q;
	struct name want;

	for (unsigned i = 0; i < s->exchange_count && !x; i++)
		if (!*s->exchanges[i].name)
			x = &s->exchanges[i];
	if (!type || !x) {
		complain(s, type ? "nothing was sent" : "sent LABEL NAME TYPE");
		return;
	}
	snprintf(x->name, sizeof(x->name), "%s", label);
	want = wire_name(name, NULL);
	if (question_read(x->action.query, x->action.query_len, &q) != OK) {
		complain(s, "what was sent is no query");
		return;
	}
	if (!name_wire_equal(q.name.wire, want.wire) ||
	    strcmp(type_print(q.type, code), type) != 0)
		complain(s, "sent %s %s", name_print(q.name.wire, got), type_print(q.type, code));
	check_way(s, x, rest);
}

/** Change the reply in one way; `after` is where the question's name ends. */
static size_t
spoil(struct scene *s, const char *how, uint8_t *packet, size_t len, size_t after)
{
	if (strcmp(how, "id") == 0)
		packet[0] ^= 1;
	else if (strcmp(how, "name") == 0)
		packet[13] ^= 1;
	else if (strcmp(how, "case") == 0)
		packet[13] ^= 0x20;
	else if (strcmp(how, "type") == 0)
		packet[after + 1] ^= 1;
	else if (strcmp(how, "class") == 0)
		packet[after + 3] ^= 1;
	else if (strcmp(how, "query") == 0)
		packet[2] &= 0x7f;
	else if (strcmp(how, "cut") == 0)
		len--;
	else
		complain(s, "no such way to be wrong: %s", how);
	return len;
}

/** The reply to a try that was given up has another ID: see to it where chance did not. */
static void
make_stale(const struct scene *s, const struct exchange *x, uint8_t *packet)
{
	for (unsigned i = 0; !x->live && i < s->exchange_count; i++)
		if (s->exchanges[i].live && s->exchanges[i].action.slot == x->action.slot &&
		    memcmp(s->exchanges[i].action.query, packet, 2) == 0)
			packet[0] ^= 1;
}

static void
play_says(struct scene *s, struct exchange *x, char *rest)
{
	static uint8_t packet[MSG_MAX_OCTETS];
	struct upstream_action out;
	char *how = NULL;
	size_t len;

	if (strncmp(rest, "wrong ", 6) == 0) {
		rest += 6;
		how = strtok_r(rest, " ", &rest);
	}
	len = wire_answer(x->action.query, x->action.query_len, rest, packet, sizeof(packet));
	make_stale(s, x, packet);
	if (how)
		len = spoil(s, how, packet, len, 12 + name_wire_len(packet + 12));
	resolver_reply(&s->world.resolver, x->action.slot, x->action.generation, packet, len,
		       s->world.now_ms, deliver, s, &out);
	take_action(s, &out);
	take_started(s);
}

/** The live exchange whose deadline comes first, up to `until_ms`. */
static struct exchange *
next_deadline(struct scene *s, uint64_t until_ms)
{
	struct exchange *first = NULL;

	for (unsigned i = 0; i < s->exchange_count; i++) {
		struct exchange *x = &s->exchanges[i];

		if (x->live && x->action.deadline_ms <= until_ms &&
		    (!first || x->action.deadline_ms < first->action.deadline_ms))
			first = x;
	}
	return first;
}

static void
play_pass(struct scene *s, const char *text)
{
	struct exchange *x;
	uint64_t ms, until_ms;

	if (!text_parse_duration(text, &ms)) {
		complain(s, "not a duration: %s", text);
		return;
	}
	until_ms = s->world.now_ms + ms;
	while ((x = next_deadline(s, until_ms))) {
		s->world.now_ms = x->action.deadline_ms;
		lose(s, x);
	}
	s->world.now_ms = until_ms;
}

static void
play_count(struct scene *s, char *rest)
{
	const struct counters *c = &s->world.resolver.counters;
	const struct {
		const char *name;
		uint64_t value;
	} known[] = {
		{ "hits", c->cache_hits },	   { "misses", c->cache_misses },
		{ "sent", c->upstream_sent },	   { "streams", c->upstream_streams },
		{ "lost", c->upstream_lost },	   { "ignored", c->upstream_ignored },
		{ "started", c->flights_started }, { "joined", c->flights_joined },
	};
	const char *name = strtok_r(rest, " ", &rest), *value = strtok_r(rest, " ", &rest);

	for (size_t i = 0; value && i < COUNT_OF(known); i++) {
		if (strcmp(known[i].name, name) != 0)
			continue;
		if (known[i].value != strtoull(value, NULL, 10))
			complain(s, "%s is %" PRIu64, name, known[i].value);
		return;
	}
	complain(s, "count COUNTER NUMBER");
}

static void
play_nothing(struct scene *s)
{
	for (unsigned i = 0; i < s->exchange_count; i++)
		if (!*s->exchanges[i].name) {
			complain(s, "something is sent");
			return;
		}
}

/** "C gets LINE", "C waits", "X says LINE", "X is lost" */
static void
play_named(struct scene *s, const char *name, char *rest)
{
	struct client_state *c = client_named(s, name);
	struct exchange *x = exchange_named(s, name);
	const char *verb = strtok_r(rest, " ", &rest);

	if (!verb)
		verb = "";
	if (c && strcmp(verb, "gets") == 0) {
		if (strcmp(c->reply, rest) != 0)
			complain(s, "%s has: %s", name, *c->reply ? c->reply : "no reply yet");
	} else if (c && strcmp(verb, "waits") == 0) {
		if (*c->reply)
			complain(s, "%s has: %s", name, c->reply);
	} else if (x && strcmp(verb, "says") == 0) {
		play_says(s, x, rest);
	} else if (x && strcmp(verb, "is") == 0 && strcmp(rest, "lost") == 0) {
		lose(s, x);
	} else {
		complain(s, "not understood: %s %s %s", name, verb, rest);
	}
}

static void
play_line(struct scene *s, char *line)
{
	char *rest = line, *word = strtok_r(rest, " ", &rest);
	struct name name;

	if (!word || *word == '#')
		return;
	if (strcmp(word, "ask") == 0) {
		play_ask(s, rest);
	} else if (strcmp(word, "sent") == 0) {
		play_sent(s, rest);
	} else if (strcmp(word, "nothing") == 0) {
		play_nothing(s);
	} else if (strcmp(word, "pass") == 0) {
		play_pass(s, rest);
	} else if (strcmp(word, "count") == 0) {
		play_count(s, rest);
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
	struct scene *s = calloc(1, sizeof(*s));
	FILE *file = fopen(path, "r");
	char line[8192];
	bool good;

	if (!s || !file) {
		perror(path);
		free(s);
		return false;
	}
	s->file = path;
	s->world.now_ms = 1000000;
	while (fgets(line, sizeof(line), file)) {
		char *text = tidy(line);

		s->line++;
		if (strcmp(text, "estate") == 0)
			read_estate(s, file);
		else
			play_line(s, text);
	}
	fclose(file);
	good = !s->failed && s->client_count > 0;
	printf("%s %s\n", good ? "ok    " : "FAILED", path);
	world_end(&s->world);
	free(s);
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
