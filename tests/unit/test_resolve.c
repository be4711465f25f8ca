#include "engine/resolve.h"

#include "engine/upstream_options.h"
#include "unit/unit.h"
#include "unit/world.h"

static const char estate[] =
	"vpc hub 10.0.0.0/16 eu-west-1\n"
	"vpc app 10.1.0.0/16 eu-west-1\n"
	"zone Z corp.example hub,app\n"
	"www 60 A 10.0.0.1\n"
	"to-dc 60 CNAME www.dc.example.\n"
	"forward rr-dc dc.example hub,app 192.168.0.53 192.168.0.54\n"
	"forward rr-lab lab.example hub 192.168.1.53\n"
	"upstream 500 3\n"
	"allow 10.0.0.0/8\n"
	"listen 5300 hub\n"
	"listen 5301 client\n";

#define PLACES 8

/* A world with its clients' replies, by client port. */
struct desk {
	struct world w;
	char reply[PLACES][4096];
	unsigned seen;			/* tries that `next` went through */
	struct upstream_action sent;	/* the last of them */
};

static void
deliver(void *context, const struct client *client, const uint8_t *reply, size_t len)
{
	struct desk *d = context;
	char *text;

	if (client->addr.port >= PLACES)	/* of world_query */
		return;
	text = d->reply[client->addr.port];
	if (reply)
		wire_print(reply, len, text, sizeof(d->reply[0]));
	else
		strcpy(text, "drop");
}

static struct desk *
desk_new(const char *text)
{
	struct desk *d = calloc(1, sizeof(*d));

	d->w.now_ms = 10000;
	d->w.deliver = deliver;
	d->w.context = d;
	world_load(&d->w, text);
	return d;
}

static void
desk_free(struct desk *d)
{
	world_end(&d->w);
	free(d);
}

static const char *
ask_as(struct desk *d, uint16_t port, bool stream, const char *name, const char *type)
{
	struct wire_ask how = { .id = port, .udp_size = 1232 };
	static uint8_t packet[512], reply[65535];
	struct request request = {
		.packet = packet,
		.len = wire_query(name, type, &how, packet, sizeof(packet)),
		.client = { .addr = world_addr("10.0.0.9", port), .stream = stream },
		.now_ms = d->w.now_ms,
	};
	struct writer out = writer_over(reply, sizeof(reply));
	enum verdict verdict = resolve_query(&d->w.resolver, &request, &out);
	char *text = d->reply[port];

	strcpy(text, verdict == VERDICT_WAIT ? "wait" : "drop");
	if (verdict == VERDICT_SEND)
		wire_print(reply, out.len, text, sizeof(d->reply[0]));
	return text;
}

/** The next try that was sent; false: there is none. */
static bool
next(struct desk *d)
{
	resolver_begin(&d->w.resolver, d->w.now_ms);
	if (d->seen == d->w.try_count)
		return false;
	d->sent = d->w.tries[d->seen++].action;
	return true;
}

/** The upstream answers what was last looked at. */
static void
answer(struct desk *d, const char *text)
{
	static uint8_t packet[65535];
	size_t len = wire_answer(d->sent.query, d->sent.query_len, text, packet, sizeof(packet));

	resolver_reply(&d->w.resolver, d->sent.slot, d->sent.generation, d->sent.lane, packet,
		       len, PATH_UDP, d->w.now_ms);
}

static void
lose(struct desk *d)
{
	resolver_lost(&d->w.resolver, d->sent.slot, d->sent.generation, d->sent.lane,
		      d->w.now_ms);
}

static void
what_is_no_question_gets_what_it_deserves(void **state)
{
	static const struct {
		int line;
		const char *hex, *want;
	} rows[] = {
		{ __LINE__, "", "drop" },
		{ __LINE__, "0007010000010000000000", "drop" },
		/* a reply: answering it could go on forever */
		{ __LINE__, "000781000001000000000000016100000100 01", "drop" },
		{ __LINE__, "000701000000000000000000", "FORMERR" },
		{ __LINE__, "000701000002000000000000 0161000001 0001 0161000001 0001",
		  "FORMERR" },
		{ __LINE__, "000701000001000000000000 c00c 0001 0001", "FORMERR" },
		{ __LINE__, "000701000001000000000000 016100 0001 0001 ff", "FORMERR" },
		{ __LINE__, "000711000001000000000000 016100 0001 0001", "NOTIMP" }, /* STATUS */
		{ __LINE__, "000721000001000000000000 016100 0006 0001", "NOTIMP" }, /* NOTIFY */
		{ __LINE__, "000729000001000000000000 016100 0006 0001", "NOTIMP" }, /* UPDATE */
		{ __LINE__, "000711000001000000000001 016100 0001 0001 00 0029 04d0 00 00 0000"
			    " 0000", "NOTIMP" },
		{ __LINE__, "000701000001000000000001 016100 0001 0001 00 0029 04d0 00 01 0000"
			    " 0000", "BADVERS" },
		{ __LINE__, "000701000001000000000000 016100 00fc 0001", "REFUSED" },
		{ __LINE__, "000701000001000000000000 016100 0001 0003", "REFUSED" },
	};
	struct desk *d = desk_new(estate);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint8_t packet[128], reply[512];
		struct writer out = writer_over(reply, sizeof(reply));
		struct request request = { .packet = packet, .now_ms = 1 };
		char text[256] = "drop";

		for (const char *p = rows[i].hex; *p; p += *p == ' ' ? 1 : 2) {
			unsigned octet;

			if (*p != ' ' && sscanf(p, "%2x", &octet) == 1)
				packet[request.len++] = (uint8_t)octet;
		}
		request.client.addr = world_addr("10.0.0.9", 1);
		if (resolve_query(&d->w.resolver, &request, &out) == VERDICT_SEND)
			wire_print(reply, out.len, text, sizeof(text));
		row_string(rows[i].line, text, rows[i].want);
	}
	assert_int_equal(d->w.resolver.counters.queries, COUNT_OF(rows));
	assert_int_equal(d->w.resolver.counters.dropped, 3);
	assert_int_equal(d->w.resolver.counters.formerr, 4);
	desk_free(d);
}

static void
who_may_not_ask_is_refused_before_anything_else(void **state)
{
	struct wire_ask how = { .udp_size = 1232 };
	struct desk *d = desk_new(estate);
	uint8_t packet[512], reply[512];
	struct request request = {
		.packet = packet,
		.len = wire_query("www.dc.example", "A", &how, packet, sizeof(packet)),
	};
	struct writer out = writer_over(reply, sizeof(reply));
	char text[256];

	(void)state;
	request.client.addr = world_addr("203.0.113.1", 1);
	assert_int_equal(resolve_query(&d->w.resolver, &request, &out), VERDICT_SEND);
	assert_string_equal(wire_print(reply, out.len, text, sizeof(text)),
			    "REFUSED; ede 18 this client may not ask here");
	assert_int_equal(d->w.resolver.counters.cache_misses, 0);
	assert_int_equal(flights_count(d->w.resolver.flights), 0);
	assert_false(next(d));

	/* allowed, but in no network */
	request.client.addr = world_addr("10.77.0.1", 1);
	request.client.listener = 1;
	out = writer_over(reply, sizeof(reply));
	assert_int_equal(resolve_query(&d->w.resolver, &request, &out), VERDICT_SEND);
	assert_string_equal(wire_print(reply, out.len, text, sizeof(text)),
			    "REFUSED; ede 18 the client is in no network");
	desk_free(d);
}

static void
the_query_to_an_upstream_says_what_it_should(void **state)
{
	struct desk *d = desk_new(estate);
	struct wire_ask how = { .id = 3, .flags = MSG_CD, .udp_size = 4000, .dnssec_ok = true };
	struct edns_option option;
	struct question q;
	size_t at = 0;
	char text[256];
	uint16_t id;

	(void)state;
	assert_string_equal(world_query(&d->w, 0, "WwW.dc.example", "AAAA", &how, text,
					sizeof(text)),
			    "wait");
	assert_true(next(d));
	assert_false(next(d));
	assert_int_equal(d->sent.what, FORWARD_SEND_UDP);
	assert_int_equal(d->sent.lane, 0);
	assert_true(question_read(d->sent.query, d->sent.query_len, &q) == OK);
	assert_int_equal(q.header.flags, MSG_RD);	/* a VPC ignores CD and DO */
	assert_memory_equal(q.name.wire, "\003www\002dc\007example\000", 16);
	assert_int_equal(q.type, TYPE_AAAA);
	assert_int_equal(q.edns.udp_size, 1232);
	assert_false(q.edns.dnssec_ok);
	/* a client's cookie of ours, and how many of us it came through */
	assert_true(edns_option_next(&q.edns, &at, &option));
	assert_int_equal(option.code, 10);
	assert_int_equal(option.len, 8);
	assert_true(edns_option_next(&q.edns, &at, &option));
	assert_int_equal(option.code, OPTION_HOPS);
	assert_false(edns_option_next(&q.edns, &at, &option));
	id = q.header.id;
	lose(d);
	assert_true(next(d));
	assert_true(question_read(d->sent.query, d->sent.query_len, &q) == OK);
	/* fails by chance once in 65,536 runs ... */
	if (q.header.id == id) {	/* ... or, with one more draw, in 2^32 */
		lose(d);
		assert_true(next(d));
		assert_true(question_read(d->sent.query, d->sent.query_len, &q) == OK);
	}
	assert_int_not_equal(q.header.id, id);
	desk_free(d);
}

static void
each_letter_goes_out_in_either_case(void **state)
{
	struct desk *d = desk_new(estate);
	uint8_t upper[16] = { 0 }, lower[16] = { 0 };

	(void)state;
	/* a letter that is never drawn one way in 64 questions: once in 2^60 runs */
	for (unsigned i = 0; i < 64; i++) {
		char name[32], text[256];
		struct question q;
		struct wire_ask how = { .id = (uint16_t)i };

		snprintf(name, sizeof(name), "n%02u.dc.example", i);
		world_query(&d->w, 0, name, "A", &how, text, sizeof(text));
		assert_true(next(d));
		assert_true(question_read(d->sent.query, d->sent.query_len, &q) == OK);
		for (unsigned n = 0; n < 16; n++) {
			upper[n] |= q.wire[n] >= 'A' && q.wire[n] <= 'Z';
			lower[n] |= q.wire[n] >= 'a' && q.wire[n] <= 'z';
		}
		answer(d, "NOERROR");
	}
	for (unsigned n = 0; n < 15; n++) {
		bool letter = strchr("1568", '0' + (int)n) != NULL || n > 8;

		assert_int_equal(upper[n], letter);
		assert_int_equal(lower[n], letter);
	}
	desk_free(d);
}

static void
a_flight_that_landed_is_gone_for_late_events(void **state)
{
	struct desk *d = desk_new(estate);

	(void)state;
	assert_string_equal(ask_as(d, 1, false, "www.dc.example", "A"), "wait");
	assert_true(next(d));
	answer(d, "NOERROR; www.dc.example. 60 A 192.168.1.1");
	assert_string_equal(d->reply[1], "NOERROR; www.dc.example. 60 A 192.168.1.1");
	assert_false(d->w.tries[0].open);

	strcpy(d->reply[1], "nothing more");
	answer(d, "NOERROR; www.dc.example. 60 A 6.6.6.6");
	lose(d);
	assert_false(next(d));
	assert_string_equal(d->reply[1], "nothing more");
	assert_string_equal(ask_as(d, 2, false, "www.dc.example", "A"),
			    "NOERROR; www.dc.example. 60 A 192.168.1.1");
	desk_free(d);
}

static void
an_exchange_that_fails_names_its_rule(void **state)
{
	struct desk *d = desk_new(estate);

	(void)state;
	ask_as(d, 1, false, "www.dc.example", "A");
	for (unsigned i = 0; i < 3; i++) {
		assert_true(next(d));
		lose(d);
	}
	assert_string_equal(d->reply[1],
			    "SERVFAIL; ede 22 rule rr-dc (dc.example.): no target answered");
	/* who asks now hears the same, without a packet */
	assert_string_equal(ask_as(d, 2, false, "www.dc.example", "A"), d->reply[1]);
	d->w.now_ms += CACHE_FAILURE_MS;
	assert_string_equal(ask_as(d, 2, false, "www.dc.example", "A"), "wait");
	assert_true(next(d));

	ask_as(d, 3, false, "a.lab.example", "A");
	assert_true(next(d));
	answer(d, "REFUSED");
	assert_string_equal(d->reply[3],
			    "SERVFAIL; ede 22 rule rr-lab (lab.example.): "
			    "targets answered REFUSED");
	desk_free(d);
}

static void
the_timer_is_due_when_something_is(void **state)
{
	struct desk *d = desk_new(estate);
	struct resolver *r = &d->w.resolver;
	uint64_t start_ms = d->w.now_ms;

	(void)state;
	assert_true(resolver_due(r) == UINT64_MAX);
	resolver_tick(r, start_ms);
	ask_as(d, 1, false, "www.dc.example", "A");
	/* the client's patience, as nothing was sent yet */
	assert_true(resolver_due(r) == start_ms + PATIENCE_MS);
	assert_true(next(d));
	assert_true(resolver_due(r) == start_ms + TARGET_UNKNOWN_MS);
	/* a tick too early does nothing */
	resolver_tick(r, start_ms + TARGET_UNKNOWN_MS - 1);
	assert_false(next(d));
	resolver_tick(r, start_ms + TARGET_UNKNOWN_MS);
	assert_int_equal(d->w.try_count, 2);
	assert_true(resolver_due(r) > start_ms + TARGET_UNKNOWN_MS);
	/* one far too late does all that is left: the retries, and the end */
	d->w.now_ms = start_ms + 100000;
	resolver_tick(r, d->w.now_ms);
	assert_string_equal(d->reply[1], "drop");
	assert_int_equal(flights_count(r->flights), 0);
	assert_true(resolver_due(r) == UINT64_MAX);
	for (unsigned i = 0; i < d->w.try_count; i++)
		assert_false(d->w.tries[i].open);
	desk_free(d);
}

static void
a_stream_gets_all_of_an_answer_that_is_truncated_over_udp(void **state)
{
	char text[8192] = "NOERROR";
	struct desk *d = desk_new(estate);

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		sprintf(text + strlen(text), "; www.dc.example. 60 A 10.0.0.%u", i);
	ask_as(d, 1, false, "www.dc.example", "A");
	ask_as(d, 2, true, "www.dc.example", "A");
	assert_true(next(d));
	answer(d, text);
	assert_string_equal(d->reply[1], "NOERROR TC");
	assert_string_equal(d->reply[2], text);
	assert_int_equal(d->w.resolver.counters.truncated, 1);
	desk_free(d);
}

static void
full_tables_are_said_and_counted(void **state)
{
	struct desk *d = calloc(1, sizeof(*d));

	(void)state;
	d->w.flights = (struct flights_settings){ .max_flights = 1, .max_flights_per_rule = 2 };
	world_load(&d->w, estate);
	assert_string_equal(ask_as(d, 1, false, "a.dc.example", "A"), "wait");
	assert_string_equal(ask_as(d, 2, false, "b.dc.example", "A"),
			    "SERVFAIL; ede 23 too many questions are waiting for upstreams");
	assert_string_equal(ask_as(d, 3, false, "a.dc.example", "A"), "wait");
	assert_int_equal(d->w.resolver.counters.flights_full, 1);
	assert_int_equal(d->w.resolver.counters.flights_started, 1);
	assert_int_equal(d->w.resolver.counters.flights_joined, 1);
	desk_free(d);
}

static void
a_chain_over_upstreams_ends_even_with_ttl_zero(void **state)
{
	struct desk *d = desk_new("vpc hub 10.0.0.0/16 eu-west-1\n"
				  "forward rr-dc dc.example hub 192.168.0.53\n"
				  "forward rr-lab lab.example hub 192.168.1.53\n"
				  "cache 0 86400000 900000\n"
				  "listen 5300 hub\n");

	(void)state;
	ask_as(d, 1, false, "www.dc.example", "A");
	assert_true(next(d));
	answer(d, "NOERROR; www.dc.example. 0 CNAME www.lab.example.");
	d->w.now_ms += 1000;
	assert_true(next(d));
	answer(d, "NOERROR; www.lab.example. 0 A 192.168.1.1");
	assert_string_equal(d->reply[1], "NOERROR; www.dc.example. 0 CNAME www.lab.example.; "
					 "www.lab.example. 0 A 192.168.1.1");
	assert_false(next(d));
	/* for others it is over */
	assert_string_equal(ask_as(d, 2, false, "www.dc.example", "A"), "wait");
	desk_free(d);
}

static void
a_question_that_needs_ever_more_exchanges_is_given_up(void **state)
{
	/* what is said first is forgotten at once, so each round begins anew */
	struct desk *d = desk_new(estate);
	unsigned rounds = 0;
	const struct name root = { .len = 1 };

	(void)state;
	assert_string_equal(ask_as(d, 1, false, "www.dc.example", "A"), "wait");
	while (next(d) && rounds < 100) {
		cache_flush(d->w.resolver.cache, root.wire, true);
		answer(d, rounds % 2 ? "NOERROR; www.lab.example. 60 A 192.168.1.1"
				     : "NOERROR; www.dc.example. 60 CNAME www.lab.example.");
		rounds++;
	}
	assert_string_equal(d->reply[1],
			    "SERVFAIL; ede 0 too many upstream exchanges for one question");
	assert_int_equal(rounds, RESOLVE_MAX_ROUNDS);
	assert_int_equal(flights_waiters(d->w.resolver.flights), 0);
	desk_free(d);
}

static void
offline_tells_what_would_have_to_be_asked(void **state)
{
	struct name name = wire_name("to-dc.corp.example", NULL);
	uint8_t wire[NAME_MAX_OCTETS + 4];
	struct answer offline;
	struct world w = { 0 };
	struct question q;
	struct ask ask;
	char text[NAME_TEXT_MAX];

	(void)state;
	world_load(&w, estate);
	question_make(&name, TYPE_A, &q, wire);
	assert_false(resolve_offline(&w.resolver, snapshot_find_network(w.snap, "app"), &q, 0,
				     &offline, &ask));
	assert_string_equal(name_print(ask.name.wire, text), "www.dc.example.");
	assert_string_equal(snapshot_string(w.snap, snapshot_rule(w.snap, ask.rule)->id_at),
			    "rr-dc");
	name = wire_name("www.corp.example", NULL);
	question_make(&name, TYPE_A, &q, wire);
	assert_true(resolve_offline(&w.resolver, snapshot_find_network(w.snap, "app"), &q, 0,
				    &offline, &ask));
	assert_int_equal(offline.count, 1);
	assert_true(resolve_offline(&w.resolver, NETWORK_NONE, &q, 0, &offline, &ask));
	assert_int_equal(offline.rcode, RCODE_REFUSED);
	world_end(&w);
}

/* The naive resolver: all records in one list, each question looks at all of them. */

#define NAIVE_RECORDS 40
#define NAIVE_ZONES   3

struct naive_record {
	unsigned zone;
	char owner[64], type[8], value[64];	/* names without final dot */
};

struct naive {
	const char *zones[NAIVE_ZONES];
	unsigned count;
	struct naive_record records[NAIVE_RECORDS];
};

static bool
below(const char *name, const char *zone)
{
	size_t n = strlen(name), z = strlen(zone);

	return n >= z && strcmp(name + n - z, zone) == 0 && (n == z || name[n - z - 1] == '.');
}

static bool
naive_exists(const struct naive *n, unsigned zone, const char *name)
{
	if (strcmp(name, n->zones[zone]) == 0)
		return true;
	for (unsigned i = 0; i < n->count; i++)
		if (n->records[i].zone == zone && below(n->records[i].owner, name))
			return true;
	return false;
}

/** The name whose records answer for `name` (RFC 4592 3.3); false: there is none. */
static bool
naive_source(const struct naive *n, unsigned zone, const char *name, char *source, size_t size)
{
	snprintf(source, size, "%s", name);
	if (naive_exists(n, zone, name))
		return true;
	do
		name = strchr(name, '.') + 1;
	while (!naive_exists(n, zone, name));
	snprintf(source, size, "*.%s", name);
	return naive_exists(n, zone, source);
}

static unsigned
naive_zone(const struct naive *n, const char *name)
{
	unsigned zone = NAIVE_ZONES;

	for (unsigned z = 0; z < NAIVE_ZONES; z++)
		if (below(name, n->zones[z]) &&
		    (zone == NAIVE_ZONES || strlen(n->zones[z]) > strlen(n->zones[zone])))
			zone = z;
	return zone;
}

/** Append the records of the type at `source`, as `name`'s; the CNAME where there are none. */
static const char *
naive_records(const struct naive *n, unsigned zone, const char *source, const char *name,
	      const char *type, char *text, size_t size, bool *found)
{
	const char *cname = NULL;

	*found = false;
	for (unsigned i = 0; i < n->count; i++) {
		const struct naive_record *r = &n->records[i];
		size_t len = strlen(text);

		if (r->zone != zone || strcmp(r->owner, source) != 0)
			continue;
		if (strcmp(r->type, type) == 0) {
			snprintf(text + len, size - len, "; %s. 60 %s %s", name, type, r->value);
			*found = true;
		} else if (strcmp(r->type, "CNAME") == 0) {
			cname = r->value;
		}
	}
	return cname;
}

/** The answer as wire_print has it; `chain` is its records without rcode and SOA. */
static void
naive_answer(const struct naive *n, const char *asked, const char *type, char *text, size_t size)
{
	char name[128], source[128], seen[CHASE_MAX_HOPS + 1][128], chain[3072] = "";

	snprintf(name, sizeof(name), "%s", asked);
	for (unsigned hop = 0; hop <= CHASE_MAX_HOPS; hop++) {
		unsigned zone = naive_zone(n, name);
		const char *cname;
		size_t len;
		bool found;

		for (unsigned i = 0; i < hop; i++)
			if (strcmp(seen[i], name) == 0) {
				snprintf(text, size, "SERVFAIL; ede 0 CNAME loop");
				return;
			}
		snprintf(seen[hop], sizeof(seen[hop]), "%s", name);
		if (!naive_source(n, zone, name, source, sizeof(source))) {
			snprintf(text, size, "NXDOMAIN%s; authority %s. 900 SOA", chain,
				 n->zones[zone]);
			return;
		}
		cname = naive_records(n, zone, source, name, type, chain, sizeof(chain), &found);
		if (found || !cname) {
			if (found)
				snprintf(text, size, "NOERROR%s", chain);
			else
				snprintf(text, size, "NOERROR%s; authority %s. 900 SOA", chain,
					 n->zones[zone]);
			return;
		}
		len = strlen(chain);
		snprintf(chain + len, sizeof(chain) - len, "; %s. 60 CNAME %s", name, cname);
		snprintf(name, sizeof(name), "%.*s", (int)strlen(cname) - 1, cname);
	}
	snprintf(text, size, "SERVFAIL; ede 0 CNAME chain too long");
}

/** "a.*.b.z.example": up to three labels of few words in front of one of the zones. */
static void
random_name(uint64_t *seed, const struct naive *n, char *out, size_t size)
{
	static const char *const words[] = { "a", "b", "*" };
	unsigned labels = random_to(seed, 4);

	*out = '\0';
	while (labels--)
		snprintf(out + strlen(out), size - strlen(out), "%s.",
			 words[random_to(seed, COUNT_OF(words))]);
	strncat(out, n->zones[random_to(seed, NAIVE_ZONES)], size - strlen(out) - 1);
}

static bool
naive_has(const struct naive *n, const struct naive_record *record, bool other_cname)
{
	for (unsigned i = 0; i < n->count; i++) {
		const struct naive_record *r = &n->records[i];
		bool cname = strcmp(r->type, "CNAME") == 0;

		if (r->zone != record->zone || strcmp(r->owner, record->owner) != 0)
			continue;
		if (other_cname ? cname != (strcmp(record->type, "CNAME") == 0) || cname
				: strcmp(r->type, record->type) == 0 &&
					  strcmp(r->value, record->value) == 0)
			return true;
	}
	return false;
}

/** Random records, valid ones: a CNAME stands alone, and not at an apex. */
static void
naive_fill(struct naive *n, uint64_t *seed)
{
	*n = (struct naive){ .zones = { "z.example", "a.z.example", "y.example" } };
	for (unsigned tries = 10 + random_to(seed, NAIVE_RECORDS - 10); tries--;) {
		struct naive_record *r = &n->records[n->count];
		char target[48];

		random_name(seed, n, r->owner, sizeof(r->owner));
		/* a record of the child's name may also stand, unseen, in the parent */
		r->zone = below(r->owner, "y.example") ? 2
			  : !below(r->owner, "a.z.example") || random_to(seed, 4) == 0 ? 0 : 1;
		switch (random_to(seed, 5)) {
		case 0:
			strcpy(r->type, "A");
			snprintf(r->value, sizeof(r->value), "10.0.0.%u", n->count);
			break;
		case 1:
			strcpy(r->type, "TXT");
			snprintf(r->value, sizeof(r->value), "\"t%u\"", n->count);
			break;
		default:
			strcpy(r->type, "CNAME");
			random_name(seed, n, target, sizeof(target));
			snprintf(r->value, sizeof(r->value), "%s.", target);
			if (strcmp(r->owner, n->zones[r->zone]) == 0)
				continue;
		}
		if (naive_has(n, r, true) || naive_has(n, r, false))
			continue;
		n->count++;
	}
}

static void
naive_print(const struct naive *n, char *text, size_t size)
{
	snprintf(text, size, "vpc hub 10.0.0.0/16 eu-west-1\nlisten 5300 hub\n");
	for (unsigned zone = 0; zone < NAIVE_ZONES; zone++) {
		snprintf(text + strlen(text), size - strlen(text), "zone Z%u %s hub\n", zone,
			 n->zones[zone]);
		for (unsigned i = 0; i < n->count; i++) {
			const struct naive_record *r = &n->records[i];
			bool quoted = *r->value == '"';

			if (r->zone != zone)
				continue;
			snprintf(text + strlen(text), size - strlen(text), "%s. 60 %s %.*s\n",
				 r->owner, r->type,
				 (int)strlen(r->value) - (quoted ? 2 : 0),
				 r->value + quoted);
		}
	}
}

static void
zones_are_answered_as_a_naive_resolver_does(void **state)
{
	static const char *const types[] = { "A", "TXT", "CNAME" };
	uint64_t seed = 2;
	unsigned kinds[4] = { 0 };

	(void)state;
	for (unsigned run = 0; run < 300; run++) {
		struct world w = { 0 };
		struct naive naive;
		char text[8192];

		naive_fill(&naive, &seed);
		naive_print(&naive, text, sizeof(text));
		world_load(&w, text);
		w.resolver.random = NULL;	/* records in the order declared */
		for (unsigned i = 0; i < 200; i++) {
			const char *type = types[random_to(&seed, COUNT_OF(types))];
			char name[64], got[4096], want[4096];

			random_name(&seed, &naive, name, sizeof(name));
			naive_answer(&naive, name, type, want, sizeof(want));
			world_ask(&w, name, type, got, sizeof(got));
			if (strcmp(got, want) != 0)
				fprintf(stderr, "%s %s in\n%s", name, type, text);
			assert_string_equal(got, want);
			kinds[0] += strstr(want, "CNAME") != NULL;
			kinds[1] += memcmp(want, "NXDOMAIN", 8) == 0;
			kinds[2] += memcmp(want, "SERVFAIL", 8) == 0;
			kinds[3] += memcmp(want, "NOERROR; auth", 13) == 0;
		}
		world_end(&w);
	}
	for (unsigned i = 0; i < COUNT_OF(kinds); i++)
		assert_true(kinds[i] > 100);	/* each kind came up */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_question_gets_what_it_deserves),
		cmocka_unit_test(who_may_not_ask_is_refused_before_anything_else),
		cmocka_unit_test(the_query_to_an_upstream_says_what_it_should),
		cmocka_unit_test(each_letter_goes_out_in_either_case),
		cmocka_unit_test(a_flight_that_landed_is_gone_for_late_events),
		cmocka_unit_test(the_timer_is_due_when_something_is),
		cmocka_unit_test(an_exchange_that_fails_names_its_rule),
		cmocka_unit_test(a_stream_gets_all_of_an_answer_that_is_truncated_over_udp),
		cmocka_unit_test(full_tables_are_said_and_counted),
		cmocka_unit_test(a_chain_over_upstreams_ends_even_with_ttl_zero),
		cmocka_unit_test(a_question_that_needs_ever_more_exchanges_is_given_up),
		cmocka_unit_test(offline_tells_what_would_have_to_be_asked),
		cmocka_unit_test(zones_are_answered_as_a_naive_resolver_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
