/*
 * rich - random configurations that say a bit of everything
 *
 * Every routing policy, odd data, Profiles, health checks, what rules go on to, the server and
 * lint sections.  The loader takes all of them.
 */
#ifndef TESTS_RICH_H
#define TESTS_RICH_H

#include <stdint.h>

#include "base/text.h"

/**
 * Append the configuration of this number, always the same; order: in which the objects of
 * each list stand, 0 for as they were made.
 */
void rich_print(uint64_t seed, uint64_t order, struct text *out);

#endif
