/*
 * config - a configuration and all it names, loaded into an estate
 *
 * The one entry to load/: reads the YAML (or JSON) file, its includes, zone files, record-set
 * files and imports, or an export of the AWS CLI (a folder, or a file) by itself; reports every
 * mistake of the run, and checks the whole.
 */
#ifndef LOAD_CONFIG_H
#define LOAD_CONFIG_H

#include "estate/estate.h"
#include "load/source.h"

/**
 * Load `path` into an estate fresh from estate_init.
 * sources: what earlier loads saw (NULL: nothing); zone data whose source has not changed
 *   and which the caller still holds (source_held) is left unread, zone->unread set.
 * OK: the estate is complete and checked; diags may hold warnings and notes.
 * ERR_REJECTED: errors were reported, each with its place.  The settings of the `server`
 *   section stand as far as they could be read (settings.at.file NULL: not at all).
 * ERR_SYSTEM: `path` itself could not be read (reported too; exit code 3).
 * ERR_NOMEM: the arena's limit was met (reported as too-large, with the file it was met in).
 */
enum status config_load(const char *path, struct sources *sources, struct estate *estate,
			struct diags *diags) must_check;

/**
 * The same for several files that describe one estate together, as if each included the
 * next; only the first `server` section counts.  paths: one at least.
 */
enum status config_load_all(const char *const *paths, size_t count, struct sources *sources,
			    struct estate *estate, struct diags *diags) must_check;

/* What a command line says of its PATHs. */
struct config_paths {
	const char *const *paths;
	size_t count;
	const char *tf_dir;	/* of those that are Terraform's: folder of the .tf files; NULL */
};

enum status config_load_paths(const struct config_paths *paths, struct sources *sources,
			      struct estate *estate, struct diags *diags) must_check;

#endif
