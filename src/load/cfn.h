/*
 * cfn - templates of CloudFormation as stacks, and what their expressions give
 *
 * Private to load/cloudformation and the files cfn_*.c.  A template that is deployed is a stack:
 * its parameters have values, so one assignment is evaluated and no other.  Expressions are
 * reduced to their outermost value: a list or map may hold expressions still, of the same stack.
 * Each node is evaluated once for each stack and then remembered; one that needs itself is
 * unknown, as is what goes beyond the bounds below.  So the work is that of reading the text.
 */
#ifndef LOAD_CFN_H
#define LOAD_CFN_H

#include "load/declare.h"
#include "load/imports.h"

#define CFN_MAX_TEXT   YAML_MAX_SCALAR		/* octets of one value */
#define CFN_MAX_OCTETS ((size_t)64 << 20)	/* of all values that expressions give */
#define CFN_MAX_WORK   ((size_t)100000000)	/* items looked at */
#define CFN_MAX_DEPTH  100			/* expressions in each other */
#define CFN_MAX_NESTED 8			/* stacks in each other */
#define CFN_MAX_STACKS 1000

enum cfn_section {
	CFN_PARAMETERS, CFN_MAPPINGS, CFN_CONDITIONS, CFN_RESOURCES, CFN_OUTPUTS, CFN_SECTIONS,
};

struct cfn_template {
	const char *path;		/* in the estate's arena */
	const struct yaml_node *root;	/* a map; NULL: it could not be read */
	struct table sections[CFN_SECTIONS];	/* name -> struct yaml_item of the section */
	bool nested;			/* a stack of another template is made from it */
};

struct cfn;

struct cfn_stack {
	struct cfn *cfn;
	struct cfn_template *template;
	const char *name;		/* begins the ids of its resources */
	const struct import_item *item;	/* whose parameters it has; of a nested one its parent's */
	struct cfn_stack *parent;	/* NULL: not nested */
	const struct yaml_node *given;	/* nested: its Parameters, of the parent; or NULL */
	struct table nested;		/* logical id -> struct cfn_stack */
	struct table memo;		/* node -> what it gives */
	unsigned level;
	struct cfn_stack *next;
};

struct cfn_kind;

struct cfn_resource {
	struct cfn_stack *stack;
	const char *logical, *type;
	const char *id;
	const struct yaml_node *node, *properties;	/* properties: NULL where it has none */
	const struct cfn_kind *kind;			/* NULL: of no interest */
};

/* What is to be declared, once all that joins it is known. */
struct cfn_object {
	const char *list, *id;
	struct cfn_stack *stack;	/* whose file the places are of */
	struct yaml_node *map;
	struct { const char *key; struct yaml_node *list; } lists[4];
	const struct yaml_node *more;	/* of its Metadata: overrides; or NULL */
	bool left_out;
	struct cfn_object *next;
};

struct cfn {
	struct declare *declare;
	struct table templates;		/* path -> struct cfn_template */
	struct cfn_stack *stacks, **stacks_end;
	size_t stack_count;
	struct table resources;		/* id -> struct cfn_resource */
	struct table objects;		/* list, id -> struct cfn_object */
	struct cfn_object *first_object, **objects_end;
	struct table exports;		/* name -> struct cfn_export */
	bool exported;			/* the table above is made, or being made */
	struct table opaque;		/* VPCs with a subnet of which no block is known */
	bool unsure;			/* something in a VPC may be made, or not */
	size_t octets, work;
	unsigned depth;
	bool nomem;
};

enum cfn_state { CFN_VALUE, CFN_ABSENT, CFN_UNKNOWN };

struct cfn_value {
	enum cfn_state state;
	const struct yaml_node *node;	/* CFN_VALUE */
	const char *why;		/* CFN_UNKNOWN; static, or in the scratch arena */
};

/* --- cfn_value.c: reducing */

/** The names of the functions, as tags have them; NULL ends them. */
const char *const *cfn_tags(void);

/** What a node gives, reduced to its outermost value.  NULL: absent. */
struct cfn_value cfn_resolve(struct cfn_stack *stack, const struct yaml_node *node);

/** The same; a value that is no scalar is unknown. */
struct cfn_value cfn_resolve_text(struct cfn_stack *stack, const struct yaml_node *node);

/** The value under a key of a map, reduced; absent where it has none. */
struct cfn_value cfn_member(struct cfn_stack *stack, const struct yaml_node *map,
			    const char *key);

/** What !Ref gives: a parameter, a pseudo parameter, a resource. */
struct cfn_value cfn_ref(struct cfn_stack *stack, const char *name,
			 const struct yaml_node *like);
/** What !GetAtt gives: an attribute of a resource, an output of a nested stack. */
struct cfn_value cfn_attribute(struct cfn_stack *stack, const char *logical,
			       const char *attribute, const struct yaml_node *like);
/** What !ImportValue gives. */
struct cfn_value cfn_import(struct cfn_stack *stack, const char *name,
			    const struct yaml_node *like);
/** A condition of the template: "true" or "false". */
struct cfn_value cfn_condition(struct cfn_stack *stack, const char *name);

struct cfn_value cfn_unknown(struct cfn *cfn, const char *fmt, ...) printf_like(2, 3);
struct cfn_value cfn_text(struct cfn *cfn, const char *text, size_t len,
			  const struct yaml_node *like);
bool cfn_is_true(const struct cfn_value *value);
/** The value elsewhere: a scalar, or a list of them. */
struct cfn_value cfn_relocate(struct cfn *cfn, struct cfn_value value,
			      const struct yaml_node *like);
/** Count work; false: there was too much. */
bool cfn_spend(struct cfn *cfn, size_t work);

/* --- cfn_functions.c */

typedef struct cfn_value (*cfn_function_fn)(struct cfn_stack *stack,
					    const struct yaml_node *argument,
					    const struct yaml_node *like);
struct cfn_function {
	const char *name;
	cfn_function_fn call;	/* NULL: not evaluated */
};
extern const struct cfn_function cfn_functions[];	/* one without a name ends them */

/* --- cloudformation.c */

const struct yaml_item *cfn_find(const struct cfn_stack *stack, enum cfn_section section,
				 const char *name);
/** The resource of a stack.  false: it has none of this name, or it is no map. */
bool cfn_resource_of(struct cfn_stack *stack, const char *logical, struct cfn_resource *out);
struct cfn_stack *cfn_stack_new(struct cfn *cfn, struct cfn_template *template,
				const char *name, const struct import_item *item);
/** The template of a file, read once; NULL: reported, or memory ended. */
struct cfn_template *cfn_template(struct cfn *cfn, const char *path, struct srcloc at,
				  enum status *status);

/* --- cfn_object.c: translating */

enum cfn_form {
	CFN_TEXT, CFN_TEXTS,
	CFN_NAME, CFN_NAMES,		/* with the escapes of the API */
	CFN_SECONDS,			/* a number of seconds as a duration */
	CFN_WORD, CFN_WORDS,		/* by `words`; others as they are */
	CFN_MAP, CFN_MAPS,
	CFN_WITHIN,			/* a map whose pairs go into the same map of ours */
};

struct cfn_word { const char *from, *to; };	/* from NULL ends */

/* A property, and the key that says the same in our configuration.  Rows end in one of NULL. */
struct cfn_row {
	const char *from, *to;
	enum cfn_form form;
	bool needed;			/* unknown: the object is left out, not the property */
	const struct cfn_row *rows;
	const struct cfn_word *words;
};

/** Translate properties into a map.  false: something needed is unknown (reported). */
bool cfn_translate(struct cfn_resource *resource, const struct cfn_row *rows,
		   const struct yaml_node *properties, struct yaml_node *map);

/** CFG004: `what` of the resource is unknown; left_out: what happens therefore. */
void cfn_report_unknown(const struct cfn_resource *resource, const char *what,
			const struct yaml_node *at, const char *why, const char *left_out);

/** A text property; NULL: absent, or unknown (reported, with what is left out). */
const struct yaml_node *cfn_property(struct cfn_resource *resource, const char *name,
				     const char *left_out);

/**
 * Make an object with an id; it is declared at the end.  map: what it is made of but for the
 * id; NULL: nothing yet.  NULL: memory ended.
 */
struct cfn_object *cfn_object_new(struct cfn_resource *resource, const char *list,
				  const char *id, struct yaml_node *map);
/** The same of the resource's properties.  NULL: reported, or memory ended. */
struct cfn_object *cfn_object_of(struct cfn_resource *resource, const char *list,
				 const struct cfn_row *rows);
/** The object of another resource; NULL: no template declares it. */
struct cfn_object *cfn_object_find(struct cfn *cfn, const char *list, const char *id);
/** The one that a property names; NULL: there is none, or it is unknown (reported). */
struct cfn_object *cfn_joined(struct cfn_resource *resource, const char *property,
			      const char *list);
/** What the resource's Metadata says in our own keys (`Causeway`); NULL: nothing. */
const struct yaml_node *cfn_overrides(const struct cfn_resource *resource);
/** Put a pseudo parameter into a map, where it has a value. */
void cfn_put_pseudo(struct cfn_resource *resource, struct yaml_node *map, const char *key,
		    const char *parameter);
/** Append to one of its lists. */
void cfn_object_append(struct cfn_object *object, const char *key,
		       const struct yaml_node *value);
/** The same of what another resource says; in another file, it is placed at the object. */
void cfn_object_join(struct cfn_object *object, const char *key, const struct yaml_node *value,
		     const struct cfn_resource *from);
void cfn_declare_objects(struct cfn *cfn);

/** What the resource's Metadata says about findings (lint-ignore). */
void cfn_suppress(const struct cfn_resource *resource);

/* --- cfn_resources.c: the types */

/* Routes name what joins make. */
enum cfn_phase { CFN_OBJECTS, CFN_JOINS, CFN_ROUTES, CFN_RECORDS, CFN_PHASES };

struct cfn_kind {
	const char *type;
	enum cfn_phase phase;
	void (*add)(struct cfn_resource *resource);	/* NULL: only known for its id */
	const char *id_attribute;	/* of !GetAtt, where it gives the id too */
	const char *arn;		/* what stands before the id in its Arn; NULL: it has none */
	bool unmodelled;		/* it may change answers: CFG006 */
};

const struct cfn_kind *cfn_kind(const char *type);

/** An object that is in a VPC, of that property alone; NULL: its VPC is not known. */
struct cfn_object *cfn_object_in_vpc(struct cfn_resource *r, const char *list);
/** As cfn_joined, for what only lint reads: one that no template declares is passed over. */
struct cfn_object *cfn_inside(struct cfn_resource *r, const char *property, const char *list);
/** SecurityGroupIds, where all of them are declared: one that is not may let anything in. */
void cfn_put_groups(struct cfn_resource *r, struct yaml_node *map);

void cfn_add_vpc(struct cfn_resource *r);
void cfn_add_vpc_cidr(struct cfn_resource *r);
void cfn_add_peering(struct cfn_resource *r);
void cfn_add_transit_gateway(struct cfn_resource *r);
void cfn_add_attachment(struct cfn_resource *r);
void cfn_add_subnet(struct cfn_resource *r);
void cfn_add_route_table(struct cfn_resource *r);
void cfn_add_table_association(struct cfn_resource *r);
void cfn_add_route(struct cfn_resource *r);
void cfn_add_propagation(struct cfn_resource *r);
void cfn_add_dhcp_options(struct cfn_resource *r);
void cfn_add_dhcp_association(struct cfn_resource *r);
void cfn_add_service_endpoint(struct cfn_resource *r);
void cfn_add_security_group(struct cfn_resource *r);
void cfn_add_ingress(struct cfn_resource *r);
void cfn_add_egress(struct cfn_resource *r);
void cfn_add_network_acl(struct cfn_resource *r);
void cfn_add_acl_entry(struct cfn_resource *r);
void cfn_add_acl_association(struct cfn_resource *r);
void cfn_add_endpoint(struct cfn_resource *r);
void cfn_add_rule(struct cfn_resource *r);
void cfn_add_rule_association(struct cfn_resource *r);
void cfn_add_resolver_config(struct cfn_resource *r);
void cfn_add_profile(struct cfn_resource *r);
void cfn_add_profile_association(struct cfn_resource *r);
void cfn_add_profile_resource(struct cfn_resource *r);
void cfn_add_zone(struct cfn_resource *r);
void cfn_add_record_set(struct cfn_resource *r);
void cfn_add_record_set_group(struct cfn_resource *r);
void cfn_add_health_check(struct cfn_resource *r);

#endif
