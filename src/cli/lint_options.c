#include "cli/lint_options.h"

#include <getopt.h>
#include <string.h>

#include "base/text.h"
#include "lint/catalogue.h"

enum {
	OPT_FORMAT = 256, OPT_OUTPUT, OPT_ROOT, OPT_SELECT, OPT_IGNORE, OPT_FAIL_ON,
	OPT_FAIL_ON_NEW, OPT_EXIT_ZERO, OPT_ALLOW_PARTIAL, OPT_NO_SUPPRESSIONS,
	OPT_BASELINE, OPT_WRITE_BASELINE, OPT_PRUNE_BASELINE, OPT_BASE, OPT_MAX_PER_RULE,
	OPT_RULES, OPT_EXPLAIN, OPT_LIST, OPT_THREADS, OPT_TF_DIR, OPT_PARAMETER,
};

static const struct option long_options[] = {
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "output", required_argument, NULL, OPT_OUTPUT },
	{ "root", required_argument, NULL, OPT_ROOT },
	{ "select", required_argument, NULL, OPT_SELECT },
	{ "ignore", required_argument, NULL, OPT_IGNORE },
	{ "fail-on", required_argument, NULL, OPT_FAIL_ON },
	{ "fail-on-new", no_argument, NULL, OPT_FAIL_ON_NEW },
	{ "exit-zero", no_argument, NULL, OPT_EXIT_ZERO },
	{ "allow-partial", no_argument, NULL, OPT_ALLOW_PARTIAL },
	{ "no-suppressions", no_argument, NULL, OPT_NO_SUPPRESSIONS },
	{ "base", required_argument, NULL, OPT_BASE },
	{ "baseline", required_argument, NULL, OPT_BASELINE },
	{ "write-baseline", required_argument, NULL, OPT_WRITE_BASELINE },
	{ "prune-baseline", no_argument, NULL, OPT_PRUNE_BASELINE },
	{ "max-per-rule", required_argument, NULL, OPT_MAX_PER_RULE },
	{ "threads", required_argument, NULL, OPT_THREADS },
	{ "tf-dir", required_argument, NULL, OPT_TF_DIR },
	{ "parameter", required_argument, NULL, OPT_PARAMETER },
	{ "rules", no_argument, NULL, OPT_RULES },
	{ "explain", required_argument, NULL, OPT_EXPLAIN },
	{ "list", no_argument, NULL, OPT_LIST },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

const char lint_options_help[] =
	"  --output FORMAT[=FILE], --format FORMAT\n"
	"                     write this, to a file or standard output; several at once: text\n"
	"                     (default), concise, json, jsonl, sarif, junit, github, gitlab,\n"
	"                     checkstyle, rdjson, azure, markdown, html, dot\n"
	"  --root DIR         paths in reports begin there; by default the top of the repository\n"
	"  --select CODES     run these checks only: codes or their beginnings, by commas\n"
	"  --ignore CODES     not these\n"
	"  --fail-on SEVERITY exit 1 from this severity on: error (default), warning, note\n"
	"  --exit-zero        exit 0 although there are findings\n"
	"  --allow-partial    go on without what no input holds (CFG001 to CFG003 are warnings)\n"
	"  --no-suppressions  report what comments and lint.suppress accept, too\n"
	"  --max-per-rule N   show at most N findings of a check\n"
	"  --base OLD         tell what this change breaks: names that the configuration OLD\n"
	"                     answers otherwise (PEE508, PEE509)\n"
	"  --baseline FILE    leave out what stands in it\n"
	"  --fail-on-new      exit 1 for all that the baseline has not\n"
	"  --prune-baseline   take out of the baseline what is found no more\n"
	"  --write-baseline FILE\n"
	"                     write all that is found to a baseline\n"
	"  --tf-dir DIR       findings of Terraform's plans and states point into the .tf files there\n"
	"  --threads N        read and compile on N threads; by default 2, where there are so many\n"
	"                     processors\n"
	"  --parameter NAME=VALUE\n"
	"                     a parameter of CloudFormation templates, AWS::Region too\n"
	"  --rules            list all rules, which of them run, and why others do not\n"
	"  --explain CODE     what a rule finds, an example, how to mend it\n"
	"  --list             list the checks that this version has\n";

static enum exit_code
no_such_code(const struct command *command, const char *code)
{
	const char *nearest = catalogue_nearest(code);

	return command_usage(command, "no check has the code %s%s%s%s", code,
			     nearest ? "; did you mean " : "", nearest ? nearest : "",
			     nearest ? "?" : "");
}

/** Take up "ZON101,PRE" behind the codes given before; splits `list` in place. */
static enum exit_code
add_codes(const struct command *command, char *list, const char **codes, size_t *count)
{
	for (char *code = strtok(list, ", "); code; code = strtok(NULL, ", ")) {
		if (*count == CODES_MOST)
			return command_usage(command, "more than %d codes", CODES_MOST);
		if (!lint_code_exists(code))
			return no_such_code(command, code);
		codes[(*count)++] = code;
	}
	return EXIT_FINE;
}

static enum exit_code
set_fail_on(const struct command *command, struct lint_options *options, const char *name)
{
	for (unsigned severity = SEVERITY_NOTE; severity <= SEVERITY_ERROR; severity++) {
		if (strcmp(severity_text((enum severity)severity), name) == 0) {
			options->fail_on = (enum severity)severity;
			options->fail_on_said = true;
			return EXIT_FINE;
		}
	}
	return command_usage(command, "no severity \"%s\": error, warning or note", name);
}

static enum exit_code
set_explain(const struct command *command, struct lint_options *options, const char *code)
{
	options->explain = code;
	return catalogue_find(code) ? EXIT_FINE : no_such_code(command, code);
}

static enum exit_code
set_most(const struct command *command, struct lint_options *options, const char *number)
{
	if (text_parse_u64(number, SIZE_MAX, &options->max_per_rule) && options->max_per_rule)
		return EXIT_FINE;
	return command_usage(command, "--max-per-rule wants a number from 1 on, not \"%s\"",
			     number);
}

static enum exit_code
set_flag(struct lint_options *options, int option)
{
	switch (option) {
	case OPT_FAIL_ON_NEW:
		options->fail_on_new = true;
		return EXIT_FINE;
	case OPT_EXIT_ZERO:
		options->exit_zero = true;
		return EXIT_FINE;
	case OPT_ALLOW_PARTIAL:
		options->allow_partial = true;
		return EXIT_FINE;
	case OPT_NO_SUPPRESSIONS:
		options->no_suppressions = true;
		return EXIT_FINE;
	case OPT_PRUNE_BASELINE:
		options->prune_baseline = true;
		return EXIT_FINE;
	case OPT_RULES:
		options->rules = true;
		return EXIT_FINE;
	case OPT_LIST:
		options->list = true;
		return EXIT_FINE;
	}
	return EXIT_USAGE;
}

static enum exit_code
set_option(const struct command *command, struct lint_options *options, int option)
{
	switch (option) {
	case OPT_FORMAT:
	case OPT_OUTPUT:
		return lint_outputs_add(command, &options->outputs, optarg);
	case OPT_ROOT:
		options->root = optarg;
		return EXIT_FINE;
	case OPT_SELECT:
		return add_codes(command, optarg, options->select, &options->select_count);
	case OPT_IGNORE:
		return add_codes(command, optarg, options->ignore, &options->ignore_count);
	case OPT_FAIL_ON:
		return set_fail_on(command, options, optarg);
	case OPT_BASE:
		options->base = optarg;
		return EXIT_FINE;
	case OPT_BASELINE:
		options->baseline = optarg;
		return EXIT_FINE;
	case OPT_WRITE_BASELINE:
		options->write_baseline = optarg;
		return EXIT_FINE;
	case OPT_MAX_PER_RULE:
		return set_most(command, options, optarg);
	case OPT_PARAMETER:
		return parameters_add(command, &options->parameters, optarg);
	case OPT_THREADS:
		return command_threads(command, optarg, &options->threads);
	case OPT_TF_DIR:
		options->tf_dir = optarg;
		return EXIT_FINE;
	case OPT_EXPLAIN:
		return set_explain(command, options, optarg);
	}
	return set_flag(options, option);
}

/** What goes with what. */
static enum exit_code
check_options(const struct command *command, const struct lint_options *options)
{
	if (options->rules || options->list || options->explain)
		return EXIT_FINE;
	if (!options->path_count)
		return command_usage(command, "no configuration given");
	if ((options->prune_baseline || options->fail_on_new) && !options->baseline)
		return command_usage(command, "%s wants --baseline FILE",
				     options->prune_baseline ? "--prune-baseline"
							     : "--fail-on-new");
	return EXIT_FINE;
}

enum exit_code
lint_options_read(const struct command *command, int argc, char **argv,
		  struct lint_options *options, bool *done)
{
	int option;

	*options = (struct lint_options){ .fail_on = SEVERITY_ERROR };
	*done = false;
	while ((option = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		enum exit_code code;

		*done = option == 'h';
		if (option == 'h')
			return command_help(command);
		if (option == '?' || option == ':')
			return command_bad_option(command, argv);
		code = set_option(command, options, option);
		if (code != EXIT_FINE)
			return code;
	}
	lint_outputs_default(&options->outputs);
	options->paths = (const char *const *)(argv + optind);
	options->path_count = (size_t)(argc - optind);
	return check_options(command, options);
}

bool
lint_options_json(const struct lint_options *options)
{
	return options->outputs.count == 1 && options->outputs.list[0].reporter == &reporter_json;
}
