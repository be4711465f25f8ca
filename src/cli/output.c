#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SOURCE_MOST ((off_t)256 << 20)	/* octets; no snippets of larger files */

/* A mapped file and where its lines begin. */
struct source_file {
	char *path;
	const char *data;	/* NULL: cannot be shown */
	size_t len;
	size_t *starts;
	size_t line_count;
	struct source_file *next;
};

static void
map_file(struct source_file *file)
{
	int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	void *data;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
	    st.st_size <= SOURCE_MOST) {
		data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (data != MAP_FAILED) {
			file->data = data;
			file->len = (size_t)st.st_size;
		}
	}
	close(fd);
}

static void
index_lines(struct source_file *file)
{
	size_t room = 0;

	for (size_t at = 0; file->data && at < file->len;) {
		const char *end = memchr(file->data + at, '\n', file->len - at);

		if (file->line_count == room) {
			size_t *starts;

			room = room ? 2 * room : 256;
			starts = reallocarray(file->starts, room, sizeof(*starts));
			if (!starts)
				return;
			file->starts = starts;
		}
		file->starts[file->line_count++] = at;
		if (!end)
			return;
		at = (size_t)(end - file->data) + 1;
	}
}

static struct source_file *
find_file(struct source_lines *lines, const char *path)
{
	struct source_file *file;

	for (file = lines->files; file; file = file->next)
		if (strcmp(file->path, path) == 0)
			return file;
	file = calloc(1, sizeof(*file));
	if (!file)
		return NULL;
	file->path = strdup(path);
	if (!file->path) {
		free(file);
		return NULL;
	}
	map_file(file);
	index_lines(file);
	file->next = lines->files;
	lines->files = file;
	return file;
}

bool
source_line(void *context, const char *path, uint32_t line, const char **text, size_t *len)
{
	const struct source_file *file = find_file(context, path);
	size_t start, end;

	if (!file || line == 0 || line > file->line_count)
		return false;
	start = file->starts[line - 1];
	end = line < file->line_count ? file->starts[line] : file->len;
	while (end > start && (file->data[end - 1] == '\n' || file->data[end - 1] == '\r'))
		end--;
	*text = file->data + start;
	*len = end - start;
	return true;
}

void
source_lines_close(struct source_lines *lines)
{
	while (lines->files) {
		struct source_file *file = lines->files;

		lines->files = file->next;
		if (file->data)
			munmap((void *)(uintptr_t)file->data, file->len);
		free(file->starts);
		free(file->path);
		free(file);
	}
}

bool
output_colour(FILE *to)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (no_color && *no_color)
		return false;
	return term && strcmp(term, "dumb") != 0 && isatty(fileno(to));
}

unsigned
output_width(FILE *to)
{
	struct winsize size;

	if (!isatty(fileno(to)) || ioctl(fileno(to), TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}

enum exit_code
output_write(FILE *to, const struct text *text)
{
	if (text->failed) {
		fprintf(stderr, "causeway: out of memory for the output\n");
		return EXIT_INTERNAL;
	}
	if ((text->len && fwrite(text->data, text->len, 1, to) != 1) || fflush(to) != 0) {
		fprintf(stderr, "causeway: cannot write the output: %s\n", strerror(errno));
		return EXIT_INTERNAL;
	}
	return EXIT_FINE;
}

void
output_findings(FILE *to, const struct diags *diags)
{
	static const struct reporter findings_only = {
		"findings", "no summary", report_write_findings,
	};
	const struct estate no_estate = { 0 };
	struct source_lines lines = { 0 };
	struct report report;
	struct text text;

	text_init(&text);
	report_init(&report);
	report.line = source_line;
	report.line_context = &lines;
	report.colour = output_colour(to);
	report.width = output_width(to);
	report_add(&report, &no_estate, NULL, diags);
	report_write(&findings_only, &report, &text, NULL, NULL);
	if (diags->dropped)
		text_printf(&text, "%zu more are not shown\n", diags->dropped);
	output_write(to, &text);
	report_fini(&report);
	text_fini(&text);
	source_lines_close(&lines);
}
