#include "snapshot/compile.h"

#include <stdlib.h>

#include "unit/draft.h"

/* Two VPCs and a site, three zones (two of equal content), rules, endpoints, listeners. */
static void
declare_estate(struct draft *d)
{
	struct hosted_zone *zone;

	draft_vpc(d, "hub", "eu-west-1", "10.0.0.0/16");
	draft_site(d, "dc", "192.168.0.0/16", "hub");
	draft_vpc(d, "app", "us-east-1", "10.1.0.0/16 10.2.0.0/24");
	draft_peering(d, "pcx", "hub", "app")->accepter_allows_remote_dns = true;
	draft_endpoint(d, "in", DIRECTION_INBOUND, "hub", "10.0.1.10 10.0.2.10");
	draft_endpoint(d, "out", DIRECTION_OUTBOUND, "hub", "10.0.1.20");

	zone = draft_zone(d, "Z0", "corp.example", "hub dc");
	draft_record(d, zone, "www.corp.example", TYPE_A, 60, "10.0.0.80");
	zone = draft_zone(d, "Z1", "app.example", "app");
	draft_record(d, zone, "app.example", TYPE_A, 60, "10.1.0.80");
	zone = draft_zone(d, "Z2", "corp.example", "app");
	draft_record(d, zone, "www.corp.example", TYPE_A, 60, "10.0.0.80");

	draft_rule(d, "r0", "dc.example", "192.168.0.53 192.168.0.54", "out", "hub app");
	draft_rule(d, "r1", "corp.example", "10.0.1.10", NULL, "dc");
	draft_listener(d, "127.0.0.1", 5300, "in");
	draft_listener(d, "127.0.0.1", 5301, "app");
	draft_listener(d, "::1", 5302, "client");
	d->estate.settings.internet_resolver = draft_targets(d, "169.254.169.253", 53);
	d->estate.settings.user = "causeway";
	d->estate.settings.snapshot_file = "/var/lib/causeway/estate.cws";
}

static bool
same_block(const struct block *a, const struct block *b)
{
	return a->size == b->size && memcmp(a, b, a->size) == 0;
}

static void
assert_same_octets(const struct snapshot *a, const struct snapshot *b)
{
	assert_true(same_block(&a->root->block, &b->root->block));
	assert_int_equal(a->held_count, b->held_count);
	for (uint32_t i = 0; i < a->held_count; i++)
		assert_true(same_block(block_of(a->held[i]), block_of(b->held[i])));
}

static void
all_that_was_declared_is_in_the_root(void **state)
{
	const struct snapshot_target *target;
	const struct snapshot_listener *l;
	const struct snapshot_endpoint *e;
	const struct snapshot_rule *r;
	const struct root *root;
	struct snapshot *snap;
	struct draft d;

	(void)state;
	draft_init(&d);
	declare_estate(&d);
	snap = draft_compile(&d, NULL);
	root = snap->root;
	assert_int_equal(block_verify(root, root->block.size), OK);

	/* VPCs before sites, each by id */
	assert_int_equal(root->network_count, 3);
	assert_int_equal(snapshot_find_network(snap, "app"), 0);
	assert_int_equal(snapshot_find_network(snap, "hub"), 1);
	assert_int_equal(snapshot_find_network(snap, "dc"), 2);
	assert_int_equal(snapshot_find_network(snap, "nope"), NETWORK_NONE);
	assert_int_equal(snapshot_network(snap, 2)->kind, NETWORK_SITE);
	assert_int_equal(snapshot_network(snap, 2)->dns_hostnames, 1);
	assert_string_equal(snapshot_string(snap, snapshot_network(snap, 0)->region_at),
			    "us-east-1");

	/* zones by id */
	assert_int_equal(root->zone_count, 3);
	assert_string_equal(snapshot_string(snap, snapshot_zone(snap, 1)->id_at), "Z1");
	assert_true(name_wire_equal(snapshot_name(snap, snapshot_zone(snap, 1)->name_at),
				    zone_name(snap->zones[1])));

	/* rules, then the internet resolver */
	assert_int_equal(root->rule_count, 3);
	r = snapshot_rule(snap, 0);
	assert_string_equal(snapshot_string(snap, r->id_at), "r0");
	assert_string_equal(snapshot_string(snap, r->endpoint_at), "out");
	assert_int_equal(r->type, RULE_FORWARD);
	assert_int_equal(r->target_count, 2);
	target = snapshot_targets(snap, r);
	assert_memory_equal(target[1].ip + 12, "\300\250\0\66", 4);
	assert_int_equal(target[1].port, 53);
	assert_int_equal(target[1].protocol, PROTOCOL_DO53);
	r = snapshot_rule(snap, 2);
	assert_string_equal(snapshot_string(snap, r->id_at), "internet_resolver");
	assert_int_equal(*snapshot_name(snap, r->domain_at), 0);
	assert_int_equal(r->target_count, 1);
	assert_int_equal(r->endpoint_at, 0);

	assert_int_equal(root->endpoint_count, 2);
	e = snapshot_endpoint(snap, 0);
	assert_string_equal(snapshot_string(snap, e->id_at), "in");
	assert_int_equal(e->direction, DIRECTION_INBOUND);
	assert_int_equal(e->network, 1);
	assert_int_equal(e->address_count, 2);

	assert_int_equal(root->listener_count, 3);
	l = snapshot_listener(snap, 0);
	assert_int_equal(l->network, 1);
	assert_int_equal(l->endpoint, 0);
	assert_int_equal(l->port, 5300);
	assert_string_equal(snapshot_string(snap, l->as_at), "in");
	l = snapshot_listener(snap, 1);
	assert_int_equal(l->network, 0);
	assert_int_equal(l->endpoint, UINT32_MAX);
	l = snapshot_listener(snap, 2);
	assert_int_equal(l->network, NETWORK_NONE);
	assert_int_equal(l->endpoint, UINT32_MAX);

	assert_string_equal(snapshot_string(snap, root->settings.user_at), "causeway");
	assert_string_equal(snapshot_string(snap, root->settings.query_log_at), "");
	assert_int_equal(root->settings.cache_octets, 64 << 20);
	assert_int_equal(root->settings.upstream_tries, 3);
	snapshot_unref(snap);
	draft_fini(&d);
}

static void
a_network_knows_its_own_and_the_visible_cidrs(void **state)
{
	static const struct {
		int line;
		uint32_t network, number;
		const char *prefix, *region;
		uint8_t own;
	} rows[] = {
		/* hub does not allow remote resolution, and is in another Region */
		{ __LINE__, 0, 0, "10.1.0.0/16", "us-east-1", 1 },
		{ __LINE__, 0, 1, "10.2.0.0/24", "us-east-1", 1 },
		{ __LINE__, 1, 0, "10.0.0.0/16", "eu-west-1", 1 },
		{ __LINE__, 1, 1, "10.1.0.0/16", "us-east-1", 0 },
		{ __LINE__, 1, 2, "10.2.0.0/24", "us-east-1", 0 },
		{ __LINE__, 2, 0, "192.168.0.0/16", "", 1 },
	};
	static const uint32_t counts[] = { 2, 3, 1 };
	struct snapshot *snap;
	struct draft d;

	(void)state;
	draft_init(&d);
	declare_estate(&d);
	snap = draft_compile(&d, NULL);
	for (uint32_t i = 0; i < COUNT_OF(counts); i++)
		assert_int_equal(snapshot_network(snap, i)->cidr_count, counts[i]);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct snapshot_network *network = snapshot_network(snap, rows[i].network);
		const struct snapshot_cidr *cidr = block_at(&snap->root->block,
							    network->cidrs_at);
		char buf[ADDR_TEXT_MAX];

		cidr += rows[i].number;
		row_string(rows[i].line, prefix_print(&cidr->prefix, buf), rows[i].prefix);
		row_string(rows[i].line, snapshot_string(snap, cidr->region_at),
			   rows[i].region);
		row_int(rows[i].line, cidr->own, rows[i].own);
	}
	snapshot_unref(snap);
	draft_fini(&d);
}

static struct addr
address(const char *text)
{
	struct addr addr;

	assert_true(addr_parse(text, &addr));
	return addr;
}

static void
clients_are_told_by_their_cidr_and_allowed_by_default(void **state)
{
	static const struct {
		int line;
		const char *client;
		uint32_t network;
		bool allowed;
	} rows[] = {
		{ __LINE__, "10.0.255.1", 1, true },
		{ __LINE__, "10.1.0.0", 0, true },
		{ __LINE__, "10.2.0.255", 0, true },
		{ __LINE__, "10.2.1.0", NETWORK_NONE, false },
		{ __LINE__, "192.168.9.9", 2, true },
		{ __LINE__, "127.1.2.3", NETWORK_NONE, true },
		{ __LINE__, "::1", NETWORK_NONE, true },
		{ __LINE__, "::2", NETWORK_NONE, false },
		{ __LINE__, "8.8.8.8", NETWORK_NONE, false },
		{ __LINE__, "2001:db8::1", NETWORK_NONE, false },
	};
	struct snapshot *snap;
	struct draft d;

	(void)state;
	draft_init(&d);
	declare_estate(&d);
	snap = draft_compile(&d, NULL);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct addr client = address(rows[i].client);

		row_int(rows[i].line, snapshot_client_network(snap, &client), rows[i].network);
		row_int(rows[i].line, snapshot_allows(snap, &client), rows[i].allowed);
	}
	snapshot_unref(snap);
	draft_fini(&d);
}

static void
a_text_for_clients_that_is_too_long_is_no_root(void **state)
{
	static const size_t lengths[] = { 1, IDENTITY_MAX, IDENTITY_MAX + 1, 60000 };

	(void)state;
	for (size_t i = 0; i < 2 * COUNT_OF(lengths); i++) {
		size_t len = lengths[i / 2];
		char *text = calloc(1, len + 1);
		struct snapshot *snap;
		struct draft d;

		assert_non_null(text);
		memset(text, 'x', len);
		draft_init(&d);
		declare_estate(&d);
		d.estate.settings.identity = i % 2 ? text : NULL;
		d.estate.settings.version = i % 2 ? NULL : text;
		snap = draft_compile(&d, NULL);
		assert_int_equal(root_verify(&snap->root->block) == OK, len <= IDENTITY_MAX);
		snapshot_unref(snap);
		draft_fini(&d);
		free(text);
	}
}

static void
who_is_allowed_can_be_declared(void **state)
{
	struct addr loopback = address("127.0.0.1"), inside = address("10.0.0.1");
	struct snapshot *snap;
	struct draft d;

	(void)state;
	draft_init(&d);
	declare_estate(&d);
	d.estate.settings.allow_default = false;
	d.estate.settings.allow = draft_cidrs(&d, "127.0.0.0/8");
	snap = draft_compile(&d, NULL);
	assert_true(snapshot_allows(snap, &loopback));
	assert_false(snapshot_allows(snap, &inside));
	snapshot_unref(snap);
	draft_fini(&d);
}

static void
an_empty_estate_compiles(void **state)
{
	struct addr loopback = address("127.0.0.1");
	struct snapshot *snap;
	struct draft d;

	(void)state;
	draft_init(&d);
	snap = draft_compile(&d, NULL);
	assert_int_equal(block_verify(snap->root, snap->root->block.size), OK);
	assert_int_equal(snap->root->rule_count, 1);
	assert_int_equal(snapshot_rule(snap, 0)->target_count, 0);
	assert_true(snapshot_allows(snap, &loopback));
	assert_int_equal(snapshot_client_network(snap, &loopback), NETWORK_NONE);
	assert_false(snapshot_has_source(snap, (struct digest){ 0 }));
	snapshot_unref(snap);
	draft_fini(&d);
}

static void
two_compiles_of_one_estate_are_byte_identical(void **state)
{
	struct snapshot *one, *two;
	struct draft d;

	(void)state;
	draft_init(&d);
	declare_estate(&d);
	one = draft_compile(&d, NULL);
	two = draft_compile(&d, NULL);
	assert_same_octets(one, two);
	snapshot_unref(one);
	snapshot_unref(two);
	draft_fini(&d);
}

static void
where_objects_were_declared_does_not_enter(void **state)
{
	struct snapshot *one, *two;
	struct draft d, other;

	(void)state;
	draft_init(&d);
	declare_estate(&d);
	draft_init(&other);
	other.file = "another/file.yaml";
	declare_estate(&other);
	one = draft_compile(&d, NULL);
	two = draft_compile(&other, NULL);
	assert_same_octets(one, two);
	snapshot_unref(one);
	snapshot_unref(two);
	draft_fini(&d);
	draft_fini(&other);
}

static void
equal_zones_are_one_block(void **state)
{
	struct snapshot *snap;
	struct draft d;

	(void)state;
	draft_init(&d);
	declare_estate(&d);
	snap = draft_compile(&d, NULL);
	assert_int_equal(snap->held_count, 2);
	assert_ptr_equal(snap->zones[0], snap->zones[2]);
	assert_ptr_not_equal(snap->zones[0], snap->zones[1]);
	snapshot_unref(snap);
	draft_fini(&d);
}

/* Equal digests are a hint, equal octets decide. */
static void
zones_of_one_source_but_other_content_stay_apart(void **state)
{
	struct snapshot *snap;
	struct draft d;

	(void)state;
	draft_init(&d);
	declare_estate(&d);
	for (struct hosted_zone *z = d.estate.zones; z; z = z->next)
		z->source = (struct digest){ 5, 6 };
	snap = draft_compile(&d, NULL);
	assert_int_equal(snap->held_count, 2);
	assert_ptr_equal(snap->zones[0], snap->zones[2]);
	assert_true(snapshot_has_source(snap, (struct digest){ 5, 6 }));
	assert_false(snapshot_has_source(snap, (struct digest){ 5, 7 }));
	snapshot_unref(snap);
	draft_fini(&d);
}

static void
a_zone_without_a_source_gets_one_from_its_content(void **state)
{
	struct draft d;
	struct snapshot *snap;
	struct digest one, two;

	(void)state;
	draft_init(&d);
	declare_estate(&d);
	snap = draft_compile(&d, NULL);
	one = snapshot_zone(snap, 0)->source;
	two = snapshot_zone(snap, 1)->source;
	assert_true(one.lo || one.hi);
	assert_false(digest_equal(one, two));
	assert_true(digest_equal(one, snap->zones[0]->block.source));
	snapshot_unref(snap);
	draft_fini(&d);
}

static void
the_next_snapshot_shares_what_did_not_change(void **state)
{
	struct snapshot *first, *second;
	const struct zone *kept;
	struct draft d, next;

	(void)state;
	draft_init(&d);
	declare_estate(&d);
	first = draft_compile(&d, NULL);
	kept = first->zones[0];
	draft_init(&next);
	declare_estate(&next);
	draft_record(&next, estate_zone(&next.estate, "Z1"), "new.app.example", TYPE_A, 60,
		     "10.1.0.81");
	second = draft_compile(&next, first);
	assert_ptr_equal(second->zones[0], kept);
	assert_ptr_equal(second->zones[2], kept);
	assert_ptr_not_equal(second->zones[1], first->zones[1]);
	assert_int_equal(second->zones[1]->record_count, 2);
	snapshot_unref(first);
	assert_non_null(find_node(kept, "www.corp.example"));	/* held by the second alone */
	snapshot_unref(second);
	draft_fini(&d);
	draft_fini(&next);
}

static void
a_zone_left_unread_takes_the_block_of_its_source(void **state)
{
	const struct digest source = { 77, 88 };
	struct snapshot *first, *second;
	struct hosted_zone *zone;
	struct draft d, next;

	(void)state;
	draft_init(&d);
	declare_estate(&d);
	estate_zone(&d.estate, "Z0")->source = source;
	first = draft_compile(&d, NULL);

	draft_init(&next);
	declare_estate(&next);
	zone = estate_zone(&next.estate, "Z0");
	zone->source = source;
	zone->sets = NULL;
	zone->sets_end = NULL;
	zone->unread = true;
	second = draft_compile(&next, first);
	assert_ptr_equal(second->zones[0], first->zones[0]);
	assert_same_octets(first, second);
	snapshot_unref(first);
	snapshot_unref(second);
	draft_fini(&d);
	draft_fini(&next);
}

/* One file served under two ids: the alias says in which of them its target is. */
static void
an_unread_zone_takes_its_own_block_before_its_twins(void **state)
{
	const struct digest source = { 77, 88 };
	struct snapshot *first, *second;
	struct draft d;

	(void)state;
	draft_init(&d);
	draft_site(&d, "one", "192.168.0.0/24", "");
	draft_site(&d, "two", "192.168.1.0/24", "");
	draft_alias(&d, draft_zone(&d, "Z1", "a.b", "one"), "x.a.b", TYPE_A, "Z2", "y.a.b");
	draft_alias(&d, draft_zone(&d, "Z2", "a.b", "two"), "x.a.b", TYPE_A, "Z2", "y.a.b");
	for (struct hosted_zone *z = d.estate.zones; z; z = z->next)
		z->source = source;
	first = draft_compile(&d, NULL);
	assert_int_equal(first->held_count, 2);
	for (struct hosted_zone *z = d.estate.zones; z; z = z->next)
		z->unread = true;
	second = draft_compile(&d, first);
	assert_ptr_equal(second->zones[0], first->zones[0]);
	assert_ptr_equal(second->zones[1], first->zones[1]);
	snapshot_unref(first);
	snapshot_unref(second);
	draft_fini(&d);
}

static void
an_unread_zone_that_nobody_holds_is_an_error(void **state)
{
	struct snapshot *first, *second = NULL;
	struct hosted_zone *zone;
	struct draft d;

	(void)state;
	draft_init(&d);
	declare_estate(&d);
	zone = estate_zone(&d.estate, "Z0");
	zone->source = (struct digest){ 1, 2 };
	first = draft_compile(&d, NULL);
	zone->unread = true;
	assert_int_equal(compile_estate(&d.estate, NULL, &d.diags, &second), ERR_REJECTED);
	draft_finding(&d, "not-held");
	/* of this source, but of another name */
	zone->name = draft_name(&d, "other.example");
	assert_int_equal(compile_estate(&d.estate, first, &d.diags, &second), ERR_REJECTED);
	assert_int_equal(d.diags.errors, 2);
	assert_null(second);
	snapshot_unref(first);
	draft_fini(&d);
}

static void
every_zone_that_cannot_be_compiled_is_reported(void **state)
{
	static const char *const ids[] = { "Z0", "Z2" };
	struct snapshot *snap = NULL;
	struct draft d;

	(void)state;
	draft_init(&d);
	declare_estate(&d);
	for (size_t i = 0; i < COUNT_OF(ids); i++)
		for (unsigned n = 0; n < 300; n++) {
			char text[256];

			snprintf(text, sizeof(text), "%0250u", n);
			draft_record(&d, estate_zone(&d.estate, ids[i]), "big.corp.example",
				     TYPE_TXT, 60, text);
		}
	draft_check(&d);
	assert_int_equal(compile_estate(&d.estate, NULL, &d.diags, &snap), ERR_REJECTED);
	assert_null(snap);
	assert_int_equal(d.diags.errors, 2);
	draft_finding(&d, "set-too-large");
	draft_fini(&d);
}

/* Domain, type and who is asked, in whatever order; not the id, nor the endpoint. */
static void
a_rules_identity_is_what_its_answers_depend_on(void **state)
{
	static const struct {
		int line;
		const char *domain, *targets, *endpoint;
		uint16_t port;
		const char *sni;
		bool same;	/* as the first */
	} rows[] = {
		{ __LINE__, "a.example", "10.9.0.1 10.9.0.2", "out", 53, NULL, true },
		{ __LINE__, "a.example", "10.9.0.2 10.9.0.1", "out", 53, NULL, true },
		{ __LINE__, "a.example", "10.9.0.1 10.9.0.2", "out2", 53, NULL, true },
		{ __LINE__, "a.example", "10.9.0.1", "out", 53, NULL, false },
		{ __LINE__, "a.example", "10.9.0.1 10.9.0.3", "out", 53, NULL, false },
		{ __LINE__, "a.example", "10.9.0.1 10.9.0.2", "out", 5353, NULL, false },
		{ __LINE__, "a.example", "10.9.0.1 10.9.0.2", "out", 53, "dns", false },
		{ __LINE__, "b.example", "10.9.0.1 10.9.0.2", "out", 53, NULL, false },
		{ __LINE__, "a.example", "", NULL, 53, NULL, false },
		{ __LINE__, ".", "", NULL, 53, NULL, false },
	};
	const struct snapshot_rule *last;
	struct snapshot *snap;
	struct draft d;

	(void)state;
	draft_init(&d);
	draft_vpc(&d, "vpc", "eu-west-1", "10.0.0.0/16");
	draft_endpoint(&d, "out", DIRECTION_OUTBOUND, "vpc", "10.0.0.1");
	draft_endpoint(&d, "out2", DIRECTION_OUTBOUND, "vpc", "10.0.0.2");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct resolver_rule *rule;

		rule = draft_rule(&d, arena_printf(&d.estate.arena, "r%zu", i), rows[i].domain,
				  rows[i].targets, rows[i].endpoint, "");
		for (struct target *t = rule->targets; t; t = t->next) {
			t->addr.port = rows[i].port;
			t->server_name_indication = rows[i].sni;
		}
	}
	snap = draft_compile(&d, NULL);
	for (uint32_t i = 0; i < COUNT_OF(rows); i++)
		row_int(rows[i].line, digest_equal(snapshot_rule(snap, i)->identity,
						   snapshot_rule(snap, 0)->identity),
			rows[i].same);
	/* a SYSTEM rule for "." is not an internet resolver without targets */
	last = snapshot_rule(snap, COUNT_OF(rows));
	assert_false(digest_equal(last->identity, last[-1].identity));
	snapshot_unref(snap);
	draft_fini(&d);
}

static void
delegate(struct resolver_rule *rule)
{
	rule->type = RULE_DELEGATE;
	rule->delegation_record = rule->domain_name;
	rule->domain_name = NULL;
}

static void
a_delegate_rule_is_listed_by_its_networks_and_makes_no_cut(void **state)
{
	const struct snapshot_network *network;
	struct snapshot *snap;
	struct draft d;

	(void)state;
	draft_init(&d);
	draft_site(&d, "dc", "192.168.0.0/16", "");
	draft_site(&d, "lab", "192.169.0.0/16", "");
	draft_rule(&d, "r0", "x.example", "192.168.0.53", NULL, "dc");
	delegate(draft_rule(&d, "r1", "a.example", "", NULL, "dc"));
	delegate(draft_rule(&d, "r2", "b.example", "", NULL, ""));
	delegate(draft_rule(&d, "r3", "c.example", "", NULL, "lab dc"));
	snap = draft_compile(&d, NULL);
	assert_int_equal(snap->root->rule_count, 5);
	assert_int_equal(walk_view(snap, 0, "a.example")->labels, 0);
	network = snapshot_network(snap, 0);
	assert_int_equal(network->delegate_count, 2);
	assert_int_equal(snapshot_delegates(snap, network)[0], 1);
	assert_int_equal(snapshot_delegates(snap, network)[1], 3);
	assert_string_equal((const char *)snapshot_name(snap, snapshot_rule(snap, 3)->domain_at),
			    "\1c\7example");
	network = snapshot_network(snap, 1);
	assert_int_equal(network->delegate_count, 1);
	assert_int_equal(snapshot_delegates(snap, network)[0], 3);
	assert_int_equal(block_verify(snap->root, snap->root->block.size), OK);
	snapshot_unref(snap);
	draft_fini(&d);
}

static struct target *
draft_target(struct draft *d, const char *ip)
{
	struct target *target = draft_new(d, sizeof(*target));

	assert_true(addr_parse(ip, &target->addr));
	target->addr.port = 53;
	return target;
}

static void
what_on_names_is_a_rule_behind_the_declared_ones(void **state)
{
	static const uint32_t leads[] = { 4, 2, RULE_NONE, 3 };
	struct resolver_rule *first, *second;
	const struct snapshot_rule *r;
	struct snapshot *snap;
	struct draft d;

	(void)state;
	draft_init(&d);
	draft_site(&d, "dc", "192.168.0.0/16", "");
	first = draft_rule(&d, "r0", "x.example", "192.168.0.53", NULL, "dc");
	second = draft_rule(&d, "r1", "y.example", "192.168.0.53", NULL, "dc");
	first->on[ON_NXDOMAIN].internet = true;
	first->on[ON_NODATA].targets = draft_target(&d, "192.168.0.1");
	first->on[ON_TIMEOUT].targets = draft_target(&d, "192.168.0.54");
	first->policy = TARGET_ORDERED;
	second->policy = TARGET_FASTEST;
	d.estate.settings.internet_resolver = draft_target(&d, "9.9.9.9");
	d.estate.settings.upstream_policy = TARGET_FASTEST;
	snap = draft_compile(&d, NULL);
	assert_int_equal(snap->root->rule_count, 5);
	r = snapshot_rule(snap, 0);
	assert_int_equal(r->policy, TARGET_ORDERED);
	for (unsigned i = 0; i < ON_OUTCOMES; i++)
		assert_int_equal(r->on[i], leads[i]);
	assert_false(r->further);
	for (unsigned i = 0; i < ON_OUTCOMES; i++)
		assert_int_equal(snapshot_rule(snap, 1)->on[i], RULE_NONE);
	r = snapshot_rule(snap, 2);
	assert_string_equal(snapshot_string(snap, r->id_at), "r0 on nodata");
	assert_true(r->further);
	assert_int_equal(r->policy, TARGET_ORDERED);
	assert_int_equal(snapshot_targets(snap, r)->ip[15], 1);
	assert_int_equal(r->domain_at, snapshot_rule(snap, 0)->domain_at);
	r = snapshot_rule(snap, 3);
	assert_string_equal(snapshot_string(snap, r->id_at), "r0 on timeout");
	for (unsigned i = 0; i < ON_OUTCOMES; i++)
		assert_int_equal(r->on[i], RULE_NONE);
	/* who else would be asked is no part of who is */
	assert_false(digest_equal(r->identity, snapshot_rule(snap, 0)->identity));
	r = snapshot_rule(snap, 4);
	assert_string_equal(snapshot_string(snap, r->id_at), "internet_resolver");
	assert_true(!r->further && r->policy == TARGET_FASTEST);
	assert_int_equal(block_verify(snap->root, snap->root->block.size), OK);
	snapshot_unref(snap);
	draft_fini(&d);
}

static void
on_and_policy_leave_a_rules_identity_as_it_was(void **state)
{
	struct snapshot *plain, *snap;
	struct resolver_rule *rule;
	struct draft d;

	(void)state;
	draft_init(&d);
	draft_site(&d, "dc", "192.168.0.0/16", "");
	rule = draft_rule(&d, "r0", "x.example", "192.168.0.53", NULL, "dc");
	plain = draft_compile(&d, NULL);
	rule->on[ON_TIMEOUT].targets = draft_target(&d, "192.168.0.54");
	rule->policy = TARGET_FASTEST;
	snap = draft_compile(&d, NULL);
	assert_true(digest_equal(snapshot_rule(plain, 0)->identity,
				 snapshot_rule(snap, 0)->identity));
	snapshot_unref(plain);
	snapshot_unref(snap);
	draft_fini(&d);
}

static void
packet_budgets_are_written_as_declared(void **state)
{
	struct packet_budget second = { .per_second = 2000 };
	struct packet_budget first = { .per_second = 1000, .next = &second };
	struct snapshot *snap;
	struct draft d;

	(void)state;
	draft_init(&d);
	draft_site(&d, "dc", "192.168.0.0/16", "");
	assert_true(addr_parse("169.254.169.253", &first.addr));
	assert_true(addr_parse("fd00:ec2::253", &second.addr));
	d.estate.settings.budgets = &first;
	snap = draft_compile(&d, NULL);
	assert_int_equal(snap->root->budget_count, 2);
	assert_memory_equal(snapshot_budgets(snap)[0].ip, first.addr.ip, 16);
	assert_memory_equal(snapshot_budgets(snap)[1].ip, second.addr.ip, 16);
	assert_int_equal(snapshot_budgets(snap)[1].per_second, 2000);
	assert_int_equal(block_verify(snap->root, snap->root->block.size), OK);
	snapshot_unref(snap);
	draft_fini(&d);
}

static void
health_checks_are_numbered_as_declared_and_found_by_id(void **state)
{
	const struct snapshot_health *check;
	struct health_check *h;
	const uint32_t *children;
	struct snapshot *snap;
	struct draft d;

	(void)state;
	draft_init(&d);
	declare_estate(&d);
	h = draft_health_check(&d, "all");	/* its children come later */
	h->type = HEALTH_CALCULATED;
	h->health_threshold = 2;
	h->children = draft_refs(&d, "tcp web");
	h = draft_health_check(&d, "tcp");
	h->type = HEALTH_TCP;
	assert_true(addr_parse("10.1.1.5", &h->addr));
	h->request_interval_ms = 10000;
	h->failure_threshold = 2;
	h->addr.port = 443;
	h = draft_health_check(&d, "web");
	h->type = HEALTH_HTTP_STR_MATCH;
	h->search_string = "all is well";
	h->inverted = true;
	h->resource_path = "/up";
	h->fully_qualified_domain_name = "www.corp.example";
	snap = draft_compile(&d, NULL);

	assert_int_equal(snap->root->health_count, 3);
	check = snapshot_health(snap, 0);
	assert_string_equal(snapshot_string(snap, check->id_at), "all");
	assert_int_equal(check->type, HEALTH_CALCULATED);
	assert_int_equal(check->health_threshold, 2);
	assert_int_equal(check->child_count, 2);
	children = block_at(&snap->root->block, check->children_at);
	assert_int_equal(children[0], 1);
	assert_int_equal(children[1], 2);
	check = snapshot_health(snap, 1);
	assert_int_equal(check->request_interval_ms, 10000);
	assert_int_equal(check->failure_threshold, 2);
	assert_int_equal(check->port, 443);
	assert_int_equal(check->child_count, 0);
	check = snapshot_health(snap, 2);
	assert_int_equal(check->type, HEALTH_HTTP_STR_MATCH);
	assert_string_equal(snapshot_string(snap, check->search_string_at), "all is well");
	assert_int_equal(check->inverted, 1);
	assert_int_equal(check->disabled, 0);
	assert_string_equal(snapshot_string(snap, check->resource_path_at), "/up");
	assert_string_equal(snapshot_string(snap, check->domain_name_at), "www.corp.example");

	assert_int_equal(snapshot_health_number(snap, "all", health_hash("all")), 0);
	assert_int_equal(snapshot_health_number(snap, "web", health_hash("web")), 2);
	assert_int_equal(snapshot_health_number(snap, "other", health_hash("other")),
			 HEALTH_NONE);
	snapshot_unref(snap);
	draft_fini(&d);
}

static void
a_snapshot_lives_as_long_as_its_references(void **state)
{
	struct snapshot *snap;
	struct draft d;

	(void)state;
	draft_init(&d);
	declare_estate(&d);
	snap = draft_compile(&d, NULL);
	draft_fini(&d);		/* it owes the estate nothing */
	assert_ptr_equal(snapshot_ref(snap), snap);
	snapshot_unref(snap);
	assert_non_null(find_node(snap->zones[0], "www.corp.example"));
	snapshot_unref(snap);
	snapshot_unref(NULL);
}

/** Its records are in a pool, as load/share has them. */
static void
draft_pool(struct record_pool *pool, struct hosted_zone *zone)
{
	for (struct record_set *set = zone->sets; set; set = set->next) {
		set->owner = arena_copy(&pool->arena, set->owner, name_wire_len(set->owner));
		assert_non_null(set->owner);
	}
	zone->pool = pool;
	pool->zones++;
}

static void
spending_gives_up_pools_and_leaves_the_names_of_the_snapshot(void **state)
{
	for (unsigned threads = 0; threads < 4; threads++) {
		struct record_pool pools[2] = { 0 };
		struct snapshot *snap, *spent;
		struct draft d, same;

		(void)state;
		draft_init(&d);
		draft_init(&same);
		declare_estate(&d);
		declare_estate(&same);
		snap = draft_compile(&same, NULL);
		assert_int_equal(estate_check(&d.estate, &d.diags), OK);
		arena_init(&pools[0].arena, SIZE_MAX);
		arena_init(&pools[1].arena, SIZE_MAX);
		pools[0].next = &pools[1];
		d.estate.pools = pools;
		draft_pool(&pools[1], estate_zone(&d.estate, "Z0"));
		draft_pool(&pools[1], estate_zone(&d.estate, "Z2"));
		d.estate.threads = threads;
		assert_int_equal(compile_spending(&d.estate, &d.diags, &spent), OK);
		assert_same_octets(snap, spent);
		assert_null(pools[1].arena.chunk);
		for (const struct hosted_zone *z = d.estate.zones; z; z = z->next) {
			const uint8_t *block = (const uint8_t *)spent->zones[z->index];

			for (const struct record_set *set = z->sets; set; set = set->next) {
				const struct hosted_zone *other = estate_zone(&same.estate, z->id);

				assert_true(set->owner > block &&
					    set->owner < block + spent->zones[z->index]->block.size);
				assert_true(name_wire_equal(set->owner, other->sets->owner));
				assert_null(set->values);
			}
		}
		draft_fini(&d);
		draft_fini(&same);
		snapshot_unref(spent);
		snapshot_unref(snap);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_was_declared_is_in_the_root),
		cmocka_unit_test(a_network_knows_its_own_and_the_visible_cidrs),
		cmocka_unit_test(clients_are_told_by_their_cidr_and_allowed_by_default),
		cmocka_unit_test(a_text_for_clients_that_is_too_long_is_no_root),
		cmocka_unit_test(who_is_allowed_can_be_declared),
		cmocka_unit_test(an_empty_estate_compiles),
		cmocka_unit_test(two_compiles_of_one_estate_are_byte_identical),
		cmocka_unit_test(where_objects_were_declared_does_not_enter),
		cmocka_unit_test(equal_zones_are_one_block),
		cmocka_unit_test(zones_of_one_source_but_other_content_stay_apart),
		cmocka_unit_test(a_zone_without_a_source_gets_one_from_its_content),
		cmocka_unit_test(the_next_snapshot_shares_what_did_not_change),
		cmocka_unit_test(a_zone_left_unread_takes_the_block_of_its_source),
		cmocka_unit_test(an_unread_zone_takes_its_own_block_before_its_twins),
		cmocka_unit_test(an_unread_zone_that_nobody_holds_is_an_error),
		cmocka_unit_test(every_zone_that_cannot_be_compiled_is_reported),
		cmocka_unit_test(a_rules_identity_is_what_its_answers_depend_on),
		cmocka_unit_test(a_delegate_rule_is_listed_by_its_networks_and_makes_no_cut),
		cmocka_unit_test(what_on_names_is_a_rule_behind_the_declared_ones),
		cmocka_unit_test(on_and_policy_leave_a_rules_identity_as_it_was),
		cmocka_unit_test(packet_budgets_are_written_as_declared),
		cmocka_unit_test(health_checks_are_numbered_as_declared_and_found_by_id),
		cmocka_unit_test(a_snapshot_lives_as_long_as_its_references),
		cmocka_unit_test(spending_gives_up_pools_and_leaves_the_names_of_the_snapshot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
