#include "dns/codes.h"
#include "lint/checks.h"
#include "lint/foreign.h"
#include "lint/records.h"
#include "lint/region.h"
#include "lint/witness.h"

/*
 * ZON106: names that a public zone of the estate has, in a private zone's space, which lacks
 * them.  A name with an underscore in front, but SRV, proves or describes a domain to
 * others (ACME, DMARC, DKIM): nobody inside asks for it.
 */

/* Private zones of one name, by which they are found. */
struct namesake {
	uint32_t zone;
	uint32_t whole;		/* a network that reads all of it, or NETWORK_NONE */
	struct namesake *next;
};

/* Names of one public zone that one private zone hides. */
struct hidden {
	uint32_t private_zone, public_zone;
	uint32_t network;		/* that reads the first of them */
	size_t count;
	struct { const uint8_t *owner; uint16_t type; } shown[LINT_SHOWN];
	const uint8_t *last;		/* owner; its further types do not count again */
	struct hidden *next;
};

struct hiding {
	struct lint *lint;
	struct table by_name;		/* apex -> struct namesake */
	struct table by_pair;		/* private, public -> struct hidden */
	struct hidden *first, **end;
	uint32_t public_zone;
	const uint8_t *apex;		/* the public zone's */
};

/** A network that reads the zone and cuts nothing out of it. */
static uint32_t
whole_reader(const struct lint *lint, uint32_t zone)
{
	const uint8_t *name = lint_zone_name(lint, zone);

	for (const struct ref *ref = lint->zones[zone]->networks; ref; ref = ref->next) {
		const struct network *n = ref->object;

		if (n && lint_reads(lint, n->index, name, zone) &&
		    !lint_cut_below(lint, n->index, name, lint_first_below(lint, n->index, name)))
			return n->index;
	}
	return NETWORK_NONE;
}

static void
enter_zone(struct hiding *h, uint32_t zone)
{
	const uint8_t *name = lint_zone_name(h->lint, zone);
	size_t len = name_wire_len(name);
	struct namesake *new = lint_alloc(h->lint, 1, sizeof(*new));

	if (!new)
		return;
	*new = (struct namesake){ zone, whole_reader(h->lint, zone),
				  table_find(&h->by_name, name, len) };
	if (table_put(&h->by_name, name, len, new) != OK)
		h->lint->nomem = true;
}

/** Who reads this name from the zone, or NETWORK_NONE. */
static uint32_t
reader_of(const struct lint *lint, const struct namesake *zone, const uint8_t *name)
{
	if (zone->whole != NETWORK_NONE)
		return zone->whole;
	for (const struct ref *ref = lint->zones[zone->zone]->networks; ref; ref = ref->next) {
		const struct network *network = ref->object;

		if (network && lint_reads(lint, network->index, name, zone->zone))
			return network->index;
	}
	return NETWORK_NONE;
}

static struct hidden *
hidden_of(struct hiding *h, uint32_t private_zone)
{
	uint32_t key[2] = { private_zone, h->public_zone };
	struct hidden *hidden = table_find(&h->by_pair, key, sizeof(key));

	if (hidden)
		return hidden;
	hidden = lint_alloc(h->lint, 1, sizeof(*hidden));
	if (!hidden)
		return NULL;
	hidden->private_zone = private_zone;
	hidden->public_zone = h->public_zone;
	if (table_put(&h->by_pair, hidden, sizeof(key), hidden) != OK) {
		h->lint->nomem = true;
		return NULL;
	}
	*h->end = hidden;
	h->end = &hidden->next;
	return hidden;
}

static void
note_hidden(struct hiding *h, const struct namesake *zone, const struct name *name,
	    const struct suffixes *suffixes, const uint8_t *owner, uint16_t type)
{
	struct hidden *hidden;
	uint32_t network;

	if (lookup_find(h->lint->snap->zones[zone->zone], name, suffixes, type).kind !=
	    LOOKUP_NXDOMAIN)
		return;
	network = reader_of(h->lint, zone, owner);
	hidden = network == NETWORK_NONE ? NULL : hidden_of(h, zone->zone);
	if (!hidden || (hidden->last && name_wire_equal(hidden->last, owner)))
		return;
	hidden->last = owner;
	if (hidden->count == 0)
		hidden->network = network;
	if (hidden->count < LINT_SHOWN) {
		hidden->shown[hidden->count].owner = owner;
		hidden->shown[hidden->count].type = type;
	}
	hidden->count++;
}

static void
judge_public(void *context, const uint8_t *owner, uint16_t type)
{
	struct hiding *h = context;
	struct suffixes suffixes;
	struct name name;

	if ((owner[0] > 1 && owner[1] == '_' && type != TYPE_SRV) || type == TYPE_SOA)
		return;
	name_from_wire(owner, &name);
	name_suffixes(&name, &suffixes);
	for (unsigned k = 1; k <= name.labels; k++) {
		const uint8_t *suffix = name.wire + suffixes.offset[k];
		const struct namesake *zone = table_find(&h->by_name, suffix,
							 (size_t)name.len - suffixes.offset[k]);

		for (; zone; zone = zone->next)
			note_hidden(h, zone, &name, &suffixes, owner, type);
	}
}

static void
report_hidden(struct lint *lint, const struct lint_check *check, const struct hidden *hidden)
{
	const struct hosted_zone *zone = lint->zones[hidden->private_zone];
	struct witness witness = { .type = hidden->shown[0].type };
	struct finding *finding;
	char name[NAME_TEXT_MAX];

	name_from_wire(hidden->shown[0].owner, &witness.name);
	witness_claim_zone(&witness, hidden->network, hidden->private_zone);
	if (!witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, zone->name_at,
			    "%s of the public zone \"%s\" %s not exist where the private zone "
			    "\"%s\", %s, is read",
			    lint_count(lint, hidden->count, "name", "names"),
			    lint->zones[hidden->public_zone]->id,
			    hidden->count == 1 ? "does" : "do", zone->id,
			    name_print(zone->name, name));
	lint_add_zone(lint, finding, hidden->private_zone, "covers the names and lacks them");
	lint_add_zone(lint, finding, hidden->public_zone, "has them");
	for (const struct ref *ref = zone->networks; ref; ref = ref->next)
		if (ref->object)
			lint_add_network(lint, finding,
					 ((const struct network *)ref->object)->index);
	for (size_t i = 0; i < hidden->count && i < LINT_SHOWN; i++)
		diag_add(lint->diags, finding, PART_NAMES, "name",
			 name_print(hidden->shown[i].owner, name), (struct srcloc){ 0 },
			 "all types");
	witness_add(lint, finding, &witness,
		    lint_printf(lint, "the public zone says %s",
				witness_record_text(lint, &witness, hidden->public_zone)));
	lint_add_help(lint, finding, "copy the names to the private zone, or give it a longer "
		      "name");
}

void
check_private_hides_public(struct lint *lint, const struct lint_check *check)
{
	struct hiding h = { .lint = lint, .end = &h.first };
	bool any = false;

	for (uint32_t z = 0; z < lint->estate->zone_count; z++)
		any |= lint->zones[z]->public_zone;
	table_init(&h.by_name, &lint->arena);
	table_init(&h.by_pair, &lint->arena);
	for (uint32_t z = 0; any && z < lint->estate->zone_count; z++)
		if (!lint->zones[z]->public_zone && lint->zones[z]->networks)
			enter_zone(&h, z);
	for (uint32_t z = 0; any && z < lint->estate->zone_count && !lint->nomem; z++) {
		if (!lint->zones[z]->public_zone)
			continue;
		h.public_zone = z;
		records_below(lint->snap->zones[z], lint_zone_name(lint, z), judge_public, &h);
	}
	for (const struct hidden *hidden = h.first; hidden && !lint->nomem; hidden = hidden->next)
		report_hidden(lint, check, hidden);
}

/* ZON107: a zone of a name that is everybody's, or a provider's. */

static const char *
foreign_text(enum foreign kind)
{
	switch (kind) {
	case FOREIGN_NOT:
		break;
	case FOREIGN_ROOT:
		return "the root of all names";
	case FOREIGN_TLD:
		return "a top-level domain";
	case FOREIGN_SUFFIX:
		return "a public suffix";
	case FOREIGN_PROVIDER:
		return "a domain of a provider's services";
	}
	return "";
}

/** A name below the zone's that it lacks, read from it in this network; false: none. */
static bool
find_taken(const struct lint *lint, uint32_t zone, struct witness *witness)
{
	struct region below = { .kind = REGION_OTHERS, .name = lint_zone_name(lint, zone) };
	const struct ref *ref = lint->zones[zone]->networks;

	for (; ref; ref = ref->next) {
		const struct network *network = ref->object;

		for (unsigned i = 0; network && i < LINT_SHOWN &&
		     region_member(&below, lint->snap->zones[zone], NULL, i, &witness->name);
		     i++) {
			if (!lint_reads(lint, network->index, witness->name.wire, zone))
				continue;
			witness_claim_zone(witness, network->index, zone);
			return true;
		}
	}
	return false;
}

static void
report_foreign(struct lint *lint, const struct lint_check *check, uint32_t number,
	       enum foreign kind)
{
	const struct hosted_zone *zone = lint->zones[number];
	struct witness witness = { .type = TYPE_A };
	struct finding *finding;
	char name[NAME_TEXT_MAX];

	if (!find_taken(lint, number, &witness) || !witness_holds(lint, check, &witness))
		return;
	name_print(zone->name, name);
	finding = lint_open(lint, check, check->severity, zone->name_at,
			    "private zone \"%s\" is named %s, %s: it takes all names below from "
			    "who reads it", zone->id, name, foreign_text(kind));
	lint_add_zone(lint, finding, number, "takes them");
	for (const struct ref *ref = zone->networks; ref; ref = ref->next)
		if (ref->object)
			lint_add_network(lint, finding,
					 ((const struct network *)ref->object)->index);
	diag_add(lint->diags, finding, PART_NAMES, "subtree", name, (struct srcloc){ 0 },
		 "all types");
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "name the zone as narrowly as its records allow");
}

void
check_zone_swallows_foreign(struct lint *lint, const struct lint_check *check)
{
	for (uint32_t z = 0; z < lint->estate->zone_count && !lint->nomem; z++) {
		enum foreign kind = foreign_kind(lint_zone_name(lint, z));

		if (kind != FOREIGN_NOT && !lint->zones[z]->public_zone)
			report_foreign(lint, check, z, kind);
	}
}
