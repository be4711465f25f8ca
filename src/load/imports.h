/*
 * imports - descriptions that other tools have: which there are, and reading them
 *
 * One row a front end: its key under `import`, how it knows its own input among the PATHs of a
 * command line, and how it reads.  A front end sees all that a run has of its form at once, so
 * that what refers from one file into another is followed.
 */
#ifndef LOAD_IMPORTS_H
#define LOAD_IMPORTS_H

#include "load/declare.h"

/* An item of `import`, or a PATH; one form of each. */
struct import_item {
	const char *aws, *terraform;
	const char *bind, *unbound, *dnsmasq, *coredns, *resolv_conf, *octodns;
	const char *tf_dir;		/* of terraform: folder of its .tf files; NULL */
	const char *cloudformation;
	struct text_pair *parameters;	/* of cloudformation */
	const char *site;		/* of on-prem forms: id of the site; NULL */
	struct srcloc at;		/* where it is named; a PATH: the path itself, no line */
	const struct front_end *front_end;
	const char *path;		/* in the estate's arena */
	struct import_item *next;	/* a front end: of its form */
};

struct front_end {
	const char *key;	/* under `import` */
	uint16_t field;		/* of the path, in struct import_item */
	/** Does the file or folder hold this form?  Told by content; false where unreadable. */
	bool (*is)(const char *path);
	/**
	 * Read all items of the form, one at least.  OK: also where mistakes were reported.
	 * ERR_SYSTEM: an input could not be read (reported).  ERR_REJECTED: one was none of
	 * the form (reported).  ERR_NOMEM.
	 */
	enum status (*load)(const struct import_item *items, struct declare *declare);
};

/** The front end for a PATH; NULL: a configuration, as far as we can see. */
const struct front_end *imports_front_end(const char *path);

/** Note a PATH for imports_read; tf_dir: of the command line, or NULL.  ERR_NOMEM. */
enum status imports_add_path(struct objects *objects, const struct front_end *front_end,
			     const char *path, const char *tf_dir) must_check;

/** Note what was bound; an item that names none or several inputs is reported. */
void imports_take(struct bind *b, struct objects *objects, struct import_item *item);

/**
 * Read all that was noted.  ERR_NOMEM, else the first status that was not OK; *some: at least
 * one front end read its input.
 */
enum status imports_read(struct objects *objects, struct bind *b, bool *some) must_check;

#endif
