#include "load/dnsmasq_conf.h"

#include <string.h>

#include "base/text.h"

/* A line on its way. */
struct line {
	struct onprem *o;
	const char *file;
	const char *start, *at, *end;	/* of the line */
	uint32_t number;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void
pass_blanks(struct line *l)
{
	while (l->at < l->end && is_blank(*l->at))
		l->at++;
}

static struct yaml_node
place(const struct line *l)
{
	uint32_t column = 1;

	for (const char *p = l->start; p < l->at; p++)
		column += ((unsigned char)*p & 0xc0) != 0x80;
	return (struct yaml_node){ .line = l->number, .column = column };
}

/** Up to the next comma, without the blanks and quotes around it.  NULL: no memory. */
static const struct yaml_node *
read_part(struct line *l)
{
	struct yaml_node like, *node;
	bool quoted = false;
	struct text text;
	size_t kept = 0;

	pass_blanks(l);
	like = place(l);
	text_init(&text);
	text_append(&text, "");
	for (; l->at < l->end && (quoted || *l->at != ','); l->at++) {
		if (*l->at == '"') {
			quoted = !quoted;
			kept = text.len;
			continue;
		}
		text_append_len(&text, l->at, 1);
		if (quoted || !is_blank(*l->at))
			kept = text.len;
	}
	if (quoted)
		onprem_refuse(l->o, declare_place(l->file, &like), "the closing quote is missing");
	node = nodes_text(l->o->nodes, text.failed ? "" : onprem_text(l->o, "%.*s", (int)kept,
								    text.data ? text.data : ""),
			  &like);
	text_fini(&text);
	return node;
}

/** Where the comment begins that ends a line: at a # behind a blank, and in no quotes. */
static const char *
end_of(const char *at, const char *end)
{
	bool quoted = false;

	for (const char *p = at; p < end; p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (*p == '#' && !quoted && (p == at || is_blank(p[-1])))
			return p;
	}
	return end;
}

static void
read_line(struct line *l, dnsmasq_line_fn fn, void *context)
{
	struct dnsmasq_line line = { .file = l->file };
	struct yaml_node like;
	const char *start;

	pass_blanks(l);
	if (l->at == l->end)
		return;
	like = place(l);
	for (start = l->at; l->at < l->end && *l->at != '=' && !is_blank(*l->at); l->at++)
		;
	line.key = nodes_text(l->o->nodes,
			      onprem_text(l->o, "%.*s", (int)(l->at - start), start), &like);
	pass_blanks(l);
	if (l->at < l->end && *l->at != '=') {
		like = place(l);
		onprem_refuse(l->o, declare_place(l->file, &like), "KEY or KEY=VALUE is wanted");
		return;
	}
	while (l->at < l->end && line.count < DNSMASQ_PARTS_MOST && !l->o->nodes->nomem) {
		l->at++;	/* past the sign or the comma */
		line.part[line.count++] = read_part(l);
	}
	if (l->at < l->end)
		onprem_refuse(l->o, declare_place(l->file, line.key), "64 parts are the limit");
	if (!l->o->nodes->nomem)
		fn(context, &line);
}

void
dnsmasq_conf_read(struct onprem *o, const char *path, struct srcloc at, dnsmasq_line_fn fn,
		  void *context)
{
	struct onprem_file file;
	const char *end;
	struct line l;

	if (!onprem_open(o, &file, path, at))
		return;
	l = (struct line){ .o = o, .file = file.source.path, .start = file.text };
	end = file.text + file.len;
	while (l.start < end && !o->nodes->nomem) {
		const char *newline = memchr(l.start, '\n', (size_t)(end - l.start));
		const char *stop = newline ? newline : end;

		l.at = l.start;
		l.end = end_of(l.start, stop);
		while (l.end > l.at && is_blank(l.end[-1]))
			l.end--;
		l.number++;
		read_line(&l, fn, context);
		l.start = stop + 1;
	}
	onprem_close(o, &file);
}
