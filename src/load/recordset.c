#include "load/recordset.h"

#include <string.h>

#include "dns/codes.h"
#include "dns/name.h"
#include "load/zonefile.h"

/* The zone that all aliases to CloudFront name; none in a private zone (4.3.9). */
static const char cloudfront_zone[] = "Z2FDTNDATAQYW2";

static bool
given(struct srcloc at)
{
	return at.file != NULL;
}

static enum status
refuse(struct recordset_maker *m, const char *code, struct srcloc at, const char *fmt, ...)
	printf_like(4, 5);

static enum status
refuse(struct recordset_maker *m, const char *code, struct srcloc at, const char *fmt, ...)
{
	struct arena_mark mark = arena_mark(m->scratch);
	const char *message;
	va_list ap;

	va_start(ap, fmt);
	message = arena_vprintf(m->scratch, fmt, ap);
	va_end(ap);
	if (!message)
		return ERR_NOMEM;
	diag_report(m->diags, SEVERITY_ERROR, code, at, "%s", message);
	arena_rewind(m->scratch, mark);
	return ERR_REJECTED;
}

void
recordset_init(struct recordset_maker *maker, struct estate *estate, struct hosted_zone *zone,
	       struct arena *scratch, struct diags *diags)
{
	*maker = (struct recordset_maker){ .estate = estate, .zone = zone, .diags = diags,
					   .scratch = scratch };
	maker->first = zone->sets ? zone->sets_end : &zone->sets;
	table_init(&maker->simple, scratch);
	(void)arena_alloc(scratch, 1);	/* so that its first chunk stays while values come and go */
}

/* Which keys choose a routing policy. */
struct choice {
	const char *key;
	struct srcloc at;
	enum routing_policy policy;
};

/** The policy that the fields ask for; two are one too many. */
static enum status
choose_policy(struct recordset_maker *m, const struct record_fields *f, struct choice *out)
{
	const struct choice choices[] = {
		{ "weight", f->weight_at, POLICY_WEIGHTED },
		{ "failover", f->failover_at, POLICY_FAILOVER },
		{ "region", f->region_at, POLICY_LATENCY },
		{ "geo_location", f->geo_at, POLICY_GEOLOCATION },
		{ "geoproximity_location", f->geoproximity_at, POLICY_GEOPROXIMITY },
		{ "multi_value_answer",
		  f->multi_value_answer ? f->multi_value_at : (struct srcloc){ 0 },
		  POLICY_MULTIVALUE },
	};

	*out = (struct choice){ .policy = POLICY_SIMPLE };
	for (size_t i = 0; i < COUNT_OF(choices); i++) {
		if (!given(choices[i].at))
			continue;
		if (out->key)
			return refuse(m, "bad-policy", choices[i].at,
				      "%s beside %s: a record set has one routing policy",
				      choices[i].key, out->key);
		*out = choices[i];
	}
	return OK;
}

/** What the API does not allow (route53-semantics 4.4.2). */
static enum status
check_policy(struct recordset_maker *m, const struct record_fields *f,
	     const struct choice *choice)
{
	char type[CODE_TEXT_MAX];
	bool fixed = f->type == TYPE_NS || f->type == TYPE_SOA || f->type == TYPE_DS;

	if (choice->policy == POLICY_SIMPLE && given(f->set_identifier_at))
		return refuse(m, "bad-policy", f->set_identifier_at,
			      "a set_identifier, but no routing policy that it belongs to");
	if (choice->policy == POLICY_SIMPLE)
		return OK;
	if (!given(f->set_identifier_at))
		return refuse(m, "missing-key", f->at,
			      "%s needs a set_identifier", choice->key);
	if (choice->policy == POLICY_MULTIVALUE && (f->type == TYPE_CNAME || given(f->alias_at)))
		return refuse(m, "bad-policy", choice->at,
			      "multi_value_answer is not for a CNAME or an alias");
	if (fixed)
		return refuse(m, "bad-policy", choice->at, "%s is not for records of type %s",
			      choice->key, type_print(f->type, type));
	return OK;
}

static enum status
check_places(struct recordset_maker *m, const struct record_fields *f)
{
	int said = (f->aws_region != NULL) + (f->local_zone_group != NULL) +
		   given(f->coordinates_at);

	if (given(f->geo_at) && !f->continent && !f->country)
		return refuse(m, "missing-key", f->geo_at,
			      "a geo_location names a continent or a country");
	if (given(f->geo_at) && f->continent && f->country)
		return refuse(m, "bad-value", f->geo_at,
			      "a geo_location names a continent or a country, not both");
	if (f->country && strcmp(f->country, "*") != 0 && strlen(f->country) != 2)
		return refuse(m, "bad-value", f->geo_at,
			      "\"%.40s\" is no country code: two letters, or *", f->country);
	if (f->subdivision && !f->country)
		return refuse(m, "missing-key", f->geo_at,
			      "a subdivision is one of a country, and none is named");
	if (given(f->geoproximity_at) && said != 1)
		return refuse(m, said ? "bad-value" : "missing-key", f->geoproximity_at,
			      "a geoproximity_location names one of aws_region, "
			      "local_zone_group and coordinates");
	return OK;
}

static enum status
check_data(struct recordset_maker *m, const struct record_fields *f)
{
	char type[CODE_TEXT_MAX];

	if (given(f->alias_at) && given(f->values_at))
		return refuse(m, "bad-value", f->alias_at,
			      "an alias target beside values: one or the other");
	if (!given(f->alias_at) && !f->values)
		return refuse(m, "missing-key", f->at, "neither values nor an alias target");
	if (!given(f->alias_at) && !given(f->ttl_at))
		return refuse(m, "missing-key", f->at,
			      "no ttl: it must be given with values");
	if (given(f->alias_at) && given(f->ttl_at))
		return refuse(m, "bad-value", f->ttl_at,
			      "an alias has the TTL of its target, and none of its own");
	if (given(f->alias_at) && (f->type == TYPE_NS || f->type == TYPE_SOA))
		return refuse(m, "bad-value", f->alias_at, "no alias for records of type %s",
			      type_print(f->type, type));
	if (given(f->alias_at) && strcmp(f->alias_zone, cloudfront_zone) == 0)
		return refuse(m, "bad-value", f->alias_at,
			      "no alias to CloudFront in a private zone: a CNAME can lead there");
	if (f->type == TYPE_NS && f->name[0] == 1 && f->name[1] == '*')
		return refuse(m, "bad-value", f->name_at, "no wildcard for records of type NS");
	return OK;
}

/** Its labels from the root outward; how many. */
static unsigned
split(const uint8_t *name, const uint8_t *labels[NAME_MAX_LABELS])
{
	unsigned count = name_wire_labels(name);

	for (unsigned i = count; i; name += 1 + *name)
		labels[--i] = name;
	return count;
}

/** By their octets, as if each were ended by a dot; no two are equal in it. */
static int
compare_labels(const uint8_t *a, const uint8_t *b)
{
	size_t shared = *a < *b ? *a : *b;
	int order = memcmp(a + 1, b + 1, shared);

	if (order || *a == *b)
		return order;
	order = (*a > shared ? a[1 + shared] : '.') - (*b > shared ? b[1 + shared] : '.');
	return order ? order : *a - *b;
}

/**
 * Does the name and type come behind those of the set?  In the order in which the API lists
 * them: that of com.example.www. as text.
 */
static bool
comes_behind(const struct record_set *set, const uint8_t *name, uint16_t type)
{
	const uint8_t *a[NAME_MAX_LABELS], *b[NAME_MAX_LABELS];
	unsigned a_count = split(set->owner, a), b_count = split(name, b);
	int order = 0;

	for (unsigned i = 0; i < a_count && i < b_count && order == 0; i++)
		order = compare_labels(a[i], b[i]);
	if (order == 0 && a_count != b_count)
		return a_count < b_count;
	return order < 0 || (order == 0 && set->type < type);
}

static enum status
enter_single(struct recordset_maker *m, const uint8_t *name, uint16_t type,
	     const struct record_set *set, const struct record_set **first)
{
	size_t len = name_wire_len(name);
	uint8_t *key = arena_alloc(m->scratch, len + 2);

	if (!key)
		return ERR_NOMEM;
	memcpy(key, name, len);
	store_u16(key + len, type);
	*first = table_find(&m->simple, key, len + 2);
	return *first ? OK : table_put(&m->simple, key, len + 2, (void *)(uintptr_t)set);
}

/** Those that came in order are all different; now a table has to tell. */
static enum status
enter_all(struct recordset_maker *m)
{
	const struct record_set *first;
	enum status status = OK;

	m->mixed = true;
	for (const struct record_set *set = *m->first; set && !status; set = set->next)
		if (!set->routing || set->routing->policy == POLICY_SIMPLE)
			status = enter_single(m, set->owner, set->type, set, &first);
	return status;
}

/** Simple sets of one name and type are one set: the API has them so. */
static enum status
check_single(struct recordset_maker *m, const struct record_fields *f,
	     const struct record_set *set)
{
	const struct record_set *first = NULL;
	char name[NAME_TEXT_MAX], type[CODE_TEXT_MAX];
	struct finding *finding;
	enum status status = OK;

	if (!m->mixed && (!m->last || comes_behind(m->last, f->name, f->type))) {
		m->last = set;
		return OK;
	}
	if (!m->mixed)
		status = enter_all(m);
	if (!status)
		status = enter_single(m, f->name, f->type, set, &first);
	if (!first)
		return status;
	finding = diag_open(m->diags, SEVERITY_ERROR, "duplicate-set", NULL, f->at,
			    "%s %s is here already, and no routing policy tells the two apart",
			    name_print(f->name, name), type_print(f->type, type));
	diag_add(m->diags, finding, PART_OBJECT, "record_set", name, first->at, "the first");
	return ERR_REJECTED;
}

static bool
is_octal(char c)
{
	return c >= '0' && c <= '7';
}

char *
recordset_decimal_escapes(struct arena *arena, const char *text)
{
	char *out = arena_string(arena, text), *at = out;

	while (out && (at = strchr(at, '\\')) && at[1]) {
		if (at[1] <= '3' && is_octal(at[1]) && is_octal(at[2]) && is_octal(at[3])) {
			int octet = (at[1] - '0') << 6 | (at[2] - '0') << 3 | (at[3] - '0');

			at[1] = (char)('0' + octet / 100);
			at[2] = (char)('0' + octet / 10 % 10);
			at[3] = (char)('0' + octet % 10);
		}
		at += 2;
	}
	return out;
}

static enum status
parse_value(struct recordset_maker *m, uint16_t type, const char *text, struct rdata *out,
	    const char **why)
{
	struct arena_mark mark = arena_mark(m->scratch);
	enum status status = ERR_NOMEM;

	if (m->octal)
		text = recordset_decimal_escapes(m->scratch, text);
	if (text)
		status = rdata_parse(type, text, estate_records(m->estate), out, why);
	arena_rewind(m->scratch, mark);
	return status;
}

static enum status
parse_values(struct recordset_maker *m, const struct record_fields *f, struct record_set *set)
{
	const char *why, *cut;
	enum status result = OK;
	struct rdata *values;
	size_t count = 0;
	char type[CODE_TEXT_MAX];

	for (const struct string_item *v = f->values; v; v = v->next)
		count++;
	if (count > UINT16_MAX)
		return refuse(m, "too-large", f->values_at, "%zu values in one record set",
			      count);
	values = arena_array(estate_records(m->estate), count, sizeof(*values));
	if (!values)
		return ERR_NOMEM;
	set->values = values;
	set->value_count = (uint16_t)count;
	for (const struct string_item *v = f->values; v; v = v->next) {
		enum status status = parse_value(m, f->type, v->text, values++, &why);

		if (status == OK)
			continue;
		if (status != ERR_MALFORMED)
			return status;
		cut = strlen(v->text) > 100 ? "..." : "";
		result = refuse(m, "bad-data", v->at, "\"%.100s%s\" is no data of type %s: %s",
				v->text, cut, type_print(f->type, type), why);
	}
	return result;
}

/** A copy in the estate; NULL stays NULL.  Memory that ends is seen by the caller. */
static const char *
keep(struct recordset_maker *m, const char *text, bool *nomem)
{
	const char *copy = text ? arena_string(&m->estate->arena, text) : NULL;

	*nomem |= text && !copy;
	return copy;
}

static enum status
make_routing(struct recordset_maker *m, const struct record_fields *f,
	     const struct choice *choice, struct record_set *set)
{
	const char *region = f->region ? f->region
				       : f->aws_region ? f->aws_region : f->local_zone_group;
	struct routing *routing;
	bool nomem = false;

	if (choice->policy == POLICY_SIMPLE && !f->health_check)
		return OK;
	routing = arena_alloc(&m->estate->arena, sizeof(*routing));
	if (!routing)
		return ERR_NOMEM;
	*routing = (struct routing){
		.policy = choice->policy,
		.set_identifier = keep(m, f->set_identifier, &nomem),
		.weight = (uint16_t)f->weight,
		.failover = (enum failover_role)f->failover,
		.region = keep(m, region, &nomem),
		.continent = keep(m, f->continent, &nomem),
		.country = keep(m, f->country, &nomem),
		.subdivision = keep(m, f->subdivision, &nomem),
		.bias = (int16_t)f->bias,
		.latitude = f->latitude,
		.longitude = f->longitude,
		.has_coordinates = given(f->coordinates_at),
		.health_check = keep(m, f->health_check, &nomem),
		.health_check_at = f->health_check_at,
	};
	set->routing = routing;
	return nomem ? ERR_NOMEM : OK;
}

static const uint8_t *
keep_name(struct arena *arena, const uint8_t *wire)
{
	return arena_copy(arena, wire, name_wire_len(wire));
}

static enum status
make_alias(struct recordset_maker *m, const struct record_fields *f, struct record_set *set)
{
	struct alias_target *alias;
	bool nomem = false;

	if (!given(f->alias_at))
		return OK;
	alias = arena_alloc(&m->estate->arena, sizeof(*alias));
	if (!alias)
		return ERR_NOMEM;
	alias->dns_name = keep_name(&m->estate->arena, f->alias_name);
	alias->hosted_zone = keep(m, f->alias_zone, &nomem);
	alias->evaluate_target_health = f->evaluate_target_health;
	alias->at = f->alias_at;
	set->alias = alias;
	return nomem || !alias->dns_name ? ERR_NOMEM : OK;
}

static enum status
make_set(struct recordset_maker *m, const struct record_fields *f, const struct choice *choice,
	 struct record_set *set)
{
	enum status status = make_alias(m, f, set);

	if (status == OK)
		status = make_routing(m, f, choice, set);
	if (status != OK)
		return status;
	set->owner = keep_name(estate_records(m->estate), f->name);
	return set->owner ? OK : ERR_NOMEM;
}

static enum status
first_of(enum status a, enum status b)
{
	return a != OK && b != ERR_NOMEM ? a : b;
}

/** Every mistake of the set, not the first only. */
static enum status
check_fields(struct recordset_maker *m, const struct record_fields *f, struct choice *choice,
	     struct record_set *set)
{
	enum status status = check_data(m, f);
	enum status chosen = choose_policy(m, f, choice);

	if (chosen == OK)
		chosen = check_policy(m, f, choice);
	status = first_of(status, chosen);
	status = first_of(status, check_places(m, f));
	return first_of(status, parse_values(m, f, set));
}

enum status
recordset_add(struct recordset_maker *m, const struct record_fields *f)
{
	struct record_set *set = arena_alloc(&m->estate->arena, sizeof(*set));
	struct choice choice;
	enum status status;

	if (!set)
		return ERR_NOMEM;
	*set = (struct record_set){ .type = f->type, .ttl_s = f->ttl_s, .at = f->at };
	status = check_fields(m, f, &choice, set);
	if (status == OK && choice.policy == POLICY_SIMPLE)
		status = check_single(m, f, set);
	if (status == OK)
		status = make_set(m, f, &choice, set);
	if (status != OK)
		return status;
	zone_add_set(m->zone, set);
	return OK;
}

static void
take_set(struct bind *b, enum schema_map_id map, const struct yaml_node *node, void *object,
	 bool good)
{
	(void)map;
	(void)node;
	if (good && recordset_add(b->context, object) == ERR_NOMEM)
		b->nomem = true;
}

void
recordset_bind(struct recordset_maker *m, struct bind *b, const char *file)
{
	bind_init(b, &m->estate->arena, m->diags);
	b->file = file;
	b->take = take_set;
	b->context = m;
}

bool
recordset_read_list(struct recordset_maker *m, const struct schema_key *key,
		    const struct yaml_node *node, const char *file)
{
	struct bind b;
	bool nomem;

	recordset_bind(m, &b, file);
	bind_list(&b, key, node, NULL);
	nomem = b.nomem;
	bind_fini(&b);
	return !nomem;
}
