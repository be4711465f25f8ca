/*
 * socket - the sockets we open: listening ones, and those towards upstreams
 *
 * All are non-blocking and close on exec.  Functions that open return the descriptor, or -1
 * with errno.
 */
#ifndef IO_SOCKET_H
#define IO_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

/* Who may be bound to the address already. */
enum socket_share {
	SOCKET_FIRST,	/* nobody: a second server on our port is an error, not a thief */
	SOCKET_JOINS,	/* our own other sockets (SO_REUSEPORT): the kernel spreads clients */
};

/* A socket that clients come in by, as the worker that serves it knows it. */
struct inlet {
	int fd;
	struct addr local;	/* as bound */
	bool wildcard;		/* each client says which of our addresses it asked */
	uint32_t listener, generation;	/* what its clients are marked with */
};

/**
 * A bound UDP socket for clients.  IPv6 ones take no IPv4 (both can be listened on).
 * Replies never carry what path-MTU messages claim (IP_PMTUDISC_OMIT): those can be forged.
 * On the wildcard address each packet tells where it was sent (IP_PKTINFO).
 */
int socket_udp(const struct addr *addr, enum socket_share share);

/** A listening TCP socket; what it accepts has TCP_NODELAY. */
int socket_listen(const struct addr *addr, enum socket_share share);

/**
 * Let a UDP socket for clients take no more packets: those that are queued can still be
 * read, and replies sent.  (It is connected to an address that sends nothing.)  Others that
 * are bound to its address get the packets; when there is none, clients hear so by ICMP.
 */
void socket_deafen(int fd, const struct addr *local);

/** 0.0.0.0 or :: */
bool socket_is_wildcard(const struct addr *addr);

/**
 * A UDP socket to ask one question with; socket_aim comes next.  What it sends is never
 * fragmented, and it tells of replies that were.
 */
int socket_ask_udp(bool v4);

/** Bind it to this port of any address (0: the kernel's choice) and connect it.  false: errno. */
bool socket_aim(int fd, const struct addr *to, uint16_t port);

enum socket_reply {
	SOCKET_REPLY,		/* *len octets */
	SOCKET_FRAGMENTED,	/* the same, come in several pieces */
	SOCKET_NOTHING,		/* none yet */
	SOCKET_STRAY,		/* one from elsewhere */
	SOCKET_ERROR,		/* the network says no: errno */
};

/**
 * Receive one datagram from `from`, which the socket is connected to.  SOCKET_STRAY: it came
 * from elsewhere, in the moment between bind and connect; it is gone.  So is the claim that our
 * question is too large for the path (EMSGSIZE): no path is that narrow, and it can be forged.
 */
enum socket_reply socket_receive(int fd, const struct addr *from, uint8_t *octets, size_t size,
				 size_t *len);

/** A TCP socket that is being connected to `to`; what is written leaves at once. */
int socket_ask_stream(const struct addr *to);

/** The local address of a connected socket; false: it has none any more. */
bool socket_local(int fd, struct addr *out);

#endif
