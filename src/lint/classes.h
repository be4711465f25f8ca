/*
 * classes - which pairs of networks have to be compared, and each kind of pair once
 *
 * Networks with one cut table are a class (closure.h), and what differs between two networks
 * is what differs between their classes.  So the connected pairs are gathered by class; a
 * transit gateway's members are paired by their classes and never one by one.
 *
 * A class that nobody can contradict is not paired: no other class has, at, above or below one
 * of its zones and rules, another zone or rule.  What is a zone's or a rule's for one and
 * public for the other is no more than apart (rewrite.h).
 */
#ifndef LINT_CLASSES_H
#define LINT_CLASSES_H

#include "lint/closure.h"
#include "lint/model.h"

/* Connected networks of two classes. */
struct class_pair {
	uint32_t a, b;		/* networks: the first of their classes that are connected */
	struct neighbour link;	/* that connects these two */
	bool site;		/* one of them is a site */
	size_t count;		/* pairs of networks that are alike */
	struct class_pair *next;
};

/** The run's tries, made when first asked for; NULL: no memory. */
struct zone_tries *lint_tries(struct lint *lint);

/** The run's closure, made when first asked for; NULL: no memory. */
struct closure *lint_closure(struct lint *lint);

#define CLASS_PAIRS_MOST 2000000	/* half a gigabyte */

/**
 * All pairs of different classes that resolve, are connected and contested, in order of
 * networks.
 * *left_out: pairs of networks for which there were too many of them.
 */
const struct class_pair *lint_class_pairs(struct lint *lint, size_t *left_out);

#endif
