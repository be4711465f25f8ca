#include "engine/reply.h"

#include "unit/unit.h"
#include "unit/wire.h"

#define ID 0x1234

/* One exchange: what was asked, the packet that came, what was kept. */
struct exchange {
	struct ask ask;
	struct name domain;
	uint8_t packet[70000];
	struct writer out;
	_Alignas(8) uint8_t room[CACHED_MAX_OCTETS];
	uint16_t rcode;
	bool any_case;
	char text[4096];
};

static struct cached *
kept(struct exchange *x)
{
	return (struct cached *)(void *)x->room;
}

/** A reply to NAME TYPE of the rule for dc.example: header and question. */
static void
begin(struct exchange *x, const char *name, uint16_t type, uint16_t flags)
{
	x->ask = (struct ask){ .type = type, .klass = CLASS_IN, .name = wire_name(name, NULL) };
	x->domain = wire_name("dc.example", NULL);
	x->out = writer_over(x->packet, sizeof(x->packet));
	writer_u16(&x->out, ID);
	writer_u16(&x->out, (uint16_t)(MSG_QR | MSG_RD | MSG_RA | flags));
	writer_u16(&x->out, 1);
	writer_u16(&x->out, 0);
	writer_u32(&x->out, 0);
	writer_bytes(&x->out, x->ask.name.wire, x->ask.name.len);
	writer_u16(&x->out, type);
	writer_u16(&x->out, CLASS_IN);
}

/** "authority ..." and "additional ..." go there, all else is answer. */
static void
append(struct exchange *x, const char *record)
{
	if (strncmp(record, "authority ", 10) == 0)
		wire_append(&x->out, SECTION_AUTHORITY, record + 10);
	else if (strncmp(record, "additional ", 11) == 0)
		wire_append(&x->out, SECTION_ADDITIONAL, record + 11);
	else
		wire_append(&x->out, SECTION_ANSWER, record);
}

static enum reply_kind
read_len(struct exchange *x, size_t len)
{
	const struct reply_expected expected = { &x->ask, ID, x->ask.name.wire, x->any_case,
						 x->domain.wire };

	return reply_read(x->packet, len, &expected, kept(x), &x->rcode);
}

/** What was kept, printed as the reply it would make. */
static const char *
print_kept(struct exchange *x)
{
	static uint8_t reply[70000];
	uint8_t wire[NAME_MAX_OCTETS + 4];
	const struct cached *entry = kept(x);
	struct question q;
	struct builder b;

	question_make(&x->ask.name, x->ask.type, &q, wire);
	build_reply(&b, reply, sizeof(reply), &q, entry->rcode, 0);
	for (unsigned i = 0; i < entry->set_count; i++) {
		struct rrset set = cached_rrset(entry, i);

		assert_true(build_rrset(&b, (enum section)entry->sets[i].section, &set,
					set.ttl_s));
	}
	return wire_print(reply, b.out.len, x->text, sizeof(x->text));
}

static void
only_the_reply_to_our_question_is_accepted(void **state)
{
	static const struct {
		int line;
		size_t at;
		uint8_t octet;
		enum reply_kind want;
	} rows[] = {
		{ __LINE__, 0, 0x12, REPLY_ANSWER },	/* unchanged */
		{ __LINE__, 0, 0x13, REPLY_IGNORED },	/* ID */
		{ __LINE__, 1, 0x35, REPLY_IGNORED },
		{ __LINE__, 2, 0x01, REPLY_IGNORED },	/* QR */
		{ __LINE__, 2, 0xa9, REPLY_IGNORED },	/* opcode NOTIFY */
		{ __LINE__, 5, 0, REPLY_IGNORED },	/* no question */
		{ __LINE__, 5, 2, REPLY_IGNORED },	/* two */
		{ __LINE__, 13, 'W', REPLY_SUSPECT },	/* letter case not as sent */
		{ __LINE__, 13, 'x', REPLY_IGNORED },	/* another name */
		{ __LINE__, 29, 28, REPLY_IGNORED },	/* another type */
		{ __LINE__, 31, 3, REPLY_IGNORED },	/* another class */
		{ __LINE__, 7, 2, REPLY_IGNORED },	/* fewer records than it says */
		{ __LINE__, 42, 5, REPLY_IGNORED },	/* rdlength beyond the packet */
		{ __LINE__, 42, 3, REPLY_IGNORED },	/* an address of three octets */
	};
	struct exchange *x = calloc(1, sizeof(*x));

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		begin(x, "www.dc.example", TYPE_A, 0);
		/* the owner as a pointer, so that offsets are easily counted */
		writer_u16(&x->out, 0xc00c);
		writer_u32(&x->out, TYPE_A << 16 | CLASS_IN);
		writer_u32(&x->out, 60);
		writer_u16(&x->out, 4);
		writer_u32(&x->out, 0x0a000001);
		x->packet[7] = 1;
		x->packet[rows[i].at] = rows[i].octet;
		row_int(rows[i].line, read_len(x, x->out.len), rows[i].want);
	}
	free(x);
}

static void
where_the_case_says_nothing_it_need_not_match(void **state)
{
	struct exchange *x = calloc(1, sizeof(*x));
	struct reply_expected expected;

	(void)state;
	begin(x, "www.dc.example", TYPE_A, 0);
	append(x, "www.dc.example. 60 A 10.0.0.1");
	expected = (struct reply_expected){ .ask = &x->ask, .asked = x->ask.name.wire };
	assert_true(reply_keeps_case(x->packet, &expected));
	x->packet[13] = 'W';
	assert_false(reply_keeps_case(x->packet, &expected));
	assert_int_equal(read_len(x, x->out.len), REPLY_SUSPECT);
	x->any_case = true;
	assert_int_equal(read_len(x, x->out.len), REPLY_ANSWER);
	/* a letter is not a digit, nor '@' the small one of a backquote */
	x->packet[13] = 'w' & ~0x40;
	assert_int_equal(read_len(x, x->out.len), REPLY_IGNORED);
	/* what is broken is not even suspect */
	x->packet[13] = 'W';
	x->any_case = false;
	assert_int_equal(read_len(x, x->out.len - 1), REPLY_IGNORED);
	free(x);
}

static void
a_reply_cut_short_is_ignored(void **state)
{
	struct exchange *x = calloc(1, sizeof(*x));

	(void)state;
	begin(x, "www.dc.example", TYPE_A, 0);
	append(x, "www.dc.example. 60 CNAME a.dc.example.");
	append(x, "a.dc.example. 60 A 10.0.0.1");
	for (size_t len = 0; len < x->out.len; len++)
		assert_int_equal(read_len(x, len), REPLY_IGNORED);
	assert_int_equal(read_len(x, x->out.len), REPLY_ANSWER);
	free(x);
}

struct row {
	int line;
	const char *name;
	uint16_t type, flags;
	const char *records[8];
	const char *want;
};

static void
read_rows(const struct row *rows, size_t count, bool dnssec_ok)
{
	struct exchange *x = calloc(1, sizeof(*x));

	for (const struct row *row = rows; row < rows + count; row++) {
		begin(x, row->name, row->type, row->flags);
		x->ask.dnssec_ok = dnssec_ok;
		for (const char *const *record = row->records; *record; record++)
			append(x, *record);
		row_int(row->line, read_len(x, x->out.len), REPLY_ANSWER);
		row_string(row->line, print_kept(x), row->want);
	}
	free(x);
}

static void
the_chain_and_the_set_it_ends_in_are_kept(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "www.dc.example", TYPE_A, 0,
		  { "www.dc.example. 60 A 10.0.0.1", "www.dc.example. 50 A 10.0.0.2" },
		  "NOERROR; www.dc.example. 50 A 10.0.0.1; www.dc.example. 50 A 10.0.0.2" },
		{ __LINE__, "www.dc.example", TYPE_A, MSG_AA,
		  { "WWW.DC.example. 60 A 10.0.0.1" },
		  "NOERROR; www.dc.example. 60 A 10.0.0.1" },
		{ __LINE__, "www.dc.example", TYPE_A, 0,
		  { "www.dc.example. 60 CNAME a.dc.example.",
		    "a.dc.example. 70 CNAME b.dc.example.", "b.dc.example. 80 A 10.0.0.1" },
		  "NOERROR; www.dc.example. 60 CNAME a.dc.example.; "
		  "a.dc.example. 70 CNAME b.dc.example.; b.dc.example. 80 A 10.0.0.1" },
		/* in any order */
		{ __LINE__, "www.dc.example", TYPE_A, 0,
		  { "a.dc.example. 80 A 10.0.0.1", "www.dc.example. 60 CNAME a.dc.example.",
		    "a.dc.example. 80 A 10.0.0.2" },
		  "NOERROR; www.dc.example. 60 CNAME a.dc.example.; "
		  "a.dc.example. 80 A 10.0.0.1; a.dc.example. 80 A 10.0.0.2" },
		{ __LINE__, "www.dc.example", TYPE_A, 0,
		  { "b.dc.example. 80 A 10.0.0.1", "a.dc.example. 70 CNAME b.dc.example.",
		    "www.dc.example. 60 CNAME a.dc.example." },
		  "NOERROR; www.dc.example. 60 CNAME a.dc.example.; "
		  "a.dc.example. 70 CNAME b.dc.example.; b.dc.example. 80 A 10.0.0.1" },
		/* asked for itself a CNAME is the answer */
		{ __LINE__, "www.dc.example", TYPE_CNAME, 0,
		  { "www.dc.example. 60 CNAME a.dc.example.", "a.dc.example. 70 A 10.0.0.1" },
		  "NOERROR; www.dc.example. 60 CNAME a.dc.example." },
		/* names inside data are kept whole */
		{ __LINE__, "dc.example", TYPE_MX, 0, { "dc.example. 60 MX 10 mail.dc.example." },
		  "NOERROR; dc.example. 60 MX 10 mail.dc.example." },
		{ __LINE__, "dc.example", TYPE_SOA, 0,
		  { "dc.example. 60 SOA a.dc.example. b. 1 2 3 4 5" },
		  "NOERROR; dc.example. 60 SOA" },
		/* of everything at a name the first set */
		{ __LINE__, "dc.example", TYPE_ANY, 0,
		  { "dc.example. 60 TXT one", "dc.example. 60 A 10.0.0.1",
		    "dc.example. 60 TXT two" },
		  "NOERROR; dc.example. 60 TXT \"one\"; dc.example. 60 TXT \"two\"" },
		/* no record has the type ANY, and it does not open a set for another */
		{ __LINE__, "dc.example", TYPE_ANY, 0,
		  { "dc.example. 60 AXFR x", "dc.example. 60 ANY x", "dc.example. 60 A 10.0.0.1" },
		  "NOERROR; dc.example. 60 A 10.0.0.1" },
		/* a rcode that the data contradicts */
		{ __LINE__, "www.dc.example", TYPE_A, RCODE_NXDOMAIN,
		  { "www.dc.example. 60 A 10.0.0.1" }, "NOERROR; www.dc.example. 60 A 10.0.0.1" },
		/* a TTL with its upper bit set is 0 (RFC 2181 8) */
		{ __LINE__, "www.dc.example", TYPE_A, 0,
		  { "www.dc.example. 2147483648 A 10.0.0.1" },
		  "NOERROR; www.dc.example. 0 A 10.0.0.1" },
	};

	(void)state;
	read_rows(rows, COUNT_OF(rows), false);
}

static void
nothing_that_merely_came_along_is_kept(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "www.dc.example", TYPE_A, 0,
		  { "www.dc.example. 60 A 10.0.0.1", "corp.example. 60 A 6.6.6.6",
		    "mail.dc.example. 60 A 6.6.6.6", "www.dc.example. 60 TXT planted",
		    "authority dc.example. 60 NS ns.evil.", "additional ns.evil. 60 A 6.6.6.6",
		    "authority dc.example. 60 SOA a. b. 1 2 3 4 5" },
		  "NOERROR; www.dc.example. 60 A 10.0.0.1" },
		{ __LINE__, "www.dc.example", TYPE_A, 0,
		  { "dc.example. 60 DNAME evil.", "www.dc.example. 60 CNAME a.dc.example.",
		    "a.dc.example. 60 A 10.0.0.1", "www.dc.example. 60 CNAME b.dc.example.",
		    "b.dc.example. 60 A 6.6.6.6", "x.dc.example. 60 CNAME a.dc.example." },
		  "NOERROR; www.dc.example. 60 CNAME a.dc.example.; a.dc.example. 60 A 10.0.0.1" },
		{ __LINE__, "no.dc.example", TYPE_A, RCODE_NXDOMAIN,
		  { "authority evil. 60 SOA a. b. 1 2 3 4 5",
		    "authority dc.example. 60 NS ns.evil.",
		    "authority dc.example. 60 SOA a. b. 1 2 3 4 5",
		    "authority dc.example. 99 SOA a. b. 1 2 3 4 99" },
		  "NXDOMAIN; authority dc.example. 60 SOA" },
		/* without DO no signatures either */
		{ __LINE__, "www.dc.example", TYPE_A, 0,
		  { "www.dc.example. 60 A 10.0.0.1",
		    "www.dc.example. 60 RRSIG 1 8 3 60 1 2 3 dc.example. sig" },
		  "NOERROR; www.dc.example. 60 A 10.0.0.1" },
	};

	(void)state;
	read_rows(rows, COUNT_OF(rows), false);
}

static void
a_chain_is_cut_where_it_leaves_the_rules_domain(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "www.dc.example", TYPE_A, 0,
		  { "www.dc.example. 60 CNAME www.corp.example.",
		    "www.corp.example. 60 A 6.6.6.6" },
		  "NOERROR; www.dc.example. 60 CNAME www.corp.example." },
		{ __LINE__, "www.dc.example", TYPE_A, 0,
		  { "www.dc.example. 60 CNAME a.corp.example.",
		    "a.corp.example. 60 CNAME b.dc.example.", "b.dc.example. 60 A 6.6.6.6" },
		  "NOERROR; www.dc.example. 60 CNAME a.corp.example." },
		/* the rcode then spoke of a name that is none of its business */
		{ __LINE__, "www.dc.example", TYPE_A, RCODE_NXDOMAIN,
		  { "www.dc.example. 60 CNAME no.corp.example.",
		    "authority corp.example. 60 SOA a. b. 1 2 3 4 5" },
		  "NOERROR; www.dc.example. 60 CNAME no.corp.example." },
		{ __LINE__, "www.dc.example", TYPE_A, 0,
		  { "www.dc.example. 60 CNAME xdc.example.", "xdc.example. 60 A 6.6.6.6" },
		  "NOERROR; www.dc.example. 60 CNAME xdc.example." },
	};

	(void)state;
	read_rows(rows, COUNT_OF(rows), false);
}

static void
negative_answers_keep_the_soa_that_encloses_the_name(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "no.dc.example", TYPE_A, RCODE_NXDOMAIN,
		  { "authority dc.example. 60 SOA a. b. 1 2 3 4 5" },
		  "NXDOMAIN; authority dc.example. 60 SOA" },
		{ __LINE__, "no.dc.example", TYPE_A, 0,
		  { "authority dc.example. 60 SOA a. b. 1 2 3 4 5" },
		  "NOERROR; authority dc.example. 60 SOA" },
		/* the zone may lie above the rule's domain */
		{ __LINE__, "no.dc.example", TYPE_A, RCODE_NXDOMAIN,
		  { "authority example. 60 SOA a. b. 1 2 3 4 5" },
		  "NXDOMAIN; authority example. 60 SOA" },
		{ __LINE__, "no.dc.example", TYPE_A, RCODE_NXDOMAIN,
		  { "authority corp.example. 60 SOA a. b. 1 2 3 4 5" }, "NXDOMAIN" },
		{ __LINE__, "no.dc.example", TYPE_A, RCODE_NXDOMAIN, { NULL }, "NXDOMAIN" },
		{ __LINE__, "no.dc.example", TYPE_A, 0, { NULL }, "NOERROR" },
		{ __LINE__, "www.dc.example", TYPE_A, RCODE_NXDOMAIN,
		  { "www.dc.example. 60 CNAME no.dc.example.",
		    "authority dc.example. 60 SOA a. b. 1 2 3 4 5" },
		  "NXDOMAIN; www.dc.example. 60 CNAME no.dc.example.; "
		  "authority dc.example. 60 SOA" },
	};

	(void)state;
	read_rows(rows, COUNT_OF(rows), false);
}

static void
who_asks_for_dnssec_gets_signatures_and_denial(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "www.dc.example", TYPE_A, 0,
		  { "www.dc.example. 60 CNAME a.dc.example.",
		    "www.dc.example. 60 RRSIG 5 8 3 60 1 2 3 dc.example. sig1",
		    "a.dc.example. 60 A 10.0.0.1",
		    "a.dc.example. 60 RRSIG 1 8 3 60 1 2 3 dc.example. sig2",
		    "a.dc.example. 60 RRSIG 16 8 3 60 1 2 3 dc.example. sig3",
		    "evil. 60 RRSIG 1 8 3 60 1 2 3 evil. sig4" },
		  "NOERROR; www.dc.example. 60 CNAME a.dc.example.; a.dc.example. 60 A 10.0.0.1; "
		  "www.dc.example. 60 RRSIG 5 8 3 60 1 2 3 dc.example. sig1; "
		  "a.dc.example. 60 RRSIG 1 8 3 60 1 2 3 dc.example. sig2" },
		{ __LINE__, "no.dc.example", TYPE_A, RCODE_NXDOMAIN,
		  { "authority dc.example. 60 SOA a. b. 1 2 3 4 5",
		    "authority dc.example. 60 RRSIG 6 8 3 60 1 2 3 dc.example. sig1",
		    "authority m.dc.example. 60 NSEC z.dc.example. bits",
		    "authority m.dc.example. 60 NS ns.evil." },
		  "NXDOMAIN; authority dc.example. 60 SOA; "
		  "authority dc.example. 60 RRSIG 6 8 3 60 1 2 3 dc.example. sig1; "
		  "authority m.dc.example. 60 NSEC z.dc.example. bits" },
	};

	(void)state;
	read_rows(rows, COUNT_OF(rows), true);
}

static void
a_target_that_cannot_answer_says_why(void **state)
{
	static const struct {
		int line;
		uint16_t flags;
		const char *record;
		enum reply_kind want;
		uint16_t rcode;
	} rows[] = {
		{ __LINE__, RCODE_SERVFAIL, NULL, REPLY_FAILED, RCODE_SERVFAIL },
		{ __LINE__, RCODE_REFUSED, NULL, REPLY_FAILED, RCODE_REFUSED },
		{ __LINE__, RCODE_NOTIMP, NULL, REPLY_FAILED, RCODE_NOTIMP },
		{ __LINE__, RCODE_FORMERR, NULL, REPLY_FAILED, RCODE_FORMERR },
		{ __LINE__, MSG_TC | RCODE_SERVFAIL, NULL, REPLY_FAILED, RCODE_SERVFAIL },
		{ __LINE__, MSG_TC, NULL, REPLY_TRUNCATED, RCODE_NOERROR },
		{ __LINE__, MSG_TC, "www.dc.example. 60 A 10.0.0.1", REPLY_TRUNCATED,
		  RCODE_NOERROR },
		{ __LINE__, MSG_TC | RCODE_NXDOMAIN, NULL, REPLY_TRUNCATED, RCODE_NXDOMAIN },
		/* a referral: it wants us to iterate */
		{ __LINE__, 0, "authority www.dc.example. 60 NS ns.dc.example.", REPLY_FAILED,
		  RCODE_SERVFAIL },
	};
	struct exchange *x = calloc(1, sizeof(*x));

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		begin(x, "www.dc.example", TYPE_A, rows[i].flags);
		if (rows[i].record)
			append(x, rows[i].record);
		row_int(rows[i].line, read_len(x, x->out.len), rows[i].want);
		row_int(rows[i].line, x->rcode, rows[i].rcode);
	}
	free(x);
}

/* What is kept of a reply for www.sub.dc.example A, asked of servers of dc.example. */
static void
a_referral_leads_downwards_or_nowhere(void **state)
{
	static const struct {
		int line;
		const char *records[4];
		const char *kept;	/* NULL: REPLY_FAILED */
	} rows[] = {
		{ __LINE__, { "authority sub.dc.example. 60 NS ns.example.net." },
		  "NOERROR; authority sub.dc.example. 60 NS ns.example.net." },
		{ __LINE__, { "authority www.sub.dc.example. 60 NS ns.example.net." },
		  "NOERROR; authority www.sub.dc.example. 60 NS ns.example.net." },
		/* the whole set with its least TTL, and glue at or below the cut */
		{ __LINE__, { "authority SUB.dc.example. 60 NS NS.Sub.dc.example.",
			      "authority sub.dc.example. 30 NS sub.dc.example.",
			      "additional ns.SUB.dc.example. 50 A 10.0.0.1",
			      "additional sub.dc.example. 40 AAAA fd00::1" },
		  "NOERROR; authority sub.dc.example. 30 NS ns.sub.dc.example.; "
		  "authority sub.dc.example. 30 NS sub.dc.example.; "
		  "additional ns.sub.dc.example. 50 A 10.0.0.1; "
		  "additional sub.dc.example. 40 AAAA fd00::1" },
		/* glue of the parent's, of strangers, and of names that are no server */
		{ __LINE__, { "authority sub.dc.example. 60 NS ns.dc.example.",
			      "additional ns.dc.example. 60 A 10.0.0.1",
			      "additional ns.sub.dc.example. 60 A 10.0.0.1",
			      "additional ns.example.net. 60 A 10.0.0.1" },
		  "NOERROR; authority sub.dc.example. 60 NS ns.dc.example." },
		{ __LINE__, { "authority sub.dc.example. 60 NS ns.sub.dc.example.",
			      "additional ns.sub.dc.example. 60 TXT \"a\"" },
		  "NOERROR; authority sub.dc.example. 60 NS ns.sub.dc.example." },
		/* the first cut that is below, whatever stands before it */
		{ __LINE__, { "authority dc.example. 60 NS ns.dc.example.",
			      "authority sub.dc.example. 60 NS ns.dc.example." },
		  "NOERROR; authority sub.dc.example. 60 NS ns.dc.example." },
		/* where the servers are themselves, above, beside, below the question */
		{ __LINE__, { "authority dc.example. 60 NS ns.dc.example." }, NULL },
		{ __LINE__, { "authority example. 60 NS ns.dc.example." }, NULL },
		{ __LINE__, { "authority . 60 NS ns.dc.example." }, NULL },
		{ __LINE__, { "authority other.dc.example. 60 NS ns.dc.example." }, NULL },
		{ __LINE__, { "authority a.www.sub.dc.example. 60 NS ns.dc.example." }, NULL },
		/* with an SOA it is no referral */
		{ __LINE__, { "authority sub.dc.example. 60 NS ns.example.net.",
			      "authority dc.example. 60 SOA a. b. 1 2 3 4 5" },
		  "NOERROR; authority dc.example. 60 SOA" },
		/* behind a CNAME the target is a question of its own */
		{ __LINE__, { "www.sub.dc.example. 60 CNAME www.x.dc.example.",
			      "authority x.dc.example. 60 NS ns.example.net." },
		  "NOERROR; www.sub.dc.example. 60 CNAME www.x.dc.example." },
	};
	struct exchange *x = calloc(1, sizeof(*x));

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		for (unsigned taken = 0; taken < 2; taken++) {
			bool referral = rows[i].kept && strstr(rows[i].kept, " NS ");

			begin(x, "www.sub.dc.example", TYPE_A, 0);
			x->ask.referrals = taken;
			x->ask.dnssec_ok = true;
			for (unsigned k = 0; k < 4 && rows[i].records[k]; k++)
				append(x, rows[i].records[k]);
			if (!rows[i].kept || (referral && !taken)) {
				row_int(rows[i].line, read_len(x, x->out.len), REPLY_FAILED);
				row_int(rows[i].line, x->rcode, RCODE_SERVFAIL);
				continue;
			}
			row_int(rows[i].line, read_len(x, x->out.len), REPLY_ANSWER);
			row_string(rows[i].line, print_kept(x), rows[i].kept);
			row_int(rows[i].line, cached_is_referral(kept(x)), referral);
		}
	}
	free(x);
}

static void
a_referral_with_more_servers_than_fit_is_kept_in_part(void **state)
{
	struct exchange *x = calloc(1, sizeof(*x));

	(void)state;
	begin(x, "www.sub.dc.example", TYPE_A, 0);
	x->ask.referrals = true;
	for (unsigned i = 0; i < 40; i++) {
		char record[128];

		snprintf(record, sizeof(record),
			 "authority sub.dc.example. 60 NS n%u.sub.dc.example.", i);
		append(x, record);
	}
	for (unsigned i = 0; i < 40; i++) {
		char record[128];

		snprintf(record, sizeof(record), "additional n%u.sub.dc.example. 60 A 10.0.0.%u", i,
			 i);
		append(x, record);
		snprintf(record, sizeof(record), "additional n%u.sub.dc.example. 60 AAAA fd00::%u",
			 i, i);
		append(x, record);
	}
	assert_int_equal(read_len(x, x->out.len), REPLY_ANSWER);
	assert_int_equal(kept(x)->sets[0].count, 40);
	assert_int_equal(kept(x)->set_count, 1 + 2 * ASK_TARGETS_MAX);
	free(x);
}

static void
the_upper_bits_of_the_rcode_are_in_opt(void **state)
{
	struct exchange *x = calloc(1, sizeof(*x));

	(void)state;
	begin(x, "www.dc.example", TYPE_A, 0);
	writer_u8(&x->out, 0);
	writer_u16(&x->out, TYPE_OPT);
	writer_u16(&x->out, 1232);
	writer_u32(&x->out, 1u << 24);	/* BADVERS */
	writer_u16(&x->out, 0);
	x->packet[11] = 1;
	assert_int_equal(read_len(x, x->out.len), REPLY_FAILED);
	assert_int_equal(x->rcode, RCODE_BADVERS);
	free(x);
}

static void
a_chain_without_end_is_kept_in_part(void **state)
{
	struct exchange *x = calloc(1, sizeof(*x));

	(void)state;
	begin(x, "c0.dc.example", TYPE_A, RCODE_NXDOMAIN);
	for (unsigned i = 0; i < 40; i++) {
		char record[128];

		snprintf(record, sizeof(record), "c%u.dc.example. 60 CNAME c%u.dc.example.", i,
			 i + 1);
		append(x, record);
	}
	assert_int_equal(read_len(x, x->out.len), REPLY_ANSWER);
	assert_int_equal(kept(x)->set_count, REPLY_MAX_CHAIN);
	assert_int_equal(kept(x)->rcode, RCODE_NOERROR);

	/* backwards, each pass gets one link */
	begin(x, "c0.dc.example", TYPE_A, 0);
	for (unsigned i = 10; i--;) {
		char record[128];

		snprintf(record, sizeof(record), "c%u.dc.example. 60 CNAME c%u.dc.example.", i,
			 i + 1);
		append(x, record);
	}
	assert_int_equal(read_len(x, x->out.len), REPLY_ANSWER);
	assert_int_equal(kept(x)->set_count, 3);

	begin(x, "c0.dc.example", TYPE_A, 0);
	append(x, "c0.dc.example. 60 CNAME c0.dc.example.");
	assert_int_equal(read_len(x, x->out.len), REPLY_ANSWER);
	free(x);
}

static void
a_large_set_is_kept_and_a_larger_one_fails(void **state)
{
	struct exchange *x = calloc(1, sizeof(*x));

	(void)state;
	begin(x, "www.dc.example", TYPE_A, 0);
	for (unsigned i = 0; i < 4000; i++) {
		writer_u16(&x->out, 0xc00c);
		writer_u32(&x->out, TYPE_A << 16 | CLASS_IN);
		writer_u32(&x->out, 60);
		writer_u16(&x->out, 4);
		writer_u32(&x->out, i);
	}
	store_u16(x->packet + 6, 4000);
	assert_int_equal(read_len(x, x->out.len), REPLY_ANSWER);
	assert_int_equal(cached_rrset(kept(x), 0).count, 4000);
	assert_true(kept(x)->len <= CACHED_MAX_OCTETS);

	/* names that are pointers on the way grow beyond our room when written out */
	begin(x, "www.dc.example", TYPE_NS, 0);
	for (unsigned i = 0; i < 4000; i++) {
		writer_u16(&x->out, 0xc00c);
		writer_u32(&x->out, TYPE_NS << 16 | CLASS_IN);
		writer_u32(&x->out, 60);
		writer_u16(&x->out, 2);
		writer_u16(&x->out, 0xc00c);
	}
	store_u16(x->packet + 6, 4000);
	assert_int_equal(read_len(x, x->out.len), REPLY_FAILED);
	assert_int_equal(x->rcode, RCODE_SERVFAIL);
	free(x);
}

static void
a_failure_as_an_entry_has_its_text(void **state)
{
	_Alignas(8) static uint8_t room[CACHED_MAX_OCTETS];
	struct cached *entry = (struct cached *)(void *)room;

	(void)state;
	reply_failure(RCODE_SERVFAIL, EDE_NETWORK_ERROR, "why", entry);
	assert_int_equal(entry->rcode, RCODE_SERVFAIL);
	assert_int_equal(entry->ede, EDE_NETWORK_ERROR);
	assert_string_equal((const char *)room + entry->ede_text_at, "why");
	assert_int_equal(entry->len, sizeof(*entry) + 4);
	assert_int_equal(entry->set_count, 0);
	reply_failure(RCODE_REFUSED, EDE_NONE, NULL, entry);
	assert_int_equal(entry->ede_text_at, 0);
	assert_int_equal(entry->len, sizeof(*entry));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_reply_to_our_question_is_accepted),
		cmocka_unit_test(where_the_case_says_nothing_it_need_not_match),
		cmocka_unit_test(a_reply_cut_short_is_ignored),
		cmocka_unit_test(the_chain_and_the_set_it_ends_in_are_kept),
		cmocka_unit_test(nothing_that_merely_came_along_is_kept),
		cmocka_unit_test(a_chain_is_cut_where_it_leaves_the_rules_domain),
		cmocka_unit_test(negative_answers_keep_the_soa_that_encloses_the_name),
		cmocka_unit_test(who_asks_for_dnssec_gets_signatures_and_denial),
		cmocka_unit_test(a_target_that_cannot_answer_says_why),
		cmocka_unit_test(a_referral_leads_downwards_or_nowhere),
		cmocka_unit_test(a_referral_with_more_servers_than_fit_is_kept_in_part),
		cmocka_unit_test(the_upper_bits_of_the_rcode_are_in_opt),
		cmocka_unit_test(a_chain_without_end_is_kept_in_part),
		cmocka_unit_test(a_large_set_is_kept_and_a_larger_one_fails),
		cmocka_unit_test(a_failure_as_an_entry_has_its_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
