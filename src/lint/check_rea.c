#include "lint/checks.h"
#include "lint/stranded.h"
#include "lint/witness.h"

/* What all findings about the addresses of one zone have: zone, networks, records, witness. */

static void
add_parts(struct lint *lint, struct finding *finding, const struct use *use, const char *text,
	  const uint32_t *networks, size_t count)
{
	lint_add_zone(lint, finding, use->zone, text);
	for (size_t i = 0; i < count; i++)
		lint_add_network(lint, finding, networks[i]);
	ground_add_records(lint, lint->ground, finding, use);
}

/* REA402, REA403, REA408, REA409: what its readers cannot use. */

/** The first of the readers that reads one of the records, with its question. */
static bool
find_witness(struct lint *lint, const struct stranded *s, struct witness *witness)
{
	for (size_t i = 0; i < s->count; i++)
		if (ground_witness(lint, lint->ground, s->use, s->readers[i], witness))
			return true;
	return false;
}

static const char *
block_text(struct lint *lint, const struct use *use)
{
	char buf[ADDR_TEXT_MAX];

	return lint_printf(lint, "%s",
			   prefix_print(&lint->ground->addresses.blocks[use->number].prefix,
					buf));
}

static const char *
why_text(struct lint *lint, const struct stranded *s)
{
	const char *holder = lint->networks[s->holder]->id;
	const char *readers = lint_networks_text(lint, s->readers, s->count);

	switch (s->why) {
	case STRANDED_APART:
		return lint_printf(lint, "%s, of \"%s\", to which %s %s no connection",
				   block_text(lint, s->use), holder, readers,
				   s->count == 1 ? "has" : "have");
	case STRANDED_ASLEEP:
		return lint_printf(lint, "%s, of \"%s\", but the peering \"%s\" of %s with it "
				   "is %s", block_text(lint, s->use), holder, s->peering->id,
				   readers, s->peering->status);
	case STRANDED_BEYOND:
		return lint_printf(lint, "%s, of \"%s\", which %s could only reach through "
				   "\"%s\", and connections do not add up",
				   block_text(lint, s->use), holder, readers,
				   lint->networks[s->other]->id);
	case STRANDED_AMBIGUOUS:
		return lint_printf(lint, "%s, which both \"%s\" and \"%s\" have, and %s %s "
				   "connected with both", block_text(lint, s->use), holder,
				   lint->networks[s->other]->id, readers,
				   s->count == 1 ? "is" : "are");
	}
	return "";
}

static const char *
help_text(struct lint *lint, const struct stranded *s)
{
	const char *holder = lint->networks[s->holder]->id;
	const char *readers = lint_networks_text(lint, s->readers, s->count);

	switch (s->why) {
	case STRANDED_APART:
		return lint_printf(lint, "connect %s with \"%s\", or take the zone's association "
				   "away", readers, holder);
	case STRANDED_ASLEEP:
		return lint_printf(lint, "have \"%s\" accepted, and add routes on both sides",
				   s->peering->id);
	case STRANDED_BEYOND:
		return lint_printf(lint, "peer %s with \"%s\" directly, or attach both to one "
				   "transit gateway", readers, holder);
	case STRANDED_AMBIGUOUS:
		return lint_printf(lint, "renumber \"%s\" or \"%s\", or route the addresses to "
				   "one of them by a longer prefix", holder,
				   lint->networks[s->other]->id);
	}
	return "";
}

static void
add_network(struct lint *lint, struct finding *finding, const struct network *network,
	    const char *text)
{
	enum object_kind kind = network->kind == NETWORK_VPC ? OBJECT_VPC : OBJECT_SITE;

	diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(kind), network->id,
		 network->at, "%s", text);
}

/** Links that the finding rests on, and who has the addresses. */
static void
add_links(struct lint *lint, struct finding *finding, const struct stranded *s)
{
	if (s->peering)
		diag_add(lint->diags, finding, PART_OBJECT, object_kind_text(OBJECT_PEERING),
			 s->peering->id, s->peering->at, "%s", s->peering->status);
	add_network(lint, finding, lint->networks[s->holder], "has the addresses");
	if (s->why == STRANDED_AMBIGUOUS)
		add_network(lint, finding, lint->networks[s->other], "has them as well");
}

static void
report_stranded(struct lint *lint, const struct lint_check *check, const struct stranded *s)
{
	struct witness witness = { 0 };
	struct finding *finding;

	if (!find_witness(lint, s, &witness) || !witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity,
			    ground_use_at(lint, lint->ground, s->use),
			    "zone \"%s\" gives %s in %s", lint->zones[s->use->zone]->id,
			    ground_count(lint, s->use), why_text(lint, s));
	add_parts(lint, finding, s->use, "has the records", s->readers, s->count);
	add_links(lint, finding, s);
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "%s", help_text(lint, s));
}

static void
report_all(struct lint *lint, const struct lint_check *check, enum stranded_why why)
{
	for (const struct stranded *s = stranded_find(lint); s && !lint->nomem; s = s->next)
		if (s->why == why)
			report_stranded(lint, check, s);
}

void
check_address_not_reachable(struct lint *lint, const struct lint_check *check)
{
	report_all(lint, check, STRANDED_APART);
}

void
check_address_ambiguous(struct lint *lint, const struct lint_check *check)
{
	report_all(lint, check, STRANDED_AMBIGUOUS);
}

void
check_peering_inactive(struct lint *lint, const struct lint_check *check)
{
	report_all(lint, check, STRANDED_ASLEEP);
	check_peering_routeless(lint, check);
}

void
check_transitive_assumption(struct lint *lint, const struct lint_check *check)
{
	report_all(lint, check, STRANDED_BEYOND);
}

/* REA401, REA406, REA407, REA410: what the addresses are by themselves. */

/** The question that shows it, where any network reads the zone. */
static void
add_witness(struct lint *lint, const struct lint_check *check, struct finding *finding,
	    const struct use *use, const uint32_t *readers, size_t count)
{
	struct witness witness = { 0 };
	bool found = false;

	for (size_t i = 0; i < count && !found; i++)
		found = ground_witness(lint, lint->ground, use, readers[i], &witness);
	if (found && witness_holds(lint, check, &witness))
		witness_add(lint, finding, &witness, NULL);
}

static void
report_use(struct lint *lint, const struct lint_check *check, const struct use *use,
	   const char *what, const char *help)
{
	size_t count = ground_readers(lint, lint->ground, use->zone);
	const uint32_t *readers = lint->ground->readers;
	struct finding *finding;

	finding = lint_open(lint, check, check->severity,
			    ground_use_at(lint, lint->ground, use), "zone \"%s\" has %s %s",
			    lint->zones[use->zone]->id, ground_count(lint, use), what);
	if (!finding)
		return;
	add_parts(lint, finding, use, "has the records", readers, count);
	add_witness(lint, check, finding, use, readers, count);
	lint_add_help(lint, finding, "%s", help);
}

typedef void (*judge_fn)(struct lint *lint, const struct lint_check *check,
			 const struct use *use);

/** Show each use of the kind, of public zones or of the others. */
static void
each_use(struct lint *lint, const struct lint_check *check, enum use_kind kind, bool public,
	 judge_fn judge)
{
	const struct ground *g = lint_ground(lint);

	for (size_t i = 0; g && i < g->uses.count && !lint->nomem; i++) {
		const struct use *use = &g->uses.list[i];

		if (use->kind == kind && lint->zones[use->zone]->public_zone == public)
			judge(lint, check, use);
	}
}

static void
report_nowhere(struct lint *lint, const struct lint_check *check, const struct use *use)
{
	report_use(lint, check, use, "of no network: private, and in none of the CIDR blocks",
		   "correct the records, or declare the network that has the addresses");
}

void
check_address_nowhere(struct lint *lint, const struct lint_check *check)
{
	each_use(lint, check, USE_NOWHERE, false, report_nowhere);
}

static void
report_public_address(struct lint *lint, const struct lint_check *check, const struct use *use)
{
	report_use(lint, check, use, "of the public Internet, and is private",
		   "say that it is meant, by a comment that ignores this check, or move the "
		   "records to a public zone");
}

void
check_public_address(struct lint *lint, const struct lint_check *check)
{
	each_use(lint, check, USE_PUBLIC, false, report_public_address);
}

static void
report_private_address(struct lint *lint, const struct lint_check *check,
		       const struct use *use)
{
	report_use(lint, check, use, "that the Internet does not route, and is public",
		   "move the records to a private zone");
}

/** A block may be of public addresses all the same. */
static void
report_private_block(struct lint *lint, const struct lint_check *check, const struct use *use)
{
	const struct prefix *prefix = &lint->ground->addresses.blocks[use->number].prefix;
	struct addr first = { 0 };

	for (size_t i = 0; i < sizeof(first.ip); i++)
		first.ip[i] = prefix->ip[i];
	if (address_kind(&first) == ADDRESS_PRIVATE)
		report_private_address(lint, check, use);
}

void
check_private_address_in_public_zone(struct lint *lint, const struct lint_check *check)
{
	each_use(lint, check, USE_NOWHERE, true, report_private_address);
	each_use(lint, check, USE_BLOCK, true, report_private_block);
}

static void
report_special(struct lint *lint, const struct lint_check *check, const struct use *use)
{
	const char *kind = address_kind_text((enum address_kind)use->number);

	report_use(lint, check, use,
		   lint_printf(lint, "that no other host can use: %s", kind),
		   "correct the records");
}

void
check_special_address(struct lint *lint, const struct lint_check *check)
{
	each_use(lint, check, USE_SPECIAL, false, report_special);
	each_use(lint, check, USE_SPECIAL, true, report_special);
}
