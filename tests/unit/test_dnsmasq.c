#include "load/dnsmasq.h"

#include "base/bytes.h"
#include "unit/onprem.h"

static const struct onprem_beside beside[] = {
	{ "conf.d/a.conf", "server=/a/10.0.0.1\n" },
	{ "conf.d/b.txt", "server=/b/10.0.0.2\n" },
	{ "hosts.d/one", "10.0.0.1 www.corp.example www # the web\nfd00::1 six.corp.example\n" },
	{ "hosts.bad", "www 10.0.0.1\n" },
	{ "resolv.conf", "search x\nnameserver 10.0.0.53\nnameserver fe80::1%eth0\n" },
	{ "ring.conf", "conf-file=ring.conf\n" },
	{ 0 },
};

#define N	"no-hosts\n"
#define SITE	"site dc:; "
#define LOCAL	N "local=/c/\n"

static const struct onprem_row rows[] = {
	/* domains */
	{ __LINE__, N "server=/corp.example/10.0.0.1#54\nserver=/corp.example/10.0.0.2@eth0", "bad-address ",
	  SITE "forward corp.example.: dc 10.0.0.1:54 fastest; " },
	{ __LINE__, N "server=/a/b/10.0.0.1\n", "",
	  SITE "forward a.: dc 10.0.0.1 fastest; forward b.: dc 10.0.0.1 fastest; " },
	{ __LINE__, N "strict-order\nserver=10.0.0.1 # first\nserver = 10.0.0.2\n", "",
	  SITE "forward .: dc 10.0.0.1 10.0.0.2 ordered; " },
	{ __LINE__, N "server=10.0.0.1\nserver=/a/10.0.0.2\nserver=/b.a/#\n", "",
	  SITE "forward .: dc 10.0.0.1 fastest; forward a.: dc 10.0.0.2 fastest; "
	  "forward b.a.: dc 10.0.0.1 fastest; " },
	{ __LINE__, N "server=/a/10.0.0.2\nserver=/b.a/#\n", "",
	  SITE "forward a.: dc 10.0.0.2 fastest; system b.a.: dc; " },
	{ __LINE__, N "server=//10.0.0.1\nserver=/*.a/10.0.0.1\n", "CFG006 CFG006 ", SITE },
	{ __LINE__, N "server\n", "syntax ", SITE },
	{ __LINE__, N "address=/.ads/10.9.9.9\naddress=/ads/fd00::9\naddress=/no/\n", "CFG006 ",
	  SITE "zone ads.: dc, ads. 0 A 10.9.9.9, *.ads. 0 A 10.9.9.9, ads. 0 AAAA fd00::9, "
	  "*.ads. 0 AAAA fd00::9; zone no.: dc; " },
	{ __LINE__, N "address=/null/#\nlocal-ttl=60\n", "CFG006 ",
	  SITE "zone null.: dc, null. 60 A 0.0.0.0, *.null. 60 A 0.0.0.0, null. 60 AAAA ::, "
	  "*.null. 60 AAAA ::; " },
	{ __LINE__, N "address=10.0.0.1\n", "syntax ", SITE },
	{ __LINE__, N "rev-server=10.1.0.0/16,10.0.0.1\n", "",
	  SITE "forward 1.10.in-addr.arpa.: dc 10.0.0.1 fastest; " },
	{ __LINE__, N "rev-server=10.0.2.0/23,10.0.0.1\n", "",
	  SITE "forward 2.0.10.in-addr.arpa.: dc 10.0.0.1 fastest; "
	  "forward 3.0.10.in-addr.arpa.: dc 10.0.0.1 fastest; " },
	{ __LINE__, N "rev-server=fd00::/15,10.0.0.1\n", "",
	  SITE "forward 0.0.d.f.ip6.arpa.: dc 10.0.0.1 fastest; "
	  "forward 1.0.d.f.ip6.arpa.: dc 10.0.0.1 fastest; " },
	{ __LINE__, N "rev-server=10.0.0.1\n", "syntax ", SITE },
	/* records */
	{ __LINE__, LOCAL "host-record=www.c,w.c,10.0.0.1,fd00::1,60\nlocal=/10.in-addr.arpa/\n"
	  "local=/ip6.arpa/\n", "",
	  SITE "zone 10.in-addr.arpa.: dc, 1.0.0.10.in-addr.arpa. 60 PTR www.c.; "
	  "zone c.: dc, www.c. 60 A 10.0.0.1, w.c. 60 A 10.0.0.1, www.c. 60 AAAA fd00::1, "
	  "w.c. 60 AAAA fd00::1; "
	  "zone ip6.arpa.: dc, 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f."
	  "ip6.arpa. 60 PTR www.c.; " },
	{ __LINE__, LOCAL "cname=a.c,b.c,www.c,30\nptr-record=p.c,www.c\nmx-host=c,m.c,5\n", "",
	  SITE "zone c.: dc, a.c. 30 CNAME www.c., b.c. 30 CNAME www.c., p.c. 0 PTR www.c., "
	  "c. 0 MX 5 m.c.; " },
	{ __LINE__, LOCAL "txt-record=t.c,\"a, b\",c\nsrv-host=_s._tcp.c,t.c,389,1,2\n", "",
	  SITE "zone c.: dc, t.c. 0 TXT \"a, b\" \"c\", _s._tcp.c. 0 SRV 1 2 389 t.c.; " },
	{ __LINE__, LOCAL "server=/d.c/10.0.0.1\ntxt-record=t.d.c,x\n", "CFG006 ",
	  SITE "zone c.: dc; zone t.d.c.: dc, t.d.c. 0 TXT \"x\"; forward d.c.: dc 10.0.0.1 fastest; " },
	{ __LINE__, LOCAL "cname=a.c\n", "syntax ", SITE "zone c.: dc; " },
	/* files */
	{ __LINE__, N "local=/corp.example/\nlocal=/arpa/\naddn-hosts=/etc/hosts.d\nexpand-hosts\n"
	  "domain=corp.example\n", "CFG006 ",
	  SITE "zone arpa.: dc, 1.0.0.10.in-addr.arpa. 0 PTR www.corp.example., "
	  "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa. 0 PTR "
	  "six.corp.example.; zone corp.example.: dc, www.corp.example. 0 A 10.0.0.1, "
	  "six.corp.example. 0 AAAA fd00::1; zone www.: dc, www. 0 A 10.0.0.1; " },
	{ __LINE__, N "addn-hosts=hosts.bad\n", "syntax ", SITE },
	{ __LINE__, N "conf-dir=/etc/dnsmasq/conf.d,*.conf\n", "",
	  SITE "forward a.: dc 10.0.0.1 fastest; " },
	{ __LINE__, N "conf-dir=conf.d,.bak\n", "CFG006 ", SITE },
	{ __LINE__, N "conf-file=ring.conf\n", "include-cycle ", SITE },
	{ __LINE__, N "conf-file=none.conf\n", "unreadable-file ", SITE },
	{ __LINE__, N "resolv-file=/run/resolv.conf\n", "",
	  SITE "forward .: dc 10.0.0.53 fe80::1 fastest; " },
	/* of itself, and what is not modelled */
	{ __LINE__, N "listen-address=127.0.0.1,10.0.0.53\nbogus-priv\nport=53\n", "CFG006 ",
	  "site dc: at 10.0.0.53; skipped port; " },
	{ __LINE__, N "dhcp-range=10.0.0.1,10.0.0.9\ndhcp-host=11:22:33:44:55:66,a\n", "CFG006 ", SITE },
	{ __LINE__, "", "", SITE "skipped /etc/hosts, which dnsmasq reads without no-hosts; " },
	/* syntax */
	{ __LINE__, N "txt-record=t.c,\"no end\n", "syntax CFG006 ", SITE "zone t.c.: dc, t.c. 0 TXT \"no end\"; " },
	{ __LINE__, N "server 10.0.0.1\n", "syntax ", SITE },
};

static void
dnsmasq_conf_becomes_a_site_with_zones_and_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		onprem_check("dnsmasq", "dnsmasq.conf", beside, &rows[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dnsmasq_conf_becomes_a_site_with_zones_and_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
