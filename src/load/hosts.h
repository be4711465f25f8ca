/*
 * hosts - files in the form of /etc/hosts, which several name servers answer from
 */
#ifndef LOAD_HOSTS_H
#define LOAD_HOSTS_H

#include "load/onprem.h"

/** A name with its address; `first`: it is the first of its line, which the PTR is of. */
typedef void (*hosts_fn)(void *context, const struct yaml_node *ip, const struct yaml_node *name,
			 bool first, const char *file);

/** Read a file; at: where it is named.  What is no address is reported. */
void hosts_read(struct onprem *o, const char *path, struct srcloc at, hosts_fn fn,
		void *context);

/** One line of such a file, as words. */
void hosts_line(struct onprem *o, const struct yaml_node *const *words, size_t count,
		const char *file, hosts_fn fn, void *context);

#endif
