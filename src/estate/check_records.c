#include "estate/check.h"

#include <stdio.h>
#include <string.h>

#include "dns/codes.h"
#include "dns/name.h"
#include "dns/rdata.h"

#define SOA_MAX_OCTETS (2 * NAME_MAX_OCTETS + 20)

/* What is known of one owner that has a CNAME or a routing policy. */
struct owner_facts {
	const struct record_set *cname, *other;
	bool reported;
};

/*
 * Most owners of most zones have neither CNAME nor policy.  So the first walk notes only
 * those that have, and the second looks the others up in vain: a large zone costs a hash a
 * record, not a table of its names.
 */
struct records {
	struct check *check;
	const struct hosted_zone *zone;
	struct table owners;	/* wire name -> owner_facts */
	struct table groups;	/* owner, type -> the group's first set */
	struct table members;	/* owner, type, what tells members apart -> set */
	const struct record_set *soa;
};

static const char *
set_print(const struct record_set *set, char *buf, size_t size)
{
	char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX];

	snprintf(buf, size, "%s %s", name_print(set->owner, name), type_print(set->type, type));
	return buf;
}

static void
add_record(struct records *r, struct finding *finding, const struct record_set *set,
	   const char *text)
{
	char id[NAME_TEXT_MAX + CODE_TEXT_MAX];

	diag_add(r->check->diags, finding, PART_OBJECT, "record_set",
		 set_print(set, id, sizeof(id)), set->at, "%s", text);
}

static void
add_zone(struct records *r, struct finding *finding)
{
	diag_add(r->check->diags, finding, PART_OBJECT, object_kind_text(OBJECT_HOSTED_ZONE),
		 r->zone->id, r->zone->at, "in this zone");
}

static enum routing_policy
set_policy(const struct record_set *set)
{
	return set->routing ? set->routing->policy : POLICY_SIMPLE;
}

static bool
at_apex(const struct records *r, const struct record_set *set)
{
	return name_wire_equal(set->owner, r->zone->name);
}

static void
check_place(struct records *r, const struct record_set *set)
{
	char id[NAME_TEXT_MAX + CODE_TEXT_MAX], apex[NAME_TEXT_MAX];
	struct finding *finding;

	if (name_wire_covers(r->zone->name, set->owner))
		return;
	name_print(r->zone->name, apex);
	finding = diag_open(r->check->diags, SEVERITY_ERROR, "out-of-zone", NULL, set->at,
			    "%s is outside the zone %s",
			    set_print(set, id, sizeof(id)), apex);
	diag_add(r->check->diags, finding, PART_OBJECT, object_kind_text(OBJECT_HOSTED_ZONE),
		 r->zone->id, r->zone->name_at, "the zone is %s", apex);
}

/** Are these the same to a server?  Of CNAME and SOA. */
static bool
same_data(uint16_t type, const struct rdata *a, const struct rdata *b)
{
	uint8_t left[SOA_MAX_OCTETS], right[SOA_MAX_OCTETS];

	if (a->len != b->len || a->len > SOA_MAX_OCTETS)
		return false;
	rdata_lower(type, a->data, a->len, left);
	rdata_lower(type, b->data, b->len, right);
	return memcmp(left, right, a->len) == 0;
}

/** Are all values of both sets, which are of one type, one and the same record? */
static bool
is_one_record(const struct record_set *a, const struct record_set *b)
{
	const struct record_set *sets[] = { a, b };
	const struct rdata *first = a->values;

	for (unsigned i = 0; i < COUNT_OF(sets); i++)
		for (unsigned k = 0; k < sets[i]->value_count; k++)
			if (!same_data(a->type, first, &sets[i]->values[k]))
				return false;
	return first && b->value_count;
}

static void
check_soa(struct records *r, const struct record_set *set)
{
	const struct record_set *first = r->soa ? r->soa : set;
	struct finding *finding;
	char name[NAME_TEXT_MAX];

	if (set->type != TYPE_SOA)
		return;
	name_print(r->zone->name, name);
	if (!at_apex(r, set)) {
		finding = diag_open(r->check->diags, SEVERITY_ERROR, "misplaced-soa", NULL,
				    set->at, "an SOA stands at the top of a zone, which is %s",
				    name);
		add_zone(r, finding);
	} else if ((r->soa || set->value_count > 1) && !is_one_record(first, set)) {
		finding = diag_open(r->check->diags, SEVERITY_ERROR, "misplaced-soa", NULL,
				    set->at, "the zone %s has an SOA already", name);
		if (r->soa)
			add_record(r, finding, r->soa, "the first");
		add_zone(r, finding);
	} else {
		r->soa = set;
	}
}

static void
note_owner(struct records *r, const struct record_set *set)
{
	struct owner_facts *facts;
	size_t len;

	if (set->type != TYPE_CNAME && set_policy(set) == POLICY_SIMPLE)
		return;
	len = name_wire_len(set->owner);
	if (table_find(&r->owners, set->owner, len))
		return;
	facts = arena_alloc(&r->check->scratch, sizeof(*facts));
	if (!facts || table_put(&r->owners, set->owner, len, facts) != OK)
		r->check->nomem = true;
}

/** Data that may stand beside a CNAME (RFC 4035 2.5, RFC 3007 3). */
static bool
goes_with_cname(uint16_t type)
{
	return type == TYPE_RRSIG || type == TYPE_NSEC || type == TYPE_KEY;
}

static void
report_cname(struct records *r, struct owner_facts *facts, const struct record_set *set,
	     const struct record_set *first)
{
	char id[NAME_TEXT_MAX + CODE_TEXT_MAX];
	struct finding *finding;

	finding = diag_open(r->check->diags, SEVERITY_ERROR, "cname-conflict", NULL, set->at,
			    "%s: a CNAME is alone at its name",
			    set_print(set, id, sizeof(id)));
	add_record(r, finding, first, "also at this name");
	add_zone(r, finding);
	facts->reported = true;
}

/** Does a name have two CNAMEs by these?  The same record twice is one (RFC 2181 5). */
static bool
is_second_cname(const struct record_set *first, const struct record_set *set)
{
	return set_policy(set) == POLICY_SIMPLE && (first != set || set->value_count > 1) &&
	       !is_one_record(first, set);
}

static void
check_cname(struct records *r, struct owner_facts *facts, const struct record_set *set)
{
	const struct record_set *first;

	if (facts->reported || goes_with_cname(set->type))
		return;
	if (set->type == TYPE_CNAME) {
		if (!facts->cname)
			facts->cname = set;
		first = facts->other;
		if (!first && is_second_cname(facts->cname, set))
			first = facts->cname;
	} else {
		first = facts->cname;
		facts->other = set;
	}
	if (first)
		report_cname(r, facts, set, first);
}

static void
check_apex(struct records *r, struct owner_facts *facts, const struct record_set *set)
{
	struct finding *finding;
	char apex[NAME_TEXT_MAX];

	if (set->type != TYPE_CNAME || facts->reported || !at_apex(r, set))
		return;
	finding = diag_open(r->check->diags, SEVERITY_ERROR, "cname-conflict", NULL, set->at,
			    "no CNAME at the top of the zone %s, where its SOA and NS are: an "
			    "alias can stand there", name_print(r->zone->name, apex));
	add_zone(r, finding);
	facts->reported = true;
}

static const char *
policy_text(enum routing_policy policy)
{
	switch (policy) {
	case POLICY_SIMPLE:
		return "simple";
	case POLICY_MULTIVALUE:
		return "multivalue";
	case POLICY_WEIGHTED:
		return "weighted";
	case POLICY_FAILOVER:
		return "failover";
	case POLICY_LATENCY:
		return "latency";
	case POLICY_GEOLOCATION:
		return "geolocation";
	case POLICY_GEOPROXIMITY:
		return "geoproximity";
	}
	return "unknown";
}

/** Owner, type and, when given, `tag` and `text` as one key in scratch. */
static const void *
group_key(struct records *r, const struct record_set *set, char tag, const char *text,
	  size_t *len)
{
	size_t owner_len = name_wire_len(set->owner), text_len = text ? strlen(text) : 0;
	uint8_t *key = arena_alloc(&r->check->scratch, owner_len + 3 + text_len);

	if (!key) {
		r->check->nomem = true;
		return NULL;
	}
	memcpy(key, set->owner, owner_len);
	store_u16(key + owner_len, set->type);
	key[owner_len + 2] = (uint8_t)tag;
	if (text)
		memcpy(key + owner_len + 3, text, text_len);
	*len = owner_len + 3 + text_len;
	return key;
}

/** The set that is already there under this key; else this one is entered. */
static const struct record_set *
find_or_enter(struct records *r, struct table *table, const struct record_set *set, char tag,
	      const char *text)
{
	const struct record_set *first;
	const void *key;
	size_t len;

	key = group_key(r, set, tag, text, &len);
	if (!key)
		return NULL;
	first = table_find(table, key, len);
	if (!first && table_put(table, key, len, (void *)(uintptr_t)set) != OK)
		r->check->nomem = true;
	return first;
}

static void
check_unique(struct records *r, const struct record_set *set, char tag, const char *what,
	     const char *text)
{
	const struct record_set *first = find_or_enter(r, &r->members, set, tag, text);
	char id[NAME_TEXT_MAX + CODE_TEXT_MAX];
	struct finding *finding;

	if (!first)
		return;
	finding = diag_open(r->check->diags, SEVERITY_ERROR, "duplicate-set", NULL, set->at,
			    "%s has a record set with the %s \"%s\" already",
			    set_print(set, id, sizeof(id)), what, text);
	add_record(r, finding, first, "the first");
	add_zone(r, finding);
}

/** The sets of a weighted group have one TTL, the last one's: told once a group (4.4.5). */
static void
check_ttl(struct records *r, const struct record_set *set)
{
	const struct record_set *first;
	char id[NAME_TEXT_MAX + CODE_TEXT_MAX];
	struct finding *finding;

	if (set->alias)
		return;
	first = find_or_enter(r, &r->members, set, 't', NULL);
	if (!first || first->ttl_s == set->ttl_s || find_or_enter(r, &r->members, set, 'T', NULL))
		return;
	finding = diag_open(r->check->diags, SEVERITY_WARNING, "weighted-ttl", NULL, set->at,
			    "%s: TTL %u here and %u before; a weighted group has one TTL, that of "
			    "its last record set", set_print(set, id, sizeof(id)), set->ttl_s,
			    first->ttl_s);
	add_record(r, finding, first, "the first");
	add_zone(r, finding);
}

/** What tells the members of a policy group apart besides the identifier. */
static void
check_member(struct records *r, const struct record_set *set)
{
	const struct routing *routing = set->routing;
	char place[64];

	if (routing->set_identifier)
		check_unique(r, set, 'i', "set_identifier", routing->set_identifier);
	switch (routing->policy) {
	case POLICY_FAILOVER:
		check_unique(r, set, 'f', "failover role",
			     routing->failover == FAILOVER_PRIMARY ? "PRIMARY" : "SECONDARY");
		return;
	case POLICY_LATENCY:
		if (routing->region)
			check_unique(r, set, 'r', "region", routing->region);
		return;
	case POLICY_GEOLOCATION:
		snprintf(place, sizeof(place), "%s/%s/%s",
			 routing->continent ? routing->continent : "",
			 routing->country ? routing->country : "",
			 routing->subdivision ? routing->subdivision : "");
		check_unique(r, set, 'g', "geo_location", place);
		return;
	case POLICY_WEIGHTED:
		check_ttl(r, set);
		return;
	case POLICY_SIMPLE:
	case POLICY_MULTIVALUE:
	case POLICY_GEOPROXIMITY:
		return;
	}
}

static void
check_group(struct records *r, const struct record_set *set)
{
	const struct record_set *first = find_or_enter(r, &r->groups, set, 0, NULL);
	char id[NAME_TEXT_MAX + CODE_TEXT_MAX];
	struct finding *finding;

	if (first && set_policy(first) != set_policy(set)) {
		finding = diag_open(r->check->diags, SEVERITY_ERROR, "mixed-policies", NULL,
				    set->at, "%s is %s here and %s before: one routing policy "
				    "for a name and type", set_print(set, id, sizeof(id)),
				    policy_text(set_policy(set)),
				    policy_text(set_policy(first)));
		add_record(r, finding, first, "the first");
		add_zone(r, finding);
		return;
	}
	if (set_policy(set) != POLICY_SIMPLE)
		check_member(r, set);
}

static void
check_owner(struct records *r, const struct record_set *set)
{
	struct owner_facts *facts = table_find(&r->owners, set->owner,
					       name_wire_len(set->owner));

	if (!facts)
		return;
	check_cname(r, facts, set);
	check_apex(r, facts, set);
	check_group(r, set);
}

void
check_records(struct check *check, const struct hosted_zone *zone)
{
	struct arena_mark mark = arena_mark(&check->scratch);
	struct records r = { .check = check, .zone = zone };

	if (!zone->name)
		return;
	table_init(&r.owners, &check->scratch);
	table_init(&r.groups, &check->scratch);
	table_init(&r.members, &check->scratch);
	for (const struct record_set *set = zone->sets; set && !check->nomem; set = set->next) {
		check_place(&r, set);
		check_soa(&r, set);
		note_owner(&r, set);
	}
	if (r.owners.count)
		for (const struct record_set *set = zone->sets; set && !check->nomem;
		     set = set->next)
			check_owner(&r, set);
	arena_rewind(&check->scratch, mark);
}
