#include <string.h>

#include "cli/daemon.h"

static void
print_lines(const struct yaml_node *lines, struct text *out)
{
	for (const struct yaml_item *line = lines ? lines->first : NULL; line; line = line->next) {
		text_printable(out, line->value->text);
		text_append(out, "\n");
	}
}

static void
print_upstream(const struct yaml_node *upstream, struct text *out)
{
	const struct yaml_node *targets = yaml_find(upstream, "targets");
	const char *name = daemon_find(upstream, "name");
	const char *rule = daemon_find(upstream, "resolver_rule");

	text_append(out, "; ");
	text_printable(out, name ? name : "");
	text_append(out, " is not in the cache; it would be asked of ");
	for (const struct yaml_item *t = targets ? targets->first : NULL; t; t = t->next) {
		text_printable(out, t->value->text);
		text_append(out, t->next ? ", " : "");
	}
	text_append(out, ", by ");
	text_printable(out, rule ? rule : "");
	text_append(out, "\n");
}

/** As `causeway resolve`: what is no record is a comment. */
static void
print(const struct yaml_node *reply, struct text *out)
{
	const struct yaml_node *answer = yaml_find(reply, "answer");
	const struct yaml_node *upstream = yaml_find(reply, "upstream");
	const char *rcode = daemon_find(reply, "rcode");
	const char *error = daemon_find(reply, "extended_error_text");

	print_lines(answer, out);
	if (rcode && (strcmp(rcode, "NOERROR") != 0 || !answer || !answer->first)) {
		text_printf(out, "; %s%s", rcode,
			    strcmp(rcode, "NOERROR") == 0 ? ", no data of this type" : "");
		text_append(out, error ? ": " : "");
		text_printable(out, error ? error : "");
		text_append(out, "\n");
		print_lines(yaml_find(reply, "authority"), out);
	}
	if (upstream && upstream->kind == YAML_MAPPING)
		print_upstream(upstream, out);
}

static enum exit_code
run(const struct command *command, int argc, char **argv)
{
	struct daemon_words words;
	enum exit_code code = daemon_read(command, argc, argv, DAEMON_FROM, 1, 2, &words);

	if (words.help)
		return command_help(command);
	if (code != EXIT_FINE)
		return code;
	if (!words.from)
		return command_usage(command, "--from says who asks, and is needed");
	return daemon_ask(command, &words,
			  (const char *const[]){ "lookup", words.words[0],
						 words.count > 1 ? words.words[1] : "A",
						 words.from },
			  4, false, print);
}

const struct command command_lookup = {
	.name = "lookup",
	.arguments = "NAME [TYPE] --from NETWORK|IP [--socket PATH | -c FILE] "
		     "[--format text|json]",
	.summary = "what a running daemon would answer now, its cache included",
	.options = "  --from NETWORK|IP  who asks: a VPC, a site, an inbound endpoint, or an "
		   "address\n"
		   DAEMON_OPTIONS,
	.run = run,
};
