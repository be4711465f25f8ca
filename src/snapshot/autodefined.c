#include "snapshot/autodefined.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define IPV4_MAPPED_BITS 96	/* an IPv4 /n is a /(96 + n) over 16 octets */
#define REGION_OLDEST	 "us-east-1"	/* its names are older than the scheme of the others */

struct teller {
	autodefined_fn tell;
	void *context;
};

static bool
uses_dns(const struct network *network)
{
	return network->kind == NETWORK_VPC && network->enable_dns_support &&
	       network->enable_dns_hostnames;
}

static void
mark_other(const struct ref *other, uint8_t mark, uint8_t *marks)
{
	const struct network *network = other->object;

	if (network && network->kind == NETWORK_VPC && network->enable_dns_support)
		marks[network->index] |= mark;
}

static void
mark_peer(const struct peering *peering, const struct network *network, uint8_t *marks)
{
	if (strcmp(peering->status, "active") != 0)
		return;
	if (peering->requester.object == network)
		mark_other(&peering->accepter, peering->accepter_allows_remote_dns ?
			   LINK_NAMES | LINK_ADDRESSES : LINK_NAMES, marks);
	else if (peering->accepter.object == network)
		mark_other(&peering->requester, peering->requester_allows_remote_dns ?
			   LINK_NAMES | LINK_ADDRESSES : LINK_NAMES, marks);
}

void
links_mark(const struct estate *estate, const struct network *network, uint8_t *marks)
{
	memset(marks, 0, estate->network_count);
	if (network->kind != NETWORK_VPC)
		return;
	for (const struct peering *p = estate->peerings; p; p = p->next)
		mark_peer(p, network, marks);
	for (const struct transit_gateway *t = estate->transit_gateways; t; t = t->next)
		if (t->dns_support && refs_have(t->vpcs, network))
			for (const struct ref *ref = t->vpcs; ref; ref = ref->next)
				mark_other(ref, LINK_NAMES | LINK_ADDRESSES, marks);
	marks[network->index] = 0;
}

/* 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 */
static bool
is_private(const struct prefix *prefix)
{
	const uint8_t *ip = prefix->ip + 12;
	unsigned bits = prefix->bits - IPV4_MAPPED_BITS;

	return prefix_is_v4(prefix) &&
	       ((ip[0] == 10 && bits >= 8) || (ip[0] == 172 && ip[1] >> 4 == 1 && bits >= 12) ||
		(ip[0] == 192 && ip[1] == 168 && bits >= 16));
}

bool
links_show_cidr(const struct network *network, const struct network *linked,
		const struct prefix *cidr, uint8_t mark)
{
	if (!mark || !uses_dns(linked))
		return false;
	return mark & LINK_ADDRESSES ||
	       (strcmp(network->region, linked->region) == 0 && is_private(cidr));
}

static void __attribute__((format(printf, 3, 4)))
tell_name(const struct teller *teller, enum autodefined kind, const char *fmt, ...)
{
	char text[NAME_TEXT_MAX];
	struct name name;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	/* a Region is a word someone wrote: what makes no name makes no autodefined one */
	if (len > 0 && (size_t)len < sizeof(text) && name_parse(text, &name) == OK)
		teller->tell(teller->context, &name, kind);
}

/* The forward names of a Region; compute-1.internal belongs to one's own only. */
static void
tell_region(const struct teller *teller, const char *region, bool own)
{
	if (!*region)
		return;
	if (strcmp(region, REGION_OLDEST) == 0) {
		tell_name(teller, AUTO_EC2, "ec2.internal");
		tell_name(teller, AUTO_EC2, "compute-1.amazonaws.com");
		if (own)
			tell_name(teller, AUTO_EC2, "compute-1.internal");
		return;
	}
	tell_name(teller, AUTO_EC2, "%s.compute.internal", region);
	tell_name(teller, AUTO_EC2, "%s.compute.amazonaws.com%s", region,
		  strncmp(region, "cn-", 3) == 0 ? ".cn" : "");
}

/*
 * The most general names, one label an octet, that together are the CIDR: 10.0.0.0/23 is
 * 0.0.10 and 1.0.10.  Beyond /24 the enclosing /24.
 */
static void
tell_reverse(const struct teller *teller, const struct prefix *prefix)
{
	unsigned bits = prefix->bits - IPV4_MAPPED_BITS, octets, count;
	const uint8_t *ip = prefix->ip + 12;

	if (!prefix_is_v4(prefix))
		return;
	octets = bits <= 8 ? 1 : bits <= 16 ? 2 : 3;
	count = bits < 24 ? 1u << (octets * 8 - bits) : 1;
	for (unsigned i = 0; i < count; i++) {
		unsigned last = ip[octets - 1] + i;

		if (octets == 1)
			tell_name(teller, AUTO_EC2_REVERSE, "%u.in-addr.arpa", last);
		else if (octets == 2)
			tell_name(teller, AUTO_EC2_REVERSE, "%u.%u.in-addr.arpa", last, ip[0]);
		else
			tell_name(teller, AUTO_EC2_REVERSE, "%u.%u.%u.in-addr.arpa", last,
				  ip[1], ip[0]);
	}
}

static void
tell_private_space(const struct teller *teller)
{
	tell_name(teller, AUTO_EC2_REVERSE, "10.in-addr.arpa");
	for (unsigned i = 16; i <= 31; i++)
		tell_name(teller, AUTO_EC2_REVERSE, "%u.172.in-addr.arpa", i);
	tell_name(teller, AUTO_EC2_REVERSE, "168.192.in-addr.arpa");
	tell_name(teller, AUTO_EC2_REVERSE, "254.169.254.169.in-addr.arpa");
}

static void
tell_localhost(const struct teller *teller)
{
	char zeros[] = "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0";

	_Static_assert(sizeof(zeros) == 64, "32 nibbles with dots between them");
	tell_name(teller, AUTO_LOCALHOST, "localhost");
	tell_name(teller, AUTO_LOCALHOST, "localdomain");
	tell_name(teller, AUTO_LOOPBACK_REVERSE, "127.in-addr.arpa");
	tell_name(teller, AUTO_LOOPBACK_REVERSE, "%s.ip6.arpa", zeros);	/* :: */
	zeros[0] = '1';
	tell_name(teller, AUTO_LOOPBACK_REVERSE, "%s.ip6.arpa", zeros);	/* ::1 */
}

void
autodefined_own(const struct network *network, autodefined_fn tell, void *context)
{
	const struct teller teller = { tell, context };

	if (network->kind != NETWORK_SITE && !uses_dns(network))
		return;
	tell_localhost(&teller);
	if (network->kind == NETWORK_SITE)
		return;
	tell_region(&teller, network->region, true);
	if (network->autodefined_reverse == AUTODEFINED_REVERSE_DISABLED)
		return;
	tell_private_space(&teller);
	for (const struct cidr *c = network->cidr_blocks; c; c = c->next)
		tell_reverse(&teller, &c->prefix);
}

void
autodefined_linked(const struct network *linked, autodefined_fn tell, void *context)
{
	const struct teller teller = { tell, context };

	for (const struct cidr *c = linked->cidr_blocks; c; c = c->next)
		tell_reverse(&teller, &c->prefix);
	tell_region(&teller, linked->region, false);
}
