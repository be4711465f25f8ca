/*
 * unbound_conf - the syntax of Unbound's configuration
 *
 * Clauses ("server:") and in them keys with values, one or several to a line.  What they mean
 * is load/unbound's and load/unbound_local's; what is neither read nor matters is told as
 * skipped, what matters and is not modelled as that.
 */
#ifndef LOAD_UNBOUND_CONF_H
#define LOAD_UNBOUND_CONF_H

#include "load/unbound_local.h"

enum clause {
	CLAUSE_NONE, CLAUSE_SERVER, CLAUSE_FORWARD, CLAUSE_STUB, CLAUSE_AUTH, CLAUSE_VIEW,
	CLAUSE_RPZ, CLAUSE_OTHER,
};

/* forward-zone, stub-zone, auth-zone */
struct delegation {
	enum clause clause;
	const struct yaml_node *name;	/* NULL: not said */
	const struct yaml_node *zonefile;
	struct yaml_node *addresses;	/* words "IP[@PORT][#NAME]" */
	const char *file;
	const struct yaml_node *at;	/* the clause */
	bool first, tls, by_host;
	struct delegation *next;
};

struct view {
	const char *name, *id;
	const struct yaml_node *node;
	const char *file;
	struct local_scope scope;
	struct yaml_node *blocks;
	bool first;			/* where it has nothing the server's zones count */
	struct view *next;
};

/* One unbound.conf. */
struct unbound {
	struct onprem *o;
	const char *file;		/* the one being read */
	enum clause clause;
	struct delegation *delegation, *first, *last;
	struct view *view, *views;
	struct local_scope scope;
	struct yaml_node *servers;
	bool lan_zones_open;		/* unblock-lan-zones */
};

/** Read o->main and what it includes; mistakes are reported. */
void unbound_conf_read(struct unbound *u, struct onprem *o, struct srcloc at);

#endif
