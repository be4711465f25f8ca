#include "snapshot/autodefined.h"

#include "unit/draft.h"

#define NAMES_MAX 4096

/* The autodefined names of a network's view, as text, in the order of the cuts. */
struct told {
	const char *names[NAMES_MAX];
	size_t count;
};

static const char *
line_of(struct draft *d, const struct snapshot *snap, const struct cut *cut)
{
	static const char *const kinds[] = { "localhost", "loopback", "ec2", "reverse" };
	char text[NAME_TEXT_MAX];

	return arena_printf(&d->estate.arena, "%s %s", kinds[cut->target],
			    name_print(snapshot_name(snap, cut->name_at), text));
}

/* What a compile makes of it: with the estate as it is now. */
static void
ask(struct draft *d, const struct network *network, struct told *told)
{
	struct snapshot *snap = draft_compile(d, NULL);
	const struct view *view = snapshot_view(snap, network->index);

	told->count = 0;
	for (uint32_t i = 0; i < view->cut_count; i++) {
		const struct cut *cut = view_cut(&snap->root->block, view, i);

		assert_true(told->count < NAMES_MAX);
		if (cut->origin_kind == ORIGIN_AUTODEFINED)
			told->names[told->count++] = line_of(d, snap, cut);
	}
	snapshot_unref(snap);
}

static bool
told_of(const struct told *told, const char *line)
{
	for (size_t i = 0; i < told->count; i++)
		if (strcmp(told->names[i], line) == 0)
			return true;
	return false;
}

/* Exactly these lines begin with `kind`. */
static void
assert_told(const struct told *told, const char *kind, const char *const *lines, size_t count)
{
	size_t len = strlen(kind), found = 0;

	for (size_t i = 0; i < told->count; i++)
		found += strncmp(told->names[i], kind, len) == 0;
	for (size_t i = 0; i < count; i++)
		if (!told_of(told, lines[i]))
			fail_msg("%s is missing", lines[i]);
	assert_int_equal(found, count);
}

#define ASSERT_TOLD(told, kind, ...)                                                      \
	assert_told(told, kind, (const char *const[]){ __VA_ARGS__ },                     \
		    COUNT_OF(((const char *const[]){ __VA_ARGS__ })))

#define PRIVATE_SPACE                                                                     \
	"reverse 10.in-addr.arpa.", "reverse 16.172.in-addr.arpa.",                       \
	"reverse 17.172.in-addr.arpa.", "reverse 18.172.in-addr.arpa.",                   \
	"reverse 19.172.in-addr.arpa.", "reverse 20.172.in-addr.arpa.",                   \
	"reverse 21.172.in-addr.arpa.", "reverse 22.172.in-addr.arpa.",                   \
	"reverse 23.172.in-addr.arpa.", "reverse 24.172.in-addr.arpa.",                   \
	"reverse 25.172.in-addr.arpa.", "reverse 26.172.in-addr.arpa.",                   \
	"reverse 27.172.in-addr.arpa.", "reverse 28.172.in-addr.arpa.",                   \
	"reverse 29.172.in-addr.arpa.", "reverse 30.172.in-addr.arpa.",                   \
	"reverse 31.172.in-addr.arpa.", "reverse 168.192.in-addr.arpa.",                  \
	"reverse 254.169.254.169.in-addr.arpa."

#define ZEROS "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0"

static void
a_vpc_has_exactly_these_names(void **state)
{
	struct told told;
	struct draft d;
	struct network *vpc;

	(void)state;
	draft_init(&d);
	vpc = draft_vpc(&d, "vpc", "eu-west-1", "10.1.0.0/16");
	ask(&d, vpc, &told);
	ASSERT_TOLD(&told, "ec2", "ec2 eu-west-1.compute.internal.",
		    "ec2 eu-west-1.compute.amazonaws.com.");
	ASSERT_TOLD(&told, "reverse", PRIVATE_SPACE, "reverse 1.10.in-addr.arpa.");
	ASSERT_TOLD(&told, "localhost", "localhost localhost.", "localhost localdomain.");
	ASSERT_TOLD(&told, "loopback", "loopback 127.in-addr.arpa.",
		    "loopback 1." ZEROS ".ip6.arpa.", "loopback 0." ZEROS ".ip6.arpa.");
	draft_fini(&d);
}

static void
regions_have_names_of_their_own(void **state)
{
	struct draft d;
	struct told told;
	struct network *oldest, *china, *none;

	(void)state;
	draft_init(&d);
	oldest = draft_vpc(&d, "oldest", "us-east-1", "10.1.0.0/16");
	china = draft_vpc(&d, "china", "cn-north-1", "10.2.0.0/16");
	none = draft_vpc(&d, "none", "", "10.3.0.0/16");
	ask(&d, oldest, &told);
	ASSERT_TOLD(&told, "ec2", "ec2 ec2.internal.", "ec2 compute-1.internal.",
		    "ec2 compute-1.amazonaws.com.");
	ask(&d, china, &told);
	ASSERT_TOLD(&told, "ec2", "ec2 cn-north-1.compute.internal.",
		    "ec2 cn-north-1.compute.amazonaws.com.cn.");
	ask(&d, none, &told);
	assert_told(&told, "ec2", NULL, 0);
	draft_fini(&d);
}

static void
a_cidr_is_covered_octet_by_octet(void **state)
{
	static const struct {
		int line;
		const char *cidr, *first, *last;
		size_t count;	/* beside the private space */
	} rows[] = {
		{ __LINE__, "100.64.0.0/16", "64.100", "64.100", 1 },
		{ __LINE__, "100.64.0.0/15", "64.100", "65.100", 2 },
		{ __LINE__, "100.64.0.0/10", "64.100", "127.100", 64 },
		{ __LINE__, "100.64.2.0/23", "2.64.100", "3.64.100", 2 },
		{ __LINE__, "100.64.2.0/24", "2.64.100", "2.64.100", 1 },
		{ __LINE__, "100.64.2.128/25", "2.64.100", "2.64.100", 1 },
		{ __LINE__, "100.64.2.16/28", "2.64.100", "2.64.100", 1 },
		{ __LINE__, "100.0.0.0/8", "100", "100", 1 },
		{ __LINE__, "96.0.0.0/4", "96", "111", 16 },
		{ __LINE__, "2001:db8::/56", "10", "10", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct draft d;
		struct told told;
		struct network *vpc;
		char line[64];
		size_t reverse = 0;

		draft_init(&d);
		vpc = draft_vpc(&d, "vpc", "eu-west-1", rows[i].cidr);
		ask(&d, vpc, &told);
		for (size_t k = 0; k < told.count; k++)
			reverse += strncmp(told.names[k], "reverse ", 8) == 0;
		row_int(rows[i].line, reverse - 19, rows[i].count);
		snprintf(line, sizeof(line), "reverse %s.in-addr.arpa.", rows[i].first);
		row_true(rows[i].line, told_of(&told, line));
		snprintf(line, sizeof(line), "reverse %s.in-addr.arpa.", rows[i].last);
		row_true(rows[i].line, told_of(&told, line));
		draft_fini(&d);
	}
}

/* hub -- app (same Region), hub -- far (us-east-1), app -- other: never transitive. */
static void
linked_vpcs_add_their_reverse_names_and_their_region(void **state)
{
	struct draft d;
	struct told told;
	struct network *hub;

	(void)state;
	draft_init(&d);
	hub = draft_vpc(&d, "hub", "eu-west-1", "10.0.0.0/16");
	draft_vpc(&d, "app", "eu-west-1", "10.1.0.0/16 10.9.4.0/23");
	draft_vpc(&d, "far", "us-east-1", "10.2.0.0/16");
	draft_vpc(&d, "other", "eu-west-2", "10.3.0.0/16");
	draft_peering(&d, "p1", "hub", "app");
	draft_peering(&d, "p2", "far", "hub");
	draft_peering(&d, "p3", "app", "other");
	ask(&d, hub, &told);
	ASSERT_TOLD(&told, "reverse", PRIVATE_SPACE, "reverse 0.10.in-addr.arpa.",
		    "reverse 1.10.in-addr.arpa.", "reverse 4.9.10.in-addr.arpa.",
		    "reverse 5.9.10.in-addr.arpa.", "reverse 2.10.in-addr.arpa.");
	ASSERT_TOLD(&told, "ec2", "ec2 eu-west-1.compute.internal.",
		    "ec2 eu-west-1.compute.amazonaws.com.", "ec2 ec2.internal.",
		    "ec2 compute-1.amazonaws.com.");
	draft_fini(&d);
}

static void
a_transit_gateway_links_when_its_dns_support_is_on(void **state)
{
	struct draft d;
	struct told told;
	struct network *hub;
	struct transit_gateway *gateway;

	(void)state;
	draft_init(&d);
	hub = draft_vpc(&d, "hub", "eu-west-1", "10.0.0.0/16");
	draft_vpc(&d, "app", "eu-west-2", "10.1.0.0/16");
	gateway = draft_transit_gateway(&d, "tgw", "app hub");
	ask(&d, hub, &told);
	assert_true(told_of(&told, "reverse 1.10.in-addr.arpa."));
	assert_true(told_of(&told, "ec2 eu-west-2.compute.internal."));
	gateway->dns_support = false;
	ask(&d, hub, &told);
	assert_false(told_of(&told, "reverse 1.10.in-addr.arpa."));
	draft_fini(&d);
}

static void
without_autodefined_reverse_no_reverse_names_are_there_but_those_of_localhost(void **state)
{
	struct network *off, *on;
	struct told told;
	struct draft d;

	(void)state;
	draft_init(&d);
	off = draft_vpc(&d, "off", "eu-west-1", "100.64.0.0/16");
	on = draft_vpc(&d, "on", "us-east-1", "100.65.0.0/16");
	draft_peering(&d, "pcx", "off", "on");
	off->autodefined_reverse = AUTODEFINED_REVERSE_DISABLED;
	ask(&d, off, &told);
	ASSERT_TOLD(&told, "loopback", "loopback 127.in-addr.arpa.",
		    "loopback 0." ZEROS ".ip6.arpa.", "loopback 1." ZEROS ".ip6.arpa.");
	assert_told(&told, "reverse", NULL, 0);
	assert_true(told_of(&told, "ec2 eu-west-1.compute.internal."));
	assert_true(told_of(&told, "ec2 ec2.internal."));
	ask(&d, on, &told);	/* it is a matter of each VPC for itself */
	assert_true(told_of(&told, "reverse 64.100.in-addr.arpa."));
	assert_true(told_of(&told, "reverse 65.100.in-addr.arpa."));
	draft_fini(&d);
}

static void
what_is_not_active_or_has_no_dns_support_is_not_linked(void **state)
{
	struct draft d;
	struct told told;
	struct network *hub, *app;
	struct peering *peering;

	(void)state;
	draft_init(&d);
	hub = draft_vpc(&d, "hub", "eu-west-1", "10.0.0.0/16");
	app = draft_vpc(&d, "app", "eu-west-1", "10.1.0.0/16");
	peering = draft_peering(&d, "p1", "app", "hub");
	ask(&d, hub, &told);
	assert_true(told_of(&told, "reverse 1.10.in-addr.arpa."));
	app->enable_dns_support = false;
	ask(&d, hub, &told);
	assert_false(told_of(&told, "reverse 1.10.in-addr.arpa."));
	app->enable_dns_support = true;
	peering->status = "pending-acceptance";
	ask(&d, hub, &told);
	assert_false(told_of(&told, "reverse 1.10.in-addr.arpa."));
	draft_fini(&d);
}

static void
a_vpc_without_dns_hostnames_has_none_a_site_has_localhost(void **state)
{
	struct draft d;
	struct told told;
	struct network *vpc, *site;

	(void)state;
	draft_init(&d);
	vpc = draft_vpc(&d, "vpc", "eu-west-1", "10.0.0.0/16");
	site = draft_site(&d, "site", "192.168.0.0/16", "vpc");
	vpc->enable_dns_hostnames = false;
	ask(&d, vpc, &told);
	assert_int_equal(told.count, 0);
	ask(&d, site, &told);
	assert_int_equal(told.count, 5);
	assert_true(told_of(&told, "localhost localhost."));
	assert_true(told_of(&told, "loopback 127.in-addr.arpa."));
	draft_fini(&d);
}

/* Whose addresses' names resolve here (2.1.2, 2.1.5). */
static void
cidrs_are_shown_by_option_or_within_a_region(void **state)
{
	static const struct {
		int line;
		const char *region, *cidr;
		uint8_t mark;
		bool shown;
	} rows[] = {
		{ __LINE__, "eu-west-1", "10.1.0.0/16", LINK_NAMES, true },
		{ __LINE__, "eu-west-1", "100.64.0.0/16", LINK_NAMES, false },
		{ __LINE__, "eu-west-1", "100.64.0.0/16", LINK_NAMES | LINK_ADDRESSES, true },
		{ __LINE__, "eu-west-2", "10.1.0.0/16", LINK_NAMES, false },
		{ __LINE__, "eu-west-2", "10.1.0.0/16", LINK_NAMES | LINK_ADDRESSES, true },
		{ __LINE__, "eu-west-1", "172.16.0.0/12", LINK_NAMES, true },
		{ __LINE__, "eu-west-1", "172.0.0.0/8", LINK_NAMES, false },
		{ __LINE__, "eu-west-1", "192.168.3.0/24", LINK_NAMES, true },
		{ __LINE__, "eu-west-1", "2001:db8::/56", LINK_NAMES, false },
		{ __LINE__, "eu-west-1", "10.1.0.0/16", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct draft d;
		struct network *hub, *other;

		draft_init(&d);
		hub = draft_vpc(&d, "hub", "eu-west-1", "10.0.0.0/16");
		other = draft_vpc(&d, "other", rows[i].region, rows[i].cidr);
		row_int(rows[i].line, links_show_cidr(hub, other, &other->cidr_blocks->prefix,
						      rows[i].mark), rows[i].shown);
		other->enable_dns_hostnames = false;
		row_int(rows[i].line, links_show_cidr(hub, other, &other->cidr_blocks->prefix,
						      rows[i].mark), false);
		draft_fini(&d);
	}
}

static void
the_peering_option_counts_on_the_side_that_is_seen(void **state)
{
	struct draft d;
	struct network *hub, *app;
	struct peering *peering;
	uint8_t marks[2];

	(void)state;
	draft_init(&d);
	hub = draft_vpc(&d, "hub", "eu-west-1", "10.0.0.0/16");
	app = draft_vpc(&d, "app", "eu-west-1", "10.1.0.0/16");
	peering = draft_peering(&d, "p1", "hub", "app");
	peering->requester_allows_remote_dns = true;
	draft_check(&d);
	links_mark(&d.estate, hub, marks);
	assert_int_equal(marks[app->index], LINK_NAMES);
	assert_int_equal(marks[hub->index], 0);
	links_mark(&d.estate, app, marks);
	assert_int_equal(marks[hub->index], LINK_NAMES | LINK_ADDRESSES);
	draft_fini(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_vpc_has_exactly_these_names),
		cmocka_unit_test(regions_have_names_of_their_own),
		cmocka_unit_test(a_cidr_is_covered_octet_by_octet),
		cmocka_unit_test(linked_vpcs_add_their_reverse_names_and_their_region),
		cmocka_unit_test(a_transit_gateway_links_when_its_dns_support_is_on),
		cmocka_unit_test(
			without_autodefined_reverse_no_reverse_names_are_there_but_those_of_localhost),
		cmocka_unit_test(what_is_not_active_or_has_no_dns_support_is_not_linked),
		cmocka_unit_test(a_vpc_without_dns_hostnames_has_none_a_site_has_localhost),
		cmocka_unit_test(cidrs_are_shown_by_option_or_within_a_region),
		cmocka_unit_test(the_peering_option_counts_on_the_side_that_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
