#include "load/declare.h"

#include <string.h>

#include "unit/unit.h"

#define LIMIT ((size_t)16 << 20)

/* What load/imports gives a front end, and what came of it. */
struct run {
	struct arena scratch, arena;
	struct diags diags;
	struct estate estate;
	struct objects objects;
	struct bind bind;
	struct declare declare;
};

static void
run_init(struct run *r)
{
	arena_init(&r->scratch, LIMIT);
	arena_init(&r->arena, LIMIT);
	diags_init(&r->diags, &r->arena, 0);
	estate_init(&r->estate, LIMIT);
	objects_init(&r->objects, &r->estate, &r->scratch, &r->diags);
	bind_init(&r->bind, &r->estate.arena, &r->diags);
	r->bind.take = objects_take;
	r->bind.init = objects_begin;
	r->bind.context = &r->objects;
	r->declare = (struct declare){
		.estate = &r->estate, .objects = &r->objects, .diags = &r->diags,
		.scratch = &r->scratch, .nodes = { .arena = &r->scratch }, .bind = &r->bind,
	};
}

static void
run_fini(struct run *r)
{
	bind_fini(&r->bind);
	estate_fini(&r->estate);
	arena_fini(&r->arena);
	arena_fini(&r->scratch);
}

static const struct yaml_node place = { .line = 7, .column = 3 };

/** A map of texts: key, value, key, value, NULL. */
static struct yaml_node *
map_of(struct nodes *n, const char *const *pairs)
{
	struct yaml_node *map = nodes_map(n, &place);

	for (; pairs[0]; pairs += 2)
		nodes_put(n, map, pairs[0], nodes_text(n, pairs[1], &place));
	return map;
}

static struct yaml_node *
vpc_of(struct nodes *n, const char *const *pairs)
{
	struct yaml_node *map = map_of(n, pairs), *blocks = nodes_list(n, &place);

	nodes_append(n, blocks, nodes_text(n, "10.0.0.0/16", &place));
	nodes_put(n, map, "cidr_blocks", blocks);
	return map;
}

static void
nodes_keep_order_places_and_heights(void **state)
{
	struct arena arena;
	struct nodes n = { .arena = &arena };
	struct yaml_node *map, *list;

	(void)state;
	arena_init(&arena, LIMIT);
	list = nodes_list(&n, &place);
	nodes_append(&n, list, nodes_text(&n, "one", &place));
	nodes_append(&n, list, NULL);
	nodes_append(&n, list, nodes_text(&n, "two", NULL));
	map = nodes_map(&n, NULL);
	nodes_put(&n, map, "list", list);
	nodes_put(&n, map, "none", NULL);
	assert_int_equal(list->count, 2);
	assert_int_equal(map->count, 1);
	assert_int_equal(map->height, 3);
	assert_string_equal(list->first->value->text, "one");
	assert_int_equal(list->first->value->line, 7);
	assert_string_equal(list->first->next->value->text, "two");
	assert_int_equal(list->first->next->value->line, 0);
	assert_ptr_equal(yaml_find(map, "list"), list);
	assert_false(n.nomem);
	arena_fini(&arena);
}

static void
what_is_declared_is_bound_like_a_configuration(void **state)
{
	static const char *const vpc[] = { "id", "vpc-1", "region", "eu-west-1", NULL };
	struct network *network;
	struct run r;

	(void)state;
	run_init(&r);
	declare_object(&r.declare, "vpcs", vpc_of(&r.declare.nodes, vpc), "plan.json");
	network = estate_network(&r.estate, "vpc-1");
	assert_non_null(network);
	assert_string_equal(network->region, "eu-west-1");
	assert_string_equal(network->at.file, "plan.json");
	assert_int_equal(network->at.line, 7);
	assert_false(r.objects.incomplete);
	run_fini(&r);
}

static void
a_mistake_is_reported_in_the_file_translated(void **state)
{
	static const char *const vpc[] = { "id", "vpc-1", "dns64", "maybe", NULL };
	struct run r;

	(void)state;
	run_init(&r);
	declare_object(&r.declare, "vpcs", vpc_of(&r.declare.nodes, vpc), "plan.json");
	assert_int_equal(r.diags.errors, 1);
	assert_string_equal(r.diags.first->at.file, "plan.json");
	assert_int_equal(r.diags.first->at.line, 7);
	assert_true(r.objects.incomplete);
	run_fini(&r);
}

static void
sets_of_a_zone_that_nobody_declares_are_reported(void **state)
{
	static const char *const set[] = { "name", "www.corp.example", "type", "A", NULL };
	static const char *const zone[] = { "id", "Z2", "name", "corp.example", NULL };
	struct run r;

	(void)state;
	run_init(&r);
	declare_object(&r.declare, "hosted_zones", map_of(&r.declare.nodes, zone), "plan.json");
	declare_record_set(&r.declare, "Z1", map_of(&r.declare.nodes, set), "plan.json");
	declare_record_set(&r.declare, "Z2", map_of(&r.declare.nodes, set), "plan.json");
	declare_record_set(&r.declare, "Z2", map_of(&r.declare.nodes, set), "plan.json");
	assert_int_equal(objects_give_sets(&r.objects), OK);
	assert_non_null(r.objects.jobs->apart);
	assert_non_null(r.objects.jobs->apart->next);
	assert_null(r.objects.jobs->apart->next->next);
	objects_check_sets(&r.objects);
	assert_int_equal(r.diags.errors, 1);
	assert_string_equal(r.diags.first->code, "CFG002");
	run_fini(&r);
}

static void
what_was_skipped_is_kept_in_order(void **state)
{
	struct run r;

	(void)state;
	run_init(&r);
	declare_skipped(&r.declare, declare_place("a.tf", &place), "aws_ram_%s", "share");
	declare_skipped(&r.declare, declare_place("a.tf", NULL), "second");
	assert_string_equal(r.estate.skipped->what, "aws_ram_share");
	assert_int_equal(r.estate.skipped->at.line, 7);
	assert_string_equal(r.estate.skipped->next->what, "second");
	assert_null(r.estate.skipped->next->next);
	run_fini(&r);
}

static void
memory_that_ends_is_remembered(void **state)
{
	static const char *const vpc[] = { "id", "vpc-1", NULL };
	struct run r;

	(void)state;
	run_init(&r);
	r.scratch.limit = 1;
	declare_object(&r.declare, "vpcs", vpc_of(&r.declare.nodes, vpc), "plan.json");
	assert_true(r.bind.nomem);
	run_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nodes_keep_order_places_and_heights),
		cmocka_unit_test(what_is_declared_is_bound_like_a_configuration),
		cmocka_unit_test(a_mistake_is_reported_in_the_file_translated),
		cmocka_unit_test(sets_of_a_zone_that_nobody_declares_are_reported),
		cmocka_unit_test(what_was_skipped_is_kept_in_order),
		cmocka_unit_test(memory_that_ends_is_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
