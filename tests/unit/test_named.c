#include "load/named.h"

#include "base/bytes.h"
#include "unit/onprem.h"

#define ZONE "$TTL 60\n@ SOA ns. root. 1 2 3 4 5\n"

static const struct onprem_beside beside[] = {
	{ "zones/corp.zone", ZONE "www A 10.0.0.1\n" },
	{ "other.zone", ZONE },
	{ "more.conf", "zone \"b\" { type forward; forwarders { 10.0.0.2; }; };\n" },
	{ "ring.conf", "include \"ring.conf\";\n" },
	{ "cut.conf", "zone \"b\" {" },
	{ 0 },
};

#define SITE	"site dc:; "
#define CORP	"zone corp.example.: dc, corp.example. 60 SOA ns. root. 1 2 3 4 5, www.corp.example. 60 A 10.0.0.1; "
#define FORWARD	"type forward; forward only; forwarders"

static const struct onprem_row rows[] = {
	/* zones, wherever their files lie on the server */
	{ __LINE__, "zone \"corp.example\" { type primary; file \"zones/corp.zone\"; };", "",
	  SITE CORP },
	{ __LINE__, "zone Corp.Example. IN { type master; file \"/etc/bind/zones/corp.zone\"; };",
	  "", SITE CORP },
	{ __LINE__, "options { directory \"/var/named/zones\"; };\n"
	  "zone corp.example { type master; file \"corp.zone\"; };", "", SITE CORP },
	{ __LINE__, "zone corp.example { type primary; file \"none\"; };", "unreadable-file ",
	  SITE "zone corp.example.: dc; " },
	{ __LINE__, "zone x { type primary; database \"sdb\"; };", "CFG006 ", SITE },
	{ __LINE__, "zone x { type secondary; primaries { 10.0.0.3 port 54; }; file \"f\"; };", "",
	  SITE "forward x.: dc 10.0.0.3:54 fastest; " },
	{ __LINE__, "zone corp.example { type secondary; primaries { 10.0.0.3; };"
	  " file \"zones/corp.zone\"; masterfile-format text; };", "", SITE CORP },
	{ __LINE__, "primaries a { 10.0.0.3; b; }; masters b port 54 { 10.0.0.4; };\n"
	  "zone x { type slave; masters { a; }; };", "",
	  SITE "forward x.: dc 10.0.0.3 10.0.0.4:54 fastest; " },
	{ __LINE__, "primaries a { a; };\nzone x { type stub; primaries { a; }; };",
	  "syntax no-targets ", SITE "forward x.: dc fastest; " },
	{ __LINE__, "zone x { type static-stub; server-addresses { 10.0.0.3; }; };", "",
	  SITE "forward x.: dc 10.0.0.3 fastest; " },
	{ __LINE__, "zone x { type static-stub; server-names { ns; }; };", "CFG006 ", SITE },
	{ __LINE__, "zone . { type hint; file \"root\"; };", "", SITE "skipped zone \".\" (hint); " },
	{ __LINE__, "zone x { type redirect; file \"r\"; };", "CFG006 ", SITE },
	{ __LINE__, "zone x CH { type primary; file \"r\"; };", "",
	  SITE "skipped zone \"x\" of class CH; " },
	{ __LINE__, "zone x { type sideways; };", "syntax ", SITE },
	{ __LINE__, "zone x { };", "syntax ", SITE },
	{ __LINE__, "zone corp.example { type primary; file \"zones/corp.zone\";"
	  " update-policy { grant k zonesub ANY; }; };", "CFG006 ", SITE CORP },
	{ __LINE__, "zone corp.example { type primary; file \"zones/corp.zone\";"
	  " allow-update { none; }; };", "", SITE CORP },
	/* forwarding */
	{ __LINE__, "zone x { " FORWARD " { 10.0.0.1; 10.0.0.2 port 54; }; };", "",
	  SITE "forward x.: dc 10.0.0.1 10.0.0.2:54 fastest; " },
	{ __LINE__, "zone x { type forward; forwarders port 55 { 10.0.0.1; }; };", "",
	  SITE "forward x.: dc 10.0.0.1:55 fastest first; " },
	{ __LINE__, "zone x { type forward; forwarders { }; };", "", SITE "system x.: dc; " },
	{ __LINE__, "options { forwarders { 10.0.0.1; }; forward only; };", "",
	  SITE "forward .: dc 10.0.0.1 fastest; " },
	{ __LINE__, "options { recursion no; };\nzone x { " FORWARD " { 10.0.0.1; }; };", "",
	  SITE "skipped zone \"x\": there is no recursion; " },
	{ __LINE__, "zone x { " FORWARD " { nonsense; }; };", "bad-address ",
	  SITE "forward x.: dc fastest; " },
	/* views */
	{ __LINE__, "acl a { 10/8; b; }; acl b { { 172.16.1.0/24; }; ::1; };\n"
	  "view v { match-clients { a; }; zone corp.example { type primary; "
	  "file \"zones/corp.zone\"; }; };\nview w { match-clients { any; }; "
	  "zone corp.example { in-view v; }; };", "",
	  "site dc/v: 10.0.0.0/8 172.16.1.0/24 ::1/128; site dc/w:; "
	  "zone corp.example.: dc/v dc/w, corp.example. 60 SOA ns. root. 1 2 3 4 5, "
	  "www.corp.example. 60 A 10.0.0.1; " },
	{ __LINE__, "view v { match-clients { !10.0.0.1; key k; localhost; 10/8; }; };",
	  "CFG006 CFG006 CFG006 ", "site dc/v: 10.0.0.0/8; " },
	{ __LINE__, "acl a { a; };\nview v { match-clients { a; }; };", "syntax ", "site dc/v:; " },
	{ __LINE__, "view v { match-clients { nobody; }; };", "syntax ", "site dc/v:; " },
	{ __LINE__, "view v { }; zone x { type hint; };", "syntax ", "site dc/v:; " },
	{ __LINE__, "view v { zone x { in-view w; }; };", "syntax ", "site dc/v:; " },
	{ __LINE__, "options { forwarders { 10.0.0.1; }; forward only; };\n"
	  "view v { recursion no; };\nview w { forwarders { 10.0.0.2; }; };", "",
	  "site dc/v:; site dc/w:; forward .: dc/w 10.0.0.2 fastest; " },
	/* what is said of itself, and what is not modelled */
	{ __LINE__, "options { listen-on { 127.0.0.1; 10.0.0.53; any; }; };", "",
	  "site dc: at 10.0.0.53; " },
	{ __LINE__, "options { response-policy { zone \"rpz\"; }; version \"x\"; };", "CFG006 ",
	  SITE "skipped version; " },
	{ __LINE__, "options { dns64 64:ff9b::/96 { clients { any; }; }; };", "CFG006 ", SITE },
	{ __LINE__, "plugin query \"filter-aaaa.so\" { };", "CFG006 ", SITE },
	/* includes */
	{ __LINE__, "include \"/etc/bind/more.conf\";", "", SITE "forward b.: dc 10.0.0.2 fastest first; " },
	{ __LINE__, "include \"mo*.conf\";", "", SITE "forward b.: dc 10.0.0.2 fastest first; " },
	{ __LINE__, "include \"none*.conf\"; key k { };", "empty-include ", SITE "skipped key; " },
	{ __LINE__, "include \"none.conf\"; key k { };", "unreadable-file ", SITE "skipped key; " },
	{ __LINE__, "include \"ring.conf\"; key k { };", "include-cycle ", SITE "skipped key; " },
	{ __LINE__, "include \"cut.conf\"; key k { };", "syntax ", SITE "skipped key; " },
	/* syntax */
	{ __LINE__, "# a\n// b\n/* c\n*/ key k { secret \"a;b\\\"\"; };", "", SITE "skipped key; " },
	{ __LINE__, "key k { }; options { directory \"a", "syntax ", SITE "skipped key; " },
	{ __LINE__, "key k { }; /* no end", "syntax ", SITE "skipped key; " },
	{ __LINE__, "key k { }; }", "syntax ", SITE "skipped key; " },
	{ __LINE__, "key k { }; options { directory \"a\" };", "syntax ", SITE "skipped key; " },
	{ __LINE__, "key k { }; options { directory \"a\"; }", "syntax ", SITE "skipped key; " },
	{ __LINE__, "# nothing\n", "syntax ", "" },
};

static void
named_conf_becomes_sites_zones_and_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		onprem_check("bind", "named.conf", beside, &rows[i]);
}

static void
braces_are_bounded(void **state)
{
	char text[200] = "zone x ";
	const struct onprem_row row = { __LINE__, text, "syntax ", "" };

	(void)state;
	for (unsigned i = 0; i < 40; i++)
		strcat(text, "{ a ");
	onprem_check("bind", "named.conf", NULL, &row);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(named_conf_becomes_sites_zones_and_rules),
		cmocka_unit_test(braces_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
