#include "load/inflate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define PIECE ((size_t)64 << 10)

struct inflate {
	const char *path;
	struct diags *diags;
	struct digest digest;
	uint64_t unpacked;
	size_t at, len;		/* of piece: what is not consumed */
	int fd;
	bool begun, packed;
	bool between;		/* packed: a member has ended */
	z_stream z;
	unsigned char piece[PIECE];
};

static enum status
unreadable(const char *path, struct srcloc at, struct diags *diags)
{
	diag_report(diags, SEVERITY_ERROR, "unreadable-file", at, "cannot read \"%s\": %s", path,
		    strerror(errno));
	return ERR_SYSTEM;
}

enum status
inflate_open(struct inflate **out, const char *path, struct srcloc at, struct diags *diags)
{
	struct inflate *in = calloc(1, sizeof(*in));
	struct stat st;

	*out = in;
	if (!in)
		return ERR_NOMEM;
	in->path = path;
	in->diags = diags;
	in->digest = digest_bytes("", 0);
	/* O_NONBLOCK: a FIFO is refused, not waited for */
	in->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (in->fd < 0 || fstat(in->fd, &st) < 0)
		return unreadable(path, at, diags);
	if (S_ISREG(st.st_mode))
		return OK;
	diag_report(diags, SEVERITY_ERROR, "not-a-file", at, "\"%s\" is no regular file", path);
	return ERR_SYSTEM;
}

void
inflate_close(struct inflate *in)
{
	if (!in)
		return;
	if (in->packed)
		inflateEnd(&in->z);
	if (in->fd >= 0)
		close(in->fd);
	free(in);
}

/** Have octets in the piece, unless the file has ended. */
static enum status
read_piece(struct inflate *in)
{
	size_t len = 0;

	if (in->at < in->len)
		return OK;
	while (len < PIECE) {	/* whole pieces: the digest goes by them */
		ssize_t n = read(in->fd, in->piece + len, PIECE - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return unreadable(in->path, (struct srcloc){ in->path, 0, 0 }, in->diags);
		if (n == 0)
			break;
		len += (size_t)n;
	}
	in->at = 0;
	in->len = len;
	if (len)
		in->digest = digest_fold(in->digest, digest_bytes(in->piece, len));
	return OK;
}

static enum status
refuse(const struct inflate *in, const char *code, const char *why)
{
	diag_report(in->diags, SEVERITY_ERROR, code, (struct srcloc){ in->path, 0, 0 }, "%s", why);
	return ERR_REJECTED;
}

static enum status
begin(struct inflate *in)
{
	enum status status = read_piece(in);

	in->begun = true;
	if (status != OK || in->len < 2 || in->piece[0] != 0x1f || in->piece[1] != 0x8b)
		return status;
	if (inflateInit2(&in->z, 16 + MAX_WBITS) != Z_OK)
		return ERR_NOMEM;
	in->packed = true;
	return OK;
}

static enum status
copy(struct inflate *in, char *buf, size_t room, size_t *len)
{
	enum status status = read_piece(in);
	size_t count = in->len - in->at < room ? in->len - in->at : room;

	memcpy(buf, in->piece + in->at, count);
	in->at += count;
	*len = count;
	return status;
}

/** Unpack some; the text is whole only where the last member is. */
static enum status
unpack(struct inflate *in, char *buf, size_t room, size_t *len)
{
	in->z.next_out = (unsigned char *)buf;
	in->z.avail_out = (unsigned)room;
	while (in->z.avail_out == room) {
		enum status status = read_piece(in);
		int result;

		if (status != OK)
			return status;
		if (in->at == in->len)
			return in->between ? OK : refuse(in, "syntax", "the gzip data are cut off");
		if (in->between)
			inflateReset(&in->z);
		in->z.next_in = in->piece + in->at;
		in->z.avail_in = (unsigned)(in->len - in->at);
		result = inflate(&in->z, Z_NO_FLUSH);
		in->at = in->len - in->z.avail_in;
		in->between = result == Z_STREAM_END;
		if (result == Z_MEM_ERROR)
			return ERR_NOMEM;
		if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
			return refuse(in, "syntax", "the gzip data are damaged");
	}
	*len = room - in->z.avail_out;
	return OK;
}

enum status
inflate_fill(void *context, char *buf, size_t room, size_t *len)
{
	struct inflate *in = context;
	enum status status = in->begun ? OK : begin(in);

	*len = 0;
	if (status == OK)
		status = in->packed ? unpack(in, buf, room, len) : copy(in, buf, room, len);
	in->unpacked += *len;
	if (status == OK && in->unpacked > INFLATE_MOST)
		status = refuse(in, "too-large", "more than 64 GiB, unpacked");
	return status;
}

struct digest
inflate_digest(const struct inflate *in)
{
	return in->digest;
}
