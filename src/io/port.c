#include "io/port.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <uv.h>

struct port {
	uv_poll_t udp_watch, stream_watch;
	struct inlet udp, stream;
	struct gate *gate;	/* held while open */
	uint32_t worker;
	unsigned handles;		/* not yet closed by libuv */
	bool paused;			/* connections are not waited for */
	bool shut;
	struct port_owner owner;
};

struct port *
port_new(void)
{
	return calloc(1, sizeof(struct port));
}

void
port_free(struct port *port)
{
	free(port);
}

struct gate *
port_gate(const struct port *port)
{
	return port->gate;
}

const struct inlet *
port_udp(const struct port *port)
{
	return &port->udp;
}

const struct inlet *
port_stream(const struct port *port)
{
	return &port->stream;
}

static void on_packets(uv_poll_t *handle, int status, int events);
static void on_connections(uv_poll_t *handle, int status, int events);

/** libuv gave up on a socket that had an error: read the error away and go on. */
static void
mend(uv_poll_t *handle, int fd, uv_poll_cb callback)
{
	int error;
	socklen_t len = sizeof(error);

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0)
		uv_poll_start(handle, UV_READABLE, callback);
}

static void
on_packets(uv_poll_t *handle, int status, int events)
{
	struct port *port = handle->data;

	(void)events;
	if (status < 0)
		mend(handle, port->udp.fd, on_packets);
	else
		port->owner.packets(port->owner.context, port);
}

static void
on_connections(uv_poll_t *handle, int status, int events)
{
	struct port *port = handle->data;

	(void)events;
	if (status < 0)
		mend(handle, port->stream.fd, on_connections);
	else
		port->owner.connections(port->owner.context, port);
}

/** The last handle gone, nothing of libuv's points here. */
static void
on_closed(uv_handle_t *handle)
{
	struct port *port = handle->data;

	if (--port->handles == 0)
		gate_unref(port->gate);
}

static struct inlet
inlet_of(const struct gate *gate, int fd)
{
	return (struct inlet){
		.fd = fd,
		.local = gate->addr,
		.wildcard = socket_is_wildcard(&gate->addr),
		.listener = gate->slot,
		.generation = gate->generation,
	};
}

static int
watch(struct port *port, uv_poll_t *handle, struct uv_loop_s *loop, int fd, uv_poll_cb callback)
{
	int status = uv_poll_init(loop, handle, fd);

	if (status < 0)
		return status;
	port->handles++;
	handle->data = port;
	uv_poll_start(handle, UV_READABLE, callback);	/* cannot fail */
	return 0;
}

int
port_open(struct gate *gate, uint32_t worker, struct uv_loop_s *loop,
	  const struct port_owner *owner, struct port **out)
{
	const struct gate_sockets *pair = &gate->sockets[worker];
	struct port *port = pair->port;
	int status;

	*port = (struct port){
		.udp = inlet_of(gate, pair->udp),
		.stream = inlet_of(gate, pair->stream),
		.gate = gate_ref(gate),
		.worker = worker,
		.owner = *owner,
	};
	status = watch(port, &port->udp_watch, loop, pair->udp, on_packets);
	if (status < 0) {
		gate_unref(gate);
		errno = -status;
		return -1;
	}
	status = watch(port, &port->stream_watch, loop, pair->stream, on_connections);
	if (status < 0) {
		uv_close((uv_handle_t *)&port->udp_watch, on_closed);
		errno = -status;
		return -1;
	}
	*out = port;
	return 0;
}

void
port_pause_stream(struct port *port)
{
	port->paused = true;
	uv_poll_stop(&port->stream_watch);
}

void
port_resume_stream(struct port *port)
{
	if (port->paused && !port->shut)
		uv_poll_start(&port->stream_watch, UV_READABLE, on_connections);
	port->paused = false;
}

void
port_deafen(struct port *port)
{
	socket_deafen(port->udp.fd, &port->udp.local);
}

void
port_shut(struct port *port)
{
	if (port->shut)
		return;
	port->shut = true;
	uv_poll_stop(&port->udp_watch);
	/* uv_close has taken the descriptor out of the loop when it returns */
	uv_close((uv_handle_t *)&port->stream_watch, on_closed);
	gate_close_stream(port->gate, port->worker);
}

void
port_close(struct port *port)
{
	port_shut(port);
	uv_close((uv_handle_t *)&port->udp_watch, on_closed);
	gate_close(port->gate, port->worker);
}
