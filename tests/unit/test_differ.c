#include "unit/unit.h"

#include "lint/differ.h"
#include "unit/judged.h"

/* What differ_compare tells, a line each: "name db.corp.example. MUST". */
struct told {
	struct text text;
	unsigned count;
};

static void
take(void *context, const struct difference *d)
{
	static const char *const orders[] = { "SAME", "APART", "MAY", "MUST" };
	struct told *told = context;
	char name[NAME_TEXT_MAX];

	told->count++;
	text_printf(&told->text, "%s %s %s%s\n", region_kind_text(d->kind),
		    name_print(d->name, name), orders[d->order], d->secondary ? " secondary" : "");
}

static enum status
compare(const char *estate, const char *one, const char *other, enum finals_order least,
	uint64_t most, struct told *told)
{
	struct differ_work work = { .most = most };
	struct differ_side a, b;
	struct closure closure;
	struct judged *j = judged_new(estate);
	struct zone_tries tries;
	struct arena arena;
	enum status status;

	text_init(&told->text);
	text_append(&told->text, "");
	told->count = 0;
	arena_init(&arena, SIZE_MAX);
	zone_tries_init(&tries, &arena);
	assert_int_equal(closure_init(&closure, &j->maker.estate, j->snap, &tries), OK);
	a = (struct differ_side){ &closure, judged_network(j, one)->index };
	b = (struct differ_side){ &closure, judged_network(j, other)->index };
	status = differ_compare(&a, &b, least, &work, take, told);
	arena_fini(&arena);
	judged_free(j);
	return status;
}

static void
expect(const char *estate, const char *one, const char *other, enum finals_order least,
       const char *want)
{
	struct told told;

	assert_int_equal(compare(estate, one, other, least, 100000, &told), OK);
	assert_string_equal(told.text.data, want);
	text_fini(&told.text);
}

#define NETWORKS					\
	"vpc hub 10.0.0.0/16 eu-west-1\n"		\
	"vpc app 10.1.0.0/16 eu-west-1\n"		\
	"vpc data 10.2.0.0/16 eu-west-1\n"		\
	"inbound rslvr-in hub 10.0.0.10\n"

static void
networks_with_one_table_do_not_differ(void **state)
{
	(void)state;
	expect(NETWORKS "zone Z1 corp.example app,data\ndb 60 A 10.1.0.1\n", "app", "data",
	       FINALS_APART, "");
}

static void
a_zone_and_the_same_zone_behind_a_rule_do_not_differ(void **state)
{
	(void)state;
	expect(NETWORKS "zone Z1 corp.example hub,data\ndb 60 A 10.1.0.1\n"
	       "forward R corp.example app 10.0.0.10\n", "app", "data", FINALS_APART, "");
}

static void
just_the_names_that_differ_are_told(void **state)
{
	(void)state;
	expect(NETWORKS
	       "zone Z1 corp.example hub\ndb 60 A 10.1.0.1\nwww 60 A 10.1.0.2\nnew 60 A 10.1.0.3\n"
	       "zone Z2 corp.example data\ndb 60 A 10.2.0.1\nwww 300 A 10.1.0.2\n"
	       "forward R corp.example app 10.0.0.10\n", "app", "data", FINALS_APART,
	       "name db.corp.example. MUST\nname new.corp.example. MUST\n");
}

static void
a_wildcard_and_what_it_would_have_said_are_the_same(void **state)
{
	(void)state;
	expect(NETWORKS
	       "zone Z1 corp.example hub\n*.w 60 A 10.1.0.1\n"
	       "zone Z2 corp.example data\n*.w 60 A 10.1.0.1\na.w 60 A 10.1.0.1\n"
	       "forward R corp.example app 10.0.0.10\n", "app", "data", FINALS_APART,
	       "others a.w.corp.example. MUST\n");
}

static void
a_name_that_leads_to_a_difference_is_secondary(void **state)
{
	(void)state;
	expect(NETWORKS
	       "zone Z1 corp.example app,data\nweb 60 CNAME db.svc.example.\nok 60 CNAME web\n"
	       "zone Z2 svc.example app\ndb 60 A 10.1.0.1\n"
	       "zone Z3 svc.example data\ndb 60 A 10.2.0.1\n", "app", "data", FINALS_MAY,
	       "name db.svc.example. MUST\nname web.corp.example. MUST secondary\n"
	       "name ok.corp.example. MUST secondary\n");
}

static void
what_one_side_leaves_to_the_internet_is_apart(void **state)
{
	static const char estate[] = NETWORKS "zone Z1 corp.example app\n";

	(void)state;
	expect(estate, "app", "data", FINALS_MAY, "");
	expect(estate, "app", "data", FINALS_APART,
	       "name corp.example. APART\nothers corp.example. APART\n");
}

/* From one reply comes the whole chain, as far as the same servers are asked about it. */
static void
a_chain_stays_with_the_target_that_began_it(void **state)
{
	(void)state;
	expect(NETWORKS
	       "inbound in-data data 10.2.0.10\n"
	       "zone Z1 corp.example hub,data\nweb 60 CNAME a.svc.example.\n"
	       "zone Z2 svc.example hub,data\n"
	       "zone Z3 b.example hub\nx 60 CNAME y.b.example.\ny 60 A 10.1.0.1\n"
	       "zone Z4 b.example data\nx 60 CNAME y.b.example.\ny 60 A 10.1.0.2\n"
	       "forward R example app 10.0.0.10 10.2.0.10\n", "app", "hub", FINALS_APART,
	       "name x.b.example. MAY\nname y.b.example. MAY\n");
}

/* An alias reads the next one in its own zone, though the network forwards that name. */
static void
an_alias_leads_past_a_rule(void **state)
{
	(void)state;
	expect(NETWORKS
	       "zone Z1 corp.example hub,app\nalias b A a.corp.example. Z1\n"
	       "alias a A x.svc.example. Z-elb\n"
	       "zone Z2 svc.example app\nx 60 A 10.1.0.1\n"
	       "forward R a.corp.example app 10.0.0.10\n", "app", "hub", FINALS_APART,
	       "name svc.example. APART\nothers svc.example. APART\n"
	       "name x.svc.example. APART\nothers x.svc.example. APART\n"
	       "name b.corp.example. APART secondary\n");
}

static void
an_undeclared_server_may_say_the_same(void **state)
{
	(void)state;
	expect(NETWORKS "zone Z1 corp.example data\n"
	       "forward R corp.example app 192.0.2.53\n", "app", "data", FINALS_APART,
	       "name corp.example. MAY\nothers corp.example. MAY\n");
}

static void
networks_that_forward_in_a_circle_are_closed_all_the_same(void **state)
{
	(void)state;
	expect(NETWORKS "inbound in-app app 10.1.0.10\nzone Z1 own.x.example hub\n"
	       "forward R1 x.example app 10.0.0.10\nforward R2 x.example hub 10.1.0.10\n"
	       "forward R3 x.example data 192.0.2.53\n", "app", "hub", FINALS_APART, "");
}

static void
work_beyond_the_limit_is_said(void **state)
{
	struct told told;

	(void)state;
	assert_int_equal(compare(NETWORKS "zone Z1 corp.example hub\ndb 60 A 10.1.0.1\n"
				 "zone Z2 corp.example data\ndb 60 A 10.2.0.1\n", "hub",
				 "data", FINALS_APART, 20, &told), ERR_LIMIT);
	text_fini(&told.text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(networks_with_one_table_do_not_differ),
		cmocka_unit_test(a_zone_and_the_same_zone_behind_a_rule_do_not_differ),
		cmocka_unit_test(just_the_names_that_differ_are_told),
		cmocka_unit_test(a_wildcard_and_what_it_would_have_said_are_the_same),
		cmocka_unit_test(a_name_that_leads_to_a_difference_is_secondary),
		cmocka_unit_test(what_one_side_leaves_to_the_internet_is_apart),
		cmocka_unit_test(a_chain_stays_with_the_target_that_began_it),
		cmocka_unit_test(an_alias_leads_past_a_rule),
		cmocka_unit_test(an_undeclared_server_may_say_the_same),
		cmocka_unit_test(networks_that_forward_in_a_circle_are_closed_all_the_same),
		cmocka_unit_test(work_beyond_the_limit_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
