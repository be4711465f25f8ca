#include "lint/stranded.h"

#include <string.h>

struct finder {
	struct lint *lint;
	struct ground *ground;
	struct table asleep;		/* pairs of networks -> a peering that is not active */
	struct stranded *first, **end;
	struct stranded *of_use;	/* the first of the present use */
};

/* What is wrong between one reader and one block. */
struct ruling {
	enum stranded_why why;
	uint32_t holder, other;
	const struct peering *peering;
};

/** Enter a peering that is not active under its two ends. */
static void
enter_asleep(struct finder *f, const struct peering *p)
{
	const struct network *a = p->requester.object, *b = p->accepter.object;
	uint32_t *key = lint_alloc(f->lint, 2, sizeof(*key));

	if (!key || !a || !b || strcmp(p->status, "active") == 0)
		return;
	key[0] = a->index < b->index ? a->index : b->index;
	key[1] = a->index < b->index ? b->index : a->index;
	if (table_find(&f->asleep, key, 2 * sizeof(*key)))
		return;
	if (table_put(&f->asleep, key, 2 * sizeof(*key), (void *)(uintptr_t)p) != OK)
		f->lint->nomem = true;
}

static const struct peering *
find_asleep(const struct finder *f, uint32_t a, uint32_t b)
{
	uint32_t key[2] = { a < b ? a : b, a < b ? b : a };

	return table_find(&f->asleep, key, sizeof(key));
}

/** Does anybody say what this network is connected with?  A site may keep it to itself. */
static bool
says_its_links(const struct lint *lint, uint32_t network)
{
	const struct network *n = lint->networks[network];

	return n->kind == NETWORK_VPC || n->connects_to;
}

/*
 * Who may have the address: the holders of the innermost block, and VPCs around it, for a
 * route to a longer prefix is somebody's choice.  A site around it is what it is a part of.
 */
static bool
is_candidate(const struct lint *lint, uint32_t block, uint32_t innermost, uint32_t holder)
{
	return block == innermost || lint->networks[holder]->kind == NETWORK_VPC;
}

/** What the candidates are to a reader. */
struct tally {
	bool own;			/* it has the address itself */
	uint32_t candidates[2];		/* any, the first two */
	uint32_t reached[2];		/* that it reaches */
	unsigned candidate_count, reached_count;
};

static void
count_holder(const struct finder *f, struct tally *tally, uint32_t reader, uint32_t holder)
{
	tally->own |= holder == reader;
	if (tally->candidate_count < 2)
		tally->candidates[tally->candidate_count++] = holder;
	if (tally->reached_count < 2 && reach_has(&f->ground->reach, reader, holder))
		tally->reached[tally->reached_count++] = holder;
}

static struct tally
count_holders(const struct finder *f, uint32_t innermost, uint32_t reader)
{
	const struct addresses *a = &f->ground->addresses;
	struct tally tally = { 0 };

	for (uint32_t b = innermost; b != ADDRESSES_NONE; b = a->blocks[b].outer)
		for (uint32_t i = 0; i < a->blocks[b].holder_count; i++)
			if (is_candidate(f->lint, b, innermost, a->blocks[b].holders[i]))
				count_holder(f, &tally, reader, a->blocks[b].holders[i]);
	return tally;
}

/** false: all is well between them, or not known. */
static bool
judge(const struct finder *f, uint32_t block, uint32_t reader, struct ruling *out)
{
	struct tally tally = count_holders(f, block, reader);
	uint32_t holder = tally.candidates[0];

	*out = (struct ruling){ .holder = holder, .other = NETWORK_NONE };
	if (tally.own || tally.reached_count == 1)
		return false;
	if (tally.reached_count == 2) {
		*out = (struct ruling){ STRANDED_AMBIGUOUS, tally.reached[0], tally.reached[1],
					 NULL };
		return true;
	}
	if (!f->ground->reach.any || !says_its_links(f->lint, reader) ||
	    !says_its_links(f->lint, holder))
		return false;
	out->peering = find_asleep(f, reader, holder);
	out->other = reach_between(&f->ground->reach, reader, holder);
	out->why = out->peering			? STRANDED_ASLEEP :
		   out->other != NETWORK_NONE	? STRANDED_BEYOND :
						  STRANDED_APART;
	return true;
}

static struct stranded *
find_case(struct finder *f, const struct use *use, const struct ruling *v)
{
	struct stranded *s;

	for (s = f->of_use; s; s = s->next)
		if (s->why == v->why && s->holder == v->holder && s->peering == v->peering &&
		    (s->why == STRANDED_BEYOND || s->other == v->other))
			return s;
	s = lint_alloc(f->lint, 1, sizeof(*s));
	if (!s)
		return NULL;
	*s = (struct stranded){ .use = use, .why = v->why, .holder = v->holder,
				.other = v->other, .peering = v->peering };
	*f->end = s;
	f->end = &s->next;
	if (!f->of_use)
		f->of_use = s;
	return s;
}

static void
note(struct finder *f, const struct use *use, const struct ruling *v, uint32_t reader)
{
	struct stranded *s = find_case(f, use, v);

	if (s && s->count == s->room) {
		size_t room = s->room ? 2 * s->room : 4;
		uint32_t *readers = lint_alloc(f->lint, room, sizeof(*readers));

		if (!readers)
			return;
		if (s->count)
			memcpy(readers, s->readers, s->count * sizeof(*readers));
		s->readers = readers;
		s->room = room;
	}
	if (s)
		s->readers[s->count++] = reader;
}

/**
 * Is all well for every network of the class, seen at the block alone?  So it is nearly
 * always, and the readers need not be looked at one by one.
 */
static bool
class_is_well(const struct finder *f, uint32_t block, uint32_t class)
{
	const struct address_block *b = &f->ground->addresses.blocks[block];

	return b->holder_count == 1 && b->outer == ADDRESSES_NONE &&
	       reach_class_has(&f->ground->reach, class, b->holders[0]);
}

static void
judge_use(struct finder *f, const struct use *use, size_t reader_count)
{
	const struct ground *g = f->ground;
	uint32_t well = UINT32_MAX;	/* the class that is */
	struct ruling verdict;

	f->of_use = NULL;
	for (size_t i = 0; i < reader_count && !f->lint->nomem; i++) {
		uint32_t reader = g->readers[i], class = g->reach.class_of[reader];

		if (class == well)
			continue;
		if (class_is_well(f, use->number, class))
			well = class;
		else if (judge(f, use->number, reader, &verdict))
			note(f, use, &verdict, reader);
	}
}

static void
judge_zone(struct finder *f, uint32_t zone)
{
	size_t count, readers = 0;
	const struct use *uses = ground_uses(f->ground, zone, &count);

	for (size_t i = 0; i < count; i++) {
		if (uses[i].kind != USE_BLOCK)
			continue;
		if (!readers)
			readers = ground_readers(f->lint, f->ground, zone);
		if (!readers)
			return;
		judge_use(f, &uses[i], readers);
	}
}

const struct stranded *
stranded_find(struct lint *lint)
{
	struct finder f = { .lint = lint, .ground = lint_ground(lint), .end = &f.first };

	if (!f.ground || f.ground->stranded_known)
		return f.ground ? f.ground->stranded : NULL;
	table_init(&f.asleep, &lint->arena);
	for (const struct peering *p = lint->estate->peerings; p; p = p->next)
		enter_asleep(&f, p);
	for (uint32_t zone = 0; zone < lint->estate->zone_count && !lint->nomem; zone++)
		judge_zone(&f, zone);
	f.ground->stranded = f.first;
	f.ground->stranded_known = true;
	return f.first;
}
