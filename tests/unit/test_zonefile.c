#include "load/zonefile.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "dns/codes.h"
#include "dns/name.h"
#include "dns/rdata.h"
#include "unit/files.h"
#include "unit/unit.h"

#define LIMIT ((size_t)64 << 20)

/* One zone, corp.example, read from z.zone. */
struct load {
	struct files files;
	struct arena arena;
	struct diags diags;
	struct estate estate;
	struct hosted_zone zone;
	enum status status;
};

static void
load_init(struct load *l)
{
	memset(l, 0, sizeof(*l));
	assert_true(files_init(&l->files));
	arena_init(&l->arena, SIZE_MAX);
}

static void
load_fini(struct load *l)
{
	estate_fini(&l->estate);
	arena_fini(&l->arena);
	files_fini(&l->files);
}

static void
load_run(struct load *l, size_t limit)
{
	static const struct srcloc at = { "site.yaml", 7, 16 };
	struct name name;

	diags_init(&l->diags, &l->arena, 0);
	estate_init(&l->estate, LIMIT);
	assert_int_equal(name_parse("corp.example", &name), OK);
	l->zone = (struct hosted_zone){ .id = "Z", .name_at = at };
	l->zone.name = name_store(&l->estate.arena, &name);
	l->estate.arena.limit = limit;
	l->status = zonefile_load(files_path(&l->files, "z.zone"), at, &l->zone, NULL,
				  &l->estate, &l->diags);
	diags_sort(&l->diags);
}

/** The records as lines, "OWNER TTL TYPE DATA" each; a set's begin with "-" but the first. */
static void
print_zone(const struct hosted_zone *zone, struct text *out)
{
	char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX];

	text_init(out);
	for (const struct record_set *set = zone->sets; set; set = set->next) {
		for (uint16_t i = 0; i < set->value_count; i++) {
			text_printf(out, "%s%s %u %s ", i ? "- " : "",
				    name_print(set->owner, name), set->ttl_s,
				    type_print(set->type, type));
			assert_int_equal(rdata_print(set->type, set->values[i], out), OK);
			text_append(out, "\n");
		}
	}
	text_append(out, "");
}

struct good {
	int line;
	const char *zone;
	const char *records;
};

static const struct good good_zones[] = {
	/* owners */
	{ __LINE__, "www 60 IN A 10.0.0.1\n", "www.corp.example. 60 A 10.0.0.1\n" },
	{ __LINE__, "WWW.Corp.Example. 60 IN A 10.0.0.1\n", "www.corp.example. 60 A 10.0.0.1\n" },
	{ __LINE__, "@ 60 A 10.0.0.1\n", "corp.example. 60 A 10.0.0.1\n" },
	{ __LINE__, "* 60 A 10.0.0.1\n", "*.corp.example. 60 A 10.0.0.1\n" },
	{ __LINE__, "a.b 60 A 10.0.0.1\n\t60 A 10.0.0.2\n  60 TXT \"x\"\n",
	  "a.b.corp.example. 60 A 10.0.0.1\n- a.b.corp.example. 60 A 10.0.0.2\n"
	  "a.b.corp.example. 60 TXT \"x\"\n" },
	{ __LINE__, "a\\.b 60 A 10.0.0.1\n", "a\\.b.corp.example. 60 A 10.0.0.1\n" },
	{ __LINE__, "a\\032b\\; 60 A 10.0.0.1\n", "a\\032b\\;.corp.example. 60 A 10.0.0.1\n" },
	{ __LINE__, "_sip._tcp 60 SRV 1 2 5060 sip\n",
	  "_sip._tcp.corp.example. 60 SRV 1 2 5060 sip.corp.example.\n" },

	/* TTL and class in either order, or not at all */
	{ __LINE__, "x IN 60 A 10.0.0.1\n", "x.corp.example. 60 A 10.0.0.1\n" },
	{ __LINE__, "x 60 IN A 10.0.0.1\ny A 10.0.0.2\n",
	  "x.corp.example. 60 A 10.0.0.1\ny.corp.example. 60 A 10.0.0.2\n" },
	{ __LINE__, "$TTL 1h30m\nx A 10.0.0.1\ny 2D A 10.0.0.1\nz A 10.0.0.1\n",
	  "x.corp.example. 5400 A 10.0.0.1\ny.corp.example. 172800 A 10.0.0.1\n"
	  "z.corp.example. 5400 A 10.0.0.1\n" },
	{ __LINE__, "$TTL 1w\nx class1 a 10.0.0.1\n", "x.corp.example. 604800 A 10.0.0.1\n" },
	{ __LINE__, "@ SOA ns host 1 7200 15m 2w 1d\nx A 10.0.0.1\n",
	  "corp.example. 86400 SOA ns.corp.example. host.corp.example. 1 7200 900 1209600 86400\n"
	  "x.corp.example. 86400 A 10.0.0.1\n" },
	{ __LINE__, "x 0 A 10.0.0.1\n", "x.corp.example. 0 A 10.0.0.1\n" },
	{ __LINE__, "x 2147483647 A 10.0.0.1\n", "x.corp.example. 2147483647 A 10.0.0.1\n" },

	/* lines */
	{ __LINE__, "; a comment\n\n   \n  ; another\nx 60 A 10.0.0.1 ; behind\n",
	  "x.corp.example. 60 A 10.0.0.1\n" },
	{ __LINE__, "@ 60 SOA ns host ( ; serial\n 2026010101 ; (\n 7200 900\n 1209600 300 )\n",
	  "corp.example. 60 SOA ns.corp.example. host.corp.example. 2026010101 7200 900 1209600 "
	  "300\n" },
	{ __LINE__, "x 60 ( IN\n A ( 10.0.0.1 ) )\ny 60 A 10.0.0.2\n",
	  "x.corp.example. 60 A 10.0.0.1\ny.corp.example. 60 A 10.0.0.2\n" },
	{ __LINE__, "x 60 A 10.0.0.1\r\ny 60 A 10.0.0.2\r\n",
	  "x.corp.example. 60 A 10.0.0.1\ny.corp.example. 60 A 10.0.0.2\n" },
	{ __LINE__, "()\nx 60 A 10.0.0.1\n", "x.corp.example. 60 A 10.0.0.1\n" },

	/* directives */
	{ __LINE__, "$ORIGIN eu.corp.example.\nx 60 A 10.0.0.1\n$origin west\ny 60 CNAME x\n@ 60 A "
	  "10.0.0.3\n",
	  "x.eu.corp.example. 60 A 10.0.0.1\ny.west.eu.corp.example. 60 CNAME "
	  "x.west.eu.corp.example.\nwest.eu.corp.example. 60 A 10.0.0.3\n" },
	{ __LINE__, "$ORIGIN .\nx.corp.example 60 CNAME y.example\n",
	  "x.corp.example. 60 CNAME y.example.\n" },

	/* sets: records in a row are one, others are not */
	{ __LINE__, "x 60 A 10.0.0.1\nx 60 A 10.0.0.2\nx 60 AAAA ::1\nx 60 A 10.0.0.3\n",
	  "x.corp.example. 60 A 10.0.0.1\n- x.corp.example. 60 A 10.0.0.2\n"
	  "x.corp.example. 60 AAAA ::1\nx.corp.example. 60 A 10.0.0.3\n" },

	/* data */
	{ __LINE__, "x 60 TXT \"a b\" c \"d;e\" \"f(g\" \"h\\\"i\" j\\ k \"\\065\"\n",
	  "x.corp.example. 60 TXT \"a b\" \"c\" \"d;e\" \"f(g\" \"h\\\"i\" \"j k\" \"A\"\n" },
	{ __LINE__, "x 60 TXT \"\"\n", "x.corp.example. 60 TXT \"\"\n" },
	{ __LINE__, "x 60 TXT ( \"one\"\n\t\"two\" )\n",
	  "x.corp.example. 60 TXT \"one\" \"two\"\n" },
	{ __LINE__, "x 60 CNAME Mixed.Case\n",
	  "x.corp.example. 60 CNAME Mixed.Case.corp.example.\n" },
	{ __LINE__, "x 60 CNAME @\n", "x.corp.example. 60 CNAME corp.example.\n" },
	{ __LINE__, "x 60 CNAME .\n", "x.corp.example. 60 CNAME .\n" },
	{ __LINE__, "x 60 CNAME a\\.\n", "x.corp.example. 60 CNAME a\\..corp.example.\n" },
	{ __LINE__, "x 60 MX 10 mail\nx 60 MX 20 mail.example.org.\n",
	  "x.corp.example. 60 MX 10 mail.corp.example.\n- x.corp.example. 60 MX 20 "
	  "mail.example.org.\n" },
	{ __LINE__, "x 60 CAA 0 issue \"ca.example\"\n",
	  "x.corp.example. 60 CAA 0 issue \"ca.example\"\n" },
	{ __LINE__, "x 60 NAPTR 100 10 \"U\" \"E2U+sip\" \"!^.*$!sip:x@y!\" .\n",
	  "x.corp.example. 60 NAPTR 100 10 \"U\" \"E2U+sip\" \"!^.*$!sip:x@y!\" .\n" },
	{ __LINE__, "x 60 HTTPS 1 . alpn=\"h2,h3\" ipv4hint=10.0.0.1\nx 60 SVCB 1 y port=8443\n",
	  "x.corp.example. 60 HTTPS 1 . alpn=h2,h3 ipv4hint=10.0.0.1\n"
	  "x.corp.example. 60 SVCB 1 y.corp.example. port=8443\n" },
	{ __LINE__, "x 60 SVCB 1 \\@.y port=8443\nx 60 HTTPS 1 @ port=8443\n",
	  "x.corp.example. 60 SVCB 1 @.y.corp.example. port=8443\n"
	  "x.corp.example. 60 HTTPS 1 corp.example. port=8443\n" },
	{ __LINE__, "x 60 SSHFP 1 1 ( 123456789abcdef67890\n 123456789abcdef67890 )\n",
	  "x.corp.example. 60 SSHFP 1 1 123456789abcdef67890123456789abcdef67890\n" },
	{ __LINE__, "x 60 TLSA 3 1 1 ab cd\nx 60 DS 12345 8 2 ABCDEF\n",
	  "x.corp.example. 60 TLSA 3 1 1 abcd\nx.corp.example. 60 DS 12345 8 2 abcdef\n" },
	{ __LINE__, "x 60 CERT PGP 12345 8 AAAA\n", "x.corp.example. 60 CERT PGP 12345 8 AAAA\n" },
	{ __LINE__, "x 60 TYPE65280 \\# 4 0A00 0001\n",
	  "x.corp.example. 60 TYPE65280 \\# 4 0a000001\n" },
	{ __LINE__, "x 60 TYPE65280 \\# 0\n", "x.corp.example. 60 TYPE65280 \\# 0\n" },
	{ __LINE__, "x 60 A \\# 4 0a000001\nx 60 TYPE1 10.0.0.2\n",
	  "x.corp.example. 60 A 10.0.0.1\n- x.corp.example. 60 A 10.0.0.2\n" },
	{ __LINE__, "x 60 LOC 52 22 23 N 4 53 32 E -2m\n",
	  "x.corp.example. 60 LOC 52 22 23.000 N 04 53 32.000 E -2m 1m 10000m 10m\n" },
	{ __LINE__, "x 60 SPF \"v=spf1 -all\"\nx 60 HINFO PC \"Linux 6\"\n",
	  "x.corp.example. 60 SPF \"v=spf1 -all\"\nx.corp.example. 60 HINFO \"PC\" \"Linux 6\"\n" },
};

static void
zone_files_give_these_records(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(good_zones); i++) {
		const struct good *row = &good_zones[i];
		struct text text;
		struct load l;

		load_init(&l);
		row_true(row->line, files_write(&l.files, "z.zone", row->zone));
		load_run(&l, LIMIT);
		if (l.diags.first)
			row_string(row->line, l.diags.first->message, "");
		row_int(row->line, l.status, OK);
		print_zone(&l.zone, &text);
		row_string(row->line, text.data, row->records);
		text_fini(&text);
		load_fini(&l);
	}
}

struct spelled {
	int line;
	const char *zone;
	unsigned at;	/* the line of the only warning; 0: there is none */
};

static const struct spelled spelled_zones[] = {
	{ __LINE__, "x 60 A 10.0.0.1\nX 60 A 10.0.0.2\n", 1 },
	{ __LINE__, "X 60 A 10.0.0.1\nx 60 A 10.0.0.2\n", 2 },
	{ __LINE__, "x 60 A 10.0.0.1\ny 60 A 10.0.0.1\nX 60 A 10.0.0.2\n", 1 },
	{ __LINE__, "X 60 A 10.0.0.1\ny 60 A 10.0.0.1\nx 60 A 10.0.0.2\n", 3 },
	{ __LINE__, "\\120 60 A 10.0.0.1\ny 60 A 10.0.0.1\nx 60 A 10.0.0.2\n", 3 },
	{ __LINE__, "API 60 A 10.0.0.1\ny 60 A 10.0.0.1\nApi 60 A 10.0.0.2\n", 3 },
	/* told once */
	{ __LINE__, "x 60 A 10.0.0.1\nX 60 A 10.0.0.2\ny 60 A 10.0.0.1\nx 60 A 10.0.0.3\n", 4 },
	/* one spelling, however long */
	{ __LINE__, "X 60 A 10.0.0.1\ny 60 A 10.0.0.1\nX 60 A 10.0.0.2\n", 0 },
	{ __LINE__, "X 60 A 10.0.0.1\nX.corp.example. 60 A 10.0.0.2\n", 0 },
	/* another type */
	{ __LINE__, "X 60 A 10.0.0.1\nx 60 AAAA ::1\n", 0 },
	/* the zone's own name */
	{ __LINE__, "@ 60 A 10.0.0.1\nCORP.example. 60 A 10.0.0.2\n", 0 },
};

static void
names_in_two_spellings_are_told_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(spelled_zones); i++) {
		const struct spelled *row = &spelled_zones[i];
		struct load l;

		load_init(&l);
		row_true(row->line, files_write(&l.files, "z.zone", row->zone));
		load_run(&l, LIMIT);
		row_int(row->line, l.status, OK);
		row_int(row->line, l.diags.warnings, row->at ? 1 : 0);
		if (l.diags.first) {
			row_string(row->line, l.diags.first->code, "same-name-twice");
			row_int(row->line, l.diags.first->at.line, row->at);
		}
		load_fini(&l);
	}
}

struct bad {
	int line;
	const char *zone;
	const char *error;	/* "line:column code", the only error */
	const char *says;
};

static const struct bad bad_zones[] = {
	/* cut off */
	{ __LINE__, "", "7:16 empty-file", "holds no records" },
	{ __LINE__, "; nothing but this\n", "7:16 empty-file", "holds no records" },
	{ __LINE__, "$TTL 60\nx A 10.0.0.1\ny A 10.0.", "3:5 unfinished-file",
	  "if it was not cut" },
	{ __LINE__, "$TTL 60\n@ SOA a b ( 1 2\n 3", "2:11 syntax", "never closed" },
	{ __LINE__, "$TTL 60\n@ SOA a b ( 1 2\n 3\n", "2:11 syntax", "never closed" },
	{ __LINE__, "$TTL 60\nx TXT \"abc\n", "2:7 syntax", "not closed in its line" },
	{ __LINE__, "$TTL 60\nx TXT \"abc", "2:7 syntax", "not closed in its line" },
	{ __LINE__, "x 60 HTTPS 1 . alpn=\"h2\n", "1:21 syntax", "not closed in its line" },
	{ __LINE__, "x 60 A 10.0.0.1 )\n", "1:17 syntax", "without an opening one" },
	{ __LINE__, "x 60 A\n", "1:6 bad-data", "end early" },
	{ __LINE__, "x 60 MX 10\n", "1:9 bad-data", "end early" },
	{ __LINE__, "x 60\n", "1:3 bad-record", "before its type" },
	{ __LINE__, "x\n", "1:1 bad-record", "before its type" },

	/* owner, TTL, class, type */
	{ __LINE__, " 60 A 10.0.0.1\n", "1:2 bad-record", "none before it" },
	{ __LINE__, "a..b 60 A 10.0.0.1\n", "1:1 bad-name", "empty label" },
	{ __LINE__, "\"a\" 60 A 10.0.0.1\n", "1:1 bad-name", "no domain name" },
	{ __LINE__, "a\\999 60 A 10.0.0.1\n", "1:1 bad-name", "bad escape" },
	{ __LINE__, "www.example.org. 60 A 10.0.0.1\n 60 A 10.0.0.2\n", "1:1 out-of-zone",
	  "www.example.org." },
	{ __LINE__, "$ORIGIN example.\nwww 60 A 10.0.0.1\n", "2:1 out-of-zone",
	  "\"www\" is www.example. here" },
	{ __LINE__, "x 60x A 10.0.0.1\n", "1:3 bad-ttl", "60x" },
	{ __LINE__, "x 2147483648 A 10.0.0.1\n", "1:3 bad-ttl", "2147483647" },
	{ __LINE__, "x A 10.0.0.1\n", "1:3 no-ttl", "no $TTL before it" },
	{ __LINE__, "x 60 CH A 10.0.0.1\n", "1:6 bad-class", "class IN" },
	{ __LINE__, "x 60 CLASS3 A 10.0.0.1\n", "1:6 bad-class", "class IN" },
	{ __LINE__, "x 60 IN AA 10.0.0.1\n", "1:9 bad-record", "\"AA\": no record type" },
	{ __LINE__, "x 60 IN AXFR 10.0.0.1\n", "1:9 bad-record", "only asked for" },

	/* data */
	{ __LINE__, "x 60 A 10.0.0.256\n", "1:8 bad-data", "\"10.0.0.256\": no IPv4 address" },
	{ __LINE__, "x 60 A 10.0.0.1 10.0.0.2\n", "1:17 bad-data", "more than the data" },
	{ __LINE__, "x 60 A \"10.0.0.1\"\n", "1:8 bad-data", "not to be in quotes" },
	{ __LINE__, "x 60 AAAA 10.0.0.1\n", "1:11 bad-data", "no IPv6 address" },
	{ __LINE__, "x 60 MX ten mail\n", "1:9 bad-data", "from 0 to 65535" },
	{ __LINE__, "x 60 MX 65536 mail\n", "1:9 bad-data", "from 0 to 65535" },
	{ __LINE__, "x 60 CNAME a..b\n", "1:12 bad-data", "no domain name" },
	{ __LINE__, "@ 60 SOA a b (\n 1\n 2\n three\n 4\n 5 )\n", "4:2 bad-data", "no time" },
	{ __LINE__, "@ 60 SOA a b 4294967296 2 3 4 5\n", "1:14 bad-data", "4294967295" },
	{ __LINE__, "x 60 CAA 256 issue \"ca\"\n", "1:10 bad-data", "from 0 to 255" },
	{ __LINE__, "x 60 DS 12345 300 2 ABCDEF\n", "1:15 bad-data", "that fits" },
	{ __LINE__, "x 60 CERT 0 1 8 AAAA\n", "1:11 bad-data", "that fits" },
	{ __LINE__, "x 60 CERT PGP 65536 8 AAAA\n", "1:15 bad-data", "that fits" },
	{ __LINE__, "x 60 TLSA 3 1 1 xyz\n", "1:11 bad-data", "" },
	{ __LINE__, "x 60 TYPE65280 abc\n", "1:16 bad-data", "\\# LENGTH HEX" },
	{ __LINE__, "x 60 A \\# 4 0a0000\n", "1:13 bad-data", "fewer octets" },
	{ __LINE__, "x 60 A \\# 4 0a0000011\n", "1:13 bad-data", "more octets" },
	{ __LINE__, "x 60 A \\# 5 0a00000101\n", "1:8 bad-data", "not the data of this type" },
	{ __LINE__, "x 60 A \\# 4 0a0000zz\n", "1:13 bad-data", "hexadecimal" },

	/* directives */
	{ __LINE__, "$GENERATE 1-2 x$ 60 A 10.0.0.$\nx 60 A 10.0.0.1\n", "1:1 bad-directive",
	  "not supported" },
	{ __LINE__, "$FOO bar\nx 60 A 10.0.0.1\n", "1:1 bad-directive", "no such" },
	{ __LINE__, "$TTL\nx 60 A 10.0.0.1\n", "1:1 bad-directive", "one value" },
	{ __LINE__, "$TTL x\nx 60 A 10.0.0.1\n", "1:6 bad-ttl", "no TTL" },
	{ __LINE__, "$ORIGIN a..b.\nx 60 A 10.0.0.1\n", "1:9 bad-name", "empty label" },
	{ __LINE__, "$INCLUDE\nx 60 A 10.0.0.1\n", "1:1 bad-directive", "wants a file" },
	{ __LINE__, "$INCLUDE none\nx 60 A 10.0.0.1\n", "1:10 unreadable-file", "No such file" },
	{ __LINE__, "$INCLUDE .\nx 60 A 10.0.0.1\n", "1:10 not-a-file", "a directory" },
	{ __LINE__, "$INCLUDE z.zone\nx 60 A 10.0.0.1\n", "1:10 include-cycle", "go round" },
};

static bool
row_holds(const struct bad *row)
{
	const struct finding *f;
	char place[64] = "nothing";
	struct load l;
	bool holds;

	load_init(&l);
	assert_true(files_write(&l.files, "z.zone", row->zone));
	load_run(&l, LIMIT);
	f = l.diags.first;
	if (f)
		snprintf(place, sizeof(place), "%u:%u %s", f->at.line, f->at.column, f->code);
	holds = f && strcmp(place, row->error) == 0 && strstr(f->message, row->says) &&
		l.diags.errors == 1 && l.status == ERR_REJECTED;
	if (!holds)
		print_error("%s:%d: %s (%s), not %s (%s), %zu errors\n", __FILE__, row->line,
			    place, f ? f->message : "", row->error, row->says, l.diags.errors);
	load_fini(&l);
	return holds;
}

static void
each_mistake_is_one_error_at_its_place(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad_zones); i++)
		wrong += !row_holds(&bad_zones[i]);
	assert_int_equal(wrong, 0);
}

static void
reading_goes_on_behind_each_mistake(void **state)
{
	static const uint32_t lines[] = { 2, 3, 5, 9 };
	const struct finding *f;
	struct load l;

	(void)state;
	load_init(&l);
	assert_true(files_write(&l.files, "z.zone",
				"$TTL 60\n"
				"a A 10.0.0\n"
				"b TXT \"open\n"
				"c A 10.0.0.1\n"
				"d MX ( 10\n"
				"  \"mail ; ) \n"
				"  )\n"
				"e A 10.0.0.2\n"
				"f AAAAA 10.0.0.2\n"));
	load_run(&l, LIMIT);
	f = l.diags.first;
	for (size_t i = 0; i < COUNT_OF(lines); i++, f = f->next) {
		assert_non_null(f);
		assert_int_equal(f->at.line, i == 2 ? 6 : lines[i]);
	}
	assert_null(f);
	load_fini(&l);
}

static void
what_is_no_zone_file_is_given_up_soon(void **state)
{
	char *text = malloc(100000);
	struct load l;

	(void)state;
	assert_non_null(text);
	load_init(&l);
	for (size_t i = 0; i < 100000; i++)
		text[i] = i % 10 == 9 ? '\n' : 'x';
	assert_true(files_write_len(&l.files, "z.zone", text, 100000));
	load_run(&l, LIMIT);
	assert_int_equal(l.status, ERR_REJECTED);
	assert_int_equal(l.diags.errors, 101);
	estate_fini(&l.estate);

	text[50] = '\0';
	assert_true(files_write_len(&l.files, "z.zone", text, 100000));
	load_run(&l, LIMIT);
	assert_int_equal(l.diags.errors, 1);
	assert_string_equal(l.diags.first->code, "not-text");
	load_fini(&l);
	free(text);
}

static void
included_files_have_their_own_origin(void **state)
{
	struct text text;
	struct load l;

	(void)state;
	load_init(&l);
	assert_true(files_write(&l.files, "z.zone",
				"$TTL 60\n"
				"a A 10.0.0.1\n"
				"$INCLUDE sub/one.zone eu\n"
				" A 10.0.0.4\n"
				"$INCLUDE sub/two.zone\n"
				"z CNAME a\n"));
	assert_true(files_write(&l.files, "sub/one.zone",
				"b A 10.0.0.2\n$ORIGIN west.eu.corp.example.\n"
				"$INCLUDE \"two.zone\"\n"));
	assert_true(files_write(&l.files, "sub/two.zone", "c A 10.0.0.3\n"));
	load_run(&l, LIMIT);
	assert_int_equal(l.status, OK);
	print_zone(&l.zone, &text);
	assert_string_equal(text.data,
			    "a.corp.example. 60 A 10.0.0.1\n"
			    "b.eu.corp.example. 60 A 10.0.0.2\n"
			    "c.west.eu.corp.example. 60 A 10.0.0.3\n"
			    "a.corp.example. 60 A 10.0.0.4\n"
			    "c.corp.example. 60 A 10.0.0.3\n"
			    "z.corp.example. 60 CNAME a.corp.example.\n");
	text_fini(&text);
	assert_int_equal(l.zone.set_count, 6);
	load_fini(&l);
}

static void
errors_in_included_files_are_at_their_place(void **state)
{
	const struct finding *f;
	struct load l;

	(void)state;
	load_init(&l);
	assert_true(files_write(&l.files, "z.zone", "$TTL 60\n$INCLUDE a.zone\n"));
	assert_true(files_write(&l.files, "a.zone", "x A 10.0.0.1\n\n$INCLUDE b.zone\n"));
	assert_true(files_write(&l.files, "b.zone", "y A 10.0\n$INCLUDE a.zone\n"));
	load_run(&l, LIMIT);
	assert_int_equal(l.diags.errors, 2);
	f = l.diags.first;
	assert_non_null(strstr(f->at.file, "b.zone"));
	assert_int_equal(f->at.line, 1);
	f = f->next;
	assert_string_equal(f->code, "include-cycle");
	assert_int_equal(f->at.line, 2);
	assert_non_null(strstr(f->parts->at.file, "a.zone"));
	load_fini(&l);
}

static void
files_that_include_each_other_are_bounded(void **state)
{
	char name[16], text[64];
	struct load l;

	(void)state;
	load_init(&l);
	assert_true(files_write(&l.files, "z.zone", "$TTL 60\n$INCLUDE 1\n"));
	for (unsigned i = 1; i < 12; i++) {
		snprintf(name, sizeof(name), "%u", i);
		snprintf(text, sizeof(text), "x%u A 10.0.0.1\n$INCLUDE %u\n", i, i + 1);
		assert_true(files_write(&l.files, name, text));
	}
	load_run(&l, LIMIT);
	assert_int_equal(l.diags.errors, 1);
	assert_string_equal(l.diags.first->code, "too-deep");
	assert_int_equal(l.zone.set_count, 8);
	load_fini(&l);
}

static void
records_of_one_set_share_the_smaller_ttl(void **state)
{
	struct load l;

	(void)state;
	load_init(&l);
	assert_true(files_write(&l.files, "z.zone", "x 60 A 10.0.0.1\nx 30 A 10.0.0.2\n"));
	load_run(&l, LIMIT);
	assert_int_equal(l.status, OK);
	assert_int_equal(l.diags.warnings, 1);
	assert_string_equal(l.diags.first->code, "ttl-differs");
	assert_int_equal(l.zone.sets->ttl_s, 30);
	assert_int_equal(l.zone.sets->at.line, 1);
	load_fini(&l);
}

static void
every_way_to_run_out_of_memory_ends_well(void **state)
{
	struct load l;
	bool loaded = false;

	(void)state;
	load_init(&l);
	assert_true(files_write(&l.files, "z.zone",
				"$TTL 60\n@ SOA a b 1 2 3 4 5\nx A 10.0.0.1\n A 10.0.0.2\n"
				"$INCLUDE more\n"));
	assert_true(files_write(&l.files, "more", "y CNAME x\nz CAA 0 issue \"ca\"\n"));
	for (size_t limit = 16; limit < 4000 && !loaded; limit += 8) {
		load_run(&l, limit);
		loaded = l.status == OK;
		assert_true(loaded || l.status == ERR_NOMEM || l.status == ERR_REJECTED);
		estate_fini(&l.estate);
	}
	assert_true(loaded);
	estate_init(&l.estate, LIMIT);
	load_fini(&l);
}

struct value {
	int line;
	uint16_t type;
	const char *text;
	const char *printed;	/* NULL: refused, and `why` has `says` */
	const char *says;
};

static const struct value values[] = {
	{ __LINE__, TYPE_A, "10.0.0.1", "10.0.0.1", NULL },
	{ __LINE__, TYPE_A, "  10.0.0.1 ", "10.0.0.1", NULL },
	{ __LINE__, TYPE_A, "", NULL, "empty" },
	{ __LINE__, TYPE_A, "  ", NULL, "end early" },
	{ __LINE__, TYPE_A, "10.0.0.1; x", NULL, "in quotes" },
	{ __LINE__, TYPE_A, "(10.0.0.1)", NULL, "in quotes" },
	{ __LINE__, TYPE_A, "10.0.0.1\n10.0.0.2", NULL, "line breaks" },
	{ __LINE__, TYPE_AAAA, "2001:DB8::1", "2001:db8::1", NULL },
	{ __LINE__, TYPE_MX, "10 mail.example.com", "10 mail.example.com.", NULL },
	{ __LINE__, TYPE_MX, "10 mail.example.com.", "10 mail.example.com.", NULL },
	{ __LINE__, TYPE_MX, "10 @", NULL, "no origin" },
	{ __LINE__, TYPE_CNAME, "Www.Example", "Www.Example.", NULL },
	{ __LINE__, TYPE_TXT, "\"text\"", "\"text\"", NULL },
	{ __LINE__, TYPE_TXT, "\"a\" \"b\"", "\"a\" \"b\"", NULL },
	{ __LINE__, TYPE_TXT, "\"a\"\"b\"", "\"a\" \"b\"", NULL },
	{ __LINE__, TYPE_TXT, "\"a;b(c)\"", "\"a;b(c)\"", NULL },
	{ __LINE__, TYPE_TXT, "text", NULL, "double quotes" },
	{ __LINE__, TYPE_TXT, "\"a", NULL, "not closed" },
	{ __LINE__, TYPE_TXT, "\\# 2 0161", "\"a\"", NULL },
	{ __LINE__, TYPE_SRV, "1 2 80 a.example", "1 2 80 a.example.", NULL },
	{ __LINE__, TYPE_SRV, "1 2 80", NULL, "end early" },
	{ __LINE__, TYPE_SOA, "ns-1536.awsdns-00.co.uk. awsdns-hostmaster.amazon.com. 1 7200 900 "
	  "1209600 86400", "ns-1536.awsdns-00.co.uk. awsdns-hostmaster.amazon.com. 1 7200 900 "
	  "1209600 86400", NULL },
	{ __LINE__, TYPE_CAA, "0 issue \"ca.example; x=y\"", "0 issue \"ca.example; x=y\"", NULL },
	/* what ldns says of the key in a comment is no part of the data */
	{ __LINE__, TYPE_DNSKEY, "257 3 13 a2V5a2V5a2U=", "257 3 13 a2V5a2V5a2U=", NULL },
	/* the names of ports are those of the machine */
	{ __LINE__, 11, "10.0.0.1 6 25", "\\# 9 0a0000010600000040", NULL },
	{ __LINE__, 65280, "\\# 3 010203", "\\# 3 010203", NULL },
	{ __LINE__, 65280, "010203", NULL, "LENGTH HEX" },
};

static void
values_are_read_as_the_api_writes_them(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		const struct value *row = &values[i];
		const char *why = NULL;
		struct rdata rdata;
		struct text text;
		enum status status;

		status = rdata_parse(row->type, row->text, &arena, &rdata, &why);
		if (!row->printed) {
			row_int(row->line, status, ERR_MALFORMED);
			row_true(row->line, why && strstr(why, row->says));
			continue;
		}
		row_string(row->line, why ? why : "", "");
		row_int(row->line, status, OK);
		text_init(&text);
		row_int(row->line, rdata_print(row->type, rdata, &text), OK);
		row_string(row->line, text.data, row->printed);
		text_fini(&text);
	}
	arena_fini(&arena);
}

/** Random octets, every other time shaped a little like names and strings. */
static uint16_t
random_data(uint64_t *random, uint8_t data[64])
{
	uint16_t len = (uint16_t)random_to(random, 64);

	for (uint16_t i = 0; i < len; i++)
		data[i] = (uint8_t)(next_random(random) & 1 ? next_random(random)
							    : next_random(random) & 3);
	return len;
}

static void
what_is_printed_reads_as_the_same_data(void **state)
{
	static const uint16_t types[] = {
		TYPE_A, TYPE_NS, TYPE_SOA, TYPE_MX, TYPE_TXT, TYPE_RP, TYPE_AFSDB, TYPE_AAAA,
		TYPE_LOC, TYPE_SRV, TYPE_NAPTR, TYPE_KX, TYPE_CERT, TYPE_DNAME, TYPE_DS,
		TYPE_SSHFP, TYPE_RRSIG, TYPE_NSEC, TYPE_DNSKEY, TYPE_NSEC3, TYPE_TLSA, TYPE_SVCB,
		TYPE_HTTPS, TYPE_SPF, TYPE_URI, TYPE_CAA, TYPE_HINFO, 11, 42, 45, 51, 55, 61, 62,
		104, 105, 108, 109, 65280,
	};
	uint64_t random = 1;
	struct arena arena;
	size_t printed = 0;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	for (unsigned n = 0; n < 15000; n++) {
		uint16_t type = types[n % COUNT_OF(types)];
		struct arena_mark mark = arena_mark(&arena);
		struct rdata rdata, back;
		struct rdata_names names;
		uint8_t data[64];
		const char *why;
		struct text text;

		rdata = (struct rdata){ data, random_data(&random, data) };
		if (rdata_check(type, data, rdata.len, &names) != OK)
			continue;
		text_init(&text);
		assert_int_equal(rdata_print(type, rdata, &text), OK);
		if (rdata_parse(type, text.data, &arena, &back, &why) != OK)
			fail_msg("type %u: %s: %s", type, text.data, why);
		assert_int_equal(back.len, rdata.len);
		assert_memory_equal(back.data, data, rdata.len);
		printed++;
		text_fini(&text);
		arena_rewind(&arena, mark);
	}
	assert_true(printed > 3000);
	arena_fini(&arena);
}

static void
a_record_set_is_printed_a_line_a_record(void **state)
{
	static const uint8_t a[] = { 10, 0, 0, 1 }, b[] = { 10, 0, 0, 2 };
	uint16_t offsets[4], name_count = 0;
	uint8_t wire[128];
	struct writer out = writer_over(wire, sizeof(wire));
	struct rrset set = { .type = TYPE_A, .count = 2, .ttl_s = 300, .wire = wire };
	struct name name;
	struct text text;

	(void)state;
	assert_int_equal(rrset_encode(&out, TYPE_A, 300, (struct rdata){ a, 4 }, offsets,
				      &name_count), OK);
	assert_int_equal(rrset_encode(&out, TYPE_A, 300, (struct rdata){ b, 4 }, offsets,
				      &name_count), OK);
	set.wire_len = (uint16_t)out.len;
	assert_int_equal(name_parse("www.corp.example", &name), OK);
	text_init(&text);
	assert_int_equal(rrset_print(&set, name.wire, 42, &text), OK);
	assert_string_equal(text.data, "www.corp.example.\t42\tIN\tA\t10.0.0.1\n"
				       "www.corp.example.\t42\tIN\tA\t10.0.0.2\n");
	text_fini(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zone_files_give_these_records),
		cmocka_unit_test(names_in_two_spellings_are_told_once),
		cmocka_unit_test(each_mistake_is_one_error_at_its_place),
		cmocka_unit_test(reading_goes_on_behind_each_mistake),
		cmocka_unit_test(what_is_no_zone_file_is_given_up_soon),
		cmocka_unit_test(included_files_have_their_own_origin),
		cmocka_unit_test(errors_in_included_files_are_at_their_place),
		cmocka_unit_test(files_that_include_each_other_are_bounded),
		cmocka_unit_test(records_of_one_set_share_the_smaller_ttl),
		cmocka_unit_test(every_way_to_run_out_of_memory_ends_well),
		cmocka_unit_test(values_are_read_as_the_api_writes_them),
		cmocka_unit_test(what_is_printed_reads_as_the_same_data),
		cmocka_unit_test(a_record_set_is_printed_a_line_a_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
