/*
 * unit - what the unit tests share: cmocka, tables whose failures name their row, and a
 * random source that is the same at every run
 */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

/* cmocka wants these before itself */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Like cmocka's, but a failure is told at `line`: the __LINE__ kept in a table's row. */
#define row_true(line, c) _assert_true((c) ? 1 : 0, #c, __FILE__, line)
#define row_int(line, got, want)                                                          \
	_assert_int_equal(cast_to_largest_integral_type(got),                             \
			  cast_to_largest_integral_type(want), __FILE__, line)
#define row_string(line, got, want) _assert_string_equal(got, want, __FILE__, line)
#define row_memory(line, got, want, size)                                                 \
	_assert_memory_equal(got, want, size, __FILE__, line)

/** splitmix64: the same numbers everywhere, at every run. */
static inline uint64_t
next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

/** 0 .. bound-1. */
static inline unsigned
random_to(uint64_t *state, unsigned bound)
{
	return (unsigned)(next_random(state) % bound);
}

#endif
