/*
 * crowd - many clients at once, for tests at rates that Python does not reach
 *
 *   crowd plan=FILE [name=value ...]
 *
 * It asks what the plan says and judges each reply.  A line of the plan is
 *
 *   SERVER:PORT SOURCE GROUP NAME EXPECTED[,EXPECTED...]
 *
 * NAME: one "#" in it becomes a number, another one in each question; "#1000" one that is
 * drawn below 1000.  EXPECTED: what the reply may be, an address (of A), servfail, refused,
 * nxdomain or nodata.  Lines are drawn, each as likely as any other.
 *
 *   count=N	   questions in all; 0: no end		seconds=S  stop after so long
 *   rate=N	   a second; 0: as fast as replies come	window=N   not yet answered, at most; as it
 *							   is: 256 without a rate
 *   timeout=MS	   then a question is lost		turn=1	   lines in turn, not drawn
 *   sockets=N	   of each source and server		dnssec=1   with DO and AD set
 *   record=FILE   a struct heard for each reply	seed=N
 *
 * The result is one line of JSON.  Times are those at which the kernel had the reply, so they
 * say little about this program and a lot about the server.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HEADER	      12
#define PACKET_MAX    4096
#define NAME_MAX_TEXT 255
#define EXPECTED_MAX  8
#define GROUPS_MAX    32
#define LINKS_MAX     512
#define IDS	      65536
#define WAITING_MOST  (1u << 20)
#define FORGED	      "\xc0\x00\x02\x42"	/* 192.0.2.66, as fake_upstream forges it */
#define STEPS	      16	/* of the histogram between a power of two and the next */
#define BUCKETS	      (40 * STEPS)
#define SECOND	      1000000000u

/* What a reply can be other than an address. */
enum outcome { ADDRESS, SERVFAIL, REFUSED, NXDOMAIN, NODATA, OUTCOMES };

static const char *const outcome_names[OUTCOMES] = {
	"address", "servfail", "refused", "nxdomain", "nodata",
};

struct expected {
	enum outcome outcome;
	uint8_t address[4];
};

struct group {
	char name[32];
	uint64_t asked, right, wrong, lost, stale, authentic, planted;
	uint64_t outcomes[OUTCOMES];
	uint64_t slowest_us;
	uint64_t latencies[BUCKETS];
};

struct line {
	char name[NAME_MAX_TEXT + 1];
	uint32_t group, link, links;	/* its sockets: link .. link + links - 1 */
	uint32_t expected_count;
	struct expected expected[EXPECTED_MAX];
};

/* A question not yet answered, by its ID. */
struct pending {
	uint64_t sent_ns;		/* 0: none */
	uint64_t number;
	uint32_t line;
};

/* A socket of one source, connected to one server. */
struct link {
	struct sockaddr_in server, source;
	int fd;
	uint16_t next_id;
	struct pending *pending;	/* IDS of them */
};

/* A reply, as `record` has it. */
struct heard {
	uint64_t sent_ns, heard_ns;	/* CLOCK_REALTIME */
	uint32_t source;		/* address */
	uint16_t rcode, stale;
};

struct order {
	uint32_t link;
	uint16_t id;
	uint64_t sent_ns;
};

struct crowd {
	struct line *lines;
	uint32_t line_count;
	struct group groups[GROUPS_MAX];
	uint32_t group_count;
	struct link links[LINKS_MAX];
	struct pollfd polls[LINKS_MAX];
	uint32_t link_count;
	struct order *sent;		/* a ring, in order of sending: for time-outs */
	uint64_t sent_first, sent_end, sent_size;
	uint32_t waiting;
	uint64_t count, seconds, rate, window, timeout_ms, sockets;
	bool turn, dnssec;
	FILE *record;
	uint64_t random, number, asked, unasked, strays;
	char example[512];		/* of what was wrong */
	char excuse[256];		/* that a SERVFAIL gave first (RFC 8914) */
};

static void
fail(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

static uint64_t
draw(struct crowd *c, uint64_t bound)
{
	c->random = c->random * 6364136223846793005u + 1442695040888963407u;
	return (c->random >> 33) % bound;
}

static uint16_t
load16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

/* --- the plan --- */

static struct sockaddr_in
read_address(const char *text, bool with_port)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	char ip[64];
	const char *colon = strchr(text, ':');

	snprintf(ip, sizeof(ip), "%.*s", colon ? (int)(colon - text) : 63, text);
	if (with_port != (colon != NULL) || inet_pton(AF_INET, ip, &a.sin_addr) != 1) {
		fprintf(stderr, "crowd: no address: %s\n", text);
		exit(2);
	}
	if (colon)
		a.sin_port = htons((uint16_t)atoi(colon + 1));
	return a;
}

static uint32_t
find_group(struct crowd *c, const char *name)
{
	uint32_t i;

	for (i = 0; i < c->group_count; i++)
		if (strcmp(c->groups[i].name, name) == 0)
			return i;
	if (i == GROUPS_MAX) {
		fprintf(stderr, "crowd: too many groups\n");
		exit(2);
	}
	snprintf(c->groups[i].name, sizeof(c->groups[i].name), "%s", name);
	return c->group_count++;
}

static void
open_link(struct crowd *c, struct sockaddr_in server, struct sockaddr_in source)
{
	struct link *l = &c->links[c->link_count];
	int octets = 4 << 20, on = 1;

	if (c->link_count == LINKS_MAX) {
		fprintf(stderr, "crowd: too many sockets\n");
		exit(2);
	}
	*l = (struct link){ .server = server, .source = source };
	l->pending = calloc(IDS, sizeof(*l->pending));
	l->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	if (!l->pending || l->fd < 0)
		fail("crowd: socket");
	setsockopt(l->fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof(octets));
	setsockopt(l->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
	if (bind(l->fd, (struct sockaddr *)&source, sizeof(source)) != 0 ||
	    connect(l->fd, (struct sockaddr *)&server, sizeof(server)) != 0)
		fail("crowd: connect");
	c->polls[c->link_count++] = (struct pollfd){ .fd = l->fd, .events = POLLIN };
}

/** The first of the sockets between these two. */
static uint32_t
find_links(struct crowd *c, struct sockaddr_in server, struct sockaddr_in source)
{
	uint32_t first = c->link_count;

	for (uint32_t i = 0; i < c->link_count; i++)
		if (memcmp(&c->links[i].server, &server, sizeof(server)) == 0 &&
		    memcmp(&c->links[i].source, &source, sizeof(source)) == 0)
			return i;
	for (uint64_t i = 0; i < c->sockets; i++)
		open_link(c, server, source);
	return first;
}

static struct expected
read_expected(const char *text)
{
	struct expected e = { .outcome = ADDRESS };

	for (unsigned i = SERVFAIL; i < OUTCOMES; i++)
		if (strcmp(text, outcome_names[i]) == 0) {
			e.outcome = (enum outcome)i;
			return e;
		}
	if (inet_pton(AF_INET, text, e.address) != 1) {
		fprintf(stderr, "crowd: what is to be expected by %s?\n", text);
		exit(2);
	}
	return e;
}

static void
read_line(struct crowd *c, char *text)
{
	char *server = strtok(text, " \n"), *source = strtok(NULL, " \n");
	char *group = strtok(NULL, " \n"), *name = strtok(NULL, " \n");
	char *expected = strtok(NULL, " \n");
	struct line *l;

	if (!expected || strlen(name) > NAME_MAX_TEXT - 20) {
		fprintf(stderr, "crowd: a line of the plan is wrong\n");
		exit(2);
	}
	c->lines = realloc(c->lines, (c->line_count + 1) * sizeof(*c->lines));
	if (!c->lines)
		fail("crowd: plan");
	l = &c->lines[c->line_count++];
	*l = (struct line){ .group = find_group(c, group), .links = (uint32_t)c->sockets };
	snprintf(l->name, sizeof(l->name), "%s", name);
	l->link = find_links(c, read_address(server, true), read_address(source, false));
	for (char *e = strtok(expected, ","); e && l->expected_count < EXPECTED_MAX;
	     e = strtok(NULL, ","))
		l->expected[l->expected_count++] = read_expected(e);
}

static void
read_plan(struct crowd *c, const char *path)
{
	FILE *file = fopen(path, "r");
	char text[1024];

	if (!file)
		fail(path);
	while (fgets(text, sizeof(text), file))
		if (text[0] != '\n' && text[0] != '/')
			read_line(c, text);
	fclose(file);
	if (c->line_count == 0) {
		fprintf(stderr, "crowd: the plan is empty\n");
		exit(2);
	}
}

/* --- asking --- */

static uint64_t
number_for(struct crowd *c, const struct line *l)
{
	const char *hash = strchr(l->name, '#');
	uint64_t bound = hash ? strtoull(hash + 1, NULL, 10) : 0;

	return bound > 0 ? draw(c, bound) : c->number++;
}

/** The name with its number. */
static void
print_name(const struct line *l, uint64_t number, char *out, size_t size)
{
	const char *hash = strchr(l->name, '#');

	if (hash)
		snprintf(out, size, "%.*s%" PRIu64 "%s", (int)(hash - l->name), l->name, number,
			 hash + 1 + strspn(hash + 1, "0123456789"));
	else
		snprintf(out, size, "%s", l->name);
}

static size_t
put_name(uint8_t *out, const char *name)
{
	size_t at = 0;

	while (*name) {
		size_t label = strcspn(name, ".");

		out[at++] = (uint8_t)label;
		memcpy(out + at, name, label);
		at += label;
		name += label + (name[label] == '.');
	}
	out[at++] = 0;
	return at;
}

/** Header and question; returns the length. */
static size_t
write_question(const struct line *l, uint64_t number, uint8_t *out)
{
	char name[NAME_MAX_TEXT + 32];
	size_t len = HEADER;

	memset(out, 0, HEADER);
	out[2] = 1;	/* RD */
	out[5] = 1;
	print_name(l, number, name, sizeof(name));
	len += put_name(out + len, name);
	memcpy(out + len, "\0\1\0\1", 4);
	return len + 4;
}

static size_t
add_opt(const struct crowd *c, uint8_t *out, size_t len)
{
	const uint8_t opt[11] = { 0, 0, 41, 4, 0xd0, 0, 0, c->dnssec ? 0x80 : 0 };

	out[3] = c->dnssec ? 0x20 : 0;	/* AD: tell me (RFC 6840 5.7) */
	out[11] = 1;
	memcpy(out + len, opt, sizeof(opt));
	return len + sizeof(opt);
}

/** false: nothing can be asked now. */
static bool
ask_one(struct crowd *c)
{
	uint32_t number = (uint32_t)(c->turn ? c->asked % c->line_count : draw(c, c->line_count));
	const struct line *l = &c->lines[number];
	uint32_t link = l->link + (uint32_t)draw(c, l->links);
	struct link *k = &c->links[link];
	struct pending *p = &k->pending[k->next_id];
	uint8_t packet[PACKET_MAX];
	size_t len;

	if (c->waiting == c->sent_size || p->sent_ns || c->sent_end - c->sent_first == c->sent_size)
		return false;
	*p = (struct pending){ .number = number_for(c, l), .line = number };
	len = add_opt(c, packet, write_question(l, p->number, packet));
	packet[0] = (uint8_t)(k->next_id >> 8);
	packet[1] = (uint8_t)k->next_id;
	p->sent_ns = now_ns();
	if (send(k->fd, packet, len, 0) < 0)
		c->unasked++;	/* counts as lost in time */
	c->sent[c->sent_end++ % c->sent_size] =
		(struct order){ .link = link, .id = k->next_id, .sent_ns = p->sent_ns };
	k->next_id++;
	c->waiting++;
	c->asked++;
	c->groups[l->group].asked++;
	return true;
}

/* --- judging --- */

static bool
skip_name(const uint8_t *octets, size_t len, size_t *at)
{
	while (*at < len && octets[*at] != 0 && octets[*at] < 0xc0)
		*at += 1u + octets[*at];
	if (*at >= len)
		return false;
	*at += octets[*at] ? 2 : 1;
	return *at <= len;
}

struct verdict {
	bool readable, right, stale;
	const uint8_t *excuse;		/* text of an extended error */
	size_t excuse_len;
	enum outcome outcome;
	uint8_t address[4];		/* one that is wrong, else the last */
};

static bool
is_expected(const struct line *l, enum outcome outcome, const uint8_t address[4])
{
	for (uint32_t i = 0; i < l->expected_count; i++)
		if (l->expected[i].outcome == outcome &&
		    (outcome != ADDRESS || memcmp(l->expected[i].address, address, 4) == 0))
			return true;
	return false;
}

/** Extended errors among the options (RFC 8914): 3 and 19 are stale answers. */
static void
read_options(const uint8_t *octets, size_t len, struct verdict *v)
{
	for (size_t at = 0, size; at + 6 <= len; at += 4 + size) {
		size = load16(octets + at + 2);
		if (load16(octets + at) != 15 || size < 2 || at + 4 + size > len)
			continue;
		v->stale = load16(octets + at + 4) == 3 || load16(octets + at + 4) == 19;
		v->excuse = octets + at + 6;
		v->excuse_len = size - 2;
	}
}

/** Walk the records: each address in the answer must be one of those expected. */
static void
judge(const struct line *l, const uint8_t *octets, size_t len, size_t at, struct verdict *v)
{
	static const uint8_t none[4];
	unsigned answers = load16(octets + 6);
	unsigned all = answers + load16(octets + 8) + load16(octets + 10);
	unsigned rcode = octets[3] & 15;
	bool all_right = true;

	*v = (struct verdict){ .outcome = rcode == 0   ? NODATA
					  : rcode == 3 ? NXDOMAIN
					  : rcode == 5 ? REFUSED
						       : SERVFAIL };
	for (unsigned i = 0; i < all; i++) {
		size_t data;
		uint16_t type, size;

		if (!skip_name(octets, len, &at) || at + 10 > len)
			return;
		type = load16(octets + at);
		size = load16(octets + at + 8);
		data = at + 10;
		at = data + size;
		if (at > len)
			return;
		if (type == 41)
			read_options(octets + data, size, v);
		if (i >= answers || type != 1 || size != 4 || rcode != 0)
			continue;
		v->outcome = ADDRESS;
		if (all_right)
			memcpy(v->address, octets + data, 4);
		all_right = all_right && is_expected(l, ADDRESS, octets + data);
	}
	v->readable = at == len;
	v->right = v->outcome == ADDRESS ? all_right : is_expected(l, v->outcome, none);
}

static void
note_example(struct crowd *c, const struct line *l, uint64_t number, const struct verdict *v)
{
	char name[NAME_MAX_TEXT + 32];

	if (c->example[0])
		return;
	print_name(l, number, name, sizeof(name));
	snprintf(c->example, sizeof(c->example), "%s: %s: %s %u.%u.%u.%u",
		 c->groups[l->group].name, name,
		 v->readable ? outcome_names[v->outcome] : "unreadable", v->address[0],
		 v->address[1], v->address[2], v->address[3]);
}

static unsigned
bucket_of(uint64_t us)
{
	unsigned power = 0;

	while (us >> (power + 1) >= STEPS)
		power++;
	return us < STEPS ? (unsigned)us : power * STEPS + (unsigned)(us >> power);
}

static uint64_t
bucket_end(unsigned bucket)
{
	unsigned power = bucket < 2 * STEPS ? 0 : bucket / STEPS - 1;

	return ((uint64_t)(bucket - power * STEPS) + 1) << power;
}

static void
count_reply(struct group *g, const struct verdict *v, uint64_t us)
{
	unsigned bucket = bucket_of(us);

	g->latencies[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
	if (us > g->slowest_us)
		g->slowest_us = us;
	g->outcomes[v->outcome]++;
	g->stale += v->stale;
	if (v->right)
		g->right++;
	else if (!v->readable || v->outcome != SERVFAIL)
		g->wrong++;
}

static void
take(struct crowd *c, struct link *k, const uint8_t *octets, size_t len, uint64_t heard_ns)
{
	struct pending *p = &k->pending[len >= 2 ? load16(octets) : 0];
	uint8_t question[PACKET_MAX];
	const struct line *l;
	struct group *g;
	struct verdict v;
	size_t end;

	if (len < HEADER || !p->sent_ns) {
		c->strays++;
		return;
	}
	l = &c->lines[p->line];
	end = write_question(l, p->number, question);
	if (len < end || !(octets[2] & 0x80) ||
	    memcmp(octets + HEADER, question + HEADER, end - HEADER) != 0) {
		c->strays++;
		return;
	}
	g = &c->groups[l->group];
	judge(l, octets, len, end, &v);
	if (!v.readable || (!v.right && v.outcome != SERVFAIL))
		note_example(c, l, p->number, &v);
	g->authentic += (octets[3] & 0x20) != 0;
	g->planted += memmem(octets, len, FORGED, 4) != NULL;
	if (!v.right && v.outcome == SERVFAIL && !c->excuse[0])
		snprintf(c->excuse, sizeof(c->excuse), "%.*s", (int)v.excuse_len,
			 v.excuse ? (const char *)v.excuse : "");
	count_reply(g, &v, heard_ns > p->sent_ns ? (heard_ns - p->sent_ns) / 1000 : 0);
	if (c->record) {
		struct heard heard = { .sent_ns = p->sent_ns, .heard_ns = heard_ns,
				       .source = ntohl(k->source.sin_addr.s_addr),
				       .rcode = octets[3] & 15, .stale = v.stale };

		fwrite(&heard, sizeof(heard), 1, c->record);
	}
	p->sent_ns = 0;
	c->waiting--;
}

static uint64_t
stamp_of(struct msghdr *message)
{
	for (struct cmsghdr *m = CMSG_FIRSTHDR(message); m; m = CMSG_NXTHDR(message, m))
		if (m->cmsg_level == SOL_SOCKET && m->cmsg_type == SCM_TIMESTAMPNS) {
			struct timespec t;

			memcpy(&t, CMSG_DATA(m), sizeof(t));
			return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
		}
	return now_ns();
}

static void
receive(struct crowd *c, struct link *k)
{
	for (unsigned i = 0; i < 64; i++) {
		uint8_t octets[PACKET_MAX];
		_Alignas(struct cmsghdr) uint8_t control[256];
		struct iovec part = { octets, sizeof(octets) };
		struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1,
					  .msg_control = control,
					  .msg_controllen = sizeof(control) };
		ssize_t len = recvmsg(k->fd, &message, 0);

		if (len < 0 && errno == ECONNREFUSED)
			continue;
		if (len < 0)
			return;
		take(c, k, octets, (size_t)len, stamp_of(&message));
	}
}

/** Those that have waited long enough are lost. */
static void
give_up(struct crowd *c, uint64_t now)
{
	while (c->sent_first < c->sent_end) {
		struct order *o = &c->sent[c->sent_first % c->sent_size];
		struct pending *p = &c->links[o->link].pending[o->id];

		if (p->sent_ns == o->sent_ns) {
			if (now < o->sent_ns + c->timeout_ms * 1000000u)
				return;
			c->groups[c->lines[p->line].group].lost++;
			p->sent_ns = 0;
			c->waiting--;
		}
		c->sent_first++;
	}
}

/* --- the whole --- */

static bool
is_over(const struct crowd *c, uint64_t elapsed_ns)
{
	return (c->count && c->asked >= c->count) ||
	       (c->seconds && elapsed_ns >= c->seconds * SECOND);
}

/** As many as are due, or as the window lets. */
static void
ask_some(struct crowd *c, uint64_t elapsed_ns)
{
	uint64_t due = c->rate ? (uint64_t)((double)elapsed_ns * 1e-9 * (double)c->rate) + 1
			       : UINT64_MAX;

	for (unsigned i = 0; i < 256 && c->asked < due && c->waiting < c->window; i++)
		if (is_over(c, elapsed_ns) || !ask_one(c))
			return;
}

static uint64_t
percentile(const struct group *g, double share)
{
	uint64_t all = 0, below = 0;

	for (unsigned i = 0; i < BUCKETS; i++)
		all += g->latencies[i];
	for (unsigned i = 0; i < BUCKETS; i++) {
		below += g->latencies[i];
		if (all && (double)below >= share * (double)all)
			return bucket_end(i) < g->slowest_us ? bucket_end(i) : g->slowest_us;
	}
	return 0;
}

static void
print_group(const struct group *g)
{
	printf("\"%s\": {\"asked\": %" PRIu64 ", \"right\": %" PRIu64 ", \"wrong\": %" PRIu64
	       ", \"lost\": %" PRIu64 ", \"stale\": %" PRIu64 ", \"authentic\": %" PRIu64
	       ", \"planted\": %" PRIu64,
	       g->name, g->asked, g->right, g->wrong, g->lost, g->stale, g->authentic, g->planted);
	for (unsigned i = 0; i < OUTCOMES; i++)
		printf(", \"%s\": %" PRIu64, outcome_names[i], g->outcomes[i]);
	printf(", \"p50_us\": %" PRIu64 ", \"p99_us\": %" PRIu64 ", \"p999_us\": %" PRIu64
	       ", \"max_us\": %" PRIu64 "}",
	       percentile(g, 0.5), percentile(g, 0.99), percentile(g, 0.999), g->slowest_us);
}

static void
print_result(const struct crowd *c, uint64_t elapsed_ns)
{
	printf("{\"seconds\": %.3f, \"asked\": %" PRIu64 ", \"unasked\": %" PRIu64
	       ", \"strays\": %" PRIu64 ", \"example\": \"%s\", \"excuse\": \"%s\", \"groups\": {",
	       (double)elapsed_ns * 1e-9, c->asked, c->unasked, c->strays, c->example,
	       c->excuse);
	for (uint32_t i = 0; i < c->group_count; i++) {
		printf("%s", i ? ", " : "");
		print_group(&c->groups[i]);
	}
	printf("}}\n");
}

static void
set_or_fail(struct crowd *c, char *assignment, const char **plan)
{
	const struct {
		const char *name;
		uint64_t *number;
	} numbers[] = {
		{ "count", &c->count },	  { "seconds", &c->seconds },	    { "rate", &c->rate },
		{ "window", &c->window }, { "timeout", &c->timeout_ms },    { "seed", &c->random },
		{ "sockets", &c->sockets },
	};
	char *value = strchr(assignment, '=');

	if (value)
		*value++ = '\0';
	for (size_t i = 0; value && i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strcmp(assignment, numbers[i].name) == 0) {
			*numbers[i].number = strtoull(value, NULL, 10);
			return;
		}
	if (value && strcmp(assignment, "plan") == 0)
		*plan = value;
	else if (value && strcmp(assignment, "turn") == 0)
		c->turn = *value == '1';
	else if (value && strcmp(assignment, "dnssec") == 0)
		c->dnssec = *value == '1';
	else if (!value || strcmp(assignment, "record") != 0 ||
		 (c->record = fopen(value, "w")) == NULL) {
		fprintf(stderr, "crowd: no such setting: %s\n", assignment);
		exit(2);
	}
}

static void
run(struct crowd *c)
{
	uint64_t begin = now_ns();

	for (;;) {
		uint64_t elapsed = now_ns() - begin;
		bool over = is_over(c, elapsed);

		give_up(c, begin + elapsed);
		if (over && c->waiting == 0)
			break;
		if (!over)
			ask_some(c, elapsed);
		if (poll(c->polls, c->link_count, 1) < 0 && errno != EINTR)
			fail("crowd: poll");
		for (uint32_t i = 0; i < c->link_count; i++)
			if (c->polls[i].revents)
				receive(c, &c->links[i]);
	}
	print_result(c, now_ns() - begin);
}

int
main(int argc, char **argv)
{
	static struct crowd c = { .timeout_ms = 5000, .sockets = 2, .random = 7 };
	const char *plan = NULL;

	for (int i = 1; i < argc; i++)
		set_or_fail(&c, argv[i], &plan);
	if (c.window == 0)
		c.window = c.rate ? WAITING_MOST : 256;
	c.sent_size = WAITING_MOST;
	c.sent = calloc(c.sent_size, sizeof(*c.sent));
	if (!c.sent || !plan)
		fail("crowd: plan");
	read_plan(&c, plan);
	run(&c);
	for (uint32_t i = 0; i < c.link_count; i++) {
		close(c.links[i].fd);
		free(c.links[i].pending);
	}
	free(c.sent);
	free(c.lines);
	if (c.record)
		fclose(c.record);
	return 0;
}
