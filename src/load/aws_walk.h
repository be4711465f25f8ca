/*
 * aws_walk - from files to items: the reading of an export, private to load/aws*.c
 *
 * A file is walked once, its lists gathered as items by kind; record sets are passed over
 * and walked again when their zone is known.
 */
#ifndef LOAD_AWS_WALK_H
#define LOAD_AWS_WALK_H

#include "load/aws.h"
#include "load/json.h"

#define AWS_MEMBERS_MOST 24

/*
 * A list that an operation prints.  Two exports of one object agree when they agree in what
 * we read: two accounts see a shared rule with differing shares.
 */
struct aws_operation {
	const char *key;		/* of the document */
	enum aws_kind kind;
	const char *id;			/* member; NULL: items are told apart by nothing */
	const char *members[AWS_MEMBERS_MOST];
};

/** The operation that prints a list under the key at hand; NULL: none that we read. */
const struct aws_operation *aws_operation(const struct json *json);

/** Does the key at hand belong to a document that is one object? */
bool aws_is_single(const struct json *json);

/** The operation that prints one object with these members, and its id; NULL: none. */
const struct aws_operation *aws_single(const struct yaml_node *rest, const char **id);

/** Note an object under its id; a second one of it is compared with the first. */
void aws_gather(struct aws *a, const struct aws_operation *op, const char *id,
		const struct aws_document *document, const struct yaml_node *node);

/** Note an item of a list; one without what tells it apart is reported. */
void aws_gather_item(struct aws *a, const struct aws_operation *op,
		     const struct aws_document *document, const struct yaml_node *node);

/** Read a file; root: octets of the path that are of the import itself. */
void aws_read_file(struct aws *a, const char *path, size_t root);

#endif
