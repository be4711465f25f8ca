#include "lint/outcome.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "dns/codes.h"
#include "dns/rdata.h"
#include "estate/record.h"

#define SHOWN_VALUES 5
#define ALL_VALUES   UINT16_MAX

struct outcome
outcome_find(const struct zone *zone, const struct name *name, const struct suffixes *suffixes,
	     uint16_t type)
{
	return (struct outcome){ zone, lookup_find(zone, name, suffixes, type) };
}

static void
print_name(struct reader *in, struct text *out)
{
	char buf[NAME_TEXT_MAX];
	struct name name;

	if (name_read(in, &name) == OK)
		text_append(out, name_print(name.wire, buf));
}

static void
print_number(struct reader *in, unsigned octets, struct text *out)
{
	uint64_t value = 0;

	while (octets--)
		value = value << 8 | reader_u8(in);
	text_printf(out, "%llu", (unsigned long long)value);
}

static void
print_address(struct reader *in, int family, struct text *out)
{
	const uint8_t *octets = reader_bytes(in, family == AF_INET ? 4 : 16);
	char buf[INET6_ADDRSTRLEN];

	if (octets)
		text_append(out, inet_ntop(family, octets, buf, sizeof(buf)));
}

/** A character-string, quoted; what is not plain as \DDD (RFC 1035 5.1). */
static void
print_string(struct reader *in, struct text *out)
{
	size_t len = reader_u8(in);
	const uint8_t *octets = reader_bytes(in, len);

	text_append(out, "\"");
	for (size_t i = 0; octets && i < len; i++) {
		if (octets[i] == '"' || octets[i] == '\\')
			text_printf(out, "\\%c", octets[i]);
		else if (octets[i] < ' ' || octets[i] > '~')
			text_printf(out, "\\%03u", octets[i]);
		else
			text_printf(out, "%c", octets[i]);
	}
	text_append(out, "\"");
}

static void
print_strings(struct reader *in, struct text *out)
{
	print_string(in, out);
	while (!in->failed && reader_left(in)) {
		text_append(out, " ");
		print_string(in, out);
	}
}

static void
print_opaque(struct reader *in, struct text *out)
{
	size_t len = reader_left(in);

	text_printf(out, "\\# %zu%s", len, len ? " " : "");
	while (reader_left(in))
		text_printf(out, "%02x", reader_u8(in));
}

void
outcome_print_rdata(uint16_t type, const uint8_t *data, size_t len, struct text *out)
{
	struct reader in = reader_over(data, len);
	const char *layout = rdata_layout(type);

	for (const char *field = layout; *field && !in.failed; field++) {
		if (field > layout)
			text_append(out, " ");
		switch (*field) {
		case 'C':
		case 'N':
			print_name(&in, out);
			break;
		case 'a':
			print_address(&in, AF_INET, out);
			break;
		case 'q':
			print_address(&in, AF_INET6, out);
			break;
		case 's':
			print_string(&in, out);
			break;
		case 'S':
			print_strings(&in, out);
			break;
		case 'r':
			print_opaque(&in, out);
			break;
		default:
			print_number(&in, (unsigned)(*field - '0'), out);
			break;
		}
	}
}

/* Strings that are printed one by one and then shown sorted. */
struct lines {
	struct arena *scratch;
	struct arena_mark mark;
	const char **line;
	size_t count;
};

static bool
lines_begin(struct lines *lines, struct arena *scratch, size_t room, struct text *out)
{
	*lines = (struct lines){ .scratch = scratch, .mark = arena_mark(scratch) };
	lines->line = arena_array(scratch, room, sizeof(*lines->line));
	if (!lines->line)
		out->failed = true;
	return lines->line != NULL;
}

/** What was appended to `out` from `start` on becomes the next line. */
static void
lines_take(struct lines *lines, size_t start, struct text *out)
{
	const char *line = NULL;

	if (!out->failed && out->data)
		line = arena_string(lines->scratch, out->data + start);
	if (!line) {
		out->failed = true;
		return;
	}
	lines->line[lines->count++] = line;
	out->len = start;
	out->data[start] = '\0';
}

static int
compare_strings(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/** Append the first `most` lines by their order and give the scratch back. */
static void
lines_end(struct lines *lines, size_t most, const char *between, struct text *out)
{
	qsort(lines->line, lines->count, sizeof(*lines->line), compare_strings);
	for (size_t i = 0; i < lines->count && i < most; i++) {
		text_append(out, i ? between : "");
		text_append(out, lines->line[i]);
	}
	if (lines->count > most)
		text_printf(out, "%sand %zu more", between, lines->count - most);
	arena_rewind(lines->scratch, lines->mark);
}

static void
print_values(const struct zone_set *set, size_t most, struct arena *scratch, struct text *out)
{
	struct rrset rrset = zone_rrset(set, NULL);
	struct rrset_walk walk = rrset_begin(&rrset);
	struct rdata rdata;
	struct lines lines;

	if (!lines_begin(&lines, scratch, set->count, out))
		return;
	while (rrset_next(&walk, &rdata)) {
		size_t start = out->len;

		outcome_print_rdata(set->type, rdata.data, rdata.len, out);
		lines_take(&lines, start, out);
	}
	lines_end(&lines, most, ", ", out);
}

static void
print_alias(const struct zone *zone, const struct zone_alias *alias, struct text *out)
{
	char buf[NAME_TEXT_MAX];

	text_printf(out, "alias of %s",
		    name_print(block_at(&zone->block, alias->name_at), buf));
	if (!alias->same_zone)
		text_printf(out, " in %s", block_string(&zone->block, alias->hosted_zone_at));
	if (alias->evaluate_target_health)
		text_append(out, " while healthy");
}

/** What tells a member of a policy group from the others, besides its identifier. */
static void
print_policy(const struct zone *zone, const struct zone_set *set, struct text *out)
{
	const struct zone_routing *routing = zone_set_routing(zone, set);

	switch ((enum routing_policy)set->policy) {
	case POLICY_SIMPLE:
		break;
	case POLICY_MULTIVALUE:
		text_append(out, "multivalue ");
		break;
	case POLICY_WEIGHTED:
		text_printf(out, "weight %u ", set->weight);
		break;
	case POLICY_FAILOVER:
		text_append(out, set->failover == FAILOVER_PRIMARY ? "primary " : "secondary ");
		break;
	case POLICY_LATENCY:
	case POLICY_GEOLOCATION:
	case POLICY_GEOPROXIMITY:
		if (!routing)
			break;
		text_printf(out, "for %s%s%s%s ",
			    block_string(&zone->block, routing->region_at),
			    block_string(&zone->block, routing->continent_at),
			    block_string(&zone->block, routing->country_at),
			    block_string(&zone->block, routing->subdivision_at));
		if (routing->has_coordinates)
			text_printf(out, "at %.6f,%.6f ", routing->latitude, routing->longitude);
		if (routing->bias)
			text_printf(out, "bias %d ", routing->bias);
		break;
	}
	if (routing && routing->health_check_at)
		text_append(out, "while healthy ");
}

static void
print_member(const struct zone *zone, const struct zone_set *set, size_t most,
	     struct arena *scratch, struct text *out)
{
	const struct zone_alias *alias = zone_set_alias(zone, set);

	print_policy(zone, set, out);
	if (alias)
		print_alias(zone, alias, out);
	else
		print_values(set, most, scratch, out);
}

/** All sets of one name and type: one, or the members of a policy group. */
static void
print_group(const struct zone *zone, const struct zone_set_ref *ref, size_t most,
	    struct arena *scratch, struct text *out)
{
	struct lines lines;

	if (!lines_begin(&lines, scratch, ref->members, out))
		return;
	for (size_t i = 0; i < ref->members; i++) {
		size_t start = out->len;

		print_member(zone, zone_set_at(zone, ref[i].set_at), most, scratch, out);
		lines_take(&lines, start, out);
	}
	lines_end(&lines, most, "; ", out);
}

/** The very same octets: by far the most common case of equality. */
static bool
same_wire(const struct outcome *one, const struct outcome *other)
{
	const struct zone_set *a = zone_set_at(one->zone, one->lookup.ref->set_at);
	const struct zone_set *b = zone_set_at(other->zone, other->lookup.ref->set_at);
	struct rrset x = zone_rrset(a, NULL), y = zone_rrset(b, NULL);

	return one->lookup.ref->members == 1 && other->lookup.ref->members == 1 &&
	       !a->routing_at && !b->routing_at && !a->alias_at && !b->alias_at &&
	       x.wire_len == y.wire_len && memcmp(x.wire, y.wire, x.wire_len) == 0;
}

static enum outcome_order
compare_ttls(const struct outcome *one, const struct outcome *other)
{
	const struct zone_set *a = zone_set_at(one->zone, one->lookup.ref->set_at);
	const struct zone_set *b = zone_set_at(other->zone, other->lookup.ref->set_at);

	return a->ttl_s == b->ttl_s || a->alias_at ? OUTCOMES_SAME : OUTCOMES_SAME_BUT_TTL;
}

static enum outcome_order
compare_texts(const struct outcome *one, const struct outcome *other, struct arena *scratch)
{
	enum outcome_order order = OUTCOMES_DIFFER;
	struct text a, b;

	text_init(&a);
	text_init(&b);
	print_group(one->zone, one->lookup.ref, ALL_VALUES, scratch, &a);
	print_group(other->zone, other->lookup.ref, ALL_VALUES, scratch, &b);
	if (a.failed || b.failed)
		order = OUTCOMES_UNKNOWN;
	else if (a.len == b.len && memcmp(a.data, b.data, a.len) == 0)
		order = compare_ttls(one, other);
	text_fini(&a);
	text_fini(&b);
	return order;
}

enum outcome_order
outcome_compare(const struct outcome *one, const struct outcome *other, struct arena *scratch)
{
	const struct zone_set_ref *a = one->lookup.ref, *b = other->lookup.ref;

	if (one->lookup.kind != other->lookup.kind)
		return OUTCOMES_DIFFER;
	if (!a || !b)
		return OUTCOMES_SAME;	/* NODATA, NXDOMAIN */
	if (a->type != b->type || a->members != b->members)
		return OUTCOMES_DIFFER;
	if (same_wire(one, other))
		return OUTCOMES_SAME;
	return compare_texts(one, other, scratch);
}

void
outcome_print(const struct outcome *outcome, struct arena *scratch, struct text *out)
{
	const struct zone_set_ref *ref = outcome->lookup.ref;
	char type[CODE_TEXT_MAX];

	switch (outcome->lookup.kind) {
	case LOOKUP_NODATA:
		text_append(out, "NODATA");
		return;
	case LOOKUP_NXDOMAIN:
		text_append(out, "NXDOMAIN");
		return;
	case LOOKUP_DELEGATED:
		text_append(out, "delegated to ");
		break;
	case LOOKUP_ANSWER:
	case LOOKUP_CNAME:
	case LOOKUP_DNAME:
		break;
	}
	if (!ref)
		return;
	text_printf(out, "%s ", type_print(ref->type, type));
	print_group(outcome->zone, ref, SHOWN_VALUES, scratch, out);
}
