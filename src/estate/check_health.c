#include "estate/check.h"

#include <ctype.h>
#include <string.h>

#define TOO_HIGH (HEALTH_LEVELS_MAX + 1)

static bool
asks_http(const struct health_check *h)
{
	switch (h->type) {
	case HEALTH_HTTP:
	case HEALTH_HTTPS:
	case HEALTH_HTTP_STR_MATCH:
	case HEALTH_HTTPS_STR_MATCH:
		return true;
	case HEALTH_TCP:
	case HEALTH_CALCULATED:
	case HEALTH_EXTERNAL:
		break;
	}
	return false;
}

static bool
matches_string(const struct health_check *h)
{
	return h->type == HEALTH_HTTP_STR_MATCH || h->type == HEALTH_HTTPS_STR_MATCH;
}

static bool
has_address(const struct health_check *h)
{
	static const uint8_t none[sizeof(h->addr.ip)];

	return memcmp(h->addr.ip, none, sizeof(none)) != 0;
}

static void
report(struct check *check, const struct health_check *h, const char *code, const char *what)
{
	diag_report(check->diags, SEVERITY_ERROR, code, h->at, "health_check \"%s\": %s", h->id,
		    what);
}

/** A host name: what may stand in a URL and in a Host field. */
static bool
is_host(const char *text)
{
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr("-._", *text))
			return false;
	return true;
}

/** What may stand in the first line of an HTTP request. */
static bool
is_path(const char *text)
{
	for (; *text; text++)
		if (*text <= ' ' || *text > '~')
			return false;
	return true;
}

static void
check_target(struct check *check, const struct health_check *h)
{
	const char *host = h->fully_qualified_domain_name;

	if (!has_address(h) && !host)
		report(check, h, "missing-key", "without an ip_address or a "
						"fully_qualified_domain_name there is nothing to "
						"connect to");
	if (h->type == HEALTH_TCP && !h->addr.port)
		report(check, h, "missing-key", "the key \"port\" is missing: TCP has no port of "
						"its own");
	if (host && !is_host(host))
		report(check, h, "bad-value", "fully_qualified_domain_name: a host name is of "
					      "ASCII letters, digits, \"-\", \".\" and \"_\"");
	if (h->resource_path && !is_path(h->resource_path))
		report(check, h, "bad-value", "resource_path: only printable ASCII without "
					      "blanks; write others as %XX");
	if (matches_string(h) && !h->search_string)
		report(check, h, "missing-key", "the key \"search_string\" is missing");
}

static void
check_children(struct check *check, const struct health_check *h)
{
	uint32_t count = 0;

	for (const struct ref *child = h->children; child; child = child->next)
		count++;
	if (count == 0)
		report(check, h, "missing-key", "a CALCULATED check is made of others: the key "
						"\"child_health_checks\" is missing");
	if (count > HEALTH_CHILDREN_MAX)
		report(check, h, "out-of-range", "more than 255 child_health_checks");
}

/** A CALCULATED check stands above its children; true: it had to be raised. */
static bool
raise_level(struct health_check *h)
{
	uint32_t level = 1;

	for (const struct ref *ref = h->children; ref; ref = ref->next) {
		const struct health_check *child = ref->object;

		if (child && child->level >= level)
			level = child->level + 1;
	}
	if (level > TOO_HIGH)
		level = TOO_HIGH;
	if (level <= h->level)
		return false;
	h->level = level;
	return true;
}

/** A round raises all that wait for each other, so they end up too high. */
static void
settle_levels(struct check *check)
{
	bool risen = true;

	while (risen) {
		risen = false;
		for (struct health_check *h = check->estate->health_checks; h; h = h->next)
			if (h->type == HEALTH_CALCULATED)
				risen |= raise_level(h);
	}
}

/** The first reference to a child that stands as high as can be told. */
static const struct ref *
highest_child(const struct health_check *h)
{
	const struct ref *highest = NULL;
	uint32_t level = 0;

	for (const struct ref *ref = h->children; ref; ref = ref->next) {
		const struct health_check *child = ref->object;

		if (child && child->level > level) {
			highest = ref;
			level = child->level;
		}
	}
	return highest;
}

/** Does the way down along the highest children come back to `h`?  By which reference? */
static const struct ref *
way_back(const struct check *check, const struct health_check *h)
{
	const struct health_check *at = h;
	size_t steps = check->estate->ids[OBJECT_HEALTH_CHECK].count;

	for (; steps > 0; steps--) {
		const struct ref *ref = highest_child(at);

		if (!ref || ref->object == h)
			return ref;
		at = ref->object;
	}
	return NULL;
}

static void
report_child(struct check *check, struct finding *finding, const struct ref *child)
{
	if (child)
		diag_add(check->diags, finding, PART_OBJECT,
			 object_kind_text(OBJECT_HEALTH_CHECK), child->id, child->at,
			 "is named as a child here");
}

static bool
report_cycle(struct check *check, const struct health_check *h)
{
	const struct ref *back = way_back(check, h);
	struct finding *finding;

	if (!back)
		return false;
	finding = diag_open(check->diags, SEVERITY_ERROR, "health-cycle", NULL, h->at,
			    "health_check \"%s\" is calculated from itself", h->id);
	report_child(check, finding, back);
	return true;
}

/** The first of those in a circle; else the first that stands on too many others. */
static void
check_levels(struct check *check)
{
	const struct health_check *first = NULL;
	struct finding *finding;

	settle_levels(check);
	for (const struct health_check *h = check->estate->health_checks; h; h = h->next) {
		if (h->level < TOO_HIGH)
			continue;
		if (!first)
			first = h;
		if (report_cycle(check, h))
			return;
	}
	if (!first)
		return;
	finding = diag_open(check->diags, SEVERITY_ERROR, "health-too-deep", NULL, first->at,
			    "health_check \"%s\" is calculated from checks that are calculated, "
			    "and so on: more than %d levels", first->id, HEALTH_LEVELS_MAX);
	report_child(check, finding, highest_child(first));
}

void
check_health(struct check *check)
{
	for (const struct health_check *h = check->estate->health_checks; h; h = h->next) {
		if (h->type == HEALTH_TCP || asks_http(h))
			check_target(check, h);
		if (h->type == HEALTH_CALCULATED)
			check_children(check, h);
	}
	check_levels(check);
}
