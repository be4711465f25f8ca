/*
 * map_svg - the map as an <svg> element, for the style of report_html
 *
 * Edges first, so that nodes stand above them; loops last of the edges.  A node says more in
 * its <title>.  Nodes are `data-node="I-N"` and edges `data-ends="I-N I-M"`, I being the
 * number of the input, for the script.
 */
#ifndef LINT_MAP_SVG_H
#define LINT_MAP_SVG_H

#include "lint/map_layout.h"

void map_print_svg(const struct map *map, const struct map_layout *layout, size_t input,
		   struct text *out);

/** How a loop is called at its steps: "" when it is the only one, else "A", "B", ... */
const char *map_loop_name(const struct map *map, unsigned loop);

#endif
