/*
 * order - the objects of an estate in one order, however they were declared
 *
 * By kind, then by id, octet by octet; VPCs before sites; and so their lists of networks,
 * zones, rules and children.  Everything that walks the lists
 * (findings, the snapshot) then comes out the same for the same company, whichever file of
 * whatever form says it, and in which order.
 */
#ifndef ESTATE_ORDER_H
#define ESTATE_ORDER_H

#include "estate/estate.h"

/** Sort every list, and number what has a number.  ERR_NOMEM: of scratch; half is sorted. */
enum status estate_order(struct estate *estate, struct arena *scratch) must_check;

/** Append an object to the list of its kind. */
void order_append(struct estate *estate, enum object_kind kind, void *object);

/** The first object of a kind, and the one behind another; NULL: there is none. */
void *estate_first(const struct estate *estate, enum object_kind kind);
void *estate_next(enum object_kind kind, const void *object);

#endif
