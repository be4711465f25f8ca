/*
 * model - one lint run: what the checks see, private to lint/
 *
 * A view is a network; its cut table in the snapshot decides where a name goes.  Objects of
 * the estate and of the snapshot have the same numbers (network, zone and rule `index`).
 * The arena is the run's; the sink's strings are copied out of it.
 */
#ifndef LINT_MODEL_H
#define LINT_MODEL_H

#include "engine/resolve.h"
#include "engine/route.h"
#include "lint/lint.h"
#include "lint/neighbours.h"

#define LINT_SHOWN 5	/* of many names or pairs, so many are shown; all are counted */

struct lint {
	const struct estate *estate;
	const struct snapshot *snap;
	struct diags *diags;
	enum severity least;
	struct arena arena;
	const struct network **networks;	/* by number, as the next two */
	const struct hosted_zone **zones;
	const struct resolver_rule **rules;
	struct neighbours neighbours;
	struct resolver *resolver;		/* replays witnesses */
	struct twin *twins;			/* check_zon's, found by the first that asks */
	bool twins_known;
	struct scan *scan;			/* of the zones' records; NULL: not yet made */
	struct ground *ground;			/* addresses and links; NULL: not yet made */
	struct zone_tries *tries;		/* of the closure and of zones; NULL: not yet made */
	struct inside *inside;			/* of VPCs; NULL: not yet made */
	const struct blocked *blocked;		/* check_rea_path's, found by the first that asks */
	bool blocked_known;
	struct closure *closure;		/* classes.h; NULL: not yet made, as the next */
	struct class_pair *class_pairs;
	struct comparison *differences;		/* check_pee_differ's */
	uint64_t work_left;			/* steps that comparisons may still take */
	const struct estate *base;		/* that this one is to replace; NULL */
	const struct snapshot *base_snap;
	struct changes *changes;		/* check_pee_base's; NULL: not yet found */
	struct stale *stale;			/* whom sites forward to; NULL: not yet made */
	bool nomem;				/* a check could not finish */
	bool broken;				/* a witness did not replay */
};

/** ERR_NOMEM: lint_fini is still to be called. */
enum status lint_init(struct lint *lint, const struct estate *estate,
		      const struct snapshot *snap, enum severity least, struct diags *diags)
	must_check;
void lint_fini(struct lint *lint);

/** Arena memory; NULL marks the run as unfinished. */
void *lint_alloc(struct lint *lint, size_t count, size_t size);

/** A formatted string in the arena; "" (and the run unfinished) without memory. */
const char *lint_printf(struct lint *lint, const char *fmt, ...) printf_like(2, 3);

/** A finding of this check; NULL, which diag_add accepts, below the run's severity. */
struct finding *lint_open(struct lint *lint, const struct lint_check *check,
			  enum severity severity, struct srcloc at, const char *fmt, ...)
	printf_like(5, 6);

static inline const uint8_t *
lint_zone_name(const struct lint *lint, uint32_t zone)
{
	return lint->zones[zone]->name;
}

static inline const uint8_t *
lint_cut_name(const struct lint *lint, const struct cut *cut)
{
	return snapshot_name(lint->snap, cut->name_at);
}

/** "1 record", "2 records": in the arena. */
const char *lint_count(struct lint *lint, size_t count, const char *one, const char *many);

/** "2 pairs of connected networks". */
const char *lint_pairs(struct lint *lint, size_t count);

/** "vpc-a, vpc-b and 3 more": a few of the networks, in the arena. */
const char *lint_networks_text(struct lint *lint, const uint32_t *networks, size_t count);

/* Parts that name an object and show where it stands. */
void lint_add_zone(struct lint *, struct finding *, uint32_t zone, const char *text);
void lint_add_rule(struct lint *, struct finding *, uint32_t rule, const char *text);
void lint_add_network(struct lint *, struct finding *, uint32_t network);
void lint_add_help(struct lint *, struct finding *, const char *fmt, ...) printf_like(3, 4);

/** Where a record of the zone was declared; the zone itself when it is not known. */
struct srcloc lint_record_at(const struct lint *lint, uint32_t zone, const uint8_t *owner,
			     uint16_t type);

/** Where the name goes in this network, by the snapshot. */
struct route lint_route(const struct lint *lint, uint32_t network, const uint8_t *name);

/** Does it go to this zone? */
bool lint_reads(const struct lint *lint, uint32_t network, const uint8_t *name, uint32_t zone);

/**
 * The cut that would serve the name if only suffixes of fewer than `below` labels were cut;
 * NULL for below 0.
 */
const struct cut *lint_cut_above(const struct lint *lint, uint32_t network,
				 const uint8_t *name, unsigned below);

/**
 * The number of the first cut behind the name in the view's order: those strictly below it
 * stand there, as long as lint_cut_below gives them.
 */
uint32_t lint_first_below(const struct lint *lint, uint32_t network, const uint8_t *name);
/** Cut number i of the network while it is strictly below the name, else NULL. */
const struct cut *lint_cut_below(const struct lint *lint, uint32_t network, const uint8_t *name,
				 uint32_t i);

/** Do two FORWARD rules ask the same servers, in one way, through one endpoint? */
bool lint_rules_ask_alike(const struct resolver_rule *a, const struct resolver_rule *b);

/** Does the VPC use its private zones (route53-semantics 1.5)?  Always for a site. */
bool lint_uses_zones(const struct lint *lint, uint32_t network);

/** Is this cut served by the zone's data? */
static inline bool
cut_is_zone(const struct cut *cut, uint32_t zone)
{
	return cut->action == CUT_ZONE && cut->target == zone;
}

/** Is it a FORWARD rule that someone declared, not the internet resolver? */
static inline bool
cut_is_forward(const struct cut *cut)
{
	return cut->action == CUT_FORWARD && cut->origin_kind == ORIGIN_RULE;
}

#endif
