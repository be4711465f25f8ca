#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/input.h"
#include "cli/known.h"
#include "cli/lint_options.h"
#include "cli/lint_rules.h"
#include "cli/output.h"
#include "cli/paths.h"
#include "cli/progress.h"

/* One run: an estate, what is found in it, and how that is told. */
struct run {
	const struct lint_options *options;
	struct input input, base;
	struct known known;
	struct policy_choice chosen;	/* what ran */
	struct progress progress;
	char today[POLICY_DAY];
};

/** The grave ones win; among these the greater code. */
static enum exit_code
worse(enum exit_code a, enum exit_code b)
{
	return a > b ? a : b;
}

static enum exit_code
refuse_image(const char *path)
{
	if (!input_is_image(path))
		return EXIT_FINE;
	fprintf(stderr, "causeway lint: %s: a snapshot image does not say where things were "
		"declared; lint the configuration it was compiled from\n", path);
	return EXIT_USAGE;
}

static enum exit_code
refuse_images(const struct lint_options *options)
{
	for (size_t i = 0; i < options->path_count; i++)
		if (refuse_image(options->paths[i]) != EXIT_FINE)
			return EXIT_USAGE;
	return options->base ? refuse_image(options->base) : EXIT_FINE;
}

static struct input_how
how_to_open(const struct lint_options *options)
{
	return (struct input_how){ .partial = options->allow_partial,
				   .threads = options->threads,
				   .tf_dir = options->tf_dir,
				   .parameters = parameters_first(&options->parameters),
				   .spends = true };
}

/** What the estate is to replace; what is wrong there is told where it stops us. */
static enum exit_code
open_base(struct run *run)
{
	struct input_how how = how_to_open(run->options);
	enum exit_code code = input_open_how(&run->base, &run->options->base, 1, &how);

	if (code != EXIT_FINE)
		input_complain(&run->base);
	return code;
}

static void
told_incomplete(enum status status)
{
	fprintf(stderr, "causeway lint: not all was judged: %s\n",
		status == ERR_MALFORMED ? "a witness did not replay" : status_text(status));
}

/** Run the checks, then what the estate and the baseline say about their findings. */
static enum exit_code
judge(struct run *run)
{
	const struct lint_options *options = run->options;
	const struct lint_settings *settings = &run->input.estate.lint;
	struct lint_choice said = {
		.select = options->select_count ? options->select : NULL,
		.select_count = options->select_count,
		.ignore = options->ignore, .ignore_count = options->ignore_count,
	};
	struct diags *diags = &run->input.diags;
	struct policy_choice *chosen = &run->chosen;
	enum status status;

	if (policy_check(settings, diags) != OK)
		return EXIT_USAGE;
	policy_choose(settings, &said, chosen);
	if (options->base) {
		chosen->choice.base = &run->base.estate;
		chosen->choice.base_snap = run->base.snap;
	}
	progress_say(&run->progress, "judging");
	status = lint_run_chosen(&run->input.estate, run->input.snap, &chosen->choice, diags);
	if (status == OK)
		status = policy_apply(settings, &chosen->choice, run->today,
				      !options->no_suppressions, diags);
	if (status != OK) {
		told_incomplete(status);
		return EXIT_INTERNAL;
	}
	return known_apply(&run->known, options, &chosen->choice, diags);
}

/** Leave out what is beyond --max-per-rule, and say so; all is counted. */
static void
leave_out(struct diags *diags, uint64_t most)
{
	size_t count;
	const struct lint_check *checks = lint_checks(&count);

	for (size_t i = 0; most && i < count; i++) {
		size_t seen = 0, dropped = diags->dropped;

		for (struct finding **f = &diags->first; *f;) {
			if (!(*f)->suppressed && strcmp((*f)->code, checks[i].code) == 0 &&
			    ++seen > most) {
				*f = (*f)->next;
				diags->dropped++;
			} else {
				f = &(*f)->next;
			}
		}
		if (diags->dropped > dropped)
			fprintf(stderr, "causeway lint: %s: %zu more not shown "
				"(--max-per-rule %ju)\n", checks[i].code,
				diags->dropped - dropped, (uintmax_t)most);
	}
}

static bool
should_fail(const struct run *run)
{
	const struct lint_options *options = run->options;
	const struct diags *diags = &run->input.diags;
	enum severity from = options->fail_on_said ? options->fail_on
						   : run->input.estate.lint.fail_on;
	size_t count = diags->errors;

	if (from <= SEVERITY_WARNING || options->fail_on_new)
		count += diags->warnings;
	if (from <= SEVERITY_NOTE || options->fail_on_new)
		count += diags->notes;
	return count && !options->exit_zero;
}

static enum exit_code
report(struct run *run)
{
	struct source_lines lines = { 0 };
	enum exit_code code;
	struct report report;

	report_init(&report);
	report.version = PACKAGE_VERSION;
	report.config = run->options->paths[0];
	report.line = source_line;
	report.line_context = &lines;
	report.path = run->known.path;
	report.path_context = run->known.path_context;
	report.choice = &run->chosen.choice;
	report.colour = output_colour(stdout);
	report.width = output_width(stdout);
	report_add(&report, &run->input.estate, run->input.snap, &run->input.diags);
	report.counts.files = run->options->path_count;
	progress_end(&run->progress);
	code = lint_outputs_write(&run->options->outputs, &report);
	report_fini(&report);
	source_lines_close(&lines);
	return code;
}

/** Not every format has a place for what was not looked at. */
static void
told_gaps(const struct diags *diags)
{
	size_t count = 0;

	for (const struct diag_gap *gap = diags->gaps; gap; gap = gap->next)
		count++;
	fprintf(stderr, "causeway lint: %zu comparison%s left out, %s first: %s\n", count,
		count == 1 ? " was" : "s were", diags->gaps->what, diags->gaps->why);
}

static enum exit_code
lint_estate(struct run *run)
{
	const struct lint_options *options = run->options;
	struct input_how how = how_to_open(options);
	enum exit_code code;

	progress_begin(&run->progress, "causeway lint", STDERR_FILENO, PROGRESS_PATIENCE_MS);
	progress_say(&run->progress, "reading");
	code = input_open_how(&run->input, options->paths, options->path_count, &how);
	if (code == EXIT_FINE && options->base)
		code = open_base(run);
	if (code == EXIT_FINE)
		code = known_read(&run->known, options, &run->input.arena, &run->input.diags);
	if (code == EXIT_FINE)
		code = judge(run);
	diags_sort(&run->input.diags);
	if (code == EXIT_FINE)
		code = known_write(&run->known, options, run->today, &run->input.diags);
	leave_out(&run->input.diags, options->max_per_rule);
	progress_say(&run->progress, "reporting");
	code = worse(code, report(run));
	if (run->input.diags.gaps) {	/* not all was compared: never silently */
		told_gaps(&run->input.diags);
		code = worse(code, EXIT_INTERNAL);
	}
	if (code == EXIT_FINE && should_fail(run))
		code = EXIT_NO;
	input_close(&run->base);
	input_close(&run->input);
	return code;
}

static enum exit_code
run(const struct command *command, int argc, char **argv)
{
	struct lint_options options;
	struct paths paths;
	struct run run = { .options = &options };
	time_t now = time(NULL);
	enum exit_code code;
	struct tm day;
	bool done;

	code = lint_options_read(command, argc, argv, &options, &done);
	if (code != EXIT_FINE || done)
		return code;
	if (options.list)
		return lint_rules_list();
	if (options.rules)
		return lint_rules_print(lint_options_json(&options));
	if (options.explain)
		return lint_rules_explain(options.explain, lint_options_json(&options));
	code = refuse_images(&options);
	if (code != EXIT_FINE)
		return code;
	if (!paths_init(&paths, options.root))
		return command_usage(command, "--root: \"%s\" is no directory", options.root);
	run.known.path = paths_name;
	run.known.path_context = &paths;
	strftime(run.today, sizeof(run.today), "%Y-%m-%d", gmtime_r(&now, &day));
	code = lint_estate(&run);
	paths_fini(&paths);
	return code;
}

const struct command command_lint = {
	.name = "lint",
	.arguments = "[OPTION...] PATH...",
	.summary = "find zones and rules of an estate that conflict across connected networks",
	.options = lint_options_help,
	.run = run,
};
