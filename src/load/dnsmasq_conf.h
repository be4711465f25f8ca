/*
 * dnsmasq_conf - the syntax of dnsmasq's configuration
 *
 * Lines of KEY or KEY=VALUE, the value parted by commas, with quotes and comments.
 */
#ifndef LOAD_DNSMASQ_CONF_H
#define LOAD_DNSMASQ_CONF_H

#include "load/onprem.h"

#define DNSMASQ_PARTS_MOST 64

struct dnsmasq_line {
	const struct yaml_node *key;
	const struct yaml_node *part[DNSMASQ_PARTS_MOST];	/* of the value */
	unsigned count;			/* 0: there is no value */
	const char *file;
};

typedef void (*dnsmasq_line_fn)(void *context, const struct dnsmasq_line *line);

/** Read a file, not what it includes.  Mistakes are reported. */
void dnsmasq_conf_read(struct onprem *o, const char *path, struct srcloc at, dnsmasq_line_fn fn,
		       void *context);

#endif
