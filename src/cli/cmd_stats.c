#include "cli/daemon.h"

static enum exit_code
run(const struct command *command, int argc, char **argv)
{
	const char *const request[] = { "stats" };
	struct daemon_words words;
	enum exit_code code = daemon_read(command, argc, argv, 0, 0, 0, &words);

	if (words.help)
		return command_help(command);
	return code == EXIT_FINE ? daemon_ask(command, &words, request, 1, false, daemon_print)
				 : code;
}

const struct command command_stats = {
	.name = "stats",
	.arguments = "[--socket PATH | -c FILE] [--format text|json]",
	.summary = "what a running daemon has counted: queries, replies, its cache",
	.options = DAEMON_OPTIONS,
	.run = run,
};
