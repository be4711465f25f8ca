#include "estate/order.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Where the objects of one kind hang; kinds that share a list follow each other. */
struct list {
	size_t first, last;	/* in struct estate */
	size_t next;		/* in the object */
};

#define LIST(head, end, type)						\
	{ offsetof(struct estate, head), offsetof(struct estate, end),	\
	  offsetof(struct type, next) }

static const struct list lists[OBJECT_KINDS] = {
	[OBJECT_VPC] = LIST(networks, last_network, network),
	[OBJECT_SITE] = LIST(networks, last_network, network),
	[OBJECT_PEERING] = LIST(peerings, last_peering, peering),
	[OBJECT_TRANSIT_GATEWAY] = LIST(transit_gateways, last_transit_gateway, transit_gateway),
	[OBJECT_HOSTED_ZONE] = LIST(zones, last_zone, hosted_zone),
	[OBJECT_HEALTH_CHECK] = LIST(health_checks, last_health_check, health_check),
	[OBJECT_ENDPOINT] = LIST(endpoints, last_endpoint, resolver_endpoint),
	[OBJECT_RULE] = LIST(rules, last_rule, resolver_rule),
	[OBJECT_PROFILE] = LIST(profiles, last_profile, profile),
	[OBJECT_SUBNET] = LIST(subnets, last[OBJECT_SUBNET], subnet),
	[OBJECT_ROUTE_TABLE] = LIST(route_tables, last[OBJECT_ROUTE_TABLE], route_table),
	[OBJECT_SECURITY_GROUP] = LIST(security_groups, last[OBJECT_SECURITY_GROUP],
				       security_group),
	[OBJECT_NETWORK_ACL] = LIST(network_acls, last[OBJECT_NETWORK_ACL], network_acl),
	[OBJECT_NETWORK_INTERFACE] = LIST(network_interfaces, last[OBJECT_NETWORK_INTERFACE],
					  network_interface),
	[OBJECT_VPC_ENDPOINT] = LIST(vpc_endpoints, last[OBJECT_VPC_ENDPOINT], vpc_endpoint),
	[OBJECT_DHCP_OPTIONS] = LIST(dhcp_options, last[OBJECT_DHCP_OPTIONS], dhcp_options),
	[OBJECT_PREFIX_LIST] = LIST(prefix_lists, last[OBJECT_PREFIX_LIST],
				    managed_prefix_list),
	[OBJECT_FIREWALL_DOMAIN_LIST] = LIST(firewall_domain_lists,
					     last[OBJECT_FIREWALL_DOMAIN_LIST],
					     firewall_domain_list),
	[OBJECT_FIREWALL_RULE_GROUP] = LIST(firewall_rule_groups,
					    last[OBJECT_FIREWALL_RULE_GROUP],
					    firewall_rule_group),
};

void
order_append(struct estate *estate, enum object_kind kind, void *object)
{
	const struct list *list = &lists[kind];
	char *last, *end;

	memcpy(&last, (char *)estate + list->last, sizeof(last));
	end = last ? last + list->next : (char *)estate + list->first;
	memcpy(end, &object, sizeof(object));
	memcpy((char *)estate + list->last, &object, sizeof(object));
}

static int
compare_ids(const void *a, const void *b)
{
	const struct table_entry *left = a, *right = b;

	return strcmp(left->key, right->key);
}

/** Pointers are set as memory: they are of many types. */
static char *
link_objects(const struct table_entry *entries, size_t count, char *end, size_t next)
{
	char *object;

	for (size_t i = 0; i < count; i++) {
		object = entries[i].value;
		memcpy(end, &object, sizeof(object));
		end = object + next;
	}
	return end;
}

/** Append the objects of a kind at `end`; returns where the next one goes. */
static char *
order_kind(struct estate *estate, enum object_kind kind, char *end, struct arena *scratch)
{
	const struct table *ids = &estate->ids[kind];
	struct arena_mark mark = arena_mark(scratch);
	const struct list *list = &lists[kind];
	struct table_entry *sorted;
	void *none = NULL, *last;

	assert(list->first);	/* every kind has its row above */
	if (!ids->count)
		return end;
	sorted = arena_copy(scratch, ids->entries, ids->count * sizeof(*sorted));
	if (!sorted)
		return NULL;
	qsort(sorted, ids->count, sizeof(*sorted), compare_ids);
	end = link_objects(sorted, ids->count, end, list->next);
	memcpy(end, &none, sizeof(none));
	last = sorted[ids->count - 1].value;
	memcpy((char *)estate + list->last, &last, sizeof(last));
	arena_rewind(scratch, mark);
	return end;
}

/* Lists of references whose order says nothing; others keep theirs. */
static const struct {
	enum object_kind kind;
	size_t refs;		/* in the object */
} ref_lists[] = {
	{ OBJECT_SITE, offsetof(struct network, connects_to) },
	{ OBJECT_TRANSIT_GATEWAY, offsetof(struct transit_gateway, vpcs) },
	{ OBJECT_HOSTED_ZONE, offsetof(struct hosted_zone, networks) },
	{ OBJECT_RULE, offsetof(struct resolver_rule, networks) },
	{ OBJECT_PROFILE, offsetof(struct profile, zones) },
	{ OBJECT_PROFILE, offsetof(struct profile, rules) },
	{ OBJECT_PROFILE, offsetof(struct profile, vpcs) },
	{ OBJECT_HEALTH_CHECK, offsetof(struct health_check, children) },
};

static struct ref *
merge_refs(struct ref *a, struct ref *b)
{
	struct ref *first = NULL, **end = &first;

	while (a && b) {
		struct ref **less = strcmp(b->id, a->id) < 0 ? &b : &a;

		*end = *less;
		end = &(*end)->next;
		*less = *end;
	}
	*end = a ? a : b;
	return first;
}

/** Equal ones stay in their order: a message about the second speaks of the second. */
static struct ref *
sort_refs(struct ref *refs, size_t count)
{
	struct ref *middle = refs, *second;

	if (count < 2)
		return refs;
	for (size_t i = 1; i < count / 2; i++)
		middle = middle->next;
	second = middle->next;
	middle->next = NULL;
	return merge_refs(sort_refs(refs, count / 2), sort_refs(second, count - count / 2));
}

static bool
are_sorted(const struct ref *refs, size_t *count)
{
	bool sorted = true;

	*count = refs != NULL;
	for (; refs && refs->next; refs = refs->next, ++*count)
		sorted &= strcmp(refs->id, refs->next->id) <= 0;
	return sorted;
}

static void
order_refs(struct estate *estate)
{
	for (size_t i = 0; i < COUNT_OF(ref_lists); i++) {
		enum object_kind kind = ref_lists[i].kind;

		for (char *o = estate_first(estate, kind); o; o = estate_next(kind, o)) {
			struct ref *refs;
			size_t count;

			memcpy(&refs, o + ref_lists[i].refs, sizeof(refs));
			if (are_sorted(refs, &count))
				continue;
			refs = sort_refs(refs, count);
			memcpy(o + ref_lists[i].refs, &refs, sizeof(refs));
		}
	}
}

static void
number(struct estate *estate)
{
	uint32_t index = 0;

	for (struct network *n = estate->networks; n; n = n->next)
		n->index = index++;
	index = 0;
	for (struct hosted_zone *z = estate->zones; z; z = z->next)
		z->index = index++;
	index = 0;
	for (struct resolver_rule *r = estate->rules; r; r = r->next)
		r->index = index++;
	index = 0;
	for (struct profile *p = estate->profiles; p; p = p->next)
		p->index = index++;
}

enum status
estate_order(struct estate *estate, struct arena *scratch)
{
	char *end = NULL;

	for (unsigned kind = 0; kind < OBJECT_KINDS; kind++) {
		const struct list *list = &lists[kind];

		if (kind == 0 || list->first != lists[kind - 1].first)
			end = (char *)estate + list->first;
		end = order_kind(estate, (enum object_kind)kind, end, scratch);
		if (!end)
			return ERR_NOMEM;
	}
	order_refs(estate);
	number(estate);
	return OK;
}

/** Of a list that two kinds share, from this object on. */
static void *
of_kind(enum object_kind kind, char *object)
{
	while (object && (kind == OBJECT_VPC || kind == OBJECT_SITE)) {
		const struct network *network = (const struct network *)(void *)object;

		if ((network->kind == NETWORK_VPC) == (kind == OBJECT_VPC))
			break;
		memcpy(&object, object + lists[kind].next, sizeof(object));
	}
	return object;
}

void *
estate_first(const struct estate *estate, enum object_kind kind)
{
	char *object;

	memcpy(&object, (const char *)estate + lists[kind].first, sizeof(object));
	return of_kind(kind, object);
}

void *
estate_next(enum object_kind kind, const void *object)
{
	char *next;

	memcpy(&next, (const char *)object + lists[kind].next, sizeof(next));
	return of_kind(kind, next);
}
