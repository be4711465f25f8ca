#include "load/aws.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "load/aws_walk.h"
#include "load/inflate.h"

#define FOLDERS_DEEP 32

/** Does the file begin as JSON does?  Others in a folder are passed by. */
static bool
begins_as_json(const char *path)
{
	struct diags unheard;
	struct arena arena;
	struct inflate *in;
	char begin[256];
	size_t len = 0, at = 0;
	bool is = true;	/* what cannot be read, or is empty, is to be reported */

	arena_init(&arena, SIZE_MAX);
	diags_init(&unheard, &arena, 0);
	if (inflate_open(&in, path, (struct srcloc){ 0 }, &unheard) == OK &&
	    inflate_fill(in, begin, sizeof(begin), &len) == OK) {
		while (at < len && isspace((unsigned char)begin[at]))
			at++;
		is = at == len || begin[at] == '{' || begin[at] == '[';
	}
	inflate_close(in);
	arena_fini(&arena);
	return is;
}

/** Does a key of the document, or of the envelope, belong to the AWS CLI? */
static bool
has_our_keys(struct json *j)
{
	enum json_token token = json_next(j);

	if (token == JSON_ARRAY)	/* a configuration is a map */
		return true;
	while (token != JSON_FAILED && token != JSON_END) {
		unsigned depth = j->depth;

		token = json_next(j);
		if (token != JSON_KEY)
			return false;
		if (aws_is_single(j) || aws_operation(j) || json_is(j, "output") ||
		    json_is(j, "command"))
			return true;
		if (json_next(j) == JSON_FAILED || !json_leave(j, depth))
			return false;
	}
	return false;
}

bool
aws_is_export(const char *path)
{
	struct diags unheard;
	struct arena arena;
	struct inflate *in = NULL;
	struct json json = { 0 };
	bool is = false;
	struct stat st;

	if (stat(path, &st) != 0 || !(S_ISDIR(st.st_mode) || S_ISREG(st.st_mode)))
		return false;
	if (S_ISDIR(st.st_mode))
		return true;
	arena_init(&arena, SIZE_MAX);
	diags_init(&unheard, &arena, 0);
	if (inflate_open(&in, path, (struct srcloc){ 0 }, &unheard) == OK &&
	    json_init(&json, path, inflate_fill, in, &unheard) == OK)
		is = has_our_keys(&json);
	json_fini(&json);
	inflate_close(in);
	arena_fini(&arena);
	return is;
}

static enum status walk_folder(struct aws *a, const char *path, size_t root, unsigned depth,
			       struct srcloc at);

static void
walk_entry(struct aws *a, const char *path, size_t root, unsigned depth)
{
	struct srcloc at = { aws_keep(a, path), 0, 0 };
	struct stat st;

	if (a->nomem)
		return;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		if (walk_folder(a, path, root, depth + 1, at) != OK)
			a->incomplete = true;
	} else if (begins_as_json(path)) {
		aws_read_file(a, path, root);
	} else {
		diag_report(a->diags, SEVERITY_NOTE, "not-read", at, "this is no JSON");
	}
}

static int
shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/** By octets, whatever the locale. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static enum status
walk_folder(struct aws *a, const char *path, size_t root, unsigned depth, struct srcloc at)
{
	struct dirent **entries;
	int count;

	if (depth > FOLDERS_DEEP) {
		diag_report(a->diags, SEVERITY_ERROR, "too-deep", at,
			    "more than 32 folders within each other");
		return ERR_REJECTED;
	}
	count = scandir(path, &entries, shown, by_name);
	if (count < 0) {
		diag_report(a->diags, SEVERITY_ERROR, "unreadable-file", at,
			    "cannot read \"%s\": %s", path, strerror(errno));
		return ERR_SYSTEM;
	}
	for (int i = 0; i < count; i++) {
		char *name = arena_printf(a->scratch, "%s/%s", path, entries[i]->d_name);

		a->nomem |= !name;
		if (!a->nomem)
			walk_entry(a, name, root, depth);
		free(entries[i]);
	}
	free(entries);
	return OK;
}

/** A page without the one that follows it. */
static void
check_pages(struct aws *a, const struct aws_document *page)
{
	struct finding *finding;

	for (const struct aws_document *d = a->documents; d; d = d->next_document) {
		static const char *const starts[] = {
			"starting-token", "next-token", "marker", "start-record-name",
		};

		if (d == page || !d->key || !page->key || strcmp(d->key, page->key) != 0)
			continue;
		if (d->first_name && strcmp(d->first_name, page->next) == 0)
			return;
		for (size_t i = 0; i < COUNT_OF(starts); i++) {
			const char *start = aws_argument(d, starts[i]);

			if (start && *page->next && strcmp(start, page->next) == 0)
				return;
		}
	}
	finding = diag_open(a->diags, SEVERITY_ERROR, "CFG001", "truncated-export",
			    page->next_at, "%s: this is one page of several, and the next is in no "
			    "file", page->key ? page->key : "the list");
	diag_add(a->diags, finding, PART_HELP, NULL, NULL, (struct srcloc){ 0 },
		 "export all pages: without --max-items and --no-paginate");
}

static void
make_objects(struct aws *a)
{
	for (const struct aws_document *d = a->documents; d; d = d->next_document)
		if (d->next)
			check_pages(a, d);
	aws_add_networks(a);
	aws_add_peerings(a);
	aws_add_transit_gateways(a);
	aws_add_zones(a);
	aws_add_health_checks(a);
	aws_add_subnets(a);
	aws_add_filters(a);
	aws_add_route_tables(a);
	aws_add_interfaces(a);
	aws_add_dhcp_options(a);
	aws_add_vpc_endpoints(a);
	aws_add_firewall(a);
	aws_add_endpoints(a);
	aws_add_rules(a);
	aws_add_profiles(a);
	aws_add_records(a);
	aws_add_private_dns(a);
}

enum status
aws_load(const char *path, struct srcloc at, struct objects *objects, struct diags *diags)
{
	struct aws a = { .estate = objects->estate, .objects = objects, .diags = diags,
			 .scratch = objects->scratch };
	size_t root = strlen(path);
	enum status status = OK;
	struct stat st;

	a.documents_end = &a.documents;
	table_init(&a.zones, a.scratch);
	table_init(&a.pages, a.scratch);
	for (unsigned kind = 0; kind < AWS_KINDS; kind++)
		table_init(&a.lists[kind].ids, a.scratch);
	bind_init(&a.bind, &a.estate->arena, diags);
	a.nomem = a.bind.nomem;
	if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
		while (root && path[root - 1] != '/')
			root--;
		aws_read_file(&a, path, root);
	} else {
		status = walk_folder(&a, path, root, 0, at);
	}
	if (status == OK && !a.nomem && !a.documents && !a.incomplete) {
		diag_report(diags, SEVERITY_ERROR, "no-export", at,
			    "there is no JSON in \"%s\"", path);
		status = ERR_SYSTEM;
	}
	if (status == OK && !a.nomem)
		make_objects(&a);
	bind_fini(&a.bind);
	objects->incomplete |= a.incomplete;
	a.estate->incomplete |= a.incomplete;
	return a.nomem ? ERR_NOMEM : status;
}
