/*
 * rdatatext - one record's data from the fields of a master file
 *
 * Implemented in load/zonefile.c, the only door to ldns.
 */
#ifndef LOAD_RDATATEXT_H
#define LOAD_RDATATEXT_H

#include "dns/rdata.h"
#include "load/master.h"

/* Data being made, and what is wrong with the text when it cannot be. */
struct rdata_maker {
	uint16_t type;
	const uint8_t *origin;	/* ends relative names; NULL: all names are absolute */
	uint8_t *data;		/* room for RDATA_MAX_OCTETS */
	size_t len;
	const char *why;
	size_t which;		/* the field it is about; the count: what should follow them */
};

/**
 * Make the data of a record from its fields behind the type.
 * ERR_MALFORMED: why and which are set.  ERR_NOMEM: the machine.
 */
enum status rdata_from_fields(struct rdata_maker *maker, const struct field *fields,
			      size_t count) must_check;

/** Does a name as written end in a dot that is no part of its last label? */
bool text_is_absolute(const char *text, size_t len);

#endif
