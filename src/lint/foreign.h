/*
 * foreign - domains that belong to everybody or to a provider
 *
 * A short table of our own: top-level domains (all two-letter ones, the large generic ones),
 * the registries' second level of some countries, and the domains that AWS and Azure give
 * their services.  It is for warnings about a zone's name, where what is rare need not be
 * known.  The public suffix list would know all of it, by libpsl: left out, because for one
 * warning it is a dependency whose data ages with the distribution.
 */
#ifndef LINT_FOREIGN_H
#define LINT_FOREIGN_H

#include <stdbool.h>
#include <stdint.h>

enum foreign {
	FOREIGN_NOT,
	FOREIGN_ROOT,		/* "." */
	FOREIGN_TLD,		/* "com" */
	FOREIGN_SUFFIX,		/* "co.uk": names are registered right below it */
	FOREIGN_PROVIDER,	/* "amazonaws.com", "eu-west-1.amazonaws.com" */
};

/** Whose is the domain (wire, lower case)?  What is longer than these is FOREIGN_NOT. */
enum foreign foreign_kind(const uint8_t *name);

/** Is the name at or below a domain of AWS's services? */
bool foreign_is_service(const uint8_t *name);

#endif
