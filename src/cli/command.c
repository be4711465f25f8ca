#include "cli/command.h"

#include <getopt.h>
#include <stdarg.h>

#include "base/parallel.h"
#include "base/text.h"

enum exit_code
command_help(const struct command *command)
{
	printf("usage: causeway %s %s\n\n%s\n\n%s", command->name, command->arguments,
	       command->summary, command->options);
	return EXIT_FINE;
}

enum exit_code
command_usage(const struct command *command, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "causeway %s: ", command->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nusage: causeway %s %s\n", command->name, command->arguments);
	return EXIT_USAGE;
}

enum exit_code
command_bad_option(const struct command *command, char **argv)
{
	/* long options leave optopt 0, or their value when the argument is what is missing */
	const char *word = argv[optind - 1];

	if (optopt && word[0] == '-' && word[1] != '-')
		return command_usage(command, "bad option -%c, or its argument is missing", optopt);
	return command_usage(command, "bad option %s, or its argument is missing", word);
}

enum exit_code
command_threads(const struct command *command, const char *number, unsigned *threads)
{
	uint64_t count;

	if (!text_parse_u64(number, PARALLEL_MOST, &count) || count == 0)
		return command_usage(command, "--threads wants a number from 1 to %d, not \"%s\"",
				     PARALLEL_MOST, number);
	*threads = (unsigned)count;
	return EXIT_FINE;
}
