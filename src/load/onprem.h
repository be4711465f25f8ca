/*
 * onprem - what the readers of name servers outside AWS share
 *
 * BIND, Unbound, dnsmasq, CoreDNS and the stub resolver each have a reader of their own
 * (load/named, load/unbound, load/dnsmasq, load/corefile, load/resolvconf).  Each makes of
 * its configuration a site, with the zones it holds and the rules it forwards by, and
 * declares them (load/declare) at the places where they are said.
 *
 * A configuration is often judged away from the server it is of, with copies of what it
 * names beside it.  So a path is looked for below the folder of the configuration first:
 * /etc/bind/zones/db.corp as etc/bind/zones/db.corp, bind/zones/db.corp, zones/db.corp and
 * db.corp there, and only then where it says.
 *
 * What a stranger's files can do is bounded: octets of a file, files in all, and how deep
 * they include each other; a ring of includes is an error that names both places.
 */
#ifndef LOAD_ONPREM_H
#define LOAD_ONPREM_H

#include "load/declare.h"
#include "load/imports.h"
#include "load/source.h"

#define ONPREM_MAX_OCTETS  YAML_MAX_OCTETS	/* of a file */
#define ONPREM_FILES_MOST  10000
#define ONPREM_FILES_DEEP  16
#define ONPREM_TTL_S	   "3600"		/* where nothing says one */
#define ONPREM_PEEK	   65536		/* octets by which a form is told */

/* A file being read, and those that led to it. */
struct onprem_file {
	struct source source;
	const char *text;		/* its content, a byte order mark left out */
	size_t len;
	struct srcloc by;		/* where it is named */
	const struct onprem_file *outer;
	unsigned depth;
};

/* One configuration. */
struct onprem {
	struct declare *d;
	struct nodes *nodes;
	struct diags *diags;
	const char *main;		/* its first file */
	const char *site;		/* id of the site it is of */
	const char *directory;		/* its paths are relative to this; NULL: not said */
	const struct onprem_file *reading;	/* the innermost; NULL */
	unsigned files;
	bool unreadable;		/* that is its first file */
	struct table zones;		/* id -> struct onprem_zone, of onprem_zone */
};

/* A zone that is made of single records. */
struct onprem_zone {
	const char *id, *name;
	struct table sets;		/* "owner type", and that with a value -> struct onprem_set */
	struct onprem_set *first, *last;
};

/** Reads one configuration, o->main; at: where it is named. */
typedef void (*onprem_read_fn)(struct onprem *o, struct srcloc at);

/** What the readers' load functions are: each item read, its records declared. */
enum status onprem_load(const struct import_item *items, struct declare *d,
			onprem_read_fn read) must_check;

/** The first octets of a regular text file and a zero octet; 0: it is none, or empty. */
size_t onprem_peek(const char *path, char *buf, size_t size);

/**
 * Open a file for reading.  at: where it is named.
 * false: reported (unreadable-file, too-large, too-deep, include-cycle, not-text), and the
 * import is not whole; there is nothing to close.
 */
bool onprem_open(struct onprem *o, struct onprem_file *file, const char *path, struct srcloc at);
void onprem_close(struct onprem *o, struct onprem_file *file);

/** The file that a path named in `from` means; where there is none, the likeliest. */
const char *onprem_path(struct onprem *o, const char *from, const char *path);

/** Called for each file that a pattern of glob(7) matches. */
typedef void (*onprem_file_fn)(void *context, const char *path, struct srcloc at);
void onprem_each(struct onprem *o, const char *from, const char *pattern, struct srcloc at,
		 onprem_file_fn fn, void *context);

/** The same path as it is written in `from`, for a key whose value is a path. */
const char *onprem_relative(struct onprem *o, const char *from, const char *path);

/** Report what is wrong at a place; the import is not whole. */
void onprem_refuse(struct onprem *o, struct srcloc at, const char *fmt, ...) printf_like(3, 4);
/** CFG006: it may change answers, and is not in the model. */
void onprem_not_modelled(struct onprem *o, struct srcloc at, const char *fmt, ...)
	printf_like(3, 4);

/** A formatted text that lasts as long as the nodes do.  Never NULL. */
const char *onprem_text(struct onprem *o, const char *fmt, ...) printf_like(2, 3);

/** The name in lower case without its last dot ("." stays), as ids have it. */
const char *onprem_name(struct onprem *o, const char *name);

/** Is a name the other, or below it?  Both as onprem_name has them. */
bool onprem_is_below(const char *name, const char *apex);

/** A site, for declare_site. */
struct yaml_node *onprem_site(struct onprem *o, const char *id, const struct yaml_node *like);

/** A zone with the id "SITE/NAME", for declare_object; `sites` is left to the caller. */
struct yaml_node *onprem_zone_map(struct onprem *o, const char *site, const char *name,
				  const struct yaml_node *like);
/** A rule with the id "SITE/NAME"; type: FORWARD or SYSTEM; `sites` is left to the caller. */
struct yaml_node *onprem_rule_map(struct onprem *o, const char *site, const char *name,
				  const char *type, const struct yaml_node *like);
/** `sites`, of one. */
void onprem_put_site(struct onprem *o, struct yaml_node *map, const char *site,
		     const struct yaml_node *like);

/**
 * Append a target to `target_ips`.  port: NULL or "" for the usual one; tls: asked over TLS,
 * the name that the server must prove, or ""; NULL: not.
 */
void onprem_target(struct onprem *o, struct yaml_node *list, const char *ip, const char *port,
		   const char *tls, const struct yaml_node *like);
/** The same of "IP", a port behind `sign`, an interface behind %, a name behind #. */
void onprem_target_at(struct onprem *o, struct yaml_node *list, const struct yaml_node *word,
		      char sign, bool tls);

/** A zone made of records; declared at its first mention. */
struct onprem_zone *onprem_zone(struct onprem *o, const char *site, const char *name,
				const char *file, const struct yaml_node *like);

/**
 * A record of it.  Those of one owner and type become one set with the least TTL, at the
 * place of the first.  name: "*" first for a wildcard.
 */
void onprem_record(struct onprem *o, struct onprem_zone *zone, const char *name,
		   const char *type, const char *ttl_s, const char *value, const char *file,
		   const struct yaml_node *like);

/** The same for "NAME [TTL] [IN] TYPE DATA" without the name. */
bool onprem_record_text(struct onprem *o, struct onprem_zone *zone, const char *name,
			const char *text, const char *file, const struct yaml_node *like);

/** in-addr.arpa and ip6.arpa: the name of an address.  NULL: it is none. */
const char *onprem_reverse(struct onprem *o, const char *ip);
/** The same of a CIDR block whose length ends at a label.  NULL. */
const char *onprem_reverse_block(struct onprem *o, const char *block);

/** Declare the record sets of all zones: the last step, of onprem_load. */
void onprem_end(struct onprem *o);

#endif
