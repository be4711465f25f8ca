#include "unit/unit.h"

#include "lint/change.h"
#include "unit/judged.h"

/* What changes_find tells, a line each: "app,b - name db.corp.example.". */
static enum status
find(const char *old, const char *new, uint64_t work, struct text *told)
{
	struct judged *a = judged_new(old), *b = judged_new(new);
	struct change_side before = { &a->maker.estate, a->snap };
	struct change_side after = { &b->maker.estate, b->snap };
	const struct change *culprit;
	struct changes changes;
	struct arena arena;
	enum status status;

	text_init(told);
	text_append(told, "");
	arena_init(&arena, SIZE_MAX);
	status = changes_find(&before, &after, work, &arena, &changes, &culprit);
	for (const struct change_group *g = changes.groups; g; g = g->next) {
		for (size_t i = 0; i < g->network_count; i++)
			text_printf(told, "%s%s", i ? "," : "", g->networks[i]);
		text_append(told, "\n");
		for (const struct change *c = g->changes; c; c = c->next) {
			char name[NAME_TEXT_MAX];

			text_printf(told, "%s %s %s%s%s: %s > %s\n", change_kind_text(c->kind),
				    region_kind_text(c->region), name_print(c->name, name),
				    c->secondary ? " secondary" : "", c->may ? " may" : "",
				    c->before, c->after);
		}
	}
	for (size_t i = 0; i < changes.added_count; i++)
		text_printf(told, "new %s\n", changes.added[i]);
	for (size_t i = 0; i < changes.removed_count; i++)
		text_printf(told, "gone %s\n", changes.removed[i]);
	for (size_t i = 0; i < changes.skipped_count; i++)
		text_printf(told, "skipped %s\n", changes.skipped[i]);
	arena_fini(&arena);
	judged_free(a);
	judged_free(b);
	return status;
}

static void
expect(const char *old, const char *new, const char *want)
{
	struct text told;

	assert_int_equal(find(old, new, 0, &told), OK);
	assert_string_equal(told.data, want);
	text_fini(&told);
}

#define APP   "vpc app 10.1.0.0/16 eu-west-1\n"
#define DATA  "vpc data 10.2.0.0/16 eu-west-1\n"
#define HUB   "vpc hub 10.0.0.0/16 eu-west-1\ninbound rslvr-in hub 10.0.0.10\n"

static void
an_estate_and_itself_do_not_differ(void **state)
{
	static const char estate[] = APP DATA HUB
		"zone Z1 corp.example app,hub\ndb 60 A 10.1.0.1\n*.w 60 TXT x\n"
		"forward R1 corp.example data 10.0.0.10\n"
		"forward R2 other.example data,app 192.0.2.53\n";

	(void)state;
	expect(estate, estate, "");
}

static void
names_vanish_appear_and_change(void **state)
{
	static const char old[] = APP "zone Z1 corp.example app\n"
		"gone 60 A 10.1.0.1\nsame 60 A 10.1.0.2\nmoved 60 A 10.1.0.3\n";
	static const char new[] = APP "zone Z1 corp.example app\n"
		"came 60 A 10.1.0.1\nsame 300 A 10.1.0.2\nmoved 60 A 10.1.0.4\n";

	(void)state;
	expect(old, new, "app\n"
	       "appears name came.corp.example.: NXDOMAIN > A 10.1.0.1\n"
	       "vanishes name gone.corp.example.: A 10.1.0.1 > NXDOMAIN\n"
	       "changes name moved.corp.example.: A 10.1.0.3 > A 10.1.0.4\n");
}

static void
swapped_sides_tell_the_opposite(void **state)
{
	static const char one[] = APP "zone Z1 corp.example app\ndb 60 A 10.1.0.1\n";
	static const char other[] = APP "zone Z1 corp.example app\nweb 60 A 10.1.0.1\n";

	(void)state;
	expect(one, other, "app\n"
	       "vanishes name db.corp.example.: A 10.1.0.1 > NXDOMAIN\n"
	       "appears name web.corp.example.: NXDOMAIN > A 10.1.0.1\n");
	expect(other, one, "app\n"
	       "appears name db.corp.example.: NXDOMAIN > A 10.1.0.1\n"
	       "vanishes name web.corp.example.: A 10.1.0.1 > NXDOMAIN\n");
}

static void
a_name_that_leads_to_a_change_is_secondary(void **state)
{
	static const char zone[] = APP "zone Z2 corp.example app\nweb 60 CNAME db.svc.example.\n"
		"zone Z1 svc.example app\n";
	struct text old, new;

	(void)state;
	text_init(&old);
	text_init(&new);
	text_printf(&old, "%sdb 60 A 10.1.0.1\n", zone);
	text_printf(&new, "%sdb 60 A 10.1.0.2\n", zone);
	expect(old.data, new.data, "app\n"
	       "changes name db.svc.example.: A 10.1.0.1 > A 10.1.0.2\n"
	       "changes name web.corp.example. secondary: CNAME db.svc.example. A 10.1.0.1 > "
	       "CNAME db.svc.example. A 10.1.0.2\n");
	text_fini(&old);
	text_fini(&new);
}

static void
the_names_of_a_wildcard_change_as_one(void **state)
{
	(void)state;
	expect(APP "zone Z1 corp.example app\n*.w 60 A 10.1.0.1\na.w 60 A 10.1.0.2\n",
	       APP "zone Z1 corp.example app\n*.w 60 A 10.1.0.9\na.w 60 A 10.1.0.2\n",
	       "app\nchanges others w.corp.example.: A 10.1.0.1 > A 10.1.0.9\n");
}

static void
a_new_zone_over_names_of_the_internet_is_told(void **state)
{
	struct text told;

	(void)state;
	assert_int_equal(find(APP, APP "zone Z1 corp.example app\n", 0, &told), OK);
	assert_non_null(strstr(told.data, "changes others corp.example.: asked of the internet "
			       "> NXDOMAIN\n"));
	assert_null(strstr(told.data, "vanishes"));
	text_fini(&told);
}

static void
a_new_rule_to_an_undeclared_server_may_change_names(void **state)
{
	static const char zone[] = "zone Z1 corp.example app\ndb 60 A 10.1.0.1\n";
	struct text told, old, new;

	(void)state;
	text_init(&old);
	text_init(&new);
	text_printf(&old, "%s%s", APP, zone);
	text_printf(&new, "%s%sforward R1 corp.example app 192.0.2.53\n", APP, zone);
	assert_int_equal(find(old.data, new.data, 0, &told), OK);
	assert_non_null(strstr(told.data, "changes name db.corp.example. may: A 10.1.0.1 > "
			       "asked of 192.0.2.53\n"));
	assert_null(strstr(told.data, "vanishes"));
	text_fini(&told);
	text_fini(&old);
	text_fini(&new);
}

static void
a_rule_to_a_network_without_the_zone_changes_what_is_asked_of_whom(void **state)
{
	static const char zone[] = "zone Z1 corp.example app\ndb 60 A 10.1.0.1\n"
		"zone Z2 corp.example hub\n";
	struct text old, new;

	(void)state;
	text_init(&old);
	text_init(&new);
	text_printf(&old, "%s%s%s", APP, HUB, zone);
	text_printf(&new, "%s%s%sforward R1 corp.example app 10.0.0.10\n", APP, HUB, zone);
	expect(old.data, new.data,
	       "app\nvanishes name db.corp.example.: A 10.1.0.1 > NXDOMAIN\n");
	text_fini(&old);
	text_fini(&new);
}

static void
networks_of_one_state_only_are_named_and_not_compared(void **state)
{
	(void)state;
	expect(APP DATA "zone Z1 corp.example app,data\ndb 60 A 10.1.0.1\n",
	       APP HUB "zone Z1 corp.example app,hub\ndb 60 A 10.1.0.1\n",
	       "new hub\ngone data\n");
}

static void
networks_that_see_the_same_are_one_group(void **state)
{
	(void)state;
	expect(APP DATA HUB "zone Z1 corp.example app,data\ndb 60 A 10.1.0.1\n"
	       "zone Z2 other.example data\nzone Z3 corp.example hub\ndb 60 A 10.1.0.1\n",
	       APP DATA HUB "zone Z1 corp.example app,data\ndb 60 A 10.1.0.2\n"
	       "zone Z2 other.example data\nzone Z3 corp.example hub\ndb 60 A 10.1.0.3\n",
	       "app,data\nchanges name db.corp.example.: A 10.1.0.1 > A 10.1.0.2\n"
	       "hub\nchanges name db.corp.example.: A 10.1.0.1 > A 10.1.0.3\n");
}

static void
a_name_that_comes_to_run_in_a_circle_vanishes(void **state)
{
	struct text told;

	(void)state;
	assert_int_equal(find(APP "zone Z1 corp.example app\na 60 CNAME b\nb 60 A 10.1.0.1\n",
			      APP "zone Z1 corp.example app\na 60 CNAME b\nb 60 CNAME a\n", 0,
			      &told), OK);
	assert_non_null(strstr(told.data, "vanishes name a.corp.example."));
	assert_non_null(strstr(told.data, "vanishes name b.corp.example."));
	text_fini(&told);
}

static void
work_beyond_the_limit_is_said(void **state)
{
	struct text told;

	(void)state;
	assert_int_equal(find(APP "zone Z1 corp.example app\ndb 60 A 10.1.0.1\n",
			      APP "zone Z1 corp.example app\ndb 60 A 10.1.0.2\n", 1, &told), OK);
	assert_non_null(strstr(told.data, "skipped app\n"));
	text_fini(&told);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_estate_and_itself_do_not_differ),
		cmocka_unit_test(names_vanish_appear_and_change),
		cmocka_unit_test(swapped_sides_tell_the_opposite),
		cmocka_unit_test(a_name_that_leads_to_a_change_is_secondary),
		cmocka_unit_test(the_names_of_a_wildcard_change_as_one),
		cmocka_unit_test(a_new_zone_over_names_of_the_internet_is_told),
		cmocka_unit_test(a_new_rule_to_an_undeclared_server_may_change_names),
		cmocka_unit_test(a_rule_to_a_network_without_the_zone_changes_what_is_asked_of_whom),
		cmocka_unit_test(networks_of_one_state_only_are_named_and_not_compared),
		cmocka_unit_test(networks_that_see_the_same_are_one_group),
		cmocka_unit_test(a_name_that_comes_to_run_in_a_circle_vanishes),
		cmocka_unit_test(work_beyond_the_limit_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
