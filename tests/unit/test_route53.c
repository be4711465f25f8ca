#include "load/route53.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "dns/codes.h"
#include "dns/name.h"
#include "load/zonefile.h"
#include "unit/files.h"
#include "unit/unit.h"

/* The zone corp.example, its records read from z.json. */
struct load {
	struct files files;
	struct arena arena;
	struct diags diags;
	struct estate estate;
	struct hosted_zone zone;
	enum status status;
};

static void
load_json(struct load *l, const char *json)
{
	static const struct srcloc at = { "site.yaml", 7, 16 };
	struct name name;

	memset(l, 0, sizeof(*l));
	assert_true(files_init(&l->files));
	assert_true(files_write(&l->files, "z.json", json));
	arena_init(&l->arena, SIZE_MAX);
	diags_init(&l->diags, &l->arena, 0);
	estate_init(&l->estate, (size_t)64 << 20);
	assert_int_equal(name_parse("corp.example", &name), OK);
	l->zone = (struct hosted_zone){ .id = "Z", .name_at = at, .at = at };
	l->zone.name = name_store(&l->estate.arena, &name);
	l->status = route53_load(files_path(&l->files, "z.json"), at, &l->zone, NULL, &l->estate,
				 &l->diags);
	diags_sort(&l->diags);
}

static void
load_fini(struct load *l)
{
	estate_fini(&l->estate);
	arena_fini(&l->arena);
	files_fini(&l->files);
}

static const char document[] =
	"{\n"
	"    \"ResourceRecordSets\": [\n"
	"        {\n"
	"            \"Name\": \"corp.example.\",\n"
	"            \"Type\": \"SOA\",\n"
	"            \"TTL\": 900,\n"
	"            \"ResourceRecords\": [\n"
	"                {\n"
	"                    \"Value\": \"ns-1536.awsdns-00.co.uk. "
	"awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400\"\n"
	"                }\n"
	"            ]\n"
	"        },\n"
	"        {\"Name\": \"\\\\052.Corp.example.\", \"Type\": \"TXT\", \"TTL\": 60,\n"
	"         \"ResourceRecords\": [{\"Value\": \"\\\"a;b\\\" \\\"\\\\303\\\\251\\\"\"},\n"
	"                               {\"Value\": \"\\\"c\\\"\"}]},\n"
	"        {\"Name\": \"a\\\\057b.corp.example.\", \"Type\": \"A\",\n"
	"         \"AliasTarget\": {\"HostedZoneId\": \"Z2\", \"DNSName\": "
	"\"x.elb.amazonaws.com.\", \"EvaluateTargetHealth\": true}},\n"
	"        {\"Name\": \"w.corp.example.\", \"Type\": \"A\", \"SetIdentifier\": \"one\","
	" \"Weight\": 0, \"TTL\": 5, \"HealthCheckId\": \"h\",\n"
	"         \"ResourceRecords\": [{\"Value\": \"10.0.0.1\"}]},\n"
	"        {\"Name\": \"g.corp.example.\", \"Type\": \"A\", \"SetIdentifier\": \"two\","
	" \"GeoLocation\": {\"CountryCode\": \"US\", \"SubdivisionCode\": \"CA\"}, \"TTL\": 5,\n"
	"         \"ResourceRecords\": [{\"Value\": \"10.0.0.2\"}]},\n"
	"        {\"Name\": \"p.corp.example.\", \"Type\": \"A\", \"SetIdentifier\": \"three\","
	" \"GeoProximityLocation\": {\"Coordinates\": {\"Latitude\": \"49.22\", \"Longitude\": "
	"\"-74.01\"}, \"Bias\": -7}, \"TTL\": 5,\n"
	"         \"ResourceRecords\": [{\"Value\": \"10.0.0.2\"}]},\n"
	"        {\"Name\": \"m.corp.example.\", \"Type\": \"AAAA\", \"SetIdentifier\": \"four\","
	" \"MultiValueAnswer\": true, \"TTL\": 5, \"TrafficPolicyInstanceId\": \"t\",\n"
	"         \"ResourceRecords\": [{\"Value\": \"2001:db8::1\"}]},\n"
	"        {\"Name\": \"f.corp.example.\", \"Type\": \"CNAME\", \"SetIdentifier\": \"five\","
	" \"Failover\": \"SECONDARY\", \"TTL\": 5,\n"
	"         \"ResourceRecords\": [{\"Value\": \"x.example.org\"}]},\n"
	"        {\"Name\": \"l.corp.example.\", \"Type\": \"A\", \"SetIdentifier\": \"six\","
	" \"Region\": \"eu-west-1\", \"TTL\": 5,\n"
	"         \"ResourceRecords\": [{\"Value\": \"10.0.0.3\"}]}\n"
	"    ],\n"
	"    \"IsTruncated\": false,\n"
	"    \"MaxItems\": \"300\"\n"
	"}\n";

static const struct record_set *
check_plain_sets(const struct record_set *set)
{
	char name[NAME_TEXT_MAX];
	struct text text;

	assert_string_equal(name_print(set->owner, name), "corp.example.");
	assert_int_equal(set->type, TYPE_SOA);
	assert_int_equal(set->ttl_s, 900);
	assert_int_equal(set->at.line, 3);
	assert_int_equal(set->at.column, 9);

	set = set->next;
	assert_string_equal(name_print(set->owner, name), "*.corp.example.");
	assert_int_equal(set->value_count, 2);
	text_init(&text);
	assert_int_equal(rdata_print(TYPE_TXT, set->values[0], &text), OK);
	text_append(&text, "|");
	assert_int_equal(rdata_print(TYPE_TXT, set->values[1], &text), OK);
	assert_string_equal(text.data, "\"a;b\" \"\\195\\169\"|\"c\"");
	text_fini(&text);

	set = set->next;
	assert_int_equal(set->owner[0], 3);
	assert_memory_equal(set->owner + 1, "a/b", 3);
	assert_int_equal(set->value_count, 0);
	assert_string_equal(name_print(set->alias->dns_name, name), "x.elb.amazonaws.com.");
	assert_string_equal(set->alias->hosted_zone, "Z2");
	assert_true(set->alias->evaluate_target_health);
	assert_int_equal(set->at.line, 16);
	return set->next;
}

static void
check_policies(const struct record_set *set)
{
	assert_int_equal(set->routing->policy, POLICY_WEIGHTED);
	assert_int_equal(set->routing->weight, 0);
	assert_string_equal(set->routing->set_identifier, "one");
	assert_string_equal(set->routing->health_check, "h");
	assert_int_equal(set->routing->health_check_at.line, 18);
	set = set->next;
	assert_int_equal(set->routing->policy, POLICY_GEOLOCATION);
	assert_null(set->routing->continent);
	assert_string_equal(set->routing->country, "US");
	assert_string_equal(set->routing->subdivision, "CA");
	set = set->next;
	assert_int_equal(set->routing->policy, POLICY_GEOPROXIMITY);
	assert_true(set->routing->has_coordinates);
	assert_true(set->routing->latitude > 49.21 && set->routing->latitude < 49.23);
	assert_true(set->routing->longitude < -74.0);
	assert_int_equal(set->routing->bias, -7);
	set = set->next;
	assert_int_equal(set->routing->policy, POLICY_MULTIVALUE);
	set = set->next;
	assert_int_equal(set->routing->policy, POLICY_FAILOVER);
	assert_int_equal(set->routing->failover, FAILOVER_SECONDARY);
	set = set->next;
	assert_int_equal(set->routing->policy, POLICY_LATENCY);
	assert_string_equal(set->routing->region, "eu-west-1");
	assert_null(set->next);
}

static void
an_export_is_read_with_all_it_says(void **state)
{
	struct load l;

	(void)state;
	load_json(&l, document);
	if (l.diags.errors)
		fail_msg("%s", l.diags.first->message);
	assert_int_equal(l.status, OK);
	assert_int_equal(l.zone.set_count, 9);
	check_policies(check_plain_sets(l.zone.sets));
	assert_null(l.diags.first);
	load_fini(&l);
}

static void
the_bare_list_is_read_too(void **state)
{
	struct digest untouched = { 0, 0 };
	struct load l;

	(void)state;
	load_json(&l, "[{\"Name\": \"corp.example\", \"Type\": \"A\", \"TTL\": 60,"
		      " \"ResourceRecords\": [{\"Value\": \"10.0.0.1\"}]}]");
	assert_int_equal(l.status, OK);
	assert_int_equal(l.zone.set_count, 1);
	assert_false(digest_equal(l.zone.source, untouched));
	load_fini(&l);

	load_json(&l, "{\"ResourceRecordSets\": []}");
	assert_int_equal(l.status, OK);
	assert_int_equal(l.zone.set_count, 0);
	load_fini(&l);
}

#define SET "\"Name\": \"a.corp.example.\", \"Type\": \"A\", \"TTL\": 60"

struct bad {
	int line;
	const char *json;
	const char *error;	/* "line:column code", the only error */
	const char *says;
};

static const struct bad bad_exports[] = {
	{ __LINE__, "", "1:1 empty-file", "nothing" },
	{ __LINE__, "{\"ResourceRecordSets\": [\n", "2:1 syntax", "" },
	{ __LINE__, "\"text\"", "1:1 wrong-type", "a list of record sets" },
	{ __LINE__, "{}", "1:1 missing-key", "no ResourceRecordSets" },
	{ __LINE__, "{\"HostedZones\": []}", "1:1 missing-key", "list-resource-record-sets" },
	{ __LINE__, "{\"ResourceRecordSets\": {}}", "1:24 wrong-type", "a list of maps" },
	{ __LINE__, "{\"ResourceRecordSets\": [],\n \"IsTruncated\": true, \"NextRecordName\": "
	  "\"a.\"}", "2:2 CFG001", "one page of several" },
	{ __LINE__, "{\"ResourceRecordSets\": [],\n \"NextRecordName\": \"a.\"}", "2:2 CFG001",
	  "NextRecordName" },
	{ __LINE__, "{\"ResourceRecordSets\": [],\n \"NextToken\": \"a.\"}", "2:2 CFG001",
	  "NextToken" },
	{ __LINE__, "[7]", "1:2 wrong-type", "a map is wanted" },
	{ __LINE__, "[{" SET "}]", "1:2 missing-key", "neither values nor" },
	{ __LINE__, "[{\"Type\": \"A\", \"TTL\": 60, \"ResourceRecords\": [{\"Value\": "
	  "\"10.0.0.1\"}]}]", "1:2 missing-key", "\"Name\"" },
	{ __LINE__, "[{" SET ", \"ResourceRecords\": [\"10.0.0.1\"]}]", "1:74 wrong-type",
	  "a map is wanted" },
	{ __LINE__, "[{" SET ", \"ResourceRecords\": [{\"Value\": \"10.0.0\"}]}]", "1:84 bad-data",
	  "no IPv4 address" },
	{ __LINE__, "[{" SET ", \"ResourceRecords\": [{}]}]", "1:74 missing-key", "\"Value\"" },
	{ __LINE__, "[{\"Name\": \"a\\\\400.corp.example.\", \"Type\": \"A\", \"TTL\": 60,"
	  " \"ResourceRecords\": [{\"Value\": \"10.0.0.1\"}]}]", "1:11 bad-name", "bad escape" },
	{ __LINE__, "[{\"Name\": \"a.corp.example.\", \"Type\": \"A\", \"TTL\": \"60\","
	  " \"ResourceRecords\": [{\"Value\": \"10.0.0.1\"}]}]", "1:50 wrong-type", "in quotes" },
	{ __LINE__, "[{" SET ", \"Weight\": 256, \"SetIdentifier\": \"x\","
	  " \"ResourceRecords\": [{\"Value\": \"10.0.0.1\"}]}]", "1:64 out-of-range", "255" },
	{ __LINE__, "[{" SET ", \"CidrRoutingConfig\": {},"
	  " \"ResourceRecords\": [{\"Value\": \"10.0.0.1\"}]}]", "1:54 not-yet",
	  "none of a private hosted zone" },
};

static void
each_mistake_is_one_error_at_its_place(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad_exports); i++) {
		const struct bad *row = &bad_exports[i];
		const struct finding *f;
		char place[64] = "nothing";
		struct load l;

		load_json(&l, row->json);
		f = l.diags.first;
		if (f)
			snprintf(place, sizeof(place), "%u:%u %s", f->at.line, f->at.column,
				 f->code);
		if (!f || strcmp(place, row->error) || !strstr(f->message, row->says) ||
		    l.diags.errors != 1 || l.status != ERR_REJECTED) {
			print_error("%s:%d: %s (%s), not %s (%s)\n", __FILE__, row->line, place,
				    f ? f->message : "", row->error, row->says);
			wrong++;
		}
		load_fini(&l);
	}
	assert_int_equal(wrong, 0);
}

static void
members_that_are_not_of_the_api_are_warned_of(void **state)
{
	struct load l;

	(void)state;
	load_json(&l, "{\"ResourceRecordSets\": [{" SET ", \"Comment\": 1, \"ResourceRecords\":"
		      " [{\"Value\": \"10.0.0.1\"}]}], \"ResponseMetadata\": {}}");
	assert_int_equal(l.status, OK);
	assert_int_equal(l.zone.set_count, 1);
	assert_int_equal(l.diags.warnings, 2);
	assert_string_equal(l.diags.first->code, "unknown-key");
	load_fini(&l);
}

static void
a_cut_file_gives_an_error_wherever_it_is_cut(void **state)
{
	char cut[sizeof(document)];

	(void)state;
	/* behind the closing brace only a newline is missing */
	for (size_t len = 0; len < sizeof(document) - 3; len += 7) {
		struct load l;

		memcpy(cut, document, len);
		cut[len] = '\0';
		load_json(&l, cut);
		assert_int_equal(l.status, ERR_REJECTED);
		load_fini(&l);
	}
}

/* Duplicates are told whether sets come in the API's order or not, and names that the order
 * could take for one another are not. */
static void
two_sets_of_one_name_are_found_in_any_order(void **state)
{
	static const struct { int line; const char *names; bool twice; } rows[] = {
		{ __LINE__, "a b c", false },	{ __LINE__, "a b b", true },
		{ __LINE__, "a b a", true },	{ __LINE__, "c b a", false },
		{ __LINE__, "b a b", true },	{ __LINE__, "c a b a", true },
		{ __LINE__, "a-b a b.a c.a-b a-b", true },
		{ __LINE__, "a-b x.a-b a x.a aa", false },
		{ __LINE__, "a\\\\056b a.b b.a a", false },
		{ __LINE__, "a a\\\\056b b.a a\\\\056b", true },
	};
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char json[4096] = "[", names[256], *rest = names, *name;
		struct load l;

		strcpy(names, rows[i].names);
		while ((name = strtok_r(rest, " ", &rest)))
			snprintf(json + strlen(json), sizeof(json) - strlen(json),
				 "%s{\"Name\": \"%s.corp.example.\", \"Type\": \"A\", \"TTL\": 1, "
				 "\"ResourceRecords\": [{\"Value\": \"10.0.0.1\"}]}",
				 json[1] ? ", " : "", name);
		strcat(json, "]");
		load_json(&l, json);
		if ((l.diags.errors == 1) != rows[i].twice || l.diags.errors > 1) {
			print_error("%s:%d: %zu errors\n", __FILE__, rows[i].line,
				    l.diags.errors);
			wrong++;
		}
		load_fini(&l);
	}
	assert_int_equal(wrong, 0);
}

/* What is JSON is read as a stream; a comment in front makes it YAML, one line further down. */
static void
the_stream_and_libyaml_read_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i <= COUNT_OF(bad_exports); i++) {
		const char *json = i ? bad_exports[i - 1].json : document;
		const struct finding *f, *g;
		struct load stream, tree;
		char commented[8192];

		snprintf(commented, sizeof(commented), "#\n%s", json);
		load_json(&stream, json);
		load_json(&tree, commented);
		assert_int_equal(stream.status, tree.status);
		assert_int_equal(stream.zone.set_count, tree.zone.set_count);
		for (f = stream.diags.first, g = tree.diags.first; f && g; f = f->next, g = g->next) {
			assert_string_equal(f->code, g->code);
			assert_string_equal(f->message, g->message);
			if (f->at.line + (*json && f->at.line > 0) != g->at.line ||
			    f->at.column != g->at.column)
				fail_msg("row %zu: %u:%u %s, and %u:%u %s", i, f->at.line, f->at.column,
					 f->message, g->at.line, g->at.column, g->message);
		}
		assert_true(!f && !g);
		load_fini(&tree);
		load_fini(&stream);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_export_is_read_with_all_it_says),
		cmocka_unit_test(the_bare_list_is_read_too),
		cmocka_unit_test(each_mistake_is_one_error_at_its_place),
		cmocka_unit_test(members_that_are_not_of_the_api_are_warned_of),
		cmocka_unit_test(a_cut_file_gives_an_error_wherever_it_is_cut),
		cmocka_unit_test(two_sets_of_one_name_are_found_in_any_order),
		cmocka_unit_test(the_stream_and_libyaml_read_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
