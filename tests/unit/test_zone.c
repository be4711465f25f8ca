#include "snapshot/zone.h"

#include <stdlib.h>
#include <string.h>

#include "snapshot/slots.h"
#include "unit/draft.h"

/* One zone, and its block once it is compiled. */
struct fixture {
	struct draft d;
	struct hosted_zone *declared;
	struct held_block *held;
	const struct zone *zone;
};

static void
begin(struct fixture *f, const char *name)
{
	draft_init(&f->d);
	f->declared = draft_zone(&f->d, "Z1", name, "");
	f->held = NULL;
}

static void
compile(struct fixture *f)
{
	draft_check(&f->d);
	f->held = compile_zone(f->declared, &f->d.diags);
	assert_non_null(f->held);
	f->zone = (const struct zone *)block_of(f->held);
	assert_int_equal(block_verify(f->zone, f->zone->block.size), OK);
}

static void
end(struct fixture *f)
{
	block_unref(f->held);
	draft_fini(&f->d);
}

static const struct zone_set *
find_set(const struct fixture *f, const char *owner, uint16_t type)
{
	const struct zone_node *node = find_node(f->zone, owner);
	const struct zone_set_ref *ref = node ? zone_node_set(node, type) : NULL;

	return ref ? zone_set_at(f->zone, ref->set_at) : NULL;
}

/* Record number i of a set. */
static struct rdata
value_of(const struct zone_set *set, unsigned i)
{
	struct rrset rrset = zone_rrset(set, NULL);
	struct rrset_walk walk = rrset_begin(&rrset);
	struct rdata rdata = { NULL, 0 };

	for (unsigned k = 0; k <= i; k++)
		assert_true(rrset_next(&walk, &rdata));
	return rdata;
}

static void
parts_of_a_set_are_joined_in_canonical_order(void **state)
{
	const struct zone_set *set;
	struct fixture f;

	(void)state;
	begin(&f, "corp.example");
	draft_record(&f.d, f.declared, "a.corp.example", TYPE_A, 60, "10.0.0.9");
	draft_record(&f.d, f.declared, "b.corp.example", TYPE_A, 60, "10.0.0.5");
	draft_record(&f.d, f.declared, "a.corp.example", TYPE_A, 30, "10.0.0.1");
	draft_record(&f.d, f.declared, "a.corp.example", TYPE_A, 90, "10.0.0.9");
	compile(&f);
	set = find_set(&f, "a.corp.example", TYPE_A);
	assert_non_null(set);
	assert_int_equal(set->count, 2);	/* 10.0.0.9 was said twice */
	assert_int_equal(f.d.diags.warnings, 1);
	assert_string_equal(f.d.diags.first->code, "duplicate-record");
	assert_int_equal(set->ttl_s, 30);
	assert_memory_equal(value_of(set, 0).data, "\12\0\0\1", 4);
	assert_memory_equal(value_of(set, 1).data, "\12\0\0\11", 4);
	assert_int_equal(set->policy, POLICY_SIMPLE);
	assert_null(zone_set_routing(f.zone, set));
	assert_null(zone_set_alias(f.zone, set));
	assert_int_equal(f.zone->record_count, 3);
	end(&f);
}

static void
letter_case_makes_no_other_record(void **state)
{
	static const struct rdata upper = { (const uint8_t *)"\0\12\1X\1y", 7 };
	static const struct rdata text = { (const uint8_t *)"\1X", 2 };
	struct fixture f;

	(void)state;
	begin(&f, "corp.example");
	draft_record(&f.d, f.declared, "m.corp.example", TYPE_MX, 60, "10 x.y")->values = &upper;
	draft_record(&f.d, f.declared, "m.corp.example", TYPE_MX, 60, "10 x.y");
	draft_record(&f.d, f.declared, "m.corp.example", TYPE_MX, 60, "11 x.y");
	draft_record(&f.d, f.declared, "m.corp.example", TYPE_TXT, 60, "x");
	draft_record(&f.d, f.declared, "m.corp.example", TYPE_TXT, 60, "x")->values = &text;
	compile(&f);
	assert_int_equal(find_set(&f, "m.corp.example", TYPE_MX)->count, 2);
	assert_memory_equal(value_of(find_set(&f, "m.corp.example", TYPE_MX), 0).data,
			    upper.data, upper.len);		/* as the first has it */
	assert_int_equal(find_set(&f, "m.corp.example", TYPE_TXT)->count, 2);
	end(&f);
}

static void
a_set_is_ready_made_wire_data(void **state)
{
	const struct zone_set *set;
	struct rrset rrset;
	struct fixture f;

	(void)state;
	begin(&f, "corp.example");
	draft_record(&f.d, f.declared, "m.corp.example", TYPE_MX, 3600, "10 x.y");
	compile(&f);
	set = find_set(&f, "m.corp.example", TYPE_MX);
	assert_non_null(set);
	rrset = zone_rrset(set, (const uint8_t *)"");
	assert_int_equal(rrset.wire_len, 12 + 7);
	assert_memory_equal(rrset.wire, "\xc0\x0c\0\17\0\1\0\0\16\20\0\7\0\12\1x\1y\0", 19);
	assert_int_equal(rrset.name_count, 1);
	assert_int_equal(rrset.names[0], 14);
	assert_int_equal(rrset.type, TYPE_MX);
	assert_int_equal(rrset.count, 1);
	assert_int_equal(rrset.ttl_s, 3600);
	end(&f);
}

static void
an_empty_zone_has_the_default_soa_and_ns(void **state)
{
	static const char soa[] =
		"\7ns-1536\11awsdns-00\2co\2uk\0\21awsdns-hostmaster\6amazon\3com\0"
		"\0\0\0\1\0\0\x1c\x20\0\0\3\x84\0\x12\x75\0\0\1\x51\x80";
	const struct zone_set *set;
	struct fixture f;

	(void)state;
	begin(&f, "corp.example");
	compile(&f);
	assert_int_equal(f.zone->node_count, 1);
	assert_int_equal(f.zone->record_count, 0);
	assert_int_equal(f.zone->labels, 2);
	assert_int_equal(f.zone->negative_ttl_s, 900);
	set = find_set(&f, "corp.example", TYPE_SOA);
	assert_ptr_equal(set, zone_set_at(f.zone, f.zone->soa_at));
	assert_int_equal(set->ttl_s, 900);
	assert_int_equal(value_of(set, 0).len, sizeof(soa) - 1);
	assert_memory_equal(value_of(set, 0).data, soa, sizeof(soa) - 1);
	set = find_set(&f, "corp.example", TYPE_NS);
	assert_int_equal(set->ttl_s, 172800);
	assert_int_equal(set->count, 4);
	assert_memory_equal(value_of(set, 0).data, "\4ns-0\11awsdns-00\3com", 20);
	assert_memory_equal(value_of(set, 1).data, "\6ns-512\11awsdns-00\3net", 22);
	assert_memory_equal(value_of(set, 2).data, "\7ns-1024\11awsdns-00\3org", 23);
	assert_memory_equal(value_of(set, 3).data, "\7ns-1536\11awsdns-00\2co\2uk", 25);
	end(&f);
}

static void
a_zone_that_states_its_own_keeps_them(void **state)
{
	static const uint8_t soa[] = "\1m\0\1h\0\0\0\0\7\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\36";
	static const struct rdata value = { soa, sizeof(soa) - 1 };
	struct record_set *set;
	struct fixture f;

	(void)state;
	begin(&f, "corp.example");
	set = draft_record(&f.d, f.declared, "corp.example", TYPE_SOA, 300, ".");
	set->values = &value;
	draft_record(&f.d, f.declared, "corp.example", TYPE_NS, 60, "ns.corp.example");
	compile(&f);
	assert_int_equal(f.zone->negative_ttl_s, 30);	/* the minimum, below the TTL */
	assert_int_equal(find_set(&f, "corp.example", TYPE_SOA)->ttl_s, 300);
	assert_int_equal(find_set(&f, "corp.example", TYPE_NS)->count, 1);
	assert_int_equal(f.zone->record_count, 0);	/* every zone has them */
	end(&f);
}

static void
nodes_are_flagged_by_what_stands_at_and_above_them(void **state)
{
	static const struct { int line; const char *name; int flags; } rows[] = {
		{ __LINE__, "corp.example", NODE_WILDCARD_CHILD },
		{ __LINE__, "*.corp.example", 0 },
		{ __LINE__, "ent.corp.example", NODE_EMPTY },
		{ __LINE__, "deep.ent.corp.example", NODE_EMPTY | NODE_WILDCARD_CHILD },
		{ __LINE__, "*.deep.ent.corp.example", NODE_EMPTY },
		{ __LINE__, "x.*.deep.ent.corp.example", 0 },
		{ __LINE__, "alias.corp.example", NODE_CNAME },
		{ __LINE__, "sub.corp.example", NODE_CUT },
		{ __LINE__, "ns.sub.corp.example", NODE_OCCLUDED },
		{ __LINE__, "b.ns.sub.corp.example", NODE_OCCLUDED | NODE_EMPTY },
		{ __LINE__, "a.b.ns.sub.corp.example", NODE_OCCLUDED | NODE_CUT },
		{ __LINE__, "dn.corp.example", NODE_DNAME },
		{ __LINE__, "x.dn.corp.example", NODE_OCCLUDED },
		{ __LINE__, "nope.corp.example", -1 },
		{ __LINE__, "example", -1 },
		{ __LINE__, "q.alias.corp.example", -1 },
	};
	struct fixture f;

	(void)state;
	begin(&f, "corp.example");
	draft_record(&f.d, f.declared, "*.corp.example", TYPE_A, 60, "10.0.0.1");
	draft_record(&f.d, f.declared, "x.*.deep.ent.corp.example", TYPE_A, 60, "10.0.0.1");
	draft_record(&f.d, f.declared, "alias.corp.example", TYPE_CNAME, 60, "a.b");
	draft_record(&f.d, f.declared, "sub.corp.example", TYPE_NS, 60, "ns.sub.corp.example");
	draft_record(&f.d, f.declared, "ns.sub.corp.example", TYPE_A, 60, "10.0.0.1");
	draft_record(&f.d, f.declared, "a.b.ns.sub.corp.example", TYPE_NS, 60, "x.y");
	draft_record(&f.d, f.declared, "dn.corp.example", TYPE_DNAME, 60, "a.b");
	draft_record(&f.d, f.declared, "x.dn.corp.example", TYPE_A, 60, "10.0.0.1");
	compile(&f);
	assert_int_equal(f.zone->node_count, 13);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct zone_node *node = find_node(f.zone, rows[i].name);

		row_int(rows[i].line, node ? node->flags : -1, rows[i].flags);
	}
	end(&f);
}

/* The order of RFC 4034 6.1, with octets that sort by nothing but their value. */
static void
nodes_are_in_canonical_order(void **state)
{
	static const char *const names[] = {
		"example", "a.example", "yljkjljk.a.example", "z.a.example", "zabc.a.example",
		"z.example", "\\000.z.example", "\\001.z.example", "*.z.example",
		"a.z.example", "a\\000.z.example", "a\\000\\000.z.example",
		"a\\001.z.example", "aa.z.example", "aaaaaaaa.z.example",
		"aaaaaaaab.z.example", "\\200.z.example",
	};
	struct fixture f;
	char text[NAME_TEXT_MAX], other[NAME_TEXT_MAX];

	(void)state;
	begin(&f, "example");
	for (size_t i = COUNT_OF(names); i-- > 1;)
		draft_record(&f.d, f.declared, names[i], TYPE_A, 60, "10.0.0.1");
	compile(&f);
	assert_int_equal(f.zone->node_count, COUNT_OF(names));
	for (uint32_t i = 0; i < COUNT_OF(names); i++)
		assert_string_equal(name_print(zone_node_name(zone_node_number(f.zone, i)), text),
				    name_print(draft_name(&f.d, names[i]), other));
	end(&f);
}

static void
a_policy_group_stands_together_by_set_identifier(void **state)
{
	static const char *const identifiers[] = { "green", "blue", "red" };
	const struct zone_set_ref *ref;
	struct fixture f;

	(void)state;
	begin(&f, "corp.example");
	draft_health_check(&f.d, "hc-1");
	for (unsigned i = 0; i < 3; i++) {
		struct record_set *set = draft_record(&f.d, f.declared, "w.corp.example", TYPE_A,
						      60 + i, "10.0.0.1");
		struct routing *routing = draft_routing(&f.d, set, POLICY_WEIGHTED,
							identifiers[i]);

		routing->weight = (uint16_t)(10 * i);
		routing->health_check = i ? NULL : "hc-1";
	}
	draft_record(&f.d, f.declared, "w.corp.example", TYPE_TXT, 60, "text");
	draft_record(&f.d, f.declared, "w.corp.example", TYPE_TXT, 60, "more");
	compile(&f);
	assert_int_equal(find_node(f.zone, "w.corp.example")->set_count, 4);
	ref = zone_node_set(find_node(f.zone, "w.corp.example"), TYPE_A);
	assert_int_equal(ref[0].members, 3);
	assert_int_equal(ref[1].members, 0);
	assert_int_equal(ref[2].members, 0);
	assert_int_equal(ref[3].members, 1);
	assert_int_equal(ref[3].type, TYPE_TXT);
	for (unsigned i = 0; i < 3; i++) {
		static const char *const sorted[] = { "blue", "green", "red" };
		static const uint16_t weights[] = { 10, 0, 20 };
		const struct zone_set *set = zone_set_at(f.zone, ref[i].set_at);
		const struct zone_routing *routing = zone_set_routing(f.zone, set);

		assert_string_equal(block_string(&f.zone->block, routing->set_identifier_at),
				    sorted[i]);
		assert_string_equal(block_string(&f.zone->block, routing->health_check_at),
				    i == 1 ? "hc-1" : "");
		assert_int_equal(set->policy, POLICY_WEIGHTED);
		assert_int_equal(set->weight, weights[i]);
	}
	end(&f);
}

/* route53-semantics 4.4.5: the set declared last, aliases apart, whatever the identifiers. */
static void
a_weighted_group_has_the_ttl_of_its_last_set(void **state)
{
	static const struct {
		int line;
		enum routing_policy policy;
		uint32_t ttls_s[3];	/* by identifier b, a, c: 0 an alias */
		uint32_t wanted_s[3];	/* by a, b, c */
	} rows[] = {
		{ __LINE__, POLICY_WEIGHTED, { 60, 30, 300 }, { 300, 300, 300 } },
		{ __LINE__, POLICY_WEIGHTED, { 60, 300, 30 }, { 30, 30, 30 } },
		{ __LINE__, POLICY_WEIGHTED, { 60, 30, 0 }, { 30, 30, 0 } },
		{ __LINE__, POLICY_WEIGHTED, { 60, 0, 0 }, { 0, 60, 0 } },
		{ __LINE__, POLICY_MULTIVALUE, { 60, 30, 300 }, { 30, 60, 300 } },
	};
	static const char *const identifiers[] = { "b", "a", "c" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct zone_set_ref *ref;
		struct fixture f;

		begin(&f, "corp.example");
		draft_record(&f.d, f.declared, "t.corp.example", TYPE_A, 5, "10.0.0.9");
		for (unsigned k = 0; k < 3; k++)
			draft_routing(&f.d, rows[i].ttls_s[k] ?
				      draft_record(&f.d, f.declared, "w.corp.example", TYPE_A,
						   rows[i].ttls_s[k], "10.0.0.1") :
				      draft_alias(&f.d, f.declared, "w.corp.example", TYPE_A,
						  f.declared->id, "t.corp.example"),
				      rows[i].policy, identifiers[k]);
		compile(&f);
		ref = zone_node_set(find_node(f.zone, "w.corp.example"), TYPE_A);
		for (unsigned k = 0; k < 3; k++)
			row_int(rows[i].line, zone_set_at(f.zone, ref[k].set_at)->ttl_s,
				rows[i].wanted_s[k]);
		end(&f);
	}
}

static void
all_that_a_policy_says_is_kept(void **state)
{
	const struct zone_routing *out;
	const struct zone_set *set;
	struct routing *routing;
	struct fixture f;

	(void)state;
	begin(&f, "corp.example");
	routing = draft_routing(&f.d, draft_record(&f.d, f.declared, "g.corp.example", TYPE_A, 60,
						   "10.0.0.1"), POLICY_GEOPROXIMITY, "id");
	*routing = (struct routing){ .policy = POLICY_GEOPROXIMITY, .set_identifier = "id",
				     .region = "eu-west-1", .continent = "EU", .country = "CH",
				     .subdivision = "ZH", .bias = -42, .latitude = 47.5,
				     .longitude = -8.25, .has_coordinates = true };
	routing = draft_routing(&f.d, draft_record(&f.d, f.declared, "f.corp.example", TYPE_A, 60,
						   "10.0.0.1"), POLICY_FAILOVER, "id");
	routing->failover = FAILOVER_SECONDARY;
	compile(&f);
	set = find_set(&f, "g.corp.example", TYPE_A);
	out = zone_set_routing(f.zone, set);
	assert_string_equal(block_string(&f.zone->block, out->region_at), "eu-west-1");
	assert_string_equal(block_string(&f.zone->block, out->continent_at), "EU");
	assert_string_equal(block_string(&f.zone->block, out->country_at), "CH");
	assert_string_equal(block_string(&f.zone->block, out->subdivision_at), "ZH");
	assert_int_equal(out->bias, -42);
	assert_true(out->has_coordinates == 1 && out->latitude == 47.5 &&
		    out->longitude == -8.25);
	set = find_set(&f, "f.corp.example", TYPE_A);
	assert_int_equal(set->failover, FAILOVER_SECONDARY);
	end(&f);
}

static void
an_alias_knows_whether_its_target_is_in_the_zone(void **state)
{
	static const struct {
		int line;
		const char *owner, *hosted_zone, *target;
		uint32_t same_zone;
	} rows[] = {
		{ __LINE__, "a.corp.example", "Z1", "t.corp.example", 1 },
		{ __LINE__, "b.corp.example", "Z1", "elsewhere.example", 0 },
		{ __LINE__, "c.corp.example", "Z35SXDOTRQ7X7K", "lb.elb.amazonaws.com", 0 },
		{ __LINE__, "d.corp.example", "Z2", "t.corp.example", 0 },
	};
	char text[NAME_TEXT_MAX], other[NAME_TEXT_MAX];
	struct fixture f;

	(void)state;
	begin(&f, "corp.example");
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		draft_alias(&f.d, f.declared, rows[i].owner, TYPE_A, rows[i].hosted_zone,
			    rows[i].target);
	compile(&f);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct zone_set *set = find_set(&f, rows[i].owner, TYPE_A);
		const struct zone_alias *alias = zone_set_alias(f.zone, set);

		row_int(rows[i].line, set->count, 0);
		row_int(rows[i].line, alias->same_zone, rows[i].same_zone);
		row_int(rows[i].line, alias->evaluate_target_health, 1);
		row_string(rows[i].line, block_string(&f.zone->block, alias->hosted_zone_at),
			   rows[i].hosted_zone);
		row_string(rows[i].line,
			   name_print(block_at(&f.zone->block, alias->name_at), text),
			   name_print(draft_name(&f.d, rows[i].target), other));
	}
	assert_int_equal(f.zone->record_count, COUNT_OF(rows));
	end(&f);
}

static void
a_set_too_large_for_a_message_is_an_error_at_its_place(void **state)
{
	const struct finding *finding;
	struct fixture f;

	(void)state;
	begin(&f, "corp.example");
	for (unsigned i = 0; i < 65535 / 16 + 1; i++) {
		char text[32];

		snprintf(text, sizeof(text), "10.0.%u.%u", i / 256, i % 256);
		draft_record(&f.d, f.declared, "big.corp.example", TYPE_A, 60, text)->at.line =
			i + 1;
	}
	assert_null(compile_zone(f.declared, &f.d.diags));
	assert_int_equal(f.d.diags.errors, 1);
	finding = draft_finding(&f.d, "set-too-large");
	assert_int_equal(finding->at.line, 1);
	assert_non_null(strstr(finding->message, "big.corp.example. A"));
	end(&f);
}

static void
too_many_sets_at_a_name_are_an_error(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "corp.example");
	for (unsigned i = 0; i < 65536; i++)
		draft_routing(&f.d, draft_record(&f.d, f.declared, "w.corp.example", TYPE_A, 60,
						 "10.0.0.1"),
			      POLICY_WEIGHTED, arena_printf(&f.d.estate.arena, "%u", i));
	draft_record(&f.d, f.declared, "*.w.corp.example", TYPE_A, 60, "10.0.0.1");
	assert_null(compile_zone(f.declared, &f.d.diags));
	assert_int_equal(f.d.diags.errors, 1);
	draft_finding(&f.d, "too-many-sets");
	end(&f);
}

static void
a_set_that_just_fits_is_kept_whole(void **state)
{
	const unsigned count = 65535 / 16;
	struct fixture f;

	(void)state;
	begin(&f, "corp.example");
	for (unsigned i = 0; i < 2 * count; i++) {	/* each said twice */
		char text[32];

		snprintf(text, sizeof(text), "10.0.%u.%u", i / 2 / 256, i / 2 % 256);
		draft_record(&f.d, f.declared, "big.corp.example", TYPE_A, 60, text);
	}
	compile(&f);
	assert_int_equal(find_set(&f, "big.corp.example", TYPE_A)->count, count);
	assert_int_equal(f.zone->record_count, count);
	end(&f);
}

static void
the_root_can_be_a_zone(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, ".");
	draft_record(&f.d, f.declared, "a.b", TYPE_A, 60, "10.0.0.1");
	draft_record(&f.d, f.declared, "*", TYPE_A, 60, "10.0.0.1");
	compile(&f);
	assert_int_equal(f.zone->labels, 0);
	assert_int_equal(f.zone->node_count, 4);
	assert_int_equal(find_node(f.zone, ".")->flags, NODE_WILDCARD_CHILD);
	assert_int_equal(find_node(f.zone, "b")->flags, NODE_EMPTY);
	end(&f);
}

static void
the_longest_name_with_most_labels_is_a_node(void **state)
{
	char text[300] = "";
	struct fixture f;

	(void)state;
	begin(&f, "a");
	for (unsigned i = 0; i < NAME_MAX_LABELS; i++)
		strcat(text, i ? ".a" : "a");
	draft_record(&f.d, f.declared, text, TYPE_A, 60, "10.0.0.1");
	compile(&f);
	assert_int_equal(f.zone->node_count, NAME_MAX_LABELS);
	assert_int_equal(find_node(f.zone, text)->labels, NAME_MAX_LABELS);
	end(&f);
}

/* --- random zones against a naive model */

#define RANDOM_SETS 60

static void
random_owner(uint64_t *seed, char *text, size_t size)
{
	static const char *const labels[] = { "a", "b", "ab", "*", "\\000", "longer-label-x" };
	size_t len = 0;

	text[0] = '\0';
	for (unsigned n = random_to(seed, 5); n; n--)
		len += (size_t)snprintf(text + len, size - len, "%s.",
					labels[random_to(seed, COUNT_OF(labels))]);
	snprintf(text + len, size - len, "z.example");
}

/* Is the name an owner, or an ancestor of one inside the zone? */
static bool
model_has(const struct hosted_zone *zone, const uint8_t *name)
{
	if (!name_wire_covers(zone->name, name))
		return false;
	if (name_wire_equal(zone->name, name))
		return true;
	for (const struct record_set *set = zone->sets; set; set = set->next)
		if (name_wire_covers(name, set->owner))
			return true;
	return false;
}

/* The data at this owner and type, sorted, each once; how many. */
static unsigned
model_values(const struct hosted_zone *zone, const uint8_t *owner, uint16_t type,
	     const struct rdata **values)
{
	unsigned count = 0, i;

	for (const struct record_set *set = zone->sets; set; set = set->next) {
		if (set->type != type || !name_wire_equal(set->owner, owner))
			continue;
		for (i = 0; i < count; i++)
			if (memcmp(values[i]->data, set->values->data, 4) >= 0)
				break;
		if (i < count && memcmp(values[i]->data, set->values->data, 4) == 0)
			continue;
		memmove(values + i + 1, values + i, (count++ - i) * sizeof(*values));
		values[i] = set->values;
	}
	return count;
}

static void
check_against_model(const struct fixture *f, const uint8_t *name)
{
	const struct zone_node *node = zone_find(f->zone, name, name_wire_len(name),
						 name_hash(name));
	const struct rdata *values[RANDOM_SETS];
	const struct zone_set_ref *ref;
	unsigned count;

	assert_int_equal(node != NULL, model_has(f->declared, name));
	if (!node)
		return;
	ref = zone_node_set(node, TYPE_A);
	count = model_values(f->declared, name, TYPE_A, values);
	assert_int_equal(ref ? zone_set_at(f->zone, ref->set_at)->count : 0, count);
	for (unsigned i = 0; i < count; i++)
		assert_memory_equal(value_of(zone_set_at(f->zone, ref->set_at), i).data,
				    values[i]->data, 4);
}

static void
a_random_zone_has_its_names_their_ancestors_and_nothing_else(void **state)
{
	uint64_t seed = 42;

	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		uint32_t ancestors = 0;
		struct fixture f;

		begin(&f, "z.example");
		for (unsigned i = random_to(&seed, RANDOM_SETS); i; i--) {
			char text[128], value[32];

			random_owner(&seed, text, sizeof(text));
			snprintf(value, sizeof(value), "10.0.0.%u", random_to(&seed, 8));
			draft_record(&f.d, f.declared, text, TYPE_A, 60, value);
		}
		compile(&f);
		for (uint32_t i = 0; i < f.zone->node_count; i++)
			check_against_model(&f, zone_node_name(zone_node_number(f.zone, i)));
		for (const struct record_set *set = f.declared->sets; set; set = set->next)
			for (const uint8_t *n = set->owner; *n; n = name_wire_parent(n)) {
				check_against_model(&f, n);
				ancestors++;
			}
		for (unsigned i = 0; i < 50; i++) {
			char text[128];

			random_owner(&seed, text, sizeof(text));
			check_against_model(&f, draft_name(&f.d, text));
		}
		assert_true(ancestors >= f.zone->node_count - 1);
		end(&f);
	}
}

/* --- a stranger's block */

/* What a row of the table changes, in a block that it may write to. */
struct hostile {
	struct zone *zone;
	struct zone_node *apex, *multi;		/* multi: m.corp.example, A group and MX */
	struct zone_node *next;			/* n.corp.example, an alias */
	struct zone_set *mx, *first;		/* first: of the group */
	struct zone_alias *alias;
};

static void soa_at(struct hostile *h) { h->zone->soa_at = zone_node_refs(h->multi)->set_at; }
static void apex_at(struct hostile *h) { h->zone->apex_at++; }
static void negative_ttl(struct hostile *h) { h->zone->negative_ttl_s++; }
static void records(struct hostile *h) { h->zone->record_count = 100; }
static void labels(struct hostile *h) { h->zone->labels++; }
static void nodes(struct hostile *h) { h->zone->node_count--; }
static void no_nodes(struct hostile *h) { h->zone->node_count = 0; }
static void mask(struct hostile *h) { h->zone->slot_mask = 2 * h->zone->slot_mask + 1; }
static void full_mask(struct hostile *h) { h->zone->slot_mask = UINT32_MAX; }
static void slots_at(struct hostile *h) { h->zone->slots_at--; }
static void far_slots(struct hostile *h) { h->zone->slots_at = UINT32_MAX; }
static void order_at(struct hostile *h) { h->zone->order_at--; }
static void name_at(struct hostile *h) { h->zone->name_at = UINT32_MAX; }
static void apex_cut(struct hostile *h) { h->apex->flags |= NODE_CUT; }
static void wildcard(struct hostile *h) { h->apex->flags |= NODE_WILDCARD_CHILD; }
static void not_empty(struct hostile *h) { h->multi->flags |= NODE_EMPTY; }
static void occluded(struct hostile *h) { h->multi->flags |= NODE_OCCLUDED; }
static void unknown_flag(struct hostile *h) { h->multi->flags |= 64; }
static void hash_low(struct hostile *h) { h->multi->hash_low ^= 1; }
static void node_labels(struct hostile *h) { h->multi->labels++; }
static void few_sets(struct hostile *h) { h->multi->set_count--; }
static void many_sets(struct hostile *h) { h->multi->set_count = UINT16_MAX; }
static void set_type(struct hostile *h) { h->mx->type = TYPE_A; }
static void set_count(struct hostile *h) { h->mx->count++; }
static void set_empty(struct hostile *h) { h->mx->count = 0; }
static void set_ttl(struct hostile *h) { h->mx->ttl_s++; }
static void wire_short(struct hostile *h) { h->mx->wire_len--; }
static void wire_long(struct hostile *h) { h->mx->wire_len = UINT16_MAX; }
static void no_names(struct hostile *h) { h->mx->name_count = 0; }
static void more_names(struct hostile *h) { h->mx->name_count++; }
static void policy(struct hostile *h) { h->mx->policy = POLICY_WEIGHTED; }
static void unknown_policy(struct hostile *h) { h->first->policy = 7; }
static void no_routing(struct hostile *h) { h->first->routing_at = 0; }
static void other_policy(struct hostile *h) { h->first->policy = POLICY_LATENCY; }
static void failover(struct hostile *h) { h->mx->failover = 2; }
static void alias(struct hostile *h) { h->mx->alias_at = h->zone->name_at; }
static void no_alias(struct hostile *h) { h->alias->name_at = 0; }
static void alias_flag(struct hostile *h) { h->alias->evaluate_target_health = 2; }

/* The zero octets of the tail would do as the root's name. */
static void
alias_in_tail(struct hostile *h)
{
	h->alias->name_at = (uint32_t)(h->zone->block.size / BLOCK_UNIT - 1);
}

static struct zone_set_ref *
refs_of(struct hostile *h)
{
	return (struct zone_set_ref *)(h->multi + 1);
}

static void members_more(struct hostile *h) { refs_of(h)->members++; }
static void members_none(struct hostile *h) { refs_of(h)->members = 0; }
static void members_twice(struct hostile *h) { refs_of(h)[1].members = 1; }
static void ref_order(struct hostile *h) { refs_of(h)[2].type = 0; }
static void same_set_twice(struct hostile *h) { refs_of(h)[1].set_at = refs_of(h)[0].set_at; }
static void far_set(struct hostile *h) { refs_of(h)[0].set_at = UINT32_MAX - 1; }

static uint8_t *
mx_wire(struct hostile *h)
{
	return (uint8_t *)(uintptr_t)zone_rrset(h->mx, NULL).wire;
}

static void owner_pointer(struct hostile *h) { mx_wire(h)[1] = 0; }
static void record_type(struct hostile *h) { mx_wire(h)[3] = TYPE_A; }
static void record_class(struct hostile *h) { mx_wire(h)[5] = CLASS_CH; }
static void record_ttl(struct hostile *h) { mx_wire(h)[9]++; }
static void rdlength(struct hostile *h) { mx_wire(h)[11]++; }
static void name_in_data(struct hostile *h) { mx_wire(h)[14] = 0xc0; }
static void listed_name(struct hostile *h) { ((uint16_t *)(h->mx + 1))[0]++; }

/* Give a node another first octet, and make everything agree with it. */
static void
rename_node(struct hostile *h, struct zone_node *node, char first)
{
	uint32_t *order = (uint32_t *)((uint64_t *)h->zone + h->zone->order_at);
	uint32_t (*slots)[2] = (void *)((uint64_t *)h->zone + h->zone->slots_at);

	((uint8_t *)(uintptr_t)zone_node_name(node))[1] = (uint8_t)first;
	node->hash_low = (uint32_t)name_hash(zone_node_name(node));
	memset(slots, 0, ((size_t)h->zone->slot_mask + 1) * sizeof(*slots));
	for (uint32_t i = 0; i < h->zone->node_count; i++)
		slots_insert(slots, h->zone->slot_mask,
			     name_hash(zone_node_name(zone_node_at(h->zone, order[i]))),
			     order[i]);
}

static void upper_case(struct hostile *h) { rename_node(h, h->multi, 'M'); }
static void names_fall(struct hostile *h) { rename_node(h, h->next, 'l'); }
static void names_repeat(struct hostile *h) { rename_node(h, h->next, 'm'); }
static void wildcard_unsaid(struct hostile *h) { rename_node(h, h->multi, '*'); }

static void
order_swapped(struct hostile *h)
{
	uint32_t *order = (uint32_t *)h->zone + h->zone->order_at * 2;
	uint32_t first = order[1];

	order[1] = order[2];
	order[2] = first;
}

static void
slot_moved(struct hostile *h)
{
	struct zone_slot *slots = (struct zone_slot *)h->zone + h->zone->slots_at;
	uint32_t used = 0, room = 0;

	while (!slots[used].node_at)
		used++;
	while (slots[room].node_at)
		room++;
	slots[room] = slots[used];
	slots[used] = (struct zone_slot){ 0 };
}

static const struct { int line; void (*change)(struct hostile *h); } hostile_rows[] = {
	{ __LINE__, soa_at }, { __LINE__, apex_at }, { __LINE__, negative_ttl },
	{ __LINE__, records }, { __LINE__, labels }, { __LINE__, nodes },
	{ __LINE__, no_nodes }, { __LINE__, mask }, { __LINE__, full_mask },
	{ __LINE__, slots_at }, { __LINE__, far_slots }, { __LINE__, order_at },
	{ __LINE__, name_at }, { __LINE__, apex_cut }, { __LINE__, wildcard },
	{ __LINE__, not_empty }, { __LINE__, occluded }, { __LINE__, unknown_flag },
	{ __LINE__, hash_low }, { __LINE__, node_labels }, { __LINE__, few_sets },
	{ __LINE__, many_sets }, { __LINE__, set_type }, { __LINE__, set_count },
	{ __LINE__, set_empty }, { __LINE__, set_ttl }, { __LINE__, wire_short },
	{ __LINE__, wire_long }, { __LINE__, no_names }, { __LINE__, policy },
	{ __LINE__, unknown_policy }, { __LINE__, no_routing }, { __LINE__, other_policy },
	{ __LINE__, failover }, { __LINE__, alias }, { __LINE__, members_more },
	{ __LINE__, members_none }, { __LINE__, members_twice }, { __LINE__, ref_order },
	{ __LINE__, same_set_twice }, { __LINE__, far_set }, { __LINE__, owner_pointer },
	{ __LINE__, record_type }, { __LINE__, record_class }, { __LINE__, record_ttl },
	{ __LINE__, rdlength }, { __LINE__, name_in_data }, { __LINE__, listed_name },
	{ __LINE__, more_names }, { __LINE__, no_alias }, { __LINE__, alias_flag },
	{ __LINE__, alias_in_tail }, { __LINE__, upper_case }, { __LINE__, names_fall },
	{ __LINE__, names_repeat }, { __LINE__, wildcard_unsaid },
	{ __LINE__, order_swapped }, { __LINE__, slot_moved },
};

static struct zone_set *
hostile_set(struct hostile *h, const struct zone_set_ref *ref)
{
	return (struct zone_set *)((uint64_t *)h->zone + ref->set_at);
}

/* A writable copy of the zone with its parts found. */
static struct hostile
hostile_copy(const struct fixture *f)
{
	struct hostile h = { .zone = malloc(f->zone->block.size) };

	assert_non_null(h.zone);
	memcpy(h.zone, f->zone, f->zone->block.size);
	h.apex = (struct zone_node *)((uint64_t *)h.zone + h.zone->apex_at);
	h.multi = (struct zone_node *)(uintptr_t)find_node(h.zone, "m.corp.example");
	h.first = hostile_set(&h, zone_node_set(h.multi, TYPE_A));
	h.mx = hostile_set(&h, zone_node_set(h.multi, TYPE_MX));
	h.next = (struct zone_node *)(uintptr_t)find_node(h.zone, "n.corp.example");
	h.alias = (struct zone_alias *)((uint64_t *)h.zone +
		  hostile_set(&h, zone_node_set(h.next, TYPE_A))->alias_at);
	return h;
}

static void
a_block_that_lies_is_refused_whatever_its_checksum(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "corp.example");
	draft_record(&f.d, f.declared, "m.corp.example", TYPE_MX, 60, "10 a.b");
	for (unsigned i = 0; i < 2; i++)
		draft_routing(&f.d, draft_record(&f.d, f.declared, "m.corp.example", TYPE_A, 60,
						 "10.0.0.1"), POLICY_WEIGHTED, i ? "a" : "b");
	draft_alias(&f.d, f.declared, "n.corp.example", TYPE_A, "Z2", "a.b");
	compile(&f);
	for (size_t i = 0; i < COUNT_OF(hostile_rows); i++) {
		struct hostile h = hostile_copy(&f);

		hostile_rows[i].change(&h);
		h.zone->block.checksum = block_checksum(&h.zone->block);
		row_int(hostile_rows[i].line, block_verify(h.zone, h.zone->block.size),
			ERR_MALFORMED);
		free(h.zone);
	}
	end(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_of_a_set_are_joined_in_canonical_order),
		cmocka_unit_test(letter_case_makes_no_other_record),
		cmocka_unit_test(a_set_is_ready_made_wire_data),
		cmocka_unit_test(an_empty_zone_has_the_default_soa_and_ns),
		cmocka_unit_test(a_zone_that_states_its_own_keeps_them),
		cmocka_unit_test(nodes_are_flagged_by_what_stands_at_and_above_them),
		cmocka_unit_test(nodes_are_in_canonical_order),
		cmocka_unit_test(a_policy_group_stands_together_by_set_identifier),
		cmocka_unit_test(a_weighted_group_has_the_ttl_of_its_last_set),
		cmocka_unit_test(all_that_a_policy_says_is_kept),
		cmocka_unit_test(an_alias_knows_whether_its_target_is_in_the_zone),
		cmocka_unit_test(a_set_too_large_for_a_message_is_an_error_at_its_place),
		cmocka_unit_test(too_many_sets_at_a_name_are_an_error),
		cmocka_unit_test(a_set_that_just_fits_is_kept_whole),
		cmocka_unit_test(the_root_can_be_a_zone),
		cmocka_unit_test(the_longest_name_with_most_labels_is_a_node),
		cmocka_unit_test(a_random_zone_has_its_names_their_ancestors_and_nothing_else),
		cmocka_unit_test(a_block_that_lies_is_refused_whatever_its_checksum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
