/*
 * brute - what a question comes to in a network, asked of the daemon's own engine
 *
 * Where the engine says that a rule's target has to be asked, that network is asked in the
 * same way, and its reply is composed, sent nowhere, read and given to the asker's cache:
 * the whole path of a question through all networks, and nothing of lint.
 *
 * A rule with several targets asks any of them: the question is asked again and again, until
 * every choice was made at every such place, and what it comes to is a set.
 */
#ifndef TESTS_BRUTE_H
#define TESTS_BRUTE_H

#include "engine/resolve.h"
#include "estate/estate.h"

enum brute_kind {
	BRUTE_ANSWER,
	BRUTE_NODATA,
	BRUTE_NXDOMAIN,
	BRUTE_FAILED,		/* SERVFAIL, also for what goes in circles */
	BRUTE_TOO_LONG,
	BRUTE_PUBLIC,		/* what the internet says of `hash` */
	BRUTE_OPAQUE,
	BRUTE_OTHER,
};

struct brute_final {
	enum brute_kind kind;
	uint64_t hash;		/* of the data, or of the name asked for */
};

#define BRUTE_FINALS 8

/* Each once. */
struct brute_finals {
	unsigned count;
	bool more;		/* than there is room for, or than were tried */
	struct brute_final final[BRUTE_FINALS];
};

struct brute;

struct brute *brute_new(void);
void brute_free(struct brute *brute);

/** Ask another estate. */
void brute_begin(struct brute *brute, const struct estate *estate, const struct snapshot *snap);

void brute_ask(struct brute *brute, uint32_t network, const struct name *name, uint16_t type,
	       struct brute_finals *out);

bool brute_same(const struct brute_final *a, const struct brute_final *b);

#endif
