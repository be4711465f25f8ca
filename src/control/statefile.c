#include "control/statefile.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
is_word(const char *octets, size_t len, const char *word)
{
	return len == strlen(word) && strncasecmp(octets, word, len) == 0;
}

enum said
said_parse(const char *octets, size_t len)
{
	size_t start = 0, end;

	while (start < len && isspace((unsigned char)octets[start]))
		start++;
	for (end = start; end < len && !isspace((unsigned char)octets[end]); end++)
		;
	if (is_word(octets + start, end - start, "healthy"))
		return SAID_HEALTHY;
	if (is_word(octets + start, end - start, "unhealthy"))
		return SAID_UNHEALTHY;
	return SAID_NOTHING;
}

enum said
statefile_read(const char *path, int *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);	/* a FIFO must not hold us */
	char octets[STATEFILE_OCTETS];
	struct stat st;
	ssize_t len = -1;

	*error = 0;
	if (fd < 0) {
		*error = errno;
		return SAID_NOTHING;
	}
	if (fstat(fd, &st) != 0)
		*error = errno;
	else if (!S_ISREG(st.st_mode))
		*error = EINVAL;
	else if ((len = read(fd, octets, sizeof(octets))) < 0)
		*error = errno;
	close(fd);
	return len < 0 ? SAID_NOTHING : said_parse(octets, (size_t)len);
}
