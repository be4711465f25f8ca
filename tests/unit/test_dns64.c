#include "engine/dns64.h"

#include "unit/unit.h"
#include "unit/world.h"

static const char estate[] =
	"vpc hub 10.0.0.0/16 eu-west-1\n"
	"vpc app 10.1.0.0/16 eu-west-1\n"
	"dns64 hub\n"
	"inbound with app\n"
	"inbound without hub\n"
	"dns64 with\n"
	"zone Z-corp corp.example hub,app\n"
	"@ 300 SOA ns host 1 7200 900 1209600 120\n"
	"v4 60 A 10.0.0.1\n"
	"v4 60 A 198.51.100.1\n"
	"long 6000 A 10.0.0.2\n"
	"both 60 A 10.0.0.3\n"
	"both 60 AAAA 2001:db8::1\n"
	"mapped 60 A 10.0.0.4\n"
	"mapped 60 AAAA ::ffff:10.0.0.4\n"
	"mixed 60 AAAA ::ffff:10.0.0.5\n"
	"mixed 60 AAAA 2001:db8::2\n"
	"mixed 60 AAAA ::ffff:10.0.0.6\n"
	"www 90 CNAME v4\n"
	"txt 60 TXT text\n"
	"dead 60 CNAME nothing\n"
	"loop 60 CNAME loop\n"
	"alias al A v4 Z-corp\n"
	"zone Z-rev 0.10.in-addr.arpa hub\n"
	"1.0 60 PTR v4.corp.example.\n"
	"listen 5300 hub\n"
	"listen 5301 app\n"
	"listen 5302 with\n"
	"listen 5303 without\n";

#define SYNTHESISED						\
	"NOERROR; v4.corp.example. 60 AAAA 64:ff9b::a00:1; "	\
	"v4.corp.example. 60 AAAA 64:ff9b::c633:6401"
#define NOTHING "NOERROR; authority corp.example. 120 SOA"

static void
what_has_no_aaaa_gets_what_its_a_make(void **state)
{
	static const struct {
		int line;
		const char *name, *type, *want;
	} rows[] = {
		{ __LINE__, "v4.corp.example", "AAAA", SYNTHESISED },
		{ __LINE__, "v4.corp.example", "A",
		  "NOERROR; v4.corp.example. 60 A 10.0.0.1; v4.corp.example. 60 A 198.51.100.1" },
		{ __LINE__, "both.corp.example", "AAAA",
		  "NOERROR; both.corp.example. 60 AAAA 2001:db8::1" },
		/* not above the TTL of the SOA that said there is none (5.1.7) */
		{ __LINE__, "long.corp.example", "AAAA",
		  "NOERROR; long.corp.example. 120 AAAA 64:ff9b::a00:2" },
		/* excluded addresses count as none (5.1.4) */
		{ __LINE__, "mapped.corp.example", "AAAA",
		  "NOERROR; mapped.corp.example. 60 AAAA 64:ff9b::a00:4" },
		{ __LINE__, "mixed.corp.example", "AAAA",
		  "NOERROR; mixed.corp.example. 60 AAAA 2001:db8::2" },
		/* the chain is kept (5.1.5) */
		{ __LINE__, "www.corp.example", "AAAA",
		  "NOERROR; www.corp.example. 90 CNAME v4.corp.example.; "
		  "v4.corp.example. 60 AAAA 64:ff9b::a00:1; "
		  "v4.corp.example. 60 AAAA 64:ff9b::c633:6401" },
		{ __LINE__, "al.corp.example", "AAAA",
		  "NOERROR; al.corp.example. 60 AAAA 64:ff9b::a00:1; "
		  "al.corp.example. 60 AAAA 64:ff9b::c633:6401" },
		/* nothing to make it of: what the A question gets */
		{ __LINE__, "txt.corp.example", "AAAA", NOTHING },
		{ __LINE__, "none.corp.example", "AAAA",
		  "NXDOMAIN; authority corp.example. 120 SOA" },
		{ __LINE__, "dead.corp.example", "AAAA",
		  "NXDOMAIN; dead.corp.example. 60 CNAME nothing.corp.example.; "
		  "authority corp.example. 120 SOA" },
		{ __LINE__, "loop.corp.example", "AAAA", "SERVFAIL; ede 0 CNAME loop" },
		/* autodefined names are no exception */
		{ __LINE__, "ip-10-0-0-9.eu-west-1.compute.internal", "AAAA",
		  "NOERROR; ip-10-0-0-9.eu-west-1.compute.internal. 60 AAAA 64:ff9b::a00:9" },
		{ __LINE__, "localhost", "AAAA", "NOERROR; localhost. 60 AAAA ::1" },
		/* a reverse name of the prefix is that of the IPv4 address (5.3.1) */
		{ __LINE__, "1.0.0.0.0.0.a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.b.9.f.f.4.6.0.0"
			    ".ip6.arpa", "PTR",
		  "NOERROR; 1.0.0.0.0.0.a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.b.9.f.f.4.6.0.0"
		  ".ip6.arpa. 600 CNAME 1.0.0.10.in-addr.arpa.; "
		  "1.0.0.10.in-addr.arpa. 60 PTR v4.corp.example." },
		{ __LINE__, "1.0.0.0.0.0.a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.b.9.f.f.4.6.0.0"
			    ".ip6.arpa", "TXT",
		  "SERVFAIL; ede 22 no internet resolver configured" },
		{ __LINE__, "1.0.0.0.0.0.a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.c.9.f.f.4.6.0.0"
			    ".ip6.arpa", "PTR",
		  "SERVFAIL; ede 22 no internet resolver configured" },
	};
	struct world w = { 0 };
	char text[4096];

	(void)state;
	world_load(&w, estate);
	w.resolver.random = NULL;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		row_string(rows[i].line,
			   world_ask(&w, rows[i].name, rows[i].type, text, sizeof(text)),
			   rows[i].want);
	world_end(&w);
}

static void
an_endpoint_says_itself_whether_it_has_dns64(void **state)
{
	static const struct {
		int line;
		uint32_t listener;
		const char *want;
	} rows[] = {
		{ __LINE__, 0, SYNTHESISED },	/* in a VPC with DNS64 */
		{ __LINE__, 1, NOTHING },	/* in one without */
		{ __LINE__, 2, SYNTHESISED },	/* through an endpoint with it, in that VPC */
		{ __LINE__, 3, NOTHING },	/* without it, in the first */
	};
	struct wire_ask ask = { .udp_size = 1232 };
	struct world w = { 0 };
	char text[4096];

	(void)state;
	world_load(&w, estate);
	w.resolver.random = NULL;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		row_string(rows[i].line,
			   world_query(&w, rows[i].listener, "v4.corp.example", "AAAA", &ask,
				       text, sizeof(text)), rows[i].want);
	world_end(&w);
}

static void
who_validates_by_himself_gets_no_synthesis(void **state)
{
	static const struct {
		int line;
		bool dnssec_ok;
		uint16_t flags;
		bool wanted;
	} rows[] = {
		{ __LINE__, false, 0, true },
		{ __LINE__, true, 0, true },
		{ __LINE__, false, MSG_CD, true },
		{ __LINE__, true, MSG_CD, false },
	};
	struct answer nodata;

	(void)state;
	answer_init(&nodata);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct question q = {
			.type = TYPE_AAAA, .klass = CLASS_IN,
			.header.flags = rows[i].flags, .edns.dnssec_ok = rows[i].dnssec_ok,
		};

		row_int(rows[i].line, dns64_is_wanted(&q, &nodata), rows[i].wanted);
	}
}

static void
without_an_soa_ten_minutes_are_the_most(void **state)
{
	struct answer nodata;

	(void)state;
	answer_init(&nodata);
	assert_int_equal(dns64_ttl(&nodata), 600);
	assert_true(answer_add(&nodata, SECTION_AUTHORITY, (struct rrset){ .type = TYPE_SOA },
			       77));
	assert_int_equal(dns64_ttl(&nodata), 77);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_has_no_aaaa_gets_what_its_a_make),
		cmocka_unit_test(an_endpoint_says_itself_whether_it_has_dns64),
		cmocka_unit_test(who_validates_by_himself_gets_no_synthesis),
		cmocka_unit_test(without_an_soa_ten_minutes_are_the_most),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
