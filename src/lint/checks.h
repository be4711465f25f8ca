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
void check_zone_twice_in_view(struct lint *, const struct lint_check *);
void check_private_hides_public(struct lint *, const struct lint_check *);
void check_zone_swallows_foreign(struct lint *, const struct lint_check *);
void check_empty_zone(struct lint *, const struct lint_check *);
void check_dead_zone(struct lint *, const struct lint_check *);
void check_endpoint_zone_misnamed(struct lint *, const struct lint_check *);
void check_private_dns_clash(struct lint *, const struct lint_check *);
void check_odd_one_out(struct lint *, const struct lint_check *);
void check_orphan_zone(struct lint *, const struct lint_check *);

void check_rule_overrides_zone(struct lint *, const struct lint_check *);
void check_rule_cuts_into_zone(struct lint *, const struct lint_check *);
void check_zone_cuts_into_rule(struct lint *, const struct lint_check *);
void check_system_rule_idle(struct lint *, const struct lint_check *);
void check_two_rules_one_domain(struct lint *, const struct lint_check *);
void check_dot_rule_without_carve_out(struct lint *, const struct lint_check *);
void check_autodefined_overridden(struct lint *, const struct lint_check *);
void check_reverse_forwarding_gap(struct lint *, const struct lint_check *);
void check_profile_shadowed(struct lint *, const struct lint_check *);
void check_view_bypassed(struct lint *, const struct lint_check *);

void check_self_loop(struct lint *, const struct lint_check *);
void check_loop(struct lint *, const struct lint_check *);
void check_forward_to_outbound(struct lint *, const struct lint_check *);
void check_forward_to_plus_two(struct lint *, const struct lint_check *);
void check_target_unreachable(struct lint *, const struct lint_check *);
void check_targets_disagree(struct lint *, const struct lint_check *);
void check_long_path(struct lint *, const struct lint_check *);
void check_forward_to_ignorant(struct lint *, const struct lint_check *);
void check_rule_unused(struct lint *, const struct lint_check *);
void check_endpoint_unused(struct lint *, const struct lint_check *);
void check_onprem_answers_stale(struct lint *, const struct lint_check *);

void check_private_delegation(struct lint *, const struct lint_check *);
void check_parent_child_ns(struct lint *, const struct lint_check *);
void check_lame(struct lint *, const struct lint_check *);
void check_missing_glue(struct lint *, const struct lint_check *);
void check_cyclic_dependency(struct lint *, const struct lint_check *);
void check_occluded(struct lint *, const struct lint_check *);
void check_delegate_rule_idle(struct lint *, const struct lint_check *);
void check_child_not_delegated(struct lint *, const struct lint_check *);

void check_cname_dangling(struct lint *, const struct lint_check *);
void check_cname_loop(struct lint *, const struct lint_check *);
void check_long_chain(struct lint *, const struct lint_check *);
void check_alias_dangling(struct lint *, const struct lint_check *);
void check_dname_conflict(struct lint *, const struct lint_check *);
void check_soa_count(struct lint *, const struct lint_check *);
void check_mixed_routing(struct lint *, const struct lint_check *);
void check_wildcard_blocked(struct lint *, const struct lint_check *);
void check_ttl(struct lint *, const struct lint_check *);
void check_repeated_suffix(struct lint *, const struct lint_check *);
void check_ptr_mismatch(struct lint *, const struct lint_check *);
void check_bad_target_kind(struct lint *, const struct lint_check *);
void check_bad_name(struct lint *, const struct lint_check *);

void check_expectation_broken(struct lint *, const struct lint_check *);

void check_address_nowhere(struct lint *, const struct lint_check *);
void check_address_not_reachable(struct lint *, const struct lint_check *);
void check_address_ambiguous(struct lint *, const struct lint_check *);
void check_outside_subnets(struct lint *, const struct lint_check *);
void check_reserved_address(struct lint *, const struct lint_check *);
void check_public_address(struct lint *, const struct lint_check *);
void check_private_address_in_public_zone(struct lint *, const struct lint_check *);
void check_peering_inactive(struct lint *, const struct lint_check *);
void check_transitive_assumption(struct lint *, const struct lint_check *);
void check_special_address(struct lint *, const struct lint_check *);
void check_path_blocked(struct lint *, const struct lint_check *);
void check_peering_routeless(struct lint *, const struct lint_check *);	/* a part of REA408 */
void check_answer_crosses_region(struct lint *, const struct lint_check *);

void check_peer_dns_off(struct lint *, const struct lint_check *);
void check_dns_support_off(struct lint *, const struct lint_check *);
void check_overlapping_peers(struct lint *, const struct lint_check *);

void check_quota(struct lint *, const struct lint_check *);
void check_endpoint_one_zone(struct lint *, const struct lint_check *);
void check_single_target(struct lint *, const struct lint_check *);
void check_mergeable_rules(struct lint *, const struct lint_check *);
void check_rules_of_one_parent(struct lint *, const struct lint_check *);	/* a part of it */
void check_missing_region_copy(struct lint *, const struct lint_check *);
void check_capacity(struct lint *, const struct lint_check *);

void check_takeover_candidate(struct lint *, const struct lint_check *);
void check_private_name_leaks(struct lint *, const struct lint_check *);
void check_further_leaks(struct lint *, const struct lint_check *);	/* a part of it */
void check_private_suffix_to_public(struct lint *, const struct lint_check *);
void check_foreign_override(struct lint *, const struct lint_check *);
void check_borrowed_suffix(struct lint *, const struct lint_check *);
void check_resolver_security_group(struct lint *, const struct lint_check *);
void check_unsigned_child(struct lint *, const struct lint_check *);
void check_firewall_blocks(struct lint *, const struct lint_check *);
void check_apex_wildcard(struct lint *, const struct lint_check *);

void check_cname_dangling_in_view(struct lint *, const struct lint_check *);
void check_cname_loop_across(struct lint *, const struct lint_check *);
void check_views_diverge(struct lint *, const struct lint_check *);
void check_onprem_diverges(struct lint *, const struct lint_check *);
void check_may_diverge(struct lint *, const struct lint_check *);

void check_change_breaks_names(struct lint *, const struct lint_check *);
void check_change_alters_names(struct lint *, const struct lint_check *);

#endif
