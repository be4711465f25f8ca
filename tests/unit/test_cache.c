#include "engine/cache.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns/codes.h"
#include "engine/reply.h"
#include "unit/unit.h"

#define KEYS 3000

static const struct cache_settings defaults = {
	.min_ttl_ms = 1000,
	.max_ttl_ms = 86400000,
	.max_negative_ttl_ms = 900000,
};

static struct cache *
cache_make(const struct cache_settings *settings)
{
	struct cache *cache = cache_new(settings);

	assert_non_null(cache);
	return cache;
}

/** Ask number n; all fields of the key differ somewhere among them. */
static struct ask
ask_number(unsigned n)
{
	struct ask ask = {
		.upstream = { n % 3, 7 },
		.type = n % 2 ? TYPE_A : TYPE_AAAA,
		.klass = CLASS_IN,
		.dnssec_ok = n / 2 % 2,
		.checking_disabled = n / 4 % 2,
	};
	char text[128];

	snprintf(text, sizeof(text), "name-%u.%s.example", n / 8,
		 n % 5 ? "short" : "a-label-so-long-that-the-key-takes-more-than-one-cell-of-it");
	assert_int_equal(name_parse(text, &ask.name), OK);
	return ask;
}

/* A made-up answer: one TXT-like set of `len` octets of data that say whose it is. */
struct made {
	_Alignas(8) uint8_t octets[CACHED_MAX_OCTETS];
};

static struct cached *
answer_make(struct made *made, uint32_t tag, uint16_t len, uint32_t ttl_s)
{
	struct cached *entry = (struct cached *)(void *)made->octets;
	uint8_t *wire = (uint8_t *)&entry->sets[1];

	memset(made->octets, 0, sizeof(*entry) + sizeof(entry->sets[0]));
	entry->ede = EDE_NONE;
	entry->set_count = 1;
	entry->sets[0] = (struct cached_set){
		.wire_at = (uint32_t)(wire - made->octets),
		.names_at = (uint32_t)(wire - made->octets),
		.ttl_s = ttl_s,
		.type = TYPE_TXT,
		.count = 1,
		.wire_len = len,
		.section = SECTION_ANSWER,
	};
	for (uint16_t i = 0; i < len; i++)
		wire[i] = (uint8_t)(tag >> i % 4 * 8);
	entry->len = (uint32_t)(wire - made->octets) + len;
	return entry;
}

static bool
is_tagged(const struct cached *entry, uint32_t tag, uint16_t len)
{
	struct rrset set = cached_rrset(entry, 0);

	if (set.wire_len != len)
		return false;
	for (uint16_t i = 0; i < len; i++)
		if (set.wire[i] != (uint8_t)(tag >> i % 4 * 8))
			return false;
	return true;
}

/** What is found, be it fresh, stale or a failure. */
static const struct cached *
found(struct cache *cache, const struct ask *ask, uint64_t now_ms, struct scratch *scratch)
{
	struct cache_found out;
	enum cache_state state = cache_find(cache, ask, now_ms, scratch, &out);

	assert_int_equal(state, out.state);
	assert_int_equal(state == CACHE_NONE, out.entry == NULL);
	return out.entry;
}

static enum cache_state
state_at(struct cache *cache, const struct ask *ask, uint64_t now_ms, struct cache_found *out)
{
	static struct scratch scratch;

	scratch.used = 0;
	return cache_find(cache, ask, now_ms, &scratch, out);
}

/* What a cache of no limits would know. */
struct model {
	bool present;
	uint32_t tag;
	uint16_t len;
	uint64_t expires_ms;
};

static void
an_entry_found_is_the_last_one_put_under_its_key_and_has_not_expired(void **state)
{
	struct cache_settings settings = defaults;
	struct cache *cache = cache_make(&settings);
	struct scratch *scratch = malloc(sizeof(*scratch));
	struct made *made = malloc(sizeof(*made));
	static struct model model[KEYS];
	struct cache_stats stats;
	uint64_t seed = 5, now_ms = 1000, hits = 0, missed = 0;

	(void)state;
	memset(model, 0, sizeof(model));
	for (uint32_t run = 0; run < 100000; run++) {
		unsigned n = random_to(&seed, KEYS);
		struct ask ask = ask_number(n);

		now_ms += random_to(&seed, 40);
		if (random_to(&seed, 3) == 0) {
			struct model *m = &model[n];
			struct cached *entry;

			m->present = true;
			m->tag = run;
			m->len = (uint16_t)random_to(&seed, random_to(&seed, 20) ? 600 : 20000);
			entry = answer_make(made, m->tag, m->len, 1 + random_to(&seed, 200));
			cache_put(cache, &ask, entry, now_ms);
			m->expires_ms = entry->expires_ms;
		} else if (random_to(&seed, 2000) == 0) {
			cache_flush(cache, ask.name.wire, false);
			for (unsigned i = 0; i < KEYS; i++) {
				struct ask other = ask_number(i);

				if (name_wire_equal(other.name.wire, ask.name.wire))
					model[i].present = false;
			}
		} else {
			const struct cached *entry;

			scratch->used = 0;
			entry = found(cache, &ask, now_ms, scratch);
			hits += entry != NULL;
			missed += !entry && model[n].present && model[n].expires_ms > now_ms;
			if (!entry)
				continue;
			assert_true(model[n].present);
			assert_true(model[n].expires_ms > now_ms);
			assert_int_equal(entry->expires_ms, model[n].expires_ms);
			assert_true(is_tagged(entry, model[n].tag, model[n].len));
		}
		cache_stats(cache, &stats);
		assert_true(stats.octets_used <= CACHE_MIN_OCTETS);
	}
	assert_true(stats.evictions > 100);	/* it was full, or this shows nothing */
	assert_true(hits > 10000 && missed > 100);
	cache_free(cache);
	free(scratch);
	free(made);
}

static void
every_part_of_the_key_keeps_entries_apart(void **state)
{
	struct cache *cache = cache_make(&defaults);
	struct scratch *scratch = malloc(sizeof(*scratch));
	struct made *made = malloc(sizeof(*made));
	struct ask ask = ask_number(0), other[7];

	(void)state;
	scratch->used = 0;
	cache_put(cache, &ask, answer_make(made, 1, 4, 60), 0);
	for (unsigned i = 0; i < 7; i++)
		other[i] = ask;
	other[0].upstream.lo++;
	other[1].upstream.hi++;
	other[2].type++;
	other[3].klass++;
	other[4].dnssec_ok = true;
	other[5].checking_disabled = true;
	other[6].name.wire[1]++;
	for (unsigned i = 0; i < 7; i++) {
		assert_false(ask_equal(&ask, &other[i]));
		assert_null(found(cache, &other[i], 0, scratch));
	}
	ask.rule = 99;		/* a number, not an identity */
	assert_non_null(found(cache, &ask, 0, scratch));
	cache_free(cache);
	free(scratch);
	free(made);
}

/** An entry with one answer set (type 0: none) and one SOA (ttl 0 and minimum 0: none). */
static struct cached *
entry_make(struct made *made, uint16_t rcode, uint16_t type, uint32_t ttl_s, uint32_t soa_ttl_s,
	   uint32_t minimum)
{
	struct cached *entry = (struct cached *)(void *)made->octets;
	uint32_t at = sizeof(*entry) + 2 * sizeof(entry->sets[0]);

	memset(made->octets, 0, at + 64);
	entry->rcode = rcode;
	entry->ede = EDE_NONE;
	if (type)
		entry->sets[entry->set_count++] = (struct cached_set){
			.wire_at = at, .names_at = at, .ttl_s = ttl_s, .type = type, .count = 1,
			.wire_len = 16, .section = SECTION_ANSWER };
	if (soa_ttl_s || minimum) {
		store_u32(made->octets + at + 34 - 4, minimum);
		entry->sets[entry->set_count++] = (struct cached_set){
			.owner_at = at + 40, .wire_at = at, .names_at = at, .ttl_s = soa_ttl_s,
			.type = TYPE_SOA, .count = 1, .wire_len = 34,
			.section = SECTION_AUTHORITY };
	}
	entry->len = at + 64;
	return entry;
}

static void
an_answer_lives_as_long_as_its_ttls_and_the_bounds_say(void **state)
{
	static const struct {
		int line;
		uint16_t rcode, type;
		uint32_t ttl_s, soa_ttl_s, minimum;
		uint64_t want_ms;
	} rows[] = {
		{ __LINE__, RCODE_NOERROR, TYPE_A, 60, 0, 0, 60000 },
		{ __LINE__, RCODE_NOERROR, TYPE_A, 0, 0, 0, 1000 },
		{ __LINE__, RCODE_NOERROR, TYPE_A, 700000, 0, 0, 86400000 },
		{ __LINE__, RCODE_NOERROR, TYPE_CNAME, 60, 0, 0, 60000 },
		/* negative: the smaller of the SOA's TTL and minimum (RFC 2308 5) */
		{ __LINE__, RCODE_NXDOMAIN, 0, 0, 300, 60, 60000 },
		{ __LINE__, RCODE_NXDOMAIN, 0, 0, 30, 60, 30000 },
		{ __LINE__, RCODE_NXDOMAIN, 0, 0, 3600, 3600, 900000 },
		{ __LINE__, RCODE_NOERROR, 0, 0, 300, 60, 60000 },
		{ __LINE__, RCODE_NXDOMAIN, TYPE_CNAME, 20, 300, 60, 20000 },
		/* without SOA as short as may be */
		{ __LINE__, RCODE_NXDOMAIN, 0, 0, 0, 0, 1000 },
		{ __LINE__, RCODE_NOERROR, 0, 0, 0, 0, 1000 },
		{ __LINE__, RCODE_NXDOMAIN, TYPE_CNAME, 500, 0, 0, 1000 },
		{ __LINE__, RCODE_SERVFAIL, 0, 0, 0, 0, CACHE_FAILURE_MS },
	};
	struct cache *cache = cache_make(&defaults);
	struct scratch *scratch = malloc(sizeof(*scratch));
	struct made *made = malloc(sizeof(*made));

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct cached *entry = entry_make(made, rows[i].rcode, rows[i].type, rows[i].ttl_s,
						  rows[i].soa_ttl_s, rows[i].minimum);
		struct ask ask = ask_number(i);

		cache_put(cache, &ask, entry, 5000);
		row_int(rows[i].line, entry->stored_ms, 5000);
		row_int(rows[i].line, entry->expires_ms, 5000 + rows[i].want_ms);
		scratch->used = 0;
		row_true(rows[i].line,
			 found(cache, &ask, 5000 + rows[i].want_ms - 1, scratch));
		row_true(rows[i].line, !found(cache, &ask, 5000 + rows[i].want_ms, scratch));
	}
	cache_free(cache);
	free(scratch);
	free(made);
}

static void
a_reload_changes_the_bounds_of_what_comes_later(void **state)
{
	struct cache_settings settings = defaults;
	struct cache *cache = cache_make(&settings);
	struct made *made = malloc(sizeof(*made));
	struct ask ask = ask_number(1);
	struct cached *entry;

	(void)state;
	settings.max_ttl_ms = 5000;
	cache_configure(cache, &settings);
	entry = answer_make(made, 1, 4, 60);
	cache_put(cache, &ask, entry, 0);
	assert_int_equal(entry->expires_ms, 5000);
	cache_free(cache);
	free(made);
}

static void
ttl_zero_serves_those_who_asked_before_it_came(void **state)
{
	struct cache_settings settings = { .max_ttl_ms = 86400000 };
	struct cache *cache = cache_make(&settings);
	struct scratch *scratch = malloc(sizeof(*scratch));
	struct made *made = malloc(sizeof(*made));
	struct ask ask = ask_number(1);

	(void)state;
	cache_put(cache, &ask, answer_make(made, 1, 4, 0), 5000);
	scratch->used = 0;
	assert_non_null(found(cache, &ask, 4000, scratch));
	assert_non_null(found(cache, &ask, 5000, scratch));
	assert_null(found(cache, &ask, 5001, scratch));
	cache_free(cache);
	free(scratch);
	free(made);
}

static void
ttls_age_and_never_outlive_the_entry(void **state)
{
	static const struct {
		int line;
		uint64_t now_ms;
		uint32_t want_s;
	} rows[] = {
		{ __LINE__, 9000, 60 },	/* resolved as of before it was stored */
		{ __LINE__, 10000, 60 },
		{ __LINE__, 10999, 60 },
		{ __LINE__, 11000, 59 },
		{ __LINE__, 69001, 1 },
		{ __LINE__, 69999, 1 },
		{ __LINE__, 70000, 0 },
		{ __LINE__, 900000, 0 },
	};
	struct cache *cache = cache_make(&defaults);
	struct made *made = malloc(sizeof(*made));
	struct cached *entry = answer_make(made, 1, 4, 60);
	struct ask ask = ask_number(1);

	(void)state;
	cache_put(cache, &ask, entry, 10000);
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		row_int(rows[i].line, cached_ttl(entry, 0, rows[i].now_ms), rows[i].want_s);

	/* the SOA says how long "no such name" holds, not how long the SOA would */
	entry = entry_make(made, RCODE_NXDOMAIN, 0, 0, 3600, 30);
	cache_put(cache, &ask, entry, 10000);
	assert_int_equal(cached_ttl(entry, 0, 10000), 30);
	assert_int_equal(cached_ttl(entry, 0, 20000), 20);
	cache_free(cache);
	free(made);
}

static void
names_asked_once_do_not_push_out_those_asked_again(void **state)
{
	struct cache *cache = cache_make(&defaults);
	struct scratch *scratch = malloc(sizeof(*scratch));
	struct made *made = malloc(sizeof(*made));
	unsigned kept = 0;
	struct cache_stats stats;

	(void)state;
	for (unsigned n = 0; n < 200; n++) {
		struct ask ask = ask_number(n);

		cache_put(cache, &ask, answer_make(made, n, 40, 3600), 0);
	}
	for (unsigned flood = 0; flood < 100000; flood++) {
		struct ask once = ask_number(1000 + flood), hot = ask_number(flood % 200);

		cache_put(cache, &once, answer_make(made, flood, 40, 3600), 0);
		scratch->used = 0;
		if (flood % 3 == 0)
			(void)!found(cache, &hot, 0, scratch);
	}
	for (unsigned n = 0; n < 200; n++) {
		struct ask ask = ask_number(n);

		scratch->used = 0;
		kept += found(cache, &ask, 0, scratch) != NULL;
	}
	cache_stats(cache, &stats);
	assert_true(stats.evictions > 50000);
	assert_in_range(kept, 190, 200);
	cache_free(cache);
	free(scratch);
	free(made);
}

static void
what_was_asked_again_once_goes_in_the_end(void **state)
{
	struct cache *cache = cache_make(&defaults);
	struct scratch *scratch = malloc(sizeof(*scratch));
	struct made *made = malloc(sizeof(*made));
	unsigned kept = 0;

	(void)state;
	for (unsigned n = 0; n < 100000; n++) {
		struct ask ask = ask_number(n);

		scratch->used = 0;
		cache_put(cache, &ask, answer_make(made, n, 40, 3600), 0);
		assert_non_null(found(cache, &ask, 0, scratch));
	}
	for (unsigned n = 0; n < 200; n++) {
		struct ask ask = ask_number(n);

		scratch->used = 0;
		kept += found(cache, &ask, 0, scratch) != NULL;
	}
	assert_int_equal(kept, 0);
	cache_free(cache);
	free(scratch);
	free(made);
}

static void
what_would_take_a_quarter_of_its_shard_is_delivered_not_kept(void **state)
{
	struct cache *cache = cache_make(&defaults);
	struct scratch *scratch = malloc(sizeof(*scratch));
	struct made *made = malloc(sizeof(*made));
	struct ask ask = ask_number(1);
	struct cached *entry = answer_make(made, 1, 60000, 60);

	(void)state;
	cache_put(cache, &ask, answer_make(made, 1, 4, 60), 0);
	entry = answer_make(made, 1, 60000, 60);
	cache_put(cache, &ask, entry, 10);
	assert_int_equal(entry->expires_ms, 60010);
	scratch->used = 0;
	assert_null(found(cache, &ask, 20, scratch));	/* nor the older one */
	cache_free(cache);
	free(scratch);
	free(made);
}

static void
flushing_a_subtree_leaves_its_neighbours(void **state)
{
	static const char *const names[] = { "example", "a.example", "b.a.example", "xa.example",
					     "a.example.org" };
	struct cache *cache = cache_make(&defaults);
	struct scratch *scratch = malloc(sizeof(*scratch));
	struct made *made = malloc(sizeof(*made));
	struct name flushed;

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		struct ask ask = { .type = TYPE_A, .klass = CLASS_IN };

		assert_int_equal(name_parse(names[i], &ask.name), OK);
		cache_put(cache, &ask, answer_make(made, i, 4, 60), 0);
		ask.type = TYPE_AAAA;
		cache_put(cache, &ask, answer_make(made, i, 4, 60), 0);
	}
	assert_int_equal(name_parse("a.example", &flushed), OK);
	assert_int_equal(cache_flush(cache, flushed.wire, false), 2);
	assert_int_equal(cache_flush(cache, flushed.wire, true), 2);
	assert_int_equal(cache_flush(cache, flushed.wire, true), 0);
	assert_int_equal(name_parse(".", &flushed), OK);
	assert_int_equal(cache_flush(cache, flushed.wire, true), 6);
	cache_free(cache);
	free(scratch);
	free(made);
}

static void
a_full_scratch_is_a_miss(void **state)
{
	struct cache *cache = cache_make(&defaults);
	struct scratch *scratch = malloc(sizeof(*scratch));
	struct made *made = malloc(sizeof(*made));
	struct ask ask = ask_number(1);

	(void)state;
	cache_put(cache, &ask, answer_make(made, 1, 400, 60), 0);
	scratch->used = SCRATCH_OCTETS - 64;
	assert_null(found(cache, &ask, 0, scratch));
	assert_int_equal(scratch->used, SCRATCH_OCTETS - 64);
	cache_free(cache);
	free(scratch);
	free(made);
}

static const struct cache_settings staleness = {
	.min_ttl_ms = 1000,
	.max_ttl_ms = 86400000,
	.max_negative_ttl_ms = 900000,
	.serve_stale_ms = 3600000,
	.prefetch = true,
};

static struct cached *
failure_make(struct made *made, bool silent)
{
	struct cached *entry = entry_make(made, RCODE_SERVFAIL, 0, 0, 0, 0);

	entry->silent = silent;
	return entry;
}

static void
an_answer_is_fresh_then_due_then_stale_then_gone(void **state)
{
	/* of 60 s, put at 10000, and asked at these times in this order */
	static const struct {
		int line;
		uint64_t now_ms;
		enum cache_state want;
	} rows[] = {
		{ __LINE__, 10000, CACHE_FRESH },
		{ __LINE__, 63999, CACHE_FRESH },
		{ __LINE__, 64000, CACHE_DUE },		/* the third hit */
		{ __LINE__, 64001, CACHE_FRESH },	/* somebody was told */
		{ __LINE__, 65000, CACHE_DUE },		/* and did not do it */
		{ __LINE__, 69999, CACHE_DUE },
		{ __LINE__, 70000, CACHE_STALE },
		{ __LINE__, 3669999, CACHE_STALE },
		{ __LINE__, 3670000, CACHE_NONE },
	};
	struct cache *cache = cache_make(&staleness);
	struct made *made = malloc(sizeof(*made));
	struct ask ask = ask_number(1);
	struct cache_found out;

	(void)state;
	cache_put(cache, &ask, answer_make(made, 1, 4, 60), 10000);
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		row_int(rows[i].line, state_at(cache, &ask, rows[i].now_ms, &out), rows[i].want);
		row_int(rows[i].line, out.retry_ms, 0);
	}
	cache_free(cache);
	free(made);
}

static void
a_name_hit_once_is_not_due_and_without_prefetch_none_is(void **state)
{
	struct cache_settings settings = staleness;
	struct cache *cache = cache_make(&settings);
	struct made *made = malloc(sizeof(*made));
	struct ask once = ask_number(1), often = ask_number(9);
	struct cache_found out;

	(void)state;
	cache_put(cache, &once, answer_make(made, 1, 4, 60), 0);
	assert_int_equal(state_at(cache, &once, 59000, &out), CACHE_FRESH);
	assert_int_equal(state_at(cache, &once, 59001, &out), CACHE_DUE);

	/* what was hit in its last life starts anew */
	cache_put(cache, &once, answer_make(made, 1, 4, 60), 60000);
	assert_int_equal(state_at(cache, &once, 119000, &out), CACHE_FRESH);

	settings.prefetch = false;
	cache_configure(cache, &settings);
	cache_put(cache, &often, answer_make(made, 1, 4, 60), 0);
	for (unsigned i = 0; i < 10; i++)
		assert_int_equal(state_at(cache, &often, 59000 + i, &out), CACHE_FRESH);
	cache_free(cache);
	free(made);
}

static void
failures_are_kept_for_twice_as_long_each_time(void **state)
{
	static const struct {
		int line;
		uint64_t after_ms;	/* of the end of the failure before */
		bool all_down;
		uint64_t want_ms;
	} rows[] = {
		{ __LINE__, 0, false, 1000 },
		{ __LINE__, 0, false, 2000 },
		{ __LINE__, 0, false, 4000 },
		{ __LINE__, 10, false, 8000 },
		/* it is no fault of the name's when nobody is up */
		{ __LINE__, 0, true, 1000 },
		{ __LINE__, 0, true, 1000 },
		{ __LINE__, 0, false, 16000 },
		{ __LINE__, 0, false, 30000 },
		{ __LINE__, 5000, false, 30000 },
		/* long ago: forgotten */
		{ __LINE__, 60001, false, 1000 },
		{ __LINE__, 0, false, 2000 },
	};
	struct cache *cache = cache_make(&staleness);
	struct made *made = malloc(sizeof(*made));
	struct ask ask = ask_number(1);
	struct cache_found out;
	uint64_t now_ms = 5000;

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct cached *failure = failure_make(made, true);

		now_ms += rows[i].after_ms;
		cache_fail(cache, &ask, failure, rows[i].all_down, now_ms);
		row_int(rows[i].line, failure->stored_ms, now_ms);
		row_int(rows[i].line, failure->expires_ms - now_ms, rows[i].want_ms);
		row_int(rows[i].line, state_at(cache, &ask, now_ms, &out), CACHE_FAILED);
		row_int(rows[i].line, out.entry->silent, 1);
		now_ms = failure->expires_ms;
		row_int(rows[i].line, state_at(cache, &ask, now_ms, &out), CACHE_NONE);
	}
	cache_free(cache);
	free(made);
}

static void
two_workers_that_fail_at_once_make_one_failure(void **state)
{
	struct cache *cache = cache_make(&staleness);
	struct made *made = malloc(sizeof(*made));
	struct ask ask = ask_number(1);
	struct cached *failure = failure_make(made, false);

	(void)state;
	cache_fail(cache, &ask, failure, false, 5000);
	cache_fail(cache, &ask, failure, false, 5001);
	assert_int_equal(failure->expires_ms, 6001);
	cache_fail(cache, &ask, failure, false, 6001);
	assert_int_equal(failure->expires_ms, 8001);
	cache_free(cache);
	free(made);
}

static void
a_failure_leaves_a_good_answer_alone_until_that_is_gone(void **state)
{
	struct cache_settings settings = staleness;
	struct cache *cache = cache_make(&settings);
	struct made *made = malloc(sizeof(*made));
	struct ask ask = ask_number(1);
	struct cache_found out;

	(void)state;
	cache_put(cache, &ask, answer_make(made, 7, 4, 60), 0);
	/* a refresh ahead of time fails */
	cache_fail(cache, &ask, failure_make(made, true), false, 59000);
	assert_int_equal(state_at(cache, &ask, 59000, &out), CACHE_FRESH);
	assert_int_equal(out.retry_ms, 60000);
	assert_true(is_tagged(out.entry, 7, 4));
	/* so does one after it expired */
	cache_fail(cache, &ask, failure_make(made, false), false, 61000);
	assert_int_equal(state_at(cache, &ask, 61000, &out), CACHE_STALE);
	assert_int_equal(out.retry_ms, 63000);
	assert_false(out.silent);
	cache_fail(cache, &ask, failure_make(made, true), false, 63000);
	assert_int_equal(state_at(cache, &ask, 63000, &out), CACHE_STALE);
	assert_int_equal(out.retry_ms, 67000);
	assert_true(out.silent && is_tagged(out.entry, 7, 4));
	/* a good one ends it all */
	cache_put(cache, &ask, answer_make(made, 8, 4, 60), 70000);
	assert_int_equal(state_at(cache, &ask, 70000, &out), CACHE_FRESH);
	assert_int_equal(out.retry_ms, 0);
	cache_fail(cache, &ask, failure_make(made, true), false, 131000);
	assert_int_equal(state_at(cache, &ask, 131000, &out), CACHE_STALE);
	assert_int_equal(out.retry_ms, 132000);
	/* its window is over */
	cache_fail(cache, &ask, failure_make(made, true), false, 3730000);
	assert_int_equal(state_at(cache, &ask, 3730000, &out), CACHE_FAILED);
	cache_free(cache);
	free(made);
}

static void
a_reload_ends_the_stale_window_but_brings_nothing_back(void **state)
{
	struct cache_settings settings = staleness;
	struct cache *cache = cache_make(&settings);
	struct made *made = malloc(sizeof(*made));
	struct ask ask = ask_number(1);
	struct cache_found out;

	(void)state;
	cache_put(cache, &ask, answer_make(made, 7, 4, 60), 0);
	settings.serve_stale_ms = 0;
	cache_configure(cache, &settings);
	assert_int_equal(state_at(cache, &ask, 59999, &out), CACHE_FRESH);
	assert_int_equal(state_at(cache, &ask, 60000, &out), CACHE_NONE);
	settings.serve_stale_ms = 1000;
	cache_configure(cache, &settings);
	assert_int_equal(state_at(cache, &ask, 60999, &out), CACHE_STALE);
	assert_int_equal(state_at(cache, &ask, 61000, &out), CACHE_NONE);
	settings.serve_stale_ms = UINT64_MAX / 2;
	cache_configure(cache, &settings);
	assert_int_equal(state_at(cache, &ask, 3659999, &out), CACHE_STALE);
	assert_int_equal(state_at(cache, &ask, 3660000, &out), CACHE_NONE);
	/* with serve_stale off a failure takes the place of what expired */
	settings.serve_stale_ms = 0;
	cache_configure(cache, &settings);
	cache_fail(cache, &ask, failure_make(made, true), false, 60000);
	assert_int_equal(state_at(cache, &ask, 60000, &out), CACHE_FAILED);
	cache_free(cache);
	free(made);
}

static void
a_peek_tells_the_times_of_good_answers_only(void **state)
{
	struct cache *cache = cache_make(&staleness);
	struct made *made = malloc(sizeof(*made));
	struct ask good = ask_number(1), bad = ask_number(9);
	struct cache_times times;

	(void)state;
	cache_put(cache, &good, answer_make(made, 7, 4, 60), 1000);
	cache_fail(cache, &bad, failure_make(made, true), false, 1000);
	assert_true(cache_peek(cache, &good, 2000, &times));
	assert_int_equal(times.stored_ms, 1000);
	assert_int_equal(times.expires_ms, 61000);
	assert_int_equal(times.retry_ms, 0);
	assert_false(cache_peek(cache, &bad, 1500, &times));
	cache_fail(cache, &good, failure_make(made, true), false, 62000);
	assert_true(cache_peek(cache, &good, 62000, &times));
	assert_int_equal(times.retry_ms, 63000);
	assert_false(cache_peek(cache, &good, 3661000, &times));
	cache_free(cache);
	free(made);
}

/** A name that nothing else uses, made fast: eight letters of its number below a label. */
static struct ask
flood_ask(uint32_t n, char kind)
{
	struct ask ask = { .type = TYPE_A, .klass = CLASS_IN,
			   .name = { .len = 15, .labels = 2 } };

	memcpy(ask.name.wire, "\10........\4", 10);
	for (unsigned i = 0; i < 8; i++)
		ask.name.wire[1 + i] = (uint8_t)('a' + (n >> 4 * i & 15));
	memcpy(ask.name.wire + 9, "\4hoty", 6);
	ask.name.wire[13] = (uint8_t)kind;
	ask.name.wire[14] = 0;
	return ask;
}

/* Reliability S15. */
static void
a_flood_of_random_names_leaves_the_hot_ones(void **state)
{
	enum { HOT = 4000, FLOOD = 1500000 };
	struct cache_settings settings = staleness;
	struct made *made = malloc(sizeof(*made));
	uint64_t seed = 11, hits = 0, asked = 0;
	struct cache_stats stats;
	struct cache_found out;
	struct cache *cache;

	(void)state;
	settings.octets = 4u << 20;
	cache = cache_make(&settings);
	for (uint32_t i = 0; i < FLOOD; i++) {
		uint64_t now_ms = i / 20;	/* 20,000 a second */
		struct ask once = flood_ask(i, 'x');
		/* few are asked for much, many for little */
		uint32_t n = random_to(&seed, random_to(&seed, 2) ? HOT : HOT / 20);
		struct ask hot = flood_ask(n, 'h');
		enum cache_state found_hot = state_at(cache, &hot, now_ms, &out);

		asked++;
		hits += found_hot != CACHE_NONE;
		if (found_hot != CACHE_FRESH)
			cache_put(cache, &hot, answer_make(made, n, 16, 60), now_ms);
		assert_int_equal(state_at(cache, &once, now_ms, &out), CACHE_NONE);
		cache_put(cache, &once, entry_make(made, RCODE_NXDOMAIN, 0, 0, 900, 900), now_ms);
	}
	cache_stats(cache, &stats);
	assert_true(stats.octets_used <= settings.octets);
	assert_true(stats.evictions > FLOOD * 9ull / 10);
	if (hits * 100 < asked * 95)
		fail_msg("%u of %u", (unsigned)hits, (unsigned)asked);
	cache_free(cache);
	free(made);
}

/* One of several threads that share a cache. */
struct user {
	struct cache *cache;
	uint64_t seed;
	bool wrong;
};

static void *
use_cache(void *context)
{
	struct user *user = context;
	struct scratch *scratch = malloc(sizeof(*scratch));
	struct made *made = malloc(sizeof(*made));

	for (unsigned run = 0; run < 20000; run++) {
		unsigned n = random_to(&user->seed, 400);
		struct ask ask = ask_number(n);
		const struct cached *entry;

		scratch->used = 0;
		entry = found(user->cache, &ask, run, scratch);
		if (!entry)
			cache_put(user->cache, &ask, answer_make(made, n, (uint16_t)n, 3), run);
		else if (!is_tagged(entry, n, (uint16_t)n))
			user->wrong = true;
	}
	free(scratch);
	free(made);
	return NULL;
}

static void
threads_share_it(void **state)
{
	struct cache *cache = cache_make(&defaults);
	struct user users[4];
	pthread_t threads[4];

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		users[i] = (struct user){ cache, i, false };
		assert_int_equal(pthread_create(&threads[i], NULL, use_cache, &users[i]), 0);
	}
	for (unsigned i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_false(users[i].wrong);
	}
	cache_free(cache);
}

static void
more_memory_than_there_is_gives_no_cache(void **state)
{
	struct cache_settings settings = { .octets = UINT64_MAX / 2 };

	(void)state;
	assert_null(cache_new(&settings));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			an_entry_found_is_the_last_one_put_under_its_key_and_has_not_expired),
		cmocka_unit_test(every_part_of_the_key_keeps_entries_apart),
		cmocka_unit_test(an_answer_lives_as_long_as_its_ttls_and_the_bounds_say),
		cmocka_unit_test(a_reload_changes_the_bounds_of_what_comes_later),
		cmocka_unit_test(ttl_zero_serves_those_who_asked_before_it_came),
		cmocka_unit_test(ttls_age_and_never_outlive_the_entry),
		cmocka_unit_test(names_asked_once_do_not_push_out_those_asked_again),
		cmocka_unit_test(what_was_asked_again_once_goes_in_the_end),
		cmocka_unit_test(what_would_take_a_quarter_of_its_shard_is_delivered_not_kept),
		cmocka_unit_test(flushing_a_subtree_leaves_its_neighbours),
		cmocka_unit_test(a_full_scratch_is_a_miss),
		cmocka_unit_test(an_answer_is_fresh_then_due_then_stale_then_gone),
		cmocka_unit_test(a_name_hit_once_is_not_due_and_without_prefetch_none_is),
		cmocka_unit_test(failures_are_kept_for_twice_as_long_each_time),
		cmocka_unit_test(two_workers_that_fail_at_once_make_one_failure),
		cmocka_unit_test(a_failure_leaves_a_good_answer_alone_until_that_is_gone),
		cmocka_unit_test(a_reload_ends_the_stale_window_but_brings_nothing_back),
		cmocka_unit_test(a_peek_tells_the_times_of_good_answers_only),
		cmocka_unit_test(a_flood_of_random_names_leaves_the_hot_ones),
		cmocka_unit_test(threads_share_it),
		cmocka_unit_test(more_memory_than_there_is_gives_no_cache),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
