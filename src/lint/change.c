#include "lint/change.h"

#include <stdlib.h>
#include <string.h>

#include "dns/codes.h"
#include "engine/resolve.h"
#include "lint/lint.h"

/* The engine on one snapshot, for replays: large, so not on the stack. */
struct replay {
	struct resolver resolver;
	struct scratch scratch;
};

struct finder {
	struct changes *out;
	struct arena *arena, scratch;
	struct zone_tries tries;
	struct closure before, after;
	struct replay *replays;		/* two: before, after */
	struct table groups;		/* by classes of both sides */
	struct table seen;		/* groups by what they see, in words */
	struct change_group **group_of;	/* by network of the new estate */
	struct change_group *first, **end;
	struct change_group *group;	/* being compared */
	struct change **changes_end;
	const struct change **culprit;
	bool nomem;
};

static void *
alloc(struct finder *f, size_t count, size_t size)
{
	void *room = arena_array(f->arena, count, size);

	if (!room && count)
		f->nomem = true;
	return room;
}

static const char *
text_keep(struct finder *f, struct text *text)
{
	const char *kept = text->failed ? NULL
					: arena_string(f->arena, text->data ? text->data : "");

	if (!kept)
		f->nomem = true;
	text_fini(text);
	return kept ? kept : "";
}

const char *
change_kind_text(enum change_kind kind)
{
	switch (kind) {
	case CHANGE_VANISHES:
		return "vanishes";
	case CHANGE_APPEARS:
		return "appears";
	case CHANGE_ALTERS:
		return "changes";
	}
	return "unknown";
}

/* --- one difference --- */

/** Does a client get records, whichever target of a rule is asked? */
static bool
answers(const struct finals *finals)
{
	for (unsigned i = 0; i < finals->count; i++)
		if (finals->final[i].kind != FINAL_ANSWER)
			return false;
	return finals->count > 0;
}

/** Is it certain that no client gets any? */
static bool
fails(const struct finals *finals)
{
	for (unsigned i = 0; i < finals->count; i++) {
		switch (finals->final[i].kind) {
		case FINAL_NODATA:
		case FINAL_NXDOMAIN:
		case FINAL_LOOP:
		case FINAL_CIRCLE:
		case FINAL_DEAD:
		case FINAL_OFF:
		case FINAL_TOO_LONG:
			break;
		case FINAL_ANSWER:
		case FINAL_PUBLIC:
		case FINAL_OPAQUE:
		case FINAL_DELEGATED:
		case FINAL_AUTODEFINED:
			return false;
		}
	}
	return finals->count > 0 && !finals->more;
}

static enum change_kind
kind_of(const struct difference *d)
{
	if (answers(d->a) && fails(d->b))
		return CHANGE_VANISHES;
	return fails(d->a) && answers(d->b) ? CHANGE_APPEARS : CHANGE_ALTERS;
}

/** What changes; types that only stand for all others are not named one by one. */
static const char *
types_of(struct finder *f, const struct difference *d)
{
	struct text text;
	unsigned shown = 0;

	if (d->rest != FINALS_SAME)
		return "all types";
	text_init(&text);
	for (unsigned i = 0; i < d->type_count; i++) {
		char type[CODE_TEXT_MAX];

		if (d->types[i].order == FINALS_SAME)
			continue;
		if (shown++ < REGION_TYPES)
			text_printf(&text, "%s%s", shown > 1 ? ", " : "",
				    type_print(d->types[i].type, type));
	}
	if (shown > REGION_TYPES)
		text_append(&text, ", ...");
	return text_keep(f, &text);
}

static const char *
finals_of(struct finder *f, const struct finals *finals)
{
	struct arena_mark mark = arena_mark(&f->scratch);
	struct text text;

	text_init(&text);
	finals_print(finals, &f->scratch, &text);
	arena_rewind(&f->scratch, mark);
	return text_keep(f, &text);
}

/* --- replay --- */

static bool
has_data(const struct answer *answer, uint16_t type)
{
	for (unsigned i = 0; i < answer->count; i++)
		if (answer->items[i].section == SECTION_ANSWER &&
		    answer->items[i].set.type == type)
			return true;
	return false;
}

/** Does the engine answer so?  What leaves the network, or varies, is not for it to say. */
static bool
shows(struct replay *replay, uint32_t network, const struct change *change,
      const struct finals *finals)
{
	const struct final *final = &finals->final[0];
	struct question q = { .type = change->type, .klass = CLASS_IN, .name = change->member };
	struct answer answer;
	struct ask ask;

	if (finals->count != 1 || finals->more || final->network != network)
		return true;
	if (final->kind != FINAL_ANSWER && final->kind != FINAL_NODATA &&
	    final->kind != FINAL_NXDOMAIN)
		return true;
	name_suffixes(&q.name, &q.suffixes);
	if (!resolve_offline(&replay->resolver, network, &q, 0, &answer, &ask))
		return final->led != NULL;	/* by a way that leaves it in between */
	switch (final->kind) {
	case FINAL_ANSWER:
		return answer.rcode == RCODE_NOERROR && has_data(&answer, change->type);
	case FINAL_NODATA:
		return answer.rcode == RCODE_NOERROR && !has_data(&answer, change->type);
	default:
		return answer.rcode == RCODE_NXDOMAIN;
	}
}

static bool
holds(struct finder *f, const struct change *change, const struct difference *d)
{
	return shows(&f->replays[0], f->group->before, change, d->a) &&
	       shows(&f->replays[1], f->group->after, change, d->b);
}

static void
take(void *context, const struct difference *d)
{
	struct finder *f = context;
	struct change *change;
	uint8_t *name;

	if (d->kind == REGION_NAME && name_wire_is_wildcard(d->name))
		return;		/* as the others beside it */
	change = alloc(f, 1, sizeof(*change));
	name = alloc(f, name_wire_len(d->name), 1);
	if (!change || !name)
		return;
	memcpy(name, d->name, name_wire_len(d->name));
	*change = (struct change){
		.kind = kind_of(d), .may = d->order == FINALS_MAY, .secondary = d->secondary,
		.region = d->kind, .name = name, .member = *d->member, .type = d->type,
		.types = types_of(f, d), .before = finals_of(f, d->a),
		.after = finals_of(f, d->b),
	};
	if (!holds(f, change, d) && !*f->culprit)
		*f->culprit = change;
	f->group->count[change->kind]++;
	*f->changes_end = change;
	f->changes_end = &change->next;
}

/* --- groups --- */

static const char *
network_id(const struct snapshot *snap, uint32_t network)
{
	return snapshot_string(snap, snapshot_network(snap, network)->id_at);
}

/** The number of this id in the other state; NETWORK_NONE. */
static uint32_t
counterpart(const struct table *ids, const char *id)
{
	const uint32_t *number = table_find_string(ids, id);

	return number ? *number : NETWORK_NONE;
}

static void
index_networks(struct finder *f, const struct snapshot *snap, struct table *ids)
{
	uint32_t count = snap->root->network_count;
	uint32_t *numbers = alloc(f, count, sizeof(*numbers));

	table_init(ids, f->arena);
	for (uint32_t i = 0; numbers && i < count; i++) {
		numbers[i] = i;
		if (table_put_string(ids, network_id(snap, i), &numbers[i]) != OK)
			f->nomem = true;
	}
}

/** The group of networks that were this class and are that one. */
static struct change_group *
find_group(struct finder *f, uint32_t before, uint32_t after)
{
	const uint32_t key[2] = { f->before.class_of[before], f->after.class_of[after] };
	struct change_group *group = table_find(&f->groups, key, sizeof(key));
	uint32_t *kept;

	if (group)
		return group;
	group = alloc(f, 1, sizeof(*group));
	kept = alloc(f, 2, sizeof(*kept));
	if (!group || !kept)
		return NULL;
	memcpy(kept, key, sizeof(key));
	*group = (struct change_group){ .before = before, .after = after };
	if (table_put(&f->groups, kept, sizeof(key), group) != OK)
		f->nomem = true;
	*f->end = group;
	f->end = &group->next;
	return group;
}

/** Sort the networks of both states into groups, and those of one apart. */
static void
pair_networks(struct finder *f)
{
	const struct snapshot *before = f->before.snap, *after = f->after.snap;
	struct changes *out = f->out;
	struct table old, new;

	index_networks(f, before, &old);
	index_networks(f, after, &new);
	f->group_of = alloc(f, after->root->network_count, sizeof(*f->group_of));
	out->added = alloc(f, after->root->network_count, sizeof(*out->added));
	out->removed = alloc(f, before->root->network_count, sizeof(*out->removed));
	for (uint32_t i = 0; !f->nomem && i < after->root->network_count; i++) {
		const char *id = network_id(after, i);
		uint32_t was = counterpart(&old, id);

		f->group_of[i] = was == NETWORK_NONE ? NULL : find_group(f, was, i);
		if (was == NETWORK_NONE)
			out->added[out->added_count++] = id;
	}
	for (uint32_t i = 0; !f->nomem && i < before->root->network_count; i++)
		if (counterpart(&new, network_id(before, i)) == NETWORK_NONE)
			out->removed[out->removed_count++] = network_id(before, i);
}

static enum status
compare(struct finder *f, struct change_group *group, struct differ_work *work)
{
	struct differ_side before = { &f->before, group->before };
	struct differ_side after = { &f->after, group->after };
	enum status status;

	f->group = group;
	f->changes_end = &group->changes;
	status = differ_compare(&before, &after, FINALS_APART, work, take, f);
	group->skipped = status == ERR_LIMIT;
	return group->skipped ? OK : status;
}

/* --- groups that see the same --- */

/** All that the group sees, in words that no other sight has. */
static void
print_sight(const struct change_group *group, struct text *out)
{
	for (const struct change *c = group->changes; c; c = c->next) {
		char name[NAME_TEXT_MAX];

		text_printf(out, "%d%d%d%d %s\n%s\n%s\n%s\n", (int)c->kind, c->may, c->secondary,
			    (int)c->region, name_print(c->name, name), c->types, c->before,
			    c->after);
	}
}

/**
 * Networks of different classes often see the same changes: what else they have, such as
 * their own reverse names, did not change.
 */
static struct change_group *
find_sight(struct finder *f, struct change_group *group)
{
	struct change_group *same;
	struct text sight;

	text_init(&sight);
	print_sight(group, &sight);
	same = sight.failed ? NULL : table_find(&f->seen, sight.data, sight.len);
	if (!same) {
		char *kept = alloc(f, sight.len, 1);

		if (sight.failed || (kept && (memcpy(kept, sight.data, sight.len),
		    table_put(&f->seen, kept, sight.len, group) != OK)))
			f->nomem = true;
	}
	text_fini(&sight);
	return same;
}

static void
count_group(struct changes *out, const struct change_group *group)
{
	for (unsigned kind = 0; kind < COUNT_OF(group->count); kind++)
		out->count[kind] += group->count[kind];
}

/** Compare each class, and make groups of those with the same changes. */
static enum status
compare_all(struct finder *f, uint64_t most)
{
	struct differ_work work = { .most = most ? most : LINT_WORK };
	struct change_group **link = &f->out->groups;

	for (struct change_group *g = f->first, *next; g && !f->nomem; g = next) {
		enum status status = compare(f, g, &work);

		next = g->next;
		if (status != OK)
			return status;
		if (!g->changes || (g->same = find_sight(f, g)))
			continue;
		count_group(f->out, g);
		*link = g;
		link = &g->next;
	}
	*link = NULL;
	return f->nomem ? ERR_NOMEM : OK;
}

/** Tell each group its networks. */
static void
name_networks(struct finder *f)
{
	const struct snapshot *after = f->after.snap;
	uint32_t count = after->root->network_count;
	struct changes *out = f->out;

	out->skipped = alloc(f, count, sizeof(*out->skipped));
	for (uint32_t i = 0; !f->nomem && i < count; i++) {
		struct change_group *group = f->group_of[i];

		if (group && group->skipped)
			out->skipped[out->skipped_count++] = network_id(after, i);
		while (group && group->same)
			group = f->group_of[i] = group->same;
		if (group && group->changes)
			group->network_count++;
	}
	for (struct change_group *g = out->groups; g; g = g->next) {
		g->networks = alloc(f, g->network_count, sizeof(*g->networks));
		out->networks += g->network_count;
		g->network_count = 0;
	}
	for (uint32_t i = 0; !f->nomem && i < count; i++) {
		struct change_group *group = f->group_of[i];

		if (group && group->changes)
			group->networks[group->network_count++] = network_id(after, i);
	}
}

static bool
begin(struct finder *f, const struct change_side *before, const struct change_side *after)
{
	f->replays = calloc(2, sizeof(*f->replays));
	zone_tries_init(&f->tries, f->arena);
	if (!f->replays ||
	    closure_init(&f->before, before->estate, before->snap, &f->tries) != OK ||
	    closure_init(&f->after, after->estate, after->snap, &f->tries) != OK)
		return false;
	resolver_init(&f->replays[0].resolver, before->snap, NULL, NULL, NULL,
		      &f->replays[0].scratch, NULL);
	resolver_init(&f->replays[1].resolver, after->snap, NULL, NULL, NULL,
		      &f->replays[1].scratch, NULL);
	return true;
}

enum status
changes_find(const struct change_side *before, const struct change_side *after, uint64_t work,
	     struct arena *arena, struct changes *out, const struct change **culprit)
{
	struct finder f = { .out = out, .arena = arena, .culprit = culprit };
	enum status status = ERR_NOMEM;

	*out = (struct changes){ .arena = arena };
	*culprit = NULL;
	f.end = &f.first;
	table_init(&f.groups, arena);
	table_init(&f.seen, arena);
	arena_init(&f.scratch, arena->limit);
	if (begin(&f, before, after)) {
		pair_networks(&f);
		status = f.nomem ? ERR_NOMEM : compare_all(&f, work);
		name_networks(&f);
		if (f.nomem)
			status = ERR_NOMEM;
	}
	arena_fini(&f.scratch);
	free(f.replays);
	return status == OK && *culprit ? ERR_MALFORMED : status;
}
