#include "load/schema.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "estate/estate.h"
#include "load/bind.h"
#include "unit/unit.h"

/* Of design.md 7 and the API: what people's files are written with. */
static const char *const promised[] = {
	"server", "vpcs", "sites", "vpc_peering_connections", "transit_gateways", "hosted_zones",
	"health_checks", "resolver_endpoints", "resolver_rules", "include", "import",
	"server.listen", "server.listen[].address", "server.listen[].port", "server.listen[].as",
	"server.allow", "server.internet_resolver", "server.internet_resolver[].ip",
	"server.workers", "server.user", "server.cache.size", "server.cache.min_ttl",
	"server.cache.max_ttl", "server.cache.max_negative_ttl", "server.cache.serve_stale",
	"server.cache.prefetch", "server.upstream.timeout", "server.upstream.tries",
	"server.upstream.edns_size", "server.upstream.packet_budget[].ip",
	"server.upstream.packet_budget[].per_second", "server.upstream.policy", "server.control.socket",
	"server.admin.address", "server.admin.port", "server.query_log.file",
	"server.identity", "server.version", "server.cookie_secrets",
	"server.snapshot.file", "server.assume",
	"server.assume.system_rule_consults_shorter_zone", "server.assume.negative_ttl_cap",
	"resolver_rules[].delegation_record",
	"vpcs[].autodefined_reverse", "vpcs[].dns64", "resolver_endpoints[].dns64_enabled",
	"vpcs[].id", "vpcs[].region", "vpcs[].cidr_blocks", "vpcs[].enable_dns_support",
	"vpcs[].enable_dns_hostnames", "vpcs[].owner_id",
	"sites[].id", "sites[].cidr_blocks", "sites[].connects_to", "sites[].servers",
	"vpc_peering_connections[].requester.vpc",
	"vpc_peering_connections[].requester.allow_dns_resolution_from_remote_vpc",
	"vpc_peering_connections[].accepter.vpc", "vpc_peering_connections[].status",
	"transit_gateways[].vpcs",
	"hosted_zones[].id", "hosted_zones[].name", "hosted_zones[].vpcs",
	"hosted_zones[].sites", "hosted_zones[].zone_file", "hosted_zones[].record_sets_file",
	"hosted_zones[].record_sets[].name", "hosted_zones[].record_sets[].type",
	"hosted_zones[].record_sets[].ttl", "hosted_zones[].record_sets[].values",
	"hosted_zones[].record_sets[].set_identifier", "hosted_zones[].record_sets[].weight",
	"hosted_zones[].record_sets[].failover", "hosted_zones[].record_sets[].region",
	"hosted_zones[].record_sets[].geo_location.country_code",
	"hosted_zones[].record_sets[].geoproximity_location.bias",
	"hosted_zones[].record_sets[].geoproximity_location.coordinates.latitude",
	"hosted_zones[].record_sets[].multi_value_answer",
	"hosted_zones[].record_sets[].health_check",
	"hosted_zones[].record_sets[].alias_target.dns_name",
	"hosted_zones[].record_sets[].alias_target.hosted_zone",
	"hosted_zones[].record_sets[].alias_target.evaluate_target_health",
	"health_checks[].id", "health_checks[].type", "health_checks[].ip_address",
	"health_checks[].port", "health_checks[].request_interval",
	"health_checks[].failure_threshold",
	"resolver_endpoints[].id", "resolver_endpoints[].direction", "resolver_endpoints[].vpc",
	"resolver_endpoints[].ip_addresses", "resolver_endpoints[].protocols",
	"resolver_rules[].id", "resolver_rules[].domain_name", "resolver_rules[].rule_type",
	"resolver_rules[].resolver_endpoint", "resolver_rules[].target_ips[].ip",
	"resolver_rules[].target_ips[].port", "resolver_rules[].target_ips[].protocol",
	"resolver_rules[].vpcs", "resolver_rules[].sites", "resolver_rules[].policy",
	"resolver_rules[].on.nxdomain[].ip", "resolver_rules[].on.nodata",
	"resolver_rules[].on.servfail", "resolver_rules[].on.timeout",
	"profiles[].id", "profiles[].name", "profiles[].owner_id", "profiles[].hosted_zones",
	"profiles[].resolver_rules", "profiles[].vpcs", "profiles[].associations[].vpc",
	"profiles[].associations[].priority",
	"vpcs[].dnssec_validation", "resolver_endpoints[].security_groups",
	"resolver_endpoints[].query_rate",
	"subnets[].vpc", "subnets[].cidr_blocks", "subnets[].availability_zone",
	"route_tables[].main", "route_tables[].subnets",
	"route_tables[].routes[].destination_cidr_block",
	"route_tables[].routes[].vpc_peering_connection", "route_tables[].routes[].gateway",
	"route_tables[].routes[].transit_gateway", "route_tables[].routes[].state",
	"security_groups[].ip_permissions[].ip_protocol",
	"security_groups[].ip_permissions_egress[].cidr_blocks",
	"security_groups[].ip_permissions[].security_groups",
	"network_acls[].entries[].rule_number", "network_acls[].entries[].egress",
	"network_acls[].subnets", "network_acls[].is_default",
	"network_interfaces[].private_ip_addresses", "network_interfaces[].security_groups",
	"vpc_endpoints[].service_name", "vpc_endpoints[].private_dns_enabled",
	"vpc_endpoints[].dns_entries[].dns_name", "dhcp_options[].domain_name_servers",
	"dhcp_options[].vpcs", "prefix_lists[].cidr_blocks",
	"firewall_domain_lists[].domains", "firewall_rule_groups[].rules[].priority",
	"firewall_rule_groups[].rules[].firewall_domain_list",
	"firewall_rule_groups[].associations[].vpc",
	"import[].aws", "import[].terraform",
};

/** The row of a whole path, looked up as a document is: from map to map. */
static const struct schema_key *
find_path(const char *path)
{
	const struct schema_map *map = schema_map(MAP_ROOT);

	for (;;) {
		size_t len = strcspn(path, ".[");
		const struct schema_key *key;
		char name[64];

		snprintf(name, sizeof(name), "%.*s", (int)len, path);
		key = schema_find(map, name);
		path += len;
		path += strspn(path, "[]");
		if (!key || !*path)
			return key;
		if (key->type != SCHEMA_MAP)
			return NULL;
		map = schema_map(key->map);
		path++;
	}
}

static void
every_promised_key_is_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(promised); i++)
		if (!find_path(promised[i]))
			fail_msg("no key %s", promised[i]);
}

/** The path of a key's map follows from the map that has the key; `*`: from any of its keys. */
static void
check_path(const struct schema_map *map, const struct schema_key *key)
{
	const char *name = strchr(schema_map(key->map)->path, '*') ? "*" : key->key;
	char path[128];

	snprintf(path, sizeof(path), "%s%s%s%s", map->path, map->path[0] ? "." : "", name,
		 key->list ? "[]" : "");
	assert_string_equal(schema_map(key->map)->path, path);
}

static void
check_key(const struct schema_map *map, const struct schema_key *key)
{
	assert_ptr_equal(schema_find(map, key->key), key);	/* no key twice */
	assert_non_null(schema_type_text(key->type, key->list));
	if (!map->foreign) {
		assert_true(key->doc && *key->doc);
		assert_null(strchr(key->doc, '\n'));
		for (const char *p = key->key; *p; p++)
			assert_true((*p >= 'a' && *p <= 'z') || *p == '_' ||
				    (*p >= '0' && *p <= '9' && p > key->key));
	}
	assert_false(key->required && key->fallback);
	assert_false(key->list && key->fallback);
	assert_true(key->min <= key->max);
	if (key->type == SCHEMA_ENUM || key->type == SCHEMA_WORD)
		assert_non_null(key->words);
	if (key->type == SCHEMA_REF)
		assert_true(key->refs);
	if (key->type == SCHEMA_MAP)
		check_path(map, key);
	if (key->type == SCHEMA_MAP && key->words)
		assert_true(key->list && key->said && key->size);
}

static void
the_table_is_sound(void **state)
{
	(void)state;
	for (unsigned id = 0; id < SCHEMA_MAPS; id++) {
		const struct schema_map *map = schema_map((enum schema_map_id)id);

		assert_non_null(map->path);
		assert_true(map->count > 0 && map->count <= 32);
		for (size_t i = 0; i < map->count; i++)
			check_key(map, &map->keys[i]);
	}
}

static void
each_fallback_is_a_value_of_its_key(void **state)
{
	uint64_t object[64];
	struct arena arena;
	struct diags diags;
	struct bind b;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	bind_init(&b, &arena, &diags);
	b.file = "x.yaml";
	for (unsigned id = 0; id < SCHEMA_MAPS; id++) {
		const struct schema_map *map = schema_map((enum schema_map_id)id);

		for (size_t i = 0; i < map->count; i++) {
			const struct schema_key *key = &map->keys[i];
			struct yaml_node node = { .kind = YAML_SCALAR, .line = 1, .column = 1 };

			if (!key->fallback)
				continue;
			node.text = key->fallback;
			node.count = (uint32_t)strlen(key->fallback);
			node.plain = key->type != SCHEMA_STRING;
			assert_true(key->size <= sizeof(object));
			if (!bind_scalar(&b, key, &node, object, key->size))
				fail_msg("%s.%s: %s", map->path, key->key, key->fallback);
		}
	}
	assert_int_equal(diags.errors, 0);
	bind_fini(&b);
	arena_fini(&arena);
}

/** Bind one map from text into an object. */
static bool
bind_text(const char *text, enum schema_map_id map, void *object, struct arena *arena,
	  struct diags *diags)
{
	struct source source = { .path = "x.yaml", .data = text, .len = strlen(text) };
	const struct yaml_node *root;
	struct bind b;
	bool good;

	assert_int_equal(yaml_read(&source, arena, diags, &root), OK);
	bind_init(&b, arena, diags);
	b.file = source.path;
	good = bind_map(&b, root, schema_map(map), object);
	bind_fini(&b);
	return good;
}

static void
the_fallbacks_are_the_defaults_of_an_estate(void **state)
{
	struct estate plain, bound;
	struct arena arena;
	struct diags diags;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	estate_init(&plain, SIZE_MAX);
	estate_init(&bound, SIZE_MAX);
	assert_true(bind_text("{cache: {}, upstream: {}}", MAP_SERVER, &bound.settings, &arena,
			      &diags));
	assert_int_equal(bound.settings.cache_octets, plain.settings.cache_octets);
	assert_int_equal(bound.settings.cache_min_ttl_ms, plain.settings.cache_min_ttl_ms);
	assert_int_equal(bound.settings.cache_max_ttl_ms, plain.settings.cache_max_ttl_ms);
	assert_int_equal(bound.settings.cache_max_negative_ttl_ms,
			 plain.settings.cache_max_negative_ttl_ms);
	assert_int_equal(bound.settings.cache_serve_stale_ms,
			 plain.settings.cache_serve_stale_ms);
	assert_int_equal(bound.settings.cache_prefetch, plain.settings.cache_prefetch);
	assert_int_equal(bound.settings.upstream_timeout_ms, plain.settings.upstream_timeout_ms);
	assert_int_equal(bound.settings.upstream_tries, plain.settings.upstream_tries);
	assert_int_equal(bound.settings.upstream_edns_size, plain.settings.upstream_edns_size);
	assert_int_equal(bound.settings.workers, plain.settings.workers);
	estate_fini(&plain);
	estate_fini(&bound);
	arena_fini(&arena);
}

static void
lists_keep_their_order_and_places(void **state)
{
	struct network network = { 0 };
	const struct cidr *cidr;
	struct arena arena;
	struct diags diags;
	char text[ADDR_TEXT_MAX];

	(void)state;
	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	assert_false(bind_text("id: v\ncidr_blocks:\n  - 10.0.0.0/16\n  - bad\n  - 10.1.0.0/16\n",
			       MAP_VPC, &network, &arena, &diags));
	cidr = network.cidr_blocks;
	assert_string_equal(prefix_print(&cidr->prefix, text), "10.0.0.0/16");
	assert_int_equal(cidr->at.line, 3);
	assert_int_equal(cidr->at.column, 5);
	cidr = cidr->next;
	assert_string_equal(prefix_print(&cidr->prefix, text), "10.1.0.0/16");
	assert_null(cidr->next);
	assert_int_equal(diags.errors, 1);
	arena_fini(&arena);
}

static void
values_in_messages_are_cut(void **state)
{
	char text[1200];
	struct network network = { 0 };
	struct arena arena;
	struct diags diags;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	memset(text, 'x', sizeof(text));
	memcpy(text, "id: ", 4);
	strcpy(text + 1000, "\ncidr_blocks: [10.0.0.0/8]\n");
	assert_false(bind_text(text, MAP_VPC, &network, &arena, &diags));
	memcpy(text + 500, " ", 1);
	assert_false(bind_text(text, MAP_VPC, &network, &arena, &diags));
	for (const struct finding *f = diags.first; f; f = f->next)
		assert_true(strlen(f->message) < 300);
	arena_fini(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_promised_key_is_there),
		cmocka_unit_test(the_table_is_sound),
		cmocka_unit_test(each_fallback_is_a_value_of_its_key),
		cmocka_unit_test(the_fallbacks_are_the_defaults_of_an_estate),
		cmocka_unit_test(lists_keep_their_order_and_places),
		cmocka_unit_test(values_in_messages_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
