#include "load/unbound.h"

#include "base/bytes.h"
#include "unit/onprem.h"

static const struct onprem_beside beside[] = {
	{ "corp.zone", "$TTL 60\n@ SOA ns. root. 1 2 3 4 5\n" },
	{ "conf.d/a.conf", "forward-zone:\n name: a\n forward-addr: 10.0.0.1\n" },
	{ "conf.d/b.conf", "server:\n local-zone: b static\n" },
	{ "data.conf", "local-data: \"x.b A 10.0.0.9\"\n" },
	{ "ring.conf", "include: ring.conf\n" },
	{ 0 },
};

#define SITE	"site dc:; "
#define S	"server:\n"
#define FORWARD	"forward-zone:\n name: "

static const struct onprem_row rows[] = {
	/* forwarding */
	{ __LINE__, FORWARD "corp.example.\n forward-addr: 10.0.0.1\n forward-addr: 10.0.0.2@54\n",
	  "", SITE "forward corp.example.: dc 10.0.0.1 10.0.0.2:54; " },
	{ __LINE__, FORWARD "\"a\"\n forward-addr: 10.0.0.1@853#ns.example\n forward-tls-upstream: yes\n",
	  "not-yet ", SITE "forward a.: dc 10.0.0.1:853; " },
	{ __LINE__, FORWARD "a\n forward-addr: 10.0.0.1\n forward-first: yes\n", "",
	  SITE "forward a.: dc 10.0.0.1 first; " },
	{ __LINE__, FORWARD "a\n", "", SITE "system a.: dc; " },
	{ __LINE__, FORWARD "a\n forward-host: ns.example\n", "CFG006 ", SITE },
	{ __LINE__, "forward-zone:\n forward-addr: 10.0.0.1\n", "syntax ", SITE },
	{ __LINE__, "stub-zone:\n name: a\n stub-addr: fd00::1@54\n", "",
	  SITE "forward a.: dc [fd00::1]:54; " },
	{ __LINE__, "forward-zone: name: a forward-addr: fd00::\nserver: verbosity: 1\n", "",
	  SITE "forward a.: dc fd00::; skipped verbosity; " },
	{ __LINE__, "forward-zone:\n name:\"a\"\n forward-addr:10.0.0.1\n", "",
	  SITE "forward a.: dc 10.0.0.1; " },
	{ __LINE__, "auth-zone:\n name: a\n zonefile: corp.zone\n", "",
	  SITE "zone a.: dc, a. 60 SOA ns. root. 1 2 3 4 5; " },
	{ __LINE__, "auth-zone:\n name: a\n primary: 10.0.0.1\n zonefile: none\n", "",
	  SITE "forward a.: dc 10.0.0.1; " },
	{ __LINE__, "auth-zone:\n name: a\n primary: ns.example\n", "CFG006 ", SITE },
	{ __LINE__, "rpz:\n name: a\n", "CFG006 ", SITE },
	/* local zones come before what is forwarded */
	{ __LINE__, S " local-zone: a static\n" FORWARD "b.a\n forward-addr: 10.0.0.1\n", "",
	  SITE "zone a.: dc; skipped forwarding of \"b.a\", which local-zone \"a\" answers; " },
	{ __LINE__, S " local-zone: a static\n local-zone: b.a transparent\n"
	  FORWARD ".\n forward-addr: 10.0.0.1\n", "",
	  SITE "zone a.: dc; forward .: dc 10.0.0.1; forward b.a.: dc 10.0.0.1; " },
	{ __LINE__, S " local-zone: a refuse\n local-zone: b.a always_transparent\n", "CFG006 ",
	  SITE "zone a.: dc; system b.a.: dc; " },
	{ __LINE__, FORWARD "1.10.in-addr.arpa\n forward-addr: 10.0.0.1\n", "CFG006 ", SITE },
	{ __LINE__, FORWARD "17.172.in-addr.arpa\n forward-addr: 10.0.0.1\n", "CFG006 ", SITE },
	{ __LINE__, S " local-zone: 10.in-addr.arpa. nodefault\n"
	  FORWARD "1.10.in-addr.arpa\n forward-addr: 10.0.0.1\n", "",
	  SITE "forward 1.10.in-addr.arpa.: dc 10.0.0.1; " },
	{ __LINE__, S " unblock-lan-zones: yes\n" FORWARD "10.in-addr.arpa\n forward-addr: 10.0.0.1\n",
	  "", SITE "forward 10.in-addr.arpa.: dc 10.0.0.1; " },
	/* local data */
	{ __LINE__, S " local-zone: \"b.\" static\n local-data: \"X.b. 60 IN A 10.0.0.1\"\n"
	  " local-data: 'x.b A 10.0.0.2'\n local-data: \"b TXT v=1 two\"\n", "",
	  SITE "zone b.: dc, x.b. 60 A 10.0.0.1 10.0.0.2, b. 3600 TXT \"v=1\" \"two\"; " },
	{ __LINE__, S " local-data: \"x.b A 10.0.0.1\"\n local-data: \"x.b AAAA fd00::1\"\n", "CFG006 ",
	  SITE "zone x.b.: dc, x.b. 3600 A 10.0.0.1, x.b. 3600 AAAA fd00::1; " },
	{ __LINE__, S " local-zone: r redirect\n local-data: \"r A 10.0.0.1\"\n", "",
	  SITE "zone r.: dc, r. 3600 A 10.0.0.1, *.r. 3600 A 10.0.0.1; " },
	{ __LINE__, S " local-zone: n always_null\n", "",
	  SITE "zone n.: dc, n. 3600 A 0.0.0.0, *.n. 3600 A 0.0.0.0, n. 3600 AAAA ::, "
	  "*.n. 3600 AAAA ::; " },
	{ __LINE__, S " local-zone: n always_nxdomain\n local-data: \"n A 10.0.0.1\"\n", "",
	  SITE "zone n.: dc; skipped local-data of \"n\", in a local-zone of type always_nxdomain; " },
	{ __LINE__, S " local-zone: n always_refuse\n", "CFG006 ", SITE "zone n.: dc; " },
	{ __LINE__, S " local-data: \"*.b A 10.0.0.1\"\n", "CFG006 ", SITE },
	{ __LINE__, S " local-zone: 10.in-addr.arpa static\n local-data-ptr: \"10.0.0.1 60 a.b\"\n", "",
	  SITE "zone 10.in-addr.arpa.: dc, 1.0.0.10.in-addr.arpa. 60 PTR a.b.; " },
	{ __LINE__, S " local-data-ptr: \"nobody a.b\"\n", "syntax ", SITE },
	{ __LINE__, S " local-data: \"x.b\"\n", "syntax ", SITE },
	{ __LINE__, S " local-zone: b static\n local-data: \"x.b A 10.0.0\"\n", "bad-data ",
	  SITE "zone b.: dc; " },
	{ __LINE__, S " local-zone: b statik\n", "syntax ", SITE },
	{ __LINE__, S " local-zone: b\n", "syntax ", SITE },
	/* views */
	{ __LINE__, S " access-control-view: 10.0.0.0/8 v\n local-zone: g static\n"
	  " local-data: \"x.g A 10.0.0.1\"\nview:\n name: v\n view-first: yes\n local-zone: b static\n"
	  FORWARD "a\n forward-addr: 10.0.0.1\n", "",
	  SITE "site dc/v: 10.0.0.0/8; zone g.: dc, x.g. 3600 A 10.0.0.1; zone b.: dc/v; "
	  "zone g.: dc/v, x.g. 3600 A 10.0.0.1; forward a.: dc dc/v 10.0.0.1; " },
	{ __LINE__, "view:\n name: v\n local-zone: a static\n" FORWARD "b.a\n forward-addr: 10.0.0.1\n",
	  "", SITE "site dc/v:; zone a.: dc/v; forward b.a.: dc 10.0.0.1; " },
	/* of itself, and what is not modelled */
	{ __LINE__, S " interface: 10.0.0.53@53\n interface: 0.0.0.0\n interface: ::0\n"
	  " interface: lo\n interface: 127.0.0.1\n", "", "site dc: at 10.0.0.53; " },
	{ __LINE__, S " module-config: \"dns64 iterator\"\n private-address: 10.0.0.0/8\n",
	  "CFG006 CFG006 ", SITE },
	/* includes */
	{ __LINE__, "include-toplevel: \"/etc/unbound/conf.d/*.conf\"\n", "",
	  SITE "zone b.: dc; forward a.: dc 10.0.0.1; " },
	{ __LINE__, S " directory: /etc/unbound\n local-zone: b static\n include: data.conf\n", "",
	  SITE "zone b.: dc, x.b. 3600 A 10.0.0.9; " },
	{ __LINE__, S " include: ring.conf\n", "include-cycle ", SITE },
	/* syntax */
	{ __LINE__, "interface: 10.0.0.53\n", "syntax ", SITE },
	{ __LINE__, S " interface 10.0.0.53\n", "syntax ", SITE },
	{ __LINE__, S " interface:\n", "syntax ", SITE },
	{ __LINE__, S " local-data: \"no end\n", "syntax ", SITE },
	{ __LINE__, S "# nothing\n", "", SITE },
};

static void
unbound_conf_becomes_sites_zones_and_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		onprem_check("unbound", "unbound.conf", beside, &rows[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unbound_conf_becomes_sites_zones_and_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
