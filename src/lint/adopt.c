#include "lint/adopt.h"

#include <string.h>

#include "base/bytes.h"
#include "lint/catalogue.h"

static const struct {
	const char *name, *code;
	bool lesser;		/* only where it is no error; as grave as the rule then */
} adopted[] = {
	{ "bad-data", "REC718", false },
	{ "bad-name", "REC717", false },
	{ "bad-policy", "REC711", false },
	{ "bad-ttl", "REC718", false },
	{ "bad-record", "REC718", false },
	{ "cname-conflict", "REC706", false },
	{ "duplicate-record", "REC708", false },
	{ "duplicate-set", "REC711", false },
	{ "foreign-alias", "REC705", false },
	{ "misplaced-soa", "REC710", false },
	{ "mixed-policies", "REC711", false },
	{ "no-endpoint", "FWD311", false },
	{ "not-outbound", "FWD311", false },
	{ "out-of-zone", "REC709", false },
	{ "same-name-twice", "REC719", false },
	{ "ttl-differs", "REC713", false },
	{ "unknown-key", "CFG006", true },	/* of the API, in what was exported */
	{ "weighted-ttl", "REC713", false },
};

void
adopt_findings(struct diags *diags)
{
	for (struct finding *f = diags->first; f; f = f->next) {
		for (size_t i = 0; i < COUNT_OF(adopted); i++) {
			const struct catalogue_rule *rule;

			if (strcmp(f->code, adopted[i].name) != 0)
				continue;
			if (adopted[i].lesser && f->severity == SEVERITY_ERROR)
				break;
			rule = catalogue_find(adopted[i].code);
			if (adopted[i].lesser)
				diag_regrade(diags, f, rule->severity);
			f->code = rule->code;
			f->name = rule->name;
			break;
		}
	}
}

static bool
is_adopted(const char *code)
{
	for (size_t i = 0; i < COUNT_OF(adopted); i++)
		if (strcmp(code, adopted[i].code) == 0)
			return true;
	return false;
}

void
adopt_choose(struct diags *diags, const struct lint_choice *choice)
{
	struct finding **at = &diags->first;

	while (*at) {
		struct finding *f = *at;

		if (f->suppressed || f->severity == SEVERITY_ERROR || !is_adopted(f->code) ||
		    lint_chosen(choice, f->code)) {
			at = &f->next;
			continue;
		}
		diag_suppress(diags, f, "not chosen");	/* in no count from here on */
		diags->suppressed--;
		*at = f->next;
	}
	diags->end = at;
}
