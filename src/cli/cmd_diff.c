#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/diff_output.h"
#include "cli/input.h"
#include "cli/output.h"
#include "dns/codes.h"

enum { OPT_FORMAT = 256, OPT_EXIT_ZERO };

static const struct option long_options[] = {
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "exit-zero", no_argument, NULL, OPT_EXIT_ZERO },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

struct diff_args {
	diff_output_fn print;
	bool exit_zero;
};

/* Two states of an estate being compared. */
struct diff {
	struct input before, after;
	struct arena arena;
	struct changes changes;
};

static enum exit_code
open_state(struct input *input, const char *path)
{
	enum exit_code code;

	if (input_is_image(path)) {
		fprintf(stderr, "causeway diff: %s: a snapshot image does not say whom rules "
			"lead to; compare the configurations it was compiled from\n", path);
		*input = (struct input){ 0 };
		return EXIT_USAGE;
	}
	code = input_open(input, path);
	input_complain(input);
	return code;
}

/** Our own mistake: say which question, so that it can be looked into. */
static void
told_broken(const struct change *culprit)
{
	char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX];

	fprintf(stderr, "causeway diff: internal error: %s %s does not replay: %s, then %s\n",
		name_print(culprit->member.wire, name), type_print(culprit->type, type),
		culprit->before, culprit->after);
}

static enum exit_code
compare(struct diff *diff)
{
	struct change_side before = { &diff->before.estate, diff->before.snap };
	struct change_side after = { &diff->after.estate, diff->after.snap };
	const struct change *culprit;
	enum status status = changes_find(&before, &after, 0, &diff->arena, &diff->changes,
					  &culprit);

	if (status == ERR_MALFORMED)
		told_broken(culprit);
	else if (status != OK)
		fprintf(stderr, "causeway diff: not all was compared: %s\n", status_text(status));
	return status == OK && diff->changes.skipped_count == 0 ? EXIT_FINE : EXIT_INTERNAL;
}

static bool
has_changes(const struct changes *changes)
{
	return changes->groups || changes->added_count || changes->removed_count;
}

static enum exit_code
diff_files(const struct diff_args *args, const char *old, const char *new)
{
	struct diff *diff = calloc(1, sizeof(*diff));
	enum exit_code code, written;
	struct text text;

	if (!diff)
		return EXIT_INTERNAL;
	arena_init(&diff->arena, SIZE_MAX);
	text_init(&text);
	code = open_state(&diff->before, old);
	if (code == EXIT_FINE)
		code = open_state(&diff->after, new);
	if (code == EXIT_FINE) {
		code = compare(diff);
		args->print(&diff->changes, old, new, &text);
		written = output_write(stdout, &text);
		code = written > code ? written : code;
	}
	if (code == EXIT_FINE && has_changes(&diff->changes) && !args->exit_zero)
		code = EXIT_NO;
	text_fini(&text);
	input_close(&diff->after);
	input_close(&diff->before);
	arena_fini(&diff->arena);
	free(diff);
	return code;
}

static enum exit_code
run(const struct command *command, int argc, char **argv)
{
	struct diff_args args = { .print = diff_output_find("text") };
	int option;

	while ((option = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		switch (option) {
		case 'h':
			return command_help(command);
		case OPT_FORMAT:
			args.print = diff_output_find(optarg);
			if (!args.print)
				return command_usage(command, "no format \"%s\": text, json or "
						     "markdown", optarg);
			break;
		case OPT_EXIT_ZERO:
			args.exit_zero = true;
			break;
		default:
			return command_bad_option(command, argv);
		}
	}
	if (argc - optind != 2)
		return command_usage(command, "two configurations are compared: OLD and NEW");
	return diff_files(&args, argv[optind], argv[optind + 1]);
}

const struct command command_diff = {
	.name = "diff",
	.arguments = "[OPTION...] OLD NEW",
	.summary = "the exact names that another configuration resolves otherwise, and for whom",
	.options =
		"  --format FORMAT    text (default), json or markdown\n"
		"  --exit-zero        exit 0 although there are differences\n",
	.run = run,
};
