#include "snapshot/view.h"

#include <stdlib.h>

#include "snapshot/slots.h"
#include "unit/draft.h"

/* What a cut says, as text: "forward r1", "zone Z1 by rule r2", "internet", ... */
static const char *
action_text(const struct snapshot *snap, const struct cut *cut, char *buf, size_t size)
{
	static const char *const autodefined[] = { "localhost", "loopback-reverse", "ec2",
						   "ec2-reverse" };

	switch ((enum cut_action)cut->action) {
	case CUT_ZONE:
		snprintf(buf, size, "zone %s",
			 snapshot_string(snap, snapshot_zone(snap, cut->target)->id_at));
		return buf;
	case CUT_FORWARD:
		snprintf(buf, size, "forward %s",
			 snapshot_string(snap, snapshot_rule(snap, cut->target)->id_at));
		return buf;
	case CUT_AUTODEFINED:
		return autodefined[cut->target];
	case CUT_INTERNET:
		return "internet";
	}
	return "?";
}

static const char *
cut_text(const struct snapshot *snap, const struct cut *cut, char *buf, size_t size)
{
	char action[64];

	if (cut->system)
		snprintf(buf, size, "%s by %s", action_text(snap, cut, action, sizeof(action)),
			 snapshot_string(snap, snapshot_rule(snap, cut->origin)->id_at));
	else
		snprintf(buf, size, "%s", action_text(snap, cut, action, sizeof(action)));
	return buf;
}

/* The losers of a cut as "<kind><number>[@<profile>]:<why>" with a space behind each. */
static const char *
losers_text(const struct snapshot *snap, const struct cut *cut, char *buf, size_t size)
{
	static const char *const why[] = { "rule", "zone", "no-forward", "own", "profile" };
	const struct cut_loser *loser = block_at(&snap->root->block, cut->losers_at);
	size_t len = 0;

	buf[0] = '\0';
	for (uint32_t i = 0; i < cut->loser_count; i++) {
		char by[16] = "";

		if (loser[i].profile != PROFILE_NONE)
			snprintf(by, sizeof(by), "@%u", loser[i].profile);
		len += (size_t)snprintf(buf + len, size - len, "%c%u%s:%s ",
					"rza."[loser[i].origin_kind], loser[i].origin, by,
					why[loser[i].why]);
	}
	return buf;
}

/*
 * One VPC (10.1.0.0/16, eu-west-1) and one site.  Rules r00.. and zones Z00.. are numbered in
 * the order of their ids, which is that below; SYSTEM rules have no targets.
 */
static struct snapshot *
make_estate(struct draft *d)
{
	draft_vpc(d, "vpc", "eu-west-1", "10.1.0.0/16");
	draft_site(d, "site", "192.168.0.0/16", "");
	draft_endpoint(d, "out", DIRECTION_OUTBOUND, "vpc", "10.1.0.1");

	draft_zone(d, "Z00", "corp.example", "vpc site");
	draft_zone(d, "Z01", "deep.sub.corp.example", "vpc");
	draft_zone(d, "Z02", "tie.example", "vpc");
	draft_zone(d, "Z03", "both.example", "vpc");
	draft_zone(d, "Z04", "eu-west-1.compute.internal", "vpc");
	draft_zone(d, "Z05", "in.both.example", "vpc");
	draft_zone(d, "Z06", "lonely.example", "vpc");

	draft_rule(d, "r00", ".", "192.168.0.53", "out", "vpc");
	draft_rule(d, "r01", "sub.corp.example", "192.168.0.53", "out", "vpc");
	draft_rule(d, "r02", "pub.sub.corp.example", "", NULL, "vpc");
	draft_rule(d, "r03", "tie.example", "192.168.0.53", "out", "vpc");
	draft_rule(d, "r04", "both.example", "192.168.0.53", "out", "vpc");
	draft_rule(d, "r05", "in.both.example", "", NULL, "vpc");
	draft_rule(d, "r06", "localhost", "192.168.0.53", "out", "vpc");
	draft_rule(d, "r07", "168.192.in-addr.arpa", "", NULL, "vpc");
	draft_rule(d, "r08", "x.corp.example", "", NULL, "vpc");
	draft_rule(d, "r09", "corp.example", "", NULL, "site");
	draft_rule(d, "r10", "fwd.example", "192.168.0.53", NULL, "site");
	draft_rule(d, "r11", "sys.fwd.example", "", NULL, "site");
	draft_rule(d, "r12", "a.sys.fwd.example", "", NULL, "site");
	draft_rule(d, "r13", "x.both.example", "", NULL, "vpc");
	draft_rule(d, "r14", "other.example", "", NULL, "vpc");
	d->estate.settings.internet_resolver = draft_targets(d, "9.9.9.9", 53);
	return draft_compile(d, NULL);
}

/* route53-semantics 1.1 and 1.3, a row a fact. */
static const struct {
	int line;
	uint32_t network;	/* 0: vpc, 1: site */
	const char *name, *cut, *losers;
} settled[] = {
	/* longest wins across all kinds of rule */
	{ __LINE__, 0, "a.corp.example", "zone Z00", "" },
	{ __LINE__, 0, "a.sub.corp.example", "forward r01", "" },
	{ __LINE__, 0, "a.deep.sub.corp.example", "zone Z01", "" },
	{ __LINE__, 0, "example", "forward r00", ".0:rule " },
	{ __LINE__, 0, "notcorp.example", "forward r00", ".0:rule " },
	/* a tie: rule, zone, autodefined */
	{ __LINE__, 0, "tie.example", "forward r03", "z2:rule " },
	{ __LINE__, 0, "ip-10-1-0-1.eu-west-1.compute.internal", "zone Z04", "a2:zone " },
	{ __LINE__, 0, "localhost", "forward r06", "a0:rule " },
	{ __LINE__, 0, "localdomain", "localhost", "" },
	{ __LINE__, 0, "1.0.0.127.in-addr.arpa", "loopback-reverse", "" },
	{ __LINE__, 0, "4.3.1.10.in-addr.arpa", "ec2-reverse", "" },
	/* FORWARD "." captures no autodefined name */
	{ __LINE__, 0, "1.2.10.in-addr.arpa", "ec2-reverse", "" },
	{ __LINE__, 0, "1.2.11.in-addr.arpa", "forward r00", ".0:rule " },
	/* SYSTEM under FORWARD: the longest zone or autodefined name, else the internet */
	{ __LINE__, 0, "www.pub.sub.corp.example", "zone Z00 by r02", "" },
	{ __LINE__, 0, "in.both.example", "zone Z05 by r05", "" },
	{ __LINE__, 0, "x.both.example", "zone Z03 by r13", "" },
	{ __LINE__, 0, "both.example", "forward r04", "z3:rule " },
	{ __LINE__, 0, "other.example", "internet by r14", "" },
	{ __LINE__, 1, "sys.fwd.example", "internet by r11", "" },
	/* SYSTEM without FORWARD above it has no effect */
	{ __LINE__, 0, "x.corp.example", "zone Z00 by r08", "r8:no-forward " },
	{ __LINE__, 1, "corp.example", "zone Z00", "r9:no-forward " },
	{ __LINE__, 1, "b.a.sys.fwd.example", "internet by r12", "r12:no-forward " },
	{ __LINE__, 0, "168.192.in-addr.arpa", "ec2-reverse by r07", "" },
	/* a site has its zones, its rules and the localhost set */
	{ __LINE__, 1, "a.fwd.example", "forward r10", "" },
	{ __LINE__, 1, "localhost", "localhost", "" },
	{ __LINE__, 1, "1.2.10.in-addr.arpa", "internet", "" },
	{ __LINE__, 1, "tie.example", "internet", "" },
	{ __LINE__, 1, "eu-west-1.compute.internal", "internet", "" },
};

static void
precedence_is_settled(void **state)
{
	struct draft d;
	struct snapshot *snap;
	char buf[256];

	(void)state;
	draft_init(&d);
	snap = make_estate(&d);
	for (size_t i = 0; i < COUNT_OF(settled); i++) {
		const struct cut *cut = walk_view(snap, settled[i].network, settled[i].name);

		row_string(settled[i].line, cut_text(snap, cut, buf, sizeof(buf)),
			   settled[i].cut);
		row_string(settled[i].line, losers_text(snap, cut, buf, sizeof(buf)),
			   settled[i].losers);
	}
	snapshot_unref(snap);
	draft_fini(&d);
}

/*
 * Three VPCs: "mix" has zones and rules of its own and one Profile, "two" has nothing of its
 * own and two Profiles, "off" does not use private zones.  Profile 0 is "first", 1 is "second".
 */
static struct snapshot *
make_profiles(struct draft *d)
{
	draft_vpc(d, "mix", "eu-west-1", "10.1.0.0/16");
	draft_vpc(d, "two", "eu-west-1", "10.2.0.0/16");
	draft_vpc(d, "off", "eu-west-1", "10.3.0.0/16")->enable_dns_hostnames = false;
	draft_endpoint(d, "out", DIRECTION_OUTBOUND, "mix", "10.1.0.1");

	draft_zone(d, "Z00", "zones.example", "mix");	/* own and by Profile: two zones */
	draft_zone(d, "Z01", "zones.example", "");
	draft_zone(d, "Z02", "zone-rule.example", "mix");	/* own zone, Profile's rule */
	draft_zone(d, "Z03", "rule-zone.example", "");	/* own rule, Profile's zone */
	draft_zone(d, "Z04", "both.example", "mix");	/* one zone on both ways */
	draft_zone(d, "Z05", "up.example", "mix");
	draft_zone(d, "Z06", "deep.up.example", "");
	draft_zone(d, "Z07", "order.example", "");	/* in the Profile of the higher number */
	draft_zone(d, "Z08", "order.example", "");
	draft_zone(d, "Z09", "mixed-order.example", "");
	draft_zone(d, "Z10", "side.example", "");	/* one Profile has zone and rule */

	draft_rule(d, "r00", "zone-rule.example", "192.0.2.53", "out", "");
	draft_rule(d, "r01", "rule-zone.example", "192.0.2.53", "out", "mix");
	draft_rule(d, "r02", "rules.example", "192.0.2.1", "out", "mix");
	draft_rule(d, "r03", "rules.example", "192.0.2.2", "out", "");
	draft_rule(d, "r04", "keep.example", "", NULL, "mix");	/* own SYSTEM, Profile's FORWARD */
	draft_rule(d, "r05", "keep.example", "192.0.2.2", "out", "");
	draft_rule(d, "r06", "in.zones.example", "192.0.2.3", "out", "");
	draft_rule(d, "r07", "1.10.in-addr.arpa", "192.0.2.3", "out", "");
	draft_rule(d, "r08", "mixed-order.example", "192.0.2.4", "out", "");
	draft_rule(d, "r09", "side.example", "192.0.2.4", "out", "");
	draft_rule(d, "r10", "zones.example", "", NULL, "");	/* Profile's SYSTEM */
	draft_rule(d, "r11", "x.rules.example", "", NULL, "");

	draft_profile(d, "first", "Z01 Z03 Z04 Z06 Z08 Z09 Z10", "r00 r03 r05 r06 r07 r09 r10 r11",
		      "mix two:100 off");
	draft_profile(d, "second", "Z07", "r08 r03", "two:9900");
	return draft_compile(d, NULL);
}

/* route53-semantics 1.7: who wins, and by which Profile. */
static const struct {
	int line;
	uint32_t network;	/* 0: mix, 1: off, 2: two */
	const char *name, *cut;
	uint32_t profile;
	const char *losers;
} by_profile[] = {
	/* the same name: what the VPC has itself comes first, whatever its kind */
	{ __LINE__, 0, "a.zones.example", "zone Z00", PROFILE_NONE, "r10@0:own z1@0:own " },
	{ __LINE__, 0, "zone-rule.example", "zone Z02", PROFILE_NONE, "r0@0:own " },
	{ __LINE__, 0, "rule-zone.example", "forward r01", PROFILE_NONE, "z3@0:own " },
	{ __LINE__, 0, "rules.example", "forward r02", PROFILE_NONE, "r3@0:own " },
	/* an own SYSTEM rule keeps a name from being forwarded by the Profile */
	{ __LINE__, 0, "keep.example", "internet by r04", PROFILE_NONE, "r5@0:own " },
	{ __LINE__, 0, "both.example", "zone Z04", PROFILE_NONE, "" },
	/* different names: the longer one, whichever side */
	{ __LINE__, 0, "a.in.zones.example", "forward r06", 0, "" },
	{ __LINE__, 0, "deep.up.example", "zone Z06", 0, "" },
	{ __LINE__, 0, "a.up.example", "zone Z05", PROFILE_NONE, "" },
	{ __LINE__, 0, "x.rules.example", "internet by r11", 0, "" },
	/* autodefined names are nobody's: the Profile's rule replaces them */
	{ __LINE__, 0, "4.3.1.10.in-addr.arpa", "forward r07", 0, "a3:rule " },
	/* within one side as ever */
	{ __LINE__, 0, "side.example", "forward r09", 0, "z10@0:rule " },
	{ __LINE__, 2, "a.zones.example", "zone Z01", 0, "r10@0:no-forward " },
	{ __LINE__, 2, "rule-zone.example", "zone Z03", 0, "" },
	{ __LINE__, 2, "keep.example", "forward r05", 0, "" },
	/* several Profiles: the lower number, whatever the kind; in both: by the first */
	{ __LINE__, 2, "order.example", "zone Z08", 0, "z7@1:profile " },
	{ __LINE__, 2, "mixed-order.example", "zone Z09", 0, "r8@1:profile " },
	{ __LINE__, 2, "rules.example", "forward r03", 0, "" },
	/* without the DNS attributes a Profile brings rules only */
	{ __LINE__, 1, "rule-zone.example", "internet", PROFILE_NONE, "" },
	{ __LINE__, 1, "rules.example", "forward r03", 0, "" },
};

static void
what_the_vpc_has_comes_before_its_profiles(void **state)
{
	struct snapshot *snap;
	struct draft d;
	char buf[256];

	(void)state;
	draft_init(&d);
	snap = make_profiles(&d);
	for (size_t i = 0; i < COUNT_OF(by_profile); i++) {
		const struct cut *cut = walk_view(snap, by_profile[i].network,
						  by_profile[i].name);

		row_string(by_profile[i].line, cut_text(snap, cut, buf, sizeof(buf)),
			   by_profile[i].cut);
		row_int(by_profile[i].line, cut->profile, by_profile[i].profile);
		row_string(by_profile[i].line, losers_text(snap, cut, buf, sizeof(buf)),
			   by_profile[i].losers);
	}
	assert_string_equal(snapshot_string(snap, snapshot_profile(snap, 1)->id_at), "second");
	snapshot_unref(snap);
	draft_fini(&d);
}

static void
a_vpc_that_lacks_a_dns_attribute_has_rules_only(void **state)
{
	for (unsigned lacks_support = 0; lacks_support < 2; lacks_support++) {
		struct draft d;
		struct snapshot *snap;
		struct network *vpc;
		char buf[64];

		(void)state;
		draft_init(&d);
		vpc = draft_vpc(&d, "vpc", "eu-west-1", "10.1.0.0/16");
		if (lacks_support)
			vpc->enable_dns_support = false;
		else
			vpc->enable_dns_hostnames = false;
		draft_endpoint(&d, "out", DIRECTION_OUTBOUND, "vpc", "10.1.0.1");
		draft_zone(&d, "Z0", "corp.example", "vpc");
		draft_rule(&d, "r0", "fwd.example", "192.168.0.53", "out", "vpc");
		snap = draft_compile(&d, NULL);
		assert_string_equal(cut_text(snap, walk_view(snap, 0, "corp.example"), buf,
					     sizeof(buf)), "internet");
		assert_string_equal(cut_text(snap, walk_view(snap, 0, "localhost"), buf,
					     sizeof(buf)), "internet");
		assert_string_equal(cut_text(snap, walk_view(snap, 0, "a.fwd.example"), buf,
					     sizeof(buf)), "forward r0");
		assert_int_equal(snapshot_view(snap, 0)->cut_count, 2);
		assert_int_equal(snapshot_network(snap, 0)->dns_support, !lacks_support);
		assert_int_equal(snapshot_network(snap, 0)->dns_hostnames, lacks_support);
		snapshot_unref(snap);
		draft_fini(&d);
	}
}

static void
equal_cut_tables_are_one(void **state)
{
	struct draft d;
	struct snapshot *snap;

	(void)state;
	draft_init(&d);
	draft_site(&d, "one", "192.168.0.0/24", "");
	draft_site(&d, "two", "192.168.1.0/24", "");
	draft_site(&d, "three", "192.168.2.0/24", "");
	draft_zone(&d, "Z0", "corp.example", "one two three");
	draft_zone(&d, "Z1", "more.example", "two");
	snap = draft_compile(&d, NULL);
	assert_int_equal(snap->root->view_count, 2);
	assert_ptr_equal(snapshot_view(snap, 0), snapshot_view(snap, 1));	/* one, three, two */
	assert_ptr_not_equal(snapshot_view(snap, 0), snapshot_view(snap, 2));
	snapshot_unref(snap);
	draft_fini(&d);
}

/* The reverse names of these CIDRs are those of private space. */
static void
a_name_with_several_reasons_is_one_cut(void **state)
{
	struct snapshot *snap;
	struct draft d;

	(void)state;
	draft_init(&d);
	draft_vpc(&d, "one", "eu-west-1", "10.0.0.0/8 172.16.0.0/16");
	draft_vpc(&d, "two", "eu-west-1", "172.17.0.0/16");
	draft_peering(&d, "pcx", "one", "two");
	snap = draft_compile(&d, NULL);
	assert_int_equal(root_verify(&snap->root->block), OK);
	assert_int_equal(walk_view(snap, 0, "10.in-addr.arpa")->loser_count, 0);
	assert_ptr_equal(snapshot_view(snap, 0), snapshot_view(snap, 1));
	/* the root, 5 of localhost, 2 of the Region, 19 of private space */
	assert_int_equal(snapshot_view(snap, 0)->cut_count, 1 + 5 + 2 + 19);
	snapshot_unref(snap);
	draft_fini(&d);
}

static void
the_walk_can_go_on_below_what_it_found(void **state)
{
	static const char *const expected[] = { "zone Z01", "forward r01", "zone Z00",
						"forward r00" };
	unsigned below = NAME_MAX_LABELS + 1;
	struct suffixes suffixes;
	struct snapshot *snap;
	struct name name;
	struct draft d;
	char buf[64];

	(void)state;
	draft_init(&d);
	snap = make_estate(&d);
	assert_int_equal(name_parse("x.deep.sub.corp.example", &name), OK);
	name_suffixes(&name, &suffixes);
	for (unsigned i = 0; i < COUNT_OF(expected); i++) {
		const struct cut *cut = view_walk(&snap->root->block, snapshot_view(snap, 0),
						  &name, &suffixes, below);

		assert_string_equal(cut_text(snap, cut, buf, sizeof(buf)), expected[i]);
		below = cut->labels;
	}
	assert_int_equal(below, 0);
	snapshot_unref(snap);
	draft_fini(&d);
}

/* --- the longest suffix against a naive scan */

static void
random_name(uint64_t *seed, unsigned least, char *text, size_t size)
{
	static const char *const labels[] = { "a", "b", "aa", "ba", "c" };
	unsigned n = least + random_to(seed, 4);
	size_t len = 0;

	text[0] = '\0';
	for (; n; n--)
		len += (size_t)snprintf(text + len, size - len, "%s.",
					labels[random_to(seed, COUNT_OF(labels))]);
	if (!len)
		snprintf(text, size, ".");
}

static void
random_estate(struct draft *d, uint64_t *seed)
{
	struct table seen;

	table_init(&seen, &d->estate.arena);
	draft_site(d, "site", "192.168.0.0/16", "");
	for (unsigned i = random_to(seed, 40); i; i--) {
		char text[128], *name;
		bool rule = random_to(seed, 2);

		random_name(seed, 0, text, sizeof(text));
		name = arena_printf(&d->estate.arena, "%c%s", rule ? 'r' : 'z', text);
		if (table_find_string(&seen, name))	/* one of a kind at one name */
			continue;
		assert_int_equal(table_put_string(&seen, name, name), OK);
		if (rule)
			draft_rule(d, name, text, random_to(seed, 2) ? "192.168.0.1" : "", NULL,
				   "site");
		else
			draft_zone(d, name, text, "site");
	}
}

/* The cut that covers the name, by looking at all of them. */
static const struct cut *
scan(const struct snapshot *snap, const struct view *view, const struct name *name)
{
	const struct cut *best = NULL;

	for (uint32_t i = 0; i < view->cut_count; i++) {
		const struct cut *cut = view_cut(&snap->root->block, view, i);

		if (name_wire_covers(snapshot_name(snap, cut->name_at), name->wire) &&
		    (!best || cut->labels > best->labels))
			best = cut;
	}
	return best;
}

/* What a declaration scan says of the name: the treatment without any cut table. */
static void
check_treatment(const struct draft *d, const struct cut *cut, const struct name *name)
{
	const struct hosted_zone *zone = NULL;
	const struct resolver_rule *rule = NULL;
	unsigned zone_labels = 0, rule_labels = 0;

	for (const struct hosted_zone *z = d->estate.zones; z; z = z->next)
		if (name_wire_covers(z->name, name->wire) &&
		    (!zone || name_wire_labels(z->name) > zone_labels)) {
			zone = z;
			zone_labels = name_wire_labels(z->name);
		}
	for (const struct resolver_rule *r = d->estate.rules; r; r = r->next)
		if (name_wire_covers(r->domain_name, name->wire) &&
		    (!rule || name_wire_labels(r->domain_name) > rule_labels)) {
			rule = r;
			rule_labels = name_wire_labels(r->domain_name);
		}
	if (cut->action == CUT_AUTODEFINED)
		fail_msg("no random name is autodefined");
	if (rule && rule->type == RULE_FORWARD && (!zone || rule_labels >= zone_labels)) {
		assert_int_equal(cut->action, CUT_FORWARD);
		assert_int_equal(cut->target, rule->index);
	} else if (zone) {
		assert_int_equal(cut->action, CUT_ZONE);
		assert_int_equal(cut->target, zone->index);
	} else {
		assert_int_equal(cut->action, CUT_INTERNET);
	}
}

static void
the_longest_suffix_agrees_with_a_naive_scan(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		const struct view *view;
		struct snapshot *snap;
		struct draft d;

		draft_init(&d);
		random_estate(&d, &seed);
		snap = draft_compile(&d, NULL);
		assert_int_equal(root_verify(&snap->root->block), OK);
		view = snapshot_view(snap, 0);
		for (unsigned i = 0; i < 50; i++) {
			const struct cut *cut;
			struct name name;
			char text[128];

			random_name(&seed, 0, text, sizeof(text));
			cut = walk_view(snap, 0, text);
			assert_int_equal(name_parse(text, &name), OK);
			assert_ptr_equal(cut, scan(snap, view, &name));
			check_treatment(&d, cut, &name);
		}
		snapshot_unref(snap);
		draft_fini(&d);
	}
}

/* --- a stranger's root block */

struct hostile {
	struct root *root;
	struct view *view;
	struct cut *cut;		/* of tie.example: a FORWARD rule that beat a zone */
	struct cut *zone_cut;		/* of corp.example */
	struct cut_loser *loser;
};

static void *
in_root(const struct hostile *h, uint32_t at)
{
	return (uint64_t *)h->root + at;
}

static void no_rules(struct hostile *h) { h->root->rule_count = 0; }
static void no_views(struct hostile *h) { h->root->view_count = 0; }
static void networks_at(struct hostile *h) { h->root->networks_at = UINT32_MAX; }
static void many_networks(struct hostile *h) { h->root->network_count = UINT32_MAX; }
static void many_zones(struct hostile *h) { h->root->zone_count = 1u << 20; }
static void few_blocks(struct hostile *h) { h->root->block_count = 0; }
static void zero(struct hostile *h) { h->root->zero = 1; }
static void cut_profile(struct hostile *h) { h->cut->profile = 0; }
static void cut_zero(struct hostile *h) { h->cut->zero = 1; }
static void loser_profile(struct hostile *h) { h->loser->profile = 7; }
static void many_profiles(struct hostile *h) { h->root->profile_count = UINT32_MAX; }
static void user(struct hostile *h) { h->root->settings.user_at = UINT32_MAX; }
static void depths(struct hostile *h) { h->view->depths[0] ^= 4; }
static void far_depths(struct hostile *h) { h->view->depths[1] = 1; }
static void mask(struct hostile *h) { h->view->slot_mask = 2 * h->view->slot_mask + 1; }
static void slots_at(struct hostile *h) { h->view->slots_at--; }
static void cuts_at(struct hostile *h) { h->view->cuts_at += 3; }
static void no_cuts(struct hostile *h) { h->view->cut_count = 0; }
static void few_cuts(struct hostile *h) { h->view->cut_count--; }
static void cut_name(struct hostile *h) { h->cut->name_at = UINT32_MAX; }
static void cut_labels(struct hostile *h) { h->cut->labels++; }
static void cut_action(struct hostile *h) { h->cut->action = 4; }
static void cut_origin(struct hostile *h) { h->cut->origin_kind = 4; }
static void cut_system(struct hostile *h) { h->cut->system = 2; }
static void forward_nowhere(struct hostile *h) { h->cut->target = h->root->rule_count; }
static void forward_internet(struct hostile *h) { h->cut->target = h->root->rule_count - 1; }
static void forward_system(struct hostile *h) { h->cut->target = 2; }
static void no_origin(struct hostile *h) { h->cut->origin = h->root->rule_count; }
static void no_zone(struct hostile *h) { h->zone_cut->target = h->root->zone_count; }
static void other_zone(struct hostile *h) { h->zone_cut->target = 2; }
static void losers_at(struct hostile *h) { h->cut->losers_at = UINT32_MAX; }
static void many_losers(struct hostile *h) { h->cut->loser_count = UINT32_MAX; }
static void loser_why(struct hostile *h) { h->loser->why = 9; }
static void loser_origin(struct hostile *h) { h->loser->origin = 1000; }
static void loser_kind(struct hostile *h) { h->loser->origin_kind = 9; }

/* Make depths and slots agree with the cuts. */
static void
refill(struct hostile *h)
{
	uint32_t (*slots)[2] = in_root(h, h->view->slots_at);
	const struct cut *cuts = in_root(h, h->view->cuts_at);

	memset(slots, 0, ((size_t)h->view->slot_mask + 1) * sizeof(*slots));
	h->view->depths[0] = h->view->depths[1] = 0;
	for (uint32_t i = 0; i < h->view->cut_count; i++) {
		h->view->depths[cuts[i].labels >> 6] |= 1ull << (cuts[i].labels & 63);
		slots_insert(slots, h->view->slot_mask, name_hash(in_root(h, cuts[i].name_at)),
			     i + 1);
	}
}

static void
cuts_fall(struct hostile *h)
{
	struct cut first = h->cut[0];

	h->cut[0] = h->cut[-1];
	h->cut[-1] = first;
	refill(h);
}

static void
cut_twice(struct hostile *h)
{
	h->cut[-1] = h->cut[0];
	refill(h);
}

static void
no_root_cut(struct hostile *h)
{
	h->view->cuts_at += sizeof(struct cut) / BLOCK_UNIT;
	h->view->cut_count--;
	refill(h);
}

static void
target_port(struct hostile *h)
{
	struct snapshot_rule *rules = in_root(h, h->root->rules_at);

	((struct snapshot_target *)in_root(h, rules[0].targets_at))->port = 65536;
}

static void
no_targets(struct hostile *h)
{
	struct snapshot_rule *rules = in_root(h, h->root->rules_at);

	rules[3].targets_at = rules[3].target_count = 0;
}

static struct snapshot_rule *
rule_of(struct hostile *h, uint32_t number)
{
	return (struct snapshot_rule *)in_root(h, h->root->rules_at) + number;
}

static void rule_policy(struct hostile *h) { rule_of(h, 0)->policy = 3; }
static void on_far(struct hostile *h) { rule_of(h, 0)->on[0] = h->root->rule_count; }
static void on_declared(struct hostile *h) { rule_of(h, 0)->on[3] = 1; }
static void on_itself(struct hostile *h) { rule_of(h, 0)->on[3] = 0; }
static void further_flag(struct hostile *h) { rule_of(h, 0)->further = 2; }
static void further_serves(struct hostile *h) { rule_of(h, 3)->further = 1; }
static void budgets_at(struct hostile *h) { h->root->budgets_at = UINT32_MAX; }
static void many_budgets(struct hostile *h) { h->root->budget_count = UINT32_MAX; }

static void
on_of_internet(struct hostile *h)
{
	rule_of(h, h->root->rule_count - 1)->on[0] = h->root->rule_count - 1;
}

static void
further_internet(struct hostile *h)
{
	rule_of(h, h->root->rule_count - 1)->further = 1;
}

static void
internet_domain(struct hostile *h)
{
	struct snapshot_rule *rules = in_root(h, h->root->rules_at);

	rules[h->root->rule_count - 1].domain_at = rules[1].domain_at;
}

static void
network_view(struct hostile *h)
{
	((struct snapshot_network *)in_root(h, h->root->networks_at))->view_at++;
}

static void
network_cidrs(struct hostile *h)
{
	((struct snapshot_network *)in_root(h, h->root->networks_at))->cidr_count = UINT32_MAX;
}

static void
cidr_bits(struct hostile *h)
{
	struct snapshot_network *network = in_root(h, h->root->networks_at);

	((struct snapshot_cidr *)in_root(h, network->cidrs_at))->prefix.bits = 129;
}

static void
range_order(struct hostile *h)
{
	struct prefix_range *ranges = in_root(h, h->root->clients_at);

	memcpy(ranges[1].first, ranges[2].first, sizeof(ranges[1].first));
}

static void
range_value(struct hostile *h)
{
	((struct prefix_range *)in_root(h, h->root->clients_at))[1].value = 77;
}

static void
range_start(struct hostile *h)
{
	((struct prefix_range *)in_root(h, h->root->clients_at))[0].first[15] = 1;
}

static const struct { int line; void (*change)(struct hostile *h); } hostile_rows[] = {
	{ __LINE__, no_rules }, { __LINE__, no_views }, { __LINE__, networks_at },
	{ __LINE__, many_networks }, { __LINE__, many_zones }, { __LINE__, few_blocks },
	{ __LINE__, zero }, { __LINE__, user }, { __LINE__, depths }, { __LINE__, far_depths },
	{ __LINE__, mask }, { __LINE__, slots_at }, { __LINE__, cuts_at },
	{ __LINE__, no_cuts }, { __LINE__, few_cuts }, { __LINE__, cut_name },
	{ __LINE__, cut_labels }, { __LINE__, cut_action }, { __LINE__, cut_origin },
	{ __LINE__, cut_system }, { __LINE__, forward_nowhere },
	{ __LINE__, forward_internet }, { __LINE__, forward_system }, { __LINE__, no_origin },
	{ __LINE__, no_zone }, { __LINE__, other_zone }, { __LINE__, losers_at },
	{ __LINE__, many_losers }, { __LINE__, loser_why }, { __LINE__, loser_origin },
	{ __LINE__, loser_kind }, { __LINE__, cuts_fall }, { __LINE__, cut_twice },
	{ __LINE__, no_root_cut }, { __LINE__, target_port },
	{ __LINE__, rule_policy }, { __LINE__, on_far }, { __LINE__, on_declared },
	{ __LINE__, on_itself }, { __LINE__, further_flag }, { __LINE__, further_serves },
	{ __LINE__, on_of_internet }, { __LINE__, further_internet },
	{ __LINE__, budgets_at }, { __LINE__, many_budgets },
	{ __LINE__, no_targets }, { __LINE__, internet_domain }, { __LINE__, network_view },
	{ __LINE__, network_cidrs }, { __LINE__, cidr_bits }, { __LINE__, range_order },
	{ __LINE__, range_value }, { __LINE__, range_start },
	{ __LINE__, cut_profile }, { __LINE__, cut_zero }, { __LINE__, loser_profile },
	{ __LINE__, many_profiles },
};

/* The writable copy's cut of a name. */
static struct cut *
hostile_cut(const struct hostile *h, const struct snapshot *snap, const char *name)
{
	const uint64_t *base = (const uint64_t *)(const void *)snap->root;
	const void *cut = walk_view(snap, 0, name);

	return in_root(h, (uint32_t)((const uint64_t *)cut - base));
}

static void
a_root_that_lies_is_refused_whatever_its_checksum(void **state)
{
	struct draft d;
	struct snapshot *snap;
	uint64_t size;

	(void)state;
	draft_init(&d);
	snap = make_estate(&d);
	size = snap->root->block.size;
	for (size_t i = 0; i < COUNT_OF(hostile_rows); i++) {
		struct hostile h = { .root = malloc(size) };

		assert_non_null(h.root);
		memcpy(h.root, snap->root, size);
		h.view = in_root(&h, snapshot_network(snap, 0)->view_at);
		h.cut = hostile_cut(&h, snap, "tie.example");
		h.zone_cut = hostile_cut(&h, snap, "corp.example");
		h.loser = in_root(&h, h.cut->losers_at);
		hostile_rows[i].change(&h);
		h.root->block.checksum = block_checksum(&h.root->block);
		row_int(hostile_rows[i].line, block_verify(h.root, size), ERR_MALFORMED);
		free(h.root);
	}
	snapshot_unref(snap);
	draft_fini(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(precedence_is_settled),
		cmocka_unit_test(what_the_vpc_has_comes_before_its_profiles),
		cmocka_unit_test(a_vpc_that_lacks_a_dns_attribute_has_rules_only),
		cmocka_unit_test(equal_cut_tables_are_one),
		cmocka_unit_test(a_name_with_several_reasons_is_one_cut),
		cmocka_unit_test(the_walk_can_go_on_below_what_it_found),
		cmocka_unit_test(the_longest_suffix_agrees_with_a_naive_scan),
		cmocka_unit_test(a_root_that_lies_is_refused_whatever_its_checksum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
