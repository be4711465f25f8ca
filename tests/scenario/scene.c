#include "scenario/scene.h"

#include <inttypes.h>
#include <stdarg.h>

#include "engine/upstream_options.h"

void
scene_complain(struct scene *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "%s:%u: ", s->file, s->line);
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, "\n");
	va_end(ap);
	s->failed = true;
}

struct client_state *
scene_client(struct scene *s, const char *name)
{
	for (unsigned i = 0; i < s->client_count; i++)
		if (strcmp(s->clients[i].name, name) == 0)
			return &s->clients[i];
	return NULL;
}

struct world_try *
scene_try(struct scene *s, const char *name)
{
	for (unsigned i = s->named; i--;)
		if (strcmp(s->names[i].name, name) == 0)
			return &s->world.tries[i];
	return NULL;
}

static void
take_reply(void *context, const struct client *client, const uint8_t *reply, size_t len)
{
	static char text[256 * 1024];
	struct scene *s = context;
	struct client_state *c = &s->clients[client->session];

	if (c->reply) {
		scene_complain(s, "%s gets a second reply", c->name);
		return;
	}
	c->reply = strdup(reply ? wire_print(reply, len, text, sizeof(text)) : "drop");
	c->replied_ms = s->world.now_ms;
}

void
scene_begin(struct scene *s, const char *file)
{
	*s = (struct scene){ .file = file };
	s->clients = calloc(SCENE_CLIENTS, sizeof(*s->clients));
	if (!s->clients)
		wire_die("out of memory", file);
	s->world.now_ms = 1000000;
	s->world.deliver = take_reply;
	s->world.context = s;
}

void
scene_end(struct scene *s)
{
	world_end(&s->world);
	for (unsigned i = 0; i < s->client_count; i++)
		free(s->clients[i].reply);
	free(s->clients);
	free(s->names);
}

/* --- clients --- */

/** A hop option in the query's OPT, which is its end. */
static size_t
add_hops(uint8_t *packet, size_t len, uint8_t hops)
{
	const uint8_t option[] = { OPTION_HOPS >> 8, OPTION_HOPS & 255, 0, 4, 'c', 'w', 1, hops };

	store_u16(packet + len - 2, sizeof(option));
	memcpy(packet + len, option, sizeof(option));
	return len + sizeof(option);
}

/* How a client asks. */
struct manner {
	struct wire_ask ask;
	struct client client;
	uint8_t hops;
};

static bool
read_flag(const char *word, struct manner *how)
{
	if (strcmp(word, "tcp") == 0)
		how->client.stream = true;
	else if (strcmp(word, "plain") == 0)
		how->ask.udp_size = 0;
	else if (strcmp(word, "do") == 0)
		how->ask.dnssec_ok = true;
	else if (strcmp(word, "cd") == 0)
		how->ask.flags |= MSG_CD;
	else
		return false;
	return true;
}

static void
read_manner(struct scene *s, char *rest, struct manner *how)
{
	for (char *word; (word = strtok_r(rest, " ", &rest));) {
		const char *value;

		if (read_flag(word, how))
			continue;
		value = strtok_r(rest, " ", &rest);
		if (!value)
			scene_complain(s, "no such word: %s", word);
		else if (strcmp(word, "from") == 0)
			how->client.addr = world_addr(value, 4000);
		else if (strcmp(word, "on") == 0)
			how->client.listener = (uint32_t)atoi(value);
		else if (strcmp(word, "size") == 0)
			how->ask.udp_size = (uint16_t)atoi(value);
		else if (strcmp(word, "id") == 0)
			how->ask.id = (uint16_t)atoi(value);
		else if (strcmp(word, "class") == 0)
			how->ask.klass = (uint16_t)atoi(value);
		else if (strcmp(word, "hops") == 0)
			how->hops = (uint8_t)atoi(value);
		else
			scene_complain(s, "no such word: %s", word);
	}
}

void
scene_ask(struct scene *s, char *rest)
{
	const char *name = strtok_r(rest, " ", &rest), *asked = strtok_r(rest, " ", &rest);
	const char *type = strtok_r(rest, " ", &rest);
	struct manner how = { .ask = { .id = (uint16_t)s->line, .udp_size = 1232 },
			      .client = { .addr = world_addr("10.0.0.9", 4000) } };
	static uint8_t packet[512], reply[MSG_MAX_OCTETS];
	struct writer out = writer_over(reply, sizeof(reply));
	struct request request = { .packet = packet, .now_ms = s->world.now_ms };
	struct client_state *c = &s->clients[s->client_count];

	if (!type || s->client_count == SCENE_CLIENTS || scene_client(s, name)) {
		scene_complain(s, "ask CLIENT NAME TYPE, each client once");
		return;
	}
	read_manner(s, rest, &how);
	snprintf(c->name, sizeof(c->name), "%s", name);
	c->asked_ms = s->world.now_ms;
	how.client.session = s->client_count++;
	request.client = how.client;
	request.len = wire_query(asked, type, &how.ask, packet, sizeof(packet));
	if (how.hops)
		request.len = add_hops(packet, request.len, how.hops);
	switch (resolve_query(&s->world.resolver, &request, &out)) {
	case VERDICT_SEND:
		take_reply(s, &how.client, reply, out.len);
		break;
	case VERDICT_DROP:
		take_reply(s, &how.client, NULL, 0);
		break;
	case VERDICT_WAIT:
		break;
	}
	resolver_begin(&s->world.resolver, s->world.now_ms);
}

/* --- what is sent --- */

static bool
same_target(const struct world_try *a, const struct world_try *b)
{
	return memcmp(&a->action.target, &b->action.target, sizeof(a->action.target)) == 0;
}

/** The try before this one of the same flight, or NULL. */
static const struct world_try *
try_before(const struct scene *s, const struct world_try *t)
{
	for (const struct world_try *before = t; before-- > s->world.tries;)
		if (before->action.slot == t->action.slot &&
		    before->action.generation == t->action.generation)
			return before;
	return NULL;
}

/** An option of the query that was sent, or NULL: it is not there. */
static const uint8_t *
sent_option(const struct question *q, uint16_t code, uint16_t *len)
{
	struct edns_option option;
	size_t at = 0;

	while (q->edns.options_len && edns_option_next(&q->edns, &at, &option))
		if (option.code == code) {
			*len = option.len;
			return option.data;
		}
	return NULL;
}

static void
check_cookie(struct scene *s, const struct question *q, const char *want)
{
	uint16_t len = 0;
	const uint8_t *cookie = sent_option(q, 10, &len);
	const char *got = !cookie ? "none" : len == 8 ? "own" : (const char *)cookie + 8;

	if (strncmp(got, want, strlen(want)) != 0)
		scene_complain(s, "its cookie is not %s but %.8s", want, got);
}

static void
check_hops(struct scene *s, const struct question *q, int want)
{
	uint16_t len = 0;
	const uint8_t *hops = sent_option(q, OPTION_HOPS, &len);

	if ((hops ? hops[3] : -1) != want)
		scene_complain(s, "it was sent with %d hops", hops ? hops[3] : -1);
}

/** Is the name in all lower case? */
static bool
is_lower(const struct question *q)
{
	for (size_t i = 0; i + 4 < q->wire_len; i++)
		if (q->wire[i] >= 'A' && q->wire[i] <= 'Z')
			return false;
	return true;
}

/** Words with a value.  false: no such word. */
static bool
check_value(struct scene *s, const struct world_try *t, const struct question *q,
	    const char *word, const char *value)
{
	struct addr to;

	if (strcmp(word, "to") == 0) {
		to = world_addr(value, 53);
		if (memcmp(to.ip, t->action.target.ip, sizeof(to.ip)) != 0)
			scene_complain(s, "not sent to %s", value);
	} else if (strcmp(word, "beside") == 0) {
		const struct world_try *other = scene_try(s, value);

		if (!other || other->action.slot != t->action.slot ||
		    other->action.lane == t->action.lane)
			scene_complain(s, "not sent in the other lane than %s", value);
	} else if (strcmp(word, "at") == 0) {
		if (t->sent_ms != s->world.now_ms - strtoull(value, NULL, 10))
			scene_complain(s, "sent %" PRIu64 " ms ago", s->world.now_ms - t->sent_ms);
	} else if (strcmp(word, "cookie") == 0) {
		check_cookie(s, q, value);
	} else if (strcmp(word, "hops") == 0) {
		check_hops(s, q, atoi(value));
	} else {
		return false;
	}
	return true;
}

/** How a `sent` line says that it went, and where to. */
static void
check_way(struct scene *s, const struct world_try *t, const struct question *q, char *rest)
{
	const struct world_try *before = try_before(s, t);
	enum forward_what what = FORWARD_SEND_UDP;

	for (char *word; (word = strtok_r(rest, " ", &rest));) {
		if (strcmp(word, "tcp") == 0) {
			what = FORWARD_SEND_STREAM;
		} else if (strcmp(word, "elsewhere") == 0) {
			if (!before || same_target(before, t))
				scene_complain(s, "not sent elsewhere");
		} else if (strcmp(word, "same") == 0) {
			if (!before || !same_target(before, t))
				scene_complain(s, "not sent to the same target");
		} else if (strcmp(word, "plain") == 0) {
			if (q->edns.present)
				scene_complain(s, "it was sent with EDNS");
		} else if (strcmp(word, "mixed") == 0) {
			if (is_lower(q))
				scene_complain(s, "the name is all in lower case");
		} else if (strcmp(word, "udp") != 0) {
			const char *value = strtok_r(rest, " ", &rest);

			if (!value || !check_value(s, t, q, word, value))
				scene_complain(s, "no such word: %s", word);
		}
	}
	if (t->action.what != what)
		scene_complain(s, "not sent over %s", what == FORWARD_SEND_UDP ? "udp" : "tcp");
}

/** The next try that no line has named gets this name; NULL: there is none. */
static struct world_try *
name_next(struct scene *s, const char *name)
{
	struct try_name *names;

	if (s->named == s->world.try_count)
		return NULL;
	names = realloc(s->names, (s->named + 1) * sizeof(*names));
	if (!names)
		wire_die("out of memory", s->file);
	s->names = names;
	snprintf(names[s->named].name, sizeof(names[0].name), "%s", name);
	return &s->world.tries[s->named++];
}

void
scene_sent(struct scene *s, char *rest)
{
	const char *label = strtok_r(rest, " ", &rest), *name = strtok_r(rest, " ", &rest);
	const char *type = strtok_r(rest, " ", &rest);
	char got[NAME_TEXT_MAX], code[CODE_TEXT_MAX];
	const struct world_try *t = type ? name_next(s, label) : NULL;
	struct question q;
	struct name want;

	if (!t) {
		scene_complain(s, type ? "nothing was sent" : "sent LABEL NAME TYPE");
		return;
	}
	if (question_read(t->action.query, t->action.query_len, &q) != OK) {
		scene_complain(s, "what was sent is no query");
		return;
	}
	want = strcmp(name, "?") == 0 ? q.name : wire_name(name, NULL);
	if (!name_wire_equal(q.name.wire, want.wire) ||
	    strcmp(type_print(q.type, code), type) != 0)
		scene_complain(s, "sent %s %s", name_print(q.name.wire, got),
			       type_print(q.type, code));
	check_way(s, t, &q, rest);
}

void
scene_nothing(struct scene *s)
{
	char got[NAME_TEXT_MAX];
	struct question q;

	if (s->named == s->world.try_count)
		return;
	if (question_read(s->world.tries[s->named].action.query,
			  s->world.tries[s->named].action.query_len, &q) == OK)
		scene_complain(s, "something is sent: %s", name_print(q.name.wire, got));
}

void
scene_whatever(struct scene *s)
{
	while (name_next(s, "-"))
		;
}

/* --- what comes back --- */

/* A reply, and what is to be wrong or special about it. */
struct saying {
	const char *wrong, *cookie;	/* NULL: nothing */
	bool fragmented, looped, opt, ad;
	enum reply_path path;
};

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
	else if (strcmp(how, "opcode") == 0)
		packet[2] |= 0x28;
	else if (strcmp(how, "count") == 0)
		packet[5] = 2;
	else if (strcmp(how, "cut") == 0)
		len--;
	else
		scene_complain(s, "no such way to be wrong: %s", how);
	return len;
}

/** The reply to a try that was given up has another ID: see to it where chance did not. */
static void
make_stale(const struct scene *s, const struct world_try *t, uint8_t *packet)
{
	for (unsigned i = 0; !t->open && i < s->world.try_count; i++) {
		const struct world_try *other = &s->world.tries[i];

		if (other->open && other->action.slot == t->action.slot &&
		    other->action.lane == t->action.lane &&
		    memcmp(other->action.query, packet, 2) == 0)
			packet[0] ^= 1;
	}
}

/** The words in front of the reply itself, whose rcode is in upper case. */
static char *
read_saying(struct scene *s, char *rest, struct saying *how)
{
	while (*rest >= 'a' && *rest <= 'z') {
		const char *word = strtok_r(rest, " ", &rest);

		if (strcmp(word, "wrong") == 0)
			how->wrong = strtok_r(rest, " ", &rest);
		else if (strcmp(word, "cookie") == 0)
			how->cookie = strtok_r(rest, " ", &rest);
		else if (strcmp(word, "fragmented") == 0)
			how->fragmented = true;
		else if (strcmp(word, "looped") == 0)
			how->looped = true;
		else if (strcmp(word, "edns") == 0)
			how->opt = true;
		else if (strcmp(word, "ad") == 0)
			how->ad = true;
		else
			scene_complain(s, "no such word: %s", word);
	}
	return rest;
}

static void
say_option(struct writer *out, uint16_t code, const void *data, size_t len)
{
	writer_u16(out, code);
	writer_u16(out, (uint16_t)len);
	writer_bytes(out, data, len);
}

/** Our cookie, or with "forged" another one, and the server's, which is the word. */
static void
say_cookie(struct writer *out, const struct question *q, const char *word)
{
	uint8_t cookie[16] = { 0 };
	uint16_t len = 0;
	const uint8_t *own = sent_option(q, 10, &len);

	if (own)
		memcpy(cookie, own, 8);
	if (strcmp(word, "forged") == 0)
		cookie[0] ^= 1;
	snprintf((char *)cookie + 8, 8, "%s", word);
	say_option(out, 10, cookie, sizeof(cookie));
}

/** Append OPT; rcode: the upper bits. */
static size_t
add_opt(const struct world_try *t, const struct saying *how, uint8_t rcode, uint8_t *packet,
	size_t len)
{
	struct writer out = writer_over(packet, MSG_MAX_OCTETS);
	const uint8_t loop[] = { 'c', 'w', 1, HOPS_LOOP };
	struct question q;
	size_t start;

	out.len = len;
	writer_u8(&out, 0);
	writer_u16(&out, TYPE_OPT);
	writer_u16(&out, 1232);
	writer_u32(&out, (uint32_t)rcode << 24);
	writer_u16(&out, 0);
	start = out.len;
	if (question_read(t->action.query, t->action.query_len, &q) == OK && how->cookie)
		say_cookie(&out, &q, how->cookie);
	if (how->looped)
		say_option(&out, OPTION_HOPS, loop, sizeof(loop));
	store_u16(packet + start - 2, (uint16_t)(out.len - start));
	store_u16(packet + 10, (uint16_t)(load_u16(packet + 10) + 1));
	return out.len;
}

void
scene_says(struct scene *s, struct world_try *t, char *rest)
{
	static uint8_t packet[MSG_MAX_OCTETS];
	const struct upstream_action *action = &t->action;
	struct saying how = { .path = action->what == FORWARD_SEND_STREAM ? PATH_STREAM
									  : PATH_UDP };
	const char *text = read_saying(s, rest, &how);
	bool bad_cookie = strncmp(text, "BADCOOKIE", 9) == 0;
	size_t len;

	len = wire_answer(action->query, action->query_len, bad_cookie ? "YXRRSET" : text, packet,
			  sizeof(packet));
	if (how.ad)
		packet[3] |= MSG_AD;
	if (how.opt || how.cookie || how.looped || bad_cookie)
		len = add_opt(t, &how, bad_cookie, packet, len);
	make_stale(s, t, packet);
	if (how.wrong)
		len = spoil(s, how.wrong, packet, len, 12 + name_wire_len(packet + 12));
	if (how.fragmented)
		how.path = PATH_UDP_FRAGMENTED;
	resolver_reply(&s->world.resolver, action->slot, action->generation, action->lane, packet,
		       len, how.path, s->world.now_ms);
}

void
scene_lost(struct scene *s, struct world_try *t)
{
	const struct upstream_action *action = &t->action;

	if (t->open)
		resolver_lost(&s->world.resolver, action->slot, action->generation, action->lane,
			      s->world.now_ms);
}
