#include "io/socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECEIVE_OCTETS (4 << 20)	/* what may queue while a worker is busy */
#define SEND_OCTETS    (1 << 20)
#define LISTEN_QUEUE   1024

static int
family_of(const struct addr *addr)
{
	return addr_is_v4(addr) ? AF_INET : AF_INET6;
}

/** Close without losing the errno that says why. */
static int
give_up(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
	return -1;
}

static bool
set(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value)) == 0;
}

bool
socket_is_wildcard(const struct addr *addr)
{
	static const uint8_t any_v6[16];
	static const uint8_t any_v4[16] = { [10] = 0xff, [11] = 0xff };

	return memcmp(addr->ip, any_v6, sizeof(any_v6)) == 0 ||
	       memcmp(addr->ip, any_v4, sizeof(any_v4)) == 0;
}

/*
 * SO_REUSEPORT set before bind joins whatever our user has there already; set after it, it
 * only lets others join.  So the first socket of an address finds out who holds the port.
 */
static int
open_bound(const struct addr *addr, int type, enum socket_share share)
{
	struct sockaddr_storage sa;
	socklen_t len = addr_to_sockaddr(addr, &sa);
	int fd = socket(family_of(addr), type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (sa.ss_family == AF_INET6 && !set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1))
		return give_up(fd);
	if (type == SOCK_STREAM && !set(fd, SOL_SOCKET, SO_REUSEADDR, 1))
		return give_up(fd);
	if (share == SOCKET_JOINS && !set(fd, SOL_SOCKET, SO_REUSEPORT, 1))
		return give_up(fd);
	if (bind(fd, (const struct sockaddr *)&sa, len) != 0)
		return give_up(fd);
	if (share == SOCKET_FIRST && !set(fd, SOL_SOCKET, SO_REUSEPORT, 1))
		return give_up(fd);
	return fd;
}

/** Beyond the system's limit where we may, up to it where not; never an error. */
static void
set_buffers(int fd)
{
	if (!set(fd, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_OCTETS))
		set(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_OCTETS);
	if (!set(fd, SOL_SOCKET, SO_SNDBUFFORCE, SEND_OCTETS))
		set(fd, SOL_SOCKET, SO_SNDBUF, SEND_OCTETS);
}

static bool
set_destination(int fd, const struct addr *addr)
{
	if (!socket_is_wildcard(addr))
		return true;	/* it can only be the bound one: not worth the octets */
	if (addr_is_v4(addr))
		return set(fd, IPPROTO_IP, IP_PKTINFO, 1);
	return set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
}

int
socket_udp(const struct addr *addr, enum socket_share share)
{
	int fd = open_bound(addr, SOCK_DGRAM, share);

	if (fd < 0)
		return -1;
	set_buffers(fd);
	if (addr_is_v4(addr))
		set(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_OMIT);
	else
		set(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_OMIT);
	return set_destination(fd, addr) ? fd : give_up(fd);
}

void
socket_deafen(int fd, const struct addr *local)
{
	static const struct addr loopback_v4 = { .ip = { [10] = 0xff, [11] = 0xff, 127, 0, 0, 1 } };
	static const struct addr loopback_v6 = { .ip = { [15] = 1 } };
	struct addr silent = *local;	/* only this socket could send from there */
	struct sockaddr_storage sa;
	socklen_t len;

	if (socket_is_wildcard(local))
		silent = addr_is_v4(local) ? loopback_v4 : loopback_v6;
	silent.port = local->port;
	len = addr_to_sockaddr(&silent, &sa);
	/* when it fails what comes until the socket is closed is lost: no worse than before */
	if (connect(fd, (const struct sockaddr *)&sa, len) != 0)
		errno = 0;
}

int
socket_listen(const struct addr *addr, enum socket_share share)
{
	int fd = open_bound(addr, SOCK_STREAM, share);

	if (fd < 0)
		return -1;
	/* accepted sockets inherit it: one call less for each */
	if (!set(fd, IPPROTO_TCP, TCP_NODELAY, 1))
		return give_up(fd);
	return listen(fd, LISTEN_QUEUE) == 0 ? fd : give_up(fd);
}

static bool
bind_port(int fd, int family, uint16_t port)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(port) };

	if (family == AF_INET)
		return bind(fd, (const struct sockaddr *)&v4, sizeof(v4)) == 0;
	return set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) &&
	       bind(fd, (const struct sockaddr *)&v6, sizeof(v6)) == 0;
}

int
socket_ask_udp(bool v4)
{
	int fd = socket(v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (v4) {
		set(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO);
		set(fd, IPPROTO_IP, IP_RECVFRAGSIZE, 1);
	} else {
		set(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DO);
		set(fd, IPPROTO_IPV6, IPV6_RECVFRAGSIZE, 1);
	}
	return fd;
}

bool
socket_aim(int fd, const struct addr *to, uint16_t port)
{
	struct sockaddr_storage sa;
	socklen_t len = addr_to_sockaddr(to, &sa);

	return bind_port(fd, sa.ss_family, port) &&
	       connect(fd, (const struct sockaddr *)&sa, len) == 0;
}

/** Has it been put together from fragments?  (A size is given for those only.) */
static bool
was_fragmented(struct msghdr *message)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVFRAGSIZE) ||
		    (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVFRAGSIZE))
			return true;
	}
	return false;
}

enum socket_reply
socket_receive(int fd, const struct addr *from, uint8_t *octets, size_t size, size_t *len)
{
	struct sockaddr_storage sa;
	union {
		struct cmsghdr align;
		uint8_t octets[64];
	} control;
	struct iovec data = { .iov_base = octets, .iov_len = size };
	struct msghdr message = { .msg_name = &sa, .msg_namelen = sizeof(sa), .msg_iov = &data,
				  .msg_iovlen = 1, .msg_control = control.octets,
				  .msg_controllen = sizeof(control.octets) };
	ssize_t got = recvmsg(fd, &message, MSG_DONTWAIT);
	struct addr sender;

	if (got < 0)
		return errno == EAGAIN || errno == EINTR || errno == EMSGSIZE ? SOCKET_NOTHING
									      : SOCKET_ERROR;
	if (!addr_from_sockaddr((const struct sockaddr *)&sa, &sender) ||
	    !addr_equal(&sender, from))
		return SOCKET_STRAY;
	*len = (size_t)got;
	return was_fragmented(&message) ? SOCKET_FRAGMENTED : SOCKET_REPLY;
}

int
socket_ask_stream(const struct addr *to)
{
	struct sockaddr_storage sa;
	socklen_t len = addr_to_sockaddr(to, &sa);
	int fd = socket(sa.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	if (connect(fd, (const struct sockaddr *)&sa, len) != 0 && errno != EINPROGRESS)
		return give_up(fd);
	return fd;
}

bool
socket_local(int fd, struct addr *out)
{
	struct sockaddr_storage sa;
	socklen_t len = sizeof(sa);

	return getsockname(fd, (struct sockaddr *)&sa, &len) == 0 &&
	       addr_from_sockaddr((const struct sockaddr *)&sa, out);
}
