#include "engine/explain.h"

#include "unit/unit.h"
#include "unit/world.h"

static const char estate[] =
	"vpc hub 10.0.0.0/16 eu-west-1\n"
	"vpc off 10.9.0.0/16 nodns\n"
	"zone Z-corp corp.example hub\n"
	"www 60 CNAME db.dc\n"
	"*.wild 60 A 10.0.0.1\n"
	"alias lb A to-dc Z-corp\n"
	"to-dc 60 CNAME x.dc.corp.example.\n"
	"rr 60 A 10.0.0.8 { weighted 1 a }\n"
	"rr 60 A 10.0.0.9 { weighted 2 b }\n"
	"zone Z-dc dc.corp.example hub\n"
	"db 60 A 10.0.0.2\n"
	"forward rr-dc dc.corp.example hub 192.168.0.53\n"
	"system rr-sys sys.corp.example hub\n"
	"internet 9.9.9.9\n"
	"listen 5300 hub\n";

/* The steps as lines of text. */
struct teller {
	const struct snapshot *snap;
	char text[8192];
};

static void __attribute__((format(printf, 2, 3)))
say(struct teller *t, const char *fmt, ...)
{
	size_t len = strlen(t->text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(t->text + len, sizeof(t->text) - len, fmt, ap);
	va_end(ap);
}

static const char *
origin_text(const struct snapshot *snap, uint32_t kind, uint32_t origin)
{
	switch ((enum cut_origin)kind) {
	case ORIGIN_RULE:
		return snapshot_string(snap, snapshot_rule(snap, origin)->id_at);
	case ORIGIN_ZONE:
		return snapshot_string(snap, snapshot_zone(snap, origin)->id_at);
	case ORIGIN_AUTODEFINED:
		return "autodefined";
	case ORIGIN_ROOT:
		return "root";
	}
	return "?";
}

static void
say_candidate(struct teller *t, const struct explain_step *step)
{
	static const char *const fates[] = { "won", "shorter", "lost tie" };
	char name[NAME_TEXT_MAX];

	say(t, "  %s %s %s",
	    name_print(block_at(&t->snap->root->block, step->cut->name_at), name),
	    step->loser ? origin_text(t->snap, step->loser->origin_kind, step->loser->origin)
			: origin_text(t->snap, step->cut->origin_kind, step->cut->origin),
	    fates[step->fate]);
	if (step->loser)
		say(t, " %u", step->loser->why);
	say(t, "\n");
}

static void
tell(void *context, const struct explain_step *step)
{
	static const char *const routes[] = { "zone", "forward", "autodefined", "nowhere", "off" };
	struct teller *t = context;
	char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX];

	switch (step->kind) {
	case EXPLAIN_NETWORK:
		say(t, "network %s\n",
		    snapshot_string(t->snap, snapshot_network(t->snap, step->network)->id_at));
		break;
	case EXPLAIN_HOP:
		say(t, "%u %s\n", step->hop, name_print(step->name->wire, name));
		break;
	case EXPLAIN_CANDIDATE:
		say_candidate(t, step);
		break;
	case EXPLAIN_ROUTE:
		say(t, "  route %s\n", routes[step->route.kind]);
		break;
	case EXPLAIN_LOOKUP:
		say(t, "  lookup %s %s%s\n", lookup_kind_text(step->lookup.kind),
		    name_print(zone_node_name(step->lookup.node), name),
		    step->lookup.wildcard ? " wildcard" : "");
		break;
	case EXPLAIN_MEMBER:
		say(t, "  %s %u %u\n", step->taken ? "taken" : "left", step->member->weight,
		    step->health);
		break;
	case EXPLAIN_RECORDS:
		say(t, "  records %s %u x%u\n", type_print(step->set.type, type), step->ttl_s,
		    step->set.count);
		break;
	case EXPLAIN_ASK:
		say(t, "  ask %s %s\n",
		    snapshot_string(t->snap, snapshot_rule(t->snap, step->ask->rule)->id_at),
		    name_print(step->ask->name.wire, name));
		break;
	case EXPLAIN_FURTHER:
		say(t, "  %s %s\n", rule_outcome_text(step->outcome),
		    snapshot_string(t->snap, snapshot_rule(t->snap, step->rule)->id_at));
		break;
	case EXPLAIN_ASSUME:
		say(t, "  assume %s %u\n", assume_point(step->assume)->key, step->value);
		break;
	case EXPLAIN_DNS64:
		say(t, "dns64\n");
		break;
	case EXPLAIN_RESULT:
		say(t, "result %u\n", step->answer->rcode);
		break;
	}
}

static void
explain(struct teller *t, const char *network, const char *text, const char *type_text,
	bool want_answered)
{
	struct name name = wire_name(text, NULL);
	uint8_t wire[NAME_MAX_OCTETS + 4];
	struct answer answer, plain;
	struct world w = { 0 };
	struct question q;
	struct ask ask;
	uint32_t number;
	uint16_t type;

	world_load(&w, estate);
	t->snap = w.snap;
	t->text[0] = '\0';
	assert_true(type_parse(type_text, &type));
	question_make(&name, type, &q, wire);
	number = snapshot_find_network(w.snap, network);
	assert_int_equal(explain_query(&w.resolver, number, &q, 0, tell, t, &answer),
			 want_answered);
	/* the same path: what is told is what is answered */
	assert_int_equal(resolve_offline(&w.resolver, number, &q, 0, &plain, &ask),
			 want_answered);
	assert_int_equal(plain.rcode, answer.rcode);
	assert_int_equal(plain.count, answer.count);
	world_end(&w);
}

static void
candidates_are_told_longest_first_with_those_they_won_against(void **state)
{
	struct teller t;

	(void)state;
	explain(&t, "hub", "www.corp.example", "A", false);
	assert_string_equal(t.text, "network hub\n"
				    "0 www.corp.example.\n"
				    "  corp.example. Z-corp won\n"
				    "  . root shorter\n"
				    "  route zone\n"
				    "  lookup cname www.corp.example.\n"
				    "  records CNAME 60 x1\n"
				    "1 db.dc.corp.example.\n"
				    "  dc.corp.example. rr-dc won\n"
				    "  dc.corp.example. Z-dc lost tie 0\n"
				    "  corp.example. Z-corp shorter\n"
				    "  . root shorter\n"
				    "  route forward\n"
				    "  ask rr-dc db.dc.corp.example.\n");
}

static void
a_wildcard_is_named_with_its_node(void **state)
{
	struct teller t;

	(void)state;
	explain(&t, "hub", "a.b.wild.corp.example", "A", true);
	assert_string_equal(t.text, "network hub\n"
				    "0 a.b.wild.corp.example.\n"
				    "  corp.example. Z-corp won\n"
				    "  . root shorter\n"
				    "  route zone\n"
				    "  lookup answer *.wild.corp.example. wildcard\n"
				    "  records A 60 x1\n"
				    "result 0\n");
}

static void
an_alias_is_a_hop_whose_target_needs_no_route_inside_its_zone(void **state)
{
	struct teller t;

	(void)state;
	explain(&t, "hub", "lb.corp.example", "A", false);
	assert_string_equal(t.text, "network hub\n"
				    "0 lb.corp.example.\n"
				    "  corp.example. Z-corp won\n"
				    "  . root shorter\n"
				    "  route zone\n"
				    "  lookup answer lb.corp.example.\n"
				    "1 to-dc.corp.example.\n"
				    "  lookup cname to-dc.corp.example.\n"
				    "2 x.dc.corp.example.\n"
				    "  dc.corp.example. rr-dc won\n"
				    "  dc.corp.example. Z-dc lost tie 0\n"
				    "  corp.example. Z-corp shorter\n"
				    "  . root shorter\n"
				    "  route forward\n"
				    "  ask rr-dc x.dc.corp.example.\n");
}

static void
each_set_of_a_group_is_told(void **state)
{
	struct teller t;

	(void)state;
	explain(&t, "hub", "rr.corp.example", "A", true);
	assert_string_equal(t.text, "network hub\n"
				    "0 rr.corp.example.\n"
				    "  corp.example. Z-corp won\n"
				    "  . root shorter\n"
				    "  route zone\n"
				    "  lookup answer rr.corp.example.\n"
				    "  left 1 0\n"
				    "  taken 2 0\n"
				    "  records A 60 x1\n"
				    "result 0\n");
}

static void
a_system_rule_without_effect_is_told(void **state)
{
	struct teller t;
	char want[64];

	(void)state;
	explain(&t, "hub", "sys.corp.example", "A", true);
	snprintf(want, sizeof(want), "  sys.corp.example. rr-sys lost tie %u\n",
		 LOST_SYSTEM_NO_FORWARD);
	assert_non_null(strstr(t.text, want));
	assert_non_null(strstr(t.text, "  lookup nxdomain corp.example.\n"));
}

static void
where_dns_is_off_there_is_nothing_to_weigh(void **state)
{
	struct teller t;

	(void)state;
	explain(&t, "off", "www.corp.example", "A", true);
	assert_string_equal(t.text, "network off\n"
				    "0 www.corp.example.\n"
				    "  route off\n"
				    "result 5\n");
}

static void
it_tells_the_same_at_every_run(void **state)
{
	struct teller first, again;

	(void)state;
	explain(&first, "hub", "rr.corp.example", "A", true);
	for (unsigned i = 0; i < 20; i++) {
		explain(&again, "hub", "rr.corp.example", "A", true);
		assert_string_equal(first.text, again.text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(candidates_are_told_longest_first_with_those_they_won_against),
		cmocka_unit_test(a_wildcard_is_named_with_its_node),
		cmocka_unit_test(an_alias_is_a_hop_whose_target_needs_no_route_inside_its_zone),
		cmocka_unit_test(each_set_of_a_group_is_told),
		cmocka_unit_test(a_system_rule_without_effect_is_told),
		cmocka_unit_test(where_dns_is_off_there_is_nothing_to_weigh),
		cmocka_unit_test(it_tells_the_same_at_every_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
