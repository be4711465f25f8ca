/*
 * fingerprint - what makes a finding the same finding in another run
 *
 * SHA-256 over its code, the keys of its objects (kind, id and the file that declares them)
 * and the top of its names.  No line numbers and no counts, so it survives edits elsewhere;
 * the files, so that it cannot stand for the same mistake in another file.  The first object
 * is what the finding is about and always counts; behind it, records and connections are
 * examples of which only the first few are told, and do not.  What has no object is known by
 * its file and message.  Two findings of a run may share one fingerprint: count them.
 */
#ifndef LINT_FINGERPRINT_H
#define LINT_FINGERPRINT_H

#include "base/diag.h"
#include "base/text.h"

#define FINGERPRINT_TEXT 65	/* 64 hexadecimal digits, zero-terminated */

/**
 * How a file is called wherever the run takes place, say from the top of a repository.
 * Never NULL; lives as long as the context.
 */
typedef const char *(*path_fn)(void *context, const char *file);

struct fingerprint {
	char hex[FINGERPRINT_TEXT];
};

/** path: NULL takes files as they are named.  false: memory ran out, *out is empty. */
bool fingerprint_make(const struct finding *finding, path_fn path, void *context,
		      struct fingerprint *out) must_check;

/**
 * The lowest name that all names of the finding's PART_NAMES are at or below, as it stands
 * in one of them; "" where it has none.
 */
const char *finding_top_name(const struct finding *finding);

#endif
