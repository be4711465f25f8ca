#include <getopt.h>
#include <string.h>

#include "base/text.h"
#include "cli/command.h"

static const struct command *const commands[] = {
	&command_compile,
	&command_diff,
	&command_dump,
	&command_explain,
	&command_flush,
	&command_health,
	&command_lint,
	&command_lookup,
	&command_reload,
	&command_resolve,
	&command_stats,
	&command_status,
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static const struct command *
command_find(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static void
print_usage(FILE *to)
{
	fprintf(to, "usage: causeway COMMAND [ARGUMENT...]\n\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(to, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
	fprintf(to, "  %-9s %s\n", "help", "this, or the options of a command");
	fprintf(to, "\ncauseway --version tells the version; see causeway(1).\n");
}

static enum exit_code
unknown_command(const char *name)
{
	const char *names[COMMAND_COUNT], *nearest;

	for (size_t i = 0; i < COMMAND_COUNT; i++)
		names[i] = commands[i]->name;
	nearest = text_nearest(name, names, COMMAND_COUNT);
	fprintf(stderr, "causeway: no command \"%s\"", name);
	if (nearest)
		fprintf(stderr, "; did you mean \"%s\"?", nearest);
	fprintf(stderr, "\ncauseway help lists the commands\n");
	return EXIT_USAGE;
}

static enum exit_code
help(const char *name)
{
	const struct command *command = name ? command_find(name) : NULL;

	if (command)
		return command_help(command);
	if (name)
		return unknown_command(name);
	print_usage(stdout);
	return EXIT_FINE;
}

int
main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;
	const struct command *command;

	if (!name) {
		print_usage(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
		puts(PACKAGE_STRING);
		return EXIT_FINE;
	}
	if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		return (int)help(argc > 2 ? argv[2] : NULL);
	command = command_find(name);
	if (!command)
		return (int)unknown_command(name);
	opterr = 0;	/* messages are ours */
	return (int)command->run(command, argc - 1, argv + 1);
}
