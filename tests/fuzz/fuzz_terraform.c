/*
 * fuzz_terraform - any octets as what Terraform prints, and as a .tf beside it: an error, or an
 * estate whose zones have names and whose references have ids
 *
 * What is behind the first zero octet is the .tf.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"
#include "load/config.h"
#include "load/terraform.h"
#include "load/terraform_model.h"

#define LIMIT ((size_t)8 << 20)

static void
check_refs(const struct ref *refs)
{
	for (; refs; refs = refs->next)
		require(refs->id && refs->at.file);
}

static void
check_estate(const struct estate *estate)
{
	for (const struct hosted_zone *z = estate->zones; z; z = z->next) {
		require(z->id && (z->name || z->flawed));
		check_refs(z->networks);
	}
	for (const struct resolver_rule *r = estate->rules; r; r = r->next)
		check_refs(r->networks);
	for (const struct transit_gateway *g = estate->transit_gateways; g; g = g->next)
		check_refs(g->vpcs);
}

static void
read_plan(const uint8_t *data, size_t size)
{
	struct memory_file file;
	struct estate estate;
	struct arena arena;
	struct diags diags;

	if (memory_file_init(&file, data, size) && terraform_is(file.path)) {
		const char *path = file.path;
		enum status status;

		arena_init(&arena, LIMIT);
		diags_init(&diags, &arena, 0);
		estate_init(&estate, LIMIT);
		status = config_load_all(&path, 1, NULL, &estate, &diags);
		require(status == OK || status == ERR_NOMEM || diags.errors);
		check_estate(&estate);
		estate_fini(&estate);
		arena_fini(&arena);
	}
	memory_file_fini(&file);
}

static void
read_source(const uint8_t *data, size_t size)
{
	struct arena scratch, passing;
	struct declare declare = { .scratch = &scratch, .nodes = { .arena = &scratch } };
	struct terraform t = { .declare = &declare };
	struct tf_sources *sources;
	char *text;

	arena_init(&scratch, LIMIT);
	arena_init(&t.passing, LIMIT);
	arena_init(&passing, LIMIT);
	text = arena_copy(&passing, data, size);
	sources = text ? tf_scan_text(&t, "x.tf", text) : NULL;
	if (sources) {
		struct srcloc at = tf_find_source(&t, sources, "aws_vpc.a");

		require(!at.line || at.file);
	}
	arena_fini(&passing);
	arena_fini(&t.passing);
	arena_fini(&scratch);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *zero = memchr(data, '\0', size);
	size_t len = zero ? (size_t)(zero - data) : size;

	if (len)
		read_plan(data, len);
	if (zero)
		read_source(zero + 1, size - len - 1);
	return 0;
}
