#include "engine/lookup.h"

#include "unit/unit.h"
#include "unit/world.h"

static const char estate[] =
	"vpc hub 10.0.0.0/16 eu-west-1\n"
	"zone Z corp.example hub\n"
	"@ 60 A 10.0.0.1\n"
	"www 60 A 10.0.0.2\n"
	"www 60 TXT text\n"
	"cn 60 CNAME www\n"
	"a.deep.ent 60 A 10.0.0.3\n"
	"* 60 A 10.0.0.4\n"
	"* 60 TXT wild\n"
	"*.cnw 60 CNAME www\n"
	"below.cnw 60 A 10.0.0.5\n"
	"sub 60 NS ns.sub\n"
	"sub 60 DS 1 8 2 digest\n"
	"ns.sub 60 A 10.0.0.6\n"
	"x.y.sub 60 A 10.0.0.7\n"
	"*.sub 60 A 10.0.0.8\n"
	"old 60 DNAME new\n"
	"old 60 A 10.0.0.9\n"
	"gone.old 60 A 10.0.0.10\n"
	"*.dw 60 DNAME www\n"
	"listen 5300 hub\n";

static struct lookup
find(const struct snapshot *snap, const char *text, const char *type_text)
{
	struct name name = wire_name(text, "corp.example");
	struct suffixes suffixes;
	uint16_t type;

	assert_true(type_parse(type_text, &type));
	name_suffixes(&name, &suffixes);
	return lookup_find(snap->zones[0], &name, &suffixes, type);
}

static void
each_name_and_type_has_its_kind_and_its_node(void **state)
{
	static const struct {
		int line;
		const char *name, *type, *kind, *node;
		bool wildcard;
	} rows[] = {
		{ __LINE__, "www", "A", "answer", "www", false },
		{ __LINE__, "www", "TXT", "answer", "www", false },
		{ __LINE__, "www", "AAAA", "nodata", "www", false },
		{ __LINE__, "@", "A", "answer", "@", false },
		{ __LINE__, "@", "SOA", "answer", "@", false },
		{ __LINE__, "@", "NS", "answer", "@", false },
		{ __LINE__, "@", "MX", "nodata", "@", false },
		/* CNAME: followed, unless it is what was asked */
		{ __LINE__, "cn", "A", "cname", "cn", false },
		{ __LINE__, "cn", "CNAME", "answer", "cn", false },
		{ __LINE__, "cn", "ANY", "answer", "cn", false },
		/* empty non-terminals exist, and a wildcard does not cover them (RFC 4592) */
		{ __LINE__, "ent", "A", "nodata", "ent", false },
		{ __LINE__, "deep.ent", "A", "nodata", "deep.ent", false },
		{ __LINE__, "deep.ent", "ANY", "nodata", "deep.ent", false },
		{ __LINE__, "other.ent", "A", "nxdomain", "ent", false },
		{ __LINE__, "b.deep.ent", "A", "nxdomain", "deep.ent", false },
		{ __LINE__, "c.a.deep.ent", "A", "nxdomain", "a.deep.ent", false },
		/* the wildcard covers any depth where nothing closer exists */
		{ __LINE__, "nope", "A", "answer", "*", true },
		{ __LINE__, "very.deep.nope", "TXT", "answer", "*", true },
		{ __LINE__, "nope", "AAAA", "nodata", "*", true },
		{ __LINE__, "nope", "ANY", "answer", "*", true },
		{ __LINE__, "x.www", "A", "nxdomain", "www", false },
		/* asked for itself it is a name like others */
		{ __LINE__, "*", "A", "answer", "*", false },
		{ __LINE__, "*.www", "A", "nxdomain", "www", false },
		{ __LINE__, "y.cnw", "A", "cname", "*.cnw", true },
		{ __LINE__, "y.cnw", "CNAME", "answer", "*.cnw", true },
		{ __LINE__, "below.cnw", "A", "answer", "below.cnw", false },
		{ __LINE__, "z.below.cnw", "A", "nxdomain", "below.cnw", false },
		/* a cut takes all at and below it, but DS is ours (RFC 4035 3.1.4.1) */
		{ __LINE__, "sub", "A", "delegated", "sub", false },
		{ __LINE__, "sub", "NS", "delegated", "sub", false },
		{ __LINE__, "sub", "DS", "answer", "sub", false },
		{ __LINE__, "ns.sub", "A", "delegated", "sub", false },
		{ __LINE__, "x.y.sub", "A", "delegated", "sub", false },
		{ __LINE__, "y.sub", "A", "delegated", "sub", false },
		{ __LINE__, "not.there.sub", "DS", "delegated", "sub", false },
		/* DNAME: its own data stays, all below moves (RFC 6672 2.3) */
		{ __LINE__, "old", "A", "answer", "old", false },
		{ __LINE__, "old", "DNAME", "answer", "old", false },
		{ __LINE__, "old", "AAAA", "nodata", "old", false },
		{ __LINE__, "x.old", "A", "dname", "old", false },
		{ __LINE__, "gone.old", "A", "dname", "old", false },
		{ __LINE__, "a.b.gone.old", "A", "dname", "old", false },
		/* at a wildcard it is data only (RFC 4592 4.4) */
		{ __LINE__, "x.dw", "DNAME", "answer", "*.dw", true },
		{ __LINE__, "x.dw", "A", "nodata", "*.dw", true },
	};
	struct snapshot *snap = world_compile(estate, NULL);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct lookup found = find(snap, rows[i].name, rows[i].type);
		struct name node = wire_name(rows[i].node, "corp.example");
		char got[NAME_TEXT_MAX], want[NAME_TEXT_MAX];

		row_string(rows[i].line, lookup_kind_text(found.kind), rows[i].kind);
		row_string(rows[i].line, name_print(zone_node_name(found.node), got),
			   name_print(node.wire, want));
		row_int(rows[i].line, found.wildcard, rows[i].wildcard);
		row_true(rows[i].line, (found.ref != NULL) == (found.kind != LOOKUP_NODATA &&
							       found.kind != LOOKUP_NXDOMAIN));
	}
	snapshot_unref(snap);
}

static void
a_name_as_long_as_can_be_is_covered_by_a_wildcard(void **state)
{
	struct snapshot *snap = world_compile("vpc hub 10.0.0.0/16 eu-west-1\n"
					      "zone Z corp.example hub\n"
					      "*.w 60 A 10.0.0.1\n", NULL);
	char text[300] = "";
	struct lookup found;

	(void)state;
	for (unsigned i = 0; i < 119; i++)
		strcat(text, "a.");
	strcat(text, "w");
	found = find(snap, text, "A");
	assert_int_equal(found.kind, LOOKUP_ANSWER);
	assert_true(found.wildcard);
	snapshot_unref(snap);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_name_and_type_has_its_kind_and_its_node),
		cmocka_unit_test(a_name_as_long_as_can_be_is_covered_by_a_wildcard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
