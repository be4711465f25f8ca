#include "engine/options.h"

#include <string.h>

#include "dns/codes.h"
#include "engine/resolve.h"
#include "engine/upstream_options.h"

#define OPTION_HEAD	4	/* code and length */
#define KEEPALIVE_UNIT_MS 100	/* RFC 7828 3.1 */

static enum status
read_cookie(struct resolver *r, const struct request *request, const struct edns_option *option,
	    struct reply_options *out)
{
	if (!cookie_is_well_formed(option->len))
		return ERR_MALFORMED;
	if (out->has_cookie || !r->cookies || !r->cookies->count)
		return OK;	/* all but the first are ignored (RFC 7873 5.2) */
	switch (cookie_answer(r->cookies, &request->client.addr, option->data, option->len,
			      request->unix_s, out->cookie)) {
	case COOKIE_NONE:
		break;
	case COOKIE_GOOD:
		count_up(&r->counters.cookies_good);
		break;
	case COOKIE_BAD:
		count_up(&r->counters.cookies_bad);
		break;
	}
	out->has_cookie = true;
	return OK;
}

static enum status
read_option(struct resolver *r, const struct request *request, const struct edns_option *option,
	    struct reply_options *out)
{
	switch (option->code) {
	case OPTION_COOKIE:
		return read_cookie(r, request, option, out);
	case OPTION_KEEPALIVE:
		if (!request->client.stream)	/* RFC 7828 3.3.1: ignored over UDP */
			return OK;
		if (option->len)
			return ERR_MALFORMED;
		out->wants_keepalive = true;
		return OK;
	case OPTION_NSID:
		out->wants_identity = true;
		return OK;
	case OPTION_HOPS:
		hops_read(option, &out->hops);
		return OK;
	default:
		return OK;
	}
}

enum status
options_read(struct resolver *r, const struct request *request, const struct edns *edns,
	     struct reply_options *out)
{
	struct edns_option option;
	size_t at = 0;

	*out = (struct reply_options){ 0 };
	while (at < edns->options_len && edns_option_next(edns, &at, &option)) {
		if (read_option(r, request, &option, out) == OK)
			continue;
		*out = (struct reply_options){ 0 };
		return ERR_MALFORMED;
	}
	options_settle(r, out);
	return OK;
}

void
options_settle(const struct resolver *r, struct reply_options *options)
{
	uint32_t identity_at = r->snap->root->settings.identity_at;
	uint64_t idle_ds = r->stream_idle_ms / KEEPALIVE_UNIT_MS;

	options->keepalive_ds = idle_ds < UINT16_MAX ? (uint16_t)idle_ds : UINT16_MAX;
	options->identity = options->wants_identity && identity_at
				    ? snapshot_string(r->snap, identity_at)
				    : NULL;
}

size_t
options_octets(const struct reply_options *options)
{
	return (options->has_cookie ? OPTION_HEAD + COOKIE_OCTETS : 0u) +
	       (options->wants_keepalive ? OPTION_HEAD + 2 : 0u) +
	       (options->looped ? OPTION_HEAD + HOPS_OCTETS : 0u) +
	       (options->identity ? OPTION_HEAD + strlen(options->identity) : 0u);
}

void
options_build(struct builder *b, const struct reply_options *options)
{
	uint8_t keepalive[2];

	if (options->has_cookie)
		build_option(b, OPTION_COOKIE, options->cookie, COOKIE_OCTETS);
	if (options->wants_keepalive) {
		store_u16(keepalive, options->keepalive_ds);
		build_option(b, OPTION_KEEPALIVE, keepalive, sizeof(keepalive));
	}
	if (options->looped)
		hops_write(b, HOPS_LOOP);
	if (options->identity)
		build_option(b, OPTION_NSID, options->identity, strlen(options->identity));
}
