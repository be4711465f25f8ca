#include "lint/addresses.h"

#include <string.h>

#include "lint/reach.h"
#include "snapshot/snapshot.h"
#include "unit/judged.h"
#include "unit/unit.h"

/* What the tables below ask of. */
#define NETWORKS					\
	"vpc hub 10.0.0.0/16\n"				\
	"vpc app 10.1.0.0/16\n"				\
	"vpc clone 10.1.64.0/18\n"			\
	"vpc data 10.2.0.0/16\n"			\
	"vpc lone 10.3.0.0/16\n"			\
	"site dc 10.0.0.0/8\n"				\
	"site branch 192.168.0.0/16\n"

#define LINKS						\
	"peer hub app\npeer hub clone\n"		\
	"tgw T hub,data\n"				\
	"connects dc hub\n"

struct held {
	int line;
	const char *address;
	const char *holders;	/* of the innermost block; then of those around it */
};

static const struct held held[] = {
	{ __LINE__, "10.1.0.1", "app; dc" },
	{ __LINE__, "10.1.64.1", "clone; app; dc" },
	{ __LINE__, "10.1.127.255", "clone; app; dc" },
	{ __LINE__, "10.1.128.0", "app; dc" },
	{ __LINE__, "10.9.0.1", "dc" },
	{ __LINE__, "10.0.0.0", "hub; dc" },
	{ __LINE__, "192.168.1.1", "branch" },
	{ __LINE__, "172.16.0.1", "" },
	{ __LINE__, "11.0.0.0", "" },
	{ __LINE__, "::a00:1", "" },
};

static void
print_holders(const struct judged *j, const struct addresses *a, uint32_t block, char *out,
	      size_t size)
{
	*out = '\0';
	for (; block != ADDRESSES_NONE; block = a->blocks[block].outer)
		for (uint32_t i = 0; i < a->blocks[block].holder_count; i++)
			for (const struct network *n = j->maker.estate.networks; n; n = n->next)
				if (n->index == a->blocks[block].holders[i])
					snprintf(out + strlen(out), size - strlen(out), "%s%s",
						 *out ? "; " : "", n->id);
}

static void
the_innermost_block_is_found_and_those_around_it(void **state)
{
	struct judged *j = judged_new(NETWORKS);
	struct addresses a;

	(void)state;
	assert_int_equal(addresses_init(&a, &j->maker.estate, &j->maker.findings), OK);
	for (size_t i = 0; i < COUNT_OF(held); i++) {
		struct addr addr;
		char got[256];

		assert_true(addr_parse(held[i].address, &addr));
		print_holders(j, &a, addresses_find(&a, &addr), got, sizeof(got));
		row_string(held[i].line, got, held[i].holders);
	}
	judged_free(j);
}

static void
equal_blocks_are_one_with_several_holders(void **state)
{
	struct judged *j = judged_new("vpc a 10.0.0.0/16\nvpc b 10.0.0.0/16\nvpc c 10.1.0.0/16\n");
	struct addresses a;
	struct addr addr;

	(void)state;
	assert_int_equal(addresses_init(&a, &j->maker.estate, &j->maker.findings), OK);
	assert_int_equal(a.block_count, 2);
	assert_true(addr_parse("10.0.3.4", &addr));
	assert_int_equal(a.blocks[addresses_find(&a, &addr)].holder_count, 2);
	assert_true(addr_parse("10.2.0.0", &addr));
	assert_int_equal(addresses_find(&a, &addr), ADDRESSES_NONE);
	judged_free(j);
}

static void
an_estate_without_networks_holds_nothing(void **state)
{
	struct judged *j = judged_new("");
	struct addresses a;
	struct addr addr;

	(void)state;
	assert_int_equal(addresses_init(&a, &j->maker.estate, &j->maker.findings), OK);
	assert_true(addr_parse("10.0.3.4", &addr));
	assert_int_equal(addresses_find(&a, &addr), ADDRESSES_NONE);
	judged_free(j);
}

struct kind_row {
	int line;
	const char *address;
	enum address_kind kind;
};

static const struct kind_row kinds[] = {
	{ __LINE__, "10.255.255.255", ADDRESS_PRIVATE },
	{ __LINE__, "11.0.0.0", ADDRESS_PUBLIC },
	{ __LINE__, "172.15.255.255", ADDRESS_PUBLIC },
	{ __LINE__, "172.16.0.0", ADDRESS_PRIVATE },
	{ __LINE__, "172.32.0.0", ADDRESS_PUBLIC },
	{ __LINE__, "192.168.255.255", ADDRESS_PRIVATE },
	{ __LINE__, "100.63.255.255", ADDRESS_PUBLIC },
	{ __LINE__, "100.127.255.255", ADDRESS_PRIVATE },
	{ __LINE__, "100.128.0.0", ADDRESS_PUBLIC },
	{ __LINE__, "0.0.0.0", ADDRESS_UNSPECIFIED },
	{ __LINE__, "0.0.0.1", ADDRESS_RESERVED },
	{ __LINE__, "127.1.2.3", ADDRESS_LOOPBACK },
	{ __LINE__, "169.254.169.253", ADDRESS_LINK_LOCAL },
	{ __LINE__, "203.0.113.255", ADDRESS_DOCUMENTATION },
	{ __LINE__, "203.0.114.0", ADDRESS_PUBLIC },
	{ __LINE__, "239.255.255.255", ADDRESS_MULTICAST },
	{ __LINE__, "255.255.255.255", ADDRESS_RESERVED },
	{ __LINE__, "::", ADDRESS_UNSPECIFIED },
	{ __LINE__, "::1", ADDRESS_LOOPBACK },
	{ __LINE__, "::2", ADDRESS_PUBLIC },
	{ __LINE__, "fd00::1", ADDRESS_PRIVATE },
	{ __LINE__, "fe80::1", ADDRESS_LINK_LOCAL },
	{ __LINE__, "fec0::1", ADDRESS_PUBLIC },
	{ __LINE__, "ff02::1", ADDRESS_MULTICAST },
	{ __LINE__, "2001:db8:ffff::", ADDRESS_DOCUMENTATION },
	{ __LINE__, "2001:db9::", ADDRESS_PUBLIC },
	{ __LINE__, "3fff:fff::", ADDRESS_DOCUMENTATION },
	{ __LINE__, "2600::1", ADDRESS_PUBLIC },
};

static void
special_addresses_are_known_to_their_edges(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		struct addr addr;

		assert_true(addr_parse(kinds[i].address, &addr));
		row_string(kinds[i].line, address_kind_text(address_kind(&addr)),
			   address_kind_text(kinds[i].kind));
	}
}

struct reached {
	int line;
	const char *from, *to;
	bool reached;
	const char *between;	/* NULL: nothing */
};

static const struct reached reached[] = {
	{ __LINE__, "hub", "app", true, NULL },
	{ __LINE__, "app", "hub", true, NULL },
	{ __LINE__, "hub", "hub", false, NULL },
	{ __LINE__, "app", "clone", false, "hub" },
	{ __LINE__, "hub", "data", true, NULL },
	{ __LINE__, "app", "data", false, "hub" },
	{ __LINE__, "app", "lone", false, NULL },
	{ __LINE__, "dc", "hub", true, NULL },
	{ __LINE__, "hub", "dc", true, NULL },
	/* the site's path to the hub may end at the gateway, never at a peering */
	{ __LINE__, "dc", "data", true, NULL },
	{ __LINE__, "data", "dc", true, NULL },
	{ __LINE__, "dc", "app", false, "hub" },
	{ __LINE__, "branch", "hub", false, NULL },
};

static void
connections_reach_one_step_far(void **state)
{
	struct judged *j = judged_new(NETWORKS LINKS);
	struct reach reach;

	(void)state;
	assert_int_equal(reach_init(&reach, &j->maker.estate, &j->maker.findings), OK);
	for (size_t i = 0; i < COUNT_OF(reached); i++) {
		uint32_t from = judged_network(j, reached[i].from)->index;
		uint32_t to = judged_network(j, reached[i].to)->index;

		row_int(reached[i].line, reach_has(&reach, from, to), reached[i].reached);
		if (reached[i].between)
			row_int(reached[i].line, reach_between(&reach, from, to),
				judged_network(j, reached[i].between)->index);
		else if (!reached[i].reached && from != to)
			row_int(reached[i].line, reach_between(&reach, from, to) == NETWORK_NONE,
				true);
	}
	judged_free(j);
}

static void
networks_with_the_same_links_are_one_class(void **state)
{
	struct judged *j = judged_new(NETWORKS LINKS);
	struct reach reach;

	(void)state;
	assert_int_equal(reach_init(&reach, &j->maker.estate, &j->maker.findings), OK);
	assert_true(reach.any);
	assert_int_equal(reach.class_of[judged_network(j, "app")->index],
			 reach.class_of[judged_network(j, "clone")->index]);
	assert_int_equal(reach.class_of[judged_network(j, "lone")->index],
			 reach.class_of[judged_network(j, "branch")->index]);
	assert_int_not_equal(reach.class_of[judged_network(j, "hub")->index],
			     reach.class_of[judged_network(j, "data")->index]);
	judged_free(j);
	j = judged_new(NETWORKS);
	assert_int_equal(reach_init(&reach, &j->maker.estate, &j->maker.findings), OK);
	assert_false(reach.any);
	assert_int_equal(reach.class_count, 1);
	judged_free(j);
}

/** reach agrees with estate_connected where no site is concerned. */
static void
vpcs_agree_with_the_estate(void **state)
{
	struct judged *j = judged_new(NETWORKS LINKS);
	struct reach reach;

	(void)state;
	assert_int_equal(reach_init(&reach, &j->maker.estate, &j->maker.findings), OK);
	for (const struct network *a = j->maker.estate.networks; a; a = a->next)
		for (const struct network *b = j->maker.estate.networks; b; b = b->next)
			if (a->kind == NETWORK_VPC && b->kind == NETWORK_VPC)
				assert_int_equal(reach_has(&reach, a->index, b->index),
						 estate_connected(&j->maker.estate, a, b));
	judged_free(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_innermost_block_is_found_and_those_around_it),
		cmocka_unit_test(equal_blocks_are_one_with_several_holders),
		cmocka_unit_test(an_estate_without_networks_holds_nothing),
		cmocka_unit_test(special_addresses_are_known_to_their_edges),
		cmocka_unit_test(connections_reach_one_step_far),
		cmocka_unit_test(networks_with_the_same_links_are_one_class),
		cmocka_unit_test(vpcs_agree_with_the_estate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
