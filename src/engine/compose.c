#include "engine/compose.h"

#include "dns/codes.h"
#include "engine/options.h"
#include "engine/resolve.h"

#define UDP_PLAIN_OCTETS 512	/* without EDNS (RFC 1035 4.2.1) */

/** How large a reply this client accepts. */
static size_t
reply_limit(const struct request *request, const struct question *q)
{
	if (request->client.stream)
		return MSG_MAX_OCTETS;
	if (!q->edns.present)
		return UDP_PLAIN_OCTETS;
	return q->edns.udp_size < UDP_REPLY_OCTETS ? q->edns.udp_size : UDP_REPLY_OCTETS;
}

/** Begin behind what `out` has. */
static void
reply_begin(struct builder *b, const struct request *request, const struct question *q,
	    const struct answer *answer, const struct writer *out)
{
	size_t size = out->size - out->len, limit = reply_limit(request, q), reserve = 0;

	if (limit < size)
		size = limit;
	if (q->edns.present) {
		reserve = build_opt_octets(answer->ede, answer->ede_text);
		if (request->options)
			reserve += options_octets(request->options);
	}
	build_reply(b, out->base + out->len, size, q, answer->rcode, reserve);
}

static void
reply_end(struct builder *b, const struct request *request, const struct question *q,
	  const struct answer *answer, struct writer *out)
{
	if (q->edns.present) {
		build_opt_begin(b, UDP_REPLY_OCTETS, q->edns.dnssec_ok, answer->rcode);
		if (request->options)
			options_build(b, request->options);
		if (answer->ede != EDE_NONE)
			build_extended_error(b, answer->ede, answer->ede_text);
	}
	out->len += b->out.len;
	out->failed |= b->out.failed;
}

void
compose_answer(const struct request *request, const struct question *q,
	       const struct answer *answer, struct writer *out)
{
	struct builder b;	/* large: build_reply sets what is needed */

	reply_begin(&b, request, q, answer, out);
	for (unsigned i = 0; i < answer->count; i++) {
		const struct answer_item *item = &answer->items[i];

		if (!build_rrset(&b, item->section, &item->set, item->ttl_s)) {
			build_truncated(&b);
			break;
		}
	}
	reply_end(&b, request, q, answer, out);
}

void
compose_rcode(const struct request *request, const struct question *q, uint16_t rcode,
	      uint16_t ede, const char *ede_text, struct writer *out)
{
	struct answer answer;

	answer_init(&answer);
	answer_fail(&answer, rcode, ede, ede_text);
	compose_answer(request, q, &answer, out);
}
