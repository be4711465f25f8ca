#include "engine/answer.h"

#include <stdarg.h>
#include <stdio.h>

#include "dns/codes.h"
#include "dns/rdata.h"

void
answer_init(struct answer *answer)
{
	answer->rcode = RCODE_NOERROR;
	answer->ede = EDE_NONE;
	answer->ede_text = NULL;
	answer->count = 0;
}

bool
answer_add(struct answer *answer, enum section section, struct rrset set, uint32_t ttl_s)
{
	struct answer_item *item;

	if (answer->count == ANSWER_MAX_ITEMS)
		return false;
	item = &answer->items[answer->count++];
	item->set = set;
	item->ttl_s = ttl_s;
	item->section = section;
	return true;
}

void
answer_fail(struct answer *answer, uint16_t rcode, uint16_t ede, const char *ede_text)
{
	answer->rcode = rcode;
	answer->ede = ede;
	answer->ede_text = ede_text;
	answer->count = 0;
}

void *
scratch_room(struct scratch *scratch, size_t len)
{
	size_t octets = (len + 7) & ~(size_t)7;
	void *room = scratch->octets + scratch->used;

	if (len > sizeof(scratch->octets) || octets > sizeof(scratch->octets) - scratch->used)
		return NULL;
	scratch->used += octets;
	return room;
}

const char *
scratch_printf(struct scratch *scratch, const char *fmt, ...)
{
	char text[SCRATCH_TEXT_MAX], *kept;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (len < 0)
		return NULL;
	if ((size_t)len >= sizeof(text))
		len = (int)sizeof(text) - 1;
	kept = scratch_room(scratch, (size_t)len + 1);
	if (kept)
		memcpy(kept, text, (size_t)len + 1);
	return kept;
}

bool
scratch_rrset(struct scratch *scratch, uint16_t type, uint32_t ttl_s, struct rdata rdata,
	      struct rrset *out)
{
	size_t octets = (size_t)RRSET_FIXED_OCTETS + rdata.len;
	uint16_t *names = scratch_room(scratch, RDATA_MAX_NAMES * sizeof(*names)), count = 0;
	uint8_t *wire = scratch_room(scratch, octets);
	struct writer writer = writer_over(wire, octets);

	if (!names || !wire || rrset_encode(&writer, type, ttl_s, rdata, names, &count) != OK)
		return false;
	*out = (struct rrset){
		.type = type,
		.count = 1,
		.ttl_s = ttl_s,
		.wire_len = (uint16_t)writer.len,
		.name_count = count,
		.wire = wire,
		.names = names,
	};
	return true;
}
