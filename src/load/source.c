#include "load/source.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/table.h"

#define READ_TRIES  3
#define HEAP_OCTETS ((size_t)64 << 10)	/* files below it are read into malloc's memory */
#define FRESH_S	   2	/* no file system's clock is coarser (FAT) */

struct noted_file {
	const char *path;
	struct source_identity identity;
	struct digest content;
	struct noted_file *next;
};

/* What one thing was made from. */
struct noted {
	struct noted_file *first, *last;
};

struct generation {
	struct arena arena;
	struct table things;	/* key -> struct noted */
};

struct sources {
	struct generation last, present;
	struct noted *begun;
	source_held_fn held;
	void *context;
};

static const char *
mode_text(mode_t mode)
{
	if (S_ISDIR(mode))
		return "a directory";
	if (S_ISFIFO(mode))
		return "a FIFO";
	if (S_ISSOCK(mode))
		return "a socket";
	return "a device";
}

static enum status
report_system(const char *path, struct srcloc at, struct diags *diags)
{
	int why = errno;

	diag_report(diags, SEVERITY_ERROR, "unreadable-file", at, "cannot read \"%s\": %s", path,
		    strerror(why));
	errno = why;
	return ERR_SYSTEM;
}

static struct source_identity
identity_of(const struct stat *st)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (struct source_identity){
		.device = st->st_dev,
		.inode = st->st_ino,
		.size = (uint64_t)st->st_size,
		.modified = st->st_mtim,
		.changed = st->st_ctim,
		.fresh = st->st_mtim.tv_sec + FRESH_S >= now.tv_sec,
	};
}

bool
source_same_file(const struct source_identity *a, const struct source_identity *b)
{
	return a->device == b->device && a->inode == b->inode;
}

static bool
same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool
same_state(const struct source_identity *a, const struct source_identity *b)
{
	return source_same_file(a, b) && a->size == b->size &&
	       same_time(&a->modified, &b->modified) && same_time(&a->changed, &b->changed);
}

/** A FIFO would make open(2) wait, a device act: look first, and once more behind the open. */
static enum status
open_regular(const char *path, struct srcloc at, struct diags *diags, int *fd, struct stat *st)
{
	*fd = -1;
	if (stat(path, st) < 0)
		return report_system(path, at, diags);
	if (S_ISREG(st->st_mode)) {
		*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		if (*fd < 0 || fstat(*fd, st) < 0)
			return report_system(path, at, diags);
	}
	if (S_ISREG(st->st_mode))
		return OK;
	diag_report(diags, SEVERITY_ERROR, "not-a-file", at, "\"%s\" is %s, not a regular file",
		    path, mode_text(st->st_mode));
	errno = EINVAL;
	return ERR_SYSTEM;
}

static enum status
check_size(const char *path, const struct stat *st, uint64_t most, struct srcloc at,
	   struct diags *diags)
{
	uint64_t size = (uint64_t)st->st_size;

	if (size <= most)
		return OK;
	diag_report(diags, SEVERITY_ERROR, "too-large", at,
		    "\"%s\" has %" PRIu64 " octets, at most %" PRIu64 " are read", path, size,
		    most);
	return ERR_LIMIT;
}

/** Fill `room` octets; how many there were, or -1. */
static ssize_t
read_all(int fd, char *data, size_t room)
{
	size_t len = 0;

	while (len < room) {
		ssize_t n = pread(fd, data + len, room - len, (off_t)len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

/**
 * Room for a file's octets and the zero behind them.  Small files come by the thousand: each
 * in a mapping of its own would cost more than to read it.
 */
static char *
make_room(struct source *out, size_t size)
{
	char *data;

	if (size < HEAP_OCTETS) {
		data = out->heap = malloc(size + 1);
		if (data)
			data[size] = '\0';
		return data;
	}
	data = mmap(NULL, size + 1, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (data == MAP_FAILED)
		return NULL;
	out->mapped = size + 1;
	return data;
}

static void
drop_room(struct source *source)
{
	if (source->mapped)
		munmap((void *)(uintptr_t)source->data, source->mapped);
	free(source->heap);
	source->mapped = 0;
	source->heap = NULL;
	source->data = "";
}

/** Read what fstat described.  ERR_SHORT: the file changed meanwhile; nothing is held. */
static enum status
read_once(struct source *out, int fd, struct stat *st)
{
	size_t size = (size_t)st->st_size;
	struct source_identity before = identity_of(st);
	char *data;
	ssize_t len;

	data = make_room(out, size);
	if (!data)
		return ERR_NOMEM;
	out->data = data;
	len = read_all(fd, data, size);
	if (len < 0 || fstat(fd, st) < 0) {
		int why = errno;

		drop_room(out);
		errno = why;
		return ERR_SYSTEM;
	}
	out->identity = identity_of(st);
	if ((size_t)len != size || !same_state(&before, &out->identity)) {
		drop_room(out);
		return ERR_SHORT;
	}
	out->len = size;
	return OK;
}

enum status
source_open(struct source *out, const char *path, uint64_t most, struct arena *arena,
	    struct srcloc at, struct diags *diags)
{
	enum status status;
	struct stat st;
	int fd;

	*out = (struct source){ .path = arena_string(arena, path), .data = "" };
	if (!out->path)
		return ERR_NOMEM;
	status = open_regular(path, at, diags, &fd, &st);
	if (status == OK)
		status = check_size(path, &st, most < arena->limit ? most : arena->limit, at,
				    diags);
	if (status == OK) {
		status = ERR_SHORT;
		for (unsigned i = 0; i < READ_TRIES && status == ERR_SHORT; i++)
			status = read_once(out, fd, &st);
		if (status == ERR_SHORT)
			errno = EBUSY;
		if (status == ERR_SHORT || status == ERR_SYSTEM)
			status = report_system(path, at, diags);
	}
	if (fd >= 0)
		close(fd);
	if (status == OK)
		out->content = digest_bytes(out->data, out->len);
	return status;
}

void
source_close(struct source *source)
{
	drop_room(source);
	*source = (struct source){ .data = "" };
}

const char *
source_path(struct arena *arena, const char *by, const char *path)
{
	const char *slash = strrchr(by, '/');

	if (path[0] == '/' || !slash)
		return arena_string(arena, path);
	return arena_printf(arena, "%.*s%s", (int)(slash + 1 - by), by, path);
}

static void
generation_init(struct generation *generation)
{
	arena_init(&generation->arena, SIZE_MAX);
	table_init(&generation->things, &generation->arena);
}

struct sources *
sources_new(void)
{
	struct sources *sources = calloc(1, sizeof(*sources));

	if (!sources)
		return NULL;
	generation_init(&sources->last);
	generation_init(&sources->present);
	return sources;
}

void
sources_free(struct sources *sources)
{
	if (!sources)
		return;
	arena_fini(&sources->last.arena);
	arena_fini(&sources->present.arena);
	free(sources);
}

void
sources_hold(struct sources *sources, source_held_fn held, void *context)
{
	sources->held = held;
	sources->context = context;
}

void
sources_begin(struct sources *sources, const char *key)
{
	struct generation *present;
	const char *name;

	if (!sources)
		return;
	present = &sources->present;
	name = arena_string(&present->arena, key);
	sources->begun = arena_alloc(&present->arena, sizeof(*sources->begun));
	if (!name || !sources->begun ||
	    table_put_string(&present->things, name, sources->begun) != OK)
		sources->begun = NULL;
}

static void
note(struct sources *sources, const char *path, const struct source_identity *identity,
     struct digest content)
{
	struct arena *arena = &sources->present.arena;
	struct noted *noted = sources->begun;
	struct noted_file *file;

	if (!noted)
		return;
	file = arena_alloc(arena, sizeof(*file));
	if (file)
		file->path = arena_string(arena, path);
	if (!file || !file->path) {
		noted->first = NULL;	/* half a list would be a lie: forget it */
		sources->begun = NULL;
		return;
	}
	file->identity = *identity;
	file->content = content;
	*(noted->last ? &noted->last->next : &noted->first) = file;
	noted->last = file;
}

void
sources_note(struct sources *sources, const struct source *source)
{
	if (sources)
		note(sources, source->path, &source->identity, source->content);
}

/** Is the file as noted?  When only its times differ, its content decides. */
static bool
file_unchanged(struct noted_file *file)
{
	struct source_identity identity;
	struct arena scratch;
	struct diags unheard;
	struct source source;
	struct stat st;
	bool same = false;

	if (stat(file->path, &st) < 0 || !S_ISREG(st.st_mode))
		return false;
	identity = identity_of(&st);
	if (same_state(&identity, &file->identity) && !file->identity.fresh)
		return true;
	if (identity.size != file->identity.size)
		return false;
	arena_init(&scratch, SIZE_MAX);
	diags_init(&unheard, &scratch, 1);
	if (source_open(&source, file->path, SOURCE_MAX_OCTETS, &scratch, (struct srcloc){ 0 },
			&unheard) == OK) {
		same = digest_equal(source.content, file->content);
		file->identity = source.identity;
		source_close(&source);
	}
	arena_fini(&scratch);
	return same;
}

bool
sources_unchanged(struct sources *sources, const char *key, struct digest *digest)
{
	struct digest all = *digest;
	const struct noted *noted;

	noted = sources ? table_find_string(&sources->last.things, key) : NULL;
	if (!noted || !noted->first)
		return false;
	for (struct noted_file *file = noted->first; file; file = file->next) {
		if (!file_unchanged(file))
			return false;
		all = digest_fold(all, file->content);
	}
	sources_begin(sources, key);
	for (const struct noted_file *file = noted->first; file; file = file->next)
		note(sources, file->path, &file->identity, file->content);
	*digest = all;
	return true;
}

bool
sources_held(const struct sources *sources, struct digest content)
{
	return sources && sources->held && sources->held(sources->context, content);
}

void
sources_turn(struct sources *sources)
{
	if (!sources)
		return;
	arena_fini(&sources->last.arena);
	sources->last = sources->present;
	sources->last.things.arena = &sources->last.arena;
	generation_init(&sources->present);
	sources->begun = NULL;
}
