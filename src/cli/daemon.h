/*
 * daemon - what the subcommands share that talk to a running causewayd
 *
 * One request, one reply over the control socket (proto/ctlmsg).  The reply is JSON, printed
 * as it came or, as text, by the subcommand.  Exit codes: as the reply says; EXIT_INPUT when
 * no daemon can be reached, or it does not answer.
 */
#ifndef CLI_DAEMON_H
#define CLI_DAEMON_H

#include "base/text.h"
#include "cli/command.h"
#include "load/yaml.h"
#include "proto/ctlmsg.h"

/* Which options a subcommand has beside those of DAEMON_OPTIONS. */
enum {
	DAEMON_FROM = 1,	/* --from NETWORK */
	DAEMON_SUBTREE = 2,	/* --subtree */
};

struct daemon_words {
	const char *socket, *config, *from;	/* NULL: not given */
	bool json, subtree, help;
	unsigned count;				/* of the words behind the options */
	char **words;
};

/** Append the reply, without "schema" and "exit", as text for people. */
typedef void (*daemon_print_fn)(const struct yaml_node *reply, struct text *out);

/* The help of the options that all of them have. */
#define DAEMON_SOCKET "/run/causeway/control.sock"
#define DAEMON_OPTIONS								\
	"  --socket PATH      the control socket (" DAEMON_SOCKET ")\n"		\
	"  -c, --config FILE  a configuration that names it (server.control.socket)\n"	\
	"  --format FORMAT    text (default) or json\n"

/** Parse the arguments: from `least` to `most` words.  extra: DAEMON_ bits. */
enum exit_code daemon_read(const struct command *command, int argc, char **argv, unsigned extra,
			   unsigned least, unsigned most, struct daemon_words *out);

/** Send the request, `count` words, and print the reply.  patient: it may take its time. */
enum exit_code daemon_ask(const struct command *command, const struct daemon_words *words,
			  const char *const *request, unsigned count, bool patient,
			  daemon_print_fn print);

/** The plainest daemon_print_fn: a line for each key, what lies deeper further in. */
void daemon_print(const struct yaml_node *reply, struct text *out);

/** The text under a key, or NULL where there is none, or null. */
const char *daemon_find(const struct yaml_node *map, const char *key);

#endif
