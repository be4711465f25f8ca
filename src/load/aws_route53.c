#include <inttypes.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "dns/name.h"
#include "load/aws.h"

#define REF_VPC	   (1u << OBJECT_VPC)
#define REF_HEALTH (1u << OBJECT_HEALTH_CHECK)

/* A zone of the export.  Public ones are kept, to know their record lists by. */
struct aws_zone {
	struct hosted_zone *zone;	/* NULL: public */
	const uint8_t *name;
	uint64_t stated;		/* record sets; UINT64_MAX: not said */
	struct srcloc stated_at;
	const struct aws_document *first;	/* that its records were read from; NULL */
};

static const struct schema_key name_row = {
	"Name", SCHEMA_API_NAME, .required = true, AWS_TO(hosted_zone, name),
	AWS_PLACE(hosted_zone, name_at),
};

/* --- zones */

static void
state_count(struct aws_zone *known, const struct aws_document *document,
	    const struct yaml_node *map)
{
	const struct yaml_node *count = aws_member(map, "ResourceRecordSetCount");
	uint64_t value;

	if (!count || count->kind != YAML_SCALAR ||
	    !text_parse_u64(count->text, UINT32_MAX, &value))
		return;
	known->stated = value;
	known->stated_at = aws_place(document, count);
}

/** The zone that a map with this id is of; made when it is first named. */
static struct aws_zone *
declare_zone(struct aws *a, const struct aws_document *document, const struct yaml_node *map,
	     const char *id, bool private)
{
	struct aws_zone *known = table_find_string(&a->zones, id);
	struct hosted_zone *zone;

	if (known)
		return known;
	known = arena_alloc(a->scratch, sizeof(*known));
	zone = aws_new(a, sizeof(*zone));
	if (!known || !zone)
		return NULL;
	zone->id = aws_keep(a, id);
	zone->at = aws_place(document, map);
	if (a->nomem || !aws_bind(a, document, map, &name_row, 1, zone))
		return NULL;
	*known = (struct aws_zone){ .name = zone->name, .stated = UINT64_MAX };
	if (table_put_string(&a->zones, zone->id, known) != OK) {
		a->nomem = true;
		return NULL;
	}
	if (!private)
		return known;
	switch (estate_add_zone(a->estate, zone, a->diags)) {
	case OK:
		known->zone = zone;
		break;
	case ERR_NOMEM:
		a->nomem = true;
		break;
	default:	/* the configuration has one of this id; reported */
		break;
	}
	zone->source = digest_fold(digest_bytes(zone->name, name_wire_len(zone->name)),
				   digest_bytes(zone->id, strlen(zone->id)));
	return known;
}

static bool
is_private(const struct yaml_node *zone)
{
	return aws_is(aws_member(zone, "Config"), "PrivateZone", "true");
}

static void
add_listed(struct aws *a, const struct aws_item *item)
{
	struct aws_zone *known = declare_zone(a, item->document, item->node, item->id,
					      is_private(item->node));

	if (known)
		state_count(known, item->document, item->node);
}

/** GetHostedZone: the only call that says who is associated. */
static void
add_described(struct aws *a, const struct aws_item *item)
{
	const struct yaml_node *map = aws_member(item->node, "HostedZone");
	const struct yaml_node *vpcs = aws_member(item->node, "VPCs");
	struct aws_zone *known = declare_zone(a, item->document, map, item->id, is_private(map));

	if (known && known->stated == UINT64_MAX)
		state_count(known, item->document, map);
	if (!known || !known->zone || !vpcs || vpcs->kind != YAML_SEQUENCE)
		return;
	for (const struct yaml_item *i = vpcs->first; i; i = i->next) {
		const struct yaml_node *vpc = aws_scalar(i->value, "VPCId");

		if (vpc)
			aws_refer(a, &known->zone->networks, item->document, vpc, vpc->text,
				  REF_VPC);
	}
}

/** ListHostedZonesByVPC: whose zones they may be, other accounts' and services' too. */
static void
add_summary(struct aws *a, const struct aws_item *item)
{
	const char *vpc = aws_argument(item->document, "vpc-id");
	struct aws_zone *known;

	if (!vpc)
		vpc = aws_word(a, item->document, &a->lists[AWS_VPC].ids);
	if (!vpc) {
		diag_report(a->diags, SEVERITY_ERROR, "unknown-vpc",
			    aws_place(item->document, item->node),
			    "no VPC is named, neither by an envelope nor by the file's name: which "
			    "one sees this zone?");
		return;
	}
	known = declare_zone(a, item->document, item->node, item->id, true);
	if (known && known->zone)
		aws_refer(a, &known->zone->networks, item->document, item->node, vpc, REF_VPC);
}

void
aws_add_zones(struct aws *a)
{
	const struct aws_item *i;

	for (i = a->lists[AWS_HOSTED_ZONE].first; i && !a->nomem; i = i->next)
		add_listed(a, i);
	for (i = a->lists[AWS_ZONE_VPCS].first; i && !a->nomem; i = i->next)
		add_described(a, i);
	for (i = a->lists[AWS_ZONE_SUMMARY].first; i && !a->nomem; i = i->next)
		add_summary(a, i);
}

struct hosted_zone *
aws_zone(const struct aws *a, const char *id)
{
	const struct aws_zone *known = table_find_string(&a->zones, id);

	return known ? known->zone : NULL;
}

/* --- records */

static void
report_unknown(struct aws *a, const struct aws_document *document, const char *why,
	       const char *what)
{
	struct finding *finding;

	finding = diag_open(a->diags, SEVERITY_ERROR, "CFG003", "records-of-unknown-zone",
			    document->sets_at, "%s%s", why, what ? what : "");
	diag_add(a->diags, finding, PART_HELP, NULL, NULL, (struct srcloc){ 0 },
		 "keep the zone's id in the file's name, or the call in an envelope");
}

/** By the owner of the SOA, where one zone only has that name. */
static struct aws_zone *
zone_of_apex(struct aws *a, const struct aws_document *document)
{
	struct aws_zone *found = NULL;
	struct name name;

	if (!document->apex || name_parse_octal(document->apex, &name) != OK) {
		report_unknown(a, document, "nothing tells which zone these records are of", NULL);
		return NULL;
	}
	for (size_t i = 0; i < a->zones.count; i++) {
		struct aws_zone *zone = a->zones.entries[i].value;

		if (!name_wire_equal(zone->name, name.wire))
			continue;
		if (found) {
			report_unknown(a, document, "several zones have the name of this SOA: ",
				       document->apex);
			return NULL;
		}
		found = zone;
	}
	if (!found)
		report_unknown(a, document, "no zone of the export has the name of this SOA: ",
			       document->apex);
	return found;
}

static struct aws_zone *
zone_of(struct aws *a, const struct aws_document *document)
{
	const char *id = aws_argument(document, "hosted-zone-id");
	struct aws_zone *zone;

	if (!id)
		id = aws_argument(document, "id");
	if (!id)
		id = aws_word(a, document, &a->zones);
	if (!id)
		return zone_of_apex(a, document);
	zone = table_find_string(&a->zones, aws_bare_id(id));
	if (!zone)
		report_unknown(a, document, "these records are of a zone that the export has not: ",
			       aws_bare_id(id));
	return zone;
}

/** Does a page lead here?  The order of files says nothing: "Z1.2.json" is before "Z1.json". */
static bool
continues(const struct aws *a, const struct aws_document *document)
{
	const char *start = aws_argument(document, "starting-token");
	const struct aws_document *before = NULL;

	if (start)
		before = table_find_string(&a->pages, start);
	if (!before && document->first_name)
		before = table_find_string(&a->pages, document->first_name);
	return before && before != document;
}

static void
read_list(struct aws *a, struct aws_zone *zone, const struct aws_document *document)
{
	struct finding *finding;

	if (continues(a, document)) {
		aws_read_records(a, document, zone->zone);
		return;
	}
	if (!zone->first) {
		zone->first = document;
		aws_read_records(a, document, zone->zone);
		return;
	}
	if (digest_equal(zone->first->file, document->file))
		return;
	finding = diag_open(a->diags, SEVERITY_WARNING, "CFG007", "sources-disagree",
			    document->sets_at, "records of zone %s are in another file already, "
			    "and that one counts", zone->zone->id);
	diag_add(a->diags, finding, PART_OBJECT, "hosted_zone", zone->zone->id,
		 zone->first->sets_at, "the first");
}

static void
check_count(struct aws *a, const struct aws_zone *zone)
{
	struct finding *finding;

	if (!zone->first) {
		diag_report(a->diags, SEVERITY_WARNING, "missing-records", zone->zone->at,
			    "%s: its records are in no file: all its names seem not to exist",
			    zone->zone->id);
		return;
	}
	if (zone->stated == UINT64_MAX || zone->stated <= zone->zone->set_count)
		return;
	finding = diag_open(a->diags, SEVERITY_ERROR, "CFG001", "truncated-export",
			    zone->first->sets_at,
			    "zone %s has %" PRIu64 " record sets, %zu were read", zone->zone->id,
			    zone->stated, zone->zone->set_count);
	diag_add(a->diags, finding, PART_OBJECT, "hosted_zone", zone->zone->id, zone->stated_at,
		 "stated here");
}

/** What leads from one page of records to another: a token, or a name. */
static void
note_leads(struct aws *a)
{
	for (const struct aws_document *d = a->documents; d && !a->nomem; d = d->next_document)
		if (d->sets_at.file && d->next && *d->next)
			a->nomem |= table_put_string(&a->pages, d->next, (void *)(uintptr_t)d) != OK;
}

void
aws_add_records(struct aws *a)
{
	size_t errors = a->diags->errors;

	note_leads(a);
	for (const struct aws_document *d = a->documents; d && !a->nomem; d = d->next_document) {
		struct aws_zone *zone;

		if (!d->sets_at.file)
			continue;
		zone = zone_of(a, d);
		if (zone && zone->zone)
			read_list(a, zone, d);
	}
	for (size_t i = 0; i < a->zones.count && !a->nomem; i++) {
		const struct aws_zone *zone = a->zones.entries[i].value;

		if (zone->zone && a->diags->errors == errors)
			check_count(a, zone);
	}
}

/* --- health checks */

/* The two that are judged elsewhere are told from outside. */
static const struct schema_word health_words[] = {
	{ "TCP", HEALTH_TCP }, { "HTTP", HEALTH_HTTP }, { "HTTPS", HEALTH_HTTPS },
	{ "HTTP_STR_MATCH", HEALTH_HTTP_STR_MATCH },
	{ "HTTPS_STR_MATCH", HEALTH_HTTPS_STR_MATCH },
	{ "CALCULATED", HEALTH_CALCULATED }, { "CLOUDWATCH_METRIC", HEALTH_EXTERNAL },
	{ "RECOVERY_CONTROL", HEALTH_EXTERNAL }, { 0 },
};

static const struct schema_key health_rows[] = {
	{ "Type", SCHEMA_ENUM, .required = true, .words = health_words,
	  AWS_TO(health_check, type) },
	{ "IPAddress", SCHEMA_ADDRESS, AWS_TO(health_check, addr) },
	{ "Port", SCHEMA_INTEGER, .min = 1, .max = 65535, AWS_TO(health_check, addr.port) },
	{ "FailureThreshold", SCHEMA_INTEGER, .min = 1, .max = 10,
	  AWS_TO(health_check, failure_threshold) },
	{ "ResourcePath", SCHEMA_STRING, .min = 1, .max = 255,
	  AWS_TO(health_check, resource_path) },
	{ "FullyQualifiedDomainName", SCHEMA_STRING, .min = 1, .max = 253,
	  AWS_TO(health_check, fully_qualified_domain_name) },
	{ "SearchString", SCHEMA_STRING, .min = 1, .max = 255,
	  AWS_TO(health_check, search_string) },
	{ "Inverted", SCHEMA_BOOL, AWS_TO(health_check, inverted) },
	{ "Disabled", SCHEMA_BOOL, AWS_TO(health_check, disabled) },
	{ "ChildHealthChecks", SCHEMA_REF, .list = true, .refs = REF_HEALTH,
	  AWS_TO(health_check, children) },
	{ "HealthThreshold", SCHEMA_INTEGER, .max = 256, AWS_TO(health_check, health_threshold) },
};

static void
add_health_check(struct aws *a, const struct aws_item *item)
{
	const struct yaml_node *config = aws_member(item->node, "HealthCheckConfig");
	struct health_check *check = aws_new(a, sizeof(*check));
	const char *interval = aws_text(config, "RequestInterval");
	uint64_t seconds;

	if (!check || !config)
		return;
	check->id = aws_keep(a, item->id);
	check->at = aws_place(item->document, item->node);
	check->failure_threshold = 3;
	check->request_interval_ms = 30000;
	if (interval && text_parse_u64(interval, 3600, &seconds))
		check->request_interval_ms = seconds * 1000;
	if (!aws_bind(a, item->document, config, health_rows, COUNT_OF(health_rows), check))
		return;
	if (!a->nomem && estate_add_health_check(a->estate, check, a->diags) == ERR_NOMEM)
		a->nomem = true;
}

void
aws_add_health_checks(struct aws *a)
{
	for (const struct aws_item *i = a->lists[AWS_HEALTH_CHECK].first; i && !a->nomem;
	     i = i->next)
		add_health_check(a, i);
}
