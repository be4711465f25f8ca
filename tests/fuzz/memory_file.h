/*
 * memory_file - an input as a file with a path, for what reads files by name
 */
#ifndef TESTS_MEMORY_FILE_H
#define TESTS_MEMORY_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

struct memory_file {
	int fd;
	char path[32];
};

static inline bool
memory_file_init(struct memory_file *file, const uint8_t *data, size_t size)
{
	file->fd = memfd_create("input", MFD_CLOEXEC);
	if (file->fd < 0 || write(file->fd, data, size) != (ssize_t)size)
		return false;
	snprintf(file->path, sizeof(file->path), "/proc/self/fd/%d", file->fd);
	return true;
}

static inline void
memory_file_fini(struct memory_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
}

#endif
