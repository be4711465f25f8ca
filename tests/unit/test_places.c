#include "unit/unit.h"

#include "lint/ground.h"
#include "unit/judged.h"

/* What one check of addresses, links, quotas or security makes of an estate. */
struct judgement {
	int line;
	const char *code;
	const char *estate;
	size_t findings;
};

/* app and data are peers of hub; data and far hang on a gateway; lone is alone. */
#define NETWORKS					\
	"vpc hub 10.0.0.0/16 eu-west-1\n"		\
	"vpc app 10.1.0.0/16 eu-west-1\n"		\
	"vpc data 10.2.0.0/16 us-east-1\n"		\
	"vpc far 10.3.0.0/16 us-east-1\n"		\
	"vpc lone 10.4.0.0/16 eu-west-1\n"		\
	"site dc 192.168.0.0/16\n"			\
	"peer hub app\npeer hub data\n"			\
	"tgw T data,far\n"				\
	"connects dc data\n"

static const struct judgement addresses[] = {
	/* its own, a peer's, by the gateway */
	{ __LINE__, "REA402", NETWORKS "zone Z a.example hub\na 60 A 10.0.0.1\nb 60 A 10.1.0.1\n"
	  "c 60 A 10.2.0.1\n", 0 },
	{ __LINE__, "REA402", NETWORKS "zone Z a.example far\na 60 A 10.2.0.1\n", 0 },
	{ __LINE__, "REA402", NETWORKS "zone Z a.example lone\na 60 A 10.1.0.1\n", 1 },
	{ __LINE__, "REA402", NETWORKS "zone Z a.example app\na 60 A 10.4.0.1\n", 1 },
	/* one cause, however many records and readers; another for another VPC */
	{ __LINE__, "REA402", NETWORKS "zone Z a.example app,hub,data\na 60 A 10.4.0.1\n"
	  "b 60 A 10.4.0.2\n", 1 },
	{ __LINE__, "REA402", NETWORKS "zone Z a.example lone\na 60 A 10.1.0.1\n"
	  "b 60 A 10.2.0.2\n", 2 },
	/* the site may end at the gateway */
	{ __LINE__, "REA402", NETWORKS "zone Z a.example far,data\na 60 A 192.168.0.1\n", 0 },
	{ __LINE__, "REA402", NETWORKS "zone Z a.example dc\na 60 A 10.3.0.1\n", 0 },
	{ __LINE__, "REA402", NETWORKS "zone Z a.example lone\na 60 A 192.168.0.1\n", 1 },
	/* nobody says what is connected */
	{ __LINE__, "REA402", "vpc app 10.1.0.0/16\nvpc data 10.2.0.0/16\n"
	  "zone Z a.example app\na 60 A 10.2.0.1\n", 0 },
	{ __LINE__, "REA402", NETWORKS "site mute 172.16.0.0/16\nzone Z a.example mute\n"
	  "a 60 A 10.1.0.1\n", 0 },
	/* nobody reads the zone, or not that record */
	{ __LINE__, "REA402", NETWORKS "zone Z a.example -\na 60 A 10.4.0.1\n", 0 },
	{ __LINE__, "REA402", NETWORKS "zone Z a.example app\nx.b 60 A 10.4.0.1\n"
	  "zone Y b.a.example app\nx 60 A 10.1.0.1\n", 0 },
	{ __LINE__, "REA402", NETWORKS "hosts-off app\nzone Z a.example app\na 60 A 10.4.0.1\n", 0 },
	/* glue of a delegation is no answer */
	{ __LINE__, "REA402", NETWORKS "zone Z a.example app\nb 60 NS ns.b.a.example.\n"
	  "ns.b 60 A 10.4.0.1\n", 0 },

	{ __LINE__, "REA409", NETWORKS "zone Z a.example app\na 60 A 10.2.0.1\n", 1 },
	{ __LINE__, "REA409", NETWORKS "zone Z a.example hub\na 60 A 10.3.0.1\n", 1 },
	{ __LINE__, "REA409", NETWORKS "zone Z a.example app\na 60 A 10.3.0.1\n", 0 },
	{ __LINE__, "REA409", NETWORKS "zone Z a.example data\na 60 A 10.0.0.1\n", 0 },

	{ __LINE__, "REA403", NETWORKS "vpc clone 10.1.0.0/16\npeer hub clone\n"
	  "zone Z a.example hub\na 60 A 10.1.0.1\n", 1 },
	{ __LINE__, "REA403", NETWORKS "vpc clone 10.1.0.0/16\n"
	  "zone Z a.example hub\na 60 A 10.1.0.1\n", 0 },
	/* a VPC's own addresses stay its own */
	{ __LINE__, "REA403", NETWORKS "vpc clone 10.1.0.0/16\npeer hub clone\n"
	  "zone Z a.example app\na 60 A 10.1.0.1\n", 0 },
	/* a part of a site's whole range is a VPC */
	{ __LINE__, "REA403", NETWORKS "site all 10.0.0.0/8\nconnects all hub\n"
	  "zone Z a.example hub\na 60 A 10.1.0.1\n", 0 },

	/* data is in us-east-1, its neighbour's zone has the name there */
	{ __LINE__, "REA412", NETWORKS "zone Z a.example data\na 60 A 10.0.0.1\n"
	  "zone Y a.example far\na 60 A 10.3.0.1\n", 1 },
	{ __LINE__, "REA412", NETWORKS "zone Z a.example data\na 60 A 10.2.0.1\n"
	  "zone Y a.example far\na 60 A 10.3.0.1\n", 0 },
	/* another name, another type, nobody near by */
	{ __LINE__, "REA412", NETWORKS "zone Z a.example data\na 60 A 10.0.0.1\n"
	  "zone Y a.example far\nb 60 A 10.3.0.1\n", 0 },
	{ __LINE__, "REA412", NETWORKS "zone Z a.example data\na 60 A 10.0.0.1\n"
	  "zone Y a.example lone\na 60 A 10.3.0.1\n", 0 },
	/* chance decides; latency does not */
	{ __LINE__, "REA412", NETWORKS "zone Z a.example hub\n"
	  "w 60 A 10.0.0.1 { weighted 10 a }\nw 60 A 10.2.0.1 { weighted 10 b }\n", 1 },
	{ __LINE__, "REA412", NETWORKS "zone Z a.example hub\n"
	  "w 60 A 10.0.0.1 { weighted 10 a }\nw 60 A 10.1.0.1 { weighted 10 b }\n", 0 },

	{ __LINE__, "REA401", NETWORKS "zone Z a.example app\na 60 A 172.16.0.1\n"
	  "b 60 A 100.64.0.1\nc 60 AAAA fd00::1\n", 1 },
	{ __LINE__, "REA401", NETWORKS "zone Z a.example app\na 60 A 9.9.9.9\n"
	  "b 60 A 127.0.0.1\n", 0 },
	{ __LINE__, "REA401", NETWORKS "zone Z a.example public\na 60 A 172.16.0.1\n", 0 },
	{ __LINE__, "REA406", NETWORKS "zone Z a.example app\na 60 A 9.9.9.9\n"
	  "b 60 AAAA 2600::1\n", 1 },
	{ __LINE__, "REA406", NETWORKS "zone Z a.example public\na 60 A 9.9.9.9\n", 0 },
	{ __LINE__, "REA406", "vpc app 9.9.9.0/24\nzone Z a.example app\na 60 A 9.9.9.9\n", 0 },
	{ __LINE__, "REA407", NETWORKS "zone Z a.example public\na 60 A 172.16.0.1\n"
	  "b 60 A 10.1.0.1\n", 2 },
	{ __LINE__, "REA407", NETWORKS "zone Z a.example public\na 60 A 9.9.9.9\n", 0 },
	{ __LINE__, "REA410", NETWORKS "zone Z a.example app\na 60 A 127.0.0.1\n"
	  "b 60 A 127.0.0.2\nc 60 A 169.254.0.1\n", 2 },
	{ __LINE__, "REA410", "vpc lab 192.0.2.0/24\nzone Z a.example lab\na 60 A 192.0.2.1\n", 0 },
	{ __LINE__, "REA410", "vpc lab 0.0.0.0/0\nzone Z a.example lab\na 60 A 127.0.0.1\n", 1 },
};

#define EC2 "ec2-203-0-114-7.us-east-2.compute.amazonaws.com."

static const struct judgement links[] = {
	{ __LINE__, "PEE504", NETWORKS "hosts-off app\nzone Z a.example app\na 60 A 10.1.0.1\n", 1 },
	{ __LINE__, "PEE504", NETWORKS "hosts-off app\nforward R a.example app 192.168.0.1\n", 0 },
	{ __LINE__, "PEE504", NETWORKS "hosts-off app\nzone Z a.example hub\na 60 A 10.1.0.1\n", 0 },
	{ __LINE__, "PEE504", "vpc app 10.1.0.0/16 nodns\n"
	  "forward R a.example app 192.168.0.1\n", 1 },
	/* they are connected with the same VPC, all three; once for each pair */
	{ __LINE__, "PEE505", NETWORKS "vpc clone 10.1.0.0/17\npeer hub clone\n", 1 },
	{ __LINE__, "PEE505", NETWORKS "vpc clone 10.1.0.0/17\npeer data clone\n", 0 },
	{ __LINE__, "PEE505", NETWORKS "vpc clone 10.1.0.0/17\npeer hub clone\n"
	  "vpc other 10.9.0.0/16\npeer other app\npeer other clone\n", 1 },
	/* both sides allow it */
	{ __LINE__, "PEE503", NETWORKS "zone Z a.example hub\na 60 CNAME " EC2 "\n", 0 },
};

#define SIBLINGS	"forward S a.d.example app 192.168.0.1\n" \
			"forward T b.d.example app 192.168.0.1\n"

static const struct judgement rules[] = {
	{ __LINE__, "QTA803", NETWORKS "forward R a.example app 192.168.0.1\n"
	  "forward S b.example app 192.168.0.1\nforward T c.example app 192.168.0.2\n", 2 },
	{ __LINE__, "QTA803", NETWORKS "forward R a.example app 192.168.0.1 192.168.0.2\n", 0 },
	{ __LINE__, "QTA803", NETWORKS "system R a.example app\n", 0 },

	{ __LINE__, "QTA804", NETWORKS "forward R example app 192.168.0.1\n"
	  "forward S a.example app 192.168.0.1\nforward T b.example app 192.168.0.1\n", 1 },
	/* other targets, another order of them counts as other */
	{ __LINE__, "QTA804", NETWORKS "forward R example app 192.168.0.1\n"
	  "forward S a.example app 192.168.0.1 192.168.0.2\n", 0 },
	/* in one network of the two nothing takes over */
	{ __LINE__, "QTA804", NETWORKS "forward R example app 192.168.0.1\n"
	  "forward S a.example app,hub 192.168.0.1\n", 0 },
	/* a zone, or a SYSTEM rule, stands between */
	{ __LINE__, "QTA804", NETWORKS "forward R example app 192.168.0.1\n"
	  "zone Z a.example app\nw 60 A 10.1.0.1\nforward S b.a.example app 192.168.0.1\n", 0 },
	{ __LINE__, "QTA804", NETWORKS "forward R example app 192.168.0.1\n"
	  "system T a.example app\nforward S b.a.example app 192.168.0.1\n", 0 },
	/* it keeps a zone of its name from being read */
	{ __LINE__, "QTA804", NETWORKS "forward R example app 192.168.0.1\n"
	  "zone Z a.example app\nw 60 A 10.1.0.1\nforward S a.example app 192.168.0.1\n", 0 },
	/* a rule for the domain above them would do */
	{ __LINE__, "QTA804", NETWORKS SIBLINGS, 1 },
	/* other servers; other networks; an order of asking */
	{ __LINE__, "QTA804", NETWORKS "forward S a.d.example app 192.168.0.1\n"
	  "forward T b.d.example app 192.168.0.2\n", 0 },
	{ __LINE__, "QTA804", NETWORKS "forward S a.d.example app 192.168.0.1\n"
	  "forward T b.d.example app,hub 192.168.0.1\n", 0 },
	/* of the internet it is not known what it has there */
	{ __LINE__, "QTA804", NETWORKS "forward S a.d.corp app 192.168.0.1\n"
	  "forward T b.d.corp app 192.168.0.1\n", 0 },
	/* by its public zones it is */
	{ __LINE__, "QTA804", NETWORKS "forward S a.d.corp app 192.168.0.1\n"
	  "forward T b.d.corp app 192.168.0.1\n"
	  "zone P corp public\nw 60 A 192.0.2.1\n", 1 },
	{ __LINE__, "QTA804", NETWORKS "forward S a.d.corp app 192.168.0.1\n"
	  "forward T b.d.corp app 192.168.0.1\n"
	  "zone P corp public\nc.d 60 A 192.0.2.1\n", 0 },
	{ __LINE__, "QTA804", NETWORKS "forward S a.d.corp app 192.168.0.1\n"
	  "forward T b.d.corp app 192.168.0.1\n"
	  "zone P corp public\nzone Q d.corp public\n", 0 },
	/* everybody's domain */
	{ __LINE__, "QTA804", NETWORKS "forward S a.example app 192.168.0.1\n"
	  "forward T b.example app 192.168.0.1\n", 0 },
	/* a zone, or another's rule, among them */
	{ __LINE__, "QTA804", NETWORKS SIBLINGS "zone Z c.d.example app\nw 60 A 10.1.0.1\n", 0 },
	{ __LINE__, "QTA804", NETWORKS SIBLINGS "forward U c.d.example app 192.168.0.2\n", 0 },
	{ __LINE__, "QTA804", NETWORKS SIBLINGS "zone Z d.example app\nw 60 A 10.1.0.1\n", 0 },
	/* below one of them it does not matter */
	{ __LINE__, "QTA804", NETWORKS SIBLINGS "zone Z w.a.d.example app\nw 60 A 10.1.0.1\n", 1 },
	/* the zone above has nothing there; a name, a wildcard or a delegation that is for them */
	{ __LINE__, "QTA804", NETWORKS SIBLINGS "zone Z example app\nw 60 A 10.1.0.1\n"
	  "w.a.d 60 A 10.1.0.1\n", 1 },
	{ __LINE__, "QTA804", NETWORKS SIBLINGS "zone Z example app\nd 60 A 10.1.0.1\n", 0 },
	{ __LINE__, "QTA804", NETWORKS SIBLINGS "zone Z example app\nw.c.d 60 A 10.1.0.1\n", 0 },
	{ __LINE__, "QTA804", NETWORKS SIBLINGS "zone Z example app\n* 60 A 10.1.0.1\n", 0 },
	{ __LINE__, "QTA804", NETWORKS SIBLINGS "zone Z example app\n*.d 60 A 10.1.0.1\n", 0 },
	{ __LINE__, "QTA804", NETWORKS SIBLINGS "zone Z example app\nd 60 NS ns.example.com.\n", 0 },
	/* all of them is forwarded elsewhere */
	{ __LINE__, "QTA804", NETWORKS SIBLINGS "forward U example app 192.168.0.2\n", 0 },
	/* their server has a rule of its own for all of them */
	{ __LINE__, "QTA804", NETWORKS SIBLINGS "servers dc 192.168.0.1\n"
	  "forward U d.example dc 10.0.1.2\n", 0 },
};

static const struct judgement security[] = {
	{ __LINE__, "SEC901", NETWORKS "zone Z a.example app\na 60 CNAME x.github.io.\n"
	  "b 60 CNAME y.github.io.\nc 60 CNAME z.azurewebsites.net.\n", 2 },
	{ __LINE__, "SEC901", NETWORKS "zone Z a.example app\nalias a A x.github.io. ZGITHUB\n", 1 },
	{ __LINE__, "SEC901", NETWORKS "zone Z a.example app\na 60 TXT \"x.github.io\"\n", 0 },
	{ __LINE__, "SEC902", NETWORKS "zone Z a.example hub,app\na 60 A 10.0.0.1\n", 1 },
	{ __LINE__, "SEC902", NETWORKS "zone Z a.example hub\na 60 A 10.0.0.1\n", 0 },
	{ __LINE__, "SEC902", NETWORKS "zone Z a.example hub,app,data,far\na 60 A 10.0.0.1\n", 0 },
	{ __LINE__, "SEC902", NETWORKS "zone Z a.example hub,app,data\na 60 A 10.0.0.1\n"
	  "forward R example far 192.168.0.1\n", 0 },
	/* more lack it than have it */
	{ __LINE__, "SEC902", NETWORKS "vpc more 10.9.0.0/16\npeer hub more\n"
	  "zone Z a.example hub,app\na 60 A 10.0.0.1\n", 0 },
	/* what nobody claims is declared to go nowhere */
	{ __LINE__, "SEC902", NETWORKS "listen 5300 hub\nzone Z a.example hub,app\n"
	  "a 60 A 10.0.0.1\n", 0 },
	{ __LINE__, "SEC903", NETWORKS "forward R a.example app 9.9.9.9\n"
	  "zone Z a.example hub\na 60 A 10.0.0.1\n", 1 },
	{ __LINE__, "SEC903", NETWORKS "forward R x.a.example app 192.168.0.1 9.9.9.9\n"
	  "zone Z a.example hub\na 60 A 10.0.0.1\n", 1 },
	{ __LINE__, "SEC903", NETWORKS "forward R a.example app 192.168.0.1\n"
	  "zone Z a.example hub\na 60 A 10.0.0.1\n", 0 },
	/* above the zone: the Internet's, as far as one knows */
	{ __LINE__, "SEC903", NETWORKS "forward R example app 9.9.9.9\n"
	  "zone Z a.example hub\na 60 A 10.0.0.1\n", 0 },
	{ __LINE__, "SEC905", NETWORKS "zone Z a.corp.com app\na 60 A 10.1.0.1\n"
	  "zone Y b.corp.com app\na 60 A 10.1.0.1\nzone X corp.co.uk app\na 60 A 10.1.0.1\n", 2 },
	{ __LINE__, "SEC905", NETWORKS "zone Z a.corp.com app\na 60 A 10.1.0.1\n"
	  "zone P corp.com public\na 60 A 9.9.9.9\n", 0 },
	{ __LINE__, "SEC905", NETWORKS "zone Z a.internal app\na 60 A 10.1.0.1\n"
	  "zone Y 1.10.in-addr.arpa app\n1.0 60 PTR a.a.internal.\n"
	  "zone X ssm.eu-west-1.amazonaws.com app\n@ 60 A 10.1.0.1\n", 0 },
	{ __LINE__, "SEC909", NETWORKS "zone Z a.example app\n* 60 A 10.1.0.1\n", 1 },
	{ __LINE__, "SEC909", NETWORKS "zone Z a.example app\n* 60 TXT \"a\"\n", 0 },
	{ __LINE__, "SEC909", NETWORKS "zone Z s3.eu-west-1.amazonaws.com app\n* 60 A 10.1.0.1\n",
	  0 },
	{ __LINE__, "SEC909", NETWORKS "zone Z a.example public\n* 60 A 9.9.9.9\n", 0 },
};

static void
judge(const struct judgement *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct judged *j = judged_new(rows[i].estate);
		const struct lint_choice choice = {
			.select = &rows[i].code, .select_count = 1,
		};

		row_int(rows[i].line,
			lint_run_chosen(&j->maker.estate, j->snap, &choice, &j->diags), OK);
		row_int(rows[i].line, j->diags.errors + j->diags.warnings + j->diags.notes,
			rows[i].findings);
		judged_free(j);
	}
}

static void
addresses_are_held_against_who_reads_them(void **state)
{
	(void)state;
	judge(addresses, COUNT_OF(addresses));
}

static void
links_are_held_against_what_hangs_on_them(void **state)
{
	(void)state;
	judge(links, COUNT_OF(links));
}

static void
rules_that_are_too_few_or_too_many_are_found(void **state)
{
	(void)state;
	judge(rules, COUNT_OF(rules));
}

static void
names_that_others_can_take_or_hear_are_found(void **state)
{
	(void)state;
	judge(security, COUNT_OF(security));
}

/** Quotas: from 80 % on a warning, above 100 % an error. */
static void
a_quota_is_warned_of_before_it_is_reached(void **state)
{
	static const struct { int line; uint32_t allowed; size_t errors, warnings; } rows[] = {
		{ __LINE__, 3, 1, 0 }, { __LINE__, 4, 0, 1 }, { __LINE__, 5, 0, 1 },
		{ __LINE__, 6, 0, 0 },
	};
	static const char *const code = "QTA801";

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct judged *j = judged_new(NETWORKS "zone Z a.example hub,app,data,far\n"
					      "a 60 A 10.0.0.1\n");
		const struct lint_choice choice = { .select = &code, .select_count = 1 };

		j->maker.estate.lint.quotas[QUOTA_VPCS_PER_ZONE] = rows[i].allowed;
		row_int(rows[i].line,
			lint_run_chosen(&j->maker.estate, j->snap, &choice, &j->diags), OK);
		row_int(rows[i].line, j->diags.errors, rows[i].errors);
		row_int(rows[i].line, j->diags.warnings, rows[i].warnings);
		judged_free(j);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_held_against_who_reads_them),
		cmocka_unit_test(links_are_held_against_what_hangs_on_them),
		cmocka_unit_test(rules_that_are_too_few_or_too_many_are_found),
		cmocka_unit_test(names_that_others_can_take_or_hear_are_found),
		cmocka_unit_test(a_quota_is_warned_of_before_it_is_reached),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
