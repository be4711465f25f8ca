/*
 * checks - the functions of the table in lint.c, private to lint/
 *
 * Each reports all findings of its code; check_<family>.c has those of one family.
 */
#ifndef LINT_CHECKS_H
#define LINT_CHECKS_H

#include "lint/lint.h"

void check_same_name_zones_differ(struct lint *, const struct lint_check *);
void check_same_name_zones_identical(struct lint *, const struct lint_check *);
void check_record_hidden_by_child_zone(struct lint *, const struct lint_check *);
void check_child_zone_seen_by_one_peer(struct lint *, const struct lint_check *);

void check_rule_overrides_zone(struct lint *, const struct lint_check *);
void check_rule_cuts_into_zone(struct lint *, const struct lint_check *);
void check_zone_cuts_into_rule(struct lint *, const struct lint_check *);

void check_private_name_leaks(struct lint *, const struct lint_check *);

void check_self_loop(struct lint *, const struct lint_check *);
void check_loop(struct lint *, const struct lint_check *);

#endif
