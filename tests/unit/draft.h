/*
 * draft - an estate being declared in memory, object by object, for tests of the snapshot
 *
 * Names, addresses and lists are given as text; what does not parse fails the test.  Objects
 * are returned, to set what the call has no argument for.
 */
#ifndef TESTS_DRAFT_H
#define TESTS_DRAFT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns/codes.h"
#include "snapshot/compile.h"
#include "unit/unit.h"

struct draft {
	struct estate estate;
	struct arena findings;
	struct diags diags;
	const char *file;	/* where objects say they were declared */
};

static inline void
draft_init(struct draft *d)
{
	estate_init(&d->estate, SIZE_MAX);
	arena_init(&d->findings, SIZE_MAX);
	diags_init(&d->diags, &d->findings, 0);
	d->file = "test.yaml";
}

static inline void
draft_fini(struct draft *d)
{
	estate_fini(&d->estate);
	arena_fini(&d->findings);
}

static inline void *
draft_new(struct draft *d, size_t size)
{
	void *object = arena_alloc(&d->estate.arena, size);

	assert_non_null(object);
	return object;
}

static inline struct srcloc
draft_at(struct draft *d)
{
	return (struct srcloc){ .file = d->file, .line = 1, .column = 1 };
}

static inline const uint8_t *
draft_name(struct draft *d, const char *text)
{
	const uint8_t *stored;
	struct name name;

	if (name_parse(text, &name) != OK)
		fail_msg("%s is no name", text);
	stored = name_store(&d->estate.arena, &name);
	assert_non_null(stored);
	return stored;
}

/* The words of a list, one after the other; false at its end. */
static inline bool
draft_word(const char **words, char *word, size_t size)
{
	size_t len;

	*words += strspn(*words, " ");
	len = strcspn(*words, " ");
	if (!len)
		return false;
	assert_true(len < size);
	memcpy(word, *words, len);
	word[len] = '\0';
	*words += len;
	return true;
}

static inline struct cidr *
draft_cidrs(struct draft *d, const char *texts)
{
	struct cidr *first = NULL, **end = &first;
	char text[64];

	while (draft_word(&texts, text, sizeof(text))) {
		*end = draft_new(d, sizeof(**end));
		assert_int_equal(prefix_parse(text, &(*end)->prefix), OK);
		(*end)->at = draft_at(d);
		end = &(*end)->next;
	}
	return first;
}

static inline struct target *
draft_targets(struct draft *d, const char *texts, uint16_t port)
{
	struct target *first = NULL, **end = &first;
	char text[64];

	while (draft_word(&texts, text, sizeof(text))) {
		*end = draft_new(d, sizeof(**end));
		assert_true(addr_parse(text, &(*end)->addr));
		(*end)->addr.port = port;
		(*end)->at = draft_at(d);
		end = &(*end)->next;
	}
	return first;
}

static inline struct ref *
draft_refs(struct draft *d, const char *ids)
{
	struct ref *first = NULL, **end = &first;
	char id[64];

	while (draft_word(&ids, id, sizeof(id))) {
		*end = draft_new(d, sizeof(**end));
		(*end)->id = arena_string(&d->estate.arena, id);
		(*end)->at = draft_at(d);
		end = &(*end)->next;
	}
	return first;
}

/* A VPC with both DNS attributes. */
static inline struct network *
draft_vpc(struct draft *d, const char *id, const char *region, const char *cidrs)
{
	struct network *n = draft_new(d, sizeof(*n));

	*n = (struct network){ .kind = NETWORK_VPC, .id = id, .region = region,
			       .cidr_blocks = draft_cidrs(d, cidrs), .enable_dns_support = true,
			       .enable_dns_hostnames = true, .at = draft_at(d) };
	assert_int_equal(estate_add_network(&d->estate, n, &d->diags), OK);
	return n;
}

static inline struct network *
draft_site(struct draft *d, const char *id, const char *cidrs, const char *connects_to)
{
	struct network *n = draft_new(d, sizeof(*n));

	*n = (struct network){ .kind = NETWORK_SITE, .id = id, .region = "",
			       .cidr_blocks = draft_cidrs(d, cidrs),
			       .connects_to = draft_refs(d, connects_to), .at = draft_at(d) };
	assert_int_equal(estate_add_network(&d->estate, n, &d->diags), OK);
	return n;
}

static inline struct peering *
draft_peering(struct draft *d, const char *id, const char *requester, const char *accepter)
{
	struct peering *p = draft_new(d, sizeof(*p));

	*p = (struct peering){ .id = id, .requester = { .id = requester },
			       .accepter = { .id = accepter }, .status = "active",
			       .at = draft_at(d) };
	assert_int_equal(estate_add_peering(&d->estate, p, &d->diags), OK);
	return p;
}

static inline struct transit_gateway *
draft_transit_gateway(struct draft *d, const char *id, const char *vpcs)
{
	struct transit_gateway *t = draft_new(d, sizeof(*t));

	*t = (struct transit_gateway){ .id = id, .vpcs = draft_refs(d, vpcs),
				       .dns_support = true, .at = draft_at(d) };
	assert_int_equal(estate_add_transit_gateway(&d->estate, t, &d->diags), OK);
	return t;
}

static inline struct hosted_zone *
draft_zone(struct draft *d, const char *id, const char *name, const char *networks)
{
	struct hosted_zone *z = draft_new(d, sizeof(*z));

	*z = (struct hosted_zone){ .id = id, .name = draft_name(d, name),
				   .networks = draft_refs(d, networks), .at = draft_at(d) };
	assert_int_equal(estate_add_zone(&d->estate, z, &d->diags), OK);
	return z;
}

static inline struct resolver_endpoint *
draft_endpoint(struct draft *d, const char *id, enum direction direction, const char *vpc,
	       const char *addresses)
{
	struct resolver_endpoint *e = draft_new(d, sizeof(*e));

	*e = (struct resolver_endpoint){ .id = id, .direction = direction, .vpc = { .id = vpc },
					 .ip_addresses = draft_targets(d, addresses, 0),
					 .at = draft_at(d) };
	assert_int_equal(estate_add_endpoint(&d->estate, e, &d->diags), OK);
	return e;
}

/* targets "": a SYSTEM rule.  endpoint NULL: none. */
static inline struct resolver_rule *
draft_rule(struct draft *d, const char *id, const char *domain, const char *targets,
	   const char *endpoint, const char *networks)
{
	struct resolver_rule *r = draft_new(d, sizeof(*r));

	*r = (struct resolver_rule){ .id = id, .domain_name = draft_name(d, domain),
				     .type = *targets ? RULE_FORWARD : RULE_SYSTEM,
				     .endpoint = { .id = endpoint },
				     .targets = draft_targets(d, targets, 53),
				     .networks = draft_refs(d, networks), .at = draft_at(d) };
	assert_int_equal(estate_add_rule(&d->estate, r, &d->diags), OK);
	return r;
}

/* vpcs: words "vpc" or "vpc:priority". */
static inline struct profile *
draft_profile(struct draft *d, const char *id, const char *zones, const char *rules,
	      const char *vpcs)
{
	struct profile *p = draft_new(d, sizeof(*p));
	struct profile_association **end = &p->associations;
	char word[64];

	*p = (struct profile){ .id = id, .zones = draft_refs(d, zones),
			       .rules = draft_refs(d, rules), .at = draft_at(d) };
	while (draft_word(&vpcs, word, sizeof(word))) {
		char *colon = strchr(word, ':');
		struct profile_association *a = draft_new(d, sizeof(*a));

		if (colon)
			*colon++ = '\0';
		a->vpc.id = arena_string(&d->estate.arena, word);
		a->vpc.at = a->at = draft_at(d);
		a->priority = colon ? (uint32_t)atoi(colon) : 0;
		*end = a;
		end = &a->next;
	}
	assert_int_equal(estate_add_profile(&d->estate, p, &d->diags), OK);
	return p;
}

static inline struct health_check *
draft_health_check(struct draft *d, const char *id)
{
	struct health_check *h = draft_new(d, sizeof(*h));

	*h = (struct health_check){ .id = id, .type = HEALTH_EXTERNAL,
				    .request_interval_ms = 30000, .failure_threshold = 3,
				    .at = draft_at(d) };
	assert_int_equal(estate_add_health_check(&d->estate, h, &d->diags), OK);
	return h;
}

static inline struct listener *
draft_listener(struct draft *d, const char *address, uint16_t port, const char *as)
{
	struct listener *l = draft_new(d, sizeof(*l)), **end = &d->estate.settings.listeners;

	assert_true(addr_parse(address, &l->addr));
	l->addr.port = port;
	l->as = as;
	l->at = draft_at(d);
	while (*end)
		end = &(*end)->next;
	*end = l;
	return l;
}

/* One value: an address, text, "preference name" for MX, else a name. */
static inline struct rdata
draft_rdata(struct draft *d, uint16_t type, const char *text)
{
	size_t len = strlen(text);
	uint8_t *data = draft_new(d, 512);
	unsigned preference;
	struct addr addr;
	int at = 0;

	switch (type) {
	case TYPE_A:
	case TYPE_AAAA:
		assert_true(addr_parse(text, &addr) && addr_is_v4(&addr) == (type == TYPE_A));
		len = type == TYPE_A ? 4 : 16;
		memcpy(data, addr.ip + 16 - len, len);
		break;
	case TYPE_TXT:
		assert_true(len < 256);
		data[0] = (uint8_t)len;
		memcpy(data + 1, text, len++);
		break;
	case TYPE_MX:
		assert_int_equal(sscanf(text, "%u %n", &preference, &at), 1);
		store_u16(data, (uint16_t)preference);
		len = 2 + name_wire_len(draft_name(d, text + at));
		memcpy(data + 2, draft_name(d, text + at), len - 2);
		break;
	default:
		len = name_wire_len(draft_name(d, text));
		memcpy(data, draft_name(d, text), len);
	}
	return (struct rdata){ data, (uint16_t)len };
}

/* One record in a set of its own, as zone files give them. */
static inline struct record_set *
draft_record(struct draft *d, struct hosted_zone *zone, const char *owner, uint16_t type,
	     uint32_t ttl_s, const char *value)
{
	struct record_set *set = draft_new(d, sizeof(*set));
	struct rdata *rdata = draft_new(d, sizeof(*rdata));

	*rdata = draft_rdata(d, type, value);
	*set = (struct record_set){ .owner = draft_name(d, owner), .type = type,
				    .value_count = 1, .ttl_s = ttl_s, .values = rdata,
				    .at = draft_at(d) };
	zone_add_set(zone, set);
	return set;
}

static inline struct record_set *
draft_alias(struct draft *d, struct hosted_zone *zone, const char *owner, uint16_t type,
	    const char *hosted_zone, const char *target)
{
	struct record_set *set = draft_new(d, sizeof(*set));
	struct alias_target *alias = draft_new(d, sizeof(*alias));

	*alias = (struct alias_target){ .dns_name = draft_name(d, target),
					.hosted_zone = hosted_zone,
					.evaluate_target_health = true };
	*set = (struct record_set){ .owner = draft_name(d, owner), .type = type,
				    .alias = alias, .at = draft_at(d) };
	zone_add_set(zone, set);
	return set;
}

/* Make a set a member of a policy group. */
static inline struct routing *
draft_routing(struct draft *d, struct record_set *set, enum routing_policy policy,
	      const char *set_identifier)
{
	struct routing *routing = draft_new(d, sizeof(*routing));

	*routing = (struct routing){ .policy = policy, .set_identifier = set_identifier };
	set->routing = routing;
	return routing;
}

static inline void
draft_check(struct draft *d)
{
	if (estate_check(&d->estate, &d->diags) != OK)
		fail_msg("the test's estate: %s", d->diags.first ? d->diags.first->message :
						  "out of memory");
}

/* Check and compile; previous may be NULL. */
static inline struct snapshot *
draft_compile(struct draft *d, const struct snapshot *previous)
{
	struct snapshot *snap = NULL;

	draft_check(d);
	assert_int_equal(compile_estate(&d->estate, previous, &d->diags, &snap), OK);
	assert_non_null(snap);
	assert_int_equal(d->diags.errors, 0);
	return snap;
}

/* The finding with this code; fails when there is none. */
static inline const struct finding *
draft_finding(const struct draft *d, const char *code)
{
	const struct finding *finding = d->diags.first;

	while (finding && strcmp(finding->code, code) != 0)
		finding = finding->next;
	if (!finding)
		fail_msg("no finding %s", code);
	return finding;
}

/* The cut that covers a name in a network. */
static inline const struct cut *
walk_view(const struct snapshot *snap, uint32_t network, const char *text)
{
	struct suffixes suffixes;
	struct name name;

	assert_int_equal(name_parse(text, &name), OK);
	name_suffixes(&name, &suffixes);
	return view_walk(&snap->root->block, snapshot_view(snap, network), &name, &suffixes,
			 NAME_MAX_LABELS + 1);
}

/* The node of a name in a zone, or NULL. */
static inline const struct zone_node *
find_node(const struct zone *zone, const char *text)
{
	struct name name;

	assert_int_equal(name_parse(text, &name), OK);
	return zone_find(zone, name.wire, name.len, name_hash(name.wire));
}

#endif
