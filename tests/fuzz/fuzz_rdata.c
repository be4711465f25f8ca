/*
 * fuzz_rdata - record data of every type: read off a message, checked, put into a set
 *
 * What was read has its names inside it, and is the same when it is read again.  Data without
 * pointers are read as they stand.  Room that is one octet short is no harm.
 */
#include <string.h>

#include "dns/name.h"
#include "dns/rdata.h"
#include "dns/rrset.h"
#include "fuzz/fuzz.h"
#include "fuzz/rdata_input.h"

#define ROOM (RDATA_MAX_OCTETS + NAME_MAX_OCTETS)

/* Uncompressed data and where names stand in them. */
struct data {
	uint8_t *octets;
	uint16_t len;
	struct rdata_names names;
};

/** The names lie one behind the other inside the data, as many as the layout says. */
static void
check_names(uint16_t type, const struct data *data)
{
	size_t from = 0, wanted = 0;

	for (const char *field = rdata_layout(type); *field; field++)
		wanted += *field == 'C';
	require(data->names.count == wanted);
	for (unsigned i = 0; i < data->names.count; i++) {
		struct reader in = reader_over(data->octets, data->len);
		struct suffixes suffixes;
		struct name name;

		require(data->names.at[i] >= from && data->names.at[i] < data->len);
		in.at += data->names.at[i];
		require(name_read_plain(&in, &name, &suffixes) == OK);
		from = data->names.at[i] + (size_t)name.len;
	}
}

static bool
same_names(const struct rdata_names *a, const struct rdata_names *b)
{
	for (unsigned i = 0; i < a->count && i < b->count; i++)
		if (a->at[i] != b->at[i])
			return false;
	return a->count == b->count;
}

/** The same octets and the same names as often as they are read. */
static void
check_again(uint16_t type, const struct data *data)
{
	static uint8_t room[ROOM];
	struct reader in = reader_over(data->octets, data->len);
	struct writer out = writer_over(room, ROOM);
	struct rdata_names names;

	require(rdata_check(type, data->octets, data->len, &names) == OK);
	require(same_names(&names, &data->names));
	require(rdata_read(&in, type, data->len, &out, &names) == OK && !reader_left(&in));
	require(out.len == data->len && memcmp(room, data->octets, out.len) == 0);
	require(same_names(&names, &data->names));
}

/** In lower case: only letters differ, and nothing does the second time. */
static void
check_lower(uint16_t type, const struct data *data)
{
	static uint8_t lower[ROOM], twice[ROOM];
	struct rdata_names names;

	rdata_lower(type, data->octets, data->len, lower);
	for (uint16_t i = 0; i < data->len; i++)
		require(lower[i] == data->octets[i] ||
			(data->octets[i] >= 'A' && data->octets[i] <= 'Z' &&
			 lower[i] == (data->octets[i] | 0x20)));
	require(rdata_check(type, lower, data->len, &names) == OK);
	require(same_names(&names, &data->names));
	rdata_lower(type, lower, data->len, twice);
	require(memcmp(lower, twice, data->len) == 0);
}

/** Two records that are equal: in either order they are the same set. */
static void
check_shuffle(const struct rrset *set)
{
	static uint8_t room[8 * ROOM];
	struct random random;
	struct rrset shuffled;

	require(rrset_shuffle_room(set) <= sizeof(room));
	random_seed(&random, 1);
	rrset_shuffle(set, &random, room, &shuffled);
	require(shuffled.count == set->count && shuffled.wire_len == set->wire_len);
	require(memcmp(shuffled.wire, set->wire, set->wire_len) == 0);
	for (unsigned i = 0; i < set->name_count; i++)
		require(shuffled.names[i] == set->names[i]);
}

/** Twice in a set: two records of these data, names where it says, in any order. */
static void
check_set(uint16_t type, const struct data *data)
{
	static uint8_t wire[3 * ROOM];
	static uint16_t names[RRSET_MAX_NAMES];
	struct writer out = writer_over(wire, sizeof(wire));
	struct rdata rdata = { data->octets, data->len };
	uint16_t name_count = 0;
	struct rrset_walk walk;
	struct rrset set;
	size_t one;

	if (2 * (RRSET_FIXED_OCTETS + (size_t)data->len) > UINT16_MAX)
		return;
	require(rrset_encode(&out, type, 60, rdata, names, &name_count) == OK);
	one = out.len;
	require(rrset_encode(&out, type, 60, rdata, names, &name_count) == OK);
	require(out.len == 2 * one && name_count == 2 * data->names.count);
	for (unsigned i = 0; i < name_count; i++) {
		size_t record = i < data->names.count ? 0 : one;

		require(names[i] == record + RRSET_FIXED_OCTETS +
					    data->names.at[i % data->names.count]);
	}
	set = (struct rrset){ .type = type, .count = 2, .ttl_s = 60, .wire = wire,
			      .wire_len = (uint16_t)out.len, .names = names,
			      .name_count = name_count };
	walk = rrset_begin(&set);
	for (unsigned i = 0; i < 2; i++) {
		require(rrset_next(&walk, &rdata) && rdata.len == data->len);
		require(memcmp(rdata.data, data->octets, data->len) == 0);
	}
	require(!rrset_next(&walk, &rdata));
	check_shuffle(&set);
}

/** One octet too little: nothing is written, and the message can be read on. */
static void
check_no_room(const struct rdata_input *input, struct reader in, const struct data *data)
{
	static uint8_t room[ROOM];
	struct writer out = writer_over(room, data->len - (size_t)1);

	if (!data->len)
		return;
	require(rdata_read(&in, input->type, (uint16_t)reader_left(&in), &out, NULL) ==
		ERR_LIMIT);
	require(!in.failed && !reader_left(&in) && !out.failed && out.len == 0);
}

/** As text, known or not, it reads as the same type. */
static void
check_type(uint16_t type)
{
	char text[CODE_TEXT_MAX];
	uint16_t back;

	require(type_parse(type_print(type, text), &back) && back == type);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
	static uint8_t room[ROOM];
	struct rdata_input input;
	struct rdata_names names;
	struct writer out = writer_over(room, ROOM);
	struct data data = { .octets = room };
	struct reader in, begin;
	enum status status;
	uint16_t len;
	bool plain;

	if (!rdata_input_read(octets, size, &input))
		return 0;
	in = reader_over(input.message, input.size);
	in.at += input.at;
	begin = in;
	len = (uint16_t)reader_left(&in);
	plain = rdata_check(input.type, in.at, len, &names) == OK;
	status = rdata_read(&in, input.type, len, &out, &data.names);
	if (status != OK) {
		require(!plain && out.len == 0 && in.failed == (status != ERR_LIMIT));
		return 0;
	}
	data.len = (uint16_t)out.len;
	require(out.len <= RDATA_MAX_OCTETS && !in.failed && !reader_left(&in));
	if (plain)
		require(out.len == len && memcmp(room, begin.at, len) == 0 &&
			same_names(&names, &data.names));
	check_type(input.type);
	check_names(input.type, &data);
	check_again(input.type, &data);
	check_lower(input.type, &data);
	check_set(input.type, &data);
	check_no_room(&input, begin, &data);
	return 0;
}
