/*
 * fuzz_route53 - any octets as record sets exported by the AWS CLI: the data of sets that are
 * read keep to the layout of their type, and an alias has none; and what the stream reads,
 * libyaml, which has to where a comment stands in front, reads as the same sets in the same places
 */
#include <stdlib.h>
#include <string.h>

#include "dns/name.h"
#include "dns/rdata.h"
#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"
#include "load/route53.h"

#define LIMIT ((size_t)8 << 20)

static const uint8_t apex[] = "\4corp\7example";

static void
check_zone(const struct hosted_zone *zone)
{
	size_t count = 0;

	for (const struct record_set *set = zone->sets; set; set = set->next, count++) {
		require(set->owner && name_wire_len(set->owner) <= NAME_MAX_OCTETS);
		require(!set->alias || !set->value_count);
		for (uint16_t i = 0; i < set->value_count; i++) {
			struct rdata_names names;

			require(rdata_check(set->type, set->values[i].data, set->values[i].len,
					    &names) == OK);
		}
	}
	require(count == zone->set_count);
}

/* One way of reading. */
struct reading {
	struct hosted_zone zone;
	struct estate estate;
	struct arena arena;
	struct diags diags;
	enum status status;
};

static bool
read_as(struct reading *r, const uint8_t *data, size_t size)
{
	struct memory_file file;
	bool made = memory_file_init(&file, data, size);

	*r = (struct reading){ .zone = { .id = "Z", .name = apex } };
	arena_init(&r->arena, LIMIT);
	diags_init(&r->diags, &r->arena, 0);
	estate_init(&r->estate, LIMIT);
	if (made) {
		r->status = route53_load(file.path, (struct srcloc){ 0 }, &r->zone, NULL,
					 &r->estate, &r->diags);
		require(r->status == ERR_NOMEM || (r->status == OK) == (r->diags.errors == 0));
		check_zone(&r->zone);
	}
	memory_file_fini(&file);
	return made;
}

static void
reading_fini(struct reading *r)
{
	estate_fini(&r->estate);
	arena_fini(&r->arena);
}

/* lines: the texts have no carriage return, which ends a line of YAML and none of JSON. */
static void
compare_sets(const struct record_set *a, const struct record_set *b, bool lines)
{
	for (; a && b; a = a->next, b = b->next) {
		require(name_wire_equal(a->owner, b->owner) && a->type == b->type);
		require(a->ttl_s == b->ttl_s && a->value_count == b->value_count);
		require(!a->alias == !b->alias && !a->routing == !b->routing);
		require(!lines || a->at.line + 1 == b->at.line);
		for (uint16_t i = 0; i < a->value_count; i++)
			require(a->values[i].len == b->values[i].len &&
				memcmp(a->values[i].data, b->values[i].data,
				       a->values[i].len) == 0);
	}
	require(!a && !b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *commented = malloc(size + 2);
	struct reading own, tree;

	require(commented != NULL);
	memcpy(commented, "#\n", 2);
	if (size)
		memcpy(commented + 2, data, size);
	if (read_as(&own, data, size) && read_as(&tree, commented, size + 2)) {
		if (own.status == OK && tree.status == OK)
			compare_sets(own.zone.sets, tree.zone.sets,
				     !size || !memchr(data, '\r', size));
		reading_fini(&tree);
	}
	reading_fini(&own);
	free(commented);
	return 0;
}
