/*
 * fake_upstream - an upstream server for tests at rates that Python does not reach
 *
 *   fake_upstream [name=value ...]		then commands, one a line, on standard input
 *
 * It answers every question over UDP: A and AAAA with `address`, TXT with `text`, names whose
 * first label begins with "nx" with NXDOMAIN, all else with no data.  How it misbehaves is set
 * by name=value, as arguments or later by "set name=value":
 *
 *   listen=ADDRESS:PORT   IPv4; port 0: any (arguments only)
 *   address=A.B.C.D  text=WORD  ttl=S
 *   silent=0|1		 answers nothing
 *   drop=PERCENT	 of the questions, drawn from a fixed seed
 *   delay=MS		 before each true reply
 *   twice=0|1		 each true reply is sent twice
 *   forge=N		 forged replies before each true one: see enum forgery
 *   per_second=N	 packets, both directions, in each second of the clock; others are dropped
 *   cookies=0|1	 speaks DNS cookies; forged replies then lack them or have wrong ones
 *   record=FILE	 a struct record for each question (arguments only)
 *
 * Commands: "set name=value", "count" (prints the counters as one line of JSON), "quit" or the
 * end of input.  The first line of output is the address it listens on.
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

#define BATCH	     64
#define PACKET_MAX   1232
#define HEADER	     12
#define LATER_MAX    65536	/* true replies that wait for their delay */
#define COOKIE_CODE  10
#define FORGED_ADDRESS "\xc0\x00\x02\x42"	/* 192.0.2.66: never to be seen by a client */

/* Ways in which a reply can be wrong, in turn; each is otherwise as the true one. */
enum forgery {
	FORGE_ID,		/* any other */
	FORGE_NAME,
	FORGE_CASE,		/* of the name: only where it has letters */
	FORGE_TYPE,
	FORGE_CLASS,
	FORGE_QR,		/* a question */
	FORGE_OPCODE,
	FORGE_SOURCE_PORT,
	FORGE_SOURCE_ADDRESS,
	FORGE_PORT,		/* to another port of the asker */
	FORGE_NO_QUESTION,
	FORGE_COOKIE,		/* with cookies: a wrong one, or none */
	FORGERIES,
};

static const char *const forgery_names[FORGERIES] = {
	"id", "name", "case", "type", "class", "qr", "opcode", "source_port", "source_address",
	"port", "no_question", "cookie",
};

/* One question, as `record` has it; in the machine's own order. */
struct record {
	uint64_t when_ns;	/* CLOCK_MONOTONIC */
	uint32_t address;
	uint16_t port, id;
};

struct packet {
	struct sockaddr_in peer;
	uint64_t due_ns;
	uint16_t len;
	uint8_t octets[PACKET_MAX];
};

struct fake {
	struct sockaddr_in at;
	int fd, other_port, other_address;	/* the last two to forge with */
	uint8_t address[4];
	char text[64];
	uint32_t ttl, drop, delay_ms, forge, per_second;
	bool silent, twice, cookies;
	FILE *record;
	uint64_t random;
	uint64_t second;		/* of the clock, for per_second */
	uint32_t in_second, most_in_second;
	uint32_t forged_id;		/* all IDs in turn */
	uint32_t next_forgery;
	/* what is to be sent: a ring, due in its order */
	struct packet *later;
	uint32_t later_first, later_count;
	struct {
		uint64_t questions, dropped, over_rate, replies, with_cookie, with_server_cookie;
		uint64_t malformed;
		uint64_t forged[FORGERIES];
	} count;
};

static uint64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint32_t
draw(struct fake *f, uint32_t bound)
{
	f->random = f->random * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((f->random >> 33) % bound);
}

static void
fail(const char *what)
{
	perror(what);
	exit(1);
}

/* --- messages --- */

/* What is needed of a question to answer it. */
struct asked {
	const uint8_t *octets;
	size_t question_end;		/* behind type and class */
	uint16_t type;
	const uint8_t *cookie;		/* the client's, 8 octets, or NULL */
	bool has_server_cookie;
};

static uint16_t
load16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static void
store16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/** Look for a COOKIE in the OPT record, which is all that follows the question of a query. */
static void
read_cookie(const uint8_t *octets, size_t len, struct asked *out)
{
	size_t at = out->question_end + 11;

	if (at > len || octets[out->question_end] != 0 ||
	    load16(octets + out->question_end + 1) != 41)
		return;
	while (at + 4 <= len) {
		size_t option = load16(octets + at + 2);

		if (at + 4 + option > len)
			return;
		if (load16(octets + at) == COOKIE_CODE && option >= 8) {
			out->cookie = octets + at + 4;
			out->has_server_cookie = option > 8;
		}
		at += 4 + option;
	}
}

static bool
read_question(const uint8_t *octets, size_t len, struct asked *out)
{
	size_t at = HEADER;

	if (len < HEADER + 5 || load16(octets + 4) != 1 || octets[2] & 0xf8)
		return false;
	while (at < len && octets[at] != 0)
		at += 1u + octets[at];
	if (at + 5 > len)
		return false;
	*out = (struct asked){ .octets = octets, .question_end = at + 5,
			       .type = load16(octets + at + 1) };
	read_cookie(octets, len, out);
	return true;
}

static size_t
put_record(uint8_t *out, uint16_t type, uint32_t ttl, const void *data, size_t len)
{
	store16(out, 0xc00c);
	store16(out + 2, type);
	store16(out + 4, 1);
	store16(out + 6, ttl >> 16);
	store16(out + 8, ttl);
	store16(out + 10, (uint32_t)len);
	memcpy(out + 12, data, len);
	return 12 + len;
}

/** An SOA of the name itself: enough for a negative answer in a test. */
static size_t
put_soa(uint8_t *out, uint32_t ttl)
{
	uint8_t data[22] = { [0] = 0, [1] = 0, [5] = 1 };

	store16(data + 18, ttl >> 16);
	store16(data + 20, ttl);
	return put_record(out, 6, ttl, data, sizeof(data));
}

static size_t
put_opt(uint8_t *out, const uint8_t *cookie, bool right)
{
	size_t len = 11;

	memset(out, 0, 11);
	out[2] = 41;
	store16(out + 3, 1232);
	if (!cookie)
		return len;
	store16(out + 9, 20);
	store16(out + 11, COOKIE_CODE);
	store16(out + 13, 16);
	memcpy(out + 15, cookie, 8);
	for (unsigned i = 0; i < 8; i++)	/* the server's: any function of the client's */
		out[23 + i] = (uint8_t)(cookie[7 - i] ^ 0x5a);
	if (!right)
		out[15] ^= 0xff;
	return len + 20;
}

enum cookie_kind { COOKIE_RIGHT, COOKIE_WRONG, COOKIE_MISSING };

static size_t
write_reply(const struct fake *f, const struct asked *asked, const uint8_t address[4],
	    enum cookie_kind cookie, uint8_t *out)
{
	size_t len = asked->question_end;
	bool nx = asked->octets[HEADER] >= 2 && (asked->octets[HEADER + 1] | 0x20) == 'n' &&
		  (asked->octets[HEADER + 2] | 0x20) == 'x';
	uint8_t v6[16] = { 0x20, 0x01, 0x0d, 0xb8 }, text[65];
	unsigned answers = 1;

	memcpy(out, asked->octets, len);
	out[2] = (uint8_t)(0x84 | (out[2] & 1));
	out[3] = nx ? 3 : 0;
	memset(out + 6, 0, 6);
	memcpy(v6 + 12, address, 4);
	text[0] = (uint8_t)strlen(f->text);
	memcpy(text + 1, f->text, text[0]);
	if (!nx && asked->type == 1)
		len += put_record(out + len, 1, f->ttl, address, 4);
	else if (!nx && asked->type == 28)
		len += put_record(out + len, 28, f->ttl, v6, 16);
	else if (!nx && asked->type == 16)
		len += put_record(out + len, 16, f->ttl, text, 1u + text[0]);
	else
		answers = 0;
	if (answers == 0)
		len += put_soa(out + len, f->ttl);
	out[answers ? 7 : 9] = 1;
	out[11] = 1;
	return len + put_opt(out + len,
			     f->cookies && cookie != COOKIE_MISSING ? asked->cookie : NULL,
			     cookie == COOKIE_RIGHT);
}

/* --- forging --- */

/** Change one letter's case; false: there is none. */
static bool
change_case(uint8_t *packet)
{
	size_t at = HEADER;

	while (packet[at] != 0) {
		for (size_t i = 1; i <= packet[at]; i++)
			if ((packet[at + i] | 0x20) >= 'a' && (packet[at + i] | 0x20) <= 'z') {
				packet[at + i] ^= 0x20;
				return true;
			}
		at += 1u + packet[at];
	}
	return false;
}

/** false: this question cannot be forged so. */
static bool
forge(struct fake *f, enum forgery kind, const struct asked *asked, struct packet *p)
{
	const in_port_t right_port = p->peer.sin_port;
	bool wrong = draw(f, 2) == 0;
	size_t len = write_reply(f, asked, (const uint8_t *)FORGED_ADDRESS,
				 kind != FORGE_COOKIE ? COOKIE_RIGHT
				 : wrong	      ? COOKIE_WRONG
						      : COOKIE_MISSING,
				 p->octets);

	switch (kind) {
	case FORGE_ID:
		f->forged_id = f->forged_id % 65535 + 1;	/* never 0: that would be right */
		store16(p->octets, (uint32_t)load16(p->octets) + f->forged_id);
		break;
	case FORGE_NAME:
		p->octets[HEADER + 1] = p->octets[HEADER + 1] == 'z' ? 'y' : 'z';
		break;
	case FORGE_CASE:
		if (!change_case(p->octets))
			return false;
		break;
	case FORGE_TYPE:
		p->octets[asked->question_end - 3] ^= 1;
		break;
	case FORGE_CLASS:
		p->octets[asked->question_end - 1] ^= 2;
		break;
	case FORGE_QR:
		p->octets[2] &= 0x7f;
		break;
	case FORGE_OPCODE:
		p->octets[2] |= 0x20;
		break;
	case FORGE_PORT:
		p->peer.sin_port = htons((uint16_t)(1024 + draw(f, 64512)));
		if (p->peer.sin_port == right_port)
			return false;	/* guessed: that would be right */
		break;
	case FORGE_NO_QUESTION:
		memset(p->octets + 4, 0, 2);
		break;
	case FORGE_COOKIE:
		if (!f->cookies || !asked->has_server_cookie)
			return false;
		break;
	case FORGE_SOURCE_PORT:
	case FORGE_SOURCE_ADDRESS:
	case FORGERIES:
		break;
	}
	p->len = (uint16_t)len;
	return true;
}

/** One after the other: what matters is that all are there before the true reply. */
static void
send_forged(struct fake *f, const struct asked *asked, const struct sockaddr_in *peer)
{
	for (uint32_t i = 0; i < f->forge; i++) {
		enum forgery kind = (enum forgery)(f->next_forgery++ % FORGERIES);
		struct packet p = { .peer = *peer };
		int fd = kind == FORGE_SOURCE_PORT	? f->other_port
			 : kind == FORGE_SOURCE_ADDRESS ? f->other_address
							: f->fd;

		if (!forge(f, kind, asked, &p)) {
			i--;
			continue;
		}
		if (sendto(fd, p.octets, p.len, 0, (struct sockaddr *)&p.peer,
			   sizeof(p.peer)) >= 0)
			f->count.forged[kind]++;
	}
}

/* --- answering --- */

/** May another packet pass in this second of the clock? */
static bool
within_rate(struct fake *f, uint64_t now)
{
	if (now / 1000000000u != f->second) {
		f->second = now / 1000000000u;
		f->in_second = 0;
	}
	if (++f->in_second > f->most_in_second)
		f->most_in_second = f->in_second;
	if (f->per_second == 0 || f->in_second <= f->per_second)
		return true;
	f->count.over_rate++;
	return false;
}

static void
send_true(struct fake *f, const struct packet *p)
{
	for (unsigned i = 0; i < (f->twice ? 2u : 1u); i++)
		if (within_rate(f, now_ns()) &&
		    sendto(f->fd, p->octets, p->len, 0, (const struct sockaddr *)&p->peer,
			   sizeof(p->peer)) >= 0)
			f->count.replies++;
}

static void
take(struct fake *f, const uint8_t *octets, size_t len, const struct sockaddr_in *peer,
     uint64_t now)
{
	struct record record = { .when_ns = now, .address = ntohl(peer->sin_addr.s_addr),
				 .port = ntohs(peer->sin_port) };
	struct packet *p = &f->later[(f->later_first + f->later_count) % LATER_MAX];
	struct asked asked;

	if (!read_question(octets, len, &asked)) {
		f->count.malformed++;
		return;
	}
	record.id = load16(octets);
	if (f->record)
		fwrite(&record, sizeof(record), 1, f->record);
	f->count.questions++;
	f->count.with_cookie += asked.cookie != NULL;
	f->count.with_server_cookie += asked.has_server_cookie;
	if (!within_rate(f, now))
		return;
	if (f->silent || (f->drop > 0 && draw(f, 100) < f->drop) ||
	    f->later_count == LATER_MAX) {
		f->count.dropped++;
		return;
	}
	send_forged(f, &asked, peer);
	p->peer = *peer;
	p->due_ns = now + (uint64_t)f->delay_ms * 1000000u;
	p->len = (uint16_t)write_reply(f, &asked, f->address, COOKIE_RIGHT, p->octets);
	f->later_count++;
}

static void
send_due(struct fake *f)
{
	uint64_t now = now_ns();

	while (f->later_count > 0 && f->later[f->later_first].due_ns <= now) {
		send_true(f, &f->later[f->later_first]);
		f->later_first = (f->later_first + 1) % LATER_MAX;
		f->later_count--;
	}
}

static void
receive(struct fake *f)
{
	static uint8_t octets[BATCH][PACKET_MAX];
	struct sockaddr_in peers[BATCH];
	struct iovec parts[BATCH];
	struct mmsghdr messages[BATCH];
	int count;

	for (unsigned i = 0; i < BATCH; i++) {
		parts[i] = (struct iovec){ octets[i], sizeof(octets[i]) };
		messages[i] = (struct mmsghdr){ .msg_hdr = { .msg_name = &peers[i],
							     .msg_namelen = sizeof(peers[i]),
							     .msg_iov = &parts[i],
							     .msg_iovlen = 1 } };
	}
	count = recvmmsg(f->fd, messages, BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < count; i++)
		take(f, octets[i], messages[i].msg_len, &peers[i], now_ns());
}

/* --- settings and commands --- */

static void
print_counts(const struct fake *f)
{
	printf("{\"questions\": %" PRIu64 ", \"dropped\": %" PRIu64 ", \"over_rate\": %" PRIu64
	       ", \"replies\": %" PRIu64 ", \"with_cookie\": %" PRIu64
	       ", \"with_server_cookie\": %" PRIu64 ", \"malformed\": %" PRIu64
	       ", \"most_in_second\": %" PRIu32 ", \"waiting\": %" PRIu32 ", \"forged\": {",
	       f->count.questions, f->count.dropped, f->count.over_rate, f->count.replies,
	       f->count.with_cookie, f->count.with_server_cookie, f->count.malformed,
	       f->most_in_second, f->later_count);
	for (unsigned i = 0; i < FORGERIES; i++)
		printf("%s\"%s\": %" PRIu64, i ? ", " : "", forgery_names[i],
		       f->count.forged[i]);
	printf("}}\n");
	fflush(stdout);
}

static bool
set_listen(struct fake *f, char *value)
{
	char *colon = strrchr(value, ':');

	if (!colon)
		return false;
	*colon = '\0';
	f->at = (struct sockaddr_in){ .sin_family = AF_INET,
				      .sin_port = htons((uint16_t)atoi(colon + 1)) };
	return inet_pton(AF_INET, value, &f->at.sin_addr) == 1;
}

static bool
set(struct fake *f, const char *name, char *value)
{
	const uint32_t number = (uint32_t)strtoul(value, NULL, 10);

	if (strcmp(name, "listen") == 0)
		return set_listen(f, value);
	if (strcmp(name, "address") == 0)
		return inet_pton(AF_INET, value, f->address) == 1;
	if (strcmp(name, "record") == 0)
		return (f->record = fopen(value, "w")) != NULL;
	if (strcmp(name, "text") == 0)
		return snprintf(f->text, sizeof(f->text), "%s", value) < (int)sizeof(f->text);
	if (strcmp(name, "ttl") == 0)
		f->ttl = number;
	else if (strcmp(name, "drop") == 0)
		f->drop = number;
	else if (strcmp(name, "delay") == 0)
		f->delay_ms = number;
	else if (strcmp(name, "forge") == 0)
		f->forge = number;
	else if (strcmp(name, "per_second") == 0)
		f->per_second = number;
	else if (strcmp(name, "silent") == 0)
		f->silent = number != 0;
	else if (strcmp(name, "twice") == 0)
		f->twice = number != 0;
	else if (strcmp(name, "cookies") == 0)
		f->cookies = number != 0;
	else
		return false;
	return true;
}

static void
set_or_fail(struct fake *f, char *assignment)
{
	char *equals = strchr(assignment, '=');

	if (equals)
		*equals = '\0';
	if (!equals || !set(f, assignment, equals + 1)) {
		fprintf(stderr, "fake_upstream: no such setting: %s\n", assignment);
		exit(2);
	}
}

/** false: the end.  Lines are answered, so the other side knows when they hold. */
static bool
command(struct fake *f)
{
	char line[512];

	if (!fgets(line, sizeof(line), stdin))
		return false;
	line[strcspn(line, "\n")] = '\0';
	if (strncmp(line, "set ", 4) == 0) {
		set_or_fail(f, line + 4);
		printf("{}\n");
		fflush(stdout);
	} else if (strcmp(line, "count") == 0) {
		if (f->record)
			fflush(f->record);
		print_counts(f);
	} else {
		return false;
	}
	return true;
}

/* --- the whole --- */

static int
open_socket(const struct sockaddr_in *at)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0), octets = 8 << 20;

	if (fd < 0 || bind(fd, (const struct sockaddr *)at, sizeof(*at)) != 0)
		fail("bind");
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof(octets));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &octets, sizeof(octets));
	return fd;
}

/** Another port of our address, and our port on another address of loopback. */
static void
open_sockets(struct fake *f)
{
	struct sockaddr_in other;
	socklen_t len = sizeof(f->at);
	char text[INET_ADDRSTRLEN];

	f->fd = open_socket(&f->at);
	getsockname(f->fd, (struct sockaddr *)&f->at, &len);
	other = f->at;
	other.sin_port = 0;
	f->other_port = open_socket(&other);
	other = f->at;
	other.sin_addr.s_addr = htonl(ntohl(other.sin_addr.s_addr) ^ 0x00400000);
	f->other_address = open_socket(&other);
	printf("%s:%u\n", inet_ntop(AF_INET, &f->at.sin_addr, text, sizeof(text)),
	       (unsigned)ntohs(f->at.sin_port));
	fflush(stdout);
}

static int
wait_ms(const struct fake *f)
{
	uint64_t now = now_ns(), due;

	if (f->later_count == 0)
		return -1;
	due = f->later[f->later_first].due_ns;
	return due <= now ? 0 : (int)((due - now + 999999) / 1000000);
}

int
main(int argc, char **argv)
{
	struct fake fake = {
		.at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) },
		.address = { 192, 0, 2, 1 }, .text = "true", .ttl = 300, .random = 42,
	};
	bool going = true;

	setvbuf(stdin, NULL, _IONBF, 0);	/* poll sees what fgets has not taken */
	for (int i = 1; i < argc; i++)
		set_or_fail(&fake, argv[i]);
	fake.later = calloc(LATER_MAX, sizeof(*fake.later));
	if (!fake.later)
		fail("calloc");
	open_sockets(&fake);
	while (going) {
		struct pollfd ready[] = { { .fd = fake.fd, .events = POLLIN },
					  { .fd = STDIN_FILENO, .events = POLLIN } };

		if (poll(ready, 2, wait_ms(&fake)) < 0 && errno != EINTR)
			fail("poll");
		if (ready[0].revents)
			receive(&fake);
		send_due(&fake);
		if (ready[1].revents)
			going = command(&fake);
	}
	free(fake.later);
	if (fake.record)
		fclose(fake.record);
	return 0;
}
