/*
 * clock - the time of day, for what is written into messages
 *
 * Deadlines and TTLs go by the loop's own clock, which never goes back; this one may.
 */
#ifndef IO_CLOCK_H
#define IO_CLOCK_H

#include <stdint.h>
#include <time.h>

/** Seconds since 1970, modulo 2^32. */
static inline uint32_t
clock_unix_s(void)
{
	return (uint32_t)time(NULL);
}

#endif
