/*
 * fuzz_zonefile - any octets as a zone file: records that are read lie in the zone, keep to
 * the layout of their type, and print as text that reads as the same data
 */
#include <stdlib.h>
#include <string.h>

#include "dns/name.h"
#include "dns/rdata.h"
#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"
#include "load/zonefile.h"

#define LIMIT ((size_t)8 << 20)

static const uint8_t apex[] = "\4corp\7example";

static void
check_value(uint16_t type, struct rdata value)
{
	struct rdata_names names;
	struct rdata back;
	struct arena arena;
	struct text text;
	const char *why;

	require(rdata_check(type, value.data, value.len, &names) == OK);
	arena_init(&arena, LIMIT);
	text_init(&text);
	require(rdata_print(type, value, &text) == OK);
	require(rdata_parse(type, text.data, &arena, &back, &why) == OK);
	require(back.len == value.len && memcmp(back.data, value.data, back.len) == 0);
	text_fini(&text);
	arena_fini(&arena);
}

static void
check_zone(const struct hosted_zone *zone)
{
	size_t count = 0;

	for (const struct record_set *set = zone->sets; set; set = set->next, count++) {
		require(name_wire_covers(zone->name, set->owner));
		require(set->value_count > 0 && set->at.line > 0);
		for (uint16_t i = 0; i < set->value_count; i++)
			check_value(set->type, set->values[i]);
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
		status = zonefile_load(file.path, (struct srcloc){ 0 }, &zone, NULL, &estate,
				       &diags);
		require(status == ERR_NOMEM || (status == OK) == (diags.errors == 0));
		check_zone(&zone);
		estate_fini(&estate);
		arena_fini(&arena);
	}
	memory_file_fini(&file);
	return 0;
}
