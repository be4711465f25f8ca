#include "load/onprem.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/text.h"

/* Folders that say what runs there, not where that is. */
static const char *const common_folders[] = {
	"bind", "conf", "conf.d", "config", "coredns", "dnsmasq", "dnsmasq.d", "etc", "named",
	"unbound", "unbound.conf.d",
};

const char *
onprem_text(struct onprem *o, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = arena_vprintf(o->nodes->arena, fmt, args);
	va_end(args);
	o->nodes->nomem |= !text;
	return text ? text : "";
}

/* --- whose configuration it is */

static bool
is_common(const char *folder)
{
	for (size_t i = 0; i < COUNT_OF(common_folders); i++)
		if (strcmp(folder, common_folders[i]) == 0)
			return true;
	return false;
}

/** An id that may stand in findings: no blanks, nothing but ASCII. */
static const char *
as_id(struct onprem *o, const char *text)
{
	char *id = arena_string(o->nodes->arena, text);

	o->nodes->nomem |= !id;
	for (char *p = id; p && *p; p++)
		if (*p <= ' ' || *p > '~')
			*p = '-';
	return id && *id ? id : "site";
}

/** The nearest folder whose name is its own, else the file's name without its ending. */
static const char *
site_of(struct onprem *o, const char *path)
{
	char *real = realpath(path, NULL), *slash, *dot;
	const char *name = NULL, *base = strrchr(path, '/');

	while (real && (slash = strrchr(real, '/')) != NULL && slash != real) {
		*slash = '\0';
		base = strrchr(real, '/');
		if (is_common(base + 1))
			continue;
		name = as_id(o, base + 1);
		break;
	}
	free(real);
	if (name)
		return name;
	base = strrchr(path, '/');
	real = strdup(base ? base + 1 : path);
	dot = real ? strrchr(real, '.') : NULL;
	if (dot && dot != real)
		*dot = '\0';
	name = as_id(o, real ? real : "");
	free(real);
	return name;
}

static void
init(struct onprem *o, struct declare *d, const struct import_item *item)
{
	*o = (struct onprem){ .d = d, .nodes = &d->nodes, .diags = d->diags, .main = item->path };
	table_init(&o->zones, d->scratch);
	o->site = item->site ? item->site : site_of(o, item->path);
}

enum status
onprem_load(const struct import_item *items, struct declare *d, onprem_read_fn read)
{
	enum status status = OK;

	for (const struct import_item *i = items; i; i = i->next) {
		struct onprem o;

		init(&o, d, i);
		read(&o, i->at);
		onprem_end(&o);
		if (o.nodes->nomem)
			return ERR_NOMEM;
		if (o.unreadable)
			status = ERR_SYSTEM;
	}
	return status;
}

size_t
onprem_peek(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	ssize_t n = -1;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		n = read(fd, buf, size - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0 || memchr(buf, 0, (size_t)n))
		return 0;
	buf[n] = '\0';
	return (size_t)n;
}

/* --- what people are told */

static void
report(struct onprem *o, enum severity severity, const char *code, const char *name,
       struct srcloc at, const char *fmt, va_list args)
{
	struct text message;

	text_init(&message);
	text_vprintf(&message, fmt, args);
	if (message.failed)
		o->nodes->nomem = true;
	else
		diag_open(o->diags, severity, code, name, at, "%s", message.data);
	text_fini(&message);
}

void
onprem_refuse(struct onprem *o, struct srcloc at, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	report(o, SEVERITY_ERROR, "syntax", NULL, at, fmt, args);
	va_end(args);
	declare_incomplete(o->d);
}

void
onprem_not_modelled(struct onprem *o, struct srcloc at, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	report(o, SEVERITY_NOTE, "CFG006", "not-modelled", at, fmt, args);
	va_end(args);
}

/* --- files */

static bool
refuse_file(struct onprem *o, const char *code, struct srcloc at, const char *fmt, ...)
	printf_like(4, 5);

static bool
refuse_file(struct onprem *o, const char *code, struct srcloc at, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	report(o, SEVERITY_ERROR, code, NULL, at, fmt, args);
	va_end(args);
	declare_incomplete(o->d);
	return false;
}

/** Is the file among those that led here? */
static bool
is_cycle(struct onprem *o, const struct onprem_file *file)
{
	struct srcloc first = file->by;

	for (const struct onprem_file *f = file->outer; f; first = f->by, f = f->outer) {
		struct finding *finding;

		if (!source_same_file(&f->source.identity, &file->source.identity))
			continue;
		finding = diag_open(o->diags, SEVERITY_ERROR, "include-cycle", NULL, file->by,
				    "\"%s\" is being read already: the includes go round",
				    file->source.path);
		diag_add(o->diags, finding, PART_OBJECT, "file", f->source.path, first,
			 "included from there");
		declare_incomplete(o->d);
		return true;
	}
	return false;
}

/** Text without zero octets, behind a byte order mark if it has one. */
static bool
check_text(struct onprem *o, struct onprem_file *file)
{
	const struct source *source = &file->source;
	const char *zero = source->len ? memchr(source->data, 0, source->len) : NULL;

	file->text = source->data;
	file->len = source->len;
	if (zero)
		return refuse_file(o, "not-text", (struct srcloc){ source->path, 0, 0 },
				   "a zero octet at offset %zu: this is no text in ASCII or UTF-8",
				   (size_t)(zero - source->data));
	if (file->len >= 3 && memcmp(file->text, "\xef\xbb\xbf", 3) == 0) {
		file->text += 3;
		file->len -= 3;
	}
	return true;
}

static bool
open_file(struct onprem *o, struct onprem_file *file, const char *path, struct srcloc at)
{
	enum status status;

	*file = (struct onprem_file){ .by = at, .outer = o->reading };
	file->depth = o->reading ? o->reading->depth + 1 : 0;
	if (file->depth > ONPREM_FILES_DEEP)
		return refuse_file(o, "too-deep", at,
				   "16 files that include each other in a row are the limit");
	if (++o->files > ONPREM_FILES_MOST)
		return refuse_file(o, "too-large", at, "10,000 files are the limit");
	status = source_open(&file->source, path, ONPREM_MAX_OCTETS, &o->d->estate->arena, at,
			     o->diags);
	o->nodes->nomem |= status == ERR_NOMEM;
	if (status != OK) {
		declare_incomplete(o->d);
		return false;
	}
	if (is_cycle(o, file) || !check_text(o, file)) {
		source_close(&file->source);
		return false;
	}
	o->reading = file;
	return true;
}

bool
onprem_open(struct onprem *o, struct onprem_file *file, const char *path, struct srcloc at)
{
	bool open = open_file(o, file, path, at);

	o->unreadable |= !open && path == o->main;
	return open;
}

void
onprem_close(struct onprem *o, struct onprem_file *file)
{
	o->reading = file->outer;
	source_close(&file->source);
}

/* --- paths */

/** A pattern for folders: it could lead through the whole machine. */
static bool
is_of_folders(const char *pattern)
{
	const char *slash = strrchr(pattern, '/');

	return slash && strcspn(pattern, "*?[") < (size_t)(slash - pattern);
}

static bool
has_match(const char *pattern)
{
	struct stat st;
	glob_t found;
	bool some;

	if (!strpbrk(pattern, "*?[") || is_of_folders(pattern))
		return stat(pattern, &st) == 0;
	some = glob(pattern, 0, NULL, &found) == 0;
	if (some)
		globfree(&found);
	return some;
}

static const char *
beside(struct onprem *o, const char *by, const char *path)
{
	const char *made = source_path(o->nodes->arena, by, path);

	o->nodes->nomem |= !made;
	return made ? made : "";
}

/** A whole path, looked for below the folder of the configuration, then where it says. */
static const char *
find_whole(struct onprem *o, const char *path)
{
	for (const char *rest = path; rest; rest = strchr(rest, '/')) {
		const char *made;

		rest += strspn(rest, "/");
		made = beside(o, o->main, rest);
		if (*rest && has_match(made))
			return made;
	}
	return has_match(path) ? path : NULL;
}

const char *
onprem_path(struct onprem *o, const char *from, const char *path)
{
	const char *slash = strrchr(path, '/'), *found = NULL;

	if (path[0] == '/')
		found = find_whole(o, path);
	else if (o->directory && o->directory[0] == '/')
		found = find_whole(o, onprem_text(o, "%s/%s", o->directory, path));
	else if (o->directory)
		found = has_match(beside(o, o->main,
					 onprem_text(o, "%s/%s", o->directory, path)))
			? beside(o, o->main, onprem_text(o, "%s/%s", o->directory, path)) : NULL;
	if (found)
		return found;
	found = beside(o, from, path);
	if (path[0] == '/' || !has_match(found))	/* where a copy would be */
		found = beside(o, o->main, path[0] == '/' ? slash + 1 : path);
	return found;
}

void
onprem_each(struct onprem *o, const char *from, const char *pattern, struct srcloc at,
	    onprem_file_fn fn, void *context)
{
	const char *path = onprem_path(o, from, pattern);
	glob_t found;
	int error;

	if (!strpbrk(path, "*?[")) {
		fn(context, path, at);
		return;
	}
	if (is_of_folders(path)) {
		refuse_file(o, "bad-value", at, "\"%.255s\": only the name of a file may be a "
			    "pattern, not that of a folder", pattern);
		return;
	}
	error = glob(path, 0, NULL, &found);
	if (error == GLOB_NOMATCH)
		diag_report(o->diags, SEVERITY_WARNING, "empty-include", at,
			    "no file matches \"%s\"", pattern);
	else if (error)
		refuse_file(o, "unreadable-file", at, "cannot list \"%s\": %s", pattern,
			    strerror(errno));
	for (size_t i = 0; !error && i < found.gl_pathc && !o->nodes->nomem; i++)
		fn(context, found.gl_pathv[i], at);
	if (!error)
		globfree(&found);
}

const char *
onprem_relative(struct onprem *o, const char *from, const char *path)
{
	const char *rest = from, *target = path, *slash;
	struct text made;

	if (path[0] == '/')
		return path;
	while ((slash = strchr(rest, '/')) != NULL &&
	       strncmp(rest, target, (size_t)(slash + 1 - rest)) == 0) {
		target += slash + 1 - rest;
		rest = slash + 1;
	}
	text_init(&made);
	for (; (slash = strchr(rest, '/')) != NULL; rest = slash + 1) {
		if (rest[0] == '/' || rest[0] == '.') {	/* "..": no way back is known */
			char *real = realpath(path, NULL);
			const char *whole = real ? onprem_text(o, "%s", real) : path;

			free(real);
			text_fini(&made);
			return whole;
		}
		text_append(&made, "../");
	}
	text_append(&made, target);
	target = onprem_text(o, "%s", made.failed ? "" : made.data);
	text_fini(&made);
	return target;
}

/* --- names */

const char *
onprem_name(struct onprem *o, const char *name)
{
	size_t len = strlen(name);
	char *made = arena_string(o->nodes->arena, name);

	if (!made) {
		o->nodes->nomem = true;
		return "";
	}
	for (char *p = made; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	if (len > 1 && made[len - 1] == '.' && made[len - 2] != '\\')
		made[len - 1] = '\0';
	return made;
}

bool
onprem_is_below(const char *name, const char *apex)
{
	size_t len = strlen(name), apex_len = strlen(apex);

	if (strcmp(apex, ".") == 0 || strcmp(name, apex) == 0)
		return true;
	return len > apex_len && name[len - apex_len - 1] == '.' &&
	       strcmp(name + len - apex_len, apex) == 0;
}

/** The labels of an address, last part first; bits: how many of it. */
static const char *
reverse(struct onprem *o, const struct addr *addr, unsigned bits)
{
	struct text made;
	const char *name;

	text_init(&made);
	if (addr_is_v4(addr)) {
		for (unsigned i = bits / 8; i > 12; i--)
			text_printf(&made, "%u.", addr->ip[i - 1]);
		text_append(&made, "in-addr.arpa");
	} else {
		for (unsigned i = bits / 4; i > 0; i--)
			text_printf(&made, "%x.", addr->ip[(i - 1) / 2] >> (i % 2 ? 4 : 0) & 0xf);
		text_append(&made, "ip6.arpa");
	}
	name = onprem_text(o, "%s", made.failed ? "" : made.data);
	text_fini(&made);
	return name;
}

const char *
onprem_reverse(struct onprem *o, const char *ip)
{
	struct addr addr;

	return addr_parse(ip, &addr) ? reverse(o, &addr, 128) : NULL;
}

const char *
onprem_reverse_block(struct onprem *o, const char *block)
{
	struct prefix prefix;
	struct addr addr = { 0 };
	bool v4;

	if (prefix_parse(block, &prefix) != OK)
		return NULL;
	v4 = prefix_is_v4(&prefix);
	memcpy(addr.ip, prefix.ip, sizeof(addr.ip));
	return prefix.bits % (v4 ? 8 : 4) ? NULL : reverse(o, &addr, prefix.bits);
}
