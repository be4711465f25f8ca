#include "cli/daemon.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/output.h"
#include "load/config.h"

#define PATIENCE_S     10	/* for a reply that needs no work */
#define REPLY_MEMORY   ((size_t)256 << 20)	/* of a reply, as a tree */
#define ESTATE_MEMORY  ((size_t)16 << 30)
#define PIECE_OCTETS   (64u << 10)

/* --- arguments --- */

enum { OPT_SOCKET = 256, OPT_FORMAT, OPT_FROM, OPT_SUBTREE };

static const struct option long_options[] = {
	{ "socket", required_argument, NULL, OPT_SOCKET },
	{ "config", required_argument, NULL, 'c' },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "from", required_argument, NULL, OPT_FROM },
	{ "subtree", no_argument, NULL, OPT_SUBTREE },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static bool
is_allowed(int option, unsigned extra)
{
	if (option == OPT_FROM)
		return extra & DAEMON_FROM;
	if (option == OPT_SUBTREE)
		return extra & DAEMON_SUBTREE;
	return true;
}

static enum exit_code
take_option(const struct command *command, char **argv, int option, struct daemon_words *out)
{
	switch (option) {
	case OPT_SOCKET:
		out->socket = optarg;
		break;
	case 'c':
		out->config = optarg;
		break;
	case OPT_FROM:
		out->from = optarg;
		break;
	case OPT_SUBTREE:
		out->subtree = true;
		break;
	case 'h':
		out->help = true;
		break;
	case OPT_FORMAT:
		out->json = strcmp(optarg, "json") == 0;
		if (!out->json && strcmp(optarg, "text") != 0)
			return command_usage(command, "no format \"%s\": text or json", optarg);
		break;
	default:
		return command_bad_option(command, argv);
	}
	return EXIT_FINE;
}

enum exit_code
daemon_read(const struct command *command, int argc, char **argv, unsigned extra, unsigned least,
	    unsigned most, struct daemon_words *out)
{
	enum exit_code code = EXIT_FINE;
	int option;

	*out = (struct daemon_words){ 0 };
	while (code == EXIT_FINE && !out->help &&
	       (option = getopt_long(argc, argv, ":hc:", long_options, NULL)) != -1)
		code = is_allowed(option, extra) ? take_option(command, argv, option, out)
						 : command_bad_option(command, argv);
	if (code != EXIT_FINE || out->help)
		return code;
	out->count = (unsigned)(argc - optind);
	out->words = argv + optind;
	if (out->count < least || out->count > most)
		return command_usage(command, "too %s words", out->count < least ? "few" : "many");
	if (out->socket && out->config)
		return command_usage(command, "--socket or -c, not both");
	return EXIT_FINE;
}

/* --- the socket --- */

/** Into `path`.  A configuration with mistakes may still name the socket. */
static enum exit_code
find_socket(const struct daemon_words *words, struct sockaddr_un *at)
{
	const char *path = words->socket ? words->socket : DAEMON_SOCKET;
	enum exit_code code = EXIT_FINE;
	struct estate estate;
	struct arena arena;
	struct diags diags;

	arena_init(&arena, ESTATE_MEMORY);
	diags_init(&diags, &arena, 0);
	estate_init(&estate, ESTATE_MEMORY);
	if (words->config) {
		enum status status = config_load(words->config, NULL, &estate, &diags);

		path = estate.settings.control_socket;
		if (!path && status != OK)
			output_findings(stderr, &diags);
		else if (!path)
			fprintf(stderr, "causeway: %s has no server.control.socket\n",
				words->config);
	}
	*at = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (!path) {
		code = EXIT_USAGE;
	} else if (strlen(path) >= sizeof(at->sun_path)) {
		fprintf(stderr, "causeway: %s: too long for a socket\n", path);
		code = EXIT_USAGE;
	} else {
		memcpy(at->sun_path, path, strlen(path));
	}
	estate_fini(&estate);
	arena_fini(&arena);
	return code;
}

static bool
send_all(int fd, const char *octets, size_t len)
{
	while (len > 0) {
		ssize_t sent = send(fd, octets, len, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		/* a daemon that refuses may have closed already: its reply says why */
		if (sent <= 0)
			return errno == EPIPE;
		octets += sent;
		len -= (size_t)sent;
	}
	return true;
}

static bool
receive_all(int fd, struct text *out)
{
	static const size_t most = CTL_REPLY_OCTETS + 1;
	char *piece = malloc(PIECE_OCTETS);
	ssize_t got = 1;

	while (piece && got > 0 && out->len < most) {
		got = recv(fd, piece, PIECE_OCTETS, 0);
		if (got > 0)
			text_append_len(out, piece, (size_t)got);
		else if (got < 0 && errno == EINTR)
			got = 1;
	}
	free(piece);
	return piece && !out->failed && (got == 0 || out->len >= most ||
					 (errno == ECONNRESET && out->len > 0));
}

/** Send and receive.  false: errno says why. */
static bool
exchange(const struct sockaddr_un *at, const char *request, size_t len, bool patient,
	 struct text *reply)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), error;
	bool good;

	if (fd < 0)
		return false;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (!patient)
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	good = connect(fd, (const struct sockaddr *)at, sizeof(*at)) == 0 &&
	       send_all(fd, request, len) && receive_all(fd, reply);
	error = errno;
	close(fd);
	errno = error;
	return good;
}

/* --- the reply --- */

const char *
daemon_find(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *node = yaml_find(map, key);

	return node && node->kind == YAML_SCALAR && !yaml_is_null(node) ? node->text : NULL;
}

static enum exit_code
print_reply(const struct command *command, const struct daemon_words *words,
	    const struct yaml_node *reply, const struct text *raw, daemon_print_fn print)
{
	const char *error = daemon_find(reply, "error"), *exit = daemon_find(reply, "exit");
	enum exit_code code;
	struct text out;

	if (!exit || !strchr("01234", *exit) || exit[1])
		return EXIT_INPUT;
	text_init(&out);
	if (words->json)
		text_append_len(&out, raw->data, raw->len);
	else if (error)
		fprintf(stderr, "causeway %s: %s\n", command->name, error);
	else
		print(reply, &out);
	code = output_write(stdout, &out);
	text_fini(&out);
	return code == EXIT_FINE ? (enum exit_code)(*exit - '0') : code;
}

/** The reply as a tree: JSON is YAML. */
static enum exit_code
read_reply(const struct command *command, const struct daemon_words *words,
	   const struct text *raw, daemon_print_fn print)
{
	const struct source source = { .path = "reply", .data = raw->data, .len = raw->len };
	const struct yaml_node *reply = NULL;
	enum exit_code code = EXIT_INPUT;
	struct arena arena;
	struct diags diags;

	arena_init(&arena, REPLY_MEMORY);
	diags_init(&diags, &arena, 0);
	if (ctl_reply_check(raw->data, raw->len) == OK &&
	    yaml_read(&source, &arena, &diags, &reply) == OK && reply->kind == YAML_MAPPING)
		code = print_reply(command, words, reply, raw, print);
	else
		fprintf(stderr, "causeway %s: the daemon broke off its reply\n", command->name);
	arena_fini(&arena);
	return code;
}

enum exit_code
daemon_ask(const struct command *command, const struct daemon_words *words,
	   const char *const *request, unsigned count, bool patient, daemon_print_fn print)
{
	char octets[CTL_REQUEST_OCTETS];
	struct sockaddr_un at;
	enum exit_code code;
	struct text reply;
	size_t len;

	if (ctl_request_write(request, count, octets, &len) != OK)
		return command_usage(command, "words are of printable ASCII, and not too long");
	code = find_socket(words, &at);
	if (code != EXIT_FINE)
		return code;
	text_init(&reply);
	if (exchange(&at, octets, len, patient, &reply)) {
		text_append(&reply, "");
		code = reply.failed ? EXIT_INTERNAL : read_reply(command, words, &reply, print);
	} else {
		fprintf(stderr, "causeway %s: no daemon answers at %s: %s\n", command->name,
			at.sun_path, strerror(errno));
		code = EXIT_INPUT;
	}
	text_fini(&reply);
	return code;
}

/* --- text --- */

static void print_node(const struct yaml_node *node, unsigned depth, struct text *out);

/** An item of a list on one line. */
static void
print_item(const struct yaml_node *node, struct text *out)
{
	if (node->kind == YAML_SCALAR) {
		text_printable(out, node->text);
		return;
	}
	for (const struct yaml_item *item = node->first; item; item = item->next) {
		text_append(out, item == node->first ? "" : ", ");
		text_printable(out, item->key ? item->key->text : "");
		text_append(out, " ");
		if (item->value->kind == YAML_SCALAR)
			text_printable(out, item->value->text);
	}
}

static void
print_pair(const struct yaml_item *pair, unsigned depth, struct text *out)
{
	text_printf(out, "%*s", (int)depth * 2, "");
	text_printable(out, pair->key->text);
	text_append(out, ":");
	if (pair->value->kind == YAML_SCALAR) {
		text_append(out, " ");
		text_printable(out, pair->value->text);
		text_append(out, "\n");
		return;
	}
	text_append(out, pair->value->first ? "\n" : " none\n");
	print_node(pair->value, depth + 1, out);
}

/** Replies are three levels deep. */
static void
print_node(const struct yaml_node *node, unsigned depth, struct text *out)
{
	for (const struct yaml_item *item = node->first; item; item = item->next) {
		if (node->kind == YAML_MAPPING) {
			print_pair(item, depth, out);
			continue;
		}
		text_printf(out, "%*s", (int)depth * 2, "");
		print_item(item->value, out);
		text_append(out, "\n");
	}
}

void
daemon_print(const struct yaml_node *reply, struct text *out)
{
	for (const struct yaml_item *pair = reply->first; pair; pair = pair->next)
		if (strcmp(pair->key->text, "schema") != 0 && strcmp(pair->key->text, "exit") != 0)
			print_pair(pair, 0, out);
}
