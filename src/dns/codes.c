#include "dns/codes.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"

struct code {
	uint16_t number;
	const char *text;
};

/* IANA "DNS Parameters"; rising numbers. */
static const struct code types[] = {
	{ TYPE_A, "A" }, { TYPE_NS, "NS" }, { 3, "MD" }, { 4, "MF" }, { TYPE_CNAME, "CNAME" },
	{ TYPE_SOA, "SOA" }, { 7, "MB" }, { 8, "MG" }, { 9, "MR" }, { 10, "NULL" },
	{ 11, "WKS" }, { TYPE_PTR, "PTR" }, { TYPE_HINFO, "HINFO" }, { 14, "MINFO" },
	{ TYPE_MX, "MX" }, { TYPE_TXT, "TXT" }, { TYPE_RP, "RP" }, { TYPE_AFSDB, "AFSDB" },
	{ 19, "X25" }, { 20, "ISDN" }, { 21, "RT" }, { 22, "NSAP" }, { TYPE_SIG, "SIG" },
	{ TYPE_KEY, "KEY" }, { 26, "PX" }, { 27, "GPOS" }, { TYPE_AAAA, "AAAA" },
	{ TYPE_LOC, "LOC" }, { 30, "NXT" }, { TYPE_SRV, "SRV" }, { TYPE_NAPTR, "NAPTR" },
	{ TYPE_KX, "KX" }, { TYPE_CERT, "CERT" }, { TYPE_DNAME, "DNAME" }, { TYPE_OPT, "OPT" },
	{ 42, "APL" }, { TYPE_DS, "DS" }, { TYPE_SSHFP, "SSHFP" }, { 45, "IPSECKEY" },
	{ TYPE_RRSIG, "RRSIG" }, { TYPE_NSEC, "NSEC" }, { TYPE_DNSKEY, "DNSKEY" },
	{ 49, "DHCID" }, { TYPE_NSEC3, "NSEC3" }, { 51, "NSEC3PARAM" }, { TYPE_TLSA, "TLSA" },
	{ 53, "SMIMEA" }, { 55, "HIP" }, { 59, "CDS" }, { 60, "CDNSKEY" }, { 61, "OPENPGPKEY" },
	{ 62, "CSYNC" }, { 63, "ZONEMD" }, { TYPE_SVCB, "SVCB" }, { TYPE_HTTPS, "HTTPS" },
	{ TYPE_SPF, "SPF" }, { 104, "NID" }, { 105, "L32" }, { 106, "L64" }, { 107, "LP" },
	{ 108, "EUI48" }, { 109, "EUI64" }, { 249, "TKEY" }, { TYPE_TSIG, "TSIG" },
	{ TYPE_IXFR, "IXFR" }, { TYPE_AXFR, "AXFR" }, { 253, "MAILB" }, { 254, "MAILA" },
	{ TYPE_ANY, "ANY" }, { TYPE_URI, "URI" }, { TYPE_CAA, "CAA" },
};

static const struct code classes[] = {
	{ CLASS_IN, "IN" }, { CLASS_CH, "CH" }, { CLASS_HS, "HS" }, { CLASS_NONE, "NONE" },
	{ CLASS_ANY, "ANY" },
};

static const struct code rcodes[] = {
	{ RCODE_NOERROR, "NOERROR" }, { RCODE_FORMERR, "FORMERR" },
	{ RCODE_SERVFAIL, "SERVFAIL" }, { RCODE_NXDOMAIN, "NXDOMAIN" },
	{ RCODE_NOTIMP, "NOTIMP" }, { RCODE_REFUSED, "REFUSED" }, { 6, "YXDOMAIN" },
	{ 7, "YXRRSET" }, { 8, "NXRRSET" }, { 9, "NOTAUTH" }, { 10, "NOTZONE" },
	{ RCODE_BADVERS, "BADVERS" }, { RCODE_BADCOOKIE, "BADCOOKIE" },
};

/* RFC 8914 4, RFC 9276 3.2 */
static const struct code extended_errors[] = {
	{ EDE_OTHER, "Other Error" }, { 1, "Unsupported DNSKEY Algorithm" },
	{ 2, "Unsupported DS Digest Type" }, { EDE_STALE_ANSWER, "Stale Answer" },
	{ 4, "Forged Answer" }, { 5, "DNSSEC Indeterminate" }, { 6, "DNSSEC Bogus" },
	{ 7, "Signature Expired" }, { 8, "Signature Not Yet Valid" }, { 9, "DNSKEY Missing" },
	{ 10, "RRSIGs Missing" }, { 11, "No Zone Key Bit Set" }, { 12, "NSEC Missing" },
	{ 13, "Cached Error" }, { EDE_NOT_READY, "Not Ready" }, { 15, "Blocked" },
	{ 16, "Censored" }, { 17, "Filtered" }, { EDE_PROHIBITED, "Prohibited" },
	{ 19, "Stale NXDOMAIN Answer" }, { EDE_NOT_AUTHORITATIVE, "Not Authoritative" },
	{ 21, "Not Supported" }, { EDE_NO_REACHABLE_AUTHORITY, "No Reachable Authority" },
	{ EDE_NETWORK_ERROR, "Network Error" }, { 24, "Invalid Data" },
	{ 27, "Unsupported NSEC3 Iterations Value" },
};

static const char *
code_find(const struct code *codes, size_t count, uint16_t number)
{
	for (size_t i = 0; i < count; i++) {
		if (codes[i].number == number)
			return codes[i].text;
	}
	return NULL;
}

/** The mnemonic, or the prefix with the number behind it. */
static const char *
code_print(const struct code *codes, size_t count, const char *prefix, uint16_t number,
	   char *buf)
{
	const char *text = code_find(codes, count, number);

	if (text)
		return text;
	snprintf(buf, CODE_TEXT_MAX, "%s%u", prefix, number);
	return buf;
}

const char *
type_print(uint16_t type, char *buf)
{
	return code_print(types, COUNT_OF(types), "TYPE", type, buf);
}

const char *
class_print(uint16_t klass, char *buf)
{
	return code_print(classes, COUNT_OF(classes), "CLASS", klass, buf);
}

const char *
rcode_print(uint16_t rcode, char *buf)
{
	return code_print(rcodes, COUNT_OF(rcodes), "RCODE", rcode, buf);
}

const char *
extended_error_text(uint16_t code)
{
	return code_find(extended_errors, COUNT_OF(extended_errors), code);
}

bool
type_parse(const char *text, uint16_t *type)
{
	const char *digits = text + 4;
	unsigned long number;

	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (strcasecmp(text, types[i].text) == 0) {
			*type = types[i].number;
			return true;
		}
	}
	if (strncasecmp(text, "TYPE", 4) != 0)
		return false;
	if (!*digits || strlen(digits) > 5 || strspn(digits, "0123456789") != strlen(digits))
		return false;
	number = strtoul(digits, NULL, 10);
	if (number > UINT16_MAX)
		return false;
	*type = (uint16_t)number;
	return true;
}

bool
type_is_meta(uint16_t type)
{
	return type == 0 || type == TYPE_OPT || (type >= 128 && type <= TYPE_ANY);
}
