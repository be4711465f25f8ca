/*
 * source - files as they are read, and the memory of what was read before
 *
 * A source is read again only when its identity (device, inode, size, times, then the digest
 * of its content) changed, so a reload costs what changed.  Files are bounded
 * (SOURCE_MAX_OCTETS, and the limit of the arena that their content goes to); what is not a
 * regular file (a directory, a FIFO, a device) is refused, not waited for.
 */
#ifndef LOAD_SOURCE_H
#define LOAD_SOURCE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/diag.h"
#include "base/hash.h"

#define SOURCE_MAX_OCTETS (4ull << 30)

/* What earlier loads saw; belongs to the publisher, used by one load at a time. */
struct sources;

struct sources *sources_new(void);		/* NULL: out of memory */
void sources_free(struct sources *sources);

/** Tells whether the caller still holds the compiled form of content with this digest. */
typedef bool (*source_held_fn)(void *context, struct digest content);
void sources_hold(struct sources *sources, source_held_fn held, void *context);

/* Which file it was, and in which state. */
struct source_identity {
	uint64_t device, inode, size;
	struct timespec modified, changed;
	bool fresh;		/* modified just before it was read: times prove nothing */
};

/* A file in memory: a private copy, so that a writer cannot pull it away. */
struct source {
	const char *path;	/* as opened; in the arena */
	const char *data;	/* followed by at least one zero octet; "" when len is 0 */
	size_t len;
	size_t mapped;		/* octets to unmap; 0: none */
	void *heap;		/* to free; NULL: none */
	struct digest content;
	struct source_identity identity;
};

/**
 * Open and read a file of at most `most` octets.  at: where it is named, for the findings.
 * ERR_SYSTEM, ERR_LIMIT: reported (unreadable-file, not-a-file, too-large); nothing is held.
 * ERR_NOMEM: the arena or the machine; not reported.
 */
enum status source_open(struct source *out, const char *path, uint64_t most,
			struct arena *arena, struct srcloc at, struct diags *diags) must_check;
void source_close(struct source *source);

bool source_same_file(const struct source_identity *a, const struct source_identity *b);

/** `path` as named in `by`: relative to its folder.  NULL: the arena is full. */
const char *source_path(struct arena *arena, const char *by, const char *path);

/*
 * The memory, by a key of the caller's for each thing that is made from files.  A load
 * begins each thing that it reads and notes its files in the order read, or asks whether all
 * of them are unchanged; what was neither begun nor found unchanged is forgotten when the
 * load ends.  `sources` may be NULL: there is no memory.  It never fails: without memory of
 * its own it forgets.
 */
void sources_begin(struct sources *sources, const char *key);
void sources_note(struct sources *sources, const struct source *source);

/** Fold the contents noted under the key into *digest.  false: changed, or never seen. */
bool sources_unchanged(struct sources *sources, const char *key, struct digest *digest);

/** Does the caller hold what was compiled from this? */
bool sources_held(const struct sources *sources, struct digest content);

/** The load is over: what it noted is what the next one compares with. */
void sources_turn(struct sources *sources);

#endif
