/*
 * fuzz_route53 - any octets as record sets exported by the AWS CLI: the data of sets that are
 * read keep to the layout of their type, and an alias has none
 */
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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hosted_zone zone = { .id = "Z", .name = apex };
	struct memory_file file;
	struct estate estate;
	struct arena arena;
	struct diags diags;
	enum status status;

	if (memory_file_init(&file, data, size)) {
		arena_init(&arena, LIMIT);
		diags_init(&diags, &arena, 0);
		estate_init(&estate, LIMIT);
		status = route53_load(file.path, (struct srcloc){ 0 }, &zone, NULL, &estate,
				      &diags);
		require(status == ERR_NOMEM || (status == OK) == (diags.errors == 0));
		check_zone(&zone);
		estate_fini(&estate);
		arena_fini(&arena);
	}
	memory_file_fini(&file);
	return 0;
}
