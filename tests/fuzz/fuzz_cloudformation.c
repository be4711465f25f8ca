/*
 * fuzz_cloudformation - any octets as a template: an error, or an estate whose objects have
 * ids and whose evaluation ended
 */
#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"
#include "load/cloudformation.h"

#define LIMIT ((size_t)32 << 20)

static void
check_refs(const struct ref *refs)
{
	for (; refs; refs = refs->next)
		require(refs->id && refs->at.file);
}

static void
check_estate(const struct estate *estate)
{
	for (const struct network *n = estate->networks; n; n = n->next)
		require(n->id && n->at.file);
	for (const struct hosted_zone *z = estate->zones; z; z = z->next) {
		require(z->id && (z->name || z->flawed));
		check_refs(z->networks);
	}
	for (const struct resolver_rule *r = estate->rules; r; r = r->next)
		check_refs(r->networks);
	for (const struct route_table *t = estate->route_tables; t; t = t->next)
		check_refs(t->subnets);
	for (const struct security_group *g = estate->security_groups; g; g = g->next) {
		require(g->id);
		for (const struct ip_permission *p = g->ip_permissions; p; p = p->next)
			check_refs(p->security_groups);
	}
	for (const struct network_acl *a = estate->network_acls; a; a = a->next)
		check_refs(a->subnets);
	for (const struct lint_suppression *s = estate->lint.suppressions; s; s = s->next)
		require(s->code && s->object && s->reason);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text_pair region = { .name = "AWS::Region", .text = "eu-west-1" };
	struct memory_file file;
	struct objects objects;
	struct estate estate;
	struct arena arena, scratch;
	struct diags diags;
	struct bind bind;
	enum status status;

	if (memory_file_init(&file, data, size)) {
		struct import_item item = { .path = file.path };
		struct declare declare = { .estate = &estate, .objects = &objects,
					   .diags = &diags, .scratch = &scratch,
					   .nodes = { .arena = &scratch }, .bind = &bind };

		arena_init(&arena, LIMIT);
		arena_init(&scratch, LIMIT);
		diags_init(&diags, &arena, 0);
		estate_init(&estate, LIMIT);
		estate.parameters = &region;
		objects_init(&objects, &estate, &scratch, &diags);
		bind_init(&bind, &estate.arena, &diags);
		bind.take = objects_take;
		bind.init = objects_begin;
		bind.context = &objects;
		status = cloudformation_load(&item, &declare);
		require(status == OK || status == ERR_NOMEM || diags.errors);
		check_estate(&estate);
		if (status == OK)	/* what was added in spite of errors does no harm */
			require(estate_check(&estate, &diags) != ERR_SYSTEM);
		bind_fini(&bind);
		estate_fini(&estate);
		arena_fini(&scratch);
		arena_fini(&arena);
	}
	memory_file_fini(&file);
	return 0;
}
