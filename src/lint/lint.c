#include "lint/lint.h"

#include <string.h>

#include "lint/checks.h"
#include "lint/model.h"

static const struct lint_check checks[] = {
	{ "CFG002", "dangling-reference", SEVERITY_ERROR,
	  "an id names an object that no input holds", NULL },
	{ "FWD301", "self-loop", SEVERITY_ERROR,
	  "a rule's target is an inbound endpoint, or a server, of the network that asks",
	  check_self_loop },
	{ "FWD302", "loop", SEVERITY_ERROR,
	  "rules of several networks forward some names in a circle", check_loop },
	{ "PRE201", "rule-overrides-zone", SEVERITY_ERROR,
	  "a FORWARD rule and a zone of one name in one network: the zone is never read there",
	  check_rule_overrides_zone },
	{ "PRE202", "rule-cuts-into-zone", SEVERITY_ERROR,
	  "a FORWARD rule below a zone's name takes records of the zone away",
	  check_rule_cuts_into_zone },
	{ "PRE203", "zone-cuts-into-rule", SEVERITY_WARNING,
	  "a zone below a FORWARD domain: names it lacks do not exist instead of being forwarded",
	  check_zone_cuts_into_rule },
	{ "SEC902", "private-name-leaks", SEVERITY_WARNING,
	  "a rule goes on (`on`) to the internet, or to a public address: names leak",
	  check_private_name_leaks },
	{ "ZON101", "same-name-zones-differ", SEVERITY_ERROR,
	  "connected networks see two zones of one name that give different answers",
	  check_same_name_zones_differ },
	{ "ZON102", "same-name-zones-identical", SEVERITY_NOTE,
	  "connected networks see two zones of one name with equal data: copies that will drift",
	  check_same_name_zones_identical },
	{ "ZON103", "record-hidden-by-child-zone", SEVERITY_ERROR,
	  "a zone of a longer name takes records of a zone away (a warning where some network "
	  "reads them)", check_record_hidden_by_child_zone },
	{ "ZON104", "child-zone-seen-by-one-peer", SEVERITY_ERROR,
	  "connected networks share a zone, and only one of them has its child zone",
	  check_child_zone_seen_by_one_peer },
};

const struct lint_check *
lint_checks(size_t *count)
{
	*count = COUNT_OF(checks);
	return checks;
}

static bool
begins_so(const char *code, const char *beginning)
{
	return *beginning && strncmp(code, beginning, strlen(beginning)) == 0;
}

bool
lint_code_exists(const char *code)
{
	for (size_t i = 0; i < COUNT_OF(checks); i++)
		if (begins_so(checks[i].code, code))
			return true;
	return false;
}

bool
lint_chosen(const struct lint_choice *choice, const char *code)
{
	bool chosen = !choice->select;

	for (size_t i = 0; i < choice->select_count; i++)
		chosen |= begins_so(code, choice->select[i]);
	for (size_t i = 0; i < choice->ignore_count; i++)
		chosen &= !begins_so(code, choice->ignore[i]);
	return chosen;
}

enum status
lint_run(const struct estate *estate, const struct snapshot *snap, enum severity least,
	 struct diags *diags)
{
	return lint_run_chosen(estate, snap, &(struct lint_choice){ .least = least }, diags);
}

enum status
lint_run_chosen(const struct estate *estate, const struct snapshot *snap,
		const struct lint_choice *choice, struct diags *diags)
{
	struct lint lint;
	enum status status = lint_init(&lint, estate, snap, choice->least, diags);

	for (size_t i = 0; status == OK && i < COUNT_OF(checks); i++) {
		const struct lint_check *check = &checks[i];

		if (check->run && check->severity >= choice->least &&
		    lint_chosen(choice, check->code))
			check->run(&lint, check);
		if (lint.nomem)
			status = ERR_NOMEM;
	}
	if (status == OK && lint.broken)
		status = ERR_MALFORMED;
	lint_fini(&lint);
	return status;
}
