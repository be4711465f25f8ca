#include "load/corefile.h"

#include "base/bytes.h"
#include "unit/onprem.h"

static const struct onprem_beside beside[] = {
	{ "zones/db.corp", "$TTL 60\n@ SOA ns. root. 1 2 3 4 5\n" },
	{ "hosts", "10.0.0.1 www.corp.example\n" },
	{ "more.conf", "a { forward . 10.0.0.1\n}\n" },
	{ "more/x.conf", "a {\n forward . 10.0.0.1\n}\n" },
	{ "plain.conf", "forward . 10.0.0.2\n" },
	{ "ring.conf", "import ring.conf\n" },
	{ "resolv.conf", "nameserver 10.0.0.53\n" },
	{ 0 },
};

#define SITE	"site dc:; "

static const struct onprem_row rows[] = {
	/* forward */
	{ __LINE__, "corp.example {\n forward . 10.0.0.1 10.0.0.2:54\n}\n", "",
	  SITE "forward corp.example.: dc 10.0.0.1 10.0.0.2:54; " },
	{ __LINE__, ".:53 {\n forward a.b [fd00::1]:54 fd00::2 {\n policy sequential\n }\n}\n", "",
	  SITE "forward a.b.: dc [fd00::1]:54 fd00::2 ordered; " },
	{ __LINE__, "b {\n forward a.b 10.0.0.1\n forward c 10.0.0.1\n}\n", "",
	  SITE "forward a.b.: dc 10.0.0.1; " },
	{ __LINE__, ". {\n forward . tls://10.0.0.1%ns.example tls://10.0.0.2 {\n"
	  " tls_servername x.example\n }\n}\n", "not-yet not-yet ",
	  SITE "forward .: dc 10.0.0.1:853 10.0.0.2:853; " },
	{ __LINE__, ". {\n forward . /etc/resolv.conf\n}\n", "", SITE "forward .: dc 10.0.0.53; " },
	{ __LINE__, ". {\n forward . 10.0.0.1 {\n except a b\n }\n}\n", "",
	  SITE "forward .: dc 10.0.0.1; system a.: dc; system b.: dc; " },
	{ __LINE__, "a, b c {\n forward . 10.0.0.1\n}\n", "",
	  SITE "forward a.: dc 10.0.0.1; forward b.: dc 10.0.0.1; forward c.: dc 10.0.0.1; " },
	{ __LINE__, "10.0.0.0/16 {\n forward . 10.0.0.1\n}\n", "",
	  SITE "forward 0.10.in-addr.arpa.: dc 10.0.0.1; " },
	{ __LINE__, "a {\n secondary {\n transfer from 10.0.0.1\n }\n}\n", "",
	  SITE "forward a.: dc 10.0.0.1; " },
	{ __LINE__, "a {\n forward .\n secondary\n}\n", "syntax syntax ", SITE },
	{ __LINE__, "a {\n forward . nobody\n}\n", "bad-address ", SITE "forward a.: dc; " },
	/* ports are sites */
	{ __LINE__, "a:5353 {\n forward . 10.0.0.1\n}\na {\n bind 10.0.0.53 127.0.0.1\n}\n", "",
	  "site dc: at 10.0.0.53; site dc/5353:; forward a.: dc/5353 10.0.0.1; " },
	{ __LINE__, "dns://a:5353 {\n forward . 10.0.0.1\n}\n", "", SITE "forward a.: dc 10.0.0.1; " },
	/* file */
	{ __LINE__, "a b {\n file zones/db.corp\n}\n", "",
	  SITE "zone a.: dc, a. 60 SOA ns. root. 1 2 3 4 5; zone b.: dc, b. 60 SOA ns. root. 1 2 3 4 5; " },
	{ __LINE__, ". {\n root /etc/coredns/zones\n file db.corp a\n forward . 10.0.0.1\n}\n", "",
	  SITE "zone a.: dc, a. 60 SOA ns. root. 1 2 3 4 5; forward .: dc 10.0.0.1; skipped root; " },
	{ __LINE__, "a {\n file zones/db.corp {\n fallthrough\n }\n forward . 10.0.0.1\n}\n", "CFG006 ",
	  SITE "zone a.: dc, a. 60 SOA ns. root. 1 2 3 4 5; skipped forward of \"a\", which is a zone "
	  "here; " },
	/* hosts */
	{ __LINE__, "corp.example {\n hosts /etc/hosts {\n 10.0.0.2 b.corp.example c.other # x\n ttl 60\n"
	  " }\n}\n", "", SITE "zone corp.example.: dc, www.corp.example. 60 A 10.0.0.1, "
	  "b.corp.example. 60 A 10.0.0.2; " },
	{ __LINE__, "a {\n hosts {\n 10.0.0.2 b.a\n fallthrough\n }\n forward . 10.0.0.1\n}\n", "CFG006 ",
	  SITE "zone b.a.: dc, b.a. 3600 A 10.0.0.2; forward a.: dc 10.0.0.1; " },
	{ __LINE__, ". {\n hosts {\n 10.0.0.2 b.a\n no_reverse\n }\n}\n", "CFG006 ",
	  SITE "zone b.a.: dc, b.a. 3600 A 10.0.0.2; " },
	{ __LINE__, "a 10.in-addr.arpa {\n hosts {\n 10.0.0.2 b.a\n }\n}\n", "",
	  SITE "zone 10.in-addr.arpa.: dc, 2.0.0.10.in-addr.arpa. 3600 PTR b.a.; "
	  "zone a.: dc, b.a. 3600 A 10.0.0.2; " },
	{ __LINE__, "a {\n hosts {\n b.a 10.0.0.2\n }\n}\n", "syntax ", SITE "zone a.: dc; " },
	/* what is not modelled, and what does not matter */
	{ __LINE__, "a {\n kubernetes a\n template IN A a {\n answer \"x { y\"\n }\n rewrite name b c\n}\n",
	  "CFG006 CFG006 CFG006 ", SITE },
	{ __LINE__, "a {\n errors\n cache 30 {\n success 100\n }\n}\n", "",
	  SITE "skipped errors; skipped cache; " },
	{ __LINE__, "a {\n forward . {$UPSTREAM}\n errors\n}\n", "CFG004 ", SITE "skipped errors; " },
	{ __LINE__, "{$ZONE}:53 {\n forward . 10.0.0.1\n}\n", "CFG004 ", "" },
	/* imports */
	{ __LINE__, "(up) {\n forward . 10.0.0.1\n}\na {\n import up\n}\nb {\n import up x\n}\n", "CFG006 ",
	  SITE "forward a.: dc 10.0.0.1; forward b.: dc 10.0.0.1; " },
	{ __LINE__, "import more/*.conf\nb {\n import /etc/coredns/plain.conf\n}\n", "",
	  SITE "forward a.: dc 10.0.0.1; forward b.: dc 10.0.0.2; " },
	{ __LINE__, "a {\n import none.conf\n}\n", "unreadable-file ", SITE },
	{ __LINE__, "import ring.conf\n", "syntax ", "" },
	{ __LINE__, "(s) {\n import s\n}\na {\n import s\n}\n", "syntax ", SITE },
	/* syntax */
	{ __LINE__, "a\nforward . 10.0.0.1\n", "", SITE "forward a.: dc 10.0.0.1; " },
	{ __LINE__, "import more.conf\n", "syntax ", SITE },
	{ __LINE__, "a {\n forward . 10.0.0.1\n", "syntax ", "" },
	{ __LINE__, "a {\n}\n}\n", "syntax ", SITE },
	{ __LINE__, "a {\n errors \"x\n}\n", "syntax ", "" },
	{ __LINE__, "a {\n}\nb\n", "syntax ", SITE },
};

static void
a_corefile_becomes_sites_zones_and_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		onprem_check("coredns", "Corefile", beside, &rows[i]);
}

static const struct onprem_row stub_rows[] = {
	{ __LINE__, "# x\n; y\nsearch corp.example\nnameserver 10.0.0.1\nnameserver fe80::1%eth0\n", "",
	  SITE "forward .: dc 10.0.0.1 fe80::1 ordered; skipped search; " },
	{ __LINE__, "nameserver 10.0.0.1\noptions ndots:5 rotate\n", "",
	  SITE "forward .: dc 10.0.0.1; skipped options; " },
	{ __LINE__, "nameserver 10.0.0.1\nnameserver 10.0.0.2\nnameserver 10.0.0.3\n"
	  "nameserver 10.0.0.4\n", "", SITE "forward .: dc 10.0.0.1 10.0.0.2 10.0.0.3 ordered; "
	  "skipped nameserver 10.0.0.4: the first three are asked; " },
	{ __LINE__, "nameserver nobody\n", "bad-address ", SITE "forward .: dc ordered; " },
	{ __LINE__, "nameserver\n", "syntax syntax ", SITE "skipped nameserver; " },
	{ __LINE__, "search x\n", "syntax ", SITE "skipped search; " },
};

static void
resolv_conf_becomes_a_site_with_a_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(stub_rows); i++)
		onprem_check("resolv_conf", "resolv.conf", NULL, &stub_rows[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_corefile_becomes_sites_zones_and_rules),
		cmocka_unit_test(resolv_conf_becomes_a_site_with_a_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
