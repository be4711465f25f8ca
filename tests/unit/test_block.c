#include "snapshot/block.h"

#include <stdlib.h>
#include <string.h>

#include "snapshot/zone.h"
#include "unit/exercise.h"
#include "unit/draft.h"

static const struct digest source = { 11, 22 };

/* Octets of a block that can be changed, behind which nothing may be read. */
static uint8_t *
copy_of(const struct block *block)
{
	uint8_t *copy = malloc(block->size);

	assert_non_null(copy);
	return memcpy(copy, block, block->size);
}

static void
seal_again(uint8_t *octets)
{
	struct block *block = (struct block *)octets;

	block->checksum = block_checksum(block);
}

/* A zone with one of everything. */
static struct held_block *
small_zone(struct draft *d)
{
	struct hosted_zone *z = draft_zone(d, "Z1", "a.b", "");
	struct held_block *held;
	struct routing *routing;

	draft_record(d, z, "a.b", TYPE_NS, 60, "ns.a.b");
	draft_record(d, z, "x.a.b", TYPE_MX, 60, "10 y.a.b");
	draft_record(d, z, "*.y.a.b", TYPE_A, 60, "10.0.0.1");
	routing = draft_routing(d, draft_record(d, z, "w.a.b", TYPE_A, 60, "10.0.0.2"),
				POLICY_GEOLOCATION, "one");
	routing->country = "CH";
	routing->health_check = "hc-1";
	routing = draft_routing(d, draft_record(d, z, "w.a.b", TYPE_A, 60, "10.0.0.3"),
				POLICY_GEOLOCATION, "two");
	routing->country = "*";
	draft_alias(d, z, "alias.a.b", TYPE_A, "Z1", "w.a.b");
	held = compile_zone(z, &d->diags);
	assert_non_null(held);
	return held;
}

/* A root with one of everything. */
static struct snapshot *
small_estate(struct draft *d)
{
	struct health_check *calculated;

	draft_vpc(d, "v1", "eu-west-1", "10.0.0.0/16");
	draft_vpc(d, "v2", "us-east-1", "10.1.0.0/16");
	draft_site(d, "s1", "192.168.0.0/16", "v1");
	draft_peering(d, "p1", "v1", "v2");
	draft_zone(d, "Z1", "a.b", "v1 s1");
	draft_endpoint(d, "in", DIRECTION_INBOUND, "v1", "10.0.0.53");
	draft_endpoint(d, "out", DIRECTION_OUTBOUND, "v1", "10.0.0.54");
	draft_rule(d, "r1", "b", "192.168.0.53 192.168.0.54", "out", "v1");
	draft_rule(d, "r2", "x.b", "", NULL, "v1");
	draft_rule(d, "r3", "a.b", "192.168.0.53", NULL, "s1");
	draft_listener(d, "127.0.0.1", 53, "in");
	draft_listener(d, "127.0.0.1", 54, "client");
	draft_health_check(d, "hc-1");
	calculated = draft_health_check(d, "hc-2");
	calculated->type = HEALTH_CALCULATED;
	calculated->children = draft_refs(d, "hc-1");
	d->estate.settings.internet_resolver = draft_targets(d, "169.254.169.253", 53);
	d->estate.settings.user = "causeway";
	return draft_compile(d, NULL);
}

static void
parts_stand_at_offsets_of_eight(void **state)
{
	struct block_maker maker;
	struct held_block *held;
	const struct block *block;
	uint32_t one, two, three;

	(void)state;
	block_begin(&maker, BLOCK_ZONE, sizeof(struct zone));
	one = block_put(&maker, "abc", 3);
	two = block_put_string(&maker, "string");
	three = block_reserve(&maker, 9);
	assert_int_equal(one, sizeof(struct zone) / 8);
	assert_int_equal(two, one + 1);
	assert_int_equal(three, two + 1);
	memcpy(block_edit(&maker, three), "123456789", 9);
	held = block_seal(&maker, source);
	assert_non_null(held);
	block = block_of(held);
	assert_memory_equal(block_at(block, one), "abc\0\0\0\0\0", 8);
	assert_string_equal(block_string(block, two), "string");
	assert_memory_equal(block_at(block, three), "123456789\0\0\0\0\0\0\0", 16);
	assert_int_equal(block->size, (three + 2) * 8 + BLOCK_TAIL_OCTETS);
	assert_int_equal(block->kind, BLOCK_ZONE);
	assert_true(digest_equal(block->source, source));
	assert_int_equal(block->checksum, block_checksum(block));
	block_unref(held);
}

static void
what_is_empty_has_no_place(void **state)
{
	struct block_maker maker;

	(void)state;
	block_begin(&maker, BLOCK_ZONE, sizeof(struct zone));
	assert_int_equal(block_put_string(&maker, NULL), 0);
	assert_int_equal(block_put_string(&maker, ""), 0);
	assert_int_equal(block_reserve(&maker, 0), 0);
	assert_int_equal(maker.len, sizeof(struct zone));
	block_abandon(&maker);
	assert_null(maker.base);
}

static void
a_block_keeps_its_content_while_it_grows(void **state)
{
	const uint64_t count = 200000;
	struct block_maker maker;
	struct held_block *held;
	uint32_t first = 0;

	(void)state;
	block_begin(&maker, BLOCK_ZONE, sizeof(struct zone));
	for (uint64_t i = 0; i < count; i++) {
		uint64_t words[4] = { i, ~i, i * i, 0 };
		uint32_t at = block_put(&maker, words, sizeof(words));

		first = first ? first : at;
		assert_int_equal(at, first + i * 4);
	}
	held = block_ref(block_seal(&maker, source));
	block_unref(held);	/* the second reference still holds it */
	for (uint64_t i = 0; i < count; i++) {
		const uint64_t *words = block_at(block_of(held), first + (uint32_t)i * 4);

		assert_true(words[0] == i && words[1] == ~i && words[2] == i * i && !words[3]);
	}
	assert_int_equal(block_checksum(block_of(held)), block_of(held)->checksum);
	block_unref(held);
}

static void
a_block_beyond_its_offsets_fails_stickily(void **state)
{
	struct block_maker maker;

	(void)state;
	block_begin(&maker, BLOCK_ZONE, sizeof(struct zone));
	assert_int_equal(block_reserve(&maker, BLOCK_MAX_OCTETS), 0);
	assert_int_equal(maker.status, ERR_LIMIT);
	assert_int_equal(block_put(&maker, "x", 1), 0);
	assert_null(block_edit(&maker, 0));
	assert_null(block_seal(&maker, source));
	assert_int_equal(maker.status, ERR_LIMIT);
	block_begin(&maker, BLOCK_ZONE, sizeof(struct zone));
	assert_int_equal(block_reserve(&maker, UINT64_MAX), 0);
	assert_int_equal(maker.status, ERR_LIMIT);
}

static void
both_kinds_verify_as_made(void **state)
{
	struct draft d;
	struct held_block *held;
	struct snapshot *snap;

	(void)state;
	draft_init(&d);
	held = small_zone(&d);
	assert_int_equal(block_verify(block_of(held), block_of(held)->size), OK);
	/* what stands behind it is not its business */
	assert_int_equal(block_verify(block_of(held), block_of(held)->size + 8), OK);
	block_unref(held);
	draft_fini(&d);

	draft_init(&d);
	snap = small_estate(&d);
	assert_int_equal(block_verify(snap->root, snap->root->block.size), OK);
	snapshot_unref(snap);
	draft_fini(&d);
}

static void
refuse_every_change(const struct block *block)
{
	static const uint8_t changes[] = { 1, 2, 4, 8, 16, 32, 64, 128, 0x55, 0xff };
	uint8_t *copy = copy_of(block);

	for (uint64_t i = 0; i < block->size; i++) {
		uint8_t was = copy[i];

		for (unsigned k = 0; k < COUNT_OF(changes); k++) {
			copy[i] = was ^ changes[k];
			if (block_verify(copy, block->size) == OK)
				fail_msg("octet %llu changed from %u to %u was accepted",
					 (unsigned long long)i, was, copy[i]);
		}
		copy[i] = was;
	}
	assert_int_equal(block_verify(copy, block->size), OK);
	free(copy);
}

static void
refuse_every_truncation(const struct block *block)
{
	for (uint64_t len = 0; len < block->size; len++) {
		uint8_t *part = malloc(len ? len : 1);

		assert_non_null(part);
		memcpy(part, block, len);
		if (block_verify(part, len) != ERR_SHORT)
			fail_msg("%llu of %llu octets were accepted", (unsigned long long)len,
				 (unsigned long long)block->size);
		free(part);
	}
}

static void
every_corruption_and_truncation_of_a_zone_block_is_refused(void **state)
{
	struct draft d;
	struct held_block *held;

	(void)state;
	draft_init(&d);
	held = small_zone(&d);
	refuse_every_change(block_of(held));
	refuse_every_truncation(block_of(held));
	block_unref(held);
	draft_fini(&d);
}

static void
every_corruption_and_truncation_of_a_root_block_is_refused(void **state)
{
	struct draft d;
	struct snapshot *snap;

	(void)state;
	draft_init(&d);
	snap = small_estate(&d);
	refuse_every_change(&snap->root->block);
	refuse_every_truncation(&snap->root->block);
	snapshot_unref(snap);
	draft_fini(&d);
}

/* Values that hostile offsets, counts and lengths would have. */
static const uint8_t bad_octets[] = { 0, 1, 2, 8, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xff };

/*
 * Refused or safe: whatever is accepted is used in full.  Returns how many were accepted,
 * which is not a fault: some octets are data.
 */
static unsigned
try_resealed_changes(const struct block *block)
{
	uint64_t sum = 0, state = 1;
	uint8_t *copy = copy_of(block);
	unsigned accepted = 0;

	for (uint64_t i = 0; i < block->size; i++) {
		uint8_t was = copy[i];

		if (i >= offsetof(struct block, size) && i < offsetof(struct block, source))
			continue;	/* size and checksum: seal_again would trust them */
		for (unsigned k = 0; k <= COUNT_OF(bad_octets); k++) {
			copy[i] = k < COUNT_OF(bad_octets) ? bad_octets[k] :
							     (uint8_t)next_random(&state);
			if (copy[i] == was)
				continue;
			seal_again(copy);
			if (block_verify(copy, block->size) != OK)
				continue;
			sum += exercise_block((const struct block *)copy);
			accepted++;
		}
		copy[i] = was;
	}
	free(copy);
	assert_true(sum);
	return accepted;
}

static void
a_resealed_zone_block_is_refused_or_safe(void **state)
{
	struct draft d;
	struct held_block *held;

	(void)state;
	draft_init(&d);
	held = small_zone(&d);
	assert_true(try_resealed_changes(block_of(held)) > 0);
	block_unref(held);
	draft_fini(&d);
}

static void
a_resealed_root_block_is_refused_or_safe(void **state)
{
	struct draft d;
	struct snapshot *snap;

	(void)state;
	draft_init(&d);
	snap = small_estate(&d);
	assert_true(try_resealed_changes(&snap->root->block) > 0);
	snapshot_unref(snap);
	draft_fini(&d);
}

/* What no reader needs must be zero all the same: a block has one form. */
static void
no_octet_of_a_zone_block_is_free(void **state)
{
	struct draft d;
	struct held_block *held;
	uint8_t *copy;
	struct zone *zone;

	(void)state;
	draft_init(&d);
	held = small_zone(&d);
	copy = copy_of(block_of(held));
	zone = (struct zone *)copy;
	zone->zero[3] = 1;
	seal_again(copy);
	assert_int_equal(block_verify(copy, zone->block.size), ERR_MALFORMED);
	zone->zero[3] = 0;
	zone->block.zero[1] = 1;
	seal_again(copy);
	assert_int_equal(block_verify(copy, zone->block.size), ERR_MALFORMED);
	free(copy);
	block_unref(held);
	draft_fini(&d);
}

static void
a_block_of_another_version_or_kind_is_refused(void **state)
{
	struct draft d;
	struct held_block *held;
	struct block *block;

	(void)state;
	draft_init(&d);
	held = small_zone(&d);
	block = (struct block *)copy_of(block_of(held));
	block->version++;
	seal_again((uint8_t *)block);
	assert_int_equal(block_verify(block, block->size), ERR_MALFORMED);
	block->version--;
	block->kind = 3;
	seal_again((uint8_t *)block);
	assert_int_equal(block_verify(block, block->size), ERR_MALFORMED);
	block->kind = BLOCK_ROOT;	/* a zone is no root either */
	seal_again((uint8_t *)block);
	assert_int_equal(block_verify(block, block->size), ERR_MALFORMED);
	assert_int_equal(block_verify((uint8_t *)block + 4, block->size - 4), ERR_MALFORMED);
	free(block);
	block_unref(held);
	draft_fini(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_stand_at_offsets_of_eight),
		cmocka_unit_test(what_is_empty_has_no_place),
		cmocka_unit_test(a_block_keeps_its_content_while_it_grows),
		cmocka_unit_test(a_block_beyond_its_offsets_fails_stickily),
		cmocka_unit_test(both_kinds_verify_as_made),
		cmocka_unit_test(every_corruption_and_truncation_of_a_zone_block_is_refused),
		cmocka_unit_test(every_corruption_and_truncation_of_a_root_block_is_refused),
		cmocka_unit_test(a_resealed_zone_block_is_refused_or_safe),
		cmocka_unit_test(a_resealed_root_block_is_refused_or_safe),
		cmocka_unit_test(no_octet_of_a_zone_block_is_free),
		cmocka_unit_test(a_block_of_another_version_or_kind_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
