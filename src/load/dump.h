/*
 * dump - an estate as one configuration, whatever it was read from
 *
 * Sections in the order of the schema, objects by id, records by name: the same for the same
 * company.  Loading what comes out gives the same estate, and the same snapshot to the octet.
 * What no key can say is told in comments at the end: statements of imports that were passed
 * over, pragmas, secrets that were withheld.
 */
#ifndef LOAD_DUMP_H
#define LOAD_DUMP_H

#include "base/text.h"
#include "estate/estate.h"

enum dump_format { DUMP_YAML, DUMP_JSON };

struct dump_options {
	enum dump_format format;
	const char *folder;	/* put before relative paths; NULL: they stay as they are */
	bool places;		/* YAML: say in comments where each object came from */
	bool secrets;		/* write them */
};

/** Take what was written so far; false: it went wrong, and writing ends. */
typedef bool (*dump_write_fn)(void *context, const char *octets, size_t len);

/**
 * Write an estate that estate_check has passed.
 * ERR_SYSTEM: `write` said so.  ERR_MALFORMED: a text that is not UTF-8.  ERR_NOMEM.
 */
enum status dump_estate(const struct estate *estate, const struct dump_options *options,
			dump_write_fn write, void *context) must_check;

#endif
