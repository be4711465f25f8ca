/*
 * fuzz_onprem - any octets as the configuration of a name server: an error, or an estate whose
 * zones and rules have names and whose references have ids
 *
 * The first octet says of which.
 */
#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"
#include "load/corefile.h"
#include "load/dnsmasq.h"
#include "load/named.h"
#include "load/octodns.h"
#include "load/resolvconf.h"
#include "load/unbound.h"

#define LIMIT ((size_t)8 << 20)

static enum status (*const loads[])(const struct import_item *, struct declare *) = {
	named_load, unbound_load, dnsmasq_load, corefile_load, resolvconf_load,
	octodns_load,
};

static bool (*const tells[])(const char *) = {
	named_is_conf, unbound_is_conf, dnsmasq_is_conf, corefile_is_conf, resolvconf_is,
	octodns_is,
};

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
	for (const struct resolver_rule *r = estate->rules; r; r = r->next) {
		require(r->id && (r->domain_name || r->flawed));
		check_refs(r->networks);
	}
}

static void
load(const struct import_item *item, size_t which)
{
	struct arena arena, scratch;
	struct objects objects;
	struct estate estate;
	struct diags diags;
	struct bind bind;
	struct declare declare;
	enum status status;

	arena_init(&arena, LIMIT);
	arena_init(&scratch, LIMIT);
	diags_init(&diags, &arena, 0);
	estate_init(&estate, LIMIT);
	objects_init(&objects, &estate, &scratch, &diags);
	bind_init(&bind, &estate.arena, &diags);
	bind.take = objects_take;
	bind.init = objects_begin;
	bind.context = &objects;
	declare = (struct declare){ .estate = &estate, .objects = &objects, .diags = &diags,
				    .scratch = &scratch, .nodes = { .arena = &scratch },
				    .bind = &bind };
	status = loads[which](item, &declare);
	require(status != ERR_SYSTEM || diags.errors);
	declare_sites_left(&objects, &bind);
	check_estate(&estate);
	if (status == OK && !bind.nomem)	/* what was added in spite of errors does no harm */
		require(estate_check(&estate, &diags) != ERR_SYSTEM);
	bind_fini(&bind);
	estate_fini(&estate);
	arena_fini(&scratch);
	arena_fini(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t which = size ? data[0] % (sizeof(loads) / sizeof(loads[0])) : 0;
	struct import_item item = { .site = "dc" };
	struct memory_file file;

	if (size && memory_file_init(&file, data + 1, size - 1)) {
		item.path = item.at.file = file.path;
		load(&item, which);
		tells[which](file.path);
	}
	if (size)
		memory_file_fini(&file);
	return 0;
}
