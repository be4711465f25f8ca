/*
 * ctl - the control socket: who may ask, and one request and one reply for each connection
 *
 * On the control thread's loop.  Only root, the daemon's own user and members of the
 * socket's group are answered (SO_PEERCRED); others are told so, whatever the file's mode
 * may have become.  Bounds: CTL_SESSIONS_MAX connections, further ones wait in the kernel's
 * queue until one ends; a request has to be there, and a reply to be taken, within
 * CTL_PATIENCE_MS each; octets as proto/ctlmsg has them.
 */
#ifndef CONTROL_CTL_H
#define CONTROL_CTL_H

#include <sys/types.h>
#include <uv.h>

#include "base/log.h"
#include "base/text.h"
#include "proto/ctlmsg.h"

#define CTL_SESSIONS_MAX 16u
#define CTL_PATIENCE_MS	 5000u

/* Who asks. */
struct ctl_peer {
	pid_t pid;
	uid_t uid;
	gid_t gid;
};

/**
 * Answer a request: append the reply, a line of JSON without its end, to `out`.
 * Returns 0; or a number above 0 when the reply comes later, by ctl_release.
 */
typedef uint64_t (*ctl_answer_fn)(void *context, const struct ctl_request *request,
				  const struct ctl_peer *peer, struct text *out);

struct ctl;

struct ctl_settings {
	uv_loop_t *loop;
	const struct log *log;
	const char *path;		/* of the socket; copied */
	uid_t uid;			/* whom it is given to; (uid_t)-1: it stays ours */
	gid_t gid;
	ctl_answer_fn answer;
	void *context;
};

/** NULL: told. */
struct ctl *ctl_new(const struct ctl_settings *settings);

/** Ends all and removes the file; the loop has to run once more.  NULL is allowed. */
void ctl_free(struct ctl *ctl);

/** Send `reply` to all whose answer was to come later, and whose number is at most this. */
void ctl_release(struct ctl *ctl, uint64_t number, const char *reply);

#endif
