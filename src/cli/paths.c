#include "cli/paths.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATHS_MOST ((size_t)64 << 20)	/* octets of names; beyond, files keep theirs */

/** Shorten the path to the nearest directory with a .git; "" when there is none. */
static void
find_repository(char *path)
{
	while (*path) {
		char *end = path + strlen(path);
		bool found;

		if (end - path + 6 > PATH_MAX)
			break;
		memcpy(end, "/.git", 6);
		found = access(path, F_OK) == 0;
		*end = '\0';
		if (found)
			return;
		*strrchr(path, '/') = '\0';
	}
	*path = '\0';
}

/** A real directory, without "/" at its end. */
static bool
real_directory(const char *name, char path[PATH_MAX])
{
	struct stat st;
	size_t len;

	if (!realpath(name, path) || stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return false;
	len = strlen(path);
	if (len && path[len - 1] == '/')
		path[len - 1] = '\0';
	return true;
}

static bool
find_root(const char *root, char path[PATH_MAX])
{
	const char *workspace = getenv("GITHUB_WORKSPACE");
	char here[PATH_MAX];

	if (root)
		return real_directory(root, path);
	if (workspace && *workspace && real_directory(workspace, path))
		return true;
	if (!real_directory(".", here))
		return false;
	strcpy(path, here);
	find_repository(path);
	if (!*path)
		strcpy(path, here);
	return true;
}

bool
paths_init(struct paths *paths, const char *root)
{
	char path[PATH_MAX];

	*paths = (struct paths){ 0 };
	arena_init(&paths->arena, PATHS_MOST);
	table_init(&paths->names, &paths->arena);
	if (find_root(root, path))
		paths->root = arena_string(&paths->arena, path);
	paths->root_len = paths->root ? strlen(paths->root) : 0;
	return paths->root;
}

void
paths_fini(struct paths *paths)
{
	arena_fini(&paths->arena);
}

/** Behind the root, or all of it. */
static const char *
below_root(const struct paths *paths, const char *path)
{
	if (strncmp(path, paths->root, paths->root_len) == 0 && path[paths->root_len] == '/')
		return path + paths->root_len + 1;
	return path;
}

const char *
paths_name(void *context, const char *file)
{
	struct paths *paths = context;
	const char *known = table_find_string(&paths->names, file), *name = file;
	char path[PATH_MAX], *key;

	if (known)
		return known;
	while (strncmp(name, "./", 2) == 0)
		name += 2;
	if (realpath(file, path))
		name = below_root(paths, path);
	key = arena_string(&paths->arena, file);
	name = arena_string(&paths->arena, *name ? name : ".");
	if (!key || !name || table_put_string(&paths->names, key, (void *)(uintptr_t)name) != OK)
		return name ? name : file;
	return name;
}
