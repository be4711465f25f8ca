#include "unit/unit.h"

#include "engine/route.h"
#include "lint/foreign.h"
#include "unit/judged.h"

/* What one check makes of an estate; the others are not run. */
struct judgement {
	int line;
	const char *code;
	const char *estate;
	size_t findings;
};

/* Two VPCs that are connected, one that is not. */
#define NETWORKS					\
	"vpc app 10.1.0.0/16 eu-west-1\n"		\
	"vpc data 10.2.0.0/16 eu-west-1\n"		\
	"vpc lone 10.3.0.0/16 eu-west-1\n"		\
	"peer app data\n"
#define SITE						\
	"site dc 192.168.0.0/16\nconnects dc app\nservers dc 192.168.0.53\n"
#define INBOUND						\
	"inbound in-app app 10.1.0.10 10.1.1.10\n"	\
	"inbound in-data data 10.2.0.10\n"		\
	"inbound in-lone lone 10.3.0.10\n"

#define PUBLIC "zone ZP example.com public\nwww 60 A 9.9.9.9\nx.eu 60 A 9.9.9.8\n"

static const struct judgement zones[] = {
	{ __LINE__, "ZON105", NETWORKS "zone A a.example app\nzone B a.example -\n"
	  "profile P B - app,data\n", 1 },
	{ __LINE__, "ZON105", NETWORKS "zone A a.example data\nzone B a.example -\n"
	  "profile P B - app\n", 0 },
	/* by two Profiles; once for both VPCs */
	{ __LINE__, "ZON105", NETWORKS "zone A a.example -\nzone B a.example -\n"
	  "profile P A - app:100,data:100\nprofile Q B - app:200,data:200\n", 1 },
	/* a rule has the name: the zones still are two */
	{ __LINE__, "ZON105", NETWORKS "zone A a.example app\nzone B a.example -\n"
	  "profile P B - app\nforward R a.example app 192.168.0.1\n", 1 },

	{ __LINE__, "ZON106", NETWORKS PUBLIC "zone A example.com app\ndb 60 A 10.1.0.1\n", 1 },
	{ __LINE__, "ZON106", NETWORKS PUBLIC "zone A example.com app\n* 60 A 10.1.0.1\n", 0 },
	/* the name exists, the type does not */
	{ __LINE__, "ZON106", NETWORKS PUBLIC
	  "zone A example.com app\nwww 60 TXT \"a\"\nx.eu 60 TXT \"a\"\n", 0 },
	/* nobody reads the private zone, or another name, or only what both have */
	{ __LINE__, "ZON106", NETWORKS PUBLIC "zone A example.com -\ndb 60 A 10.1.0.1\n", 0 },
	{ __LINE__, "ZON106", NETWORKS PUBLIC "zone A example.net app\ndb 60 A 10.1.0.1\n", 0 },
	{ __LINE__, "ZON106", NETWORKS PUBLIC "zone A eu.example.com app\ny 60 A 10.1.0.1\n", 1 },
	{ __LINE__, "ZON106", NETWORKS PUBLIC "zone A eu.example.com app\nx 60 A 10.1.0.1\n", 0 },
	/* a longer private zone, or a rule, answers for the missing names */
	{ __LINE__, "ZON106", NETWORKS PUBLIC
	  "zone A example.com app\nwww 60 A 10.1.0.1\nzone B eu.example.com app\n"
	  "x 60 A 10.1.0.2\n", 0 },
	{ __LINE__, "ZON106", NETWORKS PUBLIC "zone A example.com app\nwww 60 A 10.1.0.1\n"
	  "forward R eu.example.com app 192.168.0.1\n", 0 },
	/* but not in data */
	{ __LINE__, "ZON106", NETWORKS PUBLIC "zone A example.com app,data\nwww 60 A 10.1.0.1\n"
	  "forward R eu.example.com app 192.168.0.1\n", 1 },
	/* a wildcard of the public zone is a name like others */
	{ __LINE__, "ZON106", NETWORKS "zone ZP example.com public\n*.w 60 A 9.9.9.9\n"
	  "zone A example.com app\ndb 60 A 10.1.0.1\n", 1 },
	{ __LINE__, "ZON106", NETWORKS "zone ZP example.com public\n"
	  "_acme-challenge 60 TXT \"a\"\n@ 60 MX 10 mail.example.net.\n"
	  "zone A example.com app\ndb 60 A 10.1.0.1\n", 0 },

	{ __LINE__, "ZON107", NETWORKS "zone A com app\na 60 A 10.1.0.1\n", 1 },
	{ __LINE__, "ZON107", NETWORKS "zone A com public\na 60 A 10.1.0.1\n", 0 },
	{ __LINE__, "ZON107", NETWORKS "zone A corp app\na 60 A 10.1.0.1\n", 0 },
	/* a rule of the name takes it all */
	{ __LINE__, "ZON107", NETWORKS "zone A com app\na 60 A 10.1.0.1\n"
	  "forward R com app 192.168.0.1\n", 0 },

	{ __LINE__, "ZON108", NETWORKS "zone A a.example app\n", 1 },
	{ __LINE__, "ZON108", NETWORKS "zone A a.example app\n@ 60 NS ns.b.example.\n", 1 },
	{ __LINE__, "ZON108", NETWORKS "zone A a.example app\n@ 60 TXT \"a\"\n", 0 },
	{ __LINE__, "ZON108", NETWORKS "zone A a.example public\n", 0 },
	{ __LINE__, "ZON108", NETWORKS
	  "zone A a.example app\nforward R a.example app 192.168.0.1\n",
	  0 },

	{ __LINE__, "ZON109", NETWORKS "zone A a.example app,data\n"
	  "forward R a.example app,data 192.168.0.1\n", 1 },
	{ __LINE__, "ZON109", NETWORKS "zone A a.example app,data\n"
	  "forward R a.example app 192.168.0.1\n", 0 },
	{ __LINE__, "ZON109", NETWORKS
	  "zone A a.example app\nforward R a.example app 192.168.0.1\n",
	  0 },
	/* by a Profile, where both have zones of their own */
	{ __LINE__, "ZON109", NETWORKS "zone A a.example -\nprofile P A - app,data\n"
	  "zone B a.example app\nzone C a.example data\n", 1 },
	{ __LINE__, "ZON109", NETWORKS "zone A a.example app,data\nsystem S x.a.example data\n"
	  "forward R a.example app,data 192.168.0.1\n", 0 },

	{ __LINE__, "ZON113", NETWORKS "zone A a.example -\n", 1 },
	{ __LINE__, "ZON113", NETWORKS "zone A a.example public\n", 0 },
	{ __LINE__, "ZON113", NETWORKS "zone A a.example -\nprofile P A - \n", 0 },
	{ __LINE__, "ZON113", "zone A a.example -\n", 0 },
};

static const struct judgement precedence[] = {
	{ __LINE__, "PRE204", NETWORKS "system S a.example app\n", 1 },
	{ __LINE__, "PRE204", NETWORKS "system S a.example app,data\n"
	  "forward R example app 192.168.0.1\n", 1 },
	{ __LINE__, "PRE204", NETWORKS "system S a.example app\n"
	  "forward R example app 192.168.0.1\n", 0 },
	/* what is above was taken back already */
	{ __LINE__, "PRE204", NETWORKS "system S x.a.example app\nsystem T a.example app\n"
	  "forward R example app 192.168.0.1\n", 1 },

	{ __LINE__, "PRE205", NETWORKS "forward R a.example app 192.168.0.1\n"
	  "forward S a.example - 192.168.0.2\nprofile P - S app\n", 1 },
	{ __LINE__, "PRE205", NETWORKS "forward R a.example app 192.168.0.1\n"
	  "forward S a.example - 192.168.0.1\nprofile P - S app\n", 0 },
	{ __LINE__, "PRE205", NETWORKS "forward R a.example app 192.168.0.1\n"
	  "forward S a.example - 192.168.0.1 192.168.0.2\nprofile P - S app\n", 1 },
	{ __LINE__, "PRE205", NETWORKS "system R a.example app\n"
	  "forward S a.example - 192.168.0.1\nprofile P - S app\n", 0 },

	{ __LINE__, "PRE206", NETWORKS "forward R . app,data 192.168.0.1\n", 1 },
	{ __LINE__, "PRE206", NETWORKS "forward R com app 192.168.0.1\n", 1 },
	{ __LINE__, "PRE206", NETWORKS "forward R corp app 192.168.0.1\n", 0 },
	{ __LINE__, "PRE206", NETWORKS "forward R . app 192.168.0.1\nsystem S amazonaws.com app\n",
	  0 },
	{ __LINE__, "PRE206", NETWORKS "forward R . app 192.168.0.1\nsystem S com app\n", 0 },
	/* another name of the service is given back: the domain is not */
	{ __LINE__, "PRE206", NETWORKS "forward R . app 192.168.0.1\n"
	  "system S sts.amazonaws.com app\n", 1 },
	{ __LINE__, "PRE206", "vpc cn 10.1.0.0/16 cn-north-1\nforward R cn cn 192.168.0.1\n", 1 },
	{ __LINE__, "PRE206", "vpc cn 10.1.0.0/16 cn-north-1\nforward R com cn 192.168.0.1\n", 0 },
	{ __LINE__, "PRE206", SITE "vpc app 10.1.0.0/16\nforward R . dc 10.9.0.1\n", 0 },

	{ __LINE__, "PRE207", NETWORKS
	  "forward R eu-west-1.compute.internal app 192.168.0.1\n", 1 },
	{ __LINE__, "PRE207", NETWORKS
	  "forward R us-east-2.compute.internal app 192.168.0.1\n", 0 },
	{ __LINE__, "PRE207", NETWORKS "forward R compute.internal app 192.168.0.1\n", 1 },
	{ __LINE__, "PRE207", NETWORKS "forward R internal app 192.168.0.1\n", 0 },
	{ __LINE__, "PRE207", NETWORKS "forward R 1.10.in-addr.arpa app 192.168.0.1\n", 1 },
	{ __LINE__, "PRE207", NETWORKS "forward R 2.10.in-addr.arpa app 192.168.0.1\n", 1 },
	{ __LINE__, "PRE207", NETWORKS "forward R 3.10.in-addr.arpa app 192.168.0.1\n", 0 },
	{ __LINE__, "PRE207", NETWORKS "forward R 10.in-addr.arpa app 192.168.0.1\n", 0 },
	{ __LINE__, "PRE207", NETWORKS "forward R 1.1.10.in-addr.arpa app 192.168.0.1\n", 0 },
	{ __LINE__, "PRE207", "vpc v 10.1.2.128/25 eu-west-1\n"
	  "forward R 2.1.10.in-addr.arpa v 192.168.0.1\n", 1 },

	{ __LINE__, "PRE208", NETWORKS "forward R 10.in-addr.arpa app,lone 192.168.0.1\n", 1 },
	{ __LINE__, "PRE208", NETWORKS "forward R 1.10.in-addr.arpa app 192.168.0.1\n", 0 },
	{ __LINE__, "PRE208", NETWORKS "forward R 168.192.in-addr.arpa app 192.168.0.1\n", 0 },
	{ __LINE__, "PRE208", NETWORKS "hosts-off app\n"
	  "forward R 10.in-addr.arpa app 192.168.0.1\n", 0 },
	/* the longer ones are forwarded too */
	{ __LINE__, "PRE208", NETWORKS "forward R 10.in-addr.arpa lone 192.168.0.1\n"
	  "forward S 3.10.in-addr.arpa lone 192.168.0.1\n", 0 },

	{ __LINE__, "PRE209", NETWORKS "zone A a.example app\nforward R a.example - 192.168.0.1\n"
	  "profile P - R app,data\n", 1 },
	{ __LINE__, "PRE209", NETWORKS "zone A x.a.example app\n"
	  "forward R a.example - 192.168.0.1\nprofile P - R app\n", 0 },
	/* PRE205, ZON105, PRE201 say these */
	{ __LINE__, "PRE209", NETWORKS "forward R a.example app 192.168.0.1\n"
	  "forward S a.example - 192.168.0.2\nprofile P - S app\n", 0 },
	{ __LINE__, "PRE209", NETWORKS "zone A a.example app\nzone B a.example -\n"
	  "profile P B - app\n", 0 },
	{ __LINE__, "PRE209", NETWORKS "forward R a.example app 192.168.0.1\nzone B a.example -\n"
	  "profile P B - app\n", 0 },
	{ __LINE__, "PRE209", NETWORKS "system R a.example app\n"
	  "forward S a.example - 192.168.0.1\nprofile P - S app\n", 1 },
};

#define CHAIN							\
	"vpc a 10.1.0.0/16\nvpc b 10.2.0.0/16\nvpc c 10.3.0.0/16\nvpc d 10.4.0.0/16\n"	\
	"inbound in-b b 10.2.0.10\ninbound in-c c 10.3.0.10\ninbound in-d d 10.4.0.10\n"	\
	"forward RA x.example a 10.2.0.10\nforward RB x.example b 10.3.0.10\n"	\
	"forward RC x.example c 10.4.0.10\n"

static const struct judgement targets[] = {
	{ __LINE__, "FWD304", NETWORKS "forward R x.example app 10.2.0.2\n", 1 },
	{ __LINE__, "FWD304", NETWORKS "forward R x.example app 169.254.169.253\n", 1 },
	{ __LINE__, "FWD304", NETWORKS "forward R x.example app 192.168.0.1 10.1.0.2 10.2.0.2\n",
	  1 },
	{ __LINE__, "FWD304", NETWORKS "forward R x.example app 10.2.0.3\n", 0 },
	{ __LINE__, "FWD304", NETWORKS "inbound in data 10.2.0.2\n"
	  "forward R x.example app 10.2.0.2\n", 0 },
	{ __LINE__, "FWD304", NETWORKS SITE "forward R x.example dc 10.2.0.2\n", 1 },

	{ __LINE__, "FWD305", NETWORKS "forward R x.example app 172.31.0.1\n", 0 },
	{ __LINE__, "FWD305", NETWORKS SITE "forward R x.example app 172.31.0.1\n", 1 },
	{ __LINE__, "FWD305", NETWORKS SITE "forward R x.example app 192.168.0.53\n", 0 },
	{ __LINE__, "FWD305", NETWORKS SITE "forward R x.example app 10.2.0.53\n", 0 },
	{ __LINE__, "FWD305", NETWORKS SITE "forward R x.example app 10.3.0.53\n", 1 },
	{ __LINE__, "FWD305", NETWORKS SITE "forward R x.example app 9.9.9.9\n", 0 },
	/* nothing is known of connections */
	{ __LINE__, "FWD305", "vpc app 10.1.0.0/16\nsite dc 192.168.0.0/16\n"
	  "forward R x.example app 192.168.0.53\n", 0 },

	{ __LINE__, "FWD306", NETWORKS SITE INBOUND "forward R x.example dc 10.1.0.10 10.2.0.10\n"
	  "zone A x.example app\na 60 A 10.1.0.1\nzone B x.example data\na 60 A 10.1.0.2\n", 1 },
	{ __LINE__, "FWD306", NETWORKS SITE INBOUND "forward R x.example dc 10.1.0.10 10.2.0.10\n"
	  "zone A x.example app\na 60 A 10.1.0.1\nzone B x.example data\na 90 A 10.1.0.1\n", 0 },
	{ __LINE__, "FWD306", NETWORKS SITE INBOUND "forward R x.example dc 10.1.0.10 10.1.1.10\n"
	  "zone A x.example app\na 60 A 10.1.0.1\nzone B x.example data\na 60 A 10.1.0.2\n", 0 },
	/* below the domain, on either side */
	{ __LINE__, "FWD306", NETWORKS SITE INBOUND "forward R x.example dc 10.1.0.10 10.2.0.10\n"
	  "zone A x.example app,data\nb.a 60 A 10.1.0.1\n"
	  "zone B a.x.example data\nb 60 A 10.1.0.2\n", 1 },
	{ __LINE__, "FWD306", NETWORKS SITE INBOUND "forward R x.example dc 10.2.0.10 10.1.0.10\n"
	  "zone A x.example app,data\nb.a 60 A 10.1.0.1\n"
	  "zone B a.x.example data\nb 60 A 10.1.0.2\n", 1 },
	{ __LINE__, "FWD306", NETWORKS SITE INBOUND "forward R x.example dc 10.2.0.10 10.1.0.10\n"
	  "zone A x.example app,data\nb.a 60 A 10.1.0.1\n"
	  "zone B a.x.example data\nb 60 A 10.1.0.1\n", 0 },
	/* what differs is not of the domain */
	{ __LINE__, "FWD306", NETWORKS SITE INBOUND "forward R y.x.example dc 10.1.0.10 10.2.0.10\n"
	  "zone A x.example app\na 60 A 10.1.0.1\nzone B x.example data\na 60 A 10.1.0.2\n", 0 },
	/* another server may say anything */
	{ __LINE__, "FWD306", NETWORKS SITE INBOUND
	  "forward R x.example dc 10.1.0.10 172.31.0.1\n"
	  "zone A x.example app\na 60 A 10.1.0.1\n", 0 },

	{ __LINE__, "FWD307", CHAIN, 0 },
	{ __LINE__, "FWD307", CHAIN "forward RD x.example d 192.168.0.1\n", 1 },
	{ __LINE__, "FWD307", CHAIN "forward RD y.x.example d 192.168.0.1\n", 0 },
	/* one more before it: the same remedy */
	{ __LINE__, "FWD307", CHAIN "forward RD x.example d 192.168.0.1\n"
	  "site dc 192.168.0.0/16\ninbound in-a a 10.1.0.10\nforward RS x.example dc 10.1.0.10\n",
	  1 },
	/* a circle is FWD302 */
	{ __LINE__, "FWD307", CHAIN "inbound in-a a 10.1.0.10\nforward RD x.example d 10.1.0.10\n",
	  0 },

	{ __LINE__, "FWD308", NETWORKS INBOUND "forward R x.example app 10.2.0.10\n", 1 },
	{ __LINE__, "FWD308", NETWORKS INBOUND "forward R x.example app,lone 10.2.0.10\n", 1 },
	{ __LINE__, "FWD308", NETWORKS INBOUND "forward R x.example app 10.2.0.10\n"
	  "zone A x.example data\na 60 A 10.1.0.1\n", 0 },
	/* around the domain, below it */
	{ __LINE__, "FWD308", NETWORKS INBOUND "forward R x.example app 10.2.0.10\n"
	  "zone A example data\na 60 A 10.1.0.1\n", 0 },
	{ __LINE__, "FWD308", NETWORKS INBOUND "forward R x.example app 10.2.0.10\n"
	  "zone A y.x.example data\na 60 A 10.1.0.1\n", 0 },
	{ __LINE__, "FWD308", NETWORKS INBOUND "forward R x.example app 10.2.0.10\n"
	  "forward S example data 192.168.0.1\n", 0 },
	/* its data's Internet is wanted: all names, a service's, or as a SYSTEM rule says */
	{ __LINE__, "FWD308", NETWORKS INBOUND "forward R . app 10.2.0.10\n", 0 },
	{ __LINE__, "FWD308", NETWORKS INBOUND
	  "forward R s3.eu-west-1.amazonaws.com app 10.2.0.10\n", 0 },
	{ __LINE__, "FWD308", NETWORKS INBOUND "forward R x.example app 10.2.0.10\n"
	  "forward S example data 192.168.0.1\nsystem T x.example data\n", 0 },
	/* a site, with and without zones of its own */
	{ __LINE__, "FWD308", NETWORKS SITE "forward R x.example app 192.168.0.53\n", 0 },
	{ __LINE__, "FWD308", NETWORKS SITE "forward R x.example app 192.168.0.53\n"
	  "zone A dc.example dc\na 60 A 192.168.0.1\n", 1 },
	/* FWD301 */
	{ __LINE__, "FWD308", NETWORKS INBOUND "forward R x.example app 10.1.0.10\n", 0 },

	{ __LINE__, "FWD309", NETWORKS "forward R x.example - 192.168.0.1\n", 1 },
	{ __LINE__, "FWD309", NETWORKS
	  "forward R x.example - 192.168.0.1\nprofile P - R app\n", 0 },
	{ __LINE__, "FWD309", NETWORKS "forward R x.example app 192.168.0.1\n", 0 },

	{ __LINE__, "FWD310", NETWORKS INBOUND, 0 },
	{ __LINE__, "FWD310", NETWORKS SITE INBOUND, 0 },
	{ __LINE__, "FWD310", NETWORKS SITE INBOUND "forward R x.example dc 10.1.0.10\n", 2 },

	{ __LINE__, "FWD312", NETWORKS SITE INBOUND "forward R y.example dc 10.1.0.10\n"
	  "zone A x.example app\na 60 A 10.1.0.1\nzone B x.example dc\na 60 A 192.168.0.1\n", 1 },
	{ __LINE__, "FWD312", NETWORKS SITE INBOUND "forward R y.example dc 10.1.0.10\n"
	  "zone A x.example app\na 60 A 10.1.0.1\nzone B x.example dc\na 90 A 10.1.0.1\n", 0 },
	{ __LINE__, "FWD312", NETWORKS SITE INBOUND "forward R y.example dc 10.2.0.10\n"
	  "zone A x.example app\na 60 A 10.1.0.1\nzone B x.example dc\na 60 A 192.168.0.1\n", 0 },
	/* and then it is two zones of one name */
	{ __LINE__, "ZON101", NETWORKS SITE INBOUND "forward R y.example dc 10.2.0.10\n"
	  "zone A x.example app\na 60 A 10.1.0.1\nzone B x.example dc\na 60 A 192.168.0.1\n", 1 },
	{ __LINE__, "ZON101", NETWORKS SITE INBOUND "forward R y.example dc 10.1.0.10\n"
	  "zone A x.example app\na 60 A 10.1.0.1\nzone B x.example dc\na 60 A 192.168.0.1\n", 0 },
};

static void
judge(const struct judgement *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct judged *j = judged_new(rows[i].estate);
		const struct lint_choice choice = {
			.least = SEVERITY_NOTE, .select = &rows[i].code, .select_count = 1,
		};
		size_t found;

		row_int(rows[i].line, lint_run_chosen(&j->maker.estate, j->snap, &choice,
						      &j->diags), OK);
		found = j->diags.errors + j->diags.warnings + j->diags.notes;
		row_int(rows[i].line, (int)found, (int)rows[i].findings);
		judged_free(j);
	}
}

static void
zones_are_judged_as_a_whole(void **state)
{
	(void)state;
	judge(zones, COUNT_OF(zones));
}

static void
rules_that_have_no_effect_or_too_much_are_found(void **state)
{
	(void)state;
	judge(precedence, COUNT_OF(precedence));
}

static void
targets_are_followed_to_who_answers(void **state)
{
	(void)state;
	judge(targets, COUNT_OF(targets));
}

static void
a_public_zone_is_read_by_no_network(void **state)
{
	struct judged *j = judged_new(NETWORKS PUBLIC "zone A eu.example.com app\n"
				      "y 60 A 10.1.0.1\n");
	struct suffixes suffixes;
	struct name name;

	(void)state;
	row_int(__LINE__, name_parse("www.example.com", &name), OK);
	name_suffixes(&name, &suffixes);
	for (uint32_t n = 0; n < j->maker.estate.network_count; n++)
		row_int(__LINE__, route_select(j->snap, n, &name, &suffixes).kind,
			ROUTE_NOWHERE);
	judged_free(j);
}

static const struct { int line; const char *name; enum foreign kind; } domains[] = {
	{ __LINE__, ".", FOREIGN_ROOT },
	{ __LINE__, "com", FOREIGN_TLD },
	{ __LINE__, "uk", FOREIGN_TLD },
	{ __LINE__, "zw", FOREIGN_TLD },
	{ __LINE__, "hq", FOREIGN_NOT },
	{ __LINE__, "internal", FOREIGN_NOT },
	{ __LINE__, "co.uk", FOREIGN_SUFFIX },
	{ __LINE__, "corp.uk", FOREIGN_NOT },
	{ __LINE__, "co.de", FOREIGN_NOT },
	{ __LINE__, "a.co.uk", FOREIGN_NOT },
	{ __LINE__, "example.com", FOREIGN_NOT },
	{ __LINE__, "amazonaws.com", FOREIGN_PROVIDER },
	{ __LINE__, "eu-west-1.amazonaws.com", FOREIGN_PROVIDER },
	{ __LINE__, "us-gov-east-1.amazonaws.com", FOREIGN_PROVIDER },
	{ __LINE__, "s3.amazonaws.com", FOREIGN_NOT },
	{ __LINE__, "ssm.eu-west-1.amazonaws.com", FOREIGN_NOT },
	{ __LINE__, "1.amazonaws.com", FOREIGN_NOT },
};

static void
everybodys_and_providers_domains_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(domains); i++) {
		struct name name;

		row_int(domains[i].line, name_parse(domains[i].name, &name), OK);
		row_int(domains[i].line, foreign_kind(name.wire), domains[i].kind);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones_are_judged_as_a_whole),
		cmocka_unit_test(rules_that_have_no_effect_or_too_much_are_found),
		cmocka_unit_test(targets_are_followed_to_who_answers),
		cmocka_unit_test(a_public_zone_is_read_by_no_network),
		cmocka_unit_test(everybodys_and_providers_domains_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
