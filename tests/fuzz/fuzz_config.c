/*
 * fuzz_config - any octets as a configuration: it is loaded, or it is said why not; and what
 * is loaded can be written, and read again as the same
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"
#include "load/config.h"
#include "load/dump.h"

#define LIMIT ((size_t)8 << 20)

/** In an estate that passed, every reference leads somewhere. */
static void
check_refs(const struct ref *refs)
{
	for (; refs; refs = refs->next)
		require(refs->object != NULL);
}

static void
check_estate(const struct estate *estate)
{
	size_t networks = 0;

	for (const struct network *n = estate->networks; n; n = n->next, networks++) {
		require(n->index == networks && n->region);
		check_refs(n->connects_to);
	}
	require(networks == estate->network_count);
	for (const struct hosted_zone *z = estate->zones; z; z = z->next) {
		require(z->name && !z->flawed);
		check_refs(z->networks);
		for (const struct record_set *set = z->sets; set; set = set->next)
			require(set->owner && (set->alias || set->value_count));
	}
	for (const struct resolver_rule *r = estate->rules; r; r = r->next) {
		require((r->domain_name || r->type == RULE_DELEGATE) && !r->flawed);
		require(!r->endpoint.id || r->endpoint.object);
		check_refs(r->networks);
	}
	for (const struct peering *p = estate->peerings; p; p = p->next)
		require(p->requester.object && p->accepter.object && p->status);
}

static bool
take(void *context, const char *octets, size_t len)
{
	text_append_len(context, octets, len);
	return true;
}

static void
write_dump(const struct estate *estate, struct text *out)
{
	const struct dump_options options = { .secrets = true };
	char *comments;

	text_append(out, "");
	require(dump_estate(estate, &options, take, out) == OK && !out->failed);
	comments = strstr(out->data, "\n# Left out:\n");
	if (comments)	/* which are not read again */
		*comments = '\0';
}

/** What is written is read as the same; memory may end, as the text is another. */
static void
check_dump(const struct estate *estate)
{
	struct memory_file file;
	struct estate other;
	struct arena arena;
	struct diags diags;
	struct text first, second;

	text_init(&first);
	text_init(&second);
	write_dump(estate, &first);
	if (memory_file_init(&file, (const uint8_t *)first.data, strlen(first.data))) {
		enum status status;

		arena_init(&arena, LIMIT);
		diags_init(&diags, &arena, 0);
		estate_init(&other, 2 * LIMIT);
		status = config_load(file.path, NULL, &other, &diags);
		require(status == OK || status == ERR_NOMEM);
		if (status == OK) {
			write_dump(&other, &second);
			require(strcmp(first.data, second.data) == 0);
		}
		estate_fini(&other);
		arena_fini(&arena);
	}
	memory_file_fini(&file);
	text_fini(&second);
	text_fini(&first);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory_file file;
	struct estate estate;
	struct arena arena;
	struct diags diags;
	enum status status;

	if (memory_file_init(&file, data, size)) {
		arena_init(&arena, LIMIT);
		diags_init(&diags, &arena, 0);
		estate_init(&estate, LIMIT);
		status = config_load(file.path, NULL, &estate, &diags);
		require((status == OK) == (diags.errors == 0));
		if (status == OK) {
			check_estate(&estate);
			check_dump(&estate);
		}
		diags_sort(&diags);
		estate_fini(&estate);
		arena_fini(&arena);
	}
	memory_file_fini(&file);
	return 0;
}
