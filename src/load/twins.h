/*
 * twins - two objects of one kind and id: do they say the same?
 *
 * A company is described more than once: by an export and by the state of another tool, by a
 * configuration beside them.  The first object stands.  The second is held against it when all
 * is read, as what causeway dump would write of both: in which order things are said makes no
 * difference, nor what one of them does not say (an owner, a name), nor the SOA and NS that
 * every zone has.
 */
#ifndef LOAD_TWINS_H
#define LOAD_TWINS_H

#include "load/objects.h"

/**
 * Report those that differ: CFG007, a warning, where the second is an import's; else the error
 * duplicate-id.  ERR_NOMEM.
 */
enum status twins_compare(struct objects *objects) must_check;

#endif
