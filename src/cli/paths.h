/*
 * paths - how files are called in reports: from the top of the repository
 *
 * Real paths, symbolic links followed, cut off at the root: --root, else GITHUB_WORKSPACE,
 * else the nearest directory above the working directory that has a .git, else that one.
 * A file elsewhere keeps its real path; what does not exist, its name.
 */
#ifndef CLI_PATHS_H
#define CLI_PATHS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/table.h"

struct paths {
	struct arena arena;
	struct table names;	/* file as named -> as called */
	const char *root;	/* real path, without "/" at its end; "" is "/" */
	size_t root_len;
};

/** root: NULL takes what is found.  false: it is no directory. */
bool paths_init(struct paths *paths, const char *root);
void paths_fini(struct paths *paths);

/** A path_fn; context is a struct paths. */
const char *paths_name(void *context, const char *file);

#endif
