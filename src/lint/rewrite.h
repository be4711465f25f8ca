/*
 * rewrite - what a question comes to in the end: over rules, CNAMEs, aliases and DNAMEs
 *
 * A plain walk, step by step: route, look up, follow.  The target of a CNAME is asked anew
 * in the network that asks, also when the CNAME came from behind a rule (unless server.assume
 * says otherwise, or the same servers would be asked: then the reply goes on with it); an alias is followed where it stands and hides what it finds.  The groups
 * of a routing policy are one answer.  As rules pick targets at random, it is a set.
 *
 * Not modelled: DNS64 (nothing is said of AAAA and PTR where it is on) and what the servers
 * of a DELEGATE rule say: they are opaque.
 */
#ifndef LINT_REWRITE_H
#define LINT_REWRITE_H

#include "lint/closure.h"
#include "lint/outcome.h"

#define FINALS_MAX 8

enum final_kind {
	FINAL_ANSWER,
	FINAL_NODATA,
	FINAL_NXDOMAIN,
	FINAL_PUBLIC,		/* the internet is asked for `name` */
	FINAL_OPAQUE,		/* an undeclared server is */
	FINAL_DELEGATED,	/* those are whom a DELEGATE rule leads to */
	FINAL_AUTODEFINED,
	FINAL_LOOP,		/* SERVFAIL: rules forward it in circles, */
	FINAL_CIRCLE,		/* names lead in circles, */
	FINAL_DEAD,		/* or it cannot be answered */
	FINAL_OFF,		/* REFUSED: the network does not resolve */
	FINAL_TOO_LONG,		/* YXDOMAIN: a DNAME makes the name too long */
};

/* The names that a question was led to, for all to see; the first first. */
struct led {
	const uint8_t *name;
	const struct led *next;
};

struct final {
	enum final_kind kind;
	uint32_t network;		/* where it was decided */
	struct outcome outcome;		/* ANSWER, DELEGATED */
	const uint8_t *ip;		/* OPAQUE */
	const uint8_t *name;		/* that was asked for in the end */
	const struct led *led;		/* NULL: to none */
};

static inline bool
final_is_servfail(enum final_kind kind)
{
	return kind == FINAL_LOOP || kind == FINAL_CIRCLE || kind == FINAL_DEAD;
}

struct finals {
	uint8_t count;
	bool more;			/* than there is room for */
	struct final final[FINALS_MAX];
};

/* How far two sets of finals are from each other, in growing gravity. */
enum finals_order {
	FINALS_SAME,
	FINALS_APART,	/* one leaves it to the internet, or to autodefined names: visibility */
	FINALS_MAY,	/* an undeclared server, or the choice of a target, decides */
	FINALS_MUST,
};

/* Types that were met on the way: the ones for which the answer may be another. */
#define REWRITE_TYPES 32
struct met_types {
	uint16_t type[REWRITE_TYPES];
	unsigned count;
	bool more;
};

/* One walk after the other. */
struct rewriter {
	const struct closure *in;
	struct arena *scratch;		/* names of the finals live here */
	struct met_types *met;		/* NULL: not wanted */
	const uint8_t *least;		/* of the circle found last: its first name in order */
	uint64_t steps;			/* taken so far */
	bool nomem;
};

/** What the name and type come to in this network. */
void rewrite_find(struct rewriter *rewriter, uint32_t network, const struct name *name,
		  uint16_t type, struct finals *out);

/** Compare; each set with the closure it was found in.  *nomem is set, never cleared. */
enum finals_order finals_compare(const struct finals *a, const struct finals *b,
				 struct arena *scratch, bool *nomem);

/** For people: "A 10.0.0.1", "NXDOMAIN", "asked of 10.9.9.9"; "or" between several. */
void finals_print(const struct finals *finals, struct arena *scratch, struct text *out);

#endif
