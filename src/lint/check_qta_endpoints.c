#include <string.h>

#include "lint/checks.h"
#include "lint/inside.h"

/* QTA802, QTA806: endpoints that hang on one place, or take more than they can. */

static size_t
count_addresses(const struct resolver_endpoint *e)
{
	size_t count = 0;

	for (const struct target *t = e->ip_addresses; t; t = t->next)
		count++;
	return count;
}

/** The availability zone that all addresses are in; NULL: several, or one is not known. */
static const char *
only_zone(const struct inside *inside, const struct resolver_endpoint *e)
{
	const struct network *vpc = e->vpc.object;
	const char *zone = NULL;

	for (const struct target *t = vpc ? e->ip_addresses : NULL; t; t = t->next) {
		const struct subnet *subnet = inside_subnet(inside, vpc->index, &t->addr);

		if (!subnet || !subnet->availability_zone ||
		    (zone && strcmp(zone, subnet->availability_zone) != 0))
			return NULL;
		zone = subnet->availability_zone;
	}
	return zone;
}

static void
report_place(struct lint *lint, const struct lint_check *check,
	     const struct resolver_endpoint *e, const char *what)
{
	struct finding *finding;

	finding = lint_open(lint, check, check->severity, e->at,
			    "endpoint \"%s\" has %s: it is gone with one availability zone", e->id,
			    what);
	diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_ENDPOINT), e->id,
		 e->at, "has %s", what);
	lint_add_help(lint, finding,
		      "add an address in another availability zone (AWS wants two)");
}

void
check_endpoint_one_zone(struct lint *lint, const struct lint_check *check)
{
	const struct inside *inside = lint_inside(lint);
	const struct resolver_endpoint *e = lint->estate->endpoints;

	for (; inside && e && !lint->nomem; e = e->next) {
		size_t count = count_addresses(e);	/* none: the estate does not say them */
		const char *zone = count > 1 ? only_zone(inside, e) : NULL;

		if (count == 1)
			report_place(lint, check, e, "one address");
		else if (zone)
			report_place(lint, check, e,
				     lint_printf(lint, "all addresses in %s", zone));
	}
}

void
check_capacity(struct lint *lint, const struct lint_check *check)
{
	uint64_t each = lint->estate->lint.quotas[QUOTA_QUERIES_PER_ADDRESS];

	for (const struct resolver_endpoint *e = lint->estate->endpoints; e; e = e->next) {
		uint64_t count = count_addresses(e), can = count * each;
		struct finding *finding;

		if (!count || 2 * (uint64_t)e->query_rate <= can)
			continue;
		finding = lint_open(lint, check, check->severity, e->at,
				    "endpoint \"%s\" is to take %u queries a second, over half of "
				    "the %llu that its %s can", e->id, e->query_rate,
				    (unsigned long long)can,
				    lint_count(lint, count, "address", "addresses"));
		diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_ENDPOINT),
			 e->id, e->at, "query_rate is %u", e->query_rate);
		lint_add_help(lint, finding, "add addresses; a security group that tracks "
			      "connections leaves 1,500 to each");
	}
}
