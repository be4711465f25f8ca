#include "proto/ctlmsg.h"

#include <stdbool.h>
#include <string.h>

static bool
is_graphic(char c)
{
	return c > ' ' && c <= '~';
}

/** The word at *at, behind which *at moves; its length, 0 where there is none. */
static size_t
skip_word(const char *octets, size_t end, size_t *at)
{
	size_t start = *at;

	while (*at < end && is_graphic(octets[*at]))
		++*at;
	return *at - start;
}

/** The line is words with single blanks between them; notes where they start. */
static enum status
scan(const char *octets, size_t end, size_t starts[CTL_WORDS_MAX + 1], unsigned *count)
{
	size_t at = 0;

	*count = 0;
	for (;;) {
		if (*count > CTL_WORDS_MAX)
			return ERR_LIMIT;
		starts[(*count)++] = at;
		if (skip_word(octets, end, &at) == 0)
			return ERR_MALFORMED;
		if (at == end)
			return OK;
		if (octets[at++] != ' ')
			return ERR_MALFORMED;
	}
}

enum status
ctl_request_read(char *octets, size_t len, struct ctl_request *out)
{
	size_t most = len < CTL_REQUEST_OCTETS ? len : CTL_REQUEST_OCTETS;
	const char *newline = memchr(octets, '\n', most);
	size_t starts[CTL_WORDS_MAX + 1], end;
	enum status status;
	unsigned count;

	if (!newline)
		return len < CTL_REQUEST_OCTETS ? ERR_SHORT : ERR_LIMIT;
	end = (size_t)(newline - octets);
	status = scan(octets, end, starts, &count);
	if (status != OK)
		return status;
	if (count < 2 || starts[1] != sizeof(CTL_VERSION) ||
	    memcmp(octets, CTL_VERSION " ", sizeof(CTL_VERSION)) != 0)
		return ERR_MALFORMED;
	out->count = count - 1;
	for (unsigned i = 0; i < out->count; i++) {
		out->words[i] = octets + starts[i + 1];
		octets[starts[i + 1] - 1] = '\0';
	}
	octets[end] = '\0';
	return OK;
}

/** false: it is no word. */
static bool
is_word(const char *word, size_t len)
{
	size_t at = 0;

	return len > 0 && skip_word(word, len, &at) == len;
}

enum status
ctl_request_write(const char *const *words, unsigned count, char *buf, size_t *len)
{
	size_t at = sizeof(CTL_VERSION) - 1;

	if (count == 0)
		return ERR_MALFORMED;
	if (count > CTL_WORDS_MAX)
		return ERR_LIMIT;
	memcpy(buf, CTL_VERSION, at);
	for (unsigned i = 0; i < count; i++) {
		size_t word_len = strlen(words[i]);

		if (!is_word(words[i], word_len))
			return ERR_MALFORMED;
		if (word_len + 2 > CTL_REQUEST_OCTETS - at)
			return ERR_LIMIT;
		buf[at++] = ' ';
		memcpy(buf + at, words[i], word_len);
		at += word_len;
	}
	buf[at++] = '\n';
	*len = at;
	return OK;
}

enum status
ctl_reply_check(const char *octets, size_t len)
{
	const char *newline = memchr(octets, '\n', len);

	if (len > CTL_REPLY_OCTETS)
		return ERR_LIMIT;
	if (!newline)
		return ERR_SHORT;
	return newline == octets + len - 1 ? OK : ERR_MALFORMED;
}
