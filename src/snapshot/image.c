#include "snapshot/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define NEW_MODE 0644

static bool
write_all(int fd, const void *octets, uint64_t len)
{
	const uint8_t *at = octets;

	while (len) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		at += n;
		len -= (uint64_t)n;
	}
	return true;
}

static bool
write_block(int fd, const struct held_block *held)
{
	const struct block *block = block_of(held);

	return write_all(fd, block, block->size);
}

static bool
write_image(int fd, const struct snapshot *snap)
{
	if (!write_block(fd, snap->root_held))
		return false;
	for (uint32_t i = 0; i < snap->held_count; i++)
		if (!write_block(fd, snap->held[i]))
			return false;
	return true;
}

/** The mode of the file that will be replaced. */
static mode_t
mode_at(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) ? st.st_mode & 0777 : NEW_MODE;
}

static bool
close_written(int fd, bool good)
{
	int saved = errno;

	if (close(fd) == 0 || !good) {
		errno = saved;
		return good;
	}
	return false;
}

/** A complete image on the disk under the temporary name. */
static bool
write_temporary(char *temporary, const char *path, const struct snapshot *snap)
{
	int fd = mkostemp(temporary, O_CLOEXEC);
	int saved;

	if (fd < 0)
		return false;
	if (close_written(fd, fchmod(fd, mode_at(path)) == 0 && write_image(fd, snap) &&
				      fsync(fd) == 0))
		return true;
	saved = errno;
	unlink(temporary);
	errno = saved;
	return false;
}

/** The folder's entry for the new file outlives a crash only once the folder is synced. */
static bool
sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;
	char *folder = !slash ? strdup(".") : len ? strndup(path, len) : strdup("/");
	bool good;
	int fd;

	if (!folder)
		return false;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	if (fd < 0)
		return false;
	/* some file systems cannot sync a folder; they have no need to */
	good = fsync(fd) == 0 || errno == EINVAL;
	return close_written(fd, good);
}

enum status
snapshot_write(const struct snapshot *snap, const char *path)
{
	char *temporary;
	enum status status = ERR_SYSTEM;

	if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		return ERR_NOMEM;
	if (write_temporary(temporary, path, snap)) {
		if (rename(temporary, path) == 0) {
			status = sync_folder(path) ? OK : ERR_SYSTEM;
		} else {
			int saved = errno;

			unlink(temporary);
			errno = saved;
		}
	}
	free(temporary);
	return status;
}

/** Open and measure; the descriptor, or -1 and errno. */
static int
open_image(const char *path, uint64_t *len)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);	/* a FIFO must not hold us */
	struct stat st;
	int error = 0;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) != 0)
		error = errno;
	else if (!S_ISREG(st.st_mode))
		error = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
	if (error) {
		close(fd);
		errno = error;
		return -1;
	}
	*len = (uint64_t)st.st_size;
	return fd;
}

/* An image being read: what of it is not yet verified. */
struct unread {
	struct block_image *image;
	const uint8_t *at;
	uint64_t len;
};

/** The next block, which must be of this kind. */
static enum status
read_block(struct unread *unread, enum block_kind kind, struct held_block **out)
{
	const struct block *block = (const struct block *)unread->at;
	enum status status = block_verify(block, unread->len);

	if (status)
		return status;
	if (block->kind != kind)
		return ERR_MALFORMED;
	*out = block_hold(unread->image, block);
	unread->at += block->size;
	unread->len -= block->size;
	return *out ? OK : ERR_NOMEM;
}

/** Does the root's directory tell the truth about this snapshot's blocks? */
static bool
directory_is_sound(const struct snapshot *snap)
{
	for (uint32_t i = 0; i < snap->root->zone_count; i++) {
		const struct snapshot_zone *entry = snapshot_zone(snap, i);
		const struct zone *zone = snap->zones[i];

		if (!digest_equal(entry->source, zone->block.source) ||
		    !name_wire_equal(snapshot_name(snap, entry->name_at), zone_name(zone)))
			return false;
	}
	return true;
}

static enum status
read_zones(struct unread *unread, uint32_t count, struct held_block **zones)
{
	for (uint32_t i = 0; i < count; i++) {
		enum status status = read_block(unread, BLOCK_ZONE, &zones[i]);

		if (status)
			return status;
	}
	return unread->len ? ERR_MALFORMED : OK;
}

static enum status
read_image(struct unread *unread, struct snapshot **out)
{
	struct held_block *root_held, **zones;
	const struct root *root;
	struct snapshot *snap;
	enum status status;

	status = read_block(unread, BLOCK_ROOT, &root_held);
	if (status)
		return status;
	root = (const struct root *)block_of(root_held);
	/* before the count is believed: no zone block is smaller than its head */
	if (root->block_count > unread->len / sizeof(struct zone)) {
		block_unref(root_held);
		return ERR_SHORT;
	}
	zones = calloc((size_t)root->block_count + 1, sizeof(struct held_block *));
	status = zones ? read_zones(unread, root->block_count, zones) : ERR_NOMEM;
	if (status)
		goto fail;
	snap = snapshot_new(root_held, zones);
	free(zones);
	if (!snap)
		return ERR_NOMEM;
	if (!directory_is_sound(snap)) {
		snapshot_unref(snap);
		return ERR_MALFORMED;
	}
	*out = snap;
	return OK;
fail:
	for (uint32_t i = 0; zones && i < root->block_count; i++)
		block_unref(zones[i]);
	free(zones);
	block_unref(root_held);
	return status;
}

enum status
snapshot_map(const char *path, struct snapshot **out)
{
	struct unread unread;
	enum status status;
	int saved;
	void *map;
	int fd;

	fd = open_image(path, &unread.len);
	if (fd < 0)
		return ERR_SYSTEM;
	if (unread.len == 0) {
		close(fd);
		return ERR_SHORT;
	}
	map = mmap(NULL, unread.len, PROT_READ, MAP_SHARED, fd, 0);
	saved = errno;
	close(fd);
	errno = saved;
	if (map == MAP_FAILED)
		return ERR_SYSTEM;
	unread.at = map;
	unread.image = block_image_new(map, unread.len);
	if (!unread.image) {
		munmap(map, unread.len);
		return ERR_NOMEM;
	}
	status = read_image(&unread, out);
	block_image_unref(unread.image);	/* the blocks hold it now, or nobody */
	return status;
}
