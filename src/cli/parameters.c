#include "cli/parameters.h"

#include <string.h>

enum exit_code
parameters_add(const struct command *command, struct parameters *p, char *word)
{
	char *equals = strchr(word, '=');

	if (!equals || equals == word)
		return command_usage(command, "--parameter wants NAME=VALUE, not \"%s\"", word);
	if (p->count == PARAMETERS_MOST)
		return command_usage(command, "more than %d parameters", PARAMETERS_MOST);
	*equals = '\0';
	p->pairs[p->count] = (struct text_pair){ .name = word, .text = equals + 1 };
	if (p->count)
		p->pairs[p->count - 1].next = &p->pairs[p->count];
	p->count++;
	return EXIT_FINE;
}

const struct text_pair *
parameters_first(const struct parameters *p)
{
	return p->count ? p->pairs : NULL;
}
