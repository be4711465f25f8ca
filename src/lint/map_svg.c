#include "lint/map_svg.h"

#include <string.h>

#define LABEL_WIDTH 70		/* of a letter, in tenths */
#define NOTE_WIDTH  62

static const char *const kind_class[MAP_KINDS] = {
	[MAP_SITE] = "site", [MAP_SERVER] = "server", [MAP_ENDPOINT] = "endpoint",
	[MAP_GATEWAY] = "gateway", [MAP_VPC] = "vpc", [MAP_ZONE] = "zone", [MAP_RULE] = "rule",
};

static const char *const edge_class[] = {
	[MAP_HAS] = "has", [MAP_ASKS] = "asks", [MAP_IN] = "in", [MAP_JOINS] = "joins",
	[MAP_PEERS] = "peers", [MAP_REACHES] = "reaches",
};

/** As much of the string as there is room for. */
static void
print_clipped(struct text *out, const char *string, size_t most)
{
	size_t len = 0, letters = 0;
	struct text part;

	while (string[len] && (letters < most || ((uint8_t)string[len] & 0xc0) == 0x80))
		letters += ((uint8_t)string[len++] & 0xc0) != 0x80;
	if (!string[len]) {
		text_markup(out, string);
		return;
	}
	text_init(&part);
	for (letters = 0, len = 0; letters + 1 < most || ((uint8_t)string[len] & 0xc0) == 0x80;)
		letters += ((uint8_t)string[len++] & 0xc0) != 0x80;
	text_append_len(&part, string, len);
	if (part.failed)
		out->failed = true;
	else
		text_markup(out, part.data ? part.data : "");
	text_append(out, "…");
	text_fini(&part);
}

/** Each line escaped by itself: a <title> keeps its lines. */
static void
print_lines(struct text *out, const char *string)
{
	for (;;) {
		size_t len = strcspn(string, "\n");
		struct text line;

		text_init(&line);
		text_append_len(&line, string, len);
		if (line.failed)
			out->failed = true;
		else if (len)
			text_markup(out, line.data);
		text_fini(&line);
		if (!string[len])
			return;
		text_append(out, "\n");
		string += len + 1;
	}
}

/* Edges. */

static int32_t
middle_of(const struct map_spot *spot)
{
	return spot->y + spot->height / 2;
}

/** A curve that leaves and arrives level. */
static void
print_curve(struct text *out, int32_t x, int32_t y, int32_t to_x, int32_t to_y)
{
	int32_t half = (to_x - x) / 2;

	text_printf(out, "C%d %d %d %d %d %d", x + half, y, to_x - half, to_y, to_x, to_y);
}

/* The way of an edge over the columns. */
struct way {
	const struct map_spot *left, *right;
	const struct map_spot *bends[2];
	unsigned count;
};

static struct way
find_way(const struct map *map, const struct map_layout *layout, uint32_t number)
{
	const struct map_edge *edge = &map->edges[number];
	const struct map_spot *from = &layout->spots[edge->from], *to = &layout->spots[edge->to];
	struct way way = { .left = from->x <= to->x ? from : to };

	way.right = way.left == from ? to : from;
	for (unsigned i = 0; i < 2; i++)
		if (layout->bends[number][i] != MAP_NONE)
			way.bends[way.count++] = &layout->spots[layout->bends[number][i]];
	return way;
}

static void
print_way(struct text *out, const struct way *way)
{
	int32_t x = way->left->x + way->left->width, y = middle_of(way->left);

	text_printf(out, "M%d %d", x, y);
	for (unsigned i = 0; i < way->count; i++) {
		const struct map_spot *bend = way->bends[i];

		print_curve(out, x, y, bend->x, bend->y);
		x = bend->x + bend->width;
		y = bend->y;
		text_printf(out, "H%d", x);
	}
	print_curve(out, x, y, way->right->x, middle_of(way->right));
}

/** Two nodes of one column: a bow on its left. */
static void
print_bow(struct text *out, const struct map_spot *a, const struct map_spot *b)
{
	int32_t from = middle_of(a), to = middle_of(b);
	int32_t high = from < to ? to - from : from - to;
	int32_t deep = 26 + high / 5 > 92 ? 92 : 26 + high / 5;

	text_printf(out, "M%d %dC%d %d %d %d %d %d", a->x, from, a->x - deep, from, b->x - deep,
		    to, b->x, to);
}

static void
print_edge_title(struct text *out, const struct map *map, const struct map_edge *edge)
{
	static const char *const verbs[] = {
		[MAP_HAS] = "has", [MAP_ASKS] = "asks", [MAP_IN] = "is in",
		[MAP_JOINS] = "connects", [MAP_PEERS] = "is peered with",
		[MAP_REACHES] = "reaches",
	};

	text_append(out, "<title>");
	text_markup(out, map->nodes[edge->from].label);
	text_printf(out, " %s ", verbs[edge->kind]);
	text_markup(out, map->nodes[edge->to].label);
	if (edge->count > 1)
		text_printf(out, " (%u times)", edge->count);
	text_append(out, "</title>");
}

static void
print_edge(struct text *out, const struct map *map, const struct map_layout *layout,
	   uint32_t number, size_t input)
{
	const struct map_edge *edge = &map->edges[number];
	struct way way = find_way(map, layout, number);
	int32_t x = way.left->x + way.left->width, y = middle_of(way.left);

	text_printf(out, "<g class=\"edge %s%s\" data-ends=\"%zu-%u %zu-%u\">",
		    edge_class[edge->kind], edge->loop ? " loop" : "", input, edge->from, input,
		    edge->to);
	print_edge_title(out, map, edge);
	text_append(out, "<path d=\"");
	if (way.left->x == way.right->x)
		print_bow(out, way.left, way.right);
	else
		print_way(out, &way);
	text_append(out, "\"/>");
	if (edge->kind == MAP_ASKS)
		text_printf(out, "<path class=\"head\" d=\"M%d %dl9 -4.5v9z\"/>", x, y);
	text_append(out, "</g>\n");
}

const char *
map_loop_name(const struct map *map, unsigned loop)
{
	static const char names[MAP_LOOPS + 1][2] = { "", "A", "B", "C", "D", "E", "F" };

	return map->loop_count > 1 ? names[loop] : "";
}

/** The number of a hop, where it leaves its rule. */
static void
print_step(struct text *out, const struct map *map, const struct map_layout *layout,
	   uint32_t number)
{
	const struct map_edge *edge = &map->edges[number];
	struct way way = find_way(map, layout, number);
	const struct map_spot *last = way.count ? way.bends[way.count - 1] : way.left;
	int32_t x = (last->x + last->width + way.right->x) / 2;
	int32_t y = (middle_of(last) + middle_of(way.right)) / 2;

	text_printf(out, "<g class=\"step\"><circle cx=\"%d\" cy=\"%d\" r=\"11\"/>"
		    "<text x=\"%d\" y=\"%d\">%s%u</text></g>\n", x, y, x, y + 4,
		    map_loop_name(map, edge->loop), edge->step);
}

/* Nodes. */

static void
print_badge(struct text *out, const struct map_node *node, const struct map_spot *spot)
{
	int32_t x = spot->x + spot->width - 6, y = spot->y;
	bool many = node->findings > 99;
	int32_t half = many ? 15 : 10;

	text_printf(out, "<g class=\"badge\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"16\" "
		    "rx=\"8\"/><text x=\"%d\" y=\"%d\">", x - half, y - 8, 2 * half, x, y + 4);
	text_printf(out, many ? "%u+</text></g>" : "%u</text></g>", many ? 99 : node->findings);
}

static void
print_node_text(struct text *out, const struct map_node *node, const struct map_spot *spot)
{
	size_t room = (size_t)(spot->width - 22) * 10;

	text_printf(out, "<text class=\"label\" x=\"%d\" y=\"%d\">", spot->x + 14,
		    spot->y + (*node->note ? 17 : 25));
	print_clipped(out, node->label, room / LABEL_WIDTH);
	text_append(out, "</text>");
	if (!*node->note)
		return;
	text_printf(out, "<text class=\"note\" x=\"%d\" y=\"%d\">", spot->x + 14, spot->y + 32);
	print_clipped(out, node->note, room / NOTE_WIDTH);
	text_append(out, "</text>");
}

static void
print_node(struct text *out, const struct map_node *node, const struct map_spot *spot,
	   size_t input, uint32_t number)
{
	static const char *const marks[] = { "", " noted", " warned", " faulty" };

	text_printf(out, "<g class=\"node %s%s\" data-node=\"%zu-%u\"><title>",
		    kind_class[node->kind], marks[node->mark], input, number);
	print_lines(out, node->title);
	if (node->findings)
		text_printf(out, "\n%u finding%s", node->findings,
			    node->findings == 1 ? "" : "s");
	text_append(out, "</title>");
	if (node->count > 1)	/* a stack of them */
		text_printf(out, "<rect class=\"box\" x=\"%d\" y=\"%d\" width=\"%d\" "
			    "height=\"%d\" rx=\"5\"/>", spot->x + 4, spot->y + 4, spot->width,
			    spot->height);
	text_printf(out, "<rect class=\"box\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
		    "rx=\"5\"/><rect class=\"bar\" x=\"%d\" y=\"%d\" width=\"4\" height=\"%d\" "
		    "rx=\"2\"/>", spot->x, spot->y, spot->width, spot->height, spot->x + 5,
		    spot->y + 6, spot->height - 12);
	print_node_text(out, node, spot);
	if (node->findings)
		print_badge(out, node, spot);
	text_append(out, "</g>\n");
}

static void
print_headings(struct text *out, const struct map_layout *layout)
{
	static const char *const headings[MAP_LAYERS] = {
		"Outside", "Endpoints and gateways", "VPCs", "Zones and rules",
	};

	for (unsigned l = 0; l < MAP_LAYERS; l++)
		if (layout->columns[l].width)
			text_printf(out, "<text class=\"heading\" x=\"%d\" y=\"14\">%s</text>\n",
				    layout->columns[l].x, headings[l]);
}

void
map_print_svg(const struct map *map, const struct map_layout *layout, size_t input,
	      struct text *out)
{
	text_printf(out, "<svg class=\"map\" xmlns=\"http://www.w3.org/2000/svg\" "
		    "viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"group\" "
		    "aria-label=\"Map of sites, endpoints, networks, zones and rules\">\n",
		    layout->width, layout->height, layout->width, layout->height);
	print_headings(out, layout);
	for (uint32_t i = 0; i < map->edge_count; i++)
		if (!map->edges[i].loop)
			print_edge(out, map, layout, i, input);
	for (uint32_t i = 0; i < map->edge_count; i++)
		if (map->edges[i].loop)
			print_edge(out, map, layout, i, input);
	for (uint32_t i = 0; i < map->node_count; i++)
		print_node(out, &map->nodes[i], &layout->spots[i], input, i);
	for (uint32_t i = 0; i < map->edge_count; i++)
		if (map->edges[i].step)
			print_step(out, map, layout, i);
	text_append(out, "</svg>\n");
}
