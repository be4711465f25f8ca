/*
 * named_clients - address match lists of named.conf, as CIDR blocks
 *
 * "10/8", nested lists and names of acl statements are resolved.  A block has no way to say
 * "all but", nor to hold a key or a country: these are reported as not modelled, and left out.
 * `any` is no block: it is all that no other network has.
 */
#ifndef LOAD_NAMED_CLIENTS_H
#define LOAD_NAMED_CLIENTS_H

#include "load/named_conf.h"

/** The blocks of a match-clients statement; acls: the statements that name lists. */
struct yaml_node *named_clients(struct onprem *o, const struct named_statement *acls,
				const struct named_statement *statement);

/** The addresses of a listen-on statement, loopback and `any` left out, into a list. */
void named_listens(struct onprem *o, const struct named_statement *statement,
		   struct yaml_node *list);

#endif
