#include "load/dump_sets.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "dns/name.h"
#include "load/recordset.h"
#include "load/zonefile.h"

#define LOCAL_ZONE_DASHES 4	/* us-east-1-bos-1 is no Region, us-gov-east-1 is one */

/* A set, and its place among all of the zone. */
struct placed {
	const struct record_set *set;
	size_t number;
};

static int
compare_placed(const void *a, const void *b)
{
	const struct placed *left = a, *right = b;
	int order = name_wire_compare(left->set->owner, right->set->owner);

	if (order)
		return order;
	if (left->set->type != right->set->type)
		return left->set->type < right->set->type ? -1 : 1;
	return left->number < right->number ? -1 : 1;
}

const struct record_set **
dump_order_sets(const struct hosted_zone *zone, struct arena *arena)
{
	const struct record_set **sets = arena_array(arena, zone->set_count + 1, sizeof(*sets));
	struct placed *placed;
	struct arena_mark mark;
	size_t count = 0;

	if (!sets)
		return NULL;
	mark = arena_mark(arena);
	placed = arena_array(arena, zone->set_count + 1, sizeof(*placed));
	if (!placed)
		return NULL;
	for (const struct record_set *set = zone->sets; set; set = set->next, count++)
		placed[count] = (struct placed){ set, count };
	qsort(placed, count, sizeof(*placed), compare_placed);
	for (size_t i = 0; i < count; i++)
		sets[i] = placed[i].set;
	arena_rewind(arena, mark);
	return sets;
}

static bool
is_plain(const struct record_set *set)
{
	return !set->alias && (!set->routing || set->routing->policy == POLICY_SIMPLE);
}

size_t
dump_count_parts(const struct record_set *const *sets, size_t count)
{
	size_t n = 1;

	if (!is_plain(sets[0]))
		return 1;
	while (n < count && is_plain(sets[n]) && sets[n]->type == sets[0]->type &&
	       name_wire_equal(sets[n]->owner, sets[0]->owner))
		n++;
	return n;
}

static bool
has_value(const struct string_item *items, const char *text)
{
	for (; items; items = items->next)
		if (strcmp(items->text, text) == 0)
			return true;
	return false;
}

static struct string_item **
add_value(struct unbind *u, struct record_fields *f, struct string_item **end, const char *text)
{
	struct string_item *item;

	if (has_value(f->values, text))
		return end;
	item = arena_alloc(u->nodes.arena, sizeof(*item));
	if (item)
		item->text = arena_string(u->nodes.arena, text);
	if (!item || !item->text) {
		u->nodes.nomem = true;
		return end;
	}
	*end = item;
	return &item->next;
}

/** All values of the parts, each once, and the least of the TTLs. */
static void
say_values(struct unbind *u, const struct record_set *const *parts, size_t count,
	   struct record_fields *f)
{
	struct string_item **end = &f->values;
	struct text text;

	text_init(&text);
	f->values_at = f->ttl_at = f->at;
	for (size_t i = 0; i < count; i++) {
		if (parts[i]->ttl_s < f->ttl_s)
			f->ttl_s = parts[i]->ttl_s;
		for (uint16_t k = 0; k < parts[i]->value_count && !u->nodes.nomem; k++) {
			text_clear(&text);
			if (rdata_print(parts[i]->type, parts[i]->values[k], &text) != OK ||
			    text.failed)
				u->nodes.nomem = true;
			else
				end = add_value(u, f, end, text.data);
		}
	}
	text_fini(&text);
}

static void
say_alias(const struct alias_target *alias, struct record_fields *f)
{
	f->alias_name = alias->dns_name;
	f->alias_zone = alias->hosted_zone;
	f->evaluate_target_health = alias->evaluate_target_health;
	f->alias_at = f->at;
}

static bool
is_local_zone(const char *region)
{
	unsigned dashes = 0;

	for (; *region; region++)
		dashes += *region == '-';
	return dashes >= LOCAL_ZONE_DASHES;
}

static void
say_proximity(const struct routing *r, struct record_fields *f)
{
	f->geoproximity_at = f->at;
	f->bias = r->bias;
	if (r->has_coordinates) {
		f->coordinates_at = f->at;
		f->latitude = r->latitude;
		f->longitude = r->longitude;
	} else if (r->region && is_local_zone(r->region)) {
		f->local_zone_group = r->region;
	} else {
		f->aws_region = r->region;
	}
}

static void
say_routing(const struct routing *r, struct record_fields *f)
{
	f->set_identifier = r->set_identifier;
	f->health_check = r->health_check;
	switch (r->policy) {
	case POLICY_SIMPLE:
		return;
	case POLICY_MULTIVALUE:
		f->multi_value_answer = true;
		return;
	case POLICY_WEIGHTED:
		f->weight = r->weight;
		f->weight_at = f->at;
		return;
	case POLICY_FAILOVER:
		f->failover = (int)r->failover;
		f->failover_at = f->at;
		return;
	case POLICY_LATENCY:
		f->region = r->region;
		return;
	case POLICY_GEOLOCATION:
		f->geo_at = f->at;
		f->continent = r->continent;
		f->country = r->country;
		f->subdivision = r->subdivision;
		return;
	case POLICY_GEOPROXIMITY:
		say_proximity(r, f);
		return;
	}
}

struct yaml_node *
dump_set(struct unbind *u, const struct record_set *const *parts, size_t count)
{
	const struct record_set *set = parts[0];
	struct record_fields f = { .name = set->owner, .type = set->type, .ttl_s = set->ttl_s,
				   .at = set->at };

	if (!f.at.file)	/* said by its presence, wherever it is from */
		f.at.file = "";
	if (set->alias)
		say_alias(set->alias, &f);
	else
		say_values(u, parts, count, &f);
	if (set->routing)
		say_routing(set->routing, &f);
	return unbind_map(u, MAP_RECORD_SET, &f, NULL);
}
