/*
 * partial - an estate some of whose objects were not to be had, made fit to be judged
 */
#ifndef ESTATE_PARTIAL_H
#define ESTATE_PARTIAL_H

#include "estate/estate.h"

/**
 * After estate_check has reported dangling references: take them out, and with them what
 * cannot be without: peerings that lack a side, endpoints without a VPC, listeners in
 * nobody's place.  Rules that lose their endpoint stay.  Ids go on naming what was dropped.
 */
void estate_drop_dangling(struct estate *estate);

#endif
