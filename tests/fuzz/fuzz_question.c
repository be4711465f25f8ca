/*
 * fuzz_question - what a client sends: any octets through question_read, and what it accepts
 * through the steps that follow
 */
#include <stdlib.h>
#include <string.h>

#include "dns/build.h"
#include "dns/codes.h"
#include "fuzz/fuzz.h"

/** The suffixes are those of the name, and the name is one that can be printed and parsed. */
static void
check_name(const struct question *q)
{
	char text[NAME_TEXT_MAX];
	struct name back;

	require(name_wire_len(q->name.wire) == q->name.len);
	require(name_wire_labels(q->name.wire) == q->name.labels);
	for (unsigned k = 0; k <= q->name.labels; k++) {
		const uint8_t *suffix = name_wire_suffix(q->name.wire, (uint8_t)k);

		require(suffix == q->name.wire + q->suffixes.offset[k]);
		require(name_hash(suffix) == q->suffixes.hash[k]);
	}
	require(name_parse(name_print(q->name.wire, text), &back) == OK);
	require(name_wire_equal(back.wire, q->name.wire));
}

/** The reply repeats the question: with QR cleared it reads as the same one. */
static void
check_reply(const struct question *q)
{
	uint8_t buf[512];
	struct builder b;
	struct question again;

	build_reply(&b, buf, sizeof(buf), q, RCODE_SERVFAIL, build_opt_octets(EDE_OTHER, "text"));
	require(!b.out.failed);
	if (q->edns.present)
		build_opt(&b, 1232, q->edns.dnssec_ok, RCODE_SERVFAIL, EDE_OTHER, "text");
	buf[2] &= 0x7f;
	require(question_read(buf, b.out.len, &again) == OK);
	require(again.header.id == q->header.id);
	require(again.wire_len == q->wire_len);
	require(memcmp(again.wire, q->wire, q->wire_len) == 0);
	require(again.edns.present == q->edns.present);
	require(again.edns.dnssec_ok == q->edns.dnssec_ok);
}

/** Options lie one behind the other to the end; those of a broken message are only walked. */
static void
check_options(const struct question *q, bool well_formed)
{
	struct edns_option option;
	size_t at = 0;

	while (at < q->edns.options_len && edns_option_next(&q->edns, &at, &option))
		require(option.data + option.len <= q->edns.options + q->edns.options_len);
	require(!well_formed || at == q->edns.options_len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct question q;
	enum status status = question_read(data, size, &q);

	if (status == OK || status == ERR_LIMIT) {
		check_name(&q);
		check_reply(&q);
	}
	if (status != ERR_SHORT)
		check_options(&q, status != ERR_MALFORMED);
	return 0;
}
