#include "lint/carry.h"

#include <string.h>

#include "lint/circles.h"

#define HOPS_MOST 64	/* as closure_ends */
#define ASKED_MOST 16	/* networks of one rule that are told apart by themselves */

/* Whom a rule asks, each network once. */
struct asked {
	uint32_t rule;
	uint32_t networks[ASKED_MOST];
	unsigned count;
	bool many;		/* more than that */
	bool opaque;		/* and servers that nobody declared */
};

static struct asked
whom_asks(const struct closure *c, uint32_t rule)
{
	const struct rule_ways *ways = &c->ways[rule];
	struct asked asked = { .rule = rule };

	for (unsigned i = 0; i < ways->count; i++) {
		uint32_t network = ways->to[i].network;
		unsigned k = 0;

		while (k < asked.count && asked.networks[k] != network)
			k++;
		if (network == NETWORK_NONE)
			asked.opaque = true;
		else if (k == ASKED_MOST)
			asked.many = true;
		else if (k == asked.count)
			asked.networks[asked.count++] = network;
	}
	return asked;
}

static bool
was_asked(const struct ends *ends, uint32_t network)
{
	for (unsigned i = 0; i < ends->asked_count; i++)
		if (ends->asked[i] == network)
			return true;
	return false;
}

static void
note_asked(struct ends *out, uint32_t network)
{
	if (!was_asked(out, network) && out->asked_count < ENDS_MAX)
		out->asked[out->asked_count++] = network;
}

/** A network is asked, and in it this is where names end. */
static void
take_over(const struct closure *c, struct ends *out, uint32_t network, const struct ends *there)
{
	out->via += hash_mix(c->class_of[network] + 1, there->via);	/* in any order */
	if (was_asked(out, network))
		return;
	note_asked(out, network);
	for (unsigned i = 0; i < there->asked_count; i++)
		note_asked(out, there->asked[i]);
	if (there->hops >= HOPS_MOST)
		out->more = true;
	else if (there->hops >= out->hops)
		out->hops = (uint8_t)(there->hops + 1);
	out->more |= there->more;
	for (unsigned i = 0; i < there->count; i++) {
		struct end end = there->end[i];

		if (end.network == NETWORK_ASKING)
			end.network = network;
		ends_add(out, end);
	}
}

/* The one network that is asked. */
struct lifting {
	struct closure *closure;
	uint32_t network;
};

static bool
lift(void *context, const struct trie *leaf, const void **value, uint32_t *marks)
{
	const struct lifting *lifting = context;
	struct ends ends = { .count = 0 };
	const struct trie *made;

	take_over(lifting->closure, &ends, lifting->network, table_ends(leaf));
	made = closure_leaf(lifting->closure, leaf->leaf.name, &ends);
	if (!made)
		return false;
	*value = made->leaf.value;
	*marks = made->marks;
	return true;
}

/** What was made of the nodes of tables for those who ask this network. */
static struct table *
lifted_by(struct closure *c, uint32_t network)
{
	struct table *done;
	uint32_t *key;

	done = table_find(&c->carried, &network, sizeof(network));
	if (done)
		return done;
	done = arena_alloc(c->arena, sizeof(*done));
	key = arena_copy(c->arena, &network, sizeof(network));
	if (!done || !key || table_put(&c->carried, key, sizeof(*key), done) != OK)
		return NULL;
	table_init(done, c->arena);
	return done;
}

/** All that one network has at and below the domain, seen by those who ask it. */
static const struct trie *
carry_one(struct closure *c, uint32_t network, const struct trie_name *domain)
{
	const struct trie *table = closure_table(c, network), *parts[2];
	struct lifting lifting = { c, network };
	struct table *done = lifted_by(c, network);
	struct ends ends = { .count = 0 };
	struct trie_key key;

	trie_key_make(domain->wire, &key);
	take_over(c, &ends, network, table_ends(trie_cover(table, &key)));
	parts[0] = closure_leaf(c, domain, &ends);
	if (!parts[0] || !done)
		return NULL;
	parts[1] = trie_below(table, &key);
	if (!parts[1])
		return parts[0];
	parts[1] = trie_map(c->tries, parts[1], lift, &lifting, done);
	if (!parts[1] || trie_find(parts[1], &key))
		return parts[1];
	return trie_build(c->tries, parts, 2);
}

/** Is the network of this way that of an earlier one? */
static bool
is_second(const struct rule_ways *ways, unsigned at)
{
	for (unsigned i = 0; i < at; i++)
		if (ways->to[i].network == ways->to[at].network)
			return true;
	return false;
}

/** What all of them say of one name. */
static const struct trie *
ask_all(struct closure *c, const struct asked *asked, const struct trie_name *name)
{
	const struct rule_ways *ways = &c->ways[asked->rule];
	struct ends ends = { .count = 0 };
	struct trie_key key;

	trie_key_make(name->wire, &key);
	for (unsigned i = 0; i < ways->count; i++) {
		const struct onward *to = &ways->to[i];

		if (to->network == NETWORK_NONE)
			ends_add(&ends, (struct end){ .kind = END_OPAQUE, .ip = to->ip,
						      .network = NETWORK_ASKING,
						      .number = asked->rule });
		else if (!is_second(ways, i))
			take_over(c, &ends, to->network,
				  table_ends(trie_cover(closure_table(c, to->network), &key)));
	}
	return closure_leaf(c, name, &ends);
}

/** What those who are asked have at and below the domain: how many; out may be NULL. */
static size_t
names_of_all(const struct closure *c, const struct asked *asked, const struct trie_key *domain,
	     const uint8_t **out)
{
	const struct rule_ways *ways = &c->ways[asked->rule];
	size_t count = 0;

	for (unsigned i = 0; i < ways->count; i++) {
		const struct trie *part = NULL;

		if (ways->to[i].network != NETWORK_NONE)
			part = trie_below(closure_table(c, ways->to[i].network), domain);
		if (part && out)
			trie_names(part, out + count);
		count += part ? part->count : 0;
	}
	return count;
}

static const struct trie *
carry_all(struct closure *c, const struct asked *asked, const struct trie_name *domain)
{
	const uint8_t **names, **spare;
	const struct trie **leaves;
	struct trie_key key;
	size_t count;

	trie_key_make(domain->wire, &key);
	count = 1 + names_of_all(c, asked, &key, NULL);
	names = arena_array(c->arena, count, sizeof(*names));
	spare = arena_array(c->arena, count, sizeof(*spare));
	leaves = arena_array(c->arena, count, sizeof(*leaves));
	if (!names || !spare || !leaves)
		return NULL;
	names[0] = domain->wire;
	names_of_all(c, asked, &key, names + 1);
	count = names_sort(names, count, spare);
	for (size_t i = 0; i < count; i++) {
		leaves[i] = ask_all(c, asked, trie_name(c->tries, names[i]));
		if (!leaves[i])
			return NULL;
	}
	return trie_build(c->tries, leaves, count);
}

/* What a part of a table that was carried is known by. */
struct carried_key {
	const struct trie_name *domain;
	uint32_t rule;			/* UINT32_MAX: any that asks the same networks */
	uint32_t count;
	uint32_t networks[ASKED_MOST];
};

/** The names at and below the domain, for all who forward it so. */
static const struct trie *
carry(struct closure *c, const struct cut *cut, const struct trie_name *domain)
{
	struct carried_key key = { .domain = domain }, *kept;
	struct asked asked = whom_asks(c, cut->target);
	const struct trie *made;

	key.rule = asked.opaque || asked.many ? asked.rule : UINT32_MAX;
	key.count = asked.count;
	memcpy(key.networks, asked.networks, sizeof(key.networks));
	made = table_find(&c->carried, &key, sizeof(key));
	if (made)
		return made;
	made = asked.count == 1 && !asked.opaque ? carry_one(c, asked.networks[0], domain)
						 : carry_all(c, &asked, domain);
	kept = arena_copy(c->arena, &key, sizeof(key));
	if (!made || !kept ||
	    table_put(&c->carried, kept, sizeof(key), (void *)(uintptr_t)made) != OK)
		return NULL;
	return made;
}

/** What the class says of a cut's names by itself. */
static const struct trie *
own_leaf(struct closure *c, const struct cut *cut, const struct trie_name *name)
{
	struct ends ends = { .count = 1, .end = { { .network = NETWORK_ASKING } } };
	struct end *end = &ends.end[0];

	switch ((enum cut_action)cut->action) {
	case CUT_ZONE:
		end->kind = END_ZONE;
		end->number = cut->target;
		break;
	case CUT_AUTODEFINED:
		end->kind = END_AUTODEFINED;
		end->number = cut->target;
		break;
	case CUT_FORWARD:
	case CUT_INTERNET:
		end->kind = END_INTERNET;
		break;
	}
	return closure_leaf(c, name, &ends);
}

/* The pieces of one table, made in the order of its cuts. */
struct making {
	struct closure *closure;
	const struct view *view;
	uint32_t at;			/* the next cut */
	struct trie_piece *pieces;	/* of the cuts that the present ones cover */
	size_t count;
};

static const struct trie_name *
next_name(const struct making *m, const struct cut *cut)
{
	return trie_name(m->closure->tries, snapshot_name(m->closure->snap, cut->name_at));
}

/** The next cut's piece, with those of all cuts below it. */
static const struct trie *
make_piece(struct making *m)
{
	struct closure *c = m->closure;
	const struct block *root = &c->snap->root->block;
	const struct cut *cut = view_cut(root, m->view, m->at++);
	const struct trie_name *name = next_name(m, cut);
	size_t first = m->count;
	const struct trie *made;

	if (!name)
		return NULL;
	made = cut->action == CUT_FORWARD && cut->origin_kind == ORIGIN_RULE
		       ? carry(c, cut, name) : own_leaf(c, cut, name);
	while (made && m->at < m->view->cut_count) {
		struct trie_piece piece = {
			.name = next_name(m, view_cut(root, m->view, m->at)),
		};

		if (!piece.name)
			return NULL;
		if (!name_wire_covers(name->wire, piece.name->wire))
			break;
		piece.trie = make_piece(m);
		if (!piece.trie)
			return NULL;
		m->pieces[m->count++] = piece;
	}
	made = made ? trie_overlay(c->tries, made, m->pieces + first, m->count - first) : NULL;
	m->count = first;
	return made;
}

const struct trie *
carry_table(struct closure *c, uint32_t class, struct trie_piece *room)
{
	uint32_t member = c->member[class];
	struct making making = { .closure = c, .view = snapshot_view(c->snap, member),
				 .pieces = room };
	static const uint8_t root[1];

	if (!snapshot_network(c->snap, member)->dns_support)
		return closure_leaf(c, trie_name(c->tries, root),
				    &(struct ends){ .count = 1, .end = { {
					    .kind = END_OFF, .network = NETWORK_ASKING } } });
	return make_piece(&making);
}
