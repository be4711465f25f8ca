#include "cli/known.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

#define FILE_MOST ((size_t)256 << 20)

static enum exit_code
cannot(const char *what, const char *path)
{
	fprintf(stderr, "causeway lint: %s: cannot be %s: %s\n", path, what, strerror(errno));
	return EXIT_INPUT;
}

/** The whole file; ENOENT is left to the caller. */
static bool
read_file(const char *path, struct text *out)
{
	FILE *file = fopen(path, "re");
	char buf[65536];
	size_t len;
	bool good;

	if (!file)
		return false;
	text_append(out, "");
	while ((len = fread(buf, 1, sizeof(buf), file)) > 0 && out->len < FILE_MOST)
		text_append_len(out, buf, len);
	good = !ferror(file);
	if (good && (out->failed || out->len >= FILE_MOST)) {
		errno = EFBIG;
		good = false;
	}
	fclose(file);
	return good;
}

enum exit_code
known_read(struct known *known, const struct lint_options *options, struct arena *arena,
	   struct diags *diags)
{
	const char *path = options->baseline ? options->baseline : options->write_baseline;
	enum exit_code code = EXIT_FINE;
	enum status status;
	struct text text;

	baseline_init(&known->baseline, arena);
	if (!path)
		return EXIT_FINE;
	text_init(&text);
	if (read_file(path, &text)) {
		status = baseline_read(&known->baseline, path, text.data, text.len, diags);
		code = status == OK ? EXIT_FINE : status == ERR_NOMEM ? EXIT_INTERNAL
								      : EXIT_USAGE;
	} else if (errno != ENOENT || options->baseline) {
		code = cannot("read", path);
	}
	text_fini(&text);
	return code;
}

enum exit_code
known_apply(struct known *known, const struct lint_options *options,
	    const struct lint_choice *choice, struct diags *diags)
{
	if (!options->baseline)
		return EXIT_FINE;
	return baseline_apply(&known->baseline, choice, known->path, known->path_context,
			      diags) == OK ? EXIT_FINE : EXIT_INTERNAL;
}

/** Written beside it and moved over it, so that a crash leaves the old one. */
static enum exit_code
replace_file(const char *path, const struct text *text)
{
	struct text beside;
	enum exit_code code = EXIT_FINE;
	FILE *file;
	int fd;

	text_init(&beside);
	text_printf(&beside, "%s.XXXXXX", path);
	fd = beside.failed ? -1 : mkstemp(beside.data);
	file = fd < 0 ? NULL : fdopen(fd, "we");
	if (!file) {
		code = cannot("written", path);
	} else {
		mode_t mask = umask(0);

		umask(mask);
		fchmod(fd, 0666 & ~mask);
		fwrite(text->data, 1, text->len, file);
		if (fflush(file) != 0 || ferror(file) || rename(beside.data, path) != 0) {
			code = cannot("written", path);
			unlink(beside.data);
		}
		fclose(file);
	}
	text_fini(&beside);
	return code;
}

enum exit_code
known_write(const struct known *known, const struct lint_options *options, const char *today,
	    const struct diags *diags)
{
	enum exit_code code = EXIT_FINE;
	struct text text;

	text_init(&text);
	if (options->write_baseline) {
		if (baseline_print(&known->baseline, known->path, known->path_context, today,
				   diags, &text) == OK)
			code = replace_file(options->write_baseline, &text);
		else
			code = EXIT_INTERNAL;
	}
	text_clear(&text);
	if (options->prune_baseline && code == EXIT_FINE) {
		if (baseline_prune(&known->baseline, &text) == OK)
			code = replace_file(options->baseline, &text);
		else
			code = EXIT_INTERNAL;
	}
	text_fini(&text);
	return code;
}
