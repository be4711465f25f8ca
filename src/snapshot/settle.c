#include "snapshot/settle.h"

void
settle_init(struct settling *s, uint32_t internet, bool shorter_zone)
{
	s->shorter_zone = shorter_zone;
	s->internet = (struct treatment){ CUT_INTERNET, internet };
	s->depth = 0;
}

/** The first candidate that is no rule: what the name is without rules; NULL: nothing. */
static const struct candidate *
find_local(const struct contest *contest)
{
	for (size_t i = 0; i < contest->count; i++)
		if (contest->candidates[i].origin != ORIGIN_RULE)
			return &contest->candidates[i];
	return NULL;
}

static struct treatment
treat_locally(const struct settling *s, const struct candidate *local, bool excepted)
{
	struct treatment above = s->depth ? s->covering[s->depth - 1].local : s->internet;

	if (local && local->origin == ORIGIN_ZONE)
		return (struct treatment){ CUT_ZONE, local->number };
	if (local && local->origin == ORIGIN_AUTODEFINED)
		return (struct treatment){ CUT_AUTODEFINED, local->number };
	if (excepted && above.action == CUT_ZONE && !s->shorter_zone)
		return s->internet;
	return above;
}

static void
add_loser(struct cut *cut, struct cut_loser *losers, const struct candidate *candidate,
	  enum lost_why why)
{
	losers[cut->loser_count++] = (struct cut_loser){
		.origin_kind = candidate->origin,
		.origin = candidate->number,
		.why = why,
		.profile = candidate->profile,
	};
}

/** Is there a FORWARD rule among them? */
static bool
has_forward(const struct contest *contest)
{
	for (size_t i = 0; i < contest->count; i++)
		if (contest->candidates[i].origin == ORIGIN_RULE &&
		    !contest->candidates[i].system)
			return true;
	return false;
}

/** Why `c` lost to the one that has the name. */
static enum lost_why
lost_to(const struct candidate *holder, const struct candidate *c)
{
	if (c->side != SIDE_NOBODY && c->side > holder->side)
		return holder->side == SIDE_OWN ? LOST_TO_OWN : LOST_TO_PROFILE;
	return holder->origin == ORIGIN_RULE ? LOST_TO_RULE : LOST_TO_ZONE;
}

/*
 * Everyone but the winner and, under a SYSTEM rule, the one that gives the treatment: rules
 * lost to the first, all else to the second.  idle: the SYSTEM rules here have no effect.
 */
static void
list_losers(const struct contest *contest, const struct candidate *winner,
	    const struct candidate *local, bool idle, struct cut *cut, struct cut_loser *losers)
{
	const struct candidate *holder = winner->system && local ? local : winner;

	for (size_t i = 0; i < contest->count; i++) {
		const struct candidate *c = &contest->candidates[i];

		if (c->system && idle)
			add_loser(cut, losers, c, LOST_SYSTEM_NO_FORWARD);
		else if (c != winner && c != holder)
			add_loser(cut, losers, c,
				  lost_to(c->origin == ORIGIN_RULE ? winner : holder, c));
	}
}

void
settle(struct settling *s, const struct contest *contest, struct cut *cut,
       struct cut_loser *losers)
{
	const struct candidate *winner = contest->candidates;
	const struct candidate *local = find_local(contest);
	bool excepting, idle, forwards;
	struct treatment treatment;

	while (s->depth && !name_wire_covers(s->covering[s->depth - 1].name, contest->name))
		s->depth--;
	excepting = winner->system && ((s->depth && s->covering[s->depth - 1].forwards) ||
				       has_forward(contest));
	idle = winner->system && !excepting;
	treatment = treat_locally(s, local, excepting);
	s->covering[s->depth].name = contest->name;
	s->covering[s->depth].local = treatment;

	if (idle && local)
		winner = local;
	forwards = winner->origin == ORIGIN_RULE && !winner->system;
	if (forwards)
		treatment = (struct treatment){ CUT_FORWARD, winner->number };
	s->covering[s->depth++].forwards = forwards;

	*cut = (struct cut){
		.action = (uint8_t)treatment.action,
		.target = treatment.target,
		.origin_kind = (uint8_t)winner->origin,
		.origin = winner->number,
		.system = winner->system,
		.profile = winner->profile,
	};
	list_losers(contest, winner, local, idle, cut, losers);
}
