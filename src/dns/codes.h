/*
 * codes - types, classes, response codes, opcodes and extended errors: one table each,
 * read in both directions
 *
 * Unknown numbers print as TYPE65280, CLASS7, RCODE17 (RFC 3597) and parse back.
 */
#ifndef DNS_CODES_H
#define DNS_CODES_H

#include <stdbool.h>
#include <stdint.h>

enum rr_type {
	TYPE_A = 1, TYPE_NS = 2, TYPE_CNAME = 5, TYPE_SOA = 6, TYPE_PTR = 12, TYPE_HINFO = 13,
	TYPE_MX = 15, TYPE_TXT = 16, TYPE_RP = 17, TYPE_AFSDB = 18, TYPE_SIG = 24, TYPE_KEY = 25,
	TYPE_AAAA = 28, TYPE_LOC = 29, TYPE_SRV = 33, TYPE_NAPTR = 35, TYPE_KX = 36,
	TYPE_CERT = 37, TYPE_DNAME = 39, TYPE_OPT = 41, TYPE_DS = 43, TYPE_SSHFP = 44,
	TYPE_RRSIG = 46, TYPE_NSEC = 47, TYPE_DNSKEY = 48, TYPE_NSEC3 = 50, TYPE_TLSA = 52,
	TYPE_SVCB = 64, TYPE_HTTPS = 65, TYPE_SPF = 99, TYPE_TSIG = 250, TYPE_IXFR = 251,
	TYPE_AXFR = 252, TYPE_ANY = 255, TYPE_URI = 256, TYPE_CAA = 257,
};

enum rr_class { CLASS_IN = 1, CLASS_CH = 3, CLASS_HS = 4, CLASS_NONE = 254, CLASS_ANY = 255 };

enum opcode { OPCODE_QUERY = 0, OPCODE_IQUERY = 1, OPCODE_STATUS = 2, OPCODE_NOTIFY = 4,
	      OPCODE_UPDATE = 5 };

enum rcode { RCODE_NOERROR = 0, RCODE_FORMERR = 1, RCODE_SERVFAIL = 2, RCODE_NXDOMAIN = 3,
	     RCODE_NOTIMP = 4, RCODE_REFUSED = 5, RCODE_YXDOMAIN = 6, RCODE_BADVERS = 16,
	     RCODE_BADCOOKIE = 23 };

/* Extended errors that we send (RFC 8914, section 4). */
enum extended_error {
	EDE_OTHER = 0, EDE_STALE_ANSWER = 3, EDE_NOT_READY = 14, EDE_PROHIBITED = 18,
	EDE_STALE_NXDOMAIN = 19,
	EDE_NOT_AUTHORITATIVE = 20, EDE_NO_REACHABLE_AUTHORITY = 22, EDE_NETWORK_ERROR = 23,
	EDE_NONE = 0xffff,	/* ours: no extended error */
};

/* EDNS options that we know (RFC 5001, 7873, 7828, 8914). */
enum option_code { OPTION_NSID = 3, OPTION_COOKIE = 10, OPTION_KEEPALIVE = 11, OPTION_EDE = 15 };

#define CODE_TEXT_MAX 32

/** The mnemonic, or TYPEn written to buf[CODE_TEXT_MAX]. */
const char *type_print(uint16_t type, char *buf);
bool type_parse(const char *text, uint16_t *type);		/* any letter case, TYPEn too */
const char *class_print(uint16_t klass, char *buf);
const char *rcode_print(uint16_t rcode, char *buf);
const char *extended_error_text(uint16_t code);			/* "Stale Answer"; NULL unknown */

/** Types that are only asked for, never stored (RFC 6895 3.1): OPT, TSIG, IXFR, AXFR, ANY... */
bool type_is_meta(uint16_t type);

#endif
