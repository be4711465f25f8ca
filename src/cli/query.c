#include "cli/query.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "dns/codes.h"

const char query_options[] =
	"  --from NETWORK|IP  who asks: a VPC, a site, an inbound endpoint, or an address\n"
	"  -c, --config FILE  a configuration, or a snapshot image (.cws)\n"
	"  --format FORMAT    text (default) or json\n";

enum { OPT_FROM = 256, OPT_FORMAT };

static const struct option long_options[] = {
	{ "from", required_argument, NULL, OPT_FROM },
	{ "config", required_argument, NULL, 'c' },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/* The words as given. */
struct words {
	const char *from, *config, *format, *name, *type;
	bool help;
};

static enum exit_code
read_words(const struct command *command, int argc, char **argv, struct words *words)
{
	int option;

	while ((option = getopt_long(argc, argv, ":hc:", long_options, NULL)) != -1) {
		switch (option) {
		case OPT_FROM:
			words->from = optarg;
			break;
		case 'c':
			words->config = optarg;
			break;
		case OPT_FORMAT:
			words->format = optarg;
			break;
		case 'h':
			words->help = true;
			return EXIT_FINE;
		default:
			return command_bad_option(command, argv);
		}
	}
	if (argc - optind < 1 || argc - optind > 2)
		return command_usage(command, "a name and at most a type are wanted");
	words->name = argv[optind];
	words->type = argc - optind == 2 ? argv[optind + 1] : "A";
	if (!words->from)
		return command_usage(command, "--from says who asks, and is needed");
	if (!words->config)
		return command_usage(command, "-c names the configuration, and is needed");
	return EXIT_FINE;
}

static enum exit_code
make_question(const struct command *command, const struct words *words, struct query *query)
{
	struct name name;
	uint16_t type;

	if (name_parse(words->name, &name) != OK)
		return command_usage(command, "\"%s\" is no domain name", words->name);
	if (!type_parse(words->type, &type))
		return command_usage(command, "\"%s\" is no record type", words->type);
	question_make(&name, type, &query->question, query->wire);
	return EXIT_FINE;
}

static enum exit_code
set_format(const struct command *command, const char *format, struct query *query)
{
	query->json = format && strcmp(format, "json") == 0;
	if (format && !query->json && strcmp(format, "text") != 0)
		return command_usage(command, "no format \"%s\": text or json", format);
	return EXIT_FINE;
}

/** The network whose CIDR block holds the address, and the block. */
static bool
find_by_address(struct query *query, const struct addr *addr)
{
	const struct snapshot *snap = query->input.snap;
	const struct snapshot_cidr *cidrs;
	const struct snapshot_network *n;

	query->network = snapshot_client_network(snap, addr);
	if (query->network == NETWORK_NONE)
		return false;
	query->asker = ASKER_ADDRESS;
	n = snapshot_network(snap, query->network);
	cidrs = block_at(&snap->root->block, n->cidrs_at);
	for (uint32_t i = 0; i < n->cidr_count; i++)
		if (cidrs[i].own && prefix_covers(&cidrs[i].prefix, addr) &&
		    cidrs[i].prefix.bits >= query->block.bits)
			query->block = cidrs[i].prefix;
	return true;
}

static bool
find_by_endpoint(struct query *query)
{
	const struct snapshot *snap = query->input.snap;

	for (uint32_t i = 0; i < snap->root->endpoint_count; i++) {
		const struct snapshot_endpoint *e = snapshot_endpoint(snap, i);

		if (e->direction == DIRECTION_OUTBOUND ||
		    strcmp(snapshot_string(snap, e->id_at), query->from) != 0)
			continue;
		query->network = e->network;
		query->asker = ASKER_ENDPOINT;
		query->endpoint = i;
		return true;
	}
	return false;
}

/** Say which network may have been meant. */
static enum exit_code
no_network(const struct query *query)
{
	const struct snapshot *snap = query->input.snap;
	const char **ids = calloc(snap->root->network_count + 1, sizeof(*ids)), *nearest = NULL;

	for (uint32_t i = 0; ids && i < snap->root->network_count; i++)
		ids[i] = snapshot_string(snap, snapshot_network(snap, i)->id_at);
	if (ids)
		nearest = text_nearest(query->from, ids, snap->root->network_count);
	fprintf(stderr, "causeway: no network and no inbound endpoint is called \"%s\"",
		query->from);
	if (nearest)
		fprintf(stderr, "; did you mean \"%s\"?", nearest);
	fputc('\n', stderr);
	free(ids);
	return EXIT_USAGE;
}

static enum exit_code
find_network(struct query *query)
{
	struct addr addr;

	if (addr_parse(query->from, &addr)) {
		if (find_by_address(query, &addr))
			return EXIT_FINE;
		fprintf(stderr, "causeway: %s is in no network's CIDR blocks\n", query->from);
		return EXIT_USAGE;
	}
	query->asker = ASKER_NETWORK;
	query->network = snapshot_find_network(query->input.snap, query->from);
	if (query->network != NETWORK_NONE || find_by_endpoint(query))
		return EXIT_FINE;
	return no_network(query);
}

static enum exit_code
open_and_answer(const struct command *command, const struct words *words, struct query *query,
		query_fn answer)
{
	enum exit_code code = make_question(command, words, query);

	if (code == EXIT_FINE)
		code = set_format(command, words->format, query);
	if (code != EXIT_FINE)
		return code;
	query->from = words->from;
	code = input_open(&query->input, words->config);
	input_complain(&query->input);
	if (code == EXIT_FINE)
		code = find_network(query);
	if (code == EXIT_FINE) {
		resolver_init(&query->resolver, query->input.snap, NULL, NULL, NULL,
			      &query->scratch, NULL);
		if (query->asker == ASKER_ENDPOINT)
			query->resolver.as = query->endpoint;
		code = answer(query);
	}
	input_close(&query->input);
	return code;
}

enum exit_code
query_run(const struct command *command, int argc, char **argv, query_fn answer)
{
	struct words words = { 0 };
	enum exit_code code = read_words(command, argc, argv, &words);
	struct query *query;

	if (words.help)
		return command_help(command);
	if (code != EXIT_FINE)
		return code;
	query = calloc(1, sizeof(*query));	/* large */
	if (!query) {
		fprintf(stderr, "causeway: out of memory\n");
		return EXIT_INTERNAL;
	}
	code = open_and_answer(command, &words, query, answer);
	free(query);
	return code;
}

/** As "address:port", into buf[ADDR_TEXT_MAX]. */
static const char *
target_text(const struct snapshot_target *target, char *buf)
{
	struct addr addr = { .port = (uint16_t)target->port };

	memcpy(addr.ip, target->ip, sizeof(addr.ip));
	return addr_print_port(&addr, buf);
}

void
query_print_targets(const struct snapshot_target *targets, uint32_t count, struct text *out)
{
	char buf[ADDR_TEXT_MAX];

	for (uint32_t i = 0; i < count; i++)
		text_printf(out, "%s%s", i ? ", " : "", target_text(&targets[i], buf));
}

void
query_json_targets(const struct snapshot_target *targets, uint32_t count, struct text *out)
{
	char buf[ADDR_TEXT_MAX];

	text_append(out, "[");
	for (uint32_t i = 0; i < count; i++) {
		text_append(out, i ? ", " : "");
		text_json(out, target_text(&targets[i], buf));
	}
	text_append(out, "]");
}

void
query_json_lines(struct text *lines, struct text *out)
{
	char *rest = lines->data, *line;
	size_t count = 0;

	out->failed |= lines->failed;
	text_append(out, "[");
	while (rest && (line = strsep(&rest, "\n"))) {
		if (!*line)
			continue;
		text_append(out, count++ ? ", " : "");
		text_json(out, line);
	}
	text_append(out, "]");
}
