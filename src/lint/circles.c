#include "lint/circles.h"

#include <string.h>

#define UNSEEN UINT32_MAX

/* A class forwards what is at and below a domain to another. */
struct edge {
	const struct cut *cut;
	uint32_t to;		/* class */
};

struct graph {
	struct closure *closure;
	struct edge *edges;
	uint32_t *first;	/* by class: its edges; one more than there are classes */
};

/* Tarjan's algorithm, its recursion on a stack of its own. */
struct search {
	const struct graph *graph;
	uint32_t *number, *low;		/* by class */
	bool *on_stack;
	uint32_t *stack, *path, *next_edge;
	uint32_t stacked, depth, numbered;
	uint32_t *order, done;		/* classes, component after component */
	uint32_t *starts, components;	/* where each begins in `order` */
};

static const struct view *
class_view(const struct closure *c, uint32_t number)
{
	return snapshot_view(c->snap, c->member[number]);
}

/** Visit the edges of a class; with edges NULL they are only counted. */
static uint32_t
class_edges(const struct closure *c, uint32_t number, struct edge *edges)
{
	const struct view *view = class_view(c, number);
	uint32_t count = 0;

	if (!snapshot_network(c->snap, c->member[number])->dns_support)
		return 0;
	for (uint32_t i = 0; i < view->cut_count; i++) {
		const struct cut *cut = view_cut(&c->snap->root->block, view, i);

		if (cut->action != CUT_FORWARD || cut->origin_kind != ORIGIN_RULE)
			continue;
		for (unsigned k = 0; k < c->ways[cut->target].count; k++) {
			uint32_t to = c->ways[cut->target].to[k].network;

			if (to == NETWORK_NONE)
				continue;
			if (edges)
				edges[count] = (struct edge){ cut, c->class_of[to] };
			count++;
		}
	}
	return count;
}

static enum status
graph_make(struct closure *c, struct graph *g)
{
	uint32_t at = 0;

	*g = (struct graph){ .closure = c };
	g->first = arena_array(c->arena, (size_t)c->class_count + 1, sizeof(*g->first));
	if (!g->first)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < c->class_count; i++) {
		g->first[i] = at;
		at += class_edges(c, i, NULL);
	}
	g->first[c->class_count] = at;
	g->edges = arena_array(c->arena, at, sizeof(*g->edges));
	if (at && !g->edges)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < c->class_count; i++)
		class_edges(c, i, g->edges + g->first[i]);
	return OK;
}

static enum status
search_init(struct search *s, const struct graph *graph)
{
	struct arena *arena = graph->closure->arena;
	size_t count = graph->closure->class_count;

	*s = (struct search){
		.graph = graph,
		.number = arena_array(arena, count, sizeof(*s->number)),
		.low = arena_array(arena, count, sizeof(*s->low)),
		.on_stack = arena_array(arena, count, sizeof(*s->on_stack)),
		.stack = arena_array(arena, count, sizeof(*s->stack)),
		.path = arena_array(arena, count, sizeof(*s->path)),
		.next_edge = arena_array(arena, count, sizeof(*s->next_edge)),
		.order = arena_array(arena, count, sizeof(*s->order)),
		.starts = arena_array(arena, count + 1, sizeof(*s->starts)),
	};
	if (!s->starts || (count && (!s->number || !s->low || !s->on_stack || !s->stack ||
				     !s->path || !s->next_edge || !s->order)))
		return ERR_NOMEM;
	for (size_t i = 0; i < count; i++)
		s->number[i] = UNSEEN;
	return OK;
}

static void
enter(struct search *s, uint32_t class)
{
	s->number[class] = s->low[class] = s->numbered++;
	s->on_stack[class] = true;
	s->stack[s->stacked++] = class;
	s->next_edge[class] = s->graph->first[class];
	s->path[s->depth++] = class;
}

/** All above the class on the stack is one component with it. */
static void
take_component(struct search *s, uint32_t class)
{
	uint32_t top;

	s->starts[s->components] = s->done;
	do {
		top = s->stack[--s->stacked];
		s->on_stack[top] = false;
		s->graph->closure->component[top] = s->components;
		s->order[s->done++] = top;
	} while (top != class);
	s->starts[++s->components] = s->done;
}

static void
leave(struct search *s)
{
	uint32_t class = s->path[--s->depth];

	if (s->low[class] == s->number[class])
		take_component(s, class);
	if (s->depth && s->low[class] < s->low[s->path[s->depth - 1]])
		s->low[s->path[s->depth - 1]] = s->low[class];
}

static void
search_from(struct search *s, uint32_t start)
{
	enter(s, start);
	while (s->depth) {
		uint32_t class = s->path[s->depth - 1], to;

		if (s->next_edge[class] == s->graph->first[class + 1]) {
			leave(s);
			continue;
		}
		to = s->graph->edges[s->next_edge[class]++].to;
		if (s->number[to] == UNSEEN)
			enter(s, to);
		else if (s->on_stack[to] && s->number[to] < s->low[class])
			s->low[class] = s->number[to];
	}
}

size_t
names_sort(const uint8_t **names, size_t count, const uint8_t **room)
{
	size_t half = count / 2, i, j, one, other, out = 0;

	if (count < 2)
		return count;
	one = names_sort(names, half, room);
	other = names_sort(names + half, count - half, room);
	if (one == half && name_wire_compare(names[half - 1], names[half]) < 0)
		return half + other;	/* runs that follow each other */
	for (i = 0, j = half; i < one || j < half + other;) {
		int order = i == one ? 1 : j == half + other ? -1 :
			    name_wire_compare(names[i], names[j]);

		room[out++] = order <= 0 ? names[i] : names[j];
		i += order <= 0;
		j += order >= 0;
	}
	memcpy(names, room, out * sizeof(*names));
	return out;
}

/** Does the class send the name along by this cut? */
static bool
goes_by(const struct closure *c, uint32_t class, const struct cut *cut, const uint8_t *wire)
{
	struct suffixes suffixes;
	struct name name;

	name_from_wire(wire, &name);
	name_suffixes(&name, &suffixes);
	return view_walk(&c->snap->root->block, class_view(c, class), &name, &suffixes,
			 NAME_MAX_LABELS + 1) == cut;
}

/** Take up what the other class has strictly below the domain; out NULL: only an upper bound. */
static size_t
take_below(const struct closure *c, uint32_t class, const struct edge *edge,
	   const uint8_t **out)
{
	const uint8_t *domain = snapshot_name(c->snap, edge->cut->name_at);
	const struct effective *table = &c->effective[edge->to];
	size_t count = 0;

	for (uint32_t i = effective_first(table, domain); i < table->count; i++) {
		const uint8_t *name = table->names[i];

		if (!name_wire_covers(domain, name))
			break;
		if (out && !goes_by(c, class, edge->cut, name))
			continue;
		if (out)
			out[count] = name;
		count++;
	}
	return count;
}

/** Make the class's table from its cuts and the tables behind its edges. */
static enum status
make_table(const struct graph *g, uint32_t class)
{
	struct closure *c = g->closure;
	const struct view *view = class_view(c, class);
	size_t room = view->cut_count, count = 0;
	const uint8_t **names, **spare;

	for (uint32_t e = g->first[class]; e < g->first[class + 1]; e++)
		room += take_below(c, class, &g->edges[e], NULL);
	names = arena_array(c->arena, room, sizeof(*names));
	spare = g->first[class] == g->first[class + 1]
			? names : arena_array(c->arena, room, sizeof(*spare));
	if (!names || !spare)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < view->cut_count; i++)
		names[count++] = snapshot_name(c->snap, view_cut(&c->snap->root->block, view,
								 i)->name_at);
	for (uint32_t e = g->first[class]; e < g->first[class + 1]; e++)
		count += take_below(c, class, &g->edges[e], names + count);
	if (spare != names)	/* cuts alone are in order */
		count = names_sort(names, count, spare);
	c->effective[class] = (struct effective){ .names = names, .count = (uint32_t)count };
	return OK;
}

static bool
is_circular(const struct graph *g, const uint32_t *classes, uint32_t count)
{
	for (uint32_t e = g->first[classes[0]]; e < g->first[classes[0] + 1]; e++)
		if (g->edges[e].to == classes[0])
			return true;
	return count > 1;
}

/** Tables of a component grow together, until no one learns a name. */
static enum status
close_component(const struct graph *g, const uint32_t *classes, uint32_t count, bool circular)
{
	bool grown;

	do {
		grown = false;
		for (uint32_t i = 0; i < count; i++) {
			uint32_t before = g->closure->effective[classes[i]].count;

			if (make_table(g, classes[i]) != OK)
				return ERR_NOMEM;
			grown |= g->closure->effective[classes[i]].count != before;
		}
	} while (circular && grown);
	return OK;
}

enum status
circles_close(struct closure *c)
{
	enum status status;
	struct search search;
	struct graph graph;

	c->effective = arena_array(c->arena, c->class_count, sizeof(*c->effective));
	c->component = arena_array(c->arena, c->class_count, sizeof(*c->component));
	c->circular = arena_array(c->arena, c->class_count, sizeof(*c->circular));
	if (c->class_count && (!c->effective || !c->component || !c->circular))
		return ERR_NOMEM;
	status = graph_make(c, &graph);
	if (status == OK)
		status = search_init(&search, &graph);
	for (uint32_t i = 0; status == OK && i < c->class_count; i++)
		if (search.number[i] == UNSEEN)
			search_from(&search, i);
	/* components come with those they lead to before them */
	for (uint32_t i = 0; status == OK && i < search.components; i++) {
		const uint32_t *classes = search.order + search.starts[i];
		uint32_t count = search.starts[i + 1] - search.starts[i];

		c->circular[i] = is_circular(&graph, classes, count);
		status = close_component(&graph, classes, count, c->circular[i]);
	}
	return status;
}
