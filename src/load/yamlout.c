#include "load/yamlout.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <yaml.h>

#define WIDTH 88	/* of what stands on one line, indentation not counted */
#define WIDE  3		/* pairs of maps that get lines of their own in a list */

/* Text on its way out: lines get what they begin with. */
struct lines {
	struct text *out;
	const char *first;
	size_t indent;
	bool begun, inside;	/* the first line; a line */
};

static int
take_octets(void *context, unsigned char *octets, size_t len)
{
	struct lines *lines = context;
	const char *at = (const char *)octets, *end = at + len;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline + 1 : end;

		if (!lines->inside && lines->begun)
			text_printf(lines->out, "%*s", (int)lines->indent, "");
		else if (!lines->inside)
			text_append(lines->out, lines->first);
		text_append_len(lines->out, at, (size_t)(stop - at));
		lines->begun = true;
		lines->inside = !newline;
		at = stop;
	}
	return !lines->out->failed;
}

/** Octets on one line, or more than `most`. */
static size_t
width_of(const struct yaml_node *node, size_t most)
{
	size_t width = 2;

	if (node->kind == YAML_SCALAR)
		return node->count + 2;
	for (const struct yaml_item *i = node->first; i && width <= most; i = i->next)
		width += width_of(i->value, most) + 2 + (i->key ? i->key->count : 0);
	return width;
}

static bool
fits(const struct yaml_node *node, size_t width)
{
	return width_of(node, width) <= width;
}

/** Records and the like are read one below the other. */
static bool
is_table(const struct yaml_node *node)
{
	if (node->kind != YAML_SEQUENCE)
		return false;
	for (const struct yaml_item *i = node->first; i; i = i->next)
		if (i->value->kind == YAML_MAPPING && i->value->count >= WIDE)
			return true;
	return false;
}

/** Words that YAML 1.1 gives a meaning. */
static bool
is_word(const char *text)
{
	static const char *const words[] = {
		"~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "<<", "=",
		".inf", "-.inf", "+.inf", ".nan",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(text, words[i]) == 0)
			return true;
	return false;
}

/** Numbers in any base, dates, times: all that has only such characters, but addresses. */
static bool
is_numeric(const char *text)
{
	const char *dot = strchr(text, '.');
	char *end;

	if (!strpbrk(text, "0123456789"))
		return false;
	(void)strtod(text, &end);
	if (!*end)
		return true;
	if (strspn(text, "0123456789.") == strlen(text))
		return !dot || !strchr(dot + 1, '.');
	return strspn(text, "0123456789.:_+-TZtz ") == strlen(text) ||
	       (text[0] == '0' && text[1] && strchr("box", text[1]));
}

static bool
has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return true;
	return false;
}

static yaml_scalar_style_t
style_of(const struct yaml_node *node)
{
	if (node->plain)
		return YAML_PLAIN_SCALAR_STYLE;
	return is_word(node->text) || is_numeric(node->text) || has_control(node->text)
		       ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE;
}

static bool
emit(yaml_emitter_t *emitter, yaml_event_t *event, int made)
{
	return made && yaml_emitter_emit(emitter, event);
}

static bool
emit_scalar(yaml_emitter_t *emitter, const struct yaml_node *node)
{
	yaml_event_t event;

	return emit(emitter, &event,
		    yaml_scalar_event_initialize(&event, NULL, NULL,
						 (const yaml_char_t *)node->text,
						 (int)node->count, 1, 1, style_of(node)));
}

/* How a map or list is laid out; what stands in a flow one can be nothing else. */
enum layout { LAYOUT_BLOCK, LAYOUT_FITTING, LAYOUT_FLOW };

static bool emit_node(yaml_emitter_t *emitter, const struct yaml_node *node, enum layout layout);

static bool
emit_items(yaml_emitter_t *emitter, const struct yaml_node *node, bool flow)
{
	for (const struct yaml_item *i = node->first; i; i = i->next) {
		enum layout layout = flow ? LAYOUT_FLOW
					  : is_table(i->value) ? LAYOUT_BLOCK : LAYOUT_FITTING;

		if ((i->key && !emit_scalar(emitter, i->key)) ||
		    !emit_node(emitter, i->value, layout))
			return false;
	}
	return true;
}

static bool
emit_node(yaml_emitter_t *emitter, const struct yaml_node *node, enum layout layout)
{
	const bool flow = layout == LAYOUT_FLOW ||
			  (layout == LAYOUT_FITTING && fits(node, WIDTH));
	yaml_event_t event;

	if (node->kind == YAML_SCALAR)
		return emit_scalar(emitter, node);
	if (node->kind == YAML_SEQUENCE)
		return emit(emitter, &event,
			    yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, flow
				? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE)) &&
		       emit_items(emitter, node, flow) &&
		       emit(emitter, &event, yaml_sequence_end_event_initialize(&event));
	return emit(emitter, &event,
		    yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, flow
			? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE)) &&
	       emit_items(emitter, node, flow) &&
	       emit(emitter, &event, yaml_mapping_end_event_initialize(&event));
}

static bool
emit_document(yaml_emitter_t *emitter, const struct yaml_node *node, enum layout layout)
{
	yaml_event_t event;

	return emit(emitter, &event,
		    yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING)) &&
	       emit(emitter, &event,
		    yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1)) &&
	       emit_node(emitter, node, layout) &&
	       emit(emitter, &event, yaml_document_end_event_initialize(&event, 1)) &&
	       emit(emitter, &event, yaml_stream_end_event_initialize(&event));
}

enum status
yamlout_print(const struct yaml_node *node, size_t width, const char *first, struct text *out)
{
	struct lines lines = { .out = out, .first = first, .indent = strlen(first) };
	yaml_emitter_t emitter;
	enum status status = OK;

	if (!yaml_emitter_initialize(&emitter))
		return ERR_NOMEM;
	yaml_emitter_set_output(&emitter, take_octets, &lines);
	yaml_emitter_set_unicode(&emitter, 1);
	yaml_emitter_set_width(&emitter, -1);
	if (!emit_document(&emitter, node, fits(node, width) ? LAYOUT_FLOW : LAYOUT_BLOCK))
		status = emitter.error == YAML_MEMORY_ERROR ? ERR_NOMEM : ERR_MALFORMED;
	yaml_emitter_delete(&emitter);
	return out->failed ? ERR_NOMEM : status;
}
