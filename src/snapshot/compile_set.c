#include "snapshot/zone_make.h"

#include <stdlib.h>
#include <string.h>

#include "dns/codes.h"
#include "dns/rdata.h"

/* A value, and the part of the set that said it. */
struct value {
	struct rdata data;		/* names in lower case: letter case makes no difference */
	struct rdata said;
	const struct record_set *part;
};

/* The values of one set, without those said twice (RFC 2181 5). */
struct values {
	struct value *seen;
	uint32_t *slots;		/* number in `seen` + 1; 0: free */
	uint32_t mask, count;
};

static bool
values_init(struct zone_maker *m, struct values *values, size_t most)
{
	size_t slots = 2;

	while (slots < 2 * most)
		slots *= 2;
	values->seen = arena_array(&m->scratch, most, sizeof(*values->seen));
	values->slots = arena_array(&m->scratch, slots, sizeof(*values->slots));
	values->mask = (uint32_t)(slots - 1);
	values->count = 0;
	if (values->seen && values->slots)
		return true;
	zone_fail(m, ERR_NOMEM);
	return false;
}

/** The value, or a copy with its names in lower case. */
static struct rdata
fold_value(struct zone_maker *m, uint16_t type, struct rdata value)
{
	uint8_t *data;

	if (!value.len || !strpbrk(rdata_layout(type), "CN"))
		return value;
	data = arena_alloc(&m->scratch, value.len);
	if (!data) {
		zone_fail(m, ERR_NOMEM);
		return value;
	}
	rdata_lower(type, value.data, value.len, data);
	return (struct rdata){ data, value.len };
}

/** The part that said the same before; NULL: the value is new. */
static const struct record_set *
values_add(struct values *values, const struct value *value)
{
	static const struct hash_key key;
	uint32_t i = (uint32_t)hash_keyed(&key, value->data.data, value->data.len) &
		     values->mask;

	for (; values->slots[i]; i = (i + 1) & values->mask) {
		const struct value *other = &values->seen[values->slots[i] - 1];

		if (other->data.len == value->data.len &&
		    memcmp(other->data.data, value->data.data, value->data.len) == 0)
			return other->part;
	}
	values->seen[values->count++] = *value;
	values->slots[i] = values->count;
	return NULL;
}

static void
report_set(struct zone_maker *m, const struct record_set *set, const char *code,
	   const char *what)
{
	char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX];

	diag_report(m->diags, SEVERITY_ERROR, code, set->at, "%s %s: %s",
		    name_print(set->owner, name), type_print(set->type, type), what);
	m->rejected = true;
}

/** One a set: whoever wrote it will look at the others too. */
static void
report_duplicate(struct zone_maker *m, const struct record_set *set,
		 const struct record_set *first)
{
	char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX];
	struct finding *finding;

	finding = diag_open(m->diags, SEVERITY_WARNING, "duplicate-record", NULL, set->at,
			    "%s %s: the same record again; it is one (RFC 2181 5)",
			    name_print(set->owner, name), type_print(set->type, type));
	if (first != set)
		diag_add(m->diags, finding, PART_OBJECT, "record_set", name, first->at,
			 "said here first");
}

/** Every zone has them, whether it says so or not. */
static bool
is_given(const struct zone_maker *m, const struct record_set *set)
{
	return (set->type == TYPE_SOA || set->type == TYPE_NS) &&
	       name_wire_equal(set->owner, m->zone->name);
}

/** The smallest of the parts': what a resolver makes of them (RFC 2181 5.2). */
static uint32_t
least_ttl(const struct zone_entry *parts, size_t count)
{
	uint32_t ttl_s = parts[0].key->set->ttl_s;

	for (size_t i = 1; i < count; i++)
		if (parts[i].key->set->ttl_s < ttl_s)
			ttl_s = parts[i].key->set->ttl_s;
	return ttl_s;
}

static enum status
encode_value(struct zone_maker *m, struct writer *out, struct zone_set *set,
	     struct rdata value)
{
	enum status status = rrset_encode(out, set->type, set->ttl_s, value, m->names,
					  &set->name_count);

	if (!status)
		set->count++;
	return status;
}

/** Canonical order (RFC 4034 6.3): in which order they were written has no meaning. */
static int
compare_values(const void *a, const void *b)
{
	const struct rdata *left = &((const struct value *)a)->data;
	const struct rdata *right = &((const struct value *)b)->data;
	size_t len = left->len < right->len ? left->len : right->len;
	int order = len ? memcmp(left->data, right->data, len) : 0;

	return order ? order : (left->len > right->len) - (left->len < right->len);
}

/** Each value of the parts once, sorted. */
static void
gather_values(struct zone_maker *m, const struct zone_entry *parts, size_t count,
	      struct values *values)
{
	bool told = false;

	for (size_t i = 0; i < count; i++) {
		const struct record_set *part = parts[i].key->set, *first;

		for (uint16_t k = 0; k < part->value_count; k++) {
			struct value value = { fold_value(m, part->type, part->values[k]),
					       part->values[k], part };

			first = values_add(values, &value);
			if (first && !told)
				report_duplicate(m, part, first);
			told |= first != NULL;
		}
	}
	qsort(values->seen, values->count, sizeof(*values->seen), compare_values);
}

static enum status
encode_values(struct zone_maker *m, const struct zone_entry *parts, size_t count, size_t most,
	      struct writer *out, struct zone_set *set)
{
	struct values values = { .count = 0 };
	enum status status = OK;

	if (most == 1 && count == 1)
		return encode_value(m, out, set, parts[0].key->set->values[0]);
	if (!values_init(m, &values, most))
		return OK;	/* m->status tells */
	gather_values(m, parts, count, &values);
	for (uint32_t i = 0; i < values.count && !status; i++)
		status = encode_value(m, out, set, values.seen[i].said);
	return status;
}

/** All values of the parts into m->wire. */
static void
encode_parts(struct zone_maker *m, const struct zone_entry *parts, size_t count,
	     struct zone_set *set)
{
	struct writer out = writer_over(m->wire, SET_MAX_OCTETS);
	enum status status = OK;
	size_t most = 0;

	for (size_t i = 0; i < count; i++)
		most += parts[i].key->set->value_count;
	if (most)
		status = encode_values(m, parts, count, most, &out, set);
	set->wire_len = (uint16_t)out.len;
	if (most == 0)
		report_set(m, parts[0].key->set, "no-values", "neither values nor an alias");
	else if (status == ERR_LIMIT)
		report_set(m, parts[0].key->set, "set-too-large",
			   "its records take more than the 65,535 octets of a message");
	else if (status)
		report_set(m, parts[0].key->set, "malformed-data",
			   "data that are not of this type");
}

static uint32_t
put_routing(struct zone_maker *m, const struct routing *routing)
{
	struct zone_routing out = {
		.bias = routing->bias,
		.has_coordinates = routing->has_coordinates,
		.latitude = routing->has_coordinates ? routing->latitude : 0,
		.longitude = routing->has_coordinates ? routing->longitude : 0,
	};

	/* one by one: initialisers have no order, and the block's octets need one */
	out.set_identifier_at = block_put_string(&m->block, routing->set_identifier);
	out.health_check_at = block_put_string(&m->block, routing->health_check);
	if (routing->health_check)
		out.health_hash = health_hash(routing->health_check);
	out.region_at = block_put_string(&m->block, routing->region);
	out.continent_at = block_put_string(&m->block, routing->continent);
	out.country_at = block_put_string(&m->block, routing->country);
	out.subdivision_at = block_put_string(&m->block, routing->subdivision);
	return block_put(&m->block, &out, sizeof(out));
}

static uint32_t
put_alias(struct zone_maker *m, const struct alias_target *alias)
{
	struct zone_alias out = {
		.evaluate_target_health = alias->evaluate_target_health,
		.same_zone = alias->hosted_zone &&
			     strcmp(alias->hosted_zone, m->zone->id) == 0 &&
			     name_wire_covers(m->zone->name, alias->dns_name),
	};

	out.name_at = block_put(&m->block, alias->dns_name, name_wire_len(alias->dns_name));
	out.hosted_zone_at = block_put_string(&m->block, alias->hosted_zone);
	return block_put(&m->block, &out, sizeof(out));
}

/** The set's fixed part, its name offsets and its wire data. */
static uint32_t
put_octets(struct zone_maker *m, const struct zone_set *set)
{
	size_t names = set->name_count * sizeof(*m->names);
	size_t wire_at = sizeof(*set) + ((names + 7) & ~(size_t)7);
	uint32_t at = block_reserve(&m->block, wire_at + set->wire_len);
	uint8_t *out = block_edit(&m->block, at);

	if (!at || !out)
		return 0;
	memcpy(out, set, sizeof(*set));
	memcpy(out + sizeof(*set), m->names, names);
	memcpy(out + wire_at, m->wire, set->wire_len);
	return at;
}

/** What only some sets have stands behind the set, which is read more often. */
static void
put_extras(struct zone_maker *m, const struct record_set *declared, uint32_t at)
{
	uint32_t routing_at = 0, alias_at = 0;
	struct zone_set *set;

	if (declared->routing)
		routing_at = put_routing(m, declared->routing);
	if (declared->alias)
		alias_at = put_alias(m, declared->alias);
	set = block_edit(&m->block, at);
	if (set) {
		set->routing_at = routing_at;
		set->alias_at = alias_at;
	}
}

/* One set, which was declared in `count` parts; an alias takes no heed of ttl_s. */
static uint32_t
put_set(struct zone_maker *m, const struct zone_entry *parts, size_t count, uint32_t ttl_s)
{
	const struct record_set *first = parts[0].key->set;
	const struct routing *routing = first->routing;
	struct arena_mark mark = arena_mark(&m->scratch);
	struct zone_set set = { .type = first->type };
	uint32_t at;

	if (!first->alias) {
		set.ttl_s = ttl_s;
		encode_parts(m, parts, count, &set);
		arena_rewind(&m->scratch, mark);
	}
	if (!is_given(m, first))
		m->record_count += first->alias ? 1 : set.count;
	if (routing) {
		set.policy = (uint8_t)routing->policy;
		set.weight = routing->weight;
		if (routing->policy == POLICY_FAILOVER)
			set.failover = (uint8_t)routing->failover;
	}
	at = put_octets(m, &set);
	if (routing || first->alias)
		put_extras(m, first, at);
	return at;
}

static bool
is_group(const struct zone_entry *entry)
{
	const struct routing *routing = entry->key->set->routing;

	return routing && routing->policy != POLICY_SIMPLE;
}

/** How many entries from here on have the first one's type. */
static size_t
same_type(const struct zone_entry *entries, size_t count)
{
	size_t n = 1;

	while (n < count && entries[n].key->set->type == entries[0].key->set->type)
		n++;
	return n;
}

size_t
zone_count_refs(const struct zone_entry *entries, size_t count)
{
	size_t refs = 0, n;

	for (; count; entries += n, count -= n) {
		n = same_type(entries, count);
		refs += is_group(entries) ? n : 1;
	}
	return refs;
}

static void
put_ref(struct zone_maker *m, uint32_t node_at, size_t number, struct zone_set_ref ref)
{
	struct zone_node *node = block_edit(&m->block, node_at);

	if (node)
		((struct zone_set_ref *)(node + 1))[number] = ref;
}

static int
compare_identifiers(const void *a, const void *b)
{
	const struct zone_entry *left = a, *right = b;
	const char *left_id = left->key->set->routing->set_identifier;
	const char *right_id = right->key->set->routing->set_identifier;

	return strcmp(left_id ? left_id : "", right_id ? right_id : "");
}

/**
 * A weighted group has one TTL: that of the set written last (route53-semantics 4.4.5).  An
 * alias has none, its target's counts.  In the order declared.
 */
static uint32_t
group_ttl(const struct zone_entry *entries, size_t count)
{
	for (; count; count--)
		if (!entries[count - 1].key->set->alias)
			return entries[count - 1].key->set->ttl_s;
	return 0;
}

/** A policy group: each member is a set. */
static void
put_group(struct zone_maker *m, const struct zone_entry *entries, size_t count,
	  uint32_t node_at, size_t number)
{
	struct arena_mark mark = arena_mark(&m->scratch);
	struct zone_entry *members = arena_copy(&m->scratch, entries,
						count * sizeof(*entries));
	bool one_ttl = entries->key->set->routing->policy == POLICY_WEIGHTED;
	uint32_t ttl_s = group_ttl(entries, count);

	if (!members) {
		zone_fail(m, ERR_NOMEM);
		return;
	}
	qsort(members, count, sizeof(*members), compare_identifiers);
	for (size_t i = 0; i < count; i++)
		put_ref(m, node_at, number + i, (struct zone_set_ref){
			.type = members[i].key->set->type,
			.members = i == 0 ? (uint16_t)count : 0,
			.set_at = put_set(m, &members[i], 1, one_ttl ? ttl_s :
					  members[i].key->set->ttl_s),
		});
	arena_rewind(&m->scratch, mark);
}

void
zone_put_sets(struct zone_maker *m, const struct zone_entry *entries, size_t count,
	      uint32_t node_at)
{
	size_t number = 0, n;

	for (; count; entries += n, count -= n) {
		n = same_type(entries, count);
		if (is_group(entries)) {
			put_group(m, entries, n, node_at, number);
			number += n;
		} else {
			put_ref(m, node_at, number++, (struct zone_set_ref){
				.type = entries->key->set->type,
				.members = 1,
				.set_at = put_set(m, entries, n, least_ttl(entries, n)),
			});
		}
	}
}
