# lint - what makes an estate wrong; may include: engine and below

noinst_LIBRARIES += liblint.a
liblint_a_CPPFLAGS = $(AM_CPPFLAGS) $(NETTLE_CFLAGS)
liblint_a_SOURCES = \
	src/lint/accuse.c src/lint/accuse.h \
	src/lint/addresses.c src/lint/addresses.h \
	src/lint/adopt.c src/lint/adopt.h \
	src/lint/baseline.c src/lint/baseline.h \
	src/lint/carry.c src/lint/carry.h \
	src/lint/blocked.c src/lint/blocked.h \
	src/lint/catalogue.c src/lint/catalogue.h \
	src/lint/chains.c src/lint/chains.h \
	src/lint/change.c src/lint/change.h \
	src/lint/check_del.c \
	src/lint/check_del_cycle.c \
	src/lint/check_del_servers.c \
	src/lint/check_expect.c \
	src/lint/check_fwd.c \
	src/lint/check_fwd_answers.c \
	src/lint/check_fwd_path.c \
	src/lint/check_fwd_target.c \
	src/lint/check_fwd_unused.c \
	src/lint/check_pee_base.c \
	src/lint/check_pee_differ.c \
	src/lint/check_pee_links.c \
	src/lint/check_pre.c \
	src/lint/check_pre_auto.c \
	src/lint/check_pre_bypassed.c \
	src/lint/check_pre_rules.c \
	src/lint/check_qta.c \
	src/lint/check_qta_endpoints.c \
	src/lint/check_qta_merge.c \
	src/lint/check_qta_rules.c \
	src/lint/check_rea.c \
	src/lint/check_rea_path.c \
	src/lint/check_rea_region.c \
	src/lint/check_rea_subnet.c \
	src/lint/check_rec.c \
	src/lint/check_rec_links.c \
	src/lint/check_rec_ptr.c \
	src/lint/check_rec_view.c \
	src/lint/check_sec.c \
	src/lint/check_sec_dnssec.c \
	src/lint/check_sec_firewall.c \
	src/lint/check_sec_further.c \
	src/lint/check_sec_groups.c \
	src/lint/check_sec_owner.c \
	src/lint/check_sec_suffix.c \
	src/lint/check_zon.c \
	src/lint/check_zon_child.c \
	src/lint/check_zon_endpoint.c \
	src/lint/check_zon_foreign.c \
	src/lint/check_zon_group.c \
	src/lint/check_zon_state.c src/lint/checks.h \
	src/lint/circles.c src/lint/circles.h \
	src/lint/clash.c src/lint/clash.h \
	src/lint/classes.c src/lint/classes.h \
	src/lint/closure.c src/lint/closure.h \
	src/lint/differ.c src/lint/differ.h \
	src/lint/differ_links.c src/lint/differ_run.h \
	src/lint/filter.c src/lint/filter.h \
	src/lint/finals.c \
	src/lint/fingerprint.c src/lint/fingerprint.h \
	src/lint/foreign.c src/lint/foreign.h \
	src/lint/ground.c src/lint/ground.h \
	src/lint/inside.c src/lint/inside.h \
	src/lint/hops.c src/lint/hops.h \
	src/lint/jsonout.c src/lint/jsonout.h \
	src/lint/links.c \
	src/lint/lint.c src/lint/lint.h \
	src/lint/map.c src/lint/map.h \
	src/lint/map_describe.c \
	src/lint/map_edges.c \
	src/lint/map_layout.c src/lint/map_layout.h src/lint/map_maker.h \
	src/lint/map_nodes.c \
	src/lint/map_svg.c src/lint/map_svg.h \
	src/lint/meetings.c src/lint/meetings.h \
	src/lint/model.c src/lint/model.h \
	src/lint/neighbours.c src/lint/neighbours.h \
	src/lint/outcome.c src/lint/outcome.h \
	src/lint/overlap.c src/lint/overlap.h \
	src/lint/path.c src/lint/path.h \
	src/lint/policy.c src/lint/policy.h \
	src/lint/reach.c src/lint/reach.h \
	src/lint/records.c src/lint/records.h \
	src/lint/region.c src/lint/region.h \
	src/lint/report.c src/lint/report.h \
	src/lint/report_azure.c \
	src/lint/report_checkstyle.c \
	src/lint/report_dot.c \
	src/lint/report_github.c \
	src/lint/report_gitlab.c \
	src/lint/report_html.c src/lint/report_html.h \
	src/lint/report_html_findings.c \
	src/lint/report_html_overlaps.c \
	src/lint/report_html_style.c \
	src/lint/report_json.c \
	src/lint/report_junit.c \
	src/lint/report_markdown.c \
	src/lint/report_rdjson.c \
	src/lint/report_sarif.c \
	src/lint/report_text.c \
	src/lint/rewrite.c src/lint/rewrite.h \
	src/lint/scan.c src/lint/scan.h \
	src/lint/scan_find.c \
	src/lint/sha256.c src/lint/sha256.h \
	src/lint/snippet.c src/lint/snippet.h \
	src/lint/spots.c src/lint/spots.h \
	src/lint/stale.c src/lint/stale.h \
	src/lint/stranded.c src/lint/stranded.h \
	src/lint/takeover.c src/lint/takeover.h \
	src/lint/trie.c src/lint/trie.h \
	src/lint/uses.c src/lint/uses.h \
	src/lint/way.c src/lint/way.h \
	src/lint/witness.c src/lint/witness.h \
	src/lint/zonetrie.c src/lint/zonetrie.h

lint_libs = liblint.a $(engine_libs) $(NETTLE_LIBS)
