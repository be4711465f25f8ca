/*
 * fuzz_options - the options of a client's OPT (cookies, keepalive, NSID), and the reply to
 * them
 *
 * The first octet chooses how the client asks, the options lie behind it.  What is read is
 * held against a plain reader; what is built has the size that was announced for it and
 * reads back; the cookie that is given is one that is good when it is shown again.
 */
#include "engine/options.h"

#include <string.h>

#include "dns/codes.h"
#include "fuzz/fuzz.h"
#include "unit/world.h"

#define SERVER_NAME "ns1"
#define UNIX_S 1700000000u
#define IDLE_MS 10000

/* What the first octet chooses. */
enum ask_bit { ASK_STREAM = 1, ASK_IDENTITY = 2, ASK_COOKIES = 4, ASK_LATER = 8 };

/* What the options say, read plainly. */
struct plain {
	bool malformed, keepalive, identity;
	const uint8_t *cookie;		/* the first */
};

static struct plain
plain_read(const uint8_t *options, size_t len, bool stream)
{
	struct plain plain = { 0 };

	for (size_t at = 0; len - at >= 4;) {
		unsigned code = load_u16(options + at), n = load_u16(options + at + 2);
		const uint8_t *data = options + at + 4;

		if (len - at - 4 < n)
			break;
		at += 4 + n;
		if (code == OPTION_NSID)
			plain.identity = true;
		if (code == OPTION_KEEPALIVE && stream) {
			plain.malformed |= n > 0;
			plain.keepalive = true;
		}
		if (code != OPTION_COOKIE)
			continue;
		plain.malformed |= n != 8 && (n < 16 || n > 40);
		if (!plain.cookie)
			plain.cookie = data;
	}
	return plain;
}

/** The cookie that we gave, shown again. */
static void
check_cookie(struct resolver *r, const struct request *request, const uint8_t *cookie)
{
	uint8_t again[COOKIE_OCTETS];
	struct request other = *request;

	require(cookie_answer(r->cookies, &request->client.addr, cookie, COOKIE_OCTETS,
			      request->unix_s, again) == COOKIE_GOOD);
	require(memcmp(again, cookie, COOKIE_OCTETS) == 0);
	other.client.addr.ip[15] ^= 1;
	require(cookie_answer(r->cookies, &other.client.addr, cookie, COOKIE_OCTETS,
			      request->unix_s, again) == COOKIE_BAD);
}

/** The reply's OPT holds what was asked for and no more. */
static void
check_built(struct resolver *r, const struct request *request,
	    const struct reply_options *options, const struct plain *plain)
{
	uint8_t buf[512];
	struct edns edns = { .present = true };
	struct edns_option option;
	struct builder b;
	size_t at = 0, count = 0;

	build_query(&b, buf, sizeof(buf), 1, (const uint8_t *)"", TYPE_NS, CLASS_IN);
	build_opt_begin(&b, 1232, false, 0);
	options_build(&b, options);
	require(!b.out.failed && b.out.len - b.opt_at == options_octets(options));
	edns.options = buf + b.opt_at;
	edns.options_len = (uint16_t)(b.out.len - b.opt_at);
	require(load_u16(edns.options - 2) == edns.options_len);
	for (; at < edns.options_len; count++) {
		require(edns_option_next(&edns, &at, &option));
		if (option.code == OPTION_COOKIE) {
			require(option.len == COOKIE_OCTETS && plain->cookie && r->cookies);
			require(memcmp(option.data, plain->cookie, COOKIE_CLIENT_OCTETS) == 0);
			check_cookie(r, request, option.data);
		} else if (option.code == OPTION_KEEPALIVE) {
			require(option.len == 2 && plain->keepalive);
			require(load_u16(option.data) == IDLE_MS / 100);
		} else {
			require(option.code == OPTION_NSID && plain->identity);
			require(option.len == strlen(SERVER_NAME));
		}
	}
	require(count == (size_t)(options->has_cookie + options->wants_keepalive +
				  (options->identity != NULL)));
}

static void
check(struct resolver *r, const struct request *request, const uint8_t *octets, size_t len)
{
	struct edns edns = { .present = true, .options = octets, .options_len = (uint16_t)len };
	struct plain plain = plain_read(octets, len, request->client.stream);
	struct reply_options options;
	enum status status = options_read(r, request, &edns, &options);

	require(status == (plain.malformed ? ERR_MALFORMED : OK));
	if (status == OK) {
		require(options.wants_keepalive == plain.keepalive);
		require(options.wants_identity == plain.identity);
		require(options.has_cookie == (plain.cookie && r->cookies));
	} else {
		require(options_octets(&options) == 0);
	}
	check_built(r, request, &options, &plain);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t secret[COOKIE_SECRET_OCTETS] = "not a secret";
	static struct snapshot *named, *nameless;
	struct cookie_secrets secrets = { .count = 0 };
	struct resolver r = { .stream_idle_ms = IDLE_MS };
	struct request request = { .unix_s = UNIX_S };

	if (!named) {
		named = world_compile("vpc hub 10.0.0.0/16 eu-west-1\nidentity " SERVER_NAME,
				      NULL);
		nameless = world_compile("vpc hub 10.0.0.0/16 eu-west-1", NULL);
	}
	if (size < 2 || size - 1 > UINT16_MAX)
		return 0;
	cookie_secret_add(&secrets, secret);
	request.client.addr = world_addr("10.0.0.9", 5353);
	request.client.stream = *data & ASK_STREAM;
	request.unix_s += *data & ASK_LATER ? 1200 : 0;	/* good cookies are then renewed */
	r.snap = *data & ASK_IDENTITY ? named : nameless;
	r.cookies = *data & ASK_COOKIES ? &secrets : NULL;
	check(&r, &request, data + 1, size - 1);
	return 0;
}
