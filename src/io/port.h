/*
 * port - a gate in the hands of one worker
 *
 * Watches the worker's pair of sockets on its loop and says when clients are there.  Its
 * memory belongs to the gate, which it holds while it is open, until libuv has let go of
 * the handles.  One thread, but for port_new and port_free.
 */
#ifndef IO_PORT_H
#define IO_PORT_H

#include "io/gate.h"

struct uv_loop_s;
struct port;

struct port_owner {
	void (*packets)(void *context, struct port *port);	/* on the UDP socket */
	void (*connections)(void *context, struct port *port);	/* on the TCP socket */
	void *context;
};

struct port *port_new(void);	/* NULL: out of memory */
void port_free(struct port *port);	/* one that is not open; NULL is allowed */

/** Open and watch.  Not 0: it cannot be watched (errno); it is as before. */
int port_open(struct gate *gate, uint32_t worker, struct uv_loop_s *loop,
	      const struct port_owner *owner, struct port **out);

struct gate *port_gate(const struct port *port);
const struct inlet *port_udp(const struct port *port);
const struct inlet *port_stream(const struct port *port);

/** Do not, or again, tell of connections. */
void port_pause_stream(struct port *port);
void port_resume_stream(struct port *port);

/** Let no more packets come; what is queued can still be read (socket_deafen). */
void port_deafen(struct port *port);

/** Tell of nothing more, and close the TCP socket; replies over UDP can still be sent. */
void port_shut(struct port *port);

/** Close both sockets and let go of the gate. */
void port_close(struct port *port);

#endif
