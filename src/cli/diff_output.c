#include "cli/diff_output.h"

#include <string.h>

#include "dns/codes.h"
#include "lint/jsonout.h"

#define NETWORKS_SHOWN 5	/* by name, where people read; JSON has all */
#define ROWS_MOST      200	/* of a Markdown table: a comment takes 65,536 characters */

/* Appends a string that anybody may have written. */
typedef void (*string_fn)(struct text *out, const char *string);

static const char *
name_text(const struct change *change, char text[NAME_TEXT_MAX])
{
	return name_print(change->name, text);
}

/** "db.corp.example.", or "others below corp.example." */
static void
print_names(const struct change *change, struct text *out)
{
	char name[NAME_TEXT_MAX];

	if (change->region == REGION_OTHERS)
		text_append(out, "others below ");
	text_append(out, name_text(change, name));
}

static void
print_networks(const struct change_group *group, string_fn print, struct text *out)
{
	size_t shown = group->network_count <= NETWORKS_SHOWN ? group->network_count
							      : NETWORKS_SHOWN;

	for (size_t i = 0; i < shown; i++) {
		text_append(out, i == 0 ? "" : i + 1 == group->network_count ? " and " : ", ");
		print(out, group->networks[i]);
	}
	if (group->network_count > shown)
		text_printf(out, " and %zu more", group->network_count - shown);
}

static void
print_count(struct text *out, const char **separator, size_t count, const char *one,
	    const char *many)
{
	if (!count)
		return;
	text_printf(out, "%s%zu %s", *separator, count, count == 1 ? one : many);
	*separator = ", ";
}

/** "2 names vanish, 1 name changes in 3 networks" */
static void
print_summary(const struct changes *changes, struct text *out)
{
	const char *separator = "";

	print_count(out, &separator, changes->count[CHANGE_VANISHES], "name vanishes",
		    "names vanish");
	print_count(out, &separator, changes->count[CHANGE_ALTERS], "name changes",
		    "names change");
	print_count(out, &separator, changes->count[CHANGE_APPEARS], "name appears",
		    "names appear");
	if (*separator)
		text_printf(out, ", in %zu network%s", changes->networks,
			    changes->networks == 1 ? "" : "s");
	print_count(out, &separator, changes->added_count, "network is new", "networks are new");
	print_count(out, &separator, changes->removed_count, "network is gone",
		    "networks are gone");
	if (!*separator)
		text_append(out, "nothing that resolves changes");
}

static void
print_list(const char *what, const char **ids, size_t count, string_fn print, struct text *out)
{
	if (!count)
		return;
	text_append(out, what);
	for (size_t i = 0; i < count; i++) {
		text_append(out, i ? ", " : " ");
		print(out, ids[i]);
	}
	text_append(out, "\n");
}

static char
mark(const struct change *change)
{
	switch (change->kind) {
	case CHANGE_VANISHES:
		return '-';
	case CHANGE_APPEARS:
		return '+';
	case CHANGE_ALTERS:
		break;
	}
	return '~';
}

static void
print_change(const struct change *change, struct text *out)
{
	text_printf(out, "  %c ", mark(change));
	print_names(change, out);
	text_printf(out, " %s%s\n", change->types, change->may ? " (may)" : "");
	text_append(out, "      before: ");
	text_printable(out, change->before);
	text_append(out, "\n      after:  ");
	text_printable(out, change->after);
	text_append(out, "\n");
}

static void
print_text(const struct changes *changes, const char *before, const char *after,
	   struct text *out)
{
	(void)before;
	(void)after;
	for (const struct change_group *g = changes->groups; g; g = g->next) {
		text_append(out, "in ");
		print_networks(g, text_printable, out);
		text_append(out, ":\n");
		for (const struct change *c = g->changes; c; c = c->next)
			print_change(c, out);
		text_append(out, "\n");
	}
	print_list("new:", changes->added, changes->added_count, text_printable, out);
	print_list("gone:", changes->removed, changes->removed_count, text_printable, out);
	print_list("not compared to the end:", changes->skipped, changes->skipped_count,
		   text_printable, out);
	print_summary(changes, out);
	text_append(out, "\n");
}

/* --- JSON --- */

static void
json_ids(struct jsonout *json, const char *key, const char **ids, size_t count)
{
	jsonout_list(json, key, JSON_INLINE);
	for (size_t i = 0; i < count; i++)
		jsonout_string(json, NULL, ids[i]);
	jsonout_close(json, ']');
}

static void
json_change(struct jsonout *json, const struct change *change)
{
	char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX];

	jsonout_object(json, NULL, JSON_INLINE);
	jsonout_string(json, "kind", change_kind_text(change->kind));
	jsonout_string(json, "certainty", change->may ? "may" : "must");
	jsonout_string(json, "names", region_kind_text(change->region));
	jsonout_string(json, "name", name_text(change, name));
	jsonout_string(json, "types", change->types);
	jsonout_bool(json, "secondary", change->secondary);
	jsonout_object(json, "witness", JSON_INLINE);
	jsonout_string(json, "qname", name_print(change->member.wire, name));
	jsonout_string(json, "qtype", type_print(change->type, type));
	jsonout_string(json, "before", change->before);
	jsonout_string(json, "after", change->after);
	jsonout_close(json, '}');
	jsonout_close(json, '}');
}

static void
print_json(const struct changes *changes, const char *before, const char *after,
	   struct text *out)
{
	struct jsonout json;

	jsonout_init(&json, out);
	jsonout_object(&json, NULL, JSON_LINES);
	jsonout_string(&json, "schema", "causeway-diff-1");
	jsonout_string(&json, "before", before);
	jsonout_string(&json, "after", after);
	jsonout_list(&json, "groups", JSON_LINES);
	for (const struct change_group *g = changes->groups; g; g = g->next) {
		jsonout_object(&json, NULL, JSON_LINES);
		json_ids(&json, "networks", g->networks, g->network_count);
		jsonout_list(&json, "changes", JSON_LINES);
		for (const struct change *c = g->changes; c; c = c->next)
			json_change(&json, c);
		jsonout_close(&json, ']');
		jsonout_close(&json, '}');
	}
	jsonout_close(&json, ']');
	json_ids(&json, "networksAdded", changes->added, changes->added_count);
	json_ids(&json, "networksRemoved", changes->removed, changes->removed_count);
	json_ids(&json, "notCompared", changes->skipped, changes->skipped_count);
	jsonout_object(&json, "summary", JSON_INLINE);
	jsonout_number(&json, "vanish", changes->count[CHANGE_VANISHES]);
	jsonout_number(&json, "change", changes->count[CHANGE_ALTERS]);
	jsonout_number(&json, "appear", changes->count[CHANGE_APPEARS]);
	jsonout_number(&json, "networks", changes->networks);
	jsonout_close(&json, '}');
	jsonout_close(&json, '}');
	text_append(out, "\n");
}

/* --- Markdown --- */

/**
 * Inert: markup, pipes and newlines are a stranger's, and what looks like a link, a mention or
 * the number of an issue is none.
 */
static void
print_cell(struct text *out, const char *string)
{
	struct text plain;

	text_init(&plain);
	text_printable(&plain, string);
	text_append(out, "<code>");
	for (const char *at = plain.data ? plain.data : ""; *at; at++) {
		const char one[] = { *at, '\0' };

		if (strchr("|`*_~[]\\:@#", *at) ||
		    (*at == '.' && at > plain.data && at[-1] == 'w'))
			text_printf(out, "&#%d;", *at);
		else
			text_markup(out, one);
	}
	text_append(out, "</code>");
	out->failed |= plain.failed;
	text_fini(&plain);
}

static void
print_row(const struct change *change, struct text *out)
{
	struct text names;

	text_init(&names);
	print_names(change, &names);
	text_printf(out, "| %s%s | ", change_kind_text(change->kind),
		    change->may ? " (may)" : "");
	print_cell(out, names.data ? names.data : "");
	text_printf(out, " | %s | ", change->types);
	print_cell(out, change->before);
	text_append(out, " | ");
	print_cell(out, change->after);
	text_append(out, " |\n");
	out->failed |= names.failed;
	text_fini(&names);
}

static void
print_markdown(const struct changes *changes, const char *before, const char *after,
	       struct text *out)
{
	size_t rows = 0, total = 0;

	(void)before;
	(void)after;
	text_append(out, "### What resolves otherwise\n\n**");
	print_summary(changes, out);
	text_append(out, "**\n");
	for (const struct change_group *g = changes->groups; g; g = g->next) {
		text_append(out, "\n<details open><summary>");
		print_networks(g, print_cell, out);
		text_append(out, "</summary>\n\n| | names | types | before | after |\n"
			    "|---|---|---|---|---|\n");
		for (const struct change *c = g->changes; c; c = c->next, total++)
			if (rows < ROWS_MOST) {
				print_row(c, out);
				rows++;
			}
		text_append(out, "\n</details>\n");
	}
	if (total > rows)
		text_printf(out, "\n%zu more are not shown.\n", total - rows);
	text_append(out, "\n");
	print_list("New networks:", changes->added, changes->added_count, print_cell, out);
	print_list("Networks that are gone:", changes->removed, changes->removed_count,
		   print_cell, out);
	print_list("Not compared to the end:", changes->skipped, changes->skipped_count,
		   print_cell, out);
}

diff_output_fn
diff_output_find(const char *name)
{
	static const struct {
		const char *name;
		diff_output_fn print;
	} formats[] = { { "text", print_text }, { "json", print_json },
			{ "markdown", print_markdown } };

	for (size_t i = 0; i < COUNT_OF(formats); i++)
		if (strcmp(formats[i].name, name) == 0)
			return formats[i].print;
	return NULL;
}
