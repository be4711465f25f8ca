#include "engine/chaos.h"

#include <string.h>

#include "dns/codes.h"

/** The text that stands at this name, or NULL. */
static const char *
text_of(const struct snapshot *snap, const uint8_t *name)
{
	const struct snapshot_settings *settings = &snap->root->settings;
	const struct {
		const char *wire;
		uint32_t text_at;
	} names[] = {
		{ "\7version\4bind", settings->version_at },
		{ "\7version\6server", settings->version_at },
		{ "\2id\6server", settings->identity_at },
		{ "\10hostname\4bind", settings->identity_at },
	};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (name_wire_equal(name, (const uint8_t *)names[i].wire))
			return names[i].text_at ? snapshot_string(snap, names[i].text_at) : NULL;
	return NULL;
}

/** One TXT record of class CH, TTL 0, in the scratch; the text fits one string. */
static bool
put_text(struct scratch *scratch, const char *text, struct rrset *out)
{
	size_t len = strlen(text), octets = RRSET_FIXED_OCTETS + 1 + len;
	uint8_t *wire = scratch_room(scratch, octets);
	struct writer writer = writer_over(wire, octets);

	if (!wire)
		return false;
	writer_u16(&writer, 0xc000 | MSG_HEADER_OCTETS);	/* the question's name */
	writer_u16(&writer, TYPE_TXT);
	writer_u16(&writer, CLASS_CH);
	writer_u32(&writer, 0);
	writer_u16(&writer, (uint16_t)(1 + len));
	writer_u8(&writer, (uint8_t)len);
	writer_bytes(&writer, text, len);
	*out = (struct rrset){ .type = TYPE_TXT, .count = 1, .wire = wire,
			       .wire_len = (uint16_t)octets };
	return true;
}

void
chaos_answer(const struct chase *by, const struct question *q, struct answer *answer)
{
	const char *text = text_of(by->snap, q->name.wire);
	struct rrset set;

	if (!text || (q->type != TYPE_TXT && q->type != TYPE_ANY))
		answer_fail(answer, RCODE_REFUSED, EDE_NONE, NULL);
	else if (put_text(by->scratch, text, &set))
		answer_add(answer, SECTION_ANSWER, set, 0);
	else
		answer_fail(answer, RCODE_SERVFAIL, EDE_NONE, NULL);
}
