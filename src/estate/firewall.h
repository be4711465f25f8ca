/*
 * firewall - DNS Firewall: rule groups, their lists of domains, the VPCs that have them
 *
 * Groups of a VPC go by the priority of their association, rules of a group by their own;
 * the first that matches decides (route53-semantics 5.3).  Only lint reads them: questions
 * are not filtered.
 */
#ifndef ESTATE_FIREWALL_H
#define ESTATE_FIREWALL_H

#include <stdint.h>

#include "estate/lint_settings.h"
#include "estate/ref.h"

struct firewall_domain_list {
	const char *id;
	const char *name;		/* NULL */
	struct string_item *domains;	/* "x.example", "*.x.example" */
	struct srcloc at;
	struct firewall_domain_list *next;
};

enum firewall_action { FIREWALL_ALLOW, FIREWALL_ALERT, FIREWALL_BLOCK };

struct firewall_rule {
	uint32_t priority;		/* lower first */
	enum firewall_action action;
	struct ref domain_list;		/* id NULL: a kind of rule that has none */
	uint16_t qtype;			/* 0: all */
	struct srcloc at;
	struct firewall_rule *next;
};

struct firewall_association {
	struct ref vpc;
	uint32_t priority;		/* lower first; unique in the VPC */
	struct srcloc at;
	struct firewall_association *next;
};

struct firewall_rule_group {
	const char *id;
	const char *name, *owner_id;	/* NULL */
	struct firewall_rule *rules;	/* as declared */
	struct firewall_association *associations;
	struct srcloc at;
	struct firewall_rule_group *next;
};

#endif
