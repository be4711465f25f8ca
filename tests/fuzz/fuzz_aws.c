/*
 * fuzz_aws - any octets as what the AWS CLI prints: an error, or an estate whose zones have
 * names and whose references have ids
 */
#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"
#include "load/aws.h"

#define LIMIT ((size_t)8 << 20)

static void
check_refs(const struct ref *refs)
{
	for (; refs; refs = refs->next)
		require(refs->id && refs->at.file);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory_file file;
	struct objects objects;
	struct estate estate;
	struct arena arena, scratch;
	struct diags diags;
	enum status status;

	if (memory_file_init(&file, data, size)) {
		arena_init(&arena, LIMIT);
		arena_init(&scratch, LIMIT);
		diags_init(&diags, &arena, 0);
		estate_init(&estate, LIMIT);
		objects_init(&objects, &estate, &scratch, &diags);
		status = aws_load(file.path, (struct srcloc){ 0 }, &objects, &diags);
		require(status == OK || status == ERR_NOMEM || diags.errors);
		for (const struct hosted_zone *z = estate.zones; z; z = z->next) {
			require(z->id && z->name);
			check_refs(z->networks);
		}
		for (const struct resolver_rule *r = estate.rules; r; r = r->next)
			check_refs(r->networks);
		for (const struct transit_gateway *t = estate.transit_gateways; t; t = t->next)
			check_refs(t->vpcs);
		if (status == OK)	/* what was added in spite of errors does no harm */
			require(estate_check(&estate, &diags) != ERR_SYSTEM);
		estate_fini(&estate);
		arena_fini(&scratch);
		arena_fini(&arena);
	}
	memory_file_fini(&file);
	return 0;
}
