#include "lint/fingerprint.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "lint/sha256.h"

/* Begins what is hashed: changed when the same finding must get another fingerprint. */
#define SCHEME "causeway-fingerprint-1"

/** Does a label of this name begin at `at`? */
static bool
begins_label(const char *name, const char *at)
{
	if (at == name)
		return true;
	return at[-1] == '.' && !(at - name > 1 && at[-2] == '\\');
}

/** The part of `name`, "a.b.c.", that `other` ends in too, whole labels only. */
static const char *
common_top(const char *name, const char *other)
{
	const char *a = name + strlen(name), *b = other + strlen(other), *top = a;

	while (a > name && b > other && a[-1] == b[-1]) {
		a--;
		b--;
		if (begins_label(name, a) && begins_label(other, b))
			top = a;
	}
	return *top || top == name ? top : top - 1;	/* nothing in common: the root */
}

const char *
finding_top_name(const struct finding *finding)
{
	const char *top = NULL;

	for (const struct finding_part *part = finding->parts; part; part = part->next)
		if (part->part == PART_NAMES && part->id)
			top = top ? common_top(top, part->id) : part->id;
	return top ? top : "";
}

/** Strings with their lengths, so that no two lists of strings give the same octets. */
static void
put(struct text *out, const char *string)
{
	text_printf(out, "%zu:", string ? strlen(string) : 0);
	text_append(out, string ? string : "");
}

/** Few of many stand in the finding, and which ones changes with what is mended. */
static bool
is_example(const struct finding_part *part)
{
	static const char *const kinds[] = {
		"record", "record_set", "vpc_peering_connection", "transit_gateway",
	};

	for (size_t i = 0; part->kind && i < COUNT_OF(kinds); i++)
		if (strcmp(part->kind, kinds[i]) == 0)
			return true;
	return false;
}

static int
compare_keys(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The keys of a finding's objects. */
struct keys {
	char **list;
	size_t count;
};

static bool
add_key(struct keys *keys, const struct finding_part *part, path_fn path, void *context)
{
	char **list = reallocarray(keys->list, keys->count + 1, sizeof(*list));
	const char *file = part->at.file;
	struct text key;

	if (!list)
		return false;
	keys->list = list;
	text_init(&key);
	put(&key, part->kind);
	put(&key, part->id);
	put(&key, file && path ? path(context, file) : file);
	if (key.failed) {
		text_fini(&key);
		return false;
	}
	list[keys->count++] = key.data;
	return true;
}

static bool
collect_keys(struct keys *keys, const struct finding *finding, path_fn path, void *context)
{
	for (const struct finding_part *part = finding->parts; part; part = part->next) {
		if (part->part != PART_OBJECT || (keys->count && is_example(part)))
			continue;
		if (!add_key(keys, part, path, context))
			return false;
	}
	if (keys->count)
		qsort(keys->list, keys->count, sizeof(*keys->list), compare_keys);
	return true;
}

/** The keys in order, each once, so that the order of a finding's objects does not count. */
static void
put_keys(struct text *out, const struct keys *keys)
{
	for (size_t i = 0; i < keys->count; i++)
		if (i == 0 || strcmp(keys->list[i - 1], keys->list[i]) != 0)
			put(out, keys->list[i]);
}

static void
print_hex(const struct text *text, struct fingerprint *out)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t hash[SHA256_OCTETS];

	sha256(text->data, text->len, hash);
	for (size_t i = 0; i < sizeof(hash); i++) {
		out->hex[2 * i] = digits[hash[i] >> 4];
		out->hex[2 * i + 1] = digits[hash[i] & 15];
	}
	out->hex[2 * sizeof(hash)] = '\0';
}

bool
fingerprint_make(const struct finding *finding, path_fn path, void *context,
		 struct fingerprint *out)
{
	struct keys keys = { 0 };
	const char *file = finding->at.file;
	struct text text;
	bool made;

	text_init(&text);
	put(&text, SCHEME);
	put(&text, finding->code);
	made = collect_keys(&keys, finding, path, context);
	if (keys.count) {
		put_keys(&text, &keys);
	} else {
		put(&text, file && path ? path(context, file) : file);
		put(&text, finding->message);
	}
	put(&text, finding_top_name(finding));
	made &= !text.failed;
	out->hex[0] = '\0';
	if (made)
		print_hex(&text, out);
	for (size_t i = 0; i < keys.count; i++)
		free(keys.list[i]);
	free(keys.list);
	text_fini(&text);
	return made;
}
