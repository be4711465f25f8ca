/*
 * fuzz_yaml - any octets as a document: what is read keeps its bounds, and its places are
 * in the file
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "load/yaml.h"

#define LIMIT ((size_t)32 << 20)

/** The height of the tree, which aliases cannot make boundless. */
static unsigned
check_node(const struct yaml_node *node, size_t *budget)
{
	unsigned height = 0;
	uint32_t count = 0;

	require((*budget)-- > 0);
	require(node->line > 0 && node->column > 0);
	if (node->kind == YAML_SCALAR) {
		require(strlen(node->text) == node->count);
		require(node->count <= YAML_MAX_SCALAR);
		return 1;
	}
	for (const struct yaml_item *item = node->first; item; item = item->next, count++) {
		unsigned below = check_node(item->value, budget);

		require((item->key != NULL) == (node->kind == YAML_MAPPING));
		require(!item->key || yaml_find(node, item->key->text));
		if (below > height)
			height = below;
	}
	require(count == node->count);
	require(height + 1 == node->height);
	return height + 1;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct yaml_node *root;
	struct source source = { .path = "input", .len = size };
	size_t budget = 2 * YAML_MAX_EXPANDED;
	struct arena arena, said;
	struct diags diags;
	enum status status;
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	source.data = text;
	arena_init(&arena, LIMIT);
	arena_init(&said, SIZE_MAX);
	diags_init(&diags, &said, 0);
	status = yaml_read(&source, &arena, &diags, &root);
	require((status == OK) == (root && !diags.errors));
	require(status != ERR_REJECTED || diags.errors);
	if (root) {
		struct digest digest = yaml_digest(root);

		require(check_node(root, &budget) <= YAML_MAX_DEPTH + 1);
		require(digest_equal(digest, yaml_digest(root)));
	}
	arena_fini(&arena);
	arena_fini(&said);
	free(text);
	return 0;
}
