#include "lint/closure.h"

#include <string.h>

#include "lint/circles.h"

#define WALK_MOST 64	/* networks on one way; more is not believed in */

static enum status
index_address(struct table *table, const struct target *target, const struct network *network)
{
	const uint8_t *ip = target->addr.ip;

	if (table_find(table, ip, sizeof(target->addr.ip)))
		return OK;	/* the first who declares an address has it */
	return table_put(table, ip, sizeof(target->addr.ip), (void *)(uintptr_t)network);
}

/** Who answers at an address: endpoints before sites. */
static enum status
index_addresses(const struct estate *estate, struct table *table)
{
	enum status status = OK;

	/* an INBOUND_DELEGATION endpoint answers from zones and never forwards (3.1.7) */
	for (const struct resolver_endpoint *e = estate->endpoints; e; e = e->next)
		for (const struct target *t = e->ip_addresses; t && status == OK; t = t->next)
			if (e->direction == DIRECTION_INBOUND && e->vpc.object)
				status = index_address(table, t, e->vpc.object);
	for (const struct network *n = estate->networks; n; n = n->next)
		for (const struct target *t = n->servers; t && status == OK; t = t->next)
			status = index_address(table, t, n);
	return status;
}

static enum status
find_ways(struct closure *c, const struct resolver_rule *rule, const struct table *addresses)
{
	struct rule_ways *ways = &c->ways[rule->index];
	unsigned count = 0;

	for (const struct target *t = rule->targets; t; t = t->next)
		count++;
	ways->to = arena_array(c->arena, count, sizeof(*ways->to));
	if (count && !ways->to)
		return ERR_NOMEM;
	for (const struct target *t = rule->targets; t; t = t->next) {
		const struct network *network = table_find(addresses, t->addr.ip,
							   sizeof(t->addr.ip));

		ways->to[ways->count++] = (struct onward){
			.network = network ? network->index : NETWORK_NONE,
			.ip = t->addr.ip,
			.target = t,
		};
	}
	return OK;
}

static enum status
find_all_ways(struct closure *c)
{
	struct table addresses;
	enum status status;

	c->ways = arena_array(c->arena, c->estate->rule_count, sizeof(*c->ways));
	if (c->estate->rule_count && !c->ways)
		return ERR_NOMEM;
	table_init(&addresses, c->arena);
	status = index_addresses(c->estate, &addresses);
	for (const struct resolver_rule *r = c->estate->rules; r && status == OK; r = r->next)
		status = find_ways(c, r, &addresses);
	return status;
}

/* What makes networks one class. */
struct class_key {
	uint32_t view_at, dns_support;
	uint32_t delegates_at, delegate_count;	/* equal lists may lie in two places: no harm */
};

static enum status
find_classes(struct closure *c)
{
	size_t count = c->estate->network_count;
	struct class_key *keys = arena_array(c->arena, count, sizeof(*keys));
	struct table classes;

	c->class_of = arena_array(c->arena, count, sizeof(*c->class_of));
	c->member = arena_array(c->arena, count, sizeof(*c->member));
	if (count && (!keys || !c->class_of || !c->member))
		return ERR_NOMEM;
	table_init(&classes, c->arena);
	for (uint32_t n = 0; n < count; n++) {
		const struct snapshot_network *network = snapshot_network(c->snap, n);
		uint32_t *member;

		keys[n] = (struct class_key){ network->view_at, network->dns_support,
					      network->delegate_count ? network->delegates_at : 0,
					      network->delegate_count };
		member = table_find(&classes, &keys[n], sizeof(keys[n]));
		if (!member) {
			member = &c->member[c->class_count++];
			*member = n;
			if (table_put(&classes, &keys[n], sizeof(keys[n]), member) != OK)
				return ERR_NOMEM;
		}
		c->class_of[n] = (uint32_t)(member - c->member);
	}
	return OK;
}

/* A content of struct ends, without the gaps of its layout. */
struct ends_key {
	uint64_t word[3 + ENDS_MAX * 4];
};

static size_t
make_key(const struct ends *ends, struct ends_key *key)
{
	size_t count = 0;

	key->word[count++] = ends->via;
	key->word[count++] = (uint64_t)ends->hops << 8 | ends->more;
	for (unsigned i = 0; i < ends->asked_count; i++)
		key->word[count++] = 1ull << 40 | ends->asked[i];
	for (unsigned i = 0; i < ends->count; i++) {
		key->word[count++] = (uint64_t)ends->end[i].kind << 32 | ends->end[i].network;
		key->word[count++] = ends->end[i].number;
		key->word[count++] = (uint64_t)(uintptr_t)ends->end[i].ip;
	}
	return count * sizeof(key->word[0]);
}

/** The one with this content; NULL: no memory. */
static const struct ends *
intern_ends(struct closure *c, const struct ends *ends)
{
	struct ends_key key;
	size_t len = make_key(ends, &key);
	struct ends *kept = table_find(&c->ends, &key, len);
	void *kept_key;

	if (kept)
		return kept;
	kept = arena_copy(c->arena, ends, sizeof(*ends));
	kept_key = arena_copy(c->arena, &key, len);
	if (!kept || !kept_key || table_put(&c->ends, kept_key, len, kept) != OK)
		return NULL;
	return kept;
}

static uint32_t
marks_of(const struct ends *ends)
{
	uint32_t marks = ends->more ? ENDS_MORE : 0;

	for (unsigned i = 0; i < ends->count; i++)
		if (ends->end[i].kind != END_INTERNET && ends->end[i].kind != END_AUTODEFINED)
			return marks | ENDS_OTHER;
	return marks | (ends->count ? ENDS_PUBLIC : ENDS_OTHER);
}

const struct trie *
closure_leaf(struct closure *c, const struct trie_name *name, const struct ends *ends)
{
	const struct ends *kept = intern_ends(c, ends);

	return kept ? trie_leaf(c->tries, name, kept, marks_of(kept)) : NULL;
}

const uint8_t **
closure_names(const struct closure *c, uint32_t network, const uint8_t *name,
	      struct arena *arena, size_t *count)
{
	struct trie_key key;
	const struct trie *part;
	const uint8_t **names;

	trie_key_make(name, &key);
	part = trie_below(closure_table(c, network), &key);
	*count = part ? part->count : 0;
	names = part ? arena_array(arena, part->count, sizeof(*names)) : NULL;
	if (names)
		trie_names(part, names);
	return names;
}

enum status
closure_init(struct closure *c, const struct estate *estate, const struct snapshot *snap,
	     struct zone_tries *zones)
{
	enum status status;

	*c = (struct closure){ .estate = estate, .snap = snap, .arena = zones->store.arena,
			       .zones = zones, .tries = &zones->store };
	table_init(&c->missing, c->arena);
	table_init(&c->ends, c->arena);
	table_init(&c->carried, c->arena);
	status = find_all_ways(c);
	if (status == OK)
		status = find_classes(c);
	if (status == OK)
		status = circles_close(c);
	return status == OK && c->tries->nomem ? ERR_NOMEM : status;
}

/* One name on its way through the networks. */
struct following {
	const struct closure *closure;
	const struct name *name;
	struct suffixes suffixes;
	struct ends *out;
	uint32_t seen[WALK_MOST];
	bool open[WALK_MOST];		/* its own way is not at an end */
	unsigned seen_count;
};

static bool
end_is(const struct end *a, const struct end *b)
{
	if (a->kind != b->kind || a->network != b->network || a->number != b->number)
		return false;
	return a->kind != END_OPAQUE || memcmp(a->ip, b->ip, 16) == 0;
}

void
ends_add(struct ends *out, struct end end)
{
	for (unsigned i = 0; i < out->count; i++)
		if (end_is(&out->end[i], &end))
			return;
	if (out->count == ENDS_MAX)
		out->more = true;
	else
		out->end[out->count++] = end;
}

static void follow_rule(struct following *f, uint32_t network, uint32_t rule, unsigned depth);

/** A network asks: its own cut table decides. */
static void
follow_in(struct following *f, uint32_t network, unsigned depth)
{
	struct route route = route_select(f->closure->snap, network, f->name, &f->suffixes);
	struct end end = { .network = network };

	if (depth > f->out->hops)
		f->out->hops = (uint8_t)depth;
	if (route.kind == ROUTE_OFF) {
		end.kind = END_OFF;
	} else {
		switch ((enum cut_action)route.cut->action) {
		case CUT_ZONE:
			end.kind = END_ZONE;
			end.number = route.cut->target;
			break;
		case CUT_FORWARD:
			if (route.cut->origin_kind == ORIGIN_RULE) {
				follow_rule(f, network, route.cut->target, depth);
				return;
			}
			end.kind = END_INTERNET;
			break;
		case CUT_INTERNET:
			end.kind = END_INTERNET;
			break;
		case CUT_AUTODEFINED:
			end.kind = END_AUTODEFINED;
			end.number = route.cut->target;
			break;
		}
	}
	ends_add(f->out, end);
}

/** What stands for a network's class on the way; the first network is the same for all. */
static uint32_t
step_of(const struct following *f, uint32_t network)
{
	return network == f->seen[0] ? UINT32_MAX : f->closure->class_of[network];
}

/** Go on to a network; one whose ways are known adds nothing, one on the way is a circle. */
static void
follow_to(struct following *f, uint32_t from, uint32_t to, uint32_t rule, unsigned depth)
{
	unsigned at = 0;

	/* in any order */
	f->out->via += hash_mix(step_of(f, from), step_of(f, to));
	while (at < f->seen_count && f->seen[at] != to)
		at++;
	if (at < f->seen_count) {
		if (f->open[at])
			ends_add(f->out, (struct end){ .kind = END_LOOP, .network = from,
						      .number = rule });
		return;
	}
	if (f->seen_count == WALK_MOST) {
		f->out->more = true;
		return;
	}
	f->seen[at] = to;
	f->open[at] = true;
	f->seen_count++;
	if (f->out->asked_count < ENDS_MAX)
		f->out->asked[f->out->asked_count++] = to;
	follow_in(f, to, depth + 1);
	f->open[at] = false;
}

static void
follow_rule(struct following *f, uint32_t network, uint32_t rule, unsigned depth)
{
	const struct rule_ways *ways = &f->closure->ways[rule];

	for (unsigned i = 0; i < ways->count; i++) {
		const struct onward *to = &ways->to[i];

		if (to->network == NETWORK_NONE)
			ends_add(f->out, (struct end){ .kind = END_OPAQUE, .network = network,
						      .number = rule, .ip = to->ip });
		else
			follow_to(f, network, to->network, rule, depth);
	}
}

void
closure_ends(const struct closure *closure, uint32_t network, const struct name *name,
	     struct ends *out)
{
	struct following f;	/* large: only what is needed is set */

	f.closure = closure;
	f.name = name;
	f.out = out;
	f.seen[0] = network;
	f.open[0] = true;
	f.seen_count = 1;
	name_suffixes(name, &f.suffixes);
	out->count = out->hops = out->asked_count = 0;
	out->via = 0;
	out->more = false;
	follow_in(&f, network, 0);
}

bool
closure_same_zone(const struct closure *a, uint32_t x, const struct closure *b, uint32_t y)
{
	const struct snapshot_zone *one, *other;

	if (a->snap->zones[x] == b->snap->zones[y])
		return true;	/* equal zones are one block */
	if (a == b)
		return false;
	one = snapshot_zone(a->snap, x);
	other = snapshot_zone(b->snap, y);
	return digest_equal(one->source, other->source) &&
	       name_wire_equal(snapshot_name(a->snap, one->name_at),
			       snapshot_name(b->snap, other->name_at));
}

static bool
same_end(const struct closure *a, const struct end *x, const struct closure *b,
	 const struct end *y)
{
	if (x->kind != y->kind)
		return false;
	switch (x->kind) {
	case END_ZONE:
		return closure_same_zone(a, x->number, b, y->number);
	case END_OPAQUE:
		return memcmp(x->ip, y->ip, 16) == 0;
	case END_AUTODEFINED:
		return x->number == y->number;
	case END_INTERNET:
	case END_LOOP:
	case END_OFF:
		break;
	}
	return true;
}

static bool
ends_within(const struct closure *a, const struct ends *x, const struct closure *b,
	    const struct ends *y)
{
	for (unsigned i = 0; i < x->count; i++) {
		bool found = false;

		for (unsigned k = 0; k < y->count; k++)
			found |= same_end(a, &x->end[i], b, &y->end[k]);
		if (!found)
			return false;
	}
	return true;
}

bool
ends_equal(const struct closure *a, const struct ends *x, const struct closure *b,
	   const struct ends *y)
{
	return !x->more && !y->more && ends_within(a, x, b, y) && ends_within(b, y, a, x);
}
