#include "engine/chase.h"

#include "engine/reply.h"
#include "unit/unit.h"
#include "unit/world.h"

static const char estate[] =
	"vpc hub 10.0.0.0/16 eu-west-1\n"
	"vpc app 10.1.0.0/16 eu-west-1\n"
	"zone Z-corp corp.example hub\n"
	"@ 300 SOA ns host 1 7200 900 1209600 120\n"
	"@ 60 A 10.0.0.1\n"
	"api 30 A 10.0.0.2\n"
	"api 30 TXT text\n"
	"www 60 CNAME api\n"
	"www2 70 CNAME www\n"
	"to-svc 60 CNAME db.svc.example.\n"
	"to-local 60 CNAME localhost.\n"
	"to-nothing 60 CNAME nothing\n"
	"to-ent 60 CNAME ent\n"
	"a.ent 60 A 10.0.0.3\n"
	"self 60 CNAME self\n"
	"ping 60 CNAME pong\n"
	"pong 60 CNAME ping\n"
	"to-dc 60 CNAME www.dc.example.\n"
	"to-web 60 CNAME www.example.com.\n"
	"*.wild 60 CNAME api\n"
	"sub 60 NS ns.sub\n"
	"to-sub 60 CNAME x.sub\n"
	"MiXed 60 CNAME Api\n"
	"zone Z-svc svc.example hub\n"
	"db 45 A 10.0.0.4\n"
	"back 60 CNAME www.corp.example.\n"
	"zone Z-dn dn.example hub\n"
	"old 90 DNAME new\n"
	"a.new 60 A 10.0.0.5\n"
	"turn 80 DNAME lane\n"
	"x.lane 60 CNAME y.turn\n"
	"y.lane 60 A 10.0.0.10\n"
	"loop 60 DNAME loop\n"
	"far 60 DNAME corp.example.\n"
	"grow 60 DNAME aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
		"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb."
		"ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc."
		"ddddddddddddddddddddddddddd.new\n"
	"zone Z-al al.example hub\n"
	"@ 60 TXT text\n"
	"alias @ A host Z-al\n"
	"host 25 A 10.0.0.6\n"
	"host 25 A 10.0.0.7\n"
	"host 25 AAAA 2001:db8::1\n"
	"alias twice A @ Z-al\n"
	"alias round A round2 Z-al\n"
	"alias round2 A round Z-al\n"
	"alias away A www2.corp.example. Z-elb\n"
	"alias empty A nothing.corp.example. Z-elb\n"
	"alias elb A lb.elb.example. Z32O12XQLNTSW2\n"
	"alias lone AAAA lone6.corp.example. Z-elb\n"
	"alias brief A brief-cn Z-al\n"
	"alias up A x.deep Z-al\n"
	"brief-cn 5 CNAME host\n"
	"cn 60 CNAME twice\n"
	"grp 60 A 10.0.0.8 { weighted 0 a }\n"
	"grp 50 A 10.0.0.9 { weighted 1 b }\n"
	"alias to-grp A grp Z-al\n"
	"many 60 A 10.0.1.1 { multi a }\n"
	"many 40 A 10.0.1.2 { multi b }\n"
	"cng 60 CNAME host { weighted 1 a }\n"
	"cng 60 CNAME grp { weighted 0 b }\n"
	"zone Z-deep deep.al.example hub\n"
	"alias x A up.al.example. Z-elb\n"
	"zone Z-long long.example hub\n"
	"c1 60 CNAME c2\nc2 60 CNAME c3\nc3 60 CNAME c4\nc4 60 CNAME c5\nc5 60 CNAME c6\n"
	"c6 60 CNAME c7\nc7 60 CNAME c8\nc8 60 CNAME c9\nc9 60 CNAME c10\nc10 60 CNAME c11\n"
	"c11 60 CNAME c12\nc12 60 CNAME c13\nc13 60 CNAME c14\nc14 60 CNAME c15\n"
	"c15 60 CNAME c16\nc16 60 CNAME c17\nc17 60 A 10.0.0.17\n"
	"c0 60 CNAME c1\n"
	"d1 60 DNAME d2\nd2 60 DNAME d3\nd3 60 DNAME d4\nd4 60 DNAME d5\nd5 60 DNAME d6\n"
	"d6 60 DNAME d7\nd7 60 DNAME d8\nd8 60 DNAME d9\nd9 60 DNAME d10\nd10 60 DNAME d11\n"
	"d11 60 DNAME d12\nd12 60 DNAME d13\nd13 60 DNAME d14\nd14 60 DNAME d15\n"
	"d15 60 DNAME d16\nd16 60 DNAME d17\nx.d17 60 A 10.0.0.18\n"
	"d0 60 DNAME d1\n"
	"forward rr-dc dc.example hub 192.168.0.53\n"
	"listen 5300 hub\n"
	"listen 5301 app\n";

struct row {
	int line;
	const char *name, *type, *want;
};

static void
answer_rows(const struct row *rows, size_t count)
{
	struct world w = { 0 };
	char text[4096];

	world_load(&w, estate);
	w.resolver.random = NULL;	/* records in the order declared, nobody is asked */
	for (const struct row *row = rows; row < rows + count; row++)
		row_string(row->line,
			   world_ask(&w, row->name, row->type, text, sizeof(text)), row->want);
	world_end(&w);
}

static void
cnames_are_followed_inside_the_view(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "www.corp.example", "A",
		  "NOERROR; www.corp.example. 60 CNAME api.corp.example.; "
		  "api.corp.example. 30 A 10.0.0.2" },
		{ __LINE__, "www2.corp.example", "TXT",
		  "NOERROR; www2.corp.example. 70 CNAME www.corp.example.; "
		  "www.corp.example. 60 CNAME api.corp.example.; "
		  "api.corp.example. 30 TXT \"text\"" },
		{ __LINE__, "www.corp.example", "CNAME",
		  "NOERROR; www.corp.example. 60 CNAME api.corp.example." },
		{ __LINE__, "to-svc.corp.example", "A",
		  "NOERROR; to-svc.corp.example. 60 CNAME db.svc.example.; "
		  "db.svc.example. 45 A 10.0.0.4" },
		{ __LINE__, "back.svc.example", "A",
		  "NOERROR; back.svc.example. 60 CNAME www.corp.example.; "
		  "www.corp.example. 60 CNAME api.corp.example.; "
		  "api.corp.example. 30 A 10.0.0.2" },
		{ __LINE__, "to-local.corp.example", "A",
		  "NOERROR; to-local.corp.example. 60 CNAME localhost.; "
		  "localhost. 60 A 127.0.0.1" },
		{ __LINE__, "x.y.wild.corp.example", "A",
		  "NOERROR; x.y.wild.corp.example. 60 CNAME api.corp.example.; "
		  "api.corp.example. 30 A 10.0.0.2" },
		{ __LINE__, "mixed.corp.example", "A",
		  "NOERROR; mixed.corp.example. 60 CNAME api.corp.example.; "
		  "api.corp.example. 30 A 10.0.0.2" },
	};

	(void)state;
	answer_rows(rows, COUNT_OF(rows));
}

static void
the_rcode_and_soa_speak_of_the_last_name(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "nope.corp.example", "A",
		  "NXDOMAIN; authority corp.example. 120 SOA" },
		{ __LINE__, "api.corp.example", "AAAA",
		  "NOERROR; authority corp.example. 120 SOA" },
		{ __LINE__, "ent.corp.example", "A",
		  "NOERROR; authority corp.example. 120 SOA" },
		{ __LINE__, "to-nothing.corp.example", "A",
		  "NXDOMAIN; to-nothing.corp.example. 60 CNAME nothing.corp.example.; "
		  "authority corp.example. 120 SOA" },
		{ __LINE__, "to-ent.corp.example", "A",
		  "NOERROR; to-ent.corp.example. 60 CNAME ent.corp.example.; "
		  "authority corp.example. 120 SOA" },
		{ __LINE__, "to-svc.corp.example", "AAAA",
		  "NOERROR; to-svc.corp.example. 60 CNAME db.svc.example.; "
		  "authority svc.example. 900 SOA" },
	};

	(void)state;
	answer_rows(rows, COUNT_OF(rows));
}

static void
a_chain_that_does_not_end_is_servfail(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "self.corp.example", "A", "SERVFAIL; ede 0 CNAME loop" },
		{ __LINE__, "ping.corp.example", "A", "SERVFAIL; ede 0 CNAME loop" },
		{ __LINE__, "x.loop.dn.example", "A", "SERVFAIL; ede 0 CNAME loop" },
		{ __LINE__, "round.al.example", "A", "SERVFAIL; ede 0 CNAME loop" },
		{ __LINE__, "c0.long.example", "A", "SERVFAIL; ede 0 CNAME chain too long" },
		{ __LINE__, "x.d0.long.example", "A", "SERVFAIL; ede 0 CNAME chain too long" },
		{ __LINE__, "to-sub.corp.example", "A",
		  "SERVFAIL; ede 22 zone corp.example.: sub.corp.example. is delegated, and no "
		  "DELEGATE rule leads there" },
		{ __LINE__, "to-web.corp.example", "A",
		  "SERVFAIL; ede 22 no internet resolver configured" },
	};
	char text[4096];
	struct world w = { 0 };

	(void)state;
	answer_rows(rows, COUNT_OF(rows));
	world_load(&w, estate);
	assert_non_null(strstr(world_ask(&w, "c1.long.example", "A", text, sizeof(text)),
			       "c17.long.example. 60 A 10.0.0.17"));
	assert_non_null(strstr(world_ask(&w, "x.d1.long.example", "A", text, sizeof(text)),
			       "x.d17.long.example. 60 A 10.0.0.18"));
	world_end(&w);
}

static void
dname_moves_what_is_below_it(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "a.old.dn.example", "A",
		  "NOERROR; old.dn.example. 90 DNAME new.dn.example.; "
		  "a.old.dn.example. 90 CNAME a.new.dn.example.; "
		  "a.new.dn.example. 60 A 10.0.0.5" },
		{ __LINE__, "b.old.dn.example", "A",
		  "NXDOMAIN; old.dn.example. 90 DNAME new.dn.example.; "
		  "b.old.dn.example. 90 CNAME b.new.dn.example.; "
		  "authority dn.example. 900 SOA" },
		{ __LINE__, "old.dn.example", "A", "NOERROR; authority dn.example. 900 SOA" },
		{ __LINE__, "b.old.dn.example", "CNAME",
		  "NOERROR; old.dn.example. 90 DNAME new.dn.example.; "
		  "b.old.dn.example. 90 CNAME b.new.dn.example." },
		{ __LINE__, "x.turn.dn.example", "A",	/* through one DNAME twice */
		  "NOERROR; turn.dn.example. 80 DNAME lane.dn.example.; "
		  "x.turn.dn.example. 80 CNAME x.lane.dn.example.; "
		  "x.lane.dn.example. 60 CNAME y.turn.dn.example.; "
		  "y.turn.dn.example. 80 CNAME y.lane.dn.example.; "
		  "y.lane.dn.example. 60 A 10.0.0.10" },
		{ __LINE__, "www.far.dn.example", "A",
		  "NOERROR; far.dn.example. 60 DNAME corp.example.; "
		  "www.far.dn.example. 60 CNAME www.corp.example.; "
		  "www.corp.example. 60 CNAME api.corp.example.; "
		  "api.corp.example. 30 A 10.0.0.2" },
	};

	(void)state;
	answer_rows(rows, COUNT_OF(rows));
}

static void
a_name_too_long_to_substitute_is_yxdomain(void **state)
{
	char name[300] = "", text[4096];
	struct world w = { 0 };

	(void)state;
	world_load(&w, estate);
	for (unsigned i = 0; i < 12; i++)
		strcat(name, "a.");
	strcat(name, "grow.dn.example");
	assert_memory_equal(world_ask(&w, name, "A", text, sizeof(text)), "YXDOMAIN; grow", 14);
	assert_null(strstr(text, "CNAME"));
	world_end(&w);
}

static void
an_alias_shows_the_targets_records_under_its_own_name(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "al.example", "A",
		  "NOERROR; al.example. 25 A 10.0.0.6; al.example. 25 A 10.0.0.7" },
		{ __LINE__, "twice.al.example", "A",
		  "NOERROR; twice.al.example. 25 A 10.0.0.6; twice.al.example. 25 A 10.0.0.7" },
		/* only for its own type, whatever the target has (4.3.5) */
		{ __LINE__, "al.example", "AAAA", "NOERROR; authority al.example. 900 SOA" },
		/* elsewhere: the chain does not show, its smallest TTL holds */
		{ __LINE__, "away.al.example", "A", "NOERROR; away.al.example. 30 A 10.0.0.2" },
		{ __LINE__, "brief.al.example", "A",
		  "NOERROR; brief.al.example. 5 A 10.0.0.6; brief.al.example. 5 A 10.0.0.7" },
		{ __LINE__, "empty.al.example", "A", "NOERROR; authority al.example. 900 SOA" },
		{ __LINE__, "lone.al.example", "AAAA",
		  "NOERROR; authority al.example. 900 SOA" },
		{ __LINE__, "elb.al.example", "A",
		  "SERVFAIL; ede 22 no internet resolver configured" },
		/* the name asked for, in another zone: that is no loop */
		{ __LINE__, "x.deep.al.example", "A",
		  "NOERROR; authority deep.al.example. 900 SOA" },
		/* behind a CNAME it has the CNAME's target as its name */
		{ __LINE__, "cn.al.example", "A",
		  "NOERROR; cn.al.example. 60 CNAME twice.al.example.; "
		  "twice.al.example. 25 A 10.0.0.6; twice.al.example. 25 A 10.0.0.7" },
		{ __LINE__, "to-grp.al.example", "A",
		  "NOERROR; to-grp.al.example. 50 A 10.0.0.9" },
	};

	(void)state;
	answer_rows(rows, COUNT_OF(rows));
}

static void
routing_policies_choose_on_the_way(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "grp.al.example", "A", "NOERROR; grp.al.example. 50 A 10.0.0.9" },
		{ __LINE__, "cng.al.example", "AAAA",
		  "NOERROR; cng.al.example. 60 CNAME host.al.example.; "
		  "host.al.example. 25 AAAA 2001:db8::1" },
	};
	struct world w = { 0 };
	char text[4096];

	(void)state;
	answer_rows(rows, COUNT_OF(rows));
	world_load(&w, estate);
	world_ask(&w, "many.al.example", "A", text, sizeof(text));
	/* one TTL for the whole set, the members in any order */
	assert_non_null(strstr(text, "many.al.example. 40 A 10.0.1.1"));
	assert_non_null(strstr(text, "many.al.example. 40 A 10.0.1.2"));
	world_end(&w);
}

/* One name in three places and one outside AWS; "eth": EvaluateTargetHealth. */
static const char policies[] =
	"vpc eu 10.0.0.0/16 eu-west-1\n"
	"vpc us 10.1.0.0/16 us-east-1\n"
	"site dc 192.168.0.0/16\n"
	"check c1\n"
	"check c2\n"
	"zone Z corp.example eu,us,dc\n"
	"geo 60 A 10.0.0.1 { geo EU/ a }\n"
	"geoc 60 CNAME host { geo EU/ a }\n"
	"host 60 A 10.0.0.2\n"
	"host 60 AAAA 2001:db8::2\n"
	"alias to-geo A geo Z\n"
	"to-geoc 60 CNAME geoc\n"
	"lat 60 A 10.0.0.3 { latency us-west-2 a }\n"
	"lat 60 A 10.0.0.4 { latency eu-central-1 b }\n"
	"w 60 A 10.0.0.5 { weighted 1 a c1 }\n"
	"b 60 A 10.0.0.6 { weighted 1 a c2 }\n"
	"alias fo A w Z eth { failover primary p }\n"
	"alias fo A b Z eth { failover secondary s }\n"
	"alias blind A w Z { failover primary p }\n"
	"alias blind A b Z { failover secondary s }\n"
	"listen 5300 eu\n"
	"listen 5301 us\n"
	"listen 5302 dc\n";

static void
place_and_health_choose_on_the_way(void **state)
{
	static const char soa[] = "NOERROR; authority corp.example. 900 SOA";
	static const struct {
		int line;
		uint32_t listener;
		uint64_t healthy;
		const char *name, *type, *want;
	} rows[] = {
		{ __LINE__, 0, 3, "geo.corp.example", "A",
		  "NOERROR; geo.corp.example. 60 A 10.0.0.1" },
		/* no area and no default: the name is there, without data (4.4.10) */
		{ __LINE__, 1, 3, "geo.corp.example", "A", soa },
		{ __LINE__, 2, 3, "geo.corp.example", "A", soa },
		{ __LINE__, 1, 3, "to-geo.corp.example", "A", soa },
		{ __LINE__, 0, 3, "to-geo.corp.example", "A",
		  "NOERROR; to-geo.corp.example. 60 A 10.0.0.1" },
		{ __LINE__, 1, 3, "geoc.corp.example", "A", soa },
		{ __LINE__, 1, 3, "to-geoc.corp.example", "A",
		  "NOERROR; to-geoc.corp.example. 60 CNAME geoc.corp.example.; "
		  "authority corp.example. 900 SOA" },
		{ __LINE__, 0, 3, "geoc.corp.example", "AAAA",
		  "NOERROR; geoc.corp.example. 60 CNAME host.corp.example.; "
		  "host.corp.example. 60 AAAA 2001:db8::2" },
		{ __LINE__, 0, 3, "lat.corp.example", "A",
		  "NOERROR; lat.corp.example. 60 A 10.0.0.4" },
		{ __LINE__, 1, 3, "lat.corp.example", "A",
		  "NOERROR; lat.corp.example. 60 A 10.0.0.3" },

		/* the target's health decides, with EvaluateTargetHealth only (4.4.12) */
		{ __LINE__, 0, 3, "fo.corp.example", "A",
		  "NOERROR; fo.corp.example. 60 A 10.0.0.5" },
		{ __LINE__, 0, 2, "fo.corp.example", "A",
		  "NOERROR; fo.corp.example. 60 A 10.0.0.6" },
		{ __LINE__, 0, 0, "fo.corp.example", "A",
		  "NOERROR; fo.corp.example. 60 A 10.0.0.5" },
		{ __LINE__, 0, 2, "blind.corp.example", "A",
		  "NOERROR; blind.corp.example. 60 A 10.0.0.5" },
	};
	struct world w = { 0 };
	_Atomic uint64_t healthy;
	char text[1024];

	(void)state;
	world_load(&w, policies);
	w.resolver.healthy = &healthy;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		healthy = rows[i].healthy;
		row_string(rows[i].line,
			   world_query(&w, rows[i].listener, rows[i].name, rows[i].type,
				       &(struct wire_ask){ 0 }, text, sizeof(text)),
			   rows[i].want);
	}
	world_end(&w);
}

static void
records_of_a_zone_come_in_any_order(void **state)
{
	struct world w = { 0 };
	unsigned first[2] = { 0 };
	char text[4096];

	(void)state;
	world_load(&w, estate);
	random_seed(&w.random, 3);
	for (unsigned i = 0; i < 1000; i++) {
		world_ask(&w, "al.example", "A", text, sizeof(text));
		if (strcmp(text, "NOERROR; al.example. 25 A 10.0.0.6; "
				 "al.example. 25 A 10.0.0.7") == 0)
			first[0]++;
		else if (strcmp(text, "NOERROR; al.example. 25 A 10.0.0.7; "
				      "al.example. 25 A 10.0.0.6") == 0)
			first[1]++;
	}
	assert_int_equal(first[0] + first[1], 1000);
	assert_in_range(first[0], 450, 550);	/* 3.2 standard deviations */
	world_end(&w);
}

static void
any_gets_as_little_as_may_be(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "api.corp.example", "ANY",
		  "NOERROR; api.corp.example. 3600 HINFO \"RFC8482\" \"\"" },
		{ __LINE__, "www.corp.example", "ANY",
		  "NOERROR; www.corp.example. 60 CNAME api.corp.example." },
		{ __LINE__, "nope.corp.example", "ANY",
		  "NXDOMAIN; authority corp.example. 120 SOA" },
		{ __LINE__, "ent.corp.example", "ANY",
		  "NOERROR; authority corp.example. 120 SOA" },
	};

	(void)state;
	answer_rows(rows, COUNT_OF(rows));
}

static void
transfers_and_other_classes_are_refused(void **state)
{
	static const struct {
		int line;
		const char *type;
		uint16_t klass;
	} rows[] = {
		{ __LINE__, "AXFR", CLASS_IN },	    { __LINE__, "IXFR", CLASS_IN },
		{ __LINE__, "TSIG", CLASS_IN },	    { __LINE__, "OPT", CLASS_IN },
		{ __LINE__, "TXT", CLASS_CH },	    { __LINE__, "A", CLASS_ANY },
		{ __LINE__, "A", CLASS_NONE },
	};
	struct world w = { 0 };
	char text[256];

	(void)state;
	world_load(&w, estate);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct wire_ask ask = { .udp_size = 1232, .klass = rows[i].klass };

		row_string(rows[i].line,
			   world_query(&w, 0, "api.corp.example", rows[i].type, &ask, text,
				       sizeof(text)),
			   "REFUSED");
	}
	world_end(&w);
}

static void
each_network_has_its_own_view(void **state)
{
	struct wire_ask ask = { .udp_size = 1232 };
	struct world w = { 0 };
	char text[256];

	(void)state;
	world_load(&w, estate);
	assert_string_equal(world_query(&w, 1, "api.corp.example", "A", &ask, text, sizeof(text)),
			    "SERVFAIL; ede 22 no internet resolver configured");
	world_end(&w);
}

/* What rr-dc's target is made to have said about www.dc.example A. */
static const struct cached *
landed(struct world *w, const char *const *records, uint16_t rcode, struct ask *ask)
{
	static _Alignas(8) uint8_t room[CACHED_MAX_OCTETS];
	struct name name = wire_name("www.dc.example", NULL);
	struct name domain = wire_name("dc.example", NULL);
	uint8_t packet[2048];
	struct writer out = writer_over(packet, sizeof(packet));
	uint16_t got;

	*ask = (struct ask){ .upstream = snapshot_rule(w->snap, 0)->identity, .type = TYPE_A,
			     .klass = CLASS_IN, .name = name };
	writer_u16(&out, 77);
	writer_u16(&out, (uint16_t)(MSG_QR | MSG_RD | MSG_RA | rcode));
	writer_u16(&out, 1);
	writer_u16(&out, 0);
	writer_u32(&out, 0);
	writer_bytes(&out, name.wire, name.len);
	writer_u32(&out, TYPE_A << 16 | CLASS_IN);
	for (; *records; records++)
		if (strncmp(*records, "authority ", 10) == 0)
			wire_append(&out, SECTION_AUTHORITY, *records + 10);
		else
			wire_append(&out, SECTION_ANSWER, *records);
	assert_int_equal(reply_read(packet, out.len,
				    &(struct reply_expected){ .ask = ask, .id = 77,
							      .asked = name.wire,
							      .domain = domain.wire },
				    (struct cached *)(void *)room, &got),
			 REPLY_ANSWER);
	cache_put(w->resolver.cache, ask, (struct cached *)(void *)room, w->now_ms);
	return (struct cached *)(void *)room;
}

static void
a_cached_chain_serves_as_far_as_it_stays_with_its_upstream(void **state)
{
	static const struct {
		int line;
		const char *name;
		uint16_t rcode;
		const char *records[5];
		const char *want;
	} rows[] = {
		{ __LINE__, "to-dc.corp.example", RCODE_NOERROR,
		  { "www.dc.example. 20 A 192.168.1.1" },
		  "NOERROR; to-dc.corp.example. 60 CNAME www.dc.example.; "
		  "www.dc.example. 20 A 192.168.1.1" },
		{ __LINE__, "www.dc.example", RCODE_NOERROR,
		  { "www.dc.example. 20 CNAME a.dc.example.", "a.dc.example. 15 A 192.168.1.2" },
		  "NOERROR; www.dc.example. 15 CNAME a.dc.example.; "
		  "a.dc.example. 15 A 192.168.1.2" },
		/* its tail is a zone of ours: what the upstream said about it is not used */
		{ __LINE__, "www.dc.example", RCODE_NOERROR,
		  { "www.dc.example. 20 CNAME api.corp.example.",
		    "api.corp.example. 20 A 6.6.6.6" },
		  "NOERROR; www.dc.example. 20 CNAME api.corp.example.; "
		  "api.corp.example. 30 A 10.0.0.2" },
		{ __LINE__, "www.dc.example", RCODE_NXDOMAIN,
		  { "www.dc.example. 20 CNAME api.corp.example.",
		    "authority corp.example. 20 SOA a. b. 1 2 3 4 5" },
		  "NOERROR; www.dc.example. 20 CNAME api.corp.example.; "
		  "api.corp.example. 30 A 10.0.0.2" },
		/* the tail has to be asked about */
		{ __LINE__, "www.dc.example", RCODE_NOERROR,
		  { "www.dc.example. 20 CNAME a.dc.example." },
		  "wait" },
		{ __LINE__, "www.dc.example", RCODE_NXDOMAIN,
		  { "www.dc.example. 20 CNAME a.dc.example.",
		    "authority dc.example. 20 SOA a. b. 1 2 3 4 15" },
		  "NXDOMAIN; www.dc.example. 15 CNAME a.dc.example.; "
		  "authority dc.example. 15 SOA" },
		{ __LINE__, "www.dc.example", RCODE_NOERROR,
		  { "www.dc.example. 20 CNAME a.dc.example.",
		    "authority dc.example. 20 SOA a. b. 1 2 3 4 15" },
		  "NOERROR; www.dc.example. 15 CNAME a.dc.example.; "
		  "authority dc.example. 15 SOA" },
		{ __LINE__, "www.dc.example", RCODE_NOERROR,
		  { "www.dc.example. 20 CNAME to-dc.corp.example." },
		  "SERVFAIL; ede 0 CNAME loop" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct wire_ask plain = { 0 };
		struct world w = { 0 };
		char text[1024];
		struct ask ask;

		world_load(&w, estate);
		plain.udp_size = 1232;
		landed(&w, rows[i].records, rows[i].rcode, &ask);
		row_string(rows[i].line,
			   world_query(&w, 0, rows[i].name, "A", &plain, text, sizeof(text)),
			   rows[i].want);
		world_end(&w);
	}
}

static void
a_target_routed_elsewhere_in_this_view_cuts_a_cached_chain(void **state)
{
	static const char *const records[] = { "www.dc.example. 20 CNAME a.pub.dc.example.",
					       "a.pub.dc.example. 20 A 6.6.6.6", NULL };
	struct world w = { 0 };
	char text[1024];
	struct ask ask;

	(void)state;
	world_load(&w, "vpc hub 10.0.0.0/16 eu-west-1\n"
		       "zone Z pub.dc.example hub\n"
		       "a 60 A 10.0.0.9\n"
		       "forward rr-dc dc.example hub 192.168.0.53\n"
		       "listen 5300 hub\n");
	landed(&w, records, RCODE_NOERROR, &ask);
	assert_string_equal(world_ask(&w, "www.dc.example", "A", text, sizeof(text)),
			    "NOERROR; www.dc.example. 20 CNAME a.pub.dc.example.; "
			    "a.pub.dc.example. 60 A 10.0.0.9");
	world_end(&w);
}

static void
a_target_under_a_deeper_rule_cuts_a_cached_chain(void **state)
{
	static const char *const records[] = { "www.dc.example. 20 CNAME a.lab.dc.example.",
					       "a.lab.dc.example. 20 A 6.6.6.6", NULL };
	struct world w = { 0 };
	char text[1024];
	struct ask ask;

	(void)state;
	world_load(&w, "vpc hub 10.0.0.0/16 eu-west-1\n"
		       "forward rr-dc dc.example hub 192.168.0.53\n"
		       "forward rr-lab lab.dc.example hub 192.168.1.53\n"
		       "listen 5300 hub\n");
	landed(&w, records, RCODE_NOERROR, &ask);
	assert_string_equal(world_ask(&w, "www.dc.example", "A", text, sizeof(text)), "wait");
	world_end(&w);
}

static void
an_alias_to_what_an_upstream_knows_is_renamed(void **state)
{
	static const char *const records[] = { "www.dc.example. 20 CNAME a.dc.example.",
					       "a.dc.example. 50 A 192.168.1.1", NULL };
	struct world w = { 0 };
	char text[1024];
	struct ask ask;

	(void)state;
	world_load(&w, "vpc hub 10.0.0.0/16 eu-west-1\n"
		       "zone Z corp.example hub\n"
		       "alias lb A www.dc.example. Z32O12XQLNTSW2\n"
		       "forward rr-dc dc.example hub 192.168.0.53\n"
		       "listen 5300 hub\n");
	landed(&w, records, RCODE_NOERROR, &ask);
	assert_string_equal(world_ask(&w, "lb.corp.example", "A", text, sizeof(text)),
			    "NOERROR; lb.corp.example. 20 A 192.168.1.1");
	world_end(&w);
}

static void
the_ttl_of_a_target_outside_the_zone_is_a_minute_at_most(void **state)
{
	static const char *const records[] = { "www.dc.example. 300 A 192.168.1.1", NULL };
	struct world w = { 0 };
	char text[1024];
	struct ask ask;

	(void)state;
	world_load(&w, "vpc hub 10.0.0.0/16 eu-west-1\n"
		       "zone Z corp.example hub\n"
		       "alias lb A www.dc.example. Z32O12XQLNTSW2\n"
		       "alias by A lb Z\n"
		       "host 300 A 10.0.0.1\n"
		       "alias inside A host Z\n"
		       "forward rr-dc dc.example hub 192.168.0.53\n"
		       "listen 5300 hub\n");
	landed(&w, records, RCODE_NOERROR, &ask);
	assert_string_equal(world_ask(&w, "lb.corp.example", "A", text, sizeof(text)),
			    "NOERROR; lb.corp.example. 60 A 192.168.1.1");
	assert_string_equal(world_ask(&w, "by.corp.example", "A", text, sizeof(text)),
			    "NOERROR; by.corp.example. 60 A 192.168.1.1");
	assert_string_equal(world_ask(&w, "inside.corp.example", "A", text, sizeof(text)),
			    "NOERROR; inside.corp.example. 300 A 10.0.0.1");
	world_end(&w);
}

static void
a_landed_answer_serves_though_the_cache_has_forgotten_it(void **state)
{
	static const char *const records[] = { "www.dc.example. 0 A 192.168.1.1", NULL };
	struct name name = wire_name("www.dc.example", NULL);
	uint8_t wire[NAME_MAX_OCTETS + 4];
	struct answer answer;
	struct world w = { 0 };
	struct question q;
	struct chase chase;
	struct ask ask, again;

	(void)state;
	world_load(&w, estate);
	w.resolver.landed = landed(&w, records, RCODE_NOERROR, &ask);
	w.resolver.landed_ask = &ask;
	cache_flush(w.resolver.cache, name.wire, false);
	question_make(&name, TYPE_A, &q, wire);
	chase_init(&chase, &w.resolver, snapshot_find_network(w.snap, "hub"), 100000);
	assert_int_equal(chase_question(&chase, &q, &answer, &again), CHASE_ANSWERED);
	assert_int_equal(answer.count, 1);
	assert_int_equal(answer.items[0].ttl_s, 0);

	chase.landed_ask = NULL;
	assert_int_equal(chase_question(&chase, &q, &answer, &again), CHASE_ASK);
	assert_true(ask_equal(&ask, &again));
	world_end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cnames_are_followed_inside_the_view),
		cmocka_unit_test(the_rcode_and_soa_speak_of_the_last_name),
		cmocka_unit_test(a_chain_that_does_not_end_is_servfail),
		cmocka_unit_test(dname_moves_what_is_below_it),
		cmocka_unit_test(a_name_too_long_to_substitute_is_yxdomain),
		cmocka_unit_test(an_alias_shows_the_targets_records_under_its_own_name),
		cmocka_unit_test(routing_policies_choose_on_the_way),
		cmocka_unit_test(place_and_health_choose_on_the_way),
		cmocka_unit_test(records_of_a_zone_come_in_any_order),
		cmocka_unit_test(any_gets_as_little_as_may_be),
		cmocka_unit_test(transfers_and_other_classes_are_refused),
		cmocka_unit_test(each_network_has_its_own_view),
		cmocka_unit_test(a_cached_chain_serves_as_far_as_it_stays_with_its_upstream),
		cmocka_unit_test(a_target_routed_elsewhere_in_this_view_cuts_a_cached_chain),
		cmocka_unit_test(a_target_under_a_deeper_rule_cuts_a_cached_chain),
		cmocka_unit_test(an_alias_to_what_an_upstream_knows_is_renamed),
		cmocka_unit_test(the_ttl_of_a_target_outside_the_zone_is_a_minute_at_most),
		cmocka_unit_test(a_landed_answer_serves_though_the_cache_has_forgotten_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
