/*
 * inflate - the only door to zlib: a file piece by piece, gzip told by its content
 *
 * What begins like gzip (RFC 1952) is unpacked, whatever the file is called; several members
 * behind each other are one text.  Nothing is held but a window, so a small file that unpacks
 * to a huge one costs time and no memory; that is bounded, too.
 */
#ifndef LOAD_INFLATE_H
#define LOAD_INFLATE_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/hash.h"

#define INFLATE_MOST ((uint64_t)64 << 30)	/* octets of the unpacked text */

struct inflate;

/**
 * Open a regular file.  path: lives as long as the findings; at: where it is named.
 * ERR_SYSTEM: reported (unreadable-file, not-a-file).  ERR_NOMEM.
 */
enum status inflate_open(struct inflate **out, const char *path, struct srcloc at,
			 struct diags *diags) must_check;
void inflate_close(struct inflate *in);

/** The next piece, as json_fill_fn wants it.  ERR_REJECTED, ERR_SYSTEM: reported. */
enum status inflate_fill(void *in, char *buf, size_t room, size_t *len);

/** Digest of the file's own octets, as far as they were read. */
struct digest inflate_digest(const struct inflate *in);

#endif
