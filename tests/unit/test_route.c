#include "engine/route.h"

#include "unit/unit.h"
#include "unit/world.h"

static const char estate[] =
	"vpc hub 10.0.0.0/16 eu-west-1\n"
	"vpc app 10.1.0.0/16 eu-west-1\n"
	"vpc plain 10.2.0.0/16 -\n"
	"site dc 192.168.0.0/16\n"
	"zone Z-corp corp.example hub,app,dc\n"
	"zone Z-sub sub.corp.example hub\n"
	"zone Z-dc dc.example hub\n"
	"zone Z-host db.far.example app\n"
	"zone Z-tie tie.example hub\n"
	"forward rr-dc dc.example hub,app 192.168.0.53\n"
	"forward rr-far far.example app 192.168.0.53\n"
	"forward rr-tie tie.example hub 192.168.0.53\n"
	"forward rr-all . plain 192.168.0.53\n"
	"system rr-pub pub.dc.example hub,app\n"
	"system rr-own sub.tie.example hub\n"
	"listen 5300 hub\n"
	"listen 5301 client\n"
	"internet 9.9.9.9\n";

/** "zone Z-corp", "forward rr-dc", "internet", ... */
static const char *
route_text(const struct snapshot *snap, const struct route *route, char *buf, size_t size)
{
	switch (route->kind) {
	case ROUTE_ZONE:
		snprintf(buf, size, "zone %s",
			 snapshot_string(snap, snapshot_zone(snap, route->cut->target)->id_at));
		break;
	case ROUTE_FORWARD:
		snprintf(buf, size, "forward %s", snapshot_string(snap, route->upstream->id_at));
		break;
	case ROUTE_AUTODEFINED:
		snprintf(buf, size, "autodefined");
		break;
	case ROUTE_NOWHERE:
		snprintf(buf, size, "nowhere");
		break;
	case ROUTE_OFF:
		snprintf(buf, size, "off");
		break;
	}
	return buf;
}

static struct route
route_of(const struct snapshot *snap, const char *network, const char *text)
{
	struct name name = wire_name(text, NULL);
	struct suffixes suffixes;

	name_suffixes(&name, &suffixes);
	return route_select(snap, snapshot_find_network(snap, network), &name, &suffixes);
}

static void
the_longest_suffix_decides_and_ties_are_settled(void **state)
{
	static const struct {
		int line;
		const char *network, *name, *want;
	} rows[] = {
		{ __LINE__, "hub", "www.corp.example", "zone Z-corp" },
		{ __LINE__, "hub", "corp.example", "zone Z-corp" },
		{ __LINE__, "hub", "xcorp.example", "forward internet_resolver" },
		{ __LINE__, "hub", "a.sub.corp.example", "zone Z-sub" },
		{ __LINE__, "app", "a.sub.corp.example", "zone Z-corp" },
		/* the same name: rule before zone */
		{ __LINE__, "hub", "dc.example", "forward rr-dc" },
		{ __LINE__, "hub", "x.tie.example", "forward rr-tie" },
		/* a zone below a rule's domain is longer */
		{ __LINE__, "app", "db.far.example", "zone Z-host" },
		{ __LINE__, "app", "web.far.example", "forward rr-far" },
		/* SYSTEM gives back to local treatment: no zone covers it, or a shorter one */
		{ __LINE__, "app", "a.pub.dc.example", "forward internet_resolver" },
		{ __LINE__, "hub", "a.sub.tie.example", "zone Z-tie" },
		{ __LINE__, "hub", ".", "forward internet_resolver" },
		{ __LINE__, "hub", "localhost", "autodefined" },
		{ __LINE__, "hub", "ip-10-0-0-1.eu-west-1.compute.internal", "autodefined" },
		{ __LINE__, "hub", "9.0.0.10.in-addr.arpa", "autodefined" },
		{ __LINE__, "dc", "www.corp.example", "zone Z-corp" },
		{ __LINE__, "dc", "x.dc.example", "forward internet_resolver" },
		/* without DNS hostnames neither zones nor autodefined names; a rule for all */
		{ __LINE__, "plain", "www.corp.example", "forward rr-all" },
		{ __LINE__, "plain", "localhost", "forward rr-all" },
	};
	struct snapshot *snap = world_compile(estate, NULL);
	char buf[256];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct route route = route_of(snap, rows[i].network, rows[i].name);

		row_string(rows[i].line, route_text(snap, &route, buf, sizeof(buf)),
			   rows[i].want);
	}
	snapshot_unref(snap);
}

static void
without_an_internet_resolver_unclaimed_names_go_nowhere(void **state)
{
	struct snapshot *snap = world_compile("vpc hub 10.0.0.0/16 eu-west-1\n", NULL);
	struct route route = route_of(snap, "hub", "example.com");

	(void)state;
	assert_int_equal(route.kind, ROUTE_NOWHERE);
	assert_int_equal(route.cut->labels, 0);
	snapshot_unref(snap);
}

static void
a_vpc_with_dns_support_off_answers_nothing(void **state)
{
	struct snapshot *snap = world_compile("vpc off 10.0.0.0/16 nodns\n"
					      "internet 9.9.9.9\n", NULL);
	struct route route = route_of(snap, "off", "example.com");

	(void)state;
	assert_int_equal(route.kind, ROUTE_OFF);
	assert_null(route.cut);
	snapshot_unref(snap);
}

/** The longest of all the view's cuts that cover the name, by looking at each. */
static const struct cut *
naive_longest(const struct snapshot *snap, const struct view *view, const struct name *name)
{
	const struct block *root = &snap->root->block;
	const struct cut *longest = NULL;

	for (uint32_t i = 0; i < view->cut_count; i++) {
		const struct cut *cut = view_cut(root, view, i);

		if (name_wire_covers(block_at(root, cut->name_at), name->wire) &&
		    (!longest || cut->labels > longest->labels))
			longest = cut;
	}
	return longest;
}

static void
the_walk_agrees_with_looking_at_every_cut(void **state)
{
	static const char *const words[] = { "corp", "example", "sub", "dc", "pub", "far", "db",
					     "tie", "a", "10", "in-addr", "arpa", "internal" };
	static const char *const networks[] = { "hub", "app", "plain", "dc" };
	struct snapshot *snap = world_compile(estate, NULL);
	uint64_t seed = 3;

	(void)state;
	for (unsigned run = 0; run < 20000; run++) {
		uint32_t network = snapshot_find_network(snap, networks[random_to(&seed, 4)]);
		char text[256] = "";
		struct suffixes suffixes;
		struct route route;
		struct name name;

		for (unsigned labels = random_to(&seed, 6); labels--;) {
			strcat(text, words[random_to(&seed, COUNT_OF(words))]);
			strcat(text, ".");
		}
		name = wire_name(*text ? text : ".", NULL);
		name_suffixes(&name, &suffixes);
		route = route_select(snap, network, &name, &suffixes);
		assert_ptr_equal(route.cut,
				 naive_longest(snap, snapshot_view(snap, network), &name));
	}
	snapshot_unref(snap);
}

static void
the_listener_says_which_network_a_client_is_in(void **state)
{
	static const struct {
		int line;
		uint32_t listener;
		const char *client, *network;	/* NULL: none */
		bool allowed;
	} rows[] = {
		{ __LINE__, 0, "10.0.0.9", "hub", true },
		{ __LINE__, 0, "10.1.0.9", "hub", true },	/* in the endpoint's place */
		{ __LINE__, 0, "127.0.0.1", "hub", true },
		{ __LINE__, 0, "203.0.113.1", "hub", false },
		{ __LINE__, 1, "10.1.0.9", "app", true },
		{ __LINE__, 1, "192.168.3.4", "dc", true },
		{ __LINE__, 1, "127.0.0.1", NULL, true },
		{ __LINE__, 1, "203.0.113.1", NULL, false },
		{ __LINE__, 2, "10.0.0.9", NULL, true },	/* no such listener */
		{ __LINE__, LISTENER_NONE, "10.0.0.9", NULL, true },
	};
	struct snapshot *snap = world_compile(estate, NULL);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct request request = { .client.addr = world_addr(rows[i].client, 99) };

		route_client(snap, rows[i].listener, &request);
		row_int(rows[i].line, request.network,
			rows[i].network ? snapshot_find_network(snap, rows[i].network)
					: NETWORK_NONE);
		row_int(rows[i].line, request.allowed, rows[i].allowed);
	}
	snapshot_unref(snap);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_suffix_decides_and_ties_are_settled),
		cmocka_unit_test(without_an_internet_resolver_unclaimed_names_go_nowhere),
		cmocka_unit_test(a_vpc_with_dns_support_off_answers_nothing),
		cmocka_unit_test(the_walk_agrees_with_looking_at_every_cut),
		cmocka_unit_test(the_listener_says_which_network_a_client_is_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
