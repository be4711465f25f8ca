#include "estate/assume.h"

#include "engine/explain.h"
#include "unit/unit.h"
#include "unit/world.h"

static const char estate[] =
	"vpc hub 10.0.0.0/16 eu-west-1\n"
	"vpc off 10.1.0.0/16 -\n"
	"inbound deleg hub delegation\n"
	"zone Z-corp corp.example hub,off\n"
	"@ 300 SOA ns host 1 7200 900 1209600 120\n"
	"api 30 A 10.0.0.2\n"
	"api 30 TXT text\n"
	"c1 60 CNAME c2\nc2 60 CNAME c3\nc3 60 CNAME api\n"
	"sub 60 NS ns.sub\n"
	"zone Z-in x.dc.example hub\n"
	"a.pub 30 A 10.0.0.3\n"
	"forward rr-dc dc.example hub 192.168.0.53\n"
	"forward rr-x x.dc.example hub 192.168.0.54\n"
	"system rr-pub pub.x.dc.example hub\n"
	"internet 9.9.9.9\n"
	"listen 5300 hub\n"
	"listen 5301 off\n"
	"listen 5302 deleg\n";

#define CHAIN								\
	"NOERROR; c1.corp.example. 60 CNAME c2.corp.example.; "		\
	"c2.corp.example. 60 CNAME c3.corp.example.; "			\
	"c3.corp.example. 60 CNAME api.corp.example.; api.corp.example. 30 A 10.0.0.2"

static const struct row {
	int line;
	const char *assume;		/* NULL: as it is without being said */
	uint32_t listener;
	const char *name, *type, *want;	/* "wait": an upstream is asked */
} rows[] = {
	{ __LINE__, NULL, 0, "a.pub.x.dc.example", "A",
	  "NOERROR; a.pub.x.dc.example. 30 A 10.0.0.3" },
	{ __LINE__, "system_rule_consults_shorter_zone 0", 0, "a.pub.x.dc.example", "A", "wait" },
	{ __LINE__, NULL, 0, "no.corp.example", "A",
	  "NXDOMAIN; authority corp.example. 120 SOA" },
	{ __LINE__, "negative_ttl_cap 60", 0, "no.corp.example", "A",
	  "NXDOMAIN; authority corp.example. 60 SOA" },
	{ __LINE__, "negative_ttl_cap 600", 0, "no.corp.example", "A",
	  "NXDOMAIN; authority corp.example. 120 SOA" },
	{ __LINE__, NULL, 0, "api.corp.example", "ANY",
	  "NOERROR; api.corp.example. 3600 HINFO \"RFC8482\" \"\"" },
	{ __LINE__, "any_answer 1", 0, "api.corp.example", "ANY",
	  "NOERROR; api.corp.example. 30 A 10.0.0.2" },
	{ __LINE__, NULL, 0, "c1.corp.example", "A", CHAIN },
	{ __LINE__, "chain_limit 3", 0, "c1.corp.example", "A", CHAIN },
	{ __LINE__, "chain_limit 2", 0, "c1.corp.example", "A",
	  "SERVFAIL; ede 0 CNAME chain too long" },
	{ __LINE__, NULL, 1, "api.corp.example", "A", "wait" },
	{ __LINE__, "zone_with_dns_attributes_off 1", 1, "api.corp.example", "A",
	  "NOERROR; api.corp.example. 30 A 10.0.0.2" },
	{ __LINE__, NULL, 0, "x.sub.corp.example", "A",
	  "SERVFAIL; ede 22 zone corp.example.: sub.corp.example. is delegated, and no "
	  "DELEGATE rule leads there" },
	{ __LINE__, "delegation_without_rule 1", 0, "x.sub.corp.example", "A", "wait" },
	{ __LINE__, NULL, 2, "api.corp.example", "A",
	  "NOERROR; api.corp.example. 30 A 10.0.0.2" },
	{ __LINE__, NULL, 2, "www.example.com", "A",
	  "REFUSED; ede 20 this endpoint answers for private zones only" },
	{ __LINE__, "inbound_delegation_outside_zones 1", 2, "www.example.com", "A", "wait" },
};

static char *
estate_with(const char *assume, char *text, size_t size)
{
	snprintf(text, size, "%s%s%s\n", estate, assume ? "assume " : "", assume ? assume : "");
	return text;
}

static void
each_point_changes_what_is_answered(void **state)
{
	struct wire_ask ask = { .udp_size = 1232 };
	char text[4096];

	(void)state;
	for (const struct row *row = rows; row < rows + COUNT_OF(rows); row++) {
		struct world w = { 0 };

		world_load(&w, estate_with(row->assume, text, sizeof(text)));
		row_string(row->line, world_query(&w, row->listener, row->name, row->type, &ask,
						  text, sizeof(text)), row->want);
		world_end(&w);
	}
}

struct teller {
	bool told[ASSUME_POINTS];
	uint32_t values[ASSUME_POINTS];
};

static void
tell(void *context, const struct explain_step *step)
{
	struct teller *t = context;

	if (step->kind != EXPLAIN_ASSUME)
		return;
	t->told[step->assume] = true;
	t->values[step->assume] = step->value;
}

/** What explain says that the answer rests on. */
static void
explain(const char *assume, const char *network, const char *name, const char *type,
	struct teller *t)
{
	uint8_t wire[NAME_MAX_OCTETS + 4];
	struct name wanted = wire_name(name, NULL);
	struct answer answer;
	struct world w = { 0 };
	struct question q;
	char text[4096];
	uint16_t number;

	*t = (struct teller){ { false }, { 0 } };
	assert_true(type_parse(type, &number));
	question_make(&wanted, number, &q, wire);
	world_load(&w, estate_with(assume, text, sizeof(text)));
	explain_query(&w.resolver, snapshot_find_network(w.snap, network), &q, 0, tell, t,
		      &answer);
	world_end(&w);
}

static void
explain_says_which_points_an_answer_rests_on(void **state)
{
	static const struct {
		int line;
		const char *assume, *network, *name, *type;
		enum assume point;	/* ASSUME_POINTS: on none */
		uint32_t value;
	} wanted[] = {
		{ __LINE__, NULL, "hub", "api.corp.example", "A", ASSUME_POINTS, 0 },
		{ __LINE__, NULL, "hub", "a.pub.x.dc.example", "A", ASSUME_SYSTEM_RULE_ZONE, 1 },
		{ __LINE__, "system_rule_consults_shorter_zone 0", "hub", "a.pub.x.dc.example",
		  "A", ASSUME_SYSTEM_RULE_ZONE, 0 },
		{ __LINE__, NULL, "hub", "no.corp.example", "A", ASSUME_NEGATIVE_TTL_CAP, 0 },
		{ __LINE__, NULL, "hub", "api.corp.example", "ANY", ASSUME_ANY_ANSWER, 0 },
		{ __LINE__, NULL, "hub", "c1.corp.example", "A", ASSUME_POINTS, 0 },
		{ __LINE__, "chain_limit 2", "hub", "c1.corp.example", "A", ASSUME_CHAIN_LIMIT,
		  2 },
		{ __LINE__, NULL, "off", "api.corp.example", "A", ASSUME_ATTRIBUTES_OFF, 0 },
		{ __LINE__, NULL, "hub", "x.sub.corp.example", "A", ASSUME_DELEGATION, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wanted); i++) {
		struct teller t;

		explain(wanted[i].assume, wanted[i].network, wanted[i].name, wanted[i].type, &t);
		for (unsigned point = 0; point < ASSUME_POINTS; point++)
			row_int(wanted[i].line, t.told[point], point == wanted[i].point);
		if (wanted[i].point < ASSUME_POINTS)
			row_int(wanted[i].line, t.values[wanted[i].point], wanted[i].value);
	}
}

static void
every_point_has_a_value_of_its_own_kind(void **state)
{
	uint32_t values[ASSUME_POINTS];

	(void)state;
	assume_init(values);
	for (unsigned i = 0; i < ASSUME_POINTS; i++) {
		const struct assume_point *point = assume_point((enum assume)i);

		assert_true(point->least <= values[i] && values[i] <= point->most);
		assert_true(*point->sheet && *point->meaning);
		for (uint32_t v = point->least; point->words->text && v <= point->most; v++)
			assert_non_null(assume_word((enum assume)i, v));
		assert_null(assume_word((enum assume)i, point->most + 1));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_point_changes_what_is_answered),
		cmocka_unit_test(explain_says_which_points_an_answer_rests_on),
		cmocka_unit_test(every_point_has_a_value_of_its_own_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
