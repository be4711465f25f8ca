#include <string.h>

#include "cli/daemon.h"

static void
print_check(const struct yaml_node *check, struct text *out)
{
	const char *id = daemon_find(check, "id"), *type = daemon_find(check, "type");
	const char *healthy = daemon_find(check, "healthy"), *why = daemon_find(check, "why");
	const char *said = daemon_find(check, "said");
	bool is_healthy = healthy && strcmp(healthy, "true") == 0;

	text_printable(out, id ? id : "");
	text_printf(out, "\t%s\t%s", type ? type : "", is_healthy ? "healthy" : "unhealthy");
	if (why) {
		text_append(out, "\t");
		text_printable(out, why);
	} else if (said) {
		text_append(out, "\tso said on the control socket");
	}
	text_append(out, "\n");
}

static void
print(const struct yaml_node *reply, struct text *out)
{
	const struct yaml_node *checks = yaml_find(reply, "health_checks");
	const char *not_shown = daemon_find(reply, "not_shown");

	for (const struct yaml_item *c = checks ? checks->first : NULL; c; c = c->next)
		print_check(c->value, out);
	if (not_shown && strcmp(not_shown, "0") != 0)
		text_printf(out, "and %s more\n", not_shown);
}

static enum exit_code
run(const struct command *command, int argc, char **argv)
{
	struct daemon_words words;
	enum exit_code code = daemon_read(command, argc, argv, 0, 0, 2, &words);
	const char *request[3] = { "health" };

	if (words.help)
		return command_help(command);
	if (code != EXIT_FINE)
		return code;
	for (unsigned i = 0; i < words.count; i++)
		request[i + 1] = words.words[i];
	return daemon_ask(command, &words, request, 1 + words.count, false, print);
}

const struct command command_health = {
	.name = "health",
	.arguments = "[ID [healthy|unhealthy|default]] [--socket PATH | -c FILE] "
		     "[--format text|json]",
	.summary = "what a running daemon's health checks found, and a word on EXTERNAL ones",
	.options = DAEMON_OPTIONS,
	.run = run,
};
