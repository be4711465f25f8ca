#include "load/dump.h"

#include <string.h>

#include "base/bytes.h"
#include "load/config.h"
#include "load/objects.h"
#include "unit/files.h"
#include "unit/unit.h"

#define LIMIT ((size_t)64 << 20)

/* One configuration, loaded, and what is written of it. */
struct dumped {
	struct files files;
	struct arena arena;
	struct diags diags;
	struct estate estate;
	struct text text;
};

static bool
take(void *context, const char *octets, size_t len)
{
	text_append_len(context, octets, len);
	return true;
}

static void
load(struct dumped *d, const char *name)
{
	enum status status;

	diags_init(&d->diags, &d->arena, 0);
	estate_init(&d->estate, LIMIT);
	status = config_load(files_path(&d->files, name), NULL, &d->estate, &d->diags);
	for (const struct finding *f = d->diags.first; status != OK && f; f = f->next)
		if (f->severity == SEVERITY_ERROR)
			fail_msg("%s:%u:%u %s: %s", name, f->at.line, f->at.column, f->code,
				 f->message);
	assert_int_equal(status, OK);
}

static void
begin(struct dumped *d, const char *config)
{
	*d = (struct dumped){ .text = { 0 } };
	assert_true(files_init(&d->files));
	arena_init(&d->arena, SIZE_MAX);
	text_init(&d->text);
	assert_true(files_write(&d->files, "main.yaml", config));
	load(d, "main.yaml");
}

static void
write_dump(struct dumped *d, struct dump_options options)
{
	text_clear(&d->text);
	assert_int_equal(dump_estate(&d->estate, &options, take, &d->text), OK);
	assert_false(d->text.failed);
}

/** Load what was written in place of what is there. */
static void
load_again(struct dumped *d)
{
	estate_fini(&d->estate);
	assert_true(files_write(&d->files, "again.yaml", d->text.data));
	load(d, "again.yaml");
}

static void
end(struct dumped *d)
{
	text_fini(&d->text);
	estate_fini(&d->estate);
	arena_fini(&d->arena);
	files_fini(&d->files);
}

#define VPC    "vpcs:\n  - id: v\n    cidr_blocks: [10.0.0.0/16]\n"
#define ZONE   "\nhosted_zones:\n  - id: Z\n    name: a.example\n    vpcs: [v]\n"
#define SETS   ZONE "    record_sets:\n"
#define SET(s) "      - {name: a.example, type: " s "}\n"

/* What is written as it stands. */
static const struct { int line; const char *config; } same[] = {
	{ __LINE__, "{}\n" },
	{ __LINE__, VPC },
	{ __LINE__, "vpcs:\n  - id: v\n    region: eu-west-1\n"
		    "    cidr_blocks: [10.0.0.0/16, 'fd00:1::/56']\n"
		    "    enable_dns_support: false\n    enable_dns_hostnames: true\n"
		    "    autodefined_reverse: DISABLED\n    dns64: true\n"
		    "    owner_id: \"111122223333\"\n" },
	/* what was said stays said */
	{ __LINE__, VPC "    enable_dns_support: true\n" },
	{ __LINE__, "server:\n  listen:\n"
		    "  - {address: 127.0.0.1, port: 0, as: client}\n"
		    "  - {address: \"::1\", port: 5301, as: v}\n"
		    "  user: \"no\"\n"
		    "  cache: {size: 1536MiB, min_ttl: 1500ms, max_ttl: 90m, serve_stale: 0}\n"
		    "  assume: {chain_limit: 3}\n  allow: []\n\n" VPC },
	{ __LINE__, VPC SETS SET("A, ttl: 0, values: [10.0.0.1, 10.0.0.2]") },
	{ __LINE__, VPC SETS SET("TXT, ttl: 60, values: ['\"it''s \\\"#: {\\195\\164\"']") },
	{ __LINE__, VPC SETS SET("MX, ttl: 60, values: [10 mail.example.]") },
	{ __LINE__, VPC SETS SET("TYPE65280, ttl: 60, values: [\\# 2 abcd]") },
	{ __LINE__, VPC SETS "      - {name: '*.a.example', type: A, ttl: 1, values: [10.0.0.1]}\n"
		    "      - {name: x\\032y.a.example, type: A, ttl: 1, values: [10.0.0.1]}\n" },
	{ __LINE__, VPC SETS SET("A, alias_target: {dns_name: b.a.example, hosted_zone: Z}") },
	{ __LINE__, VPC SETS SET("A, alias_target: {dns_name: b.a.example, hosted_zone: Z, "
				 "evaluate_target_health: true}") },
	/* of a weighted group the last has a say: the order stays */
	{ __LINE__, VPC SETS SET("A, ttl: 60, values: [10.0.0.1], set_identifier: z, weight: 0")
		    SET("A, ttl: 60, values: [10.0.0.2], set_identifier: a, weight: 255") },
	{ __LINE__, VPC SETS SET("A, ttl: 1, values: [10.0.0.1], set_identifier: a, "
				 "failover: PRIMARY")
		    SET("A, ttl: 1, values: [10.0.0.2], set_identifier: b, failover: SECONDARY") },
	{ __LINE__, VPC SETS SET("A, ttl: 1, values: [10.0.0.1], set_identifier: a, "
				 "region: eu-west-1") },
	{ __LINE__, VPC SETS SET("A, ttl: 1, values: [10.0.0.1], set_identifier: a, "
				 "geo_location: {continent_code: EU}")
		    SET("A, ttl: 1, values: [10.0.0.1], set_identifier: b, "
			"geo_location: {country_code: US, subdivision_code: WA}")
		    SET("A, ttl: 1, values: [10.0.0.1], set_identifier: c, "
			"geo_location: {country_code: '*'}") },
	{ __LINE__, VPC SETS SET("A, ttl: 1, values: [10.0.0.1], set_identifier: a, "
				 "geoproximity_location: {aws_region: eu-west-1, bias: -9}")
		    SET("A, ttl: 1, values: [10.0.0.1], set_identifier: b, "
			"geoproximity_location: {local_zone_group: us-east-1-bos-1}")
		    /* too long for a line */
		    "      - name: a.example\n        type: A\n        ttl: 1\n"
		    "        values: [10.0.0.1]\n        set_identifier: c\n"
		    "        geoproximity_location: {coordinates: {latitude: 0, "
		    "longitude: -0.1}}\n" },
	{ __LINE__, VPC SETS SET("A, ttl: 1, values: [10.0.0.1], set_identifier: a, "
				 "multi_value_answer: true") },
	{ __LINE__, VPC SETS SET("A, ttl: 1, values: [10.0.0.1], health_check: h")
		    "\nhealth_checks:\n  - id: h\n    type: TCP\n    ip_address: 10.0.0.1\n"
		    "    port: 443\n    request_interval: 10s\n" },
	{ __LINE__, VPC "\nhosted_zones:\n  - id: Z\n    name: a.example\n"
		    "    private_zone: false\n" },
	{ __LINE__, VPC "\nhosted_zones:\n  - id: Z\n    name: .\n    vpcs: [v]\n" },
	{ __LINE__, "sites:\n  - id: s\n    servers: [192.0.2.53]\n"
		    "\nresolver_rules:\n  - id: r\n    domain_name: a.example\n"
		    "    rule_type: FORWARD\n"
		    "    target_ips: [{ip: 192.0.2.1, port: 5353}, {ip: '2001:db8::1'}]\n"
		    "    policy: ordered\n"
		    "    on: {nxdomain: internet, timeout: [{ip: 192.0.2.2}]}\n"
		    "    sites: [s]\n" },
	{ __LINE__, "lint:\n  ignore: [ZON1]\n"
		    "  severity: [{code: FWD301, severity: note}]\n  fail_on: warning\n"
		    "  suppress:\n  - {code: ZON101, object: Z*, reason: known, "
		    "until: \"2026-12-31\"}\n" },
};

static void
check_same(int line, const char *config)
{
	struct dumped d;

	begin(&d, config);
	write_dump(&d, (struct dump_options){ 0 });
	row_string(line, d.text.data, config);
	end(&d);
}

static void
what_is_written_is_what_was_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(same); i++)
		check_same(same[i].line, same[i].config);
}

static void
json_is_read_as_the_same(void **state)
{
	const struct dump_options json = { .format = DUMP_JSON };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(same); i++) {
		struct dumped d;

		begin(&d, same[i].config);
		write_dump(&d, json);
		load_again(&d);
		write_dump(&d, (struct dump_options){ 0 });
		row_string(same[i].line, d.text.data, same[i].config);
		end(&d);
	}
}

static void
parts_of_a_zone_file_are_one_set_with_the_least_ttl(void **state)
{
	struct dumped d;

	(void)state;
	begin(&d, "{}\n");
	assert_true(files_write(&d.files, "a.zone",
				"b 60 A 10.0.0.1\nc 60 A 10.0.0.3\nb 30 A 10.0.0.2\n"
				"b 30 A 10.0.0.1\n"));
	assert_true(files_write(&d.files, "again.yaml",
				VPC ZONE "    zone_file: a.zone\n"));
	estate_fini(&d.estate);
	load(&d, "again.yaml");
	write_dump(&d, (struct dump_options){ 0 });
	assert_string_equal(d.text.data, VPC SETS
		"      - {name: b.a.example, type: A, ttl: 30, values: [10.0.0.1, 10.0.0.2]}\n"
		"      - {name: c.a.example, type: A, ttl: 60, values: [10.0.0.3]}\n");
	end(&d);
}

static void
comments_say_where_objects_came_from(void **state)
{
	char want[512];
	struct dumped d;

	(void)state;
	begin(&d, VPC);
	write_dump(&d, (struct dump_options){ .places = true });
	snprintf(want, sizeof(want), "vpcs:\n  # from %s:2\n  - id: v\n"
		 "    cidr_blocks: [10.0.0.0/16]\n", files_path(&d.files, "main.yaml"));
	assert_string_equal(d.text.data, want);
	end(&d);
}

static void
what_no_key_says_is_named_at_the_end(void **state)
{
	static const char config[] =
		"server:\n  cookie_secrets: [\"00112233445566778899aabbccddeeff\"]\n"
		"# lint: ignore-file[ZON101] known\n" VPC;
	struct dumped d;

	(void)state;
	begin(&d, config);
	write_dump(&d, (struct dump_options){ 0 });
	assert_null(strstr(d.text.data, "00112233"));
	assert_non_null(strstr(d.text.data, "\n# Left out:\n"));
	assert_non_null(strstr(d.text.data, "main.yaml:3:1: a comment to the linter about "
				"ZON101\n"));
	assert_non_null(strstr(d.text.data, ": cookie_secrets\n"));
	write_dump(&d, (struct dump_options){ .secrets = true });
	assert_non_null(strstr(d.text.data, "00112233445566778899aabbccddeeff"));
	assert_null(strstr(d.text.data, ": cookie_secrets\n"));
	end(&d);
}

static void
relative_paths_go_by_the_folder(void **state)
{
	struct settings *settings;
	struct dumped d;

	(void)state;
	begin(&d, "server: {snapshot: {file: /var/a.cws}}\n");
	settings = &d.estate.settings;
	write_dump(&d, (struct dump_options){ .folder = "/home" });
	assert_non_null(strstr(d.text.data, "{file: /var/a.cws}"));
	settings->snapshot_file = "a.cws";
	write_dump(&d, (struct dump_options){ .folder = "/home" });
	assert_non_null(strstr(d.text.data, "{file: /home/a.cws}"));
	write_dump(&d, (struct dump_options){ 0 });
	assert_non_null(strstr(d.text.data, "{file: a.cws}"));
	end(&d);
}

/* A list that is added to the schema is written, or this fails. */
static void
every_list_of_the_schema_has_its_objects(void **state)
{
	const struct schema_map *root = schema_map(MAP_ROOT);
	enum object_kind kind;

	(void)state;
	for (size_t i = 0; i < root->count; i++) {
		const struct schema_key *key = &root->keys[i];

		if (key->type == SCHEMA_MAP && key->list && key->map != MAP_IMPORT)
			assert_true(objects_kind_of(key->map, &kind));
	}
}

static bool
refuse(void *context, const char *octets, size_t len)
{
	(void)context;
	(void)octets;
	(void)len;
	return false;
}

static void
a_write_that_fails_ends_it(void **state)
{
	struct dump_options options = { 0 };
	struct dumped d;

	(void)state;
	begin(&d, VPC);
	assert_int_equal(dump_estate(&d.estate, &options, refuse, NULL), ERR_SYSTEM);
	end(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_what_was_said),
		cmocka_unit_test(json_is_read_as_the_same),
		cmocka_unit_test(parts_of_a_zone_file_are_one_set_with_the_least_ttl),
		cmocka_unit_test(comments_say_where_objects_came_from),
		cmocka_unit_test(what_no_key_says_is_named_at_the_end),
		cmocka_unit_test(relative_paths_go_by_the_folder),
		cmocka_unit_test(every_list_of_the_schema_has_its_objects),
		cmocka_unit_test(a_write_that_fails_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
