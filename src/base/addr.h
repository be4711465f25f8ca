/*
 * addr - IP addresses, ports and prefixes as values
 *
 * Every address is kept in 16 octets, IPv4 as ::ffff:a.b.c.d, so that one comparison and one
 * table serve both families; so "::/0" covers the IPv4 addresses too, "0.0.0.0/0" only them.
 * Values: copy them freely.
 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/status.h"

#define ADDR_TEXT_MAX 64	/* "[address]:port" or "address/length" and its zero octet */

struct addr {
	uint8_t ip[16];
	uint16_t port;		/* host order; 0 where none was given */
};

struct prefix {
	uint8_t ip[16];		/* bits beyond `bits` are zero */
	uint8_t bits;		/* 0..128 over the 16 octets: an IPv4 /24 is 120 */
};

bool addr_is_v4(const struct addr *addr);
bool addr_equal(const struct addr *a, const struct addr *b);		/* port included */
bool addr_same_ip(const struct addr *a, const struct addr *b);
bool addr_is_loopback(const struct addr *addr);

/** "10.0.0.1", "2001:db8::1"; no port, no zone index, no octal.  false: not one. */
bool addr_parse(const char *text, struct addr *out);

/** Print without port into buf[ADDR_TEXT_MAX]; returns buf. */
char *addr_print(const struct addr *addr, char *buf);

/** Print as address and port: 10.0.0.1:53, [::1]:53. */
char *addr_print_port(const struct addr *addr, char *buf);

/** false: another family than IPv4 or IPv6. */
bool addr_from_sockaddr(const struct sockaddr *sa, struct addr *out);

/** Returns the length to pass to the kernel. */
socklen_t addr_to_sockaddr(const struct addr *addr, struct sockaddr_storage *out);

/**
 * "10.0.0.0/16", "::1/128", a bare address meaning the whole of it.
 * ERR_MALFORMED: not a prefix.  ERR_REJECTED: bits set beyond the length (10.0.0.1/16).
 */
enum status prefix_parse(const char *text, struct prefix *out) must_check;
char *prefix_print(const struct prefix *prefix, char *buf);
bool prefix_is_v4(const struct prefix *prefix);
bool prefix_covers(const struct prefix *prefix, const struct addr *addr);
bool prefix_overlaps(const struct prefix *a, const struct prefix *b);

#endif
