#include <stdlib.h>
#include <string.h>

#include "load/pragma.h"
#include "load/zonefile.h"
#include "load/zonerecord.h"

#define INCLUDES_MOST 8		/* files that include each other in a row */
#define ERRORS_MOST   100	/* of one zone; what is not a zone file is all errors */
#define PATH_TEXT_MAX 4096

static enum status read_file(struct zone_load *z, const char *path, struct srcloc at,
			     struct zone_file *by, const struct name *origin);

static enum status
read_include(struct zone_load *z, struct zone_file *file)
{
	const struct master *m = &file->master;
	struct name origin = file->origin;
	const uint8_t *owner = z->owner;
	char text[PATH_TEXT_MAX];
	const char *path, *why;
	enum status status;

	if (m->count < 2 || m->count > 3)
		return zonerecord_refuse(z, file, m->count, "bad-directive",
					 "$INCLUDE wants a file, and maybe an origin");
	if (!field_copy(&m->fields[1], text, sizeof(text)) || !*text)
		return zonerecord_refuse(z, file, 1, "bad-directive", "no path");
	why = m->count == 3 ? zonerecord_name(&m->fields[2], &file->origin, &origin) : NULL;
	if (why)
		return zonerecord_refuse(z, file, 2, "bad-name", why);
	path = source_path(&z->estate->arena, file->source.path, text);
	if (!path)
		return ERR_NOMEM;
	status = read_file(z, path, zonerecord_place(file, 1), file, &origin);
	z->owner = owner;
	return status;
}

static enum status
read_directive(struct zone_load *z, struct zone_file *file)
{
	const struct master *m = &file->master;
	const struct field *word = &m->fields[0];
	const char *why;

	if (field_is(word, "$INCLUDE"))
		return read_include(z, file);
	if (field_is(word, "$GENERATE"))
		return zonerecord_refuse(z, file, 0, "bad-directive",
					 "not supported: write the records out");
	if (!field_is(word, "$ORIGIN") && !field_is(word, "$TTL"))
		return zonerecord_refuse(z, file, 0, "bad-directive", "no such directive");
	if (m->count != 2)
		return zonerecord_refuse(z, file, m->count, "bad-directive",
					 "$ORIGIN and $TTL want one value");
	if (field_is(word, "$ORIGIN")) {
		struct name before = file->origin;

		why = zonerecord_name(&m->fields[1], &before, &file->origin);
		if (!why)
			return OK;
		file->origin = before;
		return zonerecord_refuse(z, file, 1, "bad-name", why);
	}
	if (!zonerecord_ttl(&m->fields[1], &z->default_ttl_s))
		return zonerecord_refuse(z, file, 1, "bad-ttl", NO_TTL);
	z->has_default_ttl = true;
	return OK;
}

/** One record or directive. */
static enum status
read_entry(struct zone_load *z, struct zone_file *file)
{
	const struct master *m = &file->master;

	if (m->count == 0)	/* parentheses around nothing */
		return OK;
	if (!m->blank && !m->fields[0].quoted && m->fields[0].len && m->fields[0].text[0] == '$')
		return read_directive(z, file);
	return zonerecord_read(z, file);
}

static void
report_unfinished(struct zone_load *z, const struct zone_file *file)
{
	diag_report(z->diags, SEVERITY_ERROR, "unfinished-file",
		    zonerecord_place(file, file->master.count),
		    "the file ends in the middle of a line; if it was not cut, add a newline");
}

static bool
too_many_errors(struct zone_load *z, const struct zone_file *file)
{
	if (z->diags->errors - z->errors_before < ERRORS_MOST)
		return false;
	if (!z->gave_up)
		diag_report(z->diags, SEVERITY_ERROR, "too-many-errors",
			    (struct srcloc){ file->source.path, file->master.line, 0 },
			    "%d errors in this zone: the rest of it was not read", ERRORS_MOST);
	z->gave_up = true;
	return true;
}

static enum status
read_entries(struct zone_load *z, struct zone_file *file)
{
	struct master *m = &file->master;

	while (!too_many_errors(z, file)) {
		enum status status = master_next(m);

		if (status == ERR_SHORT)
			return OK;
		if (status == ERR_MALFORMED) {
			diag_report(z->diags, SEVERITY_ERROR, "syntax",
				    (struct srcloc){ file->source.path, m->why_line,
						     m->why_column }, "%s", m->why);
			continue;
		}
		if (status == OK && m->unfinished && m->count)
			report_unfinished(z, file);
		else if (status == OK)
			status = read_entry(z, file);
		if (status != OK && status != ERR_REJECTED)
			return status;
	}
	return OK;
}

/** Is this very file being read already?  Then the includes go round. */
static bool
is_cycle(struct zone_load *z, const struct zone_file *file, struct srcloc at)
{
	for (const struct zone_file *by = file->by; by; by = by->by) {
		struct finding *finding;

		if (!source_same_file(&by->source.identity, &file->source.identity))
			continue;
		finding = diag_open(z->diags, SEVERITY_ERROR, "include-cycle", NULL, at,
				    "\"%s\" is being read already: the includes go round",
				    file->source.path);
		diag_add(z->diags, finding, PART_OBJECT, "file", by->source.path,
			 (struct srcloc){ by->source.path, by->master.line, 0 },
			 "it was reading up to here");
		return true;
	}
	return false;
}

static enum status
read_opened(struct zone_load *z, struct zone_file *file, struct srcloc at)
{
	const char *zero;

	if (is_cycle(z, file, at))
		return ERR_REJECTED;
	z->zone->source = digest_fold(z->zone->source, file->source.content);
	sources_note(z->sources, &file->source);
	zero = file->source.len ? memchr(file->source.data, 0, file->source.len) : NULL;
	if (zero) {
		diag_report(z->diags, SEVERITY_ERROR, "not-text",
			    (struct srcloc){ file->source.path, 0, 0 },
			    "a zero octet at offset %zu: this is no text",
			    (size_t)(zero - file->source.data));
		return ERR_REJECTED;
	}
	return read_entries(z, file);
}

static enum status
read_file(struct zone_load *z, const char *path, struct srcloc at, struct zone_file *by,
	  const struct name *origin)
{
	struct zone_file file = { .by = by, .depth = by ? by->depth + 1 : 0, .origin = *origin };
	enum status status;

	if (file.depth > INCLUDES_MOST) {
		diag_report(z->diags, SEVERITY_ERROR, "too-deep", at,
			    "more than %d files include each other in a row", INCLUDES_MOST);
		return ERR_REJECTED;
	}
	status = source_open(&file.source, path, SOURCE_MAX_OCTETS, &z->estate->arena, at,
			     z->diags);
	if (status == ERR_NOMEM)
		return status;
	if (status != OK)
		return ERR_REJECTED;
	master_init(&file.master, file.source.data, file.source.len);
	status = read_opened(z, &file, at);
	if (status == OK)
		status = pragmas_read(&file.source, PRAGMAS_MASTER, &z->estate->arena,
				      &z->estate->lint);
	master_fini(&file.master);
	source_close(&file.source);
	return status;
}

enum status
zonefile_load(const char *path, struct srcloc at, struct hosted_zone *zone,
	      struct sources *sources, struct estate *estate, struct diags *diags)
{
	struct zone_load *z = calloc(1, sizeof(*z));
	size_t sets_before = zone->set_count, errors_before = diags->errors;
	struct name origin;
	enum status status;

	if (!z)
		return ERR_NOMEM;
	z->zone = zone;
	z->sources = sources;
	z->estate = estate;
	z->diags = diags;
	z->errors_before = errors_before;
	spellings_init(&z->spellings);
	name_from_wire(zone->name, &origin);
	status = read_file(z, path, at, NULL, &origin);
	if (status != ERR_NOMEM && zonerecord_flush(z) != OK)
		status = ERR_NOMEM;
	if (status != ERR_NOMEM)
		spellings_end(&z->spellings, zone, diags);
	spellings_fini(&z->spellings);
	free(z->values);
	free(z);
	if (status == ERR_NOMEM)
		return status;
	if (diags->errors == errors_before && zone->set_count == sets_before)
		diag_report(diags, SEVERITY_ERROR, "empty-file", at,
			    "\"%s\" holds no records", path);
	return diags->errors > errors_before ? ERR_REJECTED : OK;
}
