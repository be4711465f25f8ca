#include "lint/rewrite.h"

#include <string.h>

#include "dns/codes.h"

/** A set of the zone's apex that every zone has: it tells nothing of where a name leads. */
static bool
is_apex_set(const struct final *f)
{
	const struct lookup *lookup = &f->outcome.lookup;

	return f->kind == FINAL_ANSWER && lookup->ref && lookup->node &&
	       (lookup->ref->type == TYPE_SOA || lookup->ref->type == TYPE_NS) &&
	       lookup->node->labels == f->outcome.zone->labels;
}

/** The name that a plain CNAME, or one made of a DNAME, answers a question for CNAMEs with. */
static bool
cname_answer(const struct final *f, struct name *out)
{
	const struct zone_set_ref *ref = f->outcome.lookup.ref;
	const struct zone_set *set;

	if (f->kind != FINAL_ANSWER || !ref)
		return false;
	if (f->outcome.lookup.kind == LOOKUP_DNAME) {
		name_from_wire(f->name, out);
		return true;
	}
	set = zone_set_at(f->outcome.zone, ref->set_at);
	if (ref->type != TYPE_CNAME || ref->members != 1 || set->alias_at)
		return false;
	name_lower(zone_rrset(set, NULL).wire + RRSET_FIXED_OCTETS, out);
	return true;
}

static bool
same_answer(const struct final *a, const struct final *b, struct arena *scratch, bool *nomem)
{
	struct outcome one = a->outcome, other = b->outcome;
	struct name x, y;
	enum outcome_order order;

	if (cname_answer(a, &x) && cname_answer(b, &y))
		return name_wire_equal(x.wire, y.wire);
	if (is_apex_set(a) && is_apex_set(b))
		return true;
	one.lookup.kind = other.lookup.kind = LOOKUP_ANSWER;
	order = outcome_compare(&one, &other, scratch);
	*nomem |= order == OUTCOMES_UNKNOWN;
	return order == OUTCOMES_SAME || order == OUTCOMES_SAME_BUT_TTL;
}

static bool
same_final(const struct final *a, const struct final *b, struct arena *scratch, bool *nomem)
{
	bool fails_a = final_is_servfail(a->kind), fails_b = final_is_servfail(b->kind);

	if ((is_apex_set(a) && b->kind == FINAL_NODATA) ||
	    (is_apex_set(b) && a->kind == FINAL_NODATA) || (fails_a && fails_b))
		return true;
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case FINAL_ANSWER:
		return same_answer(a, b, scratch, nomem);
	case FINAL_PUBLIC:
		return name_wire_equal(a->name, b->name);
	case FINAL_OPAQUE:
		return memcmp(a->ip, b->ip, 16) == 0 && name_wire_equal(a->name, b->name);
	case FINAL_DELEGATED:
		return name_wire_equal(a->name, b->name) && same_answer(a, b, scratch, nomem);
	case FINAL_NODATA:
	case FINAL_NXDOMAIN:
	case FINAL_AUTODEFINED:
	case FINAL_LOOP:
	case FINAL_CIRCLE:
	case FINAL_DEAD:
	case FINAL_OFF:
	case FINAL_TOO_LONG:
		break;
	}
	return true;
}

static bool
finals_have(const struct finals *finals, enum final_kind kind)
{
	for (unsigned i = 0; i < finals->count; i++)
		if (finals->final[i].kind == kind)
			return true;
	return false;
}

static bool
one_has(const struct finals *a, const struct finals *b, enum final_kind kind)
{
	return finals_have(a, kind) != finals_have(b, kind);
}

/** How many of the first are among the others. */
static unsigned
count_shared(const struct finals *a, const struct finals *b, struct arena *scratch, bool *nomem)
{
	unsigned shared = 0;

	for (unsigned i = 0; i < a->count; i++) {
		bool found = false;

		for (unsigned k = 0; k < b->count && !found; k++)
			found = same_final(&a->final[i], &b->final[k], scratch, nomem);
		shared += found;
	}
	return shared;
}

static bool
is_open(const struct finals *finals)
{
	return finals->more || finals_have(finals, FINAL_OPAQUE) ||
	       finals_have(finals, FINAL_DELEGATED);
}

enum finals_order
finals_compare(const struct finals *a, const struct finals *b, struct arena *scratch,
	       bool *nomem)
{
	unsigned shared = count_shared(a, b, scratch, nomem);

	if (!a->more && !b->more && shared == a->count &&
	    count_shared(b, a, scratch, nomem) == b->count)
		return FINALS_SAME;
	if (finals_have(a, FINAL_OFF) || finals_have(b, FINAL_OFF))
		return FINALS_MUST;
	if (one_has(a, b, FINAL_PUBLIC) || one_has(a, b, FINAL_AUTODEFINED))
		return FINALS_APART;
	return shared || is_open(a) || is_open(b) ? FINALS_MAY : FINALS_MUST;
}

static void
print_ip(const uint8_t *ip, struct text *out)
{
	char address[ADDR_TEXT_MAX];
	struct addr addr = { .port = 0 };

	memcpy(addr.ip, ip, sizeof(addr.ip));
	text_append(out, addr_print(&addr, address));
}

static void
print_final(const struct final *f, struct arena *scratch, struct text *out)
{
	char name[NAME_TEXT_MAX];

	switch (f->kind) {
	case FINAL_ANSWER:
		if (f->outcome.lookup.kind == LOOKUP_DNAME)
			text_printf(out, "CNAME %s", name_print(f->name, name));
		else
			outcome_print(&f->outcome, scratch, out);
		break;
	case FINAL_DELEGATED:
		outcome_print(&f->outcome, scratch, out);
		break;
	case FINAL_NODATA:
		text_append(out, "NODATA");
		break;
	case FINAL_NXDOMAIN:
		text_append(out, "NXDOMAIN");
		break;
	case FINAL_PUBLIC:
		text_append(out, "asked of the internet");
		break;
	case FINAL_OPAQUE:
		text_append(out, "asked of ");
		print_ip(f->ip, out);
		break;
	case FINAL_AUTODEFINED:
		text_append(out, "an autodefined name");
		break;
	case FINAL_LOOP:
		text_append(out, "SERVFAIL, forwarded in a circle");
		break;
	case FINAL_CIRCLE:
		text_append(out, "SERVFAIL, led in a circle");
		break;
	case FINAL_DEAD:
		text_append(out, "SERVFAIL");
		break;
	case FINAL_OFF:
		text_append(out, "REFUSED");
		break;
	case FINAL_TOO_LONG:
		text_append(out, "YXDOMAIN");
		break;
	}
}

void
finals_print(const struct finals *finals, struct arena *scratch, struct text *out)
{
	for (unsigned i = 0; i < finals->count; i++) {
		const struct final *f = &finals->final[i];
		char name[NAME_TEXT_MAX];

		text_append(out, i ? " or " : "");
		if (f->led)
			text_printf(out, "CNAME %s ", name_print(f->led->name, name));
		print_final(f, scratch, out);
	}
}
