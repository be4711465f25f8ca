#include "dns/name.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"

#define POINTER		 0xc0	/* the two high bits of a length octet (RFC 1035 4.1.4) */
#define POINTERS_MOST	 (NAME_MAX_LABELS + 1)

/**
 * Copy in lower case.  Length octets are below 'A', so a whole wire name may be passed.
 * Eight octets at a time, each kept below 0x80 while the sums mark 'A'..'Z' at its top bit.
 */
static inline uint64_t
lower_word(uint64_t word)
{
	const uint64_t each = 0x0101010101010101ull, low = word & 0x7f * each;
	uint64_t from_a = low + (0x80 - 'A') * each, beyond_z = low + (0x80 - 'Z' - 1) * each;

	return word | (from_a & ~beyond_z & ~word & 0x80 * each) >> 2;
}

static inline void
lower_eight(const uint8_t *in, uint8_t *out)
{
	uint64_t word;

	memcpy(&word, in, sizeof(word));
	word = lower_word(word);
	memcpy(out, &word, sizeof(word));
}

static inline void
lower_copy(const uint8_t *in, size_t len, uint8_t *out)
{
	size_t i;

	for (i = 0; i + 8 <= len; i += 8)
		lower_eight(in + i, out + i);
	for (; i < len; i++)
		out[i] = in[i] >= 'A' && in[i] <= 'Z' ? in[i] | 0x20 : in[i];
}

/** The last 1..8 octets of a label as one word, without a read beyond the label. */
static inline uint64_t
label_word(const uint8_t *label, size_t len)
{
	if (len >= 4)
		return (uint64_t)load_u32_le(label + len - 4) << 32 | load_u32_le(label);
	return (uint64_t)label[len - 1] << 16 | (uint64_t)label[len / 2] << 8 | label[0];
}

uint64_t
name_hash_label(uint64_t parent, const uint8_t *label, size_t len)
{
	size_t left = len;

	for (; left > 8; left -= 8, label += 8)
		parent = hash_mix(parent, load_u64_le(label));
	/* The length keeps apart what label_word does not, and is a second round for it. */
	return hash_mix(hash_mix(parent, label_word(label, left)), len);
}

/** Where the labels of a wire name begin, the root's last.  Returns how many, root not counted. */
static uint8_t
label_starts(const uint8_t *wire, uint8_t *starts)
{
	uint8_t count = 0, at = 0;

	while (wire[at]) {
		starts[count++] = at;
		at = (uint8_t)(at + 1 + wire[at]);
	}
	starts[count] = at;
	return count;
}

static inline void
suffixes_fill(const uint8_t *wire, const uint8_t *starts, uint8_t labels, struct suffixes *out)
{
	uint64_t hash = NAME_HASH_ROOT;

	out->hash[0] = hash;
	out->offset[0] = starts[labels];
	for (unsigned k = 1; k <= labels; k++) {
		uint8_t at = starts[labels - k];

		hash = name_hash_label(hash, wire + at + 1, wire[at]);
		out->hash[k] = hash;
		out->offset[k] = at;
	}
}

void
name_suffixes(const struct name *name, struct suffixes *out)
{
	uint8_t starts[NAME_MAX_LABELS + 1];

	suffixes_fill(name->wire, starts, label_starts(name->wire, starts), out);
}

uint64_t
name_hash(const uint8_t *wire)
{
	uint8_t starts[NAME_MAX_LABELS + 1];
	uint64_t hash = NAME_HASH_ROOT;

	for (uint8_t k = label_starts(wire, starts); k-- > 0;)
		hash = name_hash_label(hash, wire + starts[k] + 1, wire[starts[k]]);
	return hash;
}

/** The reader has failed; why. */
static enum status
spent(struct reader *in, enum status why)
{
	in->failed = true;
	return why;
}

enum status
name_read_plain(struct reader *in, struct name *out, struct suffixes *suffixes)
{
	uint8_t starts[NAME_MAX_LABELS + 1];
	const uint8_t *wire = in->at;
	size_t left = reader_left(in), at = 0;
	uint8_t labels = 0;

	if (in->failed)
		return ERR_SHORT;
	for (;;) {
		if (at >= NAME_MAX_OCTETS)
			return spent(in, ERR_MALFORMED);
		if (at >= left)
			return spent(in, ERR_SHORT);
		starts[labels] = (uint8_t)at;
		if (wire[at] == 0)
			break;
		if (wire[at] > NAME_MAX_LABEL)
			return spent(in, ERR_MALFORMED);
		at += 1u + wire[at];
		labels++;
	}
	out->len = (uint8_t)(at + 1);
	out->labels = labels;
	lower_copy(wire, out->len, out->wire);
	in->at += out->len;
	suffixes_fill(out->wire, starts, labels, suffixes);
	return OK;
}

/**
 * The walk of name_read and name_read_cased.  `run` is where the labels now read began:
 * a pointer must lead to before it.  A limit on their number keeps a message full of
 * pointers to pointers from costing its length squared.
 */
static enum status
read_labels(struct reader *in, struct name *out)
{
	const uint8_t *at = in->at, *run = in->at, *behind = NULL;
	unsigned pointers = 0, len = 0, labels = 0;

	if (in->failed)
		return ERR_SHORT;
	for (;;) {
		unsigned n;

		if (at >= in->end)
			return spent(in, ERR_SHORT);
		n = *at++;
		if (n >= POINTER) {
			if (at >= in->end)
				return spent(in, ERR_SHORT);
			n = (n & (POINTER ^ 0xff)) << 8 | *at++;
			if (n >= (size_t)(run - in->base) || ++pointers > POINTERS_MOST)
				return spent(in, ERR_MALFORMED);
			behind = behind ? behind : at;
			at = run = in->base + n;
			continue;
		}
		if (n > NAME_MAX_LABEL || len + 1 + n > NAME_MAX_OCTETS)
			return spent(in, ERR_MALFORMED);
		out->wire[len++] = (uint8_t)n;
		if (n == 0)
			break;
		if ((size_t)(in->end - at) < n)
			return spent(in, ERR_SHORT);
		memcpy(out->wire + len, at, n);
		at += n;
		len += n;
		labels++;
	}
	out->len = (uint8_t)len;
	out->labels = (uint8_t)labels;
	in->at = behind ? behind : at;
	return OK;
}

enum status
name_read_cased(struct reader *in, struct name *out)
{
	return read_labels(in, out);
}

enum status
name_read(struct reader *in, struct name *out)
{
	enum status status = read_labels(in, out);

	if (status == OK)
		lower_copy(out->wire, out->len, out->wire);
	return status;
}

void
name_lower(const uint8_t *wire, struct name *out)
{
	uint8_t starts[NAME_MAX_LABELS + 1];

	out->labels = label_starts(wire, starts);
	out->len = (uint8_t)(starts[out->labels] + 1);
	lower_copy(wire, out->len, out->wire);
}

/** One octet behind a backslash, in `base` 8 or 10; false: a bad escape. */
static bool
parse_escape(const char **text, unsigned base, unsigned *octet)
{
	const char *p = *text;

	if (*p < '0' || *p > '9') {
		*octet = (uint8_t)*p;
		*text = p + 1;
		return *p != '\0';
	}
	*octet = 0;
	for (int i = 0; i < 3; i++, p++) {
		if (*p < '0' || *p >= (char)('0' + base))
			return false;
		*octet = *octet * base + (unsigned)(*p - '0');
	}
	*text = p;
	return *octet <= UINT8_MAX;
}

/**
 * One label at *text, which moves behind its dot, appended to `out` with its length octet.
 * The first fault from the left decides which error it is.
 */
static enum status
parse_label(const char **text, unsigned base, struct name *out)
{
	uint8_t *length = out->wire + out->len;
	unsigned n = 0;

	while (**text && **text != '.') {
		unsigned octet = (uint8_t)*(*text)++;

		if (octet == '\\' && !parse_escape(text, base, &octet))
			return ERR_MALFORMED;
		/* besides itself a label needs its length octet and the root */
		if (n == NAME_MAX_LABEL || out->len + n + 2 >= NAME_MAX_OCTETS)
			return ERR_LIMIT;
		length[1 + n++] = (uint8_t)octet;
	}
	if (n == 0)
		return ERR_MALFORMED;
	*length = (uint8_t)n;
	out->len = (uint8_t)(out->len + 1 + n);
	out->labels++;
	if (**text == '.')
		(*text)++;
	return OK;
}

static enum status
parse_name(const char *text, unsigned base, struct name *out)
{
	out->len = out->labels = 0;
	if (strcmp(text, ".") == 0)
		text++;
	else if (!*text)
		return ERR_MALFORMED;
	while (*text) {
		enum status status = parse_label(&text, base, out);

		if (status != OK)
			return status;
	}
	out->wire[out->len++] = 0;
	lower_copy(out->wire, out->len, out->wire);
	return OK;
}

enum status
name_parse(const char *text, struct name *out)
{
	return parse_name(text, 10, out);
}

enum status
name_parse_octal(const char *text, struct name *out)
{
	return parse_name(text, 8, out);
}

static char *
print_octet(uint8_t octet, char *out)
{
	if (octet <= ' ' || octet >= 0x7f) {
		*out++ = '\\';
		*out++ = (char)('0' + octet / 100);
		*out++ = (char)('0' + octet / 10 % 10);
		*out++ = (char)('0' + octet % 10);
		return out;
	}
	if (strchr(".\\\"();@$", octet))
		*out++ = '\\';
	*out++ = (char)octet;
	return out;
}

char *
name_print(const uint8_t *wire, char *buf)
{
	char *out = buf;

	if (*wire == 0)
		*out++ = '.';
	while (*wire) {
		uint8_t n = *wire++;

		while (n--)
			out = print_octet(*wire++, out);
		*out++ = '.';
	}
	*out = '\0';
	return buf;
}

size_t
name_wire_len(const uint8_t *wire)
{
	const uint8_t *at = wire;

	while (*at)
		at += 1 + *at;
	return (size_t)(at - wire) + 1;
}

uint8_t
name_wire_labels(const uint8_t *wire)
{
	uint8_t labels = 0;

	for (; *wire; wire += 1 + *wire)
		labels++;
	return labels;
}

void
name_from_wire(const uint8_t *wire, struct name *out)
{
	uint8_t starts[NAME_MAX_LABELS + 1];

	out->labels = label_starts(wire, starts);
	out->len = (uint8_t)(starts[out->labels] + 1);
	memcpy(out->wire, wire, out->len);
}

const uint8_t *
name_store(struct arena *arena, const struct name *name)
{
	return arena_copy(arena, name->wire, name->len);
}

bool
name_wire_equal(const uint8_t *a, const uint8_t *b)
{
	size_t len = name_wire_len(a);

	return len == name_wire_len(b) && memcmp(a, b, len) == 0;
}

const uint8_t *
name_wire_suffix(const uint8_t *wire, uint8_t labels)
{
	uint8_t have = name_wire_labels(wire);

	assert(labels <= have);
	for (; have > labels; have--)
		wire += 1 + *wire;
	return wire;
}

bool
name_wire_covers(const uint8_t *zone, const uint8_t *name)
{
	uint8_t labels = name_wire_labels(zone);

	return labels <= name_wire_labels(name) &&
	       name_wire_equal(zone, name_wire_suffix(name, labels));
}

int
name_wire_compare(const uint8_t *a, const uint8_t *b)
{
	uint8_t a_starts[NAME_MAX_LABELS + 1], b_starts[NAME_MAX_LABELS + 1];
	unsigned i = label_starts(a, a_starts), j = label_starts(b, b_starts);

	while (i && j) {
		const uint8_t *x = a + a_starts[--i], *y = b + b_starts[--j];
		int order = memcmp(x + 1, y + 1, *x < *y ? *x : *y);

		if (order)
			return order;
		if (*x != *y)
			return *x - *y;
	}
	return (int)i - (int)j;
}

bool
name_prepend(const uint8_t *label, size_t len, const uint8_t *wire, struct name *out)
{
	size_t rest = name_wire_len(wire);

	if (len == 0 || len > NAME_MAX_LABEL || 1 + len + rest > NAME_MAX_OCTETS)
		return false;
	out->labels = (uint8_t)(name_wire_labels(wire) + 1);
	out->len = (uint8_t)(1 + len + rest);
	memmove(out->wire + 1 + len, wire, rest);
	out->wire[0] = (uint8_t)len;
	lower_copy(label, len, out->wire + 1);
	return true;
}
