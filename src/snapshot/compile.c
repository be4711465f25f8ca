#include "snapshot/compile.h"

#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "snapshot/compile_parts.h"
#include "snapshot/zone_make.h"

/* What equal blocks agree in; on a match the octets decide. */
struct block_key {
	struct digest source;
	uint64_t checksum, size;
};

struct compile {
	const struct estate *estate;
	const struct snapshot *previous;
	bool spends;			/* the estate's pools of records */
	struct diags *diags;
	struct arena scratch;
	struct zone_maker maker;
	struct table previous_blocks;	/* block_key -> held block of the previous snapshot */
	struct table previous_zones;	/* source, name, id -> the same */
	struct table blocks;		/* block_key -> where in `made.held` */
	struct zone_blocks made;
};

static struct block_key
key_of(const struct held_block *held)
{
	const struct block *block = block_of(held);

	return (struct block_key){ block->source, block->checksum, block->size };
}

static bool
same_octets(const struct held_block *a, const struct held_block *b)
{
	return a == b || memcmp(block_of(a), block_of(b), block_of(a)->size) == 0;
}

static enum status
put_block(struct compile *c, struct table *table, struct held_block *held, void *value)
{
	struct block_key key = key_of(held);
	const void *kept = arena_copy(&c->scratch, &key, sizeof(key));

	return kept ? table_put(table, kept, sizeof(key), value) : ERR_NOMEM;
}

/** Source, name and, unless NULL, the id; NULL: out of memory. */
static const void *
source_key(struct compile *c, struct digest source, const uint8_t *name, const char *id,
	   size_t *len)
{
	size_t name_len = name_wire_len(name), id_len = id ? strlen(id) : 0;
	uint8_t *key = arena_alloc(&c->scratch, sizeof(source) + name_len + id_len);

	if (!key)
		return NULL;
	memcpy(key, &source, sizeof(source));
	memcpy(key + sizeof(source), name, name_len);
	if (id)
		memcpy(key + sizeof(source) + name_len, id, id_len);
	*len = sizeof(source) + name_len + id_len;
	return key;
}

/* Of zones that would do, the first is taken. */
static enum status
note_source(struct compile *c, uint32_t number, const struct snapshot_zone *zone,
	    const char *id)
{
	size_t len;
	const void *key = source_key(c, c->previous->sources[number],
				     snapshot_name(c->previous, zone->name_at), id, &len);

	if (!key)
		return ERR_NOMEM;
	if (table_find(&c->previous_zones, key, len))
		return OK;
	return table_put(&c->previous_zones, key, len, c->previous->held[zone->block]);
}

static enum status
note_previous(struct compile *c)
{
	const struct snapshot *previous = c->previous;
	enum status status = OK;

	for (uint32_t i = 0; previous && i < previous->held_count && !status; i++)
		status = put_block(c, &c->previous_blocks, previous->held[i],
				   previous->held[i]);
	for (uint32_t i = 0; previous && i < previous->root->zone_count && !status; i++) {
		const struct snapshot_zone *zone = snapshot_zone(previous, i);

		status = note_source(c, i, zone, NULL);
		if (!status)
			status = note_source(c, i, zone, snapshot_string(previous, zone->id_at));
	}
	return status;
}

static enum status
find_source(struct compile *c, const struct hosted_zone *zone, const char *id,
	    struct held_block **out)
{
	size_t len;
	const void *key = source_key(c, zone->source, zone->name, id, &len);

	if (!key)
		return ERR_NOMEM;
	*out = table_find(&c->previous_zones, key, len);
	return OK;
}

/**
 * The previous block of a zone whose data were not read.  Its own comes first: an alias
 * says whether its target is in the same zone, so that with it blocks of one source may
 * differ by the zone's id.
 */
static enum status
find_unread(struct compile *c, const struct hosted_zone *zone, struct held_block **out)
{
	struct held_block *held;
	enum status status;

	status = find_source(c, zone, zone->id, &held);
	if (!status && !held)
		status = find_source(c, zone, NULL, &held);
	if (status)
		return status;
	if (held) {
		*out = block_ref(held);
		return OK;
	}
	diag_report(c->diags, SEVERITY_ERROR, "not-held", zone->at,
		    "internal error: zone \"%s\" was not read, and no compiled form of it is "
		    "held", zone->id);
	return ERR_REJECTED;
}

/** The zone's block: a new one only where neither snapshot has it. */
static enum status
make_block(struct compile *c, const struct hosted_zone *zone, struct held_block **out)
{
	struct held_block *same;
	struct block_key key;
	enum status status;

	if (zone->unread)
		return find_unread(c, zone, out);
	status = zone_make(&c->maker, zone, out);
	if (status)
		return status;
	key = key_of(*out);
	same = table_find(&c->previous_blocks, &key, sizeof(key));
	if (same && same_octets(same, *out)) {
		block_unref(*out);
		*out = block_ref(same);
	}
	return OK;
}

/** The zone's owners are names of `held`, which is to go: they are in its equal, too. */
static void
move_owners(const struct hosted_zone *zone, const struct held_block *held,
	    const struct held_block *same)
{
	const uint8_t *from = (const uint8_t *)block_of(held);
	const uint8_t *to = (const uint8_t *)block_of(same);

	for (struct record_set *set = zone->sets; set; set = set->next)
		set->owner = to + (set->owner - from);
}

/** Enter the block, whose reference is taken over, or find its equal among those entered. */
static enum status
enter_block(struct compile *c, const struct hosted_zone *zone, struct held_block *held,
	    uint32_t *number)
{
	struct block_key key = key_of(held);
	struct held_block **same = table_find(&c->blocks, &key, sizeof(key));

	if (same && same_octets(*same, held)) {
		if (c->spends)
			move_owners(zone, held, *same);
		block_unref(held);
		*number = (uint32_t)(same - c->made.held);
		return OK;
	}
	*number = c->made.count++;
	c->made.held[*number] = held;
	return put_block(c, &c->blocks, held, &c->made.held[*number]);
}

/* A zone's block made on some thread, until it is entered. */
struct making {
	const struct hosted_zone *zone;
	struct held_block *held;
	struct diags diags;
	enum status status;
};

/* What one thread has for itself. */
struct hand {
	struct making *makings;		/* of the window */
	struct zone_maker maker;
	struct arena found;		/* memory of findings */
	size_t limit;			/* of them */
};

static void
make_for_window(void *worker, size_t item)
{
	struct hand *hand = worker;
	struct making *making = &hand->makings[item];

	diags_init(&making->diags, &hand->found, hand->limit);
	hand->maker.diags = &making->diags;
	making->status = zone_make(&hand->maker, making->zone, &making->held);
}

/** Enter what was made, in the order of the zones; `number`: of the first. */
static enum status
enter_window(struct compile *c, struct making *makings, size_t count, size_t number)
{
	enum status result = OK, status = OK;

	for (size_t i = 0; i < count; i++) {
		struct making *making = &makings[i];

		diags_join(c->diags, &making->diags);
		if (!status && making->status != ERR_REJECTED)
			status = making->status;
		if (making->status == ERR_REJECTED)
			result = ERR_REJECTED;
		else if (status)
			block_unref(making->held);
		else
			status = enter_block(c, making->zone, making->held,
					     &c->made.numbers[number + i]);
		if (c->spends && making->zone->pool && --making->zone->pool->zones == 0)
			arena_fini(&making->zone->pool->arena);
	}
	return status ? status : result;
}

/** All zones, even after one was rejected: one run shows every mistake. */
static enum status
make_windows(struct compile *c, struct hand *hands, unsigned threads, struct making *makings)
{
	const struct hosted_zone *z = c->estate->zones;
	enum status result = OK;
	size_t number = 0, count;

	for (; z; number += count) {
		enum status status;

		for (count = 0; z && count < PARALLEL_WINDOW; z = z->next)
			makings[count++] = (struct making){ .zone = z };
		parallel_run(make_for_window, hands, sizeof(*hands), threads, 0, count);
		status = enter_window(c, makings, count, number);
		if (status && status != ERR_REJECTED)
			return status;
		if (status)
			result = status;
	}
	return result;
}

/** Without a previous snapshot no zone's block depends on anything but the zone. */
static enum status
make_on_threads(struct compile *c, unsigned threads)
{
	struct making *makings = calloc(PARALLEL_WINDOW, sizeof(*makings));
	struct hand *hands = calloc(threads, sizeof(*hands));
	enum status status = ERR_NOMEM;

	for (unsigned i = 0; hands && i < threads; i++) {
		hands[i].makings = makings;
		hands[i].limit = c->diags->limit;
		arena_init(&hands[i].found, SIZE_MAX);
		zone_maker_init(&hands[i].maker, c->diags);
		hands[i].maker.spends = c->spends;
	}
	if (makings && hands)
		status = make_windows(c, hands, threads, makings);
	for (unsigned i = 0; hands && i < threads; i++) {
		zone_maker_fini(&hands[i].maker);
		arena_join(c->diags->arena, &hands[i].found);
	}
	free(makings);
	free(hands);
	return status;
}

/** All zones, even after one was rejected: one run shows every mistake. */
static enum status
make_one_by_one(struct compile *c)
{
	enum status result = OK;
	size_t i = 0;

	for (const struct hosted_zone *z = c->estate->zones; z; z = z->next, i++) {
		struct held_block *held;
		enum status status = make_block(c, z, &held);

		if (!status)
			status = enter_block(c, z, held, &c->made.numbers[i]);
		if (status && status != ERR_REJECTED)
			return status;
		if (status)
			result = status;
	}
	return result;
}

static enum status
make_blocks(struct compile *c)
{
	size_t count = c->estate->zone_count;

	c->made.held = arena_array(&c->scratch, count, sizeof(*c->made.held));
	c->made.numbers = arena_array(&c->scratch, count, sizeof(*c->made.numbers));
	if (!c->made.held || !c->made.numbers)
		return ERR_NOMEM;
	if (c->spends || (c->estate->threads > 1 && !c->previous && count > 1))
		return make_on_threads(c, c->estate->threads ? c->estate->threads : 1);
	return make_one_by_one(c);
}

static enum status
make_snapshot(struct compile *c, struct snapshot **out)
{
	struct held_block *root;
	struct snapshot *snap;
	enum status status;

	status = note_previous(c);
	if (!status)
		status = make_blocks(c);
	if (!status)
		status = compile_root(c->estate, &c->made, &root);
	if (status) {
		for (uint32_t i = 0; i < c->made.count; i++)
			block_unref(c->made.held[i]);
		return status;
	}
	snap = snapshot_new(root, c->made.held);
	if (!snap)
		return ERR_NOMEM;
	for (const struct hosted_zone *z = c->estate->zones; z; z = z->next)
		snap->sources[z->index] = z->source;
	*out = snap;
	return OK;
}

static enum status
compile_all(struct compile *c, struct snapshot **out)
{
	const struct estate *estate = c->estate;
	struct diags *diags = c->diags;
	enum status status;

	arena_init(&c->scratch, SIZE_MAX);
	table_init(&c->previous_blocks, &c->scratch);
	table_init(&c->previous_zones, &c->scratch);
	table_init(&c->blocks, &c->scratch);
	zone_maker_init(&c->maker, diags);
	status = make_snapshot(c, out);
	zone_maker_fini(&c->maker);
	arena_fini(&c->scratch);
	if (status == ERR_LIMIT) {
		diag_report(diags, SEVERITY_ERROR, "estate-too-large", estate->settings.at,
			    "the networks, cut tables and rules together take more than the "
			    "%llu octets of a block", (unsigned long long)BLOCK_MAX_OCTETS);
		status = ERR_REJECTED;
	}
	return status;
}

enum status
compile_estate(const struct estate *estate, const struct snapshot *previous,
	       struct diags *diags, struct snapshot **out)
{
	struct compile c = { .estate = estate, .previous = previous, .diags = diags };

	return compile_all(&c, out);
}

enum status
compile_spending(struct estate *estate, struct diags *diags, struct snapshot **out)
{
	struct compile c = { .estate = estate, .diags = diags, .spends = true };

	return compile_all(&c, out);
}
