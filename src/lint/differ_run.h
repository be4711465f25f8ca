/*
 * differ_run - one comparison under way: private to differ.h
 *
 * differ.c judges classes of names, where the sides answer from different places; then
 * differ_links.c follows back the names that lead there.
 */
#ifndef LINT_DIFFER_RUN_H
#define LINT_DIFFER_RUN_H

#include "lint/spots.h"

/* One comparison. */
struct comparing {
	const struct differ_side *a, *b;
	enum finals_order least;
	struct differ_work *work;
	difference_fn found;
	void *context;
	struct arena scratch;
	struct spots spots;
	struct rewriter one, other;
	struct name_list tops;		/* names at and below which something differs */
	struct table judged[2];		/* by kind: names looked at for what they lead to */
	struct table hidden;		/* owners of links that no side reads */
	bool secondary;
	bool nomem, limited;
};

/** Add the steps up.  true: too many, or no memory: stop. */
bool differ_is_over(struct comparing *c);

/** Judge this name, or the others below it, of the spot; tell what differs. */
void differ_judge_name(struct comparing *c, const struct spot *spot, const uint8_t *wire);
void differ_judge_others(struct comparing *c, const struct spot *spot, const uint8_t *wire);

/** All names of the spot at or below the top. */
void differ_judge_spot(struct comparing *c, const struct spot *spot, const uint8_t *top);

/** Something differs at or below the name: what leads there is to be judged. */
void differ_push_top(struct comparing *c, const uint8_t *name);

/** Judge what leads to the tops, and to what that finds, until nothing is added. */
void differ_judge_secondary(struct comparing *c);

#endif
