#include "snapshot/compile_parts.h"

#include <stdlib.h>
#include <string.h>

#include "snapshot/autodefined.h"
#include "snapshot/settle.h"
#include "snapshot/slots.h"

/* One reason why one network has a cut at a name. */
struct claim {
	const struct root_name *name;
	struct candidate candidate;
};

struct claims {
	struct claim *items;		/* all that are in `count`, unsorted at first */
	size_t count, room;
};

struct view_maker {
	struct root_maker *root;
	struct claims *claims;		/* by network */
	struct claims *linked;		/* by network: what it adds to those that see it */
	struct table tables;		/* octets of a cut table -> its struct made_view */
	struct view *views;
	uint32_t view_count;
	struct claims *telling;		/* whose autodefined names are being told */
};

/* A cut table before it has a place: `octets` are the cuts, then the losers. */
struct cut_table {
	struct cut *cuts;		/* losers_at: number of the first loser, for now */
	struct cut_loser *losers;
	uint32_t cut_count, loser_count;
	const struct root_name **names;	/* of the cuts */
	size_t octets;
};

static void
add_claim(struct view_maker *v, struct claims *claims, const struct root_name *name,
	  struct candidate candidate)
{
	if (!name)
		return;
	if (claims->count == claims->room) {
		size_t room = claims->room ? 2 * claims->room : 16;
		struct claim *grown = reallocarray(claims->items, room, sizeof(*grown));

		if (!grown) {
			root_fail(v->root, ERR_NOMEM);
			return;
		}
		claims->items = grown;
		claims->room = room;
	}
	claims->items[claims->count++] = (struct claim){ name, candidate };
}

/** The side that it is on: the network's own, or that of a Profile. */
static struct candidate
sided(struct candidate candidate, const struct profile_association *by)
{
	candidate.side = by ? 1 + by->priority : SIDE_OWN;
	candidate.profile = by ? by->profile->index : PROFILE_NONE;
	return candidate;
}

static struct candidate
nobodys(enum cut_origin origin, uint32_t number)
{
	return (struct candidate){ origin, number, false, SIDE_NOBODY, PROFILE_NONE };
}

/** Do zones attached to this network count?  (route53-semantics 1.5.3) */
static bool
uses_zones(const struct estate *estate, const struct network *network)
{
	return network->kind == NETWORK_SITE ||
	       (network->enable_dns_support &&
		(network->enable_dns_hostnames ||
		 estate->settings.assume[ASSUME_ATTRIBUTES_OFF]));
}

static void
claim_zones(struct view_maker *v)
{
	for (const struct hosted_zone *z = v->root->estate->zones; z; z = z->next) {
		const struct root_name *name = root_name(v->root, z->name);

		for (const struct ref *ref = z->networks; ref; ref = ref->next) {
			const struct network *network = ref->object;

			if (uses_zones(v->root->estate, network))
				add_claim(v, &v->claims[network->index], name,
					  sided((struct candidate){ .origin = ORIGIN_ZONE,
								    .number = z->index },
						ref->by));
		}
	}
}

/* A DELEGATE rule has no domain: it takes no part in the match (1.6.6). */
static void
claim_rules(struct view_maker *v)
{
	for (const struct resolver_rule *r = v->root->estate->rules; r; r = r->next) {
		const struct root_name *name;

		if (r->type == RULE_DELEGATE)
			continue;
		name = root_name(v->root, r->domain_name);
		for (const struct ref *ref = r->networks; ref; ref = ref->next) {
			const struct network *network = ref->object;

			add_claim(v, &v->claims[network->index], name,
				  sided((struct candidate){ ORIGIN_RULE, r->index,
							    .system = r->type == RULE_SYSTEM },
					ref->by));
		}
	}
}

static void
claim_autodefined(void *context, const struct name *name, enum autodefined kind)
{
	struct view_maker *v = context;

	add_claim(v, v->telling, root_name(v->root, name->wire),
		  nobodys(ORIGIN_AUTODEFINED, kind));
}

/** Does this name of a linked VPC become one of `network`'s? */
static bool
takes_linked(const struct network *network, uint32_t kind, bool same_region)
{
	if (kind == AUTO_EC2_REVERSE)
		return network->autodefined_reverse == AUTODEFINED_REVERSE_ENABLED;
	return !same_region || kind != AUTO_EC2;
}

/** What the VPCs that this one sees add; most of it is the same for all who see them. */
static void
claim_linked(struct view_maker *v, const struct network *network, uint8_t *marks)
{
	links_mark(v->root->estate, network, marks);
	for (const struct network *n = v->root->estate->networks; n; n = n->next) {
		const struct claims *linked = &v->linked[n->index];
		bool same_region = strcmp(n->region, network->region) == 0;

		if (!(marks[n->index] & LINK_NAMES))
			continue;
		for (size_t i = 0; i < linked->count; i++)
			if (takes_linked(network, linked->items[i].candidate.number, same_region))
				add_claim(v, &v->claims[network->index], linked->items[i].name,
					  linked->items[i].candidate);
	}
}

static void
claim_own(struct view_maker *v)
{
	const struct estate *estate = v->root->estate;
	const struct root_name *root = root_name(v->root, (const uint8_t *)"");
	uint8_t *marks = root_array(v->root, estate->network_count, 1);

	if (!marks)
		return;
	for (const struct network *n = estate->networks; n; n = n->next) {
		v->telling = &v->linked[n->index];
		if (n->kind == NETWORK_VPC)
			autodefined_linked(n, claim_autodefined, v);
		v->telling = &v->claims[n->index];
		autodefined_own(n, claim_autodefined, v);
		add_claim(v, v->telling, root, nobodys(ORIGIN_ROOT, 0));
	}
	for (const struct network *n = estate->networks; n; n = n->next)
		if (n->kind == NETWORK_VPC && n->enable_dns_support && n->enable_dns_hostnames)
			claim_linked(v, n, marks);
}

static int
compare_claims(const void *a, const void *b)
{
	const struct claim *left = a, *right = b;

	if (left->name->rank != right->name->rank)
		return left->name->rank < right->name->rank ? -1 : 1;
	if (left->candidate.side != right->candidate.side)
		return left->candidate.side < right->candidate.side ? -1 : 1;
	if (left->candidate.origin != right->candidate.origin)
		return left->candidate.origin < right->candidate.origin ? -1 : 1;
	return (left->candidate.number > right->candidate.number) -
	       (left->candidate.number < right->candidate.number);
}

/** In the order of the cuts, each reason once. */
static void
sort_claims(struct claims *claims)
{
	size_t kept = 0;

	qsort(claims->items, claims->count, sizeof(*claims->items), compare_claims);
	for (size_t i = 0; i < claims->count; i++)
		if (i == 0 || compare_claims(&claims->items[kept - 1], &claims->items[i]) != 0)
			claims->items[kept++] = claims->items[i];
	claims->count = kept;
}

static bool
table_alloc(struct view_maker *v, struct cut_table *table, size_t claims)
{
	*table = (struct cut_table){
		.cuts = root_array(v->root, claims, sizeof(struct cut) +
						    sizeof(struct cut_loser)),
		.losers = root_array(v->root, claims, sizeof(struct cut_loser)),
		.names = root_array(v->root, claims, sizeof(struct root_name *)),
	};
	return table->cuts && table->losers && table->names;
}

/** Settle all contests of a network. */
static bool
make_table(struct view_maker *v, const struct claims *claims, struct cut_table *table)
{
	struct candidate *candidates = root_array(v->root, claims->count, sizeof(*candidates));
	struct settling settling;

	if (!candidates || !table_alloc(v, table, claims->count))
		return false;
	settle_init(&settling, v->root->internet_rule,
		    v->root->estate->settings.assume[ASSUME_SYSTEM_RULE_ZONE]);
	for (size_t i = 0, n; i < claims->count; i += n) {
		const struct root_name *name = claims->items[i].name;
		struct cut *cut = &table->cuts[table->cut_count];

		for (n = 0; i + n < claims->count && claims->items[i + n].name == name; n++)
			candidates[n] = claims->items[i + n].candidate;
		settle(&settling, &(struct contest){ name->wire, candidates, n }, cut,
		       &table->losers[table->loser_count]);
		cut->name_at = name->at;
		cut->labels = name->labels;
		cut->losers_at = cut->loser_count ? table->loser_count : 0;
		table->loser_count += cut->loser_count;
		table->names[table->cut_count++] = name;
	}
	/* as one run of octets, which tells whether two tables are equal */
	memcpy(table->cuts + table->cut_count, table->losers,
	       table->loser_count * sizeof(*table->losers));
	table->octets = table->cut_count * sizeof(*table->cuts) +
			table->loser_count * sizeof(*table->losers);
	return true;
}

static void
put_slots(struct view_maker *v, const struct cut_table *table, struct view *view)
{
	uint64_t slot_count = slots_for(table->cut_count);
	uint32_t (*slots)[2];

	view->slots_at = block_reserve(&v->root->block,
				       slot_count * sizeof(struct view_slot));
	view->slot_mask = (uint32_t)(slot_count - 1);
	slots = block_edit(&v->root->block, view->slots_at);
	for (uint32_t i = 0; slots && i < table->cut_count; i++)
		slots_insert(slots, view->slot_mask, table->names[i]->hash, i + 1);
}

/** Give a new table its place in the block. */
static void
put_table(struct view_maker *v, const struct cut_table *table, struct view *view)
{
	uint32_t losers_at = block_put(&v->root->block, table->losers,
				       table->loser_count * sizeof(*table->losers));
	struct cut *cuts;

	view->cuts_at = block_put(&v->root->block, table->cuts,
				  table->cut_count * sizeof(*table->cuts));
	view->cut_count = table->cut_count;
	cuts = block_edit(&v->root->block, view->cuts_at);
	for (uint32_t i = 0; cuts && i < table->cut_count; i++) {
		uint32_t first = cuts[i].losers_at * (sizeof(*table->losers) / BLOCK_UNIT);

		if (cuts[i].loser_count)
			cuts[i].losers_at = losers_at + first;
		view->depths[cuts[i].labels >> 6] |= 1ull << (cuts[i].labels & 63);
	}
	put_slots(v, table, view);
}

/** The number of the network's view: one that is there, when the tables are equal. */
static uint32_t
make_view(struct view_maker *v, struct claims *claims)
{
	struct arena_mark mark = arena_mark(&v->root->scratch);
	struct cut_table table;
	const struct view *known;

	sort_claims(claims);
	if (!make_table(v, claims, &table))
		return 0;
	known = table_find(&v->tables, table.cuts, table.octets);
	if (known) {
		arena_rewind(&v->root->scratch, mark);
		return (uint32_t)(known - v->views);
	}
	put_table(v, &table, &v->views[v->view_count]);
	if (table_put(&v->tables, table.cuts, table.octets, &v->views[v->view_count]) != OK)
		root_fail(v->root, ERR_NOMEM);
	return v->view_count++;
}

static int
compare_names(const void *a, const void *b)
{
	const struct root_name *const *left = a, *const *right = b;

	return name_wire_compare((*left)->wire, (*right)->wire);
}

/** Numbers in canonical order, so that no network has to compare names again. */
static bool
rank_names(struct view_maker *v)
{
	const struct table *names = &v->root->names;
	struct root_name **sorted = root_array(v->root, names->count, sizeof(struct root_name *));

	if (!sorted)
		return false;
	for (size_t i = 0; i < names->count; i++)
		sorted[i] = names->entries[i].value;
	qsort(sorted, names->count, sizeof(struct root_name *), compare_names);
	for (size_t i = 0; i < names->count; i++)
		sorted[i]->rank = (uint32_t)i;
	return true;
}

static void
put_views(struct view_maker *v, uint32_t networks_at)
{
	size_t count = v->root->estate->network_count;
	uint32_t *numbers = root_array(v->root, count, sizeof(*numbers));
	struct snapshot_network *networks;
	struct root *root;
	uint32_t views_at;

	v->views = root_array(v->root, count, sizeof(*v->views));
	if (!numbers || !v->views)
		return;
	for (size_t i = 0; i < count && !v->root->status; i++)
		numbers[i] = make_view(v, &v->claims[i]);
	views_at = block_put(&v->root->block, v->views, v->view_count * sizeof(*v->views));
	root = block_edit(&v->root->block, 0);
	networks = block_edit(&v->root->block, networks_at);
	if (!root)
		return;
	root->views_at = views_at;
	root->view_count = v->view_count;
	for (size_t i = 0; i < count; i++)
		networks[i].view_at = views_at + numbers[i] * (uint32_t)(sizeof(*v->views) /
									 BLOCK_UNIT);
}

void
compile_views(struct root_maker *m, uint32_t networks_at)
{
	struct view_maker v = { .root = m };

	v.claims = root_array(m, m->estate->network_count, sizeof(*v.claims));
	v.linked = root_array(m, m->estate->network_count, sizeof(*v.linked));
	if (!v.claims || !v.linked)
		return;
	table_init(&v.tables, &m->scratch);
	claim_zones(&v);
	claim_rules(&v);
	claim_own(&v);
	if (!m->status && rank_names(&v))
		put_views(&v, networks_at);
	for (size_t i = 0; i < m->estate->network_count; i++) {
		free(v.claims[i].items);
		free(v.linked[i].items);
	}
}
