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

/** Put the question to the network that has the target, and keep the reply for this one. */
static bool
take_reply(struct brute *b, const struct ask *asked, uint32_t to, struct outcome_of *end)
{
	const struct reply_expected expected = { .ask = asked, .asked = asked->name.wire,
						 .domain = ask_domain(b->snap, asked) };
	struct cached *entry = (struct cached *)b->reply_room;
	struct outcome_of next;
	uint16_t rcode;

	ask(b, to, &asked->name, asked->type, &next);
	if (!next.complete && next.len == 0) {
		end->final = next.final;
		return false;
	}
	if (reply_read(next.packet, next.len, &expected, entry, &rcode) == REPLY_ANSWER) {
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

/** The engine asks for an upstream: true when it can go on now. */
static bool
ask_upstream(struct brute *b, const struct ask *asked, struct outcome_of *out)
{
	uint32_t count, to;
	const struct snapshot_target *targets = ask_targets(b->snap, asked, &count);

	out->final.hash = name_hash(asked->name.wire);
	if (asked->rule == b->snap->root->rule_count - 1) {
		out->final.kind = BRUTE_PUBLIC;
		return false;
	}
	to = network_at(b, targets[0].ip);
	if (to == NETWORK_NONE) {
		out->final.kind = BRUTE_OPAQUE;
		out->final.rule = 0;	/* there is one such address */
		return false;
	}
	return take_reply(b, asked, to, out);
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
			if (has_links(&answer))
				write_reply(b, q, &answer, out);
			return;
		}
	}
	out->final.kind = BRUTE_FAILED;
	out->complete = true;
	answer_init(&answer);
	answer_fail(&answer, RCODE_SERVFAIL, EDE_NONE, NULL);
	write_reply(b, q, &answer, out);
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
		struct answer answer;

		answer_init(&answer);
		answer_fail(&answer, RCODE_SERVFAIL, EDE_NONE, NULL);
		out->complete = true;
		write_reply(b, &q, &answer, out);
		return;
	}
	b->pending[b->depth].network = network;
	b->pending[b->depth].type = type;
	b->pending[b->depth].name = *name;
	b->depth++;
	ask_rounds(b, network, &q, out);
	b->depth--;
}

struct brute_final
brute_ask(struct brute *b, uint32_t network, const struct name *name, uint16_t type)
{
	struct outcome_of out;

	ask(b, network, name, type, &out);
	return out.final;
}
