/*
 * map_layout - places for the nodes of a map
 *
 * Layers are columns.  Within a column nodes are ordered by the mean place of what they are
 * connected with, column after column, there and back, keeping the order with the fewest
 * crossings (Sugiyama, Tagawa, Toda 1981); then each comes as near to the height of its
 * neighbours as the order allows (isotonic regression).  An edge over more than one column
 * has a bend in each column between, which takes its place there like a node; edges of one
 * kind from one node on the left share their bends.  Integers throughout, so that the same map
 * looks the same everywhere.
 */
#ifndef LINT_MAP_LAYOUT_H
#define LINT_MAP_LAYOUT_H

#include "lint/map.h"

#define MAP_HEADING 34		/* left free above the nodes */

struct map_spot {
	int32_t x, y;		/* upper left corner */
	int32_t width, height;	/* of a bend: the column's, 0 */
};

struct map_layout {
	struct map_spot *spots;		/* by node; bends behind the last one */
	uint32_t (*bends)[2];		/* by edge, from left to right: spots; MAP_NONE */
	int32_t width, height;
	struct map_spot columns[MAP_LAYERS];	/* width 0: nothing in this layer */
};

/** ERR_NOMEM.  Lives in the map's arena. */
enum status map_lay_out(const struct map *map, struct map_layout *layout) must_check;

#endif
