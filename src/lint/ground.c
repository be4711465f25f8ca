#include "lint/ground.h"

#include <stdio.h>
#include <stdlib.h>

#include "dns/codes.h"
#include "lint/witness.h"

struct ground *
lint_ground(struct lint *lint)
{
	struct ground *g = lint->ground;

	if (g)
		return g;
	g = lint_alloc(lint, 1, sizeof(*g));
	if (!g)
		return NULL;
	g->readers = lint_alloc(lint, lint->estate->network_count, sizeof(*g->readers));
	if (lint->nomem || addresses_init(&g->addresses, lint->estate, &lint->arena) != OK ||
	    reach_init(&g->reach, lint->estate, &lint->arena) != OK ||
	    uses_init(&g->uses, lint->estate, lint->snap, &g->addresses, &lint->arena) != OK) {
		lint->nomem = true;
		return NULL;
	}
	lint->ground = g;
	return g;
}

static int
compare_numbers(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

size_t
ground_readers(struct lint *lint, struct ground *g, uint32_t zone)
{
	const struct hosted_zone *z = lint->zones[zone];
	size_t count = 0;

	for (const struct ref *ref = z->networks; ref; ref = ref->next) {
		const struct network *network = ref->object;

		if (network && lint_uses_zones(lint, network->index) &&
		    lint_reads(lint, network->index, z->name, zone))
			g->readers[count++] = network->index;
	}
	if (count)
		qsort(g->readers, count, sizeof(*g->readers), compare_numbers);
	return count;
}

/* The first record that a network reads. */
struct search {
	struct lint *lint;
	const struct use *use;
	uint32_t network;
	struct witness *witness;
	bool found;
};

static bool
search_record(void *context, const struct use_record *record)
{
	struct search *s = context;

	if (!lint_reads(s->lint, s->network, record->owner, s->use->zone))
		return true;
	s->found = true;
	name_from_wire(record->owner, &s->witness->name);
	s->witness->type = record->type;
	return false;
}

bool
ground_witness(struct lint *lint, const struct ground *g, const struct use *use,
	       uint32_t network, struct witness *witness)
{
	struct search search = { lint, use, network, witness, false };

	uses_each(&g->uses, lint->snap->zones[use->zone], use, search_record, &search);
	if (search.found)
		witness_claim_zone(witness, network, use->zone);
	return search.found;
}

/* The first few records, to be shown. */
struct showing {
	struct lint *lint;
	const struct use *use;
	struct finding *finding;
	unsigned count;
	struct srcloc first;
};

static bool
note_place(void *context, const struct use_record *record)
{
	struct showing *s = context;

	s->first = lint_record_at(s->lint, s->use->zone, record->owner, record->type);
	return false;
}

struct srcloc
ground_use_at(struct lint *lint, const struct ground *g, const struct use *use)
{
	struct showing showing = { .lint = lint, .use = use };

	uses_each(&g->uses, lint->snap->zones[use->zone], use, note_place, &showing);
	return showing.first;
}

static bool
show_record(void *context, const struct use_record *record)
{
	struct showing *s = context;
	char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX], id[NAME_TEXT_MAX + CODE_TEXT_MAX];
	char says[NAME_TEXT_MAX];

	snprintf(id, sizeof(id), "%s %s", name_print(record->owner, name),
		 type_print(record->type, type));
	diag_add(s->lint->diags, s->finding, PART_OBJECT, "record", id,
		 lint_record_at(s->lint, s->use->zone, record->owner, record->type), "%s",
		 record->named ? name_print(record->target.wire, says)
			       : addr_print(&record->addr, says));
	return ++s->count < LINT_SHOWN;
}

void
ground_add_records(struct lint *lint, const struct ground *g, struct finding *finding,
		   const struct use *use)
{
	struct showing showing = { .lint = lint, .use = use, .finding = finding };

	if (finding)
		uses_each(&g->uses, lint->snap->zones[use->zone], use, show_record, &showing);
}

const char *
ground_count(struct lint *lint, const struct use *use)
{
	if (use->kind == USE_CLAIMABLE || use->kind == USE_EC2)
		return lint_count(lint, use->count, "record", "records");
	return lint_count(lint, use->count, "address", "addresses");
}
