#include "lint/report_html.h"

#include <string.h>

#include "lint/map_svg.h"
#include "lint/sha256.h"

size_t
html_row_number(const struct html *html, const struct finding *finding)
{
	for (size_t i = 0; i < html->row_count; i++)
		if (html->rows[i].finding == finding)
			return i + 1;
	return 0;
}

/* The head: the policy of the page is made of the digests of what is in it. */

static void
put_digest(struct text *out, const char *string)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				     "0123456789+/";
	uint8_t digest[SHA256_OCTETS + 1] = { 0 };	/* a third of it is no whole number */

	sha256(string, strlen(string), digest);
	text_append(out, "'sha256-");
	for (size_t i = 0; i < SHA256_OCTETS; i += 3) {
		uint32_t word = (uint32_t)(digest[i] << 16 | digest[i + 1] << 8 | digest[i + 2]);

		for (unsigned k = 0; k < 4; k++)
			text_append_len(out, i + k * 6 / 8 < SHA256_OCTETS
						     ? &digits[word >> (18 - 6 * k) & 63]
						     : "=", 1);
	}
	text_append(out, "'");
}

static void
put_head(struct html *html)
{
	struct text *out = html->out;

	text_append(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		    "style-src ");
	put_digest(out, html_style);
	text_append(out, "; script-src ");
	put_digest(out, html_script);
	text_append(out, "; base-uri 'none'; form-action 'none'\">\n"
		    "<meta name=\"referrer\" content=\"no-referrer\">\n"
		    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		    "<meta name=\"generator\" content=\"causeway ");
	text_markup(out, html->report->version ? html->report->version : "");
	text_append(out, "\">\n<title>DNS conflicts: ");
	text_markup(out, html->report->config ? report_path(html->report, html->report->config)
					      : "causeway lint");
	text_append(out, "</title>\n<style>");
	text_append(out, html_style);
	text_append(out, "</style>\n</head>\n<body>\n");
}

/* The summary. */

static void
put_tile(struct text *out, const char *class, size_t count, const char *one, const char *many)
{
	text_printf(out, "<li%s%s%s><b>%zu</b> %s</li>\n", count ? " class=\"" : "",
		    count ? class : "", count ? "\"" : "", count, count == 1 ? one : many);
}

static void
put_count(struct text *out, size_t *listed, size_t count, const char *one, const char *many)
{
	if (!count)
		return;
	text_printf(out, "%s%zu %s", (*listed)++ ? ", " : "", count, count == 1 ? one : many);
}

static void
put_judged(struct html *html)
{
	const struct report_counts *c = &html->report->counts;
	struct text *out = html->out;
	size_t listed = 0;

	text_append(out, "<p>Judged: ");
	put_count(out, &listed, c->vpcs, "VPC", "VPCs");
	put_count(out, &listed, c->sites, "site", "sites");
	put_count(out, &listed, c->hosted_zones, "hosted zone", "hosted zones");
	put_count(out, &listed, c->record_sets, "record set", "record sets");
	put_count(out, &listed, c->endpoints, "resolver endpoint", "resolver endpoints");
	put_count(out, &listed, c->rules, "resolver rule", "resolver rules");
	if (html->report->config) {
		text_append(out, listed ? " of <code>" : "<code>");
		text_markup(out, report_path(html->report, html->report->config));
		text_append(out, "</code>");
	}
	if (c->files > 1)
		text_printf(out, " and %zu more", c->files - 1);
	text_append(out, ".</p>\n");
}

static void
put_summary(struct html *html)
{
	const struct report *report = html->report;
	struct text *out = html->out;

	text_append(out, "<header>\n<h1>DNS conflicts</h1>\n<p class=\"faint\">causeway lint ");
	text_markup(out, report->version ? report->version : "");
	text_append(out, "</p>\n<ul class=\"tiles\">\n");
	put_tile(out, "error", report->errors, "error", "errors");
	put_tile(out, "warning", report->warnings, "warning", "warnings");
	put_tile(out, "note", report->notes, "note", "notes");
	if (report->suppressed)
		put_tile(out, "suppressed", report->suppressed, "suppressed", "suppressed");
	text_append(out, "</ul>\n");
	put_judged(html);
	text_append(out, "<p><a href=\"#map\">Map</a> · <a href=\"#findings\">Findings</a> · "
		    "<a href=\"#basis\">What this rests on</a></p>\n</header>\n<main>\n");
}

/* The map. */

static void
put_legend(struct text *out, bool loops)
{
	static const struct { const char *class, *text; } lines[] = {
		{ "has", "is attached to" }, { "asks", "sends questions to" },
		{ "in", "stands in" }, { "peers", "peering" }, { "joins", "transit gateway" },
		{ "reaches", "has a path to" }, { "asks loop", "questions go round" },
	};

	text_append(out, "<ul class=\"legend\">\n");
	for (size_t i = 0; i + !loops < sizeof(lines) / sizeof(lines[0]); i++)
		text_printf(out, "<li><svg width=\"34\" height=\"10\" aria-hidden=\"true\">"
			    "<g class=\"edge %s\"><path d=\"M2 5h30\"/></g></svg>%s</li>\n",
			    lines[i].class, lines[i].text);
	text_append(out, "</ul>\n");
}

static void
put_hop(struct text *out, const struct map_hop *hop)
{
	text_append(out, "<li>rule <b>");
	text_markup(out, hop->rule->id ? hop->rule->id : "");
	text_append(out, "</b> ");
	text_markup(out, hop->rule->text ? hop->rule->text : "");
	if (hop->to) {
		text_append(out, "; <b>");
		text_markup(out, hop->to->id ? hop->to->id : "");
		text_append(out, "</b> ");
		text_markup(out, hop->to->text ? hop->to->text : "has");
	}
	text_append(out, "</li>\n");
}

static void
put_loop(struct html *html, const struct map *map, unsigned loop)
{
	const struct finding *finding = map->loops[loop - 1];
	const struct finding_part *at = finding->parts;
	struct text *out = html->out;
	struct map_hop hop;

	text_printf(out, "<div class=\"loop-steps\"><h3>Loop %s</h3>\n<p><a href=\"#f%zu\">",
		    map_loop_name(map, loop), html_row_number(html, finding));
	text_markup(out, finding->code);
	text_append(out, "</a>: ");
	text_markup(out, finding->message);
	text_append(out, "</p>\n<ol>\n");
	while (map_hop(&at, &hop))
		put_hop(out, &hop);
	text_append(out, "</ol></div>\n");
}

static void
put_map(struct html *html, size_t input)
{
	const struct map *map = &html->maps[input];
	struct text *out = html->out;

	if (map->folded)
		text_append(out, "<p class=\"faint\">The estate is large: networks that have the "
			    "same zones and rules share a box, as do zones and rules of the same "
			    "networks.</p>\n");
	text_append(out, "<div class=\"frame\" tabindex=\"0\" role=\"region\" "
		    "aria-label=\"Map\">\n");
	map_print_svg(map, &html->layouts[input], input, out);
	text_append(out, "</div>\n");
	put_legend(out, map->loop_count > 0);
	for (unsigned i = 1; i <= map->loop_count; i++)
		put_loop(html, map, i);
	report_flush(html->report);
}

static void
put_maps(struct html *html)
{
	struct text *out = html->out;
	bool drawn = false;

	text_append(out, "<section id=\"map\" aria-labelledby=\"map-title\">\n"
		    "<h2 id=\"map-title\">Map</h2>\n");
	for (size_t i = 0; i < html->report->input_count; i++) {
		if (!html->maps[i].node_count)
			continue;
		put_map(html, i);
		drawn = true;
	}
	if (!drawn)
		text_append(out, "<p>There is none: the configuration could not be used, or it "
			    "declares no networks.</p>\n");
	text_append(out, "</section>\n");
}

/* What the findings rest on, and what was not done. */

static bool
is_assumed(const struct html *html, const char *key)
{
	for (size_t i = 0; i < html->row_count; i++) {
		const struct finding_part *part =
			part_next(html->rows[i].finding->parts, PART_ASSUMED);

		for (; part; part = part_next(part->next, PART_ASSUMED))
			if (part->id && strcmp(part->id, key) == 0)
				return true;
	}
	return false;
}

static void
put_assumption(struct html *html, enum assume number, uint32_t value)
{
	const struct assume_point *point = assume_point(number);
	const char *word = assume_word(number, value);
	struct text *out = html->out;

	text_append(out, "<tr><th scope=\"row\"><code>");
	text_markup(out, point->key);
	text_append(out, "</code></th><td><code>");
	if (word)
		text_markup(out, word);
	else
		text_printf(out, "%u", value);
	text_append(out, "</code></td><td>");
	text_markup(out, point->meaning);
	text_printf(out, "</td><td>%s</td></tr>\n", is_assumed(html, point->key) ? "yes" : "");
}

static void
put_assumptions(struct html *html, const struct estate *estate)
{
	struct text *out = html->out;

	text_append(out, "<h3>Assumptions</h3>\n<table><caption>Where the behaviour of the "
		    "service is not confirmed (<code>server.assume</code>)</caption>\n"
		    "<thead><tr><th scope=\"col\">Point</th><th scope=\"col\">Taken as</th>"
		    "<th scope=\"col\">Meaning</th><th scope=\"col\">A finding rests on it</th>"
		    "</tr></thead>\n<tbody>\n");
	for (unsigned i = 0; i < ASSUME_POINTS; i++)
		put_assumption(html, (enum assume)i, estate->settings.assume[i]);
	text_append(out, "</tbody></table>\n");
}

static void
put_gaps(struct html *html)
{
	struct text *out = html->out;
	size_t count = 0;

	text_append(out, "<h3>Not compared</h3>\n");
	for (size_t i = 0; i < html->report->input_count; i++) {
		const struct diag_gap *gap = html->report->inputs[i].diags->gaps;

		for (; gap; gap = gap->next) {
			text_append(out, count++ ? "<li>" : "<ul>\n<li>");
			text_markup(out, gap->what);
			text_append(out, ": ");
			text_markup(out, gap->why);
			text_append(out, "</li>\n");
		}
	}
	text_append(out, count ? "</ul>\n" : "<p>Nothing was left out.</p>\n");
}

static void
put_basis(struct html *html)
{
	const struct report *report = html->report;

	text_append(html->out, "<section id=\"basis\" aria-labelledby=\"basis-title\">\n"
		    "<h2 id=\"basis-title\">What this rests on</h2>\n");
	put_gaps(html);
	if (report->input_count)
		put_assumptions(html, report->inputs[0].estate);
	text_append(html->out, "</section>\n");
}

/* Preparation. */

static bool
draw_input(struct html *html, size_t number)
{
	const struct report_input *input = &html->report->inputs[number];
	struct map *map = &html->maps[number];

	if (!input->snap || !input->estate->network_count)
		return true;
	return map_init(map, input->estate, input->diags->first, &html->arena) == OK &&
	       map_lay_out(map, &html->layouts[number]) == OK;
}

/** Rows of this severity, or those suppressed. */
static void
gather_rows(struct html *html, int severity)
{
	const struct report *report = html->report;

	for (size_t i = 0; i < report->input_count; i++)
		for (const struct finding *f = report->inputs[i].diags->first; f; f = f->next)
			if (f->suppressed ? severity < 0 : (int)f->severity == severity)
				html->rows[html->row_count++] = (struct html_row){ f, i };
}

static bool
html_init(struct html *html, struct report *report)
{
	*html = (struct html){ .report = report, .out = report->out };
	arena_init(&html->arena, SIZE_MAX);
	html->maps = arena_array(&html->arena, report->input_count + 1, sizeof(*html->maps));
	html->layouts = arena_array(&html->arena, report->input_count + 1,
				    sizeof(*html->layouts));
	html->rows = arena_array(&html->arena, report->count + 1, sizeof(*html->rows));
	if (!html->maps || !html->layouts || !html->rows)
		return false;
	for (int severity = SEVERITY_ERROR; severity >= -1; severity--)
		gather_rows(html, severity);
	for (size_t i = 0; i < report->input_count; i++)
		if (!draw_input(html, i))
			return false;
	return true;
}

static void
write_html(struct report *report)
{
	struct html html;

	if (!html_init(&html, report)) {
		report->failed = true;
		arena_fini(&html.arena);
		return;
	}
	put_head(&html);
	put_summary(&html);
	put_maps(&html);
	html_put_findings(&html);
	html_put_overlaps(&html);
	put_basis(&html);
	text_append(report->out, "</main>\n<script>");
	text_append(report->out, html_script);
	text_append(report->out, "</script>\n</body>\n</html>\n");
	arena_fini(&html.arena);
}

const struct reporter reporter_html = {
	"html", "a page for people: map, findings, zones side by side; one file", write_html,
};
