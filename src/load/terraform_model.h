/*
 * terraform_model - the resources of a run, and how one leads to another
 *
 * For the files terraform_*.c.  A file is read into resources (terraform_read) and, where it
 * is a plan, the blocks that they were made from (terraform_config); references between them
 * are followed (terraform_refs); then each family is declared in our own vocabulary.
 *
 *	address		module.net["a"].aws_vpc.main[0]
 *	of the instance	module.net["a"].			of a module
 *	of the group	module.net["a"].aws_vpc.main		all that count or for_each made
 *	index		[0]					"" where there is none
 *
 * Everything lives in the scratch arena of the load.
 */
#ifndef LOAD_TERRAFORM_MODEL_H
#define LOAD_TERRAFORM_MODEL_H

#include "base/bytes.h"
#include "base/table.h"
#include "load/imports.h"

#define TF_MODULES_DEEP	 64	/* modules within each other */
#define TF_ADDRESS_MOST	 1024	/* octets; what is longer is found by no reference */

/* What we make of a type; those up to TF_RECORD are kept in lists. */
enum tf_kind {
	TF_VPC, TF_VPC_CIDR, TF_SUBNET, TF_SECURITY_GROUP, TF_GROUP_RULE,
	TF_DHCP_OPTIONS, TF_DHCP_ASSOCIATION,
	TF_ROUTE_TABLE, TF_ROUTE, TF_TABLE_ASSOCIATION, TF_MAIN_ASSOCIATION,
	TF_WAY,			/* an internet, NAT or VPN gateway: routes name them */
	TF_PREFIX_LIST, TF_PREFIX_ENTRY,
	TF_ACL, TF_ACL_RULE, TF_ACL_ASSOCIATION,
	TF_INTERFACE, TF_VPC_ENDPOINT, TF_ENDPOINT_ASSOCIATION,
	TF_PEERING, TF_PEERING_ACCEPTER, TF_PEERING_OPTIONS,
	TF_TRANSIT_GATEWAY, TF_ATTACHMENT,
	TF_ZONE, TF_NAMESPACE, TF_ZONE_ASSOCIATION, TF_HEALTH_CHECK,
	TF_ENDPOINT, TF_RULE, TF_RULE_ASSOCIATION, TF_RESOLVER_CONFIG,
	TF_PROFILE, TF_PROFILE_ASSOCIATION, TF_PROFILE_RESOURCE,
	TF_KEPT,
	TF_RECORD = TF_KEPT,	/* read one at a time, in a second reading */
	TF_RECORDS,		/* all of a zone in one resource; likewise */
	TF_NOT_MODELLED,	/* may change answers: told */
	TF_SKIPPED,		/* cannot: only dump tells */
};

#define TF_BIT(kind) (UINT64_C(1) << (kind))

struct tf_type {
	const char *type;
	enum tf_kind kind;
	/*
	 * Attribute with the id that others know it by; NULL: none.  TF_NOT_MODELLED: one that
	 * says with `true` that it matters; NULL: it always does.
	 */
	const char *id;
	bool data;		/* as a data source it says as much */
};

/* A module as it is written: once for each call. */
struct tf_module {
	struct table blocks;	/* "aws_vpc.main", "data.aws_vpc.x" -> struct tf_block */
	struct table calls;	/* name -> struct tf_call */
	const struct yaml_node *outputs;	/* name: {expression}; NULL */
};

struct tf_call {
	const struct yaml_node *expressions;	/* NULL: none */
	const struct yaml_node *each;		/* of for_each; NULL */
	struct tf_module module;
};

/* A resource as it is written. */
struct tf_block {
	const struct yaml_node *expressions, *each;	/* NULL */
	const char *provider;	/* key of provider_config; NULL */
};

/* A module as it is made: each index has one. */
struct tf_instance {
	const char *path;	/* "module.net[\"a\"]." */
	const char *index;
	struct tf_instance *parent;		/* NULL: the root */
	const struct tf_call *call;		/* NULL: the root, or no configuration */
	const struct tf_module *module;		/* NULL: no configuration */
};

struct tf_resource;
struct tf_sources;
struct json;

/* The instances of a resource. */
struct tf_group {
	struct tf_resource *first, *last;
	struct tf_resource **items;	/* by position; made when asked for */
	size_t count;
};

struct tf_file {
	const char *path;		/* in the estate's arena */
	const char *tf_dir;		/* NULL */
	struct srcloc at;		/* where it is named */
	bool plan;
	bool read;			/* to its end */
	struct tf_module module;	/* the root; empty where there is no configuration */
	const struct yaml_node *providers, *variables;	/* NULL */
	struct table instances;		/* path -> struct tf_instance */
	struct table groups;		/* address of the group -> struct tf_group */
	struct table resources;		/* address -> struct tf_resource */
	struct tf_sources *sources;	/* of tf_dir; NULL */
	struct tf_file *next;
};

struct tf_resource {
	const struct tf_type *type;
	bool data;			/* a data source */
	bool known;			/* `id` is the service's, not an address */
	const char *address, *index;
	const char *id;			/* by which it is declared; NULL: nothing refers to it */
	struct tf_file *file;
	struct tf_instance *instance;
	struct tf_group *group;		/* NULL: a record set */
	const struct tf_block *block;	/* NULL: no configuration */
	const struct yaml_node *values;
	const char *place_file;		/* of `place`: a .tf, or the file */
	struct yaml_node place;		/* of the whole */
	bool in_source;			/* place_file is a .tf: all nodes stand at `place` */
	struct yaml_node *attached;	/* what other resources add: VPCs, CIDRs */
	/*
	 * TF_PROFILE: zones, rules; TF_SECURITY_GROUP: what comes in, what goes out;
	 * TF_ROUTE_TABLE: routes; TF_ACL: entries, and "true" of a default one;
	 * TF_INTERFACE, TF_VPC_ENDPOINT: groups, addresses
	 */
	struct yaml_node *lists[2];
	/*
	 * TF_SECURITY_GROUP, TF_PREFIX_LIST, TF_ACL: it is declared; TF_ROUTE_TABLE: the VPC's main
	 * one; TF_INTERFACE, TF_VPC_ENDPOINT: all of its groups are declared
	 */
	bool makes;
	const struct tf_resource *options, *accepter;	/* TF_PEERING: who says more of it; a VPC's
						 * resolver_config is its `options` */
	bool dropped;			/* a twin of another, or destroyed: not declared */
	size_t position;		/* in its group */
	struct tf_resource *twin;	/* the same object in another file, and so on */
	struct tf_resource *next_in_group;
	struct tf_resource *next;	/* of its kind */
};

struct tf_list {
	struct tf_resource *first, *last;
};

struct terraform {
	struct declare *declare;
	struct tf_file *files, **files_end;
	struct tf_list kinds[TF_KEPT];
	struct table types;		/* name -> struct tf_type */
	struct table ids;		/* id of the service -> struct tf_resource */
	struct table addresses;		/* addresses that are ids */
	struct table gone;		/* ids that a plan destroys */
	struct table pairs;		/* "zone vpc": is attached */
	struct table claims;		/* "acl subnet", "main vpc", and so on: who has it */
	struct arena passing;		/* of one resource at a time */
	bool wants_gone;		/* there are plans and states */
};

/* --- terraform_read: files */

typedef void (*tf_take_fn)(struct terraform *t, struct tf_resource *record);

/** Read all but record sets into the lists.  false: not to its end; reported. */
bool tf_read_file(struct terraform *t, struct tf_file *file);
/** Read the record sets again, one at a time; what is taken lives until `take` returns. */
bool tf_read_records(struct terraform *t, struct tf_file *file, tf_take_fn take);
/** Find its instance, its block and its place. */
void tf_link(struct terraform *t, struct tf_resource *resource);
/** Z1 of /hostedzone/Z1, and the last part of an ARN. */
const char *tf_bare_id(const char *id);
/** Enter one resource; `values` and texts live in the arena of what is to stay. */
void tf_enter(struct terraform *t, struct tf_resource *resource);

/* --- terraform_config: what a plan says of how it was written */

/** Read the value of `configuration`, whose token is the next. */
bool tf_read_config(struct terraform *t, struct tf_file *file, struct json *json);
const struct tf_block *tf_find_block(const struct tf_instance *instance, const char *name);
/** The instance of a path; NULL: no path, or too deep. */
struct tf_instance *tf_find_instance(struct terraform *t, struct tf_file *file,
				     const char *path, size_t len);
/** Octets of an address that are its instance's, and those before its index. */
void tf_split(const char *address, size_t *instance, size_t *group);
/** Octets of `module.net["a"].`; 0: that is none. */
size_t tf_step_len(const char *address);
/** The text of an argument of the resource's provider: "region"; NULL: not known. */
const char *tf_provider_text(const struct tf_resource *resource, const char *argument);
/** The account that its provider is held to; NULL: not known. */
const char *tf_provider_account(struct terraform *t, const struct tf_resource *resource);

/* --- terraform_refs: what an expression leads to */

/**
 * The id that an expression of a resource leads to: of one object of `kinds`, and of no
 * other.  NULL: none, or it cannot be told.
 */
const char *tf_follow(struct terraform *t, const struct tf_resource *resource,
		      const struct yaml_node *expression, uint64_t kinds);
/** All ids that a list leads to, at most `room`; 0: it cannot be told. */
size_t tf_follow_all(struct terraform *t, const struct tf_resource *resource,
		     const struct yaml_node *expression, uint64_t kinds, const char **ids,
		     size_t room);
/** The object itself; NULL: none of ours. */
struct tf_resource *tf_object(const struct terraform *t, const char *id);

/* --- terraform_values: what a resource says */

/** A member that is there, not null, not "". */
const struct yaml_node *tf_member(const struct yaml_node *map, const char *key);
const char *tf_text(const struct yaml_node *map, const char *key);
bool tf_is(const struct yaml_node *map, const char *key, const char *text);
/** The items of a list; NULL: none. */
const struct yaml_item *tf_items(const struct yaml_node *map, const char *key);
/** The one block of a list of at most one; NULL. */
const struct yaml_node *tf_nested(const struct yaml_node *map, const char *key);
/** The expression of an argument in the resource's block; NULL: not written there. */
const struct yaml_node *tf_expression(const struct tf_resource *resource, const char *key);
/** Is the value to be known only once the plan is applied? */
bool tf_is_unknown(const struct tf_resource *resource, const struct yaml_node *map,
		   const struct yaml_node *expressions, const char *key);

/** Where the resource, or a value of it, stands. */
const struct yaml_node *tf_like(const struct tf_resource *resource,
				const struct yaml_node *node);
struct srcloc tf_place(const struct tf_resource *resource, const struct yaml_node *node);

/** A text, a copy of a scalar or of a list of scalars, at its place in the resource. */
struct yaml_node *tf_new_text(struct terraform *t, const struct tf_resource *resource,
			      const char *text, const struct yaml_node *like);
struct yaml_node *tf_copy(struct terraform *t, const struct tf_resource *resource,
			  const struct yaml_node *node);

struct tf_rename {
	const char *from, *to;
};

/** Put what `from` has under our names. */
void tf_put(struct terraform *t, const struct tf_resource *resource, struct yaml_node *to,
	    const struct yaml_node *from, const struct tf_rename *renames, size_t count);
/** A map for the resource, with its id. */
struct yaml_node *tf_new_object(struct terraform *t, const struct tf_resource *resource);

/** Its Region and its account, as far as anything says them; NULL. */
const char *tf_region(struct terraform *t, const struct tf_resource *resource);
const char *tf_account(struct terraform *t, const struct tf_resource *resource);

/** An id among the resource's own arguments, followed where it is not known yet. */
const char *tf_id(struct terraform *t, const struct tf_resource *resource, const char *key,
		  uint64_t kinds);

/** The map of an object without what is attached; NULL: it cannot be made, which was told. */
typedef struct yaml_node *(*tf_make_fn)(struct terraform *t, struct tf_resource *resource);
/* The keys of what others add to an object; NULL: nothing is added. */
struct tf_keys {
	const char *attached, *lists[2];
};

/**
 * Make and declare all of a kind, with what was added to each.  What another state says of it
 * itself is compared (CFG007).
 */
void tf_declare_all(struct terraform *t, enum tf_kind kind, const char *list,
		    struct tf_keys keys, tf_make_fn make);

/** CFG004: `what` of the resource is not known; what is left out for it. */
void tf_say_unknown(struct terraform *t, const struct tf_resource *resource, const char *what,
		    const char *fmt, ...) printf_like(4, 5);

/** An object that resources refer to and no file has: made from the one that does. */
struct tf_resource *tf_make_up(struct terraform *t, const struct tf_resource *by,
			       const char *type, const char *id);

/** Add a node to what others attach to an object; once for each `text`. */
void tf_attach(struct terraform *t, struct tf_resource *to, const struct tf_resource *by,
	       const char *text, const struct yaml_node *like);
/** CFG002: `by` names an object that no file has. */
void tf_say_dangling(struct terraform *t, const struct tf_resource *by, const char *key,
		     const char *what, const char *id);

/* --- the families */

void tf_declare_networks(struct terraform *t);
void tf_declare_insides(struct terraform *t);
void tf_declare_routes(struct terraform *t);
/** Is the subnet declared, so that it may be referred to? */
bool tf_is_subnet_here(struct terraform *t, const char *id);
void tf_declare_acls(struct terraform *t);
void tf_declare_zones(struct terraform *t);
void tf_declare_endpoints(struct terraform *t);
void tf_declare_resolver(struct terraform *t);
void tf_declare_record(struct terraform *t, struct tf_resource *record);

/* --- terraform_source: the .tf files */

/** Read the headers of a folder's blocks.  NULL: it cannot be read; reported, or memory. */
struct tf_sources *tf_read_sources(struct terraform *t, struct tf_file *file);
/** The same of one text, as if it were the only file of the folder.  For tests. */
struct tf_sources *tf_scan_text(struct terraform *t, const char *path, const char *text);
/** The place of the block that the address was made from; line 0: not found. */
struct srcloc tf_find_source(struct terraform *t, struct tf_sources *sources,
			     const char *address);

#endif
