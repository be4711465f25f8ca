/*
 * The rules about records and delegations: what each says about a small estate, alone.
 */
#include "unit/unit.h"

#include "lint/adopt.h"
#include "unit/judged.h"

/* What one check makes of an estate; the others are not run. */
struct judgement {
	int line;
	const char *code;
	const char *estate;
	size_t findings;
};

#define NETWORKS "vpc app 10.1.0.0/16 eu-west-1\nvpc data 10.2.0.0/16 eu-west-1\n"
#define ZONE	 NETWORKS "zone Z corp.example app\nwww 60 A 10.1.0.1\n"
#define BOTH	 NETWORKS "zone Z corp.example app,data\nwww 60 A 10.1.0.1\n"
#define CHILD	 "zone C eu.corp.example app\nx 60 A 10.1.5.1\n"
#define ORPHAN	 NETWORKS "zone Z corp.example -\nwww 60 A 10.1.0.1\n"

static const struct judgement ways[] = {
	{ __LINE__, "REC701", ZONE "a 60 CNAME gone\n", 1 },
	{ __LINE__, "REC701", ZONE "a 60 CNAME www\nb 60 CNAME gone.example.\n", 0 },
	/* a wildcard gives it; a name exists because of others below it */
	{ __LINE__, "REC701", ZONE "*.w 60 A 10.1.0.2\na 60 CNAME x.w\nb 60 CNAME w\n", 0 },
	{ __LINE__, "REC701", ZONE "*.w 60 A 10.1.0.2\nx.y.w 60 A 10.1.0.2\na 60 CNAME y.w\n"
	  "b 60 CNAME z.y.w\n", 1 },
	/* the wildcard itself leads nowhere */
	{ __LINE__, "REC701", ZONE "*.w 60 CNAME gone\n", 1 },
	/* a longer zone or a rule has the target */
	{ __LINE__, "REC701", ZONE "a 60 CNAME x.eu\n" CHILD, 0 },
	{ __LINE__, "REC701", ZONE "a 60 CNAME x.dc\n"
	  "forward R dc.corp.example app 192.168.0.1\n", 0 },
	/* in one of two networks: for those who compare them */
	{ __LINE__, "REC701", BOTH "a 60 CNAME x.eu\n" CHILD, 0 },
	{ __LINE__, "REC701", BOTH "a 60 CNAME gone\n" CHILD, 1 },
	{ __LINE__, "REC701", ORPHAN "a 60 CNAME gone\n", 1 },
	/* one of a group */
	{ __LINE__, "REC701", ZONE "a 60 CNAME www { weighted 1 x }\n"
	  "a 60 CNAME gone { weighted 1 y }\n", 1 },
	/* below a delegation nobody knows; REC714 has the lost dot */
	{ __LINE__, "REC701", ZONE "eu 60 NS ns.far.test.\na 60 CNAME x.eu\n", 0 },
	{ __LINE__, "REC701", ZONE "a 60 CNAME www.corp.example\n", 0 },
	{ __LINE__, "REC714", ZONE "a 60 CNAME www.corp.example\n", 1 },
	{ __LINE__, "REC714", ZONE "a 60 CNAME www.corp.example.\n", 0 },
	{ __LINE__, "REC714", ZONE "a 60 MX 10 www.corp.example\n", 1 },
	{ __LINE__, "REC714", ZONE "www.corp.example 60 A 10.1.0.2\na 60 CNAME www.corp.example\n",
	  0 },

	{ __LINE__, "REC703", ZONE "a 60 CNAME a\n", 1 },
	{ __LINE__, "REC703", ZONE "a 60 CNAME b\nb 60 CNAME c\nc 60 CNAME a\n", 1 },
	{ __LINE__, "REC703", ZONE "a 60 CNAME b\nb 60 CNAME c\nc 60 CNAME www\n", 0 },
	/* those that lead into the circle are not part of it */
	{ __LINE__, "REC703", ZONE "x 60 CNAME a\ny 60 CNAME x\na 60 CNAME b\nb 60 CNAME a\n", 1 },
	{ __LINE__, "REC703", ZONE "*.w 60 CNAME x.w\n", 1 },
	{ __LINE__, "REC703", ZONE "*.w 60 CNAME x.w\nx.w 60 A 10.1.0.2\n", 0 },
	{ __LINE__, "REC703", ZONE "alias a A b Z\nalias b A a Z\n", 1 },
	{ __LINE__, "REC703", ZONE "alias a A b Z\nalias b AAAA a Z\n", 0 },
	{ __LINE__, "REC703", ZONE "a 60 CNAME www { weighted 1 x }\n"
	  "a 60 CNAME b { weighted 1 y }\nb 60 CNAME a\n", 1 },
	/* a longer zone breaks it; in data it stays */
	{ __LINE__, "REC703", ZONE "a 60 CNAME x.eu\nx.eu 60 CNAME a\n" CHILD, 0 },
	{ __LINE__, "REC703", BOTH "a 60 CNAME x.eu\nx.eu 60 CNAME a\n" CHILD, 1 },

	{ __LINE__, "REC704", ZONE "a 60 CNAME b\nb 60 CNAME c\nc 60 CNAME d\nd 60 CNAME e\n"
	  "e 60 CNAME f\nf 60 CNAME g\ng 60 CNAME h\nh 60 CNAME www\n", 0 },
	{ __LINE__, "REC704", ZONE "a 60 CNAME b\nb 60 CNAME c\nc 60 CNAME d\nd 60 CNAME e\n"
	  "e 60 CNAME f\nf 60 CNAME g\ng 60 CNAME h\nh 60 CNAME i\ni 60 CNAME www\n", 1 },

	{ __LINE__, "REC705", ZONE "alias a A www Z\n", 0 },
	{ __LINE__, "REC705", ZONE "alias a A gone Z\n", 1 },
	{ __LINE__, "REC705", ZONE "alias a AAAA www Z\n", 1 },
	{ __LINE__, "REC705", ZONE "alias a A lb.example. Z32O12XQLNTSW2\n", 0 },
	{ __LINE__, "REC705", ZONE "alias a A lb.example. Z1\n", 1 },
};

static const struct judgement records[] = {
	{ __LINE__, "REC707", ZONE "d 60 DNAME a.example.\n", 0 },
	{ __LINE__, "REC707", ZONE "d 60 DNAME a.example.\nd 60 DNAME b.example.\n", 1 },
	{ __LINE__, "REC707", ZONE "d 60 DNAME a.example.\nd 60 NS ns.far.test.\n", 1 },
	{ __LINE__, "REC707", ZONE "d 60 DNAME a.example.\nx.d 60 A 10.1.0.2\n", 1 },
	{ __LINE__, "REC707", ZONE "d 60 DNAME a.example.\ndd 60 A 10.1.0.2\n", 0 },

	{ __LINE__, "REC711", ZONE "f 60 A 10.1.0.2 { failover primary a }\n", 1 },
	{ __LINE__, "REC711", ZONE "f 60 A 10.1.0.2 { failover secondary a }\n", 1 },
	{ __LINE__, "REC711", ZONE "f 60 A 10.1.0.2 { failover primary a }\n"
	  "f 60 A 10.1.0.3 { failover secondary b }\n", 0 },
	{ __LINE__, "REC711", ZONE "f 60 A 10.1.0.2 { weighted 0 a }\n"
	  "f 60 A 10.1.0.3 { weighted 0 b }\n", 1 },
	{ __LINE__, "REC711", ZONE "f 60 A 10.1.0.2 { weighted 0 a }\n"
	  "f 60 A 10.1.0.3 { weighted 1 b }\n", 0 },

	{ __LINE__, "REC712", ZONE "*.w 60 A 10.1.0.2\n_443._tcp.h.w 60 TXT \"x\"\n", 1 },
	{ __LINE__, "REC712", ZONE "*.w 60 A 10.1.0.2\nh.w 60 TXT \"x\"\ni.w 60 TXT \"x\"\n", 1 },
	{ __LINE__, "REC712", ZONE "*.w 60 A 10.1.0.2\nh.w 60 AAAA ::1\ni.w 60 CNAME www\n", 0 },
	{ __LINE__, "REC712", ZONE "*.w 60 A 10.1.0.2\n_acme.w 60 TXT \"x\"\n", 0 },
	{ __LINE__, "REC712", ZONE "*.w 60 TXT \"w\"\nh.w 60 TXT \"x\"\n", 0 },

	{ __LINE__, "REC713", ZONE "a 0 A 10.1.0.2\nb 0 TXT \"x\"\n", 1 },
	{ __LINE__, "REC713", ZONE "a 86401 A 10.1.0.2\n", 1 },
	{ __LINE__, "REC713", ZONE "a 86400 A 10.1.0.2\nb 604800 TXT \"x\"\n", 0 },

	{ __LINE__, "REC716", ZONE "@ 60 MX 10 www\ns 60 SRV 0 0 0 .\n", 0 },
	{ __LINE__, "REC716", ZONE "c 60 CNAME www\n@ 60 MX 10 c\n", 1 },
	{ __LINE__, "REC716", ZONE "@ 60 MX 10 gone\n", 1 },
	{ __LINE__, "REC716", ZONE "@ 60 MX 10 10.1.0.1.\n", 1 },
	{ __LINE__, "REC716", ZONE "@ 60 MX 10 x.eu\n" CHILD, 0 },
	{ __LINE__, "REC716", BOTH "@ 60 MX 10 x.eu\n" CHILD, 1 },
	{ __LINE__, "REC716", ZONE "c 60 CNAME www\neu 60 NS c\n", 1 },

	{ __LINE__, "REC717", ZONE "my_host 60 A 10.1.0.2\nyour_host 60 A 10.1.0.3\n", 1 },
	{ __LINE__, "REC717", ZONE "gc._msdcs 60 A 10.1.0.2\n_dmarc 60 TXT \"x\"\n", 0 },
};

#define REVERSE "zone R 1.10.in-addr.arpa app\n1.0 60 PTR www.corp.example.\n"

static const struct judgement pointers[] = {
	{ __LINE__, "REC715", ZONE REVERSE, 0 },
	{ __LINE__, "REC715", ZONE REVERSE "2.0 60 PTR www.corp.example.\n", 1 },
	{ __LINE__, "REC715", ZONE REVERSE "2.0 60 PTR gone.corp.example.\n", 1 },
	{ __LINE__, "REC715", ZONE REVERSE "2.0 60 PTR www.far.test.\n", 0 },
	/* addresses without: one finding */
	{ __LINE__, "REC715", ZONE "a 60 A 10.1.0.8\nb 60 A 10.1.0.9\n" REVERSE, 1 },
	{ __LINE__, "REC715", ZONE "a 60 A 10.2.0.8\n" REVERSE, 0 },
	/* the reverse zone is in another network */
	{ __LINE__, "REC715", ZONE "zone R 1.10.in-addr.arpa data\n", 0 },
	/* behind a CNAME anything may be */
	{ __LINE__, "REC715", ZONE "c 60 CNAME far.test.\n" REVERSE "2.0 60 PTR c.corp.example.\n",
	  0 },
	{ __LINE__, "REC715", ZONE "v6 60 AAAA 2001:db8::1\n"
	  "zone R 8.b.d.0.1.0.0.2.ip6.arpa app\n", 1 },
	{ __LINE__, "REC715", ZONE "v6 60 AAAA 2001:db8::1\n"
	  "zone R 8.b.d.0.1.0.0.2.ip6.arpa app\n"
	  "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 60 PTR v6.corp.example.\n", 0 },
};

#define EU    "eu 60 NS ns.eu\nns.eu 60 A 192.168.5.53\n"
#define OUT_EU ZONE EU "delegate R eu.corp.example app\n"

static const struct judgement delegations[] = {
	{ __LINE__, "DEL601", ZONE EU, 1 },
	{ __LINE__, "DEL601", OUT_EU, 0 },
	{ __LINE__, "DEL601", ZONE EU "delegate R us.corp.example app\n", 1 },
	/* nobody meets the delegation */
	{ __LINE__, "DEL601", ZONE EU CHILD, 0 },
	{ __LINE__, "DEL601", ORPHAN EU, 0 },
	/* data does */
	{ __LINE__, "DEL601", BOTH EU CHILD, 1 },
	{ __LINE__, "DEL601", "site dc 10.1.0.0/16\nzone Z corp.example dc\n" EU, 0 },

	{ __LINE__, "DEL602", ZONE EU "zone C eu.corp.example data\nx 60 A 10.1.5.1\n", 0 },
	{ __LINE__, "DEL602", ZONE EU "zone C eu.corp.example data\n@ 60 NS ns\n"
	  "ns 60 A 192.168.5.53\n", 0 },
	{ __LINE__, "DEL602", ZONE EU "zone C eu.corp.example data\n@ 60 NS ns2\n"
	  "ns2 60 A 192.168.5.53\n", 1 },
	{ __LINE__, "DEL602", ZONE EU "zone C eu.corp.example data\n@ 60 NS ns\n"
	  "ns 60 A 192.168.5.54\n", 1 },

	{ __LINE__, "DEL603", ZONE "inbound in-data data 10.2.0.10\neu 60 NS ns.eu\n", 0 },
	{ __LINE__, "DEL603", NETWORKS "inbound in-data data 10.2.0.10\n"
	  "zone Z corp.example app\neu 60 NS ns.eu\nns.eu 60 A 10.2.0.10\n", 1 },
	{ __LINE__, "DEL603", NETWORKS "inbound in-data data 10.2.0.10\n"
	  "zone Z corp.example app\neu 60 NS ns.eu\nns.eu 60 A 10.2.0.10\n"
	  "zone C eu.corp.example data\n", 0 },
	/* a site of which nothing is known */
	{ __LINE__, "DEL603", NETWORKS "site dc 192.168.0.0/16\nservers dc 192.168.5.53\n"
	  "zone Z corp.example app\n" EU, 0 },
	{ __LINE__, "DEL603", NETWORKS "site dc 192.168.0.0/16\nservers dc 192.168.5.53\n"
	  "zone D dc.example dc\nzone Z corp.example app\n" EU, 1 },

	{ __LINE__, "DEL604", OUT_EU, 0 },
	{ __LINE__, "DEL604", ZONE "eu 60 NS ns.eu\n", 1 },
	{ __LINE__, "DEL604", ZONE "eu 60 NS ns.far.test.\nus 60 NS www\n", 0 },
	{ __LINE__, "DEL604", ZONE "eu 60 NS ns\n", 1 },
	{ __LINE__, "DEL604", ZONE "@ 60 NS ns\n", 1 },

	{ __LINE__, "DEL605", ZONE "a 60 NS ns.b\nb 60 NS ns.a\n", 1 },
	{ __LINE__, "DEL605", ZONE "a 60 NS ns.b\nb 60 NS ns.c\nc 60 NS ns.a\n", 1 },
	{ __LINE__, "DEL605", ZONE "a 60 NS ns.b\nb 60 NS ns.a\nns.a 60 A 10.1.0.2\n", 0 },
	{ __LINE__, "DEL605", ZONE "a 60 NS ns.b\nb 60 NS ns.a\nb 60 NS ns.far.test.\n", 0 },
	/* what needs itself is DEL604's; what leads into a circle is none */
	{ __LINE__, "DEL605", ZONE "a 60 NS ns.a\n", 0 },
	{ __LINE__, "DEL605", ZONE "x 60 NS ns.a\na 60 NS ns.b\nb 60 NS ns.a\n", 1 },
	/* by way of another zone */
	{ __LINE__, "DEL605", ZONE "a 60 NS ns.b.other.example.\nzone O other.example app\n"
	  "b 60 NS ns.a.corp.example.\n", 1 },

	{ __LINE__, "DEL606", OUT_EU, 0 },
	{ __LINE__, "DEL606", ZONE EU "x.eu 60 A 10.1.0.2\neu 60 TXT \"x\"\n", 1 },
	{ __LINE__, "DEL606", ZONE EU "a.eu 60 NS ns.far.test.\n", 1 },
	/* the address of another delegation's server */
	{ __LINE__, "DEL606", ZONE EU "us 60 NS b.eu\nb.eu 60 A 10.1.0.2\n", 0 },

	{ __LINE__, "DEL607", OUT_EU, 0 },
	{ __LINE__, "DEL607", ZONE EU "delegate R eu.corp.exmaple app\n", 1 },
	{ __LINE__, "DEL607", ZONE EU "delegate R eu.corp.example data\n", 1 },

	{ __LINE__, "DEL608", "zone P example.com public\nzone C shop.example.com public\n", 1 },
	{ __LINE__, "DEL608", "zone P example.com public\nshop 60 NS ns.far.test.\n"
	  "zone C shop.example.com public\n", 0 },
	/* an upper name is delegated to one we do not know */
	{ __LINE__, "DEL608", "zone P example.com public\nshop 60 NS ns.far.test.\n"
	  "zone C eu.shop.example.com public\n", 0 },
};

static void
judge(const struct judgement *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct judgement *row = &rows[i];
		struct lint_choice choice = {
			.least = SEVERITY_NOTE, .select = &row->code, .select_count = 1,
		};
		struct judged *j = judged_new(row->estate);
		size_t found = 0;

		row_int(row->line, lint_run_chosen(&j->maker.estate, j->snap, &choice, &j->diags),
			OK);
		for (const struct finding *f = j->diags.first; f; f = f->next) {
			row_string(row->line, f->code, row->code);
			found++;
		}
		row_int(row->line, found, row->findings);
		judged_free(j);
	}
}

static void
cnames_and_aliases_are_followed_within_their_zone(void **state)
{
	(void)state;
	judge(ways, COUNT_OF(ways));
}

static void
records_are_looked_at_one_by_one(void **state)
{
	(void)state;
	judge(records, COUNT_OF(records));
}

static void
reverse_zones_and_addresses_are_held_against_each_other(void **state)
{
	(void)state;
	judge(pointers, COUNT_OF(pointers));
}

static void
delegations_are_followed_to_their_servers(void **state)
{
	(void)state;
	judge(delegations, COUNT_OF(delegations));
}

static void
what_the_loader_finds_has_a_code_and_can_be_left_out(void **state)
{
	static const char *const codes[] = { "REC709" };
	struct lint_choice choice = { .ignore = codes, .ignore_count = 1 };
	struct arena arena;
	struct diags diags;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	diag_report(&diags, SEVERITY_WARNING, "out-of-zone", (struct srcloc){ 0 }, "a");
	diag_report(&diags, SEVERITY_ERROR, "out-of-zone", (struct srcloc){ 0 }, "b");
	diag_report(&diags, SEVERITY_WARNING, "syntax", (struct srcloc){ 0 }, "c");
	adopt_findings(&diags);
	assert_string_equal(diags.first->code, "REC709");
	assert_string_equal(diags.first->name, "out-of-zone");

	adopt_choose(&diags, &choice);
	assert_string_equal(diags.first->message, "b");
	assert_string_equal(diags.first->next->message, "c");
	assert_int_equal(diags.errors, 1);
	assert_int_equal(diags.warnings, 1);
	diag_report(&diags, SEVERITY_NOTE, "syntax", (struct srcloc){ 0 }, "d");
	assert_string_equal(diags.first->next->next->message, "d");
	arena_fini(&arena);
}

/* Something for each rule. */
static const char everything[] =
	BOTH EU CHILD REVERSE "5.0 60 PTR gone.corp.example.\n"
	"zone Y crowd.example app\n"
	"a 60 CNAME gone\nl 60 CNAME m\nm 60 CNAME l\nd 60 DNAME a.example.\nx.d 60 A 10.1.0.2\n"
	"c1 60 CNAME c2\nc2 60 CNAME c3\nc3 60 CNAME c4\nc4 60 CNAME c5\nc5 60 CNAME c6\n"
	"c6 60 CNAME c7\nc7 60 CNAME c8\nc8 60 CNAME c9\nc9 60 CNAME h\nalias al A gone Y\n"
	"f 60 A 10.1.0.2 { failover primary a }\n*.w 60 A 10.1.0.2\n_443._tcp.h.w 60 TXT \"x\"\n"
	"h 0 A 10.1.0.3\nlong 604800 A 10.1.0.4\nr 60 CNAME h.crowd.example\n@ 60 MX 10 c1\n"
	"my_host 60 A 10.1.0.5\np 60 NS ns.q\nq 60 NS ns.p\nx.p 60 A 10.1.0.6\n"
	"delegate R nowhere.example app\n"
	"zone P example.com public\nzone S shop.example.com public\n";

static const char *const families[] = { "REC", "DEL" };

/** The run's memory is bounded as the estate's is: each bound ends in OK or ERR_NOMEM. */
static void
a_run_out_of_memory_says_so(void **state)
{
	const struct lint_choice choice = {
		.least = SEVERITY_NOTE, .select = families, .select_count = COUNT_OF(families),
	};
	struct judged *j = judged_new(everything);
	enum status status = ERR_NOMEM;
	size_t starved = 0, all;

	(void)state;
	assert_int_equal(lint_run_chosen(&j->maker.estate, j->snap, &choice, &j->diags), OK);
	all = j->diags.errors + j->diags.warnings + j->diags.notes;
	assert_true(all > 20);
	for (size_t limit = 0; status != OK; limit += 96) {
		struct arena arena;
		struct diags diags;

		assert_true(limit < 1 << 20);
		arena_init(&arena, SIZE_MAX);
		diags_init(&diags, &arena, 0);
		j->maker.estate.arena.limit = limit;
		status = lint_run_chosen(&j->maker.estate, j->snap, &choice, &diags);
		assert_true(status == OK || status == ERR_NOMEM);
		starved += status == ERR_NOMEM;
		if (status == OK)
			assert_int_equal(diags.errors + diags.warnings + diags.notes, all);
		arena_fini(&arena);
	}
	assert_true(starved > 50);
	judged_free(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cnames_and_aliases_are_followed_within_their_zone),
		cmocka_unit_test(records_are_looked_at_one_by_one),
		cmocka_unit_test(reverse_zones_and_addresses_are_held_against_each_other),
		cmocka_unit_test(delegations_are_followed_to_their_servers),
		cmocka_unit_test(a_run_out_of_memory_says_so),
		cmocka_unit_test(what_the_loader_finds_has_a_code_and_can_be_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
