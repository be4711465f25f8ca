/*
 * schema_rows - how rows of the schema are written, private to load/schema*.c
 */
#ifndef LOAD_SCHEMA_ROWS_H
#define LOAD_SCHEMA_ROWS_H

#include "base/bytes.h"
#include "load/schema.h"

#define TO(type, member)						\
	.field = offsetof(struct type, member), .size = sizeof(((struct type *)0)->member)
#define PLACE(type, member) .at = offsetof(struct type, member)
#define KEYS(array)	    .keys = (array), .count = COUNT_OF(array)
#define ITEM(type)							\
	.size = sizeof(struct type), .next = offsetof(struct type, next),	\
	.at = offsetof(struct type, at)

/** The maps from MAP_SUBNET to MAP_FIREWALL_ASSOCIATION: what is inside a VPC. */
const struct schema_map *schema_network_map(enum schema_map_id id);

#endif
