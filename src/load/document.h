/*
 * document - the files of a configuration: the one named, and what it includes
 *
 * Each file is read once, however often it is included; files that include each other in a
 * ring are an error naming both places.  A file that cannot be read is reported and passed
 * over, so that the mistakes of the others are seen in the same run.
 */
#ifndef LOAD_DOCUMENT_H
#define LOAD_DOCUMENT_H

#include "estate/lint_settings.h"
#include "load/yaml.h"

#define DOCUMENTS_MOST 10000
#define INCLUDES_DEEP  16	/* files that include each other in a row */

struct document {
	const char *path;		/* in the estate's arena */
	struct source_identity identity;
	const struct yaml_node *root;	/* a mapping */
	const struct document *by;	/* the file that includes this one; NULL: the first */
	struct srcloc by_at;		/* where */
	unsigned depth;
	struct document *next;
};

struct documents {
	struct arena *lasting;		/* of paths: places outlive the load */
	struct arena *scratch;		/* of nodes */
	struct diags *diags;
	struct lint_settings *lint;	/* takes up what comments say about findings */
	struct document *first, *last;
	size_t count;
	const char *reading;		/* the file opened last; NULL: none yet */
	bool incomplete;		/* a file is missing: ids it declares are not known */
};

/**
 * Read a file and all that it includes, in the order in which they are named.
 * ERR_SYSTEM: the file itself could not be read (reported).  ERR_REJECTED: it is none of
 * ours (reported).  ERR_NOMEM.  For included files these are only reported, but ERR_NOMEM.
 */
enum status documents_read(struct documents *documents, const char *path) must_check;

#endif
