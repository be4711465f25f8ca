#include "cli/daemon.h"

static enum exit_code
run(const struct command *command, int argc, char **argv)
{
	struct daemon_words words;
	enum exit_code code = daemon_read(command, argc, argv, DAEMON_SUBTREE, 1, 1, &words);

	if (words.help)
		return command_help(command);
	if (code != EXIT_FINE)
		return code;
	return daemon_ask(command, &words,
			  (const char *const[]){ "flush", words.words[0], "subtree" },
			  words.subtree ? 3 : 2, false, daemon_print);
}

const struct command command_flush = {
	.name = "flush",
	.arguments = "NAME [--subtree] [--socket PATH | -c FILE] [--format text|json]",
	.summary = "let a running daemon forget what its cache has of a name",
	.options = "  --subtree          and of all names below it\n"
		   DAEMON_OPTIONS,
	.run = run,
};
