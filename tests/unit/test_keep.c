#include "engine/keep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns/codes.h"
#include "unit/unit.h"

/* A list, the cache it looks into, and the time. */
struct scene {
	struct keep *keep;
	struct cache *cache;
	uint64_t now_ms;
};

static const struct cache_settings settings = {
	.min_ttl_ms = 1000,
	.max_ttl_ms = 86400000,
	.max_negative_ttl_ms = 900000,
	.serve_stale_ms = 3600000,
};

static struct scene
scene_make(uint32_t most)
{
	struct scene s = { keep_new(most), cache_new(&settings), 100000 };

	assert_non_null(s.keep);
	assert_non_null(s.cache);
	return s;
}

static void
scene_end(struct scene *s)
{
	keep_free(s->keep);
	cache_free(s->cache);
}

static struct ask
ask_number(unsigned n)
{
	struct ask ask = { .type = TYPE_A, .klass = CLASS_IN };
	char text[32];

	snprintf(text, sizeof(text), "n%u.example", n);
	assert_int_equal(name_parse(text, &ask.name), OK);
	return ask;
}

/** An answer of this TTL comes in now; the times that it got are in *out. */
static void
answer(struct scene *s, const struct ask *ask, uint32_t ttl_s, struct cached *out)
{
	_Alignas(8) uint8_t octets[sizeof(struct cached) + sizeof(struct cached_set)] = { 0 };
	struct cached *entry = (struct cached *)(void *)octets;

	entry->len = sizeof(octets);
	entry->ede = EDE_NONE;
	entry->set_count = 1;
	entry->sets[0] = (struct cached_set){ .wire_at = sizeof(octets), .names_at = sizeof(octets),
					      .ttl_s = ttl_s, .type = TYPE_A };
	cache_put(s->cache, ask, entry, s->now_ms);
	memcpy(out, entry, sizeof(*out));
}

static void
miss(struct scene *s, const struct ask *ask)
{
	struct cached failure = { .len = sizeof(failure), .rcode = RCODE_SERVFAIL,
				  .ede = EDE_NONE };

	cache_fail(s->cache, ask, &failure, false, s->now_ms);
}

/** All that is due now; the last of them in *ask. */
static unsigned
take_all(struct scene *s, struct ask *ask)
{
	unsigned count = 0;

	while (keep_take(s->keep, s->cache, s->now_ms, ask))
		count++;
	return count;
}

/** Go to when something is due, until something is asked; by then at the latest. */
static bool
next_asked(struct scene *s, uint64_t until_ms, struct ask *ask)
{
	while (keep_due(s->keep) <= until_ms) {
		if (keep_due(s->keep) > s->now_ms)
			s->now_ms = keep_due(s->keep);
		if (keep_take(s->keep, s->cache, s->now_ms, ask))
			return true;
	}
	s->now_ms = until_ms;
	return false;
}

static void
a_target_is_asked_for_again_in_the_last_tenth_of_its_life(void **state)
{
	struct scene s = scene_make(4);
	struct ask ask = ask_number(1), out;
	struct cached times;

	(void)state;
	assert_int_equal(keep_due(s.keep), UINT64_MAX);
	answer(&s, &ask, 60, &times);
	keep_note(s.keep, &ask, &times, s.now_ms);
	for (unsigned round = 1; round <= 8; round++) {
		assert_true(next_asked(&s, UINT64_MAX - 1, &out));
		assert_int_equal(s.now_ms, 100000 + round * 54000);
		assert_true(ask_equal(&ask, &out));
		assert_true(out.is_ahead && !out.has_stale);
		assert_int_equal(take_all(&s, &out), 0);
		answer(&s, &ask, 60, &times);
	}
	scene_end(&s);
}

static void
what_no_client_asks_for_is_let_go(void **state)
{
	static const struct {
		int line;
		uint32_t ttl_s;
		uint64_t life_ms;	/* of the name in the list */
	} rows[] = {
		{ __LINE__, 60, KEEP_LEAST_MS },
		{ __LINE__, 300, 3000000 },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scene s = scene_make(4);
		struct ask ask = ask_number(1), out;
		uint64_t last_ms = 0;
		struct cached times;

		answer(&s, &ask, rows[i].ttl_s, &times);
		keep_note(s.keep, &ask, &times, s.now_ms);
		while (next_asked(&s, 100000000, &out)) {
			last_ms = s.now_ms;
			answer(&s, &ask, rows[i].ttl_s, &times);
		}
		row_true(rows[i].line, last_ms <= 100000 + rows[i].life_ms);
		row_true(rows[i].line,
			 last_ms > 100000 + rows[i].life_ms - rows[i].ttl_s * 1000);
		row_int(rows[i].line, keep_count(s.keep), 0);
		row_int(rows[i].line, keep_due(s.keep), UINT64_MAX);
		scene_end(&s);
	}
}

static void
a_silent_upstream_is_asked_less_and_less_and_its_answer_stays(void **state)
{
	static const uint64_t waits_ms[] = { 1000, 2000, 4000, 8000, 16000, 30000, 30000 };
	struct scene s = scene_make(4);
	struct ask ask = ask_number(1), out;
	struct cache_times times;
	struct cached first;
	uint64_t last_ms;

	(void)state;
	answer(&s, &ask, 60, &first);
	keep_note(s.keep, &ask, &first, s.now_ms);
	assert_true(next_asked(&s, 1000000, &out));
	for (unsigned i = 0; i < sizeof(waits_ms) / sizeof(waits_ms[0]); i++) {
		miss(&s, &ask);
		last_ms = s.now_ms;
		assert_true(next_asked(&s, 1000000, &out));
		assert_in_range(s.now_ms - last_ms, waits_ms[i] / 2, waits_ms[i]);
		assert_true(out.is_ahead != out.has_stale);
		assert_int_equal(out.has_stale, first.expires_ms <= s.now_ms);
		assert_true(cache_peek(s.cache, &ask, s.now_ms, &times));
	}
	/* it is back: asked as before */
	answer(&s, &ask, 60, &first);
	last_ms = s.now_ms;
	assert_true(next_asked(&s, 1000000, &out));
	assert_int_equal(s.now_ms - last_ms, 54000);
	scene_end(&s);
}

static void
what_another_worker_fetched_is_not_asked_for(void **state)
{
	struct scene s = scene_make(4);
	struct ask ask = ask_number(1), out;
	struct cached times;

	(void)state;
	answer(&s, &ask, 60, &times);
	keep_note(s.keep, &ask, &times, s.now_ms);
	s.now_ms += 53000;
	answer(&s, &ask, 60, &times);
	s.now_ms += 1000;
	assert_int_equal(take_all(&s, &out), 0);
	assert_int_equal(keep_due(s.keep), 153000 + 54000);
	scene_end(&s);
}

static void
a_short_ttl_is_no_licence_to_ask_all_the_time(void **state)
{
	struct scene s = scene_make(4);
	struct ask ask = ask_number(1), out;
	struct cached times;
	unsigned asked = 0;

	(void)state;
	answer(&s, &ask, 1, &times);
	keep_note(s.keep, &ask, &times, s.now_ms);
	while (next_asked(&s, 160000, &out)) {
		asked++;
		answer(&s, &ask, 1, &times);
	}
	assert_in_range(asked, 10, 60000 / KEEP_PAUSE_MS + 1);
	scene_end(&s);
}

static void
one_that_was_waited_for_is_looked_up_once_it_came(void **state)
{
	struct scene s = scene_make(4);
	struct ask ask = ask_number(1), out;
	struct cached times;

	(void)state;
	keep_note(s.keep, &ask, NULL, s.now_ms);
	s.now_ms += 40;
	answer(&s, &ask, 60, &times);
	assert_true(next_asked(&s, UINT64_MAX - 1, &out));
	assert_int_equal(s.now_ms, 100040 + 54000);
	scene_end(&s);
}

static void
a_full_list_takes_no_more_until_one_is_let_go(void **state)
{
	struct scene s = scene_make(3);
	struct cached times;
	struct ask out;

	(void)state;
	for (unsigned n = 0; n < 5; n++) {
		struct ask ask = ask_number(n);

		answer(&s, &ask, 60, &times);
		keep_note(s.keep, &ask, &times, s.now_ms);
		keep_note(s.keep, &ask, &times, s.now_ms);
	}
	assert_int_equal(keep_count(s.keep), 3);
	s.now_ms += 54000;
	assert_int_equal(take_all(&s, &out), 3);
	/* all but the second go on being asked for */
	s.now_ms += KEEP_LEAST_MS;
	for (unsigned n = 0; n < 3; n += 2) {
		struct ask ask = ask_number(n);

		keep_note(s.keep, &ask, NULL, s.now_ms);
	}
	assert_int_equal(take_all(&s, &out), 2);
	assert_int_equal(keep_count(s.keep), 2);
	out = ask_number(4);
	keep_note(s.keep, &out, NULL, s.now_ms);
	assert_int_equal(keep_count(s.keep), 3);
	keep_clear(s.keep);
	assert_int_equal(keep_count(s.keep), 0);
	assert_int_equal(keep_due(s.keep), UINT64_MAX);
	s.now_ms += KEEP_LEAST_MS;
	assert_int_equal(take_all(&s, &out), 0);
	scene_end(&s);
}

static void
whatever_is_asked_the_list_keeps_its_bounds(void **state)
{
	struct scene s = scene_make(16);
	uint64_t seed = 3;
	struct cached times;
	struct ask out;

	(void)state;
	for (unsigned run = 0; run < 50000; run++) {
		struct ask ask = ask_number(random_to(&seed, 40));
		uint64_t due_ms = keep_due(s.keep);

		s.now_ms += random_to(&seed, 3000);
		switch (random_to(&seed, 4)) {
		case 0:
			answer(&s, &ask, 1 + random_to(&seed, 100), &times);
			keep_note(s.keep, &ask, &times, s.now_ms);
			break;
		case 1:
			keep_note(s.keep, &ask, NULL, s.now_ms);
			break;
		case 2:
			miss(&s, &ask);
			break;
		default:
			/* nothing before it is due, and never for ever */
			if (s.now_ms < due_ms)
				assert_int_equal(take_all(&s, &out), 0);
			else
				assert_in_range(take_all(&s, &out), 0, 16);
			assert_true(keep_due(s.keep) > s.now_ms);
		}
		assert_in_range(keep_count(s.keep), 0, 16);
		assert_int_equal(keep_count(s.keep) == 0, keep_due(s.keep) == UINT64_MAX);
	}
	scene_end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_target_is_asked_for_again_in_the_last_tenth_of_its_life),
		cmocka_unit_test(what_no_client_asks_for_is_let_go),
		cmocka_unit_test(a_silent_upstream_is_asked_less_and_less_and_its_answer_stays),
		cmocka_unit_test(what_another_worker_fetched_is_not_asked_for),
		cmocka_unit_test(a_short_ttl_is_no_licence_to_ask_all_the_time),
		cmocka_unit_test(one_that_was_waited_for_is_looked_up_once_it_came),
		cmocka_unit_test(a_full_list_takes_no_more_until_one_is_let_go),
		cmocka_unit_test(whatever_is_asked_the_list_keeps_its_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
