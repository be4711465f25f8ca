/*
 * pragma - what comments say about findings: `# lint: ignore[ZON101] reason until=2027-01-31`
 *
 *	ignore[CODES]		behind something: its line; on a line of its own: the node, or
 *				the record, that begins below
 *	disable[CODES]		from here to enable[CODES], or to the end of the file
 *	ignore-file[CODES]	the whole file
 *
 * libyaml drops comments, so the text is scanned once more: a # in quotes, in a block scalar
 * or inside a word is none.  What follows the codes is the reason.  There is no form without
 * codes, and at most 10,000 in a file.  Mistakes are kept too (PRAGMA_FLAWED); lint reports
 * them.
 */
#ifndef LOAD_PRAGMA_H
#define LOAD_PRAGMA_H

#include "estate/lint_settings.h"
#include "load/source.h"

enum pragma_syntax {
	PRAGMAS_YAML,		/* comments begin with # */
	PRAGMAS_MASTER,		/* RFC 1035: with ; */
};

/** Append the file's pragmas to those of `lint`.  ERR_NOMEM: some are missing. */
enum status pragmas_read(const struct source *source, enum pragma_syntax syntax,
			 struct arena *arena, struct lint_settings *lint) must_check;

/** Append those of `from`, which other files of the same load had; a file counts once. */
void pragmas_join(struct lint_settings *into, const struct lint_settings *from);

#endif
