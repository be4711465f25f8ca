/*
 * master - the text of RFC 1035 master files as logical records of fields
 *
 * Joins what parentheses hold together, drops comments, keeps quotes and escapes as they are
 * written, and knows the place of each field.  Fields point into the text.  After an error
 * reading goes on behind the record that has it.
 */
#ifndef LOAD_MASTER_H
#define LOAD_MASTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define MASTER_MAX_FIELDS 66000	/* of a record: one more than fit in its data, and some */

struct field {
	const char *text;	/* in quotes: what stands between them */
	uint32_t len;
	uint32_t line, column;
	bool quoted;
};

struct master {
	const char *at, *end;
	const char *line_start;
	uint32_t line;
	bool bare;		/* one record's data alone: no comments, lines or parentheses */

	/* The record read last. */
	struct field *fields;
	size_t count, room;
	bool blank;		/* begins with a blank: the owner of the one before */
	bool unfinished;	/* the text ends in its line, without a newline */
	struct field few[16];	/* fields, until there are more */

	/* What is wrong, after ERR_MALFORMED. */
	const char *why;
	uint32_t why_line, why_column;
};

void master_init(struct master *master, const char *text, size_t len);
void master_fini(struct master *master);

/**
 * Read the next record or directive; empty lines are passed over.
 * ERR_SHORT: there is no more.  ERR_MALFORMED: `why` and its place are set; can be called on.
 */
enum status master_next(struct master *master) must_check;

bool field_is(const struct field *field, const char *text);	/* unquoted, any letter case */

/** Into buf as a C string; false: it does not fit. */
bool field_copy(const struct field *field, char *buf, size_t size);

#endif
