/*
 * files - a folder of its own for a test that reads files, gone when the test ends
 */
#ifndef TESTS_FILES_H
#define TESTS_FILES_H

#include <errno.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_PATH_MAX 256

struct files {
	char folder[FILES_PATH_MAX / 2];
	char path[FILES_PATH_MAX];	/* what files_path gave last */
};

static inline int
files_remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static inline bool
files_init(struct files *files)
{
	const char *top = getenv("TMPDIR");

	snprintf(files->folder, sizeof(files->folder), "%s/causeway-test-XXXXXX",
		 top && *top ? top : "/tmp");
	return mkdtemp(files->folder) != NULL;
}

static inline void
files_fini(struct files *files)
{
	nftw(files->folder, files_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/** The path of a file there; valid until the next call. */
static inline const char *
files_path(struct files *files, const char *name)
{
	snprintf(files->path, sizeof(files->path), "%s/%s", files->folder, name);
	return files->path;
}

/** Write `len` octets; folders in the name are made. */
static inline bool
files_write_len(struct files *files, const char *name, const void *data, size_t len)
{
	bool written;
	FILE *out;

	files_path(files, name);
	for (char *p = files->path + strlen(files->folder) + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		if (mkdir(files->path, 0777) < 0 && errno != EEXIST)
			return false;
		*p = '/';
	}
	out = fopen(files->path, "w");
	if (!out)
		return false;
	written = fwrite(data, 1, len, out) == len;
	return fclose(out) == 0 && written;
}

static inline bool
files_write(struct files *files, const char *name, const char *text)
{
	return files_write_len(files, name, text, strlen(text));
}

#endif
