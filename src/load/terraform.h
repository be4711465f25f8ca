/*
 * terraform - what `terraform show -json` says of a state or a plan, and raw states
 *
 * Read are the JSON of a plan (what will be, once it is applied), the JSON of a state, and the
 * state file itself (version 4); gzip too.  All files of a run are one estate: they are joined
 * by the ids that the service gave.  What a plan has yet to make has no such id; its id is its
 * address (`aws_vpc.main["a"]`), and what refers to it is followed through the plan's
 * `configuration`: variables, outputs of modules, indexes of count and for_each.
 *
 * What nobody knows before the plan is applied, and what cannot be followed (locals, dynamic
 * blocks), is told as CFG004 with what is left out for it.  Two states that differ in an object
 * are CFG007; a plan counts before a state, and what it destroys is left out.
 *
 * Places are those of the values in the JSON, or, where a folder with the .tf files is named,
 * the header of the resource's block (load/terraform_source).
 *
 * Memory is that of the resources that we use; record sets are read one at a time.
 */
#ifndef LOAD_TERRAFORM_H
#define LOAD_TERRAFORM_H

#include "load/imports.h"

/** Does the file begin as JSON of Terraform does? */
bool terraform_is(const char *path);

/** For load/imports. */
enum status terraform_load(const struct import_item *items, struct declare *declare);

#endif
