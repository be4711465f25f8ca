#include "lint/report_html.h"

#include <string.h>

#define NODES_MOST 24	/* of the map, that a row is found by */
#define NAMES_MOST 8	/* regions of names in a row */

const char *
html_severity(const struct finding *finding)
{
	return finding->suppressed ? "suppressed" : severity_text(finding->severity);
}

/** The nodes of the map that the finding names, each once. */
static void
put_nodes(struct html *html, const struct html_row *row)
{
	const struct map *map = &html->maps[row->input];
	uint32_t nodes[NODES_MOST];
	size_t count = 0;

	text_append(html->out, " data-nodes=\"");
	for (const struct finding_part *p = row->finding->parts; p && count < NODES_MOST;
	     p = p->next) {
		uint32_t node = MAP_NONE;
		size_t i;

		if (map->node_count && (p->part == PART_OBJECT || p->part == PART_NETWORK))
			node = map_find(map, p->kind, p->id);
		for (i = 0; i < count && nodes[i] != node; i++)
			;
		if (node == MAP_NONE || i < count)
			continue;
		text_printf(html->out, "%s%zu-%u", count ? " " : "", row->input, node);
		nodes[count++] = node;
	}
	text_append(html->out, "\"");
}

static void
put_place(struct html *html, struct srcloc at)
{
	if (!at.file)
		return;
	text_append(html->out, "<span class=\"places\">");
	text_markup(html->out, report_path(html->report, at.file));
	if (at.line)
		text_printf(html->out, ":%u", at.line);
	text_append(html->out, "</span>");
}

/** "hosted zone" for hosted_zone. */
static void
put_kind(struct text *out, const char *kind)
{
	for (const char *p = kind; *p; p++)
		text_append_len(out, *p == '_' ? " " : p, 1);
}

/** Does an object of the finding stand in its own line? */
static bool
has_place(const struct finding *finding)
{
	const struct finding_part *part = part_next(finding->parts, PART_OBJECT);

	for (; part; part = part_next(part->next, PART_OBJECT))
		if (part->at.file && finding->at.file && part->at.line == finding->at.line &&
		    strcmp(part->at.file, finding->at.file) == 0)
			return true;
	return false;
}

static void
put_objects(struct html *html, const struct finding *finding)
{
	const struct finding_part *part = part_next(finding->parts, PART_OBJECT);
	struct text *out = html->out;

	text_append(out, "<td class=\"where\">");
	if (!has_place(finding))
		put_place(html, finding->at);
	text_append(out, part ? "<ul class=\"plain\">" : "");
	for (; part; part = part_next(part->next, PART_OBJECT)) {
		text_append(out, "<li>");
		put_kind(out, part->kind ? part->kind : "");
		text_append(out, " <b>");
		text_markup(out, part->id ? part->id : "");
		text_append(out, "</b>");
		if (part->text) {
			text_append(out, ": ");
			text_markup(out, part->text);
		}
		put_place(html, part->at);
		text_append(out, "</li>");
	}
	text_append(out, part_next(finding->parts, PART_OBJECT) ? "</ul></td>" : "</td>");
}

static void
put_term(struct text *out, const char *term)
{
	text_append(out, "<dt>");
	text_append(out, term);
	text_append(out, "</dt><dd>");
}

static void
put_witness(struct text *out, const struct finding *finding)
{
	const struct finding_part *part = part_next(finding->parts, PART_WITNESS);

	if (!part)
		return;
	put_term(out, "Witness");
	text_append(out, "<code>");
	text_markup(out, part->id ? part->id : "");
	text_append(out, "</code>");
	if (part->text) {
		text_append(out, ": ");
		text_markup(out, part->text);
	}
	part = part_next(finding->parts, PART_OUTCOME);
	text_append(out, part ? "<ul class=\"plain\">" : "");
	for (const struct finding_part *p = part; p; p = part_next(p->next, PART_OUTCOME)) {
		text_append(out, "<li>in <b>");
		text_markup(out, p->id ? p->id : "");
		text_append(out, "</b>: <code>");
		text_markup(out, p->text ? p->text : "");
		text_append(out, "</code></li>");
	}
	text_append(out, part ? "</ul></dd>" : "</dd>");
}

static void
put_names(struct text *out, const struct finding *finding)
{
	const struct finding_part *part = part_next(finding->parts, PART_NAMES);
	size_t count = 0;

	if (!part)
		return;
	put_term(out, "Names");
	text_append(out, "<ul class=\"plain\">");
	for (; part && count < NAMES_MOST; part = part_next(part->next, PART_NAMES), count++) {
		const char *kind = part->kind ? part->kind : "";

		text_append(out, "<li>");
		text_append(out, strcmp(kind, "others") == 0 ? "all others below "
				: strcmp(kind, "subtree") == 0 ? "all below " : "");
		text_append(out, "<code>");
		text_markup(out, part->id ? part->id : "");
		text_append(out, "</code>");
		if (part->text) {
			text_append(out, " (");
			text_markup(out, part->text);
			text_append(out, ")");
		}
		text_append(out, "</li>");
	}
	text_append(out, part ? "<li>and more</li></ul></dd>" : "</ul></dd>");
}

/** Parts that are one text each. */
static void
put_texts(struct text *out, const struct finding *finding, enum part_kind kind, const char *term)
{
	const struct finding_part *part = part_next(finding->parts, kind);

	for (; part; part = part_next(part->next, kind)) {
		put_term(out, term);
		if (part->id) {
			text_append(out, "<code>");
			text_markup(out, part->id);
			text_append(out, part->text ? "</code>: " : "</code>");
		}
		text_markup(out, part->text ? part->text : "");
		text_append(out, "</dd>");
	}
}

static void
put_what(struct html *html, const struct finding *finding)
{
	struct text *out = html->out;

	text_append(out, "<td class=\"what\"><p class=\"message\">");
	text_markup(out, finding->message);
	text_append(out, "</p><dl>");
	if (finding->may) {
		put_term(out, "Certainty");
		text_append(out, "may: it hangs on what is not declared</dd>");
	}
	if (finding->suppressed) {
		put_term(out, "Accepted");
		text_markup(out, finding->suppressed);
		text_append(out, "</dd>");
	}
	put_witness(out, finding);
	put_names(out, finding);
	put_texts(out, finding, PART_ASSUMED, "Assumed");
	put_texts(out, finding, PART_HELP, "To mend it");
	text_append(out, "</dl></td>");
}

static void
put_row(struct html *html, size_t number)
{
	const struct html_row *row = &html->rows[number - 1];
	const struct finding *finding = row->finding;
	const char *severity = html_severity(finding);
	struct text *out = html->out;

	text_printf(out, "<tr id=\"f%zu\" class=\"%s\" data-severity=\"%s\" data-code=\"", number,
		    severity, severity);
	text_markup(out, finding->code);
	text_append(out, "\"");
	put_nodes(html, row);
	text_printf(out, "><td><span class=\"severity %s\">%s</span></td>"
		    "<th scope=\"row\" class=\"rule-cell\"><code>", severity, severity);
	text_markup(out, finding->code);
	text_append(out, "</code><span>");
	text_markup(out, finding->name ? finding->name : "");
	text_append(out, "</span></th>");
	put_what(html, finding);
	put_objects(html, finding);
	text_append(out, "</tr>\n");
}

/* Buttons. */

static void
put_button(struct text *out, const char *key, const char *value, size_t count)
{
	text_printf(out, "<button type=\"button\" data-key=\"%s\" data-value=\"", key);
	text_markup(out, value);
	text_append(out, "\" aria-pressed=\"false\">");
	text_markup(out, value);
	text_printf(out, " (%zu)</button>\n", count);
}

/** A button for each severity there is. */
static void
put_severities(struct html *html)
{
	for (size_t i = 0, n; i < html->row_count; i += n) {
		const char *severity = html_severity(html->rows[i].finding);

		for (n = 1; i + n < html->row_count; n++)
			if (strcmp(html_severity(html->rows[i + n].finding), severity) != 0)
				break;
		put_button(html->out, "severity", severity, n);
	}
}

/** A button for each code, in the order they come up. */
static void
put_codes(struct html *html)
{
	size_t *counts = arena_array(&html->arena, html->row_count + 1, sizeof(*counts));
	struct table codes;

	table_init(&codes, &html->arena);
	for (size_t i = 0; counts && i < html->row_count; i++) {
		const char *code = html->rows[i].finding->code;
		size_t *count = table_find_string(&codes, code);

		if (!count) {
			count = &counts[codes.count];
			if (table_put_string(&codes, code, count) != OK)
				html->report->failed = true;
		}
		*count += 1;
	}
	for (size_t i = 0; i < codes.count; i++)
		put_button(html->out, "code", codes.entries[i].key,
			   *(size_t *)codes.entries[i].value);
}

void
html_put_findings(struct html *html)
{
	struct text *out = html->out;

	text_append(out, "<section id=\"findings\" aria-labelledby=\"findings-title\">\n"
		    "<h2 id=\"findings-title\">Findings</h2>\n");
	if (!html->row_count) {
		text_append(out, "<p>There are none.</p>\n</section>\n");
		return;
	}
	text_append(out, "<div class=\"filter\" role=\"group\" aria-label=\"Show findings\" "
		    "hidden>\n<button type=\"button\" aria-pressed=\"true\">all</button>\n");
	put_severities(html);
	put_codes(html);
	text_append(out, "<output></output></div>\n<div class=\"wide\"><table>\n"
		    "<caption class=\"hide\">Findings, the gravest first</caption>\n"
		    "<thead><tr><th scope=\"col\">Severity</th><th scope=\"col\">Rule</th>"
		    "<th scope=\"col\">What is wrong</th><th scope=\"col\">Where</th></tr>"
		    "</thead>\n<tbody>\n");
	for (size_t i = 1; i <= html->row_count; i++) {
		put_row(html, i);
		report_flush(html->report);
	}
	text_append(out, "</tbody></table></div>\n");
	if (html->report->dropped)
		text_printf(out, "<p>%zu more findings are not shown: there were too many.</p>\n",
			    html->report->dropped);
	text_append(out, "</section>\n");
}
