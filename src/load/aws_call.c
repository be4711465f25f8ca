#include <ctype.h>
#include <string.h>

#include "base/bytes.h"
#include "load/aws.h"

/* What the call was asked for: it is in an envelope, or in a path. */

/** Is "--hosted-zone-id", "HostedZoneId" or "hosted_zone_id" this name? */
static bool
names(const char *word, size_t len, const char *name)
{
	for (; len && *word == '-'; word++, len--)
		;
	for (;;) {
		while (len && (*word == '-' || *word == '_')) {
			word++;
			len--;
		}
		while (*name == '-')
			name++;
		if (!len || !*name)
			return !len && !*name;
		if (tolower((unsigned char)*word++) != *name++)
			return false;
		len--;
	}
}

/** In a list of words as a shell has them: --name value, --name=value. */
static const char *
find_option(const struct yaml_node *list, const char *name)
{
	for (const struct yaml_item *i = list->first; i; i = i->next) {
		const char *word = i->value->kind == YAML_SCALAR ? i->value->text : "";
		const char *equals = strchr(word, '=');
		const struct yaml_node *value = i->next ? i->next->value : NULL;

		if (strncmp(word, "--", 2) != 0)
			continue;
		if (equals && names(word, (size_t)(equals - word), name))
			return equals + 1;
		if (!equals && names(word, strlen(word), name) && value &&
		    value->kind == YAML_SCALAR)
			return value->text;
	}
	return NULL;
}

static const char *
find_member(const struct yaml_node *map, const char *name)
{
	for (const struct yaml_item *i = map->first; i; i = i->next)
		if (i->value->kind == YAML_SCALAR && !yaml_is_null(i->value) &&
		    names(i->key->text, strlen(i->key->text), name))
			return i->value->text;
	return NULL;
}

const char *
aws_argument(const struct aws_document *document, const char *name)
{
	static const char *const where[] = { "args", "command" };
	const char *found = NULL;

	for (size_t i = 0; i < COUNT_OF(where) && !found; i++) {
		const struct yaml_node *args = aws_member(document->envelope, where[i]);

		if (args && args->kind == YAML_MAPPING)
			found = find_member(args, name);
		else if (args && args->kind == YAML_SEQUENCE)
			found = find_option(args, name);
	}
	return found;
}

static bool
is_word(char c)
{
	return isalnum((unsigned char)c);
}

/** What to look for in a path: does the word count? */
typedef bool (*word_fn)(const void *context, const char *word);

/** The longest part of text, from one edge of a word to another, that counts. */
static const char *
find_word(struct aws *a, const char *text, size_t len, word_fn counts, const void *context)
{
	struct arena_mark mark = arena_mark(a->scratch);

	for (size_t size = len; size; size--) {
		for (size_t from = 0; from + size <= len; from++) {
			const char *word;

			if (!is_word(text[from]) || (from && is_word(text[from - 1])) ||
			    !is_word(text[from + size - 1]) ||
			    (from + size < len && is_word(text[from + size])))
				continue;
			word = arena_copy(a->scratch, text + from, size);
			if (!word || counts(context, word)) {
				a->nomem |= !word;
				return word;
			}
			arena_rewind(a->scratch, mark);
		}
	}
	return NULL;
}

/** In the file's name, then in its folders, the nearest first. */
static const char *
find_in_path(struct aws *a, const char *path, word_fn counts, const void *context)
{
	size_t end = strlen(path);

	while (end) {
		size_t from = end;
		const char *found;

		while (from && path[from - 1] != '/')
			from--;
		found = find_word(a, path + from, end - from, counts, context);
		if (found || a->nomem)
			return found;
		end = from ? from - 1 : 0;
	}
	return NULL;
}

static bool
is_in_table(const void *table, const char *word)
{
	return table_find_string(table, word) != NULL;
}

const char *
aws_word(struct aws *a, const struct aws_document *document, const struct table *table)
{
	return find_in_path(a, document->within, is_in_table, table);
}

/** eu-west-1, us-gov-east-1 */
static bool
is_region(const void *context, const char *word)
{
	size_t len = strlen(word), dashes = 0, at;

	(void)context;
	if (len < 8 || !islower((unsigned char)word[0]) || !islower((unsigned char)word[1]) ||
	    word[2] != '-' || word[len - 2] != '-' || !isdigit((unsigned char)word[len - 1]))
		return false;
	for (at = 0; at < len - 1; at++) {
		if (word[at] == '-')
			dashes++;
		else if (!islower((unsigned char)word[at]))
			return false;
	}
	return dashes == 2 || dashes == 3;
}

const char *
aws_region(struct aws *a, const struct aws_document *document)
{
	const char *region = aws_argument(document, "region");

	if (!region)
		region = aws_text(document->envelope, "region");
	if (!region)
		region = find_in_path(a, document->within, is_region, NULL);
	return region ? region : "";
}
