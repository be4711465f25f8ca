#include "cli/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli/output.h"
#include "base/parallel.h"
#include "estate/partial.h"
#include "lint/adopt.h"
#include "load/config.h"
#include "snapshot/compile.h"

#define ESTATE_MOST ((size_t)16 << 30)	/* octets; more is a mistake, not an estate */

bool
input_is_image(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);	/* a pipe is not waited for */
	char magic[sizeof(BLOCK_MAGIC) - 1];
	bool is;

	if (fd < 0)
		return false;
	is = pread(fd, magic, sizeof(magic), 0) == (ssize_t)sizeof(magic) &&
	     memcmp(magic, BLOCK_MAGIC, sizeof(magic)) == 0;
	close(fd);
	return is;
}

/** Errors that say a file is missing or cut off, not that something in it is wrong. */
static bool
is_incomplete(const char *code)
{
	static const char *const codes[] = {
		"CFG001", "CFG002", "CFG003", "unreadable-file", "not-a-file", "too-large",
	};

	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if (strcmp(code, codes[i]) == 0)
			return true;
	return false;
}

static enum exit_code
rejected(const struct diags *diags)
{
	for (const struct finding *f = diags->first; f; f = f->next)
		if (f->severity == SEVERITY_ERROR && !is_incomplete(f->code))
			return EXIT_USAGE;
	return EXIT_INPUT;
}

static enum exit_code
exit_of(const struct input *input, enum status status)
{
	switch (status) {
	case OK:
		return EXIT_FINE;
	case ERR_REJECTED:
		return rejected(&input->diags);
	case ERR_SYSTEM:
	case ERR_SHORT:
	case ERR_LIMIT:
	case ERR_MALFORMED:
		return EXIT_INPUT;
	case ERR_NOMEM:
		return input->diags.errors ? EXIT_INPUT : EXIT_INTERNAL;
	}
	return EXIT_INTERNAL;
}

static enum status
open_image(struct input *input, const char *path)
{
	struct srcloc at = { .file = arena_string(&input->arena, path) };
	enum status status = snapshot_map(path, &input->snap);

	if (status == ERR_SYSTEM)
		diag_report(&input->diags, SEVERITY_ERROR, "unreadable-file", at,
			    "cannot be read: %s", strerror(errno));
	else if (status != OK)
		diag_report(&input->diags, SEVERITY_ERROR, "bad-image", at,
			    "this is no sound snapshot image of this version: %s",
			    status_text(status));
	return status;
}

static void
input_init(struct input *input)
{
	*input = (struct input){ 0 };
	arena_init(&input->arena, ESTATE_MOST);
	diags_init(&input->diags, &input->arena, 0);
}

enum exit_code
input_open(struct input *input, const char *path)
{
	if (!input_is_image(path))
		return input_open_all(input, &path, 1, false);
	input_init(input);
	return exit_of(input, open_image(input, path));
}

/** Is nothing wrong but that objects are missing? */
static bool
is_partial(const struct diags *diags)
{
	for (const struct finding *f = diags->first; f; f = f->next)
		if (f->severity == SEVERITY_ERROR && strncmp(f->code, "CFG00", 5) != 0)
			return false;
	return !diags->dropped;
}

/** Go on without them. */
static void
take_partial(struct input *input)
{
	for (struct finding *f = input->diags.first; f; f = f->next)
		if (f->severity == SEVERITY_ERROR)
			diag_regrade(&input->diags, f, SEVERITY_WARNING);
	estate_drop_dangling(&input->estate);
}

enum exit_code
input_open_all(struct input *input, const char *const *paths, size_t count, bool partial)
{
	return input_open_how(input, paths, count, &(struct input_how){ .partial = partial });
}

enum exit_code
input_open_how(struct input *input, const char *const *paths, size_t count,
	       const struct input_how *how)
{
	const struct config_paths named = {
		.paths = paths, .count = count, .tf_dir = how->tf_dir,
	};
	enum status status;

	input_init(input);
	estate_init(&input->estate, ESTATE_MOST);
	input->estate.threads = how->threads ? how->threads : parallel_default();
	input->estate.parameters = how->parameters;
	input->estate.spends = how->spends;
	input->has_estate = true;
	status = config_load_paths(&named, NULL, &input->estate, &input->diags);
	if (how->partial && status == ERR_REJECTED && is_partial(&input->diags)) {
		take_partial(input);
		status = OK;
	}
	if (status == OK && how->spends)
		status = compile_spending(&input->estate, &input->diags, &input->snap);
	else if (status == OK)
		status = compile_estate(&input->estate, NULL, &input->diags, &input->snap);
	if (status == ERR_NOMEM && !input->diags.errors)
		diag_report(&input->diags, SEVERITY_ERROR, "out-of-memory", (struct srcloc){ 0 },
			    "%s: %s", paths[0], status_text(status));
	adopt_findings(&input->diags);
	diags_sort(&input->diags);
	return exit_of(input, status);
}

void
input_close(struct input *input)
{
	snapshot_unref(input->snap);
	if (input->has_estate)
		estate_fini(&input->estate);
	arena_fini(&input->arena);
}

void
input_complain(const struct input *input)
{
	if (input->diags.first)
		output_findings(stderr, &input->diags);
}

struct srcloc
input_network_at(const struct input *input, const char *id)
{
	const struct network *network = input->has_estate ? estate_network(&input->estate, id)
							  : NULL;

	return network ? network->at : (struct srcloc){ 0 };
}

struct srcloc
input_zone_at(const struct input *input, const char *id)
{
	const struct hosted_zone *zone = input->has_estate ? estate_zone(&input->estate, id)
							   : NULL;

	return zone ? zone->at : (struct srcloc){ 0 };
}

struct srcloc
input_rule_at(const struct input *input, const char *id)
{
	const struct resolver_rule *rule = input->has_estate ? estate_rule(&input->estate, id)
							     : NULL;

	return rule ? rule->at : (struct srcloc){ 0 };
}
