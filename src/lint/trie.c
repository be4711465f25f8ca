#include "lint/trie.h"

#include <string.h>

#include "base/hash.h"

#define LEAST_SLOTS 1024

void
trie_store_init(struct trie_store *store, struct arena *arena)
{
	*store = (struct trie_store){ .arena = arena };
	table_init(&store->names, arena);
}

/** A label's octets; 0 would end it, so it and 1 are two each, in the same order. */
static size_t
put_label(const uint8_t *label, uint8_t *out)
{
	size_t len = 0;

	for (unsigned i = 1; i <= label[0]; i++) {
		if (label[i] <= 1)
			out[len++] = 1;
		out[len++] = (uint8_t)(label[i] <= 1 ? label[i] + 1 : label[i]);
	}
	out[len++] = 0;
	return len;
}

void
trie_key_make(const uint8_t *wire, struct trie_key *out)
{
	const uint8_t *labels[NAME_MAX_LABELS];
	unsigned count = 0;
	size_t len = 0;

	for (; *wire; wire += 1 + *wire)
		labels[count++] = wire;
	while (count)
		len += put_label(labels[--count], out->octets + len);
	out->octets[len++] = 0;
	out->len = (uint16_t)len;
}

const struct trie_name *
trie_name(struct trie_store *store, const uint8_t *wire)
{
	size_t len = name_wire_len(wire);
	struct trie_name *name = table_find(&store->names, wire, len);
	struct trie_key key;

	if (name)
		return name;
	trie_key_make(wire, &key);
	name = arena_alloc(store->arena, sizeof(*name) + key.len);
	if (!name || table_put(&store->names, wire, len, name) != OK) {
		store->nomem = true;
		return NULL;
	}
	name->wire = wire;
	name->len = key.len;
	memcpy(name->key, key.octets, key.len);
	return name;
}

static unsigned
bit_of(const uint8_t *key, size_t len, uint32_t bit)
{
	return bit / 8 < len ? (unsigned)key[bit / 8] >> (7 - bit % 8) & 1u : 0;
}

/** The first bit at which the keys differ, of the first `most`; else `most`. */
static uint32_t
first_apart(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len, uint32_t most)
{
	size_t len = a_len < b_len ? a_len : b_len;
	uint32_t bit = (uint32_t)len * 8;

	for (size_t i = 0; i < len; i++) {
		if (a[i] != b[i]) {
			unsigned apart = (unsigned)a[i] ^ b[i];

			bit = (uint32_t)i * 8 + (uint32_t)__builtin_clz(apart) - 24;
			break;
		}
	}
	return bit < most ? bit : most;
}

static uint32_t
tries_apart(const struct trie *a, const struct trie *b, uint32_t most)
{
	const struct trie_name *x = a->first->leaf.name, *y = b->first->leaf.name;

	return first_apart(x->key, x->len, y->key, y->len, most);
}

static unsigned
side_of(const struct trie *trie, uint32_t bit)
{
	const struct trie_name *name = trie->first->leaf.name;

	return bit_of(name->key, name->len, bit);
}

static uint64_t
node_hash(const struct trie *node)
{
	uint64_t hash = hash_mix(node->bit, (uint64_t)(uintptr_t)node->side[0]);

	return hash_mix(hash, (uint64_t)(uintptr_t)node->side[1]);
}

static bool
grow(struct trie_store *store)
{
	size_t count = store->slot_count ? 2 * store->slot_count : LEAST_SLOTS;
	const struct trie **slots = arena_array(store->arena, count, sizeof(*slots));

	if (!slots)
		return false;
	for (size_t i = 0; i < store->slot_count; i++) {
		size_t at;

		if (!store->slots[i])
			continue;
		at = node_hash(store->slots[i]) & (count - 1);
		while (slots[at])
			at = (at + 1) & (count - 1);
		slots[at] = store->slots[i];
	}
	store->slots = slots;
	store->slot_count = count;
	return true;
}

/** The node with this content: a leaf's name and value lie where a fork has its sides. */
static const struct trie *
intern(struct trie_store *store, const struct trie *node)
{
	struct trie *kept;
	size_t at;

	if (store->used * 4 >= store->slot_count * 3 && !grow(store)) {
		store->nomem = true;
		return NULL;
	}
	at = node_hash(node) & (store->slot_count - 1);
	for (; store->slots[at]; at = (at + 1) & (store->slot_count - 1))
		if (store->slots[at]->bit == node->bit &&
		    store->slots[at]->side[0] == node->side[0] &&
		    store->slots[at]->side[1] == node->side[1])
			return store->slots[at];
	kept = arena_copy(store->arena, node, sizeof(*node));
	if (!kept) {
		store->nomem = true;
		return NULL;
	}
	if (!kept->first)
		kept->first = kept;
	store->slots[at] = kept;
	store->used++;
	return kept;
}

const struct trie *
trie_leaf(struct trie_store *store, const struct trie_name *name, const void *value,
	  uint32_t marks)
{
	struct trie leaf = { .bit = TRIE_LEAF, .count = 1, .marks = marks };

	leaf.leaf.name = name;
	leaf.leaf.value = value;
	return name ? intern(store, &leaf) : NULL;
}

static const struct trie *
make_fork(struct trie_store *store, uint32_t bit, const struct trie *low, const struct trie *high)
{
	struct trie fork = { .bit = bit };

	if (!low || !high)
		return low ? low : high;
	fork.count = low->count + high->count;
	fork.marks = low->marks | high->marks;
	fork.side[0] = low;
	fork.side[1] = high;
	fork.first = low->first;
	return intern(store, &fork);
}

/** The number of parts, of `count` in order that agree before the bit, that have it clear. */
static size_t
count_low(const struct trie **parts, size_t count, uint32_t bit)
{
	size_t low = 0;

	while (low < count) {
		size_t middle = low + (count - low) / 2;

		if (side_of(parts[middle], bit))
			count = middle;
		else
			low = middle + 1;
	}
	return low;
}

const struct trie *
trie_build(struct trie_store *store, const struct trie **parts, size_t count)
{
	uint32_t bit;
	size_t low;

	if (count < 2)
		return count ? parts[0] : NULL;
	bit = tries_apart(parts[0], parts[count - 1], TRIE_LEAF);
	low = count_low(parts, count, bit);
	return make_fork(store, bit, trie_build(store, parts, low),
			 trie_build(store, parts + low, count - low));
}

/** Without the last octet: what the keys of all names at and below begin with. */
static uint32_t
prefix_bits(const struct trie_name *name)
{
	return (uint32_t)(name->len - 1) * 8;
}

static uint32_t
pieces_apart(const struct trie_piece *a, const struct trie_piece *b, uint32_t most)
{
	return first_apart(a->name->key, a->name->len, b->name->key, b->name->len, most);
}

/** At which bit the pieces, or they and the trie, part first. */
static uint32_t
overlay_bit(const struct trie *trie, const struct trie_piece *pieces, size_t count)
{
	const struct trie_name *first = pieces[0].name;
	uint32_t bit = count > 1 ? pieces_apart(&pieces[0], &pieces[count - 1], TRIE_LEAF)
				 : prefix_bits(first);

	if (!trie)
		return bit;
	bit = first_apart(trie->first->leaf.name->key, trie->first->leaf.name->len, first->key,
			  first->len, bit);
	return trie->bit < bit ? trie->bit : bit;
}

const struct trie *
trie_overlay(struct trie_store *store, const struct trie *trie, const struct trie_piece *pieces,
	     size_t count)
{
	const struct trie *low = NULL, *high = NULL;
	size_t split = 0;
	uint32_t bit;

	if (!count)
		return trie;
	bit = overlay_bit(trie, pieces, count);
	if (count == 1 && (!trie || bit >= prefix_bits(pieces[0].name)))
		return pieces[0].trie;
	if (trie && trie->bit == bit) {
		low = trie->side[0];
		high = trie->side[1];
	} else if (trie) {
		*(side_of(trie, bit) ? &high : &low) = trie;
	}
	while (split < count && !bit_of(pieces[split].name->key, pieces[split].name->len, bit))
		split++;
	return make_fork(store, bit, trie_overlay(store, low, pieces, split),
			 trie_overlay(store, high, pieces + split, count - split));
}

/** The part that may have the key's first `bits`: whether it has them is not looked at. */
static const struct trie *
descend(const struct trie *trie, const uint8_t *key, uint32_t bits)
{
	while (trie && trie->bit < bits)
		trie = trie->side[bit_of(key, bits / 8, trie->bit)];
	return trie;
}

static const struct trie *
find_prefix(const struct trie *trie, const uint8_t *key, size_t len)
{
	const struct trie *part = descend(trie, key, (uint32_t)len * 8);
	const struct trie_name *name = part ? part->first->leaf.name : NULL;

	return name && name->len >= len && memcmp(name->key, key, len) == 0 ? part : NULL;
}

const struct trie *
trie_below(const struct trie *trie, const struct trie_key *key)
{
	return find_prefix(trie, key->octets, key->len - 1u);
}

const struct trie *
trie_find(const struct trie *trie, const struct trie_key *key)
{
	return find_prefix(trie, key->octets, key->len);
}

const struct trie *
trie_cover(const struct trie *trie, const struct trie_key *key)
{
	struct trie_key above = *key;
	const struct trie *leaf;

	while (!(leaf = trie_find(trie, &above))) {
		size_t len = above.len - 1u;	/* of the labels */

		if (len == 0)
			return NULL;
		for (len--; len && above.octets[len - 1];)
			len--;
		above.octets[len] = 0;
		above.len = (uint16_t)(len + 1);
	}
	return leaf;
}

void
trie_names(const struct trie *trie, const uint8_t **out)
{
	for (; trie->bit != TRIE_LEAF; trie = trie->side[1]) {
		trie_names(trie->side[0], out);
		out += trie->side[0]->count;
	}
	*out = trie->leaf.name->wire;
}

static const struct trie *
map_leaf(struct trie_store *store, const struct trie *leaf, trie_map_fn map, void *context)
{
	uint32_t marks = leaf->marks;
	const void *value;

	if (!map(context, leaf, &value, &marks)) {
		store->nomem = true;
		return NULL;
	}
	return trie_leaf(store, leaf->leaf.name, value, marks);
}

const struct trie *
trie_map(struct trie_store *store, const struct trie *trie, trie_map_fn map, void *context,
	 struct table *done)
{
	const struct trie *made = table_find(done, &trie, sizeof(trie));
	const struct trie **key;

	if (made)
		return made;
	if (trie->bit == TRIE_LEAF)
		made = map_leaf(store, trie, map, context);
	else
		made = make_fork(store, trie->bit,
				 trie_map(store, trie->side[0], map, context, done),
				 trie_map(store, trie->side[1], map, context, done));
	key = arena_copy(store->arena, &trie, sizeof(trie));
	if (!made || !key ||
	    table_put(done, key, sizeof(trie), (void *)(uintptr_t)made) != OK) {
		store->nomem = true;
		return NULL;
	}
	return made;
}

/** What the trie has on either side of a bit that all its names share, or that parts it. */
static void
split(const struct trie *trie, uint32_t bit, const struct trie **sides)
{
	if (trie->bit == bit)
		memcpy(sides, trie->side, sizeof(trie->side));
	else
		sides[side_of(trie, bit)] = trie;
}

void
trie_walk_both(const struct trie_walk *walk, const struct trie *a, const struct trie *b)
{
	const struct trie *of_a[2] = { NULL, NULL }, *of_b[2] = { NULL, NULL };
	uint32_t bit;

	if (!a || !b) {
		if (a || b)
			walk->alone(walk->context, a ? a : b, a != NULL);
		return;
	}
	if (walk->skip(walk->context, a, b))
		return;
	bit = tries_apart(a, b, a->bit < b->bit ? a->bit : b->bit);
	if (a->bit == TRIE_LEAF && b->bit == TRIE_LEAF && bit == a->leaf.name->len * 8u) {
		walk->meet(walk->context, a, b);
		return;
	}
	split(a, bit, of_a);
	split(b, bit, of_b);
	trie_walk_both(walk, of_a[0], of_b[0]);
	trie_walk_both(walk, of_a[1], of_b[1]);
}
