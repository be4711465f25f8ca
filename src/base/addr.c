#include "base/addr.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define V4_BITS 96	/* the bits before an IPv4 address in its 16 octets */

static const uint8_t v4_head[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

static bool
ip_is_v4(const uint8_t *ip)
{
	return memcmp(ip, v4_head, sizeof(v4_head)) == 0;
}

static void
ip_set_v4(uint8_t *ip, const void *four)
{
	memcpy(ip, v4_head, sizeof(v4_head));
	memcpy(ip + sizeof(v4_head), four, 4);
}

bool
addr_is_v4(const struct addr *addr)
{
	return ip_is_v4(addr->ip);
}

bool
addr_same_ip(const struct addr *a, const struct addr *b)
{
	return memcmp(a->ip, b->ip, sizeof(a->ip)) == 0;
}

bool
addr_equal(const struct addr *a, const struct addr *b)
{
	return addr_same_ip(a, b) && a->port == b->port;
}

bool
addr_is_loopback(const struct addr *addr)
{
	static const uint8_t v6[16] = { [15] = 1 };

	return addr_is_v4(addr) ? addr->ip[12] == 127 : memcmp(addr->ip, v6, sizeof(v6)) == 0;
}

bool
addr_parse(const char *text, struct addr *out)
{
	uint8_t ip[16];

	if (inet_pton(AF_INET, text, ip) == 1)
		ip_set_v4(out->ip, ip);
	else if (inet_pton(AF_INET6, text, ip) == 1)
		memcpy(out->ip, ip, sizeof(ip));
	else
		return false;
	out->port = 0;
	return true;
}

static void
ip_print(const uint8_t *ip, char *buf)
{
	if (ip_is_v4(ip))
		inet_ntop(AF_INET, ip + sizeof(v4_head), buf, ADDR_TEXT_MAX);
	else
		inet_ntop(AF_INET6, ip, buf, ADDR_TEXT_MAX);
}

char *
addr_print(const struct addr *addr, char *buf)
{
	ip_print(addr->ip, buf);
	return buf;
}

char *
addr_print_port(const struct addr *addr, char *buf)
{
	char ip[ADDR_TEXT_MAX];

	ip_print(addr->ip, ip);
	snprintf(buf, ADDR_TEXT_MAX, addr_is_v4(addr) ? "%.45s:%u" : "[%.45s]:%u", ip, addr->port);
	return buf;
}

bool
addr_from_sockaddr(const struct sockaddr *sa, struct addr *out)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	switch (sa->sa_family) {
	case AF_INET:
		memcpy(&v4, sa, sizeof(v4));
		ip_set_v4(out->ip, &v4.sin_addr);
		out->port = ntohs(v4.sin_port);
		return true;
	case AF_INET6:
		memcpy(&v6, sa, sizeof(v6));
		memcpy(out->ip, &v6.sin6_addr, sizeof(out->ip));
		out->port = ntohs(v6.sin6_port);
		return true;
	}
	return false;
}

socklen_t
addr_to_sockaddr(const struct addr *addr, struct sockaddr_storage *out)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(addr->port) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(addr->port) };

	if (addr_is_v4(addr)) {
		memcpy(&v4.sin_addr, addr->ip + sizeof(v4_head), sizeof(v4.sin_addr));
		memcpy(out, &v4, sizeof(v4));
		return sizeof(v4);
	}
	memcpy(&v6.sin6_addr, addr->ip, sizeof(v6.sin6_addr));
	memcpy(out, &v6, sizeof(v6));
	return sizeof(v6);
}

/** Are the first `bits` bits the same? */
static bool
same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned octets = bits / 8, rest = bits % 8;

	if (memcmp(a, b, octets) != 0)
		return false;
	return rest == 0 || ((a[octets] ^ b[octets]) >> (8 - rest)) == 0;
}

static bool
bits_beyond(const uint8_t *ip, unsigned bits)
{
	for (unsigned i = bits; i < 128; i++) {
		if (ip[i / 8] & 0x80 >> i % 8)
			return true;
	}
	return false;
}

/** "0".."128", no sign, no leading zero. */
static bool
parse_bits(const char *text, unsigned most, unsigned *out)
{
	unsigned bits = 0;

	if (!*text || (text[0] == '0' && text[1]))
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		bits = bits * 10 + (unsigned)(*text - '0');
		if (bits > most)
			return false;
	}
	*out = bits;
	return true;
}

enum status
prefix_parse(const char *text, struct prefix *out)
{
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	bool short_form = !memchr(text, ':', len);
	unsigned most = short_form ? 32 : 128, bits = most;
	char ip[ADDR_TEXT_MAX];
	struct addr addr;

	if (len >= sizeof(ip))
		return ERR_MALFORMED;
	memcpy(ip, text, len);
	ip[len] = '\0';
	if (!addr_parse(ip, &addr) || (slash && !parse_bits(slash + 1, most, &bits)))
		return ERR_MALFORMED;
	if (short_form)
		bits += V4_BITS;
	if (bits_beyond(addr.ip, bits))
		return ERR_REJECTED;
	memcpy(out->ip, addr.ip, sizeof(out->ip));
	out->bits = (uint8_t)bits;
	return OK;
}

bool
prefix_is_v4(const struct prefix *prefix)
{
	return prefix->bits >= V4_BITS && ip_is_v4(prefix->ip);
}

char *
prefix_print(const struct prefix *prefix, char *buf)
{
	char ip[ADDR_TEXT_MAX];
	unsigned bits = prefix->bits;

	if (prefix_is_v4(prefix)) {
		ip_print(prefix->ip, ip);
		bits -= V4_BITS;
	} else {
		inet_ntop(AF_INET6, prefix->ip, ip, sizeof(ip));
	}
	snprintf(buf, ADDR_TEXT_MAX, "%.45s/%u", ip, bits);
	return buf;
}

bool
prefix_covers(const struct prefix *prefix, const struct addr *addr)
{
	return same_bits(prefix->ip, addr->ip, prefix->bits);
}

bool
prefix_overlaps(const struct prefix *a, const struct prefix *b)
{
	return same_bits(a->ip, b->ip, a->bits < b->bits ? a->bits : b->bits);
}
