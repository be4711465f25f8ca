#include "unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "lint/map_layout.h"
#include "lint/overlap.h"
#include "unit/judged.h"

static const char loop[] =
	"vpc a 10.1.0.0/16 eu-west-1\n"
	"vpc b 10.2.0.0/16 eu-west-1\n"
	"site dc 192.168.0.0/16\n"
	"servers dc 192.168.0.53\n"
	"peer a b\n"
	"inbound in-a a 10.1.0.10\n"
	"inbound in-b b 10.2.0.10\n"
	"forward to-b x.example a 10.2.0.10\n"
	"forward to-a x.example b 10.1.0.10\n"
	"forward to-dc dc.example a,b 192.168.0.53 192.168.9.53\n"
	"zone Z1 y.example a,b\n"
	"www 60 A 10.1.0.1\n";

struct drawn {
	struct judged *j;
	struct arena arena;
	struct map map;
	struct map_layout layout;
};

static void
draw(struct drawn *d, const char *estate)
{
	d->j = judged_new(estate);
	assert_int_equal(lint_run(&d->j->maker.estate, d->j->snap, SEVERITY_NOTE, &d->j->diags),
			 OK);
	arena_init(&d->arena, SIZE_MAX);
	assert_int_equal(map_init(&d->map, &d->j->maker.estate, d->j->diags.first, &d->arena), OK);
	assert_int_equal(map_lay_out(&d->map, &d->layout), OK);
}

static void
drawn_free(struct drawn *d)
{
	arena_fini(&d->arena);
	judged_free(d->j);
}

static const struct map_edge *
find_edge(const struct map *map, const char *from_kind, const char *from, const char *to_kind,
	  const char *to)
{
	uint32_t a = map_find(map, from_kind, from), b = map_find(map, to_kind, to);

	for (uint32_t i = 0; i < map->edge_count; i++)
		if (map->edges[i].from == a && map->edges[i].to == b)
			return &map->edges[i];
	return NULL;
}

static void
every_link_is_an_edge(void **state)
{
	struct drawn d;

	(void)state;
	draw(&d, loop);
	/* networks, a server of no one, endpoints (rules of a VPC have one), zone, rules */
	assert_int_equal(d.map.node_count, 3 + 1 + 3 + 1 + 3);
	assert_false(d.map.folded);
	assert_int_equal(find_edge(&d.map, "vpc", "a", "hosted_zone", "Z1")->kind, MAP_HAS);
	assert_int_equal(find_edge(&d.map, "resolver_rule", "to-dc", "site", "dc")->kind,
			 MAP_ASKS);
	assert_int_equal(find_edge(&d.map, "resolver_endpoint", "in-b", "vpc", "b")->kind, MAP_IN);
	assert_int_equal(find_edge(&d.map, "vpc", "a", "vpc", "b")->kind, MAP_PEERS);
	assert_null(find_edge(&d.map, "resolver_rule", "to-b", "site", "dc"));
	assert_int_equal(map_find(&d.map, "vpc", "c"), MAP_NONE);
	assert_int_equal(map_find(&d.map, "record", "a"), MAP_NONE);
	drawn_free(&d);
}

static void
a_loop_is_red_hop_by_hop(void **state)
{
	const struct map_edge *first, *second;
	struct drawn d;

	(void)state;
	draw(&d, loop);
	assert_int_equal(d.map.loop_count, 1);
	first = find_edge(&d.map, "resolver_rule", "to-b", "resolver_endpoint", "in-b");
	second = find_edge(&d.map, "resolver_rule", "to-a", "resolver_endpoint", "in-a");
	assert_int_equal(first->step + second->step, 3);
	assert_int_equal(first->loop, 1);
	assert_int_equal(second->loop, 1);
	assert_int_equal(find_edge(&d.map, "vpc", "a", "resolver_rule", "to-b")->loop, 1);
	assert_int_equal(find_edge(&d.map, "resolver_endpoint", "in-b", "vpc", "b")->loop, 1);
	assert_int_equal(find_edge(&d.map, "vpc", "a", "resolver_rule", "to-dc")->loop, 0);
	drawn_free(&d);
}

static void
no_node_lies_on_another(void **state)
{
	struct drawn d;

	(void)state;
	draw(&d, loop);
	for (uint32_t i = 0; i < d.map.node_count; i++) {
		const struct map_spot *a = &d.layout.spots[i];

		assert_true(a->x >= 0 && a->x + a->width <= d.layout.width);
		assert_true(a->y >= MAP_HEADING && a->y + a->height <= d.layout.height);
		for (uint32_t k = 0; k < i; k++) {
			const struct map_spot *b = &d.layout.spots[k];

			assert_true(a->x != b->x || a->y >= b->y + b->height ||
				    b->y >= a->y + a->height);
		}
	}
	drawn_free(&d);
}

static void
equal_networks_of_a_large_estate_share_a_node(void **state)
{
	static char text[200 * 48];
	struct drawn d;
	size_t len = 0;

	(void)state;
	for (unsigned i = 0; i < 200; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"vpc v%u 10.%u.0.0/16 eu-west-1\n", i, i);
	len += (size_t)snprintf(text + len, sizeof(text) - len,
				"zone Z1 x.example v7\nwww 60 A 10.0.0.1\n");
	draw(&d, text);
	assert_true(d.map.folded);
	assert_int_equal(map_find(&d.map, "vpc", "v0"), map_find(&d.map, "vpc", "v199"));
	assert_int_not_equal(map_find(&d.map, "vpc", "v0"), map_find(&d.map, "vpc", "v7"));
	assert_int_equal(d.map.nodes[map_find(&d.map, "vpc", "v0")].count, 199);
	assert_string_equal(d.map.nodes[map_find(&d.map, "vpc", "v0")].label, "199 VPCs");
	drawn_free(&d);
}

static void
an_overlap_says_what_each_zone_says(void **state)
{
	struct judged *j = judged_new("vpc a 10.1.0.0/16 eu-west-1\n"
				      "vpc b 10.2.0.0/16 eu-west-1\n"
				      "zone Z1 x.example a\n"
				      "same 60 A 10.0.0.1\n"
				      "www 60 A 10.0.0.2\n"
				      "zone Z2 x.example b\n"
				      "same 60 A 10.0.0.1\n"
				      "www 60 A 10.0.0.3\n"
				      "* 60 A 10.0.0.4\n");
	struct overlap overlap;
	struct arena arena;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	assert_false(overlap_find(j->snap->zones[0], j->snap->zones[0], &arena, &overlap));
	assert_true(overlap_find(j->snap->zones[0], j->snap->zones[1], &arena, &overlap));
	assert_true(overlap.count >= 3);
	for (size_t i = 0; i < overlap.count; i++) {
		const struct overlap_row *row = &overlap.rows[i];
		char name[NAME_TEXT_MAX];

		name_print(row->name, name);
		if (strcmp(name, "same.x.example.") == 0 && row->kind == REGION_NAME) {
			assert_false(row->differs);
			assert_string_equal(row->left, row->right);
		} else if (strcmp(name, "www.x.example.") == 0 && row->kind == REGION_NAME) {
			assert_true(row->differs);
			assert_string_equal(row->left, "A 10.0.0.2");
			assert_string_equal(row->right, "A 10.0.0.3");
		} else {
			assert_true(row->differs);
			assert_string_equal(row->left, "NXDOMAIN");
		}
	}
	arena_fini(&arena);
	judged_free(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_link_is_an_edge),
		cmocka_unit_test(a_loop_is_red_hop_by_hop),
		cmocka_unit_test(no_node_lies_on_another),
		cmocka_unit_test(equal_networks_of_a_large_estate_share_a_node),
		cmocka_unit_test(an_overlap_says_what_each_zone_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
