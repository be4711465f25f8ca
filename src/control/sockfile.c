#include "control/sockfile.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BESIDE	".new"
#define BACKLOG 16

static bool
make_address(const char *path, const char *suffix, struct sockaddr_un *addr)
{
	int len;

	*addr = (struct sockaddr_un){ .sun_family = AF_UNIX };
	len = snprintf(addr->sun_path, sizeof(addr->sun_path), "%s%s", path, suffix);
	return len > 0 && (size_t)len < sizeof(addr->sun_path);
}

static int
unix_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/** May what is at this path go?  0, or an errno. */
static int
check_place(const struct sockaddr_un *at)
{
	struct stat st;
	int fd, error = 0;

	if (lstat(at->sun_path, &st) != 0)
		return errno == ENOENT ? 0 : errno;
	if (!S_ISSOCK(st.st_mode))
		return ENOTSOCK;
	fd = unix_socket();
	if (fd < 0)
		return errno;
	if (connect(fd, (const struct sockaddr *)at, sizeof(*at)) == 0 || errno == EAGAIN)
		error = EADDRINUSE;
	else if (errno != ECONNREFUSED && errno != ENOENT)
		error = errno;
	close(fd);
	return error;
}

/** Remove what an attempt before this one may have left under the name beside. */
static int
clear_beside(const struct sockaddr_un *beside)
{
	int error = check_place(beside);

	if (error == 0 && unlink(beside->sun_path) != 0 && errno != ENOENT)
		error = errno;
	return error;
}

/** From here on the file exists under the name beside.  0, or an errno. */
static int
settle(struct sockfile *sockfile, const struct sockaddr_un *beside, const struct sockaddr_un *at,
       uid_t uid, gid_t gid)
{
	struct stat st;

	if (chmod(beside->sun_path, 0660) != 0 || lchown(beside->sun_path, uid, gid) != 0 ||
	    listen(sockfile->fd, BACKLOG) != 0 || lstat(beside->sun_path, &st) != 0 ||
	    rename(beside->sun_path, at->sun_path) != 0)
		return errno;
	sockfile->device = st.st_dev;
	sockfile->inode = st.st_ino;
	return 0;
}

int
sockfile_open(struct sockfile *sockfile, const char *path, uid_t uid, gid_t gid)
{
	struct sockaddr_un at, beside;
	int error;

	*sockfile = (struct sockfile){ .fd = -1 };
	if (!make_address(path, "", &at) || !make_address(path, BESIDE, &beside))
		return ENAMETOOLONG;
	error = check_place(&at);
	if (error == 0)
		error = clear_beside(&beside);
	if (error)
		return error;
	sockfile->fd = unix_socket();
	if (sockfile->fd < 0)
		return errno;
	if (bind(sockfile->fd, (const struct sockaddr *)&beside, sizeof(beside)) != 0) {
		error = errno;
	} else {
		error = settle(sockfile, &beside, &at, uid, gid);
		if (error)
			unlink(beside.sun_path);
	}
	if (error) {
		close(sockfile->fd);
		sockfile->fd = -1;
	}
	return error;
}

void
sockfile_remove(const struct sockfile *sockfile, const char *path)
{
	struct stat st;

	if (lstat(path, &st) == 0 && st.st_dev == sockfile->device &&
	    st.st_ino == sockfile->inode)
		unlink(path);
}
