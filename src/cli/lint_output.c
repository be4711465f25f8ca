#include "cli/lint_output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/** "text, concise, json, ..." */
static void
print_formats(struct text *out)
{
	const struct reporter *reporter;

	for (size_t i = 0; (reporter = reporter_at(i)); i++)
		text_printf(out, "%s%s", i ? ", " : "", reporter->name);
}

static enum exit_code
no_format(const struct command *command, const char *name)
{
	enum exit_code code;
	struct text formats;

	text_init(&formats);
	print_formats(&formats);
	code = command_usage(command, "no format \"%s\": %s", name,
			     formats.failed ? "" : formats.data);
	text_fini(&formats);
	return code;
}

enum exit_code
lint_outputs_add(const struct command *command, struct lint_outputs *outputs, char *spec)
{
	struct lint_output *output = &outputs->list[outputs->count];
	char *file = strchr(spec, '=');

	if (outputs->count == OUTPUTS_MOST)
		return command_usage(command, "more than %d outputs", OUTPUTS_MOST);
	if (file)
		*file++ = '\0';
	if (file && !*file)
		return command_usage(command, "no file behind \"%s=\"", spec);
	*output = (struct lint_output){ .reporter = reporter_find(spec), .file = file };
	if (!output->reporter)
		return no_format(command, spec);
	outputs->count++;
	return EXIT_FINE;
}

void
lint_outputs_default(struct lint_outputs *outputs)
{
	const char *github = getenv("GITHUB_ACTIONS"), *summary = getenv("GITHUB_STEP_SUMMARY");

	if (outputs->count)
		return;
	outputs->list[outputs->count++] = (struct lint_output){ .reporter = &reporter_text };
	if (!github || strcmp(github, "true") != 0)
		return;
	outputs->list[outputs->count++] = (struct lint_output){ .reporter = &reporter_github };
	if (summary && *summary)
		outputs->list[outputs->count++] = (struct lint_output){
			.reporter = &reporter_markdown, .file = summary, .append = true,
		};
}

/** A report_flush_fn; context is the FILE, whose error indicator remembers a failure. */
static void
write_some(void *context, struct text *out)
{
	if (out->len)
		fwrite(out->data, out->len, 1, context);
	text_clear(out);
}

static enum exit_code
write_report(const struct lint_output *output, struct report *report, FILE *to)
{
	enum exit_code code;
	struct text text;

	text_init(&text);
	report->colour = output_colour(to);
	report->width = output_width(to);
	report_write(output->reporter, report, &text, write_some, to);
	code = output_write(to, &text);
	if (code == EXIT_FINE && ferror(to)) {
		fprintf(stderr, "causeway: cannot write the output\n");
		code = EXIT_INTERNAL;
	}
	text_fini(&text);
	return code;
}

static enum exit_code
write_file(const struct lint_output *output, struct report *report)
{
	FILE *to = fopen(output->file, output->append ? "ae" : "we");
	enum exit_code code;

	if (!to) {
		fprintf(stderr, "causeway: %s: %s\n", output->file, strerror(errno));
		return EXIT_USAGE;
	}
	code = write_report(output, report, to);
	if (fclose(to) != 0 && code == EXIT_FINE) {
		fprintf(stderr, "causeway: %s: %s\n", output->file, strerror(errno));
		code = EXIT_INTERNAL;
	}
	return code;
}

enum exit_code
lint_outputs_write(const struct lint_outputs *outputs, struct report *report)
{
	enum exit_code worst = EXIT_FINE;

	for (size_t i = 0; i < outputs->count; i++) {
		const struct lint_output *output = &outputs->list[i];
		enum exit_code code = output->file ? write_file(output, report)
						   : write_report(output, report, stdout);

		worst = code > worst ? code : worst;
	}
	return worst;
}
