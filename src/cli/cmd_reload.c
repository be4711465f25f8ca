#include <string.h>

#include "cli/daemon.h"

/** What the load had to say, then one line of how it ended. */
static void
print(const struct yaml_node *reply, struct text *out)
{
	const struct yaml_node *told = yaml_find(reply, "told");
	const char *accepted = daemon_find(reply, "accepted");
	const char *generation = daemon_find(reply, "generation");
	const char *took_ms = daemon_find(reply, "took_ms");

	for (const struct yaml_item *line = told ? told->first : NULL; line; line = line->next) {
		text_printable(out, line->value->text);
		text_append(out, "\n");
	}
	if (accepted && strcmp(accepted, "true") == 0)
		text_printf(out, "reloaded: generation %s, %s ms\n", generation ? generation : "?",
			    took_ms ? took_ms : "?");
	else
		text_printf(out, "refused: generation %s is served on, as it was\n",
			    generation ? generation : "?");
}

static enum exit_code
run(const struct command *command, int argc, char **argv)
{
	const char *const request[] = { "reload" };
	struct daemon_words words;
	enum exit_code code = daemon_read(command, argc, argv, 0, 0, 0, &words);

	if (words.help)
		return command_help(command);
	return code == EXIT_FINE ? daemon_ask(command, &words, request, 1, true, print) : code;
}

const struct command command_reload = {
	.name = "reload",
	.arguments = "[--socket PATH | -c FILE] [--format text|json]",
	.summary = "let a running daemon load its configuration again, and say how that went",
	.options = DAEMON_OPTIONS,
	.run = run,
};
