#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/input.h"
#include "cli/parameters.h"
#include "load/dump.h"
#include "load/yaml.h"

enum { OPTION_ALLOW_PARTIAL = 256, OPTION_FORMAT, OPTION_PARAMETER, OPTION_PLACES,
       OPTION_SECRETS };

static const struct option long_options[] = {
	{ "allow-partial", no_argument, NULL, OPTION_ALLOW_PARTIAL },
	{ "format", required_argument, NULL, OPTION_FORMAT },
	{ "help", no_argument, NULL, 'h' },
	{ "output", required_argument, NULL, 'o' },
	{ "parameter", required_argument, NULL, OPTION_PARAMETER },
	{ "places", no_argument, NULL, OPTION_PLACES },
	{ "secrets", no_argument, NULL, OPTION_SECRETS },
	{ NULL, 0, NULL, 0 },
};

/* What was asked for. */
struct request {
	struct dump_options options;
	const char *output;	/* NULL: standard output */
	bool partial;
	struct parameters parameters;
	char folder[PATH_MAX];
};

/* Where it goes. */
struct sink {
	FILE *to;
	size_t written;
};

static bool
write_some(void *context, const char *octets, size_t len)
{
	struct sink *target = context;

	target->written += len;
	return fwrite(octets, 1, len, target->to) == len;
}

static enum exit_code
exit_of(enum status status, const char *output)
{
	switch (status) {
	case OK:
		return EXIT_FINE;
	case ERR_SYSTEM:
		fprintf(stderr, "causeway dump: cannot write %s: %s\n",
			output ? output : "standard output", strerror(errno));
		return EXIT_USAGE;
	case ERR_MALFORMED:
		fprintf(stderr, "causeway dump: a text of the estate is not UTF-8\n");
		return EXIT_INPUT;
	case ERR_NOMEM:
	case ERR_SHORT:
	case ERR_LIMIT:
	case ERR_REJECTED:
		break;
	}
	fprintf(stderr, "causeway dump: %s\n", status_text(status));
	return EXIT_INTERNAL;
}

/** All of it, and on the way out of our buffers. */
static enum status
write_estate(const struct estate *estate, const struct request *request, struct sink *target)
{
	enum status status = dump_estate(estate, &request->options, write_some, target);

	if (status == OK && fflush(target->to) != 0)
		status = ERR_SYSTEM;
	return status;
}

/** A temporary file beside the output; NULL: errno says why, and there is none. */
static FILE *
open_temporary(char *temporary)
{
	int fd = mkstemp(temporary), saved;
	mode_t mask = umask(0);
	FILE *to = NULL;

	umask(mask);
	if (fd < 0)
		return NULL;
	if (fchmod(fd, 0666 & ~mask) == 0)
		to = fdopen(fd, "w");
	if (to)
		return to;
	saved = errno;
	close(fd);
	unlink(temporary);
	errno = saved;
	return NULL;
}

/** Replaced by rename, so never half written. */
static enum status
write_file(const struct estate *estate, const struct request *request, struct sink *target)
{
	char temporary[PATH_MAX];
	enum status status;
	int saved;

	if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", request->output) >=
	    (int)sizeof(temporary)) {
		errno = ENAMETOOLONG;
		return ERR_SYSTEM;
	}
	target->to = open_temporary(temporary);
	if (!target->to)
		return ERR_SYSTEM;
	status = write_estate(estate, request, target);
	if (fclose(target->to) != 0 && status == OK)
		status = ERR_SYSTEM;
	if (status == OK && rename(temporary, request->output) != 0)
		status = ERR_SYSTEM;
	if (status == OK)
		return OK;
	saved = errno;
	unlink(temporary);
	errno = saved;
	return status;
}

/** Each statement that was passed over, whatever the format has room for. */
static void
tell_skipped(const struct estate *estate)
{
	for (const struct skipped *s = estate->skipped; s; s = s->next)
		fprintf(stderr, "%s:%u:%u: skipped: %s\n", s->at.file ? s->at.file : "",
			s->at.line, s->at.column, s->what);
}

static enum exit_code
dump(const struct request *request, const char *const *paths, size_t count)
{
	struct sink target = { .to = stdout };
	struct input input;
	struct input_how how = { .partial = request->partial,
				 .parameters = parameters_first(&request->parameters) };
	enum exit_code code = input_open_how(&input, paths, count, &how);

	input_complain(&input);
	if (code == EXIT_FINE) {
		tell_skipped(&input.estate);
		code = exit_of(request->output ? write_file(&input.estate, request, &target)
					       : write_estate(&input.estate, request, &target),
			       request->output);
	}
	if (code == EXIT_FINE && target.written > YAML_MAX_OCTETS)
		fprintf(stderr, "causeway dump: %zu octets are more than the %zu of a file that "
			"is read back\n", target.written, YAML_MAX_OCTETS);
	input_close(&input);
	return code;
}

/** Paths are relative to the file that names them: one elsewhere needs them whole. */
static bool
find_folder(struct request *request)
{
	if (!request->output || !strchr(request->output, '/'))
		return true;
	request->options.folder = getcwd(request->folder, sizeof(request->folder));
	return request->options.folder;
}

static bool
set_format(struct dump_options *options, const char *name)
{
	options->format = strcmp(name, "json") == 0 ? DUMP_JSON : DUMP_YAML;
	return options->format == DUMP_JSON || strcmp(name, "yaml") == 0;
}

static enum exit_code
run(const struct command *command, int argc, char **argv)
{
	struct request request = { .output = NULL };
	enum exit_code code;
	int option;

	while ((option = getopt_long(argc, argv, ":ho:", long_options, NULL)) != -1) {
		switch (option) {
		case OPTION_ALLOW_PARTIAL:
			request.partial = true;
			break;
		case OPTION_FORMAT:
			if (!set_format(&request.options, optarg))
				return command_usage(command, "--format: yaml or json, not %s",
						     optarg);
			break;
		case OPTION_PARAMETER:
			code = parameters_add(command, &request.parameters, optarg);
			if (code != EXIT_FINE)
				return code;
			break;
		case OPTION_PLACES:
			request.options.places = true;
			break;
		case OPTION_SECRETS:
			request.options.secrets = true;
			break;
		case 'o':
			request.output = optarg;
			break;
		case 'h':
			return command_help(command);
		default:
			return command_bad_option(command, argv);
		}
	}
	if (optind == argc)
		return command_usage(command, "no path to read");
	for (int i = optind; i < argc; i++)
		if (input_is_image(argv[i]))
			return command_usage(command, "%s: a snapshot image cannot be turned back "
					     "into the configuration it was compiled from",
					     argv[i]);
	if (!find_folder(&request))
		return exit_of(ERR_SYSTEM, request.output);
	return dump(&request, (const char *const *)argv + optind, (size_t)(argc - optind));
}

const struct command command_dump = {
	.name = "dump",
	.arguments = "[OPTION...] PATH...",
	.summary = "turn configurations and exports of other tools into one configuration",
	.options = "  --allow-partial    go on where an export is not whole\n"
		   "  --format FORMAT    yaml (default) or json\n"
		   "  -o, --output FILE  instead of standard output; replaced by rename\n"
		   "  --parameter NAME=VALUE\n"
		   "                     a parameter of CloudFormation templates, AWS::Region too\n"
		   "  --places           say in comments where each object came from\n"
		   "  --secrets          write cookie_secrets, too\n",
	.run = run,
};
