#include <string.h>

#include "lint/map.h"
#include "lint/report.h"

/*
 * The map of report_html for Graphviz: `dot -Tsvg`.  Every string is quoted; in one a quote
 * and a backslash are escaped, so that neither ends it nor is taken for an escape of dot's.
 */

static void
put_quoted_part(struct text *out, const char *string)
{
	struct text words;

	text_init(&words);
	text_printable(&words, string);
	if (words.failed)
		out->failed = true;
	for (const char *p = words.failed || !words.data ? "" : words.data; *p; p++) {
		if (*p == '"' || *p == '\\')
			text_append(out, "\\");
		text_append_len(out, p, 1);
	}
	text_fini(&words);
}

static void
put_node(struct text *out, const struct map_node *node, size_t input, uint32_t number)
{
	static const char *const shapes[MAP_KINDS] = {
		[MAP_SITE] = "house", [MAP_SERVER] = "component", [MAP_ENDPOINT] = "cds",
		[MAP_GATEWAY] = "hexagon", [MAP_VPC] = "box", [MAP_ZONE] = "folder",
		[MAP_RULE] = "note",
	};
	static const char *const colours[] = { "black", "#1c5aa3", "#855000", "#b3261e" };

	text_printf(out, "    n%zu_%u [shape=%s, color=\"%s\", label=\"", input, number,
		    shapes[node->kind], colours[node->mark]);
	put_quoted_part(out, node->label);
	if (*node->note) {
		text_append(out, "\\n");
		put_quoted_part(out, node->note);
	}
	if (node->findings)
		text_printf(out, "\\n%u finding%s", node->findings,
			    node->findings == 1 ? "" : "s");
	text_append(out, "\"];\n");
}

/** A layer: nodes of one rank. */
static void
put_layer(struct text *out, const struct map *map, enum map_layer layer, size_t input)
{
	text_append(out, "  {\n    rank=same;\n");
	for (uint32_t i = 0; i < map->node_count; i++)
		if (map_layer(map->nodes[i].kind) == layer)
			put_node(out, &map->nodes[i], input, i);
	text_append(out, "  }\n");
}

/** From left to right, as the layers stand; an arrow where questions go. */
static void
put_edge(struct text *out, const struct map *map, const struct map_edge *edge, size_t input)
{
	static const char *const styles[] = {
		[MAP_HAS] = "dir=none, color=gray50", [MAP_ASKS] = "color=\"#b45309\"",
		[MAP_IN] = "dir=none, color=\"#7c3aed\"",
		[MAP_JOINS] = "dir=none, style=dashed, color=\"#64748b\"",
		[MAP_PEERS] = "dir=none, style=dashed, constraint=false, color=\"#1d4ed8\"",
		[MAP_REACHES] = "dir=none, style=dotted, color=\"#0f766e\"",
	};
	bool turned = map_layer(map->nodes[edge->from].kind) >
		      map_layer(map->nodes[edge->to].kind);

	text_printf(out, "  n%zu_%u -> n%zu_%u [%s%s", input, turned ? edge->to : edge->from,
		    input, turned ? edge->from : edge->to, styles[edge->kind],
		    turned && edge->kind == MAP_ASKS ? ", dir=back" : "");
	if (edge->loop)
		text_append(out, ", color=red, penwidth=2.5");
	if (edge->step && map->loop_count > 1)
		text_printf(out, ", fontcolor=red, label=\"%c%u\"", 'A' + edge->loop - 1,
			    edge->step);
	else if (edge->step)
		text_printf(out, ", fontcolor=red, label=\"%u\"", edge->step);
	text_append(out, "];\n");
}

static void
put_input(struct report *report, size_t input, struct arena *arena)
{
	const struct report_input *in = &report->inputs[input];
	struct text *out = report->out;
	struct map map;

	if (!in->snap || !in->estate->network_count)
		return;
	if (map_init(&map, in->estate, in->diags->first, arena) != OK) {
		report->failed = true;
		return;
	}
	for (unsigned layer = 0; layer < MAP_LAYERS; layer++)
		put_layer(out, &map, (enum map_layer)layer, input);
	for (uint32_t i = 0; i < map.edge_count; i++)
		put_edge(out, &map, &map.edges[i], input);
}

static void
write_dot(struct report *report)
{
	struct arena arena;

	arena_init(&arena, SIZE_MAX);
	text_append(report->out, "digraph causeway {\n  rankdir=LR;\n  ranksep=1.5;\n"
		    "  node [fontname=\"sans-serif\", fontsize=11];\n"
		    "  edge [fontname=\"sans-serif\", fontsize=11];\n");
	for (size_t i = 0; i < report->input_count; i++)
		put_input(report, i, &arena);
	text_append(report->out, "}\n");
	arena_fini(&arena);
}

const struct reporter reporter_dot = { "dot", "the map of the estate for Graphviz", write_dot };
