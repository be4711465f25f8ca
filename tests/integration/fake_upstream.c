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
 *   kinds=A-B		 of enum forgery, those from A to before B; as it is: those up to cookie
 *   ad=0|1		 true replies say that they are authentic (AD)
 *   hold=0|1		 true replies wait until it is 0
 *   chain=SUFFIX	 names are aliases of their first label below SUFFIX, and a false address
 *			 of that one is sent along
 *   plant=NAME,...	 true replies have records of these names in them, see enum planting
 *   record=FILE	 a struct record for each packet (arguments only)
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
	FORGE_EMPTY,		/* from here on: what made others end the wait (TuDoor) */
	FORGE_CUT,
	FORGE_ONES,		/* behind the right ID */
	FORGE_FORMERR,		/* of a wrong ID, as the rest */
	FORGE_REFUSED,
	FORGE_TRUNCATED,
	FORGERIES,
};

static const char *const forgery_names[FORGERIES] = {
	"id", "name", "case", "type", "class", "qr", "opcode", "source_port", "source_address",
	"port", "no_question", "cookie", "empty", "cut", "ones", "formerr", "refused", "truncated",
};

/* Where records that nobody asked for are put, in turn. */
enum planting {
	PLANT_ADDITIONAL,	/* an address */
	PLANT_GLUE,		/* an NS in the authority section, with the name's address */
	PLANT_AUTHORITY,	/* an address */
	PLANT_ANSWER,		/* an address, behind the answer */
	PLANT_ALIAS,		/* an alias of the name asked for, behind the answer */
	PLANT_DNAME,		/* of the name to another, before the answer */
	PLANTINGS,
};

/* One packet, as `record` has it; in the machine's own order. */
struct record {
	uint64_t when_ns;	/* CLOCK_REALTIME, of a question: when the kernel had it */
	uint32_t address;	/* of the asker */
	uint16_t port, id;
	uint32_t is_reply, zero;
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
	char chain[256], plant[4096];
	uint32_t ttl, drop, delay_ms, forge, per_second;
	uint32_t first_kind, end_kind;	/* of forgeries */
	bool silent, twice, cookies, ad, hold;
	FILE *record;
	uint64_t random;
	uint64_t second;		/* of the clock, for per_second */
	uint32_t in_second, most_in_second;
	uint32_t forged_id;		/* all IDs in turn */
	uint32_t next_forgery, next_planting;
	char *next_plant;
	/* what is to be sent: a ring, due in its order */
	struct packet *later;
	uint32_t later_first, later_count;
	struct {
		uint64_t questions, dropped, over_rate, replies, with_cookie, with_server_cookie;
		uint64_t malformed, without_edns, without_case;
		uint64_t forged[FORGERIES], planted[PLANTINGS];
	} count;
};

static uint64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t
wall_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
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
	bool has_server_cookie, has_edns;
	bool has_case;			/* fewer than 40 letters, or not all small */
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
	out->has_edns = true;
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

/** Of 40 letters in random case, all are small once in 2^40. */
static bool
has_case(const uint8_t *name, size_t len)
{
	unsigned letters = 0, large = 0;

	for (size_t i = 0; i < len; i++) {
		letters += (name[i] | 0x20) >= 'a' && (name[i] | 0x20) <= 'z';
		large += name[i] >= 'A' && name[i] <= 'Z';
	}
	return letters < 40 || large > 0;
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
			       .type = load16(octets + at + 1),
			       .has_case = has_case(octets + HEADER, at - HEADER) };
	read_cookie(octets, len, out);
	return true;
}

/** A record, but for its owner. */
static size_t
put_data(uint8_t *out, uint16_t type, uint32_t ttl, const void *data, size_t len)
{
	store16(out, type);
	store16(out + 2, 1);
	store16(out + 4, ttl >> 16);
	store16(out + 6, ttl);
	store16(out + 8, (uint32_t)len);
	memcpy(out + 10, data, len);
	return 10 + len;
}

/** A record of the name asked for. */
static size_t
put_record(uint8_t *out, uint16_t type, uint32_t ttl, const void *data, size_t len)
{
	store16(out, 0xc00c);
	return 2 + put_data(out + 2, type, ttl, data, len);
}

/** Up to a comma. */
static size_t
put_name(uint8_t *out, const char *name)
{
	size_t at = 0;

	while (*name && *name != ',') {
		size_t label = strcspn(name, ".,");

		out[at++] = (uint8_t)label;
		memcpy(out + at, name, label);
		at += label;
		name += label + (name[label] == '.');
	}
	out[at++] = 0;
	return at;
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
	uint8_t v6[16] = { 0x20, 0x01, 0x0d, 0xb8 }, text[65], tail[320];
	unsigned answers = 1;

	memcpy(out, asked->octets, len);
	out[2] = (uint8_t)(0x84 | (out[2] & 1));
	out[3] = nx ? 3 : 0;
	memset(out + 6, 0, 6);
	memcpy(v6 + 12, address, 4);
	text[0] = (uint8_t)strlen(f->text);
	memcpy(text + 1, f->text, text[0]);
	if (!nx && f->chain[0]) {
		size_t label = 1u + asked->octets[HEADER];

		memcpy(tail, asked->octets + HEADER, label);
		label += put_name(tail + label, f->chain);
		len += put_record(out + len, 5, f->ttl, tail, label);
		memcpy(out + len, tail, label);
		len += label;
		len += put_data(out + len, 1, f->ttl, FORGED_ADDRESS, 4);
		answers = 2;
	} else if (!nx && asked->type == 1)
		len += put_record(out + len, 1, f->ttl, address, 4);
	else if (!nx && asked->type == 28)
		len += put_record(out + len, 28, f->ttl, v6, 16);
	else if (!nx && asked->type == 16)
		len += put_record(out + len, 16, f->ttl, text, 1u + text[0]);
	else
		answers = 0;
	if (answers == 0)
		len += put_soa(out + len, f->ttl);
	out[answers ? 7 : 9] = (uint8_t)(answers ? answers : 1);
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
	case FORGE_EMPTY:
		len = 0;
		break;
	case FORGE_CUT:
		len -= 3;
		break;
	case FORGE_ONES:
		memset(p->octets + 2, 0xff, len - 2);
		break;
	case FORGE_FORMERR:
	case FORGE_REFUSED:
	case FORGE_TRUNCATED:
		f->forged_id = f->forged_id % 65535 + 1;
		store16(p->octets, (uint32_t)load16(p->octets) + f->forged_id);
		memset(p->octets + 6, 0, 6);
		len = asked->question_end;
		if (kind == FORGE_TRUNCATED)
			p->octets[2] |= 2;
		else
			p->octets[3] = kind == FORGE_FORMERR ? 1 : 5;
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
		enum forgery kind = (enum forgery)(
			f->first_kind + f->next_forgery++ % (f->end_kind - f->first_kind));
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

/* --- planting --- */

/** What is planted where, before the OPT; returns the length of it. */
static size_t
put_plant(enum planting kind, const char *name, uint32_t ttl, uint8_t *packet, uint8_t *out)
{
	static const uint8_t counters[PLANTINGS] = {
		[PLANT_ADDITIONAL] = 11, [PLANT_GLUE] = 11, [PLANT_AUTHORITY] = 9,
		[PLANT_ANSWER] = 7, [PLANT_ALIAS] = 7, [PLANT_DNAME] = 7,
	};
	uint8_t owner[256];
	size_t owner_len = put_name(owner, name), len = 0;

	packet[counters[kind]]++;
	if (kind == PLANT_GLUE) {
		packet[9]++;
		len = put_record(out, 2, ttl, owner, owner_len);
	}
	memcpy(out + len, owner, owner_len);
	len += owner_len;
	switch (kind) {
	case PLANT_ADDITIONAL:
	case PLANT_GLUE:
	case PLANT_AUTHORITY:
	case PLANT_ANSWER:
		return len + put_data(out + len, 1, ttl, FORGED_ADDRESS, 4);
	case PLANT_ALIAS:
		return len + put_data(out + len, 5, ttl, "\xc0\x0c", 2);
	case PLANT_DNAME:
		return len + put_data(out + len, 39, ttl, "\4evil\7example", 14);
	case PLANTINGS:
		break;
	}
	return 0;
}

/**
 * Add what nobody asked for to a true reply.  A record stands in its section, so those of
 * the answer go before all others and the OPT goes last.
 */
static size_t
plant(struct fake *f, const struct asked *asked, uint8_t *packet, size_t len)
{
	enum planting kind = (enum planting)(f->next_planting++ % PLANTINGS);
	uint8_t rest[PACKET_MAX];
	size_t at = asked->question_end, rest_len;

	if (!f->next_plant || !*f->next_plant)
		f->next_plant = f->plant;
	if (kind == PLANT_ANSWER || kind == PLANT_ALIAS)	/* behind the one answer */
		at += packet[7] ? 12u + load16(packet + at + 10) : 0;
	else if (kind != PLANT_DNAME)				/* behind answer or SOA */
		at += 12u + load16(packet + at + 10);
	rest_len = len - at;
	memcpy(rest, packet + at, rest_len);
	at += put_plant(kind, f->next_plant, f->ttl, packet, packet + at);
	memcpy(packet + at, rest, rest_len);
	f->next_plant += strcspn(f->next_plant, ",");
	f->next_plant += *f->next_plant == ',';
	f->count.planted[kind]++;
	return at + rest_len;
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
note(struct fake *f, const struct sockaddr_in *peer, uint16_t id, uint64_t when_ns, bool is_reply)
{
	struct record record = { .when_ns = when_ns, .address = ntohl(peer->sin_addr.s_addr),
				 .port = ntohs(peer->sin_port), .id = id, .is_reply = is_reply };

	if (f->record)
		fwrite(&record, sizeof(record), 1, f->record);
	f->count.replies += is_reply;
	f->count.questions += !is_reply;
}

static void
send_true(struct fake *f, const struct packet *p)
{
	for (unsigned i = 0; i < (f->twice ? 2u : 1u); i++)
		if (within_rate(f, now_ns()) &&
		    sendto(f->fd, p->octets, p->len, 0, (const struct sockaddr *)&p->peer,
			   sizeof(p->peer)) >= 0)
			note(f, &p->peer, load16(p->octets), wall_ns(), true);
}

static void
take(struct fake *f, const uint8_t *octets, size_t len, const struct sockaddr_in *peer,
     uint64_t when_ns, uint64_t now)
{
	struct packet *p = &f->later[(f->later_first + f->later_count) % LATER_MAX];
	struct asked asked;

	if (!read_question(octets, len, &asked)) {
		f->count.malformed++;
		return;
	}
	note(f, peer, load16(octets), when_ns, false);
	f->count.without_edns += !asked.has_edns;
	f->count.without_case += !asked.has_case;
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
	p->octets[3] |= f->ad ? 0x20 : 0;
	if (f->plant[0])
		p->len = (uint16_t)plant(f, &asked, p->octets, p->len);
	f->later_count++;
}

static void
send_due(struct fake *f)
{
	uint64_t now = now_ns();

	while (!f->hold && f->later_count > 0 && f->later[f->later_first].due_ns <= now) {
		send_true(f, &f->later[f->later_first]);
		f->later_first = (f->later_first + 1) % LATER_MAX;
		f->later_count--;
	}
}

/** When the kernel had it. */
static uint64_t
stamp_of(struct msghdr *message)
{
	struct cmsghdr *m = CMSG_FIRSTHDR(message);
	struct timespec t;

	if (!m || m->cmsg_level != SOL_SOCKET || m->cmsg_type != SCM_TIMESTAMPNS)
		return wall_ns();
	memcpy(&t, CMSG_DATA(m), sizeof(t));
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void
receive(struct fake *f)
{
	static uint8_t octets[BATCH][PACKET_MAX];
	static _Alignas(struct cmsghdr) uint8_t controls[BATCH][64];
	struct sockaddr_in peers[BATCH];
	struct iovec parts[BATCH];
	struct mmsghdr messages[BATCH];
	int count;

	for (unsigned i = 0; i < BATCH; i++) {
		parts[i] = (struct iovec){ octets[i], sizeof(octets[i]) };
		messages[i] = (struct mmsghdr){ .msg_hdr = { .msg_name = &peers[i],
							     .msg_namelen = sizeof(peers[i]),
							     .msg_iov = &parts[i],
							     .msg_iovlen = 1,
							     .msg_control = controls[i],
							     .msg_controllen = 64 } };
	}
	count = recvmmsg(f->fd, messages, BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < count; i++)
		take(f, octets[i], messages[i].msg_len, &peers[i], stamp_of(&messages[i].msg_hdr),
		     now_ns());
}

/* --- settings and commands --- */

static void
print_counts(const struct fake *f)
{
	printf("{\"questions\": %" PRIu64 ", \"dropped\": %" PRIu64 ", \"over_rate\": %" PRIu64
	       ", \"replies\": %" PRIu64 ", \"with_cookie\": %" PRIu64
	       ", \"with_server_cookie\": %" PRIu64 ", \"malformed\": %" PRIu64
	       ", \"without_edns\": %" PRIu64 ", \"without_case\": %" PRIu64
	       ", \"most_in_second\": %" PRIu32 ", \"waiting\": %" PRIu32 ", \"forged\": {",
	       f->count.questions, f->count.dropped, f->count.over_rate, f->count.replies,
	       f->count.with_cookie, f->count.with_server_cookie, f->count.malformed,
	       f->count.without_edns, f->count.without_case, f->most_in_second, f->later_count);
	for (unsigned i = 0; i < FORGERIES; i++)
		printf("%s\"%s\": %" PRIu64, i ? ", " : "", forgery_names[i],
		       f->count.forged[i]);
	printf("}, \"planted\": [");
	for (unsigned i = 0; i < PLANTINGS; i++)
		printf("%s%" PRIu64, i ? ", " : "", f->count.planted[i]);
	printf("]}\n");
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
	if (strcmp(name, "chain") == 0)
		return snprintf(f->chain, sizeof(f->chain), "%s", value) < (int)sizeof(f->chain);
	if (strcmp(name, "plant") == 0)
		return snprintf(f->plant, sizeof(f->plant), "%s", value) < (int)sizeof(f->plant);
	if (strcmp(name, "kinds") == 0)
		return sscanf(value, "%" SCNu32 "-%" SCNu32, &f->first_kind, &f->end_kind) == 2 &&
		       f->first_kind < f->end_kind && f->end_kind <= FORGERIES;
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
	else if (strcmp(name, "ad") == 0)
		f->ad = number != 0;
	else if (strcmp(name, "hold") == 0)
		f->hold = number != 0;
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
	char line[8192];

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
	int fd = socket(AF_INET, SOCK_DGRAM, 0), octets = 8 << 20, on = 1;

	if (fd < 0 || bind(fd, (const struct sockaddr *)at, sizeof(*at)) != 0)
		fail("bind");
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof(octets));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &octets, sizeof(octets));
	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
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

	if (f->later_count == 0 || f->hold)
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
		.end_kind = FORGE_COOKIE + 1,
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
