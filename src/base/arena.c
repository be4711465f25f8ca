#include "base/arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define ALIGNMENT   8
#define CHUNK_LEAST ((size_t)64 << 10)
#define CHUNK_MOST  ((size_t)4 << 20)

/* Octets behind the header.  Those from `dirty` on were never handed out: still zero. */
struct arena_chunk {
	struct arena_chunk *older;
	size_t size;
	size_t at;
	size_t dirty;
	uint8_t bytes[];
};

void
arena_init(struct arena *arena, size_t limit)
{
	*arena = (struct arena){ .limit = limit };
}

static void
chunk_drop(struct arena *arena)
{
	struct arena_chunk *chunk = arena->chunk;

	arena->chunk = chunk->older;
	munmap(chunk, sizeof(*chunk) + chunk->size);
}

void
arena_fini(struct arena *arena)
{
	while (arena->chunk)
		chunk_drop(arena);
	arena->used = 0;
}

/*
 * A chunk with room for `size` octets in front of the others.  What is left of the one
 * before is given up: its pages were never touched, so it costs addresses, not memory.
 */
static bool
chunk_add(struct arena *arena, size_t size)
{
	size_t whole = CHUNK_LEAST;
	struct arena_chunk *chunk;

	if (arena->chunk) {
		whole = 2 * (arena->chunk->size + sizeof(*chunk));
		if (whole > CHUNK_MOST)
			whole = CHUNK_MOST;
	}
	if (size > SIZE_MAX - CHUNK_MOST)
		return false;
	if (size + sizeof(*chunk) > whole)
		whole = (size + sizeof(*chunk) + CHUNK_LEAST - 1) & ~(CHUNK_LEAST - 1);

	chunk = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (chunk == MAP_FAILED)
		return false;
	chunk->older = arena->chunk;
	chunk->size = whole - sizeof(*chunk);
	arena->chunk = chunk;
	return true;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	struct arena_chunk *chunk = arena->chunk;
	size_t room = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	uint8_t *p;

	if (room < size || room > arena->limit - arena->used)
		return NULL;
	if (!chunk || chunk->size - chunk->at < room) {
		if (!chunk_add(arena, room))
			return NULL;
		chunk = arena->chunk;
	}

	p = chunk->bytes + chunk->at;
	if (chunk->at < chunk->dirty) {
		size_t stale = chunk->dirty - chunk->at;

		memset(p, 0, stale < room ? stale : room);
	}
	chunk->at += room;
	if (chunk->dirty < chunk->at)
		chunk->dirty = chunk->at;
	arena->used += room;
	return p;
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t octets;

	if (__builtin_mul_overflow(count, size, &octets))
		return NULL;
	return arena_alloc(arena, octets);
}

void *
arena_copy(struct arena *arena, const void *bytes, size_t len)
{
	void *copy = len < SIZE_MAX ? arena_alloc(arena, len + 1) : NULL;

	if (copy && len)
		memcpy(copy, bytes, len);
	return copy;
}

char *
arena_string(struct arena *arena, const char *string)
{
	return arena_copy(arena, string, strlen(string));
}

char *
arena_vprintf(struct arena *arena, const char *fmt, va_list ap)
{
	va_list again;
	char *string;
	int len;

	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (len < 0)
		return NULL;
	string = arena_alloc(arena, (size_t)len + 1);
	if (string)
		vsnprintf(string, (size_t)len + 1, fmt, ap);
	return string;
}

char *
arena_printf(struct arena *arena, const char *fmt, ...)
{
	va_list ap;
	char *string;

	va_start(ap, fmt);
	string = arena_vprintf(arena, fmt, ap);
	va_end(ap);
	return string;
}

struct arena_mark
arena_mark(const struct arena *arena)
{
	return (struct arena_mark){
		.chunk = arena->chunk,
		.at = arena->chunk ? arena->chunk->at : 0,
		.used = arena->used,
	};
}

void
arena_rewind(struct arena *arena, struct arena_mark mark)
{
	while (arena->chunk != mark.chunk)
		chunk_drop(arena);
	if (arena->chunk)
		arena->chunk->at = mark.at;
	arena->used = mark.used;
}

/* Behind the chunk that is being filled. */
void
arena_join(struct arena *into, struct arena *from)
{
	struct arena_chunk *oldest = from->chunk;

	if (!oldest)
		return;
	while (oldest->older)
		oldest = oldest->older;
	if (into->chunk) {
		oldest->older = into->chunk->older;
		into->chunk->older = from->chunk;
	} else {
		into->chunk = from->chunk;
	}
	into->used = from->used < into->limit - into->used ? into->used + from->used : into->limit;
	from->chunk = NULL;
	from->used = 0;
}
