/*
 * fuzz_name - names at any place of a message, beside a reader that was written to be plain
 *
 * The first two octets choose where a name is read, the next two where another one is; the
 * message lies behind them.  Both are compared octet by octet with what the plain reader
 * makes of them, and so are order, cover, suffixes and hashes with plain versions over lists
 * of labels.  The message is also parsed as text.
 */
#include <ctype.h>
#include <string.h>

#include "dns/name.h"
#include "fuzz/fuzz.h"

#define POINTERS_MOST 128

/* A name as a list of labels, in the letter case it came in. */
struct plain {
	size_t len;		/* octets in wire form */
	size_t count;
	const uint8_t *label[NAME_MAX_LABELS];	/* in the message, at their length octets */
	size_t behind;		/* where in the message reading goes on */
};

/** RFC 1035 4.1.4, a pointer to before the labels it ends (the name's first one included). */
static bool
plain_read(const uint8_t *message, size_t size, size_t at, struct plain *out)
{
	size_t begin = at, pointers = 0;

	*out = (struct plain){ .len = 1 };
	while (at < size && message[at]) {
		size_t n = message[at];

		if (n >= 0xc0) {
			if (at + 1 >= size)
				return false;
			if (pointers++ == 0)
				out->behind = at + 2;
			at = (n & 0x3f) * 256 + message[at + 1];
			if (at >= begin || pointers > POINTERS_MOST)
				return false;
			begin = at;
			continue;
		}
		if (n > 63 || at + 1 + n > size || out->len + 1 + n > 255)
			return false;
		out->label[out->count++] = message + at;
		out->len += 1 + n;
		at += 1 + n;
	}
	if (at >= size)
		return false;
	if (!pointers)
		out->behind = at + 1;
	return true;
}

/** The wire form holds these labels and no others. */
static void
check_labels(const uint8_t *wire, const struct plain *plain, bool lower)
{
	for (size_t i = 0; i < plain->count; i++, wire += 1 + *wire) {
		require(*wire == *plain->label[i]);
		for (size_t k = 1; k <= *wire; k++)
			require(wire[k] == (lower ? tolower(plain->label[i][k])
						  : plain->label[i][k]));
	}
	require(*wire == 0);
}

/** true: there is a name at `at`, in lower case in *out. */
static bool
check_read(const uint8_t *message, size_t size, size_t at, struct plain *plain,
	   struct name *out)
{
	struct reader in = reader_over(message, size), cased, whole;
	bool is_name = plain_read(message, size, at, plain);
	struct suffixes suffixes;
	struct name name;
	enum status status;

	in.at += at;
	cased = whole = in;
	status = name_read(&in, out);
	require((status == OK) == is_name && in.failed == !is_name);
	require(name_read_cased(&cased, &name) == status);
	if (!is_name) {
		require(status == ERR_SHORT || status == ERR_MALFORMED);
		require(name_read_plain(&whole, &name, &suffixes) != OK);
		return false;
	}
	require(in.at == message + plain->behind && cased.at == in.at);
	require(out->len == plain->len && out->labels == plain->count);
	require(name.len == out->len && name.labels == out->labels);
	check_labels(out->wire, plain, true);
	check_labels(name.wire, plain, false);
	name_lower(name.wire, &name);
	require(name.len == out->len && memcmp(name.wire, out->wire, name.len) == 0);
	if (plain->behind - at != plain->len) {	/* a pointer took part in it */
		require(name_read_plain(&whole, &name, &suffixes) == ERR_MALFORMED);
	} else if (name_read_plain(&whole, &name, &suffixes) == OK) {
		require(whole.at == in.at && name.labels == out->labels);
		require(name_wire_equal(name.wire, out->wire));
	} else {	/* as long by chance as the name its pointer led to */
		require(message[plain->behind - 2] >= 0xc0);
	}
	return true;
}

static void
check_text(const struct name *name)
{
	char text[NAME_TEXT_MAX], again[NAME_TEXT_MAX];
	struct name back;

	require(strlen(name_print(name->wire, text)) < NAME_TEXT_MAX);
	require(name_parse(text, &back) == OK);
	require(back.len == name->len && back.labels == name->labels);
	require(name_wire_equal(back.wire, name->wire));
	require(strcmp(name_print(back.wire, again), text) == 0);
}

static void
check_suffixes(const struct name *name)
{
	struct suffixes suffixes;
	const uint8_t *at = name->wire;
	uint64_t hash = NAME_HASH_ROOT;

	name_suffixes(name, &suffixes);
	require(name_wire_len(at) == name->len && name_wire_labels(at) == name->labels);
	for (unsigned k = name->labels; k > 0; k--, at = name_wire_parent(at)) {
		require(name->wire + suffixes.offset[k] == at);
		require(name_wire_suffix(name->wire, (uint8_t)k) == at);
		require(suffixes.hash[k] == name_hash(at));
	}
	require(*at == 0 && name->wire + suffixes.offset[0] == at);
	require(name_wire_parent(at) == at);
	for (unsigned k = 1; k <= name->labels; k++) {
		at = name->wire + suffixes.offset[k];
		hash = name_hash_label(hash, at + 1, *at);
		require(suffixes.hash[k] == hash);
	}
}

/** The name is made again by putting its first label before its parent. */
static void
check_prepend(const struct name *name)
{
	const uint8_t *wire = name->wire;
	struct name made;

	name_from_wire(name_wire_parent(wire), &made);
	if (*wire) {
		require(name_prepend(wire + 1, *wire, made.wire, &made));
		require(made.labels == name->labels && made.len == name->len);
		require(name_wire_equal(made.wire, wire));
	}
	require(name_prepend((const uint8_t *)"*", 1, wire, &made) == (name->len <= 253));
	if (name->len <= 253)
		require(name_wire_is_wildcard(made.wire) &&
			name_wire_covers(wire, made.wire));
}

/** Label i from the root of both, in lower case: <0, 0, >0. */
static int
compare_label(const uint8_t *a, const uint8_t *b)
{
	for (size_t k = 1; k <= *a && k <= *b; k++)
		if (tolower(a[k]) != tolower(b[k]))
			return tolower(a[k]) < tolower(b[k]) ? -1 : 1;
	return (*a > *b) - (*a < *b);
}

/** RFC 4034 6.1.  *common: how many labels from the root are the same. */
static int
plain_compare(const struct plain *a, const struct plain *b, size_t *common)
{
	for (*common = 0; *common < a->count && *common < b->count; ++*common) {
		int order = compare_label(a->label[a->count - 1 - *common],
					  b->label[b->count - 1 - *common]);

		if (order)
			return order;
	}
	return (a->count > b->count) - (a->count < b->count);
}

static int
sign(int order)
{
	return (order > 0) - (order < 0);
}

static void
check_pair(const struct name *a, const struct plain *plain_a, const struct name *b,
	   const struct plain *plain_b)
{
	size_t common;
	int order = plain_compare(plain_a, plain_b, &common);

	require(sign(name_wire_compare(a->wire, b->wire)) == order);
	require(sign(name_wire_compare(b->wire, a->wire)) == -order);
	require(name_wire_equal(a->wire, b->wire) == (order == 0));
	require(name_wire_covers(a->wire, b->wire) == (common == plain_a->count));
	require(name_wire_covers(b->wire, a->wire) == (common == plain_b->count));
	if (order == 0)
		require(name_hash(a->wire) == name_hash(b->wire));
}

/** Any octets as text: what is a name prints, and reads as the same one. */
static void
check_parse(const uint8_t *data, size_t size)
{
	char text[NAME_TEXT_MAX];
	struct name name;

	size = size < sizeof(text) - 1 ? size : sizeof(text) - 1;
	memcpy(text, data, size);
	text[size] = '\0';
	if (name_parse(text, &name) == OK)
		check_text(&name);
	if (name_parse_octal(text, &name) == OK)
		check_text(&name);
}

static size_t
place(const uint8_t *octets, size_t size)
{
	return size ? load_u16(octets) % size : 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct plain plain_a, plain_b;
	struct name a, b;
	size_t at;

	if (size < 4)
		return 0;
	at = place(data, size - 4);
	check_parse(data + 4, size - 4);
	if (!check_read(data + 4, size - 4, at, &plain_a, &a))
		return 0;
	check_text(&a);
	check_suffixes(&a);
	check_prepend(&a);
	at = place(data + 2, size - 4);
	if (check_read(data + 4, size - 4, at, &plain_b, &b))
		check_pair(&a, &plain_a, &b, &plain_b);
	return 0;
}
