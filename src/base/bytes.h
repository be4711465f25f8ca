/*
 * bytes - reading and writing bytes with a cursor that fails stickily
 *
 * A reader or writer is used without a test at every step: after the first failure each
 * call does nothing (reads give 0), and the caller tests `failed` once at the end.
 * Integers are big-endian, as on the wire, unless a name says _le.  Nothing here owns memory.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

struct reader {
	const uint8_t *base;	/* start of the message: compression pointers count from here */
	const uint8_t *at;
	const uint8_t *end;
	bool failed;
};

struct writer {
	uint8_t *base;
	size_t len;		/* octets written */
	size_t size;		/* octets there is room for */
	bool failed;		/* something did not fit; what was written before stands */
};

static inline uint16_t
load_u16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t
load_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint64_t
load_u64(const uint8_t *p)
{
	return (uint64_t)load_u32(p) << 32 | load_u32(p + 4);
}

/* Little-endian, for hashes: never on the wire. */
static inline uint32_t
load_u32_le(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline uint64_t
load_u64_le(const uint8_t *p)
{
	return (uint64_t)load_u32_le(p + 4) << 32 | load_u32_le(p);
}

static inline void
store_u16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void
store_u32(uint8_t *p, uint32_t v)
{
	store_u16(p, (uint16_t)(v >> 16));
	store_u16(p + 2, (uint16_t)v);
}

static inline struct reader
reader_over(const uint8_t *base, size_t len)
{
	/* base may be NULL where len is 0, and NULL + 0 is not C's to compute */
	return (struct reader){ .base = base, .at = base, .end = len ? base + len : base };
}

static inline size_t
reader_left(const struct reader *in)
{
	return (size_t)(in->end - in->at);
}

/** `len` octets at the cursor, which moves behind them; NULL after a failure. */
static inline const uint8_t *
reader_bytes(struct reader *in, size_t len)
{
	const uint8_t *p = in->at;

	if (in->failed || reader_left(in) < len) {
		in->failed = true;
		return NULL;
	}
	in->at += len;
	return p;
}

static inline uint8_t
reader_u8(struct reader *in)
{
	const uint8_t *p = reader_bytes(in, 1);

	return p ? *p : 0;
}

static inline uint16_t
reader_u16(struct reader *in)
{
	const uint8_t *p = reader_bytes(in, 2);

	return p ? load_u16(p) : 0;
}

static inline uint32_t
reader_u32(struct reader *in)
{
	const uint8_t *p = reader_bytes(in, 4);

	return p ? load_u32(p) : 0;
}

static inline struct writer
writer_over(uint8_t *base, size_t size)
{
	return (struct writer){ .base = base, .size = size };
}

/** Room for `len` octets, counted as written; NULL (and failed) when it does not fit. */
static inline uint8_t *
writer_room(struct writer *out, size_t len)
{
	if (out->failed || out->size - out->len < len) {
		out->failed = true;
		return NULL;
	}
	out->len += len;
	return out->base + out->len - len;
}

static inline void
writer_bytes(struct writer *out, const void *bytes, size_t len)
{
	uint8_t *p = writer_room(out, len);

	if (p && len)
		memcpy(p, bytes, len);
}

static inline void
writer_u8(struct writer *out, uint8_t v)
{
	writer_bytes(out, &v, 1);
}

static inline void
writer_u16(struct writer *out, uint16_t v)
{
	uint8_t *p = writer_room(out, 2);

	if (p)
		store_u16(p, v);
}

static inline void
writer_u32(struct writer *out, uint32_t v)
{
	uint8_t *p = writer_room(out, 4);

	if (p)
		store_u32(p, v);
}

#endif
