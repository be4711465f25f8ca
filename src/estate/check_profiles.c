#include "estate/check.h"

/*
 * A zone or rule reaches a VPC directly, by one Profile or by several.  What is direct comes
 * first and needs no Profile; of several Profiles the first in the VPC's order attaches it.
 */

/* An association that names an object, by one of its Profiles. */
struct member {
	const struct profile *profile;
	struct member *next;
};

/* For each network: how the object at hand reaches it. */
struct reach {
	const void *object;	/* the last one that this entry is about */
	const struct profile_association *by;	/* NULL: directly */
};

struct attaching {
	struct check *check;
	struct reach *reaches;	/* by network */
};

static void *
scratch_array(struct check *check, size_t count, size_t size)
{
	void *array = arena_array(&check->scratch, count, size);

	if (!array)
		check->nomem = true;
	return array;
}

/** The short form says the same as the long one without a priority. */
static void
unfold(struct check *check, struct profile *profile)
{
	struct profile_association **end = &profile->associations;

	while (*end)
		end = &(*end)->next;
	for (const struct ref *ref = profile->vpcs; ref; ref = ref->next) {
		struct profile_association *a = arena_alloc(&check->estate->arena, sizeof(*a));

		if (!a) {
			check->nomem = true;
			return;
		}
		a->vpc = *ref;
		a->at = ref->at;
		*end = a;
		end = &a->next;
	}
	profile->vpcs = NULL;
	for (struct profile_association *a = profile->associations; a; a = a->next)
		a->profile = profile;
}

static void
report_order(struct check *check, const struct profile_association *first,
	     const struct profile_association *second)
{
	const struct network *vpc = second->vpc.object;
	struct finding *finding;

	if (first->priority && second->priority)
		finding = diag_open(check->diags, SEVERITY_ERROR, "profile-conflict", NULL,
				    second->at, "profile \"%s\" has priority %u in %s, which "
				    "profile \"%s\" already has there", second->profile->id,
				    second->priority, vpc->id, first->profile->id);
	else
		finding = diag_open(check->diags, SEVERITY_ERROR, "profile-conflict", NULL,
				    second->at, "profile \"%s\" is attached to %s, which already "
				    "has profile \"%s\": a VPC has one Profile, or each of them "
				    "a priority", second->profile->id, vpc->id,
				    first->profile->id);
	diag_add(check->diags, finding, PART_OBJECT, object_kind_text(OBJECT_PROFILE),
		 second->profile->id, second->profile->at, "the second");
	diag_add(check->diags, finding, PART_OBJECT, object_kind_text(OBJECT_PROFILE),
		 first->profile->id, first->at, "the first is attached here");
}

static void
compare_associations(struct check *check, const struct profile_association *first,
		     const struct profile_association *second)
{
	if (first->profile == second->profile && first->priority == second->priority)
		diag_report(check->diags, SEVERITY_WARNING, "repeated-reference", second->at,
			    "\"%s\" is in this list twice", second->vpc.id);
	else if (first->profile == second->profile || first->priority == second->priority ||
		 !first->priority || !second->priority)
		report_order(check, first, second);
}

/* What one VPC has, in the order declared: a few, so each is compared with each. */
struct attached {
	const struct profile_association *association;
	struct attached *next;
};

static void
check_order(struct check *check)
{
	const struct estate *estate = check->estate;
	struct attached **by_network = scratch_array(check, estate->network_count,
						     sizeof(struct attached *));

	for (const struct profile *p = estate->profiles; by_network && p; p = p->next) {
		for (const struct profile_association *a = p->associations; a; a = a->next) {
			const struct network *vpc = a->vpc.object;
			struct attached **end, *new;

			if (!vpc)
				continue;
			for (end = &by_network[vpc->index]; *end; end = &(*end)->next)
				compare_associations(check, (*end)->association, a);
			new = scratch_array(check, 1, sizeof(*new));
			if (!new)
				return;
			*new = (struct attached){ .association = a };
			*end = new;
		}
	}
}

/** Does the second come before the first?  Equal priorities were reported. */
static bool
comes_before(const struct profile_association *first, const struct profile_association *second)
{
	return second->priority < first->priority;
}

/** Append a network to an object's list. */
static struct ref **
append(struct check *check, struct ref **end, const struct profile_association *by)
{
	struct ref *ref = arena_alloc(&check->estate->arena, sizeof(*ref));

	if (!ref) {
		check->nomem = true;
		return end;
	}
	*ref = by->vpc;
	ref->by = by;
	ref->next = NULL;
	*end = ref;
	return &ref->next;
}

/** The networks that the object reaches by its Profiles and not directly. */
static void
attach(struct attaching *t, const void *object, struct ref **networks,
       const struct member *members)
{
	struct ref **end = networks;

	for (; *end; end = &(*end)->next) {
		const struct network *network = (*end)->object;

		if (network)
			t->reaches[network->index] = (struct reach){ object, NULL };
	}
	for (const struct member *m = members; m; m = m->next) {
		for (const struct profile_association *a = m->profile->associations; a;
		     a = a->next) {
			const struct network *vpc = a->vpc.object;
			struct reach *reach = vpc ? &t->reaches[vpc->index] : NULL;

			if (reach && (reach->object != object ||
				      (reach->by && comes_before(reach->by, a))))
				*reach = (struct reach){ object, a };
		}
	}
	for (const struct member *m = members; m; m = m->next)
		for (const struct profile_association *a = m->profile->associations; a;
		     a = a->next) {
			const struct network *vpc = a->vpc.object;

			if (vpc && t->reaches[vpc->index].by == a)
				end = append(t->check, end, a);
		}
}

/** Each object's Profiles, by its number; an object named twice counts once. */
static void
note_members(struct check *check, const struct profile *profile, const struct ref *refs,
	     bool zones, struct member **members)
{
	for (const struct ref *ref = refs; ref && !check->nomem; ref = ref->next) {
		uint32_t index;
		struct member *new;

		if (!ref->object)
			continue;
		index = zones ? ((const struct hosted_zone *)ref->object)->index
			      : ((const struct resolver_rule *)ref->object)->index;
		if (members[index] && members[index]->profile == profile)
			continue;
		new = scratch_array(check, 1, sizeof(*new));
		if (!new)
			return;
		*new = (struct member){ profile, members[index] };
		members[index] = new;
	}
}

static void
attach_all(struct check *check)
{
	struct estate *estate = check->estate;
	struct member **zones = scratch_array(check, estate->zone_count,
					      sizeof(struct member *));
	struct member **rules = scratch_array(check, estate->rule_count,
					      sizeof(struct member *));
	struct attaching t = {
		.check = check,
		.reaches = scratch_array(check, estate->network_count, sizeof(*t.reaches)),
	};

	for (const struct profile *p = estate->profiles; p && !check->nomem; p = p->next) {
		note_members(check, p, p->zones, true, zones);
		note_members(check, p, p->rules, false, rules);
	}
	for (struct hosted_zone *z = estate->zones; z && !check->nomem; z = z->next)
		if (zones[z->index])
			attach(&t, z, &z->networks, zones[z->index]);
	for (struct resolver_rule *r = estate->rules; r && !check->nomem; r = r->next)
		if (rules[r->index])
			attach(&t, r, &r->networks, rules[r->index]);
}

void
check_profiles(struct check *check)
{
	if (!check->estate->profiles)
		return;
	for (struct profile *p = check->estate->profiles; p; p = p->next)
		unfold(check, p);
	if (!check->nomem)
		check_order(check);
	if (!check->nomem)
		attach_all(check);
}
