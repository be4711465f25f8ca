#include "engine/explain.h"

#include "engine/chase.h"

/* Passes the chase's steps on and puts in what the chase has no need to know. */
struct explainer {
	const struct snapshot *snap;
	explain_fn tell;
	void *context;
};

static void
tell_losers(const struct explainer *e, struct explain_step step)
{
	const struct block *root = &e->snap->root->block;
	const struct cut_loser *losers = block_at(root, step.cut->losers_at);

	step.fate = CANDIDATE_LOST_TIE;
	for (uint32_t i = 0; i < step.cut->loser_count; i++) {
		step.loser = &losers[i];
		e->tell(e->context, &step);
	}
}

/** All cuts that cover the name, longest first, each followed by those it won against. */
static void
tell_candidates(const struct explainer *e, const struct explain_step *at)
{
	const struct view *view = snapshot_view(e->snap, at->network);
	struct suffixes suffixes;
	unsigned below = NAME_MAX_LABELS + 1;

	name_suffixes(at->name, &suffixes);
	do {
		struct explain_step step = {
			.kind = EXPLAIN_CANDIDATE,
			.network = at->network,
			.hop = at->hop,
			.name = at->name,
			.cut = view_walk(&e->snap->root->block, view, at->name, &suffixes, below),
		};

		step.fate = step.cut == at->cut ? CANDIDATE_WON : CANDIDATE_SHORTER;
		e->tell(e->context, &step);
		tell_losers(e, step);
		below = step.cut->labels;
	} while (below > 0);
}

static void
explainer_step(void *context, const struct explain_step *step)
{
	const struct explainer *e = context;

	if (step->kind == EXPLAIN_ROUTE && step->cut)
		tell_candidates(e, step);
	e->tell(e->context, step);
}

bool
explain_query(struct resolver *r, uint32_t network, const struct question *q, uint64_t now_ms,
	      explain_fn tell, void *context, struct answer *answer)
{
	struct explainer e = { r->snap, tell, context };
	struct explain_step first = { .kind = EXPLAIN_NETWORK, .network = network,
				      .name = &q->name };
	struct explain_step last = { .kind = EXPLAIN_RESULT, .network = network,
				     .name = &q->name, .answer = answer };
	struct chase chase;
	struct ask ask;

	r->scratch->used = 0;
	chase_init(&chase, r, network, now_ms);
	chase.tell = explainer_step;
	chase.context = &e;
	tell(context, &first);
	if (chase_question(&chase, q, answer, &ask) == CHASE_ASK)
		return false;
	tell(context, &last);
	return true;
}
