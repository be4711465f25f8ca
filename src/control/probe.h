/*
 * probe - one look at an endpoint: does it accept a connection, does it answer well?
 *
 * The door to libcurl, driven by the loop it is given; every callback comes on its thread.
 * Nothing blocks: names are looked up on threads of libcurl's own (Debian builds it with the
 * threaded resolver), and only IPv4 addresses of them are used, as the service does.  Every
 * probe is a connection of its own.  No redirect is followed, no proxy of the environment
 * used, no cookie kept; certificates are not verified, as the service does not.
 *
 * How long an endpoint may take (Route 53 Developer Guide, "How Route 53 determines whether a
 * health check is healthy"):
 *
 *	TCP		10 s to connect
 *	HTTP, HTTPS	 4 s to connect, then 2 s until the status: 2xx or 3xx is good
 *	..._STR_MATCH	the same, then 2 s until the search string was seen among the first
 *			5,120 octets of the body
 *
 * The status counts when all header fields are there; what follows it is read for a search
 * string only.
 */
#ifndef CONTROL_PROBE_H
#define CONTROL_PROBE_H

#include <uv.h>

#include "snapshot/snapshot.h"

#define PROBE_TCP_CONNECT_MS  10000u
#define PROBE_HTTP_CONNECT_MS 4000u
#define PROBE_STATUS_MS	      2000u
#define PROBE_BODY_MS	      2000u
#define PROBE_BODY_OCTETS     5120u
#define PROBE_FIELDS_OCTETS   (64u << 10)	/* of header; more of it is no answer */

struct probes;
struct probe;

/** It is over; the probe is gone.  why: for people, NULL when good; borrowed. */
typedef void (*probe_done_fn)(void *context, bool good, const char *why);

/** NULL: out of memory. */
struct probes *probes_new(uv_loop_t *loop, probe_done_fn done);

/** Cancels what is on its way; the loop has to run once more, for handles to close. */
void probes_free(struct probes *probes);	/* NULL is allowed */

/** Start one for a check of type TCP, HTTP..., HTTPS...  NULL: out of memory or descriptors. */
struct probe *probe_start(struct probes *probes, const struct snapshot *snap,
			  const struct snapshot_health *check, void *context);

/** It ends without a word. */
void probe_cancel(struct probe *probe);

#endif
