#include <getopt.h>
#include <stdio.h>

#include "base/log.h"
#include "control/control.h"

#ifndef SYSCONFDIR
#define SYSCONFDIR "/etc"
#endif
#ifndef LOCALSTATEDIR
#define LOCALSTATEDIR "/var"
#endif

#define DEFAULT_CONFIG SYSCONFDIR "/causeway/causeway.yaml"
#define DEFAULT_IMAGE  LOCALSTATEDIR "/lib/causeway/estate.cws"

static const char usage[] =
	"usage: causewayd [--check] [-c FILE] [-s IMAGE]\n"
	"\n"
	"  -c, --config FILE   the configuration (" DEFAULT_CONFIG ")\n"
	"  -s, --snapshot IMAGE\n"
	"                      what to serve when the configuration does not load\n"
	"                      (server.snapshot.file, " DEFAULT_IMAGE ")\n"
	"      --check         load, judge and self-test, then exit: 0 fine, 1 conflicts,\n"
	"                      2 configuration error, 3 unreadable\n"
	"      --version       print the version\n"
	"  -h, --help          print this\n"
	"\n"
	"SIGHUP reloads, SIGTERM answers what is in flight and stops.  See causewayd(8).\n";

enum { OPTION_CHECK = 256, OPTION_VERSION };

static const struct option options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "snapshot", required_argument, NULL, 's' },
	{ "check", no_argument, NULL, OPTION_CHECK },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

int
main(int argc, char **argv)
{
	struct log log;
	struct publisher_settings settings = {
		.config = DEFAULT_CONFIG,
		.default_image = DEFAULT_IMAGE,
		.log = &log,
	};
	bool check = false;
	int option;

	while ((option = getopt_long(argc, argv, "c:s:h", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			settings.config = optarg;
			break;
		case 's':
			settings.image = optarg;
			break;
		case OPTION_CHECK:
			check = true;
			break;
		case OPTION_VERSION:
			puts("causewayd " PACKAGE_VERSION);
			return CONTROL_FINE;
		case 'h':
			fputs(usage, stdout);
			return CONTROL_FINE;
		default:
			fputs(usage, stderr);
			return CONTROL_CONFIG;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "causewayd: what is \"%s\"?\n%s", argv[optind], usage);
		return CONTROL_CONFIG;
	}
	log_init(&log);
	return (int)(check ? control_check(&settings) : control_serve(&settings));
}
