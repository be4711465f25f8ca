#include "engine/chase.h"

#include <stdarg.h>

#include "engine/keep.h"
#include "engine/reply.h"
#include "engine/targets.h"
#include "unit/unit.h"
#include "unit/world.h"

/* Rules by number: 0 rr-dc, 1 rr-plain, then what rr-dc leads to, then the internet. */
#define NETWORKS						\
	"vpc hub 10.0.0.0/16 eu-west-1\n"			\
	"zone Z-corp corp.example hub\n"			\
	"alias al A www.dc.example. Z32O12XQLNTSW2\n"		\
	"to-dc 60 CNAME www.dc.example.\n"			\
	"forward rr-dc dc.example hub 192.168.0.53\n"		\
	"forward rr-plain plain.example hub 192.168.0.99\n"	\
	"internet 9.9.9.9\n"					\
	"listen 5300 hub\n"					\
	"cache 1000 86400000 900000\n"				\
	"serve_stale 3600000\n"

#define RULE_DC	   0
#define RULE_PLAIN 1

static const char strict[] = NETWORKS;

/* nodata goes to 192.168.1.1 (rule 2), servfail to .2 (3), timeout to .3 (4), nxdomain out (5). */
static const char generous[] = NETWORKS
	"on rr-dc nxdomain internet\n"
	"on rr-dc nodata 192.168.1.1\n"
	"on rr-dc servfail 192.168.1.2\n"
	"on rr-dc timeout 192.168.1.3\n";

enum { ON_RULE_NODATA = 2, ON_RULE_SERVFAIL, ON_RULE_TIMEOUT, ON_RULE_INTERNET };

/* A resolver whose cache is filled by hand, and what there is to be found in it. */
struct scene {
	struct world w;
	struct targets *targets;
	struct keep *keep;
	struct refreshes refreshes;
	enum stale_policy stale;
	uint64_t waited_ms;
	const struct ask *landed_ask;
	const struct cached *landed;
	char text[512];
	_Alignas(8) uint8_t room[CACHED_MAX_OCTETS];
};

static struct scene *
scene_make(const char *estate)
{
	static const struct hash_key key = { 1, 2 };
	struct scene *s = calloc(1, sizeof(*s));

	world_load(&s->w, estate);
	s->targets = targets_new(0, &key);
	s->keep = keep_new(8);
	assert_true(s->targets && s->keep);
	s->w.now_ms = 1000000;
	return s;
}

static void
scene_end(struct scene *s)
{
	targets_free(s->targets);
	keep_free(s->keep);
	world_end(&s->w);
	free(s);
}

static struct ask
ask_of(const struct scene *s, uint32_t rule, const char *name)
{
	return (struct ask){ .upstream = snapshot_rule(s->w.snap, rule)->identity, .rule = rule,
			     .type = TYPE_A, .klass = CLASS_IN,
			     .name = wire_name(name, NULL) };
}

/** The rule's targets say this about the name; one record, or NULL: none.  Kept in the cache. */
static void
said(struct scene *s, uint32_t rule, const char *name, uint16_t rcode, const char *record)
{
	struct ask ask = ask_of(s, rule, name);
	struct reply_expected expected = { .ask = &ask, .id = 77, .asked = ask.name.wire,
					   .domain = ask_domain(s->w.snap, &ask) };
	uint8_t packet[512];
	struct writer out = writer_over(packet, sizeof(packet));
	struct cached *entry = (struct cached *)(void *)s->room;
	char soa[128];
	uint16_t got;

	snprintf(soa, sizeof(soa), "%s. 60 SOA ns. host. 1 7200 900 1209600 60",
		 strchr(name, '.') + 1);
	writer_u16(&out, 77);
	writer_u16(&out, (uint16_t)(MSG_QR | MSG_RD | MSG_RA | rcode));
	writer_u16(&out, 1);
	writer_u16(&out, 0);
	writer_u32(&out, 0);
	writer_bytes(&out, ask.name.wire, ask.name.len);
	writer_u32(&out, TYPE_A << 16 | CLASS_IN);
	wire_append(&out, record ? SECTION_ANSWER : SECTION_AUTHORITY, record ? record : soa);
	assert_int_equal(reply_read(packet, out.len, &expected, entry, &got), REPLY_ANSWER);
	cache_put(s->w.resolver.cache, &ask, entry, s->w.now_ms);
}

/** The rule's targets said that they cannot, or nothing at all. */
static void
failed(struct scene *s, uint32_t rule, const char *name, bool silent)
{
	struct ask ask = ask_of(s, rule, name);
	struct cached *entry = (struct cached *)(void *)s->room;

	reply_failure(RCODE_SERVFAIL, EDE_NO_REACHABLE_AUTHORITY, "as told", entry);
	entry->silent = silent;
	cache_fail(s->w.resolver.cache, &ask, entry, false, s->w.now_ms);
}

static void
add(struct scene *s, const char *fmt, ...)
{
	size_t len = strlen(s->text);
	va_list args;

	va_start(args, fmt);
	vsnprintf(s->text + len, sizeof(s->text) - len, fmt, args);
	va_end(args);
}

/**
 * What a client hears: "NOERROR A 30 stale 3", or "ask rr-dc", with "has_stale" or
 * "has_further"; then what is refreshed though nobody waits for it.
 */
static const char *
hear(struct scene *s, const char *name_text)
{
	struct name name = wire_name(name_text, NULL);
	uint8_t wire[NAME_MAX_OCTETS + 4];
	char word[CODE_TEXT_MAX];
	struct answer answer;
	struct chase chase;
	struct question q;
	struct ask ask;

	question_make(&name, TYPE_A, &q, wire);
	s->w.scratch->used = 0;
	s->refreshes.count = 0;
	chase_init(&chase, &s->w.resolver, 0, s->w.now_ms - s->waited_ms);
	chase.clock_ms = s->w.now_ms;
	chase.stale = s->stale;
	chase.refreshes = &s->refreshes;
	chase.targets = s->targets;
	chase.keep = s->keep;
	chase.landed_ask = s->landed_ask;
	chase.landed = s->landed;
	s->text[0] = '\0';
	if (chase_question(&chase, &q, &answer, &ask) == CHASE_ASK) {
		add(s, "ask %s%s%s",
		    snapshot_string(s->w.snap, snapshot_rule(s->w.snap, ask.rule)->id_at),
		    ask.has_stale ? " has_stale" : "", ask.has_further ? " has_further" : "");
	} else {
		add(s, "%s", rcode_print(answer.rcode, word));
		for (unsigned i = 0; i < answer.count; i++)
			add(s, " %s %u", type_print(answer.items[i].set.type, word),
			    answer.items[i].ttl_s);
		if (answer.ede != EDE_NONE)
			add(s, " ede %u", answer.ede);
	}
	for (unsigned i = 0; i < s->refreshes.count; i++)
		add(s, "; %s %s",
		    s->refreshes.list[i].is_ahead ? "prefetch" : "refresh",
		    snapshot_string(s->w.snap,
				    snapshot_rule(s->w.snap, s->refreshes.list[i].rule)->id_at));
	return s->text;
}

#define HEAR(s, name, want) assert_string_equal(hear(s, name), want)

/** Nothing comes from the rule's target until it is down, and its probe not due. */
static void
take_down(struct scene *s, uint32_t rule)
{
	const struct snapshot_target *target =
		snapshot_targets(s->w.snap, snapshot_rule(s->w.snap, rule));
	uint32_t slot = targets_slot(s->targets, target, s->w.now_ms);

	for (unsigned i = 0; i < 30 && !targets_all_down(s->targets, target, 1, s->w.now_ms);
	     i++) {
		targets_sent(s->targets, slot, s->w.now_ms);
		s->w.now_ms += 100;
		targets_lost(s->targets, slot, s->w.now_ms);
	}
	assert_true(targets_all_down(s->targets, target, 1, s->w.now_ms));
}

static void
an_expired_answer_is_asked_for_first_and_given_when_that_takes_long(void **state)
{
	struct scene *s = scene_make(strict);

	(void)state;
	HEAR(s, "www.dc.example", "ask rr-dc");
	said(s, RULE_DC, "www.dc.example", RCODE_NOERROR, "www.dc.example. 60 A 10.0.0.1");
	HEAR(s, "www.dc.example", "NOERROR A 60");
	s->w.now_ms += 60000;
	HEAR(s, "www.dc.example", "ask rr-dc has_stale");
	s->waited_ms = 20;
	s->w.now_ms += 20;
	s->stale = STALE_NOW;
	HEAR(s, "www.dc.example", "NOERROR A 30 ede 3");
	s->w.now_ms += 3600000;
	s->waited_ms = 0;
	HEAR(s, "www.dc.example", "ask rr-dc");
	assert_int_equal(s->w.resolver.counters.stale_answers, 1);
	scene_end(s);
}

static void
negative_answers_become_stale_as_well(void **state)
{
	struct scene *s = scene_make(strict);

	(void)state;
	said(s, RULE_DC, "no.dc.example", RCODE_NXDOMAIN, NULL);
	said(s, RULE_DC, "empty.dc.example", RCODE_NOERROR, NULL);
	s->w.now_ms += 60000;
	s->stale = STALE_NOW;
	HEAR(s, "no.dc.example", "NXDOMAIN SOA 30 ede 19");
	HEAR(s, "empty.dc.example", "NOERROR SOA 30 ede 3");
	scene_end(s);
}

static void
after_a_failure_nobody_waits_and_it_is_tried_again_when_it_may_be(void **state)
{
	struct scene *s = scene_make(strict);

	(void)state;
	said(s, RULE_DC, "www.dc.example", RCODE_NOERROR, "www.dc.example. 60 A 10.0.0.1");
	s->w.now_ms += 70000;
	failed(s, RULE_DC, "www.dc.example", false);
	HEAR(s, "www.dc.example", "NOERROR A 30 ede 3");
	s->w.now_ms += 999;
	HEAR(s, "www.dc.example", "NOERROR A 30 ede 3");
	s->w.now_ms += 1;
	HEAR(s, "www.dc.example", "NOERROR A 30 ede 3; refresh rr-dc");
	failed(s, RULE_DC, "www.dc.example", true);
	HEAR(s, "www.dc.example", "NOERROR A 30 ede 3");
	s->w.now_ms += 2000;
	HEAR(s, "www.dc.example", "NOERROR A 30 ede 3; refresh rr-dc");
	said(s, RULE_DC, "www.dc.example", RCODE_NOERROR, "www.dc.example. 60 A 10.0.0.2");
	HEAR(s, "www.dc.example", "NOERROR A 60");
	scene_end(s);
}

static void
who_waited_for_what_failed_hears_what_is_stale(void **state)
{
	struct scene *s = scene_make(strict);
	struct ask ask = ask_of(s, RULE_DC, "www.dc.example");

	(void)state;
	said(s, RULE_DC, "www.dc.example", RCODE_NOERROR, "www.dc.example. 60 A 10.0.0.1");
	s->w.now_ms += 70000;
	failed(s, RULE_DC, "www.dc.example", true);
	s->landed_ask = &ask;
	s->landed = (struct cached *)(void *)s->room;
	s->waited_ms = 15;
	HEAR(s, "www.dc.example", "NOERROR A 30 ede 3");
	/* without a copy the failure is the answer, kept or not */
	cache_flush(s->w.resolver.cache, ask.name.wire, false);
	HEAR(s, "www.dc.example", "SERVFAIL ede 22");
	scene_end(s);
}

static void
when_all_targets_are_down_nothing_is_waited_for(void **state)
{
	struct scene *s = scene_make(strict);

	(void)state;
	said(s, RULE_DC, "www.dc.example", RCODE_NOERROR, "www.dc.example. 60 A 10.0.0.1");
	said(s, RULE_DC, "brief.dc.example", RCODE_NOERROR, "brief.dc.example. 1 A 10.0.0.1");
	s->w.now_ms += 500;
	take_down(s, RULE_DC);
	HEAR(s, "www.dc.example", "NOERROR A 59");
	HEAR(s, "brief.dc.example", "NOERROR A 30 ede 3");
	HEAR(s, "other.dc.example", "SERVFAIL ede 22");
	HEAR(s, "www.plain.example", "ask rr-plain");
	/* a probe is due, and the next one who asks is it */
	s->w.now_ms += 250;
	HEAR(s, "other.dc.example", "ask rr-dc");
	HEAR(s, "brief.dc.example", "ask rr-dc has_stale");
	scene_end(s);
}

static void
what_is_asked_often_is_fetched_before_it_expires(void **state)
{
	struct scene *s = scene_make(strict);

	(void)state;
	said(s, RULE_DC, "www.dc.example", RCODE_NOERROR, "www.dc.example. 60 A 10.0.0.1");
	HEAR(s, "www.dc.example", "NOERROR A 60");
	s->w.now_ms += 54000;
	HEAR(s, "www.dc.example", "NOERROR A 6; prefetch rr-dc");
	HEAR(s, "www.dc.example", "NOERROR A 6");
	scene_end(s);
}

/* RFC 8767 lets TTL 0 become stale; nobody may be given it just because we are impatient. */
static void
an_answer_of_ttl_zero_stands_in_for_a_failure_only(void **state)
{
	struct scene *s = scene_make(strict);

	(void)state;
	said(s, RULE_DC, "www.dc.example", RCODE_NOERROR, "www.dc.example. 0 A 10.0.0.1");
	s->w.now_ms += 2000;
	HEAR(s, "www.dc.example", "ask rr-dc");
	failed(s, RULE_DC, "www.dc.example", true);
	HEAR(s, "www.dc.example", "NOERROR A 30 ede 3");
	scene_end(s);
}

static void
a_chain_with_a_stale_part_says_so(void **state)
{
	struct scene *s = scene_make(strict);

	(void)state;
	said(s, RULE_DC, "www.dc.example", RCODE_NOERROR, "www.dc.example. 60 A 10.0.0.1");
	s->w.now_ms += 70000;
	failed(s, RULE_DC, "www.dc.example", true);
	HEAR(s, "to-dc.corp.example", "NOERROR CNAME 60 A 30 ede 3");
	HEAR(s, "al.corp.example", "NOERROR A 30 ede 3");
	assert_int_equal(keep_count(s->keep), 1);
	scene_end(s);
}

static void
serve_stale_0_turns_it_off(void **state)
{
	struct scene *s = scene_make(NETWORKS "serve_stale 0\nprefetch off\n");

	(void)state;
	said(s, RULE_DC, "www.dc.example", RCODE_NOERROR, "www.dc.example. 60 A 10.0.0.1");
	for (unsigned i = 0; i < 5; i++)
		HEAR(s, "www.dc.example", "NOERROR A 60");
	s->w.now_ms += 59000;
	HEAR(s, "www.dc.example", "NOERROR A 1");
	s->w.now_ms += 1000;
	HEAR(s, "www.dc.example", "ask rr-dc");
	failed(s, RULE_DC, "www.dc.example", true);
	HEAR(s, "www.dc.example", "SERVFAIL ede 22");
	scene_end(s);
}

static void
each_outcome_leads_to_its_own_rule(void **state)
{
	struct scene *s = scene_make(generous);

	(void)state;
	assert_int_equal(s->w.snap->root->rule_count, 6);
	HEAR(s, "a.dc.example", "ask rr-dc has_further");
	said(s, RULE_DC, "a.dc.example", RCODE_NOERROR, "a.dc.example. 60 A 10.0.0.1");
	HEAR(s, "a.dc.example", "NOERROR A 60");

	said(s, RULE_DC, "b.dc.example", RCODE_NXDOMAIN, NULL);
	HEAR(s, "b.dc.example", "ask internet_resolver");
	said(s, ON_RULE_INTERNET, "b.dc.example", RCODE_NOERROR, "b.dc.example. 50 A 10.0.0.1");
	HEAR(s, "b.dc.example", "NOERROR A 50");

	said(s, RULE_DC, "c.dc.example", RCODE_NOERROR, NULL);
	HEAR(s, "c.dc.example", "ask rr-dc on nodata");
	said(s, ON_RULE_NODATA, "c.dc.example", RCODE_NXDOMAIN, NULL);
	HEAR(s, "c.dc.example", "NXDOMAIN SOA 60");

	failed(s, RULE_DC, "d.dc.example", false);
	HEAR(s, "d.dc.example", "ask rr-dc on servfail");
	failed(s, ON_RULE_SERVFAIL, "d.dc.example", false);
	HEAR(s, "d.dc.example", "SERVFAIL ede 22");

	failed(s, RULE_DC, "e.dc.example", true);
	HEAR(s, "e.dc.example", "ask rr-dc on timeout");
	said(s, ON_RULE_TIMEOUT, "e.dc.example", RCODE_NOERROR, "e.dc.example. 40 A 10.0.0.1");
	HEAR(s, "e.dc.example", "NOERROR A 40");

	/* another rule goes nowhere */
	said(s, RULE_PLAIN, "www.plain.example", RCODE_NXDOMAIN, NULL);
	HEAR(s, "www.plain.example", "NXDOMAIN SOA 60");
	scene_end(s);
}

/** "nodata: rr-dc, then rr-dc on nodata" */
static void
tell_further(void *context, const struct explain_step *step)
{
	struct scene *s = context;

	if (step->kind == EXPLAIN_FURTHER)
		add(s, "%s: %s, then %s", rule_outcome_text(step->outcome),
		    snapshot_string(s->w.snap, snapshot_rule(s->w.snap, step->ask->rule)->id_at),
		    snapshot_string(s->w.snap, snapshot_rule(s->w.snap, step->rule)->id_at));
	if (step->kind == EXPLAIN_ASK)
		add(s, "; ask %s",
		    snapshot_string(s->w.snap, snapshot_rule(s->w.snap, step->ask->rule)->id_at));
}

static void
each_step_from_rule_to_rule_is_told(void **state)
{
	struct scene *s = scene_make(generous);
	struct name name = wire_name("c.dc.example", NULL);
	uint8_t wire[NAME_MAX_OCTETS + 4];
	struct answer answer;
	struct question q;

	(void)state;
	question_make(&name, TYPE_A, &q, wire);
	said(s, RULE_DC, "c.dc.example", RCODE_NOERROR, NULL);
	explain_query(&s->w.resolver, 0, &q, s->w.now_ms, tell_further, s, &answer);
	assert_string_equal(s->text, "nodata: rr-dc, then rr-dc on nodata; "
				     "ask rr-dc on nodata");
	scene_end(s);
}

static void
by_default_the_answer_stands_whatever_it_is(void **state)
{
	struct scene *s = scene_make(strict);

	(void)state;
	said(s, RULE_DC, "b.dc.example", RCODE_NXDOMAIN, NULL);
	HEAR(s, "b.dc.example", "NXDOMAIN SOA 60");
	said(s, RULE_DC, "c.dc.example", RCODE_NOERROR, NULL);
	HEAR(s, "c.dc.example", "NOERROR SOA 60");
	failed(s, RULE_DC, "d.dc.example", true);
	HEAR(s, "d.dc.example", "SERVFAIL ede 22");
	scene_end(s);
}

static void
a_rule_that_is_late_is_gone_on_from(void **state)
{
	struct scene *s = scene_make(generous);

	(void)state;
	s->waited_ms = PATIENCE_FURTHER_MS - 1;
	HEAR(s, "a.dc.example", "ask rr-dc has_further");
	s->waited_ms = PATIENCE_FURTHER_MS;
	HEAR(s, "a.dc.example", "ask rr-dc on timeout");
	said(s, ON_RULE_TIMEOUT, "a.dc.example", RCODE_NOERROR, "a.dc.example. 40 A 10.0.0.1");
	HEAR(s, "a.dc.example", "NOERROR A 40");
	s->stale = STALE_NOW;
	HEAR(s, "b.dc.example", "ask rr-dc on timeout");
	s->stale = STALE_AFTER_FAILURE;
	s->waited_ms = 0;
	take_down(s, RULE_DC);
	HEAR(s, "c.dc.example", "ask rr-dc on timeout");
	scene_end(s);
}

static void
another_rule_comes_before_what_is_stale_and_that_before_a_failure(void **state)
{
	struct scene *s = scene_make(generous);

	(void)state;
	said(s, RULE_DC, "a.dc.example", RCODE_NOERROR, "a.dc.example. 60 A 10.0.0.1");
	s->w.now_ms += 70000;
	HEAR(s, "a.dc.example", "ask rr-dc has_stale has_further");
	failed(s, RULE_DC, "a.dc.example", true);
	HEAR(s, "a.dc.example", "ask rr-dc on timeout has_stale");
	s->stale = STALE_NOW;
	HEAR(s, "a.dc.example", "NOERROR A 30 ede 3");
	s->stale = STALE_AFTER_FAILURE;
	failed(s, ON_RULE_TIMEOUT, "a.dc.example", true);
	HEAR(s, "a.dc.example", "NOERROR A 30 ede 3");
	s->w.now_ms += 4000;
	said(s, ON_RULE_TIMEOUT, "a.dc.example", RCODE_NOERROR, "a.dc.example. 40 A 10.0.0.9");
	HEAR(s, "a.dc.example", "NOERROR A 40; refresh rr-dc");
	scene_end(s);
}

static void
a_cname_is_no_absence_and_its_target_begins_with_the_rule_again(void **state)
{
	struct scene *s = scene_make(generous);

	(void)state;
	said(s, RULE_DC, "a.dc.example", RCODE_NXDOMAIN, "a.dc.example. 60 CNAME b.dc.example.");
	HEAR(s, "a.dc.example", "NXDOMAIN CNAME 1");
	said(s, RULE_DC, "b.dc.example", RCODE_NXDOMAIN, NULL);
	said(s, ON_RULE_INTERNET, "b.dc.example", RCODE_NOERROR,
	     "b.dc.example. 50 CNAME c.dc.example.");
	HEAR(s, "b.dc.example", "ask rr-dc has_further");
	said(s, RULE_DC, "c.dc.example", RCODE_NOERROR, "c.dc.example. 60 A 10.0.0.1");
	HEAR(s, "b.dc.example", "NOERROR CNAME 50 A 60");
	scene_end(s);
}

static void
a_rule_or_zone_added_over_a_name_hides_what_was_cached(void **state)
{
	struct scene *s = scene_make(strict);

	(void)state;
	said(s, RULE_DC, "www.dc.example", RCODE_NOERROR, "www.dc.example. 60 A 10.0.0.1");
	HEAR(s, "www.dc.example", "NOERROR A 60");
	world_load(&s->w, NETWORKS "forward rr-www www.dc.example hub 192.168.0.7\n");
	HEAR(s, "www.dc.example", "ask rr-www");
	world_load(&s->w, NETWORKS "zone Z-www www.dc.example hub\n@ 7 A 10.0.0.7\n");
	HEAR(s, "www.dc.example", "NOERROR A 7");
	/* with other targets it is another upstream; with `on` it is the same */
	world_load(&s->w, generous);
	HEAR(s, "www.dc.example", "NOERROR A 60");
	world_load(&s->w, strict);
	HEAR(s, "www.dc.example", "NOERROR A 60");
	scene_end(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			an_expired_answer_is_asked_for_first_and_given_when_that_takes_long),
		cmocka_unit_test(negative_answers_become_stale_as_well),
		cmocka_unit_test(
			after_a_failure_nobody_waits_and_it_is_tried_again_when_it_may_be),
		cmocka_unit_test(who_waited_for_what_failed_hears_what_is_stale),
		cmocka_unit_test(when_all_targets_are_down_nothing_is_waited_for),
		cmocka_unit_test(what_is_asked_often_is_fetched_before_it_expires),
		cmocka_unit_test(an_answer_of_ttl_zero_stands_in_for_a_failure_only),
		cmocka_unit_test(a_chain_with_a_stale_part_says_so),
		cmocka_unit_test(serve_stale_0_turns_it_off),
		cmocka_unit_test(each_outcome_leads_to_its_own_rule),
		cmocka_unit_test(each_step_from_rule_to_rule_is_told),
		cmocka_unit_test(by_default_the_answer_stands_whatever_it_is),
		cmocka_unit_test(a_rule_that_is_late_is_gone_on_from),
		cmocka_unit_test(another_rule_comes_before_what_is_stale_and_that_before_a_failure),
		cmocka_unit_test(a_cname_is_no_absence_and_its_target_begins_with_the_rule_again),
		cmocka_unit_test(a_rule_or_zone_added_over_a_name_hides_what_was_cached),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
