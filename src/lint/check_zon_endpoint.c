#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lint/checks.h"
#include "lint/ground.h"

/* ZON110, ZON111: zones beside the endpoints of services. */

static const uint8_t amazon[] = "\11amazonaws\3com";
static const uint8_t amazon_china[] = "\11amazonaws\3com\2cn";
static const uint8_t endpoints[] = "\4vpce\11amazonaws\3com";
static const uint8_t endpoints_china[] = "\4vpce\11amazonaws\3com\2cn";

/** What an interface endpoint's own name ends in; NULL: it is none. */
static const uint8_t *
endpoint_suffix(const uint8_t *name)
{
	if (name_wire_covers(endpoints, name))
		return endpoints;
	return name_wire_covers(endpoints_china, name) ? endpoints_china : NULL;
}

/**
 * The name that the service has for everybody: "vpce-1-a.api.ecr.eu-west-1.vpce.amazonaws.com"
 * is an endpoint of "api.ecr.eu-west-1.amazonaws.com".  false: a service of somebody's own.
 */
static bool
service_name(const uint8_t *target, struct name *out)
{
	const uint8_t *suffix = endpoint_suffix(target), *at = target;
	unsigned labels = suffix ? name_wire_labels(target) - name_wire_labels(suffix) : 0;
	char text[NAME_TEXT_MAX], rest[NAME_TEXT_MAX];
	size_t len;

	while (labels && (strncmp((const char *)at + 1, "vpce-", 5) != 0 || *at < 6)) {
		at += 1 + *at;
		labels--;
	}
	if (labels < 3)		/* the endpoint's, the service, the Region */
		return false;
	at += 1 + *at;
	if (*at > 9 && strncmp((const char *)at + 1, "vpce-svc-", 9) == 0)
		return false;
	name_print(at, text);
	len = strlen(text) - strlen(name_print(suffix, rest));
	snprintf(text + len, sizeof(text) - len, "%s",
		 name_print(suffix == endpoints ? amazon : amazon_china, rest));
	return name_parse(text, out) == OK;
}

/** The same labels in another order? */
static bool
is_shuffled(const uint8_t *a, const uint8_t *b)
{
	unsigned used[4] = { 0 };	/* bits: 127 labels */

	if (name_wire_len(a) != name_wire_len(b) || name_wire_equal(a, b))
		return false;
	for (; *a; a += 1 + *a) {
		const uint8_t *p = b;
		unsigned i = 0;

		while (*p && ((used[i / 32] >> i % 32 & 1u) || memcmp(p, a, 1u + *a) != 0)) {
			p += 1 + *p;
			i++;
		}
		if (!*p)
			return false;
		used[i / 32] |= 1u << i % 32;
	}
	return true;
}

struct misnamed {
	struct lint *lint;
	const struct lint_check *check;
	uint32_t zone;
};

static bool
judge_alias(void *context, const struct use_record *record)
{
	const struct misnamed *m = context;
	const uint8_t *owner = record->owner;
	char is[NAME_TEXT_MAX], should[NAME_TEXT_MAX];
	struct finding *finding;
	struct name service;

	if (!record->named || !service_name(record->target.wire, &service))
		return true;
	if (name_wire_is_wildcard(owner))
		owner += 2;
	if (!is_shuffled(owner, service.wire))
		return true;
	finding = lint_open(m->lint, m->check, m->check->severity,
			    lint_record_at(m->lint, m->zone, record->owner, record->type),
			    "%s leads to an endpoint of %s: clients ask for the service by that "
			    "name, and not by this one", name_print(owner, is),
			    name_print(service.wire, should));
	lint_add_zone(m->lint, finding, m->zone, "has the record");
	for (const struct ref *ref = m->lint->zones[m->zone]->networks; ref; ref = ref->next)
		if (ref->object)
			lint_add_network(m->lint, finding,
					 ((const struct network *)ref->object)->index);
	lint_add_help(m->lint, finding, "name the zone %s", should);
	return true;
}

void
check_endpoint_zone_misnamed(struct lint *lint, const struct lint_check *check)
{
	for (uint32_t zone = 0; zone < lint->estate->zone_count && !lint->nomem; zone++) {
		struct misnamed m = { lint, check, zone };

		if (!lint->zones[zone]->public_zone)
			uses_records(lint->snap->zones[zone], judge_alias, &m);
	}
}

/* --- ZON111 */

struct clashes {
	struct lint *lint;
	const struct lint_check *check;
	struct table by_name;		/* name -> number of its last zone + 1 */
	uint32_t *before;		/* by zone: the same of the one before it */
};

static bool
enter_zones(struct clashes *c)
{
	uint32_t count = (uint32_t)c->lint->estate->zone_count;

	c->before = lint_alloc(c->lint, count, sizeof(*c->before));
	table_init(&c->by_name, &c->lint->arena);
	for (uint32_t i = 0; i < count && !c->lint->nomem; i++) {
		const uint8_t *name = lint_zone_name(c->lint, i);
		size_t len = name_wire_len(name);
		uintptr_t last = (uintptr_t)table_find(&c->by_name, name, len);

		c->before[i] = (uint32_t)last;
		if (table_put(&c->by_name, name, len, (void *)((uintptr_t)i + 1)) != OK)
			c->lint->nomem = true;
	}
	return !c->lint->nomem;
}

static void
report_clash(const struct clashes *c, const struct vpc_endpoint *e, uint32_t zone,
	     const uint8_t *name)
{
	struct lint *lint = c->lint;
	char text[NAME_TEXT_MAX];
	struct finding *finding;

	finding = lint_open(lint, c->check, c->check->severity, e->at,
			    "endpoint \"%s\" with private DNS and zone \"%s\" both are %s in "
			    "\"%s\": the service refuses the second one", e->id,
			    lint->zones[zone]->id, name_print(name, text), e->vpc.id);
	diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_VPC_ENDPOINT), e->id,
		 e->at, "private_dns_enabled");
	lint_add_zone(lint, finding, zone, "has the same name");
	lint_add_network(lint, finding, ((const struct network *)e->vpc.object)->index);
	lint_add_help(lint, finding, "turn private DNS of the endpoint off, or take the zone's "
		      "association away");
}

/** hidden: the id of the zone that the endpoint itself has made, or begins it; NULL. */
static void
judge_name(const struct clashes *c, const struct vpc_endpoint *e, const uint8_t *name,
	   const char *hidden)
{
	uintptr_t next = (uintptr_t)table_find(&c->by_name, name, name_wire_len(name));

	while (next) {
		uint32_t zone = (uint32_t)next - 1;
		const struct hosted_zone *z = c->lint->zones[zone];

		next = c->before[zone];
		if (!z->public_zone && refs_have(z->networks, e->vpc.object) &&
		    !(hidden && strncmp(z->id, hidden, strlen(hidden)) == 0))
			report_clash(c, e, zone, name);
	}
}

/** "com.amazonaws.eu-west-1.ecr.api" is api.ecr.eu-west-1.amazonaws.com. */
static bool
name_of_service(const char *service, struct name *out)
{
	bool china = strncmp(service, "cn.com.amazonaws.", 17) == 0, is;
	struct text text;
	size_t end;

	if (!china && strncmp(service, "com.amazonaws.", 14) != 0)
		return false;
	service += china ? 17 : 14;
	text_init(&text);
	for (end = strlen(service); end; end--) {
		size_t at = end;

		while (at && service[at - 1] != '.')
			at--;
		text_append_len(&text, service + at, end - at);
		text_append(&text, ".");
		end = at ? at : 1;
	}
	text_append(&text, china ? "amazonaws.com.cn" : "amazonaws.com");
	is = !text.failed && name_parse(text.data, out) == OK;
	text_fini(&text);
	return is;
}

static void
judge_endpoint(const struct clashes *c, const struct vpc_endpoint *e)
{
	struct name name;

	if (!e->vpc.object || !e->private_dns_enabled || e->type != VPC_ENDPOINT_INTERFACE)
		return;
	if (!e->dns_entries && name_of_service(e->service_name, &name))
		judge_name(c, e, name.wire, NULL);
	for (const struct dns_entry *d = e->dns_entries; d; d = d->next)
		if (!endpoint_suffix(d->dns_name) && !name_wire_is_wildcard(d->dns_name))
			judge_name(c, e, d->dns_name, d->hosted_zone);
}

void
check_private_dns_clash(struct lint *lint, const struct lint_check *check)
{
	struct clashes c = { .lint = lint, .check = check };

	if (!lint->estate->vpc_endpoints || !enter_zones(&c))
		return;
	for (const struct vpc_endpoint *e = lint->estate->vpc_endpoints; e && !lint->nomem;
	     e = e->next)
		judge_endpoint(&c, e);
}
