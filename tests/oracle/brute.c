#include "oracle/brute.h"

#include <stdlib.h>
#include <string.h>

#include "dns/codes.h"
#include "engine/chase.h"
#include "engine/compose.h"
#include "engine/reply.h"

#define DEPTH_MOST  40
#define ROUNDS_MOST 40
#define PACKET	    4096

/* Choices of a target along one question, and ways through them. */
#define CHOICES_MOST 12
#define WAYS_MOST    256

struct pending {
	uint32_t network;
	uint16_t type;
	struct name name;
};

struct brute {
	const struct estate *estate;
	const struct snapshot *snap;
	struct cache *cache;
	struct resolver resolver;
	bool branching;				/* some rule has several targets */
	unsigned choices;			/* made so far */
	bool chosen_more;			/* than are varied: what comes is not all */
	uint8_t choice[CHOICES_MOST], of[CHOICES_MOST];
	unsigned depth;
	struct pending pending[DEPTH_MOST];
	struct scratch scratch[DEPTH_MOST];
	uint64_t reply_room[CACHED_MAX_OCTETS / 8];
};

/* What one network makes of a question: a reply, unless nobody knows how it ends. */
struct outcome_of {
	struct brute_final final;
	bool complete;
	uint8_t packet[PACKET];
	size_t len;
};

struct brute *
brute_new(void)
{
	struct cache_settings settings = { .octets = CACHE_MIN_OCTETS, .min_ttl_ms = 1000,
					   .max_ttl_ms = 86400000,
					   .max_negative_ttl_ms = 900000 };
	struct brute *brute = calloc(1, sizeof(*brute));

	if (brute)
		brute->cache = cache_new(&settings);
	if (!brute || !brute->cache)
		abort();
	return brute;
}

void
brute_free(struct brute *brute)
{
	cache_free(brute->cache);
	free(brute);
}

void
brute_begin(struct brute *brute, const struct estate *estate, const struct snapshot *snap)
{
	static const uint8_t root[1];

	brute->estate = estate;
	brute->snap = snap;
	brute->depth = 0;
	brute->branching = false;
	for (const struct resolver_rule *r = estate->rules; r; r = r->next)
		brute->branching |= r->targets && r->targets->next;
	cache_flush(brute->cache, root, true);
}

/** Whose address is it?  NETWORK_NONE: nobody knows. */
static uint32_t
network_at(const struct brute *b, const uint8_t *ip)
{
	for (const struct resolver_endpoint *e = b->estate->endpoints; e; e = e->next)
		for (const struct target *t = e->ip_addresses; t; t = t->next)
			if (e->direction == DIRECTION_INBOUND && memcmp(t->addr.ip, ip, 16) == 0)
				return ((const struct network *)e->vpc.object)->index;
	for (const struct network *n = b->estate->networks; n; n = n->next)
		for (const struct target *t = n->servers; t; t = t->next)
			if (memcmp(t->addr.ip, ip, 16) == 0)
				return n->index;
	return NETWORK_NONE;
}

/** A hash of the final data, whatever order it is in. */
static uint64_t
data_hash(const struct answer *answer, uint16_t type, bool *any)
{
	uint64_t hash = 0;

	*any = false;
	for (unsigned i = 0; i < answer->count; i++) {
		const struct answer_item *item = &answer->items[i];
		struct rrset_walk walk = rrset_begin(&item->set);
		struct rdata data;

		if (item->section != SECTION_ANSWER || item->set.type != type)
			continue;
		*any = true;
		while (rrset_next(&walk, &data))
			hash += digest_bytes(data.data, data.len).lo;
	}
	return hash;
}

static struct brute_final
final_of(const struct answer *answer, uint16_t type)
{
	struct brute_final final = { .kind = BRUTE_OTHER };
	bool any;

	switch (answer->rcode) {
	case RCODE_NOERROR:
		final.hash = data_hash(answer, type, &any);
		final.kind = any ? BRUTE_ANSWER : BRUTE_NODATA;
		break;
	case RCODE_NXDOMAIN:
		final.kind = BRUTE_NXDOMAIN;
		break;
	case RCODE_SERVFAIL:
		final.kind = BRUTE_FAILED;
		break;
	case RCODE_YXDOMAIN:
		final.kind = BRUTE_TOO_LONG;
		break;
	}
	return final;
}

static void ask(struct brute *b, uint32_t network, const struct name *name, uint16_t type,
		struct outcome_of *out);

/** Nobody says more: what stands in the answer so far is all that comes. */
static bool
has_links(const struct answer *answer)
{
	return answer->count > 0 && answer->items[0].section == SECTION_ANSWER;
}

static void
write_reply(struct brute *b, const struct question *q, const struct answer *answer,
	    struct outcome_of *out)
{
	struct request request = { .client = { .stream = true } };
	struct writer w = writer_over(out->packet, sizeof(out->packet));

	(void)b;
	compose_answer(&request, q, answer, &w);
	out->len = w.len;
}

/** Nobody could answer. */
static void
fail(struct brute *b, const struct question *q, struct outcome_of *out)
{
	struct answer answer;

	answer_init(&answer);
	answer_fail(&answer, RCODE_SERVFAIL, EDE_NONE, NULL);
	out->final.kind = BRUTE_FAILED;
	out->complete = true;
	write_reply(b, q, &answer, out);
}

/** Another target is asked in its place, where there is one. */
static bool
is_failure(const struct outcome_of *outcome)
{
	return outcome->final.kind == BRUTE_FAILED || outcome->final.kind == BRUTE_TOO_LONG ||
	       outcome->final.kind == BRUTE_OTHER;
}

/** What the network that has the target says is kept for the one that asks. */
static bool
take_reply(struct brute *b, const struct ask *asked, const struct outcome_of *next,
	   struct outcome_of *end)
{
	const struct reply_expected expected = { .ask = asked, .asked = asked->name.wire,
						 .domain = ask_domain(b->snap, asked) };
	struct cached *entry = (struct cached *)b->reply_room;
	uint16_t rcode;

	if (!next->complete && next->len == 0) {
		end->final = next->final;
		return false;
	}
	if (reply_read(next->packet, next->len, &expected, entry, &rcode) == REPLY_ANSWER) {
		cache_put(b->cache, asked, entry, 1000);
	} else {
		reply_failure(RCODE_SERVFAIL, EDE_NONE, "", entry);
		cache_fail(b->cache, asked, entry, false, 1000);
	}
	return true;
}

static bool
is_pending(const struct brute *b, uint32_t network, const struct name *name, uint16_t type)
{
	for (unsigned i = 0; i < b->depth; i++)
		if (b->pending[i].network == network && b->pending[i].type == type &&
		    name_wire_equal(b->pending[i].name.wire, name->wire))
			return true;
	return b->depth == DEPTH_MOST;
}

/** Which of the targets this time; a choice made first is the first target. */
static unsigned
choose(struct brute *b, uint32_t count)
{
	unsigned at = b->choices;

	if (count < 2)
		return 0;
	if (at == CHOICES_MOST) {
		b->chosen_more = true;
		return 0;
	}
	b->choices++;
	b->of[at] = (uint8_t)count;
	return b->choice[at];
}

/** The next way through all choices; false: that was the last. */
static bool
next_way(struct brute *b)
{
	while (b->choices > 0) {
		unsigned last = b->choices - 1;

		if (++b->choice[last] < b->of[last])
			return true;
		b->choice[last] = 0;
		b->choices--;
	}
	return false;
}

/**
 * The engine asks for an upstream: true when it can go on now.  That all targets failed is
 * kept nowhere: where questions go in circles they do so only for those that wait.
 */
static bool
ask_upstream(struct brute *b, const struct ask *asked, struct outcome_of *out)
{
	uint32_t count, to, first;
	const struct snapshot_target *targets = ask_targets(b->snap, asked, &count);
	struct outcome_of next;

	out->final.hash = name_hash(asked->name.wire);
	if (asked->rule == b->snap->root->rule_count - 1) {
		out->final.kind = BRUTE_PUBLIC;
		return false;
	}
	first = choose(b, count);
	for (uint32_t i = 0; i < count; i++) {
		to = network_at(b, targets[(first + i) % count].ip);
		if (to == NETWORK_NONE) {
			out->final.kind = BRUTE_OPAQUE;
			out->final.rule = 0;	/* there is one such address */
			return false;
		}
		ask(b, to, &asked->name, asked->type, &next);
		if (!is_failure(&next))
			break;
	}
	out->complete = b->branching && is_failure(&next);
	return !out->complete && take_reply(b, asked, &next, out);
}

static void
ask_rounds(struct brute *b, uint32_t network, const struct question *q, struct outcome_of *out)
{
	struct answer answer;
	struct ask asked;

	resolver_init(&b->resolver, b->snap, NULL, NULL, NULL, NULL, NULL);
	for (unsigned round = 0; round < ROUNDS_MOST; round++) {
		struct chase chase;

		b->resolver.cache = b->cache;
		b->resolver.scratch = &b->scratch[b->depth - 1];
		b->resolver.scratch->used = 0;
		chase_init(&chase, &b->resolver, network, 1000);
		if (chase_question(&chase, q, &answer, &asked) == CHASE_ANSWERED) {
			out->final = final_of(&answer, q->type);
			out->complete = true;
			write_reply(b, q, &answer, out);
			return;
		}
		if (!ask_upstream(b, &asked, out)) {
			if (out->complete)
				fail(b, q, out);
			else if (has_links(&answer))
				write_reply(b, q, &answer, out);
			return;
		}
	}
	fail(b, q, out);
}

static void
ask(struct brute *b, uint32_t network, const struct name *name, uint16_t type,
    struct outcome_of *out)
{
	uint8_t wire[NAME_MAX_OCTETS + 4];
	struct question q;

	out->len = 0;
	out->complete = false;
	out->final = (struct brute_final){ .kind = BRUTE_FAILED };
	question_make(name, type, &q, wire);
	if (is_pending(b, network, name, type)) {
		fail(b, &q, out);
		return;
	}
	b->pending[b->depth].network = network;
	b->pending[b->depth].type = type;
	b->pending[b->depth].name = *name;
	b->depth++;
	ask_rounds(b, network, &q, out);
	b->depth--;
}

bool
brute_same(const struct brute_final *a, const struct brute_final *b)
{
	return a->kind == b->kind && (a->kind == BRUTE_FAILED || a->hash == b->hash);
}

static void
add(struct brute_finals *finals, const struct brute_final *final)
{
	for (unsigned i = 0; i < finals->count; i++)
		if (brute_same(&finals->final[i], final))
			return;
	if (finals->count == BRUTE_FINALS)
		finals->more = true;
	else
		finals->final[finals->count++] = *final;
}

/*
 * What one way put into the cache must not decide on another; where nothing was chosen it
 * serves the questions that follow.
 */
static void
forget(struct brute *b)
{
	static const uint8_t root[1];

	cache_flush(b->cache, root, true);
}

void
brute_ask(struct brute *b, uint32_t network, const struct name *name, uint16_t type,
	  struct brute_finals *finals)
{
	unsigned ways = 0;
	bool again;

	*finals = (struct brute_finals){ 0 };
	memset(b->choice, 0, sizeof(b->choice));
	do {
		struct outcome_of out;

		if (b->branching)
			forget(b);
		b->choices = 0;
		b->chosen_more = false;
		ask(b, network, name, type, &out);
		add(finals, &out.final);
		finals->more |= b->chosen_more;
		again = next_way(b);
	} while (again && ++ways < WAYS_MOST);
	finals->more |= again;
}
