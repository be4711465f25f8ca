#include "lint/report.h"

#include <string.h>

static const struct reporter *const reporters[] = {
	&reporter_text,
	&reporter_concise,
	&reporter_json,
};

const struct reporter *
reporter_find(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(reporters); i++)
		if (strcmp(reporters[i]->name, name) == 0)
			return reporters[i];
	return NULL;
}

const char *
reporter_name(size_t i)
{
	return i < COUNT_OF(reporters) ? reporters[i]->name : NULL;
}

void
report_begin(const struct reporter *reporter, struct report *report)
{
	text_init(&report->body);
	reporter->begin(report);
}

void
report_findings(const struct reporter *reporter, struct report *report,
		const struct diags *diags)
{
	report->errors += diags->errors;
	report->warnings += diags->warnings;
	report->notes += diags->notes;
	report->dropped += diags->dropped;
	for (const struct finding *finding = diags->first; finding; finding = finding->next)
		reporter->finding(report, finding);
}

void
report_end(const struct reporter *reporter, struct report *report)
{
	if (report->body.failed)
		report->out->failed = true;
	reporter->end(report);
	text_fini(&report->body);
}

void
report_count(struct report_counts *counts, const struct estate *estate)
{
	counts->files++;
	for (const struct network *n = estate->networks; n; n = n->next)
		*(n->kind == NETWORK_VPC ? &counts->vpcs : &counts->sites) += 1;
	counts->hosted_zones += estate->zone_count;
	for (const struct hosted_zone *z = estate->zones; z; z = z->next)
		counts->record_sets += z->set_count;
	counts->endpoints += estate->endpoint_count;
	counts->rules += estate->rule_count;
}

static void
print_count(struct text *out, size_t count, const char *what, const char *many)
{
	text_printf(out, "%zu %s%s", count, what, count == 1 ? "" : many);
}

void
report_print_totals(const struct report *report, struct text *out)
{
	print_count(out, report->errors, "error", "s");
	text_append(out, ", ");
	print_count(out, report->warnings, "warning", "s");
	text_append(out, ", ");
	print_count(out, report->notes, "note", "s");
	if (report->dropped)
		text_printf(out, " (%zu of them not shown: too many)", report->dropped);
}

const struct finding_part *
part_next(const struct finding_part *part, enum part_kind kind)
{
	while (part && part->part != kind)
		part = part->next;
	return part;
}
