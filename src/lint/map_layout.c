#include "lint/map_layout.h"

#include <stdlib.h>
#include <string.h>

#define NODE_HEIGHT 40
#define NODE_GAP    14
#define BEND_GAP    8
#define COLUMN_GAP  104
#define MARGIN      6
#define SWEEPS      24
#define ALIGNMENTS  12
#define FINE        4096	/* places in a column, whatever it holds */

static const int32_t column_widths[MAP_LAYERS] = { 170, 190, 190, 250 };

/* A node or a bend on its way to a place. */
struct vertex {
	uint32_t number;
	enum map_layer layer;
	uint32_t order;		/* within the layer */
	int64_t key;		/* to sort by */
	int64_t middle;		/* vertically */
	uint32_t first_left, first_right;	/* its neighbours, as many as up to the next's */
};

/* A piece of an edge, between two neighbouring columns that are not empty. */
struct piece {
	uint32_t left, right;	/* vertices */
};

struct plan {
	const struct map *map;
	struct map_layout *out;
	struct vertex *vertices;	/* one behind the last, for its neighbours' end */
	uint32_t count, room;
	struct piece *pieces;
	size_t piece_count;
	uint32_t *left, *right;		/* neighbours of all vertices */
	struct vertex **rows[MAP_LAYERS];
	uint32_t row_count[MAP_LAYERS];
	uint32_t *best;			/* by vertex: its order where crossings were fewest */
	uint64_t fewest;
	uint32_t *tree;			/* for counting crossings */
	struct piece *sorted;
	int64_t *sums;			/* for aligning; by place in the row, as the next */
	uint32_t *sizes;
	bool nomem;
};

static void *
plan_alloc(struct plan *plan, size_t count, size_t size)
{
	void *memory = arena_array(plan->map->arena, count ? count : 1, size);

	if (!memory)
		plan->nomem = true;
	return memory;
}

static uint32_t
add_vertex(struct plan *plan, enum map_layer layer)
{
	struct vertex *v = &plan->vertices[plan->count];

	*v = (struct vertex){
		.number = plan->count, .layer = layer, .order = plan->row_count[layer]++,
	};
	return plan->count++;
}

/* Edges as pieces. */

static enum map_layer
layer_of(const struct map *map, uint32_t node)
{
	return map_layer(map->nodes[node].kind);
}

static void
add_piece(struct plan *plan, uint32_t left, uint32_t right)
{
	plan->pieces[plan->piece_count++] = (struct piece){ left, right };
}

/** The bend of this edge in a layer: one for all alike, but a loop has its own. */
static uint32_t
find_bend(struct plan *plan, const struct map_edge *edge, uint32_t left, enum map_layer layer,
	  uint32_t *shared)
{
	uint32_t *slot = &shared[(left * MAP_LAYERS + layer) * (MAP_REACHES + 1) + edge->kind];

	if (edge->loop)
		return add_vertex(plan, layer);
	if (!*slot)
		*slot = add_vertex(plan, layer);	/* never 0: there is a node */
	return *slot;
}

static void
split_edge(struct plan *plan, uint32_t number, uint32_t *shared)
{
	const struct map *map = plan->map;
	const struct map_edge *edge = &map->edges[number];
	bool turned = layer_of(map, edge->from) > layer_of(map, edge->to);
	uint32_t left = turned ? edge->to : edge->from, right = turned ? edge->from : edge->to;
	uint32_t *bends = plan->out->bends[number], at = left;
	unsigned count = 0;

	bends[0] = bends[1] = MAP_NONE;
	if (layer_of(map, left) == layer_of(map, right))
		return;
	for (unsigned l = layer_of(map, left) + 1; l < layer_of(map, right); l++) {
		uint32_t bend;

		if (!plan->out->columns[l].width)
			continue;
		bend = find_bend(plan, edge, left, (enum map_layer)l, shared);
		bends[count++] = bend;
		add_piece(plan, at, bend);
		at = bend;
	}
	add_piece(plan, at, right);
}

static void
split_edges(struct plan *plan)
{
	const struct map *map = plan->map;
	size_t slots = (size_t)map->node_count * MAP_LAYERS * (MAP_REACHES + 1);
	uint32_t *shared = plan_alloc(plan, slots, sizeof(*shared));

	for (uint32_t i = 0; shared && i < map->edge_count; i++)
		split_edge(plan, i, shared);
}

/** Who is left and right of each vertex. */
static void
find_neighbours(struct plan *plan)
{
	struct vertex *v = plan->vertices;
	uint32_t lefts = 0, rights = 0;

	for (size_t i = 0; i < plan->piece_count; i++) {
		v[plan->pieces[i].left].first_right++;
		v[plan->pieces[i].right].first_left++;
	}
	for (uint32_t i = 0; i <= plan->count; i++) {	/* counts to ends */
		lefts += v[i].first_left;
		rights += v[i].first_right;
		v[i].first_left = lefts;
		v[i].first_right = rights;
	}
	for (size_t i = plan->piece_count; i-- > 0;) {	/* ends to beginnings */
		const struct piece *p = &plan->pieces[i];

		plan->right[--v[p->left].first_right] = p->right;
		plan->left[--v[p->right].first_left] = p->left;
	}
}

static bool
plan_init(struct plan *plan)
{
	const struct map *map = plan->map;
	size_t pieces = (size_t)map->edge_count * (MAP_LAYERS - 1);

	plan->room = map->node_count + 2 * map->edge_count;
	plan->vertices = plan_alloc(plan, (size_t)plan->room + 1, sizeof(*plan->vertices));
	plan->out->bends = plan_alloc(plan, map->edge_count, sizeof(*plan->out->bends));
	plan->pieces = plan_alloc(plan, pieces, sizeof(*plan->pieces));
	plan->sorted = plan_alloc(plan, pieces, sizeof(*plan->sorted));
	plan->left = plan_alloc(plan, pieces, sizeof(*plan->left));
	plan->right = plan_alloc(plan, pieces, sizeof(*plan->right));
	plan->best = plan_alloc(plan, plan->room, sizeof(*plan->best));
	plan->tree = plan_alloc(plan, (size_t)plan->room + 1, sizeof(*plan->tree));
	plan->sums = plan_alloc(plan, plan->room, sizeof(*plan->sums));
	plan->sizes = plan_alloc(plan, plan->room, sizeof(*plan->sizes));
	if (plan->nomem)
		return false;
	for (uint32_t i = 0; i < map->node_count; i++) {
		enum map_layer layer = layer_of(map, add_vertex(plan, layer_of(map, i)));

		plan->out->columns[layer].width = column_widths[layer];
	}
	split_edges(plan);
	for (unsigned l = 0; l < MAP_LAYERS; l++)
		plan->rows[l] = plan_alloc(plan, plan->row_count[l], sizeof(*plan->rows[l]));
	if (plan->nomem)
		return false;
	for (uint32_t i = 0; i < plan->count; i++)
		plan->rows[plan->vertices[i].layer][plan->vertices[i].order] = &plan->vertices[i];
	find_neighbours(plan);
	return true;
}

/* Order. */

static int64_t
fine_place(const struct plan *plan, const struct vertex *v)
{
	return (2 * (int64_t)v->order + 1) * FINE / (2 * (int64_t)plan->row_count[v->layer]);
}

static int
compare_keys(const void *a, const void *b)
{
	const struct vertex *x = *(const struct vertex *const *)a;
	const struct vertex *y = *(const struct vertex *const *)b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

/** Order a row by what is left of it, or right. */
static void
sort_row(struct plan *plan, unsigned layer, bool by_left)
{
	struct vertex **row = plan->rows[layer];
	uint32_t count = plan->row_count[layer];

	for (uint32_t i = 0; i < count; i++) {
		struct vertex *v = row[i];
		uint32_t from = by_left ? v->first_left : v->first_right;
		uint32_t end = by_left ? v[1].first_left : v[1].first_right;
		int64_t sum = 0;

		for (uint32_t k = from; k < end; k++) {
			uint32_t other = by_left ? plan->left[k] : plan->right[k];

			sum += fine_place(plan, &plan->vertices[other]);
		}
		v->key = end > from ? sum / (end - from) : fine_place(plan, v);
	}
	if (count)
		qsort(row, count, sizeof(struct vertex *), compare_keys);
	for (uint32_t i = 0; i < count; i++)
		row[i]->order = i;
}

static int
compare_pieces(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	if (x->left != y->left)
		return x->left < y->left ? -1 : 1;
	return (x->right > y->right) - (x->right < y->right);
}

/** Crossings of the pieces, of which `sorted` has the orders of their ends: a Fenwick tree. */
static uint64_t
count_sorted(struct plan *plan, size_t count)
{
	uint64_t crossings = 0;

	qsort(plan->sorted, count, sizeof(*plan->sorted), compare_pieces);
	memset(plan->tree, 0, ((size_t)plan->room + 1) * sizeof(*plan->tree));
	for (size_t i = 0; i < count; i++) {
		uint32_t at = plan->sorted[i].right + 1, before = 0;

		for (uint32_t k = at; k; k &= k - 1)
			before += plan->tree[k];
		crossings += i - before;
		for (uint32_t k = at; k <= plan->room; k += k & -k)
			plan->tree[k]++;
	}
	return crossings;
}

static uint64_t
count_crossings(struct plan *plan)
{
	uint64_t crossings = 0;

	for (unsigned l = 0; l < MAP_LAYERS; l++) {
		size_t count = 0;

		for (size_t i = 0; i < plan->piece_count; i++) {
			const struct vertex *left = &plan->vertices[plan->pieces[i].left];

			if (left->layer == l)
				plan->sorted[count++] = (struct piece){
					left->order,
					plan->vertices[plan->pieces[i].right].order,
				};
		}
		crossings += count ? count_sorted(plan, count) : 0;
	}
	return crossings;
}

static void
keep_best(struct plan *plan)
{
	uint64_t crossings = count_crossings(plan);

	if (crossings >= plan->fewest)
		return;
	plan->fewest = crossings;
	for (uint32_t i = 0; i < plan->count; i++)
		plan->best[i] = plan->vertices[i].order;
}

static void
order_rows(struct plan *plan)
{
	plan->fewest = UINT64_MAX;
	keep_best(plan);
	for (unsigned s = 0; s < SWEEPS && plan->fewest; s++) {
		for (unsigned l = 0; l < MAP_LAYERS; l++)
			sort_row(plan, s % 2 ? MAP_LAYERS - 1 - l : l, s % 2 == 0);
		keep_best(plan);
	}
	for (uint32_t i = 0; i < plan->count; i++) {
		struct vertex *v = &plan->vertices[i];

		v->order = plan->best[i];
		plan->rows[v->layer][v->order] = v;
	}
}

/* Heights. */

static bool
is_node(const struct plan *plan, const struct vertex *v)
{
	return v->number < plan->map->node_count;
}

/** How far the middles of two that follow each other must be apart. */
static int64_t
apart(const struct plan *plan, const struct vertex *above, const struct vertex *below)
{
	bool a = is_node(plan, above), b = is_node(plan, below);

	return (a ? NODE_HEIGHT / 2 : 0) + (b ? NODE_HEIGHT / 2 : 0) + (a || b ? NODE_GAP
									     : BEND_GAP);
}

/** Where it would like to be: the middle of its neighbours on these sides. */
static int64_t
wanted(const struct plan *plan, const struct vertex *v, bool left, bool right)
{
	int64_t sum = 0, count = 0;

	for (uint32_t k = v->first_left; left && k < v[1].first_left; k++, count++)
		sum += plan->vertices[plan->left[k]].middle;
	for (uint32_t k = v->first_right; right && k < v[1].first_right; k++, count++)
		sum += plan->vertices[plan->right[k]].middle;
	return count ? sum / count : v->middle;
}

/**
 * Least squares under the order: less what stands above it, a row may not fall.  Neighbours
 * that would are pooled at their mean.
 */
static void
align_row(struct plan *plan, unsigned layer, bool left, bool right)
{
	struct vertex **row = plan->rows[layer];
	uint32_t count = plan->row_count[layer], pools = 0;
	int64_t above = 0;

	for (uint32_t i = 0; i < count; i++) {
		above += i ? apart(plan, row[i - 1], row[i]) : 0;
		row[i]->key = above;
		plan->sums[pools] = wanted(plan, row[i], left, right) - above;
		plan->sizes[pools++] = 1;
		while (pools > 1 && plan->sums[pools - 2] * plan->sizes[pools - 1] >=
					    plan->sums[pools - 1] * plan->sizes[pools - 2]) {
			plan->sums[pools - 2] += plan->sums[pools - 1];
			plan->sizes[pools - 2] += plan->sizes[pools - 1];
			pools--;
		}
	}
	for (uint32_t i = 0, pool = 0, of = 0; i < count; i++, of++) {
		if (of == plan->sizes[pool]) {
			pool++;
			of = 0;
		}
		row[i]->middle = row[i]->key + plan->sums[pool] / plan->sizes[pool];
	}
}

/** Each row by itself, the middles of all at one height. */
static void
stack_row(struct plan *plan, unsigned layer)
{
	struct vertex **row = plan->rows[layer];
	uint32_t count = plan->row_count[layer];

	for (uint32_t i = 0; i < count; i++)
		row[i]->middle = i ? row[i - 1]->middle + apart(plan, row[i - 1], row[i]) : 0;
	for (uint32_t i = count; i-- > 0;)
		row[i]->middle -= row[count - 1]->middle / 2;
}

static void
align_rows(struct plan *plan)
{
	for (unsigned l = 0; l < MAP_LAYERS; l++)
		stack_row(plan, l);
	for (unsigned a = 0; a < ALIGNMENTS; a++)
		for (unsigned l = 0; l < MAP_LAYERS; l++)
			align_row(plan, a % 2 ? MAP_LAYERS - 1 - l : l,
				  a % 2 == 0 || a + 2 >= ALIGNMENTS,
				  a % 2 || a + 2 >= ALIGNMENTS);
}

/** Are there edges within the layer?  They bow out to the left. */
static bool
has_bows(const struct map *map, unsigned layer)
{
	for (uint32_t i = 0; i < map->edge_count; i++)
		if (layer_of(map, map->edges[i].from) == layer &&
		    layer_of(map, map->edges[i].to) == layer)
			return true;
	return false;
}

static void
place_columns(const struct map *map, struct map_layout *out)
{
	int32_t x = MARGIN;
	bool empty = true;

	for (unsigned l = 0; l < MAP_LAYERS; l++) {
		if (!out->columns[l].width)
			continue;
		if (empty && has_bows(map, l))
			x += COLUMN_GAP;
		out->columns[l].x = x;
		x += out->columns[l].width + COLUMN_GAP;
		empty = false;
	}
	out->width = empty ? 2 * MARGIN : x - COLUMN_GAP + MARGIN;
}

static void
place_spots(struct plan *plan)
{
	struct map_layout *out = plan->out;
	int64_t top = INT64_MAX, bottom = 0;

	for (uint32_t i = 0; i < plan->count; i++)
		if (plan->vertices[i].middle < top)
			top = plan->vertices[i].middle;
	for (uint32_t i = 0; i < plan->count; i++) {
		const struct vertex *v = &plan->vertices[i];
		int32_t height = is_node(plan, v) ? NODE_HEIGHT : 0;
		int32_t middle = (int32_t)(v->middle - top) + MAP_HEADING + NODE_HEIGHT / 2;

		out->spots[i] = (struct map_spot){
			.x = out->columns[v->layer].x, .y = middle - height / 2,
			.width = out->columns[v->layer].width, .height = height,
		};
		bottom = middle > bottom ? middle : bottom;
	}
	out->height = (int32_t)bottom + NODE_HEIGHT / 2 + MARGIN;
}

enum status
map_lay_out(const struct map *map, struct map_layout *layout)
{
	struct plan plan = { .map = map, .out = layout };

	*layout = (struct map_layout){ .spots = NULL };
	if (!plan_init(&plan))
		return ERR_NOMEM;
	layout->spots = plan_alloc(&plan, plan.count, sizeof(*layout->spots));
	if (plan.nomem)
		return ERR_NOMEM;
	order_rows(&plan);
	align_rows(&plan);
	place_columns(map, layout);
	place_spots(&plan);
	return OK;
}
