#include "cli/lint_rules.h"

#include <string.h>

#include "cli/output.h"
#include "lint/catalogue.h"
#include "lint/lint.h"

static const struct lint_check *
check_of(const char *code)
{
	size_t count;
	const struct lint_check *checks = lint_checks(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(checks[i].code, code) == 0)
			return &checks[i];
	return NULL;
}

/** Why findings of this code are not made; NULL: they are. */
static const char *
why_not(const struct catalogue_rule *rule)
{
	if (rule->needs)
		return rule->needs;
	return check_of(rule->code) ? NULL : "not part of this version";
}

static enum exit_code
write_out(struct text *out)
{
	enum exit_code code = output_write(stdout, out);

	text_fini(out);
	return code;
}

enum exit_code
lint_rules_list(void)
{
	size_t count;
	const struct lint_check *checks = lint_checks(&count);

	for (size_t i = 0; i < count; i++)
		printf("%s %-8s %s\n    %s\n", checks[i].code,
		       severity_text(checks[i].severity), checks[i].name, checks[i].summary);
	return EXIT_FINE;
}

static void
put_pair(struct text *out, const char *before, const char *key, const char *value)
{
	text_append(out, before);
	text_json(out, key);
	text_append(out, ": ");
	text_json(out, value);
}

static void
put_assumptions(struct text *out, const struct catalogue_rule *rule)
{
	const char *before = "";

	text_append(out, ", \"assumptions\": [");
	for (unsigned i = 0; i < ASSUME_POINTS; i++) {
		if (!(rule->assumes >> i & 1))
			continue;
		text_append(out, before);
		text_json(out, assume_point((enum assume)i)->key);
		before = ", ";
	}
	text_append(out, "]");
}

static void
put_rule(struct text *out, const struct catalogue_rule *rule)
{
	const char *why = why_not(rule);

	put_pair(out, "{", "code", rule->code);
	put_pair(out, ", ", "name", rule->name);
	put_pair(out, ", ", "severity", severity_text(rule->severity));
	put_pair(out, ", ", "precision", precision_text(rule->precision));
	text_append(out, why ? ", \"runs\": false" : ", \"runs\": true");
	put_pair(out, ", ", "needs", why);
	put_pair(out, ", ", "definition", rule->definition);
	put_pair(out, ", ", "example", rule->example);
	put_pair(out, ", ", "fix", rule->fix);
	put_pair(out, ", ", "security_severity", rule->security);
	put_assumptions(out, rule);
	text_append(out, "}");
}

static void
print_line(struct text *out, const struct catalogue_rule *rule)
{
	const char *why = why_not(rule);

	text_printf(out, "%s %-8s %s", rule->code, severity_text(rule->severity), rule->name);
	if (rule->needs)
		text_printf(out, " - does not run: it needs %s, which are not read yet", why);
	else if (why)
		text_printf(out, " - does not run: %s", why);
	text_append(out, "\n");
}

enum exit_code
lint_rules_print(bool json)
{
	size_t count, run = 0;
	const struct catalogue_rule *rules = catalogue_rules(&count);
	struct text out;

	text_init(&out);
	text_append(&out, json ? "{\n  \"schema\": \"causeway-lint-rules-1\",\n  \"rules\": ["
			       : "");
	for (size_t i = 0; i < count; i++) {
		run += !why_not(&rules[i]);
		if (!json) {
			print_line(&out, &rules[i]);
			continue;
		}
		text_append(&out, i ? ",\n    " : "\n    ");
		put_rule(&out, &rules[i]);
	}
	if (json)
		text_append(&out, "\n  ]\n}\n");
	else
		text_printf(&out, "%zu rules, %zu of them run\n", count, run);
	return write_out(&out);
}

static void
explain(struct text *out, const struct catalogue_rule *rule)
{
	const char *why = why_not(rule);

	text_printf(out, "%s %s (%s)\n\n  %s.\n\n", rule->code, rule->name,
		    severity_text(rule->severity), rule->definition);
	text_printf(out, "  example:  %s\n  fix:      %s\n", rule->example, rule->fix);
	for (unsigned i = 0; i < ASSUME_POINTS; i++) {
		const struct assume_point *point = assume_point((enum assume)i);

		if (rule->assumes >> i & 1)
			text_printf(out, "  assumes:  server.assume.%s: %s "
				    "(route53-semantics %s)\n", point->key, point->meaning,
				    point->sheet);
	}
	if (rule->needs)
		text_printf(out, "\n  It does not run: it needs %s, which are not read yet.\n",
			    why);
	else if (why)
		text_printf(out, "\n  It does not run: %s.\n", why);
}

enum exit_code
lint_rules_explain(const char *code, bool json)
{
	const struct catalogue_rule *rule = catalogue_find(code);
	struct text out;

	text_init(&out);
	if (json) {
		put_rule(&out, rule);
		text_append(&out, "\n");
	} else {
		explain(&out, rule);
	}
	return write_out(&out);
}
