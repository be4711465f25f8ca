#include "lint/circles.h"

#include <string.h>

#include "lint/carry.h"

#define UNSEEN UINT32_MAX

/* A class forwards what is at and below a domain to another. */
struct edge {
	const struct cut *cut;
	uint32_t to;		/* class */
};

/* The names of a table that still grows. */
struct growing {
	const uint8_t **names;
	size_t count;
};

struct graph {
	struct closure *closure;
	struct edge *edges;
	uint32_t *first;	/* by class: its edges; one more than there are classes */
	struct growing *growing;	/* by class: of those in circles */
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
	g->growing = arena_array(c->arena, (size_t)c->class_count + 1, sizeof(*g->growing));
	if (!g->first || !g->growing)
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

/** All names of the other class at and below the domain: how many; out may be NULL. */
static size_t
names_below(const struct graph *g, const struct edge *edge, const uint8_t *domain,
	    const uint8_t **out)
{
	const struct closure *c = g->closure;
	const struct growing *growing = &g->growing[edge->to];
	const struct trie *part;
	struct trie_key key;
	size_t count = 0;

	if (c->tables[edge->to]) {
		trie_key_make(domain, &key);
		part = trie_below(c->tables[edge->to], &key);
		if (part && out)
			trie_names(part, out);
		return part ? part->count : 0;
	}
	for (size_t i = 0; i < growing->count; i++) {
		if (!name_wire_covers(domain, growing->names[i]))
			continue;
		if (out)
			out[count] = growing->names[i];
		count++;
	}
	return count;
}

/** Take up what the other class has below the domain; out NULL: only an upper bound. */
static size_t
take_below(const struct graph *g, uint32_t class, const struct edge *edge, const uint8_t **out)
{
	const struct closure *c = g->closure;
	const uint8_t *domain = snapshot_name(c->snap, edge->cut->name_at);
	size_t count = names_below(g, edge, domain, out), kept = 0;

	for (size_t i = 0; out && i < count; i++)
		if (goes_by(c, class, edge->cut, out[i]))
			out[kept++] = out[i];
	return out ? kept : count;
}

/** Make the class's names from its cuts and the tables behind its edges. */
static enum status
grow_names(const struct graph *g, uint32_t class)
{
	struct closure *c = g->closure;
	const struct view *view = class_view(c, class);
	size_t room = view->cut_count, count = 0;
	const uint8_t **names, **spare;

	for (uint32_t e = g->first[class]; e < g->first[class + 1]; e++)
		room += take_below(g, class, &g->edges[e], NULL);
	names = arena_array(c->arena, room, sizeof(*names));
	spare = arena_array(c->arena, room, sizeof(*spare));
	if (!names || !spare)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < view->cut_count; i++)
		names[count++] = snapshot_name(c->snap, view_cut(&c->snap->root->block, view,
								 i)->name_at);
	for (uint32_t e = g->first[class]; e < g->first[class + 1]; e++)
		count += take_below(g, class, &g->edges[e], names + count);
	g->growing[class] = (struct growing){ names, names_sort(names, count, spare) };
	return OK;
}

/** Go all ways with each name of a table that has grown. */
static const struct trie *
table_of_names(struct closure *c, uint32_t class, const struct growing *growing)
{
	const struct trie **leaves = arena_array(c->arena, growing->count, sizeof(*leaves));

	for (size_t i = 0; leaves && i < growing->count; i++) {
		struct ends ends;
		struct name name;

		name_from_wire(growing->names[i], &name);
		closure_ends(c, c->member[class], &name, &ends);
		for (unsigned k = 0; k < ends.count; k++)
			if (ends.end[k].network == c->member[class])
				ends.end[k].network = NETWORK_ASKING;
		leaves[i] = closure_leaf(c, trie_name(c->tries, growing->names[i]), &ends);
		if (!leaves[i])
			return NULL;
	}
	return leaves ? trie_build(c->tries, leaves, growing->count) : NULL;
}

static bool
is_circular(const struct graph *g, const uint32_t *classes, uint32_t count)
{
	for (uint32_t e = g->first[classes[0]]; e < g->first[classes[0] + 1]; e++)
		if (g->edges[e].to == classes[0])
			return true;
	return count > 1;
}

/** Tables of a circle grow together, until no one learns a name. */
static enum status
close_circle(const struct graph *g, const uint32_t *classes, uint32_t count)
{
	struct closure *c = g->closure;
	bool grown;

	do {
		grown = false;
		for (uint32_t i = 0; i < count; i++) {
			size_t before = g->growing[classes[i]].count;

			if (grow_names(g, classes[i]) != OK)
				return ERR_NOMEM;
			grown |= g->growing[classes[i]].count != before;
		}
	} while (grown);
	for (uint32_t i = 0; i < count; i++) {
		c->tables[classes[i]] = table_of_names(c, classes[i], &g->growing[classes[i]]);
		if (!c->tables[classes[i]])
			return ERR_NOMEM;
	}
	return OK;
}

/** Room for the pieces of the largest table. */
static struct trie_piece *
piece_room(const struct closure *c)
{
	uint32_t most = 1;

	for (uint32_t i = 0; i < c->class_count; i++)
		if (class_view(c, i)->cut_count > most)
			most = class_view(c, i)->cut_count;
	return arena_array(c->arena, most, sizeof(struct trie_piece));
}

/** Components come with those they lead to before them. */
static enum status
close_components(struct closure *c, const struct graph *graph, const struct search *search)
{
	struct trie_piece *room = piece_room(c);

	for (uint32_t i = 0; room && i < search->components; i++) {
		const uint32_t *classes = search->order + search->starts[i];
		uint32_t count = search->starts[i + 1] - search->starts[i];

		c->circular[i] = is_circular(graph, classes, count);
		if (c->circular[i]) {
			if (close_circle(graph, classes, count) != OK)
				return ERR_NOMEM;
			continue;
		}
		c->tables[classes[0]] = carry_table(c, classes[0], room);
		if (!c->tables[classes[0]])
			return ERR_NOMEM;
	}
	return room ? OK : ERR_NOMEM;
}

enum status
circles_close(struct closure *c)
{
	enum status status;
	struct search search;
	struct graph graph;

	c->tables = arena_array(c->arena, c->class_count, sizeof(*c->tables));
	c->component = arena_array(c->arena, c->class_count, sizeof(*c->component));
	c->circular = arena_array(c->arena, c->class_count, sizeof(*c->circular));
	if (c->class_count && (!c->tables || !c->component || !c->circular))
		return ERR_NOMEM;
	status = graph_make(c, &graph);
	if (status == OK)
		status = search_init(&search, &graph);
	for (uint32_t i = 0; status == OK && i < c->class_count; i++)
		if (search.number[i] == UNSEEN)
			search_from(&search, i);
	return status == OK ? close_components(c, &graph, &search) : status;
}
