/*
 * sockfile - a UNIX socket as a file: made, given to its owner, removed
 *
 * The socket is bound under a name beside `path`, gets its mode and owner there, listens,
 * and then takes the place of what a daemon that crashed has left, by rename: nobody ever
 * sees one that is too open, or deaf.  The place of a socket that somebody still serves, or
 * of a file that is no socket, is not taken.
 */
#ifndef CONTROL_SOCKFILE_H
#define CONTROL_SOCKFILE_H

#include <stdint.h>
#include <sys/types.h>

struct sockfile {
	int fd;			/* listening, non-blocking, close-on-exec; -1: none */
	uint64_t device, inode;	/* of the file, to know it again */
};

/**
 * Open with mode 0660, owned by user and group `uid` and `gid` ((uid_t)-1: as we are).
 * 0, or an errno: EADDRINUSE when it is served, ENOTSOCK when the file is none.
 */
int sockfile_open(struct sockfile *sockfile, const char *path, uid_t uid, gid_t gid);

/** Remove the file, if it is still the one that was opened.  The descriptor is its user's. */
void sockfile_remove(const struct sockfile *sockfile, const char *path);

#endif
