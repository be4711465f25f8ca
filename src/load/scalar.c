#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "dns/codes.h"
#include "dns/name.h"
#include "estate/estate.h"
#include "load/bind.h"

#define ID_MAX_OCTETS 255

#define SHOWN_MAX     120	/* octets of a value in a message */

/* One scalar on its way into an object. */
struct scalar {
	struct bind *b;
	const struct schema_key *key;
	const struct yaml_node *node;
	void *to;
	size_t size;
	char shown[SHOWN_MAX + 4];	/* its text for messages, cut when long */
};

static bool
refuse(struct scalar *s, const char *code, const char *fmt, ...) printf_like(3, 4);

/** Report what is wrong; the message begins with the key. */
static bool
refuse(struct scalar *s, const char *code, const char *fmt, ...)
{
	struct text message;
	va_list ap;

	text_init(&message);
	va_start(ap, fmt);
	text_vprintf(&message, fmt, ap);
	va_end(ap);
	if (message.failed)
		s->b->nomem = true;
	else
		diag_report(s->b->diags, SEVERITY_ERROR, code, bind_place(s->b, s->node),
			    "%s: %s", s->key->key, message.data);
	text_fini(&message);
	return false;
}

static bool
wrong_type(struct scalar *s)
{
	if (yaml_is_null(s->node))
		return refuse(s, "wrong-type", "%s is wanted, and there is nothing",
			      schema_type_text(s->key->type, false));
	return refuse(s, "wrong-type", "%s is wanted, not \"%s\"%s",
		      schema_type_text(s->key->type, false), s->shown,
		      s->node->plain ? "" : " in quotes");
}

static void
store_integer(struct scalar *s, int64_t value)
{
	if (s->size == sizeof(uint8_t))
		*(uint8_t *)s->to = (uint8_t)value;
	else if (s->size == sizeof(uint16_t))
		*(uint16_t *)s->to = (uint16_t)value;
	else if (s->size == sizeof(uint32_t))
		*(uint32_t *)s->to = (uint32_t)value;
	else
		*(uint64_t *)s->to = (uint64_t)value;
}

static bool
store_string(struct scalar *s, const char *string)
{
	const char *copy = arena_string(s->b->arena, string);

	if (!copy)
		s->b->nomem = true;
	*(const char **)s->to = copy;
	return copy != NULL;
}

/** The bounds of the row; `unit` is said behind the numbers. */
static bool
in_range(struct scalar *s, double value, const char *unit)
{
	const struct schema_key *key = s->key;

	if (key->min == 0 && key->max == 0)
		return true;
	if (value >= key->min && value <= key->max)
		return true;
	return refuse(s, "out-of-range", "%s is not between %.0f and %.0f%s", s->shown,
		      key->min, key->max, unit);
}

static const struct schema_word *
find_word(const struct schema_word *words, const char *text)
{
	for (; words && words->text; words++)
		if (strcmp(words->text, text) == 0)
			return words;
	return NULL;
}

static bool
refuse_word(struct scalar *s)
{
	const char *texts[16], *nearest;
	struct text all;
	size_t count = 0;
	bool said;

	for (const struct schema_word *w = s->key->words; w->text && count < COUNT_OF(texts); w++)
		texts[count++] = w->text;
	nearest = text_nearest(s->node->text, texts, count);
	if (nearest)
		return refuse(s, "bad-value", "\"%s\" is none of its words; did you mean \"%s\"?",
			      s->shown, nearest);
	text_init(&all);
	for (size_t i = 0; i < count; i++)
		text_printf(&all, "%s%s", i ? ", " : "", texts[i]);
	said = refuse(s, "bad-value", "\"%s\" is none of: %s", s->shown,
		      all.failed ? "" : all.data);
	text_fini(&all);
	return said;
}

static bool
read_string(struct scalar *s)
{
	const struct schema_key *key = s->key;

	if (key->max > 0 && (s->node->count < key->min || s->node->count > key->max))
		return refuse(s, "out-of-range", "\"%s\" has %u octets, and may have from %.0f to "
			      "%.0f", s->shown, (unsigned)s->node->count, key->min, key->max);
	return store_string(s, s->node->text);
}

static bool
read_secret(struct scalar *s)
{
	const char *text = s->node->text;
	uint8_t *octets = s->to;
	size_t count = 0;

	while (isxdigit((unsigned char)text[count]))
		count++;
	if (text[count] || count != 2 * s->size)
		return refuse(s, "bad-value", "a secret is %u hexadecimal digits, as `openssl rand "
			      "-hex %u` prints them; put it in quotes", (unsigned)(2 * s->size),
			      (unsigned)s->size);
	for (size_t i = 0; i < s->size; i++) {
		const char digits[3] = { text[2 * i], text[2 * i + 1], '\0' };

		octets[i] = (uint8_t)strtoul(digits, NULL, 16);
	}
	return true;
}

static bool
read_word(struct scalar *s)
{
	const struct schema_word *word = find_word(s->key->words, s->node->text);

	if (!word)
		return refuse_word(s);
	if (s->key->type == SCHEMA_WORD) {
		*(const char **)s->to = word->text;
		return true;
	}
	if (s->key->list)	/* a set of them */
		*(uint32_t *)s->to |= 1u << word->value;
	else
		store_integer(s, word->value);
	return true;
}

static bool
read_integer(struct scalar *s)
{
	const struct schema_word *word = find_word(s->key->words, s->node->text);
	const char *text = s->node->text;
	bool minus = text[0] == '-';
	uint64_t value;

	if (word) {
		store_integer(s, word->value);
		return true;
	}
	if (!s->node->plain)
		return wrong_type(s);
	if (!text_parse_u64(text + minus, INT64_MAX, &value)) {
		if (text[minus] && strspn(text + minus, "0123456789") == strlen(text + minus))
			return in_range(s, minus ? -INFINITY : INFINITY, "");
		return wrong_type(s);
	}
	if (!in_range(s, minus ? -(double)value : (double)value, ""))
		return false;
	store_integer(s, minus ? -(int64_t)value : (int64_t)value);
	return true;
}

/** Plain, or in quotes, as the API has coordinates. */
static bool
read_number(struct scalar *s)
{
	const char *text = s->node->text;
	double value;
	char *end;

	value = strtod(text, &end);
	if (!*text || *end || !isfinite(value) || strspn(text, "+-0123456789.eE") != strlen(text))
		return wrong_type(s);
	if (!in_range(s, value, ""))
		return false;
	*(double *)s->to = value;
	return true;
}

static bool
read_bool(struct scalar *s)
{
	static const char *const words[] = { "false", "true", "False", "True", "FALSE", "TRUE" };

	for (size_t i = 0; s->node->plain && i < COUNT_OF(words); i++) {
		if (strcmp(s->node->text, words[i]) == 0) {
			*(bool *)s->to = (i & 1) != s->key->inverted;
			return true;
		}
	}
	return wrong_type(s);
}

static bool
read_duration(struct scalar *s)
{
	uint64_t ms;

	if (!text_parse_duration(s->node->text, &ms))
		return refuse(s, "bad-value", "\"%s\" is no duration: a number with ms, s, m, h "
			      "or d, as in 500ms", s->shown);
	if (!in_range(s, (double)ms, " ms"))
		return false;
	store_integer(s, (int64_t)ms);
	return true;
}

static bool
read_size(struct scalar *s)
{
	uint64_t octets;

	if (!text_parse_size(s->node->text, &octets))
		return refuse(s, "bad-value", "\"%s\" is no size: a number with KiB, MiB or GiB, "
			      "as in 64MiB", s->shown);
	if (!in_range(s, (double)octets, " octets"))
		return false;
	store_integer(s, (int64_t)octets);
	return true;
}

/** No blanks, no control characters, nothing beyond ASCII. */
static bool
is_graphic(const char *text)
{
	for (; *text; text++)
		if (*text <= ' ' || *text > '~')
			return false;
	return true;
}

static bool
read_id(struct scalar *s)
{
	const char *text = s->node->text;

	if (!*text)
		return refuse(s, "bad-value", "an id cannot be empty");
	if (s->node->count > ID_MAX_OCTETS)
		return refuse(s, "bad-value", "an id has at most %d octets, this one %u",
			      ID_MAX_OCTETS, s->node->count);
	if (!is_graphic(text))
		return refuse(s, "bad-value", "\"%s\": an id is of ASCII letters, digits and "
			      "signs, without blanks", s->shown);
	return store_string(s, text);
}

static bool
read_ref(struct scalar *s)
{
	struct ref *ref = s->to;

	s->to = &ref->id;
	if (!read_id(s))
		return false;
	ref->at = bind_place(s->b, s->node);
	ref->kinds = s->key->refs;
	return true;
}

static bool
read_name(struct scalar *s)
{
	const char *text = s->node->text;
	enum status status;
	struct name name;

	if (!is_graphic(text))
		return refuse(s, "bad-name", "\"%s\" is no domain name: it is ASCII without "
			      "blanks; write others in their xn-- form", s->shown);
	status = s->key->type == SCHEMA_API_NAME ? name_parse_octal(text, &name)
						 : name_parse(text, &name);
	if (status == ERR_LIMIT)
		return refuse(s, "bad-name", "\"%s\" is too long: a label has at most 63 octets, "
			      "a name 255", s->shown);
	if (status != OK)
		return refuse(s, "bad-name", "\"%s\" is no domain name: an empty label or a bad "
			      "escape", s->shown);
	*(const uint8_t **)s->to = name_store(s->b->arena, &name);
	if (!*(const uint8_t **)s->to)
		s->b->nomem = true;
	return !s->b->nomem;
}

static bool
read_address(struct scalar *s)
{
	const char *text = s->node->text;
	struct addr addr;

	if (!addr_parse(text, &addr)) {
		if (strspn(text, "0123456789.") < strlen(text) && strchr(text, '.') &&
		    strchr(text, ':'))
			return refuse(s, "bad-address", "\"%s\" is no IP address; a port has its "
				      "own key", s->shown);
		return refuse(s, "bad-address", "\"%s\" is no IP address", s->shown);
	}
	memcpy(((struct addr *)s->to)->ip, addr.ip, sizeof(addr.ip));
	return true;
}

static bool
read_prefix(struct scalar *s)
{
	char right[ADDR_TEXT_MAX], bare[ADDR_TEXT_MAX];
	struct prefix *prefix = s->to;
	const char *text = s->node->text, *slash = strchr(text, '/');
	enum status status = prefix_parse(text, prefix);
	struct addr addr;

	if (status == OK)
		return true;
	if (status != ERR_REJECTED || !slash || (size_t)(slash - text) >= sizeof(bare))
		return refuse(s, "bad-address", "\"%s\" is no CIDR block, as 10.0.0.0/16 is",
			      s->shown);
	snprintf(bare, sizeof(bare), "%.*s", (int)(slash - text), text);
	if (!addr_parse(bare, &addr))
		return refuse(s, "bad-address", "\"%s\" is no CIDR block", s->shown);
	memcpy(prefix->ip, addr.ip, sizeof(prefix->ip));
	prefix->bits = (uint8_t)(atoi(slash + 1) + (addr_is_v4(&addr) ? 96 : 0));
	for (unsigned bit = prefix->bits; bit < 128; bit++)
		prefix->ip[bit / 8] &= (uint8_t)~(0x80u >> bit % 8);
	return refuse(s, "bad-address", "\"%s\" has bits set beyond its length; the block is %s",
		      s->shown, prefix_print(prefix, right));
}

static bool
read_record_type(struct scalar *s)
{
	uint16_t type;

	if (!type_parse(s->node->text, &type))
		return refuse(s, "bad-value", "\"%s\" is no record type", s->shown);
	if (type_is_meta(type))
		return refuse(s, "bad-value", "%s is only asked for: no record has this type",
			      s->shown);
	store_integer(s, type);
	return true;
}

static bool
read_path(struct scalar *s)
{
	const char *path;

	if (!*s->node->text)
		return refuse(s, "bad-value", "a path cannot be empty");
	path = source_path(s->b->arena, s->b->file, s->node->text);
	if (!path)
		s->b->nomem = true;
	*(const char **)s->to = path;
	return path != NULL;
}

/** Words that YAML takes for something else than text must be quoted. */
static bool
is_text(const struct schema_key *key, const struct yaml_node *node)
{
	if (yaml_is_null(node))
		return key->type == SCHEMA_STRING && node->text[0] == '\0' && !node->plain;
	return true;
}

/** What messages show of it; nearly all scalars are in none, so it is not printed. */
static void
show(struct scalar *s)
{
	size_t len = s->node->count < SHOWN_MAX ? s->node->count : SHOWN_MAX;

	memcpy(s->shown, s->node->text, len);
	strcpy(s->shown + len, s->node->count > SHOWN_MAX ? "..." : "");
}

bool
bind_scalar(struct bind *b, const struct schema_key *key, const struct yaml_node *node, void *to,
	    size_t size)
{
	struct scalar s = { .b = b, .key = key, .node = node, .to = to, .size = size };

	if (node->kind != YAML_SCALAR)
		return refuse(&s, "wrong-type", "%s is wanted, not a %s",
			      schema_type_text(key->type, false),
			      node->kind == YAML_MAPPING ? "map" : "list");
	show(&s);
	if (!is_text(key, node))
		return wrong_type(&s);
	switch (key->type) {
	case SCHEMA_STRING:
		return read_string(&s);
	case SCHEMA_SECRET:
		return read_secret(&s);
	case SCHEMA_ID:
		return read_id(&s);
	case SCHEMA_REF:
		return read_ref(&s);
	case SCHEMA_NAME:
	case SCHEMA_API_NAME:
		return read_name(&s);
	case SCHEMA_ADDRESS:
		return read_address(&s);
	case SCHEMA_PREFIX:
		return read_prefix(&s);
	case SCHEMA_DURATION:
		return read_duration(&s);
	case SCHEMA_SIZE:
		return read_size(&s);
	case SCHEMA_INTEGER:
		return read_integer(&s);
	case SCHEMA_NUMBER:
		return read_number(&s);
	case SCHEMA_BOOL:
		return read_bool(&s);
	case SCHEMA_ENUM:
	case SCHEMA_WORD:
		return read_word(&s);
	case SCHEMA_RECORD_TYPE:
		return read_record_type(&s);
	case SCHEMA_PATH:
		return read_path(&s);
	case SCHEMA_MAP:
	case SCHEMA_TEXTS:
	case SCHEMA_IGNORED:
		break;
	}
	return wrong_type(&s);
}
