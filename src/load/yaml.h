/*
 * yaml - the only door to libyaml: a document as a tree of nodes with places
 *
 * JSON is read by it too, being a subset.  What a stranger's file can do is bounded: size,
 * length of a line and of a scalar, depth, and how much aliases may expand to.  Aliases share
 * the node they name, so a tree is a graph without cycles.  Duplicate keys are errors.
 * Nodes live in the arena given and are immutable.
 */
#ifndef LOAD_YAML_H
#define LOAD_YAML_H

#include "load/source.h"

#define YAML_MAX_OCTETS	  ((size_t)64 << 20)	/* of a file, for source_open */
#define YAML_MAX_LINE	  ((size_t)16 << 20)	/* of a line: JSON without line breaks */
#define YAML_MAX_SCALAR	  ((size_t)64 << 10)
#define YAML_MAX_DEPTH	  32
#define YAML_MAX_EXPANDED 1000000		/* nodes that aliases stand for, in sum */
#define YAML_TAG_OTHER	  255

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_item;

struct yaml_node {
	uint8_t kind;		/* enum yaml_kind */
	bool plain;		/* scalar: written without quotes */
	uint8_t height;		/* levels below and with it, aliases expanded */
	uint8_t tag;		/* of yaml_read_tagged: 1 + its place in the list; 0: none */
	uint32_t count;		/* octets of text, items, or pairs */
	uint32_t line, column;
	uint32_t weight;	/* nodes it stands for, where it has an anchor */
	union {
		const char *text;	/* ends in a zero octet, holds no other */
		const struct yaml_item *first;
	};
};

/* An item of a sequence, or a pair of a mapping. */
struct yaml_item {
	const struct yaml_node *key;	/* a scalar; NULL in a sequence */
	const struct yaml_node *value;
	const struct yaml_item *next;
};

/**
 * Read the one document of a file.
 * ERR_REJECTED: reported (syntax, duplicate-key, empty-file, not-text, too-deep, too-large);
 * *root is set all the same where only keys were given twice, so that other mistakes can be
 * found in the same run; else it is NULL.
 * ERR_NOMEM: the arena's limit.
 */
enum status yaml_read(const struct source *source, struct arena *arena, struct diags *diags,
		      const struct yaml_node **root) must_check;

/**
 * The same for a format that gives tags a meaning: those of `tags` (at most 254, NULL ends
 * them; without the "!") are noted in the nodes, others as YAML_TAG_OTHER.
 */
enum status yaml_read_tagged(const struct source *source, const char *const *tags,
			     struct arena *arena, struct diags *diags,
			     const struct yaml_node **root) must_check;

/** The value under a key of a mapping, or NULL. */
const struct yaml_node *yaml_find(const struct yaml_node *mapping, const char *key);

/** The pair under a key of a mapping, or NULL. */
const struct yaml_item *yaml_pair(const struct yaml_node *mapping, const char *key);

/** Does a mapping, or one below it, have a key twice?  For small ones, not of yaml_read. */
bool yaml_says_twice(const struct yaml_node *node);

/** Is it a plain null: nothing, ~, null? */
bool yaml_is_null(const struct yaml_node *node);

/** Digest of what a node says, wherever it stands and however it is laid out. */
struct digest yaml_digest(const struct yaml_node *node);

#endif
