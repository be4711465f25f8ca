#include "control/ctl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/sockfile.h"

#define GROUPS_MAX 256

static const char refused[] = "{\"schema\": \"causeway-ctl-1\", \"exit\": 3, \"error\": "
			      "\"only root, the user of the daemon and members of the socket's "
			      "group may ask\"}";
static const char misread[] = "{\"schema\": \"causeway-ctl-1\", \"exit\": 2, \"error\": "
			      "\"this is no request that this version knows\"}";
static const char spent[] = "{\"schema\": \"causeway-ctl-1\", \"exit\": 4, \"error\": "
			    "\"out of memory\"}\n";

/*
 * One connection: READING --request--> (WAITING -->) WRITING --> closed.  Its handles lie in
 * it, the last to close frees it.
 */
struct session {
	struct ctl *ctl;
	struct session *next, **link;
	uv_pipe_t pipe;
	uv_timer_t limit;
	unsigned open_handles;
	bool closing;
	struct ctl_peer peer;
	uint64_t waits_for;		/* above 0: its reply comes by ctl_release */
	size_t len;
	char request[CTL_REQUEST_OCTETS];
	uv_write_t write;
	struct text reply;
};

struct ctl {
	uv_loop_t *loop;
	const struct log *log;
	char *path;
	gid_t gid;			/* whose members may ask */
	struct sockfile sockfile;
	uv_pipe_t listener;
	ctl_answer_fn answer;
	void *context;
	struct session *first;
	unsigned count;
	bool pending;			/* a connection that had no place waits */
};

static void accept_next(struct ctl *ctl);

/* --- the end of a session --- */

static void
session_closed(uv_handle_t *handle)
{
	struct session *s = handle->data;

	if (--s->open_handles > 0)
		return;
	text_fini(&s->reply);
	free(s);
}

static void
session_close(struct session *s)
{
	if (s->closing)
		return;
	s->closing = true;
	*s->link = s->next;
	if (s->next)
		s->next->link = s->link;
	s->ctl->count--;
	uv_close((uv_handle_t *)&s->pipe, session_closed);
	uv_close((uv_handle_t *)&s->limit, session_closed);
}

/** The same, and its place is for the next one. */
static void
session_end(struct session *s)
{
	struct ctl *ctl = s->ctl;

	session_close(s);
	if (ctl->pending)
		accept_next(ctl);
}

static void
on_limit(uv_timer_t *timer)
{
	session_end(timer->data);
}

/* --- replying --- */

static void
on_written(uv_write_t *write, int status)
{
	struct session *s = write->data;

	(void)status;
	if (!s->closing)
		session_end(s);
}

/** Send s->reply, and close behind it. */
static void
session_reply(struct session *s)
{
	uv_buf_t buf;

	text_append(&s->reply, "\n");
	if (s->reply.failed || s->reply.len > CTL_REPLY_OCTETS) {
		text_fini(&s->reply);
		text_init(&s->reply);
		buf = uv_buf_init((char *)(uintptr_t)spent, sizeof(spent) - 1);
	} else {
		buf = uv_buf_init(s->reply.data, (unsigned)s->reply.len);
	}
	s->write.data = s;
	uv_timer_start(&s->limit, on_limit, CTL_PATIENCE_MS, 0);
	if (uv_write(&s->write, (uv_stream_t *)&s->pipe, &buf, 1, on_written) != 0)
		session_end(s);
}

static void
session_answer(struct session *s, const struct ctl_request *request)
{
	s->waits_for = s->ctl->answer(s->ctl->context, request, &s->peer, &s->reply);
	if (s->waits_for)
		uv_timer_stop(&s->limit);	/* what it waits for has bounds of its own */
	else
		session_reply(s);
}

void
ctl_release(struct ctl *ctl, uint64_t number, const char *reply)
{
	struct session *next;

	for (struct session *s = ctl ? ctl->first : NULL; s; s = next) {
		next = s->next;
		if (s->waits_for == 0 || s->waits_for > number)
			continue;
		s->waits_for = 0;
		text_append(&s->reply, reply);
		session_reply(s);
	}
}

/* --- reading --- */

static void
on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct session *s = handle->data;

	(void)suggested;
	*buf = uv_buf_init(s->request + s->len, (unsigned)(sizeof(s->request) - s->len));
}

static void
on_octets(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
	struct session *s = stream->data;
	struct ctl_request request;

	(void)buf;
	if (count < 0) {
		session_end(s);
		return;
	}
	s->len += (size_t)count;
	switch (ctl_request_read(s->request, s->len, &request)) {
	case ERR_SHORT:
		break;
	case OK:
		uv_read_stop(stream);
		session_answer(s, &request);
		break;
	case ERR_NOMEM:
	case ERR_SYSTEM:
	case ERR_MALFORMED:
	case ERR_LIMIT:
	case ERR_REJECTED:
		uv_read_stop(stream);
		text_append(&s->reply, misread);
		session_reply(s);
		break;
	}
}

/* --- who it is --- */

static bool
is_member(int fd, const struct ctl_peer *peer, gid_t gid)
{
	gid_t groups[GROUPS_MAX];
	socklen_t len = sizeof(groups);

	if (peer->gid == gid)
		return true;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &len) != 0)
		return false;
	for (size_t i = 0; i < len / sizeof(groups[0]); i++)
		if (groups[i] == gid)
			return true;
	return false;
}

static bool
may_ask(struct session *s)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);
	uv_os_fd_t fd;

	if (uv_fileno((uv_handle_t *)&s->pipe, &fd) != 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) != 0)
		return false;
	s->peer = (struct ctl_peer){ .pid = cred.pid, .uid = cred.uid, .gid = cred.gid };
	return cred.uid == 0 || cred.uid == geteuid() || is_member(fd, &s->peer, s->ctl->gid);
}

/* --- accepting --- */

static struct session *
session_new(struct ctl *ctl)
{
	struct session *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->ctl = ctl;
	text_init(&s->reply);
	s->open_handles = 2;
	uv_pipe_init(ctl->loop, &s->pipe, 0);
	uv_timer_init(ctl->loop, &s->limit);
	s->pipe.data = s->limit.data = s;
	s->next = ctl->first;
	s->link = &ctl->first;
	if (s->next)
		s->next->link = &s->next;
	ctl->first = s;
	ctl->count++;
	return s;
}

static void
session_begin(struct session *s)
{
	uv_timer_start(&s->limit, on_limit, CTL_PATIENCE_MS, 0);
	if (may_ask(s)) {
		if (uv_read_start((uv_stream_t *)&s->pipe, on_room, on_octets) != 0)
			session_end(s);
		return;
	}
	log_write(s->ctl->log, LOG_LEVEL_WARNING, "control: uid %u, pid %d was refused",
		  (unsigned)s->peer.uid, (int)s->peer.pid);
	text_append(&s->reply, refused);
	session_reply(s);
}

/** Of a connection that libuv has ready; without a place for it, it stays there. */
static void
accept_next(struct ctl *ctl)
{
	struct session *s = ctl->count < CTL_SESSIONS_MAX ? session_new(ctl) : NULL;

	ctl->pending = !s;
	if (!s)
		return;
	if (uv_accept((uv_stream_t *)&ctl->listener, (uv_stream_t *)&s->pipe) == 0)
		session_begin(s);
	else
		session_close(s);
}

static void
on_connection(uv_stream_t *listener, int status)
{
	if (status == 0)
		accept_next(listener->data);
}

/* --- the whole --- */

static void
tell(const struct ctl *ctl, int error)
{
	log_write(ctl->log, LOG_LEVEL_ERROR, "no control socket: %s: %s",
		  ctl->path ? ctl->path : "",
		  error == EADDRINUSE ? "another daemon is served there"
		  : error == ENOTSOCK ? "there is a file that is no socket"
				      : strerror(error));
}

static void
listener_closed(uv_handle_t *handle)
{
	struct ctl *ctl = handle->data;

	free(ctl->path);
	free(ctl);
}

/** 0, or an errno; the descriptor is the handle's from here on. */
static int
listen_on(struct ctl *ctl)
{
	int status = uv_pipe_open(&ctl->listener, ctl->sockfile.fd);

	if (status != 0)
		close(ctl->sockfile.fd);
	else
		status = uv_listen((uv_stream_t *)&ctl->listener, (int)CTL_SESSIONS_MAX,
				   on_connection);
	return -status;
}

struct ctl *
ctl_new(const struct ctl_settings *settings)
{
	struct ctl *ctl = calloc(1, sizeof(*ctl));
	int error;

	if (!ctl)
		return NULL;
	ctl->loop = settings->loop;
	ctl->log = settings->log;
	ctl->gid = settings->gid == (gid_t)-1 ? getegid() : settings->gid;
	ctl->sockfile.fd = -1;
	ctl->answer = settings->answer;
	ctl->context = settings->context;
	ctl->path = strdup(settings->path);
	uv_pipe_init(ctl->loop, &ctl->listener, 0);
	ctl->listener.data = ctl;
	error = !ctl->path ? ENOMEM
			   : sockfile_open(&ctl->sockfile, ctl->path, settings->uid,
					   settings->gid);
	if (error == 0)
		error = listen_on(ctl);
	if (error == 0)
		return ctl;
	tell(ctl, error);
	if (ctl->sockfile.fd >= 0)
		sockfile_remove(&ctl->sockfile, ctl->path);
	uv_close((uv_handle_t *)&ctl->listener, listener_closed);
	return NULL;
}

void
ctl_free(struct ctl *ctl)
{
	if (!ctl)
		return;
	ctl->pending = false;
	while (ctl->first)
		session_close(ctl->first);
	sockfile_remove(&ctl->sockfile, ctl->path);
	uv_close((uv_handle_t *)&ctl->listener, listener_closed);
}
