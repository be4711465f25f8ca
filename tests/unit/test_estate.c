#include "estate/estate.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "dns/codes.h"
#include "dns/name.h"
#include "unit/unit.h"

#define LIMIT ((size_t)16 << 20)

/* An estate being built by hand: each object is on a line of its own. */
struct hand {
	struct estate estate;
	struct arena arena;
	struct diags diags;
	uint32_t line;
};

static void
hand_init(struct hand *h, size_t limit)
{
	h->line = 0;
	arena_init(&h->arena, SIZE_MAX);
	diags_init(&h->diags, &h->arena, 0);
	estate_init(&h->estate, limit);
}

static void
hand_fini(struct hand *h)
{
	estate_fini(&h->estate);
	arena_fini(&h->arena);
}

static struct srcloc
next_line(struct hand *h)
{
	return (struct srcloc){ "hand", ++h->line, 1 };
}

static void *
make(struct hand *h, size_t size)
{
	void *object = arena_alloc(&h->estate.arena, size);

	assert_non_null(object);
	return object;
}

static struct network *
add_network(struct hand *h, enum network_kind kind, const char *id)
{
	struct network *network = make(h, sizeof(*network));

	network->kind = kind;
	network->id = id;
	network->region = "";
	network->at = next_line(h);
	assert_int_equal(estate_add_network(&h->estate, network, &h->diags), OK);
	return network;
}

static void
add_ref(struct hand *h, struct ref **refs, const char *id)
{
	struct ref *ref = make(h, sizeof(*ref));

	ref->id = id;
	ref->at = next_line(h);
	while (*refs)
		refs = &(*refs)->next;
	*refs = ref;
}

static const uint8_t *
wire(struct hand *h, const char *text)
{
	struct name name;

	assert_int_equal(name_parse(text, &name), OK);
	return name_store(&h->estate.arena, &name);
}

static struct hosted_zone *
add_zone(struct hand *h, const char *id, const char *name)
{
	struct hosted_zone *zone = make(h, sizeof(*zone));

	zone->id = id;
	zone->name = wire(h, name);
	zone->at = next_line(h);
	assert_int_equal(estate_add_zone(&h->estate, zone, &h->diags), OK);
	return zone;
}

static struct record_set *
add_set(struct hand *h, struct hosted_zone *zone, const char *owner, uint16_t type)
{
	static const uint8_t data[] = { 10, 0, 0, 1 };
	struct record_set *set = make(h, sizeof(*set));
	struct rdata *value = make(h, sizeof(*value));

	*value = (struct rdata){ data, sizeof(data) };
	*set = (struct record_set){ .owner = wire(h, owner), .type = type, .value_count = 1,
				    .ttl_s = 60, .values = value, .at = next_line(h) };
	zone_add_set(zone, set);
	return set;
}

static void
vpcs_come_before_sites_in_the_order_declared(void **state)
{
	static const char *const order[] = { "v1", "v2", "v3", "s1", "s2" };
	const struct network *n;
	struct hand h;

	(void)state;
	hand_init(&h, LIMIT);
	add_network(&h, NETWORK_SITE, "s1");
	add_network(&h, NETWORK_VPC, "v1");
	add_network(&h, NETWORK_VPC, "v2");
	add_network(&h, NETWORK_SITE, "s2");
	add_network(&h, NETWORK_VPC, "v3");
	assert_int_equal(estate_check(&h.estate, &h.diags), OK);
	n = h.estate.networks;
	for (unsigned i = 0; i < COUNT_OF(order); i++, n = n->next) {
		assert_string_equal(n->id, order[i]);
		assert_int_equal(n->index, i);
		assert_ptr_equal(estate_network(&h.estate, order[i]), n);
	}
	assert_null(n);

	/* more can be added behind them, and the check run again */
	add_network(&h, NETWORK_VPC, "v4");
	assert_int_equal(estate_check(&h.estate, &h.diags), OK);
	assert_int_equal(estate_network(&h.estate, "v4")->index, 3);
	assert_int_equal(estate_network(&h.estate, "s2")->index, 5);
	hand_fini(&h);
}

static void
an_id_is_declared_once(void **state)
{
	struct network twin = { .kind = NETWORK_SITE, .id = "v", .at = { "hand", 9, 9 } };
	struct resolver_rule rule = { .id = "v", .at = { "hand", 10, 1 } };
	const struct finding *f;
	struct hand h;

	(void)state;
	hand_init(&h, LIMIT);
	add_network(&h, NETWORK_VPC, "v");
	assert_int_equal(estate_add_network(&h.estate, &twin, &h.diags), ERR_REJECTED);
	assert_int_equal(h.estate.network_count, 1);
	f = h.diags.first;
	assert_string_equal(f->code, "duplicate-id");
	assert_int_equal(f->at.line, 9);
	assert_int_equal(f->parts->at.line, 1);
	/* objects of other kinds have ids of their own */
	assert_int_equal(estate_add_rule(&h.estate, &rule, &h.diags), OK);
	assert_ptr_equal(estate_rule(&h.estate, "v"), &rule);
	assert_null(estate_zone(&h.estate, "v"));
	hand_fini(&h);
}

static void
connections_are_symmetric_and_not_transitive(void **state)
{
	struct network *a, *b, *c, *d, *s;
	struct peering *peering, *asked;
	struct transit_gateway *gateway;
	struct hand h;

	(void)state;
	hand_init(&h, LIMIT);
	a = add_network(&h, NETWORK_VPC, "a");
	b = add_network(&h, NETWORK_VPC, "b");
	c = add_network(&h, NETWORK_VPC, "c");
	d = add_network(&h, NETWORK_VPC, "d");
	s = add_network(&h, NETWORK_SITE, "s");
	add_ref(&h, &s->connects_to, "d");
	peering = make(&h, sizeof(*peering));
	*peering = (struct peering){ .id = "p", .requester = { .id = "a" },
				     .accepter = { .id = "b" }, .status = "active" };
	assert_int_equal(estate_add_peering(&h.estate, peering, &h.diags), OK);
	asked = make(&h, sizeof(*asked));
	*asked = (struct peering){ .id = "q", .requester = { .id = "a" },
				   .accepter = { .id = "d" }, .status = "pending-acceptance" };
	assert_int_equal(estate_add_peering(&h.estate, asked, &h.diags), OK);
	gateway = make(&h, sizeof(*gateway));
	gateway->id = "t";
	add_ref(&h, &gateway->vpcs, "b");
	add_ref(&h, &gateway->vpcs, "c");
	assert_int_equal(estate_add_transit_gateway(&h.estate, gateway, &h.diags), OK);
	assert_int_equal(estate_check(&h.estate, &h.diags), OK);

	assert_true(estate_connected(&h.estate, a, b) && estate_connected(&h.estate, b, a));
	assert_true(estate_connected(&h.estate, b, c) && estate_connected(&h.estate, c, b));
	assert_true(estate_connected(&h.estate, d, s) && estate_connected(&h.estate, s, d));
	assert_false(estate_connected(&h.estate, a, c));
	assert_false(estate_connected(&h.estate, a, d));
	assert_false(estate_connected(&h.estate, a, a));
	assert_true(refs_have(gateway->vpcs, c));
	assert_false(refs_have(gateway->vpcs, a));
	hand_fini(&h);
}

static void
a_dangling_reference_names_its_place_and_the_nearest_id(void **state)
{
	const struct finding_part *part;
	const struct finding *f;
	struct hosted_zone *zone;
	struct hand h;

	(void)state;
	hand_init(&h, LIMIT);
	add_network(&h, NETWORK_VPC, "vpc-hub");
	zone = add_zone(&h, "Z", "corp.example");
	add_ref(&h, &zone->networks, "vpc-hob");
	assert_int_equal(estate_check(&h.estate, &h.diags), ERR_REJECTED);
	f = h.diags.first;
	assert_string_equal(f->code, "CFG002");
	assert_string_equal(f->name, "dangling-reference");
	assert_int_equal(f->at.line, 3);
	part = f->parts;
	assert_int_equal(part->part, PART_OBJECT);
	assert_string_equal(part->kind, "hosted_zone");
	assert_string_equal(part->id, "Z");
	assert_int_equal(part->at.line, 2);
	assert_int_equal(part->next->part, PART_HELP);
	assert_string_equal(part->next->text, "did you mean \"vpc-hub\"?");
	assert_null(zone->networks->object);

	/* with a file missing nobody can say what dangles */
	h.estate.incomplete = true;
	assert_int_equal(estate_check(&h.estate, &h.diags), OK);
	hand_fini(&h);
}

static void
zones_of_one_name_conflict_once_however_many_networks_they_share(void **state)
{
	struct hosted_zone *one, *other, *apart;
	const struct finding *f;
	unsigned networks = 0;
	struct hand h;

	(void)state;
	hand_init(&h, LIMIT);
	add_network(&h, NETWORK_VPC, "a");
	add_network(&h, NETWORK_VPC, "b");
	add_network(&h, NETWORK_VPC, "c");
	one = add_zone(&h, "Z1", "corp.example");
	other = add_zone(&h, "Z2", "corp.example");
	apart = add_zone(&h, "Z3", "corp.example");
	add_ref(&h, &one->networks, "a");
	add_ref(&h, &one->networks, "b");
	add_ref(&h, &other->networks, "b");
	add_ref(&h, &other->networks, "a");
	add_ref(&h, &apart->networks, "c");
	assert_int_equal(estate_check(&h.estate, &h.diags), ERR_REJECTED);
	assert_int_equal(h.diags.errors, 1);
	f = h.diags.first;
	assert_string_equal(f->code, "conflicting-domain");
	assert_int_equal(f->at.line, other->networks->at.line);
	for (const struct finding_part *p = f->parts; p; p = p->next)
		networks += strcmp(p->kind, "vpc") == 0;
	assert_int_equal(networks, 2);
	hand_fini(&h);
}

/* The ids of an object's networks, a "+" before those by a Profile. */
static void
print_networks(const struct ref *refs, char *buf, size_t size)
{
	size_t len = 0;

	for (buf[0] = '\0'; refs; refs = refs->next)
		len += (size_t)snprintf(buf + len, size - len, "%s%s%s ", refs->by ? "+" : "",
					refs->id, refs->by ? refs->by->profile->id : "");
}

static void
add_association(struct hand *h, struct profile *profile, const char *vpc, uint32_t priority)
{
	struct profile_association *a = make(h, sizeof(*a)), **end = &profile->associations;

	a->vpc.id = vpc;
	a->priority = priority;
	a->vpc.at = a->at = next_line(h);
	while (*end)
		end = &(*end)->next;
	*end = a;
}

static void
what_a_profile_holds_reaches_each_vpc_once(void **state)
{
	static const char *const ids[] = { "late", "early" };
	static const uint32_t priorities[] = { 900, 100 };
	struct hosted_zone *zone;
	char networks[128];
	struct hand h;

	(void)state;
	hand_init(&h, LIMIT);
	add_network(&h, NETWORK_VPC, "a");
	add_network(&h, NETWORK_VPC, "b");
	add_network(&h, NETWORK_VPC, "c");
	zone = add_zone(&h, "Z", "corp.example");
	add_ref(&h, &zone->networks, "a");
	for (unsigned i = 0; i < 2; i++) {
		struct profile *profile = make(&h, sizeof(*profile));

		profile->id = ids[i];
		add_ref(&h, &profile->zones, "Z");
		add_association(&h, profile, "a", priorities[i]);
		add_association(&h, profile, "b", priorities[i]);
		profile->at = next_line(&h);
		assert_int_equal(estate_add_profile(&h.estate, profile, &h.diags), OK);
	}
	add_ref(&h, &h.estate.last_profile->vpcs, "c");
	for (unsigned again = 0; again < 2; again++) {
		assert_int_equal(estate_check(&h.estate, &h.diags), OK);
		print_networks(zone->networks, networks, sizeof(networks));
		assert_string_equal(networks, "a +bearly +cearly ");
	}
	hand_fini(&h);
}

static void
a_network_twice_in_one_list_is_a_warning(void **state)
{
	struct hosted_zone *zone;
	struct hand h;

	(void)state;
	hand_init(&h, LIMIT);
	add_network(&h, NETWORK_VPC, "a");
	zone = add_zone(&h, "Z", "corp.example");
	add_ref(&h, &zone->networks, "a");
	add_ref(&h, &zone->networks, "a");
	assert_int_equal(estate_check(&h.estate, &h.diags), OK);
	assert_int_equal(h.diags.warnings, 1);
	assert_string_equal(h.diags.first->code, "repeated-reference");
	hand_fini(&h);
}

struct pair {
	int line;
	const char *one;
	uint16_t one_type;
	const char *other;
	uint16_t other_type;
	const char *code;	/* NULL: nothing is wrong with the second */
};

static const struct pair pairs[] = {
	{ __LINE__, "a.corp.example", TYPE_A, "a.corp.example", TYPE_AAAA, NULL },
	{ __LINE__, "a.corp.example", TYPE_A, "a.corp.example", TYPE_A, NULL },
	{ __LINE__, "a.corp.example", TYPE_CNAME, "b.corp.example", TYPE_CNAME, NULL },
	{ __LINE__, "a.corp.example", TYPE_CNAME, "a.corp.example", TYPE_RRSIG, NULL },
	{ __LINE__, "a.corp.example", TYPE_CNAME, "a.corp.example", TYPE_A, "cname-conflict" },
	{ __LINE__, "a.corp.example", TYPE_A, "a.corp.example", TYPE_CNAME, "cname-conflict" },
	{ __LINE__, "a.corp.example", TYPE_CNAME, "a.corp.example", TYPE_CNAME,
	  "cname-conflict" },
	{ __LINE__, "corp.example", TYPE_A, "corp.example", TYPE_CNAME, "cname-conflict" },
	{ __LINE__, "corp.example", TYPE_SOA, "corp.example", TYPE_SOA, "misplaced-soa" },
	{ __LINE__, "corp.example", TYPE_SOA, "a.corp.example", TYPE_SOA, "misplaced-soa" },
	{ __LINE__, "corp.example", TYPE_SOA, "a.corp.example.org", TYPE_A, "out-of-zone" },
	{ __LINE__, "corp.example", TYPE_SOA, "acorp.example", TYPE_A, "out-of-zone" },
	{ __LINE__, "corp.example", TYPE_SOA, "example", TYPE_A, "out-of-zone" },
};

static void
records_are_held_against_each_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		const struct pair *row = &pairs[i];
		struct hosted_zone *zone;
		struct record_set *second;
		struct rdata other = { (const uint8_t *)"\12\0\0\2", 4 };
		enum status status;
		struct hand h;

		hand_init(&h, LIMIT);
		zone = add_zone(&h, "Z", "corp.example");
		add_set(&h, zone, row->one, row->one_type);
		second = add_set(&h, zone, row->other, row->other_type);
		second->values = &other;
		status = estate_check(&h.estate, &h.diags);
		row_int(row->line, status, row->code ? ERR_REJECTED : OK);
		row_int(row->line, h.diags.errors, row->code != NULL);
		if (row->code) {
			row_string(row->line, h.diags.first->code, row->code);
			row_int(row->line, h.diags.first->at.line, second->at.line);
		}
		hand_fini(&h);
	}
}

/* RFC 2181 5: the same record again is the same record. */
static void
a_cname_said_twice_is_one(void **state)
{
	static const struct { int line; const char *first, *second; size_t errors; } rows[] = {
		{ __LINE__, "b.corp.example", "b.corp.example", 0 },
		{ __LINE__, "b.corp.example", "B.Corp.example", 0 },
		{ __LINE__, "b.corp.example", "c.corp.example", 1 },
		{ __LINE__, "b.corp.example", "b.corp.example.org", 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *const targets[] = { rows[i].first, rows[i].second };

		/* in two sets of a zone file, and in one */
		for (unsigned together = 0; together < 2; together++) {
			struct rdata *values;
			struct hosted_zone *zone;
			struct record_set *set = NULL;
			struct name name;
			struct hand h;

			hand_init(&h, LIMIT);
			zone = add_zone(&h, "Z", "corp.example");
			values = make(&h, 2 * sizeof(*values));
			for (unsigned k = 0; k < 2; k++) {
				uint8_t *data = make(&h, NAME_MAX_OCTETS);

				assert_int_equal(name_parse(targets[k], &name), OK);
				memcpy(data, name.wire, name.len);
				if (targets[k][0] == 'B')
					data[1] = 'B';
				values[k] = (struct rdata){ data, name.len };
				if (!together || k == 0)
					set = add_set(&h, zone, "a.corp.example", TYPE_CNAME);
				set->values = together ? values : &values[k];
				set->value_count = (uint16_t)(together ? k + 1 : 1);
			}
			row_int(rows[i].line, estate_check(&h.estate, &h.diags),
				rows[i].errors ? ERR_REJECTED : OK);
			row_int(rows[i].line, h.diags.errors, rows[i].errors);
			hand_fini(&h);
		}
	}
}

static void
weighted(struct hand *h, struct record_set *set, const char *identifier)
{
	struct routing *routing = make(h, sizeof(*routing));

	*routing = (struct routing){ .policy = POLICY_WEIGHTED, .set_identifier = identifier };
	set->routing = routing;
}

static void
members_of_a_policy_group_differ_by_identifier(void **state)
{
	struct hosted_zone *zone;
	struct hand h;

	(void)state;
	hand_init(&h, LIMIT);
	zone = add_zone(&h, "Z", "corp.example");
	weighted(&h, add_set(&h, zone, "a.corp.example", TYPE_A), "blue");
	weighted(&h, add_set(&h, zone, "a.corp.example", TYPE_A), "green");
	weighted(&h, add_set(&h, zone, "a.corp.example", TYPE_AAAA), "blue");
	weighted(&h, add_set(&h, zone, "b.corp.example", TYPE_CNAME), "blue");
	weighted(&h, add_set(&h, zone, "b.corp.example", TYPE_CNAME), "green");
	assert_int_equal(estate_check(&h.estate, &h.diags), OK);
	assert_null(h.diags.first);
	weighted(&h, add_set(&h, zone, "a.corp.example", TYPE_AAAA), "blue");
	assert_int_equal(estate_check(&h.estate, &h.diags), ERR_REJECTED);
	assert_int_equal(h.diags.errors, 1);
	assert_string_equal(h.diags.first->code, "duplicate-set");
	hand_fini(&h);
}

static void
ttls_that_differ_in_a_weighted_group_are_one_warning(void **state)
{
	static const uint32_t ttls_s[] = { 60, 60, 30, 90 };
	static const char *const identifiers[] = { "a", "b", "c", "d" };
	struct hosted_zone *zone;
	struct hand h;

	(void)state;
	hand_init(&h, LIMIT);
	zone = add_zone(&h, "Z", "corp.example");
	for (unsigned i = 0; i < COUNT_OF(ttls_s); i++) {
		struct record_set *set = add_set(&h, zone, "a.corp.example", TYPE_A);

		set->ttl_s = ttls_s[i];
		weighted(&h, set, identifiers[i]);
	}
	assert_int_equal(estate_check(&h.estate, &h.diags), OK);
	assert_int_equal(h.diags.warnings, 1);
	assert_string_equal(h.diags.first->code, "weighted-ttl");
	assert_int_equal(h.diags.first->at.line, 4);
	assert_int_equal(h.diags.first->parts->at.line, 2);
	hand_fini(&h);
}

static void
add_cidr(struct hand *h, struct network *network, const char *text)
{
	struct cidr *cidr = make(h, sizeof(*cidr));

	assert_int_equal(prefix_parse(text, &cidr->prefix), OK);
	cidr->at = next_line(h);
	cidr->next = network->cidr_blocks;
	network->cidr_blocks = cidr;
}

static void
overlaps_matter_only_where_clients_are_told_by_address(void **state)
{
	struct listener listener = { .as = "v", .addr = { .port = 53 } };
	struct network *v, *w;
	struct hand h;

	(void)state;
	hand_init(&h, LIMIT);
	v = add_network(&h, NETWORK_VPC, "v");
	w = add_network(&h, NETWORK_VPC, "w");
	add_cidr(&h, v, "10.0.0.0/8");
	add_cidr(&h, v, "10.5.0.0/16");		/* of one network: fine */
	add_cidr(&h, w, "10.0.0.0/8");
	add_cidr(&h, w, "10.5.6.0/24");
	add_cidr(&h, w, "10.5.6.0/25");
	add_cidr(&h, w, "11.0.0.0/8");
	add_cidr(&h, w, "fd00::/8");
	h.estate.settings.listeners = &listener;
	assert_int_equal(estate_check(&h.estate, &h.diags), OK);
	listener.as = "client";
	assert_int_equal(estate_check(&h.estate, &h.diags), ERR_REJECTED);
	assert_int_equal(listener.kind, LISTEN_AS_CLIENT);
	/* one finding for a block, not one for each that it overlaps */
	assert_int_equal(h.diags.errors, 4);
	for (const struct finding *f = h.diags.first; f; f = f->next)
		assert_string_equal(f->code, "ambiguous-client");
	hand_fini(&h);
}

static void
running_out_of_memory_is_told(void **state)
{
	bool checked = false, starved = false;

	(void)state;
	for (size_t limit = 4096; !checked; limit += 256) {
		struct hosted_zone *zone;
		struct hand h;
		enum status status;

		hand_init(&h, LIMIT);
		add_network(&h, NETWORK_VPC, "a");
		zone = add_zone(&h, "Z", "corp.example");
		add_ref(&h, &zone->networks, "a");
		add_set(&h, zone, "a.corp.example", TYPE_CNAME);
		weighted(&h, add_set(&h, zone, "b.corp.example", TYPE_A), "x");
		h.estate.arena.limit = limit - 4096;	/* scratch takes its limit from it */
		status = estate_check(&h.estate, &h.diags);
		assert_true(status == OK || status == ERR_NOMEM);
		assert_int_equal(h.diags.errors, 0);
		starved |= status == ERR_NOMEM;
		checked = status == OK;
		hand_fini(&h);
	}
	assert_true(starved);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vpcs_come_before_sites_in_the_order_declared),
		cmocka_unit_test(an_id_is_declared_once),
		cmocka_unit_test(connections_are_symmetric_and_not_transitive),
		cmocka_unit_test(a_dangling_reference_names_its_place_and_the_nearest_id),
		cmocka_unit_test(zones_of_one_name_conflict_once_however_many_networks_they_share),
		cmocka_unit_test(what_a_profile_holds_reaches_each_vpc_once),
		cmocka_unit_test(a_network_twice_in_one_list_is_a_warning),
		cmocka_unit_test(records_are_held_against_each_other),
		cmocka_unit_test(a_cname_said_twice_is_one),
		cmocka_unit_test(members_of_a_policy_group_differ_by_identifier),
		cmocka_unit_test(ttls_that_differ_in_a_weighted_group_are_one_warning),
		cmocka_unit_test(overlaps_matter_only_where_clients_are_told_by_address),
		cmocka_unit_test(running_out_of_memory_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
