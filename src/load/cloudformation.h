/*
 * cloudformation - templates of AWS CloudFormation, YAML or JSON, as parts of an estate
 *
 * What is known before anything is deployed: networks, zones and their records, endpoints,
 * rules and Profiles, with the values that parameters have by default or are given.  Several
 * templates see each other's exports and nested stacks.  An object's id is that of its template
 * and its logical id, "network/HubVpc", or what its Metadata says, where our own keys may add
 * what CloudFormation has no property for:
 *
 *	Metadata:
 *	  Causeway: {id: pcx-1, status: pending-acceptance}
 *	  lint-ignore: {ZON101: until the old site is gone}
 *
 * What is known only once it is deployed is CFG004, a note, and left out.
 */
#ifndef LOAD_CLOUDFORMATION_H
#define LOAD_CLOUDFORMATION_H

#include "load/imports.h"

/** Is this a template: AWSTemplateFormatVersion, or Resources of types AWS::...? */
bool cloudformation_is(const char *path);

/** The front end; see struct front_end.  Bounded as load/cfn.h says. */
enum status cloudformation_load(const struct import_item *items, struct declare *declare);

#endif
