/*
 * arena - memory of one world, freed as a whole
 *
 * Objects of an estate, a load or a lint run live and die together.  Memory comes in
 * mapped chunks that go back to the system at once.  The limit turns a huge import into a
 * finding instead of a kill, and lets a test walk every out-of-memory path by raising it
 * step by step.  One thread at a time.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunk;	/* the one being filled; older ones hang behind it */
	size_t used;			/* octets handed out or lost to alignment, all chunks */
	size_t limit;			/* `used` never passes it */
};

struct arena_mark {
	struct arena_chunk *chunk;
	size_t at;
	size_t used;
};

/** An empty arena; allocates nothing yet.  limit: octets, SIZE_MAX for none. */
void arena_init(struct arena *arena, size_t limit);

/** Give everything back.  The arena is empty and usable again. */
void arena_fini(struct arena *arena);

/** `size` zeroed octets aligned to 8; NULL at the limit or when the machine has none. */
void *arena_alloc(struct arena *arena, size_t size);

/** `count * size` zeroed octets; NULL also when the product overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/** A copy of `len` octets with a zero octet behind it; NULL as arena_alloc. */
void *arena_copy(struct arena *arena, const void *bytes, size_t len);

/** A copy of a C string. */
char *arena_string(struct arena *arena, const char *string);

/** A formatted string. */
char *arena_printf(struct arena *arena, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/** Remember the present fill, to drop all that comes after it (scratch use). */
struct arena_mark arena_mark(const struct arena *arena);

/** Free what was allocated since the mark; marks nest like parentheses. */
void arena_rewind(struct arena *arena, struct arena_mark mark);

/**
 * Take over all that another arena holds; it is empty and usable afterwards.  What was handed
 * out stays where it is.  Where both together have passed the limit, nothing more is given.
 */
void arena_join(struct arena *into, struct arena *from);

#endif
