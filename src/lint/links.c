#include "lint/closure.h"

#include <string.h>

#include "dns/codes.h"

/** The name that a set leads to, in lower case; NULL: nowhere, or no memory (then *nomem). */
static const uint8_t *
link_target(const struct closure *c, const struct zone *zone, const struct zone_set *set,
	    bool *nomem)
{
	const struct zone_alias *alias = zone_set_alias(zone, set);
	const uint8_t *target, *lower;
	struct name name;

	if (!alias && set->type != TYPE_CNAME && set->type != TYPE_DNAME)
		return NULL;
	target = alias ? block_at(&zone->block, alias->name_at)
		       : zone_rrset(set, NULL).wire + RRSET_FIXED_OCTETS;
	name_lower(target, &name);
	if (memcmp(target, name.wire, name.len) == 0)
		return target;
	lower = name_store(c->arena, &name);
	*nomem |= !lower;
	return lower;
}

/** Visit the links of a zone; with links NULL they are only counted. */
static size_t
zone_links(const struct closure *c, uint32_t number, struct link *links, bool *nomem)
{
	const struct zone *zone = c->snap->zones[number];
	size_t count = 0;

	for (uint32_t i = 0; i < zone->node_count; i++) {
		const struct zone_node *node = zone_node_number(zone, i);
		const struct zone_set_ref *refs = zone_node_refs(node);

		for (unsigned k = 0; k < node->set_count; k++) {
			const struct zone_set *set = zone_set_at(zone, refs[k].set_at);

			if (refs[k].members != 1)
				continue;	/* the groups are compared as they are */
			if (!set->alias_at && set->type != TYPE_CNAME &&
			    set->type != TYPE_DNAME)
				continue;
			if (links)
				links[count] = (struct link){
					.target = link_target(c, zone, set, nomem),
					.owner = zone_node_name(node),
					.zone = number,
					.dname = set->type == TYPE_DNAME,
				};
			count++;
		}
	}
	return count;
}

static void
links_sort(struct link *links, size_t count, struct link *room)
{
	size_t half = count / 2, i = 0, j = half;

	if (count < 2)
		return;
	links_sort(links, half, room);
	links_sort(links + half, count - half, room);
	if (name_wire_compare(links[half - 1].target, links[half].target) <= 0)
		return;
	for (size_t k = 0; k < count; k++) {
		bool left = j == count ||
			    (i < half && name_wire_compare(links[i].target,
							   links[j].target) <= 0);

		room[k] = left ? links[i++] : links[j++];
	}
	memcpy(links, room, count * sizeof(*links));
}

/** Each block once: zones with the same have the same links. */
static size_t
all_links(const struct closure *c, bool *done, struct link *links, bool *nomem)
{
	size_t count = 0;

	memset(done, 0, c->snap->root->block_count * sizeof(*done));
	for (uint32_t z = 0; z < c->estate->zone_count; z++) {
		bool *seen = &done[snapshot_zone(c->snap, z)->block];

		if (!*seen)
			count += zone_links(c, z, links ? links + count : NULL, nomem);
		*seen = true;
	}
	return count;
}

/** zone_links has the blocks in the order in which the zones first show them. */
static bool
index_blocks(struct closure *c)
{
	size_t blocks = c->snap->root->block_count;

	c->block_links = arena_array(c->arena, 2 * blocks, sizeof(*c->block_links));
	for (size_t i = 0; c->block_links && i < c->link_count; i++) {
		size_t *range = &c->block_links[2 * snapshot_zone(c->snap, c->zone_links[i].zone)
							->block];

		if (range[1] == 0)
			range[0] = i;
		range[1] = i + 1;
	}
	return c->block_links || !blocks;
}

const struct link *
closure_links_of(struct closure *c, uint32_t zone, size_t *count)
{
	const size_t *range;

	if (!closure_links(c, count))
		return NULL;
	range = &c->block_links[2 * snapshot_zone(c->snap, zone)->block];
	*count = range[1] - range[0];
	return c->zone_links + range[0];
}

static bool
find_targets(struct closure *c)
{
	c->targets = arena_array(c->arena, c->link_count, sizeof(*c->targets));
	for (size_t i = 0; c->targets && i < c->link_count; i++)
		if (!c->target_count || !name_wire_equal(c->targets[c->target_count - 1],
							 c->links[i].target))
			c->targets[c->target_count++] = c->links[i].target;
	return c->targets || !c->link_count;
}

const struct link *
closure_links(struct closure *c, size_t *count)
{
	struct link *room;
	bool nomem = false, *done;

	*count = c->link_count;
	if (c->links_known)
		return c->links;
	done = arena_array(c->arena, (size_t)c->snap->root->block_count + 1, sizeof(*done));
	if (!done)
		return NULL;
	c->links_known = true;
	*count = all_links(c, done, NULL, &nomem);
	c->links = arena_array(c->arena, *count + 1, sizeof(*c->links));
	room = arena_array(c->arena, *count + 1, sizeof(*room));
	if (!c->links || !room)
		return NULL;
	all_links(c, done, c->links, &nomem);
	c->zone_links = arena_copy(c->arena, c->links, *count * sizeof(*c->links));
	if (nomem || !c->zone_links)
		return c->links = NULL;
	c->link_count = *count;
	for (size_t i = 0; i < *count; i++)
		c->dname_count += c->links[i].dname;
	links_sort(c->links, *count, room);
	return find_targets(c) && index_blocks(c) ? c->links : (c->links = NULL);
}

const struct link *
closure_zone_links(struct closure *c, size_t *count)
{
	return closure_links(c, count) ? c->zone_links : NULL;
}

/** The number of the first target that is not before this name. */
static size_t
first_target(const struct closure *c, const uint8_t *name)
{
	size_t low = 0, high = c->target_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (name_wire_compare(c->targets[middle], name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct targets *
closure_missing(struct closure *c, const struct zone *zone)
{
	struct targets *missing = table_find(&c->missing, &zone, sizeof(zone));
	size_t links, first, end;
	const struct zone **key;

	if (missing)
		return missing;
	if (!closure_links(c, &links))
		return NULL;
	first = end = first_target(c, zone_name(zone));
	while (end < c->target_count && name_wire_covers(zone_name(zone), c->targets[end]))
		end++;
	missing = arena_alloc(c->arena, sizeof(*missing));
	key = arena_copy(c->arena, &zone, sizeof(zone));
	if (!missing || !key || table_put(&c->missing, key, sizeof(zone), missing) != OK)
		return NULL;
	missing->names = arena_array(c->arena, end - first + 1, sizeof(*missing->names));
	for (; missing->names && first < end; first++) {
		const uint8_t *name = c->targets[first];

		if (!zone_find(zone, name, name_wire_len(name), name_hash(name)))
			missing->names[missing->count++] = name;
	}
	return missing->names ? missing : NULL;
}

size_t
links_first(const struct link *links, size_t count, const uint8_t *name)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (name_wire_compare(links[middle].target, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
