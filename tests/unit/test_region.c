#include "unit/unit.h"

#include "base/text.h"
#include "lint/clash.h"
#include "unit/judged.h"

#define APPS "vpc app 10.1.0.0/16\nvpc data 10.2.0.0/16\npeer app data\n"

/* What two zones differ in, as text: "NAME types; ..." with "+NAME" for the others below it. */
struct expectation {
	int line;
	const char *one, *other;	/* records of corp.example */
	const char *regions;
};

static const struct expectation expectations[] = {
	{ __LINE__, "a 60 A 10.0.0.1\n", "a 60 A 10.0.0.1\n", "" },
	{ __LINE__, "a 60 A 10.0.0.1\n", "a 90 A 10.0.0.1\n", "a.corp.example. A (ttl)" },
	{ __LINE__, "a 60 A 10.0.0.1\n", "a 60 A 10.0.0.2\n", "a.corp.example. A" },
	{ __LINE__, "a 60 A 10.0.0.1\n", "b 60 A 10.0.0.1\n",
	  "a.corp.example. all types; b.corp.example. all types" },
	{ __LINE__, "a 60 A 10.0.0.1\na 60 TXT \"x\"\n", "a 60 A 10.0.0.1\na 60 TXT \"y\"\n",
	  "a.corp.example. TXT" },
	/* one type on one side only */
	{ __LINE__, "a 60 A 10.0.0.1\na 60 TXT \"x\"\n", "a 60 A 10.0.0.1\n",
	  "a.corp.example. TXT" },
	/* data against an alias of all types */
	{ __LINE__, "a 60 A 10.0.0.1\n", "a 60 CNAME b.corp.example.\n",
	  "a.corp.example. all types" },
	/* an empty non-terminal */
	{ __LINE__, "x.a 60 A 10.0.0.1\na 60 TXT \"x\"\n", "x.a 60 A 10.0.0.1\n",
	  "a.corp.example. TXT" },
	{ __LINE__, "*.w 60 A 10.0.0.1\n", "*.w 60 A 10.0.0.2\n", "+w.corp.example. A" },
	{ __LINE__, "*.w 60 A 10.0.0.1\n", "w 60 TXT \"x\"\n",
	  "w.corp.example. TXT; +w.corp.example. all types" },
	/* named where the other has a wildcard: equal there, but not below it */
	{ __LINE__, "*.w 60 A 10.0.0.1\n", "*.w 60 A 10.0.0.1\nx.w 60 A 10.0.0.1\n",
	  "+x.w.corp.example. all types" },
	/* a wildcard further down takes over, makes an empty name, and ends below itself */
	{ __LINE__, "* 60 A 10.0.0.1\n*.x 60 A 10.0.0.1\n", "* 60 A 10.0.0.1\n",
	  "x.corp.example. A; +*.x.corp.example. all types" },
	/* all below a delegation is alike */
	{ __LINE__, "d 60 NS ns.example.\na.d 60 A 10.0.0.1\n", "d 60 NS ns.example.\n", "" },
	{ __LINE__, "d 60 NS ns.example.\n", "d 60 NS ns2.example.\n",
	  "d.corp.example. all types; +d.corp.example. all types" },
	{ __LINE__, "d 60 DNAME x.example.\n", "d 60 DNAME y.example.\n",
	  "d.corp.example. DNAME; +d.corp.example. all types" },
	/* the zones' own bookkeeping */
	{ __LINE__, "@ 60 NS ns.example.\n", "@ 60 NS ns2.example.\n", "" },
	{ __LINE__, "@ 60 A 10.0.0.1\n", "@ 60 A 10.0.0.2\n", "corp.example. A" },
};

static struct judged *
two_zones(const char *one, const char *other)
{
	char text[4096];

	snprintf(text, sizeof(text), APPS "zone ZA corp.example app\n%szone ZB corp.example data\n%s",
		 one, other);
	return judged_new(text);
}

static void
print_region(void *context, const struct region *region)
{
	struct text *out = context;
	char name[NAME_TEXT_MAX];

	text_printf(out, "%s%s%s ", out->len ? "; " : "",
		    region->kind == REGION_OTHERS ? "+" : "", name_print(region->name, name));
	region_print_types(region, out);
	if (region->ttl_only)
		text_append(out, " (ttl)");
}

static void
zones_differ_in_just_these_regions(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(expectations); i++) {
		const struct expectation *row = &expectations[i];
		struct judged *j = two_zones(row->one, row->other);
		const struct zone *a = j->snap->zones[0], *b = j->snap->zones[1];
		struct text got;

		text_init(&got);
		text_append(&got, "");
		region_diff(a, b, zone_name(a), &j->maker.findings, print_region, &got);
		row_string(row->line, got.data, row->regions);
		text_fini(&got);
		judged_free(j);
	}
}

/*
 * The oracle: small random zones, every name over a small alphabet with two labels that no
 * zone has, every type; two zones differ at a name exactly where a region says so.
 */

static const char *const labels[] = { "a", "b", "*", "fresh", "other" };
static const uint16_t types[] = { TYPE_A, TYPE_TXT, TYPE_CNAME, TYPE_NS, TYPE_DS, TYPE_MX,
				  TYPE_DNAME };

#define NAMES_MOST 1024

struct oracle {
	const struct zone *a, *b;
	struct arena *scratch;
	struct name names[NAMES_MOST];
	size_t name_count;
	bool differs[NAMES_MOST];	/* by plain look-ups */
	bool claimed[NAMES_MOST];	/* by regions */
};

/** All names of up to four labels at or below corp.example. */
static void
all_names(struct oracle *o, const struct name *above, unsigned depth)
{
	o->names[o->name_count++] = *above;
	for (size_t i = 0; depth < 4 && i < COUNT_OF(labels); i++) {
		struct name name;

		assert_true(name_prepend((const uint8_t *)labels[i], strlen(labels[i]),
					 above->wire, &name));
		all_names(o, &name, depth + 1);
	}
}

static bool
differ_at(const struct oracle *o, const struct name *name)
{
	bool apex = name_wire_equal(name->wire, zone_name(o->a));
	struct suffixes suffixes;

	name_suffixes(name, &suffixes);
	for (size_t t = 0; t < COUNT_OF(types); t++) {
		struct outcome one, other;

		if (apex && types[t] == TYPE_NS)
			continue;
		one = outcome_find(o->a, name, &suffixes, types[t]);
		other = outcome_find(o->b, name, &suffixes, types[t]);
		if (outcome_compare(&one, &other, o->scratch) == OUTCOMES_DIFFER)
			return true;
	}
	return false;
}

static bool
exists(const struct zone *zone, const uint8_t *wire)
{
	return zone_find(zone, wire, name_wire_len(wire), name_hash(wire)) != NULL;
}

/** Is `name` among the others below `above`: its closest existing ancestor in either zone? */
static bool
is_other(const struct oracle *o, const uint8_t *above, const uint8_t *name)
{
	for (; name_wire_covers(above, name); name = name_wire_parent(name))
		if (exists(o->a, name) || exists(o->b, name))
			return name_wire_equal(above, name);
	return false;
}

/** A delegation or DNAME at the wildcard itself: the name is not what it gives to others. */
static bool
is_cut(const struct zone *zone, const uint8_t *wire)
{
	const struct zone_node *node = zone_find(zone, wire, name_wire_len(wire),
						 name_hash(wire));

	return node && node->flags & (NODE_CUT | NODE_DNAME);
}

static void
claim(void *context, const struct region *region)
{
	struct oracle *o = context;

	if (region->ttl_only)
		return;
	for (size_t i = 0; i < o->name_count; i++) {
		const uint8_t *name = o->names[i].wire;
		bool same = name_wire_equal(name, region->name);

		if (region->kind == REGION_NAME)
			o->claimed[i] |= same;
		else if (name_wire_is_wildcard(name) &&
			 name_wire_equal(name_wire_parent(name), region->name) &&
			 !is_cut(o->a, name) && !is_cut(o->b, name))
			o->claimed[i] = true;	/* "*.x" is told with the others below x */
		else
			o->claimed[i] |= !same && is_other(o, region->name, name);
	}
}

/** A few records with names over the first three labels. */
static void
random_zone(uint64_t *seed, char *out, size_t size)
{
	static const char *const data[] = {
		"A 10.0.0.1", "A 10.0.0.2", "TXT \"x\"", "NS ns.example.", "DNAME y.example.",
		"CNAME a.corp.example.",
	};
	size_t len = 0;

	*out = '\0';
	for (unsigned i = random_to(seed, 5); i > 0; i--) {
		char owner[64];
		size_t n = 0;
		unsigned depth = 1 + random_to(seed, 3), what = random_to(seed, 10);

		for (unsigned k = 0; k < depth; k++)
			n += (size_t)snprintf(owner + n, sizeof(owner) - n, "%s%s", k ? "." : "",
					      labels[random_to(seed, 3)]);
		if (strstr(out, owner))
			continue;	/* no two sets that would not go together */
		len += (size_t)snprintf(out + len, size - len, "%s 60 %s\n", owner,
					data[what < COUNT_OF(data) ? what : what % 2]);
	}
}

static void
regions_are_what_plain_look_ups_find(void **state)
{
	struct oracle *o = calloc(1, sizeof(*o));
	struct name apex = wire_name("corp.example.", NULL);
	uint64_t seed = 20260807;

	(void)state;
	assert_non_null(o);
	all_names(o, &apex, 0);
	for (unsigned round = 0; round < 2000; round++) {
		char one[512], other[512];
		struct judged *j;

		random_zone(&seed, one, sizeof(one));
		random_zone(&seed, other, sizeof(other));
		j = two_zones(one, other);
		o->a = j->snap->zones[0];
		o->b = j->snap->zones[1];
		o->scratch = &j->maker.findings;
		memset(o->claimed, 0, sizeof(o->claimed));
		region_diff(o->a, o->b, zone_name(o->a), o->scratch, claim, o);
		for (size_t i = 0; i < o->name_count; i++) {
			char name[NAME_TEXT_MAX];

			o->differs[i] = differ_at(o, &o->names[i]);
			if (o->differs[i] != o->claimed[i])
				print_error("round %u: %s is %sclaimed; zones\n%s--\n%s", round,
					    name_print(o->names[i].wire, name),
					    o->claimed[i] ? "" : "not ", one, other);
			assert_int_equal(o->differs[i], o->claimed[i]);
		}
		judged_free(j);
	}
	free(o);
}

static void
a_region_gives_names_that_neither_zone_has(void **state)
{
	struct judged *j = two_zones("other.w 60 A 10.0.0.1\n", "other-2.w 60 A 10.0.0.1\n");
	struct name w = wire_name("w.corp.example.", NULL), member;
	struct region others = { .kind = REGION_OTHERS, .name = w.wire };
	static const char *const want[] = { "other-1.w.corp.example.", "other-3.w.corp.example." };

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(want); i++) {
		char name[NAME_TEXT_MAX];

		assert_true(region_member(&others, j->snap->zones[0], j->snap->zones[1], i,
					  &member));
		assert_string_equal(name_print(member.wire, name), want[i]);
	}
	judged_free(j);
}

/** 250 octets leave room for a label of three, 254 for none. */
static void
a_region_ends_where_names_cannot_be_longer(void **state)
{
	struct region others = { .kind = REGION_OTHERS };
	struct judged *j = two_zones("", "");
	const struct zone *zone = j->snap->zones[0];
	struct name name = wire_name("corp.example.", NULL), member;

	(void)state;
	while (name.len < 250 - 60)
		assert_true(name_prepend((const uint8_t *)
			    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 59,
			    name.wire, &name));
	while (name.len < 250)
		assert_true(name_prepend((const uint8_t *)"a", 1, name.wire, &name));
	others.name = name.wire;
	assert_true(region_member(&others, zone, NULL, 0, &member));
	assert_true(member.len <= NAME_MAX_OCTETS);
	while (name.len < 254)
		assert_true(name_prepend((const uint8_t *)"a", 1, name.wire, &name));
	assert_false(region_member(&others, zone, NULL, 0, &member));
	judged_free(j);
}

/** Every link of the estate, found from either end, and nothing else. */
static void
neighbours_are_those_that_the_estate_connects(void **state)
{
	struct judged *j = judged_new("vpc a 10.0.0.0/16\nvpc b 10.1.0.0/16\nvpc c 10.2.0.0/16\n"
				      "vpc d 10.3.0.0/16\nvpc e 10.4.0.0/16\n"
				      "site s 192.168.0.0/16\nconnects s a,e\n"
				      "peer a b\npeer b c\ntgw T b,c,d\ntgw U c,d\n");
	const struct estate *estate = &j->maker.estate;
	struct neighbours neighbours;

	(void)state;
	assert_int_equal(neighbours_init(&neighbours, estate, &j->maker.findings), OK);
	for (const struct network *n = estate->networks; n; n = n->next) {
		const struct neighbour *list;
		size_t count = neighbours_of(&neighbours, n->index, &list), want = 0;

		for (const struct network *m = estate->networks; m; m = m->next) {
			size_t found = 0;

			for (size_t i = 0; i < count; i++)
				found += list[i].network == m->index;
			assert_int_equal(found, estate_connected(estate, n, m));
			want += found;
		}
		assert_int_equal(count, want);
	}
	judged_free(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones_differ_in_just_these_regions),
		cmocka_unit_test(regions_are_what_plain_look_ups_find),
		cmocka_unit_test(a_region_gives_names_that_neither_zone_has),
		cmocka_unit_test(a_region_ends_where_names_cannot_be_longer),
		cmocka_unit_test(neighbours_are_those_that_the_estate_connects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
