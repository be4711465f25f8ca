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

/* Those whose data nobody knows answer with a mark: it stands for them and the name asked. */
#define MARKS_MOST  4096
#define MARK_OCTETS 4
#define MARK_FIRST  0xfb	/* its first octet; no data of a plan have that */

struct mark {
	enum brute_kind kind;
	uint64_t name;
};

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
	struct mark marks[MARKS_MOST];
	unsigned mark_count;
	bool branching;				/* some rule has several targets */
	unsigned choices;			/* made so far */
	bool chosen_more;			/* than are varied: what comes is not all */
	uint8_t choice[CHOICES_MOST], of[CHOICES_MOST];
	unsigned depth;
	struct pending pending[DEPTH_MOST];
	struct scratch scratch[DEPTH_MOST];
	uint64_t reply_room[CACHED_MAX_OCTETS / 8];
};

/* What one network makes of a question: its reply, and what that comes to. */
struct outcome_of {
	struct brute_final final;
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
	brute->mark_count = 0;
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

/** The mark that data end in, or a name that they end in; NULL: known data. */
static const struct mark *
mark_in(const struct brute *b, const struct rdata *data)
{
	for (size_t behind = MARK_OCTETS; behind <= MARK_OCTETS + 1 && behind <= data->len;
	     behind++) {
		const uint8_t *at = data->data + data->len - behind;
		size_t number = (size_t)at[1] << 12 | (size_t)at[2] << 6 | at[3];

		if (*at == MARK_FIRST && number < b->mark_count)
			return &b->marks[number];
	}
	return NULL;
}

/** The final data, in whatever order they are. */
static void
take_data(const struct brute *b, const struct answer *answer, uint16_t type,
	  struct brute_final *final)
{
	final->kind = BRUTE_NODATA;
	for (unsigned i = 0; i < answer->count; i++) {
		const struct answer_item *item = &answer->items[i];
		struct rrset_walk walk = rrset_begin(&item->set);
		struct rdata data;

		if (item->section != SECTION_ANSWER || item->set.type != type)
			continue;
		final->kind = BRUTE_ANSWER;
		while (rrset_next(&walk, &data)) {
			const struct mark *mark = mark_in(b, &data);

			if (mark)
				*final = (struct brute_final){ .kind = mark->kind,
							       .hash = mark->name };
			else
				final->hash += digest_bytes(data.data, data.len).lo;
		}
	}
}

static struct brute_final
final_of(const struct brute *b, const struct answer *answer, uint16_t type)
{
	struct brute_final final = { .kind = BRUTE_OTHER };

	switch (answer->rcode) {
	case RCODE_NOERROR:
		take_data(b, answer, type, &final);
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
static void
take_reply(struct brute *b, const struct ask *asked, const struct outcome_of *next)
{
	const struct reply_expected expected = { .ask = asked, .asked = asked->name.wire,
						 .domain = ask_domain(b->snap, asked) };
	struct cached *entry = (struct cached *)b->reply_room;
	uint16_t rcode;

	if (reply_read(next->packet, next->len, &expected, entry, &rcode) == REPLY_ANSWER) {
		cache_put(b->cache, asked, entry, 1000);
	} else {
		reply_failure(RCODE_SERVFAIL, EDE_NONE, "", entry);
		cache_fail(b->cache, asked, entry, false, 1000);
	}
}

static unsigned
mark_number(struct brute *b, enum brute_kind kind, uint64_t name)
{
	unsigned at = 0;

	while (at < b->mark_count && (b->marks[at].kind != kind || b->marks[at].name != name))
		at++;
	if (at == MARKS_MOST)
		abort();
	if (at == b->mark_count)
		b->marks[b->mark_count++] = (struct mark){ kind, name };
	return at;
}

/** The reply of somebody whose data nobody knows: a mark, as data of the type asked for. */
static void
answer_marked(struct brute *b, const struct ask *asked, enum brute_kind kind,
	      struct outcome_of *out)
{
	unsigned number = mark_number(b, kind, name_hash(asked->name.wire));
	const uint8_t mark[MARK_OCTETS] = { MARK_FIRST, (uint8_t)(number >> 12),
					    (uint8_t)(number >> 6 & 63), (uint8_t)(number & 63) };
	bool text = asked->type == TYPE_TXT, mx = asked->type == TYPE_MX;
	bool named = mx || asked->type == TYPE_CNAME;
	struct writer w = writer_over(out->packet, sizeof(out->packet));

	writer_u16(&w, 0);
	writer_u16(&w, 0x8180);
	for (unsigned i = 0; i < 4; i++)
		writer_u16(&w, i < 2);
	for (unsigned i = 0; i < 2; i++) {
		writer_bytes(&w, asked->name.wire, asked->name.len);
		writer_u16(&w, asked->type);
		writer_u16(&w, asked->klass);
	}
	writer_u32(&w, 60);
	writer_u16(&w, (uint16_t)(MARK_OCTETS + (text ? 1 : mx ? 4 : named ? 2 : 0)));
	if (mx)
		writer_u16(&w, 0);
	if (text || named)
		writer_u8(&w, MARK_OCTETS);
	writer_bytes(&w, mark, sizeof(mark));
	if (named)
		writer_u8(&w, 0);
	out->len = w.len;
	out->final = (struct brute_final){ .kind = kind, .hash = name_hash(asked->name.wire) };
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

/** What the targets of a rule make of the question: one is asked, and where it fails others. */
static void
ask_targets_of(struct brute *b, const struct ask *asked, struct outcome_of *next)
{
	uint32_t count, first;
	const struct snapshot_target *targets = ask_targets(b->snap, asked, &count);

	if (asked->rule == b->snap->root->rule_count - 1) {
		answer_marked(b, asked, BRUTE_PUBLIC, next);
		return;
	}
	first = choose(b, count);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t to = network_at(b, targets[(first + i) % count].ip);

		if (to == NETWORK_NONE)
			answer_marked(b, asked, BRUTE_OPAQUE, next);	/* there is one */
		else
			ask(b, to, &asked->name, asked->type, next);
		if (!is_failure(next))
			break;
	}
}

/*
 * That all targets failed is kept nowhere when there are choices: where questions go in
 * circles they do so only for those that wait.
 */
static void
ask_rounds(struct brute *b, uint32_t network, const struct question *q, struct outcome_of *out)
{
	struct outcome_of next;
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
			out->final = final_of(b, &answer, q->type);
			write_reply(b, q, &answer, out);
			return;
		}
		ask_targets_of(b, &asked, &next);
		if (b->branching && is_failure(&next))
			break;
		take_reply(b, &asked, &next);
	}
	fail(b, q, out);
}

static void
ask(struct brute *b, uint32_t network, const struct name *name, uint16_t type,
    struct outcome_of *out)
{
	uint8_t wire[NAME_MAX_OCTETS + 4];
	struct question q;

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
