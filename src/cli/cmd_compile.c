#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "cli/input.h"
#include "cli/parameters.h"

enum { OPT_THREADS = 256, OPT_PARAMETER };

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "output", required_argument, NULL, 'o' },
	{ "threads", required_argument, NULL, OPT_THREADS },
	{ "parameter", required_argument, NULL, OPT_PARAMETER },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static enum exit_code
compile(const char *config, const char *output, const struct input_how *how)
{
	struct input input;
	enum exit_code code = input_is_image(config) ? input_open(&input, config)
						     : input_open_how(&input, &config, 1, how);

	input_complain(&input);
	if (code == EXIT_FINE && snapshot_write(input.snap, output) != OK) {
		fprintf(stderr, "causeway compile: cannot write %s: %s\n", output,
			strerror(errno));
		code = EXIT_USAGE;
	}
	input_close(&input);
	return code;
}

static enum exit_code
run(const struct command *command, int argc, char **argv)
{
	const char *config = NULL, *output = NULL;
	struct parameters parameters = { .count = 0 };
	struct input_how how = { .spends = true };
	enum exit_code code;
	int option;

	while ((option = getopt_long(argc, argv, ":hc:o:", long_options, NULL)) != -1) {
		switch (option) {
		case 'c':
			config = optarg;
			break;
		case 'o':
			output = optarg;
			break;
		case OPT_THREADS:
			code = command_threads(command, optarg, &how.threads);
			if (code != EXIT_FINE)
				return code;
			break;
		case OPT_PARAMETER:
			code = parameters_add(command, &parameters, optarg);
			if (code != EXIT_FINE)
				return code;
			break;
		case 'h':
			return command_help(command);
		default:
			return command_bad_option(command, argv);
		}
	}
	if (optind < argc)
		return command_usage(command, "unexpected argument %s", argv[optind]);
	if (!config || !output)
		return command_usage(command, "-c and -o are needed");
	how.parameters = parameters_first(&parameters);
	return compile(config, output, &how);
}

const struct command command_compile = {
	.name = "compile",
	.arguments = "-c FILE -o FILE.cws",
	.summary = "write the snapshot image that causewayd would hold in memory",
	.options = "  -c, --config FILE  the configuration\n"
		   "  -o, --output FILE  the image; replaced by rename, so never half written\n"
		   "  --threads N        read and compile on N threads; by default 2, where there\n"
		   "                     are so many processors\n"
		   "  --parameter NAME=VALUE\n"
		   "                     a parameter of a CloudFormation template, AWS::Region too\n",
	.run = run,
};
