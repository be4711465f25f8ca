#include "io/udp.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "io/clock.h"

#define PKTINFO_OCTETS (CMSG_SPACE(sizeof(struct in6_pktinfo)))

union peer {
	struct sockaddr sa;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* The octets of one IP_PKTINFO or IPV6_PKTINFO message. */
union pktinfo {
	struct cmsghdr header;
	uint8_t octets[PKTINFO_OCTETS];
};

/* The packets of a batch: for the kernel, and what it points at. */
struct packets {
	struct mmsghdr head[UDP_BATCH];
	struct iovec iov[UDP_BATCH];
	union peer peer[UDP_BATCH];
	union pktinfo pktinfo[UDP_BATCH];
};

struct udp {
	struct packets in, out;
	bool in_pktinfo;		/* in.head is set up to take it */
	unsigned in_used;		/* heads that the kernel wrote to since they were set up */
	int out_fd;			/* the socket that the gathered replies leave by */
	unsigned out_count;
	struct udp_counters counters;
	uint8_t query[UDP_BATCH][UDP_QUERY_OCTETS];
	uint8_t reply[UDP_BATCH][UDP_REPLY_OCTETS];
};

/** The worker alone writes; others never see half a number. */
static void
count(uint64_t *counter, unsigned more)
{
	__atomic_store_n(counter, *counter + more, __ATOMIC_RELAXED);
}

static void
packets_init(struct packets *packets)
{
	for (unsigned i = 0; i < UDP_BATCH; i++) {
		struct msghdr *head = &packets->head[i].msg_hdr;

		head->msg_iov = &packets->iov[i];
		head->msg_iovlen = 1;
		head->msg_name = &packets->peer[i];
		head->msg_namelen = sizeof(packets->peer[i]);
	}
}

struct udp *
udp_new(void)
{
	struct udp *udp = calloc(1, sizeof(*udp));

	if (!udp)
		return NULL;
	packets_init(&udp->in);
	packets_init(&udp->out);
	udp->in_used = UDP_BATCH;
	for (unsigned i = 0; i < UDP_BATCH; i++) {
		udp->in.iov[i] = (struct iovec){ udp->query[i], UDP_QUERY_OCTETS };
		udp->out.iov[i].iov_base = udp->reply[i];
	}
	return udp;
}

void
udp_free(struct udp *udp)
{
	free(udp);
}

/** Set up the heads that the next batch needs set up: mostly the few used last. */
static void
in_reset(struct udp *udp, bool pktinfo)
{
	if (udp->in_pktinfo != pktinfo)
		udp->in_used = UDP_BATCH;
	udp->in_pktinfo = pktinfo;
	for (unsigned i = 0; i < udp->in_used; i++) {
		struct msghdr *head = &udp->in.head[i].msg_hdr;

		head->msg_namelen = sizeof(udp->in.peer[i]);
		head->msg_control = udp->in_pktinfo ? &udp->in.pktinfo[i] : NULL;
		head->msg_controllen = udp->in_pktinfo ? sizeof(udp->in.pktinfo[i]) : 0;
	}
	udp->in_used = 0;
}

/** Where the packet was sent to, if the kernel told. */
static void
local_read(struct msghdr *head, struct client *client)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(head); c; c = CMSG_NXTHDR(head, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo info;

			memcpy(&info, CMSG_DATA(c), sizeof(info));
			memcpy(client->local.ip + 12, &info.ipi_addr, 4);
		} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo info;

			memcpy(&info, CMSG_DATA(c), sizeof(info));
			memcpy(client->local.ip, &info.ipi6_addr, 16);
		}
	}
}

/** Say which of our addresses the reply comes from. */
static void
local_write(struct msghdr *head, union pktinfo *room, const struct client *client)
{
	struct cmsghdr *c = &room->header;
	struct in6_pktinfo v6 = { .ipi6_ifindex = client->session };
	struct in_pktinfo v4 = { .ipi_ifindex = 0 };

	head->msg_control = room;
	if (addr_is_v4(&client->local)) {
		memcpy(&v4.ipi_spec_dst, client->local.ip + 12, 4);
		*c = (struct cmsghdr){ .cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO,
				       .cmsg_len = CMSG_LEN(sizeof(v4)) };
		memcpy(CMSG_DATA(c), &v4, sizeof(v4));
		head->msg_controllen = CMSG_SPACE(sizeof(v4));
	} else {
		memcpy(&v6.ipi6_addr, client->local.ip, 16);
		*c = (struct cmsghdr){ .cmsg_level = IPPROTO_IPV6, .cmsg_type = IPV6_PKTINFO,
				       .cmsg_len = CMSG_LEN(sizeof(v6)) };
		memcpy(CMSG_DATA(c), &v6, sizeof(v6));
		head->msg_controllen = CMSG_SPACE(sizeof(v6));
	}
}

/** The place of the next reply, whose peer and octets are to be set. */
static struct msghdr *
out_head(struct udp *udp, const struct inlet *inlet, const struct client *client)
{
	struct msghdr *head = &udp->out.head[udp->out_count].msg_hdr;

	udp->out_fd = inlet->fd;
	head->msg_control = NULL;
	head->msg_controllen = 0;
	if (inlet->wildcard)
		local_write(head, &udp->out.pktinfo[udp->out_count], client);
	return head;
}

/** Answer packet i of the batch; the reply goes to where it came from. */
static void
answer_one(struct udp *udp, unsigned i, const struct inlet *inlet,
	   struct resolver *resolver, struct request *request)
{
	const union peer *peer = &udp->in.peer[i];
	struct writer out = writer_over(udp->reply[udp->out_count], UDP_REPLY_OCTETS);
	struct client *client = &request->client;
	struct msghdr *head;

	if (!addr_from_sockaddr(&peer->sa, &client->addr))
		return;
	/* a link-local client is reached only through its interface */
	client->session = peer->sa.sa_family == AF_INET6 ? peer->v6.sin6_scope_id : 0;
	if (inlet->wildcard)
		local_read(&udp->in.head[i].msg_hdr, client);
	request->packet = udp->query[i];
	request->len = udp->in.head[i].msg_len;

	if (resolve_query(resolver, request, &out) != VERDICT_SEND)
		return;
	head = out_head(udp, inlet, client);
	head->msg_name = &udp->in.peer[i];
	head->msg_namelen = udp->in.head[i].msg_hdr.msg_namelen;
	udp->out.iov[udp->out_count++].iov_len = out.len;
}

bool
udp_serve(struct udp *udp, const struct inlet *inlet, struct resolver *resolver,
	  uint64_t now_ms, unsigned rounds)
{
	struct request request = {
		.client = { .local = inlet->local, .listener = inlet->listener,
			    .generation = inlet->generation },
		.now_ms = now_ms,
		.unix_s = clock_unix_s(),
	};

	udp_flush(udp);		/* late replies may wait in the places needed now */
	for (; rounds > 0; rounds--) {
		int got;

		in_reset(udp, inlet->wildcard);
		got = recvmmsg(inlet->fd, udp->in.head, UDP_BATCH, MSG_DONTWAIT, NULL);
		if (got <= 0)
			return false;
		udp->in_used = (unsigned)got;
		count(&udp->counters.received, (unsigned)got);
		for (unsigned i = 0; i < (unsigned)got; i++)
			answer_one(udp, i, inlet, resolver, &request);
		udp_flush(udp);
		if (got < UDP_BATCH)
			return false;
	}
	return true;
}

void
udp_reply(struct udp *udp, const struct inlet *inlet, const struct client *client,
	  const uint8_t *reply, size_t len)
{
	union peer *peer;
	struct sockaddr_storage sa;
	struct msghdr *head;

	if (udp->out_count == UDP_BATCH || (udp->out_count > 0 && udp->out_fd != inlet->fd))
		udp_flush(udp);
	if (len > UDP_REPLY_OCTETS)
		return;
	head = out_head(udp, inlet, client);
	peer = &udp->out.peer[udp->out_count];
	head->msg_name = peer;
	head->msg_namelen = addr_to_sockaddr(&client->addr, &sa);
	memcpy(peer, &sa, sizeof(*peer));
	if (sa.ss_family == AF_INET6)
		peer->v6.sin6_scope_id = client->session;
	memcpy(udp->reply[udp->out_count], reply, len);
	udp->out.iov[udp->out_count++].iov_len = len;
}

/** Does this failure concern one reply, and not the socket? */
static bool
is_of_one_peer(int error)
{
	return error != EAGAIN && error != ENOBUFS && error != ENOMEM && error != EBADF;
}

void
udp_flush(struct udp *udp)
{
	unsigned at = 0;

	while (at < udp->out_count) {
		int sent = sendmmsg(udp->out_fd, udp->out.head + at, udp->out_count - at,
				    MSG_DONTWAIT);

		if (sent > 0) {
			at += (unsigned)sent;
			count(&udp->counters.sent, (unsigned)sent);
		} else if (errno != EINTR) {
			unsigned lost = is_of_one_peer(errno) ? 1 : udp->out_count - at;

			at += lost;
			count(&udp->counters.unsent, lost);
		}
	}
	udp->out_count = 0;
}

const struct udp_counters *
udp_counters(const struct udp *udp)
{
	return &udp->counters;
}
