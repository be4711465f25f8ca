/*
 * query - one question asked of a snapshot without a daemon: what explain and resolve share
 */
#ifndef CLI_QUERY_H
#define CLI_QUERY_H

#include "cli/input.h"
#include "base/text.h"
#include "dns/msg.h"
#include "engine/resolve.h"

/* How the network that asks was found. */
enum asker {
	ASKER_NETWORK,		/* it was named */
	ASKER_ENDPOINT,		/* an inbound endpoint of it was named */
	ASKER_ADDRESS,		/* the address is in one of its CIDR blocks */
};

struct query {
	struct input input;
	bool json;
	const char *from;	/* as given */
	enum asker asker;
	struct prefix block;	/* ASKER_ADDRESS: the block that holds it */
	uint32_t network;
	uint32_t endpoint;	/* ASKER_ENDPOINT: its number */
	struct question question;
	uint8_t wire[NAME_MAX_OCTETS + 4];
	struct resolver resolver;
	struct scratch scratch;
};

typedef enum exit_code (*query_fn)(struct query *query);

/**
 * Parse the arguments --from NETWORK|IP NAME [TYPE] -c FILE [--format text|json], open the
 * file, find the network, and let `answer` do the rest: all of its query is set.
 */
enum exit_code query_run(const struct command *command, int argc, char **argv, query_fn answer);

/** "10.0.1.10:53, 10.0.2.10:53": who is asked. */
void query_print_targets(const struct snapshot_target *targets, uint32_t count,
			 struct text *out);

/** The same as a list of strings. */
void query_json_targets(const struct snapshot_target *targets, uint32_t count,
			struct text *out);

/** The lines of a text as a list of strings; the text is spent.  out->failed when it has. */
void query_json_lines(struct text *lines, struct text *out);

/** The options, for struct command. */
#define QUERY_ARGUMENTS "--from NETWORK|IP NAME [TYPE] -c FILE [--format text|json]"
extern const char query_options[];

#endif
