#include "base/log.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_MAX_OCTETS PIPE_BUF	/* a write up to here does not mix with another's */
#define CUT		"..."

/** Is this descriptor the stream that systemd connected to the journal (systemd.exec(5))? */
static bool
is_journal(int fd)
{
	const char *stream = getenv("JOURNAL_STREAM");
	uintmax_t device, inode;
	struct stat st;

	if (!stream || sscanf(stream, "%ju:%ju", &device, &inode) != 2)
		return false;
	return fstat(fd, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

void
log_init(struct log *log)
{
	log->fd = STDERR_FILENO;
	log->journal = is_journal(log->fd);
	log->least = LOG_LEVEL_INFO;
	log->copy = NULL;
}

/** Copy with control characters as \xNN; what does not fit is cut.  Returns the length. */
static size_t
escape(const char *text, char *out, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	size_t len = 0;

	for (; *text; text++) {
		uint8_t c = (uint8_t)*text;
		bool control = c < 0x20 || c == 0x7f;

		if (size - len < (control ? 4 : 1) + sizeof(CUT) - 1) {
			for (const char *p = CUT; *p; p++)
				out[len++] = *p;
			break;
		}
		if (control) {
			out[len++] = '\\';
			out[len++] = 'x';
			out[len++] = digits[c >> 4];
			out[len++] = digits[c & 15];
		} else {
			out[len++] = (char)c;
		}
	}
	return len;
}

/** Nowhere to report a failure to: the line is lost. */
static void
write_line(int fd, const char *line, size_t len)
{
	ssize_t done;

	do
		done = write(fd, line, len);
	while (done < 0 && errno == EINTR);
}

void
log_write(const struct log *log, enum log_level level, const char *fmt, ...)
{
	char text[LINE_MAX_OCTETS], line[LINE_MAX_OCTETS];
	size_t len = 0, start;
	va_list ap;

	if (level > log->least)
		return;
	va_start(ap, fmt);
	if (vsnprintf(text, sizeof(text), fmt, ap) < 0)
		text[0] = '\0';
	va_end(ap);

	if (log->journal) {
		line[len++] = '<';
		line[len++] = (char)('0' + level);
		line[len++] = '>';
	}
	start = len;
	len += escape(text, line + len, sizeof(line) - 1 - len);
	line[len++] = '\n';
	write_line(log->fd, line, len);
	if (log->copy && log->copy->len + (len - start) <= LOG_COPY_OCTETS)
		text_append_len(log->copy, line + start, len - start);
}
