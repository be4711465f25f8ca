/*
 * carry - the effective table of a class that is in no circle
 *
 * Private to closure.h.  Each cut of the class is a piece: a leaf, or, where names are
 * forwarded, what those who are asked have at and below the domain.  Pieces lie over that of
 * the cut above them.
 */
#ifndef LINT_CARRY_H
#define LINT_CARRY_H

#include "lint/closure.h"

/**
 * The table.  The tables of all classes that this one forwards to are there already.
 * room: for as many pieces as the class has cuts.  NULL: no memory.
 */
const struct trie *carry_table(struct closure *closure, uint32_t class, struct trie_piece *room);

#endif
