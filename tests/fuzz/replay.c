/*
 * replay - a stand-in for libFuzzer's main: runs each file of a corpus through the entry
 *
 *	replay [DIRECTORY|FILE]...	by default the corpus it was compiled for
 *
 * Each input lies at the end of its own memory, so that a sanitizer sees a read beyond it.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MOST (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *whole = malloc(INPUT_MOST), *exact = NULL;
	bool done = false;
	size_t size;

	if (!file || !whole)
		goto out;
	size = fread(whole, 1, INPUT_MOST, file);
	exact = malloc(size ? size : 1);
	if (ferror(file) || !exact)
		goto out;
	memcpy(exact, whole, size);
	LLVMFuzzerTestOneInput(exact, size);
	done = true;
out:
	if (!done)
		perror(path);
	if (file)
		fclose(file);
	free(whole);
	free(exact);
	return done;
}

/** Every file of it; returns how many, -1 when one could not be read. */
static long
replay_directory(const char *path, DIR *directory)
{
	const struct dirent *entry;
	long count = 0;

	while ((entry = readdir(directory))) {
		char file[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		if (!replay_file(file))
			return -1;
		count++;
	}
	return count;
}

static bool
replay(const char *path)
{
	DIR *directory = opendir(path);
	long count;

	if (!directory)
		return replay_file(path);
	count = replay_directory(path, directory);
	closedir(directory);
	printf("%s: %ld inputs\n", path, count);
	return count > 0;	/* an empty corpus is a mistake of the build */
}

int
main(int argc, char **argv)
{
	bool done = true;

	if (argc < 2)
		done = replay(CORPUS);
	for (int i = 1; i < argc; i++)
		done &= replay(argv[i]);
	return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
