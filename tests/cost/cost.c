/*
 * cost - what one packet costs: the worst that can be made, beside ordinary ones
 *
 * Run by tests/cost/run under callgrind, which counts the instructions of each call of
 * measured() in the order of the lines printed: "query" or "reply", what it is, "ordinary"
 * for those whose median the others are held against, and the octets of the packet.
 */
#include "engine/options.h"
#include "engine/reply.h"
#include "unit/world.h"

#define TYPE_UNREAD 10	/* NULL (RFC 1035 3.3.10) */
#define CHAIN 20		/* CNAMEs in the zone: more than are followed */
#define DEEP  "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a." \
	      "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a." \
	      "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a."

/* A packet being made, and where its reply would go. */
struct desk {
	struct world world;
	uint8_t packet[MSG_MAX_OCTETS], reply[MSG_MAX_OCTETS];
	struct writer out;
	struct ask ask;			/* of replies: what they answer */
	_Alignas(8) uint8_t kept[CACHED_MAX_OCTETS];
};

/* How a packet is made: as large as `size` where more of it makes it worse. */
typedef void (*make_fn)(struct desk *d, size_t size);

static void
begin(struct desk *d, const char *name, uint16_t type, uint16_t flags)
{
	d->ask = (struct ask){ .type = type, .klass = CLASS_IN, .name = wire_name(name, NULL) };
	d->out = writer_over(d->packet, sizeof(d->packet));
	writer_u16(&d->out, 1);
	writer_u16(&d->out, flags);
	writer_u16(&d->out, 1);
	writer_u16(&d->out, 0);
	writer_u32(&d->out, 0);
	writer_bytes(&d->out, d->ask.name.wire, d->ask.name.len);
	writer_u16(&d->out, type);
	writer_u16(&d->out, CLASS_IN);
}

/** A record's head behind its owner, counted. */
static void
put_head(struct desk *d, enum section section, uint16_t type, uint16_t len)
{
	uint8_t *count = d->packet + 4 + 2 * section;

	writer_u16(&d->out, type);
	writer_u16(&d->out, type == TYPE_OPT ? 1232 : CLASS_IN);
	writer_u32(&d->out, type == TYPE_OPT ? 0 : 60);
	writer_u16(&d->out, len);
	store_u16(count, (uint16_t)(load_u16(count) + 1));
}

static void
ask_name(struct desk *d, const char *name, uint16_t type)
{
	begin(d, name, type, MSG_RD);
}

static void
ask_plain(struct desk *d, size_t size)
{
	(void)size;
	ask_name(d, "www.corp.example", TYPE_A);
}

static void
ask_negative(struct desk *d, size_t size)
{
	(void)size;
	ask_name(d, "none.corp.example", TYPE_A);
}

static void
ask_chain(struct desk *d, size_t size)
{
	(void)size;
	ask_name(d, "c0.corp.example", TYPE_A);
}

static void
ask_deep(struct desk *d, size_t size)
{
	(void)size;
	ask_name(d, DEEP "corp.example", TYPE_A);
}

static void
ask_edns(struct desk *d, size_t size)
{
	ask_plain(d, size);
	writer_u8(&d->out, 0);
	put_head(d, SECTION_ADDITIONAL, TYPE_OPT, 12);
	writer_u16(&d->out, OPTION_COOKIE);
	writer_u16(&d->out, 8);
	writer_bytes(&d->out, "clientck", 8);
}

/** OPT filled with empty options. */
static void
ask_options(struct desk *d, size_t size)
{
	ask_plain(d, size);
	writer_u8(&d->out, 0);
	size = (size - d->out.len - 10) / 4 * 4;
	put_head(d, SECTION_ADDITIONAL, TYPE_OPT, (uint16_t)size);
	for (; size; size -= 4)
		writer_u32(&d->out, (uint32_t)OPTION_NSID << 16);
}

/** Additional records that are passed by, as small as can be. */
static void
ask_additional(struct desk *d, size_t size)
{
	ask_plain(d, size);
	while (d->out.len + 11 <= size) {
		writer_u8(&d->out, 0);
		put_head(d, SECTION_ADDITIONAL, TYPE_UNREAD, 0);
	}
}

static void
reply_to(struct desk *d, uint16_t type)
{
	begin(d, "www.dc.example", type, MSG_QR | MSG_RD | MSG_RA);
}

static void
put_answer(struct desk *d, uint16_t pointer, uint16_t type)
{
	writer_u16(&d->out, (uint16_t)(0xc000 | pointer));
	put_head(d, SECTION_ANSWER, type, 4);
	writer_u32(&d->out, 0x0a000001);
}

static void
reply_plain(struct desk *d, size_t size)
{
	(void)size;
	reply_to(d, TYPE_A);
	put_answer(d, MSG_HEADER_OCTETS, TYPE_A);
}

/** One set as large as the message. */
static void
reply_large(struct desk *d, size_t size)
{
	reply_to(d, TYPE_A);
	while (d->out.len + 16 <= size)
		put_answer(d, MSG_HEADER_OCTETS, TYPE_A);
}

/**
 * Owners of the asked type behind nearly as many pointers as are followed.  They lead through
 * data that nobody reads.
 */
static void
reply_pointers(struct desk *d, size_t size)
{
	unsigned at = 0;

	reply_to(d, TYPE_TXT);
	writer_u16(&d->out, 0xc00c);
	put_head(d, SECTION_ANSWER, TYPE_UNREAD, 512);
	for (unsigned i = 0; i < 128; i++) {	/* a label and a pointer to the one before */
		unsigned before = i ? at : MSG_HEADER_OCTETS;

		at = (unsigned)d->out.len;
		writer_u16(&d->out, 0x0161);
		writer_u16(&d->out, (uint16_t)(0xc000 | before));
	}
	while (d->out.len + 16 <= size)
		put_answer(d, (uint16_t)(at - 4 * 16), TYPE_TXT);
}

static const struct row {
	const char *name;
	make_fn make;
	size_t size;
} rows[] = {
	{ "query plain ordinary", ask_plain, 0 },
	{ "query negative ordinary", ask_negative, 0 },
	{ "query edns ordinary", ask_edns, 0 },
	{ "query deep", ask_deep, 0 },
	{ "query chain", ask_chain, 0 },
	{ "query options-1232", ask_options, 1232 },
	{ "query options-65535", ask_options, 65535 },
	{ "query additional-1232", ask_additional, 1232 },
	{ "query additional-65535", ask_additional, 65535 },
	{ "reply plain ordinary", reply_plain, 0 },
	{ "reply large-1232", reply_large, 1232 },
	{ "reply large-65535", reply_large, 65535 },
	{ "reply pointers-1232", reply_pointers, 1232 },
	{ "reply pointers-65535", reply_pointers, 65535 },
};

/** What callgrind counts: a packet from where io hands it over to where io gets it back. */
void measured(struct desk *d, bool stream);

void __attribute__((noinline))
measured(struct desk *d, bool stream)
{
	uint16_t rcode;

	if (d->packet[2] & MSG_QR >> 8) {
		const struct reply_expected expected = {
			.ask = &d->ask, .id = 1, .asked = d->ask.name.wire,
			.domain = name_wire_suffix(d->ask.name.wire, 2),
		};

		reply_read(d->packet, d->out.len, &expected, (struct cached *)(void *)d->kept,
			   &rcode);
	} else {
		struct request request = {
			.packet = d->packet, .len = d->out.len, .now_ms = 1000,
			.client = { .addr = world_addr("10.0.0.9", 4000), .stream = stream },
		};
		struct writer out = writer_over(d->reply, stream ? sizeof(d->reply)
								 : UDP_REPLY_OCTETS);

		resolve_query(&d->world.resolver, &request, &out);
	}
}

static struct desk *
desk_new(void)
{
	struct desk *d = calloc(1, sizeof(*d));
	char text[8192];
	int len;

	len = snprintf(text, sizeof(text), "vpc hub 10.0.0.0/16 eu-west-1\nzone Z corp.example hub\n"
		       "www 60 A 10.0.0.1\nallow 10.0.0.0/8\nidentity ns1\nlisten 5300 hub\n");
	for (unsigned i = 0; i < CHAIN; i++)
		len += snprintf(text + len, sizeof(text) - (size_t)len, "c%u 60 CNAME c%u\n", i,
				i + 1);
	if (!d)
		wire_die("out of memory", "");
	world_load(&d->world, text);
	return d;
}

int
main(void)
{
	struct desk *d = desk_new();

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		rows[i].make(d, rows[i].size);
		measured(d, rows[i].size > UDP_REPLY_OCTETS);
		printf("%s %zu\n", rows[i].name, d->out.len);
	}
	world_end(&d->world);
	free(d);
	return 0;
}
