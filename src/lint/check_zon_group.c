#include "lint/checks.h"
#include "lint/model.h"

/*
 * ZON112: all networks of a group but one see a name by some zone.  Which zone it is does not
 * count here: zones of one name that differ are ZON101.  Groups are those of `lint.groups`.
 */

#define GROUP_LEAST 4	/* among fewer, one that differs proves nothing */

/* Who of the group sees a name. */
struct sight {
	const uint8_t *name;
	uint32_t zone;		/* the first of this name */
	size_t count;		/* members that see it */
	uint32_t last;		/* of them the one counted last, and 1; 0: none */
	struct sight *next;
};

struct sights {
	struct sight *first, **end;
	struct table by_name;
};

static struct sight *
find_sight(struct lint *lint, struct sights *sights, const struct hosted_zone *zone)
{
	size_t len = name_wire_len(zone->name);
	struct sight *sight = table_find(&sights->by_name, zone->name, len);

	if (sight)
		return sight;
	sight = lint_alloc(lint, 1, sizeof(*sight));
	if (!sight)
		return NULL;
	*sight = (struct sight){ .name = zone->name, .zone = zone->index };
	if (table_put(&sights->by_name, zone->name, len, sight) != OK) {
		lint->nomem = true;
		return NULL;
	}
	*sights->end = sight;
	sights->end = &sight->next;
	return sight;
}

/** Go through the zones of each member: member by member, so one is counted once. */
struct attached {
	const struct hosted_zone *zone;
	struct attached *next;
};

static struct attached **
zones_by_network(struct lint *lint)
{
	struct attached **of = lint_alloc(lint, lint->estate->network_count, sizeof(*of));

	for (const struct hosted_zone *z = lint->estate->zones; of && z; z = z->next) {
		for (const struct ref *ref = z->networks; ref; ref = ref->next) {
			const struct network *network = ref->object;
			struct attached *new = lint_alloc(lint, 1, sizeof(*new));

			if (!new || !network)
				continue;
			*new = (struct attached){ z, of[network->index] };
			of[network->index] = new;
		}
	}
	return of;
}

/** The member that does not have a zone of this name: the one and only. */
static const struct network *
find_odd(const struct lint_group *group, struct attached *const *of, const uint8_t *name)
{
	for (const struct ref *ref = group->networks; ref; ref = ref->next) {
		const struct network *member = ref->object;
		bool has = false;

		for (const struct attached *a = member ? of[member->index] : NULL; a && !has;
		     a = a->next)
			has = name_wire_equal(a->zone->name, name);
		if (member && !has)
			return member;
	}
	return NULL;
}

static void
report_odd(struct lint *lint, const struct lint_check *check, const struct lint_group *group,
	   const struct sight *sight, const struct network *odd)
{
	struct finding *finding;
	char name[NAME_TEXT_MAX];

	name_print(sight->name, name);
	finding = lint_open(lint, check, check->severity, odd->at,
			    "%zu of the %zu networks of group \"%s\" have a zone %s; \"%s\" has "
			    "none", sight->count, sight->count + 1, group->id, name, odd->id);
	lint_add_zone(lint, finding, sight->zone, "is what the others have");
	lint_add_network(lint, finding, odd->index);
	diag_add(lint->diags, finding, PART_NAMES, "subtree", name, (struct srcloc){ 0 },
		 "all types");
	lint_add_help(lint, finding, "associate the zone with \"%s\", or suppress this with the "
		      "reason why it needs none", odd->id);
}

static void
judge_group(struct lint *lint, const struct lint_check *check, const struct lint_group *group,
	    struct attached *const *of)
{
	struct sights sights = { .end = &sights.first };
	size_t members = 0;

	table_init(&sights.by_name, &lint->arena);
	for (const struct ref *ref = group->networks; ref; ref = ref->next) {
		const struct network *member = ref->object;

		if (!member)
			continue;
		members++;
		for (const struct attached *a = of[member->index]; a; a = a->next) {
			struct sight *sight = find_sight(lint, &sights, a->zone);

			if (!sight || sight->last == member->index + 1)
				continue;
			sight->last = member->index + 1;
			sight->count++;
		}
	}
	if (members < GROUP_LEAST)
		return;
	for (const struct sight *s = sights.first; s; s = s->next) {
		const struct network *odd = s->count == members - 1 ? find_odd(group, of, s->name)
								    : NULL;

		if (odd)
			report_odd(lint, check, group, s, odd);
	}
}

void
check_odd_one_out(struct lint *lint, const struct lint_check *check)
{
	struct attached **of = lint->estate->lint.groups ? zones_by_network(lint) : NULL;

	for (const struct lint_group *g = lint->estate->lint.groups; of && g && !lint->nomem;
	     g = g->next)
		judge_group(lint, check, g, of);
}
