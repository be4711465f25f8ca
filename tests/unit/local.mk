# tests/unit - one cmocka program per module
#
# A test links its own layer's libs and nothing above them, so a reference
# upwards fails to link.  One block per test, in the order of the layers:
#
#	check_PROGRAMS += tests/unit/test_name
#	tests_unit_test_name_CPPFLAGS = $(unit_cppflags)
#	tests_unit_test_name_LDADD = $(dns_libs) $(CMOCKA_LIBS)
#
# (SOURCES need no line while they are tests/unit/test_name.c alone.)
# SRCDIR is the top of the sources, for tests that read conf/ or zones/.

unit_cppflags = $(AM_CPPFLAGS) -DSRCDIR='"$(abs_top_srcdir)"' \
	-I$(top_srcdir)/tests $(CMOCKA_CFLAGS)

# shared by tests
noinst_HEADERS = tests/unit/draft.h tests/unit/exercise.h tests/unit/files.h tests/unit/judged.h \
	tests/unit/onprem.h tests/unit/unit.h \
	tests/unit/wire.h tests/unit/world.h

if UNIT_TESTS

# base

check_PROGRAMS += tests/unit/test_addr
tests_unit_test_addr_CPPFLAGS = $(unit_cppflags)
tests_unit_test_addr_LDADD = $(base_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_arena
tests_unit_test_arena_CPPFLAGS = $(unit_cppflags)
tests_unit_test_arena_LDADD = $(base_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_bytes
tests_unit_test_bytes_CPPFLAGS = $(unit_cppflags)
tests_unit_test_bytes_LDADD = $(base_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_diag
tests_unit_test_diag_CPPFLAGS = $(unit_cppflags)
tests_unit_test_diag_LDADD = $(base_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_hash
tests_unit_test_hash_CPPFLAGS = $(unit_cppflags)
tests_unit_test_hash_LDADD = $(base_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_log
tests_unit_test_log_CPPFLAGS = $(unit_cppflags)
tests_unit_test_log_LDADD = $(base_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_parallel
tests_unit_test_parallel_CPPFLAGS = $(unit_cppflags)
tests_unit_test_parallel_LDADD = $(base_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_prefixes
tests_unit_test_prefixes_CPPFLAGS = $(unit_cppflags)
tests_unit_test_prefixes_LDADD = $(base_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_random
tests_unit_test_random_CPPFLAGS = $(unit_cppflags)
tests_unit_test_random_LDADD = $(base_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_table
tests_unit_test_table_CPPFLAGS = $(unit_cppflags)
tests_unit_test_table_LDADD = $(base_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_text
tests_unit_test_text_CPPFLAGS = $(unit_cppflags)
tests_unit_test_text_LDADD = $(base_libs) $(CMOCKA_LIBS)

# dns

check_PROGRAMS += tests/unit/test_build
tests_unit_test_build_CPPFLAGS = $(unit_cppflags) $(LDNS_CFLAGS)
tests_unit_test_build_LDADD = $(dns_libs) $(CMOCKA_LIBS) $(LDNS_LIBS)

check_PROGRAMS += tests/unit/test_codes
tests_unit_test_codes_CPPFLAGS = $(unit_cppflags)
tests_unit_test_codes_LDADD = $(dns_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_msg
tests_unit_test_msg_CPPFLAGS = $(unit_cppflags)
tests_unit_test_msg_LDADD = $(dns_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_name
tests_unit_test_name_CPPFLAGS = $(unit_cppflags)
tests_unit_test_name_LDADD = $(dns_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_rdata
tests_unit_test_rdata_CPPFLAGS = $(unit_cppflags) $(LDNS_CFLAGS)
tests_unit_test_rdata_LDADD = $(dns_libs) $(CMOCKA_LIBS) $(LDNS_LIBS)

check_PROGRAMS += tests/unit/test_rrset
tests_unit_test_rrset_CPPFLAGS = $(unit_cppflags)
tests_unit_test_rrset_LDADD = $(dns_libs) $(CMOCKA_LIBS)

# estate

check_PROGRAMS += tests/unit/test_estate
tests_unit_test_estate_CPPFLAGS = $(unit_cppflags)
tests_unit_test_estate_LDADD = $(estate_libs) $(CMOCKA_LIBS)

# snapshot

check_PROGRAMS += tests/unit/test_autodefined
tests_unit_test_autodefined_CPPFLAGS = $(unit_cppflags)
tests_unit_test_autodefined_LDADD = $(snapshot_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_block
tests_unit_test_block_CPPFLAGS = $(unit_cppflags)
tests_unit_test_block_LDADD = $(snapshot_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_compile
tests_unit_test_compile_CPPFLAGS = $(unit_cppflags)
tests_unit_test_compile_LDADD = $(snapshot_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_image
tests_unit_test_image_CPPFLAGS = $(unit_cppflags)
tests_unit_test_image_LDADD = $(snapshot_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_view
tests_unit_test_view_CPPFLAGS = $(unit_cppflags)
tests_unit_test_view_LDADD = $(snapshot_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_zone
tests_unit_test_zone_CPPFLAGS = $(unit_cppflags)
tests_unit_test_zone_LDADD = $(snapshot_libs) $(CMOCKA_LIBS)

# engine

check_PROGRAMS += tests/unit/test_autodef
tests_unit_test_autodef_CPPFLAGS = $(unit_cppflags)
tests_unit_test_autodef_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_budget
tests_unit_test_budget_CPPFLAGS = $(unit_cppflags)
tests_unit_test_budget_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_cache
tests_unit_test_cache_CPPFLAGS = $(unit_cppflags)
tests_unit_test_cache_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_keep
tests_unit_test_keep_CPPFLAGS = $(unit_cppflags)
tests_unit_test_keep_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_shard
tests_unit_test_shard_CPPFLAGS = $(unit_cppflags)
tests_unit_test_shard_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_stale
tests_unit_test_stale_CPPFLAGS = $(unit_cppflags)
tests_unit_test_stale_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_assume
tests_unit_test_assume_CPPFLAGS = $(unit_cppflags)
tests_unit_test_assume_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_dns64
tests_unit_test_dns64_CPPFLAGS = $(unit_cppflags)
tests_unit_test_dns64_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_chase
tests_unit_test_chase_CPPFLAGS = $(unit_cppflags)
tests_unit_test_chase_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_compose
tests_unit_test_compose_CPPFLAGS = $(unit_cppflags)
tests_unit_test_compose_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_cookie
tests_unit_test_cookie_CPPFLAGS = $(unit_cppflags)
tests_unit_test_cookie_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_options
tests_unit_test_options_CPPFLAGS = $(unit_cppflags)
tests_unit_test_options_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_explain
tests_unit_test_explain_CPPFLAGS = $(unit_cppflags)
tests_unit_test_explain_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_flight
tests_unit_test_flight_CPPFLAGS = $(unit_cppflags)
tests_unit_test_flight_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_forward
tests_unit_test_forward_CPPFLAGS = $(unit_cppflags)
tests_unit_test_forward_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_forward_exhaustive
tests_unit_test_forward_exhaustive_CPPFLAGS = $(unit_cppflags)
tests_unit_test_forward_exhaustive_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_hold
tests_unit_test_hold_CPPFLAGS = $(unit_cppflags)
tests_unit_test_hold_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_lookup
tests_unit_test_lookup_CPPFLAGS = $(unit_cppflags)
tests_unit_test_lookup_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_pace
tests_unit_test_pace_CPPFLAGS = $(unit_cppflags)
tests_unit_test_pace_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_pick
tests_unit_test_pick_CPPFLAGS = $(unit_cppflags)
tests_unit_test_pick_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_health
tests_unit_test_health_CPPFLAGS = $(unit_cppflags)
tests_unit_test_health_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_quota
tests_unit_test_quota_CPPFLAGS = $(unit_cppflags)
tests_unit_test_quota_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_regions
tests_unit_test_regions_CPPFLAGS = $(unit_cppflags)
tests_unit_test_regions_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_reply
tests_unit_test_reply_CPPFLAGS = $(unit_cppflags)
tests_unit_test_reply_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_resolve
tests_unit_test_resolve_CPPFLAGS = $(unit_cppflags)
tests_unit_test_resolve_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_resolver_exhaustive
tests_unit_test_resolver_exhaustive_CPPFLAGS = $(unit_cppflags)
tests_unit_test_resolver_exhaustive_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_route
tests_unit_test_route_CPPFLAGS = $(unit_cppflags)
tests_unit_test_route_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_targets
tests_unit_test_targets_CPPFLAGS = $(unit_cppflags)
tests_unit_test_targets_LDADD = $(engine_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_upstream_options
tests_unit_test_upstream_options_CPPFLAGS = $(unit_cppflags)
tests_unit_test_upstream_options_LDADD = $(engine_libs) $(CMOCKA_LIBS)

# load

check_PROGRAMS += tests/unit/test_aws
tests_unit_test_aws_CPPFLAGS = $(unit_cppflags)
tests_unit_test_aws_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_cfn_value
tests_unit_test_cfn_value_CPPFLAGS = $(unit_cppflags)
tests_unit_test_cfn_value_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_cloudformation
tests_unit_test_cloudformation_CPPFLAGS = $(unit_cppflags)
tests_unit_test_cloudformation_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_octodns
tests_unit_test_octodns_CPPFLAGS = $(unit_cppflags)
tests_unit_test_octodns_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_declare
tests_unit_test_declare_CPPFLAGS = $(unit_cppflags)
tests_unit_test_declare_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_terraform
tests_unit_test_terraform_CPPFLAGS = $(unit_cppflags)
tests_unit_test_terraform_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_named
tests_unit_test_named_CPPFLAGS = $(unit_cppflags)
tests_unit_test_named_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_unbound
tests_unit_test_unbound_CPPFLAGS = $(unit_cppflags)
tests_unit_test_unbound_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_dnsmasq
tests_unit_test_dnsmasq_CPPFLAGS = $(unit_cppflags)
tests_unit_test_dnsmasq_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_corefile
tests_unit_test_corefile_CPPFLAGS = $(unit_cppflags)
tests_unit_test_corefile_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_imports
tests_unit_test_imports_CPPFLAGS = $(unit_cppflags)
tests_unit_test_imports_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_config
tests_unit_test_config_CPPFLAGS = $(unit_cppflags)
tests_unit_test_config_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_dump
tests_unit_test_dump_CPPFLAGS = $(unit_cppflags)
tests_unit_test_dump_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_examples
tests_unit_test_examples_CPPFLAGS = $(unit_cppflags)
tests_unit_test_examples_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_json
tests_unit_test_json_CPPFLAGS = $(unit_cppflags)
tests_unit_test_json_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_manual
tests_unit_test_manual_CPPFLAGS = $(unit_cppflags)
tests_unit_test_manual_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_route53
tests_unit_test_route53_CPPFLAGS = $(unit_cppflags)
tests_unit_test_route53_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_network_objects
tests_unit_test_network_objects_CPPFLAGS = $(unit_cppflags)
tests_unit_test_network_objects_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_schema
tests_unit_test_schema_CPPFLAGS = $(unit_cppflags)
tests_unit_test_schema_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_pragma
tests_unit_test_pragma_CPPFLAGS = $(unit_cppflags)
tests_unit_test_pragma_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_setlist
tests_unit_test_setlist_CPPFLAGS = $(unit_cppflags)
tests_unit_test_setlist_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_source
tests_unit_test_source_CPPFLAGS = $(unit_cppflags)
tests_unit_test_source_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_yaml
tests_unit_test_yaml_CPPFLAGS = $(unit_cppflags)
tests_unit_test_yaml_LDADD = $(load_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_zonefile
tests_unit_test_zonefile_CPPFLAGS = $(unit_cppflags)
tests_unit_test_zonefile_LDADD = $(load_libs) $(CMOCKA_LIBS)

# lint

check_PROGRAMS += tests/unit/test_baseline
tests_unit_test_baseline_CPPFLAGS = $(unit_cppflags)
tests_unit_test_baseline_LDADD = $(lint_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_catalogue
tests_unit_test_catalogue_CPPFLAGS = $(unit_cppflags)
tests_unit_test_catalogue_LDADD = $(lint_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_records
tests_unit_test_records_CPPFLAGS = $(unit_cppflags)
tests_unit_test_records_LDADD = $(lint_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_rules
tests_unit_test_rules_CPPFLAGS = $(unit_cppflags)
tests_unit_test_rules_LDADD = $(lint_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_addresses
tests_unit_test_addresses_CPPFLAGS = $(unit_cppflags)
tests_unit_test_addresses_LDADD = $(lint_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_places
tests_unit_test_places_CPPFLAGS = $(unit_cppflags)
tests_unit_test_places_LDADD = $(lint_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_takeover
tests_unit_test_takeover_CPPFLAGS = $(unit_cppflags)
tests_unit_test_takeover_LDADD = $(lint_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_change
tests_unit_test_change_CPPFLAGS = $(unit_cppflags)
tests_unit_test_change_LDADD = $(lint_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_lint_scale
tests_unit_test_lint_scale_CPPFLAGS = $(unit_cppflags)
tests_unit_test_lint_scale_LDADD = $(lint_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_trie
tests_unit_test_trie_CPPFLAGS = $(unit_cppflags)
tests_unit_test_trie_LDADD = $(lint_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_differ
tests_unit_test_differ_CPPFLAGS = $(unit_cppflags)
tests_unit_test_differ_LDADD = $(lint_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_lint
tests_unit_test_lint_CPPFLAGS = $(unit_cppflags)
tests_unit_test_lint_LDADD = $(lint_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_fingerprint
tests_unit_test_fingerprint_CPPFLAGS = $(unit_cppflags)
tests_unit_test_fingerprint_LDADD = $(lint_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_policy
tests_unit_test_policy_CPPFLAGS = $(unit_cppflags)
tests_unit_test_policy_LDADD = $(lint_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_region
tests_unit_test_region_CPPFLAGS = $(unit_cppflags)
tests_unit_test_region_LDADD = $(lint_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_map
tests_unit_test_map_CPPFLAGS = $(unit_cppflags)
tests_unit_test_map_LDADD = $(lint_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_report
tests_unit_test_report_CPPFLAGS = $(unit_cppflags)
tests_unit_test_report_LDADD = $(lint_libs) $(CMOCKA_LIBS)

# proto

check_PROGRAMS += tests/unit/test_ctlmsg
tests_unit_test_ctlmsg_CPPFLAGS = $(unit_cppflags)
tests_unit_test_ctlmsg_LDADD = $(proto_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_framing
tests_unit_test_framing_CPPFLAGS = $(unit_cppflags)
tests_unit_test_framing_LDADD = $(proto_libs) $(CMOCKA_LIBS)

# io

check_PROGRAMS += tests/unit/test_deadlines
tests_unit_test_deadlines_CPPFLAGS = $(unit_cppflags)
tests_unit_test_deadlines_LDADD = $(io_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_edition
tests_unit_test_edition_CPPFLAGS = $(unit_cppflags)
tests_unit_test_edition_LDADD = $(io_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_ephemeral
tests_unit_test_ephemeral_CPPFLAGS = $(unit_cppflags)
tests_unit_test_ephemeral_LDADD = $(io_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_gate
tests_unit_test_gate_CPPFLAGS = $(unit_cppflags)
tests_unit_test_gate_LDADD = $(io_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_pipeline
tests_unit_test_pipeline_CPPFLAGS = $(unit_cppflags)
tests_unit_test_pipeline_LDADD = $(io_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_stream
tests_unit_test_stream_CPPFLAGS = $(unit_cppflags)
tests_unit_test_stream_LDADD = $(io_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_tally
tests_unit_test_tally_CPPFLAGS = $(unit_cppflags)
tests_unit_test_tally_LDADD = $(io_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_uplink
tests_unit_test_uplink_CPPFLAGS = $(unit_cppflags)
tests_unit_test_uplink_LDADD = $(io_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_worker
tests_unit_test_worker_CPPFLAGS = $(unit_cppflags)
tests_unit_test_worker_LDADD = $(io_libs) $(CMOCKA_LIBS)

# control

check_PROGRAMS += tests/unit/test_checkup
tests_unit_test_checkup_CPPFLAGS = $(unit_cppflags)
tests_unit_test_checkup_LDADD = $(control_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_complain
tests_unit_test_complain_CPPFLAGS = $(unit_cppflags)
tests_unit_test_complain_LDADD = $(control_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_phase
tests_unit_test_phase_CPPFLAGS = $(unit_cppflags)
tests_unit_test_phase_LDADD = $(control_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_publish
tests_unit_test_publish_CPPFLAGS = $(unit_cppflags)
tests_unit_test_publish_LDADD = $(control_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_sockfile
tests_unit_test_sockfile_CPPFLAGS = $(unit_cppflags)
tests_unit_test_sockfile_LDADD = $(control_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_statefile
tests_unit_test_statefile_CPPFLAGS = $(unit_cppflags)
tests_unit_test_statefile_LDADD = $(control_libs) $(CMOCKA_LIBS)

# cli

check_PROGRAMS += tests/unit/test_progress
tests_unit_test_progress_CPPFLAGS = $(unit_cppflags)
tests_unit_test_progress_LDADD = $(cli_libs) $(CMOCKA_LIBS)

endif UNIT_TESTS
