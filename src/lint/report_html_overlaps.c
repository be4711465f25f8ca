#include "lint/report_html.h"

#include <string.h>

#include "lint/overlap.h"
#include "snapshot/snapshot.h"

#define OVERLAPS_MOST 40	/* pairs of zones that are shown side by side */
#define DEPTH_MOST    4		/* of the tree, as far as it is indented */
#define ZONES_TRIED   4		/* of one finding, in search of two that differ */

/* Two zones of a finding. */
struct two {
	const struct hosted_zone *left, *right;
	const struct overlap *overlap;
	size_t row;			/* the finding's */
};

static bool
is_overlap(const struct finding *finding)
{
	static const char *const codes[] = { "ZON101", "ZON103", "ZON104" };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (strcmp(finding->code, codes[i]) == 0)
			return true;
	return false;
}

/** The zone's data; NULL where the snapshot has no such zone. */
static const struct zone *
data_of(const struct snapshot *snap, const struct hosted_zone *zone)
{
	const struct zone *data;

	if (!zone->name || zone->index >= snap->root->zone_count)
		return NULL;
	data = snap->zones[zone->index];
	return name_wire_equal(zone_name(data), zone->name) ? data : NULL;
}

static size_t
zones_of(const struct report_input *input, const struct finding *finding,
	 const struct hosted_zone *zones[ZONES_TRIED])
{
	const struct finding_part *part = part_next(finding->parts, PART_OBJECT);
	size_t count = 0;

	for (; part && count < ZONES_TRIED; part = part_next(part->next, PART_OBJECT))
		if (part->kind && part->id &&
		    strcmp(part->kind, object_kind_text(OBJECT_HOSTED_ZONE)) == 0) {
			zones[count] = estate_zone(input->estate, part->id);
			count += zones[count] && data_of(input->snap, zones[count]);
		}
	return count;
}

/** Two of the finding's zones that differ where they overlap; false: it names none. */
static bool
find_two(struct html *html, const struct html_row *row, struct overlap *overlap, struct two *two)
{
	const struct report_input *input = &html->report->inputs[row->input];
	const struct hosted_zone *zones[ZONES_TRIED];
	size_t count = zones_of(input, row->finding, zones);

	for (size_t i = 0; i < count; i++) {
		for (size_t j = i + 1; j < count; j++) {
			const struct zone *a = data_of(input->snap, zones[i]);
			const struct zone *b = data_of(input->snap, zones[j]);

			if (!name_wire_covers(zone_name(a), zone_name(b)) &&
			    !name_wire_covers(zone_name(b), zone_name(a)))
				continue;
			*two = (struct two){ .left = zones[i], .right = zones[j],
					     .overlap = overlap };
			if (overlap_find(a, b, &html->arena, overlap))
				return true;
		}
	}
	return false;
}

/** What one zone says: a line of code each. */
static void
put_says(struct text *out, const char *said)
{
	text_append(out, "<td class=\"says\">");
	while (*said) {
		size_t len = strcspn(said, "\n");
		struct text line;

		text_init(&line);
		text_append_len(&line, said, len);
		text_append(out, "<code>");
		if (line.failed)
			out->failed = true;
		else
			text_markup(out, line.data);
		text_append(out, "</code>");
		text_fini(&line);
		said += said[len] ? len + 1 : len;
	}
	text_append(out, "</td>");
}

/* The names above the one that is shown, as a tree: those that have a row. */
struct branch {
	const uint8_t *names[DEPTH_MOST + 1];
	unsigned depth;
};

/** Go to the branch that the name hangs on; returns how deep it stands. */
static unsigned
climb(struct branch *branch, const uint8_t *name)
{
	while (branch->depth && !name_wire_covers(branch->names[branch->depth - 1], name))
		branch->depth--;
	return branch->depth;
}

/** The labels in front of what stands above; the whole name where nothing does. */
static void
put_labels(struct text *out, const struct branch *branch, const uint8_t *name)
{
	char whole[NAME_TEXT_MAX], above[NAME_TEXT_MAX];
	size_t len = strlen(name_print(name, whole)), less;

	if (branch->depth) {
		less = strlen(name_print(branch->names[branch->depth - 1], above));
		if (less + 1 < len)	/* not the dot between */
			whole[len - less - 1] = '\0';
	} else if (len > 1) {
		whole[len - 1] = '\0';
	}
	text_append(out, "<code>");
	text_markup(out, whole);
	text_append(out, "</code>");
}

static void
put_overlap_row(struct text *out, const struct overlap_row *row, struct branch *branch)
{
	unsigned depth;

	if (row->kind == REGION_OTHERS && branch->depth &&
	    name_wire_equal(branch->names[branch->depth - 1], row->name))
		depth = branch->depth;
	else
		depth = climb(branch, row->name);
	text_printf(out, "<tr%s><th scope=\"row\" class=\"d%u\">",
		    row->differs ? " class=\"differs\"" : "",
		    depth < DEPTH_MOST ? depth : DEPTH_MOST);
	if (row->kind == REGION_OTHERS && depth == branch->depth && depth &&
	    name_wire_equal(branch->names[depth - 1], row->name)) {
		text_append(out, "any other name below");
	} else if (row->kind == REGION_OTHERS) {
		text_append(out, "any other name below ");
		put_labels(out, branch, row->name);
	} else {
		put_labels(out, branch, row->name);
		if (branch->depth <= DEPTH_MOST)
			branch->names[branch->depth++] = row->name;
	}
	text_printf(out, "</th><td class=\"mark\">%s</td>",
		    row->differs ? "≠ differs" : "= alike");
	put_says(out, row->left);
	put_says(out, row->right);
	text_append(out, "</tr>\n");
}

/** The root of the tree, where the apex has no row of its own. */
static void
put_root(struct text *out, const struct overlap *overlap, struct branch *branch)
{
	const struct overlap_row *first = overlap->rows;

	if (overlap->count && first->kind == REGION_NAME &&
	    name_wire_equal(first->name, overlap->top))
		return;
	text_append(out, "<tr><th scope=\"row\" class=\"d0\">");
	put_labels(out, branch, overlap->top);
	text_append(out, "</th><td></td><td></td><td></td></tr>\n");
	branch->names[branch->depth++] = overlap->top;
}

static void
put_zone_heading(struct text *out, const struct hosted_zone *zone)
{
	char name[NAME_TEXT_MAX];

	text_append(out, "<th scope=\"col\">");
	text_markup(out, zone->id);
	text_append(out, "<span>");
	text_markup(out, name_print(zone->name, name));
	text_append(out, "</span></th>");
}

static void
put_left_out(struct text *out, const struct overlap *overlap)
{
	if (!overlap->alike_left_out && !overlap->different_left_out)
		return;
	text_append(out, "<p class=\"faint\">Not shown: ");
	if (overlap->different_left_out)
		text_printf(out, "%zu more that differ%s", overlap->different_left_out,
			    overlap->alike_left_out ? ", " : "");
	if (overlap->alike_left_out)
		text_printf(out, "%zu names that are alike", overlap->alike_left_out);
	text_append(out, ".</p>\n");
}

static void
put_two(struct html *html, const struct two *two)
{
	const struct finding *finding = html->rows[two->row - 1].finding;
	struct branch branch = { .depth = 0 };
	struct text *out = html->out;

	text_append(out, "<h3>");
	text_markup(out, two->left->id);
	text_append(out, " and ");
	text_markup(out, two->right->id);
	text_printf(out, "</h3>\n<table class=\"tree\"><caption><a href=\"#f%zu\">", two->row);
	text_markup(out, finding->code);
	text_append(out, "</a>: ");
	text_markup(out, finding->message);
	text_append(out, "</caption>\n<colgroup><col class=\"names\"><col class=\"mark\"><col>"
		    "<col></colgroup>\n<thead><tr><th scope=\"col\">Name</th>"
		    "<th scope=\"col\"><span class=\"hide\">Alike?</span></th>");
	put_zone_heading(out, two->left);
	put_zone_heading(out, two->right);
	text_append(out, "</tr></thead>\n<tbody>\n");
	put_root(out, two->overlap, &branch);
	for (size_t i = 0; i < two->overlap->count; i++)
		put_overlap_row(out, &two->overlap->rows[i], &branch);
	text_append(out, "</tbody></table>\n");
	put_left_out(out, two->overlap);
}

void
html_put_overlaps(struct html *html)
{
	size_t shown = 0, left_out = 0;
	struct text *out = html->out;

	for (size_t i = 1; i <= html->row_count; i++) {
		const struct html_row *row = &html->rows[i - 1];
		struct arena_mark mark = arena_mark(&html->arena);
		struct overlap overlap;
		struct two two;

		if (row->finding->suppressed || !is_overlap(row->finding) ||
		    !html->report->inputs[row->input].snap)
			continue;
		if (shown == OVERLAPS_MOST) {
			left_out++;
			continue;
		}
		if (find_two(html, row, &overlap, &two)) {
			two.row = i;
			if (!shown++)
				text_append(out, "<section id=\"overlaps\" "
					    "aria-labelledby=\"overlaps-title\">\n"
					    "<h2 id=\"overlaps-title\">Zones side by side</h2>\n"
					    "<p>What each of two zones says to a question for the "
					    "same name.</p>\n");
			put_two(html, &two);
			report_flush(html->report);
		}
		arena_rewind(&html->arena, mark);
	}
	if (left_out)
		text_printf(out, "<p>%zu more findings are about zones that overlap; they are in "
			    "the table of findings.</p>\n", left_out);
	if (shown)
		text_append(out, "</section>\n");
}
