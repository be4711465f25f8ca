#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/input.h"
#include "cli/output.h"
#include "lint/lint.h"

#define CODES_MOST 128

/* The arguments, and what they lead to. */
struct lint_args {
	const struct reporter *reporter;
	struct lint_choice choice;
	const char *select[CODES_MOST], *ignore[CODES_MOST];
	enum severity fail_on;
	bool exit_zero, list;
};

enum { OPT_FORMAT = 256, OPT_SELECT, OPT_IGNORE, OPT_FAIL_ON, OPT_EXIT_ZERO, OPT_LIST };

static const struct option long_options[] = {
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "select", required_argument, NULL, OPT_SELECT },
	{ "ignore", required_argument, NULL, OPT_IGNORE },
	{ "fail-on", required_argument, NULL, OPT_FAIL_ON },
	{ "exit-zero", no_argument, NULL, OPT_EXIT_ZERO },
	{ "list", no_argument, NULL, OPT_LIST },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/** The code nearest to one that does not exist, or NULL. */
static const char *
nearest_code(const char *code)
{
	size_t count;
	const struct lint_check *checks = lint_checks(&count);
	const char *codes[CODES_MOST];

	for (size_t i = 0; i < count && i < CODES_MOST; i++)
		codes[i] = checks[i].code;
	return text_nearest(code, codes, count < CODES_MOST ? count : CODES_MOST);
}

/** Take up "ZON101,PRE" behind the codes given before; splits `list` in place. */
static enum exit_code
add_codes(const struct command *command, char *list, const char **codes, size_t *count)
{
	for (char *code = strtok(list, ", "); code; code = strtok(NULL, ", ")) {
		const char *nearest;

		if (*count == CODES_MOST)
			return command_usage(command, "more than %d codes", CODES_MOST);
		if (!lint_code_exists(code)) {
			nearest = nearest_code(code);
			return command_usage(command, "no check has the code %s%s%s%s", code,
					     nearest ? "; did you mean " : "",
					     nearest ? nearest : "", nearest ? "?" : "");
		}
		codes[(*count)++] = code;
	}
	return EXIT_FINE;
}

static enum exit_code
set_format(const struct command *command, struct lint_args *args, const char *name)
{
	args->reporter = reporter_find(name);
	if (!args->reporter)
		return command_usage(command, "no format \"%s\": text, concise or json", name);
	return EXIT_FINE;
}

static enum exit_code
set_fail_on(const struct command *command, struct lint_args *args, const char *name)
{
	for (unsigned severity = SEVERITY_NOTE; severity <= SEVERITY_ERROR; severity++) {
		if (strcmp(severity_text((enum severity)severity), name) == 0) {
			args->fail_on = (enum severity)severity;
			return EXIT_FINE;
		}
	}
	return command_usage(command, "no severity \"%s\": error, warning or note", name);
}

static enum exit_code
set_option(const struct command *command, struct lint_args *args, int option)
{
	switch (option) {
	case OPT_FORMAT:
		return set_format(command, args, optarg);
	case OPT_SELECT:
		args->choice.select = args->select;
		return add_codes(command, optarg, args->select, &args->choice.select_count);
	case OPT_IGNORE:
		args->choice.ignore = args->ignore;
		return add_codes(command, optarg, args->ignore, &args->choice.ignore_count);
	case OPT_FAIL_ON:
		return set_fail_on(command, args, optarg);
	case OPT_EXIT_ZERO:
		args->exit_zero = true;
		return EXIT_FINE;
	case OPT_LIST:
		args->list = true;
		return EXIT_FINE;
	}
	return EXIT_USAGE;
}

static enum exit_code
list_checks(void)
{
	size_t count;
	const struct lint_check *checks = lint_checks(&count);

	for (size_t i = 0; i < count; i++)
		printf("%s %-8s %s\n    %s\n", checks[i].code,
		       severity_text(checks[i].severity), checks[i].name, checks[i].summary);
	return EXIT_FINE;
}

/** The grave ones win; among these the greater code. */
static enum exit_code
worse(enum exit_code a, enum exit_code b)
{
	return a > b ? a : b;
}

/** Load, judge and report one configuration. */
static enum exit_code
lint_path(const struct lint_args *args, const char *path, struct report *report)
{
	struct input input;
	enum exit_code code = EXIT_FINE;
	enum status status;

	if (input_is_image(path)) {
		fprintf(stderr, "causeway lint: %s: a snapshot image does not say where things "
			"were declared; lint the configuration it was compiled from\n", path);
		return EXIT_USAGE;
	}
	code = input_open(&input, path);
	if (code == EXIT_FINE) {
		status = lint_run_chosen(&input.estate, input.snap, &args->choice, &input.diags);
		if (status != OK) {
			fprintf(stderr, "causeway lint: %s: not all was judged: %s\n", path,
				status == ERR_MALFORMED ? "a witness did not replay"
							: status_text(status));
			code = EXIT_INTERNAL;
		}
		diags_sort(&input.diags);
	}
	report_count(&report->counts, &input.estate);
	report_findings(args->reporter, report, &input.diags);
	input_close(&input);
	return code;
}

static bool
should_fail(const struct lint_args *args, const struct report *report)
{
	size_t count = report->errors;

	if (args->fail_on <= SEVERITY_WARNING)
		count += report->warnings;
	if (args->fail_on <= SEVERITY_NOTE)
		count += report->notes;
	return count && !args->exit_zero;
}

static enum exit_code
lint_paths(const struct lint_args *args, char **paths)
{
	struct source_lines lines = { 0 };
	struct text text;
	struct report report = {
		.out = &text, .version = PACKAGE_VERSION, .line = source_line,
		.line_context = &lines, .colour = output_colour(stdout),
	};
	enum exit_code code = EXIT_FINE;

	text_init(&text);
	report_begin(args->reporter, &report);
	for (; *paths; paths++)
		code = worse(code, lint_path(args, *paths, &report));
	report_end(args->reporter, &report);
	code = worse(code, output_write(stdout, &text));
	text_fini(&text);
	source_lines_close(&lines);
	return code == EXIT_FINE && should_fail(args, &report) ? EXIT_NO : code;
}

static enum exit_code
run(const struct command *command, int argc, char **argv)
{
	struct lint_args args = { .reporter = &reporter_text, .fail_on = SEVERITY_ERROR };
	int option;

	while ((option = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		enum exit_code code;

		if (option == 'h')
			return command_help(command);
		if (option == '?' || option == ':')
			return command_bad_option(command, argv);
		code = set_option(command, &args, option);
		if (code != EXIT_FINE)
			return code;
	}
	if (args.list)
		return list_checks();
	if (optind == argc)
		return command_usage(command, "no configuration given");
	return lint_paths(&args, argv + optind);
}

const struct command command_lint = {
	.name = "lint",
	.arguments = "[OPTION...] PATH...",
	.summary = "find zones and rules of an estate that conflict across connected networks",
	.options =
		"  --format FORMAT    text (default), concise (a line a finding) or json\n"
		"  --select CODES     only these checks: codes or their beginnings, ZON101,PRE\n"
		"  --ignore CODES     not these\n"
		"  --fail-on SEVERITY exit 1 from this severity on: error (default), warning, note\n"
		"  --exit-zero        exit 0 although there are findings\n"
		"  --list             list all checks\n",
	.run = run,
};
