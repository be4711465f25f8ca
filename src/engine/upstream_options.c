#include "engine/upstream_options.h"

#include <string.h>

#include "dns/codes.h"
#include "engine/cookie.h"

#define HOPS_VERSION	    1
#define WITHOUT_MOST	    2		/* accepted replies without a cookie */
#define SILENT_MS	    3600000	/* then it is not asked for one so long */

static const uint8_t hops_head[3] = { 'c', 'w', HOPS_VERSION };

/* Private use; IPv4 as ::ffff:a.b.c.d. */
static const struct prefix private_ranges[] = {
#define V4(len, ...) { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, __VA_ARGS__ }, 96 + (len) }
	V4(8, 10),		/* RFC 1918 */
	V4(12, 172, 16),
	V4(16, 192, 168),
	V4(10, 100, 64),	/* RFC 6598 */
	V4(8, 127),
	V4(16, 169, 254),	/* RFC 3927; the VPC resolver is one of them */
#undef V4
	{ { 0xfc }, 7 },	/* RFC 4193 */
	{ { 0xfe, 0x80 }, 10 },
	{ { [15] = 1 }, 128 },
};

bool
upstream_is_private(const uint8_t ip[16])
{
	struct addr addr = { .port = 0 };

	memcpy(addr.ip, ip, sizeof(addr.ip));
	for (size_t i = 0; i < sizeof(private_ranges) / sizeof(private_ranges[0]); i++)
		if (prefix_covers(&private_ranges[i], &addr))
			return true;
	return false;
}

bool
hops_read(const struct edns_option *option, uint8_t *hops)
{
	if (option->code != OPTION_HOPS || option->len != HOPS_OCTETS ||
	    memcmp(option->data, hops_head, sizeof(hops_head)) != 0)
		return false;
	*hops = option->data[sizeof(hops_head)];
	return true;
}

void
hops_write(struct builder *b, uint8_t hops)
{
	uint8_t data[HOPS_OCTETS];

	memcpy(data, hops_head, sizeof(hops_head));
	data[sizeof(hops_head)] = hops;
	build_option(b, OPTION_HOPS, data, sizeof(data));
}

/** Ours towards this target: of its address alone, so all its ports see the same. */
static void
client_cookie(const struct hash_key *secret, const struct snapshot_target *target,
	      uint8_t out[COOKIE_CLIENT_OCTETS])
{
	uint64_t hash = hash_keyed_strong(secret, target->ip, sizeof(target->ip));

	memcpy(out, &hash, COOKIE_CLIENT_OCTETS);
}

static void
write_cookie(struct builder *b, const struct hash_key *secret,
	     const struct snapshot_target *target, const struct target_cookie *cookie)
{
	uint8_t data[COOKIE_CLIENT_OCTETS + TARGET_COOKIE_OCTETS];
	size_t len = COOKIE_CLIENT_OCTETS;

	client_cookie(secret, target, data);
	if (cookie && cookie->server_len) {
		memcpy(data + len, cookie->server, cookie->server_len);
		len += cookie->server_len;
	}
	build_option(b, OPTION_COOKIE, data, len);
}

void
upstream_options_write(struct builder *b, const struct hash_key *secret,
		       const struct snapshot_target *target, const struct target_cookie *cookie,
		       uint8_t hops, uint64_t now_ms)
{
	if (!cookie || now_ms >= cookie->silent_until_ms)
		write_cookie(b, secret, target, cookie);
	if (upstream_is_private(target->ip))
		hops_write(b, hops < HOPS_LOOP - 1 ? (uint8_t)(hops + 1) : HOPS_LOOP - 1);
}

/** false: not a cookie that answers ours. */
static bool
read_cookie(const struct edns_option *option, const struct hash_key *secret,
	    const struct snapshot_target *target, struct upstream_options *out)
{
	uint8_t ours[COOKIE_CLIENT_OCTETS];

	client_cookie(secret, target, ours);
	if (!cookie_is_well_formed(option->len) || memcmp(option->data, ours, sizeof(ours)) != 0)
		return false;
	out->has_cookie = true;
	out->server_len = (uint8_t)(option->len - COOKIE_CLIENT_OCTETS);
	memcpy(out->server, option->data + COOKIE_CLIENT_OCTETS, out->server_len);
	return true;
}

/** All options; false: a cookie that is not for us. */
static bool
read_options(const struct edns *edns, const struct hash_key *secret,
	     const struct snapshot_target *target, struct upstream_options *out)
{
	struct edns_option option;
	size_t at = 0;
	uint8_t hops;

	while (at < edns->options_len && edns_option_next(edns, &at, &option)) {
		if (hops_read(&option, &hops)) {
			out->looped = hops == HOPS_LOOP;
		} else if (option.code == OPTION_COOKIE && !out->has_cookie &&
			   !read_cookie(&option, secret, target, out)) {
			return false;
		}
	}
	return true;
}

enum options_verdict
upstream_options_read(const uint8_t *packet, size_t len, bool stream,
		      const struct hash_key *secret, const struct snapshot_target *target,
		      const struct target_cookie *cookie, struct upstream_options *out)
{
	bool expected = cookie && cookie->server_len && !stream;
	struct edns edns;

	*out = (struct upstream_options){ 0 };
	if (msg_edns_read(packet, len, &edns) != OK || !edns.present)
		return expected ? OPTIONS_FORGED : OPTIONS_FINE;
	out->has_opt = true;
	if (!read_options(&edns, secret, target, out)) {
		*out = (struct upstream_options){ 0 };
		return OPTIONS_FORGED;
	}
	if (expected && !out->has_cookie)
		return OPTIONS_FORGED;
	if (edns.rcode_high << 4 == (RCODE_BADCOOKIE & ~15) &&
	    (packet[3] & 15) == (RCODE_BADCOOKIE & 15) && out->server_len)
		return OPTIONS_BADCOOKIE;
	return OPTIONS_FINE;
}

void
upstream_options_learn(struct target_cookie *cookie, const struct upstream_options *options,
		       bool stream, uint64_t now_ms)
{
	if (!cookie || now_ms < cookie->silent_until_ms)
		return;
	if (options->server_len) {
		cookie->server_len = options->server_len;
		memcpy(cookie->server, options->server, options->server_len);
		cookie->without = 0;
		return;
	}
	if (cookie->server_len && !stream)	/* an echo of ours alone, over UDP: no news */
		return;
	cookie->server_len = 0;
	if (++cookie->without < WITHOUT_MOST)
		return;
	cookie->without = 0;
	cookie->silent_until_ms = now_ms + SILENT_MS;
}
