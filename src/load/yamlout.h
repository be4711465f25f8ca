/*
 * yamlout - nodes written as YAML, with libyaml's emitter: load/yaml's way out
 *
 * What fits on a line stands on one.  Text that YAML 1.1 or 1.2 would take for something else
 * (numbers, dates, `no`) is in quotes, so that other programs read it as we do; load/yaml reads
 * back the same nodes.
 */
#ifndef LOAD_YAMLOUT_H
#define LOAD_YAMLOUT_H

#include "base/text.h"
#include "load/yaml.h"

/**
 * Append a node, on one line where it fits into `width` octets, else as a block.  first: what its
 * first line begins with ("  - "); the others get as many blanks.  A scalar whose `plain` is set is written as it stands.
 * ERR_NOMEM.  ERR_MALFORMED: a text that is not UTF-8; half may have been appended.
 */
enum status yamlout_print(const struct yaml_node *node, size_t width, const char *first,
			  struct text *out) must_check;

#endif
