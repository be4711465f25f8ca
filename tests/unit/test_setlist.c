#include "load/setlist.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "dns/name.h"
#include "load/recordset.h"
#include "unit/unit.h"

/* A text that comes in pieces: in pieces of one octet no set is ever in the window. */
struct pieces {
	const char *at;
	size_t left, piece;
};

static enum status
give(void *context, char *buf, size_t room, size_t *len)
{
	struct pieces *p = context;

	*len = p->left < p->piece ? p->left : p->piece;
	*len = *len < room ? *len : room;
	memcpy(buf, p->at, *len);
	p->at += *len;
	p->left -= *len;
	return OK;
}

/* What a list comes to. */
struct outcome {
	struct text sets;		/* each field and place, and the findings */
	unsigned count, trees;
};

static void
print_place(struct text *out, const char *what, struct srcloc at)
{
	if (at.file)
		text_printf(out, " %s@%u:%u", what, at.line, at.column);
}

static void
print_text(struct text *out, const char *what, const char *text)
{
	if (text)
		text_printf(out, " %s=%s", what, text);
}

static void
print_name(struct text *out, const char *what, const uint8_t *wire)
{
	char name[NAME_TEXT_MAX];

	if (wire)
		print_text(out, what, name_print(wire, name));
}

static void
print_places(struct text *out, const struct record_fields *f)
{
	print_place(out, "set", f->at);
	print_place(out, "name", f->name_at);
	print_place(out, "type", f->type_at);
	print_place(out, "multi", f->multi_value_at);
	print_place(out, "ttl", f->ttl_at);
	print_place(out, "values", f->values_at);
	print_place(out, "id", f->set_identifier_at);
	print_place(out, "weight", f->weight_at);
	print_place(out, "failover", f->failover_at);
	print_place(out, "region", f->region_at);
	print_place(out, "geo", f->geo_at);
	print_place(out, "near", f->geoproximity_at);
	print_place(out, "coordinates", f->coordinates_at);
	print_place(out, "check", f->health_check_at);
	print_place(out, "alias", f->alias_at);
}

static void
take(struct bind *b, enum schema_map_id map, const struct yaml_node *node, void *object,
     bool good)
{
	const struct record_fields *f = object;
	struct outcome *o = b->context;
	struct text *out = &o->sets;

	assert_int_equal(map, MAP_API_SET);
	o->count++;
	o->trees += node != NULL;
	text_printf(out, "%s %u %u %d %u %d %d %g %g", good ? "good" : "bad", f->type, f->ttl_s,
		    f->multi_value_answer * 2 + f->evaluate_target_health, f->weight,
		    f->failover, f->bias, f->latitude, f->longitude);
	print_name(out, "name", f->name);
	print_name(out, "alias", f->alias_name);
	print_text(out, "zone", f->alias_zone);
	print_text(out, "id", f->set_identifier);
	print_text(out, "region", f->region);
	print_text(out, "continent", f->continent);
	print_text(out, "country", f->country);
	print_text(out, "part", f->subdivision);
	print_text(out, "near", f->aws_region);
	print_text(out, "group", f->local_zone_group);
	print_text(out, "check", f->health_check);
	print_places(out, f);
	for (const struct string_item *v = f->values; v; v = v->next) {
		print_text(out, "value", v->text);
		print_place(out, "", v->at);
	}
	text_append(out, "\n");
}

/** Read the list; what comes of it is printed. */
static void
read_sets(struct outcome *o, const char *text, size_t len, size_t piece, bool once)
{
	struct pieces pieces = { text, len, piece };
	struct arena arena, scratch;
	struct diags diags;
	struct bind b;
	struct json j;
	bool read;

	*o = (struct outcome){ .count = 0 };
	text_init(&o->sets);
	arena_init(&arena, SIZE_MAX);
	arena_init(&scratch, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	bind_init(&b, &arena, &diags);
	b.file = "z.json";
	b.take = take;
	b.context = o;
	assert_int_equal(json_init(&j, "z.json", give, &pieces, &diags), OK);
	read = json_next(&j) == JSON_ARRAY && setlist_read(&j, &b, &scratch, once);
	text_printf(&o->sets, "%s %d\n", read ? "read" : "refused", j.status);
	for (const struct finding *f = diags.first; f; f = f->next)
		text_printf(&o->sets, "%u:%u %s %s\n", f->at.line, f->at.column, f->code,
			    f->message);
	assert_false(o->sets.failed);
	json_fini(&j);
	bind_fini(&b);
	arena_fini(&scratch);
	arena_fini(&arena);
}

struct row {
	int line;
	const char *text;
	bool tree;	/* is one wanted, however much is in the window? */
};

#define A "\"Name\": \"a.example.\", \"Type\": \"A\", "
#define VALUES "\"ResourceRecords\": [{\"Value\": \"10.0.0.1\"}]"
#define LONG "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LONGER LONG LONG LONG LONG LONG LONG LONG LONG LONG

static const struct row rows[] = {
	{ __LINE__, "[{" A "\"TTL\": 300, " VALUES "}]", false },
	{ __LINE__, "[{\n" A "\n\"TTL\": 300,\n" VALUES "\n}\n]", false },
	{ __LINE__, "[{" VALUES ", \"TTL\": 0, " A "\"SetIdentifier\": \"x\", \"Weight\": 9}]",
	  false },
	{ __LINE__, "[{" VALUES ", \"TTL\": 0, \"Type\": \"A\", \"Name\": \"\\\\052.a.\"}]",
	  false },
	{ __LINE__, "[{" A "\"TTL\": 60, \"ResourceRecords\": [{\"Value\": \"1\"}, {\"Value\": "
	  "\"\\\"\\u00e9 \\\\ x\\\"\"}, {\"Value\": \"\"}]}]", false },
	{ __LINE__, "[{" A "\"AliasTarget\": {\"HostedZoneId\": \"Z2\", \"DNSName\": \"b.\", "
	  "\"EvaluateTargetHealth\": true}}]", false },
	{ __LINE__, "[{" A "\"AliasTarget\": {\"HostedZoneId\": \"Z2\", \"DNSName\": \"b.\"}}]",
	  true },
	{ __LINE__, "[{" A "\"SetIdentifier\": \"x\", \"Weight\": 255, \"HealthCheckId\": \"h\"}]",
	  false },
	{ __LINE__, "[{" A "\"Failover\": \"SECONDARY\", \"MultiValueAnswer\": false}]", false },
	{ __LINE__, "[{" A "\"GeoLocation\": {\"ContinentCode\": \"EU\"}}, {" A
	  "\"GeoLocation\": {\"CountryCode\": \"US\", \"SubdivisionCode\": \"NY\"}}]", false },
	{ __LINE__, "[{" A "\"GeoProximityLocation\": {\"Coordinates\": {\"Latitude\": \"1.5\", "
	  "\"Longitude\": \"-2\"}, \"Bias\": -9}}]", false },
	{ __LINE__, "[{" A "\"Region\": \"eu-west-1\", \"ResourceRecords\": []}]", false },
	{ __LINE__, "[{" A "\"TTL\": 300, \"TTL\": 400}]", true },
	{ __LINE__, "[{" A VALUES ", " VALUES "}]", true },
	{ __LINE__, "[{" A "\"ResourceRecords\": [{\"Value\": \"a\", \"Value\": \"b\"}]}]", true },
	{ __LINE__, "[{" A "\"ResourceRecords\": [{}, {\"Value\": \"b\"}]}]", true },
	{ __LINE__, "[{" A "\"ResourceRecords\": [\"10.0.0.1\"]}]", true },
	{ __LINE__, "[{" A "\"ResourceRecords\": {\"Value\": \"b\"}}]", true },
	{ __LINE__, "[{" A "\"Region\": null}]", true },
	{ __LINE__, "[{" A "\"Region\": 7, \"TTL\": \"7\"}]", true },
	{ __LINE__, "[{" A "\"Weight\": 256}]", true },
	{ __LINE__, "[{" A "\"Region\": \"a\\u0000b\"}]", true },
	{ __LINE__, "[{" A "\"AliasTarget\": \"b.\"}]", true },
	{ __LINE__, "[{" A "\"TrafficPolicyInstanceId\": \"t\", \"TTL\": 5}]", true },
	{ __LINE__, "[{" A "\"CidrRoutingConfig\": {}}]", true },
	{ __LINE__, "[{" A "\"Colour\": \"red\", \"Ttl\": 5}]", true },
	{ __LINE__, "[{" A "\"SetIdentifier\": \"" LONGER "\"}]", false },
	{ __LINE__, "[{" A "\"SetIdentifier\": \"" LONGER LONGER "\"}]", true },
	{ __LINE__, "[{\"Type\": \"A\"}]", true },
	{ __LINE__, "[{\"Name\": \"a..b\", \"Type\": \"A\"}]", true },
	{ __LINE__, "[{\"Name\": \"a\", \"Type\": \"ANY\"}]", true },
	{ __LINE__, "[{" A "\"TTL\": 1}, 7, [], {" A "\"TTL\": 2}]", true },
	{ __LINE__, "[{" A "\"TTL\": 01}]", true },
	{ __LINE__, "[{" A "\"TTL\": 1, }]", true },
	{ __LINE__, "[{" A "\"TTL\": 1", true },
	{ __LINE__, "[]", false },
};

static void
rows_are_read_alike_with_a_tree_and_without(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct row *row = &rows[i];
		size_t len = strlen(row->text);
		struct outcome quick, tree;

		for (int once = 0; once < 2; once++) {
			read_sets(&quick, row->text, len, SIZE_MAX, once);
			read_sets(&tree, row->text, len, 1, once);
			row_string(row->line, quick.sets.data, tree.sets.data);
			row_int(row->line, tree.trees, tree.count);
			if (!row->tree)
				row_int(row->line, quick.trees, 0);
			text_fini(&quick.sets);
			text_fini(&tree.sets);
		}
	}
}

static void
changed_rows_are_read_alike(void **state)
{
	static const char octets[] = "\"\\{}[],: \n059.-etnaA\303\251\001";
	uint64_t random = 16;

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		const struct row *row = &rows[random_to(&random, COUNT_OF(rows))];
		size_t len = strlen(row->text);
		struct outcome quick, tree;
		char text[2048];

		assert_true(len < sizeof(text));
		memcpy(text, row->text, len + 1);
		for (unsigned changes = 1 + random_to(&random, 2); changes; changes--)
			text[random_to(&random, (unsigned)len)] =
				octets[random_to(&random, sizeof(octets) - 1)];
		read_sets(&quick, text, len, SIZE_MAX, i & 1);
		read_sets(&tree, text, len, 1, i & 1);
		row_string(row->line, quick.sets.data, tree.sets.data);
		text_fini(&quick.sets);
		text_fini(&tree.sets);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_read_alike_with_a_tree_and_without),
		cmocka_unit_test(changed_rows_are_read_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
