#include "unit/unit.h"

#include "base/text.h"
#include "lint/witness.h"
#include "unit/judged.h"

/* Two VPCs that are connected, one that is not. */
#define NETWORKS					\
	"vpc app 10.1.0.0/16 eu-west-1\n"		\
	"vpc data 10.2.0.0/16 eu-west-1\n"		\
	"vpc lone 10.3.0.0/16 eu-west-1\n"		\
	"peer app data\n"

struct judgement {
	int line;
	const char *estate;
	const char *findings;	/* "ZON101 error; ..." in the order reported */
};

static const struct judgement same_name[] = {
	{ __LINE__, NETWORKS "zone ZA corp.example app\n", "" },
	/* different data, connected */
	{ __LINE__, NETWORKS
	  "zone ZA corp.example app\ndb 60 A 10.1.0.1\n"
	  "zone ZB corp.example data\ndb 60 A 10.2.0.1\n", "ZON101 error" },
	/* different data, not connected */
	{ __LINE__, NETWORKS
	  "zone ZA corp.example app\ndb 60 A 10.1.0.1\n"
	  "zone ZB corp.example lone\ndb 60 A 10.2.0.1\n", "" },
	/* equal data */
	{ __LINE__, NETWORKS
	  "zone ZA corp.example app\ndb 60 A 10.1.0.1\n"
	  "zone ZB corp.example data\ndb 60 A 10.1.0.1\n", "ZON102 note" },
	/* TTLs and the SOA make no difference */
	{ __LINE__, NETWORKS
	  "zone ZA corp.example app\ndb 60 A 10.1.0.1\n@ 60 SOA a. b. 1 2 3 4 5\n"
	  "zone ZB corp.example data\ndb 90 A 10.1.0.1\n@ 60 SOA a. b. 9 2 3 4 5\n",
	  "ZON102 note" },
	/* an explicit name stops the wildcard below itself, though it says the same */
	{ __LINE__, NETWORKS
	  "zone ZA corp.example app\n*.w 60 A 10.1.0.1\nx.w 60 A 10.1.0.1\n"
	  "zone ZB corp.example data\n*.w 60 A 10.1.0.1\n", "ZON101 error" },
	/* a type that only the wildcard of one side has */
	{ __LINE__, NETWORKS
	  "zone ZA corp.example app\n*.w 60 A 10.1.0.1\n*.w 60 TXT \"a\"\n"
	  "zone ZB corp.example data\n*.w 60 A 10.1.0.1\n", "ZON101 error" },
	/* an empty non-terminal exists, a missing name does not */
	{ __LINE__, NETWORKS
	  "zone ZA corp.example app\na.b 60 A 10.1.0.1\nc 60 A 10.1.0.3\n"
	  "zone ZB corp.example data\nc 60 A 10.1.0.3\n", "ZON101 error" },
	/* the order of values does not count, letter case in them neither */
	{ __LINE__, NETWORKS
	  "zone ZA corp.example app\nc 60 CNAME Www.corp.example.\n"
	  "zone ZB corp.example data\nc 60 CNAME www.corp.example.\n", "ZON102 note" },
	/* the names that differ are forwarded on one side: nobody hears two answers */
	{ __LINE__, NETWORKS
	  "zone ZA corp.example app\ndb.x 60 A 10.1.0.1\n"
	  "zone ZB corp.example data\ndb.x 60 A 10.2.0.1\n"
	  "forward R x.corp.example app 192.168.0.1\n", "PRE202 error" },
	/* ... and given back by a SYSTEM rule further down */
	{ __LINE__, NETWORKS
	  "zone ZA corp.example app\n*.x 60 A 10.1.0.1\n"
	  "zone ZB corp.example data\n*.x 60 A 10.2.0.1\n"
	  "forward R x.corp.example app 192.168.0.1\n"
	  "system S y.x.corp.example app\n", "PRE202 error; ZON101 error" },
	/* without its DNS attributes a VPC reads no zones */
	{ __LINE__, NETWORKS "hosts-off data\n"
	  "zone ZA corp.example app\ndb 60 A 10.1.0.1\n"
	  "zone ZB corp.example data\ndb 60 A 10.2.0.1\n", "" },
	/* three zones of one name are one cause */
	{ __LINE__, NETWORKS "peer lone app\npeer lone data\n"
	  "zone ZA corp.example app\ndb 60 A 10.1.0.1\n"
	  "zone ZB corp.example data\ndb 60 A 10.2.0.1\n"
	  "zone ZC corp.example lone\ndb 60 A 10.3.0.1\n", "ZON101 error" },
	/* two equal, a third not: both are said */
	{ __LINE__, NETWORKS "peer lone app\npeer lone data\n"
	  "zone ZA corp.example app\ndb 60 A 10.1.0.1\n"
	  "zone ZB corp.example data\ndb 60 A 10.1.0.1\n"
	  "zone ZC corp.example lone\ndb 60 A 10.3.0.1\n", "ZON101 error; ZON102 note" },
	/* weights are part of the answer, identifiers are not */
	{ __LINE__, NETWORKS
	  "zone ZA corp.example app\nw 60 A 10.1.0.1 { weighted 10 a }\n"
	  "w 60 A 10.1.0.2 { weighted 90 b }\n"
	  "zone ZB corp.example data\nw 60 A 10.1.0.2 { weighted 90 x }\n"
	  "w 60 A 10.1.0.1 { weighted 10 y }\n", "ZON102 note" },
	{ __LINE__, NETWORKS
	  "zone ZA corp.example app\nw 60 A 10.1.0.1 { weighted 10 a }\n"
	  "w 60 A 10.1.0.2 { weighted 90 b }\n"
	  "zone ZB corp.example data\nw 60 A 10.1.0.2 { weighted 10 b }\n"
	  "w 60 A 10.1.0.1 { weighted 90 a }\n", "ZON101 error" },
	/* aliases to one's own zone are alike, whatever the zone's id */
	{ __LINE__, NETWORKS
	  "zone ZA corp.example app\nt 60 A 10.1.0.1\nalias a A t ZA\n"
	  "zone ZB corp.example data\nt 60 A 10.1.0.1\nalias a A t ZB\n", "ZON102 note" },
	/* a CNAME loop is answered SERVFAIL: the witness still replays */
	{ __LINE__, NETWORKS
	  "zone ZA corp.example app\na 60 CNAME b.corp.example.\nb 60 CNAME a.corp.example.\n"
	  "zone ZB corp.example data\na 60 A 10.2.0.1\n", "ZON101 error" },
	/* what a VPC has by a Profile only it has all the same */
	{ __LINE__, NETWORKS
	  "zone ZA corp.example -\ndb 60 A 10.1.0.1\n"
	  "zone ZB corp.example data\ndb 60 A 10.2.0.1\n"
	  "profile P ZA - app\n", "ZON101 error" },
	/* two zones of one name in one VPC: its own is read */
	{ __LINE__, NETWORKS
	  "zone ZA corp.example -\ndb 60 A 10.1.0.1\n"
	  "zone ZB corp.example data,app\ndb 60 A 10.2.0.1\n"
	  "profile P ZA - app\n", "" },
	/* ... and both ways to one zone are one */
	{ __LINE__, NETWORKS
	  "zone ZA corp.example app,data\ndb 60 A 10.1.0.1\n"
	  "profile P ZA - app:100\nprofile Q ZA - app:200,data\n", "" },
	/* a transit gateway connects, a site's path too */
	{ __LINE__, "vpc app 10.1.0.0/16\nvpc data 10.2.0.0/16\ntgw T app,data\n"
	  "zone ZA corp.example app\ndb 60 A 10.1.0.1\n"
	  "zone ZB corp.example data\ndb 60 A 10.2.0.1\n", "ZON101 error" },
	{ __LINE__, "vpc app 10.1.0.0/16\nsite dc 10.2.0.0/16\nconnects dc app\n"
	  "zone ZA corp.example app\ndb 60 A 10.1.0.1\n"
	  "zone ZB corp.example dc\ndb 60 A 10.2.0.1\n", "ZON101 error" },
};

static const struct judgement children[] = {
	/* the child is wherever the parent is: the record is never read */
	{ __LINE__, NETWORKS
	  "zone P corp.example app,lone\nx.eu 60 A 10.1.0.1\n"
	  "zone C eu.corp.example app,lone\ny 60 A 10.1.0.2\n", "ZON103 error" },
	/* lone reads it */
	{ __LINE__, NETWORKS
	  "zone P corp.example app,lone\nx.eu 60 A 10.1.0.1\n"
	  "zone C eu.corp.example app\ny 60 A 10.1.0.2\n", "ZON103 warning" },
	/* nothing of the parent lies there */
	{ __LINE__, NETWORKS
	  "zone P corp.example app,lone\neurope 60 A 10.1.0.1\n"
	  "zone C eu.corp.example app,lone\ny 60 A 10.1.0.2\n", "" },
	/* a delegation is not lost: NS, DS and the servers' addresses */
	{ __LINE__, NETWORKS
	  "zone P corp.example app\neu 60 NS ns.eu.corp.example.\nns.eu 60 A 10.1.0.1\n"
	  "zone C eu.corp.example app\ny 60 A 10.1.0.2\n", "" },
	{ __LINE__, NETWORKS
	  "zone P corp.example app\neu 60 NS ns.eu.corp.example.\nns.eu 60 A 10.1.0.1\n"
	  "x.eu 60 A 10.1.0.1\n"
	  "zone C eu.corp.example app\ny 60 A 10.1.0.2\n", "ZON103 error" },
	/* a grandchild answers for its own names */
	{ __LINE__, NETWORKS
	  "zone P corp.example app\nx.a.eu 60 A 10.1.0.1\n"
	  "zone C eu.corp.example app\ny 60 A 10.1.0.2\n"
	  "zone G a.eu.corp.example app\ny 60 A 10.1.0.2\n", "ZON103 error" },
	/* connected, and only one has the child */
	{ __LINE__, NETWORKS
	  "zone P corp.example app,data\nwww 60 A 10.1.0.1\n"
	  "zone C eu.corp.example app\ny 60 A 10.1.0.2\n", "ZON104 error" },
	{ __LINE__, NETWORKS
	  "zone P corp.example app,data\nwww 60 A 10.1.0.1\n"
	  "zone C eu.corp.example app,data\ny 60 A 10.1.0.2\n", "" },
	/* the parent happens to say the same as the child: also its records are hidden */
	{ __LINE__, NETWORKS
	  "zone P corp.example app,data\ny.eu 60 A 10.1.0.2\n"
	  "zone C eu.corp.example app\ny 60 A 10.1.0.2\n", "ZON103 warning" },
	/* the other forwards the child's names: not a question of zones */
	{ __LINE__, NETWORKS
	  "zone P corp.example app,data\nwww 60 A 10.1.0.1\n"
	  "zone C eu.corp.example app\ny 60 A 10.1.0.2\n"
	  "forward R eu.corp.example data 192.168.0.1\n", "" },
	/* not connected */
	{ __LINE__, NETWORKS
	  "zone P corp.example app,lone\nwww 60 A 10.1.0.1\n"
	  "zone C eu.corp.example app\ny 60 A 10.1.0.2\n", "" },
};

static const struct judgement precedence[] = {
	/* by Profiles: the rule wins where it is the VPC's own, or of the zone's Profile */
	{ __LINE__, NETWORKS
	  "zone Z corp.example -\nwww 60 A 10.1.0.1\n"
	  "forward R corp.example app 192.168.0.1\nprofile P Z - app\n", "PRE201 error" },
	{ __LINE__, NETWORKS
	  "zone Z corp.example app\nwww 60 A 10.1.0.1\n"
	  "forward R corp.example - 192.168.0.1\nprofile P - R app\n", "" },
	{ __LINE__, NETWORKS
	  "zone Z corp.example -\nwww 60 A 10.1.0.1\n"
	  "forward R corp.example - 192.168.0.1\nprofile P Z R app\n", "PRE201 error" },
	{ __LINE__, NETWORKS
	  "zone Z corp.example -\nwww.x 60 A 10.1.0.1\n"
	  "forward R x.corp.example - 192.168.0.1\n"
	  "profile P Z - app:100\nprofile Q - R app:200\n", "PRE202 error" },
	{ __LINE__, NETWORKS
	  "zone Z corp.example app\nwww 60 A 10.1.0.1\n"
	  "forward R corp.example app 192.168.0.1\n", "PRE201 error" },
	{ __LINE__, NETWORKS
	  "zone Z corp.example app\nwww 60 A 10.1.0.1\n"
	  "forward R corp.example data 192.168.0.1\n", "" },
	/* a SYSTEM rule of the zone's name leads to the zone */
	{ __LINE__, NETWORKS
	  "zone Z corp.example app\nwww 60 A 10.1.0.1\n"
	  "system R corp.example app\n", "" },
	{ __LINE__, NETWORKS
	  "zone Z corp.example app\nwww.dev 60 A 10.1.0.1\n"
	  "forward R dev.corp.example app 192.168.0.1\n", "PRE202 error" },
	{ __LINE__, NETWORKS
	  "zone Z corp.example app\nwww 60 A 10.1.0.1\n"
	  "forward R dev.corp.example app 192.168.0.1\n", "" },
	/* a deeper rule takes the record: it is the one to blame */
	{ __LINE__, NETWORKS
	  "zone Z corp.example app\nwww.x.dev 60 A 10.1.0.1\n"
	  "forward R dev.corp.example app 192.168.0.1\n"
	  "forward S x.dev.corp.example app 192.168.0.1\n", "PRE202 error" },
	/* a SYSTEM rule gives the record back */
	{ __LINE__, NETWORKS
	  "zone Z corp.example app\nwww.dev 60 A 10.1.0.1\n"
	  "forward R dev.corp.example app 192.168.0.1\n"
	  "system S www.dev.corp.example app\n", "" },
	/* the delegation of what is forwarded */
	{ __LINE__, NETWORKS
	  "zone Z corp.example app\ndev 60 NS ns.dev.corp.example.\nns.dev 60 A 10.1.0.1\n"
	  "forward R dev.corp.example app 192.168.0.1\n", "" },
	{ __LINE__, NETWORKS
	  "zone Z corp.example app\nwww 60 A 10.1.0.1\n"
	  "forward R example app 192.168.0.1\n", "PRE203 warning" },
	/* what "." does not capture is as documented */
	{ __LINE__, NETWORKS
	  "zone Z corp.example app\nwww 60 A 10.1.0.1\n"
	  "forward R . app 192.168.0.1\n", "" },
	/* between them stands another zone, or a SYSTEM rule */
	{ __LINE__, NETWORKS
	  "zone Z a.corp.example app\nwww 60 A 10.1.0.1\n"
	  "zone P corp.example app\n@ 60 A 10.1.0.1\n"
	  "forward R example app 192.168.0.1\n", "PRE203 warning" },
	{ __LINE__, NETWORKS
	  "zone Z a.corp.example app\nwww 60 A 10.1.0.1\n"
	  "system S corp.example app\n"
	  "forward R example app 192.168.0.1\n", "" },
	/* a zone that lacks no name */
	{ __LINE__, NETWORKS
	  "zone Z corp.example app\n* 60 A 10.1.0.1\n"
	  "forward R example app 192.168.0.1\n", "" },
};

#define INBOUND						\
	"inbound in-app app 10.1.0.10 10.1.1.10\n"	\
	"inbound in-data data 10.2.0.10\n"		\
	"inbound in-lone lone 10.3.0.10\n"

static const struct judgement forwarding[] = {
	{ __LINE__, NETWORKS INBOUND "forward R x.example app 10.1.0.10\n", "FWD301 error" },
	{ __LINE__, NETWORKS INBOUND "forward R x.example app 10.2.0.10\n", "" },
	{ __LINE__, NETWORKS INBOUND "forward R x.example app 192.168.0.1 10.1.0.10\n",
	  "FWD301 error" },
	/* both addresses of one endpoint */
	{ __LINE__, NETWORKS INBOUND "forward R x.example app 10.1.0.10 10.1.1.10\n",
	  "FWD301 error" },
	{ __LINE__, NETWORKS INBOUND
	  "forward R x.example app 10.2.0.10\nforward S x.example data 10.1.0.10\n",
	  "FWD302 error" },
	/* of three, and the rules' domains differ */
	{ __LINE__, NETWORKS INBOUND
	  "forward R x.example app 10.2.0.10\nforward S a.x.example data 10.3.0.10\n"
	  "forward T example lone 10.1.0.10\n", "FWD302 error" },
	/* the deeper domain is answered: a zone ends the circle */
	{ __LINE__, NETWORKS INBOUND
	  "forward R x.example app 10.2.0.10\nforward S a.x.example data 10.1.0.10\n"
	  "zone Z a.x.example app\nwww 60 A 10.1.0.1\n", "PRE203 warning" },
	/* the zone of the loop's name stands under a rule of its name */
	{ __LINE__, NETWORKS INBOUND
	  "forward R x.example app 10.2.0.10\nforward S x.example data 10.1.0.10\n"
	  "zone Z x.example app\nwww 60 A 10.1.0.1\n", "FWD302 error; PRE201 error" },
	/* one below cuts itself out, the rest still goes round */
	{ __LINE__, NETWORKS INBOUND
	  "forward R x.example app 10.2.0.10\nforward S x.example data 10.1.0.10\n"
	  "system T a.x.example app\n", "FWD302 error" },
	/* a site's servers answer as the site */
	{ __LINE__, "vpc app 10.1.0.0/16\nsite dc 192.168.0.0/16\nconnects dc app\n"
	  "servers dc 192.168.0.53\ninbound in-app app 10.1.0.10\n"
	  "forward R x.example app 192.168.0.53\nforward S x.example dc 10.1.0.10\n",
	  "FWD302 error" },
	{ __LINE__, "site dc 192.168.0.0/16\nservers dc 192.168.0.53\n"
	  "forward S x.example dc 192.168.0.53\n", "FWD301 error" },
	/* two circles through one network */
	{ __LINE__, NETWORKS INBOUND
	  "forward R x.example app 10.2.0.10 10.3.0.10\nforward S x.example data 10.1.0.10\n"
	  "forward T x.example lone 10.1.0.10\n", "FWD302 error; FWD302 error" },
};

static void
describe(const struct diags *diags, struct text *out)
{
	text_append(out, "");
	for (const struct finding *f = diags->first; f; f = f->next)
		text_printf(out, "%s%s %s", out->len ? "; " : "", f->code,
			    severity_text(f->severity));
}

/** Run the checks that this file is about; each other family has a test of its own. */
static enum status
run_these(struct judged *j, enum severity least)
{
	static const char *const codes[] = {
		"FWD301", "FWD302", "PRE201", "PRE202", "PRE203", "ZON101", "ZON102", "ZON103",
		"ZON104",
	};
	struct lint_choice choice = {
		.least = least, .select = codes, .select_count = COUNT_OF(codes),
	};

	return lint_run_chosen(&j->maker.estate, j->snap, &choice, &j->diags);
}

static void
judge(const struct judgement *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct judged *j = judged_new(rows[i].estate);
		struct text got;

		text_init(&got);
		row_int(rows[i].line, run_these(j, SEVERITY_NOTE), OK);
		describe(&j->diags, &got);
		row_string(rows[i].line, got.data, rows[i].findings);
		text_fini(&got);
		judged_free(j);
	}
}

static void
zones_of_one_name_are_compared_exactly(void **state)
{
	(void)state;
	judge(same_name, COUNT_OF(same_name));
}

static void
a_child_zone_takes_names_from_its_parent(void **state)
{
	(void)state;
	judge(children, COUNT_OF(children));
}

static void
rules_and_zones_take_names_from_each_other(void **state)
{
	(void)state;
	judge(precedence, COUNT_OF(precedence));
}

static void
questions_that_go_round_are_found(void **state)
{
	(void)state;
	judge(forwarding, COUNT_OF(forwarding));
}

static const char everything[] =
	NETWORKS INBOUND
	"zone ZA corp.example app\ndb 60 A 10.1.0.1\n*.w 60 A 10.1.0.1\n"
	"zone ZB corp.example data\ndb 60 A 10.2.0.1\n"
	"zone ZC copy.example app\ndb 60 A 10.1.0.1\n"
	"zone ZD copy.example data\ndb 60 A 10.1.0.1\n"
	"zone P parent.example app,data\nx.eu 60 A 10.1.0.1\n"
	"zone C eu.parent.example app\ny 60 A 10.1.0.2\n"
	"zone R rule.example app\nwww 60 A 10.1.0.1\n"
	"forward R1 rule.example app 192.168.0.1\n"
	"zone S cut.example app\nwww.dev 60 A 10.1.0.1\n"
	"forward R2 dev.cut.example app 192.168.0.1\n"
	"forward R3 big.example app 192.168.0.1\n"
	"zone T in.big.example app\nwww 60 A 10.1.0.1\n"
	"forward R4 self.example app 10.1.0.10\n"
	"forward R5 round.example app 10.2.0.10\n"
	"forward R6 round.example data 10.1.0.10\n";

static void
findings_below_the_wanted_severity_are_not_made(void **state)
{
	static const struct { enum severity least; size_t errors, warnings, notes; } rows[] = {
		{ SEVERITY_NOTE, 6, 2, 1 },
		{ SEVERITY_WARNING, 6, 2, 0 },
		{ SEVERITY_ERROR, 6, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct judged *j = judged_new(everything);

		assert_int_equal(run_these(j, rows[i].least), OK);
		assert_int_equal(j->diags.errors, rows[i].errors);
		assert_int_equal(j->diags.warnings, rows[i].warnings);
		assert_int_equal(j->diags.notes, rows[i].notes);
		judged_free(j);
	}
}

static void
only_the_chosen_checks_run(void **state)
{
	static const struct {
		int line;
		const char *select, *ignore, *findings;
	} rows[] = {
		{ __LINE__, "PRE20", NULL, "PRE201 error; PRE202 error; PRE203 warning" },
		{ __LINE__, "PRE20", "PRE202", "PRE201 error; PRE203 warning" },
		{ __LINE__, "ZON102", NULL, "ZON102 note" },
		{ __LINE__, "FWD30", "FWD302", "FWD301 error" },
		{ __LINE__, "ZON102", "ZON", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct judged *j = judged_new(everything);
		struct lint_choice choice = {
			.select = rows[i].select ? &rows[i].select : NULL,
			.select_count = rows[i].select != NULL,
			.ignore = &rows[i].ignore,
			.ignore_count = rows[i].ignore != NULL,
		};
		struct text got;

		text_init(&got);
		row_int(rows[i].line,
			lint_run_chosen(&j->maker.estate, j->snap, &choice, &j->diags), OK);
		describe(&j->diags, &got);
		row_string(rows[i].line, got.data, rows[i].findings);
		text_fini(&got);
		judged_free(j);
	}
}

static void
the_table_of_checks_is_sorted_and_complete(void **state)
{
	size_t count;
	const struct lint_check *checks = lint_checks(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		assert_true(lint_code_exists(checks[i].code));
		assert_true(i == 0 || strcmp(checks[i - 1].code, checks[i].code) < 0);
		assert_true(*checks[i].name && *checks[i].summary);
	}
	assert_true(lint_code_exists("ZON1"));
	assert_false(lint_code_exists("ZON1011"));
	assert_false(lint_code_exists(""));
}

/** The run's memory is bounded as the estate's is: each bound ends in OK or ERR_NOMEM. */
static void
a_run_out_of_memory_says_so(void **state)
{
	struct judged *j = judged_new(everything);
	enum status status = ERR_NOMEM;
	size_t starved = 0, all;

	(void)state;
	assert_int_equal(lint_run(&j->maker.estate, j->snap, SEVERITY_NOTE, &j->diags), OK);
	all = j->diags.errors + j->diags.warnings + j->diags.notes;
	for (size_t limit = 0; status != OK; limit += 96) {
		struct arena arena;
		struct diags diags;

		assert_true(limit < 1 << 20);
		arena_init(&arena, SIZE_MAX);
		diags_init(&diags, &arena, 0);
		j->maker.estate.arena.limit = limit;
		status = lint_run(&j->maker.estate, j->snap, SEVERITY_NOTE, &diags);
		assert_true(status == OK || status == ERR_NOMEM);
		starved += status == ERR_NOMEM;
		if (status == OK)
			assert_int_equal(diags.errors + diags.warnings + diags.notes, all);
		arena_fini(&arena);
	}
	assert_true(starved > 50);
	judged_free(j);
}

/** Two runs over one estate say the same, word for word. */
static void
findings_are_the_same_at_every_run(void **state)
{
	struct judged *one = judged_new(everything), *other = judged_new(everything);
	const struct finding *a, *b;

	(void)state;
	assert_int_equal(lint_run(&one->maker.estate, one->snap, SEVERITY_NOTE, &one->diags), OK);
	assert_int_equal(lint_run(&other->maker.estate, other->snap, SEVERITY_NOTE,
				  &other->diags), OK);
	for (a = one->diags.first, b = other->diags.first; a && b; a = a->next, b = b->next) {
		const struct finding_part *p = a->parts, *q = b->parts;

		assert_string_equal(a->message, b->message);
		for (; p && q; p = p->next, q = q->next) {
			assert_int_equal(p->part, q->part);
			assert_string_equal(p->text ? p->text : "", q->text ? q->text : "");
		}
		assert_true(!p && !q);
	}
	assert_true(!a && !b);
	judged_free(one);
	judged_free(other);
}

/** What a network does with db.corp.example A, as a check might claim it. */
struct replay {
	int line;
	uint32_t network;
	bool forwarded;
	uint32_t number;
	const char *name;
	bool holds;
};

static void
a_witness_that_does_not_replay_is_our_mistake(void **state)
{
	static const struct replay rows[] = {
		/* networks app, data; zones ZA, ZB; rule R */
		{ __LINE__, 0, false, 0, "db.corp.example", true },
		{ __LINE__, 1, false, 1, "db.corp.example", true },
		{ __LINE__, 0, false, 1, "db.corp.example", false },
		{ __LINE__, 0, true, 0, "db.corp.example", false },
		{ __LINE__, 0, true, 0, "x.dc.example", true },
		{ __LINE__, 1, true, 0, "x.dc.example", false },
		{ __LINE__, 0, false, 0, "none.corp.example", true },
		{ __LINE__, 2, false, 0, "db.corp.example", false },
	};
	static const struct lint_check check = { .code = "TST001" };
	struct judged *j = judged_new(NETWORKS
		"zone ZA corp.example app\ndb 60 A 10.1.0.1\n"
		"zone ZB corp.example data\ndb 60 A 10.2.0.1\n"
		"forward R dc.example app 192.168.0.1\n");

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct replay *row = &rows[i];
		struct witness witness = { .type = TYPE_A };
		size_t errors = j->diags.errors;
		struct lint lint;

		witness.name = wire_name(row->name, NULL);
		if (row->forwarded)
			witness_claim_rule(&witness, row->network, row->number);
		else
			witness_claim_zone(&witness, row->network, row->number);
		row_int(row->line, lint_init(&lint, &j->maker.estate, j->snap, SEVERITY_NOTE,
					     &j->diags), OK);
		row_int(row->line, witness_holds(&lint, &check, &witness), row->holds);
		row_int(row->line, lint.broken, !row->holds);
		row_int(row->line, j->diags.errors - errors, !row->holds);
		lint_fini(&lint);
	}
	assert_string_equal(j->diags.first->code, "internal-error");
	judged_free(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones_of_one_name_are_compared_exactly),
		cmocka_unit_test(a_child_zone_takes_names_from_its_parent),
		cmocka_unit_test(rules_and_zones_take_names_from_each_other),
		cmocka_unit_test(questions_that_go_round_are_found),
		cmocka_unit_test(findings_below_the_wanted_severity_are_not_made),
		cmocka_unit_test(only_the_chosen_checks_run),
		cmocka_unit_test(the_table_of_checks_is_sorted_and_complete),
		cmocka_unit_test(a_run_out_of_memory_says_so),
		cmocka_unit_test(findings_are_the_same_at_every_run),
		cmocka_unit_test(a_witness_that_does_not_replay_is_our_mistake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
