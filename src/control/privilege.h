/*
 * privilege - what the process may do, and how it gives that up
 */
#ifndef CONTROL_PRIVILEGE_H
#define CONTROL_PRIVILEGE_H

#include <stdint.h>
#include <sys/types.h>

#include "base/log.h"

/** No program we could ever run gains rights (no_new_privs).  Before any thread. */
void privilege_pin(void);

/**
 * As many descriptors as `wanted`, or as can be had: raises the soft limit, as root the hard
 * one too.  Returns the limit that holds.
 */
uint64_t privilege_descriptors(uint64_t wanted);

/**
 * Whose user and group privilege_drop would make ours; (uid_t)-1 and (gid_t)-1 where it would
 * change nothing, or fail.
 */
void privilege_ids(const char *user, uid_t *uid, gid_t *gid);

/**
 * As root: become this user, its groups and no others, in all threads; there is no way back.
 * Not as root: nothing, with a line in the log when it would be another user.
 * ERR_REJECTED: there is no such user, or it is root's id; told.  ERR_SYSTEM: told.
 */
enum status privilege_drop(const char *user, const struct log *log) must_check;

#endif
