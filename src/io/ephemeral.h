/*
 * ephemeral - source ports for questions to upstreams
 *
 * Drawn evenly from 1,024 to 65,535 for each question: together with the ID this is what a
 * forger has to guess (RFC 5452 9.2, RFC 6056).  Ports that the administrator keeps for
 * others (net.ipv4.ip_local_reserved_ports) are left alone, since for the length of one
 * question we hold a port that a service may be about to bind.  Shared by all workers;
 * never changes after ephemeral_read.
 */
#ifndef IO_EPHEMERAL_H
#define IO_EPHEMERAL_H

#include "base/random.h"

#define EPHEMERAL_FIRST	      1024
#define EPHEMERAL_RESERVED_AT "/proc/sys/net/ipv4/ip_local_reserved_ports"

struct ephemeral {
	uint64_t reserved[65536 / 64];
	uint32_t free;		/* ports that may be drawn */
};

/** All ports from EPHEMERAL_FIRST on. */
void ephemeral_init(struct ephemeral *pool);

/** Leave out a list like "8080,9000-9100\n"; what cannot be read is passed over. */
void ephemeral_reserve(struct ephemeral *pool, const char *list);

/** ephemeral_init, and leave out what this file lists; a file that is not there lists nothing. */
void ephemeral_read(struct ephemeral *pool, const char *path);

/** A random port; 0 (the kernel chooses) when nearly all are reserved. */
uint16_t ephemeral_draw(const struct ephemeral *pool, struct random *random);

#endif
