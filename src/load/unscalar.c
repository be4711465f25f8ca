#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "dns/codes.h"
#include "dns/name.h"
#include "estate/estate.h"
#include "load/unbind.h"

#define NUMBER_MAX 40

static uint64_t
load_integer(const void *value, size_t size)
{
	if (size == sizeof(uint8_t))
		return *(const uint8_t *)value;
	if (size == sizeof(uint16_t))
		return *(const uint16_t *)value;
	if (size == sizeof(uint32_t))
		return *(const uint32_t *)value;
	return *(const uint64_t *)value;
}

/** Is this what storing the word left in a field of that size? */
static bool
is_word(const struct schema_word *word, uint64_t number, size_t size)
{
	uint64_t value = (uint64_t)word->value;

	if (size < sizeof(value))
		value &= ((uint64_t)1 << 8 * size) - 1;
	return value == number;
}

/** Text that is not to be taken for anything else: written in quotes where it needs them. */
static struct yaml_node *
text_node(struct unbind *u, const char *text)
{
	struct yaml_node *node = nodes_text(&u->nodes, text, NULL);

	if (node)
		node->plain = false;
	return node;
}

/** A pointer to text, which may be NULL. */
static const char *
text_at(const void *value)
{
	const char *text;

	memcpy(&text, value, sizeof(text));
	return text;
}

static struct yaml_node *
string_node(struct unbind *u, const void *value)
{
	const char *text = text_at(value);

	return text ? text_node(u, text) : NULL;
}

static struct yaml_node *
path_node(struct unbind *u, const void *value)
{
	const char *path = text_at(value);

	if (path && path[0] != '/' && u->folder) {
		path = arena_printf(u->nodes.arena, "%s/%s", u->folder, path);
		u->nodes.nomem |= !path;
	}
	return path ? text_node(u, path) : NULL;
}

/** Absolute, and without the dot that would say so. */
static struct yaml_node *
name_node(struct unbind *u, const void *value)
{
	const uint8_t *wire;
	char text[NAME_TEXT_MAX];
	size_t len;

	memcpy(&wire, value, sizeof(wire));
	if (!wire)
		return NULL;
	name_print(wire, text);
	len = strlen(text);
	if (*wire && len > 1)
		text[len - 1] = '\0';
	return text_node(u, text);
}

static struct yaml_node *
address_node(struct unbind *u, const struct schema_key *key, const void *value)
{
	static const struct addr none;
	const struct addr *addr = value;
	char text[ADDR_TEXT_MAX];

	if (!key->required && !key->list && memcmp(addr->ip, none.ip, sizeof(none.ip)) == 0)
		return NULL;
	return text_node(u, addr_print(addr, text));
}

static struct yaml_node *
integer_node(struct unbind *u, const struct schema_key *key, const void *value, size_t size)
{
	uint64_t number = load_integer(value, size);
	char text[NUMBER_MAX];

	for (const struct schema_word *w = key->words; w && w->text; w++)
		if (is_word(w, number, size))
			return text_node(u, w->text);
	if (key->min < 0 && size == sizeof(int32_t))
		snprintf(text, sizeof(text), "%" PRId32, (int32_t)number);
	else
		snprintf(text, sizeof(text), "%" PRIu64, number);
	return nodes_text(&u->nodes, text, NULL);
}

/** The shortest decimal that reads as the same number. */
static struct yaml_node *
number_node(struct unbind *u, const void *value)
{
	const double number = *(const double *)value;
	char text[NUMBER_MAX];

	for (int digits = 1; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, number);
		if (strtod(text, NULL) >= number && strtod(text, NULL) <= number)
			break;
	}
	return nodes_text(&u->nodes, text, NULL);
}

/** In the largest unit that leaves no rest. */
static struct yaml_node *
unit_node(struct unbind *u, uint64_t value, const struct schema_word *units, size_t count)
{
	char text[NUMBER_MAX];
	size_t i = 0;

	while (i + 1 < count && (value == 0 || value % (uint64_t)units[i].value))
		i++;
	snprintf(text, sizeof(text), "%" PRIu64 "%s", value / (uint64_t)units[i].value,
		 units[i].text);
	return text_node(u, text);
}

static struct yaml_node *
duration_node(struct unbind *u, uint64_t ms)
{
	static const struct schema_word units[] = {
		{ "d", 86400000 }, { "h", 3600000 }, { "m", 60000 }, { "s", 1000 }, { "ms", 1 },
	};

	return ms ? unit_node(u, ms, units, COUNT_OF(units)) : nodes_text(&u->nodes, "0", NULL);
}

static struct yaml_node *
size_node(struct unbind *u, uint64_t octets)
{
	static const struct schema_word units[] = {
		{ "GiB", 1 << 30 }, { "MiB", 1 << 20 }, { "KiB", 1 << 10 }, { "", 1 },
	};

	return unit_node(u, octets, units, COUNT_OF(units));
}

static struct yaml_node *
word_node(struct unbind *u, const struct schema_key *key, uint64_t value, size_t size)
{
	for (const struct schema_word *w = key->words; w->text; w++)
		if (is_word(w, value, size))
			return text_node(u, w->text);
	return NULL;
}

static struct yaml_node *
secret_node(struct unbind *u, const void *value, size_t size)
{
	const uint8_t *octets = value;
	char text[2 * COOKIE_SECRET_OCTETS + 1] = "";

	if (!u->secrets || 2 * size >= sizeof(text)) {
		u->withheld = true;
		return NULL;
	}
	for (size_t i = 0; i < size; i++)
		snprintf(text + 2 * i, 3, "%02x", octets[i]);
	return text_node(u, text);
}

static struct yaml_node *
type_node(struct unbind *u, uint16_t type)
{
	char text[CODE_TEXT_MAX];

	return type ? text_node(u, type_print(type, text)) : NULL;
}

static struct yaml_node *
prefix_node(struct unbind *u, const void *value)
{
	char text[ADDR_TEXT_MAX];

	return text_node(u, prefix_print(value, text));
}

struct yaml_node *
unbind_scalar(struct unbind *u, const struct schema_key *key, const void *value, size_t size)
{
	switch (key->type) {
	case SCHEMA_STRING:
	case SCHEMA_ID:
	case SCHEMA_WORD:
		return string_node(u, value);
	case SCHEMA_REF:
		return string_node(u, &((const struct ref *)value)->id);
	case SCHEMA_NAME:
	case SCHEMA_API_NAME:
		return name_node(u, value);
	case SCHEMA_ADDRESS:
		return address_node(u, key, value);
	case SCHEMA_PREFIX:
		return prefix_node(u, value);
	case SCHEMA_DURATION:
		return duration_node(u, load_integer(value, size));
	case SCHEMA_SIZE:
		return size_node(u, load_integer(value, size));
	case SCHEMA_INTEGER:
		return integer_node(u, key, value, size);
	case SCHEMA_NUMBER:
		return number_node(u, value);
	case SCHEMA_BOOL:
		return nodes_text(&u->nodes, *(const bool *)value != key->inverted ? "true"
										   : "false",
				  NULL);
	case SCHEMA_ENUM:
		return word_node(u, key, load_integer(value, size), size);
	case SCHEMA_RECORD_TYPE:
		return type_node(u, (uint16_t)load_integer(value, size));
	case SCHEMA_SECRET:
		return secret_node(u, value, size);
	case SCHEMA_PATH:
		return path_node(u, value);
	case SCHEMA_MAP:
	case SCHEMA_TEXTS:
	case SCHEMA_IGNORED:
		break;
	}
	return NULL;
}
