/*
 * fuzz - what the targets share: the entry that libFuzzer and replay.c call, and a claim
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** Holds for every input, or there is a finding. */
static inline void
require(bool holds)
{
	if (!holds)
		abort();
}

#endif
