#include "lint/uses.h"

#include <string.h>

#include "dns/codes.h"

/*
 * Every place has a number: the blocks, then the one "nowhere", and so on.  For each, the
 * zone that was last seen to use it, and where in the list that stands.
 */
struct place {
	uint32_t zone;		/* + 1 */
	size_t use;
};

struct survey {
	struct uses *uses;
	struct arena *arena;
	struct place *places;
	uint32_t base[USE_KINDS];
	uint32_t zone, node;
	bool nomem;
};

/** Where an address leads. */
static enum use_kind
judge_address(const struct uses *uses, const struct addr *addr, uint32_t *number)
{
	enum address_kind kind = address_kind(addr);
	uint32_t block = addresses_find(uses->addresses, addr);

	*number = 0;
	if (block != ADDRESSES_NONE && kind != ADDRESS_LOOPBACK && kind != ADDRESS_UNSPECIFIED) {
		*number = block;
		return USE_BLOCK;
	}
	if (kind == ADDRESS_PRIVATE)
		return USE_NOWHERE;
	if (kind == ADDRESS_PUBLIC)
		return USE_PUBLIC;
	*number = kind;
	return USE_SPECIAL;
}

/** "ec2-203-0-114-7.eu-west-1.compute.amazonaws.com", "ec2-...compute-1.amazonaws.com". */
static bool
is_ec2(const struct uses *uses, const struct name *name, uint32_t *number)
{
	static const uint8_t amazon[] = "\11amazonaws\3com", compute[] = "\7compute";
	static const uint8_t old[] = "\11compute-1";
	const uint8_t *at = name->wire + 1 + name->wire[0];
	char region[NAME_MAX_LABEL + 1] = "us-east-1";

	if (name->labels < 4 || memcmp(name->wire + 1, "ec2-", 4) != 0)
		return false;
	if (memcmp(at, old, sizeof(old) - 1) == 0) {
		at += sizeof(old) - 1;
	} else {
		memcpy(region, at + 1, *at);
		region[*at] = '\0';
		at += 1 + *at;
		if (name->labels < 5 || memcmp(at, compute, sizeof(compute) - 1) != 0)
			return false;
		at += sizeof(compute) - 1;
	}
	if (!name_wire_equal(at, amazon))
		return false;
	for (*number = 0; *number < uses->region_count; ++*number)
		if (strcmp(uses->regions[*number], region) == 0)
			return true;
	return false;
}

static bool
set_target(const struct zone *zone, const struct zone_set *set, struct name *out)
{
	const struct zone_alias *alias = zone_set_alias(zone, set);
	struct rrset rrset = zone_rrset(set, NULL);
	struct rrset_walk walk = rrset_begin(&rrset);
	struct rdata rdata;

	if (alias) {
		name_from_wire(block_at(&zone->block, alias->name_at), out);
		return !alias->same_zone;
	}
	if (set->type != TYPE_CNAME || !rrset_next(&walk, &rdata))
		return false;
	name_lower(rdata.data, out);
	return true;
}

static struct addr
rdata_address(const struct rdata *rdata)
{
	struct addr addr = { .ip = { [10] = 0xff, [11] = 0xff } };

	memcpy(rdata->len == 4 ? addr.ip + 12 : addr.ip, rdata->data, rdata->len);
	return addr;
}

/** Show each address or target that stands in the set; false: enough. */
static bool
each_in_set(const struct zone *zone, struct use_record *record, use_fn visit, void *context)
{
	struct rrset rrset = zone_rrset(record->set, NULL);
	struct rrset_walk walk = rrset_begin(&rrset);
	struct rdata rdata;

	record->named = record->set->alias_at || record->set->type == TYPE_CNAME;
	if (record->named)
		return !set_target(zone, record->set, &record->target) || visit(context, record);
	if (record->set->type != TYPE_A && record->set->type != TYPE_AAAA)
		return true;
	while (rrset_next(&walk, &rdata)) {
		if (rdata.len != 4 && rdata.len != 16)
			continue;
		record->addr = rdata_address(&rdata);
		if (!visit(context, record))
			return false;
	}
	return true;
}

static bool
each_at_node(const struct zone *zone, const struct zone_node *node, use_fn visit,
	     void *context)
{
	const struct zone_set_ref *refs = zone_node_refs(node);
	struct use_record record = { .owner = zone_node_name(node) };

	if (node->flags & (NODE_OCCLUDED | NODE_CUT))
		return true;
	for (unsigned i = 0; i < node->set_count; i++) {
		record.type = refs[i].type;
		record.set = zone_set_at(zone, refs[i].set_at);
		if (!each_in_set(zone, &record, visit, context))
			return false;
	}
	return true;
}

/** What a name pointed to is; USE_KINDS: nothing that matters. */
static enum use_kind
judge_target(const struct uses *uses, const struct name *target, uint32_t *number)
{
	*number = takeover_find(&uses->takeover, target);
	if (*number != TAKEOVER_NONE)
		return USE_CLAIMABLE;
	return is_ec2(uses, target, number) ? USE_EC2 : USE_KINDS;
}

static enum use_kind
judge_record(const struct uses *uses, const struct use_record *record, uint32_t *number)
{
	return record->named ? judge_target(uses, &record->target, number)
			     : judge_address(uses, &record->addr, number);
}

static struct use *
new_use(struct survey *survey)
{
	struct uses *uses = survey->uses;

	if (uses->count == uses->room) {
		size_t room = uses->room ? 2 * uses->room : 256;
		struct use *list = arena_array(survey->arena, room, sizeof(*list));

		if (!list) {
			survey->nomem = true;
			return NULL;
		}
		if (uses->count)
			memcpy(list, uses->list, uses->count * sizeof(*list));
		uses->list = list;
		uses->room = room;
	}
	return &uses->list[uses->count++];
}

static bool
note_record(void *context, const struct use_record *record)
{
	struct survey *survey = context;
	struct place *place;
	struct use *use;
	uint32_t number;
	enum use_kind kind = judge_record(survey->uses, record, &number);

	if (kind == USE_KINDS)
		return true;
	place = &survey->places[survey->base[kind] + number];
	if (place->zone != survey->zone + 1) {
		place->zone = survey->zone + 1;
		place->use = survey->uses->count;
		use = new_use(survey);
		if (!use)
			return false;
		*use = (struct use){ survey->zone, kind, number, 0, survey->node };
	}
	survey->uses->list[place->use].count++;
	return true;
}

static enum status
find_regions(struct uses *uses, const struct estate *estate, struct arena *arena)
{
	struct table seen;

	uses->regions = arena_array(arena, estate->network_count, sizeof(*uses->regions));
	if (estate->network_count && !uses->regions)
		return ERR_NOMEM;
	table_init(&seen, arena);
	for (struct network *n = estate->networks; n; n = n->next) {
		if (!n->region || !*n->region || table_find_string(&seen, n->region))
			continue;
		if (table_put_string(&seen, n->region, n) != OK)
			return ERR_NOMEM;
		uses->regions[uses->region_count++] = n->region;
	}
	return OK;
}

static enum status
number_places(struct survey *survey)
{
	uint32_t sizes[USE_KINDS] = {
		[USE_BLOCK] = survey->uses->addresses->block_count,
		[USE_NOWHERE] = 1, [USE_PUBLIC] = 1, [USE_SPECIAL] = ADDRESS_KINDS,
		[USE_EC2] = survey->uses->region_count,
	};
	uint32_t count = 0;

	takeover_services(&sizes[USE_CLAIMABLE]);
	for (unsigned kind = 0; kind < USE_KINDS; kind++) {
		survey->base[kind] = count;
		count += sizes[kind];
	}
	survey->places = arena_array(survey->arena, count, sizeof(*survey->places));
	return survey->places ? OK : ERR_NOMEM;
}

static void
scan_zone(struct survey *survey, const struct zone *zone)
{
	for (survey->node = 0; survey->node < zone->node_count && !survey->nomem; survey->node++)
		each_at_node(zone, zone_node_number(zone, survey->node), note_record, survey);
}

enum status
uses_init(struct uses *uses, const struct estate *estate, const struct snapshot *snap,
	  const struct addresses *addresses, struct arena *arena)
{
	struct survey survey = { .uses = uses, .arena = arena };
	uint32_t zones = snap->root->zone_count;

	*uses = (struct uses){
		.addresses = addresses,
		.starts = arena_array(arena, (size_t)zones + 1, sizeof(*uses->starts)),
	};
	if (!uses->starts || find_regions(uses, estate, arena) != OK ||
	    takeover_init(&uses->takeover, arena) != OK || number_places(&survey) != OK)
		return ERR_NOMEM;
	for (survey.zone = 0; survey.zone < zones; survey.zone++) {
		uses->starts[survey.zone] = uses->count;
		scan_zone(&survey, snap->zones[survey.zone]);
	}
	uses->starts[zones] = uses->count;
	return survey.nomem ? ERR_NOMEM : OK;
}

void
uses_records(const struct zone *zone, use_fn visit, void *context)
{
	for (uint32_t i = 0; i < zone->node_count; i++)
		if (!each_at_node(zone, zone_node_number(zone, i), visit, context))
			return;
}

/* Showing the records of one use. */
struct choice {
	const struct uses *uses;
	const struct use *use;
	use_fn visit;
	void *context;
};

static bool
choose_record(void *context, const struct use_record *record)
{
	const struct choice *c = context;
	uint32_t number;
	enum use_kind kind = judge_record(c->uses, record, &number);

	return kind != c->use->kind || number != c->use->number || c->visit(c->context, record);
}

void
uses_each(const struct uses *uses, const struct zone *zone, const struct use *use, use_fn visit,
	  void *context)
{
	struct choice choice = { uses, use, visit, context };

	for (uint32_t i = use->first; i < zone->node_count; i++)
		if (!each_at_node(zone, zone_node_number(zone, i), choose_record, &choice))
			return;
}
