/*
 * way - the steps by which a network comes to an answer, as claims and as words
 */
#ifndef LINT_WAY_H
#define LINT_WAY_H

#include "lint/classes.h"
#include "lint/rewrite.h"
#include "lint/witness.h"

/**
 * Claim each step of the witness's question in this network: the rule that forwards it, the
 * next network's, and where it ends.  Of a rule's targets the first that leads on.
 */
void way_claim(struct lint *lint, struct witness *witness, uint32_t network);

/** What a question comes to, for people: in the arena. */
const char *way_text(struct lint *lint, const struct finals *finals);

#endif
