#include "load/share.h"

#include <stdlib.h>

#include "base/parallel.h"
#include "load/pragma.h"

/* What came of one item, until it is joined. */
struct outcome {
	struct diags diags;
	struct lint_settings lint;	/* pragmas alone */
	enum status status;
};

struct window {
	share_fn fn;
	const void *context;
	size_t first, limit;		/* of findings */
	struct outcome outcomes[PARALLEL_WINDOW];
};

static unsigned
threads_of(const struct estate *estate)
{
	return estate->threads ? estate->threads : 1;
}

struct hand {
	struct window *window;
	struct estate estate;
	struct arena scratch, found;
};

static enum status
read_item(share_fn fn, const void *context, const struct share *share, size_t item)
{
	struct arena_mark mark = arena_mark(share->scratch);
	enum status status = fn(context, share, item);

	arena_rewind(share->scratch, mark);
	return status;
}

static void
read_for_window(void *worker, size_t item)
{
	struct hand *r = worker;
	struct outcome *out = &r->window->outcomes[item - r->window->first];
	struct share share = { &r->estate, &r->scratch, &out->diags };

	diags_init(&out->diags, &r->found, r->window->limit);
	r->estate.lint.pragmas = r->estate.lint.last_pragma = NULL;
	out->status = read_item(r->window->fn, r->window->context, &share, item);
	out->lint = r->estate.lint;
}

static size_t
used_by(const struct estate *estate)
{
	size_t used = estate->arena.used;

	for (const struct record_pool *pool = estate->pools; pool; pool = pool->next)
		used += pool->arena.used;
	return used;
}

/** Let each take what the whole has left; false: that is nothing. */
static bool
divide(const struct estate *whole, struct hand *hands, unsigned count)
{
	size_t left = whole->arena.limit - whole->arena.used;

	for (unsigned i = 0; i < count; i++) {
		size_t used = used_by(&hands[i].estate);

		if (used > left)
			return false;
		left -= used;
	}
	for (unsigned i = 0; i < count; i++) {
		struct estate *estate = &hands[i].estate;

		estate->arena.limit = estate->arena.used + left;
		if (!whole->spends)
			continue;
		estate->pool = arena_alloc(&estate->arena, sizeof(*estate->pool));
		if (!estate->pool)
			return false;
		arena_init(&estate->pool->arena, left);
		estate->pool->next = estate->pools;
		estate->pools = estate->pool;
	}
	return true;
}

/** What is joined behind an item that memory did not suffice for is what one thread has. */
static enum status
join_window(struct window *w, size_t count, struct estate *estate, struct diags *diags)
{
	for (size_t i = 0; i < count; i++) {
		diags_join(diags, &w->outcomes[i].diags);
		pragmas_join(&estate->lint, &w->outcomes[i].lint);
		if (w->outcomes[i].status == ERR_NOMEM)
			return ERR_NOMEM;
	}
	return OK;
}

static void
join_pools(struct estate *into, struct estate *from)
{
	struct record_pool **end = &into->pools;

	while (*end)
		end = &(*end)->next;
	*end = from->pools;
}

static enum status
read_windows(struct window *w, struct hand *hands, size_t count, struct estate *estate,
	     struct diags *diags)
{
	unsigned threads = threads_of(estate);
	enum status status = OK;

	for (; w->first < count && status == OK; w->first += PARALLEL_WINDOW) {
		size_t most = count - w->first;
		size_t here = most < PARALLEL_WINDOW ? most : PARALLEL_WINDOW;

		if (!divide(estate, hands, threads))
			return ERR_NOMEM;
		parallel_run(read_for_window, hands, sizeof(*hands), threads,
			     w->first, w->first + here);
		status = join_window(w, here, estate, diags);
	}
	return status;
}

static enum status
read_on_threads(struct window *w, size_t count, struct estate *estate, struct diags *diags)
{
	unsigned threads = threads_of(estate);
	struct hand *hands = calloc(threads, sizeof(*hands));
	enum status status;

	if (!hands)
		return ERR_NOMEM;
	for (unsigned i = 0; i < threads; i++) {
		hands[i].window = w;
		estate_init(&hands[i].estate, estate->arena.limit);
		arena_init(&hands[i].scratch, estate->arena.limit);
		arena_init(&hands[i].found, SIZE_MAX);
		if (!arena_alloc(&hands[i].scratch, 1))	/* its first chunk stays */
			w->first = count;
	}
	status = w->first < count ? read_windows(w, hands, count, estate, diags) : ERR_NOMEM;
	for (unsigned i = 0; i < threads; i++) {
		join_pools(estate, &hands[i].estate);
		arena_join(&estate->arena, &hands[i].estate.arena);
		arena_join(diags->arena, &hands[i].found);
		arena_fini(&hands[i].scratch);
	}
	free(hands);
	return status;
}

enum status
share_out(share_fn fn, const void *context, size_t count, struct estate *estate,
	  struct arena *scratch, struct diags *diags)
{
	struct share own = { estate, scratch, diags };
	enum status status = OK;
	struct window *window;

	if ((estate->threads > 1 || estate->spends) && count > 1) {
		window = calloc(1, sizeof(*window));
		if (!window)
			return ERR_NOMEM;
		window->fn = fn;
		window->context = context;
		window->limit = diags->limit;
		status = read_on_threads(window, count, estate, diags);
		free(window);
		return status;
	}
	for (size_t i = 0; i < count && status == OK; i++)
		if (read_item(fn, context, &own, i) == ERR_NOMEM)
			status = ERR_NOMEM;
	return status;
}
