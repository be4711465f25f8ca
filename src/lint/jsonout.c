#include "lint/jsonout.h"

#include <assert.h>
#include <inttypes.h>

void
jsonout_init(struct jsonout *json, struct text *out)
{
	*json = (struct jsonout){ .out = out };
}

static void
new_line(struct jsonout *json)
{
	text_append(json->out, "\n");
	for (unsigned i = 0; i < json->depth; i++)
		text_append(json->out, "  ");
}

/** What stands before an element: a comma, its line, its key. */
static void
begin_element(struct jsonout *json, const char *key)
{
	uint32_t bit = 1u << json->depth;

	if (json->depth) {
		bool in_lines = json->lines & bit, first = !(json->filled & bit);

		text_append(json->out, first ? "" : in_lines ? "," : ", ");
		if (in_lines)
			new_line(json);
	}
	json->filled |= bit;
	if (key) {
		text_json(json->out, key);
		text_append(json->out, ": ");
	}
}

static void
open_container(struct jsonout *json, const char *key, enum jsonout_layout layout,
	       const char *bracket)
{
	bool in_lines = layout == JSON_LINES &&
			(json->depth == 0 || (json->lines & 1u << json->depth));
	uint32_t bit;

	begin_element(json, key);
	text_append(json->out, bracket);
	assert(json->depth < JSON_DEPTH_MOST);
	bit = 1u << ++json->depth;
	json->filled &= ~bit;
	json->lines = in_lines ? json->lines | bit : json->lines & ~bit;
}

void
jsonout_object(struct jsonout *json, const char *key, enum jsonout_layout layout)
{
	open_container(json, key, layout, "{");
}

void
jsonout_list(struct jsonout *json, const char *key, enum jsonout_layout layout)
{
	open_container(json, key, layout, "[");
}

void
jsonout_close(struct jsonout *json, char bracket)
{
	uint32_t bit = 1u << json->depth;

	assert(json->depth > 0);
	json->depth--;
	if ((json->lines & bit) && (json->filled & bit))
		new_line(json);
	text_append_len(json->out, &bracket, 1);
}

void
jsonout_string(struct jsonout *json, const char *key, const char *value)
{
	begin_element(json, key);
	text_json(json->out, value);
}

void
jsonout_number(struct jsonout *json, const char *key, uint64_t value)
{
	begin_element(json, key);
	text_printf(json->out, "%" PRIu64, value);
}

void
jsonout_bool(struct jsonout *json, const char *key, bool value)
{
	begin_element(json, key);
	text_append(json->out, value ? "true" : "false");
}

void
jsonout_null(struct jsonout *json, const char *key)
{
	jsonout_string(json, key, NULL);
}

void
jsonout_text(struct jsonout *json, const char *key, struct text *value)
{
	if (value->failed)
		json->out->failed = true;
	jsonout_string(json, key, value->data && !value->failed ? value->data : "");
	text_clear(value);
}
