#include "load/octodns.h"

#include "base/bytes.h"
#include "unit/onprem.h"

#define ZONE "site dc:; zone corp.example.: dc"

static const struct onprem_row rows[] = {
	{ __LINE__, "www: {type: A, value: 10.0.0.1}\n", "",
	  ZONE ", www.corp.example. 3600 A 10.0.0.1; " },
	{ __LINE__, "'': {type: A, ttl: 60, values: [10.0.0.1, 10.0.0.2]}\n", "",
	  ZONE ", corp.example. 60 A 10.0.0.1 10.0.0.2; " },
	{ __LINE__, "'*.app':\n  - {type: A, value: 10.0.0.1, lenient: true}\n"
	  "  - {type: AAAA, value: 'fd00::1', octodns: {ignored: false}}\n", "",
	  ZONE ", *.app.corp.example. 3600 A 10.0.0.1, *.app.corp.example. 3600 AAAA fd00::1; " },
	{ __LINE__, "a: {type: CNAME, value: b.corp.example.}\n", "",
	  ZONE ", a.corp.example. 3600 CNAME b.corp.example.; " },
	{ __LINE__, "m: {type: MX, values: [{preference: 10, exchange: a.b.}, "
	  "{priority: 20, value: c.d.}]}\n", "",
	  ZONE ", m.corp.example. 3600 MX 10 a.b. 20 c.d.; " },
	{ __LINE__, "_sip._tcp: {type: SRV, value: {priority: 1, weight: 2, port: 5060, "
	  "target: s.b.}}\n", "", ZONE ", _sip._tcp.corp.example. 3600 SRV 1 2 5060 s.b.; " },
	{ __LINE__, "n: {type: NAPTR, value: {order: 1, preference: 2, flags: S, service: SIP+D2U, "
	  "regexp: '', replacement: r.b.}}\n", "",
	  ZONE ", n.corp.example. 3600 NAPTR 1 2 \"S\" \"SIP+D2U\" \"\" r.b.; " },
	{ __LINE__, "c: {type: CAA, value: {tag: issue, value: ca.b}}\n", "",
	  ZONE ", c.corp.example. 3600 CAA 0 issue \"ca.b\"; " },
	{ __LINE__, "s: {type: SSHFP, value: {algorithm: 1, fingerprint_type: 1, fingerprint: "
	  "7491973e5f8b39d5327cd4e08bc81b05f7710b49}}\n", "",
	  ZONE ", s.corp.example. 3600 SSHFP 1 1 7491973e5f8b39d5327cd4e08bc81b05f7710b49; " },
	{ __LINE__, "t: {type: TXT, values: ['k=a\\;b', 'say \"x\"', '\"a\" \"b\"']}\n", "",
	  ZONE ", t.corp.example. 3600 TXT \"k=a;b\" \"say \\\"x\\\"\" \"a\" \"b\"; " },
	/* what is not in the model: the plain values count */
	{ __LINE__, "g: {type: A, value: 10.0.0.1, geo: {EU: [10.0.0.2]}}\n", "CFG006 ",
	  ZONE ", g.corp.example. 3600 A 10.0.0.1; " },
	{ __LINE__, "'': {type: ALIAS, value: www.corp.example.}\n", "CFG006 ", ZONE "; " },
	{ __LINE__, "u: {type: URLFWD, value: {path: /}}\n", "CFG006 ", ZONE "; " },
	/* mistakes */
	{ __LINE__, "m: {type: MX, value: 10 a.b.}\n", "syntax ", ZONE "; " },
	{ __LINE__, "m: {type: MX, value: {preference: 10}}\n", "syntax ", ZONE "; " },
	{ __LINE__, "a: {type: A}\n", "syntax ", ZONE "; " },
	{ __LINE__, "a: {value: 10.0.0.1}\n", "syntax ", ZONE "; " },
	{ __LINE__, "a: {type: A, value: 10.0.0.256}\n", "bad-data ", ZONE "; " },
	{ __LINE__, "- a\n", "syntax ", "site dc:; " },
};

static void
records_become_those_of_a_zone(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		onprem_check("octodns", "corp.example.yaml", NULL, &rows[i]);
}

static void
a_zone_is_told_by_its_name_and_records(void **state)
{
	static const struct { const char *name, *text; bool is; } files_of[] = {
		{ "corp.example.yaml", "www: {type: A, value: 10.0.0.1}\n", true },
		{ "corp.example.yaml", "www:\n  type: CNAME\n  values: [a.]\n", true },
		{ "corp.yaml", "www: {type: A, value: 10.0.0.1}\n", false },
		{ "corp.example.yaml", "spec: {type: ClusterIP, value: 1}\n", false },
		{ "corp.example.yaml", "hosted_zones: [{record_sets: [{type: A, values: [a]}]}]\n",
		  false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(files_of); i++) {
		struct files files;

		assert_true(files_init(&files));
		assert_true(files_write(&files, files_of[i].name, files_of[i].text));
		assert_int_equal(octodns_is(files_path(&files, files_of[i].name)), files_of[i].is);
		assert_int_equal(octodns_is(files.folder), files_of[i].is);
		files_fini(&files);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_become_those_of_a_zone),
		cmocka_unit_test(a_zone_is_told_by_its_name_and_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
